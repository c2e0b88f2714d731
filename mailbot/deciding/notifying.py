"""Letters that no mail has asked for: staff have decided, or a place has fallen free.

Composed as all others are, about some items of a dossier that was judged again,
and addressed to whoever sent its last mail and may speak for it: not to an address
that would replace what others have sent, nor to one that sent no paper at all.
Nothing is stored and nothing is sent here.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from mailbot.deciding.decision import DecidingSettings
from mailbot.letters.reply import ReplyRequest, compose_reply, recipient_of
from mailbot.letters.ruled import narrowed, without_files
from mailbot.outcome import DossierOutcome, Reply
from mailbot.store import Connection
from mailbot.store.targets import mail_of
from rules.model import Dossier
from rules.notice.campaign import Campaign


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
    incoming = mail_of(connection, outcome.known.id, _last_of_its_own(outcome.dossier))
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


def _last_of_its_own(dossier: Dossier) -> int:
    """The last mail of those whose papers count; the last of all where none do."""
    doubted = {paper.submission for paper in dossier.papers if paper.held}
    owners = {
        entry.sender
        for entry in dossier.submissions
        if any(p.kind and not p.held and p.submission == entry.ordinal for p in dossier.papers)
    }
    own = [e for e in dossier.submissions if e.sender in owners and e.ordinal not in doubted]
    return (own or dossier.submissions)[-1].ordinal
