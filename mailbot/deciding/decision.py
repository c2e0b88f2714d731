"""Decides one mail: what it is, where it belongs, what the rules say, what is answered.

The same code serves the service, inside the transaction that records the
outcome, and dry runs. It reads and counts through the :class:`Register` it is
handed and touches nothing else: no clock, no file, no network.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from mailbot.deciding import caps, junk
from mailbot.deciding.caps import Caps
from mailbot.deciding.filing import Case, file_parts, file_words
from mailbot.deciding.senders import KnownSenders
from mailbot.deciding.withdrawing import asks_outright, for_staff, may_withdraw
from mailbot.letters.reply import ReplyRequest, compose_reply, recipient_of
from mailbot.letters.ruled import discreet
from mailbot.mime.automatic import from_ourselves
from mailbot.model import CloudLink, Disposition
from mailbot.outcome import DossierOutcome, Incoming, Outcome, Register
from parsers.model import Document
from rules.gathering.routing import Route, route, split_units
from rules.model import EFFECT, Decision, Finding, Severity
from rules.notice.campaign import Campaign

#: "see the attachment", with nothing attached
_PROMISED = re.compile(r"见附件|附件[是为中里]|请查收附件|附上|随信附|附件请")


@dataclass(frozen=True, slots=True, kw_only=True)
class DecidingSettings:
    """What the operator has set."""

    from_address: str  #: replies go out under this address
    from_name: str = ""
    own_addresses: frozenset[str] = frozenset()  #: never answered: our own mailboxes
    account: str = ""  #: part of the Message-ID of replies
    caps: Caps = field(default_factory=Caps)  #: of letters; RFC 3834 section 2 asks for a limit
    numbers: bool = True  #: give receipt numbers; False in a dry run against the real register
    senders: KnownSenders = field(default_factory=KnownSenders)  #: whom staff know


def decide(
    incoming: Incoming,
    register: Register,
    campaigns: Mapping[str, Campaign],
    settings: DecidingSettings,
    now: datetime,
) -> Outcome:
    """Everything about one mail. The same mail, register and time give the same outcome."""
    silence = _machine(incoming, settings)
    if silence:
        disposition: Disposition = "bounce" if incoming.envelope.bounce else "automatic"
        return Outcome(disposition=disposition, silence=silence)
    chosen = _route(incoming, campaigns)
    if incoming.junk and not junk.is_ours(incoming, register, chosen):
        return Outcome(disposition="junk", silence=junk.silence(incoming))
    if chosen is None:
        return Outcome(disposition="foreign", silence="与已设置的活动均不相符，由工作人员查看")
    campaign = campaigns[chosen.campaign]
    if register.repeated(incoming):
        return Outcome(
            disposition="submission",
            campaign=campaign.id,
            tier=chosen.tier,
            repeated=True,
            silence="同一来信重复到达，此前已处理",
        )
    writer = incoming.envelope.forwarded
    if from_ourselves(writer, _own(settings)):  # somebody passes on a letter of ours
        writer = ""
    case = Case(
        incoming=_as_read_by(campaign, incoming),
        register=register,
        campaign=campaign,
        route=chosen,
        now=now,
        numbers=settings.numbers,
        sender=settings.senders.of(writer or incoming.envelope.sender),
        writer=writer,
    )
    outcome = _answer(case, _passed_on(case, _file(case)), settings)
    return replace(outcome, writer=writer)


def _machine(incoming: Incoming, settings: DecidingSettings) -> str:
    """Why this was not written by a person waiting for an answer; "" when it was."""
    sender = incoming.envelope.sender
    return incoming.envelope.automatic or from_ourselves(sender, _own(settings))


def _own(settings: DecidingSettings) -> frozenset[str]:
    return settings.own_addresses | {settings.from_address.lower()}


def _passed_on(case: Case, outcome: Outcome) -> Outcome:
    """The answer goes to who passed the papers on, and nobody else: they are told so."""
    if not case.writer or not outcome.dossiers:
        return outcome
    finding = Finding(
        code="mail.forwarded",
        severity=Severity.INFO,
        message=f"来信系转发，原发件人为 {case.writer}。本回复只发给转发人，请转告申报单位。",
    )
    return replace(outcome, findings=(*outcome.findings, finding))


def _route(incoming: Incoming, campaigns: Mapping[str, Campaign]) -> Route | None:
    names = incoming.candidates or tuple(campaigns)
    candidates = {name: campaigns[name] for name in names if name in campaigns}
    addresses = (incoming.mailbox, *incoming.envelope.recipients)
    if len(candidates) == 1 and incoming.candidates:
        addresses = (*addresses, next(iter(candidates.values())).mailboxes[0].address)
    return route(
        candidates,
        addresses=[address for address in addresses if address],
        documents=incoming.reading.documents,
        arrived=incoming.arrived,
        tier=incoming.tier,
    )


def _as_read_by(campaign: Campaign, incoming: Incoming) -> Incoming:
    """The mail with its papers of the kinds that the campaign knows them by."""
    reading = incoming.reading
    documents = tuple(document.read_by(campaign.id) for document in reading.documents)
    return replace(incoming, reading=replace(reading, documents=documents))


def _file(case: Case) -> Outcome:
    """The mail filed in its dossiers and judged; without the reply."""
    reading, campaign, chosen = case.incoming.reading, case.campaign, case.route
    if reading.failure:
        text = f"来信未能读取：{reading.failure}"
        finding = Finding(code="document.unreadable", severity=Severity.HUMAN, message=text)
        return _loose(campaign, chosen, "submission", finding)
    if not reading.documents and not reading.links:
        if (said := _words_only(case)) is not None:
            return said
        promised = _PROMISED.search(reading.envelope.subject + reading.body)
        return _loose(campaign, chosen, "inquiry", *([_nothing_attached()] if promised else []))
    # A mail with nothing but links is filed too: what it promised was begun when it came.
    dossiers = file_parts(
        case, split_units(campaign, campaign.tier(chosen.tier), reading.documents)
    )
    come = {leaf.file.rpartition("/")[2] for entry in reading.documents for leaf in entry.leaves()}
    come |= {entry.file for entry in reading.documents}
    findings = tuple(_cloud_link(link) for link in reading.links if link.name not in come)
    findings += tuple(for_staff(e.doubt, e.dossier.unit) for e in dossiers if e.doubt)
    return _filed(case, "submission", dossiers, findings)


def _words_only(case: Case) -> Outcome | None:
    """A mail that withdraws items, or names those to keep; None where it is neither."""
    filed = file_words(case)
    if filed is not None and not filed.doubt:
        disposition: Disposition = "withdrawal" if filed.rulings else "submission"
        return _filed(case, disposition, (filed,), ())
    if filed is None and not asks_outright(case.incoming):
        return None
    finding = (
        for_staff(filed.doubt, filed.dossier.unit)
        if filed
        else for_staff("未能确定来信属于哪个申报单位")
    )
    kind: Disposition = "withdrawal" if may_withdraw(case.incoming) else "inquiry"
    return _loose(case.campaign, case.route, kind, finding)


def _filed(
    case: Case,
    disposition: Disposition,
    dossiers: tuple[DossierOutcome, ...],
    findings: tuple[Finding, ...],
) -> Outcome:
    return Outcome(
        disposition=disposition,
        campaign=case.campaign.id,
        tier=case.route.tier,
        decision=_gravest(dossiers, findings),
        dossiers=dossiers,
        findings=findings,
    )


def _loose(
    campaign: Campaign, chosen: Route, disposition: Disposition, *findings: Finding
) -> Outcome:
    """A mail without documents and links: it belongs to no dossier."""
    return Outcome(
        disposition=disposition,
        campaign=campaign.id,
        tier=chosen.tier,
        decision=_gravest((), findings),
        findings=findings,
    )


def _cloud_link(link: CloudLink) -> Finding:
    name = link.name or "超大附件"
    told = "，".join(filter(None, (link.size, link.expires and f"{link.expires} 到期")))
    shown = f"“{name}”（{told}）" if told else f"“{name}”"
    return Finding(
        code="document.cloud_link",
        severity=Severity.ASK,
        document=name,
        message=f"{shown}是以超大附件（网盘链接）方式发送的，无法收取。请改用普通附件重新发送，文件较大时可分几封邮件。",
    )


def _nothing_attached() -> Finding:
    return Finding(
        code="mail.no_attachment",
        severity=Severity.ASK,
        message="来信提到附件，但没有收到任何附件。请检查后将申报材料作为普通附件重新发送。",
    )


def _gravest(dossiers: Sequence[DossierOutcome], findings: Sequence[Finding]) -> Decision | None:
    """The gravest of the items the mail touched and of its own findings."""
    graves = [EFFECT[f.severity] for f in findings if f.severity in EFFECT]
    for outcome in dossiers:
        latest = len(outcome.dossier.submissions) - 1
        categories = {i.item.category for i in outcome.verdict.items}
        graves += [
            entry.decision
            for entry in outcome.verdict.items
            if entry.item.ordinal in outcome.touched
        ]
        graves += [
            EFFECT[finding.severity]
            for finding in outcome.verdict.findings
            if finding.severity in EFFECT
            and (finding.mail == latest or not categories or not finding.categories)
        ]
    return max(graves, key=lambda decision: decision.gravity, default=None)


def _answer(case: Case, outcome: Outcome, settings: DecidingSettings) -> Outcome:
    """The outcome with its reply, or with the reason why there is none."""
    incoming, now = case.incoming, case.now
    recipient = recipient_of(incoming.envelope)
    if not recipient:
        return _unanswered(outcome, "来信没有可用的回信地址", loops=False)
    if incoming.envelope.return_path is None and case.register.expects_path(incoming.mail):
        why = "来信没有退信地址（Return-Path），而本邮箱的其他来信都有，可能不是正常投递的邮件"
        return _unanswered(outcome, why, loops=False)
    if case.register.is_ours(incoming.envelope.about):
        return _unanswered(outcome, "来信附有本系统发出的邮件，不作自动答复")
    if why := caps.reached(settings.caps, case.register, incoming, recipient, now):
        return _unanswered(outcome, why, loops=caps.is_answer(incoming))
    reply = compose_reply(
        ReplyRequest(
            campaign=case.campaign,
            tier=outcome.tier,
            incoming=incoming,
            disposition=outcome.disposition,
            outcomes=tuple(map(discreet, outcome.dossiers)),
            findings=outcome.findings,
            from_address=settings.from_address,
            from_name=settings.from_name,
            account=settings.account,
            now=now,
        )
    )
    return replace(outcome, reply=replace(reply, topic=caps.topic_of(incoming)))


def _unanswered(outcome: Outcome, why: str, *, loops: bool = True) -> Outcome:
    """Filed and judged, without a letter: of what brought papers a person is told.

    What brought none and goes round (``loops``) is a robot's.
    """
    if outcome.dossiers:
        text = f"{why}。请查看处理结果，必要时自行答复。"
        finding = Finding(code="mail.unanswered", severity=Severity.HUMAN, message=text)
        return replace(outcome, findings=(*outcome.findings, finding), silence=why)
    robot = loops and outcome.disposition == "inquiry" and not outcome.findings
    return replace(outcome, disposition="automatic" if robot else outcome.disposition, silence=why)


def documents_of(outcome: Outcome) -> tuple[tuple[Document, str], ...]:
    """The leaves this mail filed, each with its kind ("" unknown), in the order sent."""
    found: list[tuple[Document, str]] = []
    for entry in outcome.dossiers:
        latest = len(entry.dossier.submissions) - 1
        for paper in entry.dossier.papers:
            pair = (paper.document, paper.kind)
            if paper.submission == latest and pair not in found:
                found.append(pair)
    return tuple(found)
