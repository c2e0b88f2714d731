"""A register in memory: what ``judge`` counts in when nothing may be stored.

Starts empty, or (with ``base``) from the real register, which is only read.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from mailbot.outcome import (
    DossierOutcome,
    Incoming,
    KnownDossier,
    Outcome,
    Register,
    Reply,
    Standing,
    WaitingItem,
)
from parsers.forms.labels import normalise_name
from rules.model import QuotaUse, Submission


@dataclass(slots=True)
class MemoryRegister:
    """Implements :class:`mailbot.outcome.Register`; ``record`` takes what was decided."""

    base: Register | None = None
    _known: dict[str, KnownDossier] = field(default_factory=dict)
    _submissions: dict[str, tuple[Submission, ...]] = field(default_factory=dict)
    _standing: dict[str, Standing] = field(default_factory=dict)
    _places: dict[str, tuple[QuotaUse, ...]] = field(default_factory=dict)
    _waits: dict[str, tuple[WaitingItem, ...]] = field(default_factory=dict)
    _by_message: dict[str, list[str]] = field(default_factory=dict)
    _seen: set[tuple[str, str, tuple[str, ...]]] = field(default_factory=set)
    _replies: list[tuple[Reply, datetime]] = field(default_factory=list)
    _counters: dict[tuple[str, str], int] = field(default_factory=dict)

    def dossiers(self, campaign: str, tier: str) -> Sequence[KnownDossier]:
        """All dossiers of a campaign's tier."""
        there = list(self.base.dossiers(campaign, tier)) if self.base else []
        mine = [e for e in self._known.values() if (e.campaign, e.tier) == (campaign, tier)]
        names = {entry.id for entry in mine}
        return [entry for entry in there if entry.id not in names] + mine

    def by_unit(self, campaign: str, tier: str, units: Sequence[str]) -> Sequence[KnownDossier]:
        """The dossiers of units of these very names."""
        keys = {normalise_name(unit) for unit in units} - {""}
        there = self.dossiers(campaign, tier)
        return [entry for entry in there if normalise_name(entry.unit) in keys]

    def submissions(self, dossier: str) -> tuple[Submission, ...]:
        """What was sent for it so far."""
        if dossier in self._submissions:
            return self._submissions[dossier]
        return self.base.submissions(dossier) if self.base else ()

    def standing(self, dossier: str) -> Standing:
        """Numbers given, places held, and what staff have entered."""
        if dossier in self._standing:
            return self._standing[dossier]
        return self.base.standing(dossier) if self.base else Standing()

    def places(self, campaign: str, tier: str, besides: Collection[str]) -> tuple[QuotaUse, ...]:
        """Places held by the items of a campaign's tier."""
        there: tuple[QuotaUse, ...] = ()
        if self.base:
            there = self.base.places(campaign, tier, (*besides, *self._known))
        mine = [
            place
            for name, entry in self._known.items()
            if (entry.campaign, entry.tier) == (campaign, tier) and name not in besides
            for place in self._places[name]
        ]
        return (*there, *mine)

    def waiting(self, campaign: str, tier: str, besides: Collection[str]) -> Sequence[WaitingItem]:
        """The items of a campaign's tier that wait for a place, in order of first arrival."""
        there: list[WaitingItem] = []
        if self.base:
            there = list(self.base.waiting(campaign, tier, (*besides, *self._known)))
        mine = [
            entry
            for name, known in self._known.items()
            if (known.campaign, known.tier) == (campaign, tier) and name not in besides
            for entry in self._waits[name]
        ]
        return sorted((*there, *mine), key=lambda entry: (entry.wait.since, entry.wait.turn))

    def by_message(self, message_ids: Sequence[str]) -> Sequence[KnownDossier]:
        """The dossiers these Message-IDs belong to."""
        there = list(self.base.by_message(message_ids)) if self.base else []
        names = [name for entry in message_ids for name in self._by_message.get(entry, ())]
        return there + [self._known[name] for name in dict.fromkeys(names)]

    def by_sender(self, campaign: str, tier: str, sender: str) -> Sequence[KnownDossier]:
        """The dossiers this address has sent something for."""
        there = list(self.base.by_sender(campaign, tier, sender)) if self.base else []
        mine = [
            entry
            for entry in self._known.values()
            if (entry.campaign, entry.tier) == (campaign, tier)
            and any((s.writer or s.sender) == sender for s in self._submissions[entry.id])
        ]
        names = {entry.id for entry in mine}
        return [entry for entry in there if entry.id not in names] + mine

    def by_receipt(self, receipts: Sequence[str]) -> Sequence[KnownDossier]:
        """The dossiers that these receipt numbers were given to."""
        there = list(self.base.by_receipt(receipts)) if self.base else []
        given = {
            name for name, entry in self._standing.items()
            if set(entry.receipts.values()) & set(receipts)
        }  # fmt: skip
        return [e for e in there if e.id not in given] + [self._known[name] for name in given]

    def repeated(self, incoming: Incoming) -> bool:
        """Was the same mail taken up before?"""
        if self.base is not None and self.base.repeated(incoming):
            return True
        return bool(incoming.envelope.message_id) and _print(incoming) in self._seen

    def replies_since(self, recipient: str, since: datetime) -> int:
        """Replies to this address since then."""
        there = self.base.replies_since(recipient, since) if self.base else 0
        return there + sum(r.recipient == recipient and at >= since for r, at in self._replies)

    def replies_about(self, topic: str, since: datetime) -> int:
        """Replies of this topic since then."""
        there = self.base.replies_about(topic, since) if self.base else 0
        return there + sum(r.topic == topic and at >= since for r, at in self._replies)

    def replies_in_all(self, since: datetime) -> int:
        """All replies since then."""
        there = self.base.replies_in_all(since) if self.base else 0
        return there + sum(at >= since for _, at in self._replies)

    def is_ours(self, message_ids: Sequence[str]) -> bool:
        """Is one of these Message-IDs that of a reply of ours?"""
        there = self.base is not None and self.base.is_ours(message_ids)
        return there or any(r.message_id in message_ids for r, _ in self._replies)

    def expects_path(self, mail: str) -> bool:
        """As the real register says: a file may have lost the field on its way."""
        return self.base is not None and self.base.expects_path(mail)

    def take_number(self, campaign: str, tier: str) -> int:
        """The next number, from 1."""
        number = self._counters.get((campaign, tier), 0) + 1
        self._counters[campaign, tier] = number
        return number

    def record(self, incoming: Incoming, outcome: Outcome, now: datetime) -> tuple[str, ...]:
        """Keep what was decided, for the mails that follow; the ids of its dossiers."""
        names: list[str] = []
        self._seen.add(_print(incoming))
        if outcome.reply:
            self._replies.append((outcome.reply, now))
        for position, entry in enumerate(outcome.dossiers):
            name = entry.known.id if entry.known else f"{incoming.mail[:12]}-{position}"
            dossier = entry.dossier
            reply_id = outcome.reply.message_id if outcome.reply else ""
            last = replace(dossier.submissions[-1], reply_ids=frozenset({reply_id} - {""}))
            self._submissions[name] = (*dossier.submissions[:-1], last)
            self._keep(name, entry, now)
            for message_id in {incoming.envelope.message_id, reply_id} - {""}:
                self._by_message.setdefault(message_id, []).append(name)
            names.append(name)
        return tuple(names)

    def record_again(self, entry: DossierOutcome, now: datetime) -> None:
        """A dossier judged again without a new mail. ValueError where it is not known."""
        if entry.known is None:
            raise ValueError("a dossier that the register does not know cannot be judged again")
        self._submissions[entry.known.id] = entry.dossier.submissions
        self._keep(entry.known.id, entry, now)

    def _keep(self, name: str, entry: DossierOutcome, now: datetime) -> None:
        """What a dossier's verdict leaves in the register."""
        dossier, known = entry.dossier, entry.known is not None
        turn = entry.standing.turn if known else f"{now.astimezone(UTC):%Y%m%d%H%M%S%f} {name}"
        kept = KnownDossier(
            id=name, campaign=dossier.campaign, tier=dossier.tier, unit=dossier.unit
        )
        self._known[name] = kept
        self._standing[name] = replace(
            entry.standing,
            receipts=dict(entry.receipts),
            decisions={e.item.ordinal: e.decision for e in entry.verdict.items},
            holders=entry.holders(),
            rulings={**entry.standing.rulings, **entry.rulings},
            turn=turn,
        )
        self._places[name] = tuple(entry.places())
        self._waits[name] = tuple(
            WaitingItem(id=f"{name}-{ordinal}", dossier=kept, wait=replace(wait, turn=turn))
            for ordinal, wait in entry.waits()
        )


def _print(incoming: Incoming) -> tuple[str, str, tuple[str, ...]]:
    """Message-ID, sender and attachments: the same again is the same mail."""
    files = tuple(document.sha256 for document in incoming.reading.documents)
    return incoming.envelope.message_id, incoming.envelope.sender, files
