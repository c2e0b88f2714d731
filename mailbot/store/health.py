"""How the mailboxes, the way out and the digest are doing: kept, so that ``status`` can tell.

One row for each; a failure starts a count and a pause, a success ends both.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa

from mailbot.store import rows
from mailbot.store import schema as t
from mailbot.store.engine import Store
from mailbot.store.views import HealthRow

#: pauses after the first, second, ... failure in a row; then always the last
_PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5, 15, 30))

#: No pause of ours is longer. One that seems to be was written by a clock that was wrong.
LONGEST = timedelta(hours=8)

OUTGOING = "outgoing"
DIGEST = "digest"
SENT = "sent"  #: the provider's folder of sent mails


def mailbox(account: str, folder: str) -> str:
    """The name of a mailbox's row."""
    return f"mailbox:{account}/{folder}"[:255]


def tidying(account: str, folder: str) -> str:
    """The name of the row that tells how marking or moving messages in a mailbox goes."""
    return f"tidying:{account}/{folder}"[:255]


def of(store: Store, name: str) -> HealthRow:
    """How it is doing; a row without times where it was never tried. Raises StoreError."""
    with store.reading() as connection:
        found = rows.health(connection, t.health.c.name == name)
    if found:
        return found[0]
    return HealthRow(
        name=name,
        last_try=None,
        last_success=None,
        failing_since=None,
        failures=0,
        last_error="",
        paused_until=None,
    )


def every(store: Store) -> tuple[HealthRow, ...]:
    """How all of them are doing. Raises StoreError."""
    with store.reading() as connection:
        return rows.health(connection)


def tell(connection: sa.Connection, row: HealthRow, since: datetime | None) -> bool:
    """Staff are told of the trouble since then, None: of its end; False where they have been."""
    told = t.health.c.told_since
    as_read = told.is_(None) if row.told_since is None else told == row.told_since
    changed = connection.execute(
        t.health.update().where(t.health.c.name == row.name, as_read).values(told_since=since)
    )
    return changed.rowcount == 1


def forget(store: Store, rows: Sequence[HealthRow]) -> None:
    """Nobody looks after these any more. Raises StoreError."""
    names = [row.name for row in rows]
    with store.writing() as connection:
        connection.execute(t.health.delete().where(t.health.c.name.in_(names)))


def is_paused(row: HealthRow, now: datetime) -> bool:
    """Must it still wait?"""
    return row.paused_until is not None and lies_ahead(row.paused_until, now)


def lies_ahead(until: datetime, now: datetime) -> bool:
    """Is the end of a pause still to come?"""
    return now < until <= now + LONGEST


def succeeded(store: Store, name: str, now: datetime) -> None:
    """It works: no pause, no error. Raises StoreError."""
    _write(
        store,
        name,
        last_try=now,
        last_success=now,
        failing_since=None,
        failures=0,
        last_error="",
        paused_until=None,
    )


def resume(store: Store, name: str) -> None:
    """A person has put something right: no more waiting. How it went so far stays. Raises StoreError."""
    if of(store, name).paused_until is not None:
        _write(store, name, paused_until=None)


def pause_after(failures: int) -> timedelta:
    """How long to wait after so many failures in a row, one at least."""
    return _PAUSES[min(failures, len(_PAUSES)) - 1]


def failed(
    store: Store, name: str, error: str, now: datetime, *, pause: timedelta | None = None
) -> HealthRow:
    """It failed once more: wait longer each time, or as long as ``pause`` says.

    Raises StoreError.
    """
    before = of(store, name)
    failures = before.failures + 1
    wait = pause or pause_after(failures)
    _write(
        store,
        name,
        last_try=now,
        failing_since=min(before.failing_since or now, now),
        failures=failures,
        last_error=error,
        paused_until=now + wait,
    )
    return of(store, name)


def _write(store: Store, name: str, **values: object) -> None:
    with store.writing() as connection:
        here = t.health.c.name == name
        if connection.scalar(sa.select(t.health.c.name).where(here)) is None:
            connection.execute(t.health.insert().values(name=name, **values))
        else:
            connection.execute(t.health.update().where(here).values(**values))
