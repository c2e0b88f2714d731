"""From the configuration to what reading takes: the campaigns at hand and the reader.

Apart from :mod:`mailbot.wiring`, so that looking at one document waits for no
database and no mailbox.
"""

from __future__ import annotations

from mailbot.catalogue import load_campaigns, spec_sets
from mailbot.configuration.config import Config
from mailbot.reading.child import MEGABYTE, Bounds
from mailbot.reading.converter import Converter
from mailbot.reading.copying import Copyist
from mailbot.reading.office import Caps
from mailbot.reading.reader import Reader
from mailbot.reading.recognising import is_installed
from parsers.limits import Limits
from rules.notice.campaign import Campaign


def campaigns(config: Config | None) -> dict[str, Campaign]:
    """The campaigns at hand by id; all that ship where there is no configuration.

    Raises Rejected for a faulty campaign and for a name that leads nowhere.
    """
    if config is None:
        return load_campaigns()
    folder = config.campaigns.folder
    if folder is not None and not folder.is_dir():
        raise config.complaint(f"没有这个文件夹：{folder}", "campaigns", "folder")
    known = load_campaigns(folder)
    for index, name in enumerate(config.campaigns.enabled):
        _known(config, name, known, "campaigns", "enabled", index)
    for position, mailbox in enumerate(config.mailboxes):
        for index, name in enumerate(mailbox.campaigns):
            _known(config, name, known, "mailbox", position, "campaigns", index)
    names = config.campaigns.enabled or known
    return {name: known[name] for name in names}


def _known(config: Config, name: str, known: dict[str, Campaign], *path: str | int) -> None:
    if name not in known:
        raise config.complaint(f"没有活动 {name}；可用的活动：{'、'.join(known)}", *path)


def reader(config: Config | None, known: dict[str, Campaign]) -> Reader:
    """The reader of mails and documents; close it."""
    if config is None:
        return Reader(spec_sets(known), converter=Converter(), recognises=is_installed())
    limits = config.limits
    return Reader(
        spec_sets(known),
        _limits(config),
        bounds=_bounds(config),
        workers=limits.readers,
        recognises=is_installed(),
        recognition=Bounds(
            memory=limits.picture_megabytes * MEGABYTE,
            cpu_seconds=limits.picture_seconds,
            wall_seconds=float(limits.picture_seconds),
        ),
        converter=Converter(
            Caps(
                seconds=float(limits.read_seconds),
                memory=limits.memory_megabytes * MEGABYTE,
                largest=limits.document_megabytes * MEGABYTE,
            )
        ),
    )


def copyist(config: Config) -> Copyist:
    """Whoever makes copies of documents with comments in them."""
    return Copyist(_limits(config), bounds=_bounds(config))


def _limits(config: Config) -> Limits:
    return Limits(max_bytes=config.limits.document_megabytes * MEGABYTE)


def _bounds(config: Config) -> Bounds:
    limits = config.limits
    return Bounds(
        memory=limits.memory_megabytes * MEGABYTE,
        cpu_seconds=limits.read_seconds,
        wall_seconds=float(limits.read_seconds),
    )
