"""The shipped hunan-2026 campaign: its rules, severities and clauses on whole dossiers."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from dossiers import UNIT, ZONE, document, field, mail, table
from dossiers import dossier as folded
from fullforms import Filler

from mailbot.catalogue import shipped_campaigns
from parsers.model import Document, Form, Value
from parsers.spec import FieldType
from rules.judge import judge
from rules.model import Decision, Facts, Finding, Submission, Verdict

HUNAN = shipped_campaigns()["hunan-2026"]
ARRIVED = datetime(2026, 7, 10, 9, 0, tzinfo=ZONE)

_BY_TYPE: dict[FieldType, Value] = {
    FieldType.INTEGER: 1,
    FieldType.PERCENT: 98.5,
    FieldType.MONEY: 2.5,
    FieldType.PAIR: [12, 40],
    FieldType.POSTCODE: "410000",
    FieldType.MOBILE: "13900000001",
    FieldType.PHONE: "0731-80000001",
    FieldType.EMAIL: "zhiliang@xiangjiang.example",
    FieldType.EMAIL_OR_QQ: "zhiliang@xiangjiang.example",
    FieldType.PERIOD: "2025-07/2026-07",
    FieldType.ORGANISATION: UNIT,
}
_BY_KEY: dict[str, Value] = {
    "company": UNIT,
    "team_name": "冲压一班",
    "group_name": "曙光QC小组",
    "story_title": "一把扳手的三十年",
    "member_count": 12,
    "accidents_per_year": 0,
    "content_category": ["品牌文化"],
    "brand_type": ["企业"],
    "team_intro": None,
}


filled = Filler(
    campaign=HUNAN, by_type=_BY_TYPE, by_key=_BY_KEY, empty=(FieldType.FAX,), optional="speaker"
).form


def row(name: str, **values: Value) -> dict[str, Value]:
    """A row of 附件三."""
    return {
        "seq": "1",
        "postcode": "410000",
        "company": UNIT,
        "group_name": name,
        "member_count": 12,
        "contact": "张示例",
        "phone": "13900000001",
        **values,
    }


def rollup(*rows: dict[str, Value]) -> Form:
    """附件三."""
    return filled("rollup", tables=(table("results", *rows),))


def whole(**replaced: Any) -> Submission:
    """A mail with everything for one team, one group and one story, but for what is replaced.

    A kind set to None is left out.
    """
    papers: dict[str, Form | None] = {
        "team_form": filled("team_form"),
        "qc_form": filled("qc_form"),
        "story_form": filled("story_form"),
        "team_text": filled("team_text"),
        "rollup": rollup(row("冲压一班"), row("曙光QC小组")),
        "summary_both": filled("summary_both"),
        "stats_both": filled("stats_both"),
        **replaced,
    }
    files: list[Document] = [
        document(f"{kind}.docx", form) for kind, form in papers.items() if form is not None
    ]
    return mail(*files, arrived=ARRIVED, mailbox="hnjxzlgl@163.com", sender="a@xiangjiang.example")


def verdict(*mails: Submission) -> Verdict:
    """The verdict by the shipped campaign."""
    return judge(folded(HUNAN, *mails, tier=""), HUNAN, Facts(now=ARRIVED))


def grave(given: Verdict) -> list[Finding]:
    """The findings with an effect."""
    everything = [*given.findings, *(found for item in given.items for found in item.findings)]
    return [found for found in everything if found.severity.value in ("human", "ask", "reject")]


def test_a_whole_dossier_is_accepted() -> None:
    """Team, group and story; what remains is for staff or information."""
    given = verdict(whole())
    assert grave(given) == []
    assert [entry.decision for entry in given.items] == [Decision.ACCEPTED] * 3
    (fee,) = [
        found
        for found in given.findings
        if found.code == "fee.due" and found.severity.for_applicant
    ]
    assert "合计1000元" in fee.message
    assert "质量管理小组的成果评审、注册、公告费此处不计" in fee.message
    assert "湖南省机械装备工业质量管理协会" in fee.message


@pytest.mark.parametrize(
    ("replaced", "code", "clause", "held"),
    [
        ({"team_text": None}, "document.missing", "附件二", {"team"}),
        ({"rollup": None}, "document.missing", "一", {"team", "qc"}),
        ({"summary_both": None}, "document.missing", "二", {"team", "qc", "story"}),
        ({"stats_both": None}, "document.missing", "二", {"team", "qc", "story"}),
        ({"team_form": filled("team_form", postcode=None)}, "field.empty", "附件二", {"team"}),
        (
            {"team_form": filled("team_form", mobile=field("mobile", None, "1390000"))},
            "field.invalid",
            "附件二",
            {"team"},
        ),
        (
            {"team_form": filled("team_form", first_pass_rate=101)},
            "field.invalid",
            "附件二",
            {"team"},
        ),
        (
            {"story_form": filled("story_form", story_intro="好" * 201)},
            "text.too_long",
            "附件四",
            {"story"},
        ),
        ({"story_form": filled("story_form", brand_type=[])}, "field.choice", "附件四", {"story"}),
        (
            {"story_form": filled("story_form", company="湘江重工装备公司")},
            "name.mismatch",
            "一",
            {"story"},
        ),
        (
            {"rollup": rollup(row("冲压一班"), row("曙光QC小组", phone=None))},
            "field.empty",
            "一",
            {"team", "qc"},
        ),
        ({"rollup": rollup(row("冲压一班"))}, "rollup.row_missing", "一", {"qc"}),
        (
            {"rollup": rollup(row("冲压一班"), row("曙光QC小组"), row("无名氏攻关组"))},
            "rollup.form_missing",
            "一",
            {"team", "qc"},
        ),
    ],
)
def test_one_fault_gives_one_request_and_holds_up_whom_it_concerns(
    replaced: dict[str, Any], code: str, clause: str, held: set[str]
) -> None:
    """Code, clause, and the categories that wait."""
    given = verdict(whole(**replaced))
    (found,) = grave(given)
    assert (found.code, found.clause, found.severity.value) == (code, clause, "ask")
    waiting = {e.item.category for e in given.items if e.decision is Decision.SUPPLEMENT}
    assert waiting == held


@pytest.mark.parametrize(
    ("replaced", "code"),
    [
        ({"stats_both": filled("stats_both", registered_year_qc=2)}, "statistics.implausible"),
        ({"stats_both": filled("stats_both", penetration_rate=120)}, "statistics.implausible"),
        ({"stats_both": filled("stats_both", period="2024-07/2025-07")}, "statistics.period"),
        ({"story_form": filled("story_form", speaker="张示例")}, "field.empty"),
        ({"story_form": filled("story_form", brand_type=["企业", "团队"])}, "field.choice"),
        (
            {"rollup": rollup(row("冲压一班", member_count=11), row("曙光QC小组"))},
            "rollup.mismatch",
        ),
    ],
)
def test_what_is_only_for_staff_holds_up_nobody(replaced: dict[str, Any], code: str) -> None:
    """warn: a tick list."""
    given = verdict(whole(**replaced))
    assert grave(given) == []
    told = [*given.findings, *(found for item in given.items for found in item.findings)]
    assert code in [found.code for found in told if found.severity.value == "warn"]


def told(given: Verdict, number: str) -> list[tuple[str, str]]:
    """Code and severity of what one rule has found."""
    everything = [*given.findings, *(found for item in given.items for found in item.findings)]
    return [(found.code, found.severity.value) for found in everything if found.rule == number]


@pytest.mark.parametrize(
    ("mailbox", "found"),
    [("hnjxzlgl@163.com", []), ("mishuchu@example.org", [("mailbox.wrong", "info")])],
)
def test_r2_a_mail_to_another_mailbox_counts_and_its_sender_is_told(
    mailbox: str, found: list[tuple[str, str]]
) -> None:
    """It arrived all the same."""
    values = {name: getattr(whole(), name) for name in Submission.__slots__}
    given = verdict(Submission(**{**values, "mailbox": mailbox}))

    assert set(told(given, "R2")) == set(found)
    assert [entry.decision for entry in given.items] == [Decision.ACCEPTED] * 3


@pytest.mark.parametrize(
    ("period", "found"),
    [("2025-07/2026-07", []), ("2025-06/2026-07", [("statistics.period", "warn")])],
)
def test_r21_statistics_of_other_months_are_shown_to_staff(
    period: str, found: list[tuple[str, str]]
) -> None:
    """First and last month are the notice's."""
    assert told(verdict(whole(stats_both=filled("stats_both", period=period))), "R21") == found


@pytest.mark.parametrize(("missing", "found"), [(0, []), (1, [("text.outline", "warn")])])
def test_r23_points_that_the_team_s_text_leaves_out_are_shown_to_staff(
    missing: int, found: list[tuple[str, str]]
) -> None:
    """Seven are wanted."""
    text = filled("team_text")
    sections = tuple(
        replace(entry, found=place >= missing) for place, entry in enumerate(text.sections)
    )

    assert len(sections) == 7
    assert told(verdict(whole(team_text=replace(text, sections=sections))), "R23") == found


def test_r27_what_is_sent_again_unchanged_is_mentioned_and_changes_nothing() -> None:
    """The same bytes in a second mail."""
    once, twice = verdict(whole()), verdict(whole(), whole())

    assert told(once, "R27") == []
    assert set(told(twice, "R27")) == {("document.duplicate", "info")}
    assert [entry.decision for entry in twice.items] == [Decision.ACCEPTED] * 3


def test_the_seven_points_in_the_cell_need_no_separate_text() -> None:
    """As the contract says."""
    intro = "".join(f"{number}、内容具体翔实。" for number in range(1, 8))
    given = verdict(whole(team_text=None, team_form=filled("team_form", team_intro=intro)))
    assert grave(given) == []


def test_late_is_declined_with_the_notices_words() -> None:
    """逾期将不予受理."""
    late = whole()
    values = {name: getattr(late, name) for name in Submission.__slots__}
    given = verdict(Submission(**{**values, "arrived": datetime(2026, 7, 16, tzinfo=ZONE)}))
    assert {entry.decision for entry in given.items} == {Decision.DECLINED}
    found = grave(given)[0]
    assert (found.code, found.clause, found.rule) == ("deadline.passed", "四.2", "R1")
    assert "逾期将不予受理" in found.message


def test_every_number_of_the_fact_sheet_stands_in_the_data() -> None:
    """As a rule, a demand, a deadline, or a note on what needs none or is left to a person."""
    found = {entry.id for entry in HUNAN.rules}
    found |= {entry.rule for entry in (*HUNAN.demands, *HUNAN.staff_notes)}
    found |= {entry.rule for tier in HUNAN.tiers for entry in tier.deadlines}
    assert found - {""} == {f"R{number}" for number in range(1, 28)}
