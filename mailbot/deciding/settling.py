"""What staff settle about items and mails: kept, judged again, numbered, recorded, answered.

Everything one decision of a person brings about is one writing transaction, the
caller's; what cannot be done is refused before anything of it stands. Nothing is
sent here: the letter waits in the outbox like every other.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from mailbot.deciding.decision import DecidingSettings
from mailbot.deciding.filing import judge_again
from mailbot.deciding.notifying import letter_about
from mailbot.deciding.promoting import promote
from mailbot.letters import wording
from mailbot.letters.reply import ReplyRequest, compose_reply, recipient_of
from mailbot.letters.ruled import without_files
from mailbot.outcome import DossierOutcome, Incoming, KnownDossier, Reply
from mailbot.store import Connection, entered
from mailbot.store.record import keep_ruling, queue_reply, record_again
from mailbot.store.register import StoredRegister
from mailbot.store.targets import Target, mail_as_read, place_of
from mailbot.store.views import ItemRow, MailRow
from mailbot.store.waiting import waits_itself
from rules.model import Decision, Finding, Ruling, Severity
from rules.notice.campaign import Campaign

What = Literal["accept", "return", "decline", "withdraw"]


class Refused(Exception):
    """What was asked cannot be done; the message says why and what to do, in Chinese."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Where one person decides: within one transaction, at one time."""

    connection: Connection
    campaigns: Mapping[str, Campaign]
    settings: DecidingSettings
    candidates: Mapping[str, tuple[str, ...]]  #: the campaigns of each mailbox address
    who: str  #: the person
    now: datetime  #: aware


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What became of it."""

    outcomes: tuple[DossierOutcome, ...] = ()
    items: tuple[ItemRow, ...] = ()  #: ruled about, as they stood before
    mail: MailRow | None = None  #: a mail without items that is done with
    replies: tuple[Reply, ...] = ()  #: letters in the outbox now
    promoted: tuple[DossierOutcome, ...] = ()  #: got a place that fell free, and a letter


def rule(desk: Desk, target: Target, ruling: Ruling) -> Settled:
    """One decision of a person about an item, the open items of a dossier, or a mail.

    Raises Refused; the caller's transaction must then end without a trace.
    """
    if ruling.what in ("return", "decline") and (doubted := _doubted(desk, target)):
        return _refuse(desk, target, ruling, doubted)
    own = target.mail is not None and waits_itself(desk.connection, target.mail.sha256)
    items = _meant(target, ruling.what, own=own)
    if not items:
        return _rule_mail(desk, target, ruling)
    if own and target.mail:
        _settle_mail(desk, target.mail, ruling)
    done = [
        _rule_dossier(desk, known, ruling, mine)
        for known in target.dossiers
        if (mine := [item for item in items if item.dossier == known.id])
    ]
    return Settled(
        outcomes=tuple(outcome for outcome, _ in done),
        items=tuple(items),
        replies=tuple(reply for _, reply in done if reply),
        promoted=passed_on(desk, [outcome for outcome, _ in done]),
    )


def _doubted(desk: Desk, target: Target) -> dict[KnownDossier, int]:
    """The dossiers in which a mail would replace what another address has sent; its place in each.

    Only where the ID names the mail: who names an item decides about the item.
    """
    mail, found = target.mail, {}
    for known in target.dossiers if target.named == "mail" and mail else ():
        place = place_of(desk.connection, known.id, mail.sha256) if mail else None
        campaign = campaign_of(desk, known.campaign)
        register = StoredRegister(desk.connection)
        outcome = judge_again(register, campaign, known, desk.now, numbers=False)
        if place not in outcome.standing.refused and any(
            paper.held and paper.submission == place for paper in outcome.dossier.papers
        ):
            found[known] = int(place or 0)
    return found


def _refuse(
    desk: Desk, target: Target, ruling: Ruling, doubted: Collection[KnownDossier]
) -> Settled:
    """Such a mail is not taken: what it would replace stays in force, and so do the decisions.

    Whoever sent it is told so in staff's words; the unit only of items accepted by it now.
    """
    mail = target.mail
    if mail is None:
        raise ValueError("only a mail can be refused")
    number = _settle_mail(desk, mail, ruling)
    for known in doubted:
        entered.refuse_papers(desk.connection, mail.sha256, known.id, who=desk.who, now=desk.now)
    cause = f"settled:{mail.sha256}"
    replies = [_letter_about(desk, mail, ruling, cause)]
    queue_reply(desk.connection, cause, replies[0], desk.now, mail=number)
    outcomes = []
    for known in doubted:
        outcome = judge_again(
            StoredRegister(desk.connection), campaign_of(desk, known.campaign), known, desk.now
        )
        fresh = outcome.receipts.keys() - outcome.standing.receipts.keys()
        own = f"{cause}:{known.id}"
        told = letter(desk, outcome, sorted(fresh), own) if fresh else None
        record_again(desk.connection, own, outcome, told, desk.now)
        outcomes.append(outcome)
        replies += [told] if told else []
    return Settled(
        outcomes=tuple(outcomes),
        mail=mail,
        replies=tuple(replies),
        promoted=passed_on(desk, outcomes),
    )


def passed_on(desk: Desk, outcomes: Collection[DossierOutcome]) -> tuple[DossierOutcome, ...]:
    """Places that fall free go to whoever waits for them, within the same transaction."""
    lists = dict.fromkeys((entry.dossier.campaign, entry.dossier.tier) for entry in outcomes)
    return tuple(
        promoted
        for campaign, tier in lists
        for promoted in promote(
            desk.connection, desk.campaigns, desk.settings, campaign, tier, desk.now
        )
    )


def _meant(target: Target, what: What, *, own: bool) -> Sequence[ItemRow]:
    """The named item, else those of the dossier or mail that the decision is about.

    None of them where only the mail itself waits (``own``).
    Raises Refused where an item cannot be decided so, or nothing of a dossier is open.
    """
    if target.named == "item":
        _possible(target.items[0], what)
        return target.items
    if not target.items:
        return ()
    wanted = [
        item
        for item in target.items
        if (item.state == "review" if what != "withdraw" else item.state != "withdrawn")
    ]
    if not wanted and not own:
        raise Refused(
            "其中没有待人工处理的申报项。要改变其他申报项的结论，请写明申报项编号（见 mailbot list）："
            + "；".join(
                f"{named(item)}（{wording.STATES[item.state]}）{item.id}" for item in target.items
            )
        )
    return wanted


def _possible(item: ItemRow, what: What) -> None:
    """Raises Refused where the item stands so already, or is withdrawn."""
    number = f"（受理编号 {item.receipt}）" if item.receipt else ""
    if item.state == "withdrawn":
        raise Refused(f"{named(item)}已撤回，不能再作决定。申报单位重新报送后，将按新材料办理。")
    if what == "accept" and item.state == "accepted":
        raise Refused(f"{named(item)}已受理{number}，无需再次受理。")
    if what == "decline" and item.state == "declined":
        raise Refused(f"{named(item)}已经是不予受理，无需再次办理。")


def named(item: ItemRow) -> str:
    """How an item is called in what staff read."""
    return f"{wording.clean(item.company or item.unit)}「{wording.clean(item.name)}」"


def _rule_dossier(
    desk: Desk,
    known: KnownDossier,
    ruling: Ruling,
    items: Sequence[ItemRow],
) -> tuple[DossierOutcome, Reply | None]:
    campaign = campaign_of(desk, known.campaign)
    register = StoredRegister(desk.connection)
    made = Ruling(
        what=ruling.what, reason=ruling.reason, submissions=len(register.submissions(known.id))
    )
    numbers = [
        keep_ruling(desk.connection, item.id, made, who=desk.who, now=desk.now) for item in items
    ]
    outcome = judge_again(register, campaign, known, desk.now)
    about = [item.ordinal for item in items]
    if ruling.what == "accept":
        _has_places(outcome, items)
    cause = f"ruling:{numbers[0]}"
    reply = letter(desk, outcome, about, cause)
    record_again(desk.connection, cause, outcome, reply, desk.now)
    return outcome, reply


def _has_places(outcome: DossierOutcome, items: Sequence[ItemRow]) -> None:
    """Raises Refused where what a person accepts does not fit into its quota."""
    judged = {entry.item.ordinal: entry for entry in outcome.verdict.items}
    for item in items:
        entry = judged[item.ordinal]
        if entry.decision is Decision.ACCEPTED:
            continue
        full = next((f for f in entry.findings if f.code == "quota.exceeded"), None)
        told = full.message.partition("；")[0] if full else "仍有不能受理的情形"
        raise Refused(
            f"{named(item)}不能受理：{told}。请先撤回（mailbot withdraw）或不予受理"
            "（mailbot review decline）其他已受理的申报项，腾出名额后再受理。"
        )


def letter(
    desk: Desk,
    outcome: DossierOutcome,
    about: Sequence[int],
    cause: str,
) -> Reply | None:
    """The letter to whoever sent the dossier's last mail; None where it has no address."""
    if outcome.known is None:
        return None
    campaign = campaign_of(desk, outcome.known.campaign)
    return letter_about(
        desk.connection, campaign, desk.settings, outcome, about, cause=cause, now=desk.now
    )


def campaign_of(desk: Desk, name: str) -> Campaign:
    """The campaign of this id. Raises Refused where the configuration does not have it."""
    if name not in desk.campaigns:
        raise Refused(f"配置中没有启用活动 {name}，不能办理。请在 [campaigns] enabled 中加上它。")
    return desk.campaigns[name]


def _rule_mail(desk: Desk, target: Target, ruling: Ruling) -> Settled:
    """A mail for which no item stands: settled, with a letter unless it was simply taken note of."""
    mail = target.mail
    if mail is None:
        raise Refused("这个卷宗中没有申报项，请写明来信编号（见 mailbot review list）。")
    if ruling.what == "withdraw":
        raise Refused("这封来信没有申报项，没有可撤回的内容。")
    if entered.is_settled(desk.connection, mail.sha256):
        raise Refused(f"来信 {mail.sha256[:12]} 已由人工处理完毕，无需再次办理。")
    if mail.state in ("received", "read"):
        raise Refused(f"来信 {mail.sha256[:12]} 尚未处理，请等程序处理后再作决定。")
    if ruling.what != "accept" and mail.disposition in ("bounce", "automatic"):
        raise Refused(
            f"来信 {mail.sha256[:12]} 由程序自动发出，不能回信。处理完毕后，"
            f"请用 mailbot review accept {mail.sha256[:12]} 记为已处理。"
        )
    number = _settle_mail(desk, mail, ruling)
    if ruling.what == "accept":
        return Settled(mail=mail)
    cause = f"settled:{mail.sha256}"
    reply = _letter_about(desk, mail, ruling, cause)
    queue_reply(desk.connection, cause, reply, desk.now, mail=number)
    return Settled(mail=mail, replies=(reply,))


def _settle_mail(desk: Desk, mail: MailRow, ruling: Ruling) -> int:
    words = {"what": ruling.what, "reason": ruling.reason, "who": desk.who}
    return entered.settle_mail(desk.connection, mail.sha256, **words, now=desk.now)


def _letter_about(
    desk: Desk,
    mail: MailRow,
    ruling: Ruling,
    cause: str,
) -> Reply:
    """The letter in staff's words. Raises Refused where nobody can be answered."""
    incoming = mail_as_read(desk.connection, mail.sha256)
    if incoming is None or not recipient_of(incoming.envelope):
        raise Refused(
            f"来信 {mail.sha256[:12]} 没有读出可用的回信地址。请查看原件后自行联系对方，"
            f"再用 mailbot review accept {mail.sha256[:12]} 记为已处理。"
        )
    returned = ruling.what == "return"
    finding = Finding(
        code="staff.returned" if returned else "staff.declined",
        severity=Severity.ASK if returned else Severity.REJECT,
        message=ruling.reason,
    )
    return compose_reply(
        ReplyRequest(
            campaign=_campaign_of_mail(desk, mail, incoming),
            tier=mail.tier,
            incoming=without_files(incoming),
            disposition="submission",
            findings=(finding,),
            from_address=desk.settings.from_address,
            from_name=desk.settings.from_name,
            account=desk.settings.account,
            cause=cause,
            now=desk.now,
        )
    )


def _campaign_of_mail(desk: Desk, mail: MailRow, incoming: Incoming) -> Campaign:
    """Under which campaign's name is answered. Raises Refused where several may be meant."""
    names = [mail.campaign] if mail.campaign else list(_served(desk, incoming))
    if len(names) != 1:
        raise Refused(
            f"不能确定来信 {mail.sha256[:12]} 属于哪项活动，无法代拟回信。请自行联系对方，"
            f"再用 mailbot review accept {mail.sha256[:12]} 记为已处理。"
        )
    return campaign_of(desk, names[0])


def _served(desk: Desk, incoming: Incoming) -> Iterator[str]:
    """The campaigns of the mailbox it came to, or all."""
    yield from desk.candidates.get(incoming.mailbox) or desk.campaigns
