"""Zip files and the XML inside them, opened without trust.

Everything is read in memory and counted; nothing is written to disk or named by
the sender. XML is parsed without entities, without network and without a document
type, which Office files never carry (ECMA-376 part 2, 8.2.1).
"""

from __future__ import annotations

import io
import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from typing import cast

from lxml import etree

from parsers.damage import broken, hostile, locked
from parsers.limits import Limits

Element = etree._Element  # noqa: SLF001 - the public name of the class in every lxml release

#: what :mod:`zipfile` raises on bytes that are not, or only partly, a zip file
ZIP_FAULTS = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    OSError,
    ValueError,
    OverflowError,
    IndexError,
    struct.error,
    NotImplementedError,  # a compression method this Python lacks
    RuntimeError,  # zipfile's word for an encrypted member
)

#: bit 0 of the general purpose flags: the member is encrypted (APPNOTE 4.4.4)
ENCRYPTED = 0x1

#: how the first of several volumes of a .zip begins (APPNOTE 8.5.3)
ZIP_FIRST_VOLUME = b"PK\x07\x08PK\x03\x04"
_END_RECORD = b"PK\x05\x06"
_END_REACH = 22 + 0xFFFF  #: bytes from the end in which the end record stands, its comment with it
_NO_NUMBER = 0xFFFF  #: the number of the volume stands in the record of ZIP64

_SMALL = 16 * 1024  #: bytes of a part worth keeping; with 2000 of them 32 MB

_CURE = "用 Word 或 Excel 重新打开并另存"

# collect_ids stays on: switched off, libxml2 fetches external document types after all
_PARSER = etree.XMLParser(
    resolve_entities=False,
    no_network=True,
    load_dtd=False,
    huge_tree=False,
    remove_comments=True,
    remove_pis=True,
)


def is_zip_volume(content: bytes) -> bool:
    """Is it one of several volumes of a .zip (APPNOTE 4.3.16, 8.5.3 and 8.5.4)?

    The first begins with a mark, the last says in its end record that others go before.
    """
    at = content.rfind(_END_RECORD, max(0, len(content) - _END_REACH))
    if at < 0:
        return content.startswith(ZIP_FIRST_VOLUME)
    number = int.from_bytes(content[at + 4 : at + 6], "little")
    return 0 < number < _NO_NUMBER


def open_zip(content: bytes) -> zipfile.ZipFile:
    """The central directory of a zip file. Raises one of :data:`ZIP_FAULTS`."""
    return zipfile.ZipFile(io.BytesIO(content))


class Package:
    """The parts of an Office file by their names. Raises :class:`parsers.damage.Damaged` everywhere."""

    def __init__(self, content: bytes, limits: Limits) -> None:
        self._limits = limits
        self._kept: dict[str, bytes] = {}  #: small parts, which are asked for again
        try:
            self._zip = open_zip(content)
        except ZIP_FAULTS as error:
            raise broken(_CURE) from error
        self.names = frozenset(self._zip.namelist())
        if len(self.names) > limits.max_entries:
            raise hostile("内部文件过多")

    def part(self, name: str) -> bytes:
        """The bytes of one part, at most ``max_part`` of them."""
        kept = self._kept.get(name)
        if kept is not None:
            return kept
        try:
            info = self._zip.getinfo(name)
        except KeyError:
            raise broken(_CURE) from None
        if info.flag_bits & ENCRYPTED:
            raise locked()
        if info.file_size > self._limits.max_part:
            raise hostile("解压后体积过大")
        try:
            data = self._zip.read(info)
        except ZIP_FAULTS as error:
            raise broken(_CURE) from error
        if len(data) <= _SMALL:
            self._kept[name] = data
        return data

    def tree(self, name: str) -> Element:
        """The root element of an XML part."""
        return parse_xml(self.part(name))

    def targets(self, name: str) -> dict[str, tuple[str, str]]:
        """Relationships of a part: id to (type's last word, target part); inner ones only.

        ECMA-376 part 2, 9.3: relative targets start from the folder of the source part.
        """
        folder, _, base = name.rpartition("/")
        rels = f"{folder}/_rels/{base}.rels" if folder else f"_rels/{base}.rels"
        found: dict[str, tuple[str, str]] = {}
        if rels not in self.names:
            return found
        for entry in self.tree(rels):
            if entry.get("TargetMode") != "External":
                kind = entry.get("Type", "").rpartition("/")[2]
                found[entry.get("Id", "")] = (kind, _resolve(folder, entry.get("Target", "")))
        return found


def repacked(parts: Mapping[str, bytes]) -> bytes:
    """An Office file of these parts, not compressed: for a library that reads files only."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as package:
        for name, data in parts.items():
            package.writestr(zipfile.ZipInfo(name), data)
    return buffer.getvalue()


def parse_xml(data: bytes) -> Element:
    """The root of a document without entities. Raises :class:`parsers.damage.Damaged`."""
    try:
        root = etree.fromstring(data, _PARSER)
    except (etree.XMLSyntaxError, ValueError, LookupError) as error:
        raise broken(_CURE) from error
    if root is None:
        raise broken(_CURE)
    _refuse_document_type(root)
    return root


def serialized(element: Element) -> bytes:
    """One element as an XML document of its own."""
    return etree.tostring(element, encoding="utf-8", with_tail=False)


def _refuse_document_type(element: Element) -> None:
    """Entities are only declared there."""
    if element.getroottree().docinfo.internalDTD is not None:
        raise hostile("含有文档类型定义")


def stream_xml(data: bytes, *tags: str) -> Iterator[tuple[str, Element]]:
    """("start" or "end", element) of some local names, each emptied and left behind.

    At its start an element has its attributes only. Raises :class:`parsers.damage.Damaged`.
    """
    events = etree.iterparse(
        io.BytesIO(data),
        events=("start", "end"),
        tag=[f"{{*}}{tag}" for tag in tags],
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    checked = False
    try:
        for event, element in events:
            found = cast("Element", element)
            if not checked:
                _refuse_document_type(found)
                checked = True
            yield event, found
            if event == "end":
                found.clear()
                parent = found.getparent()
                while parent is not None and found.getprevious() is not None:
                    del parent[0]
    except (etree.XMLSyntaxError, ValueError, LookupError) as error:
        raise broken(_CURE) from error


def _resolve(folder: str, target: str) -> str:
    """A part name without leading slash and without dots."""
    parts: list[str] = [] if target.startswith("/") else folder.split("/") if folder else []
    for step in target.split("/"):
        if step == "..":
            parts = parts[:-1]
        elif step not in {"", "."}:
            parts.append(step)
    return "/".join(parts)
