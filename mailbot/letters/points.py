"""The numbered points of a reply: what is wrong, what was put right, what has to be sent.

Turns findings into points with place, clause and the notice's own words. It
chooses what applicants may see: findings meant for staff never pass. Pure.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import groupby

from mailbot.letters import wording
from mailbot.letters.letter import Point, PointGroup, Points
from mailbot.letters.sections import item_name
from mailbot.outcome import DossierOutcome
from rules.gathering.identity import possible
from rules.model import Decision, Finding, Item, ItemVerdict, Severity, Verdict
from rules.notice.campaign import Campaign, Deadline

_ARCHIVE = re.compile(r"\.(?:zip|rar|7z|tar|t?gz|bz2|xz)$", re.IGNORECASE)

#: Severities that stand in the way, of which the sender is told.
OPEN = (Severity.ASK, Severity.HOLD, Severity.REJECT)


#: Those that the sender can answer by sending something.
_DEMANDS = (Severity.ASK, Severity.REJECT)


def points(
    campaign: Campaign,
    outcomes: Sequence[DossierOutcome],
    mail: Sequence[Finding],
    *,
    severity: Severity,
) -> Points:
    """The findings of one severity, numbered through, grouped by item, unit and mail.

    What stands against a declined item besides the reasons for it is left out:
    it cannot be put right any more. Information about an earlier mail is not
    repeated.
    """
    several = len(outcomes) > 1
    grouped: list[tuple[str, list[Finding]]] = []
    for outcome in outcomes:
        unit = wording.clean(outcome.unit) if several else ""
        common = _common(outcome, severity)
        grouped += _shared(campaign, outcome, unit, severity, common)
        for entry in outcome.verdict.items:
            found = [
                f
                for f in entry.findings
                if f.message not in common and _is_told(f, severity, outcome, [entry])
            ]
            grouped.append((_item_title(campaign, outcome, unit, entry.item), found))
        told = [
            f
            for f in outcome.verdict.findings
            if _is_told(f, severity, outcome, _concerned(outcome.verdict, f))
        ]
        for categories, found_for in groupby(told, key=lambda finding: finding.categories):
            title = _unit_title(campaign, outcome.verdict, categories, unit)
            grouped.append((title, list(found_for)))
    grouped.append(("本次来信", [f for f in mail if f.severity is severity]))
    told_in_order = [(title, found) for title, found in grouped if found]
    return _numbered(campaign, told_in_order, _archives(outcomes))


def _common(outcome: DossierOutcome, severity: Severity) -> list[str]:
    """What is said in the same words of several items, as that all of them are too many."""
    said = Counter(
        message
        for entry in outcome.verdict.items
        for message in {
            f.message for f in entry.findings if _is_told(f, severity, outcome, [entry])
        }
    )
    return [message for message, items in said.items() if items > 1]


def _shared(
    campaign: Campaign,
    outcome: DossierOutcome,
    unit: str,
    severity: Severity,
    common: Sequence[str],
) -> Iterator[tuple[str, list[Finding]]]:
    """Each such thing once, under the names of all items it is about."""
    for message in common:
        told = [
            (entry.item, finding)
            for entry in outcome.verdict.items
            for finding in entry.findings
            if finding.message == message and _is_told(finding, severity, outcome, [entry])
        ]
        items = list({item.ordinal: item for item, _ in told}.values())
        several = len({item.company for item in items}) > 1
        names: dict[str, str] = {}
        for item in items:
            category = campaign.category(item.category).name
            whose = wording.clean(item.company)
            own = several and whose and item.company != item.name
            names[category] = (
                names.get(category, "")
                + f"「{wording.clean(item.name)}」"
                + (f"（{whose}）" if own else "")
            )
        listed = "、".join(category + own for category, own in names.items())
        title = f"{unit}　{listed}".strip() + f"（共 {len(items)} 项）"
        yield title, [told[0][1]]


def _item_title(campaign: Campaign, outcome: DossierOutcome, unit: str, item: Item) -> str:
    """An item under its unit or its company, where the reply is about several."""
    companies = {entry.company for entry in outcome.dossier.items}
    owner = unit or (wording.clean(item.company) if len(companies) > 1 else "")
    return f"{owner}　{item_name(campaign, item)}".strip()


def _archives(outcomes: Sequence[DossierOutcome]) -> tuple[str, ...]:
    """What stands before the names of files that came in an archive."""
    files = {paper.document.file for outcome in outcomes for paper in outcome.dossier.papers}
    heads = {file.partition("/")[0] for file in files if "/" in file}
    return tuple(f"{head}/" for head in sorted(heads) if _ARCHIVE.search(head))


def _short(text: str, archives: Sequence[str]) -> str:
    """The text with such files called by their own names."""
    for archive in archives:
        text = text.replace(archive, "")
    return text


def _is_told(
    finding: Finding, severity: Severity, outcome: DossierOutcome, concerned: Sequence[ItemVerdict]
) -> bool:
    if finding.severity is not severity or finding.code == "fee.due":
        return False
    if severity is Severity.INFO and finding.mail is not None:
        return finding.mail == outcome.dossier.submissions[-1].ordinal
    lost = bool(concerned) and all(e.decision is Decision.DECLINED for e in concerned)
    return severity is Severity.REJECT or not lost


def _concerned(verdict: Verdict, finding: Finding) -> list[ItemVerdict]:
    """The items a dossier finding holds up."""
    return [
        entry
        for entry in verdict.items
        if not finding.categories or entry.item.category in finding.categories
    ]


def _unit_title(
    campaign: Campaign, verdict: Verdict, categories: tuple[str, ...], unit: str
) -> str:
    title = f"{unit or '贵单位'}整体材料"
    applied = {entry.item.category for entry in verdict.items}
    if not categories or applied <= set(categories):
        return title
    about = applied & {*categories} or {*categories}
    concerned = [entry.name for entry in campaign.categories if entry.id in about]
    return f"{title}（涉及{'、'.join(concerned)}）"


def _numbered(
    campaign: Campaign,
    grouped: Sequence[tuple[str, Sequence[Finding]]],
    archives: Sequence[str],
) -> Points:
    groups, number = [], 0
    for title, parts in groupby(grouped, key=lambda entry: entry[0]):
        made = []
        for finding in (finding for _, found in parts for finding in found):
            number += 1
            short = replace(
                finding,
                message=_short(finding.message, archives),
                document=_short(finding.document, archives),
            )
            made.append(_point(campaign, short, number))
        groups.append(PointGroup(title=title, points=tuple(made)))
    return Points(groups=tuple(groups))


def _point(campaign: Campaign, finding: Finding, number: int) -> Point:
    quote = _quote(campaign, finding) if finding.severity is Severity.REJECT else ""
    return Point(
        number=number,
        message=wording.clean(finding.message),
        place=_place(finding),
        clause=wording.clause_text(finding.clause),
        note=f"通知原文：“{quote}”" if quote else "",
    )


def _place(finding: Finding) -> str:
    """Which file, and where in it unless the message says so; "" where it is about no file."""
    label = f"「{wording.label_text(finding.label)}」" if finding.label else ""
    parts = (finding.document, finding.where, label)
    told = [part for part in parts if part.strip("「」") not in finding.message]
    return "，".join(wording.clean(part) for part in told)


def _paper(campaign: Campaign, kind: str) -> str:
    return campaign.paper_name(kind) if campaign.form(kind) else ""


def _quote(campaign: Campaign, finding: Finding) -> str:
    """The notice's own words for a consequence, where the data holds them.

    The time and what follows from missing it may stand far apart: each is a quotation.
    Several tiers or categories may have their days in one clause: the day tells.
    """
    if finding.code != "deadline.passed":
        return ""
    zone = campaign.timezone
    fits = [e for tier in campaign.tiers for e in tier.deadlines if e.clause == finding.clause]
    told = [
        entry
        for entry in fits
        if f"已于{wording.day_text(entry.last_moment(zone).date())}" in finding.message
    ]
    for entry in told or fits[:1]:
        return "”，“".join(part for part in (entry.wording, entry.consequence) if part)
    return ""


def cured(campaign: Campaign, outcomes: Sequence[DossierOutcome]) -> Points:
    """What stood in the way before this mail and no longer does, dossier by dossier.

    Findings are compared by (code, kind, field, item), not by place, because a
    corrected file may have moved everything; equal keys are counted. A place that
    fell free was not put right by anyone, nor was anything of an item withdrawn.
    """
    grouped: list[PointGroup] = []
    number = 0
    for outcome in outcomes:
        if outcome.previous is None:
            continue
        left = Counter(map(_key, _all(outcome.verdict)))
        withdrawn = {item.ordinal for item in outcome.verdict.withdrawn}
        gone = []
        for finding in _all(outcome.previous):
            if left[_key(finding)] > 0:
                left[_key(finding)] -= 1
            elif finding.severity in _DEMANDS and finding.item not in withdrawn:
                gone.append(finding)
        unit = wording.clean(outcome.unit) if len(outcomes) > 1 else ""
        for title, found in _by_owner(gone, partial(_owner, campaign, outcome, unit)):
            made = []
            for finding in found:
                number += 1
                short = _short(finding.message, _archives([outcome]))
                made.append(_cured_point(campaign, replace(finding, message=short), number))
            grouped.append(PointGroup(title=title, points=tuple(made)))
    return Points(groups=tuple(grouped))


def _by_owner(
    gone: Sequence[Finding], owner: Callable[[Finding], str]
) -> Iterator[tuple[str, list[Finding]]]:
    """What was said of several items in the same words once, under all their names."""
    owners: dict[str, list[str]] = {}
    for finding in gone:
        owners.setdefault(finding.message, []).append(owner(finding))
    first = {finding.message: finding for finding in reversed(gone)}
    told = [finding for finding in gone if first[finding.message] is finding]
    for title, found in groupby(told, key=lambda f: _joined(owners[f.message])):
        yield title, list(found)


def _joined(titles: Sequence[str]) -> str:
    """质量管理小组「甲」「乙」 of the titles of two items."""
    grouped: dict[str, list[str]] = {}
    for title in dict.fromkeys(titles):
        kind, mark, name = title.partition("「")
        grouped.setdefault(kind, []).append(mark + name)
    return "；".join(kind + "".join(names) for kind, names in grouped.items())


def _all(verdict: Verdict) -> Iterator[Finding]:
    for entry in verdict.items:
        yield from entry.findings
    yield from verdict.findings


def _key(finding: Finding) -> tuple[str, str, str, int | None]:
    return finding.code, finding.kind, finding.field, finding.item


def _owner(campaign: Campaign, outcome: DossierOutcome, unit: str, finding: Finding) -> str:
    for item in outcome.dossier.items:
        if item.ordinal == finding.item:
            return _item_title(campaign, outcome, unit, item)
    return f"{unit or '贵单位'}整体材料"


def _cured_point(campaign: Campaign, finding: Finding, number: int) -> Point:
    label = f"「{wording.label_text(finding.label)}」" if finding.label else ""
    paper = _paper(campaign, finding.kind) or wording.clean(finding.document)
    return Point(
        number=number,
        message=f"{paper}{label}：已补正。" if paper or label else "已补正。",
        note=f"此前的要求：{wording.clean(finding.message)}",
    )


def wanted(campaign: Campaign, tier: str | None) -> Points:
    """What has to be sent, category by category, as the notice demands it."""
    name = campaign.tier(tier).id
    groups = []
    for category in campaign.categories:
        lines = [(campaign.paper_name(category.form), "", "")]
        for demand in campaign.demands:
            if category.id not in demand.categories or (demand.tiers and name not in demand.tiers):
                continue
            extra = "每单位一份" if demand.of == "unit" else ""
            if demand.severity is Severity.INFO:
                extra = "自愿"
            extra = "，".join(filter(None, (demand.limited, extra)))
            if demand.channel == "post":
                extra = f"{extra}，纸质" if extra else "纸质"
            lines.append((campaign.paper_name(demand.kind), extra, demand.clause))
        made = tuple(
            Point(
                number=number,
                message=f"{paper}（{extra}）" if extra else paper,
                clause=wording.clause_text(clause),
            )
            for number, (paper, extra, clause) in enumerate(lines, start=1)
        )
        groups.append(PointGroup(title=f"申报{category.name}", points=made))
    return Points(groups=tuple(groups))


def deadlines(
    campaign: Campaign, tier: str | None, outcomes: Sequence[DossierOutcome]
) -> tuple[Deadline, ...]:
    """The deadlines of what the sender is asked to put right, each once."""
    entry = campaign.tier(tier)
    found = []
    for outcome in outcomes:
        dossier = outcome.dossier
        of = {
            item.ordinal: [one.id for one in possible(campaign, item, dossier.papers)]
            for item in dossier.items
        }
        every = [category for categories in of.values() for category in categories]
        for finding in (f for f in _all(outcome.verdict) if f.severity is Severity.ASK):
            own = of.get(-1 if finding.item is None else finding.item)
            concerned = [category for category in every if category in finding.categories]
            choice = own or concerned or every or [""]
            due = [entry.deadline(finding.kind, category) for category in choice]
            found.append(max(due, key=lambda one: one.ends_at(campaign.timezone)))
    return tuple(dict.fromkeys(found)) or (entry.deadline(),)
