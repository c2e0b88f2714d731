"""Web archives (.mht, often named .doc): the page inside the mail-like wrapping.

RFC 2557: a multipart whose root is the page and whose other parts are its pictures,
frames and styles. The root is read; where it shows nothing because it only sets up
frames, the pages in the frames are. A page without wrapping is read as it is.
"""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Iterator
from email.message import Message

from parsers.damage import broken, hostile, oversized
from parsers.limits import Limits
from parsers.model import Content
from parsers.web.page import read_page

_FIELD = re.compile(rb"[a-z][a-z0-9-]*[ \t]*:", re.IGNORECASE)
_BOUNDARY = re.compile(rb"\bboundary[ \t]*=", re.IGNORECASE)
_TABS = "tabstrip.htm"  #: the names of an Excel file's worksheets, as a frame of their own


def read_web(content: bytes, limits: Limits) -> Content:
    """The blocks of a page or an archive. Raises :class:`parsers.damage.Damaged`."""
    if len(content) > limits.max_part:
        raise oversized("网页文件过大")
    if not _FIELD.match(content.lstrip()):
        return read_page(content, limits)
    if len(_BOUNDARY.findall(content)) > limits.max_nesting:
        raise hostile("嵌套过深")
    pages = list(_pages(email.message_from_bytes(content, policy=email.policy.compat32)))
    if not pages:
        raise broken("用 Word 重新打开并另存为 .docx 格式")
    found = _read(pages[0], limits, "")
    if found.blocks or len(pages) == 1:
        return found
    framed = [_read(page, limits, f"网页{n} ") for n, page in enumerate(pages[1:], start=1)]
    return Content(
        blocks=tuple(block for page in framed for block in page.blocks),
        characters=sum(page.characters for page in framed),
    )


def _pages(archive: Message) -> Iterator[Message]:
    """The pages, the root first."""
    start = archive.get_param("start")
    pages = [part for part in archive.walk() if part.get_content_type() == "text/html"]
    pages.sort(key=lambda part: str(part.get("content-id")) != start)
    for number, page in enumerate(pages):
        if number == 0 or not str(page.get("content-location", "")).lower().endswith(_TABS):
            yield page


def _read(page: Message, limits: Limits, place: str) -> Content:
    """One page of an archive; ``place`` stands before its own places."""
    data = page.get_payload(decode=True)
    charset = page.get_param("charset")
    return read_page(
        data if isinstance(data, bytes) else b"",
        limits,
        charset=charset if isinstance(charset, str) else "",
        place=place,
    )
