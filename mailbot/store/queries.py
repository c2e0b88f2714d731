"""What people and programs ask of the register: lists, one thing with its history, health.

Every answer is one consistent view, in the read models of
:mod:`mailbot.store.views`. Nothing is changed here and nothing is decided.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from mailbot.store import balances, expiring, files, in_force, rows, waiting
from mailbot.store import schema as t
from mailbot.store.engine import Store
from mailbot.store.views import (
    DigestFacts,
    ExportRow,
    ItemDetail,
    ItemRow,
    MailDetail,
    MailRow,
    ReplyRow,
    RulingRow,
    Status,
    TickRow,
)
from rules.model import Finding, Severity

_OPEN_REPLIES = ("queued", "sending", "uncertain", "refused", "held")


def list_items(
    store: Store,
    *,
    campaign: str | None = None,
    state: str | None = None,
    region: str | None = None,
) -> tuple[ItemRow, ...]:
    """The items of the register in order of first arrival. Raises StoreError.

    ``state`` is a decision or "withdrawn".
    """
    with store.reading() as connection:
        return rows.items(connection, *_item_filters(campaign, state, region))


def list_mails(store: Store, *, state: str | None = None) -> tuple[MailRow, ...]:
    """The mails in order of arrival. Raises StoreError."""
    with store.reading() as connection:
        return rows.mails(connection, *([t.mails.c.state == state] if state else []))


def list_replies(store: Store, *, state: str | None = None) -> tuple[ReplyRow, ...]:
    """The replies, oldest first; ``state`` may also be "returned". Raises StoreError."""
    where: list[rows.Where] = []
    if state == "returned":
        where = [t.replies.c.returned_at.is_not(None)]
    elif state:
        where = [t.replies.c.state == state]
    with store.reading() as connection:
        return _replies(connection, *where)


def _replies(connection: sa.Connection, *where: rows.Where) -> tuple[ReplyRow, ...]:
    """Those that came back with the numbers to call."""
    found = rows.replies(connection, *where)
    return tuple(waiting.with_contacts(connection, reply) for reply in found)


def find(store: Store, key: str) -> ItemDetail | MailDetail | None:
    """The item with this id or receipt number, or the mail whose SHA-256 begins so.

    None when there is none, or when several mails begin so. Raises StoreError.
    """
    with store.reading() as connection:
        items = rows.items(connection, (t.items.c.id == key) | (t.items.c.receipt == key))
        if items:
            return _item_detail(connection, items[0])
        mails = sa.select(t.mails.c.id).where(t.mails.c.sha256.startswith(key, autoescape=True))
        found = connection.scalars(mails.limit(2)).all() if len(key) >= 6 else []  # noqa: PLR2004
        return _mail_detail(connection, found[0]) if len(found) == 1 else None


def item(store: Store, key: str) -> ItemRow | None:
    """The item with this id as it stands now. Raises StoreError."""
    with store.reading() as connection:
        return next(iter(rows.items(connection, t.items.c.id == key)), None)


def status(store: Store) -> Status:
    """Health in one screen. Raises StoreError."""
    with store.reading() as connection:
        oldest = connection.scalar(
            sa.select(sa.func.min(t.mails.c.arrived)).where(
                t.mails.c.state.in_(("received", "read"))
            )
        )
        tried = sa.select(sa.func.count()).where(
            t.replies.c.state == "queued", t.replies.c.attempts > 0
        )
        state = sa.case((t.items.c.withdrawn, "withdrawn"), else_=t.items.c.decision)
        return Status(
            health=rows.health(connection),
            mails=rows.counts(connection, t.mails.c.state),
            replies=_reply_counts(connection),
            items=rows.counts(connection, state),
            deferred=connection.scalar(tried) or 0,
            oldest_waiting=oldest,
            waiting=len(waiting.waiting(connection)),
            balances=balances.every(connection),
        )


def _reply_counts(connection: sa.Connection) -> dict[str, int]:
    """Of each state; what was refused and has been emptied since is "purged".

    Only of the refused is the letter looked at: reading all of them would take long.
    """
    counts = rows.counts(connection, t.replies.c.state)
    emptied = sa.select(sa.func.count()).where(
        t.replies.c.state == "refused", t.replies.c.message == b""
    )
    purged = connection.scalar(emptied) or 0
    counts["purged"] = purged
    counts["refused"] = counts.get("refused", 0) - purged
    return {state: many for state, many in sorted(counts.items()) if many}


def decisions(store: Store) -> dict[tuple[str, str, str], int]:
    """How many items of each campaign and category are in each state. Raises StoreError."""
    state = sa.case((t.items.c.withdrawn, "withdrawn"), else_=t.items.c.decision)
    named = (t.dossiers.c.campaign, t.items.c.category, state)
    counted = sa.select(*named, sa.func.count()).join(t.dossiers).group_by(*named)
    with store.reading() as connection:
        return {(c, kind, word): many for c, kind, word, many in connection.execute(counted)}


def digest_facts(
    store: Store, *, since: datetime, until: datetime, campaign: str | None = None
) -> DigestFacts:
    """What happened in ``since <= at < until``, and what waits for a person now.

    With ``campaign`` only its mails and items (and mails that belong to none).
    Raises StoreError.
    """
    items = [t.dossiers.c.campaign == campaign] if campaign else []
    mails = [
        (t.mails.c.campaign == campaign) | t.mails.c.campaign.is_(None) if campaign else sa.true()
    ]
    within = [
        sa.or_(
            *(
                sa.and_(column >= since, column < until)
                for column in (t.mails.c.fetched_at, t.mails.c.decided_at)
            )
        )
    ]
    with store.reading() as connection:
        decided = rows.items(
            connection, *items, t.items.c.decided_at >= since, t.items.c.decided_at < until
        )
        return DigestFacts(
            since=since,
            until=until,
            mails=rows.mails(connection, *mails, *within),
            items=decided,
            waiting=waiting.waiting(connection, campaign),
            staff_notes=tuple(_staff_notes(connection, decided)),
            unsent=rows.replies(
                connection, t.replies.c.state.in_(_OPEN_REPLIES), t.replies.c.message != b""
            ),
            health=rows.health(connection),
            rulings=tuple(_rulings(connection, items, since, until)),
            expiring=tuple(expiring.expiring(connection, since, until, *mails)),
            balances=balances.every(connection),
        )


def _rulings(
    connection: sa.Connection, where: Sequence[rows.Where], since: datetime, until: datetime
) -> Iterator[tuple[ItemRow, RulingRow]]:
    """What persons have settled in the time, each with its item as it stands."""
    within = (t.rulings.c.at >= since) & (t.rulings.c.at < until)
    ruled = sa.select(t.rulings.c.item_id).where(within)
    for item in rows.items(connection, *where, t.items.c.id.in_(ruled)):
        for ruling in rows.rulings(connection, within, t.rulings.c.item_id == item.id):
            yield item, ruling


def export_rows(
    store: Store, campaign: str, *, state: str | None = None, region: str | None = None
) -> tuple[ExportRow, ...]:
    """Every item of a campaign with what was read of it. Raises StoreError."""
    with store.reading() as connection:
        items = rows.items(connection, *_item_filters(campaign, state, region))
        return tuple(_export_row(connection, item) for item in items)


def _item_filters(campaign: str | None, state: str | None, region: str | None) -> list[rows.Where]:
    filters: list[rows.Where] = []
    if campaign:
        filters.append(t.dossiers.c.campaign == campaign)
    if state == "withdrawn":
        filters.append(t.items.c.withdrawn)
    elif state:
        filters.append(sa.and_(t.items.c.decision == state, ~t.items.c.withdrawn))
    if region:
        filters.append(t.items.c.region == region)
    return filters


def _item_detail(connection: sa.Connection, item: ItemRow) -> ItemDetail:
    mails = sa.select(t.submissions.c.mail_id).where(t.submissions.c.dossier_id == item.dossier)
    own, shared = in_force.findings_of(connection, item)
    return ItemDetail(
        item=item,
        findings=own,
        dossier_findings=shared,
        rulings=rows.rulings(connection, t.rulings.c.item_id == item.id),
        ticks=_ticks(connection, item),
        mails=rows.mails(connection, t.mails.c.id.in_(mails)),
        replies=_replies(connection, t.replies.c.mail_id.in_(mails)),
        events=rows.events(
            connection,
            (t.events.c.item_id == item.id)
            | (t.events.c.item_id.is_(None) & (t.events.c.dossier_id == item.dossier))
            | (t.events.c.item_id.is_(None) & t.events.c.mail_id.in_(mails)),
        ),
    )


def _ticks(connection: sa.Connection, item: ItemRow) -> tuple[TickRow, ...]:
    """Those of the item, and of its whole dossier."""
    mine = t.ticks.c.item_id.is_(None) | (t.ticks.c.item_id == item.id)
    return rows.ticks(connection, t.ticks.c.dossier_id == item.dossier, mine)


def _mail_detail(connection: sa.Connection, mail: int) -> MailDetail:
    dossiers = sa.select(t.submissions.c.dossier_id).where(t.submissions.c.mail_id == mail)
    seen = connection.execute(sa.select(t.sightings).where(t.sightings.c.mail_id == mail))
    found = rows.findings(connection, t.verdicts.c.mail_id == mail)
    head = connection.execute(
        sa.select(t.mails.c.message_id, t.mails.c.envelope).where(t.mails.c.id == mail)
    ).one()
    envelope = head.envelope or {}
    return MailDetail(
        mail=rows.mails(connection, t.mails.c.id == mail)[0],
        message_id=head.message_id,
        authentication=tuple(envelope.get("authentication", ())),
        unverified=envelope.get("unverified", ""),
        documents=files.of_mail(connection, mail),
        findings=tuple(finding for _, finding in found),
        items=rows.items(connection, t.items.c.dossier_id.in_(dossiers)),
        replies=_replies(connection, t.replies.c.mail_id == mail),
        events=rows.events(connection, t.events.c.mail_id == mail),
        sightings=tuple(f"{row.account} {row.folder} {row.uid}" for row in seen),
    )


def _staff_notes(
    connection: sa.Connection, items: Sequence[ItemRow]
) -> Iterator[tuple[ItemRow | str, Finding]]:
    """The tick list of the items, and of their dossiers once, by the name of the unit."""
    by_id = {item.id: item for item in items}
    for dossier, unit in {item.dossier: item.unit for item in items}.items():
        verdict = in_force.latest_verdict(connection, dossier)
        warn = t.findings.c.severity == Severity.WARN.value
        found = rows.findings(connection, t.findings.c.verdict_id == verdict, warn)
        for owner, finding in found:
            if owner is None or owner in by_id:
                yield by_id.get(owner or "", unit), finding


def _export_row(connection: sa.Connection, item: ItemRow) -> ExportRow:
    own, shared = in_force.findings_of(connection, item)
    newest = (
        sa.select(t.forms.c.content)
        .join(t.papers, t.papers.c.form_id == t.forms.c.id)
        .where(t.papers.c.item_id == item.id, t.papers.c.current)
        .order_by(t.papers.c.ordinal)
    )
    fields: dict[str, tuple[str, str, Any]] = {}
    for content in connection.scalars(newest):
        for entry in content["fields"]:
            fields.setdefault(entry["key"], (entry["key"], entry["label"], entry["value"]))
    mails = (
        sa.select(t.mails.c.sender, t.mails.c.arrived)
        .join(t.submissions)
        .where(t.submissions.c.dossier_id == item.dossier)
        .order_by(t.submissions.c.ordinal)
    )
    sent = connection.execute(mails).all()
    return ExportRow(
        item=item,
        fields=tuple(fields.values()),
        findings=(*own, *shared),
        senders=tuple(dict.fromkeys(row.sender for row in sent)),
        last_arrival=max((row.arrived for row in sent), default=item.first_arrival),
        rulings=rows.rulings(connection, t.rulings.c.item_id == item.id),
        ticks=_ticks(connection, item),
    )
