"""The outbox rows: claimed before sending, marked afterwards, each under a fence.

A claim raises the fence; whoever comes back with an older fence changes nothing.
States: ``queued`` -> ``sending`` -> ``sent``, or back to ``queued`` for a later
try; ``refused`` for good, ``held`` after a day in vain, ``uncertain`` when nobody
knows whether the server took it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from mailbot.outcome import Copy
from mailbot.store import returned
from mailbot.store import schema as t
from mailbot.store.events import note
from mailbot.store.health import LONGEST


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One reply that is ours to send until the lease ends."""

    id: int
    fence: int
    recipient: str
    message_id: str
    message: bytes = field(repr=False)
    attempts: int  #: this one included
    first_attempt: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Incomplete:
    """A reply that is sent once copies of the sender's forms are attached."""

    id: int
    mail: str  #: raw SHA-256
    message: bytes = field(repr=False)
    text: str = field(repr=False)
    html: str = field(repr=False)
    copies: tuple[Copy, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubtful:
    """A reply that was handed over, perhaps."""

    id: int
    message_id: str
    tried: datetime  #: for the first time
    since: datetime  #: when its fate became unknown


def is_due(connection: sa.Connection, now: datetime) -> bool:
    """Is there anything to send?"""
    due = sa.select(t.replies.c.id).where(*_due(now))
    return connection.scalar(due.limit(1)) is not None


def _due(now: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    """Queued, complete, and its time has come, or is farther off than any pause of ours."""
    queued = t.replies.c.state == "queued"
    at = t.replies.c.next_attempt
    return queued, t.replies.c.copies.is_(None), (at <= now) | (at > now + LONGEST)


def next_incomplete(connection: sa.Connection) -> Incomplete | None:
    """The oldest reply that waits for its copies."""
    row = connection.execute(
        sa.select(t.replies, t.mails.c.sha256)
        .join(t.mails)
        .where(t.replies.c.copies.is_not(None))
        .order_by(t.replies.c.id)
        .limit(1)
    ).one_or_none()
    if row is None:
        return None
    return Incomplete(
        id=row.id,
        mail=row.sha256,
        message=row.message,
        text=row.text,
        html=row.html,
        copies=tuple(
            Copy(
                name=entry["name"],
                sha256=entry["sha256"],
                format=entry["format"],
                author=entry["author"],
                notes=tuple((where, text) for where, text in entry["notes"]),
            )
            for entry in row.copies
        ),
    )


def complete(connection: sa.Connection, reply: Incomplete, now: datetime, *, copies: int) -> bool:
    """From now on these bytes are sent; False where somebody was quicker."""
    waiting = (t.replies.c.id == reply.id) & t.replies.c.copies.is_not(None)
    changed = connection.execute(
        t.replies.update()
        .where(waiting)
        .values(message=reply.message, text=reply.text, html=reply.html, copies=sa.null())
    )
    if changed.rowcount == 1:
        _note(connection, reply.id, "reply.completed", now, copies=copies)
    return changed.rowcount == 1


def claim_next(
    connection: sa.Connection, now: datetime, *, holder: str, lease: timedelta
) -> Claim | None:
    """Take the oldest reply that is due; commit before anything is sent."""
    row = connection.execute(
        sa.select(t.replies)
        .where(*_due(now))
        .order_by(t.replies.c.next_attempt, t.replies.c.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    ).one_or_none()
    if row is None:
        return None
    first_attempt = min(row.first_attempt or now, now)  # the clock may have been put back
    connection.execute(
        t.replies.update()
        .where(t.replies.c.id == row.id)
        .values(
            state="sending",
            holder=holder,
            lease_until=now + lease,
            fence=row.fence + 1,
            attempts=row.attempts + 1,
            first_attempt=first_attempt,
        )
    )
    return Claim(
        id=row.id,
        fence=row.fence + 1,
        recipient=row.recipient,
        message_id=row.message_id,
        message=row.message,
        attempts=row.attempts + 1,
        first_attempt=first_attempt,
    )


def finish(
    connection: sa.Connection,
    claim: Claim,
    state: str,
    now: datetime,
    *,
    error: str = "",
    answer: str = "",
    again_at: datetime | None = None,
) -> bool:
    """Mark what became of a claim; False when somebody else holds the reply by now."""
    values: dict[str, object] = {
        "state": state,
        "holder": "",
        "lease_until": None,
        "last_error": error,
        "answer": answer,
    }
    if state == "sent":
        values["sent_at"] = now
    if again_at is not None or state == "uncertain":
        values["next_attempt"] = again_at or now  # for the latter: since when
    mine = (t.replies.c.id == claim.id) & (t.replies.c.fence == claim.fence)
    sending = mine & (t.replies.c.state == "sending")
    changed = connection.execute(t.replies.update().where(sending).values(**values)).rowcount == 1
    if changed:
        _note(connection, claim.id, f"reply.{state}", now, error=error, attempt=claim.attempts)
    return changed


def abandoned(connection: sa.Connection, now: datetime, *, holder: str | None = None) -> int:
    """Claims whose lease has ended, and all of ``holder``, become uncertain; their number.

    A lease that ends later than any of ours can was given by a clock that was wrong.
    ``holder`` is named by a process that knows that its forerunner is dead.
    """
    over = (t.replies.c.lease_until < now) | (t.replies.c.lease_until > now + LONGEST)
    if holder is not None:
        over |= t.replies.c.holder == holder
    found = connection.scalars(
        sa.select(t.replies.c.id).where(t.replies.c.state == "sending", over)
    ).all()
    for reply in found:
        _set(
            connection, reply, state="uncertain", lease_until=None, holder="", next_attempt=now,
            last_error="发送过程中程序中断，不能确定对方服务器是否已收下",
        )  # fmt: skip
        _note(connection, reply, "reply.uncertain", now, error="interrupted")
    return len(found)


def uncertain(connection: sa.Connection) -> Sequence[Doubtful]:
    """The replies of which nobody knows whether they went out."""
    found = connection.execute(
        sa.select(t.replies).where(t.replies.c.state == "uncertain").order_by(t.replies.c.id)
    )
    return [
        Doubtful(
            id=row.id,
            message_id=row.message_id,
            tried=row.first_attempt or row.next_attempt,
            since=row.next_attempt,
        )
        for row in found
    ]


def last_sent(connection: sa.Connection, *, before: datetime) -> Doubtful | None:
    """The reply that was sent last, with the server's word for it, before that moment."""
    told = (t.replies.c.state == "sent") & (t.replies.c.answer != "")
    row = connection.execute(
        sa.select(t.replies)
        .where(told, t.replies.c.sent_at < before)
        .order_by(t.replies.c.sent_at.desc(), t.replies.c.id.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        return None
    return Doubtful(
        id=row.id,
        message_id=row.message_id,
        tried=row.first_attempt or row.sent_at,
        since=row.sent_at,
    )


def settle(
    connection: sa.Connection, reply: int, now: datetime, *, sent: bool, why: str = ""
) -> bool:
    """What became of an uncertain one is known: it went out, or it may go again.

    False where it is uncertain no longer: a person was quicker.
    """
    values: dict[str, object] = (
        {"state": "sent", "sent_at": now, "last_error": ""}
        if sent
        else {"state": "queued", "next_attempt": now}
    )
    still = (t.replies.c.id == reply) & (t.replies.c.state == "uncertain")
    changed = connection.execute(t.replies.update().where(still).values(**values)).rowcount == 1
    if changed:
        _note(connection, reply, "reply.sent" if sent else "reply.resent", now, why=why)
    return changed


def retry(connection: sa.Connection, reply: int, now: datetime, *, who: str) -> bool:
    """A person wants it sent (again), with the same bytes; False when there is none to send."""
    waiting = ("queued", "uncertain", "refused", "held")
    came_back = (t.replies.c.state == "sent") & t.replies.c.returned_at.is_not(None)
    found = connection.scalar(
        sa.select(t.replies.c.id).where(
            t.replies.c.id == reply,
            t.replies.c.state.in_(waiting) | came_back,
            t.replies.c.message != b"",
        )
    )
    if found is None:
        return False
    returned.clear(connection, reply)
    _set(connection, reply, state="queued", next_attempt=now, first_attempt=None, attempts=0)
    _note(connection, reply, "reply.retried", now, who=who)
    return True


def _set(connection: sa.Connection, reply: int, **values: object) -> None:
    connection.execute(t.replies.update().where(t.replies.c.id == reply).values(**values))


def _note(
    connection: sa.Connection,
    reply: int,
    what: str,
    now: datetime,
    *,
    who: str = "mailbot",
    **details: Any,
) -> None:
    mail = connection.scalar(sa.select(t.replies.c.mail_id).where(t.replies.c.id == reply))
    note(connection, what, now, who=who, mail=mail, reply=reply, **details)
