"""What a reply is made from, and which kind of reply it calls for.

The kind follows from the decisions on the items a mail touched; nothing is
judged again here. Pure.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from mailbot.letters import points, sections
from mailbot.letters.letter import Points
from mailbot.model import Disposition
from mailbot.outcome import DossierOutcome, Incoming
from rules.model import EFFECT, Decision, Finding, Severity
from rules.notice.campaign import Campaign

#: Kind of reply by the one decision of all items the mail touched.
_KINDS = {
    Decision.ACCEPTED: "receipt",
    Decision.WAITLISTED: "waitlisted",
    Decision.REVIEW: "review",
    Decision.SUPPLEMENT: "correction",
    Decision.DECLINED: "refusal",
}

_COUNTED = (
    (Decision.ACCEPTED, "受理"),
    (Decision.WAITLISTED, "候补"),
    (Decision.REVIEW, "人工复核"),
    (Decision.SUPPLEMENT, "补正"),
    (Decision.DECLINED, "不予受理"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyRequest:
    """Everything a reply is made from."""

    campaign: Campaign
    tier: str | None
    incoming: Incoming
    disposition: Disposition
    outcomes: tuple[DossierOutcome, ...] = ()
    findings: tuple[Finding, ...] = ()  #: of the mail itself, where no dossier holds them
    from_address: str
    from_name: str = ""  #: "": the campaign's signature
    account: str  #: of the mailbox; part of the Message-ID
    #: what led to it where no new mail did: "ruling:12"
    cause: str = ""
    whole: tuple[DossierOutcome, ...] = ()  #: where ``outcomes`` show a part only
    now: datetime  #: aware

    @property
    def units(self) -> list[str]:
        """The names of the units concerned; a unit known by its address only has none."""
        shown = self.whole or self.outcomes  # the whole has the papers in which it calls itself so
        names = (unit_called(self.campaign, outcome) for outcome in shown)
        return [name for name in dict.fromkeys(names) if name and "@" not in name]


def reply_kind(request: ReplyRequest) -> str:
    """Which reply the mail calls for; ``mixed`` where its items differ."""
    if request.incoming.reading.failure:
        return "unreadable"
    own = [EFFECT[f.severity] for f in _own_findings(request) if f.severity in EFFECT]
    decided = set(decisions(request))
    if any(sections.withdrawn(request.outcomes)):
        return "mixed" if decided else "withdrawn"
    if request.disposition == "withdrawal" or (request.disposition == "inquiry" and not own):
        return request.disposition
    if own:
        gravest = max(own, key=lambda decision: decision.gravity)
        if all(decision.gravity < gravest.gravity for decision in decided):
            return _KINDS[gravest]
    if len(decided) > 1:
        return "mixed"
    if decided == {Decision.ACCEPTED} and not request.cause and _brings_only_else(request):
        decided = set()
    return _KINDS[decided.pop()] if decided else "received"


def unit_called(campaign: Campaign, outcome: DossierOutcome) -> str:
    """The unit as it calls itself at the head of its newest list, where the tables know it short.

    A region of the quota table is addressed as its association writes itself; where
    only applicants' forms came, as these write it.
    """
    unit = outcome.unit
    if not unit or campaign.region(unit) != unit:
        return unit
    fields = campaign.tier(outcome.dossier.tier or None).unit_fields
    demanded = {demand.kind for demand in campaign.demands if demand.of == "unit"}
    newest = [paper for paper in reversed(outcome.dossier.papers) if paper.current]
    for paper in sorted(newest, key=lambda paper: paper.kind not in demanded):
        if paper.form is None:
            continue
        for key in fields:
            entry = paper.form.get(key)
            written = str(entry.value) if entry and entry.value else ""
            if len(written) > len(unit) and campaign.region(written) == unit:
                return written
    return campaign.regions.called.format(region=unit)


def _brings_only_else(request: ReplyRequest) -> bool:
    """Did the mail bring known papers that concern no item, as a list of participants?"""
    if any(outcome.touched or outcome.rulings for outcome in request.outcomes):
        return False
    return any(
        paper.kind and paper.item is None and not paper.repeats
        for outcome in request.outcomes
        for paper in outcome.dossier.papers
        if paper.submission == outcome.dossier.submissions[-1].ordinal
    )


def decisions(request: ReplyRequest) -> Iterator[Decision]:
    """The decisions on the items the mail touched; on all where it touched and withdrew none."""
    touched = any(outcome.touched or outcome.rulings for outcome in request.outcomes)
    for outcome, entry in sections.entries(request.outcomes):
        if not touched or entry.item.ordinal in outcome.touched:
            yield entry.decision


def is_renewal(request: ReplyRequest) -> bool:
    """Were all items the mail touched accepted before, so that it only brings newer papers?"""
    before = {
        (id(outcome), entry.item.ordinal)
        for outcome in request.outcomes
        if outcome.previous is not None
        for entry in outcome.previous.items
        if entry.decision is Decision.ACCEPTED
    }
    touched = {(id(outcome), n) for outcome in request.outcomes for n in outcome.touched}
    return bool(touched) and touched <= before


def _own_findings(request: ReplyRequest) -> Iterator[Finding]:
    """Findings that no item's decision holds: the mail's, and those of dossiers without items."""
    yield from request.findings
    for outcome in request.outcomes:
        if not outcome.verdict.items:
            yield from outcome.verdict.findings


def counts_text(request: ReplyRequest) -> str:
    """受理 29 项，不予受理 1 项, over the items the mail touched."""
    decided = Counter(decisions(request))
    counts = [(word, decided[key]) for key, word in _COUNTED]
    counts.append(("撤回", sum(1 for _ in sections.withdrawn(request.outcomes))))
    return "，".join(f"{word} {count} 项" for word, count in counts if count)


def told(request: ReplyRequest, severity: Severity) -> Points:
    """The findings of one severity that the applicant is told."""
    return points.points(request.campaign, request.outcomes, request.findings, severity=severity)


def count(found: Points) -> int:
    """Number of points in all groups."""
    return sum(len(group.points) for group in found.groups)
