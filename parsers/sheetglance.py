"""A quick look at the XML of a worksheet written the plain way.

Excel, WPS, LibreOffice and openpyxl write cells alike: no comments, no prefixes, the
reference first, then style and type. Such a worksheet is looked through by patterns on
its bytes, many times faster than by a parser. Nothing is taken on trust: whatever could
be a cell to any reader begins with ``<c`` or a prefix, every one of those must be a cell
understood here, and what stands around the cells must parse. All else is left to
:mod:`parsers.sheetscan`, which decides exactly; nothing is refused here.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from parsers.damage import Damaged
from parsers.limits import Limits
from parsers.package import Element, parse_xml

LAST_ROW, LAST_COLUMN = 1_048_576, 16_384

_ROW = re.compile(rb'<row r="([0-9]{1,7})"')
#: column, row, then style and type with the slash of an empty cell
_CELL = re.compile(
    rb'<c r="([A-Z]{1,3})([0-9]{1,7})"((?: s="[0-9]{1,9}")?(?: t="[A-Za-z]{1,9}")?/?)>'
)
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
    head, opened, rest = data.partition(b"<sheetData>")
    body, closed, tail = rest.partition(b"</sheetData>")
    if not (opened and closed and _is_plain(head, body, tail)):
        return None
    cells: list[tuple[bytes, bytes, bytes]] = _CELL.findall(body)
    if not 0 < len(cells) == body.count(b"<c"):
        return None
    columns, rows, kinds = zip(*cells, strict=True)
    counted = Counter(kinds)
    if not _is_balanced(body, counted):
        return None
    lines = {name: int(name) - 1 for name in set(rows)}
    places = {name: column_number(name.decode("ascii")) for name in set(columns)}
    if not _fits(lines.values(), places.values(), limits):
        return None
    codes = {kind: code for kind in counted if (code := _code(kind, styles))}
    noted = ((r, c, codes[kind]) for c, r, kind in cells if kind in codes) if codes else ()
    try:
        odd = dict(_odd(body)) if b"<f" in body or b' t="e"' in body else {}
    except Damaged:
        return None
    return Glance(
        formats={(lines[row], places[column]): code for row, column, code in noted},
        odd={(lines[row], places[column]): cell for (row, column), cell in odd.items()},
        data=b"".join((head, _merges(tail), opened, rest)),
    )


def column_number(letters: str) -> int:
    """A is 0, AA is 26."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def _is_plain(head: bytes, body: bytes, tail: bytes) -> bool:
    """Nothing can hide a cell, or stand around the cells and be one."""
    declared = head.startswith(b"<?xml ")
    if b"<!" in head or head.count(b"<?") > declared or _FOREIGN.match(head):
        return False
    if b"<!" in body or b"<?" in body or (b":c" in body and _PREFIXED.search(body)):
        return False
    if b"<!" in tail or b"<?" in tail:
        return False
    try:
        root = parse_xml(head + b"<sheetData/>" + tail)
    except Damaged:
        return False
    return (
        len(root.findall("{*}sheetData")) == 1 and next(root.iter("{*}c", "{*}row"), None) is None
    )


def _is_balanced(body: bytes, kinds: Counter[bytes]) -> bool:
    """Every cell, value and row that begins has an end; rows are numbered and exist."""
    empty = sum(count for kind, count in kinds.items() if kind.endswith(b"/"))
    rows = [int(number) for number in _ROW.findall(body)]
    return (
        kinds.total() == body.count(b"</c>") + empty
        and body.count(b"<v") == body.count(b"</v>") + body.count(b"<v/>")
        and len(rows) == body.count(b"<row")
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


def _merges(tail: bytes) -> bytes:
    """The merged cells; none, said so, is as good: readers look for the element."""
    found = _MERGES.search(tail)
    return found.group() if found else b"<mergeCells></mergeCells>"
