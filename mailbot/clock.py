"""The one clock of the program; everything else is told the time.

A set clock lets the demo and dry runs live in any campaign's year.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta


class SystemClock:
    """The time of this machine."""

    def now(self) -> datetime:
        """Aware, in UTC."""
        return datetime.now(UTC)


@dataclass(slots=True)
class SetClock:
    """A clock that stands where it was set. Raises ValueError for a naive time."""

    at: datetime

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            raise ValueError("a clock needs a time with a zone")

    def now(self) -> datetime:
        """The time that was set."""
        return self.at

    def advance(self, by: timedelta) -> None:
        """Let time pass."""
        self.at += by


#: Seconds by which the clock may differ from the time that passed; corrections are small ones.
_JUMP = 60.0


class Jumps:
    """Notices that the clock of this machine was put on or back, by one that cannot be."""

    def __init__(
        self,
        wall: Callable[[], float] = time.time,
        steady: Callable[[], float] = time.monotonic,
    ) -> None:
        self._wall, self._steady = wall, steady
        self._ahead = wall() - steady()

    def seen(self) -> float:
        """Seconds it was put on (or back, below 0) since the last look; 0 where it was not."""
        ahead = self._wall() - self._steady()
        jump, self._ahead = ahead - self._ahead, ahead
        return jump if abs(jump) >= _JUMP else 0.0
