"""Takes out of the register what says something about persons, and keeps what may be kept.

Numbers, decisions, times, sizes, hashes and counts stay; names, addresses, texts and
what was read go. Which column does which stands in one table, :data:`CLEARED`
and :data:`KEPT`, that a test holds against the schema: a new column belongs to
one of the two. What is due is decided elsewhere, and no file is touched here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from mailbot.store import schema as t
from mailbot.store import waiting
from mailbot.store.events import note

#: stands where a name stood, so that nobody takes it for a gap in what was sent
GONE = "（已清除）"
#: who had asked for something by mail
APPLICANT = "（申报人）"

_NULL = sa.null()
#: table -> column -> what stands there afterwards
CLEARED: dict[str, dict[str, Any]] = {
    "mails": {
        "subject": GONE, "sender": "", "message_id": "", "envelope": _NULL, "body": "",
        "links": _NULL, "defects": _NULL, "reading_failure": "", "failure": "", "applicant": "",
    },
    "documents": {"file": GONE, "problems": [], "text": ""},
    "dossiers": {"unit": GONE, "unit_key": None, "region": ""},
    "items": {"name": GONE, "company": GONE},
    "rulings": {"reason": ""},
    "findings": {"message": "", "document": "", "where": "", "label": ""},
    "replies": {
        "recipient": "", "subject": GONE, "text": "", "html": "", "message": b"",
        "copies": _NULL, "answer": "", "last_error": "", "returned_why": "", "topic": "",
    },
}  # fmt: skip
#: columns of text, JSON or bytes that say nothing about a person, or are looked at one by one:
#: ``items.region``, ``items.place``, ``rulings.who``, ``events.who`` and ``events.details``
KEPT: dict[str, set[str]] = {
    "mails": {
        "sha256", "state", "mailbox", "fixed_tier", "disposition", "campaign", "tier", "decision",
        "silence",
    },
    "sightings": {"account", "folder", "tidied"},
    "marks": {"account", "folder"},
    "balances": {"account", "folder", "failed", "missing"},
    "documents": {"path", "sha256", "format"},
    "dossiers": {"id", "campaign", "tier"},
    "submissions": {"dossier_id", "mailbox", "documents"},
    "items": {
        "id", "dossier_id", "campaign", "tier", "category", "region", "decision", "receipt",
        "place", "grade",
    },
    "rulings": {"item_id", "who", "what"},
    "ticks": {"dossier_id", "item_id", "what", "who"},
    "verdicts": {"cause", "dossier_id", "campaign", "version", "decision"},
    "findings": {
        "item_id", "code", "severity", "rule", "clause", "kind", "field", "categories",
    },
    "counters": {"campaign", "tier"},
    "replies": {"cause", "kind", "message_id", "state", "holder", "returned_by"},
    "purges": {"campaign", "who", "removed"},
    "events": {"who", "what", "dossier_id", "item_id", "details"},
    "health": {"name", "last_error"},
}  # fmt: skip
#: tables whose rows go altogether
REMOVED = ("forms", "papers")
#: what the details of an event may still say
_DETAILS = {
    "size", "kind", "ruling", "decision", "before", "receipt", "version", "codes", "disposition",
    "repeated", "grade", "was", "tick", "reply", "attempts", "state",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Purge:
    """One removal, as the register keeps it."""

    id: int
    campaign: str
    due: datetime
    at: datetime
    who: str
    removed: dict[str, int]
    done_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Whose data goes, and what may stay in sight."""

    campaign: str
    due: datetime
    who: str
    now: datetime
    #: does a mail of no campaign that arrived then go along?
    loose: Callable[[datetime], bool]
    #: may a region stay, because the notice itself lists it?
    public: Callable[[str], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Open:
    """What is not finished yet."""

    undecided: int  #: mails that wait to be read or decided
    unsent: int  #: replies that may still go out
    stuck: int  #: replies that a person has to look at
    waiting: int  #: items and mails a person has to settle


def mails_of(connection: sa.Connection, asked: Asked) -> list[int]:
    """The mails whose data is still there and goes; none whose answer has still to go out."""
    theirs = (
        sa.select(t.submissions.c.mail_id)
        .join(t.dossiers)
        .where(t.dossiers.c.campaign == asked.campaign)
    )
    others = (
        sa.select(t.submissions.c.mail_id)
        .join(t.dossiers)
        .where(t.dossiers.c.campaign != asked.campaign, t.dossiers.c.purge.is_(None))
    )
    unsent = sa.select(t.replies.c.mail_id).where(
        t.replies.c.state.in_(("queued", "sending")), t.replies.c.mail_id.is_not(None)
    )
    found = connection.execute(
        sa.select(t.mails.c.id, t.mails.c.campaign, t.mails.c.arrived, t.mails.c.id.in_(theirs))
        .where(t.mails.c.purge.is_(None), t.mails.c.id.not_in(others))
        .where(t.mails.c.state.in_(("decided", "failed")), t.mails.c.id.not_in(unsent))
        .order_by(t.mails.c.id)
    ).all()
    return [
        identity
        for identity, campaign, arrived, filed in found
        if filed or campaign == asked.campaign or (campaign is None and asked.loose(arrived))
    ]


def unfinished(connection: sa.Connection, asked: Asked) -> Open:
    """What of the campaign somebody still has to do."""

    def count(statement: sa.Select[Any]) -> int:
        return connection.scalar(sa.select(sa.func.count()).select_from(statement.subquery())) or 0

    states = sa.select(t.replies.c.state).join(t.mails)
    states = states.where(t.mails.c.purge.is_(None), t.mails.c.campaign == asked.campaign)
    return Open(
        undecided=count(sa.select(t.mails.c.id).where(t.mails.c.state.in_(("received", "read")))),
        unsent=count(states.where(t.replies.c.state.in_(("queued", "sending")))),
        stuck=count(states.where(t.replies.c.state.in_(("uncertain", "held")))),
        waiting=len(waiting.waiting(connection, asked.campaign)),
    )


def purge(connection: sa.Connection, asked: Asked) -> Purge | None:
    """Take it out, within this transaction; None where nothing is left of the campaign."""
    mails = mails_of(connection, asked)
    dossiers = (t.dossiers.c.campaign == asked.campaign) & t.dossiers.c.purge.is_(None)
    there = connection.scalar(sa.select(sa.func.count()).select_from(t.dossiers).where(dossiers))
    if not mails and not there:
        return None
    inserted = connection.execute(
        t.purges.insert().values(
            campaign=asked.campaign, due=asked.due, at=asked.now, who=asked.who, removed={}
        )
    )
    number = int((inserted.inserted_primary_key or (0,))[0])
    connection.execute(t.dossiers.update().where(dossiers).values(purge=number))
    for start in range(0, len(mails), 500):
        some = t.mails.c.id.in_(mails[start : start + 500])
        connection.execute(t.mails.update().where(some).values(purge=number))
    removed = _clear(connection, number, asked)
    connection.execute(t.purges.update().where(t.purges.c.id == number).values(removed=removed))
    for mail in mails:
        note(connection, "mail.purged", asked.now, who=asked.who, mail=mail)
    return Purge(
        id=number,
        campaign=asked.campaign,
        due=asked.due,
        at=asked.now,
        who=asked.who,
        removed=removed,
        done_at=None,
    )


def _clear(connection: sa.Connection, number: int, asked: Asked) -> dict[str, int]:
    """Empty what belongs to this purge; how many rows of each table."""
    mails = sa.select(t.mails.c.id).where(t.mails.c.purge == number)
    dossiers = sa.select(t.dossiers.c.id).where(t.dossiers.c.purge == number)
    items = sa.select(t.items.c.id).where(t.items.c.dossier_id.in_(dossiers))
    documents = sa.select(t.documents.c.id).where(t.documents.c.mail_id.in_(mails))
    verdicts = sa.select(t.verdicts.c.id).where(
        t.verdicts.c.mail_id.in_(mails) | t.verdicts.c.dossier_id.in_(dossiers)
    )
    digests = t.replies.c.mail_id.is_(None) & t.replies.c.state.in_(("sent", "refused"))
    answers = t.replies.c.mail_id.in_(mails)
    connection.execute(
        t.replies.update()
        .where(answers, t.replies.c.state.in_(("uncertain", "held")))
        .values(state="refused")
    )
    _places(connection, dossiers, asked.public)
    _history(connection, mails, dossiers, items)
    connection.execute(
        t.rulings.update()
        .where(t.rulings.c.item_id.in_(items), t.rulings.c.who.contains("@"))
        .values(who=APPLICANT)
    )
    where: dict[str, sa.ColumnElement[bool]] = {
        "mails": t.mails.c.purge == number,
        "documents": t.documents.c.id.in_(documents),
        "dossiers": t.dossiers.c.purge == number,
        "items": t.items.c.id.in_(items),
        "rulings": t.rulings.c.item_id.in_(items),
        "findings": t.findings.c.verdict_id.in_(verdicts),
        "replies": (answers | digests) & (t.replies.c.message != b""),
    }
    removed = {
        name: connection.execute(
            t.metadata.tables[name].update().where(where[name]).values(**values)
        ).rowcount
        for name, values in CLEARED.items()
    }
    papers = t.papers.c.dossier_id.in_(dossiers) | t.papers.c.document_id.in_(documents)
    removed["papers"] = connection.execute(t.papers.delete().where(papers)).rowcount
    forms = t.forms.delete().where(t.forms.c.document_id.in_(documents))
    removed["forms"] = connection.execute(forms).rowcount
    size = sa.select(sa.func.sum(t.mails.c.size)).where(t.mails.c.purge == number)
    removed["bytes"] = connection.scalar(size) or 0
    return removed


def _places(
    connection: sa.Connection, dossiers: sa.Select[Any], public: Callable[[str], bool]
) -> None:
    """A region the notice lists stays; a company that counts for itself is a name."""
    for column, empty in ((t.items.c.region, None), (t.items.c.place, "")):
        theirs = t.items.c.dossier_id.in_(dossiers)
        named = connection.scalars(sa.select(column).where(theirs).distinct()).all()
        for name in (name for name in named if name and not public(name)):
            hidden = t.items.update().where(theirs, column == name)
            connection.execute(hidden.values({column: empty}))


def _history(
    connection: sa.Connection,
    mails: sa.Select[Any],
    dossiers: sa.Select[Any],
    items: sa.Select[Any],
) -> None:
    """What happened, when and by which rules stays; words about people go."""
    theirs = (
        t.events.c.mail_id.in_(mails)
        | t.events.c.dossier_id.in_(dossiers)
        | t.events.c.item_id.in_(items)
    )
    found = connection.execute(
        sa.select(t.events.c.id, t.events.c.who, t.events.c.details).where(theirs)
    ).all()
    for number, who, details in found:
        connection.execute(
            t.events.update()
            .where(t.events.c.id == number)
            .values(
                who=APPLICANT if "@" in who else who,
                details={name: value for name, value in details.items() if name in _DETAILS},
            )
        )


def purges(connection: sa.Connection, *, undone: bool = False) -> tuple[Purge, ...]:
    """All removals, oldest first; or those whose raw bytes may still be there."""
    statement = sa.select(t.purges).order_by(t.purges.c.id)
    if undone:
        statement = statement.where(t.purges.c.done_at.is_(None))
    return tuple(Purge(**row) for row in connection.execute(statement).mappings())


def done(connection: sa.Connection, number: int, now: datetime) -> None:
    """The raw bytes of this removal are gone, too."""
    connection.execute(t.purges.update().where(t.purges.c.id == number).values(done_at=now))


def proof(connection: sa.Connection, number: int) -> Sequence[dict[str, Any]]:
    """Every mail of a removal: its hash, times, size, decision, and the hashes of its files."""
    files: dict[int, list[dict[str, Any]]] = {}
    listed = sa.select(t.documents).join(t.mails).where(t.mails.c.purge == number)
    for row in connection.execute(listed.order_by(t.documents.c.id)):
        entry = {"sha256": row.sha256, "size": row.size, "format": row.format}
        files.setdefault(row.mail_id, []).append(entry)
    mails = sa.select(t.mails).where(t.mails.c.purge == number).order_by(t.mails.c.id)
    return [
        {
            "sha256": row.sha256,
            "size": row.size,
            "arrived": row.arrived,
            "disposition": row.disposition,
            "decision": row.decision,
            "files": files.get(row.id, []),
        }
        for row in connection.execute(mails)
    ]


def gone(connection: sa.Connection) -> frozenset[str]:
    """The SHA-256 of every mail whose raw bytes must not be kept again."""
    return frozenset(connection.scalars(sa.select(t.mails.c.sha256).where(t.mails.c.purge > 0)))
