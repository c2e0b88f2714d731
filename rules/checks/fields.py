"""Fields of forms and cells of lists: filled, of their type, ticked rightly, read with certainty.

What is issued or set by hand (serial numbers, stamps, signatures) is never
demanded. Looks at single values only; agreement between papers is the business
of :mod:`rules.names` and :mod:`rules.checks.rollups`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from parsers.model import Field, Form
from parsers.spec import FieldSpec, FieldType, Must, TableSpec
from parsers.values.numbers import is_blanked
from rules.checks.case import Case
from rules.checks.cells import NOT_DEMANDED, filled_rows, has_value, is_blank
from rules.checks.findings import Defect, about_field, about_paper, place, quoted, shown_label
from rules.checks.rows import is_about_another, name_column, rollup_rows
from rules.checks.values import fault_of, hint, is_number_type
from rules.gathering.papers import is_recognised
from rules.model import Paper
from rules.notice.figuresettings import CertificateRule
from rules.notice.settings import AwardRule, CertainRule, ChoiceRule, FieldsRule, TogetherRule

_NOTHING = ("无", "没有", "暂无")
_CHOICES = (FieldType.CHOICE, FieldType.TICKS)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Spot:
    """One value to look at, and the paper it stands in."""

    case: Case
    paper: Paper
    spec: FieldSpec
    entry: Field | None
    where: str = ""  #: of the row, where the cell itself has no place
    item: int | None = None  #: whose row it is

    def defect(self, code: str, said: str) -> Defect:
        where = (self.entry.where if self.entry else "") or self.where
        spot = place(self.case.campaign, self.paper.kind, where, shown_label(self.spec))
        return about_field(
            self.case,
            self.paper,
            code,
            f"{spot}{said}。",
            key=self.spec.key,
            label=self.spec.label,
            where=where,
            item=self.item,
        )

    @property
    def required(self) -> bool:
        """Must something stand here?

        Where the notice prints no such form and its layout is assumed, common
        sense asks only for what the applicant's form has a place for.
        """
        if self.spec.must is not Must.SENSE:
            return self.spec.must is Must.STATED
        form = self.case.campaign.form(self.paper.kind)
        is_assumed = form is not None and bool(form.assumption)
        return not is_assumed or (self.entry is not None and bool(self.entry.where))


def fields(rule: FieldsRule, case: Case) -> Iterator[Defect]:
    """Required fields filled, all values of their type, choices within the options.

    Codes ``field.empty``, ``field.invalid``, ``field.choice``.
    """
    for paper, form in case.in_force(*rule.kinds):
        spec = case.campaign.form(paper.kind)
        if spec is None:
            continue
        judged_elsewhere = _texts_that_may_be_separate(case, paper.kind)
        judged_elsewhere |= _counted_by_choice(case, paper.kind)
        has_mobile = _has_any(_mobiles(spec.fields), form.fields)
        for entry in spec.fields:
            spot = _Spot(case=case, paper=paper, spec=entry, entry=form.get(entry.key))
            if entry.key in judged_elsewhere and _may_be_left(spot):
                continue
            if _is_meant(rule, entry):
                yield from _value(spot, has_mobile, rule.ranges)
        for table in spec.tables:
            yield from _rows(rule, case, paper, form, table)


def choice(rule: ChoiceRule, case: Case) -> Iterator[Defect]:
    """Number of options ticked in one field. Code ``field.choice``."""
    for paper, form in case.in_force(rule.kind):
        spec = case.campaign.form(paper.kind)
        entry = spec.field(rule.field) if spec else None
        if entry is None:
            continue
        spot = _Spot(case=case, paper=paper, spec=entry, entry=form.get(rule.field))
        count = len(_ticked(spot.entry))
        if count < rule.minimum:
            yield spot.defect("field.choice", _too_few(spot, rule.minimum))
        elif rule.maximum is not None and count > rule.maximum:
            chosen = "、".join(_ticked(spot.entry))
            yield spot.defect(
                "field.choice", f"勾选了{count}项（{chosen}），最多应选{rule.maximum}项，请改选"
            )


def together(rule: TogetherRule, case: Case) -> Iterator[Defect]:
    """A block of fields filled only in part, or not as another field demands. ``field.empty``."""
    for paper, form in case.in_force(rule.kind):
        spec = case.campaign.form(paper.kind)
        specs = [entry for entry in spec.fields if entry.key in rule.fields] if spec else []
        empty = [entry for entry in specs if not _is_filled(entry, form.get(entry.key))]
        switched = rule.when is not None and rule.marked in _ticked(form.get(rule.when))
        if empty and (switched or len(empty) < len(specs)):
            names = "、".join(f"“{shown_label(entry)}”" for entry in empty)
            spot = _Spot(case=case, paper=paper, spec=empty[0], entry=form.get(empty[0].key))
            title = case.campaign.paper_name(paper.kind)
            if switched:
                message = (
                    f"{title}“{rule.name}”选择了“{rule.marked}”，但未填写{names}，请补充填写。"
                )
            else:
                message = (
                    f"{title}“{rule.name}”一栏只填写了一部分，"
                    f"尚缺{names}；请填写完整，不涉及的请整栏留空。"
                )
            yield about_field(
                case,
                paper,
                "field.empty",
                message,
                key=empty[0].key,
                label=empty[0].label,
                where=spot.entry.where if spot.entry else "",
            )


def certain(rule: CertainRule, case: Case) -> Iterator[Defect]:
    """Forms and values read without certainty, for a person to look at.

    Codes ``field.invalid``; ``document.unreadable`` for what only its file name tells.
    """
    named = {kind for other in case.rules(CertainRule) for kind in other.kinds}
    for paper in case.dossier.papers:
        if not paper.current or case.is_foreign(paper) or case.campaign.form(paper.kind) is None:
            continue
        if paper.kind not in rule.kinds if rule.kinds else paper.kind in named:
            continue
        if paper.form is None:
            yield _unread(case, paper)
        elif is_recognised(paper):
            message = (
                f"{case.campaign.paper_name(paper.kind)}（文件“{paper.document.file}”）"
                "由图片识别而得，请人工对照原件核对全表。"
            )
            yield about_paper(case, paper, "field.invalid", message, where=paper.form.where)
        else:
            yield from _uncertain(case, paper, paper.form)


def _uncertain(case: Case, paper: Paper, form: Form) -> Iterator[Defect]:
    """A form, or single values of it, below the campaign's confidence."""
    least = case.campaign.confidence
    spec = case.campaign.form(paper.kind)
    if spec is None:
        return
    if form.confidence < least:
        message = f"{case.campaign.paper_name(paper.kind)}的识别把握不足，请人工核对全表。"
        yield about_paper(case, paper, "field.invalid", message, where=form.where)
    entries = [(entry, form.get(entry.key)) for entry in spec.fields]
    for table in spec.tables:
        for row in filled_rows(form, table.key, table.columns):
            entries += [(column, row.get(column.key)) for column in table.columns]
    for entry_spec, entry in entries:
        if entry_spec.type in NOT_DEMANDED or entry is None or not has_value(entry):
            continue
        if entry.confidence < least or entry.doubt:
            spot = _Spot(case=case, paper=paper, spec=entry_spec, entry=entry)
            reason = f"（{entry.doubt}）" if entry.doubt else ""
            said = f"读取为“{quoted(entry)}”，把握不足{reason}，请人工核对"
            yield spot.defect("field.invalid", said)


def _unread(case: Case, paper: Paper) -> Defect:
    name = case.campaign.paper_name(paper.kind)
    return about_paper(
        case,
        paper,
        "document.unreadable",
        f"文件“{paper.document.file}”为扫描件或图片，按文件名应为{name}，请人工查看内容。",
    )


def _value(spot: _Spot, has_mobile: bool, ranges: bool) -> Iterator[Defect]:
    spec, entry = spot.spec, spot.entry
    if spec.type in NOT_DEMANDED or spec.must is Must.HAND:
        return
    if spec.type in _CHOICES and spec.options:
        yield from _options(spot)
    elif is_blank(entry):
        # A landline is not asked for where a mobile is there (contract).
        excused = spec.type is FieldType.PHONE and has_mobile
        if spot.required and not excused:
            yield spot.defect("field.empty", _how_to_fill(spot))
    elif entry is not None and (spot.required or not _is_struck_out(entry)):
        fault = fault_of(spec, entry.value, ranges=ranges)
        if fault:
            reason = f"（{entry.doubt}）" if entry.doubt else ""
            found = quoted(entry)
            yield spot.defect(
                "field.invalid", f"填写为“{found}”，{fault}{reason}，请填写{hint(spec)}"
            )


def _is_struck_out(entry: Field) -> bool:
    """Does only a stroke or 无 stand there, as where somebody has no fax?"""
    return not has_value(entry) and (is_blanked(entry.raw) or entry.raw.strip() in _NOTHING)


def _options(spot: _Spot) -> Iterator[Defect]:
    spec, entry = spot.spec, spot.entry
    ticked = _ticked(entry)
    unknown = [option for option in ticked if option not in spec.options]
    if not ticked and entry is not None and _has_own_words(spec, entry):
        yield spot.defect(
            "field.choice", f"填写为“{quoted(entry)}”，无法对应选项，请填写{hint(spec)}"
        )
    elif not ticked and spot.required:
        yield spot.defect("field.choice", _too_few(spot, 1))
    elif unknown:
        yield spot.defect(
            "field.choice", f"填写了“{'、'.join(unknown)}”，不在选项之中，请填写{hint(spec)}"
        )
    elif spec.type is FieldType.CHOICE and len(ticked) > 1:
        chosen = "、".join(ticked)
        yield spot.defect("field.choice", f"勾选了{len(ticked)}项（{chosen}），请只选1项")


def _is_meant(rule: FieldsRule, spec: FieldSpec) -> bool:
    return not rule.fields or spec.key in rule.fields


def _rows(
    rule: FieldsRule, case: Case, paper: Paper, form: Form, table: TableSpec
) -> Iterator[Defect]:
    """The filled rows of a list; a column that is gone is complained of once."""
    read = form.table(table.key)
    rows = list(filled_rows(form, table.key, table.columns))
    if read is None or not rows:
        return
    owners = _owners(case, paper.kind, table.key)
    certified = {(r.table, r.column) for r in case.rules(CertificateRule) if r.rollup == paper.kind}
    # a row about an item of another list: that it stands in the wrong one is said elsewhere
    rows = [row for row in rows if not is_about_another(case, paper.kind, table.key, row)]
    mobiles = _mobiles(table.columns)
    mobile = {id(row): _has_any(mobiles, row.cells) for row in rows}
    for column in (entry for entry in table.columns if _is_meant(rule, entry)):
        if read.columns and column.key not in read.columns:
            spot = _Spot(case=case, paper=paper, spec=column, entry=None, where=read.where)
            if spot.required and column.type not in NOT_DEMANDED:
                yield spot.defect("field.empty", "一列未找到，请勿删改表头，并逐行填写该列")
            continue
        for row in rows:
            entry = row.get(column.key)
            spot = _Spot(
                case=case,
                paper=paper,
                spec=column,
                entry=entry,
                where=row.where,
                item=owners.get(id(row)),
            )
            if (table.key, column.key) in certified and is_blank(entry):
                continue
            yield from _value(spot, mobile[id(row)], rule.ranges)


def _owners(case: Case, kind: str, table: str) -> dict[int, int]:
    """Whose row each is in a bundle of many companies, so that one's gap holds up no other."""
    if not case.recommends:
        return {}
    listed = rollup_rows(case, kind, table, name_column(case, kind, table))
    return {id(row.row): min(row.owners) for row in listed if len(row.owners) == 1}


def _texts_that_may_be_separate(case: Case, kind: str) -> set[str]:
    """Fields whose text may come as a file of its own; its absence is complained of there."""
    forms = {entry.id: entry.form for entry in case.campaign.categories}
    return {
        demand.instead
        for demand in case.demands()
        if demand.instead and any(forms.get(name) == kind for name in demand.categories)
    }


def _counted_by_choice(case: Case, kind: str) -> set[str]:
    """Fields for which the campaign has a rule of its own about the number of ticks."""
    awards = {rule.field for rule in case.rules(AwardRule) if rule.kind == kind}
    return awards | {r.field for r in case.rules(ChoiceRule) if r.kind == kind and r.minimum}


def _may_be_left(spot: _Spot) -> bool:
    """Is there nothing here that the other rule would not say?"""
    if spot.spec.type in _CHOICES:
        return not _ticked(spot.entry)
    return is_blank(spot.entry)


def _mobiles(specs: Sequence[FieldSpec]) -> set[str]:
    return {spec.key for spec in specs if spec.type is FieldType.MOBILE}


def _has_any(keys: Collection[str], entries: Sequence[Field]) -> bool:
    """Is one of these fields filled in?"""
    return any(entry.key in keys and has_value(entry) for entry in entries)


def _is_filled(spec: FieldSpec, entry: Field | None) -> bool:
    """Printed boxes without a tick are nothing filled in."""
    if spec.type in _CHOICES and spec.options:
        return bool(_ticked(entry)) or (entry is not None and _has_own_words(spec, entry))
    return not is_blank(entry)


def _ticked(entry: Field | None) -> list[str]:
    if entry is None or not has_value(entry):
        return []
    value = entry.value
    return [str(option) for option in value] if isinstance(value, list) else [str(value)]


def _has_own_words(spec: FieldSpec, entry: Field) -> bool:
    """Does more than the printed options and their boxes stand in the cell?"""
    rest = entry.raw
    for option in sorted(spec.options, key=len, reverse=True):
        rest = rest.replace(option, "")
    return any(letter.isalnum() for letter in rest)


def _too_few(spot: _Spot, minimum: int) -> str:
    options = "、".join(spot.spec.options)
    among = f"在“{options}”中" if options else ""
    amount = f"勾选{minimum}项" if spot.spec.type is FieldType.CHOICE else f"至少勾选{minimum}项"
    found = f"只勾选了{len(_ticked(spot.entry))}项" if _ticked(spot.entry) else "未勾选"
    return f"{found}，请{among}{amount}"


def _how_to_fill(spot: _Spot) -> str:
    entry, wanted = spot.entry, hint(spot.spec)
    if entry is None or not (entry.where or spot.where):
        return f"一栏在表中未找到，请使用通知所附表样，勿删除表格行，并填写{wanted}"
    kind = "请填写" if is_number_type(spot.spec) else "请补充填写"
    return f"未填写，{kind}{wanted}"
