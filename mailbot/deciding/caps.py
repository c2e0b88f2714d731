"""How often we answer: caps for one address, for one subject and for a whole day.

RFC 3834 section 2 asks for a limit. Loops between two robots keep neither their
address nor their subject for certain, so both are counted, and what goes out in all.
A capped mail is filed and judged as any other; only the letter is left out, and staff
are told. Refuses to look at anything but addresses, subjects and counts.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta

from mailbot.letters import subjects
from mailbot.outcome import Incoming, Register

_DAY = timedelta(days=1)

#: receipt and ticket numbers, and everything that is no letter
_CHANGING = re.compile(r"[A-Za-z]*\d[A-Za-z0-9-]*|[\W\d_]+")
_CORE = 16  #: letters of a subject that say what it is about; the rest may have been cut


@dataclass(frozen=True, slots=True, kw_only=True)
class Caps:
    """Letters within 24 hours."""

    address: int = 20  #: to one address
    subject: int = 30  #: in one thread, by its subject, whatever the addresses
    total: int = 2000


def is_answer(incoming: Incoming) -> bool:
    """Does it answer another mail, so that its subject may be one that goes round?"""
    envelope = incoming.envelope
    if envelope.in_reply_to or envelope.references:
        return True
    return bool(subjects.PREFIX.search(envelope.subject)) or subjects.has_heading(envelope.subject)


def topic_of(incoming: Incoming) -> str:
    """What an answer is about, the same however often it went round; "" for a first mail.

    Many applicants choose the same words for their first mail: that is no loop.
    """
    if not is_answer(incoming):
        return ""
    words = subjects.bare(unicodedata.normalize("NFKC", incoming.envelope.subject))
    core = _CHANGING.sub("", words).casefold()[:_CORE]
    return hashlib.sha256(core.encode("utf-8", "replace")).hexdigest()[:32]


def reached(
    caps: Caps, register: Register, incoming: Incoming, recipient: str, now: datetime
) -> str:
    """Why no more letters go out, in Chinese; "" while they may."""
    since = now - _DAY
    if register.replies_since(recipient, since) >= caps.address:
        return f"对该地址的自动回复已达每日上限 {caps.address} 封"
    topic = topic_of(incoming)
    if topic and register.replies_about(topic, since) >= caps.subject:
        return f"同一主题的自动回复已达每日上限 {caps.subject} 封，可能是对方的自动回复程序"
    if register.replies_in_all(since) >= caps.total:
        return f"自动回复已达每日总数上限 {caps.total} 封"
    return ""
