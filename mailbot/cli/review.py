"""``review``: what waits for a person, and what the person decides about it."""

from __future__ import annotations

import dataclasses
import getpass
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from mailbot import equipment, wiring
from mailbot.cli import lazy, manual, screen, session
from mailbot.cli.register import opened
from mailbot.clock import SystemClock
from mailbot.configuration.config import Config
from mailbot.deciding import entering, settling
from mailbot.letters.wording import RULINGS
from mailbot.store import Connection, queries, targets, waiting
from mailbot.store.views import ItemRow, Waiting
from rules.model import Finding, Ruling

app = typer.Typer(
    help="人工处理：列出等人处理的事项，并作出决定。",
    cls=manual.Group,
    no_args_is_help=True,
)

Key = Annotated[
    str,
    typer.Argument(
        metavar="ID", help="受理编号、申报项编号、卷宗编号，或来信编号（前 6 位即可）。"
    ),
]
Reason = Annotated[
    str, typer.Option("--reason", metavar="TEXT", help="理由，将原样写入给申报单位的信中。")
]


@app.command("list", cls=manual.Command, epilog=lazy.examples("mailbot review list"))
def list_waiting(
    context: typer.Context,
    *,
    campaign: session.CampaignId = None,
    as_json: session.Json = False,
) -> None:
    """列出等人处理的事项。

    连同原因、所在文件和位置，以及表中的联系电话。
    """
    if campaign is not None:
        session.pick(session.of(context).campaigns(), campaign)
    with opened(context) as store:
        found = waiting.list_waiting(store, campaign=campaign)
    if as_json:
        screen.print_json([dataclasses.asdict(entry) for entry in found])
        return
    console = screen.output()
    if found:
        console.print(_waiting(found))
        console.print(
            "查看详情：mailbot show 编号。处理：mailbot review accept / return / decline 编号。"
        )
        for hint in _hints(found):
            console.print(hint, soft_wrap=True)
    console.print(f"共 {len(found)} 件等人处理")


def _hints(found: Sequence[Waiting]) -> Iterator[str]:
    """What else settles some of these cases."""
    if any(f.code == "sender.changed" for entry in found for f in entry.findings):
        yield (
            "另一地址要求替换的：改用新材料，accept 申报项编号；不采用，decline 来信编号（见 show），"
            "原材料和原结论不变。"
        )
    if any(entry.mail and entry.mail.state == "failed" for entry in found):
        yield "程序未能处理的：排除原因后 mailbot review retry 来信编号。"


@app.command(
    "accept",
    cls=manual.Command,
    epilog=lazy.examples('mailbot review accept 申报项编号 --note "已电话核实"'),
)
def accept(
    context: typer.Context,
    key: Key,
    *,
    note: Annotated[
        str, typer.Option("--note", metavar="TEXT", help="备注，只记入登记簿，不告知申报单位。")
    ] = "",
    as_json: session.Json = False,
) -> None:
    """准予受理，并通知申报单位。

    没有申报项的来信记为已处理，不另发信。名额已满时不能受理。
    """
    settle(context, key, "accept", note, as_json=as_json)


@app.command(
    "return",
    cls=manual.Command,
    epilog=lazy.examples('mailbot review return 申报项编号 --reason "请补充获奖证书复印件。"'),
)
def send_back(
    context: typer.Context, key: Key, *, reason: Reason, as_json: session.Json = False
) -> None:
    """退回补正，把理由和其他需补正的内容一并告知申报单位。"""
    settle(context, key, "return", reason, as_json=as_json)


@app.command(
    "decline",
    cls=manual.Command,
    epilog=lazy.examples('mailbot review decline 申报项编号 --reason "不属于本次申报范围。"'),
)
def decline(
    context: typer.Context, key: Key, *, reason: Reason, as_json: session.Json = False
) -> None:
    """不予受理，把理由告知申报单位；所占名额随之退回。

    来信要求替换另一地址所报材料的，写来信编号即不予采用：原材料和原结论不变，只答复来信人。
    """
    settle(context, key, "decline", reason, as_json=as_json)


@app.command(
    "assign",
    cls=manual.Command,
    epilog=lazy.examples(
        "mailbot review assign 来信编号 --unit 湘江重工装备有限公司",
        "mailbot review assign 申报项编号 --region 长岭市",
    ),
)
def assign(
    context: typer.Context,
    key: Key,
    *,
    unit: Annotated[
        str, typer.Option("--unit", metavar="NAME", help="材料属于哪个申报单位（全称）。")
    ] = "",
    region: Annotated[
        str, typer.Option("--region", metavar="R", help="占用哪个地区或单位的名额。")
    ] = "",
    as_json: session.Json = False,
) -> None:
    """指定材料属于哪个单位，或占用哪个地区的名额，然后重新审查。"""
    if bool(unit.strip()) == bool(region.strip()):
        raise session.Misuse("请写明 --unit 或 --region，二者写一个")
    if unit.strip():
        act: Act = partial(_assign_unit, unit)
        enter(context, key, f"申报单位：{unit}", act, as_json=as_json)
    else:
        enter(context, key, f"地区：{region}", partial(_assign_region, region), as_json=as_json)


@app.command("retry", cls=manual.Command, epilog=lazy.examples("mailbot review retry 来信编号"))
def retry(context: typer.Context, key: Key, *, as_json: session.Json = False) -> None:
    """重新办理一封程序未能处理的来信。

    先排除原因（磁盘满、缺少转换程序等）；由运行中的服务办理，或用 mailbot run --once。
    """
    enter(context, key, _AGAIN, entering.take_up_again, as_json=as_json)


def _assign_unit(unit: str, desk: settling.Desk, target: targets.Target) -> settling.Settled:
    return entering.assign_unit(desk, target, unit)


def _assign_region(region: str, desk: settling.Desk, target: targets.Target) -> settling.Settled:
    return entering.assign_region(desk, target, region)


def settle(
    context: typer.Context, key: str, what: settling.What, reason: str, *, as_json: bool
) -> None:
    """One decision of the person at the keyboard, in one transaction, and what became of it."""
    reason = reason.strip()
    if what in ("return", "decline") and not reason:
        raise session.Misuse("理由不能为空：请用 --reason 写明，将告知申报单位")
    ruling = Ruling(what=what, reason=reason, submissions=0)
    enter(context, key, RULINGS[what], partial(_rule, ruling), as_json=as_json)


def _rule(ruling: Ruling, desk: settling.Desk, target: targets.Target) -> settling.Settled:
    return settling.rule(desk, target, ruling)


#: What a command does at the desk about what the ID stands for.
Act = Callable[[settling.Desk, targets.Target], settling.Settled]

_AGAIN = "重新办理"  #: no decision: the program has the mail before it once more


def enter(context: typer.Context, key: str, title: str, act: Act, *, as_json: bool) -> None:
    """One entry of the person at the keyboard, in one transaction, and what became of it."""
    config = session.of(context).config()
    with opened(context) as store:
        try:
            with store.writing() as connection:
                settled = act(desk(config, connection), find(connection, key))
        except settling.Refused as refusal:
            refused(str(refusal))
        now = {item.id: queries.item(store, item.id) for item in settled.items}
    _tell(settled, now, title, as_json=as_json)


def desk(config: Config, connection: Connection) -> settling.Desk:
    """The desk of whoever is at the keyboard."""
    return settling.Desk(
        connection=connection,
        campaigns=equipment.campaigns(config),
        settings=wiring.deciding_settings(config),
        candidates=wiring.candidates(config),
        who=getpass.getuser(),
        now=SystemClock().now(),
    )


def find(connection: Connection, key: str) -> targets.Target:
    """What the ID stands for. Raises Refused where it is nothing, or several things."""
    try:
        target = targets.find_target(connection, key)
    except targets.Ambiguous as several:
        raise settling.Refused(f"{key} 对应不止一项，请写全编号：{several}") from None
    if target is None:
        raise settling.Refused(
            f"登记簿中没有 {key}。编号见 mailbot review list 或 mailbot list；来信编号至少写前 6 位。"
        )
    if targets.is_purged(connection, target):
        raise settling.Refused(f"{key} 的内容已到期清除，只剩编号和结论，不能再作决定。")
    return target


def refused(text: str) -> None:
    """Say why nothing was done; exit code 1."""
    screen.messages().print(f"[red]{escape(text)}[/]", soft_wrap=True)
    raise typer.Exit(1)


def _tell(
    settled: settling.Settled,
    now: dict[str, ItemRow | None],
    title: str,
    *,
    as_json: bool,
) -> None:
    after = [row for item in settled.items if (row := now[item.id])]
    if as_json:
        screen.print_json(
            {
                "entered": title,
                "items": [dataclasses.asdict(row) for row in after],
                "mail": settled.mail.sha256 if settled.mail else None,
                "promoted": [outcome.dossier.unit for outcome in settled.promoted],
                "replies": [
                    {"to": reply.recipient, "subject": reply.subject, "text": reply.text}
                    for reply in settled.replies
                ],
            }
        )
        return
    console = screen.output()
    if after:
        before = {item.id: item.state for item in settled.items}
        lines = [
            (
                row.receipt,
                row.company or row.unit,
                row.name,
                _turned(before[row.id], row.state),
                row.id,
            )
            for row in after
        ]
        columns = ("受理编号", "单位", "名称", "结论", "编号")
        console.print(screen.table(f"已记录：{title}", columns, lines))
    elif settled.mail and title == _AGAIN:
        console.print(
            f"来信 {settled.mail.sha256[:12]} 已排入队列，由运行中的服务重新办理，"
            "或用 mailbot run --once 立即办理。",
            soft_wrap=True,
        )
        return
    elif settled.mail:
        console.print(f"来信 {settled.mail.sha256[:12]} 已记为人工处理完毕。")
    if not after and not settled.mail:
        console.print(f"已记录：{title}。")
    for reply in settled.replies:
        console.print(
            f"通知已拟好，待发往 {escape(reply.recipient)}：{escape(reply.subject)}", soft_wrap=True
        )
    for outcome in settled.promoted:
        names = "、".join(
            entry.item.name
            for entry in outcome.verdict.items
            if entry.item.ordinal in outcome.touched
        )
        console.print(
            escape(f"候补递补：{outcome.dossier.unit}「{names}」，已另行通知。"), soft_wrap=True
        )
    if not settled.replies:
        console.print("没有需要寄出的通知。")
    else:
        console.print("由运行中的服务发出，或用 mailbot run --once 立即发出。")


def _turned(before: str, after: str) -> screen.Marked:
    if before == after:
        return screen.state(after)
    return screen.Marked(f"{screen.state(before)} → {screen.state(after)}")


def _waiting(found: Sequence[Waiting]) -> Table:
    rows = []
    for entry in found:
        calls = [f"{label} {value}" for label, value in entry.contacts]
        why = [_reason(finding) for finding in entry.findings] or [entry.why]
        if entry.item:
            who = entry.item.company or entry.item.unit
            about, key, since = entry.item.name, entry.item.id, entry.item.first_arrival
        elif entry.reply and entry.mail:
            who = entry.unit or entry.reply.recipient
            about = "寄给工作人员的邮件被退回" if entry.reply.for_staff else "回复被退回"
            key, since = entry.mail.sha256[:12], entry.mail.arrived
        elif entry.mail:
            who, about = entry.mail.sender, f"来信：{entry.mail.subject or '（无主题）'}"
            key, since = entry.mail.sha256[:12], entry.mail.arrived
        else:
            continue
        rows.append((screen.moment(since), who, about, "\n".join(why), "\n".join(calls), key))
    return screen.table("等人处理", ("到达", "单位 / 发件人", "事项", "原因", "联系", "编号"), rows)


def _reason(finding: Finding) -> str:
    """The words, and where to look."""
    place = "，".join(part for part in (finding.document, finding.where) if part)
    return f"{finding.message}（{place}）" if place else finding.message
