"""The rules a campaign may switch on, each with its parameters.

One model per kind of rule (``check``); a campaign lists ``[[rule]]`` tables and
thereby says which demands its notice makes, how grave each is and in which
clause it stands. The functions that carry them out stand in the modules of the
families and are ordered in :mod:`rules.judge`.
"""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from parsers.model import Format
from parsers.spec import Key, Kind
from rules.notice.figuresettings import (
    AtMostRule,
    CertificateRule,
    CompanyInFrontRule,
    CountRule,
    MatchRule,
    MembersRule,
    MixedRule,
    NominatedRule,
    OnceRule,
    OrderRule,
    PeriodRule,
    RatesRule,
    RatioRule,
    RegionRule,
    RemindRule,
    RowsRule,
    SlotsRule,
    SubsetRule,
    TotalRule,
    UnitRule,
)
from rules.notice.rulebase import Day, Place, RuleBase


class FieldsRule(RuleBase):
    """Required fields filled, all values of their type, choices within the options.

    Codes ``field.empty``, ``field.invalid``, ``field.choice``.
    """

    check: Literal["fields"]
    kinds: tuple[Kind, ...] = Field(min_length=1)
    #: only these fields and columns, where they have a rule of their own, above the general one
    fields: tuple[Key, ...] = ()
    ranges: bool = True  #: also complain of numbers outside what the field allows


class ChoiceRule(RuleBase):
    """Number of options ticked in one field. Code ``field.choice``."""

    check: Literal["choice"]
    kind: Kind
    field: Key
    minimum: int = 1
    maximum: int | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.maximum is not None and self.maximum < self.minimum:
            raise ValueError("maximum（至多）应不小于 minimum（至少，不写为 1）")
        return self


class TogetherRule(RuleBase):
    """A block of fields is filled as a whole or left empty. Code ``field.empty``.

    With ``when`` the block is filled as soon as that field has the option ``marked``.
    """

    check: Literal["together"]
    kind: Kind
    fields: tuple[Key, ...] = Field(min_length=2)
    name: str  #: what the block is called on the form
    when: Key | None = None
    marked: str = ""


class LengthRule(RuleBase):
    """字数 of a field, or of a whole text. Codes ``text.too_long``, ``text.too_short``."""

    check: Literal["length"]
    kind: Kind
    field: Key | None = None  #: None: the whole text
    table: Key | None = None  #: the field is a column of this list
    maximum: int | None = None  #: 以内, the number itself is within
    minimum: int | None = None  #: 以上, the number itself is enough
    about: int | None = None  #: 左右
    tolerance: float = 0.2

    @model_validator(mode="after")
    def _some_limit(self) -> Self:
        if self.maximum is None and self.minimum is None and self.about is None:
            raise ValueError(
                "须写明 maximum（不超过多少字）、minimum（不少于多少字）或 about（多少字左右）"
            )
        if self.maximum is not None and self.minimum is not None and self.maximum < self.minimum:
            raise ValueError("maximum（不超过）应不小于 minimum（不少于）")
        return self


class OutlineRule(RuleBase):
    """The demanded sections or points of a text. Code ``text.outline``."""

    check: Literal["outline"]
    kind: Kind  #: the text; its form spec lists the sections
    instead: Place | None = None  #: the field that may hold the text


class SameRule(RuleBase):
    """One name (or other value) the same everywhere. Code ``name.mismatch``, ``value.mismatch``."""

    check: Literal["same"]
    name: str  #: what it is, "企业名称"
    code: Literal["name.mismatch", "value.mismatch"] = "name.mismatch"
    places: tuple[Place, ...] = ()
    #: further places, which count only where the company applies for itself: there
    #: 推荐单位 is the company
    own: tuple[Place, ...] = ()
    #: words that make no difference at either end of the name: 江北 is 江北区
    ignored: tuple[str, ...] = ()
    #: what all of them should agree with, said in the request
    wanted: str = "各处应与公章完全一致"

    @model_validator(mode="after")
    def _something_to_compare(self) -> Self:
        if len(self.places) + len(self.own) < 2:  # noqa: PLR2004 - one place is no difference
            raise ValueError("places 和 own 合计至少写两处")
        return self


class IdentityRule(RuleBase):
    """Forms of this year and this association. Code ``form.wrong_campaign``."""

    check: Literal["identity"]


class EditableRule(RuleBase):
    """An editable file of each document, not only a scan or PDF. Code ``document.not_editable``."""

    check: Literal["editable"]
    kinds: tuple[Kind, ...] = ()  #: empty: all demanded kinds
    exempt_words: tuple[str, ...] = ()  #: words in the names of files that are not meant


class FormatRule(RuleBase):
    """The file format the notice asks for. Code ``document.wrong_format``."""

    check: Literal["format"]
    kinds: tuple[Kind, ...] = Field(min_length=1)
    formats: tuple[Format, ...] = Field(min_length=1)
    tolerated: tuple[Format, ...] = ()  #: these only as information


class ReadableRule(RuleBase):
    """Files that could not be read. Codes ``document.unreadable`` and its kin."""

    check: Literal["readable"]


class UnknownRule(RuleBase):
    """Files in which nothing known was found. Code ``document.unknown``."""

    check: Literal["unknown"]


class CertainRule(RuleBase):
    """Forms and values read without certainty. Code ``field.invalid``."""

    check: Literal["certain"]
    kinds: tuple[Kind, ...] = ()  #: only these; empty: all that no other such rule names


class RepeatedRule(RuleBase):
    """Newer versions and repeats. Codes ``document.duplicate``, ``form.versions``."""

    check: Literal["repeated"]


class ChangeNoteRule(RuleBase):
    """A changed resubmission needs a change note. Code ``change.note_missing``."""

    check: Literal["change_note"]
    kind: Kind


class SenderRule(RuleBase):
    """Another address replaces someone's documents. Code ``sender.changed``."""

    check: Literal["sender"]


class LevelRule(RuleBase):
    """A company applies where its unit should, or the reverse. Code ``sender.level``."""

    check: Literal["level"]


class MailboxRule(RuleBase):
    """Document in another mailbox than the notice's. Code ``mailbox.wrong``."""

    check: Literal["mailbox"]


class ContactRule(RuleBase):
    """Contact person and phone in the mail's text. Code ``mail.contact_missing``."""

    check: Literal["contact"]


class OneFileRule(RuleBase):
    """One attached file with a telling name. Codes ``mail.not_one_file``, ``mail.file_name``."""

    check: Literal["one_file"]


class TogetherMailRule(RuleBase):
    """Documents that belong in one mail. Code ``document.missing``."""

    check: Literal["one_mail"]
    kinds: tuple[Kind, ...] = Field(min_length=1)


class FeeDueRule(RuleBase):
    """The amount to pay. Code ``fee.due``."""

    check: Literal["fee_due"]


class FeeProofRule(RuleBase):
    """A payment proof is for staff to match. Codes ``fee.proof``, ``fee.unexpected``."""

    check: Literal["fee_proof"]
    words: tuple[str, ...] = Field(min_length=1)  #: words in the file's name or text


class FullNameRule(RuleBase):
    """Full names without a superior organisation in front. Code ``name.superior``."""

    check: Literal["full_name"]
    places: tuple[Place, ...] = Field(min_length=1)


class AccidentRule(RuleBase):
    """Accidents stated on the form. Code ``eligibility.accident``."""

    check: Literal["accident"]
    kind: Kind
    field: Key


class SinceRule(RuleBase):
    """A date not before a day, or not after one: of a field, or beside a word in a text.

    Code ``eligibility.date``.
    """

    check: Literal["since"]
    kind: Kind
    field: Key | None = None  #: None: every date of the text with one of the words beside it
    words: tuple[str, ...] = ()
    day: Day | None = None  #: 以后, the day itself being within
    until: Day | None = None  #: 以前, the day itself being within

    @model_validator(mode="after")
    def _somewhere(self) -> Self:
        if (self.field is None) is not bool(self.words):
            raise ValueError("须写明 field（栏目）或 words（文稿中日期旁边的字样）之一")
        if self.day is None and self.until is None:
            raise ValueError("须写明 day（不早于哪一天）或 until（不晚于哪一天）")
        if self.day and self.until and self.until < self.day:
            raise ValueError("until（不晚于）不应早于 day（不早于）")
        return self


class HistoryRule(RuleBase):
    """Earlier awards that staff look up. Code ``eligibility.history``."""

    check: Literal["history"]
    category: str
    count: int
    years: int


class ServiceRule(RuleBase):
    """Years of service that staff look up. Code ``eligibility.service``."""

    check: Literal["service"]
    category: str
    years: int


class PeopleRule(RuleBase):
    """What only a person can see, once per paper or once for all. Codes ``human.*``."""

    check: Literal["people"]
    code: Literal[
        "human.stamp", "human.signature", "human.paper", "human.authenticity",
        "eligibility.date", "eligibility.history", "eligibility.service",
        "eligibility.certificate", "form.award_unclear",
    ]  # fmt: skip
    kinds: tuple[Kind, ...] = Field(min_length=1)
    text: str  #: what staff should look at, in Chinese
    once: bool = False  #: one remark for all papers, with their number


class AwardRule(RuleBase):
    """One form for two awards and neither marked. Code ``form.award_unclear``."""

    check: Literal["award"]
    kind: Kind
    field: Key


Rule = Annotated[
    FieldsRule | ChoiceRule | TogetherRule | LengthRule | OutlineRule | SameRule | RowsRule
    | CompanyInFrontRule | OnceRule | RemindRule | RegionRule
    | MatchRule | TotalRule | MixedRule | RatioRule | OrderRule | NominatedRule | MembersRule
    | SlotsRule | SubsetRule | AtMostRule | RatesRule | UnitRule | CountRule | PeriodRule | IdentityRule
    | EditableRule | FormatRule | ReadableRule | UnknownRule | CertainRule | RepeatedRule
    | ChangeNoteRule | SenderRule | LevelRule | MailboxRule | ContactRule | OneFileRule
    | TogetherMailRule | FeeDueRule | FeeProofRule | FullNameRule | AccidentRule | SinceRule
    | HistoryRule | ServiceRule | CertificateRule | PeopleRule | AwardRule,
    Field(discriminator="check"),
]  # fmt: skip
