"""Who stands where on the waiting lists now; counted from the register, kept nowhere.

Nothing is changed here and nothing is decided.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from mailbot.store.engine import Store
from mailbot.store.register import StoredRegister
from mailbot.store.views import ItemRow
from rules.checks.quotas import lines
from rules.model import Decision
from rules.notice.campaign import Campaign


def with_positions(
    store: Store, items: Sequence[ItemRow], campaigns: Mapping[str, Campaign]
) -> tuple[ItemRow, ...]:
    """The items, each that waits for a place with its position. Raises StoreError."""
    waiting = {
        (item.campaign, item.tier) for item in items if item.state == Decision.WAITLISTED.value
    }
    found: dict[str, int] = {}
    if waiting:
        with store.reading() as connection:
            register = StoredRegister(connection)
            for name, tier in waiting:
                if name in campaigns:
                    found |= _positions(register, campaigns[name], tier)
    return tuple(replace(item, position=found.get(item.id)) for item in items)


def _positions(register: StoredRegister, campaign: Campaign, tier: str) -> dict[str, int]:
    """By id, from 1."""
    entries = {entry.id: entry.wait for entry in register.waiting(campaign.id, tier, ())}
    ahead = lines(campaign, tier, entries, register.places(campaign.id, tier, ()))
    return {name: max(place, 1) for name, place in ahead.items()}
