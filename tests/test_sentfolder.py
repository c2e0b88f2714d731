"""Asking a real Dovecot for what was sent."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

import pytest
from imapclient import IMAPClient
from servers.dovecot import Box
from servers.ports import free_port
from servers.proxy import Proxy

from mailbot.ports import LoginError, SourceError
from mailbot.sinks.sentfolder import SentFolder
from mailbot.sources.session import Session

NOW = datetime.now(UTC)
ID = "<abc123@example.org>"


def letter(message_id: str = ID) -> bytes:
    return f"From: qc@example.org\r\nMessage-ID: {message_id}\r\nSubject: x\r\n\r\nx\r\n".encode()


def sent_folder(box: Box, **other: Any) -> SentFolder:
    arguments: dict[str, Any] = {
        "host": box.host,
        "port": box.imaps_port,
        "user": box.user,
        "password": box.password,
        "tls": box.tls,
    }
    folder = other.pop("folder", "")
    return SentFolder(Session(**(arguments | other)), folder)


def provider_files(box: Box, folder: str, *messages: bytes) -> None:
    """The provider's own copy of what went out."""
    client = IMAPClient(box.host, box.imap_port, ssl=False)
    client.login(box.user, box.password)
    if not client.folder_exists(folder):
        client.create_folder(folder)
    for message in messages:
        client.append(folder, message)
    client.logout()


@pytest.fixture(params=["已发送", "Sent Messages", "Sent", "其他/Sent Items"])
def filed(request: pytest.FixtureRequest, dovecot: Box) -> Iterator[SentFolder]:
    """A folder that is found by one of the names providers give it."""
    provider_files(dovecot, request.param, letter("<other@example.org>"), letter())
    with closing(sent_folder(dovecot)) as made:
        yield made


def test_a_copy_is_found_whatever_the_provider_calls_the_folder(filed: SentFolder) -> None:
    """NetEase, QQ, Outlook, ordinary servers; what was not sent is not found."""
    assert filed.holds(ID, NOW)
    assert not filed.holds("<abc@example.org>", NOW)


def test_a_part_of_an_id_is_not_the_id(dovecot: Box) -> None:
    """SEARCH HEADER looks for substrings; we compare whole ids. RFC 3501 section 6.4.4."""
    provider_files(dovecot, "Sent", letter("<x<abc123@example.org>"), letter(f"{ID[:-1]}.cn>"))
    with closing(sent_folder(dovecot)) as sent:
        assert not sent.holds(ID, NOW)


def test_the_configured_folder_is_the_one(dovecot: Box) -> None:
    """Another one with a known name is not looked into."""
    provider_files(dovecot, "Sent", letter())
    provider_files(dovecot, "回执", letter("<else@example.org>"))
    with closing(sent_folder(dovecot, folder="回执")) as sent:
        assert sent.holds("<else@example.org>", NOW)
        assert not sent.holds(ID, NOW)


def test_a_folder_that_is_not_there_is_told_with_those_that_are(dovecot: Box) -> None:
    """Named wrongly, or nowhere to be found."""
    wrong = pytest.raises(SourceError, match=r"打不开文件夹「发件」.*INBOX")
    with closing(sent_folder(dovecot, folder="发件")) as sent, wrong:
        sent.probe()
    with (
        closing(sent_folder(dovecot)) as sent,
        pytest.raises(SourceError, match="打不开文件夹「Sent」"),
    ):
        sent.probe()


def test_a_copy_can_be_filed(dovecot: Box) -> None:
    """Where the provider keeps none; it is found afterwards, on the kept connection too."""
    provider_files(dovecot, "已发送")
    with closing(sent_folder(dovecot)) as sent:
        assert not sent.holds(ID, NOW)
        sent.keep(letter())
        assert sent.holds(ID, NOW)
        assert sent.probe().endswith("已发送文件夹「已发送」现有 1 封邮件")


def test_a_lost_connection_is_begun_anew(dovecot: Box) -> None:
    """Between two questions the provider may hang up; in the middle of one it is asked again, or told."""
    provider_files(dovecot, "Sent", letter())
    with (
        Proxy(dovecot.imap_port) as wire,
        closing(sent_folder(dovecot, port=wire.port, tls=None)) as sent,
    ):
        assert sent.holds(ID, NOW)
        wire.cut()
        assert sent.holds(ID, NOW)
        wire.allowance = 60
        assert sent.holds(ID, NOW)
        wire.allowance = 60
        with pytest.raises(SourceError, match="稍后自动继续"):
            sent.probe()
        assert sent.holds(ID, NOW)


def test_nobody_there(dovecot: Box) -> None:
    """A server that is down is told with its place."""
    away = pytest.raises(SourceError, match="连接不上")
    with closing(sent_folder(dovecot, port=free_port())) as sent, away:
        sent.holds(ID, NOW)


def test_a_wrong_password_and_a_wrong_certificate(dovecot: Box) -> None:
    """Told apart; neither goes on."""
    refused = pytest.raises(LoginError, match="授权码")
    with closing(sent_folder(dovecot, password="wrong")) as sent, refused:
        sent.holds(ID, NOW)
    strange = pytest.raises(SourceError, match="证书")
    with closing(sent_folder(dovecot, tls=ssl.create_default_context())) as sent, strange:
        sent.holds(ID, NOW)
