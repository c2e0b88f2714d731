"""The same look before unfolding at binary worksheets (.xls, .et), record by record.

Values are read elsewhere; here are the used rectangle, the passwords, the formats
that change the meaning of a number, and the error values. Record names and layouts are
those of [MS-XLS] 2.4.
"""

from __future__ import annotations

import struct

from parsers.containers.compound import Compound
from parsers.damage import broken, hostile, locked
from parsers.limits import Limits
from parsers.sheets.formats import BUILT_IN, telling
from parsers.sheets.scan import Scan, too_wide

_BOF, _FILE_PASS, _BOUND_SHEET, _DIMENSIONS = 0x0809, 0x002F, 0x0085, 0x0200
_ROWS, _COLUMNS = 65_536, 256  #: all a binary worksheet can have
_FORMAT, _XF = 0x041E, 0x00E0
_FORMULA, _BOOL_ERR, _MUL_RK = 0x0006, 0x0205, 0x00BD
#: records of one cell with content: Formula, Number, RK, LabelSst, Label, RString, BoolErr
_CELLS = frozenset((_FORMULA, 0x0203, 0x027E, 0x00FD, 0x0204, 0x00D6, _BOOL_ERR))
#: those of them whose place is all there is to know
_PLAIN = _CELLS - {_FORMULA, _BOOL_ERR}
_HEAD = struct.Struct("<HH").unpack_from  #: type and size of a record
_PLACE, _PLACE_SIZE = struct.Struct("<HHH").unpack_from, 6  #: row, column, style
_DIMENSIONS_OF_BIFF8 = 14  #: bytes; older ones have narrower rows
_ERRORS = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!",
    0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A",
}  # fmt: skip

_CURE = "用 Excel 重新打开并另存为 .xlsx 格式"


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


class _Reader:
    """One pass over a workbook stream."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._sheets: dict[int, int] = {}  #: offset of its BOF record to number of the sheet
        self._found: dict[int, Scan] = {}
        self._codes = dict(BUILT_IN)
        self._styles = 0  #: how many were met
        self._telling: dict[int, str] = {}  #: style to its format, for the few that tell
        self._scan = Scan()
        self._rows: set[int] = set()  #: those of the current sheet that hold cells
        self._columns: set[int] = set()

    def over(self, stream: bytes) -> dict[int, Scan]:
        """Read all of it, record by record; a torn last one ends the stream."""
        offset, last = 0, len(stream) - 4
        while offset <= last:
            kind, size = _HEAD(stream, offset)
            if kind in _PLAIN and size >= _PLACE_SIZE:
                row, column, style = _PLACE(stream, offset + 4)
                self._rows.add(row)
                self._columns.add(column)
                if style in self._telling:
                    self._scan.formats[row, column] = self._telling[style]
            else:
                self._record(offset, kind, stream[offset + 4 : offset + 4 + size])
            offset += 4 + size
        self._check()
        return self._found

    def _record(self, offset: int, kind: int, data: bytes) -> None:
        """Any other than a plain cell."""
        if kind == _BOF:
            self._check()
            self._scan, self._rows, self._columns = Scan(), set(), set()
            if offset in self._sheets:
                self._found[self._sheets[offset]] = self._scan
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

    def _check(self) -> None:
        """Is the rectangle around the cells of the sheet allowed? Nothing was unfolded yet."""
        if self._rows:
            height = max(self._rows) - min(self._rows) + 1
            width = max(self._columns) - min(self._columns) + 1
            if height * width > self._limits.max_cells:
                raise too_wide()

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
            code = telling(self._codes.get(number, ""))
            if code:
                self._telling[self._styles] = code
            self._styles += 1

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
        self._rows.add(row)
        self._columns.add(column)
        if style in self._telling:
            self._scan.formats[row, column] = self._telling[style]


def _text(data: bytes) -> str:
    """A format code: characters counted, then a width flag (BIFF 8)."""
    (count,) = struct.unpack_from("<H", data)
    wide = data[2:3] == b"\x01"
    raw = data[3 : 3 + count * (2 if wide else 1)]
    return raw.decode("utf-16-le" if wide else "latin-1", errors="replace")
