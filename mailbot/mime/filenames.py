"""Names of attached files: the best of those given, made harmless, or one made up.

A name is for people's eyes. Nothing is ever written to disk under it.
"""

from __future__ import annotations

import mimetypes
import re
import unicodedata

from mailbot.mime import headers
from parsers.containers.winmail import SIGNATURE as WINMAIL
from parsers.sniff import examine

#: Built-in tables only: those of the machine would make names differ between machines.
_TYPES = mimetypes.MimeTypes(filenames=())
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MAGIC = (
    (b"%PDF-", ".pdf"),
    (b"Rar!\x1a\x07", ".rar"),
    (b"7z\xbc\xaf\x27\x1c", ".7z"),
    (b"\xff\xd8\xff", ".jpg"),
    (b"\x89PNG\r\n\x1a\n", ".png"),
    (b"{\\rtf", ".rtf"),
)
_NAME_BYTES = 200


def best(*names: str) -> str:
    """The first name, in the order of trust, that came through whole."""
    candidates = [name for name in map(harmless, names) if name]
    whole = (name for name in candidates if "\ufffd" not in name and "??" not in name)
    return next(whole, candidates[0] if candidates else "")


def harmless(name: str) -> str:
    """A name for display: no folders, no invisible or control characters, not endless."""
    name = unicodedata.normalize("NFC", headers.one_line(name))
    name = "".join(char for char in name if unicodedata.category(char) not in ("Cc", "Cf", "Cs"))
    if re.match(r"[A-Za-z]:\\|\\\\", name):  # the path on the sender's disk
        name = name.rpartition("\\")[2]
    name = re.sub(r"[\\/]", "_", name).strip(" .")
    if len(name.encode("utf-8")) <= _NAME_BYTES:
        return name
    stem, dot, extension = name.rpartition(".")
    extension = dot + extension if stem and len(extension) <= 10 else ""  # noqa: PLR2004 - ".docx"
    kept = (stem if extension else name).encode("utf-8")[: _NAME_BYTES - len(extension.encode())]
    return kept.decode("utf-8", "replace").rstrip("\ufffd") + extension


def made_up(number: int, media_type: str, content: bytes) -> str:
    """A name for a file that came without: 附件1.docx; by content, then by media type."""
    return f"附件{number}{_extension(media_type, content)}"


def _extension(media_type: str, content: bytes) -> str:
    for magic, extension in _MAGIC:
        if content.startswith(magic):
            return extension
    told = examine(content, "").format
    if told == "eml" and not content.startswith(_OLE):
        return ".dat" if content.startswith(WINMAIL) else ".eml"
    if told == "eml":
        return ".msg"
    declared = _TYPES.guess_extension(media_type) or _OFFICE.get(media_type, "")
    if told in _BINARY and declared not in _KINGSOFT.get(told, ()):
        return f".{told}"
    return declared or _TEXTS.get(told, ".bin")


#: told by the bytes for certain, whatever the sender's program declares
_BINARY = frozenset({"docx", "xlsx", "doc", "xls", "zip"})
_KINGSOFT = {"doc": (".wps",), "xls": (".et",)}  #: the same container
_TEXTS = {"text": ".txt", "html": ".html"}
_OFFICE = {
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "application/vnd.ms-excel": ".xls",
    "application/wps-office.doc": ".wps",
    "application/wps-office.xls": ".et",
}
