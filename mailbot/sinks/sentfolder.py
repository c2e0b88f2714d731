"""The folder of sent mails at the provider, asked whether a reply is in it. RFC 3501, RFC 6154.

Finds the folder (the configured one, else by SPECIAL-USE, else by the names providers
give it), looks for a Message-ID, and files a copy where the provider keeps none. What an
answer is worth, and what follows from it, is for the outbox; nothing is ever deleted.
"""

from __future__ import annotations

import imaplib
import re
import ssl
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, TypeVar

from imapclient import IMAPClient, SocketTimeout
from imapclient.exceptions import IMAPClientAbortError, IMAPClientError
from imapclient.exceptions import LoginError as ImapLoginError

from mailbot import __version__
from mailbot.loopback import is_loopback
from mailbot.ports import LoginError, SentError

#: What providers call the folder: NetEase and sina, QQ, Outlook, Gmail and Dovecot.
#: Compared without case, and without what stands before the last separator.
NAMES = (
    *("已发送", "已发送邮件", "已发邮件", "已发送消息"),
    *("sent messages", "sent items", "sent mail", "sent"),
)
_SENT = b"\\sent"
#: The newest messages whose ids are compared one by one: not every provider's
#: SEARCH HEADER finds what is there.
_NEWEST = 200
_ID = re.compile(rb"^message-id:\s*(<[^>]*>)", re.IGNORECASE | re.MULTILINE)
_HEADER = "BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)]"
_ANSWER = b"BODY[HEADER.FIELDS (MESSAGE-ID)]"

_T = TypeVar("_T")


class SentFolder:
    """One account's sent mails, over TLS; ``tls`` None is plain text, for loopback only.

    ``folder`` "" is found by itself.
    """

    def __init__(
        self,
        *,
        host: str,
        port: int,
        user: str,
        password: str,
        folder: str = "",
        tls: ssl.SSLContext | None,
        connect_seconds: float = 10,
        read_seconds: float = 60,
    ) -> None:
        if tls is None and not is_loopback(host):
            raise ValueError(f"plain IMAP to {host}: only loopback may go without TLS")
        self._account = user if "@" in user else f"{user}@{host}"
        self._host, self._port, self._tls = host, port, tls
        self._user, self._password = user, password
        self._wanted, self._folder = folder, ""
        self._timeout = SocketTimeout(connect=connect_seconds, read=read_seconds)
        self._client: Any = None

    def holds(self, message_id: str, since: datetime) -> bool:
        """Is a message with this id there, filed not before the day of ``since``?

        Raises SentError, LoginError.
        """
        self._open()
        found = self._ask(lambda client: self._look(client, message_id, since))
        wanted = message_id.encode("ascii")
        return any(wanted == one for one in found)

    def keep(self, message: bytes) -> None:
        """File a copy, seen already. Raises SentError, LoginError."""
        self._open()
        self._ask(lambda client: client.append(self._folder, message, flags=[b"\\Seen"]))

    def probe(self) -> str:
        """Log in, look, and say in one Chinese line what is there. Raises as above."""
        self._open()
        answer = self._ask(lambda client: client.select_folder(self._folder, readonly=True))
        count = int(answer.get(b"EXISTS", 0))
        return f"已登录 {self._account}，已发送文件夹「{self._folder}」现有 {count} 封邮件"

    def close(self) -> None:
        """Log out; a connection that is gone already is no failure."""
        client, self._client = self._client, None
        if client is not None:
            with suppress(IMAPClientError, OSError):
                client.logout()

    def _look(self, client: Any, message_id: str, since: datetime) -> Iterable[bytes]:
        """The ids of what the server finds, and of the newest ones."""
        client.select_folder(self._folder, readonly=True)  # anew: shows what has come since
        hits: list[int] = []
        with suppress(IMAPClientError):  # a server that cannot search by header
            hits = list(client.search(["HEADER", "Message-ID", message_id]))
        day = (since - timedelta(days=1)).date()  # the server's day may be another than ours
        newest = sorted(client.search(["SINCE", day]))[-_NEWEST:]
        uids = sorted({*hits[:_NEWEST], *newest})
        answers = client.fetch(uids, [_HEADER]) if uids else {}
        headers = (answer.get(_ANSWER) or b"" for answer in answers.values())
        return [match[1] for header in headers if (match := _ID.search(_unfolded(header)))]

    def _open(self) -> None:
        """A live connection that knows the folder: the kept one after a NOOP, else a new one."""
        if self._client is not None:
            try:
                self._client.noop()
            except (IMAPClientError, OSError):
                self._drop()
            else:
                return
        client = self._connect()
        try:
            self._login(client)
            self._folder = self._find(client)
        except BaseException:
            _hang_up(client)
            raise
        self._client = client

    def _connect(self) -> Any:
        try:
            client = IMAPClient(
                self._host,
                self._port,
                ssl=self._tls is not None,
                ssl_context=self._tls,
                timeout=self._timeout,
            )
        except (IMAPClientError, OSError) as error:
            raise SentError(self._broken(error)) from error
        client._imap.debug = 0  # noqa: SLF001 - no password in a log
        return client

    def _login(self, client: Any) -> None:
        try:
            client.login(self._user, self._password)
            if client.has_capability("ID"):  # NetEase wants it before SELECT. RFC 2971
                client.id_({"name": "mailbot", "version": __version__, "vendor": "mailbot"})
        except ImapLoginError as error:
            if isinstance(error.__context__, IMAPClientAbortError):
                raise SentError(self._broken(error)) from error
            raise LoginError(
                f"查看已发送邮件时，邮箱 {self._account} 登录被拒绝（{_told(error)}）。请核对 [outgoing] "
                "sent 的用户名和密码；163、126、QQ 邮箱须开启 IMAP 服务，并使用授权码。"
            ) from error
        except UnicodeError as error:
            raise LoginError(
                f"邮箱 {self._account} 的用户名或密码中有中文或全角字符，请核对后重新填写。"
            ) from error
        except (IMAPClientError, OSError) as error:
            raise SentError(self._broken(error)) from error

    def _find(self, client: Any) -> str:
        try:
            listed = [
                (flags, _last(str(name), delimiter), str(name))
                for flags, delimiter, name in client.list_folders()
            ]
        except (IMAPClientError, OSError) as error:
            raise SentError(self._broken(error)) from error
        there = [name for _, _, name in listed]
        if self._wanted in there:
            return self._wanted
        if not self._wanted:
            marked = [name for flags, _, name in listed if _SENT in {f.lower() for f in flags}]
            named = [name for known in NAMES for _, last, name in listed if last == known]
            if marked or named:
                return (marked or named)[0]
        what = f"文件夹「{self._wanted}」" if self._wanted else "已发送邮件的文件夹"
        raise SentError(
            f"邮箱 {self._account} 中没有{what}。现有文件夹：{'、'.join(there[:30]) or '（无）'}。"
            "请在 [outgoing] sent 的网址中写明文件夹名称。"
        )

    def _ask(self, command: Callable[[Any], _T]) -> _T:
        try:
            return command(self._client)
        except (IMAPClientError, OSError, ValueError) as error:
            self._drop()
            raise SentError(self._broken(error)) from error

    def _drop(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            _hang_up(client)

    def _broken(self, error: Exception) -> str:
        where = f"{self._host}:{self._port}"
        if isinstance(error, ssl.SSLCertVerificationError):
            return (
                f"邮箱服务器 {where} 的证书未通过验证（{error.verify_message}）。请核对服务器名称；"
                "自建服务器请用 ca_file 指明其证书。"
            )
        return (
            f"查看邮箱 {self._account} 的已发送邮件时，与 {where} 的连接不通或服务器出错"
            f"（{_told(error)}）。请检查网络、服务器名称和端口，稍后自动重试。"
        )


def _last(name: str, delimiter: bytes | str | None) -> str:
    sign = delimiter.decode("ascii", "replace") if isinstance(delimiter, bytes) else delimiter
    return name.rpartition(sign)[2].strip().lower() if sign else name.strip().lower()


def _unfolded(header: bytes) -> bytes:
    return re.sub(rb"\r?\n[ \t]+", b" ", header)


def _hang_up(client: Any) -> None:
    with suppress(IMAPClientError, OSError):
        client.shutdown()


def _told(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "超时"
    if isinstance(error, imaplib.IMAP4.abort):
        return f"连接被断开：{error}"
    said = re.fullmatch(r"b(['\"])(.*)\1", str(error))  # a server's answer comes as bytes, quoted
    return said[2] if said else str(error) or type(error).__name__
