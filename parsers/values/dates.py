"""Days and periods as applicants write them, made ISO 8601 or flagged."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from parsers.values.numbers import Reading, chinese_number, is_blanked, plain

_NUMERALS = re.compile("[〇○零一二三四五六七八九十]+(?=[年月日])")
_DAY = re.compile(r"((?:19|20)\d{2})(?:年|[-./])(\d{1,2})(?:月|[-./])(\d{1,2})(?:日|号)?")
_COMPACT = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})")
_TIME = re.compile(r"(?:T|(?<=\d))?\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?$")
_POINT = r"((?:19|20)\d{2})(?:年|[-./])(\d{1,2})(?:月份?|(?=[^\d]|$))(?:[-./]?(\d{1,2})(?:日|号)?)?"
_SHORT = (
    r"(?:((?:19|20)\d{2})(?:年|[-./]))?(\d{1,2})(?:月份?|(?=[^\d]|$))(?:[-./]?(\d{1,2})(?:日|号)?)?"
)
_YEAR = re.compile(r"((?:19|20)\d{2})年(?!\d)")
_MONTH_OR_DAY = re.compile(_POINT)
_PERIOD = re.compile(f"{_POINT}(?:~|～|至|到|-|–|—|－|―)+{_SHORT}")


def _arabic(text: str) -> str:
    """二〇二六年七月一日 in digits."""
    return _NUMERALS.sub(lambda m: str(chinese_number(m.group())), plain(text))


def read_date(text: str) -> Reading:
    """A day: 2026年7月1日, 2026-7-1, 2026.7.1, 20260701, 二〇二六年七月一日."""
    if is_blanked(text):
        return Reading(doubt=f"填写为“{text.strip()}”，不是日期")
    bare = _TIME.sub("", _arabic(text))
    found = _DAY.fullmatch(bare) or _COMPACT.fullmatch(bare)
    if found is None:
        return Reading(doubt=f"“{text.strip()}”不是完整的年月日")
    year, month, day = (int(part) for part in found.groups())
    try:
        return Reading(value=date(year, month, day).isoformat())
    except ValueError:
        return Reading(doubt=f"“{text.strip()}”不是存在的日期")


def _point(year: int, month: int, day: str | None) -> str | None:
    try:
        whole = date(year, month, int(day) if day else 1)
    except ValueError:
        return None
    return whole.isoformat() if day else whole.isoformat()[:7]


def read_period(text: str) -> Reading:
    """Two months or days: 2025年7月~2026年7月 is ``2025-07/2026-07``."""
    bare = _arabic(text).strip("()[]。;")
    found = find_period(bare)
    if found is None:
        return Reading(doubt=f"“{text.strip()}”不是起止时间")
    return Reading(value=found)


def find_period(text: str) -> str | None:
    """The first period in a text, or None; the second year may be left out."""
    found = _PERIOD.search(_arabic(text))
    if found is None:
        return None
    year, month, day, end_year, end_month, end_day = found.groups()
    first = _point(int(year), int(month), day)
    last = _point(int(end_year or year), int(end_month), end_day)
    return f"{first}/{last}" if first and last else None


def dates_beside(text: str, words: Sequence[str], *, reach: int = 24) -> list[str]:
    """The date nearest to each occurrence of a word, in the order of the text.

    Days as ``2018-03-05``, months as ``2018-03``, years as ``2018``; blanks do not
    count, and no date is looked for further than ``reach`` characters away.
    """
    body = _arabic(text)
    dates = _dates(body)
    found = []
    for match in re.finditer("|".join(map(re.escape, words)) or r"(?!)", body):
        near = [
            (max(match.start() - end, start - match.end(), 0), value) for start, end, value in dates
        ]
        close = [entry for entry in near if entry[0] <= reach]
        if close:
            found.append(min(close)[1])
    return list(dict.fromkeys(found))


def _dates(body: str) -> list[tuple[int, int, str]]:
    """Start, end and value of every date."""
    found = []
    for match in _MONTH_OR_DAY.finditer(body):
        year, month, day = match.groups()
        value = _point(int(year), int(month), day)
        if value:
            found.append((match.start(), match.end(), value))
    found += [(m.start(), m.end(), m.group(1)) for m in _YEAR.finditer(body)]
    return found
