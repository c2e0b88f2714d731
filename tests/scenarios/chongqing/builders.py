"""The papers of a Chongqing application with values changed, and whole sets of them."""

from __future__ import annotations

import io
from collections.abc import Iterable

from corpus import chongqing, chongqing_lists
from corpus.drawing import sheets, word
from corpus.sample import Sample
from papers import Box, Content, L, Paper
from PIL import Image

COMPANY = "巴渝精密机械有限公司"
OTHER = "重庆嘉陵轨道装备股份有限公司"
ASSOCIATION = "重庆市轨道交通行业协会"
GROUP, TEAM = "启航QC小组", "总装一班"
Files = dict[str, bytes]

_BASICS = (
    "公司现有员工一千二百人，年度注册质量管理小组四十一个，整体情况良好，重点创新工作覆盖全部车间。"
)
_DEEDS = "启航小组攻克缸体渗漏难题，年节约三十五万元；全年组织宣贯活动准则六期，参训四百三十人次。"


def qc_form(**changes: Content) -> bytes:
    """附件2."""
    values = {**chongqing.QC["plain"], "member_count": "4", **changes}
    return word([chongqing.qc(values)])


def team_form(**changes: Content) -> bytes:
    """附件6."""
    return word([chongqing.team({**chongqing.TEAM["plain"], **changes})])


def stats_qc(**changes: Content) -> bytes:
    """附件4."""
    return word([chongqing.stats({**chongqing.STATS_QC["plain"], **changes}, "stats_qc")])


def stats_team(**changes: Content) -> bytes:
    """附件8."""
    values = {**chongqing.STATS_TEAM["plain"], "teams_recommended": "1", **changes}
    return word([chongqing.stats(values, "stats_team")])


def group_row(**changes: Content) -> dict[str, Content]:
    """A row of 附件5."""
    return {**chongqing_lists.GROUPS[0][0], **changes}


def team_row(**changes: Content) -> dict[str, Content]:
    """A row of 附件9."""
    return {**chongqing_lists.TEAMS[0][0], **changes}


def reviewer(number: int, **changes: Content) -> dict[str, Content]:
    """A row of the reviewers, who are of the company."""
    row = dict(chongqing_lists.REVIEWERS[number - 1][0])
    return {**row, "work_unit": COMPANY, **changes}


def _list(papers: tuple[Paper, Paper], reviewers: Iterable[dict[str, Content]] | None) -> bytes:
    rows = [reviewer(1), reviewer(2)] if reviewers is None else list(reviewers)
    columns = chongqing_lists.REVIEWER_COLUMNS
    judges = Paper(
        papers[1].head,
        (
            tuple(L(label) for label in columns.values()),
            *(tuple(Box(row.get(key, "")) for key in columns) for row in rows),
        ),
        papers[1].foot,
    )
    return word([papers[0], judges])


def rollup_qc(
    *rows: dict[str, Content],
    reviewers: Iterable[dict[str, Content]] | None = None,
    **unit: str,
) -> bytes:
    """附件5."""
    listed = [(row, {}) for row in rows or (group_row(),)]
    head = {**chongqing_lists.UNITS, **unit}
    return _list(chongqing_lists.groups(listed, head), reviewers)


def rollup_team(
    *rows: dict[str, Content],
    reviewers: Iterable[dict[str, Content]] | None = None,
    **unit: str,
) -> bytes:
    """附件9."""
    listed = [(row, {}) for row in rows or (team_row(),)]
    head = {**chongqing_lists.UNITS, **unit}
    return _list(chongqing_lists.teams(listed, head), reviewers)


def text(*lines: str) -> bytes:
    """A Word file of paragraphs."""
    return word([Paper(lines)])


def report(group: str = GROUP, registered: str = "2018年3月5日", *more: str) -> bytes:
    """小组成果报告."""
    return text(
        "质量管理小组成果报告",
        group,
        "一、课题背景",
        f"本课题于{registered}登记注册，围绕缸体渗漏率居高不下的问题开展活动。",
        "二、原因分析",
        "经关联图分析，密封面粗糙度超差是主要原因。" * 3,
        "三、对策与实施",
        "改进刀具并固化参数，修订作业指导书。" * 3,
        "四、效果检查",
        "渗漏率由百分之二点一降至百分之零点四。" * 3,
        *more,
    )


def departments(group: str = GROUP) -> bytes:
    """财务、质量、技术部门的审查意见."""
    return text(
        "质量管理小组成果审查意见",
        f"{group}《降低缸体渗漏率》课题成果，经审查：",
        "财务部审查意见：经核算年直接经济效益三十五万六千元，情况属实。",
        "质量管理部审查意见：活动程序符合要求，数据真实。",
        "技术中心审查意见：改进措施有效，已纳入工艺文件。",
    )


def opinion(group: str = GROUP) -> bytes:
    """评审意见."""
    return text(
        "评审意见",
        f"{group}的课题选题恰当，程序严谨，统计工具运用正确，效果显著，同意推荐。",
        "评委：张广林 何英",
        "2019年5月10日",
    )


def summary_qc(recommender: str = COMPANY, length: int = 1000) -> bytes:
    """附件3, of about this many characters."""
    lines = [
        "2019年质量管理小组活动工作总结",
        f"推荐单位 {recommender}",
        "一、基本情况",
        _BASICS,
        "二、推进经验和做法",
        "公司采取一组一师的措施，每个小组配一名工艺师，特色做法效果明显。",
        f"突出事迹：{_DEEDS}",
        "三、存在问题及改进方向",
        "问题是骨干人员流动较大。下一步建立内部诊断师队伍。建议多组织跨行业的成果交流。",
    ]
    return _as_long_as(lines, length)


def summary_team(length: int = 1000) -> bytes:
    """附件7."""
    lines = [
        "2019年开展质量信得过班组活动总结",
        "一、基本情况",
        "全年质量信得过班组活动工作开展情况总体平稳，年度重点工作任务全部完成。",
        "二、推进经验和做法",
        "推行班前五分钟质量讲评的特色做法，一次合格率提高，效果明显。",
        "突出事迹：总装一班连续三年零投诉。",
        "三、存在问题及改进方向",
        "问题是个别班组记录不全。下一步统一记录表格。建议增加班组长培训名额。",
    ]
    return _as_long_as(lines, length)


def _as_long_as(lines: list[str], length: int) -> bytes:
    filler = "各车间按月检查活动进度并在例会上讲评。"
    rest = max(length - sum(len("".join(line.split())) for line in lines), 0)
    lines.insert(4, (filler * (rest // len(filler) + 1))[:rest])
    return text(*lines)


def team_text(team: str = TEAM, length: int = 0) -> bytes:
    """班组创建材料, in six points."""
    lines = [
        "质量信得过班组创建材料",
        team,
        "一、班组概况",
        "班组现有成员十二人，主要工作内容是整机装配，班组愿景是零缺陷。",
        "二、班组基础管理情况",
        "班前会、点检表和交接班记录齐全。",
        "三、专业知识与技能培训",
        "全年组织技能培训十二次，人人会用排列图。",
        "四、质量改进和创新能力",
        "完成改进提案三十六条，其中九条在全公司推广。",
        "五、管理特色与业绩",
        "一次合格率稳步提高，连续三年评价为优秀。",
        "六、近三年取得荣誉情况",
        "获公司先进班组、工人先锋号。",
    ]
    return _as_long_as(lines, length)


def picture(shade: int = 255) -> bytes:
    """A scan nobody can read by program."""
    buffer = io.BytesIO()
    Image.new("L", (620, 877), shade).save(buffer, "JPEG")
    return buffer.getvalue()


def qc_papers(**changes: Content) -> Files:
    """Everything a group's application needs; ``changes`` are those of the form."""
    return {
        "附件2 启航QC小组申报表.docx": qc_form(**changes),
        "启航QC小组成果报告.docx": report(),
        "启航QC小组审查意见.docx": departments(),
        "启航QC小组评审意见.docx": opinion(),
        "评委结业证书扫描件.jpg": picture(),
        "附件3 质量管理小组活动工作总结.docx": summary_qc(),
        "附件4 质量管理小组活动统计表.docx": stats_qc(),
        "附件5 质量管理小组推荐表.docx": rollup_qc(),
    }


def team_papers(**changes: Content) -> Files:
    """Everything a team's application needs."""
    return {
        "附件6 总装一班申报表.docx": team_form(**changes),
        "总装一班创建材料.docx": team_text(),
        "总装一班自我评分表.jpg": picture(250),
        "班组培训结业证书.jpg": picture(245),
        "附件7 质量信得过班组活动总结.docx": summary_team(),
        "附件8 质量信得过班组活动统计表.docx": stats_team(),
        "附件9 质量信得过班组推荐表.docx": rollup_team(),
    }


def workbook_of(sample: Sample) -> bytes:
    """The same list as a workbook."""
    return sheets(sample)


def association_papers() -> Files:
    """An association sends the groups of three companies; one lacks its report."""
    third = "渝州电缆有限责任公司"
    groups = (
        (GROUP, COMPANY, "现场型", "罗世安、冉国强、邓佳宁、秦小川", "江北区"),
        ("红岩攻坚QC小组", OTHER, "攻关型", "欧阳敏、何勇、张广林", "两江新区"),
        ("匠心小组", third, "创新型", "司马文、王平", "长寿区"),
    )
    files: Files = {}
    rows = []
    for name, company, kind, members, district in groups:
        count = str(len(members.split("、")))
        files[f"附件2 {name}申报表.docx"] = qc_form(
            unit=company,
            company=company,
            district=district,
            group_name=name,
            member_count=count,
            group_intro=f"{name}围绕本企业的课题开展活动，成员{count}人，效果明显。",
        )
        if company != third:
            files[f"{name}成果报告.docx"] = report(name)
        files[f"{name}审查意见.docx"] = departments(name)
        files[f"{name}评审意见.docx"] = opinion(name)
        rows.append(
            group_row(
                group_name=name, project_type=kind, member_count=count, members=members, benefit=""
            )
        )
    judges = [reviewer(1, work_unit=ASSOCIATION), reviewer(2, work_unit=OTHER)]
    head = {"recommender": ASSOCIATION, "district": "渝中区"}
    return {
        **files,
        "协会 评委结业证书.jpg": picture(),
        "协会 附件3 工作总结.docx": summary_qc(ASSOCIATION),
        "协会 附件4 统计表.docx": stats_qc(**head),
        "协会 附件5 推荐表.docx": rollup_qc(*rows, reviewers=judges, **head),
    }
