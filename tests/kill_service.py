"""The service as configured, a process of its own for each cycle, killed where it is told.

    python kill_service.py CONFIG

reads one round a line from standard input, as JSON: the ``point`` where the process dies
("" nowhere), when it is reached for the ``nth`` time, how many ``minutes`` after the start
of all rounds it is, and whether the ``digest`` may go out. Answers each with the exit code.
What is made here once is inherited, so that a round does not take a second.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import traceback
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from kill_points import Death, rig, statements
from season import NOW

from mailbot import equipment, log, running
from mailbot.clock import SetClock
from mailbot.configuration.config import load


def cycle(file: Path, asked: dict[str, Any]) -> int:
    """One, and the digest; 1 where something failed."""
    death = Death(asked["point"], asked["nth"])
    rig(death, no_move=asked["no_move"])
    clock = SetClock(NOW + timedelta(minutes=asked["minutes"]))
    with running.service(load(file), clock) as service:
        statements(service.store, death)
        done = service.run_once()
        if asked["digest"]:
            service._report()
    if death.point == "statement":  # there were not so many
        os.kill(os.getpid(), signal.SIGKILL)
    return int(bool(done.problems))


def in_a_process(act: Callable[[], int]) -> int:
    """The exit code of a process that does it."""
    process = os.fork()
    if process == 0:
        code = 2
        try:
            code = act()
        except BaseException:
            traceback.print_exc()
            raise
        finally:
            sys.stderr.flush()
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])


def main(file: Path) -> None:
    """All rounds."""
    log.configure(level="error")
    known = equipment.campaigns(load(file))
    equipment.campaigns = lambda _config: known
    for line in sys.stdin:
        asked = json.loads(line)
        sys.stdout.write(f"{in_a_process(lambda: cycle(file, asked))}\n")  # noqa: B023
        sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
