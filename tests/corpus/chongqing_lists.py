"""The two recommendation lists of Chongqing 2019, each of two tables with headings over them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from papers import Box, Content, L, Paper

from corpus.chongqing_texts import CAMPAIGN
from corpus.sample import Sample, Value, Values

Written = dict[str, Content]
#: a row as it is written, and the typed values of what differs from that
Row = tuple[Written, Values]

QC_TITLE = ("2019 年重庆市质量管理小组/企业/个人", "推 荐 表")
TEAM_TITLE = ("2019 年重庆市质量信得过班组/个人", "推 荐 表")
QC_NOTES = (
    "注： 1.此表是推荐单位的正式汇总材料为制作获奖证书的依据，请将此表 WORD 文本格式电子版发电子邮件至重庆市质量协会 邮箱：cqszlxh@126.com",
    "2. 课题类型请填写现场型、攻关型、服务型、管理型、创新型。",
    "3.评委证书编号填写 3 年有效期内市级以上质量管理小组培训结业证书的编号。",
)
TEAM_NOTES = (
    "注：",
    "1. 此表是推荐单位的正式汇总材料为制作获奖证书的依据，请将此表 WORD 文本格式电子版发电子邮件至重庆市质量协会 邮箱：cqszlxh@126.com",
    "2. 评委证书编号填写 3 年有效期内市级以上质量信得过班组培训结业证书的编号。",
)
GROUP_COLUMNS = {
    "group_name": "小组\n名称", "project_title": "课题\n名称", "project_type": "小组\n类型",
    "member_count": "小组\n人数", "members": "小组成员名单", "benefit": "直接经济效\n应（万元）",
}  # fmt: skip
TEAM_COLUMNS = {
    "seq": "序号", "team_name": "班组名称", "member_count": "成员数", "team_leader": "班组长",
    "contact": "联系人", "mobile": "手机",
}  # fmt: skip
REVIEWER_COLUMNS = {
    "seq": "序号", "name": "姓 名", "work_unit": "工作单位", "certificate_no": "评委证书编号",
    "mobile": "手机",
}  # fmt: skip

GROUPS: tuple[Row, ...] = (
    (
        {
            "group_name": "启航QC小组", "project_title": "降低缸体渗漏率", "project_type": "现场型",
            "member_count": "4", "members": "罗世安、冉国强、邓佳宁、秦小川", "benefit": "35.6",
        },
        {"project_type": ("现场型",), "member_count": 4,
         "members": ("罗世安", "冉国强", "邓佳宁", "秦小川"), "benefit": 35.6},
    ),
    (
        {
            "group_name": "“红岩”攻坚QC小组", "project_title": "缩短转向架总成装配周期", "project_type": "攻关",
            "member_count": "５人", "members": "欧阳敏 何 勇 张广林 何秀英 王 平", "benefit": "128万元",
        },
        {"project_type": ("攻关型",), "member_count": 5,
         "members": ("欧阳敏", "何勇", "张广林", "何秀英", "王平"), "benefit": 128},
    ),
    (
        {
            "group_name": "匠心小组", "project_title": "研制铜丝在线测径仪", "project_type": "创新型",
            "member_count": "3", "members": "司马文，王平，陈思", "benefit": "",
        },
        {"project_type": ("创新型",), "member_count": 3, "members": ("司马文", "王平", "陈思")},
    ),
    (
        {
            "group_name": "细雨服务小组", "project_title": "提高客户报修响应及时率", "project_type": "服务型",
            "member_count": "2名", "members": "1.柳青青\n2.谭秋月", "benefit": "8000元",
        },
        {"project_type": ("服务型",), "member_count": 2, "members": ("柳青青", "谭秋月"), "benefit": 0.8},
    ),
)  # fmt: skip
TEAMS: tuple[Row, ...] = (
    (
        {"seq": "1", "team_name": "总装一班", "member_count": "12", "team_leader": "冉国强",
         "contact": "罗世安", "mobile": "13900000031"},
        {"member_count": 12},
    ),
    (
        {"seq": "2", "team_name": "变电检修“雷霆”班", "member_count": "8人", "team_leader": "何 勇",
         "contact": "欧阳敏", "mobile": "139 0000 0032"},
        {"member_count": 8, "mobile": "13900000032"},
    ),
    (
        {"seq": "3", "team_name": "拉丝三班", "member_count": "１５", "team_leader": "王平",
         "contact": "司马文", "mobile": "139-0000-0033"},
        {"member_count": 15, "mobile": "13900000033"},
    ),
)  # fmt: skip
REVIEWERS: tuple[Row, ...] = (
    (
        {"seq": "1", "name": "张广林", "work_unit": "重庆嘉陵轨道装备股份有限公司",
         "certificate_no": "渝质QC2018-0123", "mobile": "13900000036"},
        {},
    ),
    (
        {"seq": "2", "name": "何 英", "work_unit": "巴渝精密机械有限公司",
         "certificate_no": "CQ-2017-00456", "mobile": "139 0000 0037"},
        {"mobile": "13900000037"},
    ),
)  # fmt: skip
UNITS = {"recommender": "巴渝精密机械有限公司", "district": "江北区"}
OTHERS = {"recommender": "重庆市轨道交通行业协会", "district": "渝中区"}


def table(
    columns: dict[str, str], rows: Sequence[Row], empty: int = 0
) -> tuple[tuple[Box, ...], ...]:
    """A header, the rows, and rows left empty."""
    blank: Row = ({}, {})
    return (
        tuple(L(label) for label in columns.values()),
        *(tuple(Box(row.get(key, "")) for key in columns) for row, _ in (*rows, *[blank] * empty)),
    )


def _head(unit: dict[str, str]) -> str:
    return f"推荐单位 {unit['recommender']}        所属区县 {unit['district']}"


def groups(rows: Sequence[Row], unit: dict[str, str], *, empty: int = 0) -> tuple[Paper, Paper]:
    """附件5."""
    return (
        Paper(("附件 5", *QC_TITLE, _head(unit), "一、重庆市优秀质量管理小组"),
              table(GROUP_COLUMNS, rows, empty)),
        Paper(("二、评委名单",), table(REVIEWER_COLUMNS, REVIEWERS, empty), QC_NOTES),
    )  # fmt: skip


def teams(rows: Sequence[Row], unit: dict[str, str], *, empty: int = 0) -> tuple[Paper, Paper]:
    """附件9."""
    return (
        Paper(("附件 9", *TEAM_TITLE, _head(unit), "一、重庆市质量信得过班组"),
              table(TEAM_COLUMNS, rows, empty)),
        Paper(("二、评委名单",), table(REVIEWER_COLUMNS, REVIEWERS, empty), TEAM_NOTES),
    )  # fmt: skip


def _meant(rows: Sequence[Row], columns: dict[str, str]) -> list[Values]:
    made: list[Values] = []
    for written, means in rows:
        values: dict[str, Value] = {
            key: written[key] for key in columns if written.get(key, "") != ""
        }
        made.append({**values, **means})
    return made


def _sample(
    name: str, papers: tuple[Paper, ...], unit: dict[str, str], rows: Sequence[Row],
    columns: dict[str, str], *, reviewers: dict[str, str] = REVIEWER_COLUMNS,
) -> Sample:  # fmt: skip
    kind, key = ("rollup.qc", "groups") if "group_name" in columns else ("rollup.team", "teams")
    wanted = {key: _meant(rows, columns), "reviewers": _meant(REVIEWERS, reviewers)}
    return Sample(
        campaign=CAMPAIGN, kind=kind, name=name, papers=papers, values=dict(unit), rows=wanted,
        file="推荐表",
    )  # fmt: skip


def samples() -> list[Sample]:
    """Both lists: as printed, with other rows, and with the layout changed."""
    many = GROUPS * 5
    merged = replace(groups(GROUPS, OTHERS)[0], head=(
        "2019年重庆市质量管理小组推荐表", "推荐单位：重庆市轨道交通行业协会", "所属区县：渝中区"),
        rows=((L("一、重庆市优秀质量管理小组", 6),), *table(GROUP_COLUMNS, GROUPS)))  # fmt: skip
    one_line = {**GROUP_COLUMNS, "group_name": "小组名称", "project_type": "课题类型",
                "benefit": "直接经济效益（万元）"}  # fmt: skip
    numbered = {"seq": "序号", **one_line}
    counted = [({"seq": str(n), **row}, means) for n, (row, means) in enumerate(GROUPS, 1)]
    retyped = Paper(("2019年重庆市质量管理小组/企业/个人推荐表", _head(UNITS), "一、优秀质量管理小组"),
                    table(numbered, counted))  # fmt: skip
    unnumbered = {key: label for key, label in REVIEWER_COLUMNS.items() if key != "seq"}
    reviewers = Paper(("评委名单",), table(unnumbered, REVIEWERS))
    crew, judges = teams(TEAMS, OTHERS)
    crew_columns = {**TEAM_COLUMNS, "mobile": "联系电话", "member_count": "班组\n人数"}
    return [
        _sample("plain", groups(GROUPS[:1], UNITS, empty=3), UNITS, GROUPS[:1],
                GROUP_COLUMNS),
        _sample("several writings", groups(GROUPS, OTHERS), OTHERS, GROUPS, GROUP_COLUMNS),
        _sample("twenty groups", groups(many, UNITS), UNITS, many, GROUP_COLUMNS),
        _sample("heading inside the table, notes deleted",
                (merged, Paper((), ((L("二、评委名单", 5),), *table(REVIEWER_COLUMNS, REVIEWERS)))),
                OTHERS, GROUPS, GROUP_COLUMNS),
        _sample("numbered, headers in one line", (retyped, reviewers), UNITS, counted,
                numbered, reviewers=unnumbered),
        _sample("plain", teams(TEAMS[:1], UNITS, empty=3), UNITS, TEAMS[:1], TEAM_COLUMNS),
        _sample("several writings", teams(TEAMS, OTHERS), OTHERS, TEAMS, TEAM_COLUMNS),
        _sample("headers in other words",
                (replace(crew, head=("2019年重庆市质量信得过班组推荐表", *crew.head[3:]),
                         rows=table(crew_columns, TEAMS)), replace(judges, foot=())),
                OTHERS, TEAMS, TEAM_COLUMNS),
        *(_sample("both lists in one file", (*groups(GROUPS, UNITS), *teams(TEAMS, UNITS)),
                  UNITS, rows, columns)
          for rows, columns in ((GROUPS, GROUP_COLUMNS), (TEAMS, TEAM_COLUMNS))),
    ]  # fmt: skip
