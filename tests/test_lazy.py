"""Commands that are imported when they are called."""

from __future__ import annotations

import subprocess
import sys

import typer

from mailbot.cli.root import Commands, app


def test_the_list_of_commands_says_what_their_help_says() -> None:
    """The summary beside a name is the first line of the command's own help."""
    group = typer.main.get_command(app)
    later = group.commands  # type: ignore[attr-defined]
    helps = {name: command.load().help.splitlines()[0] for name, command in later.items()}

    assert {entry.name: entry.summary for entry in Commands.entries} == helps


def test_help_imports_no_database_and_no_parser() -> None:
    """Whoever asks for help waits for nothing else."""
    heavy = {"sqlalchemy", "alembic", "lxml", "openpyxl", "apscheduler", "jinja2"}
    code = (
        "import sys; from mailbot.cli import main; main(['--help']); "
        f"sys.exit(', '.join({heavy!r} & sys.modules.keys()) or None)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert done.stderr == ""
    assert "demo" in done.stdout
