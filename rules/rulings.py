"""What a person has settled, put over what the rules have found.

Staff accept, return or decline an item with a reason; an applicant withdraws one.
A ruling stands until something new comes for its item (:meth:`Ruling.stands`).
Nothing is hidden: what the rules found of an accepted or declined item stays on
the tick list, it only decides nothing any more.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from rules.model import EFFECT, Decision, Dossier, Facts, Finding, Item, Ruling, Severity

#: By ordinal of the item.
Rulings = Mapping[int, Ruling]


def standing(dossier: Dossier, facts: Facts) -> Rulings:
    """The rulings after which nothing new has come."""
    return {
        item.ordinal: ruling
        for item in dossier.items
        if (ruling := facts.rulings.get(item.ordinal)) and ruling.stands(item, dossier)
    }


def withdrawn(dossier: Dossier, rulings: Rulings) -> tuple[Item, ...]:
    """The items that are no longer applied for."""
    return tuple(item for item in dossier.items if _what(rulings, item.ordinal) == "withdraw")


def without(dossier: Dossier, gone: Iterable[Item]) -> Dossier:
    """The dossier as if these items had never been applied for."""
    ordinals = {item.ordinal for item in gone}
    return replace(
        dossier,
        items=tuple(item for item in dossier.items if item.ordinal not in ordinals),
        papers=tuple(paper for paper in dossier.papers if paper.item not in ordinals),
    )


def put_over(findings: Iterable[Finding], rulings: Rulings) -> Iterator[Finding]:
    """The findings; of items settled by a person they remain as remarks for staff."""
    for entry in findings:
        over = entry.item is not None and _what(rulings, entry.item) in ("accept", "decline")
        if over and entry.severity in EFFECT and entry.code != "staff.declined":
            yield replace(entry, severity=Severity.WARN)
        else:
            yield entry


def told(rulings: Rulings) -> Iterator[Finding]:
    """What the applicant is told of it. Codes ``staff.returned``, ``staff.declined``."""
    for ordinal, ruling in rulings.items():
        if ruling.what == "return":
            yield Finding(
                code="staff.returned", severity=Severity.ASK, message=ruling.reason, item=ordinal
            )
        elif ruling.what == "decline":
            yield Finding(
                code="staff.declined",
                severity=Severity.REJECT,
                message=ruling.reason,
                item=ordinal,
            )


def settled(item: Item, rulings: Rulings, findings: Iterable[Finding]) -> Decision | None:
    """The decision a person has taken; None where it is left to the rules.

    Nobody gives away a place that is not there: what does not fit into its quota
    is left to the rules, even where it was accepted.
    """
    match _what(rulings, item.ordinal):
        case "accept":
            full = any(
                entry.item == item.ordinal
                and entry.code == "quota.exceeded"
                and entry.severity in EFFECT
                for entry in findings
            )
            return None if full else Decision.ACCEPTED
        case "decline":
            return Decision.DECLINED
    return None


def _what(rulings: Rulings, ordinal: int) -> str:
    ruling = rulings.get(ordinal)
    return ruling.what if ruling else ""
