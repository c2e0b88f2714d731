"""Personal data goes when the campaign says so: what is due, taking it away, and the proof.

First the register is emptied, in one transaction; then the raw bytes are taken
out of the archive; then the database is written anew, so that its files hold
nothing of it; then it counts as done. A purge that dies in between is finished by
the next one. Nothing
is removed before its day, and nothing by itself: a person starts it. Mails in
the provider's mailbox, backups and letters sent are not ours to remove.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from mailbot.keeping.archive import FolderArchive
from mailbot.ports import Archive
from mailbot.store import Store, purging
from mailbot.store.purging import Asked, Open, Purge
from rules.notice.campaign import Campaign


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A campaign whose personal data has to go, and how much of it there is."""

    campaign: str
    since: datetime
    mails: int
    removed: dict[str, int]  #: rows by table that would be emptied, and bytes of the archive
    open: Open
    undone: int = 0  #: purges begun whose raw bytes may still lie in the archive

    @property
    def obstacles(self) -> tuple[str, ...]:
        """Why it cannot go yet, in Chinese; what ``even_unfinished`` does not overcome."""
        said = []
        if self.open.undecided:
            said.append(f"还有 {self.open.undecided} 封来信没有处理，请先运行 mailbot run --once")
        if self.open.unsent:
            said.append(f"还有 {self.open.unsent} 封回复没有发出，请先运行 mailbot run --once")
        return tuple(said)

    @property
    def unfinished(self) -> tuple[str, ...]:
        """What a person still has to settle; it is cut short where they say so."""
        said = []
        if self.open.waiting:
            said.append(f"还有 {self.open.waiting} 项等人处理，见 mailbot review list")
        if self.open.stuck:
            said.append(f"还有 {self.open.stuck} 封回复没有送达，见 mailbot outbox list")
        return tuple(said)


@dataclass(frozen=True, slots=True, kw_only=True)
class Purged:
    """What was removed of one campaign, looked at again afterwards."""

    purge: Purge
    mails: tuple[Mapping[str, Any], ...]  #: each with hash, size, times, decision, files
    files: int  #: raw mails that were taken from the archive now
    left: tuple[str, ...]  #: mails whose raw bytes are there all the same; none, or it failed


def due(
    store: Store, known: Mapping[str, Campaign], now: datetime, who: str = ""
) -> tuple[Due, ...]:
    """The campaigns whose day has come and of which something is left. Raises StoreError.

    What would be removed is found by doing it in a transaction that is rolled back.
    """
    found = []
    for asked in _asked(known, now, who):
        with store.rehearsing() as connection:
            begun = purging.purges(connection, undone=True)
            undone = sum(purge.campaign == asked.campaign for purge in begun)
            mails = len(purging.mails_of(connection, asked))
            still = purging.unfinished(connection, asked)
            would = purging.purge(connection, asked)
        if would or undone:
            found.append(
                Due(
                    campaign=asked.campaign,
                    since=asked.due,
                    mails=mails,
                    removed=would.removed if would else {},
                    open=still,
                    undone=undone,
                )
            )
    return tuple(found)


def purge(
    store: Store,
    archive: FolderArchive,
    known: Mapping[str, Campaign],
    entry: Due,
    *,
    now: datetime,
    who: str,
) -> tuple[Purged, ...]:
    """Remove it, and finish what an earlier purge of it left undone.

    The service must not run. Raises StoreError, ArchiveError; whatever was not
    reached is removed when it is started again.
    """
    asked = next(asked for asked in _asked(known, now, who) if asked.campaign == entry.campaign)
    with store.writing() as connection:
        purging.purge(connection, asked)
    with store.reading() as connection:
        begun = purging.purges(connection, undone=True)
    made = [_carried_out(store, archive, p) for p in begun if p.campaign == entry.campaign]
    store.compact()
    with store.writing() as connection:
        for purged in made:
            if not purged.left:
                purging.done(connection, purged.purge.id, now)
    return tuple(made)


def earlier(store: Store, archive: FolderArchive) -> tuple[Purged, ...]:
    """What has been removed for good, looked at again: so that no proof is ever lost."""
    with store.reading() as connection:
        return tuple(
            _looked_at(archive, entry, tuple(purging.proof(connection, entry.id)))
            for entry in purging.purges(connection)
            if entry.done_at is not None
        )


def _carried_out(store: Store, archive: FolderArchive, begun: Purge) -> Purged:
    """Take the raw bytes away, and look whether they are gone."""
    with store.reading() as connection:
        mails = tuple(purging.proof(connection, begun.id))
    files = sum(archive.remove(mail["sha256"]) > 0 for mail in mails)
    return _looked_at(archive, begun, mails, files)


def _looked_at(
    archive: FolderArchive, entry: Purge, mails: tuple[Mapping[str, Any], ...], files: int = 0
) -> Purged:
    left = tuple(mail["sha256"] for mail in mails if not archive.lacks(mail["sha256"]))
    return Purged(purge=entry, mails=mails, files=files, left=left)


def reminders(store: Store, known: Mapping[str, Campaign], now: datetime) -> Iterator[str]:
    """What staff are told day by day until it is done, in Chinese. Raises StoreError."""
    for asked in _asked(known, now, ""):
        with store.reading() as connection:
            mails = len(purging.mails_of(connection, asked))
            begun = purging.purges(connection, undone=True)
        name = known[asked.campaign].name
        if any(entry.campaign == asked.campaign for entry in begun):
            yield (
                f"“{name}”的个人信息上次没有清除完，来信原件可能还在，"
                f"请再次运行 mailbot purge --campaign {asked.campaign} --apply"
            )
        if mails:
            yield (
                f"“{name}”的个人信息已到清除日期，还有 {mails} 封来信的内容没有清除，"
                f"请运行 mailbot purge --campaign {asked.campaign} 查看"
            )


def _asked(known: Mapping[str, Campaign], now: datetime, who: str) -> Iterator[Asked]:
    """The campaigns whose day has come."""
    kept = [entry for entry in known.values() if not _is_due(entry, now)]
    for entry in known.values():
        when = entry.purge_due_at
        if when is None or not _is_due(entry, now):
            continue

        def loose(arrived: datetime, entry: Campaign = entry, due_at: datetime = when) -> bool:
            """A mail of no campaign goes with one it might have been for, if with none that stays."""
            meant = arrived < due_at and entry.is_open(arrived)
            return meant and not any(other.is_open(arrived) for other in kept)

        def public(region: str, entry: Campaign = entry) -> bool:
            return entry.region(region) == region

        yield Asked(campaign=entry.id, due=when, who=who, now=now, loose=loose, public=public)


def _is_due(entry: Campaign, now: datetime) -> bool:
    when = entry.purge_due_at
    return when is not None and now >= when


class Forgetting:
    """An archive that does not take back what was removed, though the mailbox still has it."""

    def __init__(self, archive: FolderArchive, gone: frozenset[str]) -> None:
        self._archive = archive
        self._gone = gone

    def put(self, raw: bytes) -> str:
        """As the archive does; what was removed is only named. Raises ArchiveError."""
        sha256 = self._archive.name(raw)
        return sha256 if sha256 in self._gone else self._archive.put(raw)

    def put_all(self, raws: Sequence[bytes]) -> Sequence[str]:
        """As above, with several. Raises ArchiveError."""
        names = [self._archive.name(raw) for raw in raws]
        pairs = zip(names, raws, strict=True)
        self._archive.put_all([raw for name, raw in pairs if name not in self._gone])
        return names

    def get(self, sha256: str) -> bytes:
        """The bytes. Raises ArchiveError."""
        return self._archive.get(sha256)

    def path(self, sha256: str) -> Path:
        """The file that holds them."""
        return self._archive.path(sha256)

    def lacks(self, sha256: str) -> bool:
        """Are bytes gone that ought to be there? Raises ArchiveError."""
        return sha256 not in self._gone and self._archive.lacks(sha256)

    def probe(self) -> str:
        """As the archive does."""
        return self._archive.probe()


def remembering(store: Store, archive: FolderArchive) -> Archive:
    """The archive for whoever collects: what was removed stays away. Raises StoreError."""
    with store.reading() as connection:
        gone = purging.gone(connection)
    return Forgetting(archive, gone) if gone else archive
