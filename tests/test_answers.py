"""What servers say, and what it means."""

from __future__ import annotations

from datetime import timedelta

import pytest

from mailbot.ports import AccountPaused, LoginError, SendDeferred, SendRefused
from mailbot.sinks.answers import HungUp, Step, meaning, text

HOURS = timedelta(hours=1)


@pytest.mark.parametrize(
    ("code", "said", "advice"),
    [
        (550, "5.1.1 recipient rejected", "核实邮箱"),
        (550, "5.1.10 null MX", "核实邮箱"),
        (550, "5.2.1 mailbox disabled", "核实邮箱"),
        (550, "User not found: a@b.cn", "核实邮箱"),
        (550, "No such user here", "核实邮箱"),
        (550, "Mailbox unavailable or access denied", "核实邮箱"),
        (550, "收件人邮箱不存在", "核实邮箱"),
        (552, "5.2.2 mailbox full", "已满"),
        (552, "Mailbox quota exceeded", "已满"),
        (552, "5.3.4 message too big", "大小"),
        (552, "message exceeds fixed maximum size", "大小"),
        (550, "5.7.1 blocked by policy", "白名单"),
        (554, "transaction failed", "不再重发。"),
        (501, "5.1.3 bad address syntax", "核实邮箱"),
    ],
)
@pytest.mark.parametrize("step", ["recipient", "message"])
def test_a_refusal_says_what_staff_can_do(code: int, said: str, advice: str, step: Step) -> None:
    """The mail is refused for good, and why, as far as the server tells."""
    failure = meaning("mx.example.org", code, said, step)

    assert isinstance(failure, SendRefused)
    assert advice in str(failure)
    assert f"{code} {said}" in str(failure)


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (450, "4.7.1 greylisted, try again"),
        (451, "DT:SPM 163 smtp12"),
        (452, "4.2.2 mailbox full"),
        (452, "4.5.3 too many recipients"),
        (499, ""),
        (550, "4.7.1 greylisted"),
        (-1, "nothing we understand"),
    ],
)
@pytest.mark.parametrize("step", ["connect", "sender", "recipient", "data", "message"])
def test_what_passes_is_tried_later(code: int, said: str, step: Step) -> None:
    """4xx, and an enhanced code of class 4 under any code."""
    assert type(meaning("mx", code, said, step)) is SendDeferred


def test_a_goodbye_is_told_apart() -> None:
    """421: this connection is over, a new one may do better at once."""
    assert isinstance(meaning("mx", 421, "4.3.2 closing", "sender"), HungUp)


@pytest.mark.parametrize(
    ("said", "pause", "about_mail"),
    [
        ("MI:SFQ 163 smtp8", HOURS / 4, False),
        ("RP:QRC 163", HOURS / 4, False),
        ("Domain frequency limited", HOURS / 4, False),
        ("Connection frequency limited", HOURS / 4, False),
        ("发信频率超限", HOURS / 4, False),
        ("MI:STC 163", HOURS * 4, False),
        ("RP:TRC 163", HOURS * 4, False),
        ("HL:IPB 163", HOURS * 4, False),
        ("5.7.1 daily limit reached", HOURS * 4, False),
        ("DT:SPM 163 smtp5", None, True),
        ("DT:SPB mx27", None, True),
    ],
)
@pytest.mark.parametrize("step", ["sender", "recipient", "message"])
def test_the_account_rests_as_long_as_the_limit_lasts(
    said: str, pause: timedelta | None, about_mail: bool, step: Step
) -> None:
    """A burst for minutes, a day's limit for hours; spam as the outbox sees fit."""
    failure = meaning("smtp.163.com", 550, said, step)

    assert isinstance(failure, AccountPaused)
    assert (failure.pause, failure.about_mail) == (pause, about_mail)


@pytest.mark.parametrize(
    ("code", "said", "step"),
    [
        (554, "5.3.2 no service for you", "connect"),
        (553, "Mail from must equal authorized user", "sender"),
        (550, "5.7.1 you may not send", "sender"),
        (554, "5.7.1 <a@b.cn>: Relay access denied", "recipient"),
        (553, "DT:SUM header and envelope differ", "message"),
    ],
)
def test_what_is_said_about_us_refuses_no_mail(code: int, said: str, step: Step) -> None:
    """Else one wrong setting would use up every reply that waits."""
    failure = meaning("mx", code, said, step)

    assert isinstance(failure, AccountPaused)
    assert "都保留在发件箱" in str(failure)


@pytest.mark.parametrize(
    ("step", "kind"),
    [("login", AccountPaused), ("sender", AccountPaused), ("recipient", SendRefused)],
)
def test_a_locked_account_is_ours_or_the_recipients(step: Step, kind: type[Exception]) -> None:
    """By where it is said."""
    assert isinstance(meaning("mx", 550, "user suspended", step), kind)


def test_a_mail_too_large_is_refused_at_once() -> None:
    """MAIL FROM names the size; that refusal is about the mail."""
    assert isinstance(meaning("mx", 552, "too large", "sender"), SendRefused)


@pytest.mark.parametrize("code", [530, 534, 535, 538])
def test_a_login_that_is_wanted_again(code: int) -> None:
    """At any step."""
    assert isinstance(meaning("mx", code, "5.7.0 login", "recipient"), LoginError)


def test_answers_are_read_in_either_encoding() -> None:
    """QQ explains itself in GBK."""
    assert text("请使用授权码登录".encode("gbk")) == "请使用授权码登录"
    assert text("请使用\r\n授权码".encode()) == "请使用 授权码"
