"""The national forms of 2024 as the notice prints them, cell by cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from papers import Box, Content, L, Paper

Filled = Mapping[str, Content]

CATEGORIES = ("品牌战略", "品牌体系", "品牌传播", "风险防范", "方法途径", "品牌文化")
BRANDS = ("产品", "企业", "团队", "个人")
POINTS = (
    "1. 班组成员组成，班组职责，主要工作内容、班组文化和愿景。",
    "2. 班组基础管理情况。",
    "3. 班组成员专业知识、技能培训、工具方法应用能力。",
    "4. 班组质量改进和创新能力。",
    "5. 班组管理特色、业绩及评价结果。",
    "6. 班组创建目标达成情况。",
    "7. 近三年取得荣誉情况，包括班组集体和个人荣誉等。",
)
RESULT_NOTES = (
    "注：1. 成果表填写一份，企业名称与公章一致。",
    "2. 附成果材料于7月30日前发至邮箱 zjzx4950@sina.com。电话：010-68570536",
)


def boxes(options: Sequence[str], ticked: str, full: str = "☑", empty: str = "□") -> str:
    """Options with a box before each, those in ``ticked`` (parted by 、) marked."""
    return " ".join(f"{full if o in ticked.split('、') else empty} {o}" for o in options)


def qc(v: Filled) -> Paper:
    """附件一."""
    return Paper(
        ("附件一：", "全国机械工业优秀质量管理小组成果表"),
        (
            (L("QC小组名称"), Box(v["group_name"], 5)),
            (L("课题名称"), Box(v["project_title"], 5)),
            (L("企业名称"), Box(v["company"], 3), L("成果类型"), Box(v["project_type"])),
            (L("详细通讯地址"), Box(v["address"], 3), L("邮 编"), Box(v["postcode"])),
            (L("小组联系部门"), Box(v["dept"]), L("联 系 人"), Box(v["contact"]), L("手 机"), Box(v["mobile"])),
            (L("小组活动指导者"), Box(v["instructor"]), L("联系电话"), Box(v["instructor_phone"]),
             L("小组人数"), Box(v["member_count"])),
            (Box(f"小组简介及主要活动过程与效果：\n{v['group_intro']}", 6),),
            (L("单位盖章 年 月 日", 6),),
        ),
        RESULT_NOTES,
    )  # fmt: skip


def team(v: Filled, *, points: bool = True) -> Paper:
    """附件二; the seven points stand in the cell of the long text, the stamp at its end."""
    intro = ["质量信得过班组简介及创建活动结果（另附材料）：", *(POINTS if points else ())]
    intro += [str(v["team_intro"])] if v["team_intro"] else []
    return Paper(
        ("附件二：", "全国机械工业优秀质量信得过班组成果表"),
        (
            (L("质量信得过\n班组名称"), Box(v["team_name"], 5)),
            (L("企业名称"), Box(v["company"], 5)),
            (L("详细通讯地址"), Box(v["address"], 3), L("邮编"), Box(v["postcode"])),
            (L("联系部门"), Box(v["dept"]), L("电话"), Box(v["phone"]), L("传真"), Box(v["fax"])),
            (L("联系人"), Box(v["contact"]), L("手机"), Box(v["mobile"]), L("邮箱"), Box(v["email"])),
            (L("班组长"), Box(v["team_leader"]), L("班组人数"), Box(v["member_count"]),
             L("班组类型"), Box(v["team_type"])),
            (L("班组工作完成\n率 %"), Box(v["work_completion_rate"]),
             L("产品 / 服务\n一次合格率 %"), Box(v["first_pass_rate"]),
             L("年顾客投诉\n数"), Box(v["complaints_per_year"])),
            (L("年质量、安全\n事故数"), Box(v["accidents_per_year"]),
             L("成员参与改\n进活动率 %"), Box(v["improvement_participation_rate"]),
             L("年培训人数、\n时长"), Box(v["training_people_hours"])),
            (Box("\n".join([*intro, "单位盖章 年 月 日"]), 6),),
        ),
        RESULT_NOTES,
    )  # fmt: skip


def rollup(
    rows: Sequence[Filled], *, reviewers: str = "", preparer: str = "_____", phone: str = "_____"
) -> Paper:
    """附件三 with its three header rows of nine cells, the last of them nameless."""
    keys = ("postcode", "company", "group_name", "grade", "project_title_short",
            "member_count", "contact", "phone")  # fmt: skip
    head = "* 以下 2 项为制作证书依据\n务必填写正确并用 word 版本"
    return Paper(
        ("附件三:", "全国机械工业优秀信得过班组 优秀QC小组成果 推荐汇总表",
         "*** (此表为参加交流大会的成果填报, 不参加的成果不填)**"),
        (
            (L("* 邮编"), L("* 单位名称"), L(f"地区或集团、单位评委:{reviewers}", 7)),
            (L(""), L(""), L(head), L("企业推荐\n等级 1、2"), L("课题名称\n(简写)"),
             L("小组\n人数"), L("联系人"), L("联系电话"), L("")),
            (L("序"), L("单位名称"), L("QC 小组\n(信组) 名称"), *(L("") for _ in range(6))),
            *((*(Box(row.get(key, "")) for key in keys), Box()) for row in rows),
        ),
        (f"填表人: {preparer} 联系电话: {phone}", *ROLLUP_NOTES),
    )  # fmt: skip


ROLLUP_NOTES = (
    "- 注: 1、此表按各“成果表”汇总; 邮编必填以便排序;",
    "- 2、信组和 QC 成果分别汇总;",
    "- 3、成果须经评审后择优推荐, 比例为一等 50%;",
    "- 4、请于 7 月 30 日前发至邮箱 zjzx4950@sina.com",
)


def mended_rollup(
    rows: Sequence[Filled], title: str, *lines: str, preparer: str = "", phone: str = ""
) -> Paper:
    """附件三 as companies set it right: a column each, the remark over the two it means."""
    keys = ("seq", "postcode", "company", "group_name", "grade", "project_title_short",
            "member_count", "contact", "phone")  # fmt: skip
    head = "* 以下2项为制作证书依据务必填写正确并用word版本"
    return Paper(
        ("附件三:", title, *lines),
        (
            (L("序", 1, 2), L("* 邮编", 1, 2), L(head, 2), L("企业推荐等级1、2", 1, 2),
             L("课题名称（简写）", 1, 2), L("小组人数", 1, 2), L("联系人", 1, 2), L("联系电话", 1, 2)),
            (L("* 单位名称"), L("QC小组（信组）名称")),
            *(tuple(Box(row.get(key, "")) for key in keys) for row in rows),
        ),
        (f"填表人：{preparer}　　联系电话：{phone}",),
    )  # fmt: skip


def story(v: Filled) -> Paper:
    """附件四."""
    return Paper(
        ("附件四：", "质量文化品牌故事推荐表"),
        (
            (L("故事名称"), Box(v["story_title"], 3)),
            (L("推荐单位", 1, 4), Box(f"单位名称：{v['company']}", 3)),
            (Box(f"地址及邮编：{v['address_postcode']}", 3),),
            (Box(f"联系人姓名：{v['contact']}"), Box(f"手机：{v['mobile']}", 2)),
            (Box(f"部门职务：{v['contact_dept_post']}"), Box(f"邮箱：{v['email']}", 2)),
            (L("内容类别"), Box(v["content_category"]), L("品牌类型"), Box(v["brand_type"])),
            (L("故事主要\n特色简介\n200 字以内"), Box(v["story_intro"], 3)),
            (L("拟参会演讲\n填写本栏", 1, 2), Box(f"演讲人：{v['speaker']}"),
             Box(f"性别：{v['speaker_gender']}"), Box(f"部门职务：{v['speaker_dept_post']}")),
            (Box(f"手 机：{v['speaker_mobile']}"), Box(f"邮 箱：{v['speaker_email']}"),
             Box(f"微 信：{v['speaker_wechat']}")),
            (L("推荐部门意见（签字）", 2), L("推荐单位盖章：", 2)),
            (L("年 月 日", 2), L("年 月 日", 2)),
        ),
        ("注：1、此表附故事内容电子版，请于7月30日前发邮箱：3532360176@qq.com",
         "2、联系电话：010-68570536。"),
    )  # fmt: skip


_RATE = "本年度普及率 = 参加活动人数(含信组、QC、合理化建议等质量改进活动) / 职工总数 × 100%"
_SPENDING = "本年度对活动经费的投入\n(培训、交流、书籍、规范化等)"


def stats(v: Filled) -> Paper:
    """附件六: items over three columns, a unit for both of its rows."""
    rows: list[tuple[Box, ...]] = [(L("统计项目", 3), L("单位"), L("数量"), L("备注"))]

    def single(item: str, unit: str, key: str) -> None:
        rows.append((L(item, 3), L(unit), Box(v[key]), Box()))

    def pair(item: str, unit: str, key: str, names: tuple[str, str], wide: int = 2) -> None:
        team_name, qc_name = (L(name, wide) for name in names)
        rows.append((L(item, 3 - wide, 2), team_name, L(unit, 1, 2), Box(v[f"{key}_team"]), Box()))
        rows.append((qc_name, Box(v[f"{key}_qc"]), Box()))

    pair("历年来已登记注册累计数", "个", "registered_total", ("信得过班组", "QC小组"))
    pair("本年度已登记注册数", "个", "registered_year", ("信得过班组", "QC小组"))
    single(_RATE, "%", "penetration_rate")
    pair("本年度坚持活动的小组数", "个", "active", ("信组", "QC"))
    single("历年来累计QC、信组可创计算的经济效益", "万元", "benefit_total")
    single("本年度QC、信组可创计算的经济效益", "万元", "benefit_year")
    rows.append((L("本年度\n成果率", 1, 2), L("信组"), L("取得成果小组数 / 信得过班组注册数 × 100%"),
                 L("%", 1, 2), Box(v["success_rate_team"]), Box()))  # fmt: skip
    rows.append(
        (L("QC"), L("取得成果小组数 / QC小组注册数 × 100%"), Box(v["success_rate_qc"]), Box())
    )
    pair(_SPENDING, "万元", "spending", ("信组", "QC"), 1)
    pair("本年度企业对活动奖励费用", "万元", "reward", ("信组", "QC"), 1)
    single("省、市质协、集团公司、企业组织的培训交流次数与人数", "个", "training_times_people")
    rows += [
        (Box(f"本年度QC小组活动主要特点与建议：{v['remarks']}", 6),),
        (Box(f"群众性质量管理活动管理部门：{v['dept']}", 3), Box(f"联系人：{v['dept_contact']}", 3)),
        (Box(f"联系方式：手机 {v['mobile']}", 2), Box(f"传真 {v['fax']}", 2), Box(f"邮箱或QQ {v['email_or_qq']}", 2)),
        (Box(f"通信地址、邮编：{v['address_postcode']}", 6),),
    ]  # fmt: skip
    return Paper(
        ("附件六：", "全国机械工业群众性质量管理活动概况统计表 (2023年7月~2024年6月)",
         f"填报单位：{v['company']}", f"联系人：{v['contact']}", f"电话：{v['phone']}"),
        tuple(rows),
        ("注：本统计表务于7月30日前，同工作总结、各项材料一并发至邮箱 zjzx4950@sina.com",
         "电话：010-68570536"),
    )  # fmt: skip


SUMMARY_HEADS = (
    "要求：认真总结一年来群众性质量管理活动的推进经验和具体做法，特色突出、数据详实。主要包括：",
)


def summary(company: str, *lines: str, title: str = "群众性质量管理活动工作总结") -> Paper:
    """附件五 with the applicant's own text."""
    return Paper(("附件五：", title, f"单位：{company}", *lines))
