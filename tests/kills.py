"""Runs a season's mails through the service with a real mailbox and a real mail server, and kills it."""

from __future__ import annotations

import email
import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from email import policy as mail_policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any, Literal, Self

import sqlalchemy as sa
from imapclient import IMAPClient
from kill_points import UNCERTAIN
from letters import MAILBOX
from season import NOW, Posted, season
from servers.dovecot import PASSWORD, Box, Dovecot
from servers.smtp import SmtpServer, Taken

from mailbot.store import health, open_store
from mailbot.store import schema as t

#: What stands behind an uncertain reply: nothing, and the operator holds it or has it sent
#: again; or a folder in which the provider files what went out.
Policy = Literal["hold", "resend", "probe"]
STAFF = "staff@association.example"
_SCRIPT = Path(__file__).parent / "kill_service.py"
#: what is recorded of the mails; where they were seen and what was sent when may differ
_RECORD = (
    *(t.mails, t.documents, t.forms, t.dossiers, t.submissions),
    *(t.items, t.papers, t.verdicts, t.findings, t.counters),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """One cycle: what is in the mailbox before it, where it dies ("" nowhere), and when it is."""

    point: str = ""
    nth: int = 1
    kinds: tuple[str, ...] = ()
    digest: bool = False
    minutes: int = 0
    loses: bool = False  #: an archived file before it
    troubled: bool = False  #: some part has failed for an hour


#: Before the hour of the digest: so that it has something to tell.
FIRST = Round(kinds=("question",), minutes=-60)


@dataclass(frozen=True, slots=True)
class Left:
    """What a run has left behind."""

    codes: list[int]  #: exit codes of the rounds
    record: dict[str, list[Any]]
    history: Counter[str]  #: what happened to mails and items, each with its cause
    replies: list[Any]
    balances: list[Any]
    archived: set[str]
    sent: Counter[str]  #: by Message-ID
    kept: Counter[str]  #: what lies in the mailbox, done with or not, by SHA-256
    undone: int  #: of it neither seen nor moved away
    strays: list[int]  #: processes that were left running

    def answers(self) -> list[Any]:
        """What was written to whom, whatever became of it."""
        return [
            (row.kind, row.mail_id, row.recipient, row.message_id, *said(row.message))
            for row in self.replies
            if row.mail_id is not None
        ]


def said(raw: bytes) -> tuple[Any, ...]:
    """Header, letter and names of the files of a reply; copies of forms bear their time."""
    message = email.message_from_bytes(raw, policy=mail_policy.default)
    assert isinstance(message, EmailMessage)
    letter = [message.get_body((kind,)) for kind in ("plain", "html")]
    return (
        list(message.items()),
        [part.get_content() for part in letter if part],
        [part.get_filename() for part in message.iter_attachments()],
    )


class Provider(SmtpServer):
    """Takes mail for the account and, where it is told, files a copy in its folder of sent mails."""

    files_in: Box | None = None

    def taken(self, message: Taken) -> None:
        """The client has not yet been told."""
        super().taken(message)
        if self.files_in is not None:
            append(self.files_in, "Sent", [Posted("", NOW, message.content)])


def append(box: Box, folder: str, mails: Sequence[Posted]) -> None:
    """Put mails into a folder, with their times of arrival, in this order."""
    with IMAPClient(box.host, box.imap_port, ssl=False) as client:
        client.login(box.user, box.password)
        for mail in mails:
            client.append(folder, mail.raw, msg_time=mail.arrived)


@dataclass(slots=True, kw_only=True)
class Stage:
    """The world of one run: mailbox, mail server, configuration, data."""

    folder: Path
    box: Box
    server: Provider
    policy: Policy
    readers: int = 1  #: so that what is read is numbered in the order of arrival
    codes: list[int] = field(default_factory=list)

    @property
    def config(self) -> Path:
        """The file."""
        return self.folder / "config.toml"

    def set_up(self) -> None:
        """Folders of the mailbox, and the configuration."""
        with IMAPClient(self.box.host, self.box.imap_port, ssl=False) as client:
            client.login(self.box.user, self.box.password)
            for name in ("Sent", "Done"):
                client.create_folder(name)
        self.folder.mkdir(parents=True)
        secret = 'password_env = "MAILBOT_PASSWORD"'
        trusted = f'ca_file = "{self.box.certificates.authority}"'
        kept = f'sent = "{self.box.url.removesuffix("/INBOX")}/Sent"\n{trusted}\n'
        after = {
            "hold": 'after = "move"\nmove_to = "Done"\n',
            "resend": 'after = "move"\nmove_to = "Done"\n',
            "probe": 'after = "flag"\n',
        }
        extra = {
            "hold": f'on_uncertain = "hold"\nkeep_copy = true\n{kept}',
            "resend": 'on_uncertain = "resend"\n',
            "probe": f'on_uncertain = "hold"\n{kept}',
        }
        self.config.write_text(
            f'[[mailbox]]\nurl = "{self.box.url}"\naddress = "{MAILBOX}"\n{secret}\n{trusted}\n'
            f"{after[self.policy]}"
            f'[outgoing]\nurl = "{self.server.url}"\nfrom = "{MAILBOX}"\npace = 0\n{secret}\n'
            f"{extra[self.policy]}"
            f'[staff]\ndigest_to = "{STAFF}"\n[campaigns]\nenabled = ["hunan-2026"]\n'
            f"[limits]\nreaders = {self.readers}\n",
            encoding="utf-8",
        )

    def play(self, rounds: Sequence[Round], mails: Sequence[Posted]) -> Left:
        """All rounds; the mails come in their order, as many as each round has kinds."""
        self.set_up()
        left = list(mails)
        with self._program() as program:
            for entry in rounds:
                coming, left = left[: len(entry.kinds)], left[len(entry.kinds) :]
                append(self.box, "INBOX", coming)
                self._disturb(entry)
                asked = {
                    "point": entry.point,
                    "nth": entry.nth,
                    "minutes": entry.minutes,
                    "digest": entry.digest,
                    "no_move": self.policy == "resend",
                }
                assert program.stdin is not None
                assert program.stdout is not None
                program.stdin.write(json.dumps(asked) + "\n")
                program.stdin.flush()
                self.codes.append(int(program.stdout.readline()))
            strays = self._strays(program.pid)
        return self._left(strays)

    @contextmanager
    def _program(self) -> Iterator[subprocess.Popen[str]]:
        environment = {
            **os.environ,
            "MAILBOT_PASSWORD": PASSWORD,
            "MAILBOT_STAGE": str(self.folder),
        }
        with subprocess.Popen(
            [sys.executable, str(_SCRIPT), str(self.config)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment,
        ) as program:
            try:
                yield program
            finally:
                assert program.stdin is not None
                program.stdin.close()

    def _disturb(self, entry: Round) -> None:
        """What else goes wrong before a round."""
        data = self.folder / "data"
        if entry.loses:
            next(iter(sorted((data / "archive").rglob("*.eml")))).unlink()
        if entry.troubled:
            with closing(open_store(f"sqlite:///{data / 'mailbot.db'}")) as store:
                health.failed(store, health.DIGEST, "磁盘已满", NOW - timedelta(hours=1))

    def _strays(self, program: int) -> list[int]:
        """Processes of ours that outlived whoever started them."""
        end = time.monotonic() + 20
        while (found := [*self._ours(program)]) and time.monotonic() < end:
            time.sleep(0.1)
        return found

    def _ours(self, program: int) -> Iterator[int]:
        mark = f"MAILBOT_STAGE={self.folder}".encode()
        for entry in Path("/proc").iterdir():
            if entry.name.isdecimal() and int(entry.name) != program:
                try:
                    if mark in (entry / "environ").read_bytes().split(b"\0"):
                        yield int(entry.name)
                except OSError:  # it has ended
                    continue

    def _mailbox(self) -> tuple[Counter[str], int]:
        """What lies on the server, and how much of it is not done with."""
        kept: Counter[str] = Counter()
        undone = 0
        with IMAPClient(self.box.host, self.box.imap_port, ssl=False) as client:
            client.login(self.box.user, self.box.password)
            for name in ("INBOX", "Done"):
                client.select_folder(name, readonly=True)
                if numbers := client.search():
                    found = client.fetch(numbers, ["BODY.PEEK[]"]).values()
                    kept.update(hashlib.sha256(entry[b"BODY[]"]).hexdigest() for entry in found)
                if name == "INBOX":
                    undone = len(client.search("UNSEEN" if self.policy == "probe" else "ALL"))
        return kept, undone

    def _left(self, strays: list[int]) -> Left:
        kept, undone = self._mailbox()
        data = self.folder / "data"
        with (
            closing(open_store(f"sqlite:///{data / 'mailbot.db'}")) as store,
            store.reading() as connection,
        ):
            record = {
                table.name: [tuple(row) for row in connection.execute(_ordered(table))]
                for table in _RECORD
            }
            happened = connection.execute(
                sa.select(t.events).where(t.events.c.what.not_like("reply.%"))
            )
            return Left(
                codes=self.codes,
                record=record,
                history=Counter(
                    f"{row.what} {row.mail_id} {row.item_id} {row.details}" for row in happened
                ),
                replies=list(connection.execute(sa.select(t.replies).order_by(t.replies.c.id))),
                balances=list(connection.execute(sa.select(t.balances))),
                archived={file.stem for file in (data / "archive").rglob("*.eml")},
                sent=Counter(
                    str(email.message_from_bytes(taken.content)["Message-ID"])
                    for taken in self.server.messages
                ),
                strays=strays,
                kept=kept,
                undone=undone,
            )


def _ordered(table: sa.Table) -> sa.Select[Any]:
    return sa.select(table).order_by(*table.primary_key)


class Stages:
    """Makes worlds, and ends their mail servers; use it in a ``with`` statement."""

    def __init__(self, dovecot: Dovecot, folder: Path) -> None:
        self._dovecot, self._folder = dovecot, folder
        self._servers: list[Provider] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        for server in self._servers:
            server.stop()

    def __call__(self, name: str, policy: Policy) -> Stage:
        """A new one."""
        box = self._dovecot.box()
        server = Provider(user=box.user, password=PASSWORD)
        server.files_in = box if policy == "probe" else None
        server.start()
        self._servers.append(server)
        return Stage(folder=self._folder / name, box=box, server=server, policy=policy)


def compare(stages: Stages, policy: Policy, rounds: Sequence[Round]) -> Left:
    """Play these rounds, and the same mails undisturbed; whatever differs is an error.

    Returns what the disturbed run has left, for what else there is to see.
    """
    kinds = tuple(kind for entry in rounds for kind in entry.kinds)
    mails = season(kinds)
    killed = stages("killed", policy).play(rounds, mails)
    whole = stages("undisturbed", policy).play(
        [FIRST, Round(kinds=kinds[1:], digest=True), Round(minutes=5)], mails
    )
    assert rounds[0] == FIRST

    dead = [bool(entry.point) for entry in rounds]
    wanted = [-signal.SIGKILL if dies else 0 for dies in dead]
    told = [f"{entry.point} {code}" for entry, code in zip(rounds, killed.codes, strict=True)]
    assert killed.codes == wanted, told
    assert whole.codes == [0, 0, 0]
    assert killed.strays == whole.strays == []
    for table, rows in whole.record.items():
        assert killed.record[table] == rows, table
    assert killed.history == whole.history
    assert killed.answers() == whole.answers()
    there = Counter(hashlib.sha256(mail.raw).hexdigest() for mail in mails)
    assert killed.archived == whole.archived == set(there)
    assert set(whole.sent.values()) == {1}
    assert {row.state for row in whole.replies} == {"sent"}
    for left in (killed, whole):
        _numbers(left)
        (balance,) = left.balances
        assert list(balance.missing) == []
        assert balance.taken + balance.ignored + len(balance.failed) == balance.on_server
        assert (left.kept, left.undone) == (there, 0)
        assert sum(row.kind == "digest" for row in left.replies) == 1
    _delivered(killed, policy, rounds)
    return killed


def _numbers(left: Left) -> None:
    """Receipts from one on, none twice and none missing."""
    receipts = [row[t.items.c.keys().index("receipt")] for row in left.record["items"]]
    given = sorted(int(str(receipt)[-4:]) for receipt in receipts if receipt)
    assert given == [*range(1, len(given) + 1)]


def _delivered(killed: Left, policy: Policy, rounds: Sequence[Round]) -> None:
    """Each reply once; those killed beyond the point of no return as the policy says."""
    states = {row.message_id: row.state for row in killed.replies}
    assert len(states) == len(killed.replies)
    assert set(killed.sent) <= set(states)
    doubtful = [entry for entry in rounds if entry.point in UNCERTAIN or entry.point == "statement"]
    if policy == "hold":
        assert set(states.values()) <= {"sent", "uncertain"}
        assert set(killed.sent.values()) == {1}
        assert all(killed.sent[key] == 1 for key, state in states.items() if state == "sent")
        assert Counter(states.values())["uncertain"] <= len(doubtful)
    else:
        assert set(states.values()) == {"sent"}
        assert set(killed.sent) == set(states)
    if policy == "probe":  # the folder of sent mails knows
        assert set(killed.sent.values()) == {1}
    if policy == "resend":  # the operator accepted a repeat with the same Message-ID
        again = [key for key, count in killed.sent.items() if count > 1]
        assert len(again) <= len(doubtful)
