"""The Henan forms of 2020, filled by several units; how they are printed: :mod:`henan_papers`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from papers import Box, Content, L, Paper

from corpus.henan_papers import (
    GROUP_REVIEWERS,
    GROUP_REVIEWS,
    GROUPS,
    POINTS,
    QC_TITLE,
    TEAM_REVIEWERS,
    TEAM_REVIEWS,
    TEAMS,
    Rows,
    listing,
    qc,
    review_rollup,
    rollup,
    slots,
    stats_qc,
    stats_team,
    team,
    total,
)
from corpus.henan_texts import NOTICE, texts
from corpus.sample import Sample, Value

CAMPAIGN = "henan-2020"
Cells = Mapping[str, Content]
Means = Mapping[str, Value]

QC_PLAIN: dict[str, Content] = {
    "recommender": "信阳市工业和信息化局", "seq": "", "company": "淮河精密机械有限公司",
    "group_name": "淮河浪花QC小组", "project_title": "降低主轴箱噪声不合格率",
    "project_type": "☑ 问题解决型 □ 创新型", "address": "信阳市浉河区工区路 66 号",
    "postcode": "464000", "dept": "质量管理部", "contact": "李建国", "mobile": "13900000031",
    "group_intro": "小组成立于2018年，共8人。\n噪声不合格率由 6.2% 降至 1.1%。",
}  # fmt: skip
EIGHT = ("李建国", "王丽", "赵铁柱", "孙晓梅", "周涛", "吴秀英", "郑凯", "冯雪")
QC_OTHER: dict[str, Content] = {
    "recommender": "省装备制造业协会", "seq": "７", "company": "豫南起重设备（集团）股份有限公司",
    "group_name": "“金点子” QC 小组", "project_title": "研制一种桥式起重机快速换绳装置",
    "project_type": "问题解决型□ 创新型√", "address": "信阳市平桥区平安大道中段", "postcode": "４６４１００",
    "dept": "技术中心", "contact": "司 马 亮", "mobile": "139 0000 0032", "group_intro": "本课题历时10个月。",
}  # fmt: skip
QC_OTHER_MEANS: dict[str, Value] = {
    "postcode": "464100", "mobile": "13900000032", "project_type": ("创新型",),
    "contact": "司马亮", "seq": "7",
}  # fmt: skip

TEAM_PLAIN: dict[str, Content] = {
    "recommender": "信阳市工业和信息化局", "seq": "2", "team_name": "装配一班",
    "company": "淮河精密机械有限公司", "address": "信阳市浉河区工区路 66 号", "postcode": "464000",
    "dept": "质量管理部", "contact": "李建国", "mobile": "13900000031", "phone": "0376-6560001",
    "team_leader": "赵铁柱", "member_count": "14", "work_completion_rate": "100",
    "quality_assessment_rate": "98.6", "nonconforming_rate": "0.8%", "accidents_per_year": "0",
    "complaints_per_year": "0", "first_pass_rate": "99.2", "training_people_hours": "14/56",
    "improvement_participation_rate": "92.9", "quality_cost": "12.5",
    "team_intro": "班组成立于2010年，负责主轴箱总装。",
}  # fmt: skip
TEAM_PLAIN_MEANS: dict[str, Value] = {
    "member_count": 14, "work_completion_rate": 100, "quality_assessment_rate": 98.6,
    "nonconforming_rate": 0.8, "accidents_per_year": 0, "complaints_per_year": 0,
    "first_pass_rate": 99.2, "training_people_hours": (14, 56),
    "improvement_participation_rate": 92.9, "quality_cost": 12.5,
}  # fmt: skip
TEAM_OTHER: dict[str, Content] = {
    **TEAM_PLAIN, "recommender": "河南油田", "seq": "", "team_name": "“钢铁玫瑰”化验班",
    "company": "豫南起重设备（集团）股份有限公司", "postcode": "４６４１００", "dept": "企业管理部",
    "contact": "陈 静", "mobile": "139-0000-0033", "phone": "（0376）6560002转8015",
    "team_leader": "欧阳春", "member_count": "１２人", "work_completion_rate": "100％",
    "quality_assessment_rate": "99.50%", "nonconforming_rate": "0", "accidents_per_year": "无",
    "complaints_per_year": "0次", "first_pass_rate": "99.8％", "training_people_hours": "12人/96小时",
    "improvement_participation_rate": "百分之九十五", "quality_cost": "38,000元", "team_intro": "",
}  # fmt: skip
TEAM_OTHER_MEANS: dict[str, Value] = {
    "postcode": "464100", "contact": "陈静", "mobile": "13900000033", "phone": "(0376)6560002转8015",
    "member_count": 12, "work_completion_rate": 100, "quality_assessment_rate": 99.5,
    "nonconforming_rate": 0, "accidents_per_year": 0, "complaints_per_year": 0,
    "first_pass_rate": 99.8, "training_people_hours": (12, 96),
    "improvement_participation_rate": 95, "quality_cost": 3.8,
}  # fmt: skip

STATS_QC_PLAIN: dict[str, Content] = {
    "recommender": "信阳市工业和信息化局", "registered_total_qc": "0.32", "registered_year_qc": "0.0215",
    "penetration_rate": "41.5", "active_qc": "0.0198", "benefit_total": "56800", "benefit_year": "4120",
    "success_rate_qc": "92.3", "spending_qc": "86", "reward_qc": "64.5",
    "exchange_held": "☑ 是 □ 否", "exchange_entered_qc": "42", "exchange_shown_qc": "20",
    "exchange_date": "2020年5月20日", "exchange_place": "信阳市羊山新区会议中心", "exchange_people": "160",
    "dept": "科技装备科 王丽", "contact": "王丽", "mobile": "13900000034",
    "email": "wangli@xinyang.example", "address": "信阳市羊山新区新七大道", "postcode": "464000",
}  # fmt: skip
STATS_QC_PLAIN_MEANS: dict[str, Value] = {
    "period": "2019-06/2020-06", "registered_total_qc": 0.32, "registered_year_qc": 0.0215,
    "penetration_rate": 41.5, "active_qc": 0.0198, "benefit_total": 56800, "benefit_year": 4120,
    "success_rate_qc": 92.3, "spending_qc": 86, "reward_qc": 64.5, "exchange_held": ("是",),
    "exchange_entered_qc": 42, "exchange_shown_qc": 20, "exchange_date": "2020-05-20",
    "exchange_people": 160,
}  # fmt: skip
STATS_QC_OTHER: dict[str, Content] = {
    **STATS_QC_PLAIN, "recommender": "省装备制造业协会", "registered_total_qc": "1.25万个",
    "registered_year_qc": "860个", "penetration_rate": "63.20％", "active_qc": "０.08",
    "benefit_total": "1,280,000.50", "benefit_year": "3亿元", "success_rate_qc": "88.5%",
    "spending_qc": "120万元", "reward_qc": "无", "exchange_held": "□是 √否", "exchange_entered_qc": "",
    "exchange_shown_qc": "", "exchange_date": "", "exchange_place": "", "exchange_people": "",
    "dept": "", "mobile": "139 0000 0035",
}  # fmt: skip
STATS_QC_OTHER_MEANS: dict[str, Value] = {
    "period": "2019-06/2020-06", "registered_total_qc": 1.25, "registered_year_qc": 0.086,
    "penetration_rate": 63.2, "active_qc": 0.08, "benefit_total": 1280000.5, "benefit_year": 30000,
    "success_rate_qc": 88.5, "spending_qc": 120, "reward_qc": 0, "exchange_held": ("否",),
    "mobile": "13900000035",
}  # fmt: skip

STATS_TEAM_PLAIN: dict[str, Content] = {
    "recommender": "信阳市工业和信息化局", "team_companies_year": "18", "teams_year": "64",
    "teams_total": "310", "team_staff_year": "1280", "teams_recommended": "2", "spending_team": "22.5",
    "reward_team": "9", "remarks": "覆盖面扩大，一线班组参与热情高。",
    "review_form": "交流评审 □ 现场评审 ☑ 与 QC 小组合开 ☑ 单独举办 □", "exchange_held": "☑ 是 □ 否",
    "exchange_entered_team": "12", "exchange_shown_team": "8", "exchange_date": "2020年5月21日",
    "exchange_place": "信阳市羊山新区会议中心", "exchange_people": "95", "dept": "科技装备科 王丽",
    "contact": "王丽", "mobile": "13900000034", "email": "wangli@xinyang.example",
    "address": "信阳市羊山新区新七大道", "postcode": "464000",
}  # fmt: skip
STATS_TEAM_PLAIN_MEANS: dict[str, Value] = {
    "period": "2019-06/2020-06", "team_companies_year": 18, "teams_year": 64, "teams_total": 310,
    "team_staff_year": 1280, "teams_recommended": 2, "spending_team": 22.5, "reward_team": 9,
    "review_form": ("现场评审", "与 QC 小组合开"), "exchange_held": ("是",),
    "exchange_entered_team": 12, "exchange_shown_team": 8, "exchange_date": "2020-05-21",
    "exchange_people": 95,
}  # fmt: skip
STATS_TEAM_OTHER: dict[str, Content] = {
    **STATS_TEAM_PLAIN, "recommender": "中原油田", "team_companies_year": "6个", "teams_year": "１２０",
    "teams_total": "1,024个", "team_staff_year": "3,600人次", "teams_recommended": "5个",
    "spending_team": "150000元", "reward_team": "6.05万元", "remarks": "",
    "review_form": "交流评审 √ 现场评审 □ 与 QC 小组合开 □ 单独举办 □", "exchange_held": "是□ 否☑",
    "exchange_entered_team": "", "exchange_shown_team": "", "exchange_date": "", "exchange_place": "",
    "exchange_people": "", "email": "tqm@zhongyuan.example", "postcode": "457001",
}  # fmt: skip
STATS_TEAM_OTHER_MEANS: dict[str, Value] = {
    "period": "2019-06/2020-06", "team_companies_year": 6, "teams_year": 120, "teams_total": 1024,
    "team_staff_year": 3600, "teams_recommended": 5, "spending_team": 15, "reward_team": 6.05,
    "review_form": ("交流评审",), "exchange_held": ("否",),
}  # fmt: skip


def samples() -> tuple[Sample, ...]:
    """Every form in the plain fill, in another company's and in another layout; the texts."""
    return (*_qc(), *_team(), *_stats(), *_rollups(), *_reviews(), *_together(), *texts(CAMPAIGN))


def _sample(
    kind: str, name: str, papers: Paper | tuple[Paper, ...], values: Means | Cells, **more: object
) -> Sample:
    kept = {key: value for key, value in values.items() if value not in ("", None, ())}
    papers = (papers,) if isinstance(papers, Paper) else papers
    return Sample(campaign=CAMPAIGN, kind=kind, name=name, papers=papers, values=kept, **more)  # type: ignore[arg-type]


def _numbered(names: tuple[str, ...], count: int = 10, mark: str = " ") -> Rows:
    cells = [f"{n + 1}{mark}{names[n]}" if n < len(names) else str(n + 1) for n in range(count)]
    return slots(*cells)


def _typed_anew(label: str) -> str:
    """Labels as they look once somebody has redrawn the form."""
    changed = {
        "邮编": "邮 政 编 码",
        "手机": "手 机\n号 码",
        "课题类型": "课 题\n类 型：",
        "电 话": "电话：",
    }
    return changed.get(label) or (label.replace("(", "（").replace(")", "）") if "公章" in label else f"{label}：")  # fmt: skip


def _qc() -> list[Sample]:
    plain = {**QC_PLAIN, "project_type": ("问题解决型",), "members": EIGHT}
    other = {
        **QC_OTHER,
        **QC_OTHER_MEANS,
        "members": ("司马亮", "马超", "钱多", "林 森".replace(" ", "")),
    }
    beside = ((L("小组成员名单", 1, 2), *(Box(n) for n in EIGHT[:4])),
              tuple(Box(n) for n in EIGHT[4:]))  # fmt: skip
    twelve = tuple(f"{a}{b}" for a in "李王赵" for b in ("小军", "志强", "海燕", "明"))
    redrawn = qc({**QC_PLAIN, "project_type": "问题解决型"}, beside, notes=())
    one_cell = ((L("小组成员名单"), Box("、".join(EIGHT), 4)),)
    flat = (
        QC_TITLE, f"推荐单位（公章）：{QC_PLAIN['recommender']}", f"企业名称 (公章为准)：{QC_PLAIN['company']}",
        f"QC 小组名称：{QC_PLAIN['group_name']}", f"课题名称：{QC_PLAIN['project_title']}",
        "课题类型：☑问题解决型 □创新型", f"详细通信地址：{QC_PLAIN['address']} 邮编：464000",
        "小组联系部门：质量管理部 直接联系人：李建国 手机：13900000031",
        f"小组成员名单：{'、'.join(EIGHT)}", f"QC 小组简介和主要活动过程及效果：\n{QC_PLAIN['group_intro']}",
    )  # fmt: skip
    return [
        _sample("qc_form", "plain", qc(QC_PLAIN, _numbered(EIGHT)), plain),
        _sample("qc_form", "another company, four names in the place of the numbers",
                qc(QC_OTHER, slots("司 马 亮", "马超", "钱多", "林 森", *map(str, range(5, 11)))), other),
        _sample("qc_form", "redrawn, no notes, names beside their label",
                redrawn.relabelled(_typed_anew), plain),
        _sample("qc_form", "a cell for the mobile",
                qc(QC_PLAIN, slots(*(f"{n}、{m}" for n, m in enumerate(EIGHT, 1)), "9、", "10、", wide=6),
                   mobile_cell=True), plain),
        _sample("qc_form", "twelve members", qc(QC_PLAIN, slots(*(f"{n}.{m}" for n, m in enumerate(twelve, 1)), "", "", "")),
                {**plain, "members": twelve}),
        _sample("qc_form", "all members in one cell, nobody recommends",
                qc({**QC_PLAIN, "recommender": ""}, one_cell), {**plain, "recommender": ""}),
        _sample("qc_form", "nobody named", qc({**QC_PLAIN, "contact": "", "mobile": ""}, _numbered(())),
                {**plain, "members": (), "contact": "", "mobile": ""}),
        _sample("qc_form", "lines without a table", Paper(flat), plain, sheet=False),
    ]  # fmt: skip


def _team() -> list[Sample]:
    plain = {**TEAM_PLAIN, **TEAM_PLAIN_MEANS}
    other = {**TEAM_OTHER, **TEAM_OTHER_MEANS}
    redrawn = team(TEAM_PLAIN, notes=(), points=()).relabelled(
        lambda label: label.replace("%", "（%）").replace("年质量、安全", "年质量、\n安全")
    )
    narrow = team(TEAM_OTHER, points=POINTS[:3])
    return [
        _sample("team_form", "plain", team(TEAM_PLAIN), plain),
        _sample("team_form", "another company", team(TEAM_OTHER), other),
        _sample("team_form", "redrawn, without points and notes", redrawn, plain),
        _sample("team_form", "some points deleted", narrow.boxes(
            lambda b: replace(b, text=str(b.text).replace("详细通讯地址", "通 信 地 址"))), other),
    ]  # fmt: skip


def _drawn_together(row: tuple[Box, ...]) -> tuple[Box, ...]:
    """The row with its last value written into the cell of its label."""
    if len(row) < 6 or not str(row[-2].text).endswith("数"):
        return row
    return *row[:-2], Box(f"{row[-2].text}：{row[-1].text}", 2)


def _stats() -> list[Sample]:
    qc_plain = {**STATS_QC_PLAIN, **STATS_QC_PLAIN_MEANS}
    qc_other = {**STATS_QC_OTHER, **STATS_QC_OTHER_MEANS}
    team_plain = {**STATS_TEAM_PLAIN, **STATS_TEAM_PLAIN_MEANS}
    team_other = {**STATS_TEAM_OTHER, **STATS_TEAM_OTHER_MEANS}
    short = stats_qc(STATS_QC_PLAIN, notes=()).relabelled(
        lambda label: label.partition("=")[0].partition("（")[0].replace("QC 小组", "QC小组")
    )
    printed = stats_qc(STATS_QC_PLAIN)
    inline = replace(printed, rows=tuple(_drawn_together(row) for row in printed.rows))
    return [
        _sample("stats_qc", "plain", stats_qc(STATS_QC_PLAIN), qc_plain),
        _sample("stats_qc", "another unit", stats_qc(STATS_QC_OTHER), qc_other),
        _sample("stats_qc", "short items, no notes", short, qc_plain),
        _sample("stats_qc", "the last values in their label's cell", inline, qc_plain),
        _sample("stats_team", "plain", stats_team(STATS_TEAM_PLAIN), team_plain),
        _sample("stats_team", "another unit", stats_team(STATS_TEAM_OTHER), team_other),
        _sample("stats_team", "a cell for each value", stats_team(STATS_TEAM_PLAIN, split=True), team_plain),
        _sample("stats_team", "a cell for each value, another unit",
                stats_team(STATS_TEAM_OTHER, split=True), team_other),
    ]  # fmt: skip


HEAD = {"recommender": "信阳市工业和信息化局", "preparer": "王丽", "preparer_phone": "0376-6560009"}
_SECTIONS = {
    "groups": ("一、河南省质量管理小组推荐汇总", GROUPS),
    "group_reviewers": ("二、河南省质量管理小组评委名单", GROUP_REVIEWERS),
    "teams": ("三、河南省质量信得过班组推荐汇总", TEAMS),
    "team_reviewers": ("四、河南省质量信得过班组评委名单", TEAM_REVIEWERS),
    "group_reviews": ("一、质量管理小组成果评审汇总表", GROUP_REVIEWS),
    "team_reviews": ("二、质量信得过班组材料评审汇总表", TEAM_REVIEWS),
}
_GROUP_ROWS: list[tuple[dict[str, Content], dict[str, Value]]] = [
    ({"seq": "1", "company": "淮河精密机械有限公司", "group_name": "淮河浪花QC小组",
      "members": "李建国、王丽、赵铁柱、孙晓梅", "project_type": "问题解决型", "union_members": "4",
      "women": "2", "youth": "1"},
     {"members": ("李建国", "王丽", "赵铁柱", "孙晓梅"), "project_type": ("问题解决型",),
      "union_members": 4, "women": 2, "youth": 1}),
    ({"seq": "2", "company": "豫南起重设备（集团）股份有限公司", "group_name": "“金点子” QC 小组",
      "members": "司马亮 马超 钱多", "project_type": "创新", "union_members": "３人", "women": "无",
      "youth": "2"},
     {"members": ("司马亮", "马超", "钱多"), "project_type": ("创新型",), "union_members": 3,
      "women": 0, "youth": 2}),
]  # fmt: skip
_REVIEWER_ROWS: list[tuple[dict[str, Content], dict[str, Value]]] = [
    ({"seq": "1", "name": "张 敏", "work_unit": "信阳市质量协会", "certificate_no": "QCPW-2019-0031",
      "mobile": "13900000041"}, {"name": "张敏"}),
    ({"seq": "2", "name": "刘长河", "work_unit": "淮河精密机械有限公司", "certificate_no": "豫QC 2018056",
      "mobile": "139 0000 0042"}, {"mobile": "13900000042"}),
]  # fmt: skip
_TEAM_ROWS: list[tuple[dict[str, Content], dict[str, Value]]] = [
    ({"seq": "1", "company": "淮河精密机械有限公司", "team_name": "装配一班", "member_count": "14",
      "union_members": "14", "women": "3", "youth": "6"},
     {"member_count": 14, "union_members": 14, "women": 3, "youth": 6}),
    ({"seq": "2", "company": "豫南起重设备（集团）股份有限公司", "team_name": "“钢铁玫瑰”化验班",
      "member_count": "12人", "union_members": "12", "women": "12", "youth": "0"},
     {"member_count": 12, "union_members": 12, "women": 12, "youth": 0}),
]  # fmt: skip
_GROUP_REVIEWS: list[tuple[dict[str, Content], dict[str, Value]]] = [
    ({"seq": "1", "group_name": "淮河精密机械有限公司/淮河浪花QC小组",
      "evaluation": "优势：数据翔实，对策具体。\n不足：要因确认的依据不够充分。", "score": "88.5"}, {"score": 88.5}),
    ({"seq": "2", "group_name": "豫南起重设备（集团）股份有限公司/“金点子” QC 小组",
      "evaluation": "选题新颖。", "score": "91分"}, {"score": 91}),
]  # fmt: skip
_TEAM_REVIEWS: list[tuple[dict[str, Content], dict[str, Value]]] = [
    ({"seq": "1", "team_name": "淮河精密机械有限公司/装配一班", "evaluation": "符合标准，特色鲜明。",
      "score_rank": "92/1", "reviewers": "张敏、刘长河"}, {"reviewers": ("张敏", "刘长河")}),
]  # fmt: skip
Pairs = list[tuple[dict[str, Content], dict[str, Value]]]


def _part(key: str, pairs: Pairs, *, columns: dict[str, str] | None = None) -> tuple[str, Rows]:
    heading, printed = _SECTIONS[key]
    return heading, listing(columns or printed, [row for row, _ in pairs])


def _means(pairs: Pairs, keys: Mapping[str, str] | None = None) -> list[dict[str, Value]]:
    rows = [{**row, **means} for row, means in pairs]
    return [{k: v for k, v in row.items() if v != "" and (not keys or k in keys)} for row in rows]  # type: ignore[misc]


def _rollups() -> list[Sample]:
    parts = [_part("groups", _GROUP_ROWS), _part("group_reviewers", _REVIEWER_ROWS),
             _part("teams", _TEAM_ROWS), _part("team_reviewers", _REVIEWER_ROWS)]  # fmt: skip
    parts[2] = (parts[2][0], (*parts[2][1], total("总计 26")))
    rows = {"groups": _means(_GROUP_ROWS), "group_reviewers": _means(_REVIEWER_ROWS),
            "teams": _means(_TEAM_ROWS), "team_reviewers": _means(_REVIEWER_ROWS)}  # fmt: skip
    head = {**HEAD, "team_members_total": 26}
    thirty: Pairs = [
        ({**_GROUP_ROWS[0][0], "seq": str(n), "group_name": f"创新{n}号QC小组"}, _GROUP_ROWS[0][1])
        for n in range(1, 31)
    ]
    empty = ("三、河南省质量信得过班组推荐汇总", (*listing(TEAMS, [{}]), total("总计")))
    none = ("四、河南省质量信得过班组评委名单", listing(TEAM_REVIEWERS, [{}]))
    without = {key: label for key, label in GROUPS.items() if key != "seq"}
    anew = {
        **without,
        "company": "单位名称",
        "union_members": "工会会员数（人）",
        "women": "女性数",
        "youth": "青年数",
    }
    return [
        _sample("rollup", "plain", rollup(HEAD, parts), head, rows=rows, file="推荐表"),
        _sample("rollup", "thirty groups, no teams",
                rollup(HEAD, [_part("groups", thirty), _part("group_reviewers", _REVIEWER_ROWS), empty, none]),
                HEAD, rows={"groups": _means(thirty), "group_reviewers": _means(_REVIEWER_ROWS)}),
        _sample("rollup", "one section with its own columns, the others deleted",
                rollup(HEAD, [_part("groups", _GROUP_ROWS, columns=anew)]), HEAD,
                rows={"groups": _means(_GROUP_ROWS, without)}),
        _sample("rollup", "the total in front of the row",
                rollup(HEAD, [(_SECTIONS["teams"][0], (*listing(TEAMS, [r for r, _ in _TEAM_ROWS]),
                       (Box("总计", 3), Box("26"), Box("26"), Box("15"), Box("6"))))]), head,
                rows={"teams": _means(_TEAM_ROWS)}),
    ]  # fmt: skip


def _reviews() -> list[Sample]:
    parts = [_part("group_reviews", _GROUP_REVIEWS), _part("team_reviews", _TEAM_REVIEWS)]
    rows = {"group_reviews": _means(_GROUP_REVIEWS), "team_reviews": _means(_TEAM_REVIEWS)}
    teams = [_part("team_reviews", _TEAM_REVIEWS * 3)]
    anew = {**GROUP_REVIEWS, "evaluation": "成果评价", "group_name": "企业/\n小组名称"}
    return [
        _sample("review_rollup", "plain", review_rollup(HEAD, parts), HEAD, rows=rows),
        _sample("review_rollup", "teams only", review_rollup(HEAD, teams), HEAD,
                rows={"team_reviews": _means(_TEAM_REVIEWS * 3)}),
        _sample("review_rollup", "columns renamed",
                review_rollup(HEAD, [_part("group_reviews", _GROUP_REVIEWS, columns=anew)]), HEAD,
                rows={"group_reviews": _means(_GROUP_REVIEWS)}),
    ]  # fmt: skip


def _together() -> list[Sample]:
    """Several forms in one file, and a form behind the notice."""
    papers = (qc(QC_PLAIN, _numbered(EIGHT)), team(TEAM_PLAIN))
    sheets = (stats_qc(STATS_QC_PLAIN), stats_team(STATS_TEAM_PLAIN))
    group = {**QC_PLAIN, "project_type": ("问题解决型",), "members": EIGHT}
    crew = {**TEAM_PLAIN, **TEAM_PLAIN_MEANS}
    return [
        _sample("qc_form", "with the team's form behind it", papers, group),
        _sample("team_form", "behind the group's form", papers, crew),
        _sample("stats_qc", "with the teams' behind it", sheets, {**STATS_QC_PLAIN, **STATS_QC_PLAIN_MEANS}),
        _sample("stats_team", "behind the groups'", sheets, {**STATS_TEAM_PLAIN, **STATS_TEAM_PLAIN_MEANS}),
        _sample("team_form", "behind the notice and a blank form",
                (NOTICE, qc(dict.fromkeys(QC_PLAIN, "") | {"project_type": "□ 问题解决型 □ 创新型"}, _numbered(())),
                 team(TEAM_PLAIN)), crew, sheet=False),
    ]  # fmt: skip
