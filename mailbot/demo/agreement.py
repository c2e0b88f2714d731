"""What has to agree within one application, as the campaign's rules say.

Looks rules up and answers with names of fields and columns; invents nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from parsers.spec import FormSpec, TableSpec
from rules.notice.campaign import Campaign, Category
from rules.notice.figuresettings import (
    CompanyInFrontRule,
    MatchRule,
    MembersRule,
    RowsRule,
    TotalRule,
)
from rules.notice.settings import AccidentRule, FormatRule, LengthRule, SameRule, SinceRule

_SEPARATOR = "、"


def names(campaign: Campaign, form: FormSpec, category: Category, name: str) -> dict[str, str]:
    """The fields of a form that hold the item's name."""
    own = {category.name_field} if form.kind == category.form else set()
    for rule in campaign.rules:
        if isinstance(rule, SameRule):
            spots = [(place.kind, place.field) for place in (*rule.places, *rule.own)]
            if (category.form, category.name_field) in spots:
                own |= {key for kind, key in spots if kind == form.kind}
    return dict.fromkeys(own, name)


def matches(campaign: Campaign, rule: RowsRule) -> Iterator[MatchRule]:
    """The rules that compare this list with forms."""
    for other in campaign.rules:
        if isinstance(other, MatchRule) and (other.rollup, other.table) == (
            rule.rollup,
            rule.table,
        ):
            yield other


def company_in_front(campaign: Campaign, rule: RowsRule) -> bool:
    """Does the company's name stand before the item's in this column?"""
    return any(
        isinstance(other, CompanyInFrontRule)
        and (other.rollup, other.table, other.column) == (rule.rollup, rule.table, rule.column)
        for other in campaign.rules
    )


def names_column(campaign: Campaign, form: FormSpec, table: TableSpec) -> str | None:
    """The column of a list of members whose rows are counted, or None."""
    for rule in campaign.rules:
        if isinstance(rule, MembersRule):
            place = rule.names
            if (place.kind, place.table) == (form.kind, table.key):
                return place.field
    return None


def stated_numbers(campaign: Campaign, kind: str) -> set[str]:
    """The fields and columns of a form that state how many members there are."""
    return {
        rule.number.field
        for rule in campaign.rules
        if isinstance(rule, MembersRule) and rule.number.kind == kind
    }


def total(rule: TotalRule, rows: Sequence[Mapping[str, str]]) -> str:
    """What the totals row of a list says."""
    if rule.column is None:
        return str(len(rows))
    cells = [row.get(rule.column, "") for row in rows]
    if all(cell.isdecimal() for cell in cells):
        return str(sum(map(int, cells)))
    return str(sum(len(cell.split(_SEPARATOR)) for cell in cells))


def wanted_length(campaign: Campaign, kind: str, key: str | None) -> int | None:
    """字数 that every rule about a field, or a whole text, is content with; None: no rule."""
    found = [
        rule
        for rule in campaign.rules
        if isinstance(rule, LengthRule) and (rule.kind, rule.field) == (kind, key)
    ]
    if not found:
        return None
    low = max((rule.minimum or 0 for rule in found), default=0)
    about = next((rule.about for rule in found if rule.about), None)
    high = min((rule.maximum for rule in found if rule.maximum), default=None)
    wanted = about or (int(low * 1.1) if low else 150)
    return min(wanted, int(high * 0.8)) if high else wanted


def since(campaign: Campaign, kind: str) -> Iterator[SinceRule]:
    """The rules about days in a document."""
    return (r for r in campaign.rules if isinstance(r, SinceRule) and r.kind == kind)


def as_worksheet(campaign: Campaign, kind: str) -> bool:
    """Does the notice want this document as an Excel file, and not as a Word file?"""
    asked = [
        set(r.formats) for r in campaign.rules if isinstance(r, FormatRule) and kind in r.kinds
    ]
    return any("xlsx" in formats and "docx" not in formats for formats in asked)


def without_accident(campaign: Campaign, kind: str) -> set[str]:
    """The fields in which an applicant in order states that nothing happened."""
    return {r.field for r in campaign.rules if isinstance(r, AccidentRule) and r.kind == kind}
