"""Faults in every place: run by ``make faults``, which takes minutes.

An IMAP session is cut at every STEP-th byte of what the server says (bytes within a mail
are all alike: some of them), on both kinds of server; the register is full from every
STEP-th statement on. After each the same questions are asked as in the tests.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from imapsession import ServerBox, disturb, record
from servers.dovecot import Dovecot
from servers.imapwire import Fault, Turn
from servers.netease import Netease
from test_faults_disk import test_the_register_is_full_at_any_step as fill_register

STEP = int(os.environ.get("STEP", "7"))
_WITHIN_A_MAIL = 300  #: bytes between two cuts there, at least
_STATEMENTS = 120  #: of a round with three mails


def offsets(turn: Turn) -> Iterator[int]:
    """Where an answer is cut."""
    for name, start, end in turn.pieces():
        step = max(STEP, _WITHIN_A_MAIL) if name == "literal" else STEP
        yield from range(start, end - 2, step)


@pytest.mark.parametrize("part", range(8))
@pytest.mark.parametrize("kind", ["dovecot", "netease"])
def test_cut_at_every_byte(
    tmp_path: Path, dovecot_server: Dovecot, netease_server: Netease, kind: str, part: int
) -> None:
    """Eighths of a session, so that several processes share it."""
    server = dovecot_server if kind == "dovecot" else netease_server

    def box() -> ServerBox:
        return server.box()

    (tmp_path / "whole").mkdir()
    turns = record(tmp_path / "whole", box())
    places = [(turn.name, offset) for turn in turns for offset in offsets(turn)]
    for name, offset in places[part::8]:
        folder = tmp_path / f"{name}-{offset}"
        folder.mkdir()
        try:
            disturb(folder, box(), Fault(turn=name, offset=offset))
        except AssertionError as error:
            error.add_note(f"cut in {name} after {offset} bytes")
            raise


@pytest.mark.parametrize("number", range(1, _STATEMENTS, STEP))
def test_the_register_is_full_at_every_step(tmp_path: Path, number: int) -> None:
    """As in the tests, which take fewer steps."""
    fill_register(tmp_path, number)
