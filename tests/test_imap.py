"""Reading a folder: of a real Dovecot, and of a server with the habits of NetEase."""

from __future__ import annotations

import logging
import random
import ssl
import tracemalloc
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientError
from servers.dovecot import Box
from servers.netease import NeteaseBox
from servers.ports import free_port
from servers.proxy import Proxy

from mailbot.mime.message import parse_message
from mailbot.model import Arrival, Mark
from mailbot.ports import LoginError, SourceError
from mailbot.sources.imap import ImapSource
from mailbot.sources.session import Session

MEGABYTE = 1024 * 1024


def source(box: Box | NeteaseBox, **other: Any) -> ImapSource:
    """A source for the box over TLS, unless told otherwise."""
    arguments: dict[str, Any] = {
        "host": box.host,
        "port": box.imaps_port,
        "user": box.user,
        "password": box.password,
        "tls": box.tls,
    }
    folder = other.pop("folder", "INBOX")
    return ImapSource(Session(**(arguments | other)), folder)


@contextmanager
def webmail(box: Box | NeteaseBox, folder: str = "INBOX") -> Iterator[Any]:
    """Somebody else in the same mailbox."""
    client = IMAPClient(box.host, box.imap_port, ssl=False)
    try:
        client.login(box.user, box.password)
        if client.has_capability("ID"):
            client.id_({"name": "webmail"})
        if folder:
            client.select_folder(folder)
        yield client
    finally:
        client.logout()


def uids_of(client: Any) -> list[int]:
    """The numbers of what lies in the open folder, lowest first."""
    return sorted(client.search(["UID", "1:*"]))


def mail(number: int, size: int = 0) -> bytes:
    """A message with CRLF; the same bytes for the same arguments."""
    body = random.Random(number).randbytes(size // 2).hex()
    folded = "\r\n".join(body[at : at + 76] for at in range(0, len(body), 76))
    return f"From: a@b.cn\r\nSubject: {number}\r\n\r\n{folded}\r\n".encode()


def after(arrival: Arrival) -> Mark:
    """The mark when this message is the last one taken."""
    return Mark(uidvalidity=arrival.sighting.uidvalidity, uid=arrival.sighting.uid)


def test_everything_in_order_with_the_same_bytes(imap_box: Box | NeteaseBox) -> None:
    """Without a mark all messages come, lowest UID first, unchanged to the byte."""
    wanted = [mail(number, 3000) for number in range(20)]
    imap_box.drop(*wanted)
    with closing(source(imap_box)) as box:
        found = list(box.arrivals(None))
    assert [arrival.raw for arrival in found] == wanted
    uids = [arrival.sighting.uid for arrival in found]
    assert uids == sorted(set(uids))
    assert {arrival.sighting.account for arrival in found} == {f"{imap_box.user}@127.0.0.1"}


def test_arrival_is_the_time_of_delivery_in_utc(imap_box: Box | NeteaseBox) -> None:
    """INTERNALDATE, whatever Date the sender claims."""
    with webmail(imap_box) as client:
        moment = datetime(2026, 7, 10, 23, 59, 59, tzinfo=UTC)
        client.append("INBOX", b"Date: Mon, 1 Jan 2024 00:00:00 +0800\r\n\r\nx", msg_time=moment)
    with closing(source(imap_box)) as box:
        [arrival] = box.arrivals(None)
    assert arrival.arrived == moment
    assert arrival.arrived.utcoffset() == timedelta(0)


def test_only_what_is_above_the_mark(imap_box: Box | NeteaseBox) -> None:
    """Nothing new is nothing, although ``n:*`` names the last message then.

    New mail is seen on a kept connection.
    """
    imap_box.drop(mail(1), mail(2))
    with closing(source(imap_box)) as box:
        first, second = box.arrivals(None)
        assert [entry.raw for entry in box.arrivals(after(first))] == [mail(2)]
        assert list(box.arrivals(after(second))) == []
        imap_box.deliver(mail(3))
        [third] = box.arrivals(after(second))
    assert third.raw.endswith(mail(3))


def test_empty_box(imap_box: Box | NeteaseBox) -> None:
    """No message, no arrival."""
    with closing(source(imap_box)) as box:
        assert list(box.arrivals(None)) == []


def test_nothing_changes_on_the_server(imap_box: Box | NeteaseBox) -> None:
    """No flag is set, and what is new stays new for the next who looks."""
    imap_box.drop(mail(1), mail(2, 9 * MEGABYTE))
    with closing(source(imap_box)) as box:
        assert len(list(box.arrivals(None))) == 2
    with webmail(imap_box, "") as client:
        assert client.select_folder("INBOX")[b"RECENT"] == 2
        flags = [entry[b"FLAGS"] for entry in client.fetch(uids_of(client), ["FLAGS"]).values()]
    assert len(flags) == 2
    assert all(b"\\Seen" not in entry for entry in flags)


def test_seen_elsewhere_is_still_new_to_us(imap_box: Box | NeteaseBox) -> None:
    """Flags are no state: opening a mail in the webmail hides nothing."""
    imap_box.drop(mail(1))
    with webmail(imap_box) as client:
        client.add_flags(uids_of(client), [b"\\Seen"])
    with closing(source(imap_box)) as box:
        assert len(list(box.arrivals(None))) == 1


def test_new_uidvalidity_starts_over(imap_box: Box | NeteaseBox) -> None:
    """A folder made anew under the same name is another folder: the old mark says nothing."""
    with webmail(imap_box) as client:
        client.create_folder("申报")
        client.append("申报", mail(1))
        client.append("申报", mail(2))
    with closing(source(imap_box, folder="申报")) as box:
        mark = after(list(box.arrivals(None))[-1])
    with webmail(imap_box) as client:
        client.delete_folder("申报")
        client.create_folder("申报")
        client.append("申报", mail(3))
    with closing(source(imap_box, folder="申报")) as box:
        [arrival] = box.arrivals(mark)
    assert arrival.sighting.uidvalidity != mark.uidvalidity
    assert arrival.sighting.folder == "申报"
    assert arrival.raw == mail(3)


def test_gbk_names_come_through_the_server(imap_box: Box | NeteaseBox) -> None:
    """Raw 8-bit headers, delivered by LMTP, fetched and read."""
    name = "湘江重工装备有限公司申报表.docx"
    imap_box.deliver(
        b"From: a@b.cn\r\nSubject: " + "申报".encode("gbk") + b"\r\nContent-Type: text/csv\r\n"
        b'Content-Disposition: attachment; filename="' + name.encode("gbk") + b'"\r\n\r\n1\r\n'
    )
    with closing(source(imap_box)) as box:
        message = parse_message(next(box.arrivals(None)).raw)
    assert message.envelope.subject == "申报"
    assert [entry.name for entry in message.attachments] == [name]
    assert message.envelope.received is not None


def test_large_mail_in_bounded_memory(imap_box: Box | NeteaseBox) -> None:
    """30 MB come in ranges: hardly more memory is used than the message itself has."""
    large = mail(1, 30 * MEGABYTE)
    imap_box.drop(mail(0), large, mail(2))
    with closing(source(imap_box)) as box:
        tracemalloc.start()
        try:
            found = [(len(arrival.raw), arrival.raw == large) for arrival in box.arrivals(None)]
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
    assert [same for _size, same in found] == [False, True, False]
    assert peak < 1.25 * len(large) + 8 * MEGABYTE


def test_many_mails_come_in_several_commands(imap_box: Box | NeteaseBox) -> None:
    """More than fit into one FETCH, by number and by size."""
    wanted = [mail(number) for number in range(1005)]
    wanted[700:700] = [mail(number, 4 * MEGABYTE) for number in range(2000, 2004)]
    imap_box.drop(*wanted)
    with closing(source(imap_box)) as box:
        assert all(
            arrival.raw == raw for arrival, raw in zip(box.arrivals(None), wanted, strict=True)
        )


@pytest.mark.parametrize("size", [100, 6 * MEGABYTE, 9 * MEGABYTE])
def test_vanished_messages_are_passed_over(imap_box: Box | NeteaseBox, size: int) -> None:
    """Deleted by somebody else after we have seen them: no error, the others come."""
    many = 505 if size == 100 else 4
    imap_box.drop(*(mail(number, size) for number in range(1, many + 1)))
    with closing(source(imap_box)) as box:
        arrivals = box.arrivals(None)
        taken = [next(arrivals).sighting.uid]
        with webmail(imap_box) as client:
            uids = uids_of(client)
            gone = [uids[1], uids[-2]]
            client.delete_messages(gone)
            client.expunge()
        taken += [arrival.sighting.uid for arrival in arrivals]
    assert set(uids) - set(taken) <= set(gone)
    assert gone[1] not in taken


def test_server_that_refuses_because_some_are_gone(imap_box: Box | NeteaseBox) -> None:
    """NO [EXPUNGEISSUED] (RFC 5530) is asked again for those that are left."""
    imap_box.drop(mail(1), mail(2))
    with (
        Proxy(imap_box.imap_port) as wire,
        closing(source(imap_box, port=wire.port, tls=None)) as box,
    ):
        box.probe()
        wire.twist = (b"OK Fetch completed", b"NO [EXPUNGEISSUED] gone")
        assert [arrival.raw for arrival in box.arrivals(None)] == [mail(1), mail(2)]
        assert wire.twist is None


def test_connection_cut_while_fetching(imap_box: Box | NeteaseBox) -> None:
    """What was yielded stays good; the next call goes on behind it."""
    wanted = [mail(number, 5 * MEGABYTE) for number in range(4)]
    imap_box.drop(*wanted)
    with (
        Proxy(imap_box.imap_port) as wire,
        closing(source(imap_box, port=wire.port, tls=None)) as box,
    ):
        wire.allowance = 12 * MEGABYTE
        taken: list[Arrival] = []
        with pytest.raises(SourceError, match="连接中断"):
            taken.extend(box.arrivals(None))  # extend keeps what came before the error
        assert 1 <= len(taken) < 4
        taken += box.arrivals(after(taken[-1]))
    assert [arrival.raw for arrival in taken] == wanted


def test_dead_connection_is_replaced(imap_box: Box | NeteaseBox) -> None:
    """A connection the server has closed between two polls costs nothing."""
    imap_box.drop(mail(1))
    with (
        Proxy(imap_box.imap_port) as wire,
        closing(source(imap_box, port=wire.port, tls=None)) as box,
    ):
        assert len(list(box.arrivals(None))) == 1
        wire.cut()
        assert len(list(box.arrivals(None))) == 1


def test_says_who_it_is_before_it_opens_the_folder(imap_box: Box | NeteaseBox) -> None:
    """NetEase refuses the folder to a client without ID (RFC 2971); the folder is examined."""
    with Proxy(imap_box.imap_port) as wire:
        with closing(source(imap_box, port=wire.port, tls=None)) as box:
            list(box.arrivals(None))
        commands = [line.split()[1] for line in wire.said.splitlines() if line]
    assert commands.index(b"LOGIN") < commands.index(b"ID") < commands.index(b"EXAMINE")
    assert b"SELECT" not in commands


def test_password_is_in_no_log(
    imap_box: Box | NeteaseBox, caplog: pytest.LogCaptureFixture
) -> None:
    """Not even at the most talkative level."""
    caplog.set_level(logging.DEBUG)
    with pytest.raises(LoginError), closing(source(imap_box, password="hidden-word")) as box:
        box.probe()
    assert "hidden-word" not in caplog.text


def test_probe_says_what_is_there(imap_box: Box | NeteaseBox) -> None:
    """Account, folder and number of messages in one line."""
    imap_box.drop(mail(1), mail(2))
    with closing(source(imap_box)) as box:
        assert box.probe() == f"已登录 {imap_box.user}@127.0.0.1，文件夹「INBOX」现有 2 封邮件"


@pytest.mark.parametrize("password", ["wrong", "全角１２３"])
def test_wrong_password(imap_box: Box | NeteaseBox, password: str) -> None:
    """A LoginError that explains the authorisation code, or the full-width characters."""
    with (
        pytest.raises(LoginError, match=r"授权码|全角") as refused,
        closing(source(imap_box, password=password)) as box,
    ):
        box.probe()
    assert "b'" not in str(refused.value)


def test_missing_folder_names_those_that_exist(imap_box: Box | NeteaseBox) -> None:
    """The message says what could be meant."""
    with webmail(imap_box) as client:
        client.create_folder("申报材料")
    with (
        pytest.raises(SourceError, match="申报材料"),
        closing(source(imap_box, folder="申报")) as box,
    ):
        box.probe()


def test_untrusted_certificate(imap_box: Box | NeteaseBox) -> None:
    """A certificate nobody vouches for ends before the password is sent."""
    with (
        pytest.raises(SourceError, match="证书"),
        closing(source(imap_box, tls=ssl.create_default_context())) as box,
    ):
        box.probe()


def test_tls_to_a_plain_port(imap_box: Box | NeteaseBox) -> None:
    """The wrong port is named as the likely cause."""
    with (
        pytest.raises(SourceError, match=r"加密连接.*993"),
        closing(source(imap_box, port=imap_box.imap_port, connect_seconds=2)) as box,
    ):
        box.probe()


def test_nobody_listens(imap_box: Box | NeteaseBox) -> None:
    """A refused connection names host and port and what to look at."""
    port = free_port()
    with (
        pytest.raises(SourceError, match=f"127.0.0.1:{port}.*网络"),
        closing(source(imap_box, port=port)) as box,
    ):
        list(box.arrivals(None))


def test_plain_text_only_on_loopback() -> None:
    """A password never crosses a network in clear."""
    with pytest.raises(ValueError, match="TLS"):
        Session(host="imap.example.com", port=143, user="a", password="b", tls=None)


def test_without_id_netease_refuses_the_folder(netease: NeteaseBox) -> None:
    """The server of the tests has the habit that the real one has."""
    with IMAPClient(netease.host, netease.imap_port, ssl=False) as client:
        client.login(netease.user, netease.password)
        with pytest.raises(IMAPClientError, match="Unsafe Login"):
            client.select_folder("INBOX", readonly=True)
        client.id_({"name": "mailbot"})
        answer = client.select_folder("INBOX", readonly=True)
    assert b"UIDNEXT" not in answer
    assert not {b"IDLE", b"MOVE", b"UNSELECT"} & set(client.capabilities())


def test_unsafe_login_is_told_with_what_to_do(netease: NeteaseBox) -> None:
    """A server that refuses the folder all the same: the authorisation code is to be made anew."""
    with (
        Proxy(netease.imap_port) as wire,
        closing(source(netease, port=wire.port, tls=None)) as box,
    ):
        wire.twist = (b"OK [READ-ONLY] EXAMINE completed", b"NO EXAMINE Unsafe Login.")
        with pytest.raises(LoginError, match="授权码"):
            box.probe()


JUNK = mail(99)


def test_junk_is_found_under_whatever_name_it_has(netease: NeteaseBox) -> None:
    """The provider calls it 垃圾邮件, marks it by use (RFC 6154), and writes it in modified UTF-7."""
    netease.spam(JUNK)
    for name in ("垃圾邮件", "Junk", "[Gmail]/Spam"):
        with closing(source(netease, folder=name)) as box:
            [arrival] = box.arrivals(None)
        assert arrival.raw == JUNK
        assert arrival.sighting.folder == name


@pytest.mark.parametrize("name", ["垃圾箱", "Bulk Mail"])
def test_junk_is_found_by_the_name_of_another_provider(dovecot: Box, name: str) -> None:
    """A server that marks nothing: known names are tried."""
    with webmail(dovecot) as client:
        client.create_folder(name)
        client.append(name, JUNK)
    with closing(source(dovecot, folder="Junk")) as box:
        assert [arrival.raw for arrival in box.arrivals(None)] == [JUNK]


def test_a_folder_of_that_very_name_comes_first(imap_box: Box | NeteaseBox) -> None:
    """Whoever names a folder gets that one."""
    with webmail(imap_box) as client:
        client.create_folder("Junk")
        client.append("Junk", mail(1))
    with closing(source(imap_box, folder="Junk")) as box:
        assert [arrival.raw for arrival in box.arrivals(None)] == [mail(1)]


def test_no_junk_at_all_is_told(dovecot: Box) -> None:
    """No other folder is taken for it."""
    with (
        pytest.raises(SourceError, match="Junk"),
        closing(source(dovecot, folder="Junk")) as box,
    ):
        box.probe()
