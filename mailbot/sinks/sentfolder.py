"""The folder of sent mails at the provider, asked whether a reply is in it. RFC 3501, RFC 6154.

Looks for a Message-ID, and files a copy where the provider keeps none. The connection,
and which folder it is, are those of :mod:`mailbot.sources.session`. What an answer is
worth, and what follows from it, is for the outbox; nothing is ever deleted.
"""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import datetime, timedelta

from mailbot.ports import SourceError
from mailbot.sources.session import Session

#: By this name the folder is found, whatever the provider calls it.
_ANY = "Sent"
#: The newest messages whose ids are compared one by one: not every provider's
#: SEARCH HEADER finds what is there.
_NEWEST = 200
_ID = re.compile(rb"^message-id:\s*(<[^>]*>)", re.IGNORECASE | re.MULTILINE)
_FOLD = re.compile(rb"\r?\n[ \t]+")
_HEADER = "BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)]"
_ANSWER = b"BODY[HEADER.FIELDS (MESSAGE-ID)]"


class SentFolder:
    """The sent mails of the account that ``session`` connects to; nobody else uses that session.

    ``folder`` "" is found by itself.
    """

    def __init__(self, session: Session, folder: str = "") -> None:
        self._session = session
        self._folder = folder or _ANY

    def holds(self, message_id: str, since: datetime) -> bool:
        """Is a message with this id there, filed not before the day of ``since``?

        Raises SourceError, LoginError.
        """
        self._session.open(self._folder)
        hits: list[int] = []
        with suppress(SourceError):  # a server that cannot search by header
            hits = self._search(["HEADER", "Message-ID", message_id])
        self._session.open(self._folder)
        day = (since - timedelta(days=1)).date()  # the server's day may be another than ours
        newest = self._search(["SINCE", day])[-_NEWEST:]
        answers = self._session.fetch(sorted({*hits[:_NEWEST], *newest}), [_HEADER])
        headers = (answer.get(_ANSWER) or b"" for answer in answers.values())
        found = (match[1] for header in headers if (match := _ID.search(_FOLD.sub(b" ", header))))
        return message_id.encode("ascii") in found

    def keep(self, message: bytes) -> None:
        """File a copy, seen already. Raises SourceError, LoginError."""
        self._session.open(self._folder)
        name = self._session.folder
        self._session.ask(lambda client: client.append(name, message, flags=[b"\\Seen"]))

    def probe(self) -> str:
        """Log in, look, and say in one Chinese line what is there. Raises as above."""
        self._session.open(self._folder)
        count = len(self._search(["ALL"]))
        return (
            f"已登录 {self._session.account}，"
            f"已发送文件夹「{self._session.folder}」现有 {count} 封邮件"
        )

    def close(self) -> None:
        """Log out; a connection that is gone already is no failure."""
        self._session.close()

    def _search(self, criteria: list[object]) -> list[int]:
        found = self._session.ask(lambda client: client.search(criteria))
        return sorted(map(int, found))
