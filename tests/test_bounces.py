"""Bounces are known as such, and say whose mail did not arrive and why."""

from __future__ import annotations

import pytest

from mailbot.mime.message import parse_message
from mailbot.model import Envelope

OURS = "<a1b2c3@163.com>"

RETURNED = f"""From: 评选办公室 <hnjxzlgl@163.com>
To: zhou@xiangjiang.example
Subject: =?utf-8?b?5Y+X55CG6YCa55+l?=
Message-ID: {OURS}

x
"""


def dsn(action: str = "failed", *, returned: str = RETURNED, kind: str = "message/rfc822") -> bytes:
    """RFC 3464, as Postfix writes it."""
    return f"""Return-Path: <>
From: MAILER-DAEMON@mx.example (Mail Delivery System)
To: hnjxzlgl@163.com
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

This is the mail system at host mx.example.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example
Arrival-Date: Fri, 10 Jul 2026 09:00:00 +0800

Final-Recipient: rfc822; Zhou@xiangjiang.example
Action: {action}
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 <zhou@xiangjiang.example>: Recipient address
    rejected: User unknown

--b
Content-Type: {kind}

{returned}
--b--
""".encode()


def notice(sender: str, subject: str, text: str, *, html: bool = False) -> bytes:
    """A provider's own words."""
    kind = "text/html" if html else "text/plain"
    return f"""Return-Path: <>
From: {sender}
To: hnjxzlgl@163.com
Subject: {subject}
MIME-Version: 1.0
Content-Type: {kind}; charset=utf-8
Content-Transfer-Encoding: 8bit

{text}
""".encode()


def envelope(raw: bytes) -> Envelope:
    """As the reading has it."""
    return parse_message(raw).envelope


def test_a_status_notification_tells_everything() -> None:
    """RFC 3464: the message, the address and the cause, from a whole returned message."""
    found = envelope(dsn())

    assert found.bounce
    assert found.about == (OURS,)
    assert (found.delivery, found.undelivered) == ("failed", ("zhou@xiangjiang.example",))
    assert found.reason == (
        "550 5.1.1 <zhou@xiangjiang.example>: Recipient address rejected: User unknown"
    )


def test_returned_headers_alone_name_the_message() -> None:
    """RFC 3462 section 2: text/rfc822-headers in place of the message."""
    assert envelope(dsn(kind="text/rfc822-headers")).about == (OURS,)


@pytest.mark.parametrize("action", ["delayed", "relayed", "expanded", "delivered"])
def test_only_failed_is_a_failure(action: str) -> None:
    """RFC 3464 section 2.3.3: with the other actions nothing is lost."""
    assert envelope(dsn(action)).delivery == "delayed"


def test_a_report_for_internationalised_mail() -> None:
    """RFC 6533: message/global-delivery-status has the same fields."""
    raw = dsn().replace(b"message/delivery-status", b"message/global-delivery-status")
    found = envelope(raw)

    assert (found.bounce, found.delivery) == (True, "failed")
    assert found.undelivered == ("zhou@xiangjiang.example",)


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (
            notice(
                "Postmaster@163.com",
                "系统退信",
                "<div>抱歉，您的邮件被退回来了……</div><table><tr><td>收件人：</td>"
                "<td>zhou@xiangjiang.example</td></tr><tr><td>退信原因：</td>"
                "<td>收件人邮箱不存在</td></tr></table>",
                html=True,
            ),
            "收件人邮箱不存在",
        ),
        (
            notice(
                "PostMaster@qq.com",
                "来自qq.com的退信",
                "很抱歉您发送的邮件被退回，以下是该邮件的相关信息：\n"
                "无法发送到 zhou@xiangjiang.example\n"
                "退信原因 收件人邮件地址（zhou@xiangjiang.example）不存在，邮件无法送达。\n"
                "解决方案 请联系您的收件人，重新核实邮箱地址。",
            ),
            "收件人邮件地址（zhou@xiangjiang.example）不存在，邮件无法送达。",
        ),
        (
            notice(
                "mailer-daemon@sina.com",
                "failure notice",
                "I'm not going to try again.\n<zhou@xiangjiang.example>:\n"
                "host mx.xiangjiang.example said: 552 5.2.2 Mailbox full\n",
            ),
            "host mx.xiangjiang.example said: 552 5.2.2 Mailbox full",
        ),
    ],
)
def test_the_providers_own_words(raw: bytes, reason: str) -> None:
    """163, QQ and qmail write no report: the address and the cause stand in their text."""
    found = envelope(raw)

    assert (found.bounce, found.delivery) == (True, "failed")
    assert "zhou@xiangjiang.example" in found.undelivered
    assert found.reason == reason


def test_a_subject_may_say_that_it_is_only_late() -> None:
    """A notice in words about a delay is no failure."""
    raw = notice("mailer-daemon@mx.example", "Warning: message delayed, delivery status", "later")

    assert envelope(raw).delivery == "delayed"


def test_an_applicant_who_writes_about_a_bounce_sends_none() -> None:
    """A person's mail with 退信 in its subject is read as any other."""
    raw = notice("zhou@xiangjiang.example", "贵处邮箱退信了", "请问为何退信？")
    raw = raw.replace(b"Return-Path: <>", b"Return-Path: <zhou@xiangjiang.example>")

    assert (envelope(raw).bounce, envelope(raw).delivery) == (False, "")
