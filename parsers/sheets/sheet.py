"""Spreadsheets (.xlsx, .xls, .et): every visible worksheet as a grid.

Values come out as a person sees them in the program. The bytes go to the library only
after :mod:`parsers.sheets.scan` or :mod:`parsers.sheets.biff` has counted what they unfold to.
Charts, comments, drawings and hidden worksheets are not read.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from itertools import product
from types import TracebackType

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from parsers.containers.compound import SIGNATURE
from parsers.containers.package import Package
from parsers.damage import broken, locked
from parsers.gridwork import Box, Table, plain_rows, uncollected
from parsers.limits import Limits
from parsers.model import Cell, Content, Grid
from parsers.sheets.biff import scan_binary
from parsers.sheets.formats import render
from parsers.sheets.scan import Scan, scan_package, too_wide
from parsers.values.wordcount import count_all

_CURE = "用 Excel 重新打开并另存为 .xlsx 格式"

#: how far a merged cell may reach beyond the last text; more is decoration
_MARGIN_ROWS, _MARGIN_COLUMNS = 256, 64

Span = tuple[int, int]  #: rows, columns


def read_sheet(content: bytes, limits: Limits) -> Content:
    """One grid a visible worksheet. Raises :class:`parsers.damage.Damaged`."""
    with uncollected():
        if content.startswith(SIGNATURE):
            scans = scan_binary(content, limits)
        else:
            scans, counted = scan_package(Package(content, limits), limits)
            content = counted or content
        with _Translated():
            grids = list(_grids(content, scans, limits))
        texts = [cell.text for grid in grids for row in grid.rows for cell in row]
        return Content(blocks=tuple(grids), characters=count_all(texts))


class _Translated:
    """Turns the library's failures into damage.

    Its own bugs surface as a panic, which is no Exception and whose class has no name to
    import; hence the look at the name on the way out.
    """

    def __enter__(self) -> None:
        """Nothing to prepare."""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Leave whatever is not the library's to go on its way."""
        if isinstance(error, PasswordError):
            raise locked() from error
        if isinstance(error, CalamineError | OSError | ValueError | OverflowError):
            raise broken(_CURE) from error
        if kind is not None and kind.__name__ == "PanicException":
            raise broken(_CURE) from error


def _grids(content: bytes, scans: dict[int, Scan], limits: Limits) -> Iterator[Grid]:
    """The visible worksheets with anything in them."""
    room = limits.max_cells
    with CalamineWorkbook.from_filelike(io.BytesIO(content)) as workbook:
        for index, sheet in enumerate(workbook.sheets_metadata):
            if sheet.typ is SheetTypeEnum.WorkSheet and sheet.visible is SheetVisibleEnum.Visible:
                if index not in scans:  # never unfold what was not counted
                    raise broken(_CURE)
                table = _Sheet(workbook.get_sheet_by_index(index), scans[index])
                room -= table.size
                if room < 0:
                    raise too_wide()
                grid = table.grid(room)
                if grid.rows:
                    yield grid


class _Sheet:
    """One worksheet on its way to a grid; positions are those of the worksheet, 0-based."""

    def __init__(self, sheet: CalamineSheet, scan: Scan) -> None:
        self._sheet = sheet
        self._scan = scan
        self.size = sheet.height * sheet.width

    def grid(self, room: int) -> Grid:
        """The used rectangle, merged cells joined, blank last rows and columns left out."""
        table = self._texts()
        used = table.used()
        if used is None:
            return Grid(rows=(), where=self._sheet.name)
        top, left, bottom, right = used
        merged = self._merged(top, left, room)
        deepest, widest = bottom + _MARGIN_ROWS, right + _MARGIN_COLUMNS
        for at, span in merged.items():
            bottom = max(bottom, min(at[0] + span[0] - 1, deepest))
            right = max(right, min(at[1] + span[1] - 1, widest))
        if (bottom - top + 1) * (right - left + 1) > room + self.size:
            raise too_wide()
        box = (top, left, bottom, right)
        names = [f"{self._sheet.name}!{_letters(column)}" for column in range(left, right + 1)]
        rows = plain_rows(table.cut(box), names, top + 1)
        _join(rows, merged, box)
        return Grid(rows=tuple(rows), where=self._sheet.name)

    def _texts(self) -> Table:
        """What is seen."""
        at = self._sheet.start or (0, 0)
        values = self._sheet.to_python(skip_empty_area=True)
        rows = [[v.strip() if v.__class__ is str else render(v) for v in line] for line in values]
        for (row, column), code in self._scan.formats.items():
            down, across = row - at[0], column - at[1]
            if 0 <= down < len(rows) and 0 <= across < len(rows[down]):
                rows[down][across] = render(values[down][across], code).strip()
        table = Table(rows=rows, at=at)
        return table.overlaid(self._scan.texts) if self._scan.texts else table

    def _merged(self, top: int, left: int, room: int) -> dict[tuple[int, int], Span]:
        """Spans by the first cell; what overlaps or lies before the grid is left out."""
        found: dict[tuple[int, int], Span] = {}
        area = 0
        for (first_row, first_column), (last_row, last_column) in (
            self._sheet.merged_cell_ranges or []
        ):
            span = (last_row - first_row + 1, last_column - first_column + 1)
            if first_row < top or first_column < left or min(span) < 1:
                continue
            area += span[0] * span[1]
            if area > room + self.size:
                continue
            found[first_row, first_column] = span
        return found


def _join(rows: list[tuple[Cell, ...]], merged: dict[tuple[int, int], Span], box: Box) -> None:
    """Let the first cell of each merge span it and the others go."""
    top, left, bottom, right = box
    spans: dict[tuple[int, int], Span] = {}
    covered: set[tuple[int, int]] = set()
    for (row, column), (height, width) in merged.items():
        at = row - top, column - left
        span = min(height, bottom - row + 1), min(width, right - column + 1)
        if min(span) < 1:
            continue
        spans[at] = span
        covered.update(
            place
            for place in product(range(at[0], at[0] + span[0]), range(at[1], at[1] + span[1]))
            if place != at
        )
    for number in {row for row, _ in (*spans, *covered)}:
        rows[number] = tuple(
            replace(cell, rowspan=spans[at][0], colspan=spans[at][1]) if at in spans else cell
            for cell in rows[number]
            if (at := (number, cell.col)) not in covered
        )


@cache
def _letters(column: int) -> str:
    """The name of a column: 0 is A, 26 is AA."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(ord("A") + rest) + name
    return name
