"""Documents the notice asks for, and whether they came.

Driven by the campaign's demands, so always on; besides the demand that some
documents come in one mail. What came but cannot be used is complained of by the
rules about files and forms, not here a second time.
"""

from __future__ import annotations

from collections.abc import Iterator

from parsers.forms.labels import normalise_name
from rules.checks.case import Case
from rules.checks.findings import Defect, by_demand, shown_label
from rules.checks.rows import mixed_lists, rollup_rows
from rules.checks.standins import replaced, stand_ins
from rules.checks.texts import is_treated
from rules.model import Finding, Item, Severity
from rules.notice.campaign import Demand
from rules.notice.figuresettings import MixedRule
from rules.notice.settings import LevelRule, TogetherMailRule

#: So many letters may stand before a title in its line: 附：, 八、, （三）.
_NUMBERED = 4


def missing(case: Case) -> Iterator[Finding]:
    """Codes ``document.missing`` and, for what comes by post, ``human.paper``."""
    files = stand_ins(case)
    # What the unit has to send is not asked of a company that applies in its place.
    itself = case.applies_itself() and any(True for _ in case.rules(LevelRule))
    for demand in case.demands():
        items = list(case.items(demand.categories))
        if demand.of == "unit":
            if (
                items
                and not has_come(case, demand, None)
                and not replaced(case, files, demand.kind)
                and not itself
                and not _is_in_a_mixed_list(case, demand)
            ):
                yield _complaint(case, demand, None)
            continue
        for item in _listed(case, demand, items):
            if not has_come(case, demand, item) and not replaced(case, files, demand.kind, item):
                yield _complaint(case, demand, item)


def _listed(case: Case, demand: Demand, items: list[Item]) -> list[Item]:
    """Those of the items that stand in one of the lists the demand is limited to."""
    if not demand.listed_in:
        return items
    named = {
        ordinal
        for spot in demand.listed_in
        for row in rollup_rows(case, spot.kind, spot.table or "", spot.field)
        for ordinal in row.owners
    }
    return [item for item in items if item.ordinal in named]


def not_in_one_mail(rule: TogetherMailRule, case: Case) -> Iterator[Defect]:
    """Documents that belong in one mail came in several. Code ``document.missing``."""
    came: dict[str, set[int]] = {}
    for paper, _form in case.in_force(*rule.kinds):
        came[paper.kind] = set()
    for paper in case.dossier.papers:
        if paper.kind in came:
            came[paper.kind].add(paper.submission)
    if len(came) > 1 and not set.intersection(*came.values()):
        names = "、".join(case.campaign.paper_name(kind) for kind in rule.kinds if kind in came)
        concerned = {name for kind in came for name in case.categories_of(kind)}
        yield Defect(
            code="document.missing",
            message=f"{names}应在同一封邮件中一并报送，实际分别来自不同邮件。",
            categories=tuple(
                entry.id for entry in case.campaign.categories if entry.id in concerned
            ),
        )


def has_come(case: Case, demand: Demand, item: Item | None) -> bool:
    """Is the document there, as a file, on paper or inside the form's own cell?"""
    papers = case.dossier.current(demand.kind, item.ordinal if item else None)
    if any(not case.is_foreign(paper) for paper in papers):
        return True
    if demand.channel == "post":
        wanted = {(None, "paper"), (item.ordinal if item else None, "paper")}
        return bool(case.facts.ticks & wanted)
    if _stands_within(case, demand, item):
        return True
    return item is not None and _is_in_the_form(case, demand, item)


def _stands_within(case: Case, demand: Demand, item: Item | None) -> bool:
    """Does it stand in another document, under its own title?"""
    spec = case.campaign.form(demand.kind)
    titles = [normalise_name(title) for title in (spec.title, *spec.titles)] if spec else []
    for paper, _form in case.in_force(*demand.within):
        if item is not None and paper.item not in (None, item.ordinal):
            continue
        lines = map(normalise_name, paper.document.text.splitlines())
        if any(title in line[: len(title) + _NUMBERED] for line in lines for title in titles):
            return True
    return False


def _is_in_the_form(case: Case, demand: Demand, item: Item) -> bool:
    category = case.category(item)
    text = case.campaign.form(demand.kind)
    spec = case.campaign.form(category.form) if category else None
    if category is None or text is None or spec is None or demand.instead is None:
        return False
    prompts = getattr(spec.field(demand.instead), "prompts", ())
    return any(
        is_treated(text.sections, form.get(demand.instead), prompts)
        for paper, form in case.in_force(category.form)
        if paper.item == item.ordinal
    )


def _is_in_a_mixed_list(case: Case, demand: Demand) -> bool:
    """Does the complaint about a list with items of several categories ask for this one, too?"""
    return any(
        set(demand.categories) & set(categories)
        for rule in case.rules(MixedRule)
        if any(spot.kind == demand.kind for spot in rule.rollups)
        for _row, categories in mixed_lists(rule, case)
    )


def _complaint(case: Case, demand: Demand, item: Item | None) -> Finding:
    name = case.campaign.paper_name(demand.kind)
    whose = f"申报项“{item.name}”的" if item and item.name else ""
    post = demand.channel == "post"
    if post:
        copies = f"{demand.copies}份" if demand.copies else "件"
        message = f"请核对是否已收到{whose}{name}（纸质{copies}）。"
    elif demand.severity in (Severity.INFO, Severity.WARN):
        message = f"未见{whose}{name}。"
    else:
        message = f"未收到{whose}{name}，请补报{_or_in_the_form(case, demand, item)}。"
    return by_demand(
        Defect(
            code="human.paper" if post else "document.missing",
            message=message,
            severity=Severity.WARN if post else None,
            kind=demand.kind,
            item=item.ordinal if item else None,
            categories=() if item else demand.categories,
        ),
        demand,
    )


def _or_in_the_form(case: Case, demand: Demand, item: Item | None) -> str:
    """The other way to satisfy a demand: inside the cell of the form."""
    category = case.category(item) if item else None
    spec = case.campaign.form(category.form) if category else None
    entry = spec.field(demand.instead) if spec and demand.instead else None
    if category is None or entry is None:
        return ""
    return f"，或在{case.campaign.paper_name(category.form)}“{shown_label(entry)}”栏内完整填写"
