"""Roll-ups against the forms they list: each form one row, each row its form, equal values.

A roll-up that is missing altogether is complained of by the demands, not row by row.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from rapidfuzz.distance import LCSseq

from parsers.forms.labels import normalise_name
from parsers.model import Field
from parsers.spec import FieldType
from rules.checks.case import Case
from rules.checks.cells import has_value, name_of, names_in, number_of
from rules.checks.findings import Defect, about_field, field_label, place, quoted
from rules.checks.people import unmarked_items
from rules.checks.rows import (
    RollupRow,
    item_of,
    listed_categories,
    mixed_lists,
    near,
    rollup_rows,
    rows_of,
    with_misspelt,
)
from rules.checks.standins import stand_ins
from rules.gathering.filenames import names_item
from rules.model import Item, Paper
from rules.notice.figuresettings import MatchRule, MixedRule, OnceRule, RowsRule


def rows(rule: RowsRule, case: Case) -> Iterator[Defect]:
    """Each form has one row in the roll-up and each row its form.

    Codes ``rollup.row_missing``, ``rollup.form_missing``; ``rollup.mismatch`` for
    several rows of one form, ``name.mismatch`` for a name that is nearly the same.
    A form that left open which of several awards it is for is first asked for that.
    """
    papers = [paper for paper, _form in case.in_force(rule.rollup)]
    if not papers:
        return
    listed = rollup_rows(case, rule.rollup, rule.table, rule.column)
    items = list(case.items(rule.categories))
    free_items: list[Item] = []
    undecided = {item.ordinal for item in unmarked_items(case)}
    for item in items:
        own = list(rows_of(listed, item))
        if not own and item.ordinal not in undecided:
            free_items.append(item)
        elif len(own) > 1:
            yield _listed_twice(rule, case, item, own)
    gone = {normalise_name(item.name) for item in case.withdrawn}
    free_rows = [
        row
        for row in listed
        if row.norm and row.norm not in gone and item_of(case, row, rule.categories) is None
        if not row.owners & undecided
    ]
    for item, row in near(free_items, free_rows, many=case.recommends):
        free_items.remove(item)
        free_rows.remove(row)
        yield _misspelt(rule, case, item, row)
    yield from _apart(rule, case, free_items, free_rows, papers[0])


def _apart(
    rule: RowsRule, case: Case, items: list[Item], listed: Sequence[RollupRow], rollup: Paper
) -> Iterator[Defect]:
    """The items without row and the rows without item, unless told of another list already."""
    told = _told_of_another_list(rule, case)
    for item in items:
        if item.name and all(any(rows_of(other, item)) for other in told):
            yield _not_listed(rule, case, item, rollup)
    for row in _without_a_file(rule, case, listed):
        if any(_is_free_row_of(case, row, other) for other in told):
            continue
        if not (item_of(case, row) and _has_lists_apart(rule, case)):
            yield _without_form(rule, case, row)


def match(rule: MatchRule, case: Case) -> Iterator[Defect]:
    """A value of the form stands equally in the roll-up. Code ``rollup.mismatch``."""
    categories = listed_categories(case, rule.rollup, rule.table)
    every = rollup_rows(case, rule.rollup, rule.table, rule.name_column)
    listed = with_misspelt(case, every, categories)
    for paper, form in case.in_force(rule.kind):
        item = case.item(paper.item)
        if item is None or (categories and item.category not in categories):
            continue
        stated = form.get(rule.field)
        for row in rows_of(listed, item):
            cell = row.row.get(rule.column)
            if stated is None or cell is None or _agree(rule, stated, cell):
                continue
            if _is_no_choice(case, rule, stated):
                continue  # asked about by itself
            here = place(
                case.campaign, rule.kind, stated.where, field_label(case.campaign, form, rule.field)
            )
            label = field_label(case.campaign, row.form, rule.column, rule.table)
            there = place(case.campaign, rule.rollup, cell.where, label)
            one, other = _told(rule, stated, cell)
            yield about_field(
                case,
                row.paper,
                "rollup.mismatch",
                f"{here}{one}，{there}{other}，{_wanted(rule)}",
                key=rule.column,
                label=cell.label or label,
                where=cell.where,
                item=item.ordinal,
            )


def mixed(rule: MixedRule, case: Case) -> Iterator[Defect]:
    """Items of several categories in one list. Code ``rollup.mixed``."""
    for row, categories in mixed_lists(rule, case):
        names = "、".join(case.campaign.category(name).name for name in categories)
        defect = about_row(
            case,
            row,
            "rollup.mixed",
            f"文件“{row.paper.document.file}”的同一张表中混有{names}，请分表填写后重新发送。",
        )
        yield replace(defect, categories=categories)


def _without_a_file(rule: RowsRule, case: Case, free: Sequence[RollupRow]) -> Sequence[RollupRow]:
    """The rows for which not even a scan or a broken file came, of which the sender is told.

    A file that names no row stands for any one of them.
    """
    if not free:
        return free
    kinds = {entry.form for entry in case.campaign.categories if entry.id in rule.categories}
    files = {
        entry.document.file
        for by_kind in stand_ins(case)
        for kind, entries in by_kind.items()
        for entry in entries
        if kind in kinds
    }
    for paper in case.dossier.papers:  # pictures that a person looks at
        if paper.kind in kinds and paper.form is None and paper.current:
            files.add(paper.document.file)
    named = {file for file in files for row in free if names_item(file, row.name)}
    left = [row for row in free if not any(names_item(file, row.name) for file in named)]
    return left[len(files - named) :]


def _has_lists_apart(rule: RowsRule, case: Case) -> bool:
    """Does the rule about mixed lists speak of rows of another category in this one?"""
    return any(
        rule.rollup == spot.kind for mixed in case.rules(MixedRule) for spot in mixed.rollups
    )


def once(rule: OnceRule, case: Case) -> Iterator[Defect]:
    """A name stands in one of several lists only; told once a name. Code ``rollup.repeated``."""
    seen: dict[str, RollupRow] = {}
    for spot in rule.places:
        listed = rollup_rows(case, spot.kind, spot.table or "", spot.field)
        for row in listed:
            before = seen.get(row.norm)
            if before is not None and row.norm:
                yield about_row(
                    case,
                    row,
                    "rollup.repeated",
                    f"{case.campaign.paper_name(spot.kind)}中“{row.name}”同时列于"
                    f"{before.where}和{row.where}，请核对。",
                    key=spot.field,
                )
        seen = {row.norm: row for row in listed} | seen


def _told(rule: MatchRule, stated: Field, cell: Field) -> tuple[str, str]:
    """The two values side by side; of lists of names only what the other has not."""
    if rule.compare != "names":
        return f"为“{quoted(stated)}”", f"为“{quoted(cell)}”"
    here, there = names_in(stated), names_in(cell)
    return _listing(here, there), _listing(there, here)


def _listing(names: list[str], others: list[str]) -> str:
    known = set(map(normalise_name, others))
    extra = "、".join(name for name in names if normalise_name(name) not in known)
    return f"列有{len(names)}人" + (f"（其中{extra}为另一处所无）" if extra else "")


def _agree(rule: MatchRule, stated: Field, cell: Field) -> bool:
    """Equal for the rule's purpose; a value that is absent or unread is not compared."""
    if not has_value(stated) or not has_value(cell):
        return True
    if rule.compare == "number":
        here, there = number_of(stated), number_of(cell)
        return here is None or there is None or here == there
    if rule.compare == "names":
        return set(map(normalise_name, names_in(stated))) == set(
            map(normalise_name, names_in(cell))
        )
    full, short = name_of(stated), name_of(cell)
    if rule.compare == "contained":
        return short in full
    if rule.compare == "short":
        return LCSseq.similarity(short, full) >= rule.likeness * len(short)
    # 现场型 and 现场 are the same option (values of such forms).
    return full.removesuffix("型") == short.removesuffix("型")


def _wanted(rule: MatchRule) -> str:
    if rule.compare == "short":
        return "简写与全称出入较大，如有笔误请更正。"
    return "两处应当一致，请核对后更正。"


def _listed_twice(rule: RowsRule, case: Case, item: Item, own: list[RollupRow]) -> Defect:
    spots = "、".join(row.where for row in own if row.where)
    return about_row(
        case,
        own[1],
        "rollup.mismatch",
        f"{case.campaign.paper_name(rule.rollup)}中“{item.name}”列了{len(own)}行（{spots}），"
        "每项应当只列一行，请删去多余的行。",
        key=rule.column,
        item=item.ordinal,
    )


def _misspelt(rule: RowsRule, case: Case, item: Item, row: RollupRow) -> Defect:
    category = case.category(item)
    form = case.campaign.paper_name(category.form) if category else "申报表"
    return about_row(
        case,
        row,
        "name.mismatch",
        f"{form}的名称为“{item.name}”，"
        f"{case.campaign.paper_name(rule.rollup)}{row.where}写为“{row.name}”，"
        "两处应当完全一致，请核对后更正。",
        key=rule.column,
        item=item.ordinal,
    )


def _told_of_another_list(rule: RowsRule, case: Case) -> list[Sequence[RollupRow]]:
    """The lists of the same items that were looked through before: what lacks there is told."""
    found = []
    for other in case.rules(RowsRule):
        if other == rule:
            break
        if set(other.categories) & set(rule.categories):
            found.append(rollup_rows(case, other.rollup, other.table, other.column))
    return [listed for listed in found if listed]


def _is_free_row_of(case: Case, row: RollupRow, listed: Sequence[RollupRow]) -> bool:
    """Does another list have the same row, and no form for it either?"""
    names = {other.norm for other in listed if other.norm and item_of(case, other) is None}
    return any(row.norm.endswith(name) for name in names)


def _is_no_choice(case: Case, rule: MatchRule, stated: Field) -> bool:
    """Are several options ticked on the form where one is to be?"""
    spec = case.campaign.form(rule.kind)
    entry = spec.field(rule.field) if spec else None
    several = isinstance(stated.value, list) and len(stated.value) > 1
    return several and entry is not None and entry.type is FieldType.CHOICE


def _not_listed(rule: RowsRule, case: Case, item: Item, rollup: Paper) -> Defect:
    return Defect(
        code="rollup.row_missing",
        message=f"{case.campaign.paper_name(rule.rollup)}中没有“{item.name}”一行，"
        f"请补列该行后重新发送{'，如不再推荐该项请回复说明' if case.recommends else ''}。",
        document=rollup.document.file,
        kind=rule.rollup,
        field=rule.column,
        item=item.ordinal,
    )


def _without_form(rule: RowsRule, case: Case, row: RollupRow) -> Defect:
    kinds = dict.fromkeys(
        entry.form for entry in case.campaign.categories if entry.id in rule.categories
    )
    forms = "或".join(case.campaign.paper_name(kind) for kind in kinds)
    defect = about_row(
        case,
        row,
        "rollup.form_missing",
        f"{case.campaign.paper_name(rule.rollup)}{row.where}列有“{row.name}”，"
        f"但未收到该项的{forms}，请补报；如不申报该项，请从表中删去此行。",
        key=rule.column,
    )
    return replace(defect, categories=rule.categories)


def about_row(
    case: Case, row: RollupRow, code: str, message: str, *, key: str = "", item: int | None = None
) -> Defect:
    """A defect of a row of a list, placed at the cell of a column where there is one."""
    cell = row.row.get(key) if key else None
    return about_field(
        case,
        row.paper,
        code,
        message,
        key=key,
        label=cell.label if cell else "",
        where=(cell.where if cell else "") or row.where,
        item=item,
    )
