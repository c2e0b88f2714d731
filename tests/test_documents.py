"""Files as documents: forms, members, and every damage as a problem with its cure."""

import functools
import hashlib
import io
import tarfile
import zipfile
from pathlib import Path

import pytest
from docx import Document as Drawn
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msoffcrypto.format.ooxml import OOXMLFile
from officefiles import archive, docx, p, tbl, tc, tr, xlsx
from portablefiles import page, pdf

from parsers.documents import read_document
from parsers.limits import Limits
from parsers.model import Content, Document, Form, Grid

DOCUMENTS = Path(__file__).parent / "documents"
OLD_SHEET = (DOCUMENTS / "statistics.xls").read_bytes()
OLD_WORD = (DOCUMENTS / "form.doc").read_bytes()


class Titles:
    """Recognises one form a document: its first words are the title."""

    def read(self, content: Content, file: str) -> tuple[Form, ...]:
        first = content.blocks[0] if content.blocks else None
        if first is None:
            return ()
        title = next(first.cells()).text if isinstance(first, Grid) else first.text
        return (Form(kind="team_form", title=title, where=file),)


def read(name: str, content: bytes, limits: Limits | None = None) -> Document:
    return read_document(name, content, Titles(), limits or Limits())


def codes(document: Document) -> list[str]:
    return [problem.code for problem in document.problems]


FORM = docx(p("申报表") + tbl(tr(tc("单位"), tc("湘江重工"))))


def test_a_form_is_read_with_its_text_and_its_words() -> None:
    """What the format reader and the reader of forms give, with hash and size."""
    document = read("表.docx", FORM)
    assert document == Document(
        file="表.docx",
        sha256=hashlib.sha256(FORM).hexdigest(),
        size=len(FORM),
        format="docx",
        characters=9,
        text="申报表\n单位\n湘江重工",
        forms=(Form(kind="team_form", title="申报表", where="表.docx"),),
    )


def test_the_members_of_archives_are_documents_at_every_depth() -> None:
    """With their way in their names."""
    inner = archive({"表.docx": FORM})
    outer = archive({"资料/内.zip": inner, "说明.txt": "说明".encode()})
    document = read("外.zip", outer)
    assert (document.format, document.characters, document.forms) == ("zip", None, ())
    assert [(leaf.file, leaf.format, leaf.characters) for leaf in document.leaves()] == [
        ("外.zip/资料/内.zip/表.docx", "docx", 9),
        ("外.zip/说明.txt", "text", 2),
    ]


def test_archives_within_archives_end_somewhere() -> None:
    """As deep as the limit is read, one deeper is refused."""
    content = archive({"表.docx": FORM})
    for _ in range(3):
        content = archive({"内.zip": content})
    (leaf,) = read("a.zip", content, Limits(max_depth=4)).leaves()
    assert leaf.format == "docx"
    (leaf,) = read("a.zip", content, Limits(max_depth=3)).leaves()
    assert (leaf.format, codes(leaf)) == ("zip", ["document.unsafe"])


def test_nested_archives_share_one_budget() -> None:
    """Two bombs of half the size are one bomb."""
    half = archive({"a.txt": b"x" * 600})
    limits = Limits(max_total=1200 + 2 * len(half))
    assert not codes(read("a.zip", archive({"1.zip": half, "2.zip": half}), limits).members[1])
    less = Limits(max_total=limits.max_total - 1)
    second = read("a.zip", archive({"1.zip": half, "2.zip": half}), less).members[1]
    assert codes(second) == ["document.unsafe"]


def test_members_without_bytes_are_told_apart() -> None:
    """Two locked members are no duplicates of each other."""
    content = bytearray(archive({"甲.docx": b"x", "乙.docx": b"x"}))
    at = -1
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = -1
        while (at := content.find(signature, at + 1)) >= 0:
            content[at + offset] |= 1
    first, second = read("a.zip", bytes(content)).members
    assert codes(first) == codes(second) == ["document.encrypted"]
    assert first.sha256 != second.sha256


def encrypted() -> bytes:
    plain, locked = io.BytesIO(), io.BytesIO()
    Drawn().save(plain)
    plain.seek(0)
    OOXMLFile(plain).encrypt("geheim", locked)
    return locked.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "code", "cure"),
    [
        ("表.docx", b"", "document.unreadable", "重新发送"),
        ("表.docx", FORM[: len(FORM) // 2], "document.unreadable", "另存"),
        ("表.docx", encrypted(), "document.encrypted", "取消密码"),
        ("表.docx", docx("<w:p>"), "document.unreadable", "另存"),
        ("表.doc", OLD_WORD[:-9000], "document.unreadable", ".docx"),
        ("表.wps", OLD_WORD[:-9000], "document.unreadable", ".docx"),
        ("表.rtf", rb"{\rtf1}", "document.unreadable", ".docx"),
        ("表.doc", b"<table><tr><td>x<td>" * 30, "document.unsafe", "重新制作"),
        ("a.rar", b"Rar!\x1a\x07\0", "document.unreadable", ".zip"),
        ("a.7z", b"7z\xbc\xaf\x27\x1c", "document.unreadable", ".zip"),
        ("a.tar.gz", b"\x1f\x8b\x08", "document.unreadable", ".zip"),
        ("a.eml", b"From: a@b.cn\nTo: c@d.cn\n\n", "document.unreadable", "附件"),
        ("a.bin", b"\0\1\2", "document.unreadable", ".docx"),
        ("a.pdf", b"%PDF-1.7", "document.unreadable", "重新"),
        ("a.pdf", (DOCUMENTS / "locked.pdf").read_bytes(), "document.encrypted", "取消密码"),
        ("a.zip", b"PK\x03\x04" + b"x" * 40, "document.unreadable", ".zip"),
    ],
)
def test_every_damage_is_a_problem_with_its_cure(
    name: str, content: bytes, code: str, cure: str
) -> None:
    """Nothing is raised, and the sender can act on the words."""
    document = read(name, content)
    assert codes(document) == [code]
    assert cure in document.problems[0].message
    assert document.characters is None


def test_a_file_over_the_limit_is_not_looked_into() -> None:
    """At the limit it is read."""
    assert not codes(read("表.docx", FORM, Limits(max_bytes=len(FORM))))
    over = read("表.docx", FORM, Limits(max_bytes=len(FORM) - 1))
    assert (codes(over), over.format) == (["document.too_large"], "unknown")


@pytest.mark.parametrize("content", [pdf(page()), b"\xff\xd8\xff\xe0"])
def test_scans_and_images_are_left_to_the_rules(content: bytes) -> None:
    """No problem here: some notices take them."""
    document = read("扫描件", content)
    assert (codes(document), document.characters) == ([], None)


def test_macros_are_named_and_the_text_is_read_all_the_same() -> None:
    """The code is never run."""
    buffer = io.BytesIO(FORM)
    with zipfile.ZipFile(buffer, "a") as package:
        package.writestr("word/vbaProject.bin", b"")
    document = read("表.docm", buffer.getvalue())
    assert codes(document) == ["document.macro"]
    assert document.characters == 9


@pytest.mark.parametrize("name", ["表.doc", "表.wps", "表.docx"])
def test_old_word_documents_are_read(name: str) -> None:
    """Both names of the same container, and one that is wrong."""
    document = read(name, OLD_WORD)
    assert (document.format, codes(document)) == ("wps" if name == "表.wps" else "doc", [])
    assert document.forms


def test_a_web_page_named_doc_is_read() -> None:
    """With its table."""
    document = read("表.doc", "<html><p>申报表<table><tr><td>单位<td>湘江重工</table>".encode())
    assert (document.format, codes(document)) == ("html", [])
    assert document.text == "申报表\n单位\n湘江重工"


@pytest.mark.parametrize("name", ["统计表.xls", "统计表.et"])
def test_old_spreadsheets_are_read(name: str) -> None:
    """Both names of the same container."""
    document = read(name, OLD_SHEET)
    assert (document.format, codes(document)) == (name.rpartition(".")[2], [])
    assert "98.5%" in document.text


def test_names_are_fit_for_display() -> None:
    """No control characters and no way up, attached mails keep their way."""
    assert read("来信.eml/表\r\n.docx", FORM).file == "来信.eml/表.docx"
    assert read("../../表.docx", FORM).file == "表.docx"


@functools.cache
def sample(kind: str) -> bytes:
    """A real file of each kind that is read."""
    if kind == "docx":
        document = Drawn()
        document.add_heading("申报表")
        table = document.add_table(rows=4, cols=3)
        table.cell(0, 0).merge(table.cell(1, 0))
        table.cell(2, 1).merge(table.cell(2, 2))
        table.cell(3, 0).text = "单位"
        buffer = io.BytesIO()
        document.save(buffer)
        return buffer.getvalue()
    if kind == "xlsx":
        return xlsx(
            lambda sheet: [sheet.append(["名称", 1.5, None, "=A1"]) for _ in range(5)] and None
        )
    if kind == "zip":
        return archive({"表.docx": FORM, "说明.txt": b"abc"})
    if kind == "pdf":
        return (DOCUMENTS / "story_form.pdf").read_bytes()
    return OLD_SHEET if kind == "xls" else OLD_WORD


FLIPS = st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(1, 255)), max_size=8)


@pytest.mark.parametrize("kind", ["docx", "xlsx", "zip", "xls", "doc", "pdf"])
@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(flips=FLIPS, keep=st.floats(0, 1))
def test_mangled_bytes_never_raise(kind: str, flips: list[tuple[float, int]], keep: float) -> None:
    """Whatever is cut off or flipped, a document comes back."""
    data = bytearray(sample(kind))
    if flips:
        for place, mask in flips:
            data[int(place * len(data))] ^= mask
    else:
        data = data[: int(keep * len(data))]
    document = read(f"表.{kind}", bytes(data))
    assert document.sha256 == hashlib.sha256(data).hexdigest()


@pytest.mark.parametrize(
    ("kind", "part"),
    [
        ("docx", "word/document.xml"),
        ("docx", "word/_rels/document.xml.rels"),
        ("docx", "[Content_Types].xml"),
        ("xlsx", "xl/worksheets/sheet1.xml"),
        ("xlsx", "xl/workbook.xml"),
        ("xlsx", "xl/styles.xml"),
        ("xlsx", "xl/_rels/workbook.xml.rels"),
    ],
)
@settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(data=st.data())
def test_mangled_parts_never_raise(kind: str, part: str, data: st.DataObject) -> None:
    """The same inside the package, where no checksum stands before the reader."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(sample(kind))) as old, zipfile.ZipFile(buffer, "w") as new:
        for name in old.namelist():
            xml = old.read(name)
            if name == part:
                start = data.draw(st.integers(0, len(xml)))
                end = data.draw(st.integers(start, min(len(xml), start + 40)))
                filling = data.draw(
                    st.sampled_from([b"", b"9", b'"', b"<a/>", b"-1", b"&x;", b"\xff", b"A9"])
                )
                xml = xml[:start] + filling + xml[end:]
            new.writestr(name, xml)
    assert read(f"表.{kind}", buffer.getvalue()).file == f"表.{kind}"


def test_what_applicants_pack_in_each_other_is_not_too_deep() -> None:
    """An archive in an archive in a mail in a mail, each in its own folder, is read."""
    content = FORM
    for _ in range(5):
        content = archive({"内.zip" if content is not FORM else "表.docx": content})
    (leaf,) = read("a.zip", content).leaves()
    assert (leaf.format, codes(leaf)) == ("docx", [])


def test_a_volume_of_a_zip_is_told_from_a_broken_one() -> None:
    """The first by its mark, the last by its end record: one file for all is asked for."""
    whole = archive({"表.docx": FORM})
    first = b"PK\x07\x08" + whole[: len(whole) // 2]
    at = whole.rindex(b"PK\x05\x06")
    last = whole[len(whole) // 2 : at + 4] + b"\x01\x00\x01\x00" + whole[at + 8 :]
    for name, content in (
        ("表.z01", first),
        ("表.zip", last),
        ("表.zip", whole[: at + 4] + last[-18:]),
    ):
        document = read(name, content)
        assert (document.format, codes(document)) == ("zip", ["document.unreadable"])
        assert "分卷" in document.problems[0].message
    assert not codes(read("表.zip", b"PK\x07\x08" + whole))


@pytest.mark.parametrize(
    "name", ["../../表.docx", "/etc/表.docx", "C:\\表.docx", "甲\\..\\表.docx"]
)
def test_a_name_that_leads_out_of_its_archive_is_told(name: str) -> None:
    """The file is read, under a name that leads nowhere, and staff hear of it."""
    for content in (archive({name: FORM}), tarred(name, FORM)):
        (leaf,) = read("a.zip", content).leaves()
        assert (leaf.format, codes(leaf)) == ("docx", ["document.unsafe"])
        assert ".." not in leaf.file
    for harmless in ("..表.docx", "甲/表...docx", "./表.docx", "表:1.docx"):
        (leaf,) = read("a.zip", archive({harmless: FORM})).leaves()
        assert codes(leaf) == []


def tarred(name: str, content: bytes) -> bytes:
    """A tar archive of one file."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as file:
        info = tarfile.TarInfo(name)
        info.size = len(content)
        file.addfile(info, io.BytesIO(content))
    return buffer.getvalue()
