"""The Henan forms of 2020 as the notice prints them, cell by cell; nothing is filled in here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from papers import Box, Content, L, Paper

Filled = Mapping[str, Content]

QC_TITLE = "2020 年河南省质量管理小组技术成果申报表"
TEAM_TITLE = "2020 年河南省质量信得过班组建设典型经验申报表"
STATS_QC_TITLE = "质量管理小组活动统计表"
STATS_TEAM_TITLE = "质量信得过班组活动统计表"
PERIOD = "(2019 年 6 月至 2020 年 6 月)"
DUE = (
    "3. 请各推荐单位于 2020 年 7 月 10 日前将纸质版（加盖公章）邮寄至河南省质量协会，"
    "电子版发送至河南省质量协会邮箱。"
)
QC_NOTES = (
    "注：申报材料统一交与推荐质协或部门，具体要求如下：",
    (
        "1. 小组申报表提交纸质版一份（加盖公章）和 word 文本电子版一份（不需盖章）；小组成果报告 word 文本"
        "电子版一份；小组活动记录等证实性材料（电子版）。"
    ),
    (
        "2. 企业名称（小组所在单位）、小组名称是制作证书的依据，须用正楷填写全称，不要挂上级部门"
        "（企业名称以公章为准），填写内容简明扼要，准确无误。"
    ),
    "3. 提交材料截止时间：2020 年 7 月 10 日前纸质版邮寄至河南省质量协会，电子版发送至河南省质量协会邮箱。",
)
TEAM_NOTES = (
    "注：1. 填写申报表，提交纸质版原件一份（加盖公章）和 word 文本格式电子版一份（不需公章）。",
    "2. 班组创建材料 Word 文本格式电子版一份，5000 字以内。",
    (
        "3. 推荐单位依据《质量信得过班组建设评价表》提供推荐意见（说明班组水平真实性、推荐理由，包括班组"
        "各项活动记录是否清晰、完整并符合要求等原件一份）。"
    ),
    (
        "4. 企业名称、班组名称是制作《光荣册》的依据，须用正楷填写全称，不要挂上级部（企业名称以公章为准），"
        "填写内容简明扼要，准确无误。"
    ),
    (
        "5. 材料递交截止时间：2020 年 7 月 10 日前纸质版（加盖公章）邮寄至河南省质量协会，电子版发送至"
        "河南省质量协会邮箱。"
    ),
)
STATS_NOTES = (
    "注：1. 本统计表信息来自企业统计数据资料。",
    "2. 各省辖市统计时须扣除推荐名额表中行业直属企业数据。",
    DUE,
)
POINTS = (
    "1. 班组成员组成，班组职责，主要工作内容、班组文化和愿景；",
    "2. 班组基础管理情况；",
    "3. 班组成员专业知识、技能培训、工具方法应用能力；",
    "4. 班组质量改进和创新能力；",
    "5. 班组管理特色、业绩和评价结果；",
    "6. 近三年取得荣誉情况，包括班组集体和个人荣誉等。",
)
Rows = tuple[tuple[Box, ...], ...]


def qc(v: Filled, members: Rows, *, notes: Sequence[str] = QC_NOTES, mobile_cell: bool = False) -> Paper:  # fmt: skip
    """附件3; the last label of the printed row has no cell of its own for its value.

    ``members`` are the rows of slots; with ``mobile_cell`` the applicant has split that cell.
    """
    wide = 5 if mobile_cell else 4
    last = (L("手机"), Box(v["mobile"])) if mobile_cell else (Box(f"手机 {v['mobile']}"),)
    return Paper(
        ("附件 3", QC_TITLE, f"推荐单位（公章）：{v['recommender']}", f"序号：{v['seq']}"),
        (
            (L("企业名称 (公章为准)"), Box(v["company"], wide)),
            (L("QC 小组名称"), Box(v["group_name"], wide)),
            (L("课题名称"), Box(v["project_title"], wide)),
            (L("课题类型"), Box(v["project_type"], wide)),
            (L("详细通信地址"), Box(v["address"], wide - 2), L("邮编"), Box(v["postcode"])),
            (L("小组联系部门"), Box(v["dept"]), L("直接联系人"), Box(v["contact"]), *last),
            *members,
            (Box(f"QC 小组简介和主要活动过程及效果：\n{v['group_intro']}", wide + 1),),
            (L("单位盖章： 年    月    日", wide + 1),),
        ),
        tuple(notes),
    )


def slots(*cells: Content, wide: int = 5) -> Rows:
    """小组成员名单 across the table, and the numbered cells under it, five a row."""
    lines = [cells[at : at + 5] for at in range(0, len(cells), 5)]
    rows = [tuple(Box(cell) for cell in line) for line in lines]
    if wide > 5:
        rows = [(*row[:-1], Box(row[-1].text, wide - 4)) for row in rows]
    return ((L("小组成员名单", wide),), *rows)


def team(v: Filled, *, notes: Sequence[str] = TEAM_NOTES, points: Sequence[str] = POINTS) -> Paper:
    """附件6."""
    intro = "\n".join(("质量信得过班组简介及活动结果（另附纸）：", *points, str(v["team_intro"])))
    return Paper(
        ("附件 6", TEAM_TITLE, f"推荐单位（公章） {v['recommender']} 序号 {v['seq']}"),
        (
            (L("质量信得过班组名称"), Box(v["team_name"], 5)),
            (L("企业名称（公章为准）"), Box(v["company"], 5)),
            (L("详细通讯地址"), Box(v["address"], 3), L("邮编"), Box(v["postcode"])),
            (L("主管部门"), Box(v["dept"]), L("直接联系人"), Box(v["contact"]), L("手机"),
             Box(v["mobile"])),
            (L("电 话"), Box(v["phone"]), L("班组长"), Box(v["team_leader"]), L("班组人数"),
             Box(v["member_count"])),
            (L("班组工作完成率%"), Box(v["work_completion_rate"]), L("质量考核合格率%"),
             Box(v["quality_assessment_rate"]), L("产品/服务不合格率%"), Box(v["nonconforming_rate"])),
            (L("年质量、安全事故数"), Box(v["accidents_per_year"]), L("年顾客投诉数"),
             Box(v["complaints_per_year"]), L("产品/服务一次合格率"), Box(v["first_pass_rate"])),
            (L("年培训人数/时数"), Box(v["training_people_hours"]), L("成员参与改进活动率%"),
             Box(v["improvement_participation_rate"]), L("质量成本（万元/年）"), Box(v["quality_cost"])),
            (Box(intro, 6),),
        ),
        tuple(notes),
    )  # fmt: skip


_QC_ITEMS = (
    ("历年来累计已登记注册 QC 小组数", "万个", "registered_total_qc"),
    ("本年度已登记注册 QC 小组数", "万个", "registered_year_qc"),
    ("本年度 QC 小组普及率=参加 QC 小组人数/职工总数×100%", "百分数", "penetration_rate"),
    ("本年度坚持活动的 QC 小组数", "万个", "active_qc"),
    ("历年来累计 QC 小组创可计算的经济效益", "万元", "benefit_total"),
    ("本年度 QC 小组创可计算的经济效益", "万元", "benefit_year"),
    ("本年度 QC 小组成果率=取得成果小组数/QC 小组注册数×100%", "百分数", "success_rate_qc"),
    ("本年度企业对 QC 小组活动经费投入（培训、交流、书籍等费用）", "万元", "spending_qc"),
    ("本年度企业对 QC 小组活动奖励费用", "万元", "reward_qc"),
)


def stats_qc(v: Filled, *, notes: Sequence[str] = STATS_NOTES) -> Paper:
    """附件5."""
    return Paper(
        ("附件 5", STATS_QC_TITLE, PERIOD, f"推荐单位（公章） {v['recommender']}"),
        (
            (L("统 计 项 目", 4), L("单 位"), L("数 量")),
            *((L(item, 4), L(unit), Box(v[key])) for item, unit, key in _QC_ITEMS),
            (L("是否组织交流会"), Box(v["exchange_held"]), L("交流会报名小组数"),
             Box(v["exchange_entered_qc"]), L("交流小组数"), Box(v["exchange_shown_qc"])),
            (L("交流会时间"), Box(v["exchange_date"]), L("交流会地点"), Box(v["exchange_place"]),
             L("参会人数"), Box(v["exchange_people"])),
            (Box(f"QC 小组工作归口部门及负责人：{v['dept']}", 6),),
            (L("联系人："), Box(v["contact"]), L("手机："), Box(v["mobile"]), L("邮箱："),
             Box(v["email"])),
            (L("通信地址："), Box(v["address"], 3), L("邮编："), Box(v["postcode"])),
        ),
        tuple(notes),
    )  # fmt: skip


_TEAM_ITEMS = (
    ("本年度开展质量信得过班组企业数", "个", "team_companies_year"),
    ("本年度开展质量信得过班组数", "个", "teams_year"),
    ("历年质量信得过班组累计数", "个", "teams_total"),
    ("本年度参与质量信得过班组活动员工数", "人次", "team_staff_year"),
    ("本年度推荐质量信得过班组数", "个", "teams_recommended"),
    ("本年度对质量信得过班组活动投入费用 (培训、交流、规范化等)", "万元", "spending_team"),
    ("本年度对质量信得过班组活动奖励费用", "万元", "reward_team"),
)


def stats_team(v: Filled, *, split: bool = False) -> Paper:
    """附件8; as printed the later labels of a row hold their value themselves.

    With ``split`` the applicant has given each value a cell.
    """
    wide, start = (6, 4) if split else (4, 2)

    def pair(label: str, key: str) -> tuple[Box, ...]:
        mark = " " if not label.endswith(":") else ""
        whole = (Box(f"{label}{mark}{v[key]}".rstrip()),)
        return (L(label), Box(v[key])) if split else whole

    last = wide - 3
    return Paper(
        ("附件 8", STATS_TEAM_TITLE, PERIOD, f"推荐单位 (公章) {v['recommender']}"),
        (
            (L("统计项目", start), L("单位"), L("数量")),
            *((L(item, start), L(unit), Box(v[key])) for item, unit, key in _TEAM_ITEMS),
            (Box(f"本年度开展质量信得过班组主要特点与问题:{v['remarks']}", wide),),
            (L("质量信得过班组评审及交流形式", 2), Box(v["review_form"], wide - 2)),
            (L("是否组织交流会"), Box(v["exchange_held"]),
             *pair("交流会报名班组数", "exchange_entered_team"), *pair("交流班组数", "exchange_shown_team")),
            (L("交流会时间"), Box(v["exchange_date"]), *pair("交流会地点", "exchange_place"),
             *pair("参会人数", "exchange_people")),
            (Box(f"质量信得过班组工作归口部门及负责人:{v['dept']}", wide),),
            (L("联系人:"), Box(v["contact"]), *pair("手机:", "mobile"), *pair("邮箱:", "email")),
            (L("通信地址:"), Box(v["address"], last), L("邮编:"), Box(v["postcode"])),
        ),
        ("注: 1. 本统计表信息来自企业统计数据资料。", *STATS_NOTES[1:]),
    )  # fmt: skip


GROUPS = {
    "seq": "序号", "company": "企业名称\n(以公章为准)", "group_name": "小组名称", "members": "成员名单",
    "project_type": "课题\n类型", "union_members": "工会\n会员数", "women": "成员\n女性数",
    "youth": "成员\n青年数",
}  # fmt: skip
GROUP_REVIEWERS = {
    "seq": "序号", "name": "姓 名", "work_unit": "工 作 单 位\n(通讯地址)",
    "certificate_no": "评委证书编号", "mobile": "手 机",
}  # fmt: skip
TEAMS = {
    "seq": "序号", "company": "企业名称\n(以公章为准)", "team_name": "班组名称",
    "member_count": "班组人数", "union_members": "工会会\n员数", "women": "成员\n女性数",
    "youth": "成员\n青年数",
}  # fmt: skip
TEAM_REVIEWERS = {
    "seq": "序号", "name": "姓名", "work_unit": "工作单位（通讯地址）",
    "certificate_no": "全国 TQG 评委证书号", "mobile": "手机",
}  # fmt: skip
GROUP_REVIEWS = {
    "seq": "序号", "group_name": "企业/小组名称",
    "evaluation": "成果评价（优势/不足之处，限 300 字）", "score": "分数",
}  # fmt: skip
TEAM_REVIEWS = {
    "seq": "序号", "team_name": "企业/班组名称",
    "evaluation": "材料评价\n（符合标准程度/特色/不足之处）", "score_rank": "打分/排序", "reviewers": "评委",
}  # fmt: skip


def listing(columns: Mapping[str, str], rows: Sequence[Filled]) -> Rows:
    """A header and its rows."""
    header = tuple(L(label) for label in columns.values())
    return (header, *(tuple(Box(row.get(key, "")) for key in columns) for row in rows))


def total(text: Content) -> tuple[Box, ...]:
    """The last row of 三: 总计 is printed in the column of 班组人数."""
    return Box(), Box(), Box(), Box(text), Box(), Box(), Box()


def foot(v: Filled) -> str:
    """The line under both roll-ups."""
    return f"填表人：{v['preparer']}    电话：{v['preparer_phone']}    推荐质协章    年    月    日"


def rollup(v: Filled, parts: Sequence[tuple[str, Rows]]) -> tuple[Paper, ...]:
    """附件9: each section with its heading over it."""
    titles = ("2020 年河南省质量管理小组", "技术成果/质量信得过班组建设典型经验推荐表")
    notes = (
        "注：1. 此表是推荐单位的正式汇总材料，是公布文件的依据。",
        (
            "2. 请将此表纸质版（加盖公章）于 2020 年 7 月 10 日前邮寄至河南省质量协会，电子版发送至"
            "河南省质量协会邮箱。"
        ),
    )
    return _sections(("附件 9", *titles), v, parts, notes)


def review_rollup(v: Filled, parts: Sequence[tuple[str, Rows]]) -> tuple[Paper, ...]:
    """附件10."""
    titles = ("2020 年河南省质量管理小组", "成果/质量信得过班组评审汇总表")
    note = (
        "注：请将此表于 2020 年 7 月 10 日前纸质版（加盖公章）邮寄至河南省质量协会，电子版发送至"
        "河南省质量协会邮箱。"
    )
    return _sections(("附件 10", *titles), v, parts, (note,))


def _sections(
    head: Sequence[str], v: Filled, parts: Sequence[tuple[str, Rows]], notes: Sequence[str]
) -> tuple[Paper, ...]:
    papers = []
    for number, (heading, rows) in enumerate(parts):
        before = (*head, f"推荐单位（公章）{v['recommender']}") if not number else ()
        after = (foot(v), *notes) if number + 1 == len(parts) else ()
        papers.append(Paper((*before, heading), rows, after))
    return tuple(papers)
