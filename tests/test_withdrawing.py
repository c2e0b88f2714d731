"""Withdrawal by mail: the place is free at once, the letter confirms; in doubt a person decides."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa
from intake import new_store
from places import (
    COMPANIES,
    MemoryDesk,
    StoreDesk,
    a_story,
    a_team,
    an_incoming,
    codes,
    states,
    with_quota,
)

from mailbot.outcome import Outcome
from mailbot.store import schema as t
from rules.model import Decision


def desk_with(*names: str, severity: str = "ask") -> tuple[MemoryDesk, Outcome]:
    """A unit has sent these teams in one mail."""
    desk = MemoryDesk(with_quota(severity))
    return desk, desk.take(an_incoming(1, *(a_team(name, dept=name) for name in names)))


def test_a_named_item_is_withdrawn_and_the_letter_confirms_it() -> None:
    """What is gone, with its number; what remains; how to apply again."""
    desk, first = desk_with("冲压一班", "焊接二班")
    outcome = desk.take(an_incoming(2, text="因人员变动，我公司申请撤回冲压一班。"))

    assert states(first) == {"冲压一班": "accepted", "焊接二班": "accepted"}
    assert states(outcome) == {"冲压一班": "withdrawn", "焊接二班": "accepted"}
    assert (outcome.disposition, outcome.decision) == ("withdrawal", None)
    assert outcome.reply is not None
    assert outcome.reply.kind == "withdrawn"
    number = first.dossiers[0].receipts[0]
    for words in ("冲压一班", number, "焊接二班", "重新报送"):
        assert words in outcome.reply.text


def test_the_place_is_free_for_the_next_mail() -> None:
    """Another company of the region takes it."""
    desk, _ = desk_with("冲压一班", "焊接二班")
    other = a_team("装配三班", COMPANIES[1])
    full = desk.take(an_incoming(2, other, sender="li@other.example"))
    desk.take(an_incoming(3, text="申请撤回冲压一班"))
    again = desk.take(an_incoming(4, text="请再看", sender="li@other.example"))
    sent = desk.take(an_incoming(5, other, sender="li@other.example"))

    assert states(full) == {"装配三班": "supplement"}
    assert again.disposition == "inquiry"
    assert states(sent) == {"装配三班": "accepted"}


def test_a_receipt_number_names_an_item() -> None:
    """As well as its name."""
    desk, first = desk_with("冲压一班", "焊接二班")
    number = first.dossiers[0].receipts[1]
    outcome = desk.take(an_incoming(2, text=f"申请撤回受理编号 {number} 的申报"))

    assert states(outcome)["焊接二班"] == "withdrawn"


def test_the_only_item_needs_no_name() -> None:
    """Nothing else can be meant."""
    desk, _ = desk_with("冲压一班")
    outcome = desk.take(an_incoming(2, text="我单位决定不再参加本次评选。", subject="撤回申请"))

    assert states(outcome) == {"冲压一班": "withdrawn"}


def test_everything_is_withdrawn_where_everything_is_said() -> None:
    """Stories and teams."""
    desk, _ = desk_with("冲压一班")
    desk.take(an_incoming(2, a_story("一把扳手的三十年")))
    outcome = desk.take(an_incoming(3, text="我单位申请撤回全部申报项目。"))

    assert set(states(outcome).values()) == {"withdrawn"}


@pytest.mark.parametrize(
    "text",
    [
        "申请撤回。",
        "能否撤回冲压一班？",
        "申请撤回“铸造九班”的申报。",
        "请撤回上一封邮件。",
        "撤回冲压一班的申报表，改报新的表。",
        "撤回冲压一班，同时保留冲压一班。",
    ],
)
def test_what_is_not_clear_is_for_a_person(text: str) -> None:
    """Nothing changes; staff see why, the sender is told that it has come."""
    desk, _ = desk_with("冲压一班", "焊接二班")
    outcome = desk.take(an_incoming(2, text=text))

    assert (outcome.disposition, outcome.decision) == ("withdrawal", Decision.REVIEW)
    assert codes(outcome) == ["withdrawal.unclear"]
    assert outcome.reply is not None
    assert outcome.reply.kind == "withdrawal"
    assert "撤回申请" in outcome.reply.subject
    after = desk.take(an_incoming(3, a_story("一把扳手的三十年")))
    assert [states(after)[name] for name in ("冲压一班", "焊接二班")] == ["accepted"] * 2


def test_a_stranger_withdraws_nothing() -> None:
    """Neither who has sent for the dossier nor an answer to our letter: a person decides."""
    desk, _ = desk_with("冲压一班")
    outcome = desk.take(an_incoming(2, text="申请撤回冲压一班", sender="who@else.example"))

    assert outcome.decision is Decision.REVIEW
    assert codes(outcome) == ["withdrawal.unclear"]


def test_a_stranger_withdraws_nothing_beside_a_form_either() -> None:
    """The form is filed, the words are read by a person."""
    desk, _ = desk_with("冲压一班")
    mail = an_incoming(
        2, a_team("焊接二班", dept="焊接"), text="另撤回冲压一班。", sender="who@else.example"
    )
    outcome = desk.take(mail)

    assert states(outcome) == {"冲压一班": "accepted", "焊接二班": "accepted"}
    assert codes(outcome) == ["withdrawal.unclear"]


def test_whoever_answers_our_letter_may_withdraw() -> None:
    """A colleague who has got the receipt."""
    desk, first = desk_with("冲压一班")
    assert first.reply is not None
    outcome = desk.take(
        an_incoming(
            2, text="申请撤回", sender="wang@company.example", answers=first.reply.message_id
        )
    )

    assert states(outcome) == {"冲压一班": "withdrawn"}


def test_a_mail_may_bring_one_item_and_withdraw_another() -> None:
    """Both are done; the place of the one goes to the other."""
    desk, _ = desk_with("冲压一班", "焊接二班")
    outcome = desk.take(an_incoming(2, a_team("装配三班"), text="撤回冲压一班，改由装配三班申报。"))

    assert codes(outcome) == []
    assert states(outcome) == {
        "冲压一班": "withdrawn",
        "焊接二班": "accepted",
        "装配三班": "accepted",
    }


def test_a_form_and_its_withdrawal_in_one_mail_are_for_a_person() -> None:
    """One of the two is a mistake."""
    desk, _ = desk_with("冲压一班", "焊接二班")
    outcome = desk.take(an_incoming(2, a_team("冲压一班", dept="新"), text="撤回冲压一班。"))

    assert codes(outcome) == ["withdrawal.unclear"]
    assert states(outcome) == {"冲压一班": "accepted", "焊接二班": "accepted"}


def test_new_papers_for_old_ones_withdraw_nothing() -> None:
    """取消 is said of papers, too."""
    desk, _ = desk_with("冲压一班")
    words = "请取消原来的成果表，以本次报送的为准。"
    outcome = desk.take(an_incoming(2, a_team("冲压一班", dept="新"), text=words))

    assert codes(outcome) == []
    assert states(outcome) == {"冲压一班": "accepted"}


def test_a_withdrawn_item_that_is_sent_again_is_applied_for_again() -> None:
    """With the number it had."""
    desk, first = desk_with("冲压一班")
    desk.take(an_incoming(2, text="撤回冲压一班"))
    again = desk.take(an_incoming(3, a_team("冲压一班", dept="新部门")))

    assert states(again) == {"冲压一班": "accepted"}
    assert again.dossiers[0].receipts == first.dossiers[0].receipts


@pytest.mark.parametrize("severity", ["ask", "hold"])
@pytest.mark.parametrize(
    "text",
    [
        "撤回装配三班。",
        "同意保留冲压一班、焊接二班。",
        "保留：\n1、冲压一班\n2、焊接二班",
        "保留冲压一班、焊接二班，其余撤回。",
    ],
)
def test_whoever_is_asked_which_to_keep_answers_either_way(text: str, severity: str) -> None:
    """By giving up the others, or by naming those to keep: these are accepted at once."""
    desk, first = desk_with("冲压一班", "焊接二班", "装配三班", severity=severity)
    outcome = desk.take(an_incoming(2, text=text))

    assert len(set(states(first).values())) == 1
    assert states(outcome) == {
        "冲压一班": "accepted",
        "焊接二班": "accepted",
        "装配三班": "withdrawn",
    }
    assert outcome.reply is not None
    assert "受理 2 项" in outcome.reply.subject
    assert "装配三班" in outcome.reply.text


def test_keeping_too_many_changes_nothing_and_is_asked_again() -> None:
    """Nobody's item is given up for nothing."""
    desk, _ = desk_with("冲压一班", "焊接二班", "装配三班", "涂装四班")
    outcome = desk.take(an_incoming(2, text="保留冲压一班、焊接二班、装配三班。"))

    assert set(states(outcome).values()) == {"supplement"}
    assert outcome.reply is not None
    assert outcome.reply.kind == "correction"


def test_keeping_says_nothing_where_nothing_is_asked() -> None:
    """An ordinary letter that uses the word."""
    desk, _ = desk_with("冲压一班")
    outcome = desk.take(an_incoming(2, text="请保留冲压一班的原始材料，谢谢。"))

    assert outcome.disposition == "inquiry"


def test_the_register_keeps_who_withdrew_what(tmp_path: Path) -> None:
    """A ruling with the mail and the address; the item is withdrawn and holds no place."""
    desk = StoreDesk(with_quota(), new_store(tmp_path))
    desk.take(an_incoming(1, a_team("冲压一班")))
    desk.take(an_incoming(2, text="撤回冲压一班"))
    with desk.store.reading() as connection:
        item = connection.execute(sa.select(t.items)).one()
        ruling = connection.execute(sa.select(t.rulings)).one()

    assert (item.withdrawn, item.holds_place) == (True, False)
    assert (ruling.what, ruling.who, ruling.mail_id) == ("withdraw", "zhou@company.example", 2)
