"""The one clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from mailbot.clock import SetClock, SystemClock


def test_the_machines_time_has_a_zone() -> None:
    """And moves on."""
    first = SystemClock().now()

    assert first.tzinfo is UTC
    assert SystemClock().now() >= first


def test_a_set_clock_stands_until_it_is_moved() -> None:
    """For demonstrations and dry runs."""
    clock = SetClock(datetime(2026, 7, 10, tzinfo=UTC))
    before = clock.now(), clock.now()
    clock.advance(timedelta(hours=1))

    assert before == (datetime(2026, 7, 10, tzinfo=UTC),) * 2
    assert clock.now() == datetime(2026, 7, 10, 1, tzinfo=UTC)


def test_a_time_without_zone_is_no_time() -> None:
    """Nobody could say when it is."""
    naive = datetime(2026, 7, 10, tzinfo=UTC).replace(tzinfo=None)

    with pytest.raises(ValueError, match="zone"):
        SetClock(naive)
