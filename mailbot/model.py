"""The values of mail: where a message was seen, its envelope, its parts, what was read of it.

Mail words keep the meaning of RFC 3501 and RFC 5322. Nothing here touches the world.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from parsers.model import Document

#: What a mail is to us (contract, JSON of ``judge``).
Disposition = Literal[
    "submission", "inquiry", "automatic", "bounce", "foreign", "withdrawal", "junk"
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """One place where the server shows a message. RFC 3501 section 2.3.1.1."""

    account: str  #: "user@host", or the path of a Maildir
    folder: str
    uidvalidity: int
    uid: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A message as a source hands it over: the raw bytes, where and when it arrived."""

    sighting: Sighting
    arrived: datetime  #: INTERNALDATE, or the delivery time of the Maildir file; aware
    raw: bytes = field(repr=False)
    junk: bool = False  #: the folder is the provider's Junk


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """High-water mark of a folder: everything up to ``uid`` has been taken."""

    uidvalidity: int
    uid: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """All messages that a folder holds now, by UID."""

    uidvalidity: int
    uids: frozenset[int] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """The header fields the program works with, decoded and repaired.

    Addresses are lower case without names. ``return_path`` is None when the
    header is absent and "" for the null path ``<>``.
    """

    message_id: str = ""  #: with angle brackets; "" when absent
    subject: str = ""
    sender: str = ""  #: address of From
    sender_name: str = ""
    return_path: str | None = None
    reply_to: str = ""
    recipients: tuple[str, ...] = ()  #: Delivered-To, X-Original-To, To, Cc; in this order
    date: datetime | None = None  #: the sender's claim
    received: datetime | None = None  #: time of the topmost Received header
    in_reply_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    #: why no answer may be sent to this message (RFC 3834 and kin); "" when one may
    automatic: str = ""
    bounce: bool = False  #: a delivery status notification, RFC 3464
    about: tuple[str, ...] = ()  #: Message-IDs of ours found in a returned or quoted part
    delivery: str = ""  #: of a bounce: "failed", or "delayed" where nothing is lost yet
    undelivered: tuple[str, ...] = ()  #: of a bounce: the addresses it speaks of
    reason: str = ""  #: of a bounce: why, in the server's words
    authentication: tuple[str, ...] = ()  #: Authentication-Results (RFC 8601), as evidence
    unverified: str = ""  #: which of its checks the mail failed; "" where none
    forwarded: str = ""  #: who wrote what the sender only passes on, as the mail says


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """One part that is a file; the name is the sender's, decoded, for display only."""

    name: str
    media_type: str
    content: bytes = field(repr=False)
    depth: int = 0  #: mails inside the mail it came out of; they count like archives


@dataclass(frozen=True, slots=True, kw_only=True)
class CloudLink:
    """A 超大附件: a file the sender's provider only links to."""

    url: str = field(repr=False)
    name: str = ""
    size: str = ""
    expires: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message, taken apart."""

    envelope: Envelope
    body: str = field(default="", repr=False)  #: the sender's own words, quoted parts removed
    attachments: tuple[Attachment, ...] = ()
    links: tuple[CloudLink, ...] = ()
    defects: tuple[str, ...] = ()  #: what had to be repaired or was lost, for the log


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What the child process answers for one mail: the message without its bytes, its documents.

    ``failure`` is set when the message itself could not be taken apart.
    """

    envelope: Envelope
    body: str = field(default="", repr=False)
    documents: tuple[Document, ...] = ()
    links: tuple[CloudLink, ...] = ()
    defects: tuple[str, ...] = ()
    failure: str = ""
