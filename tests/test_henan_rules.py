"""The shipped henan-2020 campaign: its rules, severities and clauses on whole bundles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo

import pytest
from corpus import henan
from corpus.drawing import word
from corpus.henan_papers import stats_qc
from desk import Desk, decisions, findings
from letters import letter
from scenarios.henan import bundle
from scenarios.henan.bundle import CONTACT, REVIEWS, ROLLUP, STATS_QC, STATS_TEAM, Crew, Group

from mailbot.catalogue import shipped_campaigns
from mailbot.outcome import Outcome

HENAN = shipped_campaigns()["henan-2020"]
BEIJING = ZoneInfo("Asia/Shanghai")
PROVINCE, CITY = "henanshengzlxh@163.com", "gxj6358080@163.com"

#: The rules of the notice, numbered as in our list of them; R16 is quota.unknown_region,
#: which every quota table brings with it.
NUMBERS = tuple(f"R{number}" for number in range(1, 42))


@pytest.mark.parametrize("number", NUMBERS)
def test_no_rule_of_the_notice_is_dropped(number: str) -> None:
    """A rule, a document, a quota, a deadline, or a note on what is left to a person."""
    numbers = {rule.id for rule in HENAN.rules} | {demand.rule for demand in HENAN.demands}
    numbers |= {quota.rule for quota in HENAN.quotas} | {note.rule for note in HENAN.staff_notes}
    numbers |= {deadline.rule for tier in HENAN.tiers for deadline in tier.deadlines}

    assert number in numbers


def test_each_tier_cites_its_own_notice() -> None:
    """The city signs for itself and has no number; the province has all."""
    city, province = HENAN.as_of("city"), HENAN.as_of("province")

    assert (city.signature, city.number, city.contact.phone) == (
        "信阳市工业和信息化局",
        "",
        "6365518",
    )
    assert city.title.startswith("关于组织推荐")
    assert (province.signature, province.number) == ("河南省质量协会", "豫质协字〔2020〕12号")
    assert province.title == HENAN.title


def sent(
    files: Mapping[str, bytes], *, to: str = PROVINCE, text: str = CONTACT, day: int = 8
) -> Outcome:
    """What comes of one mail."""
    when = datetime(2020, 7, day, 9, 0, tzinfo=BEIJING)
    raw = letter(files, arrived=when, text=text, to=to, sender="gxj@xinyang.example")
    return Desk().take(raw, when)


def bundled(
    group: Group | None = None, crew: Crew | None = None, **instead: bytes | None
) -> Outcome:
    """A bundle in order but for these values; papers by the number of their annex."""
    names = {"a4": bundle.SUMMARY_QC, "a5": STATS_QC, "a7": bundle.SUMMARY_TEAM, "a8": STATS_TEAM,
             "a9": ROLLUP, "a10": REVIEWS}  # fmt: skip
    files = bundle.papers((group or Group(),), (crew or Crew(),))
    for annex, content in instead.items():
        files.pop(names[annex])
        if content is not None:
            files[names[annex]] = content
    return sent(bundle.packed(files))


@cache
def _in_order() -> Outcome:
    return bundled()


def told(outcome: Outcome, rule: str) -> list[tuple[str, str]]:
    """Severity and code of what a rule has found."""
    return [(f.severity.value, f.code) for f in findings(outcome) if f.rule == rule]


def test_a_whole_bundle_is_accepted() -> None:
    """What remains is a tick list for staff."""
    outcome = _in_order()

    assert decisions(outcome) == {"淮河浪花QC小组": "accepted", "装配一班": "accepted"}
    assert {f.severity.value for f in findings(outcome)} == {"warn"}
    assert {f.rule for f in findings(outcome)} == {"R3", "R8", "R17", "R18", "R32", "R36"}


WITHOUT_PART_THREE = bundle.text(
    "附件 4", "2020 年质量管理小组活动总结", f"推荐单位（公章） {bundle.UNIT}", "一、基本情况",
    *["全市整体情况良好，交流会如期召开，推进经验和做法有特色，措施见效，宣贯活动准则，突出事迹不断。"] * 80,
)  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "severity", "code", "faulty"),
    [
        ("R9", "ask", "document.missing", {"a4": None}),
        ("R9", "ask", "document.missing", {"a5": None}),
        ("R9", "ask", "document.missing", {"a7": None}),
        ("R9", "ask", "document.missing", {"a8": None}),
        ("R9", "ask", "document.missing", {"a9": None}),
        ("R9", "ask", "document.missing", {"a10": None}),
        ("R9", "ask", "field.empty", {"a5": bundle.statistics_qc(active_qc="")}),
        ("R11", "ask", "text.too_long", {"crew": Crew(text=("班组职责",) * 1300)}),
        ("R12", "ask", "text.too_short", {"a4": bundle.summary_qc(filler=60)}),
        ("R12", "ask", "text.too_short", {"a7": bundle.summary_team(filler=60)}),
        ("R13", "ask", "text.too_long", {"group": Group(review={"evaluation": "好" * 301})}),
        ("R19", "human", "eligibility.accident", {"crew": Crew(form={"accidents_per_year": "1"})}),
        ("R20", "ask", "field.empty", {"group": Group(form={"dept": ""})}),
        ("R20", "ask", "field.choice", {"group": Group(form={"project_type": "管理型"})}),
        ("R20", "ask", "field.invalid", {"crew": Crew(form={"first_pass_rate": "101"})}),
        ("R21", "warn", "name.superior", {"group": Group(company="河南机械集团有限公司信阳轴承有限公司")}),
        ("R22", "ask", "name.mismatch", {"group": Group(row={"company": "淮河精密机械公司"})}),
        ("R23", "ask", "name.mismatch", {"group": Group(row={"group_name": "淮河浪潮QC小组"})}),
        ("R24", "warn", "rollup.mismatch", {"group": Group(row={"members": "李建国、王丽"})}),
        ("R25", "ask", "rollup.mismatch", {"crew": Crew(row={"member_count": 15})}),
        ("R26", "warn", "rollup.mismatch", {"crew": Crew(row={"women": 15})}),
        ("R26", "warn", "rollup.mismatch", {"group": Group(row={"youth": 5})}),
        ("R27", "warn", "rollup.total", {"a9": bundle.lists((Group(),), (Crew(),), total=15)}),
        ("R28", "ask", "rollup.mismatch", {"group": Group(row={"project_type": "创新型"})}),
        ("R29", "warn", "statistics.implausible", {"a8": bundle.statistics_team(2)}),
        ("R30", "warn", "statistics.implausible", {"a5": bundle.statistics_qc(benefit_year="56801")}),
        ("R30", "warn", "statistics.implausible", {"a5": bundle.statistics_qc(success_rate_qc="101")}),
        ("R30", "warn", "statistics.implausible", {"a8": bundle.statistics_team(1, teams_year="311")}),
        ("R30", "warn", "field.empty", {"a8": bundle.statistics_team(1, exchange_place="")}),
        ("R31", "warn", "statistics.implausible",
         {"a5": bundle.statistics_qc(registered_total_qc="215")}),
        ("R38", "warn", "text.outline", {"a4": WITHOUT_PART_THREE}),
    ],
)  # fmt: skip
def test_a_rule_of_the_province_violated_and_kept(
    rule: str, severity: str, code: str, faulty: Mapping[str, object]
) -> None:
    """The bundle in order does not raise it; its own fault does, with a clause."""
    outcome = bundled(**faulty)  # type: ignore[arg-type]

    assert (severity, code) not in told(_in_order(), rule)
    assert (severity, code) in told(outcome, rule)
    assert all(f.clause for f in findings(outcome) if f.rule == rule)


def test_r40_another_period_is_for_staff() -> None:
    """2019 年 6 月至 2020 年 6 月 is what both tables print."""
    paper = stats_qc({**henan.STATS_QC_PLAIN, "recommender": bundle.UNIT})
    head = tuple(line.replace("2020 年 6 月", "2020 年 5 月") for line in paper.head)
    old = word([replace(paper, head=head)])

    assert told(bundled(a5=old), "R40") == [("warn", "statistics.period")]
    assert told(_in_order(), "R40") == []


@pytest.mark.parametrize(
    ("limit", "long"), [(300, False), (301, True)], ids=["fits", "one too many"]
)
def test_r13_three_hundred_characters(limit: int, long: bool) -> None:
    """限 300 字: the number itself is within."""
    outcome = bundled(Group(review={"evaluation": "好" * limit}))

    assert (("ask", "text.too_long") in told(outcome, "R13")) is long


@pytest.mark.parametrize(
    ("files", "text", "rules"),
    [
        (1, CONTACT, []),
        (1, "材料见附件。", ["R5"]),
        (1, "联系人：王丽", ["R5"]),
        (2, CONTACT, ["R6"]),
    ],
)
def test_r5_and_r6_the_mail_itself(files: int, text: str, rules: Sequence[str]) -> None:
    """Contact and phone in the text; one file."""
    packed = bundle.packed(bundle.papers())
    more = {f"补充说明{n}.docx": bundle.text("补充说明") for n in range(files - 1)}
    outcome = sent({**packed, **more}, text=text)

    assert [f.rule for f in findings(outcome) if f.rule in ("R5", "R6")] == rules


def test_the_city_asks_for_no_papers_of_a_unit() -> None:
    """R9, R5 and R6 are the province's; R4 the city's."""
    outcome = sent(Group().files(), to=CITY, text="见附件", day=3)

    assert decisions(outcome) == {"淮河浪花QC小组": "accepted"}
    assert {"R4"} <= {f.rule for f in findings(outcome)}
    assert not {"R3", "R5", "R6", "R9", "R41"} & {f.rule for f in findings(outcome)}


@pytest.mark.parametrize(("groups", "severity"), [(12, None), (13, "info")])
def test_the_city_is_shown_its_quota_only(groups: int, severity: str | None) -> None:
    """R14 in the city: the companies' groups of one company beyond the row of 信阳市."""
    files = {}
    for n in range(groups):
        files |= Group(f"淮河{n}号QC小组").files()
    outcome = sent(bundle.packed(files), to=CITY, day=3)

    assert {f.severity.value for f in findings(outcome) if f.code == "quota.exceeded"} == (
        {severity} if severity else set()
    )
    assert set(decisions(outcome).values()) == {"accepted"}


@pytest.mark.parametrize(
    ("written", "region"),
    [
        ("信阳市", "信阳市"),
        ("信阳", "信阳市"),
        ("信阳市工业和信息化局", "信阳市"),
        ("信阳市质量协会", "信阳市"),
        ("河南省信阳市总工会", "信阳市"),
        ("济源市工信局", "济源示范区"),
        ("河南省装备制造业协会", "省装备制造业协会"),
        ("河南油田", "河南油田"),
        ("中国石化中原油田分公司", "中原油田"),
        ("河南省总工会", "其他（含省总工会、团省委、省妇联、省科协、省工信厅、省卫健委）"),
        ("固始县工业和信息化局", ""),
        ("淮河精密机械有限公司", ""),
    ],
)
def test_r16_units_in_the_quota_tables(written: str, region: str) -> None:
    """However the bureaus of a city are written; never by likeness."""
    assert HENAN.region(written) == region
