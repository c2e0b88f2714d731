"""Length and outline of texts."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from dossiers import (
    campaign,
    codes,
    document,
    findings,
    mail,
    only,
    rollup,
    story,
    team,
    text,
    verdict,
)

from rules.model import Decision


@pytest.mark.parametrize(
    ("intro", "code"),
    [
        ("好" * 200, None),
        ("好" * 201, "text.too_long"),
        ("好" * 199 + "。", None),
        ("好" * 200 + " Word", "text.too_long"),
        (None, None),
    ],
)
def test_the_upper_limit_itself_is_within(intro: str | None, code: str | None) -> None:
    """200字以内 allows 200."""
    rule = {"check": "length", "kind": "story_form", "field": "story_intro", "maximum": 200}
    given = verdict(campaign([rule]), mail(story(story_intro=intro)))
    assert codes(given) == ([code] if code else [])


def test_the_message_names_count_and_limit() -> None:
    """What was counted, and what is allowed."""
    rule = {"check": "length", "kind": "story_form", "field": "story_intro", "maximum": 200}
    found = only(verdict(campaign([rule]), mail(story(story_intro="好" * 215))))
    assert "要求200字以内，现为215字" in found.message
    assert "附件四《示范故事推荐表》" in found.message
    assert (found.field, found.item) == ("story_intro", 0)


@pytest.mark.parametrize(
    ("limits", "characters", "code"),
    [
        ({"minimum": 3000}, 2999, "text.too_short"),
        ({"minimum": 3000}, 3000, None),
        ({"maximum": 3000}, 3000, None),
        ({"maximum": 3000}, 3001, "text.too_long"),
        ({"about": 1000}, 799, "text.too_short"),
        ({"about": 1000}, 800, None),
        ({"about": 1000}, 1200, None),
        ({"about": 1000}, 1201, "text.too_long"),
        ({"about": 1000, "tolerance": 0.1}, 899, "text.too_short"),
        ({"minimum": 3000}, 0, None),  # not counted
    ],
)
def test_limits_of_a_whole_text(limits: dict[str, Any], characters: int, code: str | None) -> None:
    """以上, 以内 and 左右, both sides."""
    rule = {"check": "length", "kind": "summary_both", **limits}
    given = verdict(campaign([rule]), mail(text("summary_both", characters=characters)))
    assert codes(given) == ([code] if code else [])


def test_limits_of_a_column() -> None:
    """The row is named."""
    rule = {
        "check": "length",
        "kind": "rollup",
        "table": "results",
        "field": "name",
        "maximum": 5,
    }
    rows = rollup({"name": "冲压一班"}, {"name": "热处理甲班组"})
    found = only(verdict(campaign([rule]), mail(rows)))
    assert "第3行" in found.where


def test_absent_sections_are_listed_in_one_finding() -> None:
    """Told once, all of them."""
    rule = {"check": "outline", "kind": "summary_both", "severity": "warn"}
    given = verdict(campaign([rule]), mail(text("summary_both")))
    assert "一、基本情况；二、存在问题" in only(given, "text.outline").message
    whole = text("summary_both", found=["basics", "problems"])
    assert codes(verdict(campaign([rule]), mail(whole))) == []


def test_sections_the_reader_says_nothing_of_are_searched_by_their_words() -> None:
    """The text of the document decides."""
    rule = {"check": "outline", "kind": "summary_both", "severity": "warn"}
    bare = replace(text("summary_both"), sections=())
    file = document("总结.docx", bare, text="基本 情况：好。")
    found = only(verdict(campaign([rule]), mail(file)))
    assert "存在问题" in found.message
    assert "基本情况" not in found.message


@pytest.mark.parametrize(
    ("intro", "count"),
    [
        ("成员组成十二人，基础管理扎实，荣誉三项。", 0),
        ("1、人员十二人。2、管理扎实。3、获奖三项。", 0),  # numbered point by point
        ("好" * 300 + "荣誉", 1),
        ("详见附件", 0),  # no text at all: the demand's business
    ],
)
def test_the_outline_of_a_text_inside_the_form(intro: str | None, count: int) -> None:
    """Where no separate text is in force."""
    instead = {"kind": "team_form", "field": "team_intro"}
    rule = {"check": "outline", "kind": "team_text", "instead": instead, "severity": "warn"}
    wanted = [{"kind": "team_text", "categories": ["team"], "severity": "info"}]
    rules = campaign([rule], document=wanted)
    given = verdict(rules, mail(team(team_intro=intro)))
    assert codes(given).count("text.outline") == count
    separate = document(
        "班组简介.docx", text("team_text", found=["members", "management", "honours"])
    )
    given = verdict(rules, mail(team(team_intro=intro), separate))
    assert [entry.code for entry in findings(given)] == []
    assert given.items[0].decision is Decision.ACCEPTED
