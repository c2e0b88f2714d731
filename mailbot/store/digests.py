"""Which daily digests are in the outbox already: one for each day, whatever happens to the service.

A digest belongs to the moment at which it was due; that day is part of its cause, which
is unique. What staff ask for by hand belongs to no day. Composes nothing.
"""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from mailbot.store import schema as t


def cause(recipient: str, due: datetime) -> str:
    """Of the digest that is due at that moment, in the zone of the staff."""
    return f"digest:{recipient}:{due.date().isoformat()}"


def owed(connection: sa.Connection, due: datetime) -> bool:
    """Has none been put into the outbox for that moment, though there was something to tell?

    Of the time before the first mail there is nothing to tell.
    """
    day = t.replies.c.cause.like(f"digest:%:{due.date().isoformat()}")
    if connection.scalar(sa.select(t.replies.c.id).where(day).limit(1)) is not None:
        return False
    begun = connection.scalar(sa.select(sa.func.min(t.events.c.at)))
    return begun is not None and bool(begun < due)


def last(connection: sa.Connection) -> datetime | None:
    """When the last one was composed; None before the first."""
    scheduled = t.replies.c.cause.regexp_match(r"^digest:.+:\d{4}-\d\d-\d\d$")
    composed: datetime | None = connection.scalar(
        sa.select(t.replies.c.composed_at)
        .where(t.replies.c.kind == "digest", scheduled)
        .order_by(t.replies.c.id.desc())
        .limit(1)
    )
    return composed
