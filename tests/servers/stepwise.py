"""An SMTP server that gives any answer at any step of a session, as often as told, then behaves."""

from __future__ import annotations

import socket
import socketserver
import ssl
import threading
from typing import Any, Self, cast

from servers.certificates import Certificates

#: In the order of a session; "dot" is after the final dot.
STEPS = ("connect", "EHLO", "STARTTLS", "AUTH", "MAIL", "RCPT", "DATA", "dot")
#: In the place of an answer: the connection ends, after the final dot with the message
#: accepted or not; or nothing is said any more, with the message accepted.
CUT, CUT_TAKEN, SILENCE = "cut", "cut, taken", "silence"
_USUAL = {"connect": "220 ready", "STARTTLS": "220 go on", "AUTH": "235 ok", "DATA": "354 go on"}


class StepwiseServer:
    """Answers ``answer`` at ``step`` the next ``times``; use it in a ``with`` statement."""

    def __init__(self, certificates: Certificates | None = None) -> None:
        """``certificates``: STARTTLS is offered, and AUTH after it; None: neither."""
        self.host = "127.0.0.1"
        self.step, self.answer, self.times = "", "", 0
        self.messages: list[bytes] = []  #: accepted, as they came over the wire
        self.steps: list[str] = []  #: all that were reached
        self.tls: ssl.SSLContext | None = None
        self.over = threading.Event()  #: silence ends
        if certificates is not None:
            self.tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            self.tls.load_cert_chain(certificates.certificate, certificates.key)
        self._server = _Server(self)
        self.port = int(self._server.server_address[1])
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.over.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def fails(self, step: str, answer: str, times: int = 1) -> None:
        """From now on, so often."""
        self.step, self.answer, self.times = step, answer, times

    def said(self, step: str) -> str:
        """What is to be said now."""
        self.steps.append(step)
        if step == self.step and self.times > 0:
            self.times -= 1
            return self.answer
        return _USUAL.get(step, "250 ok")


class _Server(socketserver.ThreadingTCPServer):
    def __init__(self, owner: StepwiseServer) -> None:
        self.owner = owner
        super().__init__((owner.host, 0), _Session)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away is no fault of the server."""


class _Session(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        self.owner = cast("_Server", self.server).owner
        self.file = self.request.makefile("rb")
        try:
            self._talk()
        finally:
            self.file.close()
            self.request.close()

    def _talk(self) -> None:
        if not self._answers("connect"):
            return
        while line := self.file.readline():
            verb = line.split(b" ")[0].strip().upper().decode("ascii")
            if verb == "QUIT":
                self._say("221 bye")
                return
            if not (self._greets() if verb == "EHLO" else self._answers(verb)):
                return

    def _greets(self) -> bool:
        said = self.owner.said("EHLO")
        if said != "250 ok":
            return self._did(said)
        tls = self.owner.tls
        offers = ["AUTH PLAIN LOGIN"] if isinstance(self.request, ssl.SSLSocket) else ["STARTTLS"]
        self._say("250-here", *(f"250-{offer}" for offer in offers if tls), "250 8BITMIME")
        return True

    def _answers(self, step: str) -> bool:
        said = self.owner.said(step)
        if not self._did(said):
            return False
        if said.startswith("220") and step == "STARTTLS":
            assert self.owner.tls is not None
            self.file.close()
            self.request = self.owner.tls.wrap_socket(self.request, server_side=True)
            self.file = self.request.makefile("rb")
        return self._takes() if said.startswith("354") else True

    def _takes(self) -> bool:
        message = b""
        while (line := self.file.readline()) not in (b".\r\n", b""):
            message += line
        said = self.owner.said("dot")
        if said.startswith("250") or said in (CUT_TAKEN, SILENCE):
            self.owner.messages.append(message)
        return self._did(said)

    def _did(self, said: str) -> bool:
        """Say it; False where the session is over."""
        if said == SILENCE:
            self.owner.over.wait(60)
        if said in (CUT, CUT_TAKEN, SILENCE):
            return False
        self._say(said)
        if said.startswith("421"):
            self.request.shutdown(socket.SHUT_WR)
            return False
        return True

    def _say(self, *lines: str) -> None:
        self.request.sendall("".join(f"{line}\r\n" for line in lines).encode("utf-8"))
