"""``campaigns list``, ``show`` and ``check``: the notices as data, for staff to compare with print."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from mailbot import catalogue
from mailbot.cli import lazy, manual, screen, session
from parsers.spec import FormSpec, Must
from rules.campaign import Campaign, Tier
from rules.complaints import Complaint, Rejected

app = typer.Typer(
    help="活动：查看活动数据，检查自己编写的活动文件。",
    cls=manual.Group,
    no_args_is_help=True,
    rich_markup_mode="rich",
)

_MUST = {Must.STATED: "必填", Must.SENSE: "应填", Must.OPTIONAL: "", Must.HAND: "手写"}


@app.command("list", cls=manual.Command, epilog=lazy.examples("mailbot campaigns list"))
def list_campaigns(context: typer.Context, *, as_json: session.Json = False) -> None:
    """列出可用的活动。"""
    known = session.of(context).campaigns().values()
    if as_json:
        screen.print_json([_summary(entry) for entry in known])
        return
    rows = [
        (
            entry.id,
            entry.name,
            "；".join(_last_days(entry)),
            "、".join(box.address for box in entry.mailboxes),
        )
        for entry in known
    ]
    screen.output().print(screen.table("", ("编号", "活动", "截止", "收件地址"), rows))


@app.command("show", cls=manual.Command, epilog=lazy.examples("mailbot campaigns show 活动编号"))
def show(
    context: typer.Context,
    campaign: Annotated[str, typer.Argument(help="活动编号，见 campaigns list。", metavar="ID")],
    *,
    as_json: session.Json = False,
) -> None:
    """显示一项活动的全部数据。

    供与通知原文逐条核对。
    """
    found = session.pick(session.of(context).campaigns(), campaign)
    if as_json:
        screen.print_json(found.model_dump(mode="json", by_alias=True))
        return
    _print(found, screen.output())


@app.command(
    "check", cls=manual.Command, epilog=lazy.examples("mailbot campaigns check 我的活动/")
)
def check(
    path: Annotated[Path, typer.Argument(help="活动文件（.toml）或其文件夹。", metavar="FILE")],
    *,
    as_json: session.Json = False,
) -> None:
    """检查活动文件。

    每一处错误都给出文件、行号、键名和应有的写法。有错误时退出码为 1。
    """
    session.existing([path])
    folder = path if path.is_dir() else path.parent
    try:
        found: Campaign | None = catalogue.read_campaign(path)
        complaints: tuple[Complaint, ...] = ()
    except Rejected as error:
        found, complaints = None, error.complaints
    if as_json:
        screen.print_json(
            [
                {"file": str(folder / c.file), "line": c.line, "key": c.key, "message": c.message}
                for c in complaints
            ]
        )
    elif found:
        screen.output().print(f"没有错误：{escape(found.id)}，{escape(found.name)}")
    for entry in () if as_json else complaints:
        screen.messages().print(escape(str(folder / str(entry))), soft_wrap=True)
    if complaints:
        raise typer.Exit(1)


def _summary(campaign: Campaign) -> dict[str, object]:
    return {
        "id": campaign.id,
        "name": campaign.name,
        "title": campaign.title,
        "version": campaign.version,
        "mailboxes": [box.address for box in campaign.mailboxes],
        "tiers": [
            {
                "id": tier.id,
                "name": tier.name,
                "deadlines": [
                    {
                        "ends_at": deadline.ends_at(campaign.timezone).isoformat(),
                        "kinds": list(deadline.kinds),
                    }
                    for deadline in tier.deadlines
                ],
            }
            for tier in campaign.tiers
        ],
        "categories": [entry.id for entry in campaign.categories],
    }


def _last_days(campaign: Campaign) -> list[str]:
    return [
        f"{tier.name or ''}{deadline.last_day:%Y-%m-%d}{'' if deadline.inclusive else ' 前'}"
        for tier in campaign.tiers
        for deadline in tier.deadlines
    ]


def _print(campaign: Campaign, console: Console) -> None:
    console.print(f"[bold]{escape(campaign.title)}[/]")
    facts = [
        ("编号", f"{campaign.id}（数据版本 {campaign.version}）"),
        ("发文单位", "、".join(campaign.issuers)),
        ("文号", campaign.number),
        ("发文日期", campaign.issued_on),
        ("收件地址", "、".join(box.address for box in campaign.mailboxes)),
        ("联系", " ".join(filter(None, (campaign.contact.name, campaign.contact.phone)))),
        ("时区", campaign.zone),
    ]
    console.print(screen.table("", ("项目", "内容"), facts))
    for tier in campaign.tiers:
        console.print(_deadlines(tier))
    console.print(_categories(campaign))
    console.print(_demands(campaign))
    console.print(_rules(campaign))
    _print_fees(campaign, console)
    for form in campaign.forms:
        console.print(_form(form))
    notes = [(note.clause, note.text) for note in campaign.staff_notes]
    if notes:
        console.print(screen.table("需要工作人员核实", ("条款", "事项"), notes))


def _deadlines(tier: Tier) -> Table:
    rows = [
        (
            entry.last_day,
            "含当日，至 24:00" if entry.inclusive else "不含当日",
            entry.kinds or "全部材料",
            screen.SEVERITIES[entry.late],
            entry.wording or entry.consequence,
            entry.clause,
        )
        for entry in tier.deadlines
    ]
    columns = ("截止日", "当日", "材料", "逾期", "通知原文", "条款")
    return screen.table(f"截止时间 {tier.name}".strip(), columns, rows)


def _categories(campaign: Campaign) -> Table:
    rows = [
        (entry.id, entry.name, campaign.paper_name(entry.form), campaign.fees.amount(entry.id))
        for entry in campaign.categories
    ]
    return screen.table("申报类别", ("编号", "类别", "申报表", "费用（元）"), rows)


def _demands(campaign: Campaign) -> Table:
    rows = [
        (
            campaign.paper_name(entry.kind),
            "每项" if entry.of == "item" else "每单位",
            [campaign.category(name).name for name in entry.categories],
            "邮件" if entry.channel == "mail" else "邮寄",
            screen.SEVERITIES[entry.severity],
            entry.clause,
        )
        for entry in campaign.demands
    ]
    columns = ("材料", "份数", "类别", "方式", "缺少时", "条款")
    return screen.table("通知要求的材料（申报表除外）", columns, rows)


def _rules(campaign: Campaign) -> Table:
    rows = [
        (
            entry.id,
            entry.check,
            _parameters(campaign, entry.model_dump(mode="json", exclude_defaults=True)),
            screen.SEVERITIES[entry.severity],
            entry.clause,
        )
        for entry in campaign.rules
    ]
    return screen.table("审查规则", ("序号", "规则", "参数", "不符时", "条款"), rows)


def _parameters(campaign: Campaign, values: dict[str, object]) -> str:
    shown = {
        key: value
        for key, value in values.items()
        if key not in ("id", "check", "severity", "clause")
    }
    return "；".join(f"{key}={_value(campaign, value)}" for key, value in shown.items())


def _value(campaign: Campaign, value: object) -> str:
    if isinstance(value, dict):
        return _parameters(campaign, value)
    if isinstance(value, list):
        return "、".join(_value(campaign, entry) for entry in value)
    return campaign.paper_name(value) if isinstance(value, str) else str(value)


def _print_fees(campaign: Campaign, console: Console) -> None:
    payee = campaign.fees.payee
    if payee is None:
        return
    rows = [
        ("费用名称", campaign.fees.name),
        ("收款单位", payee.name),
        ("账号", payee.account),
        ("开户行", payee.bank),
        ("汇款备注", payee.remark),
        ("请核实", payee.for_staff),
    ]
    console.print(screen.table("收款账户（照通知原文）", ("项目", "内容"), rows))


def _form(form: FormSpec) -> Table:
    rows = [
        (entry.label, entry.key, entry.type.value, _MUST[entry.must], entry.scope, entry.options)
        for entry in form.fields
    ]
    for table in form.tables:
        rows += [
            (f"［列］{entry.label}", f"{table.key}.{entry.key}", entry.type.value,
             _MUST[entry.must], table.titles, entry.options)
            for entry in table.columns
        ]  # fmt: skip
    rows += [(f"［段落］{entry.title}", entry.key, "", "必备", (), ()) for entry in form.sections]
    title = f"{form.annex}《{form.title}》（{form.kind}）{form.assumption}"
    columns = ("栏目", "键", "类型", "要求", "所属", "选项")
    return screen.table(title, columns, rows)
