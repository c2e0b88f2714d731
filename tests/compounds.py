"""Compound files ([MS-CFB] version 3) of the streams a test is about."""

from __future__ import annotations

import struct
from collections.abc import Mapping

_SECTOR = 512
_SHORT = 4096  #: shorter streams would have to go into the mini stream; they are filled up
_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_STREAM, _ROOT = 2, 5


def compound(streams: Mapping[str, bytes], class_id: bytes = bytes(16)) -> bytes:
    """A file with these streams in its root."""
    chain: list[int] = []
    body: list[bytes] = []

    def put(data: bytes) -> int:
        first, count = len(chain), -(-len(data) // _SECTOR)
        chain.extend([*range(first + 1, first + count), _END])
        body.append(data.ljust(count * _SECTOR, b"\0"))
        return first

    # siblings in the order of [MS-CFB] 2.6.4, each the right child of the one before
    names = sorted(streams, key=lambda name: (len(name), name.upper()))
    entries = [_entry("Root Entry", _ROOT, _FREE, 1, _END, 0, class_id)]
    for number, name in enumerate(names, 1):
        data = streams[name].ljust(_SHORT, b"\0")
        right = number + 1 if number < len(names) else _FREE
        entries.append(_entry(name, _STREAM, right, _FREE, put(data), len(data)))
    entries += [_entry("", 0, _FREE, _FREE, 0, 0)] * (-len(entries) % 4)
    directory = put(b"".join(entries))
    tables = 1
    while len(chain) + tables > tables * _SECTOR // 4:
        tables += 1
    places = list(range(len(chain), len(chain) + tables))
    chain += [_FAT] * tables
    chain += [_FREE] * (tables * _SECTOR // 4 - len(chain))
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    head += struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    head += struct.pack("<9I", 0, tables, directory, 0, _SHORT, _END, 0, _END, 0)
    head += struct.pack("<109I", *places, *[_FREE] * (109 - tables))
    return head + b"".join(body) + struct.pack(f"<{len(chain)}I", *chain)


def _entry(  # noqa: PLR0917 - the fields of the record in their order
    name: str, kind: int, right: int, child: int, start: int, size: int, class_id: bytes = bytes(16)
) -> bytes:
    raw = name.encode("utf-16-le")
    head = raw.ljust(64, b"\0") + struct.pack(
        "<HBBIII", len(raw) + 2 if name else 0, kind, 1, _FREE, right, child
    )
    return head + class_id + bytes(20) + struct.pack("<IQ", start, size)
