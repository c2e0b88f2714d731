"""Urls of mailboxes and of the way out, taken apart.

A mail address as user name contains an ``@`` of its own, and folders are named
in Chinese; general url parsers stumble over both. Opens nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, cast
from urllib.parse import unquote

from mailbot.loopback import is_loopback

Scheme = Literal["imaps", "imap", "smtps", "smtp", "maildir"]

#: Ports where the url names none. RFC 8314, RFC 6409.
PORTS = {"imaps": 993, "imap": 143, "smtps": 465, "smtp": 587}

_SERVER = re.compile(
    r"(?P<scheme>[a-z]+)://(?:(?P<user>[^/]*)@)?"
    r"(?P<host>\[[0-9A-Fa-f:.]+\]|[^/@:\s\[\]]+)(?::(?P<port>\d{1,5}))?(?:/(?P<folder>.*))?"
)

_NOT_INSIDE = (
    "密码（授权码）不得写在配置文件里：请去掉用户名后面的“:密码”，"
    '把它放进环境变量并写 password_env = "变量名"，或放进单独的文件并写 password_file = "路径"'
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """A server with user and folder, or a Maildir on disk."""

    scheme: Scheme
    user: str = ""
    host: str = ""
    port: int = 0
    folder: str = ""  #: of the mailbox, Unicode
    path: Path = Path()  #: of a Maildir

    @property
    def on_disk(self) -> bool:
        """Is it a Maildir?"""
        return self.scheme == "maildir"

    @property
    def on_loopback(self) -> bool:
        """Does the connection stay on this machine?"""
        return is_loopback(self.host)


def mailbox_endpoint(url: str, base: Path) -> Endpoint:
    """A place mails are taken from; ``base`` is where relative paths start.

    Raises ValueError with a Chinese message that says what is expected.
    """
    endpoint = _endpoint(url, base, ("imaps", "imap", "maildir"), "imaps://用户名@服务器/INBOX")
    if endpoint.scheme == "imap" and not endpoint.on_loopback:
        raise ValueError("imap:// 不加密，只可用于本机（localhost）；请改为 imaps://")
    if not endpoint.on_disk and not endpoint.user:
        raise ValueError("缺少用户名，应为 imaps://用户名@服务器/INBOX")
    return endpoint


def outgoing_endpoint(url: str, base: Path) -> Endpoint:
    """The way replies go out. Raises ValueError as above."""
    return _endpoint(url, base, ("smtps", "smtp", "maildir"), "smtps://用户名@服务器")


def sent_endpoint(url: str, base: Path) -> Endpoint:
    """The folder of sent mails; ``folder`` is "" where the url names none. Raises ValueError as above."""
    endpoint = mailbox_endpoint(url, base)
    if endpoint.on_disk:
        raise ValueError("应为 imaps://用户名@服务器 或 imaps://用户名@服务器/文件夹")
    named = url.partition("://")[2].partition("/")[2]
    return endpoint if named else replace(endpoint, folder="")


def _endpoint(url: str, base: Path, schemes: tuple[str, ...], example: str) -> Endpoint:
    expected = f"应为 {example} 或 maildir:文件夹"
    scheme = url.partition(":")[0]
    if scheme not in schemes:
        raise ValueError(f"{expected}；可用的开头：{'、'.join(schemes)}")
    if scheme == "maildir":
        written = re.sub(r"^//", "", url.removeprefix("maildir:"))
        if not written:
            raise ValueError("maildir: 后面应写文件夹的路径")
        return Endpoint(scheme="maildir", path=base / Path(written).expanduser())
    match = _SERVER.fullmatch(url)
    if match and ":" in (match["user"] or ""):
        raise ValueError(_NOT_INSIDE)
    if not match or int(match["port"] or 1) not in range(1, 65_536):
        raise ValueError(expected)
    return Endpoint(
        scheme=cast("Scheme", scheme),
        user=unquote(match["user"] or ""),
        host=match["host"].strip("[]"),
        port=int(match["port"] or PORTS[scheme]),
        folder=unquote(match["folder"] or "") or "INBOX",
    )
