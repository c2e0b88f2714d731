"""Forms laid out anew by applicants, in Word and Excel, read right."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from applicants import (
    BLANK,
    BRANDS,
    CATEGORIES,
    COMPANY,
    INTRO,
    PAPERS,
    STATS_TITLE,
    STORY,
    TEAM_TITLE,
    every_form,
    expected,
    field,
    form,
    forms,
    qc,
    rollup,
    stats,
    story,
    summary,
    team,
    values,
)
from officefiles import docx, p, tbl, tc, tr
from papers import (
    Box,
    Content,
    L,
    Paper,
    Pen,
    body,
    in_pieces,
    inserted,
    inside_control,
    paragraphs,
    table,
    word,
    workbook,
)

from parsers.model import Field

# ---- labels typed anew -----------------------------------------------------------------


def _spread(text: str) -> str:
    return "　".join(text) if len(text) < 7 else text


def _colon(text: str) -> str:
    return text if text.endswith("：") or "日" in text else f"{text}："


def _torn(text: str) -> str:
    middle = len(text) // 2
    short = len(text) < 3 or "日" in text or "\n" in text
    return text if short else f"{text[:middle]}\n{text[middle:]}"


def _wide(text: str) -> str:
    return text.translate(str.maketrans("%/()", "％／（）"))


def _starred(text: str) -> str:
    return f"*{text}"


@pytest.mark.parametrize("change", [_spread, _colon, _torn, _wide, _starred])
@every_form
def test_labels_may_be_typed_anew(kind: str, change: Callable[[str], str]) -> None:
    """Blanks, colons, line breaks, full-width signs and stars change nothing."""
    assert values(form(word(PAPERS[kind]().relabelled(change)))) == expected(kind)


# ---- how cells are written -------------------------------------------------------------


@pytest.mark.parametrize(
    "pen",
    [
        Pen(around=True),
        Pen(value=inside_control),
        Pen(value=inserted),
        Pen(value=in_pieces, label=in_pieces),
    ],
    ids=["control around cells", "control inside cells", "tracked changes", "a run a character"],
)
@every_form
def test_word_wraps_values_in_its_own_ways(kind: str, pen: Pen) -> None:
    """Content controls, insertions and split runs are looked through."""
    assert values(form(word(PAPERS[kind](), pen=pen))) == expected(kind)


@every_form
def test_a_worksheet_holds_the_same_form(kind: str) -> None:
    """The place then names the sheet and the cell."""
    found = form(workbook(申报=[PAPERS[kind]()]), "表.xlsx")

    assert values(found) == expected(kind)
    assert all(entry.where.startswith("申报!") for entry in found.fields if entry.raw)


@every_form
def test_the_label_stands_beside_each_value(kind: str) -> None:
    """Printed as in the notice, whatever the applicant typed."""
    plain = form(word(PAPERS[kind]()))
    typed = form(word(PAPERS[kind]().relabelled(_spread)))

    assert [entry.label for entry in typed.fields] == [entry.label for entry in plain.fields]
    assert all(entry.label for entry in plain.fields)


@pytest.mark.parametrize(
    ("kind", "printed", "typed"),
    [
        ("qc_form", "小组活动指导者", "活动指导者"),
        ("qc_form", "联系电话", "指导者联系电话"),
        ("team_form", "详细通讯地址", "地址"),
        ("team_form", "联系部门", "部门"),
        ("team_form", "邮箱", "电子信箱"),
        ("team_form", "产品/服务一次合格率%", "产品（服务）一次合格率%"),
        ("team_form", "年培训人数、时长", "年培训人数/时长"),
        ("stats_both", "信组", "质量信得过班组"),
        ("stats_both", "QC小组", "质量管理小组"),
    ],
)
def test_labels_in_other_words(kind: str, printed: str, typed: str) -> None:
    """Common other words for the same thing."""
    assert values(form(word(PAPERS[kind]().replaced(printed, L(typed))))) == expected(kind)


def _split(paper: Paper) -> Paper:
    """Merged value cells split again, the further ones empty."""
    return replace(
        paper,
        rows=tuple(
            tuple(
                piece
                for box in row
                for piece in (
                    (replace(box, across=1), *[Box()] * (box.across - 1))
                    if not box.label and "：" not in str(box.text)
                    else (box,)
                )
            )
            for row in paper.rows
        ),
    )


@every_form
def test_merged_values_may_be_split(kind: str) -> None:
    """The value stands in the first of the cells."""
    assert values(form(word(_split(PAPERS[kind]())))) == expected(kind)
    assert values(form(workbook(S=[_split(PAPERS[kind]())]), "a.xlsx")) == expected(kind)


def _unmerged(paper: Paper, *, repeated: bool) -> Paper:
    """Row headers in single cells, repeated in each row or only in the first."""
    result: list[tuple[Box, ...]] = []
    headers: dict[int, Content] = {}
    for number, row in enumerate(paper.rows):
        lead = [L(str(headers[number]) if repeated else "")] if number in headers else []
        for box in row:
            headers |= dict.fromkeys(range(number + 1, number + box.down), box.text)
        result.append((*lead, *(replace(box, down=1) for box in row)))
    return replace(paper, rows=tuple(result))


@pytest.mark.parametrize("repeated", [True, False])
def test_row_headers_may_be_unmerged(*, repeated: bool) -> None:
    """推荐单位 in each row, or once with empty cells below."""
    paper = _unmerged(story(), repeated=repeated)

    assert values(form(word(paper))) == expected("story_form")
    assert values(form(workbook(S=[paper]), "a.xlsx")) == expected("story_form")


@pytest.mark.parametrize("repeated", [True, False])
@pytest.mark.parametrize("remark", [True, False])
def test_statistics_repeat_their_items_or_lack_the_remarks(*, repeated: bool, remark: bool) -> None:
    """Items merged over their sub-rows or not, four columns or five."""
    paper = stats(repeated=repeated, remark=remark)

    assert values(form(word(paper))) == expected("stats_both")
    assert values(form(workbook(S=[paper]), "a.xlsx")) == expected("stats_both")


@pytest.mark.parametrize(
    ("head", "row"),
    [
        ((2, 1, 2, 2), (1, 1, 2, 1, 2)),
        ((2, 2, 1, 2), (1, 1, 1, 2, 2)),
        ((2, 1, 2, 2), (1, 1, 1, 1, 3)),
        ((2, 1, 1, 3), (2, 1, 1, 1, 2)),
    ],
)
def test_columns_that_slipped(head: tuple[int, ...], row: tuple[int, ...]) -> None:
    """Rows dragged by hand no longer end where the header does."""
    paper = stats(repeated=True)

    def slipped(number: int, line: tuple[Box, ...]) -> tuple[Box, ...]:
        widths: tuple[int, ...] = {5: row, 4: (row[0] + row[1], *row[2:]), 2: (4, 3), 1: (7,)}[len(line)]  # fmt: skip
        widths = widths if number else head
        return tuple(replace(b, across=w) for b, w in zip(line, widths, strict=True))

    lines = tuple(slipped(number, line) for number, line in enumerate(paper.rows))

    assert values(form(word(replace(paper, rows=lines)))) == expected("stats_both")


def _apart(paper: Paper) -> Paper:
    """Label and value of the story form in cells of their own."""
    result = []
    for row in paper.rows:
        cells: list[Box] = []
        for box in row:
            label, colon, value = str(box.text).partition("：")
            apart = colon and not box.label and len(label) <= len("联系人姓名")
            cells += [L(f"{label}："), Box(value, box.across)] if apart else [box]
        result.append(tuple(cells))
    return replace(paper, rows=tuple(result))


@pytest.mark.parametrize(
    "empty",
    [(), ("contact_dept_post", "email"), tuple(k for k in STORY if k.startswith("speaker"))],
)
def test_a_story_with_labels_and_values_apart(empty: tuple[str, ...]) -> None:
    """部门职务 stands twice; an empty one takes nothing from the other."""
    gone = dict.fromkeys(empty, "")

    for paper in (_apart(story(**gone)), story(**gone)):
        assert values(form(word(paper))) == expected("story_form", **gone)


@pytest.mark.parametrize("between", ["\n", "   "])
def test_several_labels_in_one_cell(between: str) -> None:
    """All of 推荐单位 and all of the speaker, each in one cell."""
    paper = story()

    def joined(first: int, last: int) -> Box:
        texts = [str(b.text) for row in paper.rows[first:last] for b in row if not b.label]
        return Box(between.join(texts), 3)

    found = form(word(replace(paper, rows=(
        paper.rows[0], (L("推荐单位"), joined(1, 5)), *paper.rows[5:7],
        (L("拟参会演讲\n填写本栏"), joined(7, 9)), *paper.rows[9:],
    ))))  # fmt: skip

    assert values(found) == expected("story_form")


@pytest.mark.parametrize("whole_rows", [True, False])
def test_label_and_value_in_one_cell(*, whole_rows: bool) -> None:
    """The team form without cells for values."""
    paper = team()
    lines: list[tuple[Box, ...]] = []
    for row in paper.rows[:8]:
        cells = [Box(f"{a.text}：{b.text}", a.across + b.across) for a, b in zip(row[::2], row[1::2], strict=True)]  # fmt: skip
        text = "    ".join(str(cell.text) for cell in cells)
        lines.append((Box(text, 6),) if whole_rows else tuple(cells))

    assert values(form(word(replace(paper, rows=(*lines, *paper.rows[8:]))))) == expected(
        "team_form"
    )


def test_rows_may_be_added_or_missing() -> None:
    """An unknown row is left aside; a missing label has no place."""
    paper = team()
    added = (L("统一社会信用代码"), Box("91430100MA4L00000X", 2), L("备注"), Box("无", 2))
    more = form(word(replace(paper, rows=(*paper.rows[:3], added, *paper.rows[3:]))))
    less = form(word(replace(paper, rows=paper.rows[:3] + paper.rows[4:])))

    assert values(more) == expected("team_form")
    assert values(less) == expected("team_form", dept="", phone="")
    assert field(less, "dept") == Field(key="dept", label="联系部门")


def test_a_table_used_as_a_frame() -> None:
    """The form stands in the only cell of another table, under its title."""
    outer = tbl(tr(tc(table(team().rows) + p())))
    found = form(docx(paragraphs(TEAM_TITLE) + outer))

    assert values(found) == expected("team_form")
    assert found.title == TEAM_TITLE


def test_a_long_text_written_as_a_table() -> None:
    """The table in the cell is the text."""
    results = tbl(tr(tc("指标"), tc("结果")), tr(tc("合格率"), tc("99%")))
    cell = Box("", 6, xml=paragraphs(INTRO) + results + p())
    found = form(word(team(team_intro="").replaced(f"{INTRO}\n", cell)))

    assert field(found, "team_intro").value == "指标\t结果\n合格率\t99%"


def test_a_title_inside_the_table() -> None:
    """Title, period and head lines as its first rows."""
    paper = stats()
    head = (
        (L(STATS_TITLE, 5),),
        (L("(2025年7月~2026年7月)", 5),),
        (Box(f"填报单位：{COMPANY}", 2), Box("联系人：周志远"), Box("电话：0731-85550101", 2)),
    )

    assert values(form(word(replace(paper, head=(), rows=(*head, *paper.rows))))) == expected("stats_both")  # fmt: skip


@every_form
def test_headers_footers_and_text_boxes(kind: str) -> None:
    """A title in a text box is the title; letterheads are no fields."""
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    letterhead = f"<w:hdr {space}>{p('湘江重工 电话：0731-99999999 联系人：某某')}</w:hdr>"
    paper = PAPERS[kind]()
    box = (
        "<w:p><w:r><mc:AlternateContent>"
        f'<mc:Choice Requires="wps"><w:drawing><wps:txbx><w:txbxContent>{p(paper.head[1])}'
        "</w:txbxContent></wps:txbx></w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict><v:textbox><w:txbxContent>{p(paper.head[1])}</w:txbxContent>"
        "</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>"
    )
    below = body(replace(paper, head=paper.head[2:]))
    found = form(docx(box + below, {"header1.xml": letterhead}))

    assert (values(found), found.confidence) == (expected(kind), 1)


def test_a_letterhead_fills_no_empty_head() -> None:
    """电话 in the page header is not the telephone of the statistics."""
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    footer = f"<w:ftr {space}>{p('电话：0731-99999999 联系人：某某')}</w:ftr>"
    found = form(docx(body(stats(phone="", contact="")), {"footer1.xml": footer}))

    assert values(found) == expected("stats_both", phone="", contact="")


# ---- several forms in a file ---------------------------------------------------------------

ALL = (qc(), team(), rollup(), story(), summary(), stats())
KINDS = ["qc_form", "team_form", "rollup", "story_form", "summary_both", "stats_both"]


@pytest.mark.parametrize("papers", [(team(), story(), stats()), ALL])
def test_several_forms_in_one_document(papers: tuple[Paper, ...]) -> None:
    """In reading order, each complete."""
    found = forms(word(*papers))

    if papers is ALL:
        assert [one.kind for one in found] == KINDS
    for one in found:
        if one.kind in PAPERS:
            assert values(one) == expected(one.kind)


def test_several_forms_on_one_worksheet_or_each_on_its_own() -> None:
    """The same forms either way."""
    papers = [paper for paper in ALL if paper.rows]
    below = forms(workbook(全部=papers), "a.xlsx")
    apart = forms(workbook(**{f"附件{n}": [paper] for n, paper in enumerate(papers)}), "a.xlsx")

    for found in (below, apart):
        assert [one.kind for one in found] == [kind for kind in KINDS if kind != "summary_both"]
        assert all(values(one) == expected(one.kind) for one in found if one.kind in PAPERS)


def test_three_forms_of_a_kind() -> None:
    """With and without titles of their own."""
    names = ["一班", "二班", "三班"]
    papers = [team(team_name=name) for name in names]
    bare = [papers[0], *(replace(paper, head=()) for paper in papers[1:])]

    for data in (word(*papers), word(*bare)):
        assert [field(one, "team_name").value for one in forms(data)] == names


NOTICE = (
    "湘机质协[2026] 03 号",
    "关于开展 2025 年度湖南省机械工业质量管理小组、质量信得过班组、质量品牌故事交流活动的通知",
    "各有关企业：",
    "请填写《湖南省机械工业优秀质量信得过班组成果表》（附件二）、《成果推荐汇总表》（附件三）。",
    "秘书处电话： 0731-82712238",
    "附件一：湖南省机械工业优秀质量管理小组成果表",
    "附件二：湖南省机械工业优秀质量信得过班组成果表",
    "附件六：湖南省机械工业群众性质量管理活动概况统计表",
    "湖南省机械工业质量管理协会",
    "二〇二六年五月二十一日",
)


def test_the_notice_in_front_of_filled_forms() -> None:
    """Who fills the file of the notice itself sends only what is filled."""
    blank = (story(**BLANK["story_form"]), stats(**BLANK["stats_both"]))
    found = forms(word(Paper(NOTICE), team(), *blank), "通知.docx")

    assert [(one.kind, values(one)) for one in found] == [("team_form", expected("team_form"))]


def test_the_notice_with_its_blank_forms_is_no_application() -> None:
    """Not even where the printed boxes were lost."""
    lost = story(**BLANK["story_form"], categories=" ".join(CATEGORIES), brands=" ".join(BRANDS))
    blank = [make(**BLANK[kind]) for kind, make in PAPERS.items()]

    assert forms(word(Paper(NOTICE), *blank, lost), "通知.docx") == ()
