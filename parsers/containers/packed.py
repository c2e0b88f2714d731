"""The archives .rar (4 and 5) and .7z: their members one by one, in memory, counted.

Only reads: nothing is written, no other volume is looked for, no link is followed and
no password is tried. What is locked is told from the headers before a byte is unfolded.
The unfolding needs the system's libarchive; without it these archives count as
unreadable, with the cure.
"""

from __future__ import annotations

import ctypes
import os
import sys
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from types import ModuleType
from typing import Any

from parsers.containers.archives import (
    Budget,
    Member,
    Meter,
    collect,
    decoded_name,
    is_litter,
    link,
    path_name,
    strays,
    volume,
)
from parsers.containers.rarheads import RAR5, Head, rar_heads
from parsers.damage import Damaged, broken, locked
from parsers.limits import Limits

_CURE = "重新打包为 .zip 文件"
_EMPTY = "压缩包中没有可读取的文件（可能已加密或不完整），请重新打包为 .zip 发送。"
_METHOD = "压缩包采用的压缩方式（如固实压缩）暂不能读取，请重新打包为 .zip 发送。"
_NO_LIBRARY = "暂不能打开此类压缩包，请改为 .zip 格式打包，或直接作为附件逐个发送。"

#: the name of the library where the loader finds it without asking other programs
_SHARED_OBJECT = "libarchive.so.13"

#: how libarchive says that a password stands before the content
_LOCKED = ("ncrypt", "rypto codec")
#: and that it does not know how something is packed
_UNKNOWN = ("unavailable", "not supported", "nsupported compression")


@cache
def unpacker() -> ModuleType | None:
    """The door to libarchive, opened when first needed; None where it is not installed."""
    if sys.platform == "linux":
        os.environ.setdefault("LIBARCHIVE", _SHARED_OBJECT)
    try:
        import libarchive  # noqa: PLC0415 - most documents do without it
    except (ImportError, OSError, AttributeError, TypeError):
        return None
    return libarchive  # type: ignore[no-any-return]


def read_7z(content: bytes, limits: Limits, budget: Budget) -> Iterator[Member]:
    """The files of a .7z in their order.

    Raises :class:`parsers.damage.Damaged` as :func:`parsers.containers.archives.read_zip` does.
    """
    meter = Meter(len(content), limits, budget)
    empty = True
    with _unfolding(content, "7zip") as entries:
        while (entry := entries.following()) is not None:
            empty = False
            budget.take_entry()
            name = _name(entry.pathname)
            if entry.isdir:
                continue
            member = entries.member(name, entry, limits, meter)
            if not is_litter(name):
                yield member
    if empty:
        raise Damaged("document.unreadable", _EMPTY)


def read_rar(content: bytes, limits: Limits, budget: Budget) -> Iterator[Member]:
    """The files of a .rar in their order.

    Raises :class:`parsers.damage.Damaged` as :func:`parsers.containers.archives.read_zip` does.
    """
    heads = []
    for head in rar_heads(content):
        budget.take_entry()
        heads.append(head)
    if not heads:
        raise Damaged("document.unreadable", _EMPTY)
    meter = Meter(len(content), limits, budget)
    lost: Damaged | None = None  #: why nothing more can be unfolded
    with _unfolding(content, "rar5" if content.startswith(RAR5) else "rar") as entries:
        for head in heads:
            entry = None
            if lost is None:
                try:
                    entry = entries.following()
                except Damaged as damage:
                    lost = damage
                lost = lost or _astray(head, entry)
            name = _name(decoded_name(head.raw) if lost or entry is None else entry.pathname)
            if head.folder or is_litter(name):
                continue
            fault = _forbidden(head) or lost
            if fault is None:
                yield _checked(entries.member(name, entry, limits, meter), head)
            else:
                yield Member(name=name, damage=fault)


def _checked(member: Member, head: Head) -> Member:
    """Held against the checksum: the library does not look at it where a file is only stored."""
    if member.damage or head.sum is None or zlib.crc32(member.content) == head.sum:
        return member
    return Member(name=member.name, damage=broken(_CURE))


def _astray(head: Head, entry: Any) -> Damaged | None:
    """Why content can no longer be told to belong to its header, if so."""
    if head.split:
        return volume()
    if entry is None or (entry.size is not None and entry.size != head.size and not head.link):
        return broken(_CURE)
    return None


def _forbidden(head: Head) -> Damaged | None:
    """Why a file of a .rar is not even tried."""
    if head.locked:
        return locked()
    return link() if head.link else None


def _name(found: str | bytes | None) -> str:
    return path_name(_said_name(found))


def _said_name(found: str | bytes | None) -> str:
    if isinstance(found, bytes):
        found = decoded_name(found) or found.decode("ascii", "replace")
    return found or ""


class _Entries:
    """The entries of one archive in its order; each read before the next is asked for."""

    def __init__(self, archive: Any, door: ModuleType) -> None:
        self._entries = iter(archive)
        self._pointer = archive._pointer  # noqa: SLF001 - its calls want it, its classes hide it
        self._door = door
        self._fault: type[Exception] = door.exception.ArchiveError

    def following(self) -> Any:
        """The next entry, None at the end. Raises Damaged."""
        try:
            return next(self._entries, None)
        except self._fault as error:
            raise _said(error) from error

    def member(self, name: str, entry: Any, limits: Limits, meter: Meter) -> Member:
        """One file, unfolded; a bomb raises Damaged."""
        try:
            if entry.islnk or not entry.isreg:
                raise link()
            content = collect(self._chunks(meter), limits)
            return Member(name=name, content=content, strays=strays(_said_name(entry.pathname)))
        except Damaged as damage:
            if damage.problem.code == "document.unsafe":
                raise
            return Member(name=name, damage=damage)

    def _chunks(self, meter: Meter) -> Iterator[bytes]:
        """Block by block: what the library only warns of (a wrong checksum) is damage here."""
        data, size, offset = ctypes.c_void_p(), ctypes.c_size_t(), ctypes.c_longlong()
        places = ctypes.byref(data), ctypes.byref(size), ctypes.byref(offset)
        while True:
            try:
                state = self._door.ffi.read_data_block(self._pointer, *places)
            except self._fault as error:
                raise _said(error) from error
            if state == self._door.ffi.ARCHIVE_EOF:
                return
            if state != self._door.ffi.ARCHIVE_OK:
                raise broken(_CURE)
            meter.take(size.value)
            yield ctypes.string_at(data, size.value) if size.value else b""


@contextmanager
def _unfolding(content: bytes, kind: str) -> Iterator[_Entries]:
    """The entries of an archive of this kind, as the library calls it. Raises Damaged."""
    door = unpacker()
    if door is None:
        raise Damaged("document.unreadable", _NO_LIBRARY)
    fault = door.exception.ArchiveError
    try:
        with door.memory_reader(content, format_name=kind, filter_name="none") as archive:
            yield _Entries(archive, door)
    except fault as error:
        raise _said(error) from error


def _said(error: Exception) -> Damaged:
    """What libarchive complains of, as damage."""
    text = str(error)
    if any(word in text for word in _LOCKED):
        return locked()
    if any(word in text for word in _UNKNOWN):
        return Damaged("document.unreadable", _METHOD)
    return broken(_CURE)
