"""The same look before unfolding at binary worksheets (.xls, .et), record by record.

Values are read elsewhere; here are the used rectangle, the passwords, the formats
that change the meaning of a number, and the error values. Record names and layouts are
those of [MS-XLS] 2.4.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from parsers.compound import Compound
from parsers.damage import broken, hostile, locked
from parsers.limits import Limits
from parsers.sheetformat import BUILT_IN, telling
from parsers.sheetscan import Rectangle, Scan

_BOF, _FILE_PASS, _BOUND_SHEET, _DIMENSIONS = 0x0809, 0x002F, 0x0085, 0x0200
_ROWS, _COLUMNS = 65_536, 256  #: all a binary worksheet can have
_FORMAT, _XF = 0x041E, 0x00E0
_FORMULA, _BOOL_ERR, _MUL_RK = 0x0006, 0x0205, 0x00BD
#: records of one cell with content: Formula, Number, RK, LabelSst, Label, RString, BoolErr
_CELLS = frozenset((_FORMULA, 0x0203, 0x027E, 0x00FD, 0x0204, 0x00D6, _BOOL_ERR))
_DIMENSIONS_OF_BIFF8 = 14  #: bytes; older ones have narrower rows
_ERRORS = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!",
    0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A",
}  # fmt: skip

_CURE = "用 Excel 重新打开并另存为 .xlsx"


def scan_binary(content: bytes, limits: Limits) -> dict[int, Scan]:
    """Scans of the sheets by their number in the workbook, from 0. Raises :class:`parsers.damage.Damaged`."""
    file = Compound(content)
    stream = file.stream("Workbook") or file.stream("Book")
    if stream is None:
        raise broken(_CURE)
    try:
        return _Reader(limits).over(stream)
    except struct.error as error:
        raise broken(_CURE) from error


def _records(stream: bytes) -> Iterator[tuple[int, int, bytes]]:
    """(offset, type, data) of every record; a torn last one ends the stream."""
    offset = 0
    while offset + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, offset)
        yield offset, kind, stream[offset + 4 : offset + 4 + size]
        offset += 4 + size


class _Reader:
    """One pass over a workbook stream."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._sheets: dict[int, int] = {}  #: offset of its BOF record to number of the sheet
        self._codes = dict(BUILT_IN)
        self._styles: list[str] = []
        self._scan = Scan()
        self._used = Rectangle(limits)

    def over(self, stream: bytes) -> dict[int, Scan]:
        """Read all of it."""
        found: dict[int, Scan] = {}
        for offset, kind, data in _records(stream):
            if kind == _BOF:
                self._scan, self._used = Scan(), Rectangle(self._limits)
                if offset in self._sheets:
                    found[self._sheets[offset]] = self._scan
            elif kind == _FILE_PASS:
                raise locked()
            elif kind == _DIMENSIONS:
                self._believe(data)
            elif kind in _CELLS:
                self._cell(kind, data)
            elif kind == _MUL_RK:
                self._numbers(data)
            elif kind in {_BOUND_SHEET, _FORMAT, _XF}:
                self._global(kind, data)
        return found

    def _global(self, kind: int, data: bytes) -> None:
        """Where sheets begin, format codes, and which style has which."""
        if kind == _BOUND_SHEET:
            (offset,) = struct.unpack_from("<I", data)
            self._sheets[offset] = len(self._sheets)
        elif kind == _FORMAT:
            (number,) = struct.unpack_from("<H", data)
            self._codes[number] = _text(data[2:])
        else:
            (number,) = struct.unpack_from("<H", data, 2)
            self._styles.append(telling(self._codes.get(number, "")))

    def _believe(self, data: bytes) -> None:
        """The library reserves memory for the declared rectangle: it must be possible."""
        wide = len(data) >= _DIMENSIONS_OF_BIFF8
        first_row, rows, first_column, columns = struct.unpack_from(
            "<IIHH" if wide else "<HHHH", data
        )
        if not (first_row <= rows <= _ROWS and first_column <= columns <= _COLUMNS):
            raise hostile("工作表范围异常")

    def _cell(self, kind: int, data: bytes) -> None:
        """A record of one cell."""
        row, column, style = struct.unpack_from("<HHH", data)
        self._place(row, column, style)
        error = None
        if kind == _BOOL_ERR and data[7:8] == b"\x01":
            error = data[6]
        elif kind == _FORMULA and data[12:14] == b"\xff\xff" and data[6:7] == b"\x02":
            error = data[8]
        if error is not None:
            self._scan.texts[row, column] = _ERRORS.get(error, "#N/A")

    def _numbers(self, data: bytes) -> None:
        """A record of several numbers in a row."""
        row, first = struct.unpack_from("<HH", data)
        for index in range((len(data) - 6) // 6):
            (style,) = struct.unpack_from("<H", data, 4 + index * 6)
            self._place(row, first + index, style)

    def _place(self, row: int, column: int, style: int) -> None:
        """Count a cell and keep a telling format."""
        self._used.add(row, column)
        code = self._styles[style] if style < len(self._styles) else ""
        if code:
            self._scan.formats[row, column] = code


def _text(data: bytes) -> str:
    """A format code: characters counted, then a width flag (BIFF 8)."""
    (count,) = struct.unpack_from("<H", data)
    wide = data[2:3] == b"\x01"
    raw = data[3 : 3 + count * (2 if wide else 1)]
    return raw.decode("utf-16-le" if wide else "latin-1", errors="replace")
