"""The demanded sections of a text."""

from __future__ import annotations

import pytest
from filledforms import SUMMARY, TEMPLATE, hunan

from parsers.forms.outline import find_sections, own_text
from parsers.spec import SectionSpec

_PARTS = (
    SectionSpec(key="basics", title="一、基本情况", words=("基本情况",)),
    SectionSpec(key="practice", title="二、推进经验和做法", words=("经验和做法",)),
    SectionSpec(key="problems", title="三、存在问题及改进方向", words=("存在问题", "存在的问题")),
)


def _found(text: str, specs: tuple[SectionSpec, ...] = _PARTS) -> list[str]:
    return [section.key for section in find_sections(specs, text) if section.found]


def test_headings_with_text_are_found_where_they_stand() -> None:
    """The place is the heading's paragraph."""
    sections = find_sections(
        _PARTS,
        "总结\n一、基本情况\n很好。\n二、推进经验和做法\n坚持。\n三、存在问题及改进方向\n不足。",
    )

    assert [(s.found, s.where) for s in sections] == [
        (True, "第2段"),
        (True, "第4段"),
        (True, "第6段"),
    ]


@pytest.mark.parametrize(
    "heading",
    [
        "三、存在的问题及改进方向",
        "3、存在问题与改进方向",
        "（三）存在问题及改进方向：",
        "第三部分 存在问题及改进方向",
        "存在问题及改进方向",
        "三、活动存在问题及改进方向",
        "三、存在问题及改近方向",
    ],
)
def test_headings_in_their_variants(heading: str) -> None:
    """Numbering, small words, one wrong character."""
    assert "problems" in _found(f"一、基本情况\n很好。\n{heading}\n部分班组开展不够。")


def test_a_heading_may_run_into_its_text() -> None:
    """Behind a colon in the same paragraph."""
    assert _found("一、基本情况：共有小组三十个。\n二、推进经验和做法：坚持培训。") == [
        "basics",
        "practice",
    ]


@pytest.mark.parametrize("mark", ["：", "。"])
def test_a_short_answer_behind_a_point_in_its_line_counts(mark: str) -> None:
    """A point of the notice retyped with its full stop, and a few words behind it."""
    point = SectionSpec(key="difficulties", title="年度活动推进存在的问题或遇到的困难")

    assert _found(f"1.年度活动推进存在的问题或遇到的困难{mark}骨干流动较快。", (point,))
    assert not _found(f"1.年度活动推进存在的问题或遇到的困难{mark}", (point,))


def test_a_heading_without_text_does_not_count() -> None:
    """Whatever words stand in the heading itself."""
    assert _found("一、基本情况\n很好。\n二、推进经验和做法\n三、存在问题及改进方向\n") == [
        "basics"
    ]


def test_words_in_running_text_show_a_point_without_heading() -> None:
    """Somewhere in a sentence."""
    assert _found("公司基本情况如下：共三十个小组。目前存在的问题是培训不足。") == [
        "basics",
        "problems",
    ]


def test_an_empty_template_has_no_section() -> None:
    """The printed points are not the applicant's text."""
    form = next(form for form in hunan().forms if form.kind == "summary_both")

    assert _found(TEMPLATE, form.sections) == []
    assert own_text(form.sections, TEMPLATE) == ""


def test_answers_under_the_printed_points_count() -> None:
    """The template's lines may stay."""
    form = next(form for form in hunan().forms if form.kind == "summary_both")
    filled = TEMPLATE.replace("2.成果发表会情况。", "2.成果发表会情况。\n全年举办三次。")

    assert _found(filled, form.sections) == ["basics", "publication"]


def test_a_section_holds_what_its_points_hold() -> None:
    """一 is treated where its 1. is."""
    form = next(form for form in hunan().forms if form.kind == "summary_both")
    found = _found(SUMMARY, form.sections)

    assert {"basics", "practice", "problems", "publication", "standards"} <= set(found)
    assert "deeds" not in found


def test_nothing_is_found_in_nothing() -> None:
    """An empty text."""
    assert _found("") == []
