"""One picture of a page to the marks on it: glyphs, ruled cells, boxes, a seal.

The page is turned upright, its lines and boxes are taken away before the text is
recognised, and ink in a cell of which nothing could be read stays there as U+FFFD, so
that a cell with something in it never passes for an empty one. Positions are given in
points as if the longer side were that of A4. What the marks mean is for
:mod:`parsers.portable.document`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from parsers.model import Seal
from parsers.portable.pages import Box, Glyph, Page
from parsers.scans.boxes import TickBox, tick_boxes
from parsers.scans.lines import Corners, Ruled, ink_of, lean_of, outline_of, rectangle, ruled
from parsers.scans.recognition import LONGEST, Char, Text, texts_on
from parsers.scans.seal import find_seal, red_ink
from parsers.scans.spacing import extents

Color: TypeAlias = NDArray[np.uint8]
Gray: TypeAlias = NDArray[np.uint8]

_A4 = 842.0  #: points
_SHORTEST = 1600  #: pixels of the longer side: smaller pictures are enlarged
_EM = 0.78  #: height of a character to that of its line as the recogniser frames it
_BOX = 0.6  #: of a character: the least side of a box
_LARGE = 1.2  #: times the usual size: a heading
_WRITTEN = 11  #: pixels a stroke of a letter has at least, in one direction
_UNREAD = "\ufffd"
_SIGNS = "☐☑" + _UNREAD
_SLACK = 4.0  #: points by which the end of a line may be mistaken
_WEAK = 0.6  #: a page recognised no better is tried on all its other sides
_GOOD = 0.85  #: one recognised no better, upside down; printed pages reach 0.95 and more
#: its neighbours in words such as 归口, 窗口 and 口径
_BEFORE_MOUTH = frozenset("归窗进出人港接路渡海关切")
_AFTER_MOUTH = frozenset("径岸碑号头")
#: what the recogniser makes of a box with a tick in it
_LIKE_A_BOX = frozenset("口曰囗☐☑☒□■▢√✓✔×")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """What a picture of a page shows."""

    page: Page
    seal: Seal


def read_scan(picture: Color, number: int) -> Scan:
    """The page on a picture; red first, any size, any side up."""
    picture = _sized(picture)
    best = _upright(picture, number)
    for turn in _turns(best.score):
        turned = _upright(np.asarray(cv2.rotate(picture, turn), np.uint8), number)
        best = max(best, turned, key=lambda tried: tried.score)
        if best.score >= _GOOD:
            break
    return best.scan


def _turns(score: float) -> tuple[int, ...]:
    """The other sides a page is tried on that was read no better than this.

    Lines that stand on their heads are read as something, too, only not well.
    """
    if score < _WEAK:
        return (cv2.ROTATE_90_CLOCKWISE, cv2.ROTATE_90_COUNTERCLOCKWISE, cv2.ROTATE_180)
    return (cv2.ROTATE_180,) if score < _GOOD else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Tried:
    """A page read in one position, and how well: 0..1, 1 also for an empty one."""

    scan: Scan
    score: float


def _sized(picture: Color) -> Color:
    longer = max(picture.shape[:2])
    factor = LONGEST / longer if longer > LONGEST else max(1.0, _SHORTEST / longer)
    if factor == 1:
        return picture
    how = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(picture, None, fx=factor, fy=factor, interpolation=how), np.uint8)


def _upright(picture: Color, number: int) -> _Tried:
    seal = find_seal(picture)
    black = _gray if seal == "not_found" else _without_red  # its rim is no rule of a table
    lean = lean_of(ink_of(black(picture)))
    if lean:
        picture = _turned(picture, lean)
    outline = outline_of(ink_of(black(picture)))
    if outline is not None:
        picture = _straightened(picture, outline)
    gray = black(picture)
    lines = ruled(ink_of(gray))
    bare = _without_lines(gray, lines)
    red = red_ink(picture)
    boxes = [
        box
        for box in tick_boxes(ink_of(bare))
        if not red[box.top : box.bottom, box.left : box.right].any()
    ]
    texts = texts_on(bare)
    page = _Drawing(bare, lines, boxes, texts).page(number)
    letters = [(len(text.chars), text.score if text.upright else 0.0) for text in texts]
    total = sum(count for count, _score in letters)
    score = sum(count * score for count, score in letters) / total if total else 1.0
    return _Tried(scan=Scan(page=page, seal=seal), score=score)


def _gray(picture: Color) -> Gray:
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), np.uint8)


def _turned(picture: Color, degrees: float) -> Color:
    height, width = picture.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    return np.asarray(
        cv2.warpAffine(
            picture, matrix, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
        ),
        np.uint8,
    )


def _straightened(picture: Color, outline: Corners) -> Color:
    """What was photographed at an angle, seen from above."""
    height, width = picture.shape[:2]
    matrix = cv2.getPerspectiveTransform(outline, rectangle(outline))
    return np.asarray(
        cv2.warpPerspective(
            picture, matrix, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
        ),
        np.uint8,
    )


def _without_red(picture: Color) -> Gray:
    """Text under a seal: in the red channel red ink is nearly as bright as paper, black is not."""
    gray, channel = _gray(picture), picture[..., 0]
    ink = red_ink(picture) > 0
    if not ink.any():
        return gray
    bright = cv2.convertScaleAbs(channel, alpha=float(np.median(channel)) / float(np.median(channel[ink])))  # fmt: skip
    near = cv2.dilate(ink.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
    gray[near] = bright[near]
    return gray


def _without_lines(gray: Gray, lines: Ruled) -> Gray:
    """Even paper, without ruled lines."""
    paper = cv2.medianBlur(cv2.dilate(gray, np.ones((7, 7), np.uint8)), 31)
    even = cv2.divide(gray, paper, scale=250)
    even[cv2.dilate(lines.lines, np.ones((3, 3), np.uint8)) > 0] = 250
    return np.asarray(even, np.uint8)


def _with_boxes(
    texts: Sequence[Text], boxes: Sequence[TickBox], usual: float
) -> tuple[list[Text], list[TickBox]]:
    """Boxes as characters of the lines they stand in; and those that stand alone.

    What the recogniser took for a character with a frame around it, or what is small
    for its line and so a part of a character, is no box.
    """
    lines, alone = list(texts), []
    for box in boxes:
        across, down = (box.left + box.right) / 2, (box.top + box.bottom) / 2
        reach = (box.right - box.left) / 2
        at = next((at for at, text in enumerate(lines) if text.holds(across, down, reach)), None)
        height = usual if at is None else lines[at].bottom - lines[at].top
        if 2 * reach < _BOX * _EM * height:
            continue
        if at is None:
            alone.append(box)
            continue
        chars = list(lines[at].chars)
        near = [
            (abs(char.middle - across), index)
            for index, char in enumerate(chars)
            if not char.text.isspace() and abs(char.middle - across) < reach
        ]
        sign = Char(text=box.sign, middle=across)
        if not near:
            chars.insert(sum(char.middle < across for char in chars), sign)
        elif chars[min(near)[1]].text in _LIKE_A_BOX and not _is_mouth(chars, min(near)[1]):
            chars[min(near)[1]] = sign
        lines[at] = replace(lines[at], chars=tuple(chars))
    return [replace(line, chars=_parted(line.chars)) for line in lines], alone


def _is_mouth(chars: Sequence[Char], index: int) -> bool:
    """Is it the character that looks like a box, in one of its words?"""
    before = chars[index - 1].text if index else ""
    after = chars[index + 1].text if index + 1 < len(chars) else ""
    return chars[index].text == "口" and (before in _BEFORE_MOUTH or after in _AFTER_MOUTH)


def _parted(chars: Sequence[Char]) -> tuple[Char, ...]:
    """Two boxes with no word between them: one is a character with a frame, nobody knows which."""
    result = list(chars)
    printed = [index for index, char in enumerate(chars) if not char.text.isspace()]
    for first, second in pairwise(printed):
        if chars[first].text in _SIGNS and chars[second].text in _SIGNS:
            for index in (first, second):
                if chars[index].text == "☑":
                    result[index] = replace(chars[index], text=_UNREAD)
    return tuple(result)


class _Drawing:
    """The marks of one upright page."""

    def __init__(
        self, bare: Gray, lines: Ruled, boxes: Sequence[TickBox], texts: Sequence[Text]
    ) -> None:
        self._bare = bare
        self._tables = lines.tables
        self._usual = median([text.bottom - text.top for text in texts] or [1.0])
        self._texts, self._boxes = _with_boxes(texts, boxes, self._usual)
        self._scale = _A4 / max(bare.shape)
        self._owners = np.zeros(bare.shape, np.int32)
        for index, (left, top, right, bottom) in enumerate(
            (cell for table in self._tables for cell in table), 1
        ):
            self._owners[top:bottom, left:right] = index

    def page(self, number: int) -> Page:
        """Everything together, in points."""
        height, width = self._bare.shape
        glyphs = [*self._glyphs(), *self._unread()]
        return Page(
            number=number,
            width=width * self._scale,
            height=height * self._scale,
            glyphs=tuple(glyphs),
            tables=tuple(tuple(map(self._points, table)) for table in self._tables),
            slack=_SLACK,
        )

    def _points(self, box: tuple[int, int, int, int]) -> Box:
        left, top, right, bottom = (edge * self._scale for edge in box)
        return left, top, right, bottom

    def _glyphs(self) -> Iterator[Glyph]:
        for text in self._texts:
            yield from self._letters(text)
        for box in self._boxes:
            yield self._mark(box.left, box.top, box.right, box.bottom, box.sign)

    def _letters(self, text: Text) -> Iterator[Glyph]:
        """The characters of a line side by side; where a rule parts two, a gap."""
        height = text.bottom - text.top
        row = round((text.top + text.bottom) / 2)
        places = extents(self._bare, text, height * _EM)
        left, right = places[0][0], places[-1][1]
        cells = [self._owner(row, min(max(char.middle, left), right)) for char in text.chars]
        gap = height * _EM / 5
        for index, char in enumerate(text.chars):
            parted_before = index > 0 and cells[index] != cells[index - 1]
            parted_after = index + 1 < len(cells) and cells[index] != cells[index + 1]
            x0 = places[index][0] + (gap if parted_before else 0)
            x1 = places[index][1] - (gap if parted_after else 0)
            yield Glyph(
                text=char.text,
                x0=x0 * self._scale,
                x1=max(x0, x1) * self._scale,
                base=(text.bottom - height / 5) * self._scale,
                middle=row * self._scale,
                size=height * _EM * self._scale,
                bold=height >= self._usual * _LARGE,
            )

    def _owner(self, row: int, column: float) -> int:
        rows, columns = self._bare.shape[0], self._bare.shape[1]
        return int(
            self._owners[min(max(row, 0), rows - 1), min(max(round(column), 0), columns - 1)]
        )

    def _unread(self) -> Iterator[Glyph]:
        """Ink in cells where nothing was recognised."""
        taken = {
            self._owner(round((text.top + text.bottom) / 2), char.middle)
            for text in self._texts
            for char in text.chars
        }
        taken |= {
            self._owner((box.top + box.bottom) // 2, (box.left + box.right) / 2)
            for box in self._boxes
        }
        ink = ink_of(self._bare)
        count, _labels, marks, centres = cv2.connectedComponentsWithStats(ink)
        for mark, centre in zip(marks[1:count].tolist(), centres[1:count], strict=True):
            x, y, width, height, _area = mark
            owner = self._owner(round(float(centre[1])), float(centre[0]))
            if owner and owner not in taken and max(width, height) >= _WRITTEN:
                taken.add(owner)
                yield self._mark(x, y, x + width, y + height, _UNREAD)

    def _mark(self, left: float, top: float, right: float, bottom: float, sign: str) -> Glyph:
        height = (bottom - top) * self._scale
        return Glyph(
            text=sign,
            x0=left * self._scale,
            x1=right * self._scale,
            base=bottom * self._scale - height / 8,
            middle=top * self._scale + height / 2,
            size=height,
        )
