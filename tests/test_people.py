"""What only a person can see."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from dossiers import campaign, codes, decisions, document, mail, only, story, team, verdict

from rules.model import Decision, Severity

STAMP = {
    "check": "people",
    "code": "human.stamp",
    "kinds": ["team_form"],
    "text": "请核对盖章。",
    "severity": "warn",
    "clause": "附件二",
}


def test_one_remark_per_paper_in_force() -> None:
    """Staff only; the item is accepted all the same."""
    given = verdict(campaign([STAMP]), mail(team(), story()), mail(team(member_count=13)))
    found = only(given)
    assert (found.code, found.severity, found.item) == ("human.stamp", Severity.WARN, 0)
    assert found.message == "附件二《示范班组成果表》：请核对盖章。"
    assert found.clause == "附件二"
    assert decisions(given)[0] is Decision.ACCEPTED


@pytest.mark.parametrize(
    ("ticks", "told"),
    [
        (frozenset(), "附件二《示范班组成果表》（2份）：请核对盖章。"),
        (frozenset({(0, "stamp")}), "附件二《示范班组成果表》：请核对盖章。"),
        (frozenset({(0, "stamp"), (1, "stamp")}), ""),
        (frozenset({(None, "stamp")}), ""),
    ],
)
def test_one_remark_for_all_papers_of_a_kind(
    ticks: frozenset[tuple[int | None, str]], told: str
) -> None:
    """With the number of those not ticked off yet."""
    teams = mail(team(), team("锻造一班", team_intro="另一个班组的简介，内容全然不同。"))
    given = verdict(campaign([{**STAMP, "once": True}]), teams, ticks=ticks)
    assert [(f.message, f.item, f.categories) for f in given.findings] == (
        [(told, None, ("team",))] if told else []
    )


@pytest.mark.parametrize(
    ("tick", "count"), [((0, "stamp"), 0), ((None, "stamp"), 0), ((1, "stamp"), 1), ((0, "fee"), 1)]
)
def test_a_tick_of_staff_settles_it(tick: tuple[int | None, str], count: int) -> None:
    """For the item, or for the whole dossier."""
    given = verdict(campaign([STAMP]), mail(team()), ticks=frozenset({tick}))
    assert len(codes(given)) == count


@pytest.mark.parametrize(
    ("marked", "count"), [(["金奖"], 0), ([], 1), (None, 1), (["金奖", "银奖"], 1), ("金奖", 0)]
)
def test_which_award_a_form_is_for(marked: Any, count: int) -> None:
    """Exactly one is marked."""
    rule = {"check": "award", "kind": "story_form", "field": "award"}
    given = verdict(campaign([rule]), mail(story(award=marked)))
    assert codes(given) == ["form.award_unclear"] * count


def test_what_was_seen_of_a_seal_stands_beside_the_remark() -> None:
    """On the scan that came along; staff look for themselves."""
    scan = document("盖章.jpg", replace(team(), source="ocr", seal="found"), format="image")
    found = only(verdict(campaign([STAMP]), mail(team(), scan)))
    assert "“盖章.jpg”图上可见圆形红色印章" in found.message
    assert "仅供参考" in found.message
