"""Folds everything one unit has sent into its dossier: papers in force and items.

Pure and repeatable: the same submissions in the same order always give the same
dossier, and a further submission never renumbers the items there were. An item
keeps its ordinal for ever; its name may change when a corrected form comes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from rapidfuzz.distance import Levenshtein

from parsers.forms.labels import normalise_name
from parsers.model import Form
from rules.gathering.beginnings import begun
from rules.gathering.identity import (
    Draft,
    again,
    company_of,
    is_version,
    item_name,
    may_be_of,
    misread_draft,
    moved,
    namesake,
    twin,
    undecided,
    update,
)
from rules.gathering.kindred import settled
from rules.gathering.namesakes import known_by_name
from rules.gathering.papers import Owners, file_papers, in_force, is_copy, row_names
from rules.gathering.routing import own_rows
from rules.model import Dossier, Item, Paper, Submission
from rules.notice.campaign import Campaign, Category

__all__ = ["assemble", "category_of", "item_name"]

#: Names that differ by no more letters than this may be one name misspelt.
_NEAR = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class _Fold:
    """What stays the same while submissions are folded."""

    campaign: Campaign
    unit: str
    many: bool  #: does a unit apply for many companies, so that names are told with the company?
    owners: Owners


def assemble(
    campaign: Campaign,
    tier: str,
    unit: str,
    submissions: Sequence[Submission],
    accepted: Mapping[int, int] = MappingProxyType({}),
) -> Dossier:
    """The dossier of ``unit`` after these submissions (ordinals 0, 1, ... in this order).

    ``accepted`` holds for items that staff have accepted how many mails there were then:
    what another address had sent for them until then is in force.
    """
    tiers = campaign.tiers
    level = next((entry for entry in tiers if entry.id == tier), tiers[0])
    fold = _Fold(
        campaign=campaign,
        unit=unit,
        many=level.applicant != "company",
        owners=Owners(campaign, submissions, accepted),
    )
    others = tuple(dict.fromkeys(name for entry in submissions for name in entry.beside))
    papers = [
        replace(paper, form=own_rows(campaign, paper.form, unit, others)) if paper.form else paper
        for paper in file_papers(submissions, campaign)
    ]
    drafts: list[Draft] = []
    for submission in submissions:
        mine = [i for i, paper in enumerate(papers) if paper.submission == submission.ordinal]
        for index, draft in _match(fold, submission, [papers[i] for i in mine], papers, drafts):
            position = mine[index]
            papers[position] = replace(papers[position], item=draft.ordinal)
    papers = [settled(paper, campaign, drafts) for paper in papers]
    papers = [piece for paper in papers for piece in _attach(paper, fold, drafts)]
    papers = known_by_name(papers, campaign, drafts)
    owners = Owners(campaign, submissions, accepted)
    papers = in_force(papers, campaign, [draft.name for draft in drafts], owners)
    for paper in papers:
        for draft in drafts:
            if paper.item == draft.ordinal and paper.submission not in draft.submissions:
                draft.submissions.append(paper.submission)
    return Dossier(
        campaign=campaign.id,
        tier=tier,
        unit=unit,
        submissions=tuple(submissions),
        papers=tuple(papers),
        items=tuple(_item(draft, fold, papers, submissions) for draft in drafts),
    )


def category_of(campaign: Campaign, form: Form) -> Category | None:
    """The category whose item this form makes, or None."""

    def answer(key: str) -> object:
        entry = form.get(key)
        return entry.value if entry else None

    return campaign.category_of(form.kind, answer)


def _item(
    draft: Draft, fold: _Fold, papers: Sequence[Paper], submissions: Sequence[Submission]
) -> Item:
    company = draft.form.get(draft.category.company_field)
    return Item(
        ordinal=draft.ordinal,
        category=draft.category.id,
        name=draft.name,
        company=str(company.value) if company and company.value else "",
        region=_region(draft, fold),
        first_arrival=begun(
            campaign=fold.campaign,
            category=draft.category,
            names=(draft.name, *draft.former),
            papers=papers,
            submissions=submissions,
            ordinal=draft.ordinal,
        ),
        submissions=tuple(sorted(draft.submissions)),
        former_names=tuple(draft.former),
    )


def _region(draft: Draft, fold: _Fold) -> str | None:
    """The region an item counts for, as the quota tables name it.

    The unit that recommends goes before what its companies write on their forms.
    """
    key = draft.category.region_field
    if key is None:
        return None
    entry = draft.form.get(key)
    written = str(entry.value) if entry and entry.value else ""
    unit = fold.campaign.region(fold.unit) if fold.many else ""
    return unit or fold.campaign.region(written) or written or None


def _match(
    fold: _Fold,
    submission: Submission,
    mine: Sequence[Paper],
    papers: Sequence[Paper],
    drafts: list[Draft],
) -> Iterator[tuple[int, Draft]]:
    """Which item each form of a submission belongs to; new items are added to ``drafts``.

    By category and normalised name (and company, where a unit applies for many);
    then by the mail replied to; then as the only unmatched item of its category (and
    company), a rename. The last two need that the form can be a version of the old
    one, so that a second item sent later does not swallow the first.
    """
    campaign = fold.campaign
    before = list(drafts)
    open_forms: list[tuple[int, Form, Category]] = []
    matched: set[int] = set()
    for index, paper in enumerate(mine):
        category = category_of(campaign, paper.form) if paper.form else None
        if paper.form is None or category is None:
            continue
        draft = _known(fold, submission, before, paper.form, category) or again(
            paper, papers, drafts
        )
        if draft is None:
            open_forms.append((index, paper.form, category))
            continue
        matched.add(draft.ordinal)
        _renew(fold, draft, paper, paper.form, category)
        yield index, draft
    lists = [names for paper in papers if (names := row_names(paper, campaign))]
    for index, form, category in sorted(open_forms, key=lambda entry: entry[1].source == "ocr"):
        name, mail_paper = item_name(form, category), mine[index]
        copied = is_copy(mail_paper.document, campaign, mail_paper.kind)
        if (draft := misread_draft(drafts, form, category, name)) is not None:
            matched.add(draft.ordinal)
            _renew(fold, draft, mail_paper, form, category)
            yield index, draft
            continue
        same = [
            e for e in open_forms if e[2].id == category.id and _beside(fold, e[1], form, category)
        ]
        left = [
            d
            for d in before
            if d.category.id == category.id
            and d.ordinal not in matched
            and (not fold.many or may_be_of(d, company_of(form, category)))
        ]
        answered = [d for d in left if submission.answers in d.submissions]
        choice = answered if submission.answers is not None and answered else left
        old = choice[0] if len(choice) == 1 and len(same) == 1 else None
        if old is not None and is_version(old, form, category, lists, answered=bool(answered)):
            matched.add(old.ordinal)
            _renew(fold, old, mail_paper, form, category)
            yield index, old
            continue
        draft = _of_this_name(fold, drafts, form, category) or Draft(
            ordinal=len(drafts), category=category, name=name, form=form, copied=copied
        )
        if draft not in drafts:
            drafts.append(draft)
        matched.add(draft.ordinal)
        fold.owners.holds(replace(mail_paper, item=draft.ordinal))  # the place is its sender's
        if submission.ordinal not in draft.submissions:
            draft.submissions.append(submission.ordinal)
        yield index, draft


def _renew(fold: _Fold, draft: Draft, paper: Paper, form: Form, category: Category) -> None:
    """The newest version of its form says what an item is; one that is held says nothing."""
    if not fold.owners.holds(replace(paper, item=draft.ordinal)):
        update(draft, form, category, copied=is_copy(paper.document, fold.campaign, paper.kind))


def _known(
    fold: _Fold, submission: Submission, before: Sequence[Draft], form: Form, category: Category
) -> Draft | None:
    """The item of an earlier mail that this form names."""
    name = item_name(form, category)
    found = _of_this_name(fold, before, form, category) or undecided(before, category, name, form)
    if found is not None or not fold.many:
        return found
    answered = [d for d in before if submission.answers in d.submissions]
    return moved(before, category, name, form, answered=answered)


def _of_this_name(
    fold: _Fold, drafts: Sequence[Draft], form: Form, category: Category
) -> Draft | None:
    name = item_name(form, category)
    if fold.many:
        return namesake(drafts, category, name, form)
    return twin(drafts, category, name)


def _beside(fold: _Fold, other: Form, form: Form, category: Category) -> bool:
    """Could a rename be about either of these two forms of a mail?"""
    return not fold.many or company_of(other, category) == company_of(form, category)


def _attach(paper: Paper, fold: _Fold, drafts: Sequence[Draft]) -> Iterator[Paper]:
    """The paper with the item it belongs to; once for each item a common text treats."""
    wanted = {
        category
        for demand in fold.campaign.demands
        if demand.kind == paper.kind and demand.of == "item"
        for category in demand.categories
    }
    candidates = [draft for draft in drafts if draft.category.id in wanted]
    if paper.item is not None or not candidates:
        yield paper
        return
    said, named = _by_fields(paper.form, candidates)
    if not said:
        named = _by_text(paper, candidates, fold)
    if not named:
        together = [d for d in candidates if paper.submission in d.submissions]
        named = next((c for c in (together, candidates) if len(c) == 1), [])
    if not named:
        yield paper
    for draft in named:
        yield replace(paper, item=draft.ordinal)


def _by_fields(form: Form | None, drafts: Sequence[Draft]) -> tuple[bool, list[Draft]]:
    """Does a form name an item in its own fields, and which one it is, if it can be told."""
    named = [(d, item_name(form, d.category)) for d in drafts] if form else []
    named = [(d, normalise_name(name)) for d, name in named if name]
    if form is None or not named:
        return False, []
    same = [d for d, name in named if d.key == name]
    own = [d for d in same if d.company == company_of(form, d.category)]
    if len(own or same) == 1:
        return True, own or same
    near = [
        d
        for d, name in named
        if not same
        and d.company == company_of(form, d.category)
        and Levenshtein.distance(d.key, name) <= min(_NEAR, len(name) // 2)
    ]
    return True, near if len(near) == 1 else []


def _by_text(paper: Paper, drafts: Sequence[Draft], fold: _Fold) -> list[Draft]:
    """The items a file's name or else its text names; of one company by its name alone."""
    file, text = normalise_name(paper.document.file), normalise_name(paper.document.text)
    named = _named(file, drafts) or _named(text, drafts)
    if not fold.many:
        return named
    body = file + text
    keys = [d.key for d in named]
    named = [d for d in named if keys.count(d.key) == 1 or (d.company and d.company in body)]
    if named:
        return named
    own = [d for d in drafts if not keys and d.company and d.company in body]
    return own if len(own) == 1 else []


def _named(body: str, drafts: Sequence[Draft]) -> list[Draft]:
    """The items whose name stands in a normalised text; one whose name is part of another's is not enough."""
    hits = [draft for draft in drafts if draft.key and draft.key in body]
    longer = {d.key for d in hits}
    return [
        draft for draft in hits if not any(draft.key != key and draft.key in key for key in longer)
    ]
