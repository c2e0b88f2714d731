"""What deciding one mail needs from the register, and what comes out of it.

``decide`` (in :mod:`mailbot.deciding`) is the same code for the service and for
dry runs; the two differ only in the :class:`Register` they hand in: the database
inside its transaction, or an empty one in memory. Types only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from mailbot.model import Disposition, Envelope, Reading
from rules.model import Decision, Dossier, Finding, Submission, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """One mail that has been read and waits for its decision."""

    mail: str  #: raw SHA-256
    arrived: datetime  #: the provider's time, aware
    reading: Reading
    mailbox: str = ""  #: the configured address it came to; "" in a dry run
    candidates: tuple[str, ...] = ()  #: campaign ids this mailbox serves; empty: all
    tier: str | None = None  #: fixed by the operator (--tier), else told from the mailbox

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


class Register(Protocol):
    """The part of the register that deciding reads and counts in."""

    def dossiers(self, campaign: str, tier: str) -> Sequence[KnownDossier]:
        """All dossiers of a campaign's tier."""

    def submissions(self, dossier: str) -> tuple[Submission, ...]:
        """What was sent for it so far, in the order taken up (ordinals 0, 1, ...)."""

    def receipts(self, dossier: str) -> Mapping[int, str]:
        """Receipt numbers by item ordinal; an item with one was accepted before."""

    def by_message(self, message_ids: Sequence[str]) -> Sequence[KnownDossier]:
        """The dossiers that these Message-IDs (mails received or replies sent) belong to."""

    def by_sender(self, campaign: str, tier: str, sender: str) -> Sequence[KnownDossier]:
        """The dossiers this address has sent something for."""

    def repeated(self, incoming: Incoming) -> bool:
        """Was a mail with the same Message-ID, sender and attachments taken up before?"""

    def replies_since(self, recipient: str, since: datetime) -> int:
        """Number of replies to this address composed at or after ``since``."""

    def take_number(self, campaign: str, tier: str) -> int:
        """The next number of the receipt counter: 1, 2, ... without gaps."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierOutcome:
    """What one mail did to one dossier."""

    known: KnownDossier | None  #: None: it is new
    dossier: Dossier  #: with this mail's submission as its last
    verdict: Verdict
    previous: Verdict | None  #: the verdict without this mail; None for a new dossier
    receipts: Mapping[int, str]  #: receipt numbers by item ordinal, those given now included
    touched: frozenset[int]  #: ordinals of the items this mail touched


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
    repeated: bool = False  #: the same mail once more: recorded, not answered
