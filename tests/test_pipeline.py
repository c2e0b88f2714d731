"""From the mailbox to the decision: nothing lost, nothing twice, in order of arrival."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from intake import (
    NOW,
    PlainReader,
    Shelf,
    decide,
    mail,
    new_pipeline,
    new_store,
    wrong_mail,
)

from mailbot.clock import SetClock
from mailbot.keeping.archive import FolderArchive
from mailbot.model import Mark, Reading
from mailbot.outcome import Incoming, Outcome, Register
from mailbot.pipeline import Box, Collected
from mailbot.ports import ArchiveError, SourceError, StoreError
from mailbot.store import Connection, Store, mails
from mailbot.store import schema as t


def states(store: Store) -> list[str]:
    """Of all mails in order of arrival."""
    with store.reading() as connection:
        return list(connection.scalars(sa.select(t.mails.c.state).order_by(t.mails.c.arrived)))


def receipts(store: Store) -> list[str]:
    """All that were given, in order."""
    with store.reading() as connection:
        return list(connection.scalars(sa.select(t.items.c.receipt).order_by(t.items.c.receipt)))


def test_a_mail_goes_from_the_mailbox_to_its_receipt(tmp_path: Path) -> None:
    """Collect, read and decide leave one record and one reply."""
    store = new_store(tmp_path)
    pipeline = new_pipeline(tmp_path, store)
    collected = pipeline.collect(Box(source=Shelf([mail(1)]), address="pingxuan@example.org"))
    (decided,) = pipeline.process()
    with store.reading() as connection:
        replies = connection.execute(sa.select(t.replies)).all()

    assert collected == Collected(new=1, known=0)
    assert decided.outcome is not None
    assert states(store) == ["decided"]
    assert receipts(store) == ["T0001"]
    assert [row.state for row in replies] == ["queued"]
    assert b"T0001" in replies[0].message


def test_the_raw_bytes_are_kept(tmp_path: Path) -> None:
    """What was on the server is in the archive, byte for byte."""
    store = new_store(tmp_path)
    new_pipeline(tmp_path, store).collect(Box(source=Shelf([mail(1)])))
    with store.reading() as connection:
        sha256 = connection.scalar(sa.select(t.mails.c.sha256))

    assert FolderArchive(tmp_path / "archive").get(str(sha256)) == mail(1)


def test_the_mark_moves_and_is_used(tmp_path: Path) -> None:
    """The second look asks only for what is new."""
    store, shelf = new_store(tmp_path), Shelf([mail(1), mail(2)])
    pipeline = new_pipeline(tmp_path, store)
    pipeline.collect(Box(source=shelf))
    shelf.raws.append(mail(3))
    collected = pipeline.collect(Box(source=shelf))

    assert collected == Collected(new=1, known=0)
    assert shelf.asked == [None, Mark(uidvalidity=1, uid=2)]


def test_a_known_mail_gains_a_sighting_only(tmp_path: Path) -> None:
    """The server numbers everything anew: nothing is taken or answered twice."""
    store, shelf = new_store(tmp_path), Shelf([mail(1), mail(2)])
    pipeline = new_pipeline(tmp_path, store)
    pipeline.collect(Box(source=shelf))
    list(pipeline.process())
    shelf.uidvalidity = 2
    collected = pipeline.collect(Box(source=shelf))
    again = list(pipeline.process())
    with store.reading() as connection:
        sightings = connection.scalar(sa.select(sa.func.count()).select_from(t.sightings))

    assert collected == Collected(new=0, known=2)
    assert again == []
    assert sightings == 4
    assert receipts(store) == ["T0001", "T0002"]


def test_the_mark_never_goes_back(tmp_path: Path) -> None:
    """A message with a lower number that shows up late does not bring the others again."""
    store = new_store(tmp_path)
    shelf = Shelf([mail(1), mail(2)])
    new_pipeline(tmp_path, store).collect(Box(source=shelf))
    with store.writing() as connection:
        sighting = next(shelf.arrivals(None)).sighting
        mails.move_mark(connection, sighting)
        mark = mails.mark_of(connection, shelf.account, shelf.folder)

    assert mark == Mark(uidvalidity=1, uid=2)


def test_a_source_that_dies_half_way_keeps_what_was_taken(tmp_path: Path) -> None:
    """The first mails are entered, the mark stands behind them, the rest comes next time."""
    store = new_store(tmp_path)
    shelf = Shelf([mail(n) for n in range(1, 6)], fail_at=4, error=SourceError("连接中断"))
    pipeline = new_pipeline(tmp_path, store)
    with pytest.raises(SourceError):
        pipeline.collect(Box(source=shelf))
    before = states(store)
    shelf.fail_at = None
    pipeline.collect(Box(source=shelf))

    assert before == ["received"] * 3
    assert shelf.asked[-1] == Mark(uidvalidity=1, uid=3)
    assert states(store) == ["received"] * 5


class FullArchive(FolderArchive):
    """Takes so many messages, then the disk is full."""

    def __init__(self, folder: Path, room: int) -> None:
        super().__init__(folder)
        self.room = room

    def put_all(self, raws: Sequence[bytes]) -> Sequence[str]:
        """Raises ArchiveError when full."""
        if self.room < len(raws):
            raise ArchiveError("磁盘已满")
        self.room -= len(raws)
        return super().put_all(raws)


@pytest.mark.parametrize("room", range(4))
def test_a_full_disk_loses_nothing(tmp_path: Path, room: int) -> None:
    """Whatever did not fit is taken when there is room again, and each mail once."""
    store, shelf = new_store(tmp_path), Shelf([mail(1), mail(2), mail(3)])
    archive = FullArchive(tmp_path / "archive", room)
    pipeline = new_pipeline(tmp_path, store, archive=archive)
    with pytest.raises(ArchiveError) if room < 3 else nullcontext():
        pipeline.collect(Box(source=shelf))
    fitted = len(states(store))
    archive.room = 9
    pipeline.collect(Box(source=shelf))
    list(pipeline.process())

    assert fitted == room
    assert receipts(store) == ["T0001", "T0002", "T0003"]


def test_a_mail_is_entered_only_when_its_bytes_are_synced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the rows are written, all raw bytes of the batch and their folders are on the disk."""
    store, archive = new_store(tmp_path), FolderArchive(tmp_path / "archive")
    inodes: set[int] = set()
    unsynced: list[str] = []
    real, enter_all = os.fsync, mails.enter_all

    def fsync(descriptor: int) -> None:
        real(descriptor)
        inodes.add(os.fstat(descriptor).st_ino)

    def entered(
        connection: Connection, many: Sequence[mails.Taken], now: datetime
    ) -> Sequence[bool]:
        for taken in many:
            path = archive.path(taken.sha256)
            if not {path.stat().st_ino, path.parent.stat().st_ino} <= inodes:
                unsynced.append(taken.sha256)
        return enter_all(connection, many, now)

    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(mails, "enter_all", entered)
    shelf = Shelf([mail(n) for n in range(1, 31)])
    collected = new_pipeline(tmp_path, store, archive=archive).collect(Box(source=shelf))

    assert collected.new == 30
    assert not unsynced


def test_a_database_that_fails_at_any_step_loses_nothing(tmp_path: Path) -> None:
    """StoreError at every transaction in turn: afterwards each mail is recorded once."""
    store, shelf = new_store(tmp_path), Shelf([mail(1), mail(2)])
    pipeline = new_pipeline(tmp_path, store)
    failing = Failing(store)
    failures = 0
    for step in range(1, 40):
        failing.arm(step)
        try:
            pipeline.collect(Box(source=shelf))
            list(pipeline.process())
        except StoreError:
            failures += 1
        else:
            if failing.left > 0:
                break
    failing.disarm()

    assert failures >= 4
    assert states(store) == ["decided", "decided"]
    assert receipts(store) == ["T0001", "T0002"]


class Failing:
    """Lets the n-th statement of a store fail as a full disk would."""

    def __init__(self, store: Store) -> None:
        self.left = 0
        self._engine = store._writer
        sa.event.listen(self._engine, "before_cursor_execute", self._count)

    def arm(self, step: int) -> None:
        """Fail at this statement from now."""
        self.left = step

    def disarm(self) -> None:
        """Never again."""
        sa.event.remove(self._engine, "before_cursor_execute", self._count)

    def _count(self, *_arguments: Any) -> None:
        self.left -= 1
        if self.left == 0:
            raise sa.exc.OperationalError("x", {}, Exception("database or disk is full"))


def test_mails_are_decided_in_order_of_arrival(tmp_path: Path) -> None:
    """Not in the order of entering: the earlier arrival gets the lower number."""
    store = new_store(tmp_path)
    pipeline = new_pipeline(tmp_path, store)
    late, early = Shelf([mail(9)] * 3 + [mail(1)]), Shelf([mail(2)], account="other")
    pipeline.collect(Box(source=late))
    pipeline.collect(Box(source=early))
    subjects = [d.outcome.dossiers[0].dossier.unit for d in pipeline.process() if d.outcome]

    assert subjects == [f"applicant{n}@example.org" for n in (9, 2, 1)]


def test_an_earlier_mail_that_is_unread_blocks_the_later_ones(tmp_path: Path) -> None:
    """Nobody overtakes: the queue waits until it is read or set aside."""
    store = new_store(tmp_path)
    pipeline = new_pipeline(tmp_path, store)
    pipeline.collect(Box(source=Shelf([mail(1), mail(2)])))
    pipeline.read_some()
    with store.writing() as connection:
        connection.execute(t.mails.update().where(t.mails.c.id == 1).values(state="received"))
    blocked = pipeline.decide_next()
    with store.writing() as connection:
        mails.set_aside(connection, 1, "看不懂", NOW)
    decided = pipeline.decide_next()

    assert blocked is None
    assert decided is not None
    assert states(store) == ["failed", "decided"]


def test_a_bug_of_ours_sets_one_mail_aside(tmp_path: Path) -> None:
    """The mail is kept with the reason, and the next one goes on."""
    store = new_store(tmp_path)
    pipeline = new_pipeline(tmp_path, store)
    pipeline.collect(Box(source=Shelf([mail(1), wrong_mail(2), mail(3)])))
    results = list(pipeline.process())
    with store.reading() as connection:
        failure = connection.scalar(sa.select(t.mails.c.failure).where(t.mails.c.id == 2))
        events = connection.scalars(sa.select(t.events.c.what).where(t.events.c.mail_id == 2))
        history = list(events)

    assert [entry.outcome is None for entry in results] == [False, True, False]
    assert states(store) == ["decided", "failed", "decided"]
    assert failure == "程序错误（RuntimeError）"
    assert history == ["mail.collected", "mail.set_aside"]
    assert receipts(store) == ["T0001", "T0002"]


def test_half_a_decision_leaves_no_trace(tmp_path: Path) -> None:
    """A bug after the number was taken gives the number back."""

    def late_bug(incoming: Incoming, register: Register, now: datetime) -> Outcome:
        outcome = decide(incoming, register, now)
        if incoming.envelope.message_id == "<1@example.org>":
            raise RuntimeError
        return outcome

    store = new_store(tmp_path)
    pipeline = new_pipeline(tmp_path, store, decide=late_bug)
    pipeline.collect(Box(source=Shelf([mail(1), mail(2)])))
    list(pipeline.process())

    assert receipts(store) == ["T0001"]


def test_a_mail_set_aside_can_be_taken_up_again(tmp_path: Path) -> None:
    """After the bug is mended the same mail goes through."""
    store = new_store(tmp_path)
    broken = new_pipeline(tmp_path, store, reader=PlainReader(RuntimeError()))
    broken.collect(Box(source=Shelf([mail(1)])))
    list(broken.process())
    aside = states(store)
    with store.writing() as connection:
        sha256 = str(connection.scalar(sa.select(t.mails.c.sha256)))
        taken = mails.take_up_again(connection, sha256, NOW)
        unknown = mails.take_up_again(connection, "0" * 64, NOW)
    list(new_pipeline(tmp_path, store).process())

    assert aside == ["failed"]
    assert (taken, unknown) == (True, False)
    assert states(store) == ["decided"]


def test_the_worlds_failure_is_not_the_mails_fault(tmp_path: Path) -> None:
    """An archive that is away sets nothing aside; the mail is read when it is back."""
    store = new_store(tmp_path)
    away = new_pipeline(tmp_path, store, reader=PlainReader(ArchiveError("归档不可用")))
    away.collect(Box(source=Shelf([mail(1)])))
    with pytest.raises(ArchiveError):
        list(away.process())

    assert states(store) == ["received"]


def test_deciding_again_decides_nothing(tmp_path: Path) -> None:
    """The unit of work is idempotent."""
    store = new_store(tmp_path)
    pipeline = new_pipeline(tmp_path, store)
    pipeline.collect(Box(source=Shelf([mail(1)])))
    list(pipeline.process())

    assert pipeline.decide_next() is None
    assert list(pipeline.process()) == []


def test_a_stop_lets_the_mail_in_hand_be_finished(tmp_path: Path) -> None:
    """After the stop no further mail is begun."""
    store = new_store(tmp_path)
    pipeline = new_pipeline(tmp_path, store)
    pipeline.collect(Box(source=Shelf([mail(1), mail(2)])))
    pipeline.read_some()
    asked = iter([False, False, True])
    decided = list(pipeline.process(lambda: next(asked)))

    assert len(decided) == 1
    assert states(store) == ["decided", "read"]


def test_what_the_mailbox_serves_reaches_the_deciding(tmp_path: Path) -> None:
    """Address, campaigns and tier of the mailbox come with the mail."""
    seen: list[Incoming] = []

    def look(incoming: Incoming, register: Register, now: datetime) -> Outcome:
        seen.append(incoming)
        return decide(incoming, register, now)

    store = new_store(tmp_path)
    pipeline = new_pipeline(
        tmp_path, store, decide=look, candidates={"pingxuan@example.org": ("a", "b")}
    )
    box = Box(source=Shelf([mail(1)]), address="pingxuan@example.org", tier="city")
    pipeline.collect(box)
    list(pipeline.process())

    assert (seen[0].mailbox, seen[0].candidates, seen[0].tier) == (
        "pingxuan@example.org", ("a", "b"), "city",
    )  # fmt: skip


def test_times_come_from_the_clock_that_was_handed_in(tmp_path: Path) -> None:
    """The demo lives in its campaign's year."""
    store = new_store(tmp_path)
    now: Callable[[], datetime] = SetClock(NOW).now
    pipeline = new_pipeline(tmp_path, store)
    pipeline.collect(Box(source=Shelf([mail(1)])))
    list(pipeline.process())
    with store.reading() as connection:
        row = connection.execute(sa.select(t.mails)).one()

    assert row.fetched_at == row.read_at == row.decided_at == now()


def test_a_reading_that_failed_is_decided_all_the_same(tmp_path: Path) -> None:
    """A message nobody can take apart goes to the deciding, which hands it to a person."""

    class Helpless(PlainReader):
        def read(self, path: Path, sha256: str = "") -> Reading:
            found = super().read(path, sha256)
            return Reading(envelope=found.envelope, failure="无法解析")

    seen: list[str] = []

    def look(incoming: Incoming, _register: Register, _now: datetime) -> Outcome:
        seen.append(incoming.reading.failure)
        return Outcome(disposition="submission", silence="转人工")

    store = new_store(tmp_path)
    pipeline = new_pipeline(tmp_path, store, reader=Helpless(), decide=look)
    pipeline.collect(Box(source=Shelf([mail(1)])))
    list(pipeline.process())

    assert seen == ["无法解析"]
    assert states(store) == ["decided"]


def test_the_first_is_decided_before_the_last_is_read(tmp_path: Path) -> None:
    """Many mails at once: who came first does not wait for the reading of all."""
    store = new_store(tmp_path)
    pipeline = new_pipeline(tmp_path, store)
    pipeline.collect(Box(source=Shelf([mail(n) for n in range(1, 41)])))
    deciding = pipeline.process()
    first = next(deciding)
    waiting = states(store).count("received")
    rest = list(deciding)

    assert first.outcome is not None
    assert waiting >= 30
    assert len(rest) == 39
    assert receipts(store) == [f"T{n:04d}" for n in range(1, 41)]
