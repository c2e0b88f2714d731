"""Writes down verdicts and their findings, inside the deciding transaction.

Nothing is decided here; one verdict for each cause and dossier stands behind a
unique key.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa

from mailbot.outcome import Outcome
from mailbot.store import schema as t
from rules.model import Finding, Verdict


def keep(
    connection: sa.Connection,
    cause: str,
    dossier: str,
    verdict: Verdict,
    *,
    items: Mapping[int, str],
    now: datetime,
    mail: int | None = None,
) -> None:
    """A dossier's verdict with its findings; ``items`` are ids by ordinal."""
    inserted = connection.execute(
        t.verdicts.insert().values(
            cause=cause,
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


def keep_loose(
    connection: sa.Connection, mail: int, cause: str, outcome: Outcome, now: datetime
) -> None:
    """What was found about the mail itself."""
    inserted = connection.execute(
        t.verdicts.insert().values(
            cause=cause,
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
