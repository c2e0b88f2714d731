"""The only changes made to a mailbox, where the operator wants them: mark as read, move.

On the connection of the folder's source, which is open for reading only before and
after. A message is removed only when the server has taken its copy, and only by its
UID: what others have marked as deleted stays. Failures are those of
:mod:`mailbot.sources.session`; which messages, and when, is decided elsewhere.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from mailbot.ports import SourceError
from mailbot.sources.session import Session

#: Messages at the end of a folder among which copies of ours are looked for.
_NEWEST = 500


class ImapChanges:
    """A folder of the mailbox of ``session``, the same that its source reads it by."""

    def __init__(self, session: Session, folder: str, target: str = "") -> None:
        self.session, self._folder, self._wanted = session, folder, target

    def uidvalidity(self) -> int:
        """The numbering that is good now. Raises SourceError, LoginError."""
        self.session.open(self._folder)
        return self.session.uidvalidity

    def flag(self, uids: Sequence[int]) -> None:
        """Mark as read; what is gone is passed over. Raises as above."""
        self._change(lambda client: client.add_flags(list(uids), [b"\\Seen"], silent=True))

    def way(self) -> str:
        """How a message can be moved here, "move" or "copy"; "" where not without risk.

        UIDPLUS (RFC 4315) removes by UID what has been copied; without it EXPUNGE would
        take along what others have marked. Raises as above, also where the folder
        that they are to go to is not there.
        """
        self.session.open(self._folder)
        self._target()
        if self.session.ask(lambda client: client.has_capability("MOVE")):
            return "move"
        return "copy" if self.session.ask(lambda client: client.has_capability("UIDPLUS")) else ""

    def move(self, uids: Sequence[int]) -> None:
        """UID MOVE (RFC 6851); what is gone already is passed over. Raises as above."""
        target = self._target()
        self._change(lambda client: client.move(list(uids), target))

    def copied(self, wanted: Mapping[str, int]) -> Collection[str]:
        """Which of these mails (SHA-256 and size) lie in the other folder. Raises as above."""
        self.session.open(self._target())
        there = self.session.ask(lambda client: client.search(["ALL"]))
        newest = sorted(map(int, there))[-_NEWEST:]
        sizes = self.session.fetch(newest, ["RFC822.SIZE"])
        alike = [u for u in newest if sizes.get(u, {}).get(b"RFC822.SIZE") in wanted.values()]
        found = set()
        for uid in alike:
            raw = self.session.fetch([uid], ["BODY.PEEK[]"]).get(uid, {}).get(b"BODY[]")
            found.add(hashlib.sha256(raw or b"").hexdigest())
        return found & wanted.keys()

    def copy(self, uids: Sequence[int]) -> None:
        """Copies into the other folder. Raises as above."""
        target = self._target()
        self.session.open(self._folder)
        self.session.ask(lambda client: client.copy(list(uids), target))

    def remove(self, uids: Sequence[int]) -> None:
        """Take these away; their copies are made. Raises as above."""
        self._change(
            lambda client: client.add_flags(list(uids), [b"\\Deleted"], silent=True),
            lambda client: client.uid_expunge(list(uids)),
        )

    def probe(self) -> str:
        """Look, and say in one Chinese line what will be done. Raises as above."""
        if not self._wanted:
            return "办理完毕的邮件将标为已读"
        if not self.way():
            raise SourceError(
                f"邮箱 {self.session.account} 的服务器不支持安全地移动邮件（没有 MOVE 和 UIDPLUS），"
                '邮件将留在原处。请改用 after = "flag" 或 "keep"。'
            )
        return f"办理完毕的邮件将移到文件夹「{self._target()}」"

    def close(self) -> None:
        """Log out."""
        self.session.close()

    def _target(self) -> str:
        """The other folder as the server calls it."""
        self.session.open(self._folder)
        here = self.session.folder
        found, there = self.session.find(self._wanted)
        if not found:
            raise SourceError(
                f"邮箱 {self.session.account} 中没有文件夹「{self._wanted}」，邮件仍在原处。"
                f"请在网页邮箱中建立它，或改正 move_to。现有文件夹：{'、'.join(there[:30])}。"
            )
        if found == here:
            raise SourceError(f"move_to 与收取的文件夹「{here}」是同一个，邮件仍在原处。请换一个。")
        return found

    def _change(self, *commands: Callable[[Any], object]) -> None:
        self.session.change(self._folder, commands)
