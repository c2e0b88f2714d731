"""Holds what was read against what stands in the sample.

A value counts as *found* when it was read right, sure or not; as *flagged* when the
reader said that it was not sure; as *silently wrong* when it was wrong, or stood
where the applicant wrote nothing, and nobody was told.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from corpus.sample import Sample, Value
from parsers.model import Document, Field, Form

SURE = 0.8  #: below this confidence a value is put before a person


@dataclass(frozen=True, kw_only=True)
class Score:
    """Counts over the values of a sample."""

    wanted: int = 0
    found: int = 0
    wrong: tuple[str, ...] = ()  #: silently wrong, one line each
    missed: tuple[str, ...] = ()  #: wanted and not found, one line each

    def __add__(self, other: Score) -> Score:
        return Score(
            wanted=self.wanted + other.wanted,
            found=self.found + other.found,
            wrong=self.wrong + other.wrong,
            missed=self.missed + other.missed,
        )

    @property
    def recall(self) -> float:
        """Found of wanted; 1 where nothing was wanted."""
        return self.found / self.wanted if self.wanted else 1.0


def score(sample: Sample, document: Document) -> Score:
    """How the document was read, field by field."""
    fitting = [
        form
        for leaf in document.leaves()
        for form in leaf.read_by(sample.campaign).forms
        if form.kind == sample.kind and sample.campaign in form.campaigns
    ]
    if len(fitting) != 1:
        seen = [(f.kind, f.campaigns) for leaf in document.leaves() for f in leaf.forms]
        kind = f"{sample.label}: the form was read as {seen} {document.problems}"
        wanted = len(sample.values) + len(sample.sections) + 1
        wanted += sum(len(row) for rows in sample.rows.values() for row in rows)
        return Score(wanted=wanted, missed=(kind,))
    (form,) = fitting
    total = Score(wanted=1, found=1)
    for key, wanted, field in _places(sample, form):
        total += _one(f"{sample.label}: {key}", wanted, field)
    for section in form.sections:
        total += _section(sample, section.key, found=section.found)
    return total


def _section(sample: Sample, key: str, *, found: bool) -> Score:
    there = key in sample.sections
    line = (f"{sample.label}: section {key} found={found}",)
    return Score(
        wanted=int(there),
        found=int(there and found),
        missed=line if there and not found else (),
        wrong=line if found and not there else (),
    )


def _places(sample: Sample, form: Form) -> Iterator[tuple[str, Value | None, Field | None]]:
    """Every value that was wanted or read: its name, what was wanted, what was read."""
    read = {field.key: field for field in form.fields}
    for key in dict.fromkeys([*sample.values, *read]):
        yield key, sample.values.get(key), read.get(key)
    tables = {table.key: table for table in form.tables}
    for name in dict.fromkeys([*sample.rows, *tables]):
        rows = sample.rows.get(name, ())
        table = tables.get(name)
        found = [] if table is None else [{c.key: c for c in row.cells} for row in table.rows]
        for number in range(max(len(rows), len(found))):
            wanted: Mapping[str, Value] = rows[number] if number < len(rows) else {}
            cells = found[number] if number < len(found) else {}
            for key in dict.fromkeys([*wanted, *cells]):
                yield f"{name}[{number}].{key}", wanted.get(key), cells.get(key)


def _one(name: str, wanted: Value | None, field: Field | None) -> Score:
    value = field.value if field else None
    right = _same(wanted, value)
    told = field is not None and (bool(field.doubt) or field.confidence < SURE)
    line = (f"{name}: wanted {wanted!r}, read {value!r} from {field.raw if field else ''!r}",)
    return Score(
        wanted=int(wanted is not None),
        found=int(wanted is not None and right),
        wrong=line if value is not None and not right and not told else (),
        missed=line if wanted is not None and not right else (),
    )


def _same(wanted: Value | None, value: object) -> bool:
    if isinstance(wanted, tuple):
        wanted = list(wanted)
    if isinstance(wanted, str) and isinstance(value, str):
        return _plain(wanted) == _plain(value)
    return wanted == value


def _plain(text: str) -> str:
    """Blanks and full-width forms aside, which readers may set right."""
    return "".join(unicodedata.normalize("NFKC", text).split())
