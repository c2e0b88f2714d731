"""The history: rows are added, never changed.

Details carry codes, numbers and decisions; what applicants wrote stays in the
tables made for it.
"""

from __future__ import annotations

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
