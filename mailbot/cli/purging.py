"""``purge``: personal data whose time is over; what would go, taking it away, and the proof of it."""

from __future__ import annotations

import dataclasses
import getpass
import json
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape

from mailbot import equipment, wiring
from mailbot.cli import screen, session
from mailbot.clock import SystemClock
from mailbot.keeping import retention
from mailbot.keeping.retention import Due, Purged
from mailbot.lock import only_instance

_NAMES = {
    "mails": "来信：发件人、标题、正文",
    "bytes": "来信原件（字节）",
    "documents": "附件：文件名、正文",
    "forms": "读出的表格",
    "papers": "材料清单",
    "dossiers": "申报单位",
    "items": "申报项：名称、单位",
    "findings": "审查意见的文字",
    "rulings": "人工决定的说明",
    "replies": "回复和简报：收件人、内容",
}


def purge(
    context: typer.Context,
    *,
    campaign: session.CampaignId = None,
    apply: Annotated[
        bool, typer.Option("--apply", help="真正清除，不能恢复；不写则只列出，不作任何改动。")
    ] = False,
    unfinished: Annotated[
        bool, typer.Option("--unfinished", help="还有事情等人处理，也照样清除。")
    ] = False,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="把清除证明写入这个文件（JSON）。")
    ] = None,
    as_json: session.Json = False,
) -> None:
    """清除到期的个人信息：登记簿中的内容和来信原件。

    到期日由活动的 [retention] 规定。受理编号、结论、时间、数量保留，姓名、单位、地址和材料内容清除。
    用 --apply 清除之前，请先停止 mailbot run。--out 也写入以前各次的清除证明。邮箱中的来信和备份不归本程序管，请另行清理。
    """
    config = session.of(context).config()
    known = equipment.campaigns(config)
    chosen = {campaign: session.pick(known, campaign)} if campaign else known
    now, who = SystemClock().now(), getpass.getuser()
    made: list[Purged] = []
    with ExitStack() as held:
        if apply:
            held.enter_context(only_instance(config.data.folder, config.database_url))
        store = held.enter_context(closing(wiring.store(config)))
        found = [
            entry for entry in retention.due(store, known, now, who) if entry.campaign in chosen
        ]
        ready = [entry for entry in found if not _obstacles(entry, unfinished=unfinished)]
        for entry in ready if apply else ():
            made += retention.purge(store, wiring.archive(config), known, entry, now=now, who=who)
        this_time = {done.purge.id for done in made}
        before = [
            done
            for done in retention.earlier(store, wiring.archive(config))
            if done.purge.campaign in chosen and done.purge.id not in this_time
        ]
    proof = {
        "applied": apply,
        "due": [_due(entry) for entry in found],
        "purged": [*map(_proof, made)],
        "earlier": [*map(_proof, before)],
    }
    if out:
        out.write_text(json.dumps(proof, ensure_ascii=False, indent=1, default=str), "utf-8")
    if as_json:
        screen.print_json(proof)
    else:
        _print(found, made, apply=apply)
    hindered = _hindered(found, unfinished=unfinished)
    for line in hindered:
        screen.messages().print(f"[red]{escape(line)}[/]", soft_wrap=True)
    if (apply and hindered) or any(entry.left for entry in made):
        raise typer.Exit(1)


def _obstacles(entry: Due, *, unfinished: bool) -> tuple[str, ...]:
    return (*entry.obstacles, *(() if unfinished else entry.unfinished))


def _hindered(found: list[Due], *, unfinished: bool) -> list[str]:
    lines = []
    for entry in found:
        lines += [f"{entry.campaign}：{said}。" for said in entry.obstacles]
        advice = "；确实不再处理的，用 --unfinished 一并清除"
        lines += [
            f"{entry.campaign}：{said}{advice}。" for said in entry.unfinished if not unfinished
        ]
    return lines


def _due(entry: Due) -> dict[str, Any]:
    said = {"obstacles": entry.obstacles, "unfinished": entry.unfinished}
    return {**dataclasses.asdict(entry), **said}


def _proof(entry: Purged) -> dict[str, Any]:
    return {**dataclasses.asdict(entry.purge), "mails": entry.mails, "files": entry.files, "left": entry.left}  # fmt: skip


def _print(found: list[Due], made: list[Purged], *, apply: bool) -> None:
    console = screen.output()
    for entry in found:
        title = f"{entry.campaign}：{screen.moment(entry.since)} 起应清除"
        rows = [(_NAMES.get(name, name), many) for name, many in entry.removed.items() if many]
        console.print(screen.table(title, ("内容", "数量"), rows))
    for done in made:
        console.print(
            f"{done.purge.campaign}：已清除 {len(done.mails)} 封来信的内容，"
            f"删除原件 {done.files} 个，仍在存档中的 {len(done.left)} 个。清除编号 {done.purge.id}。",
            soft_wrap=True,
        )
    if not found:
        console.print("没有到期的个人信息。到期日由活动文件的 [retention] 规定。", soft_wrap=True)
    elif not apply:
        console.print("尚未作任何改动；用 --apply 清除，清除后不能恢复。", soft_wrap=True)
    if made:
        console.print("邮箱中的来信和以前的备份不会随之删除，请另行清理。", soft_wrap=True)
