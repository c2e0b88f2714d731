"""Web pages as browsers show them: lines, merged cells, boxes; nothing hidden, nothing fetched."""

import contextlib
import functools
from pathlib import Path

import pytest
from filledforms import reader
from hypothesis import given, settings
from hypothesis import strategies as st
from printed import story_form, team_form

from parsers.damage import Damaged
from parsers.documents import read_document
from parsers.limits import Limits
from parsers.model import Content, Grid, Line
from parsers.web.page import read_page

DOCUMENTS = Path(__file__).parent / "documents"
FORMS = {"team_form": team_form, "story_form": story_form}


@functools.cache
def saved(name: str) -> bytes:
    return (DOCUMENTS / f"{name}.html").read_bytes()


def read(markup: str, limits: Limits | None = None) -> Content:
    return read_page(f"<html><body>{markup}".encode(), limits or Limits())


def lines(markup: str) -> list[str]:
    return [block.text for block in read(markup).blocks if isinstance(block, Line)]


def grid(markup: str) -> Grid:
    (found,) = read(markup).blocks
    assert isinstance(found, Grid)
    return found


def layout(found: Grid) -> list[list[tuple[str, int, int, int]]]:
    return [
        [(cell.text, cell.col, cell.rowspan, cell.colspan) for cell in row] for row in found.rows
    ]


@pytest.mark.parametrize("name", FORMS)
def test_a_form_saved_as_a_page_is_read_like_the_document(name: str) -> None:
    """All values with their places, by its content and whatever its name."""
    page = read_document(f"{name}.doc", saved(name), reader())
    new = read_document(f"{name}.docx", FORMS[name](), reader())

    assert (page.format, page.problems, page.characters) == ("html", (), new.characters)
    assert page.forms == new.forms


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<p>甲<p>乙", ["甲", "乙"]),
        ("甲<div>乙</div>丙", ["甲", "乙", "丙"]),
        ("<p>甲 \n\t 乙", ["甲 乙"]),
        ("<p> 甲 <br> 乙 ", ["甲\n乙"]),
        ("<pre>甲\r\n乙</pre>", ["甲\n乙"]),
        ("<p>甲<b>乙</b><i>丙</i>", ["甲乙丙"]),
        ("<p>甲<del>乙</del><ins>丙</ins>", ["甲丙"]),
        ("<p>甲<o:p>&nbsp;</o:p>", ["甲"]),
        ("<p>甲<![if !supportLists]>1.<![endif]>乙", ["甲1.乙"]),
        ("<p>甲<!-- 注 --><script>x</script><style>p{}</style>", ["甲"]),
        ("<p>甲<span style='display: none'>隐</span><p style='mso-hide:all'>隐", ["甲"]),
        ("<p hidden>隐<p>甲", ["甲"]),
        ("<ul><li>一<li>二</ul>", ["一", "二"]),
        ("<p>\x07\x03甲\x08", ["甲"]),
    ],
)
def test_text_is_what_is_seen(markup: str, expected: list[str]) -> None:
    """Blocks are lines, blanks are squeezed, what is hidden is left out."""
    assert lines(markup) == expected


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<input type=checkbox checked>是", "☑是"),
        ("<input type=CHECKBOX>是", "☐是"),
        ("<input type=radio checked>是", "☑是"),
        ("<input value='湘江重工'>", "湘江重工"),
        ("甲<input type=hidden value='x'><input type=submit value='提交'>", "甲"),
        ("<select><option>一等<option selected>二等</select>", "二等"),
        ("<select><option>一等<option>二等</select>", "一等"),
        ("<textarea>甲\n乙</textarea>", "甲\n乙"),
        ("<span style='font-family:Wingdings'>þ</span>是", "☑是"),
        ("<font face='Wingdings 2'>R</font>是", "☑是"),
        ("<span style='mso-symbol-font-family:Wingdings'>o</span>否", "☐否"),
        ("<span style='font-family:宋体'>þ</span>", "þ"),
        ("<span style=font-family:Wingdings><span style='font-family:宋体'>o</span></span>", "o"),
    ],
)
def test_boxes_and_fields_show_their_states(markup: str, text: str) -> None:
    """Controls of a form, and letters set in fonts of signs."""
    assert lines(f"<p>{markup}") == [text]


@pytest.mark.parametrize(
    ("markup", "heading"),
    [
        ("<h2>申报表</h2>", True),
        ("<p class=MsoTitle>申报表", True),
        ("<p align=center><b>申报表</b>", True),
        ("<p style='text-align: center'><span style='font-weight: 700'>申报</span><b>表</b>", True),
        ("<center><p><strong>申报表</strong></center>", True),
        ("<p align=center>申报<b>表</b>", False),
        ("<p><b>申报表</b>", False),
        ("<div align=center><p align=left><b>申报表</b></div>", False),
        ("<p align=center style='font-weight:400'>申报表", False),
    ],
)
def test_headings_are_told_by_element_or_looks(markup: str, heading: bool) -> None:
    """Centred and bold throughout, where no heading is marked up."""
    (block,) = read(markup).blocks
    assert isinstance(block, Line)
    assert (block.text, block.heading) == ("申报表", heading)


def test_merged_cells_stand_at_their_places() -> None:
    """Columns below each other agree; printed cells are counted as they are seen."""
    found = grid(
        "<table><thead><tr><td rowspan=3>甲<td colspan=2>乙</thead>"
        "<tr><td>丙<td rowspan=2>丁<tr><th>戊<td>己</table>"
    )
    assert layout(found) == [
        [("甲", 0, 3, 1), ("乙", 1, 1, 2)],
        [("丙", 1, 1, 1), ("丁", 2, 2, 1)],
        [("戊", 1, 1, 1), ("己", 3, 1, 1)],
    ]
    assert [cell.where for cell in found.rows[2]] == ["表1 第3行第2列", "表1 第3行第4列"]


@pytest.mark.parametrize(
    ("attributes", "rowspan", "colspan"),
    [
        ("rowspan=0", 2, 1),
        ("rowspan=9", 2, 1),
        ("rowspan=-1 colspan=x", 1, 1),
        ("colspan=0", 1, 1),
        ("colspan=99999999999", 1, 1000),
    ],
)
def test_spans_are_kept_within_reason(attributes: str, rowspan: int, colspan: int) -> None:
    """As browsers do."""
    first = grid(f"<table><tr><td {attributes}>甲<tr><td>乙</table>").rows[0][0]
    assert (first.rowspan, first.colspan) == (rowspan, colspan)


def test_a_cell_ends_where_one_from_above_reaches_down() -> None:
    """No place belongs to two cells."""
    found = grid("<table><tr><td>甲<td rowspan=2>乙<tr><td colspan=2>丙</table>")
    assert layout(found)[1] == [("丙", 0, 1, 1)]


def test_tables_in_cells_are_nested_and_frames_are_looked_through() -> None:
    """A table of one cell around others only frames them."""
    nested = grid("<table><tr><td>甲<table><tr><td>内</table>乙<td>丙</table>").rows[0][0]
    assert (nested.text, nested.grids[0].where) == ("甲\n乙", "表1 第1行第1列 内表1")
    framed = read("<table><tr><td><p>题<table><tr><td>内<td>容</table></table>").blocks
    assert [block.where for block in framed] == ["第1段", "表1"]


def test_hidden_rows_and_cells_and_tables_without_cells_are_left_out() -> None:
    """Excel hides rows that way."""
    found = read(
        "<table></table><table><caption>题</caption><tr style='display:none'><td>隐"
        "<tr><td style='display:none'>隐<td>甲<td></table>"
    ).blocks
    assert isinstance(found[1], Grid)
    assert (len(found), found[0].where) == (2, "第1段")
    assert layout(found[1]) == [[("甲", 0, 1, 1), ("", 1, 1, 1)]]


@pytest.mark.parametrize(
    "page",
    [
        "<html><p>单位名称".encode(),
        b"\xef\xbb\xbf" + "<html><p>单位名称".encode(),
        "<html><p>单位名称".encode("utf-16"),
        "<html><p>单位名称".encode("gb18030"),
        "<html><meta charset=gb2312><p>单位名称".encode("gbk"),
        "<html><meta charset=big5><p>單位名稱".encode("big5"),
        "<html><meta charset=gb2312><p>单位名称".encode(),  # says what it is not
        "<html><meta charset=nonsense><p>单位名称".encode(),
        '<?xml version="1.0" encoding="gb2312"?><html><p>单位名称</p></html>'.encode("gbk"),
    ],
)
def test_the_encoding_is_found(page: bytes) -> None:
    """By mark, by declaration if it holds, by trial."""
    document = read_document("表.doc", page, reader())
    assert (document.format, document.text.replace("單位名稱", "单位名称")) == ("html", "单位名称")


@pytest.mark.parametrize(
    ("markup", "limits", "code"),
    [
        ("<table>" + "<tr><td>x" * 11, Limits(max_cells=10), "document.too_large"),
        ("<table><tr><td colspan=11>x", Limits(max_cells=10), "document.too_large"),
        ("<table><tr><td>x<td>" * 26, Limits(), "document.unsafe"),
        ("<div>" * 300 + "x", Limits(), "document.unsafe"),
        ("x" * 100, Limits(max_part=100), "document.too_large"),
    ],
)
def test_limits_hold(markup: str, limits: Limits, code: str) -> None:
    """Cells, nesting and size."""
    with pytest.raises(Damaged) as refused:
        read(markup, limits)
    assert refused.value.problem.code == code


def test_the_deepest_page_that_is_let_in_is_read() -> None:
    """With what stands at its bottom."""
    assert lines("<div>" * 240 + "底") == ["底"]


def test_an_empty_page_is_empty() -> None:
    """Nothing in it, nothing wrong with it."""
    assert read_page(b"<!-- x -->", Limits()) == Content()
    assert read("").blocks == ()


TAGS = """<table> </table> <tr> <td> <td/rowspan=2> <td/colspan=3> </td> <p> <center> </center> <b> x
湘江 <br> <form> &nbsp; <select> <option> <![if <!-- --> <input/type=checkbox> </ < &#x0; """
MARKUP = st.lists(st.sampled_from(TAGS.split()), max_size=60)


@settings(deadline=None)
@given(pieces=MARKUP)
def test_any_markup_is_a_page(pieces: list[str]) -> None:
    """Each place of a grid belongs to at most one cell."""
    content = Content()
    with contextlib.suppress(Damaged):
        content = read("".join(pieces))
    for block in content.blocks:
        if isinstance(block, Grid):
            places = [
                (cell.row + down, cell.col + across)
                for cell in block.cells()
                for down in range(cell.rowspan)
                for across in range(cell.colspan)
            ]
            assert len(places) == len(set(places))
