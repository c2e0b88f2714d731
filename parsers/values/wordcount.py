"""Word's 字数: how long a text is by the count the applicant sees in the status bar.

Every Chinese character and every Chinese or full-width punctuation mark counts 1;
every run of other characters between blanks (a word, a number, an address) counts 1.
Signs that are wide in a Chinese font and narrow in a Latin one (quotation marks,
dashes, ①, □) count 1 for themselves unless both neighbours are Latin: the
apostrophe of ``don’t`` does not make two words of it. Korean counts by words, as
Word counts it. Nothing here knows a limit.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

#: separators Python's ``\s`` does not know: zero-width characters and the byte-order mark
_INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff"

#: Unicode blocks whose characters fill a full square, Korean left out
_WIDE = (
    "\u2e80-\u2fff"  # radicals, ideographic description
    "\u3001-\u30ff"  # punctuation, kana
    "\u3100-\u312f\u31a0-\u33ff"  # bopomofo, strokes, enclosed
    "\u3400-\u9fff\ua000-\ua4cf"  # ideographs
    "\uf900-\ufaff\ufe10-\ufe1f\ufe30-\ufe6f"  # compatibility, vertical and small forms
    "\uff01-\uff9f\uffe0-\uffe6"  # full-width ASCII, half-width kana
    "\U0001f000-\U0001faff"  # pictographs
    "\U00020000-\U0003ffff"  # ideographs of the higher planes
)

#: signs that are wide in a Chinese font and narrow in a Latin one
_AMBIGUOUS = (
    "\u00a7\u00b0\u00b1\u00b7\u00d7\u00f7"
    "\u2010-\u2027\u2030-\u205e"  # dashes, quotation marks, ellipsis
    "\u2100-\u218f"  # ℃ №, Roman numerals
    "\u2190-\u23ff"  # arrows, mathematics
    "\u2460-\u27bf"  # ① and the like, boxes, dingbats
    "\u2b00-\u2bff"
)

_RUN = f"[^\\s{_INVISIBLE}{_WIDE}{_AMBIGUOUS}]+"
_WORD = re.compile(f"{_RUN}(?:[{_AMBIGUOUS}]+{_RUN})*")
_VISIBLE = re.compile(f"[^\\s{_INVISIBLE}]+")


def count_words(text: str) -> int:
    """Word's 字数 of a text."""
    if text.isascii():
        return len(text.split())
    words: list[str] = _WORD.findall(text)
    # what is neither blank nor part of a word counts one by one
    signs = len("".join(text.split())) - sum(map(text.count, _INVISIBLE))
    return len(words) + signs - sum(map(len, words))


def count_all(texts: Sequence[str]) -> int:
    """Word's 字数 of many texts that do not touch each other, quicker than one by one."""
    narrow = "\n".join([text for text in texts if text.isascii()])
    return count_words(narrow) + count_words("\n".join([t for t in texts if not t.isascii()]))


def count_characters(text: str) -> int:
    """Characters without blanks (Word's 字符数，不计空格)."""
    return sum(len(found.group()) for found in _VISIBLE.finditer(text))
