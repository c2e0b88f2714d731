"""What a whole mail costs against reading its documents alone, as ratios of CPU time.

The mails of the demonstration, each with its documents. Measured over all of them:

    documents   parsers.documents.read_document of every attachment, in this process
    reading     mailbot.reading.Reader: the message taken apart and its documents read in
                the limited child, the answer over the pipe; CPU of both processes
    whole       archive, register, reading, deciding with the campaign's rules, the reply
                composed, everything recorded in SQLite; CPU of both processes

Goal: reading / documents at most 2. The start of the child is not counted: it serves
two hundred mails. Nothing is gated. Run it with ``python benchmarks/whole_mail.py``.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path

from mailbot import log
from mailbot.archive import FolderArchive
from mailbot.catalogue import load_campaigns, spec_sets
from mailbot.clock import SetClock
from mailbot.deciding import DecidingSettings, decide
from mailbot.demo.scenarios import Scenario, scenarios
from mailbot.mime.message import parse_message
from mailbot.model import Arrival, Mark, Sighting
from mailbot.pipeline import Box, Pipeline
from mailbot.reading import Reader
from mailbot.store import Store, open_store
from mailbot.store.schema import metadata
from parsers.documents import read_document
from parsers.forms import FormReader
from rules.campaign import Campaign

ROUNDS = 5
_TICK = os.sysconf("SC_CLK_TCK")


class Shelf:
    """The demonstration's mails as a mailbox."""

    account, folder = "bench", "INBOX"

    def __init__(self, letters: Sequence[Scenario]) -> None:
        self._letters = letters

    def arrivals(self, mark: Mark | None) -> Iterator[Arrival]:
        """All of them."""
        del mark
        for uid, letter in enumerate(self._letters, 1):
            seen = Sighting(account=self.account, folder=self.folder, uidvalidity=1, uid=uid)
            yield Arrival(sighting=seen, arrived=letter.arrived, raw=letter.raw)

    def probe(self) -> str:
        """Nothing to look at."""
        return ""

    def close(self) -> None:
        """Nothing is open."""


def children_cpu() -> float:
    """CPU seconds of the processes that the fork server has started and that still live."""
    seconds = 0.0
    parents: dict[int, int] = {}
    used: dict[int, float] = {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            fields = (entry / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        parents[int(entry.name)] = int(fields[1])
        used[int(entry.name)] = (int(fields[11]) + int(fields[12])) / _TICK
    for process in parents:
        above = process
        while above in parents and above != os.getpid():
            above = parents[above]
        if above == os.getpid() and process != os.getpid():
            seconds += used[process]
    return seconds


def cost(act: Callable[[], object]) -> float:
    """CPU seconds of this process and its children."""
    before = time.process_time() + children_cpu()
    act()
    return time.process_time() + children_cpu() - before


def whole(
    folder: Path,
    store: Store,
    letters: Sequence[Scenario],
    known: dict[str, Campaign],
    reader: Reader,
) -> None:
    """Everything the service does with these mails, apart from fetching and sending."""
    settings = DecidingSettings(from_address="bench@example.org")
    pipeline = Pipeline(
        store=store,
        archive=FolderArchive(folder / "archive"),
        reader=reader,
        decide=lambda incoming, register, now: decide(incoming, register, known, settings, now),
        clock=SetClock(letters[0].arrived),
        candidates={},
    )
    pipeline.collect(Box(source=Shelf(letters)))
    decided = list(pipeline.process())
    assert all(entry.outcome for entry in decided)


def wipe(store: Store) -> None:
    """An empty register, but a warm one: a service decides thousands of mails in one process."""
    with store.writing() as connection:
        for table in reversed(metadata.sorted_tables):
            connection.execute(table.delete())


def main() -> int:
    """Measure, print, and say what the numbers are of."""
    log.configure(level="error")
    known = load_campaigns(None, ["hunan-2026"])
    letters = list(scenarios(known["hunan-2026"]))
    files = [part for letter in letters for part in parse_message(letter.raw).attachments]
    forms = FormReader(spec_sets(known))
    documents, reading, everything = [], [], []
    with (
        tempfile.TemporaryDirectory() as name,
        closing(open_store(f"sqlite:///{name}/mailbot.db")) as store,
        Reader(spec_sets(known), workers=1) as reader,
    ):
        folder = Path(name)
        paths = []
        for number, letter in enumerate(letters):
            paths.append(folder / f"{number}.eml")
            paths[-1].write_bytes(letter.raw)
        for _ in range(ROUNDS + 1):
            documents.append(
                cost(lambda: [read_document(part.name, part.content, forms) for part in files])
            )
            reading.append(cost(lambda: [reader.read(path) for path in paths]))
            wipe(store)
            everything.append(cost(partial(whole, folder, store, letters, known, reader)))
    base = min(documents[1:])
    print(f"{len(letters)} mails, {len(files)} documents, best of {ROUNDS} rounds")
    print(f"documents alone       {base * 1000:8.0f} ms CPU")
    print(f"reading / documents   {min(reading[1:]) / base:8.2f}   (goal: at most 2)")
    print(
        f"whole / documents     {min(everything[1:]) / base:8.2f}   (the smaller the forms, the larger)"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
