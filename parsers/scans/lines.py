"""Ruled lines on a picture: how far the page leans, and the cells between its lines.

A picture is turned upright by its long lines, and the places where lines run across and
down make a raster; raster fields without a line between them are one cell. Knows
nothing of text. Works on ink masks: ``uint8`` arrays of shape (height, width), 255 is ink.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

Mask: TypeAlias = NDArray[np.uint8]
Corners: TypeAlias = NDArray[np.float32]  #: four points, pixels from the left and from the top
Shares: TypeAlias = NDArray[np.float64]  #: 0..1
Box: TypeAlias = tuple[int, int, int, int]  #: left, top, right, bottom, pixels

_LEAN = 12.0  #: degrees; what leans more was laid on its side
_LEAST_LEAN = 0.05  #: degrees
_LONG = 0.15  #: share of the width that makes a line tell how the page leans
_ACROSS = 1 / 30  #: share of the longer side: no stroke of a letter is so long
_DOWN = 1 / 65
_NEAR = 1 / 260  #: lines nearer than this share of the longer side are one
_TABLE = 0.2  #: share of the longer side that a table has in one direction; letters have less
_FRAME = 0.1  #: share of the page that a frame encloses
_ASKEW = (1 / 400, 1 / 8)  #: how far its corners may be from a rectangle's, of the longer side
_DRAWN = 0.6  #: share of an edge that must be inked
_RASTER = 200  #: lines of one table in one direction, at most
_REPAIRS = 60  #: lines of one table that may be overlooked


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruled:
    """The cells of each table, and its lines."""

    lines: Mask
    tables: tuple[tuple[Box, ...], ...]


def ink_of(gray: Mask) -> Mask:
    """Where something darker than its surroundings is written or drawn."""
    size = max(15, max(gray.shape) // 60) | 1
    smooth = cv2.GaussianBlur(gray, (3, 3), 0)
    return np.asarray(
        cv2.adaptiveThreshold(
            smooth, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, size, 18
        ),
        dtype=np.uint8,
    )


def lean_of(ink: Mask) -> float:
    """By how many degrees the long lines fall to the right; 0 where there are none."""
    width = ink.shape[1]
    found = cv2.HoughLinesP(
        ink, 1, np.pi / 1800, 150, minLineLength=int(width * _LONG), maxLineGap=6
    )
    if found is None:
        return 0.0
    x0, y0, x1, y1 = found.reshape(-1, 4).astype(np.float64).T
    angles = np.degrees(np.arctan2(y1 - y0, x1 - x0))
    lengths = np.hypot(x1 - x0, y1 - y0)
    flat = np.abs(angles) < _LEAN
    if not flat.any():
        return 0.0
    order = np.argsort(angles[flat])
    weight = np.cumsum(lengths[flat][order])
    middle = int(np.searchsorted(weight, weight[-1] / 2))
    lean = float(angles[flat][order][middle])
    return lean if abs(lean) >= _LEAST_LEAN else 0.0


def outline_of(ink: Mask) -> Corners | None:
    """The corners of the largest frame, clockwise from the upper left, where it is askew.

    A sheet photographed by hand is wider at one end; None where the frame is a rectangle
    already, or no frame.
    """
    longest = max(ink.shape)
    both = cv2.bitwise_or(
        _lines(ink, int(longest * _ACROSS), 1), _lines(ink, 1, int(longest * _DOWN))
    )
    joined = cv2.dilate(both, np.ones((9, 9), np.uint8))
    contours, _levels = cv2.findContours(joined, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    hull = max(map(cv2.convexHull, contours), key=cv2.contourArea, default=None)
    if hull is None or cv2.contourArea(hull) < _FRAME * ink.size:
        return None
    corners = cv2.approxPolyDP(hull, 0.02 * cv2.arcLength(hull, closed=True), closed=True)
    if len(corners) != 4:  # noqa: PLR2004 - a frame has four
        return None
    points = corners.reshape(4, 2).astype(np.float32)
    total, difference = points.sum(axis=1), points[:, 1] - points[:, 0]
    order = [total.argmin(), difference.argmin(), total.argmax(), difference.argmax()]
    if len(set(map(int, order))) != 4:  # noqa: PLR2004 - a frame has four
        return None
    frame = points[order]
    askew = float(np.abs(frame - rectangle(frame)).max())
    return frame if longest * _ASKEW[0] < askew < longest * _ASKEW[1] else None


def rectangle(frame: Corners) -> Corners:
    """The upright rectangle of about the same place and size."""
    left, right = (frame[0, 0] + frame[3, 0]) / 2, (frame[1, 0] + frame[2, 0]) / 2
    top, bottom = (frame[0, 1] + frame[1, 1]) / 2, (frame[2, 1] + frame[3, 1]) / 2
    return np.array([[left, top], [right, top], [right, bottom], [left, bottom]], np.float32)


def ruled(ink: Mask) -> Ruled:
    """The ruled tables of an upright page."""
    longest = max(ink.shape)
    across = _lines(ink, int(longest * _ACROSS), 1)
    down = _lines(ink, 1, int(longest * _DOWN))
    both = cv2.bitwise_or(across, down)
    near = max(3, int(longest * _NEAR))
    joined = cv2.dilate(both, np.ones((near, near), np.uint8))
    count, _labels, boxes, _centres = cv2.connectedComponentsWithStats(joined)
    tables: list[tuple[Box, ...]] = []
    lines = np.zeros_like(ink)
    for x, y, width, height, _area in boxes[1:count].tolist():
        if max(width, height) < longest * _TABLE:
            continue
        part = slice(y, y + height), slice(x, x + width)
        cells = _cells(across[part], down[part], near)
        if cells:
            tables.append(tuple((x + a, y + b, x + c, y + d) for a, b, c, d in cells))
            lines[part] = both[part]
    return Ruled(lines=lines, tables=tuple(tables))


def _lines(ink: Mask, width: int, height: int) -> Mask:
    """Strokes of at least this length in one direction, without any gap."""
    opened = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((height, width), np.uint8))
    return np.asarray(opened, dtype=np.uint8)


def _cells(across: Mask, down: Mask, near: int) -> list[Box]:
    """The cells of one table."""
    rows, columns = _places(across, 1, near), _places(down, 0, near)
    if not (1 < len(rows) <= _RASTER and 1 < len(columns) <= _RASTER):
        return []
    # a line may be off its mean by the thickness it has, and by a page that bends
    wide = np.ones((2 * near + 1, 1), np.uint8)
    across = np.asarray(cv2.dilate(across, wide), np.uint8)
    down = np.asarray(cv2.dilate(down, wide.T), np.uint8)
    inner_rows = [_inner(top, bottom, near) for top, bottom in pairwise(rows)]
    inner_columns = [_inner(left, right, near) for left, right in pairwise(columns)]
    flat = np.array([[_inked(across[row, part]) for part in inner_columns] for row in rows])
    steep = np.array([[_inked(down[part, column]) for column in columns] for part in inner_rows])
    cells = []
    for top, left, bottom, right in _merged(flat, steep):
        sides = sorted((
            flat[top, left:right].mean(), flat[bottom, left:right].mean(),
            steep[top:bottom, left].mean(), steep[top:bottom, right].mean(),
        ))  # fmt: skip
        if sides[1] >= _DRAWN:  # one side may be open or overlooked
            cells.append((columns[left], rows[top], columns[right], rows[bottom]))
    return cells


def _merged(flat: Shares, steep: Shares) -> Iterator[Box]:
    """Fields without a line between them, as (top, left, bottom, right) in the raster.

    ``flat`` says of each edge above or below a field how much of it is inked, ``steep``
    of each at its sides. Where the fields make no rectangle, a line was overlooked: the
    edge between them with the most ink is taken for it.
    """
    height, width = len(steep), flat.shape[1]
    drawn = np.ones((2 * height - 1, 2 * width - 1))
    drawn[::2, ::2] = 0
    drawn[1::2, ::2] = flat[1:-1]
    drawn[::2, 1::2] = steep[:, 1:-1]
    for _ in range(_REPAIRS):
        open_ = (drawn < _DRAWN).astype(np.uint8)
        count, labels, boxes, _middles = cv2.connectedComponentsWithStats(open_, connectivity=4)
        bent = None
        for number in range(1, count):
            x, y, across, down, _area = boxes[number].tolist()
            part = labels[y : y + down : 2, x : x + across : 2] == number
            if not part.all():
                bent = number
                break
        if bent is None:
            break
        inside = np.where(labels == bent, drawn, 0)
        best = np.unravel_index(int(inside.argmax()), inside.shape)
        if not inside[best]:
            break
        drawn[best] = 1
    for number in range(1, count):
        x, y, across, down, _area = boxes[number].tolist()
        part = labels[y : y + down : 2, x : x + across : 2] == number
        if part.all():
            yield y // 2, x // 2, (y + down + 1) // 2, (x + across + 1) // 2


def _places(lines: Mask, axis: int, near: int) -> list[int]:
    """Where lines run: of pieces that lie close together the longest says where."""
    count, _labels, boxes, centres = cv2.connectedComponentsWithStats(lines)
    pieces = sorted(
        (float(centre[axis]), int(box[3 - axis]))
        for box, centre in zip(boxes[1:count], centres[1:count], strict=True)
    )
    groups: list[list[tuple[float, int]]] = []
    for piece in pieces:
        if groups and piece[0] - groups[-1][-1][0] <= near:
            groups[-1].append(piece)
        else:
            groups.append([piece])
    return [round(max(group, key=lambda piece: piece[1])[0]) for group in groups]


def _inner(start: int, end: int, near: int) -> slice:
    """An edge without its ends, where it meets others."""
    off = min(near, (end - start) // 4)
    return slice(start + off, end - off)


def _inked(edge: Mask) -> float:
    """Which share of these pixels is inked."""
    return float(np.count_nonzero(edge)) / len(edge) if len(edge) else 0.0
