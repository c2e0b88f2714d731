"""A form read: its fields in the order of the spec, its lists and their totals.

Lists are read first; what belongs to them is no field. Then lines and grids are
searched in their order. Lines beside a grid hold heads and feet only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from parsers.forms.cells import Part, View
from parsers.forms.formindex import NOTE, FormIndex, Found, Region, between, strip_prompts
from parsers.forms.labelindex import Hit
from parsers.forms.labels import compact, normalise_label
from parsers.forms.lists import Lists, make_field
from parsers.forms.neighbours import GridReader
from parsers.forms.search import Search
from parsers.model import Field, Line, Table
from parsers.spec import FieldSpec, FieldType
from parsers.values.dates import find_period
from parsers.values.ticks import read_heading

_SHORT = 60  #: characters a line under the title has at most
_NUMBERED = re.compile(r"\s*[(（]?\d{1,2}(?!\d)")  #: 1张三
_PIECE = 20  #: characters a line of a broken label has at most
_UNSURE = 0.5  #: below it a raw text belongs to no field for certain


class Extraction:
    """One pass over one region with one form's labels; ``run`` makes it."""

    def __init__(self, form: FormIndex, region: Region) -> None:
        lists = _lists(form, region)
        self.tables: tuple[Table, ...] = tuple(lists.tables)
        self._totals = tuple(lists.totals)
        self._form = form
        # in a free text the next line is text, not the value of an empty head
        self._is_flat = not region.views() and form.spec.layout != "text"
        parts = tuple(_whole_labels(form, region.parts)) if self._is_flat else region.parts
        self._region = replace(region, parts=parts)
        self._search = Search(form, region.views(), lists.used)

    def run(self) -> tuple[Field, ...]:
        """All fields of the spec in its order, found or not; totals of lists behind them."""
        zone, noted = "head", False
        for position, part in enumerate(self._region.parts):
            if isinstance(part, View):
                GridReader(self._search, part, zone).read()
                zone, noted = "foot", False
            elif NOTE.match(part.text) or compact(part.text) in self._form.notes:
                noted = True
            elif not noted or self._is_entry(part):
                noted = False
                self._line(part, position, zone)
        self._period()
        self._named_by_title()
        fields = [self._field(number, spec) for number, spec in enumerate(self._form.spec.fields)]
        return (*fields, *self._totals)

    def _field(self, number: int, spec: FieldSpec) -> Field:
        label = self._form.printed(spec)
        found = self._search.found.get(number)
        if found is None:
            return Field(key=spec.key, label=label)
        raw = strip_prompts(found.raw, self._form.prompts[number])
        field = make_field(spec, raw, found.where, found.confidence, found.doubt)
        if found.doubt and found.confidence < _UNSURE:
            return replace(field, label=label, value=None)
        return replace(field, label=label)

    # ---- lines ---------------------------------------------------------------------

    def _is_entry(self, line: Line) -> bool:
        """In a form without cells: does a line behind the notes begin with a label?"""
        hits = self._labels(line.text) if self._is_flat else ()
        return bool(hits) and not line.text[: hits[0].start].strip()

    def _labels(self, text: str) -> tuple[Hit, ...]:
        return self._search.labels.find(text, loose=self._is_flat)

    def _line(self, line: Line, position: int, zone: str) -> None:
        has_grid = bool(self._region.views())
        hits = self._labels(line.text)
        for at, hit in enumerate(hits):
            end = hits[at + 1].start if at + 1 < len(hits) else len(line.text)
            number, confidence = self._search.choose(hit, self._search.recent(), zone)
            self._search.seen(hit)
            spec = self._search.spec(number)
            # beside a grid, lines hold heads and feet only; a colon shows other labels
            if has_grid and spec.place not in ("head", "foot") and not hit.colon:
                continue
            raw = between(line.text, hit.start, hit.end, end)
            if not raw and at + 1 == len(hits) and self._is_flat:
                raw = self._following(position, spec)
            self._search.keep(number, Found(raw, line.where, confidence))

    def _following(self, position: int, spec: FieldSpec) -> str:
        """Lines behind a label that stands alone, up to the next label."""
        taken: list[str] = []
        for part in self._region.parts[position + 1 :]:
            if not isinstance(part, Line) or NOTE.match(part.text):
                break
            if self._form.has_period and find_period(part.text):
                break
            slots = spec.slots and _NUMBERED.match(part.text)
            other = bool(spec.slots and taken) or "\t" in part.text
            if self._labels(part.text) or (other and not slots):
                break
            if normalise_label(part.text).casefold() in self._form.headers:
                break
            if not taken and spec.unit and _is_printed(part.text, spec.unit):
                continue
            taken.append(part.text)
            if spec.type is not FieldType.LONG_TEXT and not slots:
                break
        return "\n".join(taken).strip()

    def _period(self) -> None:
        """A period stands under the title without a label."""
        for number, spec in enumerate(self._form.spec.fields):
            known = self._search.found.get(number)
            if spec.type is not FieldType.PERIOD or (known and known.raw):
                continue
            for text, where in self._region.heads():
                if find_period(text):
                    bracket = re.search(r"[(（]([^()（）]*\d{4}[^()（）]*)[)）]", text)
                    raw = bracket.group(1) if bracket and find_period(bracket.group(1)) else text
                    self._search.found[number] = Found(raw.strip(), where, 1.0)
                    break

    def _named_by_title(self) -> None:
        """What the title says, or a line under it: which of several awards is meant."""
        for number, spec in enumerate(self._form.spec.fields):
            known = self._search.found.get(number)
            if spec.place != "title" or (known and known.raw):
                continue
            region = self._region
            lines = [(line, region.where) for line in region.heading or (region.title,)]
            lines += self._above()
            reading = read_heading([line for line, _where in lines], spec.options)
            if isinstance(reading.value, list) or reading.doubt:
                chosen = reading.value if isinstance(reading.value, list) else []
                naming = [where for line, where in lines if any(str(c) in line for c in chosen)]
                raw = "、".join(str(option) for option in chosen)
                where = next(iter(naming), region.where)
                self._search.found[number] = Found(raw, where, reading.confidence, reading.doubt)

    def _above(self) -> Iterator[tuple[str, str]]:
        """Short lines over the form's first row; in a sheet they are rows of a single cell."""
        for part in self._region.parts:
            if isinstance(part, Line):
                if len(part.text) < _SHORT:
                    yield part.text, part.where
                continue
            for row in part.numbers():
                filled = part.filled(row)
                if len(filled) > 1 or len(part.row(row)) > 1:
                    return
                yield from ((c.text, c.where) for c in filled if len(c.text) < _SHORT)
            return


def _is_printed(text: str, unit: str) -> bool:
    """The unit, or the formula, that stands in a cell of its own before the value."""
    bare = compact(text)
    return bare.strip("()") == unit or bare.endswith("×100%")


def _whole_labels(form: FormIndex, parts: Sequence[Part]) -> Iterator[Part]:
    """The lines, those joined that are one label, or row header, broken over its cell."""
    at = 0
    while at < len(parts):
        width = next((n for n in (3, 2) if _is_broken(form, parts[at : at + n], n)), 1)
        first = parts[at]
        if width > 1 and isinstance(first, Line):
            text = "".join(p.text for p in parts[at : at + width] if isinstance(p, Line))
            yield replace(first, text=text)
        else:
            yield first
        at += width


def _is_broken(form: FormIndex, parts: Sequence[Part], count: int) -> bool:
    """Are these lines a label only together?"""
    lines = [part.text for part in parts if isinstance(part, Line) and len(part.text) < _PIECE]
    if len(lines) < count or form.labels.sure(lines[0]):
        return False
    whole = "".join(lines)
    return form.labels.sure(whole) or normalise_label(whole).casefold() in form.headers


def _lists(form: FormIndex, region: Region) -> Lists:
    """The form's lists, each grid with the line above it, which may name the section."""
    if form.lists is None:
        return Lists()
    views: list[View] = []
    headings: list[str] = []
    line = ""
    for part in region.parts:
        if isinstance(part, View):
            views.append(part)
            headings.append(line)
            line = ""
        else:
            line = part.text
    return form.lists.read(views, headings)
