"""One connection to an IMAP server: made, logged in, kept, and let go. RFC 3501.

Opens folders by EXAMINE, so that nothing changes on the server, and keeps the
connection between polls. Every failure becomes SourceError or LoginError with
what to do next, in Chinese; nobody else need know the library behind it.
"""

from __future__ import annotations

import imaplib
import re
import ssl
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, TypeVar

import tenacity
from imapclient import IMAPClient, SocketTimeout
from imapclient.exceptions import IMAPClientAbortError, IMAPClientError
from imapclient.exceptions import LoginError as ImapLoginError

from mailbot import __version__
from mailbot.log import logger
from mailbot.loopback import is_loopback
from mailbot.ports import LoginError, SourceError, Token
from mailbot.sources.folders import Folder, find_folder, use_on_server

#: Answers that blame the moment, not our password. RFC 5530.
_MOMENT = ("[UNAVAILABLE]", "[INUSE]", "[LIMIT]", "[SERVERBUG]", "too many")
#: Seconds after which IDLE is asked for anew; 29 minutes by RFC 2177, but routers forget sooner.
_RENEW = 9 * 60
#: So many messages refused in a row, and none given, is the server's own trouble.
_REFUSALS = 3
#: A refusal, the end of the connection, or words that are none: the library then has no name for it.
_FAILED = (IMAPClientError, OSError, ValueError)
_LOOK = 1.0  #: seconds between two looks whether to stop

_T = TypeVar("_T")


class Session:
    """A mailbox to be read; ``tls`` None means plain text and is for loopback only.

    With ``token`` it logs in by XOAUTH2, else by ``password``.
    """

    def __init__(
        self,
        *,
        host: str,
        port: int,
        user: str,
        password: str = "",
        token: Token | None = None,
        tls: ssl.SSLContext | None,
        connect_seconds: float = 10,
        read_seconds: float = 60,
    ) -> None:
        if tls is None and not is_loopback(host):
            raise ValueError(f"plain IMAP to {host}: only loopback may go without TLS")
        self.account = user if "@" in user else f"{user}@{host}"
        self.folder = ""  #: the open one, as the server calls it
        self._asked = ""  # the same, as it is configured
        self.use = ""  #: what the open folder is for: "junk", "sent" or ""
        self.uidvalidity = 0  #: of the open folder
        self.count = 0  #: messages in it, as far as the server has told
        self._host, self._port, self._tls = host, port, tls
        self._user, self._password, self._token = user, password, token
        self._timeout = SocketTimeout(connect=connect_seconds, read=read_seconds)
        self._client: Any = None

    def open(self, folder: str, *, anew: bool = False) -> None:
        """A live connection in the folder: the kept one after a NOOP, else a new one.

        ``anew`` asks the server once more for what it tells when a folder is opened: on
        a kept connection not every server tells of a new UIDVALIDITY.
        """
        if self._client is not None:
            try:
                if anew:
                    self._select(self._client, folder)
                else:
                    self._heed(self._client.noop()[1])  # or Dovecot's SEARCH shows nothing new
                    # imaplib keeps what nobody asks for: EXISTS with every mail, for weeks
                    self._client._imap.untagged_responses.clear()  # noqa: SLF001
            except (*_FAILED, SourceError):
                self.drop()
            else:
                self._change_to(folder)
                return
        token = self._token(refused=False) if self._token else ""
        try:
            self._client = self._opened(folder, token)
        except LoginError:
            other = self._token(refused=True) if self._token else token
            if other == token:
                raise  # the same again would only count towards a lock-out
            self._client = self._opened(folder, other)

    def _heed(self, told: Sequence[Sequence[Any]]) -> None:
        """Count along with what the server tells of messages that came and went."""
        for entry in told:
            if b"EXISTS" in entry:
                self.count = int(entry[0])
            elif b"EXPUNGE" in entry:
                self.count -= 1

    def _change_to(self, folder: str) -> None:
        """Open another folder where this one is not it."""
        if folder in (self._asked, self.folder):
            return
        try:
            self._select(self._client, folder)
        except SourceError:
            self.drop()
            raise

    def ask(self, command: Callable[[Any], _T]) -> _T:
        """What the server answers. Raises SourceError, and the connection is given up."""
        try:
            return command(self._client)
        except _FAILED as error:
            self.drop()
            raise SourceError(
                f"读取邮箱 {self.account} 时连接中断或服务器出错（{_told(error)}），"
                "已收到的邮件不受影响，稍后自动继续。"
            ) from error

    def fetch(self, uids: Sequence[int], items: Sequence[str]) -> dict[int, dict[bytes, Any]]:
        """FETCH; what is gone is left out, and so is a message that the server refuses by itself.

        One that it cannot give must not keep back all the others. Raises SourceError.
        """
        return self.ask(lambda client: _fetched(client, list(uids), items)) if uids else {}

    def idle(self, changed: Callable[[], object], stop: Callable[[], bool]) -> bool:
        """Call ``changed`` now, and whenever the open folder changes, until ``stop`` (RFC 2177).

        False at once where the server has no IDLE. Raises SourceError.
        """
        if not self.ask(lambda client: client.has_capability("IDLE")):
            return False
        while not stop():
            self.ask(lambda client: client.idle())
            changed()  # what came while nobody listened
            self._listen(changed, stop)
            self.ask(lambda client: client.idle_done())  # a dead connection shows here
        return True

    def _listen(self, changed: Callable[[], object], stop: Callable[[], bool]) -> None:
        """Until it is time to ask anew, or the connection seems to have ended."""
        end = time.monotonic() + _RENEW
        while not stop() and (asked := time.monotonic()) < end:
            told = self.ask(lambda client: client.idle_check(timeout=_LOOK))
            if any(b"EXISTS" in entry for entry in told):
                changed()
            elif not told and time.monotonic() - asked < _LOOK / 2:
                return  # the library takes the end of a connection for no news

    def find(self, wanted: str) -> tuple[str, list[str]]:
        """The folder that is meant, "" where there is none; and the names of all there are."""
        there = _listed(self._client)
        return find_folder(wanted, there), [entry.name for entry in there]

    def change(self, folder: str, commands: Sequence[Callable[[Any], object]]) -> None:
        """Run these with the folder open for writing, and only so long.

        Raises SourceError, LoginError; the connection is given up then.
        """
        self.open(folder)
        numbered, name = self.uidvalidity, self.folder
        answer = self.ask(lambda client: client.select_folder(name))
        if int(answer.get(b"UIDVALIDITY", 0)) != numbered:
            self.drop()
            raise SourceError(f"邮箱 {self.account} 的文件夹「{name}」刚刚重新编号，稍后自动继续。")
        for command in commands:
            self.ask(command)
        with suppress(SourceError):  # it is done; the next one makes a new connection
            answer = self.ask(lambda client: client.select_folder(name, readonly=True))
            self.count = int(answer.get(b"EXISTS", 0))

    def close(self) -> None:
        """Log out; a connection that is gone already is no failure."""
        client, self._client = self._client, None
        if client is not None:
            with suppress(IMAPClientError, OSError):
                client.logout()
                return
            _hang_up(client)  # a goodbye that fails leaves the socket open

    def drop(self) -> None:
        """Give the connection up without a word."""
        client, self._client = self._client, None
        if client is not None:
            _hang_up(client)

    def _opened(self, folder: str, token: str) -> Any:
        client = self._connect()
        try:
            self._login(client, token)
            self._select(client, folder)
        except BaseException:
            _hang_up(client)
            raise
        return client

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
        except _FAILED as error:
            raise SourceError(self._unreachable(error)) from error
        client._imap.debug = 0  # noqa: SLF001 - thirteen times faster, and no password in a log
        client.normalise_times = False  # INTERNALDATE keeps its zone
        return client

    def _login(self, client: Any, token: str) -> None:
        try:
            if token:
                client.oauth2_login(self._user, token)
            else:
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
            raise LoginError(self._refused(text)) from error
        except UnicodeEncodeError as error:
            raise LoginError(
                f"邮箱 {self.account} 的用户名或密码中有中文或全角字符，请核对后重新填写。"
            ) from error
        except _FAILED as error:
            raise SourceError(self._unreachable(error)) from error

    def _refused(self, text: str) -> str:
        if self._token is not None:
            return (
                f"邮箱 {self.account} 的访问令牌被拒绝（{text}）。请核对 token_command 或 token_file "
                "给出的令牌属于这个账号、没有过期，并有读取邮件的权限。"
            )
        return (
            f"邮箱 {self.account} 登录被拒绝（{text}）。请核对用户名和密码；163、126、QQ 邮箱须先在"
            "网页邮箱「设置」中开启 IMAP 服务，并使用授权码而不是登录密码。"
        )

    def _select(self, client: Any, folder: str) -> None:
        self._asked = folder
        try:
            try:
                answer = client.select_folder(folder, readonly=True)
            except IMAPClientAbortError:
                raise
            except IMAPClientError:
                found = find_folder(folder, _listed(client))
                if found in ("", folder):
                    raise
                answer = client.select_folder(found, readonly=True)
                folder = found
            # what a folder is for must be known before anything is taken from it
            use = next(map(use_on_server, _listed(client, folder)), "")
        except (IMAPClientAbortError, OSError, ValueError) as error:
            raise SourceError(self._unreachable(error)) from error
        except IMAPClientError as error:
            if "unsafe login" in str(error).lower():
                raise LoginError(
                    f"邮箱 {self.account} 被服务商判为不安全登录（{error}）。请登录网页邮箱，"
                    "在「设置」中开启 IMAP 服务并重新生成授权码。"
                ) from error
            names = "（未能列出）"
            with suppress(*_FAILED):
                names = "、".join([entry.name for entry in _listed(client)][:30]) or names
            raise SourceError(
                f"邮箱 {self.account} 中打不开文件夹「{folder}」（{error}）。"
                f"现有文件夹：{names}。请在配置的邮箱网址中改正文件夹名称。"
            ) from error
        self.folder, self.use = folder, use
        self.uidvalidity = int(answer.get(b"UIDVALIDITY", 0))
        self.count = int(answer.get(b"EXISTS", 0))

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


def _fetched(client: Any, uids: list[int], items: Sequence[str]) -> dict[int, dict[bytes, Any]]:
    try:
        return dict(client.fetch(uids, items))
    except IMAPClientAbortError:
        raise
    except IMAPClientError:  # Dovecot where some are gone: NO [EXPUNGEISSUED]
        client.noop()
        left = sorted(map(int, client.search(["UID", ",".join(map(str, uids))])))
    if left and len(left) < len(uids):
        return _fetched(client, left, items)
    return _one_by_one(client, left, items)


def _one_by_one(client: Any, uids: list[int], items: Sequence[str]) -> dict[int, dict[bytes, Any]]:
    """Those it gives. Raises IMAPClientError where it gives none of several: that is its own trouble."""
    found: dict[int, dict[bytes, Any]] = {}
    refusals: list[IMAPClientError] = []
    for uid in uids:
        try:
            found |= client.fetch([uid], items)
        except IMAPClientAbortError:
            raise
        except IMAPClientError as error:
            refusals.append(error)
            logger("imap").warning("message.refused", uid=uid, error=_told(error))
        if len(refusals) == min(_REFUSALS, len(uids)) > 1 and not found:
            raise refusals[0]
    return found


def _listed(client: Any, only: str = "") -> list[Folder]:
    """The folders there are, or the one of this name; none where the server refuses to tell."""
    try:
        rows = client.list_folders(pattern=only or "*")
    except IMAPClientAbortError:
        raise
    except IMAPClientError:
        return []
    return [
        Folder(
            name=str(name),
            delimiter=(delimiter or b"").decode("ascii", "replace"),
            flags=frozenset(flag.decode("ascii", "replace").lower() for flag in flags),
        )
        for flags, delimiter, name in rows
        if not only or str(name) == only  # a name may be a pattern, too
    ]


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
