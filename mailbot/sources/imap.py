"""One folder of an IMAP mailbox, read without leaving a trace. RFC 3501.

Looks for UIDs above the mark, fetches with BODY.PEEK, and keeps its connection
between polls. Tells also which UIDs there are at all, and fetches those it is
asked for, so that what the mark has missed can be found. It changes no flag,
moves and deletes nothing (see :mod:`mailbot.sources.changing`), and takes no flag for
state: whoever opens the webmail changes flags. Failures are those of :mod:`mailbot.sources.session`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO

from mailbot.model import Arrival, Holding, Mark, Sighting
from mailbot.sources.folders import use_of
from mailbot.sources.session import Session

#: Ids in one FETCH; more make some servers refuse the line.
_IDS = 500
#: Bytes asked for in one FETCH of whole messages, and what is large enough to come in ranges.
_BATCH = 10 * 1024 * 1024
_LARGE = 8 * 1024 * 1024
_RANGE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A message on the server that is to be fetched."""

    uid: int
    size: int  #: RFC822.SIZE in bytes, as the server claims
    arrived: datetime


class ImapSource:
    """A folder of the mailbox that ``session`` connects to; nobody else uses that session.

    ``folder`` may be what another provider calls its Junk: the one of this server is found.
    """

    def __init__(self, session: Session, folder: str = "INBOX") -> None:
        self.account = session.account
        self.folder = folder
        self.session = session

    def arrivals(self, mark: Mark | None) -> Iterator[Arrival]:
        """New messages, lowest UID first, fetched in batches while they are taken.

        A message that vanishes while we look is passed over. Raises SourceError,
        LoginError; what was yielded before stays good.
        """
        self.session.open(self.folder)
        known = mark is not None and mark.uidvalidity == self.session.uidvalidity
        first = mark.uid + 1 if mark is not None and known else 1
        # "n:*" always names the last message, even one below n. RFC 3501 section 6.4.8.
        found = self.session.ask(lambda client: client.search(["UID", f"{first}:*"]))
        yield from self._taken(sorted({uid for uid in found if uid >= first}))

    def holding(self) -> Holding:
        """Every message of the folder by its UID. Raises SourceError, LoginError."""
        # anew: some servers tell nobody that a kept folder is numbered otherwise by now
        self.session.open(self.folder, anew=True)
        found = self.session.ask(lambda client: client.search(["ALL"]))
        return Holding(uidvalidity=self.session.uidvalidity, uids=frozenset(map(int, found)))

    def fetched(self, uids: Sequence[int]) -> Iterator[Arrival]:
        """These messages, lowest UID first; one that is gone is passed over. Raises as above."""
        self.session.open(self.folder)
        yield from self._taken(sorted(set(uids)))

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
                answers[uid][b"INTERNALDATE"].astimezone(UTC),
            )
            for uid in uids
            if answers.get(uid, {}).get(b"INTERNALDATE") is not None
        ]

    def _fetched(self, batch: Sequence[_Waiting]) -> Iterator[Arrival]:
        if len(batch) == 1 and batch[0].size > _LARGE:
            raw = self._in_ranges(batch[0])
            if raw is not None:
                yield self._arrival(batch[0], raw)
            return
        answers = self.session.fetch([message.uid for message in batch], ["BODY.PEEK[]"])
        for message in batch:
            raw = answers.pop(message.uid, {}).get(b"BODY[]")
            if raw is not None:
                yield self._arrival(message, raw)

    def _in_ranges(self, message: _Waiting) -> bytes | None:
        """A large message piece by piece; None when it vanished. The claimed size is not believed."""
        whole = BytesIO()
        while True:
            offset = whole.tell()
            answers = self.session.fetch([message.uid], [f"BODY.PEEK[]<{offset}.{_RANGE}>"])
            piece = answers.get(message.uid, {}).get(b"BODY[]<%d>" % offset)
            if piece is None:
                return None
            whole.write(piece)
            if len(piece) < _RANGE:
                return whole.getvalue()

    def _arrival(self, message: _Waiting, raw: bytes) -> Arrival:
        sighting = Sighting(
            account=self.account,
            folder=self.folder,
            uidvalidity=self.session.uidvalidity,
            uid=message.uid,
        )
        return Arrival(
            sighting=sighting,
            arrived=message.arrived,
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
