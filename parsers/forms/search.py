"""What has been found so far while a form is read, and which field a label means.

Equal labels are told apart by the row header, heading or label before them, then by
their place over, in or under the form. Where nothing tells them apart the order
decides, with low confidence.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence

from parsers.forms.cells import View
from parsers.forms.formindex import FormIndex, Found, is_scope
from parsers.forms.labelindex import Hit
from parsers.forms.labels import normalise_label
from parsers.model import Cell
from parsers.spec import FieldSpec


class Search:
    """The state of one pass over one form's part of a document.

    Args:
        form: the form's labels.
        views: its grids, in their order.
        used: cells that belong to lists, by ``id``.
    """

    def __init__(self, form: FormIndex, views: Sequence[View], used: Collection[int]) -> None:
        self.form = form
        self.labels = form.labels
        self.found: dict[int, Found] = {}
        self._taken = set(used)
        self._recent: list[str] = []  # labels met, newest last
        self._counts = Counter(
            hit.core
            for view in views
            for cell in view.cells()
            if id(cell) not in self._taken and (hit := self.labels.whole(cell.text))
        )
        self._begun = Counter(
            hit.core for view in views for cell in view.cells() if (hit := self.begins(cell))
        )

    def spec(self, number: int) -> FieldSpec:
        """The field with this number."""
        return self.form.spec.fields[number]

    # ---- which field ---------------------------------------------------------------

    def choose(self, hit: Hit, contexts: Iterable[str], zone: str) -> tuple[int, float]:
        """The field a label stands for, and how sure that is."""
        numbers = self.labels.cores[hit.core]
        scoped = [n for n in numbers if self.form.scopes[n]]
        if scoped:
            for context in contexts:
                fitting = [n for n in scoped if is_scope(context, self.form.scopes[n])]
                if fitting:
                    return fitting[0], hit.confidence
        if len(numbers) == 1:
            return numbers[0], hit.confidence
        plain_ones = [n for n in numbers if n not in scoped] or list(numbers)
        here = [n for n in plain_ones if self._zone(n) == zone] or plain_ones
        if len(here) == 1:
            return here[0], hit.confidence
        # printed in this very wording rather than known under it by an alias
        exact = [
            n for n in here
            if normalise_label(self.form.spec.fields[n].label).casefold() == hit.core
        ]  # fmt: skip
        if len(exact) == 1:
            return exact[0], hit.confidence
        here = [n for n in exact or here if n not in self.found] or here
        return here[0], hit.confidence * 0.75

    def _zone(self, number: int) -> str:
        place = self.form.spec.fields[number].place
        return place if place in ("head", "foot") else "body"

    def keep(self, number: int, found: Found) -> None:
        """Take what was found, unless better stands already."""
        known = self.found.get(number)
        if known is None or (not known.raw and found.raw):
            self.found[number] = found

    def seen(self, hit: Hit) -> None:
        """Remember a label: it may be the scope of those behind it."""
        self._recent.append(hit.core)

    def recent(self) -> list[str]:
        """The labels met last, newest first."""
        return self._recent[-6:][::-1]

    # ---- cells that are labels -------------------------------------------------------

    def begins(self, cell: Cell) -> Hit | None:
        """The label a cell begins with, if it has not been taken as a value."""
        if id(cell) in self._taken:
            return None
        hits = self.labels.find(cell.text)
        if hits and not re.search(r"[^\W\d_一二三四五六七八九十]", cell.text[: hits[0].start]):
            return hits[0]
        return None

    def is_elsewhere(self, hit: Hit) -> bool:
        """Does a cell only begin as a label that has a place of its own elsewhere?"""
        if hit.whole:
            return False
        numbers = set(self.labels.cores[hit.core])
        if self._begun[hit.core] > len(numbers):
            return True
        others = (core for core, known in self.labels.cores.items() if numbers <= set(known))
        return any(self._counts[core] for core in others)

    def is_surplus(self, core: str) -> bool:
        """Does a label stand in more cells than the form has such fields?"""
        return self._counts[core] > len(self.labels.cores[core])

    def take(self, cell: Cell) -> None:
        """This cell is a value now."""
        self._taken.add(id(cell))

    def is_taken(self, cell: Cell) -> bool:
        """Is it a value, or part of a list?"""
        return id(cell) in self._taken
