"""Places that have fallen free go to whoever waits for them, in the same transaction.

Called after everything that may free a place has been recorded: a mail that
withdraws, a ruling of staff. The order is that of :mod:`rules.waiting`. Every
dossier concerned is judged again, so that nothing is given away that the rules do
not give; each gets a number and a letter of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from mailbot.deciding.counting import keeps_list
from mailbot.deciding.decision import DecidingSettings
from mailbot.deciding.filing import judge_again
from mailbot.deciding.notifying import letter_about
from mailbot.outcome import DossierOutcome, KnownDossier, Register
from mailbot.store import Connection
from mailbot.store.record import record_again
from mailbot.store.register import StoredRegister
from rules.checks.quotas import lines
from rules.notice.campaign import Campaign


def promote(  # noqa: PLR0917 - what a decision needs, in the order of all decisions
    connection: Connection,
    campaigns: Mapping[str, Campaign],
    settings: DecidingSettings,
    campaign: str,
    tier: str,
    now: datetime,
) -> tuple[DossierOutcome, ...]:
    """Give free places to those who wait, within the caller's writing transaction.

    Returns the dossiers that got some; each is recorded, its letter in the outbox. A
    campaign without a waiting list, or that is not known any more, promotes nobody.
    """
    asked = campaigns.get(campaign)
    if asked is None:
        return ()
    register = StoredRegister(connection)
    done: list[DossierOutcome] = []
    for outcome in promotions(register, asked, tier, now):
        about = promoted(outcome)
        cause = f"promotion:{register.times_judged(_known(outcome).id)}:{_known(outcome).id}"
        reply = letter_about(connection, asked, settings, outcome, about, cause=cause, now=now)
        record_again(connection, cause, outcome, reply, now)
        done.append(outcome)
    return tuple(done)


def promotions(
    register: Register, campaign: Campaign, tier: str, now: datetime, *, numbers: bool = True
) -> Iterator[DossierOutcome]:
    """The dossiers that get a place, one after the other; each must be recorded before the next."""
    if not keeps_list(campaign):
        return
    tried: set[str] = set()
    while (known := _first(register, campaign, tier, tried)) is not None:
        tried.add(known.id)
        outcome = judge_again(register, campaign, known, now, numbers=numbers)
        if promoted(outcome):
            yield outcome


def promoted(outcome: DossierOutcome) -> frozenset[int]:
    """The items that hold a place now and did not before."""
    return outcome.holders() - outcome.standing.holders


def _first(
    register: Register, campaign: Campaign, tier: str, tried: set[str]
) -> KnownDossier | None:
    """The first dossier with a waiting item for which there is a place."""
    waiting = register.waiting(campaign.id, tier, ())
    if not waiting:
        return None
    ahead = lines(
        campaign,
        tier,
        {entry.id: entry.wait for entry in waiting},
        register.places(campaign.id, tier, ()),
    )
    return next(
        (e.dossier for e in waiting if ahead.get(e.id) == 0 and e.dossier.id not in tried), None
    )


def _known(outcome: DossierOutcome) -> KnownDossier:
    if outcome.known is None:
        raise ValueError("only dossiers of the register wait")
    return outcome.known
