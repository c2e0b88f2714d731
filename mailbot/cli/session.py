"""What all commands share: which configuration was named, and what follows from it.

Commands that work without a configuration still heed one that is there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from mailbot import equipment
from mailbot.configuration.config import Config, load
from rules.notice.campaign import Campaign
from rules.notice.complaints import nearest

#: Where the configuration is looked for when none is named.
DEFAULT = Path("config.toml")

#: Options that several commands have.
Json = Annotated[bool, typer.Option("--json", help="输出 JSON，供程序使用。")]
CampaignId = Annotated[
    str | None, typer.Option("--campaign", metavar="ID", help="活动编号，见 campaigns list。")
]


class Misuse(typer.TyperException):
    """Wrong usage, in words of ours; exit code 2."""

    exit_code = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One call of the program."""

    file: Path | None = None  #: named by --config or by the environment; None: neither

    def config(self) -> Config:
        """The configuration. Raises Rejected where there is none or it is wrong."""
        return load(self.file or DEFAULT)

    def config_if_any(self) -> Config | None:
        """The configuration, or None where none is named and none lies here."""
        if self.file is None and not DEFAULT.is_file():
            return None
        return self.config()

    def campaigns(self, only: str | None = None) -> dict[str, Campaign]:
        """The campaigns at hand: those of the configuration, else all that ship.

        With ``only`` just that one; a wrong name is a usage error that lists the right ones.
        """
        known = equipment.campaigns(self.config_if_any())
        return known if only is None else {only: pick(known, only)}


def pick(known: dict[str, Campaign], name: str) -> Campaign:
    """The campaign of this name. Raises Misuse that lists the right ones."""
    if name not in known:
        guess = nearest(name, list(known))
        hint = f"，是否想写 {guess}？" if guess else "。"
        raise Misuse(f"没有活动 {name}{hint}可用的活动：{'、'.join(known) or '（无）'}")
    return known[name]


def of(context: typer.Context) -> Session:
    """The session of this call."""
    return Session(file=context.find_root().obj)


def existing(paths: Sequence[Path]) -> None:
    """Are they all there? Raises FileNotFoundError for the first that is not."""
    for path in paths:
        path.stat()


def readable(files: Sequence[Path]) -> None:
    """Are they all files that may be opened? Raises OSError for the first that is not."""
    for file in files:
        file.open("rb").close()
