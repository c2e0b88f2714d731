"""Forms as applicants send them: typed over in Word, WPS and Excel in their own ways.

A sheet of paper is lines over a table, the table, and lines under it. It is drawn
into Word's own XML or into a workbook; what differs between applicants is done to
the paper (labels typed anew, merged cells split) or while drawing (wrappers, marks).
All companies and people are invented.
"""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from filledforms import reader
from papers import Box, Content, L, Paper

from parsers.documents import read_document
from parsers.model import Field, Form, Row

COMPANY = "湘江重工装备有限公司"
QC_TITLE = "湖南省机械工业优秀质量管理小组成果表"
TEAM_TITLE = "湖南省机械工业优秀质量信得过班组成果表"
ROLLUP_TITLE = "湖南省机械工业优秀质量信得过班组、优秀质量管理小组成果汇总表"
STORY_TITLE = "湖南省机械工业质量文化品牌故事推荐表"
SUMMARY_TITLE = "2025-2026 年度湖南省机械工业群众性质量管理活动工作总结"
STATS_TITLE = "湖南省机械工业群众性质量管理活动概况 统计表"

# ---- the papers ----------------------------------------------------------------------

QC = {
    "group_name": "飞跃QC小组", "project_title": "降低齿轮箱漏油率", "company": COMPANY,
    "project_type": "问题解决型", "address": "长沙市望城区工业大道88号", "postcode": "410200",
    "dept": "质量管理部", "contact": "周志远", "mobile": "13900000001", "instructor": "吴春生",
    "instructor_phone": "0731-85550102", "member_count": "10",
    "group_intro": "小组成立于2019年，围绕漏油开展活动，漏油率由3.2%降至0.8%。",
}  # fmt: skip

TEAM = {
    "team_name": "冲压一班", "company": COMPANY, "address": "长沙市望城区工业大道88号",
    "postcode": "410200", "dept": "质量管理部", "phone": "0731-85550101", "fax": "",
    "contact": "周志远", "mobile": "13900000001", "email": "zhou@xiangjiang.example",
    "team_leader": "吴春生", "member_count": "12", "team_type": "生产班组",
    "work_completion_rate": "99.2", "first_pass_rate": "98.5", "complaints_per_year": "0",
    "accidents_per_year": "0", "improvement_participation_rate": "100",
    "training_people_hours": "12人、40学时", "team_intro": "本班组成立十年，连续三年零缺陷。",
}  # fmt: skip

STORY = {
    "story_title": "一颗螺栓的坚守", "company": COMPANY,
    "address_postcode": "长沙市望城区工业大道88号 410200", "contact": "周志远",
    "mobile": "13900000001", "contact_dept_post": "质量管理部 主管",
    "email": "zhou@xiangjiang.example", "content_category": "品牌文化", "brand_type": "团队",
    "story_intro": "讲述装配班组守护每一颗螺栓扭矩的故事。", "speaker": "郑小雨",
    "speaker_gender": "女", "speaker_dept_post": "装配车间 班长", "speaker_mobile": "13900000002",
    "speaker_email": "zheng@xiangjiang.example", "speaker_wechat": "zhengxy_2026",
}  # fmt: skip

STATS = {
    "company": COMPANY, "contact": "周志远", "phone": "0731-85550101",
    "registered_total_team": "86", "registered_total_qc": "320", "registered_year_team": "12",
    "registered_year_qc": "41", "penetration_rate": "78.5", "active_team": "11",
    "active_qc": "38", "benefit_total": "5280", "benefit_year": "612.5",
    "success_rate_team": "91.7", "success_rate_qc": "92.7", "spending_team": "8.5",
    "spending_qc": "16", "reward_team": "3", "reward_qc": "9.6",
    "training_times_people": "6次430人", "remarks": "全员参与，建议增加交流。",
    "dept": "企业管理部", "dept_contact": "郑小雨", "mobile": "13900000002",
    "fax": "", "address_postcode": "长沙市望城区工业大道88号 410200", "email_or_qq": "zheng@xiangjiang.example",
}  # fmt: skip

ROW = {
    "seq": "1", "postcode": "410200", "company": COMPANY, "group_name": "冲压一班", "grade": "1",
    "project_title_short": "降低漏油率", "member_count": "12", "contact": "周志远",
    "phone": "13900000001",
}  # fmt: skip

#: what the values of the papers above are once read, where the type is not text
TYPED: dict[str, dict[str, object]] = {
    "qc_form": {"member_count": 10},
    "team_form": {
        "member_count": 12, "work_completion_rate": 99.2, "first_pass_rate": 98.5,
        "complaints_per_year": 0, "accidents_per_year": 0,
        "improvement_participation_rate": 100, "training_people_hours": [12, 40],
    },
    "story_form": {
        "content_category": ["品牌文化"], "brand_type": ["团队"], "speaker_gender": ["女"],
    },
    "stats_both": {
        "period": "2025-07/2026-07", "registered_total_team": 86, "registered_total_qc": 320,
        "registered_year_team": 12, "registered_year_qc": 41, "penetration_rate": 78.5,
        "active_team": 11, "active_qc": 38, "benefit_total": 5280, "benefit_year": 612.5,
        "success_rate_team": 91.7, "success_rate_qc": 92.7, "spending_team": 8.5,
        "spending_qc": 16, "reward_team": 3, "reward_qc": 9.6, "training_times_people": [6, 430],
    },
    "rollup": {"grade": ["1"], "member_count": 12},
}  # fmt: skip
_FILLED = {"qc_form": QC, "team_form": TEAM, "story_form": STORY, "stats_both": STATS}


def expected(kind: str, **changes: object) -> dict[str, object]:
    """The values of a paper once read; empty fields are left out."""
    values = {**_FILLED[kind], **TYPED[kind], **changes}
    return {key: value for key, value in values.items() if value not in ("", None)}


PROMPTS = (
    "1. 班组成员组成，班组职责，主要工作内容、班组文化和愿景。",
    "2. 班组基础管理情况。",
    "3. 班组成员专业知识、技能培训、工具方法应用能力。",
    "4. 班组质量改进和创新能力。",
    "5. 班组管理特色、业绩及评价结果。",
    "6. 班组创建目标达成情况",
    "7. 近三年取得荣誉情况，包括班组集体和个人荣誉等。",
)
INTRO = "质量信得过班组简介及创建活动结果（另附材料）："
CATEGORIES = ("品牌战略", "品牌体系", "品牌传播", "风险防范", "方法途径", "品牌文化")
BRANDS = ("产品", "企业", "团队", "个人")
DATE = "年 月 日"


def qc(**changes: Content) -> Paper:
    """附件一 in the layout of the national form."""
    v: dict[str, Content] = {**QC, **changes}
    return Paper(
        ("附件一：", QC_TITLE),
        (
            (L("QC小组名称"), Box(v["group_name"], 5)),
            (L("课题名称"), Box(v["project_title"], 5)),
            (L("企业名称"), Box(v["company"], 3), L("成果类型"), Box(v["project_type"])),
            (L("详细通讯地址"), Box(v["address"], 3), L("邮 编"), Box(v["postcode"])),
            (L("小组联系部门"), Box(v["dept"]), L("联 系 人"), Box(v["contact"]), L("手 机"),
             Box(v["mobile"])),
            (L("小组活动指导者"), Box(v["instructor"]), L("联系电话"), Box(v["instructor_phone"]),
             L("小组人数"), Box(v["member_count"])),
            (Box(f"小组简介及主要活动过程与效果：\n{v['group_intro']}", 6),),
            (L("单位盖章\n年 月 日", 6),),
        ),
    )  # fmt: skip


def team(**changes: Content) -> Paper:
    """附件二."""
    v: dict[str, Content] = {**TEAM, **changes}
    return Paper(
        ("附件二：", TEAM_TITLE),
        (
            (L("质量信得过\n班组名称"), Box(v["team_name"], 5)),
            (L("企业名称"), Box(v["company"], 5)),
            (L("详细通讯地址"), Box(v["address"], 3), L("邮编"), Box(v["postcode"])),
            (L("联系部门"), Box(v["dept"]), L("电话"), Box(v["phone"]), L("传真"), Box(v["fax"])),
            (L("联系人"), Box(v["contact"]), L("手机"), Box(v["mobile"]), L("邮箱"),
             Box(v["email"])),
            (L("班组长"), Box(v["team_leader"]), L("班组人数"), Box(v["member_count"]),
             L("班组类型"), Box(v["team_type"])),
            (L("班组工作完成率%"), Box(v["work_completion_rate"]), L("产品/服务一次合格率%"),
             Box(v["first_pass_rate"]), L("年顾客投诉数"), Box(v["complaints_per_year"])),
            (L("年质量、安全事故数"), Box(v["accidents_per_year"]), L("成员参与改进活动率%"),
             Box(v["improvement_participation_rate"]), L("年培训人数、时长"),
             Box(v["training_people_hours"])),
            (Box(f"{INTRO}\n{v['team_intro']}", 6),),
            (L("单位盖章", 6),),
            (L(DATE, 6),),
        ),
        ("注：每个信得过班组须交纳成果评审、注册、公告费 500 元，在申报时将评审费汇入下列账户：",
         "收款单位：湖南省机械装备工业质量管理协会", "银行账号：1901004009014457262"),
    )  # fmt: skip


def boxes(options: Sequence[str], ticked: Content, full: str = "☑", empty: str = "□") -> str:
    """Options with a box before each, those in ``ticked`` (parted by 、) marked."""
    chosen = str(ticked).split("、")
    return " ".join(f"{full if option in chosen else empty} {option}" for option in options)


def story(**changes: Content) -> Paper:
    """附件四; ``categories`` and ``brands`` replace what stands in the cells of the boxes."""
    v: dict[str, Content] = {**STORY, **changes}
    categories = v.get("categories", boxes(CATEGORIES, v["content_category"]))
    brands = v.get("brands", boxes(BRANDS, v["brand_type"]))
    return Paper(
        ("附件四：", STORY_TITLE),
        (
            (L("故事名称"), Box(v["story_title"], 3)),
            (L("推荐单位", 1, 4), Box(f"单位名称：{v['company']}", 3)),
            (Box(f"地址及邮编：{v['address_postcode']}", 3),),
            (Box(f"联系人姓名：{v['contact']}"), Box(f"手机：{v['mobile']}", 2)),
            (Box(f"部门职务：{v['contact_dept_post']}"), Box(f"邮箱：{v['email']}", 2)),
            (L("内容类别"), Box(categories), L("品牌类型"), Box(brands)),
            (L("故事主要\n特色简介\n200字以内"), Box(v["story_intro"], 3)),
            (L("拟参会演讲\n填写本栏", 1, 2), Box(f"演讲人：{v['speaker']}"),
             Box(f"性别：{v['speaker_gender']}"), Box(f"部门职务：{v['speaker_dept_post']}")),
            (Box(f"手 机：{v['speaker_mobile']}"), Box(f"邮 箱：{v['speaker_email']}"),
             Box(f"微 信：{v['speaker_wechat']}")),
            (L("推荐部门意见\n(签字)", 2), L("推荐单位盖章：", 2)),
            (L(DATE, 2), L(DATE, 2)),
        ),
        ("注：每个质量文化品牌故事须交纳成果评审、注册、公告费 500 元，在申报时将评审费汇入下列账户：",),
    )  # fmt: skip


_ITEMS = (
    ("历年来已登记注册累计数", "个", (("信得过班组", "registered_total_team"),
                                     ("QC小组", "registered_total_qc"))),
    ("本年度已登记注册数", "个", (("信得过班组", "registered_year_team"),
                                 ("QC小组", "registered_year_qc"))),
    ("本年度普及率 = 参加活动人数 (含信组、QC、合理化建议等质量该进活动) / 职工总数 × 100%", "%",
     (("", "penetration_rate"),)),
    ("本年度坚持活动的小组数", "个", (("信组", "active_team"), ("QC", "active_qc"))),
    ("历年来累计 QC、信组可创计算的经济效益", "万元", (("", "benefit_total"),)),
    ("本年度 QC、信组可创计算的经济效益", "万元", (("", "benefit_year"),)),
    ("本年度成果率", "%", (("信组", "success_rate_team"), ("QC", "success_rate_qc"))),
    ("本年度对活动经费的投入 (培训、交流、书籍、规范化等)", "万元",
     (("信组", "spending_team"), ("QC", "spending_qc"))),
    ("本年度企业对活动奖励费用", "万元", (("信组", "reward_team"), ("QC", "reward_qc"))),
    ("单位组织的培训交流次数与人数", "个", (("", "training_times_people"),)),
)  # fmt: skip


def stats(*, repeated: bool = False, remark: bool = True, **changes: Content) -> Paper:
    """附件六; ``repeated``: item and unit in each row instead of merged; no remark column."""
    v: dict[str, Content] = {**STATS, **changes}
    last = [Box()] if remark else []
    rows = [(L("统计项目", 2), L("单位"), L("数量"), *([L("备注")] if remark else []))]
    for item, unit, parts in _ITEMS:
        for number, (part, key) in enumerate(parts):
            if not part:
                rows.append((L(item, 2), L(unit), Box(v[key]), *last))
            elif repeated or not number:
                down = 1 if repeated else len(parts)
                rows.append((L(item, 1, down), L(part), L(unit, 1, down), Box(v[key]), *last))
            else:
                rows.append((L(part), Box(v[key]), *last))
    width = 5 if remark else 4
    rows += [
        (Box(f"本年度 QC 小组活动主要特点与建议：{v['remarks']}", width),),
        (Box(f"群众性质量管理活动管理部门：{v['dept']}", 3), Box(f"联系人：{v['dept_contact']}", width - 3)),
        (Box(f"联系方式：手机 {v['mobile']}", 3), Box(f"传真 {v['fax']}", width - 3)),
        (Box(f"通信地址、邮编：{v['address_postcode']}", 3), Box(f"邮箱或 QQ {v['email_or_qq']}", width - 3)),
    ]  # fmt: skip
    return Paper(
        ("附件六：", STATS_TITLE, "(2025年7月~2026年7月)", f"填报单位：{v['company']}",
         f"联系人：{v['contact']}", f"电话：{v['phone']}"),
        tuple(rows),
        ("注：本统计表务于7月15日前，同工作总结、各项材料一并发至邮箱",),
    )  # fmt: skip


COLUMNS = {
    "seq": "序", "postcode": "邮编", "company": "单位名称", "group_name": "QC 小组\n(信组) 名称",
    "grade": "企业推荐\n等级 1、2", "project_title_short": "课题名称\n(简写)",
    "member_count": "小组\n人数", "contact": "联系人", "phone": "联系电话",
}  # fmt: skip


def rollup(*rows: dict[str, Content], columns: dict[str, str] = COLUMNS) -> Paper:
    """附件三 in the layout of the national roll-up, with these rows over the sample."""
    filled: list[dict[str, Content]] = [{**ROW, **row} for row in rows or ({},)]
    return Paper(
        ("附件三：", ROLLUP_TITLE),
        (
            tuple(L(label) for label in columns.values()),
            *(tuple(Box(row.get(key, "")) for key in columns) for row in filled),
        ),
        ("填表人：周志远    联系电话：13900000001",),
    )


SUMMARY_LINES = (
    "单位：" + COMPANY,
    "一、基本情况",
    "年度小组活动整体情况良好，重点创新工作突出，覆盖全部生产车间。成果发表会召开两次。",
    "二、推进经验和做法",
    "采取特色做法和措施，效果明显；宣贯《质量信得过班组建设规范》《质量管理小组活动准则》；突出事迹三例。",
    "三、存在问题及改进方向",
    "存在的问题和困难是骨干不足；未来改进方向是加强培训；建议协会支持。",
)


def summary(*lines: str, title: str = SUMMARY_TITLE) -> Paper:
    """附件五."""
    return Paper(("附件五：", title, *(lines or SUMMARY_LINES)))


# ---- reading them ------------------------------------------------------------------

PAPERS = {"qc_form": qc, "team_form": team, "story_form": story, "stats_both": stats}
BLANK = {
    kind: dict.fromkeys(values, "")
    for kind, values in (
        ("qc_form", QC), ("team_form", TEAM), ("story_form", STORY), ("stats_both", STATS),
    )
}  # fmt: skip
SURE = 0.8

every_form = pytest.mark.parametrize("kind", PAPERS)


def forms(data: bytes, name: str = "表.docx") -> tuple[Form, ...]:
    document = read_document(name, data, reader())
    assert document.problems == ()
    return document.forms


def form(data: bytes, name: str = "表.docx") -> Form:
    (found,) = forms(data, name)
    return found


def values(found: Form) -> dict[str, object]:
    return {field.key: field.value for field in found.fields if field.value is not None}


def field(found: Form, key: str) -> Field:
    entry = found.get(key)
    assert entry is not None
    return entry


def is_flagged(entry: Field) -> bool:
    return bool(entry.doubt) and (entry.value is None or entry.confidence < SURE)


def rows(found: Form) -> tuple[Row, ...]:
    listing = found.table("results")
    assert listing is not None
    return listing.rows


def column(found: Form, key: str) -> list[object]:
    cells = [row.get(key) for row in rows(found)]
    return [cell.value if cell else None for cell in cells]


def field_of(row: Row, key: str) -> Field:
    entry = row.get(key)
    assert entry is not None
    return entry
