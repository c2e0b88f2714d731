"""Copies with comments: each at its place, the rest of the document as it was."""

from __future__ import annotations

import hashlib
import io
import itertools
import tempfile
from pathlib import Path

import docx
import openpyxl
import pytest
from corpus import CAMPAIGNS, drawing
from corpus.sample import Sample
from docx.oxml.ns import qn
from intake import mail
from officefiles import archive
from openpyxl.styles import Font

from mailbot.outcome import Copy
from mailbot.reading.copying import Copyist
from mailbot.reading.marking import Note, Unmarkable, marked
from parsers.documents import find_file
from parsers.limits import Limits
from parsers.model import Line
from parsers.word.document import read_word

LIMITS = Limits()
AUTHOR = "质量协会秘书处"


def _form(*paragraphs: str) -> bytes:
    """Paragraphs with a small form behind the first one."""
    document = docx.Document()
    document.add_paragraph(paragraphs[0])
    table = document.add_table(rows=2, cols=2)
    for cell, text in zip(table._cells, ("单位", "湘江重工", "邮编", ""), strict=True):
        cell.text = text
    for paragraph in paragraphs[1:]:
        document.add_paragraph(paragraph)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


FORM = _form("成果表", "填表说明")
SAMPLES = [
    pytest.param(sample, id=sample.label)
    for make in CAMPAIGNS.values()
    for _, samples in itertools.groupby(make(), key=lambda sample: sample.kind)
    for sample in itertools.islice(samples, 2)
]


def comments(content: bytes) -> dict[str, str]:
    """Text of each comment by the text of the paragraph it is put at."""
    document = docx.Document(io.BytesIO(content))
    found = {}
    for paragraph in document.element.body.iter(qn("w:p")):
        for mark in paragraph.iter(qn("w:commentRangeStart")):
            comment = document.comments.get(int(mark.get(qn("w:id"))))
            assert comment is not None
            assert comment.author == AUTHOR
            text = "".join(entry.text or "" for entry in paragraph.iter(qn("w:t")))
            found[text] = comment.text
    return found


def test_a_comment_stands_at_its_cell() -> None:
    """At an empty one too; the texts of one place are one comment."""
    notes = [
        Note(where="表1 第1行第2列", text="单位请填全称。"),
        Note(where="表1 第2行第2列", text="邮编没有填写。"),
        Note(where="表1 第2行第2列", text="应为 6 位数字。"),
        Note(where="第2段", text="见说明。"),
    ]
    copy = marked(FORM, "docx", notes, AUTHOR, LIMITS)

    assert comments(copy) == {
        "湘江重工": "单位请填全称。",
        "": "邮编没有填写。\n应为 6 位数字。",
        "填表说明": "见说明。",
    }


@pytest.mark.parametrize(
    ("where", "text"),
    [("", "成果表"), ("表9 第1行第1列", "成果表"), ("表1 第2行", "邮编"), ("表1", "单位")],
)
def test_a_place_that_is_no_cell_is_told_where_it_begins(where: str, text: str) -> None:
    """A row at its first cell, what is nowhere at the beginning."""
    copy = marked(FORM, "docx", [Note(where=where, text="请补正。")], AUTHOR, LIMITS)

    assert comments(copy) == {text: "请补正。"}


@pytest.mark.parametrize("sample", SAMPLES)
def test_every_place_that_is_read_can_be_marked_and_reads_the_same(sample: Sample) -> None:
    """All printed forms; the copy says what the original says."""
    content = drawing.word(sample.papers)
    before = read_word(content, LIMITS)
    places: dict[str, str] = {}
    for block in before.blocks:
        if isinstance(block, Line):
            places[block.where] = block.text
        else:
            places |= {cell.where: cell.text for cell in block.cells()}
    notes = [Note(where=where, text=where) for where in places]
    copy = marked(content, "docx", notes, AUTHOR, LIMITS)
    told = [comment.text for comment in docx.Document(io.BytesIO(copy)).comments]

    assert "\n".join(told).split("\n") == list(places)
    assert read_word(copy, LIMITS) == before


def workbook() -> bytes:
    """A sheet with a merged cell, a style and a comment of the applicant's."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "汇总!表"
    sheet["A1"], sheet["B3"] = "汇总表", "41000"
    sheet["B3"].font = Font(bold=True)
    sheet.merge_cells("A1:C1")
    sheet["B3"].comment = openpyxl.comments.Comment("已核对", "周志远")
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


BOOK = workbook()


def test_a_comment_stands_at_its_cell_of_a_sheet() -> None:
    """A merged cell has it where its value is; the applicant's own comment stays."""
    notes = [
        Note(where="汇总!表!B3", text="邮编应为 6 位数字。"),
        Note(where="汇总!表!C1", text="标题不符。"),
        Note(where="", text="缺少合计。"),
    ]
    copy = marked(BOOK, "xlsx", notes, AUTHOR, LIMITS)
    sheet = openpyxl.load_workbook(io.BytesIO(copy)).active
    assert sheet is not None
    told = {c.coordinate: c.comment.text for row in sheet for c in row if c.comment}

    assert told == {"A1": "标题不符。\n缺少合计。", "B3": "已核对\n邮编应为 6 位数字。"}
    assert sheet["B3"].value == "41000"
    assert sheet["B3"].font.bold


@pytest.mark.parametrize("kind", ["docx", "xlsx"])
@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", FORM[:900], archive({"a.txt": b"a"})])
def test_what_the_libraries_cannot_open_has_no_copy(kind: str, content: bytes) -> None:
    """And no other fault."""
    with pytest.raises(Unmarkable):
        marked(content, kind, [Note(where="", text="x")], AUTHOR, LIMITS)  # type: ignore[arg-type]


def test_a_file_is_found_wherever_it_was_packed() -> None:
    """By its bytes, not by its name."""
    inner = archive({"表.docx": FORM})
    outer = archive({"别的.docx": _form("x"), "里面.zip": inner})
    whole = find_file("外面.zip", outer, _sha(FORM), LIMITS)

    assert whole == FORM
    assert find_file("外面.zip", outer, _sha(b"other"), LIMITS) is None
    assert find_file("外面.zip", outer[:200], _sha(FORM), LIMITS) is None


def _sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def test_copies_are_made_in_the_child_from_the_archived_mail(tmp_path: Path) -> None:
    """Out of an archive, too; what is not there, or cannot be opened, has none."""
    path = tmp_path / "mail.eml"
    broken = FORM[:900]
    path.write_bytes(mail(1, attachments=(archive({"表.docx": FORM}), BOOK, broken)))

    def copy(content: bytes, kind: str) -> Copy:
        notes = (("表1 第1行第2列", "请填全称。"),)
        return Copy(name="x", sha256=_sha(content), format=kind, author=AUTHOR, notes=notes)  # type: ignore[arg-type]

    wanted = [
        copy(FORM, "docx"),
        copy(BOOK, "xlsx"),
        copy(broken, "docx"),
        copy(b"?", "docx"),
    ]
    made = Copyist(LIMITS).mark(path, wanted)

    assert [entry is not None for entry in made] == [True, True, False, False]
    assert made[0] is not None
    assert comments(made[0]) == {"湘江重工": "请填全称。"}


def test_without_room_for_temporary_files_there_are_no_copies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk costs the copies; it stops nobody else's mail."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "gone"))
    wanted = Copy(name="x", sha256=_sha(FORM), format="docx", author=AUTHOR, notes=())

    assert Copyist(LIMITS).mark(tmp_path / "mail.eml", [wanted, wanted]) == [None, None]
