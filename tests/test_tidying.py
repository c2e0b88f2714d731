"""What is done to messages on the server once they are decided, and that it may be repeated."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from imapclient import IMAPClient
from intake import NOW, Recorded, mail, new_pipeline, new_store, wrong_mail
from servers import netease as netease_server
from servers.dovecot import Box as DovecotBox
from servers.netease import NeteaseBox
from servers.proxy import Proxy

from mailbot import wiring
from mailbot.cli.checking import probe_all
from mailbot.clock import SetClock
from mailbot.configuration.config import load
from mailbot.keeping.tidying import Afterwards
from mailbot.outbox import Outbox
from mailbot.pipeline import Box
from mailbot.service import Cycle, Service
from mailbot.sources.changing import ImapChanges
from mailbot.sources.imap import ImapSource
from mailbot.sources.session import Session
from mailbot.store import queries
from mailbot.store.tidied import Action
from rules.notice.complaints import Rejected

ServerBox = DovecotBox | NeteaseBox
DONE = "已办理"


class Killed(BaseException):
    """The process ends here."""


class Fragile(ImapChanges):
    """Ends the process before or after one of its steps, once."""

    ends = ""

    def _step(self, name: str) -> None:
        if self.ends == name:
            self.ends = ""
            raise Killed(name)

    def flag(self, uids: Sequence[int]) -> None:
        """As told."""
        super().flag(uids)
        self._step("flagged")

    def move(self, uids: Sequence[int]) -> None:
        """As told."""
        super().move(uids)
        self._step("moved")

    def copy(self, uids: Sequence[int]) -> None:
        """As told."""
        self._step("not copied")
        super().copy(uids)
        self._step("copied")

    def remove(self, uids: Sequence[int]) -> None:
        """As told."""
        if self.ends == "marked":
            self.session.change(
                "INBOX",
                [lambda client: client.add_flags(list(uids), [b"\\Deleted"], silent=True)],
            )
        self._step("marked")
        super().remove(uids)
        self._step("removed")


def session_of(server: ServerBox) -> Session:
    """A connection to be."""
    return Session(
        host=server.host,
        port=server.imaps_port,
        user=server.user,
        password=server.password,
        tls=server.tls,
    )


@contextmanager
def service(
    folder: Path, server: ServerBox, action: Action | None, ends: str = "", target: str = DONE
) -> Iterator[Service]:
    """A service over INBOX, begun anew each time."""
    store = new_store(folder)
    session = session_of(server)
    source = ImapSource(session)
    changes = Fragile(session, "INBOX", target if action == "move" else "")
    changes.ends = ends
    after = Afterwards(action=action, changes=changes) if action else None
    clock = SetClock(NOW)
    box = Box(source=source, holder=source, after=after)
    with closing(store), closing(source):
        yield Service(
            folder=folder,
            store=store,
            boxes=[box],
            pipeline=replace(new_pipeline(folder, store), clock=clock),
            clock=clock,
            outbox=Outbox(store=store, sink=Recorded(), clock=clock, sender="x@example.org"),
        )


def once(folder: Path, server: ServerBox, action: Action | None, **more: str) -> Cycle:
    """One full cycle of a new process."""
    with service(folder, server, action, **more) as made:
        return made.run_once()


@contextmanager
def webmail(server: ServerBox, folder: str = "INBOX") -> Iterator[IMAPClient]:
    """Somebody at the webmail of the account."""
    with IMAPClient(server.host, server.imap_port, ssl=False) as client:
        client.login(server.user, server.password)
        client.id_({"name": "webmail"})
        if not client.folder_exists(DONE):
            client.create_folder(DONE)
        client.select_folder(folder)
        yield client


def there(server: ServerBox, folder: str = "INBOX") -> dict[int, frozenset[bytes]]:
    """The messages of a folder by the number they were made with, with their flags.

    A message that is there twice makes this fail.
    """
    with webmail(server, folder) as client:
        found = client.fetch(client.search(["ALL"]), ["FLAGS", "BODY.PEEK[]"])
    numbered = [
        (
            int(answer[b"BODY[]"].split(b"Message-ID: <")[1].split(b"@")[0]),
            frozenset(answer[b"FLAGS"]) - {b"\\Recent"},
        )
        for answer in found.values()
    ]
    assert len(dict(numbered)) == len(numbered)
    return dict(numbered)


def test_unless_it_is_configured_nothing_changes(tmp_path: Path, imap_box: ServerBox) -> None:
    """No flag, no move, and the register knows of none."""
    imap_box.drop(mail(1))
    for _time in range(2):
        once(tmp_path, imap_box, None)
    assert there(imap_box) == {1: frozenset()}


def test_decided_messages_are_marked_as_read(tmp_path: Path, imap_box: ServerBox) -> None:
    """What was set aside stays unread: so a person finds it. A person's own mark stays, too."""
    imap_box.drop(mail(1), wrong_mail(2), mail(3))
    for _time in range(2):
        cycle = once(tmp_path, imap_box, "flag")
        assert cycle.problems == []
    assert there(imap_box) == {1: {b"\\Seen"}, 2: frozenset(), 3: {b"\\Seen"}}
    with webmail(imap_box) as client:
        client.remove_flags(client.search(["ALL"]), [b"\\Seen"])
    once(tmp_path, imap_box, "flag")
    assert there(imap_box) == {1: frozenset(), 2: frozenset(), 3: frozenset()}


def test_decided_messages_are_moved(tmp_path: Path, imap_box: ServerBox) -> None:
    """What was set aside stays; nothing differs, nothing comes in again, all was seen where it was."""
    imap_box.drop(mail(1), wrong_mail(2), mail(3))
    there(imap_box)  # makes the folder
    for _time in range(2):
        assert once(tmp_path, imap_box, "move").problems == []
    assert there(imap_box).keys() == {2}
    assert there(imap_box, DONE).keys() == {1, 3}
    with closing(new_store(tmp_path)) as store:
        listed = queries.list_mails(store)
        assert [entry.state for entry in listed] == ["decided", "failed", "decided"]
        detail = queries.find(store, listed[0].sha256)
        assert detail is not None
        assert [event.what for event in detail.events].count("mail.moved") == 1
    with service(tmp_path, imap_box, "move") as made:
        balance = made.pipeline.reconcile(made.boxes[0])
    assert balance is not None
    assert (balance.on_server, balance.missing, len(balance.failed)) == (1, (), 1)


def test_nothing_is_moved_before_it_is_decided(tmp_path: Path, imap_box: ServerBox) -> None:
    """Archived alone is not enough; nor is decided, where the raw bytes are gone."""
    imap_box.drop(mail(1))
    there(imap_box)
    with service(tmp_path, imap_box, "move") as made:
        made.pipeline.collect(made.boxes[0])
        made._tidy(made.boxes[0])
        assert there(imap_box).keys() == {1}
        list(made.pipeline.process())
        [found] = queries.list_mails(made.store)
        file = made.pipeline.archive.path(found.sha256)
        file.rename(file.with_suffix(".away"))
        made._tidy(made.boxes[0])
        assert there(imap_box).keys() == {1}


def again(tmp_path: Path, server: ServerBox, action: Action, ends: str) -> None:
    """A crash at this step, a new mail, and two more starts."""
    server.drop(mail(1), mail(2))
    there(server)
    with pytest.raises(Killed):
        once(tmp_path, server, action, ends=ends)
    server.drop(mail(3), first=9)
    for _time in range(2):
        assert once(tmp_path, server, action).problems == []


@pytest.mark.parametrize("ends", ["not copied", "copied", "marked", "removed"])
def test_a_crash_between_copying_and_removing(
    tmp_path: Path, netease: NeteaseBox, ends: str
) -> None:
    """Each message is in the other folder once, whatever had been done of it."""
    again(tmp_path, netease, "move", ends)
    assert there(netease) == {}
    assert there(netease, DONE).keys() == {1, 2, 3}


def test_a_crash_after_moving(tmp_path: Path, dovecot: DovecotBox) -> None:
    """The register does not know of it yet; what is gone is passed over."""
    again(tmp_path, dovecot, "move", "moved")
    assert there(dovecot) == {}
    assert there(dovecot, DONE).keys() == {1, 2, 3}


def test_a_crash_after_marking(tmp_path: Path, imap_box: ServerBox) -> None:
    """Marked once more."""
    again(tmp_path, imap_box, "flag", "flagged")
    assert there(imap_box) == dict.fromkeys((1, 2, 3), frozenset({b"\\Seen"}))


class Cutting(ImapChanges):
    """Its connection ends before the n-th command that changes something is sent."""

    commands = 0

    def __init__(self, wire: Proxy, session: Session, at: int) -> None:
        super().__init__(session, "INBOX", DONE)
        self.wire, self.at = wire, at

    def _cut(self) -> None:
        self.commands += 1
        if self.commands == self.at:
            self.wire.cut()

    def _change(self, *commands: Callable[[Any], object]) -> None:
        def cut(_client: object) -> None:
            self._cut()

        super()._change(*(step for command in commands for step in (cut, command)))
        self._cut()

    def copy(self, uids: Sequence[int]) -> None:
        """As told."""
        self._cut()
        super().copy(uids)
        self._cut()


@pytest.mark.parametrize("at", [1, 2, 3, 4, 5])
def test_a_connection_that_ends_in_between(tmp_path: Path, imap_box: ServerBox, at: int) -> None:
    """Told where it matters, and made good by the next cycle: each message once, none missing."""
    imap_box.drop(mail(1), mail(2))
    there(imap_box)
    with Proxy(imap_box.imap_port) as wire, service(tmp_path, imap_box, "move") as made:
        session = Session(
            host=imap_box.host, port=wire.port, user=imap_box.user, password="secret", tls=None
        )
        source = ImapSource(session)
        changes = Cutting(wire, session, at)
        after = Afterwards(action="move", changes=changes)
        made.boxes = [Box(source=source, holder=source, after=after)]
        with closing(source):
            for _time in range(3):
                made.run_once()
            assert made.run_once().problems == []
    assert changes.commands >= 2
    assert there(imap_box) == {}
    assert there(imap_box, DONE).keys() == {1, 2}


def test_a_message_put_back_stays(tmp_path: Path, imap_box: ServerBox) -> None:
    """A person has moved it to INBOX again: it is known, and left there."""
    imap_box.drop(mail(1))
    there(imap_box)
    once(tmp_path, imap_box, "move")
    with webmail(imap_box, DONE) as client:
        client.copy(client.search(["ALL"]), "INBOX")
        client.delete_messages(client.search(["ALL"]))
        client.expunge()
    for _time in range(2):
        once(tmp_path, imap_box, "move")
    assert there(imap_box).keys() == {1}


def test_what_others_have_marked_as_deleted_stays(tmp_path: Path, imap_box: ServerBox) -> None:
    """Only what was copied is removed, by its UID."""
    imap_box.drop(wrong_mail(1), mail(2))
    with webmail(imap_box) as client:
        client.add_flags(client.search(["ALL"])[:1], [b"\\Deleted"])
    once(tmp_path, imap_box, "move")
    assert there(imap_box) == {1: {b"\\Deleted"}}


def test_a_server_that_cannot_move_keeps_everything(
    tmp_path: Path,
    netease: NeteaseBox,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Neither MOVE nor UIDPLUS: one line in the log, no message touched."""
    bare = netease_server.CAPABILITY.replace(" UIDPLUS", "")
    monkeypatch.setattr(netease_server, "CAPABILITY", bare)
    netease.drop(mail(1))
    there(netease)
    with service(tmp_path, netease, "move") as made:
        for _time in range(2):
            assert made.run_once().problems == []
    assert there(netease) == {1: frozenset()}
    assert there(netease, DONE) == {}
    told = capsys.readouterr()
    assert (told.out + told.err).count("mails.not_moved") == 1


def test_a_folder_that_is_not_there(tmp_path: Path, imap_box: ServerBox) -> None:
    """Told by name, with the folders that are; collecting goes on, and later it is made good."""
    imap_box.drop(mail(1))
    cycle = once(tmp_path, imap_box, "move", target="已归档")
    assert len(cycle.problems) == 1
    assert "没有文件夹「已归档」" in cycle.problems[0]
    assert len(cycle.decided) == 1
    with closing(new_store(tmp_path)) as store:
        assert queries.status(store).needs_person
    there(imap_box)
    assert once(tmp_path, imap_box, "move").problems == []
    assert there(imap_box, DONE).keys() == {1}
    with closing(new_store(tmp_path)) as store:
        assert not queries.status(store).needs_person


def test_a_folder_numbered_anew_is_looked_into_first(tmp_path: Path, netease: NeteaseBox) -> None:
    """Old numbers say nothing: what is moved is what they mean today."""
    netease.drop(wrong_mail(1), mail(2))
    there(netease)
    with service(tmp_path, netease, "move", ends="not copied") as made, pytest.raises(Killed):
        made.run_once()
    netease.renumber()
    for _time in range(2):
        once(tmp_path, netease, "move")
    assert there(netease).keys() == {1}
    assert there(netease, DONE).keys() == {2}


_MAILBOX = """\
[[mailbox]]
url = "imaps://a@b.cn@imap.b.cn/INBOX"
password_env = "X"
"""


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (_MAILBOX + 'after = "move"\n', "move_to"),
        (_MAILBOX + 'after = "flag"\nmove_to = "已办理"\n', "只在 after"),
        (_MAILBOX + 'move_to = "已办理"\n', "只在 after"),
        (_MAILBOX + 'after = "move"\nmove_to = "inbox"\n', "也在收取之列"),
        (
            _MAILBOX + 'folders = ["INBOX", "垃圾邮件"]\nafter = "move"\nmove_to = "Junk"\n',
            "也在收取之列",
        ),
        (
            _MAILBOX + 'after = "move"\nmove_to = "旧"\n' + _MAILBOX.replace("INBOX", "旧"),
            "也在收取之列",
        ),
        ('[[mailbox]]\nurl = "maildir:in"\nafter = "flag"\n', "keep"),
        (_MAILBOX + 'after = "delete"\n', "after"),
    ],
)
def test_what_cannot_be_meant(tmp_path: Path, text: str, told: str) -> None:
    """Above all a folder that is read: what is moved there would come in again."""
    (tmp_path / "config.toml").write_text(text, encoding="utf-8")
    with pytest.raises(Rejected, match=told):
        load(tmp_path / "config.toml")


def test_check_says_what_will_be_done(
    tmp_path: Path, imap_box: ServerBox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And complains of a folder that is not there."""
    monkeypatch.setenv("MAIL_PASSWORD", imap_box.password)
    text = f"""\
[[mailbox]]
url = "{imap_box.url}"
password_env = "MAIL_PASSWORD"
ca_file = "{imap_box.certificates.authority}"
after = "move"
move_to = "{DONE}"
"""
    (tmp_path / "config.toml").write_text(text, encoding="utf-8")
    config = load(tmp_path / "config.toml")

    def said() -> tuple[str, str]:
        [found] = [probe for probe in probe_all(config) if probe.name.endswith("办理之后")]
        return found.state, found.message

    assert said()[0] == "失败"
    there(imap_box)
    assert said() == ("正常", f"办理完毕的邮件将移到文件夹「{DONE}」")


def test_as_configured_it_shares_the_connection_of_the_source(tmp_path: Path) -> None:
    """Every folder of the mailbox is tidied; no further login."""
    (tmp_path / "secret").write_text("x")
    text = _MAILBOX.replace('password_env = "X"', 'password_file = "secret"')
    more = 'folders = ["INBOX", "垃圾邮件"]\nafter = "move"\nmove_to = " 已办理 "\n'
    (tmp_path / "config.toml").write_text(text + more, encoding="utf-8")
    boxes = list(wiring.boxes(load(tmp_path / "config.toml")))
    assert [box.after.action for box in boxes if box.after] == ["move", "move"]
    for box in boxes:
        assert isinstance(box.source, ImapSource)
        assert box.after is not None
        assert isinstance(box.after.changes, ImapChanges)
        assert box.after.changes.session is box.source.session
