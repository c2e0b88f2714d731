"""The history: rows are added, never changed.

Details carry codes, numbers and decisions; what applicants wrote stays in the
tables made for it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from mailbot.store import schema as t

#: who did what no person did
PROGRAM = "mailbot"


def note(
    connection: sa.Connection,
    what: str,
    at: datetime,
    *,
    who: str = PROGRAM,
    mail: int | None = None,
    dossier: str | None = None,
    item: str | None = None,
    **details: Any,
) -> int:
    """Add one line of history; its number."""
    inserted = connection.execute(
        t.events.insert().values(
            at=at, who=who, what=what, mail_id=mail, dossier_id=dossier, item_id=item,
            details=details,
        )
    )  # fmt: skip
    (number,) = inserted.inserted_primary_key or (0,)
    return int(number)


def note_all(
    connection: sa.Connection, what: str, at: datetime, mails: Sequence[Mapping[str, Any]]
) -> None:
    """One line for each of these mails; each with its number as ``mail``, all else as details."""
    nobody: dict[str, Any] = {"dossier_id": None, "item_id": None}
    rows = [
        {
            **nobody,
            "at": at,
            "who": PROGRAM,
            "what": what,
            "mail_id": entry["mail"],
            "details": {key: value for key, value in entry.items() if key != "mail"},
        }
        for entry in mails
    ]
    connection.execute(t.events.insert(), rows)
