"""When an item was begun: the first arrival of anything that was sent for it.

Lateness is judged by the first arrival of the item (contract, "How they combine"),
and a decline must be provable: an item whose form could not be read, came only as a
scan, or so far stood only in the unit's list was begun when that came. This room says
when; what follows from it is for the rules about deadlines.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from parsers.forms.labels import normalise_name
from parsers.model import Document
from rules.gathering.filenames import guess_kind, has_word, names_item
from rules.gathering.papers import PICTURES, row_names
from rules.model import Paper, Submission
from rules.notice.campaign import Campaign, Category
from rules.notice.settings import EditableRule


def begun(
    *,
    campaign: Campaign,
    category: Category,
    names: Iterable[str],
    papers: Sequence[Paper],
    submissions: Sequence[Submission],
    ordinal: int,
) -> datetime:
    """The arrival of the first paper that is the item's, names it, or may have been its form.

    ``names`` are the names the item has or had; ``papers`` and ``submissions`` all of its
    dossier, among them at least one paper of the item's own. A mail filed without any
    document brought links only, and nobody knows to what.
    """
    wanted = {normalise_name(name) for name in names} - {""}
    own = [paper for paper in papers if paper.item == ordinal]
    first = min(paper.arrived for paper in own)
    for paper in papers:
        if paper.arrived >= first or paper.item is not None:
            continue
        if paper.form is not None:
            may_be = bool(wanted & row_names(paper, campaign))
        else:
            answered = _is_answered(paper.submission, papers, first)
            may_be = _may_be(campaign, category, wanted, paper.document, answered=answered)
        if may_be:
            first = paper.arrived
    for mail in submissions:
        promised = not mail.documents and mail.ordinal < own[0].submission
        if promised and mail.arrived < first and not _is_answered(mail.ordinal, papers, first):
            first = mail.arrived
    return first


def _may_be(
    campaign: Campaign, category: Category, names: set[str], document: Document, *, answered: bool
) -> bool:
    """May a file that shows no form have been this item's?

    A file whose name says nothing only as long as nothing else has come in its place.
    """
    if not document.problems and document.format not in PICTURES:
        return False
    exempt = tuple(
        word
        for rule in campaign.rules
        if isinstance(rule, EditableRule)
        for word in rule.exempt_words
    )
    kind = guess_kind(campaign, document.file)
    if kind == category.form or any(names_item(document.file, name) for name in names):
        return True
    return not kind and not answered and not has_word(document.file, exempt)


def _is_answered(submission: int, papers: Sequence[Paper], first: datetime) -> bool:
    """Has a later mail brought something of an item, before what is known of this one?"""
    return any(
        paper.item is not None and paper.submission > submission and paper.arrived < first
        for paper in papers
    )
