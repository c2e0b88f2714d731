"""The letter to staff about a part that has failed for long, and the one when it works again.

Pure: a row of the health table in, text, HTML and bytes out. Whether anybody is told, and
by which way, is for :mod:`mailbot.watching.alerting`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from mailbot.letters import mailing, wording
from mailbot.render import render
from mailbot.store.views import HealthRow

_SAFE = {
    "mailbox": "故障期间的来信保存在邮箱服务器上，恢复后自动收取，不会遗漏；到达时间以服务器记录为准。",
    "outgoing": "故障期间的回复保存在发件箱中，恢复后自动发出，不会遗漏。",
    "processing": "来信的原件已存档，恢复后自动处理。",
}
_TO_DO = "请在服务器上运行 mailbot check，按提示逐项核对；运行 mailbot status 可查看当前情况。"


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """A composed letter."""

    subject: str
    text: str = field(repr=False)
    html: str = field(repr=False)
    key: str  #: the same trouble, the same end of it: the same key

    def message(self, *, sender: str, sender_name: str, recipient: str, now: datetime) -> bytes:
        """The mail to one of the staff. Raises ValueError for an address that is none."""
        draft = mailing.Draft(
            sender=sender,
            sender_name=sender_name,
            recipients=(recipient,),
            subject=self.subject,
            text=self.text,
            html=self.html,
            message_id=self.message_id(sender, recipient),
            date=now,
            headers={"Auto-Submitted": "auto-generated", "X-Loop": sender},
        )
        return mailing.build(draft)

    def cause(self, recipient: str) -> str:
        """What the mail to this recipient is known by in the outbox."""
        digest = hashlib.sha256(f"{self.key}\0{recipient}".encode()).hexdigest()
        return f"alert:{digest[:24]}"

    def message_id(self, sender: str, recipient: str) -> str:
        """Of the mail to this recipient."""
        return mailing.message_id(sender, "alert", self.key, recipient)


def failing(row: HealthRow, zone: ZoneInfo) -> Alert:
    """It has failed for long; ``row.failing_since`` says since when."""
    name = wording.part_name(row.name)
    return _alert(
        row,
        row.failing_since,
        "bad",
        f"故障：{name}",
        facts=(
            ("部分", name),
            ("开始时间", _moment(row.failing_since, zone)),
            ("最近成功", _moment(row.last_success, zone)),
            ("失败次数", str(row.failures)),
            ("最近的错误", wording.clean(row.last_error)),
        ),
        advice=(*_safe(row), _TO_DO),
    )


def recovered(row: HealthRow, zone: ZoneInfo) -> Alert:
    """It works again; ``row.told_since`` says since when it did not."""
    name = wording.part_name(row.name)
    return _alert(
        row,
        row.told_since,
        "good",
        f"已恢复：{name}",
        facts=(
            ("部分", name),
            ("故障开始", _moment(row.told_since, zone)),
            ("恢复时间", _moment(row.last_success, zone)),
        ),
        advice=("现已正常运行，无需处理。",),
    )


def _alert(
    row: HealthRow,
    since: datetime | None,
    tone: str,
    headline: str,
    *,
    facts: tuple[tuple[str, str], ...],
    advice: tuple[str, ...],
) -> Alert:
    values = {"tone": tone, "headline": headline, "facts": facts, "advice": advice}
    parts = f"{row.name}\0{since.isoformat() if since else ''}\0{tone}"
    return Alert(
        subject=f"申报受理系统{headline}",
        text=render("alert/alert.txt.j2", **values),
        html=render("alert/alert.html.j2", **values),
        key=hashlib.sha256(parts.encode("utf-8", "surrogateescape")).hexdigest()[:24],
    )


def _safe(row: HealthRow) -> Iterator[str]:
    told = _SAFE.get(row.name.partition(":")[0])
    if told:
        yield told


def _moment(moment: datetime | None, zone: ZoneInfo) -> str:
    return wording.moment_text(moment, zone) if moment else "（无）"
