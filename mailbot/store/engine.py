"""The door to the database: engines, transactions, migrations, and failures in plain words.

Writing happens in transactions that take the write lock at once (``BEGIN
IMMEDIATE`` on SQLite), because a transaction that reads first and writes later
would oversell; reading has an engine of its own, so that it never waits for a
writer nor makes one wait. Every failure of the database leaves this room as
:class:`~mailbot.ports.StoreError`. No table and no query stands here.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from importlib import resources
from pathlib import Path
from typing import cast

import alembic.command
import alembic.config
import alembic.script
import sqlalchemy as sa
from sqlalchemy import event

from mailbot.ports import StoreError

#: milliseconds a transaction waits for another one to end
_BUSY = 30_000

#: fragments of the driver's message, and what the operator is told
_EXPLAINED = (
    ("database is locked", "数据库被另一个程序占用超过 30 秒。请确认没有别的程序长时间打开它，稍后会自动重试。"),
    ("disk is full", "数据库所在磁盘已满。请清理磁盘空间，之后会自动继续，邮件不会丢失。"),
    ("readonly database", "数据库文件不可写。请检查数据目录及其文件的写入权限。"),
    ("unable to open database file", "无法打开数据库文件。请检查数据目录是否存在、是否有读写权限。"),
    ("disk i/o error", "读写数据库时磁盘出错。请检查磁盘状况和剩余空间。"),
    ("malformed", "数据库文件已损坏。请停止服务，并从备份恢复数据库文件。"),
    ("not a database", "配置中的数据库文件不是 SQLite 数据库。请检查 [database] url。"),
)  # fmt: skip


def _explain(error: Exception) -> str:
    """The failure in one Chinese sentence that says what to do."""
    text = str(getattr(error, "orig", None) or error)
    for fragment, advice in _EXPLAINED:
        if fragment in text.lower():
            return advice
    return f"数据库暂时不可用（{text.splitlines()[0] if text else '原因不明'}）。稍后会自动重试。"


@contextmanager
def _translated() -> Iterator[None]:
    """Failures of the database become StoreError; our own mistakes (constraints) stay visible."""
    try:
        yield
    except (sa.exc.OperationalError, sa.exc.InterfaceError, sa.exc.TimeoutError) as error:
        raise StoreError(_explain(error)) from error
    except sa.exc.DatabaseError as error:
        if type(error) is not sa.exc.DatabaseError:  # IntegrityError and kin: a bug of ours
            raise
        raise StoreError(_explain(error)) from error


def _engine(url: sa.URL, *, begin: str, pragmas: tuple[str, ...]) -> sa.Engine:
    """An engine; on SQLite every transaction opens with ``begin``, every connection sets pragmas."""
    if url.get_backend_name() != "sqlite":
        return sa.create_engine(url, pool_pre_ping=True)
    engine = sa.create_engine(
        url, connect_args={"timeout": _BUSY / 1000, "check_same_thread": False}
    )

    @event.listens_for(engine, "connect")
    def _connect(dbapi: sa.engine.interfaces.DBAPIConnection, _record: object) -> None:
        dbapi.isolation_level = None  # pysqlite must not BEGIN by itself
        cursor = dbapi.cursor()
        for pragma in (f"busy_timeout={_BUSY}", *pragmas):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


class Store:
    """The database of one installation. Use :func:`open_store`."""

    def __init__(self, url: sa.URL) -> None:
        self._url = url
        self._writer = _engine(
            url,
            begin="BEGIN IMMEDIATE",
            pragmas=("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"),
        )
        self._reader = _engine(url, begin="BEGIN", pragmas=("query_only=ON",))

    @property
    def url(self) -> str:
        """Where it is; without a password."""
        return self._url.render_as_string()

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """One transaction: committed at the end, rolled back by any exception.

        Raises StoreError when the database is locked, full or away.
        """
        with _translated(), self._writer.begin() as connection:
            yield connection

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """One consistent view; writing in it fails. Raises StoreError."""
        with _translated(), self._reader.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def rehearsing(self) -> Iterator[sa.Connection]:
        """A transaction that is always rolled back: what would happen if. Raises StoreError."""
        with _translated(), self._writer.connect() as connection:
            transaction = connection.begin()
            try:
                yield connection
            finally:
                transaction.rollback()

    def migrate(self) -> None:
        """Bring the tables to this version of the program. Raises StoreError."""
        with resources.as_file(resources.files("mailbot.store") / "migrations") as folder:
            config = alembic.config.Config()
            config.set_main_option("script_location", str(folder).replace("%", "%%"))
            if self._revision() in alembic.script.ScriptDirectory.from_config(config).get_heads():
                return  # whoever only looks need not wait for a writer
            # SQLite changes a table by building another; the rows that point to the old one
            # must not be looked at until the new one has its name.
            engine = _engine(
                self._url,
                begin="BEGIN IMMEDIATE",
                pragmas=("journal_mode=WAL", "synchronous=FULL", "foreign_keys=OFF"),
            )
            with _translated(), engine.begin() as connection:
                config.attributes["connection"] = connection
                alembic.command.upgrade(config, "head")
            engine.dispose()

    def _revision(self) -> str | None:
        """The version of the tables; None where there are none yet. Raises StoreError."""
        with self.reading() as connection:
            if not sa.inspect(connection).has_table("alembic_version"):
                return None
            found: str | None = connection.scalar(
                sa.text("SELECT version_num FROM alembic_version")
            )
            return found

    def copy_to(self, file: Path) -> None:
        """The register as it is at one moment, into a new database file; nobody has to stop.

        SQLite's online backup: https://sqlite.org/backup.html. Raises StoreError.
        """
        with _translated():
            raw = self._reader.raw_connection()
            try:
                with closing(sqlite3.connect(file)) as target:
                    cast(sqlite3.Connection, raw.driver_connection).backup(target)
                    target.execute("PRAGMA journal_mode=DELETE").close()
                    found = target.execute("PRAGMA integrity_check").fetchall()
            except sqlite3.Error as error:
                raise StoreError(_explain(error)) from error
            finally:
                raw.close()
        if found != [("ok",)]:
            raise StoreError("登记簿的副本没有通过完整性检查。请检查数据库所在的磁盘，再备份一次。")

    def compact(self) -> None:
        """Write the database anew, so that nothing of removed rows is left in its files.

        Does nothing but on SQLite. Nobody else may be writing. Raises StoreError.
        """
        if self._writer.dialect.name != "sqlite":
            return
        with _translated():
            raw = self._writer.raw_connection()
            try:
                for statement in ("VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"):
                    raw.cursor().execute(statement).close()
            except sqlite3.Error as error:
                raise StoreError(_explain(error)) from error
            finally:
                raw.close()

    def probe(self) -> str:
        """Take the write lock once, and say so in one Chinese line. Raises StoreError."""
        with self.rehearsing() as connection:
            connection.execute(sa.select(1))
        return f"数据库可读写（{self._writer.dialect.name}）"

    def close(self) -> None:
        """Let go of all connections."""
        self._writer.dispose()
        self._reader.dispose()


def open_store(url: str) -> Store:
    """Open the database and bring it up to date.

    ``url`` is SQLAlchemy's. A SQLite database must be a file, because several
    connections have to see it; its folder is made. Raises StoreError.
    """
    try:
        parsed = sa.make_url(url)
    except sa.exc.ArgumentError:
        raise StoreError("[database] url 不是有效的数据库地址。") from None
    if parsed.get_backend_name() == "sqlite":
        if parsed.database in (None, "", ":memory:"):
            raise StoreError("SQLite 数据库必须是一个文件，请在 [database] url 中写明路径。")
        try:
            Path(str(parsed.database)).parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(f"无法建立数据库所在的目录：{error.strerror}。") from error
    store = Store(parsed)
    try:
        store.migrate()
    except BaseException:
        store.close()
        raise
    return store
