"""Conducts a mail from the mailbox to its decision; design's one sentence, in code.

Collect: raw bytes safe, then the row, then the mark. Read: in child processes,
several at once. Decide: one at a time in order of arrival, everything in one
transaction. Each step may be repeated after a crash without harm. What the world
does wrong is raised for the caller to try again; what the program does wrong with
one mail sets that mail aside. Nothing is sent here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from mailbot.keeping import reconciling
from mailbot.keeping.tidying import Afterwards
from mailbot.log import logger, place_of
from mailbot.model import Arrival, Holding, Reading
from mailbot.outcome import Incoming, Outcome, Register
from mailbot.ports import Archive, ArchiveError, Clock, Holder, Source, Watcher, WorldError
from mailbot.returning import Returning
from mailbot.store import Connection, Store, balances, mails, readings
from mailbot.store.record import codes_of, record
from mailbot.store.register import StoredRegister
from mailbot.store.views import BalanceRow

#: Decides one mail against the register at a time.
Decide = Callable[[Incoming, Register, datetime], Outcome]


def never() -> bool:
    """Nobody asks to stop."""
    return False


#: Gives places that have fallen free to those who wait, after a mail has been recorded.
Promote = Callable[[Connection, Outcome, datetime], object]


def nobody_waits(connection: Connection, outcome: Outcome, now: datetime) -> None:
    """No campaign keeps a waiting list."""


#: Mails made safe together and entered in one transaction: so many, and so many bytes.
_BATCH = 200
_BYTES = 8 * 1024 * 1024


class ReadsMails(Protocol):
    """The part of :class:`mailbot.reading.reader.Reader` that is used here."""

    workers: int

    def read(self, path: Path, sha256: str = "") -> Reading:
        """What stands in the mail. Raises ArchiveError."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """One configured mailbox."""

    source: Source
    address: str = ""  #: that applicants write to, lower case
    campaigns: tuple[str, ...] = ()  #: it serves; empty: all
    poll_seconds: int = 60
    tier: str | None = None  #: fixed by the operator, for imports
    holder: Holder | None = None  #: the same, where it can be held against the register
    watcher: Watcher | None = None  #: another connection that tells when mail comes
    after: Afterwards | None = None  #: what is done to its messages once they are decided


@dataclass(frozen=True, slots=True, kw_only=True)
class Collected:
    """What one look into a mailbox brought."""

    new: int = 0
    known: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """One mail decided, or set aside."""

    mail: str  #: raw SHA-256
    outcome: Outcome | None  #: None: set aside
    failure: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pipeline:
    """The parts a mail passes; ``candidates`` are the campaigns of each mailbox address."""

    store: Store
    archive: Archive
    reader: ReadsMails
    decide: Decide
    clock: Clock
    candidates: Mapping[str, tuple[str, ...]]
    promote: Promote = nobody_waits
    returning: Returning | None = None  #: None: replies wait for copies until somebody makes them

    def collect(self, box: Box) -> Collected:
        """Take over what is new in a mailbox.

        Raises SourceError, LoginError, ArchiveError, StoreError; what was entered
        before stays entered, and the rest is found again next time.
        """
        with self.store.reading() as connection:
            mark = mails.mark_of(connection, box.source.account, box.source.folder)
        return self._enter(box, box.source.arrivals(mark), marking=True)

    def _enter(self, box: Box, arrivals: Iterator[Arrival], *, marking: bool) -> Collected:
        new = known = 0
        for arrived in _batches(arrivals):
            for batch in self._kept(box, arrived):
                with self.store.writing() as connection:
                    fresh = mails.enter_all(connection, batch, self.clock.now())
                    if marking:
                        mails.move_mark(connection, batch[-1].sighting)
                new += sum(fresh)
                known += len(batch) - sum(fresh)
        return Collected(new=new, known=known)

    def reconcile(self, box: Box) -> BalanceRow | None:
        """Hold every message of the folder against register and archive; take what is lacking.

        What the mark has missed is found: a message that got a number below it, or
        whose raw bytes are gone. The mark stays, and the result is kept. None where
        the source cannot tell what it holds. Raises as :meth:`collect`.
        """
        place = box.holder
        if place is None:
            return None
        holding = place.holding()
        lacking = reconciling.lacking(self._known(place, holding), holding, self.archive)
        taken = self._enter(box, place.fetched(lacking), marking=False) if lacking else Collected()
        known = self._known(place, holding)
        if reconciling.lacking(known, holding, self.archive):
            holding = place.holding()  # what has vanished meanwhile is no difference
            known = self._known(place, holding)
        balance = reconciling.weigh(
            place, known, holding, self.archive, found=taken.new, now=self.clock.now()
        )
        with self.store.writing() as connection:
            balances.keep(connection, balance)
        return balance

    def _known(self, place: Holder, holding: Holding) -> dict[int, balances.Known]:
        with self.store.reading() as connection:
            return balances.known(connection, place.account, place.folder, holding.uidvalidity)

    def _kept(self, box: Box, arrived: Sequence[Arrival]) -> Iterator[Sequence[mails.Taken]]:
        """The raw bytes are on disk and synced before anything else knows of the mails.

        Where there is not room for all, for as many as there is. Raises ArchiveError.
        """
        try:
            names = self.archive.put_all([arrival.raw for arrival in arrived])
        except ArchiveError:
            if len(arrived) == 1:
                raise
            for arrival in arrived:
                yield from self._kept(box, [arrival])
            return
        yield [_taken(box, arrival, name) for arrival, name in zip(arrived, names, strict=True)]

    def read_some(self) -> bool:
        """Read the first few that wait for it, several at once; False where none does.

        Raises ArchiveError, StoreError.
        """
        entries = self._unread()
        with ThreadPoolExecutor(self.reader.workers, "reading") as pool:
            list(pool.map(self._read, entries))
        return bool(entries)

    def _unread(self) -> Sequence[mails.Entry]:
        with self.store.reading() as connection:
            return mails.unread(connection, 4 * self.reader.workers)

    def _read(self, entry: mails.Entry) -> None:
        with self._setting_aside(entry):
            reading = self.reader.read(self.archive.path(entry.sha256), entry.sha256)
            with self.store.writing() as connection:
                if mails.state_of(connection, entry.id) == "received":
                    readings.keep(connection, entry.id, reading, self.clock.now())

    def decide_next(self) -> Decided | None:
        """Decide the first mail in order of arrival; None when none is ready.

        Everything it brings about is one transaction. Raises StoreError.
        """
        while True:
            with self.store.reading() as connection:
                entry = mails.next_to_decide(connection)
            if entry is None:
                return None
            outcome: Outcome | None = None
            with self._setting_aside(entry) as trouble, self.store.writing() as connection:
                if mails.next_to_decide(connection) == entry:  # nobody was quicker, none is earlier
                    outcome = self._decide(connection, entry)
            if outcome is not None or trouble:
                _tell(entry, outcome)
                return Decided(mail=entry.sha256, outcome=outcome, failure="".join(trouble))

    def _decide(self, connection: Connection, entry: mails.Entry) -> Outcome:
        now = self.clock.now()
        incoming = Incoming(
            mail=entry.sha256,
            arrived=entry.arrived,
            reading=readings.reading_of(connection, entry.id),
            mailbox=entry.mailbox,
            candidates=self.candidates.get(entry.mailbox, ()),
            tier=entry.tier,
            junk=mails.only_in_junk(connection, entry.id),
        )
        outcome = self.decide(incoming, StoredRegister(connection), now)
        record(connection, entry.id, incoming, outcome, now)
        self.promote(connection, outcome, now)
        return outcome

    def process(self, stop: Callable[[], bool] = never) -> Iterator[Decided]:
        """Read and decide everything that waits, in order of arrival. Raises as above.

        A few are read, then decided: the first applicant does not wait for the last one.
        """
        self._complete(stop)
        some = True
        while some and not stop():
            some = self.read_some()
            while not stop() and (decided := self.decide_next()) is not None:
                self._complete(stop)
                yield decided

    def _complete(self, stop: Callable[[], bool]) -> None:
        """Attach to the replies what belongs to them."""
        if self.returning is not None:
            self.returning.complete_all(stop)

    @contextmanager
    def _setting_aside(self, entry: mails.Entry) -> Iterator[list[str]]:
        """Around one mail: the world's failures pass through, a bug of ours sets it aside.

        The list has the reason afterwards, where there was one.
        """
        trouble: list[str] = []
        try:
            yield trouble
        except WorldError:
            raise
        except Exception as error:  # noqa: BLE001 - the one place: one mail harms one mail
            trouble.append(f"程序错误（{type(error).__name__}）")
            with self.store.writing() as connection:
                mails.set_aside(connection, entry.id, trouble[0], self.clock.now())
            logger("pipeline").error(
                "mail.set_aside",
                mail=entry.sha256[:12],
                error=type(error).__name__,
                place=place_of(error),
            )


def _taken(box: Box, arrival: Arrival, sha256: str) -> mails.Taken:
    """A message whose raw bytes are safe, as it is entered."""
    return mails.Taken(
        sha256=sha256,
        size=len(arrival.raw),
        arrived=arrival.arrived,
        sighting=arrival.sighting,
        mailbox=box.address,
        tier=box.tier,
        junk=arrival.junk,
    )


def _batches(arrivals: Iterator[Arrival]) -> Iterator[list[Arrival]]:
    """In batches; when the world fails half-way, what has come already is handed on first."""
    batch: list[Arrival] = []
    size = 0
    try:
        for arrival in arrivals:
            batch.append(arrival)
            size += len(arrival.raw)
            if len(batch) == _BATCH or size >= _BYTES:
                yield batch
                batch, size = [], 0
    except WorldError:
        if batch:
            yield batch
        raise
    if batch:
        yield batch


def _tell(entry: mails.Entry, outcome: Outcome | None) -> None:
    """One line for one mail: key, codes, decision, no personal data."""
    if outcome is None:
        return
    logger("pipeline").info(
        "mail.decided",
        mail=entry.sha256[:12],
        disposition=outcome.disposition,
        campaign=outcome.campaign,
        decision=outcome.decision.value if outcome.decision else None,
        codes=list(codes_of(outcome)),
        reply=outcome.reply.kind if outcome.reply else None,
    )
