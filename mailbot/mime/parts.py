"""The parts of a message: counted before they are parsed, walked, named, their bytes taken.

Refuses what would cost too much (RFC 2046 sets no limits, senders of bombs know
that) and decides which part is a file, which is the sender's text and which is
decoration. It reads no file and understands no text.
"""

from __future__ import annotations

import binascii
import email
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from email.message import Message as Entity

from mailbot.mime import charsets, filenames, headers, intext, recovered
from mailbot.mime.headers import Headers
from mailbot.mime.lightened import WHOLE, Lightened

#: Bytes. What a whole header block and one field of it may have; a real one has 2-10 KB.
MAX_HEADER_BLOCK = 256 * 1024
MAX_HEADER = 64 * 1024
MAX_PARTS = 1000
MAX_DEPTH = 30

_HEADER_END = re.compile(rb"\r?\n\r?\n")
_FIELD = re.compile(rb"[!-9;-~]+[ \t]*:")
_NEXT_FIELD = re.compile(rb"\n(?![ \t])")
_BOUNDARY = re.compile(rb'boundary\s*=\s*(?:"([^"\r\n]{1,200})"|([^\s;"]{1,200}))', re.IGNORECASE)
#: How a header block begins; what begins otherwise, being encoded, is all body.
_BEGINS = re.compile(rb"From |[!-9;-~]+[ \t]*:|[ \t]|\r?\n")
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/=]")
_EMPTY_LINE = re.compile(rb"\r?\n")

#: Media types that are neither a file nor text of the sender's.
_MACHINERY = frozenset(
    {
        "application/pgp-signature",
        "application/pkcs7-signature",
        "application/x-pkcs7-signature",
        "message/delivery-status",
        "message/disposition-notification",
        "message/global-delivery-status",
        "text/rfc822-headers",
    }
)


#: a message inside the message that is not taken apart: a file like any other
_HARMFUL = "application/octet-stream"


class MessageRefused(Exception):
    """The message is built so that taking it apart would cost too much; says why in Chinese."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One leaf of a message, or a message in a message."""

    media_type: str
    charset: str  #: as declared; "" when it is not
    disposition: str  #: "attachment", "inline" or ""
    content_id: str  #: without angle brackets
    name: str  #: as the sender gave it, decoded and made harmless; "" when there is none
    depth: int  #: messages around it: 0 for the parts of the message itself
    path: tuple[str, ...]  #: names of the messages around it
    content: bytes = field(repr=False)
    headers: Headers = field(repr=False)

    @property
    def is_text(self) -> bool:
        """Is it text to be shown as the message's own body?"""
        return (
            self.media_type in ("text/plain", "text/html")
            and self.disposition != "attachment"
            and not self.name
        )

    @property
    def is_machinery(self) -> bool:
        """Signatures and delivery reports: no document."""
        return self.media_type in _MACHINERY

    @property
    def text(self) -> str:
        """The content as text."""
        return charsets.decode(self.content, self.charset)


def mend(raw: bytes) -> tuple[bytes, bool]:
    """The message with lines of its header block that are no field made continuations.

    A subject folded without a leading space would otherwise end the block and
    lose every field after it, and with them the attachments. Left alone unless
    a proper field follows. Returns the bytes and whether they were changed.
    Raises MessageRefused when the header block is too large.
    """
    block = raw[: _block_end(raw, 0)]
    lines = block.split(b"\n")
    last = max((index for index, line in enumerate(lines) if _FIELD.match(line)), default=0)
    mended = False
    for index in range(1, last):
        line = lines[index]
        if line[:1] not in (b" ", b"\t") and not _FIELD.match(line):
            lines[index] = b" " + line
            mended = True
    return (b"\n".join(lines) + raw[len(block) :], True) if mended else (raw, False)


def check_size(raw: bytes) -> None:
    """Count header bytes and parts in the raw bytes. Raises MessageRefused over a limit."""
    boundaries: set[bytes] = set()
    count = _survey(raw, 0, boundaries)
    at = raw.find(b"\n--")
    while at >= 0 and boundaries:
        end = raw.find(b"\n", at + 1)
        end = len(raw) if end < 0 else end
        if raw[at + 3 : min(end, at + 300)].rstrip() in boundaries:
            count += _survey(raw, end + 1, boundaries)
            if count > MAX_PARTS:
                raise MessageRefused(f"邮件的分段超过 {MAX_PARTS} 个，未予解析")
        at = raw.find(b"\n--", end)


def _survey(raw: bytes, start: int, boundaries: set[bytes]) -> int:
    """Check the header block at ``start``, and that of a message right inside it; count them.

    Adds the boundaries they declare.
    """
    for count in range(1, MAX_PARTS + 2):
        end = _block_end(raw, start)
        block = raw[start:end]
        boundaries.update((m[1] or m[2]).rstrip() for m in _BOUNDARY.finditer(block))
        if end >= len(raw) or b"message/rfc822" not in block.lower():
            return count
        start = raw.index(b"\n", raw.index(b"\n", end) + 1) + 1
        if not _BEGINS.match(raw, start):
            return count
    return MAX_PARTS + 1


def _block_end(raw: bytes, start: int) -> int:
    """Where the header block that begins at ``start`` ends. Raises MessageRefused."""
    if _EMPTY_LINE.match(raw, start):
        return start
    end = _HEADER_END.search(raw, start, start + MAX_HEADER_BLOCK + 4)
    if end is None and len(raw) - start > MAX_HEADER_BLOCK:
        raise MessageRefused(f"邮件头超过 {MAX_HEADER_BLOCK // 1024} KB，未予解析")
    stop = end.start() if end else len(raw)
    begin = start
    if stop - start > MAX_HEADER:
        for next_field in [*(m.start() for m in _NEXT_FIELD.finditer(raw, start, stop)), stop]:
            if next_field - begin > MAX_HEADER + 1:  # a carriage return
                raise MessageRefused(f"邮件头中有一项超过 {MAX_HEADER // 1024} KB，未予解析")
            begin = next_field + 1
    return stop


def walk(message: Entity, light: Lightened = WHOLE) -> Iterator[Part]:
    """The leaves in the order of the wire, those of messages inside it too.

    ``light`` has the bytes that were put aside before parsing. A message in a message comes as no part of its own; its headers are those of
    the part of media type "message/rfc822" that precedes its leaves and has no
    content. One that nests too deeply or has too many parts comes whole, as a file
    that harms nobody but itself. Raises MessageRefused when that is so of the outermost.
    """
    yield from _Walk(light).leaves(message, 0, 0, ())


class _Walk:
    """One way through all parts, which are counted together."""

    def __init__(self, light: Lightened) -> None:
        self._light = light
        self._count = 0

    def leaves(
        self, message: Entity, level: int, depth: int, path: tuple[str, ...]
    ) -> Iterator[Part]:
        """The leaves of one message, at most :data:`MAX_DEPTH` messages deep."""
        stack: list[tuple[Entity, int]] = [(message, level)]
        while stack:
            entity, level = stack.pop()
            self._count += 1
            if self._count > MAX_PARTS:
                raise MessageRefused(f"邮件的分段超过 {MAX_PARTS} 个，未予解析")
            if level > MAX_DEPTH:
                raise MessageRefused(f"邮件嵌套超过 {MAX_DEPTH} 层，未予解析")
            children = [child for child in _children(entity) if isinstance(child, Entity)]
            if entity.is_multipart() and not entity.get_content_type().startswith("message/"):
                stack += [(child, level + 1) for child in reversed(children)]
                continue
            part = _part(entity, depth, path, self._light)
            try:
                inner = _inner_message(entity, part, children, self._light)
                lost = _lost_parts(part) if inner is None else None
            except MessageRefused:
                yield replace(part, media_type=_HARMFUL)
                continue
            if lost is not None:
                stack.append((lost, level + 1))
                if before := recovered.text_before(lost):
                    yield replace(part, media_type="text/plain", content=before)
            elif inner is None:
                yield from _with_files_in_text(part)
            else:
                yield from self._message(inner, part, level + 1)

    def _message(self, inner: Entity, part: Part, level: int) -> Iterator[Part]:
        """A message in a message: its headers, then its leaves; or all of it as one file."""
        about = Headers.of(inner)
        name = part.name or filenames.harmless(f"{about.first('subject') or '转发邮件'}.eml")
        before = self._count
        try:
            found = list(self.leaves(inner, level, part.depth + 1, (*part.path, name)))
        except MessageRefused:
            self._count = before
            yield replace(part, media_type=_HARMFUL, name=name, content=_whole(inner, part))
            return
        yield _shell(part, name, about)
        yield from found


def _whole(inner: Entity, part: Part) -> bytes:
    """The bytes of a message in a message, as far as they can be had."""
    if part.content:
        return part.content
    try:
        return inner.as_bytes()
    except (RecursionError, LookupError, UnicodeError):
        fields = "".join(f"{name}: {value}\n" for name, value in inner.raw_items())
        return fields.encode("utf-8", "surrogateescape") + b"\n"


def _lost_parts(part: Part) -> Entity | None:
    """The parts in what should have been a multipart, or in what stands there as text."""
    if not part.media_type.startswith("multipart/") and not part.is_text:
        return None
    raw = recovered.lost_multipart(part.content)
    if raw is None:
        return None
    whole = parse(raw)
    if part.is_text and not recovered.holds_file(whole):
        return None  # somebody may quote delimiters in a text
    return whole if whole.is_multipart() else None


def _with_files_in_text(part: Part) -> Iterator[Part]:
    """The part; of a text first the words, then the files that stand in it."""
    if part.media_type != "text/plain" or not part.is_text:
        yield part
        return
    words, files = intext.take_out(part.content)
    yield replace(part, content=words) if files else part
    for file in files:
        yield replace(
            part,
            media_type="application/octet-stream",
            charset="",
            disposition="attachment",
            name=file.name,
            content=file.content,
        )


def _children(entity: Entity) -> list[object]:
    payload = entity.get_payload() if entity.is_multipart() else None
    return list(payload) if isinstance(payload, list) else []


def _inner_message(
    entity: Entity, part: Part, children: list[Entity], light: Lightened
) -> Entity | None:
    """The message in a part: parsed already, or hidden by an encoding RFC 2046 5.2.1 forbids."""
    if part.media_type == "message/rfc822" and children:
        inner = children[0]
        encoding = str(entity.get("content-transfer-encoding", "")).strip().lower()
        if encoding not in ("base64", "quoted-printable") or inner.keys():
            return inner
        inner["Content-Transfer-Encoding"] = encoding
        return parse(_bytes(inner, light))
    if part.name.lower().endswith(".eml") and part.content:
        inner = parse(part.content)
        return inner if {"from", "subject", "date"} & {key.lower() for key in inner} else None
    return None


def parse(raw: bytes) -> Entity:
    """The tree of a message. Raises MessageRefused when it is too large."""
    check_size(raw)
    return email.message_from_bytes(raw)


def _shell(part: Part, name: str, about: Headers) -> Part:
    return Part(
        media_type="message/rfc822",
        charset="",
        disposition=part.disposition,
        content_id="",
        name=name,
        depth=part.depth + 1,
        path=part.path,
        content=b"",
        headers=about,
    )


def _part(entity: Entity, depth: int, path: tuple[str, ...], light: Lightened) -> Part:
    fields = Headers.of(entity)
    disposition, disposition_parameters = headers.split_parameters(
        fields.raw("content-disposition")
    )
    _type, type_parameters = headers.split_parameters(fields.raw("content-type"))
    extended, file_name = headers.parameter(disposition_parameters, "filename")
    type_extended, type_name = headers.parameter(type_parameters, "name")
    return Part(
        media_type=entity.get_content_type(),
        charset="".join(headers.parameter(type_parameters, "charset")),
        disposition=disposition,
        content_id=fields.first("content-id").strip("<> "),
        name=filenames.best(extended, file_name, type_extended, type_name),
        depth=depth,
        path=path,
        content=_bytes(entity, light),
        headers=fields,
    )


def _bytes(entity: Entity, light: Lightened) -> bytes:
    """The content, its transfer encoding undone; damage is passed over, RFC 2045 section 6.8."""
    if entity.is_multipart():
        return _status_fields(entity)
    encoding = str(entity.get("content-transfer-encoding", "")).strip().lower()
    if encoding in ("base64", "base-64", "b64", "base64;"):
        aside = light.body(entity)
        return _from_base64(_wire(entity) if aside is None else aside)
    try:
        content = entity.get_payload(decode=True)
    except (binascii.Error, ValueError):  # uuencode cut short
        return _wire(entity)
    return content if isinstance(content, bytes) else b""


def _status_fields(entity: Entity) -> bytes:
    """The groups of fields of a delivery status, RFC 3464 section 2.1; nothing of others."""
    if not entity.get_content_type().endswith("delivery-status"):
        return b""
    groups: list[str] = []
    for child in _children(entity):
        if isinstance(child, Entity):
            groups += ["\n".join(f"{name}: {value}" for name, value in child.raw_items())]
            groups += [text for text in (child.get_payload(),) if isinstance(text, str)]
    return "\n\n".join(groups).encode("utf-8", "surrogateescape")


def _wire(entity: Entity) -> bytes:
    """The content as it stands in the message."""
    try:
        return str(entity.get_payload()).encode("utf-8", "surrogateescape")
    except (LookupError, UnicodeError):  # a charset that is none
        content = entity.get_payload(decode=True)
        return content if isinstance(content, bytes) else b""


def _from_base64(wire: bytes | memoryview) -> bytes:
    """What is no digit is passed over; where it is cut off, what is left of it.

    ``get_payload`` hands out the undecoded text where a single character is missing.
    """
    try:
        return binascii.a2b_base64(wire)
    except binascii.Error:
        digits = _NOT_BASE64.sub(b"", bytes(wire)).partition(b"=")[0]
        digits = digits[: len(digits) - (len(digits) % 4 == 1)]
        return binascii.a2b_base64(digits + b"=" * (-len(digits) % 4))
