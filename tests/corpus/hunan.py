"""The Hunan forms of 2026, filled by several companies."""

from __future__ import annotations

from applicants import COLUMNS, ROW, expected, qc, rollup, stats, story, summary, team
from papers import Content, Paper

from corpus.sample import Sample, Value

CAMPAIGN = "hunan-2026"

_OTHERS: dict[str, dict[str, str]] = {
    "qc_form": {
        "group_name": "攻坚 QC 小组", "project_title": "缩短转向架总成装配周期",
        "company": "衡阳电机有限责任公司", "project_type": "现场型",
        "address": "衡阳市雁峰区蒸湘南路 210 号", "postcode": "421007", "dept": "工艺技术部",
        "contact": "欧阳敏", "mobile": "13900000017", "instructor": "",
        "instructor_phone": "", "group_intro": "小组于2021年成立，成员均为一线职工。\n装配周期由 9 天缩短到 6 天。",
    },
    "team_form": {
        "team_name": "“金锤”锻造二班", "company": "株洲市轨道装备股份有限公司",
        "address": "株洲市石峰区田心大道 1 号", "postcode": "412001", "dept": "安全质量环保部",
        "phone": "（0731）28880000-8012", "fax": "0731-28880001", "contact": "司马文",
        "mobile": "139 0000 0018", "email": "sima_wen@zhuzhou.example", "team_leader": "何大勇",
        "team_type": "", "team_intro": "1. 班组成员 8 人。\n2. 基础管理规范。\n3. 人人会用直方图。",
    },
    "story_form": {
        "story_title": "0.01毫米的较量", "company": "益阳精密轴承有限公司",
        "address_postcode": "益阳市赫山区龙光桥街道 5 号 413000", "contact": "文静",
        "mobile": "13900000019", "contact_dept_post": "党群工作部 干事", "email": "wenjing@yiyang.example",
        "story_intro": "两代检验员用一把千分尺守住质量底线。", "speaker": "",
        "speaker_dept_post": "", "speaker_mobile": "", "speaker_email": "", "speaker_wechat": "",
    },
    "stats_both": {
        "company": "衡阳电机有限责任公司", "contact": "欧阳敏", "phone": "0734-8880000",
        "remarks": "", "dept": "质量部", "dept_contact": "欧阳敏", "mobile": "13900000017",
        "fax": "0734-8880001", "address_postcode": "衡阳市雁峰区蒸湘南路 210 号，421007",
        "email_or_qq": "800012345",
    },
}  # fmt: skip

#: written in the cell, and what it says
_WRITTEN: dict[str, dict[str, tuple[str, Value]]] = {
    "qc_form": {"member_count": ("8人", 8)},
    "team_form": {
        "member_count": ("八", 8), "work_completion_rate": ("100％", 100),
        "first_pass_rate": ("99.85%", 99.85), "complaints_per_year": ("无", 0),
        "accidents_per_year": ("0起", 0), "improvement_participation_rate": ("92.5", 92.5),
        "training_people_hours": ("8人/64小时", (8, 64)),
    },
    "story_form": {
        "content_category": ("品牌战略、方法途径", ("品牌战略", "方法途径")),
        "brand_type": ("产品", ("产品",)), "speaker_gender": ("", ()),
    },
    "stats_both": {
        "registered_total_team": ("1,204", 1204), "registered_total_qc": ("3，560个", 3560),
        "registered_year_team": ("60", 60), "registered_year_qc": ("201", 201),
        "penetration_rate": ("45.30%", 45.3), "active_team": ("58", 58), "active_qc": ("199", 199),
        "benefit_total": ("12,800.50", 12800.5), "benefit_year": ("980万元", 980),
        "success_rate_team": ("95％", 95), "success_rate_qc": ("88", 88),
        "spending_team": ("0", 0), "spending_qc": ("3.05", 3.05), "reward_team": ("0", 0),
        "reward_qc": ("1.2万元", 1.2), "training_times_people": ("12次/880人", (12, 880)),
    },
}  # fmt: skip

_PAPERS = {"qc_form": qc, "team_form": team, "story_form": story, "stats_both": stats}

_POINTS = (
    ("members", "一、班组概况", "班组成员组成合理，现有 12 人，班组愿景是零缺陷。"),
    ("management", "二、班组基础管理", "班前会、点检表和交接班记录齐全。"),
    ("skills", "三、专业知识与技能培训", "全年组织技能培训 12 次，人人会用排列图。"),
    ("improvement", "四、质量改进和创新能力", "完成改进提案 36 条。"),
    ("results", "五、管理特色与业绩", "连续三年评价为优秀。"),
    ("goals", "六、创建目标达成情况", "一次合格率提高 1.2 个百分点。"),
    ("honours", "七、荣誉", "近三年获公司先进班组。"),
)


def samples() -> tuple[Sample, ...]:
    """Every form in the plain fill and in another, the lists, and the texts."""
    return (*_forms(), *_rollups(), *_texts())


def _forms() -> list[Sample]:
    made = []
    for kind, paper in _PAPERS.items():
        head: dict[str, Value] = {}
        if kind == "stats_both":
            head = {"period": "2025-07/2026-07"}
        plain = {k: v for k, v in expected(kind).items() if k != "period"}
        made.append(_sample(kind, "plain", paper(), {**plain, **head}))
        written = {key: text for key, (text, _) in _WRITTEN[kind].items()}
        means = {key: value for key, (_, value) in _WRITTEN[kind].items()}
        other = _OTHERS[kind]
        values = {**other, **means, **head}
        made.append(_sample(kind, "another company", paper(**other, **written), values))
    return made


def _rollups() -> list[Sample]:
    rows: list[dict[str, Content]] = [
        {
            "seq": n, "group_name": f"奋进{n}组", "member_count": 6 + n % 7, "grade": 1 + n % 2,
            "contact": "周志远", "phone": f"139000001{n:02}", "project_title_short": f"降低{n}号线废品率",
        }
        for n in range(1, 26)
    ]  # fmt: skip
    made = []
    for name, count in (("one row", 1), ("25 rows", 25)):
        wanted = [_row({**ROW, **row}) for row in rows[:count]]
        values = {"preparer": "周志远", "preparer_phone": "13900000001"}
        made.append(
            Sample(
                campaign=CAMPAIGN, kind="rollup", name=name, papers=(rollup(*rows[:count]),),
                values=values, rows={"results": wanted}, file="汇总表",
            )
        )  # fmt: skip
    return made


def _row(row: dict[str, Content]) -> dict[str, Value]:
    means: dict[str, Value] = {key: str(row[key]) for key in COLUMNS if row[key] != ""}
    return {**means, "grade": (str(row["grade"]),), "member_count": int(row["member_count"])}


def _texts() -> list[Sample]:
    story_lines = (
        "质量文化品牌故事",
        "一颗螺栓的坚守",
        "车间里灯火通明，班长又一次拧紧了螺栓。" * 8,
    )
    points = tuple(line for _, *lines in _POINTS for line in lines)
    without = tuple(line for key, *lines in _POINTS if key != "goals" for line in lines)
    title = "质量信得过班组简介及创建活动结果"
    every = frozenset(key for key, _, _ in _POINTS)
    return [
        Sample(
            campaign=CAMPAIGN, kind="team_text", name="seven points",
            papers=(Paper((title, "冲压一班", *points)),), sections=every, sheet=False,
            file="冲压一班创建材料",
        ),
        Sample(
            campaign=CAMPAIGN, kind="team_text", name="one point left out",
            papers=(Paper((title, *without)),), sections=every - {"goals"}, sheet=False,
        ),
        Sample(
            campaign=CAMPAIGN, kind="summary_both", name="short",
            papers=(summary(),), values={"company": "湘江重工装备有限公司"}, sheet=False,
            sections=frozenset(
                ("basics", "overall", "publication", "practice", "measures", "standards", "deeds",
                 "problems", "difficulties", "direction", "support")
            ),
        ),
        Sample(
            campaign=CAMPAIGN, kind="story_text", name="a page", papers=(Paper(story_lines),),
            sheet=False, file="品牌故事",
        ),
    ]  # fmt: skip


def _sample(kind: str, name: str, paper: Paper, values: dict[str, object]) -> Sample:
    kept = {key: value for key, value in values.items() if value not in ("", None, ())}
    return Sample(campaign=CAMPAIGN, kind=kind, name=name, papers=(paper,), values=kept)  # type: ignore[arg-type]
