"""The shipped chongqing-2019 campaign: its rules, severities and clauses on whole dossiers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from dossiers import ZONE, document, field, mail, table
from dossiers import dossier as folded
from fullforms import Filler

from mailbot.catalogue import shipped_campaigns
from parsers.model import Document, Form, Value
from parsers.spec import FieldType
from rules.judge import judge
from rules.model import Decision, Facts, Finding, Submission, Verdict

CHONGQING = shipped_campaigns()["chongqing-2019"]
COMPANY, OTHER = "巴渝精密机械有限公司", "重庆嘉陵轨道装备股份有限公司"
ASSOCIATION = "重庆市轨道交通行业协会"
GROUP, TEAM = "启航QC小组", "总装一班"
ARRIVED = datetime(2019, 5, 20, 9, 0, tzinfo=ZONE)
REPORT = "课题于2018年3月5日登记注册。"

#: every rule number of the notice
NUMBERS = [f"R{number}" for number in range(1, 31)]

_BY_TYPE: dict[FieldType, Value] = {
    FieldType.INTEGER: 10,
    FieldType.PERCENT: 98.5,
    FieldType.MONEY: 2.5,
    FieldType.PAIR: [12, 40],
    FieldType.POSTCODE: "400026",
    FieldType.MOBILE: "13900000031",
    FieldType.PHONE: "023-67500102",
    FieldType.EMAIL: "deng@bayu.example",
    FieldType.PERIOD: "2018-06/2019-04",
    FieldType.ORGANISATION: COMPANY,
}
_BY_KEY: dict[str, Value] = {
    "group_name": GROUP,
    "team_name": TEAM,
    "district": "江北区",
    "accidents_per_year": 0,
    "teams_recommended": 1,
    "contact": "罗世安",
    "team_leader": "冉国强",
    "team_intro": "见另附材料。",
}


filled = Filler(campaign=CHONGQING, by_type=_BY_TYPE, by_key=_BY_KEY).form


def group(name: str = GROUP, **values: Value) -> dict[str, Value]:
    """A row of 附件5."""
    return {
        "group_name": name,
        "project_title": "降低缸体渗漏率",
        "project_type": ["现场型"],
        "member_count": 10,
        "members": [f"组员{number}" for number in "一二三四五六七八九十"],
        **values,
    }


def crew(name: str = TEAM, **values: Value) -> dict[str, Value]:
    """A row of 附件9."""
    return {
        "seq": "1",
        "team_name": name,
        "member_count": 10,
        "team_leader": "冉国强",
        "contact": "罗世安",
        "mobile": "13900000031",
        **values,
    }


def reviewer(number: Value) -> dict[str, Value]:
    """A row of 评委名单."""
    return {
        "seq": "1",
        "name": "张广林",
        "work_unit": COMPANY,
        "certificate_no": number,
        "mobile": "13900000036",
    }


def rollup_qc(
    *rows: dict[str, Value], numbers: tuple[Value, ...] = ("A1", "A2"), **unit: Any
) -> Form:
    """附件5."""
    tables = (table("groups", *(rows or (group(),))), table("reviewers", *map(reviewer, numbers)))
    return filled("rollup.qc", tables=tables, **unit)


def rollup_team(
    *rows: dict[str, Value], numbers: tuple[Value, ...] = ("A1", "A2"), **unit: Any
) -> Form:
    """附件9."""
    tables = (table("teams", *(rows or (crew(),))), table("reviewers", *map(reviewer, numbers)))
    return filled("rollup.team", tables=tables, **unit)


def whole(**replaced: Any) -> Submission:
    """A mail with everything for a group and a team, but for what is replaced.

    A kind (with ``_`` for its point) set to None is left out; a Document stands as it is.
    """
    papers: dict[str, Form | Document | None] = {
        "qc_form": filled("qc_form"),
        "qc_report": document("启航QC小组成果报告.docx", filled("qc_report"), text=REPORT),
        "dept_review_opinion": filled("dept_review_opinion"),
        "reviewer_opinion": filled("reviewer_opinion"),
        "certificate_copy": filled("certificate_copy"),
        "summary_qc": filled("summary_qc"),
        "stats_qc": filled("stats_qc"),
        "rollup_qc": rollup_qc(),
        "team_form": filled("team_form"),
        "team_text": filled("team_text"),
        "team_self_score": filled("team_self_score"),
        "summary_team": filled("summary_team"),
        "stats_team": filled("stats_team"),
        "rollup_team": rollup_team(),
    }
    assert set(replaced) <= set(papers)
    files = [
        paper if isinstance(paper, Document) else document(f"{kind}.docx", paper)
        for kind, paper in (papers | replaced).items()
        if paper is not None
    ]
    return mail(*files, arrived=ARRIVED, mailbox="cqszlxh@126.com", sender="a@bayu.example")


def verdict(*mails: Submission, unit: str = COMPANY, **facts: Any) -> Verdict:
    """The verdict by the shipped campaign."""
    dossier = folded(CHONGQING, *mails, unit=unit, tier="")
    return judge(dossier, CHONGQING, Facts(**{"now": ARRIVED, **facts}))


def everything(given: Verdict) -> Iterator[Finding]:
    yield from given.findings
    for item in given.items:
        yield from item.findings


def grave(given: Verdict) -> list[Finding]:
    """The findings with an effect."""
    return [f for f in everything(given) if f.severity.value in ("human", "ask", "reject")]


def of_rule(given: Verdict, rule: str) -> list[Finding]:
    return [found for found in everything(given) if found.rule == rule]


def report(text: str) -> Document:
    return document("启航QC小组成果报告.docx", filled("qc_report"), text=text)


def test_every_number_of_the_notice_stands_in_the_data() -> None:
    """As a rule, a document, a deadline or a note that says why a person does it."""
    named = {rule.id for rule in CHONGQING.rules}
    named |= {demand.rule for demand in CHONGQING.demands}
    named |= {deadline.rule for tier in CHONGQING.tiers for deadline in tier.deadlines}
    named |= {note.rule for note in CHONGQING.staff_notes}
    assert [number for number in NUMBERS if number not in named] == []
    assert named - set(NUMBERS) == {""}


def test_a_whole_dossier_is_accepted() -> None:
    """A group and a team; what remains is a tick list."""
    given = verdict(whole())
    assert grave(given) == []
    assert [entry.decision for entry in given.items] == [Decision.ACCEPTED] * 2
    assert {found.severity.value for found in everything(given)} == {"warn"}
    assert {found.rule for found in everything(given)} == {"R3", "R4", "R7", "R10", "R27"}


QC, BOTH, CREW = {"qc"}, {"qc", "team"}, {"team"}


@pytest.mark.parametrize(
    ("rule", "replaced", "code", "clause", "held"),
    [
        ("R3", {"qc_report": None}, "document.missing", "附件2 注1②", QC),
        ("R4", {"team_text": None}, "document.missing", "附件6 注1②", CREW),
        ("R6", {"dept_review_opinion": None}, "document.missing", "二（二）", QC),
        ("R7", {"reviewer_opinion": None}, "document.missing", "二（二）", QC),
        ("R15", {"summary_qc": None}, "document.missing", "附件3", QC),
        ("R15", {"stats_qc": None}, "document.missing", "附件4", QC),
        ("R15", {"rollup_qc": None}, "document.missing", "附件5", QC),
        ("R15", {"summary_team": None}, "document.missing", "附件7", CREW),
        ("R15", {"stats_team": None}, "document.missing", "附件8", CREW),
        ("R15", {"rollup_team": None}, "document.missing", "附件9", CREW),
        ("R9", {"rollup_qc": rollup_qc(numbers=("A1",))}, "eligibility.certificate", "附件5 注3", QC),
        ("R9", {"rollup_qc": rollup_qc(numbers=("A1", None))}, "eligibility.certificate", "附件5 注3", QC),
        ("R9", {"rollup_team": rollup_team(numbers=())}, "eligibility.certificate", "附件9 注2", CREW),
        ("R12", {"team_text": filled("team_text", characters=5001)}, "text.too_long", "附件6 注1②", CREW),
        ("R16", {"rollup_qc": rollup_qc(group(project_type=["管控型"]))}, "field.choice", "附件5 注2", QC),
        ("R18", {"rollup_qc": rollup_qc(group("启航小组"))}, "name.mismatch", "附件5", QC),
        ("R18", {"rollup_team": rollup_team(crew("别的班组名称"), crew())}, "rollup.form_missing", "附件9", CREW),
        ("R18", {"rollup_team": rollup_team(crew(), crew())}, "rollup.mismatch", "附件9", CREW),
        ("R19", {"qc_form": filled("qc_form", member_count=11)}, "rollup.mismatch", "附件2、附件5", QC),
        ("R25", {"qc_form": filled("qc_form", postcode=None)}, "field.empty", "附件2", QC),
        ("R25", {"team_form": filled("team_form", mobile=field("mobile", None, "139"))}, "field.invalid", "附件6", CREW),
        ("R25", {"team_form": filled("team_form", district=None)}, "field.empty", "附件6", CREW),
        ("R25", {"stats_qc": filled("stats_qc", email=None)}, "field.empty", "附件4", QC),
        ("R25", {"stats_team": filled("stats_team", dept=None)}, "field.empty", "附件8", CREW),
        ("R25", {"summary_qc": filled("summary_qc", recommender=None)}, "field.empty", "附件3", QC),
        ("R25", {"rollup_qc": rollup_qc(group(project_title=None))}, "field.empty", "附件5", QC),
        ("R25", {"rollup_team": rollup_team(crew(contact=None))}, "field.empty", "附件9", CREW),
    ],
)  # fmt: skip
def test_one_fault_gives_one_request_and_holds_up_whom_it_concerns(
    rule: str, replaced: dict[str, Any], code: str, clause: str, held: set[str]
) -> None:
    """Number, code, clause, and the categories that wait."""
    given = verdict(whole(**replaced))
    (found,) = grave(given)
    assert (found.rule, found.code, found.clause) == (rule, code, clause)
    assert found.severity.value == "ask"
    assert {e.item.category for e in given.items if e.decision is Decision.SUPPLEMENT} == held


@pytest.mark.parametrize(
    ("rule", "replaced", "code"),
    [
        ("R5", {"certificate_copy": None}, "human.paper"),
        ("R4", {"team_self_score": None}, "human.paper"),
        ("R6", {"dept_review_opinion": filled("dept_review_opinion", missing=("finance",))}, "text.outline"),
        ("R4", {"team_text": filled("team_text", missing=("honours",))}, "text.outline"),
        ("R8", {"qc_report": report("课题于2017年12月31日登记注册。")}, "eligibility.date"),
        ("R8", {"qc_report": report("围绕渗漏开展活动。")}, "eligibility.date"),
        ("R13", {"summary_qc": filled("summary_qc", characters=799)}, "text.too_short"),
        ("R13", {"summary_team": filled("summary_team", characters=1201)}, "text.too_long"),
        ("R14", {"summary_qc": filled("summary_qc", missing=("standards",))}, "text.outline"),
        ("R14", {"summary_team": filled("summary_team", missing=("deeds",))}, "text.outline"),
        ("R17", {"qc_form": filled("qc_form", unit="巴渝精密机械公司")}, "name.mismatch"),
        ("R17", {"stats_team": filled("stats_team", recommender="巴渝精密机械厂")}, "name.mismatch"),
        ("R19", {"rollup_qc": rollup_qc(group(members=["罗世安", "冉国强"]))}, "members.count"),
        ("R20", {"team_form": filled("team_form", member_count=9)}, "rollup.mismatch"),
        ("R20", {"team_form": filled("team_form", team_leader="何勇")}, "rollup.mismatch"),
        ("R20", {"team_form": filled("team_form", contact="邓佳宁")}, "rollup.mismatch"),
        ("R20", {"team_form": filled("team_form", mobile="13900000032")}, "rollup.mismatch"),
        ("R21", {"stats_qc": filled("stats_qc", district="渝北区")}, "name.mismatch"),
        ("R22", {"team_form": filled("team_form", team_name="嘉陵集团有限公司总装分厂一班"),
                 "rollup_team": rollup_team(crew("嘉陵集团有限公司总装分厂一班"))}, "name.superior"),
        ("R23", {"stats_team": filled("stats_team", teams_recommended=2)}, "statistics.implausible"),
        ("R24", {"stats_qc": filled("stats_qc", registered_year_qc=11)}, "statistics.implausible"),
        ("R24", {"stats_qc": filled("stats_qc", active_qc=11)}, "statistics.implausible"),
        ("R24", {"stats_qc": filled("stats_qc", penetration_rate=100.5)}, "statistics.implausible"),
        ("R24", {"stats_team": filled("stats_team", teams_year=11)}, "statistics.implausible"),
        ("R26", {"stats_qc": filled("stats_qc", period="2017-06/2018-05")}, "statistics.period"),
        ("R26", {"stats_team": filled("stats_team", period=None)}, "statistics.period"),
    ],
)  # fmt: skip
def test_what_is_only_for_staff_holds_up_nobody(
    rule: str, replaced: dict[str, Any], code: str
) -> None:
    """warn: a tick list."""
    given = verdict(whole(**replaced))
    assert grave(given) == []
    assert [entry.decision for entry in given.items] == [Decision.ACCEPTED] * 2
    found = [found for found in of_rule(given, rule) if found.code == code]
    assert {entry.severity.value for entry in found} == {"warn"}


@pytest.mark.parametrize(
    ("rule", "replaced"),
    [
        ("R8", {"qc_report": report("课题于2018年1月1日登记注册。")}),
        ("R12", {"team_text": filled("team_text", characters=5000)}),
        ("R13", {"summary_qc": filled("summary_qc", characters=800)}),
        ("R13", {"summary_team": filled("summary_team", characters=1200)}),
        ("R16", {"rollup_qc": rollup_qc(group(project_type=["创新型"]))}),
        ("R18", {"rollup_qc": rollup_qc(group("启航 ＱＣ小组"))}),
        ("R19", {"qc_form": filled("qc_form", member_count=11),
                 "rollup_qc": rollup_qc(group(member_count=11))}),
        ("R21", {"stats_qc": filled("stats_qc", district="江北"),
                 "rollup_team": rollup_team(district="重庆市江北区")}),
        ("R22", {"qc_form": filled("qc_form", company=COMPANY)}),
        ("R24", {"stats_qc": filled("stats_qc", registered_year_qc=10, penetration_rate=100)}),
        ("R26", {"stats_team": filled("stats_team", period="2018-06-01/2019-04-30")}),
        ("R11", {"team_form": filled("team_form", accidents_per_year=0)}),
    ],
)  # fmt: skip
def test_at_the_edge_nothing_is_said(rule: str, replaced: dict[str, Any]) -> None:
    """The number itself, the day itself, another spelling; the leader may be beside the list."""
    given = verdict(whole(**replaced))
    assert [found.message for found in of_rule(given, rule)] == []
    assert grave(given) == []


def test_r1_late_is_for_staff_and_never_declined() -> None:
    """No consequence is stated; the last instant of the day is in time."""
    end = datetime(2019, 5, 24, tzinfo=ZONE)
    for arrived, decision in (
        (end - timedelta(microseconds=1), Decision.ACCEPTED),
        (end, Decision.REVIEW),
    ):
        given = verdict(replace(whole(), arrived=arrived), now=arrived)
        assert {entry.decision for entry in given.items} == {decision}
        assert {found.severity.value for found in of_rule(given, "R1")} == {
            "info" if decision is Decision.ACCEPTED else "human"
        }


@pytest.mark.parametrize(
    ("kind", "name", "ending", "code", "severity"),
    [
        ("rollup_qc", "rollup.qc", "xlsx", "document.wrong_format", "ask"),
        ("rollup_team", "rollup.team", "wps", "document.wrong_format", "info"),
        ("rollup_team", "rollup.team", "pdf", "document.not_editable", "ask"),
        ("qc_report", "qc_report", "pdf", "document.not_editable", "ask"),
        ("team_text", "team_text", "xlsx", "document.wrong_format", "ask"),
    ],
)
def test_r2_to_r4_word_is_asked_for(
    kind: str, name: str, ending: str, code: str, severity: str
) -> None:
    """WPS is as good; a print or a workbook is not."""
    forms = {"rollup_qc": rollup_qc(), "rollup_team": rollup_team()}
    form = forms.get(kind, filled(name))
    paper = document(f"{kind}.{ending}", form, format=ending, text=REPORT)
    given = verdict(whole(**{kind: paper}))
    (found,) = [f for f in everything(given) if f.severity.value in ("ask", "info")]
    assert (found.code, found.severity.value) == (code, severity)
    assert found.rule in ("R2", "R3", "R4")
    if severity == "ask":
        assert "Word文件" in found.message


@pytest.mark.parametrize("kind", ["stats_qc", "summary_team", "qc_form"])
def test_other_papers_may_come_as_prints(kind: str) -> None:
    """The notice asks for no format of them."""
    given = verdict(whole(**{kind: document(f"{kind}.pdf", filled(kind), format="pdf")}))
    assert grave(given) == []


@pytest.mark.parametrize(
    ("rule", "file", "severity"),
    [
        ("R5", "张广林结业证书.jpg", "warn"),
        ("R4", "总装一班自我评分表.jpg", "warn"),
        ("R6", "启航QC小组审查意见.jpg", "warn"),
        ("R7", "启航QC小组评审意见.jpg", "warn"),
        ("", "附件4 统计表.jpg", "human"),
    ],
)
def test_a_scan_that_cannot_be_read_is_put_before_staff(
    rule: str, file: str, severity: str
) -> None:
    """Signed papers hold up nobody; a table has to be looked at first; nothing is asked for."""
    kinds = {
        "R5": "certificate_copy",
        "R4": "team_self_score",
        "R6": "dept_review_opinion",
        "R7": "reviewer_opinion",
        "": "stats_qc",
    }
    given = verdict(whole(**{kinds[rule]: document(file, format="image")}))
    found = [f for f in everything(given) if f.code == "document.unreadable"]
    assert [(f.rule, f.severity.value, f.document) for f in found] == [(rule, severity, file)]
    assert [f for f in everything(given) if f.severity.value == "ask"] == []


def test_r5_the_certificates_are_settled_by_a_tick() -> None:
    """What staff have in hand is not on the list any more."""
    mails = whole(certificate_copy=None, team_self_score=None)
    assert len([f for f in everything(verdict(mails)) if f.code == "human.paper"]) > 0
    ticked = verdict(mails, ticks=frozenset({(None, "paper")}))
    assert [f for f in everything(ticked) if f.code == "human.paper"] == []


@pytest.mark.parametrize("kind", ["dept_review_opinion", "reviewer_opinion"])
def test_r6_and_r7_the_opinions_may_stand_in_the_report(kind: str) -> None:
    """小组成果资料须附: under their own titles."""
    titles = {"dept_review_opinion": "五、审查意见", "reviewer_opinion": "六、评审意见"}
    paper = report(f"{REPORT}\n{titles[kind]}\n情况属实。")
    assert grave(verdict(whole(**{kind: None, "qc_report": paper}))) == []


def test_r6_and_r7_both_opinions_may_stand_in_one_file() -> None:
    """One sheet for the departments and the reviewers."""
    both = document(
        "审查意见及评审意见.docx",
        filled("dept_review_opinion"),
        text="审查意见\n情况属实。\n评审意见\n同意推荐。",
    )
    assert grave(verdict(whole(dept_review_opinion=both, reviewer_opinion=None))) == []


def test_r5_the_certificates_of_two_reviewers_are_both_in_force() -> None:
    """None is a version of the other, in one mail or in two; the same file again is."""
    first = document("张广林证书.jpg", filled("certificate_copy"), sha256="a" * 64)
    second = document("罗世安证书.jpg", filled("certificate_copy"), sha256="b" * 64)
    better = document("罗世安证书.jpg", filled("certificate_copy"), sha256="c" * 64)
    mails = [
        mail(first, second, arrived=ARRIVED, mailbox="cqszlxh@126.com"),
        mail(better, arrived=ARRIVED, mailbox="cqszlxh@126.com", ordinal=1),
    ]
    papers = folded(CHONGQING, *mails, unit=COMPANY, tier="").papers
    assert [paper.document.sha256[0] for paper in papers if paper.current] == ["a", "c"]


def test_r4_the_six_points_in_the_cell_need_no_separate_text() -> None:
    """The cell says 另附纸."""
    intro = "".join(f"{number}、内容具体翔实。" for number in range(1, 7))
    given = verdict(whole(team_text=None, team_form=filled("team_form", team_intro=intro)))
    assert grave(given) == []


@pytest.mark.parametrize(("count", "decision"), [(1, Decision.REVIEW), (0, Decision.ACCEPTED)])
def test_r11_an_accident_is_for_a_person(count: int, decision: Decision) -> None:
    """The group of the same company does not wait."""
    given = verdict(whole(team_form=filled("team_form", accidents_per_year=count)))
    assert {e.item.category: e.decision for e in given.items} == {
        "qc": Decision.ACCEPTED,
        "team": decision,
    }
    assert [f.severity.value for f in of_rule(given, "R11")] == ["human"] * count


def test_r17_and_r21_an_association_bears_another_name_and_district() -> None:
    """Its companies are compared one by one, and its own papers with none of them."""
    head = {"recommender": ASSOCIATION, "district": "渝中区"}
    second = filled("qc_form", group_name="匠心小组", company=OTHER, unit=OTHER, district="长寿区")
    given = verdict(
        whole(
            stats_qc=filled("stats_qc", **head),
            stats_team=filled("stats_team", **head),
            summary_qc=filled("summary_qc", recommender=ASSOCIATION),
            rollup_qc=rollup_qc(group(), group("匠心小组"), **head),
            rollup_team=rollup_team(**head),
        ),
        mail(
            second,
            document("匠心小组报告.docx", filled("qc_report"), text=f"匠心小组{REPORT}"),
            document("匠心小组审查意见.docx", filled("dept_review_opinion")),
            document("匠心小组评审意见.docx", filled("reviewer_opinion")),
            arrived=ARRIVED,
            sender="a@bayu.example",
        ),
        unit=ASSOCIATION,
    )
    assert grave(given) == []
    assert [*of_rule(given, "R17"), *of_rule(given, "R21")] == []
    assert [entry.item.company for entry in given.items] == [COMPANY, COMPANY, OTHER]
    assert {entry.item.region for entry in given.items} == {"江北区", "长寿区"}


def test_r29_no_word_about_fees() -> None:
    """The notice names neither an amount nor that there is none."""
    assert CHONGQING.fees.policy == "unstated"
    assert [f for f in everything(verdict(whole())) if f.code.startswith("fee.")] == []


def test_r30_a_form_of_another_year_is_asked_for_anew() -> None:
    """And nothing else is said about it."""
    old = replace(filled("qc_form"), campaigns=(), foreign="标题年份为“2018年”，本次为“2019年”")
    (found,) = grave(verdict(whole(qc_form=old)))
    assert (found.code, found.rule, found.severity.value) == ("form.wrong_campaign", "R30", "ask")


def test_r27_and_r10_what_only_a_person_can_see() -> None:
    """Stamp, signatures, records, certificates: once for each form."""
    given = verdict(whole())
    seen = [(f.rule, f.code, f.kind) for f in everything(given) if f.rule in ("R10", "R27")]
    assert sorted(seen) == sorted(
        [
            ("R10", "eligibility.certificate", "qc_form"),
            ("R10", "eligibility.certificate", "team_form"),
            ("R27", "human.stamp", "qc_form"),
            ("R27", "human.stamp", "team_form"),
            ("R27", "human.authenticity", "qc_form"),
            ("R27", "human.authenticity", "team_form"),
            ("R27", "human.signature", "dept_review_opinion"),
            ("R27", "human.signature", "reviewer_opinion"),
        ]
    )
