"""How long a campaign keeps what says something about persons: a day, or days after its end.

Only the setting and its arithmetic stand here; what is removed, and the proof
of it, is the business of the program around.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Self
from zoneinfo import ZoneInfo

from pydantic import Field, model_validator

from parsers.spec import Model


class Retention(Model):
    """Until when personal data is kept; neither key: nothing is ever due."""

    after: date | None = None  #: the last day on which it is kept
    days: int | None = Field(default=None, ge=0)  #: or so many days after the campaign has ended
    clause: str = ""  #: what asks for it: the notice, or a rule of the house

    @model_validator(mode="after")
    def _one_of_the_two(self) -> Self:
        if self.after is not None and self.days is not None:
            raise ValueError("after（日期）与 days（活动结束后的天数）只写一个")
        return self

    def due_at(self, ended: date, zone: ZoneInfo) -> datetime | None:
        """The first instant at which it has to go, aware; ``ended`` is the campaign's last day.

        Never before the campaign has ended, whatever ``after`` says.
        """
        last = self.after
        if self.days is not None:
            last = ended + timedelta(days=self.days)
        if last is None:
            return None
        day = max(last, ended) + timedelta(days=1)
        return datetime(day.year, day.month, day.day, tzinfo=zone)
