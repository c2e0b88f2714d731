"""One file, read: format, content, forms, and the files inside it.

The only room that turns damage into a problem of the document. It never raises for
what is in the bytes; running out of memory or of stack is the caller's to guard
against, who runs it in a limited process.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Protocol

from parsers.containers.archives import Budget, Member, path_name, read_zip
from parsers.containers.compound import SIGNATURE as COMPOUND
from parsers.containers.outlook import read_outlook
from parsers.containers.packed import read_7z, read_rar
from parsers.containers.tarballs import read_tar
from parsers.containers.winmail import SIGNATURE as WINMAIL
from parsers.containers.winmail import read_winmail
from parsers.damage import Damaged, hostile, locked, oversized
from parsers.foreign import (
    Translate,
    foreign_kind,
    nobody,
    read_foreign,
    read_second,
    second_kind,
)
from parsers.limits import MEGABYTE, Limits
from parsers.model import Content, Document, Form, Format, Problem
from parsers.plain import read_text
from parsers.portable.document import read_portable
from parsers.scans.optical import as_recognised
from parsers.sheets.sheet import read_sheet
from parsers.sniff import Sniffed, examine
from parsers.web.archive import read_web
from parsers.word.document import read_word, texts
from parsers.word.oldword import read_old_word
from parsers.word.pasted import ONLY_PICTURES, pasted_pictures

_READERS: dict[Format, Callable[[bytes, Limits], Content | None]] = {
    "docx": read_word,
    "doc": read_old_word,
    "wps": read_old_word,
    "html": read_web,
    "xlsx": read_sheet,
    "xls": read_sheet,
    "et": read_sheet,
    "text": read_text,
    "pdf": read_portable,
}

#: formats nothing here reads, with the cure; images and scanned pdf are for the rules to judge
_UNREAD: dict[Format, str] = {
    "eml": "该文件是一封邮件，请将其中的附件取出后直接发送。",
    "unknown": "文件格式无法识别，请以 .docx 或 .xlsx 格式重新发送。",
}

_MACRO = Problem(
    code="document.macro",
    message="文件含有宏代码（已读取文字内容，宏未运行），请另存为不含宏的 .docx 或 .xlsx 格式。",
)


_STRAYS = Problem(
    code="document.unsafe",
    message="文件在压缩包中的路径指向压缩包之外（未按该路径存放，已读取内容），请将文件直接打包。",
)

#: Opens a container: its files one by one. Raises Damaged for what is wrong with the whole.
Opener = Callable[[bytes, Limits, Budget], Iterator[Member]]


class ReadsForms(Protocol):
    """Whoever recognises the forms in a content; the reader of forms does."""

    def read(self, content: Content, file: str) -> tuple[Form, ...]:
        """The forms found, in reading order; ``file`` is the display name."""


class ReadsPictures(Protocol):
    """Whoever recognises what pictures show; the extra ``ocr`` does."""

    def __call__(self, pictures: Sequence[bytes]) -> Content | None:
        """What pictures or scanned PDF files show, one after the other. Raises Damaged."""


def read_document(
    name: str,
    content: bytes,
    reader: ReadsForms,
    limits: Limits | None = None,
    depth: int = 0,
    *,
    open_mail: Opener | None = None,
    blocks: bool = False,
    translate: Translate = nobody,
    pictures: ReadsPictures | None = None,
) -> Document:
    """Read one file. ``depth`` counts the archives and mails it came out of.

    ``open_mail`` takes an Internet message (RFC 5322) apart: this package knows nothing
    of mail, who does hands it in. Without it such a file counts as unreadable.
    With ``blocks`` the document keeps its lines and grids, to be shown to a person;
    ``translate`` is how an office program is asked (:mod:`parsers.foreign`). Pictures
    and scans are given to ``pictures``; without it they have no content.
    """
    reading = _Reading(
        reader,
        limits or Limits(),
        open_mail=open_mail,
        blocks=blocks,
        translate=translate,
        pictures=pictures,
    )
    return reading.document(path_name(name), content, depth)


def find_file(
    name: str,
    content: bytes,
    sha256: str,
    limits: Limits | None = None,
    *,
    open_mail: Opener | None = None,
) -> bytes | None:
    """The bytes of the file with this SHA-256: this one, or one inside it; None where none is.

    What cannot be opened holds nothing.
    """
    reading = _Reading(
        _NoForms(), limits or Limits(), open_mail=open_mail, blocks=False, translate=nobody,
        pictures=None,
    )  # fmt: skip
    return reading.find(path_name(name), content, sha256, 0)


class _NoForms:
    """Recognises nothing."""

    def read(self, content: Content, file: str) -> tuple[Form, ...]:
        """No form."""
        del content, file
        return ()


class _Reading:
    """Reading one file with everything inside it, under one budget."""

    def __init__(
        self,
        reader: ReadsForms,
        limits: Limits,
        *,
        open_mail: Opener | None,
        blocks: bool,
        translate: Translate,
        pictures: ReadsPictures | None,
    ) -> None:
        self._reader = reader
        self._pictures = pictures
        self._open_mail = open_mail
        self._translate = translate
        self._limits = limits
        self._blocks = blocks
        self._budget = Budget(limits)

    def document(self, name: str, content: bytes, depth: int) -> Document:
        """One file; ``name`` is fit for display."""
        digest = hashlib.sha256(content).hexdigest()
        seen = Sniffed(format="unknown")
        problems: list[Problem] = []
        found: Content | None = None
        converted = False
        members: list[Document] = []
        try:
            self._weigh(content)
            seen = examine(content, name)
            if seen.macro:
                problems.append(_MACRO)
            files = self._files(seen.format, name, content)
            if files is not None:
                self._fill(members, name, digest, files, depth)
            else:
                found, converted = self._content(seen, content)
            if found is not None:
                problems += found.problems
        except Damaged as damage:
            problems.append(damage.problem)
        return Document(
            file=name,
            sha256=digest,
            size=len(content),
            format=seen.format,
            problems=tuple(problems),
            characters=None if found is None else found.characters,
            text="" if found is None else "\n".join(filter(None, texts(found.blocks))),
            blocks=found.blocks if found is not None and self._blocks else (),
            forms=() if found is None else as_recognised(self._reader.read(found, name), found),
            members=tuple(members),
            converted=converted,
        )

    def find(self, name: str, content: bytes, sha256: str, depth: int) -> bytes | None:
        """The bytes with this hash, looked for as :meth:`document` reads."""
        if hashlib.sha256(content).hexdigest() == sha256:
            return content
        if depth >= self._limits.max_depth:
            return None
        try:
            self._weigh(content)
            files = self._files(examine(content, name).format, name, content)
            for member in files or ():
                if member.damage is None:
                    found = self.find(member.name, member.content, sha256, depth + member.levels)
                    if found is not None:
                        return found
        except Damaged:
            return None
        return None

    def _weigh(self, content: bytes) -> None:
        """Refuse what is empty or over the limit."""
        if not content:
            raise Damaged("document.unreadable", "文件为空（0 字节），请检查后重新发送。")
        if len(content) > self._limits.max_bytes:
            raise oversized(f"文件大于 {self._limits.max_bytes // MEGABYTE} MB")

    def _content(self, seen: Sniffed, content: bytes) -> tuple[Content | None, bool]:
        """What a format reader makes of it, None for unrecognised pictures; and was it converted?"""
        if seen.encrypted:
            raise locked()
        kind = foreign_kind(seen.format, content)
        if kind is not None:
            return read_foreign(kind, content, self._limits, self._translate), True
        if seen.format in _UNREAD:
            raise Damaged("document.unreadable", seen.reason or _UNREAD[seen.format])
        read = _READERS.get(seen.format)
        try:
            found = None if read is None else read(content, self._limits)
        except Damaged as damage:
            kind = second_kind(seen.format, content, damage)
            if kind is None:
                raise
            return read_second(kind, content, self._limits, self._translate, damage), True
        if seen.format == "docx" and found is not None and not found.characters:
            found = self._pasted(content) or found
        elif found is None and seen.format in ("pdf", "image"):
            found = self._recognised([content])
        return found, False

    def _pasted(self, content: bytes) -> Content | None:
        """A Word file without a word: what the pictures in it show."""
        pictures = pasted_pictures(content, self._limits)
        if not pictures:
            return None
        found = self._recognised(pictures) or Content()
        return replace(found, problems=(*found.problems, ONLY_PICTURES))

    def _recognised(self, pictures: Sequence[bytes]) -> Content | None:
        return self._pictures(pictures) if self._pictures is not None else None

    def _files(self, kind: Format, name: str, content: bytes) -> Iterator[Member] | None:
        """The files of an archive or mail, one by one as asked for; None for all else."""
        match kind:
            case "zip":
                return read_zip(content, self._limits, self._budget)
            case "rar":
                return read_rar(content, self._limits, self._budget)
            case "7z":
                return read_7z(content, self._limits, self._budget)
            case "tar":
                return read_tar(name, content, self._limits, self._budget)
            case "eml":
                opener = _mail_opener(content) or self._open_mail
                return opener and opener(content, self._limits, self._budget)
        return None

    def _fill(
        self, members: list[Document], name: str, digest: str, files: Iterator[Member], depth: int
    ) -> None:
        """Add the files of an archive or mail, as far as it can be opened."""
        if depth >= self._limits.max_depth:
            raise hostile("压缩包或邮件嵌套层数过多")
        for number, member in enumerate(files):
            members.append(self._member(name, f"{digest}/{number}", member, depth))

    def _member(self, archive: str, place: str, member: Member, depth: int) -> Document:
        """One file of an archive.

        Where its bytes cannot be had, the hash is that of its place in the archive, so
        that two such members never pass for the same file.
        """
        name = f"{archive}/{member.name}"
        if member.damage is None:
            found = self.document(name, member.content, depth + member.levels)
            return replace(found, problems=(*found.problems, _STRAYS)) if member.strays else found
        return Document(
            file=name,
            sha256=hashlib.sha256(place.encode()).hexdigest(),
            problems=(member.damage.problem,),
        )


def _mail_opener(content: bytes) -> Opener | None:
    """Who opens a mail in one of Outlook's own formats; None for an Internet message."""
    if content.startswith(WINMAIL):
        return read_winmail
    return read_outlook if content.startswith(COMPOUND) else None
