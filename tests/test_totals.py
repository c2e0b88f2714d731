"""Arithmetic of roll-ups."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from dossiers import campaign, codes, mail, only, rollup, table, team, verdict

LIST = {"rollup": "rollup", "table": "results"}
ROWS = {
    "check": "rows",
    **LIST,
    "column": "name",
    "categories": ["team"],
    "severity": "info",
}


@pytest.mark.parametrize(
    ("total", "column", "count"),
    [(5, "members", 0), (6, "members", 1), (2, None, 0), (3, None, 1), (None, "members", 0)],
)
def test_the_printed_total(total: Any, column: str | None, count: int) -> None:
    """The sum of a column, or the number of rows."""
    rule = {"check": "total", **LIST, "column": column, "total": "total"}
    rows = rollup({"name": "甲班", "members": 2}, {"name": "乙班", "members": 3}, total=total)
    assert codes(verdict(campaign([rule]), mail(rows))) == ["rollup.total"] * count


def test_a_total_over_an_unread_figure_is_not_judged() -> None:
    """The gap is complained of elsewhere."""
    rule = {"check": "total", **LIST, "column": "members", "total": "total"}
    rows = rollup({"name": "甲班", "members": 2}, {"name": "乙班", "members": None}, total=9)
    assert codes(verdict(campaign([rule]), mail(rows))) == []


@pytest.mark.parametrize(
    ("leader", "total", "right"),
    [
        ("yes", 5, True),
        ("yes", 7, False),
        ("no", 7, True),
        ("no", 5, False),
        ("either", 5, True),
        ("either", 7, True),
        ("either", 6, False),
        ("either", 8, False),
    ],
)
def test_the_total_of_lists_of_names(leader: str, total: int, right: bool) -> None:
    """The names are counted, each row's leader among them or one more."""
    rule = {"check": "total", **LIST, "column": "list", "total": "total", "leader_counts": leader}
    rows = rollup(
        {"name": "甲班", "list": ["张一", "李二"]},
        {"name": "乙班", "list": ["王三", "赵四", "孙五"]},
        total=total,
    )
    assert codes(verdict(campaign([rule]), mail(rows))) == ["rollup.total"] * (not right)


def test_the_total_over_an_empty_list_of_names_is_not_judged() -> None:
    """Who is missing there is not known."""
    rule = {"check": "total", **LIST, "column": "list", "total": "total"}
    rows = rollup({"name": "甲班", "list": ["张一"]}, {"name": "乙班", "list": None}, total=9)
    assert codes(verdict(campaign([rule]), mail(rows))) == []


@pytest.mark.parametrize(
    ("first", "rows", "count"), [(1, 1, 0), (1, 2, 0), (2, 3, 0), (2, 2, 1), (3, 4, 1), (3, 5, 0)]
)
def test_a_grades_share_is_rounded_half_up(first: int, rows: int, count: int) -> None:
    """50 % of three rows are two."""
    rule = {"check": "ratio", **LIST, "column": "grade", "value": "1", "percent": 50}
    graded = [{"name": f"{n}班", "grade": ["1" if n < first else "2"]} for n in range(rows)]
    assert codes(verdict(campaign([rule]), mail(rollup(*graded)))) == ["rollup.ratio"] * count


@pytest.mark.parametrize(
    ("codes_in_rows", "count"),
    [
        (["410000", "410001"], 0),
        (["410000", "410000"], 0),
        (["410001", "410000"], 1),
        (["410002", None, "410001", "410000"], 1),
        (["030002", "410000"], 0),
    ],
)
def test_rows_in_order(codes_in_rows: list[str | None], count: int) -> None:
    """Postcodes as numbers; gaps are passed over; told once."""
    rule = {"check": "order", **LIST, "column": "postcode", "severity": "info"}
    rows = rollup(*({"name": f"{n}班", "postcode": code} for n, code in enumerate(codes_in_rows)))
    assert codes(verdict(campaign([rule]), mail(rows))) == ["rollup.order"] * count


@pytest.mark.parametrize(("women", "count"), [(12, 0), (13, 1), (None, 0)])
def test_parts_are_no_larger_than_the_whole(women: int | None, count: int) -> None:
    """Row by row."""
    rule = {"check": "subset", **LIST, "parts": ["women"], "whole": "members"}
    rows = rollup({"name": "甲班", "members": 12, "women": women})
    assert codes(verdict(campaign([rule]), mail(rows))) == ["rollup.mismatch"] * count


@pytest.mark.parametrize(("women", "count"), [(2, 0), (3, 1)])
def test_a_list_of_names_is_a_whole(women: int, count: int) -> None:
    """Its names are counted; an empty list says nothing."""
    rule = {"check": "subset", **LIST, "parts": ["women"], "whole": "list"}
    rows = rollup({"name": "甲班", "list": ["张示例", "李示例"], "women": women})
    given = verdict(campaign([rule]), mail(rows))
    assert codes(given) == ["rollup.mismatch"] * count
    assert not count or "大于同一行的“成员名单”2人" in only(given).message
    rows = rollup({"name": "甲班", "list": [], "women": women})
    assert codes(verdict(campaign([rule]), mail(rows))) == []


@pytest.mark.parametrize(("number", "count"), [(0, 0), (3, 0), (4, 1)])
def test_more_names_than_slots_are_told_to_staff(number: int, count: int) -> None:
    """As many as there are slots fit."""
    rule = {"check": "slots", "kind": "team_form", "field": "crew", "severity": "warn"}
    crew = ["张示例", "李示例", "王示例", "赵示例"][:number]
    given = verdict(campaign([rule]), mail(team(crew=crew)))
    assert codes(given) == ["members.count"] * count
    assert not count or "列有4人，表上只有3格" in only(given).message


@pytest.mark.parametrize(
    ("stated", "leader", "right"),
    [
        (2, "yes", True),
        (3, "yes", False),
        (2, "no", False),
        (3, "no", True),
        (2, "either", True),
        (3, "either", True),
        (4, "either", False),
        (1, "either", False),
    ],
)
def test_a_number_and_its_list(stated: int, leader: str, right: bool) -> None:
    """With the leader, without, or either; in a row, a form's list, another row."""
    row_names = {"kind": "rollup", "table": "results", "field": "list"}
    form_names = {"kind": "team_form", "table": "members", "field": "name"}
    number = {"kind": "team_form", "field": "member_count"}
    row_number = {"kind": "rollup", "table": "results", "field": "members"}
    members = table("members", {"name": "甲"}, {"name": "乙"}, {"name": None})
    form = replace(team(member_count=stated), tables=(members,))
    rows = rollup({"name": "冲压一班", "members": stated, "list": "甲、乙"})
    for count_at, names_at in [
        (number, row_names),
        (number, form_names),
        (row_number, row_names),
        (row_number, form_names),
    ]:
        rule = {"check": "members", "number": count_at, "names": names_at, "leader_counts": leader}
        given = verdict(campaign([rule, ROWS]), mail(form, rows))
        assert codes(given) == ([] if right else ["members.count"])
        if not right:
            assert only(given).item == 0


def test_an_empty_list_is_not_counted() -> None:
    """Its absence is complained of elsewhere."""
    rule = {
        "check": "members",
        "number": {"kind": "team_form", "field": "member_count"},
        "names": {"kind": "rollup", "table": "results", "field": "list"},
    }
    given = verdict(
        campaign([rule, ROWS]), mail(team(), rollup({"name": "冲压一班", "list": None}))
    )
    assert codes(given) == []
