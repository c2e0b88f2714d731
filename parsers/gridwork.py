"""Plain cells made fast, whole rows of them at once.

Knows no format: texts in rows of equal length become cells that span nothing. A frozen
dataclass fills its slots one Python call each, which made up a third of reading a
roll-up; here each slot of all cells is filled in one go. Nothing changes a cell that
has been handed out.
"""

from __future__ import annotations

import gc
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields
from itertools import chain, cycle, repeat
from operator import itemgetter

from parsers.model import Cell

Box = tuple[int, int, int, int]  #: top, left, bottom, right, all inside

#: what fills a slot of a new cell
_FILL = {field.name: getattr(Cell, field.name).__set__ for field in fields(Cell)}
_ROW, _COL, _ROWSPAN, _COLSPAN, _TEXT, _WHERE, _GRIDS = _FILL.values()


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Texts in rows of equal length; ``at`` is where the first of them stands."""

    rows: list[list[str]]
    at: tuple[int, int]

    def used(self) -> Box | None:
        """The smallest rectangle around all texts; None without any."""
        lines = [number for number, row in enumerate(self.rows) if any(row)]
        if not lines:
            return None
        columns = range(len(self.rows[0]))
        first = next(c for c in columns if any(map(itemgetter(c), self.rows)))
        last = next(c for c in reversed(columns) if any(map(itemgetter(c), self.rows)))
        top, left = self.at
        return top + lines[0], left + first, top + lines[-1], left + last

    def cut(self, box: Box) -> list[list[str]]:
        """The texts of a rectangle, blank where there are none."""
        top, left, bottom, right = box
        width = right - left + 1
        skipped, missing = max(left - self.at[1], 0), max(self.at[1] - left, 0)
        found: list[list[str]] = []
        for number in range(top - self.at[0], bottom - self.at[0] + 1):
            row = self.rows[number] if 0 <= number < len(self.rows) else []
            if len(row) != width or skipped or missing:
                row = ([""] * missing + row[skipped:] + [""] * width)[:width]
            found.append(row)
        return found

    def overlaid(self, texts: Mapping[tuple[int, int], str]) -> Table:
        """The same with some texts replaced or added around it."""
        height, width = len(self.rows), len(self.rows[0]) if self.rows else 0
        rows = [row for row, _ in texts]
        columns = [column for _, column in texts]
        if height and width:
            rows += self.at[0], self.at[0] + height - 1
            columns += self.at[1], self.at[1] + width - 1
        box = min(rows), min(columns), max(rows), max(columns)
        found = Table(rows=[[*row] for row in self.cut(box)], at=box[:2])
        for (row, column), text in texts.items():
            found.rows[row - box[0]][column - box[1]] = text
        return found


def plain_rows(
    texts: Sequence[Sequence[str]], columns: Sequence[str], first: int
) -> list[tuple[Cell, ...]]:
    """Located cells; ``where`` is the name of the column and the number of the row, the first being ``first``."""
    width, height = len(columns), len(texts)
    cells = list(map(object.__new__, repeat(Cell, width * height)))
    numbers = map(str, range(first, first + height))
    _fill("row", cells, chain.from_iterable(map(repeat, range(height), repeat(width))))
    _fill("col", cells, cycle(range(width)))
    _fill("rowspan", cells, repeat(1))
    _fill("colspan", cells, repeat(1))
    _fill("text", cells, chain.from_iterable(texts))
    _fill("where", cells, [column + number for number in numbers for column in columns])
    _fill("grids", cells, repeat(()))
    return [tuple(cells[start : start + width]) for start in range(0, len(cells), width)]


@contextmanager
def uncollected() -> Iterator[None]:
    """No search for cycles meanwhile: cells have none, and it would walk all of them again and again."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def plain_cell(row: int, col: int, text: str, where: str, colspan: int = 1) -> Cell:
    """One cell without tables in it, one row high."""
    cell = object.__new__(Cell)
    _ROW(cell, row)
    _COL(cell, col)
    _ROWSPAN(cell, 1)
    _COLSPAN(cell, colspan)
    _TEXT(cell, text)
    _WHERE(cell, where)
    _GRIDS(cell, ())
    return cell


def _fill(slot: str, cells: Iterable[Cell], values: Iterable[object]) -> None:
    """Give each cell its value."""
    deque(map(_FILL[slot], cells, values), maxlen=0)
