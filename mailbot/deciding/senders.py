"""The senders that staff know: which unit an address writes for, and where that belongs.

A list that staff keep in Excel or WPS and save as CSV; the service looks at it again
whenever it has changed. It helps only where the papers themselves name no unit or no
region: what an applicant writes is never overruled by it.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from mailbot.log import logger
from rules.notice.complaints import Complaint, Rejected

_ADDRESS, _UNIT, _REGION = "邮箱", "单位", "地区"
_WRITTEN = re.compile(r"(?:[^@\s<>,;]+)?@[^@\s<>,;]+\.[^@\s<>,;]+")
_LARGEST = 4 * 1024 * 1024  # bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """Whom an address stands for."""

    unit: str = ""
    region: str = ""


NOBODY = Sender()


@dataclass(slots=True)
class KnownSenders:
    """The list in a file, or none. A wrong list is told once; what was right stays in use."""

    file: Path | None = None
    _entries: Mapping[str, Sender] = field(default_factory=dict)
    _seen: tuple[int, int] | None = None

    def of(self, address: str) -> Sender:
        """Whom this address, or else its whole domain (``@example.org``), stands for."""
        self._look_again()
        address = address.strip().lower()
        domain = "@" + address.rpartition("@")[2]
        return self._entries.get(address) or self._entries.get(domain) or NOBODY

    def _look_again(self) -> None:
        if self.file is None:
            return
        try:
            status = self.file.stat()
            now = (status.st_mtime_ns, status.st_size)
            if now == self._seen:
                return
            self._seen = now
            self._entries = read_senders(self.file)
        except (OSError, Rejected) as error:
            logger("senders").error("senders.unreadable", error=str(error))


def read_senders(file: Path) -> dict[str, Sender]:
    """The list by address, or ``@domain``, in lower case. Raises Rejected with every mistake."""
    try:
        source = file.read_bytes()
    except OSError as error:
        advice = f"打不开（{error.strerror}）。请检查 [staff] senders 所写的文件"
        raise Rejected([_complaint(file, 0, "", advice)]) from None
    mistakes: list[Complaint] = []
    found: dict[str, Sender] = {}
    if len(source) > _LARGEST:
        raise Rejected([_complaint(file, 0, "", "文件过大，应为邮箱、单位、地区三列的名单")])
    for line, row in _rows(file, source):
        address = row.get(_ADDRESS, "").lower()
        if not any(row.values()):
            continue
        if not _WRITTEN.fullmatch(address):
            text = f"“{address}”不是邮箱地址，应如 zhang@example.org，或 @example.org（整个域名）"
            mistakes.append(_complaint(file, line, _ADDRESS, text))
        elif address in found:
            mistakes.append(_complaint(file, line, _ADDRESS, f"{address} 写了两次"))
        else:
            found[address] = Sender(unit=row.get(_UNIT, ""), region=row.get(_REGION, ""))
    if mistakes:
        raise Rejected(mistakes)
    return found


def _rows(file: Path, source: bytes) -> Iterator[tuple[int, dict[str, str]]]:
    """Line number and cells by heading."""
    reader = _lines(file, io.StringIO(_text(file, source), newline=""))
    _, first = next(reader, (0, []))
    heads = [cell.strip() for cell in first]
    if _ADDRESS not in heads or not {_UNIT, _REGION} & set(heads):
        text = f"第一行应为列名：{_ADDRESS},{_UNIT},{_REGION}"
        raise Rejected([_complaint(file, 1, "", text)])
    for line, cells in reader:
        yield line, {head: cell.strip() for head, cell in zip(heads, cells, strict=False)}


def _lines(file: Path, text: io.StringIO) -> Iterator[tuple[int, list[str]]]:
    """Line number and cells. Raises Rejected where it is no CSV."""
    reader = csv.reader(text)
    try:
        for cells in reader:
            yield reader.line_num, cells
    except csv.Error:
        told = "这一行不是 CSV 格式，请在 Excel 中另存为 CSV 格式"
        raise Rejected([_complaint(file, reader.line_num, "", told)]) from None


def _text(file: Path, source: bytes) -> str:
    """As Excel and WPS save it: UTF-8 with a mark, or the code page of Chinese Windows."""
    for charset in ("utf-8-sig", "gb18030"):
        try:
            return source.decode(charset)
        except UnicodeDecodeError:
            continue
    raise Rejected([_complaint(file, 0, "", "不是文本文件，请在 Excel 中另存为 CSV 格式")])


def _complaint(file: Path, line: int, key: str, message: str) -> Complaint:
    return Complaint(file=str(file), line=line, key=key, message=message)
