"""Who wrote what somebody only passes on: the applicant behind the one who forwards.

As an attachment (message/rfc822, .eml) or inline below the fields that mail programs
print (发件人, 发送时间, 主题). What is found is a claim of whoever forwards: it says whose
papers these may be, never who may replace them, and nothing is sent to that address.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from mailbot.mime import body
from mailbot.mime.headers import Headers
from mailbot.mime.parts import Part

_PASSED_ON = re.compile(r"^\s*(?:fw|fwd|转发|转寄|轉寄|轉發)\s*(?:\[\d+\])?\s*[:：]", re.IGNORECASE)
_ADDRESS = re.compile(r"[\w.+%=-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,6}")
_FROM = re.compile(r"^[\s>*＞]*(?:发件人|寄件者|寄件人|From)\s*\**\s*[:：]\s*(.*)$", re.IGNORECASE)
_FIELD = re.compile(
    r"^[\s>*＞]*(?:发送时间|发件时间|发送日期|日期|时间|收件人|抄送|主题|Sent|Date|To|Cc|Subject)\s*\**\s*[:：]",
    re.IGNORECASE,
)
_NEAR = 6  # lines in which the other fields stand
_LINES = 2000


def writer_of(headers: Headers, found: Sequence[Part], sender: str) -> str:
    """The address, in lower case, of who wrote the one mail passed on; "" where none is.

    Also where several people's mails are passed on, or the sender's own.
    """
    whole = {_only_address(p.headers.first("from")) for p in found if _is_shell(p)}
    if len(whole) == 1:
        (written,) = whole
    elif not whole and _PASSED_ON.match(headers.first("subject")):
        written = next(filter(None, map(_quoted_writer, _texts(found))), "")
    else:
        written = ""
    return "" if written == sender else written


def _is_shell(part: Part) -> bool:
    return part.media_type == "message/rfc822" and part.depth == 1


def _texts(found: Sequence[Part]) -> list[str]:
    own = [part for part in found if part.is_text and part.depth == 0]
    return [
        part.text if part.media_type == "text/plain" else body.text_of_html(part.text, quotes=True)
        for part in own
    ]


def _quoted_writer(text: str) -> str:
    """Who wrote the first mail quoted below; its fields stand together."""
    lines = text.splitlines()[:_LINES]
    for index, line in enumerate(lines):
        first = _FROM.match(line)
        if first is None:
            continue
        below = lines[index + 1 : index + 1 + _NEAR]
        if any(_FIELD.match(other) for other in below):
            # some put the name in the line and the address below it
            return _only_address(first[1]) or _only_address(" ".join(below[:1]))
    return ""


def _only_address(text: str) -> str:
    """The last one: what stands before it may be a display name that looks like one."""
    found = _ADDRESS.findall(text)
    return found[-1].lower() if found else ""
