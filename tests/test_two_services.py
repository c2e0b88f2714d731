"""Two services by mistake on one mailbox: the second is refused, or nothing is lost and caps hold."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from pathlib import Path

import pytest
from command import CAMPAIGN, Done, Program, configured
from imapclient import IMAPClient
from kills import Provider, append
from letters import MAILBOX
from season import NOW, Posted, season
from servers.dovecot import PASSWORD, Box, Dovecot

from mailbot import running
from mailbot.clock import SetClock
from mailbot.configuration.config import load
from mailbot.service import Service
from mailbot.store import queries

ROOT = str(Path(__file__).parent.parent)
CAP = 3  #: letters a day to one address


@pytest.fixture
def mailbot(capsys: pytest.CaptureFixture[str]) -> Program:
    return Program(capsys)


@contextmanager
def started(file: Path) -> Iterator[None]:
    """The service as its own process, at work."""
    service = subprocess.Popen(
        [sys.executable, "-m", "mailbot", "--config", str(file), "run"],
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": ROOT},
    )
    try:
        assert service.stderr is not None
        assert any("service.started" in line for line in service.stderr)
        yield
        assert service.poll() is None  # the second one has not harmed it
    finally:
        service.send_signal(signal.SIGTERM)
        service.communicate(timeout=60)
    assert service.returncode == 0


def refused(done: Done, what: str) -> bool:
    """In one sentence that says what to do."""
    text = done.err.replace("\n", "")
    return done.code == 1 and f"另一个 mailbot 正在使用{what}" in text and "请先停止它" in text


def test_a_second_service_is_refused(mailbot: Program, tmp_path: Path) -> None:
    """On the same data folder, and on the same database from another one, by whatever path."""
    file = configured(tmp_path)
    (tmp_path / "link").symlink_to(tmp_path / "data", target_is_directory=True)
    other = tmp_path / "other.toml"
    other.write_text(
        file.read_text("utf-8")
        + '[data]\nfolder = "elsewhere"\n[database]\nurl = "sqlite:///link/mailbot.db"\n',
        encoding="utf-8",
    )
    mail = tmp_path / "1.eml"
    mail.write_bytes(season(["question"])[0].raw)
    with started(file):
        same = mailbot("--config", file, "run", "--once")
        database = mailbot("--config", other, "run", "--once")
        others = [
            mailbot("--config", other, *words)
            for words in (("import", mail), ("purge", "--apply"), ("replay", "--apply"))
        ]

    assert refused(same, "数据目录")
    assert refused(database, "数据库")
    assert [refused(done, "数据库") for done in others] == [True] * 3
    assert mailbot("--config", other, "run", "--once").code == 0  # afterwards it may


@contextmanager
def pair(folder: Path, box: Box, server: Provider, after: str) -> Iterator[tuple[Service, Service]]:
    """Two services with data of their own on one mailbox, as on two machines."""
    trusted = f'password_env = "MAILBOT_PASSWORD"\nca_file = "{box.certificates.authority}"\n'
    file = folder / "config.toml"
    both = []
    for name in ("one", "two"):
        file = folder / f"{name}.toml"
        file.write_text(
            f'[[mailbox]]\nurl = "{box.url}"\naddress = "{MAILBOX}"\n{after}{trusted}'
            f'[outgoing]\nurl = "{server.url}"\nfrom = "{MAILBOX}"\npace = 0\n'
            f'password_env = "MAILBOT_PASSWORD"\n[data]\nfolder = "{name}"\n'
            f'[campaigns]\nenabled = ["{CAMPAIGN.id}"]\n'
            f"[limits]\nreaders = 1\nreplies_per_day = {CAP}\n",
            encoding="utf-8",
        )
        both.append(load(file))
    one, two = both
    clock = SetClock(NOW)
    with running.service(one, clock) as first, running.service(two, clock) as second:
        yield first, second


@pytest.fixture
def office(
    dovecot_server: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[Box, Provider]]:
    """A mailbox and its mail server."""
    monkeypatch.setenv("MAILBOT_PASSWORD", PASSWORD)
    box = dovecot_server.box()
    server = Provider(user=box.user, password=PASSWORD)
    server.start()
    yield box, server
    server.stop()


def questions(many: int) -> list[Posted]:
    """All from one person."""
    made = season(["question"] * many)
    sender = b"zl0@applicant0.example"
    return [
        Posted(
            mail.kind, mail.arrived, mail.raw.replace(b"zl%d@applicant%d.example" % (n, n), sender)
        )
        for n, mail in enumerate(made)
    ]


def test_on_two_machines_nothing_is_lost_and_each_keeps_its_caps(
    office: tuple[Box, Provider], tmp_path: Path
) -> None:
    """Both take every mail and both answer: the same letters under the same Message-ID, twice."""
    box, server = office
    mails = [*season(["accepted", "faulty"]), *questions(CAP + 4)[2:]]
    with pair(tmp_path, box, server, "") as services:
        for mail in mails:
            append(box, "INBOX", [mail])
            for service in services:
                assert not service.run_once().problems
        taken = [{row.sha256 for row in queries.list_mails(s.store)} for s in services]
        receipts = [[item.receipt for item in queries.list_items(s.store)] for s in services]
    sent = Counter(str(message_from_bytes(m.content)["Message-ID"]) for m in server.messages)
    to_one = Counter(m.recipient for m in server.messages)

    assert taken[0] == taken[1]
    assert len(taken[0]) == len(mails)
    assert receipts[0] == receipts[1]
    assert set(sent.values()) == {2}  # as docs/operating.md says; a mail program shows one of them
    assert to_one["zl0@applicant0.example"] <= 2 * CAP


def test_on_two_machines_mails_that_are_moved_away_are_divided(
    office: tuple[Box, Provider], tmp_path: Path
) -> None:
    """Each mail is in one register at least and still on the server; no balance turns red."""
    box, server = office
    with IMAPClient(box.host, box.imap_port, ssl=False) as client:
        client.login(box.user, box.password)
        client.create_folder("Done")
    mails = season(["accepted", "question", "faulty", "question", "automatic", "zip"])
    with pair(tmp_path, box, server, 'after = "move"\nmove_to = "Done"\n') as services:
        for number, mail in enumerate(mails):
            append(box, "INBOX", [mail])
            for service in services if number % 2 else reversed(services):
                assert not service.run_once().problems
        taken = [{row.sha256 for row in queries.list_mails(s.store)} for s in services]
        missing = [row.missing for s in services for row in queries.status(s.store).balances]
    with IMAPClient(box.host, box.imap_port, ssl=False) as client:
        client.login(box.user, box.password)
        client.select_folder("Done", readonly=True)
        there = len(client.search())

    assert len(taken[0] | taken[1]) == len(mails) == there
    assert [list(row) for row in missing] == [[], []]
    answered = Counter(m.recipient for m in server.messages)
    assert set(answered.values()) == {1}
