"""Disks that are full, files that may not be written, a register in somebody else's hands."""

from __future__ import annotations

import errno
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from faults import World, aftermath, world
from intake import Shelf, mail
from smalldisk import full, open_folder, read_only, small_disk

from mailbot.keeping.archive import FolderArchive
from mailbot.pipeline import Box
from mailbot.ports import WorldError
from mailbot.store import engine, open_store

NUMBERS = (1, 2, 3)


def shelf(*numbers: int) -> Box:
    """A mailbox with these mails."""
    return Box(source=Shelf([mail(number) for number in numbers]))


def more(here: World, *numbers: int) -> None:
    """These mails come."""
    source: Any = here.service.boxes[0].source
    source.raws += [mail(number) for number in numbers]


@pytest.mark.parametrize("where", ["archive", "register"])
def test_a_full_disk(tmp_path: Path, where: str) -> None:
    """It is said with what to do; when there is room, everything goes on by itself."""
    with small_disk(tmp_path / where):
        url = f"sqlite:///{tmp_path / 'register' / 'mailbot.db'}" if where == "register" else ""
        with world(tmp_path, shelf(1), url=url) as here:
            here.round()
            more(here, 2, 3)
            with full(tmp_path / where):
                problems = [here.round().problems for _ in range(2)]
            assert all(problems)
            assert all("磁盘" in said or "写入" in said for round_ in problems for said in round_)
            aftermath(here, NUMBERS, told=True)


@pytest.mark.parametrize("number", range(1, 10))
def test_no_room_at_any_write_of_the_archive(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    """From whatever was to be synced, file or folder: the mails are taken again, once."""
    sync, left = os.fsync, [number]

    def failing(descriptor: int) -> None:
        left[0] -= 1
        if left[0] <= 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        sync(descriptor)

    with world(tmp_path, shelf(*NUMBERS)) as here:
        with monkeypatch.context() as disk:
            disk.setattr(os, "fsync", failing)
            problems = here.round().problems
        assert left[0] <= 0
        assert ["磁盘已满" in said for said in problems] == [True]
        aftermath(here, NUMBERS, told=True)


@contextmanager
def failing_at(here: World, number: int) -> Iterator[list[int]]:
    """The database is full at the n-th statement or commit of a writer."""
    left = [number]

    def step(*_: object) -> None:
        left[0] -= 1
        if left[0] == 0:
            cause = sqlite3.OperationalError("database or disk is full")
            raise sa.exc.OperationalError("INSERT", {}, cause)

    writer = here.store._writer
    for name in ("before_cursor_execute", "commit"):
        sa.event.listen(writer, name, step)
    try:
        yield left
    finally:
        for name in ("before_cursor_execute", "commit"):
            sa.event.remove(writer, name, step)


@pytest.mark.parametrize("number", [*range(1, 8), *range(8, 120, 9)])
def test_the_register_is_full_at_any_step(tmp_path: Path, number: int) -> None:
    """Half a record is none; after the final dot the reply is uncertain, else it is sent once."""
    with world(tmp_path, shelf(*NUMBERS), policy="resend") as here:
        assert here.service.outbox is not None
        here.service.outbox.was_sent = lambda reply: _is_among(here, reply.message_id)
        with failing_at(here, number) as left:
            problems, begun = attempt(here)
        assert left[0] <= 0, "the round had so many steps"
        assert ["磁盘已满" in said for said in problems] == [True]
        aftermath(here, NUMBERS, told=begun)


def attempt(here: World) -> tuple[list[str], bool]:
    """What went wrong in one cycle, and whether it could begin at all."""
    try:
        return here.round().problems, True
    except WorldError as error:
        return [str(error)], False


def _is_among(here: World, message_id: str) -> bool:
    return any(message_id.encode() in raw for raw in here.taken())


@pytest.mark.parametrize("what", ["file", "folder"])
def test_a_register_that_may_not_be_written(what: str) -> None:
    """Nothing is sent that cannot be written down; nothing is taken for done."""
    with open_folder() as folder:
        place = folder / "register"
        place.mkdir()
        file = place / "mailbot.db"
        with world(folder, shelf(1), url=f"sqlite:///{file}") as here:
            here.round()
            more(here, 2, 3)
            here.store.close()  # whoever has it open already may go on writing
            folder.chmod(0o777)
            with read_only(*([place, file] if what == "folder" else [file])):
                problems, begun = attempt(here)
                assert len(here.taken()) == 1
                here.store.close()
            assert problems
            assert all("数据" in said for said in problems)
            aftermath(here, NUMBERS, told=begun)


def test_a_running_service_whose_register_may_not_be_written() -> None:
    """Each part says so and rests; afterwards all is made up for."""
    with open_folder() as folder:
        file = folder / "register" / "mailbot.db"
        with world(folder, shelf(1), url=f"sqlite:///{file}") as here:
            here.round()
            more(here, 2, 3)
            here.store.close()
            with read_only(file.parent, file):
                here.service._poll_and_process(here.service.boxes[0])
                here.service._alert()
                here.store.close()
            assert any("写" in str(line.get("error")) for line in here.lines)
            aftermath(here, NUMBERS, told=True)


def test_an_archive_that_may_not_be_written() -> None:
    """Who owns the folder is what to look at."""
    with open_folder() as folder:
        place = folder / "archive"
        with world(folder, shelf(1), archive=FolderArchive(place)) as here:
            here.round()
            more(here, 2, 3)
            for path in (folder, folder / "mailbot.lock", *folder.glob("mailbot.db*")):
                path.chmod(0o777)
            with read_only(place, *(path for path in place.rglob("*") if path.is_dir())):
                problems = here.round().problems
            assert any("权限" in said for said in problems)
            aftermath(here, NUMBERS, told=True)


_HOLDER = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
print("held", flush=True)
sys.stdin.read()
"""


def test_a_register_that_another_process_holds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every part waits its time, says why, and goes on when the other one is done."""
    monkeypatch.setattr(engine, "_BUSY", 100)
    with world(tmp_path, shelf(1)) as here:
        here.round()
        more(here, 2, 3)
        command = [sys.executable, "-c", _HOLDER, str(tmp_path / "mailbot.db")]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
            assert other.stdout is not None
            assert other.stdout.readline() == b"held\n"
            here.service._poll_and_process(here.service.boxes[0])
            assert len(here.taken()) == 1
            assert other.stdin is not None
            other.stdin.close()
        assert any("另一个程序占用" in str(line.get("error")) for line in here.lines)
        aftermath(here, NUMBERS, told=True)


def test_a_data_folder_that_may_not_be_written() -> None:
    """The service does not begin, and says what to look at."""
    with open_folder() as folder, world(folder, shelf(1)) as here:
        with read_only(folder), pytest.raises(WorldError, match=r"不可写.*权限"):
            here.round()
        aftermath(here, (1,), told=False)


def test_a_register_that_cannot_be_made() -> None:
    """Where the folder may not be written, opening says so."""
    with open_folder() as folder:
        place = folder / "register"
        place.mkdir()
        with read_only(place), pytest.raises(WorldError, match="权限"):
            open_store(f"sqlite:///{place / 'mailbot.db'}")
