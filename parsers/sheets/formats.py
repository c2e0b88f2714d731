"""What a spreadsheet shows for a stored value.

A cell that shows 98.5% stores 0.985, one that shows 030002 may store 30002: whoever
reads the stored number reads it wrong. Only what changes the meaning is followed;
rounding for display is not, because the stored value is the truer one.
"""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal

#: percent formats with fixed numbers (ECMA-376 part 1, 18.8.30; [MS-XLS] 2.4.126)
BUILT_IN = {9: "0%", 10: "0.00%"}

_QUOTED = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
_ZEROS = re.compile(r"0{2,}")

#: whole numbers below are kept to the last digit
_EXACT = 10**15

Stored = int | float | str | bool | dt.date | dt.time | dt.timedelta


def telling(code: str) -> str:
    """A format code that changes what is read, reduced to what matters; else empty."""
    bare = _QUOTED.sub("", code.partition(";")[0])
    if "%" in bare:
        return "%"
    bare = bare.strip()
    return bare if _ZEROS.fullmatch(bare) else ""


def render(value: Stored, code: str = "") -> str:
    """The text a person sees; ``code`` as :func:`telling` gave it."""
    if isinstance(value, float) and not code and -_EXACT < value < _EXACT and value.is_integer():
        return str(int(value))
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int) and not code:
        return str(value) if -_EXACT < value < _EXACT else _number(value, code)
    if isinstance(value, int | float):
        return _number(value, code)
    return _moment(value)


def _moment(value: dt.date | dt.time | dt.timedelta) -> str:
    """ISO 8601, without the midnight of a mere date and without empty seconds."""
    if isinstance(value, dt.timedelta):
        minutes, seconds = divmod(int(value.total_seconds()), 60)
        return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"
    if isinstance(value, dt.time):
        return value.isoformat(timespec="seconds" if value.second else "minutes")
    if isinstance(value, dt.datetime):
        if value.time() == dt.time(0):
            return value.date().isoformat()
        return value.isoformat(sep=" ", timespec="seconds" if value.second else "minutes")
    return value.isoformat()


def _number(value: float, code: str) -> str:
    """Fifteen digits as the program keeps them, never an exponent."""
    exact = Decimal(format(value, ".15g"))
    if not exact.is_finite():
        return str(value)
    if code == "%":
        exact *= 100
    text = format(exact, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    if code.startswith("0") and text.isdigit():
        text = text.zfill(len(code))
    text = "0" if text == "-0" else text
    return text + "%" if code == "%" else text
