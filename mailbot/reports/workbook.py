"""Tables to an Excel workbook that prints on A4.

Text is always written as text: never a formula, an error value or a date,
whatever it looks like.
"""

from __future__ import annotations

import io
import math
import re
from collections.abc import Sequence
from datetime import datetime
from typing import cast

import openpyxl
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.header_footer import HeaderFooter, HeaderFooterItem, _HeaderFooterPart
from openpyxl.worksheet.properties import PageSetupProperties, WorksheetProperties
from openpyxl.worksheet.worksheet import Worksheet

from mailbot.reports.sheet import CellValue, Sheet, is_formula_like, lines_needed

_LONGEST = 32_767  #: characters of one cell, Excel's limit
_LINE_HEIGHT = 15  #: points, for 10 point type
_MOST = 8  #: lines a row is high at most; the cell holds the whole text
_MOST_WIDE = 3  #: the same on a sheet wider than a page, which holds long texts
_ON_PAPER = 230  #: width of the columns that can still be read on one landscape A4 page
_TITLE = re.compile(r"[\[\]:*?/\\]")

_LINE = Side(style="thin", color="BFC5CC")
_BORDER = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
_HEAD_FONT = Font(name="微软雅黑", size=10, bold=True)
_FONT = Font(name="微软雅黑", size=10)
_HEAD_FILL = PatternFill("solid", fgColor="E9EDF2")
_HEAD_ALIGNMENT = Alignment(horizontal="center", vertical="center", wrap_text=True)
_ALIGNMENT = Alignment(vertical="top", wrap_text=True)


def write(sheets: Sequence[Sheet], *, title: str, note: str) -> bytes:
    """The workbook; ``title`` and ``note`` stand at the head and foot of printed pages."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    names: list[str] = []
    for sheet in sheets:
        names.append(_name(sheet.title, names))
        _fill(book.create_sheet(names[-1]), sheet, title=title, note=note)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _name(title: str, taken: Sequence[str]) -> str:
    """A name Excel accepts: at most 31 characters, no brackets, slashes and such, each once."""
    name = _TITLE.sub(" ", title).strip("' ")[:28] or "表"
    return f"{name} {len(taken)}" if name in taken else name


def _fill(page: Worksheet, sheet: Sheet, *, title: str, note: str) -> None:
    pages = math.ceil(sum(column.width for column in sheet.columns) / _ON_PAPER)
    most = _MOST if pages == 1 else _MOST_WIDE
    for position, column in enumerate(sheet.columns, start=1):
        cell = _cell(page, 1, position)
        _put(cell, column.label)
        cell.font, cell.fill, cell.alignment = _HEAD_FONT, _HEAD_FILL, _HEAD_ALIGNMENT
        cell.border = _BORDER
        page.column_dimensions[get_column_letter(position)].width = column.width
    for line, row in enumerate(sheet.rows, start=2):
        for position, value in enumerate(row, start=1):
            cell = _cell(page, line, position)
            cell.font, cell.alignment, cell.border = _FONT, _ALIGNMENT, _BORDER
            _put(cell, value)
        needed = lines_needed(row, sheet.columns)
        page.row_dimensions[line].height = _LINE_HEIGHT * min(most, needed)
    heads = [column.label for column in sheet.columns]
    page.row_dimensions[1].height = _LINE_HEIGHT * lines_needed(heads, sheet.columns) + 6
    page.freeze_panes = "A2"
    page.auto_filter.ref = f"A1:{get_column_letter(len(sheet.columns))}{len(sheet.rows) + 1}"
    _set_up_printing(page, title=title, note=note, pages=pages)


def _cell(page: Worksheet, row: int, column: int) -> Cell:
    """Nothing is merged here, so it is always a cell that takes a value."""
    return cast(Cell, page.cell(row=row, column=column))


def _put(cell: Cell, value: CellValue) -> None:
    if not isinstance(value, str):
        cell.value = value
        if isinstance(value, datetime):
            cell.number_format = "yyyy-mm-dd hh:mm"
        return
    if not value:
        return
    cell.value = ILLEGAL_CHARACTERS_RE.sub(" ", value)[:_LONGEST]
    cell.data_type = "s"
    cell.number_format = "@"
    if is_formula_like(value):
        cell.quotePrefix = True


def _set_up_printing(page: Worksheet, *, title: str, note: str, pages: int) -> None:
    page.page_setup.orientation = "landscape"
    page.page_setup.paperSize = 9  # A4, ECMA-376 part 1 section 18.3.1.63
    page.page_setup.fitToWidth = pages
    page.page_setup.fitToHeight = 0
    page.sheet_properties = WorksheetProperties(pageSetUpPr=PageSetupProperties(fitToPage=True))
    page.print_title_rows = "1:1"
    if pages > 1:
        page.print_title_cols = "A:C"
    page.HeaderFooter = HeaderFooter(
        oddHeader=HeaderFooterItem(center=_printed(title)),
        oddFooter=HeaderFooterItem(
            left=_printed(note), right=_HeaderFooterPart(text="第 &P 页，共 &N 页")
        ),
    )


def _printed(text: str) -> _HeaderFooterPart:
    """Text of a page's head or foot, where & begins a code; 255 characters are the limit."""
    return _HeaderFooterPart(text=text[:100].replace("&", "&&"))
