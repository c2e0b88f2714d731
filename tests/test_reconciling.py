"""Every message of a folder is held against register and archive, whatever the mark says."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from imapclient import IMAPClient
from intake import NOW, Recorded, Shelf, mail, new_pipeline, new_store
from servers.dovecot import Box as DovecotBox
from servers.netease import NeteaseBox

from mailbot.clock import SetClock
from mailbot.model import Arrival, Holding, Sighting
from mailbot.outbox import Outbox
from mailbot.pipeline import Box, Pipeline
from mailbot.ports import SourceError
from mailbot.service import Service
from mailbot.sources.imap import ImapSource
from mailbot.sources.maildir import MaildirSource
from mailbot.sources.session import Session
from mailbot.store import balances, mails, queries
from mailbot.store.views import BalanceRow

ServerBox = DovecotBox | NeteaseBox


def box_of(server: ServerBox, folder: str = "INBOX") -> Box:
    """A configured folder."""
    session = Session(
        host=server.host,
        port=server.imaps_port,
        user=server.user,
        password=server.password,
        tls=server.tls,
    )
    source = ImapSource(session, folder)
    return Box(source=source, holder=source)


def numbers(pipeline: Pipeline) -> list[int]:
    """The mails in the register, by the number they were made with."""
    with pipeline.store.reading() as connection:
        known = mails.keys(connection)
    raws = [pipeline.archive.get(sha256) for sha256 in known]
    return sorted(int(raw.split(b"Message-ID: <")[1].split(b"@")[0]) for raw in raws)


class Held(Shelf):
    """A shelf that tells what it holds; some of it cannot be had, some vanishes when asked for."""

    surplus = False
    refused: frozenset[int] = frozenset()
    vanishing: frozenset[int] = frozenset()

    def holding(self) -> Holding:
        """Everything that is there."""
        there = frozenset(range(1, len(self.raws) + 1)) - self.gone
        return Holding(uidvalidity=self.uidvalidity, uids=there)

    gone: frozenset[int] = frozenset()

    def fetched(self, uids: Sequence[int]) -> list[Arrival]:
        """What can be had."""
        self.gone = self.vanishing
        return [
            Arrival(
                sighting=Sighting(
                    account=self.account, folder=self.folder, uidvalidity=self.uidvalidity, uid=uid
                ),
                arrived=NOW,
                raw=self.raws[uid - 1],
            )
            for uid in uids
            if uid not in self.refused | self.gone
        ]


def beside(shelf: Held) -> Box:
    """The folder."""
    return Box(source=shelf, holder=shelf)


def test_everything_taken_is_no_difference(tmp_path: Path, imap_box: ServerBox) -> None:
    """The sum is right, and nothing is fetched again."""
    imap_box.drop(mail(1), mail(2))
    pipeline = new_pipeline(tmp_path, new_store(tmp_path))
    box = box_of(imap_box)
    with closing(box.source):
        pipeline.collect(box)
        balance = pipeline.reconcile(box)
    assert balance is not None
    assert (balance.on_server, balance.taken, balance.found, balance.missing) == (2, 2, 0, ())


def test_a_mail_below_the_mark_is_found(tmp_path: Path, imap_box: ServerBox) -> None:
    """The mark says that all is taken; the comparison finds what is not."""
    imap_box.drop(mail(1), mail(2), mail(3))
    pipeline = new_pipeline(tmp_path, new_store(tmp_path))
    box = box_of(imap_box)
    with closing(box.source):
        *_others, last = box.source.arrivals(None)
        with pipeline.store.writing() as connection:
            mails.move_mark(connection, last.sighting)
        assert pipeline.collect(box).new == 0
        balance = pipeline.reconcile(box)
    assert balance is not None
    assert (balance.found, balance.taken, balance.missing) == (3, 3, ())
    assert numbers(pipeline) == [1, 2, 3]


def test_a_mail_rescued_from_junk_under_its_old_number(tmp_path: Path, netease: NeteaseBox) -> None:
    """Below the mark of INBOX by then: a poll shows nothing, the comparison does."""
    [number] = netease.spam(mail(1))
    netease.drop(mail(2))
    pipeline = new_pipeline(tmp_path, new_store(tmp_path))
    box = box_of(netease)
    with closing(box.source):
        pipeline.collect(box)
        netease.rescue(number)
        assert pipeline.collect(box).new == 0
        balance = pipeline.reconcile(box)
    assert balance is not None
    assert balance.found == 1
    assert numbers(pipeline) == [1, 2]


def test_moved_from_junk_is_the_same_mail(tmp_path: Path, imap_box: ServerBox) -> None:
    """Taken from both folders: one mail with two sightings, and neither folder differs."""
    with IMAPClient(imap_box.host, imap_box.imap_port, ssl=False) as client:
        client.login(imap_box.user, imap_box.password)
        client.id_({"name": "webmail"})
        if isinstance(imap_box, DovecotBox):
            client.create_folder("垃圾邮件")
        client.append("垃圾邮件", mail(1))
        pipeline = new_pipeline(tmp_path, new_store(tmp_path))
        boxes = [box_of(imap_box, "Junk"), box_of(imap_box)]
        with closing(boxes[0].source), closing(boxes[1].source):
            assert [pipeline.collect(box).new for box in boxes] == [1, 0]
            client.select_folder("垃圾邮件")
            client.copy(client.search(["ALL"]), "INBOX")
            client.delete_messages(client.search(["ALL"]))
            client.expunge()
            assert [pipeline.collect(box).new for box in boxes] == [0, 0]
            found = [pipeline.reconcile(box) for box in boxes]
    assert [(row.on_server, row.found, row.missing) for row in found if row] == [
        (0, 0, ()),
        (1, 0, ()),
    ]
    assert numbers(pipeline) == [1]


def test_new_numbers_for_everything_lose_nothing(tmp_path: Path, netease: NeteaseBox) -> None:
    """UIDVALIDITY changes: all is seen again, nothing is new, nothing differs."""
    netease.drop(mail(1), mail(2))
    pipeline = new_pipeline(tmp_path, new_store(tmp_path))
    for _time in range(2):
        box = box_of(netease)
        with closing(box.source):
            pipeline.collect(box)
            balance = pipeline.reconcile(box)
        netease.renumber()
        assert balance is not None
        assert (balance.taken, balance.missing) == (2, ())
    assert numbers(pipeline) == [1, 2]


def test_lost_raw_bytes_come_back_from_the_server(tmp_path: Path, imap_box: ServerBox) -> None:
    """A mail whose file is gone from the archive is fetched once more."""
    imap_box.drop(mail(1), mail(2))
    pipeline = new_pipeline(tmp_path, new_store(tmp_path))
    box = box_of(imap_box)
    with closing(box.source):
        pipeline.collect(box)
        with pipeline.store.reading() as connection:
            lost = mails.keys(connection)[0]
        pipeline.archive.path(lost).unlink()
        balance = pipeline.reconcile(box)
    assert balance is not None
    assert balance.missing == ()
    assert pipeline.archive.get(lost)  # which looks at the SHA-256


def test_a_maildir_is_held_against_the_register_too(tmp_path: Path) -> None:
    """By the numbers of its index."""
    for place in ("new", "cur", "tmp"):
        (tmp_path / "in" / place).mkdir(parents=True)
    (tmp_path / "in" / "new" / "1783645200.M1.test").write_bytes(mail(1))
    source = MaildirSource(path=tmp_path / "in", index=tmp_path / "index.txt")
    pipeline = new_pipeline(tmp_path, new_store(tmp_path))
    box = Box(source=source, holder=source)
    assert source.holding().uids == {1}
    balance = pipeline.reconcile(box)
    assert balance is not None
    assert (balance.found, balance.on_server, balance.missing) == (1, 1, ())


def test_what_cannot_be_had_is_named(tmp_path: Path) -> None:
    """The message the server shows and does not give; the others are taken, the mark stays."""
    shelf = Held([mail(1), mail(2), mail(3)])
    shelf.refused = frozenset({2})
    pipeline = new_pipeline(tmp_path, new_store(tmp_path))
    balance = pipeline.reconcile(beside(shelf))
    assert balance is not None
    assert (balance.on_server, balance.taken, balance.found) == (3, 2, 2)
    assert [text.split("：")[0] for text in balance.missing] == ["UID 2"]
    with pipeline.store.reading() as connection:
        assert mails.mark_of(connection, shelf.account, shelf.folder) is None


def test_what_vanishes_meanwhile_is_no_difference(tmp_path: Path) -> None:
    """Deleted by somebody between the list and the fetch."""
    shelf = Held([mail(1), mail(2)])
    shelf.vanishing = frozenset({2})
    balance = new_pipeline(tmp_path, new_store(tmp_path)).reconcile(beside(shelf))
    assert balance is not None
    assert (balance.on_server, balance.taken, balance.missing) == (1, 1, ())


def test_the_sum_names_what_failed(tmp_path: Path) -> None:
    """Set aside for a person: neither taken nor missing."""
    shelf = Held([mail(1), mail(2, subject="错误")])
    store = new_store(tmp_path)
    pipeline = new_pipeline(tmp_path, store)
    shelf.raws[1] = b"X-Wrong: yes\n" + mail(2)
    pipeline.collect(beside(shelf))
    list(pipeline.process())
    balance = pipeline.reconcile(beside(shelf))
    failed = [row.sha256 for row in queries.list_mails(store, state="failed")]
    assert balance is not None
    assert (balance.on_server, balance.taken, list(balance.failed)) == (2, 1, failed)
    assert len(failed) == 1


def test_an_import_is_not_compared(tmp_path: Path) -> None:
    """Files do not tell what they hold."""
    assert new_pipeline(tmp_path, new_store(tmp_path)).reconcile(Box(source=Shelf())) is None


def service_of(folder: Path, shelf: Held) -> Service:
    """A service over one folder."""
    store = new_store(folder)
    clock = SetClock(NOW)
    return Service(
        folder=folder,
        store=store,
        boxes=[beside(shelf)],
        pipeline=replace(new_pipeline(folder, store), clock=clock),
        clock=clock,
        outbox=Outbox(store=store, sink=Recorded(), clock=clock, sender="x@example.org"),
    )


def test_the_service_compares_each_hour(tmp_path: Path) -> None:
    """Not at every poll; and what it finds is decided in the same cycle."""
    shelf = Held([mail(1)])
    service = service_of(tmp_path, shelf)
    service.run_once()
    with service.store.writing() as connection:
        far = Sighting(account=shelf.account, folder="INBOX", uidvalidity=1, uid=9)
        mails.move_mark(connection, far)
    shelf.raws.append(mail(2))
    assert isinstance(service.clock, SetClock)
    service.clock.advance(timedelta(minutes=59))
    assert service.run_once().new == 0
    service.clock.advance(timedelta(minutes=1))
    cycle = service.run_once()
    assert cycle.new == 1
    assert [decided.outcome is not None for decided in cycle.decided] == [True]


def test_a_server_that_fails_while_comparing_is_a_failing_mailbox(tmp_path: Path) -> None:
    """Told like any failure of the mailbox; what was taken stays."""

    class Broken(Held):
        def holding(self) -> Holding:
            raise SourceError("连接中断")

    service = service_of(tmp_path, Broken([mail(1)]))
    assert service.run_once().problems == ["连接中断"]
    assert queries.status(service.store).needs_person
    assert len(queries.list_mails(service.store)) == 1


def test_a_difference_needs_a_person_until_it_is_gone(tmp_path: Path) -> None:
    """Status tells of it, and no more after a comparison without it."""
    shelf = Held([mail(1), mail(2)])
    shelf.refused = frozenset({2})
    store = new_store(tmp_path)
    pipeline = new_pipeline(tmp_path, store)
    pipeline.reconcile(beside(shelf))
    [row] = queries.status(store).balances
    assert len(row.missing) == 1
    assert queries.status(store).needs_person
    shelf.refused = frozenset()
    pipeline.reconcile(beside(shelf))
    assert not queries.status(store).needs_person


def test_the_register_remembers_the_last_comparison(tmp_path: Path) -> None:
    """One a folder."""
    store = new_store(tmp_path)
    first = BalanceRow(
        account="a@b.cn",
        folder="INBOX",
        at=NOW,
        on_server=2,
        taken=0,
        ignored=0,
        failed=("ab" * 32,),
        found=0,
        missing=("UID 2：没有",),
    )
    later = replace(first, at=NOW + timedelta(hours=1), missing=(), on_server=1)
    with store.writing() as connection:
        for row in (first, later, replace(first, folder="Junk")):
            balances.keep(connection, row)
        assert balances.of(connection, "a@b.cn", "INBOX") == later
        assert len(balances.every(connection)) == 2
