"""The parts of a reply, made from what was decided.

Each function turns decided values into one body of :mod:`mailbot.letters.letter`, in the
words of :mod:`mailbot.letters.wording`; the numbered points stand in
:mod:`mailbot.letters.points`. Pure. Which parts a reply has, and in which order, is for
:mod:`mailbot.letters.reply`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from mailbot.letters import wording
from mailbot.letters.letter import (
    FileRow,
    Files,
    Pair,
    Pairs,
    ReadForm,
    Readings,
    ReadList,
    Result,
    Results,
)
from mailbot.outcome import DossierOutcome
from parsers.model import Document, Form, Table
from parsers.spec import FieldSpec, FieldType, FormSpec, Must
from rules.checks.findings import shown_label
from rules.gathering.papers import is_foreign
from rules.model import Decision, Item, ItemVerdict, Paper
from rules.notice.campaign import Campaign

_TONES = {
    Decision.ACCEPTED: "good",
    Decision.WAITLISTED: "wait",
    Decision.REVIEW: "wait",
    Decision.SUPPLEMENT: "bad",
    Decision.DECLINED: "bad",
}

_HAND = (FieldType.SIGNATURE, FieldType.STAMP, FieldType.SERIAL)
_ROW_CAP = 200  #: rows of a list that are read back


def entries(outcomes: Sequence[DossierOutcome]) -> Iterator[tuple[DossierOutcome, ItemVerdict]]:
    """Every item of every dossier, with its dossier."""
    for outcome in outcomes:
        for entry in outcome.verdict.items:
            yield outcome, entry


def withdrawn(outcomes: Sequence[DossierOutcome]) -> Iterator[tuple[DossierOutcome, Item]]:
    """The items withdrawn by what the letter is about; those withdrawn earlier are not told."""
    for outcome in outcomes:
        for item in outcome.verdict.withdrawn:
            ruling = outcome.rulings.get(item.ordinal)
            if ruling is not None and ruling.what == "withdraw":
                yield outcome, item


def gone(campaign: Campaign, outcomes: Sequence[DossierOutcome]) -> Iterator[str]:
    """Those, by name and number."""
    for outcome, item in withdrawn(outcomes):
        number = outcome.receipts.get(item.ordinal, "")
        yield item_name(campaign, item) + (f"（{number}）" if number else "")


def item_name(campaign: Campaign, item: Item) -> str:
    """质量信得过班组「冲压一班」."""
    category = campaign.category(item.category)
    return f"{category.name}「{wording.clean(item.name)}」"


def results(campaign: Campaign, outcomes: Sequence[DossierOutcome]) -> Results:
    """All items with their decisions and numbers, touched or not; then those withdrawn now."""
    gone = list(withdrawn(outcomes))
    companies = {entry.item.company for _, entry in entries(outcomes)}
    companies |= {item.company for _, item in gone}
    several = len(companies) > 1
    rows = [
        Result(
            name=item_name(campaign, entry.item),
            decision=wording.DECISIONS[entry.decision],
            tone=_TONES[entry.decision],
            receipt=_receipt(outcome, entry),
            company=_company(entry.item) if several else "",
            fresh=entry.item.ordinal in outcome.touched,
        )
        for outcome, entry in entries(outcomes)
    ]
    rows += [
        Result(
            name=item_name(campaign, item),
            decision=wording.STATES["withdrawn"],
            tone="wait",
            company=_company(item) if several else "",
        )
        for _, item in gone
    ]
    return Results(rows=tuple(rows))


def _company(item: Item) -> str:
    """Whose item it is, where its own name does not say so."""
    return wording.clean(item.company) if item.company != item.name else ""


def _receipt(outcome: DossierOutcome, entry: ItemVerdict) -> str:
    if entry.decision is not Decision.ACCEPTED:
        return ""
    return outcome.receipts.get(entry.item.ordinal, "")


def account(campaign: Campaign, outcomes: Sequence[DossierOutcome]) -> Pairs:
    """The fees due and the account; no rows where nothing is to be said about money.

    Amounts count every item that is not declined. A category without a known
    amount is named with its remark and never computed.
    """
    payee = campaign.fees.payee
    live = [(o, e) for o, e in entries(outcomes) if e.decision is not Decision.DECLINED]
    if campaign.fees.policy != "due" or payee is None or not live:
        return Pairs(rows=())
    is_due = _is_due(campaign, outcomes)
    rows: list[Pair] = []
    owed = 0
    for outcome in outcomes:  # each company pays for itself
        several = len({id(entry) for entry, _ in live}) > 1
        own = [entry.item.category for other, entry in live if other is outcome]
        more, total = _owed(campaign, own, f"（{outcome.unit}）" if several else "", is_due=is_due)
        rows += more
        owed += total
    if owed:
        rows.append(Pair(label="收款单位", value=payee.name))
        rows.append(Pair(label="银行账号", value=payee.account))
        rows.append(Pair(label="开户银行", value=payee.bank))
        rows.append(Pair(label="汇款附言", value=payee.remark or "单位名称＋受理编号"))
    return Pairs(rows=tuple(rows))


def _owed(
    campaign: Campaign, applied: Sequence[str], whose: str, *, is_due: bool
) -> tuple[list[Pair], int]:
    """What one unit owes for items of these categories, category by category, and in 元."""
    rows: list[Pair] = []
    total = 0
    for category in campaign.categories:
        count = applied.count(category.id)
        fee = next(
            (entry for entry in campaign.fees.amounts if entry.category == category.id), None
        )
        if not count or fee is None:
            continue
        clause = f"（依据：{wording.clause_text(fee.clause)}）" if fee.clause else ""
        if fee.amount is None:
            remark = fee.note or "费用以协会通知为准。"
        elif not is_due:
            continue
        elif not fee.amount:
            remark = f"不收费{clause}{fee.note}"
        else:
            total += fee.amount * count
            each = f"{wording.money_text(fee.amount)}/{category.counter} × {count}"
            remark = f"{each} = {wording.money_text(fee.amount * count)}{clause}{fee.note}"
        rows.append(Pair(label=f"{category.name}{whose}", value=remark))
    if total:
        rows.append(Pair(label=f"应缴合计{whose}", value=wording.money_text(total)))
    return rows, total


def _is_due(campaign: Campaign, outcomes: Sequence[DossierOutcome]) -> bool:
    """Does the rule about fees still ask for payment? Always where the campaign has none."""
    if all(rule.check != "fee_due" for rule in campaign.rules):
        return True
    found = [finding for outcome in outcomes for finding in outcome.verdict.findings]
    found += [finding for _, entry in entries(outcomes) for finding in entry.findings]
    return any(finding.code == "fee.due" for finding in found)


def files(
    campaign: Campaign, outcomes: Sequence[DossierOutcome], documents: Sequence[Document]
) -> Files:
    """Every file of this mail, members of archives included, and what it was taken for."""
    leaves = [leaf for document in documents for leaf in document.leaves()]
    return Files(
        rows=tuple(
            FileRow(
                name=file_name(leaf, documents),
                size=wording.size_text(leaf.size),
                digest=leaf.sha256[:8],
                known_as=_known_as(campaign, outcomes, leaf),
            )
            for leaf in leaves
        )
    )


def file_name(leaf: Document, documents: Sequence[Document]) -> str:
    """A file's name; without that of the archive where the mail brought nothing else."""
    name = leaf.file
    if len(documents) == 1:
        name = name.removeprefix(f"{documents[0].file}/")
    return wording.clean(name)


def earlier(campaign: Campaign, outcomes: Sequence[DossierOutcome]) -> Files:
    """What earlier mails brought and what is still in force."""
    rows = [
        FileRow(
            name=wording.clean(paper.document.file),
            size=wording.size_text(paper.document.size),
            digest=paper.document.sha256[:8],
            known_as=_paper_name(campaign, outcome, paper),
        )
        for outcome in outcomes
        for paper in outcome.dossier.papers
        if paper.current
        and paper.kind
        and paper.item not in {item.ordinal for item in outcome.verdict.withdrawn}
        and paper.submission != outcome.dossier.submissions[-1].ordinal
    ]
    return Files(rows=tuple(dict.fromkeys(rows)))


def _paper_name(campaign: Campaign, outcome: DossierOutcome, paper: Paper) -> str:
    items = outcome.dossier.items
    item = next((i for i in items if i.ordinal == paper.item), None)
    whose = f"（{wording.clean(item.name)}）" if item else ""
    if item and any(i.name == item.name and i.company != item.company for i in items):
        whose = f"（{wording.clean(item.name)}，{wording.clean(item.company)}）"
    return campaign.paper_name(paper.kind) + whose


def _known_as(campaign: Campaign, outcomes: Sequence[DossierOutcome], leaf: Document) -> str:
    """What a file was recognised as; every form where one file holds several."""
    if leaf.problems and not leaf.forms:
        return not_known(leaf)
    names: list[str] = []
    for outcome in outcomes:
        last = outcome.dossier.submissions[-1].ordinal
        for paper in outcome.dossier.papers:
            if paper.submission != last or paper.document.sha256 != leaf.sha256 or not paper.kind:
                continue
            repeats = "，与此前所报文件相同" if paper.repeats else ""
            if paper.form is None:
                repeats += "，按文件名识别，由工作人员查看"
            if not is_foreign(paper, campaign):
                names.append(_paper_name(campaign, outcome, paper) + repeats)
    names += [
        f"{wording.clean(form.title)}（非本次活动的表格）"
        for form in leaf.forms
        if form.foreign or campaign.id not in form.campaigns
    ]
    if not names and _is_asked_for_again(outcomes, leaf):
        return "扫描件、图片或PDF，见上文的补正要求"
    unknown = "缴费凭证" if _is_proof(outcomes, leaf) else not_known(leaf)
    return "；".join(dict.fromkeys(names)) or unknown


def _is_proof(outcomes: Sequence[DossierOutcome], leaf: Document) -> bool:
    """Does a rule say of this file that it looks like a proof of payment?"""
    return any(
        finding.code.startswith("fee.") and finding.document == leaf.file
        for outcome in outcomes
        for finding in outcome.verdict.findings
    )


def _is_asked_for_again(outcomes: Sequence[DossierOutcome], leaf: Document) -> bool:
    """Has the sender been asked for an editable file instead of this one?"""
    found = [f for outcome in outcomes for f in outcome.verdict.findings]
    found += [f for _, entry in entries(outcomes) for f in entry.findings]
    return any(f.code == "document.not_editable" and f.document == leaf.file for f in found)


def not_known(leaf: Document) -> str:
    """Why a file counts for nothing."""
    return wording.clean(leaf.problems[0].message) if leaf.problems else "未识别为本次申报材料"


def readings(
    campaign: Campaign, outcomes: Sequence[DossierOutcome], *, without: Collection[str] = ()
) -> Readings:
    """What was read of every form that this mail brought, but for some kinds."""
    made = []
    for outcome in outcomes:
        last = outcome.dossier.submissions[-1].ordinal
        for paper in outcome.dossier.papers:
            spec = campaign.form(paper.kind)
            if paper.submission != last or paper.form is None or paper.repeats or spec is None:
                continue
            if paper.kind in without:
                continue
            documents = outcome.dossier.submissions[-1].documents
            file = file_name(paper.document, documents)
            made.append(_read_form(campaign, paper.form, spec, file))
    return Readings(forms=tuple(made))


def _read_form(campaign: Campaign, form: Form, spec: FormSpec, file: str) -> ReadForm:
    pairs = []
    for field in form.fields:
        entry = spec.field(field.key)
        if entry is None or entry.must is Must.HAND or entry.type in _HAND:
            continue
        if entry.must is Must.OPTIONAL and not field.where and field.value is None:
            continue
        pairs.append(Pair(label=_read_label(entry), value=wording.read_text(field, entry)))
    if spec.layout == "text":
        pairs.append(Pair(label="全文字数", value=f"{form.characters} 字"))
    found = [section.title for section in form.sections if section.found]
    if found:
        pairs.append(Pair(label="读到的内容", value="；".join(wording.clean(t) for t in found)))
    return ReadForm(
        title=campaign.paper_name(spec.kind),
        file=file,
        pairs=tuple(pairs),
        lists=tuple(_read_list(spec, table) for table in form.tables if table.rows),
    )


def _read_label(spec: FieldSpec) -> str:
    """A period printed in the heading has no label of its own."""
    if spec.type is FieldType.PERIOD and any(letter.isdigit() for letter in spec.label):
        return "统计期"
    return shown_label(spec)


def _read_list(spec: FormSpec, table: Table) -> ReadList:
    shape = spec.table(table.key)
    columns = {column.key: column for column in shape.columns} if shape else {}
    rows = [
        wording.pairs_text(
            (cell.label, wording.read_text(cell, columns.get(cell.key)))
            for cell in row.cells
            if (cell.value is not None or cell.raw) and not _is_serial(columns.get(cell.key))
        )
        for row in table.rows[:_ROW_CAP]
    ]
    if len(table.rows) > _ROW_CAP:
        rows.append(f"其余 {len(table.rows) - _ROW_CAP} 行从略。")
    title = shape.titles[0] if shape and shape.titles else ""
    return ReadList(title=f"{title}共 {len(table.rows)} 行", rows=tuple(rows))


def _is_serial(spec: FieldSpec | None) -> bool:
    return spec is not None and spec.type is FieldType.SERIAL
