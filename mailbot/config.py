"""The configuration file: what it may say, and every mistake named with line and key.

One TOML file, read once at the start. Relative paths count from the folder the
file lies in. Secrets never stand in it: a login names an environment variable
or a file instead. This room opens no mailbox and no database; whether what is
configured is really there is asked by ``mailbot check``.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from datetime import time
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo

from mailbot.endpoint import Endpoint, mailbox_endpoint, outgoing_endpoint, sent_endpoint
from mailbot.loopback import listening
from rules.complaints import Complaint, Rejected, parse, validate
from rules.places import find_place

_ADVICE = (
    "密码（授权码）不得写在配置文件里：把它放进环境变量并写 "
    'password_env = "变量名"，或放进单独的文件并写 password_file = "路径"'
)


def _base(info: ValidationInfo) -> Path:
    """The folder of the configuration file; validation is always given it."""
    folder: Path = info.context["base"] if info.context else Path.cwd()
    return folder


def _absolute(value: object, info: ValidationInfo) -> object:
    if isinstance(value, str) and not value.strip():
        raise ValueError("不能为空，应为路径")
    return _base(info) / Path(value).expanduser() if isinstance(value, str) else value


def _mailbox_url(value: object, info: ValidationInfo) -> object:
    return mailbox_endpoint(_text(value), _base(info))


def _outgoing_url(value: object, info: ValidationInfo) -> object:
    return outgoing_endpoint(_text(value), _base(info))


def _sent_url(value: object, info: ValidationInfo) -> object:
    return sent_endpoint(_text(value), _base(info))


def _database_url(value: object, info: ValidationInfo) -> object:
    written = _text(value)
    if re.match(r"postgres", written):
        raise ValueError("PostgreSQL 尚未提供；目前请用 sqlite:///文件，或删去此行")
    if not re.fullmatch(r"sqlite:///.+", written):
        raise ValueError('应为 sqlite:///文件，如 "sqlite:///data/mailbot.db"')
    return f"sqlite:///{_base(info) / written.removeprefix('sqlite:///')}"


def _archive_url(value: object, info: ValidationInfo) -> object:
    match = re.fullmatch(r"file:(?://)?(.+)", _text(value))
    if not match:
        raise ValueError('应为 file:文件夹，如 "file:data/archive"')
    return _base(info) / Path(match[1]).expanduser()


def _listening(value: object) -> object:
    return listening(_text(value))


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("应为文字，写在引号内")  # noqa: TRY004 - pydantic wants ValueError
    return value.strip()


def _address(value: str) -> str:
    if not re.fullmatch(r"[^@\s<>,;]+@[^@\s<>,;]+", value):
        raise ValueError(f"应为一个邮箱地址，如 pingxuan@example.org，现为“{value}”")
    return value.lower()


def _one_or_more(value: object) -> object:
    return [value] if isinstance(value, str) else value


def _words(value: object) -> object:
    """A command as it is typed, in words; no shell ever sees it."""
    if not isinstance(value, str):
        return value
    try:
        return shlex.split(value)
    except ValueError:
        raise ValueError("引号不成对，应为一条命令") from None


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


FilePath = Annotated[Path, BeforeValidator(_absolute)]
Address = Annotated[str, AfterValidator(_address)]


class Model(BaseModel):
    """Frozen, and an unknown key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Login(Model):
    """Where to log in, and where the password lies."""

    url: Endpoint
    password_env: str = ""
    password_file: FilePath | None = None
    ca_file: FilePath | None = None  #: PEM certificate to trust besides the known ones

    @property
    def has_password(self) -> bool:
        """Is it said where the password lies?"""
        return bool(self.password_env or self.password_file)


class Mailbox(Login):
    """A mailbox, and the folders of it that mails are taken from."""

    url: Annotated[Endpoint, BeforeValidator(_mailbox_url)]
    folders: tuple[str, ...] = ()  #: empty: the one in the url
    #: instead of a password: what gives an access token for XOAUTH2
    token_command: Annotated[tuple[str, ...], BeforeValidator(_words)] = ()
    token_file: FilePath | None = None
    address: Address | None = None  #: the address applicants write to
    poll_seconds: int = Field(default=60, ge=1, le=86_400)
    #: be told of new mail at once, where the server can (RFC 2177), on a further connection
    idle: bool = True
    campaigns: tuple[str, ...] = ()  #: the campaigns it serves; empty: all that are enabled

    @property
    def folder_names(self) -> tuple[str, ...]:
        """Every folder that mails are taken from; one at least, "" for a Maildir."""
        return self.folders or (self.url.folder,)

    @property
    def has_token(self) -> bool:
        """Does it log in by an access token?"""
        return bool(self.token_command or self.token_file)


class Outgoing(Login):
    """Where replies go out, and under which name."""

    url: Annotated[Endpoint, BeforeValidator(_outgoing_url)]
    sender: Address = Field(alias="from")
    name: str = ""
    #: what to do when nobody knows whether a reply was taken: send the same
    #: Message-ID again, or leave it to a person
    on_uncertain: Literal["resend", "hold"] = "hold"
    pace: float = Field(default=1.0, ge=0, le=3600)  #: seconds between two mails
    #: the folder of sent mails, where a reply of which nobody knows is looked for; the
    #: same password as the url
    sent: Annotated[Endpoint, BeforeValidator(_sent_url)] | None = None
    keep_copy: bool = False  #: file a copy of each reply there: the provider keeps none


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

    digest_to: Annotated[tuple[Address, ...], BeforeValidator(_one_or_more)] = ()
    digest_at: Annotated[time, BeforeValidator(_clock_time)] = time(8, 30)
    zone: Annotated[str, AfterValidator(_zone)] = "Asia/Shanghai"
    senders: FilePath | None = None  #: CSV of the addresses staff know, with unit and region


class Alerts(Model):
    """Whom to tell when a part fails for long; nobody named: those who get the digest."""

    to: Annotated[tuple[Address, ...], BeforeValidator(_one_or_more)] = ()
    after_minutes: int = Field(default=30, ge=1, le=1440)
    outgoing: Outgoing | None = None  #: another account, for when the way out itself fails


class Limits(Model):
    """What reading may cost, and how often one address is answered."""

    document_megabytes: int = Field(default=100, ge=1, le=1024)  #: one attachment
    read_seconds: int = Field(default=90, ge=1, le=3600)  #: one attachment
    memory_megabytes: int = Field(default=2048, ge=512, le=65_536)  #: one reading process
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


def _contradictions(config: Config) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """What only several keys together show."""
    seen: set[tuple[Any, ...]] = set()
    for index, mailbox in enumerate(config.mailboxes):
        yield from _login_mistakes(mailbox, ("mailbox", index))
        url = mailbox.url
        if url.on_disk and mailbox.folders:
            yield (
                ("mailbox", index, "folders"),
                "maildir: 没有别的文件夹，每个目录各写一段 [[mailbox]]",
            )
        for folder in mailbox.folder_names:
            place = (url.user, url.host, url.port, folder, url.path)
            if place in seen or not (folder.strip() or url.on_disk):
                key = "folders" if mailbox.folders else "url"
                text = "同一个邮箱文件夹写了两次" if folder.strip() else "文件夹名称不能为空"
                yield ("mailbox", index, key), text
            seen.add(place)
        for position, name in enumerate(mailbox.campaigns):
            if config.campaigns.enabled and name not in config.campaigns.enabled:
                path = ("mailbox", index, "campaigns", position)
                yield path, f"活动 {name} 没有列在 [campaigns] enabled 中"
    if config.outgoing:
        yield from _login_mistakes(config.outgoing, ("outgoing",))
        yield from _sent_mistakes(config.outgoing)
    if config.alerts.outgoing:
        yield from _login_mistakes(config.alerts.outgoing, ("alerts", "outgoing"))


def _sent_mistakes(way: Outgoing) -> Iterator[tuple[tuple[str | int, ...], str]]:
    if way.keep_copy and way.sent is None:
        yield ("outgoing", "keep_copy"), "没有写 sent：请写明已发送文件夹，如 imaps://用户名@服务器"
    if way.sent is not None and way.url.on_disk:
        yield ("outgoing", "sent"), "回复存入 maildir: 时不需要，请删去此行"
    elif way.sent is not None and not way.has_password:
        yield ("outgoing", "sent"), "缺少密码的出处：请写 password_env 或 password_file"


def _login_mistakes(
    login: Login, path: tuple[str | int, ...]
) -> Iterator[tuple[tuple[str | int, ...], str]]:
    if login.password_env and login.password_file:
        yield (*path, "password_file"), "password_env 与 password_file 只写一个"
    if login.url.on_disk and login.has_password:
        key = "password_env" if login.password_env else "password_file"
        yield (*path, key), "maildir: 不需要密码，请删去此行"
    if isinstance(login, Mailbox) and login.has_token:
        yield from _token_mistakes(login, path)
    elif login.url.user and not login.has_password:
        yield (
            (*path, "password_env"),
            ("缺少密码的出处：请写 password_env（环境变量名）或 password_file（文件路径）"),
        )
    named = login.url.user or (isinstance(login, Outgoing) and login.sent)
    if login.has_password and not login.url.on_disk and not named:
        yield (*path, "url"), "写了密码却没有用户名，应为 smtps://用户名@服务器"


def _token_mistakes(
    mailbox: Mailbox, path: tuple[str | int, ...]
) -> Iterator[tuple[tuple[str | int, ...], str]]:
    key = "token_command" if mailbox.token_command else "token_file"
    if mailbox.token_command and mailbox.token_file:
        yield (*path, "token_file"), "token_command 与 token_file 只写一个"
    if mailbox.has_password:
        yield (*path, key), "已写了密码的出处，访问令牌与密码只用一种，请删去一个"
    if mailbox.url.on_disk:
        yield (*path, key), "maildir: 不需要访问令牌，请删去此行"
