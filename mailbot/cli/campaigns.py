"""``campaigns list``, ``show`` and ``check``: the notices as data, for staff to compare with print."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from mailbot import catalogue
from mailbot.cli import lazy, manual, notice, screen, session
from rules.notice.campaign import Campaign
from rules.notice.complaints import Complaint, Rejected

app = typer.Typer(
    help="活动：查看活动数据，检查自己编写的活动文件。",
    cls=manual.Group,
    no_args_is_help=True,
    rich_markup_mode="rich",
)


@app.command("list", cls=manual.Command, epilog=lazy.examples("mailbot campaigns list"))
def list_campaigns(context: typer.Context, *, as_json: session.Json = False) -> None:
    """列出可用的活动。"""
    known = session.of(context).campaigns().values()
    if as_json:
        screen.print_json([_summary(entry) for entry in known])
        return
    rows = [
        (
            entry.id,
            entry.name,
            "；".join(_last_days(entry)),
            "、".join(box.address for box in entry.mailboxes),
        )
        for entry in known
    ]
    screen.output().print(screen.table("", ("编号", "活动", "截止", "收件地址"), rows))


@app.command("show", cls=manual.Command, epilog=lazy.examples("mailbot campaigns show 活动编号"))
def show(
    context: typer.Context,
    campaign: Annotated[str, typer.Argument(help="活动编号，见 campaigns list。", metavar="ID")],
    *,
    as_json: session.Json = False,
) -> None:
    """显示一项活动的全部数据。

    供与通知原文逐条核对。
    """
    found = session.pick(session.of(context).campaigns(), campaign)
    if as_json:
        screen.print_json(found.model_dump(mode="json", by_alias=True))
        return
    notice.show(found, screen.output())


@app.command("check", cls=manual.Command, epilog=lazy.examples("mailbot campaigns check 我的活动/"))
def check(
    path: Annotated[Path, typer.Argument(help="活动文件（.toml）或其文件夹。", metavar="FILE")],
    *,
    as_json: session.Json = False,
) -> None:
    """检查活动文件。

    每一处错误都给出文件、行号、键名和应有的写法。有错误时退出码为 1。
    """
    session.existing([path])
    folder = path if path.is_dir() else path.parent
    try:
        found: Campaign | None = catalogue.read_campaign(path)
        complaints: tuple[Complaint, ...] = ()
    except Rejected as error:
        found, complaints = None, error.complaints
    if as_json:
        screen.print_json(
            [
                {"file": str(folder / c.file), "line": c.line, "key": c.key, "message": c.message}
                for c in complaints
            ]
        )
    elif found:
        screen.output().print(f"没有错误：{escape(found.id)}，{escape(found.name)}")
    for entry in () if as_json else complaints:
        screen.messages().print(escape(str(folder / str(entry))), soft_wrap=True)
    if complaints:
        raise typer.Exit(1)


def _summary(campaign: Campaign) -> dict[str, object]:
    return {
        "id": campaign.id,
        "name": campaign.name,
        "title": campaign.title,
        "version": campaign.version,
        "mailboxes": [box.address for box in campaign.mailboxes],
        "tiers": [
            {
                "id": tier.id,
                "name": tier.name,
                "deadlines": [
                    {
                        "ends_at": deadline.ends_at(campaign.timezone).isoformat(),
                        "kinds": list(deadline.kinds),
                        "categories": list(deadline.categories),
                    }
                    for deadline in tier.deadlines
                ],
            }
            for tier in campaign.tiers
        ],
        "categories": [entry.id for entry in campaign.categories],
    }


def _last_days(campaign: Campaign) -> list[str]:
    return [
        f"{tier.name or ''}{deadline.last_day:%Y-%m-%d}"
        f"{f' {deadline.until:%H:%M}' if deadline.until else '' if deadline.inclusive else ' 前'}"
        for tier in campaign.tiers
        for deadline in tier.deadlines
    ]
