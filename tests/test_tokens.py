"""Access tokens from a command or a file, and logging in with them (XOAUTH2)."""

from __future__ import annotations

import sys
from contextlib import closing
from pathlib import Path

import pytest
from servers.dovecot import Box
from servers.netease import NeteaseBox

from mailbot.ports import LoginError, SourceError
from mailbot.sources.imap import ImapSource
from mailbot.sources.session import Session, Token
from mailbot.tokens import TokenCommand, TokenFile


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
