"""Archives: their members one by one, in memory, counted as they unfold.

Member names are for display only and lead nowhere; links are not followed; bytes,
entries and ratio are bounded over all nested archives together. Only .zip is opened
here; the other kinds share its counting and its names.
"""

from __future__ import annotations

import re
import stat
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from parsers.containers.package import ENCRYPTED, ZIP_FAULTS, is_zip_volume, open_zip
from parsers.damage import Damaged, broken, hostile, locked, oversized
from parsers.limits import MEGABYTE, Limits

_CURE = "重新打包为 .zip 文件"
_UTF8 = 0x800  #: the name is UTF-8 (APPNOTE appendix D)
_UNICODE_PATH = 0x7075  #: extra field with the name in UTF-8 (APPNOTE 4.6.9)
_SMALL = 8 * MEGABYTE  #: below this a high ratio is harmless
_DRIVE = re.compile(r"[A-Za-z]:")
CHUNK = MEGABYTE  #: bytes unpacked at a time
_LONGEST = 200  #: characters of a display name
#: what operating systems put into archives beside the sender's files
_LITTER = ("__MACOSX/", "._", ".DS_Store", "Thumbs.db", "desktop.ini", "~$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One file of an archive: its bytes, or why they cannot be had."""

    name: str  #: for display, folders before it
    content: bytes = field(default=b"", repr=False)
    damage: Damaged | None = None
    levels: int = 1  #: containers it came out of at once: a mail in a mail counts
    strays: bool = False  #: its name in the archive leads out of the archive


class Budget:
    """What is left of the limits for one document with everything inside it."""

    def __init__(self, limits: Limits) -> None:
        self._entries = limits.max_entries
        self._bytes = limits.max_total

    def take_entry(self) -> None:
        """One more member. Raises :class:`parsers.damage.Damaged`."""
        self._entries -= 1
        if self._entries < 0:
            raise hostile("压缩包内文件过多")

    def take_bytes(self, size: int) -> None:
        """So many more unpacked bytes. Raises :class:`parsers.damage.Damaged`."""
        self._bytes -= size
        if self._bytes < 0:
            raise hostile("压缩包解压后体积过大")


class Meter:
    """Counts what unfolds from one archive whose members claim no packed size of their own."""

    def __init__(self, packed: int, limits: Limits, budget: Budget) -> None:
        self._packed = max(packed, 1)
        self._limits = limits
        self._budget = budget
        self._unpacked = 0

    def take(self, size: int) -> None:
        """So many more unpacked bytes. Raises :class:`parsers.damage.Damaged`."""
        self._unpacked += size
        if self._unpacked > _SMALL and self._unpacked // self._packed > self._limits.max_ratio:
            raise hostile("压缩比异常")
        self._budget.take_bytes(size)


def collect(chunks: Iterable[bytes], limits: Limits) -> bytes:
    """The bytes of a member, already counted. Raises :class:`parsers.damage.Damaged`.

    One over the limit is unfolded to its end all the same, without being kept: what
    comes after it in the same stream cannot be had otherwise.
    """
    kept: list[bytes] = []
    size = 0
    for chunk in chunks:
        size += len(chunk)
        if size <= limits.max_bytes:
            kept.append(chunk)
        else:
            kept.clear()
    if size > limits.max_bytes:
        raise oversized("文件过大")
    return b"".join(kept)


def link() -> Damaged:
    """A member that only points elsewhere."""
    return Damaged(
        "document.unreadable",
        "这是一个快捷方式（链接），不含文件内容，请放入文件本身后重新发送。",
    )


def volume() -> Damaged:
    """A part of an archive that was cut into several files."""
    return Damaged(
        "document.unreadable",
        "这是分卷压缩包的一部分，无法单独打开，请重新打包为一个 .zip 文件发送。",
    )


def read_zip(content: bytes, limits: Limits, budget: Budget) -> Iterator[Member]:
    """The files of a .zip in their order.

    What is wrong with one member comes with it; what is wrong with the whole raises
    :class:`parsers.damage.Damaged`, also after some members.
    """
    if is_zip_volume(content):
        raise volume()
    try:
        archive = open_zip(content)
    except ZIP_FAULTS as error:
        raise broken(_CURE) from error
    for info in archive.infolist():
        budget.take_entry()
        name = member_name(info)
        if info.filename.endswith("/") or is_litter(name):  # is_dir() stumbles over no name
            continue
        try:
            _check(info, limits)
            data = _unpack(archive, info, limits, budget)
        except Damaged as damage:
            if damage.problem.code == "document.unsafe":
                raise
            yield Member(name=name, damage=damage)
        except ZIP_FAULTS:
            yield Member(name=name, damage=broken(_CURE))
        else:
            yield Member(name=name, content=data, strays=strays(info.orig_filename))


def is_litter(name: str) -> bool:
    """Is it nothing the sender meant to send?"""
    return name.startswith("__MACOSX/") or name.rpartition("/")[2].startswith(_LITTER[1:])


def _check(info: zipfile.ZipInfo, limits: Limits) -> None:
    """Refuse by what the directory says. Raises :class:`parsers.damage.Damaged`."""
    if info.flag_bits & ENCRYPTED:
        raise locked()
    if stat.S_ISLNK(info.external_attr >> 16):
        raise link()
    packed = max(info.compress_size, 1)
    if info.file_size > _SMALL and info.file_size // packed > limits.max_ratio:
        raise hostile("压缩比异常")
    if info.file_size > limits.max_bytes:
        raise oversized("文件过大")


def _unpack(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, limits: Limits, budget: Budget
) -> bytes:
    """The bytes of a member, counted as they come and not as the directory claims."""
    chunks: list[bytes] = []
    size = 0
    with archive.open(info) as member:
        while chunk := member.read(CHUNK):
            size += len(chunk)
            if size > limits.max_bytes:
                raise oversized("文件过大")
            budget.take_bytes(len(chunk))
            chunks.append(chunk)
    return b"".join(chunks)


def member_name(info: zipfile.ZipInfo) -> str:
    """The name as the sender saw it: by flag, by extra field, else UTF-8 or GB 18030."""
    name = info.orig_filename
    if not info.flag_bits & _UTF8:
        try:
            raw = name.encode("cp437")
        except UnicodeEncodeError:
            return path_name(name)  # already put right by the library from the extra field
        name = _unicode_path(info.extra, raw) or decoded_name(raw) or name
    return path_name(name)


def decoded_name(raw: bytes) -> str:
    """UTF-8 before GB 18030: Chinese in GBK is hardly ever valid UTF-8."""
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return ""


def _unicode_path(extra: bytes, raw: bytes) -> str:
    """The name of the Unicode Path extra field, if it is about this very name."""
    while len(extra) >= 4:  # noqa: PLR2004 - a field has a head of two words
        kind, size = struct.unpack_from("<HH", extra)
        body, extra = extra[4 : 4 + size], extra[4 + size :]
        if kind == _UNICODE_PATH and body[:1] == b"\x01":
            if body[1:5] != zlib.crc32(raw).to_bytes(4, "little"):
                return ""
            try:
                return body[5:].decode()
            except UnicodeDecodeError:
                return ""
    return ""


def strays(name: str) -> bool:
    """Would a careless program, unpacking it, write outside its folder?"""
    path = name.replace("\\", "/")
    return path.startswith("/") or bool(_DRIVE.match(path)) or ".." in path.split("/")


def path_name(name: str) -> str:
    """A name with folders, for display: no drive, no way up, no control characters."""
    steps = name.replace("\\", "/").split("/")
    kept = [clean for step in steps if (clean := file_name(step)) not in {".", ".."} and step]
    return "/".join(kept) or file_name("")


def file_name(name: str) -> str:
    """One step of a name, for display: composed, printable, of bearable length."""
    text = unicodedata.normalize("NFC", name)
    text = text.encode("utf-8", errors="replace").decode()  # lone surrogates
    text = text.replace("/", "_").replace("\\", "_")
    # control characters go, and with them the marks that turn the reading direction
    text = "".join(
        char for char in text if unicodedata.category(char) not in {"Cc", "Cf", "Zl", "Zp"}
    )
    text = text.strip()
    if len(text) > _LONGEST:
        stem, dot, extension = text.rpartition(".")
        tail = dot + extension if dot and len(extension) < 10 else ""  # noqa: PLR2004 - longest ending
        text = (stem if tail else text)[: _LONGEST - len(tail)] + tail
    return text or "未命名"
