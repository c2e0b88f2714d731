"""Help texts in Chinese throughout: headings, usage line, the help option itself.

The words of the commands stand with the commands; here are only those that the
library behind the command line would say in English.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from typer import core

_WORDS = {
    "ARGUMENTS_PANEL_TITLE": "参数",
    "OPTIONS_PANEL_TITLE": "选项",
    "COMMANDS_PANEL_TITLE": "命令",
    "REQUIRED_LONG_STRING": "[必填]",
    "DEFAULT_STRING": "[默认：{}]",
    "ENVVAR_STRING": "[环境变量：{}]",
}
_USAGE = "用法："
_HELP = "显示帮助。"


class Command(core.TyperCommand):
    """A command with its help in Chinese."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """The whole help text."""
        _set_words()
        super().format_help(ctx, formatter)

    def format_usage(self, ctx: Any, formatter: Any) -> None:
        """Its first line."""
        formatter.write_usage(ctx.command_path, " ".join(self.collect_usage_pieces(ctx)), _USAGE)

    def get_help_option(self, ctx: Any) -> Any:
        """The option that shows the help."""
        return _worded(super().get_help_option(ctx))


class Group(core.TyperGroup):
    """Commands under one name, with their help in Chinese."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """As that of a command."""
        _set_words()
        super().format_help(ctx, formatter)

    def format_usage(self, ctx: Any, formatter: Any) -> None:
        """As that of a command."""
        formatter.write_usage(ctx.command_path, " ".join(self.collect_usage_pieces(ctx)), _USAGE)

    def get_help_option(self, ctx: Any) -> Any:
        """As that of a command."""
        return _worded(super().get_help_option(ctx))


def _set_words() -> None:
    """Only when help is shown: what draws it takes long to load."""
    drawing = import_module("typer.rich_utils")
    for name, word in _WORDS.items():
        setattr(drawing, name, word)


def _worded(option: Any) -> Any:
    if option is not None:
        option.help = _HELP
    return option
