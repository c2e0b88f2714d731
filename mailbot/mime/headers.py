"""Header fields as they should have been: decoded, repaired, case-insensitive.

Reads what Chinese mail programs write against RFC 2047 and RFC 2231: raw 8-bit
bytes, characters split over two encoded words, encoded words inside quotes. It
knows nothing of parts and bodies, and gives no meaning to a field.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from email.message import Message as Entity
from itertools import groupby
from urllib.parse import unquote_to_bytes

from mailbot.mime import charsets

_FOLD = re.compile(rb"\r?\n[ \t]*|\r")
#: RFC 2047 section 2, without the length limit that nobody keeps.
_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]*)\?=")
_NOT_BASE64 = re.compile(r"[^A-Za-z0-9+/]")
_Q_BYTE = re.compile(rb"=([0-9A-Fa-f]{2})")
_PERCENT = re.compile(r"%[0-9A-Fa-f]{2}")
#: RFC 2231 section 3 and 4: ``filename*``, ``filename*0``, ``filename*0*``.
_EXTENDED = re.compile(r"([^*]+)\*(?:(\d{1,4})(\*)?)?")
_SPACES = re.compile(r"\s+")
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Headers:
    """The fields of one header block in the order of the wire."""

    fields: tuple[tuple[str, bytes], ...]  #: name in lower case, raw unfolded value

    @classmethod
    def of(cls, entity: Entity) -> Headers:
        """The fields of a parsed entity, its bytes restored."""
        return cls(
            tuple(
                (name.lower(), unfold(str(value).encode("utf-8", "surrogateescape")))
                for name, value in entity.raw_items()
            )
        )

    def raw(self, name: str) -> bytes:
        """The first field of this name, or b""."""
        return next((value for key, value in self.fields if key == name), b"")

    def first(self, name: str) -> str:
        """The first field of this name, decoded and in one line; "" when absent."""
        return text(self.raw(name))

    def all(self, name: str) -> tuple[str, ...]:
        """Every field of this name, decoded."""
        return tuple(text(value) for key, value in self.fields if key == name)

    def tokens(self, name: str) -> str:
        """The first field of this name with its encoded words untouched, for tokenising."""
        return plain(self.raw(name))

    def all_tokens(self, name: str) -> tuple[str, ...]:
        """Every field of this name, its encoded words untouched."""
        return tuple(plain(value) for key, value in self.fields if key == name)

    def __contains__(self, name: str) -> bool:
        return any(key == name for key, _value in self.fields)

    def names(self) -> Iterator[str]:
        """The names, lower case, in order."""
        return (key for key, _value in self.fields)


def unfold(raw: bytes) -> bytes:
    """One line: a fold is one space. RFC 5322 section 2.2.3."""
    return _FOLD.sub(b" ", raw).strip()


def plain(raw: bytes) -> str:
    """Raw 8-bit bytes decoded, encoded words left as they are: what may be tokenised."""
    return charsets.decode(unfold(raw))


def text(raw: bytes) -> str:
    """A whole unstructured field, decoded, in one line."""
    return one_line(decode_words(plain(raw)))


def one_line(value: str) -> str:
    """No line break and no control character; runs of space are one space."""
    return _SPACES.sub(" ", _CONTROLS.sub("", value)).strip()


def decode_words(value: str) -> str:
    """Encoded words become text; neighbours of one charset are joined as bytes first.

    RFC 2047 section 6.2 drops the space between neighbours. A mail program that
    cuts its base64 at any place, or a character in two, is understood.
    """
    if "=?" not in value:
        return value
    out: list[str] = []
    run: list[re.Match[str]] = []
    end = 0
    for word in _WORD.finditer(value):
        gap = value[end : word.start()]
        if run and gap.strip():
            out.append(_decode_run(run))
            run = []
        if not run:
            out.append(gap)
        run.append(word)
        end = word.end()
    if run:
        out.append(_decode_run(run))
    return "".join([*out, value[end:]])


def _decode_run(words: Sequence[re.Match[str]]) -> str:
    def charset(word: re.Match[str]) -> str:
        return charsets.known(word[1])

    return "".join(
        charsets.decode(_word_bytes(list(group)), label)
        for label, group in groupby(words, key=charset)
    )


def _word_bytes(words: Iterable[re.Match[str]]) -> bytes:
    out: list[bytes] = []
    base64 = ""  # not yet at the end of a quantum
    for word in words:
        if word[2] in "qQ":
            out += [_from_base64(base64), _from_q(word[3])]
            base64 = ""
            continue
        base64 += word[3]
        if word[3].rstrip().endswith("=") or len(_NOT_BASE64.sub("", base64)) % 4 == 0:
            out.append(_from_base64(base64))
            base64 = ""
    return b"".join([*out, _from_base64(base64)])


def _from_base64(value: str) -> bytes:
    digits = _NOT_BASE64.sub("", value)
    if len(digits) % 4 == 1:  # six bits make no byte
        digits = digits[:-1]
    return binascii.a2b_base64(digits + "=" * (-len(digits) % 4))


def _from_q(value: str) -> bytes:
    raw = value.replace("_", " ").encode("utf-8", "replace")
    return _Q_BYTE.sub(lambda match: bytes([int(match[1], 16)]), raw)


def split_parameters(raw: bytes) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Value and parameters of a MIME field, names in lower case, values untouched.

    The raw bytes are decoded before they are cut up: the second byte of a GBK
    character may be a backslash. A quote inside a quoted value that no semicolon
    follows belongs to the value.
    """
    value = plain(raw)
    head, _, rest = value.partition(";")
    parameters: list[tuple[str, str]] = []
    while rest.strip():
        name, equals, rest = rest.partition("=")
        if not equals:
            break
        rest = rest.lstrip()
        if rest.startswith('"'):
            content, rest = _quoted(rest)
        else:
            content, _, rest = rest.partition(";")
        parameters.append((name.strip(" ;\t").lower(), content.strip()))
    return head.strip().lower(), tuple(parameters)


_CLOSING = re.compile(r'(?<!\\)(?:\\\\)*"\s*(?:;|$)')


def _quoted(value: str) -> tuple[str, str]:
    """The content of the quoted string at the start, and what follows its semicolon."""
    closing = _CLOSING.search(value, 1)
    if closing is None:
        content, _, rest = value[1:].partition(";")
        return content.strip().strip('"'), rest
    quote = closing.group().index('"') + closing.start()
    content = value[1:quote].replace('\\"', '"').replace("\\\\", "\\")
    return content, value[closing.end() :]


def parameter(parameters: Sequence[tuple[str, str]], name: str) -> tuple[str, str]:
    """A parameter decoded in both ways: (``name*`` of RFC 2231, plain ``name``); "" if absent."""
    pieces: dict[int, tuple[str, bool]] = {}
    simple = ""
    for key, value in parameters:
        if key == name:
            simple = simple or value
            continue
        match = _EXTENDED.fullmatch(key)
        if match is None or match[1] != name:
            continue
        number, encoded = int(match[2] or 0), match[2] is None or match[3] is not None
        pieces.setdefault(number, (value, encoded))
    return _extended(pieces), _from_percent(decode_words(simple))


def _extended(pieces: dict[int, tuple[str, bool]]) -> str:
    """RFC 2231: charset'language'percent-encoded, over numbered pieces joined as bytes."""
    if 0 not in pieces:
        return ""
    charset = ""
    first, encoded = pieces[0]
    if encoded and first.count("'") >= 2:  # noqa: PLR2004 - charset'language'value
        charset, _language, first = first.split("'", 2)
    raw = b""
    for number in range(len(pieces)):
        if number not in pieces:
            break
        value, encoded = (first, encoded) if number == 0 else pieces[number]
        raw += unquote_to_bytes(value) if encoded else value.encode("utf-8", "replace")
    return decode_words(charsets.decode(raw, charset))


def _from_percent(value: str) -> str:
    """A name sent as in a URL; left alone unless it hides something beyond ASCII."""
    if not value.isascii() or value.count("%") != len(_PERCENT.findall(value)):
        return value
    raw = unquote_to_bytes(value)
    return value if raw.isascii() else charsets.decode(raw)
