"""Lines and grids as JSON and back: what a page needs that shows a document as it was read.

Reading back checks every shape, because what comes over the child's pipe was made
from hostile bytes. Damage is :class:`BlockError`, never half a grid.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from parsers.model import Block, Cell, Grid, Line

Json = dict[str, Any]

_DEEPEST = 64  #: tables within tables; far more than the readers' limit lets through


class BlockError(ValueError):
    """The data are no blocks as :func:`blocks_to_json` writes them."""


def blocks_to_json(blocks: Iterable[Block]) -> list[Json]:
    """One object a block: ``{"line": text, ...}`` or ``{"rows": [[cell]], ...}``."""
    return [_line(block) if isinstance(block, Line) else _grid(block) for block in blocks]


def _line(line: Line) -> Json:
    return {"line": line.text, "where": line.where, "heading": line.heading}


def _grid(grid: Grid) -> Json:
    return {"rows": [[_cell(cell) for cell in row] for row in grid.rows], "where": grid.where}


def _cell(cell: Cell) -> Json:
    """``at`` is row, column, rows and columns covered."""
    data: Json = {
        "at": [cell.row, cell.col, cell.rowspan, cell.colspan],
        "text": cell.text,
        "where": cell.where,
    }
    if cell.grids:
        data["grids"] = [_grid(grid) for grid in cell.grids]
    return data


def blocks_from_json(data: Any) -> tuple[Block, ...]:
    """The inverse of :func:`blocks_to_json`. Raises BlockError."""
    return tuple(
        _read_line(entry) if "line" in entry else _read_grid(entry)
        for entry in map(_object, _list(data))
    )


def _read_line(data: Json) -> Line:
    heading = data.get("heading")
    if not isinstance(heading, bool):
        raise BlockError("heading")
    return Line(text=_text(data, "line"), where=_text(data, "where"), heading=heading)


def _read_grid(data: Json, depth: int = 0) -> Grid:
    if depth > _DEEPEST:
        raise BlockError("depth")
    rows = tuple(
        tuple(_read_cell(_object(cell), depth) for cell in _list(row))
        for row in _list(data.get("rows"))
    )
    return Grid(rows=rows, where=_text(data, "where"))


def _read_cell(data: Json, depth: int) -> Cell:
    at = _list(data.get("at"))
    if len(at) != 4 or not all(type(number) is int and number >= 0 for number in at):  # noqa: PLR2004
        raise BlockError("at")
    row, col, rowspan, colspan = at
    return Cell(
        row=row,
        col=col,
        rowspan=rowspan,
        colspan=colspan,
        text=_text(data, "text"),
        where=_text(data, "where"),
        grids=tuple(_read_grid(_object(grid), depth + 1) for grid in _list(data.get("grids", []))),
    )


def _object(data: Any) -> Json:
    if not isinstance(data, dict):
        raise BlockError("object")
    return data


def _list(data: Any) -> list[Any]:
    if not isinstance(data, list):
        raise BlockError("list")
    return data


def _text(data: Json, key: str) -> str:
    text = data.get(key)
    if not isinstance(text, str):
        raise BlockError(key)
    return text
