"""Every place of a cycle at which the service may be killed, by name, and the death that comes there.

The functions of the program are wrapped where they are called, so that nothing of it knows
of this; the wrapping is done in a process that is about to die and nowhere else.
"""

from __future__ import annotations

import os
import signal
import smtplib
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import wraps
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from mailbot import pipeline, returning, running, service
from mailbot.keeping import archive
from mailbot.reading.isolation import Child
from mailbot.reading.reader import Reader
from mailbot.reports import paperwork
from mailbot.sinks.sentfolder import SentFolder
from mailbot.sinks.smtp import SmtpSink
from mailbot.sources.changing import ImapChanges
from mailbot.sources.imap import ImapSource
from mailbot.store import Store, balances, health, mails, readings, replies, tidied
from mailbot.watching import alerting

#: In the transaction, behind the last statement; when it is over.
SIDES = ("uncommitted", "committed")
#: What is written, in transactions of their own: who writes it is named.
_WRITERS: dict[str, tuple[Any, str]] = {
    "entered": (mails, "enter_all"),
    "marked": (mails, "move_mark"),
    "read": (readings, "keep"),
    "decided": (pipeline, "record"),
    "copied": (replies, "complete"),
    "claimed": (replies, "claim_next"),
    "finished": (replies, "finish"),
    "doubted": (replies, "abandoned"),
    "settled": (replies, "settle"),
    "balanced": (balances, "keep"),
    "digested": (paperwork, "queue_reply"),
    "alerted": (alerting, "queue_reply"),
    "shelved": (tidied, "begin"),
    "tidied": (tidied, "done"),
}
#: Of these only what says that something was there.
_PERHAPS = ("claimed", "doubted", "settled", "finished", "copied")
#: What is done to the world, and not in a transaction.
_ACTS: dict[str, tuple[Any, str]] = {
    "reading": (Reader, "read"),
    "deciding": (running, "decide"),
    "promoting": (running, "promote"),
    "copying": (returning.Returning, "_complete"),
    "sending": (SmtpSink, "send"),
    "connecting": (SmtpSink, "_open"),
    "asking": (SentFolder, "holds"),
    "keeping": (SentFolder, "keep"),
    "holding": (ImapSource, "holding"),
    "putting": (archive, "_write"),
    "reconciling": (pipeline.Pipeline, "reconcile"),
    "noting": (health, "succeeded"),
    "flagging": (ImapChanges, "flag"),
    "moving": (ImapChanges, "move"),
    "shelving": (ImapChanges, "copy"),
    "clearing": (ImapChanges, "remove"),
}
#: Those whose name alone is not the whole story.
_INSIDE = (
    "fetched",  # a message has come from the server
    "archive written",  # to the file, not to the disk
    "archive synced",  # the bytes, under another name
    "archive renamed",  # the entry of the folder is not synced
    "reading underway",  # the child is at work
    "sending half",  # of the message is on its way
    "sending dot",  # is out, the answer is not in
)
POINTS = (
    *(f"{act} {side}" for act in _ACTS for side in ("begun", "ended")),
    *_INSIDE,
    *(f"{what} {side}" for what in _WRITERS for side in SIDES),
)
#: Between claim and the mark that it was sent: afterwards nobody knows what became of the reply.
UNCERTAIN = (
    *("claimed committed", "sending begun", "connecting begun", "connecting ended"),
    *("sending half", "sending dot", "sending ended", "finished uncommitted"),
)
#: Beyond these the server has the message.
TAKEN = ("sending dot", "sending ended", "finished uncommitted")


@dataclass(slots=True)
class Death:
    """Comes at a point, when it is reached for the n-th time; or at the n-th statement."""

    point: str
    nth: int = 1
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def at(self, point: str) -> None:
        """Here we are."""
        if point != self.point:
            return
        with self._lock:
            self.nth -= 1
            if self.nth == 0:
                os.kill(os.getpid(), signal.SIGKILL)
                threading.Event().wait()  # it does not come at once to every thread


def rig(death: Death, *, no_move: bool = False) -> None:
    """Wrap the program in this process; ``no_move``: as if the server had no MOVE (RFC 6851)."""
    if no_move:
        ImapChanges.way = lambda _self: "copy"  # type: ignore[method-assign]
    around(_ACTS, death)
    transactions(_WRITERS, death)
    _disk(death, threading.local())
    _wire(death)
    _streams(death)
    service._RECONCILE = service._RECONCILE * 0  # the folder is held against the register each time


def statements(store: Store, death: Death) -> None:
    """Each statement and both sides of it count."""
    for name in ("before_cursor_execute", "after_cursor_execute", "commit"):
        sa.event.listen(store._writer, name, lambda *_arguments: death.at("statement"))


def around(acts: Mapping[str, tuple[Any, str]], death: Death) -> None:
    """Both sides of each of these are points."""
    for name, (owner, attribute) in acts.items():
        _around(owner, attribute, death, name)


def _around(owner: Any, attribute: str, death: Death, name: str) -> None:
    act: Callable[..., Any] = getattr(owner, attribute)

    @wraps(act)
    def acted(*arguments: Any, **named: Any) -> Any:
        death.at(f"{name} begun")
        result = act(*arguments, **named)
        death.at(f"{name} ended")
        return result

    setattr(owner, attribute, acted)


def _labelled(owner: Any, attribute: str, here: threading.local, name: str) -> None:
    """The transaction in which this is called bears the name."""
    act: Callable[..., Any] = getattr(owner, attribute)

    @wraps(act)
    def acted(*arguments: Any, **named: Any) -> Any:
        result = act(*arguments, **named)
        if name not in _PERHAPS or result:
            here.label = name
        return result

    setattr(owner, attribute, acted)


def transactions(writers: Mapping[str, tuple[Any, str]], death: Death) -> None:
    """The end of each transaction is a point, named by what of these was called in it."""
    here = threading.local()
    for name, (owner, attribute) in writers.items():
        _labelled(owner, attribute, here, name)
    writing = Store.writing

    @contextmanager
    def written(self: Store) -> Iterator[Any]:
        here.label = ""
        with writing(self) as connection:
            yield connection
            death.at(f"{here.label} uncommitted")
        death.at(f"{here.label} committed")

    Store.writing = written  # type: ignore[method-assign]


def _disk(death: Death, here: threading.local) -> None:
    """The steps of putting a message into the archive."""
    write, fsync, replace = archive._write, os.fsync, Path.replace

    def written(target: Path, raw: bytes) -> None:
        here.syncs = 1
        try:
            write(target, raw)
        finally:
            here.syncs = 0

    def synced(descriptor: int) -> None:
        first, here.syncs = getattr(here, "syncs", 0), 0
        if first:
            death.at("archive written")
        fsync(descriptor)
        if first:
            death.at("archive synced")

    def replaced(self: Path, target: Path) -> Path:
        done = replace(self, target)
        if target.suffix == ".eml":
            death.at("archive renamed")
        return done

    archive._write = written
    os.fsync = synced  # type: ignore[assignment]
    Path.replace = replaced  # type: ignore[method-assign,assignment]


def _wire(death: Death) -> None:
    """What the mail server has got so far."""
    send = smtplib.SMTP.send

    def sent(self: smtplib.SMTP, data: Any) -> None:
        if isinstance(data, bytes) and data.endswith(b"\r\n.\r\n"):
            half = len(data) // 2
            send(self, data[:half])
            death.at("sending half")
            send(self, data[half:])
            death.at("sending dot")
        else:
            send(self, data)

    smtplib.SMTP.send = sent  # type: ignore[method-assign]


def _streams(death: Death) -> None:
    """Messages and frames that come one by one."""
    for owner, attribute, point in (
        (ImapSource, "_taken", "fetched"),
        (Child, "ask", "reading underway"),
    ):
        _each(owner, attribute, death, point)


def _each(owner: Any, attribute: str, death: Death, point: str) -> None:
    stream: Callable[..., Iterator[Any]] = getattr(owner, attribute)

    def streamed(*arguments: Any, **named: Any) -> Iterator[Any]:
        for entry in stream(*arguments, **named):
            death.at(point)
            yield entry

    setattr(owner, attribute, streamed)
