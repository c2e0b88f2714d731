"""The schema of campaigns was laid out against five notices; here are the others in outline."""

from __future__ import annotations

from pathlib import Path

import pytest

from mailbot.catalogue import read_campaign, shipped_campaigns

SKELETONS = sorted(path for path in (Path(__file__).parent / "skeletons").iterdir())


@pytest.mark.parametrize("folder", SKELETONS, ids=lambda path: path.name)
def test_the_skeleton_of_each_notice_fits_the_schema(folder: Path) -> None:
    """Tiers, routing, roll-up sections, quota cells and limits of each notice have their place."""
    campaign = read_campaign(folder)
    assert campaign.id == folder.name
    assert campaign.forms
    assert campaign.tiers[0].deadlines


def test_each_tier_has_its_own_deadline_and_mailbox() -> None:
    """City and province collect for themselves; only the province states what lateness means."""
    campaign = shipped_campaigns()["henan-2020"]
    assert {m.tier for m in campaign.mailboxes} == {"city", "province"}
    assert campaign.tier("city").deadline().late.value == "human"
    assert campaign.tier("province").deadline().late.value == "reject"
