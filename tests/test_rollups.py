"""Roll-ups against the forms they list."""

from __future__ import annotations

from typing import Any

import hypothesis
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
    verdict,
)
from hypothesis import strategies as st

from rules.model import Decision

ROWS = {
    "check": "rows",
    "rollup": "rollup",
    "table": "results",
    "column": "name",
    "categories": ["team"],
}
MATCH = {
    "check": "match",
    "rollup": "rollup",
    "table": "results",
    "name_column": "name",
    "column": "members",
    "kind": "team_form",
    "field": "member_count",
    "compare": "number",
}


@pytest.mark.parametrize(
    ("listed", "told"),
    [
        (["李示例", "张 示例"], ""),
        (["张示例"], "列有2人（其中李示例为另一处所无），"),
        (["张示例", "李示例", "王示例"], "列有3人（其中王示例为另一处所无），"),
    ],
)
def test_the_same_persons_in_form_and_row(listed: list[str], told: str) -> None:
    """In whatever order; only who is missing on one side is named."""
    rule = {**MATCH, "column": "list", "field": "crew", "compare": "names"}
    given = verdict(
        campaign([rule]),
        mail(team(crew=["张示例", "李示例"]), rollup({"name": "冲压一班", "list": listed})),
    )
    assert codes(given) == (["rollup.mismatch"] if told else [])
    assert not told or told in only(given).message


def test_each_form_has_its_row() -> None:
    """Blanks aside."""
    given = verdict(campaign([ROWS]), mail(team(), rollup({"name": "冲压 一班"})))
    assert codes(given) == []


def test_without_a_roll_up_nothing_is_said_of_rows() -> None:
    """The demand asks for it."""
    assert codes(verdict(campaign([ROWS]), mail(team()))) == []


def test_a_form_without_row_and_a_row_without_form() -> None:
    """Told on the item, and on the category."""
    given = verdict(campaign([ROWS]), mail(team(), story(), rollup({"name": "热处理甲班"})))
    row, form = only(given, "rollup.row_missing"), only(given, "rollup.form_missing")
    assert (row.item, "“冲压一班”" in row.message) == (0, True)
    assert (form.item, form.categories) == (None, ("team",))
    assert "第2行" in form.message
    assert "附件二《示范班组成果表》" in form.message
    assert decisions(given) == [Decision.SUPPLEMENT, Decision.ACCEPTED]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("冲压二班", ["name.mismatch"]),
        ("冲压车间班组", ["rollup.form_missing", "rollup.row_missing"]),
        ("冲压一班组", ["name.mismatch"]),
        ("冲床乙班", ["name.mismatch"]),
        ("冲床乙组", ["rollup.form_missing", "rollup.row_missing"]),
    ],
)
def test_nearly_the_same_name_is_one_question(row: str, expected: list[Any]) -> None:
    """One or two letters apart; three are another name."""
    given = verdict(campaign([ROWS]), mail(team(), rollup({"name": row})))
    assert codes(given) == expected
    if expected == ["name.mismatch"]:
        found = only(given)
        assert found.item == 0
        assert "“冲压一班”" in found.message
        assert f"“{row}”" in found.message


def test_near_names_are_not_taken_from_their_own_forms() -> None:
    """冲压一班 and 冲压二班 are two teams, each with its row."""
    teams = [team("冲压一班"), team("冲压二班", member_count=9)]
    given = verdict(
        campaign([ROWS]), mail(*teams, rollup({"name": "冲压二班"}, {"name": "冲压一班"}))
    )
    assert codes(given) == []


def test_two_rows_for_one_form() -> None:
    """Each form stands once."""
    rows = rollup({"name": "冲压一班"}, {"name": "冲压一班"})
    found = only(verdict(campaign([ROWS]), mail(team(), rows)))
    assert (found.code, found.item, found.where) == ("rollup.mismatch", 0, "表1 第3行第1列")


def test_rows_may_stand_in_several_roll_ups() -> None:
    """Two files, each with other teams."""
    teams = [team("冲压一班"), team("热处理甲班", member_count=9)]
    lists = [rollup({"name": "冲压一班"}), rollup({"name": "热处理甲班"})]
    assert codes(verdict(campaign([ROWS]), mail(*teams, *lists))) == []


@pytest.mark.parametrize(
    ("members", "compare", "count"),
    [
        (12, "number", 0),
        (13, "number", 1),
        (None, "number", 0),
        ("12", "number", 0),
        ("十二", "number", 0),
        ("十二", "equal", 1),
    ],
)
def test_values_of_row_and_form_agree(members: Any, compare: str, count: int) -> None:
    """Numbers as numbers; what is empty or unread is not compared."""
    rule = {**MATCH, "compare": compare}
    given = verdict(
        campaign([rule]), mail(team(), rollup({"name": "冲压一班", "members": members}))
    )
    assert codes(given) == ["rollup.mismatch"] * count
    if count:
        assert only(given).item == 0
        assert "“12”" in only(given).message


@pytest.mark.parametrize(("short", "count"), [("冲压", 0), ("冲压一班", 0), ("热处理", 1)])
def test_a_short_form_is_contained_in_the_full_one(short: str, count: int) -> None:
    """Compare = contained."""
    rule = {**MATCH, "column": "list", "field": "team_name", "compare": "contained"}
    given = verdict(campaign([rule]), mail(team(), rollup({"name": "冲压一班", "list": short})))
    assert len(codes(given)) == count


def test_a_list_of_reviewers_does_not_keep_two_lists_from_standing() -> None:
    """One mail an item, each with its own list and the same reviewers: both lists count."""
    reviewers = table("reviewers", {"name": "评委甲"})
    given = verdict(
        campaign([ROWS]),
        mail(team("冲压一班"), rollup({"name": "冲压一班"}, tables=(reviewers,))),
        mail(
            team("热处理甲班", member_count=9), rollup({"name": "热处理甲班"}, tables=(reviewers,))
        ),
    )
    assert codes(given) == []


def test_teams_and_stories_in_one_list() -> None:
    """Told by the items the rows are about."""
    rule = {
        "check": "mixed",
        "rollups": [{"kind": "rollup", "table": "results", "field": "name"}],
    }
    rows = rollup({"name": "冲压一班"}, {"name": "一把扳手的三十年"})
    assert codes(verdict(campaign([rule]), mail(team(), story(), rows))) == ["rollup.mixed"]
    assert codes(verdict(campaign([rule]), mail(team(), rows))) == []


def test_presenters_are_nominees() -> None:
    """One who is not is named."""
    rule = {
        "check": "nominated",
        "rollup": "rollup",
        "presenters": "presenters",
        "presenter_column": "name",
        "nominees": "results",
        "nominee_column": "name",
    }
    rows = rollup(
        {"name": "冲压一班"}, tables=[table("presenters", {"name": "冲压一班"}, {"name": "外人班"})]
    )
    found = only(verdict(campaign([rule]), mail(team(), rows)))
    assert found.code == "rollup.not_nominated"
    assert "“外人班”" in found.message


def test_of_several_near_rows_the_nearest_is_taken() -> None:
    """The other one lacks its form."""
    rows = rollup({"name": "冲床二班"}, {"name": "冲压二班"})
    given = verdict(campaign([ROWS]), mail(team(), rows))
    assert sorted(entry.code for entry in findings(given)) == [
        "name.mismatch",
        "rollup.form_missing",
    ]
    assert "“冲压二班”" in only(given, "name.mismatch").message


SHORT = {**MATCH, "column": "list", "field": "team_name", "compare": "short"}


@pytest.mark.parametrize(
    ("short", "likeness", "count"),
    [
        ("冲压一班", 0.7, 0),
        ("冲班", 0.7, 0),  # letters left out
        ("一班冲压", 0.5, 0),  # half of them in this order
        ("一班冲压", 0.51, 1),
        ("热处理班", 0.25, 0),
        ("热处理班", 0.26, 1),
        (None, 1, 0),
    ],
)
def test_an_abbreviation_shares_most_of_its_letters(
    short: str | None, likeness: float, count: int
) -> None:
    """Compare = short: in the order of the full name."""
    given = verdict(
        campaign([{**SHORT, "likeness": likeness}]),
        mail(team(), rollup({"name": "冲压一班", "list": short})),
    )
    assert codes(given) == ["rollup.mismatch"] * count
    assert not count or "简写" in only(given).message


@hypothesis.given(st.data())
def test_whoever_leaves_out_letters_abbreviates(data: st.DataObject) -> None:
    """Any selection of the letters of a name in their order is an abbreviation of it."""
    name = data.draw(st.text("冲压机加装配热处理班组质量", min_size=4, max_size=20))
    kept = data.draw(st.lists(st.booleans(), min_size=len(name), max_size=len(name)))
    short = "".join(letter for letter, keep in zip(name, kept, strict=True) if keep)
    row = rollup({"name": name, "list": short or None})
    rule = campaign([{**SHORT, "likeness": 1}])
    assert codes(verdict(rule, mail(team(name), row))) == []


def test_a_mixed_list_stands_for_the_second_one_and_its_rows_are_not_asked_for_forms() -> None:
    """One request, which holds up both categories."""
    mixed = {"check": "mixed", "rollups": [{"kind": "rollup", "table": "results", "field": "name"}]}
    rows = rollup({"name": "冲压一班"}, {"name": "一把扳手的三十年"})
    demand = {"kind": "rollup", "of": "unit", "categories": ["story"]}
    given = verdict(campaign([mixed, ROWS], document=[demand]), mail(team(), story(), rows))
    assert codes(given) == ["rollup.mixed"]
    assert only(given).categories == ("team", "story")
    assert decisions(given) == [Decision.SUPPLEMENT] * 2


@pytest.mark.parametrize(
    ("files", "asked"),
    [
        ([], ["冲压一班", "冲压二班"]),
        (["示范班组成果表 冲压二班.jpg"], ["冲压一班"]),
        (["示范班组成果表.jpg"], ["冲压二班"]),  # names none: stands for any
        (["示范班组成果表.jpg", "示范班组成果表 冲压一班.jpg"], []),
        (["示范工作总结.jpg"], ["冲压一班", "冲压二班"]),
    ],
)
def test_a_row_whose_form_came_as_a_scan_is_not_asked_for_twice(
    files: list[str], asked: list[str]
) -> None:
    """The scan is complained of by itself."""
    rules = campaign([ROWS, {"check": "editable"}])
    scans = [document(name, format="image") for name in files]
    rows = rollup({"name": "冲压一班"}, {"name": "冲压二班"})
    given = verdict(rules, mail(rows, *scans))
    told = [entry for entry in findings(given) if entry.code == "rollup.form_missing"]
    assert [
        name for entry in told for name in ("冲压一班", "冲压二班") if name in entry.message
    ] == asked


@pytest.mark.parametrize(("count", "told"), [(12, 0), (11, 1)])
def test_a_misspelt_row_is_compared_all_the_same(count: int, told: int) -> None:
    """The applicant hears of name and number at once."""
    listed = rollup({"name": "冲压1班", "members": count})
    given = verdict(campaign([ROWS, MATCH]), mail(team("冲压一班", member_count=12), listed))
    assert codes(given) == ["name.mismatch", *["rollup.mismatch"] * told]
