"""What has been done to messages on the server after they were decided, and what has not yet.

``moving`` is written before a copy is made, so that a crash between copying and
removing is known afterwards. Nothing is done to any server here.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import sqlalchemy as sa

from mailbot.store import schema as t
from mailbot.store.events import note

Action = Literal["flag", "move"]

#: States of a sighting in which the action has still to be done.
_OPEN: dict[Action, tuple[str, ...]] = {"flag": ("",), "move": ("", "flagged", "moving")}
#: Who finds a message again that we had dealt with so was overruled by a person: it stays.
_ENOUGH: dict[Action, tuple[str, ...]] = {"flag": ("flagged", "moved"), "move": ("moved",)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Handled:
    """A message in its folder whose mail is archived and decided."""

    sighting: int
    mail: int
    uidvalidity: int
    uid: int
    sha256: str
    size: int
    moving: bool  #: a copy may have been made already


def pending(
    connection: sa.Connection, account: str, folder: str, action: Action, many: int
) -> Sequence[Handled]:
    """The first messages of a folder that the action is due for, lowest UID first.

    Not those set aside for a person, nor those passed over in Junk, where a person has
    to find them.
    """
    seen, mails, marks = t.sightings, t.mails, t.marks
    before = t.sightings.alias()
    overruled = sa.exists().where(
        before.c.mail_id == seen.c.mail_id,
        before.c.account == seen.c.account,
        before.c.id != seen.c.id,
        before.c.tidied.in_(_ENOUGH[action]),
    )
    here = (marks.c.account == seen.c.account) & (marks.c.folder == seen.c.folder)
    statement = (
        sa.select(seen, mails.c.sha256, mails.c.size)
        .join(mails, mails.c.id == seen.c.mail_id)
        .join(marks, here & (marks.c.uidvalidity == seen.c.uidvalidity))
        .where(
            seen.c.account == account,
            seen.c.folder == folder,
            seen.c.tidied.in_(_OPEN[action]),
            mails.c.state == "decided",
            mails.c.disposition != "junk",
            mails.c.purge.is_(None),
            ~overruled,
        )
        .order_by(seen.c.uid)
        .limit(many)
    )
    return [
        Handled(
            sighting=row.id,
            mail=row.mail_id,
            uidvalidity=row.uidvalidity,
            uid=row.uid,
            sha256=row.sha256,
            size=row.size,
            moving=row.tidied == "moving",
        )
        for row in connection.execute(statement)
    ]


def begin(connection: sa.Connection, entries: Collection[Handled]) -> None:
    """Copies of these are about to be made."""
    _write(connection, entries, "moving")


def done(
    connection: sa.Connection, entries: Collection[Handled], action: Action, now: datetime
) -> None:
    """It is done, and stands in the history of each mail."""
    word = "flagged" if action == "flag" else "moved"
    _write(connection, entries, word)
    for entry in entries:
        note(connection, f"mail.{word}", now, mail=entry.mail)


def _write(connection: sa.Connection, entries: Collection[Handled], tidied: str) -> None:
    numbers = [entry.sighting for entry in entries]
    here = t.sightings.c.id.in_(numbers)
    connection.execute(t.sightings.update().where(here).values(tidied=tidied))
