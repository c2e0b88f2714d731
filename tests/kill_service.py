"""The service over a Maildir, a pair of mails a round, killed with SIGKILL at its n-th step.

    python kill_service.py FOLDER POLICY STEP...

FOLDER holds ``mails``: files named by their second of arrival. Each STEP is a round:
the next two of them are delivered, and a process of its own runs one cycle and is
killed at that step, or when it is done where it takes fewer. In a round of step 0
all that are left are delivered and the cycle is not disturbed. A step is a
statement of the database, a commit, a message archived, completed with copies or sent,
each before and after it is done. The exit code of each round is printed; the signal is negative.
"""

from __future__ import annotations

import os
import signal
import sys
import traceback
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa
from letters import MAILBOX
from mailbag import FIRST

from mailbot import log
from mailbot.archive import FolderArchive
from mailbot.catalogue import load_campaigns, spec_sets
from mailbot.clock import SetClock
from mailbot.copying import Copyist
from mailbot.deciding import DecidingSettings, decide
from mailbot.outbox import Outbox, Policy
from mailbot.pipeline import Box, Pipeline
from mailbot.reading import Reader
from mailbot.returning import Returning
from mailbot.service import Cycle, Service
from mailbot.sinks.maildir import MaildirSink
from mailbot.sources.maildir import MaildirSource
from mailbot.store import Store, open_store
from rules.campaign import Campaign

EACH = 2  #: mails a round
Result = TypeVar("Result")
_NOW = FIRST + timedelta(days=1)
_SETTINGS = DecidingSettings(
    from_address=MAILBOX, own_addresses=frozenset({MAILBOX}), account=MAILBOX
)


class Death:
    """Comes at the n-th step; at step 0 it never comes."""

    def __init__(self, step: int) -> None:
        self.left = step

    def step(self, *_arguments: Any) -> None:
        """One step nearer."""
        self.left -= 1
        if self.left == 0:
            self.come()

    def come(self) -> None:
        """Now."""
        os.kill(os.getpid(), signal.SIGKILL)

    def watch(self, store: Store) -> None:
        """Every statement and both sides of every commit of the writing engine count."""
        for name in ("before_cursor_execute", "after_cursor_execute", "commit"):
            sa.event.listen(store._writer, name, self.step)

    def around(self, act: Callable[..., Result]) -> Callable[..., Result]:
        """Both sides of one act count."""

        def acted(*arguments: Any, **named: Any) -> Result:
            self.step()
            result = act(*arguments, **named)
            self.step()
            return result

        return acted


def cycle(folder: Path, policy: Policy, known: dict[str, Campaign], death: Death) -> Cycle:
    """The real parts, with a clock that stands, so that two runs can be compared."""
    store = open_store(f"sqlite:///{folder / 'mailbot.db'}")
    death.watch(store)
    archive = FolderArchive(folder / "archive")
    sink = MaildirSink(folder / "out")
    archive.put_all = death.around(archive.put_all)  # type: ignore[method-assign]
    sink.send = death.around(sink.send)  # type: ignore[method-assign]
    clock = SetClock(_NOW)
    copyist = Copyist()
    copyist.mark = death.around(copyist.mark)  # type: ignore[method-assign]
    source = MaildirSource(path=folder / "in", index=folder / "in.index")
    with Reader(spec_sets(known), workers=1) as reader:
        service = Service(
            folder=folder,
            store=store,
            boxes=[Box(source=source, address=MAILBOX)],
            pipeline=Pipeline(
                store=store,
                archive=archive,
                reader=reader,
                decide=lambda mail, register, now: decide(mail, register, known, _SETTINGS, now),
                clock=clock,
                candidates={},
                returning=Returning(store=store, archive=archive, marker=copyist, clock=clock),
            ),
            clock=clock,
            outbox=Outbox(store=store, sink=sink, clock=clock, sender=MAILBOX, policy=policy),
        )
        done = service.run_once()
    store.close()
    return done


def deliver(folder: Path, many: int | None) -> None:
    """The next mails, or all, into the Maildir."""
    for file in sorted((folder / "mails").iterdir())[:many]:
        file.rename(folder / "in" / "new" / f"{file.name}.M1.test")


def in_a_process(act: Callable[[], Cycle]) -> int:
    """The exit code of a process that does it; 1 where something failed."""
    process = os.fork()
    if process == 0:
        code = 1
        try:
            code = int(act().failed)
        except BaseException:
            traceback.print_exc()
            raise
        finally:
            sys.stderr.flush()
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])


def disturbed(folder: Path, policy: Policy, known: dict[str, Campaign], step: int) -> Cycle:
    """One cycle that ends at this step, or undisturbed at step 0."""
    death = Death(step)
    done = cycle(folder, policy, known, death)
    if step:
        death.come()
    return done


def main(folder: Path, policy: Policy, steps: list[int]) -> None:
    """All rounds."""
    log.configure(level="error")
    known = load_campaigns(None, ["hunan-2026"])
    for place in ("cur", "new", "tmp"):
        (folder / "in" / place).mkdir(parents=True, exist_ok=True)
    for step in steps:
        deliver(folder, EACH if step else None)
        code = in_a_process(partial(disturbed, folder, policy, known, step))
        sys.stdout.write(f"{code}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], [int(step) for step in sys.argv[3:]])  # type: ignore[arg-type]
