"""The limited child process that takes hostile bytes apart: its side of the pipe.

It answers requests with frames of JSON, one for the message and one for each
document, so that the parent knows how far it came when it dies. It has no
network, database or configuration, may write no file, and dies with its parent; what only
an office program reads goes back to the parent as an errand.
An exception it does not expect is told to the parent by name alone, and then it
ends: nobody reads on in a process whose state is unknown.
"""

from __future__ import annotations

import ctypes
import hashlib
import json
import math
import os
import resource
import signal
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from email.parser import BytesHeaderParser
from email.utils import parseaddr
from multiprocessing.connection import Connection
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from mailbot.mime.automatic import automatic_reason
from mailbot.mime.enclosed import open_mail
from mailbot.mime.headers import Headers
from mailbot.mime.message import MessageRefused, parse_message
from mailbot.model import Envelope
from mailbot.reading.errand import Errands
from mailbot.wire import envelope_to_json, link_to_json
from parsers.codec import document_to_json
from parsers.documents import ReadsPictures, read_document
from parsers.foreign import Translate
from parsers.forms.reader import FormReader
from parsers.limits import Limits
from parsers.spec import SpecSet

MEGABYTE = 1024 * 1024

_PR_SET_PDEATHSIG = 1  # prctl(2)
_DEAD = 70  # EX_SOFTWARE
_HEAD = 64 * 1024  # of a message that could not be taken apart, this much is looked at
_FIELD = 4 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """What the child may use."""

    memory: int = 2048 * MEGABYTE  #: address space, bytes
    cpu_seconds: int = 60  #: for one mail
    wall_seconds: float = 90.0  #: for one document, and for taking one message apart
    open_files: int = 64
    answer: int = 256 * MEGABYTE  #: one frame, bytes
    mails: int = 200  #: served before it is replaced


def serve(
    connection: Connection, specs: tuple[SpecSet, ...], limits: Limits, bounds: Bounds
) -> None:
    """Say that we are ready, then answer requests until the parent hangs up."""
    _serve(connection, specs, limits, bounds, _Counting)


def serve_pictures(
    connection: Connection, specs: tuple[SpecSet, ...], limits: Limits, bounds: Bounds
) -> None:
    """The same, but pictures are recognised; takes much more of everything."""
    _serve(connection, specs, limits, bounds, _recogniser(limits))


def serve_copies(
    connection: Connection, _specs: tuple[SpecSet, ...], limits: Limits, bounds: Bounds
) -> None:
    """Say that we are ready, then make copies with comments until the parent hangs up.

    The library that writes workbooks needs files of its own for that: they lie in the
    folder that the request names, which the parent removes.
    """
    _confine(connection.fileno(), bounds, written=limits.max_part)
    with _Confession(connection):
        from mailbot.reading.marking import answer  # noqa: PLC0415 - large, wanted nowhere else

        for request in _requests(connection, bounds):
            for frame in answer(request, limits):
                _send(connection, frame)


def _serve(
    connection: Connection,
    specs: tuple[SpecSet, ...],
    limits: Limits,
    bounds: Bounds,
    eyes: Callable[[], ReadsPictures],
) -> None:
    _confine(connection.fileno(), bounds)
    with _Confession(connection):
        desk = _Desk(
            reader=FormReader(specs),
            limits=limits,
            translate=Errands(connection, limits.max_bytes),
            eyes=eyes,
        )
        for request in _requests(connection, bounds):
            for frame in _answers(request, desk):
                _send(connection, frame)


def _requests(connection: Connection, bounds: Bounds) -> Iterator[dict[str, Any]]:
    """Say that we are ready; then what is asked, until the parent hangs up."""
    _send(connection, {"ready": True})
    while True:
        try:
            request = json.loads(connection.recv_bytes())
        except EOFError:
            return
        _allow_cpu(bounds.cpu_seconds)
        yield request


class _Counting:
    """Looks at no picture and counts them: another child reads the document again."""

    def __init__(self) -> None:
        self.seen = 0

    def __call__(self, pictures: Sequence[bytes]) -> None:
        self.seen += len(pictures)


def _recogniser(limits: Limits) -> Callable[[], ReadsPictures]:
    """Makes the reader of pictures; its libraries are loaded with the first one."""

    def make() -> ReadsPictures:
        from parsers.scans.pictures import PictureReader  # noqa: PLC0415 - an extra, and large

        return PictureReader(limits)

    return make


@dataclass(frozen=True, slots=True, kw_only=True)
class _Desk:
    """What every document is read with."""

    reader: FormReader
    limits: Limits
    translate: Translate
    eyes: Callable[[], ReadsPictures]  #: for each document as sent, new ones

    def read(
        self, name: str, content: bytes, depth: int = 0, *, shown: bool = False
    ) -> dict[str, Any]:
        """The frame of one document; ``shown`` keeps its lines and grids, for a person to see."""
        pictures = self.eyes()
        document = read_document(
            name,
            content,
            self.reader,
            self.limits,
            depth,
            open_mail=open_mail,
            blocks=shown,
            translate=self.translate,
            pictures=pictures,
        )
        return {
            "document": document_to_json(document, text=True, content=shown),
            "pictures": getattr(pictures, "seen", 0),
        }


def _answers(request: dict[str, Any], desk: _Desk) -> Iterator[dict[str, Any]]:
    """The frames of one request; the last one has the key "end", "gone" or "refused"."""
    try:
        raw = Path(request["path"]).read_bytes()
    except OSError as error:
        yield {"gone": error.strerror or "OSError"}
        return
    if request["sha256"] not in ("", hashlib.sha256(raw).hexdigest()):
        yield {"gone": "changed"}
    elif request["what"] == "document":
        yield desk.read(request["name"], raw, shown=request.get("content") is True)
        yield {"end": True}
    elif request["what"] == "head":
        yield {"envelope": envelope_to_json(_head_alone(raw)), "end": True}
    else:
        start = request["start"]
        yield from _mail(raw, slice(start, start + 1 if request.get("only") else None), desk)


def _mail(raw: bytes, places: slice, desk: _Desk) -> Iterator[dict[str, Any]]:
    """The message without its bytes, then its documents at these places."""
    try:
        message = parse_message(raw)
    except MessageRefused as refused:
        yield {"refused": str(refused)}
        return
    yield {
        "envelope": envelope_to_json(message.envelope),
        "body": message.body,
        "links": [link_to_json(link) for link in message.links],
        "defects": list(message.defects),
        "files": [
            {
                "name": part.name,
                "sha256": hashlib.sha256(part.content).hexdigest(),
                "size": len(part.content),
            }
            for part in message.attachments
        ],
    }
    for part in message.attachments[places]:
        yield desk.read(part.name, part.content, part.depth)
    yield {"end": True}


def _head_alone(raw: bytes) -> Envelope:
    """What the standard library's header parser gives of a message that cannot be taken apart.

    Block and fields are cut to a size at which no parser turns quadratic.
    """
    head = raw[:_HEAD].replace(b"\r\n", b"\n").split(b"\n\n", 1)[0]
    fields = Headers.of(BytesHeaderParser().parsebytes(head + b"\n\n")).fields
    headers = Headers(tuple((name, value[:_FIELD]) for name, value in fields))
    name, address = parseaddr(headers.first("from"))
    return Envelope(
        message_id=headers.first("message-id"),
        subject=headers.first("subject"),
        sender=address.lower(),
        sender_name=name,
        in_reply_to=tuple(headers.first("in-reply-to").split()),
        references=tuple(headers.first("references").split()),
        automatic=automatic_reason(headers),
    )


def _send(connection: Connection, frame: dict[str, Any]) -> None:
    # a lone surrogate (a name in broken UTF-16) is no text: ASCII escapes carry it over the pipe
    connection.send_bytes(json.dumps(frame).encode("ascii"))


def _confine(keep: int, bounds: Bounds, *, written: int = 0) -> None:
    """A session of its own, dying with the parent, within limits; without open files.

    No file may be written, or none of more than ``written`` bytes.
    """
    os.setsid()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent ends it in order
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    nothing = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nothing, standard)
    # among the rest is the fork server's life line, which would keep it alive without us
    os.closerange(3, keep)
    os.closerange(keep + 1, resource.getrlimit(resource.RLIMIT_NOFILE)[0])
    for limit, value in (
        (resource.RLIMIT_AS, bounds.memory),
        (resource.RLIMIT_FSIZE, written),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, bounds.open_files),
    ):
        resource.setrlimit(limit, (value, value))


def _allow_cpu(seconds: int) -> None:
    """From now on this much processor time; SIGXCPU ends the process then."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    until = math.ceil(used.ru_utime + used.ru_stime) + seconds
    resource.setrlimit(resource.RLIMIT_CPU, (until, hard))


class _Confession:
    """Tells the parent the name of the exception that ends the process; nothing of its text."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        _error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if kind is None:
            return
        while traceback and traceback.tb_next:
            traceback = traceback.tb_next
        place = ""
        if traceback:
            code = traceback.tb_frame.f_code
            place = f"{Path(code.co_filename).name}:{traceback.tb_lineno}"
        try:
            _send(self._connection, {"fault": kind.__name__, "place": place})
        finally:
            os._exit(_DEAD)
