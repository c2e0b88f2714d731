"""The errand of a child: a document goes out over the pipe to be converted, and comes back.

The child may start nothing and write nothing, so it hands the bytes to the parent,
piece by piece because the service must stay small, and is given the name of a file of
ours that it may read. This room holds the talk of both sides and no converter.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, get_args

from parsers.foreign import KINDS, Kind, Reason, Untranslated

PIECE = 1024 * 1024  # bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """What the child wants converted, as the parent sees it; the bytes come when asked for."""

    kind: Kind
    sha256: str
    size: int  #: bytes


#: The parent's converter: the file that was made. Raises Untranslated, WorldError.
Run = Callable[[Errand, Iterator[bytes]], Path]


def nowhere(_errand: Errand, _pieces: Iterator[bytes]) -> Path:
    """Where no converter is at hand."""
    raise Untranslated("missing")


class BadErrand(ValueError):
    """The child's frame is no errand."""


def errand_of(frame: dict[str, Any], largest: int) -> Errand:
    """The errand in a frame; at most ``largest`` bytes. Raises BadErrand."""
    kind, digest, size = frame.get("errand"), frame.get("sha256"), frame.get("size")
    if kind not in KINDS or not isinstance(digest, str) or type(size) is not int:
        raise BadErrand
    if not 0 < size <= largest:
        raise BadErrand
    return Errand(kind=kind, sha256=digest, size=size)


@dataclass(frozen=True, slots=True)
class Errands:
    """The child's side: implements :data:`parsers.foreign.Translate`."""

    connection: Connection
    largest: int  #: bytes that may come back

    def __call__(self, kind: Kind, content: bytes) -> bytes:
        """The document as .docx or .xlsx. Raises Untranslated."""
        digest = hashlib.sha256(content).hexdigest()
        answer = self._said({"errand": kind, "sha256": digest, "size": len(content)})
        if "send" in answer:
            for start in range(0, len(content), PIECE):
                self.connection.send_bytes(content[start : start + PIECE])
            answer = json.loads(self.connection.recv_bytes())
        if "path" not in answer:
            raise Untranslated(reason(answer.get("failed")))
        with Path(answer["path"]).open("rb") as file:
            return file.read(self.largest + 1)

    def _said(self, frame: dict[str, Any]) -> dict[str, Any]:
        self.connection.send_bytes(json.dumps(frame).encode("ascii"))
        answer: dict[str, Any] = json.loads(self.connection.recv_bytes())
        return answer


def reason(word: object) -> Reason:
    """The word for what went wrong, where it is one."""
    return next((known for known in get_args(Reason) if known == word), "failed")
