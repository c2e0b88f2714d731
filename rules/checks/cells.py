"""Reading values for comparing: as text, as a number, filled or not.

Refuses to guess: what is not plainly a number is None.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

from parsers.forms.labels import normalise_name
from parsers.model import Field, Form, Row
from parsers.spec import FieldSpec, FieldType

#: What is never demanded of the applicant: issued or set by hand.
NOT_DEMANDED = frozenset({FieldType.SERIAL, FieldType.STAMP, FieldType.SIGNATURE})

_SEPARATORS = re.compile(r"[、，,；;\s]+")


def is_blank(entry: Field | None) -> bool:
    """Does nothing at all stand there?"""
    return entry is None or (entry.value in (None, "", []) and not entry.raw.strip())


def has_value(entry: Field | None) -> bool:
    """Was a value read?"""
    return entry is not None and entry.value not in (None, "", [])


def text_of(entry: Field | None) -> str:
    """The value as text; several joined by 、; empty where none was read."""
    if entry is None or entry.value is None:
        return ""
    if isinstance(entry.value, list):
        return "、".join(str(part) for part in entry.value)
    return str(entry.value).strip()


def name_of(entry: Field | None) -> str:
    """The value as a name to compare by."""
    return normalise_name(text_of(entry))


def number_of(entry: Field | None) -> float | None:
    """The value as a finite number, or None."""
    if entry is None or isinstance(entry.value, (list, bool)) or entry.value is None:
        return None
    try:
        number = float(entry.value)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def names_in(entry: Field | None) -> list[str]:
    """The single names of a list written in one cell."""
    if entry is None or entry.value is None:
        return []
    if isinstance(entry.value, list):
        return [str(part) for part in entry.value if str(part).strip()]
    return [part for part in _SEPARATORS.split(str(entry.value)) if part]


def filled_rows(form: Form, table: str, columns: tuple[FieldSpec, ...] = ()) -> Iterator[Row]:
    """The rows of a list in which anything but a serial number stands."""
    serial = {column.key for column in columns if column.type is FieldType.SERIAL}
    found = form.table(table)
    for row in found.rows if found else ():
        if any(not is_blank(cell) for cell in row.cells if cell.key not in serial):
            yield row


def plain(number: float) -> str:
    """A number as people write it: 12, 12.5."""
    return str(int(number)) if number.is_integer() else f"{number:.6g}"


def in_words(day: str) -> str:
    """2025-07 as 2025年7月, 2025-07-01 as 2025年7月1日; what is no date as it stands."""
    parts = day.split("-")
    if not all(part.isdigit() for part in parts):
        return day
    return "".join(f"{int(part)}{name}" for part, name in zip(parts, "年月日", strict=False))
