"""The unit file and the container file hold what the program needs, and are accepted by their tools."""

import configparser
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest
from command import configured

from mailbot.cli.root import Commands
from mailbot.configuration.config import load
from mailbot.configuration.configured import Parts
from mailbot.reading.office import PACKAGES
from mailbot.store import open_store
from mailbot.watching.monitoring import Figures

ROOT = Path(__file__).parent.parent
UNIT = ROOT / "deploy" / "mailbot.service"
IMAGE = (ROOT / "deploy" / "Dockerfile").read_text("utf-8")
PAGE = (ROOT / "docs" / "operating.md").read_text("utf-8")


def unit() -> dict[str, dict[str, str]]:
    """By section and key; of keys that stand twice the last."""
    parser = configparser.RawConfigParser(strict=False, delimiters=("=",))
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(UNIT, encoding="utf-8")
    return {section: dict(parser[section]) for section in parser.sections()}


def test_the_unit_starts_the_service_and_stops_it_in_order() -> None:
    """With time for the mail in hand; a wrong configuration is not tried for ever."""
    service = unit()["Service"]

    assert service["ExecStart"].split()[1:] == ["--config", "/etc/mailbot/config.toml", "run"]
    assert (service["KillMode"], service["RestartPreventExitStatus"]) == ("mixed", "2")
    assert service["WorkingDirectory"] == f"/var/lib/{service['StateDirectory']}"


def test_the_unit_leaves_what_reading_needs() -> None:
    """LibreOffice is cut off from the network by namespaces of its own."""
    service = unit()["Service"]

    assert set(service["RestrictNamespaces"].split()) == {"user", "net"}
    assert "MemoryDenyWriteExecute" not in service
    assert service["ProtectSystem"] == "strict"


def test_systemd_accepts_the_unit(tmp_path: Path) -> None:
    """Every line is understood; next to nothing is exposed."""
    tool = shutil.which("systemd-analyze")
    if tool is None:  # where there is no systemd, nobody uses the unit
        return
    program = tmp_path / "mailbot"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    text = UNIT.read_text("utf-8").replace("/opt/mailbot/.venv/bin/mailbot", str(program))
    (tmp_path / "mailbot.service").write_text(text, encoding="utf-8")
    here = str(tmp_path / "mailbot.service")
    verified = subprocess.run(
        [tool, "verify", "--man=no", here], capture_output=True, text=True, check=False
    )
    judged = subprocess.run(
        [tool, "security", "--offline=true", "--threshold=25", here],
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    said = [line for line in verified.stderr.splitlines() if "mailbot.service" in line]
    assert said == []
    assert judged.returncode == 0, judged.stdout[-300:]


def test_the_image_is_built_from_everything_that_is_installed() -> None:
    """And from nothing else: no data, no secrets."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    packages = {
        name.rstrip("*") for name in project["tool"]["setuptools"]["packages"]["find"]["include"]
    }
    copied = set(re.findall(r"^COPY (\S+) \1$", IMAGE, re.MULTILINE))
    (files,) = re.findall(r"^COPY (.*) \./$", IMAGE, re.MULTILINE)
    let_in = {
        line[1:]
        for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines()
        if line[:1] == "!"
    }

    assert copied == packages
    assert {
        "pyproject.toml",
        project["project"]["readme"],
        *project["project"]["license-files"],
    } == set(files.split())
    assert let_in == copied | set(files.split())
    assert all((ROOT / name).exists() for name in let_in)


def test_the_image_has_the_programs_beside() -> None:
    """LibreOffice for old formats, the library for .rar and .7z; a user of its own."""
    assert all(package in IMAGE for package in (*PACKAGES.split(), "libarchive13"))
    assert IMAGE.index("\nUSER mailbot") < IMAGE.index("\nENTRYPOINT")
    assert re.search(r"^ARG BASE=python:3\.1[123]-slim-bookworm$", IMAGE, re.MULTILINE)


def test_every_command_of_the_page_exists() -> None:
    """Nobody should be told to call what is not there."""
    called = set(
        re.findall(r"(?:`|^ *|config\.toml |mailbot )mailbot ([a-z]+)", PAGE, re.MULTILINE)
    )

    assert {"backup", "purge", "status", "check"} <= called
    assert called - {entry.name for entry in Commands.entries} == set()


def test_every_figure_is_on_the_page(tmp_path: Path) -> None:
    """With what it means; none that there is not."""

    class Standing:
        def now(self) -> object:
            return None

    store = open_store(f"sqlite:///{tmp_path / 'mailbot.db'}")
    parts = Parts(names=frozenset(), places=frozenset())
    shown = {family.name for family in Figures(store, parts, lambda: 1, Standing()).collect()}  # type: ignore[arg-type]
    store.close()
    told = set(re.findall(r"`(mailbot_[a-z_]+)", PAGE))

    assert told == shown - {"mailbot_info"}


@pytest.mark.parametrize(
    "block", re.findall(r"^```\n(\[[a-z]+\]\n.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
)
def test_the_settings_of_the_page_are_right(tmp_path: Path, block: str) -> None:
    """Of the configuration, or of a campaign."""
    keys = tomllib.loads(block)
    if "retention" in keys:
        assert set(keys["retention"]) <= {"after", "days", "clause"}
    else:
        assert load(configured(tmp_path, block))
