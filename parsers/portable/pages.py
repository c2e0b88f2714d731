"""The pages of a PDF as marks on paper: glyphs, ruled cells, drawn boxes, pictures.

The only room that knows the library reading PDFs, and the one that turns its many ways
to stumble into damage. What the marks mean is for :mod:`parsers.portable.document`. Nothing is
followed: no link, no action, no script, no embedded file. ISO 32000-1.
"""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from parsers.damage import broken, locked, oversized
from parsers.limits import Limits
from parsers.values.radicals import whole_character
from parsers.word.text import WINGDINGS

_CURE = "重新导出为 PDF，或改为可编辑的电子版"
_UNKNOWN = "\ufffd"  #: a sign that is seen, not understood
_STROKES = 20_000  #: lines and curves of one page; a form has some hundred
_BOX = (5.0, 18.0)  #: sides of a drawn check box, points
_SQUARE = 1.5  #: points its sides may differ
_WHOLE = 0.5  #: share of the page that makes a picture the page itself
_PRIVATE = range(0xE000, 0xF900)

#: what the library raises on bytes that are no sound PDF, besides exceptions of its own
_FAULTS = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    LookupError,
    NotImplementedError,
    OSError,
    RecursionError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Glyph:
    """One printed character; positions in points from the upper left of the page."""

    text: str
    x0: float
    x1: float
    base: float  #: where it stands
    middle: float  #: of its height
    size: float
    bold: bool = False


Box = tuple[float, float, float, float]  #: left, top, right, bottom


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page. ``tables`` are the cells of each ruled table, ``alone`` those of none."""

    number: int
    width: float
    height: float
    glyphs: tuple[Glyph, ...] = ()
    tables: tuple[tuple[Box, ...], ...] = ()
    alone: tuple[Box, ...] = ()
    slack: float = 1.0  #: points by which places may be mistaken


def read_pages(content: bytes, limits: Limits) -> Iterator[Page]:
    """The pages with text of its own, in order; scans and pages in unknown signs left out.

    Raises :class:`parsers.damage.Damaged`.
    """
    # most mails have no PDF, and the library is large
    import pdfplumber  # noqa: PLC0415
    from pdfminer.pdfdocument import PDFPasswordIncorrect  # noqa: PLC0415
    from pdfminer.pdfexceptions import PDFException  # noqa: PLC0415
    from pdfminer.psexceptions import PSException  # noqa: PLC0415
    from pdfplumber.utils.exceptions import (  # noqa: PLC0415
        MalformedPDFException,
        PdfminerException,
    )

    faults = (*_FAULTS, PDFException, PSException, MalformedPDFException, PdfminerException)
    try:
        with pdfplumber.open(io.BytesIO(content)) as document:
            if len(document.pages) > limits.max_pages:
                raise oversized("文件页数过多")
            for number, page in enumerate(document.pages, 1):
                found = _page(number, page)
                page.close()
                if found is not None:
                    yield found
    except faults as error:
        if any(isinstance(cause, PDFPasswordIncorrect) for cause in (error, *error.args)):
            raise locked() from error
        raise broken(_CURE) from error


def _page(number: int, page: Any) -> Page | None:
    """One page, or None where nothing on it can be taken for its text."""
    if len(page.lines) + len(page.rects) + len(page.curves) > _STROKES:
        raise oversized("页面图形过多")
    if not page.chars and not page.annots:
        return None
    if any(_covers(image, page) for image in page.images):
        return None  # what stands on a scan was recognised by some other program
    plain = page.dedupe_chars().filter(lambda thing: not _is_box(thing))
    glyphs = [_glyph(char, page) for char in plain.chars]
    if any(glyph.text.startswith("(cid:") for glyph in glyphs):
        return None  # its fonts do not say which characters they draw
    drawn = [_drawn(thing) for thing in (*page.rects, *page.curves) if _is_box(thing)]
    filled = [mark for entry in page.annots if (mark := _filled(entry)) is not None]
    ruled = plain.debug_tablefinder()
    tables = tuple(tuple(map(_box, table.cells)) for table in ruled.tables)
    held = {box for cells in tables for box in cells}
    return Page(
        number=number,
        width=float(page.width),
        height=float(page.height),
        glyphs=(*glyphs, *_apart(drawn), *filled),
        tables=tables,
        alone=tuple(box for box in map(_box, ruled.cells) if box not in held),
    )


def _box(sides: tuple[Any, Any, Any, Any]) -> Box:
    x0, top, x1, bottom = map(float, sides)
    return x0, top, x1, bottom


def _covers(image: Any, page: Any) -> bool:
    area = max(0, image["x1"] - image["x0"]) * max(0, image["bottom"] - image["top"])
    return bool(area >= _WHOLE * page.width * page.height)


def _glyph(char: Any, page: Any) -> Glyph:
    font = str(char["fontname"])
    base = float(page.height) - char["matrix"][5] if char["upright"] else char["bottom"]
    return Glyph(
        text=_understood(char["text"], font),
        x0=float(char["x0"]),
        x1=float(char["x1"]),
        base=float(base),
        middle=(char["top"] + char["bottom"]) / 2,
        size=float(char["size"]),
        bold="bold" in font.lower(),
    )


def _understood(text: str, font: str) -> str:
    """The character a person sees."""
    if "wingdings" in font.lower() and len(text) == 1:
        return WINGDINGS.get(ord(text) & 0xFF, _UNKNOWN)
    if len(text) != 1:
        return text
    if ord(text) in _PRIVATE:
        return _UNKNOWN
    return whole_character(text)


def _is_box(thing: Any) -> bool:
    """Is it a square of the size of a check box?"""
    if thing["object_type"] not in ("rect", "curve"):
        return False
    width, height = thing["x1"] - thing["x0"], thing["bottom"] - thing["top"]
    return bool(_BOX[0] <= width <= _BOX[1] and abs(width - height) <= _SQUARE)


def _drawn(thing: Any) -> Glyph:
    """A box without letters: whether it is ticked cannot be told."""
    return _mark(thing, _UNKNOWN)


def _mark(thing: Any, text: str) -> Glyph:
    height = float(thing["bottom"] - thing["top"])
    return Glyph(
        text=text,
        x0=float(thing["x0"]),
        x1=float(thing["x1"]),
        base=float(thing["bottom"]) - height / 5,
        middle=float(thing["top"]) + height / 2,
        size=height,
    )


def _apart(marks: list[Glyph]) -> Iterator[Glyph]:
    """Each drawn box once: its frame, its filling and its cross lie on each other."""
    seen: list[Glyph] = []
    for mark in marks:
        if not any(abs(mark.x0 - old.x0) < _BOX[0] and abs(mark.middle - old.middle) < _BOX[0] for old in seen):  # fmt: skip
            seen.append(mark)
            yield mark


def _filled(entry: Any) -> Glyph | None:
    """What was typed into, or ticked in, a field of a form that is filled in on screen."""
    data = entry["data"]
    if str(data.get("Subtype")) != "/'Widget'":
        return None
    kind, value = str(data.get("FT")), data.get("V")
    if kind == "/'Btn'":
        state = str(data.get("AS", "/'Off'"))
        return _mark(entry, "☐" if state == "/'Off'" else "☑")
    if kind == "/'Tx'" and isinstance(value, bytes) and value:
        wide = value.startswith(b"\xfe\xff")
        text = value[2:].decode("utf-16-be", "replace") if wide else value.decode("latin-1")
        return _mark(entry, text.replace("\r", "\n"))
    return _mark(entry, _UNKNOWN) if value else None
