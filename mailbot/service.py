"""The service: polls, processes, sends and reports, on schedule, until told to stop.

Every job ends by itself and may fail by itself: a mailbox that is down is waited
for, longer each time, and the others go on. A stop lets the mail and the reply in
hand be finished. One service per data folder; see :mod:`mailbot.lock`.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from pathlib import Path
from types import FrameType
from zoneinfo import ZoneInfo

from apscheduler.schedulers.background import BackgroundScheduler

from mailbot.clock import Jumps
from mailbot.configuration.configured import Parts
from mailbot.keeping.tidying import Tidying
from mailbot.lock import only_instance
from mailbot.log import logger
from mailbot.outbox import Outbox, Sent
from mailbot.pipeline import Box, Decided, Pipeline
from mailbot.ports import Clock, LoginError, Watcher, WorldError
from mailbot.store import Store, balances, health

_OUTBOX_SECONDS = 30
_ALARM_SECONDS = 60
_CLOCK_SECONDS = 30  #: between two looks whether the machine's clock has been put back
_LOGIN_PAUSE = timedelta(minutes=30)  # a wrong password tried often locks the account
#: how often every message on the server is held against the register
_RECONCILE = timedelta(hours=1)
PROCESSING = "processing"
_SENDING = "sending"  #: how the way out is doing is told by the outbox; here only the database


@dataclass(frozen=True, slots=True, kw_only=True)
class Daily:
    """The staff digest: ``send`` is called each day at ``at``; it raises WorldError.

    ``owed`` says whether the last one that was due has not been made, because nobody
    was there at its hour or something failed; it raises StoreError.
    """

    send: Callable[[], None]
    at: time
    zone: ZoneInfo
    owed: Callable[[], bool] = lambda: True


@dataclass(slots=True, kw_only=True)
class Cycle:
    """What one full cycle did."""

    new: int = 0
    known: int = 0
    decided: list[Decided] = field(default_factory=list)
    sent: Sent = field(default_factory=Sent)
    problems: list[str] = field(default_factory=list)  #: what failed, in Chinese

    @property
    def failed(self) -> bool:
        """Does something need a second look: a mail set aside, a reply that did not get out?"""
        unsent = self.sent.deferred + self.sent.refused + self.sent.uncertain
        return bool(self.problems or unsent or any(d.outcome is None for d in self.decided))


@dataclass(slots=True, kw_only=True)
class Service:
    """All parts at work. ``outbox`` None: nothing is sent, replies stay queued."""

    folder: Path  #: the data folder that is locked
    store: Store
    boxes: Sequence[Box]
    pipeline: Pipeline
    clock: Clock
    outbox: Outbox | None = None
    daily: Daily | None = None
    parts: Parts | None = None  #: those configured; of others nothing is kept
    alarm: Callable[[], object] | None = None  #: tells staff of long troubles; raises StoreError
    #: how often a part has failed in a row, and until when it rests
    _resting: dict[str, tuple[int, datetime]] = field(default_factory=dict)
    _stop: threading.Event = field(default_factory=threading.Event)
    _polling: dict[str, threading.Lock] = field(default_factory=dict)  #: by mailbox
    _processing: threading.Lock = field(default_factory=threading.Lock)
    _sending: threading.Lock = field(default_factory=threading.Lock)
    _told: set[tuple[str, str]] = field(default_factory=set)  #: see :class:`Tidying`
    _reporting: threading.Lock = field(default_factory=threading.Lock)

    def run_once(self) -> Cycle:
        """Collect from every mailbox, process all, send all due; then return.

        Raises AlreadyRunning, and StoreError where the database is away.
        """
        cycle = Cycle()
        with only_instance(self.folder, self.store.url), self._stopping_on_signals():
            self._recover()
            for box in self.boxes:
                self._poll(box, cycle)
            self._process(cycle)
            self._alert(cycle)
            self._send(cycle)
            for box in self.boxes:
                self._tidy(box, cycle)
        return cycle

    def run(self) -> None:
        """Work until SIGTERM, SIGINT or :meth:`stop`. Raises AlreadyRunning."""
        with only_instance(self.folder, self.store.url), self._stopping_on_signals():
            self._recover_at_last()
            scheduler = self._schedule()
            scheduler.start()
            watchers = [
                threading.Thread(target=self._watch, args=[box, box.watcher], name="watching")
                for box in self.boxes
                if box.watcher is not None
            ]
            for thread in watchers:
                thread.start()
            logger("service").info("service.started", mailboxes=len(self.boxes))
            try:
                jumps = Jumps()
                while not self._stop.wait(_CLOCK_SECONDS):
                    self._plan_anew(scheduler, jumps.seen())
            finally:
                logger("service").info("service.stopping")
                scheduler.shutdown(wait=True)  # the mail in hand is finished
                for thread in watchers:
                    thread.join()
                for box in self.boxes:
                    box.source.close()
                logger("service").info("service.stopped")

    def stop(self) -> None:
        """Ask for an orderly stop; returns at once."""
        self._stop.set()

    def _schedule(self) -> BackgroundScheduler:
        zone = self.daily.zone if self.daily else ZoneInfo("Asia/Shanghai")
        scheduler = BackgroundScheduler(
            timezone=zone,
            # a mailbox that hangs must not keep the others, or the replies, from their turn
            executors={"default": {"type": "threadpool", "max_workers": len(self.boxes) + 5}},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )
        at_once = {"next_run_time": datetime.now(zone)}  # the machine's time: this is no deadline
        for box in self.boxes:
            scheduler.add_job(
                self._poll_and_process, "interval", [box], seconds=box.poll_seconds, **at_once
            )
        if not self.boxes:
            scheduler.add_job(self._process, "interval", seconds=_OUTBOX_SECONDS, **at_once)
        scheduler.add_job(self._send, "interval", seconds=_OUTBOX_SECONDS, **at_once)
        if self.alarm:
            scheduler.add_job(self._alert, "interval", seconds=_ALARM_SECONDS)
        if self.daily:
            at = self.daily.at
            scheduler.add_job(self._report, "cron", hour=at.hour, minute=at.minute)
            scheduler.add_job(self._make_up, "interval", seconds=_ALARM_SECONDS, **at_once)
        return scheduler

    def _plan_anew(self, scheduler: BackgroundScheduler, jump: float) -> None:
        """What is planned by a clock that has been put back would wait for that long."""
        if not jump:
            return
        logger("service").warning("clock.jumped", seconds=round(jump))
        for job in scheduler.get_jobs() if jump < 0 else ():
            now = datetime.now(scheduler.timezone)
            daily = job.func == self._report
            due = job.trigger.get_next_fire_time(None, now) if daily else now
            job.modify(next_run_time=due)

    def _watch(self, box: Box, watcher: Watcher) -> None:
        """Look into the mailbox as soon as its server tells of something; it is polled all the same."""
        failures = 0

        def look() -> None:
            nonlocal failures
            failures = 0
            self._poll_and_process(box)

        while not self._stop.is_set():
            try:
                if not watcher.watch(look, self._stop.is_set):
                    break
            except WorldError as error:
                failures += 1
                pause = health.pause_after(failures)
                if isinstance(error, LoginError):
                    pause = _LOGIN_PAUSE
                logger("service").warning("watching.failed", failures=failures, error=str(error))
                self._stop.wait(pause.total_seconds())
        watcher.close()

    def _poll_and_process(self, box: Box) -> None:
        name = health.mailbox(box.source.account, box.source.folder)
        with self._polling.setdefault(name, threading.Lock()):  # a connection serves one at a time
            if not self._rests(name):
                self._poll(box)
        if not self._rests(PROCESSING):
            self._process()
        if not self._rests(_SENDING):
            self._send()
        with self._polling[name]:
            if not self._rests(health.tidying(box.source.account, box.source.folder)):
                self._tidy(box)

    def _poll(self, box: Box, cycle: Cycle | None = None) -> None:
        """Look into one mailbox; what goes wrong is written down and tried again later."""
        name = health.mailbox(box.source.account, box.source.folder)
        with self._watched(name, cycle):
            collected = self.pipeline.collect(box)
            if cycle is not None:
                cycle.new += collected.new
                cycle.known += collected.known
            if collected.new or collected.known:
                logger("service").info("mails.collected", new=collected.new, known=collected.known)
            if self._due(box):
                self._reconcile(box, cycle)

    def _tidy(self, box: Box, cycle: Cycle | None = None) -> None:
        """Mark or move on the server what is decided by now, where that is wanted."""
        after, source = box.after, box.source
        if after is None:
            return
        tidying = Tidying(
            store=self.store, archive=self.pipeline.archive, clock=self.clock, told=self._told
        )
        with self._kept_going(cycle):
            if tidying.is_due(source, after.action):
                with self._watched(health.tidying(source.account, source.folder), cycle):
                    tidying.tidy(source, after)

    def _due(self, box: Box) -> bool:
        """Is it time to hold the folder against the register?"""
        if box.holder is not None and box.holder.surplus:
            return True
        with self.store.reading() as connection:
            last = balances.of(connection, box.source.account, box.source.folder)
        since = self.clock.now() - last.at if last else _RECONCILE
        return not timedelta(0) <= since < _RECONCILE  # the clock may have been put back

    def _reconcile(self, box: Box, cycle: Cycle | None) -> None:
        balance = self.pipeline.reconcile(box)
        if balance is None:
            return
        if cycle is not None:
            cycle.new += balance.found
        if balance.found:
            logger("service").warning("mails.found", new=balance.found)
        if balance.missing:
            logger("service").error("mails.differ", number=len(balance.missing))

    def _process(self, cycle: Cycle | None = None) -> None:
        """Read and decide all that waits; one at a time, whoever asks."""
        with self._processing, self._watched(PROCESSING, cycle):
            for decided in self.pipeline.process(self._stop.is_set):
                if cycle is not None:
                    cycle.decided.append(decided)

    def _send(self, cycle: Cycle | None = None) -> None:
        if self.outbox is None:
            return
        with self._kept_going(cycle), self._sending, self._backing_off(_SENDING):
            sent = self.outbox.send_due(self._stop.wait)
            if cycle is not None:
                cycle.sent = sent
                if sent.problem:
                    cycle.problems.append(sent.problem)

    def _report(self) -> None:
        """Send the staff digest, unless it has been."""
        daily = self.daily
        if daily is not None:
            with self._reporting, self._kept_going():
                if daily.owed():
                    with self._watched(health.DIGEST):
                        daily.send()

    def _make_up(self) -> None:
        """Send the digest that nobody sent at its hour."""
        if not self._rests(health.DIGEST):
            self._report()

    def _alert(self, cycle: Cycle | None = None) -> None:
        """Tell staff of what has failed for long, and of what works again."""
        if self.alarm is not None:
            with self._kept_going(cycle):
                self.alarm()

    def _recover(self) -> None:
        self._forget()
        if self.outbox is not None and (found := self.outbox.recover()):
            logger("service").warning("replies.uncertain", number=found)

    def _forget(self) -> None:
        """What is configured no more neither fails nor differs."""
        if self.parts is None:
            return
        gone = [row for row in health.every(self.store) if not self.parts.has(row)]
        with self.store.reading() as connection:
            places = [r for r in balances.every(connection) if not self.parts.compares(r)]
        if gone:
            health.forget(self.store, gone)
            logger("service").info("parts.forgotten", names=[row.name for row in gone])
        if places:
            with self.store.writing() as connection:
                for row in places:
                    balances.forget(connection, row)

    def _recover_at_last(self) -> None:
        """Before anything is sent; a database that is away is waited for."""
        while not self._stop.is_set():
            with self._kept_going(), self._backing_off(_SENDING):
                self._recover()
                health.resume(self.store, health.OUTGOING)  # the password may have been put right
                return
            _, until = self._resting[_SENDING]
            wait = min(until - self.clock.now(), _LOGIN_PAUSE)
            self._stop.wait(max(wait.total_seconds(), 0))

    def _rests(self, name: str) -> bool:
        """Has it failed lately, so that it must wait? Whoever starts us anew wants it tried."""
        now = self.clock.now()
        return name in self._resting and health.lies_ahead(self._resting[name][1], now)

    @contextmanager
    def _watched(self, name: str, cycle: Cycle | None = None) -> Iterator[None]:
        """Write down how it went, for ``status``; the world's failure ends here."""
        with self._kept_going(cycle), self._backing_off(name, kept=True):
            yield
            health.succeeded(self.store, name, self.clock.now())

    @contextmanager
    def _backing_off(self, name: str, *, kept: bool = False) -> Iterator[None]:
        """Where the world fails, rest; longer each time."""
        try:
            yield
        except WorldError as error:
            self._set_back(name, error, kept=kept)
            raise
        self._resting.pop(name, None)

    def _set_back(self, name: str, error: WorldError, *, kept: bool) -> None:
        """Count the failure; here at least, because the database itself may be what fails."""
        now = self.clock.now()
        pause = _LOGIN_PAUSE if isinstance(error, LoginError) else None
        failures = self._resting[name][0] + 1 if name in self._resting else 1
        until: datetime | None = now + (pause or health.pause_after(failures))
        if kept:
            with self._kept_going():
                row = health.failed(self.store, name, str(error), now, pause=pause)
                failures, until = row.failures, row.paused_until
        self._resting[name] = (failures, until or now)
        logger("service").error("failed", what=name, failures=failures, until=str(until))

    @contextmanager
    def _kept_going(self, cycle: Cycle | None = None) -> Iterator[None]:
        """What the world does wrong is told and does not end the service."""
        try:
            yield
        except WorldError as error:
            logger("service").error("world.failed", kind=type(error).__name__, error=str(error))
            if cycle is not None:
                cycle.problems.append(str(error))

    @contextmanager
    def _stopping_on_signals(self) -> Iterator[None]:
        """SIGTERM and SIGINT ask for an orderly stop, while we are at work."""

        def ask(_number: int, _frame: FrameType | None) -> None:
            self._stop.set()

        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {number: signal.signal(number, ask) for number in (signal.SIGTERM, signal.SIGINT)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
