"""The history of items and mails in words for staff; programs get it as it is stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.table import Table

from mailbot.cli import screen
from mailbot.letters.composition import HEADINGS
from mailbot.letters.wording import DISPOSITIONS, STATES
from mailbot.store.events import PROGRAM
from mailbot.store.views import EventRow

#: What happened, by the word the store notes.
EVENTS: Mapping[str, str] = {
    "mail.collected": "收到来信，原件已存档",
    "mail.decided": "来信处理完毕",
    "mail.handled": "人工已处理",
    "mail.set_aside": "来信未能处理，留待人工",
    "mail.taken_up_again": "来信重新处理",
    "item.decided": "作出结论",
    "reply.queued": "拟写回复",
    "reply.sent": "回复已发出",
    "reply.resent": "回复再次发送",
    "reply.retried": "人工重发回复",
    "reply.uncertain": "不确定回复是否送达",
    "reply.refused": "回复被拒收",
    "reply.held": "回复留待人工",
}

#: What is said about it.
_DETAILS: Mapping[str, str] = {
    "attempt": "第几次",
    "before": "原结论",
    "codes": "意见代码",
    "decision": "结论",
    "disposition": "性质",
    "error": "原因",
    "kind": "种类",
    "receipt": "受理编号",
    "reply": "回复编号",
    "size": "字节",
    "version": "活动数据版本",
    "why": "原因",
}

_VALUES: Mapping[str, Mapping[str, str]] = {
    "decision": STATES,
    "before": STATES,
    "disposition": DISPOSITIONS,
    "kind": {**HEADINGS, "digest": "每日简报"},
    "error": {"interrupted": "发送中程序被中断"},
}


def table(events: Sequence[EventRow]) -> Table:
    """One line for each event, oldest first."""
    rows = [
        (screen.moment(e.at), "程序" if e.who == PROGRAM else e.who, _what(e), _details(e.details))
        for e in events
    ]
    return screen.table("经过", ("时间", "谁", "何事", "详情"), rows)


def _what(event: EventRow) -> str:
    if event.what == "reply.queued" and event.details.get("error"):
        return "回复未能发出，稍后再试"
    if event.what == "mail.decided" and event.details.get("repeated"):
        return "重复来信，此前已处理"
    return EVENTS.get(event.what, event.what)


def _details(details: Mapping[str, Any]) -> str:
    told = {
        key: value
        for key, value in details.items()
        if value not in (None, "", []) and key != "repeated"
    }
    return "；".join(
        f"{_DETAILS.get(key, key)}：{screen.shown(_value(key, value))}"
        for key, value in told.items()
    )


def _value(key: str, value: object) -> object:
    return _VALUES.get(key, {}).get(value, value) if isinstance(value, str) else value
