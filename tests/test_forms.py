"""Whole forms and texts, recognised and read."""

from __future__ import annotations

import io
from collections.abc import Sequence

import docx
import pytest
from drawn import C, content, grid
from filledforms import (
    ROLLUP_HEADER,
    ROLLUP_TITLE,
    STATISTICS_HEAD,
    STATISTICS_TITLE,
    STATISTICS_VALUES,
    STORY_TITLE,
    STORY_VALUES,
    SUMMARY,
    SUMMARY_TITLE,
    TEAM_TITLE,
    TEAM_VALUES,
    TEMPLATE,
    hunan,
    lines,
    read,
    read_one,
    reader,
    rollup_row,
    sister,
    spec,
    statistics,
    story,
    team,
    values,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from parsers.forms.cells import View
from parsers.forms.reader import FormReader
from parsers.forms.regions import Piece
from parsers.limits import Limits
from parsers.model import Cell, Content, Grid, Line
from parsers.spec import FieldSpec, FieldType, FormSpec, SpecSet
from parsers.word.document import read_word


def _document(*blocks: str | Grid) -> bytes:
    """A .docx with the lines and grids drawn into it."""
    document = docx.Document()
    for block in blocks:
        if isinstance(block, str):
            document.add_paragraph(block)
            continue
        width = max(cell.col + cell.colspan for cell in block.cells())
        table = document.add_table(rows=len(block.rows), cols=width)
        for cell in block.cells():
            first = table.cell(cell.row, cell.col)
            last = table.cell(cell.row + cell.rowspan - 1, cell.col + cell.colspan - 1)
            first.merge(last).text = cell.text
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def _sheet(table: Grid, title: Sequence[str]) -> Grid:
    """The same form as a worksheet with its title in the first rows."""
    head = [[C(line, 6)] for line in title]
    rows = [[C(c.text, c.colspan, c.rowspan) for c in row] for row in table.rows]
    return grid([*head, *rows], sheet="Sheet1")


def test_a_filled_team_form_is_read_completely() -> None:
    """Every value of the team form comes out typed, under its key."""
    form = read_one("附件二：", TEAM_TITLE, team(), "注：每个信得过班组须交纳 500 元")

    assert (form.kind, form.campaigns, form.title) == ("team_form", ("hunan-2026",), TEAM_TITLE)
    assert form.confidence >= 0.95
    assert values(form) == TEAM_VALUES


def test_all_fields_stand_in_the_order_of_the_spec() -> None:
    """Found or not, each field of the spec is there."""
    wanted = next(form for form in hunan().forms if form.kind == "team_form")
    form = read_one(TEAM_TITLE, grid([["质量信得过班组名称", "一班"], ["企业名称", ""], ["邮编", "410006"],
                                      ["联系人", "张三"], ["手机", "1"], ["班组长", "李四"], ["邮箱", ""]]))  # fmt: skip

    assert [field.key for field in form.fields] == [field.key for field in wanted.fields]


def test_a_label_that_is_missing_and_a_value_that_is_missing_differ() -> None:
    """No label: no place. Label without value: the place of the empty cell."""
    form = read_one(TEAM_TITLE, team(postcode=""))

    postcode, other = form.get("postcode"), read_one(TEAM_TITLE, grid(
        [["质量信得过班组名称", "一班"], ["企业名称", "湘江"], ["联系人", "张三"], ["手机", ""],
         ["班组长", "李四"], ["班组人数", "3"], ["班组类型", ""]])).get("postcode")  # fmt: skip
    assert postcode is not None
    assert other is not None
    assert (postcode.value, postcode.raw, postcode.where) == (None, "", "表1 第3行第4列")
    assert (other.value, other.raw, other.where) == (None, "", "")


def test_a_filled_story_form_is_read_completely() -> None:
    """Labels with their values in one cell, scoped duplicates, ticks."""
    form = read_one(STORY_TITLE, story())

    assert form.kind == "story_form"
    assert values(form) == STORY_VALUES


@pytest.mark.parametrize("merged", [True, False])
def test_a_filled_statistics_table_is_read_completely(*, merged: bool) -> None:
    """Sub-rows under merged or unmerged items, units and remarks left aside."""
    form = read_one(
        STATISTICS_TITLE, "(2025年7月~2026年7月)", STATISTICS_HEAD, statistics(merged=merged)
    )

    assert form.kind == "stats_both"
    assert values(form) == STATISTICS_VALUES


def test_a_statistics_row_is_labelled_with_its_item() -> None:
    """信得过班组 alone would say nothing."""
    field = read_one(STATISTICS_TITLE, statistics()).get("registered_total_qc")

    assert field is not None
    assert field.label == "历年来已登记注册累计数 QC小组"
    assert field.where == "表1 第3行第4列"


@pytest.mark.parametrize(
    ("table", "title", "expected"),
    [
        (team(), [TEAM_TITLE], TEAM_VALUES),
        (story(), ["附件四：", STORY_TITLE], STORY_VALUES),
        (
            statistics(),
            ["湖南省机械工业群众性质量管理活动概况", "统计表", "(2025年7月~2026年7月)", STATISTICS_HEAD],
            STATISTICS_VALUES,
        ),
    ],
)  # fmt: skip
def test_a_worksheet_reads_the_same(
    table: Grid, title: list[str], expected: dict[str, object]
) -> None:
    """The title stands in the first rows, the head lines in the next."""
    form = read_one(_sheet(table, title), file="表.xlsx")

    assert values(form) == expected
    assert all("!" in field.where for field in form.fields if field.where)


@pytest.mark.parametrize(
    ("table", "title", "expected"),
    [(team(), TEAM_TITLE, TEAM_VALUES), (story(), STORY_TITLE, STORY_VALUES)],
)
def test_a_word_document_reads_the_same(
    table: Grid, title: str, expected: dict[str, object]
) -> None:
    """Through the reader of .docx."""
    found = read_word(_document("附件：", title, table), Limits())
    (form,) = reader().read(found, "表.docx")

    assert values(form) == expected


def test_two_forms_in_one_file() -> None:
    """Each title opens a form of its own."""
    forms = read("附件二", TEAM_TITLE, team(), "附件四", STORY_TITLE, story())

    assert [form.kind for form in forms] == ["team_form", "story_form"]
    assert [values(form) for form in forms] == [TEAM_VALUES, STORY_VALUES]


def test_two_forms_of_a_kind_without_second_title() -> None:
    """The same labels again are a second form, not more of the first."""
    forms = read(TEAM_TITLE, team(), team(team_name="二班"))

    assert [form.get("team_name").value for form in forms] == ["湘江之星装配班组", "二班"]  # type: ignore[union-attr]


def test_a_form_torn_into_two_tables_is_one() -> None:
    """A page break or a deleted row may tear a table."""
    whole = [[C(c.text, c.colspan, c.rowspan) for c in row] for row in team().rows]
    form = read_one(TEAM_TITLE, grid(whole[:4]), grid(whole[4:], "表2"))

    assert values(form) == TEAM_VALUES


def test_a_form_in_a_nested_table() -> None:
    """A table used as a frame does not hide the form inside."""
    frame = Grid(
        rows=((Cell(row=0, col=0, text=TEAM_TITLE, where="表1 第1行第1列", grids=(team(),)),),),
        where="表1",
    )

    assert values(read_one(frame)) == TEAM_VALUES


@pytest.mark.parametrize(
    "title",
    [
        "《湖南省机械工业优秀质量信得过班组成果表》",
        "附件二：湖南省机械工业优秀质量信得过班组成果表",
        "2026年湖南省机械工业优秀质量信得过班组成果表",
        "湖 南 省 机 械 工 业 优秀质量信得过班组\n成果表",
    ],
)
def test_a_title_is_known_in_its_variants(title: str) -> None:
    """《》, annex number, this campaign's year, blanks and line breaks do not matter."""
    form = read_one(title, team())

    assert form.campaigns == ("hunan-2026",)
    assert form.confidence >= 0.95


def test_the_year_before_is_foreign() -> None:
    """The title is ours, its year is not."""
    form = read_one("2024年度湖南省机械工业优秀质量信得过班组成果表", team())

    assert (form.kind, form.campaigns) == ("team_form", ())
    assert "2024" in form.foreign


def test_another_association_is_foreign() -> None:
    """The title ends as ours and names another association."""
    form = read_one("湖北省机械工业优秀质量信得过班组成果表", team())

    assert form.campaigns == ()
    assert "湖北省机械工业优秀质量信得过班组成果表" in form.foreign


def test_another_association_is_foreign_even_without_prefix_in_one_of_our_titles() -> None:
    """质量文化品牌故事推荐表 is ours; with another province in front it is not."""
    form = read_one("湖北省质量文化品牌故事推荐表", story())

    assert form.campaigns == ()
    assert form.foreign


def test_a_company_in_front_of_the_title_is_no_association() -> None:
    """Companies like to put their name over the form."""
    form = read_one("湘江重工装备有限公司优秀质量信得过班组成果表", team())

    assert form.campaigns == ("hunan-2026",)
    assert 0.8 <= form.confidence < 1


def test_a_form_without_title_is_known_by_its_labels() -> None:
    """With less confidence than one with its title."""
    form = read_one(team())

    assert (form.kind, form.title, form.campaigns) == ("team_form", "", ("hunan-2026",))
    assert 0.8 <= form.confidence < 1


def test_a_form_under_an_unknown_title_is_doubtful() -> None:
    """Somebody else's form with the same labels is for a person."""
    form = read_one("优秀班组先进事迹申报表", team())

    assert form.confidence < 0.8


def test_a_title_that_two_campaigns_share_leaves_both() -> None:
    """Nothing in the document tells them apart."""
    (form,) = FormReader([hunan(), sister()]).read(
        content("质量文化品牌故事推荐表", story()), "表.docx"
    )

    assert form.campaigns == ("hunan-2026", "sister-2024")
    assert values(form) == STORY_VALUES


@pytest.mark.parametrize(
    ("title", "campaign"),
    [(STORY_TITLE, "hunan-2026"), ("2024年全国机械工业优秀质量信得过班组成果表", "sister-2024")],
)
def test_a_title_of_one_campaign_decides(title: str, campaign: str) -> None:
    """The better title wins over equal labels."""
    table = story() if "故事" in title else team()
    (form,) = FormReader([hunan(), sister()]).read(content(title, table), "表.docx")

    assert form.campaigns == (campaign,)
    assert form.foreign == ""


def test_a_notice_that_lists_its_annexes_holds_no_form() -> None:
    """A title without labels is no form."""
    forms = read(
        "关于开展2025年度湖南省机械工业质量管理小组交流活动的通知",
        "各有关企业：",
        "请填写《湖南省机械工业优秀质量信得过班组成果表》（附件二），电话：0731-88880000。",
        "附件二：湖南省机械工业优秀质量信得过班组成果表",
        "附件四：湖南省机械工业质量文化品牌故事推荐表",
        "附件五：2025-2026 年度湖南省机械工业群众性质量管理活动工作总结",
        "附件六：湖南省机械工业群众性质量管理活动概况统计表",
        file="通知.docx",
    )

    assert forms == ()


def test_blank_forms_beside_a_filled_one_are_left_aside() -> None:
    """Who fills one form of the notice and sends the whole file means that one."""
    blank = grid([[C(c.text if c.text.rstrip("：") in ("故事名称", "推荐单位", "内容类别", "品牌类型") else
                     c.text.split("：")[0] + "：" if "：" in c.text else "", c.colspan, c.rowspan)
                   for c in row] for row in story().rows])  # fmt: skip
    forms = read(TEAM_TITLE, team(), STORY_TITLE, blank)

    assert [form.kind for form in forms] == ["team_form"]


def test_one_blank_form_is_read_as_blank() -> None:
    """So that the applicant hears what is missing."""
    form = read_one(TEAM_TITLE, team(**dict.fromkeys(TEAM_VALUES, ""), fax=""))

    assert values(form) == {}
    assert all(field.raw == "" for field in form.fields)


def test_a_summary_is_known_by_its_title() -> None:
    """Its sections are found by heading or by their words."""
    form = read_one(SUMMARY_TITLE, "单位：湘江重工装备有限公司", *SUMMARY.split("\n"))

    assert (form.kind, form.campaigns, form.confidence) == ("summary_both", ("hunan-2026",), 1)
    assert values(form) == {"company": "湘江重工装备有限公司"}
    missing = {section.key for section in form.sections if not section.found}
    assert missing == {"deeds"}


def test_a_summary_of_the_year_before_is_foreign() -> None:
    """2024-2025 is not 2025-2026."""
    form = read_one("2024-2025年度湖南省机械工业群众性质量管理活动工作总结", *SUMMARY.split("\n"))

    assert form.campaigns == ()
    assert form.foreign == "标题年份为“2024-2025年度”，本次为“2025-2026年度”"


@pytest.mark.parametrize(
    ("first", "file"),
    [("湘江重工质量管理活动总结", "1.docx"), ("总结如下", "湘江重工工作总结.docx"), ("", "1.docx")],
)
def test_a_summary_is_known_by_heading_file_name_or_outline(first: str, file: str) -> None:
    """Any of them is enough where there is real text."""
    (form,) = reader().read(lines(f"{first}\n{SUMMARY}"), file)

    assert form.kind == "summary_both"
    assert 0.8 <= form.confidence < 1


def test_a_file_name_alone_makes_no_summary() -> None:
    """A promise is no text."""
    assert reader().read(lines("材料随后补发，请查收。"), "工作总结.docx") == ()


def test_an_empty_template_is_no_summary() -> None:
    """No section of it counts, and the confidence sends it to a person."""
    form = read_one(SUMMARY_TITLE, *TEMPLATE.split("\n"), file="附件五 工作总结.docx")

    assert form.confidence < 0.8
    assert not any(section.found for section in form.sections)


def test_a_file_with_a_form_is_not_taken_as_a_text_too() -> None:
    """However the file is named."""
    forms = read(TEAM_TITLE, team(), file="班组创建材料.docx")

    assert [form.kind for form in forms] == ["team_form"]


def test_a_text_behind_the_form_is_found_in_the_same_file() -> None:
    """The separate material may stand on the next page."""
    text = "我们班组扎实开展基础管理，坚持质量改进，取得多项荣誉。" * 10
    forms = read(TEAM_TITLE, team(), "质量信得过班组简介及创建活动结果", text)

    assert [form.kind for form in forms] == ["team_form", "team_text"]


def test_a_text_with_a_short_title_begins_behind_a_form() -> None:
    """All papers in one file: the report's two words open it; inside another text they do not."""
    report = FormSpec(kind="qc_report", title="成果报告", layout="text")
    known = FormReader([hunan().model_copy(update={"forms": (*hunan().forms, report)})])
    text = "小组运用统计方法查找原因，制定对策并逐项实施，效果良好。" * 10
    behind = content(TEAM_TITLE, team(), "注：一式一份。", "成果报告", text)
    within = content("会议纪要", *["讨论生产安排。"] * 9, "成果报告", text)

    assert [f.kind for f in known.read(behind, "材料.docx")] == ["team_form", "qc_report"]
    assert known.read(within, "纪要.docx") == ()


def test_an_unknown_document_holds_nothing() -> None:
    """Nothing is guessed."""
    assert read("会议纪要", "今天讨论了生产安排。" * 20, file="纪要.docx") == ()
    assert reader().read(Content(), "空.docx") == ()


def test_the_heading_of_a_list_opens_no_form_of_its_own() -> None:
    """Though it ends as another campaign's roll-up does; nor does it go on a line before it."""
    columns = [
        {"key": "group_name", "label": "企业/小组名称"},
        {"key": "evaluation", "label": "成果评价"},
        {"key": "score", "label": "分数", "type": "decimal"},
    ]
    listing = {"key": "reviews", "titles": ["一、小组成果评审汇总表"], "columns": columns}
    head = {"key": "recommender", "label": "推荐单位（公章）", "place": "head"}
    own = spec(
        "review_rollup", title="星城市成果评审表", layout="list", tables=[listing], fields=[head]
    )
    reader = FormReader([hunan(), SpecSet(campaign="own", forms=(own,))])
    table = grid([["企业/小组名称", "成果评价", "分数"], ["湘江重工/飞跃", "翔实", "88.5"]])
    (form,) = reader.read(
        content(
            "星城市成果评审表", "推荐单位（公章）星城市质量协会", "一、小组成果评审汇总表", table
        ),
        "表.docx",
    )

    assert (form.kind, form.campaigns) == ("review_rollup", ("own",))
    assert values(form) == {"recommender": "星城市质量协会"}


def test_a_rollup_is_read_row_by_row() -> None:
    """Empty rows go, foot lines are fields."""
    form = read_one(
        ROLLUP_TITLE,
        grid([ROLLUP_HEADER, rollup_row(1, "湘江之星班组"), rollup_row(2, "飞跃QC小组", "8人"), [""] * 9]),
        "填表人：张三    联系电话：13900000001",
    )  # fmt: skip

    table = form.table("results")
    assert table is not None
    assert [row.get("group_name").value for row in table.rows] == ["湘江之星班组", "飞跃QC小组"]  # type: ignore[union-attr]
    assert [row.get("member_count").value for row in table.rows] == [12, 8]  # type: ignore[union-attr]
    assert values(form) == {"preparer": "张三", "preparer_phone": "13900000001"}


def test_characters_are_counted_for_each_form() -> None:
    """字数 of the form's own part."""
    one, two = read(TEAM_TITLE, team(), STORY_TITLE, story())

    assert one.characters > two.characters > 100


def test_a_label_in_a_note_below_is_no_field() -> None:
    """The notice's own telephone is not the applicant's."""
    form = read_one(
        TEAM_TITLE,
        team(phone=""),
        "注：1. 填写一份。",
        "2. 电话：010-60000000",
        Line(text="传真：1"),
    )

    assert form.get("phone").value is None  # type: ignore[union-attr]


def test_a_form_of_lines_keeps_the_field_that_is_named_as_a_text() -> None:
    """The label of a long text is no title of a separate one where the cells were lost."""
    found = read(
        TEAM_TITLE,
        "质量信得过班组名称 湘江之星装配班组",
        "企业名称 湘江重工装备有限公司",
        "详细通讯地址 长沙市枫林路1号 邮编 410006",
        "联系部门 质量管理部 电话 0731-88880000 传真",
        "联系人 张三 手机 13900000001 邮箱 zhang@xjzg.example",
        "班组长 李四 班组人数 12 班组类型 生产型",
        "班组工作完成率% 98 产品/服务一次合格率% 99 年顾客投诉数 0",
        "质量信得过班组简介及创建活动结果（另附材料）：",
        "班组概况：我们班组现有12人，负责装配，连续三年零缺陷，被评为公司先进班组。",
        "单位盖章",
    )

    (form,) = found
    assert (form.kind, form.confidence) == ("team_form", 0.75)
    assert values(form)["team_intro"] == (
        "班组概况：我们班组现有12人，负责装配，连续三年零缺陷，被评为公司先进班组。"
    )
    assert values(form)["contact"] == "张三"
    assert form.get("contact").confidence < 0.8  # type: ignore[union-attr]


def test_the_longest_word_in_a_heading_tells_the_kind_of_a_text() -> None:
    """活动总结 alone says less than 小组活动总结."""
    kinds = {
        "summary_both": ["工作总结", "活动总结"],
        "summary_qc": ["小组活动总结"],
    }
    forms = [
        {"kind": kind, "title": f"某某协会{kind}", "layout": "text", "file_words": words}
        for kind, words in kinds.items()
    ]
    sets = [SpecSet.model_validate({"campaign": "test", "forms": forms})]
    body = "全年注册小组12个，开展活动四十次。" * 10
    (form,) = FormReader(sets).read(content("湘江重工质量管理小组活动总结", body), "材料.docx")
    assert (form.kind, form.confidence) == ("summary_qc", 0.9)


def test_the_year_in_a_heading_chooses_among_campaigns() -> None:
    """A text known by a word of its heading belongs where its year does."""
    form = {"kind": "summary_qc", "layout": "text", "file_words": ["小组活动总结"]}
    sets = [
        SpecSet.model_validate({"campaign": name, "forms": [{**form, "title": f"{year}年{word}"}]})
        for name, year, word in (
            ("later", 2020, "小组活动总结"),
            ("earlier", 2019, "协会小组活动工作总结"),
        )
    ]
    body = "全年注册小组12个，开展活动四十次。" * 10
    for title in ("湘江重工2019年小组活动总结", "湘江重工有限公司2019年小组活动总结"):
        (read_,) = FormReader(sets).read(content(title, body), "材料.docx")
        assert (read_.campaigns, read_.foreign) == (("earlier",), "")


@pytest.mark.parametrize(
    ("period", "campaigns"),
    [
        ("（2018 年 6 月至 2019 年 4 月）", ("earlier",)),
        ("2019年6月～2020年6月", ("later",)),
        ("2017年1月~2017年12月", ("later", "earlier")),
    ],
)
def test_the_printed_period_tells_forms_of_one_title(
    period: str, campaigns: tuple[str, ...]
) -> None:
    """Two associations print the same table for other months; other months tell nothing."""
    sets = [
        SpecSet(
            campaign=name,
            forms=(
                spec(
                    "stats_qc",
                    FieldSpec(key="period", label=printed, type=FieldType.PERIOD, place="head"),
                    FieldSpec(key="year", label="本年度小组数", type=FieldType.INTEGER),
                    FieldSpec(key="total", label="历年来小组累计数", type=FieldType.INTEGER),
                    title="小组活动统计表",
                ),
            ),
        )
        for name, printed in (
            ("later", "2019 年 6 月至 2020 年 6 月"),
            ("earlier", "2018 年 6 月至 2019 年 4 月"),
        )
    ]
    table = grid([["本年度小组数", "12"], ["历年来小组累计数", "86"]])
    (form,) = FormReader(sets).read(content("小组活动统计表", period, table), "表.docx")
    assert form.campaigns == campaigns
    assert values(form)["year"] == 12


_WORDS = st.sampled_from(
    [TEAM_TITLE, STORY_TITLE, ROLLUP_TITLE, SUMMARY_TITLE, "企业名称", "邮编", "联系人：", "手机", "数量", "单位",
     "序", "信组", "QC", "合计", "单位盖章", "□产品 ☑企业", "张三", "13900000001", "12%", "", " ", "注：", "一、基本情况",
     "年 月 日", "推荐单位", "部门职务：质量部 邮箱：", "本年度成果率", "2025年7月~2026年7月", "\n", "故事主要特色简介"]
)  # fmt: skip
_CELLS = st.builds(C, _WORDS, st.integers(1, 3), st.integers(1, 3))
_GRIDS = st.lists(st.lists(_CELLS, max_size=5), max_size=6).map(grid)


@settings(deadline=None, max_examples=150)
@given(st.lists(st.one_of(_WORDS, _GRIDS), max_size=6))
def test_any_content_is_read_without_failing(blocks: list[str | Grid]) -> None:
    """Spans over the edge, labels without values, titles without forms."""
    for form in read(*blocks):
        assert 0 <= form.confidence <= 1
        assert bool(form.campaigns) != bool(form.foreign)
        for field in form.fields:
            assert field.raw == "" or field.where


def test_a_document_of_countless_tables_is_divided_in_one_go(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The tables met so far are not gathered anew for each that follows."""
    gathered = 0
    views = Piece.views

    def counting(piece: Piece) -> list[View]:
        nonlocal gathered
        found = views(piece)
        gathered += len(found)
        return found

    monkeypatch.setattr(Piece, "views", counting)
    empty = Grid(rows=((Cell(row=0, col=0),),))
    reader().read(Content(blocks=(empty,) * 400, characters=0), "表.docx")
    assert gathered <= 400 * 50
