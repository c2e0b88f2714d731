"""Plain text files: lines, in one of the encodings Chinese editors write.

Unicode with a mark, UTF-8, or GB 18030 (which GBK and GB 2312 are part of), each
strictly: bytes that fit none are reported, never guessed at. A worksheet saved as
comma-separated values (RFC 4180) is a grid, whatever its name; lines with a comma here
and there are not.
"""

from __future__ import annotations

import codecs
import csv
import io

from parsers.celllines import BLANK, has_cells, with_cells
from parsers.damage import Damaged, oversized
from parsers.limits import Limits
from parsers.model import Cell, Content, Grid, Line
from parsers.values.wordcount import count_words

_LEAST = 3  #: records that make a table
_FEW = 20  #: records after which prose is told from a table
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def read_text(content: bytes, limits: Limits) -> Content:
    """One line of text a block, blank ones left out. Raises :class:`parsers.damage.Damaged`."""
    if len(content) > limits.max_part:
        raise oversized("文本文件过大")
    text = decode(content)
    grid = _table(text, limits)
    if grid is not None:
        written = "\n".join(cell.text for cell in grid.cells() if cell.text)
        return Content(blocks=(grid,), characters=count_words(written))
    lines = text.splitlines()
    if has_cells(lines):
        return Content(blocks=tuple(with_cells(lines)), characters=count_words(text))
    lines = [line.strip(BLANK) for line in lines]
    return Content(
        blocks=tuple(
            Line(text=line, where=f"第{number}行")
            for number, line in enumerate(lines, start=1)
            if line
        ),
        characters=count_words(text),
    )


def _table(text: str, limits: Limits) -> Grid | None:
    """The cells of comma-separated values, None for what is none. Raises Damaged.

    Spreadsheet programs write as many fields in every record; other programs may leave
    out the empty ones at the end, and then put every field in quotes.
    """
    text = text.removeprefix("\ufeff").rstrip("\x1a")
    records: list[list[str]] = []
    cells = 0
    try:
        for record in csv.reader(io.StringIO(text, newline=""), strict=True):
            records.append(record)
            cells += len(record)
            if cells > limits.max_cells:
                raise oversized("文档中的表格过大")
            if len(records) == _FEW and sum(len(row) > 1 for row in records) < _FEW // 2:
                return None
    except csv.Error:
        return None
    widths = [len(record) for record in records if record]
    several = sum(width > 1 for width in widths)
    is_even = len(set(widths)) == 1 and several > 0
    is_quoted = text.startswith('"') and several * 2 >= len(widths)
    if len(widths) < _LEAST or not (is_even or is_quoted):
        return None
    return Grid(
        rows=tuple(
            tuple(
                Cell(row=row, col=col, text=field.strip(), where=f"第{row + 1}行第{col + 1}列")
                for col, field in enumerate(record)
            )
            for row, record in enumerate(records)
        ),
        where="表1",
    )


def decode(content: bytes) -> str:
    """The text, by mark or by trial. Raises :class:`parsers.damage.Damaged`."""
    marked = [name for mark, name in _MARKS if content.startswith(mark)]
    for encoding in marked or ["utf-8", "gb18030"]:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Damaged(
        "document.unreadable",
        "文本文件的编码无法识别，请用记事本另存为 UTF-8 编码或改用 .docx 后重新发送。",
    )
