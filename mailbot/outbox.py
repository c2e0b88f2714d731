"""Sends the queued replies: each once, as far as the world allows.

The bytes were frozen when the mail was decided. A claim is committed before the
server hears of the reply, so that a crash leaves a trace: such a reply is
uncertain, and then either a probe knows, or the operator's policy decides. No
reply is composed here, and none is ever changed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from mailbot.log import logger
from mailbot.ports import (
    AccountPaused,
    Clock,
    LoginError,
    SendDeferred,
    SendRefused,
    SendUncertain,
    Sink,
    SourceError,
)
from mailbot.store import Store, health, replies

#: minutes until the second, third, ... try; then always the last
_BACK_OFF = (2, 5, 15, 60, 120, 240)
_GIVE_UP = timedelta(hours=24)
_LEAST_TRIES = 4  #: within these hours: the machine may have been off, or its clock put on
_LEASE = timedelta(minutes=10)
_PAUSE = timedelta(hours=1)  # the provider limits us; doubled while it does
_LONGEST_PAUSE = timedelta(hours=8)
_LOGIN_PAUSE = tuple(timedelta(minutes=minutes) for minutes in (2, 5, 15, 60))
#: Until then a copy of a mail that was taken may still be missing in the Sent folder.
_FILED = timedelta(minutes=2)
_DEFERRED_IN_A_ROW = 3  # then the server, not the recipient, is the reason
_SEVERAL = "发件服务器连续多次未能接收，已暂停发送，稍后自动重试。最近一次的原因："

#: How the fate of an uncertain reply became known, for the history.
_WHY = {True: "in_sent_folder", False: "not_in_sent_folder", None: "policy"}

Policy = Literal["resend", "hold"]


@dataclass(slots=True)
class Sent:
    """What one run of the outbox did."""

    sent: int = 0
    deferred: int = 0
    refused: int = 0
    uncertain: int = 0
    problem: str = ""  #: why the run ended early, in Chinese


@dataclass(slots=True, kw_only=True)
class Outbox:
    """The way out. ``sender`` is the envelope sender; ``holder`` names this installation.

    ``wait`` pauses between two replies (seconds) and tells whether to stop;
    ``was_sent`` is the probe: does the provider's Sent folder, or a copy, hold
    this reply? None: it cannot tell; WorldError: it cannot be asked now. ``keep``
    files a copy of what went out.
    """

    store: Store
    sink: Sink
    clock: Clock
    sender: str
    policy: Policy = "hold"
    pace: float = 0.0
    holder: str = "mailbot"
    was_sent: Callable[[replies.Doubtful], bool | None] | None = None
    keep: Callable[[bytes], None] | None = None
    _run: Sent = field(default_factory=Sent)
    _why: str = ""  # the last reply was put off
    _last: datetime | None = None  # when the server was last given a mail

    def recover(self) -> int:
        """At the start, holding the data folder: whatever a dead forerunner was sending.

        Raises StoreError.
        """
        with self.store.writing() as connection:
            return replies.abandoned(connection, self.clock.now(), holder=self.holder)

    def send_due(self, wait: Callable[[float], bool] | None = None) -> Sent:
        """Send what is due, one after the other. Raises StoreError only.

        ``wait(seconds)`` returns True when the service is to stop.
        """
        self._run = Sent()
        self._settle_uncertain()
        paused = health.of(self.store, health.OUTGOING)
        if health.is_paused(paused, self.clock.now()):
            self._run.problem = paused.last_error
            return self._run
        in_a_row = 0
        while not self._run.problem and self._is_due():
            if wait is not None and wait(self._rest_of_pace()):
                break
            before = self._run.deferred
            if (claim := self._claim()) is not None:
                self._send(claim)
            in_a_row = in_a_row + 1 if self._run.deferred > before else 0
            if in_a_row >= _DEFERRED_IN_A_ROW:
                self._pause(f"{_SEVERAL}{self._why}", None)
        if self._run.sent and not self._run.problem:
            health.succeeded(self.store, health.OUTGOING, self.clock.now())
        return self._run

    def _rest_of_pace(self) -> float:
        """Seconds until the next mail may go out; the account has one pace, whoever asks."""
        if self._last is None:
            return 0.0
        gone = (self.clock.now() - self._last).total_seconds()
        return min(max(self.pace - gone, 0.0), self.pace)  # clocks are put back, too

    def _is_due(self) -> bool:
        with self.store.reading() as connection:
            return replies.is_due(connection, self.clock.now())

    def _claim(self) -> replies.Claim | None:
        with self.store.writing() as connection:
            return replies.claim_next(
                connection, self.clock.now(), holder=self.holder, lease=_LEASE
            )

    def _send(self, claim: replies.Claim) -> None:
        """Hand one reply over, and write down what became of it."""
        self._last = self.clock.now()
        try:
            answer = self.sink.send(
                message=claim.message, sender=self.sender, recipient=claim.recipient
            )
        except SendDeferred as error:
            self._defer(claim, str(error))
        except SendRefused as error:
            self._run.refused += 1
            self._finish(claim, "refused", error=str(error))
        except SendUncertain as error:
            self._run.uncertain += 1
            self._finish(claim, "uncertain", error=str(error))
        except AccountPaused as error:
            self._limited(claim, error)
        except LoginError as error:
            pause = self._login_pause()
            self._finish(claim, "queued", error=str(error), again_at=self.clock.now() + pause)
            self._pause(str(error), pause)
        else:
            self._run.sent += 1
            self._finish(claim, "sent", answer=answer)
            if self.keep is not None:
                self.keep(claim.message)

    def _defer(self, claim: replies.Claim, error: str) -> None:
        """Not now: later, and after a day a person has to look."""
        self._run.deferred += 1
        self._why = error
        now = self.clock.now()
        if self._in_vain(claim):
            self._finish(claim, "held", error=f"24 小时内多次发送未成功：{error}")
            return
        minutes = _BACK_OFF[min(claim.attempts, len(_BACK_OFF)) - 1]
        self._finish(claim, "queued", error=error, again_at=now + timedelta(minutes=minutes))

    def _in_vain(self, claim: replies.Claim) -> bool:
        """Has it been tried for a day, and really?"""
        tried = self.clock.now() - claim.first_attempt
        return tried >= _GIVE_UP and claim.attempts >= _LEAST_TRIES

    def _limited(self, claim: replies.Claim, error: AccountPaused) -> None:
        """Everything rests, longer each time; what may itself be the reason is not tried for ever."""
        failures = health.of(self.store, health.OUTGOING).failures
        pause = min((error.pause or _PAUSE) * 2 ** min(failures, 8), _LONGEST_PAUSE)
        now = self.clock.now()
        if error.about_mail and self._in_vain(claim):
            self._finish(claim, "held", error=f"24 小时内多次发送未成功：{error}")
        else:
            self._finish(claim, "queued", error=str(error), again_at=now + pause)
        self._pause(str(error), pause)

    def _finish(
        self,
        claim: replies.Claim,
        state: str,
        *,
        error: str = "",
        answer: str = "",
        again_at: datetime | None = None,
    ) -> None:
        with self.store.writing() as connection:
            ours = replies.finish(
                connection,
                claim,
                state,
                self.clock.now(),
                error=error,
                answer=answer,
                again_at=again_at,
            )
        logger("outbox").info("reply", id=claim.id, state=state, attempt=claim.attempts, ours=ours)

    def _pause(self, error: str, pause: timedelta | None) -> None:
        """The whole account waits."""
        row = health.failed(self.store, health.OUTGOING, error, self.clock.now(), pause=pause)
        self._run.problem = error
        logger("outbox").error("outgoing.paused", until=str(row.paused_until), error=error)

    def _login_pause(self) -> timedelta:
        failures = health.of(self.store, health.OUTGOING).failures
        return _LOGIN_PAUSE[min(failures, len(_LOGIN_PAUSE) - 1)]

    def _settle_uncertain(self) -> None:
        """Ask the probe about every uncertain reply; where it cannot tell, follow the policy."""
        now = self.clock.now()
        with self.store.writing() as connection:
            replies.abandoned(connection, now)
            waiting = replies.uncertain(connection)
        for reply in waiting:
            try:
                known = self.was_sent(reply) if self.was_sent else None
            except (SourceError, LoginError) as error:
                logger("outbox").warning("reply.unasked", id=reply.id, error=str(error))
                if timedelta(0) <= now - reply.since < _GIVE_UP:
                    self._run.uncertain += 1
                    continue
                known = None
            since = now - reply.since  # below 0 where the clock has been put back
            too_early = known is False and timedelta(0) <= since < _FILED
            if too_early or (known is None and self.policy == "hold"):
                self._run.uncertain += 1
                continue
            with self.store.writing() as connection:
                replies.settle(connection, reply.id, now, sent=bool(known), why=_WHY[known])
