"""Mails as applicants write them, for tests."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

import printed

MAILBOX = "hnjxzlgl@163.com"
SENDER = "zhou@xiangjiang.example"
_WORD = ("application", "vnd.openxmlformats-officedocument.wordprocessingml.document")


def letter(
    files: Mapping[str, bytes],
    *,
    arrived: datetime,
    subject: str = "质量信得过班组申报材料",
    text: str = "现报送申报材料，请查收。",
    sender: str = SENDER,
    to: str = MAILBOX,
    message_id: str = "<1@xiangjiang.example>",
    **headers: str,
) -> bytes:
    """One message with these attachments, as it lies in the mailbox."""
    message = EmailMessage(policy=SMTP)
    message["Return-Path"] = f"<{sender}>"
    message["Received"] = f"from mail.example by mx.example; {format_datetime(arrived)}"
    message["From"] = f"周志远 <{sender}>"
    message["To"] = to
    message["Subject"] = subject
    message["Date"] = format_datetime(arrived)
    message["Message-ID"] = message_id
    for key, value in headers.items():
        message[key.replace("_", "-")] = value
    message.set_content(text)
    for name, content in files.items():
        message.add_attachment(content, maintype=_WORD[0], subtype=_WORD[1], filename=name)
    return message.as_bytes()


def team_papers(**changes: str) -> dict[str, bytes]:
    """Everything a team's application needs; ``changes`` are those of the form."""
    names = {"group_name": changes.get("team_name", "冲压一班")}
    return {
        "附件二 成果表.docx": printed.team_form(**changes),
        "附件三 汇总表.docx": printed.rollup(names),
        "附件五 工作总结.docx": printed.summary(),
        "附件六 统计表.docx": printed.statistics(),
    }


def story_papers(**changes: str) -> dict[str, bytes]:
    """Everything a story needs."""
    return {
        "附件四 推荐表.docx": printed.story_form(**changes),
        "附件五 工作总结.docx": printed.summary(),
        "附件六 统计表.docx": printed.statistics(),
    }
