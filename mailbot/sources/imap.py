"""One folder of an IMAP mailbox, read without leaving a trace. RFC 3501.

Looks for UIDs above the mark, fetches with BODY.PEEK in a folder opened by
EXAMINE, and keeps its connection between polls. It changes no flag, moves and
deletes nothing, and takes no flag for state: whoever opens the webmail changes
flags. Failures become SourceError or LoginError with what to do next, in Chinese.
"""

from __future__ import annotations

import imaplib
import re
import ssl
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from typing import Any, TypeVar

import tenacity
from imapclient import IMAPClient, SocketTimeout
from imapclient.exceptions import IMAPClientAbortError, IMAPClientError
from imapclient.exceptions import LoginError as ImapLoginError

from mailbot import __version__
from mailbot.loopback import is_loopback
from mailbot.model import Arrival, Mark, Sighting
from mailbot.ports import LoginError, SourceError

#: Ids in one FETCH; more make some servers refuse the line.
_IDS = 500
#: Bytes asked for in one FETCH of whole messages, and what is large enough to come in ranges.
_BATCH = 10 * 1024 * 1024
_LARGE = 8 * 1024 * 1024
_RANGE = 1024 * 1024
#: Answers that blame the moment, not our password. RFC 5530.
_MOMENT = ("[UNAVAILABLE]", "[INUSE]", "[LIMIT]", "[SERVERBUG]", "too many")

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A message on the server that is to be fetched."""

    uid: int
    size: int  #: RFC822.SIZE in bytes, as the server claims
    arrived: datetime


class ImapSource:
    """A folder read over TLS; ``tls`` None means plain text and is for loopback only."""

    def __init__(
        self,
        *,
        host: str,
        port: int,
        user: str,
        password: str,
        folder: str = "INBOX",
        tls: ssl.SSLContext | None,
        connect_seconds: float = 10,
        read_seconds: float = 60,
    ) -> None:
        if tls is None and not is_loopback(host):
            raise ValueError(f"plain IMAP to {host}: only loopback may go without TLS")
        self.account = user if "@" in user else f"{user}@{host}"
        self.folder = folder
        self._host, self._port, self._tls = host, port, tls
        self._user, self._password = user, password
        self._timeout = SocketTimeout(connect=connect_seconds, read=read_seconds)
        self._client: Any = None
        self._uidvalidity = 0
        self._count = 0

    def arrivals(self, mark: Mark | None) -> Iterator[Arrival]:
        """New messages, lowest UID first, fetched in batches while they are taken.

        A message that vanishes while we look is passed over. Raises SourceError,
        LoginError; what was yielded before stays good.
        """
        self._open()
        known = mark is not None and mark.uidvalidity == self._uidvalidity
        first = mark.uid + 1 if mark is not None and known else 1
        # "n:*" always names the last message, even one below n. RFC 3501 section 6.4.8.
        found = self._ask(lambda client: client.search(["UID", f"{first}:*"]))
        uids = sorted({uid for uid in found if uid >= first})
        for start in range(0, len(uids), _IDS):
            for batch in _batches(self._waiting(uids[start : start + _IDS])):
                yield from self._fetched(batch)

    def probe(self) -> str:
        """Log in, look, and say in one Chinese line what is there."""
        self._open()
        return f"已登录 {self.account}，文件夹「{self.folder}」现有 {self._count} 封邮件"

    def close(self) -> None:
        """Log out; a connection that is gone already is no failure."""
        client, self._client = self._client, None
        if client is not None:
            with suppress(IMAPClientError, OSError):
                client.logout()

    def _open(self) -> None:
        """A live connection in the folder: the kept one after a NOOP, else a new one."""
        if self._client is not None:
            try:
                self._client.noop()  # without it Dovecot's SEARCH shows nothing new
            except (IMAPClientError, OSError):
                self._drop()
            else:
                return
        client = self._connect()
        try:
            self._login(client)
            self._select(client)
        except BaseException:
            _hang_up(client)
            raise
        self._client = client

    def _connect(self) -> Any:
        once_more = tenacity.Retrying(
            stop=tenacity.stop_after_attempt(2),
            wait=tenacity.wait_fixed(0.5),
            retry=tenacity.retry_if_exception_type((OSError, IMAPClientAbortError))
            & tenacity.retry_if_not_exception_type(ssl.SSLCertVerificationError),
            reraise=True,
        )
        try:
            client = once_more(
                IMAPClient,
                self._host,
                self._port,
                ssl=self._tls is not None,
                ssl_context=self._tls,
                timeout=self._timeout,
            )
        except (IMAPClientError, OSError) as error:
            raise SourceError(self._unreachable(error)) from error
        client._imap.debug = 0  # noqa: SLF001 - thirteen times faster, and no password in a log
        client.normalise_times = False  # INTERNALDATE keeps its zone
        return client

    def _login(self, client: Any) -> None:
        try:
            client.login(self._user, self._password)
            if client.has_capability("ID"):  # NetEase wants it before SELECT. RFC 2971
                client.id_({"name": "mailbot", "version": __version__, "vendor": "mailbot"})
        except ImapLoginError as error:
            text = _told(error)
            cut = isinstance(error.__context__, IMAPClientAbortError)
            if cut or any(word.lower() in text.lower() for word in _MOMENT):
                raise SourceError(
                    f"邮箱服务器 {self._host} 暂时不接受登录（{text}），稍后自动重试。"
                ) from error
            raise LoginError(
                f"邮箱 {self.account} 登录被拒绝（{text}）。请核对用户名和密码；163、126、QQ 邮箱须先在"
                "网页邮箱「设置」中开启 IMAP 服务，并使用授权码而不是登录密码。"
            ) from error
        except UnicodeError as error:
            raise LoginError(
                f"邮箱 {self.account} 的用户名或密码中有中文或全角字符，请核对后重新填写。"
            ) from error
        except (IMAPClientError, OSError) as error:
            raise SourceError(self._unreachable(error)) from error

    def _select(self, client: Any) -> None:
        try:
            answer = client.select_folder(self.folder, readonly=True)
        except (IMAPClientAbortError, OSError) as error:
            raise SourceError(self._unreachable(error)) from error
        except IMAPClientError as error:
            if "unsafe login" in str(error).lower():
                raise LoginError(
                    f"邮箱 {self.account} 被服务商判为不安全登录（{error}）。请登录网页邮箱，"
                    "在「设置」中开启 IMAP 服务并重新生成授权码。"
                ) from error
            raise SourceError(
                f"邮箱 {self.account} 中打不开文件夹「{self.folder}」（{error}）。"
                f"现有文件夹：{_folders(client)}。请在配置的邮箱网址中改正文件夹名称。"
            ) from error
        self._uidvalidity = int(answer.get(b"UIDVALIDITY", 0))
        self._count = int(answer.get(b"EXISTS", 0))

    def _waiting(self, uids: Sequence[int]) -> list[_Waiting]:
        answers = self._fetch(uids, ["RFC822.SIZE", "INTERNALDATE"])
        return [
            _Waiting(
                uid,
                int(answers[uid].get(b"RFC822.SIZE", 0)),
                answers[uid][b"INTERNALDATE"].astimezone(UTC),
            )
            for uid in uids
            if answers.get(uid, {}).get(b"INTERNALDATE") is not None
        ]

    def _fetched(self, batch: Sequence[_Waiting]) -> Iterator[Arrival]:
        if len(batch) == 1 and batch[0].size > _LARGE:
            raw = self._in_ranges(batch[0])
            if raw is not None:
                yield self._arrival(batch[0], raw)
            return
        answers = self._fetch([message.uid for message in batch], ["BODY.PEEK[]"])
        for message in batch:
            raw = answers.pop(message.uid, {}).get(b"BODY[]")
            if raw is not None:
                yield self._arrival(message, raw)

    def _in_ranges(self, message: _Waiting) -> bytes | None:
        """A large message piece by piece; None when it vanished. The claimed size is not believed."""
        whole = BytesIO()
        while True:
            offset = whole.tell()
            answers = self._fetch([message.uid], [f"BODY.PEEK[]<{offset}.{_RANGE}>"])
            piece = answers.get(message.uid, {}).get(b"BODY[]<%d>" % offset)
            if piece is None:
                return None
            whole.write(piece)
            if len(piece) < _RANGE:
                return whole.getvalue()

    def _arrival(self, message: _Waiting, raw: bytes) -> Arrival:
        sighting = Sighting(
            account=self.account,
            folder=self.folder,
            uidvalidity=self._uidvalidity,
            uid=message.uid,
        )
        return Arrival(sighting=sighting, arrived=message.arrived, raw=raw)

    def _fetch(self, uids: Sequence[int], items: Sequence[str]) -> dict[int, dict[bytes, Any]]:
        """FETCH; where the server refuses because some are gone, once more for those left."""

        def ask(client: Any) -> dict[int, dict[bytes, Any]]:
            try:
                return dict(client.fetch(list(uids), items))
            except IMAPClientAbortError:
                raise
            except IMAPClientError:  # Dovecot: NO [EXPUNGEISSUED]
                client.noop()
                left = client.search(["UID", ",".join(map(str, uids))])
                return dict(client.fetch(sorted(left), items)) if left else {}

        return self._ask(ask) if uids else {}

    def _ask(self, command: Callable[[Any], _T]) -> _T:
        try:
            return command(self._client)
        except (IMAPClientError, OSError, ValueError) as error:
            self._drop()
            raise SourceError(
                f"读取邮箱 {self.account} 时连接中断或服务器出错（{_told(error)}），"
                "已收到的邮件不受影响，稍后自动继续。"
            ) from error

    def _drop(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            _hang_up(client)

    def _unreachable(self, error: Exception) -> str:
        where = f"{self._host}:{self._port}"
        if isinstance(error, ssl.SSLCertVerificationError):
            return (
                f"邮箱服务器 {where} 的证书未通过验证（{error.verify_message}）。请核对服务器名称；"
                "自建服务器请将其证书加入系统信任，或用环境变量 SSL_CERT_FILE 指明。"
            )
        if isinstance(error, ssl.SSLError):
            return (
                f"与邮箱服务器 {where} 不能建立加密连接（{_told(error)}）。"
                "请核对端口：imaps 一般为 993。"
            )
        return (
            f"连接不上邮箱服务器 {where}（{_told(error)}）。请检查网络、服务器名称、端口和防火墙，"
            "稍后自动重试。"
        )


def _batches(waiting: Sequence[_Waiting]) -> Iterator[list[_Waiting]]:
    """In the same order, as many together as their sizes allow; a large one alone."""
    batch: list[_Waiting] = []
    total = 0
    for message in waiting:
        if batch and (message.size > _LARGE or total + message.size > _BATCH):
            yield batch
            batch, total = [], 0
        batch.append(message)
        total += message.size
        if message.size > _LARGE:
            yield batch
            batch, total = [], 0
    if batch:
        yield batch


def _folders(client: Any) -> str:
    try:
        names = [str(name) for _flags, _delimiter, name in client.list_folders()]
    except (IMAPClientError, OSError):
        return "（未能列出）"
    return "、".join(names[:30]) or "（无）"


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
