"""Spreadsheets: values as they are shown, at their places, never unfolded blindly."""

import datetime as dt
import gc
import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from officefiles import xlsx
from openpyxl.worksheet.worksheet import Worksheet

from parsers.damage import Damaged
from parsers.limits import Limits
from parsers.model import Content, Grid
from parsers.sheets.sheet import read_sheet

OLD = (Path(__file__).parent / "documents" / "statistics.xls").read_bytes()


def read(fill: Callable[[Worksheet], None], limits: Limits | None = None) -> Content:
    return read_sheet(xlsx(fill), limits or Limits())


def seen(content: Content) -> dict[str, str]:
    """Texts by place, blank ones left out."""
    return {
        cell.where: cell.text
        for block in content.blocks
        if isinstance(block, Grid)
        for cell in block.cells()
        if cell.text
    }


def rewritten(content: bytes, part: str, old: str, new: str) -> bytes:
    """The workbook with a part's XML changed."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(buffer, "w") as after:
        for name in before.namelist():
            data = before.read(name)
            if name == part:
                changed = re.sub(old, new, data.decode())
                assert changed != data.decode()
                data = changed.encode()
            after.writestr(name, data)
    return buffer.getvalue()


def test_values_are_read_as_they_are_shown() -> None:
    """Percent, leading zeros, dates, long numbers, errors, formulas nobody computed."""

    def fill(sheet: Worksheet) -> None:
        sheet["A1"], sheet["B1"] = "成果率", 0.985
        sheet["B1"].number_format = "0.0%"
        sheet["A2"], sheet["B2"], sheet["C2"] = "邮编", 30002, "030002"
        sheet["B2"].number_format = "000000"
        sheet["A3"], sheet["B3"], sheet["C3"] = dt.date(2026, 7, 1), 13900000001, 12.0
        sheet["A4"], sheet["B4"], sheet["C4"] = "#DIV/0!", "=A1+1", True

    assert seen(read(fill)) == {
        "Sheet1!A1": "成果率", "Sheet1!B1": "98.5%",
        "Sheet1!A2": "邮编", "Sheet1!B2": "030002", "Sheet1!C2": "030002",
        "Sheet1!A3": "2026-07-01", "Sheet1!B3": "13900000001", "Sheet1!C3": "12",
        "Sheet1!A4": "#DIV/0!", "Sheet1!B4": "=A1+1", "Sheet1!C4": "TRUE",
    }  # fmt: skip


def test_old_workbooks_read_the_same() -> None:
    """.xls, and .et which is the same container, by their own records."""
    content = read_sheet(OLD, Limits())
    assert seen(content) == {
        "统计表!B2": "成果率", "统计表!C2": "98.5%", "统计表!D2": "7%",
        "统计表!B3": "邮编", "统计表!C3": "030002", "统计表!D3": "030002",
        "统计表!B4": "联系人", "统计表!C4": "2026-07-01", "统计表!D4": "#DIV/0!",
        "统计表!C5": "13900000001",
    }  # fmt: skip
    (grid,) = content.blocks
    assert isinstance(grid, Grid)
    (merged,) = [cell for cell in grid.cells() if cell.rowspan > 1]
    assert (merged.where, merged.text, merged.rowspan) == ("统计表!B4", "联系人", 2)


def test_merged_cells_are_one_cell_at_their_origin() -> None:
    """Also an empty one beside the last text: it is where a value belongs."""

    def fill(sheet: Worksheet) -> None:
        sheet["B2"] = "申报表"
        sheet.merge_cells("B2:D2")
        sheet["B3"] = "简介"
        sheet.merge_cells("C3:E5")

    (grid,) = read(fill).blocks
    assert isinstance(grid, Grid)
    assert grid.where == "Sheet1"
    assert [
        [(c.text, c.where, c.row, c.col, c.rowspan, c.colspan) for c in row] for row in grid.rows
    ] == [
        [("申报表", "Sheet1!B2", 0, 0, 1, 3), ("", "Sheet1!E2", 0, 3, 1, 1)],
        [("简介", "Sheet1!B3", 1, 0, 1, 1), ("", "Sheet1!C3", 1, 1, 3, 3)],
        [("", "Sheet1!B4", 2, 0, 1, 1)],
        [("", "Sheet1!B5", 3, 0, 1, 1)],
    ]


def test_blank_cells_inside_are_there_and_blank_ends_are_not() -> None:
    """An empty value next to its label has a place."""

    def fill(sheet: Worksheet) -> None:
        sheet.append(["单位", None, "邮编"])
        sheet.append(["电话", None, None])
        sheet.append([" ", None, None, "  "])
        sheet.cell(row=50, column=9).number_format = "0%"

    (grid,) = read(fill).blocks
    assert isinstance(grid, Grid)
    assert [[cell.where for cell in row] for row in grid.rows] == [
        ["Sheet1!A1", "Sheet1!B1", "Sheet1!C1"],
        ["Sheet1!A2", "Sheet1!B2", "Sheet1!C2"],
    ]


def test_hidden_and_empty_worksheets_are_not_read() -> None:
    """Every visible one with anything in it is a grid of its own."""
    workbook = openpyxl.Workbook()
    workbook.create_sheet("隐藏")["A1"] = "旧"
    workbook["隐藏"].sheet_state = "hidden"
    workbook.create_sheet("汇总")["AB3"] = "甲"
    buffer = io.BytesIO()
    workbook.save(buffer)
    content = read_sheet(buffer.getvalue(), Limits())
    assert seen(content) == {"汇总!AB3": "甲"}
    assert len(content.blocks) == 1
    assert content.characters == 1


@pytest.mark.parametrize("corner", ["XFD1048576", "A1048576", "ALM1000"])
def test_a_cell_far_away_is_refused_before_it_is_unfolded(corner: str) -> None:
    """A few kilobytes that would ask for hundreds of gigabytes."""

    def fill(sheet: Worksheet) -> None:
        sheet["A1"] = "甲"
        sheet[corner] = "乙"

    with pytest.raises(Damaged) as refused:
        read(fill)
    assert refused.value.problem.code == "document.too_large"


def test_the_limit_of_cells_is_exact() -> None:
    """Three by four cells fit into twelve."""

    def fill(sheet: Worksheet) -> None:
        for _ in range(4):
            sheet.append([1, 2, 3])

    assert len(seen(read(fill, Limits(max_cells=12)))) == 12
    with pytest.raises(Damaged):
        read(fill, Limits(max_cells=11))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('<c r="B1"', '<c r="&#88;FD1048576"'),
        ('<row r="1"', '<row r="99999999"'),
        ('<row r="1"', '<row r="0"'),
        ('<c r="B1"', '<c r="ZZZ1"'),
        ('<c r="B1"', '<c r="1B"'),
    ],
)
def test_impossible_references_are_refused(old: str, new: str) -> None:
    """However they are spelt."""
    content = xlsx(lambda sheet: sheet.append([1, 2]))
    with pytest.raises(Damaged):
        read_sheet(rewritten(content, "xl/worksheets/sheet1.xml", old, new), Limits())


def test_cells_without_references_follow_each_other() -> None:
    """The reference is optional; position then counts."""
    content = xlsx(lambda sheet: sheet.append([0.5, 0.25]))
    bare = rewritten(content, "xl/worksheets/sheet1.xml", r' r="[A-Z]*\d+"', "")
    assert seen(read_sheet(bare, Limits())) == {"Sheet1!A1": "0.5", "Sheet1!B1": "0.25"}


def test_a_false_dimension_harms_nobody() -> None:
    """What the file says of its size is not believed."""
    content = xlsx(lambda sheet: sheet.append([1, 2]))
    lying = rewritten(
        content, "xl/worksheets/sheet1.xml", "<dimension[^>]*/>", '<dimension ref="A1:XFD1048576"/>'
    )
    assert len(seen(read_sheet(lying, Limits()))) == 2


def test_decorating_merges_do_not_blow_up_the_grid() -> None:
    """A merge over whole rows is cut to the neighbourhood of the text."""

    def fill(sheet: Worksheet) -> None:
        sheet["A1"] = "标题"
        sheet.merge_cells("A1:XFD1")
        sheet["A2"] = "甲"

    (grid,) = read(fill).blocks
    assert isinstance(grid, Grid)
    assert grid.rows[0][0].colspan == 65
    assert len(grid.rows[1]) == 65


def test_a_panic_of_the_library_is_damage() -> None:
    """A worksheet said to begin beyond the end of the file."""
    bound_sheet = OLD.index(b"\x85\x00\x0e\x00") + 4
    torn = OLD[:bound_sheet] + b"\xff\xff\xff\x00" + OLD[bound_sheet + 4 :]
    with pytest.raises(Damaged) as refused:
        read_sheet(torn, Limits())
    assert refused.value.problem.code == "document.unreadable"
    assert type(refused.value.__cause__).__name__ == "PanicException"


@pytest.mark.parametrize("was_on", [True, False])
def test_the_collector_is_left_as_it_was(was_on: bool) -> None:
    """Also after damage; it rests only while cells are made."""
    (gc.enable if was_on else gc.disable)()
    try:
        read_sheet(OLD, Limits())
        assert gc.isenabled() is was_on
        with pytest.raises(Damaged):
            read_sheet(b"PK", Limits())
        assert gc.isenabled() is was_on
    finally:
        gc.enable()


def test_the_library_sees_the_workbook_that_was_counted() -> None:
    """A relationship to a harmless second workbook does not hide the first."""

    def fill(sheet: Worksheet) -> None:
        sheet["A1"] = "甲"
        sheet["XFD1048576"] = "乙"

    decoy = rewritten(xlsx(fill), "_rels/.rels", "xl/workbook.xml", "xl/other.xml")
    buffer = io.BytesIO(decoy)
    with zipfile.ZipFile(buffer, "a") as package:
        harmless = xlsx(lambda sheet: sheet.append([1]))
        with zipfile.ZipFile(io.BytesIO(harmless)) as other:
            package.writestr("xl/other.xml", other.read("xl/workbook.xml"))
            package.writestr("xl/worksheets/sheet2.xml", other.read("xl/worksheets/sheet1.xml"))
            rels = other.read("xl/_rels/workbook.xml.rels").replace(b"sheet1.xml", b"sheet2.xml")
            package.writestr("xl/_rels/other.xml.rels", rels)
    with pytest.raises(Damaged) as refused:
        read_sheet(buffer.getvalue(), Limits())
    assert refused.value.problem.code == "document.too_large"
