"""References that lead nowhere in tiers, printed forms, regions and answers; and their wording.

The other half of :mod:`rules.notice.references`: which tiers, fields, options and regions
the parts of a campaign name. Looks at names only; refuses to judge values.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from parsers.spec import FieldSpec, FormSpec
from rules.notice.campaign import Campaign, Deadline, Demand, Quota, Tier
from rules.notice.complaints import nearest
from rules.notice.figuresettings import RatioRule
from rules.notice.rulebase import RuleBase
from rules.notice.settings import TogetherRule

#: path of the mistake in the data (as pydantic's ``loc``), and what is wrong with it
Dangling = tuple[tuple[str | int, ...], str]
Tables = Mapping[str, Sequence[Mapping[str, str]]]


def in_tiers(campaign: Campaign) -> Iterator[Dangling]:
    """What tiers name, and what names a tier."""
    fields = {entry.key for form in campaign.forms for entry in _all_fields(form)}
    for index, tier in enumerate(campaign.tiers):
        for position, key in enumerate(tier.unit_fields):
            if key not in fields:
                text = unknown("栏目", key, sorted(fields))
                yield ("tier", index, "unit_fields", position), text
        for path, text in _in_deadlines(tier, campaign):
            yield ("tier", index, *path), text
        try:
            tier.receipt_pattern.format(prefix=tier.receipt_prefix, seq=1)
        except (KeyError, IndexError, ValueError):
            text = "应含 {prefix}（开头）和 {seq:04d}（四位序号），如 {prefix}{seq:04d}"
            yield ("tier", index, "receipt_pattern"), text
    named: Mapping[str, Sequence[Demand | Quota | RuleBase]] = {
        "document": campaign.demands,
        "quota": campaign.quotas,
        "rule": campaign.rules,
    }
    for section, entries in named.items():
        for index, entry in enumerate(entries):
            for text in _unknown_tiers(entry.tiers, campaign):
                yield (section, index, "tiers"), text


def _in_deadlines(tier: Tier, campaign: Campaign) -> Iterator[Dangling]:
    kinds = [form.kind for form in campaign.forms]
    general = [entry for entry in tier.deadlines if not entry.kinds and not entry.categories]
    known = [category.id for category in campaign.categories]
    for position, deadline in enumerate(tier.deadlines):
        for path, text in _outside(deadline, campaign):
            yield ("deadlines", position, path), text
        for kind in deadline.kinds:
            if kind not in kinds:
                yield ("deadlines", position, "kinds"), unknown("表单", kind, kinds)
        for name in deadline.categories:
            if name not in known:
                yield ("deadlines", position, "categories"), unknown("类别", name, known)
        if deadline in general[1:]:
            text = "已有一个管全部材料的截止时间；这一个请写明只用于哪些材料（kinds）或哪些类别（categories）"
            yield ("deadlines", position), text
        if deadline.until and not deadline.inclusive:
            text = "写了 until（当日几点截止），当日就算在内，请删去 inclusive"
            yield ("deadlines", position, "inclusive"), text
    whole = [entry for entry in tier.deadlines if not entry.kinds]
    bare = [c for c in known if not any(not e.categories or c in e.categories for e in whole)]
    if bare:
        text = f"类别 {'、'.join(bare)} 没有截止时间，请另写一段不限材料（kinds）的截止时间"
        yield ("deadlines",), text


def _outside(deadline: Deadline, campaign: Campaign) -> Iterator[tuple[str, str]]:
    """A last day on which no mail would be taken."""
    begun = campaign.opens_on or campaign.issued_on
    if begun and deadline.last_day < begun:
        yield "last_day", f"{deadline.last_day} 早于活动开始的 {begun}，请核对年份"
    if campaign.closes_on and deadline.last_day > campaign.closes_on:
        yield "last_day", f"{deadline.last_day} 晚于 closes_on（{campaign.closes_on}），请核对"


def _unknown_tiers(names: Sequence[str], campaign: Campaign) -> Iterator[str]:
    tiers = [tier.id for tier in campaign.tiers]
    for name in names:
        if tiers == [""]:
            yield "本活动只有一个层级，没有编号（id），请删去 tiers"
        elif name not in tiers:
            yield unknown("层级", name, tiers)


def in_forms(campaign: Campaign) -> Iterator[Dangling]:
    """Fields named twice, and rows or columns that name none."""
    for index, form in enumerate(campaign.forms):
        keys = [entry.key for entry in form.fields]
        for position, key in enumerate(keys):
            if key in keys[:position]:
                text = f"栏目 {key} 在表单 {form.kind} 中出现了两次，请改用另一个键"
                yield ("form", index, "fields", position, "key"), text
        for position, row in enumerate(form.rows):
            for key in row.fields:
                if key not in keys:
                    text = unknown(f"表单 {form.kind} 的栏目", key, keys)
                    yield ("form", index, "rows", position, "fields"), text
        columns = [column.key for table in form.tables for column in table.columns]
        if form.told_in and form.told_in not in columns:
            text = unknown(f"表单 {form.kind} 的列", form.told_in, columns)
            yield ("form", index, "told_in"), text


def in_regions(campaign: Campaign, tables: Tables) -> Iterator[Dangling]:
    """Regions that stand in no quota table."""
    known = list(
        dict.fromkeys(
            row.get(quota.region_column, "")
            for quota in campaign.quotas
            for name in (quota.table, *(special.table for special in quota.special))
            for row in tables.get(name, ())
        )
    )
    for path, name in _regions_named(campaign):
        if known and name not in known:
            yield path, unknown("名额表中的地区", name, known)


def _regions_named(campaign: Campaign) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Place and name of every region that the campaign writes outside of the tables."""
    for written, name in campaign.regions.aliases.items():
        yield ("regions", "aliases", written), name
    for position, name in enumerate(campaign.regions.shared):
        yield ("regions", "shared", position), name
    for index, tier in enumerate(campaign.tiers):
        if tier.region:
            yield ("tier", index, "region"), tier.region
    for index, quota in enumerate(campaign.quotas):
        for written, name in quota.aliases.items():
            yield ("quota", index, "aliases", written), name


def in_options(rule: RuleBase, campaign: Campaign) -> Iterator[Dangling]:
    """Answers a rule waits for that the form does not offer."""
    if isinstance(rule, TogetherRule) and rule.when:
        form = campaign.form(rule.kind)
        yield from option_missing(form.field(rule.when) if form else None, rule.marked, "marked")
    if isinstance(rule, RatioRule):
        form = campaign.form(rule.rollup)
        table = form.table(rule.table) if form else None
        column = next((c for c in table.columns if c.key == rule.column), None) if table else None
        yield from option_missing(column, rule.value, "value")


def option_missing(entry: FieldSpec | None, answer: str, key: str) -> Iterator[Dangling]:
    """An answer that the field does not offer."""
    if entry and entry.options and answer not in entry.options:
        yield (key,), unknown(f"栏目“{entry.label}”的选项", answer, entry.options)


def unknown(what: str, name: str, known: Sequence[str]) -> str:
    """没有表单 X，是否想写 Y？ or which there are."""
    guess = nearest(name, known)
    if guess:
        return f"没有{what} {name}，是否想写 {guess}？"
    return f"没有{what} {name}，可用：{'、'.join(known) or '（无）'}"


def _all_fields(form: FormSpec) -> Iterator[FieldSpec]:
    yield from form.fields
    for table in form.tables:
        yield from table.columns
