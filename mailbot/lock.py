"""One running service per data folder: two would send each other's replies.

The lock is the operating system's, so a killed process leaves none behind.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import filelock

from mailbot.ports import WorldError

_NAME = "mailbot.lock"


class AlreadyRunning(WorldError):
    """Another process works on this data folder."""


@contextmanager
def only_instance(folder: Path) -> Iterator[None]:
    """Hold the data folder for the length of the block.

    Raises AlreadyRunning, and WorldError where the folder cannot be written.
    """
    lock = filelock.FileLock(folder / _NAME, timeout=0)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except filelock.Timeout:
        raise AlreadyRunning(
            f"另一个 mailbot 正在使用数据目录 {folder}。请先停止它，或在配置中换一个数据目录。"
        ) from None
    except OSError as error:
        raise WorldError(f"数据目录 {folder} 不可写：{error.strerror}。请检查权限。") from error
    try:
        yield
    finally:
        lock.release()
