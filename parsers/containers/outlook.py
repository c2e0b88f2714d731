"""Outlook's own file of a mail, .msg: the attached files, one by one ([MS-OXMSG]).

A compound file with a storage for each attachment and a stream for each of its
properties. Files attached to a mail inside the mail are had too, under its name. Text,
fields and recipients are not looked at; what is only linked to is not fetched.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from parsers.containers import mapi
from parsers.containers.archives import Budget, Member
from parsers.containers.compound import Compound
from parsers.damage import Damaged, hostile, oversized
from parsers.limits import Limits

#: the stream every .msg has at its root (2.4), and every mail inside it
MARK = "__properties_version1.0"

_ATTACHMENT = re.compile(r"__attach_version1\.0_#[0-9A-Fa-f]{8}")
_CURE = "请在 Outlook 中打开该邮件，取出其中的文件后作为普通附件重新发送。"
_BROKEN = f"这是 Outlook 保存的邮件（.msg），已损坏或不完整，无法取出其中的文件，{_CURE}"
_LOST = f"Outlook 邮件（.msg）中的这个附件没有内容（可能只是链接）或已损坏，{_CURE}"


def read_outlook(content: bytes, limits: Limits, budget: Budget) -> Iterator[Member]:
    """The files attached, in the order of their storages.

    Raises :class:`parsers.damage.Damaged` where the container cannot be opened.
    """
    file = Compound(content)
    if MARK not in file.names:
        raise Damaged("document.unreadable", _BROKEN)
    yield from _members(file, "", (), limits, budget)


def _members(
    file: Compound, storage: str, mails: tuple[str, ...], limits: Limits, budget: Budget
) -> Iterator[Member]:
    """The files of the mail in this storage; ``mails`` are the names of those around them."""
    if len(mails) > limits.max_depth:
        raise hostile("邮件嵌套层数过多")
    begin = len(storage)
    found = {
        name
        for name in file.names
        if name.startswith(storage) and _ATTACHMENT.fullmatch(name, begin)
    }
    for attachment in sorted(found):
        budget.take_entry()
        properties = _names(file, attachment)
        shown = mapi.shown_name(properties)
        inner = f"{attachment}/{_stream(mapi.BYTES, mapi.OBJECT)}/"
        if inner + MARK in file.names:
            yield from _members(file, inner, (*mails, shown), limits, budget)
        else:
            name = "/".join((*mails, shown))
            data = file.stream(f"{attachment}/{_stream(mapi.BYTES, mapi.BINARY)}")
            yield _member(name, data, len(mails), limits, budget)


def _member(name: str, data: bytes | None, mails: int, limits: Limits, budget: Budget) -> Member:
    """One file, or why it cannot be had. A bomb raises :class:`parsers.damage.Damaged`."""
    if not data:
        return Member(name=name, damage=Damaged("document.unreadable", _LOST))
    if len(data) > limits.max_bytes:
        return Member(name=name, damage=oversized("文件过大"))
    budget.take_bytes(len(data))
    return Member(name=name, content=data, levels=1 + mails)


def _names(file: Compound, attachment: str) -> dict[int, tuple[int, bytes]]:
    """The properties that hold a name, in UTF-16 before eight bits."""
    found: dict[int, tuple[int, bytes]] = {}
    for identifier in (mapi.LONG_NAME, mapi.SHORT_NAME, mapi.DISPLAY_NAME):
        for kind in (mapi.UNICODE, mapi.STRING8):
            value = file.stream(f"{attachment}/{_stream(identifier, kind)}")
            if value and identifier not in found:
                found[identifier] = (kind, value)
    return found


def _stream(identifier: int, kind: int) -> str:
    """The name of the stream of one property (2.1.1)."""
    return f"__substg1.0_{identifier:04X}{kind:04X}"
