"""Documents that only an office program reads: which ones, and what comes of asking it.

The asking is a function of the caller's, because the process that reads strangers'
documents may start nothing and write nothing; what comes back is a .docx or .xlsx and
is read like one. Nothing is asked for that something lighter reads, nor for torn
files: an office program makes something of any bytes, and half a form must not pass
for a whole one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, get_args

from parsers.containers.compound import SIGNATURE, Compound, is_whole
from parsers.damage import Damaged, hostile
from parsers.limits import Limits
from parsers.model import Content, Format
from parsers.sheets.sheet import read_sheet
from parsers.word.document import read_word

#: what the office program is told it gets
Kind = Literal["rtf", "doc", "wps", "odt", "xls", "et", "ods"]
KINDS: tuple[Kind, ...] = get_args(Kind)

#: the kinds that are spreadsheets, and become .xlsx; the others become .docx
SHEETS: frozenset[Kind] = frozenset({"xls", "et", "ods"})

#: Why nothing came back: no office program here; it failed; it took too long; what it
#: wrote is too large.
Reason = Literal["missing", "failed", "late", "outgrown"]


class Untranslated(Exception):
    """The office program gave nothing back; ``reason`` says why."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason: Reason = reason


#: From the bytes of a document to those of the same as .docx or .xlsx. Raises Untranslated.
Translate = Callable[[Kind, bytes], bytes]

_NAMES: dict[Kind, str] = {
    "rtf": " .rtf 格式",
    "doc": "旧版 Word 格式",
    "wps": "旧版 WPS 文字格式",
    "odt": " .odt 格式",
    "xls": "旧版 Excel 格式",
    "et": "旧版 WPS 表格格式",
    "ods": " .ods 格式",
}
_MESSAGE = "文件为{name}，{why}，请用 Word 或 WPS 打开后另存为 {target} 格式重新发送。"
_WHY: dict[Reason, str] = {
    "missing": "暂不能读取其内容",
    "failed": "无法读取其内容",
    "late": "读取超过了允许的时间",
}

#: how an OpenDocument file begins: a stored first member of the zip that names its type
#: (OpenDocument 1.3 part 2, 3.3)
_OPEN_DOCUMENT = b"mimetypeapplication/vnd.oasis.opendocument."
_NAME_AT = 30  #: bytes of a local header before the name (APPNOTE 4.3.7)

_WORD_97 = b"\xec\xa5"  #: how a Word document begins from 97 on ([MS-DOC] 2.5.2)
#: how a workbook says that it is one of 97 or later: BOF record and version ([MS-XLS] 2.4.21)
_EXCEL_97 = (b"\x09\x08", b"\x00\x06")


def nobody(_kind: Kind, _content: bytes) -> bytes:
    """The answer where there is no office program."""
    raise Untranslated("missing")


def foreign_kind(form: Format, content: bytes) -> Kind | None:
    """What to call it for the office program, where nothing here reads the format at all."""
    if form == "rtf":
        return "rtf"
    if form == "unknown" and content[_NAME_AT:].startswith(_OPEN_DOCUMENT):
        word = content[_NAME_AT + len(_OPEN_DOCUMENT) :]
        return "odt" if word.startswith(b"text") else "ods" if word.startswith(b"spread") else None
    if form in {"doc", "wps", "xls", "et"} and content.startswith(SIGNATURE):
        return _compound_kind(form, content)
    return None


def _compound_kind(form: Format, content: bytes) -> Kind | None:
    """One older than 97 (Word, or Excel, whose texts our reader would garble), or unknown."""
    file = Compound(content)
    if not file.names or not is_whole(content):
        return None
    if form in {"xls", "et"}:
        stream = file.stream("Workbook") or file.stream("Book")
        if stream is None:
            return "et" if form == "et" else None
        return None if (stream[:2], stream[4:6]) == _EXCEL_97 else "xls"
    stream = file.stream("WordDocument")
    if stream is None:
        return "wps" if form == "wps" else None
    return None if stream.startswith(_WORD_97) else "doc"


def second_kind(form: Format, content: bytes, damage: Damaged) -> Kind | None:
    """What to call it where the reader of the format gave up, though the file is whole."""
    if damage.problem.code != "document.unreadable" or not content.startswith(SIGNATURE):
        return None
    if not is_whole(content):
        return None
    if form in {"doc", "wps"}:
        return "doc"
    return "xls" if form in {"xls", "et"} else None


def read_foreign(kind: Kind, content: bytes, limits: Limits, translate: Translate) -> Content:
    """What stands in the document. Raises :class:`parsers.damage.Damaged`."""
    try:
        made = translate(kind, content)
    except Untranslated as error:
        raise _refused(kind, error.reason) from error
    if len(made) > limits.max_bytes:
        raise _refused(kind, "outgrown")
    return read_sheet(made, limits) if kind in SHEETS else read_word(made, limits)


def read_second(
    kind: Kind, content: bytes, limits: Limits, translate: Translate, damage: Damaged
) -> Content:
    """The same for a document that its own reader gave up: raises ``damage`` again, or Damaged.

    Where nothing at all comes out, the office program has only made an empty page of it.
    """
    try:
        made = translate(kind, content)
        found = read_sheet(made, limits) if kind in SHEETS else read_word(made, limits)
    except (Untranslated, Damaged) as error:
        raise damage from error
    if not found.characters:
        raise damage
    return found


def _refused(kind: Kind, reason: Reason) -> Damaged:
    if reason == "outgrown":
        return hostile("内容展开后体积过大")
    target = ".xlsx" if kind in SHEETS else ".docx"
    message = _MESSAGE.format(name=_NAMES[kind], why=_WHY[reason], target=target)
    return Damaged("document.unreadable", message)
