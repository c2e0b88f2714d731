"""From a request to the letter: which parts a reply has, and in which order.

Pure. The parts themselves are made in :mod:`mailbot.letters.sections` and
:mod:`mailbot.letters.points`, their sentences stand in the templates.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mailbot.letters import bundles, copies, points, sections, wording
from mailbot.letters.letter import Body, Letter, Pair, Pairs, Section
from mailbot.letters.request import ReplyRequest, count, counts_text, is_renewal, told
from mailbot.render import paragraphs
from rules.checks.fileformats import program_name
from rules.model import Decision, Severity
from rules.notice.campaign import Campaign, Tier
from rules.notice.settings import ChangeNoteRule, FormatRule

#: What each kind of reply is called, in its subject and over its text.
HEADINGS = {
    "receipt": "受理通知",
    "waitlisted": "候补通知",
    "review": "已收到，人工复核中",
    "correction": "补正通知",
    "refusal": "不予受理通知",
    "mixed": "办理结果通知",
    "received": "材料已收到",
    "inquiry": "来信已收到",
    "withdrawal": "撤回申请已收到",
    "withdrawn": "撤回办理通知",
    "unreadable": "来信未能读取，请重新发送",
}

_TONES = {"receipt": "good", "correction": "bad", "refusal": "bad", "unreadable": "bad"}

#: What a letter is made from, by the first word of its cause; else what staff have decided.
_BASES = {"": "来信", "promotion": "候补顺序"}

#: Requests that are met by sending more, without changing what was sent.
_NO_CHANGE = ("document.missing", "change.note_missing", "mail.contact_missing")

#: A contact that is one person or several, 李老师 or 张三、李四, and no unit.
_PERSON = re.compile(
    r"(?:老师|同志|先生|女士|主任|经理)$"
    r"|^(?!.*[会处部科室局心办所站司委厅院]$)[^、]{2,4}(?:、[^、]{2,4})*$"
)

#: Names of units in a greeting, and receipt numbers in a subject.
NAMED = 3


def compose_letter(request: ReplyRequest, kind: str) -> Letter:
    """The whole letter of one kind (see :func:`mailbot.letters.request.reply_kind`)."""
    campaign = request.campaign
    zone = campaign.timezone
    notice = campaign.as_of(request.tier)
    lead = paragraphs(
        f"reply/{_opening(request, kind)}.j2",
        who="贵单位" if request.units else "您",
        arrived=wording.moment_text(request.incoming.arrived, zone),
        title=notice.title,
        number=notice.number,
        counts=counts_text(request),
        asked=count(told(request, Severity.ASK)),
        cured=count(points.cured(campaign, request.outcomes)),
        renewed=is_renewal(request),
        places=bool(campaign.quotas),
        **_of_staff(request),
        gone="、".join(sections.gone(campaign, request.outcomes)),
        remaining=any(entry.verdict.items for entry in request.outcomes),
    )
    contact = notice.contact
    post = f"{contact.address}（邮编 {contact.postcode}）" if contact.postcode else contact.address
    who = "联系人" if _PERSON.search(contact.name) else "联系单位"
    lines = ((who, contact.name), ("电话", contact.phone), ("地址", post))
    return Letter(
        heading=HEADINGS[kind],
        tone=_TONES.get(kind, "wait"),
        greeting=_greeting(request),
        lead=lead,
        sections=tuple(_numbered(_sections(request, kind))),
        contact=tuple(Pair(label=label, value=value) for label, value in lines if value),
        signature=notice.signature,
        dated=wording.day_text(request.now.astimezone(zone).date()),
        basis=_BASES.get(request.cause.partition(":")[0], "工作人员的审核结果"),
    )


def _opening(request: ReplyRequest, kind: str) -> str:
    """The template of the opening: of a mail, of staff's decision, of a place fallen free."""
    if request.cause.startswith("promotion:"):
        return "lead/promotion"
    return f"{'staff' if request.cause else 'lead'}/{kind}"


def _of_staff(request: ReplyRequest) -> dict[str, object]:
    """What only the opening of a letter about staff's decisions needs."""
    if not request.cause:
        return {}
    reasons = (o.rulings[item.ordinal].reason for o, item in sections.withdrawn(request.outcomes))
    return {
        "items": any(entry.verdict.items for entry in request.outcomes),
        "reason": "；".join(dict.fromkeys(map(wording.clean, filter(None, reasons)))),
    }


def _greeting(request: ReplyRequest) -> str:
    units = request.units
    if not units:
        return "您好！"
    if len(units) > NAMED:
        return "各申报单位：您好！"
    return f"{wording.clean('、'.join(units))}：您好！"


def _numbered(parts: Iterator[Section]) -> Iterator[Section]:
    for number, part in enumerate(parts, start=1):
        yield Section(
            numeral=wording.numeral(number),
            title=part.title,
            intro=part.intro,
            body=part.body,
            outro=part.outro,
        )


def _sections(request: ReplyRequest, kind: str) -> Iterator[Section]:
    """The parts in the order in which a reader needs them; empty ones left out."""
    campaign, outcomes = request.campaign, request.outcomes
    if kind == "unreadable":
        return
    many = bundles.are_many(outcomes)
    results = (bundles if many else sections).results(campaign, outcomes)
    if results.rows:
        yield Section(
            numeral="",
            title="办理结果",
            body=results,
            intro=(bundles.overview(outcomes),) if many else (),
        )
    yield from _against(request)
    if (cured := points.cured(campaign, outcomes)).groups:
        yield _section("已补正的内容", cured)
    if not results.rows and (kind == "received" or not _has_known(request)):
        yield from _guidance(request, kind)
    yield from _money(request, kind)
    if (hints := told(request, Severity.INFO)).groups:
        yield _section("提示", hints)
    yield from _received(request)
    short = bundles.are_many_forms(campaign, outcomes)
    readings = (bundles if short else sections).readings(campaign, outcomes)
    if readings.forms:
        yield _section("读取结果", readings, intro="readings")
    if any(entry.decision is Decision.ACCEPTED for _, entry in sections.entries(outcomes)):
        tier = campaign.tier(request.tier).id
        posted = any(
            demand.channel == "post" and (not demand.tiers or tier in demand.tiers)
            for demand in campaign.demands
        )
        payable = campaign.fees.policy == "due"
        intro = paragraphs(
            "reply/say/next.j2",
            payable=payable,
            posted=posted,
            whose=campaign.tier(request.tier).sign or "协会",
            change_note=_change_note(request),
        )
        yield Section(numeral="", title="后续事项", intro=intro)


def _received(request: ReplyRequest) -> Iterator[Section]:
    """The files of this mail, and what holds good of earlier ones."""
    campaign, outcomes = request.campaign, request.outcomes
    documents = request.incoming.reading.documents
    earlier = sections.earlier(campaign, outcomes)
    if bundles.are_many_files(documents):
        title = f"收到的材料（共 {bundles.count_files(documents)} 个文件）"
        yield _section(title, bundles.files(campaign, outcomes, documents), outro="prints")
    elif documents:
        yield _section("收到的材料", sections.files(campaign, outcomes, documents), outro="files")
    if bundles.are_many(outcomes) and len(earlier.rows) > bundles.MANY:
        told = f"此前来信所报的 {len(earlier.rows)} 个文件继续有效，无需重复报送。"
        yield Section(numeral="", title="此前已收到、继续有效的材料", intro=(told,))
    elif earlier.rows:
        yield _section("此前已收到、继续有效的材料", earlier)


def _against(request: ReplyRequest) -> Iterator[Section]:
    """What stands in the way: reasons of refusal, what to put right, the waiting list."""
    if (refused := told(request, Severity.REJECT)).groups:
        yield _section("不予受理的理由", refused, outro="refused")
    asked = told(request, Severity.ASK)
    if asked.groups:
        yield Section(
            numeral="",
            title=f"需要补正的内容（共 {count(asked)} 处，一次性告知）",
            body=asked,
            outro=_how_to_cure(request),
        )
    if (held := told(request, Severity.HOLD)).groups:
        yield _section("候补说明", held, outro="held")


def _how_to_cure(request: ReplyRequest) -> tuple[str, ...]:
    """Until when, and how to send."""
    zone = request.campaign.timezone
    found = [
        finding
        for outcome in request.outcomes
        for finding in (
            *outcome.verdict.findings,
            *(f for entry in outcome.verdict.items for f in entry.findings),
        )
        if finding.severity is Severity.ASK
    ]
    dates = points.deadlines(request.campaign, request.tier, request.outcomes)
    changes = any(finding.code not in _NO_CHANGE for finding in found)
    note = _change_note(request) if changes else ""
    said = [
        {
            "day": wording.deadline_text(entry, zone),
            "passed": request.now >= entry.ends_at(zone),
            "papers": wording.deadline_scope(request.campaign, entry),
        }
        for entry in dates
    ]
    told = paragraphs("reply/say/cure.j2", dates=said, change_note=note)
    return (*told, copies.sentence()) if copies.copies_of(request) else told


def _change_note(request: ReplyRequest) -> str:
    """The note that has to come with changes of what was sent; "" where none is wanted."""
    tier = request.campaign.tier(request.tier).id
    for rule in request.campaign.rules:
        if isinstance(rule, ChangeNoteRule) and (not rule.tiers or tier in rule.tiers):
            return request.campaign.paper_name(rule.kind)
    return ""


def _has_known(request: ReplyRequest) -> bool:
    """Has anything come that the notice asks for, so that its sender knows how to apply?"""
    return any(paper.kind for outcome in request.outcomes for paper in outcome.dossier.papers)


def _guidance(request: ReplyRequest, kind: str) -> Iterator[Section]:
    """What the mailbox is for, where nothing has been applied for yet."""
    if kind == "refusal" and request.cause:
        return
    campaign = request.campaign
    tier = campaign.tier(request.tier)
    notice = campaign.as_of(request.tier)
    number = f"（{notice.number}）" if notice.number else ""
    rows = [
        Pair(label="活动通知", value=f"{notice.title}{number}"),
        Pair(label="报送邮箱", value=_boxes(campaign, tier)),
        *_closings(campaign, tier),
    ]  # fmt: skip
    if campaign.fees.policy in ("none", "forbidden"):
        clause = wording.clause_text(campaign.fees.clause)
        basis = f"（依据：{clause}）" if clause else ""
        rows.append(Pair(label="费用", value=f"本次活动不收取任何费用{basis}"))
    yield Section(
        numeral="",
        title="报送方式与期限",
        body=Pairs(rows=tuple(rows)),
        outro=paragraphs("reply/say/how.j2", formats=_formats(campaign, tier)),
    )
    yield _section("需报送的材料", points.wanted(campaign, request.tier))


def _closings(campaign: Campaign, tier: Tier) -> Iterator[Pair]:
    """Until when; by category where the notice sets them apart, as it does some papers."""
    for entry in tier.deadlines:
        scope = wording.deadline_scope(campaign, entry)
        if entry.kinds and not set(entry.kinds) & {demand.kind for demand in campaign.demands}:
            continue  # what is demanded of nobody, as a list of participants
        quote = f"（通知原文：“{entry.wording}”）" if entry.wording else ""
        said = f"{wording.deadline_text(entry, campaign.timezone)}{quote}"
        yield Pair(label=f"{scope}截止时间", value=said)


def _formats(campaign: Campaign, tier: Tier) -> list[dict[str, str]]:
    """Which papers the notice wants as files of which programs, each program once."""
    papers: dict[str, list[str]] = {}
    for rule in campaign.rules:
        if isinstance(rule, FormatRule) and (not rule.tiers or tier.id in rule.tiers):
            programs = " 或 ".join(dict.fromkeys(map(program_name, rule.formats)))
            papers.setdefault(programs, []).extend(map(campaign.paper_name, rule.kinds))
    return [
        {"papers": "、".join(dict.fromkeys(names)), "programs": programs}
        for programs, names in papers.items()
    ]


def _boxes(campaign: Campaign, tier: Tier) -> str:
    """The addresses of a tier; where there are several, which papers go to which."""
    boxes = [box for box in campaign.mailboxes if not box.tier or box.tier == tier.id]
    rest = "、".join(box.address for box in boxes if not box.kinds)
    told = [
        f"{'、'.join(map(campaign.paper_name, box.kinds))}发至{box.address}"
        for box in boxes
        if box.kinds
    ]
    return "；".join([*told, f"其他材料发至{rest}"]) if told and rest else "；".join(told) or rest


def _money(request: ReplyRequest, kind: str) -> Iterator[Section]:
    """What is to be paid; staff's letters say so where they accept something."""
    if request.cause and kind not in ("receipt", "mixed"):
        return
    fees = request.campaign.fees
    rows = sections.account(request.campaign, request.whole or request.outcomes)
    if rows.rows:
        yield Section(
            numeral="",
            title=fees.name or "费用",
            body=rows,
            intro=paragraphs(
                "reply/say/fee.j2", collected_by=fees.collected_by, payable=len(rows.rows) > 1
            ),
        )


def _section(title: str, body: Body | None, *, intro: str = "", outro: str = "") -> Section:
    return Section(
        numeral="",
        title=title,
        intro=paragraphs(f"reply/say/{intro}.j2") if intro else (),
        body=body,
        outro=paragraphs(f"reply/say/{outro}.j2") if outro else (),
    )
