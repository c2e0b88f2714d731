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
