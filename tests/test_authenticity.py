"""What the receiving servers found out about a sender is kept, and a failed mail replaces nothing."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import printed
import pytest
from desk import Desk, decisions, findings
from letters import letter, team_papers
from postoffice import post_office

from mailbot.mime.authenticity import failure
from mailbot.mime.message import parse_message
from mailbot.store import queries
from mailbot.store.views import MailDetail

BEIJING = ZoneInfo("Asia/Shanghai")
DAY = datetime(2026, 7, 10, 9, tzinfo=BEIJING)

FAILED = "mx.qq.com; spf=fail (mx.qq.com: denied) smtp.mailfrom=<a@b.example>; dkim=none; dmarc=fail(permerror) header.from=b.example"
PASSED = "mx27; spf=pass smtp.mail=a@b.example; dkim=none"


@pytest.mark.parametrize(
    ("fields", "failed"),
    [
        ([], ""),
        ([PASSED], ""),
        (["mx27; spf=none; dkim=none"], ""),
        (["mx27; spf=neutral; dkim=none; dmarc=none"], ""),
        (["mx27; none"], ""),
        ([FAILED], "spf=fail，dkim=none，dmarc=fail"),
        (["mx27; spf=softfail smtp.mail=x"], "spf=softfail"),
        (["mx27; spf=softfail; dkim=pass header.i=@b.example"], ""),
        (["mx27; spf=softfail; dkim=fail; dmarc=pass"], ""),
        (["mx27; spf=pass; dkim=pass; dmarc=fail"], "spf=pass，dkim=pass，dmarc=fail"),
        (["mx27; dkim=fail (signature); spf=none"], "dkim=fail，spf=none"),
        (["mx27; SPF=Fail"], "spf=fail"),
        (["mx; x=1 (spf=fail); spf=pass"], ""),
        ([PASSED, FAILED], "spf=fail，dkim=none，dmarc=fail"),
        ([FAILED, PASSED], "spf=fail，dkim=none，dmarc=fail"),
    ],
)
def test_what_fails(fields: list[str], failed: str) -> None:
    """DMARC weighs SPF and DKIM; without it one of the two must pass where one fails."""
    assert failure(fields) == failed


def test_the_fields_are_kept_wherever_they_stand(tmp_path: Path) -> None:
    """As evidence, in the register, word for word."""
    raw = letter(team_papers(), arrived=DAY, Authentication_Results=PASSED)
    with post_office(tmp_path, DAY) as office:
        (decided,) = office.take(b"Authentication-Results: " + FAILED.encode() + b"\r\n" + raw)
        detail = queries.find(office.store, decided.mail)

    assert isinstance(detail, MailDetail)
    assert detail.authentication == (FAILED, PASSED)
    assert detail.unverified == failure([FAILED])


def correction(**headers: str) -> bytes:
    """The team form once more, with another number."""
    files = {"成果表.docx": printed.team_form(mobile="13900000002")}
    return letter(files, arrived=DAY, message_id="<2@xiangjiang.example>", **headers)


@pytest.mark.parametrize(("results", "decision"), [(PASSED, "accepted"), (FAILED, "review")])
def test_a_failing_mail_replaces_no_documents(results: str, decision: str) -> None:
    """The same address, but perhaps not the same person: staff decide, the old form stands."""
    desk = Desk()
    desk.take(letter(team_papers(), arrived=DAY), DAY)
    outcome = desk.take(correction(Authentication_Results=results), DAY)
    (entry,) = outcome.dossiers

    assert decisions(outcome) == {"冲压一班": decision}
    held = [paper for paper in entry.dossier.papers if paper.held]
    assert [paper.kind for paper in held] == (["team_form"] if decision == "review" else [])
    told = [f.message for f in findings(outcome) if f.code == "sender.changed"]
    assert bool(told) is (decision == "review")
    assert all("未通过发件人身份验证" in message for message in told)


def test_the_answer_to_it_betrays_nothing() -> None:
    """No receipt number and none of what the dossier holds goes to who may be somebody else."""
    desk = Desk()
    desk.take(letter(team_papers(), arrived=DAY), DAY)
    outcome = desk.take(correction(Authentication_Results=FAILED), DAY)

    assert outcome.reply is not None
    assert "HN2026-0001" not in outcome.reply.text


def test_a_first_application_is_taken_from_anybody() -> None:
    """There is nothing to be replaced; small companies have set up none of these."""
    outcome = Desk().take(letter(team_papers(), arrived=DAY, Authentication_Results=FAILED), DAY)

    assert decisions(outcome) == {"冲压一班": "accepted"}


def test_a_failing_mail_withdraws_nothing() -> None:
    """Its words are for a person."""
    desk = Desk()
    desk.take(letter(team_papers(), arrived=DAY), DAY)
    words = letter(
        {},
        arrived=DAY,
        subject="撤回申报",
        text="我单位申请撤回冲压一班的申报。",
        message_id="<3@xiangjiang.example>",
        Authentication_Results=FAILED,
    )
    outcome = desk.take(words, DAY)

    assert all(not entry.rulings for entry in outcome.dossiers)
    assert any("身份验证" in finding.message for finding in findings(outcome))


def test_what_comes_over_the_wire_is_one_line() -> None:
    """A folded field, as servers write it."""
    raw = b"Authentication-Results: mx27; spf=fail\r\n smtp.mail=a@b.example;\r\n dkim=none\r\nFrom: a@b.example\r\n\r\nx"
    envelope = parse_message(raw).envelope

    assert envelope.authentication == ("mx27; spf=fail smtp.mail=a@b.example; dkim=none",)
    assert envelope.unverified == "spf=fail，dkim=none"
