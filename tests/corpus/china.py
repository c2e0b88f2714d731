"""The national forms of 2024, filled by several companies and groups."""

from __future__ import annotations

from dataclasses import replace

from papers import Box, Content, L, Paper

from corpus.chinapapers import (
    BRANDS,
    CATEGORIES,
    SUMMARY_HEADS,
    boxes,
    mended_rollup,
    qc,
    rollup,
    stats,
    story,
    summary,
    team,
)
from corpus.sample import Sample, Value

CAMPAIGN = "china-machinery-2024"
_Filled = dict[str, Content]
_Means = dict[str, Value]

_QC: _Filled = {
    "group_name": "利剑QC小组", "project_title": "提高曲轴磨削一次合格率",
    "company": "东岭动力机械有限公司", "project_type": "攻关型",
    "address": "东岭市经济开发区创业路 66 号", "postcode": "050031", "dept": "质量管理部",
    "contact": "林建国", "mobile": "13900000021", "instructor": "宋明",
    "instructor_phone": "0311-85550021", "member_count": "9",
    "group_intro": "小组成立于2020年3月，成员9人。\n通过改进砂轮修整方法，一次合格率由 92.1% 提高到 98.6%。",
}  # fmt: skip
_QC_OTHER: _Filled = {
    "group_name": "“匠心”QC小组", "project_title": "降低电机轴承噪声（Ⅱ期）",
    "company": "海川电机股份有限公司", "project_type": "现场", "address": "海川市高新区科技二路 8 号 3 栋",
    "postcode": "７１００７５", "dept": "生产技术部/质检科", "contact": "欧阳雪", "mobile": "139-0000-0022",
    "instructor": "", "instructor_phone": "/", "member_count": "１０人",
    "group_intro": "小组人数 10 人，联系电话见上。\n1. 选题理由：噪声超标。\n2. 效果：噪声下降 4 dB。",
}  # fmt: skip
_QC_OTHER_MEANS: _Means = {
    "postcode": "710075", "mobile": "13900000022", "member_count": 10,
}  # fmt: skip

_TEAM: _Filled = {
    "team_name": "总装一班", "company": "东岭动力机械有限公司", "address": "东岭市经济开发区创业路 66 号",
    "postcode": "050031", "dept": "质量管理部", "phone": "（0311）85550021", "fax": "0311-85550022",
    "contact": "林建国", "mobile": "13900000021", "email": "linjg@dongling.example",
    "team_leader": "马立新", "member_count": "16", "team_type": "生产型",
    "work_completion_rate": "100", "first_pass_rate": "99.3", "complaints_per_year": "0",
    "accidents_per_year": "0", "improvement_participation_rate": "95",
    "training_people_hours": "16、48", "team_intro": "",
}  # fmt: skip
_TEAM_MEANS: _Means = {
    "member_count": 16, "work_completion_rate": 100, "first_pass_rate": 99.3,
    "complaints_per_year": 0, "accidents_per_year": 0, "improvement_participation_rate": 95,
    "training_people_hours": (16, 48), "phone": "(0311)85550021",
}  # fmt: skip
_TEAM_OTHER: _Filled = {
    "team_name": "机加车间 数控二班", "company": "海川电机股份有限公司", "address": "海川市高新区科技二路8号",
    "postcode": "710075", "dept": "班组建设办公室", "phone": "029-88880023、029-88880024", "fax": "",
    "contact": "欧阳雪", "mobile": "139 0000 0022", "email": "ouyang＠haichuan.example",
    "team_leader": "诸葛平", "member_count": "二十一人", "team_type": "",
    "work_completion_rate": "99.6％", "first_pass_rate": "98%", "complaints_per_year": "无",
    "accidents_per_year": "０次", "improvement_participation_rate": "百分之九十",
    "training_people_hours": "21人次/1,050学时",
    "team_intro": "班组现有 21 人，负责主轴加工。\n班组愿景：零缺陷。\n近三年获公司金牌班组。",
}  # fmt: skip
_TEAM_OTHER_MEANS: _Means = {
    "phone": "029-88880023、029-88880024", "mobile": "13900000022", "email": "ouyang@haichuan.example",
    "member_count": 21, "work_completion_rate": 99.6, "first_pass_rate": 98, "complaints_per_year": 0,
    "accidents_per_year": 0, "improvement_participation_rate": 90,
    "training_people_hours": (21, 1050),
}  # fmt: skip

_STORY: _Filled = {
    "story_title": "十年磨一剑", "company": "东岭动力机械有限公司",
    "address_postcode": "东岭市经济开发区创业路66号 050031", "contact": "林建国",
    "mobile": "13900000021", "contact_dept_post": "质量管理部 部长", "email": "linjg@dongling.example",
    "content_category": boxes(CATEGORIES, "品牌战略、品牌文化"), "brand_type": boxes(BRANDS, "企业"),
    "story_intro": "讲述三代工艺员接力攻克曲轴变形难题的故事。", "speaker": "林小满",
    "speaker_gender": "女", "speaker_dept_post": "工艺科 技术员", "speaker_mobile": "13900000025",
    "speaker_email": "linxm@dongling.example", "speaker_wechat": "lin_xm2024",
}  # fmt: skip
_STORY_MEANS: _Means = {
    "content_category": ("品牌战略", "品牌文化"), "brand_type": ("企业",), "speaker_gender": ("女",),
}  # fmt: skip
_STORY_OTHER: _Filled = {
    "story_title": "《一把游标卡尺》", "company": "海川电机股份有限公司",
    "address_postcode": "710075，海川市高新区科技二路8号", "contact": "欧阳 雪",
    "mobile": "１３９００００００２２", "contact_dept_post": "宣传部/干事", "email": "ouyang@haichuan.example",
    "content_category": "品牌战略□ 品牌体系□ 品牌传播□ 风险防范■ 方法途径■ 品牌文化□",
    "brand_type": "□产品 □企业 √团队 □个人", "story_intro": "一把卡尺，传了两代人。\n量的是尺寸，守的是良心。",
    "speaker": "", "speaker_gender": "", "speaker_dept_post": "", "speaker_mobile": "",
    "speaker_email": "", "speaker_wechat": "",
}  # fmt: skip
_STORY_OTHER_MEANS: _Means = {
    "content_category": ("风险防范", "方法途径"), "brand_type": ("团队",),
    "contact": "欧阳雪", "mobile": "13900000022",
}  # fmt: skip

_FIGURES: _Filled = {
    "registered_total_team": "126", "registered_total_qc": "512", "registered_year_team": "18",
    "registered_year_qc": "64", "penetration_rate": "81.2", "active_team": "17", "active_qc": "60",
    "benefit_total": "9860", "benefit_year": "735.4", "success_rate_team": "88.9",
    "success_rate_qc": "93.8", "spending_team": "12", "spending_qc": "20.5", "reward_team": "4",
    "reward_qc": "11.6", "training_times_people": "8次560人",
}  # fmt: skip
_STATS: _Filled = {
    **_FIGURES, "company": "东岭动力机械有限公司", "contact": "林建国", "phone": "0311-85550021",
    "remarks": "以现场改善为主，建议多组织现场观摩。", "dept": "质量管理部", "dept_contact": "林建国",
    "mobile": "13900000021", "fax": "0311-85550022", "email_or_qq": "linjg@dongling.example",
    "address_postcode": "东岭市经济开发区创业路66号 050031",
}  # fmt: skip
_STATS_MEANS: _Means = {
    "period": "2023-07/2024-06", "registered_total_team": 126, "registered_total_qc": 512,
    "registered_year_team": 18, "registered_year_qc": 64, "penetration_rate": 81.2,
    "active_team": 17, "active_qc": 60, "benefit_total": 9860, "benefit_year": 735.4,
    "success_rate_team": 88.9, "success_rate_qc": 93.8, "spending_team": 12, "spending_qc": 20.5,
    "reward_team": 4, "reward_qc": 11.6, "training_times_people": (8, 560),
}  # fmt: skip
_STATS_OTHER: _Filled = {
    "company": "海川电机股份有限公司", "contact": "欧阳雪", "phone": "029－88880023",
    "registered_total_team": "1，024", "registered_total_qc": "2,310个", "registered_year_team": "31个",
    "registered_year_qc": "１０２", "penetration_rate": "７６.５％", "active_team": "30",
    "active_qc": "98", "benefit_total": "2.35亿元", "benefit_year": "12,600,000元",
    "success_rate_team": "96.8%", "success_rate_qc": "九十五", "spending_team": "无",
    "spending_qc": "35万元", "reward_team": "0", "reward_qc": "8.00",
    "training_times_people": "10次、1,200人", "remarks": "", "dept": "企管部（质量科）",
    "dept_contact": "欧阳雪", "mobile": "13900000022", "fax": "", "email_or_qq": "800056789",
    "address_postcode": "海川市高新区科技二路8号，邮编710075",
}  # fmt: skip
_STATS_OTHER_MEANS: _Means = {
    "period": "2023-07/2024-06", "phone": "029-88880023", "registered_total_team": 1024,
    "registered_total_qc": 2310, "registered_year_team": 31, "registered_year_qc": 102,
    "penetration_rate": 76.5, "active_team": 30, "active_qc": 98, "benefit_total": 23500,
    "benefit_year": 1260, "success_rate_team": 96.8, "success_rate_qc": 95, "spending_team": 0,
    "spending_qc": 35, "reward_team": 0, "reward_qc": 8, "training_times_people": (10, 1200),
}  # fmt: skip

_QC_ROW: _Filled = {
    "seq": "1", "postcode": "050031", "company": "东岭动力机械有限公司", "group_name": "利剑QC小组",
    "grade": "1", "project_title_short": "提高曲轴合格率", "member_count": "9", "contact": "林建国",
    "phone": "13900000021",
}  # fmt: skip
_TEAM_ROW: _Filled = {
    **_QC_ROW, "group_name": "总装一班", "project_title_short": "", "member_count": "16",
}  # fmt: skip


def samples() -> tuple[Sample, ...]:
    """Every form in the plain fill, by another company, retyped; the lists and the texts."""
    return (*_forms(), *_retyped(), *_together(), *_rollups(), *_reports(), *_summaries())


def _forms() -> list[Sample]:
    return [
        _sample("qc_form", "plain", qc(_QC), _QC, {"member_count": 9}),
        _sample("qc_form", "another company", qc(_QC_OTHER), _QC_OTHER | {"instructor_phone": ""}, _QC_OTHER_MEANS),
        _sample("team_form", "the points alone", team(_TEAM), _TEAM, _TEAM_MEANS),
        _sample("team_form", "another company", team(_TEAM_OTHER, points=False), _TEAM_OTHER, _TEAM_OTHER_MEANS),
        _sample("story_form", "plain", story(_STORY), _STORY, _STORY_MEANS),
        _sample("story_form", "no speaker", story(_STORY_OTHER), _STORY_OTHER, _STORY_OTHER_MEANS),
        _sample("stats_both", "plain", stats(_STATS), _STATS, _STATS_MEANS),
        _sample("stats_both", "another company", stats(_STATS_OTHER), _STATS_OTHER, _STATS_OTHER_MEANS),
    ]  # fmt: skip


def _retyped() -> list[Sample]:
    """Labels with blanks, colons and line breaks; rows split, cells merged, notes gone."""
    qc_paper = qc(_QC).relabelled(lambda label: f"{label.replace(' ', '')}：")
    wide = qc_paper.replaced("成果类型：", L("成果\n类型")).replaced(
        "小组活动指导者：", L("小组活动\n指 导 者")
    )
    team_paper = team(_TEAM).relabelled(lambda label: " ".join(label.replace("\n", "")))
    alone = team(_TEAM, points=False)
    split = replace(alone, rows=(*alone.rows[:-1], (L("质量信得过班组\n简介及创建活动\n结果（另附\n材料）："), Box("班组简介另附。", 5)), (L("单位盖章", 3), Box("年 月 日", 3))))  # fmt: skip
    story_paper = replace(story(_STORY), foot=()).relabelled(lambda label: label.replace("\n", " "))
    figures = stats(_STATS_OTHER)
    rows = tuple(row[:-1] for row in figures.rows[:-4]) + figures.rows[-4:]
    bare = Paper(figures.head[1:], rows, ())
    return [
        _sample("qc_form", "labels with colons, no notes", replace(wide, foot=()), _QC, {"member_count": 9}),
        _sample("team_form", "labels set wide", team_paper, _TEAM, _TEAM_MEANS),
        _sample("team_form", "the text beside its label", split, _TEAM | {"team_intro": "班组简介另附。"}, _TEAM_MEANS),
        _sample("story_form", "labels in one line", story_paper, _STORY, _STORY_MEANS),
        _sample("stats_both", "no remarks, no annex number", bare, _STATS_OTHER, _STATS_OTHER_MEANS),
    ]  # fmt: skip


_NOTICE = Paper(
    (
        "中国机械工业质量管理协会",
        "文件",
        "中机质协[2024]6号",
        "关于开展2024年全国机械工业质量管理小组 质量信得过班组 质量品牌故事交流活动的通知",
        "各省（自治区）市机械、汽车工业主管部门（行业办、联合会）、机械质协、大型企业集团：",
        "一、认真组织好推荐工作",
        "2、参加交流发表的小组填写《全国机械工业优秀质量管理小组成果表》（见附件一、附件二）。",
        "附件一：全国机械工业优秀质量管理小组成果表",
        "附件二：全国机械工业优秀质量信得过班组成果表",
    )
)


def _together() -> list[Sample]:
    """The form behind the notice's text; two forms in one file."""
    blank_team = team(dict.fromkeys(_TEAM, ""))
    behind = _sample("qc_form", "behind the notice", qc(_QC), _QC, {"member_count": 9})
    both = _sample("team_form", "behind another form", team(_TEAM), _TEAM, _TEAM_MEANS)
    first = _sample("qc_form", "before a blank form", qc(_QC), _QC, {"member_count": 9})
    return [
        replace(behind, papers=(_NOTICE, *behind.papers)),
        replace(both, papers=(qc(_QC), *both.papers)),
        replace(first, papers=(*first.papers, blank_team)),
    ]


# ---- lists ---------------------------------------------------------------------------


def _rollups() -> list[Sample]:
    groups = [
        _QC_ROW | {
            "seq": str(n), "postcode": f"05{n:04}", "group_name": f"攻坚{n}QC小组", "grade": str(1 + n % 2),
            "project_title_short": f"降低{n}号炉能耗", "member_count": str(5 + n % 6),
            "phone": f"139000002{n:02}",
        }
        for n in range(1, 24)
    ]  # fmt: skip
    teams = [
        _TEAM_ROW | {"seq": n, "group_name": f"{name}班", "grade": grade, "member_count": f"{count}人"}
        for n, name, grade, count in ((1, "热处理一", "1", 12), (2, "数控加工", "2", 8), (3, "维修", "2", 21))
    ]  # fmt: skip
    printed = "全国机械工业优秀信得过班组 优秀QC小组成果 推荐汇总表"
    cited = "全国机械工业质量信得过班组、质量管理小组成果推荐汇总表"
    named = [
        _QC_ROW | {"group_name": "利剑"},
        _QC_ROW | {"group_name": "晨曦", "grade": "2", "seq": "2"},
    ]
    teams_named = [row | {"group_name": str(row["group_name"]).removesuffix("班")} for row in teams]
    return [
        _list("rollup.qc", "as printed", rollup([_QC_ROW]), [_QC_ROW]),
        _list("rollup.team", "as printed", rollup([_TEAM_ROW]), [_TEAM_ROW]),
        _list(
            "rollup.qc", "reviewers named, rows added",
            rollup(groups, reviewers=" 东岭集团", preparer="林建国", phone="0311-85550021"), groups,
            {"reviewer_unit": "东岭集团", "preparer": "林建国", "preparer_phone": "0311-85550021"},
        ),
        _list(
            "rollup.team", "a column each",
            mended_rollup(teams, printed, "地区或集团、单位评委：河东省机械质协", preparer="马立新", phone="13900000021"), teams,
            {"reviewer_unit": "河东省机械质协", "preparer": "马立新", "preparer_phone": "13900000021"}, seq=True,
        ),
        _list("rollup.qc", "the title of the letter", mended_rollup(groups[:2], cited), groups[:2], seq=True),
        _list(
            "rollup.qc", "told by the line over it", mended_rollup(named, printed, "（QC小组）"), named, seq=True,
        ),
        _list(
            "rollup.team", "told by its own title", mended_rollup(teams_named, "全国机械工业优秀信得过班组成果推荐汇总表"),
            teams_named, seq=True,
        ),
        replace(
            _list("rollup.team", "told by the file's name", mended_rollup(teams_named, printed), teams_named, seq=True),
            file="附件三 信得过班组汇总表",
        ),
    ]  # fmt: skip


def _list(
    kind: str, name: str, paper: Paper, rows: list[_Filled], values: _Means | None = None,
    *, seq: bool = False,
) -> Sample:  # fmt: skip
    """A roll-up; ``seq``: its rows are numbered."""
    return Sample(
        campaign=CAMPAIGN, kind=kind, name=name, papers=(paper,), values=values or {},
        rows={"results": [_row(row, seq=seq) for row in rows]}, file="附件三 汇总表",
    )  # fmt: skip


def _row(row: _Filled, *, seq: bool) -> _Means:
    means: _Means = {key: str(value) for key, value in row.items() if value != ""}
    means |= {
        "grade": (str(row["grade"]),),
        "member_count": int(str(row["member_count"]).rstrip("人")),
    }
    return means if seq else {key: value for key, value in means.items() if key != "seq"}


# ---- texts ---------------------------------------------------------------------------

_TEAM_POINTS = (
    ("members", "一、班组成员组成、职责与愿景", "全班 16 人，党员 4 人，愿景是件件精品。"),
    ("management", "二、班组基础管理情况", "建立了点检、交接班和质量追溯记录。"),
    ("skills", "三、专业知识和工具方法应用", "全年组织技能培训 10 次，会用控制图和因果图。"),
    ("improvement", "四、质量改进和创新能力", "提出改进提案 52 条，实施 47 条。"),
    ("results", "五、班组管理特色、业绩及评价结果", "推行“一卡三检”，内部评价连续两年第一。"),
    ("goals", "六、班组创建目标达成情况", "创建目标全部达成，一次合格率达 99.3%。"),
    ("honours", "七、近三年荣誉", "2022 年获集团先进班组，班长获“东岭工匠”荣誉。"),
)
_BASICS = (
    "一、基本情况",
    "2023-2024年度小组活动整体情况良好，注册小组 64 个，小组特色鲜明，重点创新工作有三项。",
    "召开成果发表会两次，发表成果 30 项。",
)
_PRACTICE = (
    "二、推进经验和做法",
    "采取的特色做法是领导点题、小组揭榜，措施落实到车间，取得的效果明显。",
    "组织宣贯《质量信得过班组建设规范》《质量管理小组活动准则》培训 8 次。",
    "突出案例：利剑QC小组将曲轴一次合格率提高到 98.6%。",
)
_OUTLOOK = (
    "三、存在问题及改进方向",
    "存在的问题和遇到的困难是骨干流动大。",
    "未来改进方向是建立骨干人才库，拟采取导师带徒等措施。",
    "建议中机质协多组织现场观摩活动。",
)
_ALL = frozenset(
    ("basics", "overall", "publication", "practice", "measures", "standards", "deeds", "problems",
     "difficulties", "direction", "support")
)  # fmt: skip


def _text(
    kind: str, name: str, paper: Paper, sections: frozenset[str] = frozenset(), file: str = "材料",
    *, values: _Means | None = None,
) -> Sample:  # fmt: skip
    return Sample(
        campaign=CAMPAIGN, kind=kind, name=name, papers=(paper,), values=values or {},
        sections=sections, sheet=False, file=file,
    )  # fmt: skip


def _reports() -> list[Sample]:
    points = tuple(line for _, *lines in _TEAM_POINTS for line in lines)
    without = tuple(line for key, *lines in _TEAM_POINTS if key != "honours" for line in lines)
    every = frozenset(key for key, _, _ in _TEAM_POINTS)
    report = (
        "一、课题简介", "曲轴磨削一次合格率偏低，影响交付。", "二、原因分析", "砂轮修整周期过长、冷却不足。" * 3,
        "三、对策与实施", "缩短修整周期，改造冷却管路。" * 3, "四、效果检查", "一次合格率由 92.1% 提高到 98.6%。" * 3,
    )  # fmt: skip
    lines = (
        "一把游标卡尺",
        "那一年，老班长把卡尺交到他手里。" * 12,
        "量的是尺寸，守的是良心。" * 10,
    )
    return [
        _text("team_text", "seven points", Paper(("质量信得过班组简介及创建活动结果", "总装一班", *points)), every),
        _text("team_text", "one point left out", Paper(("信得过班组成果材料", *without)), every - {"honours"}),
        _text("team_text", "no title but a telling file name", Paper(points), every, "总装一班创建材料"),
        _text("qc_report", "titled", Paper(("QC小组成果报告", "利剑QC小组", *report))),
        _text("qc_report", "no title but a telling file name", Paper(("提高曲轴磨削一次合格率", *report)), file="利剑QC小组成果材料"),
        _text("story_text", "no title but a telling file name", Paper(lines), file="故事内容电子版"),
        _text("story_text", "titled", Paper(("质量文化品牌故事", *lines))),
    ]  # fmt: skip


def _summaries() -> list[Sample]:
    company = "东岭动力机械有限公司"
    values: _Means = {"company": company}
    whole = (*_BASICS, *_PRACTICE, *_OUTLOOK)
    headless = Paper((f"{company}工作总结", *whole))
    return [
        _text("summary_both", "the whole outline", summary(company, *SUMMARY_HEADS, *whole), _ALL, values=values),
        _text("summary_both", "the last part missing",
              summary(company, *_BASICS, *_PRACTICE),
              _ALL - {"problems", "difficulties", "direction", "support"}, values=values),
        _text("summary_both", "no cases, no advice",
              summary(company, *_BASICS, *_PRACTICE[:-1], *_OUTLOOK[:-1]), _ALL - {"deeds", "support"}, values=values),
        _text("summary_both", "the year in the title",
              summary(company, *whole, title="2023-2024年度群众性质量管理活动工作总结"), _ALL, values=values),
        _text("summary_both", "another title", headless, _ALL, "附件五 工作总结"),
    ]  # fmt: skip


def _sample(kind: str, name: str, paper: Paper, filled: _Filled, means: _Means) -> Sample:
    values: _Means = {**{key: str(value) for key, value in filled.items()}, **means}
    kept = {key: value for key, value in values.items() if value not in ("", ())}
    return Sample(campaign=CAMPAIGN, kind=kind, name=name, papers=(paper,), values=kept)
