"""The database door: transactions that take the lock at once, failures in plain words."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import alembic.autogenerate
import alembic.command
import alembic.config
import alembic.migration
import pytest
import sqlalchemy as sa
from intake import NOW, new_store

import mailbot.store
from mailbot.ports import StoreError
from mailbot.store import open_store
from mailbot.store import schema as t

MIGRATIONS = Path(mailbot.store.__file__).parent / "migrations"

#: one mail, one dossier, one item accepted and one asked for something
OLD_ROWS = """
INSERT INTO mails (id, sha256, state, arrived, fetched_at, size, mailbox, subject, sender,
  message_id, body, reading_failure, silence, repeated, failure) VALUES
  (1, 'abc', 'decided', '2026-07-01', '2026-07-01', 1, '', '', '', '', '', '', '', 0, '');
INSERT INTO dossiers VALUES ('d', 'c', '', '单位', '单位', '2026-07-01');
INSERT INTO items VALUES
  ('i1', 'd', 0, 'team', '甲', '', NULL, 'accepted', 'R1', '2026-07-01', '2026-07-01', 0),
  ('i2', 'd', 1, 'team', '乙', '', NULL, 'supplement', NULL, '2026-07-01', '2026-07-01', 0);
INSERT INTO verdicts VALUES (1, 1, 'd', '2026-07-01', 'c', 'v', 'accepted');
INSERT INTO findings VALUES
  (1, 1, 'i2', 'field.empty', 'ask', '', '', '', '', '', '', '', '', '[]', NULL)
"""


def test_migrations_build_the_tables_of_the_schema(tmp_path: Path) -> None:
    """After the migrations nothing differs from the tables in the code."""
    store = new_store(tmp_path)
    with store.reading() as connection:
        context = alembic.migration.MigrationContext.configure(
            connection, opts={"compare_type": True}
        )
        differences = alembic.autogenerate.compare_metadata(context, t.metadata)
    store.close()

    assert differences == []


def test_a_register_of_the_first_version_is_carried_over(tmp_path: Path) -> None:
    """What was accepted holds its place, verdicts name their mail as their cause, findings stay."""
    url = f"sqlite:///{tmp_path / 'old.db'}"
    engine = sa.create_engine(url)
    config = alembic.config.Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        alembic.command.upgrade(config, "0001")
        for statement in OLD_ROWS.split(";"):
            connection.exec_driver_sql(statement)
    engine.dispose()
    with closing(open_store(url)) as store, store.writing() as connection:
        cause = connection.scalar(sa.select(t.verdicts.c.cause))
        held = connection.execute(sa.select(t.items.c.receipt, t.items.c.holds_place)).all()
        found = connection.scalar(sa.select(t.findings.c.code).join(t.verdicts))
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()

    assert cause == "mail:abc"
    assert dict(map(tuple, held)) == {"R1": True, None: False}
    assert (found, broken) == ("field.empty", [])


def test_looking_needs_no_lock(tmp_path: Path) -> None:
    """Status and list answer at once while somebody else writes for long."""
    with new_store(tmp_path).writing():
        looking = new_store(tmp_path)
        with looking.reading() as connection:
            assert connection.scalar(sa.select(sa.func.count()).select_from(t.mails)) == 0


def test_opening_twice_changes_nothing(tmp_path: Path) -> None:
    """An up-to-date database is opened as it is."""
    with new_store(tmp_path).writing() as connection:
        connection.execute(t.counters.insert().values(campaign="a", tier="", last=7))
    store = new_store(tmp_path)
    with store.reading() as connection:
        last = connection.scalar(sa.select(t.counters.c.last))

    assert last == 7


def test_write_ahead_log_and_full_sync(tmp_path: Path) -> None:
    """A committed reply is never forgotten on power loss."""
    with new_store(tmp_path).writing() as connection:
        journal = connection.exec_driver_sql("PRAGMA journal_mode").scalar()
        synchronous = connection.exec_driver_sql("PRAGMA synchronous").scalar()
        keys = connection.exec_driver_sql("PRAGMA foreign_keys").scalar()

    assert (journal, synchronous, keys) == ("wal", 2, 1)


def test_writing_excludes_other_writers_from_its_first_statement(tmp_path: Path) -> None:
    """What is read inside a writing transaction is still true when it writes."""
    store = new_store(tmp_path)
    seen: list[int] = []

    def raise_counter() -> None:
        for _ in range(20):
            with store.writing() as connection:
                last = connection.scalar(sa.select(t.counters.c.last)) or 0
                connection.execute(t.counters.update().values(last=last + 1))
                seen.append(last + 1)

    with store.writing() as connection:
        connection.execute(t.counters.insert().values(campaign="a", tier="", last=0))
    threads = [threading.Thread(target=raise_counter) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    store.close()

    assert sorted(seen) == list(range(1, 81))


def test_reading_does_not_wait_for_a_writer(tmp_path: Path) -> None:
    """A long deciding transaction does not stop the list command."""
    store = new_store(tmp_path)
    with store.writing() as writer:
        writer.execute(t.counters.insert().values(campaign="a", tier="", last=1))
        with store.reading() as reader:
            count = reader.scalar(sa.select(sa.func.count()).select_from(t.counters))

    assert count == 0


def test_reading_cannot_write(tmp_path: Path) -> None:
    """The reading engine refuses to change anything."""
    store = new_store(tmp_path)

    with pytest.raises(StoreError, match="不可写"), store.reading() as connection:
        connection.execute(t.counters.insert().values(campaign="a", tier="", last=1))


def test_a_rehearsal_leaves_no_trace(tmp_path: Path) -> None:
    """What was written in a rehearsal is gone afterwards."""
    store = new_store(tmp_path)
    with store.rehearsing() as connection:
        connection.execute(t.counters.insert().values(campaign="a", tier="", last=1))
    with store.reading() as connection:
        count = connection.scalar(sa.select(sa.func.count()).select_from(t.counters))

    assert count == 0


def test_an_exception_rolls_everything_back(tmp_path: Path) -> None:
    """Half a record is no record."""
    store = new_store(tmp_path)

    def half() -> None:
        with store.writing() as connection:
            connection.execute(t.counters.insert().values(campaign="a", tier="", last=1))
            raise KeyError

    with pytest.raises(KeyError):
        half()
    with store.reading() as connection:
        count = connection.scalar(sa.select(sa.func.count()).select_from(t.counters))

    assert count == 0


def test_a_full_disk_is_said_in_plain_words(tmp_path: Path) -> None:
    """SQLite's "database or disk is full" becomes advice."""
    store = new_store(tmp_path)

    def fill() -> None:
        with store.writing() as connection:
            connection.exec_driver_sql("PRAGMA max_page_count=1")
            long = "x" * 10_000_000
            connection.execute(
                t.marks.insert().values(account=long, folder="", uidvalidity=1, uid=1)
            )

    with pytest.raises(StoreError, match="磁盘已满"):
        fill()


def test_a_locked_database_is_said_in_plain_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another program that holds the database for long is named as the cause."""
    monkeypatch.setattr("mailbot.store.engine._BUSY", 50)
    store = new_store(tmp_path)
    other = sqlite3.connect(tmp_path / "mailbot.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreError, match="占用"), store.writing():
        pass
    other.close()


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    """A wrong path in the configuration does not destroy the file."""
    file = tmp_path / "mailbot.db"
    file.write_bytes(b"not a database, but long enough to be taken for one. " * 40)
    with pytest.raises(StoreError, match="不是 SQLite"):
        open_store(f"sqlite:///{file}")

    assert file.read_bytes().startswith(b"not a database")


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "nonsense"])
def test_an_impossible_address_is_refused(url: str) -> None:
    """A database that only one connection sees cannot be the register."""
    with pytest.raises(StoreError):
        open_store(url)


def test_a_folder_that_cannot_be_made_is_said_in_plain_words(tmp_path: Path) -> None:
    """A file stands where the folder should be."""
    (tmp_path / "data").write_text("")

    with pytest.raises(StoreError, match="目录"):
        open_store(f"sqlite:///{tmp_path}/data/mailbot.db")


def test_a_naive_time_is_refused(tmp_path: Path) -> None:
    """No instant without a zone gets into the database."""
    naive = NOW.replace(tzinfo=None)
    with pytest.raises(sa.exc.StatementError), new_store(tmp_path).writing() as connection:
        connection.execute(t.health.insert().values(name="x", last_try=naive))


def test_the_probe_says_that_it_can_write(tmp_path: Path) -> None:
    """The check command shows one line."""
    assert "可读写" in new_store(tmp_path).probe()
