"""kill -9 at every step: nothing is lost, nobody is answered twice, no number is given twice.

A real mailbox, a real mail server, the service as configured, and a process that dies at
each named point. Then it runs to the end, and the register is that of an undisturbed run.
``make kill`` plays a whole season with a hundred deaths; see ``tests/kill.py``.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from kill_plans import each_once
from kill_points import UNCERTAIN
from kills import Policy, Stages, compare
from servers.dovecot import Dovecot

_SENDING = (*UNCERTAIN, "finished committed", "keeping begun", "keeping ended", "asking ended")


@pytest.fixture
def stages(dovecot_server: Dovecot, tmp_path: Path) -> Iterator[Stages]:
    """Worlds of their own."""
    with Stages(dovecot_server, tmp_path) as made:
        yield made


@pytest.mark.timeout(600)
def test_killed_at_every_point(stages: Stages) -> None:
    """Whatever step dies, the register is that of a run without harm, and each reply goes out once."""
    compare(stages, "probe", each_once("probe"))


@pytest.mark.parametrize("policy", ["hold", "resend"])
@pytest.mark.timeout(600)
def test_killed_while_sending(stages: Stages, policy: Policy) -> None:
    """Without a witness the operator's policy decides: never silently, never under two names."""
    compare(stages, policy, each_once(policy, only=_SENDING))
