"""Draws a campaign's own forms as Word files, blank or filled, from the form specs.

What a notice prints stands in the campaign's data; this room sets it as a table
the way the printed annex looks: labels beside their values, row headers merged,
columns of a list under one header. It invents no values and knows no campaign.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

import docx
from docx.document import Document as WordDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Pt
from docx.table import Table as WordTable
from docx.table import _Cell as WordCell

from parsers.spec import FieldSpec, FieldType, FormSpec, TableSpec

Values = Mapping[str, str]
_OUTSIDE = ("head", "foot", "title")  #: places of fields that stand outside the table
_EMPTY_BOX, _TICKED_BOX = "□", "☑"


def draw(
    spec: FormSpec,
    values: Values,
    rows: Mapping[str, Sequence[Values]] | None = None,
    *,
    title: str = "",
) -> bytes:
    """A .docx with this form; ``rows`` are the rows of its lists by key.

    ``values`` hold what the applicant wrote, by field key; ticked options are
    joined by 、. ``title`` replaces the printed title.
    """
    document = docx.Document()
    style = document.styles["Normal"]
    style.font.name = "宋体"
    style.font.size = Pt(10.5)
    style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), "宋体")
    if spec.annex:
        document.add_paragraph(f"{spec.annex}：")
    heading = document.add_paragraph()
    heading.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = heading.add_run(title or spec.title)
    run.bold = True
    run.font.size = Pt(16)
    for entry in spec.fields:
        if entry.place == "title":
            document.add_paragraph(f"{entry.label}：{_shown(entry, values.get(entry.key, ''))}")
    _lines(document, [entry for entry in spec.fields if entry.place == "head"], values)
    if spec.layout == "text":
        _text(document, spec, values)
    elif spec.layout == "statistics":
        _statistics(document, spec, values)
    elif spec.layout == "form":
        _form(document, spec, values)
    for table in spec.tables:
        _list(document, table, (rows or {}).get(table.key, ()))
    _lines(document, [entry for entry in spec.fields if entry.place == "foot"], values)
    for note in spec.notes:
        document.add_paragraph(note)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _lines(document: WordDocument, fields: Sequence[FieldSpec], values: Values) -> None:
    """Fields outside the table: one line, as over and under a printed form."""
    parts = []
    for entry in fields:
        value = values.get(entry.key, "")
        if entry.type is FieldType.PERIOD:
            document.add_paragraph(f"（{value}）").alignment = WD_ALIGN_PARAGRAPH.CENTER
        else:
            parts.append(f"{entry.label.rstrip('：:')}：{value}")
    if parts:
        document.add_paragraph("    ".join(parts))


def _text(document: WordDocument, spec: FormSpec, values: Values) -> None:
    """A free text: each section's heading with what was written under it."""
    for section in spec.sections:
        written = values.get(section.key, "")
        if written:
            document.add_paragraph(section.title).runs[0].bold = True
            document.add_paragraph(written)
    for paragraph in values.get("text", "").split("\n"):
        if paragraph:
            document.add_paragraph(paragraph)


def _form(document: WordDocument, spec: FormSpec, values: Values) -> None:
    by_key = {entry.key: entry for entry in spec.fields}
    inside = [e.key for e in spec.fields if e.place not in _OUTSIDE]
    printed = [tuple(row.fields) for row in spec.rows] or [(key,) for key in inside]
    rows = [[by_key[key] for key in keys] for keys in printed]
    header = 1 if any(entry.scope for row in rows for entry in row) else 0
    width = header + max(sum(_cells(entry) for entry in row) for row in rows)
    table = _table(document, len(rows), width)
    for index, row in enumerate(rows):
        column = header if row[0].scope else 0
        for position, entry in enumerate(row):
            value = _shown(entry, values.get(entry.key, ""))
            end = width if position == len(row) - 1 else 0
            column = _place(table, (index, column), entry, value, width=end)
    _row_headers(table, [row[0].scope[0] if row[0].scope else "" for row in rows])


def _cells(entry: FieldSpec) -> int:
    """How many cells a field takes when printed."""
    return 1 if _is_inline(entry) else 2


def _is_inline(entry: FieldSpec) -> bool:
    by_hand = entry.type in (FieldType.STAMP, FieldType.SIGNATURE)
    prompted = bool(entry.prompts) and entry.type is FieldType.LONG_TEXT
    return entry.place == "inline" or prompted or by_hand


def _place(
    table: WordTable, position: tuple[int, int], entry: FieldSpec, value: str, *, width: int
) -> int:
    """Print one field from a position on; the next free column. ``width``: 0, or the last column."""
    row, column = position
    if _is_inline(entry):
        end = width or column + 1
        prompts = "\n".join(entry.prompts) if not value else ""
        parts = [entry.label, value or prompts]
        joint = "\n" if entry.prompts else ("" if entry.label.endswith(("：", ":")) else "　")
        _span(table, row, column, end).text = joint.join(part for part in parts if part)
        return end
    table.cell(row, column).text = entry.label
    end = width or column + 2
    _span(table, row, column + 1, end).text = value
    return end


def _shown(entry: FieldSpec, value: str) -> str:
    """The value as it stands in the cell: every option with its box, ticked or not."""
    if entry.type not in (FieldType.TICKS, FieldType.CHOICE) or not entry.options:
        return value
    if entry.type is FieldType.CHOICE:
        return value
    ticked = value.split("、")
    return " ".join(f"{_TICKED_BOX if o in ticked else _EMPTY_BOX}{o}" for o in entry.options)


def _row_headers(table: WordTable, headers: Sequence[str]) -> None:
    """Merge the first column over the rows that stand under one header."""
    position = 0
    for header, run in groupby(headers):
        count = len(list(run))
        if header:
            cell = table.cell(position, 0).merge(table.cell(position + count - 1, 0))
            cell.text = header
        position += count


def _statistics(document: WordDocument, spec: FormSpec, values: Values) -> None:
    inside = [entry for entry in spec.fields if entry.place not in _OUTSIDE]
    counted = [e for e in inside if e.place != "inline" and e.type is not FieldType.LONG_TEXT]
    table = _table(document, 1, 5)
    heads = ("统计项目", "", spec.unit_column, spec.value_column, spec.remark_column)
    for cell, head in zip(table.rows[0].cells, heads, strict=True):
        cell.text = head
    table.cell(0, 0).merge(table.cell(0, 1))
    for _, run in groupby(counted, key=lambda entry: entry.scope or (entry.key,)):
        _figures(table, list(run), values)
    for entry in inside:
        if entry.type is FieldType.LONG_TEXT:
            row = len(table.rows)
            _add_row(table)
            _span(table, row, 0, 5).text = entry.label + values.get(entry.key, "")
    inline = [entry for entry in inside if entry.place == "inline"]
    for left, right in _pairs(inline):
        row = len(table.rows)
        _add_row(table)
        _span(table, row, 0, 2).text = left.label
        table.cell(row, 2).text = values.get(left.key, "")
        if right:
            table.cell(row, 3).text = right.label
            table.cell(row, 4).text = values.get(right.key, "")


def _figures(table: WordTable, entries: Sequence[FieldSpec], values: Values) -> None:
    """One item of the statistics with its sub-rows; the unit in the first of them only."""
    first = len(table.rows)
    for position, entry in enumerate(entries):
        cells = _add_row(table)
        cells[1 if entry.scope else 0].text = entry.label
        cells[2].text = entry.unit if position == 0 else ""
        cells[3].text = values.get(entry.key, "")
        if not entry.scope:
            cells[0].merge(cells[1])
    if entries[0].scope:
        header = table.cell(first, 0).merge(table.cell(first + len(entries) - 1, 0))
        header.text = entries[0].scope[0]


def _list(document: WordDocument, spec: TableSpec, rows: Sequence[Values]) -> None:
    if spec.titles:
        document.add_paragraph(spec.titles[0])
    table = _table(document, 1, len(spec.columns))
    for cell, column in zip(table.rows[0].cells, spec.columns, strict=True):
        cell.text = column.label
    for row in rows:
        for cell, column in zip(_add_row(table), spec.columns, strict=True):
            cell.text = row.get(column.key, "")


def _add_row(table: WordTable) -> Sequence[WordCell]:
    cells: Sequence[WordCell] = table.add_row().cells  # type: ignore[no-untyped-call]
    return cells


def _table(document: WordDocument, rows: int, columns: int) -> WordTable:
    table: WordTable = document.add_table(rows=rows, cols=columns)
    table.style = "Table Grid"
    return table


def _span(table: WordTable, row: int, start: int, end: int) -> WordCell:
    cell = table.cell(row, start)
    return cell if end - start <= 1 else cell.merge(table.cell(row, end - 1))


def _pairs(entries: Sequence[FieldSpec]) -> Iterator[tuple[FieldSpec, FieldSpec | None]]:
    for index in range(0, len(entries), 2):
        yield entries[index], entries[index + 1] if index + 1 < len(entries) else None
