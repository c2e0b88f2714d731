"""Texts that several documents of a notice call by the same words."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from mailbot.catalogue import shipped_campaigns
from parsers.model import Document, Field, Form
from rules.gathering.identity import Draft
from rules.gathering.kindred import settled
from rules.model import Paper
from rules.notice.campaign import Campaign

SHANXI = shipped_campaigns()["shanxi-2018"]
LEADER, PERSON = "deeds_text.qc_person", "deeds_text.team_person"


def _draft(category: str, name: str, company: str = "大同云州机车装备有限公司") -> Draft:
    spec = next(entry for entry in SHANXI.categories if entry.id == category)
    fields = [Field(key="name", label="姓名", value=name), Field(key="company", label="工作单位", value=company)]  # fmt: skip
    return Draft(
        ordinal=len(name), category=spec, name=name, form=Form(kind=spec.id, fields=tuple(fields))
    )


def _paper(
    file: str, text: str = "", kind: str = LEADER, confidence: float = 0.7, title: str = ""
) -> Paper:
    return Paper(
        submission=0,
        arrived=datetime(2018, 6, 1, tzinfo=UTC),
        document=Document(file=file, sha256="0" * 64, text=text),
        form=Form(kind=kind, title=title, confidence=confidence),
        kind=kind,
    )


DRAFTS = [
    _draft("leader", "郝建国"),
    _draft("individual", "谢静"),
    _draft("team_enterprise", "大同云州机车装备有限公司"),
]


@pytest.mark.parametrize(
    ("paper", "kind"),
    [
        (_paper("谢静主要事迹材料.docx"), PERSON),
        (_paper("材料.docx", title="谢静同志先进事迹"), PERSON),
        (_paper("材料.zip/先进个人/谢静/材料.docx"), PERSON),
        (_paper("材料.docx", text="谢静同志支持班组建设五年。"), PERSON),
        (_paper("郝建国主要事迹材料.docx", kind=PERSON), LEADER),
        (_paper("事迹材料.docx", text="大同云州机车装备有限公司"), "deeds_text.team_enterprise"),
    ],
)
def test_whoever_is_named_tells_which_text_it_is(paper: Paper, kind: str) -> None:
    """In the file's name, the title, a folder, or the text."""
    known = settled(paper, SHANXI, DRAFTS)
    assert known.kind == kind
    assert known.form is not None
    assert known.form.kind == kind
    assert known.form.confidence >= SHANXI.confidence


def test_the_file_name_is_surer_than_the_text() -> None:
    """Deeds of a person name the company, too."""
    paper = _paper("谢静事迹材料.docx", text="大同云州机车装备有限公司谢静，师从郝建国。")
    assert settled(paper, SHANXI, DRAFTS).kind == PERSON


@pytest.mark.parametrize(
    "paper",
    [
        _paper("谢静和郝建国.docx"),  # two kinds named in one place
        _paper("材料.docx", text="某同志"),  # nobody named
        _paper("谢静主要事迹材料.docx", confidence=0.9),  # its title was clear
        _paper("谢静成果报告.docx", kind="qc_report"),  # one of its kind
    ],
)
def test_what_is_clear_or_cannot_be_told_stays(paper: Paper) -> None:
    """It is left to a person, as before."""
    assert settled(paper, SHANXI, DRAFTS) is paper


def test_a_campaign_without_kindred_texts_has_nothing_to_settle() -> None:
    """Its texts are all different things."""
    henan: Campaign = shipped_campaigns()["henan-2020"]
    paper = _paper("制茶二班.docx", kind="team_text")
    assert settled(paper, henan, []) is paper
