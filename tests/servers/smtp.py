"""An SMTP server that follows a script: takes, puts off, refuses, or hangs up after the dot."""

from __future__ import annotations

import asyncio
import base64
import ssl
from collections import defaultdict, deque
from dataclasses import dataclass, field
from typing import Any, Literal

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from servers.certificates import Certificates
from servers.ports import free_port

Security = Literal["smtps", "starttls", "plain"]
#: In the place of an answer to DATA: close the connection without one.
HANG_UP = "hang up"
PASSWORD = "secret"


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A message the server has said 250 to, or hung up on after having all of it."""

    sender: str
    recipient: str
    content: bytes = field(repr=False)


class _Scripted:
    """The handler of aiosmtpd; the names of its methods are given."""

    def __init__(self, server: SmtpServer) -> None:
        self._server = server

    async def handle_MAIL(  # noqa: N802
        self,
        _smtp: SMTP,
        session: Session,
        envelope: Envelope,
        address: str,
        _options: list[str],
    ) -> str:
        # Not by aiosmtpd's own setting: it knows no AUTH over implicit TLS.
        if self._server.user and not session.authenticated:
            return "530 5.7.0 Authentication required"
        if self._server.sender_answers:
            return self._server.sender_answers.popleft()
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(  # noqa: N802
        self,
        _smtp: SMTP,
        _session: Session,
        envelope: Envelope,
        address: str,
        _options: list[str],
    ) -> str:
        answers = self._server.recipient_answers[address]
        answer = answers.popleft() if answers else "250 OK"
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def auth_XOAUTH2(self, smtp: SMTP, args: list[str]) -> AuthResult:  # noqa: N802
        said = base64.b64decode(args[1]).decode()
        server = self._server
        if said in {f"user={server.user}\1auth=Bearer {token}\1\1" for token in server.tokens}:
            return AuthResult(success=True, auth_data=server.user)
        server.refused_tokens += 1
        await smtp.challenge_auth('{"status":"400"}')  # as Google and Microsoft do
        message = "535 5.7.8 Username and Password not accepted"
        return AuthResult(success=False, handled=False, message=message)

    async def handle_DATA(  # noqa: N802
        self, smtp: SMTP, session: Session, envelope: Envelope
    ) -> str:
        answers = self._server.data_answers
        answer = answers.popleft() if answers else "250 OK: queued"
        content = envelope.content
        assert isinstance(content, bytes)
        if answer == HANG_UP or answer.startswith("250"):
            for recipient in envelope.rcpt_tos:
                sender = envelope.mail_from or ""
                self._server.taken(Taken(sender=sender, recipient=recipient, content=content))
            self._server.peers.append(session.peer)
        if answer == HANG_UP:
            assert smtp.transport is not None
            smtp.transport.abort()
            await asyncio.sleep(0)
        return answer if answer != HANG_UP else "421 gone"


class SmtpServer:
    """Runs in a thread of its own between :meth:`start` and :meth:`stop`."""

    def __init__(
        self,
        *,
        security: Security = "plain",
        certificates: Certificates | None = None,
        user: str = "",
        password: str = PASSWORD,
    ) -> None:
        self.host = "127.0.0.1"
        self.port = 0
        self.security = security
        self.user, self.password = user, password
        self.certificates = certificates
        self.messages: list[Taken] = []  #: in the order of arrival
        self.peers: list[Any] = []  #: the client's address for each of them
        #: Answers to come for a recipient and to DATA, the next one first; then 250.
        self.recipient_answers: dict[str, deque[str]] = defaultdict(deque)
        self.data_answers: deque[str] = deque()
        self.sender_answers: deque[str] = deque()
        self.login_answer = ""  #: instead of judging the password, e.g. "454 4.7.0 later"
        self.tokens: set[str] = set()  #: access tokens that are good (XOAUTH2)
        self.refused_tokens = 0
        self.offers_tokens = True
        self._controller: Controller | None = None

    @property
    def url(self) -> str:
        """As it stands in a configuration; the password is not in it."""
        who = f"{self.user}@" if self.user else ""
        return f"{'smtps' if self.security == 'smtps' else 'smtp'}://{who}{self.host}:{self.port}"

    @property
    def tls(self) -> ssl.SSLContext | None:
        """A context that trusts this server; None without TLS."""
        if self.certificates is None:
            return None
        return ssl.create_default_context(cafile=str(self.certificates.authority))

    def taken(self, message: Taken) -> None:
        """Keep a message, before the client is told."""
        self.messages.append(message)

    def start(self) -> None:
        """Listen, on the same port as before where it was stopped."""
        context = None
        if self.certificates is not None:
            context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            context.load_cert_chain(self.certificates.certificate, self.certificates.key)
        arguments: dict[str, Any] = {
            "authenticator": self._authenticate,
            "auth_require_tls": self.security == "starttls",
            "decode_data": False,
            "enable_SMTPUTF8": True,
        }
        if self.security == "starttls":
            arguments |= {"tls_context": context, "require_starttls": True}
        self._controller = Controller(
            _Scripted(self),
            hostname=self.host,
            port=self.port or free_port(),
            ssl_context=context if self.security == "smtps" else None,
            **arguments,
            **({} if self.offers_tokens else {"auth_exclude_mechanism": ["XOAUTH2"]}),
        )
        self._controller.start()
        self.port = self._controller.port

    def stop(self) -> None:
        """Go away; safe to call twice."""
        controller, self._controller = self._controller, None
        if controller is not None:
            controller.stop(no_assert=True)

    def _authenticate(
        self, _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: Any
    ) -> AuthResult:
        if self.login_answer:
            return AuthResult(success=False, handled=False, message=self.login_answer)
        assert isinstance(data, LoginPassword)
        right = data == LoginPassword(self.user.encode(), self.password.encode())
        return AuthResult(success=right, handled=False)
