"""One cycle of the service over a Maildir, killed with SIGKILL at its n-th step.

    python kill_service.py FOLDER POLICY STEP

A step is a statement of the database, a commit, a message archived or sent, each
before and after it is done. STEP 0 is never reached: the cycle runs to its end.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from intake import decide

from mailbot import log
from mailbot.archive import FolderArchive
from mailbot.clock import SystemClock
from mailbot.outbox import Outbox, Policy
from mailbot.pipeline import Box, Pipeline
from mailbot.reading import Reader
from mailbot.service import Cycle, Service
from mailbot.sinks.maildir import MaildirSink
from mailbot.sources.maildir import MaildirSource
from mailbot.store import Store, open_store


class Death:
    """Comes at the n-th step."""

    def __init__(self, step: int) -> None:
        self.left = step

    def step(self, *_arguments: Any) -> None:
        """One step nearer."""
        self.left -= 1
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def watch(self, store: Store) -> None:
        """Every statement and both sides of every commit of the writing engine count."""
        for name in ("before_cursor_execute", "after_cursor_execute", "commit"):
            sa.event.listen(store._writer, name, self.step)

    def around(self, act: Callable[..., str]) -> Callable[..., str]:
        """Both sides of one act count."""

        def acted(*arguments: Any, **named: Any) -> str:
            self.step()
            result = act(*arguments, **named)
            self.step()
            return result

        return acted


def cycle(folder: Path, policy: Policy, death: Death) -> Cycle:
    """The real parts, apart from what decides."""
    store = open_store(f"sqlite:///{folder / 'mailbot.db'}")
    death.watch(store)
    archive = FolderArchive(folder / "archive")
    sink = MaildirSink(folder / "out")
    archive.put = death.around(archive.put)  # type: ignore[method-assign]
    sink.send = death.around(sink.send)  # type: ignore[method-assign]
    clock = SystemClock()
    with Reader((), workers=1) as reader:
        service = Service(
            folder=folder,
            store=store,
            boxes=[Box(source=MaildirSource(path=folder / "in", index=folder / "in.index"))],
            pipeline=Pipeline(
                store=store,
                archive=archive,
                reader=reader,
                decide=decide,
                clock=clock,
                candidates={},
            ),
            clock=clock,
            outbox=Outbox(
                store=store, sink=sink, clock=clock, sender="pingxuan@example.org", policy=policy
            ),
        )
        done = service.run_once()
    store.close()
    return done


if __name__ == "__main__":
    log.configure(level="error")
    done = cycle(Path(sys.argv[1]), sys.argv[2], Death(int(sys.argv[3])))  # type: ignore[arg-type]
    sys.exit(1 if done.failed else 0)
