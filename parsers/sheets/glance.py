"""A quick look at the XML of a worksheet written the plain way.

Excel, WPS, LibreOffice and openpyxl write cells alike: no comments, no prefixes, the
reference first, then style and type. Such a worksheet is looked through by patterns on
its bytes, many times faster than by a parser. Nothing is taken on trust: whatever could
be a cell to any reader begins with ``<c`` or a prefix, every one of those must be a cell
understood here, and what stands around the cells must parse. All else is left to
:mod:`parsers.sheets.scan`, which decides exactly; nothing is refused here.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from operator import itemgetter

from parsers.containers.package import Element, parse_xml
from parsers.damage import Damaged
from parsers.limits import Limits

LAST_ROW, LAST_COLUMN = 1_048_576, 16_384

_OPENED, _CLOSED = b"<sheetData>", b"</sheetData>"
_ROW = re.compile(rb'<row r="([0-9]{1,7})"')
#: column, row, then style and type with the slash of an empty cell
_CELL = re.compile(rb'<c r="([A-Z]+)([0-9]+)"([^>]*)>')
_KIND = re.compile(rb'(?: s="[0-9]{1,9}")?(?: t="[A-Za-z]{1,9}")?/?')
_LETTERS, _DIGITS = 3, 7  #: the longest names of a column and of a row
_REFERENCE = re.compile(rb'r="([A-Z]+)([0-9]+)"')
_PREFIXED = re.compile(rb":c[\s/>]")
_FOREIGN = re.compile(rb"<\?xml[^>]*encoding=[\"'](?!utf-?8[\"'])", re.IGNORECASE)
_STYLE = re.compile(rb' s="([0-9]+)"')
_MERGES = re.compile(rb"<mergeCells[ >].*?</mergeCells>", re.DOTALL)
_VALUE = re.compile(rb"<v>[^<]+</v>")

Position = tuple[int, int]  #: row, column, 0-based


@dataclass(frozen=True, slots=True, kw_only=True)
class Glance:
    """What a plain worksheet holds besides its values."""

    formats: dict[Position, str]
    odd: dict[Position, Element]  #: cells with an error, or with a formula and no value
    data: bytes  #: the same worksheet, its merged cells told before its cells


def glance(data: bytes, styles: dict[str, str], limits: Limits) -> Glance | None:
    """None where a closer look is needed: not plain, or perhaps too large."""
    start, end = data.find(_OPENED) + len(_OPENED), data.find(_CLOSED)
    if not len(_OPENED) <= start <= end or not _is_plain(data, start, end):
        return None
    cells: list[tuple[bytes, bytes, bytes]] = _CELL.findall(data, start, end)
    if not 0 < len(cells) == data.count(b"<c", start, end):
        return None
    columns, rows, kinds = (set(map(itemgetter(number), cells)) for number in range(3))
    if max(map(len, columns)) > _LETTERS or max(map(len, rows)) > _DIGITS:
        return None
    lines = {name: int(name) - 1 for name in rows}
    places = {name: column_number(name.decode("ascii")) for name in columns}
    empty = sum(kind.endswith(b"/") for *_, kind in cells) if b"/" in b"".join(kinds) else 0
    if not (
        all(map(_KIND.fullmatch, kinds))
        and _is_balanced(data, start, end, len(cells) - empty)
        and _fits(lines.values(), places.values(), limits)
    ):
        return None
    codes = {kind: code for kind in kinds if (code := _code(kind, styles))}
    noted = ((r, c, codes[kind]) for c, r, kind in cells if kind in codes) if codes else ()
    is_odd = data.find(b"<f", start, end) >= 0 or any(b' t="e"' in kind for kind in kinds)
    try:
        odd = dict(_odd(data[start:end])) if is_odd else {}
    except Damaged:
        return None
    return Glance(
        formats={(lines[row], places[column]): code for row, column, code in noted},
        odd={(lines[row], places[column]): cell for (row, column), cell in odd.items()},
        data=_reordered(data, start, end),
    )


def column_number(letters: str) -> int:
    """A is 0, AA is 26."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def _is_plain(data: bytes, start: int, end: int) -> bool:
    """Nothing can hide a cell, or stand around the cells and be one."""
    # a rare sign is found many times faster than one after the sign that begins every tag
    after = data.find(b"?>") + 2 if data.startswith(b"<?xml ") else 0
    is_marked = b"!" in data or data.find(b"?", after) >= 0
    if is_marked and (b"<!" in data or data.find(b"<?", 1) > 0):
        return False
    if _FOREIGN.match(data):
        return False
    if data.startswith(b"<?") and not data.startswith(b"<?xml "):
        return False
    if data.find(b":", start, end) >= 0 and _PREFIXED.search(data, start, end):
        return False
    try:
        root = parse_xml(data[:start] + data[end:])
    except Damaged:
        return False
    return (
        len(root.findall("{*}sheetData")) == 1 and next(root.iter("{*}c", "{*}row"), None) is None
    )


def _is_balanced(data: bytes, start: int, end: int, filled: int) -> bool:
    """Every cell, value and row that begins has an end; rows are numbered and exist."""
    rows = [int(number) for number in _ROW.findall(data, start, end)]
    return (
        filled == data.count(b"</c>", start, end)
        and data.count(b"<v", start, end)
        == data.count(b"</v>", start, end) + data.count(b"<v/>", start, end)
        and len(rows) == data.count(b"<row", start, end)
        and min(rows, default=0) >= 1
        and max(rows, default=0) <= LAST_ROW
    )


def _fits(lines: Collection[int], places: Collection[int], limits: Limits) -> bool:
    """All cells exist, and the rectangle around them, blank ones included, is allowed."""
    top, bottom, left, right = min(lines), max(lines), min(places), max(places)
    exist = top >= 0 and bottom < LAST_ROW and right < LAST_COLUMN
    return exist and (bottom - top + 1) * (right - left + 1) <= limits.max_cells


def _code(kind: bytes, styles: dict[str, str]) -> str:
    """The telling format of a number with these attributes; else empty."""
    style = _STYLE.search(kind)
    if style is None or (b" t=" in kind and b' t="n"' not in kind):
        return ""
    return styles.get(style[1].decode("ascii"), "")


def _odd(body: bytes) -> Iterator[tuple[tuple[bytes, bytes], Element]]:
    """The cells :attr:`Glance.odd` is about, by the names of row and column."""
    for piece in body.split(b"<c ")[1:]:
        if b"<f" not in piece and b' t="e"' not in piece:
            continue
        cell, closed, _ = piece.partition(b"</c>")
        if not closed or (_VALUE.search(cell) and b' t="e"' not in cell):
            continue
        element = parse_xml(b"<c " + cell + closed)
        found = _REFERENCE.match(piece)
        if found is not None:
            yield (found[2], found[1]), element


def _reordered(data: bytes, start: int, end: int) -> bytes:
    """The merged cells before the cells; none, said so, is as good: readers look for the element."""
    found = _MERGES.search(data, end)
    told = found.group() if found else b"<mergeCells></mergeCells>"
    return b"".join((data[: start - len(_OPENED)], told, memoryview(data)[start - len(_OPENED) :]))
