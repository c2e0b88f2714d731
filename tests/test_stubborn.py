"""A message that cannot be had keeps back no other, and is named until it can."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from intake import NOW, Recorded, mail, new_pipeline, new_store
from servers.netease import NeteaseBox

from mailbot.clock import SetClock
from mailbot.outbox import Outbox
from mailbot.pipeline import Box
from mailbot.service import Service
from mailbot.sources import imap
from mailbot.sources.imap import ImapSource
from mailbot.sources.session import Session
from mailbot.store import queries
from mailbot.store.views import BalanceRow


@pytest.fixture
def service(tmp_path: Path, netease: NeteaseBox) -> Iterator[Service]:
    """A service over INBOX that keeps its connection from cycle to cycle."""
    session = Session(
        host=netease.host,
        port=netease.imaps_port,
        user=netease.user,
        password=netease.password,
        tls=netease.tls,
    )
    source = ImapSource(session)
    clock = SetClock(NOW)
    with closing(new_store(tmp_path)) as store, closing(source):
        yield Service(
            folder=tmp_path,
            store=store,
            boxes=[Box(source=source, holder=source)],
            pipeline=replace(new_pipeline(tmp_path, store), clock=clock),
            clock=clock,
            outbox=Outbox(store=store, sink=Recorded(), clock=clock, sender="x@example.org"),
        )


def look(service: Service, minutes: int = 1) -> list[str]:
    """One cycle; what went wrong."""
    assert isinstance(service.clock, SetClock)
    service.clock.advance(timedelta(minutes=minutes))
    return service.run_once().problems


def taken(service: Service) -> int:
    """How many mails are in the register."""
    return len(queries.list_mails(service.store))


def balance(service: Service) -> BalanceRow:
    """The last comparison."""
    [found] = queries.status(service.store).balances
    return found


def uids(netease: NeteaseBox) -> list[int]:
    """Of the messages in INBOX."""
    return [entry.uid for entry in netease.account.folders["INBOX"].mails]


def test_a_message_the_server_refuses(service: Service, netease: NeteaseBox) -> None:
    """The others come at once, the one is named; as soon as the server gives it, it is taken."""
    netease.drop(mail(1), mail(2), mail(3))
    broken = uids(netease)[1]
    netease.breaks(broken, "NO")
    assert look(service) == []
    assert taken(service) == 2
    assert [text.split("：")[0] for text in balance(service).missing] == [f"UID {broken}"]
    netease.drop(mail(4))
    assert look(service) == []
    assert taken(service) == 3
    netease.breaks(broken)
    assert look(service, 60) == []
    assert taken(service) == 4
    assert balance(service).missing == ()


def test_a_server_that_refuses_everything_is_in_trouble(
    service: Service, netease: NeteaseBox
) -> None:
    """It is told as a failure of the mailbox; afterwards everything is there."""
    netease.drop(*map(mail, range(5)))
    for uid in uids(netease):
        netease.breaks(uid, "NO")
    assert "FETCH internal error" in look(service)[0]
    for uid in uids(netease):
        netease.breaks(uid)
    assert look(service) == []
    assert taken(service) == 5
    assert balance(service).missing == ()


def test_a_message_that_ends_the_connection(service: Service, netease: NeteaseBox) -> None:
    """After a few tries the others go on without it; it is named, and tried each hour."""
    netease.drop(mail(1), mail(2), mail(3))
    broken = uids(netease)[1]
    netease.breaks(broken, "cut")
    problems = [bool(look(service)) for _time in range(6)]
    assert problems == [True, True, True, True, False, False]
    assert taken(service) == 2
    assert [text.split("：")[0] for text in balance(service).missing] == [f"UID {broken}"]
    netease.drop(mail(4))
    assert look(service) == []
    assert taken(service) == 3
    assert look(service, 60)  # tried once more
    assert look(service) == []
    assert balance(service).missing
    netease.breaks(broken)
    look(service, 60)
    assert taken(service) == 4
    assert balance(service).missing == ()


def test_an_outage_leaves_nobody_behind(service: Service, netease: NeteaseBox) -> None:
    """A connection that ends again and again for another reason: everything is taken afterwards."""
    netease.drop(*map(mail, range(4)))
    for uid in uids(netease):
        netease.breaks(uid, "cut")
    for _time in range(8):
        look(service)
    for uid in uids(netease):
        netease.breaks(uid)
    look(service, 60)
    look(service, 60)
    assert taken(service) == 4
    assert balance(service).missing == ()


def test_a_mail_moved_in_under_an_old_number_is_found_at_the_next_look(
    service: Service, netease: NeteaseBox
) -> None:
    """The server counts more than came above the mark: compared at once, not within the hour."""
    [number] = netease.spam(mail(1))
    netease.drop(mail(2))
    look(service)
    first = balance(service).at
    netease.rescue(number)
    assert look(service) == []
    assert taken(service) == 2
    assert balance(service).at > first
    settled = balance(service).at
    netease.drop(mail(3))
    for _time in range(3):
        look(service)
    assert taken(service) == 3
    assert balance(service).at == settled


class Telling:
    """A session that gives one message, with what a server may say of it."""

    account, folder, use, uidvalidity, count = "a@b.cn", "INBOX", "", 1, 1

    def __init__(self, raw: bytes, *, size: int, moment: object = NOW, most: int = 2**30) -> None:
        self.raw, self.size, self.moment, self.most = raw, size, moment, most

    def open(self, _folder: str, *, anew: bool = False) -> None:
        """Always open."""

    def ask(self, _command: object) -> list[int]:
        """One message."""
        return [7]

    def fetch(self, uids: list[int], items: list[str]) -> dict[int, dict[bytes, Any]]:
        """Sizes, the whole, or a piece that may be shorter than wished."""
        [uid] = uids
        if items[0] == "RFC822.SIZE":
            return {uid: {b"RFC822.SIZE": self.size, b"INTERNALDATE": self.moment}}
        if items[0] == "BODY.PEEK[]":
            return {uid: {b"BODY[]": self.raw}}
        start, many = map(int, items[0].partition("<")[2].rstrip(">").split("."))
        piece = self.raw[start : start + min(many, self.most)] or None
        return {uid: {b"BODY[]<%d>" % start: piece}}


def arrivals(session: Telling) -> list[Any]:
    """What is taken over."""
    return list(ImapSource(session).arrivals(None))  # type: ignore[arg-type]


@pytest.mark.parametrize("most", [500, 999, 1000, 1001, 2**30])
@pytest.mark.parametrize("claimed", [-1, 0, 1000])
def test_a_large_mail_is_whole_however_long_its_pieces(
    monkeypatch: pytest.MonkeyPatch, most: int, claimed: int
) -> None:
    """A server that gives shorter pieces, or claims too large a size, costs no byte."""
    monkeypatch.setattr(imap, "_LARGE", 2000)
    monkeypatch.setattr(imap, "_RANGE", 1000)
    raw = bytes(range(256)) * 20
    if claimed < 0 and most < 1000:
        most = 1000  # both too short a piece and too small a size cannot be told from the end
    [arrival] = arrivals(Telling(raw, size=len(raw) + claimed, most=most))
    assert arrival.raw == raw


def test_without_internaldate_the_received_line_tells(capsys: pytest.CaptureFixture[str]) -> None:
    """And where nothing does, the mail is left for the comparison to name."""
    head = b"Received: from a by b; Fri, 10 Jul 2026 09:00:00 +0800\r\n"
    [arrival] = arrivals(Telling(head + mail(1), size=500, moment=None))
    assert arrival.arrived == datetime(2026, 7, 10, 1, tzinfo=UTC)
    assert arrivals(Telling(mail(1), size=500, moment=None)) == []
    told = capsys.readouterr()
    assert "message.without_time" in told.out + told.err
