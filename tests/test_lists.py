"""Lists inside forms: headers, rows, totals."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from drawn import C, grid
from filledforms import ROLLUP_HEADER, ROLLUP_TITLE, read_one, rollup_row, spec

from parsers.forms.cells import View
from parsers.forms.lists import ListReader, Lists
from parsers.spec import FormSpec


def _column(key: str, label: str, kind: str = "text", **more: object) -> dict[str, object]:
    return {"key": key, "label": label, "type": kind, **more}


def _form(*tables: dict[str, object]) -> FormSpec:
    return spec("rollup", layout="list", tables=list(tables))


_GROUPS = {
    "key": "groups",
    "titles": ["一、优秀质量管理小组"],
    "columns": [
        _column("seq", "序号", "serial"),
        _column("company", "单位名称\n（以公章为准）"),
        _column("group_name", "小组名称"),
        _column("members", "成员名单", "names"),
    ],
    "total": _column("group_members_total", "小组人数总计", "integer"),
}
_TEAMS = {
    "key": "teams",
    "titles": ["二、质量信得过班组"],
    "columns": [
        _column("seq", "序号", "serial"),
        _column("company", "单位名称"),
        _column("team_name", "班组名称"),
        _column("member_count", "班组人数", "integer"),
    ],
    "total": _column("team_members_total", "总计", "integer"),
}
_MEMBERS = {
    "key": "members",
    "blocks": 2,
    "columns": [_column("name", "成员姓名", "person"), _column("age", "年龄", "integer")],
}
_PRESENTERS = {
    "key": "presenters",
    "columns": [
        _column("seq", "编号", "serial"),
        _column("group_name", "QC小组名称"),
        _column("project_type", "课题类型", "choice", options=["现场", "攻关", "管理"]),
        _column("presenter", "发表人", "person"),
    ],
}


def _read(
    form: FormSpec, *tables: Sequence[Sequence[str | C]], headings: Sequence[str] = ()
) -> Lists:
    views = [View(grid(rows, f"表{n}")) for n, rows in enumerate(tables, start=1)]
    return ListReader(form).read(views, headings)


def _plain(lists: Lists, key: str) -> list[dict[str, object]]:
    table = next(table for table in lists.tables if table.key == key)
    return [{c.key: c.value for c in row.cells if c.value is not None} for row in table.rows]


_HEADER = ["序号", "单位名称", "小组名称", "成员名单"]


def test_rows_follow_the_header() -> None:
    """Empty ones, and those that hold only their number, are skipped."""
    lists = _read(
        _form(_GROUPS),
        [_HEADER, ["1", "甲公司", "飞跃", "张三、李四"], ["2", "", "", ""], [""] * 4],
    )

    assert _plain(lists, "groups") == [
        {"seq": "1", "company": "甲公司", "group_name": "飞跃", "members": ["张三", "李四"]}
    ]
    assert lists.tables[0].rows[0].where == "表1 第2行"


def test_columns_may_be_missing_or_reordered() -> None:
    """A row holds what the document has."""
    lists = _read(
        _form(_GROUPS), [["小组名称", "序号", "单位名称", "备注"], ["飞跃", "1", "甲公司", "无"]]
    )

    assert lists.tables[0].columns == ("seq", "company", "group_name")
    assert [cell.key for cell in lists.tables[0].rows[0].cells] == ["seq", "company", "group_name"]
    assert _plain(lists, "groups") == [{"seq": "1", "company": "甲公司", "group_name": "飞跃"}]


def test_a_repeated_header_is_no_row() -> None:
    """As Word repeats it after a page break."""
    lists = _read(
        _form(_GROUPS), [_HEADER, ["1", "甲", "飞跃", ""], _HEADER, ["2", "乙", "雄鹰", ""]]
    )

    assert [row["group_name"] for row in _plain(lists, "groups")] == ["飞跃", "雄鹰"]


def test_a_grid_without_header_goes_on_with_the_list() -> None:
    """A table torn at the end of a page."""
    lists = _read(_form(_GROUPS), [_HEADER, ["1", "甲", "飞跃", ""]], [["2", "乙", "雄鹰", ""]])

    assert [row["group_name"] for row in _plain(lists, "groups")] == ["飞跃", "雄鹰"]


@pytest.mark.parametrize(
    "total", [[C("小组人数总计：35", 4)], [C("小组人数总计", 3), "35人"], [C("合计", 3), "35"]]
)
def test_the_totals_row_is_a_field(total: list[str | C]) -> None:
    """Behind its label or in a cell of its own."""
    lists = _read(_form(_GROUPS), [_HEADER, ["1", "甲", "飞跃", ""], total])

    assert [(field.key, field.value) for field in lists.totals] == [("group_members_total", 35)]
    assert len(lists.tables[0].rows) == 1


@pytest.mark.parametrize(
    ("row", "value", "told"),
    [
        (["", "", "", "总计 26", ""], 26, False),
        ([C("总计", 3), "26", "9"], 26, False),
        (["", "", "", "总计", "9"], 9, True),
        (["", "", "", "总计", ""], None, False),
    ],
)
def test_a_total_of_another_column_is_doubted(
    row: list[str | C], value: int | None, *, told: bool
) -> None:
    """Where the label is printed in the column of the number, one beside it is another's."""
    women = _column("women", "女性数", "integer")
    form = _form({**_TEAMS, "columns": [*_TEAMS["columns"], women]})
    (found,) = _read(form, [["序号", "单位名称", "班组名称", "班组人数", "女性数"], ["1", "甲", "一班", "26", "9"], row]).totals  # fmt: skip

    assert (found.value, bool(found.doubt), found.confidence < 0.8) == (value, told, told)


def test_headings_choose_among_the_lists_of_a_form() -> None:
    """As a row of the grid, or as the line above it."""
    form = _form(_GROUPS, _TEAMS)
    teams = [
        ["序号", "单位名称", "班组名称", "班组人数"],
        ["1", "甲", "一班", "12"],
        ["", "", "", "总计 12"],
    ]
    one = _read(form, [[C("一、优秀质量管理小组", 4)], _HEADER, ["1", "甲", "飞跃", ""],
                       [C("二、质量信得过班组", 4)], *teams])  # fmt: skip
    two = _read(
        form,
        [_HEADER, ["1", "甲", "飞跃", ""]],
        teams,
        headings=["一、优秀质量管理小组", "二、质量信得过班组"],
    )

    for lists in (one, two):
        assert [row["group_name"] for row in _plain(lists, "groups")] == ["飞跃"]
        assert [row["team_name"] for row in _plain(lists, "teams")] == ["一班"]
        assert [field.value for field in lists.totals] == [12]


def test_columns_side_by_side_are_two_rows() -> None:
    """Left block first."""
    lists = _read(
        _form(_MEMBERS),
        [["成员姓名", "年龄"] * 2, ["张三", "30", "李四", "31"], ["王五", "32", "", ""]],
    )

    assert _plain(lists, "members") == [
        {"name": "张三", "age": 30},
        {"name": "李四", "age": 31},
        {"name": "王五", "age": 32},
    ]


def test_a_ditto_means_the_row_above_in_its_own_block() -> None:
    """Side by side each block has a row above of its own; a row without values is not it."""
    lists = _read(
        _form(_MEMBERS),
        [
            ["成员姓名", "年龄"] * 2,
            ["张三", "30", "李四", "31"],
            ["王五", "〃", "赵六", "同上"],
            ["", "", "", ""],
            ["孙七", "同上", "", ""],
        ],
    )

    assert [row["age"] for row in _plain(lists, "members")] == [30, 31, 30, 31, 30]


def test_a_header_of_two_rows_with_tick_columns() -> None:
    """The option over the marked column is the value."""
    header = [
        [C("编号", 1, 2), C("QC小组名称", 1, 2), C("课题类型", 3), C("发表人", 1, 2)],
        ["现场", "攻关", "管理"],
    ]
    lists = _read(_form(_PRESENTERS), [*header, ["1", "飞跃", "", "√", "", "张三"]])

    assert _plain(lists, "presenters") == [
        {"seq": "1", "group_name": "飞跃", "project_type": ["攻关"], "presenter": "张三"}
    ]


def test_tick_columns_without_merged_cells_above_them() -> None:
    """A second header row that only names the options is no row of the list."""
    header = [
        ["编号", "QC小组名称", C("课题类型", 3), "发表人"],
        ["", "", "现场", "攻关", "管理", ""],
    ]
    empty = ["", "", "", "", "", ""]
    marked = _read(_form(_PRESENTERS), [*header, ["1", "飞跃", "", "√", "", "张三"]])
    bare = _read(_form(_PRESENTERS), [*header, empty])

    assert _plain(marked, "presenters") == [
        {"seq": "1", "group_name": "飞跃", "project_type": ["攻关"], "presenter": "张三"}
    ]
    assert _plain(bare, "presenters") == []


def test_one_option_written_under_a_wide_header_is_a_row() -> None:
    """Only a row that names several options belongs to the header."""
    lists = _read(
        _form(_PRESENTERS),
        [
            ["编号", "QC小组名称", C("课题类型", 3), "发表人"],
            ["1", "飞跃", C("现场", 3), "张三"],
            ["2", "雄鹰", C("攻关", 3), "李四"],
        ],
    )

    assert [row["project_type"] for row in _plain(lists, "presenters")] == [["现场"], ["攻关"]]


def test_a_label_in_a_form_above_is_no_header() -> None:
    """姓名 and 年龄 of the leader stand between values."""
    lists = _read(
        _form(_MEMBERS),
        [["成员姓名", "张三", "年龄", "40"], ["成员姓名", "年龄"] * 2, ["李四", "30", "", ""]],
    )

    assert _plain(lists, "members") == [{"name": "李四", "age": 30}]


def test_a_company_merged_over_its_rows_counts_for_each() -> None:
    """One cell for several nominations."""
    lists = _read(
        _form(_GROUPS), [_HEADER, ["1", C("甲公司", 1, 2), "飞跃", ""], ["2", "雄鹰", ""]]
    )

    assert [row["company"] for row in _plain(lists, "groups")] == ["甲公司", "甲公司"]


def test_a_note_ends_the_list() -> None:
    """What stands under it is not nominated."""
    lists = _read(
        _form(_GROUPS),
        [_HEADER, ["1", "甲", "飞跃", ""], [C("注：本表一式两份", 4)], ["x", "y", "z", ""]],
    )

    assert len(_plain(lists, "groups")) == 1


def test_sixty_nominations_in_several_grids() -> None:
    """None is lost, none is doubled."""
    rows = [rollup_row(n, f"第{n}班组") for n in range(1, 61)]
    form = read_one(
        ROLLUP_TITLE,
        grid([ROLLUP_HEADER, *rows[:30]]),
        grid([ROLLUP_HEADER, *rows[30:45]], "表2"),
        grid(rows[45:], "表3"),
    )

    table = form.table("results")
    assert table is not None
    assert [row.get("group_name").value for row in table.rows] == [
        f"第{n}班组" for n in range(1, 61)
    ]  # type: ignore[union-attr]


def test_a_label_may_stand_in_any_row_of_the_header() -> None:
    """Three header rows as merging leaves them: labels in the first, the second and the third."""
    form = _form(_TEAMS)
    table = [
        ["序号", "单位名称", C("评委：", 3)],
        ["", "", "务必填写正确", "班组人数", "电话"],
        ["", "单位名称", "班组名称", "", ""],
        ["1", "甲公司", "一班", "8", "0731-85550101"],
    ]
    (found,) = ListReader(form).read([View(grid(table))]).tables
    assert [[cell.value for cell in row.cells] for row in found.rows] == [
        ["1", "甲公司", "一班", 8]
    ]


def test_a_column_named_right_over_its_values_is_not_taken_for_another() -> None:
    """A label left in an upper row, one column beside: the lowest row decides."""
    columns = [
        _column("postcode", "邮编", aliases=["邮编序"]),
        _column("company", "单位名称"),
        _column("name", "小组名称"),
    ]
    table = [
        ["* 邮编", "* 单位名称", C("评委：", 2)],
        ["序", "邮编", "单位名称", "小组名称"],
        ["1", "410205", "甲公司", "飞轮小组"],
    ]

    lists = _read(_form({"key": "results", "columns": columns}), table)
    assert _plain(lists, "results") == [
        {"postcode": "410205", "company": "甲公司", "name": "飞轮小组"}
    ]


def test_a_field_of_the_head_among_the_header_rows_stays_a_field() -> None:
    """A line over the columns drawn into the table is read as what it is."""
    head = {"key": "unit", "label": "推荐单位", "place": "head"}
    form = spec("rollup", layout="list", tables=[_TEAMS], fields=[head])
    table = [
        [C("序号", 1, 2), C("推荐单位：湘江集团", 3)],
        ["单位名称", "班组名称", "班组人数"],
        ["1", "甲公司", "一班", "8"],
    ]
    view = View(grid(table))
    lists = ListReader(form).read([view])
    free = [cell.text for cell in view.cells() if id(cell) not in lists.used]
    assert free == ["推荐单位：湘江集团"]


def test_a_heading_over_a_header_is_none_of_its_rows() -> None:
    """Nor is the first row under it."""
    rows = [[str(n), "甲公司", f"{n}班", "8"] for n in (1, 2)]
    header = ["序号", "单位名称", "班组名称", "班组人数"]
    lists = _read(_form(_TEAMS), [header, [C("一、优秀班组", 4)], header, *rows])
    assert [row["team_name"] for row in _plain(lists, "teams")] == ["1班", "2班"]


def test_a_row_of_fields_over_a_header_is_none_of_its_rows() -> None:
    """Though a word of it stands over the same word, and a row of values under the header."""
    listing = {
        "key": "members",
        "columns": [
            {"key": "name", "label": "成员姓名"},
            {"key": "age", "label": "年龄"},
            {"key": "gender", "label": "性别"},
        ],
    }
    header = ["成员姓名", "年龄", "性别"]
    for over in (["组长", "年龄", "41"], ["性别", "年龄", "41"], ["", "年龄", "性别"]):
        for first in (["张三", "33", "男"], ["", "", ""]):
            lists = _read(_form(listing), [over, header, first, ["李四", "29", "女"]])
            names = [row["name"] for row in _plain(lists, "members")]
            assert names == [name for name in (first[0], "李四") if name]


def test_values_over_a_header_are_no_part_of_its_labels() -> None:
    """男 over 职务(或职称), as the leader's row stands over the members', is no misprint of it."""
    listing = {
        "key": "members",
        "columns": [
            _column("name", "成员姓名", "person"),
            _column("age", "年龄", "integer"),
            _column("post", "职务(或职称)"),
            _column("duty", "成员分工情况"),
        ],
    }
    leader = [C(text, 2) for text in ("组长姓名", "田伟", "性别", "男", "职务", "主任")]
    header = [C(text, 3) for text in ("成员姓名", "年龄", "职务(或职称)", "成员分工情况")]
    member = [C(text, 3) for text in ("郭莉", "38", "工程师", "数据收集")]
    view = View(grid([leader, header, member]))
    lists = ListReader(_form(listing)).read([view])

    assert [row["name"] for row in _plain(lists, "members")] == ["郭莉"]
    assert [cell.text for cell in view.row(0) if id(cell) in lists.used] == []


def test_the_row_of_the_leader_over_members_side_by_side_stays_his() -> None:
    """Though 性别 has options, and one of them stands in the first row under the header."""
    listing = {
        "key": "members",
        "blocks": 2,
        "columns": [
            _column("name", "成员姓名", "person"),
            _column("age", "年龄", "integer"),
            _column("gender", "性别", "choice", options=["男", "女"]),
            _column("job_title", "职称"),
            _column("duty", "职责分工"),
        ],
    }
    rates = [C(t, 10) for t in ("年培训人数/时数", "7/56", "参与率%", "100", "质量成本", "12")]
    spans = (8, 8, 6, 8, 6, 8, 6, 10)
    words = ("班组长姓名", "常胜", "性别", "男", "年龄", "43", "职务", "班长")
    leader = [C(text, span) for text, span in zip(words, spans, strict=True)]
    header = [C(t, 6) for t in ("成员姓名", "年龄", "性别", "职称", "职责分工") * 2]
    rows = [
        [C(t, 6) for t in ("郝亮", "40", "男", "技师", "安全员", "冯丽", "35", "女", "", "质量员")],
        [C(t, 6) for t in ("范伟", "29", "男", "", "操作", "石磊", "30", "男", "", "操作")],
    ]
    view = View(grid([rates, leader, header, *rows]))
    lists = ListReader(_form(listing)).read([view])

    assert [row["name"] for row in _plain(lists, "members")] == ["郝亮", "冯丽", "范伟", "石磊"]
    assert not {id(cell) for r in (0, 1) for cell in view.row(r)} & lists.used


def test_tick_columns_of_merged_cells_count_without_cells_merged_downwards() -> None:
    """In a worksheet every column may be merged sideways; the second row stays a header."""
    words = ["编号", "QC小组名称", "课题类型", "发表人"]
    upper = [C(text, 6 if text == "课题类型" else 2) for text in words]
    lower = [C(text, 2) for text in ("", "", "现场", "攻关", "管理", "")]
    row = [C(text, 2) for text in ("1", "飞跃", "", "√", "", "张三")]
    above = [[C("", 2)] * 6, ["七、上会发表小组"]]
    for lead in ([], above):
        lists = _read(_form(_PRESENTERS), [*lead, upper, lower, row])
        assert _plain(lists, "presenters") == [
            {"seq": "1", "group_name": "飞跃", "project_type": ["攻关"], "presenter": "张三"}
        ]


def test_a_row_that_says_that_there_is_none_is_no_row() -> None:
    """无, or strokes; where another cell says more, it is one."""
    none = [["1", "无", "", ""], ["", "/", "/", "/"], ["2", "甲公司", "无", "12"]]
    lists = _read(_form(_TEAMS), [["序号", "单位名称", "班组名称", "班组人数"], *none])

    assert [row["company"] for row in _plain(lists, "teams")] == ["甲公司"]


def test_a_number_over_the_word_for_the_total_is_the_total() -> None:
    """总计 is printed in the column of numbers; who writes 20 there means it."""
    header = ["序号", "单位名称", "班组名称", "班组人数"]
    rows = [["1", "甲公司", "一班", "8"], ["2", "乙公司", "二班", "12"]]
    lists = _read(_form(_TEAMS), [header, *rows, ["", "", "", "20人"]])
    first = _read(_form(_TEAMS), [header, ["", "", "", "20"], *rows])

    assert len(_plain(lists, "teams")) == 2
    assert [(field.key, field.value) for field in lists.totals] == [("team_members_total", 20)]
    assert not first.totals


def test_a_shorter_row_over_a_header_is_none_of_its_rows() -> None:
    """Columns over which nothing stands do not begin in it."""
    leader = ["班组长姓名", "常胜", "年龄", "43"]
    header = ["成员姓名", "年龄"] * 3
    view = View(grid([leader, header, ["郝亮", "40", "冯丽", "35", "范伟", "29"]]))
    lists = ListReader(_form({**_MEMBERS, "blocks": 3})).read([view])

    assert [row["name"] for row in _plain(lists, "members")] == ["郝亮", "冯丽", "范伟"]
    assert not {id(cell) for cell in view.row(0)} & lists.used
