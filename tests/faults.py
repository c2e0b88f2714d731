"""A small service in a world that fails, and the three questions asked after every fault.

Nothing lost: one more round brings every mail into archive and register, and each has
its one reply. Nothing twice: neither in the register, nor in the archive, nor in what
the mail server took. And staff were told, in words that say what to do.
"""

from __future__ import annotations

import re
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa
import structlog
from intake import NOW, PlainReader, Recorded, mail, new_pipeline, new_store

from mailbot.clock import SetClock
from mailbot.outbox import Outbox, Policy
from mailbot.pipeline import Box
from mailbot.ports import Sink
from mailbot.service import Cycle, Service
from mailbot.store import Store, open_store, queries
from mailbot.store import schema as t

_CHINESE = re.compile(r"[\u4e00-\u9fff]{4}")
#: What belongs to us and to nobody who has to put something right.
_OURS = re.compile(r"Traceback|File \"|Error\(|\b0x[0-9a-f]{6}|object at|sqlalche|sqlite3\.")
_NUMBER = re.compile(rb"Message-ID: <(\d+)@example\.org>")


@dataclass
class World:
    """A service with simple parts, and what it has said."""

    folder: Path
    store: Store
    clock: SetClock
    service: Service
    taken: Callable[[], Sequence[bytes]]  #: the replies that the way out has taken
    lines: list[Any] = field(default_factory=list)  #: of the log

    def round(self) -> Cycle:
        """One full cycle; a failing world must not get out of it."""
        return self.service.run_once()

    @property
    def told(self) -> list[str]:
        """What staff can read of troubles: in the log and on the health page."""
        said = [
            str(line["error"])
            for line in self.lines
            if line["log_level"] in ("warning", "error") and "error" in line
        ]
        return [*said, *(row.last_error for row in queries.status(self.store).health)]

    def numbers(self) -> Counter[int]:
        """The mails of the register, by the number in the archived bytes."""
        with self.store.reading() as connection:
            keys = connection.scalars(sa.select(t.mails.c.sha256)).all()
        archive = self.service.pipeline.archive
        return Counter(int(_found(archive.get(key))) for key in keys)

    def states(self) -> Counter[str]:
        """How many replies are in each state."""
        return Counter(row.state for row in queries.list_replies(self.store))


def _found(raw: bytes) -> bytes:
    match = _NUMBER.search(raw)
    assert match is not None
    return match[1]


@contextmanager
def world(
    folder: Path,
    *boxes: Box,
    sink: Sink | None = None,
    policy: Policy = "hold",
    url: str = "",
    **parts: object,
) -> Iterator[World]:
    """A world in this folder; ``sink`` counts as ``messages`` what it took."""
    clock = SetClock(NOW)
    store = open_store(url) if url else quick_store(folder)
    way: Any = sink or Recorded()
    outbox = Outbox(store=store, sink=way, clock=clock, sender="x@example.org", policy=policy)
    service = Service(
        folder=folder,
        store=store,
        boxes=list(boxes),
        pipeline=new_pipeline(folder, store, **{"clock": clock, "reader": PlainReader(), **parts}),
        clock=clock,
        outbox=outbox,
    )
    made = World(
        folder=folder, store=store, clock=clock, service=service, taken=lambda: way.messages
    )
    try:
        with structlog.testing.capture_logs() as made.lines:
            yield made
    finally:
        for box in boxes:
            box.source.close()
        way.close()
        store.close()


@cache
def _empty_register() -> bytes:
    """A database that has its tables already."""
    with tempfile.TemporaryDirectory() as folder:
        new_store(Path(folder)).close()
        return (Path(folder) / "mailbot.db").read_bytes()


def quick_store(folder: Path) -> Store:
    """A new database, without the time that the migrations take."""
    (folder / "mailbot.db").write_bytes(_empty_register())
    return new_store(folder)


def aftermath(
    here: World,
    numbers: Sequence[int],
    *,
    told: bool,
    after: timedelta = timedelta(hours=9),
    ended: Sequence[str] = (),
) -> None:
    """The fault is over: the three questions. ``told``: staff must have heard of it.

    ``ended`` are the states of the replies that do not go out: each waits for a person.
    """
    said = [text for text in here.told if text]
    boxes = here.service.boxes
    # by the mark alone, so that a mark moved too early is not made good by the comparison
    here.service.boxes = [replace(box, holder=None) for box in boxes]
    here.clock.advance(after)
    cycle = here.round()
    here.service.boxes = boxes

    assert cycle.problems == [], "the world is well again"
    _nothing_lost(here, numbers, ended)
    _nothing_twice(here, numbers)
    _clearly_told(said, told=told)
    here.clock.advance(timedelta(hours=2))
    again = here.round()
    assert (again.new, again.sent.sent, again.problems) == (0, 0, []), "the mark had brought all"
    balances = queries.status(here.store).balances
    assert all(not row.missing for row in balances)


def _nothing_lost(here: World, numbers: Sequence[int], ended: Sequence[str]) -> None:
    expected = Counter(numbers)
    assert here.numbers() == expected, "archive and register have every mail"
    status = queries.status(here.store)
    assert status.mails == ({"decided": len(expected)} if expected else {})
    states = Counter({"sent": len(expected) - len(ended)}) + Counter(ended)
    assert here.states() == states, "each has its reply"
    assert status.needs_person == bool(ended)


def _nothing_twice(here: World, numbers: Sequence[int]) -> None:
    files = [file for file in (here.folder / "archive").rglob("*") if file.is_file()]
    assert len(files) == len(set(numbers)), "one file a mail, and nothing left beside it"
    went = Counter(re.findall(rb"Message-ID: (<[^>]+>)", b"\n".join(here.taken())))
    replies = queries.list_replies(here.store)
    sent = [row.message_id.encode() for row in replies if row.state == "sent"]
    doubtful = {row.message_id.encode() for row in replies if row.state == "uncertain"}
    assert Counter({key: n for key, n in went.items() if key not in doubtful}) == Counter(sent)
    assert all(went[key] <= 1 for key in doubtful), "each reply went out once"
    receipts = [item.receipt for item in queries.list_items(here.store)]
    assert sorted(map(str, receipts)) == [f"T{n:04d}" for n in range(1, len(set(numbers)) + 1)]


def _clearly_told(said: Sequence[str], *, told: bool) -> None:
    assert bool(said) == told, said
    for text in said:
        assert _CHINESE.search(text), text
        assert not _OURS.search(text), text


def mails(*numbers: int, size: int = 0) -> list[bytes]:
    """Messages as they stand on a server, with lines of padding up to a size."""
    made = []
    for number in numbers:
        raw = mail(number).replace(b"\n", b"\r\n")
        many = max(size - len(raw), 0) // 62
        made.append(raw + b"".join(b"%060d\r\n" % line for line in range(many)))
    return made
