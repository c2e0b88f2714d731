"""The free texts of Chongqing 2019: summaries, reports, opinions, material of the teams."""

from __future__ import annotations

from papers import Paper

from corpus.sample import Sample, Value

CAMPAIGN = "chongqing-2019"
NOTICE = (
    "关于 2019 年继续开展质量管理小组和质量信得过班组建设活动及活动成果申报的通知",
    "各有关单位：",
    "一、活动主题",
    "2019 年质量管理小组活动的主题是：“深入质量创新，弘扬工匠精神”。",
    "二、申报要求",
    "附件：",
    "1.2019 年重庆市优秀质量管理小组、重庆市质量信得过班组推荐条件和要求",
    "2.2019 年重庆市优秀质量管理小组申报表",
    "3.2019 年质量管理小组活动工作总结",
    "6.2019 年重庆市质量信得过班组申报表",
    "重庆市质量协会 重庆市总工会",
    "2019 年 5 月 7 日",
)
_QC_TITLE = "2019 年质量管理小组活动工作总结"
_TEAM_TITLE = "2019 年开展质量信得过班组活动总结"
_QC_DEMAND = "要求：认真总结本单位一年来质量管理小组活动的推进经验和具体做法，特色突出、数据详实，字数 1000 字左右。主要内容包括："
#: section, printed heading, what a company wrote under it
_QC_PARTS = (
    ("basics", "一、基本情况", "巴渝精密机械有限公司现有员工 1200 人。"),
    ("overall", "", "年度 QC 小组活动整体情况良好，注册小组 41 个，重点创新工作覆盖全部车间。"),
    ("practice", "二、推进经验和做法", ""),
    ("measures", "1.推进 QC 小组活动过程中采取的特色做法、措施和取得的效果。",
     "公司采取“一组一师”的措施，每个小组配一名工艺师，成果率提高到 92.7%，效果明显。"),
    ("standards", "2.组织宣贯《质量管理小组活动准则》的相关活动和效果。", "全年组织准则培训 6 期，参训 430 人次。"),
    ("deeds", "3.企业开展 QC 小组活动的突出事迹。", "启航QC小组攻克缸体渗漏难题，年节约 35.6 万元。"),
    ("problems", "三、存在问题及改进方向", ""),
    ("difficulties", "1.年度活动推进存在的问题或遇到的困难。", "骨干人员流动较大，部分小组停留在表面。"),
    ("direction", "2.未来改进方向和拟采取的措施。", "明年起建立内部诊断师队伍，加强过程辅导。"),
    ("support", "3.需要市质协支持或对今后活动推进的建议。", "希望多组织跨行业的成果交流。"),
)  # fmt: skip
_TEAM_PARTS = (
    ("basics", "一、基本情况", "公司共有班组 86 个。"),
    ("overall", "", "全年质量信得过班组活动工作开展情况总体平稳，年度重点工作任务全部完成。"),
    ("practice", "二、推进经验和做法", ""),
    ("measures", "1.推进质量信得过班组活动过程中采取的具有特色的方法、措施和取得的效果。",
     "推行班前五分钟质量讲评，一次合格率提高 1.2 个百分点。"),
    ("deeds", "2.本单位开展质量信得过班组突出事迹。", "总装一班连续三年零投诉，被评为公司先进班组。"),
    ("problems", "三、存在问题及改进方向", ""),
    ("difficulties", "1.年度活动推进存在的问题或遇到的困难。", "个别班组记录不全。"),
    ("direction", "2.未来改进方向和拟采取的措施。", "统一记录表格，每月检查。"),
    ("support", "3.需要市质协支持或对今后活动推进的建议。", "建议增加班组长培训名额。"),
)  # fmt: skip
_POINTS = (
    ("members", "一、班组概况", "班组现有成员 12 人，主要工作内容是整机装配，班组愿景是零缺陷。"),
    ("management", "二、班组基础管理情况", "班前会、点检表和交接班记录齐全，执行六源管理。"),
    ("skills", "三、专业知识与技能培训", "全年组织技能培训 12 次，人人会用排列图。"),
    ("improvement", "四、质量改进和创新能力", "完成改进提案 36 条，其中 9 条在全公司推广。"),
    ("results", "五、管理特色与业绩", "一次合格率 98.7%，连续三年评价为优秀。"),
    ("honours", "六、近三年取得荣誉情况", "2017 年公司先进班组，2018 年工人先锋号。"),
)

_Parts = tuple[tuple[str, str, str], ...]


def _lines(parts: _Parts) -> tuple[str, ...]:
    return tuple(line for _, heading, text in parts for line in (heading, text) if line)


def _keys(parts: _Parts) -> frozenset[str]:
    return frozenset(key for key, _, _ in parts)


def _text(
    kind: str, name: str, lines: tuple[str, ...], sections: frozenset[str] = frozenset(),
    file: str = "申报材料", **values: Value,
) -> Sample:  # fmt: skip
    return Sample(
        campaign=CAMPAIGN, kind=kind, name=name, papers=(Paper(lines),), values=values,
        sections=sections, sheet=False, file=file,
    )  # fmt: skip


def samples() -> list[Sample]:
    """Whole texts, texts with parts left out, texts without title in files with telling names."""
    return [*_summaries(), *_materials(), *_reports()]


def _summaries() -> list[Sample]:
    unit = "推荐单位 巴渝精密机械有限公司"
    no_support = tuple(part for part in _QC_PARTS if part[0] != "support")
    no_deeds = tuple(part for part in _TEAM_PARTS if part[0] != "deeds")
    own = (
        ("basics", "一、基本情况", "渝州电缆有限责任公司今年注册质量管理小组 12 个，整体情况好于上年，重点创新工作有序推进。"),
        ("overall", "", ""),
        ("practice", "二、推进经验和做法", "公司把小组活动与技能竞赛结合，措施具体，效果显著；组织宣贯活动准则两次；突出事迹是匠心小组自制测径仪。"),
        ("measures", "", ""), ("standards", "", ""), ("deeds", "", ""),
        ("problems", "三、存在问题及改进方向", "问题是统计工具运用不熟练；下一步加强培训，建议协会送教上门。"),
        ("difficulties", "", ""), ("direction", "", ""), ("support", "", ""),
    )  # fmt: skip
    return [
        _text("summary_qc", "under the printed headings",
              ("附件 3", _QC_TITLE, unit, _QC_DEMAND, *_lines(_QC_PARTS)), _keys(_QC_PARTS),
              recommender="巴渝精密机械有限公司"),
        _text("summary_qc", "one point left out", (_QC_TITLE, "推荐单位：巴渝精密机械有限公司", *_lines(no_support)),
              _keys(no_support), recommender="巴渝精密机械有限公司"),
        _text("summary_qc", "in its own words", ("2019年质量管理小组活动工作总结", *_lines(own)), _keys(own)),
        _text("summary_qc", "without title, the file is named",
              (*_lines(_QC_PARTS),), _keys(_QC_PARTS), file="巴渝精密2019年QC小组活动总结"),
        _text("summary_qc", "with the company in its title",
              ("渝州电缆有限责任公司2019年质量管理小组活动总结", *_lines(own)), _keys(own)),
        _text("summary_team", "under the printed headings", ("附件 7", _TEAM_TITLE, *_lines(_TEAM_PARTS)),
              _keys(_TEAM_PARTS)),
        _text("summary_team", "one point left out", (_TEAM_TITLE, *_lines(no_deeds)), _keys(no_deeds)),
        _text("summary_team", "without title, the file is named", _lines(_TEAM_PARTS), _keys(_TEAM_PARTS),
              file="质量信得过班组活动总结"),
    ]  # fmt: skip


def _materials() -> list[Sample]:
    no_honours = tuple(part for part in _POINTS if part[0] != "honours")
    return [
        _text("team_text", "six points", ("质量信得过班组创建材料", "总装一班", *_lines(_POINTS)), _keys(_POINTS)),
        _text("team_text", "one point left out", ("班组创建材料", *_lines(no_honours)), _keys(no_honours)),
        _text("team_text", "without title, the file is named", ("总装一班", *_lines(_POINTS)), _keys(_POINTS),
              file="总装一班班组创建材料"),
        _text("team_self_score", "on a page", (
            "班组自我评分表", "班组名称：总装一班", "一、基础管理（30 分） 自评 28 分", "二、质量改进（30 分） 自评 27 分",
            "三、业绩（40 分） 自评 38 分", "合计 93 分，自评结果属实，特此说明。班组成员签字确认后存档备查。")),
    ]  # fmt: skip


def _reports() -> list[Sample]:
    report = (
        "降低缸体渗漏率", "启航QC小组", "一、课题背景", "2018 年 3 月 5 日登记注册，缸体渗漏率居高不下。" * 3,
        "二、原因分析", "经关联图分析，密封面粗糙度超差是主要原因。" * 3, "三、对策与实施", "改进刀具并固化参数。" * 4,
        "四、效果检查", "渗漏率由 2.1% 降至 0.4%。" * 4,
    )  # fmt: skip
    every = frozenset(("finance", "quality", "technology"))
    return [
        _text("qc_report", "with its title", ("质量管理小组成果报告", *report)),
        _text("qc_report", "without title, the file is named", report, file="启航QC小组成果报告"),
        _text("dept_review_opinion", "three departments", (
            "质量管理小组成果审查意见", "启航QC小组《降低缸体渗漏率》课题成果，经审查：",
            "财务部审查意见：经核算年直接经济效益 35.6 万元，情况属实。",
            "质量管理部审查意见：活动程序符合要求，数据真实。", "技术中心审查意见：改进措施有效，已纳入工艺文件。"), every),
        _text("dept_review_opinion", "finance left out", (
            "审查意见", "启航QC小组成果已经审查，同意上报。", "质量管理部：活动程序符合要求，数据真实可靠，过程记录完整。",
            "技术中心：改进措施有效，已纳入工艺文件，可以推广。"), every - {"finance"}),
        _text("dept_review_opinion", "in a word each", (
            "审查意见", "财务部门：同意。质量部门：同意。技术部门：同意。"), every),
        _text("reviewer_opinion", "in few words", ("评审意见", "同意推荐。", "评委：张广林 何秀英")),
        _text("reviewer_opinion", "of two reviewers", (
            "评审意见", "启航QC小组的课题选题恰当，程序严谨，统计工具运用正确，效果显著，同意推荐。",
            "评委：张广林 何秀英", "2019年5月10日")),
    ]  # fmt: skip
