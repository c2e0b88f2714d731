"""Reads archived mails again with today's readers, and tells what is read differently.

Nothing is written and nothing is decided here: the new readings are handed to
whoever judges with them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Protocol

from mailbot.letters.wording import label_text
from mailbot.model import Reading
from mailbot.pipeline import ReadsMails
from mailbot.ports import ArchiveError
from mailbot.store import Store, readings, replayed
from parsers.model import Document, Field, Form

_SHOWN = 40  #: letters of a value


class HasMails(Protocol):
    """The part of :class:`mailbot.ports.Archive` that is used here."""

    def path(self, sha256: str) -> Path:
        """Where the raw bytes lie."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One thing of a mail that is read differently."""

    mail: str  #: raw SHA-256
    file: str
    what: str  #: which form and field, or what else
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reread:
    """What today's readers read."""

    readings: Mapping[int, Reading] = field(default_factory=dict)  #: by mail, only changed ones
    differences: tuple[Difference, ...] = ()
    problems: tuple[str, ...] = ()  #: mails that could not be read again, in Chinese


def read_again(
    store: Store,
    archive: HasMails,
    reader: ReadsMails,
    campaigns: Sequence[str],
    each: Callable[[], None],
) -> Reread:
    """Every mail of these campaigns' dossiers, several at once. Raises StoreError.

    ``each`` is called after each mail.
    """
    with store.reading() as connection:
        mails = replayed.filed_mails(connection, campaigns)
    changed: dict[int, Reading] = {}
    differences: list[Difference] = []
    problems: list[str] = []
    with ThreadPoolExecutor(reader.workers, "reading") as pool:
        read = partial(_read, archive, reader)
        for mail, found in zip(mails, pool.map(read, mails), strict=True):
            each()
            if isinstance(found, str):
                problems.append(found)
                continue
            with store.reading() as connection:
                before = readings.reading_of(connection, mail.id)
                parted = replayed.is_parted(connection, mail.id)
            if _tree(before) != _tree(found) and parted:
                problems.append(
                    f"来信 {mail.sha256[:12]} 现在读出的附件与原来不同，且分属几个单位，"
                    "未采用新的读取结果，请人工核对。"
                )
            elif told := list(_compare(mail.sha256, before, found)):
                changed[mail.id] = replace(found, envelope=before.envelope)
                differences += told
    return Reread(readings=changed, differences=tuple(differences), problems=tuple(problems))


def _read(archive: HasMails, reader: ReadsMails, mail: replayed.FiledMail) -> Reading | str:
    """The reading, or why there is none."""
    try:
        found = reader.read(archive.path(mail.sha256), mail.sha256)
    except ArchiveError as error:
        return f"来信 {mail.sha256[:12]}：{error}"
    return f"来信 {mail.sha256[:12]}：{found.failure}" if found.failure else found


def _tree(reading: Reading) -> list[tuple[str, str, str]]:
    return [(path, d.file, d.sha256) for path, d in readings.walk(reading.documents)]


def _compare(mail: str, before: Reading, after: Reading) -> Iterator[Difference]:
    """What is other in the documents, file by file."""
    old = {(d.file, d.sha256): d for _, d in readings.walk(before.documents)}
    new = {(d.file, d.sha256): d for _, d in readings.walk(after.documents)}
    for key in dict.fromkeys((*old, *new)):
        made = partial(Difference, mail=mail, file=key[0])
        if key not in new or key not in old:
            yield made(
                what="附件", before="有" if key in old else "", after="有" if key in new else ""
            )
            continue
        for what, one, other in _documents(old[key], new[key]):
            yield made(what=what, before=one, after=other)


def _documents(old: Document, new: Document) -> Iterator[tuple[str, str, str]]:
    problems = ("；".join(p.code for p in old.problems), "；".join(p.code for p in new.problems))
    if problems[0] != problems[1]:
        yield "问题", *problems
    kinds = ("、".join(f.kind for f in old.forms), "、".join(f.kind for f in new.forms))
    if kinds[0] != kinds[1]:
        yield "识别为", *kinds
        return
    told = [
        entry
        for one, other in zip(old.forms, new.forms, strict=True)
        for entry in _forms(one, other)
    ]
    yield from told
    if not told and (old.text, old.characters, old.forms) != (new.text, new.characters, new.forms):
        yield "全文", f"{old.characters or 0} 字", f"{new.characters or 0} 字"


def _forms(old: Form, new: Form) -> Iterator[tuple[str, str, str]]:
    one, other = dict(_cells(old)), dict(_cells(new))
    for key in dict.fromkeys((*one, *other)):
        before, after = one.get(key), other.get(key)
        if _value(before) != _value(after):
            label = label_text((after or before or Field(key=key, label=key)).label)
            yield f"{old.kind}「{label}」", _shown(before), _shown(after)


def _cells(form: Form) -> Iterator[tuple[str, Field]]:
    for entry in form.fields:
        yield entry.key, entry
    for table in form.tables:
        for number, row in enumerate(table.rows):
            for cell in row.cells:
                yield f"{table.key}.{number}.{cell.key}", cell


def _value(entry: Field | None) -> object:
    return None if entry is None else (entry.value, entry.raw)


def _shown(entry: Field | None) -> str:
    return "" if entry is None else " ".join(entry.raw.split())[:_SHOWN]
