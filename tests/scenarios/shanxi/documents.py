"""The papers of the scenes: forms of the corpus filled for one unit and its companies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from corpus import shanxi
from corpus.drawing import word
from corpus.shanxilists import RollupFill, rollup
from papers import Paper

ROLLING, METERS = "晋阳重型轧机有限公司", "并州仪表有限公司"
UNIT = "太原"
Files = dict[str, bytes]
Row = Mapping[str, str]

# ---- groups ----------------------------------------------------------------------------

BEICHEN: dict[str, str] = {
    **shanxi._QC, "member_count": "5", "leader_name": "任晓东", "leader_gender": "男",
    "leader_post": "作业长", "founded_on": "2012年3月15日", "registration_no": "JYZG-2017-031",
    "members": "贺建平、常丽、郝志国、段小雷", "instructor": "张海峰",
}  # fmt: skip
HAOLI: dict[str, str] = {
    **BEICHEN, "group_name": "毫厘QC小组", "project_title": "提高压力变送器一次校验合格率",
    "project_type": "攻关型", "company": METERS, "postcode": "030006",
    "address": "太原市小店区学府街8号", "contact": "柴静", "dept": "技术中心", "phone": "0351-3000301",
    "fax": "", "member_count": "4", "group_intro": "小组成立于2016年9月，由校验工和工艺员组成。",
    "group_process": "一次校验合格率由91.2%提高到98.6%，年节约返工费38万元。",
    "leader_name": "田野", "members": "柴静、庞博、申奥", "founded_on": "2016年9月1日",
    "registration_no": "BZYB-2017-008",
}  # fmt: skip


def group(base: Row = BEICHEN, **changes: str) -> dict[str, str]:
    """A group's values, but for these."""
    return {**base, **changes}


def group_form(values: Row) -> bytes:
    """附件3.1."""
    return word([shanxi.qc(values)])


def registration(values: Row) -> bytes:
    """附件3.2; of every member an age, a title and a duty."""
    people = [
        (name, str(26 + 4 * number), "技师", "现场实施")
        for number, name in enumerate(values["members"].split("、"))
    ]
    return word([shanxi.registration(values, people)])


def text(title: str, *lines: str, length: int = 0) -> bytes:
    """A text under a title; ``length`` characters more than its lines."""
    return word([Paper((title, *lines, *(["好" * length] if length else [])))])


_TOLD = "全年围绕生产难点开展攻关，职工参与踊跃，管理水平不断提高，取得了明显成效。" * 6


def report(values: Row) -> bytes:
    """The group's report."""
    return text(
        "QC小组成果报告", values["company"], values["group_name"], values["project_title"], _TOLD
    )


def group_files(values: Row = BEICHEN) -> Files:
    """A group's three documents."""
    name = values["group_name"]
    return {
        f"{name}申报表.docx": group_form(values),
        f"{name}注册登记表.docx": registration(values),
        f"{name}成果报告.wps": report(values),
    }


def group_row(values: Row = BEICHEN, **changes: str) -> dict[str, str]:
    """The group's row in part 一 of 附件10."""
    keys = ("company", "group_name", "project_title", "leader_name", "members")
    return {"seq": "1", **{key: values[key] for key in keys}, **changes}


def presenter_row(values: Row = BEICHEN, **changes: str) -> dict[str, str]:
    """Its row in part 七."""
    return {
        "seq": "1", "group_name": values["company"] + values["group_name"],
        "project_title": values["project_title"], "project_type": values["project_type"].rstrip("型"),
        "benefit": "126.5", "presenter": values["members"].split("、")[0], **changes,
    }  # fmt: skip


# ---- teams -----------------------------------------------------------------------------

TEAM: dict[str, str] = {
    **shanxi._TEAM, "recommender": UNIT, "team_name": "压力校验班", "member_count": "4",
    "company": METERS, "address": "太原市小店区学府街8号", "postcode": "030006", "dept": "技术中心",
    "contact": "梁慧", "phone": "0351-3000302", "training_people_hours": "4/96", "leader_name": "武强",
    "team_intro": "班组现有4人，负责压力仪表校验，三年来无事故。",
}  # fmt: skip
_PEOPLE = (
    ("梁慧", "35", "女", "工程师", "技术员"), ("靳伟", "30", "男", "助工", "校验"),
    ("阎峰", "28", "男", "高级工", "校验"),
)  # fmt: skip


def team_form(values: Row) -> bytes:
    """附件4."""
    return word([shanxi.team(values, _PEOPLE)])


def team_files(values: Row = TEAM) -> Files:
    """A team's form and its text."""
    name = values["team_name"]
    points = [line for _key, *pair in shanxi._TEAM_POINTS for line in pair]
    return {
        f"{name}申报表.docx": team_form(values),
        f"{name}经验总结.wps": text("班组经验总结材料", values["company"], name, *points),
    }


def team_row(values: Row = TEAM, **changes: str) -> dict[str, str]:
    """Its row in part 二."""
    return {
        "seq": "1", "company": values["company"], "team_name": values["team_name"],
        "team_leader": values["leader_name"], "members": "梁慧、靳伟、阎峰", **changes,
    }  # fmt: skip


# ---- companies and persons -------------------------------------------------------------

ENTERPRISE: dict[str, str] = {
    **shanxi._ENTERPRISE, "recommender": UNIT, "company": ROLLING, "address": "太原市尖草坪区兴华街12号",
    "postcode": "030003", "contact": "贺建平", "phone": "0351-3000101",
}  # fmt: skip
TEAM_ENTERPRISE: dict[str, str] = {
    **shanxi._TEAM_ENTERPRISE, "recommender": UNIT, "company": METERS, "contact": "梁慧",
    "address": "太原市小店区学府街8号", "postcode": "030006",
}  # fmt: skip
PERSON: dict[str, str] = {
    **shanxi._PERSON, "recommender": UNIT, "name": "侯振华", "company": ROLLING, "contact": "贺建平",
    "address": "太原市尖草坪区兴华街12号", "phone": "0351-3000101",
}  # fmt: skip
INDIVIDUAL: dict[str, str] = {
    **shanxi._INDIVIDUAL, "recommender": UNIT, "name": "米小芳", "company": METERS, "position": "校验班",
    "contact": "梁慧", "address": "太原市小店区学府街8号",
}  # fmt: skip
_LEADER, _PROMOTER, _FORM = shanxi._PERSON_TITLES
TITLES = {"leader": (_LEADER, _FORM), "promoter": (_PROMOTER, _FORM), "": shanxi._PERSON_TITLES}


def enterprise_files(values: Row = ENTERPRISE) -> Files:
    """附件5 and the deeds, which are asked for in Word."""
    company = values["company"]
    title = "企业开展群众性质量管理活动事迹介绍材料"
    return {
        f"{company}优秀企业申报表.docx": word([shanxi.enterprise(values)]),
        f"{company}企业事迹.docx": text(title, company, _TOLD),
    }


def person_form(award: str, values: Row = PERSON) -> bytes:
    """附件6 with the other award's title deleted, or with both."""
    return word([shanxi.person(values, TITLES[award])])


def person_files(award: str, values: Row = PERSON, **changes: str) -> Files:
    """附件6 and the deeds."""
    values = {**values, **changes}
    name = values["name"]
    known = "优秀推进者" if award == "promoter" else "卓越领导者"
    return {
        f"{name}{known}申报表.docx": person_form(award, values),
        f"{name}主要事迹.wps": text(
            f"质量管理小组活动{known}主要事迹材料", values["company"], name, _TOLD
        ),
    }


def person_row(values: Row = PERSON, **changes: str) -> dict[str, str]:
    """The person's row in part 四 or 五."""
    keys = ("name", "company", "post", "contact", "phone")
    return {**{key: values[key] for key in keys}, **changes}


def team_enterprise_files(values: Row = TEAM_ENTERPRISE) -> Files:
    """附件7 and the deeds."""
    company = values["company"]
    title = "质量信得过班组建设优秀企业事迹介绍材料"
    return {
        f"{company}班组建设优秀企业申报表.docx": word([shanxi.team_enterprise(values)]),
        f"{company}班组建设事迹.wps": text(title, company, _TOLD),
    }


def last_years_enterprise() -> bytes:
    """附件7 of 2017."""
    paper = shanxi.team_enterprise(TEAM_ENTERPRISE)
    head = tuple(line.replace("2018年", "2017年") for line in paper.head)
    return word([replace(paper, head=head)])


def individual_files(values: Row = INDIVIDUAL) -> Files:
    """附件8 and the deeds."""
    name = values["name"]
    return {
        f"{name}先进个人申报表.docx": word([shanxi.individual(values)]),
        f"{name}先进个人事迹.wps": text(
            "质量信得过班组建设先进个人主要事迹材料", values["company"], name, _TOLD
        ),
    }


def individual_row(values: Row = INDIVIDUAL, **changes: str) -> dict[str, str]:
    """The person's row in part 六."""
    keys = ("name", "company", "contact")
    post = f"{values['position']}/{values['post']}"
    own = {key: values[key] for key in keys}
    return {**own, "position_post": post, "phone": values["mobile"], **changes}


# ---- the unit's own papers -------------------------------------------------------------

REVIEWERS: Sequence[Row] = (
    {"seq": "1", "name": "郭婷", "work_unit": "太原市质量协会", "certificate_no": "SXQCC2016-018",
     "phone": "13900000071"},
)  # fmt: skip


def roll_up(
    *, unit: str = UNIT, totals: Mapping[str, str] | None = None, **lists: Sequence[Row]
) -> bytes:
    """附件10 with these lists."""
    texts = {"reviewers": REVIEWERS, **lists}
    fill = RollupFill(
        texts=texts,
        head=unit,
        foot=unit,
        preparer="贺建平",
        phone="0351-3000999",
        totals=totals or {},
    )
    return word(rollup(fill))


def statistics(**changes: str) -> bytes:
    """附件9 of the unit."""
    ticked = "发表评审V     现场评审      与QC小组合开V     单位举办     "
    return word([shanxi.stats({**shanxi._STATS, "teams_recommended": "1", **changes}, ticked)])


def summary(length: int = 0) -> bytes:
    """The unit's summary of the year."""
    return text("QC小组活动年度工作总结", "太原市质量协会", _TOLD, length=length)


def unit_files(*, unit: str = UNIT, totals: Mapping[str, str] | None = None, recommended: str = "1",
               **lists: Sequence[Row]) -> Files:  # fmt: skip
    """What the unit adds: roll-up, statistics, summary."""
    return {
        "附件10 推荐汇总表.wps": roll_up(unit=unit, totals=totals, **lists),
        "附件9 活动统计表.docx": statistics(teams_recommended=recommended),
        "QC小组活动年度工作总结.wps": summary(),
    }
