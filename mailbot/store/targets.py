"""What a member of staff means by an ID: an item, a dossier with its items, or a mail.

An ID is a receipt number, the id of an item or of a dossier, or the beginning of a
mail's SHA-256. Nothing is changed here and nothing is decided.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import sqlalchemy as sa

from mailbot.outcome import Incoming, KnownDossier
from mailbot.store import readings, rows
from mailbot.store import schema as t
from mailbot.store.views import ItemRow, MailRow

#: Letters of a mail's SHA-256 that are enough to name it.
_ENOUGH = 6


class Ambiguous(Exception):
    """Several things are called so; ``names`` says which."""

    def __init__(self, names: tuple[str, ...]) -> None:
        super().__init__("、".join(names))
        self.names = names


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What an ID stands for."""

    named: Literal["item", "dossier", "mail"]
    items: tuple[ItemRow, ...]  #: the item, or all items of the dossiers
    dossiers: tuple[KnownDossier, ...] = ()
    mail: MailRow | None = None


def find_target(connection: sa.Connection, key: str) -> Target | None:
    """What the ID stands for; None where there is nothing of that name. Raises Ambiguous."""
    items = rows.items(connection, (t.items.c.id == key) | (t.items.c.receipt == key))
    if len(items) > 1:
        raise Ambiguous(tuple(f"{item.id}（{item.unit}「{item.name}」）" for item in items))
    if items:
        dossiers = known(connection, t.dossiers.c.id == items[0].dossier)
        return Target(named="item", items=items, dossiers=dossiers)
    if dossiers := known(connection, t.dossiers.c.id == key):
        items = rows.items(connection, t.items.c.dossier_id == key)
        return Target(named="dossier", items=items, dossiers=dossiers)
    if len(key) < _ENOUGH:
        return None
    mails = rows.mails(connection, t.mails.c.sha256.startswith(key, autoescape=True))
    if len(mails) > 1:
        raise Ambiguous(tuple(f"{mail.sha256[:12]}（{mail.sender}）" for mail in mails))
    return _of_mail(connection, mails[0]) if mails else None


def is_purged(connection: sa.Connection, target: Target) -> bool:
    """Has its content been removed, because its time was over?"""
    dossiers = [dossier.id for dossier in target.dossiers]
    mail = target.mail.sha256 if target.mail else ""
    gone = sa.union_all(
        sa.select(t.dossiers.c.purge).where(t.dossiers.c.id.in_(dossiers)),
        sa.select(t.mails.c.purge).where(t.mails.c.sha256 == mail),
    )
    return any(number is not None for number in connection.scalars(gone))


def _of_mail(connection: sa.Connection, mail: MailRow) -> Target:
    belong = (
        sa.select(t.submissions.c.dossier_id).join(t.mails).where(t.mails.c.sha256 == mail.sha256)
    )
    return Target(
        named="mail",
        items=rows.items(connection, t.items.c.dossier_id.in_(belong)),
        dossiers=known(connection, t.dossiers.c.id.in_(belong)),
        mail=mail,
    )


def known(connection: sa.Connection, *where: rows.Where) -> tuple[KnownDossier, ...]:
    """The dossiers of these conditions, oldest first."""
    statement = (
        sa.select(t.dossiers).where(*where).order_by(t.dossiers.c.opened_at, t.dossiers.c.id)
    )
    return tuple(
        KnownDossier(id=row.id, campaign=row.campaign, tier=row.tier, unit=row.unit)
        for row in connection.execute(statement)
    )


def mail_of(connection: sa.Connection, dossier: str, ordinal: int) -> Incoming:
    """One mail of a dossier by its place there, as it was read: whoever sent it is answered."""
    asked = (t.submissions.c.dossier_id == dossier) & (t.submissions.c.ordinal == ordinal)
    found = sa.select(t.submissions.c.mail_id).where(asked)
    return _incoming(connection, t.mails.c.id == found.scalar_subquery())


def place_of(connection: sa.Connection, dossier: str, sha256: str) -> int | None:
    """The place of a mail among those of a dossier, from 0; None where it is none of them."""
    asked = sa.select(t.submissions.c.ordinal).join(t.mails)
    here = (t.submissions.c.dossier_id == dossier, t.mails.c.sha256 == sha256)
    return connection.scalar(asked.where(*here))


def mail_as_read(connection: sa.Connection, sha256: str) -> Incoming | None:
    """One mail as it was read; None where it could not be."""
    there = (t.mails.c.sha256 == sha256) & t.mails.c.envelope.is_not(None)
    found = connection.scalar(sa.select(t.mails.c.id).where(there))
    return None if found is None else _incoming(connection, t.mails.c.id == found)


def _incoming(connection: sa.Connection, where: rows.Where) -> Incoming:
    mail = connection.execute(sa.select(t.mails).where(where)).one()
    return Incoming(
        mail=mail.sha256,
        arrived=mail.arrived,
        reading=readings.reading_of(connection, mail.id),
        mailbox=mail.mailbox,
        tier=mail.fixed_tier,
    )
