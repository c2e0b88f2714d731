"""Bytes to text, for mail whose charset labels cannot be trusted.

Chinese mail says gb2312 and means GBK or GB18030, or says nothing at all. This
room decides which charset bytes are in and decodes them; a byte that fits
nothing becomes U+FFFD, visibly. It never drops a byte and never raises.
"""

from __future__ import annotations

import codecs
from contextlib import suppress

#: Labels whose bytes are read as GB18030, the superset of all of them.
_CHINESE = frozenset(
    {"gb2312", "gbk", "x-gbk", "cp936", "ms936", "gb_2312-80", "euc-cn", "x-euc-cn", "gb18030"}
)
#: Labels that say nothing: the bytes are looked at instead.
_UNTOLD = frozenset({"", "us-ascii", "ascii", "unknown-8bit", "8bit", "x-unknown", "default"})
#: Codecs of Python that are no charset of a mail.
_NO_CHARSET = frozenset(
    {"unicode-escape", "raw-unicode-escape", "unicode_escape", "raw_unicode_escape"}
    | {"idna", "punycode", "undefined", "mbcs", "oem"}
)
#: What undeclared bytes may be, the strictest first.
_GUESSES = ("utf-8", "gb18030", "big5hkscs")

_PRIVATE = ("\ue000", "\uf8ff")
#: One private character in so many others or more is no Chinese text.
_RARELY = 20
#: The share of characters lost up to which a declared charset is still believed:
#: one cut or broken character in a long text is damage, every tenth is a wrong label.
_BELIEVED = 0.1


def known(label: str) -> str:
    """The charset a label stands for, as a name of Python's; "" when it tells nothing."""
    name = label.strip().strip("\"'").lower().split("*", 1)[0]
    if name in _UNTOLD:
        return ""
    if name in _CHINESE:
        return "gb18030"
    try:
        info = codecs.lookup(name)
    except (LookupError, ValueError):  # unknown; a NUL in the name
        return ""
    with suppress(UnicodeError):
        try:
            b"x".decode(info.name)
        except LookupError:  # hex, zip and their kind turn bytes into bytes
            return ""
    if info.name in _NO_CHARSET:
        return ""
    return "gb18030" if info.name in ("gb2312", "gbk") else info.name


def decode(raw: bytes, label: str = "") -> str:
    """Text of ``raw``: in the declared charset where it fits, else in the one that does.

    Undeclared bytes are tried as UTF-8, then GB18030, then Big5-HKSCS.
    """
    charset = known(label)
    if charset:
        text = _strict(raw, charset)
        if text is not None:
            return text
        text = _lossy(raw, charset)
        if text.count("\ufffd") <= max(1.0, _BELIEVED * len(text)):
            return text
    for guess in _GUESSES:
        text = _strict(raw, guess)
        if text is not None:
            return _traditional(raw, text) if guess == "gb18030" else text
    return min(
        (_lossy(raw, guess) for guess in (charset or "utf-8", "gb18030")),
        key=lambda text: text.count("\ufffd"),
    )


def _traditional(raw: bytes, text: str) -> str:
    """``text`` as read in GB18030, or the same bytes in Big5 where that makes more sense.

    Every pair of Big5 is also one of GB18030; but its punctuation and some of its most
    frequent characters fall into areas that GB18030 leaves to private use.
    """
    beyond = len(text) - sum(map(str.isascii, text))
    private = sum(_PRIVATE[0] <= char <= _PRIVATE[1] for char in text)
    if private * _RARELY < beyond or not private:
        return text
    other = _strict(raw, "big5hkscs")
    if other is None or any(_PRIVATE[0] <= char <= _PRIVATE[1] for char in other):
        return text
    return other


def _strict(raw: bytes, charset: str) -> str | None:
    try:
        text = raw.decode(charset)
        text.encode("utf-8")  # UTF-7 and its kind can produce lone surrogates
    except (UnicodeError, ValueError):
        return None
    return text


def _lossy(raw: bytes, charset: str) -> str:
    try:
        text = raw.decode(charset, "replace")
    except (UnicodeError, ValueError):  # some codecs know no "replace"
        text = raw.decode("ascii", "replace")
    return text.encode("utf-8", "replace").decode("utf-8")
