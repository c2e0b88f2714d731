"""Copies of strangers' files with comments in them, made in a limited child: the parent's side.

A child for one reply, killed with everything it started when it is late. A file that
harms it has no copy, and the next one gets another child.
"""

from __future__ import annotations

import base64
import tempfile
from collections.abc import Sequence
from pathlib import Path

from mailbot.log import logger
from mailbot.outcome import Copy
from mailbot.reading.child import Bounds, serve_copies
from mailbot.reading.isolation import GARBAGE, Child, ChildFault, Serve
from parsers.limits import Limits


class Copyist:
    """Makes the copies that belong to a reply."""

    def __init__(
        self,
        limits: Limits | None = None,
        *,
        bounds: Bounds | None = None,
        serve: Serve = serve_copies,
    ) -> None:
        self._limits = limits or Limits()
        self._bounds = bounds or Bounds()
        self._serve = serve

    def mark(self, path: Path, copies: Sequence[Copy]) -> list[bytes | None]:
        """The copies of files of the message at ``path``; None where none can be made.

        Raises ReadingUnavailable when no child can be started. Where there is no room for
        temporary files the letter goes without copies: it must not hold up the next mail.
        """
        try:
            with tempfile.TemporaryDirectory(prefix="mailbot-") as folder:
                return self._copies(path, copies, folder)
        except OSError as error:
            logger("copying").error("no.room", error=type(error).__name__, number=len(copies))
            return [None] * len(copies)

    def _copies(self, path: Path, copies: Sequence[Copy], folder: str) -> list[bytes | None]:
        made: list[bytes | None] = []
        for copy in copies:
            try:
                made.append(self._copy(path, copy, folder))
            except ChildFault as fault:
                made.append(None)
                logger("copying").warning(
                    "child.fault", reason=fault.reason, place=fault.place, file=copy.sha256[:12]
                )
        return made

    def _copy(self, path: Path, copy: Copy, folder: str) -> bytes | None:
        """One of them. Raises ChildFault."""
        request = {
            "path": str(path),
            "sha256": copy.sha256,
            "format": copy.format,
            "author": copy.author,
            "notes": [{"where": where, "text": text} for where, text in copy.notes],
            "folder": folder,
        }
        made: bytes | None = None
        child = Child(self._serve, (), self._limits, self._bounds)
        try:
            for frame in child.ask(request):
                if "copy" in frame:
                    made = base64.b64decode(str(frame["copy"]), validate=True)
        except ValueError as error:
            raise ChildFault(GARBAGE) from error
        finally:
            child.close()
        return made
