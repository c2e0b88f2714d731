"""A machine whose clock is wrong, and is put right: nothing waits for a year, nothing is given up."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from faults import World, aftermath, world
from intake import Recorded, Shelf, mail

from mailbot import service as service_room
from mailbot.clock import Jumps
from mailbot.deciding.caps import Caps
from mailbot.pipeline import Box
from mailbot.ports import (
    AccountPaused,
    ArchiveError,
    LoginError,
    SendDeferred,
    SendUncertain,
    SourceError,
)
from mailbot.service import Service
from mailbot.store import balances, health, queries, replies
from mailbot.store.register import StoredRegister
from mailbot.watching.alerting import Alarm, Sender

YEAR, DAY = timedelta(days=365), timedelta(days=1)
NUMBERS = (1, 2)


def small() -> tuple[Shelf, Recorded, Box]:
    """Two mails on a shelf, and the way out."""
    shelf = Shelf([mail(number) for number in NUMBERS])
    return shelf, Recorded(), Box(source=shelf)


@pytest.mark.parametrize("wrong", [YEAR, DAY])
@pytest.mark.parametrize(
    "error",
    [
        AccountPaused("554 DT:SPM 账号受限，请登录网页邮箱查看"),
        LoginError("登录被拒绝，请核对授权码"),
        SendDeferred("450 对方暂未接收，稍后自动重发"),
    ],
    ids=["limited", "login", "put off"],
)
def test_a_reply_that_waits_by_a_wrong_clock(
    tmp_path: Path, error: Exception, wrong: timedelta
) -> None:
    """The clock was ahead when the way out failed; put right, no pause is longer than any of ours."""
    _shelf, sink, box = small()
    with world(tmp_path, box, sink=sink) as here:
        here.clock.advance(wrong)
        sink.errors = [error]
        told = bool(here.round().problems)
        here.clock.advance(-wrong)
        aftermath(here, NUMBERS, told=told)


@pytest.mark.parametrize("wrong", [YEAR, DAY])
@pytest.mark.parametrize(
    "error", [SourceError("连接不上服务器，稍后重试"), LoginError("登录被拒绝，请核对授权码")]
)
def test_a_mailbox_that_rests_by_a_wrong_clock(
    tmp_path: Path, error: Exception, wrong: timedelta
) -> None:
    """It is looked into again as soon as the clock is right."""
    shelf, sink, box = small()
    with world(tmp_path, box, sink=sink) as here:
        here.clock.advance(wrong)
        shelf.fail_at, shelf.error = 1, error
        here.service._poll_and_process(box)
        shelf.fail_at = None
        here.clock.advance(-wrong)
        here.service._poll_and_process(box)
        assert len(sink.messages) == len(NUMBERS)
        aftermath(here, NUMBERS, told=True)


@pytest.mark.parametrize("jump", [YEAR, -DAY])
def test_a_clock_that_jumps_while_a_reply_is_being_sent(tmp_path: Path, jump: timedelta) -> None:
    """The reply is sent all the same, once; its lease is nobody else's."""
    shelf, _sink, box = small()

    class Jumping(Recorded):
        def send(self, *, message: bytes, sender: str, recipient: str) -> str:
            if not self.messages:
                here.clock.advance(jump)
            return super().send(message=message, sender=sender, recipient=recipient)

    with world(tmp_path, box, sink=Jumping()) as here:
        here.round()
        assert here.states() == {"sent": len(shelf.raws)}
        aftermath(here, NUMBERS, told=False)


def test_a_reply_left_in_hand_by_a_wrong_clock(tmp_path: Path) -> None:
    """A lease that ends next year is no lease: the reply is uncertain now, and a person sees it."""
    _shelf, sink, box = small()
    with world(tmp_path, box, sink=sink, policy="resend") as here:
        outbox, here.service.outbox = here.service.outbox, None
        here.round()
        here.clock.advance(YEAR)
        with here.store.writing() as connection:
            lease = timedelta(minutes=10)
            assert replies.claim_next(connection, here.clock.now(), holder="other", lease=lease)
        here.clock.advance(-YEAR)
        here.service.outbox = outbox
        aftermath(here, NUMBERS, told=False)


def test_an_unknown_fate_by_a_wrong_clock(tmp_path: Path) -> None:
    """The Sent folder is believed two minutes later, not next year."""
    _shelf, sink, box = small()
    with world(tmp_path, box, sink=sink) as here:
        assert here.service.outbox is not None
        here.service.outbox.was_sent = lambda _reply: False
        here.clock.advance(YEAR)
        sink.errors = [SendUncertain("未等到确认，是否送达不能确定")]
        here.round()
        here.clock.advance(-YEAR)
        aftermath(here, NUMBERS, told=False)


def test_a_jump_ahead_gives_nothing_up(tmp_path: Path) -> None:
    """A year between two tries is one failure more, not a day of failures."""
    _shelf, sink, box = small()
    with world(tmp_path, box, sink=sink) as here:
        for _ in range(2):
            sink.errors = [SendDeferred("450 对方暂未接收，稍后自动重发")] * len(NUMBERS)
            here.round()
            here.clock.advance(YEAR)
        assert here.states() == {"queued": len(NUMBERS)}
        aftermath(here, NUMBERS, told=False)


def test_the_comparison_is_made_again_after_a_wrong_clock(tmp_path: Path) -> None:
    """The last one seems to come next year; the next is due now."""
    _shelf, sink, box = small()
    with world(tmp_path, box, sink=sink) as here:
        here.clock.advance(YEAR)
        with here.store.writing() as connection:
            balances.keep(connection, _balance(here))
        here.clock.advance(-YEAR)
        assert here.service._due(box)


def _balance(here: World) -> balances.BalanceRow:
    return balances.BalanceRow(
        account="box@example.org", folder="INBOX", at=here.clock.now(), on_server=2, taken=2,
        ignored=0, failed=(), found=0, missing=(),
    )  # fmt: skip


def test_letters_of_next_year_count_in_no_cap(tmp_path: Path) -> None:
    """Who had many answers by a wrong clock still has one today."""
    _shelf, sink, box = small()
    with world(tmp_path, box, sink=sink) as here:
        here.clock.advance(YEAR)
        here.round()
        now = here.clock.now() - YEAR
        with here.store.reading() as connection:
            register = StoredRegister(connection)
            day = timedelta(days=1)
            assert register.replies_in_all(now + YEAR - day) == len(NUMBERS) < Caps().total
            assert register.replies_in_all(now - day) == 0
            assert register.replies_since("applicant1@example.org", now - day) == 0


def test_staff_hear_of_a_trouble_that_began_by_a_wrong_clock(tmp_path: Path) -> None:
    """It lasts since the clock is right, not from next year on."""
    _shelf, sink, box = small()
    with world(tmp_path, box, sink=sink) as here:
        alarm = Alarm(
            store=here.store,
            clock=here.clock,
            sender=Sender(address="x@example.org"),
            recipients=("staff@example.org",),
            after=timedelta(hours=1),
            zone=ZoneInfo("Asia/Shanghai"),
        )
        health.failed(here.store, "mailbox:a", "连接不上", here.clock.now() + YEAR)
        health.failed(here.store, "mailbox:a", "连接不上", here.clock.now())
        here.clock.advance(timedelta(hours=2))
        assert alarm.look() == 1


@pytest.mark.parametrize(
    ("walls", "steady", "seen"),
    [
        ((0.0, 30.0), (0.0, 30.0), 0.0),
        ((0.0, 90.0), (0.0, 31.0), 0.0),
        ((0.0, 30.0 - 86400), (0.0, 30.0), -86400.0),
        ((0.0, 30.0 + 86400), (0.0, 30.0), 86400.0),
    ],
)
def test_a_jump_is_told_from_time_that_passes(
    walls: tuple[float, float], steady: tuple[float, float], seen: float
) -> None:
    """By a clock that nobody can put on or back; a minute more or less is no jump."""
    wall, even = iter(walls), iter(steady)
    assert Jumps(lambda: next(wall), lambda: next(even)).seen() == pytest.approx(seen)


def test_the_service_goes_on_when_the_clock_is_put_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was planned by the old clock is planned anew: no poll waits for a day."""
    shelf, sink, box = small()
    put_back = threading.Event()
    planned = []

    def stalled(jumps: Jumps) -> float:
        del jumps
        if not put_back.is_set():
            return 0.0
        put_back.clear()
        for job in planned[0].get_jobs():  # as they stand when the clock is a day behind
            job.modify(next_run_time=job.next_run_time + DAY)
        return -DAY.total_seconds()

    def schedule(service: Service) -> object:
        planned.append(plan(service))
        return planned[0]

    plan = Service._schedule
    monkeypatch.setattr(Service, "_schedule", schedule)
    monkeypatch.setattr(Jumps, "seen", stalled)
    monkeypatch.setattr(service_room, "_CLOCK_SECONDS", 0.05)
    with world(tmp_path, box, sink=sink) as here:
        thread = threading.Thread(target=here.service.run)
        thread.start()
        try:
            _wait(lambda: len(sink.messages) == len(NUMBERS))
            shelf.raws.append(mail(3))

            def answered() -> bool:
                put_back.set()  # again, in case a poll is still at work: one at a time
                return len(sink.messages) == len(NUMBERS) + 1

            _wait(answered)
        finally:
            here.service.stop()
            thread.join(20)
        assert any(line["event"] == "clock.jumped" for line in here.lines)


def _wait(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 30
    while not true():
        assert time.monotonic() < end, "did not come true"
        time.sleep(0.02)


def test_an_archive_that_failed_by_a_wrong_clock(tmp_path: Path) -> None:
    """Reading rests no longer than its pause."""
    _shelf, sink, box = small()
    with world(tmp_path, box, sink=sink) as here:
        reader = here.service.pipeline.reader
        reader.error = ArchiveError("归档目录不可用，请检查磁盘")  # type: ignore[attr-defined]
        here.clock.advance(YEAR)
        here.service._poll_and_process(box)
        reader.error = None  # type: ignore[attr-defined]
        here.clock.advance(-YEAR)
        here.service._poll_and_process(box)
        assert queries.status(here.store).mails == {"decided": len(NUMBERS)}
        aftermath(here, NUMBERS, told=True)
