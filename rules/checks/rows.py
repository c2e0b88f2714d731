"""Rows of roll-ups and the items they are about.

A row is about the item of the same normalised name; where a unit lists many
companies, of the same name and company. Only finds; what is wrong with a row is
said by :mod:`rules.checks.rollups` and :mod:`rules.names`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from rapidfuzz.distance import Levenshtein

from parsers.forms.labels import normalise_name
from parsers.model import Form, Row
from parsers.spec import FieldSpec
from rules.checks.case import Case
from rules.checks.cells import filled_rows, name_of, number_of, text_of
from rules.gathering.identity import are_near
from rules.model import Item, Paper
from rules.notice.figuresettings import MixedRule, NominatedRule, RowsRule

#: Names that differ by no more letters than this are taken for one name misspelt.
NEAR = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class RollupRow:
    """One filled row of a list, with the paper it stands in."""

    paper: Paper
    form: Form
    row: Row
    name: str = ""  #: as written
    norm: str = ""  #: to compare by
    company: str = ""  #: of its column, to compare by
    owners: frozenset[int] = frozenset()  #: ordinals of the items it is about

    @property
    def where(self) -> str:
        """The place of the row."""
        return self.row.where or next((cell.where for cell in self.row.cells if cell.where), "")


def rollup_rows(
    case: Case, rollup: str, table: str, name_column: str = ""
) -> tuple[RollupRow, ...]:
    """The filled rows of a list over all papers of a kind that are in force."""
    question = (rollup_rows, rollup, table, name_column)
    return case.once(question, lambda: tuple(_rollup_rows(case, rollup, table, name_column)))


def _rollup_rows(case: Case, rollup: str, table: str, name_column: str) -> list[RollupRow]:
    columns = columns_of(case, rollup, table)
    found = []
    for paper, form in case.in_force(rollup):
        for row in filled_rows(form, table, columns):
            entry = row.get(name_column) if name_column else None
            found.append(
                RollupRow(
                    paper=paper,
                    form=form,
                    row=row,
                    name=text_of(entry),
                    norm=name_of(entry),
                    company=name_of(row.get("company")),
                )
            )
    return _owned(case, found)


def _owned(case: Case, found: list[RollupRow]) -> list[RollupRow]:
    """The same rows with the items they are about."""
    items: dict[str, list[Item]] = defaultdict(list)
    for item in case.dossier.items:
        name = normalise_name(item.name)
        if name:
            items[name].append(item)
            if _many(case) and item.company:
                items[normalise_name(item.company) + name].append(item)
    rows: dict[str, list[int]] = defaultdict(list)
    owners: dict[int, set[int]] = defaultdict(set)
    for index, row in enumerate(found):
        if row.norm in items:
            rows[row.norm].append(index)
        elif row.norm and not row.company and _many(case):
            owners[index] = {item.ordinal for item in _with_company_in_front(row.norm, items)}
    for name, places in rows.items():
        for category in {item.category for item in items[name]}:
            same = [item for item in items[name] if item.category == category]
            for index, ordinal in _pairs(case, same, [(i, found[i]) for i in places]):
                owners[index].add(ordinal)
    return [replace(row, owners=frozenset(owners[i])) for i, row in enumerate(found)]


def _with_company_in_front(name: str, items: Mapping[str, list[Item]]) -> Iterator[Item]:
    """The items whose name ends this one, and whose company stands before it, if misspelt.

    One company's name may be part of another's: the very name goes before a near one.
    """
    every = {item.ordinal: item for same in items.values() for item in same}.values()
    fronts = [(item, before(name, item), normalise_name(item.company)) for item in every]
    found = [item for item, front, company in fronts if front and front == company]
    yield from found or [
        item for item, front, company in fronts if front and company and are_near(front, company)
    ]


def before(text: str, item: Item) -> str:
    """The company written before an item's name in one cell, to compare by; "" for none."""
    name = normalise_name(item.name)
    if not name or not text.endswith(name):
        return ""
    return text.removesuffix(name).rstrip("/\\|-—、,:;")


def _pairs(
    case: Case, items: list[Item], rows: list[tuple[int, RollupRow]]
) -> Iterator[tuple[int, int]]:
    """Which rows of one name are about which items of that name and of one category."""
    if not _many(case):
        yield from ((index, items[0].ordinal) for index, _row in rows)
        return
    left_rows, left_items = dict(rows), list(items)
    for likeness in (str.__eq__, are_near):
        for item in list(left_items):
            company = normalise_name(item.company)
            own = [i for i, row in left_rows.items() if likeness(company, row.company)]
            if own:
                left_items.remove(item)
            for index in own:
                del left_rows[index]
                yield index, item.ordinal
    if len(left_items) == 1 and len(left_rows) == 1:
        yield next(iter(left_rows)), left_items[0].ordinal


def _many(case: Case) -> bool:
    """Does a unit list the items of many companies?"""
    return case.tier.applicant != "company"


def listed_categories(case: Case, rollup: str, table: str) -> set[str]:
    """The categories whose items this list names; empty: not said."""
    tables = {table} | {
        rule.nominees
        for rule in case.rules(NominatedRule)
        if rule.rollup == rollup and rule.presenters == table
    }
    return {
        category
        for rule in case.rules(RowsRule)
        if rule.rollup == rollup and rule.table in tables
        for category in rule.categories
    }


def columns_of(case: Case, kind: str, table: str) -> tuple[FieldSpec, ...]:
    """The columns of a list as the campaign describes them."""
    spec = case.campaign.form(kind)
    found = spec.table(table) if spec else None
    return found.columns if found else ()


def name_column(case: Case, kind: str, table: str) -> str:
    """The column with the items' names, as the campaign's rules about rows say; or empty."""
    for rule in case.rules(RowsRule):
        if rule.rollup == kind and rule.table == table:
            return rule.column
    for entry in case.rules(NominatedRule):
        if entry.rollup == kind and entry.presenters == table:
            return entry.presenter_column
    return ""


def near(
    items: Sequence[Item], listed: Sequence[RollupRow], *, many: bool
) -> list[tuple[Item, RollupRow]]:
    """Pairs of nearly equal names, the nearest first; each is used once.

    Where a unit lists ``many`` companies, never across two of them.
    """
    pairs = []
    for place_of_item, item in enumerate(items):
        name = normalise_name(item.name)
        for place_of_row, row in enumerate(listed):
            company = normalise_name(item.company)
            if many and row.company and company and not are_near(row.company, company):
                continue
            written = _without_company(row, item)
            limit = min(NEAR, max(len(name), len(written)) // 2)
            distance = Levenshtein.distance(name, written, score_cutoff=limit)
            if name and distance <= limit:
                pairs.append((distance, place_of_item, place_of_row))
    taken_items: set[int] = set()
    taken_rows: set[int] = set()
    chosen = []
    for _distance, place_of_item, place_of_row in sorted(pairs):
        if place_of_item in taken_items or place_of_row in taken_rows:
            continue
        taken_items.add(place_of_item)
        taken_rows.add(place_of_row)
        chosen.append((items[place_of_item], listed[place_of_row]))
    return chosen


def _without_company(row: RollupRow, item: Item) -> str:
    """The name in a row, without the company written before it in the same cell."""
    front, _, rest = row.norm.rpartition("/")
    return rest if front and are_near(front, normalise_name(item.company)) else row.norm


def with_misspelt(
    case: Case, rows: Sequence[RollupRow], categories: Collection[str]
) -> list[RollupRow]:
    """The same rows; one whose name is nearly that of an item without row is about that item."""
    owned = {ordinal for row in rows for ordinal in row.owners}
    items = [
        item
        for item in case.dossier.items
        if item.ordinal not in owned and (not categories or item.category in categories)
    ]
    free = [row for row in rows if row.norm and not row.owners]
    meant = {id(row): item.ordinal for item, row in near(items, free, many=_many(case))}
    return [
        replace(row, owners=frozenset({meant[id(row)]})) if id(row) in meant else row
        for row in rows
    ]


def rows_of(rows: Collection[RollupRow], item: Item) -> Iterator[RollupRow]:
    """The rows about an item."""
    return (row for row in rows if item.ordinal in row.owners)


def item_of(case: Case, row: RollupRow, categories: Collection[str] = ()) -> Item | None:
    """The item a row is about, or None; of these categories only, where some are named."""
    for item in case.dossier.items:
        if item.ordinal in row.owners and (not categories or item.category in categories):
            return item
    return None


def owners_by_cell(case: Case, kind: str, table: str) -> Mapping[int, int]:
    """Whose row a cell of a list stands in, where a unit lists many: ordinal by the cell's id."""
    column = name_column(case, kind, table)
    if not _many(case) or not column:
        return {}
    return {
        id(cell): min(row.owners)
        for row in rollup_rows(case, kind, table, column)
        for cell in row.row.cells
        if len(row.owners) == 1
    }


def mixed_lists(rule: MixedRule, case: Case) -> Iterator[tuple[RollupRow, tuple[str, ...]]]:
    """The first row about an item in each list with items of several categories; which these are."""
    for spot in rule.rollups:
        found: dict[int, tuple[RollupRow, set[str]]] = {}
        for row in rollup_rows(case, spot.kind, spot.table or "", spot.field):
            item = item_of(case, row)
            if item:
                found.setdefault(id(row.form), (row, set()))[1].add(item.category)
        for row, mixed in found.values():
            if len(mixed) > 1:
                yield row, tuple(e.id for e in case.campaign.categories if e.id in mixed)


def is_about_another(case: Case, kind: str, table: str, row: Row) -> bool:
    """Is the row about an item of a category that this list is not for?"""
    for rule in case.rules(RowsRule):
        if rule.rollup == kind and rule.table == table:
            name = name_of(row.get(rule.column))
            owners = {i.category for i in case.dossier.items if name == normalise_name(i.name)}
            return bool(name) and bool(owners) and not owners & set(rule.categories)
    return False


def numbers_in(rows: Collection[RollupRow], column: str) -> list[float | None]:
    """The figures of a column, None where none was read."""
    return [number_of(row.row.get(column)) for row in rows]
