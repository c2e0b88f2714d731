"""A text folded for comparison, with the way back to where each character stood."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from parsers.forms.labels import INVISIBLE


@lru_cache(maxsize=8192)
def _fold_character(c: str) -> str:
    folded = unicodedata.normalize("NFKC", c).casefold()
    return "".join(x for x in folded if not x.isspace() and x not in INVISIBLE)


@dataclass(frozen=True, slots=True)
class Folded:
    """Comparable characters of a text, each with its place in the text."""

    text: str
    at: tuple[int, ...]  #: one more than characters: the end
    original: str

    def gap(self, index: int) -> str:
        """The blank space that stood before this character."""
        return self.original[self.at[index - 1] + 1 : self.at[index]] if index else ""

    def blank_before(self, index: int) -> bool:
        """Does blank space (or the beginning) stand before this character?"""
        return index == 0 or bool(self.gap(index))

    def line_before(self, index: int) -> bool:
        """Does a new line begin with this character?"""
        return index == 0 or "\n" in self.gap(index)


def fold(text: str) -> Folded:
    """NFKC, no blanks, no case, with the way back."""
    characters: list[str] = []
    places: list[int] = []
    for index, c in enumerate(text):
        for x in _fold_character(c):
            characters.append(x)
            places.append(index)
    places.append(len(text))
    return Folded("".join(characters), tuple(places), text)
