"""The mails as they are entered: one by one, and many at once."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from intake import NOW, new_store

from mailbot.model import Sighting
from mailbot.store import Connection, Store, mails
from mailbot.store import schema as t

_TABLES = (t.mails, t.sightings, t.events)


@st.composite
def taken(draw: st.DrawFn) -> mails.Taken:
    """One of few mails at one of few places, so that they meet."""
    number = draw(st.integers(1, 5))
    return mails.Taken(
        sha256=hashlib.sha256(bytes([number])).hexdigest(),
        size=number,
        arrived=NOW + timedelta(seconds=number),
        sighting=Sighting(
            account=draw(st.sampled_from(["a@example.org", "b@example.org"])),
            folder=draw(st.sampled_from(["INBOX", "Junk"])),
            uidvalidity=draw(st.integers(1, 2)),
            uid=draw(st.integers(1, 5)),
        ),
        mailbox="a@example.org",
        junk=draw(st.booleans()),
    )


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Empty, because all is rolled back."""
    made = new_store(tmp_path_factory.mktemp("store"))
    yield made
    made.close()


def left(connection: Connection) -> tuple[Any, ...]:
    """The mails, where they were seen, and their history; numbers given by sequence aside."""
    name = {row.id: row.sha256 for row in connection.execute(sa.select(t.mails))}
    seen = connection.execute(sa.select(t.sightings).order_by(*list(t.sightings.c)[2:])).all()
    said = connection.execute(sa.select(t.events).order_by(t.events.c.mail_id, t.events.c.id)).all()
    return (
        {tuple(row)[1:] for row in connection.execute(sa.select(t.mails))},
        [(name[row.mail_id], *tuple(row)[2:]) for row in seen],
        {(name[row.mail_id], row.at, row.who, row.what, str(row.details)) for row in said},
    )


@given(before=st.lists(taken(), max_size=5), many=st.lists(taken(), max_size=12))
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_many_at_once_are_entered_as_one_by_one(
    store: Store, before: Sequence[mails.Taken], many: Sequence[mails.Taken]
) -> None:
    """Known ones, repeated ones, and those whose place is taken: the same rows, the same answers."""
    results = []
    for at_once in (False, True):
        with store.rehearsing() as connection:
            for entry in before:
                mails.enter(connection, entry, NOW)
            if at_once:
                fresh = list(mails.enter_all(connection, many, NOW))
            else:
                fresh = [mails.enter(connection, entry, NOW) for entry in many]
            results.append((fresh, left(connection)))

    assert results[0] == results[1]


def test_many_are_entered_by_few_statements(store: Store) -> None:
    """However many there are, and in the order they are given."""
    seen = [Sighting(account="a", folder="b", uidvalidity=1, uid=uid) for uid in range(1, 201)]
    many = [
        mails.Taken(sha256=f"{place.uid:064x}", size=1, arrived=NOW, sighting=place)
        for place in seen
    ]
    statements: list[str] = []
    sa.event.listen(
        store._writer, "before_cursor_execute", lambda *arguments: statements.append(arguments[2])
    )
    with store.rehearsing() as connection:
        fresh = mails.enter_all(connection, many, NOW)
        order = connection.scalars(sa.select(t.mails.c.sha256).order_by(t.mails.c.id)).all()

    assert fresh == [True] * 200
    assert order == [taken.sha256 for taken in many]
    assert len(statements) <= 8
