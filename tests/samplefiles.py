"""Mails and documents that other programs are tested with, as robustness input.

They lie in archives beside the interpreter (``make .venv/.samples`` fetches them) and are
read out of these in memory. That they are missing is an error, never a reason to skip.
"""

from __future__ import annotations

import sys
import tarfile
import zipfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

SAMPLES = Path(sys.prefix) / "samples"
#: beginnings of archives' names, with the folder whose files are mails
MAILS = {"testsuite": "test_email/data/", "mail_parser": "tests/mails/"}
#: beginnings of archives' names, with the folder whose files are documents
DOCUMENTS = {
    "libarchive_c": "tests/data/",
    "olefile": "tests/images/",
    "python_docx": "python_docx-",
    "tnefparse": "tests/examples/",
}
#: kinds of files that are the packages' own code
_CODE = (".py", ".pyc", ".feature", ".rst", ".cfg", ".toml", ".txt.rst")


@cache
def mails() -> dict[str, bytes]:
    """Every message, by name."""
    return dict(_files(MAILS))


@cache
def documents() -> dict[str, bytes]:
    """Every document, picture and archive, by name."""
    return {name: data for name, data in _files(DOCUMENTS) if data and not name.endswith(_CODE)}


def _files(sources: dict[str, str]) -> Iterator[tuple[str, bytes]]:
    for package, folder in sources.items():
        archive = next(SAMPLES.glob(f"{package}*"), None)
        if archive is None:
            raise FileNotFoundError(
                f"{SAMPLES}/{package}*: the sample files are missing; make .venv/.samples"
            )
        for path, data in _members(archive):
            if folder in path:
                yield f"{package}/{path.rpartition('/')[2]}", data


def _members(archive: Path) -> Iterator[tuple[str, bytes]]:
    if archive.suffix == ".zip":
        with zipfile.ZipFile(archive) as packed:
            for info in packed.infolist():
                if not info.is_dir():
                    yield info.filename, packed.read(info)
        return
    with tarfile.open(archive) as packed:
        for member in packed:
            if member.isfile() and (file := packed.extractfile(member)) is not None:
                yield member.name, file.read()
