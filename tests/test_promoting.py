"""The waiting list: who stands where, and who gets the place that falls free."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from dossiers import ID
from hypothesis import given
from hypothesis import strategies as st
from intake import new_store
from places import (
    COMPANIES,
    SETTINGS,
    START,
    MemoryDesk,
    StoreDesk,
    a_team,
    an_incoming,
    states,
    with_quota,
)

from mailbot.cli import screen
from mailbot.deciding.filing import judge_again
from mailbot.deciding.promoting import promote
from mailbot.outcome import Incoming, Outcome
from mailbot.reports import overview
from mailbot.reports.overview import Names
from mailbot.store import positions, queries
from mailbot.store import schema as t
from mailbot.store.record import keep_ruling, record_again
from mailbot.store.register import StoredRegister
from rules.model import Ruling
from rules.waiting import Block, served

FIRST, SECOND, THIRD, FOURTH = COMPANIES
SENDERS = {name: f"m{n}@company.example" for n, name in enumerate(COMPANIES)}


def sent(number: int, company: str, *names: str, text: str = "") -> Incoming:
    """A mail of a company."""
    forms = [a_team(name, company) for name in names]
    return an_incoming(number, *forms, sender=SENDERS[company], text=text)


@pytest.fixture(params=["memory", "store"])
def desk(request: pytest.FixtureRequest, tmp_path: Path) -> MemoryDesk | StoreDesk:
    """Two places for teams, and a waiting list; with and without a database."""
    if request.param == "memory":
        return MemoryDesk(with_quota("hold"))
    return StoreDesk(with_quota("hold"), new_store(tmp_path))


def register(desk: MemoryDesk | StoreDesk) -> dict[str, tuple[str, int]]:
    """What has a number, and what holds a place, by company."""
    found = {}
    if isinstance(desk, MemoryDesk):
        for known in desk.register.dossiers(ID, ""):
            standing = desk.register.standing(known.id)
            found[known.unit] = (" ".join(standing.receipts.values()), len(standing.holders))
        return found
    with desk.store.reading() as connection:
        stored = StoredRegister(connection)
        for known in stored.dossiers(ID, ""):
            standing = stored.standing(known.id)
            found[known.unit] = (" ".join(standing.receipts.values()), len(standing.holders))
    return found


def test_whoever_comes_when_all_is_full_is_told_where_he_stands(
    desk: MemoryDesk | StoreDesk,
) -> None:
    """By region: another region's list is another one."""
    desk.take(sent(1, FIRST, "冲压一班", "焊接二班"))
    second = desk.take(sent(2, SECOND, "装配三班"))
    third = desk.take(sent(3, THIRD, "涂装四班"))

    assert states(second) == {"装配三班": "waitlisted"}
    for outcome, place in ((second, "候补第 1 位"), (third, "候补第 2 位")):
        assert outcome.reply is not None
        assert outcome.reply.kind == "waitlisted"
        assert place in outcome.reply.text


def test_a_place_that_fell_free_is_no_correction(desk: MemoryDesk | StoreDesk) -> None:
    """Whoever is next is counted as having it where the others are told; nobody put it right."""
    desk.take(sent(1, FIRST, "冲压一班", "焊接二班"))
    desk.take(sent(2, FIRST, "涂装四班"))
    desk.take(sent(3, FIRST, "装配三班"))
    outcome = desk.take(sent(4, FIRST, text="撤回冲压一班"))

    assert states(outcome)["涂装四班"] == "accepted"
    assert states(outcome)["装配三班"] == "waitlisted"
    assert outcome.reply is not None
    assert "已补正" not in outcome.reply.text
    assert "已使用2个" in outcome.reply.text
    assert "候补第 1 位" in outcome.reply.text


def test_the_first_who_waits_gets_the_place_in_the_same_moment(
    desk: MemoryDesk | StoreDesk,
) -> None:
    """With the next number; whoever comes later does not overtake."""
    desk.take(sent(1, FIRST, "冲压一班", "焊接二班"))
    desk.take(sent(2, SECOND, "装配三班"))
    desk.take(sent(3, THIRD, "涂装四班"))
    desk.take(sent(4, FIRST, text="撤回冲压一班"))
    late = desk.take(sent(5, FOURTH, "检验五班"))
    found = register(desk)

    assert [found[name][1] for name in COMPANIES] == [1, 1, 0, 0]
    assert found[SECOND][0].endswith("3")
    assert late.reply is not None
    assert "候补第 2 位" in late.reply.text


def test_the_sender_of_the_withdrawal_does_not_jump_the_queue(
    desk: MemoryDesk | StoreDesk,
) -> None:
    """Whose own item waits behind another's."""
    desk.take(sent(1, FIRST, "冲压一班", "焊接二班"))
    desk.take(sent(2, SECOND, "装配三班"))
    desk.take(sent(3, FIRST, "涂装四班"))
    outcome = desk.take(sent(4, FIRST, text="撤回冲压一班"))

    assert states(outcome)["涂装四班"] == "waitlisted"
    assert register(desk)[SECOND][1] == 1


def test_who_is_before_in_the_queue_gets_it_even_from_his_own_hand(
    desk: MemoryDesk | StoreDesk,
) -> None:
    """First arrival counts, whoever gives the place back."""
    desk.take(sent(1, FIRST, "冲压一班", "焊接二班"))
    desk.take(sent(2, FIRST, "涂装四班"))
    desk.take(sent(3, SECOND, "装配三班"))
    outcome = desk.take(sent(4, FIRST, text="撤回冲压一班"))

    assert states(outcome)["涂装四班"] == "accepted"
    assert register(desk)[SECOND][1] == 0


def test_what_came_together_is_promoted_together(desk: MemoryDesk | StoreDesk) -> None:
    """The program chooses none of a unit's own; a smaller one behind it fits meanwhile."""
    desk.take(sent(1, FIRST, "冲压一班", "焊接二班"))
    both = desk.take(sent(2, SECOND, "装配三班", "涂装四班"))
    desk.take(sent(3, THIRD, "检验五班"))
    desk.take(sent(4, FIRST, text="撤回冲压一班"))
    first = register(desk)
    desk.take(sent(5, THIRD, text="撤回检验五班"))
    desk.take(sent(6, FIRST, text="撤回焊接二班"))
    second = register(desk)

    assert both.reply is not None
    assert "同列此位" in both.reply.text
    assert [first[name][1] for name in (FIRST, SECOND, THIRD)] == [1, 0, 1]
    assert [second[name][1] for name in (FIRST, SECOND, THIRD)] == [0, 2, 0]


def test_a_unit_may_choose_which_of_its_own_goes_first(desk: MemoryDesk | StoreDesk) -> None:
    """By giving up the other."""
    desk.take(sent(1, FIRST, "冲压一班"))
    waiting = desk.take(sent(2, SECOND, "装配三班", "涂装四班"))
    chosen = desk.take(sent(3, SECOND, text="保留装配三班"))

    assert set(states(waiting).values()) == {"waitlisted"}
    assert states(chosen) == {"装配三班": "accepted", "涂装四班": "withdrawn"}


def test_a_corrected_item_keeps_its_first_arrival(desk: MemoryDesk | StoreDesk) -> None:
    """Faulty when it came, it took no place; put right, it stands before who came after it."""
    faulty = a_team("装配三班", SECOND, postcode=None)
    desk.take(an_incoming(1, faulty, sender=SENDERS[SECOND]))
    desk.take(sent(2, FIRST, "冲压一班", "焊接二班"))
    desk.take(sent(3, THIRD, "涂装四班"))
    right = desk.take(sent(4, SECOND, "装配三班"))
    desk.take(sent(5, FIRST, text="撤回冲压一班"))

    assert right.reply is not None
    assert "候补第 1 位" in right.reply.text
    assert register(desk)[SECOND][1] == 1


def test_a_waiting_item_may_be_withdrawn(desk: MemoryDesk | StoreDesk) -> None:
    """The others move up."""
    desk.take(sent(1, FIRST, "冲压一班", "焊接二班"))
    desk.take(sent(2, SECOND, "装配三班"))
    desk.take(sent(3, THIRD, "涂装四班"))
    outcome = desk.take(sent(4, SECOND, text="我公司撤回装配三班"))
    desk.take(sent(5, FIRST, text="撤回冲压一班"))

    assert states(outcome) == {"装配三班": "withdrawn"}
    assert register(desk)[THIRD][1] == 1


def test_the_promoted_get_a_letter_of_their_own(tmp_path: Path) -> None:
    """A receipt with the number, in the thread of their mail; one for each promotion."""
    desk = StoreDesk(with_quota("hold"), new_store(tmp_path))
    desk.take(sent(1, FIRST, "冲压一班", "焊接二班"))
    desk.take(sent(2, SECOND, "装配三班"))
    desk.take(sent(3, FIRST, text="撤回冲压一班"))
    with desk.store.reading() as connection:
        letter = connection.execute(
            sa.select(t.replies).where(t.replies.c.cause.startswith("promotion:"))
        ).one()
        item = connection.execute(sa.select(t.items).where(t.items.c.name == "装配三班")).one()

    assert (letter.kind, letter.recipient) == ("receipt", SENDERS[SECOND])
    assert item.receipt in letter.subject
    for words in ("名额空出", "递补", "装配三班", item.receipt, "候补顺序"):
        assert words in letter.text
    assert b"In-Reply-To: <2@company.example>" in letter.message
    assert (item.decision, item.holds_place, item.waits) == ("accepted", True, False)


def test_staff_who_decline_pass_the_place_on(tmp_path: Path) -> None:
    """A ruling, recorded, and then promoted, in one transaction."""
    asked = with_quota("hold")
    desk = StoreDesk(asked, new_store(tmp_path))
    desk.take(sent(1, FIRST, "冲压一班", "焊接二班"))
    desk.take(sent(2, SECOND, "装配三班"))
    with desk.store.writing() as connection:
        stored = StoredRegister(connection)
        known = next(entry for entry in stored.dossiers(ID, "") if entry.unit == FIRST)
        item = connection.scalar(sa.select(t.items.c.id).where(t.items.c.name == "冲压一班"))
        assert item is not None
        ruling = Ruling(what="decline", reason="不符合条件", submissions=1)
        keep_ruling(connection, item, ruling, who="李老师", now=START)
        outcome = judge_again(stored, asked, known, START)
        record_again(connection, "ruling:1", outcome, None, START)
        done: tuple[object, ...] = promote(connection, {ID: asked}, SETTINGS, ID, "", START)

    assert len(done) == 1
    assert register(desk)[SECOND][1] == 1


def test_without_a_waiting_list_nobody_is_promoted(tmp_path: Path) -> None:
    """Where the unit is asked, it answers itself."""
    desk = StoreDesk(with_quota("ask"), new_store(tmp_path))
    desk.take(sent(1, FIRST, "冲压一班", "焊接二班"))
    desk.take(sent(2, SECOND, "装配三班"))
    outcome: Outcome = desk.take(sent(3, FIRST, text="撤回冲压一班"))

    assert states(outcome)["冲压一班"] == "withdrawn"
    assert register(desk)[SECOND] == ("", 0)


def test_staff_see_who_stands_where(tmp_path: Path) -> None:
    """In the list and in the digest; together where they came together."""
    asked = with_quota("hold")
    desk = StoreDesk(asked, new_store(tmp_path))
    desk.take(sent(1, FIRST, "冲压一班", "焊接二班"))
    desk.take(sent(2, SECOND, "装配三班"))
    desk.take(sent(3, THIRD, "涂装四班", "检验五班"))
    desk.take(sent(4, FOURTH, "机加六班"))
    rows = positions.with_positions(desk.store, queries.list_items(desk.store), {ID: asked})
    block = overview.in_line(
        [row for row in rows if row.position], Names(zone=ZoneInfo("Asia/Shanghai"))
    )

    assert [row.position for row in rows] == [None, None, 1, 2, 2, 4]
    assert [row[2] for row in block.rows] == ["第 1 位", "第 2 位", "第 2 位", "第 4 位"]
    assert "第 4 位" in screen.state("waitlisted", 4)


@given(
    st.lists(
        st.tuples(st.integers(0, 3), st.integers(1, 3), st.integers(0, 6)), min_size=1, max_size=8
    ),
    st.integers(0, 6),
)
def test_places_go_by_first_arrival_and_never_further_than_they_reach(
    entries: list[tuple[int, int, int]], free: int
) -> None:
    """Nobody fits who does not fit; nobody waits for whom there is room after those before him."""
    blocks = [
        Block(since=START + timedelta(minutes=since), turn=f"{turn}{place}", size=size)
        for place, (turn, size, since) in enumerate(entries)
    ]
    found = list(served(blocks, free))
    given = [block for block, ahead in found if ahead is None]
    left = free
    for block, ahead in found:
        if ahead is None:
            left -= block.size
        else:
            assert block.size > left

    assert sum(block.size for block in given) <= free
    assert [block for block, _ in found] == sorted(blocks, key=lambda b: (b.since, b.turn))
