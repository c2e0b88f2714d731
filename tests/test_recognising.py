"""Recognition in a child of its own: what goes wrong there costs the recognition only."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path

import eyes
import pytest
from intake import mail

from mailbot.reading.child import MEGABYTE, Bounds
from mailbot.reading.reader import Reader
from mailbot.reading.recognising import Recogniser
from parsers.limits import Limits
from parsers.model import Document

BOUNDS = Bounds(memory=1024 * MEGABYTE, wall_seconds=2.0, cpu_seconds=20, answer=4 * MEGABYTE)
REQUEST = {"what": "mail", "path": "", "sha256": ""}


def known(*words: str) -> list[Document]:
    """Documents as the light child leaves them."""
    return [Document(file=f"{word}.png", sha256=word) for word in words]


def recogniser() -> Recogniser:
    return Recogniser((), Limits(), bounds=BOUNDS, serve=eyes.serve)


def notes(document: Document) -> list[str]:
    return [problem.code for problem in document.problems]


def test_only_the_chosen_documents_are_read_again() -> None:
    """The others are as they were."""
    found = recogniser().read({**REQUEST, "words": ["a", "b"]}, known("a", "b"), [1])

    assert [document.text for document in found] == ["", "seen b"]


@pytest.mark.parametrize("word", ["crash", "hang", "garbage", "nothing", "other"])
def test_whatever_happens_the_document_stays(word: str) -> None:
    """With a remark where the child failed; the next one has a child again."""
    words = [word, "b"]
    found = recogniser().read({**REQUEST, "words": words}, known(*words), [0, 1])

    assert (found[0].file, found[0].text) == (f"{word}.png", "")
    assert notes(found[0]) == ["document.partial"]
    assert found[1].text == "seen b"


def test_after_many_the_rest_is_left_to_people() -> None:
    """A mail of photographs does not stop all others."""
    words = [f"w{number}" for number in range(32)]
    found = recogniser().read({**REQUEST, "words": words}, known(*words), range(32))

    assert [bool(document.text) for document in found] == [True] * 30 + [False] * 2
    assert notes(found[31]) == ["document.partial"]


def test_two_readers_wait_for_each_other(tmp_path: Path) -> None:
    """Two at once would need twice the memory."""
    log = tmp_path / "log"
    request = {**REQUEST, "words": ["slow"], "log": str(log)}
    log.touch()
    threads = [
        threading.Thread(target=recogniser().read, args=(request, known("slow"), [0]))
        for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert log.read_text("utf-8") == "+-+-" or not log.read_text("utf-8")


@pytest.fixture
def counted() -> Iterator[Reader]:
    """A reader that recognises nothing."""
    with Reader((), bounds=BOUNDS) as made:
        yield made


def test_without_the_extra_pictures_are_left_alone(tmp_path: Path, counted: Reader) -> None:
    """As before."""
    path = tmp_path / "mail.eml"
    path.write_bytes(mail(1, attachments=[b"\xff\xd8\xff\xe0 no picture"]))
    (document,) = counted.read(path).documents

    assert (document.format, document.problems, document.forms) == ("image", (), ())


_ = Connection
