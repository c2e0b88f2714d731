"""Rows of a grid with their neighbours: what stands right of a cell, and below it.

A view is a grid or some of its rows; several forms may share one grid. It answers
questions of place only and knows nothing of labels.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from parsers.model import Cell, Grid, Line

_COLUMN = re.compile(r"第\d+列$")
_SHEET_CELL = re.compile(r"^(.*)![A-Z]+(\d+)$")


class View:
    """The rows ``first`` to ``last`` (exclusive) of a grid."""

    def __init__(self, grid: Grid, first: int = 0, last: int | None = None) -> None:
        self.grid = grid
        self.first = first
        self.last = len(grid.rows) if last is None else last
        self._covering: dict[int, list[Cell]] = {row: [] for row in range(self.first, self.last)}
        for cell in grid.cells():
            for row in range(max(cell.row, self.first), min(cell.row + cell.rowspan, self.last)):
                self._covering[row].append(cell)
        for cells in self._covering.values():
            cells.sort(key=lambda cell: cell.col)

    @property
    def where(self) -> str:
        """The grid's name."""
        return self.grid.where

    def numbers(self) -> range:
        """The row numbers."""
        return range(self.first, self.last)

    def row(self, row: int) -> list[Cell]:
        """All cells seen in a row, those reaching down from above too, left to right."""
        return self._covering.get(row, [])

    def beginning(self, row: int) -> list[Cell]:
        """The cells that begin in a row; in the first row also those cut off above."""
        return [cell for cell in self.row(row) if row in (cell.row, self.first)]

    def cells(self) -> Iterator[Cell]:
        """All cells, each once."""
        for row in self.numbers():
            yield from self.beginning(row)

    def at(self, row: int, col: int) -> Cell | None:
        """The cell that covers a position."""
        return next((cell for cell in self.row(row) if cell.covers(row, col)), None)

    def right_of(self, cell: Cell, row: int | None = None) -> list[Cell]:
        """The cells to the right in the cell's (first) row."""
        start = cell.col + cell.colspan
        return [other for other in self.row(cell.row if row is None else row) if other.col >= start]

    def left_of(self, cell: Cell) -> list[Cell]:
        """The cells to the left in the cell's first row, nearest first."""
        return [
            other for other in self.row(cell.row)[::-1] if other.col + other.colspan <= cell.col
        ]

    def below(self, cell: Cell) -> Cell | None:
        """The cell that begins right under this one, in the same column."""
        other = self.at(cell.row + cell.rowspan, cell.col)
        return other if other is not None and other.col == cell.col else None

    def filled(self, row: int) -> list[Cell]:
        """The cells beginning in a row that hold text."""
        return [cell for cell in self.beginning(row) if cell.text.strip()]

    def text(self) -> str:
        """All text, a line a row, tabs between cells."""
        return "\n".join("\t".join(c.text for c in self.beginning(row)) for row in self.numbers())


def row_where(cell: Cell) -> str:
    """The place of a cell's whole row: ``表1 第2行``, ``Sheet1 第3行``."""
    if found := _SHEET_CELL.match(cell.where):
        return f"{found.group(1)} 第{found.group(2)}行"
    return _COLUMN.sub("", cell.where).strip()


Part = Line | View


def part_text(part: Part) -> str:
    """The text of a line or view."""
    return part.text if isinstance(part, Line) else part.text()
