"""``digest`` and ``export``: the register as a report and as a table."""

from __future__ import annotations

from contextlib import ExitStack, closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from rich.markup import escape

from mailbot import equipment, running, wiring
from mailbot.cli import screen, session
from mailbot.clock import SystemClock
from mailbot.configuration.config import Config
from mailbot.lock import AlreadyRunning, only_instance
from mailbot.reports import paperwork
from mailbot.reports.export import FORMATS, export_register
from mailbot.store import Store

_DAY = timedelta(days=1)


def digest(
    context: typer.Context,
    *,
    date: Annotated[
        datetime | None,
        typer.Option(
            "--date",
            formats=["%Y-%m-%d"],
            metavar="D",
            help="哪一天，如 2026-07-10；不写则为最近 24 小时。",
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE", help="写入文件：.html 为网页，其他为纯文本。"),
    ] = None,
    send: Annotated[bool, typer.Option("--send", help="寄给配置中 digest_to 所写的人。")] = False,
) -> None:
    """工作人员的每日简报。

    收到了什么、结论如何、什么在等人处理。
    """
    config = session.of(context).config()
    if send and not config.staff.digest_to:
        raise config.complaint("缺少 digest_to：请写明简报寄给谁", "staff", "digest_to")
    known = equipment.campaigns(config)
    now = SystemClock().now()
    since, until = now - _DAY, now
    if date is not None:
        since = date.replace(tzinfo=ZoneInfo(config.staff.zone))
        until = min(since + _DAY, now) if since < now else since + _DAY
    with closing(wiring.store(config)) as store:
        made = paperwork.compose(config, known, store, since=since, until=until)
        if out is not None:
            text = made.html if out.suffix.lower() in (".html", ".htm") else made.text
            out.write_text(text, encoding="utf-8")
            screen.messages().print(f"已写入 {escape(str(out))}", soft_wrap=True)
        if send:
            paperwork.queue(config, store, made, now)
            _send(config, store)
        if out is None and not send:
            screen.output().print(escape(made.text), soft_wrap=True)


def export(
    context: typer.Context,
    *,
    campaign: Annotated[
        str, typer.Option("--campaign", metavar="ID", help="活动编号，见 campaigns list。")
    ],
    out: Annotated[
        Path,
        typer.Option("--out", metavar="FILE", help="写入文件，扩展名为 " + "、".join(FORMATS)),
    ],
) -> None:
    """把一项活动的登记簿导出为表格。"""
    if out.suffix.lower() not in FORMATS:
        raise session.Misuse(f"--out 的扩展名应为 {'、'.join(FORMATS)}，现为“{out.name}”")
    config = session.of(context).config()
    known = equipment.campaigns(config)
    chosen = session.pick(known, campaign)
    with closing(wiring.store(config)) as store:
        request = paperwork.export_request(store, chosen, SystemClock().now())
    export_register(request, out)
    console = screen.messages()
    console.print(f"已写入 {escape(str(out))}，共 {len(request.rows)} 项。", soft_wrap=True)


def _send(config: Config, store: Store) -> None:
    """Send what is due now, unless the running service is about to do so anyway."""
    console = screen.messages()
    try:
        with ExitStack() as held:
            held.enter_context(only_instance(config.data.folder, config.database_url))
            sink = held.enter_context(closing(wiring.sink(config)))
            folder = wiring.sent_mail(config)
            if folder is not None:
                held.callback(folder.close)
            sent = running.outbox(config, store, sink, SystemClock(), folder).send_due()
    except AlreadyRunning:
        console.print("简报已排入发送，正在运行的服务会发出。")
        return
    console.print(f"已发出 {sent.sent} 封。{escape(sent.problem)}", soft_wrap=True)
    if sent.problem or not sent.sent:
        raise typer.Exit(1)
