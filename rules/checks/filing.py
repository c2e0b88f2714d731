"""Files as files: can they be read and edited, are they of this campaign, do they stand twice.

The content of forms is judged elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from parsers.model import Form
from rules.checks.case import Case
from rules.checks.completeness import has_come, missing
from rules.checks.crowds import file_words, gathered
from rules.checks.fileformats import program_name
from rules.checks.findings import Defect, about_paper
from rules.checks.standins import (
    StandIn,
    has_editable,
    is_picture,
    pictures,
    unreadable,
    wanted_editable,
    was_read,
)
from rules.gathering.filenames import has_word, names_item
from rules.gathering.routing import unit_name
from rules.model import Item, Paper, Severity
from rules.notice.settings import (
    EditableRule,
    FeeProofRule,
    FormatRule,
    IdentityRule,
    ReadableRule,
    RepeatedRule,
    UnknownRule,
)

#: What the sender can do about a file, by the code of its problem.
_CURES = {
    "document.unreadable": "请检查文件能否正常打开，另存为Word或Excel文件后重新发送",
    "document.encrypted": "请取消密码后重新发送",
    "document.macro": "请另存为不含宏的文件后重新发送",
    "document.too_large": "请压缩图片或分成几个文件后重新发送",
    "document.cloud_link": "请将文件作为普通附件直接发送",
    "document.unsafe": "请将其中的文件取出，作为普通附件重新发送",
}

#: Problems of a file in which a form was read all the same: staff look at it.
_HARMLESS = {"document.macro", "document.unsafe"}

#: Extensions under which forms travel; a file of no known format under another is no form.
_DOCUMENTS = re.compile(
    r"\.(do[ct][xm]?|wp[st]|rtf|xls[xm]?|ett?|csv|pdf|ofd|od[ts]|pages|numbers|txt|html?|mht|jpe?g"
    r"|png|bmp|gif|tiff?|heic|webp|zip|rar|7z|tar|gz|tgz|eml|msg|dat)$",
    re.IGNORECASE,
)


def readable(rule: ReadableRule, case: Case) -> Iterator[Defect]:
    """Files that could not be read, or only with a risk. Codes ``document.unreadable`` and kin."""
    _ = rule
    yield from gathered(_unread(case))


def _unread(case: Case) -> Iterator[Defect]:
    for entry in unreadable(case):
        problem = entry.problem
        if problem is None:
            continue
        if _is_of_no_interest(entry):
            yield _about_file(
                case,
                entry,
                "document.unknown",
                f"{file_words(entry.document.file)}的格式无法识别，请查看。",
                severity=Severity.WARN,
            )
            continue
        partly = problem.code == "document.partial"  # of a picture: for staff to look at
        used = partly or (problem.code in _HARMLESS and bool(entry.document.forms))
        used = used or (problem.code == "document.macro" and was_read(entry.document))
        said = problem.message.rstrip("。；，")
        message = f"{file_words(entry.document.file)}：{said}。"
        # The reader of a format often knows the better cure and has said it.
        cure = "" if "请" in said else f"{_CURES.get(problem.code, '请处理后重新发送')}。"
        yield _about_file(
            case,
            entry,
            problem.code,
            message if used else f"{message}{cure}",
            severity=Severity.WARN if used else None,
        )


def _is_of_no_interest(entry: StandIn) -> bool:
    """Is it no document at all by content, by extension and by name (a signature, a drawing)?"""
    file = PurePosixPath(entry.document.file)
    return (
        entry.document.format == "unknown"
        and entry.document.size > 0
        and not entry.kind
        and file.suffix != ""
        and not _DOCUMENTS.search(file.name)
    )


def editable(rule: EditableRule, case: Case) -> Iterator[Defect]:
    """A scan or PDF where an editable file is demanded. Code ``document.not_editable``."""
    kinds = wanted_editable(case, rule)
    for paper in case.dossier.papers:
        if not paper.current or paper.kind not in kinds or case.is_foreign(paper):
            continue
        if is_picture(case, paper.document) and not has_editable(case, paper.kind, paper.item):
            message = _send_editable(case, paper.document.file, paper.kind)
            yield about_paper(case, paper, "document.not_editable", message)
    for paper in case.dossier.papers:
        known = _newest_editable(case, paper)
        if known is not None and paper.kind in kinds and _says_otherwise(paper, known):
            yield about_paper(
                case,
                paper,
                "document.not_editable",
                f"后收到的文件“{paper.document.file}”与此前的{case.campaign.paper_name(paper.kind)}"
                f"（文件“{known.document.file}”）内容不同，但为扫描件、图片或PDF，无法编辑，"
                f"现仍以“{known.document.file}”为准；如有修改，请改发可编辑的电子版。",
            )
    nameless = []
    for entry in pictures(case, rule):
        if not entry.kind:
            nameless.append(entry)
        elif entry.kind in kinds and _is_needed(case, entry):
            message = _send_editable(case, entry.document.file, entry.kind)
            yield _about_file(case, entry, "document.not_editable", message)
    if nameless and (not case.dossier.items or _lacks_something(case)):
        files = "、".join(f"“{entry.document.file}”" for entry in nameless)
        yield _about_file(
            case,
            nameless[0],
            "document.not_editable",
            f"文件{files}为扫描件、图片或PDF，无法编辑；"
            "如系申报材料，请改发可编辑的电子版（Word、WPS或Excel文件）。",
        )


def _newest_editable(case: Case, paper: Paper) -> Paper | None:
    """The editable file in force that a later scan or PDF does not replace."""
    if not is_picture(case, paper.document) or paper.repeats or case.is_foreign(paper):
        return None
    return next(
        (
            other
            for other in case.dossier.current(paper.kind, paper.item)
            if other.submission < paper.submission and not is_picture(case, other.document)
        ),
        None,
    )


def _says_otherwise(paper: Paper, known: Paper) -> bool:
    """Does a value that was read with certainty in both differ?"""
    if paper.form is None or known.form is None:
        return False
    return any(
        entry.value is not None
        and other.value is not None
        and not (entry.doubt or other.doubt)
        and entry.value != other.value
        for entry in paper.form.fields
        if (other := known.form.get(entry.key)) is not None
    )


def unknown(rule: UnknownRule, case: Case) -> Iterator[Defect]:
    """Files in which nothing known was found. Code ``document.unknown``."""
    _ = rule
    yield from gathered(_unknown(case))


def _unknown(case: Case) -> Iterator[Defect]:
    proofs = tuple(word for fee in case.rules(FeeProofRule) for word in fee.words)
    for paper in case.dossier.papers:
        document = paper.document
        if paper.kind or paper.repeats or not paper.current or document.problems:
            continue
        if not has_word(document.file, proofs):
            yield Defect(
                code="document.unknown",
                message=f"{file_words(document.file)}中未识别出通知所列的表格或材料，请查看。",
                document=document.file,
                mail=paper.submission,
            )


def identity(rule: IdentityRule, case: Case) -> Iterator[Defect]:
    """Forms of another year or association. Code ``form.wrong_campaign``."""
    _ = rule
    for paper in case.dossier.papers:
        if not paper.current or paper.form is None or not case.is_foreign(paper):
            continue
        reason = f"：{said}。" if (said := paper.form.foreign.rstrip("。")) else "，"
        title = f"（标题为“{paper.form.title}”）" if paper.form.title else ""
        yield about_paper(
            case,
            paper,
            "form.wrong_campaign",
            f"文件“{paper.document.file}”{title}不是本次活动的表样{reason}"
            f"请改用本次通知的{case.campaign.paper_name(paper.kind)}填写后重新发送。",
            where=paper.form.where,
        )


def repeated(rule: RepeatedRule, case: Case) -> Iterator[Defect]:
    """Files that stand twice, and differing versions of one form in one mail.

    Codes ``document.duplicate`` (information, by contract), ``form.versions``.
    """
    _ = rule
    yield from gathered(_doubles(case))
    yield from _versions(case)


def _doubles(case: Case) -> Iterator[Defect]:
    told: set[tuple[int, str]] = set()
    for paper in case.dossier.papers:
        if paper.repeats and (paper.submission, paper.document.sha256) not in told:
            told.add((paper.submission, paper.document.sha256))
            yield Defect(
                code="document.duplicate",
                message=f"{file_words(paper.document.file)}与此前收到的文件内容完全相同，不重复处理。",
                severity=Severity.INFO,
                document=paper.document.file,
                kind=paper.kind,
                mail=paper.submission,
            )


def _versions(case: Case) -> Iterator[Defect]:
    groups: dict[tuple[int, str, int | None, str], list[Paper]] = {}
    for paper in case.dossier.papers:
        if paper.kind and paper.form and not paper.repeats and _is_single(case, paper):
            # what the companies of a bundle have written is no version of their unit's own
            of_all = case.recommends and paper.item is None
            whose = unit_name(paper.form, case.tier, case.campaign) if of_all else ""
            group = (paper.submission, paper.kind, paper.item, whose)
            groups.setdefault(group, []).append(paper)
    for papers in groups.values():
        valid = next((paper for paper in papers if paper.current), None)
        others = [
            paper for paper in papers if valid and paper.document.sha256 != valid.document.sha256
        ]
        differing = [paper for paper in others if valid and _differ(paper.form, valid.form)]
        if valid and differing:
            files = "、".join(f"“{paper.document.file}”" for paper in [*differing, valid])
            yield about_paper(
                case,
                valid,
                "form.versions",
                f"同一封邮件中有内容不同的{case.campaign.paper_name(valid.kind)}（{files}），"
                f"现以“{valid.document.file}”为准；如有不符，请只发送正确的一份。",
            )


def _is_single(case: Case, paper: Paper) -> bool:
    """Is there only one of its kind, so that two of them are versions?

    Lists may come in parts, and a text that names no item may be of any; a scan
    beside an editable file is no version of it.
    """
    spec = case.campaign.form(paper.kind)
    if spec is None or spec.several or spec.layout == "list" or is_picture(case, paper.document):
        return False
    if paper.item is not None:
        return True
    return any(demand.kind == paper.kind and demand.of == "unit" for demand in case.demands())


def _differ(one: Form | None, other: Form | None) -> bool:
    """Do two forms say different things? Texts without fields: by their length."""
    if one is None or other is None:
        return False
    return _content(one) != _content(other)


def _content(form: Form) -> object:
    fields = {entry.key: (entry.value, entry.raw.strip()) for entry in form.fields}
    lists = {
        table.key: [[(cell.key, cell.value) for cell in row.cells] for row in table.rows]
        for table in form.tables
    }
    return fields, lists, None if fields or lists else form.characters


def _is_needed(case: Case, entry: StandIn) -> bool:
    """Does the document this scan shows not stand in the dossier in another way?

    For the item the file names; where it names none, for any.
    """
    named = [
        item
        for item in case.dossier.items
        if names_item(entry.document.file, item.name) and _makes_or_serves(case, entry.kind, item)
    ]
    if any(True for _ in case.campaign.item_categories(entry.kind)):
        return not has_editable(case, entry.kind, named[0].ordinal if named else None)
    for demand in case.demands():
        if demand.kind != entry.kind:
            continue
        items = named or list(case.items(demand.categories))
        if demand.of == "unit" and items and not has_come(case, demand, None):
            return True
        if demand.of == "item" and any(not has_come(case, demand, item) for item in items):
            return True
    return False


def _makes_or_serves(case: Case, kind: str, item: Item) -> bool:
    category = case.category(item)
    if category is not None and category.form == kind:
        return True
    return any(
        demand.kind == kind and demand.of == "item" and item.category in demand.categories
        for demand in case.demands()
    )


def _lacks_something(case: Case) -> bool:
    return any(finding.code == "document.missing" for finding in missing(case))


def _send_editable(case: Case, file: str, kind: str) -> str:
    wanted = next(
        (program_name(r.formats[0]) for r in case.rules(FormatRule) if kind in r.kinds), ""
    )
    return (
        f"文件“{file}”为扫描件、图片或PDF，无法编辑；"
        f"请改发可编辑的{case.campaign.paper_name(kind)}电子版（{wanted or 'Word、WPS或Excel'}文件）。"
    )


def _about_file(
    case: Case, entry: StandIn, code: str, message: str, *, severity: Severity | None = None
) -> Defect:
    """A defect of a file that is no paper: its item by name, else the categories of its kind."""
    item = next(
        (
            item.ordinal
            for item in case.dossier.items
            if entry.kind
            and names_item(entry.document.file, item.name)
            and _makes_or_serves(case, entry.kind, item)
        ),
        None,
    )
    return Defect(
        code=code,
        message=message,
        severity=severity,
        document=entry.document.file,
        kind=entry.kind,
        item=item,
        categories=() if item is not None else case.categories_of(entry.kind),
        mail=entry.submission.ordinal,
    )
