"""What the register knows of the messages of a folder, and the last result of comparing.

Only the last comparison of each folder is kept. Nothing is compared here; see
:meth:`mailbot.pipeline.Pipeline.reconcile`.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

import sqlalchemy as sa

from mailbot.store import schema as t
from mailbot.store.views import BalanceRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A message of the folder that has been entered."""

    sha256: str
    state: str
    disposition: str | None


def known(
    connection: sa.Connection, account: str, folder: str, uidvalidity: int
) -> dict[int, Known]:
    """What was ever seen in the folder, by UID."""
    statement = (
        sa.select(t.sightings.c.uid, t.mails.c.sha256, t.mails.c.state, t.mails.c.disposition)
        .join(t.mails)
        .where(
            t.sightings.c.account == account,
            t.sightings.c.folder == folder,
            t.sightings.c.uidvalidity == uidvalidity,
        )
    )
    return {
        row.uid: Known(sha256=row.sha256, state=row.state, disposition=row.disposition)
        for row in connection.execute(statement)
    }


def keep(connection: sa.Connection, balance: BalanceRow) -> None:
    """In the place of the last one of the folder."""
    here = (t.balances.c.account == balance.account) & (t.balances.c.folder == balance.folder)
    connection.execute(t.balances.delete().where(here))
    connection.execute(t.balances.insert().values(**asdict(balance)))


def forget(connection: sa.Connection, balance: BalanceRow) -> None:
    """Nobody compares this folder any more."""
    here = (t.balances.c.account == balance.account) & (t.balances.c.folder == balance.folder)
    connection.execute(t.balances.delete().where(here))


def of(connection: sa.Connection, account: str, folder: str) -> BalanceRow | None:
    """The last one of a folder; None before the first."""
    here = (t.balances.c.account == account) & (t.balances.c.folder == folder)
    return next(iter(every(connection, here)), None)


def every(connection: sa.Connection, *where: sa.ColumnElement[bool]) -> tuple[BalanceRow, ...]:
    """The last one of each folder."""
    order = (t.balances.c.account, t.balances.c.folder)
    found = connection.execute(sa.select(t.balances).where(*where).order_by(*order)).mappings()
    return tuple(
        BalanceRow(**{**row, "failed": tuple(row["failed"]), "missing": tuple(row["missing"])})
        for row in found
    )
