"""The shipped china-machinery-2024 campaign: its rules, severities and clauses on whole dossiers."""

from __future__ import annotations

from datetime import datetime, timedelta
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

CHINA = shipped_campaigns()["china-machinery-2024"]
ARRIVED = datetime(2024, 7, 10, 9, 0, tzinfo=ZONE)
END = datetime(2024, 7, 31, tzinfo=ZONE)
BOX, STORIES = "zjzx4950@sina.com", "3532360176@qq.com"

#: every number of the fact sheet
NUMBERS = {f"R{number}" for number in range(1, 31)}

_BY_TYPE: dict[FieldType, Value] = {
    FieldType.INTEGER: 9,
    FieldType.PERCENT: 98.5,
    FieldType.MONEY: 2.5,
    FieldType.PAIR: [12, 40],
    FieldType.POSTCODE: "050031",
    FieldType.MOBILE: "13900000001",
    FieldType.PHONE: "0311-80000001",
    FieldType.EMAIL: "zhiliang@dongling.example",
    FieldType.EMAIL_OR_QQ: "zhiliang@dongling.example",
    FieldType.PERIOD: "2023-07/2024-06",
    FieldType.ORGANISATION: UNIT,
}
_BY_KEY: dict[str, Value] = {
    "team_name": "冲压一班",
    "group_name": "曙光QC小组",
    "story_title": "一把扳手的三十年",
    "project_title": "提高曲轴磨削一次合格率",
    "content_category": ["品牌文化"],
    "brand_type": ["企业"],
    "team_intro": None,
}


filled = Filler(
    campaign=CHINA, by_type=_BY_TYPE, by_key=_BY_KEY, empty=(FieldType.FAX,), optional="speaker"
).form


def row(name: str, **values: Value) -> dict[str, Value]:
    """A row of 附件三."""
    return {
        "seq": "1",
        "postcode": "050031",
        "company": UNIT,
        "group_name": name,
        "grade": ["2"],
        "project_title_short": "提高曲轴合格率" if "QC" in name else None,
        "member_count": 9,
        "contact": "张示例",
        "phone": "13900000001",
        **values,
    }


def groups(*rows: dict[str, Value]) -> Form:
    """附件三 of the groups."""
    return filled("rollup.qc", tables=(table("results", *rows),))


def teams(*rows: dict[str, Value]) -> Form:
    """附件三 of the teams."""
    return filled("rollup.team", tables=(table("results", *rows),))


def whole(*more: Document, arrived: datetime = ARRIVED, **replaced: Any) -> tuple[Submission, ...]:
    """Everything for one team and one group in a mail, for one story in another.

    A kind set to None is left out; a Document takes the place of a form's own file.
    """
    papers: dict[str, Form | Document | None] = {
        "team_form": filled("team_form"),
        "team_text": filled("team_text"),
        "qc_form": filled("qc_form"),
        "qc_report": filled("qc_report"),
        "rollup.qc": groups(row("曙光QC小组")),
        "rollup.team": teams(row("冲压一班")),
        "summary_both": filled("summary_both"),
        "stats_both": filled("stats_both"),
        "story_form": filled("story_form"),
        "story_text": filled("story_text"),
        **{kind.replace("__", "."): form for kind, form in replaced.items()},
    }
    files = {
        kind: form if isinstance(form, Document) else document(f"{kind}.docx", form)
        for kind, form in papers.items()
        if form is not None
    }
    story = [file for kind, file in files.items() if kind.startswith("story")]
    rest = [file for kind, file in files.items() if not kind.startswith("story")]
    sent = {"arrived": arrived, "sender": "a@dongling.example"}
    return mail(*rest, *more, mailbox=BOX, **sent), mail(*story, mailbox=STORIES, **sent)


def verdict(mails: tuple[Submission, ...]) -> Verdict:
    """The verdict by the shipped campaign."""
    sent = [entry for entry in mails if entry.documents]
    return judge(folded(CHINA, *sent, tier=""), CHINA, Facts(now=ARRIVED))


def told(given: Verdict, *severities: str) -> list[Finding]:
    """The findings of these severities; by default those with an effect."""
    everything = [*given.findings, *(found for item in given.items for found in item.findings)]
    wanted = severities or ("human", "hold", "ask", "reject")
    return [found for found in everything if found.severity.value in wanted]


def test_every_number_of_the_fact_sheet_stands_in_the_data() -> None:
    """As a rule, a demand, a deadline, or a note on what is left to a person."""
    found = {entry.id for entry in CHINA.rules}
    found |= {entry.rule for entry in (*CHINA.demands, *CHINA.staff_notes)}
    found |= {entry.rule for tier in CHINA.tiers for entry in tier.deadlines}
    assert found - {""} == NUMBERS


def test_every_rule_names_its_clause() -> None:
    """But for those that come from no clause: how a file is read, repeats, another sender."""
    free = {"unknown", "certain", "repeated", "sender"}
    assert {rule.check for rule in CHINA.rules if not rule.clause} == free


def test_a_whole_dossier_is_accepted_and_nothing_is_to_pay() -> None:
    """Team, group and story; what remains is a tick list for staff."""
    given = verdict(whole())
    assert told(given) == []
    assert told(given, "info") == []
    assert [entry.decision for entry in given.items] == [Decision.ACCEPTED] * 3
    assert {found.rule for found in told(given, "warn")} == {"R15", "R19", "R28"}


def _as(format_name: str, form: Form) -> Document:
    known = document(f"汇总表.{format_name}", form)
    values = {key: getattr(known, key) for key in Document.__slots__}
    return Document(**{**values, "format": format_name})


@pytest.mark.parametrize(
    ("replaced", "number", "code", "held"),
    [
        ({"qc_report": None}, "R3", "document.missing", {"qc"}),
        ({"rollup__qc": None}, "R3", "document.missing", {"qc"}),
        ({"team_text": None}, "R4", "document.missing", {"team"}),
        ({"rollup__team": None}, "R4", "document.missing", {"team"}),
        ({"story_text": None}, "R5", "document.missing", {"story"}),
        ({"summary_both": None}, "R6", "document.missing", {"qc", "team", "story"}),
        ({"stats_both": None}, "R6", "document.missing", {"qc", "team", "story"}),
        (
            {"rollup__qc": _as("xlsx", groups(row("曙光QC小组")))},
            "R7",
            "document.wrong_format",
            {"qc"},
        ),
        (
            {"rollup__team": _as("pdf", teams(row("冲压一班")))},
            "R7",
            "document.not_editable",
            {"team"},
        ),
        (
            {"rollup__team": teams(row("冲压一班", postcode=None))},
            "R8",
            "field.empty",
            {"team"},
        ),
        (
            {"rollup__qc": groups(row("曙光QC小组", company=None))},
            "R9",
            "field.empty",
            {"qc"},
        ),
        (
            {"rollup__qc": groups(row("曙光QC小组", grade=["3"]))},
            "R12",
            "field.choice",
            {"qc"},
        ),
        (
            {"rollup__qc": groups(row("曙光QC小组", grade=None))},
            "R12",
            "field.choice",
            {"qc"},
        ),
        (
            {"story_form": filled("story_form", company="湘江重工装备公司")},
            "R14",
            "name.mismatch",
            {"story"},
        ),
        (
            {"rollup__qc": groups(row("曙光QC小组"), row("无名QC小组"))},
            "R16",
            "rollup.form_missing",
            {"qc"},
        ),
        (
            {"rollup__qc": groups(row("曙光QC小组"), row("曙光QC小组"))},
            "R16",
            "rollup.mismatch",
            {"qc"},
        ),
        ({"rollup__team": teams(row("冲压二班"))}, "R16", "name.mismatch", {"team"}),
        (
            {"story_form": filled("story_form", story_intro="好" * 201)},
            "R20",
            "text.too_long",
            {"story"},
        ),
        (
            {"story_form": filled("story_form", content_category=[])},
            "R21",
            "field.choice",
            {"story"},
        ),
        ({"story_form": filled("story_form", brand_type=[])}, "R21", "field.choice", {"story"}),
        ({"qc_form": filled("qc_form", project_type=None)}, "R23", "field.empty", {"qc"}),
        (
            {"team_form": filled("team_form", mobile=field("mobile", None, "1390000"))},
            "R23",
            "field.invalid",
            {"team"},
        ),
        (
            {"team_form": filled("team_form", first_pass_rate=101)},
            "R23",
            "field.invalid",
            {"team"},
        ),
        (
            {"rollup__qc": groups(row("曙光QC小组", project_title_short=None))},
            "R23",
            "field.empty",
            {"qc"},
        ),
        (
            {"stats_both": filled("stats_both", benefit_year=None)},
            "R23",
            "field.empty",
            {"qc", "team", "story"},
        ),
        (
            {"team_form": filled("team_form", campaigns=("hunan-2026",))},
            "R30",
            "form.wrong_campaign",
            {"team"},
        ),
    ],
)
def test_one_fault_gives_one_request_and_holds_up_whom_it_concerns(
    replaced: dict[str, Any], number: str, code: str, held: set[str]
) -> None:
    """Number, code, and the categories that wait."""
    given = verdict(whole(**replaced))
    (found,) = told(given)
    assert (found.rule, found.code, found.severity.value) == (number, code, "ask")
    waiting = {e.item.category for e in given.items if e.decision is Decision.SUPPLEMENT}
    assert waiting == held


@pytest.mark.parametrize(
    ("replaced", "number", "code", "severity"),
    [
        ({"rollup__qc": _as("wps", groups(row("曙光QC小组")))}, "R7", "document.wrong_format", "info"),
        (
            {"rollup__team": teams(row("冲压一班", grade=["1"]), row("冲压一班", grade=["1"]))},
            "R13",
            "rollup.ratio",
            "warn",
        ),
        (
            {"rollup__team": teams(row("冲压一班", member_count=8))},
            "R17",
            "rollup.mismatch",
            "warn",
        ),
        ({"rollup__qc": groups(row("曙光QC小组", member_count=8))}, "R17", "rollup.mismatch", "warn"),
        (
            {"rollup__qc": groups(row("曙光QC小组", project_title_short="降低电机轴承噪声"))},
            "R18",
            "rollup.mismatch",
            "info",
        ),
        (
            {"story_form": filled("story_form", brand_type=["企业", "团队"])},
            "R21",
            "field.choice",
            "warn",
        ),
        ({"story_form": filled("story_form", speaker="张示例")}, "R22", "field.empty", "warn"),
        (
            {"stats_both": filled("stats_both", registered_year_qc=10)},
            "R25",
            "statistics.implausible",
            "warn",
        ),
        (
            {"stats_both": filled("stats_both", success_rate_qc=100.5)},
            "R25",
            "statistics.implausible",
            "warn",
        ),
        (
            {"stats_both": filled("stats_both", period="2022-07/2023-06")},
            "R25",
            "statistics.period",
            "warn",
        ),
        ({"summary_both": filled("summary_both", missing=("problems",))}, "R26", "text.outline", "warn"),
        ({"team_text": filled("team_text", missing=("honours",))}, "R4", "text.outline", "warn"),
    ],
)  # fmt: skip
def test_what_is_only_a_remark_holds_up_nobody(
    replaced: dict[str, Any], number: str, code: str, severity: str
) -> None:
    """warn: a tick list for staff; info: a hint for the applicant."""
    given = verdict(whole(**replaced))
    assert not [found for found in told(given) if found.rule == number]
    assert (number, code) in [(found.rule, found.code) for found in told(given, severity)]


def test_half_of_the_rows_may_be_first_class_rounded_half_up() -> None:
    """One of one, two of three; not two of two, three of four."""
    for grades, expected in (("1", 0), ("112", 0), ("11", 1), ("1112", 1), ("1122", 0)):
        names = [f"曙光{n}QC小组" for n in range(len(grades))]
        forms = [document(f"{n}.docx", filled("qc_form", group_name=n)) for n in names]
        listed = groups(*(row(n, grade=[g]) for n, g in zip(names, grades, strict=True)))
        given = verdict(whole(*forms, qc_form=None, rollup__qc=listed))
        assert [f.code for f in told(given, "warn")].count("rollup.ratio") == expected


def test_the_seven_points_in_the_cell_need_no_separate_text() -> None:
    """As the contract says."""
    intro = "".join(f"{number}、内容具体翔实。" for number in range(1, 8))
    given = verdict(whole(team_text=None, team_form=filled("team_form", team_intro=intro)))
    assert told(given) == []


def test_groups_and_teams_in_one_list_are_to_be_parted_and_nothing_else_is_said() -> None:
    """Not that the other list is missing, nor that the team's row has no project."""
    listed = groups(row("曙光QC小组"), row("冲压一班"))
    given = verdict(whole(rollup__qc=listed, rollup__team=None))
    (found,) = told(given)
    assert (found.rule, found.code) == ("R10", "rollup.mixed")
    assert found.categories == ("qc", "team")
    waiting = {e.item.category for e in given.items if e.decision is Decision.SUPPLEMENT}
    assert waiting == {"qc", "team"}


def test_the_last_instant_is_in_time_and_the_next_is_for_a_person() -> None:
    """24:00 of 30 July; no consequence is stated, so nobody is declined."""
    last = verdict(whole(arrived=END - timedelta(microseconds=1)))
    assert {entry.decision for entry in last.items} == {Decision.ACCEPTED}
    assert {found.code for found in told(last, "info")} == {"deadline.last_day"}
    late = verdict(whole(arrived=END))
    assert {entry.decision for entry in late.items} == {Decision.REVIEW}
    assert {(found.rule, found.code) for found in told(late)} == {("R1", "deadline.passed")}


def test_a_story_in_the_other_mailbox_is_taken_and_its_sender_told() -> None:
    """R2, and the reverse for everything else."""
    for box, expected in (
        (BOX, ["附件四"]),
        (STORIES, ["附件一", "附件二", "附件三", "附件五", "附件六"]),
    ):
        mails = tuple(
            Submission(**{**{n: getattr(entry, n) for n in Submission.__slots__}, "mailbox": box})
            for entry in whole()
        )
        given = verdict(mails)
        assert {entry.decision for entry in given.items} == {Decision.ACCEPTED}
        (found,) = told(given, "info")
        assert (found.rule, found.code) == ("R2", "mailbox.wrong")
        assert all(annex in found.message for annex in expected)


def test_summary_and_statistics_come_together() -> None:
    """R6: in several mails they are accepted, and staff see it."""
    first, story = whole(stats_both=None)
    second = mail(
        document("stats_both.docx", filled("stats_both")),
        arrived=ARRIVED, mailbox=BOX, sender="a@dongling.example",
    )  # fmt: skip
    given = verdict((first, story, second))
    assert told(given) == []
    assert ("R6", "document.missing") in [(f.rule, f.code) for f in told(given, "warn")]


def test_rows_not_in_the_order_of_postcodes_are_mentioned() -> None:
    """R11: nobody has to send anything again for that."""
    other = document("另一小组.docx", filled("qc_form", group_name="晨曦QC小组", postcode="050030"))
    report = document("晨曦QC小组成果报告.docx", filled("qc_report"), text="晨曦QC小组")
    own = document("曙光QC小组成果报告.docx", filled("qc_report"), text="曙光QC小组")
    for codes, expected in ((("050031", "050030"), 1), (("050030", "050031"), 0)):
        names = ("曙光QC小组", "晨曦QC小组")
        listed = groups(*(row(n, postcode=c) for n, c in zip(names, codes, strict=True)))
        given = verdict(whole(other, report, qc_report=own, rollup__qc=listed))
        assert told(given) == []
        found = [f for f in told(given, "info") if f.code == "rollup.order"]
        assert [f.rule for f in found] == ["R11"] * expected


def test_two_versions_of_a_form_in_one_mail_are_for_staff() -> None:
    """R24: one copy of each form."""
    other = document("成果表2.docx", filled("team_form", postcode="050032"))
    given = verdict(whole(other))
    assert ("R24", "form.versions") in [(f.rule, f.code) for f in told(given, "warn")]
    assert told(given) == []


def test_a_payment_slip_is_odd() -> None:
    """R27: nothing is to be paid."""
    given = verdict(whole(document("汇款回单.docx")))
    (found,) = told(given, "info")
    assert (found.rule, found.code, found.clause) == ("R27", "fee.unexpected", "一.4")
    assert "请勿缴费" in found.message
    assert told(given) == []
