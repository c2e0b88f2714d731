"""The findings in force: those of the last verdict on a dossier.

Nothing is changed here and nothing is decided.
"""

from __future__ import annotations

import sqlalchemy as sa

from mailbot.store import rows
from mailbot.store import schema as t
from mailbot.store.views import ItemRow
from rules.model import Finding


def latest_verdict(connection: sa.Connection, dossier: str) -> int | None:
    """The verdict in force: the last one given."""
    latest: int | None = connection.scalar(
        sa.select(sa.func.max(t.verdicts.c.id)).where(t.verdicts.c.dossier_id == dossier)
    )
    return latest


def findings_of(
    connection: sa.Connection, item: ItemRow
) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
    """The findings in force: the item's own, and its dossier's that concern it."""
    verdict = latest_verdict(connection, item.dossier)
    found = rows.findings(connection, t.findings.c.verdict_id == verdict)
    own = tuple(finding for owner, finding in found if owner == item.id)
    shared = tuple(
        finding
        for owner, finding in found
        if owner is None and (not finding.categories or item.category in finding.categories)
    )
    return own, shared
