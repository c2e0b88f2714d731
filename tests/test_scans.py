"""Scans and photographs, printed by LibreOffice and read with the real recogniser."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from filledforms import reader
from printed import rollup, statistics, story_form, team_form
from scanned import Picture, photographed, printed_pages, saved, scanned, scanned_pdf, stamped

from mailbot.reading.reader import Reader
from parsers.documents import read_document
from parsers.limits import Limits
from parsers.model import Document, Field, Form
from parsers.scans import recognition
from parsers.scans.pictures import PictureReader
from rules.notice.campaign import Campaign

pytestmark = pytest.mark.timeout(900)  # ten seconds a page, and more on a busy machine

SURE = Campaign.model_fields["confidence"].default

WORDS = {
    "team": team_form(),
    "story": story_form(),
    "rollup": rollup({}, {"seq": "2", "group_name": "焊接二班", "member_count": "9"}),
    "stats": statistics(),
}

#: how each form comes: every kind of paper once
WAYS = {
    "team": lambda page: saved(scanned(stamped(page)), quality=60),
    "story": lambda page: scanned_pdf(scanned(stamped(page, (0.7, 0.8)), lean=-1.5)),
    "rollup": lambda page: saved(scanned(page, lean=-2.2, grain=14, blur=0.9), "PNG"),
    "stats": lambda page: saved(photographed(page), "WEBP", quality=90),
}


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Picture]]:
    """The printed pages of every form."""
    return printed_pages(tmp_path_factory.mktemp("printed"), **WORDS)


@pytest.fixture(scope="module")
def read(pages: dict[str, list[Picture]]) -> dict[str, Document]:
    """What is read of each form as it comes."""
    looked = partial(read_document, reader=reader(), pictures=PictureReader(Limits()))
    return {name: looked(f"{name}.bin", content=way(pages[name][0])) for name, way in WAYS.items()}


def cells(form: Form) -> Iterator[tuple[object, Field]]:
    yield from ((field.key, field) for field in form.fields)
    for table in form.tables:
        for number, row in enumerate(table.rows):
            yield from (((table.key, number, cell.key), cell) for cell in row.cells)


def pairs(name: str, found: Document) -> list[tuple[Field, Field]]:
    """What stands in the Word file, and what was read of the picture, field by field."""
    (wanted,) = read_document("表.docx", WORDS[name], reader()).forms
    (form,) = found.forms
    ours = dict(cells(form))
    return [
        (field, ours.get(key, Field(key=field.key, label=field.label)))
        for key, field in cells(wanted)
        if field.value is not None or field.raw
    ]


def said(field: Field) -> str:
    return "".join(str(field.value).split())


def test_nine_values_in_ten_are_read_from_scans(read: dict[str, Document]) -> None:
    """Stamped, askew, grainy, photographed; blanks aside."""
    found = [pair for name, document in read.items() for pair in pairs(name, document)]
    right = sum(said(wanted) == said(got) for wanted, got in found)

    assert len(found) > 60
    assert right >= 0.9 * len(found)


def test_no_value_from_a_picture_passes_for_certain(read: dict[str, Document]) -> None:
    """Right or wrong, and also one that seems to be empty."""
    for document in read.values():
        (form,) = document.forms
        assert (form.source, form.confidence < SURE) == ("ocr", True)
        for _key, field in cells(form):
            assert field.source == "ocr"
            assert field.confidence < SURE
            assert "请核对" in field.doubt


def test_the_form_is_known_and_so_are_the_places(read: dict[str, Document]) -> None:
    """As in every other format."""
    kinds = {name: document.forms[0].kind for name, document in read.items()}
    assert kinds == {
        "team": "team_form", "story": "story_form", "rollup": "rollup", "stats": "stats_both"
    }  # fmt: skip
    postcode = read["team"].forms[0].get("postcode")
    assert postcode is not None
    assert postcode.where == "第1页 表1 第3行第4列"


def test_a_seal_is_seen_where_there_is_one(read: dict[str, Document]) -> None:
    """It stands with the form, for staff."""
    seals = {name: document.forms[0].seal for name, document in read.items()}

    assert seals == {"team": "found", "story": "found", "rollup": "not_found", "stats": "not_found"}


def test_a_seal_over_the_corner_of_a_table_takes_nothing_along(
    pages: dict[str, list[Picture]],
) -> None:
    """Its rim is no rule, and its letters are no text."""
    page = pages["team"][0]
    found = read_document(
        "图.pdf",
        scanned_pdf(scanned(stamped(page, (0.15, 0.2)), lean=0.3, grain=12)),
        reader(),
        pictures=PictureReader(Limits()),
    )
    wanted = pairs("team", found)

    assert sum(said(field) == said(got) for field, got in wanted) >= 0.9 * len(wanted)
    assert "备" not in found.text.replace("装备有限公司", "")


def test_ink_that_cannot_be_read_is_no_empty_cell(pages: dict[str, list[Picture]]) -> None:
    """A scrawl in the cell for the fax number."""
    picture = pages["team"][0].copy()
    down, across = np.mgrid[0:24, 0:90]
    scrawl = np.abs(down - 12 - 9 * np.sin(across / 5)) < 2
    picture[530:554, 1270:1360][scrawl] = 0
    found = read_document(
        "图.png", saved(picture, "PNG"), reader(), pictures=PictureReader(Limits())
    )
    fax = found.forms[0].get("fax")

    assert fax is not None
    assert fax.raw
    assert fax.value is None or fax.doubt


@pytest.mark.parametrize("turns", [1, 2])
def test_a_page_on_its_side_or_head_is_turned(pages: dict[str, list[Picture]], turns: int) -> None:
    """As it comes out of a scanner that was fed sideways, or from the wrong end."""
    sideways = saved(np.rot90(pages["rollup"][0], turns).copy(), "PNG")
    found = read_document("图.png", sideways, reader(), pictures=PictureReader(Limits()))

    assert [form.kind for form in found.forms] == ["rollup"]


def test_the_recogniser_needs_no_network(
    pages: dict[str, list[Picture]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its models are in the wheel; loading them asks nobody."""

    def refuse(*_args: object) -> None:
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    recognition._engine.cache_clear()
    gray = np.asarray(pages["team"][0][250:320].mean(axis=2), np.uint8)

    (line,) = recognition.texts_on(gray)

    assert "".join(char.text for char in line.chars) == "湖南省机械工业优秀质量信得过班组成果表"


def test_a_child_of_its_own_reads_a_scan(pages: dict[str, list[Picture]], tmp_path: Path) -> None:
    """Within its limits, and the service stays small."""
    from filledforms import hunan  # noqa: PLC0415 - beside the reader it makes

    path = tmp_path / "扫描件.pdf"
    path.write_bytes(scanned_pdf(pages["rollup"][0]))
    with Reader((hunan(),), recognises=True) as children:
        (form,) = children.read_document(path).forms
    with Reader((hunan(),)) as without:
        assert without.read_document(path).forms == ()

    assert (form.kind, form.source) == ("rollup", "ocr")
