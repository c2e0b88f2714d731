"""The register as tables: layout, types, and no formula from any applicant."""

from __future__ import annotations

import csv
import io
from datetime import datetime
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.worksheet.worksheet import Worksheet
from outcomes import ARRIVED, HUNAN, NOW, STORY, TEAM, UNIT, finding, sha

from mailbot.reports import workbook
from mailbot.reports.export import ExportRequest, export_register, to_csv
from mailbot.reports.sheet import Column, Sheet, is_formula_like
from mailbot.store.views import DocumentRow, ExportRow, FileRow, ItemRow
from parsers.model import Form


def row(number: int, category: str, name: str, state: str, read: Form, **more: Any) -> ExportRow:
    """One item with its form."""
    item = ItemRow(
        id=f"item{number}",
        campaign=HUNAN.id,
        tier="",
        dossier="d",
        unit=UNIT,
        category=category,
        name=name,
        company=more.pop("company", UNIT),
        region=None,
        decision=state,
        state=state,
        receipt=f"HN2026-{number:04d}" if state == "accepted" else None,
        first_arrival=ARRIVED,
        decided_at=NOW,
    )
    values: dict[str, Any] = {
        "fields": tuple((field.key, field.label, field.value) for field in read.fields),
        "findings": (),
        "senders": ("zhiliang@xiangjiang.example",),
        "last_arrival": ARRIVED,
    }
    return ExportRow(item=item, **{**values, **more})


FOUND = (
    finding("field.empty", "ask", "请补填邮编。"),
    finding("document.missing", "ask", "未收到附件六，请补报。"),
    finding("human.stamp", "warn", "请核对盖章。"),
    finding("fee.due", "info", "应缴 500 元。"),
)


def came() -> tuple[FileRow, ...]:
    """A mail with an archive of two files."""
    documents = (
        DocumentRow(
            file="表.docx", sha256=sha("a"), format="docx", size=24_576, kinds=("team_form",),
            problems=(),
        ),
        DocumentRow(
            file="锁.docx", sha256=sha("b"), format="docx", size=1, kinds=(),
            problems=(("document.encrypted", "文件加密"),),
        ),
        DocumentRow(
            file="材料.zip", sha256=sha("c"), format="zip", size=2, kinds=(), problems=()
        ),
    )  # fmt: skip
    unit = row(1, "team", "冲压一班", "accepted", TEAM).item.unit
    return tuple(
        FileRow(unit=unit, sender="a@x.cn", arrived=ARRIVED, mail=sha("mail"), document=document)
        for document in documents
    )


def request(*rows: ExportRow) -> ExportRequest:
    """A register of two categories."""
    rows = rows or (
        row(1, "team", "冲压一班", "accepted", TEAM),
        row(2, "team", "焊接二班", "supplement", TEAM, findings=FOUND),
        row(3, "story", "一把扳手的三十年", "withdrawn", STORY),
    )
    return ExportRequest(campaign=HUNAN, rows=rows, files=came(), made_at=NOW)


def book(path: Path, made: ExportRequest | None = None) -> openpyxl.Workbook:
    """The exported workbook, opened again."""
    target = path / "登记.xlsx"
    export_register(made or request(), target)
    return openpyxl.load_workbook(target)


def by_label(page: Worksheet, line: int) -> dict[Any, Any]:
    """One row under its column labels."""
    heads = [cell.value for cell in page[1]]
    return dict(zip(heads, [cell.value for cell in page[line]], strict=True))


def test_workbook_has_register_categories_and_files(tmp_path: Path) -> None:
    """A category without items has no sheet."""
    assert book(tmp_path).sheetnames == ["登记总表", "质量信得过班组", "质量品牌故事", "材料"]


def test_register_says_decision_arrival_and_what_is_open(tmp_path: Path) -> None:
    """Open points and staff's tick list are apart; information is in neither."""
    page = book(tmp_path)["登记总表"]
    first, second, third = (by_label(page, line) for line in (2, 3, 4))
    assert first["受理编号"] == "HN2026-0001"
    assert first["结论"] == "受理"
    assert first["首次到达"] == datetime(2026, 7, 10, 9, 5, 40)  # noqa: DTZ001 - spreadsheets know no zone
    assert second["未决事项"] == "1. 请补填邮编。\n2. 未收到附件六，请补报。"
    assert second["核对提示"] == "1. 请核对盖章。"
    assert third["结论"] == "已撤回"


def test_category_sheet_has_the_form_by_its_printed_labels(tmp_path: Path) -> None:
    """Numbers are numbers; codes are text; stamps are left out."""
    page = book(tmp_path)["质量信得过班组"]
    line = by_label(page, 2)
    assert line["班组人数"] == 12
    assert line["班组工作完成率%"] == 98.5
    assert line["邮编"] == "410000"
    assert line["手机"] == "13900000001"
    assert line["年培训人数、时长"] == "12、40"
    assert "单位盖章" not in line


def test_scoped_labels_stay_apart(tmp_path: Path) -> None:
    """部门职务 stands twice on the story form."""
    line = by_label(book(tmp_path)["质量品牌故事"], 2)
    assert line["推荐单位—部门职务"] == "质量部 部长"
    assert line["内容类别"] == "品牌战略、品牌文化"
    assert line["拟参会演讲填写本栏—部门职务"] is None


def test_files_sheet_lists_every_file(tmp_path: Path) -> None:
    """What it was taken for, and why it could not be read."""
    page = book(tmp_path)["材料"]
    assert "附件二" in by_label(page, 2)["识别为"]
    assert by_label(page, 3)["问题"] == "文件加密"
    assert by_label(page, 2)["大小（字节）"] == 24_576
    assert [by_label(page, line)["识别为"] for line in (3, 4)] == ["未识别", "压缩包"]


def test_sheets_are_ready_for_screen_and_paper(tmp_path: Path) -> None:
    """Frozen header, filter, A4 landscape, header on every page."""
    for page in book(tmp_path).worksheets:
        assert page.freeze_panes == "A2"
        assert page.auto_filter.ref.startswith("A1:")
        assert page.print_title_rows == "$1:$1"
        assert (page.page_setup.orientation, int(page.page_setup.paperSize)) == ("landscape", 9)
        assert page.sheet_properties.pageSetUpPr.fitToPage
        assert all(8 <= column.width <= 42 for column in page.column_dimensions.values())


@given(st.text(max_size=40))
def test_no_text_becomes_a_formula_in_a_workbook(text: str) -> None:
    """Invariant: what is written to a spreadsheet cell cannot become a formula."""
    sheet = Sheet(title="表", columns=(Column(label=text, width=8),), rows=((text,), (f"={text}",)))
    raw = workbook.write([sheet], title="t & t", note="n")
    page = openpyxl.load_workbook(io.BytesIO(raw)).worksheets[0]
    for cell in (page["A1"], page["A2"], page["A3"]):
        assert cell.data_type in ("s", "n")
        assert cell.value is None or isinstance(cell.value, str)
    assert page["A3"].data_type == "s"
    assert page["A3"].quotePrefix


@given(st.text(max_size=40))
def test_no_text_becomes_a_formula_in_comma_separated_text(text: str) -> None:
    """The apostrophe stands in front of everything that could be one."""
    sheet = Sheet(title="表", columns=(Column(label="a", width=8),), rows=((text,), (f"={text}",)))
    lines = list(csv.reader(io.StringIO(to_csv(sheet).decode("utf-8-sig"), newline="")))
    for line in lines[1:]:
        assert not line or not is_formula_like(line[0])


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "＝1", "＋1", "－1", "＠1"],
)
def test_what_looks_like_a_formula_is_known(text: str) -> None:
    """OWASP's list, blanks in front and full-width forms included."""
    assert is_formula_like(text)


@pytest.mark.parametrize("text", ["", "1", "湘江=重工", "a-b", "'=1", "#REF!", "13900000001"])
def test_what_does_not_look_like_one_is_left_alone(text: str) -> None:
    """The other side."""
    assert not is_formula_like(text)


def test_applicant_named_like_a_formula_is_harmless_everywhere(tmp_path: Path) -> None:
    """From the register row to the cell."""
    evil = '=HYPERLINK("http://x","y")'
    made = request(row(1, "team", evil, "accepted", TEAM, company="@x", senders=("+1@x.cn",)))
    cell = book(tmp_path, made)["登记总表"]["D2"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == (evil, "s", True)
    export_register(made, tmp_path / "a.csv")
    text = (tmp_path / "a.csv").read_text(encoding="utf-8-sig")
    assert "'@x" in text
    assert "\"'=HYPERLINK" in text


def test_negative_numbers_stay_numbers_in_comma_separated_text() -> None:
    """Only text is guarded."""
    sheet = Sheet(title="表", columns=(Column(label="a", width=8),), rows=((-5,), (-2.5,)))
    assert to_csv(sheet).decode("utf-8-sig").split() == ["a", "-5", "-2.5"]


def test_csv_is_one_table_of_everything_with_a_mark(tmp_path: Path) -> None:
    """Spreadsheets know UTF-8 by the byte order mark; labels of all forms stand once."""
    export_register(request(), tmp_path / "a.csv")
    raw = (tmp_path / "a.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    lines = list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline="")))
    assert [line["名称"] for line in lines] == ["冲压一班", "焊接二班", "一把扳手的三十年"]
    assert lines[0]["班组人数"] == "12"
    assert lines[2]["班组人数"] == ""
    assert lines[2]["内容类别"] == "品牌战略、品牌文化"
    assert lines[0]["首次到达"] == "2026-07-10 09:05"


def test_word_document_holds_the_register(tmp_path: Path) -> None:
    """A plain table with its header."""
    export_register(request(), tmp_path / "a.docx")
    table = docx.Document(str(tmp_path / "a.docx")).tables[0]
    assert [cell.text for cell in table.rows[0].cells][:4] == ["受理编号", "类别", "企业", "名称"]
    assert table.rows[1].cells[3].text == "冲压一班"
    assert len(table.rows) == 4


def test_empty_register_can_be_exported(tmp_path: Path) -> None:
    """Before the first mail."""
    empty = ExportRequest(campaign=HUNAN, rows=(), made_at=NOW)
    assert book(tmp_path, empty).sheetnames == ["登记总表", "材料"]
    export_register(empty, tmp_path / "a.docx")
    export_register(empty, tmp_path / "a.csv")


def test_unknown_ending_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    """The message names the endings that work."""
    with pytest.raises(ValueError, match=r"\.xlsx、\.csv、\.docx"):
        export_register(request(), tmp_path / "a.pdf")
    assert not list(tmp_path.iterdir())
