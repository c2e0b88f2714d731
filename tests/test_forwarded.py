"""Who passes papers on is told apart from who applies."""

from __future__ import annotations

from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from zoneinfo import ZoneInfo

import printed
import pytest
from desk import Desk, decisions, findings
from letters import letter, team_papers
from postoffice import post_office

from mailbot.mime.message import parse_message
from mailbot.store import queries, register

BEIJING = ZoneInfo("Asia/Shanghai")
DAY = datetime(2026, 7, 10, 9, tzinfo=BEIJING)
SECRETARY = "mishu@zhixie.example"

FOXMAIL = """请受理。

发件人： 周志远
发送时间： 2026-07-09 16:20
收件人： mishu
主题： 申报材料
"""
OUTLOOK = """-----原始邮件-----
发件人: 周志远 <Zhou@xiangjiang.example>
发送时间: 2026年7月9日 16:20
收件人: mishu@zhixie.example
主题: 申报材料

现报送申报材料。
"""
QQ = """------------------ 原始邮件 ------------------
发件人: "周志远" <zhou@xiangjiang.example>;
发送时间: 2026年7月9日(星期四) 下午4:20
收件人: "mishu"<mishu@zhixie.example>;
主题: 申报材料
"""
GMAIL = """---------- Forwarded message ---------
From: Zhou <zhou@xiangjiang.example>
Date: Thu, Jul 9, 2026 at 4:20 PM
Subject: x
To: <mishu@zhixie.example>
"""


def inline(text: str, subject: str = "转发: 申报材料", **more: str) -> bytes:
    """Somebody passes papers on, with this text."""
    files = {"材料.docx": printed.team_form()}
    return letter(files, arrived=DAY, sender=SECRETARY, subject=subject, text=text, **more)


def attached(*mails: bytes, **more: str) -> bytes:
    """Somebody passes whole mails on."""
    outer = message_from_bytes(letter({}, arrived=DAY, sender=SECRETARY, **more), policy=default)
    assert isinstance(outer, EmailMessage)
    outer.make_mixed()
    for mail in mails:
        outer.add_attachment(message_from_bytes(mail, policy=default))
    return outer.as_bytes()


@pytest.mark.parametrize("text", [OUTLOOK, QQ, GMAIL, "转给贵处。\n\n" + OUTLOOK])
@pytest.mark.parametrize("subject", ["转发: 申报材料", "Fw：申报材料", "FWD: x"])
def test_the_writer_of_an_inline_mail(text: str, subject: str) -> None:
    """By the fields that mail programs print above it."""
    assert parse_message(inline(text, subject)).envelope.forwarded == "zhou@xiangjiang.example"


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        (OUTLOOK, "回复: 申报材料"),  # an answer quotes, too
        (FOXMAIL, "转发: 申报材料"),  # a name without an address
        ("发件人: zhou@xiangjiang.example", "转发: 申报材料"),  # one line is no head
        (OUTLOOK.replace("Zhou@xiangjiang.example", SECRETARY), "转发: x"),
        ("没有转发什么", "转发: 申报材料"),
    ],
)
def test_nobody_else_wrote_it(text: str, subject: str) -> None:
    """Answers, heads without an address, one's own mails."""
    assert parse_message(inline(text, subject)).envelope.forwarded == ""


def test_the_writer_of_an_attached_mail() -> None:
    """By its own From; of two people's mails there is no one writer."""
    one = letter(team_papers(), arrived=DAY)
    two = letter({}, arrived=DAY, sender="liu@zishui.example", message_id="<5@x>")

    assert parse_message(attached(one)).envelope.forwarded == "zhou@xiangjiang.example"
    assert parse_message(attached(one, two)).envelope.forwarded == ""


@pytest.mark.parametrize("way", ["attached", "inline"])
def test_a_forwarded_application_is_accepted_and_the_forwarder_answered(way: str) -> None:
    """The papers are the company's; the letter goes to nobody who did not write to us."""
    mail = letter(team_papers(), arrived=DAY)
    if way == "attached":
        raw = attached(mail)
    else:
        raw = letter(
            team_papers(), arrived=DAY, sender=SECRETARY, subject="转发: 申报材料", text=OUTLOOK
        )
    outcome = Desk().take(raw, DAY)

    assert decisions(outcome) == {"冲压一班": "accepted"}
    assert outcome.writer == "zhou@xiangjiang.example"
    assert outcome.dossiers[0].unit == "湘江重工装备有限公司"
    assert outcome.reply is not None
    assert outcome.reply.recipient == SECRETARY
    assert "zhou@xiangjiang.example" in outcome.reply.text
    assert "mail.forwarded" in {finding.code for finding in findings(outcome)}


def test_two_applicants_of_one_forwarder_are_not_mixed_up(tmp_path: Path) -> None:
    """What names no unit belongs to its writer, not to whatever the forwarder sent before."""
    scan = {"说明.docx": printed.summary(company="")}
    first = letter(team_papers(), arrived=DAY, sender=SECRETARY, subject="转发: 材料", text=OUTLOOK)
    other = OUTLOOK.replace("Zhou@xiangjiang", "liu@zishui").replace("周志远", "刘工")
    second = letter(
        scan, arrived=DAY, sender=SECRETARY, subject="转发: 材料", text=other, message_id="<2@x>"
    )
    third = letter(
        {"附件四 推荐表.docx": printed.story_form()},
        arrived=DAY,
        message_id="<3@xiangjiang.example>",
    )
    with post_office(tmp_path, DAY) as office:
        outcomes = [decided.outcome for decided in office.take(first, second, third)]
        with office.store.reading() as connection:
            known = register.StoredRegister(connection)
            zhou = known.by_sender("hunan-2026", "", "zhou@xiangjiang.example")
            forwarder = known.by_sender("hunan-2026", "", SECRETARY)
        units = {item.unit for item in queries.list_items(office.store)}

    assert [entry.dossiers[0].unit for entry in outcomes if entry] == [
        "湘江重工装备有限公司",
        "liu@zishui.example",
        "湘江重工装备有限公司",
    ]
    assert [entry.unit for entry in zhou] == ["湘江重工装备有限公司"]
    assert len(forwarder) == 2
    assert "湘江重工装备有限公司" in units


@pytest.mark.parametrize(
    ("first", "second", "held"),
    [
        ("forwarder", "applicant", False),  # who passed it on has vouched for the applicant
        ("applicant", "forwarder", True),  # anybody can claim to pass something on
    ],
)
def test_what_is_passed_on_replaces_nothing_by_itself(first: str, second: str, held: bool) -> None:
    """A claim in a mail's text is no proof of who wrote it."""
    desk = Desk()
    for number, (who, files) in enumerate(
        [(first, team_papers()), (second, {"成果表.docx": printed.team_form(mobile="13900000002")})]
    ):
        more = {"sender": SECRETARY, "subject": "转发: 材料", "text": OUTLOOK}
        raw = letter(
            files,
            arrived=DAY,
            message_id=f"<{number}@x.example>",
            **(more if who == "forwarder" else {}),
        )
        outcome = desk.take(raw, DAY)

    assert any(paper.held for paper in outcome.dossiers[0].dossier.papers) is held


def test_a_letter_of_ours_passed_on_makes_us_no_applicant() -> None:
    """Who forwards our letter writes for himself."""
    text = OUTLOOK.replace("Zhou@xiangjiang.example", "hnjxzlgl@163.com")
    outcome = Desk().take(inline(text), DAY)

    assert outcome.writer == ""
