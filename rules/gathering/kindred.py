"""Texts that several documents of a notice call by the same words.

主要事迹材料 stands over a leader's deeds as over a team builder's. Where neither the
title nor the words tell which document it is, the applicant does whose name stands in
the file's name, its title or, last, its text: if only items of one kind are named there,
the text is that kind's. It decides between kinds alone; whose paper it is, is decided in
:mod:`rules.gathering.dossier`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import PurePosixPath

from parsers.forms.labels import normalise_name
from rules.gathering.identity import Draft
from rules.model import Paper
from rules.notice.campaign import Campaign

_NAMED = 0.85  #: confidence in a text known by whom it names


def settled(paper: Paper, campaign: Campaign, drafts: Sequence[Draft]) -> Paper:
    """The paper as the one among its kindred kinds whose item it names; else as it is."""
    form = paper.form
    if form is None or form.foreign or form.confidence >= campaign.confidence:
        return paper
    kinds = _kindred(paper.kind, campaign)
    if len(kinds) < 2:  # noqa: PLR2004 - nothing to choose from
        return paper
    for text in _places(paper):
        body = normalise_name(text)
        named = {
            kind
            for kind, categories in kinds.items()
            if any(d.category.id in categories and d.key and d.key in body for d in drafts)
        }
        if len(named) == 1:
            kind = named.pop()
            return replace(paper, kind=kind, form=replace(form, kind=kind, confidence=_NAMED))
        if named:
            return paper
    return paper


def _kindred(kind: str, campaign: Campaign) -> Mapping[str, set[str]]:
    """The qualified texts of the same kind that items need, with those items' categories."""
    base = kind.partition(".")[0]
    found: dict[str, set[str]] = {}
    for demand in campaign.demands:
        spec = campaign.form(demand.kind)
        alike = demand.kind.partition(".")[0] == base != demand.kind
        if alike and demand.of == "item" and spec is not None and spec.layout == "text":
            found.setdefault(demand.kind, set()).update(demand.categories)
    return found if kind in found else {}


def _places(paper: Paper) -> Iterator[str]:
    """Where a name may stand, the surest first."""
    yield PurePosixPath(paper.document.file).stem
    if paper.form is not None:
        yield paper.form.title
    yield paper.document.file
    yield paper.document.text
