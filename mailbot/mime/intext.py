"""Files that stand in the text of a mail itself, as before MIME: uuencode and yEnc.

A uuencoded file (POSIX uuencode, IEEE Std 1003.1) is decoded and taken out of the text.
A yEnc file is taken out as it stands, for the reading of documents to report: its bytes
seldom survive the way. Text that only looks like either stays text.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from mailbot.mime import charsets, filenames
from mailbot.mime.headers import decode_words

_MARK = re.compile(
    rb"^(?:begin [0-7]{3,4} (?P<uu>[^\r\n]{1,1000})"
    rb"|=ybegin [^\r\n]{0,200}\bline=\d[^\r\n]{0,200}? name=(?P<yenc>[^\r\n]{1,1000}))\r?$",
    re.MULTILINE,
)
_YENC_END = re.compile(rb"^=yend\b[^\r\n]*(?:\r?\n|\Z)", re.MULTILINE)
_END = re.compile(rb"^end[ \t]*\r?$", re.MULTILINE)
_FULL = ord("M")  #: how a full line of 45 bytes begins
_MOST = 1000  #: files in one text


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One file out of a text."""

    name: str  #: fit for display; may be empty
    content: bytes = field(repr=False)


def take_out(text: bytes) -> tuple[bytes, tuple[Found, ...]]:
    """The text without the files in it, and the files."""
    kept: list[bytes] = []
    found: list[Found] = []
    at = 0
    while len(found) < _MOST and (mark := _MARK.search(text, at)) is not None:
        file, end = _uuencoded(text, mark) if mark["uu"] else _yenc(text, mark)
        if file is None:
            kept.append(text[at : mark.end()])
        else:
            kept.append(text[at : mark.start()])
            found.append(file)
        at = max(end, mark.end())
    return b"".join([*kept, text[at:]]), tuple(found)


def _uuencoded(text: bytes, mark: re.Match[bytes]) -> tuple[Found | None, int]:
    """The file behind a ``begin`` line, as far as its lines go, and where it ends."""
    chunks: list[bytes] = []
    end = text.find(b"\n", mark.end()) + 1 or len(text)
    for line, behind in _lines(text, end):
        if not chunks and not _is_first(line, ended=_END.search(text, behind) is not None):
            return None, mark.end()
        if line.strip() in (b"", b"`", b"end"):
            end = behind
            if line.strip() == b"end":
                break
            continue
        data = _line(line)
        if data is None:  # cut off, or the text goes on
            break
        chunks.append(data)
        end = behind
    if not chunks:
        return None, mark.end()
    return Found(name=_name(mark["uu"]), content=b"".join(chunks)), end


def _lines(text: bytes, at: int) -> Iterator[tuple[bytes, int]]:
    """The lines from a place on, each with the place behind it."""
    while at < len(text):
        behind = text.find(b"\n", at) + 1 or len(text)
        yield text[at:behind].rstrip(b"\r\n"), behind
        at = behind


def _is_first(line: bytes, *, ended: bool) -> bool:
    """Is it as long as its first character says? Words after "begin 644" are not.

    It may be shorter, its spaces cut off by a server, where the file's end is marked.
    """
    if not line or not 0 < (line[0] - 32) & 63 <= (_FULL - 32):
        return False
    digits = ((line[0] - 32) & 63) * 4 / 3
    least = 1 if ended else digits - 3
    return least <= len(line) - 1 <= digits + 5 and _line(line) is not None


def _line(line: bytes) -> bytes | None:
    """The bytes of one line; None where it is none."""
    try:
        return binascii.a2b_uu(line)
    except binascii.Error:
        pass
    # some programs write a checksum behind the digits
    digits = (((line[0] - 32) & 63) * 4 + 5) // 3 if line else 0
    try:
        return binascii.a2b_uu(line[:digits])
    except binascii.Error:
        return None


def _yenc(text: bytes, mark: re.Match[bytes]) -> tuple[Found | None, int]:
    """The file as it stands, its first and last line included."""
    last = _YENC_END.search(text, mark.end())
    end = last.end() if last else len(text)
    return Found(name=_name(mark["yenc"]), content=text[mark.start() : end]), end


def _name(raw: bytes) -> str:
    return filenames.harmless(decode_words(charsets.decode(raw.strip())))
