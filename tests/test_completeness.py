"""Documents asked for: when they count as there, and that nobody is asked twice."""

from __future__ import annotations

from typing import Any

import pytest
from dossiers import (
    IN_TIME,
    campaign,
    codes,
    decisions,
    document,
    field,
    findings,
    form,
    mail,
    only,
    story,
    team,
    text,
    verdict,
)

from parsers.model import Form, Problem
from rules.model import Decision, Severity

SUMMARY = {"kind": "summary_both", "of": "unit", "categories": ["team"], "clause": "二"}
TEXT = {"kind": "team_text", "categories": ["team"], "instead": "team_intro", "clause": "附件二"}
FILES = [{"check": "readable"}, {"check": "editable", "exempt_words": ["扫描"]}]
IDENTITY = [{"check": "identity"}]


def test_a_missing_paper_of_the_unit_holds_up_its_categories_only() -> None:
    """The teams wait for the summary, the story does not."""
    given = verdict(campaign(document=[SUMMARY]), mail(team(), story()))
    found = only(given)
    assert (found.code, found.kind, found.clause) == ("document.missing", "summary_both", "二")
    assert (found.item, found.categories) == (None, ("team",))
    assert "附件五《示范活动工作总结》" in found.message
    assert decisions(given) == [Decision.SUPPLEMENT, Decision.ACCEPTED]


def test_nothing_is_asked_for_categories_nobody_applies_in() -> None:
    """A story alone needs no summary of the teams."""
    given = verdict(campaign(document=[SUMMARY]), mail(story()))
    assert codes(given) == []


def test_a_paper_that_comes_later_heals() -> None:
    """The dossier is the union of all mails."""
    given = verdict(campaign(document=[SUMMARY]), mail(team()), mail(text("summary_both")))
    assert decisions(given) == [Decision.ACCEPTED]


def test_each_item_needs_its_own_text() -> None:
    """Two teams, one text that names the first."""
    rules = campaign(document=[TEXT])
    own = document("冲压一班 班组简介.docx", text("team_text"))
    given = verdict(
        rules, mail(team("冲压一班", team_intro=None), team("热处理甲班", team_intro=None), own)
    )
    found = only(given)
    assert (found.code, found.item, found.kind) == ("document.missing", 1, "team_text")
    assert "“热处理甲班”" in found.message
    assert "栏内完整填写" in found.message


@pytest.mark.parametrize(
    ("intro", "there"),
    [
        ("1、成员组成十二人。2、管理扎实。3、获得三项。", True),
        ("一、成员组成十二人；二、管理扎实；三、获得三项", True),
        ("①成员组成十二人 ②管理扎实 ③获得三项", True),
        ("1、成员组成十二人。2、管理扎实。", False),
        ("成员组成、基础管理和荣誉都好", True),
        ("成员组成和基础管理都好", False),  # 2 of 3 are below 70 %, rounded up
        ("好" * 300, True),
        ("好" * 299, False),
        ("详见附件", False),
        ("1. 成员组成。\n2. 基础管理情况。\n3. 荣誉情况。", False),  # as printed
        ("1. 成员组成。\n2. 基础管理情况。\n3. 荣誉情况。\n另附", False),
        ("1. 成员组成。十二人\n2. 基础管理情况。扎实\n3. 荣誉情况。三项", True),
        ("1.5倍 2.5倍 3.5倍", False),
    ],
)
def test_a_real_text_in_the_cell_needs_no_separate_file(intro: str | None, there: bool) -> None:
    """Numbered points, most of the words, or 300 字; the printed guidance does not count."""
    given = verdict(campaign(document=[TEXT]), mail(team(team_intro=intro)))
    assert ("document.missing" not in codes(given)) is there


def test_paper_originals_are_a_tick_for_staff() -> None:
    """What comes by post holds up nothing and is settled by a tick."""
    post = {"kind": "change_note", "channel": "post", "categories": ["team"], "of": "unit"}
    rules = campaign(document=[post])
    given = verdict(rules, mail(team()))
    assert only(given).code == "human.paper"
    assert only(given).severity is Severity.WARN
    assert decisions(given) == [Decision.ACCEPTED]
    assert codes(verdict(rules, mail(team()), ticks=frozenset({(None, "paper")}))) == []


def test_a_document_that_is_only_welcome_is_not_demanded() -> None:
    """Severity info: a remark, no request."""
    welcome = {"kind": "team_text", "categories": ["team"], "severity": "info"}
    given = verdict(campaign(document=[welcome]), mail(team()))
    assert "请补报" not in only(given).message
    assert decisions(given) == [Decision.ACCEPTED]


def test_a_form_of_another_year_is_complained_of_once() -> None:
    """Wrong form, and not missing as well."""
    old = Form(kind="summary_both", title="2024年工作总结", foreign="标题为2024年度")
    given = verdict(campaign(IDENTITY, document=[SUMMARY]), mail(team(), old))
    assert codes(given) == ["form.wrong_campaign"]
    assert "2024" in only(given).message
    assert decisions(given) == [Decision.SUPPLEMENT]


def test_a_form_of_another_year_does_not_count_without_the_rule_either() -> None:
    """It never stands for the right one."""
    old = Form(kind="summary_both", foreign="标题为2024年度")
    assert codes(verdict(campaign(document=[SUMMARY]), mail(team(), old))) == ["document.missing"]


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        ("工作总结.docx", ["document.encrypted"]),
        ("附件5.docx", ["document.encrypted"]),
        ("附件五.docx", ["document.encrypted"]),
        ("附件十五.docx", ["document.missing", "document.encrypted"]),
        ("照片.docx", ["document.missing", "document.encrypted"]),
    ],
)
def test_a_file_that_cannot_be_read_stands_for_what_its_name_says(
    file: str, expected: list[Any]
) -> None:
    """The sender hears of the password, not of a missing summary."""
    locked = document(file, problems=(Problem(code="document.encrypted", message="有密码"),))
    given = verdict(campaign(FILES, document=[SUMMARY]), mail(team(), locked))
    assert codes(given) == expected
    assert decisions(given) == [Decision.SUPPLEMENT]


def test_a_scan_stands_for_what_its_name_says() -> None:
    """One request for an editable file instead of a missing one."""
    scan = document("工作总结.pdf", format="pdf")
    given = verdict(campaign(FILES, document=[SUMMARY]), mail(team(), scan))
    assert codes(given) == ["document.not_editable"]
    assert only(given).kind == "summary_both"
    assert only(given).categories == ("team",)


def test_one_scan_does_not_stand_for_the_texts_of_two_teams() -> None:
    """It names none of them, so both are asked for their text."""
    rules = campaign(FILES, document=[TEXT])
    scan = document("班组简介.pdf", format="pdf")
    teams = [team("冲压一班", team_intro=None), team("热处理甲班", team_intro=None)]
    given = verdict(rules, mail(*teams, scan))
    assert codes(given).count("document.missing") == 2
    named = document("冲压一班班组简介.pdf", format="pdf")
    given = verdict(rules, mail(*teams, named))
    missing = only(given, "document.missing")
    assert (missing.item, only(given, "document.not_editable").item) == (1, 0)


@pytest.mark.parametrize(("together", "expected"), [(True, []), (False, ["document.missing"])])
def test_documents_that_belong_in_one_mail(together: bool, expected: list[Any]) -> None:
    """A remark where they came apart; a later correction of one of them is none."""
    rules = campaign(
        [{"check": "one_mail", "kinds": ["summary_both", "stats_both"], "severity": "warn"}]
    )
    summary, stats = text("summary_both"), form("stats_both", {})
    mails = [mail(summary, stats)] if together else [mail(summary), mail(stats)]
    assert codes(verdict(rules, *mails)) == expected
    correction = mail(form("stats_both", {"registered_year": 3}))
    assert codes(verdict(rules, *mails, correction)) == expected


def test_a_demand_of_another_tier_is_not_made() -> None:
    """Tiers limit demands."""
    rules = campaign(document=[{**SUMMARY, "tiers": ["province"]}])
    assert codes(verdict(rules, mail(team()))) == []


def test_the_text_in_the_cell_is_not_complained_of_twice() -> None:
    """An empty cell whose text may come separately is the demand's business alone."""
    rules = campaign([{"check": "fields", "kinds": ["team_form"]}], document=[TEXT])
    empty = mail(team(team_intro=None))
    assert codes(verdict(rules, empty)) == ["document.missing"]
    with_text = mail(team(team_intro=None), document("班组简介.docx", text("team_text")))
    assert codes(verdict(rules, with_text)) == []


def test_a_doubtful_text_in_the_cell_is_no_text() -> None:
    """A value that could not be read satisfies nothing."""
    doubtful = field("team_intro", None, "乱码")
    given = verdict(campaign(document=[TEXT]), mail(team(team_intro=doubtful), arrived=IN_TIME))
    assert [entry.code for entry in findings(given)] == ["document.missing"]


WITHIN = {"kind": "summary_both", "categories": ["team"], "within": ["team_text"]}


@pytest.mark.parametrize(
    ("written", "asked"),
    [
        ("班组材料\n示范活动工作总结\n本年度情况良好。", False),
        ("班组材料\n八、示范活动 工作总结：情况良好。", False),
        ("班组材料\n详见另附的示范活动工作总结。", True),
        ("班组材料", True),
    ],
)
def test_a_paper_may_stand_at_the_end_of_another_under_its_title(written: str, asked: bool) -> None:
    """Only where the campaign says so; a mention of it is not enough."""
    paper = document("冲压一班材料.docx", text("team_text"), text=written)
    for demand, missing in ((WITHIN, asked), ({**WITHIN, "within": []}, True)):
        given = verdict(campaign(document=[demand]), mail(team(), paper))
        assert codes(given) == ["document.missing"] * missing


@pytest.mark.parametrize(("copies", "said"), [(0, "（纸质件）"), (2, "（纸质2份）")])
def test_what_comes_by_post_is_for_staff(copies: int, said: str) -> None:
    """With the number of copies where one is stated."""
    demand = {**SUMMARY, "channel": "post", "copies": copies}
    found = only(verdict(campaign(document=[demand]), mail(team())))
    assert (found.code, found.severity) == ("human.paper", Severity.WARN)
    assert said in found.message
