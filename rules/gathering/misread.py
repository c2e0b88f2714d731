"""Names as a recogniser of pictures may have misread them.

Two names are taken for one only where they differ in signs that look alike, or in one
character that counts nothing: 冲压一班 and 冲压二班 are two teams, however near they look.
"""

from __future__ import annotations

import unicodedata

from parsers.forms.labels import normalise_name

#: signs that are confused, as one of them
_ALIKE = str.maketrans(
    {
        **dict.fromkeys("—–-－ー_丨一", "一"),
        **dict.fromkeys("oOＯ〇○", "0"),
        **dict.fromkeys("lI|", "1"),
        **dict.fromkeys("曰", "日"),
        **dict.fromkeys("已巳", "己"),
        **dict.fromkeys("未", "末"),
        **dict.fromkeys("士", "土"),
        **dict.fromkeys("于千", "干"),
        **dict.fromkeys("囗", "口"),
    }
)
_LEAST = 4  #: characters of a name in which one may be wrong


def is_misread(one: str, other: str) -> bool:
    """May these be one name, one of them misread?"""
    left, right = _looks(one), _looks(other)
    if not left or not right:
        return False
    if left == right:
        return True
    if len(left) != len(right) or len(left) < _LEAST:
        return False
    differing = [(a, b) for a, b in zip(left, right, strict=True) if a != b]
    return len(differing) == 1 and not any(map(_counts, differing[0]))


def _looks(name: str) -> str:
    return normalise_name(name).translate(_ALIKE)


def _counts(sign: str) -> bool:
    """Does this character tell one of several apart: a number, a letter, a cyclical sign?"""
    is_number = unicodedata.numeric(sign, None) is not None
    return is_number or not unicodedata.category(sign).startswith("Lo") or sign in _TELLING


#: the heavenly stems, and words for one of several places, times or sorts
_TELLING = frozenset("甲乙丙丁戊己庚辛壬癸东西南北中上下左右前后内外早晚夜新老大小")
