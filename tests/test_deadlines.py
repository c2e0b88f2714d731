"""Lateness: the last instant, the first arrival, corrections that come late."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from dossiers import (
    IN_TIME,
    ZONE,
    campaign,
    codes,
    decisions,
    document,
    findings,
    mail,
    only,
    story,
    team,
    text,
    verdict,
)

from rules.model import Decision, Severity

END = datetime(2026, 7, 16, tzinfo=ZONE)
SECOND = timedelta(seconds=1)
SUMMARY = {"kind": "summary_both", "of": "unit", "categories": ["team"], "severity": "warn"}


@pytest.mark.parametrize(
    ("arrived", "expected", "decision"),
    [
        (END - timedelta(days=1) - SECOND, [], Decision.ACCEPTED),
        (END - timedelta(days=1), ["deadline.last_day"], Decision.ACCEPTED),
        (END - SECOND, ["deadline.last_day"], Decision.ACCEPTED),
        ((END - SECOND).astimezone(UTC), ["deadline.last_day"], Decision.ACCEPTED),
        (END, ["deadline.passed"], Decision.DECLINED),
        (END.astimezone(UTC), ["deadline.passed"], Decision.DECLINED),
        (END + SECOND, ["deadline.passed"], Decision.DECLINED),
    ],
)
def test_the_last_day_counts_until_midnight_in_the_campaigns_zone(
    arrived: datetime, expected: list[Any], decision: Decision
) -> None:
    """One second decides, in whatever zone the arrival is written."""
    given = verdict(campaign(), mail(team(), arrived=arrived))
    assert codes(given) == expected
    assert decisions(given) == [decision]


def test_an_exclusive_deadline_ends_the_day_before() -> None:
    """With inclusive = false the day itself is late and the day before is the last."""
    tier = {"deadlines": [{"last_day": "2026-07-15", "inclusive": False, "late": "reject"}]}
    rules = campaign(tier=[tier])
    day = datetime(2026, 7, 15, tzinfo=ZONE)
    assert codes(verdict(rules, mail(team(), arrived=day))) == ["deadline.passed"]
    last = verdict(rules, mail(team(), arrived=day - SECOND))
    assert codes(last) == ["deadline.last_day"]


def test_an_hour_of_the_last_day_is_the_end() -> None:
    """17时前: a second before it is in time, and said to be the last day; the hour is late."""
    tier = {"deadlines": [{"last_day": "2026-07-15", "until": "17:00", "late": "human"}]}
    rules = campaign(tier=[tier])
    end = datetime(2026, 7, 15, 17, tzinfo=ZONE)
    assert codes(verdict(rules, mail(team(), arrived=end - SECOND))) == ["deadline.last_day"]
    late = verdict(rules, mail(team(), arrived=end))
    assert codes(late) == ["deadline.passed"]
    assert "已于2026年7月15日17:00截止" in findings(late)[0].message


def test_a_category_may_have_a_deadline_of_its_own() -> None:
    """What both need is due with the later one, unless only the earlier category applies."""
    early = {"last_day": "2026-06-01", "categories": ["team"], "late": "human"}
    tier = {"deadlines": [early, {"last_day": "2026-07-15", "late": "human"}]}
    demand = {**SUMMARY, "categories": ["team", "story"]}
    rules = campaign(tier=[tier], document=[demand])
    june, before = datetime(2026, 6, 2, tzinfo=ZONE), datetime(2026, 6, 1, tzinfo=ZONE)

    both = verdict(rules, mail(team(), story(), text("summary_both"), arrived=june))
    assert decisions(both) == [Decision.REVIEW, Decision.ACCEPTED]

    begun = mail(team(), arrived=before)
    alone = verdict(rules, begun, mail(text("summary_both"), arrived=june))
    assert decisions(alone) == [Decision.REVIEW]
    whole = mail(story(), text("summary_both"), arrived=june)
    assert decisions(verdict(rules, begun, whole)) == [Decision.ACCEPTED, Decision.ACCEPTED]


@pytest.mark.parametrize(
    ("ticked", "decision"),
    [
        (["品牌战略"], Decision.DECLINED),
        (["品牌文化"], Decision.ACCEPTED),
        ([], Decision.ACCEPTED),
        (["品牌战略", "品牌文化"], Decision.ACCEPTED),
    ],
)
def test_what_is_not_ticked_clearly_is_never_declined_for_one_of_its_categories(
    ticked: list[str], decision: Decision
) -> None:
    """One form for two categories with days of their own: in doubt the later one holds."""
    shared = {"form": "story_form", "name_field": "story_title", "marked_by": "topics"}
    early = {"last_day": "2026-06-01", "categories": ["team"], "late": "reject"}
    rules = campaign(
        category=[
            {"id": "team", "name": "班组", "marked_as": "品牌战略", **shared},
            {"id": "story", "name": "故事", "marked_as": "品牌文化", **shared},
        ],
        tier=[{"deadlines": [early, {"last_day": "2026-07-15", "late": "reject"}]}],
    )
    form = story(topics=list(ticked))
    june = datetime(2026, 6, 2, tzinfo=ZONE)
    assert decisions(verdict(rules, mail(form, arrived=june))) == [decision]


def test_lateness_without_a_stated_consequence_is_for_a_person() -> None:
    """The severity is the campaign's, and the words say nothing that is not stated."""
    tier = {"deadlines": [{"last_day": "2026-07-15", "clause": "四"}]}
    given = verdict(campaign(tier=[tier]), mail(team(), arrived=END))
    found = only(given)
    assert (found.severity, found.clause) == (Severity.HUMAN, "四")
    assert "未载明" in found.message
    assert decisions(given) == [Decision.REVIEW]


def test_a_stated_consequence_is_cited() -> None:
    """A decline names the notice's own words, the arrival and the end."""
    tier = {"deadlines": [{"last_day": "2026-07-15", "late": "reject", "consequence": "不予受理"}]}
    found = only(verdict(campaign(tier=[tier]), mail(team(), arrived=END)))
    assert "2026年7月16日00:00:00" in found.message
    assert "2026年7月15日24时" in found.message
    assert "通知规定：不予受理" in found.message


def test_a_late_correction_of_an_item_begun_in_time_is_for_a_person() -> None:
    """Never declined: the item is judged by its first arrival."""
    given = verdict(campaign(), mail(team()), mail(team(member_count=13), arrived=END))
    found = only(given, "deadline.passed")
    assert found.severity is Severity.HUMAN
    assert found.item == 0
    assert decisions(given) == [Decision.REVIEW]


def test_a_late_paper_of_the_unit_concerns_the_items_that_need_it() -> None:
    """A summary that comes after the end leaves the team to a person."""
    rules = campaign(document=[SUMMARY])
    given = verdict(rules, mail(team()), mail(text("summary_both"), arrived=END))
    assert only(given, "deadline.passed").item == 0
    assert decisions(given) == [Decision.REVIEW]


def test_a_late_paper_nobody_needs_changes_nothing() -> None:
    """The campaign does not ask for the summary."""
    given = verdict(campaign(), mail(team()), mail(text("summary_both"), arrived=END))
    assert decisions(given) == [Decision.ACCEPTED]


def test_the_same_bytes_again_after_the_end_change_nothing() -> None:
    """A repeat is no correction."""
    file = document("附件二.docx", team())
    given = verdict(campaign(), mail(file), mail(file, arrived=END))
    assert codes(given) == []
    assert decisions(given) == [Decision.ACCEPTED]


def test_a_late_item_does_not_harm_one_in_time() -> None:
    """Two teams in two mails, judged one by one."""
    other = team(
        "热处理甲班", phone="0731-80000002", mobile="13900000002", member_count=8, rate=91.0
    )
    given = verdict(campaign(), mail(team("冲压一班")), mail(other, arrived=END + SECOND))
    assert decisions(given) == [Decision.ACCEPTED, Decision.DECLINED]


def test_a_late_paper_without_any_item_is_for_a_person() -> None:
    """Only a summary, after the end: nothing to decline, and nothing to pass over."""
    rules = campaign(document=[SUMMARY])
    given = verdict(rules, mail(text("summary_both"), arrived=END))
    found = only(given)
    assert (found.code, found.severity, found.item) == ("deadline.passed", Severity.HUMAN, None)


def test_a_kind_may_have_a_deadline_of_its_own() -> None:
    """The story's form ends earlier than everything else."""
    tier = {
        "deadlines": [
            {"last_day": "2026-07-15", "late": "reject"},
            {"last_day": "2026-07-01", "late": "human", "kinds": ["team_form"]},
        ]
    }
    given = verdict(campaign(tier=[tier]), mail(team()))
    assert decisions(given) == [Decision.REVIEW]


def test_the_last_day_is_told_in_the_answer_to_the_mail_that_began_the_item() -> None:
    """A later mail is answered without it."""
    given = verdict(campaign(), mail(story(), arrived=IN_TIME), mail(team(), arrived=END - SECOND))
    (found,) = [entry for entry in findings(given) if entry.code == "deadline.last_day"]
    assert (found.item, found.mail) == (1, 1)


@pytest.mark.parametrize(("arrived", "count"), [(END - SECOND, 0), (END, 1)])
def test_a_paper_with_a_deadline_of_its_own_is_late_by_itself(
    arrived: datetime, count: int
) -> None:
    """It holds up no item where its lateness is only noted."""
    own = {"last_day": "2026-07-15", "kinds": ["change_note"], "late": "warn", "rule": "R2"}
    later = {"last_day": "2026-07-31"}
    rules = campaign(tier=[{"deadlines": [later, own]}])
    given = verdict(rules, mail(team()), mail(text("change_note"), arrived=arrived))
    assert codes(given) == ["deadline.passed"] * count
    assert decisions(given) == [Decision.ACCEPTED]
    if count:
        assert (only(given).severity, only(given).rule) == (Severity.WARN, "R2")
