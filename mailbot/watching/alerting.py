"""Staff are told when a part has failed for long, and when it works again: once each.

What was told stands in the health table, in the transaction that puts the letter into
the outbox. A failing way out cannot carry the news of its own failure: that goes by the
second way where one is configured, and else only the recovery is told.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from mailbot.log import logger
from mailbot.outcome import Reply
from mailbot.ports import Clock, Sink, WorldError
from mailbot.reports import alert
from mailbot.reports.alert import Alert
from mailbot.store import Connection, Store, health
from mailbot.store.record import queue_reply
from mailbot.store.views import HealthRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """Under which name alerts go out."""

    address: str
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Second:
    """Another way out, opened only when it is needed."""

    sender: Sender
    open: Callable[[], Sink]


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """Looks at how every part is doing. ``after`` is how long trouble is borne in silence."""

    store: Store
    clock: Clock
    sender: Sender
    recipients: tuple[str, ...]
    after: timedelta
    zone: ZoneInfo
    second: Second | None = None

    def look(self) -> int:
        """Tell what is new; the number of troubles and recoveries told. Raises StoreError."""
        now = self.clock.now()
        told = 0
        for row in health.every(self.store):
            if row.failing_since is not None and row.told_since is None:
                if now - row.failing_since >= self.after:
                    told += self._tell(row, alert.failing(row, self.zone), row.failing_since, now)
            elif row.failing_since is None and row.told_since is not None:
                told += self._tell(row, alert.recovered(row, self.zone), None, now)
        return told

    def _tell(self, row: HealthRow, letter: Alert, since: datetime | None, now: datetime) -> int:
        dead = row.name == health.OUTGOING and since is not None
        if dead and self.second is not None and not self._sent(self.second, letter, now):
            return 0  # once more at the next look
        with self.store.writing() as connection:
            if not health.tell(connection, row, since):
                return 0
            if not dead:
                self._queue(connection, letter, now)
        logger("alarm").warning("alert", part=row.name, failing=since is not None)
        return 1

    def _sent(self, way: Second, letter: Alert, now: datetime) -> bool:
        """Did it go out by the second way, to everybody?"""
        sink = None
        try:
            sink = way.open()
            for recipient in self.recipients:
                message = letter.message(
                    sender=way.sender.address,
                    sender_name=way.sender.name,
                    recipient=recipient,
                    now=now,
                )
                sink.send(message=message, sender=way.sender.address, recipient=recipient)
        except WorldError as error:
            logger("alarm").error("alert.not_sent", error=str(error))
            return False
        finally:
            if sink is not None:
                sink.close()
        return True

    def _queue(self, connection: Connection, letter: Alert, now: datetime) -> None:
        sender = self.sender
        for recipient in self.recipients:
            reply = Reply(
                recipient=recipient,
                subject=letter.subject,
                text=letter.text,
                html=letter.html,
                message_id=letter.message_id(sender.address, recipient),
                kind="alert",
                message=letter.message(
                    sender=sender.address, sender_name=sender.name, recipient=recipient, now=now
                ),
            )
            queue_reply(connection, letter.cause(recipient), reply, now)
