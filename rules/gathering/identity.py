"""Whether two forms are one item: by name and company, as versions of each other, or misread.

The items as they are while a dossier is folded stand here, too. Where each company
applies for itself an item is told by its name; where a unit recommends many
companies, by name and company, for each of them may have a group of that name.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from rapidfuzz.distance import LCSseq, Levenshtein

from parsers.forms.labels import normalise_name
from parsers.model import Form, Value
from rules.gathering.misread import is_misread
from rules.model import Item, Paper
from rules.notice.campaign import Campaign, Category

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

#: Names that differ by no more letters than this may be one name misspelt.
_NEAR = 2


@dataclass(slots=True)
class Draft:
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
        """The name to compare by."""
        return normalise_name(self.name)

    @property
    def company(self) -> str:
        """The company's name to compare by; empty where none was read."""
        return company_of(self.form, self.category)


def item_name(form: Form, category: Category) -> str:
    """The item's name as its form gives it; "" when it is not to be read."""
    entry = form.get(category.name_field)
    return str(entry.value).strip() if entry and entry.value is not None else ""


def company_of(form: Form, category: Category) -> str:
    """The company a form names, to compare by; empty where none was read."""
    entry = form.get(category.company_field)
    return normalise_name(str(entry.value)) if entry and entry.value else ""


def may_be_of(draft: Draft, company: str) -> bool:
    """May the item be this company's, its name misspelt, shortened or left out?"""
    return not company or not draft.company or are_near(company, draft.company)


def are_near(one: str, other: str) -> bool:
    """Is one of two normalised names the other misspelt or shortened?"""
    if one in other or other in one:
        return True
    long_enough = min(len(one), len(other)) > 2 * _NEAR
    return long_enough and Levenshtein.distance(one, other) <= _NEAR


def misread_draft(
    drafts: Sequence[Draft], form: Form, category: Category, name: str
) -> Draft | None:
    """The one item whose name this is but for misreading, where a picture shows one of the two."""
    found = [
        draft
        for draft in drafts
        if draft.category.id == category.id
        and "ocr" in (form.source, draft.form.source)
        and is_misread(name, draft.name)
    ]
    return found[0] if len(found) == 1 else None


def twin(drafts: Sequence[Draft], category: Category, name: str) -> Draft | None:
    """The item of this very name."""
    key = normalise_name(name)
    return next((d for d in drafts if key and d.category.id == category.id and d.key == key), None)


def undecided(drafts: Sequence[Draft], category: Category, name: str, form: Form) -> Draft | None:
    """The item of this name whose own form left open which of several categories it is for."""
    key, company = normalise_name(name), company_of(form, category)
    for draft in drafts:
        shared = draft.category.id != category.id and draft.category.form == category.form
        if not (shared and key and draft.key == key and may_be_of(draft, company)):
            continue
        entry = draft.form.get(draft.category.marked_by or "")
        if entry is not None and not is_marked(draft.category, entry.value):
            return draft
    return None


def is_marked(category: Category, value: Value) -> bool:
    """Is the category the one ticked on the form it shares with others?"""
    told = value if isinstance(value, list) else [value]
    return category.marked_as in told


def possible(campaign: Campaign, item: Item, papers: Sequence[Paper]) -> tuple[Category, ...]:
    """The categories an item may be for: all that share its form where the ticks do not tell."""
    category = next((entry for entry in campaign.categories if entry.id == item.category), None)
    if category is None or not category.marked_by:
        return (category,) if category else ()
    shared = tuple(entry for entry in campaign.categories if entry.form == category.form)
    for paper in papers:
        form = paper.form if paper.current and paper.kind == category.form else None
        marked = form.get(category.marked_by) if form else None
        if paper.item == item.ordinal and marked is not None:
            return tuple(entry for entry in shared if is_marked(entry, marked.value)) or shared
    return (category,)


def namesake(drafts: Sequence[Draft], category: Category, name: str, form: Form) -> Draft | None:
    """The item of this very name and company, or of this name where one company is not read."""
    key, company = normalise_name(name), company_of(form, category)
    same = [d for d in drafts if key and d.category.id == category.id and d.key == key]
    exact = next((d for d in same if d.company == company), None)
    if exact is not None:
        return exact
    unread = [d for d in same if not company or not d.company]
    return unread[0] if len(same) == len(unread) == 1 else None


def moved(
    drafts: Sequence[Draft], category: Category, name: str, form: Form, *, answered: Sequence[Draft]
) -> Draft | None:
    """The one earlier item of this name whose company's name was corrected since.

    A further group of that name in another company has other values, and its text
    speaks of something else. ``answered`` are the items of the mail replied to.
    """
    key, company = normalise_name(name), company_of(form, category)
    same = [d for d in drafts if key and d.category.id == category.id and d.key == key]
    if len(same) != 1:
        return None
    old = same[0]
    if _told_apart(old.form, form, _OTHER_TEXT_ANSWERED if old in answered else _OTHER_TEXT):
        return None
    equal, pairs = _agreement(old.form, form, category, but=(category.company_field,))
    agree = pairs > 0 and equal >= _SAME_FORM * pairs
    return old if agree or (old in answered and are_near(company, old.company)) else None


def again(paper: Paper, papers: Sequence[Paper], drafts: Sequence[Draft]) -> Draft | None:
    """The item of the very same form in the very same file, sent once before."""
    for other in papers:
        if other is paper:
            break
        same = other.document.sha256 == paper.document.sha256 and other.form == paper.form
        if same and other.item is not None:
            return drafts[other.item]
    return None


def update(draft: Draft, form: Form, category: Category, *, copied: bool) -> None:
    """The item as its newest form has it; a scan or PDF changes nothing of an editable one."""
    if copied and not draft.copied:
        return
    draft.copied = copied
    draft.category = category
    name = item_name(form, category)
    if name and normalise_name(name) != draft.key:
        if draft.name:
            draft.former.append(draft.name)
        draft.name = name
    elif name:
        draft.name = name
    draft.form = form


def is_version(
    old: Draft,
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
    if Levenshtein.distance(name, old.key) <= _NEAR or name in old.key or old.key in name:
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


def _agreement(
    old: Form, new: Form, category: Category, *, but: Sequence[str] = ()
) -> tuple[int, int]:
    """How many of the values both forms have are equal, and how many they have; without names."""
    pairs = [
        (entry.value, other.value)
        for entry in old.fields
        if entry.key not in (category.name_field, *but) and entry.value is not None
        if (other := new.get(entry.key)) is not None and other.value is not None
    ]
    return sum(a == b for a, b in pairs), len(pairs)
