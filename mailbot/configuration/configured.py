"""Which parts the configuration names, so that one it no longer names troubles nobody.

What was kept of a mailbox that has been taken out of the file (that it failed, that a
mail differed) is no trouble any more: nobody looks into it. Changes nothing itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TypeVar

from mailbot.configuration.config import Config
from mailbot.store import health
from mailbot.store.views import BalanceRow, DigestFacts, HealthRow, Status

_KINDS = ("mailbox", "tidying", health.OUTGOING, health.SENT, health.DIGEST)
_Seen = TypeVar("_Seen", Status, DigestFacts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """Names in the health table, and folders that are compared."""

    names: frozenset[str]
    places: frozenset[tuple[str, str]]  #: account, folder

    def has(self, row: HealthRow) -> bool:
        """Is it of a part that is configured? What is no matter of configuration always is."""
        return row.name in self.names or row.name.partition(":")[0] not in _KINDS

    def compares(self, row: BalanceRow) -> bool:
        """Is it of a folder that is configured?"""
        return (row.account, row.folder) in self.places

    def only(self, seen: _Seen) -> _Seen:
        """The same without what is configured no more."""
        return replace(
            seen,
            health=tuple(filter(self.has, seen.health)),
            balances=tuple(filter(self.compares, seen.balances)),
        )


def parts(config: Config) -> Parts:
    """Those of this configuration."""
    names: set[str] = set()
    places: set[tuple[str, str]] = set()
    for mailbox in config.mailboxes:
        for folder in mailbox.folder_names:
            place = (mailbox.account, folder or "INBOX")  # a Maildir has no others
            places.add(place)
            names.add(health.mailbox(*place))
            if mailbox.after != "keep":
                names.add(health.tidying(*place))
    names.update(_others(config))
    return Parts(names=frozenset(names), places=frozenset(places))


def _others(config: Config) -> Iterable[str]:
    if config.outgoing:
        yield health.OUTGOING
        if config.outgoing.sent:
            yield health.SENT
    if config.staff.digest_to:
        yield health.DIGEST
