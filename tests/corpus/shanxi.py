"""The Shanxi forms of 2018, filled by several units and companies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from papers import Box, Content, L, Paper

from corpus.sample import Sample, Value, Values
from corpus.shanxilists import RollupFill, rollup, rollups

CAMPAIGN = "shanxi-2018"
_DATE = "年    月    日"
_SEAL = "　　　　　　　　　　　（  公  章  ）\n 年     月     日"
_WIDE = " " * 50

# ---- the papers as printed -------------------------------------------------------------

Fill = Mapping[str, str]


def _head(v: Fill, serial: str = "总编号：", unit: str = "推荐市、行业") -> str:
    mark = " " if v.get("recommender") else ""
    return f"{unit}{mark}{v.get('recommender', '')}{_WIDE}{serial}{v.get('seq', '')}"


def qc(v: Fill) -> Paper:
    """附件3.1."""
    return Paper(
        ("附件3.1：", "山西省优秀质量管理小组成果申报表", _head(v)),
        (
            (L("QC小组名称"), Box(v["group_name"]), L("人数"), Box(v["member_count"])),
            (L("课题名称"), Box(v["project_title"]), L("课题类型"), Box(v["project_type"])),
            (L("企业名称（以公章为准）"), Box(v["company"]), L("邮编"), Box(v["postcode"])),
            (L("通讯地址"), Box(v["address"]), L("联系人"), Box(v["contact"])),
            (L("企业内主管部门"), Box(v["dept"]), L("电话"), Box(v["phone"])),
            (L("小组活动指导者"), Box(v["instructor"]), L("传真"), Box(v["fax"])),
            (Box(f"QC小组简介：\n{v['group_intro']}", 4),),
            (Box(f"主要活动过程与效果：\n{v['group_process']}\n{_WIDE}单位盖章\n{_WIDE}{_DATE}", 4),),
        ),
        (
            ("注：1.此表要求认真填写,并加盖公章，一式一份，统一交与推荐市质协或部门；2.要求报小组成果报告wps文本格式"
            "电子版一份。3.企业名称、小组名称是制作《光荣册》的依据，须用正楷写全称或打印，填写内容简明扼要。4.每个小组"
            "在申报优秀成果的同时交300元交流活动费，由各市、部门质协统一收取，汇至:收款单位：山西省质量与名牌协会，银行"
            "帐号：75250188000022776，开户行：中国光大银行太原分行。5.小组联系人和部门信息应准确无误,便于联系。6.材料递交"
            "截止日期:2018年6月10日。"),
        ),
    )  # fmt: skip


_QC: dict[str, str] = {
    "recommender": "太原", "group_name": "北辰QC小组", "member_count": "9",
    "project_title": "降低轧机主轴承烧损次数", "project_type": "现场型", "company": "晋阳重型轧机有限公司",
    "postcode": "030003", "address": "太原市尖草坪区兴华街12号", "contact": "贺建平",
    "dept": "质量管理处", "phone": "0351-3000101", "instructor": "任晓东", "fax": "0351-3000102",
    "group_intro": "小组成立于2012年3月，由一线职工组成。",
    "group_process": "2017年6月至12月开展活动，烧损次数由每月4次降到1次。",
}  # fmt: skip
_QC_OTHER: dict[str, str] = {
    "recommender": "煤炭", "seq": "", "group_name": "“攻坚者”　ＱＣ小组", "member_count": "１２人",
    "project_title": "提高综采工作面 3# 皮带开机率", "project_type": "攻关",
    "company": "潞河煤业集团股份有限公司", "postcode": "０４６１００", "address": "长治市潞河路 1 号",
    "contact": "苗 青", "dept": "生产技术部", "phone": "（0355）6000000", "instructor": "", "fax": "/",
    "group_intro": "1. 成员平均年龄 34 岁。\n2. 每周活动一次。", "group_process": "开机率由 82％ 提高到 93％。",
}  # fmt: skip


def registration(v: Fill, members: Sequence[Sequence[str]], slots: int = 12) -> Paper:
    """附件3.2."""
    rows = [*members, *[("", "", "", "")] * (slots - len(members))]
    return Paper(
        (
            "附件3.2：",
            "山西省优秀质量管理小组注册登记表",
            f"单位(章): {v['company']}{_WIDE}课题类型：{v['project_type']}",
        ),
        (
            (L("小组名称", 3), L("所在部门", 3), L("成立日期", 3), L("登记注册号", 3)),
            (Box(v["group_name"], 3), Box(v["dept"], 3), Box(v["founded_on"], 3),
             Box(v["registration_no"], 3)),
            (L("组长姓名", 2), Box(v["leader_name"], 2), L("性别", 2), Box(v["leader_gender"], 2),
             L("职务", 2), Box(v["leader_post"], 2)),
            (L("成员姓名", 3), L("年龄", 2), L("职务(或职称)", 3), L("成员分工情况", 4)),
            *((Box(a, 3), Box(b, 2), Box(c, 3), Box(d, 4)) for a, b, c, d in rows),
        ),
        (
            ("注：此表必须打印,单位盖章。课题类型必须注明: 现场、攻关、管理、服务、创新型。一式一份。务于6月10日前寄至"
            "省质量与名牌协会现场管理部（省质监局东楼410室）。地址:太原市府西街29号，邮编:030002。"),
        ),
    )  # fmt: skip


_REGISTERED: dict[str, str] = {
    "company": "晋阳重型轧机有限公司", "project_type": "现场型", "group_name": "北辰QC小组",
    "dept": "轧钢车间", "founded_on": "2012年3月15日", "registration_no": "JYZG-2017-031",
    "leader_name": "任晓东", "leader_gender": "男", "leader_post": "作业长",
}  # fmt: skip
_MEMBERS = (
    ("贺建平", "41", "工程师", "技术分析"), ("常丽", "33", "技术员", "数据收集"),
    ("郝志国", "29", "班长", "现场实施"), ("", "", "", ""), ("段小雷", "26", "操作工", "现场实施"),
)  # fmt: skip
_REGISTERED_OTHER: dict[str, str] = {
    "company": "潞河煤业集团股份有限公司", "project_type": "□现场 ■攻关 □管理 □服务 □创新型",
    "group_name": "“攻坚者”QC小组", "dept": "综采二队", "founded_on": "2016.9.1", "registration_no": "",
    "leader_name": "苗　青", "leader_gender": "女", "leader_post": "队长/高级工程师",
}  # fmt: skip
_MEMBERS_OTHER = (
    ("王　磊", "３８岁", "副队长", "方案制定、实施"), ("欧阳文博", "45", "工程师", ""),
    ("李 娜", "二十七", "", "资料整理"),
)  # fmt: skip


def team(v: Fill, members: Sequence[Sequence[str]], slots: int = 12) -> Paper:
    """附件4."""
    every = [*members, *[("", "", "", "", "")] * (slots - len(members))]
    pairs = zip(every[: slots // 2], every[slots // 2 :], strict=True)
    columns = ("成员姓名", "年龄", "性别", "职称", "职责分工")
    return Paper(
        ("附件4：", "山西省质量信得过班组申报表", _head(v)),
        (
            (L("班组名称", 2), Box(v["team_name"], 6), L("人数"), Box(v["member_count"])),
            (L("企业名称", 2), Box(v["company"], 8)),
            (L("通讯地址", 2), Box(v["address"], 5), L("邮政编码", 2), Box(v["postcode"])),
            (L("企业内主管部门", 2), Box(v["dept"], 2), L("直接联系人", 2), Box(v["contact"]),
             L("联系电话", 2), Box(v["phone"])),
            (L("班组工作\n完成率%", 2), Box(v["work_completion_rate"], 2), L("质量考核\n合格率%", 2),
             Box(v["quality_assessment_rate"]), L("产品/服务\n不合格率%", 2), Box(v["nonconforming_rate"])),
            (L("年质量、\n安全事故数", 2), Box(v["accidents_per_year"], 2), L("年顾客\n投诉数", 2),
             Box(v["complaints_per_year"]), L("产品/服务\n一次合格率", 2), Box(v["first_pass_rate"])),
            (L("年培训\n人数/时数", 2), Box(v["training_people_hours"] or "/", 2),
             L("成员参与改进活动率%", 2), Box(v["improvement_participation_rate"]),
             L("质量成本\n（万元/年）", 2), Box(v["quality_cost"])),
            (L("班组长姓名", 2), Box(v["leader_name"], 2), L("性别"), Box(v["leader_gender"]), L("年龄"),
             Box(v["leader_age"]), L("职务"), Box(v["leader_post"])),
            tuple(L(column) for column in columns * 2),
            *(tuple(Box(text) for text in (*left, *right)) for left, right in pairs),
            (Box("质量信得过班组简介及活动结果（另附纸）：\n" + (v["team_intro"] or _POINTS), 10),),
        ),
        (
            ("注：1.申报材料要求: ①认真填写申报表、加盖公章，并附班组自我评分表一份。②班组经验总结材料wps文本格式"
            "电子版，字数5000字以内。③推荐市、行业质协依据《山西省质量信得过班组评分细则》提供推荐意见（说明班组水平"
            "真实性、推荐理由，包括班组各项活动记录是否清晰、完整并符合要求等）原件一份。2.注意事项:企业名称（以公章为"
            "准）、班组名称是制作《光荣册》的依据，须用正楷写全称，填写内容简明扼要。"),
        ),
    )  # fmt: skip


_POINTS = (
    "班组成员组成，班组职责，主要工作内容、班组文化和愿景。\n班组基础管理情况。\n"
    "班组成员专业知识、技能培训、工具方法应用能力。\n班组质量改进和创新能力。\n"
    "班组管理特色、业绩及评价结果。\n近三年取得荣誉情况，包括班组集体和个人荣誉。"
)
_TEAM: dict[str, str] = {
    "recommender": "大同", "team_name": "变电检修二班", "member_count": "8", "company": "云冈供用电有限公司",
    "address": "大同市平城区新建南路5号", "postcode": "037008", "dept": "安全质量部", "contact": "梁慧",
    "phone": "0352-5000123", "work_completion_rate": "99.5", "quality_assessment_rate": "98",
    "nonconforming_rate": "0.5%", "accidents_per_year": "0", "complaints_per_year": "1",
    "first_pass_rate": "99", "training_people_hours": "8/96", "improvement_participation_rate": "100",
    "quality_cost": "3.6", "leader_name": "武强", "leader_gender": "男", "leader_age": "42",
    "leader_post": "班长", "team_intro": "班组现有8人，负责全区变电检修，三年来无事故。",
}  # fmt: skip
_TEAM_MEMBERS = (
    ("梁慧", "35", "女", "工程师", "技术员"), ("靳伟", "30", "男", "助工", "检修"),
    ("阎峰", "28", "男", "高级工", "检修"), ("曹洁", "31", "女", "技师", "资料"),
    ("", "", "", "", ""), ("", "", "", "", ""), ("薛涛", "45", "男", "高级技师", "安全员"),
    ("牛佳", "24", "女", "", "检修"),
)  # fmt: skip
_TEAM_OTHER: dict[str, str] = {
    "recommender": "太铁", "seq": "T-07", "team_name": "“红旗”动车组乘务班组", "member_count": "２６名",
    "company": "晋韵客运服务有限责任公司", "address": "太原市迎泽区建设北路 183 号 2 层", "postcode": "030013",
    "dept": "客运营销科", "contact": "郭 婷", "phone": "13900000031", "work_completion_rate": "100％",
    "quality_assessment_rate": "97.85%", "nonconforming_rate": "0", "accidents_per_year": "无",
    "complaints_per_year": "０次", "first_pass_rate": "99.6％", "training_people_hours": "26人/1,040小时",
    "improvement_participation_rate": "92.3 %", "quality_cost": "12,800元", "leader_name": "尉迟 静",
    "leader_gender": "□男 ☑女", "leader_age": "39岁", "leader_post": "列车长", "team_intro": "",
}  # fmt: skip
_TEAM_OTHER_MEMBERS = tuple(
    (name, str(22 + number), "女" if number % 3 else "男", "中级工" if number % 2 else "", "乘务")
    for number, name in enumerate(("张彤", "刘 洋", "冯雪", "高宇", "乔楠", "卫国", "申奥", "景甜甜",
                                   "药师琳", "智勇", "原野", "成 功", "庞博"))
)  # fmt: skip


def enterprise(v: Fill) -> Paper:
    """附件5."""
    return Paper(
        ("附件5：", "山西省质量管理小组活动优秀企业申报表", _head(v)),
        (
            (L("企业名称"), Box(v["company"], 3)),
            (L("通讯地址"), Box(v["address"]), L("邮编"), Box(v["postcode"])),
            (L("联系人"), Box(v["contact"]), L("电话"), Box(v["phone"])),
            (Box(f"企业推荐事迹介绍：\n{v['deeds']}\n{_WIDE}单位盖章：\n{_WIDE}{_DATE}", 4),),
            (Box(f"推荐市、行业意见：\n{v['opinion_recommender']}（公章）\n{_DATE}", 4),),
        ),
        (
            (
                "注：1.材料要求：①认真填写申报表，加盖公章原件一份。②企业开展群众性质量管理活动（含QC小组、质量信得过"
                "班组、合理化建议、5S等）事迹介绍材料Word文本格式电子版，3000字以内。"
            ),
            "2．注意事项：①企业名称（以公章为准）是制作《光荣册》的依据，须用正楷写全称，填写内容简明扼要，准确无误。",
        ),
    )


_ENTERPRISE: dict[str, str] = {
    "recommender": "冶金", "company": "汾河特钢股份有限公司", "address": "太原市杏花岭区府东街66号",
    "postcode": "030009", "contact": "裴红梅", "phone": "0351-3000201",
    "deeds": "公司连续十年开展QC小组活动，累计注册小组860个。", "opinion_recommender": "",
}  # fmt: skip
_ENTERPRISE_OTHER: dict[str, str] = {
    "recommender": "运城市质协", "seq": "2018-5", "company": "河东汽车零部件（运城）有限公司",
    "address": "运城市盐湖区机场大道", "postcode": "044 000", "contact": "卫 东",
    "phone": "０３５９－２０００３３３转８０１", "deeds": "一、领导重视。\n二、普及率达 85%。\n三、成果显著。",
    "opinion_recommender": "同意推荐。\n",
}  # fmt: skip

_PERSON_TITLES = (
    "山西省质量管理小组活动卓越领导者",
    "山西省质量管理小组活动优秀推进者",
    "申   报   表",
)


def person(v: Fill, titles: Sequence[str] = _PERSON_TITLES) -> Paper:
    """附件6; ``titles`` are the lines of the title."""
    return Paper(
        ("附件6：", *titles, _head(v)),
        (
            (L("姓名"), Box(v["name"]), L("性别"), Box(v["gender"]), L("职务"), Box(v["post"])),
            (L("工作单位"), Box(v["company"], 3), L("联系人"), Box(v["contact"])),
            (L("通讯地址"), Box(v["address"], 3), L("电话"), Box(v["phone"])),
            (Box(f"本人主要事迹介绍：\n{v['deeds']}\n", 6),),
            (Box(f"所在单位意见\n{v['opinion_company']}{_SEAL}", 6),),
            (Box(f"推荐市、行业意见\n{v['opinion_recommender']}　　（  公 章 ）\n{_DATE}", 6),),
        ),
        (
            (
                "注：1.申报材料要求: ①认真填写此表，并加盖公章原件一份。②本人作为企事业高层领导/推进者在开展群众性质量"
                "管理活动中的主要事迹材料wps文本格式电子版，字数2000字以内。"
            ),
            " 2.注意事项：①姓名及单位名称是制作《光荣册》的依据，须用正楷填写全称，填写内容简明扼要，准确无误。",
        ),
    )


_PERSON: dict[str, str] = {
    "recommender": "晋中", "name": "侯振华", "gender": "男", "post": "总经理", "company": "榆次液压机械有限公司",
    "contact": "智慧", "address": "晋中市榆次区顺城街9号", "phone": "0354-3000777",
    "deeds": "任职六年，亲自担任质量管理委员会主任。", "opinion_company": "", "opinion_recommender": "",
}  # fmt: skip
_PERSON_OTHER: dict[str, str] = {
    "recommender": "电力", "name": "令狐　雪", "gender": "√女  男", "post": "质量主管、QC推进员",
    "company": "晋能输变电工程有限公司", "contact": "", "address": "太原市小店区并州南路88号（邮编030012）",
    "phone": "0351-3000888/13900000033", "deeds": "1.组织培训 30 期；\n2.辅导小组 45 个。",
    "opinion_company": "情况属实，同意申报。\n", "opinion_recommender": "同意。\n",
}  # fmt: skip


def team_enterprise(v: Fill) -> Paper:
    """附件7."""
    return Paper(
        ("附件7:", "2018年山西省质量信得过班组建设优秀企业", "申 报 表", _head(v, "序号 ")),
        (
            (L("企业名称"), Box(v["company"], 3), L("直接联系人人"), Box(v["contact"])),
            (L("详细通讯地址"), Box(v["address"]), L("邮　编"), Box(v["postcode"]), L("手机"),
             Box(v["mobile"])),
            (Box(f"企业推进事迹介绍：\n{v['deeds']}\n单位盖章\n{'　' * 30}年　　月　　日", 6),),
        ),
        (
            "注：1.申报材料要求：① 认真填写申报表，加盖公章原件一份。② 企业开展质量信得过班组",
            "活动建设事迹介绍材料wps文本格式电子版一份，字数3000字以内。",
            "注意事项：① 企业名称是制作《光荣册》的依据，须用正楷填写全称，不要挂上级部",
            "门(企业名称以公章为准)，填写内容简明扼要，准确无误。② 由各市、行业质协统一收取每个",
        ),
    )  # fmt: skip


_TEAM_ENTERPRISE: dict[str, str] = {
    "recommender": "阳泉", "company": "漾泉阀门有限公司", "contact": "史玉兰", "address": "阳泉市矿区桃北西街20号",
    "postcode": "045000", "mobile": "13900000041", "deeds": "建立了班组建设激励机制，班组覆盖率100%。",
}  # fmt: skip
_TEAM_ENTERPRISE_OTHER: dict[str, str] = {
    "recommender": "卫生", "seq": "3", "company": "晋源康复医院", "contact": "温 馨", "address": "太原市晋源区",
    "postcode": "030025", "mobile": "139-0000-0042", "deeds": "护理班组全部开展活动。\n满意度 99％。",
}  # fmt: skip


def individual(v: Fill) -> Paper:
    """附件8."""
    return Paper(
        ("附件8:", "山西省质量信得过班组建设先进个人", "申 报 表", _head(v, "编号　　", "推荐市、行业 ")),
        (
            (L("姓名"), Box(v["name"]), L("工作单位"), Box(v["company"]), L("岗位"), Box(v["position"])),
            (L("职务"), Box(v["post"]), L("直接联系人"), Box(v["contact"]), L("手机"), Box(v["mobile"])),
            (L("详细通讯地址"), Box(v["address"], 5)),
            (Box(f"本人主要事迹介绍：\n{v['deeds']}\n\n", 6),),
            (Box(f"所在单位意见\n{v['opinion_company']}{_SEAL}", 6),),
            (Box(f"推荐市、行业意见\n{v['opinion_recommender']}　　（  公 章 ）\n{_DATE}", 6),),
        ),
        ("注：1.申报材料要求: ①认真填写此表，并加盖公章原件一份。",),
    )  # fmt: skip


_INDIVIDUAL: dict[str, str] = {
    "recommender": "交通", "name": "米小芳", "company": "晋路高速养护有限公司", "position": "养护班",
    "post": "班组长", "contact": "靳伟", "mobile": "13900000051", "address": "太原市小店区长治路292号",
    "deeds": "参加班组建设五年，带出三个先进班组。", "opinion_company": "", "opinion_recommender": "",
}  # fmt: skip
_INDIVIDUAL_OTHER: dict[str, str] = {
    "recommender": "工会", "seq": "", "name": "司 马 光明", "company": "太行印务有限公司", "position": "印刷 / 质检",
    "post": "", "contact": "米 粒", "mobile": "１３９００００００５２", "address": "长治市城西路",
    "deeds": "一、爱岗敬业。\n二、勇于创新。", "opinion_company": "同意推荐\n", "opinion_recommender": "",
}  # fmt: skip

_STATS_ROWS = (
    ("本年度市、行业召开QC小组成果发表会次数", "次", "meetings_year"),
    ("本年度本市、行业质协组织的培训/交流次数与人数", "次/人", "training_times_people"),
    ("历年来已登记注册QC小组累计数", "万个", "registered_total_qc"),
    ("本年度已登记注册QC小组数", "个", "registered_year_qc"),
    ("本年度QC小组普及率=参加QC小组人数/职工总数×100%", "%", "penetration_rate"),
    ("本年度坚持活动的QC小组数", "个", "active_qc"),
    ("本年度QC小组创可计算的经济价值", "万元", "benefit_year"),
    ("本年度QC小组成果率=取得成果小组数/QC小组注册数×100%", "%", "success_rate_qc"),
    ("本年度企业对QC小组活动经费投入（培训、交流、书籍等费用）", "万元", "spending_qc"),
    ("本年度企业对QC小组活动奖励费用", "万元", "reward_qc"),
    ("本年度QC小组成员提合理化建议数", "条", "suggestions_year"),
    ("具备省级/国家级QC小组活动诊断师数", "人", "diagnosticians"),
    ("本年度推荐质量信得过班组数", "个", "teams_recommended"),
    ("历年推荐质量信得过班组累计数", "个", "teams_total"),
    ("本年度对质量信得过班组活动投入费用（培训、交流、规范化等）", "万元", "spending_team"),
    ("对质量信得过班组奖励费用", "万元", "reward_team"),
)  # fmt: skip
_PAIRS = ("training_times_people", "diagnosticians")
_FORMS = "发表评审     现场评审      与QC小组合开     单位举办     "


def stats(v: Fill, forms: str = _FORMS) -> Paper:
    """附件9; ``forms`` is what stands in the cell of the forms of review."""
    gap = " " * 30
    return Paper(
        (
            "附件9：",
            "质量管理小组/质量信得过班组活动统计表",
            f"（{v.get('period', '2017年6月1日——2018年5月31日')}）",
            f"推荐市、行业: {v['recommender']}{_WIDE}总编号：{v.get('seq', '')}",
        ),
        (
            (L("统 计 项 目"), L("单位"), L("数量")),
            *(
                (L(item), L(unit), Box(v[key] or ("/" if key in _PAIRS else "")))
                for item, unit, key in _STATS_ROWS
            ),
            (L("质量信得过班组评审及交流形式\n在      上打V"), Box(forms, 2)),
            (Box(
                f"QC小组/质量信得过班组工作归口部门：{v['dept']}\n负责人：{v['dept_head']}{gap}联系电话：{v['phone']}\n"
                f"通信地址：{v['address']}\n邮政编码：{v['postcode']}{gap}电子邮箱：{v['email']}", 3),),
        ),
        (
            ("注: (1)本统计表来自企业统计数据资料。(2)各市统计数字，务必扣除省直部门直属企业数。(3)此表请务必于2018年"
            "6月10日前寄送省质量与名牌协会现场管理部（省质监局东楼410室），地址：太原市府西街29号，邮编:030002。"),
        ),
    )  # fmt: skip


_STATS: dict[str, str] = {
    "recommender": "太原市质量协会", "meetings_year": "2", "training_times_people": "6/430",
    "registered_total_qc": "1.25", "registered_year_qc": "860", "penetration_rate": "46.5",
    "active_qc": "790", "benefit_year": "5280", "success_rate_qc": "83", "spending_qc": "126.4",
    "reward_qc": "58", "suggestions_year": "12400", "diagnosticians": "85/6", "teams_recommended": "6",
    "teams_total": "71", "spending_team": "32", "reward_team": "9.5", "dept": "质量协会秘书处",
    "dept_head": "贺建平", "phone": "0351-3000999", "address": "太原市杏花岭区新建路100号",
    "postcode": "030002", "email": "tyzx@taiyuan.example",
}  # fmt: skip
_STATS_OTHER: dict[str, str] = {
    "recommender": "煤炭工业质协", "seq": "15", "meetings_year": "一次", "training_times_people": "12次、1,860人",
    "registered_total_qc": "0.8万个", "registered_year_qc": "１，２０４个", "penetration_rate": "45.30%",
    "active_qc": "1,150", "benefit_year": "12,800.50万元", "success_rate_qc": "95％", "spending_qc": "0",
    "reward_qc": "1.2亿元", "suggestions_year": "3 200条", "diagnosticians": "", "teams_recommended": "无",
    "teams_total": "", "spending_team": "35000元", "reward_team": "", "dept": "科技处",
    "dept_head": "苗 青", "phone": "0351-3000666、13900000061", "address": "太原市并州北路 2 号", "postcode": "",
    "email": "ｍｔｚｘ＠meitan.example",
}  # fmt: skip

# ---- what the values mean ----------------------------------------------------------------

#: values that are not the text itself, by form and by the text that is written there
_MEANS: dict[str, dict[str, Mapping[str, Value | None]]] = {
    "qc_form": {
        "member_count": {"9": 9, "１２人": 12}, "project_type": {"现场型": ["现场"], "攻关": ["攻关"]},
        "postcode": {"０４６１００": "046100"}, "fax": {"/": None}, "contact": {"苗 青": "苗青"},
    },
    "qc_registration": {
        "project_type": {"现场型": ["现场"], "□现场 ■攻关 □管理 □服务 □创新型": ["攻关"]},
        "founded_on": {"2012年3月15日": "2012-03-15", "2016.9.1": "2016-09-01"},
        "leader_gender": {"男": ["男"], "女": ["女"]},
    },
    "team_form": {
        "member_count": {"8": 8, "２６名": 26}, "work_completion_rate": {"99.5": 99.5, "100％": 100},
        "quality_assessment_rate": {"98": 98, "97.85%": 97.85}, "nonconforming_rate": {"0.5%": 0.5, "0": 0},
        "accidents_per_year": {"0": 0, "无": 0}, "complaints_per_year": {"1": 1, "０次": 0},
        "first_pass_rate": {"99": 99, "99.6％": 99.6},
        "training_people_hours": {"8/96": [8, 96], "26人/1,040小时": [26, 1040]},
        "improvement_participation_rate": {"100": 100, "92.3 %": 92.3},
        "quality_cost": {"3.6": 3.6, "12,800元": 1.28}, "leader_gender": {"男": ["男"], "□男 ☑女": ["女"]},
        "leader_age": {"42": 42, "39岁": 39},
    },
    "enterprise_form.qc": {
        "postcode": {"044 000": "044000"},
        "phone": {"０３５９－２０００３３３转８０１": "0359-2000333转801"},
    },
    "person_form.qc": {"gender": {"男": ["男"], "√女  男": ["女"]},
                       "phone": {"0351-3000888/13900000033": "0351-3000888、13900000033"}},
    "enterprise_form.team": {"mobile": {"139-0000-0042": "13900000042"}},
    "person_form.team": {},
    "stats_both": {
        "meetings_year": {"2": 2, "一次": 1},
        "training_times_people": {"6/430": [6, 430], "12次、1,860人": [12, 1860]},
        "registered_total_qc": {"1.25": 1.25, "0.8万个": 0.8},
        "registered_year_qc": {"860": 860, "１，２０４个": 1204},
        "penetration_rate": {"46.5": 46.5, "45.30%": 45.3}, "active_qc": {"790": 790, "1,150": 1150},
        "benefit_year": {"5280": 5280, "12,800.50万元": 12800.5}, "success_rate_qc": {"83": 83, "95％": 95},
        "spending_qc": {"126.4": 126.4, "0": 0}, "reward_qc": {"58": 58, "1.2亿元": 12000},
        "suggestions_year": {"12400": 12400, "3 200条": 3200}, "diagnosticians": {"85/6": [85, 6]},
        "teams_recommended": {"6": 6, "无": 0}, "teams_total": {"71": 71},
        "spending_team": {"32": 32, "35000元": 3.5}, "reward_team": {"9.5": 9.5},
    },
}  # fmt: skip


def _values(kind: str, fill: Fill, **more: Value) -> Values:
    means = _MEANS[kind]
    found: dict[str, Value] = dict(more)
    for key, text in fill.items():
        value = means.get(key, {}).get(text.strip(), text)
        if value not in ("", None):
            found[key] = value  # type: ignore[assignment]
    return found


def _people(rows: Sequence[Sequence[str]], keys: Sequence[str]) -> list[Values]:
    """Rows of members; ages in figures, a gender as an option."""
    ages = {"３８岁": 38, "二十七": 27}
    made: list[Values] = []
    for row in rows:
        entry: dict[str, Value] = {}
        for key, text in zip(keys, row, strict=True):
            if text:
                entry[key] = text
                if key == "age":
                    entry[key] = ages.get(text) or int(text)
                elif key == "gender":
                    entry[key] = [text]
        if entry:
            made.append(entry)
    return made


def _sample(
    kind: str,
    name: str,
    papers: Sequence[Paper],
    values: Values,
    rows: Mapping[str, Sequence[Values]] | None = None,
    *,
    sheet: bool = True,
) -> Sample:
    return Sample(
        campaign=CAMPAIGN, kind=kind, name=name, papers=tuple(papers), values=values, rows=rows or {},
        sheet=sheet,
    )  # fmt: skip


_REG = ("name", "age", "post", "duty")
_TEAM_COLUMNS = ("name", "age", "gender", "job_title", "duty")
_PERIOD = "2017-06-01/2018-05-31"


def samples() -> tuple[Sample, ...]:
    """Every form in two fills, in layouts of applicants, the roll-up, and the texts."""
    return (
        *_forms(),
        *_people_forms(),
        *_statistics(),
        *_changed(),
        *_flat(),
        *_rollups(),
        *_texts(),
    )


def _forms() -> list[Sample]:
    made = []
    for name, fill in (("plain", _QC), ("another company", _QC_OTHER)):
        made.append(_sample("qc_form", name, [qc(fill)], _values("qc_form", fill)))
    for name, fill, members in (
        ("plain", _REGISTERED, _MEMBERS),
        ("another company", _REGISTERED_OTHER, _MEMBERS_OTHER),
    ):
        values = _values("qc_registration", fill)
        rows = {"members": _people(members, _REG)}
        made.append(_sample("qc_registration", name, [registration(fill, members)], values, rows))
    for name, fill, people, slots in (
        ("plain", _TEAM, _TEAM_MEMBERS, 12),
        ("another company, more rows than printed", _TEAM_OTHER, _TEAM_OTHER_MEMBERS, 16),
    ):
        values = _values("team_form", fill)
        rows = {"members": _people(_across(people, slots), _TEAM_COLUMNS)}
        made.append(_sample("team_form", name, [team(fill, people, slots)], values, rows))
    return made


def _across(people: Sequence[Sequence[str]], slots: int) -> list[Sequence[str]]:
    """The members in the order a reader meets them: left and right block row by row."""
    every = [*people, *[("", "", "", "", "")] * (slots - len(people))]
    half = slots // 2
    return [entry for number in range(half) for entry in (every[number], every[half + number])]


def _people_forms() -> list[Sample]:
    made = []
    for name, fill in (("plain", _ENTERPRISE), ("another company", _ENTERPRISE_OTHER)):
        kind = "enterprise_form.qc"
        made.append(_sample(kind, name, [enterprise(fill)], _values(kind, fill)))
    for name, fill in (("plain", _TEAM_ENTERPRISE), ("another company", _TEAM_ENTERPRISE_OTHER)):
        kind = "enterprise_form.team"
        made.append(_sample(kind, name, [team_enterprise(fill)], _values(kind, fill)))
    for name, fill in (("plain", _INDIVIDUAL), ("another company", _INDIVIDUAL_OTHER)):
        kind = "person_form.team"
        made.append(_sample(kind, name, [individual(fill)], _values(kind, fill)))
    leader, promoter, form = _PERSON_TITLES
    for name, fill, titles, award in (
        ("leader, the other title deleted", _PERSON, (leader, form), ["卓越领导者"]),
        ("promoter, in one line", _PERSON_OTHER, (f"{promoter}申报表",), ["优秀推进者"]),
        ("promoter ticked", _PERSON, (leader, f"√{promoter}", form), ["优秀推进者"]),
        (
            "leader, a box filled",
            _PERSON_OTHER,
            (f"{leader}■", f"{promoter}□", form),
            ["卓越领导者"],
        ),
        ("promoter, nothing behind it", _PERSON, (promoter,), ["优秀推进者"]),
        ("neither title marked", _PERSON, _PERSON_TITLES, None),
    ):
        values = dict(_values("person_form.qc", fill))
        if award:
            values["award"] = award
        made.append(_sample("person_form.qc", name, [person(fill, titles)], values))
    return made


def _statistics() -> list[Sample]:
    made = []
    for name, fill, forms, ticked in (
        (
            "plain",
            _STATS,
            "发表评审V     现场评审      与QC小组合开V     单位举办     ",
            ["发表评审", "与QC小组合开"],
        ),
        ("another unit", _STATS_OTHER, "□发表评审 ■现场评审 □与QC小组合开 □单位举办", ["现场评审"]),
        ("no form of review chosen", _STATS, _FORMS, None),
    ):
        values = dict(_values("stats_both", fill, period=_PERIOD))
        if "email" in values:
            values["email"] = str(values["email"])
        if ticked:
            values["review_form"] = ticked
        made.append(_sample("stats_both", name, [stats(fill, forms)], values))
    return made


def _typed_anew(label: str) -> str:
    """Labels as somebody types them who draws the form again."""
    bare = label.replace("\n", "").replace(" ", "")
    return (
        " ".join(bare)
        if len(bare) <= 2
        else f"{bare[: len(bare) // 2]}\n{bare[len(bare) // 2 :]}："
    )


def _changed() -> list[Sample]:
    """Labels typed anew, notes deleted, rows left out, several forms in one file."""
    made = []
    for kind, paper, values, rows in (
        ("qc_form", qc(_QC), _values("qc_form", _QC), {}),
        ("team_form", team(_TEAM, _TEAM_MEMBERS), _values("team_form", _TEAM),
         {"members": _people(_across(_TEAM_MEMBERS, 12), _TEAM_COLUMNS)}),
        ("enterprise_form.qc", enterprise(_ENTERPRISE), _values("enterprise_form.qc", _ENTERPRISE), {}),
        ("enterprise_form.team", team_enterprise(_TEAM_ENTERPRISE),
         _values("enterprise_form.team", _TEAM_ENTERPRISE), {}),
        ("person_form.team", individual(_INDIVIDUAL), _values("person_form.team", _INDIVIDUAL), {}),
    ):  # fmt: skip
        anew = replace(paper.relabelled(_typed_anew), foot=())
        made.append(_sample(kind, "labels typed anew, notes deleted", [anew], values, rows))
    few = registration(_REGISTERED, _MEMBERS[:3], slots=3)
    rows = {"members": _people(_MEMBERS[:3], _REG)}
    made.append(
        _sample(
            "qc_registration", "rows removed", [few], _values("qc_registration", _REGISTERED), rows
        )
    )
    both = [qc(_QC), registration(_REGISTERED, _MEMBERS)]
    rows = {"members": _people(_MEMBERS, _REG)}
    made.append(
        _sample("qc_form", "with the registration in one file", both, _values("qc_form", _QC))
    )
    made.append(
        _sample(
            "qc_registration",
            "behind the form",
            both,
            _values("qc_registration", _REGISTERED),
            rows,
        )
    )
    notice = Paper(_NOTICE)
    values = _values("enterprise_form.team", _TEAM_ENTERPRISE)
    behind = [notice, team_enterprise(_TEAM_ENTERPRISE)]
    made.append(_sample("enterprise_form.team", "behind the notice", behind, values))
    return made


_NOTICE = (
    "山西省质量与名牌协会",
    "晋质协字[2018] 11 号",
    "关于召开质量管理小组活动40周年纪念会议暨2018年度全省优秀质量管理小组成果交流会的通知",
    "各市质监局、总工会、妇联、科协、质协，省直各行业质协：",
    "3.省优秀质量管理小组成果申报表(附件3.1)和注册登记表(附件3.2)。",
    "7.省质量信得过班组建设优秀企业申报表（附件7）。",
)


def _flat() -> list[Sample]:
    """The cells of a form one under the other, as they are copied out of a table."""
    made = []
    for kind, paper, fill in (
        ("qc_form", qc(_QC), _QC),
        ("enterprise_form.qc", enterprise(_ENTERPRISE), _ENTERPRISE),
        ("person_form.team", individual(_INDIVIDUAL), _INDIVIDUAL),
    ):
        lines = [line for row in paper.rows for box in row for line in str(box.text).split("\n")]
        flat = Paper((*paper.head, *[line for line in lines if line.strip()], *paper.foot))
        made.append(_sample(kind, "one cell a line", [flat], _values(kind, fill), sheet=False))
    return made


def _rollups() -> list[Sample]:
    made = []
    for name, fill in rollups():
        values: dict[str, Value] = {**fill.values}
        made.append(_sample("rollup", name, [*rollup(fill)], values, fill.rows()))
    return made


_TEXT = "全年围绕生产难点开展攻关，职工参与踊跃，管理水平不断提高，取得了明显成效。" * 6
_TEAM_POINTS = (
    ("members", "一、班组概况", "班组成员组成合理，现有 8 人，班组愿景是零缺陷。"),
    ("management", "二、班组基础管理", "班前会、点检表和交接班记录齐全。"),
    ("skills", "三、专业知识与技能培训", "全年组织技能培训 12 次，人人会用排列图。"),
    ("improvement", "四、质量改进和创新能力", "完成改进提案 36 条。"),
    ("results", "五、管理特色与业绩", "连续三年评价为优秀。"),
    ("honours", "六、荣誉", "近三年获公司先进班组。"),
)


def _texts() -> list[Sample]:
    made = []
    for kind, title, file in (
        ("qc_report", "QC小组成果报告", "材料"),
        ("qc_report", "", "北辰QC小组成果报告"),
        ("summary_qc", "QC小组活动年度工作总结", "材料"),
        ("summary_qc", "", "太原市2018年QC小组活动年度工作总结"),
        ("deeds_text.qc_enterprise", "企业开展群众性质量管理活动事迹介绍材料", "材料"),
        ("deeds_text.qc_enterprise", "", "汾河特钢优秀企业事迹材料"),
        ("deeds_text.qc_person", "质量管理小组活动卓越领导者主要事迹材料", "材料"),
        ("deeds_text.qc_person", "", "侯振华优秀推进者事迹材料"),
        ("deeds_text.team_enterprise", "质量信得过班组建设优秀企业事迹介绍材料", "材料"),
        ("deeds_text.team_enterprise", "", "漾泉阀门信得过班组建设优秀企业事迹材料"),
        ("deeds_text.team_person", "质量信得过班组建设先进个人事迹材料", "材料"),
        ("deeds_text.team_person", "", "米小芳先进个人事迹"),
        ("team_self_score", "山西省质量信得过班组自我评分表", "材料"),
        ("recommender_opinion", "", "变电检修二班推荐意见"),
        ("participant_list", "参会代表名单", "材料"),
    ):
        lines = (title, "晋阳重型轧机有限公司", _TEXT) if title else ("晋阳重型轧机有限公司", _TEXT)
        made.append(
            Sample(
                campaign=CAMPAIGN, kind=kind, name="titled" if title else "known by its file's name",
                papers=(Paper(lines),), sheet=False, file=file,
            )
        )  # fmt: skip
    every = frozenset(key for key, _, _ in _TEAM_POINTS)
    for name, left_out in (("six points", ""), ("one point left out", "improvement")):
        lines = tuple(line for key, *pair in _TEAM_POINTS if key != left_out for line in pair)
        made.append(
            Sample(
                campaign=CAMPAIGN, kind="team_text", name=name, sheet=False, sections=every - {left_out},
                papers=(Paper(("班组经验总结材料", "变电检修二班", *lines)),),
            )
        )  # fmt: skip
    return made


__all__ = ["CAMPAIGN", "Content", "RollupFill", "samples"]
