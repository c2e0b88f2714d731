"""Formats told by bytes: extensions lie, content does not."""

import io
import tarfile
from pathlib import Path

import pytest
from docx import Document
from msoffcrypto.format.ooxml import OOXMLFile
from officefiles import archive, docx, p, xlsx

from parsers.sniff import examine, sniff

DOCUMENTS = Path(__file__).parent / "documents"
WORD = docx(p("正文"))
SHEET = xlsx(lambda sheet: sheet.append(["名称", 1]))
OLD_SHEET = (DOCUMENTS / "statistics.xls").read_bytes()
OLD_WORD = (DOCUMENTS / "form.doc").read_bytes()
MAIL = b"Received: from a\r\nFrom: a@example.com\r\nTo: b@example.com\r\nSubject: x\r\n\r\nbody"
WEB_ARCHIVE = (
    b"From: <Saved by WPS>\r\nMIME-Version: 1.0\r\n"
    b'Content-Type: multipart/related; type="text/html"\r\n\r\n'
)


def tar(mode: str) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode=mode) as file:  # type: ignore[call-overload]
        file.addfile(tarfile.TarInfo("a"), io.BytesIO(b""))
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "name", "found"),
    [
        (WORD, "表.docx", "docx"),
        (WORD, "表.doc", "docx"),
        (WORD, "表.zip", "docx"),
        (SHEET, "表.xlsx", "xlsx"),
        (SHEET, "表.docx", "xlsx"),
        (OLD_SHEET, "表.xls", "xls"),
        (OLD_SHEET, "表.et", "et"),
        (OLD_SHEET, "表.doc", "xls"),
        (OLD_WORD, "表.doc", "doc"),
        (OLD_WORD, "表.wps", "wps"),
        (OLD_WORD, "表.docx", "doc"),
        (OLD_WORD, "表", "doc"),
        (b"%PDF-1.7\n", "表.docx", "pdf"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "a", "image"),
        (b"\x89PNG\r\n\x1a\n", "a", "image"),
        (b"GIF89a", "a", "image"),
        (b"II*\0", "a", "image"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "a", "image"),
        (b"BM\x46\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0", "a", "image"),
        (b"\0\0\0\x18ftypheic", "a", "image"),
        (b"<style>td {color: red}</style><table><tr><td>x</td></tr></table>", "a.xls", "html"),
        (b"<div><p>x</p></div>", "a.doc", "html"),
        (b"<5 % of all", "a.txt", "text"),
        (rb"{\rtf1\ansi", "表.doc", "rtf"),
        (b"<html><body>", "表.xls", "html"),
        (b"\xef\xbb\xbf\r\n<!DOCTYPE html>", "a", "html"),
        (b'<?xml version="1.0"?>\n<!-- x --><html>', "a", "html"),
        (WEB_ARCHIVE, "表.doc", "html"),
        (MAIL, "a", "eml"),
        (archive({"a.txt": b"a"}), "a.docx", "zip"),
        (archive({}), "a.zip", "zip"),
        (archive({"mimetype": b"application/vnd.oasis.opendocument.text"}), "a.odt", "unknown"),
        (b"Rar!\x1a\x07\x01\0", "a.zip", "rar"),
        (b"7z\xbc\xaf\x27\x1c", "a", "7z"),
        (tar("w"), "a", "tar"),
        (tar("w:gz"), "a", "tar"),
        ("单位：湘江重工".encode(), "a.docx", "text"),
        ("单位：湘江重工".encode("gb18030"), "a", "text"),
        ("单位".encode("utf-16"), "a", "text"),
        ("主题：申报\n单位：湘江重工".encode(), "a", "text"),
        (b'<?xml version="1.0"?><w:wordDocument/>', "a.doc", "doc"),
        (b"\0\1\2\3", "a.docx", "unknown"),
        (b"MZ\x90\0", "a.doc", "unknown"),
        (b"", "a.docx", "unknown"),
    ],
)
def test_the_format_is_what_the_bytes_are(content: bytes, name: str, found: str) -> None:
    """Whatever the name says."""
    assert sniff(content, name) == found


@pytest.mark.parametrize(("content", "found"), [(WORD, "docx"), (SHEET, "xlsx")])
def test_a_torn_office_file_is_still_known_for_what_it_was(content: bytes, found: str) -> None:
    """So that the sender is told about the right file."""
    assert sniff(content[: len(content) * 2 // 3], "a") == found


def test_a_torn_binary_file_is_known_by_its_directory_entries() -> None:
    """Even where the container itself cannot be opened any more."""
    assert sniff(OLD_WORD[:512] + OLD_WORD[-17_000:], "a.doc") in {"doc", "unknown"}
    assert sniff(OLD_SHEET[:600], "a.xls") == "unknown"


@pytest.mark.parametrize(("name", "found"), [("表.docx", "docx"), ("表.xlsx", "xlsx")])
def test_a_password_is_seen_from_outside(name: str, found: str) -> None:
    """An encrypted new file is an old container around ciphertext."""
    plain = io.BytesIO()
    Document().save(plain)
    plain.seek(0)
    locked = io.BytesIO()
    OOXMLFile(plain).encrypt("geheim", locked)
    seen = examine(locked.getvalue(), name)
    assert (seen.format, seen.encrypted) == (found, True)
    assert not examine(plain.getvalue(), name).encrypted


def test_an_old_document_with_a_password_says_so_in_its_first_block() -> None:
    """Bit 8 of the flags of the FIB."""
    at = OLD_WORD.index(b"\xec\xa5", 512)
    locked = bytearray(OLD_WORD)
    locked[at + 11] |= 0x01
    assert examine(bytes(locked), "a.doc").encrypted
    assert not examine(OLD_WORD, "a.doc").encrypted


def test_macros_are_seen() -> None:
    """The project is a part of its own."""
    plain = {"word/document.xml": b"<a/>", "[Content_Types].xml": b"<Types/>"}
    assert examine(archive({**plain, "word/vbaProject.bin": b""}), "a.docx").macro
    assert not examine(archive(plain), "a.docx").macro
