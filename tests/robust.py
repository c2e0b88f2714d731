"""Others' samples, mangled: run by ``make robust``, which takes minutes.

Each sample is cut, overwritten, repeated and filled with nonsense a number of times, the
same at every run, and read in the limited child. Its child may not die of any of it:
a parser's exception that nobody expected is a mistake of ours, even if it costs one file.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from samplefiles import documents, mails
from test_robust import Watched, silent

TIMES = 12


@pytest.fixture(scope="module")
def reader() -> Iterator[Watched]:
    with Watched() as reader:
        yield reader


def mangled(name: str, data: bytes) -> Iterator[tuple[str, bytes]]:
    """The sample with damages of several kinds, and which they are."""
    for number in range(TIMES):
        dice = random.Random(f"{name} {number}")
        broken = bytearray(data)
        for _hit in range(dice.choice([1, 3, 30])):
            at = dice.randrange(len(broken) + 1)
            gone = dice.choice([0, 1, 1, 4, 64, 512])
            put = dice.choice(
                [b"", b"\0", b"\xff" * 4, dice.randbytes(8), bytes(data[at : at + 99])]
            )
            broken[at : at + gone] = put
        if number % 3 == 0:
            del broken[dice.randrange(len(broken) + 1) :]
        yield f"{name} #{number}", bytes(broken)


def faults(reader: Watched) -> list[str]:
    """What the children have died of since the last time."""
    found, reader.faults[:] = list(reader.faults), []
    return found


@pytest.mark.parametrize("name", sorted(mails()))
def test_mangled_mails(reader: Watched, tmp_path: Path, name: str) -> None:
    """Taken apart, or refused with a reason."""
    path = tmp_path / "mail"
    for which, data in mangled(name, mails()[name]):
        path.write_bytes(data)
        reading = reader.read(path)
        assert (which, faults(reader)) == (which, [])
        assert reading.failure or not any(map(silent, reading.documents)), which


@pytest.mark.parametrize("name", sorted(documents()))
def test_mangled_documents(reader: Watched, tmp_path: Path, name: str) -> None:
    """Content, or a problem."""
    path = tmp_path / "document"
    for which, data in mangled(name, documents()[name]):
        path.write_bytes(data)
        document = reader.read_document(path, name)
        assert (which, faults(reader)) == (which, [])
        assert silent(document) == [], which
