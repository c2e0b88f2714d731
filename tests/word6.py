"""Documents as Word 6 and Word 95 store them, from lines and rows of cells.

The layout is that of the binary format before 97: text in bytes of the code page
behind the file information block, properties of paragraphs in pages of 512 bytes,
operations of one byte. Only what a form needs is there.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence

from compounds import compound

WORD_6, WORD_95 = 101, 104  #: nFib

_PAGE = 512
_TEXT_AT = 0x300
_CHINESE = 0x0804  #: lid
_IN_TABLE, _ROW_END, _TABLE = 24, 25, 190  #: sprmPFInTable, sprmPFTtp, sprmTDefTable
_WIDTH = 1800  # twips
_PARAGRAPH_PROPERTIES, _CHARACTER_PROPERTIES = 0x00C0, 0x00B8  #: places of their tables in the FIB
_FONTS = 0x00D0
_FONT = 93  #: sprmCFtc


def word6(parts: Sequence[str | Sequence[str]], version: int = WORD_6) -> bytes:
    """A document of lines (texts) and rows (sequences of texts) in their order."""
    text, runs = bytearray(), []
    for piece, properties in _paragraphs([*parts, ""]):  # Word always ends with a paragraph
        text += piece
        runs.append((_TEXT_AT + len(text), properties))
    end = _TEXT_AT + len(text)
    body = bytearray(_TEXT_AT) + text
    body += bytes(-len(body) % _PAGE)

    pages = list(_pages(runs))
    first = len(body) // _PAGE
    starts = [_TEXT_AT, *(page[-1][0] for page in pages)]
    for begin, page in zip(starts, pages, strict=False):
        body += _page(begin, page)
    plain = len(body) // _PAGE
    body += _characters(end)
    tables = {
        _PARAGRAPH_PROPERTIES: struct.pack(
            f"<{len(starts)}I{len(pages)}H", *starts, *range(first, first + len(pages))
        ),
        _CHARACTER_PROPERTIES: struct.pack("<IIH", _TEXT_AT, end, plain),
        _FONTS: _fonts(),
    }
    for place, table in tables.items():
        struct.pack_into("<II", body, place, len(body), len(table))
        body += table
    struct.pack_into("<6H", body, 0, 0xA5DC, version, 0, _CHINESE, 0, 0)
    struct.pack_into("<H", body, 0x0C, version)
    struct.pack_into("<III", body, 0x18, _TEXT_AT, end, len(body))
    struct.pack_into("<I", body, 0x34, len(text))
    struct.pack_into("<HHHH", body, 0x18A, plain, first, 1, len(pages))
    return compound({"WordDocument": bytes(body)})


def _paragraphs(parts: Sequence[str | Sequence[str]]) -> Iterator[tuple[bytes, bytes]]:
    """Text with its mark, and its operations."""
    for part in parts:
        if isinstance(part, str):
            yield part.encode("gbk") + b"\r", b""
            continue
        inside = bytes((_IN_TABLE, 1))
        for cell in part:
            yield cell.encode("gbk").replace(b"\n", b"\x0b") + b"\x07", inside
        edges = struct.pack(f"<{len(part) + 1}h", *(_WIDTH * n for n in range(len(part) + 1)))
        shape = bytes((len(part),)) + edges + bytes(10 * len(part))
        table = bytes((_TABLE,)) + struct.pack("<H", len(shape) + 1) + shape
        yield b"\x07", inside + bytes((_ROW_END, 1)) + table


def _pages(runs: Sequence[tuple[int, bytes]]) -> Iterator[list[tuple[int, bytes]]]:
    """The runs of each page of properties."""
    page: list[tuple[int, bytes]] = []
    room = _PAGE - 5
    for end, properties in runs:
        need = 4 + 7 + 4 + len(properties) + 1
        if need > room:
            yield page
            page, room = [], _PAGE - 5
        page.append((end, properties))
        room -= need
    yield page


def _characters(end: int) -> bytes:
    """All characters are in the first font."""
    page = bytearray(_PAGE)
    page[-1] = 1
    struct.pack_into("<II", page, 0, _TEXT_AT, end)
    at = _PAGE - 6
    page[8] = at // 2
    page[at : at + 4] = struct.pack("<BBH", 3, _FONT, 0)
    return bytes(page)


def _fonts() -> bytes:
    """SimSun, whose character set is 134: this is what tells the code page."""
    font = struct.pack("<BHBB", 0x16, 400, 134, 0) + "宋体".encode("gbk") + b"\0"
    entry = bytes((len(font),)) + font
    return struct.pack("<H", len(entry) + 2) + entry


def _page(begin: int, runs: Sequence[tuple[int, bytes]]) -> bytes:
    """Ends of the runs, where their properties lie, and from the end on the properties."""
    page = bytearray(_PAGE)
    page[-1] = len(runs)
    struct.pack_into(f"<{len(runs) + 1}I", page, 0, begin, *(end for end, _ in runs))
    at = _PAGE - 1
    for number, (_, properties) in enumerate(runs):
        entry = b"\0\0" + properties  # the style, then the operations
        entry += bytes(len(entry) % 2)
        at -= len(entry) + 1
        at -= at % 2
        page[at] = len(entry) // 2
        page[at + 1 : at + 1 + len(entry)] = entry
        page[4 * (len(runs) + 1) + 7 * number] = at // 2
    return bytes(page)
