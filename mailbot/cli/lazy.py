"""Commands that are imported when they are called, so that help and small commands come at once.

What the list of commands says of each stands beside its name; everything else is
asked of the module that it lives in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperCommand

from mailbot.cli import manual


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One command: where it lives and how the list of commands shows it."""

    name: str
    place: str  #: module in this package and name in it: a function or a group
    summary: str  #: the first line of its help text
    example: str = ""  #: a group's members bring their own


class Later(TyperCommand):
    """Stands in the list of commands for one that has not been imported yet."""

    def __init__(self, entry: Entry) -> None:
        super().__init__(entry.name, help=entry.summary)
        self._entry = entry

    def load(self) -> Any:
        """The command itself, or the group."""
        module, _, name = self._entry.place.partition(":")
        found = getattr(import_module(f"mailbot.cli.{module}"), name)
        if isinstance(found, typer.Typer):
            return typer.main.get_group(found)
        alone = typer.Typer(add_completion=False, rich_markup_mode="rich")
        foot = examples(self._entry.example)
        alone.command(self._entry.name, cls=manual.Command, epilog=foot)(found)
        return typer.main.get_command(alone)

    def make_context(self, *arguments: Any, **named: Any) -> Any:
        """The context of the command itself, which is then what runs."""
        return self.load().make_context(*arguments, **named)


class Commands(manual.Group):
    """The commands of the program. A subclass names them."""

    entries: Sequence[Entry] = ()

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        for entry in self.entries:
            self.add_command(Later(entry))


def examples(*lines: str) -> str:
    """The foot of a help text."""
    return "\n\n".join(("例：", *lines))
