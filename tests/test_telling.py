"""Two kinds of one print: which of them a list is, and how sure that is."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from drawn import content, grid

from parsers.forms.reader import FormReader
from parsers.model import Form
from parsers.spec import FormSpec, SpecSet

TITLE = "全市优秀班组优秀小组推荐汇总表"
HEADER = ("序号", "单位名称", "名称", "人数")


def _kind(kind: str, *told_by: str) -> FormSpec:
    columns = [
        {"key": "seq", "label": "序号", "type": "serial"},
        {"key": "company", "label": "单位名称", "type": "organisation"},
        {"key": "name", "label": "名称"},
        {"key": "member_count", "label": "人数", "type": "integer"},
    ]
    return FormSpec.model_validate(
        {
            "kind": kind, "title": TITLE, "layout": "list", "told_by": told_by, "told_in": "name",
            "tables": [{"key": "results", "columns": columns}],
        }
    )  # fmt: skip


READER = FormReader(
    [
        SpecSet(
            campaign="trial",
            forms=(
                _kind("rollup.qc", "QC小组", "小组", "QC"),
                _kind("rollup.team", "信得过班组", "班组", "班"),
            ),
        )
    ]
)


def read(names: Sequence[str], *lines: str, file: str = "表.docx") -> Form:
    rows = [(str(n), "湘江重工装备有限公司", name, "8") for n, name in enumerate(names, 1)]
    (form,) = READER.read(content(TITLE, *lines, grid([HEADER, *rows])), file)
    return form


@pytest.mark.parametrize(
    ("names", "kind"),
    [
        (["飞跃QC小组", "先锋小组"], "rollup.qc"),
        (["冲压一班", "总装班组"], "rollup.team"),
        (["冲压班QC小组", "攻坚QC小组"], "rollup.qc"),
        (["QC示范班", "总装班"], "rollup.team"),
        (["冲压一班", "晨曦"], "rollup.team"),
    ],
)
def test_the_names_tell_by_their_last_word(names: list[str], kind: str) -> None:
    """A group of a shift is a group; half of the names are enough."""
    form = read(names)
    assert (form.kind, form.confidence) == (kind, 1.0)


def test_a_line_over_the_list_tells() -> None:
    """Whatever the names are."""
    for line, kind in (("（QC小组）", "rollup.qc"), ("类别：信得过班组", "rollup.team")):
        form = read(["飞跃", "先锋"], line)
        assert (form.kind, form.confidence) == (kind, 1.0)


def test_a_line_that_names_both_tells_nothing() -> None:
    """信组和QC成果分别汇总 stands over either."""
    form = read(["冲压一班"], "信得过班组和QC小组分别汇总")
    assert (form.kind, form.confidence) == ("rollup.team", 1.0)


def test_the_name_of_the_file_tells_last() -> None:
    """With less certainty; names in the list go before it."""
    form = read(["飞跃"], file="信得过班组汇总表.docx")
    assert form.kind == "rollup.team"
    assert form.confidence == pytest.approx(0.85)
    assert read(["飞跃QC小组"], file="信得过班组汇总表.docx").kind == "rollup.qc"


@pytest.mark.parametrize(
    ("names", "line", "kind"),
    [
        (["飞跃QC小组", "先锋小组", "冲压一班"], "", "rollup.qc"),
        (["冲压一班"], "（QC小组）", "rollup.qc"),
        (["飞跃", "先锋", "冲压一班"], "", "rollup.team"),
        (["飞跃", "先锋"], "", "rollup.qc"),
    ],
)
def test_what_is_mixed_contradicted_or_silent_is_not_sure(
    names: list[str], line: str, kind: str
) -> None:
    """A person looks at it: both kinds in one list, a heading of the other, hardly a word."""
    form = read(names, *([line] if line else []))
    assert form.kind == kind
    assert form.confidence == pytest.approx(0.7)
