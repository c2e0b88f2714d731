"""The walk over a Word part: from its elements to located lines and grids, in one pass.

Merged cells are joined, content controls and other wrappers are looked through at
every level. A text box is the text of the table cell that holds nothing else, and
follows the block that holds it everywhere else. What a paragraph says is
for :mod:`parsers.word.text`. Element names are those of ECMA-376 part 1, 17.4 and 17.5.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from parsers.containers.package import Element
from parsers.damage import hostile, oversized
from parsers.limits import Limits
from parsers.model import Block, Cell, Grid, Line
from parsers.word.plain import plain_grid
from parsers.word.style import Styles
from parsers.word.text import (
    ALTERNATE,
    SDT,
    SDT_CONTENT,
    VAL,
    WRAPPERS,
    P,
    TextReader,
    W,
    chosen,
    column_count,
    shown,
    speaks_for_itself,
)

_TBL, _TR, _TC = W + "tbl", W + "tr", W + "tc"
_TR_PR, _TC_PR = W + "trPr", W + "tcPr"
_GRID_SPAN, _V_MERGE, _H_MERGE = W + "gridSpan", W + "vMerge", W + "hMerge"
_GRID_BEFORE, _DELETED, _CELL_DELETED = W + "gridBefore", W + "del", W + "cellDel"


class _Draft:
    """A cell while rows below may still lengthen it."""

    __slots__ = ("col", "colspan", "grids", "row", "rowspan", "text", "where")

    def __init__(self, row: int, col: int, colspan: int) -> None:
        self.row, self.col, self.colspan, self.rowspan = row, col, colspan, 1
        self.text = self.where = ""
        self.grids: list[Grid] = []

    def cell(self) -> Cell:
        """The finished cell."""
        return Cell(
            row=self.row,
            col=self.col,
            rowspan=self.rowspan,
            colspan=self.colspan,
            text=self.text,
            where=self.where,
            grids=tuple(self.grids),
        )


class _Plan:
    """A table while it is read: its rows so far, and by column the cells open to below."""

    __slots__ = ("depth", "lines", "reaching", "where")

    def __init__(self, where: str, depth: int) -> None:
        self.where, self.depth = where, depth
        self.lines: list[list[_Draft]] = []
        self.reaching: dict[int, _Draft] = {}

    def open(self, draft: _Draft, *, reaching: bool) -> None:
        """A cell begins: those above it end, and it may reach down itself."""
        if self.reaching:
            for covered in range(draft.col, draft.col + draft.colspan):
                self.reaching.pop(covered, None)
        if reaching:
            self.reaching[draft.col] = draft


#: Told of each place of the body and the paragraph or cell element that stands there.
Note = Callable[[str, Element], None]


class Walk:
    """One part of the document, top to bottom, with the counters of its places."""

    def __init__(
        self, reader: TextReader, limits: Limits, styles: Styles | None, note: Note | None = None
    ) -> None:
        self._reader = reader
        self._limits = limits
        self._styles = styles
        self._note = note
        self._cells = 0
        self._boxes = 0

    def body(self, body: Element) -> Iterator[Block]:
        """Lines and grids of the body; a text box follows the block that holds it."""
        paragraphs = tables = 0
        for piece in self._pieces(body, 0):
            if not isinstance(piece, str) and piece.tag == _TBL:
                tables += 1
                yield self._grid(piece, f"表{tables}", 0)
            else:
                text = self._text(piece).strip()
                if text:
                    paragraphs += 1
                    place = f"第{paragraphs}段"
                    if self._note is not None and not isinstance(piece, str):
                        self._note(place, piece)
                    yield Line(text=text, where=place, heading=self._heads(piece))
            yield from self.text_boxes("")

    def text_boxes(self, where: str) -> Iterator[Block]:
        """What the text boxes met since the last call hold; ``where`` replaces their own place."""
        while self._reader.boxes:
            box = self._reader.boxes.pop(0)
            self._boxes += 1
            place = where or f"文本框{self._boxes}"
            tables = 0
            for piece in self._pieces(box, 0):
                if not isinstance(piece, str) and piece.tag == _TBL:
                    tables += 1
                    yield self._grid(piece, f"{place} 表{tables}", 0)
                else:
                    text = self._text(piece).strip()
                    if text:
                        yield Line(text=text, where=place, heading=self._heads(piece))

    def _heads(self, piece: Element | str) -> bool:
        """Is the piece a heading?"""
        if self._styles is None or isinstance(piece, str):
            return False
        return self._styles.is_heading(piece)

    def _text(self, piece: Element | str) -> str:
        """The text of a paragraph."""
        return piece if isinstance(piece, str) else self._reader.paragraph(piece)

    def _pieces(self, parent: Element, depth: int) -> Iterator[Element | str]:
        """Paragraphs and tables under whatever wraps them.

        A content control that shows something else than it holds comes out as text.
        """
        if depth > self._limits.max_nesting:
            raise hostile("嵌套过深")
        for child in parent:
            tag = child.tag
            if tag in (P, _TBL):
                yield child
            elif tag == SDT:
                yield from self._controlled(child, depth)
            elif tag in WRAPPERS:
                yield from self._pieces(child, depth + 1)
            elif tag == ALTERNATE:
                branch = chosen(child)
                if branch is not None:
                    yield from self._pieces(branch, depth + 1)

    def _controlled(self, control: Element, depth: int) -> Iterator[Element | str]:
        """The pieces of a content control around whole paragraphs."""
        pieces = [
            piece
            for child in control
            if child.tag == SDT_CONTENT
            for piece in self._pieces(child, depth + 1)
        ]
        tables = any(not isinstance(piece, str) and piece.tag == _TBL for piece in pieces)
        if tables or not speaks_for_itself(control):
            yield from pieces
        else:
            yield shown(control, "\n".join(self._text(piece) for piece in pieces))

    def _grid(self, table: Element, where: str, depth: int) -> Grid:
        """One table with its merged cells joined."""
        if depth > self._limits.max_nesting:
            raise hostile("表格嵌套过深")
        if self._reader.is_plain and self._note is None:
            grid = plain_grid(table, where, self._limits.max_cells - self._cells)
            if grid is not None:
                self._cells += sum(map(len, grid.rows))
                return grid
        plan = _Plan(where, depth)
        for row in self._rows(table, 0):
            start = 0
            properties = row.find(_TR_PR)
            if properties is not None:
                if properties.find(_DELETED) is not None:
                    continue
                before = properties.find(_GRID_BEFORE)
                if before is not None:
                    start = column_count(before.get(VAL), 0)
            self._row(row, start, plan)
        return Grid(
            rows=tuple(tuple(draft.cell() for draft in line) for line in plan.lines), where=where
        )

    def _row(self, row: Element, col: int, plan: _Plan) -> None:
        """Add the cells that begin in one row, the first of them in grid column ``col``."""
        line: list[_Draft] = []
        printed = 0
        number = len(plan.lines)
        place = f"{plan.where} 第{number + 1}行第"
        for tc, control in self._tcs(row, None, 0):
            span, down, across = _layout(tc)
            if across == "deleted":
                continue
            if across == "continue" and line:
                line[-1].colspan += span
                col += span
                continue
            printed += 1
            above = plan.reaching.get(col)
            if down == "continue" and above is not None:
                above.rowspan = number - above.row + 1
            else:
                draft = _Draft(number, col, span)
                draft.where = f"{place}{printed}列"
                if self._note is not None:
                    self._note(draft.where, tc)
                self._fill(draft, tc, control, plan.depth)
                line.append(draft)
                plan.open(draft, reaching=bool(down))
            col += span
        plan.lines.append(line)

    def _fill(self, draft: _Draft, tc: Element, control: Element | None, depth: int) -> None:
        """Text and nested tables of one cell."""
        self._cells += 1
        if self._cells > self._limits.max_cells:
            raise oversized("文档中的表格过大")
        lines: list[str] = []
        paragraph = self._reader.paragraph
        waiting = len(self._reader.boxes)
        for child in tc:
            tag = child.tag
            if tag == P:
                lines.append(paragraph(child))
            elif tag == _TC_PR:
                continue
            elif tag == _TBL:
                self._nest(draft, child, depth)
            else:
                for piece in self._loose(child):
                    if not isinstance(piece, str) and piece.tag == _TBL:
                        self._nest(draft, piece, depth)
                    else:
                        lines.append(self._text(piece))
        text = lines[0] if len(lines) == 1 else "\n".join(lines)
        draft.text = (text if control is None else shown(control, text)).strip()
        if len(self._reader.boxes) > waiting and not (draft.text or draft.grids):
            draft.text = self._boxed(waiting)

    def _boxed(self, waiting: int) -> str:
        """The text of the boxes met after the first ``waiting``: all an empty cell shows.

        A box with a table in it stays among the boxes that follow the block.
        """
        boxes, lines = self._reader.boxes, list[str]()
        while waiting < len(boxes):
            if next(boxes[waiting].iter(_TBL), None) is not None:
                waiting += 1
                continue
            pieces = self._pieces(boxes.pop(waiting), 0)
            lines += (text for piece in pieces if (text := self._text(piece).strip()))
        return "\n".join(lines)

    def _loose(self, child: Element) -> Iterator[Element | str]:
        """The pieces of one wrapping child of a cell."""
        if child.tag == SDT:
            yield from self._controlled(child, 0)
        elif child.tag in WRAPPERS or child.tag == ALTERNATE:
            branch = chosen(child) if child.tag == ALTERNATE else child
            if branch is not None:
                yield from self._pieces(branch, 0)

    def _nest(self, draft: _Draft, table: Element, depth: int) -> None:
        """Add a table inside a cell."""
        place = f"{draft.where} 内表{len(draft.grids) + 1}"
        draft.grids.append(self._grid(table, place, depth + 1))

    def _rows(self, parent: Element, depth: int) -> Iterator[Element]:
        """The rows of a table under whatever wraps them."""
        if depth > self._limits.max_nesting:
            raise hostile("嵌套过深")
        for child in parent:
            tag = child.tag
            if tag == _TR:
                yield child
            elif tag == SDT or tag in WRAPPERS:
                yield from self._rows(child, depth + 1)

    def _tcs(
        self, parent: Element, control: Element | None, depth: int
    ) -> Iterator[tuple[Element, Element | None]]:
        """The cells of a row, each with the content control that is around it."""
        if depth > self._limits.max_nesting:
            raise hostile("嵌套过深")
        for child in parent:
            tag = child.tag
            if tag == _TC:
                yield child, control
            elif tag == SDT:
                yield from self._tcs(child, child, depth + 1)
            elif tag in WRAPPERS:
                yield from self._tcs(child, control, depth + 1)


def _layout(tc: Element) -> tuple[int, str, str]:
    """Columns spanned, then what is said of merging down and across; empty: nothing."""
    span, down, across = 1, "", ""
    properties = tc[0] if len(tc) and tc[0].tag == _TC_PR else tc.find(_TC_PR)
    if properties is not None:
        for entry in properties:
            tag = entry.tag
            if tag == _GRID_SPAN:
                span = column_count(entry.get(VAL), 1) or 1
            elif tag == _V_MERGE:
                down = entry.get(VAL, "continue")
            elif tag == _H_MERGE:
                across = entry.get(VAL, "continue")
            elif tag == _CELL_DELETED:
                across = "deleted"
    return span, down, across
