"""A complete application for any campaign: every document, with values that agree.

What has to agree is taken from the campaign's own rules: the same name everywhere,
a roll-up with a row for each item, totals that are sums, as many members as stated,
texts of the length asked for. Knows no campaign; what goes wrong in a mail is the
business of :mod:`mailbot.demo.scenarios`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from mailbot.demo import agreement
from mailbot.demo.drawing import draw
from mailbot.demo.invention import Applicant
from mailbot.demo.worksheet import as_worksheet
from parsers.spec import FieldSpec, FieldType, FormSpec, TableSpec
from rules.notice.campaign import Campaign, Category, Demand, Tier
from rules.notice.figuresettings import CertificateRule, CountRule, RowsRule, TotalRule

Files = dict[str, bytes]
Changes = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One item somebody applies for."""

    who: Applicant
    category: Category
    name: str


@dataclass(slots=True, kw_only=True)
class Application:
    """The items of one mail and the unit that submits them."""

    campaign: Campaign
    tier: Tier
    unit: str  #: as written in heads: the company, or the recommending unit
    entries: Sequence[Entry]
    region: str = ""  #: written where a form asks for the region
    changes: Changes = field(default_factory=dict)  #: by kind: what is written instead
    _filled: dict[tuple[int, str], dict[str, str]] = field(default_factory=dict)

    def papers(self) -> Files:
        """Every document of it, by file name: those of the items first."""
        made: Files = {}
        many = len(self.entries) > 1
        for number, entry in enumerate(self.entries):
            for form in self._item_forms(entry):
                folder = f"{entry.name}/" if many else ""
                made[f"{folder}{file_name(form, self.campaign)}"] = self._item_paper(number, form)
        for form in self._unit_forms():
            made[file_name(form, self.campaign)] = self._unit_paper(form)
        return made

    def kinds(self) -> tuple[str, ...]:
        """What kinds of documents it has."""
        item_forms = [form for entry in self.entries for form in self._item_forms(entry)]
        return tuple(dict.fromkeys(form.kind for form in (*item_forms, *self._unit_forms())))

    def _item_forms(self, entry: Entry) -> list[FormSpec]:
        demanded = [d.kind for d in self._demands(entry.category) if d.of == "item"]
        return self._forms([entry.category.form, *demanded])

    def _unit_forms(self) -> list[FormSpec]:
        kinds = [
            demand.kind
            for demand in self.campaign.demands
            if demand.of == "unit"
            and any(demand in self._demands(e.category) for e in self.entries)
        ]
        return self._forms(kinds)

    def _demands(self, category: Category) -> list[Demand]:
        return [
            demand
            for demand in self.campaign.demands
            if category.id in demand.categories
            and demand.channel == "mail"
            and not demand.listed_in
            and (not demand.tiers or self.tier.id in demand.tiers)
        ]

    def _forms(self, kinds: Sequence[str]) -> list[FormSpec]:
        return [form for kind in dict.fromkeys(kinds) if (form := self.campaign.form(kind))]

    def _item_paper(self, number: int, form: FormSpec) -> bytes:
        entry = self.entries[number]
        values = {**self.filled(number, form), **self.changes.get(form.kind, {})}
        if form.layout == "text" and not form.fields:
            values = {
                **values,
                "text": f"{entry.who.company}{entry.name}\n{values.get('text', '')}",
            }
        rows = {table.key: self._people(table, form, entry.who) for table in form.tables}
        return self._drawn(form, values, rows)

    def _drawn(
        self, form: FormSpec, values: Mapping[str, str], rows: Mapping[str, list[dict[str, str]]]
    ) -> bytes:
        title = self.changes.get(form.kind, {}).get("title", "")
        drawn = draw(form, values, rows, title=title)
        return as_worksheet(drawn) if agreement.as_worksheet(self.campaign, form.kind) else drawn

    def filled(self, number: int, form: FormSpec) -> dict[str, str]:
        """What stands in a form about an item when nothing is wrong with it."""
        place = (number, form.kind)
        if place not in self._filled:
            entry = self.entries[number]
            known = {
                **self._heads(form, entry.who),
                **agreement.names(self.campaign, form, entry.category, entry.name),
            }
            if form.kind == entry.category.form and entry.category.marked_by:
                known[entry.category.marked_by] = entry.category.marked_as
            self._filled[place] = entry.who.fill(form, self.campaign, known)
        return self._filled[place]

    def _heads(self, form: FormSpec, who: Applicant) -> dict[str, str]:
        """Company, unit and region, wherever this form asks for them."""
        known = {"company": who.company}
        for category in self.campaign.categories:
            if category.region_field and self.region:
                known[category.region_field] = self.region
            if category.form == form.kind:
                known[category.company_field] = who.company
        known |= {key: self.unit for key in self.tier.unit_fields if key != "company"}
        return known

    def _people(self, table: TableSpec, form: FormSpec, who: Applicant) -> list[dict[str, str]]:
        """Rows of a list on an item's own form: its members."""
        if table.optional and agreement.names_column(self.campaign, form, table) is None:
            return []
        column = agreement.names_column(self.campaign, form, table)
        return [
            _numbered(table, position, who.row(table.columns, {column or "name": person}))
            for position, person in enumerate(who.members, 1)
        ]

    def _unit_paper(self, form: FormSpec) -> bytes:
        who = self.entries[0].who
        rows = {table.key: list(self._rows(form, table)) for table in form.tables}
        known = self._heads(form, who)
        if len({entry.who.company for entry in self.entries}) > 1:
            known["company"] = self.unit
        for rule in self.campaign.rules:
            if isinstance(rule, TotalRule) and rule.rollup == form.kind:
                known[rule.total] = agreement.total(rule, rows.get(rule.table, ()))
            if isinstance(rule, CountRule) and rule.kind == form.kind:
                rollup = self.campaign.form(rule.rollup)
                table = rollup.table(rule.table) if rollup else None
                if rollup and table:
                    known[rule.field] = str(len(list(self._rows(rollup, table))))
        values = {**who.fill(form, self.campaign, known), **self.changes.get(form.kind, {})}
        values |= {key: value for key, value in known.items() if key not in values}
        return self._drawn(form, values, rows)

    def _rows(self, form: FormSpec, table: TableSpec) -> Iterator[dict[str, str]]:
        """Rows of a roll-up: one for each item it is about, or as many reviewers as wanted."""
        position = 0
        for rule in self.campaign.rules:
            if isinstance(rule, RowsRule) and (rule.rollup, rule.table) == (form.kind, table.key):
                for number, entry in enumerate(self.entries):
                    if entry.category.id in rule.categories:
                        position += 1
                        yield _numbered(table, position, self._row(number, rule, table))
            if (
                isinstance(rule, CertificateRule)
                and (rule.rollup, rule.table) == (form.kind, table.key)
                and any(
                    not rule.categories or e.category.id in rule.categories for e in self.entries
                )
            ):
                who = self.entries[0].who
                for person in who.members[: rule.minimum]:
                    position += 1
                    known = {"name": person, rule.column: f"ZS{position:04d}"}
                    yield _numbered(table, position, who.row(table.columns, known))

    def _row(self, number: int, rule: RowsRule, table: TableSpec) -> dict[str, str]:
        entry = self.entries[number]
        form = self.campaign.form(entry.category.form)
        own = self.filled(number, form) if form else {}
        known = {**self._heads(form, entry.who), **own} if form else {}
        for match in agreement.matches(self.campaign, rule):
            source = self.campaign.form(match.kind)
            if source and match.kind in {f.kind for f in self._item_forms(entry)}:
                known[match.column] = self.filled(number, source).get(match.field, "")
        front = agreement.company_in_front(self.campaign, rule)
        known[rule.column] = f"{entry.who.company if front else ''}{entry.name}"
        for column in table.columns:
            if column.type is FieldType.CHOICE and column.key not in own:
                known[column.key] = _likest(entry.category.name, column)
        changed = self.changes.get(f"{rule.rollup}.row", {})
        return {**entry.who.row(table.columns, known), **changed}


def _numbered(table: TableSpec, position: int, row: dict[str, str]) -> dict[str, str]:
    serials = {c.key: str(position) for c in table.columns if c.type is FieldType.SERIAL}
    return {**row, **serials}


def _likest(word: str, column: FieldSpec) -> str:
    """The option that shares most signs with a word."""
    return max(column.options, key=lambda option: len(set(option) & set(word)), default="")


def file_name(form: FormSpec, campaign: Campaign) -> str:
    """As applicants name their files: annex and title."""
    kind = "xlsx" if agreement.as_worksheet(campaign, form.kind) else "docx"
    part = f"（{form.part}）" if form.part else ""
    return f"{form.annex}{' ' if form.annex else ''}{form.title}{part}.{kind}".replace("/", "、")
