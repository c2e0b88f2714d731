"""Remembers what pure look-ups in a campaign's data have said.

The same names are looked up for every place of a register; the data does not
change while a campaign lives. Holds nothing that could not be found again.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Answer = TypeVar("Answer")


class Memo(Generic[Answer]):
    """Answers by campaign and question; emptied when it is full."""

    def __init__(self, size: int = 20_000) -> None:
        self._size = size
        self._kept: dict[tuple[int, Hashable], tuple[object, Answer]] = {}

    def of(self, about: object, question: Hashable, answer: Callable[[], Answer]) -> Answer:
        """What was answered before about this very object, else what is answered now.

        The object is kept with the answer, so that its identity is nobody else's.
        """
        place = (id(about), question)
        found = self._kept.get(place)
        if found is None:
            if len(self._kept) >= self._size:
                self._kept.clear()
            found = (about, answer())
            self._kept[place] = found
        return found[1]
