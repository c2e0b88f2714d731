"""Word documents in one XML file read like the .docx they correspond to."""

import base64
import io
import re
import zipfile
from collections.abc import Callable

import pytest
from officefiles import NAMESPACES
from printed import rollup, statistics, story_form, team_form
from test_formfields import box, choice

from parsers.damage import Damaged
from parsers.documents import read_document
from parsers.limits import Limits
from parsers.model import Content, Grid, Line
from parsers.sniff import examine
from parsers.word.document import read_word
from parsers.word.wordml import read_word_xml

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<?mso-application progid="Word.Document"?>\n'
NEW = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
OLD = "http://schemas.microsoft.com/office/word/2003/wordml"
SPACES = (
    f'xmlns:w="{OLD}" xmlns:aml="http://schemas.microsoft.com/aml/2001/core" '
    'xmlns:wx="http://schemas.microsoft.com/office/word/2003/auxHint" '
    'xmlns:st1="urn:schemas-microsoft-com:office:smarttags" xmlns:v="urn:schemas-microsoft-com:vml"'
)


def part(content: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return re.sub(r"^<\?xml[^>]*>\s*", "", package.read(name).decode())


def as_2003(content: bytes) -> bytes:
    """A .docx as Word 2003 would have saved it: other names, and a section around the body."""
    styles = part(content, "word/styles.xml")
    body = part(content, "word/document.xml").replace("w:vMerge", "w:vmerge")
    body = re.sub(r"^<w:document[^>]*>", styles, body).replace("</w:document>", "")
    body = body.replace("<w:body>", "<w:body><wx:sect>").replace("</w:body>", "</wx:sect></w:body>")
    return f"{HEAD}<w:wordDocument {SPACES}>{body}</w:wordDocument>".replace(NEW, OLD).encode()


def as_package(content: bytes) -> bytes:
    """A .docx as one flat package."""
    parts = "".join(
        f'<pkg:part pkg:name="/{name}"><pkg:xmlData>{part(content, name)}</pkg:xmlData></pkg:part>'
        for name in ("word/document.xml", "word/styles.xml")
    )
    space = 'xmlns:pkg="http://schemas.microsoft.com/office/2006/xmlPackage"'
    return f"{HEAD}<pkg:package {space}>{parts}</pkg:package>".encode()


def read(inner: str, *, more: str = "") -> Content:
    xml = f"{HEAD}<w:wordDocument {SPACES}><w:body>{inner}</w:body>{more}</w:wordDocument>"
    return read_word_xml(xml.encode(), Limits())


def line(inner: str) -> str:
    blocks = read(f"<w:p>{inner}</w:p>").blocks
    return blocks[0].text if blocks and isinstance(blocks[0], Line) else ""


def r(text: str) -> str:
    return f"<w:r><w:t>{text}</w:t></w:r>"


@pytest.mark.parametrize("wrap", [as_2003, as_package])
@pytest.mark.parametrize("form", [team_form, story_form, rollup, statistics])
def test_the_same_blocks_come_out(
    form: Callable[[], bytes], wrap: Callable[[bytes], bytes]
) -> None:
    """Texts, merged cells, places, headings and 字数."""
    content = form()

    assert read_word_xml(wrap(content), Limits()) == read_word(content, Limits())


@pytest.mark.parametrize("wrap", [as_2003, as_package])
def test_it_is_a_doc_by_its_content(wrap: Callable[[bytes], bytes]) -> None:
    """Whatever its name."""
    assert examine(wrap(team_form()), "表.xml").format == "doc"
    assert examine(b"\xef\xbb\xbf" + wrap(team_form()), "表.doc").format == "doc"


def test_macros_are_seen_and_the_text_is_read_all_the_same() -> None:
    """The root says that there are some."""
    content = as_2003(team_form()).replace(
        b"<w:wordDocument", b'<w:wordDocument w:macrosPresent="yes"'
    )
    document = read_document("表.doc", content, _Nobody())
    assert [problem.code for problem in document.problems] == ["document.macro"]
    assert "冲压一班" in document.text


class _Nobody:
    """Recognises no form."""

    def read(self, content: Content, file: str) -> tuple[()]:
        del content, file
        return ()


@pytest.mark.parametrize(
    ("inner", "text"),
    [
        (f"<w:hlink w:dest='x'>{r('qc@example.com')}</w:hlink>", "qc@example.com"),
        (f"<st1:place>{r('湖南')}</st1:place>", "湖南"),
        (f"<aml:annotation w:type='Word.Insertion'><aml:content>{r('新')}</aml:content></aml:annotation>", "新"),
        (f"<aml:annotation w:type='Word.Deletion'><aml:content>{r('旧')}</aml:content></aml:annotation>", ""),
        (f"<w:r><aml:annotation w:type='Word.Comment'><aml:content><w:p>{r('批注')}</w:p></aml:content></aml:annotation></w:r>{r('正文')}", "正文"),
        ("<w:r><w:sym w:font='Wingdings' w:char='F0FE'/></w:r>", "☑"),
    ],
)  # fmt: skip
def test_a_paragraph_reads_as_it_is_seen(inner: str, text: str) -> None:
    """Links, smart tags, changes as if accepted, notes left out."""
    assert line(inner) == text


def field(record: bytes | None, code: str = "FORMCHECKBOX") -> str:
    data = "" if record is None else f"<w:fldData>{base64.b64encode(record).decode()}</w:fldData>"
    return (
        f'<w:r><w:fldChar w:fldCharType="begin">{data}</w:fldChar></w:r>'
        f"<w:r><w:instrText> {code} </w:instrText></w:r>"
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def test_boxes_and_lists_show_their_states() -> None:
    """By the record in the field's data."""
    chosen = field(choice(1, "一等", "二等"), "FORMDROPDOWN")

    assert line(f"{field(box(1))}{r('是')}{field(box(0))}{r('否')}{chosen}") == "☑是☐否二等"


@pytest.mark.parametrize("record", [None, b"", b"\xff" * 9])
def test_a_box_of_unknown_state_makes_all_unknown(record: bytes | None) -> None:
    """They are seen, and doubted."""
    assert line(f"{field(box(1))}{r('是')}{field(record)}{r('否')}") == "\ufffd是\ufffd否"


def test_headers_and_footers_in_use_are_read_once() -> None:
    """They stand in the properties of the sections."""
    head = f"<w:hdr w:type='odd'><w:p>{r('附件二')}</w:p></w:hdr>"
    first = f"<w:hdr w:type='first'><w:p>{r('首页')}</w:p></w:hdr>"
    foot = f"<w:ftr w:type='odd'><w:p>{r('第1页')}</w:p></w:ftr>"
    blocks = read(f"<w:p>{r('文')}</w:p><w:sectPr>{head}{head}{first}{foot}</w:sectPr>").blocks
    titled = read(f"<w:sectPr>{first}<w:titlePg/></w:sectPr>").blocks

    assert [(block.where, getattr(block, "text", "")) for block in (*blocks, *titled)] == [
        ("页眉", "附件二"), ("第1段", "文"), ("页脚", "第1页"), ("页眉", "首页"),
    ]  # fmt: skip


def test_text_boxes_follow_the_block_that_holds_them() -> None:
    """Drawings keep their names."""
    inner = f"<w:txbxContent><w:p>{r('框内')}</w:p></w:txbxContent>"
    shape = f"<w:r><w:pict><v:shape><v:textbox>{inner}</v:textbox></v:shape></w:pict></w:r>"
    blocks = read(f"<w:p>{r('段')}{shape}</w:p>").blocks

    assert [block.where for block in blocks if not isinstance(block, Grid)] == ["第1段", "文本框1"]


@pytest.mark.parametrize(
    "content",
    [
        HEAD.encode() + b"<w:wordDocument>",
        f"{HEAD}<w:wordDocument {SPACES}/>".encode(),
        f"{HEAD}<x {NAMESPACES}/>".encode(),
        as_2003(team_form())[:5000],
        as_package(team_form()).replace(b"word/document", b"word/other"),
        HEAD.encode() + b'<!DOCTYPE a [<!ENTITY e "x">]><a>&e;</a>',
    ],
)
def test_what_is_no_such_document_is_damage(content: bytes) -> None:
    """Torn, empty, or with entities of its own."""
    with pytest.raises(Damaged):
        read_word_xml(content, Limits())
