"""A drawn Word form as a worksheet, for notices that want a list as an Excel file.

Lines stand merged over the width of the tables, cells where they stood. Keeps no styles.
"""

from __future__ import annotations

import io
from collections.abc import Iterator

import docx
import openpyxl
from docx.table import Table
from openpyxl.utils import get_column_letter

#: row and column from 1, rows and columns covered, text
_Box = tuple[int, int, int, int, str]


def as_worksheet(document: bytes) -> bytes:
    """The lines and tables of a .docx as the one sheet of an .xlsx."""
    drawn = docx.Document(io.BytesIO(document))
    width = max((len(table.columns) for table in drawn.tables), default=1)
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    row = 1
    for block in drawn.iter_inner_content():
        if isinstance(block, Table):
            boxes = list(_boxes(block, row))
            row += len(block.rows)
        else:
            boxes = [(row, 1, 1, width, block.text)]
            row += 1
        for top, left, down, across, text in boxes:
            sheet.cell(top, left, text or None)
            if down > 1 or across > 1:
                end = f"{get_column_letter(left + across - 1)}{top + down - 1}"
                sheet.merge_cells(f"{get_column_letter(left)}{top}:{end}")
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _boxes(table: Table, start: int) -> Iterator[_Box]:
    """Each cell once, with what it covers; a merged one stands at several places of the table."""
    places: dict[object, list[tuple[int, int]]] = {}
    texts: dict[object, str] = {}
    for row in range(len(table.rows)):
        for column in range(len(table.columns)):
            cell = table.cell(row, column)
            places.setdefault(cell._tc, []).append((row, column))  # noqa: SLF001 - what it is
            texts[cell._tc] = cell.text  # noqa: SLF001
    for key, taken in places.items():
        (top, left), (bottom, right) = taken[0], taken[-1]
        yield start + top, left + 1, bottom - top + 1, right - left + 1, texts[key]
