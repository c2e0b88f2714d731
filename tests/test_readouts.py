"""A document read, in terminals of several widths."""

from __future__ import annotations

import io

import pytest
from command import CAMPAIGN
from rich.cells import cell_len
from rich.console import Console

from mailbot.cli import readouts
from mailbot.reports.readout import readout
from parsers.model import Document, Field, Form, Problem, Row, Section, Table

ROLLUP = Table(
    key="results",
    columns=("seq", "company", "contact"),
    where="表1 第1行",
    rows=tuple(
        Row(
            cells=(
                Field(key="seq", label="序", value=str(number), raw=str(number)),
                Field(key="company", label="单位名称", value="湘江重工装备有限公司", raw=""),
                Field(key="contact", label="联系人", raw="？", doubt="不是姓名"),
                *(Field(key=f"more{n}", label=f"其他栏目{n}", value="若干文字") for n in range(4)),
            ),
            where=f"表1 第{number + 1}行",
        )
        for number in range(1, 203)
    ),
)
FORM = Form(
    kind="team_form",
    title="[red]申报表",
    campaigns=(CAMPAIGN.id,),
    confidence=0.5,
    fields=(
        Field(key="company", label="企业名称", where="表1 第2行第2列"),
        Field(
            key="mobile", label="手机", raw="139[b]", doubt="不是手机号码", where="表1 第5行第4列"
        ),
        Field(key="team_intro", label="简介", value="长" * 900, where="表1 第9行第1列"),
    ),
    sections=(Section(key="a", title="基本情况", found=False),),
)


def printed(document: Document, width: int, *, terminal: bool = False) -> str:
    stream = io.StringIO()
    console = Console(file=stream, width=width, highlight=False, force_terminal=terminal)
    readouts.show(readout(document, {CAMPAIGN.id: CAMPAIGN}), console)
    return stream.getvalue()


def document(*forms: Form, **more: object) -> Document:
    return Document(file="表.docx", sha256="ab", format="docx", forms=forms, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("width", [80, 140, 200])
def test_tables_fit_the_terminal(width: int) -> None:
    """Chinese characters take two columns each; places are never broken."""
    table = Form(kind="rollup", campaigns=(CAMPAIGN.id,), tables=(ROLLUP,))
    text = printed(document(FORM, table), width)

    assert max(cell_len(line) for line in text.splitlines() if line.startswith("│")) <= width
    assert "表1 第5行第4列" in text


@pytest.mark.parametrize("width", [80, 140])
def test_doubts_and_gaps_are_words(width: int) -> None:
    """In every width, without colour."""
    text = printed(document(FORM), width)

    for word in (
        "（未填）",
        "139[b]",
        "未能读取：不是手机号码",
        "缺",
        "把握 50%",
        "偏低",
        "[red]申报表",
    ):
        assert word in text
    assert "\x1b" not in text


def test_a_terminal_gets_colours() -> None:
    """A gap is red there."""
    assert "\x1b[31m（未填）" in printed(document(FORM), 140, terminal=True)


def test_a_long_value_is_cut_with_its_length() -> None:
    """More of it in a wider terminal."""
    narrow, wide = (printed(document(FORM), width) for width in (80, 200))

    assert narrow.count("长") == 59
    assert wide.count("长") == 149
    assert "…" in narrow
    assert "（共 900 字）" in narrow.replace("\n", "").replace("│", "").replace(" ", " ")


def test_a_list_too_wide_is_told_row_by_row() -> None:
    """Label and value in turn; where there is room, as columns."""
    table = Form(kind="rollup", campaigns=(CAMPAIGN.id,), tables=(ROLLUP,))
    narrow, wide = (printed(document(table), width) for width in (60, 200))

    assert "单位名称：湘江重工装备有限公司" in narrow
    assert "│ 湘江重工装备有限公司 │" in wide
    assert "未能读取：不是姓名" in wide
    assert "另有 2 行未显示" in wide
    assert "未找到应有的栏目" in wide


def test_an_archive_is_a_tree() -> None:
    """Members with their forms or their problem, then the forms in full."""
    locked = Problem(code="document.encrypted", message="文件设有密码，请取消密码后重新发送。")
    members = (
        Document(
            file="外.zip/班组/表.docx", sha256="b", format="docx", characters=9, forms=(FORM,)
        ),
        Document(file="外.zip/锁.pdf", sha256="c", format="pdf", problems=(locked,)),
        Document(file="外.zip/照片.png", sha256="d", format="image"),
    )
    partial = Problem(code="document.too_large", message="其余文件过大，未读。")
    archive = Document(
        file="外.zip", sha256="a", format="zip", members=members, problems=(partial,)
    )
    text = printed(archive, 140)

    assert "├── 班组/表.docx（Word 文档 docx，9 字）" in text
    assert "问题：文件设有密码，请取消密码后重新发送。（document.encrypted）" in text
    assert "└── 照片.png" in text
    assert "├── 问题：其余文件过大，未读。" in text
    assert text.count("企业名称") == 1
