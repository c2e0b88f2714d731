"""What only an office program reads: which documents, and what comes of them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from compounds import compound
from excel5 import excel5
from filledforms import reader, values
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from officefiles import archive, docx, p, tbl, tc, tr, xlsx
from offices import saved_as
from printed import team_form
from richtext import C, paragraph, rtf, table
from word6 import WORD_6, WORD_95, word6

from mailbot.reading.converter import Conversions, Converter
from mailbot.reading.errand import Errand
from parsers.documents import read_document
from parsers.foreign import Kind, Reason, Translate, Untranslated
from parsers.limits import Limits
from parsers.model import Block, Document, Grid

DOCUMENTS = Path(__file__).parent / "documents"
TITLE = "湖南省机械工业优秀质量信得过班组成果表"
ROWS = [
    ["质量信得过班组名称", "冲压一班", "企业名称", "湘江重工装备有限公司"],
    ["联系人", "周志远", "手机", "13900000001"],
    ["通讯地址", "望城区工业大道 88 号", "邮编", "410200"],
    ["传真", "0731-85550102", "E-mail", "zhou@xiangjiang.example"],
]
FORM = docx(p(TITLE) + tbl(*(tr(*map(tc, row)) for row in ROWS)))
#: a Word document by its first bytes, which its reader gives up
PUZZLE = compound({"WordDocument": b"\xec\xa5\xc1\x00" + bytes(5000), "1Table": bytes(5000)})


@pytest.fixture(scope="module")
def office() -> Iterator[Translate]:
    """The real office program, asked directly."""
    with Converter() as converter, converter.mail() as conversions:
        yield _Direct(conversions)


class _Direct:
    def __init__(self, conversions: Conversions) -> None:
        self._conversions = conversions

    def __call__(self, kind: Kind, content: bytes) -> bytes:
        digest = hashlib.sha256(content).hexdigest()
        errand = Errand(kind=kind, sha256=digest, size=len(content))
        return self._conversions(errand, iter([content])).read_bytes()


def gives(made: bytes) -> Translate:
    """An office program that gives this back."""
    return lambda _kind, _content: made


def refuses(reason: Reason) -> Translate:
    """An office program that gives nothing back."""

    def translate(_kind: Kind, _content: bytes) -> bytes:
        raise Untranslated(reason)

    return translate


def unasked(_kind: Kind, _content: bytes) -> bytes:
    """An office program that should not have been asked."""
    raise AssertionError


def read(name: str, content: bytes, translate: Translate, limits: Limits | None = None) -> Document:
    return read_document(name, content, reader(), limits, blocks=True, translate=translate)


def drawn(blocks: tuple[Block, ...]) -> list[object]:
    """Texts, and cells with the columns and rows they cover."""
    return [
        [[(cell.text, cell.rowspan, cell.colspan) for cell in row] for row in block.rows]
        if isinstance(block, Grid)
        else block.text
        for block in blocks
    ]


# ---- rich text ------------------------------------------------------------------------


@pytest.mark.parametrize("unicode", [False, True])
def test_rich_text_says_the_same_as_the_form_in_word(office: Translate, *, unicode: bool) -> None:
    """Chinese in bytes of the code page, or in numbers; named .doc as often as not."""
    content = rtf(paragraph(TITLE, unicode=unicode), table(ROWS, unicode=unicode))
    found, plain = read("表.doc", content, office), read("表.docx", FORM, unasked)

    assert (found.format, found.converted, found.problems) == ("rtf", True, ())
    assert (plain.format, plain.converted) == ("docx", False)
    assert values(found.forms[0]) == values(plain.forms[0])
    assert values(found.forms[0])["mobile"] == "13900000001"
    assert found.characters == plain.characters
    assert [f.where for f in found.forms[0].fields] == [f.where for f in plain.forms[0].fields]


def test_merged_cells_of_rich_text_stay_merged(office: Translate) -> None:
    """Across, down, and both."""
    rows = [
        [C("甲", across="first"), C(across="next"), C("乙", down="first")],
        ["丙", "丁", C(down="next")],
        [C("戊", across="first", down="first"), C(across="next", down="first"), "己"],
        [C(across="first", down="next"), C(across="next", down="next"), "庚\n{辛}"],
    ]
    found = read("表.rtf", rtf(table(rows)), office)

    assert drawn(found.blocks)[0] == [
        [("甲", 1, 2), ("乙", 2, 1)],
        [("丙", 1, 1), ("丁", 1, 1)],
        [("戊", 2, 2), ("己", 1, 1)],
        [("庚\n{辛}", 1, 1)],
    ]


@pytest.mark.parametrize(
    ("reason", "code"),
    [
        ("missing", "document.unreadable"),
        ("failed", "document.unreadable"),
        ("late", "document.unreadable"),
        ("outgrown", "document.unsafe"),
    ],
)
def test_what_comes_to_nothing_is_a_problem_with_its_cure(reason: Reason, code: str) -> None:
    """For the sender, and for that document only."""
    inside = archive({"一.rtf": b"{\\rtf1 x}", "二.docx": FORM})
    lost, fine = read("材料.zip", inside, refuses(reason)).leaves()

    assert [problem.code for problem in lost.problems] == [code]
    assert "重新" in lost.problems[0].message
    assert (lost.format, lost.converted, lost.characters) == ("rtf", False, None)
    assert not fine.problems


def test_what_comes_back_is_bounded() -> None:
    """As any document is."""
    bounds = Limits(max_bytes=len(FORM))
    fits = read("表.rtf", b"{\\rtf1 x}", gives(FORM), bounds)
    over = read("表.rtf", b"{\\rtf1 x}", gives(FORM + b"\0"), bounds)

    assert fits.converted
    assert [problem.code for problem in over.problems] == ["document.unsafe"]


# ---- older than 97 --------------------------------------------------------------------


@pytest.mark.parametrize("version", [WORD_6, WORD_95])
@pytest.mark.parametrize("extension", ["doc", "wps"])
def test_documents_older_than_word_97_are_read(
    office: Translate, version: int, extension: str
) -> None:
    """Word 6 and Word 95, with the values and places of the same form in Word."""
    found = read(f"表.{extension}", word6([TITLE, *ROWS], version), office)
    plain = read("表.docx", FORM, unasked)

    assert (found.format, found.converted, found.problems) == (extension, True, ())
    assert values(found.forms[0]) == values(plain.forms[0])
    assert drawn(found.blocks) == drawn(plain.blocks)


@pytest.mark.parametrize("extension", ["xls", "et"])
def test_workbooks_older_than_excel_97_are_read(office: Translate, extension: str) -> None:
    """Texts in code page 936, which the reader of newer ones would garble."""
    found = read(f"表.{extension}", excel5(ROWS), office)

    assert (found.format, found.converted, found.problems) == (extension, True, ())
    assert drawn(found.blocks) == [[[(text, 1, 1) for text in row] for row in ROWS]]


def test_a_password_of_an_old_document_is_told() -> None:
    """Before anybody is asked."""
    content = bytearray(word6([TITLE]))
    at = content.index(b"\xdc\xa5")
    content[at + 11] |= 1
    found = read("表.doc", bytes(content), unasked)

    assert [problem.code for problem in found.problems] == ["document.encrypted"]


@pytest.mark.parametrize(
    ("name", "streams", "cure"),
    [
        ("表.wps", {"WpsDocument": "班组".encode("utf-16-le") * 3000}, ".docx"),
        ("表.et", {"EtBook": "班组".encode("utf-16-le") * 3000}, ".xlsx"),
    ],
)
def test_a_container_of_other_streams_is_no_text(
    office: Translate, name: str, streams: dict[str, bytes], cure: str
) -> None:
    """Kingsoft's own oldest formats: not read by the office program either, and not guessed at."""
    found = read(name, compound(streams), office)
    (problem,) = found.problems

    assert (found.format, problem.code) == (name.rpartition(".")[2], "document.unreadable")
    assert cure in problem.message
    assert found.text == ""


# ---- the second road ------------------------------------------------------------------


def test_a_document_that_its_reader_gives_up_has_a_second_road() -> None:
    """If it is whole, and if anything comes out of it."""
    kinds = []

    def translate(kind: Kind, _content: bytes) -> bytes:
        kinds.append(kind)
        return FORM

    found = read("表.doc", PUZZLE, translate)

    assert kinds == ["doc"]
    assert (found.format, found.converted, found.problems) == ("doc", True, ())
    assert values(found.forms[0])["postcode"] == "410200"


@pytest.mark.parametrize(
    "translate",
    [refuses("failed"), refuses("outgrown"), gives(docx(p())), gives(b"no package")],
)
def test_otherwise_its_own_damage_stands(translate: Translate) -> None:
    """What the office program says of it is of no use to the sender."""
    alone, found = read("表.doc", PUZZLE, refuses("missing")), read("表.doc", PUZZLE, translate)

    assert alone.problems
    assert found.problems == alone.problems
    assert not found.converted


@pytest.mark.parametrize("name", ["team_form.doc", "statistics.xls"])
def test_torn_files_are_not_mended(name: str) -> None:
    """An office program makes half a form of them."""
    content = (DOCUMENTS / name).read_bytes()
    for size in (len(content) // 2, len(content) * 3 // 4):
        found = read(name, content[:size], unasked)
        assert [problem.code for problem in found.problems] == ["document.unreadable"]


@pytest.mark.parametrize("name", ["team_form.doc", "statistics.xls", "rollup.doc"])
def test_what_something_lighter_reads_goes_nowhere(name: str) -> None:
    """Starting an office program costs seconds."""
    found = read(name, (DOCUMENTS / name).read_bytes(), unasked)

    assert not found.problems
    assert not found.converted


# ---- OpenDocument ---------------------------------------------------------------------


def test_open_documents_are_read(office: Translate) -> None:
    """Text and spreadsheet; the format has no name of its own."""

    def fill(sheet: object) -> None:
        for row in ROWS:
            sheet.append(row)  # type: ignore[attr-defined]

    text = read("表.odt", saved_as(team_form(), "docx", "odt"), office)
    sheet = read("表.ods", saved_as(xlsx(fill), "xlsx", "ods"), office)

    for found in (text, sheet):
        assert (found.format, found.converted, found.problems) == ("unknown", True, ())
    assert values(text.forms[0]) == values(read("表.docx", team_form(), unasked).forms[0])
    assert drawn(sheet.blocks) == [[[(cell, 1, 1) for cell in row] for row in ROWS]]


# ---- anything -------------------------------------------------------------------------

BASES = (rtf(paragraph(TITLE), table(ROWS)), word6([TITLE, *ROWS]), excel5(ROWS), PUZZLE)


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    base=st.sampled_from(BASES),
    spots=st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.binary(min_size=1, max_size=4))),
    made=st.one_of(st.just(FORM), st.binary(max_size=40)),
)
def test_mangled_documents_are_read_or_damage(
    base: bytes, spots: list[tuple[float, bytes]], made: bytes
) -> None:
    """Whatever is sent, and whatever the office program makes of it."""
    data = bytearray(base)
    for place, filling in spots:
        at = int(place * len(data))
        data[at : at + len(filling)] = filling
    found = read("表.doc", bytes(data), gives(made))

    assert found.converted <= (made == FORM)
