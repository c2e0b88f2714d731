"""The program as a whole: exit codes, complaints, streams."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from command import CAMPAIGN, Program, configured, written

from mailbot import __version__
from mailbot.catalogue import shipped_campaigns
from mailbot.cli.root import ANNOUNCED

PROGRAM = str(Path(sys.executable).with_name("mailbot"))


@pytest.fixture
def mailbot(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Program:
    """The program, called in an empty folder."""
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    monkeypatch.delenv("MAILBOT_CONFIG", raising=False)
    return Program(capsys)


def test_it_tells_its_version(mailbot: Program) -> None:
    """For whoever reports a fault."""
    done = mailbot("--version")

    assert (done.code, done.out) == (0, f"mailbot {__version__}\n")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["lsit"], "是否想写 'list'"),
        (["list", "--nix"], "没有选项 --nix"),
        (["read"], "缺少 FILE..."),
        (["export", "--out", "x.xlsx"], "缺少 --campaign"),
        (["show"], "缺少 ID"),
        (["status", "extra"], "多余的内容：extra"),
        (["digest", "--date", "yesterday"], "--date 应为日期，如 2026-07-10"),
        (["outbox", "retry", "abc"], "ID 应为整数"),
        (["read", "--campaign", CAMPAIGN.id[:-1] + "0", __file__], f"是否想写 {CAMPAIGN.id}"),
        (["list", "--state", "none"], "查看帮助：mailbot list --help"),
        (["campaigns", "show", "none"], "没有活动 none"),
        (["read", "--campaign", "none", __file__], "没有活动 none"),
        (["judge", "--tier", "none", __file__], "没有层级 none"),
    ],
)
def test_wrong_usage_is_exit_2(mailbot: Program, arguments: list[str], words: str) -> None:
    """One clear message on standard error, nothing on standard output."""
    done = mailbot(*arguments)

    assert (done.code, done.out) == (2, "")
    assert words in done.err
    assert "Traceback" not in done.err


@pytest.mark.parametrize(
    "command",
    ["", "demo", "init", "check", "run", "import", "read", "judge", "list", "show", "digest",
     "export", "status", "outbox", "outbox list", "outbox retry", "campaigns", "campaigns list",
     "campaigns show", "campaigns check", "backup", "purge"],
)  # fmt: skip
def test_help_is_chinese_and_has_an_example(
    mailbot: Program, command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For staff; nothing is cut off at the usual width of a terminal."""
    monkeypatch.setenv("COLUMNS", "80")
    done = mailbot(*command.split(), "--help")
    english = ("Usage", "Options", "Commands", "Arguments", "Show this", "default:", "…")

    assert (done.code, done.out.lstrip().startswith("用法：mailbot")) == (0, True)
    assert [word for word in english if word in done.out] == []
    if command not in ("", "outbox", "campaigns"):
        assert f"例： mailbot {command}" in " ".join(done.out.split())


@pytest.mark.parametrize("name", ANNOUNCED)
def test_what_is_announced_says_that_it_is_not_there_yet(mailbot: Program, name: str) -> None:
    """Its name is taken."""
    done = mailbot(name)

    assert (done.code, f"命令 {name} 尚未提供" in done.err) == (2, True)


@pytest.mark.parametrize(
    "arguments",
    [
        ["check"],
        ["run", "--once"],
        ["import", __file__],
        ["list"],
        ["show", "1"],
        ["digest"],
        ["export", "--campaign", CAMPAIGN.id, "--out", "x.xlsx"],
        ["outbox", "list"],
        ["outbox", "retry", "1"],
        ["status"],
        ["judge", "--live", __file__],
    ],
)
def test_commands_on_the_register_need_a_configuration(
    mailbot: Program, arguments: list[str]
) -> None:
    """And say how to make one."""
    done = mailbot(*arguments)

    assert (done.code, "mailbot init" in done.err) == (2, True)


@pytest.mark.parametrize("arguments", [["list"], ["campaigns", "list"], ["read", __file__]])
def test_a_wrong_configuration_names_file_line_and_key(
    mailbot: Program, tmp_path: Path, arguments: list[str]
) -> None:
    """Also for commands that need none, when one is named."""
    file = tmp_path / "wrong.toml"
    file.write_text('[[mailbox]]\nurl = "maildir:in"\npoll_secods = 5\n', encoding="utf-8")
    done = mailbot("--config", file, *arguments)

    assert (done.code, done.out) == (2, "")
    assert f"{file} 第 3 行，mailbox.poll_secods" in done.err
    assert "poll_seconds" in done.err


def test_the_environment_may_name_the_configuration(
    mailbot: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For services and containers."""
    monkeypatch.setenv("MAILBOT_CONFIG", str(configured(tmp_path)))
    done = mailbot("list", "--json")

    assert (done.code, done.json) == (0, [])


def test_a_configuration_beside_is_found(
    mailbot: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The usual case."""
    configured(tmp_path)
    monkeypatch.chdir(tmp_path)

    assert mailbot("list").code == 0


def test_an_unknown_campaign_in_the_configuration_is_named(
    mailbot: Program, tmp_path: Path
) -> None:
    """With line and key, and what there is."""
    file = configured(tmp_path, '[campaigns]\nenabled = ["none-2020"]\n')
    done = mailbot("--config", file, "list")

    assert done.code == 2
    assert "campaigns.enabled" in done.err
    assert CAMPAIGN.id in done.err


def test_a_campaign_folder_that_is_not_there_is_named(mailbot: Program, tmp_path: Path) -> None:
    """With line and key."""
    file = configured(tmp_path, '[campaigns]\nfolder = "mine"\n')
    done = mailbot("--config", file, "list")

    assert (done.code, "campaigns.folder" in done.err) == (2, True)


def test_one_s_own_campaign_is_read_from_the_folder(mailbot: Program, tmp_path: Path) -> None:
    """And stands beside those that ship."""
    mine = tmp_path / "mine" / "trial"
    mine.mkdir(parents=True)
    shipped = Path(__file__).parent.parent / "rules" / "campaigns" / CAMPAIGN.id
    for entry in shipped.iterdir():
        if entry.suffix in (".toml", ".csv"):
            text = entry.read_text(encoding="utf-8").replace(f'id = "{CAMPAIGN.id}"', 'id = "t-1"')
            (mine / entry.name).write_text(text, encoding="utf-8")
    file = configured(tmp_path, '[campaigns]\nfolder = "mine"\n')
    done = mailbot("--config", file, "campaigns", "list", "--json")

    assert {entry["id"] for entry in done.json} == {*shipped_campaigns(), "t-1"}


def test_a_file_that_is_not_there_is_exit_1(mailbot: Program) -> None:
    """The usage was right; the work failed."""
    done = mailbot("read", "none.docx")

    assert (done.code, done.out) == (1, "")
    assert "none.docx：没有这个文件" in done.err


@pytest.mark.parametrize("command", ["read", "judge"])
def test_a_folder_is_no_file(mailbot: Program, tmp_path: Path, command: str) -> None:
    """Told in the same way."""
    done = mailbot(command, tmp_path)

    assert (done.code, "这是文件夹" in done.err) == (1, True)


def test_a_database_that_is_none_is_exit_1_without_traceback(
    mailbot: Program, tmp_path: Path
) -> None:
    """The world's failure, told with what to do."""
    file = configured(tmp_path)
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "mailbot.db").write_bytes(b"this is no database" * 100)
    done = mailbot("--config", file, "list")

    assert (done.code, "Traceback" in done.err) == (1, False)
    assert "不是 SQLite 数据库" in done.err


def test_a_reader_that_has_had_enough_is_no_fault_of_ours() -> None:
    """``mailbot campaigns show ID | head -1`` ends quietly."""
    done = subprocess.run(
        ["/bin/bash", "-c", f"{PROGRAM} campaigns show {CAMPAIGN.id} --json | head -1"],
        capture_output=True,
        text=True,
        check=True,
    )

    assert (done.stdout, done.stderr) == ("{\n", "")


def test_json_is_utf8_whatever_the_locale() -> None:
    """Programs read it, not terminals."""
    done = subprocess.run(
        [PROGRAM, "campaigns", "list", "--json"],
        capture_output=True,
        check=True,
        env={**os.environ, "LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"},
    )

    assert json.loads(done.stdout.decode("utf-8"))[0]["name"]


def test_the_service_stops_in_order_when_it_is_told_to(tmp_path: Path) -> None:
    """Exit 0 after SIGTERM; what had come in is decided and answered."""
    file = configured(tmp_path)
    (mail,) = written(tmp_path, many=1)
    (tmp_path / "in" / "new" / "1783353600.M1.test").write_bytes(mail.read_bytes())
    service = subprocess.Popen([PROGRAM, "--config", str(file), "run"], stderr=subprocess.PIPE)
    end = time.monotonic() + 60
    while not list((tmp_path / "out" / "new").iterdir()) and time.monotonic() < end:
        time.sleep(0.1)
    service.send_signal(signal.SIGTERM)
    _, errors = service.communicate(timeout=60)

    assert service.returncode == 0, errors.decode()
    assert len(list((tmp_path / "out" / "new").iterdir())) == 1
