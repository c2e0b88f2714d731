"""Replies out through an SMTP server. RFC 5321.

Hands over finished messages one by one on a kept connection and says exactly
what became of each: taken, put off, refused, the account limited, or unknown
because the connection broke between the final dot and the answer. It composes
nothing, retries nothing and waits for nothing; the outbox does.
"""

from __future__ import annotations

import re
import smtplib
import ssl
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Literal, TypeVar

from mailbot.loopback import is_loopback
from mailbot.ports import (
    AccountPaused,
    LoginError,
    SendDeferred,
    SendRefused,
    SendUncertain,
    SourceError,
    Token,
)
from mailbot.sinks.answers import HungUp, Step, meaning, text

_T = TypeVar("_T")
Security = Literal["smtps", "starttls", "plain"]

_LINE_END = re.compile(rb"\r\n|\n|\r")
_DOT = re.compile(rb"^\.", re.MULTILINE)

#: What can be named in a command; the library would mend or refuse other things in ways of its own.
_ADDRESS = re.compile(r"[^\x00-\x1f\x7f]+@[^\x00-\x20\x7f]+")

_FAILURES, _REFUSALS = range(400, 600), range(500, 600)
_UNKNOWN_COMMAND = (500, 502, 504)
_TRY_LATER = "稍后自动重发"
#: Messages on one connection; providers hang up, or worse, after some number of them.
_PER_CONNECTION = 50


class SmtpSink:
    """One account at one server; plain text only on loopback."""

    def __init__(
        self,
        *,
        host: str,
        port: int,
        user: str = "",
        password: str = "",
        token: Token | None = None,
        security: Security,
        tls: ssl.SSLContext | None = None,
        name: str | None = None,
        seconds: float = 60,
    ) -> None:
        """``name`` is what we call ourselves in EHLO; None: the name of this machine.

        With ``token`` it logs in by XOAUTH2, else by ``password``.
        """
        if security == "plain" and not is_loopback(host):
            raise ValueError(f"plain SMTP to {host}: only loopback may go without TLS")
        self._host, self._port, self._security = host, port, security
        self._user, self._password, self._token = user, password, token
        self._tls = tls or ssl.create_default_context()
        self._name, self._seconds = name, seconds
        self._smtp: smtplib.SMTP | None = None
        self._sent = 0  # on this connection

    def send(self, *, message: bytes, sender: str, recipient: str) -> str:
        """Hand over one message; return the server's answer.

        Raises SendDeferred, SendRefused, SendUncertain, AccountPaused, LoginError.
        After any but SendRefused the next message begins a new connection. A kept
        connection that was ended before it took the message is replaced at once.
        """
        if self._sent >= _PER_CONNECTION:
            self.close()
        kept = self._smtp is not None
        try:
            return self._send(message, sender, recipient)
        except HungUp:
            self._drop()
            if not kept:
                raise
        except SendRefused:
            raise  # this mail only; RSET clears the way for the next
        except BaseException:
            self._drop()
            raise
        return self.send(message=message, sender=sender, recipient=recipient)

    def _send(self, message: bytes, sender: str, recipient: str) -> str:
        if not _ADDRESS.fullmatch(recipient):
            raise SendRefused(
                f"「{' '.join(recipient.split())}」不是邮件地址，无法发送，请电话联系申报单位核实。"
            )
        smtp = self._open()
        self._envelope(smtp, len(message), sender, recipient)
        code, answer = self._data(smtp, message)
        self._judge(code, answer, expected=250, step="message")
        self._sent += 1
        return f"{code} {text(answer)}"

    def probe(self) -> str:
        """Connect, log in, and say so in one Chinese line."""
        self._open()
        who = f"，已用 {self._user} 登录" if self._user else ""
        return f"发信服务器 {self._host}:{self._port} 可以连接{who}"

    def close(self) -> None:
        """Say goodbye; a connection that is gone already is no failure."""
        smtp, self._smtp, self._sent = self._smtp, None, 0
        if smtp is not None:
            with suppress(smtplib.SMTPException, OSError):
                smtp.quit()
            smtp.close()

    def _drop(self) -> None:
        smtp, self._smtp = self._smtp, None
        if smtp is not None:
            smtp.close()

    def _open(self) -> smtplib.SMTP:
        """A live connection: the kept one where RSET is answered, else a new one."""
        if self._smtp is not None:
            try:
                if self._smtp.rset()[0] == 250:  # noqa: PLR2004 - RFC 5321 section 4.2.3
                    return self._smtp
            except (smtplib.SMTPException, OSError):
                pass
            self._drop()
        token = self._asked(refused=False)
        try:
            self._smtp = self._opened(token)
        except LoginError:
            other = self._asked(refused=True)
            if other == token:
                raise  # the same again would only count towards a lock-out
            self._smtp = self._opened(other)
        self._sent = 0
        return self._smtp

    def _opened(self, token: str) -> smtplib.SMTP:
        smtp = self._world(self._connect)
        try:
            self._world(lambda: self._greet(smtp))
            self._login(smtp, token)
        except BaseException:
            smtp.close()
            raise
        return smtp

    def _asked(self, *, refused: bool) -> str:
        """The access token; "" where a password is used."""
        try:
            return self._token(refused=refused) if self._token else ""
        except SourceError as error:
            raise SendDeferred(str(error)) from error

    def _connect(self) -> smtplib.SMTP:
        if self._security == "smtps":
            return smtplib.SMTP_SSL(
                self._host,
                self._port,
                local_hostname=self._name,
                timeout=self._seconds,
                context=self._tls,
            )
        return smtplib.SMTP(
            self._host, self._port, local_hostname=self._name, timeout=self._seconds
        )

    def _greet(self, smtp: smtplib.SMTP) -> None:
        code, answer = smtp.ehlo()
        if code in _UNKNOWN_COMMAND and self._security == "plain" and not self._user:
            code, answer = smtp.helo()  # which offers neither STARTTLS nor AUTH
        self._judge(code, answer, expected=250, step="connect")
        if self._security == "starttls":
            smtp.starttls(context=self._tls)
            smtp.ehlo()

    def _login(self, smtp: smtplib.SMTP, token: str) -> None:
        if not self._user:
            return
        try:
            self._world(lambda: self._authenticate(smtp, token))
        except smtplib.SMTPAuthenticationError as error:
            meant = meaning(self._host, error.smtp_code, error.smtp_error, "login")
            if isinstance(meant, AccountPaused):
                raise meant from error
            if error.smtp_code not in _REFUSALS:
                raise SendDeferred(
                    f"发信服务器 {self._host} 暂时不接受登录（{_reply(error)}），{_TRY_LATER}。"
                ) from error
            raise LoginError(
                f"发信账号 {self._user} 登录 {self._host} 被拒绝（{_reply(error)}）。{self._advice()}"
            ) from error
        except (smtplib.SMTPNotSupportedError, UnicodeError) as error:
            raise LoginError(
                f"发信账号 {self._user} 无法登录 {self._host}（{error}）。请核对端口和加密方式，"
                "并确认用户名和密码中没有中文或全角字符。"
            ) from error

    def _authenticate(self, smtp: smtplib.SMTP, token: str) -> None:
        """By password, or by the SASL mechanism XOAUTH2 of Google and Microsoft.

        By one mechanism: the library tries all of them with a refused password, and each
        try counts towards a lock-out.
        """
        offered = smtp.esmtp_features.get("auth", "").upper().split()
        if not token:
            smtp.user, smtp.password = self._user, self._password
            ways: dict[str, Any] = {
                "PLAIN": smtp.auth_plain,
                "LOGIN": smtp.auth_login,
                "CRAM-MD5": smtp.auth_cram_md5,
            }
            name = next((name for name in ways if name in offered), "")
            if not name:
                raise smtplib.SMTPNotSupportedError("服务器不提供密码登录")
            smtp.auth(name, ways[name])
            return
        if "XOAUTH2" not in offered:
            raise smtplib.SMTPNotSupportedError("服务器不接受访问令牌：没有 XOAUTH2")

        def said(challenge: bytes | None = None) -> str:
            # the challenge is an error in JSON, answered by nothing; then comes the refusal
            return f"user={self._user}\1auth=Bearer {token}\1\1" if challenge is None else ""

        smtp.auth("XOAUTH2", said)

    def _advice(self) -> str:
        if self._token is not None:
            return (
                "请核对 token_command 或 token_file 给出的令牌属于这个账号、没有过期，"
                "并有发送邮件的权限。"
            )
        return (
            "请核对用户名和密码；163、126、QQ 邮箱须先在网页邮箱「设置」中开启 SMTP 服务，"
            "并使用授权码而不是登录密码。"
        )

    def _envelope(self, smtp: smtplib.SMTP, size: int, sender: str, recipient: str) -> None:
        options = [f"size={size}"] if smtp.has_extn("size") else []
        try:
            code, answer = self._world(lambda: smtp.mail(sender, options))
            self._judge(code, answer, expected=250, step="sender")
            code, answer = self._world(lambda: smtp.rcpt(recipient))
            self._judge(code, answer, expected=250, step="recipient")
        except UnicodeError as error:
            raise SendRefused(f"收件地址「{recipient}」中有非英文字符，无法发送。") from error

    def _data(self, smtp: smtplib.SMTP, message: bytes) -> tuple[int, bytes]:
        """DATA in its three steps: what fails before the final dot is out was not taken."""
        code, answer = self._world(lambda: smtp.docmd("DATA"))
        self._judge(code, answer, expected=354, step="data")
        body = _DOT.sub(b"..", _LINE_END.sub(b"\r\n", message))
        end = b".\r\n" if body.endswith(b"\r\n") else b"\r\n.\r\n"
        self._world(lambda: smtp.send(body + end))
        try:
            code, answer = smtp.getreply()
        except (smtplib.SMTPException, OSError) as error:
            raise SendUncertain(self._unconfirmed(_told(error))) from error
        if code < 0:  # no reply code in it
            raise SendUncertain(self._unconfirmed(text(answer)))
        return code, answer

    def _world(self, command: Callable[[], _T]) -> _T:
        """Run a command; what is nobody's refusal is put off."""
        try:
            return command()
        except (smtplib.SMTPAuthenticationError, smtplib.SMTPNotSupportedError) as error:
            if self._security == "starttls" and "STARTTLS" in str(error):
                raise SendDeferred(
                    f"发信服务器 {self._host}:{self._port} 不支持 STARTTLS，请改用 smtps 和端口 465。"
                ) from error
            raise
        except smtplib.SMTPResponseException as error:  # greeting or HELO refused
            self._judge(error.smtp_code, error.smtp_error, expected=0, step="connect")
            raise SendDeferred(self._unreachable(error)) from error
        except (smtplib.SMTPException, OSError) as error:
            raise HungUp(self._unreachable(error)) from error

    def _judge(self, code: int, answer: bytes | str, *, expected: int, step: Step) -> None:
        """Raise what the answer means; only the first digit counts (RFC 5321 section 4.3.2)."""
        if code // 100 == expected // 100:
            return
        if code > 0 and code not in _FAILURES and step != "login":
            said = f"{code} {text(answer)}"
            if step == "message":
                raise SendUncertain(self._unconfirmed(said))
            raise HungUp(f"发信服务器 {self._host} 的回答不合规范（{said}），{_TRY_LATER}。")
        raise meaning(self._host, code, answer, step)

    def _unconfirmed(self, why: str) -> str:
        return f"邮件已全部传出，但未等到 {self._host} 的确认（{why}），是否送达不能确定。"

    def _unreachable(self, error: Exception) -> str:
        where = f"{self._host}:{self._port}"
        if isinstance(error, ssl.SSLCertVerificationError):
            return (
                f"发信服务器 {where} 的证书未通过验证（{error.verify_message}）。请核对服务器名称；"
                "自建服务器请将其证书加入系统信任，或用环境变量 SSL_CERT_FILE 指明。"
            )
        if isinstance(error, ssl.SSLError):
            return (
                f"与发信服务器 {where} 不能建立加密连接（{_told(error)}）。"
                "请核对端口：smtps 一般为 465。"
            )
        return (
            f"与发信服务器 {where} 的连接不通（{_told(error)}）。请检查网络、服务器名称、端口和防火墙，"
            f"{_TRY_LATER}。"
        )


def _reply(error: smtplib.SMTPResponseException) -> str:
    return f"{error.smtp_code} {text(error.smtp_error)}"


def _told(error: Exception) -> str:
    if isinstance(error, TimeoutError) or "timed out" in str(error):
        return "超时"
    if isinstance(error, smtplib.SMTPServerDisconnected):
        return "连接被对方断开"
    return str(error) or type(error).__name__
