"""Mails in files, for ``import``: .eml, mbox, Maildir, or a folder of .eml files.

Reads and changes nothing. A file has no provider's time of its own: arrival is
what the operator says, else the topmost Received header, else the line between
the mails of an mbox, else the time of the file.
"""

from __future__ import annotations

import mailbox
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.parser import BytesHeaderParser
from email.utils import parsedate_to_datetime
from functools import partial
from pathlib import Path

from mailbot.mime.headers import Headers
from mailbot.model import Arrival, Mark, Sighting
from mailbot.ports import SourceError

#: How a mail begins: with a header field (RFC 5322 section 2.2) or an envelope line.
_BEGINNING = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:[!-9;-~]+[ \t]*:|From )")

#: The header block is looked for in the first bytes only.
_HEAD = 256 * 1024

_FROM_LINE = "%a %b %d %H:%M:%S %Y"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    """One mail that has been found and not yet read."""

    read: Callable[[], bytes]
    fallback: Callable[[], datetime]  #: arrival where the header tells none


class FileSource:
    """The mails in one path. Raises SourceError where it cannot be read.

    ``times`` are those the operator names: none, or one for each mail in order.
    """

    account = "import"

    def __init__(self, path: Path) -> None:
        self.folder = str(path.absolute())
        self.times: Sequence[datetime] = ()
        self.each: Callable[[], object] = bool  #: called for each mail handed over
        self._path = path
        self._box: mailbox.mbox | None = None
        try:
            if path.is_file() and _is_mbox(path):
                self._box = mailbox.mbox(path, create=False)
                self._entries = list(_of_mbox(self._box, path))
            else:
                self._entries = list(_of_files(path))
            if path.is_file() and path.suffix.lower() != ".eml" and not _is_mail(path):
                raise SourceError(f"{path} 不是邮件：应为 .eml、mbox 文件，或 Maildir 文件夹")
        except OSError as error:
            raise SourceError(f"{path} 打不开：{error.strerror or error}") from error

    def __len__(self) -> int:
        """How many mails there are."""
        return len(self._entries)

    def arrivals(self, mark: Mark | None) -> Iterator[Arrival]:
        """All mails, known or not: whoever takes them knows which are. Raises SourceError."""
        del mark
        for index, entry in enumerate(self._entries):
            try:
                raw = entry.read()
                arrived = self.times[index] if self.times else received_at(raw) or entry.fallback()
            except OSError as error:
                text = f"{self._path} 读取失败：{error.strerror or error}"
                raise SourceError(text) from error
            self.each()
            yield Arrival(
                sighting=Sighting(
                    account=self.account, folder=self.folder, uidvalidity=1, uid=index + 1
                ),
                arrived=arrived,
                raw=raw,
            )

    def probe(self) -> str:
        """What is there, in one Chinese line."""
        return f"{self._path} 中有 {len(self)} 封邮件"

    def close(self) -> None:
        """Let go of the file."""
        if self._box is not None:
            self._box.close()


def _of_files(path: Path) -> Iterator[_Entry]:
    """One file, the messages of a Maildir, or the .eml files of a folder."""
    files = [path]
    if path.is_dir():
        parts = [path / "new", path / "cur"]
        is_maildir = all(part.is_dir() for part in parts)
        within = [file for part in parts for file in part.iterdir()] if is_maildir else None
        found = path.glob("*.eml") if within is None else within
        files = [file for file in found if file.is_file() and not file.name.startswith(".")]
    for file in sorted(files, key=_modified):
        yield _Entry(read=file.read_bytes, fallback=partial(_of_file, file))


def _of_mbox(box: mailbox.mbox, path: Path) -> Iterator[_Entry]:
    for key in box.keys():  # noqa: SIM118 - a mailbox iterates over messages
        yield _Entry(read=partial(box.get_bytes, key), fallback=partial(_between, box, key, path))


def _is_mbox(path: Path) -> bool:
    """Does it begin with the line that stands before each mail? RFC 4155."""
    with path.open("rb") as file:
        return file.read(5) == b"From "


def _is_mail(path: Path) -> bool:
    """Does it look like one? A file named by mistake must not be kept for ever."""
    with path.open("rb") as file:
        return _BEGINNING.match(file.read(1000)) is not None


def _modified(file: Path) -> tuple[float, str]:
    return file.stat().st_mtime, file.name


def _of_file(file: Path) -> datetime:
    return datetime.fromtimestamp(file.stat().st_mtime, UTC)


def _between(box: mailbox.mbox, key: str, path: Path) -> datetime:
    """The time in the line before the mail, in UTC as RFC 4155 wants it."""
    words = box.get_message(key).get_from().split()
    try:
        return datetime.strptime(" ".join(words[-5:]), _FROM_LINE).replace(tzinfo=UTC)
    except ValueError:
        return _of_file(path)


def received_at(raw: bytes) -> datetime | None:
    """The time of the topmost Received header. RFC 5321 section 4.4."""
    block = raw[:_HEAD].replace(b"\r\n", b"\n").partition(b"\n\n")[0]
    headers = Headers.of(BytesHeaderParser().parsebytes(block + b"\n\n"))
    try:
        moment = parsedate_to_datetime(headers.first("received").rpartition(";")[2].strip())
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
