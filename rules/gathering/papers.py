"""Which papers a dossier holds, and which of them are in force.

A paper is one form or text out of one document. This room flattens what was
read into papers and says of several versions which one counts. It knows no rule of any notice.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import PurePosixPath

from parsers.forms.labels import normalise_name
from parsers.model import Document, Form
from rules.gathering.filenames import guess_kind, names_item
from rules.model import Paper, Submission
from rules.notice.campaign import Campaign
from rules.notice.figuresettings import RowsRule
from rules.notice.settings import EditableRule

#: Formats that show a document without letting anybody edit it.
PICTURES = ("pdf", "image")


def file_papers(submissions: Sequence[Submission], campaign: Campaign) -> list[Paper]:
    """Every form of every document, in the order sent; none assigned to an item yet.

    A picture nobody could read is a paper without form, of the kind its name says.
    """
    papers: list[Paper] = []
    seen: set[str] = set()
    for submission in submissions:
        for document in submission.documents:
            for leaf in document.leaves():
                repeats = leaf.sha256 in seen
                seen.add(leaf.sha256)
                forms: Iterable[Form | None] = leaf.forms or (None,)
                papers += [
                    Paper(
                        submission=submission.ordinal,
                        arrived=submission.arrived,
                        document=leaf,
                        form=form,
                        kind=form.kind if form else kind_by_name(leaf, campaign),
                        repeats=repeats,
                    )
                    for form in forms
                ]
    return papers


def in_force(
    papers: Sequence[Paper],
    campaign: Campaign,
    names: Iterable[str],
    owners: Owners | None = None,
) -> list[Paper]:
    """The same papers with ``current`` set: the newest of each kind and item.

    ``names`` are the items' names as they are now. A form of another year or
    association never takes the place of a right one; a list stays beside a
    newer list of other items as long as all its own rows still have their item;
    where editable files are asked for, a scan or PDF takes the place of none, however
    new it is.
    """
    named = list(names)
    known = {normalise_name(name) for name in named}
    result = []
    papers = [replace(paper, held=owners is not None and owners.holds(paper)) for paper in papers]
    beside = defaultdict(list)
    for index, paper in enumerate(papers):
        if not paper.held:
            beside[paper.kind, paper.item].append((index, paper))
    for index, paper in enumerate(papers):
        later: Sequence[Paper] = [other for other in papers[index + 1 :] if not other.held]
        earlier: Sequence[Paper] = [other for other in papers[:index] if not other.held]
        if paper.held:
            gone = True
        elif paper.kind == "":
            gone = _answered(paper, later, campaign)
        elif paper.form is None:
            gone = _is_read_elsewhere(paper, [*earlier, *later], campaign, named)
        elif is_foreign(paper, campaign):
            rivals = [*earlier, *later]
            gone = any(
                _same_place(paper, other, campaign) and not is_foreign(other, campaign)
                for other in rivals
            ) or any(_same_place(paper, other, campaign) for other in later)
        else:
            near = beside[paper.kind, paper.item]
            earlier = [p for i, p in near if i < index and _same_place(paper, p, campaign)]
            later = [p for i, p in near if i > index and _same_place(paper, p, campaign)]
            edited = [p for p in earlier if not is_copy(p.document, campaign, p.kind)]
            rivals = [p for p in later if not is_copy(p.document, campaign, p.kind)]
            if is_copy(paper.document, campaign, paper.kind):
                rivals = [*edited, *later]
            rivals = [p for p in rivals if not _is_print_of(paper, p, campaign)]
            rivals += [p for p in earlier if _is_print_of(p, paper, campaign)]
            gone = any(
                not is_foreign(other, campaign)
                and not _stands_beside(paper, other, known, campaign)
                for other in rivals
            )
        result.append(replace(paper, current=not gone))
    return result


class Owners:
    """Whose papers are whose: what another address would replace waits for a person.

    So does what comes from the same address in a mail that failed the checks of its sender.
    The address that sent the first paper of a kind (and item) owns its place, and so does
    every other one whose paper a person has accepted. ``accepted`` says for an item how
    many mails the dossier had when that was. Asked in the order in which papers came.
    """

    def __init__(
        self,
        campaign: Campaign,
        submissions: Sequence[Submission],
        accepted: Mapping[int, int],
    ) -> None:
        self._senders = {entry.ordinal: entry.sender for entry in submissions}
        self._writers = {entry.ordinal: entry.writer for entry in submissions}
        self._unverified = {entry.ordinal for entry in submissions if entry.unverified}
        self._accepted = accepted
        self._guarded = any(rule.check == "sender" for rule in campaign.rules)
        self._places: dict[tuple[str, int | None], set[str]] = {}

    def holds(self, paper: Paper) -> bool:
        """Must this paper wait?"""
        sender = self._senders.get(paper.submission, "")
        if not self._guarded or not sender or paper.kind == "" or paper.repeats:
            return False
        owners = self._places.setdefault((paper.kind, paper.item), set())
        genuine = sender in owners and paper.submission not in self._unverified
        if not owners or genuine or self._is_accepted(paper):
            # who passes papers on vouches for whom they are from, and not the other way round
            owners |= {sender, self._writers.get(paper.submission, "")} - {""}
            return False
        return True

    def _is_accepted(self, paper: Paper) -> bool:
        seen = [
            mails
            for item, mails in self._accepted.items()
            if paper.item is None or item == paper.item
        ]
        return any(paper.submission < mails for mails in seen)


def is_foreign(paper: Paper, campaign: Campaign) -> bool:
    """Is it a form of another year or association than this campaign's?"""
    form = paper.form
    return form is not None and campaign.id not in form.campaigns


def is_picture(document: Document, campaign: Campaign) -> bool:
    """Is it a scan, photo or PDF where the campaign wants editable files?

    A Word file that holds only the picture of a form is no better than the picture.
    """
    pasted = any(problem.code == "document.not_editable" for problem in document.problems)
    return pasted or (document.format in PICTURES and document.format not in campaign.editable)


def is_recognised(paper: Paper) -> bool:
    """Is it known from a picture only, so that nothing in it is certain?"""
    return paper.form is not None and paper.form.source == "ocr"


def is_copy(document: Document, campaign: Campaign, kind: str = "") -> bool:
    """Does an editable file stand before this one?

    Because the campaign asks for such files (of this kind, where one is given), or because
    this one is only recognised.
    """
    if any(form.source == "ocr" for form in document.forms):
        return True
    if not is_picture(document, campaign):
        return False
    asked = _asked_editable(campaign)
    return asked is not None and (not kind or not asked or kind in asked)


def kind_by_name(document: Document, campaign: Campaign) -> str:
    """The kind a picture without any known form has by its file name; empty for others.

    Only where the campaign says of which kinds it wants editable files, and this is none of
    them: then a person looks at the picture instead of the sender being asked for another.
    """
    asked = _asked_editable(campaign)
    if document.forms or not asked or not is_picture(document, campaign):
        return ""
    kind = guess_kind(campaign, document.file)
    return "" if kind in asked else kind


def _asked_editable(campaign: Campaign) -> frozenset[str] | None:
    """The kinds wanted as editable files; empty: all that are demanded; None: none."""
    asked = [rule.kinds for rule in campaign.rules if isinstance(rule, EditableRule)]
    if not asked:
        return None
    return frozenset(kind for kinds in asked for kind in kinds) if all(asked) else frozenset()


def row_names(paper: Paper, campaign: Campaign) -> frozenset[str]:
    """The normalised texts in the required columns of a paper's lists, for comparing lists."""
    if paper.form is None:
        return frozenset()
    spec = campaign.form(paper.kind)
    wanted = {c.key for t in spec.tables for c in t.columns} if spec else set()
    return frozenset(
        normalise_name(str(cell.value))
        for table in paper.form.tables
        for row in table.rows
        for cell in row.cells
        if cell.key in wanted and isinstance(cell.value, str) and cell.value
    )


def _is_read_elsewhere(
    paper: Paper, others: Sequence[Paper], campaign: Campaign, names: Sequence[str]
) -> bool:
    """Is this unread picture that of a paper that was read, of the item its name tells?"""
    meant = {place for place, name in enumerate(names) if names_item(paper.document.file, name)}
    return any(
        other.kind == paper.kind
        and other.form is not None
        and not is_foreign(other, campaign)
        and (not meant or other.item is None or other.item in meant)
        for other in others
    )


def _is_print_of(paper: Paper, other: Paper, campaign: Campaign) -> bool:
    """Is the other the scan or PDF that was sent along with this editable file?"""
    return (
        other.submission == paper.submission
        and is_picture(other.document, campaign)
        and not is_picture(paper.document, campaign)
    )


def _same_place(paper: Paper, other: Paper, campaign: Campaign) -> bool:
    if other.form is None or other.kind != paper.kind or other.item != paper.item:
        return False
    spec = campaign.form(paper.kind)
    if spec is None or not spec.several:
        return True
    # certificates of two reviewers: only a file of the same name is the same one again
    return other.submission != paper.submission and _name(other) == _name(paper)


def _name(paper: Paper) -> str:
    return PurePosixPath(paper.document.file).name


def _stands_beside(paper: Paper, newer: Paper, known: set[str], campaign: Campaign) -> bool:
    """Are these two lists of different items, both right as far as they go?

    Only rows that nominate are asked which item they are of: reviewers are of none.
    """
    nominating = {
        rule.table
        for rule in campaign.rules
        if isinstance(rule, RowsRule) and rule.rollup == paper.kind
    }
    tables = paper.form.tables if paper.form else ()
    rows = [
        row for table in tables if table.key in nominating or not nominating for row in table.rows
    ]
    if not rows or newer.form is None:
        return False
    ours = [{normalise_name(str(c.value)) for c in row.cells if c.value} & known for row in rows]
    theirs = {
        normalise_name(str(cell.value))
        for table in newer.form.tables
        for row in table.rows
        for cell in row.cells
        if cell.value
    }
    return all(ours) and not any(names & theirs for names in ours)


def _answered(paper: Paper, later: Sequence[Paper], campaign: Campaign) -> bool:
    """Has a file in which nothing was recognised been followed by something that replaces it?

    By the same name, or by a document of the kind its name points to; where the
    name tells nothing, by any later mail that brought something known: what is
    still missing is asked for by itself.
    """
    kind = guess_kind(campaign, paper.document.file)
    stem = PurePosixPath(paper.document.file).stem
    for other in later:
        if other.submission == paper.submission:
            continue
        if PurePosixPath(other.document.file).stem == stem:
            return True
        if other.kind and (not kind or other.kind == kind):
            return True
    return False
