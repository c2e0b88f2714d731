"""Documents drawn: merged cells, gaps, and every place found again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import printed
import pytest
from drawn import C, grid
from filledforms import reader

from mailbot.reports.facsimile import DrawnCell, DrawnGrid, DrawnLine, Facsimile
from parsers.documents import read_document
from parsers.model import Cell, Field, Form, Grid, Line

DOCUMENTS = Path(__file__).parent / "documents"
FILES = {
    **{name: (DOCUMENTS / name).read_bytes() for name in (
        "boxes.doc", "rollup.doc", "statistics.doc", "story_form.html",
        "summary.pdf", "team_form.doc", "team_form.html", "team_form.pdf",
    )},
    "team.docx": printed.team_form(),
    "statistics.docx": printed.statistics(),
    "rollup.docx": printed.rollup({}, {"seq": "2"}),
    "summary.docx": printed.summary(),
}  # fmt: skip


def fields(form: Form) -> Iterator[Field]:
    yield from form.fields
    for table in form.tables:
        for row in table.rows:
            yield from row.cells


def cells(drawn: Facsimile) -> Iterator[DrawnCell]:
    for block in drawn.blocks:
        if isinstance(block, DrawnGrid):
            for row in block.rows:
                yield from row.cells


@pytest.mark.parametrize("name", FILES)
def test_every_place_that_was_named_is_found(name: str) -> None:
    """Those of values, of rows and of sections, in every format; at the cell that holds it."""
    document = read_document(name, FILES[name], reader(), blocks=True)
    drawn = Facsimile(document.blocks, "d1")
    places = {cell.anchor: cell for cell in cells(drawn)}
    (form,) = document.forms
    read = [field for field in fields(form) if field.where]
    others = [section.where for section in form.sections if section.found]
    others += [row.where for table in form.tables for row in table.rows]

    assert read
    assert [field for field in read if not drawn.find(field.where, field.raw)] == []
    assert [where for where in others if not drawn.find(where)] == []
    for field in read:
        anchor = drawn.find(field.where, field.raw)
        assert anchor not in places or places[anchor].where == field.where


def test_merged_cells_and_gaps_keep_the_columns_in_line() -> None:
    """A cell from above takes its column; a column without cell is a gap."""
    rows = (
        (Cell(row=0, col=0, rowspan=2, text="甲"), Cell(row=0, col=1, colspan=2, text="乙")),
        (Cell(row=1, col=2, text="丙"),),
    )
    (block,) = Facsimile([Grid(rows=rows, where="表1")], "d1").blocks
    assert isinstance(block, DrawnGrid)
    first, second = ([(c.text, c.rowspan, c.colspan) for c in row.cells] for row in block.rows)

    assert first == [("甲", 2, 1), ("乙", 1, 2)]
    assert second == [("", 1, 1), ("丙", 1, 1)]
    assert block.rows[1].cells[0].anchor == ""


def test_absurd_sizes_stay_within_what_a_table_may_have() -> None:
    """They come from hostile bytes."""
    far = Cell(row=0, col=10**9, rowspan=10**9, colspan=10**9, text="远")
    (block,) = Facsimile([Grid(rows=((far,),))], "d1").blocks
    assert isinstance(block, DrawnGrid)

    assert [(c.rowspan, c.colspan) for c in block.rows[0].cells] == [(1, 1000), (65534, 1000)]


def test_lines_that_share_a_place_are_told_apart_by_their_text() -> None:
    """Headers and text boxes have one place for all their lines."""
    drawn = Facsimile(
        [Line(text="单位：甲", where="页眉"), Line(text="电话：1", where="页眉")], "d1"
    )
    first, second = drawn.blocks
    assert isinstance(first, DrawnLine)
    assert isinstance(second, DrawnLine)

    assert drawn.find("页眉", "电 话") == second.anchor
    assert drawn.find("页眉") == drawn.find("页眉", "别的") == first.anchor
    assert drawn.find("页脚") == ""


def test_blanks_and_nested_tables_are_kept() -> None:
    """Control characters are not."""
    inner = grid([["内"]], "表1 第1行第1列 内表1")
    outer = Cell(row=0, col=0, text="年  月\x1b\n日", where="表1 第1行第1列", grids=(inner,))
    (cell,) = cells(Facsimile([Grid(rows=((outer,),), where="表1")], "d1"))

    assert cell.text == "年  月 \n日"
    assert cell.grids[0].rows[0].cells[0].text == "内"


def test_the_drawing_ends_somewhere_and_says_so() -> None:
    """Cells and characters are bounded; at the bound nothing is left out."""

    def table(rows: int) -> Grid:
        line = tuple(Cell(row=0, col=column, text="一") for column in range(10))
        return Grid(rows=(line,) * rows)

    fits, more = (Facsimile([table(rows)], "d1") for rows in (2000, 2001))
    long = Facsimile([Line(text="一" * 2_000_001), Line(text="二")], "d1")
    merged = Facsimile([grid([[C("一", 2)], ["二", "三"]])], "d1")

    assert [entry.is_cut for entry in (fits, more, long, merged)] == [False, True, True, False]
    assert [len(list(cells(entry))) for entry in (fits, more)] == [20_000, 20_000]
    assert len(long.blocks) == 1
