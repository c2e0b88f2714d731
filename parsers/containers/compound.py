"""Compound files (the binary container of .doc, .xls, .wps and .et), looked into.

Only the directory and single streams are read ([MS-CFB] 2.6); what the streams
mean is for the readers of their formats.
"""

from __future__ import annotations

import io
import struct

import olefile

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

#: what olefile raises on broken containers; it checks little beyond the header
_FAULTS = (
    OSError,  # its own error is one
    ValueError,
    IndexError,
    KeyError,
    TypeError,
    AttributeError,
    OverflowError,
    struct.error,
)

#: the streams in which documents have their content
_MAIN_STREAMS = frozenset({"WordDocument", "0Table", "1Table", "Workbook", "Book", "CONTENTS"})


class Compound:
    """A compound file; a broken one has no names and no streams."""

    def __init__(self, content: bytes) -> None:
        self.names: frozenset[str] = frozenset()
        self.class_id = ""
        self._file: olefile.OleFileIO | None = None
        try:
            self._file = olefile.OleFileIO(io.BytesIO(content))
            listed = self._file.listdir(streams=True, storages=True)
            self.names = frozenset("/".join(path) for path in listed)
            self.class_id = str(self._file.root.clsid if self._file.root else "").upper()
        except _FAULTS:
            self._file = None

    def stream(self, name: str) -> bytes | None:
        """The bytes of a stream, or None where it is missing or broken."""
        if self._file is None or name not in self.names:
            return None
        try:
            data: bytes = self._file.openstream(name).read()
        except _FAULTS:
            return None
        return data


def is_whole(content: bytes) -> bool:
    """Is every sector there that the directory and the streams of documents point to?"""
    try:
        with olefile.OleFileIO(
            io.BytesIO(content), raise_defects=olefile.DEFECT_INCORRECT
        ) as container:
            for path in container.listdir(streams=True, storages=False):
                if path[-1] in _MAIN_STREAMS:
                    container.openstream(path).read()
    except _FAULTS:
        return False
    return True
