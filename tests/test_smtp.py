"""Sending through a real SMTP server that follows a script."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import pytest
from servers.ports import free_port
from servers.proxy import Proxy
from servers.smtp import HANG_UP, SmtpServer

from mailbot.ports import AccountPaused, LoginError, SendDeferred, SendRefused, SendUncertain
from mailbot.sinks.smtp import SmtpSink

MESSAGE = b"Subject: x\r\n\r\n.leading dot\r\nline\r\n"
Start = Callable[..., SmtpServer]


def sink_for(server: SmtpServer, **other: Any) -> SmtpSink:
    arguments: dict[str, Any] = {
        "host": server.host,
        "port": server.port,
        "user": server.user,
        "password": server.password,
        "security": server.security,
        "tls": server.tls,
        "name": "test.invalid",
        "seconds": 5,
    }
    return SmtpSink(**(arguments | other))


@pytest.fixture
def sink(smtp_server: SmtpServer) -> Iterator[SmtpSink]:
    with closing(sink_for(smtp_server)) as made:
        yield made


def send(sink: SmtpSink, message: bytes = MESSAGE) -> str:
    return sink.send(message=message, sender="qc@example.org", recipient="a@b.cn")


def test_taken(smtp_server: SmtpServer, sink: SmtpSink) -> None:
    """The server has the very bytes, for the very recipient, and its answer comes back."""
    assert send(sink) == "250 OK: queued"
    [taken] = smtp_server.messages
    assert (taken.sender, taken.recipient, taken.content) == ("qc@example.org", "a@b.cn", MESSAGE)


@pytest.mark.parametrize("message", [b"a: b\n\nx\n.\ny", b"a: b\r\n\r\nx\r\n.\r\ny\r\n"])
def test_line_ends_and_dots(smtp_server: SmtpServer, sink: SmtpSink, message: bytes) -> None:
    """Every line ends in CRLF, and a line of a dot ends nothing. RFC 5321 section 4.5.2."""
    send(sink, message)
    assert smtp_server.messages[0].content == b"a: b\r\n\r\nx\r\n.\r\ny\r\n"


def test_many_on_one_connection(smtp_server: SmtpServer, sink: SmtpSink) -> None:
    """The connection is kept, after a refusal of one mail too."""
    send(sink)
    smtp_server.recipient_answers["a@b.cn"].append("550 5.1.1 no such user")
    with pytest.raises(SendRefused):
        send(sink)
    send(sink)
    assert len(set(smtp_server.peers)) == 1


@pytest.mark.parametrize("place", ["recipient", "data"])
@pytest.mark.parametrize(
    ("answer", "meaning"),
    [
        ("450 4.2.0 try again", (SendDeferred, "450 4.2.0 try again")),
        ("421 4.3.2 closing", (SendDeferred, "421")),
        ("451 DT:SPM later", (SendDeferred, "DT:SPM")),
        ("452 4.3.1 no space", (SendDeferred, "452")),
        ("550 5.1.1 no such user", (SendRefused, "550 5.1.1 no such user")),
        ("552 too large", (SendRefused, "552")),
        ("554 refused", (SendRefused, "554")),
        ("550 DT:SPM mx27", (AccountPaused, "DT:SPM")),
        ("554 DT:SPM 163 smtp5", (AccountPaused, "DT:SPM")),
        ("550 Connection frequency limited", (AccountPaused, "frequency")),
        ("450 Mail frequency too high", (AccountPaused, "frequency")),
        ("451 MI:SFQ sent too many", (AccountPaused, "MI:SFQ")),
        ("554 MI:STC today", (AccountPaused, "MI:STC")),
        ("535 5.7.8 relogin", (LoginError, "535")),
    ],
)
def test_what_answers_mean(
    smtp_server: SmtpServer,
    sink: SmtpSink,
    place: str,
    answer: str,
    meaning: tuple[type[Exception], str],
) -> None:
    """Put off, refused, paused: by the code, and by the words NetEase adds. Nothing was taken."""
    if place == "recipient":
        smtp_server.recipient_answers["a@b.cn"].append(answer)
    else:
        smtp_server.data_answers.append(answer)
    failure, told = meaning
    with pytest.raises(failure, match=told):
        send(sink)
    assert smtp_server.messages == []
    assert send(sink) == "250 OK: queued"


def test_connection_lost_after_the_final_dot(smtp_server: SmtpServer, sink: SmtpSink) -> None:
    """The server has it and we do not know: that is uncertain, never a failure to be repeated."""
    smtp_server.data_answers.append(HANG_UP)
    with pytest.raises(SendUncertain, match="不能确定"):
        send(sink)
    assert len(smtp_server.messages) == 1
    assert send(sink) == "250 OK: queued"


def test_server_gone_between_two_mails(smtp_server: SmtpServer, sink: SmtpSink) -> None:
    """Nothing was said yet, so it is put off; when the server is back, it is sent."""
    send(sink)
    smtp_server.stop()
    with pytest.raises(SendDeferred, match="网络"):
        send(sink)
    smtp_server.start()
    send(sink)
    assert len(smtp_server.messages) == 2


@pytest.mark.parametrize("security", ["smtps", "starttls"])
def test_over_tls_with_login(start_smtp: Start, security: str) -> None:
    """Both ways of TLS, with a password."""
    server = start_smtp(security=security, user="qc@example.org")
    with closing(sink_for(server)) as sink:
        assert "qc@example.org" in sink.probe()
        send(sink)
    assert len(server.messages) == 1


def test_wrong_password(start_smtp: Start) -> None:
    """535 is a LoginError that explains the authorisation code."""
    server = start_smtp(user="qc@example.org")
    with (
        closing(sink_for(server, password="wrong")) as sink,
        pytest.raises(LoginError, match="授权码"),
    ):
        sink.probe()


def test_password_with_full_width_characters(start_smtp: Start) -> None:
    """A password that cannot be sent is a LoginError too."""
    server = start_smtp(user="qc@example.org")
    with closing(sink_for(server, password="１２３")) as sink, pytest.raises(LoginError):
        send(sink)


def test_login_put_off(start_smtp: Start) -> None:
    """454 is no verdict on the password. RFC 4954 section 6."""
    server = start_smtp(user="qc@example.org")
    server.login_answer = "454 4.7.0 temporary failure"
    with closing(sink_for(server)) as sink, pytest.raises(SendDeferred, match="454"):
        send(sink)


def test_server_without_starttls(smtp_server: SmtpServer) -> None:
    """No TLS offered: nothing is sent in clear."""
    with (
        closing(sink_for(smtp_server, security="starttls")) as sink,
        pytest.raises(SendDeferred, match="STARTTLS"),
    ):
        send(sink)


def test_untrusted_certificate(start_smtp: Start) -> None:
    """A certificate nobody vouches for ends before anything is said."""
    server = start_smtp(security="smtps")
    with closing(sink_for(server, tls=None)) as sink, pytest.raises(SendDeferred, match="证书"):
        send(sink)


def test_nobody_listens(smtp_server: SmtpServer) -> None:
    """A refused connection names host and port."""
    port = free_port()
    with (
        closing(sink_for(smtp_server, port=port)) as sink,
        pytest.raises(SendDeferred, match=f"127.0.0.1:{port}"),
    ):
        sink.probe()


def test_address_that_cannot_be_written(sink: SmtpSink) -> None:
    """An address beyond ASCII is refused, not tried again for ever."""
    with pytest.raises(SendRefused, match="非英文"):
        sink.send(message=MESSAGE, sender="qc@example.org", recipient="张三@例子.cn")


@pytest.mark.parametrize("address", ["a\n@example.org", "a@example.org\r\nDATA", ""])
def test_address_that_is_none(sink: SmtpSink, address: str) -> None:
    """Refused: it must neither end the run of the outbox nor smuggle a command."""
    with pytest.raises(SendRefused, match="地址"):
        sink.send(message=MESSAGE, sender="qc@example.org", recipient=address)
    sink.send(message=MESSAGE, sender="qc@example.org", recipient="a@example.org")


def test_plain_text_only_on_loopback() -> None:
    """A password never crosses a network in clear."""
    with pytest.raises(ValueError, match="TLS"):
        SmtpSink(host="smtp.example.com", port=25, security="plain")


def test_our_own_address_refused_pauses_the_account(
    smtp_server: SmtpServer, sink: SmtpSink
) -> None:
    """553 to MAIL FROM would meet every other mail too."""
    smtp_server.sender_answers.append("553 Mail from must equal authorized user")
    with pytest.raises(AccountPaused, match="from"):
        send(sink)
    assert send(sink) == "250 OK: queued"


def test_a_greeting_that_refuses_pauses_the_account(smtp_server: SmtpServer) -> None:
    """554 before anything was said is not about a mail."""
    with Proxy(smtp_server.port) as wire, closing(sink_for(smtp_server, port=wire.port)) as sink:
        wire.twist = b"220 ", b"554 "
        with pytest.raises(AccountPaused, match="554"):
            send(sink)


def test_a_limit_told_at_login_is_no_wrong_password(start_smtp: Start) -> None:
    """The password is not doubted; the account rests."""
    server = start_smtp(user="qc@example.org")
    server.login_answer = "535 Login frequency limited"
    with closing(sink_for(server)) as sink, pytest.raises(AccountPaused, match="限制"):
        send(sink)


def test_a_kept_connection_that_was_ended_is_replaced_at_once(
    smtp_server: SmtpServer, sink: SmtpSink
) -> None:
    """421 on a connection that has carried mails: the same mail goes over a new one."""
    send(sink)
    smtp_server.sender_answers.append("421 4.7.0 too much for one session")
    assert send(sink) == "250 OK: queued"
    assert len(smtp_server.messages) == 2


def test_a_new_connection_that_is_ended_is_not_replaced_for_ever(
    smtp_server: SmtpServer, sink: SmtpSink
) -> None:
    """421 at once, twice: put off."""
    send(sink)
    smtp_server.sender_answers.extend(["421 go", "421 go"])
    with pytest.raises(SendDeferred, match="421"):
        send(sink)


def test_a_connection_carries_so_many_mails_and_no_more(
    smtp_server: SmtpServer, sink: SmtpSink
) -> None:
    """Fifty; then a new one is begun, before the provider ends it."""
    for _ in range(51):
        send(sink)
    assert smtp_server.peers[0] == smtp_server.peers[49] != smtp_server.peers[50]
