"""What every rule of a campaign has, and how a rule names a value on a form."""

from __future__ import annotations

from parsers.spec import Key, Kind, Model
from rules.model import Severity


class RuleBase(Model):
    """What every rule has."""

    id: str = ""  #: number in the fact sheet, "R12"
    severity: Severity
    clause: str = ""
    tiers: tuple[str, ...] = ()  #: only in these tiers; empty: all
    note: str = ""  #: added to the message, in Chinese


class Place(Model):
    """A field of a form, or a column of its list."""

    kind: Kind
    field: Key
    table: Key | None = None
    front: bool = False  #: only what stands before the item's own name in the cell: its company
