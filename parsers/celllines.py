"""Tables written with one cell a line, as converters of old Word files print them.

Each cell begins with a tabulator, a line without one goes on with its cell, an empty
line ends a row and two end the table. Cells that Word had merged are told by nothing:
a row of a single cell goes over all columns, and a header over columns of its own is
known by the row under it, which is empty everywhere else. All others are side by side.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from parsers.model import Block, Cell, Grid, Line

BLANK = "\ufeff\x1a\f\r\t \u3000"  #: what lines are trimmed by
_CELLS = 6  #: cells that a text with such a table has at least
_SHORT = 24  #: characters of a line that half of the cells have at most


def has_cells(lines: Sequence[str]) -> bool:
    """Is this a text with one cell of a table a line, and a row of several cells?

    Paragraphs set in by a tabulator are longer than most cells.
    """
    cells = [line.startswith("\t") for line in lines]
    if any("\t" in line.strip(BLANK) for line in lines):
        return False
    short = sum(len(line) <= _SHORT for line in lines if line.startswith("\t"))
    several = any(one and other for one, other in pairwise(cells))
    return several and sum(cells) >= _CELLS and 2 * short >= sum(cells)


def with_cells(lines: Sequence[str]) -> Iterator[Block]:
    """The lines that hold anything, and the tables between them."""
    rows: list[list[tuple[int, str]]] = []
    row: list[tuple[int, str]] = []
    number = 0
    for at, line in enumerate((*lines, "", ""), start=1):
        text = line.strip(BLANK)
        if line.startswith("\t"):
            row.append((at, text))
        elif text and row:
            first, begun = row[-1]
            row[-1] = first, f"{begun}\n{text}"
        elif row:
            rows.append(row)
            row = []
        elif rows:
            number += 1
            yield _grid(rows, f"表{number}")
            rows = []
        if text and not row:
            yield Line(text=text, where=f"第{at}行")


def _grid(rows: Sequence[Sequence[tuple[int, str]]], where: str) -> Grid:
    width = max(map(len, rows))
    found: list[tuple[Cell, ...]] = []
    for number, row in enumerate(rows):
        wide, span = _spanned(row, rows[number + 1]) if number + 1 < len(rows) else (-1, 1)
        if len(row) == 1:
            wide, span = 0, width
        cells: list[Cell] = []
        col = 0
        for at, (line, text) in enumerate(row):
            reach = span if at == wide else 1
            cells.append(Cell(row=number, col=col, colspan=reach, text=text, where=f"第{line}行"))
            col += reach
        found.append(tuple(cells))
    return Grid(rows=tuple(found), where=where)


def _spanned(row: Sequence[tuple[int, str]], below: Sequence[tuple[int, str]]) -> tuple[int, int]:
    """Which cell of a row stands over several of the next, and over how many; (-1, 1) if none."""
    filled = [at for at, (_line, text) in enumerate(below) if text]
    if not filled or len(below) <= len(row):
        return -1, 1
    first, span = filled[0], filled[-1] - filled[0] + 1
    fits = span == len(filled) and len(below) - span == len(row) - 1 and first < len(row)
    return (first, span) if fits and len(below) > span else (-1, 1)
