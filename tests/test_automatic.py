"""Messages of machines are known by their fields."""

from __future__ import annotations

import pytest

from mailbot.mime.automatic import automatic_reason, from_ourselves
from mailbot.mime.headers import Headers


def fields(*lines: str) -> Headers:
    """Header fields from lines "Name: value"."""
    pairs = (line.split(":", 1) for line in lines)
    return Headers(tuple((name.lower(), value.strip().encode()) for name, value in pairs))


@pytest.mark.parametrize(
    "line",
    [
        "Return-Path: <>",
        "Return-Path: nobody",
        "Auto-Submitted: auto-replied",
        "Auto-Submitted: auto-generated; owner=x",
        "X-Auto-Response-Suppress: All",
        "List-Id: <qc.example.org>",
        "List-Unsubscribe: <mailto:x@example.org>",
        "Precedence: bulk",
        "Precedence: List",
        "Precedence: junk",
        "Feedback-ID: 1:2",
        "X-Autoreply: yes",
        "Content-Type: multipart/report; report-type=delivery-status; boundary=x",
        "Content-Type: message/disposition-notification",
        "From: MAILER-DAEMON@163.com",
        "From: Postmaster <postmaster@qq.com>",
        "From: no-reply@example.com",
        "From: system_noreply@example.com",
        "From: owner-qc@example.com",
        "From: qc-request@example.com",
        "From: root@example.com",
        "From: Mail Delivery Subsystem <server@example.com>",
        "Return-Path: <bounces+123-zhang=example.com@example.org>",
        "Return-Path: <qc-bounces+zhang=example.com@example.org>",
        "Return-Path: <noreply@example.com>",
        "Return-Path: www-data@example.com",
        "Subject: 自动回复：申报材料",
        "Subject: 自动回复",
        "Subject: Automatic reply: x",
        "Subject: Out of office: x",
    ],
)
def test_machine(line: str) -> None:
    """Each of these alone forbids an answer, with a reason in Chinese."""
    assert automatic_reason(only(line))


def only(line: str) -> Headers:
    """A message of a person, but for one line."""
    kept = [
        entry
        for entry in ("Return-Path: <a@example.com>", "From: 张三 <a@example.com>", "Subject: 申报")
        if entry.split(":")[0] != line.split(":", maxsplit=1)[0]
    ]
    return fields(*kept, line)


@pytest.mark.parametrize(
    "line",
    [
        "Return-Path: <a@example.com>",
        "Return-Path: a@example.com",
        "X-Nothing: no Return-Path at all",
        "Auto-Submitted: no",
        "X-Auto-Response-Suppress: None",
        "Precedence: first-class",
        "X-Loop: somebody@example.com",
        "From: noreplyton@example.com",
        "From: bouncer@example.com",
        "From: postmaster <a@example.com>",
        "From: 邮件 Mail Delivery <a@example.com>",
        "From: rooter@example.com",
        "Return-Path: <SRS0=hash=tt=example.com=zhang@example.org>",
        "Return-Path: <bounces+SRS=hash=tt@example.org>",
        "Subject: 回复：自动回复：申报材料",
        "Subject: 自动化车间申报",
        "Content-Type: multipart/mixed; boundary=report",
    ],
)
def test_person(line: str) -> None:
    """What resembles a machine and is none may be answered."""
    assert automatic_reason(only(line)) == ""


def test_absent_return_path_is_no_reason() -> None:
    """A message saved by a mail program has lost the field that delivery added."""
    assert automatic_reason(fields("From: a@example.com")) == ""


@pytest.mark.parametrize("field", ["Delivered-To", "X-Original-To", "To", "Cc"])
def test_our_own_mark_has_come_back(field: str) -> None:
    """X-Loop names the address the mail was delivered to: a reply of ours on its way round."""
    looped = fields("From: a@example.com", "X-Loop: QC@example.org", f"{field}: qc@Example.org")

    assert automatic_reason(looped) == "本系统自己发出的邮件（X-Loop）"
    marked = fields("From: a@example.com", "X-Loop: qc@example.org")
    assert automatic_reason(marked) == ""
    assert automatic_reason(marked, {"qc@example.org"}) != ""


def test_from_ourselves() -> None:
    """Our own address is known in any case of letters, where it is told."""
    ours = fields("From: 质协 <QC@example.org>")

    assert automatic_reason(ours) == ""
    assert automatic_reason(ours, {"qc@example.org"}) == "发件人就是本系统自己的地址"
    assert from_ourselves("QC@example.org", {"qc@example.org"})
    assert from_ourselves("", {""}) == ""
