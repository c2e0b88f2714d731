"""Judges the register again with today's campaign data and code, and tells what would change.

Nothing changes unless it is asked for, and nobody is written to in any case. What was
accepted stays accepted with its number; where today's rules would not accept it, staff
are told.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from mailbot.deciding.filing import judge_again
from mailbot.model import Reading
from mailbot.outcome import DossierOutcome, KnownDossier, WaitingItem
from mailbot.store import Connection, Store, readings, replayed, rows
from mailbot.store import schema as t
from mailbot.store.events import note
from mailbot.store.record import record_again
from mailbot.store.register import StoredRegister
from mailbot.store.views import ItemRow
from parsers.model import Document
from rules.model import Decision, Finding, QuotaUse, Submission, Verdict
from rules.notice.campaign import Campaign


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemChange:
    """One item that would be judged differently."""

    item: ItemRow | None  #: None: today's reading makes it a new item
    name: str
    category: str
    before: str  #: state, "" for a new item
    after: str  #: state
    new: tuple[Finding, ...]
    gone: tuple[Finding, ...]
    kept: bool = False  #: stays accepted, though today's rules would not accept it


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierChange:
    """One dossier that would be judged differently."""

    dossier: KnownDossier
    version_before: str
    version_after: str
    items: tuple[ItemChange, ...]
    new: tuple[Finding, ...]  #: of the dossier itself
    gone: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """What came of it."""

    dossiers: int  #: judged again
    changes: tuple[DossierChange, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """What is judged again, and with what."""

    campaigns: Mapping[str, Campaign]  #: only these
    now: datetime
    who: str = "mailbot"
    readings: Mapping[int, Reading] = field(default_factory=dict)  #: of mails read again


def rehearse(store: Store, replay: Replay) -> Replayed:
    """What would change; nothing does. Raises StoreError.

    Dossier after dossier in order of opening, each after what the ones before would take.
    """
    with store.reading() as connection:
        register = _Rehearsal(connection, replay.readings)
        found = []
        for known in replayed.dossiers(connection, list(replay.campaigns)):
            campaign = replay.campaigns[known.campaign]
            outcome = judge_again(register, campaign, known, replay.now, numbers=False)
            register.judged[known.id] = outcome
            found.append(_change(connection, register, replay, outcome))
    changes = tuple(change for change in found if change)
    return Replayed(dossiers=len(found), changes=changes)


def apply(store: Store, replay: Replay) -> Replayed:
    """What has changed and is recorded now, all of it or nothing. Raises StoreError."""
    with store.reading() as connection:
        dossiers = replayed.dossiers(connection, list(replay.campaigns))
    with store.writing() as connection:
        for mail, reading in replay.readings.items():
            readings.replace_reading(connection, mail, reading, replay.now)
        changed = _again(connection, replay, dossiers)
        if changed or replay.readings:
            note(
                connection, "item.replayed", replay.now, who=replay.who,
                dossiers=len(changed), mails=len(replay.readings),
            )  # fmt: skip
    return Replayed(dossiers=len(dossiers), changes=changed)


def _again(
    connection: Connection, replay: Replay, dossiers: Collection[KnownDossier]
) -> tuple[DossierChange, ...]:
    """Those judged differently, recorded; those whose mails were read again have new papers."""
    register = StoredRegister(connection)
    changes = []
    for known in dossiers:
        campaign = replay.campaigns[known.campaign]
        outcome = judge_again(register, campaign, known, replay.now)
        change = _change(connection, register, replay, outcome)
        mails = {mail for mail, _ in replayed.mails_of(connection, known.id).values()}
        if change or mails & replay.readings.keys():
            cause = f"replay:{campaign.version}:{replay.now:%Y%m%dT%H%M%S%f}"
            record_again(connection, cause, outcome, None, replay.now)
        if change:
            changes.append(change)
    return tuple(changes)


class _Rehearsal(StoredRegister):
    """The register as it would be after what has been judged again so far."""

    def __init__(self, connection: Connection, again: Mapping[int, Reading]) -> None:
        super().__init__(connection)
        self.judged: dict[str, DossierOutcome] = {}
        self._open = connection
        self._again = again

    def submissions(self, dossier: str) -> tuple[Submission, ...]:
        """With the documents as they are read today."""
        mails = replayed.mails_of(self._open, dossier)
        return tuple(
            self._today(entry, *mails[entry.ordinal]) for entry in super().submissions(dossier)
        )

    def _today(self, entry: Submission, mail: int, paths: list[str] | None) -> Submission:
        reading = self._again.get(mail)
        if reading is None:
            return entry
        there: dict[str, Document] = dict(readings.walk(reading.documents))
        documents = reading.documents if paths is None else tuple(there[path] for path in paths)
        return replace(entry, documents=documents, body=reading.body)

    def places(self, campaign: str, tier: str, besides: Collection[str]) -> tuple[QuotaUse, ...]:
        """Those held, and those taken by what has been judged again."""
        mine = {
            name: outcome
            for name, outcome in self.judged.items()
            if (outcome.dossier.campaign, outcome.dossier.tier) == (campaign, tier)
        }
        there = super().places(campaign, tier, {*besides, *mine})
        taken = (p for name, o in mine.items() if name not in besides for p in o.places())
        return (*there, *taken)

    def waiting(self, campaign: str, tier: str, besides: Collection[str]) -> Sequence[WaitingItem]:
        """Those that wait, and those that wait once judged again, in order of arrival."""
        found = list(super().waiting(campaign, tier, {*besides, *self.judged}))
        for name, outcome in self.judged.items():
            here = (outcome.dossier.campaign, outcome.dossier.tier) == (campaign, tier)
            if name in besides or not here or outcome.known is None:
                continue
            found += [
                WaitingItem(id=f"{name}-{ordinal}", dossier=outcome.known, wait=wait)
                for ordinal, wait in outcome.waits()
            ]
        return sorted(found, key=lambda entry: (entry.wait.since, entry.wait.turn))


def _change(
    connection: Connection, register: StoredRegister, replay: Replay, outcome: DossierOutcome
) -> DossierChange | None:
    """What is other than recorded; None where nothing is."""
    known = outcome.known
    if known is None:
        raise ValueError("a dossier that the register does not know cannot be judged again")
    campaign = replay.campaigns[known.campaign]
    before = replayed.in_force_of(connection, known.id)
    strict = judge_again(register, campaign, known, replay.now, numbers=False, keeps=False).verdict
    there = {
        item.ordinal: item for item in rows.items(connection, t.items.c.dossier_id == known.id)
    }
    items = tuple(_items(outcome, strict, there, before))
    own = [finding for owner, finding in before.findings if owner is None]
    change = DossierChange(
        dossier=known,
        version_before=before.version,
        version_after=outcome.verdict.version,
        items=tuple(item for item in items if item.before != item.after or item.new or item.gone),
        new=_besides(strict.findings, own),
        gone=_besides(own, strict.findings),
    )
    return change if change.items or change.new or change.gone else None


def _items(
    outcome: DossierOutcome,
    strict: Verdict,
    there: Mapping[int, ItemRow],
    before: replayed.InForce,
) -> Iterator[ItemChange]:
    """Every item, changed or not; those of today's rules beside those that are kept."""
    would = {entry.item.ordinal: entry for entry in strict.items}
    for entry in outcome.verdict.items:
        old = there.get(entry.item.ordinal)
        found = [f for owner, f in before.findings if old and owner == old.id]
        today = would[entry.item.ordinal]
        yield ItemChange(
            item=old,
            name=entry.item.name,
            category=entry.item.category,
            before=old.state if old else "",
            after=entry.decision.value,
            new=_besides(today.findings, found),
            gone=_besides(found, today.findings),
            kept=entry.decision is Decision.ACCEPTED
            and today.decision is not Decision.ACCEPTED
            and bool(old and old.state == "accepted"),
        )


def _besides(found: Collection[Finding], others: Collection[Finding]) -> tuple[Finding, ...]:
    """Those of the first that are not among the second; how grave they are does not count."""
    known = {_same(entry) for entry in others}
    return tuple(entry for entry in found if _same(entry) not in known)


def _same(finding: Finding) -> tuple[str, ...]:
    return finding.code, finding.message, finding.document, finding.where, finding.field
