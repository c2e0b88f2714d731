"""From a defect that a rule saw to the finding that is recorded and told.

A rule knows code, place and words; severity, clause and number come from the
campaign's data and are joined here. Decides nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass

from parsers.model import Field, Form
from parsers.spec import FieldSpec
from parsers.values.typed import points_above
from rules.checks.case import Case
from rules.model import Finding, Paper, Severity
from rules.notice.campaign import Campaign, Demand
from rules.notice.rulebase import RuleBase


@dataclass(frozen=True, slots=True, kw_only=True)
class Defect:
    """What a rule found, before the campaign says how grave it is.

    ``severity`` is set only where the contract fixes it whatever the campaign
    says (a late correction, a document that stands twice).
    """

    code: str
    message: str
    severity: Severity | None = None
    document: str = ""
    kind: str = ""
    where: str = ""
    field: str = ""
    label: str = ""
    item: int | None = None
    categories: tuple[str, ...] = ()
    mail: int | None = None


def finding(
    defect: Defect, *, severity: Severity, clause: str = "", rule: str = "", note: str = ""
) -> Finding:
    """Join a defect with what the campaign's data says about it."""
    return Finding(
        code=defect.code,
        severity=defect.severity or severity,
        message=f"{defect.message}{note}",
        rule=rule,
        clause=clause,
        document=defect.document,
        kind=defect.kind,
        where=defect.where,
        field=defect.field,
        label=defect.label,
        item=defect.item,
        categories=defect.categories,
        mail=defect.mail,
    )


def by_rule(defect: Defect, rule: RuleBase) -> Finding:
    """The finding of a rule of the campaign."""
    return finding(defect, severity=rule.severity, clause=rule.clause, rule=rule.id, note=rule.note)


def by_demand(defect: Defect, demand: Demand) -> Finding:
    """The finding about a document the campaign asks for."""
    return finding(
        defect,
        severity=demand.severity,
        clause=demand.clause,
        rule=demand.rule,
        note=demand.note,
    )


def about_paper(
    case: Case,
    paper: Paper,
    code: str,
    message: str,
    *,
    where: str = "",
    severity: Severity | None = None,
) -> Defect:
    """A defect of a whole paper, filed with its item or with the categories it concerns."""
    item, categories = case.concern(paper)
    return Defect(
        code=code,
        message=message,
        severity=severity,
        document=paper.document.file,
        kind=paper.kind,
        where=where,
        item=item,
        categories=categories,
    )


def about_field(
    case: Case,
    paper: Paper,
    code: str,
    message: str,
    *,
    key: str,
    label: str,
    where: str = "",
    item: int | None = None,
) -> Defect:
    """A defect of one field or cell; ``item`` where a row of a list is about one item."""
    own, categories = case.concern(paper)
    if item is not None:
        own, categories = item, ()
    return Defect(
        code=code,
        message=message,
        document=paper.document.file,
        kind=paper.kind,
        where=where,
        field=key,
        label=label,
        item=own,
        categories=categories,
    )


def shown_label(spec: FieldSpec) -> str:
    """A label as it is shown: without blanks, star and colon, under its row header."""
    label = "".join(spec.label.split()).lstrip("*＊").rstrip("：:")
    if not spec.scope:
        return label
    return f"{''.join(spec.scope[0].split()).rstrip('：:')}—{label}"


def place(campaign: Campaign, kind: str, where: str, label: str) -> str:
    """Where to look: 附件二《…》表1 第3行第4列“邮编”."""
    return f"{campaign.paper_name(kind)}{where}“{label}”"


def field_label(campaign: Campaign, form: Form, key: str, table: str | None = None) -> str:
    """How a field or column is called on the form, for messages."""
    spec = campaign.form(form.kind)
    if spec and table:
        columns = getattr(spec.table(table), "columns", ())
        found = next((column for column in columns if column.key == key), None)
    else:
        found = spec.field(key) if spec else None
    if found:
        return shown_label(found)
    entry = form.get(key)
    return entry.label if entry and entry.label else key


def quoted(entry: Field | None, limit: int = 40) -> str:
    """What stands in a field, shortened for a message; of a ditto what it means."""
    text = "" if entry is None else " ".join(entry.raw.split())
    if (not text or points_above(text)) and entry is not None and entry.value is not None:
        text = (
            "、".join(map(str, entry.value)) if isinstance(entry.value, list) else str(entry.value)
        )
    return text if len(text) <= limit else f"{text[:limit]}…"
