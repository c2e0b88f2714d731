"""Any order of a unit's mails and any number of workers end in the same register.

Mails of several companies that want places of two regions: forms, corrections,
withdrawals, the same mail once more. What is decided depends on the mails and their
order of arrival, never on who decides, how often somebody begins in vain, or where a
process dies.
"""

from __future__ import annotations

import multiprocessing
import random
import shutil
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from dossiers import ID
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from intake import new_store
from places import COMPANIES, SETTINGS, a_team, an_incoming, enter, take, with_quota

from mailbot.clock import SetClock
from mailbot.deciding.decision import decide
from mailbot.deciding.promoting import promote
from mailbot.outcome import Incoming, Outcome
from mailbot.pipeline import Pipeline
from mailbot.store import Store, mails
from mailbot.store import schema as t

LIMITS = {"甲市": "2", "乙市": "3"}
NAMES = ("冲压一班", "焊接二班", "装配三班")
REGIONS = tuple(LIMITS)


@dataclass(frozen=True, slots=True)
class Sent:
    """What a company does in one mail."""

    company: int
    does: str  #: "send", "faulty", "withdraw", "again"
    names: tuple[int, ...]

    def mail(self, number: int, before: Sequence[Incoming]) -> Incoming:
        """As it comes out of reading; its number is its minute of arrival."""
        company, sender = COMPANIES[self.company], f"m{self.company}@company.example"
        if self.does == "again" and before:
            return before[-1]
        chosen = [NAMES[n] for n in self.names]
        if self.does == "withdraw":
            words = f"申请撤回{'、'.join(chosen)}"
            return an_incoming(number, sender=sender, text=words, after=number)
        faults: dict[str, Any] = {"postcode": None} if self.does == "faulty" else {}
        region = REGIONS[self.company % len(REGIONS)]
        forms = [a_team(name, company, region, **faults) for name in chosen]
        return an_incoming(number, *forms, sender=sender, after=number)


SENT = st.builds(
    Sent,
    company=st.integers(0, 3),
    does=st.sampled_from(["send", "send", "send", "faulty", "withdraw", "withdraw", "again"]),
    names=st.lists(st.integers(0, 2), min_size=1, max_size=3, unique=True).map(tuple),
)


@pytest.fixture(scope="module")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A register with nothing in it; making one takes longer than copying it."""
    folder = tmp_path_factory.mktemp("blank")
    new_store(folder).close()
    return folder


def copied(blank: Path, folder: Path) -> Store:
    """A register of one's own."""
    shutil.copytree(blank, folder)
    return new_store(folder)


def letters(sent: Sequence[Sent]) -> list[Incoming]:
    """The mails, each once, in order of arrival."""
    made: list[Incoming] = []
    for number, entry in enumerate(sent, start=1):
        made.append(entry.mail(number, made))
    return list({entry.mail: entry for entry in made}.values())


def register(store: Store) -> list[tuple[Any, ...]]:
    """Every item as it stands, without the ids."""
    with store.reading() as connection:
        rows = sa.select(
            t.dossiers.c.unit, t.items.c.name, t.items.c.decision, t.items.c.withdrawn,
            t.items.c.receipt, t.items.c.holds_place, t.items.c.waits, t.items.c.place,
        ).join(t.dossiers).order_by(t.dossiers.c.unit, t.items.c.ordinal)  # fmt: skip
        return [tuple(row) for row in connection.execute(rows)]


def causes(store: Store) -> list[str]:
    """What letters there are, one a cause."""
    with store.reading() as connection:
        return sorted(connection.scalars(sa.select(t.replies.c.cause)))


def sound(found: Sequence[tuple[Any, ...]]) -> None:
    """No region has more than its places, no number is missing or given twice."""
    held = Counter(row[7] for row in found if row[5])
    numbers = [int(row[4].rpartition("-")[2]) for row in found if row[4]]

    assert all(count <= int(LIMITS[region]) for region, count in held.items())
    assert sorted(numbers) == list(range(1, len(numbers) + 1))
    for _, _, decision, withdrawn, receipt, holds, waits, _ in found:
        assert not (holds and (withdrawn or waits))
        assert not (holds and not receipt)
        assert withdrawn or decision != "accepted" or holds


def one_after_the_other(store: Store, severity: str, waiting: Sequence[Incoming]) -> None:
    """One worker, each mail as it comes."""
    asked = with_quota(severity, limits=LIMITS)
    for entry in waiting:
        with store.writing() as connection:
            take(connection, asked, enter(connection, entry), entry)


@settings(
    max_examples=10,
    deadline=None,
    derandomize=True,
    phases=(Phase.generate,),  # a shorter example would take minutes to find
    suppress_health_check=[HealthCheck.too_slow],
)
@given(
    st.lists(SENT, min_size=3, max_size=9),
    st.sampled_from(["ask", "hold"]),
    st.randoms(use_true_random=False),
)
def test_workers_who_begin_in_vain_change_nothing(
    blank: Path, sent: list[Sent], severity: str, chance: random.Random
) -> None:
    """Collected in any order, some decided twice or given up half-way: the same register."""
    waiting = letters(sent)
    with tempfile.TemporaryDirectory() as folder:
        stores = [copied(blank, Path(folder) / name) for name in ("plain", "mixed")]
        one_after_the_other(stores[0], severity, waiting)
        _at_random(stores[1], severity, waiting, chance)
        found = [register(store) for store in stores]
        told = [causes(store) for store in stores]
        for store in stores:
            store.close()

    assert found[0] == found[1]
    assert len(told[0]) == len(told[1])
    sound(found[0])


def _at_random(
    store: Store, severity: str, waiting: Sequence[Incoming], chance: random.Random
) -> None:
    """Two workers, in turns that chance decides; a third of what they begin is lost."""
    collected = list(waiting)
    chance.shuffle(collected)
    with store.writing() as connection:
        for entry in collected:
            enter(connection, entry)
            if chance.random() < 0.5:
                _seen_again(connection, entry)
    workers = [_pipeline(store, severity, waiting) for _ in range(2)]
    dying = _pipeline(store, severity, waiting, dies=True)
    while True:
        if chance.random() < 1 / 3:
            with pytest.raises(KeyboardInterrupt):
                _decided(dying)
        if chance.choice(workers).decide_next() is None:
            return


def _decided(dying: Pipeline) -> None:
    """Begin one decision; where there is none, die of that."""
    if dying.decide_next() is None:
        raise KeyboardInterrupt


def _seen_again(connection: sa.Connection, entry: Incoming) -> None:
    """The server shows the same message in another folder."""
    seen = mails.Sighting(
        account="box", folder="Archive", uidvalidity=1, uid=int(entry.mail[:10], 16)
    )
    taken = mails.Taken(sha256=entry.mail, size=1, arrived=entry.arrived, sighting=seen)
    assert not mails.enter(connection, taken, entry.arrived)


def _pipeline(
    store: Store, severity: str, waiting: Sequence[Incoming], *, dies: bool = False
) -> Pipeline:
    """The real pipeline; one that ``dies`` does so after everything is written, before the end."""
    asked = {ID: with_quota(severity, limits=LIMITS)}
    parts: dict[str, Any] = {"archive": None, "reader": None, "candidates": {}}

    def promoted(connection: sa.Connection, outcome: Outcome, now: datetime) -> None:
        promote(connection, asked, SETTINGS, ID, outcome.tier or "", now)
        if dies:
            raise KeyboardInterrupt

    return Pipeline(
        store=store,
        clock=SetClock(max(entry.arrived for entry in waiting)),
        decide=lambda incoming, seen, now: decide(incoming, seen, asked, SETTINGS, now),
        promote=promoted,
        **parts,
    )


def _work(folder: str, severity: str, sent: list[Sent]) -> None:
    """One process: decide whatever is next until nothing is."""
    store = new_store(Path(folder))
    pipeline = _pipeline(store, severity, letters(sent))
    while (decided := pipeline.decide_next()) is not None:
        assert not decided.failure
    store.close()


@pytest.mark.parametrize("severity", ["ask", "hold"])
def test_four_processes_never_oversell(blank: Path, tmp_path: Path, severity: str) -> None:
    """All deciding at once on one file: the register that one worker makes alone."""
    chance = random.Random(f"{severity} 4")
    does = ["send"] * 5 + ["faulty", "withdraw", "withdraw"]
    sent = [
        Sent(chance.randrange(4), chance.choice(does), tuple(chance.sample(range(3), 2)))
        for _ in range(16)
    ]
    waiting = letters(sent)
    alone, together = tmp_path / "alone", tmp_path / "together"
    store = copied(blank, alone)
    one_after_the_other(store, severity, waiting)
    expected = register(store)
    store.close()
    store = copied(blank, together)
    with store.writing() as connection:
        for entry in reversed(waiting):
            enter(connection, entry)
    context = multiprocessing.get_context("spawn")
    workers = [
        context.Process(target=_work, args=(str(together), severity, sent)) for _ in range(4)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    found = register(store)
    store.close()

    assert [worker.exitcode for worker in workers] == [0] * 4
    assert found == expected
    assert any(row[5] for row in found)
    sound(found)
