"""Figures of statistics tables: possible, consistent, in the printed unit, of the right period."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from parsers.model import Field, Form
from parsers.spec import FieldType
from rules.checks.case import Case
from rules.checks.cells import in_words, number_of, plain, text_of
from rules.checks.findings import Defect, about_field, field_label, place
from rules.checks.rows import rollup_rows
from rules.checks.values import fault_of
from rules.model import Paper
from rules.notice.figuresettings import AtMostRule, CountRule, PeriodRule, RatesRule, UnitRule

_MYRIAD = 10_000


def at_most(rule: AtMostRule, case: Case) -> Iterator[Defect]:
    """One figure does not exceed another. Code ``statistics.implausible``."""
    for paper, form in case.in_force(rule.kind):
        spec = case.campaign.form(rule.kind)
        for small, large in rule.pairs:
            entry, other = form.get(small), form.get(large)
            figure, limit = number_of(entry), number_of(other)
            units = [
                getattr(spec.field(key) if spec else None, "unit", "") for key in (small, large)
            ]
            factors = _factors(units)
            if entry is None or figure is None or limit is None:
                continue
            if figure * factors[0] <= limit * factors[1] or math.isclose(
                figure * factors[0], limit * factors[1]
            ):
                continue
            shown = units if factors[0] != factors[1] else ["", ""]
            bound = field_label(case.campaign, form, large)
            said = f"为{plain(figure)}{shown[0]}，大于“{bound}”的{plain(limit)}{shown[1]}，请核对"
            yield _implausible(case, paper, form, entry, said)


def _factors(units: Sequence[str]) -> list[int]:
    """10 000 for the one of two units that is the other with 万 in front."""
    one, other = units
    return [
        _MYRIAD if one == f"万{other}" else 1,
        _MYRIAD if other == f"万{one}" else 1,
    ]


def rates(rule: RatesRule, case: Case) -> Iterator[Defect]:
    """Percentages between 0 and 100, other figures in their range. ``statistics.implausible``."""
    for paper, form in case.in_force(rule.kind):
        spec = case.campaign.form(rule.kind)
        for entry_spec in spec.fields if spec else ():
            entry = form.get(entry_spec.key)
            number = number_of(entry)
            if entry is None or number is None or isinstance(entry.value, str):
                continue
            if fault_of(entry_spec, entry.value) and not fault_of(
                entry_spec, entry.value, ranges=False
            ):
                percent = "%" if entry_spec.type is FieldType.PERCENT else ""
                said = f"为{plain(number)}{percent}，超出合理范围，请核对"
                yield _implausible(case, paper, form, entry, said)


def unit(rule: UnitRule, case: Case) -> Iterator[Defect]:
    """A figure too large for its printed unit. Code ``statistics.implausible``."""
    for paper, form in case.in_force(rule.kind):
        spec = case.campaign.form(rule.kind)
        for key in rule.fields:
            entry = form.get(key)
            figure = number_of(entry)
            if entry is None or figure is None or figure <= rule.above:
                continue
            if rule.whole_only and not figure.is_integer():
                continue
            printed = getattr(spec.field(key) if spec else None, "unit", "")
            unit_words = f"（单位：{printed}）" if printed else ""
            said = f"{unit_words}为{plain(figure)}，是否实为{plain(figure)}{rule.meant}，请核对"
            yield _implausible(case, paper, form, entry, said)


def count(rule: CountRule, case: Case) -> Iterator[Defect]:
    """A figure of the statistics is the number of rows of a roll-up. ``statistics.implausible``."""
    if not any(True for _ in case.in_force(rule.rollup)):
        return
    listed = len(rollup_rows(case, rule.rollup, rule.table))
    for paper, form in case.in_force(rule.kind):
        entry = form.get(rule.field)
        figure = number_of(entry)
        if entry is not None and figure is not None and figure != listed:
            rollup = case.campaign.paper_name(rule.rollup)
            said = f"为{plain(figure)}，{rollup}列有{listed}行，请核对"
            yield _implausible(case, paper, form, entry, said)


def period(rule: PeriodRule, case: Case) -> Iterator[Defect]:
    """The statistics cover the notice's period. Code ``statistics.period``.

    A period is read as ``2025-07/2026-07``; days count only where both name them.
    """
    wanted = f"{in_words(rule.first)}至{in_words(rule.last)}"
    for paper, form in case.in_force(rule.kind):
        entry = form.get(rule.field)
        stated = text_of(entry)
        first, _, last = stated.partition("/")
        if _same_day(first, rule.first) and _same_day(last, rule.last):
            continue
        label = field_label(case.campaign, form, rule.field)
        where = (entry.where if entry else "") or form.where
        if stated:
            said = f"为{in_words(first)}至{in_words(last)}，通知要求为{wanted}，请核对"
        elif entry is not None and entry.raw.strip():
            said = f"为“{entry.raw.strip()}”，无法判断起止时间，通知要求为{wanted}，请核对"
        else:
            said = f"未注明，通知要求为{wanted}，请核对"
        yield about_field(
            case,
            paper,
            "statistics.period",
            f"{place(case.campaign, paper.kind, where, label)}{said}。",
            key=rule.field,
            label=entry.label if entry and entry.label else label,
            where=where,
        )


def _implausible(case: Case, paper: Paper, form: Form, entry: Field, said: str) -> Defect:
    label = field_label(case.campaign, form, entry.key)
    return about_field(
        case,
        paper,
        "statistics.implausible",
        f"{place(case.campaign, paper.kind, entry.where, label)}{said}。",
        key=entry.key,
        label=entry.label or label,
        where=entry.where,
    )


def _same_day(one: str, other: str) -> bool:
    """Equal as far as both go: 2025-07 and 2025-07-01 agree, an empty text with nothing."""
    shorter = min(len(one), len(other))
    return shorter > 0 and one[:shorter] == other[:shorter]
