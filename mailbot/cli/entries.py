"""``withdraw``, ``grade`` and ``tick``: what staff enter by hand."""

from __future__ import annotations

from functools import partial
from typing import Annotated

import typer

from mailbot.cli import review, session
from mailbot.deciding import entering, settling
from mailbot.letters.wording import TICKS
from mailbot.store import targets

_Item = Annotated[str, typer.Argument(metavar="ID", help="受理编号或申报项编号。")]


def withdraw(
    context: typer.Context,
    key: review.Key,
    *,
    reason: Annotated[
        str, typer.Option("--reason", metavar="TEXT", help="说明，将写入给申报单位的信中。")
    ] = "",
    as_json: session.Json = False,
) -> None:
    """应申报单位要求撤回申报项，退回名额，并通知对方。

    写卷宗编号或来信编号时，撤回其中全部申报项。
    """
    review.settle(context, key, "withdraw", reason, as_json=as_json)


def grade(
    context: typer.Context,
    key: _Item,
    given: Annotated[str, typer.Argument(metavar="GRADE", help='等级，如 1 或 一等；"" 为清除。')],
    *,
    as_json: session.Json = False,
) -> None:
    """录入一个申报项的等级，并核对该等级的名额。

    超出名额时不予录入。
    """
    title = f"等级 {given}" if given.strip() else "清除等级"
    review.enter(context, key, title, partial(_grade, given), as_json=as_json)


def _grade(given: str, desk: settling.Desk, target: targets.Target) -> settling.Settled:
    return entering.grade(desk, target, given)


def tick(
    context: typer.Context,
    key: Annotated[
        str,
        typer.Argument(
            metavar="ID", help="受理编号或申报项编号；卷宗编号则登记整个单位的全部申报项。"
        ),
    ],
    what: Annotated[
        str,
        typer.Argument(
            metavar="WHAT", help="paper 纸质材料已收到，fee 费用已到账，stamp 盖章已核对。"
        ),
    ],
    *,
    undo: Annotated[bool, typer.Option("--undo", help="取消登记。")] = False,
    as_json: session.Json = False,
) -> None:
    """登记纸质材料、费用、盖章已经核对，核对清单不再列出。"""
    if what not in TICKS:
        raise session.Misuse(f"没有核对事项 {what}；可用的：{'、'.join(TICKS)}")
    title = f"取消：{TICKS[what]}" if undo else TICKS[what]
    review.enter(context, key, title, partial(_tick, what, undo), as_json=as_json)


def _tick(what: str, undo: bool, desk: settling.Desk, target: targets.Target) -> settling.Settled:
    return entering.tick(desk, target, what, undo=undo)
