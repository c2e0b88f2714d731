"""The printed forms of the sixth notice, drawn from its text and filled as applicants do."""

from __future__ import annotations

from collections.abc import Sequence

from corpus.drawing import word
from papers import Box, Content, L, Paper, workbook

Written = dict[str, Content]

QC: Written = {
    "recommender": "望潮市纺织行业协会", "filled_on": "2027年6月1日", "group_name": "银梭QC小组",
    "project_title": "降低喷气织机纬停率", "founded_on": "2026.3.5", "project_type": "攻关型",
    "member_count": "5", "company": "望潮锦澜纺织有限公司", "contact": "沈玉兰",
    "mobile": "13900000031", "members": "沈玉兰、周建华、吴晓梅、郑立群、冯海燕",
    "group_intro": "小组针对纬停率偏高的问题，改进主喷嘴气压和储纬器张力，纬停率由每台时4.2次降到1.9次。",
}  # fmt: skip
TEAM: Written = {
    "team_name": "细纱三班", "company": "望潮锦澜纺织有限公司", "city": "望潮市",
    "enterprise_type": "□国有 ☑民营 □外资 □其他", "team_leader": "郑立群", "mobile": "13900000032",
    "member_count": "18人", "first_pass_rate": "99.2%", "quality_accidents": "0",
    "safety_accidents": "0",
    "activities": "☑质量管理小组 □六西格玛 ☑现场改善 □合理化建议 □其他",
    "team_intro": "班组现有18人，负责细纱甲班生产，全年一等品率保持领先。",
}  # fmt: skip
CASE: Written = {
    "case_title": "色差零投诉是怎样做到的", "company": "望潮锦澜纺织有限公司",
    "authors": "沈玉兰、周建华", "contact": "沈玉兰 13900000031",
    "email": "shen@jinlan.example", "case_period": "2026年5月至2027年2月", "benefit": "126.5",
}  # fmt: skip
STATS: Written = {
    "recommender": "望潮锦澜纺织有限公司", "employees_total": "1260", "participants_qc": "312",
    "penetration_rate": "24.8", "registered_total_qc": "86", "registered_year_qc": "14",
    "registered_year_team": "3", "benefit_year": "318.6", "contact": "沈玉兰", "mobile": "13900000031",
}  # fmt: skip
CASE_POINTS = (
    ("1.问题与背景", "染色车间色差投诉居高不下，客户多次反映批间色差。"),
    ("2.改进思路和做法", "建立色样数据库，逐缸复核配方，开展岗位比武。"),
    ("3.实施成效", "色差投诉由每季十一起降为零，返修布减少九成。"),
    ("4.推广价值", "做法已在集团三家工厂推行，适用于中小染整企业。"),
)


def qc(v: Written) -> Paper:
    """附件1: a row of headings over a row of values."""
    return Paper(
        head=(
            "附件1",
            "QC小组成果登记卡",
            f"推荐单位：{v['recommender']}　　　　填报日期：{v['filled_on']}",
        ),
        rows=(
            (L("小组名称"), L("课题名称"), L("组建日期"), L("课题类型"), L("人数")),
            tuple(
                Box(v[key])
                for key in (
                    "group_name",
                    "project_title",
                    "founded_on",
                    "project_type",
                    "member_count",
                )
            ),
            (L("申报企业（全称）"), Box(v["company"], across=4)),
            (L("联系人"), Box(v["contact"]), L("移动电话"), Box(v["mobile"], across=2)),
            (L("小组成员"), Box(v["members"], across=4)),
            (Box(f"成果要点（不超过300字）：\n{v['group_intro']}", across=5),),
        ),
        foot=("注：课题类型填写：现场型、攻关型、管理型、服务型、创新型。",),
    )


def team(v: Written) -> Paper:
    """附件2: two columns, labels and values; several values in one cell."""
    rows: Sequence[tuple[str, Content]] = (
        ("班组全称", v["team_name"]),
        ("所在企业", v["company"]),
        ("所属市", v["city"]),
        ("企业性质", v["enterprise_type"]),
        ("班组长及联系电话", f"姓名　{v['team_leader']}　　　手机 {v['mobile']}"),
        ("班组定员（人）", v["member_count"]),
        ("产品一次合格率（%）", v["first_pass_rate"]),
        (
            "近三年事故",
            f"质量事故　{v['quality_accidents']}　起，安全事故　{v['safety_accidents']}　起",
        ),
        ("班组活动形式", v["activities"]),
        ("班组简介", f"（组成、职责、活动情况、主要业绩，500字以内）\n{v['team_intro']}"),
        ("企业意见", "（盖章）　　年　月　日"),
    )
    return Paper(
        head=("附件2", "质量信得过班组情况表"),
        rows=tuple((L(label), Box(value)) for label, value in rows),
    )


def case(v: Written) -> Paper:
    """附件3, the form."""
    labels = {
        "case_title": "案例名称", "company": "完成单位", "authors": "主要完成人（不超过5人）",
        "contact": "联系人及手机", "email": "电子信箱", "case_period": "起止时间",
        "benefit": "年经济效益（万元）",
    }  # fmt: skip
    return Paper(
        head=("附件3", "质量改进案例推荐表"),
        rows=tuple((L(label), Box(v[key])) for key, label in labels.items()),
    )


def case_text(points: Sequence[tuple[str, str]] = CASE_POINTS, times: int = 14) -> Paper:
    """附件3, the text: each point with a paragraph written ``times`` over."""
    lines = [line for title, text in points for line in (title, text * times)]
    return Paper(head=("质量改进案例", "色差零投诉是怎样做到的", *lines))


def rollup(
    recommender: str, rows: Sequence[tuple[str, str, str, str, str]], total: str = ""
) -> Paper:
    """附件4: a header of two rows, and a category cell over all its rows.

    ``rows``: category, name, company, contact, mobile.
    """
    drawn = []
    for number, (category, *rest) in enumerate(rows, 1):
        first = all(row[0] != category for row in rows[: number - 1])
        count = sum(row[0] == category for row in rows)
        cell = (Box(category, down=count),) if first else ()
        drawn.append((Box(str(number)), *cell, *(Box(text) for text in rest), Box("")))
    return Paper(
        head=(
            "附件4",
            "2027年度江海省纺织行业群众性质量活动推荐汇总表",
            f"推荐单位（盖章）：{recommender}　　　　填表人：沈玉兰　　　　手机：13900000031",
        ),
        rows=(
            (
                L("序号", down=2), L("推荐类别", down=2), L("名称（小组、班组、案例）", down=2),
                L("申报企业", down=2), L("联系人", across=2), L("备注", down=2),
            ),
            (L("姓名"), L("手机")),
            *drawn,
            (L("合计（项）", across=2), Box(total or str(len(rows)), across=5)),
        ),
    )  # fmt: skip


def stats(v: Written, period: str = "（2026年4月至2027年3月）") -> Paper:
    """附件5."""

    def row(label: str, unit: str, key: str) -> tuple[Box, ...]:
        return (L(label, across=2), L(unit), Box(v[key]), Box(""))

    return Paper(
        head=("附件5", "群众性质量活动情况统计表", period, f"填报单位：{v['recommender']}"),
        rows=(
            (L("项目", across=2), L("计量单位"), L("数据"), L("说明")),
            row("职工总数", "人", "employees_total"),
            row("参加QC小组活动人数", "人", "participants_qc"),
            row("QC小组普及率", "%", "penetration_rate"),
            (L("注册QC小组数", down=2), L("累计"), L("个"), Box(v["registered_total_qc"]), Box("")),
            (L("本年度"), L("个"), Box(v["registered_year_qc"]), Box("")),
            row("质量信得过班组数", "个", "registered_year_team"),
            row("可计算经济效益", "万元", "benefit_year"),
            (Box(f"联系人：{v['contact']}　　　　手机：{v['mobile']}", across=5),),
        ),
    )


def receipt(company: str, people: Sequence[tuple[str, str, str, str]]) -> Paper:
    """附件7."""
    return Paper(
        head=("附件7", "参会回执", f"单位名称：{company}"),
        rows=(
            (L("姓名"), L("职务"), L("手机"), L("是否住宿")),
            *(tuple(Box(text) for text in person) for person in people),
        ),
    )


def report(title: str = "QC小组成果报告") -> Paper:
    """The report of a group."""
    text = "小组按PDCA循环开展活动，调查现状、分析原因、制定对策并逐条验证，效果已巩固半年。"
    return Paper(head=(title, *([text] * 20)))


def files(
    *, qc_: Written | None = None, team_: Written | None = None, case_: Written | None = None,
    recommender: str = "望潮锦澜纺织有限公司", stats_: Written | None = None,
) -> dict[str, bytes]:  # fmt: skip
    """Everything a company mails that applies itself for these."""
    made: dict[str, bytes] = {}
    rows: list[tuple[str, str, str, str, str]] = []
    if qc_:
        made["附件1 登记卡.docx"] = word([qc(qc_)])
        made["成果报告.docx"] = word([report()])
        rows.append(_row("QC小组", qc_["group_name"], qc_))
    if team_:
        made["附件2 情况表.docx"] = word([team(team_)])
        rows.append(_row("班组", team_["team_name"], team_))
    if case_:
        made["附件3 推荐表.docx"] = word([case(case_)])
        made["案例正文.docx"] = word([case_text()])
        rows.append(_row("案例", case_["case_title"], case_))
    made["附件4 汇总表.xlsx"] = workbook(Sheet1=[rollup(recommender, rows)])
    made["附件5 统计表.docx"] = word(
        [stats({**STATS, **(stats_ or {}), "recommender": recommender})]
    )
    return made


def _row(category: str, name: Content, v: Written) -> tuple[str, str, str, str, str]:
    return category, str(name), str(v["company"]), "沈玉兰", "13900000031"
