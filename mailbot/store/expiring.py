"""超大附件 that nobody has sent as ordinary attachments yet, and whose link ends soon.

Staff may fetch such a file by hand while it is there; the program never does. A later
mail of the unit with files has answered the question. Nothing is changed here.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import sqlalchemy as sa

from mailbot.mime.cloudlinks import expiry
from mailbot.store import rows, waiting
from mailbot.store import schema as t
from mailbot.store.views import ExpiringLink, MailRow
from mailbot.wire import link_from_json

_AHEAD = timedelta(days=3)  # of the end: staff read one digest a day, and not on Sundays
_KEPT = timedelta(days=400)  # no provider keeps such a file longer


def expiring(
    connection: sa.Connection, since: datetime, until: datetime, *where: rows.Where
) -> Iterator[ExpiringLink]:
    """Those that end within three days after ``until``, or have ended since ``since``.

    In the order in which they end. ``where`` are conditions on the mail.
    """
    linked = (
        t.mails.c.state == "decided",
        t.mails.c.settled_at.is_(None),
        ~t.mails.c.repeated,
        t.mails.c.arrived >= until - _KEPT,
        sa.cast(t.mails.c.links, sa.Text).like("[{%"),
        ~_answered(),
    )
    found = [
        link
        for mail in rows.mails(connection, *where, *linked)
        for link in _links(connection, mail)
        if since <= link.ends < until + _AHEAD
    ]
    yield from sorted(found, key=lambda link: link.ends)


def _answered() -> sa.ColumnElement[bool]:
    """Has the unit sent files in a later mail?"""
    mine, later = t.submissions.alias("mine"), t.submissions.alias("later")
    return (
        sa.select(later.c.mail_id)
        .join(mine, (mine.c.dossier_id == later.c.dossier_id) & (mine.c.ordinal < later.c.ordinal))
        .join(t.documents, t.documents.c.mail_id == later.c.mail_id)
        .where(mine.c.mail_id == t.mails.c.id)
        .exists()
    )


def _links(connection: sa.Connection, mail: MailRow) -> Iterator[ExpiringLink]:
    here = t.mails.c.sha256 == mail.sha256
    files = connection.scalars(sa.select(t.documents.c.file).join(t.mails).where(here))
    come = {name for file in files for name in (file, file.rpartition("/")[2])}
    for data in connection.scalar(sa.select(t.mails.c.links).where(here)) or ():
        link = link_from_json(data)
        ends = expiry(link.expires, mail.arrived)
        if ends is not None and link.name not in come:
            unit, contacts = waiting.called_for(connection, mail.sha256)
            yield ExpiringLink(
                mail=mail, name=link.name, size=link.size, ends=ends, unit=unit, contacts=contacts
            )
