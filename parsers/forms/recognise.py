"""Which printed form this is: by its title and by its labels, never by an annex number.

A title says whose form it is and of which year; the labels say that it is one. A
title alone, as in a notice that lists its annexes, is no form. Labels alone make a
form of lower confidence.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from parsers.forms.cells import View
from parsers.forms.formindex import FormIndex
from parsers.forms.labels import normalise_label
from parsers.forms.titles import FormTitle, TitleMatch
from parsers.model import Line
from parsers.spec import FieldType, FormSpec, Must
from parsers.values.dates import find_period

_ENOUGH = 2000  #: cells of a grid that show what it is
_ALIKE = 0.06  #: scores closer than this are equal
_PERIOD = 0.25  #: what the printed period adds to a score
_NEARLY = 0.15  #: by which title and labels of another campaign's form may fit less
_INLINE = 60  #: characters of a label with its value
_OWN = 2  #: labels that only one of two campaigns knows and that tell its form
_FEW = 2  #: labels that a titled form shows at least
_UNTITLED = 4  #: labels that a form without title shows at least
_UNTITLED_SHARE = 0.6
_TITLED_SHARE = 0.3
_FOREIGN_SHARE = 0.5
_UNSURE = 0.7  #: confidence where title or labels leave a doubt


@dataclass(frozen=True, slots=True)
class Candidate:
    """One form of one campaign, with everything ready for look-up."""

    campaign: str
    index: FormIndex
    title: FormTitle
    #: spellings that show one printed label each, with the label's weight
    words: tuple[tuple[frozenset[str], float], ...]
    lists: tuple[tuple[frozenset[str], ...], ...]
    #: the section headings of each list, where a form has several
    sections: tuple[frozenset[str], ...]
    periods: frozenset[str] = frozenset()  #: the periods printed under its title

    @property
    def spec(self) -> FormSpec:
        """The printed form."""
        return self.index.spec

    @property
    def is_text(self) -> bool:
        """Free text rather than a form?"""
        return self.spec.layout == "text"


def candidate(campaign: str, years: Sequence[int], index: FormIndex) -> Candidate:
    """Make a form ready for recognition."""
    weights: dict[frozenset[str], float] = {}
    for number, field in enumerate(index.spec.fields):
        if field.must is Must.HAND or field.type in (FieldType.PERIOD, FieldType.SERIAL):
            continue
        if field.place == "title":
            continue  # no label of it is printed
        own = frozenset(core for core, numbers in index.labels.cores.items() if number in numbers)
        weight = 0.5 if field.place in ("head", "foot") else 1.0
        weights[own] = max(weight, weights.get(own, 0))
        if field.scope:
            scopes = frozenset(index.scopes[number])
            weights[scopes] = 1.0
    lists = tuple(
        tuple(
            frozenset(core for core, numbers in listing.index.cores.items() if number in numbers)
            for number in range(len(listing.spec.columns))
        )
        for listing in (index.lists.listings if index.lists else ())
    )
    listings = index.lists.listings if index.lists else []
    sections = tuple(frozenset(entry.titles if len(listings) > 1 else ()) for entry in listings)
    printed = (
        find_period(label)
        for field in index.spec.fields
        if field.type is FieldType.PERIOD
        for label in field.labels
    )
    return Candidate(
        campaign=campaign,
        index=index,
        title=FormTitle(index.spec, years),
        words=tuple(weights.items()),
        lists=lists,
        sections=sections,
        periods=frozenset(filter(None, printed)),
    )


def label_words(text: str) -> Iterator[str]:
    """What may be labels in the text of a cell or line, normalised."""
    if len(text) <= 100:  # noqa: PLR2004 - longer than any printed label
        yield normalise_label(text).casefold()
    if "\n" in text or ":" in text or "：" in text or "\t" in text:
        for found in re.finditer(r"([^:：\n\t]{1,40})[:：\n\t]", text[:600]):
            piece = found.group(1)
            yield normalise_label(piece).casefold()
            chunks = piece.split()
            for count in (1, 2, 3):
                if count < len(chunks):
                    yield normalise_label("".join(chunks[-count:])).casefold()
    elif len(text) <= _INLINE:  # 参会人数 95: a label with its value, a blank between
        chunks = text.split()
        for count in (1, 2, 3):
            if count < len(chunks):
                yield normalise_label("".join(chunks[:count])).casefold()


def words_of(parts: Iterable[Line | View]) -> set[str]:
    """All possible labels of some lines and grids."""
    words: set[str] = set()
    for part in parts:
        cells = () if isinstance(part, Line) else itertools.islice(part.cells(), _ENOUGH)
        texts = [part.text] if isinstance(part, Line) else [cell.text for cell in cells]
        for text in texts:
            if text.strip():
                words.update(label_words(text))
    words |= {re.sub(r"\([^()]*\)", "", word) for word in words}
    words.discard("")
    return words


def label_ratio(form: Candidate, words: set[str]) -> tuple[float, int]:
    """Share of the form's labels that stand in the text, and their number."""
    count, got, total = 0, 0.0, 0.0
    for spellings, weight in form.words:
        total += weight
        if not spellings.isdisjoint(words):
            got += weight
            count += 1
    best = (got / total if total else 0.0, count)
    if form.lists:
        ratio, columns = max(
            _columns_shown(listing, section, words)
            for listing, section in zip(form.lists, form.sections, strict=True)
        )
        if form.spec.layout == "list" or not form.words:
            return ratio, columns
    return best


def _columns_shown(
    listing: Sequence[frozenset[str]], section: frozenset[str], words: set[str]
) -> tuple[float, int]:
    """Share and number of a list's columns in the text.

    A short list among several is like many others: its heading counts as much as two columns.
    """
    columns = sum(not column.isdisjoint(words) for column in listing)
    if not section:
        return columns / len(listing), columns
    shown = columns + (0 if section.isdisjoint(words) else 2)
    return shown / (len(listing) + 2), columns


@dataclass(frozen=True, slots=True)
class Verdict:
    """A form recognised in a region: the best candidate and all that fit equally."""

    form: Candidate
    campaigns: tuple[str, ...]
    foreign: str
    confidence: float
    ratio: float
    twins: tuple[Candidate, ...] = ()  #: with the form itself: kinds that share its print
    others: tuple[Verdict, ...] = ()  #: what it is to campaigns that call it another kind


@dataclass(frozen=True, slots=True)
class _Score:
    form: Candidate
    match: TitleMatch | None
    ratio: float
    number: int
    dated: bool = False  #: the period it prints stands there

    @property
    def rank(self) -> float:
        return self.match.rank if self.match else 0.0

    @property
    def total(self) -> float:
        return self.ratio + self.rank + (_PERIOD if self.dated else 0.0)

    def confidence(self) -> float:
        """From title and labels together."""
        if self.match is None:
            return 0.55 + 0.35 * self.ratio
        base = 1.0 if self.match.foreign else self.match.rank
        return base * min(1.0, 0.7 + 0.5 * self.ratio)


def _scores(
    forms: Sequence[Candidate],
    words: set[str],
    titles: Mapping[int, TitleMatch],
    periods: Collection[str],
) -> Iterator[_Score]:
    for number, form in enumerate(forms):
        ratio, count = label_ratio(form, words)
        match = titles.get(number)
        if match is None:
            enough = ratio >= _UNTITLED_SHARE and count >= _UNTITLED
        else:
            foreign = match.foreign and match.rank < _FOREIGN_SHARE
            enough = ratio >= (_FOREIGN_SHARE if foreign else _TITLED_SHARE) and count >= _FEW
        if enough:
            yield _Score(form, match, ratio, number, dated=not form.periods.isdisjoint(periods))


def recognise(
    forms: Sequence[Candidate],
    words: set[str],
    titles: Mapping[int, TitleMatch],
    *,
    strange_title: bool = False,
    periods: Collection[str] = frozenset(),
) -> Verdict | None:
    """The form that title and labels agree on, or None.

    Args:
        forms: all candidates, texts left out.
        words: possible labels of the region.
        titles: how the region's title fits, by position in ``forms``.
        strange_title: another title stands over the form.
        periods: those that stand in the region's first lines; one that only one
            campaign prints tells its form from another's of the same title.
    """
    scores = list(_scores(forms, words, titles, periods))
    if not scores:
        return None
    scores = [one for one in scores if not any(_excels(other, one, words) for other in scores)]
    best = _verdict(scores, strange_title=strange_title)
    top = max(scores, key=_order)
    others = []
    for campaign in dict.fromkeys(score.form.campaign for score in scores):
        theirs = [score for score in scores if score.form.campaign == campaign]
        if campaign not in best.campaigns and _is_equal_elsewhere(max(theirs, key=_order), top):
            others.append(_verdict(theirs, strange_title=strange_title))
    return replace(best, others=tuple(others))


def _order(score: _Score) -> tuple[float, int]:
    return score.total, -score.number


def _is_equal_elsewhere(score: _Score, top: _Score) -> bool:
    """Does another campaign's form of another kind fit nearly as well, title and labels each?"""
    foreign = any(entry.match and entry.match.foreign for entry in (score, top))
    other = score.form.campaign != top.form.campaign and score.form.spec.kind != top.form.spec.kind
    titled = (score.match is None) == (top.match is None) and score.dated == top.dated
    near = top.rank - score.rank < _NEARLY and top.ratio - score.ratio < _NEARLY
    return other and not foreign and titled and near


def _verdict(scores: Sequence[_Score], *, strange_title: bool) -> Verdict:
    """The best of some candidates with those that fit equally."""
    top = max(scores, key=_order)
    near = [score for score in scores if abs(score.total - top.total) < _ALIKE]
    confidence = top.confidence()
    twins = [score.form for score in near if _are_twins(score.form, top.form)]
    kinds = {top.form.spec.kind, *(form.spec.kind for form in twins)}
    rival = any(
        score.form.spec.kind not in kinds and not _is_equal_elsewhere(score, top) for score in near
    )
    if rival or (strange_title and top.match is None):
        confidence = min(confidence, _UNSURE)
    foreign = top.match.foreign if top.match else ""
    equal = [
        score.form.campaign
        for score in near
        if score.form.spec.kind == top.form.spec.kind and score.rank == top.rank
    ]
    return Verdict(
        form=top.form,
        campaigns=() if foreign else tuple(dict.fromkeys(equal)),
        foreign=foreign,
        confidence=round(confidence, 3),
        ratio=top.ratio,
        twins=(top.form, *twins) if twins else (),
    )


def _excels(one: _Score, other: _Score, words: set[str]) -> bool:
    """Is a campaign's form shown by labels that the other campaign's form does not have?

    Only where the titles say no more for the other one, which has no label of its own there.
    """
    same = one.form.spec.kind == other.form.spec.kind
    if not same or one.form.campaign == other.form.campaign or one.rank < other.rank:
        return False
    if one.total <= other.total - 2 * _ALIKE:
        return False
    shown = _own_labels(one.form, other.form, words)
    return shown >= _OWN and not _own_labels(other.form, one.form, words)


def _own_labels(form: Candidate, other: Candidate, words: set[str]) -> int:
    """How many labels of a form stand in the text that the other form does not know."""
    own = (*(spellings for spellings, _weight in form.words), *itertools.chain(*form.lists))
    known = frozenset().union(*(s for s, _weight in other.words), *itertools.chain(*other.lists))
    return sum(bool(s & words) and known.isdisjoint(s & words) for s in own)


def _are_twins(one: Candidate, other: Candidate) -> bool:
    """Two kinds of one campaign that say themselves what tells them apart."""
    told = one.spec.told_by and other.spec.told_by
    return bool(told) and one.campaign == other.campaign and one.spec.kind != other.spec.kind
