"""Fields and cells: filled, of their type, ticked rightly, read with certainty."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import filed
import pytest
from dossiers import (
    campaign,
    codes,
    decisions,
    field,
    findings,
    mail,
    only,
    rollup,
    stats,
    story,
    team,
    verdict,
)

from mailbot.catalogue import shipped_campaigns
from rules.checks.case import Case
from rules.checks.fields import fields
from rules.gathering.dossier import assemble
from rules.model import Decision, Facts, Severity
from rules.notice.settings import FieldsRule

TEAM_FIELDS = {"check": "fields", "kinds": ["team_form"], "clause": "附件二", "id": "R11"}
STORY_FIELDS = {"check": "fields", "kinds": ["story_form"]}
LIST_FIELDS = {"check": "fields", "kinds": ["rollup"]}


def test_a_form_in_order_has_no_findings() -> None:
    """Optional, stamped and numbered fields may be empty."""
    given = verdict(campaign([TEAM_FIELDS, STORY_FIELDS]), mail(team(), story()))
    assert codes(given) == []
    assert decisions(given) == [Decision.ACCEPTED, Decision.ACCEPTED]


def test_an_empty_field_is_asked_for_with_its_place_and_what_belongs_there() -> None:
    """Annex, title, place, label as printed, clause."""
    found = only(verdict(campaign([TEAM_FIELDS]), mail(team(postcode=None))))
    assert found.message == (
        "附件二《示范班组成果表》表1 第3行第2列“邮编”未填写，请补充填写6位数字邮政编码。"
    )
    assert (found.code, found.severity, found.clause) == ("field.empty", Severity.ASK, "附件二")
    assert (found.field, found.label, found.rule) == ("postcode", "邮 编：", "R11")
    assert (found.where, found.item) == ("表1 第3行第2列", 0)


@pytest.mark.parametrize(
    ("key", "entry", "code"),
    [
        ("postcode", field("postcode", None, "41000"), "field.invalid"),
        ("fax", field("fax", None, "转接"), "field.invalid"),
        ("fax", field("fax", None, "无"), None),
        ("fax", field("fax", None, " ／ "), None),
        ("phone", field("phone", None, "——"), "field.invalid"),
        ("fax", None, None),
        ("member_count", 1, None),
        ("member_count", 0, "field.invalid"),
        ("member_count", 2.0, None),
        ("member_count", 2.5, "field.invalid"),
        ("member_count", True, "field.invalid"),
        ("member_count", "12", "field.invalid"),
        ("rate", 0, None),
        ("rate", 100, None),
        ("rate", 100.1, "field.invalid"),
        ("rate", -0.1, "field.invalid"),
        ("rate", math.nan, "field.invalid"),
        ("rate", math.inf, "field.invalid"),
        ("accidents", 0, None),
        ("accidents", -1, "field.invalid"),
        ("training", [12, 40], None),
        ("training", [12], "field.invalid"),
        ("training", [12, -1], "field.invalid"),
        ("company", 5, "field.invalid"),
        ("company", field("company", None, "  "), "field.empty"),
        ("stamp", None, None),
        ("serial", None, None),
    ],
)
def test_types_and_ranges(key: str, entry: Any, code: str | None) -> None:
    """Both sides of every boundary."""
    given = verdict(campaign([TEAM_FIELDS]), mail(team(**{key: entry})))
    assert codes(given) == ([code] if code else [])


def test_what_was_found_and_why_it_was_not_taken_is_told() -> None:
    """Raw text and doubt are in the message."""
    doubtful = field("rate", None, "0.98", doubt="未带百分号，无法判断")
    message = only(verdict(campaign([TEAM_FIELDS]), mail(team(rate=doubtful)))).message
    assert "“0.98”" in message
    assert "未带百分号" in message
    assert "0至100" in message


def test_ranges_may_be_left_to_another_rule() -> None:
    """Ranges = false complains of types only."""
    rules = campaign([{**TEAM_FIELDS, "ranges": False}])
    assert codes(verdict(rules, mail(team(rate=120)))) == []
    assert codes(verdict(rules, mail(team(rate="百分百")))) == ["field.invalid"]


@pytest.mark.parametrize(
    ("phone", "mobile", "expected"),
    [
        (None, "13900000001", []),
        ("0731-80000001", None, ["mobile"]),
        (None, None, ["phone", "mobile"]),
        (field("phone", None, "123"), "13900000001", ["phone"]),
    ],
)
def test_a_landline_is_not_asked_for_where_a_mobile_is_there(
    phone: Any, mobile: str | None, expected: list[Any]
) -> None:
    """Contract: a landline missing while a mobile is there: nothing."""
    given = verdict(campaign([TEAM_FIELDS]), mail(team(phone=phone, mobile=mobile)))
    assert [entry.field for entry in findings(given)] == expected


def test_a_row_that_was_deleted_from_the_form() -> None:
    """The label was found nowhere."""
    gone = field("member_count", where="")
    found = only(verdict(campaign([TEAM_FIELDS]), mail(team(member_count=gone))))
    assert found.code == "field.empty"
    assert "勿删除表格行" in found.message
    assert found.where == ""


@pytest.mark.parametrize(
    ("key", "entry", "code"),
    [
        ("topics", ["品牌战略"], None),
        ("topics", ["品牌战略", "品牌文化"], None),
        ("topics", field("topics", [], "☐品牌战略 ☐品牌文化"), "field.choice"),
        ("topics", None, "field.choice"),
        ("topics", ["品牌传说"], "field.choice"),
        ("topics", field("topics", None, "☐品牌战略 其他"), "field.choice"),
        ("award", None, None),
        ("award", field("award", [], "☐金奖 ☐银奖"), None),
        ("award", ["金奖"], None),
        ("award", ["金奖", "银奖"], "field.choice"),
        ("award", ["铜奖"], "field.choice"),
        ("award", field("award", None, "铜奖"), "field.choice"),
    ],
)
def test_choices_within_the_options(key: str, entry: Any, code: str | None) -> None:
    """One of a choice, one or more of a tick group, none only where it is optional."""
    given = verdict(campaign([STORY_FIELDS]), mail(story(**{key: entry})))
    assert codes(given) == ([code] if code else [])


@pytest.mark.parametrize(
    ("ticked", "expected"),
    [([], ["ask"]), (["品牌战略"], []), (["品牌战略", "品牌文化"], ["warn"])],
)
def test_number_of_ticks(ticked: list[str], expected: list[Any]) -> None:
    """None is asked for, several are for staff; said once though two rules look."""
    least = {"check": "choice", "kind": "story_form", "field": "topics"}
    rules = [STORY_FIELDS, least, {**least, "minimum": 0, "maximum": 1, "severity": "warn"}]
    given = verdict(campaign(rules), mail(story(topics=ticked)))
    assert [entry.severity.value for entry in findings(given)] == expected


@pytest.mark.parametrize(
    ("speaker", "gender", "count"),
    [
        (None, None, 0),
        (None, field("gender", [], "☐男 ☐女"), 0),
        ("张示例", ["女"], 0),
        ("张示例", None, 1),
        (None, ["女"], 1),
    ],
)
def test_a_block_is_filled_as_a_whole_or_left_empty(speaker: Any, gender: Any, count: int) -> None:
    """Printed boxes without a tick are empty."""
    rule = {
        "check": "together",
        "kind": "story_form",
        "fields": ["speaker", "gender"],
        "name": "拟参会演讲",
    }
    given = verdict(campaign([rule]), mail(story(speaker=speaker, gender=gender)))
    assert codes(given) == ["field.empty"] * count


@pytest.mark.parametrize(
    ("topics", "speaker", "gender", "count"),
    [
        (["品牌文化"], "张示例", ["女"], 0),
        (["品牌文化"], None, None, 1),
        (["品牌文化"], "张示例", None, 1),
        (["品牌战略"], None, None, 0),
        (["品牌战略"], "张示例", None, 1),
    ],
)
def test_an_answer_demands_the_whole_block(
    topics: list[str], speaker: Any, gender: Any, count: int
) -> None:
    """With another answer it may be left empty, but not filled in part."""
    rule = {
        "check": "together",
        "kind": "story_form",
        "fields": ["speaker", "gender"],
        "name": "内容类别",
        "when": "topics",
        "marked": "品牌文化",
    }
    told = story(topics=topics, speaker=speaker, gender=gender)
    assert codes(verdict(campaign([rule]), mail(told))) == ["field.empty"] * count


def test_a_gap_in_a_list_names_its_row() -> None:
    """A filled row lacks its name; a row with a serial number alone is no row."""
    rows = rollup(
        {"seq": "1", "name": "冲压一班", "postcode": "410000"},
        {"seq": "2", "name": None, "postcode": "410000"},
        {"seq": "3", "name": None, "postcode": None},
    )
    found = only(verdict(campaign([LIST_FIELDS]), mail(rows)))
    assert (found.code, found.field, found.item) == ("field.empty", "name", None)
    assert "第3行" in found.where


def test_a_column_that_is_gone_is_complained_of_once() -> None:
    """Not once a row."""
    read = rollup({"postcode": "410000"}, {"postcode": "410001"})
    (results,) = read.tables
    read = rollup(tables=())
    read = replace(read, tables=(replace(results, columns=("postcode",)),))
    found = only(verdict(campaign([LIST_FIELDS]), mail(read)))
    assert "请勿删改表头" in found.message
    assert found.where == "表1"


@pytest.mark.parametrize(
    ("entry", "count"),
    [
        (field("rate", 98.5, "98.5", confidence=0.8), 0),
        (field("rate", 98.5, "98.5", confidence=0.79), 1),
        (field("rate", 98.5, "0.985", doubt="可能是小数"), 1),
        (field("rate", None, "0.985", doubt="可能是小数"), 0),
    ],
)
def test_a_value_that_is_not_certain_is_for_a_person(entry: Any, count: int) -> None:
    """Below the campaign's threshold, or taken with a doubt."""
    rule = {"check": "certain", "severity": "human"}
    given = verdict(campaign([rule], confidence=0.8), mail(team(rate=entry)))
    assert codes(given) == ["field.invalid"] * count
    assert decisions(given) == [Decision.REVIEW if count else Decision.ACCEPTED]


@pytest.mark.parametrize(("confidence", "count"), [(0.8, 0), (0.79, 1)])
def test_a_form_that_is_not_certain_is_for_a_person(confidence: float, count: int) -> None:
    """Once for the form."""
    rule = {"check": "certain", "severity": "human"}
    given = verdict(campaign([rule]), mail(replace(team(), confidence=confidence)))
    assert codes(given) == ["field.invalid"] * count


def test_statistics_are_judged_like_other_fields() -> None:
    """A percent is a percent everywhere."""
    rules = campaign([{"check": "fields", "kinds": ["stats_both"]}])
    assert codes(verdict(rules, mail(stats(penetration=101)))) == ["field.invalid"]


def test_a_form_the_notice_does_not_print_is_asked_only_for_what_it_has() -> None:
    """An assumed layout demands no row or column that the applicant's own form lacks."""
    hunan = shipped_campaigns()["hunan-2026"]
    rule = next(r for r in hunan.rules if isinstance(r, FieldsRule) and "qc_form" in r.kinds)
    bare = filed.form("qc_form", group_name="先锋QC小组", company=filed.COMPANY)
    empty = replace(
        bare, fields=(*bare.fields, filed.field("postcode", None), filed.field("mobile", ""))
    )
    for form, keys in ((bare, []), (empty, ["postcode", "mobile"])):
        dossier = assemble(hunan, "", filed.COMPANY, filed.mails((filed.document("a.docx", form),)))
        case = Case(dossier=dossier, campaign=hunan, facts=Facts(now=filed.START))
        assert [defect.field for defect in fields(rule, case)] == keys


def test_single_columns_may_have_a_rule_of_their_own() -> None:
    """The general rule does not say the same a second time."""
    own = {**LIST_FIELDS, "fields": ["name"], "id": "R9", "clause": "附件三 注1"}
    general = {**LIST_FIELDS, "id": "R23"}
    row = {"name": None, "company": "湘江重工装备有限公司", "members": -1}
    given = verdict(campaign([own, general]), mail(team(), rollup(row)))
    assert [(entry.field, entry.rule, entry.clause) for entry in findings(given)] == [
        ("name", "R9", "附件三 注1"),
        ("members", "R23", ""),
    ]
    given = verdict(campaign([own]), mail(team(), rollup(row)))
    assert [entry.field for entry in findings(given)] == ["name"]


def test_a_row_in_the_wrong_list_is_not_asked_for_cells() -> None:
    """That it stands there at all is said elsewhere."""
    rows = {
        "check": "rows",
        "rollup": "rollup",
        "table": "results",
        "column": "name",
        "categories": ["team"],
    }
    listed = rollup({"name": "一把扳手的三十年", "members": -1})
    rules = campaign([LIST_FIELDS, rows])
    assert "field.invalid" not in codes(verdict(rules, mail(story(), listed)))
    assert "field.invalid" in codes(verdict(rules, mail(team("一把扳手的三十年"), listed)))
