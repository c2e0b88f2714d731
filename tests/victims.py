"""A far side of the pipe whose reader of documents does what the document says.

Runs in the child process only; stands for a parser with a hole in it.
"""

from __future__ import annotations

import ctypes
import hashlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from multiprocessing.connection import Connection

from mailbot.model import Message
from mailbot.reading import child
from mailbot.reading.child import Bounds
from parsers.codec import document_to_json
from parsers.foreign import Translate, Untranslated
from parsers.forms.reader import FormReader
from parsers.limits import Limits
from parsers.model import Document
from parsers.spec import SpecSet


def segfault() -> None:
    """Read at address 0."""
    ctypes.string_at(0)


def spin() -> None:
    """Never come back."""
    while True:
        pass


def swallow() -> None:
    """Ask for 20 GB."""
    bytearray(20 * 1024**3)


def fork() -> None:
    """Leave a grandchild that outlives a plain kill, then hang."""
    subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)", "victim"])
    time.sleep(60)


def write() -> None:
    """Try to fill the disk."""
    with open(f"/tmp/victim-{os.getpid()}", "wb") as file:  # noqa: PTH123, S108
        file.write(b"x" * 1000)


def leave() -> None:
    """End without a word."""
    os._exit(0)


def fail() -> None:
    """Raise what the reader should have expected."""
    raise ZeroDivisionError("张三 13900000001")


def recurse() -> None:
    """Go down without end."""
    recurse()


def ask(connection: Connection) -> None:
    """Want something converted that is none of the kinds."""
    connection.send_bytes(b'{"errand": "exe", "sha256": "", "size": 5}')


def promise(connection: Connection) -> None:
    """Send more than was said."""
    connection.send_bytes(b'{"errand": "rtf", "sha256": "", "size": 5}')
    connection.recv_bytes()
    connection.send_bytes(b"more than five")


def dawdle(connection: Connection) -> None:
    """Send nothing."""
    connection.send_bytes(b'{"errand": "rtf", "sha256": "", "size": 5}')
    time.sleep(60)


FALSE_ERRANDS = {deed.__name__.encode(): deed for deed in (ask, promise, dawdle)}


def errand(name: str, content: bytes, translate: Translate) -> Document:
    """Have the rest converted and tell what came back."""
    try:
        text = translate("rtf", content).decode()
    except Untranslated as error:
        text = error.reason
    return Document(file=name, sha256="", format="rtf", text=text)


DEEDS: dict[bytes, Callable[[], None]] = {
    name.__name__.encode(): name
    for name in (segfault, spin, swallow, fork, write, leave, fail, recurse)
}


def serve(
    connection: Connection, specs: tuple[SpecSet, ...], limits: Limits, bounds: Bounds
) -> None:
    """As :func:`mailbot.reading.child.serve`, with holes."""

    def talk() -> None:
        connection.send_bytes(b"\x80\x04 no JSON")

    def flood() -> None:
        connection.send_bytes(b'"' + b"x" * 2 * bounds.answer + b'"')

    def pretend() -> None:
        connection.send_bytes(b'{"document": {"file": 1}}')

    def draw() -> None:
        cell = '{"at": [0, 0, 1, 1], "text": "", "where": "", "grids": [{"where": "", "rows": [['
        deep = cell * 150 + "]]}]}" * 150
        answer = document_to_json(Document(file="x", sha256="")) | {"blocks": "GRID"}
        text = json.dumps(answer).replace('"GRID"', f'[{{"where": "", "rows": [[{deep}]]}}]')
        connection.send_bytes(f'{{"document": {text}}}'.encode())

    more: dict[bytes, Callable[[], None]] = {
        deed.__name__.encode(): deed for deed in (talk, flood, pretend, draw)
    }
    more |= {name: partial(deed, connection) for name, deed in FALSE_ERRANDS.items()}

    def read(
        name: str,
        content: bytes,
        _reader: FormReader,
        _limits: Limits,
        _depth: int = 0,
        *,
        translate: Translate,
        **_more: object,
    ) -> Document:
        if content.startswith(b"convert "):
            return errand(name, content, translate)
        deed = {**DEEDS, **more}.get(content.strip())
        if deed is not None:
            deed()
        return Document(
            file=name,
            sha256=hashlib.sha256(content).hexdigest(),
            size=len(content),
            format="text",
            text=f"{os.getpid()}",
        )

    parse = child.parse_message

    def take_apart(raw: bytes) -> Message:
        deed = DEEDS.get(raw.split(b"X-Deed: ")[-1].split(b"\n")[0].strip())
        if deed is not None:
            deed()
        return parse(raw)

    child.read_document = read
    child.parse_message = take_apart
    child.serve(connection, specs, limits, bounds)


def stillborn(
    _connection: Connection, _specs: tuple[SpecSet, ...], _limits: Limits, _bounds: Bounds
) -> None:
    """Dies before it is ready, as with a broken installation."""
    os._exit(1)
