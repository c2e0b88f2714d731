"""Forms as companies fill them in, and the specs they are read with."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from drawn import C, content, grid

from parsers.forms.reader import FormReader
from parsers.model import Content, Form, Grid
from parsers.spec import FieldSpec, FormSpec, SpecSet

_CAMPAIGNS = Path(__file__).parents[1] / "rules" / "campaigns"

TEAM_TITLE = "湖南省机械工业优秀质量信得过班组成果表"
STORY_TITLE = "湖南省机械工业质量文化品牌故事推荐表"
STATISTICS_TITLE = "湖南省机械工业群众性质量管理活动概况 统计表"
ROLLUP_TITLE = "湖南省机械工业优秀质量信得过班组、优秀质量管理小组成果汇总表"
SUMMARY_TITLE = "2025-2026 年度湖南省机械工业群众性质量管理活动工作总结"

INTRO = (
    "质量信得过班组简介及创建活动结果（另附材料）：\n"
    "1. 班组成员组成，班组职责，主要工作内容、班组文化和愿景。\n"
    "2. 班组基础管理情况。\n"
    "3. 班组成员专业知识、技能培训、工具方法应用能力。\n"
    "4. 班组质量改进和创新能力。\n"
    "5. 班组管理特色、业绩及评价结果。\n"
    "6. 班组创建目标达成情况\n"
    "7. 近三年取得荣誉情况，包括班组集体和个人荣誉等。"
)


@cache
def hunan() -> SpecSet:
    """The forms of the campaign that the program ships."""
    with (_CAMPAIGNS / "hunan-2026" / "forms.toml").open("rb") as file:
        forms = tomllib.load(file)["form"]
    return SpecSet(campaign="hunan-2026", years=(2025, 2026), forms=forms)


@cache
def sister() -> SpecSet:
    """Another association with the same forms under its own titles."""
    own = hunan()
    titles = {
        "team_form": "全国机械工业优秀质量信得过班组成果表",
        "story_form": "质量文化品牌故事推荐表",
        "stats_both": "全国机械工业群众性质量管理活动概况统计表",
    }
    forms = tuple(
        form.model_copy(update={"title": titles[form.kind], "titles": ()})
        for form in own.forms
        if form.kind in titles
    )
    return SpecSet(campaign="sister-2024", years=(2024,), forms=forms)


@cache
def reader() -> FormReader:
    """Reads the shipped campaign's forms."""
    return FormReader([hunan()])


def read(*blocks: object, file: str = "表.docx") -> tuple[Form, ...]:
    """The forms in some lines and grids."""
    return reader().read(content(*blocks), file)


def read_one(*blocks: object, file: str = "表.docx") -> Form:
    """The one form in some lines and grids."""
    (form,) = read(*blocks, file=file)
    return form


def values(form: Form) -> dict[str, object]:
    """The fields that have a value."""
    return {field.key: field.value for field in form.fields if field.value is not None}


def spec(kind: str, *fields: FieldSpec, **more: object) -> FormSpec:
    """A small form for one test."""
    return FormSpec.model_validate(
        {"kind": kind, "title": "某某协会申报表", "fields": fields, **more}
    )


def team(**changed: str) -> Grid:
    """The team form, filled in; ``changed`` replaces values by key."""
    v = TEAM | changed
    return grid(
        [
            ["质量信得过\n班组名称", C(v["team_name"], 5)],
            ["企业名称", C(v["company"], 5)],
            ["详细通讯地址", C(v["address"], 3), "邮编", v["postcode"]],
            ["联系部门", v["dept"], "电话", v["phone"], "传真", v["fax"]],
            ["联系人", v["contact"], "手机", v["mobile"], "邮箱", v["email"]],
            ["班组长", v["team_leader"], "班组人数", v["member_count"], "班组类型", v["team_type"]],
            [
                "班组工作完成率%",
                v["work_completion_rate"],
                "产品/服务一次合格率%",
                v["first_pass_rate"],
                "年顾客投诉数",
                v["complaints_per_year"],
            ],
            [
                "年质量、安全事故数",
                v["accidents_per_year"],
                "成员参与改进活动率%",
                v["improvement_participation_rate"],
                "年培训人数、时长",
                v["training_people_hours"],
            ],
            [C(INTRO + v["team_intro"], 6)],
            [C("单位盖章", 6)],
            [C("年   月   日", 6)],
        ]
    )


TEAM = {
    "team_name": "湘江之星装配班组",
    "company": "湘江重工装备有限公司",
    "address": "长沙市岳麓区枫林路1号",
    "postcode": "410006",
    "dept": "质量管理部",
    "phone": "0731-88880000",
    "fax": "/",
    "contact": "张 三",
    "mobile": "139 0000 0001",
    "email": "zhangsan＠xjzg.cn",
    "team_leader": "李四",
    "member_count": "12人",
    "team_type": "生产型",
    "work_completion_rate": "98",
    "first_pass_rate": "99.2％",
    "complaints_per_year": "无",
    "accidents_per_year": "0",
    "improvement_participation_rate": "100%",
    "training_people_hours": "12人/40小时",
    "team_intro": "\n我们班组现有12人，负责装配。",
}
TEAM_VALUES = {
    **{key: TEAM[key] for key in ("team_name", "company", "address", "postcode", "dept", "phone")},
    "contact": "张三",
    "mobile": "13900000001",
    "email": "zhangsan@xjzg.cn",
    "team_leader": "李四",
    "member_count": 12,
    "team_type": "生产型",
    "work_completion_rate": 98,
    "first_pass_rate": 99.2,
    "complaints_per_year": 0,
    "accidents_per_year": 0,
    "improvement_participation_rate": 100,
    "training_people_hours": [12, 40],
    "team_intro": "我们班组现有12人，负责装配。",
}


def story() -> Grid:
    """The story form, filled in."""
    return grid(
        [
            ["故事名称", C("一颗螺栓的承诺", 3)],
            [C("推荐单位", 1, 4), C("单位名称：湘江重工装备有限公司", 3)],
            [C("地址及邮编：长沙市枫林路1号 410006", 3)],
            ["联系人姓名：张三", C("手机：13900000001", 2)],
            ["部门职务：质量部部长", C("邮箱：zhang@xjzg.cn", 2)],
            [
                "内容类别",
                "☑品牌战略 □品牌体系\n□品牌传播 ☑风险防范\n□方法途径 □品牌文化",
                "品牌类型",
                "□产品 ☑企业 □团队 □个人",
            ],
            ["故事主要\n特色简介\n200字以内", C("一颗螺栓，三十年坚守。", 3)],
            [C("拟参会演讲\n填写本栏", 1, 2), "演讲人：王五", "性别：女", "部门职务：装配班班长"],
            ["手 机：13900000002", "邮 箱：wang@xjzg.cn", "微 信：wangwu-xj"],
            [C("推荐部门意见\n(签字)", 2), C("推荐单位盖章：", 2)],
            [C("年 月 日", 2), C("年 月 日", 2)],
        ]
    )


STORY_VALUES = {
    "story_title": "一颗螺栓的承诺",
    "company": "湘江重工装备有限公司",
    "address_postcode": "长沙市枫林路1号 410006",
    "contact": "张三",
    "mobile": "13900000001",
    "contact_dept_post": "质量部部长",
    "email": "zhang@xjzg.cn",
    "content_category": ["品牌战略", "风险防范"],
    "brand_type": ["企业"],
    "story_intro": "一颗螺栓，三十年坚守。",
    "speaker": "王五",
    "speaker_gender": ["女"],
    "speaker_dept_post": "装配班班长",
    "speaker_mobile": "13900000002",
    "speaker_email": "wang@xjzg.cn",
    "speaker_wechat": "wangwu-xj",
}

_TWICE = ["历年来已登记注册累计数", "本年度已登记注册数"]
_SPENDING = "本年度对活动经费的投入 (培训、交流、书籍、规范化等)"
_RATE = "本年度普及率 = 参加活动人数 (含信组、QC、合理化建议等质量该进活动) / 职工总数 × 100%"
STATISTICS_HEAD = "填报单位：湘江重工装备有限公司    联系人：张三   电话：0731-88880000"
_FIGURES = [
    ("30", "120"), ("3", "12"), ("85%",), ("20", "100"), ("3,500",), ("350000元",), ("90", "88.5"),
    ("10", "20"), ("5", "6"), ("5次/200人",),
]  # fmt: skip


def statistics(*, merged: bool = True) -> Grid:
    """The statistics table, filled in; without merges as spreadsheets often are."""
    items = [
        (_TWICE[0], ("信得过班组", "QC小组"), "个"),
        (_TWICE[1], ("信得过班组", "QC小组"), "个"),
        (_RATE, (), "%"),
        ("本年度坚持活动的小组数", ("信组", "QC"), "个"),
        ("历年来累计 QC、信组可创计算的经济效益", (), "万元"),
        ("本年度 QC、信组可创计算的经济效益", (), "万元"),
        ("本年度成果率", ("信组", "QC"), "%"),
        (_SPENDING, ("信组", "QC"), "万元"),
        ("本年度企业对活动奖励费用", ("信组", "QC"), "万元"),
        ("单位组织的培训交流次数与人数", (), "个"),
    ]
    wide = (lambda text, n: [C(text, n)]) if merged else (lambda text, n: [text, *[""] * (n - 1)])
    rows: list[list[str | C]] = [[*wide("统计项目", 2), "单位", "数量", "备注"]]
    for (item, subs, unit), figures in zip(items, _FIGURES, strict=True):
        if not subs:
            rows.append([*wide(item, 2), unit, figures[0], ""])
        elif merged:
            rows.append([C(item, 1, 2), subs[0], C(unit, 1, 2), figures[0], ""])
            rows.append([subs[1], figures[1], ""])
        else:
            rows.append([item, subs[0], unit, figures[0], ""])
            rows.append(["", subs[1], "", figures[1], ""])
    rows += [
        wide("本年度 QC 小组活动主要特点与建议：\n全员参与，持续改进。", 5),
        [*wide("群众性质量管理活动管理部门：质量管理部", 3), *wide("联系人：赵六", 2)],
        [*wide("联系方式：手机 13900000003", 3), *wide("传真 0731-88880001", 2)],
        [*wide("通信地址、邮编：长沙市枫林路1号 410006", 3), *wide("邮箱或 QQ 12345678", 2)],
    ]
    return grid(rows)


STATISTICS_VALUES = {
    "period": "2025-07/2026-07",
    "company": "湘江重工装备有限公司",
    "contact": "张三",
    "phone": "0731-88880000",
    "registered_total_team": 30,
    "registered_total_qc": 120,
    "registered_year_team": 3,
    "registered_year_qc": 12,
    "penetration_rate": 85,
    "active_team": 20,
    "active_qc": 100,
    "benefit_total": 3500,
    "benefit_year": 35,
    "success_rate_team": 90,
    "success_rate_qc": 88.5,
    "spending_team": 10,
    "spending_qc": 20,
    "reward_team": 5,
    "reward_qc": 6,
    "training_times_people": [5, 200],
    "remarks": "全员参与，持续改进。",
    "dept": "质量管理部",
    "dept_contact": "赵六",
    "mobile": "13900000003",
    "fax": "0731-88880001",
    "address_postcode": "长沙市枫林路1号 410006",
    "email_or_qq": "12345678",
}

ROLLUP_HEADER = [
    "序", "* 邮编", "* 单位名称", "QC 小组\n(信组)\n名称", "企业推荐\n等级 1、2", "课题名称\n(简写)",
    "小组\n人数", "联系人", "联系电话",
]  # fmt: skip


def rollup_row(number: int, name: str, people: str = "12") -> list[str | C]:
    """One nomination."""
    return [
        str(number), "410006", "湘江重工装备有限公司", name, "1", f"课题{number}", people, "张三",
        "13900000001",
    ]  # fmt: skip


SUMMARY = """一、基本情况
公司现有质量管理小组120个、信得过班组30个，全年活动开展情况良好，重点创新工作有序推进。
1.成果发表会情况
全年举办成果发表会三次，参加二百余人次。
二、推进经验与做法
我们采取了一系列特色做法和激励措施，效果明显；组织宣贯《质量信得过班组建设规范》。
三、存在的问题及改进方向
部分班组活动不足。今后将加强培训，建议协会多组织交流。"""

TEMPLATE = """要求：认真总结一年来群众性质量管理活动的推进经验和具体做法，特色突出、数据详实。主要包括：
一、基本情况
1.年度小组活动开展的整体情况、小组特色、重点创新工作等。
2.成果发表会情况。
二、推进经验和做法
1.推进活动过程中采取的特色做法、措施和取得的效果。
2.组织宣贯《质量信得过班组建设规范》《质量管理小组活动准则》的相关活动和效果。
3.本企业、集团开展小组活动的突出事迹。
三、存在问题及改进方向
1.年度活动推进存在的问题或遇到的困难。
2.未来改进方向和拟采取的措施。
3.需要协会支持或对协会今后各项活动推进的建议。"""


def lines(text: str) -> Content:
    """A text, one paragraph a line."""
    return content(*text.split("\n"))
