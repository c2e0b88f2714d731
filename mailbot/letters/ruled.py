"""Narrows what was judged again to what a letter about it tells.

Staff have ruled about an item, or a place has fallen free: nobody sent anything, so
the letter tells of those items alone, without files and readings. Pure; the letter
itself is composed as all others are.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from mailbot.letters.points import OPEN
from mailbot.outcome import DossierOutcome, Incoming
from rules.model import Decision, Finding, ItemVerdict

_SETTLED = (Decision.ACCEPTED, Decision.DECLINED)


def narrowed(outcome: DossierOutcome, about: Collection[int]) -> DossierOutcome:
    """The items ``about``, those withdrawn among them, and all whose decision has changed."""
    shown = outcome.touched | set(about)
    items = tuple(
        replace(entry, findings=_open(entry.findings))
        for entry in outcome.verdict.items
        if entry.item.ordinal in shown
    )
    rulings = {
        ordinal: ruling for ordinal, ruling in outcome.standing.rulings.items() if ordinal in about
    }
    verdict = replace(
        outcome.verdict,
        items=items,
        findings=tuple(f for f in _open(outcome.verdict.findings) if _holds_up(f, items)),
    )
    return replace(
        outcome,
        dossier=replace(outcome.dossier, papers=()),
        verdict=verdict,
        previous=None,
        touched=frozenset(entry.item.ordinal for entry in items),
        rulings=rulings,
    )


def discreet(outcome: DossierOutcome) -> DossierOutcome:
    """For a mail that would replace what another address has sent: only what it brought.

    Whoever sent it may have nothing to do with the unit; what the unit has applied for,
    and how that stands, is not told before a person has looked; nor is anything asked for.
    """
    latest = outcome.dossier.submissions[-1].ordinal
    mine = tuple(paper for paper in outcome.dossier.papers if paper.submission == latest)
    if not any(paper.held for paper in mine):
        return outcome
    about = {paper.item for paper in mine}
    items = tuple(
        replace(entry, findings=(), decision=_untold(entry.decision))
        for entry in outcome.verdict.items
        if entry.item.ordinal in about
    )
    return replace(
        outcome,
        dossier=replace(outcome.dossier, papers=mine),
        verdict=replace(
            outcome.verdict,
            items=items,
            findings=tuple(f for f in outcome.verdict.findings if f.code == "sender.changed"),
        ),
        previous=None,
        receipts={},
        touched=frozenset(entry.item.ordinal for entry in items),
    )


def _untold(decision: Decision) -> Decision:
    """Nothing to put right and no reasons can be named: a person looks first."""
    return decision if decision is Decision.ACCEPTED else Decision.REVIEW


def without_files(incoming: Incoming) -> Incoming:
    """The mail that is answered again, without what it brought."""
    return replace(incoming, reading=replace(incoming.reading, documents=(), failure=""))


def _open(findings: Collection[Finding]) -> tuple[Finding, ...]:
    return tuple(finding for finding in findings if finding.severity in OPEN)


def _holds_up(finding: Finding, items: Collection[ItemVerdict]) -> bool:
    """Is there an item shown that still waits for what the dossier lacks?"""
    return any(
        entry.decision not in _SETTLED
        and (not finding.categories or entry.item.category in finding.categories)
        for entry in items
    )
