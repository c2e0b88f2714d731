"""The configuration file: what it may say, and every mistake named with line and key.

One TOML file, read once at the start. Relative paths count from the folder the
file lies in. Secrets never stand in it: a login names an environment variable
or a file instead. This room opens no mailbox and no database; whether what is
configured is really there is asked by ``mailbot check``.
"""

from __future__ import annotations

import re
from datetime import time
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo

from mailbot.configuration.logins import (
    Address,
    FilePath,
    Mailbox,
    Mistakes,
    Model,
    Outgoing,
    base_of,
    login_mistakes,
    mailbox_mistakes,
    one_or_more,
    sent_mistakes,
    written,
)
from mailbot.loopback import listening
from rules.notice.complaints import Complaint, Rejected, parse, validate
from rules.notice.places import find_place

_ADVICE = (
    "密码（授权码）不得写在配置文件里：把它放进环境变量并写 "
    'password_env = "变量名"，或放进单独的文件并写 password_file = "路径"'
)


def _database_url(value: object, info: ValidationInfo) -> object:
    url = written(value)
    if re.match(r"postgres", url):
        raise ValueError("PostgreSQL 尚未提供；目前请用 sqlite:///文件，或删去此行")
    if not re.fullmatch(r"sqlite:///.+", url):
        raise ValueError('应为 sqlite:///文件，如 "sqlite:///data/mailbot.db"')
    return f"sqlite:///{base_of(info) / url.removeprefix('sqlite:///')}"


def _archive_url(value: object, info: ValidationInfo) -> object:
    match = re.fullmatch(r"file:(?://)?(.+)", written(value))
    if not match:
        raise ValueError('应为 file:文件夹，如 "file:data/archive"')
    return base_of(info) / Path(match[1]).expanduser()


def _listening(value: object) -> object:
    return listening(written(value))


def _clock_time(value: object) -> object:
    if not isinstance(value, str):
        return value
    if not re.fullmatch(r"([01]?\d|2[0-3]):[0-5]\d", value):
        raise ValueError(f'应为一天中的时刻，如 "08:30"，现为“{value}”')
    return time.fromisoformat(value.zfill(5))


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError):
        raise ValueError("应为 IANA 时区名，如 Asia/Shanghai") from None
    return value


class Data(Model):
    """The folder in which everything of ours lies."""

    folder: FilePath = Field(default="data", validate_default=True)


class Database(Model):
    """The register."""

    url: Annotated[str, BeforeValidator(_database_url)] | None = None


class ArchiveFolder(Model):
    """The raw mails."""

    url: Annotated[Path, BeforeValidator(_archive_url)] | None = None


class Campaigns(Model):
    """Which campaigns run, and where one's own lie."""

    enabled: tuple[str, ...] = ()  #: empty: all
    folder: FilePath | None = None


class Staff(Model):
    """Who gets the digest, and when; whom staff know."""

    digest_to: Annotated[tuple[Address, ...], BeforeValidator(one_or_more)] = ()
    digest_at: Annotated[time, BeforeValidator(_clock_time)] = time(8, 30)
    zone: Annotated[str, AfterValidator(_zone)] = "Asia/Shanghai"
    senders: FilePath | None = None  #: CSV of the addresses staff know, with unit and region


class Alerts(Model):
    """Whom to tell when a part fails for long; nobody named: those who get the digest."""

    to: Annotated[tuple[Address, ...], BeforeValidator(one_or_more)] = ()
    after_minutes: int = Field(default=30, ge=1, le=1440)
    outgoing: Outgoing | None = None  #: another account, for when the way out itself fails


class Limits(Model):
    """What reading may cost, and how often one address is answered."""

    document_megabytes: int = Field(default=100, ge=1, le=1024)  #: one attachment
    read_seconds: int = Field(default=90, ge=1, le=3600)  #: one attachment
    memory_megabytes: int = Field(default=2048, ge=512, le=65_536)  #: one reading process
    picture_seconds: int = Field(default=1200, ge=10, le=7200)  #: scans and pictures of one
    picture_megabytes: int = Field(default=2560, ge=2048, le=65_536)  #: the process for them
    readers: int = Field(default=2, ge=1, le=64)  #: mails read at once
    replies_per_day: int = Field(default=20, ge=1)  #: to one address
    replies_per_subject: int = Field(default=30, ge=1)  #: in one thread, within 24 hours
    replies_in_all: int = Field(default=2000, ge=1)  #: within 24 hours


class Log(Model):
    """What the service writes to standard error."""

    level: Literal["debug", "info", "warning", "error"] = "info"
    format: Literal["text", "json"] = "text"


class Metrics(Model):
    """Where a monitoring system on this machine may look."""

    listen: Annotated[tuple[str, int], BeforeValidator(_listening)] | None = None


class Config(Model):
    """The whole file; made by :func:`load` only, which knows where it lies."""

    mailboxes: tuple[Mailbox, ...] = Field(alias="mailbox", default=())
    outgoing: Outgoing | None = None
    data: Data
    database: Database = Database()
    archive: ArchiveFolder = ArchiveFolder()
    campaigns: Campaigns = Campaigns()
    staff: Staff = Staff()
    alerts: Alerts = Alerts()
    limits: Limits = Limits()
    log: Log = Log()
    metrics: Metrics = Metrics()

    _file: Path = Path()
    _source: bytes = b""

    @property
    def database_url(self) -> str:
        """SQLAlchemy url with an absolute path."""
        return self.database.url or f"sqlite:///{self.data.folder / 'mailbot.db'}"

    @property
    def archive_folder(self) -> Path:
        """Where the raw mails lie."""
        return self.archive.url or self.data.folder / "archive"

    def complaint(self, message: str, *path: str | int) -> Rejected:
        """A mistake at a key that shows only when the value is used."""
        return Rejected([_complaint(message, path, source=self._source, file=self._file)])


def load(file: Path) -> Config:
    """The configuration in this file. Raises Rejected with every mistake in it."""
    try:
        source = file.read_bytes()
    except OSError as error:
        raise Rejected([_unreadable(file, error)]) from None
    values = parse(source, file=str(file))
    values.setdefault("data", {})
    context = {"base": file.absolute().parent}
    try:
        config = validate(Config, values, source=source, file=str(file), context=context)
    except Rejected as rejected:
        raise Rejected([*map(_with_advice, rejected.complaints)]) from None
    config._file, config._source = file, source  # noqa: SLF001 - the one maker of it
    mistakes = [
        _complaint(message, path, source=source, file=file)
        for path, message in _contradictions(config)
    ]
    if mistakes:
        raise Rejected(mistakes)
    return config


def _unreadable(file: Path, error: OSError) -> Complaint:
    advice = "请先用 mailbot init 生成，或用 --config 指定"
    if not isinstance(error, FileNotFoundError):
        advice = f"打不开（{error.strerror}）"
        return Complaint(file=str(file), line=0, key="", message=advice)
    return Complaint(file=str(file), line=0, key="", message=f"没有这个配置文件：{advice}")


def _with_advice(complaint: Complaint) -> Complaint:
    """A password in the file gets its own words, not those for a misspelt key."""
    if complaint.key.split(".")[-1] not in ("password", "passwd", "pass"):
        return complaint
    return Complaint(file=complaint.file, line=complaint.line, key=complaint.key, message=_ADVICE)


def _complaint(
    message: str, path: tuple[str | int, ...], *, source: bytes, file: Path
) -> Complaint:
    key = ".".join(step for step in path if isinstance(step, str))
    line = find_place(source, path)
    return Complaint(file=str(file), line=line, key=key, message=message)


def _contradictions(config: Config) -> Mistakes:
    """What only several keys together show."""
    yield from mailbox_mistakes(config.mailboxes)
    for index, mailbox in enumerate(config.mailboxes):
        for position, name in enumerate(mailbox.campaigns):
            if config.campaigns.enabled and name not in config.campaigns.enabled:
                path = ("mailbox", index, "campaigns", position)
                yield path, f"活动 {name} 没有列在 [campaigns] enabled 中"
    if config.outgoing:
        yield from login_mistakes(config.outgoing, ("outgoing",))
        yield from sent_mistakes(config.outgoing)
    if config.alerts.outgoing:
        yield from login_mistakes(config.alerts.outgoing, ("alerts", "outgoing"))
