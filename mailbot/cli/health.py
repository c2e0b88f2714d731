"""``status``: health in one screen, for staff and for whoever watches the exit code."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass

import typer
from rich.console import Console
from rich.markup import escape

from mailbot import wiring
from mailbot.cli import screen, session
from mailbot.cli.received import MAIL_STATES
from mailbot.cli.register import REPLY_STATES, opened, reply_table
from mailbot.configuration import configured
from mailbot.configuration.config import Config
from mailbot.letters.wording import STATES, part_name
from mailbot.reports import balance, paperwork
from mailbot.store import Store, mails, queries, waiting
from mailbot.store.views import ReplyRow, Status

_MEGABYTE = 1024**2


@dataclass(frozen=True, slots=True, kw_only=True)
class Disk:
    """What lies on the disk and what still fits."""

    archived: int  #: mails whose raw bytes are there
    lost: tuple[str, ...]  #: mails of the register whose raw bytes are not
    free: int | None  #: bytes

    @property
    def problem(self) -> str:
        """What a person has to put right, in Chinese."""
        if not self.lost:
            return ""
        some = "、".join(sha256[:12] for sha256 in self.lost[:5])
        return f"登记簿中有 {len(self.lost)} 封来信的原件不在存档中（{some}），请从备份恢复"


def status(context: typer.Context, *, as_json: session.Json = False) -> None:
    """一屏看清运行情况。

    最近一次收信、来信与存档是否相符、待处理的来信、回复、磁盘。有事情需要人处理时，退出码为 1。
    """
    config = session.of(context).config()
    with opened(context) as store:
        found = configured.parts(config).only(queries.status(store))
        disk = _disk(config, store)
        unsent = _unsent(store)
        back = [entry for entry in waiting.list_waiting(store) if entry.reply]
    missed = (entry.why for entry in back if entry.reply and entry.reply.for_staff)
    problems = list(filter(None, (*paperwork.troubles(config), disk.problem, *missed)))
    needs_person = found.needs_person or bool(problems)
    if as_json:
        screen.print_json(
            {
                **dataclasses.asdict(found),
                "archive": {"mails": disk.archived, "missing": list(disk.lost)},
                "disk": {"free_bytes": disk.free},
                "problems": problems,
                "unsent": [dataclasses.asdict(entry) for entry in unsent],
                "needs_person": needs_person,
            }
        )
    else:
        _print(found, disk, problems, unsent, screen.output())
    if needs_person:
        raise typer.Exit(1)


def _disk(config: Config, store: Store) -> Disk:
    archive = wiring.archive(config)
    with store.reading() as connection:
        known = mails.keys(connection)
    lost = tuple(filter(archive.lacks, known))
    return Disk(archived=len(known) - len(lost), lost=lost, free=paperwork.free_bytes(config))


def _unsent(store: Store) -> list[ReplyRow]:
    """The replies that did not get out at the first try, or will not without a person."""
    return [
        entry
        for state in ("uncertain", "refused", "held", "queued")
        for entry in queries.list_replies(store, state=state)
        if state != "queued" or entry.attempts
    ]


def _print(
    found: Status,
    disk: Disk,
    problems: Sequence[str],
    unsent: Sequence[ReplyRow],
    console: Console,
) -> None:
    health = [
        (
            part_name(row.name),
            screen.Marked("[red]故障[/]" if row.failing_since else "[green]正常[/]"),
            screen.moment(row.last_try),
            screen.moment(row.last_success),
            row.last_error if row.failing_since else "",
        )
        for row in found.health
    ]
    columns = ("部分", "状态", "最近一次", "最近成功", "错误")
    console.print(screen.table("运行情况", columns, health))
    counts = [
        *((f"来信：{MAIL_STATES.get(name, name)}", n) for name, n in found.mails.items()),
        *(
            (f"回复：{({**REPLY_STATES, 'purged': '未送达，内容已到期清除'}).get(name, name)}", n)
            for name, n in found.replies.items()
        ),
        *((f"申报项：{STATES.get(name, name)}", n) for name, n in found.items.items()),
        ("等人处理（见 mailbot review list）", found.waiting),
        ("存档中的来信原件", disk.archived),
        ("最早一封待处理来信", screen.moment(found.oldest_waiting)),
        ("磁盘剩余", "—" if disk.free is None else f"{disk.free // _MEGABYTE:,} MB"),
    ]
    console.print(screen.table("", ("项目", "数量"), counts))
    if unsent:
        console.print(reply_table(unsent, "未发出的回复（可用 mailbot outbox retry 编号 重发）"))
    if found.balances:
        lines = balance.lines(found.balances, screen.moment)
        console.print(screen.table("邮箱与存档核对", balance.COLUMNS, lines))
    for name in balance.differences(found.balances):
        console.print(f"[red]{escape(name)}[/]", soft_wrap=True)
    for problem in problems:
        console.print(f"[red]{escape(problem)}[/]", soft_wrap=True)
    if found.needs_person or problems:
        console.print("[red]有事情需要人处理，见上。[/]")
