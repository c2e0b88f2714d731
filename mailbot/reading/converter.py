"""The office program as converter: one process a file, one at a time, in rooms of our own.

What nothing lighter reads (:mod:`parsers.foreign`) becomes .docx or .xlsx here and is
read in the limited child like any other. The program gets a copy under a name of ours
in an empty folder, a fresh profile that runs no macro and follows no link, limits on
memory, time and the size of files, and no network where the system allows to take it
away (:mod:`mailbot.reading.office`). Its exit code says nothing; only the file that it wrote
does. Contents are not looked at here.
"""

from __future__ import annotations

import errno
import os
import shutil
import signal
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from mailbot.log import logger
from mailbot.ports import WorldError
from mailbot.reading.errand import Errand
from mailbot.reading.office import Caps, Room, find_program, run_office, unshared, write_profile
from parsers.foreign import SHEETS, Kind, Reason, Untranslated

#: With less free space than this, bytes, a conversion that failed is no document's fault.
_ROOM = 32 * 1024 * 1024
_MAILS_SHARE = 5  # times the limit for one file: all conversions of one mail together
_TARGETS = {True: ("xlsx", "Calc MS Excel 2007 XML"), False: ("docx", "MS Word 2007 XML")}
#: where the content alone would not settle it; binary files are told apart by the program
_FILTERS: dict[Kind, str] = {"rtf": "Rich Text Format", "odt": "writer8", "ods": "calc8"}

_NO_ROOM = "转换文件时磁盘读写失败（{why}）。请检查临时文件夹 {folder} 的空间和权限；邮件不会丢失，稍后自动重试。"


class Converter:
    """Converts one file at a time, whichever threads ask; close it."""

    def __init__(
        self,
        caps: Caps | None = None,
        *,
        program: Path | None = None,
        scratch: Path | None = None,
    ) -> None:
        """``program`` stands for the one on the search path, ``scratch`` for the system's folder."""
        self._scratch = scratch or Path(tempfile.gettempdir())
        self.caps = caps or Caps()
        self._named = program
        self._turn = threading.Lock()
        self._room: Room | None = None
        self._ready = False  #: the template of the profile is made
        self._alone: list[str] = []  #: what takes the network away, where that works
        self._log = logger("converter")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Remove every file; waits for a conversion in hand."""
        with self._turn:
            if self._room is not None:
                self._room.close()
            self._room, self._ready = None, False

    @contextmanager
    def mail(self) -> Iterator[Conversions]:
        """The conversions of one mail; what they made is gone afterwards."""
        made = Conversions(self)
        try:
            yield made
        finally:
            made.close()

    def convert(self, kind: Kind, pieces: Iterable[bytes]) -> tuple[Path, float]:
        """The file made, and the seconds it took; whoever asked removes its folder.

        Takes all pieces or none. Raises Untranslated, WorldError.
        """
        program = self._named or find_program()
        if program is None:
            raise Untranslated("missing")
        with self._turn:
            began = time.monotonic()
            folder: Path | None = None
            try:
                folder = self._template(program).parent / f"job-{time.monotonic_ns()}"
                made = self._converted(program, kind, pieces, folder)
            except BaseException as error:
                if folder is not None:
                    shutil.rmtree(folder, ignore_errors=True)
                if isinstance(error, OSError):
                    text = _NO_ROOM.format(
                        why=error.strerror or type(error).__name__, folder=self._scratch
                    )
                    raise WorldError(text) from error
                raise
            return made, time.monotonic() - began

    def _converted(self, program: Path, kind: Kind, pieces: Iterable[bytes], folder: Path) -> Path:
        source, target = folder / f"document.{kind}", folder / "made"
        shutil.copytree(self._template(program), folder / "profile")
        with source.open("wb") as file:
            for piece in pieces:
                file.write(piece)
        suffix, writer = _TARGETS[kind in SHEETS]
        reader = [f"--infilter={_FILTERS[kind]}"] if kind in _FILTERS else []
        made = target / f"document.{suffix}"
        code = run_office(
            program, folder, self.caps, self._alone, *reader, "--convert-to", f"{suffix}:{writer}",
            "--outdir", str(target), str(source),
        )  # fmt: skip
        shutil.rmtree(folder / "profile", ignore_errors=True)
        source.unlink(missing_ok=True)
        problem = _problem(code, made, self.caps.largest)
        if problem == "failed" and shutil.disk_usage(folder).free < _ROOM:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        if problem is not None:
            self._log.warning("conversion.failed", kind=kind, reason=problem, code=code)
            raise Untranslated(problem)
        return made

    def _template(self, program: Path) -> Path:
        """A profile that the program has run in once, made by the first conversion."""
        if self._room is None or not self._room.path.is_dir():  # someone may tidy up there
            self._room, self._ready = Room(self._scratch), False
        template = self._room.path / "profile"
        if not self._ready:
            write_profile(template)
            self._alone = unshared()
            run_office(program, self._room.path, self.caps, self._alone, "--terminate_after_init")
            self._ready = True
        return template


class Conversions:
    """What was converted for one mail: the same bytes once, and not for ever."""

    def __init__(self, converter: Converter) -> None:
        self._converter = converter
        self._known: dict[tuple[Kind, str], Path | Reason] = {}
        self._left = _MAILS_SHARE * converter.caps.seconds

    def __call__(self, errand: Errand, pieces: Iterable[bytes]) -> Path:
        """Implements :data:`mailbot.reading.errand.Run`."""
        key = errand.kind, errand.sha256
        if key not in self._known:
            self._known[key] = self._made(errand, pieces)
        found = self._known[key]
        if isinstance(found, Path):
            return found
        raise Untranslated(found)

    def _made(self, errand: Errand, pieces: Iterable[bytes]) -> Path | Reason:
        if self._left <= 0:
            return "late"
        began = time.monotonic()
        try:
            made, spent = self._converter.convert(errand.kind, pieces)
        except Untranslated as error:
            self._left -= time.monotonic() - began
            return error.reason
        self._left -= spent
        return made

    def close(self) -> None:
        """Remove what was made."""
        for made in self._known.values():
            if isinstance(made, Path):
                shutil.rmtree(made.parent.parent, ignore_errors=True)
        self._known.clear()


def _problem(code: int | None, made: Path, largest: int) -> Reason | None:
    """Why there is nothing to read, if so."""
    if code is None or code == -signal.SIGXCPU:
        return "late"
    size = made.stat().st_size if made.is_file() and not made.is_symlink() else 0
    if code == -signal.SIGXFSZ or size >= largest:
        return "outgrown"
    return None if size else "failed"
