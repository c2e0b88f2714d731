"""What was read of a document, as staff look at it: values, places, doubts, gaps.

Pure: a document and the campaigns in, texts fit to be shown out. The terminal and
the page are drawn from the same values, so that they never say different things.
It refuses to judge: that a demanded field is empty is said because the campaign's
form says so; what follows from it is for the rules.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from mailbot.letters import wording
from parsers.model import Block, Document, Field, Form, Format, Row, Section, Table
from parsers.scans.optical import DOUBT
from parsers.spec import FieldSpec, FieldType, FormSpec, Must, TableSpec
from rules.checks.people import SEAL_SEEN
from rules.notice.campaign import Campaign

#: Formats as staff call them.
FORMATS: Mapping[Format, str] = {
    "docx": "Word 文档", "doc": "Word 97 文档", "wps": "WPS 文字", "rtf": "RTF 文档",
    "xlsx": "Excel 工作簿", "xls": "Excel 97 工作簿", "et": "WPS 表格", "pdf": "PDF",
    "image": "图片", "text": "纯文本", "html": "网页", "eml": "邮件", "zip": "压缩包",
    "rar": "压缩包", "7z": "压缩包", "tar": "压缩包", "unknown": "未知格式",
}  # fmt: skip

_DEMANDS = {Must.STATED: "必填", Must.SENSE: "应填"}
_NO_TEXT = "没有可读的文字（图片或扫描件），内容须由工作人员打开原件查看。"
_NO_FORM = "文字已读出，但没有认出本程序所知的表单或材料。"
_EMPTY_ARCHIVE = "压缩包中没有文件。"
_ARCHIVES = frozenset({"zip", "rar", "7z", "tar"})


class Mark(StrEnum):
    """How a value stands; each has a word and a colour wherever it is shown."""

    READ = "read"
    DOUBT = "doubt"  #: a value stands there and was taken, or not, with a doubt
    UNREAD = "unread"  #: something stands there that is no value of this type
    EMPTY = "empty"  #: demanded, and nothing stands there
    BLANK = "blank"  #: nothing stands there, and nothing has to


#: What a mark is called.
WORDS: Mapping[Mark, str] = {
    Mark.READ: "读出",
    Mark.DOUBT: "存疑",
    Mark.UNREAD: "未能读取",
    Mark.EMPTY: "未填",
    Mark.BLANK: "空",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One value as it is shown."""

    label: str
    text: str = field(default="", repr=False)  #: as a person writes it, lines kept; "" for none
    raw: str = field(default="", repr=False)  #: what stood there, where the text does not say it
    where: str = ""
    mark: Mark = Mark.READ
    notes: tuple[str, ...] = ()  #: why it is marked, in whole words
    confidence: float = 1.0
    ocr: bool = False

    @property
    def seen(self) -> str:
        """The value, or what stands in its place."""
        return self.text or self.raw


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedRow:
    """One row of a list; ``cells`` stand under the columns of the list."""

    where: str
    cells: tuple[Entry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A list inside a form."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[ListedRow, ...]
    where: str = ""
    missing: tuple[str, ...] = ()  #: labels of demanded columns that were not found


@dataclass(frozen=True, slots=True, kw_only=True)
class FormReadout:
    """One form or known text."""

    title: str
    kind: str
    campaigns: tuple[str, ...]  #: "short name（id）"
    foreign: str
    confidence: float
    sure: bool  #: confident enough for the campaign; else a person looks at it
    characters: int
    where: str
    entries: tuple[Entry, ...]
    lists: tuple[Listing, ...]
    sections: tuple[Section, ...]
    seal: str = ""  #: what was seen of a seal on a picture

    def every(self) -> Iterator[Entry]:
        """All values, those of lists too."""
        yield from self.entries
        for listing in self.lists:
            for row in listing.rows:
                yield from row.cells

    @property
    def counts(self) -> str:
        """读出 18 项，存疑 1 项，...: what a person wants to know first."""
        marks = [entry.mark for entry in self.every()]
        shown = [
            f"{WORDS[mark]} {marks.count(mark)} 项"
            for mark in (Mark.READ, Mark.DOUBT, Mark.UNREAD, Mark.EMPTY)
            if mark in marks
        ]
        lost = sum(not section.found for section in self.sections)
        if self.sections:
            shown.append(f"要点 {len(self.sections) - lost} 个齐备")
        if lost:
            shown.append(f"缺少 {lost} 个")
        if self.seal:
            shown.append(self.seal)
        return "，".join(shown)


@dataclass(frozen=True, slots=True, kw_only=True)
class Readout:
    """One file, with the files in it."""

    file: str  #: with its way through the archives
    name: str  #: its own name
    format: Format
    format_name: str
    sha256: str
    size: int
    characters: int | None
    problems: tuple[tuple[str, str], ...]  #: what to do, and the code
    forms: tuple[FormReadout, ...]
    members: tuple[Readout, ...]
    silence: str  #: why nothing is shown; "" where something is
    converted: bool = False  #: the places are those of what an office program made of it
    blocks: tuple[Block, ...] = field(default=(), repr=False)

    def leaves(self) -> Iterator[Readout]:
        """This file if nothing is in it, else the leaves of its files."""
        if not self.members:
            yield self
        for member in self.members:
            yield from member.leaves()


def readout(document: Document, campaigns: Mapping[str, Campaign], parent: str = "") -> Readout:
    """Everything that is shown of a document. ``parent`` is the file it came out of."""
    name = document.file.removeprefix(f"{parent}/") if parent else document.file
    return Readout(
        file=wording.clean(document.file),
        name=wording.clean(name),
        format=document.format,
        format_name=FORMATS.get(document.format, document.format),
        sha256=document.sha256,
        size=document.size,
        characters=document.characters,
        problems=tuple((wording.clean(p.message), p.code) for p in document.problems),
        forms=tuple(_form(form, campaigns) for form in document.forms),
        members=tuple(readout(member, campaigns, document.file) for member in document.members),
        silence=_silence(document),
        converted=document.converted,
        blocks=document.blocks,
    )


def _silence(document: Document) -> str:
    if document.forms or document.members or document.problems:
        return ""
    if document.format in _ARCHIVES:
        return _EMPTY_ARCHIVE
    return _NO_TEXT if document.characters is None else _NO_FORM


def _form(form: Form, campaigns: Mapping[str, Campaign]) -> FormReadout:
    names = dict.fromkeys(n for entry in (form, *form.others) for n in entry.campaigns)
    known = [campaigns[name] for name in names if name in campaigns]
    spec = next((entry.form(form.kind) for entry in known), None)
    needed = max((entry.confidence for entry in known), default=0.0)
    return FormReadout(
        title=wording.clean(form.title) or (spec.title if spec else ""),
        kind=form.kind,
        campaigns=tuple(f"{entry.name}（{entry.id}）" for entry in known),
        foreign=wording.clean(form.foreign),
        confidence=form.confidence,
        sure=form.confidence >= needed,
        characters=form.characters,
        seal="" if form.seal is None else SEAL_SEEN[form.seal],
        where=form.where,
        entries=tuple(_entry(one, spec.field(one.key) if spec else None) for one in form.fields),
        lists=tuple(
            _listing(table, spec.table(table.key) if spec else None, spec) for table in form.tables
        ),
        sections=form.sections,
    )


def _listing(table: Table, spec: TableSpec | None, form: FormSpec | None) -> Listing:
    columns: dict[str, str] = {}
    for row in table.rows:
        columns.update({cell.key: _label(cell.label) for cell in row.cells})
    known = {column.key: column for column in spec.columns} if spec else {}
    if not table.rows:
        columns = {key: known[key].label if key in known else key for key in table.columns}
    name = spec.titles[0] if spec and spec.titles else (form.title if form else table.key)
    return Listing(
        name=wording.clean(name),
        columns=tuple(columns.values()),
        rows=tuple(_row(row, columns, known) for row in table.rows),
        where=table.where,
        missing=tuple(
            _label(column.label)
            for key, column in known.items()
            if column.must in _DEMANDS and key not in table.columns and key not in columns
        ),
    )


def _row(row: Row, columns: Mapping[str, str], known: Mapping[str, FieldSpec]) -> ListedRow:
    cells = [
        _entry(row.get(key) or Field(key=key, label=label), known.get(key))
        for key, label in columns.items()
    ]
    return ListedRow(where=row.where, cells=tuple(cells))


def _entry(one: Field, spec: FieldSpec | None) -> Entry:
    text, raw = _text(one, spec), wording.clean(one.raw, lines=True)
    mark, notes = _mark(one, text, raw, spec)
    ocr = one.source == "ocr"
    if ocr and DOUBT not in one.doubt:
        notes = (*notes, "由图像识别得出，请核对原件")
    return Entry(
        label=_label(one.label) or one.key,
        text=text,
        raw="" if _same(text, raw) or _same(wording.value_text(one.value), raw) else raw,
        where=one.where,
        mark=mark,
        notes=notes,
        confidence=one.confidence,
        ocr=ocr,
    )


def _mark(one: Field, text: str, raw: str, spec: FieldSpec | None) -> tuple[Mark, tuple[str, ...]]:
    doubt = (wording.clean(one.doubt),) if one.doubt else ()
    if text:
        return (Mark.DOUBT if doubt else Mark.READ), doubt
    if raw:
        return Mark.UNREAD, doubt or ("不是该栏要求的内容，原文照录",)
    must = spec.must if spec else Must.OPTIONAL
    demand = _DEMANDS.get(must)
    if demand is None:
        return Mark.BLANK, (*doubt, *(("手写或盖章",) if must is Must.HAND else ()))
    return Mark.EMPTY, (*doubt, demand if one.where else f"{demand}，未找到此栏")


def _label(text: str) -> str:
    """A printed label: 故 事 名 称 without its blanks, 累计数 QC小组 with them."""
    words = wording.clean(text).rstrip("：:").split()
    joined = "".join(words)
    return joined if len(joined) == len(words) else " ".join(words)


def _text(one: Field, spec: FieldSpec | None) -> str:
    """The value with its unit; lines are kept."""
    if isinstance(one.value, str) and (spec is None or spec.type not in _WORDED):
        return wording.clean(one.value, lines=True)
    text = wording.value_text(one.value, spec.type if spec else None)
    unit = spec.unit if spec and isinstance(one.value, int | float) else ""
    return f"{text} {unit}" if unit and unit != "%" else text


#: types whose text is said in other words than it is kept in
_WORDED = frozenset({FieldType.DATE, FieldType.PERIOD})


def _same(text: str, raw: str) -> bool:
    """Does the value say what stood there, but for blanks?"""
    return "".join(text.split()).rstrip("%") == "".join(raw.split()).rstrip("%％")
