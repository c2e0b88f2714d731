"""Conditions of the notice."""

from __future__ import annotations

from typing import Any

import pytest
from dossiers import (
    campaign,
    codes,
    decisions,
    document,
    findings,
    mail,
    only,
    rollup,
    story,
    table,
    team,
    text,
    verdict,
)

from rules.model import Decision


@pytest.mark.parametrize(("accidents", "count"), [(0, 0), (1, 1), (None, 0)])
def test_accidents_are_for_a_person(accidents: int | None, count: int) -> None:
    """Contract: accidents > 0: human."""
    rule = {"check": "accident", "kind": "team_form", "field": "accidents", "severity": "human"}
    given = verdict(campaign([rule]), mail(team(accidents=accidents)))
    assert codes(given) == ["eligibility.accident"] * count
    assert decisions(given) == [Decision.REVIEW if count else Decision.ACCEPTED]


@pytest.mark.parametrize(
    ("founded", "count"),
    [("2018-01-01", 0), ("2017-12-31", 1), ("2018", 0), ("2017", 1), (None, 0)],
)
def test_a_date_not_before_a_day(founded: str | None, count: int) -> None:
    """The day itself counts."""
    rule = {"check": "since", "kind": "team_form", "field": "founded", "day": "2018-01-01"}
    given = verdict(campaign([rule]), mail(team(founded=founded)))
    assert codes(given) == ["eligibility.date"] * count


@pytest.mark.parametrize(
    ("founded", "said"),
    [
        ("2021-01-01", ""),
        ("2022-12-31", ""),
        ("2022-12", ""),
        ("2022", ""),
        ("2020-12-31", "为2020年12月31日，早于通知要求的2021年1月1日，请核对。"),
        ("2023-01-01", "为2023年1月1日，晚于通知要求的2022年12月31日，请核对。"),
        ("2023-01", "为2023年1月，晚于"),
    ],
)
def test_a_date_within_two_days(founded: str, said: str) -> None:
    """Both bounds count, and dates are told as people write them."""
    rule = {"check": "since", "kind": "team_form", "field": "founded"}
    given = verdict(
        campaign([{**rule, "day": "2021-01-01", "until": "2022-12-31"}]),
        mail(team(founded=founded)),
    )
    assert codes(given) == ["eligibility.date"] * bool(said)
    assert all(said in entry.message for entry in findings(given))


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        ({"check": "history", "count": 3, "years": 2}, "eligibility.history"),
        ({"check": "service", "years": 2}, "eligibility.service"),
    ],
)
def test_what_no_form_shows_is_put_before_staff(rule: dict[str, Any], code: str | None) -> None:
    """For each item of the category, and no other."""
    rules = campaign([{**rule, "category": "team", "severity": "warn"}])
    found = only(verdict(rules, mail(team(), story())))
    assert (found.code, found.item) == (code, 0)


@pytest.mark.parametrize(
    ("numbers", "minimum", "count"),
    [(["A1", "A2"], 2, 0), (["A1", None], 2, 1), (["A1"], 2, 1), ([None], 2, 2)],
)
def test_reviewers_with_a_certificate_number(
    numbers: list[str | None], minimum: int, count: int
) -> None:
    """Each row its number, and enough rows."""
    rule = {
        "check": "certificate",
        "rollup": "rollup",
        "table": "reviewers",
        "column": "number",
        "minimum": minimum,
        "categories": ["team"],
    }
    people = table("reviewers", *({"name": f"评委{n}", "number": x} for n, x in enumerate(numbers)))
    rows = rollup({"name": "冲压一班"}, tables=[people])
    given = verdict(campaign([rule]), mail(team(), rows))
    assert codes(given) == ["eligibility.certificate"] * count
    assert codes(verdict(campaign([rule]), mail(story(), rows))) == []


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("本课题于2018年1月1日登记注册。", ""),
        ("本课题于2017年12月31日登记注册。", "2017年12月31日，早于通知要求的2018年1月1日"),
        ("注册时间：2018.1", ""),
        ("注册时间：2017-12", "2017年12月，早于"),
        ("小组成立于2016年，2018年3月5日登记", ""),
        ("二〇一七年登记注册", "2017年，早于"),
        ("2017年3月立项。" + "活动按计划推进。" * 4 + "登记手续齐全。", "中未找到“登记”、“注册”的时间"),
        ("围绕渗漏开展活动。", "中未找到"),
    ],
)  # fmt: skip
def test_a_date_in_a_text_not_before_a_day(written: str, said: str) -> None:
    """The one beside the word; a text that names none is for staff to look through."""
    rule = {
        "check": "since",
        "kind": "summary_both",
        "words": ["登记", "注册"],
        "day": "2018-01-01",
        "severity": "warn",
    }
    paper = document("总结.docx", text("summary_both"), text=written)
    given = verdict(campaign([rule]), mail(paper, team()))
    assert codes(given) == ["eligibility.date"] * bool(said)
    assert all(said in entry.message for entry in findings(given))


@pytest.mark.parametrize("number", [None, "A2"])
def test_an_empty_certificate_number_is_told_once(number: str | None) -> None:
    """The rule about fields leaves it to the rule about certificates."""
    rules = [
        {"check": "fields", "kinds": ["rollup"]},
        {"check": "certificate", "rollup": "rollup", "table": "reviewers", "column": "number"},
    ]
    forms = [
        {**entry, "tables": [_with_number_wanted(one) for one in entry.get("tables", [])]}
        for entry in campaign().model_dump()["forms"]
    ]
    listed = rollup(tables=[table("reviewers", {"name": "张示例", "number": number})])
    given = verdict(campaign(rules, form=forms), mail(team(), listed))
    assert codes(given) == ["eligibility.certificate"] * (number is None)


def _with_number_wanted(entry: dict[str, Any]) -> dict[str, Any]:
    columns = [
        {**column, "must": "stated"} if column["key"] == "number" else column
        for column in entry["columns"]
    ]
    return {**entry, "columns": columns}
