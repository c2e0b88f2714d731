"""Reading one archived mail in a limited child process: the parent's side.

A child serves several mails and is replaced after a number of them, or after any
fault. Because it answers document by document, a fault (crash, endless loop, too
much memory, an answer that is none) is known to belong to one document: that one
is tried once more alone in a new child and then written down as harmful, and the
mail goes on. Nothing from the child is unpickled, run or trusted in its shape.
"""

from __future__ import annotations

import queue
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from mailbot.log import logger
from mailbot.model import CloudLink, Envelope, Reading
from mailbot.ports import ArchiveError
from mailbot.reading import child as far_side
from mailbot.reading.child import Bounds
from mailbot.reading.converter import Converter
from mailbot.reading.errand import Run, nowhere
from mailbot.reading.isolation import CRASH, GARBAGE, TIME_OUT, Child, ChildFault, Serve
from mailbot.reading.recognising import BOUNDS as RECOGNITION
from mailbot.reading.recognising import Recogniser
from mailbot.wire import BadShape, envelope_from_json, link_from_json
from parsers.codec import document_from_json
from parsers.limits import Limits
from parsers.model import Document, Problem
from parsers.spec import SpecSet

_FAULTS = 5  # harmful documents in one mail; after these the rest is not tried

_UNSAFE = (
    "读取时{reason}，为安全起见未采用其内容，"
    "请用 Word 或 Excel 打开后另存为 .docx 或 .xlsx 格式重新发送。"
)
_UNREADABLE = "内容无法读取，请用 Word 或 Excel 打开确认完好，另存为新文件后重新发送。"
_NOT_TRIED = (
    "同一邮件中已有多个文件无法安全读取，此文件未再读取，请确认各文件完好后，另发邮件提交。"
)
_REASONS = {
    TIME_OUT: "超过了允许的时间",
    GARBAGE: "得到了异常的结果",
    "MemoryError": "占用了过多内存",
    "RecursionError": "遇到了过深的嵌套",
}


def _words(fault: ChildFault) -> str:
    """The reason in Chinese, to be read after 读取时."""
    return _REASONS.get(fault.reason, "程序意外中止")


def _problem(fault: ChildFault) -> Problem:
    """What is written down about the file that did it."""
    if fault.reason in _REASONS or fault.reason == CRASH:
        message = _UNSAFE.format(reason=_words(fault))
        return Problem(code="document.unsafe", message=message)
    # an exception that the reader did not expect: damage, hardly an attack
    return Problem(code="document.unreadable", message=_UNREADABLE)


@dataclass(slots=True)
class _Progress:
    """How far the reading of one mail has come, over several children."""

    envelope: Envelope = field(default_factory=Envelope)
    body: str = ""
    links: tuple[CloudLink, ...] = ()
    defects: tuple[str, ...] = ()
    files: list[Document] | None = None  #: the attachments, unread; None: not taken apart yet
    documents: list[Document] = field(default_factory=list)
    failure: str = ""
    faults: int = 0
    pictures: list[int] = field(default_factory=list)  #: documents that hold any
    again: bool = False  #: what comes next has killed a child already
    finished: bool = False

    def take(self, frame: dict[str, Any]) -> None:
        """One frame more. Raises BadShape, KeyError, TypeError, ValueError."""
        if "envelope" in frame:
            self.envelope = envelope_from_json(frame["envelope"])
        if "files" in frame:
            files = [
                Document(file=str(part["name"]), sha256=str(part["sha256"]), size=int(part["size"]))
                for part in frame["files"]
            ]
            self.body = str(frame["body"])
            self.links = tuple(link_from_json(link) for link in frame["links"])
            self.defects = tuple(str(defect) for defect in frame["defects"])
            self.again = self.again and self.files is not None
            self.files = files
        if "document" in frame:
            if int(frame.get("pictures", 0)):
                self.pictures.append(len(self.documents))
            self.documents.append(document_from_json(frame["document"]))
            self.again = False
        if "refused" in frame:
            self.failure = str(frame["refused"])
        self.finished = bool(frame.keys() & {"end", "refused"})

    def blame(self, fault: ChildFault, *, certain: bool) -> None:
        """What comes next killed a child: try it once more alone, or write it off."""
        if not certain:
            self.again = True
        elif self.files is None or len(self.documents) >= len(self.files):
            self.failure = f"读取邮件时{_words(fault)}，原件已保存，请人工查看"
            self.finished = True
        else:
            self._write_off(fault)

    def _write_off(self, fault: ChildFault) -> None:
        files = self.files or []
        harmful = files[len(self.documents)]
        self.documents.append(replace(harmful, problems=(_problem(fault),)))
        self.faults += 1
        self.again = False
        if self.faults >= _FAULTS:
            problem = Problem(code="document.unsafe", message=_NOT_TRIED)
            for rest in files[len(self.documents) :]:
                self.documents.append(replace(rest, problems=(problem,)))
        self.finished = len(self.documents) == len(files)

    def reading(self) -> Reading:
        """Everything together."""
        return Reading(
            envelope=self.envelope,
            body=self.body,
            documents=tuple(self.documents),
            links=self.links,
            defects=self.defects,
        )


class Reader:
    """Reads mails in up to ``workers`` children at once; safe to use from several threads."""

    def __init__(
        self,
        specs: Sequence[SpecSet],
        limits: Limits | None = None,
        *,
        bounds: Bounds | None = None,
        workers: int = 2,
        serve: Serve = far_side.serve,
        converter: Converter | None = None,
        recognises: bool = False,
        recognition: Bounds = RECOGNITION,
    ) -> None:
        """``converter`` is closed with the reader; without one, nothing is converted.

        ``recognises`` needs the extra ``ocr``; without it pictures are left alone.
        ``recognition`` is what that may use, in a child of its own.
        """
        self._serve = serve
        self._converter = converter
        self._specs = tuple(specs)
        self._limits = limits or Limits()
        self._bounds = bounds or Bounds()
        self._log = logger("reading")
        self._recogniser = (
            Recogniser(self._specs, self._limits, bounds=recognition) if recognises else None
        )
        self.workers = workers
        self._places: queue.LifoQueue[Child | None] = queue.LifoQueue()
        for _ in range(workers):
            self._places.put(None)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the children; waits for a mail in hand."""
        for _ in range(self.workers):
            child = self._places.get()
            if child is not None:
                child.close()
        for _ in range(self.workers):
            self._places.put(None)
        if self._converter is not None:
            self._converter.close()

    def read(self, path: Path, sha256: str = "") -> Reading:
        """What stands in the message in this file; harm becomes a problem of one document.

        Raises ArchiveError when the file is gone or is not what ``sha256`` says,
        ReadingUnavailable when no child can be had.
        """
        progress = _Progress()
        with self._conversions() as run:
            self._read_on(progress, path, sha256, run)
            self._recognise({"what": "mail", "path": str(path), "sha256": sha256}, progress, run)
        if progress.failure:
            return self._head_alone(path, sha256, progress.failure)
        return progress.reading()

    def _read_on(self, progress: _Progress, path: Path, sha256: str, run: Run) -> None:
        """Until the mail is read or given up, with as many children as that takes."""
        while not progress.finished:
            start = len(progress.documents)
            request = {"what": "mail", "path": str(path), "sha256": sha256, "start": start}
            fresh = False
            try:
                with self._child(fresh=progress.again) as child:
                    fresh = child.served == 0
                    _follow(child.ask(request, run), progress, path)
            except ChildFault as fault:
                self._note(fault, sha256, len(progress.documents))
                alone = fresh and len(progress.documents) == start
                progress.blame(fault, certain=progress.again or alone)

    def read_document(self, path: Path, name: str = "", *, content: bool = False) -> Document:
        """One file on its own, in a child as well; with ``content`` its lines and grids, too.

        Raises ArchiveError when it is gone.
        """
        request = {
            "what": "document",
            "path": str(path),
            "sha256": "",
            "name": name or path.name,
            "content": content,
        }
        progress = _Progress()
        try:
            with self._conversions() as run:
                with self._child() as child:
                    _follow(child.ask(request, run), progress, path)
                self._recognise(request, progress, run)
        except ChildFault as fault:
            self._note(fault, "", 0)
            problem = _problem(fault)
            return Document(file=name or path.name, sha256="", problems=(problem,))
        return progress.documents[0]

    def _recognise(self, request: dict[str, Any], progress: _Progress, run: Run) -> None:
        """Read what is only pictures again, where the extra is installed."""
        if self._recogniser is not None and not progress.failure:
            progress.documents = self._recogniser.read(
                request, progress.documents, progress.pictures, run
            )

    def _head_alone(self, path: Path, sha256: str, failure: str) -> Reading:
        """The message could not be taken apart: only what its header says."""
        progress = _Progress()
        try:
            with self._child(fresh=True) as child:
                _follow(
                    child.ask({"what": "head", "path": str(path), "sha256": sha256}), progress, path
                )
        except ChildFault as fault:
            self._note(fault, sha256, 0)
        return Reading(envelope=progress.envelope, failure=failure)

    @contextmanager
    def _conversions(self) -> Iterator[Run]:
        """How to have documents converted while one mail is read."""
        if self._converter is None:
            yield nowhere
            return
        with self._converter.mail() as made:
            yield made

    @contextmanager
    def _child(self, *, fresh: bool = False) -> Iterator[Child]:
        """A child for the length of one request; after any fault it is not used again."""
        child = self._places.get()
        kept: Child | None = None
        try:
            if child is not None and fresh:
                child.close()
                child = None
            if child is None:
                child = Child(self._serve, self._specs, self._limits, self._bounds)
            yield child
            if child.served < self._bounds.mails:
                kept = child
        finally:
            if child is not None and kept is None:
                child.close()
            self._places.put(kept)

    def _note(self, fault: ChildFault, sha256: str, document: int) -> None:
        self._log.warning(
            "child.fault",
            reason=fault.reason,
            place=fault.place,
            mail=sha256[:12],
            document=document,
        )


def _follow(frames: Iterator[dict[str, Any]], progress: _Progress, path: Path) -> None:
    """Take the frames up. Raises ChildFault where one has not the promised shape."""
    try:
        for frame in frames:
            if "gone" in frame:
                raise ArchiveError(
                    f"归档文件 {path} 无法读取或内容已改变（{frame['gone']}）。请从备份恢复该文件。"
                )
            progress.take(frame)
    except (BadShape, KeyError, TypeError, ValueError) as error:
        raise ChildFault(GARBAGE) from error
