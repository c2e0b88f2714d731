"""What only a person can see or decide: stamps, signatures, originals, truth, which award."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from parsers.model import Form
from rules.checks.case import Case
from rules.checks.findings import Defect, about_field, about_paper, field_label, place
from rules.model import Item, Paper
from rules.notice.settings import AwardRule, PeopleRule

#: What staff can tick off, by the code it settles.
_TICKS = {"human.stamp": "stamp", "human.paper": "paper"}


def people(rule: PeopleRule, case: Case) -> Iterator[Defect]:
    """A remark for staff, once per paper in force, until it is ticked off. Codes ``human.*``.

    With ``once`` one remark for all papers that are not ticked off.
    """
    tick = _TICKS.get(rule.code, "")
    open_ = [
        (paper, form)
        for paper, form in case.in_force(*rule.kinds)
        if not (tick and case.facts.ticks & {(None, tick), (paper.item, tick)})
    ]
    if rule.once:
        yield from _together(rule, case, [paper for paper, _form in open_])
        return
    for paper, form in open_:
        message = f"{case.campaign.paper_name(paper.kind)}：{rule.text}"
        if tick == "stamp":
            message += _seals(case, paper)
        yield about_paper(case, paper, rule.code, message, where=form.where)


def _together(rule: PeopleRule, case: Case, papers: list[Paper]) -> Iterator[Defect]:
    numbers = Counter(paper.kind for paper in papers)
    if not numbers:
        return
    kinds = [kind for kind in rule.kinds if numbers[kind]]
    names = [
        f"{case.campaign.paper_name(kind)}{f'（{numbers[kind]}份）' if numbers[kind] > 1 else ''}"
        for kind in kinds
    ]
    held = {name for kind in kinds for name in case.categories_of(kind)}
    yield Defect(
        code=rule.code,
        message=f"{'、'.join(names)}：{rule.text}",
        kind=kinds[0] if len(kinds) == 1 else "",
        categories=tuple(entry.id for entry in case.campaign.categories if entry.id in held),
    )


#: what the program saw, for people to look at
SEAL_SEEN = {
    "found": "图上可见圆形红色印章",
    "not_found": "图上未见圆形红色印章",
    "unsure": "图上有红色印迹，是否为印章不能确定",
}


def _seals(case: Case, paper: Paper) -> str:
    """What the program saw on scans of the same form; a hint where to look, no more."""
    seen = [
        f"文件“{other.document.file}”{SEAL_SEEN[other.form.seal]}"
        for other in case.dossier.papers
        if other.form is not None
        and other.form.seal is not None
        and (other.kind, other.item) == (paper.kind, paper.item)
        and not other.repeats
    ]
    return f"（程序所见，仅供参考：{'；'.join(seen)}。）" if seen else ""


def unmarked_items(case: Case) -> Iterator[Item]:
    """The items whose form serves several awards, with none or several of them marked."""
    for rule in case.rules(AwardRule):
        for paper, form in case.in_force(rule.kind):
            item = case.item(paper.item)
            if item is not None and len(_marked(rule, form)) != 1:
                yield item


def _marked(rule: AwardRule, form: Form) -> list[str]:
    entry = form.get(rule.field)
    value = entry.value if entry else None
    return [str(part) for part in (value if isinstance(value, list) else [value]) if part]


def award(rule: AwardRule, case: Case) -> Iterator[Defect]:
    """One form for several awards, and not exactly one marked. Code ``form.award_unclear``."""
    for paper, form in case.in_force(rule.kind):
        entry = form.get(rule.field)
        marked = _marked(rule, form)
        if len(marked) == 1:
            continue
        label = field_label(case.campaign, form, rule.field)
        where = (entry.where if entry else "") or form.where
        yield about_field(
            case,
            paper,
            "form.award_unclear",
            _which_award(rule, case, form, where, marked),
            key=rule.field,
            label=entry.label if entry and entry.label else label,
            where=where,
        )


def _which_award(rule: AwardRule, case: Case, form: Form, where: str, marked: Sequence[str]) -> str:
    """What is unclear and how to say it, in a title with both awards or in a field."""
    spec = case.campaign.form(rule.kind)
    entry = spec.field(rule.field) if spec else None
    found = f"同时标明了{'、'.join(marked)}" if marked else "未标明申报的奖项"
    if entry is None or entry.place != "title":
        label = field_label(case.campaign, form, rule.field)
        spot = place(case.campaign, rule.kind, where, label)
        return f"{spot}{found}，请明确申报其中哪一项后重新发送。"
    awards = "、".join(f"“{option}”" for option in entry.options)
    return (
        f"{case.campaign.paper_name(rule.kind)}的标题并列了{awards}，{found}；"
        "请在标题中只保留（或勾选）所申报的一项后重新发送。"
    )
