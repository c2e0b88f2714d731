"""The fixtures: ``dovecot``, ``smtp_server``, and what they stand on.

Warnings are errors in this suite, so everything started here is stopped here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from servers.certificates import Certificates, make_certificates
from servers.dovecot import Box, Dovecot, DovecotMissing
from servers.netease import Netease, NeteaseBox
from servers.smtp import SmtpServer


@pytest.fixture(scope="session")
def dovecot_server() -> Iterator[Dovecot]:
    """One Dovecot for the whole run. Its absence is an error, never a skip."""
    server = Dovecot()
    try:
        server.start()
    except DovecotMissing as missing:
        pytest.fail(str(missing), pytrace=False)
    yield server
    server.stop()


@pytest.fixture
def dovecot(dovecot_server: Dovecot) -> Box:
    """A new, empty mailbox on the real server."""
    return dovecot_server.box()


@pytest.fixture(scope="session")
def netease_server(certificates: Certificates) -> Iterator[Netease]:
    """One server with the habits of NetEase for the whole run."""
    server = Netease(certificates)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def netease(netease_server: Netease) -> NeteaseBox:
    """A new, empty mailbox there."""
    return netease_server.box()


@pytest.fixture(params=["dovecot", "netease"])
def imap_box(request: pytest.FixtureRequest) -> Box | NeteaseBox:
    """A new, empty mailbox on each kind of server."""
    box: Box | NeteaseBox = request.getfixturevalue(request.param)
    return box


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    """Certificates for loopback."""
    return make_certificates(tmp_path_factory.mktemp("certificates"))


@pytest.fixture
def start_smtp(certificates: Certificates) -> Iterator[Callable[..., SmtpServer]]:
    """Start SMTP servers: ``start_smtp(security="smtps", user="qc@example.org")``."""
    servers: list[SmtpServer] = []

    def start(**arguments: Any) -> SmtpServer:
        if arguments.get("security", "plain") != "plain":
            arguments.setdefault("certificates", certificates)
        server = SmtpServer(**arguments)
        server.start()
        servers.append(server)
        return server

    yield start
    for server in servers:
        server.stop()


@pytest.fixture
def smtp_server(start_smtp: Callable[..., SmtpServer]) -> SmtpServer:
    """A running SMTP server on loopback: plain text, no login."""
    return start_smtp()
