"""``backup``: a copy from which everything can be put back."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer

from mailbot import wiring
from mailbot.cli import screen, session
from mailbot.keeping import backup as copying
from mailbot.store import mails


def backup(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="备份文件夹，最好在另一块磁盘上。")],
) -> None:
    """备份登记簿、来信原件、配置文件和自己的活动；服务不必停止。

    再次备份到同一文件夹时，只补充新的来信原件。存放密码的文件不在备份之内。

    恢复方法见 docs/operating.md。
    """
    asked = session.of(context)
    config = asked.config()
    archive = wiring.archive(config)
    with closing(wiring.store(config)) as store, screen.progress() as progress:
        with store.reading() as connection:
            bar = progress.add_task("备份", total=len(mails.keys(connection)))
        done = copying.back_up(store, archive, folder, lambda: progress.advance(bar))
    copying.settings(config, asked.file or session.DEFAULT, folder)
    screen.output().print(
        f"已备份到 {folder}：登记簿，来信原件 {done.mails} 个（本次新增 {done.new} 个），配置文件。",
        soft_wrap=True,
    )
    if done.lost:
        some = "、".join(sha256[:12] for sha256 in done.lost[:5])
        screen.messages().print(
            f"[red]有 {len(done.lost)} 封来信的原件缺失或已损坏，没有备份（{some}）；请从以前的备份恢复。[/]",
            soft_wrap=True,
        )
        raise typer.Exit(1)
