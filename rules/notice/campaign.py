"""The campaign model: one notice as data.

Read from the TOML files of a campaign's folder by :mod:`rules.notice.loader`; every
model is frozen and refuses unknown keys. The schema was laid out against five
real notices (one of them with two tiers); what a notice leaves open is a named
setting here, with its default. No rule, place name, title, date or amount of a
campaign stands in Python.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import Field, field_validator, model_validator

from parsers.model import Format
from parsers.spec import FormSpec, Key, Kind, Model
from rules.model import Severity
from rules.notice.memo import Memo
from rules.notice.regions import Regions, find_region
from rules.notice.retention import Retention
from rules.notice.rulebase import Place
from rules.notice.settings import Rule

#: What the shipped campaigns call theirs stands in docs/campaigns.md; one's own may add others.
CategoryId = Key


class Deadline(Model):
    """A last day. Clause: the notice's own wording in ``wording``."""

    last_day: date
    inclusive: bool = True  #: does the day itself count, until 24:00 in the campaign's zone?
    until: time | None = None  #: where the notice names an hour of the last day: 17:00
    kinds: tuple[Kind, ...] = ()  #: only these document kinds; empty: everything else
    categories: tuple[CategoryId, ...] = ()  #: only items of these; empty: of all the others
    late: Severity = Severity.HUMAN  #: reject only where the notice states the consequence
    consequence: str = ""  #: the notice's words for it
    clause: str = ""
    wording: str = ""
    rule: str = ""

    def ends_at(self, zone: ZoneInfo) -> datetime:
        """The first instant that is late (exclusive end), aware."""
        if self.until is not None:
            return datetime.combine(self.last_day, self.until, tzinfo=zone)
        day = self.last_day + timedelta(days=1) if self.inclusive else self.last_day
        return datetime(day.year, day.month, day.day, tzinfo=zone)

    def last_moment(self, zone: ZoneInfo) -> datetime:
        """The last instant that is in time, on the last day."""
        return self.ends_at(zone) - timedelta(microseconds=1)


class Contact(Model):
    """Whom to ask; printed in replies."""

    name: str = ""
    phone: str = ""
    address: str = ""
    postcode: str = ""


class Notice(Model):
    """The notice as replies cite it, and who signs them."""

    title: str
    number: str
    contact: Contact
    signature: str


class Tier(Model):
    """One level that collects for itself, with its own deadlines and mailbox."""

    id: str = ""
    name: str = ""
    deadlines: tuple[Deadline, ...] = Field(min_length=1)
    receipt_prefix: str = ""
    receipt_pattern: str = "{prefix}{seq:04d}"
    #: who may submit here: the company itself, its recommending unit for all applicants, or
    #: either of the two
    applicant: Literal["company", "recommender", "either"] = "company"
    #: keys of the fields that name the submitting unit, the most telling first
    unit_fields: tuple[Key, ...] = ("company",)
    region: str = ""  #: name in the quota tables for which everything of this tier counts
    #: where the tier has a notice of its own, what its replies cite and who signs them
    title: str = ""
    number: str = ""
    contact: Contact | None = None
    sign: str = ""

    def deadline(self, kind: str = "", category: str = "") -> Deadline:
        """The deadline of a document kind for items of a category.

        That of the kind goes before that of the category, and this before the general one.
        """
        fits = [e for e in self.deadlines if not e.categories or category in e.categories]
        own = [entry for entry in fits if kind and kind in entry.kinds]
        rest = [entry for entry in fits if not entry.kinds] or list(self.deadlines)
        return max(own or rest, key=lambda entry: bool(entry.categories))


class Mailbox(Model):
    """An address the notice names, and what belongs in it."""

    address: str = Field(pattern=r"^[^@\s]+@[^@\s]+$")
    tier: str = ""
    kinds: tuple[Kind, ...] = ()  #: only these; empty: everything not named for another mailbox


class Category(Model):
    """What can be applied for."""

    id: CategoryId
    name: str  #: "质量信得过班组"
    counter: str = "项"  #: "个", "篇"
    form: Kind  #: the form that makes an item
    name_field: Key  #: the field of that form with the item's name
    company_field: Key = "company"
    region_field: Key | None = None
    #: where one form serves several categories: the field that tells, and its answer
    marked_by: Key | None = None
    marked_as: str = ""


class Demand(Model):
    """A document the notice asks for."""

    kind: Kind
    of: Literal["item", "unit"] = "item"  #: one for each item, or one for the whole dossier
    categories: tuple[CategoryId, ...] = Field(min_length=1)  #: whose items it holds up
    channel: Literal["mail", "post"] = "mail"
    severity: Severity = Severity.ASK
    clause: str = ""
    rule: str = ""
    tiers: tuple[str, ...] = ()  #: only in these tiers; empty: all
    #: a field of the item's form that may hold the text instead of a separate file
    instead: Key | None = None
    #: documents at whose end it may stand under its own title instead of in a file of its own
    within: tuple[Kind, ...] = ()
    copies: int = Field(default=0, ge=0)  #: on paper, where channel is "post"
    listed_in: tuple[Place, ...] = ()  #: only of items that stand in one of these lists
    limited: str = ""  #: the same in Chinese, "仅限上会发表的"
    note: str = ""  #: added to the request, in Chinese


class Payee(Model):
    """Account to pay to, exactly as printed."""

    name: str
    account: str
    bank: str
    remark: str = ""  #: what the payer writes on the transfer
    clause: str = ""
    for_staff: str = ""  #: what staff should confirm first


class Fee(Model):
    """An amount per item of a category; ``amount = None`` is unknown and never computed."""

    category: CategoryId
    amount: int | None = Field(default=None, ge=0)  #: 元
    clause: str = ""
    note: str = ""


class Fees(Model):
    """What is to be paid."""

    policy: Literal["due", "none", "forbidden", "unstated"] = "unstated"
    name: str = ""  #: what the notice calls it
    payee: Payee | None = None
    collected_by: Literal["applicant", "recommender"] = "applicant"
    amounts: tuple[Fee, ...] = ()
    clause: str = ""

    @model_validator(mode="after")
    def _payee_where_due(self) -> Self:
        if self.policy == "due" and not (self.payee and self.amounts):
            raise ValueError('policy = "due" 时须写明 payee（收款账户）和 amounts（金额）')
        return self

    def amount(self, category: str) -> int | None:
        """元 per item; None: nothing known."""
        return next((fee.amount for fee in self.amounts if fee.category == category), None)


class SpecialCell(Model):
    """What a quota cell that is no number means."""

    text: str  #: the cell's text, "" for an empty cell
    meaning: Literal["unlimited", "range", "staff"]
    minimum: int | None = None
    maximum: int | None = None
    table: str = ""  #: a CSV with the regions it holds for; others are for staff


class Quota(Model):
    """A column of a quota table."""

    id: Key
    category: CategoryId
    table: str = ""  #: name of a CSV beside the campaign file; empty: ``each`` counts
    column: str = Field(default="quota", min_length=1)  #: its header, as the table has it: 小组
    region_column: str = Field(default="region", min_length=1)
    each: int | None = None  #: the same number for every unit, by text
    grade: str = ""  #: only checked after staff entered grades
    part: Literal["items", "presenters"] = "items"
    special: tuple[SpecialCell, ...] = ()
    aliases: dict[str, str] = Field(default_factory=dict)  #: written name -> name in the table
    severity: Severity = Severity.ASK  #: over quota; info: shown only; hold: a waiting list
    tiers: tuple[str, ...] = ()
    clause: str = ""
    rule: str = ""


class StaffNote(Model):
    """Something of the notice that staff should know or settle."""

    text: str
    clause: str = ""
    rule: str = ""  #: number in the fact sheet, "R12", of what is left to a person


_REGIONS: Memo[str] = Memo()


class Campaign(Model):
    """One notice 通知 as data."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$")]
    name: str  #: short Chinese name used in subjects
    title: str  #: title of the notice
    issuers: tuple[str, ...] = Field(min_length=1)
    number: str = ""  #: document number as printed
    issued_on: date | None = None
    opens_on: date | None = None  #: mails that arrived earlier belong to another campaign
    closes_on: date | None = None  #: mails that arrive later, too
    years: tuple[
        int, ...
    ] = ()  #: years that a form's title may carry where the printed one has none
    zone: str = "Asia/Shanghai"
    sign: str = ""  #: name under replies; default: the first issuer
    contact: Contact = Contact()
    confidence: float = Field(default=0.8, ge=0, le=1)  #: below it a document is for a person
    #: file formats that count as editable, and those accepted for each document
    editable: tuple[Format, ...] = ("docx", "doc", "wps", "xlsx", "xls", "et", "rtf")
    mailboxes: tuple[Mailbox, ...] = Field(alias="mailbox", min_length=1)
    tiers: tuple[Tier, ...] = Field(alias="tier", min_length=1)
    categories: tuple[Category, ...] = Field(alias="category", min_length=1)
    demands: tuple[Demand, ...] = Field(alias="document", default=())
    forms: tuple[FormSpec, ...] = Field(alias="form", min_length=1)
    fees: Fees = Fees()
    quotas: tuple[Quota, ...] = Field(alias="quota", default=())
    regions: Regions = Regions()
    retention: Retention = Retention()
    rules: tuple[Rule, ...] = Field(alias="rule", default=())
    staff_notes: tuple[StaffNote, ...] = Field(alias="staff_note", default=())
    #: set by the loader: SHA-256 over the files, first 12 characters
    version: str = ""
    #: set by the loader: rows of the quota tables by file name
    tables: dict[str, tuple[dict[str, str], ...]] = Field(default_factory=dict)

    @field_validator("zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (KeyError, ValueError, OSError):
            raise ValueError("应为 IANA 时区名称，如 Asia/Shanghai") from None
        return value

    def tier(self, name: str | None) -> Tier:
        """The tier with this id; the first where None is given. KeyError if there is none."""
        if name is None:
            return self.tiers[0]
        for entry in self.tiers:
            if entry.id == name:
                return entry
        raise KeyError(name)

    def category(self, name: str) -> Category:
        """The category with this id. KeyError if there is none."""
        for entry in self.categories:
            if entry.id == name:
                return entry
        raise KeyError(name)

    def form(self, kind: str) -> FormSpec | None:
        """The form or text of this kind, or None."""
        for entry in self.forms:
            if entry.kind == kind:
                return entry
        return None

    def item_categories(self, kind: str) -> Iterator[Category]:
        """The categories whose items a form of this kind makes."""
        return (entry for entry in self.categories if entry.form == kind)

    def category_of(self, kind: str, answer: Callable[[str], object]) -> Category | None:
        """The category whose item a form makes; None if its kind makes none.

        ``answer`` gives the value of a field of that form. Where several
        categories share a form and none is marked, the first is taken: the
        rule ``award`` complains of that.
        """
        candidates = list(self.item_categories(kind))
        for entry in candidates:
            value = answer(entry.marked_by) if entry.marked_by else None
            told = value if isinstance(value, list) else [value]
            if entry.marked_as and entry.marked_as in told:
                return entry
        return candidates[0] if candidates else None

    def region(self, written: str) -> str:
        """The name the quota tables have for a region or unit; "" where they have none."""
        return _REGIONS.of(self, written, lambda: find_region(written, self._named(), self.regions))

    def _named(self) -> Iterator[str]:
        for quota in self.quotas:
            for table in (quota.table, *(special.table for special in quota.special)):
                for row in self.tables.get(table, ()):
                    yield row.get(quota.region_column, "")

    def unit(self, written: str) -> str:
        """The submitting unit somebody wrote: by its name in the quota tables, if it has its own."""
        found = self.region(written)
        return found if found and found not in self.regions.shared else written

    def paper_name(self, kind: str) -> str:
        """How a document kind is called towards applicants: 附件五《…》."""
        spec = self.form(kind)
        if spec is None:
            return kind
        part = f"（{spec.part}）" if spec.part else ""
        return f"{spec.annex}《{spec.short or spec.title}》{part}"

    @property
    def purge_due_at(self) -> datetime | None:
        """From when on its personal data has to go, aware; None: the campaign sets no such day."""
        last_days = [entry.last_day for tier in self.tiers for entry in tier.deadlines]
        return self.retention.due_at(self.closes_on or max(last_days), self.timezone)

    def is_open(self, moment: datetime) -> bool:
        """May a mail that arrived then belong to this campaign?"""
        day = moment.astimezone(self.timezone).date()
        return (self.opens_on or day) <= day <= (self.closes_on or day)

    @property
    def timezone(self) -> ZoneInfo:
        """The campaign's zone."""
        return ZoneInfo(self.zone)

    @property
    def signature(self) -> str:
        """The name under a reply."""
        return self.sign or self.issuers[0]

    def as_of(self, name: str | None) -> Notice:
        """What replies of a tier cite: its own notice, else the campaign's."""
        tier = self.tier(name)
        return Notice(
            title=tier.title or self.title,
            number=tier.number if tier.title else self.number,
            contact=tier.contact or self.contact,
            signature=tier.sign or self.signature,
        )
