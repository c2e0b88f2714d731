"""Values beside, below, behind and inside their labels, whatever applicants did to the table."""

from __future__ import annotations

import pytest
from drawn import C, grid
from filledforms import (
    STATISTICS_TITLE,
    STORY_TITLE,
    TEAM_TITLE,
    TEAM_VALUES,
    read_one,
    spec,
    statistics,
    story,
    team,
    values,
)
from hypothesis import given
from hypothesis import strategies as st

from parsers.forms.cells import View
from parsers.forms.extract import Extraction
from parsers.forms.formindex import FormIndex, Region, strip_prompts
from parsers.model import Field, Form, Grid, Line
from parsers.spec import FieldSpec, FormSpec


def _field(key: str, label: str, kind: str = "text", **more: object) -> FieldSpec:
    return FieldSpec.model_validate({"key": key, "label": label, "type": kind, **more})


def _extract(form: FormSpec, *blocks: str | Grid) -> dict[str, Field]:
    parts = tuple(View(b) if isinstance(b, Grid) else Line(text=b, where="第1段") for b in blocks)
    return {field.key: field for field in Extraction(FormIndex(form), Region(parts=parts)).run()}


def _values(form: FormSpec, *blocks: str | Grid) -> dict[str, object]:
    found = _extract(form, *blocks)
    return {key: field.value for key, field in found.items() if field.value is not None}


def _get(form: Form, key: str) -> Field:
    field = form.get(key)
    assert field is not None
    return field


_CONTACT = spec(
    "contact",
    _field("company", "企业名称", "organisation"),
    _field("contact", "联系人", "person"),
    _field("mobile", "手机", "mobile"),
    _field("fax", "传真", "fax"),
    _field("postcode", "邮编", "postcode"),
    _field("type", "品牌类型", "ticks", options=["产品", "企业", "团队", "个人"]),
)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([["联系人", "张三", "手机", "13900000001"]], {"contact": "张三", "mobile": "13900000001"}),
        ([["联系人：", "张三", "手 机：", "13900000001"]], {"contact": "张三", "mobile": "13900000001"}),
        ([["联系人：张三", "手机：13900000001"]], {"contact": "张三", "mobile": "13900000001"}),
        ([["联系人：张三 手机：13900000001"]], {"contact": "张三", "mobile": "13900000001"}),
        ([["联系人：张三手机：13900000001"]], {"contact": "张三", "mobile": "13900000001"}),
        ([["联 系 人", "张三", "手机 13900000001"]], {"contact": "张三", "mobile": "13900000001"}),
        ([["联系人", "联系人：张三", "手机", ""]], {"contact": "张三"}),
        ([["联系人", "手机", "13900000001"]], {"mobile": "13900000001"}),
        ([["联系人", "", "手机", "13900000001"]], {"mobile": "13900000001"}),
        ([["企业名称", "", "湘江重工", ""]], {"company": "湘江重工"}),
        ([["企业名称\n（公章为准）", "湘江重工"]], {"company": "湘江重工"}),
        ([["1.企业名称", "湘江重工"], ["2.联系人", "张三"]], {"company": "湘江重工", "contact": "张三"}),
        ([["联系人", "手机"], ["张三", "13900000001"]], {"contact": "张三", "mobile": "13900000001"}),
        ([["品牌类型", "企业", "联系人", "张三"]], {"type": ["企业"], "contact": "张三"}),
        ([["品牌类型", "□产品", "☑企业", "□团队", "□个人"]], {"type": ["企业"]}),
        ([["联系人", "张三", "职务", "部长", "手机", "13900000001"]],
         {"contact": "张三", "mobile": "13900000001"}),
        ([["邮政编码", "410006", "手机号码", "13900000001"]],
         {"postcode": "410006", "mobile": "13900000001"}),
    ],
)  # fmt: skip
def test_values_are_found_by_their_labels(
    rows: list[list[str | C]], expected: dict[str, object]
) -> None:
    """Right, inside, behind, below; labels retyped; cells merged or torn."""
    assert _values(_CONTACT, grid(rows)) == expected


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("质量事故 0 起  安全事故 1 起", {"quality": 0, "safety": 1}),
        ("质量事故 无 起  安全事故 1 起", {"quality": 0, "safety": 1}),
        ("质量事故 1 起  安全事故 无 起", {"quality": 1, "safety": 0}),
        ("质量事故 无  安全事故 无", {"quality": 0, "safety": 0}),
        ("（质量事故： 0 起）（安全事故： 无 起）", {"quality": 0, "safety": 0}),
        ("（经济效益： 35.6 万元/年）", {"benefit": 35.6}),
    ],
)
def test_figures_with_their_labels_in_one_cell(cell: str, expected: dict[str, object]) -> None:
    """无 is a figure as 0 is; brackets around label and figure belong to neither."""
    form = spec(
        "accidents",
        _field("quality", "质量事故", "integer", unit="起", place="inline"),
        _field("safety", "安全事故", "integer", unit="起", place="inline"),
        _field("benefit", "经济效益", "money", unit="万元/年", place="inline"),
    )
    assert _values(form, grid([["近三年情况", cell]])) == expected


def test_a_value_that_is_another_label_stays_a_value() -> None:
    """The label stands elsewhere as well, and the alternation of the row is kept."""
    found = _values(
        _CONTACT, grid([["联系人", "手机", "邮编", "410006"], ["手机", "13900000001", "传真", ""]])
    )

    assert found == {"contact": "手机", "postcode": "410006", "mobile": "13900000001"}


def test_a_value_torn_over_two_cells_is_doubted() -> None:
    """What stands in the second cell may belong to it."""
    field = _extract(_CONTACT, grid([["企业名称", "湘江重工", "装备有限公司"]]))["company"]

    assert field.confidence < 0.8
    assert field.doubt


def test_labels_in_running_text_are_no_labels() -> None:
    """手机 inside a sentence is not followed by a number of the applicant."""
    assert _values(_CONTACT, grid([["本企业名称变更说明"], ["请勿使用手机 拍照"]])) == {}


def test_added_and_removed_rows_shift_nothing() -> None:
    """Each value is found by its own label."""
    rows = [[C(c.text, c.colspan, c.rowspan) for c in row] for row in team().rows]
    added = [rows[0], ["企业性质", C("民营", 5)], *rows[1:4], *rows[5:]]

    expected = {k: v for k, v in TEAM_VALUES.items() if k not in ("contact", "mobile", "email")}
    assert values(read_one(TEAM_TITLE, grid(added))) == expected


@pytest.mark.parametrize(
    ("printed", "typed"),
    [
        ("详细通讯地址", "详细通迅地址"),
        ("年质量、安全事故数", "年质量安全事故数"),
        ("成员参与改进活动率%", "成员参与该进活动率"),
        ("班组工作完成率%", "班 组 工 作 完 成 率（％）"),
        ("邮编", "邮　编："),
        ("年培训人数、时长", "年培训人数/时长"),
    ],
)
def test_a_retyped_label_is_still_known(printed: str, typed: str) -> None:
    """Blanks, width, colon, one wrong character."""
    rows = [
        [C(typed if c.text == printed else c.text, c.colspan, c.rowspan) for c in row]
        for row in team().rows
    ]

    assert values(read_one(TEAM_TITLE, grid(rows))) == TEAM_VALUES


def test_a_misprinted_label_lowers_the_confidence() -> None:
    """But not below what is taken for certain."""
    rows = [
        [C(c.text.replace("通讯", "通迅"), c.colspan, c.rowspan) for c in row]
        for row in team().rows
    ]
    form = read_one(TEAM_TITLE, grid(rows))

    assert 0.8 <= _get(form, "address").confidence < 1
    assert _get(form, "postcode").confidence == 1


def test_equal_labels_are_told_apart_by_an_unmerged_row_header() -> None:
    """The header's cell stands empty in the rows below."""
    rows = [
        ["推荐单位", "单位名称：湘江重工", ""],
        ["", "部门职务：质量部", "邮箱：a@xj.cn"],
        ["拟参会演讲填写本栏", "演讲人：王五", "部门职务：装配班"],
        ["", "手机：13900000002", "邮箱：b@xj.cn"],
    ]
    found = values(read_one(STORY_TITLE, grid(rows)))

    assert (found["contact_dept_post"], found["speaker_dept_post"]) == ("质量部", "装配班")
    assert (found["email"], found["speaker_email"]) == ("a@xj.cn", "b@xj.cn")
    assert "mobile" not in found


def test_equal_labels_are_told_apart_by_a_heading_row() -> None:
    """A full row above is a header as well."""
    rows = [
        [C("推荐单位", 2)],
        ["部门职务：质量部", "邮箱：a@xj.cn"],
        [C("拟参会演讲填写本栏", 2)],
        ["演讲人：王五", "部门职务：装配班"],
    ]
    found = values(read_one(STORY_TITLE, grid(rows)))

    assert (found["contact_dept_post"], found["speaker_dept_post"]) == ("质量部", "装配班")


def test_equal_labels_without_any_header_are_doubtful() -> None:
    """The order decides, with a confidence that shows it."""
    rows = [
        ["故事名称", "匠心"],
        ["单位名称：湘江重工", "联系人姓名：张三"],
        ["部门职务：质量部", "邮箱：a@xj.cn"],
        ["演讲人：王五", "部门职务：装配班"],
    ]
    form = read_one(STORY_TITLE, grid(rows))

    assert _get(form, "contact_dept_post").value == "质量部"
    assert _get(form, "contact_dept_post").confidence < 0.8
    assert _get(form, "speaker_dept_post").value == "装配班"


def test_a_figure_over_two_rows_belongs_to_neither_for_certain() -> None:
    """Two sub-rows, one merged cell: raw text, no value."""
    rows = [
        [C("统计项目", 2), "单位", "数量", "备注"],
        [C("历年来已登记注册累计数", 1, 2), "信得过班组", C("个", 1, 2), C("150", 1, 2), ""],
        ["QC小组", ""],
        *[[C(c.text, c.colspan, c.rowspan) for c in row] for row in statistics().rows[3:]],
    ]
    field = _get(read_one(STATISTICS_TITLE, grid(rows)), "registered_total_qc")

    assert (field.value, field.raw) == (None, "150")
    assert field.doubt


def test_units_are_never_values() -> None:
    """An empty figure is empty, though 个 stands beside it."""
    blank = [
        [
            C("" if c.text.strip("0123456789,.%元次/人") == "" else c.text, c.colspan, c.rowspan)
            for c in row
        ]
        for row in statistics().rows
    ]
    form = read_one(STATISTICS_TITLE, "填报单位：湘江重工", grid(blank))

    assert _get(form, "registered_total_team").raw == ""
    assert _get(form, "benefit_year").value is None


def test_statistics_without_their_header_row() -> None:
    """The unit is skipped on the way to the figure."""
    rows = [[C(c.text, c.colspan, c.rowspan) for c in row] for row in statistics().rows][1:]
    found = values(read_one(STATISTICS_TITLE, grid(rows)))

    assert found["registered_total_team"] == 30
    assert found["benefit_total"] == 3500
    assert found["training_times_people"] == [5, 200]


def test_a_long_text_may_stand_in_the_cell_below() -> None:
    """The label in a row of its own, the text in the next."""
    form = spec("text", _field("intro", "小组简介及主要活动过程与效果：", "long_text"))
    rows = [[C("小组简介及主要活动过程与效果", 3)], [C("成立于2010年。\n班组名称：甲", 3)]]

    assert _values(form, grid(rows)) == {"intro": "成立于2010年。\n班组名称：甲"}


def test_a_stamp_behind_a_long_text_is_cut_off() -> None:
    """单位盖章 and the date at the end are not the applicant's text."""
    form = spec(
        "text",
        _field("intro", "小组简介：", "long_text"),
        _field("stamp", "单位盖章", "stamp", must="hand"),
    )
    found = _extract(
        form, grid([["小组简介：\n经单位盖章后有效的成果三项。\n\n单位盖章：  2026年7月1日"]])
    )

    assert found["intro"].value == "经单位盖章后有效的成果三项。"
    assert found["stamp"].value == "2026年7月1日"


def test_two_long_texts_in_one_cell() -> None:
    """The second label begins a line and has its colon."""
    form = spec(
        "text",
        _field("intro", "QC小组简介：", "long_text"),
        _field("process", "主要活动过程与效果：", "long_text"),
    )
    found = _values(form, grid([["QC小组简介：十人。\n主要活动过程与效果：\n降废一成。"]]))

    assert found == {"intro": "十人。", "process": "降废一成。"}


def test_guidance_in_the_cell_is_not_the_answer() -> None:
    """Answers between the printed points are kept, the points are not."""
    prompts = ("1.班组成员组成。", "2.班组基础管理情况。")

    assert (
        strip_prompts("1. 班组成员组成。\n共12人。\n2. 班组基础管理情况。", prompts).strip()
        == "共12人。"
    )
    assert strip_prompts("1. 班组成员组成。\n2. 班组基础管理情况。\n", prompts).strip() == ""
    assert strip_prompts("/", ("/",)) == ""
    assert strip_prompts("12/40", ("/",)) == "12/40"


def test_points_answered_one_by_one_keep_their_headings() -> None:
    """Behind the colon or under the point; a point without answer goes, its number too."""
    prompts = ("1.班组成员组成。", "2.班组基础管理情况。", "3.近三年取得荣誉情况。")
    text = "1. 班组成员组成：共12人。\n2. 班组基础管理情况。\n3. 近三年取得荣誉情况。\n先进班组。"

    assert (
        strip_prompts(text, prompts)
        == "1. 班组成员组成：共12人。\n\n3. 近三年取得荣誉情况。\n先进班组。"
    )


def test_numbered_slots_are_one_list_of_names() -> None:
    """Printed numbers go, empty slots go."""
    form = spec("names", _field("members", "小组成员名单", "names", slots=10))
    rows = [
        [C("小组成员名单", 1, 2), "1张三", "2.李四", "3、王五", "4", "5"],
        ["6", "7", "8", "9", "10"],
    ]

    assert _values(form, grid(rows)) == {"members": ["张三", "李四", "王五"]}


def test_numbered_slots_stand_in_the_rows_below_a_label_over_the_whole_table() -> None:
    """Up to the next label; a row may have been added, and a name have blanks in it."""
    form = spec(
        "names",
        _field("members", "小组成员名单", "names", slots=4),
        _field("intro", "小组简介：", "long_text"),
    )
    rows = [
        [C("小组成员名单", 2)],
        ["1 张三", "司 马 亮"],
        ["3", "4、李四"],
        ["王五", ""],
        [C("小组简介：六人。", 2)],
    ]
    wanted = {"members": ["张三", "司马亮", "李四", "王五"], "intro": "六人。"}

    assert _values(form, grid(rows)) == wanted
    assert _values(form, grid([[*row, ""] for row in rows])) == wanted  # a sheet's spare column


def test_empty_slots_are_an_empty_field() -> None:
    """Printed numbers alone are nothing that was written."""
    form = spec("names", _field("members", "小组成员名单", "names", slots=4))
    found = _extract(form, grid([[C("小组成员名单", 2)], ["1", "2"], ["3、", "(4)"]]))["members"]

    assert (found.value, found.raw, found.doubt) == (None, "", "")


def test_what_stands_below_a_label_with_a_cell_of_its_own_is_no_slot() -> None:
    """An empty cell beside the label is where the names belong."""
    form = spec("names", _field("members", "小组成员名单", "names", slots=4))

    assert _values(form, grid([["小组成员名单", ""], ["口号", "精益求精"]])) == {}


def test_a_note_under_an_empty_long_text_is_not_the_text() -> None:
    """In a worksheet the notes are rows of the same grid."""
    form = spec("text", _field("intro", "小组简介：", "long_text"))

    assert _values(form, grid([["小组简介："], ["注：1. 填写申报表一份。"]])) == {}


def test_head_and_foot_are_lines_outside_the_table() -> None:
    """Several labels in one paragraph; the same label above and below."""
    form = spec(
        "head",
        _field("company", "填报单位：", "organisation", place="head"),
        _field("contact", "联系人：", "person", place="head"),
        _field("preparer", "联系人：", "person", place="foot"),
        _field("name", "小组名称"),
    )
    found = _values(
        form,
        "填报单位：_湘江重工_   联系人：张 三",
        grid([["小组名称", "飞跃"]]),
        "联系人：李四      年  月  日",
    )

    assert found["company"] == "湘江重工"
    assert found["contact"] == "张三"
    assert str(found["preparer"]).startswith("李四")


def test_a_header_row_with_its_values_below() -> None:
    """Labels side by side, as registration forms print them."""
    form = spec(
        "below",
        *(
            _field(key, label, place="below")
            for key, label in (("group", "小组名称"), ("dept", "所在部门"))
        ),
        _field("leader", "组长姓名", "person"),
        _field("post", "职务"),
    )
    rows = [["小组名称", "所在部门"], ["飞跃", "质量部"], ["组长姓名", "职务"], ["张三", "部长"]]

    assert _values(form, grid(rows)) == {
        "group": "飞跃",
        "dept": "质量部",
        "leader": "张三",
        "post": "部长",
    }


def test_the_place_is_the_cell_of_the_value() -> None:
    """Of the label where both share a cell."""
    form = read_one(STORY_TITLE, story())

    assert _get(form, "story_title").where == "表1 第1行第2列"
    assert _get(form, "mobile").where == "表1 第4行第3列"


_NAME = st.text(alphabet="甲乙丙丁戊己庚辛ABC0123456789", min_size=1, max_size=12)


@given(
    name=_NAME,
    blanks=st.lists(st.sampled_from(["", " ", "\u3000", "\n", "\u200b"]), min_size=4, max_size=4),
)
def test_blanks_in_a_label_never_change_what_is_read(name: str, blanks: list[str]) -> None:
    """Whatever white space stands between the characters of a label."""
    label = "".join(c + blank for c, blank in zip("企业名称", blanks, strict=True))

    assert _values(_CONTACT, grid([[label, name]]))["company"] == name


@given(values=st.lists(_NAME, min_size=3, max_size=3), order=st.permutations([0, 1, 2]))
def test_the_order_of_rows_never_matters(values: list[str], order: list[int]) -> None:
    """A value goes where its own label says."""
    form = spec(
        "abc",
        *(_field(key, f"项目{label}名称") for key, label in zip("abc", "甲乙丙", strict=True)),
    )
    rows = [[f"项目{label}名称", value] for label, value in zip("甲乙丙", values, strict=True)]

    found = _values(form, grid([rows[n] for n in order]))
    assert [found[key] for key in "abc"] == values


def test_a_note_over_a_sheet_is_no_value() -> None:
    """The mailbox in the notes before the first row is not the applicant's."""
    form = spec(
        "stats_qc",
        _field("unit", "推荐单位", "organisation", place="head"),
        _field("groups", "本年度小组数", "integer"),
        _field("email", "邮箱：", "email", place="inline"),
    )
    sheet = grid(
        [
            [C("注：1. 本统计表来自企业统计数据资料。", 2)],
            [C("2. 材料于5月23日前交协会 邮箱：office@association.example", 2)],
            [C("推荐单位 湘江重工装备有限公司", 2)],
            ["本年度小组数", "12"],
            [C("邮箱：zhou@xiangjiang.example", 2)],
        ],
        sheet="Sheet1",
    )
    assert _values(form, sheet) == {
        "unit": "湘江重工装备有限公司",
        "groups": 12,
        "email": "zhou@xiangjiang.example",
    }


def test_values_parted_by_blanks_alone_are_read_but_never_sure() -> None:
    """A form whose table was lost: the known labels part the line, a person looks at it."""
    form = spec(
        "qc_form",
        _field("address", "详细通讯地址", "address"),
        _field("postcode", "邮 编", "postcode"),
        _field("contact", "直接联系人", "person"),
        _field("cost", "质量成本（万元/年）", "money"),
        _field("intro", "小组简介：", "long_text"),
        _field("stamp", "单位盖章", "stamp", must="hand"),
    )
    found = _extract(
        form,
        "注：1.须用正楷填写全称，详细通讯地址 不得空缺。",
        "2.注意事项：准确无误。",
        "详细通讯地址 长沙市枫林路 1 号 邮 编 410006",
        "直接联系人 周志远 质量成本（万元/年） 6.8",
        "小组简介：",
        "小组成立于2019年。",
        "成员 9 人。",
        "单位盖章",
    )
    assert {key: f.value for key, f in found.items()} == {
        "address": "长沙市枫林路 1 号",
        "postcode": "410006",
        "contact": "周志远",
        "cost": 6.8,
        "intro": "小组成立于2019年。\n成员 9 人。",
        "stamp": None,
    }
    assert found["address"].confidence < 0.8
    assert found["contact"].confidence < 0.8


def test_a_note_under_an_empty_long_text_is_no_text() -> None:
    """In a spreadsheet the form's own note stands in the cell below."""
    form = spec("trial_form", _field("deeds", "主要事迹：", "long_text"))
    drawn = grid([["主要事迹："], ["注：1.字数2000字以内。"]])
    assert _values(form, drawn) == {}
    assert _values(form, grid([["主要事迹："], ["从业十年。"]])) == {"deeds": "从业十年。"}


def test_numbered_slots_in_flat_lines_go_on_as_long_as_they_are_numbered() -> None:
    """A table made text keeps its rows, with tabulators between the cells or one a line."""
    form = spec(
        "names", _field("members", "小组成员名单", "names", slots=4), _field("name", "小组名称")
    )
    rows = ("小组成员名单", "1张三\t2李四", "3王五\t4")
    assert _values(form, *rows, "小组名称：星火")["members"] == ["张三", "李四", "王五"]
    assert _values(form, "小组成员名单", "1张三", "2李四", "以上属实")["members"] == [
        "张三",
        "李四",
    ]


def test_a_text_in_flat_lines_may_begin_with_a_period() -> None:
    """Only where the form prints a period does such a line end the text."""
    deeds = _field("deeds", "主要事迹：", "long_text")
    period = _field("period", "统计期间", "period", place="head")
    line = "2017年6月至12月开展活动。"
    assert _values(spec("trial_form", deeds), "主要事迹：", line) == {"deeds": line}
    assert "deeds" not in _values(spec("trial_form", deeds, period), "主要事迹：", line)


def test_a_table_saved_a_cell_a_line_is_read() -> None:
    """Labels broken over their cell's lines, units and formulas in cells of their own."""
    scope = ["本年度成果率"]
    form = spec(
        "trial_form",
        _field("rate", "班组工作完成率%", "percent"),
        _field("team", "信组", "percent", scope=scope, unit="%"),
        _field("qc", "QC", "percent", scope=scope, unit="%"),
        _field("spent", "本年度经费投入", "money", unit="万元"),
        _field("intro", "故事主要特色简介", "long_text"),
        _field("speaker", "演讲人：", "person", scope=["拟参会演讲填写本栏"]),
    )
    lines = ["班组工作完成", "率 %", "98.5", "本年度", "成果率", "信组", "成果数/注册数×100%", "%"]
    lines += ["87.5", "QC", "%", "本年度经费投入", "万元", "6", "故事主要", "特色简介", "200字以内"]
    lines += ["二十年磨一轴。", "拟参会演讲", "填写本栏", "演讲人：刘小雨"]

    assert _values(form, *lines) == {
        "rate": 98.5,
        "team": 87.5,
        "spent": 6,
        "intro": "二十年磨一轴。",
        "speaker": "刘小雨",
    }


def test_the_title_tells_a_field_without_label() -> None:
    """What is found in the title, or in a line under it, unless a label stands there."""
    award = _field("award", "奖项", "ticks", options=["甲奖", "乙奖"], place="title")
    form = spec("trial_form", award, _field("name", "姓名", "person"))
    drawn = grid([["姓名", "周志远"]])
    assert _values(form, "申报乙奖", drawn) == {"award": ["乙奖"], "name": "周志远"}
    assert _values(form, "甲奖、乙奖申报表", drawn) == {"name": "周志远"}
    below = grid([["奖项", "甲奖"], ["姓名", "周志远"]])
    assert _values(form, "甲奖、乙奖申报表", below) == {"award": ["甲奖"], "name": "周志远"}
    far = grid([["姓名", "周志远"]])
    assert _values(form, far, "注：乙奖另行通知") == {"name": "周志远"}
