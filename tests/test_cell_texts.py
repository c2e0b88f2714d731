"""A text written inside the form's own cell instead of a separate file."""

from __future__ import annotations

import pytest

from mailbot.catalogue import shipped_campaigns
from parsers.model import Field
from rules.checks.texts import is_treated

_SPEC = shipped_campaigns()["china-machinery-2024"]
_PRINTED = [
    "1. 班组成员组成，班组职责，主要工作内容、班组文化和愿景。",
    "2. 班组基础管理情况。",
    "3. 班组成员专业知识、技能培训、工具方法应用能力。",
    "4. 班组质量改进和创新能力。",
    "5. 班组管理特色、业绩及评价结果。",
    "6. 班组创建目标达成情况。",
    "7. 近三年取得荣誉情况，包括班组集体和个人荣誉等。",
]
_ANSWERS = [
    "班组12人，分工明确。", "三检制齐全。", "每月两次培训。", "全年改进28项。",
    "看板管理。", "合格率目标98%。", "2023年公司先进班组。",
]  # fmt: skip


def _is_treated(text: str) -> bool:
    sections = next(form.sections for form in _SPEC.forms if form.kind == "team_text")
    form = next(form for form in _SPEC.forms if form.kind == "team_form")
    prompts = getattr(form.field("team_intro"), "prompts", ())
    entry = Field(key="team_intro", label="简介", value=text, raw=text, where="表1 第9行第1列")
    return is_treated(sections, entry, prompts)


@pytest.mark.parametrize("between", ["\n", "", "："])
def test_every_printed_point_answered_is_the_text(between: str) -> None:
    """Under the point, behind it, or behind a colon; an answer may begin with a year."""
    pairs = zip(_PRINTED, _ANSWERS, strict=True)
    answered = [f"{point.rstrip('。')}{between or '。'}{said}" for point, said in pairs]
    assert _is_treated("\n".join(answered))


@pytest.mark.parametrize("lacking", range(7))
def test_a_point_without_answer_is_not_treated(lacking: int) -> None:
    """Whichever it is: the numbers alone say nothing."""

    def bare(said: list[str]) -> str:
        return "\n".join(f"{number}. {text}" for number, text in enumerate(said, start=1))

    assert _is_treated(bare(_ANSWERS))
    assert not _is_treated(bare([*_ANSWERS[:lacking], "", *_ANSWERS[lacking + 1 :]]))


def test_the_printed_points_alone_are_no_text() -> None:
    """Nor with a few words under them."""
    assert not _is_treated("\n".join(_PRINTED))
    assert not _is_treated("\n".join([*_PRINTED, "详见附件"]))
