"""What a command shows: tables and lines for people, one JSON document for programs.

Results go to standard output, progress and complaints to standard error, so
that a pipe gets nothing but the result. Nothing is decided here.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from mailbot.letters.wording import STATES
from rules.model import Finding

#: Width where nobody looks (a pipe, a file): wide enough that no value is cut.
UNSEEN_WIDTH = 200

#: What a finding does.
SEVERITIES = {
    "info": "告知",
    "warn": "工作人员核对",
    "human": "转人工",
    "hold": "候补",
    "ask": "补正",
    "reject": "不予受理",
}

_COLOURS = {
    "accepted": "green",
    "waitlisted": "yellow",
    "review": "magenta",
    "supplement": "yellow",
    "declined": "red",
}


def output() -> Console:
    """Standard output for people; made anew so that a redirected stream is seen."""
    return Console(file=sys.stdout, highlight=False, width=_width(sys.stdout.isatty()))


def messages() -> Console:
    """Standard error."""
    return Console(file=sys.stderr, highlight=False, width=_width(sys.stderr.isatty()))


def _width(seen: bool) -> int | None:
    return None if seen else UNSEEN_WIDTH


def print_json(document: object) -> None:
    """The one JSON document of a command, and nothing else, on standard output."""
    text = json.dumps(document, ensure_ascii=False, indent=2, default=_plain)
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def _plain(value: object) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"no JSON for {type(value).__name__}")


def table(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Table:
    """A table of plain texts; what a sender wrote is never taken for markup."""
    made = Table(title=title or None, title_justify="left", header_style="bold")
    for column in columns:
        made.add_column(column, overflow="fold")  # Chinese has no blanks to break at
    for row in rows:
        made.add_row(*(cell if isinstance(cell, Marked) else escape(shown(cell)) for cell in row))
    return made


class Marked(str):
    """A text with markup of our own."""

    __slots__ = ()


def findings(title: str, found: Iterable[Finding]) -> Table:
    """What rules found, with place and clause."""
    rows = [
        (f.code, SEVERITIES[f.severity], f.document, f.where, f.clause, f.message) for f in found
    ]
    return table(title, ("代码", "轻重", "文件", "位置", "条款", "说明"), rows)


def shown(value: object) -> str:
    """A value for a person: blank for nothing, lists with 、."""
    if value is None:
        return ""
    if isinstance(value, list | tuple):
        return "、".join(shown(entry) for entry in value)
    return str(value)


def state(name: str | None, position: int | None = None) -> Marked:
    """A decision or state in Chinese, in its colour; with the position on a waiting list."""
    if name is None:
        return Marked("—")
    colour = _COLOURS.get(name, "")
    text = STATES.get(name, name) + (f"第 {position} 位" if position else "")
    return Marked(f"[{colour}]{text}[/]" if colour else text)


def moment(value: datetime | None, zone: str = "Asia/Shanghai") -> str:
    """A time as staff read it."""
    return value.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M") if value else "—"


def progress() -> Progress:
    """A bar on standard error."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=messages(),
    )
