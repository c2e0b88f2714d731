"""The installed program as a user drives it: a real mailbox, a real way out, a workbook at the end."""

from __future__ import annotations

import email
import email.policy
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from email.message import EmailMessage
from importlib import resources
from pathlib import Path

import openpyxl
import printed
import pytest
from letters import letter, story_papers, team_papers
from servers.certificates import Certificates
from servers.dovecot import Box
from servers.smtp import SmtpServer

PROGRAM = Path(sys.executable).with_name("mailbot")


class Installation:
    """A configured mailbot on a mailbox and a way out."""

    def __init__(self, folder: Path, box: Box, smtp: SmtpServer, certificate: Path) -> None:
        self.folder = folder
        self.smtp = smtp
        _own_campaign(folder / "campaigns" / "hunan")
        (folder / "config.toml").write_text(
            f"""
[[mailbox]]
url = "{box.url}"
password_env = "BOX_PASSWORD"
ca_file = "{certificate}"
address = "hnjxzlgl@163.com"

[outgoing]
url = "{smtp.url}"
from = "hnjxzlgl@163.com"

[campaigns]
folder = "campaigns"
enabled = ["hunan-2026"]
""",
            encoding="utf-8",
        )
        self.password = box.password

    def __call__(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run one command of the installed program."""
        command = [str(PROGRAM), "--config", str(self.folder / "config.toml"), *arguments]
        environment = {**os.environ, "BOX_PASSWORD": self.password}
        return subprocess.run(
            command, capture_output=True, text=True, env=environment, timeout=120, check=False
        )

    def replies(self) -> list[EmailMessage]:
        """What reached the other side of the way out."""
        made = []
        for taken in self.smtp.messages:
            message = email.message_from_bytes(taken.content, policy=email.policy.default)
            assert isinstance(message, EmailMessage)
            made.append(message)
        return made


def _own_campaign(folder: Path) -> None:
    """The shipped campaign with a deadline that lies ahead: mails here arrive today."""
    folder.mkdir(parents=True)
    for entry in (resources.files("rules") / "campaigns" / "hunan-2026").iterdir():
        text = entry.read_text(encoding="utf-8")
        changed = re.sub(r"last_day = \d{4}-\d{2}-\d{2}", "last_day = 2999-07-15", text)
        (folder / entry.name).write_text(changed, encoding="utf-8")


@pytest.fixture
def installation(
    tmp_path: Path, dovecot: Box, smtp_server: SmtpServer, certificates: Certificates
) -> Installation:
    """Configured and empty."""
    assert certificates.authority.is_file()
    return Installation(tmp_path, dovecot, smtp_server, dovecot.certificates.authority)


def text_of(message: EmailMessage) -> str:
    """The plain text of a reply."""
    body = message.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def test_from_the_mailbox_to_receipt_and_register(installation: Installation, dovecot: Box) -> None:
    """Two mails by LMTP, one cycle: a receipt, a correction request, both in the workbook."""
    now = datetime.now(UTC)
    dovecot.deliver(letter(team_papers(), arrived=now))
    dovecot.deliver(
        letter(
            story_papers(content_category=""),
            arrived=now,
            sender="li@jinfeng.example",
            message_id="<7@jinfeng.example>",
        )
    )

    done = installation("run", "--once")
    assert done.returncode == 0, done.stderr
    replies = {reply["In-Reply-To"]: reply for reply in installation.replies()}
    receipt = replies["<1@xiangjiang.example>"]
    assert "HN2026-0001" in receipt["Subject"]
    assert receipt["Auto-Submitted"] == "auto-replied"
    assert receipt["References"] == "<1@xiangjiang.example>"
    assert "冲压一班" in text_of(receipt)
    assert "内容类别" in text_of(replies["<7@jinfeng.example>"])

    workbook = installation.folder / "登记簿.xlsx"
    done = installation("export", "--campaign", "hunan-2026", "--out", str(workbook))
    assert done.returncode == 0, done.stderr
    cells = {
        cell
        for sheet in openpyxl.load_workbook(workbook)
        for row in sheet.iter_rows(values_only=True)
        for cell in row
    }
    assert {"HN2026-0001", "冲压一班", printed.COMPANY, "补正"} <= cells

    again = installation("run", "--once")
    assert again.returncode == 0, again.stderr
    assert len(installation.replies()) == 2


def test_the_second_mail_completes_the_dossier(installation: Installation, dovecot: Box) -> None:
    """What was asked for is sent in answer to the reply; the register shows the item accepted."""
    now = datetime.now(UTC)
    files = team_papers(postcode="")
    dovecot.deliver(letter(files, arrived=now))
    assert installation("run", "--once").returncode == 0
    (first,) = installation.replies()
    dovecot.deliver(
        letter(
            {"成果表.docx": printed.team_form()},
            arrived=now,
            message_id="<2@xiangjiang.example>",
            In_Reply_To=str(first["Message-ID"]),
        )
    )
    assert installation("run", "--once").returncode == 0
    assert "已补正" in text_of(installation.replies()[1])
    listed = installation("list", "--json")
    assert listed.returncode == 0, listed.stderr
    assert [entry["decision"] for entry in json.loads(listed.stdout)] == ["accepted"]


def test_a_wrong_password_loses_nothing_and_is_told(
    installation: Installation, dovecot: Box
) -> None:
    """One clear line, exit 1, status says so; with the right one the mail is taken up."""
    dovecot.deliver(letter(team_papers(), arrived=datetime.now(UTC)))
    right, installation.password = installation.password, "wrong"
    failed = installation("run", "--once")
    assert failed.returncode == 1
    assert "授权码" in failed.stderr
    assert "Traceback" not in failed.stderr
    assert installation("status").returncode == 1

    installation.password = right
    assert installation("run", "--once").returncode == 0
    assert len(installation.replies()) == 1
    assert installation("status").returncode == 0


def test_replies_wait_while_the_way_out_is_down(
    installation: Installation,
    dovecot: Box,
    smtp_server: SmtpServer,
) -> None:
    """The mail is decided and recorded; the reply goes out when the server is back."""
    dovecot.deliver(letter(team_papers(), arrived=datetime.now(UTC)))
    smtp_server.stop()
    failed = installation("run", "--once")
    assert failed.returncode == 1
    assert "Traceback" not in failed.stderr
    assert len(json.loads(installation("list", "--json").stdout)) == 1
    assert installation("status").returncode == 1

    smtp_server.start()
    (waiting,) = json.loads(installation("outbox", "list", "--json").stdout)
    assert installation("outbox", "retry", str(waiting["id"])).returncode == 0
    assert installation("run", "--once").returncode == 0
    assert len(installation.replies()) == 1


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (lambda text: text.replace("[outgoing]", "[outgonig]"), ("outgonig", "outgoing")),
        (lambda text: text.replace("imaps://", "imap2://"), ("url", "imaps://")),
        (
            lambda text: text.replace('enabled = ["hunan-2026"]', 'enabled = ["hunan"]'),
            ("hunan-2026",),
        ),
    ],
)
def test_a_wrong_configuration_is_one_clear_message(
    installation: Installation, damage: Callable[[str], str], words: tuple[str, ...]
) -> None:
    """File, line and key, exit 2, no traceback."""
    path = installation.folder / "config.toml"
    path.write_text(damage(path.read_text(encoding="utf-8")), encoding="utf-8")
    done = installation("run", "--once")
    assert done.returncode == 2
    assert "config.toml" in done.stderr
    assert "Traceback" not in done.stderr
    for word in words:
        assert word in done.stderr
