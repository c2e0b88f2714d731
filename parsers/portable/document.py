"""PDF documents with text of their own: from pages to located lines and grids.

Ruled tables become grids, those that go on over pages one grid; wraps inside cells and
paragraphs are joined. A page that is a picture, or whose fonts do not tell their
characters, is not read; a document of such pages alone has no content. Whether a PDF may
stand for a form is for the rules.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from parsers.damage import oversized
from parsers.limits import Limits
from parsers.model import Block, Content, Line
from parsers.portable.pages import Box, Glyph, Page, read_pages
from parsers.portable.ruling import Table, append, grid_of, is_same_table, tables_of
from parsers.portable.typesetting import Row, joined, paragraphs, rows
from parsers.values.wordcount import count_words
from parsers.word.document import texts

_MARGIN = 0.1  #: share of the page above and below that holds its number
_PAGE_NUMBER = re.compile(r"[-—–\s]*(?:第\s*)?\d{1,4}(?:\s*页)?(?:\s*[/，,共]\s*共?\s*\d{1,4}\s*页?)?[-—–\s]*")  # fmt: skip


def read_portable(content: bytes, limits: Limits) -> Content | None:
    """The blocks of a PDF in reading order, None for one without text.

    Raises :class:`parsers.damage.Damaged`.
    """
    return content_of(read_pages(content, limits), limits)


def content_of(pages: Iterable[Page], limits: Limits) -> Content | None:
    """The blocks of some pages, joined; None where they have no text. Raises Damaged."""
    pieces: list[Line | Table] = []
    cells = 0
    for page in pages:
        cells += sum(map(len, page.tables))
        if cells > limits.max_cells:
            raise oversized("文档中的表格过大")
        last = pieces[-1] if pieces else None
        found = _pieces(page, last if isinstance(last, Table) else None)
        first = found[0] if found else None
        if isinstance(last, Table) and isinstance(first, Table) and is_same_table(last, first):
            append(last, first)
            found = found[1:]
        pieces += found
    blocks: list[Block] = [
        piece if isinstance(piece, Line) else grid_of(piece.cells, piece.where) for piece in pieces
    ]
    text = "\n".join(texts(blocks))
    return Content(blocks=tuple(blocks), characters=count_words(text)) if text.strip() else None


# ---- one page ----------------------------------------------------------------------


def _pieces(page: Page, before: Table | None) -> list[Line | Table]:
    """Lines and tables of a page, top to bottom; page numbers left out."""
    tables, rest = tables_of(page, before)
    placed: list[tuple[float, Line | Table]] = [(table.box[1], table) for table in tables]
    placed += _lines(page, rest, [table.box for table in tables])
    return [piece for _top, piece in sorted(placed, key=lambda entry: entry[0])]


def _lines(
    page: Page, glyphs: Sequence[Glyph], tables: Sequence[Box]
) -> Iterator[tuple[float, Line]]:
    """The paragraphs outside tables, each with its height on the page."""
    found = [row for row in rows(glyphs) if not _is_page_number(row, page)]
    if not found:
        return
    left = min(row.x0 for row in found)
    # text goes as far to the right as anything does, at least as far as it begins from the left
    right = max(page.width - left, *(row.x1 for row in found), *(box[2] for box in tables))
    number = 0
    for part in _unbroken(found, tables):
        for lines in paragraphs(part, left, right, page.slack):
            number += 1
            heading = _is_heading(lines[0], page, left)
            yield (
                lines[0].base,
                Line(
                    text=joined(lines, left, right),
                    where=f"第{page.number}页 第{number}段",
                    heading=heading,
                ),
            )


def _unbroken(lines: Sequence[Row], tables: Sequence[Box]) -> Iterator[list[Row]]:
    """Lines without a table between them."""
    part: list[Row] = []
    for row in lines:
        if part and any(part[-1].base < box[1] < row.base for box in tables):
            yield part
            part = []
        part.append(row)
    yield part


def _is_page_number(row: Row, page: Page) -> bool:
    height = row.base / page.height
    return not _MARGIN < height < 1 - _MARGIN and bool(_PAGE_NUMBER.fullmatch(row.text))


def _is_heading(row: Row, page: Page, left: float) -> bool:
    """Centred and bold, as for Word."""
    middle = (row.x0 + row.x1) / 2
    is_centred = abs(middle - page.width / 2) < 2 * row.size and row.x0 > left + row.size
    return row.bold and is_centred
