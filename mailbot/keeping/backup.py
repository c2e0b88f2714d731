"""A copy of everything that cannot be made again, while the service goes on.

The register is copied first and the raw mails after it: whatever the copied
register knows of was on disk before, so the copy never names a mail it does not
hold. Raw mails are only added to an earlier copy, those removed for good are
removed there, too; the new register takes the place of the old one last, so that
a copy broken off leaves the one before. Passwords are never copied.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from mailbot.configuration.config import Config
from mailbot.keeping.archive import FolderArchive
from mailbot.ports import ArchiveError, StoreError
from mailbot.store import Store, mails, open_store, purging

#: names in the folder of a copy; the same as in a data folder
DATABASE, ARCHIVE = "mailbot.db", "archive"


@dataclass(frozen=True, slots=True, kw_only=True)
class Copied:
    """What one backup holds."""

    mails: int  #: raw mails in it
    new: int  #: of them copied this time
    lost: tuple[str, ...]  #: mails whose raw bytes are gone or damaged here


def back_up(
    store: Store, archive: FolderArchive, folder: Path, each: Callable[[], object] = lambda: None
) -> Copied:
    """Copy register and raw mails into a folder of their own; ``each`` is called after each mail.

    Raises StoreError, ArchiveError where the copy cannot be written. A raw mail
    that is damaged here is named, and the others are copied.
    """
    target = FolderArchive(folder / ARCHIVE)
    fresh = folder / f"{DATABASE}.new"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        (folder / ARCHIVE).mkdir(mode=0o700, exist_ok=True)  # before the first mail as well
        fresh.unlink(missing_ok=True)
        store.copy_to(fresh)
        fresh.chmod(0o600)
    except OSError as error:
        raise StoreError(
            f"备份文件夹 {folder} 不可写：{error.strerror}。请检查权限和剩余空间。"
        ) from error
    with closing(open_store(f"sqlite:///{fresh}")) as copy, copy.reading() as connection:
        known, gone = mails.keys(connection), purging.gone(connection)
    new, lost = 0, []
    for sha256 in known:
        if target.lacks(sha256):
            try:
                raw = archive.get(sha256)
            except ArchiveError:
                lost.append(sha256)
            else:
                target.put(raw)
                new += 1
        each()
    for sha256 in gone:
        target.remove(sha256)
    _put_in_place(fresh, folder / DATABASE)
    return Copied(mails=len(known) - len(lost), new=new, lost=tuple(lost))


def settings(config: Config, file: Path, folder: Path) -> None:
    """Configuration and one's own campaigns as well. Raises OSError."""
    shutil.copyfile(file, folder / "config.toml")
    own = config.campaigns.folder
    if own is not None and own.is_dir():
        shutil.copytree(own, folder / "campaigns", dirs_exist_ok=True)


def _put_in_place(fresh: Path, old: Path) -> None:
    """On disk before it replaces the copy before."""
    for leftover in ("-wal", "-shm"):
        fresh.with_name(fresh.name + leftover).unlink(missing_ok=True)
    with fresh.open("rb") as file:
        os.fsync(file.fileno())
    fresh.replace(old)
    descriptor = os.open(old.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
