"""The waiting list of a quota: who stands where, and who gets a place that is free.

Order is that of first arrival. What a unit has sent together stands together: the
program never chooses among items of one mail, so they get their places together, as
soon as all of them fit; those behind them that do fit need not wait for that. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from rules.model import Item, QuotaWait


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Items of one dossier that arrived together and wait for places of one quota."""

    since: datetime  #: first arrival
    turn: str  #: of the dossier, where two arrived at the same time
    size: int
    own: tuple[Item, ...] = ()  #: of the dossier that is judged; none: another's


def others(waiting: Iterable[QuotaWait]) -> Iterator[Block]:
    """The blocks of other dossiers."""
    sizes: dict[tuple[datetime, str], int] = {}
    for entry in waiting:
        key = (entry.since, entry.turn)
        sizes[key] = sizes.get(key, 0) + 1
    for (since, turn), size in sizes.items():
        yield Block(since=since, turn=turn, size=size)


def own(items: Iterable[Item], turn: str) -> Iterator[Block]:
    """The blocks of the dossier that is judged."""
    blocks: dict[datetime, list[Item]] = {}
    for item in items:
        blocks.setdefault(item.first_arrival, []).append(item)
    for since, members in blocks.items():
        yield Block(since=since, turn=turn, size=len(members), own=tuple(members))


def served(blocks: Iterable[Block], free: int) -> Iterator[tuple[Block, int | None]]:
    """Each block in its order: None where its items get places, else how many wait before it."""
    ahead = 0
    for block in sorted(blocks, key=lambda entry: (entry.since, entry.turn, bool(entry.own))):
        if block.size <= free:
            free -= block.size
            yield block, None
        else:
            yield block, ahead
            ahead += block.size
