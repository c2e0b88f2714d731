"""Which of the sender's own files go back with comments, and what stands in the comments.

A request to put something right names every fault with its place; where the file is a
.docx or .xlsx, a copy shows the place itself. Decided here are only names and texts:
making the copies means taking strangers' files apart, which is done elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from mailbot.letters import wording
from mailbot.letters.request import ReplyRequest
from mailbot.outcome import Copy, DossierOutcome
from mailbot.render import paragraphs
from parsers.limits import MEGABYTE
from parsers.model import Document, Format
from rules.model import Finding, Severity

COPIED: tuple[Format, ...] = ("docx", "xlsx")

_MOST = 10  #: copies with one reply
_LARGEST = 3 * MEGABYTE  #: of one file; some mailboxes take no more than 20 MB in one mail
_ALL = 8 * MEGABYTE


def copies_of(request: ReplyRequest) -> tuple[Copy, ...]:
    """The copies that a reply calls for, in the order in which the files were sent."""
    made: list[Copy] = []
    weight = 0
    for outcome in request.outcomes:
        for document in _sent_now(outcome):
            notes = tuple(_notes(outcome, document))
            known = any(copy.sha256 == document.sha256 for copy in made)
            if not notes or known or document.size > _LARGEST:
                continue
            weight += document.size
            if len(made) == _MOST or weight > _ALL:
                return tuple(made)
            made.append(
                Copy(
                    name=_name(document),
                    sha256=document.sha256,
                    format=document.format,
                    author=request.campaign.signature,
                    notes=notes,
                )
            )
    return tuple(made)


def sentence() -> str:
    """What the letter says of the copies: one paragraph, the same in text and HTML."""
    return paragraphs("reply/say/copies.j2")[0]


def _sent_now(outcome: DossierOutcome) -> Iterator[Document]:
    """The files of this mail with a form of the campaign that is in force."""
    latest = outcome.dossier.submissions[-1].ordinal
    seen: set[str] = set()
    for paper in outcome.dossier.papers:
        document = paper.document
        if paper.submission != latest or not paper.current or document.sha256 in seen:
            continue
        if paper.form is None or outcome.dossier.campaign not in paper.form.campaigns:
            continue
        seen.add(document.sha256)
        if document.format in COPIED and not document.problems:
            yield document


def _notes(outcome: DossierOutcome, document: Document) -> Iterator[tuple[str, str]]:
    """Place and text of every fault that the sender is to put right in this file."""
    findings = [
        *outcome.verdict.findings,
        *(entry for judged in outcome.verdict.items for entry in judged.findings),
    ]
    for finding in findings:
        asked = finding.severity is Severity.ASK and finding.document == document.file
        if asked and finding.where:
            yield finding.where, _text(finding)


def _text(finding: Finding) -> str:
    clause = wording.clause_text(finding.clause)
    return wording.clean(finding.message) + (f"（依据：{clause}）" if clause else "")


def _name(document: Document) -> str:
    """表（批注）.docx, without the folders of an archive."""
    name = PurePosixPath(wording.clean(document.file).replace("\\", "/")).name
    stem = name.rpartition(".")[0] or name
    return f"{wording.shorten(stem, 80)}（批注）.{document.format}"
