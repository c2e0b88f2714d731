"""Which format the bytes are, told by the bytes.

The sender's extension is believed in one case only: Kingsoft's .wps and .et are the
same containers as .doc and .xls and often carry no mark of their own. Nothing is
parsed here beyond what names the format.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from parsers.containers.compound import SIGNATURE, Compound
from parsers.containers.outlook import MARK as OUTLOOK
from parsers.containers.package import (
    ENCRYPTED,
    ZIP_FAULTS,
    ZIP_FIRST_VOLUME,
    is_zip_volume,
    open_zip,
)
from parsers.containers.winmail import SIGNATURE as WINMAIL
from parsers.model import Format

_HEAD = 4096

#: leading bytes of formats that need no second look
_MAGIC: tuple[tuple[bytes, Format], ...] = (
    (b"%PDF-", "pdf"),
    (b"\xff\xd8\xff", "image"),
    (b"\x89PNG\r\n\x1a\n", "image"),
    (b"GIF87a", "image"),
    (b"GIF89a", "image"),
    (b"II*\x00", "image"),
    (b"MM\x00*", "image"),
    (b"{\\rtf", "rtf"),
    (b"Rar!\x1a\x07", "rar"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"\x1f\x8b", "tar"),
    (b"BZh", "tar"),
    (b"\xfd7zXZ\x00", "tar"),
    (WINMAIL, "eml"),
)

#: sizes of the bitmap information headers in use (BITMAPCOREHEADER to BITMAPV5HEADER)
_BITMAP_HEADERS = {size.to_bytes(4, "little") for size in (12, 40, 52, 56, 64, 108, 124)}

#: words of a main part's content type in [Content_Types].xml
_CONTENT_TYPES: tuple[tuple[bytes, Format], ...] = (
    (b"wordprocessingml.document.main", "docx"),
    (b"wordprocessingml.template.main", "docx"),
    (b"ms-word.document.macroenabled.main", "docx"),
    (b"ms-word.template.macroenabledtemplate.main", "docx"),
    (b"spreadsheetml.sheet.main", "xlsx"),
    (b"spreadsheetml.template.main", "xlsx"),
    (b"ms-excel.sheet.macroenabled.main", "xlsx"),
    (b"ms-excel.template.macroenabled.main", "xlsx"),
    (b"presentationml.", "unknown"),
    (b"ms-excel.sheet.binary", "unknown"),
)

#: ends of the class ids Kingsoft's programs write into the root of their own formats
_KINGSOFT = (
    "4B30-A977-D214852036FE",
    "4B30-A977-D214852036FF",
    "4B49-4E47534F4654",
    "4E47534F4655",
)

_MAIL_HEADER = re.compile(
    rb"^(?:received|return-path|delivered-to|from|to|subject|date|message-id|mime-version"
    rb"|x-[a-z-]+|content-type|reply-to|sender|dkim-signature)[ \t]*:",
    re.IGNORECASE | re.MULTILINE,
)
#: any field (RFC 5322 section 2.2); the line that mailboxes put before a mail (RFC 4155)
_FIELD = re.compile(rb"[!-9;-~]{1,70}[ \t]*:")
_FROM_LINE = re.compile(rb"\AFrom [^\r\n]*\r?\n")
_YENC = re.compile(rb"\A\s*=ybegin [^\r\n]*\bline=\d", re.IGNORECASE)
_YENC_CURE = "文件采用 yEnc 编码写在邮件正文中，无法读取，请将文件作为普通附件重新发送。"
_WEB_ARCHIVE = re.compile(
    rb"^content-type[ \t]*:\s*multipart/related", re.IGNORECASE | re.MULTILINE
)
_SENT = re.compile(rb"^(?:received|to|message-id|return-path)[ \t]*:", re.IGNORECASE | re.MULTILINE)
_MARKUP = re.compile(rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|meta|table|title|style|link|div|p|span|font|center|h[1-6])\b", re.IGNORECASE | re.DOTALL)  # fmt: skip
#: a whole Word document in one XML file: of 2003, or the later flat package
_WORD_XML = re.compile(
    rb"\A(?:\xef\xbb\xbf)?\s*<\?xml\b.{0,200}?(?:<\?mso-application\s+progid=[\"']Word\.Document"
    rb"|<w:wordDocument\b)",
    re.DOTALL,
)

#: bytes of text in any encoding without wide units; the rest of the control codes is binary
_PRINTED = b"\t\n\r\f\x1a" + bytes(range(0x20, 0x100))


@dataclass(frozen=True, slots=True, kw_only=True)
class Sniffed:
    """What the bytes say before anything is read."""

    format: Format
    encrypted: bool = False  #: a password stands before the content
    macro: bool = False  #: carries program code; still readable
    reason: str = ""  #: why nothing here reads it and what to do, where the bytes tell


def sniff(content: bytes, name: str) -> Format:
    """The format alone."""
    return examine(content, name).format


def examine(content: bytes, name: str) -> Sniffed:
    """Format, password and macros of a document; ``name`` only where bytes cannot tell."""
    extension = name.rpartition(".")[2].lower() if "." in name else ""
    head = content[:_HEAD]
    if head.startswith(SIGNATURE):
        return _compound(content, extension)
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06", ZIP_FIRST_VOLUME)):
        return _zip(content)
    if _WORD_XML.search(head):
        return Sniffed(format="doc", macro=b'macrosPresent="yes"' in head)
    if _YENC.match(head):
        return Sniffed(format="unknown", reason=_YENC_CURE)
    found = _marked(head) or _textual(content)
    if found == "unknown" and is_zip_volume(content):
        found = "zip"
    return Sniffed(format=found)


def _marked(head: bytes) -> Format | None:
    """The format whose mark stands at its fixed place in the first bytes."""
    for magic, found in _MAGIC:
        if head.startswith(magic):
            return found
    is_bitmap = head[:2] == b"BM" and head[6:10] == bytes(4) and head[14:18] in _BITMAP_HEADERS
    is_webp = head[:4] == b"RIFF" and head[8:12] == b"WEBP"
    is_phone_photo = head[4:8] == b"ftyp" and head[8:12] in {b"heic", b"heix", b"mif1", b"avif"}
    if is_bitmap or is_webp or is_phone_photo:
        return "image"
    return "tar" if head[257:262] == b"ustar" else None


def _zip(content: bytes) -> Sniffed:
    """An Office file by its content types, else an archive."""
    try:
        package = open_zip(content)
        names = package.namelist()
        locked = any(info.flag_bits & ENCRYPTED for info in package.infolist())
    except ZIP_FAULTS:
        return Sniffed(format=_torn_zip(content))
    if "[Content_Types].xml" not in names:
        return Sniffed(format="unknown" if "mimetype" in names or "OFD.xml" in names else "zip")
    macro = any(name.lower().endswith("vbaproject.bin") for name in names)
    try:
        with package.open("[Content_Types].xml") as part:
            types = part.read(1 << 20).lower()
    except ZIP_FAULTS:
        types = b""
    for word, found in _CONTENT_TYPES:
        if word in types:
            return Sniffed(format=found, macro=macro, encrypted=locked)
    if "word/document.xml" in names:
        return Sniffed(format="docx", macro=macro, encrypted=locked)
    if "xl/workbook.xml" in names:
        return Sniffed(format="xlsx", macro=macro, encrypted=locked)
    return Sniffed(format="zip")


def _torn_zip(content: bytes) -> Format:
    """What a zip file without a readable directory was meant to be: by its local headers."""
    if b"word/document.xml" in content or b"word/styles.xml" in content:
        return "docx"
    if b"xl/workbook.xml" in content or b"xl/worksheets/" in content:
        return "xlsx"
    return "zip"


def _compound(content: bytes, extension: str) -> Sniffed:
    """A binary Office file, or an encrypted new one in its wrapping ([MS-OFFCRYPTO] 2.3.2)."""
    file = Compound(content)
    names = file.names
    if OUTLOOK in names:
        return Sniffed(format="eml")
    if "EncryptedPackage" in names:
        sheet = extension in {"xlsx", "xlsm", "xls", "et"}
        return Sniffed(format="xlsx" if sheet else "docx", encrypted=True)
    macro = any(name.partition("/")[0] in {"Macros", "_VBA_PROJECT_CUR"} for name in names)
    kingsoft = file.class_id.endswith(_KINGSOFT)
    if names & {"Workbook", "Book"} or (not names and "Workbook".encode("utf-16-le") in content):
        own: Format = "et" if kingsoft or extension == "et" else "xls"
        return Sniffed(format=own, macro=macro)
    if "WordDocument" in names or (not names and "WordDocument".encode("utf-16-le") in content):
        own = "wps" if kingsoft or extension == "wps" else "doc"
        return Sniffed(format=own, macro=macro, encrypted=_word_is_encrypted(file))
    if kingsoft or extension in {"wps", "et"}:
        return Sniffed(format="et" if extension == "et" else "wps", macro=macro)
    return Sniffed(format="unknown", macro=macro)


def _word_is_encrypted(file: Compound) -> bool:
    """The flag fEncrypted: bit 8 of the word at offset 10 of the FIB ([MS-DOC] 2.5.2)."""
    stream = file.stream("WordDocument") or b""
    return bool(stream[11:12] and stream[11] & 0x01)


def _textual(content: bytes) -> Format:
    """Text of some kind, or nothing known."""
    head = content[:_HEAD].removeprefix(b"\xef\xbb\xbf")
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "html" if _MARKUP.match(head[2:].replace(b"\0", b"")) else "text"
    if not head or head.startswith(b"<?xml") or head.translate(None, _PRINTED) != b"":
        return "html" if _MARKUP.match(head) else "unknown"
    if _MARKUP.match(head):
        return "html"
    header = re.split(rb"\r?\n\r?\n", head.lstrip(), maxsplit=1)[0]
    header = _FROM_LINE.sub(b"", header)
    if _FIELD.match(header) and len(_MAIL_HEADER.findall(header)) > 1:
        is_archive = _WEB_ARCHIVE.search(header) and not _SENT.search(header)
        return "html" if is_archive else "eml"
    return "text" if _is_text(content) else "unknown"


def _is_text(content: bytes) -> bool:
    """Decodes strictly in one of the two encodings in use, and has no control characters."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return not any(char < " " and char not in "\t\n\r\f\x1a" for char in text)
    return False
