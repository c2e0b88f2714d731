"""A copy made while the service works, and everything put back from it."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
from command import Program, configured, letters, written

from mailbot.keeping.archive import FolderArchive
from mailbot.keeping.backup import back_up
from mailbot.ports import StoreError
from mailbot.store import open_store

ROOT = str(Path(__file__).parent.parent)


@pytest.fixture
def mailbot(capsys: pytest.CaptureFixture[str]) -> Program:
    return Program(capsys)


def restored(copy: Path, folder: Path) -> Path:
    """As docs/operating.md says: the copy becomes the data folder."""
    file = configured(folder)
    (folder / "data").mkdir()
    shutil.copyfile(copy / "mailbot.db", folder / "data" / "mailbot.db")
    shutil.copytree(copy / "archive", folder / "data" / "archive")
    return file


def sound(file: Path) -> int:
    """The number of mails in a register without faults."""
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        return int(connection.execute("SELECT count(*) FROM mails").fetchone()[0])


def test_a_copy_of_a_working_service_names_no_mail_it_does_not_hold(
    mailbot: Program, tmp_path: Path
) -> None:
    """Made again and again while mails come in, each one can be put back."""
    (tmp_path / "office").mkdir()
    file = configured(tmp_path / "office")
    inbox, out = tmp_path / "office" / "in" / "new", tmp_path / "office" / "out" / "new"
    text = file.read_text("utf-8").replace(
        'url = "maildir:in"', 'url = "maildir:in"\npoll_seconds = 1'
    )
    file.write_text(text, encoding="utf-8")
    sent = [letter.raw for letter in letters(many=4)]
    service = subprocess.Popen(
        [sys.executable, "-m", "mailbot", "--config", str(file), "run"],
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": ROOT},
    )
    copies: list[Path] = []
    try:
        end = time.monotonic() + 90
        while len(list(out.iterdir())) < 2 and time.monotonic() < end:
            if sent:
                (inbox / f"1783353600.M{len(sent)}.test").write_bytes(sent.pop())
            copies.append(tmp_path / f"copy{len(copies)}")
            done = mailbot("--config", file, "backup", copies[-1])
            assert (done.code, done.err.count("Traceback")) == (0, 0), done.err
            time.sleep(0.3)
    finally:
        service.send_signal(signal.SIGTERM)
        _, errors = service.communicate(timeout=60)
    assert service.returncode == 0, errors.decode()
    held = [sound(copy / "mailbot.db") for copy in copies]

    assert held == sorted(held)
    assert held[-1] >= 2
    for number, copy in enumerate(copies[-3:]):
        (tmp_path / f"new{number}").mkdir()
        new = restored(copy, tmp_path / f"new{number}")
        status = mailbot("--config", new, "status", "--json").json
        assert status["archive"]["missing"] == []
        assert mailbot("--config", new, "check").code == 0


def test_a_copy_before_the_first_mail_can_be_put_back(mailbot: Program, tmp_path: Path) -> None:
    """It has all folders that are copied back, though there is nothing in them."""
    (tmp_path / "office").mkdir()
    file = configured(tmp_path / "office")
    assert mailbot("--config", file, "backup", tmp_path / "copy").code == 0
    (tmp_path / "new").mkdir()
    new = restored(tmp_path / "copy", tmp_path / "new")

    assert mailbot("--config", new, "status", "--json").json["archive"]["missing"] == []


def test_what_is_put_back_goes_on_where_it_was(mailbot: Program, tmp_path: Path) -> None:
    """The same items under the same numbers; a mail known already is not taken twice."""
    (tmp_path / "old").mkdir()
    (tmp_path / "new").mkdir()
    file = configured(tmp_path / "old")
    mails = written(tmp_path, many=2)
    mailbot("--config", file, "import", *mails, "--received-at", "2026-07-10T09:00")
    before = mailbot("--config", file, "list", "--json").json
    assert mailbot("--config", file, "backup", tmp_path / "copy").code == 0
    shutil.rmtree(tmp_path / "old" / "data")
    new = restored(tmp_path / "copy", tmp_path / "new")
    again = mailbot("--config", new, "import", *mails, "--received-at", "2026-07-10T09:00")

    assert mailbot("--config", new, "list", "--json").json == before
    assert (again.code, "新收入 0 封" in again.out) == (0, True)
    assert mailbot("--config", new, "run", "--once").code == 0  # what stood in the outbox goes out
    assert list((tmp_path / "new" / "out" / "new").iterdir())


def test_a_second_copy_adds_what_is_new(mailbot: Program, tmp_path: Path) -> None:
    """Raw mails never change, so only those that are not there yet are copied."""
    file = configured(tmp_path)
    one, two = written(tmp_path, many=2)
    mailbot("--config", file, "import", one, "--received-at", "2026-07-10T09:00")
    first = mailbot("--config", file, "backup", tmp_path / "copy")
    mailbot("--config", file, "import", two, "--received-at", "2026-07-10T09:00")
    second = mailbot("--config", file, "backup", tmp_path / "copy")

    assert "来信原件 1 个（本次新增 1 个）" in first.out
    assert "来信原件 2 个（本次新增 1 个）" in second.out
    assert sound(tmp_path / "copy" / "mailbot.db") == 2
    assert (tmp_path / "copy" / "config.toml").read_bytes() == file.read_bytes()
    assert sorted(entry.name for entry in (tmp_path / "copy").iterdir()) == [
        "archive", "config.toml", "mailbot.db",
    ]  # fmt: skip


def test_others_cannot_read_the_copy(tmp_path: Path) -> None:
    """It holds what the applicants have sent."""
    with closing(open_store(f"sqlite:///{tmp_path / 'mailbot.db'}")) as store:
        back_up(store, FolderArchive(tmp_path / "archive"), tmp_path / "copy")

    assert (tmp_path / "copy").stat().st_mode & 0o077 == 0
    assert (tmp_path / "copy" / "mailbot.db").stat().st_mode & 0o077 == 0


def test_a_damaged_original_is_named_and_the_others_are_copied(
    mailbot: Program, tmp_path: Path
) -> None:
    """Exit 1, so that whoever runs it by night learns of it."""
    file = configured(tmp_path)
    mails = written(tmp_path, many=2)
    mailbot("--config", file, "import", *mails, "--received-at", "2026-07-10T09:00")
    (damaged, *_) = sorted((tmp_path / "data" / "archive").rglob("*.eml"))
    damaged.write_bytes(b"something else")
    done = mailbot("--config", file, "backup", tmp_path / "copy")

    assert (done.code, damaged.stem[:12] in done.err) == (1, True)
    assert "来信原件 1 个" in done.out


def test_a_copy_broken_off_leaves_the_one_before(tmp_path: Path) -> None:
    """The register is put in its place last."""
    with closing(open_store(f"sqlite:///{tmp_path / 'mailbot.db'}")) as store:
        archive = FolderArchive(tmp_path / "archive")
        back_up(store, archive, tmp_path / "copy")
        before = (tmp_path / "copy" / "mailbot.db").read_bytes()
        (tmp_path / "copy" / "mailbot.db.new").write_bytes(b"half of it")
        back_up(store, archive, tmp_path / "copy")

    assert (tmp_path / "copy" / "mailbot.db").read_bytes() == before
    assert not (tmp_path / "copy" / "mailbot.db.new").exists()


def test_a_folder_that_cannot_be_written_is_said_in_plain_words(tmp_path: Path) -> None:
    """With what to look at."""
    (tmp_path / "copy").write_text("a file", encoding="utf-8")
    with (
        closing(open_store(f"sqlite:///{tmp_path / 'mailbot.db'}")) as store,
        pytest.raises(StoreError, match="备份文件夹"),
    ):
        back_up(store, FolderArchive(tmp_path / "archive"), tmp_path / "copy")
