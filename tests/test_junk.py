"""What lies in Junk is answered where it is plainly ours, and else kept, shown and left alone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from desk import CAMPAIGNS
from imapclient import IMAPClient
from letters import MAILBOX, SENDER, letter, team_papers
from postoffice import PostOffice, post_office
from servers.dovecot import Box as DovecotBox
from servers.netease import NeteaseBox

from mailbot.pipeline import Box
from mailbot.reports.digest import DigestRequest, compose_digest
from mailbot.sources.imap import ImapSource
from mailbot.sources.maildir import MaildirSource
from mailbot.sources.session import Session
from mailbot.store import queries
from mailbot.store.entered import settle_mail
from mailbot.store.views import MailRow

ServerBox = DovecotBox | NeteaseBox
BEIJING = ZoneInfo("Asia/Shanghai")
DAY = datetime(2026, 7, 10, 9, tzinfo=BEIJING)
JUNK = "垃圾邮件"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[PostOffice]:
    """With nothing in it."""
    with post_office(tmp_path, DAY) as made:
        yield made


@contextmanager
def webmail(server: ServerBox) -> Iterator[IMAPClient]:
    """Somebody at the webmail of the account."""
    with IMAPClient(server.host, server.imap_port, ssl=False) as client:
        client.login(server.user, server.password)
        client.id_({"name": "webmail"})
        yield client


def put(server: ServerBox, folder: str, raw: bytes) -> None:
    """The provider's filter puts a mail into a folder."""
    with webmail(server) as client:
        if not client.folder_exists(folder) and isinstance(server, DovecotBox):
            client.create_folder(folder)
        client.append(folder, raw, msg_time=DAY)


def rescued(server: ServerBox) -> None:
    """Somebody moves all of Junk to INBOX."""
    with webmail(server) as client:
        client.select_folder(JUNK)
        client.copy(client.search(["ALL"]), "INBOX")
        client.delete_messages(client.search(["ALL"]))
        client.expunge()


def box_of(server: ServerBox, folder: str) -> Box:
    """A configured folder."""
    session = Session(
        host=server.host,
        port=server.imaps_port,
        user=server.user,
        password=server.password,
        tls=server.tls,
    )
    source = ImapSource(session, folder)
    return Box(source=source, holder=source, address=MAILBOX)


def look(office: PostOffice, server: ServerBox, *folders: str, compare: bool = False) -> None:
    """One cycle over these folders; INBOX and Junk where none is named."""
    office.clock.advance(timedelta(minutes=1))
    for folder in folders or ("INBOX", JUNK):
        box = box_of(server, folder)
        with closing(box.source):
            office.pipeline.collect(box)
            if compare:
                office.pipeline.reconcile(box)
    list(office.pipeline.process())
    office.outbox.send_due()


def row(office: PostOffice) -> MailRow:
    """The one mail of the register."""
    [found] = queries.list_mails(office.store)
    return found


def spam(number: int = 1, **more: str) -> bytes:
    """A mail of a stranger, without a form."""
    said = {"subject": "代开发票", "text": "各类证书代办，价格优惠。", "sender": "a@spam.example"}
    return letter({}, arrived=DAY, message_id=f"<{number}@spam.example>", **{**said, **more})


def test_a_strangers_mail_in_junk_is_not_answered(office: PostOffice, imap_box: ServerBox) -> None:
    """Kept and recorded with the reason; nobody has to do anything about it."""
    put(imap_box, JUNK, spam())
    for _time in range(2):
        look(office, imap_box, compare=True)
    assert office.sink.messages == []
    assert (row(office).state, row(office).disposition) == ("decided", "junk")
    assert "移到收件箱" in row(office).silence
    status = queries.status(office.store)
    assert not status.needs_person
    assert [(b.folder, b.on_server, b.ignored, b.missing) for b in status.balances] == [
        ("INBOX", 0, 0, ()),
        (JUNK, 1, 1, ()),
    ]


def test_the_digest_shows_what_was_left_in_junk(office: PostOffice, imap_box: ServerBox) -> None:
    """In a part of its own, without turning the first line red."""
    put(imap_box, JUNK, spam())
    look(office, imap_box)
    facts = queries.digest_facts(office.store, since=DAY, until=DAY + timedelta(days=1))
    digest = compose_digest(
        DigestRequest(
            facts=facts,
            register=(),
            campaigns=(CAMPAIGNS["hunan-2026"],),
            now=DAY + timedelta(days=1),
            zone=BEIJING,
        )
    )
    assert not digest.needs_person
    assert "垃圾邮件箱中未作答复的邮件（1 封）" in digest.text
    assert f"mailbot show {row(office).sha256[:12]}" in digest.text


def test_files_without_a_form_are_mentioned(office: PostOffice, dovecot: DovecotBox) -> None:
    """So that a person sees at once which mails in Junk are worth a look."""
    file = {"说明.docx": b"no document at all"}
    put(dovecot, JUNK, letter(file, arrived=DAY, sender="a@spam.example"))
    look(office, dovecot)
    assert row(office).disposition == "junk"
    assert "附有 1 个文件" in row(office).silence


def test_what_a_person_has_settled_is_not_decided_again(
    office: PostOffice, dovecot: DovecotBox
) -> None:
    """They have dealt with it themselves before it was moved."""
    put(dovecot, JUNK, spam())
    look(office, dovecot)
    with office.store.writing() as connection:
        settle_mail(
            connection,
            row(office).sha256,
            what="accept",
            reason="",
            who="li",
            now=office.clock.now(),
        )
    rescued(dovecot)
    look(office, dovecot)
    assert row(office).disposition == "junk"
    assert office.sink.messages == []


def test_moved_to_the_inbox_it_is_decided_again(office: PostOffice, imap_box: ServerBox) -> None:
    """As any other mail, and answered once."""
    put(imap_box, JUNK, spam())
    look(office, imap_box)
    rescued(imap_box)
    for _time in range(3):
        look(office, imap_box, compare=True)
    assert (row(office).disposition, row(office).silence) == ("inquiry", "")
    assert len(office.sink.messages) == 1
    [detail] = [queries.find(office.store, row(office).sha256)]
    assert detail is not None
    assert [event.what for event in detail.events].count("mail.rescued") == 1


def test_rescued_under_its_old_number(office: PostOffice, netease: NeteaseBox) -> None:
    """Below the mark of INBOX: the comparison finds it, and it is decided again."""
    [number] = netease.spam(spam())
    netease.drop(spam(2, sender="li@beijing.example", subject="咨询"))
    look(office, netease)
    netease.rescue(number)
    look(office, netease, compare=True)
    assert {mail.disposition for mail in queries.list_mails(office.store)} == {"inquiry"}


def test_a_form_in_junk_is_an_application(office: PostOffice, imap_box: ServerBox) -> None:
    """Answered at once; moved by somebody afterwards it is answered no second time."""
    put(imap_box, JUNK, letter(team_papers(), arrived=DAY))
    look(office, imap_box)
    assert (row(office).disposition, row(office).decision) == ("submission", "accepted")
    rescued(imap_box)
    look(office, imap_box, compare=True)
    assert row(office).decision == "accepted"
    assert len(office.sink.messages) == 1


@pytest.mark.parametrize("known", ["sender", "thread", "receipt", "nothing"])
def test_who_has_applied_is_answered_out_of_junk(
    office: PostOffice, dovecot: DovecotBox, known: str
) -> None:
    """By the address, the letter answered, or the number it names; and nobody else."""
    put(dovecot, "INBOX", letter(team_papers(), arrived=DAY))
    look(office, dovecot, "INBOX")
    receipt = message_from_bytes(office.sink.messages[0], policy=default)
    more: dict[str, str] = {"subject": "请问", "text": "何时公布结果？"}
    if known == "sender":
        more["sender"] = SENDER
    if known == "thread":
        more["In_Reply_To"] = receipt["Message-ID"]
    if known == "receipt":
        more["text"] = "受理编号hn2026-0001，何时公布结果？"
    put(dovecot, JUNK, spam(2, **more))
    look(office, dovecot)
    assert len(office.sink.messages) == (1 if known == "nothing" else 2)


def test_seen_in_the_inbox_it_is_no_junk(office: PostOffice, dovecot: DovecotBox) -> None:
    """The same bytes in both folders before anything was decided: an ordinary mail."""
    put(dovecot, JUNK, spam())
    put(dovecot, "INBOX", spam())
    look(office, dovecot)
    assert row(office).disposition == "inquiry"


def test_the_servers_own_mark_counts(office: PostOffice, dovecot: DovecotBox) -> None:
    """A folder of any name, marked as Junk (RFC 6154)."""
    put(dovecot, "Quarantine", spam())
    look(office, dovecot, "Quarantine")
    assert row(office).disposition == "junk"


def test_another_copy_of_a_mail_passed_over_is_not_a_repetition(
    office: PostOffice, dovecot: DovecotBox
) -> None:
    """A mail programme that files it anew may change its head: it was never taken up."""
    put(dovecot, JUNK, spam())
    look(office, dovecot)
    put(dovecot, "INBOX", b"X-Moved: yes\r\n" + spam())
    look(office, dovecot)
    kinds = [mail.disposition for mail in queries.list_mails(office.store)]
    assert sorted(map(str, kinds)) == ["inquiry", "junk"]
    assert len(office.sink.messages) == 1


def test_new_numbers_in_junk_rescue_nothing(office: PostOffice, netease: NeteaseBox) -> None:
    """Seen again in Junk under another UIDVALIDITY."""
    netease.spam(spam())
    look(office, netease)
    netease.renumber("&V4NXPpCuTvY-")
    look(office, netease, compare=True)
    assert row(office).disposition == "junk"
    assert office.sink.messages == []


def test_a_maildir_folder_named_junk(tmp_path: Path) -> None:
    """Maildir++ gives it a dot."""
    for name, junk in ((".Junk", True), ("Maildir", False)):
        for place in ("new", "cur", "tmp"):
            (tmp_path / name / place).mkdir(parents=True)
        (tmp_path / name / "new" / "1783645200.M1.test").write_bytes(spam())
        source = MaildirSource(path=tmp_path / name, index=tmp_path / f"{name}.txt")
        assert [arrival.junk for arrival in source.arrivals(None)] == [junk]
