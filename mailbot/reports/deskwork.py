"""The blocks of the staff digest about people's work: what waits, what they have settled.

Pure, like all blocks. Each case that waits stands with the command that settles it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from mailbot.letters import wording
from mailbot.reports.overview import Block, Names, subject, table, with_notes
from mailbot.store.views import ExpiringLink, ItemRow, RulingRow, Waiting

#: What settles a case where the finding says more than that a person must decide.
_ASSIGN = {"unit.unknown": "--unit 单位全称", "quota.unknown_region": "--region 地区"}


def waiting(entries: Sequence[Waiting], names: Names) -> Block:
    """What a person has to decide, with why, and the commands that show and settle it."""
    rows = []
    for entry in entries:
        if entry.item:
            about, key = names.item(entry.item), entry.item.id
            who, since = wording.clean(entry.item.company), entry.item.first_arrival
        elif entry.mail:
            about, key = subject(entry.mail), entry.mail.sha256[:12]
            who, since = entry.mail.sender, entry.mail.arrived
        else:
            continue
        why = wording.shorten(wording.clean(entry.why), 200)
        show = f"mailbot show {key}"
        rows.append((names.moment(since), who, about, why, show, _command(entry, key)))
    columns = ("到达", "单位 / 发件人", "事项", "原因", "查看", "处理")
    made = table("待人工处理", columns, rows, tone="bad" if rows else "plain", nothing="没有。")
    if not rows:
        return made
    note = (
        "accept 为准予受理（来信则为已处理）；退回补正或不予受理，把 accept 换成 return 或 decline，"
        "后面加 --reason 和理由，理由将告知对方。联系电话见 mailbot review list。"
    )
    return with_notes(made, [note])


def returned(entries: Sequence[Waiting], names: Names) -> Block:
    """Replies that came back: who does not know yet, why, and under which number to call."""
    rows = [
        (
            names.moment(entry.mail.arrived),
            wording.clean(entry.unit) or "—",
            entry.reply.recipient,
            wording.shorten(wording.clean(entry.reply.subject), 60),
            wording.shorten(wording.clean(entry.reply.returned_why), 120),
            "，".join(f"{label} {value}" for label, value in entry.contacts)
            or "表中没有读到电话，请查看来信",
            f"mailbot review accept {entry.mail.sha256[:12]}",
        )
        for entry in entries
        if entry.reply and entry.mail
    ]
    columns = ("退回", "单位", "收件人", "回复", "原因", "请电话告知", "告知后")
    made = table(f"被退回的回复（{len(rows)} 封）", columns, rows, tone="bad", nothing="没有。")
    note = (
        "对方没有收到这些回复，请电话告知。地址无误而只是暂时不通（如邮箱已满）的，可用 "
        "mailbot outbox retry 重新发送，编号见 mailbot outbox list --state returned。"
    )
    return with_notes(made, [note])


def staff_missed(entries: Sequence[Waiting], names: Names) -> Block:
    """Digests and alerts that came back: who of the staff does not get them, and why."""
    rows = [
        (
            names.moment(entry.mail.arrived),
            entry.reply.recipient,
            wording.shorten(wording.clean(entry.reply.subject), 60),
            wording.shorten(wording.clean(entry.reply.returned_why), 120),
            f"mailbot review accept {entry.mail.sha256[:12]}",
        )
        for entry in entries
        if entry.reply and entry.mail
    ]
    columns = ("退回", "工作人员", "邮件", "原因", "处理后")
    title = f"寄给工作人员而被退回的邮件（{len(rows)} 封）"
    made = table(title, columns, rows, tone="bad", nothing="没有。")
    note = "这些工作人员收不到日报和告警。请核对配置 [staff] digest_to 和 [alerts] to 中的地址。"
    return with_notes(made, [note])


def expiring(links: Sequence[ExpiringLink], names: Names, now: datetime) -> Block:
    """超大附件 that end soon: staff may fetch them by hand, or call."""
    rows = [
        (
            names.moment(link.ends) + ("（已过期）" if link.ends <= now else ""),
            wording.clean(link.unit) or "—",
            link.mail.sender,
            wording.clean("，".join(filter(None, (link.name or "超大附件", link.size)))),
            "，".join(f"{label} {value}" for label, value in link.contacts) or "—",
            f"mailbot show {link.mail.sha256[:12]}",
        )
        for link in links
    ]
    columns = ("到期", "单位", "发件人", "文件", "联系", "来信")
    made = table(
        f"即将过期的超大附件（{len(rows)} 个）", columns, rows, tone="bad", nothing="没有。"
    )
    note = (
        "这些文件只发来下载链接，已请对方改用普通附件重新发送，尚未收到。"
        "请在到期前打开原邮件自行下载保存，或电话提醒对方重新发送。"
    )
    return with_notes(made, [note])


def _command(entry: Waiting, key: str) -> str:
    for finding in entry.findings:
        if finding.code in _ASSIGN:
            assign = f"mailbot review assign {key} {_ASSIGN[finding.code]}"
            own = f"mailbot review accept {key}；地区不对的先 "  # staff grant the place themselves
            return f"{own}{assign}" if finding.code == "quota.unknown_region" else assign
    if any(finding.code == "sender.changed" for finding in entry.findings):
        return f"改用新材料：mailbot review accept {key}；不采用：mailbot review decline 来信编号"
    if entry.mail and entry.mail.state == "failed":
        return f"排除原因后 mailbot review retry {key}；不再办理的 mailbot review accept {key}"
    return f"mailbot review accept {key}"


def settled(entries: Sequence[tuple[ItemRow, RulingRow]], names: Names) -> Block:
    """What persons have decided in the time, with who and why."""
    rows = [
        (
            names.moment(ruling.at),
            wording.clean(ruling.who),
            wording.clean(item.company),
            names.item(item),
            wording.RULINGS[ruling.what],
            wording.shorten(wording.clean(ruling.reason), 120) or "—",
            item.receipt or item.id,
        )
        for item, ruling in entries
    ]
    columns = ("时间", "谁", "企业", "事项", "决定", "理由", "编号")
    return table(f"人工决定（{len(rows)} 项）", columns, rows, nothing="没有。")
