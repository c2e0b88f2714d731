"""Ruled lines on pictures: cells, spans, gaps, pages askew."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from parsers.scans.lines import Box, lean_of, outline_of, ruled

SIZE = 1600


def paper() -> NDArray[np.uint8]:
    return np.zeros((SIZE, 1200), np.uint8)


def frame(ink: NDArray[np.uint8], *boxes: Box) -> NDArray[np.uint8]:
    """Boxes with lines three pixels thick."""
    for left, top, right, bottom in boxes:
        cv2.rectangle(ink, (left, top), (right, bottom), 255, 3)
    return ink


def rounded(boxes: tuple[Box, ...]) -> list[Box]:
    """To ten pixels, in reading order."""
    tens = [tuple(round(edge, -1) for edge in box) for box in boxes]
    return sorted(tens, key=lambda box: (box[1], box[0]))  # type: ignore[return-value]


def test_cells_are_the_fields_between_lines() -> None:
    """Merged ones are one, across and down."""
    boxes = [(100, 100, 400, 200), (400, 100, 700, 200), (100, 200, 700, 300),
             (100, 300, 400, 500), (400, 300, 700, 400), (400, 400, 700, 500)]  # fmt: skip
    (table,) = ruled(frame(paper(), *boxes)).tables

    assert rounded(table) == boxes


def test_two_tables_are_two() -> None:
    """Nothing joins them."""
    found = ruled(frame(paper(), (100, 100, 500, 200), (100, 400, 500, 600)))

    assert [rounded(table) for table in found.tables] == [
        [(100, 100, 500, 200)], [(100, 400, 500, 600)]
    ]  # fmt: skip


def test_strokes_of_letters_are_no_lines() -> None:
    """However many."""
    ink = paper()
    for place in range(100, 1000, 40):
        cv2.line(ink, (place, 100), (place, 122), 255, 3)
        cv2.line(ink, (place, 110), (place + 30, 110), 255, 3)

    assert ruled(ink).tables == ()


def test_a_line_with_a_gap_still_parts_two_cells() -> None:
    """A fold or a seal lies over it."""
    ink = frame(paper(), (100, 100, 400, 300), (400, 100, 700, 300))
    ink[180:230, 390:410] = 0
    (table,) = ruled(ink).tables

    assert rounded(table) == [(100, 100, 400, 300), (400, 100, 700, 300)]


def test_where_cells_make_no_rectangle_the_likeliest_line_is_drawn() -> None:
    """A quarter of a line is more than none."""
    boxes = [(100, 100, 400, 200), (400, 100, 700, 200), (100, 200, 400, 300), (400, 200, 700, 300)]
    ink = frame(paper(), *boxes)
    ink[195:205, 110:330] = 0  # most of the line between the left ones
    ink[110:190, 395:405] = 0  # all of the line between the upper ones
    (table,) = ruled(ink).tables

    assert (400, 200, 700, 300) in rounded(table)
    assert (100, 200, 400, 300) in rounded(table)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.integers(120, 200), min_size=3, max_size=5),
    st.lists(st.integers(45, 150), min_size=1, max_size=7),
)
def test_every_raster_is_found_again(widths: list[int], heights: list[int]) -> None:
    """Cell by cell."""
    columns = np.cumsum([50, *widths]).tolist()
    rows = np.cumsum([50, *heights]).tolist()
    boxes = [
        (columns[j], rows[i], columns[j + 1], rows[i + 1])
        for i in range(len(heights))
        for j in range(len(widths))
    ]
    (table,) = ruled(frame(paper(), *boxes)).tables

    assert len(table) == len(boxes)
    for box, wanted in zip(sorted(table, key=lambda b: (b[1], b[0])), boxes, strict=True):
        assert max(abs(a - b) for a, b in zip(box, wanted, strict=True)) <= 4


@pytest.mark.parametrize("lean", [-3.0, -0.5, 0.0, 1.2, 8.0])
def test_the_lean_of_a_page_is_told_by_its_lines(lean: float) -> None:
    """Degrees, to the right and down."""
    ink = paper()
    for row in range(300, 1300, 100):
        fall = np.tan(np.radians(lean)) * 800
        cv2.line(ink, (200, row), (1000, round(row + fall)), 255, 3)

    assert lean_of(ink) == pytest.approx(lean, abs=0.15)


def test_a_page_without_lines_does_not_lean() -> None:
    """Nor has it an outline."""
    assert lean_of(paper()) == 0
    assert outline_of(paper()) is None


def test_a_frame_seen_at_an_angle_is_told_by_its_corners() -> None:
    """One that is straight is not."""
    corners = np.array([[200, 200], [1000, 230], [1040, 1300], [160, 1260]], np.int32)
    ink = paper()
    cv2.polylines(ink, [corners], isClosed=True, color=255, thickness=4)
    found = outline_of(ink)

    assert found is not None
    assert np.abs(found - corners).max() < 12
    assert outline_of(frame(paper(), (200, 200, 1000, 1300))) is None
