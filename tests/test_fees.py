"""What is to be paid, and proofs of payment."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from dossiers import (
    ZONE,
    campaign,
    codes,
    decisions,
    document,
    findings,
    mail,
    only,
    story,
    team,
    verdict,
)

from rules.model import Decision, Severity, Verdict

DUE = {"check": "fee_due", "severity": "info", "clause": "附件二"}
PROOF = {"check": "fee_proof", "severity": "warn", "words": ["回单", "转账"]}
FEES = {
    "policy": "due",
    "name": "评审费",
    "payee": {
        "name": "示范装备协会",
        "account": "6200",
        "bank": "示范银行",
        "for_staff": "名称不同，请确认。",
    },
    "amounts": [{"category": "team", "amount": 500}, {"category": "story"}],
}
TEAMS = [team("冲压一班"), team("热处理甲班", member_count=9)]


def told(given: Verdict) -> list[str]:
    """What the applicant reads about fees."""
    return [e.message for e in findings(given) if e.severity is Severity.INFO]


def test_the_sum_with_its_parts_and_the_account_as_printed() -> None:
    """Two teams at 500."""
    (message,) = told(verdict(campaign([DUE], fees=FEES), mail(*TEAMS)))
    assert message == (
        "评审费：质量信得过班组2个×500元=1000元，合计1000元。"
        "收款单位：示范装备协会；银行账号：6200；开户银行：示范银行。"
    )


def test_an_unknown_amount_is_never_computed() -> None:
    """Named as to be told later; the sum is of the known ones."""
    (message,) = told(verdict(campaign([DUE], fees=FEES), mail(team(), story())))
    assert "合计500元" in message
    assert "品牌故事的评审费此处不计：标准通知未载明" in message
    (message,) = told(verdict(campaign([DUE], fees=FEES), mail(story())))
    assert "合计" not in message
    assert "6200" not in message


def test_staff_are_told_until_the_transfer_is_ticked_off() -> None:
    """With what the campaign wants them to confirm."""
    rules = campaign([DUE], fees=FEES)
    given = verdict(rules, mail(*TEAMS))
    warning = next(e for e in findings(given) if e.severity is Severity.WARN)
    assert "1000元" in warning.message
    assert "名称不同，请确认。" in warning.message
    assert decisions(given) == [Decision.ACCEPTED, Decision.ACCEPTED]
    for ticks in ({(None, "fee")}, {(0, "fee"), (1, "fee")}):
        assert codes(verdict(rules, mail(*TEAMS), ticks=frozenset(ticks))) == ["fee.due"]
    half = verdict(rules, mail(*TEAMS), ticks=frozenset({(0, "fee")}))
    assert codes(half) == ["fee.due", "fee.due"]


def test_a_declined_item_owes_nothing() -> None:
    """Late, and the consequence is stated."""
    late = datetime(2026, 7, 16, tzinfo=ZONE)
    given = verdict(campaign([DUE], fees=FEES), mail(team(), arrived=late))
    assert codes(given) == ["deadline.passed"]


@pytest.mark.parametrize("policy", ["none", "forbidden", "unstated"])
def test_where_nothing_is_due_nothing_is_said(policy: str) -> None:
    """The rule may stand there all the same."""
    assert codes(verdict(campaign([DUE], fees={"policy": policy}), mail(team()))) == []


@pytest.mark.parametrize(
    ("fees", "code"),
    [
        (FEES, "fee.proof"),
        ({"policy": "none"}, "fee.unexpected"),
        ({"policy": "forbidden"}, "fee.unexpected"),
        ({"policy": "unstated"}, "fee.proof"),
    ],
)
def test_a_proof_of_payment(fees: dict[str, Any], code: str | None) -> None:
    """By its name; expected or not."""
    proof = document("银行电子回单.pdf", format="pdf")
    found = only(verdict(campaign([PROOF], fees=fees), mail(team(), proof)))
    assert (found.code, found.document, found.mail) == (code, "银行电子回单.pdf", 0)


@pytest.mark.parametrize("policy", ["due", "forbidden"])
def test_a_proof_is_off_the_list_once_the_fee_is_ticked(policy: str) -> None:
    """By item or for the whole unit; half of the items are not all."""
    rules = campaign([PROOF], fees=FEES if policy == "due" else {"policy": policy})
    sent = mail(*TEAMS, document("银行电子回单.pdf", format="pdf"))
    for ticks in ({(None, "fee")}, {(0, "fee"), (1, "fee")}):
        assert codes(verdict(rules, sent, ticks=frozenset(ticks))) == []
    assert len(codes(verdict(rules, sent, ticks=frozenset({(0, "fee")})))) == 1


def test_a_proof_is_known_by_its_text_where_no_form_is_in_it() -> None:
    """Forms print the account themselves."""
    slip = document("1.docx", text="转账成功 500 元")
    form = document("附件二.docx", team(), text="注：请转账至下列账户")
    assert codes(verdict(campaign([PROOF]), mail(form, slip))) == ["fee.proof"]
    assert codes(verdict(campaign([PROOF]), mail(form))) == []
