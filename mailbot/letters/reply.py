"""The answer to one mail: its subject, its text and the bytes that are sent.

Pure: the same request gives the same bytes; the clock is an argument. Composing
happens in the transaction that records the decision, sending later from the
frozen bytes. Whether an answer may be sent at all is decided before; this room
refuses to judge anything and to show an applicant what is meant for staff.
"""

from __future__ import annotations

import re

from mailbot.letters import mailing, sections, subjects, wording
from mailbot.letters.composition import HEADINGS, NAMED, compose_letter
from mailbot.letters.copies import copies_of, sentence
from mailbot.letters.request import ReplyRequest, count, counts_text, decisions, reply_kind, told
from mailbot.model import Envelope
from mailbot.outcome import Reply
from mailbot.render import render
from rules.model import Decision, Severity

__all__ = ["ReplyRequest", "compose_reply", "recipient_of", "reply_kind"]


def recipient_of(envelope: Envelope) -> str:
    """Where an answer goes: the envelope sender, else From; "" where neither can be used."""
    for address in (envelope.return_path, envelope.sender):
        if address and mailing.is_address(address):
            return address
    return ""


def compose_reply(request: ReplyRequest) -> Reply:
    """The reply to one mail. Raises ValueError where there is no address to send it to."""
    kind = reply_kind(request)
    envelope = request.incoming.envelope
    recipient = recipient_of(envelope)
    subject = mailing.subject_text(_subject(request, kind))
    letter = compose_letter(request, kind)
    text = _tidy(render("reply/letter.txt.j2", letter=letter))
    html = render("reply/letter.html.j2", letter=letter)
    message_id = mailing.message_id(
        request.from_address,
        request.account,
        request.incoming.mail,
        *filter(None, [request.cause]),
        kind,
    )
    before = envelope.references or envelope.in_reply_to
    draft = mailing.Draft(
        sender=request.from_address,
        sender_name=request.from_name or request.campaign.as_of(request.tier).signature,
        recipients=(recipient,),
        subject=subject,
        text=text,
        html=html,
        message_id=message_id,
        date=request.now.astimezone(request.campaign.timezone),
        in_reply_to=envelope.message_id,
        references=mailing.thread(before, envelope.message_id),
        headers={
            "Auto-Submitted": "auto-replied",
            "X-Auto-Response-Suppress": "All",
            "X-Loop": request.from_address,
        },
    )
    return Reply(
        recipient=recipient,
        subject=subject,
        text=text,
        html=html,
        message_id=message_id,
        kind=kind,
        message=mailing.build(draft),
        copies=copies_of(request) if sentence() in text else (),
    )


def _tidy(text: str) -> str:
    """One empty line at most between two lines."""
    return re.sub(r"\n{3,}", "\n\n", text.strip("\n")) + "\n"


def _subject(request: ReplyRequest, kind: str) -> str:
    """Different for each reply: providers hold back mails with repeated titles."""
    heading, about = HEADINGS[kind], _about(request)
    if kind == "receipt":
        text = f"{heading}：{_receipts(request)} {about}"
    elif kind == "mixed":
        text = f"{counts_text(request)}：{about}"
    elif kind == "correction":
        wanted = count(told(request, Severity.ASK))
        text = f"{heading}：{about}（共 {wanted} 处需补正）"
    elif kind == "unreadable":
        arrived = wording.moment_text(request.incoming.arrived, request.campaign.timezone)
        text = f"{heading}（{arrived} 收到）"
    else:
        text = f"{heading}：{about}"
    return text + _remaining(request, kind)


def _about(request: ReplyRequest) -> str:
    """The units' names, else the subject answered if it is to the point, else the time."""
    units = request.units
    if units:
        more = f"等 {len(units)} 家单位" if len(units) > NAMED else ""
        return "、".join(units[:NAMED]) + more
    written = wording.clean(request.incoming.envelope.subject)
    names = (request.campaign.name, *(entry.name for entry in request.campaign.categories))
    subject = subjects.bare(written)
    if subject and (subjects.has_heading(written) or subjects.may_be_repeated(subject, *names)):
        return wording.shorten(subject, 60)
    arrived = wording.moment_text(request.incoming.arrived, request.campaign.timezone)
    return f"{arrived} 来信 {subjects.mark(request.incoming.mail)}"


def _receipts(request: ReplyRequest) -> str:
    touched = any(outcome.touched for outcome in request.outcomes)
    numbers = sorted(
        outcome.receipts[entry.item.ordinal]
        for outcome, entry in sections.entries(request.outcomes)
        if entry.item.ordinal in outcome.receipts
        and entry.decision is Decision.ACCEPTED
        and (not touched or entry.item.ordinal in outcome.touched)
    )
    more = f" 等 {len(numbers)} 项" if len(numbers) > NAMED else ""
    return "、".join(numbers[:NAMED]) + more


def _remaining(request: ReplyRequest, kind: str) -> str:
    """A hint at items this mail did not touch and that still wait for their sender.

    A request to put something right counts their faults anyway.
    """
    waiting = sum(
        entry.decision is Decision.SUPPLEMENT for _, entry in sections.entries(request.outcomes)
    ) - sum(decision is Decision.SUPPLEMENT for decision in decisions(request))
    return (
        f"（另有 {waiting} 项待补正）"
        if waiting and kind not in ("unreadable", "correction")
        else ""
    )
