"""Letters that no mail has asked for: staff have decided, or a place has fallen free.

Composed as all others are, about some items of a dossier that was judged again,
and addressed to whoever sent its last mail. Nothing is stored and nothing is sent
here.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from mailbot.deciding.decision import DecidingSettings
from mailbot.letters.reply import ReplyRequest, compose_reply, recipient_of
from mailbot.letters.ruled import narrowed, without_files
from mailbot.outcome import DossierOutcome, Reply
from mailbot.store import Connection
from mailbot.store.targets import latest_mail
from rules.campaign import Campaign


def letter_about(
    connection: Connection,
    campaign: Campaign,
    settings: DecidingSettings,
    outcome: DossierOutcome,
    about: Collection[int],
    *,
    cause: str,
    now: datetime,
) -> Reply | None:
    """The letter about these items and all whose decision has changed; None without an address.

    ``cause`` says what led to it: "ruling:12", "promotion:<dossier>:<number>".
    """
    if outcome.known is None:
        return None
    incoming = latest_mail(connection, outcome.known.id)
    if not recipient_of(incoming.envelope):
        return None
    return compose_reply(
        ReplyRequest(
            campaign=campaign,
            tier=outcome.known.tier,
            incoming=without_files(incoming),
            disposition="submission",
            outcomes=(narrowed(outcome, about),),
            whole=(outcome,),
            from_address=settings.from_address,
            from_name=settings.from_name,
            account=settings.account,
            cause=cause,
            now=now,
        )
    )
