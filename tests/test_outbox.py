"""The way out: each reply once, and where nobody can know, never silently."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from intake import NOW, Recorded, Shelf, mail, new_pipeline, new_store

from mailbot.clock import SetClock
from mailbot.outbox import Outbox, Policy
from mailbot.pipeline import Box
from mailbot.ports import AccountPaused, LoginError, SendDeferred, SendRefused, SendUncertain
from mailbot.store import Store, health, replies
from mailbot.store import schema as t


class Way:
    """An outbox over a recording sink, with so many replies waiting."""

    def __init__(self, folder: Path, waiting: int = 1, policy: Policy = "hold") -> None:
        self.store = new_store(folder)
        self.clock = SetClock(NOW)
        self.sink = Recorded()
        self.outbox = Outbox(
            store=self.store,
            sink=self.sink,
            clock=self.clock,
            sender="pingxuan@example.org",
            policy=policy,
        )
        pipeline = new_pipeline(folder, self.store)
        pipeline.collect(Box(source=Shelf([mail(n) for n in range(1, waiting + 1)])))
        list(pipeline.process())

    def rows(self) -> list[Any]:
        """All replies."""
        with self.store.reading() as connection:
            return list(connection.execute(sa.select(t.replies).order_by(t.replies.c.id)))

    @property
    def states(self) -> list[str]:
        """Of all replies."""
        return [row.state for row in self.rows()]


def die_while_sending(way: Way) -> None:
    """A process claims the next reply and is killed."""
    with way.store.writing() as connection:
        claim = replies.claim_next(
            connection, way.clock.now(), holder="mailbot", lease=timedelta(minutes=10)
        )
    assert claim is not None


def test_what_is_sent_is_the_frozen_bytes(tmp_path: Path) -> None:
    """The bytes of the deciding transaction go out, once."""
    way = Way(tmp_path)
    first, second = way.outbox.send_due(), way.outbox.send_due()

    assert (first.sent, second.sent) == (1, 0)
    assert way.sink.messages == [way.rows()[0].message]
    assert way.states == ["sent"]
    assert way.rows()[0].answer == "250 ok"


def test_the_claim_is_committed_before_the_server_hears_of_it(tmp_path: Path) -> None:
    """While the sink works, every other connection sees the reply as being sent."""
    way = Way(tmp_path)
    seen: list[list[str]] = []

    class Looking(Recorded):
        def send(self, *, message: bytes, sender: str, recipient: str) -> str:
            seen.append(way.states)
            return super().send(message=message, sender=sender, recipient=recipient)

    way.outbox.sink = Looking()
    way.outbox.send_due()

    assert seen == [["sending"]]


def test_put_off_replies_go_later_and_later(tmp_path: Path) -> None:
    """4xx: after 2, 5, 15, 60 minutes."""
    way = Way(tmp_path)
    waits = []
    for _ in range(5):
        way.sink.errors = [SendDeferred("450 稍后")]
        way.outbox.send_due()
        row = way.rows()[0]
        waits.append((row.next_attempt - way.clock.now()) / timedelta(minutes=1))
        way.clock.at = row.next_attempt
    sent = way.outbox.send_due()

    assert waits == [2, 5, 15, 60, 120]
    assert sent.sent == 1
    assert way.rows()[0].attempts == 6


@pytest.mark.parametrize(("hours", "state"), [(23, "queued"), (24, "held")])
def test_after_a_day_a_person_has_to_look(tmp_path: Path, hours: int, state: str) -> None:
    """24 hours of 4xx: held, not dropped."""
    way = Way(tmp_path)
    way.sink.errors = [SendDeferred("450 稍后") for _ in range(4)]
    for minutes in (2, 5, hours * 60 - 7, 0):
        way.outbox.send_due()
        way.clock.advance(timedelta(minutes=minutes))

    assert way.states == [state]


def test_a_machine_that_was_off_for_days_gives_nothing_up(tmp_path: Path) -> None:
    """Two tries with a week between them are two tries."""
    way = Way(tmp_path)
    way.sink.errors = [SendDeferred("450 稍后"), SendDeferred("450 稍后")]
    way.outbox.send_due()
    way.clock.advance(timedelta(days=7))
    way.outbox.send_due()

    assert way.states == ["queued"]


def test_a_refusal_is_final(tmp_path: Path) -> None:
    """5xx: not tried again, the reason kept."""
    way = Way(tmp_path)
    way.sink.errors = [SendRefused("550 无此用户")]
    way.outbox.send_due()
    way.clock.advance(timedelta(days=2))
    way.outbox.send_due()

    assert way.states == ["refused"]
    assert way.rows()[0].last_error == "550 无此用户"
    assert way.sink.messages == []


def test_a_paused_account_stops_the_whole_run(tmp_path: Path) -> None:
    """One frequency limit, and nobody else is tried until the pause is over, also after a restart."""
    way = Way(tmp_path, waiting=3)
    way.sink.errors = [AccountPaused("550 DT:SPM")]
    run = way.outbox.send_due()
    again = Outbox(store=way.store, sink=way.sink, clock=way.clock, sender="x@example.org")
    paused = again.send_due()
    way.clock.advance(timedelta(hours=1))
    later = again.send_due()

    assert run.problem == paused.problem == "550 DT:SPM"
    assert (run.sent, paused.sent, later.sent) == (0, 0, 3)


def test_a_refused_login_is_not_hammered(tmp_path: Path) -> None:
    """535: nothing more in this run; the pause grows with every refusal."""
    way = Way(tmp_path, waiting=2)
    pauses = []
    for _ in range(3):
        way.sink.errors = [LoginError("535")]
        way.outbox.send_due()
        paused = health.of(way.store, health.OUTGOING).paused_until
        assert paused is not None
        pauses.append((paused - way.clock.now()) / timedelta(minutes=1))
        way.clock.at = paused
    way.outbox.send_due()
    after = health.of(way.store, health.OUTGOING)

    assert pauses == [2, 5, 15]
    assert way.states == ["sent", "sent"]
    assert (after.failing_since, after.failures) == (None, 0)


def test_a_dead_server_is_not_asked_for_every_reply(tmp_path: Path) -> None:
    """After three replies put off in a row the run ends and status can tell."""
    way = Way(tmp_path, waiting=6)
    way.sink.errors = [SendDeferred("连接不通")] * 6
    run = way.outbox.send_due()

    assert run.deferred == 3
    assert run.problem
    assert health.of(way.store, health.OUTGOING).failing_since == NOW


@pytest.mark.parametrize(
    ("policy", "states", "messages"), [("hold", ["uncertain"], 0), ("resend", ["sent"], 1)]
)
def test_a_killed_sender_leaves_an_uncertain_reply(
    tmp_path: Path, policy: Policy, states: list[str], messages: int
) -> None:
    """After a restart the policy decides: hold it, or send the same bytes again."""
    way = Way(tmp_path, policy=policy)
    die_while_sending(way)
    found = way.outbox.recover()
    way.outbox.send_due()

    assert found == 1
    assert way.states == states
    assert len(way.sink.messages) == messages


def test_a_lease_that_ended_is_uncertain_too(tmp_path: Path) -> None:
    """Without a restart the lease tells; until it ends nobody else sends."""
    way = Way(tmp_path, policy="resend")
    die_while_sending(way)
    early = way.outbox.send_due()
    way.clock.advance(timedelta(minutes=11))
    late = way.outbox.send_due()

    assert (early.sent, late.sent) == (0, 1)


@pytest.mark.parametrize(
    ("known", "states", "messages"),
    [(True, ["sent"], 0), (False, ["sent"], 1), (None, ["uncertain"], 0)],
)
def test_a_probe_knows_whether_it_went_out(
    tmp_path: Path, *, known: bool | None, states: list[str], messages: int
) -> None:
    """The Sent folder is asked for the Message-ID before the policy is."""
    way = Way(tmp_path)
    asked: list[str] = []

    def was_sent(reply: replies.Doubtful) -> bool | None:
        asked.append(reply.message_id)
        return known

    way.outbox.was_sent = was_sent
    die_while_sending(way)
    way.outbox.recover()
    way.clock.advance(timedelta(minutes=2))
    way.outbox.send_due()

    assert asked == [way.rows()[0].message_id]
    assert way.states == states
    assert len(way.sink.messages) == messages


def test_an_unknown_end_of_a_transmission_is_uncertain(tmp_path: Path) -> None:
    """The connection broke after the final dot: held, and said."""
    way = Way(tmp_path)
    way.sink.errors = [SendUncertain("连接中断")]
    run = way.outbox.send_due()

    assert run.uncertain == 1
    assert way.states == ["uncertain"]


def test_who_lost_the_claim_changes_nothing(tmp_path: Path) -> None:
    """A slow sender comes back after its lease: the fence keeps the newer state."""
    way = Way(tmp_path, policy="resend")
    with way.store.writing() as connection:
        slow = replies.claim_next(connection, NOW, holder="a", lease=timedelta(minutes=1))
    assert slow is not None
    way.clock.advance(timedelta(minutes=2))
    way.outbox.send_due()
    with way.store.writing() as connection:
        changed = replies.finish(connection, slow, "queued", way.clock.now())

    assert not changed
    assert way.states == ["sent"]


@pytest.mark.parametrize("error", [SendRefused("550"), SendUncertain("?")])
def test_a_person_may_send_again(tmp_path: Path, error: Exception) -> None:
    """Outbox retry: the same bytes, and who asked is written down."""
    way = Way(tmp_path)
    way.sink.errors = [error]
    way.outbox.send_due()
    with way.store.writing() as connection:
        done = replies.retry(connection, 1, way.clock.now(), who="李四")
        unknown = replies.retry(connection, 99, way.clock.now(), who="李四")
    way.outbox.send_due()
    with way.store.reading() as connection:
        who = connection.scalar(sa.select(t.events.c.who).where(t.events.c.what == "reply.retried"))

    assert (done, unknown) == (True, False)
    assert way.states == ["sent"]
    assert who == "李四"


def test_a_sent_reply_is_not_sent_again_by_hand(tmp_path: Path) -> None:
    """Outbox retry refuses what is known to have gone out."""
    way = Way(tmp_path)
    way.outbox.send_due()
    with way.store.writing() as connection:
        done = replies.retry(connection, 1, way.clock.now(), who="李四")

    assert not done


def test_sending_keeps_its_pace_and_stops_when_asked(tmp_path: Path) -> None:
    """Between two replies it waits as configured; a stop comes before the next one."""
    way = Way(tmp_path, waiting=3)
    way.outbox.pace = 2.5
    waits: list[float] = []

    def wait(seconds: float) -> bool:
        waits.append(seconds)
        return len(waits) == 3

    way.outbox.send_due(wait)

    assert waits == [0.0, 2.5, 2.5]
    assert way.states == ["sent", "sent", "queued"]


def test_a_database_that_fails_after_sending_leaves_it_uncertain(tmp_path: Path) -> None:
    """The server took it, we could not write so: never queued again by itself."""
    way = Way(tmp_path)
    store: Store = way.store

    class Breaking(Recorded):
        def send(self, *, message: bytes, sender: str, recipient: str) -> str:
            sa.event.listen(store._writer, "before_cursor_execute", fail)
            return super().send(message=message, sender=sender, recipient=recipient)

    def fail(*_arguments: Any) -> None:
        raise sa.exc.OperationalError("x", {}, Exception("disk I/O error"))

    way.outbox.sink = Breaking()
    with pytest.raises(Exception, match="磁盘"):
        way.outbox.send_due()
    sa.event.remove(store._writer, "before_cursor_execute", fail)
    way.outbox.recover()

    assert way.states == ["uncertain"]


def test_the_pause_grows_while_the_account_is_limited(tmp_path: Path) -> None:
    """As long as the answer asks for, then twice, four times, at most eight hours."""
    way = Way(tmp_path)
    pauses = []
    for _ in range(7):
        way.sink.errors = [AccountPaused("MI:SFQ", pause=timedelta(minutes=15))]
        way.outbox.send_due()
        until = health.of(way.store, health.OUTGOING).paused_until
        assert until is not None
        pauses.append((until - way.clock.now()) / timedelta(minutes=15))
        way.clock.at = until

    assert pauses == [1, 2, 4, 8, 16, 32, 32]
    assert way.states == ["queued"]


@pytest.mark.parametrize(("about_mail", "state"), [(True, "held"), (False, "queued")])
def test_a_mail_that_looks_like_spam_is_not_tried_for_ever(
    tmp_path: Path, *, about_mail: bool, state: str
) -> None:
    """After a day a person has to look at it; a limit of the account harms no mail."""
    way = Way(tmp_path)
    for _ in range(4):
        way.sink.errors = [AccountPaused("554 DT:SPM", about_mail=about_mail)]
        way.outbox.send_due()
        way.clock.advance(timedelta(hours=8))

    assert way.states == [state]


@pytest.mark.parametrize(("passed", "rest"), [(0, 2.5), (2, 0.5), (60, 0.0)])
def test_the_pace_holds_from_one_run_to_the_next(tmp_path: Path, passed: int, rest: float) -> None:
    """The account has one pace, however often the outbox is asked."""
    way = Way(tmp_path, waiting=2)
    way.outbox.pace = 2.5
    way.outbox.send_due(lambda _: "sent" in way.states)
    way.clock.advance(timedelta(seconds=passed))
    waits: list[float] = []
    way.outbox.send_due(lambda seconds: bool(waits.append(seconds)))

    assert waits == [rest]
