"""What a recommending unit in Henan packs together: forms, reports, lists, statistics, summaries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from corpus import henan
from corpus.drawing import word
from corpus.henan_papers import (
    GROUP_REVIEWERS,
    GROUP_REVIEWS,
    GROUPS,
    TEAM_REVIEWERS,
    TEAM_REVIEWS,
    TEAMS,
    listing,
    qc,
    review_rollup,
    rollup,
    slots,
    stats_qc,
    stats_team,
    team,
    total,
)
from officefiles import archive
from papers import Content, Paper

UNIT = "信阳市工业和信息化局"
COMPANY = "淮河精密机械有限公司"
CONTACT = "现报送推荐材料一份，请查收。\n联系人：王丽，联系电话：0376-6560009。"
FILE = "信阳市2020年QC小组和信得过班组推荐材料.zip"

_REVIEWERS: tuple[dict[str, Content], ...] = (
    {
        "seq": "1", "name": "张敏", "work_unit": "信阳市质量协会", "certificate_no": "QCPW-2019-0031",
        "mobile": "13900000041",
    },
    {
        "seq": "2", "name": "刘长河", "work_unit": "信阳市质量协会", "certificate_no": "QCPW-2018-0056",
        "mobile": "13900000042",
    },
)  # fmt: skip
_REPORT = "小组按照准则的步骤逐项开展活动，现场测量了三百二十台主轴箱，记录完整，数据可以追溯。"
_CREW = (
    "一、班组概况", "班组成员组成合理，班组职责明确，主要工作内容是总装，班组文化和愿景是零缺陷。",
    "二、班组基础管理", "班前会、点检表和交接班记录齐全。",
    "三、专业知识与技能培训", "全年组织技能培训十二次，工具方法人人会用。",
    "四、质量改进和创新能力", "完成改进提案三十六条。",
    "五、管理特色与业绩", "连续三年评价结果为优秀。",
    "六、荣誉", "近三年获公司先进班组。",
)  # fmt: skip
_SUMMARY_QC = (
    "一、基本情况", "全市一年来注册小组二百一十五个，整体情况良好，重点创新工作有序推进。",
    "五月召开技术成果交流会，四十二个小组报名，二十个小组上台交流。",
    "二、推进经验和做法", "各县区采取了以赛促学的特色做法，措施具体，效果明显。",
    "组织宣贯《质量管理小组活动准则》六场。", "淮河精密机械有限公司的突出事迹被多家企业学习。",
    "三、存在的问题及改进方向", "部分小企业骨干不足，活动中存在困难。", "今后将扩大培训范围。",
    "建议省质量协会多派专家到县区指导。",
)  # fmt: skip
_SUMMARY_TEAM = (
    "一、基本情况", "全市十八家企业六十四个班组参加，活动开展情况良好，年度重点工作是标准普及。",
    "五月召开经验交流会，八个班组上台交流。", "二、推进经验和做法", "采取班组结对等措施，效果明显。",
    "装配一班的突出事迹在全市推广。", "三、存在问题及改进方向", "评价人员少是主要困难，问题在于培训不够。",
    "未来将培养评价骨干。", "建议增加标准宣讲。",
)  # fmt: skip
_FILLER = "各县区工业和信息化部门逐家走访企业，了解小组活动的进展和需要，帮助解决实际困难。"


@dataclass(frozen=True)
class Group:
    """A QC group with the values of its form; ``members`` are the names in its slots."""

    name: str = "淮河浪花QC小组"
    company: str = COMPANY
    members: tuple[str, ...] = ("李建国", "王丽", "赵铁柱", "孙晓梅")
    form: Mapping[str, Content] = field(default_factory=dict)  #: changes of the form
    row: Mapping[str, Content] = field(default_factory=dict)  #: changes of its row in 附件9
    review: Mapping[str, Content] = field(default_factory=dict)  #: changes of its row in 附件10

    @property
    def stem(self) -> str:
        """How its files are called."""
        return f"{self.company}_{self.name}"

    def values(self, recommender: str) -> dict[str, Content]:
        return {
            **henan.QC_PLAIN, "recommender": recommender, "company": self.company,
            "group_name": self.name, "project_title": f"提高{self.name}一次交检合格率",
            "group_intro": f"{self.name}共{len(self.members)}人，"
            "一次交检合格率由九成提高到九成八。", **self.form,
        }  # fmt: skip

    def files(self, recommender: str = UNIT) -> dict[str, bytes]:
        """The form, the report and the records."""
        names = [f"{n} {name}" for n, name in enumerate(self.members, 1)]
        cells = [*names, *map(str, range(len(names) + 1, 11))]
        return {
            f"{self.stem}_申报表.docx": word([qc(self.values(recommender), slots(*cells))]),
            f"{self.stem}_成果报告.docx": text(
                "小组成果报告", self.company, self.name, *[_REPORT] * 6
            ),
            f"{self.stem}_活动记录.docx": text(
                "小组活动记录", self.company, self.name, *[_REPORT] * 4
            ),
        }

    def listed(self, number: int) -> dict[str, Content]:
        """Its row in 附件9."""
        return {
            "seq": number, "company": self.company, "group_name": self.name,
            "members": "、".join(self.members), "project_type": "问题解决型",
            "union_members": len(self.members), "women": 2, "youth": 1, **self.row,
        }  # fmt: skip

    def reviewed(self, number: int) -> dict[str, Content]:
        """Its row in 附件10."""
        return {
            "seq": number, "group_name": f"{self.company}/{self.name}",
            "evaluation": "优势：数据翔实，对策具体。不足：要因确认的依据不够充分。", "score": 88, **self.review,
        }  # fmt: skip


@dataclass(frozen=True)
class Crew:
    """A team with the values of its form; ``text`` is its separate text, None for none."""

    name: str = "装配一班"
    company: str = COMPANY
    form: Mapping[str, Content] = field(default_factory=dict)
    row: Mapping[str, Content] = field(default_factory=dict)
    review: Mapping[str, Content] = field(default_factory=dict)
    text: tuple[str, ...] | None = _CREW

    @property
    def stem(self) -> str:
        return f"{self.company}_{self.name}"

    def files(self, recommender: str = UNIT) -> dict[str, bytes]:
        """The form and the separate text."""
        values = {
            **henan.TEAM_PLAIN, "recommender": recommender, "company": self.company,
            "team_name": self.name, "team_intro": "另附。", **self.form,
        }  # fmt: skip
        made = {f"{self.stem}_申报表.docx": word([team(values)])}
        if self.text is not None:
            made[f"{self.stem}_班组创建材料.docx"] = text(
                "班组创建材料", self.company, self.name, *self.text
            )
        return made

    def listed(self, number: int) -> dict[str, Content]:
        return {
            "seq": number, "company": self.company, "team_name": self.name, "member_count": 14,
            "union_members": 14, "women": 3, "youth": 6, **self.row,
        }  # fmt: skip

    def reviewed(self, number: int) -> dict[str, Content]:
        return {
            "seq": number, "team_name": f"{self.company}/{self.name}",
            "evaluation": "符合标准，特色鲜明。", "score_rank": f"92/{number}",
            "reviewers": "张敏、刘长河", **self.review,
        }  # fmt: skip


def text(*lines: str) -> bytes:
    """A Word file of these lines."""
    return word([Paper(lines)])


def summary_qc(unit: str = UNIT, *, filler: int = 80) -> bytes:
    """附件4; with its filler above 3000 字."""
    head = ("附件 4", "2020 年质量管理小组活动总结", f"推荐单位（公章） {unit}")
    return text(*head, *_SUMMARY_QC, *[_FILLER] * filler)


def summary_team(*, filler: int = 80) -> bytes:
    """附件7."""
    head = ("附件 7", "2020 年推进质量信得过班组建设活动总结")
    return text(*head, *_SUMMARY_TEAM, *[_FILLER] * filler)


def statistics_qc(unit: str = UNIT, **changes: Content) -> bytes:
    """附件5."""
    return word([stats_qc({**henan.STATS_QC_PLAIN, "recommender": unit, **changes})])


def statistics_team(recommended: int = 1, unit: str = UNIT, **changes: Content) -> bytes:
    """附件8."""
    values = {**henan.STATS_TEAM_PLAIN, "recommender": unit, "teams_recommended": recommended}
    return word([stats_team({**values, **changes})])


def lists(
    groups: Sequence[Group],
    crews: Sequence[Crew],
    unit: str = UNIT,
    *,
    reviewers: Sequence[Mapping[str, Content]] = _REVIEWERS,
    **changes: Content,
) -> bytes:
    """附件9; ``total`` is the printed total of the teams' members."""
    parts = []
    if groups:
        rows = [group.listed(n) for n, group in enumerate(groups, 1)]
        parts.append(("一、河南省质量管理小组推荐汇总", listing(GROUPS, rows)))
        parts.append(("二、河南省质量管理小组评委名单", listing(GROUP_REVIEWERS, reviewers)))
    if crews:
        rows = [crew.listed(n) for n, crew in enumerate(crews, 1)]
        members = sum(int(row["member_count"]) for row in rows)
        last = total(f"总计 {changes.get('total', members)}")
        parts.append(("三、河南省质量信得过班组推荐汇总", (*listing(TEAMS, rows), last)))
        parts.append(("四、河南省质量信得过班组评委名单", listing(TEAM_REVIEWERS, reviewers)))
    return word(rollup({**henan.HEAD, "recommender": unit}, parts))


def reviews(groups: Sequence[Group], crews: Sequence[Crew], unit: str = UNIT) -> bytes:
    """附件10."""
    parts = []
    if groups:
        rows = [group.reviewed(n) for n, group in enumerate(groups, 1)]
        parts.append(("一、质量管理小组成果评审汇总表", listing(GROUP_REVIEWS, rows)))
    if crews:
        rows = [crew.reviewed(n) for n, crew in enumerate(crews, 1)]
        parts.append(("二、质量信得过班组材料评审汇总表", listing(TEAM_REVIEWS, rows)))
    return word(review_rollup({**henan.HEAD, "recommender": unit}, parts))


SUMMARY_QC, STATS_QC = "附件4 质量管理小组活动总结.docx", "附件5 质量管理小组活动统计表.docx"
SUMMARY_TEAM, STATS_TEAM = (
    "附件7 质量信得过班组建设活动总结.docx",
    "附件8 质量信得过班组活动统计表.docx",
)
ROLLUP, REVIEWS = "附件9 推荐表.docx", "附件10 评审汇总表.docx"


def papers(
    groups: Sequence[Group] = (Group(),),
    crews: Sequence[Crew] = (Crew(),),
    *,
    unit: str = UNIT,
    leave: Iterable[str] = (),
    instead: Mapping[str, bytes] | None = None,
) -> dict[str, bytes]:
    """Everything of one unit; files with a word of ``leave`` in their names are left out."""
    made: dict[str, bytes] = {}
    if groups:
        made |= {SUMMARY_QC: summary_qc(unit), STATS_QC: statistics_qc(unit)}
    if crews:
        made |= {SUMMARY_TEAM: summary_team(), STATS_TEAM: statistics_team(len(crews), unit)}
    made |= {ROLLUP: lists(groups, crews, unit), REVIEWS: reviews(groups, crews, unit)}
    for one in (*groups, *crews):
        made |= one.files(unit)
    made |= instead or {}
    return {name: file for name, file in made.items() if not any(word in name for word in leave)}


def note(*lines: str) -> bytes:
    """变更说明."""
    return text("申报材料变更说明", *lines, "特此说明。")


def packed(files: Mapping[str, bytes], name: str = FILE) -> dict[str, bytes]:
    """One archive of these files, as the notice wants it."""
    return {name: archive(dict(files))}
