"""``check``: is everything there that the configuration names, and if not, how to get it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Literal, Protocol

import typer

from mailbot import equipment, wiring
from mailbot.cli import screen, session
from mailbot.configuration.config import Config
from mailbot.deciding.senders import read_senders
from mailbot.ports import SentMail, Sink, WorldError
from mailbot.reading import office, recognising
from parsers.containers import packed
from rules.notice.complaints import Rejected

_COLOURS = {"正常": "green", "缺少": "red", "失败": "red", "可选": "yellow"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """One thing that was looked at."""

    name: str
    state: Literal["正常", "缺少", "失败", "可选"]
    message: str

    @property
    def is_wanting(self) -> bool:
        """Can the service not work like this?"""
        return self.state in ("缺少", "失败")


def check(context: typer.Context, *, as_json: session.Json = False) -> None:
    """检查配置和活动，并逐项试连。

    试连收件登录、发件登录、数据库、存档、转换程序。缺什么、怎么补，都会写明；有缺少或失败的项目时退出码为 1。不收信，也不发信。
    """
    config = session.of(context).config()
    probes = list(probe_all(config))
    if as_json:
        screen.print_json([asdict(entry) for entry in probes])
    else:
        rows = [
            (entry.name, screen.Marked(f"[{_COLOURS[entry.state]}]{entry.state}[/]"), entry.message)
            for entry in probes
        ]
        screen.output().print(screen.table("", ("项目", "状态", "说明"), rows))
    if any(entry.is_wanting for entry in probes):
        raise typer.Exit(1)


def probe_all(config: Config) -> Iterator[Probe]:
    """Look at everything the configuration names. Raises Rejected for a wrong campaign."""
    known = equipment.campaigns(config)
    yield Probe(name="活动", state="正常", message="、".join(known))
    yield from _mailboxes(config)
    yield _outgoing(config)
    if config.outgoing and config.outgoing.sent:
        yield _probed("已发送文件夹", _through(partial(_sent_mail, config)))
    if config.alerts.outgoing:
        yield _probed("故障通知的发信账号", _through(partial(_second, config)))
    yield _probed("数据库", partial(_database, config))
    yield _probed("存档", lambda: wiring.archive(config).probe())
    if not config.staff.digest_to:
        text = "没有写 [staff] digest_to：不寄每日简报"
        yield Probe(name="每日简报", state="可选", message=text)
    if config.staff.senders is not None:
        yield _probed("来信单位名单", partial(_senders, config.staff.senders))
    yield _converter()
    yield _recogniser()
    opens = packed.unpacker() is not None
    text = (
        "可以打开 .rar 和 .7z 压缩包" if opens else "未安装，.rar 和 .7z 压缩包将请对方改发 .zip；"
    )
    yield Probe(
        name="解压库 libarchive",
        state="正常" if opens else "可选",
        message=text if opens else f"{text}可用 apt-get install libarchive13 安装",
    )


def _recogniser() -> Probe:
    """The extra that reads pictures."""
    if recognising.is_installed():
        return Probe(
            name="图片文字识别",
            state="正常",
            message="扫描件和图片中的文字可以识别，供人工核对",
        )
    return Probe(
        name="图片文字识别",
        state="可选",
        message="未安装，不读取扫描件和图片的内容；需要时可用 pip install 'mailbot[ocr]' 安装",
    )


def _converter() -> Probe:
    """The office program for what nothing lighter reads."""
    lacking = office.missing()
    if not lacking:
        text = f"{office.find_program()}：可以读取 RTF、Word 6/95、Excel 5/95 和 OpenDocument 文件"
        return Probe(name="转换程序 LibreOffice", state="正常", message=text)
    text = (
        f"缺少 {'、'.join(lacking)}：RTF、Word 6/95、Excel 5/95 和 OpenDocument 文件"
        "将请对方改发 .docx 或 .xlsx；"
        f"可用 apt-get install {office.PACKAGES} 安装"
    )
    return Probe(name="转换程序 LibreOffice", state="可选", message=text)


def _mailboxes(config: Config) -> Iterator[Probe]:
    if not config.mailboxes:
        yield Probe(name="收件邮箱", state="缺少", message="配置文件中没有 [[mailbox]]")
    for index, mailbox in enumerate(config.mailboxes):
        name = f"收件邮箱 {mailbox.address or mailbox.url.user or mailbox.url.path}"
        for folder in mailbox.folder_names:
            there = (config, mailbox, index, folder)
            yield _probed(name, _through(partial(wiring.source, *there)))
            if mailbox.after != "keep":
                yield _probed(f"{name} 办理之后", _through(partial(wiring.changes, *there)))


def _outgoing(config: Config) -> Probe:
    if config.outgoing is None:
        return Probe(name="发出回复", state="缺少", message="配置文件中没有 [outgoing]")
    return _probed("发出回复", _through(partial(wiring.sink, config)))


def _sent_mail(config: Config) -> SentMail:
    sent = wiring.sent_mail(config)
    if sent is None:
        raise config.complaint("缺少 sent", "outgoing")
    return sent


def _second(config: Config) -> Sink:
    sink = wiring.second_sink(config)
    if sink is None:
        raise config.complaint("缺少 outgoing", "alerts")
    return sink


class _Door(Protocol):
    """What can be looked through."""

    def probe(self) -> str:
        """Say in one Chinese line what is there."""

    def close(self) -> None:
        """Let go of it."""


def _through(make: Callable[[], _Door]) -> Callable[[], str]:
    """Build a door, look through it and close it."""

    def look() -> str:
        door = make()
        try:
            return door.probe()
        finally:
            door.close()

    return look


def _database(config: Config) -> str:
    store = wiring.store(config)
    try:
        return store.probe()
    finally:
        store.close()


def _senders(file: Path) -> str:
    return f"{len(read_senders(file))} 个邮箱或域名"


def _probed(name: str, look: Callable[[], str]) -> Probe:
    try:
        return Probe(name=name, state="正常", message=look())
    except Rejected as error:
        return Probe(name=name, state="缺少", message=str(error))
    except WorldError as error:
        return Probe(name=name, state="失败", message=str(error))
