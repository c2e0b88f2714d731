"""One running service per data folder and per database: two would send each other's replies.

The locks are the operating system's, so a killed process leaves none behind. They hold on
this machine; whether over a shared folder of a network is that folder's affair.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import filelock

from mailbot.ports import WorldError

_NAME = "mailbot.lock"
_SQLITE = "sqlite:///"


class AlreadyRunning(WorldError):
    """Another process works on this data folder, or on this database."""


@contextmanager
def only_instance(folder: Path, database: str = "") -> Iterator[None]:
    """Hold the data folder, and the database with this url, for the length of the block.

    Raises AlreadyRunning, and WorldError where a folder cannot be written.
    """
    with ExitStack() as held:
        held.enter_context(_held(folder / _NAME, f"数据目录 {folder}"))
        if database.startswith(_SQLITE):
            file = Path(database.removeprefix(_SQLITE)).resolve()  # one file by whatever name
            held.enter_context(_held(file.with_name(f"{file.name}.lock"), f"数据库 {file}"))
        yield


@contextmanager
def _held(file: Path, what: str) -> Iterator[None]:
    lock = filelock.FileLock(file, timeout=0)
    kind = what.partition(" ")[0]
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except filelock.Timeout:
        raise AlreadyRunning(
            f"另一个 mailbot 正在使用{what}。请先停止它，或在配置中换一个{kind}。"
        ) from None
    except OSError as error:
        raise WorldError(f"{what} 不可写：{error.strerror}。请检查权限。") from error
    try:
        yield
    finally:
        lock.release()
