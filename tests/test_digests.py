"""The daily digest goes out once a day, however often the service is stopped and started."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from command import CAMPAIGN, configured

from mailbot import running
from mailbot.clock import SetClock
from mailbot.configuration.config import load
from mailbot.service import Service
from mailbot.store import events
from mailbot.store import schema as t

ZONE = ZoneInfo("Asia/Shanghai")
AT = time(8, 30)
STAFF = '[staff]\ndigest_to = ["li@association.example", "wang@association.example"]\n'


@pytest.mark.parametrize(
    ("now", "due"),
    [
        (datetime(2026, 7, 10, 8, 30, tzinfo=ZONE), datetime(2026, 7, 10, 8, 30, tzinfo=ZONE)),
        (datetime(2026, 7, 10, 8, 29, tzinfo=ZONE), datetime(2026, 7, 9, 8, 30, tzinfo=ZONE)),
        (datetime(2026, 7, 9, 23, 0, tzinfo=UTC), datetime(2026, 7, 9, 8, 30, tzinfo=ZONE)),
        (datetime(2026, 7, 10, 0, 30, tzinfo=UTC), datetime(2026, 7, 10, 8, 30, tzinfo=ZONE)),
    ],
)
def test_the_last_hour_of_the_digest(now: datetime, due: datetime) -> None:
    """By the clock of the staff, whatever the machine's zone is."""
    assert running.last_due(AT, ZONE, now) == due


def composed(service: Service) -> list[tuple[str, datetime]]:
    """Recipient and time of each digest in the outbox."""
    with service.store.reading() as connection:
        found = connection.execute(
            sa.select(t.replies.c.recipient, t.replies.c.composed_at)
            .where(t.replies.c.kind == "digest")
            .order_by(t.replies.c.id)
        )
        return [(row.recipient, row.composed_at) for row in found]


def test_one_a_day_though_nobody_was_there_at_its_hour(tmp_path: Path) -> None:
    """Missed at 8:30, made up at 11; the next day at its hour, and never twice."""
    start = datetime(2026, 7, 9, 12, 0, tzinfo=ZONE)
    clock = SetClock(start)
    extra = f'{STAFF}[campaigns]\nenabled = ["{CAMPAIGN.id}"]\n'
    config = load(configured(tmp_path, extra))
    with running.service(config, clock) as service:
        service._make_up()  # nothing has ever happened: there is nothing to tell
        with service.store.writing() as connection:
            events.note(connection, "mail.collected", start)
        for hours in (6, 23, 23.5, 24, 45):  # 11:00, 11:30 and 12:00, then 9:00 the day after
            clock.at = start + timedelta(hours=hours)
            service._make_up()
            service._report()
        made = composed(service)

    both = ("li@association.example", "wang@association.example")
    times = [start + timedelta(hours=23), start + timedelta(hours=45)]
    assert made == [(who, at) for at in times for who in both]
