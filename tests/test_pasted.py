"""Word files that are only a pasted picture."""

from __future__ import annotations

import io
from collections.abc import Sequence

import docx
import numpy as np
from filledforms import reader
from scanned import saved

from parsers.documents import read_document
from parsers.limits import Limits
from parsers.model import Content, Line
from parsers.word.pasted import pasted_pictures

NOISE = np.random.default_rng(1).integers(0, 255, (200, 200, 3), np.uint8)
SCAN = saved(NOISE, "PNG")


def pasted(*pictures: bytes, text: str = "") -> bytes:
    document = docx.Document()
    if text:
        document.add_paragraph(text)
    for picture in pictures:
        document.add_picture(io.BytesIO(picture))
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


class Eyes:
    """See one line on whatever they are shown."""

    def __init__(self) -> None:
        self.shown: list[bytes] = []

    def __call__(self, pictures: Sequence[bytes]) -> Content:
        self.shown += pictures
        return Content(blocks=(Line(text="成果表"),), characters=3, source="ocr")


def test_the_sender_is_asked_for_text() -> None:
    """With the recogniser and without."""
    for eyes in (None, Eyes()):
        found = read_document("表.docx", pasted(SCAN), reader(), pictures=eyes)
        assert [problem.code for problem in found.problems] == ["document.not_editable"]
        assert "请" in found.problems[0].message


def test_the_pictures_are_looked_at() -> None:
    """All but icons."""
    eyes = Eyes()
    found = read_document("表.docx", pasted(SCAN, saved(NOISE[:20])), reader(), pictures=eyes)

    assert eyes.shown == [SCAN]
    assert found.text == "成果表"


def test_a_word_file_with_text_or_without_pictures_is_no_scan() -> None:
    """A form with a photograph in it is a form."""
    for content in (pasted(SCAN, text="成果表"), pasted()):
        eyes = Eyes()
        assert read_document("表.docx", content, reader(), pictures=eyes).problems == ()
        assert eyes.shown == []
    assert pasted_pictures(pasted(), Limits()) == []
