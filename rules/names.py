"""Names written the same everywhere, and in full.

Certificates are printed from these names, so a difference is put before the
applicant side by side, never settled by the program.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from parsers.forms.labels import normalise_name
from parsers.model import Field, Form
from rules.checks.case import Case
from rules.checks.cells import filled_rows, name_of, text_of
from rules.checks.findings import Defect, about_field, field_label, place
from rules.checks.rows import (
    RollupRow,
    before,
    columns_of,
    item_of,
    listed_categories,
    name_column,
    rollup_rows,
    with_misspelt,
)
from rules.model import Paper
from rules.notice.figuresettings import RegionRule
from rules.notice.rulebase import Place
from rules.notice.settings import FullNameRule, SameRule

#: One organisation's own ending; two of them in a name hint at a superior organisation.
_ORGANISATION = re.compile(
    r"集团\)?(?:股份|有限|责任|总)*公司|(?:股份|有限|责任|总|分|子)*公司|集团|(?:总|分)厂|管理局|研究院|设计院"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Mention:
    """One place where the name stands."""

    paper: Paper
    form: Form
    entry: Field
    spot: Place
    item: int | None  #: the item the place is about; None: the unit
    front: str = ""  #: what stands before the item's own name, to compare by


def same(rule: SameRule, case: Case) -> Iterator[Defect]:
    """One name written the same everywhere; one finding for each place that differs.

    The wording most places share is the measure, the first of them where several
    are equally frequent. Where a unit sends for many companies, only the places
    about the same item are compared, and those of ``own`` not at all. Codes
    ``name.mismatch``, ``value.mismatch``.
    """
    places = rule.places if case.recommends else (*rule.places, *rule.own)
    mentions = list(_mentions(places, case))
    if case.recommends:
        groups: dict[int, list[_Mention]] = {}
        for mention in mentions:
            if mention.item is not None:
                groups.setdefault(mention.item, []).append(mention)
        for group in groups.values():
            yield from _differing(rule, case, group)
    else:
        yield from _differing(rule, case, mentions)


def region(rule: RegionRule, case: Case) -> Iterator[Defect]:
    """The unit named on single forms is the one that submits. Code ``name.mismatch``.

    Compared as regions of the quota tables, so that 市 and 质协 make no difference;
    where one of the two is no region, nothing is said.
    """
    own = case.campaign.region(case.dossier.unit)
    for spot in rule.places if own else ():
        for paper, form in case.in_force(spot.kind):
            for entry in _entries(case, form, spot):
                other = case.campaign.region(text_of(entry))
                if other in ("", own):
                    continue
                label = field_label(case.campaign, form, spot.field, spot.table)
                yield about_field(
                    case,
                    paper,
                    "name.mismatch",
                    f"{place(case.campaign, paper.kind, entry.where, label)}写为“{text_of(entry)}”，"
                    f"而材料由“{own}”报送，请核对后更正。",
                    key=spot.field,
                    label=entry.label or label,
                    where=entry.where,
                )


def full_name(rule: FullNameRule, case: Case) -> Iterator[Defect]:
    """A superior organisation in front of the name, by its endings. Code ``name.superior``."""
    for spot in rule.places:
        for paper, form in case.in_force(spot.kind):
            for entry in _entries(case, form, spot):
                text = unicodedata.normalize("NFKC", text_of(entry))
                if len(_ORGANISATION.findall(text)) > 1:
                    label = field_label(case.campaign, form, spot.field, spot.table)
                    yield about_field(
                        case,
                        paper,
                        "name.superior",
                        f"{place(case.campaign, paper.kind, entry.where, label)}写为“{text}”，"
                        "名称前似冠有上级单位，请核对是否为规范全称。",
                        key=spot.field,
                        label=entry.label or label,
                        where=entry.where,
                    )


def _differing(rule: SameRule, case: Case, mentions: list[_Mention]) -> Iterator[Defect]:
    names = [_compared(rule, mention) for mention in mentions]
    counts = Counter(names)
    if len(counts) < 2:  # noqa: PLR2004 - one wording is no difference
        return
    usual = counts.most_common(1)[0][0]
    measure = mentions[names.index(usual)]
    for mention, name in zip(mentions, names, strict=True):
        if name == usual:
            continue
        label = field_label(case.campaign, mention.form, mention.spot.field, mention.spot.table)
        yield about_field(
            case,
            mention.paper,
            rule.code,
            f"{rule.name}前后不一致：{_written(case, mention)}，{_written(case, measure)}；"
            f"{rule.wanted}，请核对后更正。",
            key=mention.spot.field,
            label=mention.entry.label or label,
            where=mention.entry.where,
            item=mention.item,
        )


def _compared(rule: SameRule, mention: _Mention) -> str:
    """The name without what makes no difference at its ends; never nothing."""
    name = mention.front or name_of(mention.entry)
    for word in sorted(map(normalise_name, rule.ignored), key=len, reverse=True):
        name = name.removeprefix(word).removesuffix(word) or name
    return name


def _mentions(places: Iterable[Place], case: Case) -> Iterator[_Mention]:
    for spot in places:
        if spot.table is None:
            for paper, form in case.in_force(spot.kind):
                entry = form.get(spot.field)
                if entry is not None and name_of(entry):
                    owner = case.item(paper.item)
                    yield _Mention(
                        paper=paper,
                        form=form,
                        entry=entry,
                        spot=spot,
                        item=owner.ordinal if owner else None,
                    )
            continue
        column = name_column(case, spot.kind, spot.table)
        listed = rollup_rows(case, spot.kind, spot.table, column)
        categories = listed_categories(case, spot.kind, spot.table)
        for row in with_misspelt(case, listed, categories):
            yield from _in_row(case, row, spot)


def _in_row(case: Case, row: RollupRow, spot: Place) -> Iterator[_Mention]:
    entry = row.row.get(spot.field)
    if entry is not None and name_of(entry):
        item = item_of(case, row, listed_categories(case, spot.kind, spot.table or ""))
        front = before(name_of(entry), item) if spot.front and item else ""
        if spot.front and not front:
            return
        yield _Mention(
            paper=row.paper,
            form=row.form,
            entry=entry,
            spot=spot,
            item=item.ordinal if item else None,
            front=front,
        )


def _entries(case: Case, form: Form, spot: Place) -> Iterator[Field]:
    if spot.table is None:
        found = [form.get(spot.field)]
    else:
        columns = columns_of(case, form.kind, spot.table)
        found = [row.get(spot.field) for row in filled_rows(form, spot.table, columns)]
    return (entry for entry in found if entry is not None)


def _written(case: Case, mention: _Mention) -> str:
    label = field_label(case.campaign, mention.form, mention.spot.field, mention.spot.table)
    spot = place(case.campaign, mention.paper.kind, mention.entry.where, label)
    return f"{spot}写为“{text_of(mention.entry)}”"
