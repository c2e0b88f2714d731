"""Conditions of the notice."""

from __future__ import annotations

from typing import Any

import pytest
from dossiers import campaign, codes, decisions, mail, only, rollup, story, table, team, verdict

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
