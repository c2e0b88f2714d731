"""Ruled tables of a page: which glyphs stand in which cell, and what goes on over pages.

From the boxes between rules to the grids of :mod:`parsers.model`. Nothing is known here
of lines outside tables, nor of the library that finds the rules.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from parsers.model import Cell, Grid
from parsers.portable.pages import Box, Glyph, Page
from parsers.portable.typesetting import cell_text

_NEAR = 2.5  #: points between edges that are one
_LONG = 25  #: characters of a text that is no label


@dataclass(slots=True)
class _Draft:
    """A cell while tables are put together; its box counts from the top of the first page."""

    box: Box
    text: str
    where: str = ""
    grids: list[Grid] = field(default_factory=list)


@dataclass(slots=True)
class Table:
    """A ruled table while pages are put together."""

    cells: list[_Draft]
    box: Box
    page: int  #: the last it stands on
    where: str = ""


def tables_of(page: Page, before: Table | None = None) -> tuple[list[Table], list[Glyph]]:
    """The ruled tables with their text, and the glyphs outside them.

    ``before`` is the table that ends the page before, if one does.
    """
    outer: list[Table] = []
    rest = list(page.glyphs)
    # from the inside outwards: a table in a cell takes its glyphs first
    rest_of_cell = _rest_of(before, page)
    framed = [cells for cells in page.tables if cells == rest_of_cell or not _is_frame(cells, page)]
    if rest_of_cell and rest_of_cell not in framed:
        framed.append(rest_of_cell)
    found: list[Table] = []
    for cells in sorted(framed, key=_area):
        drafts, rest = _filled(cells, rest, page.slack)
        found.append(Table(cells=drafts, box=around(cells), page=page.number))
    for index, table in enumerate(found):
        holder = next((c for big in found[index + 1 :] for c in big.cells if _within(table.box, c.box)), None)  # fmt: skip
        if holder is None:
            outer.append(table)
        else:
            holder.grids.append(grid_of(table.cells, ""))
    outer.sort(key=lambda table: table.box[1])
    for number, table in enumerate(outer, 1):
        table.where = f"第{page.number}页 表{number}"
        _locate(table)
    return outer, rest


def _rest_of(table: Table | None, page: Page) -> tuple[Box] | None:
    """The one cell at the head of a page in which the last cell of the page before goes on.

    A cell alone is a frame around something elsewhere; here it has the width of the table.
    """
    if table is None or page.number != table.page + 1:
        return None
    lone = [*page.alone, *(cells[0] for cells in page.tables if len(cells) == 1)]
    box = min(lone, key=lambda cell: cell[1], default=None)
    if box is None or not _is_as_wide(table.box, box):
        return None
    return None if any(around(cells)[1] < box[1] - _NEAR for cells in page.tables) else (box,)


def _is_frame(cells: Sequence[Box], page: Page) -> bool:
    """Is it a line around the page, or around other tables, and no table?"""
    frame = around(cells)
    inner = (other for other in page.tables if other is not cells)
    return len(cells) == 1 and (
        _area(cells) > page.width * page.height / 2
        or any(_within(around(other), frame) for other in inner)
    )


def _filled(
    cells: Sequence[Box], glyphs: list[Glyph], slack: float
) -> tuple[list[_Draft], list[Glyph]]:
    """The cells with their text, and the glyphs that stand in none."""
    columns, lines = _edges(cells, 0), _edges(cells, 1)
    owners: dict[tuple[int, int], int] = {}
    for index, box in enumerate(cells):
        for row in range(_at(lines, box[1]), _at(lines, box[3])):
            for column in range(_at(columns, box[0]), _at(columns, box[2])):
                owners.setdefault((row, column), index)
    held: dict[int, list[Glyph]] = {}
    rest: list[Glyph] = []
    before: Glyph | None = None
    owner: int | None = None
    for glyph in sorted(glyphs, key=lambda g: (round(g.base), g.x0)):
        # what runs over the edge of its cell still belongs to it
        if owner is None or before is None or not _touches(before, glyph):
            spot = _slot(lines, glyph.middle), _slot(columns, (glyph.x0 + glyph.x1) / 2)
            owner = owners.get(spot)
        if owner is None:
            rest.append(glyph)
        else:
            held.setdefault(owner, []).append(glyph)
        before = glyph
    drafts = [
        _Draft(box=box, text=cell_text(held.get(index, ()), box[0], box[2], slack))
        for index, box in enumerate(cells)
    ]
    return drafts, rest


def _touches(before: Glyph, glyph: Glyph) -> bool:
    """Are these two letters of one word?"""
    gap = glyph.x0 - before.x1
    return (
        abs(glyph.base - before.base) < 1
        and abs(gap) < glyph.size / 10
        and not (glyph.text.isspace() or before.text.isspace())
    )


# ---- tables over pages -----------------------------------------------------------------


def is_same_table(table: Table, following: Table) -> bool:
    """Is it the next page's part: does it end at the same edges, left and right?"""
    return following.page == table.page + 1 and _is_as_wide(table.box, following.box)


def _is_as_wide(box: Box, other: Box) -> bool:
    return abs(box[0] - other[0]) < _NEAR and abs(box[2] - other[2]) < _NEAR


def append(table: Table, following: Table) -> None:
    """The rows of the next page under those of this one; what was split is joined."""
    table.page = following.page
    down = table.box[3] - following.box[1]
    cells = [replace(cell, box=_moved(cell.box, down)) for cell in following.cells]
    top = _row_at(cells, table.box[3])
    bottom = [cell for cell in table.cells if abs(cell.box[3] - table.box[3]) < _NEAR]
    head = _row_at(table.cells, table.box[1])
    if _says(top) == _says(head) and len(table.cells) > len(head):  # the head, printed again
        height = max(cell.box[3] for cell in top) - table.box[3]
        if len(top) < len(cells):
            cells = [replace(c, box=_moved(c.box, -height)) for c in cells if c not in top]
            top = _row_at(cells, table.box[3])
        else:
            return
    if _is_split(bottom, top):
        cells = [cell for cell in cells if cell not in top]
        for above in bottom:
            below = next((c for c in top if abs(c.box[0] - above.box[0]) < _NEAR), None)
            above.box = (*above.box[:3], max(cell.box[3] for cell in top))
            if below is not None:
                above.text = _rejoined(above.text, below.text)
                above.grids += below.grids
    table.cells += cells
    table.box = around([cell.box for cell in table.cells])


def _is_split(above: Sequence[_Draft], below: Sequence[_Draft]) -> bool:
    """Is the first row of a page the rest of the last row of the page before?

    The same cells with an empty label and little else; or one cell, both parts long.
    """
    if not above or len(above) != len(below):
        return False
    if any(abs(a.box[0] - b.box[0]) > _NEAR for a, b in zip(_across(above), _across(below), strict=True)):  # fmt: skip
        return False
    if len(above) == 1:
        return min(len(above[0].text), len(below[0].text)) >= _LONG
    first, rest = _across(above), _across(below)
    written = [index for index, cell in enumerate(rest) if cell.text]
    known = [index for index, cell in enumerate(first) if cell.text]
    return bool(
        first[0].text and not rest[0].text and written and set(written) < set(known)
    ) and len(written) <= max(1, len(known) // 2)


def _rejoined(above: str, below: str) -> str:
    """Two parts of the text of a cell."""
    if not (above and below):
        return above or below
    return f"{above}\n{below}" if above[-1] in "。；！？.;!?：:" else above + below


def _row_at(cells: Sequence[_Draft], top: float) -> list[_Draft]:
    return [cell for cell in cells if abs(cell.box[1] - top) < _NEAR]


def _across(cells: Sequence[_Draft]) -> list[_Draft]:
    return sorted(cells, key=lambda cell: cell.box[0])


def _says(cells: Sequence[_Draft]) -> list[tuple[int, str]]:
    return [(round(cell.box[0]), cell.text) for cell in _across(cells)]


def _moved(box: Box, down: float) -> Box:
    return box[0], box[1] + down, box[2], box[3] + down


# ---- cells to grids --------------------------------------------------------------------


def _locate(table: Table) -> None:
    """Say of each cell where it is seen: the row, and which printed cell of it."""
    boxes = [cell.box for cell in table.cells]
    lines = _edges(boxes, 1)
    seen: dict[int, list[float]] = {}
    for box in boxes:
        for row in range(_at(lines, box[1]), _at(lines, box[3])):
            seen.setdefault(row, []).append(box[0])
    for starts in seen.values():
        starts.sort()
    for cell in table.cells:
        row = _at(lines, cell.box[1])
        column = bisect_right(seen[row], cell.box[0]) if row in seen else 1
        cell.where = f"{table.where} 第{row + 1}行第{column}列"


def grid_of(cells: Sequence[_Draft], where: str) -> Grid:
    """Rows of cells with their spans."""
    boxes = [cell.box for cell in cells]
    columns, lines = _edges(boxes, 0), _edges(boxes, 1)
    drawn: list[list[Cell]] = [[] for _ in lines[:-1]]
    for draft in sorted(cells, key=lambda cell: (cell.box[1], cell.box[0])):
        row, column = _at(lines, draft.box[1]), _at(columns, draft.box[0])
        drawn[row].append(
            Cell(
                row=row,
                col=column,
                rowspan=max(1, _at(lines, draft.box[3]) - row),
                colspan=max(1, _at(columns, draft.box[2]) - column),
                text=draft.text,
                where=draft.where,
                grids=tuple(draft.grids),
            )
        )
    return Grid(rows=tuple(map(tuple, drawn)), where=where)


def _edges(boxes: Sequence[Box], side: int) -> list[float]:
    """The lines of a table in one direction, those that nearly coincide as one."""
    found: list[float] = []
    for place in sorted({place for box in boxes for place in (box[side], box[side + 2])}):
        if not found or place - found[-1] > _NEAR:
            found.append(place)
    return found


def _at(edges: Sequence[float], place: float) -> int:
    """The number of the edge at this place."""
    return max(0, bisect_right(edges, place + _NEAR / 2) - 1)


def _slot(edges: Sequence[float], place: float) -> int:
    """The row or column a place lies in; -1 or beyond the last for outside."""
    return bisect_right(edges, place) - 1


def around(cells: Sequence[Box]) -> Box:
    """The box around all of them."""
    return (
        min(box[0] for box in cells),
        min(box[1] for box in cells),
        max(box[2] for box in cells),
        max(box[3] for box in cells),
    )


def _area(cells: Sequence[Box]) -> float:
    x0, top, x1, bottom = around(cells)
    return (x1 - x0) * (bottom - top)


def _within(inner: Box, outer: Box) -> bool:
    return (
        outer[0] - _NEAR <= inner[0]
        and outer[1] - _NEAR <= inner[1]
        and inner[2] <= outer[2] + _NEAR
        and inner[3] <= outer[3] + _NEAR
    )
