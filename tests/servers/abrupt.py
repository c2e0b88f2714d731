"""An SMTP server that hangs up at one chosen step of its first session, then behaves."""

from __future__ import annotations

import socketserver
import threading
from typing import Any, Self, cast

#: In the order of a session; "taken" is after the final dot, with the message accepted,
#: "untaken" there too, without.
STEPS = ("connect", "EHLO", "MAIL", "RCPT", "DATA", "body", "untaken", "taken")


class AbruptServer:
    """Hangs up once at ``step``; use it in a ``with`` statement."""

    def __init__(self, step: str) -> None:
        self.host = "127.0.0.1"
        self.step = step
        self.messages: list[bytes] = []  #: accepted, as they came over the wire
        self._server = _Server(self)
        self.port = int(self._server.server_address[1])
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def hangs_up(self, step: str) -> bool:
        """Is it now? Once only."""
        if step != self.step:
            return False
        self.step = ""
        return True


class _Server(socketserver.ThreadingTCPServer):
    def __init__(self, owner: AbruptServer) -> None:
        self.owner = owner
        super().__init__((owner.host, 0), _Session)


class _Session(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        owner = cast("_Server", self.server).owner
        if owner.hangs_up("connect"):
            return
        self._say("220 ready")
        while line := self.rfile.readline():
            verb = line.split(b" ")[0].strip().upper().decode("ascii")
            if owner.hangs_up(verb):
                return
            if verb == "DATA" and self._takes_no_more(owner):
                return
            answers: dict[str, Any] = {"DATA": "250 taken", "QUIT": "221 bye"}
            self._say(answers.get(verb, "250 ok"))
            if verb == "QUIT":
                return

    def _takes_no_more(self, owner: AbruptServer) -> bool:
        self._say("354 go on")
        message = b""
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            message += line
            if owner.hangs_up("body"):
                return True
        if owner.hangs_up("untaken"):
            return True
        owner.messages.append(message)
        return owner.hangs_up("taken")

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode("ascii"))
