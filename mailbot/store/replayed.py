"""What judging again compares with: mails filed, findings in force, the version they were made under.

Nothing is changed here and nothing is decided.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from mailbot.outcome import KnownDossier
from mailbot.store import in_force, rows
from mailbot.store import schema as t
from mailbot.store.targets import known
from rules.model import Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class FiledMail:
    """A mail that belongs to a dossier."""

    id: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InForce:
    """The last verdict on a dossier."""

    version: str  #: of the campaign's data
    findings: tuple[tuple[str | None, Finding], ...]  #: each with the id of its item


def filed_mails(connection: sa.Connection, campaigns: Sequence[str]) -> tuple[FiledMail, ...]:
    """The mails of the dossiers of these campaigns, in order of arrival."""
    theirs = (
        sa.select(t.submissions.c.mail_id)
        .join(t.dossiers)
        .where(t.dossiers.c.campaign.in_(campaigns), t.dossiers.c.purge.is_(None))
    )
    found = (
        sa.select(t.mails.c.id, t.mails.c.sha256)
        .where(t.mails.c.id.in_(theirs))
        .order_by(t.mails.c.arrived, t.mails.c.id)
    )
    return tuple(FiledMail(id=row.id, sha256=row.sha256) for row in connection.execute(found))


def is_parted(connection: sa.Connection, mail: int) -> bool:
    """Does only a part of the mail's documents belong to some dossier?"""
    parted = (t.submissions.c.mail_id == mail) & t.submissions.c.documents.is_not(None)
    found = sa.select(t.submissions.c.dossier_id).where(parted).limit(1)
    return connection.scalar(found) is not None


def dossiers(connection: sa.Connection, campaigns: Sequence[str]) -> tuple[KnownDossier, ...]:
    """Those with mails, in the order in which their first mails arrived."""
    first = (
        sa.select(t.submissions.c.dossier_id, sa.func.min(t.mails.c.arrived).label("arrived"))
        .join(t.mails)
        .group_by(t.submissions.c.dossier_id)
    )
    begun = {row.dossier_id: row.arrived for row in connection.execute(first)}
    there = t.dossiers.c.purge.is_(None)
    found = known(connection, t.dossiers.c.campaign.in_(campaigns), there)
    return tuple(sorted((d for d in found if d.id in begun), key=lambda d: (begun[d.id], d.id)))


def mails_of(connection: sa.Connection, dossier: str) -> dict[int, tuple[int, list[str] | None]]:
    """By ordinal: the mail, and the paths of its documents that belong to the dossier."""
    found = sa.select(t.submissions).where(t.submissions.c.dossier_id == dossier)
    return {row.ordinal: (row.mail_id, row.documents) for row in connection.execute(found)}


def in_force_of(connection: sa.Connection, dossier: str) -> InForce:
    """The last verdict; empty where there is none yet."""
    verdict = in_force.latest_verdict(connection, dossier)
    version = connection.scalar(sa.select(t.verdicts.c.version).where(t.verdicts.c.id == verdict))
    return InForce(
        version=version or "",
        findings=rows.findings(connection, t.findings.c.verdict_id == verdict),
    )
