"""kill -9 at random points: nothing is lost, nobody is answered twice, no number is missing.

Sixty mails in thirty rounds of two; in every round the service is killed at a
step drawn from a seeded generator, then it runs to the end.
"""

from __future__ import annotations

import mailbox
import random
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
import sqlalchemy as sa
from intake import mail

from mailbot.outbox import Policy
from mailbot.store import open_store
from mailbot.store import schema as t

_EACH = 2
_STEPS = 210  # of one cycle over two mails, nearly all
_SCRIPT = Path(__file__).parent / "kill_service.py"


def run(folder: Path, policy: Policy, step: int) -> int:
    """One cycle in a process of its own; its exit code, negative for the signal."""
    command = [sys.executable, str(_SCRIPT), str(folder), policy, str(step)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode in (0, -signal.SIGKILL), done.stderr
    return done.returncode


@pytest.mark.parametrize(("policy", "seed", "rounds"), [("hold", 1, 30), ("resend", 2, 10)])
@pytest.mark.timeout(600)
def test_killed_at_thirty_random_points(
    tmp_path: Path, policy: Policy, seed: int, rounds: int
) -> None:
    """Every mail recorded once, every reply sent once or marked, numbers without gap."""
    draw = random.Random(seed)
    box = mailbox.Maildir(tmp_path / "in", create=True)
    killed = 0
    for number in range(rounds):
        for position in range(_EACH):
            box.add(mail(number * _EACH + position, attachments=[b"x"]))
        killed += run(tmp_path, policy, draw.randint(1, _STEPS)) != 0
    assert run(tmp_path, policy, 0) == 0
    assert run(tmp_path, policy, 0) == 0

    store = open_store(f"sqlite:///{tmp_path / 'mailbot.db'}")
    with store.reading() as connection:
        mails = connection.execute(sa.select(t.mails)).all()
        items = connection.scalars(sa.select(t.items.c.receipt)).all()
        replies = connection.execute(sa.select(t.replies)).all()
        verdicts = connection.scalars(sa.select(t.verdicts.c.mail_id)).all()
    store.close()
    out = mailbox.Maildir(tmp_path / "out", create=True)
    sent = Counter(message["Message-ID"] for message in out)
    many = rounds * _EACH
    states = {row.message_id: row.state for row in replies}

    assert killed == rounds
    assert [row.state for row in mails] == ["decided"] * many
    assert sorted(verdicts) == sorted(row.id for row in mails)
    assert sorted(filter(None, items)) == [f"T{n:04d}" for n in range(1, many + 1)]
    assert len(replies) == len(states) == many
    assert set(sent) <= set(states)
    if policy == "hold":
        assert set(states.values()) <= {"sent", "uncertain"}
        assert all(count == 1 for count in sent.values())
        assert all(sent[key] == 1 for key, state in states.items() if state == "sent")
    else:  # the operator accepted a repeat with the same Message-ID
        assert set(states.values()) == {"sent"}
        assert set(sent) == set(states)
