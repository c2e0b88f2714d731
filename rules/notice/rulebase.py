"""What every rule of a campaign has, and how a rule names a value on a form."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import AfterValidator

from parsers.spec import Key, Kind, Model
from rules.model import Severity


def _day(text: str) -> str:
    """Raises ValueError where it is no day of the calendar."""
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise ValueError(f'应为日期，如 "2026-06-30"，写在引号内，现为“{text}”') from None


def _month_or_day(text: str) -> str:
    """Raises ValueError where it is neither a month nor a day of the calendar."""
    try:
        return date.fromisoformat(f"{text}-01").isoformat()[:7]
    except ValueError:
        pass
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        told = '应为年月或日期，如 "2026-04" 或 "2026-04-30"，写在引号内'
        raise ValueError(f"{told}，现为“{text}”") from None


#: A day as "2026-06-30", a month as "2026-06".
Day = Annotated[str, AfterValidator(_day)]
MonthOrDay = Annotated[str, AfterValidator(_month_or_day)]


class RuleBase(Model):
    """What every rule has."""

    id: str = ""  #: number in the fact sheet, "R12"
    severity: Severity
    clause: str = ""
    tiers: tuple[str, ...] = ()  #: only in these tiers; empty: all
    note: str = ""  #: added to the message, in Chinese


class Place(Model):
    """A field of a form, or a column of its list."""

    kind: Kind
    field: Key
    table: Key | None = None
    front: bool = False  #: only what stands before the item's own name in the cell: its company
