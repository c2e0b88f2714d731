"""A missing Return-Path says something only where every other mail of the mailbox has one."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from intake import new_store, reading
from letters import letter, team_papers
from postoffice import post_office
from test_register import enter, sha

from mailbot.store import Store, waiting
from mailbot.store import schema as t
from mailbot.store.register import StoredRegister

BEIJING = ZoneInfo("Asia/Shanghai")
DAY = datetime(2026, 7, 10, 9, tzinfo=BEIJING)


def entered(store: Store, paths: list[str | None]) -> None:
    """Mails of these envelope senders, dealt with long ago."""
    for number, path in enumerate(paths, 1000):
        found = reading(number)
        enter(store, number, replace(found, envelope=replace(found.envelope, return_path=path)))
    with store.writing() as connection:
        connection.execute(t.mails.update().values(state="decided", disposition="inquiry"))


@pytest.mark.parametrize(
    ("paths", "expected"),
    [
        (["a@b.cn"] * 30, True),
        (["a@b.cn"] * 29, False),
        (["a@b.cn"] * 20 + [""] * 10, True),
        ([None] * 30, False),
        (["a@b.cn"] * 50 + [None], True),
        (["a@b.cn"] * 48 + [None], False),
        ([None] * 100 + ["a@b.cn"] * 100, True),
        (["a@b.cn"] * 100 + [None] * 3, False),
    ],
)
def test_the_habit_of_a_server(tmp_path: Path, paths: list[str | None], expected: bool) -> None:
    """Thirty mails show it, of the last hundred; one in fifty may lack the field."""
    store = new_store(tmp_path)
    entered(store, paths)
    enter(store, 1, reading(1))
    with store.reading() as connection:
        assert StoredRegister(connection).expects_path(sha(1)) is expected


def test_imported_files_have_no_habit(tmp_path: Path) -> None:
    """Whoever saved them may have left the field out."""
    store = new_store(tmp_path)
    entered(store, ["a@b.cn"] * 40)
    enter(store, 1, reading(1))
    with store.writing() as connection:
        connection.execute(t.sightings.update().values(account="import"))
    with store.reading() as connection:
        assert not StoredRegister(connection).expects_path(sha(1))
        assert not StoredRegister(connection).expects_path(sha(2))


@pytest.mark.parametrize("files", [team_papers(), {}])
def test_it_is_filed_and_not_answered(tmp_path: Path, files: dict[str, bytes]) -> None:
    """A person sees it, papers or question; nothing goes out."""
    with post_office(tmp_path, DAY) as office:
        entered(office.store, ["a@b.cn"] * 30)
        answered = office.answer(pathless(files))
        waits = [entry.mail.silence for entry in waiting.list_waiting(office.store) if entry.mail]

    assert answered is None
    assert any("Return-Path" in silence for silence in waits)


def test_where_no_mail_has_one_it_is_answered(tmp_path: Path) -> None:
    """As with providers that hand out every mail without it."""
    with post_office(tmp_path, DAY) as office:
        entered(office.store, [None] * 30)
        assert office.answer(pathless(team_papers())) is not None


def pathless(files: dict[str, bytes]) -> bytes:
    """An application, or a mere question, without the field."""
    first, _, rest = letter(files, arrived=DAY).partition(b"\r\n")
    assert first.startswith(b"Return-Path:")
    return rest
