"""Check boxes on pictures: empty, ticked, and what only looks like one."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from parsers.scans.boxes import tick_boxes


def paper() -> NDArray[np.uint8]:
    return np.zeros((2200, 1600), np.uint8)


def box(ink: NDArray[np.uint8], left: int, *, side: int = 26, tick: bool = False) -> None:
    cv2.rectangle(ink, (left, 100), (left + side, 100 + side), 255, 2)
    if tick:
        cv2.line(ink, (left + 5, 112), (left + 11, 120), 255, 2)
        cv2.line(ink, (left + 11, 120), (left + 21, 106), 255, 2)


def signs(ink: NDArray[np.uint8]) -> list[str]:
    return [entry.sign for entry in sorted(tick_boxes(ink), key=lambda entry: entry.left)]


def test_empty_and_ticked_boxes_are_told_apart() -> None:
    """By the ink inside."""
    ink = paper()
    box(ink, 100)
    box(ink, 200, tick=True)
    box(ink, 300)

    assert signs(ink) == ["☐", "☑", "☐"]


def test_a_filled_square_is_ticked() -> None:
    """As ■ is typed."""
    ink = paper()
    box(ink, 100)
    ink[100:127, 200:227] = 255

    assert signs(ink) == ["☐", "☑"]


def test_a_speck_inside_makes_nobody_sure() -> None:
    """Neither empty nor ticked."""
    ink = paper()
    box(ink, 100)
    box(ink, 200)
    ink[110:115, 210:214] = 255
    cv2.line(ink, (213, 112), (224, 112), 255, 1)

    assert signs(ink) == ["☐", "\ufffd"]


def test_a_framed_character_is_no_box_where_none_is_empty() -> None:
    """The characters 国 and 回 are everywhere."""
    ink = paper()
    box(ink, 100, tick=True)
    box(ink, 200, tick=True)

    assert signs(ink) == []


def test_what_has_another_size_is_no_box() -> None:
    """Boxes of one form are alike."""
    ink = paper()
    box(ink, 100)
    box(ink, 200, side=40, tick=True)
    box(ink, 300, side=8)

    assert signs(ink) == ["☐"]
