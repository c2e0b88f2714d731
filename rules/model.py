"""The values of judging: dossier, items, facts, findings, verdict.

A dossier is everything one submitting unit has sent for one campaign and tier,
folded over its mails in the order in which they were taken up. A verdict is a
pure function of dossier, campaign and facts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Literal

from parsers.model import Document, Form


class Severity(StrEnum):
    """For whom a finding is and what it does to the item (contract, table of severities)."""

    INFO = "info"  #: applicant and staff; no effect
    WARN = "warn"  #: staff only: a tick list
    HUMAN = "human"  #: a person decides first
    HOLD = "hold"  #: on the waiting list
    ASK = "ask"  #: the applicant can put it right
    REJECT = "reject"  #: the notice itself states the consequence

    @property
    def for_applicant(self) -> bool:
        """Is the applicant told?"""
        return self in (Severity.INFO, Severity.HOLD, Severity.ASK, Severity.REJECT)


class Decision(StrEnum):
    """受理 / 候补 / 转人工 / 补正 / 不予受理, in order of gravity."""

    ACCEPTED = "accepted"
    WAITLISTED = "waitlisted"
    REVIEW = "review"
    SUPPLEMENT = "supplement"
    DECLINED = "declined"

    @property
    def gravity(self) -> int:
        """0 for the mildest."""
        return list(Decision).index(self)


#: What a severity makes of an item; the others leave it accepted.
EFFECT: Mapping[Severity, Decision] = {
    Severity.HUMAN: Decision.REVIEW,
    Severity.HOLD: Decision.WAITLISTED,
    Severity.ASK: Decision.SUPPLEMENT,
    Severity.REJECT: Decision.DECLINED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One defect or remark, in words the reader can act on.

    ``message`` says what was found, what is wanted and how to put it right.
    """

    code: str  #: stable for ever, "deadline.passed"
    severity: Severity  #: from the campaign's data, never from the rule
    message: str
    rule: str = ""  #: the notice fact sheet's number, "R12"
    clause: str = ""  #: the notice's own place, "四.2"
    document: str = ""  #: file name
    kind: str = ""  #: document kind
    where: str = ""  #: "表1 第2行第4列"
    field: str = ""  #: field key
    label: str = ""  #: the label as printed
    item: int | None = None  #: ordinal of the item it concerns; None: the whole dossier
    categories: tuple[str, ...] = ()  #: dossier findings: the categories held up; empty: all
    mail: int | None = None  #: ordinal of the submission it is about, where it is about one mail


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """One mail's part in a dossier, without anything of mail but the facts rules need."""

    ordinal: int  #: position in the dossier, from 0, in the order taken up
    arrived: datetime  #: the provider's arrival time, aware
    documents: tuple[Document, ...]  #: as read; archives with their members
    mailbox: str = ""  #: address it came to, lower case
    addressed: tuple[str, ...] = ()  #: every address it was sent to
    sender: str = ""  #: address it came from, lower case
    writer: str = ""  #: who wrote what the sender only passed on, as the mail says; "" as a rule
    subject: str = ""
    body: str = field(default="", repr=False)  #: the sender's own words, quoted parts removed
    message_id: str = ""  #: of the mail, with angle brackets
    reply_ids: frozenset[str] = frozenset()  #: Message-IDs of our letters about it
    answers: int | None = None  #: ordinal of the earlier submission it replies to
    beside: tuple[str, ...] = ()  #: other units with a dossier of their own in the same mail
    unverified: str = ""  #: what speaks against its coming from this sender; "" where nothing does


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """One form or text out of one document of one submission, filed in the dossier.

    A document with two forms gives two papers; one in which nothing known was
    found gives one paper with ``kind == ""``.
    """

    submission: int  #: ordinal
    arrived: datetime
    document: Document  #: the leaf
    form: Form | None = None
    kind: str = ""
    item: int | None = None  #: ordinal of the item it belongs to; None: the whole dossier's
    current: bool = True  #: the newest version of its kind (and item)
    repeats: bool = False  #: same bytes as an earlier paper of this dossier
    held: bool = (
        False  #: would replace another address's paper; not in force before a person looked
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One group, team, story, company or person applied for."""

    ordinal: int  #: stable in the dossier: order of first appearance
    category: str
    name: str
    company: str = ""
    region: str | None = None
    first_arrival: datetime  #: lateness is judged by this
    submissions: tuple[int, ...] = ()  #: the mails that brought something of it
    former_names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """campaign x tier x unit: all its papers over all its mails, and its items."""

    campaign: str
    tier: str
    unit: str  #: name as written first
    submissions: tuple[Submission, ...]
    papers: tuple[Paper, ...]
    items: tuple[Item, ...]

    def current(self, kind: str, item: int | None = None) -> Iterator[Paper]:
        """The papers of a kind that are in force; for an item, that item's only."""
        for paper in self.papers:
            if paper.current and paper.kind == kind and (item is None or paper.item == item):
                yield paper

    def item(self, ordinal: int) -> Item:
        """The item with this ordinal."""
        return next(entry for entry in self.items if entry.ordinal == ordinal)


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotaUse:
    """Places taken by other dossiers' accepted items."""

    category: str
    region: str  #: the item's, or the unit's where the item names none
    used: int
    grade: str = ""  #: as staff entered it


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotaWait:
    """An item of another dossier that waits for a place."""

    category: str
    region: str  #: as in :class:`QuotaUse`
    grade: str = ""
    since: datetime  #: its first arrival, aware: the order of waiting
    turn: str  #: of its dossier, where two arrived at the same time


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """What a person has settled about an item: staff, or the applicant who withdraws it.

    It stands until something new comes: a form of the item, and for what was
    returned any document of the dossier.
    """

    what: Literal["accept", "return", "decline", "withdraw"]
    reason: str = ""  #: as the applicant is told
    submissions: int  #: how many mails the dossier had then

    def stands(self, item: Item, dossier: Dossier) -> bool:
        """Has nothing new come since?"""
        if self.what == "return":
            return not any(entry.documents for entry in dossier.submissions[self.submissions :])
        return all(ordinal < self.submissions for ordinal in item.submissions)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a rule must know and cannot see in the dossier."""

    now: datetime  #: aware
    accepted: frozenset[int] = frozenset()  #: ordinals of items accepted before, keep their places
    quota_use: tuple[QuotaUse, ...] = ()
    waiting: tuple[QuotaWait, ...] = ()  #: other dossiers' items on the waiting list
    turn: str = "~"  #: this dossier's, as in :class:`QuotaWait`; "~": behind all others
    ticks: frozenset[tuple[int | None, str]] = (
        frozenset()
    )  #: (item, "paper"|"fee"|"stamp") by staff
    grades: Mapping[int, str] = field(default_factory=dict)  #: by item, entered by staff
    region: str = ""  #: of the whole dossier, as staff have told; counts before what is written
    rulings: Mapping[int, Ruling] = field(default_factory=dict)  #: the last one of each item
    #: ordinals of submissions whose papers staff do not take in place of another address's
    refused: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemVerdict:
    """The decision on one item with its own findings."""

    item: Item
    decision: Decision
    place: str = ""  #: the region or unit whose places it counts for, as written
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The decision on a whole dossier: its items, and the findings of the dossier itself."""

    campaign: str
    version: str  #: version of the campaign data it was made under
    items: tuple[ItemVerdict, ...]
    findings: tuple[Finding, ...] = ()
    withdrawn: tuple[Item, ...] = ()  #: no longer applied for; nothing is said of them

    @property
    def decision(self) -> Decision | None:
        """The gravest of everything; None where there is no item and nothing is asked."""
        graves = [entry.decision for entry in self.items]
        graves += [EFFECT[f.severity] for f in self.findings if f.severity in EFFECT]
        return max(graves, key=lambda decision: decision.gravity, default=None)
