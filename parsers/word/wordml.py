"""Word documents saved as one XML file: Word 2003 XML, and the later flat package.

Both are commonly sent under the name .doc. The first is rewritten, element by element,
into what it became in .docx and then walked like one; the second is a .docx that only
lacks its zip. Names of elements are those of Microsoft's schema of 2003.
"""

from __future__ import annotations

import base64
import binascii
import io
import zipfile
from collections.abc import Iterator

from parsers.containers.package import Element, parse_xml, serialized
from parsers.damage import broken
from parsers.limits import Limits
from parsers.model import Content, Line
from parsers.values.wordcount import count_words
from parsers.word.document import read_word, texts
from parsers.word.formfields import FIELDS, FieldState, recorded_state, shown
from parsers.word.style import Styles
from parsers.word.text import T, TextReader, W
from parsers.word.walk import Walk

_OLD = "http://schemas.microsoft.com/office/word/2003/wordml"
_AML = "{http://schemas.microsoft.com/aml/2001/core}"
_PKG = "{http://schemas.microsoft.com/office/2006/xmlPackage}"

#: what is called otherwise in .docx
_RENAMED = {"vmerge": "vMerge", "hmerge": "hMerge", "hlink": "hyperlink"}
_INSERTED, _UNREAD = W + "ins", W + "del"  #: notes on the text are read no more than deletions
#: drawings keep their names; every other foreign element only wraps what is seen
_KEPT = ("urn:schemas-microsoft-com:vml", "urn:schemas-microsoft-com:office:")
_SMART_TAGS = "urn:schemas-microsoft-com:office:smarttags"
_WRAPPER = W + "smartTag"

_CURE = "用 Word 重新打开并另存为 .docx 格式"


def read_word_xml(content: bytes, limits: Limits) -> Content:
    """The blocks of a Word document in one XML file. Raises :class:`parsers.damage.Damaged`."""
    root = parse_xml(content)
    if root.tag == _PKG + "package":
        return read_word(_zipped(root), limits)
    for element in root.iter("*"):
        _rename(element)
    body = root.find(W + "body")
    if body is None:
        raise broken(_CURE)
    _show_states(body)
    styles = Styles(lambda: root.find(W + "styles"))
    blocks = list(Walk(TextReader(root, content, limits), limits, styles).body(body))
    characters = count_words("\n".join(texts(blocks)))
    heads = tuple(_margin(root, "hdr", "页眉", content, limits))
    feet = tuple(_margin(root, "ftr", "页脚", content, limits))
    return Content(blocks=(*heads, *blocks, *feet), characters=characters)


def _rename(element: Element) -> None:
    """Give an element and its attributes their names in .docx."""
    namespace, _, name = element.tag[1:].partition("}")
    if namespace == _OLD:
        element.tag = W + _RENAMED.get(name, name)
    elif element.tag == _AML + "annotation":
        is_inserted = element.get(f"{{{_OLD}}}type") == "Word.Insertion"
        element.tag = _INSERTED if is_inserted else _UNREAD
    elif namespace == _SMART_TAGS or not namespace.startswith(_KEPT):
        element.tag = _WRAPPER
    for attribute, value in [(str(key), value) for key, value in element.items()]:
        if attribute.startswith(f"{{{_OLD}}}"):
            del element.attrib[attribute]
            element.set(W + attribute.rpartition("}")[2], value)


def _show_states(body: Element) -> None:
    """Put in the place of each box's or list's code what it shows."""
    codes: list[Element] = []
    states: list[FieldState | None] = []
    begin: Element | None = None
    for element in body.iter(W + "fldChar", W + "instrText"):
        if element.tag == W + "fldChar":
            begin = element if element.get(W + "fldCharType") == "begin" else None
            continue
        words = (element.text or "").split()
        if words and words[0].upper() in FIELDS:
            codes.append(element)
            states.append(None if begin is None else _recorded(begin))
    for code, text in zip(codes, shown(states), strict=True):
        code.tag, code.text = T, text


def _recorded(begin: Element) -> FieldState | None:
    """The state in the data of a field's first character."""
    data = begin.findtext(W + "fldData")
    if not data:
        return None
    try:
        return recorded_state(base64.b64decode(data))
    except (binascii.Error, ValueError):
        return None


def _margin(root: Element, name: str, place: str, data: bytes, limits: Limits) -> Iterator[Line]:
    """The lines of headers or footers in use, each text once."""
    done: set[str] = set()
    for section in root.iter(W + "sectPr"):
        titled = section.find(W + "titlePg") is not None
        for part in section.iterchildren(W + name):
            if part.get(W + "type") == "first" and not titled:
                continue
            walk = Walk(TextReader(part, data, limits), limits, None)
            for text in texts([*walk.body(part), *walk.text_boxes(place)]):
                for line in filter(None, map(str.strip, text.split("\n"))):
                    if line not in done:
                        done.add(line)
                        yield Line(text=line, where=place)


def _zipped(root: Element) -> bytes:
    """The parts of a flat package as the .docx they were."""
    parts: dict[str, bytes] = {}
    for part in root.iterchildren(_PKG + "part"):
        name = part.get(_PKG + "name", "").lstrip("/")
        data = part.find(_PKG + "xmlData")
        if name and data is not None and len(data):
            parts[name] = serialized(data[0])
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        for name, xml in parts.items():
            package.writestr(name, xml)
    return buffer.getvalue()
