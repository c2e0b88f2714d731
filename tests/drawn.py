"""Content drawn by hand: grids and lines as the format readers hand them over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from parsers.model import Block, Cell, Content, Grid, Line


@dataclass(frozen=True)
class C:
    """A cell that spans."""

    text: str = ""
    across: int = 1
    down: int = 1


def grid(rows: Sequence[Sequence[str | C]], where: str = "表1", *, sheet: str = "") -> Grid:
    """A grid from its printed rows; cells that reach down are written once."""
    covered: set[tuple[int, int]] = set()
    result = []
    for number, row in enumerate(rows):
        cells, col = [], 0
        for entry in row:
            cell = entry if isinstance(entry, C) else C(entry)
            while (number, col) in covered:
                col += 1
            covered |= {
                (number + down, col + across)
                for down in range(cell.down)
                for across in range(cell.across)
            }
            before = len({c.col for c in cells}) + sum(
                1 for r in result for c in r if c.row < number < c.row + c.rowspan and c.col < col
            )
            place = (
                f"{sheet}!{chr(65 + col)}{number + 1}"
                if sheet
                else f"{where} 第{number + 1}行第{before + 1}列"
            )
            cells.append(
                Cell(
                    row=number,
                    col=col,
                    rowspan=cell.down,
                    colspan=cell.across,
                    text=cell.text,
                    where=place,
                )
            )
            col += cell.across
        result.append(tuple(cells))
    return Grid(rows=tuple(result), where=sheet or where)


def content(*blocks: str | Block) -> Content:
    """Lines and grids in their order; a text is a line."""
    made = [
        Line(text=block, where=f"第{n}段") if isinstance(block, str) else block
        for n, block in enumerate(blocks, start=1)
    ]
    return Content(blocks=tuple(made))
