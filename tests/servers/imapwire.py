"""A wire to an IMAP server that knows where in a session it is, and fails at one chosen place.

The places are named by what the client asked last ("LOGIN", "EXAMINE", "SIZES",
"BODIES", "RANGE", ...), with "#2" for the second time, and counted in bytes of the
answer. "GREETING" is what the server says by itself.
"""

from __future__ import annotations

import re
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from servers.proxy import Proxy

#: What happens there: the connection ends, the server falls silent, or says something else.
Deed = Literal["cut", "silence", "garble"]
#: A tag and a command, or the end of IDLE, which has no tag.
_COMMAND = re.compile(rb"(?:[A-Z]+\d+ )?(UID \w+|DONE|(?<= )\w+)[^\r]*")
_NAMES = {
    b"RFC822.SIZE": "SIZES",
    b"BODY.PEEK[]<": "RANGE",
    b"BODY.PEEK[]": "BODIES",
    b"SEARCH ALL": "ALL",
    b"SEARCH": "SEARCH",
}
_LITERAL = re.compile(rb"\{(\d+)\}\r\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Where something happens, once."""

    turn: str
    offset: int = 0  #: bytes of this answer that still come through
    deed: Deed = "cut"


@dataclass(slots=True)
class Turn:
    """What the client asked, and all that came back."""

    name: str
    answer: bytes = b""

    def pieces(self) -> list[tuple[str, int, int]]:
        """Line, literal, line, literal, ...: their names and where they begin and end."""
        found, here = [], 0
        for number, match in enumerate(_LITERAL.finditer(self.answer)):
            if match.start() < here:
                continue  # looks like the head of a literal, inside of one
            end = match.end() + int(match[1])
            found += [
                ("line" if not number else "between", here, match.end()),
                ("literal", match.end(), end),
            ]
            here = end
        return [*found, ("end" if found else "line", here, len(self.answer))]


class ImapWire(Proxy):
    """Forwards one session after the other; use it in a ``with`` statement."""

    def __init__(self, target: int, fault: Fault | None = None) -> None:
        super().__init__(target)
        self.fault = fault
        self.struck = threading.Event()  #: the fault has happened
        self.turns: list[Turn] = []
        #: Called when the client has asked this, before the server hears of it.
        self.before: dict[str, Callable[[], object]] = {}
        self._counted: Counter[str] = Counter()

    def _connected(self) -> None:
        self._turn("GREETING")

    def _turn(self, name: str) -> None:
        self._counted[name] += 1
        number = self._counted[name]
        self.turns.append(Turn(name if number == 1 else f"{name}#{number}"))

    def _asked(self, data: bytes) -> None:
        name = _name(data)
        if not name:
            return
        self._turn(name)
        act = self.before.pop(self.turns[-1].name, None)
        if act is not None:
            act()
        self._strike_now()

    def _strike_now(self) -> None:
        """A fault before the first byte needs no byte to wait for."""
        fault = self.fault
        if fault is not None and self._is_here() and (fault.offset, fault.deed) == (0, "cut"):
            self._struck()
            self.cut()

    def _answered(self, data: bytes) -> tuple[bytes, bool]:
        turn = self.turns[-1]
        before = len(turn.answer)
        turn.answer += data
        fault = self.fault
        if fault is None or not self._is_here() or before + len(data) < fault.offset:
            return data, True
        self._struck()
        if fault.deed == "garble":
            here = max(fault.offset - before, 0)
            return data[:here] + b" " + data[here + 1 :], True
        if fault.deed == "silence":
            self.silent = True
        return data[: max(fault.offset - before, 0)], fault.deed != "cut"

    def _is_here(self) -> bool:
        return self.fault is not None and self.turns[-1].name == self.fault.turn

    def _struck(self) -> None:
        self.fault = None
        self.struck.set()


def _name(data: bytes) -> str:
    """A word for what is asked; "" for the rest of a command."""
    asked = _COMMAND.match(data.upper())
    if asked is None:
        return ""
    found = (name for mark, name in _NAMES.items() if mark in asked[0])
    return next(found, asked[1].decode("ascii"))
