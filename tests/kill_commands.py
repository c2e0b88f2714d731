"""Commands of the program, each in a process of its own, killed where it is told.

    python kill_commands.py

reads one command a line from standard input, as JSON: its ``words``, the ``point`` where
the process dies ("" nowhere), when it is reached for the ``nth`` time, and the time.
Answers each with the exit code.
"""

from __future__ import annotations

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

from kill_points import Death, around, transactions
from kill_service import in_a_process

from mailbot.cli import backing, main, purging
from mailbot.clock import SetClock
from mailbot.keeping import archive, backup
from mailbot.keeping.archive import FolderArchive
from mailbot.store import Store
from mailbot.store import purging as emptying

_ACTS: dict[str, tuple[Any, str]] = {
    "removing": (FolderArchive, "remove"),
    "compacting": (Store, "compact"),
    "proving": (Path, "write_text"),
    "copying": (Store, "copy_to"),
    "putting": (FolderArchive, "put"),
    "writing": (archive, "_write"),
    "placing": (backup, "_put_in_place"),
    "settling": (backing.copying, "settings"),
}
_WRITERS: dict[str, tuple[Any, str]] = {"emptied": (emptying, "purge"), "done": (emptying, "done")}
PURGE = (
    *("emptied uncommitted", "emptied committed", "removing begun", "removing ended"),
    *("done uncommitted", "done committed", "compacting begun", "compacting ended"),
    *("proving begun", "unlinked"),
)
BACKUP = (
    *("copying begun", "copying ended", "putting begun", "writing begun", "writing ended"),
    *("putting ended", "placing begun", "placing ended", "settling begun", "settling ended"),
)


def rig(death: Death) -> None:
    """Wrap the commands in this process."""
    around(_ACTS, death)
    transactions(_WRITERS, death)
    unlink = Path.unlink

    def unlinked(self: Path, *, missing_ok: bool = False) -> None:
        unlink(self, missing_ok=missing_ok)
        if self.suffix == ".eml":
            death.at("unlinked")

    Path.unlink = unlinked  # type: ignore[method-assign]


def run(asked: dict[str, Any]) -> int:
    """The exit code."""
    rig(Death(asked["point"], asked["nth"]))
    clock = SetClock(datetime.fromisoformat(asked["now"]))
    purging.SystemClock = lambda: clock  # type: ignore[misc,assignment]
    sys.stdout = sys.stderr
    return main(asked["words"])


if __name__ == "__main__":
    for line in sys.stdin:
        request = json.loads(line)
        code = in_a_process(lambda: run(request))  # noqa: B023
        sys.stdout.write(f"{code}\n")
        sys.stdout.flush()
