"""From glyphs on a page back to lines and paragraphs, as they were typed.

A page says where each glyph stands and nothing of words or paragraphs. Lines are told
by their base, blanks by gaps, and a line is taken to go on in the next one only where
the next word would not have fitted behind it. Knows nothing of tables or forms.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from parsers.portable.pages import Glyph

_SAME_BASE = 0.4  #: of the size: farther apart are two lines
_BLANK = 0.35  #: of the size: a gap that is a blank
_BETWEEN_SCRIPTS = 0.25  #: of the size: set between Chinese and Latin by itself
_FAR = 3.0  #: of the size: a gap that parts two texts
_SLACK = 1.0  #: points that rounding may take away
_PADDING = 8.0  #: points between the edge of a cell and its text, at most
_APART = 1.6  #: times the usual distance of lines: a new paragraph

#: signs that never begin a line, and so take the character before them along
_CLINGING = "、。，．；：？！）》」』】〕〉”’…—%,.;:?!)]}℃％"

#: and those that never end one
_OPENING = "（《「『【〔〈“‘([{"
_BOXES = "□☐☑☒■▢"

#: a number that heads a part; behind a full sentence it begins a paragraph even where that
#: one filled its line to the end
_NUMBERED = re.compile(
    r"(?:[一二三四五六七八九十]{1,3}[、.．]|[（(][一二三四五六七八九十]{1,3}[）)]"
    r"|第[一二三四五六七八九十]{1,3}[章节条]|\d{1,2}[、.．](?!\d)|[（(]\d{1,2}[）)])"
)
_FULL_STOPS = "。；：！？;:!?"


@dataclass(frozen=True, slots=True)
class Row:
    """Glyphs on one base, left to right."""

    glyphs: tuple[Glyph, ...]

    @property
    def x0(self) -> float:
        """Left end of what is seen."""
        return self.glyphs[0].x0

    @property
    def x1(self) -> float:
        """Right end of what is seen."""
        return next((g.x1 for g in reversed(self.glyphs) if not g.text.isspace()), self.x0)

    @property
    def base(self) -> float:
        """Where it stands on the page, points from the top."""
        return self.glyphs[0].base

    @property
    def size(self) -> float:
        """Of most of its glyphs, points."""
        return median(g.size for g in self.glyphs)

    @property
    def bold(self) -> bool:
        """Is all of it bold?"""
        return all(g.bold for g in self.glyphs if not g.text.isspace())

    @property
    def text(self) -> str:
        """Its words, gaps as blanks or tabs."""
        return "".join(self._pieces()).strip()

    @property
    def ends_blank(self) -> bool:
        """Does it end with a blank that was typed?"""
        return self.glyphs[-1].text.isspace()

    def _pieces(self) -> Iterator[str]:
        before: Glyph | None = None
        for glyph in self.glyphs:
            if before is not None:
                gap = (glyph.x0 - before.x1) / max(glyph.size, before.size, 1.0)
                if gap > _FAR:
                    yield "\t"
                elif gap > _BLANK and not (before.text.isspace() or glyph.text.isspace()):
                    yield " "
            yield glyph.text
            before = glyph


def rows(glyphs: Iterable[Glyph]) -> list[Row]:
    """The lines of a page or a cell, top to bottom."""
    found: list[list[Glyph]] = []
    for glyph in sorted(glyphs, key=lambda g: (g.base, g.x0)):
        line = found[-1] if found else None
        if line and glyph.base - line[0].base <= _SAME_BASE * min(glyph.size, line[0].size):
            line.append(glyph)
        else:
            found.append([glyph])
    ordered = (tuple(sorted(line, key=lambda g: g.x0)) for line in found)
    return [Row(line) for line in ordered if any(not g.text.isspace() for g in line)]


def paragraphs(
    lines: Sequence[Row], left: float, right: float, slack: float = _SLACK
) -> list[list[Row]]:
    """Lines that were one paragraph; ``left`` and ``right`` bound the place for text."""
    found: list[list[Row]] = []
    usual = _usual_distance(lines)
    for line in lines:
        last = found[-1][-1] if found else None
        near = last is not None and line.base - last.base <= usual * _APART + slack
        if (
            last is not None
            and near
            and _goes_on(last, line, right, slack)
            and not (last.text[-1] in _FULL_STOPS and _NUMBERED.match(line.text))
            and line.x0 >= left - slack
        ):
            found[-1].append(line)
        else:
            found.append([line])
    return found


def joined(lines: Sequence[Row], left: float, right: float) -> str:
    """The text of one paragraph."""
    text = lines[0].text
    for last, line in pairwise(lines):
        text += (" " if _blank_between(last, line, left, right) else "") + line.text
    return text


def cell_text(glyphs: Iterable[Glyph], left: float, right: float, slack: float = _SLACK) -> str:
    """The text of a cell between two edges: wraps joined, paragraphs on lines of their own."""
    lines = rows(glyphs)
    if not lines:
        return ""
    # the text keeps off both edges alike
    edge = right - max(0.0, min(min(line.x0 for line in lines) - left, _PADDING))
    return "\n".join(
        joined(part, left, edge) for part in paragraphs(lines, left, edge, slack)
    ).strip()


def _usual_distance(lines: Sequence[Row]) -> float:
    """Between lines that follow each other closely."""
    gaps = [b.base - a.base for a, b in pairwise(lines)]
    return min(gaps, default=0.0)


def _goes_on(line: Row, following: Row, right: float, slack: float) -> bool:
    """Would the first word of the following line not have fitted behind this one?"""
    last = next(g for g in reversed(line.glyphs) if not g.text.isspace())
    mixed = _is_latin(last) != _is_latin(following.glyphs[0])
    needed = _word_width(following) + (_BETWEEN_SCRIPTS * following.size if mixed else 0)
    return right - line.x1 < needed + slack


def _word_width(line: Row) -> float:
    """Of what cannot be parted at the beginning of a line."""
    end = line.glyphs[0]
    for glyph in line.glyphs[1:]:
        clings = (
            glyph.text in _CLINGING
            or end.text in _OPENING
            or (_is_latin(glyph) and (_is_latin(end) or end.text in _CLINGING))
        )
        if not clings or glyph.x0 - end.x1 > _BLANK * glyph.size:
            break
        end = glyph
    return end.x1 - line.glyphs[0].x0


def _blank_between(last: Row, line: Row, left: float, right: float) -> bool:
    """Was a blank lost where the line was wrapped?"""
    if last.ends_blank:
        return True
    before = next(g for g in reversed(last.glyphs) if not g.text.isspace())
    after = line.glyphs[0]
    if after.text in _BOXES:
        return True
    if not (_is_word(before) and _is_word(after)):
        return False
    # a word is parted within only where it fills its line and is too long for any
    is_full = right - last.x1 < after.x1 - after.x0 + _SLACK
    return not (is_full and _last_width(last) + _word_width(line) > right - left - _SLACK)


def _last_width(line: Row) -> float:
    """Of the Latin word at the end of a line."""
    start = line.x1
    for glyph in reversed(line.glyphs):
        if not _is_latin(glyph) and glyph.x0 < line.x1:
            break
        start = min(start, glyph.x0)
    return line.x1 - start


def _is_latin(glyph: Glyph) -> bool:
    return glyph.text.isascii() and not glyph.text.isspace()


def _is_word(glyph: Glyph) -> bool:
    return glyph.text.isascii() and glyph.text.isalnum()
