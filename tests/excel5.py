"""A worksheet as Excel 5 and 95 store it (BIFF 5), texts in bytes of the code page."""

from __future__ import annotations

import struct
from collections.abc import Sequence

from compounds import compound

_BOF, _EOF, _CODE_PAGE, _FONT, _XF = 0x0809, 0x0A, 0x42, 0x31, 0xE0
_SHEET, _DIMENSIONS, _LABEL = 0x85, 0x0200, 0x0204
_GLOBALS, _WORKSHEET = 5, 0x10


def excel5(rows: Sequence[Sequence[str]]) -> bytes:
    """A workbook of one sheet of texts."""
    name = b"Sheet1"
    song = "宋体".encode("gbk")
    font = struct.pack("<5H5B", 200, 0, 0x7FFF, 400, 0, 0, 0, 134, 0, len(song)) + song
    head = _begin(_GLOBALS) + _record(_CODE_PAGE, struct.pack("<H", 936))
    head += _record(_FONT, font) * 4
    head += _record(_XF, struct.pack("<8H", 0, 0, 1, 0x20, 0, 0, 0, 0)) * 16
    begin = len(head) + 4 + 7 + len(name) + 4  # after this record and the end
    head += _record(_SHEET, struct.pack("<IBBB", begin, 0, 0, len(name)) + name) + _record(_EOF)
    sheet = _begin(_WORKSHEET)
    sheet += _record(_DIMENSIONS, struct.pack("<5H", 0, len(rows), 0, max(map(len, rows)), 0))
    for number, row in enumerate(rows):
        for column, text in enumerate(row):
            raw = text.encode("gbk")
            place = struct.pack("<4H", number, column, 0, len(raw))
            sheet += _record(_LABEL, place + raw)
    return compound({"Book": head + sheet + _record(_EOF)})


def _begin(kind: int) -> bytes:
    return _record(_BOF, struct.pack("<4H", 0x0500, kind, 0, 0))


def _record(kind: int, data: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(data)) + data
