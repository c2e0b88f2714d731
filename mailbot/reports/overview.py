"""The blocks of the staff digest: what arrived, what was decided, what waits, how things run.

Turns the register's read models into headed tables of short texts. Pure; the
order of the blocks and the headline are chosen in :mod:`mailbot.reports.digest`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from mailbot.letters import wording
from mailbot.store.views import HealthRow, ItemRow, MailRow, ReplyRow
from rules.model import Finding
from rules.notice.campaign import Campaign

_CAP = 100  #: rows of one table; the rest is counted
_NONE = "—"  #: an empty cell
_NAMED = 8  #: items named beside one thing to check

_REPLY_STATES = {
    "queued": "等待发送",
    "sending": "正在发送",
    "uncertain": "不确定是否已发出",
    "refused": "对方服务器拒收",
    "held": "已暂停",
}


#: After its last deadline a campaign without an item is still told of for so long.
_LONG = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One headed part of the digest."""

    title: str
    tone: str = "plain"  #: "bad" where a person has to act
    notes: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()

    @property
    def lines(self) -> tuple[str, ...]:
        """Each row as one line of labelled cells, empty ones left out."""
        labelled = (zip(self.columns, row, strict=True) for row in self.rows)
        return tuple(
            "；".join(f"{column}：{cell}" for column, cell in row if cell != _NONE)
            for row in labelled
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """How campaigns, categories and moments are called in this digest."""

    zone: ZoneInfo
    categories: Mapping[tuple[str, str], str] = field(default_factory=dict)

    def category(self, item: ItemRow) -> str:
        """质量信得过班组, or the bare key where the campaign is not enabled any more."""
        return self.categories.get((item.campaign, item.category), item.category)

    def item(self, item: ItemRow) -> str:
        """质量信得过班组「冲压一班」."""
        return f"{self.category(item)}「{wording.clean(item.name)}」"

    def moment(self, moment: datetime | None) -> str:
        """07-10 09:05."""
        return moment.astimezone(self.zone).strftime("%m-%d %H:%M") if moment else _NONE


def arrived(mails: Sequence[MailRow], names: Names) -> Block:
    """The mails of the time, with what they were taken for."""
    kinds = Counter(_disposition(mail) for mail in mails)
    notes = ["，".join(f"{word} {count} 封" for word, count in kinds.items())] if mails else []
    rows = [
        (
            names.moment(mail.arrived),
            mail.sender,
            subject(mail),
            _disposition(mail),
            wording.STATES.get(mail.decision or "", _NONE),
            mail.sha256[:12],
        )
        for mail in mails
    ]
    columns = ("到达", "发件人", "主题", "类别", "结论", "编号")
    made = table(f"收到的邮件（{len(mails)} 封）", columns, rows, nothing="没有新邮件。")
    return with_notes(made, notes)


def decided(items: Sequence[ItemRow], names: Names) -> Block:
    """The items decided in the time."""
    rows = [
        (
            item.receipt or _NONE,
            names.category(item),
            wording.clean(item.company),
            wording.clean(item.name),
            wording.STATES[item.state],
            item.id,
        )
        for item in items
    ]
    counts = Counter(wording.STATES[item.state] for item in items)
    notes = ["，".join(f"{word} {count} 项" for word, count in counts.items())] if items else []
    columns = ("受理编号", "类别", "企业", "名称", "结论", "编号")
    made = table(f"办理情况（{len(items)} 项）", columns, rows, nothing="没有办理新的申报项。")
    return with_notes(made, notes)


def in_line(items: Sequence[ItemRow], names: Names) -> Block:
    """The waiting lists, category by category and region by region, each in its order."""
    ordered = sorted(
        items, key=lambda i: (i.campaign, i.category, i.region or i.unit, i.position or 0)
    )
    rows = [
        (
            names.category(item),
            wording.clean(item.region or item.unit),
            f"第 {item.position} 位",
            wording.clean(item.company),
            wording.clean(item.name),
            names.moment(item.first_arrival),
            item.id,
        )
        for item in ordered
    ]
    columns = ("类别", "地区", "候补", "企业", "名称", "首次到达", "编号")
    return table(f"候补名单（{len(rows)} 项）", columns, rows, nothing="")


def to_check(notes: Sequence[tuple[ItemRow | str, Finding]]) -> Block:
    """What only a person can see, one line for each kind of thing with all it concerns."""
    grouped: dict[tuple[str, str], list[str]] = {}
    for about, finding in notes:
        key = (wording.clean(finding.message), wording.clause_text(finding.clause))
        grouped.setdefault(key, []).append(_concerned(about))
    rows = [
        ("□ " + wording.shorten(message, 200), clause or _NONE, _some(about))
        for (message, clause), about in grouped.items()
    ]
    columns = ("请核对", "依据", "涉及")
    return table(f"核对清单（{len(rows)} 类，{len(notes)} 处）", columns, rows, nothing="没有。")


def _concerned(about: ItemRow | str) -> str:
    """湘江重工装备有限公司「冲压一班」, or the unit alone."""
    if isinstance(about, str):
        return wording.clean(about)
    return f"{wording.clean(about.company)}「{wording.clean(about.name)}」"


def unsent(replies: Sequence[ReplyRow], names: Names) -> Block:
    """Replies that have not gone out."""
    rows = [
        (
            str(reply.id),
            reply.recipient,
            wording.shorten(wording.clean(reply.subject), 40),
            _REPLY_STATES.get(reply.state, reply.state),
            f"{reply.attempts} 次",
            wording.shorten(wording.clean(reply.last_error), 120) or _NONE,
            f"mailbot outbox retry {reply.id}"
            if is_stuck(reply)
            else names.moment(reply.next_attempt),
        )
        for reply in replies
    ]
    columns = ("编号", "收件人", "主题", "状态", "已试", "服务器答复", "下次发送 / 处理")
    tone = "bad" if any(map(is_stuck, replies)) else "plain"
    return table(f"未发出的回执（{len(rows)} 封）", columns, rows, tone=tone, nothing="没有。")


def is_stuck(reply: ReplyRow) -> bool:
    """Will it stay where it is until a person acts?"""
    return reply.state in ("uncertain", "refused", "held")


def unread(mails: Sequence[MailRow], names: Names) -> Block:
    """Mails the program could not take apart; their raw bytes are kept."""
    rows = [
        (
            names.moment(mail.arrived),
            mail.sender or "（未知）",
            subject(mail),
            wording.shorten(wording.clean(mail.failure), 120),
            f"mailbot show {mail.sha256[:12]}",
        )
        for mail in mails
        if mail.state == "failed"
    ]
    columns = ("到达", "发件人", "主题", "原因", "查看")
    return table("未能读取的邮件", columns, rows, tone="bad" if rows else "plain", nothing="没有。")


def in_junk(mails: Sequence[MailRow], names: Names) -> Block:
    """What came into the provider's Junk only and got no answer, so that a person may look."""
    rows = [
        (
            names.moment(mail.arrived),
            mail.sender or "（未知）",
            subject(mail),
            f"mailbot show {mail.sha256[:12]}",
        )
        for mail in mails
    ]
    note = "没有认出申报表，也不属于已有的申报。如是申报单位来信，请在邮箱中移到收件箱，程序会重新办理。"
    made = table(
        f"垃圾邮件箱中未作答复的邮件（{len(rows)} 封）",
        ("到达", "发件人", "主题", "查看"),
        rows,
        nothing="没有。",
    )
    return with_notes(made, [note])


def running(health: Sequence[HealthRow], names: Names) -> Block:
    """How the mailboxes and the way out are doing."""
    rows = [
        (
            wording.part_name(row.name),
            f"自 {names.moment(row.failing_since)} 起失败 {row.failures} 次"
            if row.failing_since
            else "正常",
            names.moment(row.last_success),
            wording.shorten(wording.clean(row.last_error), 160) if row.failing_since else _NONE,
        )
        for row in health
    ]
    tone = "bad" if any(row.failing_since for row in health) else "plain"
    columns = ("部件", "状态", "最近成功", "错误")
    return table("运行状况", columns, rows, tone=tone, nothing="尚无运行记录。")


def campaign(entry: Campaign, items: Sequence[ItemRow], now: datetime) -> Block:
    """Countdown, totals of the whole register, fees of the accepted, and notes for staff."""
    mine = [item for item in items if item.campaign == entry.id]
    states = list(wording.STATES)
    rows = []
    for category in entry.categories:
        counts = Counter(item.state for item in mine if item.category == category.id)
        fee = entry.fees.amount(category.id)
        due = (
            _NONE
            if fee is None or not counts["accepted"]
            else wording.money_text(fee * counts["accepted"])
        )
        cells = [str(counts[state]) if counts[state] else _NONE for state in states]
        rows.append((category.name, *cells, due if entry.fees.policy == "due" else _NONE))
    columns = ("类别", *wording.STATES.values(), "应收（已受理）")
    notes = [*_countdown(entry, now), *_staff_notes(entry)]
    made = table(f"{entry.name}（{entry.id}）", columns, rows, nothing="")
    return with_notes(made, notes)


def is_over(entry: Campaign, items: Sequence[ItemRow], now: datetime) -> bool:
    """Has every deadline passed long ago, without an item?"""
    zone = entry.timezone
    ends = [deadline.ends_at(zone) for tier in entry.tiers for deadline in tier.deadlines]
    mine = any(item.campaign == entry.id for item in items)
    return bool(ends) and now >= max(ends) + _LONG and not mine


def over(entries: Sequence[Campaign]) -> Block:
    """Campaigns of which there is nothing to say but that they are enabled."""
    hint = "不再办理的活动可从配置的 [campaigns] enabled 中去掉。"
    names = tuple(f"{entry.name}（{entry.id}）" for entry in entries)
    return Block(title="已截止、没有申报项的活动", notes=(*names, hint))


def _countdown(entry: Campaign, now: datetime) -> Iterator[str]:
    zone = entry.timezone
    for tier in entry.tiers:
        for deadline in tier.deadlines:
            end = deadline.ends_at(zone)
            day = wording.deadline_text(deadline, zone)
            of = wording.deadline_scope(entry, deadline)
            head = f"{tier.name}{of}截止 {day}"
            yield f"{head}，{_distance(end - now)}。" if now < end else f"{head}，已截止。"


def _distance(left: timedelta) -> str:
    return f"还有 {left.days} 天" if left.days else f"还有 {int(left.total_seconds() // 3600)} 小时"


def _staff_notes(entry: Campaign) -> Iterator[str]:
    for note in entry.staff_notes:
        clause = f"（{wording.clause_text(note.clause)}）" if note.clause else ""
        yield f"请留意：{note.text}{clause}"


def table(
    title: str,
    columns: tuple[str, ...],
    rows: Sequence[tuple[str, ...]],
    *,
    tone: str = "plain",
    nothing: str,
) -> Block:
    """A block of rows, capped; ``nothing`` is said where there are none."""
    if not rows:
        return Block(title=title, tone=tone, notes=(nothing,) if nothing else ())
    more = (
        (f"其余 {len(rows) - _CAP} 行从略，请用 mailbot list 查看。",) if len(rows) > _CAP else ()
    )
    return Block(title=title, tone=tone, notes=more, columns=columns, rows=tuple(rows[:_CAP]))


def with_notes(block: Block, notes: Sequence[str]) -> Block:
    """The same with these notes before its own."""
    return replace(block, notes=(*notes, *block.notes))


def _some(about: Sequence[str]) -> str:
    """The first few, each once, and how many there are."""
    names = list(dict.fromkeys(about))
    more = f" 等 {len(names)} 项" if len(names) > _NAMED else ""
    return "、".join(names[:_NAMED]) + more


def _disposition(mail: MailRow) -> str:
    if mail.repeated:
        return "重复来信"
    if mail.disposition is None:
        return "未能读取" if mail.state == "failed" else "处理中"
    return wording.DISPOSITIONS.get(mail.disposition, mail.disposition)


def subject(mail: MailRow) -> str:
    """The subject of a mail, shortened."""
    return wording.shorten(wording.clean(mail.subject), 60) or "（无主题）"
