"""What staff enter by hand: grades, ticks, whose a dossier is. Recorded, and judged again.

Each is one transaction, the caller's; what cannot be done is refused before anything
of it stands. A letter goes out only where a decision changes.
"""

from __future__ import annotations

from mailbot.deciding.filing import judge_again
from mailbot.deciding.settling import Desk, Refused, Settled, campaign_of, letter, named, passed_on
from mailbot.letters import wording
from mailbot.outcome import DossierOutcome, KnownDossier, Reply
from mailbot.store import entered, mails
from mailbot.store import schema as t
from mailbot.store.record import record_again
from mailbot.store.register import StoredRegister
from mailbot.store.targets import Target, known
from mailbot.store.views import ItemRow
from parsers.forms.labels import normalise_name
from rules.notice.campaign import Campaign
from rules.notice.complaints import nearest


def grade(desk: Desk, target: Target, given: str) -> Settled:
    """The grade of an item, "" takes it away. Raises Refused where the places are used up."""
    item = _item(target, "等级")
    (dossier,) = target.dossiers
    campaign = campaign_of(desk, dossier.campaign)
    given = _grade(campaign, item, given.strip())
    before = _full(judge_again(_register(desk), campaign, dossier, desk.now, numbers=False), item)
    number = entered.grade(desk.connection, item.id, given, who=desk.who, now=desk.now)
    outcome = judge_again(_register(desk), campaign, dossier, desk.now)
    if over := [message for message in _full(outcome, item) if message not in before]:
        told = over[0].partition("；")[0]
        raise Refused(f"{named(item)}不能录为“{given}”：{told}。请先更改或清除其他申报项的等级。")
    return _recorded(desk, outcome, f"grade:{number}", (item,))


def _grade(campaign: Campaign, item: ItemRow, given: str) -> str:
    """The grade as the campaign writes it: 1 is 一等. Raises Refused for one it does not have."""
    there = [q.grade for q in campaign.quotas if q.grade and q.category == item.category]
    if not given or not there or given in there:
        return given
    if given.isascii() and given.isdecimal() and 1 <= int(given) <= len(there):
        meant = [name for name in there if name.startswith(wording.numeral(int(given)))]
        if len(meant) == 1:
            return meant[0]
    raise Refused(f"没有等级“{given}”；可用的等级：{'、'.join(there)}。")


def _full(outcome: DossierOutcome, item: ItemRow) -> list[str]:
    """What is said of the item about places that are used up."""
    return [
        finding.message
        for entry in outcome.verdict.items
        if entry.item.ordinal == item.ordinal
        for finding in entry.findings
        if finding.code == "quota.exceeded"
    ]


def tick(desk: Desk, target: Target, what: str, *, undo: bool = False) -> Settled:
    """Paper, fee or stamp of an item, or of a whole dossier. Raises Refused where it stands so."""
    if target.named == "mail":
        raise Refused("请写明申报项编号或受理编号；要登记整个单位的，请写卷宗编号。")
    (dossier,) = target.dossiers
    item = target.items[0] if target.named == "item" else None
    enter = entered.untick if undo else entered.tick
    place = (dossier.id, item.id if item else None)
    number = enter(desk.connection, place, what, who=desk.who, now=desk.now)
    if not number:
        about = named(item) if item else f"“{dossier.unit}”的卷宗"
        said = "没有这项登记，无需取消" if undo else "此前已登记，无需重复"
        raise Refused(f"{about}：“{wording.TICKS[what]}”{said}。")
    outcome = judge_again(_register(desk), campaign_of(desk, dossier.campaign), dossier, desk.now)
    return _recorded(desk, outcome, f"tick:{number}", target.items)


def assign_region(desk: Desk, target: Target, region: str) -> Settled:
    """Whose places the items of a dossier take. Raises Refused where no table knows the region."""
    dossier = _dossier(target)
    campaign = campaign_of(desk, dossier.campaign)
    region = _known_region(campaign, region.strip())
    number = entered.name_region(desk.connection, dossier.id, region, who=desk.who, now=desk.now)
    outcome = judge_again(_register(desk), campaign, dossier, desk.now)
    unknown = [
        finding.message
        for entry in outcome.verdict.items
        for finding in entry.findings
        if finding.code == "quota.unknown_region"
    ]
    if unknown:
        raise Refused(
            f"指定地区“{region}”后仍不能核对名额：{unknown[0]}"
            "可用 mailbot review accept 直接受理，或 mailbot review return 请对方更正。"
        )
    return _recorded(desk, outcome, f"assigned:{number}", target.items)


def _known_region(campaign: Campaign, region: str) -> str:
    """The region as the quota tables write it. Raises Refused where they do not have it."""
    if found := campaign.region(region):
        return found
    names = {
        row.get(quota.region_column, "")
        for quota in campaign.quotas
        for row in campaign.tables.get(quota.table, ())
    } - {""}
    same = [name for name in names if normalise_name(name) == normalise_name(region)]
    if same or not names:
        return same[0] if same else region
    guess = nearest(region, sorted(names))
    hint = f"，是否想写“{guess}”？" if guess else "。"
    raise Refused(f"名额表中没有“{region}”{hint}可用的地区：{'、'.join(sorted(names))}。")


def assign_unit(desk: Desk, target: Target, unit: str) -> Settled:
    """Whose a dossier is. One without items joins the dossier of that unit where there is one.

    Raises Refused where both have items.
    """
    dossier = _dossier(target)
    campaign = campaign_of(desk, dossier.campaign)
    unit = _unit_name(campaign, dossier.tier, unit.strip())
    key = normalise_name(unit)
    if not key or "@" in unit:
        raise Refused(f"“{unit}”不是单位名称，请写单位全称。")
    same = t.dossiers.c.unit_key == key
    tier = (t.dossiers.c.campaign == dossier.campaign) & (t.dossiers.c.tier == dossier.tier)
    others = known(desk.connection, tier, same, t.dossiers.c.id != dossier.id)
    if others and target.items:
        raise Refused(
            f"“{others[0].unit}”已有卷宗 {others[0].id}，两个卷宗都有申报项，不能合并。"
            "请用 mailbot review return 请对方回复原邮件重新报送，或分别办理。"
        )
    if not target.items:  # they wait for nothing else
        entered.settle_mails(desk.connection, dossier.id, unit, who=desk.who, now=desk.now)
    if others:
        (dossier,) = others
        number = entered.move_mails(
            desk.connection, _dossier(target).id, dossier.id, who=desk.who, now=desk.now
        )
    else:
        number = entered.name_unit(desk.connection, dossier.id, unit, who=desk.who, now=desk.now)
        (dossier,) = known(desk.connection, t.dossiers.c.id == dossier.id)
    outcome = judge_again(_register(desk), campaign, dossier, desk.now)
    return _recorded(desk, outcome, f"assigned:{number}", target.items)


def take_up_again(desk: Desk, target: Target) -> Settled:
    """A mail the program could not handle goes back into its queue. Raises Refused for any other."""
    mail = target.mail
    if target.named != "mail" or mail is None:
        raise Refused("请写明来信编号（见 mailbot review list）。")
    if mail.state != "failed":
        said = "已处理完毕" if mail.state == "decided" else "正等待程序处理"
        raise Refused(
            f"来信 {mail.sha256[:12]} {said}，无需重新办理。规则或程序更改后要重新审查的，"
            "请用 mailbot replay。"
        )
    mails.take_up_again(desk.connection, mail.sha256, desk.now, who=desk.who)
    return Settled(mail=mail)


def _unit_name(campaign: Campaign, tier: str, written: str) -> str:
    """A recommending unit goes by the name of its region, as in routing."""
    if campaign.tier(tier).applicant == "company":
        return written
    return campaign.region(written) or written


def _register(desk: Desk) -> StoredRegister:
    return StoredRegister(desk.connection)


def _item(target: Target, what: str) -> ItemRow:
    if target.named != "item":
        raise Refused(f"{what}按申报项录入，请写明申报项编号或受理编号。")
    item = target.items[0]
    if item.state == "withdrawn":
        raise Refused(f"{named(item)}已撤回，不能录入{what}。")
    return item


def _dossier(target: Target) -> KnownDossier:
    if len(target.dossiers) != 1:
        raise Refused("请写明卷宗编号或申报项编号（见 mailbot review list --json）。")
    return target.dossiers[0]


def _recorded(
    desk: Desk, outcome: DossierOutcome, cause: str, items: tuple[ItemRow, ...]
) -> Settled:
    """Written down; whoever applied hears of it where a decision has changed."""
    reply: Reply | None = None
    if outcome.touched:
        reply = letter(desk, outcome, (), cause)
    record_again(desk.connection, cause, outcome, reply, desk.now)
    return Settled(
        outcomes=(outcome,),
        items=items,
        replies=(reply,) if reply else (),
        promoted=passed_on(desk, [outcome]),
    )
