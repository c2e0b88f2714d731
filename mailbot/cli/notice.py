"""A campaign as a page that staff hold against the printed notice, point by point.

Everything that decides about an application stands on it, with clause and
consequence, in the words of the notice where it has any.
"""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from mailbot.cli import ruletexts, screen
from parsers.spec import FieldSpec, FieldType, FormSpec, Must
from rules.notice.campaign import Campaign, Contact, Deadline, Demand, Quota, Tier

_MUST = {Must.STATED: "必填", Must.SENSE: "应填", Must.OPTIONAL: "可不填", Must.HAND: "手写"}
_POLICIES = {
    "due": "应缴",
    "none": "不收费",
    "forbidden": "通知禁止收费",
    "unstated": "通知未写明",
}
_APPLICANTS = {
    "company": "企业自己",
    "recommender": "推荐单位",
    "either": "企业自己，或推荐单位",
}
_MEANINGS = {"unlimited": "不限", "range": "范围", "staff": "由人核定"}
_PLACES = {
    "right": "",
    "inline": "值在同一格",
    "below": "值在下一行",
    "head": "在表上方",
    "foot": "在表下方",
    "title": "由表题决定",
}
TYPES = {
    FieldType.TEXT: "文字",
    FieldType.ORGANISATION: "单位全称",
    FieldType.PERSON: "姓名",
    FieldType.LONG_TEXT: "长文",
    FieldType.ADDRESS: "地址",
    FieldType.ADDRESS_POSTCODE: "地址和邮编",
    FieldType.POSTCODE: "6位邮编",
    FieldType.PHONE: "电话",
    FieldType.MOBILE: "11位手机号",
    FieldType.FAX: "传真",
    FieldType.EMAIL: "邮箱",
    FieldType.EMAIL_OR_QQ: "邮箱或QQ",
    FieldType.INTEGER: "整数",
    FieldType.DECIMAL: "数",
    FieldType.PERCENT: "百分数",
    FieldType.MONEY: "金额",
    FieldType.DATE: "日期",
    FieldType.PERIOD: "期间",
    FieldType.PAIR: "两个数",
    FieldType.CHOICE: "单选",
    FieldType.TICKS: "可多选",
    FieldType.NAMES: "几个姓名",
    FieldType.SERIAL: "编号",
    FieldType.SIGNATURE: "签字",
    FieldType.STAMP: "盖章",
}


def show(campaign: Campaign, console: Console) -> None:
    """Print the whole page."""
    console.print(f"[bold]{escape(campaign.title)}[/]", soft_wrap=True)
    console.print(_head(campaign))
    for tier in campaign.tiers:
        console.print(_deadlines(tier, campaign))
    console.print(_categories(campaign))
    if campaign.demands:
        console.print(_demands(campaign))
    console.print(_fees(campaign))
    if campaign.quotas:
        console.print(_quotas(campaign))
    if named := list(_region_names(campaign)):
        console.print(screen.table("地区和推荐单位的叫法", ("项目", "内容"), named))
    console.print(_rules(campaign))
    for form in campaign.forms:
        _show_form(form, console)
    notes = [(note.clause, note.text) for note in campaign.staff_notes]
    if notes:
        console.print(screen.table("需要工作人员核实", ("条款", "事项"), notes))


def _head(campaign: Campaign) -> Table:
    contact = campaign.contact
    boxes = [
        f"{box.address}{_only(_tier_name(box.tier, campaign), [campaign.paper_name(kind) for kind in box.kinds])}"
        for box in campaign.mailboxes
    ]
    facts = [
        ("编号", f"{campaign.id}（数据版本 {campaign.version}）"),
        ("简称", campaign.name),
        ("发文单位", campaign.issuers),
        ("文号", campaign.number),
        ("发文日期", campaign.issued_on),
        ("受理来信", f"自 {campaign.opens_on or '—'} 起，至 {campaign.closes_on or '—'} 止"),
        ("表题年份", [str(year) for year in campaign.years]),
        ("收件地址", boxes),
        ("联系", " ".join(filter(None, (contact.name, contact.phone)))),
        ("通信地址", " ".join(filter(None, (contact.address, contact.postcode)))),
        ("回复落款", campaign.signature),
        ("时区", campaign.zone),
        ("可编辑的格式", campaign.editable),
    ]
    return screen.table("", ("项目", "内容"), [fact for fact in facts if fact[1]])


def _tier_name(name: str, campaign: Campaign) -> str:
    return campaign.tier(name).name or name if name else ""


def _only(tier: str, papers: list[str]) -> str:
    only = "、".join(filter(None, (tier, *papers)))
    return f"（{only}）" if only else ""


def _until(entry: Deadline) -> str:
    if entry.until:
        return f"含当日，至 {entry.until:%H:%M}"
    return "含当日，至 24:00" if entry.inclusive else "不含当日"


def _scope(entry: Deadline, tier: Tier, campaign: Campaign) -> list[str] | str:
    names = {category.id: category.name for category in campaign.categories}
    told = [names.get(category, category) for category in entry.categories]
    told += [campaign.paper_name(kind) for kind in entry.kinds]
    alone = len(tier.deadlines) == 1
    return told or ("全部材料" if alone else "其余全部")


def _deadlines(tier: Tier, campaign: Campaign) -> Table:
    rows = [
        (
            entry.last_day,
            _until(entry),
            _scope(entry, tier, campaign),
            entry.wording,
            screen.SEVERITIES[entry.late],
            entry.consequence,
            entry.clause,
        )
        for entry in tier.deadlines
    ]
    columns = ("截止日", "当日", "用于", "通知原文", "逾期", "通知写明的后果", "条款")
    number = tier.receipt_pattern.format(prefix=tier.receipt_prefix, seq=1)
    told = "，".join(
        filter(
            None,
            (
                f"受理编号自 {number} 起",
                f"报送单位：{_APPLICANTS[tier.applicant]}",
                tier.region and f"占用名额：{tier.region}",
                tier.title,
                tier.number,
                tier.sign and f"落款：{tier.sign}",
                " ".join(filter(None, (tier.contact or Contact()).model_dump().values())),
            ),
        )
    )
    return screen.table(f"截止时间{tier.name and f' {tier.name}'}（{told}）", columns, rows)


def _categories(campaign: Campaign) -> Table:
    rows = []
    for entry in campaign.categories:
        name, company, region, mark = (
            _label(campaign, entry.form, key)
            for key in (entry.name_field, entry.company_field, entry.region_field, entry.marked_by)
        )
        rows.append(
            (
                entry.id,
                f"{entry.name}（{entry.counter}）",
                campaign.paper_name(entry.form),
                name,
                company,
                region or "报送单位",
                f"{mark}选“{entry.marked_as}”" if mark else "",
            )
        )
    columns = ("编号", "类别（量词）", "申报表", "名称栏目", "企业栏目", "地区栏目", "何时算这一类")
    return screen.table("申报类别", columns, rows)


def _label(campaign: Campaign, kind: str, key: str | None) -> str:
    """A field's printed label; "" where none is named."""
    form = campaign.form(kind)
    field = form.field(key) if form and key else None
    return field.label if field else key or ""


def _demands(campaign: Campaign) -> Table:
    rows = []
    for entry in campaign.demands:
        form = next((category.form for category in campaign.categories
                     if category.id in entry.categories), "")  # fmt: skip
        spec = campaign.form(form)
        field = spec.field(entry.instead) if spec and entry.instead else None
        rows.append(
            (
                campaign.paper_name(entry.kind),
                "每项" if entry.of == "item" else "每单位",
                [campaign.category(name).name for name in entry.categories],
                "邮件" if entry.channel == "mail" else f"邮寄{_copies(entry)}",
                screen.SEVERITIES[entry.severity],
                "；".join(_conditions(entry, field, campaign)),
                entry.clause,
            )
        )
    columns = ("材料", "份数", "类别", "方式", "缺少时", "说明", "条款")
    return screen.table("通知要求的材料（申报表除外）", columns, rows)


def _copies(demand: Demand) -> str:
    return f"{demand.copies}份" if demand.copies else ""


def _conditions(demand: Demand, field: FieldSpec | None, campaign: Campaign) -> Iterator[str]:
    if field:
        yield f"也可写在申报表“{field.label}”中"
    if demand.within:
        yield f"也可附在{'、'.join(campaign.paper_name(kind) for kind in demand.within)}后面"
    if demand.limited or demand.listed_in:
        yield demand.limited or "只向列在名单里的项要"
    if demand.tiers:
        yield f"只在{'、'.join(campaign.tier(name).name for name in demand.tiers)}"
    if demand.note:
        yield demand.note


def _fees(campaign: Campaign) -> Table:
    fees, payee = campaign.fees, campaign.fees.payee
    rows = [("收费", " ".join(filter(None, (_POLICIES[fees.policy], fees.name))), fees.clause)]
    for fee in fees.amounts:
        amount = "未知，不计算" if fee.amount is None else f"{fee.amount} 元"
        if fee.amount == 0:
            amount = "不收费"
        name = campaign.category(fee.category).name
        rows.append((name, " ".join(filter(None, (amount, fee.note))), fee.clause))
    if fees.collected_by == "recommender":
        rows.append(("缴费方式", "由推荐单位一并交", fees.clause))
    if payee:
        rows += [
            ("收款单位", payee.name, payee.clause),
            ("账号", payee.account, payee.clause),
            ("开户行", payee.bank, payee.clause),
            ("汇款备注", payee.remark, payee.clause),
            ("请核实", payee.for_staff, ""),
        ]
    rows = [row for row in rows if row[1]]
    return screen.table("费用（照通知原文）", ("项目", "内容", "条款"), rows)


def _quotas(campaign: Campaign) -> Table:
    rows = [
        (
            campaign.category(entry.category).name
            + ("（上会发表）" if entry.part == "presenters" else ""),
            _places(entry, campaign),
            entry.grade,
            [_tier_name(name, campaign) for name in entry.tiers],
            screen.SEVERITIES[entry.severity],
            entry.clause,
        )
        for entry in campaign.quotas
    ]
    return screen.table("名额", ("类别", "名额", "等级", "层级", "超出时", "条款"), rows)


def _places(quota: Quota, campaign: Campaign) -> str:
    if quota.each is not None:
        return f"每单位 {quota.each}"
    lines = [
        f"{row[quota.region_column]} {row[quota.column] or '（空）'}"
        for row in campaign.tables.get(quota.table, ())
    ]
    for cell in quota.special:
        bounds = [str(n) for n in (cell.minimum, cell.maximum) if n is not None]
        where = f"（限 {cell.table} 所列）" if cell.table else ""
        lines.append(
            f"“{cell.text or '空格'}”：{_MEANINGS[cell.meaning]} {'至'.join(bounds)}{where}".strip()
        )
    return "\n".join(lines)


def _region_names(campaign: Campaign) -> Iterator[tuple[str, str]]:
    """Other names of the regions of the quota tables."""
    regions = campaign.regions
    told = {**{alias: name for q in campaign.quotas for alias, name in q.aliases.items()}}
    aliases = [f"{written} → {name}" for written, name in {**told, **regions.aliases}.items()]
    for label, words in (
        ("别名", aliases),
        ("开头有无均可", regions.openings),
        ("末尾有无均可", regions.endings),
        ("几家共用", regions.shared),
    ):
        if words:
            yield label, "、".join(words)


def _rules(campaign: Campaign) -> Table:
    rows = [
        (
            entry.id,
            ruletexts.title(entry),
            ruletexts.parameters(entry, campaign),
            screen.SEVERITIES[entry.severity],
            entry.clause,
        )
        for entry in campaign.rules
    ]
    return screen.table("审查规则", ("序号", "审查什么", "内容", "不符时", "条款"), rows)


def _show_form(form: FormSpec, console: Console) -> None:
    console.print(
        f"[bold]{escape(form.annex)}《{escape(form.title)}》[/]（{form.kind}）", soft_wrap=True
    )
    for line in filter(None, (form.assumption, _also(form))):
        console.print(escape(line), soft_wrap=True)
    rows = [_row("", entry) for entry in form.fields]
    for table in form.tables:
        name = "、".join(table.titles) or "名单"
        rows += [_row(f"［{name}］", entry) for entry in table.columns]
        if table.total:
            rows.append(_row(f"［{name}合计］", table.total))
    if rows:
        columns = ("栏目", "别的写法", "类型", "要求", "所属", "选项、范围", "键")
        console.print(screen.table("", columns, rows))
    points = [(entry.title, entry.words) for entry in form.sections]
    if points:
        console.print(screen.table("", ("应写到的内容", "出现下列词语之一即可"), points))


def _also(form: FormSpec) -> str:
    told = (
        ("标题也可作", form.titles),
        ("文件名或标题中的词语", form.file_words),
        ("以下词语表明是这一种", form.told_by),
        ("往年、别家的表也以此结尾", (form.family,) if form.family else ()),
    )
    kept = [f"{what}：{'、'.join(words)}" for what, words in told if words]
    kept += ["可以有几份，互不替代"] if form.several else []
    kept += ["寥寥几字也算"] if form.brief else []
    return "；".join(kept)


def _row(before: str, entry: FieldSpec) -> tuple[object, ...]:
    return (
        before + entry.label,
        entry.aliases,
        TYPES[entry.type] + (f"（{entry.unit}）" if entry.unit else ""),
        _MUST[entry.must],
        entry.scope,
        "；".join(filter(None, ("、".join(entry.options), *_range(entry), _PLACES[entry.place]))),
        entry.key,
    )


def _range(entry: FieldSpec) -> Iterator[str]:
    if entry.minimum is not None:
        yield f"不小于 {entry.minimum:g}"
    if entry.maximum is not None:
        yield f"不大于 {entry.maximum:g}"
