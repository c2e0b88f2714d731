"""A look at the XML of a worksheet before anything is unfolded.

The library that reads the values builds the whole rectangle between the first and the
last cell: one cell in the last corner of a 7 KB file asks for hundreds of gigabytes. So
the used rectangle is counted here first. On the way the scan notes what the library
does not tell: formats that change the meaning of a number, error values, formulas
nobody ever computed. Names are those of ECMA-376 part 1, 18.3.1.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from parsers.containers.package import Element, Package, repacked, stream_xml
from parsers.damage import Damaged, hostile, oversized
from parsers.limits import Limits
from parsers.sheets.formats import BUILT_IN, telling
from parsers.sheets.glance import LAST_COLUMN, LAST_ROW, column_number, glance

_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})", re.ASCII)


#: the part that lists the worksheets: the library knows it by this name only
_WORKBOOK = "xl/workbook.xml"
#: what the library reads besides worksheets, by its fixed names and by their kind
_NEEDED = frozenset(
    ("_rels/.rels", _WORKBOOK, "xl/_rels/workbook.xml.rels", "xl/styles.xml", "xl/sharedstrings.xml")
)  # fmt: skip
_SHARED = frozenset(("styles", "sharedStrings"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """What must be known of a worksheet besides its values; positions are 0-based."""

    formats: dict[tuple[int, int], str] = field(default_factory=dict)
    texts: dict[tuple[int, int], str] = field(default_factory=dict)


class Rectangle:
    """The smallest rectangle around the cells with content, never larger than the limit."""

    def __init__(self, limits: Limits) -> None:
        self._limit = limits.max_cells
        self._box: tuple[int, int, int, int] | None = None

    def add(self, row: int, column: int) -> None:
        """Stretch to one more cell. Raises :class:`parsers.damage.Damaged` when too large."""
        top, left, bottom, right = self._box or (row, column, row, column)
        top, bottom = min(top, row), max(bottom, row)
        left, right = min(left, column), max(right, column)
        self._box = (top, left, bottom, right)
        if (bottom - top + 1) * (right - left + 1) > self._limit:
            raise too_wide()


def too_wide() -> Damaged:
    """More cells than the limit allows."""
    return oversized("表格占用的行列范围过大（请删除多余的空行、空列）")


def scan_package(package: Package, limits: Limits) -> tuple[dict[int, Scan], bytes | None]:
    """Scans of the visible worksheets by their number in the workbook, from 0.

    Beside them the same workbook made of the scanned parts and those they need, so that
    the library sees what was counted here and nothing else; None where that would be
    too large to hold. Raises :class:`parsers.damage.Damaged`.
    """
    targets = package.targets(_WORKBOOK)
    styles = _formats(package, targets)
    found: dict[int, Scan] = {}
    parts: dict[str, bytes] = {}
    room = limits.max_part
    for number, sheet in enumerate(package.tree(_WORKBOOK).iter("{*}sheet")):
        name = next((v for k, v in sheet.attrib.items() if str(k).endswith("}id")), "")
        kind, part = targets.get(str(name), ("", ""))
        visible = sheet.get("state", "visible") == "visible"
        if visible and kind == "worksheet" and part in package.names:
            found[number], data = _look(package.part(part), styles, limits)
            room -= len(data)
            if room >= 0:
                parts[part] = data
    if room < 0:
        return found, None
    needed = {name for name in package.names if name.lower() in _NEEDED}
    needed |= {target for kind, target in targets.values() if kind in _SHARED}
    parts |= {name: package.part(name) for name in sorted(needed & package.names)}
    return found, repacked(parts)


def _look(data: bytes, styles: dict[str, str], limits: Limits) -> tuple[Scan, bytes]:
    """A worksheet scanned, quickly where its writing allows."""
    seen = glance(data, styles, limits)
    if seen is None:
        return _scan(data, styles, limits), data
    scan = Scan(formats=seen.formats)
    for position, cell in seen.odd.items():
        _note(scan, cell, position, styles)
    return scan, seen.data


def _formats(package: Package, targets: dict[str, tuple[str, str]]) -> dict[str, str]:
    """Style index to telling format code, for the few styles that have one."""
    part = next((target for kind, target in targets.values() if kind == "styles"), "")
    if part not in package.names:
        return {}
    root = package.tree(part)
    codes = {str(number): code for number, code in BUILT_IN.items()}
    codes |= {e.get("numFmtId", ""): e.get("formatCode", "") for e in root.iter("{*}numFmt")}
    cell_formats = next(root.iter("{*}cellXfs"), None)
    found: dict[str, str] = {}
    for index, entry in enumerate(() if cell_formats is None else cell_formats):
        code = telling(codes.get(entry.get("numFmtId", "0"), ""))
        if code:
            found[str(index)] = code
    return found


def _scan(data: bytes, styles: dict[str, str], limits: Limits) -> Scan:
    """One worksheet, cell by cell."""
    scan = Scan()
    used = Rectangle(limits)
    row = column = -1
    seen = 0
    for event, element in stream_xml(data, "row", "c"):
        if event == "start":
            seen += 1
            if seen > limits.max_cells * 2:
                raise too_wide()
            if str(element.tag).endswith("}row"):
                row, column = _row_number(element.get("r"), row + 1), -1
        elif not str(element.tag).endswith("}row"):
            column, at = _position(element.get("r"), row, column + 1)
            if len(element):
                used.add(at, column)
                _note(scan, element, (at, column), styles)
    return scan


def _note(scan: Scan, cell: Element, position: tuple[int, int], styles: dict[str, str]) -> None:
    """Keep what the library will not tell of this cell."""
    kind = cell.get("t", "n")
    value = cell.find("{*}v")
    text = "" if value is None else value.text or ""
    if kind == "e":
        scan.texts[position] = text or "#N/A"
    elif not text and kind != "inlineStr":
        formula = cell.find("{*}f")
        if formula is not None and kind != "str":
            scan.texts[position] = "=" + (formula.text or "")
    elif kind == "n" and styles:
        code = styles.get(cell.get("s", ""), "")
        if code:
            scan.formats[position] = code


def _row_number(reference: str | None, expected: int) -> int:
    """The 0-based row a row element is about."""
    if reference is None:
        return expected
    if not (reference.isascii() and reference.isdigit()) or len(reference) > len(str(LAST_ROW)):
        raise hostile("单元格编号超出范围")
    return _within(int(reference) - 1, LAST_ROW)


def _position(reference: str | None, row: int, expected: int) -> tuple[int, int]:
    """(column, row), both 0-based, of a cell."""
    if reference is None:
        return _within(expected, LAST_COLUMN), row
    found = _REFERENCE.fullmatch(reference)
    if found is None:
        raise hostile("单元格编号无法识别")
    return _within(column_number(found[1]), LAST_COLUMN), _within(int(found[2]) - 1, LAST_ROW)


def _within(number: int, end: int) -> int:
    """A row or column that exists."""
    if not 0 <= number < end:
        raise hostile("单元格编号超出范围")
    return number
