"""The read models of the register: what lists, digest and export are made of.

Frozen values only; :mod:`mailbot.store.queries` fills them. Nothing is looked up here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from rules.model import Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemRow:
    """One item of the register, as ``list`` shows it."""

    id: str
    campaign: str
    tier: str  #: "" where the campaign has one only
    dossier: str
    unit: str
    category: str
    name: str
    company: str
    region: str | None
    decision: str  #: one of the five decisions
    state: str  #: the decision, or "withdrawn"
    receipt: str | None
    first_arrival: datetime
    decided_at: datetime
    position: int | None = None  #: on the waiting list, from 1, where that was asked for
    ordinal: int = 0  #: in its dossier
    grade: str = ""  #: as staff entered it


@dataclass(frozen=True, slots=True, kw_only=True)
class EventRow:
    """One line of history."""

    at: datetime
    who: str
    what: str  #: "mail.collected", "mail.decided", "item.decided", "reply.sent", ...
    details: dict[str, Any]
    mail: str | None = None  #: raw SHA-256
    item: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyRow:
    """One reply and how far its delivery has come."""

    id: int
    kind: str
    recipient: str
    subject: str
    state: str  #: queued, sending, sent, uncertain, refused, held
    composed_at: datetime
    attempts: int
    next_attempt: datetime
    sent_at: datetime | None
    last_error: str
    message_id: str
    mail: str | None = None  #: raw SHA-256 of the mail it answers
    text: str = field(default="", repr=False)
    returned_at: datetime | None = None  #: a bounce says that it did not arrive
    returned_why: str = ""  #: in the server's words
    #: of a reply that came back: label and value, as read in the applicant's forms
    contacts: tuple[tuple[str, str], ...] = ()
    answer: str = ""  #: of the server that took it

    @property
    def for_staff(self) -> bool:
        """Is it a digest or an alert, and answers nobody?"""
        return self.kind in ("digest", "alert")


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentRow:
    """One file of a mail, with the kinds of forms recognised in it."""

    file: str
    sha256: str
    format: str
    size: int
    kinds: tuple[str, ...]
    problems: tuple[tuple[str, str], ...]  #: (code, message)


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRow:
    """A file with the mail it came in."""

    unit: str  #: that applies with this mail; several are joined by 、
    sender: str
    arrived: datetime
    mail: str  #: raw SHA-256
    document: DocumentRow


@dataclass(frozen=True, slots=True, kw_only=True)
class MailRow:
    """One mail, as lists and the digest show it."""

    sha256: str
    state: str  #: received, read, decided, failed
    arrived: datetime
    sender: str
    subject: str
    disposition: str | None
    campaign: str | None
    tier: str | None
    decision: str | None
    silence: str  #: why no reply was sent
    repeated: bool
    failure: str  #: why it was set aside
    size: int
    mailbox: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MailDetail:
    """One mail with everything that came of it."""

    mail: MailRow
    message_id: str
    documents: tuple[DocumentRow, ...]
    findings: tuple[Finding, ...]  #: of the mail and its dossiers; ``item`` is always None
    items: tuple[ItemRow, ...]  #: of the dossiers it belongs to, as they stand today
    replies: tuple[ReplyRow, ...]
    events: tuple[EventRow, ...]
    sightings: tuple[str, ...]  #: "account folder uid"
    authentication: tuple[str, ...] = ()  #: Authentication-Results of the receiving servers
    unverified: str = ""  #: which of their checks it failed


@dataclass(frozen=True, slots=True, kw_only=True)
class RulingRow:
    """What a person has settled about an item, with the reason in their words."""

    at: datetime
    who: str  #: a member of staff, or the applicant's address
    what: str  #: accept, return, decline, withdraw
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TickRow:
    """What staff have ticked off, of the item or of its whole dossier."""

    at: datetime
    who: str
    what: str  #: paper, fee, stamp
    whole: bool  #: of the dossier


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemDetail:
    """One item with the findings of its latest verdict and its history."""

    item: ItemRow
    findings: tuple[Finding, ...]  #: its own
    dossier_findings: tuple[Finding, ...]
    rulings: tuple[RulingRow, ...]  #: oldest first
    ticks: tuple[TickRow, ...]
    mails: tuple[MailRow, ...]  #: all mails of its dossier, in the order taken up
    replies: tuple[ReplyRow, ...]
    events: tuple[EventRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthRow:
    """How a mailbox (``mailbox:ACCOUNT/FOLDER``), ``outgoing`` or ``digest`` is doing."""

    name: str
    last_try: datetime | None
    last_success: datetime | None
    failing_since: datetime | None
    failures: int
    last_error: str
    paused_until: datetime | None
    told_since: datetime | None = None  #: of the trouble that staff were told of


@dataclass(frozen=True, slots=True, kw_only=True)
class BalanceRow:
    """A folder on the server against the register and the archive, message by message.

    ``on_server`` is taken + ignored + failed + missing.
    """

    account: str
    folder: str
    at: datetime
    on_server: int
    taken: int  #: in the register, raw bytes in the archive
    ignored: int  #: taken too, but nothing to decide: bounces, automatic mails
    failed: tuple[str, ...]  #: set aside for a person; SHA-256
    found: int  #: new mails that only the comparison has found
    missing: tuple[str, ...]  #: each message that differs, with why, in Chinese


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """Health in one screen."""

    health: tuple[HealthRow, ...]
    mails: dict[str, int]  #: by state
    replies: dict[str, int]  #: by state
    items: dict[str, int]  #: by state
    deferred: int  #: replies tried in vain that will be tried again
    oldest_waiting: datetime | None  #: arrival of the first mail not yet decided
    waiting: int = 0  #: items and mails that wait for a person
    balances: tuple[BalanceRow, ...] = ()  #: the last comparison of each folder

    @property
    def needs_person(self) -> bool:
        """Does anything stand still without a person, or does a server refuse us?"""
        return bool(
            any(row.failing_since for row in self.health)
            or self.deferred
            or self.waiting
            or any(row.missing for row in self.balances)
            or any(self.replies.get(state) for state in ("uncertain", "refused", "held"))
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Something a person has to look at, and why."""

    why: str  #: Chinese
    item: ItemRow | None = None
    mail: MailRow | None = None
    findings: tuple[Finding, ...] = ()
    contacts: tuple[tuple[str, str], ...] = ()  #: label and value, as read in the forms
    reply: ReplyRow | None = None  #: that came back; ``mail`` is the bounce then
    unit: str = ""  #: whose reply it was, where a dossier stands behind it


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpiringLink:
    """A 超大附件 that has not come as an ordinary attachment, and whose link ends soon."""

    mail: MailRow
    name: str
    size: str  #: as printed
    ends: datetime
    unit: str = ""
    contacts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestFacts:
    """What the staff digest is made of."""

    since: datetime
    until: datetime
    mails: tuple[MailRow, ...]  #: arrived or decided in the time
    items: tuple[ItemRow, ...]  #: decided in the time
    waiting: tuple[Waiting, ...]  #: now, whenever it came
    #: ``warn`` findings of the time, with the item or the unit they are about
    staff_notes: tuple[tuple[ItemRow | str, Finding], ...]
    unsent: tuple[ReplyRow, ...]  #: queued, uncertain, refused or held now
    health: tuple[HealthRow, ...]
    rulings: tuple[tuple[ItemRow, RulingRow], ...] = ()  #: made in the time
    expiring: tuple[ExpiringLink, ...] = ()  #: within three days, or in the time
    balances: tuple[BalanceRow, ...] = ()  #: the last comparison of each folder


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportRow:
    """One item with what was read of its form and what still stands in the way."""

    item: ItemRow
    fields: tuple[tuple[str, str, Any], ...]  #: (key, label, value) of its newest form
    findings: tuple[Finding, ...]  #: its own and its dossier's, of the latest verdict
    senders: tuple[str, ...]
    last_arrival: datetime
    rulings: tuple[RulingRow, ...] = ()  #: oldest first
    ticks: tuple[TickRow, ...] = ()  #: of the item, and of its whole dossier
