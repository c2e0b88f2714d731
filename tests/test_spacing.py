"""Blanks between recognised characters: seen on the page, as nobody mentions them."""

from __future__ import annotations

import numpy as np
import pytest

from parsers.scans.recognition import Char, Text
from parsers.scans.spacing import extents

EM = 30


def line(signs: str, *lefts: int) -> tuple[np.ndarray, Text]:
    """A line whose characters are black squares of 26 pixels; white to the right."""
    gray = np.full((60, 400), 250, np.uint8)
    for left in lefts:
        gray[15:45, left : left + 26] = 0
    chars = tuple(Char(text=s, middle=x + 13.0) for s, x in zip(signs, lefts, strict=True))
    text = Text(chars=chars, left=5, top=12, right=395, bottom=48, score=0.9, upright=True)
    return gray, text


@pytest.mark.parametrize(
    ("signs", "second", "is_blank"),
    [
        ("名称", 40 + 4, False),  # side by side
        ("位巴", 36 + 10, True),  # the blank that is narrowest
        ("位巴", 36 + 9, False),
        ("号2", 36 + 16, False),  # a digit does not fill its square
        ("号2", 36 + 22, True),
        ("：周", 36 + 30, False),  # nor does a sign
        ("：周", 36 + 40, True),
    ],
)
def test_white_between_two_characters_is_a_blank(signs: str, second: int, is_blank: bool) -> None:
    """Its least width depends on what stands beside it."""
    one, other = extents(*line(signs, 10, second), EM)
    assert (other[0] - one[1] >= 0.4 * EM) is is_blank
    assert (other[0] == one[1]) is not is_blank


def test_a_line_begins_and_ends_with_its_ink() -> None:
    """The frame of the recogniser is wider."""
    one, other = extents(*line("名称", 10, 40), EM)
    assert (one[0], other[1]) == (10, 66)
