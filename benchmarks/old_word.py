"""How much faster an old Word form is read here than by way of an office program, as a ratio.

Two fixtures, both saved as .doc by LibreOffice 7.4 from a form drawn by python-docx
(tests/documents):

    team_form.doc   one table of 10 rows and 40 cells, some merged, 410 characters
    rollup.doc      one table of 5 rows and 45 cells, 133 characters

Three ways are timed in turn, 5 rounds, wall time, and the medians are compared:

    own        parsers.word.oldword.read_old_word, from bytes to located cells
    converted  mailbot.reading.converter.Converter with the profile already made, then
               parsers.word.document.read_word of the .docx
    first      the same with a new converter, which makes its profile first

Goal: converted / own at least 2. Nothing is gated.
Run it with ``python benchmarks/old_word.py``; it wants LibreOffice (``make bench``).
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from pathlib import Path

from mailbot.reading.converter import Converter
from mailbot.reading.errand import Errand
from parsers.limits import Limits
from parsers.word.document import read_word
from parsers.word.oldword import read_old_word

DOCUMENTS = Path(__file__).parents[1] / "tests" / "documents"
ROUNDS = 5


def own(content: bytes) -> None:
    """Our reader."""
    read_old_word(content, Limits())


def converted(converter: Converter, content: bytes) -> None:
    """By way of the office program."""
    with converter.mail() as run:
        made = run(Errand(kind="doc", sha256="", size=len(content)), iter([content]))
        read_word(made.read_bytes(), Limits())


def first(content: bytes) -> None:
    """The same with everything that only the first one waits for."""
    with Converter() as converter:
        converted(converter, content)


def timed(read: Callable[[], None]) -> float:
    """Seconds of wall time."""
    started = time.perf_counter()
    read()
    return time.perf_counter() - started


def compare(name: str, converter: Converter) -> None:
    """Print medians and the ratio for one fixture."""
    content = (DOCUMENTS / name).read_bytes()
    converted(converter, content)  # makes the profile
    own(content)
    ways: dict[str, Callable[[], None]] = {
        "own": lambda: own(content),
        "converted": lambda: converted(converter, content),
        "first": lambda: first(content),
    }
    times: dict[str, list[float]] = {way: [] for way in ways}
    for _ in range(ROUNDS):
        for way, read in ways.items():
            times[way].append(timed(read))
    medians = {way: statistics.median(values) for way, values in times.items()}
    print(name)
    for way, seconds in medians.items():
        print(f"  {way:10} {seconds * 1000:8.1f} ms")
    print(f"  converted / own  {medians['converted'] / medians['own']:6.1f}  (goal: at least 2)")


def main() -> None:
    """Compare on both fixtures."""
    with Converter() as converter:
        compare("team_form.doc", converter)
        compare("rollup.doc", converter)


if __name__ == "__main__":
    main()
