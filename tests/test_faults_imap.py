"""A mailbox that fails in every way a wire and a server can: nothing lost, nothing twice."""

from __future__ import annotations

import ssl
import threading
import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from faults import aftermath, world
from imapsession import (
    AFTER,
    ALL,
    BEFORE,
    MENDED,
    ServerBox,
    connected,
    disturb,
    record,
    source_of,
    two_polls,
)
from servers.certificates import Flaw, make_certificates
from servers.dovecot import Box as DovecotBox
from servers.dovecot import Dovecot
from servers.imapwire import Deed, Fault, ImapWire, Turn
from servers.netease import Netease, NeteaseBox

from mailbot.pipeline import Box
from mailbot.sources import session as session_room
from mailbot.sources.imap import ImapSource
from mailbot.sources.session import Session
from mailbot.store import health

#: In the order of a session: a poll with ranges, the comparison, another poll, the end.
#: `make faults` takes every byte of it.
TURNS = (
    *("GREETING", "CAPABILITY", "LOGIN", "ID", "EXAMINE", "SEARCH", "SIZES"),
    *("RANGE", "RANGE#2", "RANGE#3", "EXAMINE#2", "ALL"),
    *("NOOP", "SEARCH#2", "SIZES#2", "BODIES#2", "LOGOUT"),
)
#: Where in the answer of several messages: the number of the piece, and what it is.
PIECES = ((0, "line"), (1, "literal"), (2, "between"), (3, "literal"), (4, "end"))


@pytest.fixture(scope="module")
def sessions(
    dovecot_server: Dovecot, netease_server: Netease, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, dict[str, Turn]]:
    """What an undisturbed session looks like, by server and place."""
    recorded = {}
    for name, server in (("Box", dovecot_server), ("NeteaseBox", netease_server)):
        turns = record(tmp_path_factory.mktemp(name), server.box())
        recorded[name] = {turn.name: turn for turn in turns}
    return recorded


@pytest.mark.parametrize("turn", TURNS)
def test_cut_in_every_answer(
    tmp_path: Path, imap_box: ServerBox, sessions: dict[str, dict[str, Turn]], turn: str
) -> None:
    """In the middle of what the server says."""
    length = len(sessions[type(imap_box).__name__][turn].answer)
    fault = Fault(turn=turn, offset=length // 2)
    disturb(tmp_path, imap_box, fault, told=turn not in MENDED)


@pytest.mark.parametrize("turn", ["LOGIN", "EXAMINE", "BODIES", "NOOP", "LOGOUT"])
def test_cut_before_an_answer(tmp_path: Path, imap_box: ServerBox, turn: str) -> None:
    """The command is out, nothing comes back."""
    disturb(tmp_path, imap_box, Fault(turn=turn), told=turn not in MENDED)


@pytest.mark.parametrize(("number", "piece"), PIECES)
def test_cut_in_every_piece_of_an_answer_with_mails(
    tmp_path: Path,
    imap_box: ServerBox,
    sessions: dict[str, dict[str, Turn]],
    number: int,
    piece: str,
) -> None:
    """In a mail, between two mails, and behind them."""
    name, start, end = sessions[type(imap_box).__name__]["BODIES"].pieces()[number]
    assert name == piece
    disturb(tmp_path, imap_box, Fault(turn="BODIES", offset=(start + end) // 2), told=True)


@pytest.mark.parametrize("turn", ["GREETING", "LIST", "EXAMINE", "SEARCH", "SIZES", "LIST#2"])
@pytest.mark.parametrize("offset", [2, 7])
def test_a_server_that_talks_nonsense(
    tmp_path: Path, imap_box: ServerBox, turn: str, offset: int
) -> None:
    """Some of it nobody notices; none of it ends the round of the others."""
    fault = Fault(turn=turn, offset=offset, deed="garble")
    with connected(tmp_path, imap_box, fault, seconds=2) as (here, wire):
        failed = two_polls(here, imap_box)
        assert wire.struck.is_set()
        patient = source_of(imap_box, imap_box.imap_port)
        here.service.boxes = [Box(source=patient, holder=patient)]
        aftermath(here, ALL, told=bool(failed))
        patient.close()


@pytest.mark.parametrize("turn", ["GREETING", "BODIES", "NOOP"])
def test_a_server_that_falls_silent(tmp_path: Path, imap_box: ServerBox, turn: str) -> None:
    """The time-out ends the wait, and says so; nobody waits for ever."""
    fault = Fault(turn=turn, offset=20, deed="silence")
    with connected(tmp_path, imap_box, fault, seconds=1) as (here, wire):
        failed = two_polls(here, imap_box)
        assert wire.struck.is_set()
        patient = source_of(imap_box, imap_box.imap_port)
        here.service.boxes = [Box(source=patient, holder=patient)]
        aftermath(here, ALL, told=bool(failed))
        patient.close()


def test_a_server_that_says_a_byte_at_a_time(tmp_path: Path, imap_box: ServerBox) -> None:
    """Slow is not wrong."""
    with connected(tmp_path, imap_box) as (here, wire):
        wire.bite = 1
        assert two_polls(here, imap_box) == 0
        aftermath(here, ALL, told=False)


@pytest.mark.parametrize("moment", ["between polls", "SEARCH", "BODIES"])
def test_the_server_is_started_anew(
    tmp_path: Path, imap_box: ServerBox, request: pytest.FixtureRequest, moment: str
) -> None:
    """Between two polls nobody notices; within one it is told, and the next goes on."""
    server = request.getfixturevalue(
        "dovecot_server" if isinstance(imap_box, DovecotBox) else "netease_server"
    )

    def restart() -> None:
        server.halt()
        server.resume()

    with connected(tmp_path, imap_box) as (here, wire):
        imap_box.drop(*BEFORE)
        if moment == "between polls":
            here.round()
            restart()
        else:
            wire.before[moment] = restart
        failed = bool(here.round().problems)
        imap_box.drop(*AFTER, first=len(BEFORE))
        assert failed == (moment != "between polls")
        aftermath(here, ALL, told=failed)


def test_the_server_is_down_for_a_while(
    tmp_path: Path, imap_box: ServerBox, request: pytest.FixtureRequest
) -> None:
    """Each round fails and says what to look at; then all is made up for."""
    server = request.getfixturevalue(
        "dovecot_server" if isinstance(imap_box, DovecotBox) else "netease_server"
    )
    with connected(tmp_path, imap_box) as (here, _wire):
        imap_box.drop(*BEFORE)
        here.round()
        server.halt()
        try:
            problems = [here.round().problems for _ in range(2)]
        finally:
            server.resume()
        imap_box.drop(*AFTER, first=len(BEFORE))
        assert all(len(said) == 1 for said in problems)
        aftermath(here, ALL, told=True)


def renumber(box: ServerBox) -> None:
    """The folder gets a new UIDVALIDITY, and its mails new numbers (RFC 3501, 2.3.1.1)."""
    if isinstance(box, NeteaseBox):
        box.renumber()
        return
    for file in box.maildir.glob("dovecot*"):
        file.unlink()


@pytest.mark.parametrize("moment", ["between polls", "SEARCH", "BODIES"])
def test_the_folder_is_numbered_anew(tmp_path: Path, imap_box: ServerBox, moment: str) -> None:
    """All is looked at once more and known again; what came since is not missed."""
    with connected(tmp_path, imap_box) as (here, wire):
        imap_box.drop(*BEFORE)
        if moment == "between polls":
            here.round()
            renumber(imap_box)
        else:
            wire.before[moment] = lambda: renumber(imap_box)
        failed = bool(here.round().problems)
        here.clock.advance(timedelta(hours=2))
        imap_box.drop(*AFTER, first=len(BEFORE))
        failed |= bool(here.round().problems)
        aftermath(here, ALL, told=failed)


def test_numbers_that_begin_again_on_a_kept_connection(tmp_path: Path, netease: NeteaseBox) -> None:
    """A server that tells nobody of the new UIDVALIDITY: the hourly comparison opens the folder anew.

    The new mail has the number that an old one had, so that neither mark nor register miss it.
    """
    with connected(tmp_path, netease) as (here, _wire):
        netease.drop(*BEFORE)
        netease.renumber()
        here.round()
        with netease.account.lock:
            netease.account.folders["INBOX"].mails.clear()
        netease.drop(*AFTER)
        netease.renumber()
        here.clock.advance(timedelta(hours=2))
        here.round()
        assert here.numbers() == Counter(ALL)


@pytest.mark.parametrize(
    ("flaw", "advice"),
    [
        ("wrong host", "核对服务器名称"),
        ("expired", "证书未通过验证"),
        ("self-signed", "加入系统信任"),
        ("nobody's", "加入系统信任"),
        ("plain", "端口：imaps 一般为 993"),
    ],
)
def test_a_connection_that_is_not_safe_is_none(tmp_path: Path, flaw: str, advice: str) -> None:
    """No password is said there; when the certificate is right, all is collected."""
    known: Flaw = "" if flaw in ("nobody's", "plain") else flaw  # type: ignore[assignment]
    server = Netease(make_certificates(tmp_path, known))
    server.start()
    box = server.box()
    tls = ssl.create_default_context() if flaw == "nobody's" else box.tls
    with ImapWire(box.imap_port if flaw == "plain" else box.imaps_port) as wire:
        session = Session(
            host="127.0.0.1", port=wire.port, user=box.user, password=box.password, tls=tls
        )
        source = ImapSource(session)
        right = source_of(box, box.imap_port)
        with world(tmp_path, Box(source=source, holder=source)) as here:
            box.drop(*BEFORE, *AFTER)
            [said] = here.round().problems
            assert advice in said
            assert box.password.encode() not in wire.said
            here.service.boxes = [Box(source=right, holder=right)]
            aftermath(here, ALL, told=True)
            right.close()
    server.stop()


@pytest.mark.parametrize(
    ("offset", "deed"), [(0, "cut"), (5, "cut"), (14, "cut"), (5, "silence"), (10, "silence")]
)
def test_a_watch_that_breaks_in_any_place(
    tmp_path: Path, dovecot: DovecotBox, monkeypatch: pytest.MonkeyPatch, offset: int, deed: Deed
) -> None:
    """Before and within the server's word that it waits, and within its word of a new mail."""
    monkeypatch.setattr(health, "_PAUSES", (timedelta(0),))
    if deed == "silence":
        monkeypatch.setattr(session_room, "_RENEW", 1.0)
    with connected(tmp_path, dovecot, seconds=2) as (here, wire):
        reads = source_of(dovecot, dovecot.imap_port)
        box = Box(source=reads, watcher=source_of(dovecot, wire.port, 2), poll_seconds=3600)
        here.service.boxes = [box]
        dovecot.drop(*BEFORE)
        wire.fault = Fault(turn="IDLE", offset=offset, deed=deed)
        thread = threading.Thread(target=here.service.run)
        thread.start()
        try:
            wait_for(lambda: len(here.taken()) == len(BEFORE))
            dovecot.drop(*AFTER, first=len(BEFORE))
            wait_for(lambda: len(here.taken()) == len(ALL) and wire.struck.is_set())
        finally:
            here.service.stop()
            thread.join(20)
        assert not thread.is_alive()
        here.service._stop.clear()
        aftermath(here, ALL, told=any("error" in line for line in here.lines))
        reads.close()


def wait_for(true: Callable[[], bool]) -> None:
    """It comes true, and long before the next poll."""
    end = time.monotonic() + 60
    while not true():
        assert time.monotonic() < end
        time.sleep(0.02)
