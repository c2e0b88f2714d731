"""Follows every reference inside a campaign: rules and demands to forms, fields, lists, tables.

A name that leads nowhere is a mistake with its place in the data, never a rule
that silently never applies. Looks at names only; refuses to judge values.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from parsers.spec import FormSpec, TableSpec
from rules.notice.campaign import Campaign
from rules.notice.looseends import (
    Dangling,
    Tables,
    in_forms,
    in_options,
    in_regions,
    in_tiers,
    option_missing,
    unknown,
)
from rules.notice.rulebase import Place


def dangling_references(campaign: Campaign, tables: Tables) -> Iterator[Dangling]:
    """Every reference into nothing; ``tables`` are the CSV files at hand by name."""
    yield from _named_twice(campaign)
    yield from _in_categories(campaign)
    yield from _in_demands(campaign)
    yield from _in_mailboxes(campaign)
    for index, fee in enumerate(campaign.fees.amounts):
        yield from _category(campaign, fee.category, ("fees", "amounts", index, "category"))
    yield from _in_quotas(campaign, tables)
    yield from in_tiers(campaign)
    yield from in_forms(campaign)
    yield from in_regions(campaign, tables)
    for index, rule in enumerate(campaign.rules):
        for path, text in _in_rule(dict(rule), campaign):
            yield ("rule", index, *path), text
        for path, text in in_options(rule, campaign):
            yield ("rule", index, *path), text


def _named_twice(campaign: Campaign) -> Iterator[Dangling]:
    named: Mapping[str, Sequence[str]] = {
        "form": [form.kind for form in campaign.forms],
        "tier": [tier.id for tier in campaign.tiers],
        "category": [category.id for category in campaign.categories],
        "quota": [quota.id for quota in campaign.quotas],
    }
    for section, names in named.items():
        for index, name in enumerate(names):
            if name in names[:index]:
                yield (section, index), f"{name or '（空）'} 出现了两次，请只保留一个"


def _in_categories(campaign: Campaign) -> Iterator[Dangling]:
    for index, category in enumerate(campaign.categories):
        yield from _kind(campaign, category.form, ("category", index, "form"))
        form = campaign.form(category.form)
        for key in ("name_field", "company_field", "region_field", "marked_by"):
            yield from _field(form, getattr(category, key), ("category", index, key))
        marked = form.field(category.marked_by) if form and category.marked_by else None
        for path, text in option_missing(marked, category.marked_as, "marked_as"):
            yield ("category", index, *path), text


def _in_demands(campaign: Campaign) -> Iterator[Dangling]:
    for index, demand in enumerate(campaign.demands):
        yield from _kind(campaign, demand.kind, ("document", index, "kind"))
        for position, kind in enumerate(demand.within):
            yield from _kind(campaign, kind, ("document", index, "within", position))
        for name in demand.categories:
            yield from _category(campaign, name, ("document", index, "categories"))
        for position, spot in enumerate(demand.listed_in):
            yield from _place(campaign, spot, ("document", index, "listed_in", position))
        for category in campaign.categories:
            if category.id in demand.categories:
                form = campaign.form(category.form)
                yield from _field(form, demand.instead, ("document", index, "instead"))


def _in_mailboxes(campaign: Campaign) -> Iterator[Dangling]:
    tiers = [tier.id for tier in campaign.tiers]
    levels: dict[str, str] = {}
    for index, mailbox in enumerate(campaign.mailboxes):
        if (
            mailbox.tier
            and levels.setdefault(mailbox.address.lower(), mailbox.tier) != mailbox.tier
        ):
            text = f"{mailbox.address} 已是另一层级的地址，来信便分不出层级；每个层级请用自己的地址"
            yield ("mailbox", index, "address"), text
        if mailbox.tier and mailbox.tier not in tiers:
            yield ("mailbox", index, "tier"), unknown("层级", mailbox.tier, tiers)
        for kind in mailbox.kinds:
            yield from _kind(campaign, kind, ("mailbox", index, "kinds"))


def _in_quotas(campaign: Campaign, tables: Tables) -> Iterator[Dangling]:
    for index, quota in enumerate(campaign.quotas):
        yield from _category(campaign, quota.category, ("quota", index, "category"))
        if not quota.table:
            if quota.each is None:
                yield ("quota", index), "须写明 table（名额表）或 each（每单位名额）"
            continue
        rows = tables.get(quota.table)
        if rows is None:
            text = unknown("名额表文件", quota.table, list(tables))
            yield ("quota", index, "table"), text
            continue
        for position, cell in enumerate(quota.special):
            if cell.table and cell.table not in tables:
                text = unknown("名额表文件", cell.table, list(tables))
                yield ("quota", index, "special", position, "table"), text
        columns = list(rows[0]) if rows else []
        for key in ("column", "region_column"):
            if getattr(quota, key) not in columns:
                text = unknown(f" {quota.table} 的列", getattr(quota, key), columns)
                yield ("quota", index, key), text


#: In a rule: key of a column -> key that names the list it belongs to.
_COLUMN_OF = {
    "column": "table",
    "name_column": "table",
    "whole": "table",
    "presenter_column": "presenters",
    "nominee_column": "nominees",
}


def _in_rule(values: Mapping[str, Any], campaign: Campaign) -> Iterator[Dangling]:
    for key in ("kind", "rollup"):
        yield from _kind(campaign, values.get(key), (key,))
    for position, kind in enumerate(values.get("kinds") or ()):
        yield from _kind(campaign, kind, ("kinds", position))
    for name in values.get("categories") or ():
        yield from _category(campaign, name, ("categories",))
    if values.get("category"):
        yield from _category(campaign, values["category"], ("category",))
    yield from _in_rule_lists(values, campaign)
    yield from _in_rule_fields(values, campaign)
    for key in ("places", "own", "rollups", "number", "names", "instead"):
        given = values.get(key)
        for position, place in enumerate(given if isinstance(given, tuple) else ()):
            yield from _place(campaign, place, (key, position))
        if isinstance(given, Place):
            yield from _place(campaign, given, (key,))


def _in_rule_lists(values: Mapping[str, Any], campaign: Campaign) -> Iterator[Dangling]:
    """Lists of the roll-up (or form) the rule names, and their columns."""
    form = campaign.form(values.get("rollup") or values.get("kind") or "")
    for key in ("table", "presenters", "nominees"):
        yield from _list(form, values.get(key), (key,))
    for position, key in enumerate(values.get("tables") or ()):
        yield from _list(form, key, ("tables", position))
    for key, owner in _COLUMN_OF.items():
        table = form.table(values.get(owner) or "") if form else None
        yield from _column(table, values.get(key), (key,))
    if form and values.get("total"):
        totals = [table.total.key for table in form.tables if table.total]
        if values["total"] not in [*totals, *_keys(form)]:
            yield ("total",), unknown(f"表单 {form.kind} 的合计", values["total"], totals)


def _in_rule_fields(values: Mapping[str, Any], campaign: Campaign) -> Iterator[Dangling]:
    """Fields of the form the rule names by ``kind``; a column where it names a list of it."""
    form = campaign.form(values.get("kind") or "")
    if form and values.get("table") and "rollup" not in values:
        yield from _column(form.table(values["table"]), values.get("field"), ("field",))
        return
    for key in ("field", "when"):
        yield from _field(form, values.get(key), (key,))
    several = [found for kind in values.get("kinds") or () if (found := campaign.form(kind))]
    for position, key in enumerate(values.get("fields") or ()):
        if several:
            yield from _anywhere(several, key, ("fields", position))
        elif isinstance(key, str):
            yield from _field(form, key, ("fields", position))
    for position, pair in enumerate(values.get("pairs") or ()):
        for side, key in enumerate(pair):
            yield from _field(form, key, ("pairs", position, side))


def _place(campaign: Campaign, place: Place, path: tuple[str | int, ...]) -> Iterator[Dangling]:
    yield from _kind(campaign, place.kind, (*path, "kind"))
    form = campaign.form(place.kind)
    if form is None or place.table is None:
        yield from _field(form, place.field, (*path, "field"))
        return
    yield from _list(form, place.table, (*path, "table"))
    yield from _column(form.table(place.table), place.field, (*path, "field"))


def _kind(campaign: Campaign, kind: str | None, path: tuple[str | int, ...]) -> Iterator[Dangling]:
    known = [form.kind for form in campaign.forms]
    if kind and kind not in known:
        yield path, unknown("表单", kind, known)


def _category(campaign: Campaign, name: str, path: tuple[str | int, ...]) -> Iterator[Dangling]:
    known = [category.id for category in campaign.categories]
    if name not in known:
        yield path, unknown("类别", name, known)


def _field(
    form: FormSpec | None, key: str | None, path: tuple[str | int, ...]
) -> Iterator[Dangling]:
    if form and key and form.field(key) is None:
        yield path, unknown(f"表单 {form.kind} 的字段", key, _keys(form))


def _anywhere(
    forms: Sequence[FormSpec], key: str, path: tuple[str | int, ...]
) -> Iterator[Dangling]:
    """A field or column of one of these forms."""
    known = [name for form in forms for name in _keys(form)]
    known += [column.key for form in forms for table in form.tables for column in table.columns]
    if key not in known:
        kinds = "、".join(form.kind for form in forms)
        yield path, unknown(f"表单 {kinds} 的字段", key, list(dict.fromkeys(known)))


def _list(
    form: FormSpec | None, key: str | None, path: tuple[str | int, ...]
) -> Iterator[Dangling]:
    if form and key and form.table(key) is None:
        known = [table.key for table in form.tables]
        yield path, unknown(f"表单 {form.kind} 的列表", key, known)


def _column(
    table: TableSpec | None, key: str | None, path: tuple[str | int, ...]
) -> Iterator[Dangling]:
    if table and key and key not in [column.key for column in table.columns]:
        columns = [column.key for column in table.columns]
        yield path, unknown(f"列表 {table.key} 的列", key, columns)


def _keys(form: FormSpec) -> list[str]:
    return [entry.key for entry in form.fields]
