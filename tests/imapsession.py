"""A session with an IMAP server as the service has it: two polls with five mails, then the end.

Over a wire that can fail at every byte of it. Of the mails the third is a large one, so
that it comes in ranges.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest import mock

from faults import World, aftermath, mails, world
from servers.dovecot import Box as DovecotBox
from servers.imapwire import Fault, ImapWire, Turn
from servers.netease import NeteaseBox

from mailbot.pipeline import Box
from mailbot.sources import imap
from mailbot.sources.imap import ImapSource
from mailbot.sources.session import Session

ServerBox = DovecotBox | NeteaseBox
BEFORE = mails(1, 2, size=900) + mails(3, size=7000)
AFTER = mails(4, 5, size=900)
ALL = (1, 2, 3, 4, 5)
#: A connection that ends here is made anew at once, without a word to anybody.
MENDED = ("GREETING", "CAPABILITY", "EXAMINE#2", "NOOP", "LOGOUT")


def source_of(box: ServerBox, port: int, seconds: float = 20) -> ImapSource:
    """What reads the box over this port, in plain text."""
    return ImapSource(
        Session(
            host="127.0.0.1",
            port=port,
            user=box.user,
            password=box.password,
            tls=None,
            connect_seconds=seconds,
            read_seconds=seconds,
        )
    )


@contextmanager
def connected(
    folder: Path, box: ServerBox, fault: Fault | None = None, *, seconds: float = 20
) -> Iterator[tuple[World, ImapWire]]:
    """A service over a wire to the box; seven thousand bytes come in three ranges."""
    with (
        mock.patch.object(imap, "_LARGE", 5000),
        mock.patch.object(imap, "_RANGE", 3000),
        ImapWire(box.imap_port, fault) as wire,
    ):
        source = source_of(box, wire.port, seconds)
        with world(folder, Box(source=source, holder=source)) as here:
            yield here, wire


def two_polls(here: World, box: ServerBox) -> int:
    """A first look with three mails, a second one with two more; how many of them failed."""
    box.drop(*BEFORE)
    failed = bool(here.round().problems)
    box.drop(*AFTER, first=len(BEFORE))
    failed += bool(here.round().problems)
    here.service.boxes[0].source.close()
    return failed


def record(folder: Path, box: ServerBox) -> list[Turn]:
    """An undisturbed session: what is asked, and what comes back."""
    with connected(folder, box) as (here, wire):
        assert two_polls(here, box) == 0
        aftermath(here, ALL, told=False)
        end = next(number for number, turn in enumerate(wire.turns) if turn.name == "LOGOUT")
        return wire.turns[: end + 1]


def disturb(folder: Path, box: ServerBox, fault: Fault, *, told: bool | None = None) -> None:
    """The same session, cut at this place; then all is well again, and nothing is lost.

    ``told``: whether a round must fail; None: it may.
    """
    with connected(folder, box, fault) as (here, wire):
        failed = two_polls(here, box)
        assert wire.struck.is_set(), "the session came to this place"
        assert failed <= 1, "one fault, one round"
        assert told is None or bool(failed) == told
        aftermath(here, ALL, told=bool(failed))
