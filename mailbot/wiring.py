"""From the configuration to the parts it names: store, archive, mailboxes, the way out.

The one place that knows which adapter stands behind which url. Building a part
opens no connection; what is wrong with a value is told with its line and key.
"""

from __future__ import annotations

import hashlib
import os
import ssl
from collections.abc import Iterator
from pathlib import Path

from mailbot.configuration.config import Config
from mailbot.configuration.logins import Login, Mailbox, Outgoing
from mailbot.configuration.tokens import TokenCommand, TokenFile
from mailbot.deciding.caps import Caps
from mailbot.deciding.decision import DecidingSettings
from mailbot.deciding.senders import KnownSenders
from mailbot.keeping.archive import FolderArchive
from mailbot.keeping.tidying import Afterwards
from mailbot.pipeline import Box
from mailbot.ports import SentMail, Sink, Token
from mailbot.sinks.maildir import MaildirSink
from mailbot.sinks.sentfolder import SentFolder
from mailbot.sinks.smtp import SmtpSink
from mailbot.sources.changing import ImapChanges
from mailbot.sources.imap import ImapSource
from mailbot.sources.maildir import MaildirSource
from mailbot.sources.session import Session
from mailbot.store import Store, open_store


def store(config: Config) -> Store:
    """The register, brought up to date; close it. Raises StoreError."""
    return open_store(config.database_url)


def archive(config: Config) -> FolderArchive:
    """The raw mails."""
    return FolderArchive(config.archive_folder)


def password(config: Config, login: Login, *path: str | int) -> str:
    """The password of a login; "" where it needs none.

    ``path`` is where the login stands in the file. Raises Rejected where the
    variable is not set or the file cannot be read.
    """
    if login.password_env:
        value = os.environ.get(login.password_env, "")
        if not value:
            text = f"环境变量 {login.password_env} 没有设置，请把密码（授权码）放进去"
            raise config.complaint(text, *path, "password_env")
        return value
    if login.password_file is None:
        return ""
    value = _secret(config, login.password_file, *path, "password_file")
    if not value:
        raise config.complaint("文件是空的，请写入密码（授权码）一行", *path, "password_file")
    return value


def _secret(config: Config, file: Path, *path: str | int) -> str:
    try:
        return file.read_text(encoding="utf-8-sig").strip()
    except FileNotFoundError:
        text = f"没有文件 {file}，请建立它并写入密码（授权码）一行"
        raise config.complaint(text, *path) from None
    except (OSError, UnicodeDecodeError):
        raise config.complaint(f"文件 {file} 打不开或不是 UTF-8 文本", *path) from None


def boxes(config: Config) -> Iterator[Box]:
    """Each folder of each configured mailbox with what reads and watches it.

    Raises Rejected for a password that is not there.
    """
    for index, mailbox in enumerate(config.mailboxes):
        for folder in mailbox.folder_names:
            reads = source(config, mailbox, index, folder)
            after = None
            if mailbox.after != "keep" and isinstance(reads, ImapSource):
                door = changes(config, mailbox, index, folder, reads.session)
                after = Afterwards(action=mailbox.after, changes=door)
            yield Box(
                source=reads,
                address=mailbox.address or "",
                campaigns=mailbox.campaigns,
                poll_seconds=mailbox.poll_seconds,
                holder=reads,
                watcher=watcher(config, mailbox, index, folder),
                after=after,
            )


def source(config: Config, mailbox: Mailbox, index: int, folder: str) -> MaildirSource | ImapSource:
    """What reads a folder of the mailbox with this number in the file. Raises Rejected as above."""
    url = mailbox.url
    if url.on_disk:
        name = hashlib.sha256(str(url.path).encode()).hexdigest()[:16]
        return MaildirSource(path=url.path, index=config.data.folder / "maildirs" / f"{name}.txt")
    return ImapSource(_session(config, mailbox, index), folder)


def _session(config: Config, mailbox: Mailbox, index: int) -> Session:
    url = mailbox.url
    return Session(
        host=url.host,
        port=url.port,
        user=url.user,
        password=password(config, mailbox, "mailbox", index),
        token=_token(mailbox),
        tls=_tls(config, mailbox, "mailbox", index) if url.scheme == "imaps" else None,
    )


def changes(
    config: Config, mailbox: Mailbox, index: int, folder: str, session: Session | None = None
) -> ImapChanges:
    """What marks or moves the messages of a folder; by ``session`` where there is one already."""
    session = session or _session(config, mailbox, index)
    return ImapChanges(session, folder, mailbox.move_to.strip())


def watcher(config: Config, mailbox: Mailbox, index: int, folder: str) -> ImapSource | None:
    """What tells when mail comes into a folder; None where polling is all. Raises as above."""
    found = source(config, mailbox, index, folder) if mailbox.idle else None
    return found if isinstance(found, ImapSource) else None


def _token(login: Login) -> Token | None:
    """What gives the access token, where it logs in by one."""
    if login.token_command:
        return TokenCommand(login.token_command)
    return TokenFile(login.token_file) if login.token_file else None


def outgoing(config: Config) -> Outgoing:
    """The configured way out. Raises Rejected where there is none."""
    if config.outgoing is None:
        raise config.complaint("缺少 [outgoing]：请写明从哪里发出回复", "outgoing")
    return config.outgoing


def sink(config: Config) -> Sink:
    """The way out. Raises Rejected where none is configured, or a password is not there."""
    return _sink(config, outgoing(config), "outgoing")


def second_sink(config: Config) -> Sink | None:
    """Another way out, for alerts, where one is configured. Raises Rejected as above."""
    way = config.alerts.outgoing
    return None if way is None else _sink(config, way, "alerts", "outgoing")


def _sink(config: Config, way: Outgoing, *path: str) -> Sink:
    url = way.url
    if url.on_disk:
        return MaildirSink(url.path)
    plain = url.scheme == "smtp"
    return SmtpSink(
        host=url.host,
        port=url.port,
        user=url.user,
        password=password(config, way, *path),
        token=_token(way),
        security="smtps" if not plain else "plain" if url.on_loopback else "starttls",
        tls=_tls(config, way, *path),
    )


def sent_mail(config: Config) -> SentMail | None:
    """The folder of sent mails, where one is configured. Raises Rejected as above."""
    way = config.outgoing
    if way is None or way.sent is None:
        return None
    session = Session(
        host=way.sent.host,
        port=way.sent.port,
        user=way.sent.user,
        password=password(config, way, "outgoing"),
        token=_token(way),
        tls=_tls(config, way, "outgoing") if way.sent.scheme == "imaps" else None,
    )
    return SentFolder(session, way.sent.folder)


def _tls(config: Config, login: Login, *path: str | int) -> ssl.SSLContext:
    """Certificates this machine trusts, and the one named for a server of one's own."""
    context = ssl.create_default_context()
    if login.ca_file is not None:
        try:
            context.load_verify_locations(login.ca_file)
        except (OSError, ssl.SSLError):
            text = f"证书文件 {login.ca_file} 打不开或不是 PEM 证书"
            raise config.complaint(text, *path, "ca_file") from None
    return context


def candidates(config: Config) -> dict[str, tuple[str, ...]]:
    """The campaigns of each mailbox address that serves some only."""
    return {
        mailbox.address or "": mailbox.campaigns
        for mailbox in config.mailboxes
        if mailbox.campaigns
    }


def deciding_settings(config: Config) -> DecidingSettings:
    """What the operator has set for deciding."""
    way = config.outgoing
    addresses = [mailbox.address for mailbox in config.mailboxes if mailbox.address]
    sender = way.sender if way else next(iter(addresses), "mailbot@localhost")
    return DecidingSettings(
        from_address=sender,
        from_name=way.name if way else "",
        own_addresses=frozenset({sender, *addresses}),
        account=sender,
        caps=Caps(
            address=config.limits.replies_per_day,
            subject=config.limits.replies_per_subject,
            total=config.limits.replies_in_all,
        ),
        senders=KnownSenders(config.staff.senders),
    )
