"""The values of reading: a document, its located cells and lines, its forms.

Everything is frozen and goes forward only. A place (``where``) is what a person
needs to find the spot again: ``表1 第2行第4列`` counts printed cells (a cell merged
over columns counts once; a row that continues a cell merged from above counts
that cell too, because it is seen there), in spreadsheets it is ``Sheet1!B3``.
This module holds no behaviour beyond looking things up in itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Literal

Format = Literal[
    "docx", "rtf", "doc", "wps", "xlsx", "xls", "et", "pdf", "image", "text",
    "html", "eml", "zip", "rar", "7z", "tar", "unknown",
]  # fmt: skip

#: What a typed value may be (contract, JSON of ``read``): text, integer or
#: decimal, a list of option texts, a pair of numbers; ``None`` is empty or unreadable.
Value = str | int | float | list[str] | list[int | float] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One printed cell of a grid.

    ``row`` and ``col`` are 0-based positions in the grid (columns of the
    underlying table grid, so cells below each other share ``col``).
    """

    row: int
    col: int
    rowspan: int = 1
    colspan: int = 1
    text: str = ""  #: paragraphs joined by "\n"; check boxes as ☑ and ☐
    where: str = ""
    grids: tuple[Grid, ...] = ()  #: tables nested in this cell

    def covers(self, row: int, col: int) -> bool:
        """Is the grid position inside this cell?"""
        return (
            self.row <= row < self.row + self.rowspan and self.col <= col < self.col + self.colspan
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """Rows of located cells, the same for Word tables and worksheets.

    ``rows[r]`` holds the cells that *begin* in row r, left to right; a cell that
    reaches down from above is not repeated.
    """

    rows: tuple[tuple[Cell, ...], ...]
    where: str = ""  #: "表1", or the name of the worksheet

    def cells(self) -> Iterator[Cell]:
        """All cells, row by row."""
        for row in self.rows:
            yield from row


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One paragraph outside every table."""

    text: str
    where: str = ""  #: "第3段", "页眉", "页脚", "文本框1"
    heading: bool = False  #: set in a heading style, or centred and bold


Block = Line | Grid

#: Where values come from: characters in the file, or optical recognition of a picture.
Source = Literal["text", "ocr"]

#: Is a round red seal seen? For people to look at, never a proof.
Seal = Literal["found", "not_found", "unsure"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Why a document, or a part of it, could not be read. ``code`` is a finding code."""

    code: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What a format reader takes out of the bytes: blocks in reading order."""

    blocks: tuple[Block, ...] = ()
    characters: int = 0  #: Word's 字数 of the body
    source: Source = "text"
    seal: Seal | None = None  #: None: nobody looked
    problems: tuple[Problem, ...] = ()  #: what was left out


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One value read, with what stood there and where."""

    key: str
    label: str  #: the label as the notice prints it
    value: Value = None
    raw: str = ""
    where: str = ""  #: empty: the label was not found in the document
    confidence: float = 1.0  #: 0..1, from what was actually matched
    source: Source = "text"
    doubt: str = ""  #: why a value that stands there was not taken, in Chinese


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row of a list inside a form; ``cells`` in the order of the columns."""

    cells: tuple[Field, ...]
    where: str = ""

    def get(self, key: str) -> Field | None:
        """The cell of a column, or None."""
        for cell in self.cells:
            if cell.key == key:
                return cell
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A list inside a form: roll-up rows, members, reviewers."""

    key: str
    rows: tuple[Row, ...] = ()
    columns: tuple[str, ...] = ()  #: keys of the columns found in the document
    where: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One demanded section or point of a text, found or not."""

    key: str
    title: str
    found: bool
    where: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A printed form, or a text of a known kind, recognised in a document.

    ``campaigns`` holds every campaign whose form fits equally well; it is empty
    where the title contradicts all of them (another year or association), and
    ``foreign`` then says what does.
    """

    kind: str
    title: str = ""  #: as found; empty when known by its labels alone
    campaigns: tuple[str, ...] = ()
    foreign: str = ""
    confidence: float = 1.0
    fields: tuple[Field, ...] = ()
    tables: tuple[Table, ...] = ()
    sections: tuple[Section, ...] = ()
    characters: int = 0  #: Word's 字数 of this form's part of the document
    where: str = ""
    source: Source = "text"
    seal: Seal | None = None  #: None: nobody looked
    others: tuple[Form, ...] = ()  #: the same paper as campaigns read it that call it another kind

    def read_by(self, campaign: str) -> Form:
        """The paper as this campaign reads it; itself where the campaign has no other kind."""
        if campaign in self.campaigns:
            return self
        return next((form for form in self.others if campaign in form.campaigns), self)

    def get(self, key: str) -> Field | None:
        """The field with this key, or None."""
        for entry in self.fields:
            if entry.key == key:
                return entry
        return None

    def table(self, key: str) -> Table | None:
        """The list with this key, or None."""
        return next((entry for entry in self.tables if entry.key == key), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One file, at any depth of archives or attached mails, as it was read."""

    file: str  #: display name, members as "archive.zip/name.docx"
    sha256: str
    size: int = 0  #: bytes
    format: Format = "unknown"
    problems: tuple[Problem, ...] = ()
    characters: int | None = None
    text: str = field(default="", repr=False)  #: the whole text, for outline and name searches
    blocks: tuple[Block, ...] = field(default=(), repr=False)  #: only where asked for
    forms: tuple[Form, ...] = ()
    members: tuple[Document, ...] = ()
    #: read from what an office program made of it: the places are those of that .docx or .xlsx
    converted: bool = False

    def read_by(self, campaign: str) -> Document:
        """The document with every form as this campaign reads it."""
        return replace(
            self,
            forms=tuple(form.read_by(campaign) for form in self.forms),
            members=tuple(member.read_by(campaign) for member in self.members),
        )

    def leaves(self) -> Iterator[Document]:
        """This document if it has no members, else its members' leaves."""
        if not self.members:
            yield self
        for member in self.members:
            yield from member.leaves()
