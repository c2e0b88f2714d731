"""Which of two kinds a form is that a notice prints once and wants filled separately.

Title and labels are the same; what tells are words over the list, the names in it,
and last the name of the file. Where these contradict each other, or say nothing,
the form is taken for one of them with low confidence.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from parsers.forms.cells import Part, View
from parsers.forms.labels import compact
from parsers.forms.recognise import Candidate
from parsers.forms.titles import fold_title
from parsers.model import Form

_SURE = 1.0
_NAMED = 0.85  #: confidence at most where the file's name alone tells
_UNSURE = 0.7
_WORD = 2  #: characters a word has at least outside of names


@dataclass(frozen=True, slots=True)
class Told:
    """The kind a form is, and how sure that can be at most."""

    form: Candidate
    confidence: float


def tell(twins: Sequence[Candidate], read: Form, parts: Sequence[Part], file: str) -> Told:
    """The one of several kinds of the same print that this form is.

    Args:
        twins: the kinds, the preferred one first; each says what it is ``told_by``.
        read: the form as read.
        parts: its part of the document.
        file: the document's name.
    """
    over = _said(twins, [fold_title(read.title), *_lines_over(parts)])
    names = _names(twins[0], read)
    counts = Counter(_named(twins, name) for name in names)
    known = {number: count for number, count in counts.items() if number is not None}
    within = max(known, key=lambda number: known[number]) if known else None
    chosen = within if over is None else over
    if chosen is None:
        told = _said(twins, [compact(PurePosixPath(file).stem)])
        return Told(twins[told or 0], _UNSURE if told is None else _NAMED)
    agreed = set(known) <= {chosen}
    enough = over is not None or 2 * known[chosen] >= len(names)
    return Told(twins[chosen], _SURE if agreed and enough else _UNSURE)


def _lines_over(parts: Iterable[Part]) -> Iterable[str]:
    for part in parts:
        if isinstance(part, View):
            return
        yield compact(part.text)


def _said(twins: Sequence[Candidate], texts: Iterable[str]) -> int | None:
    """The only kind that the texts speak of; one that speaks of several says nothing."""
    found: set[int] = set()
    for text in texts:
        spoken = {
            number
            for number, form in enumerate(twins)
            if any(len(w) >= _WORD and compact(w) in text for w in form.spec.told_by)
        }
        found |= spoken if len(spoken) == 1 else set()
    return found.pop() if len(found) == 1 else None


def _names(form: Candidate, read: Form) -> list[str]:
    """The names in the list, those that are empty left out."""
    key = form.spec.told_in
    cells = [row.get(key) for table in read.tables for row in table.rows] if key else []
    return [compact(cell.raw) for cell in cells if cell is not None and cell.raw]


def _named(twins: Sequence[Candidate], name: str) -> int | None:
    """The kind whose word ends a name: 冲压班QC小组 is a group; the longer of two words."""
    ends = [
        (name.rfind(compact(word)) + len(compact(word)), len(word), number)
        for number, form in enumerate(twins)
        for word in form.spec.told_by
        if compact(word) in name
    ]
    return max(ends)[2] if ends else None
