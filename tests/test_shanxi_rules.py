"""The shipped shanxi-2018 campaign: its rules, severities and clauses on whole dossiers."""

from __future__ import annotations

import pytest

from mailbot.catalogue import shipped_campaigns

SHANXI = shipped_campaigns()["shanxi-2018"]

#: every rule of the fact sheet
RULES = tuple(f"R{number}" for number in range(1, 39))


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_of_the_notice_stands_in_the_data(rule: str) -> None:
    """As a rule, a document, a quota, a deadline, or a note that says what staff do."""
    stated = {entry.rule for tier in SHANXI.tiers for entry in tier.deadlines}
    stated |= {entry.id for entry in SHANXI.rules}
    for entries in (SHANXI.demands, SHANXI.quotas, SHANXI.staff_notes):
        stated |= {entry.rule for entry in entries}

    assert rule in stated


def test_every_rule_has_its_place_in_the_notice() -> None:
    """What says R also says where."""
    bare = [entry.id for entry in SHANXI.rules if entry.id and not entry.clause]

    assert bare == ["R34"]  # the notice says nothing of sending again


@pytest.mark.parametrize(
    ("written", "region"),
    [
        ("太原", "太原"),
        ("太原市", "太原"),
        ("太原市质协", "太原"),
        ("大同市质量协会", "大同"),
        ("山西省煤炭工业协会", "煤炭"),
        ("煤炭工业质协", "煤炭"),
        ("省国防科工办", "工办"),
        ("太原铁路局", "太铁"),
        ("太原高新区", "太原高新"),
        ("山西省科协", "科协"),
        ("省总工会", "工会"),
        ("建材行业", "建材"),
        ("省电力公司", "电力"),
        ("交通运输厅", "交通"),
        ("黄金行业", ""),
        ("晋阳重型轧机有限公司", ""),
    ],
)
def test_r36_the_ways_to_write_a_city_or_industry(written: str, region: str) -> None:
    """As the table writes it, by an alias, or without the usual words."""
    assert SHANXI.region(written) == region
