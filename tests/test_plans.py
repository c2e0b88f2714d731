"""What is asked of the register while mails pass does not read whole tables.

With a hundred mails nobody notices; with a hundred thousand each mail would take
half a second. SQLite's own plans are looked at, of every statement there is.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from letters import letter, story_papers, team_papers
from postoffice import post_office

from mailbot.store import Store, queries

FIRST = datetime(2026, 7, 10, 1, 0, tzinfo=UTC)

#: Tables that gain rows with every mail.
_GROWING = "mails|sightings|events|replies|documents|forms|verdicts|findings|submissions|papers"
#: By the writer of what was forwarded: nearly all mails have none, so once is enough.
_WRITER = "SEARCH mails USING INDEX ix_mails_applicant (applicant=?)"
#: Read through, or gone through by a column that says the same of nearly all mails.
_THROUGH = re.compile(
    rf"SCAN ({_GROWING})\b(?! USING COVERING)"
    r"|ix_mails_\w+ \((state|purge)=\?\)$"
)


class Plans:
    """The plan of every statement a store has executed, by its words."""

    def __init__(self, store: Store) -> None:
        self.found: dict[str, list[str]] = {}
        for engine in (store._writer, store._reader):
            sa.event.listen(engine, "before_cursor_execute", self._look)

    def _look(
        self, connection: sa.Connection, _cursor: Any, said: str, values: Any, *_: Any
    ) -> None:
        words = " ".join(said.split())
        if not words.startswith(("SELECT", "UPDATE", "DELETE")):
            return
        raw: Any = connection.connection.driver_connection
        asked = values[0] if isinstance(values, list) else values
        rows = raw.execute(f"EXPLAIN QUERY PLAN {said}", asked).fetchall()
        self.found[words] = [row[3] for row in rows]

    def through(self) -> dict[str, list[str]]:
        """Those that read through a table; the queue of undecided mails is short."""
        return {
            words: plan
            for words, plan in self.found.items()
            if (any(map(_THROUGH.search, plan)) or plan.count(_WRITER) > 1)
            and "WHERE mails.state = ?" not in words
        }

    def queue(self) -> list[str]:
        """Each step of finding the next mail."""
        return [
            step
            for words, plan in self.found.items()
            for step in plan
            if "FROM mails WHERE mails.state" in words
        ]


def test_no_table_is_read_through_while_mails_pass(tmp_path: Path) -> None:
    """An application, the same once more, a correction, questions, a machine, a forwarded one."""
    with post_office(tmp_path, FIRST) as office:
        plans = Plans(office.store)
        first = letter(team_papers(), arrived=FIRST)
        office.take(first)
        office.take(b"X-Forwarded-For: <a@example.org>\r\n" + first)
        office.take(letter(team_papers(), arrived=FIRST, message_id="<2@xiangjiang.example>"))
        office.take(letter(story_papers(), arrived=FIRST, message_id="<3@xiangjiang.example>"))
        question = letter({}, arrived=FIRST, message_id="<4@xiangjiang.example>")
        office.take(question, question.partition(b"\r\n")[2])  # the latter without Return-Path
        office.take(letter({}, arrived=FIRST, message_id="<5@x.example>", Precedence="bulk"))
        words = "SELECT mails.id, mails.state, mails.disposition FROM mails WHERE mails.message_id"

        assert any(said.startswith(words) for said in plans.found)  # it has looked
        assert len(plans.found) > 40
        assert plans.through() == {}
        assert plans.queue()
        assert not [said for said in plans.queue() if "USE TEMP B-TREE FOR ORDER BY" in said]


def test_the_letters_are_not_read_to_count_them(tmp_path: Path) -> None:
    """What ``status`` and the metrics ask of the replies is answered from indexes."""
    with post_office(tmp_path, FIRST) as office:
        office.take(letter({}, arrived=FIRST))
        plans = Plans(office.store)
        queries.status(office.store)

        asked = [plan for said, plan in plans.found.items() if "replies" in said]
        assert len(asked) >= 3
        assert not [plan for plan in asked for step in plan if step == "SCAN replies"]
