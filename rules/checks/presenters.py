"""Who presents at the meeting: among the nominees, with the company in front, and reminded.

Whether there are places enough is counted in :mod:`rules.checks.quotas`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from parsers.forms.labels import normalise_name
from rules.checks.case import Case
from rules.checks.findings import Defect
from rules.checks.rollups import about_row
from rules.checks.rows import item_of, listed_categories, rollup_rows
from rules.notice.figuresettings import CompanyInFrontRule, NominatedRule, RemindRule


def nominated(rule: NominatedRule, case: Case) -> Iterator[Defect]:
    """Presenters are among the nominees, the company in front or not. ``rollup.not_nominated``."""
    nominees = rollup_rows(case, rule.rollup, rule.nominees, rule.nominee_column)
    names = {name for row in nominees for name in (row.norm, row.company + row.norm)}
    owned = {ordinal for row in nominees for ordinal in row.owners}
    for row in rollup_rows(case, rule.rollup, rule.presenters, rule.presenter_column):
        if row.norm and row.norm not in names and not row.owners & owned:
            defect = about_row(
                case,
                row,
                "rollup.not_nominated",
                f"{case.campaign.paper_name(rule.rollup)}{row.where}发表名单中的“{row.name}”"
                "不在推荐名单之中，请补列推荐名单或更正发表名单。",
                key=rule.presenter_column,
            )
            concerned = listed_categories(case, rule.rollup, rule.presenters)
            categories = tuple(e.id for e in case.campaign.categories if e.id in concerned)
            yield replace(defect, categories=categories or defect.categories)


def company_in_front(rule: CompanyInFrontRule, case: Case) -> Iterator[Defect]:
    """The company's full name stands before the item's. Code ``name.mismatch``."""
    for row in rollup_rows(case, rule.rollup, rule.table, rule.column):
        item = item_of(case, row)
        company = normalise_name(item.company) if item else ""
        if item is None or not company or row.norm == company + normalise_name(item.name):
            continue
        yield about_row(
            case,
            row,
            "name.mismatch",
            f"{case.campaign.paper_name(rule.rollup)}{row.where}写为“{row.name}”，"
            f"前面应写全单位名称，即“{item.company}{item.name}”，请更正。",
            key=rule.column,
            item=item.ordinal,
        )


def remind(rule: RemindRule, case: Case) -> Iterator[Defect]:
    """What those in a list should know, once it has rows. Code ``notice.reminder``."""
    listed = [
        (table, row) for table in rule.tables for row in rollup_rows(case, rule.rollup, table)
    ]
    if not listed:
        return
    concerned = {
        name for table, _ in listed for name in listed_categories(case, rule.rollup, table)
    }
    yield Defect(
        code="notice.reminder",
        message=rule.text,
        kind=rule.rollup,
        categories=tuple(e.id for e in case.campaign.categories if e.id in concerned),
        mail=max(row.paper.submission for _, row in listed),
    )
