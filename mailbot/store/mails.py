"""The mails: taken in once, read, decided or set aside, in order of arrival.

States: ``received`` -> ``read`` -> ``decided``, or ``failed`` (set aside for a
person). A mail is known by the SHA-256 of its raw bytes; seen again anywhere it
only gains a sighting.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

import sqlalchemy as sa

from mailbot.model import Mark, Sighting
from mailbot.store import schema as t
from mailbot.store.events import PROGRAM, note, note_all


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A message whose raw bytes are safe, about to be entered."""

    sha256: str
    size: int
    arrived: datetime
    sighting: Sighting
    mailbox: str = ""  #: the configured address
    tier: str | None = None  #: fixed by the operator
    junk: bool = False  #: seen in the provider's Junk


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A mail in the queue."""

    id: int
    sha256: str
    state: str
    arrived: datetime
    mailbox: str
    tier: str | None


def enter(connection: sa.Connection, taken: Taken, now: datetime) -> bool:
    """Enter a mail and where it was seen; False when the mail was known already."""
    known = connection.scalar(sa.select(t.mails.c.id).where(t.mails.c.sha256 == taken.sha256))
    mail = known or _new(connection, taken, now)
    if _sight(connection, mail, taken, now) and known and not taken.junk:
        _rescue(connection, known, taken, now)
    return known is None


def _rescue(connection: sa.Connection, mail: int, taken: Taken, now: datetime) -> None:
    """A mail that was passed over in Junk has been put elsewhere: decided again as any other."""
    passed_over = connection.execute(
        t.mails.update()
        .where(
            t.mails.c.id == mail,
            t.mails.c.state == "decided",
            t.mails.c.disposition == "junk",
            t.mails.c.settled_at.is_(None),
            t.mails.c.purge.is_(None),
        )
        .values(state="read", decided_at=None, disposition=None, silence="", mailbox=taken.mailbox)
    )
    if passed_over.rowcount:
        note(connection, "mail.rescued", now, mail=mail)


def only_in_junk(connection: sa.Connection, mail: int) -> bool:
    """Was it seen, and nowhere but in Junk?"""
    seen = connection.scalars(
        sa.select(t.sightings.c.junk).where(t.sightings.c.mail_id == mail)
    ).all()
    return bool(seen) and all(seen)


def enter_all(connection: sa.Connection, many: Sequence[Taken], now: datetime) -> Sequence[bool]:
    """As :func:`enter`, with one after the other; what is new goes in by few statements."""
    names = [taken.sha256 for taken in many]
    known = set(connection.scalars(sa.select(t.mails.c.sha256).where(t.mails.c.sha256.in_(names))))
    seen = _seen(connection, [taken.sighting for taken in many])
    fresh: dict[str, Taken] = {}
    for taken in many:
        if taken.sha256 not in known and taken.sighting not in seen:
            fresh[taken.sha256] = taken
        known.add(taken.sha256)
        seen.add(taken.sighting)
    if fresh:
        _new_all(connection, fresh, now)
    return [fresh.get(taken.sha256) is taken or enter(connection, taken, now) for taken in many]


def _new_all(connection: sa.Connection, fresh: Mapping[str, Taken], now: datetime) -> None:
    connection.execute(t.mails.insert(), [_mail_row(taken, now) for taken in fresh.values()])
    found = sa.select(t.mails.c.sha256, t.mails.c.id).where(t.mails.c.sha256.in_(fresh))
    ids = {row.sha256: row.id for row in connection.execute(found)}
    sizes = [{"mail": ids[name], "size": taken.size} for name, taken in fresh.items()]
    note_all(connection, "mail.collected", now, sizes)
    connection.execute(
        t.sightings.insert(),
        [_sighting_row(ids[name], taken, now) for name, taken in fresh.items()],
    )


def _new(connection: sa.Connection, taken: Taken, now: datetime) -> int:
    inserted = connection.execute(t.mails.insert().values(**_mail_row(taken, now)))
    (mail,) = inserted.inserted_primary_key or (0,)
    note(connection, "mail.collected", now, mail=mail, size=taken.size)
    return int(mail)


def _mail_row(taken: Taken, now: datetime) -> dict[str, object]:
    return {
        "sha256": taken.sha256,
        "state": "received",
        "arrived": taken.arrived,
        "fetched_at": now,
        "size": taken.size,
        "mailbox": taken.mailbox,
        "fixed_tier": taken.tier,
    }


def _sighting_row(mail: int, taken: Taken, now: datetime) -> dict[str, object]:
    return {"mail_id": mail, "seen_at": now, "junk": taken.junk, **asdict(taken.sighting)}


def _sight(connection: sa.Connection, mail: int, taken: Taken, now: datetime) -> bool:
    """Note where it was seen; False where that is known."""
    if _seen(connection, [taken.sighting]):
        return False
    connection.execute(t.sightings.insert().values(**_sighting_row(mail, taken, now)))
    return True


def _seen(connection: sa.Connection, places: Sequence[Sighting]) -> set[Sighting]:
    """Which of these are known."""
    columns = t.sightings.c
    found: set[Sighting] = set()
    for account, folder, uidvalidity in {(p.account, p.folder, p.uidvalidity) for p in places}:
        here = {"account": account, "folder": folder, "uidvalidity": uidvalidity}
        uids = connection.scalars(
            sa.select(columns.uid).where(
                *(columns[name] == value for name, value in here.items()),
                columns.uid.in_([place.uid for place in places]),
            )
        )
        found |= {
            Sighting(account=account, folder=folder, uidvalidity=uidvalidity, uid=uid)
            for uid in uids
        }
    return found


def mark_of(connection: sa.Connection, account: str, folder: str) -> Mark | None:
    """How far the folder has been taken."""
    row = connection.execute(
        sa.select(t.marks).where(t.marks.c.account == account, t.marks.c.folder == folder)
    ).one_or_none()
    return Mark(uidvalidity=row.uidvalidity, uid=row.uid) if row else None


def move_mark(connection: sa.Connection, seen: Sighting) -> None:
    """Everything of the folder up to this message has been entered."""
    here = (t.marks.c.account == seen.account) & (t.marks.c.folder == seen.folder)
    old = mark_of(connection, seen.account, seen.folder)
    if old is None:
        connection.execute(
            t.marks.insert().values(
                account=seen.account,
                folder=seen.folder,
                uidvalidity=seen.uidvalidity,
                uid=seen.uid,
            )
        )
        return
    # a message that the server shows late may have a lower number: the mark never goes back
    uid = max(seen.uid, old.uid) if old.uidvalidity == seen.uidvalidity else seen.uid
    connection.execute(t.marks.update().where(here).values(uidvalidity=seen.uidvalidity, uid=uid))


def keys(connection: sa.Connection) -> Sequence[str]:
    """The SHA-256 of every mail whose raw bytes have to be there."""
    return connection.scalars(sa.select(t.mails.c.sha256).where(t.mails.c.purge.is_(None))).all()


def unread(connection: sa.Connection, many: int) -> Sequence[Entry]:
    """The first mails that wait to be read, in order of arrival."""
    return _queue(connection, ("received",), many)


def next_to_decide(connection: sa.Connection) -> Entry | None:
    """The first undecided mail if it has been read; an earlier unread one blocks the rest."""
    first = _queue(connection, ("received", "read"), 1)
    return first[0] if first and first[0].state == "read" else None


def _queue(connection: sa.Connection, states: Sequence[str], many: int) -> Sequence[Entry]:
    """The first of each state by its index: asked for together they would all be sorted."""
    found = [entry for state in states for entry in _first(connection, state, many)]
    return sorted(found, key=lambda entry: (entry.arrived, entry.id))[:many]


def _first(connection: sa.Connection, state: str, many: int) -> Sequence[Entry]:
    names = ("id", "sha256", "state", "arrived", "mailbox", "fixed_tier")
    statement = (
        sa.select(*(t.mails.c[name] for name in names))
        .where(t.mails.c.state == state)
        .order_by(t.mails.c.arrived, t.mails.c.id)
        .limit(many)
    )
    return [
        Entry(
            id=row.id,
            sha256=row.sha256,
            state=row.state,
            arrived=row.arrived,
            mailbox=row.mailbox,
            tier=row.fixed_tier,
        )
        for row in connection.execute(statement)
    ]


def state_of(connection: sa.Connection, mail: int) -> str:
    """The state now; on PostgreSQL the row is held until the transaction ends."""
    statement = sa.select(t.mails.c.state).where(t.mails.c.id == mail).with_for_update()
    return str(connection.scalar(statement))


def set_aside(connection: sa.Connection, mail: int, why: str, now: datetime) -> None:
    """The program could not handle it: kept for a person, and the next ones go on."""
    connection.execute(
        t.mails.update().where(t.mails.c.id == mail).values(state="failed", failure=why)
    )
    note(connection, "mail.set_aside", now, mail=mail, why=why)


def take_up_again(
    connection: sa.Connection, sha256: str, now: datetime, *, who: str = PROGRAM
) -> bool:
    """A mail set aside goes back into the queue; False when there is none of this number."""
    row = connection.execute(
        sa.select(t.mails.c.id, t.mails.c.envelope).where(
            t.mails.c.sha256 == sha256, t.mails.c.state == "failed"
        )
    ).one_or_none()
    if row is None:
        return False
    state = "received" if row.envelope is None else "read"
    connection.execute(
        t.mails.update()
        .where(t.mails.c.id == row.id)
        .values(state=state, failure="", settled_at=None)
    )
    note(connection, "mail.taken_up_again", now, who=who, mail=row.id)
    return True
