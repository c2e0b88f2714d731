"""A message without its large encoded files, so that parsing it costs little.

The standard library keeps every line of a message as text: a mail of 70 MB takes 630 MB.
Here the bodies of parts in base64 are put aside first, and marks stand in their places;
whoever wants such a part's bytes decodes them from the message itself. Where a mark turns
up anywhere but as the whole body of an encoded part, the message is parsed as it is.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message as Entity

#: Bytes of a body that is put aside; smaller ones cost no more than the marks.
LARGE = 4 * 1024
_BLOCK = 64 * 1024  #: how far the end of a part's header block is looked for
_END = re.compile(rb"\r?\n\r?\n")
_BASE64 = re.compile(rb"(?:\A|\n)content-transfer-encoding[ \t]*:[ \t]*base64[ \t\r]*(?:\n|\Z)")
#: mail-parser decodes texts itself, to tell what is wrong with them. (It does so with files
#: that have no name, too; what it then says of their charset means nothing and is not missed.)
_NO_TEXT = re.compile(rb"(?:\A|\n)content-type[ \t]*:[ \t\r\n]*(?!text/)[a-z]")


@dataclass(frozen=True, slots=True)
class Lightened:
    """What is parsed, and what was put aside."""

    raw: bytes = field(default=b"", repr=False)
    secret: str = ""  #: that stands in every mark; "" where nothing was put aside
    bodies: dict[str, memoryview] = field(default_factory=dict, repr=False)  #: by mark

    def body(self, entity: Entity) -> memoryview | None:
        """What was put aside of this part; None where nothing was."""
        payload = entity.get_payload() if self.bodies else None
        return self.bodies.get(payload.strip()) if isinstance(payload, str) else None

    def fits(self, entity: Entity) -> bool:
        """Does every mark stand in the tree as the body of an encoded file, and nowhere else?"""
        return not self.bodies or not any(map(self._is_strange, _texts(entity)))

    def _is_strange(self, found: tuple[str, str]) -> bool:
        encoding, text = found
        marked = self.secret in text
        return marked and (encoding != "base64" or text.strip() not in self.bodies)


#: Nothing was put aside.
WHOLE = Lightened()


def lighten(raw: bytes) -> Lightened:
    """The message with marks for its large encoded bodies."""
    secret = secrets.token_hex(16)
    bodies: dict[str, memoryview] = {}
    whole = memoryview(raw)
    kept: list[bytes] = []
    at = 0
    for start, end in _large(raw):
        mark = f"@{secret}.{len(bodies)}@"
        bodies[mark] = whole[start:end]
        kept += [raw[at:start], mark.encode()]
        at = end
    return Lightened(b"".join([*kept, raw[at:]]), secret, bodies) if bodies else Lightened(raw)


def _large(raw: bytes) -> Iterator[tuple[int, int]]:
    """Where such bodies lie: from behind the header block up to the next delimiter."""
    at = 0
    while at < len(raw):
        following = raw.find(b"\n--", at)
        following = len(raw) if following < 0 else following
        end = _END.search(raw, at, min(at + _BLOCK, following)) if following - at > LARGE else None
        block = raw[at : end.start()].lower() if end else b""
        is_file = end and _BASE64.search(block) and _NO_TEXT.search(block)
        # The standard library takes a carriage return alone for the end of a line.
        if is_file and end and raw.find(b"\r--", end.start(), following) < 0:
            yield end.end(), following
        at = raw.find(b"\n", following + 1) + 1 or len(raw)


def _texts(entity: Entity) -> Iterator[tuple[str, str]]:
    """Encoding and text of everything in a tree that is not a part of its own."""
    for part in entity.walk():
        encoding = str(part.get("content-transfer-encoding", "")).strip().lower()
        payload = part.get_payload()
        file = part.get_content_maintype() != "text"  # as which a broken type counts
        yield encoding if file else "", payload if isinstance(payload, str) else ""
        yield "", f"{part.preamble or ''}{part.epilogue or ''}"
        yield "", "".join(str(value) for value in part.values())
