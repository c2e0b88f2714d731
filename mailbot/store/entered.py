"""What staff enter by hand, beside their rulings: a mail settled, grades, ticks, the unit's place.

Each with who and when in the history, inside the caller's transaction. Decides nothing.
"""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from mailbot.store import schema as t
from mailbot.store.events import note
from parsers.forms.labels import normalise_name


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


def refuse_papers(
    connection: sa.Connection, sha256: str, dossier: str, *, who: str, now: datetime
) -> None:
    """What a mail would put in the place of others' papers of a dossier is not taken."""
    mail = connection.scalar(sa.select(t.mails.c.id).where(t.mails.c.sha256 == sha256))
    note(connection, "papers.refused", now, who=who, mail=mail, dossier=dossier)


def settle_mails(
    connection: sa.Connection, dossier: str, unit: str, *, who: str, now: datetime
) -> None:
    """The mails of a dossier whose unit nobody knew: now it is named."""
    there = (
        sa.select(t.mails.c.sha256)
        .join(t.submissions)
        .where(t.submissions.c.dossier_id == dossier, t.mails.c.settled_at.is_(None))
    )
    for sha256 in connection.scalars(there).all():
        settle_mail(connection, sha256, what="assign", reason=unit, who=who, now=now)


def is_settled(connection: sa.Connection, sha256: str) -> bool:
    """Have staff done with this mail?"""
    at = sa.select(t.mails.c.settled_at).where(t.mails.c.sha256 == sha256)
    return connection.scalar(at) is not None


def grade(connection: sa.Connection, item: str, given: str, *, who: str, now: datetime) -> int:
    """The grade of an item, "" takes it away; the number of the entry in the history."""
    here = t.items.c.id == item
    before = connection.scalar(sa.select(t.items.c.grade).where(here))
    connection.execute(t.items.update().where(here).values(grade=given))
    return note(
        connection, "item.graded", now, who=who, item=item, grade=given or "（清除）", was=before
    )


def tick(
    connection: sa.Connection, place: tuple[str, str | None], what: str, *, who: str, now: datetime
) -> int:
    """Something has come or is in order; the number of the entry, 0 where it was ticked already.

    ``place`` is a dossier and an item of it, or None for the whole of it.
    """
    if connection.scalar(sa.select(t.ticks.c.id).where(*_ticked(place, what))) is not None:
        return 0
    dossier, item = place
    connection.execute(
        t.ticks.insert().values(dossier_id=dossier, item_id=item, what=what, at=now, who=who)
    )
    return note(connection, "item.ticked", now, who=who, dossier=dossier, item=item, tick=what)


def untick(
    connection: sa.Connection, place: tuple[str, str | None], what: str, *, who: str, now: datetime
) -> int:
    """Take a tick back; the number of the entry, 0 where there is none."""
    gone = connection.execute(t.ticks.delete().where(*_ticked(place, what))).rowcount
    if not gone:
        return 0
    dossier, item = place
    return note(connection, "item.unticked", now, who=who, dossier=dossier, item=item, tick=what)


def _ticked(place: tuple[str, str | None], what: str) -> tuple[sa.ColumnElement[bool], ...]:
    dossier, item = place
    whose = t.ticks.c.item_id.is_(None) if item is None else t.ticks.c.item_id == item
    return t.ticks.c.dossier_id == dossier, whose, t.ticks.c.what == what


def name_unit(
    connection: sa.Connection, dossier: str, unit: str, *, who: str, now: datetime
) -> int:
    """Whose the dossier is; the number of the entry in the history."""
    here = t.dossiers.c.id == dossier
    connection.execute(
        t.dossiers.update().where(here).values(unit=unit, unit_key=normalise_name(unit) or None)
    )
    return note(connection, "item.assigned", now, who=who, dossier=dossier, unit=unit)


def name_region(
    connection: sa.Connection, dossier: str, region: str, *, who: str, now: datetime
) -> int:
    """Whose places the items take that name no region themselves; the number of the entry."""
    here = t.dossiers.c.id == dossier
    connection.execute(t.dossiers.update().where(here).values(region=region))
    return note(connection, "item.assigned", now, who=who, dossier=dossier, region=region)


def move_mails(
    connection: sa.Connection, source: str, target: str, *, who: str, now: datetime
) -> int:
    """The mails of a dossier without items now belong to another; the number of the entry.

    They come after the mails that are there, because items count those.
    """
    last = sa.select(sa.func.max(t.submissions.c.ordinal)).where(
        t.submissions.c.dossier_id == target
    )
    start = (connection.scalar(last) or 0) + 1
    here = t.submissions.c.dossier_id == source
    connection.execute(t.papers.delete().where(t.papers.c.dossier_id == source))
    connection.execute(
        t.submissions.update()
        .where(here)
        .values(dossier_id=target, ordinal=t.submissions.c.ordinal + start, answers=None)
    )
    return note(connection, "item.assigned", now, who=who, dossier=target, merged=source)
