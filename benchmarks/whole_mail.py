"""What a whole mail costs against reading its documents alone, as ratios of CPU time.

Two fixtures, the 13 mails of the demonstration with their 47 documents:

    as drawn           nothing in a cell but its text, about 0.1 KB of XML
    as Word writes it  every cell dressed as in read_form.py, about 1 KB of XML

Three things are measured over all mails, in turn, 9 rounds after one to warm up; the
figures are medians of the CPU time of this process and of the limited child together:

    documents   parsers.documents.read_document of every attachment, in this process
    reading     mailbot.reading.reader.Reader: the message taken apart and its documents read in
                the limited child, the answer over the pipe
    whole       archived, entered, read, decided with the campaign's rules, the reply
                composed, everything recorded in SQLite

Goal: whole / documents at most 2. The start of the child is not counted: it serves two
hundred mails. Nothing is gated. Run it with ``python benchmarks/whole_mail.py``.
"""

from __future__ import annotations

import base64
import email
import io
import os
import statistics
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path

from docx import Document
from read_form import dress

from mailbot import log
from mailbot.catalogue import load_campaigns, spec_sets
from mailbot.clock import SetClock
from mailbot.deciding.decision import DecidingSettings, decide
from mailbot.demo.scenarios import Scenario, scenarios
from mailbot.keeping.archive import FolderArchive
from mailbot.mime.message import parse_message
from mailbot.model import Arrival, Mark, Sighting
from mailbot.pipeline import Box, Pipeline
from mailbot.reading.child import Bounds
from mailbot.reading.reader import Reader
from mailbot.store import Store, open_store
from mailbot.store.schema import metadata
from parsers.documents import read_document
from parsers.forms.reader import FormReader
from rules.notice.campaign import Campaign

ROUNDS = 9


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


def dressed(letter: Scenario) -> Scenario:
    """The same mail with its Word documents as Word itself would have written them."""
    message = email.message_from_bytes(letter.raw)
    for part in message.walk():
        content = part.get_payload(decode=True)
        if isinstance(content, bytes) and b"word/document.xml" in content:
            try:
                document = Document(io.BytesIO(content))
            except zipfile.BadZipFile:  # one of the mails brings a damaged file
                continue
            for table in document.tables:
                for number, row in enumerate(table._tbl.tr_lst):  # noqa: SLF001 - no public way
                    dress(row, number)
            buffer = io.BytesIO()
            document.save(buffer)
            part.set_payload(base64.encodebytes(buffer.getvalue()).decode("ascii"))
    return replace(letter, raw=message.as_bytes())


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
            nanoseconds = int((entry / "schedstat").read_text().split()[0])
        except OSError:
            continue
        parents[int(entry.name)] = int(fields[1])
        used[int(entry.name)] = nanoseconds / 1e9
    for process in parents:
        above = process
        while above in parents and above != os.getpid():
            above = parents[above]
        if above == os.getpid() and process != os.getpid():
            seconds += used[process]
    return seconds


def cost(act: Callable[[], object]) -> float:
    """CPU seconds of this process and its children."""
    theirs, ours = children_cpu(), time.process_time()
    act()
    return time.process_time() - ours + children_cpu() - theirs


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


def measure(title: str, letters: Sequence[Scenario], known: dict[str, Campaign]) -> None:
    """Print medians and ratios for one fixture."""
    files = [part for letter in letters for part in parse_message(letter.raw).attachments]
    forms = FormReader(spec_sets(known))
    documents, reading, everything = [], [], []
    with (
        tempfile.TemporaryDirectory() as name,
        closing(open_store(f"sqlite:///{name}/mailbot.db")) as store,
        # one child for all rounds: the time of one that has ended cannot be asked for
        Reader(
            spec_sets(known), bounds=Bounds(mails=1_000_000, cpu_seconds=600), workers=1
        ) as reader,
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
    base, read, done = (statistics.median(c[1:]) for c in (documents, reading, everything))
    print(f"{title}: {len(letters)} mails, {len(files)} documents")
    print(f"  documents alone      {base * 1000 / len(letters):8.2f} ms CPU a mail")
    print(f"  reading / documents  {read / base:8.2f}")
    print(f"  whole / documents    {done / base:8.2f}  (goal: at most 2)")


def main() -> int:
    """Measure both fixtures."""
    log.configure(level="error")
    known = load_campaigns(None, ["hunan-2026"])
    letters = list(scenarios(known["hunan-2026"]))
    measure("as drawn", letters, known)
    measure("as Word writes it", [dressed(letter) for letter in letters], known)
    return 0


if __name__ == "__main__":
    sys.exit(main())
