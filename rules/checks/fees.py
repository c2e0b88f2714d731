"""What is to be paid, and proofs of payment.

An amount that the notice does not state is never computed; whether a transfer
has come is for staff.
"""

from __future__ import annotations

from collections.abc import Iterator

from rules.checks.case import Case
from rules.checks.deadlines import is_declined_as_late
from rules.checks.findings import Defect
from rules.gathering.filenames import has_word
from rules.model import Item, Severity
from rules.notice.campaign import Category, Payee
from rules.notice.settings import FeeDueRule, FeeProofRule


def fee_due(rule: FeeDueRule, case: Case) -> Iterator[Defect]:
    """The amount to pay for the items in time; to staff, that it is not matched yet.

    Code ``fee.due``.
    """
    _ = rule
    fees = case.campaign.fees
    if fees.policy != "due" or fees.payee is None:
        return
    known: list[tuple[Category, int, int]] = []
    untold: list[Category] = []
    owing: list[Item] = []
    for category in case.campaign.categories:
        items = [i for i in case.items((category.id,)) if not is_declined_as_late(case, i)]
        amount = fees.amount(category.id)
        if items and amount is None:
            untold.append(category)
        elif items and amount:
            known.append((category, len(items), amount))
            owing += items
    if not known and not untold:
        return
    name = fees.name or "费用"
    told = f"{_sum(known)}" if known else ""
    notes = {fee.category: fee.note for fee in fees.amounts if fee.note}
    for category in untold:
        note = notes.get(category.id) or "标准通知未载明，以另行告知为准。"
        told += f"{category.name}的{name}此处不计：{note}"
    if known:
        told += _account(fees.payee)
        if fees.collected_by == "recommender":
            told += "由推荐单位统一收取后汇交。"
    categories = tuple([category.id for category, *_ in known] + [entry.id for entry in untold])
    yield Defect(code="fee.due", message=f"{name}：{told}", categories=categories)
    if known and not _is_ticked(case, owing):
        total = sum(number * amount for _category, number, amount in known)
        remark = fees.payee.for_staff
        yield Defect(
            code="fee.due",
            message=f"{name}应收{total}元，尚未登记到账，请核对银行流水。{remark}",
            severity=Severity.WARN,
            categories=categories,
        )


def fee_proof(rule: FeeProofRule, case: Case) -> Iterator[Defect]:
    """A file that looks like a proof of payment. Codes ``fee.proof``, ``fee.unexpected``.

    By its name, or by its text where no form was recognised in it, for forms
    print the account themselves. Nothing once staff have ticked the fee: they know of it.
    """
    if _is_ticked(case, _payers(case)):
        return
    unwanted = case.campaign.fees.policy in ("none", "forbidden")
    seen: set[str] = set()
    for paper in case.dossier.papers:
        document = paper.document
        if document.sha256 in seen or paper.repeats:
            continue
        in_text = not paper.kind and has_word(document.text, rule.words)
        if not in_text and not has_word(document.file, rule.words):
            continue
        seen.add(document.sha256)
        what = f"文件“{document.file}”似为缴费凭证"
        if unwanted:
            message = (
                f"{what}。本次活动不收取任何费用，请勿缴费；如已汇款，请与通知所列联系人核实。"
            )
            code = "fee.unexpected"
        else:
            code, message = "fee.proof", f"{what}，请核对到账情况并登记。"
        yield Defect(code=code, message=message, document=document.file, mail=paper.submission)


def _sum(known: list[tuple[Category, int, int]]) -> str:
    parts = [
        f"{category.name}{number}{category.counter}×{amount}元={number * amount}元"
        for category, number, amount in known
    ]
    total = sum(number * amount for _category, number, amount in known)
    return f"{'，'.join(parts)}，合计{total}元。"


def _account(payee: Payee) -> str:
    remark = f"，汇款请注明“{payee.remark}”" if payee.remark else ""
    return f"收款单位：{payee.name}；银行账号：{payee.account}；开户银行：{payee.bank}{remark}。"


def _payers(case: Case) -> list[Item]:
    """The items a fee is due for; all of them where the campaign asks for none."""
    due = [item for item in case.dossier.items if case.campaign.fees.amount(item.category)]
    return due or list(case.dossier.items)


def _is_ticked(case: Case, owing: list[Item]) -> bool:
    ticks = case.facts.ticks
    each = bool(owing) and all((item.ordinal, "fee") in ticks for item in owing)
    return (None, "fee") in ticks or each
