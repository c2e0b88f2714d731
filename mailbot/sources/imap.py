"""One folder of an IMAP mailbox, read without leaving a trace. RFC 3501.

Looks for UIDs above the mark, fetches with BODY.PEEK, and keeps its connection
between polls. Tells also which UIDs there are at all, and fetches those it is
asked for, so that what the mark has missed can be found. It changes no flag,
moves and deletes nothing (see :mod:`mailbot.sources.changing`), and takes no flag for
state: whoever opens the webmail changes flags. Failures are those of :mod:`mailbot.sources.session`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO

from mailbot.log import logger
from mailbot.model import Arrival, Holding, Mark, Sighting
from mailbot.ports import SourceError
from mailbot.sources.files import received_at
from mailbot.sources.folders import use_of
from mailbot.sources.session import Session

#: Ids in one FETCH; more make some servers refuse the line.
_IDS = 500
#: Bytes asked for in one FETCH of whole messages, and what is large enough to come in ranges.
_BATCH = 10 * 1024 * 1024
_LARGE = 8 * 1024 * 1024
_RANGE = 1024 * 1024
#: So often a message may cost the connection before the others go on without it.
_TRIES = 3


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A message on the server that is to be fetched."""

    uid: int
    size: int  #: RFC822.SIZE in bytes, as the server claims
    arrived: datetime | None  #: INTERNALDATE; None where the server gives none that can be read


class ImapSource:
    """A folder of the mailbox that ``session`` connects to; nobody else uses that session.

    ``folder`` may be what another provider calls its Junk: the one of this server is found.
    """

    def __init__(self, session: Session, folder: str = "INBOX") -> None:
        self.account = session.account
        self.folder = folder
        self.session = session
        self.surplus = False  #: see :class:`mailbot.ports.Holder`
        self._counted: int | None = None  # messages there after the last look
        self._numbered = 0  # UIDVALIDITY at the last look
        self._failed: Counter[int] = Counter()  # while these were fetched the connection ended

    def arrivals(self, mark: Mark | None) -> Iterator[Arrival]:
        """New messages, lowest UID first, fetched in batches while they are taken.

        A message that vanishes while we look is passed over. Raises SourceError,
        LoginError; what was yielded before stays good.
        """
        self.session.open(self.folder)
        known = mark is not None and mark.uidvalidity == self.session.uidvalidity
        first = mark.uid + 1 if mark is not None and known else 1
        if self._numbered != self.session.uidvalidity:
            self._failed.clear()
            self._numbered = self.session.uidvalidity
        # "n:*" always names the last message, even one below n. RFC 3501 section 6.4.8.
        found = self.session.ask(lambda client: client.search(["UID", f"{first}:*"]))
        new = sorted({uid for uid in found if uid >= first and self._failed[uid] < _TRIES})
        taken = 0
        for arrival in self._taken(new):
            taken += 1
            yield arrival
        before, self._counted = self._counted, self.session.count
        self.surplus = before is not None and self._counted > before + taken

    def holding(self) -> Holding:
        """Every message of the folder by its UID. Raises SourceError, LoginError."""
        # anew: some servers tell nobody that a kept folder is numbered otherwise by now
        self.session.open(self.folder, anew=True)
        found = self.session.ask(lambda client: client.search(["ALL"]))
        return Holding(uidvalidity=self.session.uidvalidity, uids=frozenset(map(int, found)))

    def fetched(self, uids: Sequence[int]) -> Iterator[Arrival]:
        """These messages; one that is gone, or cannot be had, is passed over. Raises as above."""
        self.session.open(self.folder)
        later = {uid for uid in uids if self._failed[uid] > _TRIES}
        self._failed.subtract(later)  # its turn comes with the next comparison
        # what has cost the connection before comes last, so that the others are safe by then
        yield from self._taken(sorted(set(uids) - later, key=lambda uid: (self._failed[uid], uid)))

    def watch(self, changed: Callable[[], object], stop: Callable[[], bool]) -> bool:
        """Call ``changed`` at once and whenever the folder changes, until ``stop``.

        False at once where the server cannot tell. Raises SourceError, LoginError.
        """
        self.session.open(self.folder)
        return self.session.idle(changed, stop)

    def probe(self) -> str:
        """Log in, look, and say in one Chinese line what is there."""
        self.session.open(self.folder)
        return f"已登录 {self.account}，文件夹「{self.folder}」现有 {self.session.count} 封邮件"

    def close(self) -> None:
        """Log out; a connection that is gone already is no failure."""
        self.session.close()

    def _taken(self, uids: Sequence[int]) -> Iterator[Arrival]:
        for start in range(0, len(uids), _IDS):
            for batch in _batches(self._waiting(uids[start : start + _IDS])):
                yield from self._fetched(batch)

    def _waiting(self, uids: Sequence[int]) -> list[_Waiting]:
        answers = self.session.fetch(uids, ["RFC822.SIZE", "INTERNALDATE"])
        return [
            _Waiting(
                uid,
                int(answers[uid].get(b"RFC822.SIZE", 0)),
                moment.astimezone(UTC) if (moment := answers[uid].get(b"INTERNALDATE")) else None,
            )
            for uid in uids
            if uid in answers
        ]

    def _fetched(self, batch: Sequence[_Waiting]) -> Iterator[Arrival]:
        """What the server gives of these. One that has cost the connection is asked for alone."""
        alone = [message for message in batch if self._failed[message.uid]]
        together = [message for message in batch if not self._failed[message.uid]]
        for part in [together, *([message] for message in alone)]:
            try:
                raws = self._bodies(part)
            except SourceError:
                self._failed.update(message.uid for message in part)
                raise
            for message in part:
                self._failed.pop(message.uid, None)
                raw = raws.pop(message.uid, None)
                arrival = self._arrival(message, raw) if raw is not None else None
                if arrival is not None:
                    yield arrival

    def _bodies(self, messages: Sequence[_Waiting]) -> dict[int, bytes]:
        if len(messages) == 1 and messages[0].size > _LARGE:
            raw = self._in_ranges(messages[0])
            return {} if raw is None else {messages[0].uid: raw}
        answers = self.session.fetch([message.uid for message in messages], ["BODY.PEEK[]"])
        found = {uid: answer.get(b"BODY[]") for uid, answer in answers.items()}
        return {uid: raw for uid, raw in found.items() if raw is not None}

    def _in_ranges(self, message: _Waiting) -> bytes | None:
        """A large message piece by piece; None when it vanished.

        The claimed size is not believed: it may be too large, and a server may give
        shorter pieces than it is asked for.
        """
        whole = BytesIO()
        short = False
        while True:
            offset = whole.tell()
            answers = self.session.fetch([message.uid], [f"BODY.PEEK[]<{offset}.{_RANGE}>"])
            piece = answers.get(message.uid, {}).get(b"BODY[]<%d>" % offset)
            if piece is None and not short:
                return None
            whole.write(piece or b"")
            short = not piece or len(piece) < _RANGE
            if not piece or (short and whole.tell() >= message.size):
                return whole.getvalue()

    def _arrival(self, message: _Waiting, raw: bytes) -> Arrival | None:
        """None where nothing tells when it came: the comparison will name it."""
        arrived = message.arrived or received_at(raw)
        if arrived is None:
            logger("imap").warning("message.without_time", uid=message.uid)
            return None
        sighting = Sighting(
            account=self.account,
            folder=self.folder,
            uidvalidity=self.session.uidvalidity,
            uid=message.uid,
        )
        return Arrival(
            sighting=sighting,
            arrived=arrived,
            raw=raw,
            junk="junk" in (use_of(self.folder), self.session.use),
        )


def _batches(waiting: Sequence[_Waiting]) -> Iterator[list[_Waiting]]:
    """In the same order, as many together as their sizes allow; a large one alone."""
    batch: list[_Waiting] = []
    total = 0
    for message in waiting:
        if batch and (message.size > _LARGE or total + message.size > _BATCH):
            yield batch
            batch, total = [], 0
        batch.append(message)
        total += message.size
        if message.size > _LARGE:
            yield batch
            batch, total = [], 0
    if batch:
        yield batch
