"""Attaches marked copies of the sender's forms to replies that wait for them.

A step of its own between deciding and sending, because strangers' files are taken apart
for it: in the limited child, outside of any transaction. Killed in the middle, it starts
again with the same reply; a copy that cannot be made is left out, and where there is none
at all the letter does not speak of any. The decision itself is never touched.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from mailbot.letters.copies import sentence
from mailbot.letters.mailing import Attachment, rebuilt
from mailbot.log import logger
from mailbot.outcome import Copy
from mailbot.ports import Archive, Clock
from mailbot.store import Store, replies


class MarksFiles(Protocol):
    """The part of :class:`mailbot.reading.copying.Copyist` that is used here."""

    def mark(self, path: Path, copies: Sequence[Copy]) -> list[bytes | None]:
        """The copies of files of an archived message; None where none can be made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Returning:
    """The step, with what it works on."""

    store: Store
    archive: Archive
    marker: MarksFiles
    clock: Clock

    def complete_all(self, stop: Callable[[], bool]) -> int:
        """Complete every reply that waits; their number. Raises StoreError, ReadingUnavailable."""
        done = 0
        while not stop() and (reply := self._next()) is not None:
            self._complete(reply)
            done += 1
        return done

    def _next(self) -> replies.Incomplete | None:
        with self.store.reading() as connection:
            return replies.next_incomplete(connection)

    def _complete(self, reply: replies.Incomplete) -> None:
        path = self.archive.path(reply.mail)
        made = self.marker.mark(path, reply.copies)
        attachments = [
            Attachment(name=copy.name, content=content, kind=copy.format)
            for copy, content in zip(reply.copies, made, strict=True)
            if content is not None
        ]
        text, html = reply.text, reply.html
        if not attachments:
            text, html = without_sentence(text, html)
        message = rebuilt(reply.message, text, html, attachments)
        with self.store.writing() as connection:
            ours = replies.complete(
                connection,
                replace(reply, message=message, text=text, html=html),
                self.clock.now(),
                copies=len(attachments),
            )
        logger("returning").info(
            "reply.completed", id=reply.id, wanted=len(made), made=len(attachments), ours=ours
        )


def without_sentence(text: str, html: str) -> tuple[str, str]:
    """Text and HTML of a letter that does not speak of copies after all."""
    said = re.escape(sentence())
    return re.sub(rf"{said}\n", "", text), re.sub(rf"<p[^>]*>{said}</p>\n?", "", html)
