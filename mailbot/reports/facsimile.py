"""A document drawn as it was read: lines in order, grids with their merged cells, each place named.

Every line, row and cell gets an anchor, and :meth:`Facsimile.find` leads from a
place in words (``表1 第2行第4列``) to it. What is drawn is bounded, because a page
is for eyes: where it ends, it says so. Nothing here knows forms or values.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from mailbot.letters import wording
from parsers.forms.cells import row_where
from parsers.model import Block, Cell, Grid, Line

_CELLS = 20_000  #: lines and cells of one document that are drawn
_CHARACTERS = 2_000_000  #: of one document that are drawn
_WIDEST = 1000  #: HTML, 4.9.11: colspan is at most this
_LONGEST = 65534  #: HTML, 4.9.11: rowspan is at most this
_BEGINNING = 12  #: characters of a value that tell lines with the same place apart


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnLine:
    """A paragraph."""

    anchor: str
    text: str = field(repr=False)
    where: str
    heading: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnCell:
    """A cell, or (without anchor) the gap where a row has none."""

    anchor: str = ""
    text: str = field(default="", repr=False)
    where: str = ""
    rowspan: int = 1
    colspan: int = 1
    grids: tuple[DrawnGrid, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnRow:
    """A row of cells."""

    anchor: str
    cells: tuple[DrawnCell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnGrid:
    """A table or worksheet."""

    anchor: str
    where: str
    rows: tuple[DrawnRow, ...]


Drawn = DrawnLine | DrawnGrid


class Facsimile:
    """One document drawn.

    Args:
        blocks: its lines and grids.
        prefix: begins every anchor, so that several documents stand on one page.
    """

    def __init__(self, blocks: Iterable[Block], prefix: str) -> None:
        self._prefix = prefix
        self._places: dict[str, list[tuple[str, str]]] = {}
        self._anchors = 0
        self._cells = _CELLS
        self._characters = _CHARACTERS
        self.is_cut = False  #: more stands in the document than is drawn
        self.blocks: tuple[Drawn, ...] = tuple(self._draw(blocks))

    def find(self, where: str, text: str = "") -> str:
        """The anchor of a place, or "". ``text`` tells lines apart that share a place."""
        known = self._places.get(where, [])
        wanted = _bare(text)[:_BEGINNING]
        fitting = (anchor for anchor, stood in known if wanted in _bare(stood))
        return next(fitting, known[0][0] if known else "")

    def _draw(self, blocks: Iterable[Block]) -> Iterator[Drawn]:
        for block in blocks:
            if self._is_full():
                return
            if isinstance(block, Line):
                text = self._taken(block.text)
                anchor = self._anchor(block.where, text)
                yield DrawnLine(anchor=anchor, text=text, where=block.where, heading=block.heading)
            else:
                yield self._grid(block)

    def _grid(self, grid: Grid) -> DrawnGrid:
        anchor = self._anchor(grid.where)
        rows: list[DrawnRow] = []
        reaching: dict[int, int] = {}  #: column -> first row that nothing reaches into
        for number, cells in enumerate(grid.rows):
            if self._is_full():
                break
            row = self._anchor(row_where(cells[0]) if cells else "")
            rows.append(DrawnRow(anchor=row, cells=tuple(self._row(number, cells, reaching))))
        return DrawnGrid(anchor=anchor, where=grid.where, rows=tuple(rows))

    def _row(
        self, number: int, cells: Sequence[Cell], reaching: dict[int, int]
    ) -> Iterator[DrawnCell]:
        """The cells of one row, with gaps where columns are left out."""
        column = 0
        for cell in cells:
            covered = range(column, min(cell.col, column + _WIDEST))
            if gap := sum(reaching.get(at, 0) <= number for at in covered):
                yield DrawnCell(colspan=gap)
            yield self._cell(cell)
            for at in range(cell.col, cell.col + min(cell.colspan, _WIDEST)):
                reaching[at] = number + cell.rowspan
            column = cell.col + cell.colspan

    def _cell(self, cell: Cell) -> DrawnCell:
        text = self._taken(cell.text)
        return DrawnCell(
            anchor=self._anchor(cell.where, text),
            text=text,
            where=cell.where,
            rowspan=max(1, min(cell.rowspan, _LONGEST)),
            colspan=max(1, min(cell.colspan, _WIDEST)),
            grids=tuple(self._grid(grid) for grid in cell.grids),
        )

    def _anchor(self, where: str, text: str = "") -> str:
        self._anchors += 1
        anchor = f"{self._prefix}p{self._anchors}"
        if where:
            self._places.setdefault(where, []).append((anchor, text))
        return anchor

    def _taken(self, text: str) -> str:
        """The text, as far as there is room."""
        self._cells -= 1
        shown = wording.printable(text)
        if len(shown) > self._characters:
            self.is_cut = True
            shown = shown[: self._characters]
        self._characters -= len(shown)
        return shown

    def _is_full(self) -> bool:
        full = self._cells <= 0 or self._characters <= 0
        self.is_cut = self.is_cut or full
        return full


def _bare(text: str) -> str:
    return "".join(text.split())
