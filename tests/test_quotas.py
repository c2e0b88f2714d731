"""Places by region or unit: all the new ones fit, or none is chosen."""

from __future__ import annotations

import re
from typing import Any

import pytest
from dossiers import (
    campaign,
    codes,
    decisions,
    findings,
    mail,
    only,
    rollup,
    story,
    table,
    team,
    verdict,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from parsers.model import Form
from rules.checks import quotas
from rules.model import Decision, QuotaUse, Severity
from rules.notice.campaign import Campaign

QUOTA = {
    "id": "teams",
    "category": "team",
    "table": "quota.csv",
    "aliases": {"甲": "甲市"},
    "special": [
        {"text": "自定", "meaning": "unlimited"},
        {"text": "*", "meaning": "range", "minimum": 1, "maximum": 2, "table": "stars.csv"},
        {"text": "待定", "meaning": "staff"},
    ],
    "clause": "附件2",
}
TABLES = {
    "quota.csv": [
        {"region": "甲市", "quota": "2"},
        {"region": "乙市", "quota": "自定"},
        {"region": "其他", "quota": "*"},
        {"region": "丙市", "quota": ""},
        {"region": "丁市", "quota": "待定"},
        {"region": "戊市", "quota": "0"},
    ],
    "stars.csv": [{"region": "建材"}],
}


def rules(*more: dict[str, Any], quota: dict[str, Any] | None = None, **parts: Any) -> Campaign:
    """The campaign with its quota."""
    return campaign(more, quota=[{**QUOTA, **(quota or {})}], tables=TABLES, **parts)


def teams(count: int, region: str | None = "甲市", **values: Any) -> list[Form]:
    """So many teams of a region."""
    return [team(f"{n}号班组", region=region, member_count=n + 5, **values) for n in range(count)]


@pytest.mark.parametrize(
    ("count", "used", "decision"),
    [
        (1, 0, Decision.ACCEPTED),
        (2, 0, Decision.ACCEPTED),
        (3, 0, Decision.SUPPLEMENT),
        (1, 1, Decision.ACCEPTED),
        (2, 1, Decision.SUPPLEMENT),
        (1, 2, Decision.SUPPLEMENT),
    ],
)
def test_all_new_items_fit_or_none_is_chosen(count: int, used: int, decision: Decision) -> None:
    """Counting what others hold."""
    use = (QuotaUse(category="team", region="甲市", used=used),)
    given = verdict(rules(), mail(*teams(count)), quota_use=use)
    assert decisions(given) == [decision] * count


def test_the_message_says_what_is_granted_used_and_over() -> None:
    """And what the unit can do."""
    use = (
        QuotaUse(category="team", region="甲", used=1),
        QuotaUse(category="qc", region="甲市", used=9),
    )
    given = verdict(rules(), mail(*teams(2)), quota_use=use)
    found = findings(given)[0]
    assert (found.code, found.severity, found.clause) == ("quota.exceeded", Severity.ASK, "附件2")
    assert "名额为2个，已使用1个，本次待受理2个，超出1个" in found.message
    assert "确定保留的项目" in found.message


_OTHERS = st.builds(
    QuotaUse,
    category=st.sampled_from(["team", "qc"]),
    region=st.sampled_from(["甲市", "甲", " 甲 市", "乙市", "乙", "甲市质协", "别处", ""]),
    grade=st.sampled_from(["", "一等"]),
    used=st.integers(1, 3),
)
_AMONG = rules()
_ASKING = mail(*teams(3))


def _told(*use: QuotaUse) -> int:
    """How many places the message says are used."""
    (message,) = {found.message for found in findings(verdict(_AMONG, _ASKING, quota_use=use))}
    (found,) = re.findall(r"已使用(\d+)个", message)
    return int(found)


@settings(max_examples=50, deadline=None)
@given(others=st.lists(_OTHERS, max_size=12))
def test_what_others_hold_adds_up(others: list[QuotaUse]) -> None:
    """However regions are written and mixed, each place counts as it does by itself."""
    assert _told(*others) == sum(_told(entry) for entry in others)


def test_so_many_names_of_regions_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    """They come from outside without end: the oldest are forgotten, and counted as before."""
    monkeypatch.setattr(quotas, "_NAMES", 5)
    among = rules()
    others = [QuotaUse(category="team", region=f"第{n}县", used=1) for n in range(20)]
    given = verdict(
        among,
        _ASKING,
        quota_use=(*others, QuotaUse(category="team", region="甲市", used=2), *others),
    )
    kept = quotas._WHOSE.of(among, id(among.quotas[0]), dict)

    assert {"已使用2个" in found.message for found in findings(given)} == {True}
    assert 0 < len(kept) <= 5


def test_items_accepted_before_keep_their_places() -> None:
    """Only the new one is over."""
    given = verdict(rules(), mail(*teams(3)), accepted=frozenset({0, 1}))
    assert decisions(given) == [Decision.ACCEPTED, Decision.ACCEPTED, Decision.SUPPLEMENT]


def test_more_accepted_than_granted_is_nobodys_fault_now() -> None:
    """A place once given is never taken back by the program."""
    given = verdict(rules(), mail(*teams(3)), accepted=frozenset({0, 1, 2}))
    assert decisions(given) == [Decision.ACCEPTED] * 3


def test_faulty_items_take_no_place() -> None:
    """The third has no postcode; the other two fit."""
    fields = {"check": "fields", "kinds": ["team_form"]}
    faulty = team("9号班组", region="甲市", member_count=3, postcode=None)
    given = verdict(rules(fields), mail(*teams(2), faulty))
    assert decisions(given) == [Decision.ACCEPTED, Decision.ACCEPTED, Decision.SUPPLEMENT]
    assert codes(given) == ["field.empty"]


@pytest.mark.parametrize(
    ("region", "count", "expected"),
    [
        ("乙市", 9, []),
        ("戊市", 1, ["quota.exceeded"]),
        ("建材", 2, []),
        ("建材", 3, ["quota.exceeded"] * 3),
        ("其他", 1, ["quota.unknown_region"]),
        ("丙市", 1, ["quota.unknown_region"]),
        ("丁市", 1, ["quota.unknown_region"]),
        ("己市", 1, ["quota.unknown_region"]),
        ("甲", 2, []),
        ("甲市区", 1, ["quota.unknown_region"]),
    ],
)
def test_special_cells_and_unknown_regions(region: Any, count: int, expected: list[Any]) -> None:
    """An empty cell is for staff, not zero; a region is never guessed."""
    given = verdict(rules(), mail(*teams(count, region)))
    assert codes(given) == expected


def test_an_unknown_region_is_for_a_person() -> None:
    """Unless the item was accepted before."""
    given = verdict(rules(), mail(*teams(1, "己市")))
    assert only(given).severity is Severity.HUMAN
    assert decisions(given) == [Decision.REVIEW]
    assert codes(verdict(rules(), mail(*teams(1, "己市")), accepted=frozenset({0}))) == []


def test_without_a_region_the_units_own_name_is_looked_up() -> None:
    """A region that submits for itself."""
    assert codes(verdict(rules(), mail(*teams(2, None)), unit="甲市")) == []
    assert codes(verdict(rules(), mail(*teams(1, None)), unit="无名")) == ["quota.unknown_region"]


def test_the_same_number_for_every_unit() -> None:
    """each, without a table."""
    by_text = rules(quota={"table": "", "each": 1})
    assert codes(verdict(by_text, mail(*teams(1, None)))) == []
    assert codes(verdict(by_text, mail(*teams(2, None)))) == ["quota.exceeded"] * 2


@pytest.mark.parametrize(
    ("severity", "decision"),
    [
        ("ask", Decision.SUPPLEMENT),
        ("hold", Decision.WAITLISTED),
        ("info", Decision.ACCEPTED),
        ("human", Decision.REVIEW),
    ],
)
def test_what_over_quota_means_is_the_campaigns(severity: Any, decision: Decision) -> None:
    """Asked, on the waiting list, or only shown."""
    given = verdict(rules(quota={"severity": severity}), mail(*teams(3)))
    assert decisions(given) == [decision] * 3


def test_where_the_quota_is_only_shown_an_unknown_region_is_too() -> None:
    """A city tier."""
    given = verdict(rules(quota={"severity": "info"}), mail(*teams(1, "己市")))
    assert decisions(given) == [Decision.ACCEPTED]


def test_grades_other_tiers_and_other_categories_are_not_counted() -> None:
    """They are checked when they apply."""
    assert codes(verdict(rules(quota={"grade": "1"}), mail(*teams(3)))) == []
    assert codes(verdict(rules(quota={"tiers": ["province"]}), mail(*teams(3)))) == []
    assert codes(verdict(rules(), mail(story()))) == []


@pytest.mark.parametrize(("listed", "count"), [(2, 0), (3, 1)])
def test_presenters_have_places_of_their_own(listed: int, count: int) -> None:
    """Rows of the presenters' list."""
    lists = {"rollup": "rollup"}
    rows = {"check": "rows", **lists, "table": "results", "column": "name", "categories": ["team"]}
    nominated = {
        "check": "nominated",
        **lists,
        "presenters": "presenters",
        "presenter_column": "name",
        "nominees": "results",
        "nominee_column": "name",
        "severity": "info",
    }
    presenters = table("presenters", *({"name": f"{n}班"} for n in range(listed)))
    names = rollup({"name": "0号班组"}, tables=[presenters])
    given = verdict(rules(rows, nominated, quota={"part": "presenters"}), mail(*teams(1), names))
    assert codes(given).count("quota.exceeded") == count
