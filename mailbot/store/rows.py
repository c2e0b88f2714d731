"""From database rows to read models, one function for each; the questions stand in queries.

Every function takes the conditions as SQL expressions and fixes the order.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from mailbot.store import schema as t
from mailbot.store.views import (
    EventRow,
    HealthRow,
    ItemRow,
    MailRow,
    ReplyRow,
    RulingRow,
    TickRow,
)
from rules.model import Finding, Severity

Where = sa.ColumnElement[bool]


def items(connection: sa.Connection, *where: Where) -> tuple[ItemRow, ...]:
    """Items with their dossier, in order of first arrival."""
    statement = (
        sa.select(t.items, t.dossiers.c.campaign, t.dossiers.c.tier, t.dossiers.c.unit)
        .join(t.dossiers)
        .where(*where)
        .order_by(t.items.c.first_arrival, t.dossiers.c.id, t.items.c.ordinal)
    )
    return tuple(
        ItemRow(
            id=row.id,
            campaign=row.campaign,
            tier=row.tier,
            dossier=row.dossier_id,
            unit=row.unit,
            category=row.category,
            name=row.name,
            company=row.company,
            region=row.region,
            decision=row.decision,
            state="withdrawn" if row.withdrawn else row.decision,
            receipt=row.receipt,
            first_arrival=row.first_arrival,
            decided_at=row.decided_at,
            ordinal=row.ordinal,
            grade=row.grade,
        )
        for row in connection.execute(statement)
    )


def mails(connection: sa.Connection, *where: Where) -> tuple[MailRow, ...]:
    """Mails in order of arrival."""
    names = (
        "sha256", "state", "arrived", "sender", "subject", "disposition", "campaign", "tier",
        "decision", "silence", "repeated", "failure", "size", "mailbox",
    )  # fmt: skip
    statement = sa.select(*(t.mails.c[name] for name in names)).where(*where)
    statement = statement.order_by(t.mails.c.arrived, t.mails.c.id)
    return tuple(MailRow(**row) for row in connection.execute(statement).mappings())


def replies(connection: sa.Connection, *where: Where) -> tuple[ReplyRow, ...]:
    """Replies, oldest first."""
    names = (
        "id", "kind", "recipient", "subject", "state", "composed_at", "attempts", "next_attempt",
        "sent_at", "last_error", "message_id", "text", "returned_at", "returned_why", "answer",
    )  # fmt: skip
    statement = (
        sa.select(*(t.replies.c[name] for name in names), t.mails.c.sha256.label("mail"))
        .outerjoin(t.mails, t.mails.c.id == t.replies.c.mail_id)
        .where(*where)
        .order_by(t.replies.c.id)
    )
    return tuple(ReplyRow(**row) for row in connection.execute(statement).mappings())


def events(connection: sa.Connection, *where: Where) -> tuple[EventRow, ...]:
    """History, oldest first."""
    statement = (
        sa.select(
            t.events.c.at,
            t.events.c.who,
            t.events.c.what,
            t.events.c.details,
            t.mails.c.sha256.label("mail"),
            t.events.c.item_id.label("item"),
        )
        .outerjoin(t.mails, t.mails.c.id == t.events.c.mail_id)
        .where(*where)
        .order_by(t.events.c.id)
    )
    return tuple(EventRow(**row) for row in connection.execute(statement).mappings())


def rulings(connection: sa.Connection, *where: Where) -> tuple[RulingRow, ...]:
    """What persons have settled, oldest first."""
    statement = sa.select(t.rulings).where(*where).order_by(t.rulings.c.id)
    return tuple(
        RulingRow(at=row.at, who=row.who, what=row.what, reason=row.reason)
        for row in connection.execute(statement)
    )


def ticks(connection: sa.Connection, *where: Where) -> tuple[TickRow, ...]:
    """What staff have ticked off, oldest first."""
    statement = sa.select(t.ticks).where(*where).order_by(t.ticks.c.id)
    return tuple(
        TickRow(at=row.at, who=row.who, what=row.what, whole=row.item_id is None)
        for row in connection.execute(statement)
    )


def health(connection: sa.Connection, *where: Where) -> tuple[HealthRow, ...]:
    """How every mailbox and the way out are doing."""
    rows = connection.execute(
        sa.select(t.health).where(*where).order_by(t.health.c.name)
    ).mappings()
    return tuple(HealthRow(**row) for row in rows)


def counts(connection: sa.Connection, state: sa.ColumnElement[str]) -> dict[str, int]:
    """How many rows there are in each state."""
    table = sa.select(state.label("state"), sa.func.count().label("many")).group_by(state)
    return {row.state: row.many for row in connection.execute(table)}


def findings(connection: sa.Connection, *where: Where) -> tuple[tuple[str | None, Finding], ...]:
    """Findings with the id of their item."""
    statement = sa.select(t.findings).join(t.verdicts).where(*where).order_by(t.findings.c.id)
    return tuple((row.item_id, finding(row)) for row in connection.execute(statement))


def finding(row: Any) -> Finding:
    """A findings row as the value it was."""
    return Finding(
        code=row.code,
        severity=Severity(row.severity),
        message=row.message,
        rule=row.rule,
        clause=row.clause,
        document=row.document,
        kind=row.kind,
        where=row.where,
        field=row.field,
        label=row.label,
        categories=tuple(row.categories),
        mail=row.submission,
    )
