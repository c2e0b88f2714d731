"""What a reply consists of, before it is set as text or HTML.

A letter is an address, a few opening paragraphs and numbered sections; a
section has paragraphs around one body, and each shape of body has one template
in each rendering. Values only: which sections a mail calls for is decided in
:mod:`mailbot.answer`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One item with its decision."""

    name: str  #: "质量信得过班组「冲压一班」"
    decision: str  #: "受理"
    tone: str  #: "good", "wait", "bad": the colour in HTML
    receipt: str = ""
    company: str = ""  #: where the letter is about several
    fresh: bool = True  #: this mail touched it
    remark: str = ""  #: among many: how much is wanted, or what it waits for


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """The state of every item."""

    shape: ClassVar[str] = "results"
    rows: tuple[Result, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One thing the reader must know or do, with its place and its clause."""

    number: int
    message: str
    place: str = ""  #: "附件二《…》，表.docx，表1 第2行第4列，「邮编」"
    clause: str = ""  #: "通知 四.1"
    note: str = ""  #: the notice's own words, or what was asked before


@dataclass(frozen=True, slots=True, kw_only=True)
class PointGroup:
    """Points about one item, or about the whole unit."""

    title: str
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Points:
    """Numbered points in groups; numbers run through."""

    shape: ClassVar[str] = "points"
    groups: tuple[PointGroup, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A label and what stands behind it."""

    label: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairs:
    """Labelled values: the account to pay to."""

    shape: ClassVar[str] = "pairs"
    rows: tuple[Pair, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRow:
    """One file of the mail."""

    name: str
    size: str
    digest: str  #: first 8 characters of the SHA-256
    known_as: str  #: what it was recognised as, or why not


@dataclass(frozen=True, slots=True, kw_only=True)
class Files:
    """Every file that arrived."""

    shape: ClassVar[str] = "files"
    rows: tuple[FileRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadList:
    """The rows of a list inside a form, each in one line."""

    title: str
    rows: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadForm:
    """What was read of one form."""

    title: str
    file: str  #: "" where it stands for several
    pairs: tuple[Pair, ...]
    lists: tuple[ReadList, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Readings:
    """What was read of all forms of the mail."""

    shape: ClassVar[str] = "readings"
    forms: tuple[ReadForm, ...]


Body = Results | Points | Pairs | Files | Readings


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One numbered section."""

    numeral: str  #: "一"
    title: str
    intro: tuple[str, ...] = ()
    body: Body | None = None
    outro: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A whole reply."""

    heading: str  #: "受理通知"
    tone: str  #: "good", "wait", "bad"
    greeting: str
    lead: tuple[str, ...]
    sections: tuple[Section, ...]
    contact: tuple[Pair, ...]
    signature: str
    dated: str
    basis: str  #: what the program made it from: "来信", "工作人员的审核结果"
