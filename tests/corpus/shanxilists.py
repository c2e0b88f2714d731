"""The Shanxi roll-up 附件10: nine lists under eight headings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from papers import Box, L, Paper

from corpus.sample import Value, Values

_TICKS = ("现场", "攻关", "管理", "服务", "创新")
_HEADINGS = {
    "groups": "一、全省优秀质量管理小组成果",
    "teams": "二、全省质量信得过班组",
    "qc_enterprises": "三、全省质量管理小组活动优秀企业",
    "leaders": "四、全省质量管理小组活动卓越领导者",
    "promoters": "五、全省质量管理小组活动优秀推进者",
    "individuals": "六、全省质量信得过班组建设先进个人",
    "presenters": "七、上会发表小组、班组名单",
    "reviewers": "八、本市、行业成果交流会上的评委名单",
}
_COLUMNS = {
    "groups": {"seq": "序号", "company": "单位名称\n（以公章为准）", "group_name": "小组名称",
               "project_title": "课题名称", "leader_name": "组长", "members": "成员名单"},
    "teams": {"seq": "序号", "company": "单位名称\n（以公章为准）", "team_name": "班组名称",
              "team_leader": "班组长", "members": "成员名单"},
    "qc_enterprises": {"seq": "序号", "company": "企业名称", "contact": "联系人", "phone": "联系电话"},
    "leaders": {"name": "姓名", "company": "所在单位名称", "post": "职务", "contact": "联系人",
                "phone": "联系电话"},
    "promoters": {"name": "姓名", "company": "所在单位名称", "post": "职务或职称", "contact": "联系人",
                  "phone": "联系电话"},
    "individuals": {"name": "姓 名", "position_post": "岗位/职务", "company": "企　业　名　称",
                    "contact": "联系人", "phone": "联系电话"},
    "team_presenters": {"seq": "编号", "company": "单位名称", "team_name": "质量信得过班组",
                        "project_title": "发表题目", "presenter": "发表人"},
    "reviewers": {"seq": "序号", "name": "姓名", "work_unit": "工作单位",
                  "certificate_no": "国家、省级QCC诊断师证书编号", "phone": "联系电话"},
}  # fmt: skip
#: empty rows printed
_SLOTS = {"groups": 10, "teams": 5, "qc_enterprises": 1, "leaders": 1, "promoters": 2,
          "individuals": 2, "presenters": 3, "team_presenters": 1, "reviewers": 3}  # fmt: skip
_TOTALS = {"groups": "小组人数总计", "teams": "班组人数总计"}
#: where the columns of the teams begin under those of the groups that present
_TEAM_SPANS = (1, 1, 1, 6, 1)


@dataclass(frozen=True, kw_only=True)
class RollupFill:
    """What a unit writes: text by list, row and column, and what it means where it differs."""

    texts: Mapping[str, Sequence[Mapping[str, str]]]
    means: Mapping[str, Value] = field(default_factory=dict)  #: written text -> its value
    head: str = "太原"
    serial: str = ""
    foot: str = ""
    preparer: str = ""
    phone: str = ""
    totals: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Value] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()  #: lists deleted together with their headings
    title: str = "推荐汇总表"
    exact: bool = False  #: no empty rows left over

    def rows(self) -> dict[str, list[Values]]:
        """The values of all lists."""
        return {
            key: [
                {column: self.means.get(text, text) for column, text in row.items() if text}
                for row in rows
            ]
            for key, rows in self.texts.items()
        }


def rollup(fill: RollupFill) -> list[Paper]:
    """附件10, a paper a section."""
    papers = []
    for key, heading in _HEADINGS.items():
        if key in fill.left_out:
            continue
        rows = _presenters(fill) if key == "presenters" else _list(fill, key)
        papers.append(Paper((heading,), tuple(rows)))
    gap = " " * 15
    papers[0] = replace(
        papers[0],
        head=(
            "附件10：                                                       [申报材料打印格式]",
            fill.title,
            f"推荐市、行业 {fill.head}{' ' * 50}编号：{fill.serial}",
            *papers[0].head,
        ),
    )
    papers[-1] = replace(
        papers[-1],
        foot=(
            f"推荐市、行业：{fill.foot}",
            f"填表人：{fill.preparer}{gap}电话：{fill.phone}{gap}{gap}推荐单位章",
            "年   月   日",
            (
                "注：1. 此表为推荐单位的正式汇总材料，为制作《光荣册》和证书的依据，要求用wps文本格式正确打印后,加盖公章，"
                "与附件3、4、5、6、7、8一并报省质量与名牌协会现场管理部；并将此表发电子邮件至省质量与名牌协会现场管理工作部，"
                "邮箱：sxaq001@126.com。"
            ),
            "2.企业名称、小组名称、班组名称、课题名称等均须写全称。",
            "3.推荐名额按附件2填报。",
            "5.申报截止日期：2018年6月10日。",
        ),
    )
    return papers


def _filled(fill: RollupFill, key: str) -> list[Mapping[str, str]]:
    rows = list(fill.texts.get(key, ()))
    empty = 0 if fill.exact and rows else _SLOTS[key] - len(rows)
    return [*rows, *[{} for _ in range(empty)]]


def _list(fill: RollupFill, key: str) -> list[tuple[Box, ...]]:
    columns = _COLUMNS[key]
    made = [tuple(L(label) for label in columns.values())]
    made += [tuple(Box(row.get(column, "")) for column in columns) for row in _filled(fill, key)]
    if key in _TOTALS:
        made.append((L(_TOTALS[key], 2), Box(fill.totals.get(key, ""), len(columns) - 2)))
    return made


def _presenters(fill: RollupFill) -> list[tuple[Box, ...]]:
    """Tick columns under one heading; the teams go on in the same table."""
    made: list[tuple[Box, ...]] = [
        (L("编号", 1, 2), L("QC小组名称\n（前面写全单位名称）", 1, 2), L("发表成果课题", 1, 2),
         L("课题类型", 5), L("经济效益\n（万元）", 1, 2), L("发表人", 1, 2)),
        tuple(L(option) for option in _TICKS),
    ]  # fmt: skip
    for row in _filled(fill, "presenters"):
        ticks = [Box("√" if option == row.get("project_type") else "") for option in _TICKS]
        made.append(
            (Box(row.get("seq", "")), Box(row.get("group_name", "")), Box(row.get("project_title", "")),
             *ticks, Box(row.get("benefit", "")), Box(row.get("presenter", "")))
        )  # fmt: skip
    columns = _COLUMNS["team_presenters"]
    spans = _TEAM_SPANS
    made.append(tuple(L(label, n) for label, n in zip(columns.values(), spans, strict=True)))
    made += [
        tuple(Box(row.get(column, ""), n) for column, n in zip(columns, spans, strict=True))
        for row in _filled(fill, "team_presenters")
    ]
    return made


_FULL = RollupFill(
    texts={
        "groups": [
            {"seq": "1", "company": "晋阳重型轧机有限公司", "group_name": "北辰QC小组",
             "project_title": "降低轧机主轴承烧损次数", "leader_name": "任晓东",
             "members": "贺建平、常丽、郝志国、段小雷"},
            {"seq": "2", "company": "并州仪表有限公司", "group_name": "毫厘QC小组",
             "project_title": "提高压力变送器一次校验合格率", "leader_name": "田野", "members": "柴静、庞博、申奥"},
        ],
        "teams": [
            {"seq": "1", "company": "晋韵客运服务有限责任公司", "team_name": "“红旗”动车组乘务班组",
             "team_leader": "尉迟静", "members": "张彤、刘洋、冯雪"},
        ],
        "qc_enterprises": [
            {"seq": "1", "company": "汾河特钢股份有限公司", "contact": "裴红梅", "phone": "0351-3000201"},
        ],
        "leaders": [
            {"name": "侯振华", "company": "榆次液压机械有限公司", "post": "总经理", "contact": "智慧",
             "phone": "0354-3000777"},
        ],
        "promoters": [
            {"name": "令狐雪", "company": "晋能输变电工程有限公司", "post": "质量主管", "contact": "智勇",
             "phone": "13900000033"},
            {"name": "乔楠", "company": "并州仪表有限公司", "post": "工程师", "contact": "柴静",
             "phone": "13900000034"},
        ],
        "individuals": [
            {"name": "米小芳", "position_post": "养护班/班长", "company": "晋路高速养护有限公司",
             "contact": "靳伟", "phone": "13900000051"},
        ],
        "presenters": [
            {"seq": "1", "group_name": "晋阳重型轧机有限公司北辰QC小组", "project_title": "降低轧机主轴承烧损次数",
             "project_type": "现场", "benefit": "126.5", "presenter": "常丽"},
            {"seq": "2", "group_name": "并州仪表有限公司毫厘QC小组", "project_title": "提高一次校验合格率",
             "project_type": "攻关", "benefit": "38", "presenter": "庞博"},
        ],
        "team_presenters": [
            {"seq": "1", "company": "晋韵客运服务有限责任公司", "team_name": "“红旗”动车组乘务班组",
             "project_title": "用心服务每一程", "presenter": "冯雪"},
        ],
        "reviewers": [
            {"seq": "1", "name": "郭婷", "work_unit": "太原市质量协会", "certificate_no": "SXQCC2016-018",
             "phone": "13900000071"},
            {"seq": "2", "name": "梁慧", "work_unit": "并州仪表有限公司", "certificate_no": "国QCC-0455",
             "phone": "13900000072"},
        ],
    },
    means={
        "贺建平、常丽、郝志国、段小雷": ["贺建平", "常丽", "郝志国", "段小雷"],
        "柴静、庞博、申奥": ["柴静", "庞博", "申奥"], "张彤、刘洋、冯雪": ["张彤", "刘洋", "冯雪"],
        "现场": ["现场"], "攻关": ["攻关"], "126.5": 126.5, "38": 38,
    },
    foot="太原", preparer="贺建平", phone="0351-3000999", totals={"groups": "9", "teams": "4"},
    values={"recommender": "太原", "recommender_foot": "太原", "preparer": "贺建平",
            "preparer_phone": "0351-3000999", "group_members_total": 9, "team_members_total": 4},
)  # fmt: skip
_OTHER = RollupFill(
    head="煤炭工业质协", serial="15", preparer="苗 青", phone="13900000061",
    totals={"groups": "３６人"},
    texts={
        "groups": [
            {"seq": f"{n}", "company": f"潞河煤业集团第{n}矿", "group_name": f"奋进{n}号QC小组",
             "project_title": f"提高{n}号工作面开机率", "leader_name": "王　磊", "members": "李娜 张 三 欧阳文博"}
            for n in range(1, 13)
        ],
        "promoters": [
            {"name": "苗 青", "company": "潞河煤业集团股份有限公司", "post": "", "contact": "李娜",
             "phone": "0355-6000000"},
        ],
        "presenters": [
            {"seq": "1", "group_name": "潞河煤业集团第1矿奋进1号QC小组", "project_title": "提高1号工作面开机率",
             "project_type": "管理", "benefit": "1,280.5", "presenter": "李 娜"},
        ],
        "reviewers": [
            {"seq": "1", "name": "卫 国", "work_unit": "潞河煤业集团", "certificate_no": "", "phone": "13900000073"},
        ],
    },
    means={
        "李娜 张 三 欧阳文博": ["李娜", "张三", "欧阳文博"], "管理": ["管理"], "1,280.5": 1280.5,
    },
    values={"recommender": "煤炭工业质协", "seq": "15", "preparer": "苗青",
            "preparer_phone": "13900000061", "group_members_total": 36},
)  # fmt: skip
_SHORT = replace(
    _FULL,
    texts={key: _FULL.texts[key] for key in ("groups", "promoters", "reviewers")},
    left_out=("teams", "qc_enterprises", "leaders", "individuals", "presenters"),
    exact=True,
    totals={},
    values={k: v for k, v in _FULL.values.items() if not k.endswith("_total")},
)


def rollups() -> list[tuple[str, RollupFill]]:
    """The roll-up in several fills."""
    return [
        ("plain", _FULL),
        ("another unit, more rows than printed", _OTHER),
        ("sections deleted", _SHORT),
        ("the unit's name in the title", replace(_SHORT, title="大同市2018年推荐汇总表")),
    ]
