"""A table to be written: title, columns, rows of typed cells; and what is dangerous in one."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

CellValue = str | int | float | datetime

#: What makes a spreadsheet take text for a formula (OWASP, CSV injection), and the
#: full-width forms that East Asian versions take for the same.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")

_NARROWEST, _WIDEST = 8, 42  #: width of a column
_HEAD = 16  #: a heading wider than this is wrapped rather than making its column wide


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column; ``width`` in characters of the Latin alphabet."""

    label: str
    width: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One table. Times are without zone, as spreadsheets hold them."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[CellValue, ...], ...]


def is_formula_like(text: str) -> bool:
    """Might a spreadsheet take this text for a formula?"""
    return text.lstrip(" \u3000\xa0").startswith(_FORMULA)


def make_sheet(title: str, heads: Sequence[str], rows: Sequence[tuple[CellValue, ...]]) -> Sheet:
    """A table whose columns are as wide as their content wants, within reason."""
    columns = []
    for position, head in enumerate(heads):
        lines = [line for row in rows for line in shown(row[position]).split("\n")]
        wanted = max([min(cells(head) + 4, _HEAD), *map(cells, lines)]) + 2
        columns.append(Column(label=head, width=max(_NARROWEST, min(_WIDEST, wanted))))
    return Sheet(title=title, columns=tuple(columns), rows=tuple(rows))


def shown(cell: CellValue) -> str:
    """The cell as text."""
    return f"{cell:%Y-%m-%d %H:%M}" if isinstance(cell, datetime) else str(cell)


def lines_needed(row: Sequence[CellValue], columns: Sequence[Column]) -> int:
    """Lines the highest cell of a row takes once its text is wrapped."""
    return max(
        sum(max(1, math.ceil(cells(line) / column.width)) for line in shown(cell).split("\n"))
        for cell, column in zip(row, columns, strict=True)
    )


def cells(text: str) -> int:
    """Width in characters of the Latin alphabet; a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(char) in "WFA" else 1 for char in text)
