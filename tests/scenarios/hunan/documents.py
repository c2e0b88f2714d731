"""The forms of the Hunan notice as one company fills them; single values can be changed."""

from __future__ import annotations

import io
from dataclasses import replace

import applicants
import PIL.Image
from corpus.drawing import word
from officefiles import archive
from papers import Content, Paper

Files = dict[str, bytes]

COMPANY = applicants.COMPANY
GROUP = applicants.QC["group_name"]
TEAM = applicants.TEAM["team_name"]
STORY = applicants.STORY["story_title"]

_POINTS = (
    "一、班组概况", "班组成员组成合理，现有12人，职责分明，班组愿景是零缺陷。",
    "二、班组基础管理", "班前会、点检表和交接班记录齐全。",
    "三、专业知识与技能培训", "全年组织技能培训12次，人人会用排列图。",
    "四、质量改进和创新能力", "完成改进提案36条。",
    "五、管理特色与业绩", "连续三年评价为优秀。",
    "六、创建目标达成情况", "一次合格率提高1.2个百分点。",
    "七、荣誉", "近三年获公司先进班组。",
)  # fmt: skip


def qc_form(**changes: Content) -> bytes:
    """附件一."""
    return word([applicants.qc(**changes)])


def team_form(**changes: Content) -> bytes:
    """附件二."""
    return word([applicants.team(**changes)])


def story_form(**changes: Content) -> bytes:
    """附件四."""
    return word([applicants.story(**changes)])


def rollup(*rows: dict[str, Content]) -> bytes:
    """附件三: rows for the sample team unless they say otherwise."""
    return word([applicants.rollup(*rows)])


def summary(company: str = COMPANY, *, lines: int | None = None) -> bytes:
    """附件五; only its first lines, where a number is given."""
    text = [line.replace(COMPANY, company) for line in applicants.SUMMARY_LINES[:lines]]
    return word([applicants.summary(*text)])


def statistics(**changes: Content) -> bytes:
    """附件六."""
    return word([applicants.stats(**changes)])


def team_text(name: str = TEAM) -> bytes:
    """The seven points."""
    return word([Paper(("质量信得过班组简介及创建活动结果", name, *_POINTS))])


def earlier_team_form() -> bytes:
    """附件二 of the year 2024."""
    paper = applicants.team()
    title = "2024年湖南省机械工业优秀质量信得过班组成果表"
    return word([replace(paper, head=(paper.head[0], title))])


def slip(amount: str = "1000.00") -> bytes:
    """What a bank prints of a transfer."""
    lines = (
        "网上银行电子回单",
        f"付款人：{COMPANY}",
        "收款人：湖南省机械装备工业质量管理协会",
        f"金额：{amount}元",
    )
    return word([Paper(lines)])


def scan() -> bytes:
    """A page of white paper."""
    buffer = io.BytesIO()
    PIL.Image.new("L", (600, 800), 255).save(buffer, "JPEG")
    return buffer.getvalue()


def packed(files: Files) -> bytes:
    """One archive of them."""
    return archive(files)


def shared(company: str = COMPANY) -> Files:
    """What a company sends once."""
    return {
        "附件五 工作总结.docx": summary(company),
        "附件六 统计表.docx": statistics(company=company),
    }


def team_files(**changes: Content) -> Files:
    """A team's form and text."""
    name = str(changes.get("team_name", TEAM))
    return {
        f"附件二 {name}.docx": team_form(**changes),
        f"{name}创建材料.docx": team_text(name),
    }


def whole_team(**changes: Content) -> Files:
    """Everything for one team."""
    name, company = (str(changes.get(k, applicants.TEAM[k])) for k in ("team_name", "company"))
    row: dict[str, Content] = {"group_name": name, "company": company}
    return {
        **team_files(**changes),
        "附件三 汇总表.docx": rollup(row),
        **shared(company),
    }
