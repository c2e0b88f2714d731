"""A season of two hundred mails and a hundred deaths: run by ``make kill``, which takes minutes.

Every point of a cycle is met at least once, each in an order drawn by lot, and the rest are
any statement of the database and either side of it; with each of the policies for a reply
of which nobody knows.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from kill_plans import season_of
from kills import Policy, Stages, compare
from servers.dovecot import Dovecot

MAILS, KILLS = 200, 100


@pytest.fixture
def stages(dovecot_server: Dovecot, tmp_path: Path) -> Iterator[Stages]:
    with Stages(dovecot_server, tmp_path) as made:
        yield made


@pytest.mark.parametrize(("policy", "seed"), [("probe", 1), ("hold", 2), ("resend", 3)])
@pytest.mark.timeout(1800)
def test_a_season_with_a_hundred_deaths(stages: Stages, policy: Policy, seed: int) -> None:
    """The register of an undisturbed run, and each reply as the policy says."""
    rounds = season_of(policy, mails=MAILS, kills=KILLS, seed=seed)
    left = compare(stages, policy, rounds)

    assert sum(len(entry.kinds) for entry in rounds) == MAILS
    assert sum(code < 0 for code in left.codes) == KILLS
