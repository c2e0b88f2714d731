"""Web pages (.html, often named .doc or .xls): lines and grids as a browser shows them.

Word, WPS and Excel write such pages themselves. Tables come out with their merged
cells, boxes with their states. Scripts, styles, hidden and struck-out text are left
out; nothing a page points to is fetched. What a cell or line says is for
:mod:`parsers.web.text`.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree, html

from parsers.containers.package import Element
from parsers.damage import hostile, oversized
from parsers.limits import Limits
from parsers.model import Block, Cell, Content, Grid, Line
from parsers.plain import decode
from parsers.values.wordcount import count_words
from parsers.web.text import (
    BREAK,
    Looks,
    Piece,
    control_text,
    is_unseen,
    looks_of,
    seen,
    squeezed,
)
from parsers.word.document import texts

_DECLARED = re.compile(rb"<meta\b[^>]*?charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_CONDITION = re.compile(r"<!\[[^>\n]*>")  #: around what Word shows otherwise than browsers
_HEAD = 4096
#: one encoding and its older parts
_CHINESE = frozenset({"gb2312", "gbk", "gb_2312-80", "x-gbk", "cp936", "gb18030", "hz-gb-2312"})

_WIDEST = 1000  #: columns a cell may span (HTML, 4.9.11)
_LONGEST = 65_534  #: rows a cell may span (the same)
_SPLIT = frozenset({"thead", "tbody", "tfoot", "form"})  #: between a table and its rows
_PARAGRAPHS = frozenset(
    {"address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "div", "dl"}
    | {"dt", "fieldset", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr"}
    | {"html", "li", "main", "nav", "ol", "p", "pre", "section", "tr", "td", "th", "ul"}
)


def read_page(content: bytes, limits: Limits, charset: str = "", place: str = "") -> Content:
    """The blocks of a page. Raises :class:`parsers.damage.Damaged`.

    ``charset`` is what is said of it outside; ``place`` stands before its own places.
    """
    if len(content) > limits.max_part:
        raise oversized("网页文件过大")
    root = _tree(_decoded(content, charset))
    blocks = () if root is None else tuple(_Page(limits, place).blocks(root))
    return Content(blocks=blocks, characters=count_words("\n".join(texts(blocks))))


def _decoded(content: bytes, charset: str) -> str:
    """The text by its mark, as UTF-8 if it is any, by what is declared, or by trial.

    Text of another encoding is hardly ever valid UTF-8, and declarations are copied.
    """
    found = _DECLARED.search(content[:_HEAD])
    declared = charset or (found.group(1).decode("ascii", "replace") if found else "")
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return decode(content)
    names = ("utf-8-sig", "gb18030" if declared.lower() in _CHINESE else declared)
    for name in filter(None, names):
        with contextlib.suppress(LookupError, UnicodeError):
            return content.decode(name)
    return decode(content)


def _tree(text: str) -> Element | None:
    """The tree of a page; None where there is nothing in it."""
    text = _CONDITION.sub("", text).replace("\0", "")
    parser = html.HTMLParser(
        encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True
    )
    data = text.encode("utf-8", "replace")
    try:
        root = html.document_fromstring(data, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError):  # nothing but comments, or nothing at all
        return None
    if any("excessive depth" in entry.message.lower() for entry in parser.error_log):
        raise hostile("嵌套过深")  # what lies deeper was dropped
    return root


class _Flow:
    """What stands one below the other in a page or a cell: paragraphs and tables."""

    __slots__ = ("_pieces", "items")

    def __init__(self) -> None:
        self.items: list[Piece | Element] = []
        self._pieces: list[Piece] = []

    def add(self, piece: Piece) -> None:
        """More text of the paragraph."""
        self._pieces.append(piece)

    def end(self) -> None:
        """The paragraph, if there is one, is over."""
        if self._pieces:
            text = squeezed("".join(piece.text for piece in self._pieces))
            heading = all(piece.heading for piece in self._pieces if piece.text.strip())
            self._pieces = []
            if text:
                self.items.append(Piece(text=text, heading=heading))


def _collect(element: Element, flow: _Flow, outer: Looks) -> None:
    """Add what is inside an element, tables left whole."""
    looks = looks_of(element, outer)
    if element.text:
        flow.add(seen(element.text, looks))
    for child in element:
        if isinstance(child.tag, str) and not is_unseen(child):
            _collect_child(child, flow, looks)
        if child.tail:
            flow.add(seen(child.tail, looks))


def _collect_child(child: Element, flow: _Flow, looks: Looks) -> None:
    """Add one element that is seen."""
    tag = child.tag
    shown = control_text(child)
    if shown is not None:
        flow.add(seen(shown, looks))
    elif tag == "br":
        flow.add(seen(BREAK, looks))
    elif tag == "table":
        flow.end()
        frame = _framed(child)
        if frame is None:
            for caption in child.iterchildren("caption"):
                _collect(caption, flow, looks)
                flow.end()
            if any(next(_cells(row), None) is not None for row in _rows(child)):
                flow.items.append(child)
        else:
            _collect(frame, flow, looks)
            flow.end()
    elif tag in _PARAGRAPHS:
        flow.end()
        _collect(child, flow, looks)
        flow.end()
    else:
        _collect(child, flow, looks)


def _framed(table: Element) -> Element | None:
    """The only cell of a table that is a frame around other tables."""
    cells = [cell for row in _rows(table) for cell in _cells(row)]
    if len(cells) == 1 and next(cells[0].iter("table"), None) is not None:
        return cells[0]
    return None


def _rows(table: Element) -> Iterator[Element]:
    """The rows that are seen."""
    for child in table:
        if child.tag == "tr" and not is_unseen(child):
            yield child
        elif child.tag in _SPLIT and not is_unseen(child):
            yield from _rows(child)


def _cells(row: Element) -> Iterator[Element]:
    """The cells that are seen."""
    for child in row:
        if child.tag in {"td", "th"} and not is_unseen(child):
            yield child
        elif child.tag == "form":
            yield from _cells(child)


@dataclass(slots=True)
class _Draft:
    """A cell at its place, before it is known how many rows there are."""

    element: Element
    row: int
    col: int
    colspan: int
    until: int  #: the row below its last one, as far as is said
    where: str


class _Page:
    """One page, top to bottom, with the counters of its places."""

    def __init__(self, limits: Limits, place: str) -> None:
        self._limits = limits
        self._place = place
        self._cells = 0

    def blocks(self, root: Element) -> Iterator[Block]:
        """Lines and grids in reading order."""
        tables = paragraphs = 0
        for item in _items(root):
            if isinstance(item, Piece):
                paragraphs += 1
                yield Line(
                    text=item.text, where=f"{self._place}第{paragraphs}段", heading=item.heading
                )
            else:
                tables += 1
                yield self._grid(item, f"{self._place}表{tables}", 0)

    def _grid(self, table: Element, where: str, depth: int) -> Grid:
        """One table with its merged cells."""
        if depth > self._limits.max_nesting:
            raise hostile("表格嵌套过深")
        lines: list[list[_Draft]] = []
        above: dict[int, _Draft] = {}
        for number, row in enumerate(_rows(table)):
            lines.append(self._line(row, number, above, where))
        return Grid(
            rows=tuple(
                tuple(self._cell(draft, len(lines), depth) for draft in line) for line in lines
            ),
            where=where,
        )

    def _line(
        self, row: Element, number: int, above: dict[int, _Draft], where: str
    ) -> list[_Draft]:
        """The cells that begin in a row; ``above`` holds the cell last seen in each column."""
        line: list[_Draft] = []
        passed: set[int] = set()
        col = 0
        for element in _cells(row):
            while col in above and above[col].until > number:
                passed.add(id(above[col]))
                col += 1
            span = _span(element, "colspan")
            down = _span(element, "rowspan")
            free = next(
                (
                    at
                    for at in range(1, span)
                    if col + at in above and above[col + at].until > number
                ),
                span,
            )
            self._count(free)
            place = f"{where} 第{number + 1}行第{len(passed) + len(line) + 1}列"
            draft = _Draft(element, number, col, free, number + down, place)
            above.update(dict.fromkeys(range(col, col + free), draft))
            line.append(draft)
            col += free
        return line

    def _count(self, columns: int) -> None:
        """So much more of a table."""
        self._cells += columns
        if self._cells > self._limits.max_cells:
            raise oversized("网页中的表格过大")

    def _cell(self, draft: _Draft, rows: int, depth: int) -> Cell:
        """The finished cell of a table with so many rows."""
        items = _items(draft.element)
        tables = [item for item in items if not isinstance(item, Piece)]
        return Cell(
            row=draft.row,
            col=draft.col,
            rowspan=min(draft.until, rows) - draft.row,
            colspan=draft.colspan,
            text="\n".join(item.text for item in items if isinstance(item, Piece)),
            where=draft.where,
            grids=tuple(
                self._grid(table, f"{draft.where} 内表{number}", depth + 1)
                for number, table in enumerate(tables, start=1)
            ),
        )


def _items(element: Element) -> list[Piece | Element]:
    """The paragraphs and tables in an element."""
    flow = _Flow()
    _collect(element, flow, Looks())
    flow.end()
    return flow.items


def _span(cell: Element, name: str) -> int:
    """Columns or rows a cell covers; rowspan 0 is all that follow (HTML 4.01, 11.2.6)."""
    value = cell.get(name, "1").strip()
    if not (value.isascii() and value.isdigit()):
        return 1
    count = int(value[:9])
    if name == "rowspan":
        return count or _LONGEST
    return min(count, _WIDEST) or 1
