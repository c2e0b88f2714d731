"""A Maildir folder on this machine, read without touching it.

A Maildir names messages but numbers none. The numbers live in an index file of
our own beside our data: each unique name gets the next one when it is first
seen, appended and synced before the message is handed over. Flags and the move
from ``new`` to ``cur`` are other readers' business.
"""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from mailbot.model import Arrival, Holding, Mark, Sighting
from mailbot.ports import SourceError
from mailbot.sources.folders import use_of

_DELIVERED = re.compile(r"(\d{9,10})\.")
#: Seconds since 1970: 2001-01-01. A smaller number is no delivery time.
_EARLIEST = 978_307_200
_FIRST_LINE = re.compile(r"uidvalidity (\d+)")


class MaildirSource:
    """The folder ``path`` (with new, cur, tmp below it); ``index`` is our own file."""

    def __init__(self, *, path: Path, index: Path, folder: str = "INBOX") -> None:
        self.account = str(path)
        self.folder = folder
        self.surplus = False  # whatever comes gets a number above all others
        self._path = path
        self._junk = use_of(path.name.rpartition(".")[2]) == "junk"  # Maildir++: .Junk
        self._index = index
        self._uidvalidity = 0
        self._uids: dict[str, int] = {}

    def arrivals(self, mark: Mark | None) -> Iterator[Arrival]:
        """New messages, lowest number first. Raises SourceError."""
        files = self._numbered()
        first = mark.uid + 1 if mark and mark.uidvalidity == self._uidvalidity else 1
        yield from self._taken(
            {name: file for name, file in files.items() if self._uids[name] >= first}
        )

    def holding(self) -> Holding:
        """Every message by its number. Raises SourceError."""
        files = self._numbered()
        return Holding(
            uidvalidity=self._uidvalidity, uids=frozenset(self._uids[name] for name in files)
        )

    def fetched(self, uids: Sequence[int]) -> Iterator[Arrival]:
        """These messages, lowest number first; one that is gone is passed over. Raises SourceError."""
        wanted = set(uids)
        files = self._numbered()
        yield from self._taken(
            {name: file for name, file in files.items() if self._uids[name] in wanted}
        )

    def probe(self) -> str:
        """Look, and say in one Chinese line what is there."""
        try:
            count = len(self._files())
        except OSError as error:
            raise SourceError(self._why(error)) from error
        return f"邮件目录 {self._path} 可以读取，现有 {count} 封邮件"

    def close(self) -> None:
        """Nothing is held open."""

    def _taken(self, files: dict[str, Path]) -> Iterator[Arrival]:
        for uid, name in sorted((self._uids[name], name) for name in files):
            arrival = self._read(uid, name, files[name])
            if arrival is not None:
                yield arrival

    def _numbered(self) -> dict[str, Path]:
        """The files, each with a number in the index."""
        try:
            self._load()
            files = self._files()
            self._number(files)
        except OSError as error:
            raise SourceError(self._why(error)) from error
        return files

    def _files(self) -> dict[str, Path]:
        """The file of each message by its unique name, that is without flags."""
        files: dict[str, Path] = {}
        for place in ("cur", "new"):
            with os.scandir(self._path / place) as entries:
                for entry in entries:
                    if not entry.name.startswith("."):
                        files[entry.name.partition(":")[0]] = Path(entry.path)
        return files

    def _load(self) -> None:
        """The index, once. A last line cut short by a crash was never acted on and goes."""
        if self._uidvalidity:
            return
        try:
            text = self._index.read_bytes()
        except FileNotFoundError:
            text = b""
        whole = text[: text.rfind(b"\n") + 1]
        if whole != text:
            os.truncate(self._index, len(whole))
        lines = whole.decode("utf-8", "surrogateescape").splitlines()
        first = _FIRST_LINE.fullmatch(lines[0]) if lines else None
        if first is None:
            self._begin()
            return
        self._uidvalidity = int(first[1])
        self._uids = {
            name: int(number)
            for number, _space, name in (line.partition(" ") for line in lines[1:])
            if number.isdecimal()
        }

    def _begin(self) -> None:
        """A new index. Its UIDVALIDITY is drawn, so that a lost one had another."""
        self._index.parent.mkdir(parents=True, exist_ok=True)
        self._index.write_bytes(b"")
        uidvalidity = secrets.randbelow(2**32 - 1) + 1  # a clock may stand still
        self._append([f"uidvalidity {uidvalidity}"])
        self._uidvalidity, self._uids = uidvalidity, {}
        folder = os.open(self._index.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def _number(self, files: dict[str, Path]) -> None:
        """Give the unseen names the next numbers, in order of delivery."""
        unseen = sorted(
            (name for name in files if name not in self._uids),
            key=lambda name: (_delivered(name) or 0, name),
        )
        if not unseen:
            return
        last = max(self._uids.values(), default=0)
        numbered = dict(zip(unseen, range(last + 1, last + 1 + len(unseen)), strict=True))
        self._append([f"{uid} {name}" for name, uid in numbered.items()])
        self._uids.update(numbered)

    def _append(self, lines: list[str]) -> None:
        size = self._index.stat().st_size
        try:
            with self._index.open("ab") as file:
                file.write(
                    "".join(f"{line}\n" for line in lines).encode("utf-8", "surrogateescape")
                )
                file.flush()
                os.fsync(file.fileno())
        except OSError:
            os.truncate(self._index, size)  # half a line would swallow the next one
            raise

    def _read(self, uid: int, name: str, path: Path) -> Arrival | None:
        """The message; looked up anew where a reader has just moved it, None when it is gone."""
        for _try in range(2):
            try:
                raw = path.read_bytes()
                modified = path.stat().st_mtime
                break
            except FileNotFoundError:
                found = self._files().get(name)
                if found is None:
                    return None
                path = found
            except OSError as error:
                raise SourceError(self._why(error)) from error
        else:
            return None
        sighting = Sighting(
            account=self.account, folder=self.folder, uidvalidity=self._uidvalidity, uid=uid
        )
        moment = datetime.fromtimestamp(_delivered(name) or modified, tz=UTC)
        return Arrival(sighting=sighting, arrived=moment, raw=raw, junk=self._junk)

    def _why(self, error: OSError) -> str:
        if isinstance(error, FileNotFoundError | NotADirectoryError):
            return (
                f"邮件目录 {self._path} 不存在或不是 Maildir（其下应有 new、cur、tmp 三个目录）。"
                "请核对配置中的路径。"
            )
        return f"邮件目录 {self._path} 无法读取：{error.strerror or error}。请检查权限和磁盘。"


def _delivered(name: str) -> int | None:
    """Seconds since 1970 at delivery, from the unique name; None where it tells none."""
    match = _DELIVERED.match(name)
    seconds = int(match[1]) if match else 0
    return seconds if seconds >= _EARLIEST else None
