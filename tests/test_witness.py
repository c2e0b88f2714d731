"""An uncertain reply, a server that hangs up, and a real folder of sent mails."""

from __future__ import annotations

from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from intake import NOW
from servers.abrupt import STEPS, AbruptServer
from servers.dovecot import Box
from servers.ports import free_port
from test_outbox import Way, die_while_sending
from test_sentfolder import provider_files, sent_folder

from mailbot.outbox import Policy
from mailbot.ports import LoginError, SourceError
from mailbot.sinks.smtp import SmtpSink
from mailbot.store import health
from mailbot.watching.witness import Witness

MINUTES = timedelta(minutes=1)


class Folder:
    """A folder of sent mails as a test wants it."""

    def __init__(self, *held: str) -> None:
        self.held = list(held)
        self.error: Exception | None = None
        self.asked = 0
        self.kept: list[bytes] = []

    def holds(self, message_id: str, since: datetime) -> bool:
        """Is it one of those named?"""
        assert since <= NOW + timedelta(days=2)
        self.asked += 1
        if self.error:
            raise self.error
        return message_id in self.held

    def keep(self, message: bytes) -> None:
        """Remember it."""
        if self.error:
            raise self.error
        self.kept.append(message)

    def probe(self) -> str:
        """Never asked."""
        return ""

    def close(self) -> None:
        """Nothing is open."""


def with_folder(way: Way, folder: Folder, *, keeps: bool = False) -> None:
    """The outbox asks this folder."""
    witness = Witness(store=way.store, sent=folder, clock=way.clock, keeps=keeps)
    way.outbox.was_sent, way.outbox.keep = witness.was_sent, witness.keep


def test_a_copy_there_is_proof(tmp_path: Path) -> None:
    """It went out: sent, at once, and not sent again."""
    way = Way(tmp_path)
    with_folder(way, Folder(way.rows()[0].message_id))
    die_while_sending(way)
    way.outbox.recover()
    way.outbox.send_due()

    assert way.states == ["sent"]
    assert way.sink.messages == []


def late_doubt(folder: Path, policy: Policy = "hold") -> Way:
    """One reply went out for sure; of the later one nobody knows."""
    way = Way(folder, waiting=2, policy=policy)
    way.outbox.send_due(lambda _: "sent" in way.states)
    way.clock.advance(MINUTES)
    die_while_sending(way)
    way.outbox.recover()
    assert way.states == ["sent", "uncertain"]
    return way


def test_no_copy_proves_something_where_the_provider_keeps_copies(tmp_path: Path) -> None:
    """The one sent before is there and this one is not: sent again, after time for filing it."""
    way = late_doubt(tmp_path)
    with_folder(way, Folder(way.rows()[0].message_id))
    way.outbox.send_due()
    early = way.states
    way.clock.advance(2 * MINUTES)
    way.outbox.send_due()

    assert early == ["sent", "uncertain"]
    assert way.states == ["sent", "sent"]
    assert way.sink.messages == [row.message for row in way.rows()]


@pytest.mark.parametrize(
    ("policy", "states"), [("hold", ["sent", "uncertain"]), ("resend", ["sent", "sent"])]
)
def test_no_copy_proves_nothing_where_none_is_ever_there(
    tmp_path: Path, policy: Policy, states: list[str]
) -> None:
    """The one that surely went out is not there either: the operator's policy decides."""
    way = late_doubt(tmp_path, policy)
    with_folder(way, Folder())
    way.clock.advance(10 * MINUTES)
    way.outbox.send_due()

    assert way.states == states


def test_no_copy_proves_nothing_where_we_file_them(tmp_path: Path) -> None:
    """Our copy is filed after the server's answer, which is what never came."""
    way = late_doubt(tmp_path)
    folder = Folder(way.rows()[0].message_id)
    with_folder(way, folder, keeps=True)
    way.clock.advance(10 * MINUTES)
    way.outbox.send_due()

    assert way.states == ["sent", "uncertain"]


@pytest.mark.parametrize("error", [SourceError("连接不通"), LoginError("授权码")])
def test_a_folder_that_cannot_be_asked_is_asked_later(tmp_path: Path, error: Exception) -> None:
    """Even where the policy would resend; not hammered; told by status; for a day at most."""
    way = late_doubt(tmp_path, "resend")
    folder = Folder()
    folder.error = error
    with_folder(way, folder)
    way.outbox.send_due()
    way.outbox.send_due()
    troubled = health.of(way.store, health.SENT)
    waiting = way.states
    way.clock.advance(timedelta(hours=25))
    way.outbox.send_due()

    assert waiting == ["sent", "uncertain"]
    assert (troubled.last_error, troubled.failures) == (str(error), 1)
    assert folder.asked == 2
    assert way.states == ["sent", "sent"]


def test_a_folder_that_answers_again_is_well(tmp_path: Path) -> None:
    """The trouble ends with the first answer."""
    way = late_doubt(tmp_path)
    folder = Folder(way.rows()[1].message_id)
    folder.error = SourceError("连接不通")
    with_folder(way, folder)
    way.outbox.send_due()
    folder.error = None
    way.clock.advance(2 * MINUTES)
    way.outbox.send_due()

    assert way.states == ["sent", "sent"]
    assert health.of(way.store, health.SENT).failing_since is None


def test_copies_are_filed_where_the_provider_keeps_none(tmp_path: Path) -> None:
    """The very bytes, after they were sent; a failure harms nothing."""
    way = Way(tmp_path, waiting=3)
    folder = Folder()
    with_folder(way, folder, keeps=True)
    way.outbox.send_due(lambda _: "sent" in way.states)
    folder.error = SourceError("空间已满")
    way.outbox.send_due()

    assert way.states == ["sent"] * 3
    assert folder.kept == [way.rows()[0].message]
    assert health.of(way.store, health.SENT).last_error == "空间已满"


def test_no_copies_are_filed_unless_wanted(tmp_path: Path) -> None:
    """Else the provider's and ours would stand there twice."""
    way = Way(tmp_path)
    folder = Folder()
    with_folder(way, folder)
    way.outbox.send_due()

    assert folder.kept == []


@pytest.mark.parametrize("step", STEPS)
def test_a_server_that_hangs_up_anywhere(tmp_path: Path, dovecot: Box, step: str) -> None:
    """Every reply is taken exactly once, whichever step the connection broke at."""
    way = Way(tmp_path, waiting=3)
    with (
        AbruptServer("") as server,
        closing(
            SmtpSink(
                host=server.host, port=server.port, security="plain", name="x.invalid", seconds=5
            )
        ) as sink,
        closing(sent_folder(dovecot)) as sent,
    ):
        witness = Witness(store=way.store, sent=sent, clock=way.clock)
        way.outbox.was_sent, way.outbox.sink = witness.was_sent, sink
        way.outbox.send_due(lambda _: "sent" in way.states)
        sink.close()
        provider_files(dovecot, "已发送", *server.messages)
        server.step = step
        way.clock.advance(MINUTES)
        way.outbox.send_due()
        after_the_cut = way.states
        provider_files(dovecot, "已发送", *server.messages[1:])
        way.clock.advance(5 * MINUTES)
        way.outbox.send_due()

    uncertain = ["sent", "uncertain", "sent"]
    assert after_the_cut == (
        uncertain if step in ("body", "taken", "untaken") else ["sent", "queued", "sent"]
    )
    assert way.states == ["sent"] * 3
    assert sorted(server.messages) == sorted(
        row.message.replace(b"\n", b"\r\n") for row in way.rows()
    )


def test_a_dead_folder_over_a_real_wire(tmp_path: Path, dovecot: Box) -> None:
    """Nobody listens: uncertain stays uncertain."""
    way = late_doubt(tmp_path, "resend")
    with closing(sent_folder(dovecot, port=free_port())) as sent:
        way.outbox.was_sent = Witness(store=way.store, sent=sent, clock=way.clock).was_sent
        way.outbox.send_due()

    assert way.states == ["sent", "uncertain"]
