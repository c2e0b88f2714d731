"""Arithmetic of roll-ups: totals, parts and wholes, shares of grades, sorting, head counts."""

from __future__ import annotations

import math
from collections.abc import Iterator

from parsers.forms.labels import normalise_name
from parsers.model import Field, Form, Row
from rules.checks.case import Case
from rules.checks.cells import filled_rows, name_of, names_in, number_of, plain, text_of
from rules.checks.findings import Defect, about_field, field_label, place
from rules.checks.rows import RollupRow, columns_of, name_column, rollup_rows, rows_of
from rules.model import Item, Paper, Severity
from rules.notice.figuresettings import (
    MembersRule,
    OrderRule,
    RatioRule,
    SlotsRule,
    SubsetRule,
    TotalRule,
)
from rules.notice.rulebase import Place


def total(rule: TotalRule, case: Case) -> Iterator[Defect]:
    """The printed total is the sum, or the number of rows. Code ``rollup.total``."""
    for paper, form in case.in_force(rule.rollup):
        printed = form.get(rule.total)
        stated = number_of(printed)
        found = list(filled_rows(form, rule.table, columns_of(case, rule.rollup, rule.table)))
        if printed is None or stated is None or not found:
            continue
        sums = _sums(rule, found)
        if not sums or any(math.isclose(figure, stated) for figure in sums):
            continue
        label = printed.label or field_label(case.campaign, form, rule.total)
        yield about_field(
            case,
            paper,
            "rollup.total",
            f"{place(case.campaign, paper.kind, printed.where, label)}为{plain(stated)}，"
            f"按各行合计应为{'或'.join(map(plain, sums))}，请核对后更正。",
            key=rule.total,
            label=label,
            where=printed.where,
        )


def _sums(rule: TotalRule, found: list[Row]) -> list[float]:
    """What the total may be; nothing where a row gives no figure."""
    if rule.column is None:
        return [float(len(found))]
    cells = [row.get(rule.column) for row in found]
    if any(entry is not None and isinstance(entry.value, list) for entry in cells):
        names = [len(names_in(entry)) for entry in cells]
        if not all(names):
            return []
        listed = math.fsum(names)
        with_leaders = listed + len(found)
        return {
            "yes": [listed],
            "no": [with_leaders],
            "either": [listed, with_leaders],
        }[rule.leader_counts]
    figures = [number_of(entry) for entry in cells]
    known = [figure for figure in figures if figure is not None]
    return [math.fsum(known)] if len(known) == len(figures) else []


def ratio(rule: RatioRule, case: Case) -> Iterator[Defect]:
    """A grade takes at most a share of the rows of its list, rounded half up.

    Code ``rollup.ratio``.
    """
    for paper, form in case.in_force(rule.rollup):
        found = list(filled_rows(form, rule.table, columns_of(case, rule.rollup, rule.table)))
        wanted = normalise_name(rule.value)
        chosen = sum(wanted in map(normalise_name, _values(row.get(rule.column))) for row in found)
        allowed = math.floor(len(found) * rule.percent / 100 + 0.5)
        if chosen > allowed:
            label = field_label(case.campaign, form, rule.column, rule.table)
            read = form.table(rule.table)
            where = read.where if read else ""
            yield about_field(
                case,
                paper,
                "rollup.ratio",
                f"{place(case.campaign, paper.kind, where, label)}共{len(found)}行，"
                f"其中填“{rule.value}”的{chosen}行，按{plain(rule.percent)}%的比例最多{allowed}行，"
                "请核对。",
                key=rule.column,
                label=label,
                where=where,
            )


def order(rule: OrderRule, case: Case) -> Iterator[Defect]:
    """Rows sorted by a column; the first one out of order is named. Code ``rollup.order``."""
    for paper, form in case.in_force(rule.rollup):
        before: Field | None = None
        for row in filled_rows(form, rule.table):
            entry = row.get(rule.column)
            if entry is None or not text_of(entry):
                continue
            if before is not None and _sort_key(entry) < _sort_key(before):
                label = field_label(case.campaign, form, rule.column, rule.table)
                where = entry.where or row.where
                yield about_field(
                    case,
                    paper,
                    "rollup.order",
                    f"{place(case.campaign, paper.kind, where, label)}小于上一行，"
                    f"各行未按{label}从小到大排列"
                    + ("，请排序后重新发送。" if rule.severity is Severity.ASK else "。"),
                    key=rule.column,
                    label=label,
                    where=where,
                )
                break
            before = entry


def subset(rule: SubsetRule, case: Case) -> Iterator[Defect]:
    """Parts are no larger than the whole, row by row. Code ``rollup.mismatch``.

    Where the whole is a list of names, they are counted; where it is empty, nothing is known.
    """
    for row in rollup_rows(case, rule.rollup, rule.table):
        total_of = row.row.get(rule.whole)
        listed = total_of is not None and isinstance(total_of.value, list)
        whole = (float(len(names_in(total_of))) or None) if listed else number_of(total_of)
        for part in rule.parts:
            entry = row.row.get(part)
            figure = number_of(entry)
            if entry is None or figure is None or whole is None or figure <= whole:
                continue
            label = field_label(case.campaign, row.form, part, rule.table)
            other = field_label(case.campaign, row.form, rule.whole, rule.table)
            where = entry.where or row.where
            yield about_field(
                case,
                row.paper,
                "rollup.mismatch",
                f"{place(case.campaign, row.paper.kind, where, label)}为{plain(figure)}，"
                f"大于同一行的“{other}”{plain(whole)}{'人' if listed else ''}，请核对后更正。",
                key=part,
                label=label,
                where=where,
            )


def slots(rule: SlotsRule, case: Case) -> Iterator[Defect]:
    """More names than the form has numbered slots for. Code ``members.count``."""
    spec = case.campaign.form(rule.kind)
    limit = getattr(spec.field(rule.field) if spec else None, "slots", 0)
    for paper, form in case.in_force(rule.kind):
        entry = form.get(rule.field)
        listed = len(names_in(entry))
        if entry is None or not limit or listed <= limit:
            continue
        label = field_label(case.campaign, form, rule.field)
        yield about_field(
            case,
            paper,
            "members.count",
            f"{place(case.campaign, paper.kind, entry.where, label)}列有{listed}人，"
            f"表上只有{limit}格，请核对证书上列名的人员。",
            key=rule.field,
            label=entry.label or label,
            where=entry.where,
        )


def members(rule: MembersRule, case: Case) -> Iterator[Defect]:
    """A stated number and a list of members agree, with or without the leader.

    Code ``members.count``.
    """
    for paper, form, item, entry in _numbers(rule, case):
        stated = number_of(entry)
        listed = _count_names(rule.names, case, paper, form, item)
        if entry is None or stated is None or not listed:
            continue
        right = {
            "yes": {listed},
            "no": {listed + 1},
            "either": {listed, listed + 1},
        }[rule.leader_counts]
        if stated not in right:
            label = field_label(case.campaign, form, rule.number.field, rule.number.table)
            yield about_field(
                case,
                paper,
                "members.count",
                f"{place(case.campaign, paper.kind, entry.where, label)}为{plain(stated)}，"
                f"{case.campaign.paper_name(rule.names.kind)}的名单中列有{listed}人，"
                "请核对后更正。",
                key=rule.number.field,
                label=label,
                where=entry.where,
                item=item.ordinal if item else None,
            )


def _numbers(
    rule: MembersRule, case: Case
) -> Iterator[tuple[Paper, Form, Item | None, Field | None]]:
    """Where the number stands: on each form, or in each item's row of a list."""
    number = rule.number
    if number.table is None:
        for paper, form in case.in_force(number.kind):
            yield paper, form, case.item(paper.item), form.get(number.field)
        return
    for item, row in _item_rows(case, number):
        yield row.paper, row.form, item, row.row.get(number.field)


def _count_names(names: Place, case: Case, paper: Paper, form: Form, item: Item | None) -> int:
    owner = item.ordinal if item else paper.item
    forms = [form] if names.kind == paper.kind else []
    forms += [read for other, read in case.in_force(names.kind) if other.item == owner]
    if names.table is None:
        return len(names_in(forms[0].get(names.field))) if forms else 0
    if name_column(case, names.kind, names.table):
        own = [row for one, row in _item_rows(case, names) if item and one is item]
        return sum(len(names_in(row.row.get(names.field))) for row in own[:1])
    return sum(
        bool(name_of(row.get(names.field)))
        for read in forms[:1]
        for row in filled_rows(read, names.table)
    )


def _item_rows(case: Case, spot: Place) -> Iterator[tuple[Item, RollupRow]]:
    column = name_column(case, spot.kind, spot.table or "")
    found = rollup_rows(case, spot.kind, spot.table or "", column)
    for item in case.dossier.items:
        for row in rows_of(found, item):
            yield item, row


def _values(entry: Field | None) -> list[str]:
    if entry is None or entry.value is None:
        return []
    return (
        [str(part) for part in entry.value] if isinstance(entry.value, list) else [str(entry.value)]
    )


def _sort_key(entry: Field) -> tuple[int, float, str]:
    """Numbers by size before words by spelling."""
    number = number_of(entry)
    return (1, 0.0, text_of(entry)) if number is None else (0, number, "")
