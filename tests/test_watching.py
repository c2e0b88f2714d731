"""New mail is looked for as soon as the server tells of it (IDLE), and by polling where it cannot."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from intake import NOW, Recorded, Shelf, mail, new_pipeline, new_store
from servers.dovecot import Box as DovecotBox
from servers.netease import NeteaseBox
from servers.proxy import Proxy

from mailbot import wiring
from mailbot.clock import SetClock
from mailbot.configuration.config import load
from mailbot.outbox import Outbox
from mailbot.pipeline import Box
from mailbot.ports import LoginError, SourceError, Watcher
from mailbot.service import Service
from mailbot.sources.imap import ImapSource
from mailbot.sources.session import Session
from mailbot.store import health, queries

ServerBox = DovecotBox | NeteaseBox


def source(box: ServerBox, port: int = 0) -> ImapSource:
    """The INBOX of this box."""
    return ImapSource(
        Session(
            host=box.host,
            port=port or box.imaps_port,
            user=box.user,
            password=box.password,
            tls=None if port else box.tls,
        )
    )


def service_of(folder: Path, box: Box) -> Service:
    """A service over one folder."""
    store = new_store(folder)
    clock = SetClock(NOW)
    return Service(
        folder=folder,
        store=store,
        boxes=[box],
        pipeline=new_pipeline(folder, store),
        clock=clock,
        outbox=Outbox(store=store, sink=Recorded(), clock=clock, sender="x@example.org"),
    )


@contextmanager
def running(service: Service) -> Iterator[None]:
    """At work in a thread of its own, and stopped in order."""
    thread = threading.Thread(target=service.run)
    thread.start()
    try:
        yield
    finally:
        service.stop()
        thread.join(30)
        assert not thread.is_alive()


def until(true: Callable[[], bool], seconds: float = 20) -> float:
    """Wait for something to come true; how long it took."""
    start = time.monotonic()
    while not true():
        assert time.monotonic() - start < seconds, "did not come true"
        time.sleep(0.02)
    return time.monotonic() - start


def test_new_mail_is_answered_long_before_the_next_poll(
    tmp_path: Path, dovecot: DovecotBox
) -> None:
    """Dovecot tells of it; the poll would come in an hour. Several in a row all arrive."""
    box = Box(source=source(dovecot), watcher=source(dovecot), poll_seconds=3600)
    service = service_of(tmp_path, box)
    with running(service):
        for number in range(3):
            dovecot.deliver(mail(number))
            until(lambda: len(queries.list_replies(service.store, state="sent")) == number + 1)  # noqa: B023


def test_where_the_server_cannot_tell_it_is_polled(tmp_path: Path, netease: NeteaseBox) -> None:
    """NetEase has no IDLE: the watch ends at once, the poll brings the mail."""
    with closing(source(netease)) as watcher:
        assert watcher.watch(lambda: pytest.fail("nothing to tell"), lambda: False) is False
    box = Box(source=source(netease), watcher=source(netease), poll_seconds=1)
    service = service_of(tmp_path, box)
    with running(service):
        netease.deliver(mail(1))
        until(lambda: bool(queries.list_mails(service.store, state="decided")))


def test_a_watch_that_is_cut_is_told_and_begins_anew(dovecot: DovecotBox) -> None:
    """Each beginning looks once, so that nothing of the gap is missed."""
    looks: list[int] = []
    with Proxy(dovecot.imap_port) as wire, closing(source(dovecot, wire.port)) as watcher:

        def first() -> None:
            looks.append(1)
            wire.cut()

        with pytest.raises(SourceError, match="连接中断"):
            watcher.watch(first, lambda: False)
        assert watcher.watch(lambda: looks.append(2), lambda: 2 in looks)
    assert looks == [1, 2]


def test_a_watch_tells_once_at_the_beginning_and_then_of_each_message(dovecot: DovecotBox) -> None:
    """Only a new message makes us look."""
    dovecot.drop(mail(1))
    looks: list[float] = []
    end = threading.Event()
    with closing(source(dovecot)) as watcher, closing(source(dovecot)) as reader:
        list(reader.arrivals(None))
        thread = threading.Thread(
            target=watcher.watch, args=[lambda: looks.append(time.monotonic()), end.is_set]
        )
        thread.start()
        until(lambda: len(looks) == 1)
        dovecot.deliver(mail(2))
        until(lambda: len(looks) == 2)
        end.set()
        thread.join(10)
    assert not thread.is_alive()


class Faulty:
    """A watcher that fails a few times, then watches without news."""

    def __init__(self, *errors: Exception) -> None:
        self.errors = list(errors)
        self.watched = 0
        self.closed = False

    def watch(self, changed: Callable[[], object], stop: Callable[[], bool]) -> bool:
        """Once through."""
        self.watched += 1
        if self.errors:
            raise self.errors.pop(0)
        changed()
        while not stop():
            time.sleep(0.01)
        return True

    def close(self) -> None:
        """Noted."""
        self.closed = True


def test_a_watch_that_fails_is_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Longer apart each time; the mailbox itself is not thought to fail."""
    pauses: list[int] = []

    def pause(failures: int) -> timedelta:
        pauses.append(failures)
        return timedelta(milliseconds=1)

    monkeypatch.setattr(health, "pause_after", pause)
    watcher: Watcher = Faulty(SourceError("断开"), SourceError("断开"))
    service = service_of(tmp_path, Box(source=Shelf([mail(1)]), watcher=watcher, poll_seconds=3600))
    with running(service):
        until(lambda: watcher.watched == 3)  # type: ignore[attr-defined]
    assert pauses == [1, 2]
    assert watcher.closed  # type: ignore[attr-defined]
    assert not queries.status(service.store).needs_person


def test_a_refused_login_is_not_repeated_by_the_watch(tmp_path: Path) -> None:
    """Half an hour of rest: trying often locks the account."""
    watcher = Faulty(LoginError("密码不对"))
    service = service_of(tmp_path, Box(source=Shelf(), watcher=watcher, poll_seconds=3600))
    with running(service):
        until(lambda: watcher.watched == 1)
        time.sleep(0.2)
    assert watcher.watched == 1


def test_each_folder_is_read_and_watched_on_its_own(tmp_path: Path) -> None:
    """As configured; a Maildir, and who wants no further connection, is polled only."""
    (tmp_path / "secret").write_text("x")
    text = """\
[[mailbox]]
url = "imaps://a@imap.example.org"
password_file = "secret"
folders = ["INBOX", "垃圾邮件"]

[[mailbox]]
url = "imaps://b@imap.example.org/申报"
token_file = "secret"
idle = false

[[mailbox]]
url = "maildir:in"
"""
    (tmp_path / "config.toml").write_text(text, encoding="utf-8")
    boxes = list(wiring.boxes(load(tmp_path / "config.toml")))

    assert [box.source.folder for box in boxes] == ["INBOX", "垃圾邮件", "申报", "INBOX"]
    assert [box.watcher is not None for box in boxes] == [True, True, False, False]
    assert all(box.holder is box.source for box in boxes)
    assert len({id(box.source) for box in boxes} | {id(box.watcher) for box in boxes[:2]}) == 6
