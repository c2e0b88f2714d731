"""The history of items and mails in words for staff; programs get it as it is stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.table import Table

from mailbot.cli import screen
from mailbot.letters.composition import HEADINGS
from mailbot.letters.wording import DISPOSITIONS, RULINGS, STATES, TICKS
from mailbot.store.events import PROGRAM
from mailbot.store.views import EventRow, ItemDetail

#: What happened, by the word the store notes.
EVENTS: Mapping[str, str] = {
    "mail.collected": "收到来信，原件已存档",
    "mail.decided": "来信处理完毕",
    "mail.handled": "人工已处理",
    "mail.set_aside": "来信未能处理，留待人工",
    "mail.taken_up_again": "来信重新处理",
    "mail.rescued": "来信已移出垃圾邮件箱，重新办理",
    "mail.flagged": "邮箱中的来信已标为已读",
    "mail.moved": "邮箱中的来信已移到指定的文件夹",
    "mail.purged": "到期，个人信息和原件已清除",
    "mail.settled": "人工已处理完毕",
    "item.decided": "作出结论",
    "item.ruled": "人工决定",
    "item.withdrawn": "申报项已撤回",
    "papers.refused": "来信要求的替换未予采用",
    "item.graded": "录入等级",
    "item.assigned": "人工指定申报单位或地区",
    "item.replayed": "按现行规则重新审查",
    "item.ticked": "人工核对已登记",
    "item.unticked": "人工核对登记已取消",
    "reply.queued": "拟写回复",
    "reply.completed": "附上带批注的表格",
    "reply.sent": "回复已发出",
    "reply.resent": "回复再次发送",
    "reply.retried": "人工重发回复",
    "reply.uncertain": "不确定回复是否送达",
    "reply.refused": "回复被拒收",
    "reply.held": "回复留待人工",
    "reply.returned": "回复被退回，对方没有收到",
    "reply.delayed": "对方服务器通知：回复尚未送达",
}

#: What is said about it.
_DETAILS: Mapping[str, str] = {
    "attempt": "第几次",
    "before": "原结论",
    "by": "退信编号",
    "codes": "意见代码",
    "copies": "附件数",
    "decision": "结论",
    "disposition": "性质",
    "error": "原因",
    "kind": "种类",
    "grade": "等级",
    "reason": "说明",
    "receipt": "受理编号",
    "region": "地区",
    "reply": "回复编号",
    "ruling": "决定",
    "tick": "核对事项",
    "size": "字节",
    "unit": "申报单位",
    "version": "活动数据版本",
    "was": "原为",
    "why": "原因",
}

_VALUES: Mapping[str, Mapping[str, str]] = {
    "decision": STATES,
    "before": STATES,
    "disposition": DISPOSITIONS,
    "ruling": RULINGS,
    "tick": TICKS,
    "kind": {**HEADINGS, "digest": "每日简报", "alert": "故障通知"},
    "error": {"interrupted": "发送中程序被中断"},
    "why": {
        "in_sent_folder": "已发送文件夹中有此信",
        "not_in_sent_folder": "已发送文件夹中没有此信",
        "policy": "不能确定是否送达，按设置重发",
    },
}


def table(events: Sequence[EventRow]) -> Table:
    """One line for each event, oldest first."""
    rows = [
        (screen.moment(e.at), "程序" if e.who == PROGRAM else e.who, _what(e), _details(e.details))
        for e in events
    ]
    return screen.table("经过", ("时间", "谁", "何事", "详情"), rows)


def entered(found: ItemDetail) -> Table:
    """What staff have settled and entered: who, when, why."""
    rows = [
        (screen.moment(r.at), r.who, f"决定：{RULINGS[r.what]}", r.reason) for r in found.rulings
    ]
    rows += [
        (screen.moment(k.at), k.who, TICKS[k.what], "整个卷宗" if k.whole else "本项")
        for k in found.ticks
    ]
    if found.item.grade:
        rows.append(("", "", "等级", found.item.grade))
    return screen.table("人工录入", ("时间", "谁", "何事", "说明"), rows)


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
