"""``init``, ``check`` and ``campaigns``: the first steps, and what they say when something is wrong."""

import re
import shutil
import socket
from collections.abc import Callable
from pathlib import Path
from typing import get_args

import pytest
from command import CAMPAIGN, Program, configured
from pydantic import TypeAdapter
from servers.dovecot import Box
from servers.smtp import SmtpServer

from mailbot.cli import notice, ruletexts
from mailbot.configuration.config import load
from parsers.spec import FieldType
from rules.notice.settings import Rule

SHIPPED = Path(__file__).parent.parent / "rules" / "campaigns" / CAMPAIGN.id


@pytest.fixture
def mailbot(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Program:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("MAILBOT_CONFIG", raising=False)
    return Program(capsys)


def test_init_writes_a_configuration_that_loads_and_its_folders(
    mailbot: Program, tmp_path: Path
) -> None:
    """With comments, and a folder for secrets that others cannot open."""
    done = mailbot("init", "office")
    config = load(tmp_path / "office" / "config.toml")

    assert (done.code, config.data.folder.is_dir()) == (0, True)
    assert (tmp_path / "office" / "secrets").stat().st_mode & 0o077 == 0
    assert "check" in done.out


def test_init_overwrites_nothing(mailbot: Program, tmp_path: Path) -> None:
    """A second time it refuses."""
    (tmp_path / "config.toml").write_text("# mine", encoding="utf-8")
    done = mailbot("init")

    assert (done.code, (tmp_path / "config.toml").read_text("utf-8")) == (1, "# mine")


def test_check_is_content_with_what_works(mailbot: Program, tmp_path: Path) -> None:
    """Every part is 正常 or optional."""
    done = mailbot("--config", configured(tmp_path), "check", "--json")
    states = {entry["state"] for entry in done.json}

    assert (done.code, states <= {"正常", "可选"}) == (0, True)
    assert "正常" in mailbot("--config", tmp_path / "config.toml", "check").out


def test_check_says_what_is_missing_and_goes_on(mailbot: Program, tmp_path: Path) -> None:
    """A mailbox without folder, a password that is not set, a server that is not there."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        (tmp_path / "config.toml").write_text(
            '[[mailbox]]\nurl = "maildir:none"\n'
            '[[mailbox]]\nurl = "imaps://a@imap.example.org"\npassword_env = "MAILBOT_TEST_UNSET"\n'
            f'[outgoing]\nurl = "smtp://127.0.0.1:{port}"\nfrom = "a@b.cn"\n',
            encoding="utf-8",
        )
        done = mailbot("check", "--json")
    found = {entry["name"]: entry for entry in done.json}

    assert done.code == 1
    assert [entry["state"] for name, entry in found.items() if "收件" in name] == ["失败", "缺少"]
    assert found["发出回复"]["state"] == "失败"
    assert found["数据库"]["state"] == "正常"
    assert "MAILBOT_TEST_UNSET" in str(found)


def test_check_logs_in_with_a_certificate_of_ones_own(
    mailbot: Program, tmp_path: Path, dovecot: Box, start_smtp: Callable[..., SmtpServer]
) -> None:
    """Over TLS both ways; without ca_file the server is not trusted."""
    smtp = start_smtp(security="smtps", user="qc@example.org")
    assert smtp.certificates is not None
    (tmp_path / "imap.txt").write_text(dovecot.password + "\n", encoding="utf-8")
    (tmp_path / "smtp.txt").write_text(smtp.password + "\n", encoding="utf-8")
    text = (
        f'[[mailbox]]\nurl = "{dovecot.url}"\npassword_file = "imap.txt"\n'
        f'ca_file = "{dovecot.certificates.authority}"\n'
        f'[outgoing]\nurl = "{smtp.url}"\npassword_file = "smtp.txt"\nfrom = "qc@example.org"\n'
        f'ca_file = "{smtp.certificates.authority}"\n'
    )
    (tmp_path / "config.toml").write_text(text, encoding="utf-8")
    trusted = mailbot("check", "--json")
    without = re.sub(r"^ca_file.*\n", "", text, flags=re.MULTILINE)
    (tmp_path / "config.toml").write_text(without, encoding="utf-8")
    untrusted = mailbot("check", "--json")

    assert trusted.code == 0, trusted.out
    assert [entry["state"] for entry in untrusted.json].count("失败") == 2


def test_run_without_its_password_is_a_wrong_configuration(
    mailbot: Program, tmp_path: Path
) -> None:
    """Told with line and key before anything is opened."""
    (tmp_path / "config.toml").write_text(
        '[[mailbox]]\nurl = "imaps://a@imap.example.org"\npassword_file = "none.txt"\n'
        '[outgoing]\nurl = "maildir:out"\nfrom = "a@b.cn"\n',
        encoding="utf-8",
    )
    done = mailbot("run", "--once")

    assert done.code == 2
    assert "第 3 行，mailbox.password_file" in done.err


@pytest.mark.parametrize(
    ("text", "key"), [("", "mailbox"), ('[[mailbox]]\nurl = "maildir:in"', "outgoing")]
)
def test_run_needs_a_mailbox_and_a_way_out(
    mailbot: Program, tmp_path: Path, text: str, key: str
) -> None:
    """And names the table that is missing."""
    (tmp_path / "config.toml").write_text(text, encoding="utf-8")
    done = mailbot("run", "--once")

    assert (done.code, key in done.err) == (2, True)


def test_a_campaign_is_shown_as_staff_check_it(mailbot: Program) -> None:
    """Title, deadline, payee and every printed label."""
    shown = mailbot("campaigns", "show", CAMPAIGN.id).out.replace("\n", "")
    payee = CAMPAIGN.fees.payee

    assert CAMPAIGN.title in shown
    assert str(CAMPAIGN.tiers[0].deadlines[0].last_day) in shown
    assert payee is None or payee.account in shown
    assert [f.label for form in CAMPAIGN.forms for f in form.fields if f.key in shown]


def test_the_rules_of_a_campaign_are_shown_in_words(mailbot: Program) -> None:
    """No key of the data where staff compare: papers, labels and bounds as printed."""
    shown = mailbot("campaigns", "show", CAMPAIGN.id).out
    deadline = CAMPAIGN.tiers[0].deadlines[0]

    assert deadline.consequence in shown
    assert deadline.wording in shown
    assert "审查什么" in shown
    assert "kind=" not in shown
    assert [form.annex for form in CAMPAIGN.forms if form.title not in shown] == []


def test_every_rule_and_parameter_has_a_name_for_staff() -> None:
    """Also those that no shipped campaign uses."""
    rules = get_args(get_args(Rule)[0])
    checks = {get_args(rule.model_fields["check"].annotation)[0] for rule in rules}
    keys = {key for rule in rules for key in rule.model_fields}

    assert checks == set(ruletexts.CHECKS)
    assert keys - {"id", "check", "severity", "clause"} == set(ruletexts.PARAMETERS)
    assert set(notice.TYPES) == set(FieldType)


def test_the_bounds_of_a_rule_are_told() -> None:
    """A nought is a number, and the default is told as well."""
    choice = {"check": "choice", "severity": "ask", "kind": "x_form", "field": "grade"}
    rules = TypeAdapter(tuple[Rule, ...])
    some, none = rules.validate_python([choice, {**choice, "minimum": 0, "maximum": 1}])

    assert "至少：1" in ruletexts.parameters(some, CAMPAIGN).splitlines()
    assert {"至少：0", "至多：1"} <= set(ruletexts.parameters(none, CAMPAIGN).splitlines())


def test_the_campaigns_are_listed_without_configuration(mailbot: Program) -> None:
    """All that ship."""
    assert CAMPAIGN.id in [entry["id"] for entry in mailbot("campaigns", "list", "--json").json]


def test_a_right_campaign_has_no_mistakes(mailbot: Program) -> None:
    """The shipped one, checked as one's own would be."""
    done = mailbot("campaigns", "check", SHIPPED)

    assert (done.code, "没有错误" in done.out) == (0, True)


@pytest.mark.parametrize("name", ["campaign.toml", "forms.toml"])
def test_one_file_of_a_campaign_stands_for_all_of_them(mailbot: Program, name: str) -> None:
    """Checked together: half a campaign says nothing."""
    done = mailbot("campaigns", "check", SHIPPED / name)

    assert (done.code, "没有错误" in done.out) == (0, True)


def test_every_mistake_in_a_campaign_is_named(mailbot: Program, tmp_path: Path) -> None:
    """With file, line and key; exit 1."""
    mine = tmp_path / "mine"
    shutil.copytree(SHIPPED, mine)
    main = mine / "campaign.toml"
    lines = main.read_text(encoding="utf-8").splitlines()
    lines.insert(0, 'titel = "x"')
    main.write_text("\n".join(lines), encoding="utf-8")
    done = mailbot("campaigns", "check", mine)
    (complaint,) = mailbot("campaigns", "check", mine, "--json").json

    assert (done.code, f"{main} 第 1 行，titel" in done.err) == (1, True)
    assert (complaint["file"], complaint["line"], complaint["key"]) == (str(main), 1, "titel")
    assert "title" in complaint["message"]


def test_a_campaign_that_is_not_there_cannot_be_checked(mailbot: Program) -> None:
    """Exit 1: the file cannot be opened."""
    assert mailbot("campaigns", "check", "none.toml").code == 1


def test_the_demonstration_shows_what_was_decided_and_where_to_look(
    mailbot: Program, tmp_path: Path
) -> None:
    """Without configuration; the folder it made can be looked into with the other commands."""
    (tmp_path / "config.toml").write_text("this is wrong", encoding="utf-8")
    done = mailbot("demo", "--dir", "show")
    items = mailbot("--config", tmp_path / "show" / "config.toml", "list", "--json").json

    assert done.code == 0, done.err
    assert "登记簿数据库" in done.out
    assert len(items) > 3
    assert (tmp_path / "show" / "登记簿.xlsx").is_file()


def test_the_digest_of_the_demonstration_tells_of_all_its_mails(
    mailbot: Program, tmp_path: Path
) -> None:
    """Its time begins with the first one, and every part of the service has a Chinese name."""
    mailbot("demo", "--dir", tmp_path / "show")
    page = (tmp_path / "show" / "每日简报.html").read_text(encoding="utf-8")
    letters = [*(tmp_path / "show" / "mailbox" / "new").iterdir()]

    assert f"收到的邮件（{len(letters)} 封）" in page
    assert "来信处理" in page
    assert "processing" not in page
    assert "整体材料" not in page  # what is to be checked names the company


def test_the_demonstration_touches_no_folder_of_others(mailbot: Program, tmp_path: Path) -> None:
    """It makes its own folder anew, and nobody else's."""
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("keep", encoding="utf-8")
    done = mailbot("demo", "--dir", "mine")

    assert (done.code, (tmp_path / "mine" / "letter.txt").read_text("utf-8")) == (2, "keep")


def test_check_says_how_to_get_the_office_program(
    mailbot: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is optional: what only it reads is asked for in another format."""
    there = mailbot("--config", configured(tmp_path), "check", "--json").json
    monkeypatch.setenv("PATH", str(tmp_path))
    gone = mailbot("--config", tmp_path / "config.toml", "check", "--json")
    (before,) = [entry for entry in there if "LibreOffice" in entry["name"]]
    (after,) = [entry for entry in gone.json if "LibreOffice" in entry["name"]]

    assert before["state"] == "正常"
    assert (gone.code, after["state"]) == (0, "可选")
    assert "apt-get install libreoffice-writer-nogui libreoffice-calc-nogui" in after["message"]
    assert "soffice" in after["message"]
