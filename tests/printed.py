"""The forms of the Hunan notice set in Word as the notice prints them, by hand and not from the data.

Labels, line breaks inside them and merged cells are those of the printed
annexes, so that the readers and the campaign's data are held against the paper
and not against themselves.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence

import docx
from docx.document import Document as WordDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.table import Table

COMPANY = "湘江重工装备有限公司"

TEAM: dict[str, str] = {
    "team_name": "冲压一班",
    "company": COMPANY,
    "address": "望城区工业大道 88 号",
    "postcode": "410200",
    "dept": "质量管理部",
    "phone": "0731-85550101",
    "fax": "",
    "contact": "周志远",
    "mobile": "13900000001",
    "email": "zhou@xiangjiang.example",
    "team_leader": "吴春生",
    "member_count": "12",
    "team_type": "生产班组",
    "work_completion_rate": "99.2",
    "first_pass_rate": "98.5%",
    "complaints_per_year": "0",
    "accidents_per_year": "无",
    "improvement_participation_rate": "100",
    "training_people_hours": "12人、40学时",
    "team_intro": "\n".join(
        f"{n}. {text}"
        for n, text in enumerate(
            (
                "班组成员12人，负责冲压线的生产与点检，班组愿景是零缺陷。",
                "基础管理扎实，坚持班前会、点检表和交接班记录。",
                "组织专业知识和技能培训，熟练使用排列图、因果图。",
                "质量改进和创新能力强，全年完成改进提案36条。",
                "管理特色是可视化看板，业绩连续三年第一。",
                "创建目标全部达成，一次交验合格率提高1.2个百分点。",
                "近三年获公司先进班组荣誉两次。",
            ),
            1,
        )
    ),
}

STORY: dict[str, str] = {
    "story_title": "一颗螺栓的坚守",
    "company": COMPANY,
    "address_postcode": "望城区工业大道 88 号，410200",
    "contact": "周志远",
    "mobile": "13900000001",
    "contact_dept_post": "质量管理部 主管",
    "email": "zhou@xiangjiang.example",
    "content_category": "品牌文化",
    "brand_type": "团队",
    "story_intro": "讲述装配班组十年如一日守护每一颗螺栓扭矩的故事。",
    "speaker": "",
    "speaker_gender": "",
    "speaker_dept_post": "",
    "speaker_mobile": "",
    "speaker_email": "",
    "speaker_wechat": "",
}

STATISTICS: dict[str, str] = {
    "company": COMPANY,
    "contact": "周志远",
    "phone": "0731-85550101",
    "registered_total_team": "86",
    "registered_total_qc": "320",
    "registered_year_team": "12",
    "registered_year_qc": "41",
    "penetration_rate": "78.5",
    "active_team": "12",
    "active_qc": "38",
    "benefit_total": "5,280",
    "benefit_year": "612.5",
    "success_rate_team": "91.7",
    "success_rate_qc": "92.7",
    "spending_team": "8.5",
    "spending_qc": "16",
    "reward_team": "3",
    "reward_qc": "9.6",
    "training_times_people": "6次，430人",
    "remarks": "全员参与，建议增加交流。",
    "dept": "质量管理部",
    "dept_contact": "周志远",
    "mobile": "13900000001",
    "fax": "",
    "address_postcode": "望城区工业大道 88 号，410200",
    "email_or_qq": "zhou@xiangjiang.example",
}

ROW: dict[str, str] = {
    "seq": "1",
    "postcode": "410200",
    "company": COMPANY,
    "group_name": "冲压一班",
    "grade": "1",
    "project_title_short": "",
    "member_count": "12",
    "contact": "周志远",
    "phone": "13900000001",
}


def team_form(**changes: str) -> bytes:
    """附件二 filled in; ``changes`` by field key."""
    v = {**TEAM, **changes}
    document = _titled("附件二：", "湖南省机械工业优秀质量信得过班组成果表")
    table = _grid(document, 10, 6)
    _row(table, 0, ("质量信得过\n班组名称", v["team_name"], 5))
    _row(table, 1, ("企业名称", v["company"], 5))
    _row(table, 2, ("详细通讯地址", v["address"], 3), ("邮编", v["postcode"], 1))
    _row(table, 3, ("联系部门", v["dept"], 1), ("电话", v["phone"], 1), ("传真", v["fax"], 1))
    _row(table, 4, ("联系人", v["contact"], 1), ("手机", v["mobile"], 1), ("邮箱", v["email"], 1))
    _row(
        table,
        5,
        ("班组长", v["team_leader"], 1),
        ("班组人数", v["member_count"], 1),
        ("班组类型", v["team_type"], 1),
    )
    _row(
        table,
        6,
        ("班组工作完成率%", v["work_completion_rate"], 1),
        ("产品/服务一次合格率%", v["first_pass_rate"], 1),
        ("年顾客投诉数", v["complaints_per_year"], 1),
    )
    _row(
        table,
        7,
        ("年质量、安全事故数", v["accidents_per_year"], 1),
        ("成员参与改进活动率%", v["improvement_participation_rate"], 1),
        ("年培训人数、时长", v["training_people_hours"], 1),
    )
    long_text = v["team_intro"] or " ".join(PROMPTS)
    cell = table.cell(8, 0).merge(table.cell(8, 5))
    cell.text = f"质量信得过班组简介及创建活动结果（另附材料）：\n{long_text}"
    table.cell(9, 0).merge(table.cell(9, 5)).text = "单位盖章\n年 月 日"
    document.add_paragraph(
        "注：每个信得过班组须交纳成果评审、注册、公告费 500 元，在申报时将评审费汇入下列账户："
    )
    return _saved(document)


PROMPTS = (
    "1. 班组成员组成，班组职责，主要工作内容、班组文化和愿景。",
    "2. 班组基础管理情况。",
    "3. 班组成员专业知识、技能培训、工具方法应用能力。",
    "4. 班组质量改进和创新能力。",
    "5. 班组管理特色、业绩及评价结果。",
    "6. 班组创建目标达成情况",
    "7. 近三年取得荣誉情况，包括班组集体和个人荣誉等。",
)

CATEGORIES = ("品牌战略", "品牌体系", "品牌传播", "风险防范", "方法途径", "品牌文化")
BRANDS = ("产品", "企业", "团队", "个人")


def story_form(*, title: str = "湖南省机械工业质量文化品牌故事推荐表", **changes: str) -> bytes:
    """附件四 filled in; several ticks are joined by 、."""
    v = {**STORY, **changes}
    document = _titled("附件四：", title)
    table = _grid(document, 10, 4)
    _row(table, 0, ("故事名称", v["story_title"], 3))
    table.cell(1, 0).merge(table.cell(4, 0)).text = "推荐单位"
    table.cell(1, 1).merge(table.cell(1, 3)).text = f"单位名称：{v['company']}"
    table.cell(2, 1).merge(table.cell(2, 3)).text = f"地址及邮编：{v['address_postcode']}"
    table.cell(3, 1).text = f"联系人姓名：{v['contact']}"
    table.cell(3, 2).merge(table.cell(3, 3)).text = f"手机：{v['mobile']}"
    table.cell(4, 1).text = f"部门职务：{v['contact_dept_post']}"
    table.cell(4, 2).merge(table.cell(4, 3)).text = f"邮箱：{v['email']}"
    table.cell(5, 0).text = "内容类别"
    table.cell(5, 1).text = _boxes(CATEGORIES, v["content_category"])
    table.cell(5, 2).text = "品牌类型"
    table.cell(5, 3).text = _boxes(BRANDS, v["brand_type"])
    _row(table, 6, ("故事主要\n特色简介\n200字以内", v["story_intro"], 3))
    table.cell(7, 0).merge(table.cell(8, 0)).text = "拟参会演讲\n填写本栏"
    table.cell(7, 1).text = f"演讲人：{v['speaker']}"
    table.cell(7, 2).text = f"性别：{v['speaker_gender']}"
    table.cell(7, 3).text = f"部门职务：{v['speaker_dept_post']}"
    table.cell(8, 1).text = f"手 机：{v['speaker_mobile']}"
    table.cell(8, 2).text = f"邮 箱：{v['speaker_email']}"
    table.cell(8, 3).text = f"微 信：{v['speaker_wechat']}"
    table.cell(9, 0).merge(table.cell(9, 1)).text = "推荐部门意见\n(签字)\n年 月 日"
    table.cell(9, 2).merge(table.cell(9, 3)).text = "推荐单位盖章：\n年 月 日"
    return _saved(document)


def rollup(
    *rows: Mapping[str, str],
    title: str = "湖南省机械工业优秀质量信得过班组、优秀质量管理小组成果汇总表",
) -> bytes:
    """附件三 with these rows (each over ROW), laid out as the national roll-up."""
    document = _titled("附件三：", title)
    labels = {
        "seq": "序",
        "postcode": "邮编",
        "company": "单位名称",
        "group_name": "QC 小组\n(信组) 名称",
        "grade": "企业推荐\n等级 1、2",
        "project_title_short": "课题名称\n(简写)",
        "member_count": "小组\n人数",
        "contact": "联系人",
        "phone": "联系电话",
    }
    filled = [{**ROW, **row} for row in rows or ({},)]
    table = _grid(document, 1 + len(filled) + 2, len(labels))
    for column, (key, label) in enumerate(labels.items()):
        table.cell(0, column).text = label
        for line, row in enumerate(filled, 1):
            table.cell(line, column).text = row[key]
    document.add_paragraph("填表人：周志远    联系电话：13900000001")
    return _saved(document)


def statistics(*, period: str = "2025年7月~2026年7月", **changes: str) -> bytes:
    """附件六 filled in."""
    v = {**STATISTICS, **changes}
    document = _titled("附件六：", "湖南省机械工业群众性质量管理活动概况 统计表")
    document.add_paragraph(f"({period})").alignment = WD_ALIGN_PARAGRAPH.CENTER
    document.add_paragraph(f"填报单位：{v['company']}")
    document.add_paragraph(f"联系人：{v['contact']}")
    document.add_paragraph(f"电话：{v['phone']}")
    rows: list[tuple[str, str, str, str]] = [
        ("历年来已登记注册累计数", "信得过班组", "个", v["registered_total_team"]),
        ("", "QC小组", "", v["registered_total_qc"]),
        ("本年度已登记注册数", "信得过班组", "个", v["registered_year_team"]),
        ("", "QC小组", "", v["registered_year_qc"]),
        (
            "本年度普及率 = 参加活动人数 (含信组、QC、合理化建议等质量该进活动) / 职工总数 × 100%",
            "-",
            "%",
            v["penetration_rate"],
        ),
        ("本年度坚持活动的小组数", "信组", "个", v["active_team"]),
        ("", "QC", "", v["active_qc"]),
        ("历年来累计 QC、信组可创计算的经济效益", "-", "万元", v["benefit_total"]),
        ("本年度 QC、信组可创计算的经济效益", "-", "万元", v["benefit_year"]),
        ("本年度成果率", "信组", "%", v["success_rate_team"]),
        ("", "QC", "", v["success_rate_qc"]),
        ("本年度对活动经费的投入 (培训、交流、书籍、规范化等)", "信组", "万元", v["spending_team"]),
        ("", "QC", "", v["spending_qc"]),
        ("本年度企业对活动奖励费用", "信组", "万元", v["reward_team"]),
        ("", "QC", "", v["reward_qc"]),
        ("单位组织的培训交流次数与人数", "-", "个", v["training_times_people"]),
    ]
    table = _grid(document, 1 + len(rows) + 4, 5)
    table.cell(0, 0).merge(table.cell(0, 1)).text = "统计项目"
    for column, label in ((2, "单位"), (3, "数量"), (4, "备注")):
        table.cell(0, column).text = label
    for line, (item, part, unit, value) in enumerate(rows, 1):
        if part == "-":
            table.cell(line, 0).merge(table.cell(line, 1)).text = item
        else:
            if item:
                table.cell(line, 0).merge(table.cell(line + 1, 0)).text = item
                table.cell(line, 2).merge(table.cell(line + 1, 2)).text = unit
            table.cell(line, 1).text = part
        if part == "-":
            table.cell(line, 2).text = unit
        table.cell(line, 3).text = value
    line = 1 + len(rows)
    table.cell(line, 0).merge(
        table.cell(line, 4)
    ).text = f"本年度 QC 小组活动主要特点与建议：{v['remarks']}"
    _foot(table, line + 1, "群众性质量管理活动管理部门：", v["dept"], "联系人：", v["dept_contact"])
    _foot(table, line + 2, "联系方式：手机", v["mobile"], "传真", v["fax"])
    _foot(table, line + 3, "通信地址、邮编：", v["address_postcode"], "邮箱或 QQ", v["email_or_qq"])
    document.add_paragraph("注：本统计表务于7月15日前，同工作总结、各项材料一并发至邮箱")
    return _saved(document)


def summary(*, years: str = "2025-2026", company: str = COMPANY, sections: int = 3) -> bytes:
    """附件五 with the first of its three parts."""
    document = _titled("附件五：", f"{years} 年度湖南省机械工业群众性质量管理活动工作总结")
    document.add_paragraph(f"单位：{company}")
    parts = (
        ("一、基本情况", "年度小组活动整体情况良好，重点创新工作突出。成果发表会召开两次。"),
        (
            "二、推进经验和做法",
            "采取特色做法和措施，效果明显；宣贯《质量信得过班组建设规范》《质量管理小组活动准则》；突出事迹三例。",
        ),
        (
            "三、存在问题及改进方向",
            "存在的问题和困难是骨干不足；未来改进方向是加强培训；建议协会支持。",
        ),
    )
    for heading, text in parts[:sections]:
        document.add_paragraph(heading)
        document.add_paragraph(text)
    return _saved(document)


def _titled(annex: str, title: str) -> WordDocument:
    document = docx.Document()
    document.add_paragraph(annex)
    heading = document.add_paragraph()
    heading.alignment = WD_ALIGN_PARAGRAPH.CENTER
    heading.add_run(title).bold = True
    return document


def _grid(document: WordDocument, rows: int, columns: int) -> Table:
    table = document.add_table(rows=rows, cols=columns)
    table.style = "Table Grid"
    return table


def _row(table: Table, row: int, *entries: tuple[str, str, int]) -> None:
    """Label and value cells; the third number is how many columns the value spans."""
    column = 0
    for label, value, span in entries:
        table.cell(row, column).text = label
        cell = table.cell(row, column + 1)
        if span > 1:
            cell = cell.merge(table.cell(row, column + span))
        cell.text = value
        column += 1 + span


def _foot(table: Table, row: int, *texts: str) -> None:
    left, value, right, other = texts
    table.cell(row, 0).merge(table.cell(row, 1)).text = left
    table.cell(row, 2).text = value
    table.cell(row, 3).text = right
    table.cell(row, 4).text = other


def _boxes(options: Sequence[str], ticked: str) -> str:
    chosen = ticked.split("、")
    return " ".join(f"{'☑' if option in chosen else '□'} {option}" for option in options)


def _saved(document: WordDocument) -> bytes:
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()
