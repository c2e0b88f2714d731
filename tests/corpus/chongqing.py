"""The Chongqing forms of 2019, filled by several companies and typed over by some.

Set as the notice prints them: the notes before the table in 附件2, 4, 6, 8 and
behind it in 5, 9; every header of the list of groups broken over two lines.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from papers import Box, Content, L, Paper

from corpus import chongqing_lists as lists
from corpus import chongqing_texts as texts
from corpus.sample import Sample, Value, Values

CAMPAIGN = texts.CAMPAIGN
QC_TITLE = "2019 年重庆市优秀质量管理小组申报表"
TEAM_TITLE = "2019 年重庆市质量信得过班组申报表"
PERIOD = "（2018 年 6 月至 2019 年 4 月）"
DATE = "年 月 日"
MAILBOX = "② 材料递交截止时间：2019年5月23日前交重庆市质量协会 邮箱：cqszlxh@126.com"
QC_NOTES = (
    "注：1.申报递交材料统一交与重庆市质量协会，具体要求如下：",
    "① 填写申报表，加盖公章原件一份。",
    "② 小组成果报告 Word 文本格式电子版和纸质资料各一份。",
    "③ 市（部）级以上质量管理小组活动推进者（初级）与《质量管理小组活动准则》及案例分析培训结业证书复印件各一份",
    "2.注意事项：",
    "① 企业名称（小组所在单位）、小组名称须用正楷填写全称，不要挂上级部门(企业名称以公章为准)，填写内容简明扼要，准确无误。",
    MAILBOX,
)
QC_SIGNED = "市（部）级以上质量管理小组活动推进者（初级）与《质量管理小组活动准则》及案例分析培训等证书的评审员 2 名签名（有效期内有效）："
TEAM_NOTES = (
    "注：1.申报递交材料统一交与质量协会，具体要求如下：",
    "① 填写申报表，加盖公章，附班组自我评分表原件一份。",
    "② 班组创建材料 Word 格式电子版和纸质资料各一份，字数 5000 字以内。",
    "③ 市（部）级以上质量信得过班组建设培训结业证书复印件各一份",
    "2.注意事项：",
    "① 企业名称、班组名称须用正楷填写全称，不要挂上级部门(企业名称以公章为准)，填写内容简明扼要，准确无误。",
    MAILBOX,
)
TEAM_INTRO = "质量信得过班组简介及活动结果（另附纸）："
TEAM_POINTS = (
    "1. 班组成员组成，班组职责，主要工作内容、班组文化和愿景。",
    "2. 班组基础管理情况。",
    "3. 班组成员专业知识、技能培训、工具方法应用能力。",
    "4. 班组质量改进和创新能力。",
    "5. 班组管理特色、业绩及评价结果。",
    "6. 近三年取得荣誉情况，包括班组集体和个人荣誉等。",
)
TEAM_SIGNED = "市（部）级以上质量信得过班组建设培训评审员 2名签名（有效期内有效）："
STATS_NOTES = (
    "注：1. 本统计表来自企业统计数据资料。",
    MAILBOX.replace("② ", "2. "),
)

Written = dict[str, Content]

# ---- what is written, and what it says ------------------------------------------------

QC: dict[str, Written] = {
    "plain": {
        "unit": "巴渝精密机械有限公司", "district": "江北区", "group_name": "启航QC小组",
        "company": "巴渝精密机械有限公司", "address": "重庆市江北区港城东路 18 号", "postcode": "400026",
        "dept": "质量管理部", "contact": "罗世安", "mobile": "13900000031", "instructor": "邓佳宁",
        "instructor_phone": "023-67500102", "member_count": "9",
        "group_intro": "小组成立于2018年3月，以现场工人为主体。\n围绕缸体渗漏开展活动，渗漏率由2.1%降至0.4%。",
    },
    "another company": {
        "unit": "重庆嘉陵轨道装备 股份有限公司", "district": "两江新区", "group_name": "“红岩” 攻坚 QC 小组",
        "company": "重庆嘉陵轨道装备股份有限公司", "address": "重庆市渝北区金开大道 1200 号 3 幢",
        "postcode": "４０１１２１", "dept": "工艺技术部", "contact": "欧阳 敏", "mobile": "139 0000 0032",
        "instructor": "", "instructor_phone": "", "member_count": "１０人",
        "group_intro": "QC 小组共 10 人，人均接受 TQM 培训 48 学时。", "reviewer_signatures": "张广林、何秀英",
    },
    "head count in words": {
        "unit": "渝州电缆有限责任公司", "district": "长寿区", "group_name": "匠心小组",
        "company": "渝州电缆有限责任公司", "address": "重庆市长寿区晏家街道化中大道 7 号", "postcode": "401221",
        "dept": "生产部", "contact": "司马文", "mobile": "13900000033", "instructor": "王平",
        "instructor_phone": "13900000034", "member_count": "8 名", "group_intro": "降低铜耗 3.2 kg/km。",
    },
}  # fmt: skip
TEAM: dict[str, Written] = {
    "plain": {
        "recommender": "巴渝精密机械有限公司", "district": "江北区", "team_name": "总装一班",
        "company": "巴渝精密机械有限公司", "address": "重庆市江北区港城东路 18 号", "postcode": "400026",
        "dept": "质量管理部", "contact": "罗世安", "mobile": "13900000031", "fax": "023-67500103",
        "team_leader": "冉国强", "member_count": "12", "work_completion_rate": "100",
        "quality_assessment_rate": "99.5", "nonconforming_rate": "1.3", "accidents_per_year": "0",
        "complaints_per_year": "0", "first_pass_rate": "98.7", "training_people_hours": "12/48",
        "improvement_participation_rate": "95", "quality_cost": "6.8", "team_intro": "见附件材料。",
    },
    "another company": {
        "recommender": "重庆市轨道交通行业协会", "district": "渝中区", "team_name": "变电检修“雷霆”班",
        "company": "重庆嘉陵轨道装备股份有限公司", "address": "重庆市渝北区金开大道 1200 号 3 幢", "postcode": "401121",
        "dept": "安全质量环保部", "contact": "欧阳敏", "mobile": "139-0000-0032", "fax": "",
        "team_leader": "何 勇", "member_count": "八人", "work_completion_rate": "99.85％",
        "quality_assessment_rate": "１００%", "nonconforming_rate": "0.5%", "accidents_per_year": "无",
        "complaints_per_year": "1次", "first_pass_rate": "百分之九十八", "training_people_hours": "8人/64小时",
        "improvement_participation_rate": "92.5 %", "quality_cost": "1,280.5万元",
        "team_intro": "本班组成立十年，连续三年零缺陷。\n全年提出改进提案 36 条。", "reviewer_signatures": "张广林 何秀英",
    },
    "rates in other words": {
        "recommender": "渝州电缆有限责任公司", "district": "长寿区", "team_name": "拉丝三班",
        "company": "渝州电缆有限责任公司", "address": "重庆市长寿区晏家街道化中大道 7 号", "postcode": "401221",
        "dept": "生产部", "contact": "司马文", "mobile": "13900000033", "fax": "无", "team_leader": "王平",
        "member_count": "15", "work_completion_rate": "98.0%", "quality_assessment_rate": "97.60",
        "nonconforming_rate": "0", "accidents_per_year": "0起", "complaints_per_year": "零",
        "first_pass_rate": "99%", "training_people_hours": "15、60", "improvement_participation_rate": "100%",
        "quality_cost": "35000元", "team_intro": "班组以质量为先。",
    },
}  # fmt: skip
STATS_QC: dict[str, Written] = {
    "plain": {
        "recommender": "巴渝精密机械有限公司", "district": "江北区", "registered_total_qc": "320",
        "registered_year_qc": "41", "penetration_rate": "78.5", "active_qc": "38", "benefit_year": "612.5",
        "success_rate_qc": "92.7", "spending_qc": "16", "reward_qc": "9.6", "remarks": "全员参与，建议增加交流。",
        "dept": "企业管理部 罗世安", "contact": "邓佳宁", "mobile": "13900000035",
        "email": "deng@bayu.example", "address": "重庆市江北区港城东路 18 号", "postcode": "400026",
    },
    "another company": {
        "recommender": "重庆市轨道交通行业协会", "district": "渝中区", "registered_total_qc": "1,204个",
        "registered_year_qc": "２０１", "penetration_rate": "45.30%", "active_qc": "199个",
        "benefit_year": "3，560.25 万元", "success_rate_qc": "95％", "spending_qc": "30500元", "reward_qc": "无",
        "remarks": "", "dept": "质量部、张广林", "contact": "欧阳 敏", "mobile": "139 0000 0032",
        "email": "ouyang_min@jialing.example", "address": "重庆市渝北区金开大道1200号", "postcode": "401121",
    },
}  # fmt: skip
STATS_TEAM: dict[str, Written] = {
    "plain": {
        "recommender": "巴渝精密机械有限公司", "district": "江北区", "teams_year": "18", "teams_total": "86",
        "team_staff_year": "215", "teams_recommended": "2", "spending_team": "8.5", "reward_team": "3",
        "remarks": "班组长培训不足。", "dept": "企业管理部 罗世安", "contact": "邓佳宁",
        "mobile": "13900000035", "email": "deng@bayu.example", "address": "重庆市江北区港城东路 18 号",
        "postcode": "400026",
    },
    "another company": {
        "recommender": "重庆市轨道交通行业协会", "district": "渝中区", "teams_year": "1,060个",
        "teams_total": "１２０４", "team_staff_year": "3,215人", "teams_recommended": "三", "spending_team": "0",
        "reward_team": "12000元", "remarks": "", "dept": "质量部/张广林", "contact": "欧阳敏",
        "mobile": "13900000032", "email": "OUYANG@jialing.example", "address": "重庆市渝北区金开大道1200号",
        "postcode": "401121",
    },
}  # fmt: skip
#: what a text in a cell says, where it is not the text itself
MEANS: dict[tuple[str, Content], Value] = {
    ("mobile", "139 0000 0032"): "13900000032", ("mobile", "139-0000-0032"): "13900000032",
    ("member_count", "9"): 9, ("member_count", "１０人"): 10, ("member_count", "8 名"): 8,
    ("member_count", "12"): 12, ("member_count", "八人"): 8, ("member_count", "15"): 15,
    ("work_completion_rate", "100"): 100, ("work_completion_rate", "99.85％"): 99.85,
    ("work_completion_rate", "98.0%"): 98, ("quality_assessment_rate", "99.5"): 99.5,
    ("quality_assessment_rate", "１００%"): 100, ("quality_assessment_rate", "97.60"): 97.6,
    ("nonconforming_rate", "1.3"): 1.3, ("nonconforming_rate", "0.5%"): 0.5, ("nonconforming_rate", "0"): 0,
    ("accidents_per_year", "0"): 0, ("accidents_per_year", "无"): 0, ("accidents_per_year", "0起"): 0,
    ("complaints_per_year", "0"): 0, ("complaints_per_year", "1次"): 1, ("complaints_per_year", "零"): 0,
    ("first_pass_rate", "98.7"): 98.7, ("first_pass_rate", "百分之九十八"): 98, ("first_pass_rate", "99%"): 99,
    ("training_people_hours", "12/48"): (12, 48), ("training_people_hours", "8人/64小时"): (8, 64),
    ("training_people_hours", "15、60"): (15, 60), ("improvement_participation_rate", "95"): 95,
    ("improvement_participation_rate", "92.5 %"): 92.5, ("improvement_participation_rate", "100%"): 100,
    ("quality_cost", "6.8"): 6.8, ("quality_cost", "1,280.5万元"): 1280.5, ("quality_cost", "35000元"): 3.5,
    ("fax", "无"): "", ("registered_total_qc", "320"): 320, ("registered_total_qc", "1,204个"): 1204,
    ("registered_year_qc", "41"): 41, ("registered_year_qc", "２０１"): 201, ("penetration_rate", "78.5"): 78.5,
    ("penetration_rate", "45.30%"): 45.3, ("active_qc", "38"): 38, ("active_qc", "199个"): 199,
    ("benefit_year", "612.5"): 612.5, ("benefit_year", "3，560.25 万元"): 3560.25,
    ("success_rate_qc", "92.7"): 92.7, ("success_rate_qc", "95％"): 95, ("spending_qc", "16"): 16,
    ("spending_qc", "30500元"): 3.05, ("reward_qc", "9.6"): 9.6, ("reward_qc", "无"): 0,
    ("teams_year", "18"): 18, ("teams_year", "1,060个"): 1060, ("teams_total", "86"): 86,
    ("teams_total", "１２０４"): 1204, ("team_staff_year", "215"): 215, ("team_staff_year", "3,215人"): 3215,
    ("teams_recommended", "2"): 2, ("teams_recommended", "三"): 3, ("spending_team", "8.5"): 8.5,
    ("spending_team", "0"): 0, ("reward_team", "3"): 3, ("reward_team", "12000元"): 1.2,
}  # fmt: skip


def meant(written: Written) -> Values:
    """The typed values of what was written; what was left empty is not named."""
    values = {key: MEANS.get((key, text), text) for key, text in written.items()}
    return {key: value for key, value in values.items() if value != ""}


# ---- the papers -------------------------------------------------------------------------


def qc(v: Written, *, notes: Sequence[str] = QC_NOTES) -> Paper:
    """附件2."""
    return Paper(
        ("附件 2", QC_TITLE, f"单位 {v['unit']}      所属区县 {v['district']}", *notes),
        (
            (L("QC 小组名称"), Box(v["group_name"], 5)),
            (L("企业名称（公章为准）"), Box(v["company"], 5)),
            (L("详细通讯地址"), Box(v["address"], 3), L("邮 编"), Box(v["postcode"])),
            (L("小组联系部门"), Box(v["dept"]), L("直接联系人"), Box(v["contact"]), L("手 机"),
             Box(v["mobile"])),
            (L("小组活动指导者"), Box(v["instructor"]), L("联系电话"), Box(v["instructor_phone"]),
             L("小组人数"), Box(v["member_count"])),
            (Box(f"QC 小组简介及主要活动过程与效果：\n{v['group_intro']}", 6),),
            (Box(f"{QC_SIGNED}\n{v.get('reviewer_signatures', '')}", 6),),
            (L(f"单位盖章\n{DATE}", 6),),
        ),
    )  # fmt: skip


def team(v: Written, *, notes: Sequence[str] = TEAM_NOTES, points: bool = True) -> Paper:
    """附件6; ``points``: the printed points stand over the applicant's own text."""
    intro = "\n".join([TEAM_INTRO, *(TEAM_POINTS if points else ()), str(v["team_intro"])])
    return Paper(
        ("附件 6", TEAM_TITLE, f"推荐单位 {v['recommender']}      所属区县 {v['district']}", *notes),
        (
            (L("质量信得过班组名称"), Box(v["team_name"], 5)),
            (L("企业名称（公章为准）"), Box(v["company"], 5)),
            (L("详 细 通 讯 地 址"), Box(v["address"], 3), L("邮 编"), Box(v["postcode"])),
            (L("主管部门"), Box(v["dept"]), L("直接联系人"), Box(v["contact"]), L("手 机"),
             Box(v["mobile"])),
            (L("传 真"), Box(v["fax"]), L("班组长"), Box(v["team_leader"]), L("班组人数"),
             Box(v["member_count"])),
            (L("班组工作完成率%"), Box(v["work_completion_rate"]), L("质量考核合格率%"),
             Box(v["quality_assessment_rate"]), L("产品/服务不合格率%"), Box(v["nonconforming_rate"])),
            (L("年质量、安全事故数"), Box(v["accidents_per_year"]), L("年顾客投诉数"),
             Box(v["complaints_per_year"]), L("产品/服务一次合格率"), Box(v["first_pass_rate"])),
            (L("年培训人数/时数"), Box(v["training_people_hours"]), L("成员参与改进活动率%"),
             Box(v["improvement_participation_rate"]), L("质量成本（万元/年）"), Box(v["quality_cost"])),
            (Box(intro, 6),),
            (Box(f"{TEAM_SIGNED}\n{v.get('reviewer_signatures', '')}", 6),),
            (L(f"单位盖章\n{DATE}", 6),),
        ),
    )  # fmt: skip


_STATS_QC = (
    ("历年来已登记注册 QC小组累计数", "个", "registered_total_qc"),
    ("本年度已登记注册 QC小组数", "个", "registered_year_qc"),
    ("本年度 QC小组普及率＝参加 QC小组人数/职工总数×100%", "百分数", "penetration_rate"),
    ("本年度坚持活动的 QC小组数", "个", "active_qc"),
    ("本年度 QC小组创可计算的经济效益", "万元", "benefit_year"),
    ("本年度 QC 小组成果率＝取得成果小组数/QC 小组注册数×100%", "百分数", "success_rate_qc"),
    ("本年度企业对 QC小组活动经费投入（培训、交流、书籍等费用）", "万元", "spending_qc"),
    ("本年度企业对 QC小组活动奖励费用", "万元", "reward_qc"),
)
_STATS_TEAM = (
    ("本年度开展质量信得过班组数", "个", "teams_year"),
    ("历年质量信得过班组累计数", "个", "teams_total"),
    ("本年度参与质量信得过班组活动员工数", "个", "team_staff_year"),
    ("本年度推荐重庆市质量信得过班组数", "个", "teams_recommended"),
    ("本年度对质量信得过班组活动投入费用（培训、交流、规范化等）", "万元", "spending_team"),
    ("本年度对质量信得过班组活动奖励费用", "个", "reward_team"),
)


def stats(
    v: Written, kind: str, *, parted: bool = True, notes: Sequence[str] = STATS_NOTES
) -> Paper:
    """附件4 and 附件8; ``parted``: the feet in cells of their own, not in one a row."""
    qc_ = kind == "stats_qc"
    items = _STATS_QC if qc_ else _STATS_TEAM
    remarks = (
        "本年度 QC小组活动主要特点与建议：" if qc_ else "本年度开展质量信得过班组主要特点与问题："
    )
    dept = "QC小组工作归口部门及负责人：" if qc_ else "质量信得过班组工作归口部门及负责人："
    feet: tuple[tuple[Box, ...], ...] = (
        (Box(f"联系人：{v['contact']}"), Box(f"手机：{v['mobile']}"), Box(f"邮箱：{v['email']}")),
        (Box(f"通信地址：{v['address']}", 2), Box(f"邮编：{v['postcode']}")),
    )
    if not parted:
        feet = tuple((Box("     ".join(str(box.text) for box in row), 3),) for row in feet)
    return Paper(
        (f"附件 {4 if qc_ else 8}", "质量管理小组活动统计表" if qc_ else "质量信得过班组活动统计表", PERIOD,
         f"推荐单位 {v['recommender']}       所属区县 {v['district']}", *notes),
        (
            (L("统 计 项 目"), L("单位"), L("数量")),
            *((L(item), L(unit), Box(v[key])) for item, unit, key in items),
            (Box(f"{remarks}{v['remarks']}", 3),),
            (Box(f"{dept}{v['dept']}", 3),),
            *feet,
        ),
    )  # fmt: skip


# ---- the samples -------------------------------------------------------------------------


def samples() -> tuple[Sample, ...]:
    """Every form in its plain fill, in others, and typed over; the lists; the texts."""
    return (*_filled(), *_typed_over(), *_flat(), *lists.samples(), *texts.samples())


def _sample(kind: str, name: str, papers: Paper | tuple[Paper, ...], written: Written) -> Sample:
    values = dict(meant(written))
    if kind in ("stats_qc", "stats_team"):
        values["period"] = "2018-06/2019-04"
    group = papers if isinstance(papers, tuple) else (papers,)
    return Sample(campaign=CAMPAIGN, kind=kind, name=name, papers=group, values=values)


def _filled() -> list[Sample]:
    made = [_sample("qc_form", name, qc(v), v) for name, v in QC.items()]
    made += [_sample("team_form", name, team(v), v) for name, v in TEAM.items()]
    for kind, fills in (("stats_qc", STATS_QC), ("stats_team", STATS_TEAM)):
        made += [_sample(kind, name, stats(v, kind), v) for name, v in fills.items()]
    return made


def _typed_over() -> list[Sample]:
    """Labels with other blanks, colons and breaks; notes deleted; cells parted otherwise."""
    colons = {
        "小组联系部门": "小组联系部门：",
        "手 机": "手机：",
        "邮 编": "邮编",
        "联系电话": "联系\n电话",
    }
    spread = {"直接联系人": "直 接\n联系人", "班组工作完成率%": "班组工作\n完成率%", "邮 编": "邮  编：",
              "产品/服务一次合格率": "产品/服务\n一次合格率%", "质量成本（万元/年）": "质量成本\n(万元/年)"}  # fmt: skip
    other, third = QC["another company"], QC["head count in words"]
    retyped = qc(third, notes=()).relabelled(lambda text: colons.get(text, text))
    head = (
        "2019年重庆市优秀质量管理小组申报表",
        f"单位：{third['unit']}",
        f"所属区县：{third['district']}",
    )
    crew = TEAM["rates in other words"]
    crew_paper = team(crew, notes=(), points=False).relabelled(lambda text: spread.get(text, text))
    figures = STATS_QC["plain"]
    team_figures = STATS_TEAM["another company"]
    return [
        _sample("qc_form", "retyped without notes", replace(retyped, head=head), third),
        _sample("qc_form", "behind the notice's text",
                (Paper(texts.NOTICE), qc(other)), other),
        _sample("team_form", "retyped, points deleted", crew_paper, crew),
        _sample("team_form", "title in two lines", replace(
            team(crew), head=("附件6", "2019 年重庆市", "质量信得过班组申报表", *team(crew).head[2:])), crew),
        _sample("stats_qc", "feet in one cell a row, notes deleted",
                stats(figures, "stats_qc", parted=False, notes=()), figures),
        _sample("stats_team", "feet in one cell a row, title with the year", replace(
            stats(team_figures, "stats_team", parted=False),
            head=("附件8", "2019年重庆市质量信得过班组活动统计表", PERIOD,
                  *stats(team_figures, "stats_team").head[3:])), team_figures),
        *(_sample(kind, "qc and team form in one file", (qc(third), team(crew)), fill)
          for kind, fill in (("qc_form", third), ("team_form", crew))),
        *(_sample(kind, "both statistics in one file",
                  (stats(figures, "stats_qc"), stats(team_figures, "stats_team")), fill)
          for kind, fill in (("stats_qc", figures), ("stats_team", team_figures))),
    ]  # fmt: skip


def _flat() -> list[Sample]:
    """The forms as the notice's own text has them: lines without any cell or tab."""
    v, w = QC["plain"], TEAM["plain"]
    lines = (
        *qc(v).head,
        f"QC 小组名称 {v['group_name']}",
        f"企业名称（公章为准） {v['company']}",
        f"详细通讯地址 {v['address']} 邮 编 {v['postcode']}",
        f"小组联系部门 {v['dept']} 直接联系人 {v['contact']} 手 机 {v['mobile']}",
        f"小组活动指导者 {v['instructor']} 联系电话 {v['instructor_phone']} 小组人数 {v['member_count']}",
        "QC 小组简介及主要活动过程与效果：",
        *str(v["group_intro"]).split("\n"),
        QC_SIGNED,
        "单位盖章",
        DATE,
    )
    crew = (
        *team(w).head,
        f"质量信得过班组名称 {w['team_name']}",
        f"企业名称（公章为准） {w['company']}",
        f"详 细 通 讯 地 址 {w['address']} 邮 编 {w['postcode']}",
        f"主管部门 {w['dept']} 直接联系人 {w['contact']} 手 机 {w['mobile']}",
        f"传 真 {w['fax']} 班组长 {w['team_leader']} 班组人数 {w['member_count']}",
        " ".join(f"{label} {w[key]}" for label, key in (
            ("班组工作完成率%", "work_completion_rate"), ("质量考核合格率%", "quality_assessment_rate"),
            ("产品/服务不合格率%", "nonconforming_rate"))),
        " ".join(f"{label} {w[key]}" for label, key in (
            ("年质量、安全事故数", "accidents_per_year"), ("年顾客投诉数", "complaints_per_year"),
            ("产品/服务一次合格率", "first_pass_rate"))),
        " ".join(f"{label} {w[key]}" for label, key in (
            ("年培训人数/时数", "training_people_hours"), ("成员参与改进活动率%", "improvement_participation_rate"),
            ("质量成本（万元/年）", "quality_cost"))),
        TEAM_INTRO,
        *TEAM_POINTS,
        str(w["team_intro"]),
        TEAM_SIGNED,
        "单位盖章",
        DATE,
    )  # fmt: skip
    return [
        replace(_sample("qc_form", "lines without cells", Paper(lines), v), sheet=False),
        replace(_sample("team_form", "lines without cells", Paper(crew), w), sheet=False),
    ]
