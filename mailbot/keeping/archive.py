"""The raw messages: one file each, named by the SHA-256 of its bytes, for as long as they may be kept.

A message is on disk and synced, its folder entry too, before :meth:`FolderArchive.put`
or :meth:`FolderArchive.put_all` returns. Nothing here is ever changed, nothing is removed but by
:meth:`FolderArchive.remove`, and nothing is known of mail.
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import stat
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from mailbot.ports import ArchiveError

#: Messages and folders that are synced at once; a disk merges the waiting of about so many.
_ABREAST = 8

_SHA256 = re.compile(r"[0-9a-f]{64}")
_HALF = ".new-"  #: how the name of a file begins that is being written

_ADVICE = {
    errno.ENOSPC: "磁盘已满，请清理磁盘空间后等待自动重试",
    errno.EDQUOT: "磁盘配额已用完，请增加配额后等待自动重试",
    errno.EFBIG: "系统限制了文件大小（ulimit -f），不能再写入，请调大后等待自动重试",
    errno.EACCES: "没有写入权限，请检查归档目录的所有者和权限",
    errno.EPERM: "没有写入权限，请检查归档目录的所有者和权限",
    errno.EROFS: "磁盘为只读，请检查磁盘状态或挂载方式",
    errno.ENOTDIR: "路径中有同名文件，请检查归档目录的设置",
    errno.EEXIST: "路径中有同名文件，请检查归档目录的设置",
}


class FolderArchive:
    """Files ``aa/bb/<sha256>.eml`` below one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path(self, sha256: str) -> Path:
        """The file that holds them. Raises ArchiveError for what is no SHA-256."""
        return Path(self._place(sha256))

    def _place(self, sha256: str) -> str:
        """The same as a word: it is asked for every mail of the register."""
        if not _SHA256.fullmatch(sha256):
            raise ArchiveError(f"「{sha256}」不是有效的邮件编号（SHA-256）。")
        return f"{self._folder}/{sha256[:2]}/{sha256[2:4]}/{sha256}.eml"

    def name(self, raw: bytes) -> str:
        """Under which SHA-256 they would lie; nothing is written."""
        return hashlib.sha256(raw).hexdigest()

    def put(self, raw: bytes) -> str:
        """Write and sync; return the SHA-256. The same bytes again change nothing."""
        return self.put_all([raw])[0]

    def put_all(self, raws: Sequence[bytes]) -> Sequence[str]:
        """Write and sync them all; the SHA-256 of each. Raises ArchiveError.

        They go to the disk side by side, because waiting for it is what takes long:
        it makes several safe in the time of one. After a failure none is sure to be
        there, and all may be put again.
        """
        names = [self.name(raw) for raw in raws]
        fresh = dict(zip(names, raws, strict=True))
        targets = {self.path(name): raw for name, raw in fresh.items()}
        # An earlier put may have died before it synced a folder: all on the way down are.
        folders = {target.parents[level] for target in targets for level in range(3)}
        try:
            _make_folder(self._folder)
            with ThreadPoolExecutor(_ABREAST, "archiving") as pool:
                for _ in pool.map(_keep, targets, targets.values()):
                    pass
                for _ in pool.map(_sync_folder, folders):
                    pass
        except OSError as error:
            raise ArchiveError(
                f"邮件原件无法存入归档目录 {self._folder}：{_why(error)}。"
            ) from error
        return names

    def get(self, sha256: str) -> bytes:
        """The bytes. Raises ArchiveError when they are gone or changed."""
        target = self.path(sha256)
        try:
            raw = target.read_bytes()
        except FileNotFoundError as error:
            raise ArchiveError(f"归档中没有这封邮件：{target}。请从备份恢复该文件。") from error
        except OSError as error:
            raise ArchiveError(f"归档文件 {target} 无法读取：{_why(error)}。") from error
        if hashlib.sha256(raw).hexdigest() != sha256:
            raise ArchiveError(f"归档文件 {target} 的内容已被改动或损坏，请从备份恢复该文件。")
        return raw

    def lacks(self, sha256: str) -> bool:
        """Are the bytes gone? Only looks whether the file is there. Raises ArchiveError."""
        target = self._place(sha256)
        try:
            return not stat.S_ISREG(os.stat(target).st_mode)  # noqa: PTH116 - three times as quick
        except (FileNotFoundError, NotADirectoryError):
            return True
        except OSError as error:
            raise ArchiveError(f"归档文件 {target} 无法读取：{_why(error)}。") from error

    def remove(self, sha256: str) -> int:
        """Take the bytes away for good; how many there were, 0 where there were none.

        With them goes what a writer that died has left beside them: nobody else may be
        writing. The folder is synced, so that they do not come back. Raises ArchiveError.
        """
        target = self.path(sha256)
        try:
            for half in target.parent.glob(f"{_HALF}*"):
                half.unlink()
            size = target.stat().st_size
            target.unlink()
            _sync_folder(target.parent)
        except FileNotFoundError:
            return 0
        except OSError as error:
            raise ArchiveError(f"归档文件 {target} 无法删除：{_why(error)}。") from error
        return size

    def probe(self) -> str:
        """Write and remove a trial file, and say so in one Chinese line."""
        try:
            _make_folder(self._folder)
            with tempfile.NamedTemporaryFile(dir=self._folder, prefix=".probe-") as trial:
                trial.write(b"probe")
                trial.flush()
                os.fsync(trial.fileno())
        except OSError as error:
            raise ArchiveError(f"归档目录 {self._folder} 不可用：{_why(error)}。") from error
        return f"归档目录可以写入：{self._folder}"


def _holds(target: Path, raw: bytes) -> bool:
    """Do exactly these bytes stand there? A file cut short by a crash is written anew."""
    try:
        return target.stat().st_size == len(raw) and target.read_bytes() == raw
    except FileNotFoundError:
        return False


def _keep(target: Path, raw: bytes) -> None:
    """The bytes under this name, synced; the folder is not."""
    if not _holds(target, raw):
        target.parent.mkdir(parents=True, exist_ok=True)
        _write(target, raw)


def _write(target: Path, raw: bytes) -> None:
    descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=_HALF)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(raw)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _make_folder(folder: Path) -> None:
    """Create the folder and those above it; each new entry is synced in its parent."""
    if folder.is_dir():
        return
    _make_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    _sync_folder(folder.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _why(error: OSError) -> str:
    return _ADVICE.get(error.errno or 0, error.strerror or str(error))
