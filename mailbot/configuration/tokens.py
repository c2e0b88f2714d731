"""The access token of an account, from a command or a file that the operator names.

OAuth itself is not done here: whatever obtains and renews tokens (a provider's
own tool, a scheduled job) writes one to a file, or prints it. A token is never
logged and never kept on disk. RFC 6749 section 1.4.
"""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path

from mailbot.ports import SourceError

_SECONDS = 60


class TokenFile:
    """The token is the content of a file that something else keeps fresh."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def __call__(self, *, refused: bool) -> str:
        """As it stands there now, refused before or not. Raises SourceError."""
        del refused
        try:
            token = self._file.read_text(encoding="utf-8-sig").strip()
        except (OSError, UnicodeDecodeError) as error:
            why = getattr(error, "strerror", None) or "不是文本"
            raise SourceError(
                f"访问令牌文件 {self._file} 打不开（{why}）。请检查写入令牌的程序是否在运行。"
            ) from error
        return _single(token, f"访问令牌文件 {self._file}")


class TokenCommand:
    """The token is what a command prints; it is asked again when the server refuses the last."""

    def __init__(self, words: Sequence[str], seconds: float = _SECONDS) -> None:
        self._words = tuple(words)
        self._seconds = seconds
        self._token = ""

    def __call__(self, *, refused: bool) -> str:
        """The one in use, or a new one. Raises SourceError."""
        if refused or not self._token:
            self._token = ""
            self._token = _single(self._asked(), f"命令 {self._words[0]}")
        return self._token

    def _asked(self) -> str:
        program = self._words[0]
        try:
            done = subprocess.run(
                self._words,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=self._seconds,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise SourceError(
                f"取访问令牌的命令 {program} 在 {self._seconds:g} 秒内没有结束。"
                "请检查 token_command，稍后自动重试。"
            ) from error
        except OSError as error:
            raise SourceError(
                f"取访问令牌的命令 {program} 无法运行（{error.strerror}）。请检查 token_command。"
            ) from error
        if done.returncode != 0:
            raise SourceError(
                f"取访问令牌的命令 {program} 失败（退出码 {done.returncode}）。"
                "请在终端中运行它，按提示重新授权，稍后自动重试。"
            )
        return done.stdout.decode("utf-8", "replace").strip()


def _single(token: str, origin: str) -> str:
    """The token, if it can be one: visible ASCII without blanks (RFC 6750 section 2.1)."""
    if not token or not token.isascii() or not token.isprintable() or " " in token:
        raise SourceError(f"{origin} 没有给出访问令牌：应只有令牌一行。请检查后等待自动重试。")
    return token
