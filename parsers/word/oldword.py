"""Old Word documents (.doc, and .wps in the same container): the same content as of a .docx.

A library translates the binary document ([MS-DOC]) into a .docx in memory, and
:mod:`parsers.word.document` reads that. Its one entry reads and writes files, which the process
that reads strangers' documents may not; so its functions run here on copies of their
namespaces in which the files are bytes. Only the layout of those few names is relied on,
hence the exact version among the dependencies. Pictures and objects are left out.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from types import FunctionType
from typing import Any

from doc2docx import converter
from doc2docx.cfb import CompoundFile, CompoundFileLimits
from doc2docx.errors import Doc2DocxError, EncryptedDocumentError
from doc2docx.model import StoryCharacter
from doc2docx.ooxml import package

from parsers.containers.compound import SIGNATURE, Compound
from parsers.damage import Damaged, locked
from parsers.limits import Limits
from parsers.model import Content
from parsers.word.document import read_word
from parsers.word.formfields import FIELDS, FieldState, field_state, shown
from parsers.word.wordml import read_word_xml

#: what the library raises on broken documents: it checks much, but not all
_FAULTS = (
    Doc2DocxError,
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
    zipfile.LargeZipFile,
)

_BEGIN, _SEPARATOR, _END = "\x13", "\x14", "\x15"  #: around a field ([MS-DOC] 2.8.25)
_PICTURE = "\x01"
_ANCHOR = "\ufffc"  #: what the library puts where it cannot take over an object

#: the parts that are read; the others need not be written
_PARTS = ("word/document.xml", "word/styles.xml", "word/_rels/document.xml.rels", "word/header", "word/footer")  # fmt: skip

_CURE = "该文件的版本过旧或内容已损坏，无法读取，请用 Word 或 WPS 打开后另存为 .docx 格式重新发送。"


class _Translated(Exception):
    """The way out of the library before it writes, with its model of the document."""

    def __init__(self, fields: dict[str, Any]) -> None:
        super().__init__()
        self.fields = fields


def read_old_word(content: bytes, limits: Limits) -> Content:
    """The blocks of a .doc in reading order. Raises :class:`parsers.damage.Damaged`."""
    if not content.startswith(SIGNATURE):
        return read_word_xml(content, limits)
    try:
        packed = _package(_translated(content, limits))
    except EncryptedDocumentError as error:
        raise locked() from error
    except _FAULTS as error:
        raise Damaged("document.unreadable", _CURE) from error
    return read_word(packed, limits)


def _translated(content: bytes, limits: Limits) -> dict[str, Any]:
    """The fields of the library's model of the document."""
    bounds = CompoundFileLimits(
        max_input_bytes=limits.max_bytes,
        max_stream_bytes=limits.max_part,
        max_directory_entries=limits.max_entries,
    )

    class InMemory:
        """Opens the container whose bytes are at hand, whatever path is asked for."""

        @staticmethod
        def from_path(*_: object, **__: object) -> CompoundFile:
            return CompoundFile(content, limits=bounds)

    def parse_main_story(characters: Sequence[Any], report: Any, **more: Any) -> Any:
        properties = more["character_properties_at"]
        more.update(bookmark_boundaries_at=None, bookmark_names=None)
        visible = _with_states(characters, data, properties)
        return converter.parse_main_story(list(visible), report, **more)

    def document(**fields: Any) -> None:
        raise _Translated(fields)

    data = Compound(content).stream("Data") or b""
    load = _rebound(converter._load_word_parts, CompoundFile=InMemory)  # noqa: SLF001
    convert = _rebound(
        converter.convert,
        _load_word_parts=load,
        parse_main_story=parse_main_story,
        Document=document,
    )
    try:
        convert("/old.doc", "/new.docx")  # only names: neither is touched
    except _Translated as done:
        return done.fields
    raise Doc2DocxError


def _package(fields: dict[str, Any]) -> bytes:
    """The parts of the .docx that are read."""

    def write_part(target: zipfile.ZipFile, name: str, text: Any) -> None:
        if name.startswith(_PARTS):
            xml = text if isinstance(text, str) else text.decode("utf-8")
            target.writestr(name, xml.replace(_ANCHOR, "").encode("utf-8"))

    buffer = io.BytesIO()
    write = _rebound(package.write_docx, Path=lambda target: target, _write_part=write_part)
    write(converter.Document(**fields), buffer)
    return buffer.getvalue()


def _rebound(function: Any, **names: object) -> Callable[..., Any]:
    """The same function with other meanings of some global names; its module is untouched."""
    copy = FunctionType(function.__code__, {**function.__globals__, **names}, function.__name__)
    copy.__defaults__ = function.__defaults__
    copy.__kwdefaults__ = function.__kwdefaults__
    return copy


def _with_states(
    characters: Sequence[StoryCharacter], data: bytes, properties: Callable[[int], Any]
) -> Iterator[StoryCharacter]:
    """The characters, each box and list replaced by what it shows."""
    fields = list(_form_fields(characters))
    states = [_recorded(characters[begin:end], data, properties) for begin, end in fields]
    after = 0
    for (begin, end), text in zip(fields, shown(states), strict=True):
        yield from characters[after:begin]
        unit = characters[begin]
        for sign in text:
            yield StoryCharacter(sign, unit.cp_start, unit.cp_end)
        after = end
    yield from characters[after:]


def _form_fields(characters: Sequence[StoryCharacter]) -> Iterator[tuple[int, int]]:
    """Where boxes and lists begin and end."""
    begin = -1
    for at, unit in enumerate(characters):
        if unit.text == _BEGIN:
            begin = at
        elif unit.text == _END and begin >= 0:
            code = "".join(inner.text for inner in characters[begin + 1 : at])
            words = code.partition(_SEPARATOR)[0].replace(_PICTURE, " ").split()
            if words and words[0].upper() in FIELDS:
                yield begin, at + 1
            begin = -1


def _recorded(
    field: Sequence[StoryCharacter], data: bytes, properties: Callable[[int], Any]
) -> FieldState | None:
    """What the record says that the field's picture character points to."""
    for unit in field:
        if unit.text == _PICTURE:
            place = properties(unit.cp_start).picture_location
            if place is not None:
                return field_state(data, place)
    return None
