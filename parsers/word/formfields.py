"""Form fields of old Word documents: what is ticked or chosen, by the file's own record.

The state of a check box or a list stands in the stream ``Data``, at the place that the
field's picture character names ([MS-DOC] 2.9.157, NilPICFAndBinData, and 2.9.78,
FFData). What does not add up there is None, never a guess.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass

from parsers.word.text import CHECKED, EMPTY

_HEAD = struct.Struct("<iH")  #: length of all, length of the header
_HEADER = 0x44  #: that length in every file
_FIXED = struct.Struct("<IHHH")  #: version, bits, longest text, size of the box
_VERSION = 0xFFFFFFFF
_BOX, _LIST = 1, 2  #: the two lowest bits: 0 is a text
_BY_DEFAULT = 25  #: nobody touched it: the default holds
_EXTENDED = 0xFFFF  #: the list of entries is in UTF-16 ([MS-DOC] 2.2.4, STTB)
_TEXTS = 4  #: after the default: format, help, status, macro on entry; the exit macro is a fifth


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldState:
    """What a form field shows: a box, or the entry chosen from a list."""

    ticked: bool = False
    chosen: str | None = None  #: None for a box

    @property
    def shown(self) -> str:
        """As it is seen on paper."""
        if self.chosen is not None:
            return self.chosen
        return CHECKED if self.ticked else EMPTY


#: the words a field's code begins with
FIELDS = frozenset({"FORMCHECKBOX", "FORMDROPDOWN"})
_UNSURE = "\ufffd"  #: a box that is seen, and whose state is not: the reader of ticks doubts it


def shown(states: Sequence[FieldState | None]) -> list[str]:
    """What the boxes and lists of a document show.

    Where the state of one cannot be had, that of none is believed: a single unknown
    one among empty ones would read as nothing ticked.
    """
    if None in states:
        return [_UNSURE] * len(states)
    return [state.shown for state in states if state is not None]


def field_state(data: bytes, place: int) -> FieldState | None:
    """The state of the box or list recorded at this offset of ``Data``; None: not to be told."""
    try:
        length, header = _HEAD.unpack_from(data, place)
        if place < 0 or header != _HEADER or not _HEADER < length <= len(data) - place:
            return None
    except struct.error:
        return None
    return recorded_state(data[place + _HEADER : place + length])


def recorded_state(record: bytes) -> FieldState | None:
    """The state of the box or list in one FFData; None: not to be told."""
    try:
        return _state(_Record(record))
    except (struct.error, UnicodeDecodeError):
        return None


def _state(record: _Record) -> FieldState | None:
    """The state of one FFData. Raises struct.error where it ends too early."""
    version, bits, _longest, _size = _FIXED.unpack(record.take(_FIXED.size))
    kind, result = bits & 3, (bits >> 2) & 31
    if version != _VERSION or kind not in (_BOX, _LIST):
        return None
    record.text()  # the name
    default = record.number()
    state = default if result == _BY_DEFAULT else result
    if kind == _BOX:
        return FieldState(ticked=state == 1) if state in (0, 1) else None
    for _ in range(_TEXTS + 1):
        record.text()
    entries = record.entries()
    return FieldState(chosen=entries[state]) if state < len(entries) else None


class _Record:
    """Bytes read front to back; past their end is a struct.error."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def take(self, size: int) -> bytes:
        """So many bytes."""
        found = self._data[self._at : self._at + size]
        if len(found) < size:
            raise struct.error
        self._at += size
        return found

    def number(self) -> int:
        """A word, unsigned."""
        return int.from_bytes(self.take(2), "little")

    def text(self) -> str:
        """A counted text with a zero behind it ([MS-DOC] 2.9.352, Xstz)."""
        found = self.take(2 * self.number()).decode("utf-16-le")
        self.number()
        return found

    def entries(self) -> list[str]:
        """The entries of a list."""
        if self.number() != _EXTENDED:
            return []
        count = self.number()
        if self.number():  # bytes of extra data behind each entry: there are none
            return []
        return [self.take(2 * self.number()).decode("utf-16-le") for _ in range(count)]
