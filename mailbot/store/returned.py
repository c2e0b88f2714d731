"""Replies that came back: marked by the bounce, until a person has dealt with it.

A bounce is matched by the Message-ID of ours in what it returns or answers; where it
names none, by the address that it speaks of, and the last reply to it. A Message-ID of
ours cannot be guessed, so nobody marks another's reply by it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa

from mailbot.model import Envelope
from mailbot.store import schema as t
from mailbot.store.events import note

#: RFC 5321 section 4.5.4.1: servers give up after four or five days.
_GIVES_UP = timedelta(days=7)
_CLOCKS = timedelta(minutes=10)  #: by which a provider's clock may be behind ours
#: a bounce proves that these have left the house
_GONE_OUT = ("sent", "uncertain", "sending")


def take(
    connection: sa.Connection, mail: str, envelope: Envelope, arrived: datetime, now: datetime
) -> tuple[int, ...]:
    """Mark the replies that this bounce (raw SHA-256) is about; their numbers.

    A notice of mere delay marks none and is noted in the history.
    """
    found = _named(connection, envelope) or _addressed(connection, envelope, arrived)
    for reply, about in found:
        if envelope.delivery == "failed":
            why = envelope.reason or "对方服务器未说明原因"
            _mark(connection, reply, returned_at=arrived, returned_by=mail, returned_why=why)
        what = "reply.returned" if envelope.delivery == "failed" else "reply.delayed"
        note(connection, what, now, mail=about, reply=reply, why=envelope.reason, by=mail[:12])
    return tuple(reply for reply, _ in found)


def clear(connection: sa.Connection, reply: int) -> None:
    """It is sent once more: what came back before is over."""
    connection.execute(
        t.replies.update()
        .where(t.replies.c.id == reply)
        .values(returned_at=None, returned_by="", returned_why="")
    )


def _mark(connection: sa.Connection, reply: int, **values: object) -> None:
    here = t.replies.c.id == reply
    connection.execute(t.replies.update().where(here).values(**values))
    doubtful = here & (t.replies.c.state == "uncertain")
    connection.execute(
        t.replies.update()
        .where(doubtful)
        .values(state="sent", sent_at=values["returned_at"], last_error="")
    )


def _named(connection: sa.Connection, envelope: Envelope) -> Sequence[tuple[int, int | None]]:
    ids = (*envelope.about, *envelope.in_reply_to, *envelope.references)
    return _open(connection, t.replies.c.message_id.in_(ids)) if ids else []


def _addressed(
    connection: sa.Connection, envelope: Envelope, arrived: datetime
) -> Sequence[tuple[int, int | None]]:
    """The last reply to each address, where it was sent not long before."""
    if envelope.about or not envelope.undelivered:
        return []
    newest = (
        sa.select(sa.func.max(t.replies.c.id))
        .where(
            sa.func.lower(t.replies.c.recipient).in_(envelope.undelivered),
            t.replies.c.sent_at >= arrived - _GIVES_UP,
            t.replies.c.sent_at <= arrived + _CLOCKS,
        )
        .group_by(t.replies.c.recipient)
    )
    return _open(connection, t.replies.c.id.in_(newest))


def _open(
    connection: sa.Connection, where: sa.ColumnElement[bool]
) -> Sequence[tuple[int, int | None]]:
    """Those that have gone out and are not marked: number, and the mail they answer."""
    statement = sa.select(t.replies.c.id, t.replies.c.mail_id).where(
        where, t.replies.c.state.in_(_GONE_OUT), t.replies.c.returned_at.is_(None)
    )
    return [(row.id, row.mail_id) for row in connection.execute(statement)]
