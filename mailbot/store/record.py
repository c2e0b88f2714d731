"""Writes down everything one decided mail has brought about, inside the deciding transaction.

Dossiers, submissions, items with their decision and receipt, papers, verdicts
with findings, the reply with its frozen bytes, and the history. Nothing is
decided here, and nothing is written twice: unique keys stand behind it.
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from mailbot.outcome import DossierOutcome, Incoming, Outcome, Reply
from mailbot.store import readings, returned, verdicts
from mailbot.store import schema as t
from mailbot.store.events import note
from parsers.forms.labels import normalise_name
from rules.model import Dossier, ItemVerdict, Paper, Ruling


def record(
    connection: sa.Connection, mail: int, incoming: Incoming, outcome: Outcome, now: datetime
) -> None:
    """The whole outcome of one mail; the mail is then decided."""
    cause = f"mail:{incoming.mail}"
    for position, entry in enumerate(outcome.dossiers):
        dossier = _dossier(connection, incoming, entry, position, now)
        _submission(connection, mail, incoming, entry, dossier)
        items = _items(connection, mail, dossier, entry, now)
        _papers(connection, dossier, entry.dossier, items)
        for ordinal, ruling in entry.rulings.items():  # the applicant withdraws
            who = incoming.envelope.sender
            keep_ruling(connection, items[ordinal], ruling, who=who, now=now, mail=mail)
        verdicts.keep(connection, cause, dossier, entry.verdict, items=items, now=now, mail=mail)
    if outcome.findings:
        verdicts.keep_loose(connection, mail, cause, outcome, now)
    if outcome.reply:
        queue_reply(connection, cause, outcome.reply, now, mail=mail)
    if outcome.disposition == "bounce":
        returned.take(connection, incoming.mail, incoming.envelope, incoming.arrived, now)
    _mail(connection, mail, outcome, now)


def record_again(
    connection: sa.Connection, cause: str, entry: DossierOutcome, reply: Reply | None, now: datetime
) -> None:
    """A dossier judged again without a new mail; ``cause`` is "ruling:<id>" or the like.

    The reply belongs to the last mail of the dossier, so that an answer to it is
    known for this dossier's.
    """
    if entry.known is None:
        raise ValueError("a dossier that the register does not know cannot be judged again")
    dossier = entry.known.id
    items = _items(connection, None, dossier, entry, now)
    _papers(connection, dossier, entry.dossier, items)
    verdicts.keep(connection, cause, dossier, entry.verdict, items=items, now=now)
    if reply:
        latest = sa.select(t.submissions.c.mail_id).where(
            t.submissions.c.dossier_id == dossier,
            t.submissions.c.ordinal == entry.dossier.submissions[-1].ordinal,
        )
        queue_reply(connection, cause, reply, now, mail=connection.scalar(latest))


def keep_ruling(
    connection: sa.Connection,
    item: str,
    ruling: Ruling,
    *,
    who: str,
    now: datetime,
    mail: int | None = None,
) -> int:
    """Write down what a person has settled about an item; the number of the ruling."""
    inserted = connection.execute(
        t.rulings.insert().values(
            item_id=item,
            at=now,
            who=who,
            what=ruling.what,
            reason=ruling.reason,
            submissions=ruling.submissions,
            mail_id=mail,
        )
    )
    (number,) = inserted.inserted_primary_key or (0,)
    note(connection, "item.ruled", now, who=who, mail=mail, item=item, ruling=ruling.what)
    return int(number)


def codes_of(outcome: Outcome) -> tuple[str, ...]:
    """The finding codes of an outcome, sorted: what may be logged of it."""
    found = {finding.code for finding in outcome.findings}
    for entry in outcome.dossiers:
        found |= {finding.code for finding in entry.verdict.findings}
        found |= {finding.code for item in entry.verdict.items for finding in item.findings}
    return tuple(sorted(found))


def queue_reply(
    connection: sa.Connection, cause: str, reply: Reply, now: datetime, *, mail: int | None = None
) -> None:
    """Put a composed reply into the outbox; one for each cause and kind."""
    connection.execute(
        t.replies.insert().values(
            cause=cause,
            kind=reply.kind,
            mail_id=mail,
            composed_at=now,
            recipient=reply.recipient,
            subject=reply.subject,
            text=reply.text,
            html=reply.html,
            message=reply.message,
            message_id=reply.message_id,
            topic=reply.topic,
            copies=[dataclasses.asdict(copy) for copy in reply.copies] or None,
            state="queued",
            next_attempt=now,
        )
    )
    note(connection, "reply.queued", now, mail=mail, kind=reply.kind)


def _opaque(*parts: object) -> str:
    """An id that says nothing, and is the same when the same thing is recorded again."""
    return hashlib.sha256("\n".join(map(str, parts)).encode()).hexdigest()[:12]


def _dossier(
    connection: sa.Connection,
    incoming: Incoming,
    entry: DossierOutcome,
    position: int,
    now: datetime,
) -> str:
    names = {
        "unit": entry.dossier.unit,
        "unit_key": normalise_name(entry.dossier.unit) or None,
        "region": entry.standing.region,
    }
    if entry.known:  # it may have been known by a mail address only
        here = t.dossiers.c.id == entry.known.id
        connection.execute(t.dossiers.update().where(here).values(**names))
        return entry.known.id
    dossier = _opaque("dossier", incoming.mail, position)
    connection.execute(
        t.dossiers.insert().values(
            id=dossier,
            campaign=entry.dossier.campaign,
            tier=entry.dossier.tier,
            opened_at=now,
            **names,
        )
    )
    return dossier


def _submission(
    connection: sa.Connection, mail: int, incoming: Incoming, entry: DossierOutcome, dossier: str
) -> None:
    last = entry.dossier.submissions[-1]
    connection.execute(
        t.submissions.insert().values(
            dossier_id=dossier,
            ordinal=last.ordinal,
            mail_id=mail,
            mailbox=last.mailbox,
            answers=last.answers,
            documents=readings.paths_of(incoming.reading, last.documents),
        )
    )


def _items(
    connection: sa.Connection, mail: int | None, dossier: str, entry: DossierOutcome, now: datetime
) -> dict[int, str]:
    """Bring the items to this verdict; their ids by ordinal, those withdrawn included."""
    there = {
        row.ordinal: row
        for row in connection.execute(sa.select(t.items).where(t.items.c.dossier_id == dossier))
    }
    ids = {
        item.ordinal: _withdrawn(connection, there[item.ordinal], mail, now)
        for item in entry.verdict.withdrawn
        if item.ordinal in there
    }
    held = entry.holders()
    waiting = {ordinal for ordinal, _ in entry.waits()}
    for judged in entry.verdict.items:
        item, old = judged.item, there.get(judged.item.ordinal)
        receipt = entry.receipts.get(item.ordinal)
        values = {
            "category": item.category,
            "name": item.name,
            "company": item.company,
            "region": item.region,
            "decision": judged.decision.value,
            "receipt": receipt,
            "first_arrival": item.first_arrival,
            "withdrawn": False,
            "holds_place": item.ordinal in held,
            "waits": item.ordinal in waiting,
            "place": entry.place(judged),
        }
        if old is None:
            ids[item.ordinal] = _opaque("item", dossier, item.ordinal)
            connection.execute(
                t.items.insert().values(
                    id=ids[item.ordinal],
                    dossier_id=dossier,
                    ordinal=item.ordinal,
                    campaign=entry.dossier.campaign,
                    tier=entry.dossier.tier,
                    decided_at=now,
                    **values,
                )
            )
        else:
            ids[item.ordinal] = old.id
            if old.decision != judged.decision.value:
                values["decided_at"] = now
            connection.execute(t.items.update().where(t.items.c.id == old.id).values(**values))
        if old is None or (old.decision, old.receipt) != (judged.decision.value, receipt):
            note(
                connection,
                "item.decided",
                now,
                mail=mail,
                dossier=dossier,
                item=ids[item.ordinal],
                decision=judged.decision.value,
                before=old.decision if old else None,
                receipt=receipt,
                version=entry.verdict.version,
                codes=_codes(judged),
            )
    return ids


def _withdrawn(connection: sa.Connection, old: sa.Row[Any], mail: int | None, now: datetime) -> str:
    """An item that is no longer applied for: it keeps its number and gives back its place."""
    identity: str = old.id
    if not old.withdrawn:
        connection.execute(
            t.items.update()
            .where(t.items.c.id == identity)
            .values(withdrawn=True, holds_place=False, waits=False, decided_at=now)
        )
        note(
            connection, "item.withdrawn", now, mail=mail, dossier=old.dossier_id, item=identity,
            before=old.decision,
        )  # fmt: skip
    return identity


def _codes(judged: ItemVerdict) -> list[str]:
    return sorted({finding.code for finding in judged.findings})


def _papers(
    connection: sa.Connection, dossier: str, filed: Dossier, items: Mapping[int, str]
) -> None:
    """Which form of which document is in force for what, as filed now."""
    sent = connection.execute(
        sa.select(
            t.submissions.c.ordinal,
            t.documents.c.id,
            t.documents.c.file,
            t.documents.c.sha256,
            t.forms.c.ordinal.label("place"),
            t.forms.c.id.label("form"),
        )
        .join(t.documents, t.documents.c.mail_id == t.submissions.c.mail_id)
        .outerjoin(t.forms)
        .where(t.submissions.c.dossier_id == dossier)
    ).all()
    documents = {(row.ordinal, row.file, row.sha256): row.id for row in sent}
    forms = {(row.id, row.place): row.form for row in sent}
    connection.execute(t.papers.delete().where(t.papers.c.dossier_id == dossier))
    rows: list[dict[str, object]] = []
    for ordinal, paper in enumerate(filed.papers):
        document = documents[paper.submission, paper.document.file, paper.document.sha256]
        rows.append(
            {
                "dossier_id": dossier,
                "ordinal": ordinal,
                "document_id": document,
                "form_id": forms.get((document, _place(paper))),
                "item_id": items.get(paper.item) if paper.item is not None else None,
                "kind": paper.kind,
                "current": paper.current,
            }
        )
    if rows:
        connection.execute(t.papers.insert(), rows)


def _place(paper: Paper) -> int:
    """The place of a paper's form in its document, though it shows some rows only; or -1."""
    read, filed = paper.document.forms, paper.form
    same = [number for number, form in enumerate(read) if form is filed]
    if filed is not None and not same:
        mark = (filed.kind, filed.where)
        same = [number for number, form in enumerate(read) if (form.kind, form.where) == mark]
    return next(iter(same), -1)


def _mail(connection: sa.Connection, mail: int, outcome: Outcome, now: datetime) -> None:
    decision = outcome.decision.value if outcome.decision else None
    connection.execute(
        t.mails.update()
        .where(t.mails.c.id == mail)
        .values(
            state="decided",
            decided_at=now,
            disposition=outcome.disposition,
            campaign=outcome.campaign,
            tier=outcome.tier,
            decision=decision,
            silence=outcome.silence,
            repeated=outcome.repeated,
            applicant=outcome.writer,
        )
    )
    note(
        connection,
        "mail.decided",
        now,
        mail=mail,
        disposition=outcome.disposition,
        decision=decision,
        repeated=outcome.repeated,
        codes=list(codes_of(outcome)),
    )
