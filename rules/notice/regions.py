"""Which region or recommending unit is meant by what somebody wrote.

Found by the very name of the quota tables, by an alias of the campaign's data, or
by either once the usual openings and endings are taken off; never by likeness.
"""

from __future__ import annotations

from collections.abc import Iterable

from pydantic import Field

from parsers.forms.labels import normalise_name
from parsers.spec import Model


class Regions(Model):
    """How regions and recommending units are written besides as in the quota tables."""

    aliases: dict[str, str] = Field(default_factory=dict)  #: written name -> name in the tables
    openings: tuple[str, ...] = ()  #: words in front that make no difference
    endings: tuple[str, ...] = ()  #: words behind that make none: 市, 质协
    shared: tuple[str, ...] = ()  #: names in the tables that several units share, each by itself
    called: str = "{region}"  #: how a letter addresses the unit of a region


def find_region(written: str, known: Iterable[str], regions: Regions) -> str:
    """The one of the known names that is meant, "" where none is.

    The form that needs the fewest words taken off counts.
    """
    names = {normalise_name(name): name for name in known if name}
    names |= {normalise_name(alias): name for alias, name in regions.aliases.items()}
    openings = [normalise_name(word) for word in regions.openings]
    endings = [normalise_name(word) for word in regions.endings]
    seen: set[str] = set()
    forms = {normalise_name(written)} - {""}
    while forms:
        found = [names[form] for form in sorted(forms) if form in names]
        if found:
            return found[0]
        seen |= forms
        shorter = {form.removeprefix(word) for form in forms for word in openings}
        shorter |= {form.removesuffix(word) for form in forms for word in endings}
        forms = shorter - seen - {""}
    return ""
