"""What judging must know besides the dossier: places held and waited for, and what staff entered.

Counts through the register, inside its transaction; judges nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from mailbot.outcome import DossierOutcome, Register, Standing, WaitingItem
from rules.model import Decision, Facts, QuotaUse, QuotaWait, Severity, Verdict
from rules.notice.campaign import Campaign


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """The places that other dossiers hold, and who of them waits for one."""

    use: tuple[QuotaUse, ...] = ()
    waiting: tuple[QuotaWait, ...] = ()


def counted(
    register: Register,
    campaign: Campaign,
    tier: str,
    besides: Sequence[str],
    filed: Sequence[DossierOutcome] = (),
) -> Counted:
    """What the register counts ``besides`` some dossiers, and what was ``filed`` just now."""
    if not campaign.quotas:
        return Counted()
    use = register.places(campaign.id, tier, besides)
    waiting: Sequence[WaitingItem] = ()
    if keeps_list(campaign):
        waiting = register.waiting(campaign.id, tier, besides)
    return Counted(
        use=(*use, *(place for entry in filed for place in entry.places())),
        waiting=(
            *(entry.wait for entry in waiting),
            *(wait for entry in filed for _, wait in entry.waits()),
        ),
    )


def keeps_list(campaign: Campaign) -> bool:
    """Does a quota of the campaign keep a waiting list?"""
    return any(quota.severity is Severity.HOLD for quota in campaign.quotas)


def facts_of(standing: Standing, places: Counted, now: datetime) -> Facts:
    """What the rules must know and cannot see in the dossier."""
    return Facts(
        now=now,
        accepted=standing.holders,
        quota_use=places.use,
        waiting=places.waiting,
        turn=standing.turn,
        ticks=standing.ticks,
        grades=standing.grades,
        region=standing.region,
        rulings=standing.rulings,
        refused=standing.refused,
    )


def numbered(
    register: Register, campaign: Campaign, verdict: Verdict, standing: Standing, tier: str
) -> dict[int, str]:
    """The receipt numbers with those that are due now; each is given once, for ever."""
    receipts = dict(standing.receipts)
    shape = campaign.tier(tier)
    for entry in verdict.items:
        if entry.decision is Decision.ACCEPTED and entry.item.ordinal not in receipts:
            number = register.take_number(campaign.id, tier)
            receipts[entry.item.ordinal] = shape.receipt_pattern.format(
                prefix=shape.receipt_prefix, seq=number
            )
    return receipts
