"""Tar archives, plain or packed by gzip, bzip2 or xz, and single files packed alone.

Unfolded front to back in memory, every byte counted as it comes. Nothing is extracted
to disk; links and devices are not followed. POSIX.1-2017 pax, RFC 1952.
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import struct
import tarfile
import zlib
from collections.abc import Iterator
from typing import IO, cast

from parsers.containers.archives import (
    CHUNK,
    Budget,
    Member,
    Meter,
    collect,
    decoded_name,
    is_litter,
    link,
    path_name,
    strays,
)
from parsers.damage import Damaged, broken, oversized
from parsers.limits import Limits

_CURE = "重新打包为 .zip 文件"
#: what the standard library raises on bytes that are not what they claim to be
_FAULTS = (
    tarfile.TarError,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    OSError,
    ValueError,
    OverflowError,
    RecursionError,  # one prefix header after another
)


class _Unfolding:
    """The unpacked bytes, counted; a few can be looked at before they are taken."""

    def __init__(self, source: IO[bytes], meter: Meter) -> None:
        self._source = source
        self._meter = meter
        self._ahead = b""

    def peek(self, size: int) -> bytes:
        while len(self._ahead) < size and (more := self._take(size - len(self._ahead))):
            self._ahead += more
        return self._ahead

    def read(self, size: int) -> bytes:
        ahead, self._ahead = self._ahead[:size], self._ahead[size:]
        return ahead or self._take(min(size, CHUNK))

    def _take(self, size: int) -> bytes:
        data = self._source.read(size)
        self._meter.take(len(data))
        return data


def read_tar(name: str, content: bytes, limits: Limits, budget: Budget) -> Iterator[Member]:
    """The files of a tar archive in their order, or the one file packed alone.

    ``name`` is the archive's own, for a file that has no other. Raises
    :class:`parsers.damage.Damaged` as :func:`parsers.containers.archives.read_zip` does.
    """
    stream = _Unfolding(_unpacked(content), Meter(len(content), limits, budget))
    try:
        if _is_tar(stream.peek(tarfile.BLOCKSIZE)):
            yield from _members(stream, limits, budget)
        else:
            budget.take_entry()
            yield _alone(name, stream, limits)
    except _FAULTS as error:
        raise broken(_CURE) from error


def _unpacked(content: bytes) -> IO[bytes]:
    """Without the packing around it, told by its mark."""
    raw = io.BytesIO(content)
    if content.startswith(b"\x1f\x8b"):
        return cast("IO[bytes]", gzip.GzipFile(fileobj=raw))
    if content.startswith(b"BZh"):
        return bz2.BZ2File(raw)
    return lzma.LZMAFile(raw) if content.startswith(b"\xfd7zXZ\x00") else raw


def _is_tar(block: bytes) -> bool:
    """Has the first block the checksum of a tar header?"""
    try:
        tarfile.TarInfo.frombuf(block, tarfile.ENCODING, "surrogateescape")
    except tarfile.HeaderError:
        return False
    return True


def _alone(name: str, stream: _Unfolding, limits: Limits) -> Member:
    """A file packed by itself: its name is the archive's without the last ending."""
    step = name.rpartition("/")[2]
    stem, _, ending = step.rpartition(".")
    own = stem if stem and ending.lower() in {"gz", "bz2", "xz"} else step
    try:
        return Member(name=path_name(own), content=collect(_chunks(stream), limits))
    except Damaged as damage:
        if damage.problem.code == "document.unsafe":
            raise
        return Member(name=path_name(own), damage=damage)


def _members(stream: _Unfolding, limits: Limits, budget: Budget) -> Iterator[Member]:
    with tarfile.open(
        fileobj=cast("IO[bytes]", stream),  # read() is all that is asked of it
        mode="r|",
        encoding="utf-8",
        errors="surrogateescape",
    ) as archive:
        for info in archive:
            budget.take_entry()
            name = _name(info)
            if info.isdir() or is_litter(name):
                continue
            try:
                data = collect(_chunks(_regular(archive, info, limits)), limits)
            except Damaged as damage:
                if damage.problem.code == "document.unsafe":
                    raise
                yield Member(name=name, damage=damage)
            else:
                yield Member(name=name, content=data, strays=strays(info.name))


def _regular(archive: tarfile.TarFile, info: tarfile.TarInfo, limits: Limits) -> IO[bytes]:
    """The content of a plain file, or why there is none. Raises Damaged."""
    if info.issparse():
        raise broken(_CURE)  # its holes cost nothing to send and unfold without end
    if info.size > limits.max_bytes:
        raise oversized("文件过大")
    file = archive.extractfile(info) if info.isreg() else None
    if file is None:
        raise link()
    return file


def _name(info: tarfile.TarInfo) -> str:
    """The name as the sender saw it: many programs write GBK without saying so."""
    raw = info.name.encode("utf-8", "surrogateescape")
    return path_name(decoded_name(raw) or info.name)


def _chunks(file: IO[bytes] | _Unfolding) -> Iterator[bytes]:
    while chunk := file.read(CHUNK):
        yield chunk
