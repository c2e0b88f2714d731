"""Two services of ours that write to each other fall silent, whatever lies between them.

Both are the real service, with Maildirs for a mailbox and a way out; what carries the
letters between them may take away every sign that a machine wrote them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP, default
from pathlib import Path

import pytest
from command import CAMPAIGN

from mailbot import running
from mailbot.clock import SetClock
from mailbot.configuration.config import load
from mailbot.service import Service
from mailbot.store import queries, waiting

NOW = datetime(2026, 7, 10, 1, 0, tzinfo=UTC)
ADDRESS, SUBJECT, TOTAL = 3, 4, 6  #: letters a day to one address, on one subject, in all
#: By which a machine's letter is known, and the thread it belongs to.
_SIGNS = ("Auto-Submitted", "X-Auto-Response-Suppress", "X-Loop")
_THREAD = ("In-Reply-To", "References")
#: What the way between the two does to a letter; the number is that of the letter.
Way = Callable[[EmailMessage, int], None]


def faithful(_letter: EmailMessage, _number: int) -> None:
    """Nothing."""


def forgetful(letter: EmailMessage, _number: int) -> None:
    """A gateway that drops the headers it does not know."""
    for name in _SIGNS:
        del letter[name]


def changing(letter: EmailMessage, number: int) -> None:
    """And gives the writer another address each time."""
    forgetful(letter, number)
    _from(letter, f"ticket+{number}@gateway{number}.example")


def inventive(letter: EmailMessage, number: int) -> None:
    """And breaks the thread, under another subject each time."""
    changing(letter, number)
    for name in (*_THREAD, "Subject"):
        del letter[name]
    letter["Subject"] = "".join(chr(0x4E00 + 97 * number + 13 * place) for place in range(12))


def _from(letter: EmailMessage, address: str) -> None:
    for name in ("From", "Reply-To", "Return-Path"):
        del letter[name]
    letter["From"] = address
    letter["Return-Path"] = f"<{address}>"


@dataclass(slots=True)
class Office:
    """One service, with the folders it reads from and writes to."""

    service: Service
    folder: Path
    address: str
    seen: set[str] = field(default_factory=set)

    def works(self) -> list[EmailMessage]:
        """One cycle; what goes out."""
        assert not self.service.run_once().problems
        out = self.folder / "out" / "new"
        new = sorted(file.name for file in out.iterdir() if file.name not in self.seen)
        self.seen |= {*new}
        return [
            message_from_bytes((out / name).read_bytes(), _class=EmailMessage, policy=SMTP)
            for name in new
        ]

    def gets(self, letter: EmailMessage) -> None:
        """As the last server on the way leaves it."""
        if "Return-Path" not in letter:
            letter["Return-Path"] = f"<{letter['From'].addresses[0].addr_spec}>"
        number = len([*(self.folder / "in" / "new").iterdir()])
        (self.folder / "in" / "new" / f"{number:04}.M1.test").write_bytes(letter.as_bytes())


@pytest.fixture
def clock() -> SetClock:
    return SetClock(NOW)


@pytest.fixture
def offices(tmp_path: Path, clock: SetClock) -> Iterator[tuple[Office, Office]]:
    """Two associations with the same campaign."""
    made = []
    for name in ("one", "two"):
        folder = tmp_path / name
        for part in ("in", "out"):
            for place in ("new", "cur", "tmp"):
                (folder / part / place).mkdir(parents=True)
        address = f"pingxuan@{name}.example"
        file = folder / "config.toml"
        file.write_text(
            f'[[mailbox]]\nurl = "maildir:in"\naddress = "{address}"\n'
            f'campaigns = ["{CAMPAIGN.id}"]\n'
            f'[outgoing]\nurl = "maildir:out"\nfrom = "{address}"\n'
            f"[limits]\nreaders = 1\nreplies_per_day = {ADDRESS}\n"
            f"replies_per_subject = {SUBJECT}\nreplies_in_all = {TOTAL}\n",
            encoding="utf-8",
        )
        made.append((load(file), folder, address))
    (one, *first), (two, *second) = made
    with running.service(one, clock) as left, running.service(two, clock) as right:
        yield Office(left, *first), Office(right, *second)


def question(sender: str, to: str, number: int = 0) -> EmailMessage:
    """What sets the two going: somebody writes to one of them under the other's address."""
    letter = EmailMessage(policy=SMTP)
    letter["From"], letter["To"] = sender, to
    letter["Subject"] = "咨询"
    letter["Message-ID"] = f"<{number}@somewhere.example>"
    letter.set_content("请问何时截止？")
    return letter


@pytest.mark.parametrize(
    ("way", "most"),
    [
        (faithful, 1),
        (forgetful, 2 * ADDRESS),
        (changing, 2 * (SUBJECT + 1)),
        (inventive, 2 * TOTAL),
    ],
)
def test_two_of_ours_fall_silent(
    offices: tuple[Office, Office], clock: SetClock, way: Way, most: int
) -> None:
    """Within the caps of both, and they stay so; staff are not flooded."""
    here, there = offices
    here.gets(question(there.address, here.address))
    letters = 0
    turns = 0
    while sent := here.works():
        for letter in sent:
            letters += 1
            way(letter, letters)
            there.gets(letter)
        here, there = there, here
        clock.advance(timedelta(minutes=5))
        turns += 1
        assert turns <= most
    quiet = [*here.works(), *there.works()]

    assert 1 <= letters <= most
    assert quiet == []
    for office in offices:
        assert len(waiting.list_waiting(office.service.store)) <= TOTAL + 1
        assert {mail.state for mail in queries.list_mails(office.service.store)} <= {"decided"}


def test_a_person_is_answered_after_a_loop(offices: tuple[Office, Office]) -> None:
    """The cap of one address is no other's."""
    here, there = offices
    here.gets(question(there.address, here.address))
    while sent := here.works():
        for letter in sent:
            forgetful(letter, 0)
            there.gets(letter)
        here, there = there, here
    here, _ = offices
    here.gets(question("zhou@applicant.example", here.address, 7))
    (letter,) = here.works()

    assert letter["To"] == "zhou@applicant.example"
    assert message_from_bytes(letter.as_bytes(), policy=default)["Auto-Submitted"] == "auto-replied"
