"""Forms from pictures are marked, others are left alone."""

from __future__ import annotations

from parsers.model import Content, Field, Form, Row, Table
from parsers.scans.optical import DOUBT, as_recognised

FORM = Form(
    kind="team_form",
    fields=(
        Field(key="name", label="名称", value="冲压一班", raw="冲压一班"),
        Field(key="mobile", label="手机", raw="1390000", confidence=0.3, doubt="不是11位手机号码"),
    ),
    tables=(Table(key="rows", rows=(Row(cells=(Field(key="seq", label="序", value=1),)),)),),
)


def test_text_is_left_alone() -> None:
    """The same forms come back."""
    assert as_recognised([FORM], Content()) == (FORM,)


def test_what_was_recognised_says_so_everywhere() -> None:
    """Form, fields and cells; a doubt there was is kept; never more sure than before."""
    (found,) = as_recognised([FORM], Content(source="ocr", seal="found"))
    cell = found.tables[0].rows[0].cells[0]

    assert (found.source, found.seal, found.confidence) == ("ocr", "found", 0.6)
    assert [field.doubt for field in found.fields] == [DOUBT, f"不是11位手机号码（{DOUBT}）"]
    assert [field.confidence for field in found.fields] == [0.6, 0.3]
    assert (cell.source, cell.doubt, cell.value) == ("ocr", DOUBT, 1)
