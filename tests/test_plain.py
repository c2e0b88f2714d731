"""Text files: lines with places, no guessing at encodings."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.damage import Damaged
from parsers.limits import Limits
from parsers.model import Grid, Line
from parsers.plain import decode, read_text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"])
def test_lines_are_read_in_every_encoding_in_use(encoding: str) -> None:
    """Blank lines are counted and left out."""
    content = read_text("单位：湘江重工\r\n\r\n 电话：139\n".encode(encoding), Limits())
    assert content.blocks == (
        Line(text="单位：湘江重工", where="第1行"),
        Line(text="电话：139", where="第3行"),
    )
    assert content.characters == 11


def test_bytes_of_no_encoding_are_reported() -> None:
    """Nothing is dropped to make them fit."""
    with pytest.raises(Damaged) as refused:
        read_text(b"\x81\xff\xff\xfe\xff", Limits())
    assert refused.value.problem.code == "document.unreadable"


def test_a_text_over_the_limit_is_refused() -> None:
    """At the limit it is read."""
    assert read_text(b"a" * 10, Limits(max_part=10)).characters == 1
    with pytest.raises(Damaged):
        read_text(b"a" * 11, Limits(max_part=10))


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_utf8_is_never_taken_for_something_else(text: str) -> None:
    """What was written comes back."""
    content = text.encode()
    marked = content.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"))
    assert decode(content) == (text.removeprefix("\ufeff") if marked else text)


@pytest.mark.parametrize(
    "text",
    [
        '题目,,\r\n企业名称,湘江重工装备有限公司,\r\n邮编,410205,"甲,乙"\r\n',
        '\ufeff"题目"\n"企业名称","湘江重工装备有限公司"\n"邮编","410205","甲,乙"\n',
    ],
)
def test_a_worksheet_saved_as_comma_separated_values_is_a_grid(text: str) -> None:
    """Padded as spreadsheet programs write it, or quoted as others do."""
    (grid,) = read_text(text.encode(), Limits()).blocks
    assert isinstance(grid, Grid)
    cells = {cell.where: cell.text for cell in grid.cells() if cell.text}
    assert cells == {
        "第1行第1列": "题目",
        "第2行第1列": "企业名称",
        "第2行第2列": "湘江重工装备有限公司",
        "第3行第1列": "邮编",
        "第3行第2列": "410205",
        "第3行第3列": "甲,乙",
    }


@pytest.mark.parametrize(
    "text",
    [
        "一、基本情况, 全年\n二、推进经验和做法\n三、存在问题, 改进方向, 建议\n",
        "甲,乙\n丙,丁\n",
        '"甲",乙\n丙"丁\n"戊"己,庚\n',
        "只有一行\n又一行\n再一行\n",
        "说明\n" * 20 + "甲,乙\n" * 9,
    ],
)
def test_lines_with_a_comma_are_no_worksheet(text: str) -> None:
    """Prose stays lines; a pair of lines is too little to tell."""
    blocks = read_text(text.encode(), Limits()).blocks
    assert [type(block) for block in blocks] == [Line] * len(text.splitlines())


def test_comma_separated_values_over_the_limit_are_refused() -> None:
    """Counted while reading; at the limit they are read."""
    content = b"a,b\n" * 30
    assert len(read_text(content, Limits(max_cells=60)).blocks) == 1
    with pytest.raises(Damaged, match="过大"):
        read_text(content, Limits(max_cells=59))
