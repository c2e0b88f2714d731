"""The staff digest: whether all is well, and everything a person should see today.

Pure: read models of the register in, text, HTML and bytes out. Refuses to look
anything up; what it does not get is not in the digest.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from mailbot.letters import mailing, wording
from mailbot.render import render
from mailbot.reports import balance, deskwork, overview
from mailbot.reports.overview import Block, Names
from mailbot.store.views import DigestFacts, ItemRow
from rules.notice.campaign import Campaign


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestRequest:
    """Everything a digest is made from."""

    facts: DigestFacts
    register: tuple[ItemRow, ...]  #: every item of the campaigns, for the totals
    campaigns: tuple[Campaign, ...]
    now: datetime  #: aware
    zone: ZoneInfo  #: the staff's
    problems: tuple[str, ...] = ()  #: what else is wrong, in Chinese: disk, reconciliation


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """A composed digest."""

    subject: str
    text: str = field(repr=False)
    html: str = field(repr=False)
    needs_person: bool

    def message_id(self, sender: str, recipients: Sequence[str], now: datetime) -> str:
        """Another one for each receiver, so that a bounce tells whose copy came back."""
        return mailing.message_id(sender, "digest", self.subject, now.isoformat(), *recipients)

    def message(
        self, *, sender: str, sender_name: str, recipients: Sequence[str], now: datetime
    ) -> bytes:
        """The mail to staff. Raises ValueError for an address that is none."""
        draft = mailing.Draft(
            sender=sender,
            sender_name=sender_name,
            recipients=tuple(recipients),
            subject=self.subject,
            text=self.text,
            html=self.html,
            message_id=self.message_id(sender, recipients, now),
            date=now,
            headers={"Auto-Submitted": "auto-generated", "X-Loop": sender},
        )
        return mailing.build(draft)


def compose_digest(request: DigestRequest) -> Digest:
    """The digest as it is shown, written to a file or mailed."""
    troubles = tuple(_troubles(request))
    headline = (
        "需要处理：" + "；".join(troubles) if troubles else "一切正常，没有需要人工处理的事项。"
    )
    facts, zone = request.facts, request.zone
    values = {
        "tone": "bad" if troubles else "good",
        "headline": headline,
        "since": wording.moment_text(facts.since, zone),
        "until": wording.moment_text(facts.until, zone),
        "problems": tuple(wording.clean(problem) for problem in request.problems),
        "blocks": tuple(_blocks(request)),
    }
    day = wording.day_text(facts.until.astimezone(zone).date())
    mark = "需要处理" if troubles else "一切正常"
    return Digest(
        subject=f"申报受理日报 {day}：{mark}（收到 {len(facts.mails)} 封，办理 {len(facts.items)} 项）",
        text=render("digest/digest.txt.j2", **values),
        html=render("digest/digest.html.j2", **values),
        needs_person=bool(troubles),
    )


def _troubles(request: DigestRequest) -> Iterator[str]:
    """What makes the first line red."""
    facts = request.facts
    failed = sum(entry.mail is not None and entry.mail.state == "failed" for entry in facts.waiting)
    back = [entry.reply.for_staff for entry in facts.waiting if entry.reply]
    if count := len(facts.waiting) - failed - len(back):
        yield f"{count} 项待人工处理"
    if failed:
        yield f"{failed} 封邮件未能读取"
    if stuck := sum(map(overview.is_stuck, facts.unsent)):
        yield f"{stuck} 封回执未能发出"
    if returned := back.count(False):
        yield f"{returned} 封回复被退回，请电话告知"
    if lost := back.count(True):
        yield f"{lost} 封寄给工作人员的邮件被退回"
    if facts.expiring:
        yield f"{len(facts.expiring)} 个超大附件即将过期"
    if failing := sum(row.failing_since is not None for row in facts.health):
        yield f"{failing} 个部件运行异常"
    if missing := sum(len(row.missing) for row in facts.balances):
        yield f"{missing} 封邮件与邮箱核对不符"
    if request.problems:
        yield f"{len(request.problems)} 个其他问题"


def _blocks(request: DigestRequest) -> Iterator[Block]:
    facts = request.facts
    names = Names(
        zone=request.zone,
        categories={
            (campaign.id, category.id): category.name
            for campaign in request.campaigns
            for category in campaign.categories
        },
    )
    failed = [entry.mail for entry in facts.waiting if entry.mail and entry.mail.state == "failed"]
    known = {mail.sha256 for mail in failed}
    open_ones = [e for e in facts.waiting if e.mail is None or e.mail.sha256 not in known]
    yield deskwork.waiting([entry for entry in open_ones if entry.reply is None], names)
    if returned := [e for e in open_ones if e.reply and not e.reply.for_staff]:
        yield deskwork.returned(returned, names)
    if lost := [e for e in open_ones if e.reply and e.reply.for_staff]:
        yield deskwork.staff_missed(lost, names)
    if failed:
        yield overview.unread(failed, names)
    if facts.unsent:
        yield overview.unsent(facts.unsent, names)
    if facts.expiring:
        yield deskwork.expiring(facts.expiring, names, facts.until)
    yield overview.arrived(facts.mails, names)
    if junk := [mail for mail in facts.mails if mail.disposition == "junk"]:
        yield overview.in_junk(junk, names)
    yield overview.decided(facts.items, names)
    if in_line := [item for item in request.register if item.position]:
        yield overview.in_line(in_line, names)
    if facts.rulings:
        yield deskwork.settled(facts.rulings, names)
    yield overview.to_check(facts.staff_notes)
    yield from _campaigns(request)
    yield overview.running(facts.health, names)
    if facts.balances:
        yield balance.compared(facts.balances, names)


def _campaigns(request: DigestRequest) -> Iterator[Block]:
    quiet = [c for c in request.campaigns if overview.is_over(c, request.register, request.now)]
    for campaign in request.campaigns:
        if campaign not in quiet:
            yield overview.campaign(campaign, request.register, request.now)
    if quiet:
        yield overview.over(quiet)
