"""Where the characters of a recognised line begin and end, and where there is a blank.

The recogniser says only where the middle of a character is, and keeps few blanks to
itself; where there is white between two characters is looked up on the page. Nothing is
recognised here.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TypeAlias
from unicodedata import category

import numpy as np
from numpy.typing import NDArray

from parsers.scans.recognition import Text

Gray: TypeAlias = NDArray[np.uint8]
Columns: TypeAlias = NDArray[np.bool_]

_INK = 160  #: darker is ink, on paper of 250
_STROKE = 2  #: pixels of ink in a column; one is a speck
_WHITE = 0.33  #: of a character: between two Chinese ones a blank, as each fills its square
_WIDE = 0.7  #: and between others, which do not
_WIDEST = 1.3  #: and beside a sign, which often has half of its square empty
_SEEN = 0.4  #: how far apart they are set then, so that it is seen


def extents(gray: Gray, text: Text, em: float) -> list[tuple[float, float]]:
    """Begin and end of each character of a line, in pixels; ``em`` is its height.

    Side by side, unless there is a blank between.
    """
    start, columns = _columns(gray, text)
    inked = np.nonzero(columns)[0]
    left, right = text.left, text.right
    if len(inked):  # the frame of the recogniser is wider
        left, right = start + float(inked[0]), start + float(inked[-1]) + 1
    middles = [min(max(char.middle, left), right) for char in text.chars]
    edges = [(a + b) / 2 for a, b in pairwise(middles)]
    begins, ends = [left, *edges], [*edges, right]
    printed = [index for index, char in enumerate(text.chars) if not char.text.isspace()]
    for one, other in pairwise(printed):
        white = _white(columns, middles[one] - start, middles[other] - start)
        least = _least(text.chars[one].text, text.chars[other].text)
        if white is None or white[1] - white[0] <= least * em:
            continue
        more = max(0.0, _SEEN * em - (white[1] - white[0])) / 2
        ends[one], begins[other] = start + white[0] - more, start + white[1] + more
        for blank in range(one + 1, other):
            begins[blank] = ends[blank] = ends[one]
    return list(zip(begins, ends, strict=True))


def _columns(gray: Gray, text: Text) -> tuple[int, Columns]:
    """The first column of a line, and in which there is ink."""
    top, bottom = max(0, round(text.top)), round(text.bottom)
    left, right = max(0, round(text.left)), round(text.right)
    part = gray[top:bottom, left:right] < _INK
    return left, part.sum(axis=0) >= _STROKE


def _white(columns: Columns, left: float, right: float) -> tuple[float, float] | None:
    """The widest stretch without ink between two middles."""
    first, last = max(0, round(left)), min(len(columns), round(right))
    inked = np.nonzero(columns[first:last])[0]
    if len(inked) < 2:  # noqa: PLR2004 - a stretch has two ends
        return None
    widths = np.diff(inked)
    at = int(widths.argmax())
    return first + float(inked[at]) + 1, first + float(inked[at + 1])


def _least(one: str, other: str) -> float:
    """How much white is a blank between these two."""
    if category(one) == category(other) == "Lo":
        return _WHITE
    return _WIDE if one.isalnum() and other.isalnum() else _WIDEST
