"""Files that stand where a demanded document should: scans, PDFs and files that cannot be read.

The complaint about such a file takes the place of "document missing", so that
nobody is told the same thing twice. Judges nothing itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from parsers.model import Document, Problem
from rules.checks.case import Case
from rules.gathering import papers
from rules.gathering.filenames import guess_kind, has_word, names_item
from rules.model import Item, Paper, Severity, Submission
from rules.notice.settings import EditableRule, IdentityRule, ReadableRule

_UNSAFE = "document.unsafe"


@dataclass(frozen=True, slots=True, kw_only=True)
class StandIn:
    """A file that cannot be used, and the kind of document its name points to."""

    submission: Submission
    document: Document
    kind: str  #: empty: the name says nothing
    problem: Problem | None = None  #: set: it could not be read


def is_picture(case: Case, document: Document) -> bool:
    """Is it a scan, photo or PDF where the campaign wants editable files?"""
    return papers.is_picture(document, case.campaign)


def wanted_editable(case: Case, rule: EditableRule) -> frozenset[str]:
    """The kinds that must come as an editable file."""
    if rule.kinds:
        return frozenset(rule.kinds)
    demanded = {
        demand.kind
        for demand in case.demands()
        if demand.channel == "mail" and demand.severity not in (Severity.INFO, Severity.WARN)
    }
    return frozenset(demanded | {category.form for category in case.campaign.categories})


def pictures(case: Case, rule: EditableRule) -> Iterator[StandIn]:
    """Scans and PDFs in which no form was recognised, evidence and proofs apart.

    Not those that a later mail has answered: their papers are no longer current.
    """
    known = {paper.document.sha256 for paper in case.dossier.papers if paper.kind}
    seen: set[str] = set()
    for submission, document in case.leaves():
        if not is_picture(case, document) or document.sha256 in known | seen:
            continue
        if is_answered(case, submission, document):
            continue
        seen.add(document.sha256)
        kind = guess_kind(case.campaign, document.file)
        makes_item = any(True for _ in case.campaign.item_categories(kind))
        # A scan of a form may be all there is of an item: that is never let pass.
        if has_word(document.file, rule.exempt_words) and not makes_item:
            continue
        yield StandIn(submission=submission, document=document, kind=kind)


def has_editable(case: Case, kind: str, item: int | None) -> bool:
    """Has an editable file of this kind come at any time, besides the scan?"""
    return any(
        paper.kind == kind
        and (item is None or paper.item == item)
        and not is_picture(case, paper.document)
        and not case.is_foreign(paper)
        for paper in case.dossier.papers
    )


def unreadable(case: Case) -> Iterator[StandIn]:
    """Every file with a problem that no later mail has answered, archives and members alike.

    Macros are no hindrance where a form was read all the same. Scans and PDFs
    are left to the rule about editable files where the campaign has one. What is wrong
    with a bomb is said of the outermost archive: it is to be made anew, and all in it.
    """
    newest: dict[tuple[str, str, str], StandIn] = {}
    editable = any(True for _ in case.rules(EditableRule))
    for submission in case.dossier.submissions:
        bombs: list[Document] = []
        for document in _all(submission.documents):
            inside = any(document.file.startswith(f"{bomb.file}/") for bomb in bombs[-1:])
            if document.members and not inside and _is_unsafe(document):
                bombs.append(document)
            if document.problems and is_answered(case, submission, document):
                continue
            for problem in document.problems:
                if inside and problem.code == _UNSAFE:
                    continue
                plain = problem.code in ("document.unreadable", "document.not_editable")
                if plain and editable and is_picture(case, document):
                    continue
                kind = guess_kind(case.campaign, document.file)
                entry = StandIn(
                    submission=submission, document=document, kind=kind, problem=problem
                )
                newest[(document.sha256, document.file, problem.code)] = entry
    yield from newest.values()


def _is_unsafe(document: Document) -> bool:
    return any(problem.code == _UNSAFE for problem in document.problems)


def is_answered(case: Case, submission: Submission, document: Document) -> bool:
    """Has a later mail brought what takes the place of this file?

    As the dossier says of its papers; for an archive, which is no paper, any
    later mail that brought something known: what still lacks is asked for by itself.
    """
    own = [
        paper
        for paper in case.dossier.papers
        if paper.submission == submission.ordinal and paper.document.sha256 == document.sha256
    ]
    if own:
        return not any(paper.current for paper in own)
    return any(
        paper.kind and not paper.repeats and paper.submission > submission.ordinal
        for paper in case.dossier.papers
    )


def was_read(document: Document) -> bool:
    """Was something of use found in the file, its problems aside?"""
    return bool(document.forms) or any(map(was_read, document.members))


def stand_ins(case: Case) -> list[Mapping[str, Sequence[StandIn]]]:
    """The files that are complained of anyway, by kind; one mapping for each such rule."""
    found: list[list[StandIn]] = []
    for rule in case.rules(EditableRule):
        wanted = wanted_editable(case, rule)
        found.append([entry for entry in pictures(case, rule) if entry.kind in wanted])
    if any(True for _ in case.rules(ReadableRule)):
        found.append([entry for entry in unreadable(case) if not was_read(entry.document)])
    found.append(list(_known_by_name(case)))
    grouped: list[Mapping[str, Sequence[StandIn]]] = []
    for entries in found:
        by_kind: dict[str, list[StandIn]] = {}
        for entry in entries:
            by_kind.setdefault(entry.kind, []).append(entry)
        grouped.append(by_kind)
    return grouped


def _known_by_name(case: Case) -> Iterator[StandIn]:
    """Pictures that nobody could read and that a person looks at instead."""
    mails = {entry.ordinal: entry for entry in case.dossier.submissions}
    for paper in case.dossier.papers:
        if paper.form is None and paper.kind and paper.current and paper.submission in mails:
            yield StandIn(
                submission=mails[paper.submission], document=paper.document, kind=paper.kind
            )


def replaced(
    case: Case,
    files: Sequence[Mapping[str, Sequence[StandIn]]],
    kind: str,
    item: Item | None = None,
) -> bool:
    """Does another complaint already stand for the absence of this document?

    ``files`` are those of :func:`stand_ins`.
    """
    if any(_stands_for(case, by_kind.get(kind, ()), kind, item) for by_kind in files):
        return True
    if any(True for _ in case.rules(IdentityRule)):
        return any(_is_foreign_of(case, paper, kind, item) for paper in case.dossier.papers)
    return False


def _is_foreign_of(case: Case, paper: Paper, kind: str, item: Item | None) -> bool:
    owner = item is None or paper.item in (None, item.ordinal)
    return paper.kind == kind and paper.current and owner and case.is_foreign(paper)


def _stands_for(case: Case, files: Sequence[StandIn], kind: str, item: Item | None) -> bool:
    """Files that name an item stand for it; others only if there are enough for all."""
    if item is None or not files:
        return bool(files)
    if any(names_item(entry.document.file, item.name) for entry in files):
        return True
    lacking = [
        other
        for other in case.items((item.category,))
        if not any(True for _ in case.dossier.current(kind, other.ordinal))
    ]
    named = [
        entry
        for entry in files
        if any(names_item(entry.document.file, other.name) for other in lacking)
    ]
    unnamed_items = [
        other
        for other in lacking
        if not any(names_item(entry.document.file, other.name) for entry in files)
    ]
    return len(files) - len(named) >= len(unnamed_items)


def _all(documents: tuple[Document, ...]) -> Iterator[Document]:
    for document in documents:
        yield document
        yield from _all(document.members)
