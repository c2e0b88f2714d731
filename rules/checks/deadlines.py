"""Lateness (contract, "Last instant" and "Late is judged by the first arrival of the item").

Arrival is the provider's time. An item begun in time is never declined for a
late correction; a person decides. Deadlines stand in the campaign's tiers, not
in its rules, so these checks are always on.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from rules.checks.case import Case
from rules.checks.findings import Defect, finding
from rules.gathering.identity import possible
from rules.model import Finding, Item, Paper, Severity
from rules.notice.campaign import Deadline


def deadlines(case: Case) -> Iterator[Finding]:
    """Codes ``deadline.passed`` and ``deadline.last_day``."""
    for item in case.dossier.items:
        yield from _item(case, item)
    yield from _without_item(case)
    yield from _on_its_own(case)


def is_declined_as_late(case: Case, item: Item) -> bool:
    """Did the item begin too late under a deadline whose consequence is stated?"""
    deadline = _deadline(case, item)
    late = item.first_arrival >= deadline.ends_at(case.campaign.timezone)
    return late and deadline.late is Severity.REJECT


def _deadline(case: Case, item: Item, kind: str = "") -> Deadline:
    """An item's deadline, or that of a paper of it; in doubt about its category the latest."""
    zone = case.campaign.timezone
    ours = possible(case.campaign, item, case.dossier.papers)
    due = [case.tier.deadline(kind or entry.form, entry.id) for entry in ours]
    return max(due, key=lambda entry: entry.ends_at(zone), default=case.tier.deadline(kind))


def _due(case: Case, paper: Paper) -> Deadline:
    """A paper's deadline; the unit's own is due with the last of the items it is for."""
    item = case.item(paper.item)
    if item is not None:
        return _deadline(case, item, paper.kind)
    wanted = case.categories_of(paper.kind)
    begun = {i.category for i in case.items(wanted)} or set(wanted) or {""}
    due = [case.tier.deadline(paper.kind, category) for category in sorted(begun)]
    return max(due, key=lambda entry: entry.ends_at(case.campaign.timezone))


def _item(case: Case, item: Item) -> Iterator[Finding]:
    zone = case.campaign.timezone
    deadline = _deadline(case, item)
    end = deadline.ends_at(zone)
    arrived = item.first_arrival.astimezone(zone)
    name = f"申报项“{item.name}”" if item.name else "该申报项"
    if arrived >= end:
        stated = f"通知规定：{deadline.consequence}。" if deadline.consequence else ""
        outcome = stated or "通知未载明逾期的处理办法，由工作人员研究后答复。"
        yield _judged(
            deadline,
            deadline.late,
            Defect(
                code="deadline.passed",
                message=f"{name}于{_instant(arrived)}到达，{_closed(deadline, zone)}。{outcome}",
                item=item.ordinal,
            ),
        )
        return
    if arrived.date() == deadline.last_moment(zone).date():
        yield _judged(
            deadline,
            Severity.INFO,
            Defect(
                code="deadline.last_day",
                message=f"{name}于{_instant(arrived)}到达，为截止日当天，仍在规定期限内。",
                item=item.ordinal,
                mail=_first_mail(case, item),
            ),
        )
    late = [paper for paper in _needed(case, item) if _is_late(case, paper)]
    if late:
        yield _corrected_late(case, late, f"{name}已按期申报，但", item.ordinal)


def _first_mail(case: Case, item: Item) -> int | None:
    """The mail that began the item, to be told of it in the answer to that mail alone."""
    mails = (m.ordinal for m in case.dossier.submissions if m.arrived == item.first_arrival)
    return next(mails, None)


def _needed(case: Case, item: Item) -> Iterator[Paper]:
    """The papers in force an item rests on: its own and those of the unit it needs."""
    shared = {
        demand.kind
        for demand in case.demands()
        if demand.of == "unit" and item.category in demand.categories
    }
    for paper in case.dossier.papers:
        own = paper.item == item.ordinal or (paper.item is None and paper.kind in shared)
        if own and paper.kind and paper.current and not paper.repeats:
            yield paper


def _without_item(case: Case) -> Iterator[Finding]:
    """Papers of the unit that arrive late for items nobody has begun."""
    for paper in case.dossier.papers:
        if not (paper.kind and paper.current) or paper.repeats or case.item(paper.item):
            continue
        if paper.kind in case.tier.deadline(paper.kind).kinds and not case.categories_of(
            paper.kind
        ):
            continue  # a deadline of its own, and nothing it could hold up
        categories = case.categories_of(paper.kind)
        begun = any(case.items(categories)) if categories else bool(case.dossier.items)
        if not begun and _is_late(case, paper):
            yield _corrected_late(case, [paper], "", None, categories)


def _on_its_own(case: Case) -> Iterator[Finding]:
    """Papers that have a deadline of their own and are demanded for no item."""
    demanded = {demand.kind for demand in case.demands()}
    for paper in case.dossier.papers:
        deadline = _due(case, paper)
        own = paper.kind in deadline.kinds and paper.kind not in demanded
        if not own or not paper.current or paper.repeats or not _is_late(case, paper):
            continue
        zone = case.campaign.timezone
        name, arrived = case.campaign.paper_name(paper.kind), paper.arrived.astimezone(zone)
        defect = Defect(
            code="deadline.passed",
            message=f"{name}于{_instant(arrived)}到达，{_closed(deadline, zone)}。",
            document=paper.document.file,
            kind=paper.kind,
            categories=case.categories_of(paper.kind),
            mail=paper.submission,
        )
        yield _judged(deadline, deadline.late, defect)


def _is_late(case: Case, paper: Paper) -> bool:
    return paper.arrived >= _due(case, paper).ends_at(case.campaign.timezone)


def _corrected_late(
    case: Case,
    late: list[Paper],
    opening: str,
    item: int | None,
    categories: tuple[str, ...] = (),
) -> Finding:
    first = late[0]
    deadline = _due(case, first)
    zone = case.campaign.timezone
    names = "、".join(dict.fromkeys(case.campaign.paper_name(paper.kind) for paper in late))
    arrived = _instant(max(paper.arrived for paper in late).astimezone(zone))
    return _judged(
        deadline,
        Severity.HUMAN,
        Defect(
            code="deadline.passed",
            message=f"{opening}{names}于{arrived}才到达，{_closed(deadline, zone)}，"
            "由工作人员研究后答复。",
            document=first.document.file,
            kind=first.kind,
            item=item,
            categories=categories,
        ),
    )


def _judged(deadline: Deadline, severity: Severity, defect: Defect) -> Finding:
    return finding(defect, severity=severity, clause=deadline.clause, rule=deadline.rule)


def _instant(moment: datetime) -> str:
    return f"{moment.year}年{moment.month}月{moment.day}日{moment:%H:%M:%S}"


def _closed(deadline: Deadline, zone: ZoneInfo) -> str:
    """The exclusive end in words: 24:00 of the day before where it is a midnight."""
    last = deadline.last_moment(zone)
    hour = f"{deadline.until:%H:%M}" if deadline.until else "24时"
    return f"报送已于{last.year}年{last.month}月{last.day}日{hour}截止"
