"""Figures of statistics tables."""

from __future__ import annotations

from typing import Any

import pytest
from dossiers import campaign, codes, field, findings, mail, only, rollup, stats, verdict

from rules.model import Severity

WARN = {"kind": "stats_both", "severity": "warn"}


@pytest.mark.parametrize(
    ("year", "total", "count"), [(30000, 3, 0), (30001, 3, 1), (None, 3, 0), (4, None, 0)]
)
def test_this_year_is_no_more_than_all_years(year: int | None, total: Any, count: int) -> None:
    """Equal is possible, 万个 is ten thousand 个; what was not read is not compared."""
    rule = {"check": "at_most", **WARN, "pairs": [["registered_year", "registered_total"]]}
    given = verdict(campaign([rule]), mail(stats(registered_year=year, registered_total=total)))
    assert codes(given) == ["statistics.implausible"] * count
    if count:
        assert only(given).severity is Severity.WARN
        assert "“本年度注册数”为30001个，大于“累计注册数”的3万个" in only(given).message


@pytest.mark.parametrize(("small", "large", "count"), [(3, 3, 0), (3, 4, 1)])
def test_figures_of_one_unit_are_compared_as_they_stand(small: int, large: int, count: int) -> None:
    """No unit is told then."""
    rule = {"check": "at_most", **WARN, "pairs": [["registered_total", "penetration"]]}
    given = verdict(campaign([rule]), mail(stats(registered_total=large, penetration=small)))
    assert codes(given) == ["statistics.implausible"] * count
    assert all("万个" not in entry.message for entry in findings(given))


@pytest.mark.parametrize(
    ("key", "value", "count"),
    [
        ("penetration", 0, 0),
        ("penetration", 100, 0),
        ("penetration", 100.01, 1),
        ("penetration", -1, 1),
        ("penetration", None, 0),
        ("penetration", "一半", 0),
        ("registered_year", -1, 1),
    ],
)
def test_rates_between_0_and_100(key: str, value: Any, count: int) -> None:
    """And no negative numbers of groups."""
    given = verdict(campaign([{"check": "rates", **WARN}]), mail(stats(**{key: value})))
    assert codes(given) == ["statistics.implausible"] * count


@pytest.mark.parametrize(("value", "count"), [(1, 0), (1.5, 1), (None, 0)])
def test_a_figure_too_large_for_its_unit(value: Any, count: int) -> None:
    """万个 where single groups are meant."""
    rule = {"check": "unit", **WARN, "fields": ["registered_total"], "above": 1, "meant": "个"}
    given = verdict(campaign([rule]), mail(stats(registered_total=value)))
    assert codes(given) == ["statistics.implausible"] * count
    if count:
        assert "单位：万个" in only(given).message


@pytest.mark.parametrize(("value", "count"), [(1, 0), (2, 1), (25, 1), (1.25, 0), (0.32, 0)])
def test_only_whole_numbers_may_be_single_things(value: Any, count: int) -> None:
    """1.25万个 is a figure in the printed unit."""
    rule = {"check": "unit", **WARN, "fields": ["registered_total"], "above": 1, "meant": "个"}
    given = verdict(campaign([{**rule, "whole_only": True}]), mail(stats(registered_total=value)))
    assert codes(given) == ["statistics.implausible"] * count


@pytest.mark.parametrize(("value", "count"), [(2, 0), (3, 1), (None, 0)])
def test_a_figure_counts_the_rows(value: Any, count: int) -> None:
    """Only where there is a roll-up to count."""
    rule = {
        "check": "count",
        **WARN,
        "field": "registered_year",
        "rollup": "rollup",
        "table": "results",
    }
    form = stats(registered_year=value)
    rows = rollup({"name": "甲班"}, {"name": "乙班"})
    assert codes(verdict(campaign([rule]), mail(form, rows))) == ["statistics.implausible"] * count
    assert codes(verdict(campaign([rule]), mail(form))) == []


@pytest.mark.parametrize(
    ("period", "count"),
    [
        ("2025-07/2026-07", 0),
        ("2025-07-01/2026-07-31", 0),
        ("2025-07/2026-06", 1),
        ("2024-07/2026-07", 1),
        ("2025-07", 1),
        (None, 1),
        (field("period", None, "去年"), 1),
    ],
)
def test_the_period_is_the_notices(period: Any, count: int) -> None:
    """Days count only where both name them."""
    rule = {"check": "period", **WARN, "first": "2025-07", "last": "2026-07"}
    given = verdict(campaign([rule]), mail(stats(period=period)))
    assert codes(given) == ["statistics.period"] * count
    if count:
        assert "2025年7月至2026年7月" in only(given).message
