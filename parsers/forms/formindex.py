"""A printed form's spec with its labels, scopes and guidance ready for look-up.

Built once for each form of each campaign; everything here is read only.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from parsers.forms.cells import Part, View
from parsers.forms.folding import Folded, fold
from parsers.forms.labelindex import LabelIndex
from parsers.forms.labels import compact, is_one_off, normalise_label
from parsers.forms.lists import ListReader
from parsers.model import Line
from parsers.spec import FieldSpec, FieldType, FormSpec
from parsers.values.dates import find_period

#: guidance printed under or beside a form begins so
NOTE = re.compile(r"^\s*(?:注|说明|填表说明|填报说明|填写说明)\s*(?:[:：]|\d|（|\()")
_OPENING, _CLOSING = ("(", "（"), (")", "）")
_NUMBERING = re.compile(r"(?:\(?\d{1,2}[.、)．]|[\s。;；、_])*")
_WORD = re.compile(r"[^\W\d_]{2}|\d")  #: something said, were it a number
_SHORT = 60  #: characters a line under the title has at most
_PREFIX = 6  #: characters from which the beginning of a row header is enough


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """One form's part of a document."""

    parts: tuple[Part, ...]
    title: str = ""
    where: str = ""
    heading: tuple[str, ...] = ()  #: the title as it stands there, line by line

    def views(self) -> list[View]:
        """The grids, in their order."""
        return [part for part in self.parts if isinstance(part, View)]

    def heads(self) -> Iterator[tuple[str, str]]:
        """Short texts from the title down to the first rows of the form, with their places."""
        yield self.title, self.where
        for part in self.parts:
            if isinstance(part, Line):
                texts = [(part.text, part.where)]
            else:
                rows = list(part.numbers())[:4]
                texts = [(c.text, c.where) for row in rows for c in part.beginning(row)]
            yield from (entry for entry in texts if len(entry[0]) < _SHORT)
            if isinstance(part, View):
                return

    def periods(self) -> set[str]:
        """The periods that stand there."""
        return {period for text, _where in self.heads() if (period := find_period(text))}


@dataclass(frozen=True, slots=True)
class Found:
    """The raw text behind a label, its place, and how surely it belongs to it."""

    raw: str
    where: str
    confidence: float
    doubt: str = ""


class FormIndex:
    """A form's spec with its labels and lists ready for look-up."""

    def __init__(self, spec: FormSpec, vocabulary: Collection[str] = ()) -> None:
        self.spec = spec
        self.labels = LabelIndex(spec.fields, vocabulary)
        self.lists = ListReader(spec, vocabulary) if spec.tables else None
        self.scopes = {
            number: tuple(normalise_label(entry).casefold() for entry in field.scope)
            for number, field in enumerate(spec.fields)
        }
        self.headers = {scope for scopes in self.scopes.values() for scope in scopes}
        self.prompts = {
            number: tuple(
                sorted((compact(p).casefold() for p in field.prompts), key=len, reverse=True)
            )
            for number, field in enumerate(spec.fields)
        }
        self.value_header = normalise_label(spec.value_column) if spec.value_column else ""
        self.has_period = any(field.type is FieldType.PERIOD for field in spec.fields)
        self.notes = {compact(note) for note in spec.notes}

    def printed(self, spec: FieldSpec) -> str:
        """The label as the notice prints it; rows of statistics with their item in front."""
        if spec.scope and self.spec.layout == "statistics" and spec.place == "right":
            return f"{spec.scope[0]} {spec.label}"
        return spec.label


def _guidance(folded: Folded, prompts: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Where each prompt stands in the text, its number and full stop included."""
    for prompt in prompts:
        if len(prompt) < 4:  # noqa: PLR2004 - "/" is guidance only where it stands alone
            continue
        bare = re.sub(r"^\(?\d{1,2}[.、)]", "", prompt).rstrip("。;.")
        start = folded.text.find(bare)
        if start >= 0:
            stop = start + len(bare)
            while stop < len(folded.text) and folded.text[stop] in "。;.:":
                stop += 1
            lead = re.search(r"\(?\d{1,2}[.、)]$", folded.text[:start])
            yield folded.at[lead.start() if lead else start], folded.at[stop - 1] + 1


def strip_prompts(text: str, prompts: Sequence[str]) -> str:
    """The text without the guidance that the form prints in the same cell.

    Where several printed points have an answer of their own, the answers keep their
    headings: without them nobody could tell what they answer.
    """
    if not prompts:
        return text
    folded = fold(text)
    if folded.text in prompts:
        return ""
    cut = sorted(_guidance(folded, prompts))
    if not cut:
        return text
    ends = [*(start for start, _stop in cut[1:]), len(text)]
    answered = [
        bool(_WORD.search(text[stop:end])) for (_start, stop), end in zip(cut, ends, strict=True)
    ]
    one_by_one = sum(answered) > 1
    kept, at = [], 0
    for (start, stop), treated in zip(cut, answered, strict=True):
        if treated and one_by_one:
            continue
        if start >= at:
            kept.append(text[at:start])
        at = max(at, stop)
    kept.append(text[at:])
    left = "".join(kept)
    return "" if _NUMBERING.fullmatch(left) else left


def is_scope(context: str, scopes: Sequence[str]) -> bool:
    """Is this text one of the spellings of a row header, or its longer or shorter print?"""
    for scope in scopes:
        if context == scope:
            return True
        if len(scope) >= _PREFIX and context.startswith(scope):
            return True
        if len(context) >= _PREFIX and scope.startswith(context):
            return True
        if len(scope) >= _PREFIX and is_one_off(context, scope):
            return True
    return False


def trim(text: str) -> str:
    """What stands between two labels, without lines to write on and separators."""
    return text.strip().strip("_＿").strip(" \t\r\n\u3000;；,，、:：_＿")


def between(text: str, start: int, stop: int, end: int) -> str:
    """What stands behind a label from ``start`` to ``stop``, up to the next one at ``end``.

    The brackets around label and value, （经济效益：　万元）, belong to neither.
    """
    raw = trim(text[stop:end])
    if not text[:start].rstrip().endswith(_OPENING):
        return raw
    if end < len(text):
        raw = trim(raw.rstrip("".join(_OPENING)))
    closing = sum(map(raw.count, _CLOSING)) > sum(map(raw.count, _OPENING))
    return trim(raw[:-1]) if closing and raw.endswith(_CLOSING) else raw
