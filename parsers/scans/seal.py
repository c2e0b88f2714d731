"""Is there a round red seal (公章) on a page? For people to look at, never a proof.

A seal is a ring of red ink with something inside. Three answers: ``found``,
``not_found``, ``unsure`` (red ink that may be a seal: faint, cut off, not round). Whose
it is, and whether it is real, is not asked.
"""

from __future__ import annotations

from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from parsers.model import Seal

Color: TypeAlias = NDArray[np.uint8]  #: (height, width, 3), red first
Mask: TypeAlias = NDArray[np.uint8]

_SIDES = (0.06, 0.45)  #: of a seal, as shares of the shorter side of the page
_SQUARE = 1.25  #: of its sides, the longer to the shorter, at most
_RING = 0.7  #: share of the directions in which red lies on the rim
_SOME = 0.35  #: less of a rim is none
_LEAST = 0.0006  #: share of the page that must be red to be worth a word
_RIM = 0.22  #: share of the radius within which the rim lies


def red_ink(page: Color) -> Mask:
    """Where the page is red, 255; printing in black with a red tinge is not."""
    tone, strength, light = cv2.split(cv2.cvtColor(page, cv2.COLOR_RGB2HSV))
    red = ((tone <= 12) | (tone >= 165)) & (strength >= 60) & (light >= 70)  # noqa: PLR2004 - of 180, 255, 255
    mask = red.astype(np.uint8) * 255
    return np.asarray(cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((2, 2), np.uint8)), np.uint8)


def find_seal(page: Color) -> Seal:
    """Looks for one seal on a page."""
    red = red_ink(page)
    shorter = min(red.shape)
    if np.count_nonzero(red) < _LEAST * red.size:
        return "not_found"
    reach = max(3, shorter // 60)  # what stands in a seal hangs together with its rim
    joined = cv2.dilate(red, np.ones((reach, reach), np.uint8))
    count, labels, boxes, _centres = cv2.connectedComponentsWithStats(joined)
    best: float = 0
    for number in range(1, count):
        x, y, width, height, _area = boxes[number].tolist()
        side, other = max(width, height), min(width, height)
        if not _SIDES[0] * shorter <= side <= _SIDES[1] * shorter or side > other * _SQUARE:
            continue
        part = slice(y, y + height), slice(x, x + width)
        best = max(best, _roundness(np.asarray(red[part] * (labels[part] == number), np.uint8)))
    if best >= _RING:
        return "found"
    return "unsure" if best >= _SOME or np.count_nonzero(red) > 2 * _LEAST * red.size else "not_found"  # fmt: skip


def _roundness(red: Mask) -> float:
    """Share of the directions from the middle in which the outermost red lies on one circle."""
    down, across = np.nonzero(red)
    if len(down) < 50:  # noqa: PLR2004 - specks
        return 0.0
    (x, y), radius = cv2.minEnclosingCircle(np.column_stack([across, down]).astype(np.float32))
    away = np.hypot(across - x, down - y)
    sector = ((np.arctan2(down - y, across - x) + np.pi) / (2 * np.pi) * 72).astype(int) % 72
    outermost = np.zeros(72)
    np.maximum.at(outermost, sector, away)
    return float(np.mean(outermost >= (1 - _RIM / 2) * radius))
