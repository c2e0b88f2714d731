"""Writes down everything one decided mail has brought about, inside the deciding transaction.

Dossiers, submissions, items with their decision and receipt, papers, verdicts
with findings, the reply with its frozen bytes, and the history. Nothing is
decided here, and nothing is written twice: unique keys stand behind it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa

from mailbot.outcome import DossierOutcome, Incoming, Outcome, Reply
from mailbot.store import readings
from mailbot.store import schema as t
from mailbot.store.events import note
from parsers.labels import normalise_name
from rules.model import Dossier, Finding, ItemVerdict, Verdict


def record(
    connection: sa.Connection, mail: int, incoming: Incoming, outcome: Outcome, now: datetime
) -> None:
    """The whole outcome of one mail; the mail is then decided."""
    for position, entry in enumerate(outcome.dossiers):
        dossier = _dossier(connection, incoming, entry, position, now)
        _submission(connection, mail, incoming, entry, dossier)
        items = _items(connection, mail, dossier, entry, now)
        _papers(connection, dossier, entry.dossier, items)
        _verdict(connection, mail, dossier, entry.verdict, items=items, now=now)
    if outcome.findings:
        _loose_verdict(connection, mail, outcome, now)
    if outcome.reply:
        queue_reply(connection, f"mail:{incoming.mail}", outcome.reply, now, mail=mail)
    _mail(connection, mail, outcome, now)


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
    names = {"unit": entry.dossier.unit, "unit_key": normalise_name(entry.dossier.unit) or None}
    if entry.known:
        if entry.known.unit != entry.dossier.unit:  # it was known by a mail address only
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
    connection: sa.Connection, mail: int, dossier: str, entry: DossierOutcome, now: datetime
) -> dict[int, str]:
    """Bring the items to this verdict; their ids by ordinal."""
    there = {
        row.ordinal: row
        for row in connection.execute(sa.select(t.items).where(t.items.c.dossier_id == dossier))
    }
    ids: dict[int, str] = {}
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
        }
        if old is None:
            ids[item.ordinal] = _opaque("item", dossier, item.ordinal)
            connection.execute(
                t.items.insert().values(
                    id=ids[item.ordinal],
                    dossier_id=dossier,
                    ordinal=item.ordinal,
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


def _codes(judged: ItemVerdict) -> list[str]:
    return sorted({finding.code for finding in judged.findings})


def _papers(
    connection: sa.Connection, dossier: str, filed: Dossier, items: Mapping[int, str]
) -> None:
    """Which form of which document is in force for what, as filed now."""
    sent = connection.execute(
        sa.select(t.submissions.c.ordinal, t.submissions.c.mail_id).where(
            t.submissions.c.dossier_id == dossier
        )
    )
    mails = {row.ordinal: row.mail_id for row in sent}
    documents = {
        (row.mail_id, row.file, row.sha256): row.id
        for row in connection.execute(
            sa.select(
                t.documents.c.id, t.documents.c.mail_id, t.documents.c.file, t.documents.c.sha256
            ).where(t.documents.c.mail_id.in_(mails.values()))
        )
    }
    forms = {
        (row.document_id, row.ordinal): row.id
        for row in connection.execute(
            sa.select(t.forms.c.id, t.forms.c.document_id, t.forms.c.ordinal).where(
                t.forms.c.document_id.in_(documents.values())
            )
        )
    }
    connection.execute(t.papers.delete().where(t.papers.c.dossier_id == dossier))
    rows: list[dict[str, object]] = []
    for ordinal, paper in enumerate(filed.papers):
        document = documents[mails[paper.submission], paper.document.file, paper.document.sha256]
        place = next(
            (number for number, form in enumerate(paper.document.forms) if form is paper.form), -1
        )
        rows.append(
            {
                "dossier_id": dossier,
                "ordinal": ordinal,
                "document_id": document,
                "form_id": forms.get((document, place)),
                "item_id": items.get(paper.item) if paper.item is not None else None,
                "kind": paper.kind,
                "current": paper.current,
            }
        )
    if rows:
        connection.execute(t.papers.insert(), rows)


def _verdict(
    connection: sa.Connection,
    mail: int,
    dossier: str,
    verdict: Verdict,
    *,
    items: Mapping[int, str],
    now: datetime,
) -> None:
    inserted = connection.execute(
        t.verdicts.insert().values(
            mail_id=mail,
            dossier_id=dossier,
            at=now,
            campaign=verdict.campaign,
            version=verdict.version,
            decision=verdict.decision.value if verdict.decision else None,
        )
    )
    (verdict_id,) = inserted.inserted_primary_key or (0,)
    found: list[tuple[Finding, str | None]] = [(entry, None) for entry in verdict.findings]
    for judged in verdict.items:
        item = items[judged.item.ordinal]
        found += [(finding, item) for finding in judged.findings]
    _findings(connection, verdict_id, found)


def _loose_verdict(connection: sa.Connection, mail: int, outcome: Outcome, now: datetime) -> None:
    """What was found about the mail itself."""
    inserted = connection.execute(
        t.verdicts.insert().values(
            mail_id=mail,
            dossier_id=None,
            at=now,
            campaign=outcome.campaign,
            version="",
            decision=outcome.decision.value if outcome.decision else None,
        )
    )
    (verdict_id,) = inserted.inserted_primary_key or (0,)
    _findings(connection, verdict_id, [(finding, None) for finding in outcome.findings])


def _findings(
    connection: sa.Connection, verdict: int, found: Sequence[tuple[Finding, str | None]]
) -> None:
    """Findings, each with the id of its item."""
    rows = [
        {
            "verdict_id": verdict,
            "item_id": item,
            "code": finding.code,
            "severity": finding.severity.value,
            "message": finding.message,
            "rule": finding.rule,
            "clause": finding.clause,
            "document": finding.document,
            "kind": finding.kind,
            "where": finding.where,
            "field": finding.field,
            "label": finding.label,
            "categories": list(finding.categories),
            "submission": finding.mail,
        }
        for finding, item in found
    ]
    if rows:
        connection.execute(t.findings.insert(), rows)


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
