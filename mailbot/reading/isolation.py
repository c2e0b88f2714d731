"""One limited child process and the pipe to it: the parent's side of the isolation.

A new process comes from a fork server that has the parsers loaded already. It is
killed with everything it started when it is late, and whatever it says is only
JSON: nothing from it is unpickled, run or trusted. What is read is not known here.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection
from types import ModuleType
from typing import Any

from mailbot.ports import WorldError
from mailbot.reading.child import Bounds
from mailbot.reading.errand import BadErrand, Errand, Run, errand_of, nowhere
from parsers.foreign import Untranslated
from parsers.limits import Limits
from parsers.spec import SpecSet

TIME_OUT, CRASH, GARBAGE = "time-out", "crash", "garbage"
_PRELOADED = ("mailbot.reading.child",)
_LOOK = 0.5  # seconds
_starting = threading.Lock()

_NO_CHILD = "无法启动读取邮件的子进程（{why}）。请检查内存、进程数限制和程序安装是否完整；邮件不会丢失，稍后自动重试。"

#: The far side of the pipe: runs in the child until the parent hangs up.
Serve = Callable[[Connection, tuple[SpecSet, ...], Limits, Bounds], None]


class ChildFault(Exception):
    """The child died, hung or talked nonsense; ``reason`` is a word for it.

    Where an exception ended it, that is its name, and ``place`` is where.
    """

    def __init__(self, reason: str, place: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.place = place


class ReadingUnavailable(WorldError):
    """No child can be started (memory, processes, a broken installation): no mail's fault."""


class Child:
    """One process and the pipe to it."""

    def __init__(
        self, serve: Serve, specs: tuple[SpecSet, ...], limits: Limits, bounds: Bounds
    ) -> None:
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(list(_PRELOADED))
        self._bounds = bounds
        self._largest = limits.max_bytes
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(
            target=serve, args=(theirs, specs, limits, bounds), daemon=True
        )
        self.served = 0
        #: when the next frame must be here, on the monotonic clock; None while we work for it
        self._due: float | None = None
        self._late = False
        try:
            with _starting, _without_main():
                self._process.start()
        except (OSError, EOFError) as error:
            self._pipe.close()
            raise ReadingUnavailable(_NO_CHILD.format(why=type(error).__name__)) from error
        finally:
            theirs.close()
        self._greet()

    def _greet(self) -> None:
        """Before it has said that it is ready, no mail is to blame for what goes wrong."""
        try:
            with self._watched():
                ready = "ready" in self._frame()
            why = "应答异常"
        except ChildFault as fault:
            ready, why = False, fault.reason
        if not ready:
            self.close()
            raise ReadingUnavailable(_NO_CHILD.format(why=why))

    def ask(self, request: dict[str, Any], run: Run = nowhere) -> Iterator[dict[str, Any]]:
        """The frames of the answer; the errands in between are run.

        Raises ChildFault, and what ``run`` raises; the child is then of no more use.
        """
        self.served += 1
        self._say(request)
        with self._watched():
            while True:
                frame = self._frame()
                if "errand" in frame:
                    self._run(frame, run)
                    continue
                yield frame
                if frame.keys() & {"end", "gone", "refused"}:
                    return

    def _say(self, frame: dict[str, Any]) -> None:
        try:
            self._pipe.send_bytes(json.dumps(frame).encode("ascii"))
        except OSError as error:
            raise ChildFault(CRASH) from error

    def _run(self, frame: dict[str, Any], run: Run) -> None:
        """Have a document converted; no time of the child's runs meanwhile."""
        try:
            errand = errand_of(frame, self._largest)
        except BadErrand as error:
            raise ChildFault(GARBAGE) from error
        self._due = None
        pieces = self._pieces(errand)
        try:
            answer = {"path": str(run(errand, pieces))}
        except Untranslated as error:
            answer = {"failed": error.reason}
        self._say(answer)

    def _pieces(self, errand: Errand) -> Iterator[bytes]:
        """The bytes of the document, asked for when the first is."""
        self._say({"send": True})
        left = errand.size
        while left:
            piece = self._received()
            left -= len(piece)
            if not piece or left < 0:
                raise ChildFault(GARBAGE)
            self._due = None
            yield piece

    def _received(self) -> bytes:
        self._due = time.monotonic() + self._bounds.wall_seconds
        try:
            return self._pipe.recv_bytes(self._bounds.answer)
        except (EOFError, OSError) as error:
            raise ChildFault(TIME_OUT if self._late else CRASH) from error

    def _frame(self) -> dict[str, Any]:
        data = self._received()
        try:
            frame = json.loads(data)
        except (ValueError, RecursionError) as error:
            raise ChildFault(GARBAGE) from error
        if not isinstance(frame, dict):
            raise ChildFault(GARBAGE)
        if "fault" in frame:
            raise ChildFault(str(frame["fault"])[:80], str(frame.get("place", ""))[:80])
        return frame

    @contextmanager
    def _watched(self) -> Iterator[None]:
        """For the length of one request the child is killed when a frame is late."""
        self._due = time.monotonic() + self._bounds.wall_seconds
        over = threading.Event()
        watch = threading.Thread(target=self._watch, args=(over,), daemon=True)
        watch.start()
        try:
            yield
        finally:
            over.set()
            watch.join()

    def _watch(self, over: threading.Event) -> None:
        while not over.wait(self._left()):
            if self._left() <= 0:
                self._late = True
                self._kill()
                return

    def _left(self) -> float:
        """Seconds until it is late; while we work for it, until it is worth looking again."""
        due = self._due
        return _LOOK if due is None else max(0.0, due - time.monotonic())

    def _kill(self) -> None:
        """The child and whatever it started; its group has its own number from setsid on."""
        pid = self._process.pid
        if pid is None or not self._process.is_alive():
            return
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(pid, signal.SIGKILL)
        self._process.kill()

    def close(self) -> None:
        """End the process and let go of the pipe."""
        self._kill()
        self._process.join()
        self._process.close()
        self._pipe.close()


@contextmanager
def _without_main() -> Iterator[None]:
    """A new process would import the program's main module; the child has no use for it."""
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main
