"""Parts that the usual reading of a message loses, found again by their delimiters.

A multipart without a boundary, with a wrong one, or whose header block a gateway has
broken off with an empty line, is to every parser one long text (RFC 2046 5.1.1 leaves
nothing else). The delimiters still stand in it, each with the fields of a part behind
it. Text without such delimiters is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.message import Message as Entity

_DELIMITER = re.compile(
    rb"^--([!-~][ -~]{0,198})\r?\n(?=content-(?:type|disposition|transfer-encoding)[ \t]*:)",
    re.IGNORECASE | re.MULTILINE,
)
_FIELDS = re.compile(rb"\s*(?:[!-9;-~]+[ \t]*:[^\n]*\n(?:[ \t]+[^\n]*\n)*\s*)+")
_FILE = re.compile(
    r"attachment|multipart/|name\*?\d*\*?\s*=|application/|image/|message/rfc822", re.IGNORECASE
)


def lost_multipart(content: bytes) -> bytes | None:
    """The multipart in the content of what is taken for one part, with a head that fits it.

    The outermost is meant; those inside are found when its parts are read.
    """
    if b"--" not in content:
        return None
    first = _DELIMITER.search(content)
    return None if first is None else _headed(content, first[1].rstrip())


def text_before(multipart: Entity) -> bytes:
    """The text in front of the first delimiter; nothing where it is only fields."""
    before = str(multipart.preamble or "").encode("utf-8", "surrogateescape")
    return b"" if _FIELDS.fullmatch(before) else before.strip()


def holds_file(multipart: Entity) -> bool:
    """Is one of its parts a file, or may hold one?"""
    return any(
        _FILE.search(f"{part.get('content-disposition', '')};{part.get('content-type', '')}")
        for part in multipart.walk()
        if not part.is_multipart()
    )


def behind_the_end(message: Entity) -> Iterator[bytes]:
    """What stands behind a closing delimiter between delimiters like any part, as multiparts.

    A gateway that adds a part, or a program that closes too early, puts files there.
    """
    for entity in message.walk():
        boundary, epilogue = entity.get_boundary(), entity.epilogue
        if boundary and epilogue and f"--{boundary}" in epilogue:
            lost = epilogue.encode("utf-8", "surrogateescape")
            yield _headed(lost, boundary.encode("utf-8", "surrogateescape"))


def _headed(content: bytes, boundary: bytes) -> bytes:
    quoted = boundary.replace(b"\\", rb"\\").replace(b'"', rb"\"")
    return b'Content-Type: multipart/mixed; boundary="' + quoted + b'"\n\n' + content
