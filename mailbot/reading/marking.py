"""Copies of an applicant's own documents with a comment at each place that needs care.

Runs where hostile bytes may be taken apart: in the limited child. The document as sent
is never altered; the copy is made by the libraries that write such documents, and what
they cannot open gets no copy. Which places, and what is said there, is decided elsewhere.
"""

from __future__ import annotations

import base64
import io
import re
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import docx
import openpyxl
from docx.text.paragraph import Paragraph
from docx.text.run import Run
from lxml import etree
from openpyxl.cell.cell import MergedCell
from openpyxl.comments import Comment
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.worksheet import Worksheet

from mailbot.mime.enclosed import open_mail
from parsers.containers.package import Element
from parsers.documents import find_file
from parsers.limits import Limits
from parsers.model import Format
from parsers.word.text import P, TextReader
from parsers.word.walk import Walk

#: The formats of which copies are made.
MARKED: tuple[Format, ...] = ("docx", "xlsx")

_WIDTH, _LINE = 260, 22  # pixels of a comment in a workbook, and of one of its lines
_SIGNS = 18  # Chinese characters in one line of that width
_CELL = re.compile(r"[A-Z]{1,3}[1-9][0-9]*")
#: a place inside a Word table that is no cell of its own: its row, its table
_ROW = re.compile(r"(.*表\d+)(?: 第(\d+)行)?.*")

#: What the libraries raise for documents they cannot open or write again.
_UNMARKABLE = (
    KeyError, ValueError, TypeError, AttributeError, IndexError, OSError, zipfile.BadZipFile,
    etree.LxmlError, InvalidFileException,
)  # fmt: skip


class Unmarkable(Exception):
    """Of this document no copy can be made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """One comment: where it stands, as readers name places; "" at the beginning."""

    where: str
    text: str


def answer(request: dict[str, Any], limits: Limits) -> Iterator[dict[str, Any]]:
    """The frames for one file of an archived message: its copy, where one can be made."""
    tempfile.tempdir = request["folder"]
    raw = Path(request["path"]).read_bytes()
    notes = [Note(where=note["where"], text=note["text"]) for note in request["notes"]]
    content = find_file("mail.eml", raw, request["sha256"], limits, open_mail=open_mail)
    if content is not None:
        with suppress(Unmarkable):
            copy = marked(content, request["format"], notes, request["author"], limits)
            yield {"copy": base64.b64encode(copy).decode("ascii")}
    yield {"end": True}


def marked(
    content: bytes, kind: Format, notes: Sequence[Note], author: str, limits: Limits
) -> bytes:
    """A copy of a .docx or .xlsx with these comments, those of one place joined.

    Raises Unmarkable where the libraries that write such documents cannot open this one.
    """
    places: dict[str, list[str]] = {}
    for note in notes:
        places.setdefault(note.where, []).append(note.text)
    joined = {where: "\n".join(dict.fromkeys(texts)) for where, texts in places.items()}
    try:
        return (_word if kind == "docx" else _workbook)(content, joined, author, limits)
    except _UNMARKABLE as error:
        raise Unmarkable(type(error).__name__) from error


def _word(content: bytes, notes: Mapping[str, str], author: str, limits: Limits) -> bytes:
    document = docx.Document(io.BytesIO(content))
    found: dict[str, Element] = {}
    body: Any = document.element.body
    data: bytes = etree.tostring(document.element)
    walk = Walk(TextReader(document.element, data, limits), limits, None, found.__setitem__)
    for _ in walk.body(body):
        pass
    by_paragraph: dict[Element, list[str]] = {}
    for where, text in notes.items():
        paragraph = _paragraph(found, where)
        if paragraph is None:
            paragraph = next(body.iter(P))
        by_paragraph.setdefault(paragraph, []).append(text)
    for element, texts in by_paragraph.items():
        document.add_comment(_runs(element, document), "\n".join(texts), author, author[:2])
    copy = io.BytesIO()
    document.save(copy)
    return copy.getvalue()


def _paragraph(found: Mapping[str, Element], where: str) -> Element | None:
    """The first paragraph at a place; of a row or table without a cell, that of its first cell."""
    element = found.get(where)
    if element is None and (part := _ROW.fullmatch(where)):
        start = f"{part[1]} 第{part[2]}行" if part[2] else f"{part[1]} "
        element = next((entry for place, entry in found.items() if place.startswith(start)), None)
    if element is None or element.tag == P:
        return element
    return next(element.iter(P), None)


def _runs(element: Any, document: Any) -> list[Run]:
    """What the comment is put at: the runs of the paragraph, or an empty one."""
    paragraph = Paragraph(element, document)
    return list(paragraph.runs) or [paragraph.add_run()]


def _workbook(content: bytes, notes: Mapping[str, str], author: str, limits: Limits) -> bytes:
    del limits  # counted when it was read
    book = openpyxl.load_workbook(io.BytesIO(content), keep_links=False)
    for where, text in notes.items():
        cell = _cell(book.worksheets, where)
        before = f"{cell.comment.text}\n" if cell.comment is not None else ""
        comment = Comment(before + text, author, width=_WIDTH)
        comment.height = _LINE * (2 + sum(1 + len(line) // _SIGNS for line in text.split("\n")))
        cell.comment = comment
    copy = io.BytesIO()
    book.save(copy)
    return copy.getvalue()


def _cell(sheets: Sequence[Worksheet], where: str) -> Any:
    """The cell at ``Sheet!B3``; the first one of the sheet, or of the book, where none is named."""
    name, _, coordinate = where.rpartition("!")
    sheet = next((sheet for sheet in sheets if sheet.title == name), sheets[0])
    if not _CELL.fullmatch(coordinate):
        coordinate = "A1"
    cell = sheet[coordinate]
    if isinstance(cell, MergedCell):
        cell = sheet[_anchor(sheet.merged_cells.ranges, coordinate)]
    return cell


def _anchor(ranges: Iterable[Any], coordinate: str) -> str:
    """The cell that holds the value of a merged one."""
    merged = next(entry for entry in ranges if coordinate in entry)
    return f"{get_column_letter(merged.min_col)}{merged.min_row}"
