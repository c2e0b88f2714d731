"""Names written the same everywhere, and in full."""

from __future__ import annotations

import pytest
from dossiers import (
    UNIT,
    campaign,
    codes,
    findings,
    mail,
    only,
    rollup,
    stats,
    story,
    team,
    verdict,
)

PLACES = [
    {"kind": "team_form", "field": "company"},
    {"kind": "story_form", "field": "company"},
    {"kind": "stats_both", "field": "company"},
    {"kind": "rollup", "table": "results", "field": "company"},
]
SAME = {"check": "same", "name": "企业名称", "places": PLACES}
ROWS = {
    "check": "rows",
    "rollup": "rollup",
    "table": "results",
    "column": "name",
    "categories": ["team"],
    "severity": "info",
}
OTHER = "湘江重工装备公司"


@pytest.mark.parametrize(
    "written", [UNIT, f" {UNIT} ", "湘江重工装备 有限公司", "湘江重工装备\n有限公司"]
)
def test_blanks_make_no_difference(written: str) -> None:
    """Nor does width."""
    given = verdict(campaign([SAME]), mail(team(), story(company=written)))
    assert codes(given) == []


def test_each_differing_place_is_told_side_by_side() -> None:
    """The wording most places share is the measure."""
    given = verdict(campaign([SAME]), mail(team(), story(), stats(company=OTHER)))
    found = only(given)
    assert (found.code, found.kind, found.item) == ("name.mismatch", "stats_both", None)
    assert f"“{OTHER}”" in found.message
    assert f"“{UNIT}”" in found.message
    assert "企业名称" in found.message


def test_a_differing_form_is_its_items_own() -> None:
    """The team's form stands alone against two."""
    given = verdict(campaign([SAME]), mail(team(company=OTHER), story(), stats()))
    assert only(given).item == 0


def test_a_differing_row_is_named_and_is_its_items() -> None:
    """The row of the roll-up that is about the team."""
    rows = rollup({"name": "冲压一班", "company": OTHER}, {"name": "别班", "company": UNIT})
    given = verdict(campaign([SAME, ROWS]), mail(team(), story(), rows))
    found = only(given, "name.mismatch")
    assert (found.item, found.where) == (0, "表1 第2行第2列")


def test_a_unit_may_send_for_several_companies() -> None:
    """Then only the places about the same item are compared."""
    tier = {"deadlines": [{"last_day": "2026-07-15"}], "applicant": "recommender"}
    rules = campaign([SAME, ROWS], tier=[tier])
    other = "洞庭泵业有限公司"
    rows = rollup({"name": "冲压一班", "company": UNIT}, {"name": "装配组", "company": UNIT})
    given = verdict(rules, mail(team(), team("装配组", company=other, member_count=5), rows))
    found = [entry for entry in findings(given) if entry.code == "name.mismatch"]
    assert [entry.item for entry in found] == [1]


@pytest.mark.parametrize(
    ("name", "count"),
    [
        (UNIT, 0),
        ("湘江集团有限公司", 0),
        ("湘江重工股份有限公司", 0),
        ("湘江重工（集团）有限公司", 0),
        ("湘江重工(集团)股份有限公司", 0),
        ("湘江（集团）总公司", 0),
        ("湘江集团有限公司湘江重工装备有限公司", 1),
        ("湘江（集团）有限公司湘江重工装备有限公司", 1),
        ("湘江集团 湘江重工装备有限责任公司", 1),
        ("湘江重工装备有限公司第一分公司", 1),
        (None, 0),
    ],
)
def test_a_superior_organisation_in_front(name: str | None, count: int) -> None:
    """Two organisations' endings in one name."""
    rule = {
        "check": "full_name",
        "severity": "warn",
        "places": [{"kind": "team_form", "field": "company"}],
    }
    given = verdict(campaign([rule]), mail(team(company=name)))
    assert codes(given) == ["name.superior"] * count


EITHER = [
    {
        "applicant": "either",
        "unit_fields": ["company"],
        "deadlines": [{"last_day": "2026-07-15"}],
    }
]
OWN = {
    "check": "same",
    "name": "企业名称",
    "places": PLACES[:2],
    "own": PLACES[2:3],
}


@pytest.mark.parametrize(
    ("unit", "stated", "count"),
    [
        (UNIT, OTHER, 1),
        (UNIT, UNIT, 0),
        ("湘江重工装备", "湘江重工装备", 1),
        ("湘江重工装备有限公同", OTHER, 1),
        ("星城机械行业协会", "星城机械行业协会", 0),
    ],
)
def test_the_unit_is_compared_only_where_the_company_applies_for_itself(
    unit: str, stated: str, count: int
) -> None:
    """An association bears another name than its companies."""
    rules = campaign([OWN], tier=EITHER)
    given = verdict(rules, mail(team(), story(), stats(company=stated)), unit=unit)
    assert codes(given) == ["name.mismatch"] * count


def test_an_associations_companies_are_compared_item_by_item() -> None:
    """Two companies are no mismatch."""
    rules = campaign([OWN], tier=EITHER)
    given = verdict(rules, mail(team(), story(company="金枫电机有限公司")), unit="星城行业协会")
    assert codes(given) == []


@pytest.mark.parametrize(
    ("written", "count"),
    [("江北", 0), ("星城市江北区", 0), ("江北区", 0), ("江南区", 1), ("区", 1)],
)
def test_words_that_make_no_difference_at_the_ends(written: str, count: int) -> None:
    """江北 is 江北区; a name is never cut down to nothing."""
    rule = {**SAME, "places": PLACES[:2], "ignored": ["市", "星城", "区"], "wanted": "应当一致"}
    given = verdict(campaign([rule]), mail(team(company="江北区"), story(company=written)))
    assert codes(given) == ["name.mismatch"] * count
    assert all("；应当一致，请核对后更正" in found.message for found in findings(given))
