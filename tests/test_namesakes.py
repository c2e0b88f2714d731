"""Texts mailed under nothing but the name of the item they belong to."""

from __future__ import annotations

import pytest
from filed import COMPANY, document, form, mails

from mailbot.catalogue import shipped_campaigns
from parsers.model import Document, Form
from rules.gathering.dossier import assemble

CHINA = "china-machinery-2024"
TALE = "二十年前的冬天，师傅们第一次把研磨精度做到了两微米。" * 6


def texts(*files: Document) -> list[tuple[str, int | None]]:
    """The papers that came besides the forms: kind and item."""
    dossier = assemble(
        shipped_campaigns()[CHINA],
        "",
        COMPANY,
        mails((document("故事表.docx", _story()), *files)),
    )
    return [(paper.kind, paper.item) for paper in dossier.papers[1:]]


def _story() -> Form:
    return form("story_form", CHINA, story_title="一根主轴的二十年", company=COMPANY)


@pytest.mark.parametrize(
    ("file", "title"),
    [
        ("一根主轴的二十年.docx", "我们班的故事"),
        ("故事 一根主轴的二十年.docx", "刘小雨"),
        ("附件四 《一根主轴的二十年》.docx", "刘小雨"),
        ("新建 Microsoft Word 文档.docx", "《一根主轴的二十年》"),
    ],
)
def test_a_story_under_its_own_title_is_the_story(file: str, title: str) -> None:
    """By the file's name, or by the title over the text."""
    tale = document(file, text=f"{title}\n{TALE}")
    assert texts(tale) == [("story_text", 0)]


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("一根主轴的二十年.docx", "照片另发。"),  # too short for a story
        ("一根主轴的二十年 演讲视频拍摄脚本.docx", TALE),  # says that it is something else
        ("公司简介.docx", TALE),  # names nothing
        ("一根主轴的二十年 变更说明.docx", TALE),
    ],
)
def test_what_is_not_plainly_the_story_stays_unknown(file: str, text: str) -> None:
    """A person looks at it."""
    assert texts(document(file, text=text)) == [("", None)]


def test_a_recognised_text_goes_before_one_that_only_bears_the_name() -> None:
    """The other file is then something else."""
    known = document("稿.docx", form("story_text", CHINA), text=TALE)
    other = document("一根主轴的二十年.docx", text=TALE)
    assert texts(known, other) == [("story_text", 0), ("", None)]


def test_a_text_with_demanded_sections_is_never_known_by_a_name() -> None:
    """A team's text is told by its seven points."""
    made = form("team_form", CHINA, team_name="龙门铣加工班组", company=COMPANY)
    dossier = assemble(
        shipped_campaigns()[CHINA],
        "",
        COMPANY,
        mails((document("表.docx", made), document("龙门铣加工班组.docx", text=TALE))),
    )
    assert [paper.kind for paper in dossier.papers] == ["team_form", ""]
