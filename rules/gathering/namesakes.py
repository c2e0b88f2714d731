"""Texts that bear the name of an item and say nothing else of what they are.

A story is mailed under its own title, 一根主轴的二十年.docx, and its first line is that
title: no word of it says 故事. Where such a text is demanded of the item of that name,
and none has been recognised, this is it. Not a text with demanded sections, which is
told by them, nor a file whose name says that it is something else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import PurePosixPath

from parsers.forms.labels import normalise_name
from parsers.model import Document, Form
from parsers.values.wordcount import count_words
from rules.gathering.filenames import guess_kind
from rules.gathering.identity import Draft
from rules.gathering.papers import is_picture
from rules.model import Paper
from rules.notice.campaign import Campaign

_MUCH = 100  #: 字 a text has at least
_TELLING = 4  #: characters of a name that tell it
_FIRST = 3  #: lines in which the title stands
_ELSE = 2  #: Chinese characters a file's name may have besides
_CONFIDENCE = 0.85
_CHINESE = re.compile(r"[\u3400-\u9fff]")
_ANNEX = re.compile(r"附(?:件|表)?[一二三四五六七八九十\d]*")


def known_by_name(
    papers: Sequence[Paper], campaign: Campaign, drafts: Sequence[Draft]
) -> list[Paper]:
    """The same papers, those that bear an item's name with the kind that is demanded of it."""
    named = [draft for draft in drafts if len(draft.key) >= _TELLING]
    return [_named(paper, papers, campaign, named) for paper in papers]


def _named(
    paper: Paper, papers: Sequence[Paper], campaign: Campaign, drafts: Sequence[Draft]
) -> Paper:
    document = paper.document
    if paper.kind or paper.form is not None or not _is_text(document, campaign):
        return paper
    bearing = [draft for draft in drafts if _bears(document, draft.key)]
    if len(bearing) != 1:
        return paper
    (draft,) = bearing
    kinds = [kind for kind in _demanded(campaign, draft) if not _has_come(papers, kind, draft)]
    own = _ANNEX.sub("", PurePosixPath(document.file).stem)  # the number is the form's
    if len(kinds) != 1 or guess_kind(campaign, own) not in ("", kinds[0]):
        return paper
    form = Form(
        kind=kinds[0],
        title=draft.name,
        campaigns=(campaign.id,),
        confidence=_CONFIDENCE,
        characters=document.characters or 0,
    )
    return replace(paper, kind=kinds[0], form=form, item=draft.ordinal)


def _is_text(document: Document, campaign: Campaign) -> bool:
    if document.forms or document.problems or is_picture(document, campaign):
        return False
    return count_words(document.text) >= _MUCH


def _bears(document: Document, name: str) -> bool:
    """Is the name the text's title, or all that the file's name says?"""
    lines = [line for line in document.text.splitlines() if line.strip()][:_FIRST]
    if any(normalise_name(line).strip('"') == name.strip('"') for line in lines):
        return True
    before, found, after = normalise_name(PurePosixPath(document.file).stem).partition(name)
    return bool(found) and len(_CHINESE.findall(_ANNEX.sub("", before + after))) <= _ELSE


def _demanded(campaign: Campaign, draft: Draft) -> Iterator[str]:
    """The texts without sections that are demanded of an item."""
    for demand in campaign.demands:
        spec = campaign.form(demand.kind)
        wanted = demand.of == "item" and demand.channel == "mail"
        if not wanted or spec is None or draft.category.id not in demand.categories:
            continue
        if spec.layout == "text" and not spec.sections:
            yield demand.kind


def _has_come(papers: Sequence[Paper], kind: str, draft: Draft) -> bool:
    """Has a paper been recognised as this kind, for this item or for none in particular?"""
    return any(
        paper.kind == kind and paper.form is not None and paper.item in (None, draft.ordinal)
        for paper in papers
    )
