"""One file as a page: as it was read on one side, the values on the other, each leading to each.

Pure: a readout in, one self-contained HTML text out. It asks for nothing outside
(its own policy forbids it), runs no script but its own, escapes whatever stood in
the document, and works without script by its anchors; on paper the numbers remain.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from mailbot.letters import wording
from mailbot.render import render
from mailbot.reports.facsimile import Drawn, Facsimile
from mailbot.reports.readout import WORDS, Entry, FormReadout, Listing, Mark, Readout

_ROWS = 2000  #: of one list that are shown
_VALUE = 5000  #: characters of one value that are shown
_OF_ROW = "↗"  #: leads from a cell to a value of a list; fields have numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """From a place to what was read there."""

    to: str
    sign: str
    title: str
    mark: str
    word: str = ""  #: of the mark; colour never stands alone
    ocr: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """A value with its anchor, and the anchor of its place ("" where that is not drawn)."""

    anchor: str
    place: str
    sign: str
    entry: Entry
    text: str = field(repr=False)
    word: str
    rest: int = 0  #: characters that are not shown


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownRow:
    """One row of a list, its place and its values."""

    where: str
    place: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownList:
    """A list; ``rest`` rows are not shown."""

    listing: Listing
    rows: tuple[ShownRow, ...]
    rest: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A demanded section of a text."""

    anchor: str
    place: str
    title: str
    where: str
    found: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownForm:
    """One form with its anchors."""

    form: FormReadout
    place: str
    values: tuple[Value, ...]
    lists: tuple[ShownList, ...]
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One file that is no archive: a section of the page."""

    anchor: str
    file: Readout
    blocks: tuple[Drawn, ...]
    is_cut: bool
    forms: tuple[ShownForm, ...]
    links: dict[str, list[Link]]  #: by the anchor of the place


def compose_page(document: Readout) -> str:
    """The whole page, as text."""
    parts = {id(leaf): _Part(leaf, f"d{number}").made()
             for number, leaf in enumerate(document.leaves(), 1)}  # fmt: skip
    style, script = render("read/page.css.j2"), render("read/page.js.j2")
    return render(
        "read/page.html.j2",
        document=document,
        tree=tuple(_tree(document, parts)) if document.members else (),
        parts=tuple(parts.values()),
        style=style,
        script=script,
        style_hash=_hash(style),
        script_hash=_hash(script),
        size_text=wording.size_text,
        words=WORDS,
    )


def _tree(
    document: Readout, parts: dict[int, Part], depth: int = 0
) -> Iterator[tuple[int, Readout, str]]:
    """Depth, file and anchor ("" for an archive with members) of every file, in order."""
    part = parts.get(id(document))
    yield depth, document, part.anchor if part else ""
    for member in document.members:
        yield from _tree(member, parts, depth + 1)


def _hash(text: str) -> str:
    """As a content security policy names an inline text (CSP Level 3, 2.3.1)."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


class _Part:
    """Brings the values of one file together with their places."""

    def __init__(self, file: Readout, anchor: str) -> None:
        self._file = file
        self._anchor = anchor
        self._drawn = Facsimile(file.blocks, anchor)
        self._links: dict[str, list[Link]] = {}
        self._values = 0

    def made(self) -> Part:
        forms = tuple(self._form(form) for form in self._file.forms)
        return Part(
            anchor=self._anchor,
            file=self._file,
            blocks=self._drawn.blocks,
            is_cut=self._drawn.is_cut,
            forms=forms,
            links=self._links,
        )

    def _form(self, form: FormReadout) -> ShownForm:
        return ShownForm(
            form=form,
            place=self._drawn.find(form.where, form.title),
            values=tuple(self._value(entry) for entry in form.entries),
            lists=tuple(self._list(listing) for listing in form.lists),
            points=tuple(self._points(form)),
        )

    def _list(self, listing: Listing) -> ShownList:
        rows = tuple(
            ShownRow(
                where=row.where,
                place=self._drawn.find(row.where),
                values=tuple(self._value(cell, _OF_ROW) for cell in row.cells),
            )
            for row in listing.rows[:_ROWS]
        )
        return ShownList(listing=listing, rows=rows, rest=len(listing.rows) - len(rows))

    def _points(self, form: FormReadout) -> Iterator[Point]:
        for section in form.sections:
            anchor, _number = self._next()
            place = self._drawn.find(section.where)
            self._link(place, Link(to=anchor, sign="§", title=section.title, mark=Mark.READ))
            yield Point(
                anchor=anchor,
                place=place,
                title=section.title,
                where=section.where,
                found=section.found,
            )

    def _value(self, entry: Entry, sign: str = "") -> Value:
        anchor, number = self._next()
        sign = sign or str(number)
        place = self._drawn.find(entry.where, (entry.raw or entry.text).partition("\n")[0])
        word = "" if entry.mark is Mark.READ else WORDS[entry.mark]
        self._link(
            place,
            Link(
                to=anchor,
                sign=sign,
                title=entry.label,
                mark=entry.mark,
                word="" if entry.mark is Mark.BLANK else word,
                ocr=entry.ocr,
            ),
        )
        text = entry.seen
        return Value(
            anchor=anchor,
            place=place,
            sign=sign,
            entry=entry,
            text=text[:_VALUE],
            word=word,
            rest=max(0, len(text) - _VALUE),
        )

    def _next(self) -> tuple[str, int]:
        self._values += 1
        return f"{self._anchor}v{self._values}", self._values

    def _link(self, place: str, link: Link) -> None:
        if place:
            self._links.setdefault(place, []).append(link)
