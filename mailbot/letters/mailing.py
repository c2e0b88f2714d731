"""From text and HTML to the frozen bytes of a message.

Headers from outside are made harmless here: no line breaks, Message-IDs checked
and their number capped. The bytes are a function of the arguments alone (the
MIME boundary too), so that composing twice gives the same message. Refuses to
know why a message is written, and to send it.
"""

from __future__ import annotations

import email
import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from typing import Any

from mailbot.letters import wording

#: RFC 5322 section 3.6.4, loosely: whatever a mail program put between the brackets.
_MESSAGE_ID = re.compile(r"<[!-;=?-~]{1,240}>")
_ADDRESS = re.compile(r"[^@\s<>,;:()\[\]\\\"]{1,64}@[A-Za-z0-9.-]{1,255}")
_REFERENCES = 12  #: the first and the last ones of a long thread; RFC 5537 section 3.4.4 allows it
_SUBJECT = 120  #: characters


class _WholeIds(policy.EmailPolicy):
    """SMTP policy that breaks lists of Message-IDs between ids only.

    The standard policy turns an id longer than a line into an encoded word,
    which no mail program takes for an id.
    """

    _LISTS = frozenset({"references", "in-reply-to", "message-id"})

    def fold_binary(self, name: str, value: Any) -> bytes:
        """One header with its line ends."""
        if name.lower() in self._LISTS:
            return (f"{name}: " + "\r\n ".join(str(value).split()) + "\r\n").encode("ascii")
        return super().fold_binary(name, value)


_POLICY = _WholeIds(linesep="\r\n", raise_on_defect=False)

_SUBTYPES = {"docx": "wordprocessingml.document", "xlsx": "spreadsheetml.sheet"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A message before it becomes bytes."""

    sender: str  #: address of From
    sender_name: str
    recipients: tuple[str, ...]
    subject: str
    text: str = field(repr=False)
    html: str = field(repr=False)
    message_id: str
    date: datetime  #: aware
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)


def message_id(domain_of: str, *parts: str) -> str:
    """A Message-ID in the domain of an address, derived from the parts and nothing else."""
    digest = hashlib.sha256("\0".join(parts).encode("utf-8", "surrogateescape")).hexdigest()
    return f"<{digest[:40]}@{domain_of.rpartition('@')[2]}>"


def is_address(text: str) -> bool:
    """Can a message be sent to this address as it stands (ASCII, no name, no quoting)?"""
    return text.isascii() and _ADDRESS.fullmatch(text) is not None


def subject_text(text: str) -> str:
    """A subject without line breaks or control characters, of sensible length."""
    return wording.shorten(wording.clean(text), _SUBJECT)


def thread(references: Iterable[str], *more: str) -> tuple[str, ...]:
    """The Message-IDs of a thread in order: each once, malformed ones dropped, capped."""
    known = [entry for entry in (*references, *more) if _MESSAGE_ID.fullmatch(entry)]
    known = list(dict.fromkeys(known))
    if len(known) > _REFERENCES:
        known = [known[0], *known[1 - _REFERENCES :]]
    return tuple(known)


def build(draft: Draft) -> bytes:
    """The message as it goes over the wire: CRLF, 7-bit.

    Raises ValueError where an address is not one.
    """
    for address in (draft.sender, *draft.recipients):
        if not is_address(address):
            raise ValueError(f"not an address a message can be sent to: {address!r}")
    message = EmailMessage(policy=_POLICY)
    name = wording.clean(draft.sender_name)
    message["From"] = Address(display_name=name, addr_spec=draft.sender)
    message["To"] = [Address(addr_spec=recipient) for recipient in draft.recipients]
    message["Subject"] = subject_text(draft.subject)
    message["Date"] = draft.date
    message["Message-ID"] = draft.message_id
    if answered := thread([draft.in_reply_to]):
        message["In-Reply-To"] = answered[0]
    if references := thread(draft.references):
        message["References"] = " ".join(references)
    for header, value in draft.headers.items():
        message[header] = wording.clean(value)
    _fill(message, draft.text, draft.html, ())
    return message.as_bytes()


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file that goes with a message."""

    name: str
    content: bytes = field(repr=False)
    kind: str  #: "docx" or "xlsx"


def rebuilt(message: bytes, text: str, html: str, attachments: Sequence[Attachment] = ()) -> bytes:
    """A message of :func:`build` with the same header and another body."""
    built = email.message_from_bytes(message, policy=_POLICY)
    if not isinstance(built, EmailMessage):
        raise TypeError("the policy makes EmailMessage objects")
    built.clear_content()
    _fill(built, text, html, attachments)
    return built.as_bytes()


def _fill(message: EmailMessage, text: str, html: str, attachments: Sequence[Attachment]) -> None:
    """Text and HTML of one letter, and files; every boundary follows from the Message-ID."""
    message.set_content(text, charset="utf-8", cte="base64")
    digest = hashlib.sha256(str(message["Message-ID"]).encode("utf-8")).hexdigest()
    message.make_alternative(boundary=f"=_{digest[:40]}")
    message.add_alternative(html, subtype="html", charset="utf-8", cte="base64")
    del message["Content-Language"]
    message["Content-Language"] = "zh-CN"  # only now: content headers move to the first part
    if not attachments:
        return
    message.make_mixed(boundary=f"=_{digest[24:]}")
    for attachment in attachments:
        message.add_attachment(
            attachment.content,
            maintype="application",
            subtype=f"vnd.openxmlformats-officedocument.{_SUBTYPES[attachment.kind]}",
            filename=wording.clean(attachment.name),
        )
