"""A far side of the pipe that sees, or fails to see, what the request says. Runs in a child."""

from __future__ import annotations

import json
import os
import time
from multiprocessing.connection import Connection

from mailbot.reading.child import Bounds
from parsers.codec import document_to_json
from parsers.limits import Limits
from parsers.model import Document
from parsers.spec import SpecSet


def serve(
    connection: Connection, specs: tuple[SpecSet, ...], limits: Limits, bounds: Bounds
) -> None:
    """Say what was seen of the word at the place asked for."""
    _ = specs, limits, bounds
    os.setsid()
    connection.send_bytes(b'{"ready": true}')
    while True:
        try:
            request = json.loads(connection.recv_bytes())
        except EOFError:
            return
        word = request["words"][request["start"]]
        if word == "crash":
            os._exit(1)
        if word == "hang":
            time.sleep(60)
        if word == "garbage":
            connection.send_bytes(b'{"document": {"file": 1}}')
        elif word != "nothing":
            sha256 = "another" if word == "other" else word
            seen = Document(file=f"{word}.png", sha256=sha256, text=f"seen {word}")
            connection.send_bytes(json.dumps({"document": document_to_json(seen, text=True)}).encode())  # fmt: skip
        connection.send_bytes(b'{"end": true}')
