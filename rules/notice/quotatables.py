"""Quota tables: from the bytes of a CSV to its rows, and what in them no quota can make use of.

A cell that is neither a number nor one of the quota's ``special`` texts would
quietly send everybody of that region to a person; here it is a mistake with its
line. Refuses to count places; that is :mod:`rules.checks.quotas`.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from parsers.forms.labels import normalise_name
from rules.notice.campaign import Campaign, Quota
from rules.notice.complaints import Complaint, Rejected, suggestion


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotaTable:
    """The rows of one file, each with its 1-based line."""

    rows: tuple[dict[str, str], ...]
    lines: tuple[int, ...]


def read_table(name: str, body: bytes) -> QuotaTable:
    """The rows by the header's names, blanks around cells taken off. Raises Rejected."""
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        message = "不是 UTF-8 编码，请另存为“CSV UTF-8”"
        raise Rejected([Complaint(file=name, line=1, key="", message=message)]) from None
    rows, lines = [], []
    reader = csv.DictReader(io.StringIO(text))
    for row in reader:
        if None in row or None in row.values():
            message = (
                f"这一行的列数与标题行（{len(reader.fieldnames or ())} 列）不同；"
                "空着的格也要留逗号，格中的逗号请把整格放在半角引号内"
            )
            line = reader.line_num
            raise Rejected([Complaint(file=name, line=line, key="", message=message)])
        if not any(value.strip() for value in row.values()):
            continue  # empty rows at the end of a worksheet
        rows.append({key.strip(): value.strip() for key, value in row.items()})
        lines.append(reader.line_num)
    return QuotaTable(rows=tuple(rows), lines=tuple(lines))


def table_complaints(campaign: Campaign, tables: Mapping[str, QuotaTable]) -> Iterator[Complaint]:
    """Every region written twice, and every cell that no number and no ``special`` explains."""
    seen: set[tuple[str, str]] = set()
    for quota in campaign.quotas:
        table = tables.get(quota.table)
        if table is None:
            continue
        for complaint in (*_regions(quota, table), *_cells(quota, table)):
            place = (f"{complaint.file}:{complaint.line}", complaint.message)
            if place not in seen:
                seen.add(place)
                yield complaint


def _regions(quota: Quota, table: QuotaTable) -> Iterator[Complaint]:
    first: dict[str, int] = {}
    for row, line in zip(table.rows, table.lines, strict=True):
        name = normalise_name(row[quota.region_column])
        earlier = first.setdefault(name, line)
        if earlier != line:
            message = f"{row[quota.region_column]} 已写在第 {earlier} 行，请只保留一行"
            yield _complaint(quota, line, quota.region_column, message)


def _cells(quota: Quota, table: QuotaTable) -> Iterator[Complaint]:
    texts = [special.text for special in quota.special]
    for row, line in zip(table.rows, table.lines, strict=True):
        text = row[quota.column]
        if text.isdecimal() or text in texts:
            continue
        cell = f"“{text}”" if text else "空格"
        guess = suggestion(text, [known for known in texts if known])
        message = (
            f"{row[quota.region_column]} 的名额为{cell}，不是数{guess}；请改为数，"
            f'或在名额 {quota.id} 中写明含义：special = [{{ text = "{text}", meaning = "…" }}]，'
            "unlimited 为不限，staff 为由人核定"
        )
        yield _complaint(quota, line, quota.column, message)


def _complaint(quota: Quota, line: int, column: str, message: str) -> Complaint:
    return Complaint(file=quota.table, line=line, key=column, message=message)
