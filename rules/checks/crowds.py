"""Many files with the same complaint: told in one sentence that names them.

An archive may hold two thousand files of which none can be read. A sender reads no two
thousand sentences, and nobody should be made to write them. Decides nothing: severity,
item and words stay those of the single complaints.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from rules.checks.findings import Defect

_FEW = 5  #: files told one by one
_NAMED = 20  #: files named in one sentence, the rest counted


def file_words(file: str) -> str:
    """How a message about a file begins."""
    return f"文件“{file}”"


def gathered(defects: Iterable[Defect]) -> Iterator[Defect]:
    """The defects in their order, those of more than a few files that say the same as one."""
    groups: dict[Defect, list[Defect]] = {}
    for defect in defects:
        groups.setdefault(_apart_from_the_file(defect), []).append(defect)
    for alike, crowd in groups.items():
        if len(crowd) <= _FEW:
            yield from crowd
        else:
            yield _as_one(alike, crowd)


def _apart_from_the_file(defect: Defect) -> Defect:
    """What files have to have in common; a defect that begins with no file stays as it is."""
    begin = file_words(defect.document)
    if not defect.document or not defect.message.startswith(begin):
        return defect
    archive = defect.document.rpartition("/")[0]
    return replace(defect, document=archive, message=defect.message.removeprefix(begin))


def _as_one(alike: Defect, crowd: list[Defect]) -> Defect:
    names = "、".join(f"“{defect.document.rpartition('/')[2]}”" for defect in crowd[:_NAMED])
    where = f"“{alike.document}”中的" if alike.document else ""
    etc = "等" if len(crowd) > _NAMED else "共"
    return replace(alike, message=f"{where}{names}{etc}{len(crowd)}个文件{alike.message}")
