"""Runs a command as the installed program would, in this process."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import structlog

from mailbot.catalogue import shipped_campaigns
from mailbot.cli import main
from mailbot.demo.scenarios import Scenario, scenarios


@dataclass(frozen=True, slots=True)
class Done:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one document on standard output."""
        return json.loads(self.out)


@dataclass(frozen=True, slots=True)
class Program:
    """The program, with what it prints caught."""

    capture: pytest.CaptureFixture[str]

    def __call__(self, *arguments: object) -> Done:
        self.capture.readouterr()
        try:
            code = main([str(argument) for argument in arguments])
        finally:
            structlog.reset_defaults()  # the log was sent to a stream that is ours for now only
        caught = self.capture.readouterr()
        return Done(code, caught.out, caught.err)


CAMPAIGN = next(iter(shipped_campaigns().values()))


def letters(*, many: int | None = None) -> list[Scenario]:
    """The invented mails of the demonstration, in order of arrival."""
    return list(scenarios(CAMPAIGN))[:many]


def written(folder: Path, *, many: int | None = None) -> list[Path]:
    """The same as files 1.eml, 2.eml, ..."""
    files = []
    for number, letter in enumerate(letters(many=many), 1):
        files.append(folder / f"{number}.eml")
        files[-1].write_bytes(letter.raw)
    return files


def configured(folder: Path, extra: str = "") -> Path:
    """A configuration over Maildirs; nothing leaves this machine."""
    address = CAMPAIGN.mailboxes[0].address
    for name in ("in", "out"):
        for part in ("new", "cur", "tmp"):
            (folder / name / part).mkdir(parents=True)
    file = folder / "config.toml"
    file.write_text(
        f'[[mailbox]]\nurl = "maildir:in"\naddress = "{address}"\n'
        f'[outgoing]\nurl = "maildir:out"\nfrom = "{address}"\n{extra}',
        encoding="utf-8",
    )
    return file
