"""Withdrawals by mail: whose items the words are about, and what they settle.

The words are read in :mod:`rules.gathering.withdrawal`. Here it is asked whether the
sender may speak for the dossier, and what is clear becomes rulings; everything
else is left to a person. Nothing is judged here.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from mailbot.letters.composition import HEADINGS
from mailbot.outcome import Incoming, Standing
from rules.gathering.withdrawal import is_demand, read_wish, speaks
from rules.model import Dossier, Finding, Ruling, Severity, Verdict
from rules.notice.campaign import Campaign

_PREFIX = re.compile(r"^\s*(?:re|fw|fwd|回复|答复|转发|回覆)\s*[:：]", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenBack:
    """What a mail settles of its dossier."""

    rulings: Mapping[int, Ruling] = field(default_factory=dict)  #: withdrawals by item
    kept: frozenset[int] = frozenset()  #: to be kept, of those that were too many
    only_kept: bool = False  #: nothing was said of the others: they go only if the kept ones fit
    unclear: str = ""  #: why a person must read it

    def __bool__(self) -> bool:
        """Does the mail settle anything, or need to be read?"""
        return bool(self.rulings or self.kept or self.unclear)


def words_of(incoming: Incoming) -> str:
    """The sender's own words: subject and text. The subject of an answer to us is ours."""
    subject = incoming.envelope.subject
    if _PREFIX.match(subject) and any(heading in subject for heading in HEADINGS.values()):
        subject = ""
    return f"{subject}\n\n{incoming.reading.body}"


def speaks_of_items(incoming: Incoming) -> bool:
    """Does it speak of withdrawing or keeping, so that its dossier should be looked at?"""
    return bool(speaks(words_of(incoming)))


def may_withdraw(incoming: Incoming) -> bool:
    """Does it speak of withdrawing, not only of keeping?"""
    return speaks(words_of(incoming)) == "withdraw"


def asks_outright(incoming: Incoming) -> bool:
    """Is a withdrawal asked for, even where it is not known of what?"""
    return is_demand(words_of(incoming))


def taken_back(
    incoming: Incoming,
    campaign: Campaign,
    dossier: Dossier,
    standing: Standing,
    previous: Verdict | None,
) -> TakenBack:
    """What the words of a mail settle; ``dossier`` has the mail as its last submission."""
    words = words_of(incoming)
    if previous is None or not speaks(words):
        return TakenBack()
    groups = _over(previous)
    wish = read_wish(
        words,
        dossier.items,
        receipts=standing.receipts,
        over=groups,
        general=_general(campaign, dossier),
    )
    if wish.papers and incoming.reading.documents:
        return TakenBack()
    here = len(dossier.submissions) - 1
    again = {item.ordinal for item in dossier.items if here in item.submissions}
    if wish.withdrawn & again:
        return TakenBack(unclear="来信要求撤回的申报项，本次又报送了材料")
    count = len(dossier.submissions)
    return TakenBack(
        rulings={
            ordinal: Ruling(what="withdraw", reason="申请人来信撤回", submissions=count)
            for ordinal in sorted(wish.withdrawn)
        },
        kept=wish.kept,
        only_kept=wish.only_kept,
        unclear=wish.unclear,
    )


def may_speak(incoming: Incoming, dossier: Dossier, *, answered: bool) -> bool:
    """Has the sender sent for this dossier before, or is the mail an answer to ours?"""
    sender = incoming.envelope.sender
    return answered or any(entry.sender == sender for entry in dossier.submissions[:-1])


def fits(verdict: Verdict, kept: Collection[int]) -> bool:
    """Is none of the items to be kept over its quota any more?"""
    return not any(
        finding.code == "quota.exceeded" and finding.severity is not Severity.INFO
        for entry in verdict.items
        if entry.item.ordinal in kept
        for finding in entry.findings
    )


def for_staff(why: str, unit: str = "") -> Finding:
    """A person has to read it. Code ``withdrawal.unclear``."""
    whose = f"（{unit}）" if unit else ""
    return Finding(
        code="withdrawal.unclear",
        severity=Severity.HUMAN,
        message=f"撤回申请{whose}：{why}。请工作人员核实后办理。",
    )


def _over(verdict: Verdict) -> list[frozenset[int]]:
    """The items that are too many for their places, by category and region."""
    groups: dict[tuple[str, str], set[int]] = {}
    for entry in verdict.items:
        for finding in entry.findings:
            if finding.code == "quota.exceeded" and finding.severity is not Severity.INFO:
                place = (entry.item.category, entry.item.region or "")
                groups.setdefault(place, set()).add(entry.item.ordinal)
    return [frozenset(group) for group in groups.values()]


def _general(campaign: Campaign, dossier: Dossier) -> Sequence[str]:
    """Names that tell no item."""
    companies = {item.company for item in dossier.items}
    categories = {entry.name for entry in campaign.categories}
    return [
        name
        for name in {campaign.name, campaign.title, dossier.unit, *companies, *categories}
        if name
    ]
