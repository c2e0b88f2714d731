"""Archives .rar with stored members, written byte by byte: no free program writes them."""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """One member and what its header claims."""

    name: bytes
    content: bytes = b""
    folder: bool = False
    locked: bool = False
    link: bool = False
    split: bool = False


def rar4(*members: Stored, locked: bool = False) -> bytes:
    """The format of WinRAR 2.9 to 4."""
    parts = [b"Rar!\x1a\x07\x00", _block4(0x73, 0x0080 if locked else 0, bytes(6))]
    for member in members:
        flags = 0x8000 | (4 if member.locked else 0) | (2 if member.split else 0)
        flags |= 0x00E0 if member.folder else 0
        size = len(member.content)
        mode = 0o120777 if member.link else 0o040755 if member.folder else 0o100644
        sum_ = zlib.crc32(member.content)
        head = struct.pack(
            "<IIBIIBBHI", size, size, 3, sum_, 0x5A21_0000, 20, 0x30, len(member.name), mode
        )
        parts += [_block4(0x74, flags, head + member.name), member.content]
    return b"".join([*parts, _block4(0x7B, 0x4000, b"")])


def _block4(kind: int, flags: int, body: bytes) -> bytes:
    head = struct.pack("<BHH", kind, flags, 7 + len(body)) + body
    return struct.pack("<H", zlib.crc32(head) & 0xFFFF) + head


def rar5(*members: Stored, locked: bool = False) -> bytes:
    """The format of WinRAR 5 and newer; names are UTF-8."""
    parts = [b"Rar!\x1a\x07\x01\x00"]
    if locked:
        parts.append(_block5(_numbers(4, 0, 0, 0) + b"\x0f" + bytes(16)))
    parts.append(_block5(_numbers(1, 0, 0)))
    for member in members:
        size = len(member.content)
        extra = b""
        if member.locked:
            extra += _record(_numbers(1, 0, 0) + b"\x0f" + bytes(32))
        if member.link:
            extra += _record(_numbers(5, 1, 0, 3) + b"a.b")
        flags = 2 | bool(extra) | (0x10 if member.split else 0)
        head = _numbers(2, flags, *([len(extra)] if extra else []), size)
        kind = 1 if member.folder else 4
        head += _numbers(kind, size, 0o040755 if member.folder else 0o100644)
        head += b"" if member.folder else struct.pack("<I", zlib.crc32(member.content))
        head += _numbers(0, 1, len(member.name)) + member.name + extra
        parts += [_block5(head), member.content]
    return b"".join([*parts, _block5(_numbers(5, 0, 0))])


def _block5(head: bytes) -> bytes:
    sized = _numbers(len(head)) + head
    return struct.pack("<I", zlib.crc32(sized)) + sized


def _record(body: bytes) -> bytes:
    return _numbers(len(body)) + body


def _numbers(*values: int) -> bytes:
    """Varying integers, seven bits a byte from the lowest."""
    found = bytearray()
    for number in values:
        rest = number
        while rest > 0x7F:
            found.append(rest & 0x7F | 0x80)
            rest >>= 7
        found.append(rest)
    return bytes(found)
