"""What a printed form looks like, as a campaign's data describes it.

The models are read straight from campaign files, so they are pydantic, frozen,
and refuse unknown keys. The reader of forms works from these alone; a blank or
filled form can be drawn from them as well. Nothing here knows a campaign.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
Kind = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*(\.[a-z0-9_]+)?$")]


class FieldType(StrEnum):
    """How the text of a value is understood; domain knowledge of such forms."""

    TEXT = "text"
    ORGANISATION = "organisation"  #: full name of a company or association
    PERSON = "person"
    LONG_TEXT = "long_text"
    ADDRESS = "address"
    ADDRESS_POSTCODE = "address_postcode"  #: one cell with both
    POSTCODE = "postcode"  #: six digits, kept as text
    PHONE = "phone"  #: landline or mobile
    MOBILE = "mobile"  #: eleven digits
    FAX = "fax"
    EMAIL = "email"
    EMAIL_OR_QQ = "email_or_qq"
    INTEGER = "integer"
    DECIMAL = "decimal"
    PERCENT = "percent"  #: a number of percent, 98.5
    MONEY = "money"  #: a number in the unit of the label
    DATE = "date"
    PERIOD = "period"
    PAIR = "pair"  #: two numbers in one cell, [12, 40]
    CHOICE = "choice"  #: option texts; exactly one is wanted
    TICKS = "ticks"  #: option texts; one or more
    NAMES = "names"  #: several names in one or more cells
    SERIAL = "serial"  #: issued by the recipient, never demanded
    SIGNATURE = "signature"  #: by hand
    STAMP = "stamp"  #: by hand


class Must(StrEnum):
    """Why a field has to be filled."""

    STATED = "stated"  #: the notice says so
    SENSE = "sense"  #: common sense: the form makes no sense without it
    OPTIONAL = "optional"
    HAND = "hand"  #: filled by hand on paper (stamp, signature)


class Model(BaseModel):
    """Frozen, and an unknown key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class FieldSpec(Model):
    """One printed label and what belongs behind it; also one column of a list."""

    key: Key
    label: str = Field(min_length=1)  #: verbatim, blanks and line breaks may be left out
    aliases: tuple[str, ...] = ()  #: other prints of the same label
    type: FieldType = FieldType.TEXT
    must: Must = Must.OPTIONAL
    #: the row header (or section) the label stands under; needed where the same
    #: label occurs twice. Several entries are spellings of the same header.
    scope: tuple[str, ...] = ()
    #: where the value stands; "title": which options the title above the form names, or has ticked
    place: Literal["right", "inline", "below", "head", "foot", "title"] = "right"
    options: tuple[str, ...] = ()
    unit: str = ""
    prompts: tuple[str, ...] = ()  #: guidance preprinted in the value's cell; alone it is no value
    slots: int = 0  #: numbered cells of a list of names
    minimum: float | None = None
    maximum: float | None = None
    note: str = ""

    @model_validator(mode="after")
    def _options_where_needed(self) -> Self:
        if self.type is FieldType.TICKS and not self.options:
            raise ValueError('type = "ticks" 时须写明 options（选项）')
        if self.minimum is not None and self.maximum is not None and self.maximum < self.minimum:
            raise ValueError("maximum（至多）应不小于 minimum（至少）")
        return self

    @property
    def labels(self) -> tuple[str, ...]:
        """All prints of the label, the notice's own first."""
        return (self.label, *self.aliases)


class TableSpec(Model):
    """A list of rows under a header of column labels."""

    key: Key
    titles: tuple[str, ...] = ()  #: the section headings it may stand under
    columns: tuple[FieldSpec, ...] = Field(min_length=1)
    total: FieldSpec | None = None  #: the totals row: its label, and the value's key
    rows: int = 1  #: empty rows printed
    blocks: int = 1  #: how often the columns stand side by side
    optional: bool = False  #: the section may be left out


class SectionSpec(Model):
    """A demanded section or point of a text."""

    key: Key
    title: str = Field(min_length=1)
    words: tuple[str, ...] = ()  #: any of these in the text shows that the point is treated


class LayoutRow(Model):
    """One printed row of a form: the keys of its fields, left to right."""

    fields: tuple[Key, ...] = Field(min_length=1)


class FormSpec(Model):
    """One printed form, or one kind of free text, of a campaign."""

    kind: Kind
    title: str = Field(min_length=1)  #: as printed over the form
    titles: tuple[str, ...] = ()  #: the other wordings of it in the same notice
    short: str = ""  #: how replies call it where its title is long: "推荐表"
    #: the part of the title that other years' and other associations' forms share;
    #: a title that ends so but is none of ours marks a foreign form
    family: str = ""
    annex: str = ""  #: "附件二", as the notice counts; never used to recognise it
    layout: Literal["form", "list", "statistics", "text"] = "form"
    fields: tuple[FieldSpec, ...] = ()
    tables: tuple[TableSpec, ...] = ()
    rows: tuple[LayoutRow, ...] = ()  #: how the fields stand when printed; default: one a row
    sections: tuple[SectionSpec, ...] = ()  #: demanded outline of a text
    file_words: tuple[str, ...] = ()  #: words of a file name or heading that point to this kind
    #: where two kinds share one print: words that tell this one, in the lines over its
    #: list, in the list's column ``told_in``, or in the file name
    told_by: tuple[str, ...] = ()
    told_in: Key | None = None
    part: str = ""  #: what this one is, shown behind the title where that does not tell
    value_column: str = ""  #: statistics: the header over the values
    remark_column: str = ""
    unit_column: str = ""
    notes: tuple[str, ...] = ()  #: printed under the form
    brief: bool = False  #: a text of which a few words are enough: a list of names, an opinion
    several: bool = False  #: a mail may bring several, none a version of another: certificates
    assumption: str = ""  #: where the layout is not printed in this notice: where it was taken from

    def field(self, key: str) -> FieldSpec | None:
        """The field with this key, or None."""
        return next((entry for entry in self.fields if entry.key == key), None)

    def table(self, key: str) -> TableSpec | None:
        """The list with this key, or None."""
        return next((entry for entry in self.tables if entry.key == key), None)


class SpecSet(Model):
    """All forms of one campaign, as the reader of forms takes them."""

    campaign: str
    years: tuple[int, ...] = ()  #: years a title may carry where the printed one has none
    forms: tuple[FormSpec, ...]
