"""Replies into a Maildir folder: for the demo, and wherever no mail may go out.

Each message is synced, its entry too, before it counts as sent.
"""

from __future__ import annotations

import os
from mailbox import Maildir
from pathlib import Path

from mailbot.ports import SendDeferred


class MaildirSink:
    """The folder ``path``; made with new, cur, tmp where it does not exist."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def send(self, *, message: bytes, sender: str, recipient: str) -> str:
        """Store the message in ``new``; the answer is its name there. Raises SendDeferred.

        Sender and recipient stand in the message; a folder has no envelope.
        """
        del sender, recipient
        try:
            name = self._open().add(message)
            folder = os.open(self._path / "new", os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)
        except OSError as error:
            raise SendDeferred(self._why(error)) from error
        return f"已存入 {self._path}：{name}"

    def probe(self) -> str:
        """Make the folder where needed, and say so in one Chinese line."""
        try:
            self._open()
        except OSError as error:
            raise SendDeferred(self._why(error)) from error
        if not os.access(self._path / "new", os.W_OK):
            raise SendDeferred(f"发件目录 {self._path} 没有写入权限，请检查目录的所有者和权限。")
        return f"发件目录可以写入：{self._path}"

    def close(self) -> None:
        """Nothing is held open."""

    def _open(self) -> Maildir:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        return Maildir(self._path, create=True)

    def _why(self, error: OSError) -> str:
        return (
            f"发件目录 {self._path} 无法写入：{error.strerror or error}。"
            "请检查磁盘空间和权限，稍后自动重试。"
        )
