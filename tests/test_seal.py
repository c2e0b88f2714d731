"""Seals on pages: found, not found, unsure."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from scanned import Picture, scanned, stamped

from parsers.scans.seal import find_seal

RED = (214, 40, 44)


def page() -> Picture:
    """Printing in black."""
    paper = np.full((2200, 1600, 3), 255, np.uint8)
    for row in range(200, 2000, 60):
        cv2.putText(paper, "black text on white paper", (150, row), 0, 1.2, (0, 0, 0), 3)
    return paper


@pytest.mark.parametrize("faint", [1.0, 0.6])
@pytest.mark.parametrize("at", [(0.3, 0.3), (0.7, 0.8)])
def test_a_round_seal_is_found(at: tuple[float, float], faint: float) -> None:
    """Over text, on a scan, also where the ink is thin."""
    assert find_seal(scanned(stamped(page(), at, faint=faint))) == "found"


def test_a_page_in_black_has_none() -> None:
    """Nor has a page with a red word."""
    paper = page()
    assert find_seal(scanned(paper)) == "not_found"
    cv2.putText(paper, "red", (700, 100), 0, 1.2, RED, 3)
    assert find_seal(paper) == "not_found"


def test_red_that_is_not_round_is_for_people() -> None:
    """A heading in red, a square seal."""
    paper = page()
    cv2.rectangle(paper, (300, 300), (900, 420), RED, -1)
    assert find_seal(paper) == "unsure"


def test_half_a_seal_is_for_people() -> None:
    """It stands on the edge of the sheet."""
    assert find_seal(stamped(page(), (0.98, 0.5))) == "unsure"
