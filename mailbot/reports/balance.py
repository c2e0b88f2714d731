"""Mailbox against archive, for the digest and ``status``: the sum of each folder, the differences by name.

Pure: the rows of the last comparison in, short Chinese texts out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from mailbot.letters import wording
from mailbot.reports.overview import Block, Names, table, with_notes
from mailbot.store.views import BalanceRow

COLUMNS = ("邮箱", "核对时间", "邮箱中", "已收取", "不需办理", "未能读取", "补收", "不符")

_NAMED = 50  #: differences named; the rest is counted


def lines(
    balances: Sequence[BalanceRow], moment: Callable[[datetime], str]
) -> list[tuple[str, ...]]:
    """The sum of each folder, in the order of :data:`COLUMNS`."""
    return [
        (
            _place(row),
            moment(row.at),
            str(row.on_server),
            str(row.taken),
            str(row.ignored),
            str(len(row.failed)),
            str(row.found),
            str(len(row.missing)),
        )
        for row in balances
    ]


def differences(balances: Sequence[BalanceRow]) -> Iterator[str]:
    """Each message that differs, with why and what to do."""
    for row in balances:
        for name in row.missing[:_NAMED]:
            yield f"{_place(row)} {name}"
        if (more := len(row.missing) - _NAMED) > 0:
            yield f"{_place(row)} 另有 {more} 封不符"


def compared(balances: Sequence[BalanceRow], names: Names) -> Block:
    """The block of the digest; red where anything differs."""
    made = table(
        "邮箱与存档核对",
        COLUMNS,
        lines(balances, names.moment),
        tone="bad" if any(row.missing for row in balances) else "plain",
        nothing="尚未核对。",
    )
    return with_notes(made, [*differences(balances)])


def _place(row: BalanceRow) -> str:
    return wording.clean(f"{row.account} {row.folder}")
