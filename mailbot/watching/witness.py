"""What the provider's folder of sent mails says about a reply of which nobody knows.

That a copy is there proves that the reply went out. That none is there proves something
only where the provider is known to file what we send: where the reply sent last is there.
Decides nothing about the reply; a folder that cannot be asked is asked again later.
"""

from __future__ import annotations

from dataclasses import dataclass

from mailbot.log import logger
from mailbot.ports import Clock, LoginError, SentMail, SourceError
from mailbot.store import Store, health, replies
from mailbot.store.views import HealthRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Witness:
    """The folder of one account; ``keeps`` where the copies in it are filed by us."""

    store: Store
    sent: SentMail
    clock: Clock
    keeps: bool = False

    def was_sent(self, reply: replies.Doubtful) -> bool | None:
        """Did it go out? None: the folder cannot tell.

        Raises SourceError or LoginError where it cannot be asked now, and StoreError.
        """
        paused = health.of(self.store, health.SENT)
        if health.is_paused(paused, self.clock.now()):
            raise SourceError(paused.last_error)
        try:
            known = self._asked(reply)
        except (SourceError, LoginError) as error:
            health.failed(self.store, health.SENT, str(error), self.clock.now())
            raise
        if paused.failing_since is not None:
            health.succeeded(self.store, health.SENT, self.clock.now())
        return known

    def _asked(self, reply: replies.Doubtful) -> bool | None:
        if self.sent.holds(reply.message_id, reply.tried):
            return True
        if self.keeps:  # a copy is filed only after the server's answer, which never came
            return None
        with self.store.reading() as connection:
            last = replies.last_sent(connection, before=reply.tried)
        if last is None or not self.sent.holds(last.message_id, last.tried):
            return None
        return False

    def keep(self, message: bytes) -> None:
        """File a copy of what was sent; a failure is told and changes nothing. Raises StoreError."""
        if not self.keeps or health.is_paused(self._health, self.clock.now()):
            return
        try:
            self.sent.keep(message)
        except (SourceError, LoginError) as error:
            health.failed(self.store, health.SENT, str(error), self.clock.now())
            logger("outbox").error("copy.not_kept", error=str(error))
            return
        if self._health.failing_since is not None:
            health.succeeded(self.store, health.SENT, self.clock.now())

    @property
    def _health(self) -> HealthRow:
        return health.of(self.store, health.SENT)
