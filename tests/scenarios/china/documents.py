"""The forms of the national notice as one company fills them; single values can be changed."""

from __future__ import annotations

import io
from collections.abc import Mapping

import PIL.Image
from corpus.chinapapers import (
    BRANDS,
    CATEGORIES,
    boxes,
    mended_rollup,
    qc,
    rollup,
    stats,
    story,
    summary,
    team,
)
from corpus.drawing import word
from officefiles import archive
from papers import Content, Paper, workbook

Files = dict[str, bytes]
Row = Mapping[str, Content]

COMPANY = "东岭动力机械有限公司"
GROUP = "利剑QC小组"
TEAM = "总装一班"
STORY = "十年磨一剑"

_QC: dict[str, Content] = {
    "group_name": GROUP, "project_title": "提高曲轴磨削一次合格率", "company": COMPANY,
    "project_type": "攻关型", "address": "东岭市经济开发区创业路66号", "postcode": "050031",
    "dept": "质量管理部", "contact": "林建国", "mobile": "13900000021", "instructor": "宋明",
    "instructor_phone": "0311-85550021", "member_count": "9",
    "group_intro": "小组成立于2020年3月，成员9人。通过改进砂轮修整方法，一次合格率由92.1%提高到98.6%。",
}  # fmt: skip
_TEAM: dict[str, Content] = {
    "team_name": TEAM, "company": COMPANY, "address": "东岭市经济开发区创业路66号",
    "postcode": "050031", "dept": "质量管理部", "phone": "0311-85550021", "fax": "",
    "contact": "林建国", "mobile": "13900000021", "email": "linjg@dongling.example",
    "team_leader": "马立新", "member_count": "16", "team_type": "生产型",
    "work_completion_rate": "100", "first_pass_rate": "99.3", "complaints_per_year": "0",
    "accidents_per_year": "0", "improvement_participation_rate": "95",
    "training_people_hours": "16/48", "team_intro": "",
}  # fmt: skip
_STORY: dict[str, Content] = {
    "story_title": STORY, "company": COMPANY, "contact": "林建国", "mobile": "13900000021",
    "address_postcode": "东岭市经济开发区创业路66号 050031", "contact_dept_post": "质量管理部 部长",
    "email": "linjg@dongling.example", "content_category": boxes(CATEGORIES, "品牌文化"),
    "brand_type": boxes(BRANDS, "企业"), "story_intro": "三代工艺员接力攻克曲轴变形难题的故事。",
    "speaker": "林小满", "speaker_gender": "女", "speaker_dept_post": "工艺科 技术员",
    "speaker_mobile": "13900000025", "speaker_email": "linxm@dongling.example",
    "speaker_wechat": "lin_xm2024",
}  # fmt: skip
_STATS: dict[str, Content] = {
    "company": COMPANY, "contact": "林建国", "phone": "0311-85550021",
    "registered_total_team": "126", "registered_total_qc": "512", "registered_year_team": "18",
    "registered_year_qc": "64", "penetration_rate": "81.2", "active_team": "17", "active_qc": "60",
    "benefit_total": "9860", "benefit_year": "735.4", "success_rate_team": "88.9",
    "success_rate_qc": "93.8", "spending_team": "12", "spending_qc": "20.5", "reward_team": "4",
    "reward_qc": "11.6", "training_times_people": "8次560人", "remarks": "以现场改善为主。",
    "dept": "质量管理部", "dept_contact": "林建国", "mobile": "13900000021", "fax": "",
    "email_or_qq": "linjg@dongling.example",
    "address_postcode": "东岭市经济开发区创业路66号 050031",
}  # fmt: skip
_QC_ROW: dict[str, Content] = {
    "seq": "1", "postcode": "050031", "company": COMPANY, "group_name": GROUP, "grade": "1",
    "project_title_short": "提高曲轴合格率", "member_count": "9", "contact": "林建国",
    "phone": "13900000021",
}  # fmt: skip
_TEAM_ROW: dict[str, Content] = {
    **_QC_ROW, "group_name": TEAM, "project_title_short": "", "member_count": "16",
}  # fmt: skip

_POINTS = (
    "一、班组成员组成、职责与愿景", "全班16人，愿景是件件精品。",
    "二、班组基础管理情况", "建立了点检、交接班和质量追溯记录。",
    "三、专业知识和工具方法应用", "全年组织技能培训10次，会用控制图和因果图。",
    "四、质量改进和创新能力", "提出改进提案52条，实施47条。",
    "五、班组管理特色、业绩及评价结果", "推行“一卡三检”，内部评价连续两年第一。",
    "六、班组创建目标达成情况", "创建目标全部达成，一次合格率达99.3%。",
    "七、近三年荣誉", "2022年获集团先进班组。",
)  # fmt: skip
_OUTLINE = (
    "一、基本情况", "2023-2024年度小组活动整体情况良好，注册小组64个，重点创新工作有三项。",
    "召开成果发表会两次，发表成果30项。",
    "二、推进经验和做法", "采取的特色做法是领导点题、小组揭榜，措施落实到车间，取得的效果明显。",
    "组织宣贯《质量信得过班组建设规范》《质量管理小组活动准则》培训8次。",
    "突出案例：利剑QC小组将曲轴一次合格率提高到98.6%。",
    "三、存在问题及改进方向", "存在的问题和遇到的困难是骨干流动大。",
    "未来改进方向是建立骨干人才库，拟采取导师带徒等措施。",
    "建议中机质协多组织现场观摩活动。",
)  # fmt: skip


def qc_paper(**changes: Content) -> Paper:
    """附件一."""
    return qc({**_QC, **changes})


def team_paper(**changes: Content) -> Paper:
    """附件二."""
    return team({**_TEAM, **changes})


def story_paper(**changes: Content) -> Paper:
    """附件四."""
    return story({**_STORY, **changes})


def stats_paper(**changes: Content) -> Paper:
    """附件六."""
    return stats({**_STATS, **changes})


def qc_form(**changes: Content) -> bytes:
    """附件一 as a Word file."""
    return word([qc_paper(**changes)])


def team_form(**changes: Content) -> bytes:
    """附件二 as a Word file."""
    return word([team_paper(**changes)])


def story_form(**changes: Content) -> bytes:
    """附件四 as a Word file."""
    return word([story_paper(**changes)])


def statistics(**changes: Content) -> bytes:
    """附件六 as a Word file."""
    return word([stats_paper(**changes)])


def summary_text(company: str = COMPANY, lines: tuple[str, ...] = _OUTLINE) -> bytes:
    """附件五 with the whole outline."""
    return word([summary(company, *lines)])


def qc_row(**changes: Content) -> Row:
    """A row of 附件三 for a group."""
    return {**_QC_ROW, **changes}


def team_row(**changes: Content) -> Row:
    """A row of 附件三 for a team."""
    return {**_TEAM_ROW, **changes}


def rollup_paper(*rows: Row) -> Paper:
    """附件三 as printed."""
    return rollup(rows, preparer="林建国", phone="13900000021")


def rollup_list(*rows: Row) -> bytes:
    """附件三 as printed, as a Word file."""
    return word([rollup_paper(*rows)])


def rollup_sheet(*rows: Row) -> bytes:
    """附件三 as a spreadsheet."""
    title = "全国机械工业优秀信得过班组 优秀QC小组成果 推荐汇总表"
    return workbook(Sheet1=[mended_rollup(rows, title)])


def qc_report(group: str = GROUP) -> bytes:
    """成果材料 of a group."""
    lines = (
        "QC小组成果报告", group, "一、课题简介", "曲轴磨削一次合格率偏低，影响交付。",
        "二、原因分析", "砂轮修整周期过长、冷却不足。" * 3, "三、对策与实施",
        "缩短修整周期，改造冷却管路。" * 3, "四、效果检查", "一次合格率提高到98.6%。" * 3,
    )  # fmt: skip
    return word([Paper(lines)])


def team_text(name: str = TEAM) -> bytes:
    """成果材料 of a team: the seven points."""
    return word([Paper(("质量信得过班组简介及创建活动结果", name, *_POINTS))])


def story_text(title: str = STORY) -> bytes:
    """故事内容电子版."""
    return word([Paper(("质量文化品牌故事", title, "老班长把卡尺交到他手里。" * 12))])


def picture() -> bytes:
    """A page of white paper."""
    buffer = io.BytesIO()
    PIL.Image.new("L", (600, 800), 255).save(buffer, "JPEG")
    return buffer.getvalue()


def packed(files: Files) -> bytes:
    """One archive of them."""
    return archive(files)


def shared() -> Files:
    """What a company sends once."""
    return {"附件五 工作总结.docx": summary_text(), "附件六 统计表.docx": statistics()}


def qc_files(**changes: Content) -> Files:
    """Everything for one group, besides what a company sends once."""
    name = str(changes.get("group_name", GROUP))
    return {
        f"附件一 {name}.docx": qc_form(**changes),
        f"{name}成果报告.docx": qc_report(name),
        "附件三 QC小组汇总表.docx": rollup_list(qc_row(group_name=name)),
    }


def team_files(**changes: Content) -> Files:
    """Everything for one team, besides what a company sends once."""
    name = str(changes.get("team_name", TEAM))
    return {
        f"附件二 {name}.docx": team_form(**changes),
        f"{name}创建材料.docx": team_text(name),
        "附件三 班组汇总表.docx": rollup_list(team_row(group_name=name)),
    }


def story_files(**changes: Content) -> Files:
    """Everything for a story, besides what a company sends once."""
    title = str(changes.get("story_title", STORY))
    return {
        "附件四 推荐表.docx": story_form(**changes),
        "故事内容.docx": story_text(title),
    }
