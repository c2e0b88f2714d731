"""Mailboxes and the way out in the configuration: where to log in, what to do there.

What stands under ``[[mailbox]]`` and ``[outgoing]``, and what is wrong with it when
several keys are seen together. Secrets never stand there: a login names a variable, a
file or a command. Nothing is opened here.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo

from mailbot.configuration.endpoint import (
    Endpoint,
    mailbox_endpoint,
    outgoing_endpoint,
    sent_endpoint,
)
from mailbot.sources.folders import use_of

#: A mistake that only several keys together show: where it stands, and what is wrong.
Mistakes = Iterator[tuple[tuple[str | int, ...], str]]


def base_of(info: ValidationInfo) -> Path:
    """The folder of the configuration file; validation is always given it."""
    folder: Path = info.context["base"] if info.context else Path.cwd()
    return folder


def _absolute(value: object, info: ValidationInfo) -> object:
    if isinstance(value, str) and not value.strip():
        raise ValueError("不能为空，应为路径")
    return base_of(info) / Path(value).expanduser() if isinstance(value, str) else value


def _mailbox_url(value: object, info: ValidationInfo) -> object:
    return mailbox_endpoint(written(value), base_of(info))


def _outgoing_url(value: object, info: ValidationInfo) -> object:
    return outgoing_endpoint(written(value), base_of(info))


def _sent_url(value: object, info: ValidationInfo) -> object:
    return sent_endpoint(written(value), base_of(info))


def written(value: object) -> str:
    """Text as it was meant. Raises ValueError for anything else."""
    if not isinstance(value, str):
        raise ValueError("应为文字，写在引号内")  # noqa: TRY004 - pydantic wants ValueError
    return value.strip()


def _address(value: str) -> str:
    if not re.fullmatch(r"[^@\s<>,;]+@[^@\s<>,;]+", value):
        raise ValueError(f"应为一个邮箱地址，如 pingxuan@example.org，现为“{value}”")
    return value.lower()


def one_or_more(value: object) -> object:
    """One entry need not stand in brackets."""
    return [value] if isinstance(value, str) else value


def _words(value: object) -> object:
    """A command as it is typed, in words; no shell ever sees it."""
    if not isinstance(value, str):
        return value
    try:
        return shlex.split(value)
    except ValueError:
        raise ValueError("引号不成对，应为一条命令") from None


FilePath = Annotated[Path, BeforeValidator(_absolute)]
Address = Annotated[str, AfterValidator(_address)]


class Model(BaseModel):
    """Frozen, and an unknown key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Login(Model):
    """Where to log in, and where the password or the access token lies."""

    url: Endpoint
    password_env: str = ""
    password_file: FilePath | None = None
    #: instead of a password: what gives an access token for XOAUTH2
    token_command: Annotated[tuple[str, ...], BeforeValidator(_words)] = ()
    token_file: FilePath | None = None
    ca_file: FilePath | None = None  #: PEM certificate to trust besides the known ones

    @property
    def has_password(self) -> bool:
        """Is it said where the password lies?"""
        return bool(self.password_env or self.password_file)

    @property
    def has_token(self) -> bool:
        """Does it log in by an access token?"""
        return bool(self.token_command or self.token_file)


class Mailbox(Login):
    """A mailbox, and the folders of it that mails are taken from."""

    url: Annotated[Endpoint, BeforeValidator(_mailbox_url)]
    folders: tuple[str, ...] = ()  #: empty: the one in the url
    address: Address | None = None  #: the address applicants write to
    poll_seconds: int = Field(default=60, ge=1, le=86_400)
    #: be told of new mail at once, where the server can (RFC 2177), on a further connection
    idle: bool = True
    campaigns: tuple[str, ...] = ()  #: the campaigns it serves; empty: all that are enabled
    #: what is done to a message on the server once it is archived and decided
    after: Literal["keep", "flag", "move"] = "keep"
    move_to: str = ""  #: the folder, where it is moved

    @property
    def account(self) -> str:
        """Under which name the register knows it; as sources call themselves."""
        if self.url.on_disk:
            return str(self.url.path)
        return self.url.user if "@" in self.url.user else f"{self.url.user}@{self.url.host}"

    @property
    def folder_names(self) -> tuple[str, ...]:
        """Every folder that mails are taken from; one at least, "" for a Maildir."""
        return self.folders or (self.url.folder,)


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


def mailbox_mistakes(mailboxes: Sequence[Mailbox]) -> Mistakes:
    """What is wrong with the mailboxes, each and together."""
    seen: set[tuple[Any, ...]] = set()
    for index, mailbox in enumerate(mailboxes):
        yield from login_mistakes(mailbox, ("mailbox", index))
        url = mailbox.url
        if url.on_disk and mailbox.folders:
            yield (
                ("mailbox", index, "folders"),
                "maildir: 没有别的文件夹，每个目录各写一段 [[mailbox]]",
            )
        for folder in mailbox.folder_names:
            place = (*_account(mailbox), _bare(folder), url.path)
            if place in seen or not (folder.strip() or url.on_disk):
                key = "folders" if mailbox.folders else "url"
                text = "同一个邮箱文件夹写了两次" if folder.strip() else "文件夹名称不能为空"
                yield ("mailbox", index, key), text
            seen.add(place)
        for key, text in _moving_mistakes(mailbox, mailboxes):
            yield ("mailbox", index, key), text


def _account(mailbox: Mailbox) -> tuple[str, str, int]:
    return mailbox.url.user, mailbox.url.host, mailbox.url.port


def _bare(folder: str) -> str:
    """The name as it is compared: INBOX is written as one likes (RFC 3501 section 5.1)."""
    return "INBOX" if folder.upper() == "INBOX" else folder


def _moving_mistakes(mailbox: Mailbox, others: Sequence[Mailbox]) -> Iterator[tuple[str, str]]:
    """What is moved must not come in again."""
    if mailbox.after != "keep" and mailbox.url.on_disk:
        yield "after", 'maildir: 中的邮件不作改动，只可写 "keep"，或删去此行'
        return
    if mailbox.after != "move":
        if mailbox.move_to:
            yield "move_to", '只在 after = "move" 时有用，请改正 after，或删去此行'
        return
    target = _bare(mailbox.move_to.strip())
    if not target:
        yield "move_to", '写了 after = "move"，请写明移到哪个文件夹，如 move_to = "已办理"'
        return
    for other in others:
        read = {_bare(name) for name in other.folder_names}
        uses = {use_of(name) for name in read} - {""}
        if _account(other) == _account(mailbox) and (target in read or use_of(target) in uses):
            yield "move_to", f"文件夹「{target}」也在收取之列，移到那里的邮件会再次收取，请换一个"
            return


def sent_mistakes(way: Outgoing) -> Mistakes:
    """What is wrong with the folder of sent mails."""
    if way.keep_copy and way.sent is None:
        yield ("outgoing", "keep_copy"), "没有写 sent：请写明已发送文件夹，如 imaps://用户名@服务器"
    if way.sent is not None and way.url.on_disk:
        yield ("outgoing", "sent"), "回复存入 maildir: 时不需要，请删去此行"
    elif way.sent is not None and not (way.has_password or way.has_token):
        yield (
            ("outgoing", "sent"),
            "缺少密码的出处：请写 password_env 或 password_file，或访问令牌的出处",
        )


def login_mistakes(login: Login, path: tuple[str | int, ...]) -> Mistakes:
    """What is wrong with a login; ``path`` is where it stands in the file."""
    if login.password_env and login.password_file:
        yield (*path, "password_file"), "password_env 与 password_file 只写一个"
    if login.url.on_disk and login.has_password:
        key = "password_env" if login.password_env else "password_file"
        yield (*path, key), "maildir: 不需要密码，请删去此行"
    if login.has_token:
        yield from _token_mistakes(login, path)
    elif login.url.user and not login.has_password:
        yield (
            (*path, "password_env"),
            ("缺少密码的出处：请写 password_env（环境变量名）或 password_file（文件路径）"),
        )
    named = login.url.user or (isinstance(login, Outgoing) and login.sent)
    secret = login.has_password or login.has_token
    if secret and not login.url.on_disk and not named:
        yield (*path, "url"), "写了密码或访问令牌却没有用户名，应为 smtps://用户名@服务器"


def _token_mistakes(login: Login, path: tuple[str | int, ...]) -> Mistakes:
    key = "token_command" if login.token_command else "token_file"
    if login.token_command and login.token_file:
        yield (*path, "token_file"), "token_command 与 token_file 只写一个"
    if login.has_password:
        yield (*path, key), "已写了密码的出处，访问令牌与密码只用一种，请删去一个"
    if login.url.on_disk:
        yield (*path, key), "maildir: 不需要访问令牌，请删去此行"
