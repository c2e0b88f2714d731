"""Pictures and scans in a child process of their own: the parent's side.

Optical recognition needs a gigabyte and seconds a page, so it is never done in the child
that reads everything else. That one says which documents hold pictures; those are
read again here, one at a time in the whole program, by a child that lives for one mail.
What goes wrong costs the recognition and nothing else: the document stays as it was read.
"""

from __future__ import annotations

import importlib.util
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from mailbot.log import logger
from mailbot.reading import child as far_side
from mailbot.reading.child import MEGABYTE, Bounds
from mailbot.reading.errand import Run, nowhere
from mailbot.reading.isolation import Child, ChildFault, ReadingUnavailable, Serve
from parsers.codec import CodecError, document_from_json
from parsers.limits import Limits
from parsers.model import Document, Problem
from parsers.spec import SpecSet

#: Measured: 1.1 GB resident and 1.7 GB of address space for a page of A4, 0.6 GB more for a
#: photograph of 48 million points; 4 to 8 s on an idle core, and ten times that on a busy machine.
BOUNDS = Bounds(memory=2560 * MEGABYTE, cpu_seconds=1200, wall_seconds=1200.0)

_MOST = 30  # documents with pictures in one mail; the rest is left to people
_LIBRARIES = ("rapidocr", "onnxruntime", "cv2")
_one_at_a_time = threading.Lock()

_NOT_DONE = "扫描件或图片中的文字识别未能完成，请人工查看原件。"
_TOO_MANY = "同一邮件中的扫描件和图片过多，未再识别其中的文字，请人工查看原件。"


def is_installed() -> bool:
    """Is the extra ``ocr`` there? Imports nothing of it."""
    return all(importlib.util.find_spec(name) is not None for name in _LIBRARIES)


class Recogniser:
    """Reads again, with eyes, what is only pictures."""

    def __init__(
        self,
        specs: Sequence[SpecSet],
        limits: Limits,
        *,
        bounds: Bounds = BOUNDS,
        serve: Serve = far_side.serve_pictures,
    ) -> None:
        self._specs = tuple(specs)
        self._limits = limits
        self._bounds = bounds
        self._serve = serve
        self._log = logger("recognising")

    def read(
        self,
        request: Mapping[str, Any],
        documents: Sequence[Document],
        chosen: Iterable[int],
        run: Run = nowhere,
    ) -> list[Document]:
        """The documents, those at the ``chosen`` places read again.

        ``request`` is the one they were read with (:mod:`mailbot.reading.child`), ``run`` how
        documents are converted that stand beside the pictures in an archive.
        """
        result, asked = list(documents), {**request, "only": True}
        wanted = list(chosen)
        for number in wanted[_MOST:]:
            result[number] = _noted(result[number], _TOO_MANY)
        if wanted:
            with _one_at_a_time, self._children() as children:
                for number in wanted[:_MOST]:
                    result[number] = self._again(children, asked, number, result[number], run)
        return result

    def _again(
        self,
        children: _Children,
        request: dict[str, Any],
        number: int,
        known: Document,
        run: Run,
    ) -> Document:
        try:
            frames = children.get().ask({**request, "start": number}, run)
            found = [
                document_from_json(frame["document"]) for frame in frames if "document" in frame
            ]
        except (ChildFault, ReadingUnavailable, CodecError) as fault:
            children.drop()
            reason = fault.reason if isinstance(fault, ChildFault) else type(fault).__name__
            self._log.warning("recognition.fault", reason=reason, document=number)
            return _noted(known, _NOT_DONE)
        if [entry.sha256 for entry in found] != [known.sha256]:
            return _noted(known, _NOT_DONE)
        return found[0]

    @contextmanager
    def _children(self) -> Iterator[_Children]:
        children = _Children(self._serve, self._specs, self._limits, self._bounds)
        try:
            yield children
        finally:
            children.drop()


class _Children:
    """One child, a new one after each fault."""

    def __init__(self, *how: Any) -> None:
        self._how = how
        self._child: Child | None = None

    def get(self) -> Child:
        """The one there is. Raises ReadingUnavailable."""
        if self._child is None:
            self._child = Child(*self._how)
        return self._child

    def drop(self) -> None:
        """End it, if there is one."""
        if self._child is not None:
            self._child.close()
            self._child = None


def _noted(document: Document, message: str) -> Document:
    """The document as it was, with a remark for people."""
    problem = Problem(code="document.partial", message=message)
    return replace(document, problems=(*document.problems, problem))
