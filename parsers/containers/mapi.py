"""What Outlook's two ways to store a mail share: the properties of an attached file.

Identifiers and types are those of [MS-OXPROPS] and [MS-OXCDATA] 2.11.1. How the
properties are laid out in bytes is for the rooms of the two formats.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from parsers.containers.archives import decoded_name, path_name

#: properties: the long and the short name of a file, the name shown to people, the bytes
LONG_NAME, SHORT_NAME, DISPLAY_NAME, BYTES = 0x3707, 0x3704, 0x3001, 0x3701
#: types of a value: text in 8 bits, in UTF-16, a packed object, bytes
STRING8, UNICODE, OBJECT, BINARY = 0x1E, 0x1F, 0x0D, 0x102

#: the longest name looked at, in bytes
_LONGEST = 4096


def shown_name(properties: Mapping[int, tuple[int, bytes]], spare: bytes = b"") -> str:
    """The best name of an attached file, fit for display.

    ``properties`` gives type and bytes by identifier; ``spare`` is the short name that
    stands outside of them.
    """
    return path_name(next(filter(None, _names(properties, spare)), "附件"))


def _names(properties: Mapping[int, tuple[int, bytes]], spare: bytes) -> Iterator[str]:
    for identifier in (LONG_NAME, SHORT_NAME):
        yield _text(*properties.get(identifier, (STRING8, b"")))
    yield _text(STRING8, spare)
    yield _text(*properties.get(DISPLAY_NAME, (STRING8, b"")))


def _text(kind: int, raw: bytes) -> str:
    """A text as it stands; eight bits are UTF-8, GB 18030 or Western, by fit."""
    raw = raw[:_LONGEST]
    if kind == UNICODE:
        return raw.decode("utf-16-le", "replace").partition("\0")[0].strip()
    raw = raw.partition(b"\0")[0]
    return (decoded_name(raw) or raw.decode("cp1252", "replace")).strip()
