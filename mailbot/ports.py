"""The doors to the world as the pipeline sees them, and the failures that come through.

Adapters implement these protocols and translate every outside exception into
one of the errors below; nothing else in the code knows IMAP, SMTP or a disk.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

from mailbot.model import Arrival, Holding, Mark


class WorldError(Exception):
    """Something outside failed; the message says what to do next. Retried, nothing lost."""


class SourceError(WorldError):
    """The mailbox cannot be reached or read."""


class LoginError(WorldError):
    """The server refused our name or password; trying again at once may lock the account."""


class ArchiveError(WorldError):
    """The raw bytes could not be made safe (disk full, no permission)."""


class StoreError(WorldError):
    """The database is locked, full or away."""


class SendDeferred(WorldError):
    """The reply was not taken now (4xx, time-out, no connection); a later try may succeed."""


class SendRefused(WorldError):
    """The reply was refused for good (5xx)."""


class AccountPaused(WorldError):
    """The provider limits our sending (frequency, DT:SPM): the whole account must wait.

    ``pause`` is how long at least, None: as the outbox sees fit; ``about_mail`` where
    this very mail may be the reason, so that it is not tried for ever.
    """

    def __init__(
        self, message: str, *, pause: timedelta | None = None, about_mail: bool = False
    ) -> None:
        super().__init__(message)
        self.pause, self.about_mail = pause, about_mail


class SendUncertain(WorldError):
    """The connection broke after the final dot: the reply may or may not have been taken."""


class Clock(Protocol):
    """The one clock of the program."""

    def now(self) -> datetime:
        """Aware."""


class Source(Protocol):
    """One folder of one mailbox."""

    account: str
    folder: str

    def arrivals(self, mark: Mark | None) -> Iterator[Arrival]:
        """New messages, lowest UID first; changes nothing in the mailbox.

        ``mark`` of another UIDVALIDITY, or None: everything. Raises SourceError, LoginError.
        """

    def probe(self) -> str:
        """Log in, look, and say in one Chinese line what is there. Raises as above."""

    def close(self) -> None:
        """Let go of the connection."""


class Holder(Protocol):
    """A folder that also tells what it holds, whatever has been taken from it so far.

    ``surplus``: at the last look there were more messages than came above the mark, as
    where somebody has moved one here under an old number.
    """

    account: str
    folder: str
    surplus: bool

    def holding(self) -> Holding:
        """Every message by its UID. Raises SourceError, LoginError."""

    def fetched(self, uids: Sequence[int]) -> Iterator[Arrival]:
        """These messages; one that is gone, or cannot be had, is passed over. Raises as above."""


class Changes(Protocol):
    """What may be done to the messages of a folder afterwards; all raise SourceError, LoginError."""

    def uidvalidity(self) -> int:
        """The numbering that is good now."""

    def flag(self, uids: Sequence[int]) -> None:
        """Mark as read; what is gone is passed over."""

    def way(self) -> str:
        """How a message can be moved here, "move" or "copy"; "" where not without risk."""

    def move(self, uids: Sequence[int]) -> None:
        """Move, in one step; what is gone already is passed over."""

    def copied(self, wanted: Mapping[str, int]) -> Collection[str]:
        """Which of these mails (SHA-256 and size) lie in the other folder."""

    def copy(self, uids: Sequence[int]) -> None:
        """Copies into the other folder."""

    def remove(self, uids: Sequence[int]) -> None:
        """Take these away; their copies are made."""


class Watcher(Protocol):
    """Tells at once when something comes, on a connection of its own."""

    def watch(self, changed: Callable[[], object], stop: Callable[[], bool]) -> bool:
        """Call ``changed`` at once and whenever the folder changes, until ``stop``.

        False at once where the server cannot tell. Raises SourceError, LoginError.
        """

    def close(self) -> None:
        """Let go of the connection."""


class Sink(Protocol):
    """Where replies go out."""

    def send(self, *, message: bytes, sender: str, recipient: str) -> str:
        """Hand over one message; return the server's answer.

        Raises SendDeferred, SendRefused, SendUncertain, AccountPaused, LoginError.
        """

    def probe(self) -> str:
        """Connect, log in, and say so in one Chinese line."""

    def close(self) -> None:
        """Let go of the connection."""


class Token(Protocol):
    """Gives the access token of an account; see :mod:`mailbot.configuration.tokens`."""

    def __call__(self, *, refused: bool) -> str:
        """The token; another one where the last was ``refused``. Raises SourceError."""


class SentMail(Protocol):
    """The provider's folder of sent mails."""

    def holds(self, message_id: str, since: datetime) -> bool:
        """Is a message with this id there, filed not before the day of ``since``?

        Raises SourceError, LoginError.
        """

    def keep(self, message: bytes) -> None:
        """File a copy. Raises SourceError, LoginError."""

    def probe(self) -> str:
        """Log in, look, and say in one Chinese line what is there. Raises as above."""

    def close(self) -> None:
        """Let go of the connection."""


class Archive(Protocol):
    """Raw messages by the SHA-256 of their bytes, for ever."""

    def put(self, raw: bytes) -> str:
        """Write and sync; return the SHA-256. Raises ArchiveError."""

    def put_all(self, raws: Sequence[bytes]) -> Sequence[str]:
        """Write and sync them together; the SHA-256 of each. Raises ArchiveError.

        After a failure some may be there; all may be put again.
        """

    def get(self, sha256: str) -> bytes:
        """The bytes. Raises ArchiveError when they are gone or changed."""

    def path(self, sha256: str) -> Path:
        """The file that holds them."""

    def lacks(self, sha256: str) -> bool:
        """Are the bytes gone? Only looks whether the file is there. Raises ArchiveError."""

    def probe(self) -> str:
        """Write and remove a trial file, and say so in one Chinese line."""
