"""Tables written with one cell a line."""

from __future__ import annotations

from parsers.celllines import has_cells, with_cells
from parsers.limits import Limits
from parsers.model import Grid, Line
from parsers.plain import read_text

FORM = """山西省优秀质量管理小组注册登记表
单位(章):大同云州机车装备有限公司
\t小组名称
\t成立日期

\t云冈之星QC小组
\t2015年3月12日

\t班组工作
完成率%
\t98.5


\t简介：
第一段。

注：此表必须打印。
"""
HEADER = """\t编号
\t课题类型
\t发表人

\t
\t现场
\t攻关
\t

\t1
\t√
\t
\t任娟
"""


def _rows(text: str) -> list[list[list[str]]]:
    blocks = with_cells(text.splitlines())
    return [[[c.text for c in row] for row in g.rows] for g in blocks if isinstance(g, Grid)]


def test_cells_rows_and_tables() -> None:
    """A line without tabulator goes on with its cell; two empty lines end the table."""
    assert _rows(FORM) == [
        [["小组名称", "成立日期"], ["云冈之星QC小组", "2015年3月12日"], ["班组工作\n完成率%", "98.5"]],
        [["简介：\n第一段。"]],
    ]  # fmt: skip


def test_what_stands_between_tables_are_lines() -> None:
    """With their numbers, as the cells have them."""
    blocks = list(with_cells(FORM.splitlines()))
    lines = [(block.text, block.where) for block in blocks if isinstance(block, Line)]
    assert [where for _text, where in lines] == ["第1行", "第2行", "第17行"]
    first = next(block for block in blocks if isinstance(block, Grid))
    assert first.rows[2][0].where == "第9行"


def test_a_header_over_columns_of_its_own_reaches_over_them() -> None:
    """The row under it is empty but for these."""
    (grid,) = (block for block in with_cells(HEADER.splitlines()) if isinstance(block, Grid))
    assert [(cell.col, cell.colspan) for cell in grid.rows[0]] == [(0, 1), (1, 2), (3, 1)]


def test_rows_of_unequal_length_stay_side_by_side() -> None:
    """A row of labels and values says nothing about the next one."""
    text = "\t企业名称\n\t甲公司\n\n\t地址\n\t工业路1号\n\t邮编\n\t030024\n"
    (grid,) = (block for block in with_cells(text.splitlines()) if isinstance(block, Grid))
    assert [[cell.colspan for cell in row] for row in grid.rows] == [[1, 1], [1, 1, 1, 1]]


def test_other_texts_have_no_cells() -> None:
    """Paragraphs set in by a tabulator, and rows parted by one."""
    assert has_cells(FORM.splitlines())
    assert not has_cells(["\t单独一格", ""] * 9)
    assert not has_cells(["\t" + "本单位高度重视质量管理小组活动，成立了推进领导小组。"] * 9)
    assert not has_cells(["企业名称\t甲公司", "\t地址", "\t工业路"] * 9)
    assert not has_cells(["\t企业名称", "\t甲公司"])


def test_a_text_file_is_read_so() -> None:
    """Its words count as before."""
    content = read_text(FORM.encode("gb18030"), Limits())
    assert sum(isinstance(block, Grid) for block in content.blocks) == 2
    assert content.characters == read_text(FORM.replace("\t", "").encode(), Limits()).characters
