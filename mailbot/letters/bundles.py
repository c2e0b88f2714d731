"""The parts of a reply about many items: a recommending unit's bundle, at a length people read.

The same facts as :mod:`mailbot.letters.sections` states one by one, told item by item:
an overview, the files of each item in one line, the values of each form in one line.
Pure. Decides nothing but how much is shown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from mailbot.letters import sections, wording
from mailbot.letters.letter import Pair, Pairs, ReadForm, Readings, ReadList, Result, Results
from mailbot.outcome import DossierOutcome
from parsers.model import Document, Form
from parsers.spec import FieldType, FormSpec, Must
from rules.model import Decision, Item, ItemVerdict, Paper, Severity
from rules.notice.campaign import Campaign

#: Files and papers of an item, as a rule of thumb for when a list of files is long.
_FILES_EACH = 2

#: From more items than this on, a reply tells them item by item.
MANY = 10

#: What of an item's form is shown among many: names for certificates, and whom to reach.
_SHOWN = (FieldType.NAMES, FieldType.CHOICE, FieldType.PERSON, FieldType.MOBILE)

#: Files in which nothing was found that are listed one by one.
_OTHERS = 100

_Key = tuple[str, str]  # name and SHA-256 of a file

_ASKED = (Severity.ASK, Severity.REJECT)


def are_many(outcomes: Sequence[DossierOutcome]) -> bool:
    """Are there so many items that they are told in short?"""
    return sum(len(outcome.verdict.items) for outcome in outcomes) > MANY


def are_many_forms(campaign: Campaign, outcomes: Sequence[DossierOutcome]) -> bool:
    """Did this mail bring so many forms of items that they are read back in short?"""
    items = {category.form for category in campaign.categories}
    brought = sum(
        paper.kind in items and paper.submission == outcome.dossier.submissions[-1].ordinal
        for outcome in outcomes
        for paper in outcome.dossier.papers
    )
    return brought > MANY


def overview(outcomes: Sequence[DossierOutcome]) -> str:
    """共 30 项：受理 22 项，补正 8 项。 With the decisions in the order of the rows."""
    counted = Counter(entry.decision for _, entry in sections.entries(outcomes))
    grave = sorted(counted, key=lambda decision: -decision.gravity)
    told = "，".join(f"{wording.DECISIONS[decision]} {counted[decision]} 项" for decision in grave)
    return f"共 {sum(counted.values())} 项：{told}。"


def results(campaign: Campaign, outcomes: Sequence[DossierOutcome]) -> Results:
    """Every item with what it still needs; those that need most come first."""
    whole = sections.results(campaign, outcomes)
    pairs = list(zip(whole.rows, sections.entries(outcomes), strict=True))
    pairs.sort(key=lambda pair: (-pair[1][1].decision.gravity, not _own(pair[1][1])))
    return Results(rows=tuple(_with_remark(row, entry) for row, (_, entry) in pairs))


def _with_remark(row: Result, entry: ItemVerdict) -> Result:
    own = _own(entry)
    if entry.decision is not Decision.SUPPLEMENT:
        return row
    remark = f"本项 {own} 处" if own else "本项无误，待整体材料补正"
    return replace(row, remark=remark)


def _own(entry: ItemVerdict) -> int:
    return sum(finding.severity in _ASKED for finding in entry.findings)


def files(
    campaign: Campaign, outcomes: Sequence[DossierOutcome], documents: Sequence[Document]
) -> Pairs:
    """The files of this mail by item; what was not recognised, file by file.

    Each with its size and the beginning of its SHA-256, as evidence of what arrived.
    """
    told: dict[_Key, Document] = {}
    #: owner -> file -> what was found in it; a file may hold papers of several owners
    rows: dict[str, dict[_Key, list[str]]] = {}
    for outcome in outcomes:
        last = outcome.dossier.submissions[-1].ordinal
        for paper in outcome.dossier.papers:
            if paper.submission != last or not paper.kind:
                continue
            repeats = "（与此前所报相同）" if paper.repeats else ""
            item = _item(outcome, paper)
            mine = rows.setdefault(_titled(item) if item else "整体材料", {})
            name = campaign.paper_name(paper.kind) + repeats
            key = paper.document.file, paper.document.sha256
            told[key] = paper.document
            mine.setdefault(key, []).append(name)
    made = [
        Pair(
            label=owner,
            value="；".join(
                f"{'、'.join(names)}{_print(told[key])}" for key, names in mine.items()
            ),
        )
        for owner, mine in rows.items()
    ]
    others = tuple(_others(documents, told))
    rest = len(others) - _OTHERS
    if rest > 0:
        more = Pair(label=f"其余 {rest} 个文件", value="不逐一列出，原件均已存档")
        others = (*others[:_OTHERS], more)
    return Pairs(rows=(*made, *others))


def _others(documents: Sequence[Document], told: Mapping[_Key, Document]) -> Iterator[Pair]:
    """The files no paper was found in: the same bytes as another, or not known."""
    known = {document.sha256: document for document in told.values()}
    for leaf in (leaf for document in documents for leaf in document.leaves()):
        if (leaf.file, leaf.sha256) in told:
            continue
        same = known.get(leaf.sha256)
        what = (
            f"与“{sections.file_name(same, documents)}”内容相同"
            if same
            else sections.not_known(leaf)
        )
        yield Pair(label=sections.file_name(leaf, documents), value=what + _print(leaf))


def _print(document: Document) -> str:
    """（12.3 KB，a1b2c3d4）."""
    return f"（{wording.size_text(document.size)}，{document.sha256[:8]}）"


def are_many_files(documents: Sequence[Document]) -> bool:
    """Are there so many files that they are told item by item?"""
    return count_files(documents) > MANY * _FILES_EACH


def count_files(documents: Sequence[Document]) -> int:
    """How many files the mail brought, members of archives counted singly."""
    return sum(1 for document in documents for _ in document.leaves())


def readings(campaign: Campaign, outcomes: Sequence[DossierOutcome]) -> Readings:
    """The unit's own tables as they were read; each item's form in one line."""
    items = {category.form for category in campaign.categories}
    texts = {form.kind for form in campaign.forms if form.layout == "text"}
    whole = sections.readings(campaign, outcomes, without=items | texts)
    rows: dict[str, list[str]] = {}
    for outcome in outcomes:
        last = outcome.dossier.submissions[-1].ordinal
        for paper in outcome.dossier.papers:
            spec = campaign.form(paper.kind)
            if paper.submission != last or paper.repeats or spec is None or paper.form is None:
                continue
            if paper.kind in items:
                rows.setdefault(paper.kind, []).append(_in_one_line(paper.form, spec))
    brief = [
        ReadForm(
            title=campaign.paper_name(kind),
            file="",
            pairs=(),
            lists=(ReadList(title=f"共 {len(lines)} 份，摘要", rows=tuple(lines)),),
        )
        for kind, lines in rows.items()
    ]
    return Readings(forms=(*brief, *whole.forms))


def _in_one_line(form: Form, spec: FormSpec) -> str:
    return wording.pairs_text(
        (entry.label, wording.read_text(entry, shape))
        for entry in form.fields
        if (shape := spec.field(entry.key)) is not None
        and (shape.must is Must.STATED or shape.type in _SHOWN)
    )


def _item(outcome: DossierOutcome, paper: Paper) -> Item | None:
    return next((i for i in outcome.dossier.items if i.ordinal == paper.item), None)


def _titled(item: Item) -> str:
    name, company = wording.clean(item.name), wording.clean(item.company)
    return company if name == company else f"{company}「{name}」"
