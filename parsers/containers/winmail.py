"""winmail.dat: the wrapping in which Outlook sends a mail of its own kind ([MS-OXTNEF]).

Takes the attached files out, one by one, in memory. The text of the mail, its fields
and its recipients are not looked at, so that damage there costs no file. The one
library for the format rests since 2021, copies the whole rest of the stream for every
attribute, and gives up every file over one odd property of the mail: hence our own.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from parsers.containers import mapi
from parsers.containers.archives import Budget, Member
from parsers.damage import Damaged, oversized
from parsers.limits import Limits

SIGNATURE = b"\x78\x9f\x3e\x22"

_ATTRIBUTE = struct.Struct("<BII")  #: level, identifier, length; a checksum of two bytes follows
_CHECKSUM = 2
_OF_MAIL, _OF_ATTACHMENT = 1, 2  #: the levels
#: the low words of the identifiers ([MS-OXTNEF] 2.1.3.2): a new attachment begins; its
#: short name; its bytes; its properties
_BEGINS, _TITLE, _DATA, _PROPERTIES = 0x9002, 0x8010, 0x800F, 0x9005

#: sizes of the fixed property types as they stand in the stream, padded to four bytes
_FIXED = {2: 4, 3: 4, 4: 4, 5: 8, 6: 8, 7: 8, 0x0A: 4, 0x0B: 4, 0x14: 8, 0x40: 8, 0x48: 16}
_MEASURED = (mapi.STRING8, mapi.UNICODE, mapi.OBJECT, mapi.BINARY)  #: carry their length
_MULTIPLE = 0x1000
_NAMED = 0x8000  #: from here on a property carries its name
#: [MS-OXTNEF] 2.1.3.4: an object's bytes stand behind the identifier of its interface
_INTERFACE = 16

_CURE = "请在 Outlook 中将邮件格式改为“HTML”或“纯文本”，把文件作为普通附件重新发送。"
_BROKEN = f"这是 Outlook 生成的邮件包（winmail.dat），已损坏或不完整，无法取出其中的文件，{_CURE}"
_LOST = f"Outlook 邮件包（winmail.dat）中的这个附件没有内容或已损坏，{_CURE}"


@dataclass(slots=True)
class _Attachment:
    """What is known so far of one attached file."""

    title: bytes = b""
    data: bytes | None = field(default=None, repr=False)
    properties: dict[int, tuple[int, bytes]] = field(default_factory=dict, repr=False)


def read_winmail(content: bytes, limits: Limits, budget: Budget) -> Iterator[Member]:
    """The files attached to the mail, in their order; a mail in it as a winmail.dat again.

    Raises :class:`parsers.damage.Damaged` where the stream breaks off, after the files
    that stand before the break.
    """
    begun: _Attachment | None = None
    try:
        for name, value in _attributes(content):
            if name == _BEGINS:
                if begun is not None:
                    yield _member(begun, limits, budget)
                begun = _Attachment()
            elif begun is not None:
                _take(begun, name, value)
    except struct.error as error:
        if begun is not None and begun.data:
            yield _member(begun, limits, budget)
        raise Damaged("document.unreadable", _BROKEN) from error
    if begun is not None:
        yield _member(begun, limits, budget)


def holds_files(content: bytes) -> bool:
    """Is anything attached, or can that not be told? Many of these carry only a text's looks."""
    try:
        return any(name == _BEGINS for name, _value in _attributes(content))
    except struct.error:
        return True


def _attributes(content: bytes) -> Iterator[tuple[int, memoryview]]:
    """Identifier and value of every attribute of an attachment. Raises struct.error."""
    view = memoryview(content)
    if view[:4] != SIGNATURE:
        raise struct.error("no TNEF")
    at = len(SIGNATURE) + 2  # a key without meaning
    while at < len(view):
        if view[at] not in (_OF_MAIL, _OF_ATTACHMENT):
            return  # some gateways append bytes of their own
        level, identifier, length = _ATTRIBUTE.unpack_from(view, at)
        at += _ATTRIBUTE.size
        if at + length > len(view):
            raise struct.error("attribute cut off")
        if level == _OF_ATTACHMENT:
            yield identifier & 0xFFFF, view[at : at + length]
        at += length + _CHECKSUM


def _take(begun: _Attachment, name: int, value: memoryview) -> None:
    """Add one attribute. What the properties say is kept as far as they can be read."""
    if name == _TITLE:
        begun.title = bytes(value)
    elif name == _DATA:
        begun.data = bytes(value)
    elif name == _PROPERTIES:
        try:
            for identifier, kind, data in _properties(value):
                begun.properties[identifier] = (kind, bytes(data))
        except struct.error:
            return


def _properties(view: memoryview) -> Iterator[tuple[int, int, memoryview]]:
    """Identifier, type and value of each property ([MS-OXTNEF] 2.1.3.4). Raises struct.error."""
    (count,) = struct.unpack_from("<I", view)
    at = 4
    for _ in range(count):
        kind, identifier = struct.unpack_from("<HH", view, at)
        at += 4
        if identifier >= _NAMED:
            at = _behind_name(view, at)
        several = bool(kind & _MULTIPLE)
        kind &= ~_MULTIPLE
        values = 1
        if several or kind in _MEASURED:
            (values,) = struct.unpack_from("<I", view, at)
            at += 4
        for _value in range(values):
            size = _FIXED.get(kind)
            if size is None:
                (length,) = struct.unpack_from("<I", view, at)
                at += 4
                size = length + -length % 4
            else:
                length = size
            if at + length > len(view):
                raise struct.error("property cut off")
            yield identifier, kind, view[at : at + length]
            at += size


def _behind_name(view: memoryview, at: int) -> int:
    """The place behind the name of a named property: a set, then a number or a text."""
    (is_text, size) = struct.unpack_from("<II", view, at + 16)
    at += 24
    return at + size + -size % 4 if is_text else at


def _member(begun: _Attachment, limits: Limits, budget: Budget) -> Member:
    """The file, or why it cannot be had. A bomb raises :class:`parsers.damage.Damaged`."""
    budget.take_entry()
    kind, value = begun.properties.get(mapi.BYTES, (0, b""))
    if kind == mapi.OBJECT:
        value = value[_INTERFACE:]
    # beside a mail the plain bytes are its picture, beside any other object the object
    data = value if value.startswith(SIGNATURE) else begun.data or value
    name = mapi.shown_name(begun.properties, begun.title)
    if not data:
        return Member(name=name, damage=Damaged("document.unreadable", _LOST))
    if len(data) > limits.max_bytes:
        return Member(name=name, damage=oversized("文件过大"))
    budget.take_bytes(len(data))
    return Member(name=name, content=data)
