"""What deciding one mail needs from the register, and what comes out of it.

``decide`` (in :mod:`mailbot.deciding.decision`) is the same code for the service and for
dry runs; the two differ only in the :class:`Register` they hand in: the database
inside its transaction, or an empty one in memory. Types only.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from mailbot.model import Disposition, Envelope, Reading
from parsers.model import Format
from rules.gathering.routing import is_own_name
from rules.model import (
    Decision,
    Dossier,
    Finding,
    ItemVerdict,
    QuotaUse,
    QuotaWait,
    Ruling,
    Severity,
    Submission,
    Verdict,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """One mail that has been read and waits for its decision."""

    mail: str  #: raw SHA-256
    arrived: datetime  #: the provider's time, aware
    reading: Reading
    mailbox: str = ""  #: the configured address it came to; "" in a dry run
    candidates: tuple[str, ...] = ()  #: campaign ids this mailbox serves; empty: all
    tier: str | None = None  #: fixed by the operator (--tier), else told from the mailbox
    junk: bool = False  #: it was never seen anywhere but in the provider's Junk

    @property
    def envelope(self) -> Envelope:
        """The header fields."""
        return self.reading.envelope


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownDossier:
    """A dossier the register holds already."""

    id: str  #: opaque
    campaign: str
    tier: str
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What the register holds of a dossier besides its mails; items by their ordinal."""

    receipts: Mapping[int, str] = field(default_factory=dict)  #: numbers given
    #: as recorded last; what is withdrawn has none
    decisions: Mapping[int, Decision] = field(default_factory=dict)
    holders: frozenset[int] = frozenset()  #: accepted: they keep their places
    rulings: Mapping[int, Ruling] = field(default_factory=dict)  #: the last one of each item
    grades: Mapping[int, str] = field(default_factory=dict)
    ticks: frozenset[tuple[int | None, str]] = frozenset()
    region: str = ""  #: of the dossier, as staff have told
    refused: frozenset[int] = frozenset()  #: submissions staff do not take in place of others
    turn: str = "~"  #: orders dossiers on a waiting list; "~": it is new, behind all others


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingItem:
    """An item on a waiting list, and whose it is."""

    id: str  #: opaque
    dossier: KnownDossier
    wait: QuotaWait


class Register(Protocol):
    """The part of the register that deciding reads and counts in."""

    def dossiers(self, campaign: str, tier: str) -> Sequence[KnownDossier]:
        """All dossiers of a campaign's tier."""

    def by_unit(self, campaign: str, tier: str, units: Sequence[str]) -> Sequence[KnownDossier]:
        """The dossiers of units of these very names, blanks and width aside."""

    def submissions(self, dossier: str) -> tuple[Submission, ...]:
        """What was sent for it so far, in the order taken up (ordinals 0, 1, ...)."""

    def standing(self, dossier: str) -> Standing:
        """Numbers given, places held, and what staff have entered."""

    def places(self, campaign: str, tier: str, besides: Collection[str]) -> tuple[QuotaUse, ...]:
        """Places held by the items of a campaign's tier; ``besides``: dossiers not counted."""

    def waiting(self, campaign: str, tier: str, besides: Collection[str]) -> Sequence[WaitingItem]:
        """The items of a campaign's tier that wait for a place; ``besides``: not those."""

    def by_message(self, message_ids: Sequence[str]) -> Sequence[KnownDossier]:
        """The dossiers that these Message-IDs (mails received or replies sent) belong to."""

    def by_sender(self, campaign: str, tier: str, sender: str) -> Sequence[KnownDossier]:
        """The dossiers this address has sent something for."""

    def by_receipt(self, receipts: Sequence[str]) -> Sequence[KnownDossier]:
        """The dossiers that these receipt numbers were given to."""

    def repeated(self, incoming: Incoming) -> bool:
        """Was a mail with the same Message-ID, sender and attachments taken up before?"""

    def replies_since(self, recipient: str, since: datetime) -> int:
        """Number of replies to this address composed within 24 hours from ``since``."""

    def replies_about(self, topic: str, since: datetime) -> int:
        """Number of replies of this topic composed within 24 hours from ``since``."""

    def replies_in_all(self, since: datetime) -> int:
        """Number of replies composed within 24 hours from ``since``."""

    def is_ours(self, message_ids: Sequence[str]) -> bool:
        """Is one of these Message-IDs that of a reply of ours?"""

    def expects_path(self, mail: str) -> bool:
        """Does the mailbox this mail (raw SHA-256) lies in get every other with a Return-Path?"""

    def take_number(self, campaign: str, tier: str) -> int:
        """The next number of the receipt counter: 1, 2, ... without gaps."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """A file of the mail of which the sender gets a copy with comments."""

    name: str  #: of the copy, fit for a header field
    sha256: str  #: of the file as sent
    format: Format
    author: str  #: of the comments
    notes: tuple[tuple[str, str], ...]  #: place and text of each comment


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A composed answer. ``message`` is frozen: what is sent is these bytes."""

    recipient: str
    subject: str
    text: str = field(repr=False)
    html: str = field(repr=False)
    message_id: str  #: derived from (account, raw hash, kind), so that a repeat has the same
    kind: str  #: "receipt", "correction", "refusal", "review", "mixed", "inquiry", "unreadable"
    message: bytes = field(repr=False)
    topic: str = ""  #: of the thread it stands in, for the cap of one subject
    copies: tuple[Copy, ...] = ()  #: to be attached before it is sent; ``text`` speaks of them


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierOutcome:
    """What one mail, or one ruling of staff, did to one dossier."""

    known: KnownDossier | None  #: None: it is new
    standing: Standing = field(default_factory=Standing)  #: what the register held before
    dossier: Dossier  #: with this mail's submission as its last
    verdict: Verdict
    previous: Verdict | None  #: the verdict without this mail; None for a new dossier
    receipts: Mapping[int, str]  #: receipt numbers by item ordinal, those given now included
    touched: frozenset[int]  #: ordinals of the items this mail touched
    rulings: Mapping[int, Ruling] = field(default_factory=dict)  #: made by this mail: withdrawals
    doubt: str = ""  #: why a person must read what the mail says of withdrawing, in Chinese

    @property
    def unit(self) -> str:
        """The unit as letters call it: a company by the name its forms bear now.

        The dossier keeps the name it was opened under, which may have been misspelt.
        """
        companies = {item.company for item in self.dossier.items if item.company}
        name = next(iter(companies)) if len(companies) == 1 else ""
        return name if name and is_own_name(self.dossier.unit, name) else self.dossier.unit

    def holders(self) -> frozenset[int]:
        """The items that hold a place now: accepted, or accepted before and not declined."""
        return frozenset(
            entry.item.ordinal
            for entry in self.verdict.items
            if entry.decision is Decision.ACCEPTED
            or (
                entry.item.ordinal in self.standing.holders
                and entry.decision is not Decision.DECLINED
            )
        )

    def places(self) -> Iterator[QuotaUse]:
        """Those places, one by one."""
        held = self.holders()
        for entry in self.verdict.items:
            if entry.item.ordinal in held:
                yield QuotaUse(
                    category=entry.item.category,
                    region=self.place(entry),
                    grade=self.standing.grades.get(entry.item.ordinal, ""),
                    used=1,
                )

    def waits(self) -> Iterator[tuple[int, QuotaWait]]:
        """The items that wait for a place now, by their ordinal."""
        for entry in self.verdict.items:
            full = any(
                finding.code == "quota.exceeded" and finding.severity is Severity.HOLD
                for finding in entry.findings
            )
            if full and entry.decision is Decision.WAITLISTED:
                yield (
                    entry.item.ordinal,
                    QuotaWait(
                        category=entry.item.category,
                        region=self.place(entry),
                        grade=self.standing.grades.get(entry.item.ordinal, ""),
                        since=entry.item.first_arrival,
                        turn=self.standing.turn,
                    ),
                )

    def place(self, entry: ItemVerdict) -> str:
        """The region or unit whose places an item counts for."""
        return entry.place or entry.item.region or self.standing.region or self.dossier.unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """Everything decided about one mail."""

    disposition: Disposition
    campaign: str | None = None
    tier: str | None = None
    decision: Decision | None = None
    dossiers: tuple[DossierOutcome, ...] = ()
    findings: tuple[Finding, ...] = ()  #: of the mail itself, where no dossier holds them
    reply: Reply | None = None
    silence: str = ""  #: why no reply is sent, in Chinese; "" when one is
    writer: str = ""  #: of what the sender only passed on; "" where it wrote itself
    repeated: bool = False  #: the same mail once more: recorded, not answered
