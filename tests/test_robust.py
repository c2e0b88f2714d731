"""Others' sample mails and documents, each through the limited child as mail brings them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from samplefiles import documents, mails

from mailbot.catalogue import shipped_campaigns, spec_sets
from mailbot.reading.child import MEGABYTE, Bounds
from mailbot.reading.isolation import ChildFault
from mailbot.reading.reader import Reader
from parsers.model import Document

#: may have nothing to say: pictures, scans, and mails to which nothing is attached
MUTE = ("image", "pdf", "eml")


class Watched(Reader):
    """Remembers what its children died of."""

    def __init__(self) -> None:
        bounds = Bounds(memory=1024 * MEGABYTE, cpu_seconds=20, wall_seconds=30.0)
        super().__init__(spec_sets(shipped_campaigns()), bounds=bounds, workers=1)
        self.faults: list[str] = []

    def _note(self, fault: ChildFault, sha256: str, document: int) -> None:
        self.faults.append(f"{fault.reason} {fault.place}")
        super()._note(fault, sha256, document)


@pytest.fixture(scope="module")
def reader() -> Iterator[Watched]:
    with Watched() as reader:
        yield reader


@pytest.fixture(autouse=True)
def _no_fault(reader: Watched) -> Iterator[None]:
    reader.faults.clear()
    yield
    assert reader.faults == []


def silent(document: Document) -> list[str]:
    """The files in it of which nothing is told: neither content nor why there is none."""
    return [
        leaf.file
        for leaf in document.leaves()
        if leaf.characters is None and not leaf.problems and leaf.format not in MUTE
    ]


def test_there_are_samples() -> None:
    """Dozens of each, not an empty folder."""
    assert len(mails()) > 60
    assert len(documents()) > 80


@pytest.mark.parametrize("name", sorted(mails()))
def test_a_sample_mail_is_taken_apart(reader: Watched, tmp_path: Path, name: str) -> None:
    """Its header is read, and each of its files ends as content or as a problem."""
    path = tmp_path / "mail"
    path.write_bytes(mails()[name])
    reading = reader.read(path)
    assert reading.failure == ""
    assert [silent(document) for document in reading.documents if silent(document)] == []


@pytest.mark.parametrize("name", sorted(documents()))
def test_a_sample_document_is_read(reader: Watched, tmp_path: Path, name: str) -> None:
    """It ends as content or as a problem."""
    path = tmp_path / "document"
    path.write_bytes(documents()[name])
    document = reader.read_document(path, name)
    assert silent(document) == []
