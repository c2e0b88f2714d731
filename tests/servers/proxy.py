"""A wire between client and server that listens, and breaks when told."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from typing import Self


class Proxy:
    """Forwards connections to a port of this machine; use it in a ``with`` statement."""

    def __init__(self, target: int) -> None:
        self.host = "127.0.0.1"
        self.said = b""  #: everything clients have sent
        #: Bytes the server may still send before the connection is cut; None: all.
        self.allowance: int | None = None
        #: What the server says, once, and what the client hears instead.
        self.twist: tuple[bytes, bytes] | None = None
        self.silent = False  #: what the servers of open connections say is kept back
        self._target = target
        self._listener = socket.create_server((self.host, 0))
        self.port = int(self._listener.getsockname()[1])
        self.bite = 65536  #: bytes of the server that are forwarded at once
        self._threads: list[threading.Thread] = []
        self._pairs: list[tuple[socket.socket, socket.socket]] = []

    def __enter__(self) -> Self:
        self._start(self._accept)
        return self

    def __exit__(self, *_error: object) -> None:
        # A blocked accept() does not notice the close of its socket; a shutdown wakes it.
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.cut()
        for thread in self._threads:
            thread.join(5)
        for pair in self._pairs:
            for end in pair:
                end.close()

    def cut(self) -> None:
        """Break every connection now; new ones are still taken."""
        for pair in self._pairs:
            for end in pair:
                with suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)

    def _connected(self) -> None:
        """Somebody has come."""

    def _asked(self, data: bytes) -> None:
        """The client says this; the server has not heard it yet."""

    def _answered(self, data: bytes) -> tuple[bytes, bool]:
        """What of the server's words comes through, and whether the connection lives on."""
        return data, True

    def _start(self, work: object, *arguments: object) -> None:
        assert callable(work)
        thread = threading.Thread(target=work, args=arguments, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while True:
            try:
                client, _address = self._listener.accept()
            except OSError:
                return
            try:
                server = socket.create_connection((self.host, self._target))
            except OSError:  # the server is down
                client.close()
                continue
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._pairs.append((client, server))
            self.silent = False
            self._connected()
            self._start(self._listen, client, server)
            self._start(self._answer, server, client)

    def _listen(self, client: socket.socket, server: socket.socket) -> None:
        with suppress(OSError):
            while data := client.recv(65536):
                self.said += data
                self._asked(data)
                server.sendall(data)
        self._end(client, server)

    def _answer(self, server: socket.socket, client: socket.socket) -> None:
        with suppress(OSError):
            while data := server.recv(self.bite):
                if self.twist and self.twist[0] in data:
                    data = data.replace(*self.twist, 1)
                    self.twist = None
                if self.allowance is not None:
                    data = data[: self.allowance]
                    self.allowance -= len(data)
                if self.silent:
                    continue
                data, goes_on = self._answered(data)
                client.sendall(data)
                if not goes_on:
                    break
                if self.allowance == 0:
                    self.allowance = None
                    break
        self._end(client, server)

    def _end(self, *ends: socket.socket) -> None:
        for end in ends:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
