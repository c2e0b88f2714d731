"""The shipped henan-2020 campaign: its rules, severities and clauses on whole dossiers."""

from __future__ import annotations

import pytest

from mailbot.catalogue import shipped_campaigns

HENAN = shipped_campaigns()["henan-2020"]

#: The rules of the notice, numbered as in our list of them; R16 is quota.unknown_region,
#: which every quota table brings with it.
NUMBERS = tuple(f"R{number}" for number in range(1, 42))


@pytest.mark.parametrize("number", NUMBERS)
def test_no_rule_of_the_notice_is_dropped(number: str) -> None:
    """A rule, a document, a quota, a deadline, or a note on what is left to a person."""
    numbers = {rule.id for rule in HENAN.rules} | {demand.rule for demand in HENAN.demands}
    numbers |= {quota.rule for quota in HENAN.quotas} | {note.rule for note in HENAN.staff_notes}
    numbers |= {deadline.rule for tier in HENAN.tiers for deadline in tier.deadlines}

    assert number in numbers


def test_each_tier_cites_its_own_notice() -> None:
    """The city signs for itself and has no number; the province has all."""
    city, province = HENAN.as_of("city"), HENAN.as_of("province")

    assert (city.signature, city.number, city.contact.phone) == (
        "信阳市工业和信息化局",
        "",
        "6365518",
    )
    assert city.title.startswith("关于组织推荐")
    assert (province.signature, province.number) == ("河南省质量协会", "豫质协字〔2020〕12号")
    assert province.title == HENAN.title
