"""Staff are told of trouble once, and of its end once, by a way that works."""

from __future__ import annotations

import email
from datetime import timedelta
from email import policy
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from intake import NOW, Recorded, Shelf, new_pipeline, new_store

from mailbot import running
from mailbot.clock import SetClock
from mailbot.configuration.config import load
from mailbot.outbox import Outbox
from mailbot.pipeline import Box
from mailbot.ports import SendDeferred, SourceError
from mailbot.service import Service
from mailbot.store import health
from mailbot.store import schema as t
from mailbot.watching.alerting import Alarm, Second, Sender

BOX = health.mailbox("pingxuan@example.org", "INBOX")
MINUTE = timedelta(minutes=1)


class Post:
    """A register, a clock, and the alarm over them."""

    def __init__(self, folder: Path, *, second: Recorded | None = None) -> None:
        self.store, self.clock = new_store(folder), SetClock(NOW)
        self.alarm = Alarm(
            store=self.store,
            clock=self.clock,
            sender=Sender(address="pingxuan@example.org", name="评选办公室"),
            recipients=("a@example.org", "b@example.org"),
            after=30 * MINUTE,
            zone=ZoneInfo("Asia/Shanghai"),
            second=Second(sender=Sender(address="backup@example.org"), open=lambda: second)
            if second
            else None,
        )

    def fails(self, name: str = BOX, error: str = "连接不上邮箱服务器") -> None:
        """It does, once more."""
        health.failed(self.store, name, error, self.clock.now())

    def works(self, name: str = BOX) -> None:
        """It does."""
        health.succeeded(self.store, name, self.clock.now())

    def look(self, after: timedelta = MINUTE) -> list[str]:
        """Subjects put into the outbox by a look some time later, each with its recipient."""
        before = len(self.letters())
        self.clock.advance(after)
        self.alarm.look()
        return [f"{row.recipient} {row.subject}" for row in self.letters()[before:]]

    def letters(self) -> list[Any]:
        """Everything in the outbox."""
        with self.store.reading() as connection:
            return list(connection.execute(sa.select(t.replies).order_by(t.replies.c.id)))


def test_short_trouble_is_borne_in_silence(tmp_path: Path) -> None:
    """Half an hour, to the instant; and its end is told to nobody either."""
    post = Post(tmp_path)
    post.fails()
    silent = post.look(30 * MINUTE - timedelta(seconds=1))
    post.works()

    assert silent == post.look() == []


def test_long_trouble_is_told_once_and_so_is_its_end(tmp_path: Path) -> None:
    """To each of the staff; the next trouble anew."""
    post = Post(tmp_path)
    name = "收件邮箱 pingxuan@example.org/INBOX"
    told = [f"{who}@example.org 申报受理系统故障：{name}" for who in "ab"]
    over = [f"{who}@example.org 申报受理系统已恢复：{name}" for who in "ab"]
    post.fails()
    first = post.look(30 * MINUTE)
    post.fails()
    more = post.look(300 * MINUTE)
    post.works()
    end, after = post.look(), post.look()
    post.fails()
    again = post.look(31 * MINUTE)

    assert (first, more, end, after, again) == (told, [], over, [], told)


def test_the_letter_says_what_since_when_and_what_to_do(tmp_path: Path) -> None:
    """In Chinese, in the staff's time, as text, HTML and mail."""
    post = Post(tmp_path)
    post.works()
    post.clock.advance(MINUTE)
    post.fails(error="连接不上邮箱服务器 imap.example.org:993（超时）")
    post.look(40 * MINUTE)
    letter = post.letters()[0]
    message = email.message_from_bytes(letter.message, policy=policy.default)

    for told in (
        "开始时间：",
        "最近成功：",
        "imap.example.org:993（超时）",
        "mailbot check",
        "不会遗漏",
    ):
        assert told in letter.text
        assert told.rstrip("：") in letter.html
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["To"] == "a@example.org"
    assert letter.kind == "alert"


def test_trouble_that_ended_and_came_back_unseen_is_one(tmp_path: Path) -> None:
    """Between two looks it worked for a moment: nothing is told twice."""
    post = Post(tmp_path)
    post.fails()
    post.look(30 * MINUTE)
    post.works()
    post.fails()

    assert post.look(60 * MINUTE) == []


def test_a_dead_way_out_is_told_by_the_second(tmp_path: Path) -> None:
    """At once and by itself; its end by the ordinary way."""
    second = Recorded()
    post = Post(tmp_path, second=second)
    post.fails(health.OUTGOING)
    queued = post.look(30 * MINUTE)
    post.look()
    post.works(health.OUTGOING)
    end = post.look()

    assert queued == []
    assert len(second.messages) == 2
    assert second.messages[0].startswith(b"From: backup@example.org\r\n")
    assert [line.partition(" ")[2] for line in end] == ["申报受理系统已恢复：发信服务器"] * 2


def test_a_second_way_that_fails_is_tried_again(tmp_path: Path) -> None:
    """Nobody counts as told before the letter is out."""
    second = Recorded()
    second.errors = [SendDeferred("也不通")]
    post = Post(tmp_path, second=second)
    post.fails(health.OUTGOING)
    post.look(30 * MINUTE)
    first = len(second.messages)
    post.look()

    assert (first, len(second.messages)) == (0, 2)


def test_without_a_second_way_its_end_is_told(tmp_path: Path) -> None:
    """The news of its own failure would arrive together with that of its recovery."""
    post = Post(tmp_path)
    post.fails(health.OUTGOING)
    dead = post.look(30 * MINUTE)
    post.works(health.OUTGOING)

    assert dead == []
    assert len(post.look()) == 2


def test_two_who_look_tell_once(tmp_path: Path) -> None:
    """What was told is written in the transaction that queues the letter."""
    post = Post(tmp_path)
    post.fails()
    post.clock.advance(30 * MINUTE)
    (stale,) = health.every(post.store)
    post.alarm.look()
    with post.store.writing() as connection:
        assert not health.tell(connection, stale, NOW)


def test_a_cycle_of_the_service_tells_and_sends(tmp_path: Path) -> None:
    """The mailbox fails from poll to poll; the letter goes out with the same cycle."""
    post, sink = Post(tmp_path), Recorded()
    down = Shelf([b"x"], account="pingxuan@example.org", fail_at=1, error=SourceError("不通"))
    service = Service(
        folder=tmp_path,
        store=post.store,
        boxes=[Box(source=down)],
        pipeline=new_pipeline(tmp_path, post.store),
        clock=post.clock,
        outbox=Outbox(store=post.store, sink=sink, clock=post.clock, sender="pingxuan@example.org"),
        alarm=post.alarm.look,
    )
    service.run_once()
    post.clock.advance(31 * MINUTE)
    service.run_once()

    assert len(sink.messages) == 2


@pytest.mark.parametrize(
    ("lines", "recipients", "minutes"),
    [
        ("", None, 0),
        ('[staff]\ndigest_to = "a@example.org"\n', ("a@example.org",), 30),
        (
            '[staff]\ndigest_to = "a@example.org"\n[alerts]\nto = "b@example.org"\nafter_minutes = 5\n',
            ("b@example.org",),
            5,
        ),
    ],
)
def test_the_configuration_names_whom_to_tell(
    tmp_path: Path, lines: str, recipients: tuple[str, ...] | None, minutes: int
) -> None:
    """Those of the digest where nobody else is named; nobody at all where none is."""
    file = tmp_path / "config.toml"
    file.write_text(f'[outgoing]\nurl = "maildir:out"\nfrom = "x@example.org"\n{lines}', "utf-8")
    post = Post(tmp_path)
    made = running.alarm(load(file), post.store, post.clock)

    assert (made and made.recipients) == recipients
    assert made is None or made.after == minutes * MINUTE
