"""``run`` and ``import``: mails through the pipeline, on schedule or from files."""

from __future__ import annotations

from collections import Counter
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from mailbot import equipment, log, running, wiring
from mailbot.cli import judging, screen, session
from mailbot.clock import SystemClock
from mailbot.configuration.config import Config
from mailbot.letters.wording import DISPOSITIONS, STATES
from mailbot.lock import only_instance
from mailbot.outcome import Outcome
from mailbot.pipeline import Box, Decided
from mailbot.service import Cycle
from mailbot.sources.files import FileSource
from mailbot.watching import monitoring


def run(
    context: typer.Context,
    *,
    once: Annotated[
        bool, typer.Option("--once", help="只做一轮：收信、处理、发出到期的回复，然后退出。")
    ] = False,
) -> None:
    """开始受理：收信、审查、回复、寄简报。

    一直运行，按 Ctrl-C（或发 SIGTERM）停止；手头的来信会先处理完。
    """
    config = session.of(context).config()
    _log(config)
    with running.service(config) as service:
        if not once:
            with monitoring.served(config, service.store, SystemClock()):
                service.run()
            return
        cycle = service.run_once()
    _report(cycle)
    if cycle.failed:
        raise typer.Exit(1)


def import_mails(
    context: typer.Context,
    paths: Annotated[
        list[Path], typer.Argument(metavar="PATH...", help=".eml、mbox 文件，或 Maildir 文件夹。")
    ],
    *,
    received_at: judging.Times = None,
    to: Annotated[
        str, typer.Option("--to", metavar="ADDRESS", help="当作寄到这个地址的来信。")
    ] = "",
    tier: Annotated[
        str | None, typer.Option("--tier", metavar="T", help="当作寄给这一层级的来信。")
    ] = None,
) -> None:
    """导入邮件文件，与收到的来信同样处理。

    已有的来信不会重复处理。回复由 mailbot run 发出。

    到达时间不写时，取最上面的 Received 信头；mbox 中没有的，取 From 行；再没有，取文件的时间。
    """
    session.existing(paths)
    config = session.of(context).config()
    _log(config)
    known = equipment.campaigns(config)
    decided: list[Decided] = []
    new = 0
    with (
        ExitStack() as held,
        only_instance(config.data.folder, config.database_url),
        closing(wiring.store(config)) as store,
        equipment.reader(config, known) as reader,
        screen.progress() as progress,
    ):
        sources = [held.enter_context(closing(FileSource(path))) for path in paths]
        given = judging.times(received_at or [], sum(map(len, sources)), known)
        pipeline = running.pipeline(config, known, store, reader, SystemClock())
        bar = progress.add_task("收入", total=sum(map(len, sources)))
        for source in sources:
            mine, given = given[: len(source)], given[len(source) :]
            source.times = [moment for moment in mine if moment is not None]
            source.each = lambda: progress.advance(bar)
            new += pipeline.collect(Box(source=source, address=to.lower(), tier=tier)).new
        bar = progress.add_task("处理", total=new)
        for entry in pipeline.process():
            decided.append(entry)
            progress.advance(bar)
    screen.output().print(f"新收入 {new} 封，已处理 {len(decided)} 封。{_counted(decided)}")
    if any(entry.outcome is None for entry in decided):
        raise typer.Exit(1)


def _log(config: Config) -> None:
    log.configure(
        style="json" if config.log.format == "json" else "console", level=config.log.level
    )


def _report(cycle: Cycle) -> None:
    """What one cycle did, on standard error, so that the log stays in order with it."""
    console = screen.messages()
    console.print(
        f"新来信 {cycle.new} 封，已处理 {len(cycle.decided)} 封，发出回复 {cycle.sent.sent} 封。"
        f"{_counted(cycle.decided)}"
    )
    for problem in cycle.problems:
        console.print(escape(problem), soft_wrap=True)


def _counted(decided: list[Decided]) -> str:
    """受理 3 封，补正 1 封."""
    words = Counter(_word(entry.outcome) for entry in decided)
    return "，".join(f"{word} {count} 封" for word, count in words.items())


def _word(outcome: Outcome | None) -> str:
    if outcome is None:
        return "未能处理"
    if outcome.repeated:
        return "重复来信"
    return STATES[outcome.decision] if outcome.decision else DISPOSITIONS[outcome.disposition]
