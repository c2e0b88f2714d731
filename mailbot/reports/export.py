"""The register as tables: one of all items, one of each category, one of all files.

Makes the tables from the register's read models and hands them to the writer of
the wanted format. The formats themselves are written in
:mod:`mailbot.reports.workbook` and :mod:`mailbot.reports.papertable`; comma-separated text is
written here. No value of an applicant may become a formula in any of them.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from mailbot.letters import wording
from mailbot.reports import papertable, workbook
from mailbot.reports.sheet import CellValue, Sheet, is_formula_like, make_sheet, shown
from mailbot.store.views import ExportRow, FileRow
from parsers.model import Value
from parsers.spec import FieldSpec, FieldType, Must
from rules.checks.findings import shown_label
from rules.model import EFFECT, Severity
from rules.notice.campaign import Campaign, Category

FORMATS = (".xlsx", ".csv", ".docx")

_NUMBERS = (FieldType.INTEGER, FieldType.DECIMAL, FieldType.PERCENT, FieldType.MONEY)
_HAND = (FieldType.SIGNATURE, FieldType.STAMP, FieldType.SERIAL)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportRequest:
    """What is exported."""

    campaign: Campaign
    rows: tuple[ExportRow, ...]
    files: tuple[FileRow, ...] = ()
    made_at: datetime  #: aware


def export_register(request: ExportRequest, path: Path) -> None:
    """Write the register; the ending of ``path`` says in which format.

    Raises ValueError for another ending than FORMATS, OSError where the file
    cannot be written. The file is made whole in memory first.
    """
    title = f"{request.campaign.title}　申报登记"
    made = f"导出时间：{wording.moment_text(request.made_at, request.campaign.timezone)}"
    match path.suffix.lower():
        case ".xlsx":
            content = workbook.write(sheets(request), title=title, note=made)
        case ".docx":
            content = papertable.write(register_sheet(request), title=title, note=made)
        case ".csv":
            content = to_csv(flat_sheet(request))
        case other:
            raise ValueError(f"不能导出为 {other or '无扩展名的文件'}，请用 {'、'.join(FORMATS)}")
    path.write_bytes(content)


def sheets(request: ExportRequest) -> tuple[Sheet, ...]:
    """All sheets of the workbook."""
    parts = [register_sheet(request)]
    parts += [
        category_sheet(request, category)
        for category in request.campaign.categories
        if any(row.item.category == category.id for row in request.rows)
    ]
    return (*parts, files_sheet(request))


def register_sheet(request: ExportRequest) -> Sheet:
    """Every item, one row each."""
    heads = ("受理编号", "类别", "企业", "名称", "地区", "结论", "首次到达", "最近到达",
             "未决事项", "核对提示", "等级", "人工决定", "已核对", "发件人", "编号")  # fmt: skip
    rows = [_register_row(request, row) for row in request.rows]
    return make_sheet("登记总表", heads, rows)


def category_sheet(request: ExportRequest, category: Category) -> Sheet:
    """The items of one category with everything their form says."""
    specs = _columns(request.campaign, category)
    heads = ("受理编号", "结论", *(shown_label(spec) for spec in specs))
    rows = [
        (
            row.item.receipt or "",
            wording.STATES[row.item.state],
            *(_value(row, spec) for spec in specs),
        )
        for row in request.rows
        if row.item.category == category.id
    ]
    return make_sheet(category.name, heads, rows)


#: files that are only the wrapping of others, by format
_CONTAINERS = {**dict.fromkeys(("zip", "rar", "7z", "tar"), "压缩包"), "eml": "邮件"}


def files_sheet(request: ExportRequest) -> Sheet:
    """Every file that came."""
    heads = ("单位", "文件", "识别为", "格式", "大小（字节）", "问题", "到达", "发件人",
             "SHA-256", "邮件")  # fmt: skip
    campaign = request.campaign
    rows = [
        (
            wording.clean(entry.unit),
            wording.clean(entry.document.file),
            "；".join(campaign.paper_name(kind) for kind in entry.document.kinds)
            or _CONTAINERS.get(entry.document.format, "未识别"),
            entry.document.format,
            entry.document.size,
            "；".join(wording.clean(message) for _, message in entry.document.problems),
            _local(entry.arrived, campaign),
            entry.sender,
            entry.document.sha256,
            entry.mail[:12],
        )
        for entry in request.files
    ]
    return make_sheet("材料", heads, rows)


def flat_sheet(request: ExportRequest) -> Sheet:
    """One table of everything: the register's columns, then every printed label once."""
    base = register_sheet(request)
    by_category: dict[str, dict[str, FieldSpec]] = {
        category.id: {shown_label(spec): spec for spec in _columns(request.campaign, category)}
        for category in request.campaign.categories
    }
    labels = list(dict.fromkeys(label for specs in by_category.values() for label in specs))
    rows = []
    for row, head in zip(request.rows, base.rows, strict=True):
        specs = by_category.get(row.item.category, {})
        cells = (_value(row, specs[label]) if label in specs else "" for label in labels)
        rows.append((*head, *cells))
    heads = (*(column.label for column in base.columns), *labels)
    return make_sheet(base.title, heads, rows)


def to_csv(sheet: Sheet) -> bytes:
    """Comma-separated text in UTF-8 with a byte order mark, by which spreadsheets know it.

    Text that looks like a formula gets an apostrophe in front (OWASP, CSV injection).
    """
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow([_safe(column.label) for column in sheet.columns])
    writer.writerows([[_safe(cell) for cell in row] for row in sheet.rows])
    return buffer.getvalue().encode("utf-8-sig")


def _safe(cell: CellValue) -> CellValue:
    if isinstance(cell, str) and is_formula_like(cell):
        return f"'{cell}"
    return shown(cell) if isinstance(cell, datetime) else cell


def _register_row(request: ExportRequest, row: ExportRow) -> tuple[CellValue, ...]:
    item, campaign = row.item, request.campaign
    names: dict[str, str] = {category.id: category.name for category in campaign.categories}
    return (
        item.receipt or "",
        names.get(item.category, item.category),
        wording.clean(item.company),
        wording.clean(item.name),
        wording.clean(item.region or ""),
        wording.STATES[item.state],
        _local(item.first_arrival, campaign),
        _local(row.last_arrival, campaign),
        _messages(row, tuple(EFFECT)),
        _messages(row, (Severity.WARN,)),
        item.grade,
        _ruled(row, campaign),
        "；".join(dict.fromkeys(wording.TICKS[tick.what] for tick in row.ticks)),
        "；".join(row.senders),
        item.id,
    )


def _ruled(row: ExportRow, campaign: Campaign) -> str:
    """What persons have settled, who and when; the last one last."""
    return "\n".join(
        f"{wording.moment_text(ruling.at, campaign.timezone)} {wording.clean(ruling.who)} "
        f"{wording.RULINGS[ruling.what]}"
        + (f"：{wording.clean(ruling.reason)}" if ruling.reason else "")
        for ruling in row.rulings
    )


def _messages(row: ExportRow, severities: Sequence[Severity]) -> str:
    found = [wording.clean(f.message) for f in row.findings if f.severity in severities]
    return "\n".join(f"{number}. {text}" for number, text in enumerate(found, start=1))


def _columns(campaign: Campaign, category: Category) -> list[FieldSpec]:
    form = campaign.form(category.form)
    fields = form.fields if form else ()
    return [spec for spec in fields if spec.must is not Must.HAND and spec.type not in _HAND]


def _value(row: ExportRow, spec: FieldSpec) -> CellValue:
    """A number stays one; whatever is a code (postcode, telephone) is text."""
    value: Value = next((entry for key, _, entry in row.fields if key == spec.key), None)
    if isinstance(value, (int, float)) and spec.type in _NUMBERS:
        return value
    if spec.type is FieldType.LONG_TEXT and isinstance(value, str):
        return wording.clean(value, lines=True)
    return wording.value_text(value, spec.type)


def _local(moment: datetime, campaign: Campaign) -> datetime:
    """The time on the campaign's clock, without zone: spreadsheets know none."""
    return moment.astimezone(campaign.timezone).replace(tzinfo=None, microsecond=0)
