"""Access tokens from a command or a file, and logging in with them (XOAUTH2)."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from servers.dovecot import Box
from servers.netease import NeteaseBox
from servers.smtp import SmtpServer

from mailbot import wiring
from mailbot.configuration.config import load
from mailbot.configuration.tokens import TokenCommand, TokenFile
from mailbot.ports import LoginError, SendDeferred, SourceError, Token
from mailbot.sinks.smtp import SmtpSink
from mailbot.sources.imap import ImapSource
from mailbot.sources.session import Session


def source(box: Box | NeteaseBox, token: Token) -> ImapSource:
    """A source that knows no password."""
    return ImapSource(
        Session(host=box.host, port=box.imaps_port, user=box.user, token=token, tls=box.tls)
    )


def printing(file: Path) -> TokenCommand:
    """A command that prints the file, and notes beside it that it was asked."""
    code = (
        "import pathlib, sys; file = pathlib.Path(sys.argv[1]);"
        "file.with_suffix('.asked').open('a').write('x'); print(file.read_text())"
    )
    return TokenCommand([sys.executable, "-c", code, str(file)])


def test_a_token_instead_of_a_password(imap_box: Box | NeteaseBox, tmp_path: Path) -> None:
    """The file is read at each login."""
    file = tmp_path / "token"
    file.write_text(f"{imap_box.token()}\n")
    imap_box.drop(b"Subject: 1\r\n\r\n1\r\n")
    with closing(source(imap_box, TokenFile(file))) as box:
        assert len(list(box.arrivals(None))) == 1


def test_a_refused_token_is_replaced(imap_box: Box | NeteaseBox, tmp_path: Path) -> None:
    """The command is asked once as long as its token is good, and again when it is refused."""
    file = tmp_path / "token"
    file.write_text(imap_box.token(seconds=-30))
    token = printing(file)
    token(refused=False)
    file.write_text(imap_box.token())
    for _login in range(2):
        with closing(source(imap_box, token)) as box:
            box.probe()
    assert file.with_suffix(".asked").read_text() == "xx"


def test_a_token_that_stays_refused(imap_box: Box | NeteaseBox, tmp_path: Path) -> None:
    """One new token is tried; then it is told what to look at, without the token."""
    file = tmp_path / "token"
    file.write_text(imap_box.token(seconds=-30))
    with (
        pytest.raises(LoginError, match="token_command") as refused,
        closing(source(imap_box, printing(file))) as box,
    ):
        box.probe()
    assert file.with_suffix(".asked").read_text() == "xx"
    assert file.read_text() not in str(refused.value)


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("raise SystemExit(3)", "退出码 3"),
        ("pass", "没有给出访问令牌"),
        ("print('two'); print('lines')", "应只有令牌一行"),
        ("print('令牌')", "没有给出访问令牌"),
        ("import time; time.sleep(30)", "没有结束"),
    ],
)
def test_a_command_that_gives_no_token(code: str, told: str) -> None:
    """Told with what to do; a hanging command is ended."""
    with pytest.raises(SourceError, match=told):
        TokenCommand([sys.executable, "-c", code], seconds=2)(refused=False)


def test_a_command_or_file_that_is_not_there(tmp_path: Path) -> None:
    """Named in the message."""
    with pytest.raises(SourceError, match="nowhere"):
        TokenCommand([str(tmp_path / "nowhere")])(refused=False)
    with pytest.raises(SourceError, match="nowhere"):
        TokenFile(tmp_path / "nowhere")(refused=False)


def sink(server: SmtpServer, token: Token) -> SmtpSink:
    """A way out that knows no password."""
    return SmtpSink(
        host=server.host, port=server.port, user=server.user, token=token, security="plain"
    )


@pytest.fixture
def smtp() -> Iterator[SmtpServer]:
    """A server that knows one account."""
    server = SmtpServer(user="pingxuan@example.org")
    server.start()
    yield server
    server.stop()


def sent(way: SmtpSink) -> str:
    """One message through this door."""
    with closing(way):
        return way.send(message=b"Subject: 1\r\n\r\n1\r\n", sender="a@b.cn", recipient="c@d.cn")


def test_a_reply_goes_out_with_a_token(smtp: SmtpServer, tmp_path: Path) -> None:
    """XOAUTH2 instead of a password."""
    file = tmp_path / "token"
    file.write_text("first\n")
    smtp.tokens = {"first"}
    assert sent(sink(smtp, TokenFile(file))).startswith("250")
    assert len(smtp.messages) == 1


def test_a_token_refused_by_the_way_out_is_replaced_once(smtp: SmtpServer, tmp_path: Path) -> None:
    """The old one is refused on the wire, the command asked again, and the reply goes out."""
    file = tmp_path / "token"
    file.write_text("old")
    token = printing(file)
    token(refused=False)
    file.write_text("new")
    smtp.tokens = {"new"}
    for _mail in range(2):
        assert sent(sink(smtp, token)).startswith("250")
    assert file.with_suffix(".asked").read_text() == "xx"
    assert smtp.refused_tokens == 1


def test_a_token_that_the_way_out_keeps_refusing(smtp: SmtpServer, tmp_path: Path) -> None:
    """A refused login, with what to look at and without the token, which is not tried again."""
    file = tmp_path / "token"
    file.write_text("wrong-token")
    with pytest.raises(LoginError, match="token_command") as refused:
        sent(sink(smtp, printing(file)))
    assert smtp.refused_tokens == 1
    assert "wrong-token" not in str(refused.value)
    assert smtp.messages == []


def test_no_token_to_be_had_puts_the_reply_off(smtp: SmtpServer, tmp_path: Path) -> None:
    """Whatever writes the file may be late."""
    with pytest.raises(SendDeferred, match="nowhere"):
        sent(sink(smtp, TokenFile(tmp_path / "nowhere")))


def test_a_way_out_without_xoauth2(tmp_path: Path) -> None:
    """It is said so; the token is not sent."""
    file = tmp_path / "token"
    file.write_text("first")
    server = SmtpServer()  # of no account, and so of no AUTH that we know
    server.user = "pingxuan@example.org"
    server.offers_tokens = False
    server.start()
    try:
        with pytest.raises(LoginError, match="XOAUTH2"):
            sent(sink(server, TokenFile(file)))
    finally:
        server.stop()


def test_tokens_in_the_configuration_of_the_way_out(tmp_path: Path, smtp: SmtpServer) -> None:
    """For sending, for the folder of sent mails, and for the second way of alerts."""
    (tmp_path / "token").write_text("first")
    (tmp_path / "config.toml").write_text(
        f"""\
[outgoing]
url = "{smtp.url}"
from = "pingxuan@example.org"
token_file = "token"
sent = "imaps://pingxuan@example.org@imap.example.org"

[alerts.outgoing]
url = "{smtp.url}"
from = "pingxuan@example.org"
token_command = "cat {tmp_path / "token"}"
""",
        encoding="utf-8",
    )
    smtp.tokens = {"first"}
    config = load(tmp_path / "config.toml")
    assert wiring.sent_mail(config) is not None
    for way in (wiring.sink(config), wiring.second_sink(config)):
        assert way is not None
        with closing(way):
            assert "登录" in way.probe()
