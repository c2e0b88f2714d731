"""Folds everything one unit has sent into its dossier: papers in force and items.

Pure and repeatable: the same submissions in the same order always give the same
dossier, and a further submission never renumbers the items there were. An item
keeps its ordinal for ever; its name may change when a corrected form comes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from rapidfuzz.distance import LCSseq, Levenshtein

from parsers.labels import normalise_name
from parsers.model import Form
from rules.beginnings import begun
from rules.campaign import Campaign, Category
from rules.misread import is_misread
from rules.model import Dossier, Item, Paper, Submission
from rules.papers import file_papers, in_force, is_copy, row_names

#: Two forms whose other values agree at least so far are two versions of one form.
_SAME_FORM = 0.75

#: Two groups of one company share its address and its contact, but not all of so many values.
_MANY_VALUES = 8

#: Share of the letters of the shorter text, in their order, that two versions have in common;
#: less is needed of a mail that answers an earlier one.
_OTHER_TEXT = 0.6
_OTHER_TEXT_ANSWERED = 0.35

#: Letters from which on a text is long, and how many of it are compared.
_LONG = 16
_COMPARED = 600


@dataclass(slots=True)
class _Draft:
    """An item while the submissions are folded."""

    ordinal: int
    category: Category
    name: str
    form: Form
    copied: bool = False  #: the form is a scan or PDF where an editable file is asked for
    submissions: list[int] = field(default_factory=list)
    former: list[str] = field(default_factory=list)

    @property
    def key(self) -> str:
        return normalise_name(self.name)


def assemble(
    campaign: Campaign, tier: str, unit: str, submissions: Sequence[Submission]
) -> Dossier:
    """The dossier of ``unit`` after these submissions (ordinals 0, 1, ... in this order)."""
    papers = file_papers(submissions)
    drafts: list[_Draft] = []
    for submission in submissions:
        mine = [i for i, paper in enumerate(papers) if paper.submission == submission.ordinal]
        for index, draft in _match(campaign, submission, [papers[i] for i in mine], papers, drafts):
            position = mine[index]
            papers[position] = replace(papers[position], item=draft.ordinal)
    papers = [piece for paper in papers for piece in _attach(paper, campaign, drafts)]
    papers = in_force(papers, campaign, [draft.name for draft in drafts])
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
        items=tuple(_item(draft, campaign, papers, submissions) for draft in drafts),
    )


def category_of(campaign: Campaign, form: Form) -> Category | None:
    """The category whose item this form makes, or None."""

    def answer(key: str) -> object:
        entry = form.get(key)
        return entry.value if entry else None

    return campaign.category_of(form.kind, answer)


def item_name(form: Form, category: Category) -> str:
    """The item's name as its form gives it; "" when it is not to be read."""
    entry = form.get(category.name_field)
    return str(entry.value).strip() if entry and entry.value is not None else ""


def _item(
    draft: _Draft, campaign: Campaign, papers: Sequence[Paper], submissions: Sequence[Submission]
) -> Item:
    company = draft.form.get(draft.category.company_field)
    region = draft.form.get(draft.category.region_field or "")
    return Item(
        ordinal=draft.ordinal,
        category=draft.category.id,
        name=draft.name,
        company=str(company.value) if company and company.value else "",
        region=str(region.value) if region and region.value else None,
        first_arrival=begun(
            campaign=campaign,
            category=draft.category,
            names=(draft.name, *draft.former),
            papers=papers,
            submissions=submissions,
            ordinal=draft.ordinal,
        ),
        submissions=tuple(sorted(draft.submissions)),
        former_names=tuple(draft.former),
    )


def _match(
    campaign: Campaign,
    submission: Submission,
    mine: Sequence[Paper],
    papers: Sequence[Paper],
    drafts: list[_Draft],
) -> Iterator[tuple[int, _Draft]]:
    """Which item each form of a submission belongs to; new items are added to ``drafts``.

    By category and normalised name; then by the mail replied to; then as the
    only unmatched item of its category, a rename. The last two need that the
    form can be a version of the old one, so that a second item sent later does
    not swallow the first.
    """
    before = list(drafts)
    open_forms: list[tuple[int, Form, Category]] = []
    matched: set[int] = set()
    for index, paper in enumerate(mine):
        category = category_of(campaign, paper.form) if paper.form else None
        if paper.form is None or category is None:
            continue
        draft = _twin(drafts, category, item_name(paper.form, category)) or _again(
            paper, papers, drafts
        )
        if draft is None:
            open_forms.append((index, paper.form, category))
            continue
        matched.add(draft.ordinal)
        _update(draft, paper.form, category, copied=is_copy(paper.document, campaign))
        yield index, draft
    lists = [names for paper in papers if (names := row_names(paper, campaign))]
    for index, form, category in sorted(open_forms, key=lambda entry: entry[1].source == "ocr"):
        name = item_name(form, category)
        if (draft := _misread_draft(drafts, form, category, name)) is not None:
            matched.add(draft.ordinal)
            _update(draft, form, category, copied=is_copy(mine[index].document, campaign))
            yield index, draft
            continue
        same = [entry for entry in open_forms if entry[2] == category]
        left = [d for d in before if d.category == category and d.ordinal not in matched]
        answered = [d for d in left if submission.answers in d.submissions]
        choice = answered if submission.answers is not None and answered else left
        old = choice[0] if len(choice) == 1 and len(same) == 1 else None
        if old is not None and _is_version(old, form, category, lists, answered=bool(answered)):
            matched.add(old.ordinal)
            _update(old, form, category, copied=is_copy(mine[index].document, campaign))
            yield index, old
            continue
        draft = _twin(drafts, category, name) or _Draft(
            ordinal=len(drafts),
            category=category,
            name=name,
            form=form,
            copied=is_copy(mine[index].document, campaign),
        )
        if draft not in drafts:
            drafts.append(draft)
        matched.add(draft.ordinal)
        if submission.ordinal not in draft.submissions:
            draft.submissions.append(submission.ordinal)
        yield index, draft


def _misread_draft(
    drafts: Sequence[_Draft], form: Form, category: Category, name: str
) -> _Draft | None:
    """The one item whose name this is but for misreading, where a picture shows one of the two."""
    found = [
        draft
        for draft in drafts
        if draft.category == category
        and "ocr" in (form.source, draft.form.source)
        and is_misread(name, draft.name)
    ]
    return found[0] if len(found) == 1 else None


def _twin(drafts: Sequence[_Draft], category: Category, name: str) -> _Draft | None:
    """The item of this very name."""
    key = normalise_name(name)
    return next((d for d in drafts if key and d.category == category and d.key == key), None)


def _again(paper: Paper, papers: Sequence[Paper], drafts: Sequence[_Draft]) -> _Draft | None:
    """The item of the very same form in the very same file, sent once before."""
    for other in papers:
        if other is paper:
            break
        same = other.document.sha256 == paper.document.sha256 and other.form == paper.form
        if same and other.item is not None:
            return drafts[other.item]
    return None


def _update(draft: _Draft, form: Form, category: Category, *, copied: bool) -> None:
    """The item as its newest form has it; a scan or PDF changes nothing of an editable one."""
    if copied and not draft.copied:
        return
    draft.copied = copied
    name = item_name(form, category)
    if name and normalise_name(name) != draft.key:
        if draft.name:
            draft.former.append(draft.name)
        draft.name = name
    elif name:
        draft.name = name
    draft.form = form


def _is_version(
    old: _Draft,
    form: Form,
    category: Category,
    lists: Sequence[frozenset[str]],
    *,
    answered: bool,
) -> bool:
    """May this form be the old item's, under another name?

    ``lists`` are the names in each list of the unit. Two names in one list are two
    items; where an older list has the one and a newer list the other, only the
    forms themselves can tell a new name from a further item.
    """
    name = normalise_name(item_name(form, category))
    if not name or not old.key:
        return True
    if any({old.key, name} <= names for names in lists):
        return False
    if _told_apart(old.form, form, _OTHER_TEXT_ANSWERED if answered else _OTHER_TEXT):
        return False
    equal, pairs = _agreement(old.form, form, category)
    same = pairs > 0 and equal >= _SAME_FORM * pairs
    if any(old.key in names for names in lists) and any(name in names for names in lists):
        return same if answered else equal == pairs >= _MANY_VALUES
    if Levenshtein.distance(name, old.key) <= 2 or name in old.key or old.key in name:  # noqa: PLR2004 - as for units
        return True
    return answered or same


def _told_apart(old: Form, new: Form, least: float) -> bool:
    """Do their long texts speak of different things?

    Two items of one company share nearly every short value, but not the text about them.
    """
    for entry in old.fields:
        other = new.get(entry.key)
        values = (entry.value, other.value if other else None)
        texts = [normalise_name(v)[:_COMPARED] for v in values if isinstance(v, str)]
        if len(texts) < len(values):
            continue
        short, long = sorted(texts, key=len)
        if len(long) >= _LONG and len(short) >= _LONG / 2:
            common = LCSseq.similarity(short, long) / len(short)
            if common < least:
                return True
    return False


def _agreement(old: Form, new: Form, category: Category) -> tuple[int, int]:
    """How many of the values both forms have are equal, and how many they have; without names."""
    pairs = [
        (entry.value, other.value)
        for entry in old.fields
        if entry.key != category.name_field and entry.value is not None
        if (other := new.get(entry.key)) is not None and other.value is not None
    ]
    return sum(a == b for a, b in pairs), len(pairs)


def _attach(paper: Paper, campaign: Campaign, drafts: Sequence[_Draft]) -> Iterator[Paper]:
    """The paper with the item it belongs to; once for each item a common text treats."""
    wanted = {
        category
        for demand in campaign.demands
        if demand.kind == paper.kind and demand.of == "item"
        for category in demand.categories
    }
    candidates = [draft for draft in drafts if draft.category.id in wanted]
    if paper.item is not None or not candidates:
        yield paper
        return
    named = _named(paper.document.file, candidates) or _named(paper.document.text, candidates)
    if not named:
        together = [d for d in candidates if paper.submission in d.submissions]
        named = next((c for c in (together, candidates) if len(c) == 1), [])
    if not named:
        yield paper
    for draft in named:
        yield replace(paper, item=draft.ordinal)


def _named(text: str, drafts: Sequence[_Draft]) -> list[_Draft]:
    """The items whose name stands in a text; one whose name is part of another's is not enough."""
    body = normalise_name(text)
    hits = [draft for draft in drafts if draft.key and draft.key in body]
    longer = {d.key for d in hits}
    return [
        draft for draft in hits if not any(draft.key != key and draft.key in key for key in longer)
    ]
