"""Check boxes on a picture: where they are, and whether something stands in them.

Only squares of which the page has an empty one of the same size are taken for boxes;
a full one may still be a character that looks like it, which only the recogniser of
text can tell. Works on ink masks: ``uint8``, 255 is ink.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

Mask: TypeAlias = NDArray[np.uint8]

_SIDES = (1 / 170, 1 / 45)  #: of a box, as shares of the longer side of the page
_SQUARE = 0.15  #: share its sides may differ
_FRAME = 0.9  #: share of the frame that must be inked
_EMPTY = 0.02  #: share of the inside that may be specks
_FULL = 0.07  #: with more ink inside it is ticked, with less nobody knows
_ALIKE = 0.12  #: share by which boxes of one page differ in size


@dataclass(frozen=True, slots=True, kw_only=True)
class TickBox:
    """One box, in pixels; ``filled`` is the share of its inside that is inked."""

    left: int
    top: int
    right: int
    bottom: int
    filled: float

    @property
    def sign(self) -> str:
        """As a character; a box of which nobody knows is U+FFFD."""
        if self.filled <= _EMPTY:
            return "☐"
        return "☑" if self.filled >= _FULL else "\ufffd"


def tick_boxes(ink: Mask) -> list[TickBox]:
    """All boxes of a page without its ruled lines."""
    squares = list(_squares(ink))
    sides = [box.right - box.left for box in squares if box.filled <= _EMPTY]
    return [
        box
        for box in squares
        if any(abs(box.right - box.left - side) <= max(2, _ALIKE * side) for side in sides)
    ]


def _squares(ink: Mask) -> Iterator[TickBox]:
    least, most = (max(ink.shape) * share for share in _SIDES)
    count, _labels, boxes, _centres = cv2.connectedComponentsWithStats(ink)
    for x, y, width, height, _area in boxes[1:count].tolist():
        if not (least <= width <= most and abs(width - height) <= max(2, _SQUARE * width)):
            continue
        part = ink[y : y + height, x : x + width] > 0
        stroke = _stroke(part)
        if stroke is None:
            continue
        inside = part[stroke + 1 : -stroke - 1, stroke + 1 : -stroke - 1]
        filled = float(inside.mean()) if inside.size else 1.0
        yield TickBox(left=x, top=y, right=x + width, bottom=y + height, filled=filled)


def _stroke(part: NDArray[np.bool_]) -> int | None:
    """How thick the frame is; None where the four sides are no frame."""
    for stroke in range(1, max(2, part.shape[0] // 4)):
        sides = (part[:stroke], part[-stroke:], part[:, :stroke].T, part[:, -stroke:].T)
        if all(float(side.any(axis=0).mean()) >= _FRAME for side in sides):
            return _thickness(part, stroke)
    return None


def _thickness(part: NDArray[np.bool_], least: int) -> int:
    """Until where the inside begins: the first row and column with little ink."""
    quarter = max(least + 1, int(part.shape[0]) // 3)
    for stroke in range(least, quarter):
        rows = part[stroke].mean(), part[-stroke - 1].mean()
        columns = part[:, stroke].mean(), part[:, -stroke - 1].mean()
        if max(*rows, *columns) < 0.6:  # noqa: PLR2004 - the frame itself crosses at both ends
            return stroke
    return quarter
