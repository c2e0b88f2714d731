"""Plain Word tables, read in one flat pass.

Most tables of forms hold nothing but rows, cells, paragraphs and text. Then the
beginnings of elements in document order say everything, and the parser library can
pick them out at its own speed: several times faster than walking the tree. A table
with anything else in it is left to :mod:`parsers.word.walk`, which must give the same
answer for a plain one (a test holds the two together).
"""

from __future__ import annotations

from dataclasses import replace

from parsers.containers.package import Element
from parsers.gridwork import plain_cell
from parsers.model import Cell, Grid
from parsers.word.text import ALTERNATE, CHARACTERS, MATH, SDT, VAL, P, R, T, W, column_count

_TBL, _TR, _TC = W + "tbl", W + "tr", W + "tc"
_GRID_SPAN, _V_MERGE, _GRID_BEFORE = W + "gridSpan", W + "vMerge", W + "gridBefore"
_READ = (T, P, _TC, _TR, _TBL, _GRID_SPAN, _V_MERGE, _GRID_BEFORE, *CHARACTERS)

#: what only the careful walk understands
_CAREFUL = (
    SDT,
    ALTERNATE,
    MATH,
    *(
        W + name
        for name in (
            "del", "moveFrom", "cellDel", "hMerge", "tcPrChange", "trPrChange",
            "sym", "fldChar", "ruby", "drawing", "pict", "object",
        )
    ),
)  # fmt: skip


def plain_grid(table: Element, where: str, room: int) -> Grid | None:
    """The table as a grid; None where it is not plain or has more than ``room`` cells."""
    if next(table.iter(*_CAREFUL), None) is not None:
        return None
    raw = _collect(table)
    if raw is None or sum(map(len, raw.lines)) > room:
        return None
    return Grid(rows=_lay_out(raw, where), where=where)


class _Raw:
    """What stands in the cells, and what is said of the few that are merged."""

    __slots__ = ("before", "downs", "lines", "merged", "spans")

    def __init__(self) -> None:
        self.lines: list[list[list[str]]] = []  #: rows, printed cells, pieces of text
        self.before: dict[int, int] = {}  #: row to grid columns left out
        self.spans: dict[tuple[int, int], int] = {}  #: (row, cell) to grid columns
        self.downs: dict[tuple[int, int], str] = {}  #: (row, cell) to "restart" or "continue"
        self.merged: set[int] = set()  #: rows any of these are about


def _collect(table: Element) -> _Raw | None:
    """The flat pass; None where another table begins inside."""
    raw = _Raw()
    line: list[list[str]] = []
    parts: list[str] = []
    for element in table.iter(*_READ):
        tag = element.tag
        if tag == T:
            parts.append(element.text or "")
        elif tag == P:
            parts.append("\n")  # the one before the first paragraph is stripped with the blanks
        elif tag == _TC:
            parts = []
            line.append(parts)
        elif tag == _TR:
            line = []
            raw.lines.append(line)
        elif tag == _TBL:
            if raw.lines:
                return None
        elif tag in CHARACTERS:
            parent = element.getparent()
            if parent is not None and parent.tag == R:  # a w:tab may be a tab stop, too
                parts.append(CHARACTERS[tag])
        else:
            _note(raw, element)
    return raw


def _note(raw: _Raw, element: Element) -> None:
    """Keep what a property says of the cell, or the row, that has just begun."""
    row = len(raw.lines) - 1
    raw.merged.add(row)
    if element.tag == _GRID_BEFORE:
        raw.before[row] = column_count(element.get(VAL), 0)
        return
    key = (row, len(raw.lines[-1]) - 1)
    if element.tag == _GRID_SPAN:
        raw.spans[key] = column_count(element.get(VAL), 1) or 1
    else:
        raw.downs[key] = element.get(VAL, "continue")


def _lay_out(raw: _Raw, where: str) -> tuple[tuple[Cell, ...], ...]:
    """Cells at their places in the grid."""
    rows: list[list[Cell]] = []
    lengths: dict[tuple[int, int], int] = {}
    #: grid column to (row, index in the row) of the cell that reaches down there
    reaching: dict[int, tuple[int, int]] = {}
    for row, line in enumerate(raw.lines):
        place = f"{where} 第{row + 1}行第"
        if row not in raw.merged and not reaching:
            rows.append(
                [
                    plain_cell(row, col, "".join(parts).strip(), f"{place}{col + 1}列")
                    for col, parts in enumerate(line)
                ]
            )
            continue
        rows.append([])
        col = raw.before.get(row, 0)
        for number, parts in enumerate(line):
            span = raw.spans.get((row, number), 1)
            down = raw.downs.get((row, number))
            if down == "continue" and col in reaching:
                lengths[reaching[col]] = row - reaching[col][0] + 1
            else:
                if reaching:
                    for covered in range(col, col + span):
                        reaching.pop(covered, None)
                if down is not None:
                    reaching[col] = (row, len(rows[-1]))
                text, spot = "".join(parts).strip(), f"{place}{number + 1}列"
                rows[-1].append(plain_cell(row, col, text, spot, span))
            col += span
    for (row, index), length in lengths.items():
        rows[row][index] = replace(rows[row][index], rowspan=length)
    return tuple(map(tuple, rows))
