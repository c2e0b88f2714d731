"""Marks or moves messages on the server once they are done with, where the operator wants it.

Done with means: the raw bytes are on disk, and the mail's decision stands in the
register. What was set aside stays as it is, so that a person finds it. Each step may
be repeated after a crash: a message that is gone is passed over, and a copy that was
made is not made twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from mailbot.log import logger
from mailbot.ports import Archive, Changes, Clock, Source
from mailbot.store import Store, tidied
from mailbot.store.tidied import Action, Handled

_MANY = 200  #: messages in one command


@dataclass(frozen=True, slots=True, kw_only=True)
class Afterwards:
    """What is done to the messages of one folder."""

    action: Action
    changes: Changes


@dataclass(frozen=True, slots=True, kw_only=True)
class Tidying:
    """Works through what is due."""

    store: Store
    archive: Archive
    clock: Clock
    #: folders of accounts where nothing can be moved, and the log says so already
    told: set[tuple[str, str]] = field(default_factory=set)

    def is_due(self, source: Source, action: Action) -> bool:
        """Is there anything to do? Raises StoreError."""
        return bool(self._pending(source, action, 1))

    def tidy(self, source: Source, after: Afterwards) -> int:
        """Do what is due in a folder; the number of messages.

        Raises SourceError, LoginError, ArchiveError, StoreError; what is done stays done.
        """
        number = 0
        while entries := self._safe(source, after):
            if after.action == "flag":
                after.changes.flag([entry.uid for entry in entries])
            elif not self._moved(source, after.changes, entries):
                break
            with self.store.writing() as connection:
                tidied.done(connection, entries, after.action, self.clock.now())
            number += len(entries)
        if number:
            logger("tidying").info("mails.tidied", action=after.action, number=number)
        return number

    def _pending(self, source: Source, action: Action, many: int) -> Sequence[Handled]:
        with self.store.reading() as connection:
            return tidied.pending(connection, source.account, source.folder, action, many)

    def _safe(self, source: Source, after: Afterwards) -> Sequence[Handled]:
        """Those of the folder as it is numbered now, whose raw bytes are there."""
        entries = self._pending(source, after.action, _MANY)
        if not entries:
            return ()
        numbered = after.changes.uidvalidity()
        return [
            entry
            for entry in entries
            if entry.uidvalidity == numbered and not self.archive.lacks(entry.sha256)
        ]

    def _moved(self, source: Source, changes: Changes, entries: Sequence[Handled]) -> bool:
        way = changes.way()
        uids = [entry.uid for entry in entries]
        if way == "move":
            changes.move(uids)
        elif way == "copy":
            self._copied(changes, entries)
            changes.remove(uids)
        elif (source.account, source.folder) not in self.told:
            self.told.add((source.account, source.folder))
            logger("tidying").warning("mails.not_moved", folder=source.folder, why="no UIDPLUS")
        return bool(way)

    def _copied(self, changes: Changes, entries: Sequence[Handled]) -> None:
        """A copy of each, one only whatever happened before."""
        begun = {entry.sha256: entry.size for entry in entries if entry.moving}
        there = changes.copied(begun) if begun else ()
        with self.store.writing() as connection:
            tidied.begin(connection, entries)
        if lacking := [entry.uid for entry in entries if entry.sha256 not in there]:
            changes.copy(lacking)
