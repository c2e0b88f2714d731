"""The whole way of a mail with real parts: archive, register, reading child, rules, outbox.

Only the mailbox and the way out are simple ones: mails are put on a shelf, and what is
sent is kept. Replies are given back as bytes, for robots that answer them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from desk import CAMPAIGNS, SETTINGS
from intake import Recorded, Shelf
from letters import MAILBOX

from mailbot.catalogue import spec_sets
from mailbot.clock import SetClock
from mailbot.deciding.decision import DecidingSettings, decide
from mailbot.keeping.archive import FolderArchive
from mailbot.model import Arrival, Mark
from mailbot.outbox import Outbox
from mailbot.outcome import Incoming, Outcome, Register
from mailbot.pipeline import Box, Decided, Pipeline
from mailbot.reading.reader import Reader
from mailbot.store import Store, open_store


@dataclass
class Timed(Shelf):
    """Each mail arrives when the clock says so."""

    clock: SetClock | None = None

    def arrivals(self, mark: Mark | None) -> Iterator[Arrival]:
        """What is above the mark."""
        for arrival in super().arrivals(mark):
            assert self.clock is not None
            yield replace(arrival, arrived=self.clock.now())


@dataclass(slots=True, kw_only=True)
class PostOffice:
    """Mails in, replies out."""

    store: Store
    clock: SetClock
    shelf: Timed
    pipeline: Pipeline
    outbox: Outbox
    sink: Recorded

    def take(self, *raws: bytes, after: timedelta = timedelta(minutes=1)) -> list[Decided]:
        """These mails arrive now; what became of each. A reply goes out at once."""
        self.clock.advance(after)
        self.shelf.raws += raws
        self.pipeline.collect(Box(source=self.shelf, address=MAILBOX))
        decided = list(self.pipeline.process())
        self.outbox.send_due()
        return decided

    def answer(self, raw: bytes) -> bytes | None:
        """What goes out after this mail; None where nothing does."""
        before = len(self.sink.messages)
        self.take(raw)
        sent = self.sink.messages[before:]
        assert len(sent) <= 1
        return sent[0] if sent else None


@contextmanager
def post_office(
    folder: Path, moment: datetime, settings: DecidingSettings = SETTINGS
) -> Iterator[PostOffice]:
    """A post office at a time, with nothing in it."""
    clock, sink = SetClock(moment), Recorded()

    def deciding(incoming: Incoming, register: Register, now: datetime) -> Outcome:
        return decide(incoming, register, CAMPAIGNS, settings, now)

    with (
        closing(open_store(f"sqlite:///{folder / 'mailbot.db'}")) as store,
        Reader(spec_sets(CAMPAIGNS), workers=1) as reader,
    ):
        pipeline = Pipeline(
            store=store,
            archive=FolderArchive(folder / "archive"),
            reader=reader,
            decide=deciding,
            clock=clock,
            candidates={},
        )
        outbox = Outbox(store=store, sink=sink, clock=clock, sender=MAILBOX)
        yield PostOffice(
            store=store,
            clock=clock,
            shelf=Timed(clock=clock),
            pipeline=pipeline,
            outbox=outbox,
            sink=sink,
        )
