"""``init`` and ``demo``: the first minutes with the program. Nothing of anybody's is overwritten."""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from mailbot.catalogue import read_campaign, shipped_campaigns
from mailbot.cli import screen, session
from mailbot.configuration import config
from mailbot.demo import run as demonstration
from rules.notice.complaints import Rejected

FILE = "config.toml"


def demo(
    *,
    campaign: Annotated[
        str | None,
        typer.Option("--campaign", metavar="ID", help="活动编号，或自己编写的活动的文件夹。"),
    ] = None,
    folder: Annotated[
        Path, typer.Option("--dir", metavar="DIR", help="演示的文件放在哪个文件夹。")
    ] = Path("demo"),
) -> None:
    """演示：用一批样例来信走完受理的全过程。

    收信、读表、审查、登记、回复都是真的；来信是编的，不需要配置，也不发出邮件。
    """
    known = shipped_campaigns()
    name = campaign or next(iter(known))
    source = Path(name) if name not in known and Path(name).exists() else None
    try:
        found = read_campaign(source) if source else session.pick(known, name)
        code = demonstration.run_demo(found, folder, screen.output(), source)
    except Rejected as error:
        raise session.Misuse(str(error)) from None
    except demonstration.NotOurs as error:
        raise session.Misuse(str(error)) from None
    if code:
        raise typer.Exit(code)


def init(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="放在哪个文件夹；不写则为当前文件夹。")
    ] = Path(),
) -> None:
    """写出一份带说明的配置文件。

    文件名为 config.toml，其中提到的文件夹也会建立。已有的配置不会被覆盖。
    """
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / FILE
    try:
        with file.open("x", encoding="utf-8") as target:
            target.write(template())
    except FileExistsError:
        screen.messages().print(f"{escape(str(file))} 已经存在，没有改动。", soft_wrap=True)
        raise typer.Exit(1) from None
    made = config.load(file)
    made.data.folder.mkdir(parents=True, exist_ok=True)
    for login in (*made.mailboxes, made.outgoing):
        if login and login.password_file:
            login.password_file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    for line in (
        f"已写出 {file}。接下来：",
        "1. 按文件中的说明改好邮箱地址；",
        f"2. 把邮箱的授权码写入 {folder / 'secrets' / 'mail.txt'}（只写授权码一行）；",
        f"3. 运行 mailbot --config {file} check，逐项试连；",
        f"4. 运行 mailbot --config {file} run，开始受理。",
    ):
        screen.output().print(escape(line), soft_wrap=True)


def template() -> str:
    """The commented configuration as it ships."""
    return (resources.files("templates") / "config.toml.j2").read_text(encoding="utf-8")
