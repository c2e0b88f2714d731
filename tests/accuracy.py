"""How well every campaign's forms are read, format by format: ``python tests/accuracy.py``.

Draws the whole corpus, has the office program save it in each format, reads every
file and prints found fields of wanted ones and what was silently wrong, by format
and campaign. Fixtures: every sample of :mod:`corpus`, .doc .wps .xls .et .pdf .html
.rtf as LibreOffice writes them. Scans, where the extra ``ocr`` is there: the first
sample of every form and text of every campaign, at 200 dpi, leaning, grainy, with a
red seal over the place for it (:mod:`corpus.scanning`). .rtf and scans go the whole way
the program goes, through the children, the converter and the recogniser.

A value is found when it was read right, marked or not. Silently wrong is a value that
is wrong, or stands where nothing was written, and is neither doubted nor of low
confidence; from a scan none can be, as every one of its values is marked as recognised.
Ends with 1 where a goal is missed: recall 99.5 % on .docx .xlsx .xls .et, 99 % on .doc
.wps, 97 % on .pdf .html .rtf, 90 % on scans, and nothing silently wrong anywhere.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterator
from itertools import groupby
from pathlib import Path
from typing import Self

from corpus import CAMPAIGNS, drawing, scanning
from corpus.measuring import Score, score
from corpus.sample import Sample
from rich.console import Console
from rich.table import Table

from mailbot.catalogue import shipped_campaigns, spec_sets
from mailbot.reading.converter import Converter
from mailbot.reading.reader import Reader
from mailbot.reading.recognising import is_installed
from parsers.documents import read_document
from parsers.forms.reader import FormReader
from parsers.model import Document

GOALS = {
    "docx": 0.995, "xlsx": 0.995, "xls": 0.995, "et": 0.995, "doc": 0.99, "wps": 0.99,
    "pdf": 0.97, "html": 0.97, "rtf": 0.97, "scan": 0.90,
}  # fmt: skip


def main() -> int:
    """Print the tables; 0 where every goal is met."""
    options = argparse.ArgumentParser(description="Accuracy of reading, by format and campaign.")
    options.add_argument("--format", action="append", choices=list(GOALS))
    options.add_argument("--campaign", action="append", choices=list(CAMPAIGNS))
    options.add_argument("--all", action="store_true", help="name every missed value")
    chosen = options.parse_args()
    results: dict[tuple[str, str], Score] = {}
    with Desk() as desk:
        for kind in chosen.format or GOALS:
            if kind == "scan" and not is_installed():
                _say("scan: left out, the extra ocr is not installed")
                continue
            corpus = [
                sample
                for name, samples in CAMPAIGNS.items()
                if name in (chosen.campaign or CAMPAIGNS)
                for sample in samples()
            ]
            for sample, name, data in FORMATS[kind](corpus):
                read = desk.through_children if kind in IN_CHILDREN else desk.at_once
                found = score(sample, read(name, data))
                key = kind, sample.campaign
                results[key] = results.get(key, Score()) + found
    _print(results, missed=chosen.all)
    failed = any(s.wrong or s.recall < GOALS[kind] for (kind, _), s in _by_format(results).items())
    return int(failed)


class Desk:
    """Reads documents, in this process or the whole way that the program goes."""

    def __init__(self) -> None:
        specs = spec_sets(shipped_campaigns())
        self._reader = FormReader(specs)
        self._program = Reader(specs, converter=Converter(), recognises=is_installed(), workers=1)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._program.close()

    def at_once(self, name: str, data: bytes) -> Document:
        """What needs neither converter nor recogniser."""
        return read_document(name, data, self._reader)

    def through_children(self, name: str, data: bytes) -> Document:
        """Anything, as ``mailbot read`` reads it."""
        with tempfile.NamedTemporaryFile() as file:
            file.write(data)
            file.flush()
            return self._program.read_document(Path(file.name), name)


File = tuple[Sample, str, bytes]


def _words(corpus: list[Sample]) -> Iterator[File]:
    for sample in corpus:
        yield sample, f"{sample.file}.docx", drawing.word(sample.papers)


def _sheets(corpus: list[Sample]) -> Iterator[File]:
    for sample in corpus:
        if sample.sheet:
            yield sample, f"{sample.file}.xlsx", drawing.sheets(sample)


def _saved(
    draw: Callable[[list[Sample]], Iterator[File]], target: str, ending: str = ""
) -> Callable[[list[Sample]], Iterator[File]]:
    """The files of ``draw`` saved as ``target``, named with this ending."""

    def made(corpus: list[Sample]) -> Iterator[File]:
        drawn = list(draw(corpus))
        files = {
            f"{number}.{name.rpartition('.')[2]}": data
            for number, (_, name, data) in enumerate(drawn)
        }
        saved = drawing.converted(files, target)
        for number, (sample, _, _) in enumerate(drawn):
            yield sample, f"{sample.file}.{ending or target}", saved[str(number)]

    return made


def _scans(corpus: list[Sample]) -> Iterator[File]:
    """Slow: half a minute a sample on a busy machine, so it says how far it is."""
    samples = scanning.chosen(corpus)
    printed = _saved(_words, "pdf")(samples)
    for number, (sample, name, pdf) in enumerate(printed):
        _say(f"scan {number + 1}/{len(samples)} {sample.label}")
        ending, data = scanning.scan(pdf, number)
        yield sample, f"{Path(name).stem}.{ending}", data


#: read the whole way
IN_CHILDREN = frozenset({"rtf", "scan"})

FORMATS: dict[str, Callable[[list[Sample]], Iterator[File]]] = {
    "docx": _words,
    "xlsx": _sheets,
    "xls": _saved(_sheets, "xls"),
    "et": _saved(_sheets, "xls", "et"),
    "doc": _saved(_words, "doc"),
    "wps": _saved(_words, "doc", "wps"),
    "pdf": _saved(_words, "pdf"),
    "html": _saved(_words, "html"),
    "rtf": _saved(_words, "rtf"),
    "scan": _scans,
}


def _say(line: str) -> None:
    Console(stderr=True, width=200).print(line, markup=False, highlight=False)


def _by_format(results: dict[tuple[str, str], Score]) -> dict[tuple[str, str], Score]:
    return {
        (kind, ""): sum((score for _, score in found), Score())
        for kind, found in groupby(results.items(), key=lambda item: item[0][0])
    }


def _print(results: dict[tuple[str, str], Score], *, missed: bool) -> None:
    console = Console(width=200)
    table = Table("format", "campaign", "wanted", "found", "recall", "goal", "silently wrong")
    several = len({campaign for _, campaign in results}) > 1
    totals = _by_format(results) if several else {}
    for (kind, campaign), found in [*results.items(), *totals.items()]:
        table.add_row(
            kind, campaign or "all", str(found.wanted), str(found.found), f"{found.recall:.2%}",
            f"{GOALS[kind]:.1%}", str(len(found.wrong)),
        )  # fmt: skip
    console.print(table)
    for (kind, _), found in results.items():
        unsaid = [line for line in found.missed if missed and line not in found.wrong]
        for sign, lines in (("WRONG", found.wrong), ("missed", unsaid)):
            for line in lines:
                console.print(f"{sign} {kind} {line}", markup=False, highlight=False)


if __name__ == "__main__":
    sys.exit(main())
