"""Paper forms drawn into Word's own XML or into a workbook, as applicants would."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from xml.sax.saxutils import escape

import openpyxl
from officefiles import docx, p, tbl
from openpyxl.cell.cell import Cell as SheetCell
from openpyxl.worksheet.worksheet import Worksheet

Content = str | int | float


@dataclass(frozen=True)
class Box:
    """One printed cell; ``across`` and ``down`` say how far it reaches."""

    text: Content = ""
    across: int = 1
    down: int = 1
    label: bool = False  #: printed by the association rather than filled in
    xml: str = ""  #: what stands in the cell instead of the text, as paragraphs
    format: str = ""  #: how a spreadsheet shows the number


@dataclass(frozen=True)
class Paper:
    """A form: lines, one table, lines."""

    head: tuple[str, ...] = ()
    rows: tuple[tuple[Box, ...], ...] = ()
    foot: tuple[str, ...] = ()

    def boxes(self, change: Callable[[Box], Box]) -> Paper:
        """The paper with each cell changed."""
        return replace(self, rows=tuple(tuple(change(box) for box in row) for row in self.rows))

    def relabelled(self, change: Callable[[str], str]) -> Paper:
        """The paper with its labels typed anew."""
        return self.boxes(lambda b: replace(b, text=change(str(b.text))) if b.label else b)

    def replaced(self, old: str, *new: Box) -> Paper:
        """The paper with the cell of this text replaced."""
        return replace(
            self,
            rows=tuple(
                tuple(one for box in row for one in (new if box.text == old else (box,)))
                for row in self.rows
            ),
        )


def L(text: str, across: int = 1, down: int = 1) -> Box:  # noqa: N802 - a word of layout
    """A label."""
    return Box(text, across, down, label=True)


# ---- drawing: Word ---------------------------------------------------------------------


def paragraphs(text: Content) -> str:
    """A paragraph a line."""
    return "".join(p(escape(line)) for line in str(text).split("\n"))


def run(text: str) -> str:
    """A run of text."""
    return f'<w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def inside_control(text: Content) -> str:
    """A content control inside the cell, around its paragraphs."""
    return f"<w:sdt><w:sdtPr><w:text/></w:sdtPr><w:sdtContent>{paragraphs(text)}</w:sdtContent></w:sdt>"


def inserted(text: Content) -> str:
    """Text as tracked changes leave it: something deleted, this inserted."""
    gone = '<w:del w:id="1" w:author="甲"><w:r><w:delText>旧内容</w:delText></w:r></w:del>'
    return f'<w:p>{gone}<w:ins w:id="2" w:author="甲">{run(str(text))}</w:ins></w:p>'


def in_pieces(text: Content) -> str:
    """A run a character, as spelling and input methods leave it."""
    return "".join(f"<w:p>{''.join(run(c) for c in line)}</w:p>" for line in str(text).split("\n"))


@dataclass(frozen=True)
class Pen:
    """How cells are written in Word."""

    value: Callable[[Content], str] = paragraphs
    label: Callable[[Content], str] = paragraphs
    around: bool = False  #: content controls around the cells of values
    properties: str = field(default="")

    def cell(self, box: Box, *, down: str = "") -> str:
        """One w:tc."""
        merge = {"": "", "restart": '<w:vMerge w:val="restart"/>', "continue": "<w:vMerge/>"}[down]
        across = f'<w:gridSpan w:val="{box.across}"/>' if box.across > 1 else ""
        if down == "continue":
            inner = p()
        else:
            inner = box.xml or (self.label if box.label else self.value)(box.text)
        tc = f"<w:tc><w:tcPr>{across}{merge}</w:tcPr>{inner}</w:tc>"
        if self.around and not box.label and down != "continue":
            return f"<w:sdt><w:sdtPr/><w:sdtContent>{tc}</w:sdtContent></w:sdt>"
        return tc


def table(rows: Sequence[Sequence[Box]], pen: Pen | None = None) -> str:
    """A w:tbl; a cell that reaches down is continued in the rows below."""
    pen = pen or Pen()
    open_: dict[int, tuple[int, Box]] = {}  #: column -> rows left, cell
    drawn: list[str] = []
    for row in rows:
        cells, col, pending = "", 0, list(row)
        while pending or col in open_:
            if col in open_:
                left, box = open_.pop(col)
                cells += pen.cell(box, down="continue")
                if left > 1:
                    open_[col] = left - 1, box
            else:
                box = pending.pop(0)
                cells += pen.cell(box, down="restart" if box.down > 1 else "")
                if box.down > 1:
                    open_[col] = box.down - 1, box
            col += box.across
        drawn.append(f"<w:tr>{cells}</w:tr>")
    return tbl(*drawn)


def body(paper: Paper, pen: Pen | None = None) -> str:
    """A paper as the XML of a Word body."""
    lines = "".join(paragraphs(line) for line in paper.head)
    grid = table(paper.rows, pen) if paper.rows else ""
    return lines + grid + "".join(paragraphs(line) for line in paper.foot)


def word(*papers: Paper, pen: Pen | None = None) -> bytes:
    """A .docx with these papers one after the other."""
    return docx("".join(body(paper, pen) for paper in papers))


# ---- drawing: Excel ----------------------------------------------------------------------


def workbook(**sheets: Sequence[Paper]) -> bytes:
    """A .xlsx with these papers below each other on each sheet."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, papers in sheets.items():
        _fill(book.create_sheet(name), papers)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _fill(sheet: Worksheet, papers: Sequence[Paper]) -> None:
    row = 1
    for paper in papers:
        width = max((sum(box.across for box in line) for line in paper.rows), default=1)
        for line in paper.head:
            row = _line(sheet, row, line, width)
        row = _rows(sheet, row, paper.rows)
        for line in paper.foot:
            row = _line(sheet, row, line, width)


def _line(sheet: Worksheet, row: int, text: str, width: int) -> int:
    sheet.cell(row, 1).value = text
    if width > 1:
        sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=width)
    return row + 1


def _rows(sheet: Worksheet, start: int, rows: Sequence[Sequence[Box]]) -> int:
    covered: set[tuple[int, int]] = set()
    for row, boxes_ in enumerate(rows, start):
        col = 1
        for box in boxes_:
            while (row, col) in covered:
                col += 1
            cell = sheet.cell(row, col)
            assert isinstance(cell, SheetCell)
            cell.value = box.text or (0 if box.text == 0 and box.text != "" else None)
            if box.format:
                cell.number_format = box.format
            end = row + box.down - 1, col + box.across - 1
            if end != (row, col):
                sheet.merge_cells(
                    start_row=row, start_column=col, end_row=end[0], end_column=end[1]
                )
            covered |= {(r, c) for r in range(row, end[0] + 1) for c in range(col, end[1] + 1)}
            col = end[1] + 1
    return start + len(rows)
