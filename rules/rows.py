"""Rows of roll-ups and the items they are about.

A row is about the item of the same normalised name. Only finds; what is wrong
with a row is said by :mod:`rules.rollups` and :mod:`rules.names`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from parsers.labels import normalise_name
from parsers.model import Form, Row
from parsers.spec import FieldSpec
from rules.case import Case
from rules.cells import filled_rows, name_of, number_of, text_of
from rules.figuresettings import MixedRule, RowsRule
from rules.model import Item, Paper


@dataclass(frozen=True, slots=True, kw_only=True)
class RollupRow:
    """One filled row of a list, with the paper it stands in."""

    paper: Paper
    form: Form
    row: Row
    name: str = ""  #: as written
    norm: str = ""  #: to compare by

    @property
    def where(self) -> str:
        """The place of the row."""
        return self.row.where or next((cell.where for cell in self.row.cells if cell.where), "")


def rollup_rows(case: Case, rollup: str, table: str, name_column: str = "") -> list[RollupRow]:
    """The filled rows of a list over all papers of a kind that are in force."""
    columns = columns_of(case, rollup, table)
    found = []
    for paper, form in case.in_force(rollup):
        for row in filled_rows(form, table, columns):
            entry = row.get(name_column) if name_column else None
            found.append(
                RollupRow(paper=paper, form=form, row=row, name=text_of(entry), norm=name_of(entry))
            )
    return found


def columns_of(case: Case, kind: str, table: str) -> tuple[FieldSpec, ...]:
    """The columns of a list as the campaign describes them."""
    spec = case.campaign.form(kind)
    found = spec.table(table) if spec else None
    return found.columns if found else ()


def name_column(case: Case, kind: str, table: str) -> str:
    """The column with the items' names, as the campaign's rule about rows says; or empty."""
    for rule in case.rules(RowsRule):
        if rule.rollup == kind and rule.table == table:
            return rule.column
    return ""


def rows_of(rows: Collection[RollupRow], item: Item) -> Iterator[RollupRow]:
    """The rows about an item."""
    wanted = normalise_name(item.name)
    return (row for row in rows if wanted and row.norm == wanted)


def item_of(case: Case, row: RollupRow, categories: Collection[str] = ()) -> Item | None:
    """The item a row is about, or None; of these categories only, where some are named."""
    for item in case.dossier.items:
        if categories and item.category not in categories:
            continue
        if row.norm and normalise_name(item.name) == row.norm:
            return item
    return None


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
