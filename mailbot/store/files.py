"""The files that came: of one mail, or of all mails of a campaign.

Two statements however many mails there are, and the texts of the documents,
which are most of what is stored of them, stay where they are.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from operator import attrgetter
from typing import Any

import sqlalchemy as sa

from mailbot.store import rows
from mailbot.store import schema as t
from mailbot.store.engine import Store
from mailbot.store.views import DocumentRow, FileRow


def of_mail(connection: sa.Connection, mail: int) -> tuple[DocumentRow, ...]:
    """The files of a mail, as they stood in it."""
    return tuple(document for _, document in _documents(connection, t.mails.c.id == mail))


def of_campaign(store: Store, campaign: str) -> tuple[FileRow, ...]:
    """Every file of the campaign's mails, in order of arrival. Raises StoreError."""
    here = t.mails.c.campaign == campaign
    with store.reading() as connection:
        units = _units(connection, here)
        return tuple(
            FileRow(
                unit="、".join(units.get(row.mail_id, ())),
                sender=row.sender,
                arrived=row.arrived,
                mail=row.mail,
                document=document,
            )
            for row, document in _documents(connection, here)
        )


def _documents(connection: sa.Connection, *where: rows.Where) -> Iterator[tuple[Any, DocumentRow]]:
    """Each file with the mail it came in."""
    names = ("id", "mail_id", "file", "sha256", "format", "size", "problems")
    formless = (  # a text known by its name alone has been filed without a form of its own
        sa.select(t.papers.c.document_id, sa.func.min(t.papers.c.kind).label("kind"))
        .where(t.papers.c.form_id.is_(None), t.papers.c.kind != "")
        .group_by(t.papers.c.document_id)
        .subquery()
    )
    statement = (
        sa.select(
            *(t.documents.c[name] for name in names),
            t.mails.c.sender,
            t.mails.c.arrived,
            t.mails.c.sha256.label("mail"),
            t.forms.c.kind,
            formless.c.kind.label("filed"),
        )
        .join(t.mails, t.mails.c.id == t.documents.c.mail_id)
        .outerjoin(t.forms, t.forms.c.document_id == t.documents.c.id)
        .outerjoin(formless, formless.c.document_id == t.documents.c.id)
        .where(*where)
        .order_by(t.mails.c.arrived, t.mails.c.id, t.documents.c.id, t.forms.c.ordinal)
    )
    for _, group in groupby(connection.execute(statement), key=attrgetter("id")):
        found = list(group)
        first = found[0]
        yield (
            first,
            DocumentRow(
                file=first.file,
                sha256=first.sha256,
                format=first.format,
                size=first.size,
                kinds=tuple(row.kind for row in found if row.kind)
                or ((first.filed,) if first.filed else ()),
                problems=tuple((entry["code"], entry["message"]) for entry in first.problems),
            ),
        )


def _units(connection: sa.Connection, *where: rows.Where) -> dict[int, tuple[str, ...]]:
    """The units that apply with each mail: those of its dossiers that have an item."""
    has_item = sa.exists().where(t.items.c.dossier_id == t.dossiers.c.id)
    statement = (
        sa.select(t.submissions.c.mail_id, t.dossiers.c.unit)
        .join(t.dossiers, t.dossiers.c.id == t.submissions.c.dossier_id)
        .join(t.mails, t.mails.c.id == t.submissions.c.mail_id)
        .where(*where, has_item)
        .order_by(t.submissions.c.mail_id, t.dossiers.c.opened_at, t.dossiers.c.id)
    )
    found: dict[int, dict[str, None]] = {}
    for mail, unit in connection.execute(statement):
        found.setdefault(mail, {})[unit] = None
    return {mail: tuple(units) for mail, units in found.items()}
