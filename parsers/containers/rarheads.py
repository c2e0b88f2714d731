"""The headers of a .rar: which files it holds, and what stands before their content.

Told without unfolding anything, because what unfolds does not say of every file whether
it is locked, a link or cut off by the end of a volume. Sources: technote.txt of RAR 4
and "RAR 5.0 archive format" of its makers.
"""

from __future__ import annotations

import stat
import struct
from collections.abc import Iterator
from dataclasses import dataclass

from parsers.damage import broken, locked

RAR4 = b"Rar!\x1a\x07\x00"
RAR5 = b"Rar!\x1a\x07\x01\x00"

_CURE = "重新打包为 .zip 文件"

# RAR 4: every block begins with checksum, type, flags and its own size
_BLOCK = struct.Struct("<HBHH")
_MAIN4, _FILE4, _END4 = 0x73, 0x74, 0x7B
_HEADERS_LOCKED = 0x0080  #: flag of the main block
_HAS_DATA = 0x8000  #: flag of any block: its data follows
_SPLIT4 = 0x0001 | 0x0002  #: flags of a file: begins before, goes on after this volume
_PASSWORD4 = 0x0004
_LARGE = 0x0100  #: the sizes have upper halves
_FOLDER4 = 0x00E0
# packed and unpacked size, system, checksum, time, version, method, length of the name, mode
_FILE = struct.Struct("<IIBIIBBHI")
_UNIX4 = 3

# RAR 5: every block begins with checksum and size, then type and flags as varying integers
_FILE5, _LOCK5, _END5 = 2, 4, 5
_EXTRA, _DATA = 0x01, 0x02
_SPLIT5 = 0x08 | 0x10
_FOLDER5, _TIME5, _SUM5 = 0x01, 0x02, 0x04  #: flags of a file
_PASSWORD5, _LINK5 = 0x01, 0x05  #: kinds of extra records


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What the header of one file says."""

    raw: bytes  #: the name, in RAR 4 without its Unicode form
    size: int  #: unpacked bytes, as claimed
    sum: int | None = None  #: CRC-32 of the unpacked bytes, where there is one
    folder: bool = False
    locked: bool = False  #: a password stands before it
    link: bool = False  #: it only points to another file
    split: bool = False  #: only a part of it is in this volume


def rar_heads(content: bytes) -> Iterator[Head]:
    """The files of a .rar in order, as far as headers can be read.

    Raises :class:`parsers.damage.Damaged` for bytes that are none and for locked headers.
    """
    try:
        yield from _five(content) if content.startswith(RAR5) else _four(content)
    except (struct.error, IndexError) as error:
        raise broken(_CURE) from error


def _four(content: bytes) -> Iterator[Head]:
    at = len(RAR4)
    while at < len(content):
        _sum, kind, flags, size = _BLOCK.unpack_from(content, at)
        if size < _BLOCK.size or kind == _END4:
            return
        data = 0
        if kind == _MAIN4 and flags & _HEADERS_LOCKED:
            raise locked()
        if kind == _FILE4:
            head, data = _file_four(content, at + _BLOCK.size, flags)
            yield head
        elif flags & _HAS_DATA:
            (data,) = struct.unpack_from("<I", content, at + _BLOCK.size)
        at += size + data


def _file_four(content: bytes, at: int, flags: int) -> tuple[Head, int]:
    """A file and the size of its data."""
    packed, size, system, sum_, _time, _version, _method, length, mode = _FILE.unpack_from(
        content, at
    )
    at += _FILE.size
    if flags & _LARGE:
        high_packed, high_size = struct.unpack_from("<II", content, at)
        packed, size, at = packed | high_packed << 32, size | high_size << 32, at + 8
    head = Head(
        raw=content[at : at + length].partition(b"\0")[0],
        size=size,
        sum=sum_,
        folder=flags & _FOLDER4 == _FOLDER4,
        locked=bool(flags & _PASSWORD4),
        link=system == _UNIX4 and stat.S_ISLNK(mode),
        split=bool(flags & _SPLIT4),
    )
    return head, packed


def _five(content: bytes) -> Iterator[Head]:
    at = len(RAR5)
    while at < len(content):
        size, start = _number(content, at + 4)
        kind, here = _number(content, start)
        flags, here = _number(content, here)
        extra, here = _number(content, here) if flags & _EXTRA else (0, here)
        data, here = _number(content, here) if flags & _DATA else (0, here)
        end = start + size
        if kind == _LOCK5:
            raise locked()
        if kind == _END5 or not size:
            return
        if kind == _FILE5:
            yield _file_five(content, here, set(_records(content, end - extra, end)), flags)
        at = end + data


def _file_five(content: bytes, at: int, records: set[int], flags: int) -> Head:
    kind, at = _number(content, at)
    size, at = _number(content, at)
    _mode, at = _number(content, at)
    at += 4 * bool(kind & _TIME5)
    sum_ = int.from_bytes(content[at : at + 4], "little") if kind & _SUM5 else None
    at += 4 * bool(kind & _SUM5)
    _method, at = _number(content, at)
    _system, at = _number(content, at)
    length, at = _number(content, at)
    return Head(
        raw=content[at : at + length],
        size=size,
        sum=sum_,
        folder=bool(kind & _FOLDER5),
        locked=_PASSWORD5 in records,
        link=_LINK5 in records,
        split=bool(flags & _SPLIT5),
    )


def _records(content: bytes, at: int, end: int) -> Iterator[int]:
    """The kinds of the extra records of a header."""
    while at < end:
        size, start = _number(content, at)
        kind, _ = _number(content, start)
        yield kind
        at = start + size


def _number(content: bytes, at: int) -> tuple[int, int]:
    """A varying integer, seven bits a byte from the lowest, and where it ends."""
    value = 0
    for shift in range(0, 70, 7):
        byte = content[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if not byte & 0x80:
            return value, at
    raise IndexError(at)
