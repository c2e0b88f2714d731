"""A filled paper, and what stands in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from papers import Paper

Value = str | int | float | Sequence[str] | Sequence[int | float]
Values = Mapping[str, Value]


@dataclass(frozen=True, kw_only=True)
class Sample:
    """One document of one form; the papers stand one after the other in it.

    ``values`` are the typed values by field key, ``rows`` those of each list by its
    key and column; what the applicant left empty is not named. ``sections`` are the
    keys of the demanded sections that the text has.
    """

    campaign: str
    kind: str
    name: str  #: what is special about this one, in a few words
    papers: tuple[Paper, ...]
    values: Values = field(default_factory=dict)
    rows: Mapping[str, Sequence[Values]] = field(default_factory=dict)
    sections: frozenset[str] = frozenset()
    sheet: bool = True  #: is it filled in as a spreadsheet, too?
    file: str = "申报表"  #: the name of the file without its ending

    @property
    def label(self) -> str:
        """Tells the sample apart in a report."""
        return f"{self.campaign} {self.kind}: {self.name}"
