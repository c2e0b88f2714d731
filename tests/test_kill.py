"""kill -9 at random points: nothing is lost, nobody is answered twice, no number is missing.

Sixty mails of a season in thirty rounds of two; in every round the service, with the
shipped campaign and its real rules, is killed at a step drawn from a seeded
generator. Then it runs to the end, and the register is that of an undisturbed run.
"""

from __future__ import annotations

import email
import mailbox
import random
import signal
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from email import policy as mail_policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from kill_service import EACH
from mailbag import FAULTY, STORIES, mails

from mailbot.outbox import Policy
from mailbot.store import open_store
from mailbot.store import schema as t

_STEPS = 200  # of one cycle over two mails, nearly all
_SCRIPT = Path(__file__).parent / "kill_service.py"
#: what is recorded of the mails; where they were seen and what was sent when may differ
_RECORD = (
    *(t.mails, t.documents, t.forms, t.dossiers, t.submissions),
    *(t.items, t.papers, t.verdicts, t.findings, t.counters),
)


@dataclass(frozen=True)
class Left:
    """What a run has left behind."""

    codes: list[int]  #: exit codes of the rounds
    record: dict[str, list[Any]]
    replies: list[Any]
    sent: Counter[str]  #: by Message-ID

    def answers(self) -> list[Any]:
        """What was written to whom, whatever became of it."""
        return [
            (row.mail_id, row.recipient, row.message_id, *said(row.message)) for row in self.replies
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


def run(folder: Path, bag: list[tuple[Any, bytes]], policy: Policy, *steps: int) -> Left:
    """Deliver these mails over these rounds, and look."""
    (folder / "mails").mkdir(parents=True)
    for arrived, raw in bag:
        (folder / "mails" / f"{arrived.timestamp():.0f}").write_bytes(raw)
    command = [sys.executable, str(_SCRIPT), str(folder), policy, *map(str, steps)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    store = open_store(f"sqlite:///{folder / 'mailbot.db'}")
    with store.reading() as connection:
        record = {
            table.name: [tuple(row) for row in connection.execute(_ordered(table))]
            for table in _RECORD
        }
        replies = list(connection.execute(sa.select(t.replies).order_by(t.replies.c.id)))
    store.close()
    out = mailbox.Maildir(folder / "out", create=True)
    return Left(
        codes=[int(code) for code in done.stdout.split()],
        record=record,
        replies=replies,
        sent=Counter(str(message["Message-ID"]) for message in out),
    )


def _ordered(table: sa.Table) -> sa.Select[Any]:
    return sa.select(table).order_by(*table.primary_key)


@pytest.mark.parametrize(("policy", "seed", "rounds"), [("hold", 1, 30), ("resend", 2, 12)])
@pytest.mark.timeout(600)
def test_killed_at_thirty_random_points(
    tmp_path: Path, policy: Policy, seed: int, rounds: int
) -> None:
    """Every mail recorded once, every reply sent once or marked, numbers without gap."""
    draw = random.Random(seed)
    bag = mails()[: rounds * EACH]
    steps = [draw.randint(1, _STEPS) for _ in range(rounds)]

    killed = run(tmp_path / "killed", bag, policy, *steps, 0, 0)
    undisturbed = run(tmp_path / "undisturbed", bag, policy, 0)

    assert killed.codes == [-signal.SIGKILL] * rounds + [0, 0]
    assert undisturbed.codes == [0]
    assert killed.record == undisturbed.record
    assert killed.answers() == undisturbed.answers()
    assert set(undisturbed.sent.values()) == {1}

    states = {row.message_id: row.state for row in killed.replies}
    assert len(states) == len(killed.replies)
    if policy == "hold":
        assert set(states.values()) <= {"sent", "uncertain"}
        assert all(count == 1 for count in killed.sent.values())
        assert all(killed.sent[key] == 1 for key, state in states.items() if state == "sent")
        assert set(killed.sent) <= set(states)
    else:  # the operator accepted a repeat with the same Message-ID
        assert set(states.values()) == {"sent"}
        assert set(killed.sent) == set(states)


def test_the_undisturbed_season(tmp_path: Path) -> None:
    """Sixty mails: each decided once, 25 items numbered 1 to 25, five stories and corrections."""
    bag = mails()
    left = run(tmp_path, bag, "hold", 0)
    register = open_store(f"sqlite:///{tmp_path / 'mailbot.db'}")
    with register.reading() as connection:
        kinds = Counter(connection.scalars(sa.select(t.mails.c.disposition)))
        repeated = connection.scalar(sa.select(sa.func.count()).where(t.mails.c.repeated))
        decisions = Counter(connection.scalars(sa.select(t.items.c.decision)))
        receipts = connection.scalars(sa.select(t.items.c.receipt)).all()
        asked = Counter(connection.scalars(sa.select(t.replies.c.kind)))
    register.close()
    numbers = sorted(int(str(receipt)[-4:]) for receipt in receipts)

    assert kinds == {"submission": 40, "automatic": 10, "inquiry": 10}
    assert repeated == 10
    assert decisions == {"accepted": 20 + len(STORIES)}
    assert numbers == list(range(1, 26))
    assert asked["correction"] == len(FAULTY)
    assert len(left.replies) == 40
