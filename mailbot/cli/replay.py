"""``replay``: the register judged again with today's rules; what would change, and recording it."""

from __future__ import annotations

import dataclasses
import getpass
from collections.abc import Iterator
from contextlib import ExitStack, closing
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape

from mailbot import equipment, rereading, wiring
from mailbot.cli import screen, session
from mailbot.clock import SystemClock
from mailbot.configuration.config import Config
from mailbot.deciding import replaying
from mailbot.deciding.replaying import DossierChange, ItemChange, Replay, Replayed
from mailbot.letters.wording import STATES
from mailbot.lock import only_instance
from mailbot.rereading import Reread
from mailbot.store import Store, replayed
from rules.model import Finding
from rules.notice.campaign import Campaign


def replay(
    context: typer.Context,
    *,
    campaign: session.CampaignId = None,
    read: Annotated[
        bool, typer.Option("--read", help="把存档的来信原件也重新读取一遍，较慢。")
    ] = False,
    record: Annotated[
        bool, typer.Option("--apply", help="记录新的结论；不写则只列出，不作任何改动。")
    ] = False,
    as_json: session.Json = False,
) -> None:
    """按现行规则重新审查全部申报，列出会有哪些不同。

    不给任何人发信。已受理的申报项仍然受理，编号不变；按现行规则不能受理的，列出供人工处理。
    用 --apply 记录之前，请先停止 mailbot run。
    """
    config = session.of(context).config()
    known = equipment.campaigns(config)
    chosen = known if campaign is None else {campaign: session.pick(known, campaign)}
    with ExitStack() as held:
        if record:
            held.enter_context(only_instance(config.data.folder, config.database_url))
        store = held.enter_context(closing(wiring.store(config)))
        reread = _read_again(config, known, store, list(chosen)) if read else Reread()
        asked = Replay(
            campaigns=chosen,
            now=SystemClock().now(),
            who=getpass.getuser(),
            readings=reread.readings,
        )
        found = replaying.apply(store, asked) if record else replaying.rehearse(store, asked)
    if as_json:
        screen.print_json(_document(found, reread, recorded=record))
    else:
        _print(found, reread, screen.output(), recorded=record)
    if reread.problems:
        raise typer.Exit(1)


def _read_again(
    config: Config, known: dict[str, Campaign], store: Store, chosen: list[str]
) -> Reread:
    with store.reading() as connection:
        total = len(replayed.filed_mails(connection, chosen))
    with equipment.reader(config, known) as reader, screen.progress() as progress:
        bar = progress.add_task("重新读取", total=total)
        return rereading.read_again(
            store, wiring.archive(config), reader, chosen, lambda: progress.advance(bar)
        )


def _document(found: Replayed, reread: Reread, *, recorded: bool) -> dict[str, Any]:
    return {
        "applied": recorded,
        "dossiers": found.dossiers,
        "changes": [dataclasses.asdict(change) for change in found.changes],
        "readings": [dataclasses.asdict(entry) for entry in reread.differences],
        "problems": list(reread.problems),
    }


def _print(found: Replayed, reread: Reread, console: Console, *, recorded: bool) -> None:
    if reread.differences:
        rows = [
            (entry.mail[:12], entry.file, entry.what, entry.before, entry.after)
            for entry in reread.differences
        ]
        console.print(
            screen.table("读取结果的不同", ("来信", "文件", "内容", "原为", "现为"), rows)
        )
    changed = [row for change in found.changes for row in _rows(change)]
    if changed:
        columns = ("单位", "申报项", "结论", "审查意见的变化", "活动数据版本", "编号")
        console.print(screen.table("审查结果的不同", columns, changed))
    kept = sum(item.kept for change in found.changes for item in change.items)
    if kept:
        console.print(
            f"[yellow]有 {kept} 项已受理，按现行规则不能受理；仍保持受理，如需改变请用 "
            "mailbot review return 或 decline。[/]",
            soft_wrap=True,
        )
    for problem in reread.problems:
        screen.messages().print(f"[red]{escape(problem)}[/]", soft_wrap=True)
    decided = sum(item.before != item.after for c in found.changes for item in c.items)
    told = (
        f"重新审查 {found.dossiers} 个卷宗，{len(found.changes)} 个有不同，{decided} 项结论不同。"
    )
    if recorded:
        told += (
            "已记录；没有给任何人发信，结论有变的请自行通知。"
            if found.changes
            else "没有要记录的。"
        )
    elif found.changes:
        told += "尚未作任何改动；用 --apply 记录。"
    console.print(told, soft_wrap=True)


def _rows(change: DossierChange) -> Iterator[tuple[object, ...]]:
    before, after = change.version_before, change.version_after
    version = after[:12] if before == after else f"{before[:12]} → {after[:12]}"
    if change.new or change.gone:
        told = _told(change.new, change.gone)
        yield change.dossier.unit, "（整体）", "", told, version, change.dossier.id
    for item in change.items:
        told = _told(item.new, item.gone)
        key = item.item.id if item.item else ""
        yield change.dossier.unit, item.name, _decision(item), told, version, key


def _decision(item: ItemChange) -> screen.Marked:
    after = screen.state(item.after)
    if item.kept:
        return screen.Marked(f"{after}（保持）")
    if item.before == item.after:
        return after
    before = screen.state(item.before) if item.before in STATES else "（新）"
    return screen.Marked(f"{before} → {after}")


def _told(new: tuple[Finding, ...], gone: tuple[Finding, ...]) -> str:
    lines = [f"＋{entry.message}" for entry in new] + [f"－{entry.message}" for entry in gone]
    return "\n".join(lines)
