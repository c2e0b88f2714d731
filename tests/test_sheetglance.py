"""The quick look at plain worksheets finds what the exact one finds, or leaves it to that."""

import datetime as dt
import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from officefiles import xlsx
from openpyxl.worksheet.worksheet import Worksheet

from parsers.limits import Limits
from parsers.sheets.glance import column_number, glance
from parsers.sheets.sheet import read_sheet

HEAD = b'<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="urn:x" xmlns:x="urn:x">'
ROW = b'<row r="1"><c r="B1" s="1"><v>0.5</v></c><c r="C1" t="s"><v>0</v></c></row>'
TAIL = b'<mergeCells count="1"><mergeCell ref="B1:B2"/></mergeCells></worksheet>'


def sheet(rows: bytes = ROW, *, head: bytes = HEAD, tail: bytes = TAIL) -> bytes:
    return head + b"<sheetData>" + rows + b"</sheetData>" + tail


def test_a_plain_worksheet_is_understood() -> None:
    """Formats by position; merged cells moved before the cells, nothing else changed."""
    found = glance(sheet(), {"1": "%"}, Limits())
    assert found is not None
    assert found.formats == {(0, 1): "%"}
    assert not found.odd
    merges = TAIL.removesuffix(b"</worksheet>")
    assert found.data == sheet(head=HEAD + merges)


@pytest.mark.parametrize(
    ("cell", "odd"),
    [
        (b'<c r="A2"><f>B1*2</f><v>1</v></c>', False),
        (b'<c r="A2"><f t="shared" ref="A2" si="0">B1*2</f><v>1</v></c>', False),
        (b'<c r="A2"><f>B1*2</f><v></v></c>', True),
        (b'<c r="A2"><f>B1*2</f><v/></c>', True),
        (b'<c r="A2" s="1"><f>B1*2</f></c>', True),
        (b'<c r="A2" t="e"><v>#N/A</v></c>', True),
        (b'<c r="A2" t="e"><f>B1/0</f><v>#DIV/0!</v></c>', True),
        (b'<c r="A2" t="e"/>', False),
    ],
)
def test_errors_and_uncomputed_formulas_are_told(cell: bytes, odd: bool) -> None:
    """A computed formula is a value like any other."""
    found = glance(sheet(ROW + b'<row r="2">' + cell + b"</row>"), {}, Limits())
    assert found is not None
    assert list(found.odd) == ([(1, 0)] if odd else [])


@pytest.mark.parametrize(
    "data",
    [
        sheet(ROW + b"<!-- <c r='A1'/> -->"),
        sheet(ROW, head=HEAD + b"<!-- "),
        sheet(ROW, head=HEAD + b"<!-- ", tail=b" -->" + TAIL),
        sheet(ROW, head=b"<?x " + HEAD, tail=b" ?>" + TAIL),
        sheet(ROW, head=HEAD + b"<?x ", tail=b" ?>" + TAIL),
        sheet(ROW, head=b"<!DOCTYPE worksheet>" + HEAD.partition(b"?>")[2]),
        sheet(ROW, head=HEAD.replace(b"UTF-8", b"UTF-7")),
        sheet(ROW, head=HEAD.replace(b"UTF-8", b"GBK")),
        sheet(ROW.decode().encode("utf-16")),
        sheet(ROW, head=HEAD + b'<c r="A1"/>'),
        sheet(ROW, tail=b'<sheetData><row r="2"><c r="A2"/></row></sheetData>' + TAIL),
        sheet(ROW, tail=b'<x:c r="XFD1048576"><v>1</v></x:c>' + TAIL),
        sheet(ROW, tail=b"</worksheet"),
        sheet(b""),
        sheet(ROW + b'<row r="2"><x:c r="XFD1048576"><v>1</v></x:c></row>'),
        sheet(ROW + b'<row r="2"><c\nr="XFD1048576"><v>1</v></c></row>'),
        sheet(ROW + b'<row r="2"><c\tr="XFD1048576"><v>1</v></c></row>'),
        sheet(ROW + b'<row r="2"><c><v>1</v></c></row>'),
        sheet(ROW + b'<row r="2"><c/></row>'),
        sheet(ROW + b'<row r="2"><c s="1" r="A2"><v>1</v></c></row>'),
        sheet(ROW + b"<row r=\"2\"><c r='A2'><v>1</v></c></row>"),
        sheet(ROW + b'<row r="2"><c r="A2" r="XFD1048576"><v>1</v></c></row>'),
        sheet(ROW + b'<row r="2"><c r="A2" s="1"r="XFD1048576"><v>1</v></c></row>'),
        sheet(ROW + b'<row r="2"><c r="&#88;FD1048576"><v>1</v></c></row>'),
        sheet(ROW + b'<row r="2"><c r="A0"><v>1</v></c></row>'),
        sheet(ROW + b'<row r="2"><c r="A1048577"><v>1</v></c></row>'),
        sheet(ROW + b'<row r="2"><c r="XFE1"><v>1</v></c></row>'),
        sheet(ROW + b'<row r="2"><c r="XFD1048576"><v>1</v></c></row>'),
        sheet(ROW + b'<row r="0"><c r="A2"><v>1</v></c></row>'),
        sheet(ROW + b'<row r="1048577"><c r="A2"><v>1</v></c></row>'),
        sheet(ROW + b'<row ht="3" r="99999999"><c r="A2"><v>1</v></c></row>'),
        sheet(ROW + b'<row r="2"><c r="A2"><v>1</c></row>'),
        sheet(ROW + b'<row r="2"><c r="A2"><v>1</v></row>'),
        sheet(ROW + b'<row r="2"><c r="A2" t="e"><v>&nowhere;</v></c></row>'),
    ],
)
def test_whatever_is_not_plain_is_left_to_the_exact_scan(data: bytes) -> None:
    """Above all whatever might hide a cell from one reader and show it to another."""
    assert glance(sheet(), {}, Limits()) is not None
    assert glance(data, {}, Limits()) is None


@pytest.mark.parametrize(("cells", "understood"), [(12, True), (11, False)])
def test_the_rectangle_counts_with_its_blank_cells(cells: int, *, understood: bool) -> None:
    """B1 to D4 are twelve."""
    data = sheet(ROW + b'<row r="4"><c r="D4" s="1"/></row>')
    assert (glance(data, {}, Limits(max_cells=cells)) is not None) is understood


def test_columns_are_numbered_by_their_letters() -> None:
    """From 0."""
    assert [column_number(name) for name in ("A", "Z", "AA", "XFD")] == [0, 25, 26, 16_383]


VALUES = st.one_of(
    st.none(),
    st.text(st.characters(exclude_categories=["C"]), max_size=8),
    st.integers(-(10**12), 10**12),
    st.floats(-1e6, 1e6),
    st.booleans(),
    st.dates(dt.date(1990, 1, 1), dt.date(2060, 1, 1)),
    st.sampled_from(["#DIV/0!", "#N/A", "=A1+1", "=SUM(A1:B2)", "a:c b", "<c r=", ":c>"]),
)


@given(
    st.lists(
        st.lists(st.tuples(VALUES, st.sampled_from(["General", "0.0%", "000000"])), max_size=5),
        max_size=6,
    )
)
def test_the_quick_look_and_the_exact_one_agree(
    rows: list[list[tuple[object, str]]],
) -> None:
    """On any workbook; a comment in the XML sends it to the exact scan."""

    def fill(worksheet: Worksheet) -> None:
        for line in rows:
            worksheet.append([value for value, _ in line])
            for cell, (_, code) in zip(worksheet[worksheet.max_row], line, strict=False):
                cell.number_format = code

    plain = xlsx(fill)
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(plain)) as before, zipfile.ZipFile(buffer, "w") as after:
        for name in before.namelist():
            data = before.read(name).replace(b"<sheetData", b"<!-- closer --><sheetData")
            after.writestr(name, data)
    assert read_sheet(plain, Limits()) == read_sheet(buffer.getvalue(), Limits())
