"""The service: every job may fail by itself, a stop is orderly, one runs per data folder."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from datetime import time as day_time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import structlog
from intake import NOW, PlainReader, Recorded, Shelf, decide, mail, new_pipeline, new_store

from mailbot.clock import SetClock
from mailbot.lock import AlreadyRunning, only_instance
from mailbot.model import Arrival, Mark, Reading
from mailbot.outbox import Outbox
from mailbot.outcome import Incoming, Outcome, Register
from mailbot.pipeline import Box
from mailbot.ports import ArchiveError, LoginError, SourceError, StoreError
from mailbot.service import PROCESSING, Daily, Service
from mailbot.store import health, queries


def build(folder: Path, *shelves: Shelf, sink: Recorded | None = None, **parts: object) -> Service:
    """A service over these mailboxes."""
    store = new_store(folder)
    clock = SetClock(NOW)
    return Service(
        folder=folder,
        store=store,
        boxes=[Box(source=shelf, poll_seconds=1) for shelf in shelves],
        pipeline=new_pipeline(folder, store, **parts),
        clock=clock,
        outbox=Outbox(store=store, sink=sink or Recorded(), clock=clock, sender="x@example.org"),
    )


def until(true: Callable[[], bool], seconds: float = 20) -> None:
    """Wait for something to come true."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "did not come true"
        time.sleep(0.02)


def test_one_cycle_collects_decides_and_sends(tmp_path: Path) -> None:
    """Run --once: everything that waits, then the end."""
    sink = Recorded()
    cycle = build(tmp_path, Shelf([mail(1), mail(2)]), sink=sink).run_once()

    assert (cycle.new, cycle.known) == (2, 0)
    assert [entry.outcome is not None for entry in cycle.decided] == [True, True]
    assert cycle.sent.sent == len(sink.messages) == 2
    assert not cycle.failed


def test_a_mailbox_that_is_down_does_not_stop_the_others(tmp_path: Path) -> None:
    """The failure is told, written down, and everything else is done."""
    down = Shelf([mail(9)], account="down", fail_at=1, error=SourceError("服务器不通"))
    service = build(tmp_path, down, Shelf([mail(1)]))
    cycle = service.run_once()
    row = health.of(service.store, health.mailbox("down", "INBOX"))

    assert cycle.failed
    assert cycle.problems == ["服务器不通"]
    assert len(cycle.decided) == 1
    assert (row.failing_since, row.last_error) == (NOW, "服务器不通")
    assert queries.status(service.store).needs_person


def test_a_mailbox_recovers_by_itself(tmp_path: Path) -> None:
    """The next look that works ends the alarm and brings the mails."""
    shelf = Shelf([mail(1)], fail_at=1, error=SourceError("服务器不通"))
    service = build(tmp_path, shelf)
    service.run_once()
    shelf.fail_at = None
    cycle = service.run_once()

    assert (cycle.new, cycle.failed) == (1, False)
    assert not queries.status(service.store).needs_person


def test_the_pauses_grow(tmp_path: Path) -> None:
    """1, 2, 5, 15, 30 and then always 30 minutes; a refused login waits 30 at once."""
    service = build(tmp_path)
    pauses = []
    for _ in range(6):
        row = health.failed(service.store, "mailbox:a", "不通", NOW)
        assert row.paused_until is not None
        pauses.append((row.paused_until - NOW) / timedelta(minutes=1))
    service.boxes = [Box(source=Shelf([mail(1)], fail_at=1, error=LoginError("密码不对")))]
    service.run_once()
    login = health.of(service.store, health.mailbox("box@example.org", "INBOX"))

    assert pauses == [1, 2, 5, 15, 30, 30]
    assert login.paused_until == NOW + timedelta(minutes=30)


def test_a_paused_mailbox_is_left_alone(tmp_path: Path) -> None:
    """Until its time has come; run --once asks all the same, because a person wants it."""
    shelf = Shelf([mail(1)], fail_at=1, error=SourceError("服务器不通"))
    service = build(tmp_path, shelf)
    service.run_once()
    asked = len(shelf.asked)
    service._poll_and_process(service.boxes[0])
    paused = len(shelf.asked)
    service.clock.advance(timedelta(minutes=2))  # type: ignore[attr-defined]
    service._poll_and_process(service.boxes[0])

    assert (asked, paused, len(shelf.asked)) == (1, 1, 2)


def test_a_new_start_tries_at_once(tmp_path: Path) -> None:
    """Whoever has put the password right and starts again need not wait for the old pauses."""
    shelf, sink = Shelf([mail(1)], fail_at=1, error=LoginError("密码不对")), Recorded()
    build(tmp_path, shelf).run_once()
    shelf.fail_at = None
    service = build(tmp_path, shelf, sink=sink)
    health.failed(service.store, health.OUTGOING, "密码不对", NOW, pause=timedelta(hours=1))
    thread = threading.Thread(target=service.run)
    thread.start()
    until(lambda: len(sink.messages) == 1)
    service.stop()
    thread.join(20)

    assert not thread.is_alive()


def test_an_archive_that_is_away_is_told(tmp_path: Path) -> None:
    """Processing fails and says so; nothing is lost."""
    reader = PlainReader(ArchiveError("归档目录不可用"))
    service = build(tmp_path, Shelf([mail(1)]), reader=reader)
    first = service.run_once()
    row = health.of(service.store, PROCESSING)
    reader.error = None
    second = service.run_once()

    assert first.problems == ["归档目录不可用"]
    assert row.last_error == "归档目录不可用"
    assert len(second.decided) == 1


def test_processing_that_fails_is_not_tried_at_every_poll(tmp_path: Path) -> None:
    """A full disk is not hammered once a second; later it is tried again by itself."""
    tried = []

    class Failing(PlainReader):
        def read(self, path: Path, sha256: str = "") -> Reading:
            tried.append(sha256)
            return super().read(path, sha256)

    service = build(tmp_path, Shelf([mail(1)]), reader=Failing(ArchiveError("磁盘已满")))
    for _ in range(5):
        service._poll_and_process(service.boxes[0])
    at_once = len(tried)
    service.clock.advance(timedelta(minutes=2))  # type: ignore[attr-defined]
    service._poll_and_process(service.boxes[0])

    assert (at_once, len(tried)) == (1, 2)


def test_a_database_that_is_away_is_not_hammered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It cannot keep the pauses itself, so the service remembers them; then all is made up for."""
    shelf, sink = Shelf([mail(1)]), Recorded()
    service = build(tmp_path, shelf, sink=sink)
    tried = []

    def locked() -> None:
        tried.append(1)
        raise StoreError("数据库被占用")

    with monkeypatch.context() as away:
        away.setattr(service.store, "writing", locked)
        for _ in range(5):
            service._poll_and_process(service.boxes[0])
    service.clock.advance(timedelta(minutes=2))  # type: ignore[attr-defined]
    service._poll_and_process(service.boxes[0])

    assert 0 < len(tried) <= 8
    assert len(sink.messages) == 1


def test_a_database_that_is_away_at_the_start_is_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is sent before the replies of a dead forerunner are known."""
    sink = Recorded()
    service = build(tmp_path, Shelf([mail(1)]), sink=sink)
    assert service.outbox is not None
    recover, answers = service.outbox.recover, [StoreError("数据库被占用")]

    def first_locked(_outbox: Outbox) -> int:
        if answers:
            raise answers.pop()
        return recover()

    monkeypatch.setattr(Outbox, "recover", first_locked)
    monkeypatch.setattr(health, "_PAUSES", (timedelta(seconds=0),))
    thread = threading.Thread(target=service.run)
    thread.start()
    until(lambda: len(sink.messages) == 1)
    service.stop()
    thread.join(20)

    assert answers == []
    assert not thread.is_alive()


def test_a_reply_left_by_a_dead_process_is_found_at_the_start(tmp_path: Path) -> None:
    """The lock is ours, so whoever was sending is dead."""
    service = build(tmp_path, Shelf([mail(1)]))
    assert service.outbox is not None
    waiting = service.outbox
    service.outbox = None
    service.run_once()
    assert waiting._claim() is not None
    service.outbox = waiting
    cycle = service.run_once()

    assert cycle.sent.uncertain == 1
    assert [row.state for row in queries.list_replies(service.store)] == ["uncertain"]


def test_a_second_service_is_refused(tmp_path: Path) -> None:
    """Two would send each other's replies."""
    service = build(tmp_path)
    with only_instance(tmp_path), pytest.raises(AlreadyRunning, match="另一个"):
        service.run_once()

    service.run_once()


def test_the_service_runs_until_it_is_stopped(tmp_path: Path) -> None:
    """Mails that come while it runs are decided and answered; the stop is orderly."""
    shelf, sink = Shelf([mail(1)]), Recorded()
    service = build(tmp_path, shelf, sink=sink)
    thread = threading.Thread(target=service.run)
    thread.start()
    until(lambda: len(sink.messages) == 1)
    shelf.raws.append(mail(2))
    until(lambda: len(sink.messages) == 2)
    service.stop()
    thread.join(20)

    assert not thread.is_alive()


def test_a_signal_stops_it_after_the_mail_in_hand(tmp_path: Path) -> None:
    """SIGTERM while a mail is being decided: that one is finished, the next not begun."""
    begun: list[str] = []

    def slow(incoming: Incoming, register: Register, now: datetime) -> Outcome:
        begun.append(incoming.envelope.message_id)
        signal.raise_signal(signal.SIGTERM) if len(begun) == 1 else None
        return decide(incoming, register, now)

    service = build(tmp_path, Shelf([mail(1), mail(2)]), decide=slow)
    before = signal.getsignal(signal.SIGTERM)
    cycle = service.run_once()

    assert begun == ["<1@example.org>"]
    assert len(cycle.decided) == 1
    assert queries.status(service.store).mails == {"decided": 1, "read": 1}
    assert signal.getsignal(signal.SIGTERM) == before


def test_the_digest_may_fail_by_itself(tmp_path: Path) -> None:
    """A failing digest is written down; a working one ends the alarm."""
    service = build(tmp_path)
    answers: list[Exception | None] = [StoreError("数据库被占用"), None]

    def send() -> None:
        error = answers.pop(0)
        if error:
            raise error

    service.daily = Daily(send=send, at=day_time(8, 30), zone=ZoneInfo("Asia/Shanghai"))
    service._report()
    failing = health.of(service.store, health.DIGEST)
    service._report()
    well = health.of(service.store, health.DIGEST)

    assert (failing.last_error, well.last_error) == ("数据库被占用", "")
    assert well.last_success == NOW


def test_a_digest_that_was_sent_is_not_sent_again(tmp_path: Path) -> None:
    """At its hour, and whenever it might have been missed, the service looks whether it is owed."""
    sent: list[bool] = []
    service = build(tmp_path)
    service.daily = Daily(
        send=lambda: sent.append(True),
        at=day_time(8, 30),
        zone=ZoneInfo("Asia/Shanghai"),
        owed=lambda: not sent,
    )
    service._report()
    service._make_up()
    jobs = [job.func for job in service._schedule().get_jobs()]

    assert sent == [True]
    assert service._make_up in jobs


def test_the_digest_is_due_at_its_hour(tmp_path: Path) -> None:
    """In the zone of the staff."""
    service = build(tmp_path, Shelf())
    zone = ZoneInfo("Asia/Shanghai")
    service.daily = Daily(send=lambda: None, at=day_time(8, 30), zone=zone)
    jobs = service._schedule().get_jobs()
    trigger = next(job.trigger for job in jobs if job.func == service._report)
    due = trigger.get_next_fire_time(None, datetime(2026, 7, 10, 9, 0, tzinfo=zone))

    assert due == datetime(2026, 7, 11, 8, 30, tzinfo=zone)


def test_the_log_has_one_line_for_a_mail_and_no_personal_data(tmp_path: Path) -> None:
    """Key, codes and decision; neither subject nor address."""
    with structlog.testing.capture_logs() as lines:
        build(tmp_path, Shelf([mail(1)])).run_once()
    decided = [line for line in lines if line["event"] == "mail.decided"]

    assert len(decided) == 1
    assert decided[0]["codes"] == ["fee.due", "human.stamp"]
    assert decided[0]["decision"] == "accepted"
    assert "applicant1" not in str(lines)
    assert "第 1 组" not in str(lines)


def test_sources_are_let_go_at_the_end(tmp_path: Path) -> None:
    """No connection is left open on the server."""
    closed = threading.Event()

    class Closing(Shelf):
        def arrivals(self, mark: Mark | None) -> Iterator[Arrival]:
            service.stop()
            return super().arrivals(mark)

        def close(self) -> None:
            closed.set()

    service = build(tmp_path, Closing([]))
    service.run()

    assert closed.is_set()
