"""``list --mails``: the mails of the register, with what they were taken for and why not answered."""

from __future__ import annotations

import dataclasses
from contextlib import closing

import typer

from mailbot import wiring
from mailbot.cli import screen, session
from mailbot.letters.wording import DISPOSITIONS
from mailbot.store import queries
from mailbot.store.views import MailRow

MAIL_STATES = {"received": "待读", "read": "待审", "decided": "已处理", "failed": "未能处理"}


def listed(
    context: typer.Context,
    *,
    campaign: str | None,
    state: str | None,
    region: str | None,
    as_json: bool,
) -> None:
    """The mails in order of arrival; ``state`` is a disposition or a state."""
    words = {**DISPOSITIONS, **MAIL_STATES}
    if state is not None and state not in words:
        raise session.Misuse(f"没有这种来信 {state}；可用的：{'、'.join(words)}")
    if region is not None:
        raise session.Misuse("来信不分地区，--region 只用于申报项")
    if campaign is not None:
        session.pick(session.of(context).campaigns(), campaign)
    with closing(wiring.store(session.of(context).config())) as store:
        found = [
            mail
            for mail in queries.list_mails(store)
            if campaign in (None, mail.campaign) and state in (None, mail.state, mail.disposition)
        ]
    if as_json:
        screen.print_json([dataclasses.asdict(mail) for mail in found])
        return
    rows = [
        (
            screen.moment(mail.arrived),
            mail.sender,
            mail.subject,
            _kind(mail),
            screen.state(mail.decision),
            mail.failure or mail.silence,
            mail.sha256[:12],
        )
        for mail in found
    ]
    columns = ("到达", "发件人", "主题", "性质", "结论", "未答复的原因", "编号")
    console = screen.output()
    console.print(screen.table("来信", columns, rows))
    console.print(f"共 {len(found)} 封")


def _kind(mail: MailRow) -> str:
    if mail.disposition is None:
        return MAIL_STATES.get(mail.state, mail.state)
    return DISPOSITIONS.get(mail.disposition, mail.disposition)
