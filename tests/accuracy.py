"""How well every campaign's forms are read, format by format: ``python tests/accuracy.py``.

Draws the whole corpus, has the office program save it in each format, reads every
file and prints found fields of wanted ones and what was silently wrong, by format
and campaign. Fixtures: every sample of :mod:`corpus`, .doc .wps .xls .et .pdf .html
.rtf as LibreOffice writes them, scans at 200 dpi where the extra for them is there.
Ends with 1 where a goal is missed: recall 99.5 % on .docx .xlsx .xls .et, 99 % on
.doc .wps, 97 % on .pdf, 90 % on scans, and nothing silently wrong anywhere.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from itertools import groupby

from corpus import CAMPAIGNS, drawing
from corpus.measuring import Score, score
from corpus.sample import Sample
from rich.console import Console
from rich.table import Table

from mailbot.catalogue import shipped_campaigns, spec_sets
from parsers.documents import read_document
from parsers.forms import FormReader

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
    reader = FormReader(spec_sets(shipped_campaigns()))
    results: dict[tuple[str, str], Score] = {}
    for kind in chosen.format or [name for name in GOALS if name in FORMATS]:
        corpus = [
            sample
            for name, samples in CAMPAIGNS.items()
            if name in (chosen.campaign or CAMPAIGNS)
            for sample in samples()
        ]
        for sample, name, data in FORMATS[kind](corpus):
            found = score(sample, read_document(name, data, reader))
            key = kind, sample.campaign
            results[key] = results.get(key, Score()) + found
    _print(results, missed=chosen.all)
    failed = any(s.wrong or s.recall < GOALS[kind] for (kind, _), s in _by_format(results).items())
    return int(failed)


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


FORMATS: dict[str, Callable[[list[Sample]], Iterator[File]]] = {
    "docx": _words,
    "xlsx": _sheets,
    "xls": _saved(_sheets, "xls"),
    "et": _saved(_sheets, "xls", "et"),
    "doc": _saved(_words, "doc"),
    "wps": _saved(_words, "doc", "wps"),
    "pdf": _saved(_words, "pdf"),
    "html": _saved(_words, "html"),
}


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
