"""One table to a Word document, A4 landscape, the header repeated on each page."""

from __future__ import annotations

import io

import docx
from docx.enum.section import WD_ORIENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.table import _Cell

from mailbot.reports.sheet import CellValue, Sheet, shown

_WIDTH = 267  #: mm between the margins
_FONT = "微软雅黑"


def write(sheet: Sheet, *, title: str, note: str) -> bytes:
    """The document: title, table, note."""
    document = docx.Document()
    style = document.styles["Normal"]
    style.font.name, style.font.size = _FONT, Pt(8)
    properties = style.element.get_or_add_rPr()
    properties.get_or_add_rFonts().set(qn("w:eastAsia"), _FONT)
    language = OxmlElement("w:lang")
    language.set(qn("w:eastAsia"), "zh-CN")
    properties.append(language)
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.left_margin = section.right_margin = Mm(15)
    section.top_margin = section.bottom_margin = Mm(15)
    head = document.add_paragraph().add_run(title)
    head.bold, head.font.size = True, Pt(12)
    table = document.add_table(rows=1 + len(sheet.rows), cols=len(sheet.columns))
    table.style = "Table Grid"
    table.autofit = False
    repeat = OxmlElement("w:tblHeader")
    table.rows[0]._tr.get_or_add_trPr().append(repeat)  # noqa: SLF001 - the library has no call for it
    total = sum(column.width for column in sheet.columns)
    widths = [Mm(_WIDTH * column.width / total) for column in sheet.columns]
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    lines: list[tuple[CellValue, ...]] = [tuple(column.label for column in sheet.columns)]
    lines += sheet.rows
    for number, (line, row) in enumerate(zip(lines, table.rows, strict=True)):
        for value, cell, width in zip(line, row.cells, widths, strict=True):
            cell.width = width
            _put(cell, value, bold=number == 0)
    document.add_paragraph(note)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _put(cell: _Cell, value: CellValue, *, bold: bool) -> None:
    run = cell.paragraphs[0].add_run(shown(value))
    run.bold = bold
