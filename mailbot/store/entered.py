"""What staff enter by hand, beside their rulings: a mail settled, grades, ticks, the unit's place.

Each with who and when in the history, inside the caller's transaction. Decides nothing.
"""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from mailbot.store import schema as t
from mailbot.store.events import note
from parsers.labels import normalise_name


def settle_mail(
    connection: sa.Connection, sha256: str, *, what: str, reason: str, who: str, now: datetime
) -> int:
    """A mail that no item stands for is done with; its number in the database."""
    mail = connection.scalar(sa.select(t.mails.c.id).where(t.mails.c.sha256 == sha256))
    if mail is None:
        raise LookupError(sha256)
    connection.execute(t.mails.update().where(t.mails.c.id == mail).values(settled_at=now))
    note(connection, "mail.settled", now, who=who, mail=mail, ruling=what, reason=reason)
    return int(mail)


def is_settled(connection: sa.Connection, sha256: str) -> bool:
    """Have staff done with this mail?"""
    at = sa.select(t.mails.c.settled_at).where(t.mails.c.sha256 == sha256)
    return connection.scalar(at) is not None


def grade(connection: sa.Connection, item: str, given: str, *, who: str, now: datetime) -> None:
    """The grade of an item; "" takes it away."""
    before = connection.scalar(sa.select(t.items.c.grade).where(t.items.c.id == item))
    connection.execute(t.items.update().where(t.items.c.id == item).values(grade=given))
    note(connection, "item.graded", now, who=who, item=item, grade=given or "（清除）", was=before)


def tick(
    connection: sa.Connection, dossier: str, item: str | None, what: str, *, who: str, now: datetime
) -> bool:
    """Something has come or is in order; False where that was ticked already."""
    if connection.scalar(sa.select(t.ticks.c.id).where(_ticked(dossier, item, what))) is not None:
        return False
    connection.execute(
        t.ticks.insert().values(dossier_id=dossier, item_id=item, what=what, at=now, who=who)
    )
    note(connection, "item.ticked", now, who=who, dossier=dossier, item=item, tick=what)
    return True


def untick(
    connection: sa.Connection, dossier: str, item: str | None, what: str, *, who: str, now: datetime
) -> bool:
    """Take a tick back; False where there is none."""
    gone = connection.execute(t.ticks.delete().where(_ticked(dossier, item, what))).rowcount
    if gone:
        note(connection, "item.unticked", now, who=who, dossier=dossier, item=item, tick=what)
    return bool(gone)


def _ticked(dossier: str, item: str | None, what: str) -> sa.ColumnElement[bool]:
    whose = t.ticks.c.item_id.is_(None) if item is None else t.ticks.c.item_id == item
    return (t.ticks.c.dossier_id == dossier) & whose & (t.ticks.c.what == what)


def name_unit(
    connection: sa.Connection, dossier: str, unit: str, *, who: str, now: datetime
) -> None:
    """Whose the dossier is."""
    here = t.dossiers.c.id == dossier
    connection.execute(
        t.dossiers.update().where(here).values(unit=unit, unit_key=normalise_name(unit) or None)
    )
    note(connection, "item.assigned", now, who=who, dossier=dossier, unit=unit)


def name_region(
    connection: sa.Connection, dossier: str, region: str, *, who: str, now: datetime
) -> None:
    """Whose places the dossier's items take where they name no region of their own."""
    here = t.dossiers.c.id == dossier
    connection.execute(t.dossiers.update().where(here).values(region=region))
    note(connection, "item.assigned", now, who=who, dossier=dossier, region=region)
