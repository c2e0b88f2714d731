"""``list``, ``show`` and ``outbox``: looking things up in the register."""

from __future__ import annotations

import dataclasses
import getpass
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from mailbot import wiring
from mailbot.cli import evidence, history, lazy, manual, received, screen, session
from mailbot.clock import SystemClock
from mailbot.configuration.config import Config
from mailbot.letters.wording import DISPOSITIONS, STATES
from mailbot.store import Store, health, positions, queries, replies
from mailbot.store.views import ItemDetail, ItemRow, MailDetail, ReplyRow
from rules.notice.campaign import Campaign

REPLY_STATES = {
    "queued": "待发",
    "sending": "发送中",
    "sent": "已发出",
    "uncertain": "不确定是否送达",
    "refused": "被拒收",
    "held": "留待人工",
    "returned": "被退回",
}

outbox_app = typer.Typer(help="发件箱：回复及其送达状态。", cls=manual.Group, no_args_is_help=True)


@contextmanager
def opened(context: typer.Context) -> Iterator[Store]:
    """The register of the configuration, for the length of the block."""
    store = wiring.store(session.of(context).config())
    try:
        yield store
    finally:
        store.close()


def list_items(
    context: typer.Context,
    *,
    campaign: session.CampaignId = None,
    state: Annotated[
        str | None,
        typer.Option("--state", metavar="S", help="结论：" + " ".join(STATES)),
    ] = None,
    region: Annotated[str | None, typer.Option("--region", metavar="R", help="地区。")] = None,
    mails: Annotated[
        bool, typer.Option("--mails", help="列出来信；这时 --state 写来信的性质或状态。")
    ] = False,
    as_json: session.Json = False,
) -> None:
    """列出登记簿中的申报项，或来信。"""
    if mails:
        received.listed(context, campaign=campaign, state=state, region=region, as_json=as_json)
        return
    if state is not None and state not in STATES:
        raise session.Misuse(f"没有结论 {state}；可用的：{'、'.join(STATES)}")
    known = session.of(context).campaigns()
    if campaign is not None:
        session.pick(known, campaign)
    with opened(context) as store:
        listed = queries.list_items(store, campaign=campaign, state=state, region=region)
        items = positions.with_positions(store, listed, known)
    if as_json:
        screen.print_json([dataclasses.asdict(entry) for entry in items])
        return
    console = screen.output()
    console.print(_items(items, known))
    console.print(f"共 {len(items)} 项")


def show(
    context: typer.Context,
    key: Annotated[
        str, typer.Argument(metavar="ID", help="受理编号、申报项编号，或来信编号（前 6 位即可）。")
    ],
    *,
    raw: Annotated[
        Path | None,
        typer.Option("--raw", metavar="OUT.eml", help="把来信的原件（逐字节）另存为这个文件。"),
    ] = None,
    as_json: session.Json = False,
) -> None:
    """显示一个申报项或一封来信的来龙去脉。

    连同审查意见、回复和经过。

    对报送了什么有争议时，用 --raw 取出来信的原件。
    """
    config = session.of(context).config()
    known = session.of(context).campaigns()
    with opened(context) as store:
        found = queries.find(store, key)
        if isinstance(found, ItemDetail):
            (item,) = positions.with_positions(store, [found.item], known)
            found = dataclasses.replace(found, item=item)
    if found is None:
        screen.messages().print(f"登记簿中没有 {escape(key)}，或有几封来信的编号都以它开头。")
        raise typer.Exit(1)
    if raw is not None:
        screen.messages().print(escape(evidence.export(config, found, raw)), soft_wrap=True)
    if as_json:
        screen.print_json(dataclasses.asdict(found))
    elif isinstance(found, ItemDetail):
        _print_item(found, known, screen.output())
    else:
        _print_mail(found, known, config, screen.output())


@outbox_app.command(
    "list", cls=manual.Command, epilog=lazy.examples("mailbot outbox list --state held")
)
def list_replies(
    context: typer.Context,
    *,
    state: Annotated[
        str | None,
        typer.Option("--state", metavar="S", help="状态：" + " ".join(REPLY_STATES)),
    ] = None,
    as_json: session.Json = False,
) -> None:
    """列出回复及其送达状态。"""
    if state is not None and state not in REPLY_STATES:
        raise session.Misuse(f"没有状态 {state}；可用的：{'、'.join(REPLY_STATES)}")
    with opened(context) as store:
        found = queries.list_replies(store, state=state)
    if as_json:
        screen.print_json([dataclasses.asdict(entry) for entry in found])
        return
    screen.output().print(reply_table(found))


@outbox_app.command("retry", cls=manual.Command, epilog=lazy.examples("mailbot outbox retry 12"))
def retry(
    context: typer.Context,
    number: Annotated[int, typer.Argument(metavar="ID", help="回复的编号，见 outbox list。")],
) -> None:
    """把一封未送达或被退回的回复重新排入发送。

    下一轮（或 mailbot run --once）时发出；发送如已暂停，随之恢复。
    """
    with opened(context) as store:
        with store.writing() as connection:
            now = SystemClock().now()
            done = replies.retry(connection, number, now, who=getpass.getuser())
        if done:
            health.resume(store, health.OUTGOING)
    if not done:
        screen.messages().print(f"没有编号为 {number} 的未送达回复。")
        raise typer.Exit(1)
    screen.output().print(f"编号 {number} 的回复已重新排入发送。")


def _items(items: Sequence[ItemRow], known: dict[str, Campaign]) -> Table:
    graded = any(entry.grade for entry in items)
    rows = [
        (
            entry.receipt,
            _category(entry, known),
            entry.name,
            entry.company,
            entry.region,
            *([entry.grade] if graded else []),
            screen.state(entry.state, entry.position),
            screen.moment(entry.first_arrival),
            entry.id,
        )
        for entry in items
    ]
    grade = ["等级"] if graded else []
    columns = ("受理编号", "类别", "名称", "单位", "地区", *grade, "结论", "首次到达", "编号")
    return screen.table("", columns, rows)


def _category(item: ItemRow, known: dict[str, Campaign]) -> str:
    campaign = known.get(item.campaign)
    found = (
        (entry.name for entry in campaign.categories if entry.id == item.category)
        if campaign
        else ()
    )
    return next(iter(found), item.category)


def reply_table(listed: Sequence[ReplyRow], title: str = "回复") -> Table:
    """Replies and how far each has come."""
    call = any(entry.contacts for entry in listed)
    rows = [
        (
            entry.id,
            _reply_state(entry),
            entry.recipient,
            entry.subject,
            screen.moment(entry.composed_at),
            screen.moment(entry.sent_at),
            entry.attempts,
            entry.returned_why or entry.last_error,
            *(["\n".join(f"{label} {value}" for label, value in entry.contacts)] if call else []),
        )
        for entry in listed
    ]
    columns = ("编号", "状态", "收件人", "主题", "拟写", "发出", "次数", "最近的错误")
    return screen.table(title, (*columns, *(["请电话告知"] if call else [])), rows)


def _reply_state(reply: ReplyRow) -> str:
    state = "returned" if reply.returned_at else reply.state
    return REPLY_STATES.get(state, state)


def _print_item(found: ItemDetail, known: dict[str, Campaign], console: Console) -> None:
    console.print(_items([found.item], known))
    console.print(f"卷宗 {found.item.dossier}：{escape(found.item.unit)}", soft_wrap=True)
    if found.findings:
        console.print(screen.findings("本项的审查意见", found.findings))
    if found.dossier_findings:
        console.print(screen.findings("申报单位整体的审查意见", found.dossier_findings))
    if found.rulings or found.ticks or found.item.grade:
        console.print(history.entered(found))
    mails = [
        (screen.moment(m.arrived), m.sender, m.subject, screen.state(m.decision), m.sha256[:12])
        for m in found.mails
    ]
    console.print(screen.table("来信", ("到达", "发件人", "主题", "结论", "编号"), mails))
    console.print(reply_table(found.replies))
    console.print(history.table(found.events))


def _print_mail(
    found: MailDetail, known: dict[str, Campaign], config: Config, console: Console
) -> None:
    mail = found.mail
    facts = [
        ("编号", mail.sha256),
        ("发件人", mail.sender),
        ("主题", mail.subject),
        ("到达", screen.moment(mail.arrived)),
        ("状态", received.MAIL_STATES.get(mail.state, mail.state)),
        ("性质", DISPOSITIONS.get(mail.disposition or "", "")),
        ("活动", mail.campaign),
        ("结论", screen.state(mail.decision)),
        ("未回复的原因", mail.silence),
        ("未能处理的原因", mail.failure),
        ("所在邮箱", found.sightings),
        ("发件人身份验证", found.authentication),
        ("未通过的验证", found.unverified),
        *evidence.facts(config, found),
    ]
    console.print(screen.table("", ("项目", "内容"), facts))
    if files := evidence.files(found):
        columns = ("文件", "大小", "校验码", "格式", "表单", "问题")
        console.print(screen.table("附件", columns, files))
    if found.findings:
        console.print(screen.findings("审查意见", found.findings))
    if found.items:
        console.print(_items(found.items, known))
    for reply in found.replies:
        console.print(reply_table([reply]))
        console.print(escape(reply.text), soft_wrap=True)
        console.print(escape(f"回复的 Message-ID：{reply.message_id}"), soft_wrap=True)
        if reply.answer:
            console.print(escape(f"发信服务器的答复：{reply.answer}"), soft_wrap=True)
    console.print(history.table(found.events))
