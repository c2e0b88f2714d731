"""What a person has settled, put over what the rules found; how long it stands."""

from __future__ import annotations

from typing import Any

import pytest
from dossiers import (
    campaign,
    codes,
    decisions,
    dossier,
    findings,
    mail,
    only,
    story,
    team,
    verdict,
)
from hypothesis import given
from hypothesis import strategies as st
from test_quotas import rules, teams

from rules.model import Decision, QuotaUse, Ruling, Severity

EMPTY = {"check": "fields", "kinds": ["team_form"]}
FAULTY: dict[str, Any] = {"postcode": None, "member_count": 3}


def ruled(what: Any, submissions: int = 1, reason: str = "经电话核实") -> dict[int, Ruling]:
    """A ruling about the first item, made when the dossier had so many mails."""
    return {0: Ruling(what=what, reason=reason, submissions=submissions)}


def test_what_staff_accept_is_accepted_with_the_fault_as_a_remark() -> None:
    """Nothing is hidden: it stays on the tick list."""
    told = verdict(campaign([EMPTY]), mail(team(**FAULTY)), rulings=ruled("accept"))

    assert decisions(told) == [Decision.ACCEPTED]
    assert only(told, "field.empty").severity is Severity.WARN


def test_what_staff_return_is_asked_for_in_their_words() -> None:
    """Besides what the rules find."""
    told = verdict(campaign(), mail(team()), rulings=ruled("return", reason="请补充获奖证书。"))

    assert decisions(told) == [Decision.SUPPLEMENT]
    finding = only(told, "staff.returned")
    assert (finding.severity, finding.message) == (Severity.ASK, "请补充获奖证书。")


def test_what_staff_decline_is_declined_for_their_reason() -> None:
    """The rules' own demands ask for nothing any more."""
    told = verdict(campaign([EMPTY]), mail(team(**FAULTY)), rulings=ruled("decline"))

    assert decisions(told) == [Decision.DECLINED]
    assert {entry.code: entry.severity for entry in findings(told)} == {
        "staff.declined": Severity.REJECT,
        "field.empty": Severity.WARN,
    }


def test_what_is_withdrawn_is_not_judged_at_all() -> None:
    """The other item stays; nothing is said of the one that is gone."""
    told = verdict(campaign([EMPTY]), mail(team(**FAULTY), story()), rulings=ruled("withdraw"))

    assert [entry.item.category for entry in told.items] == ["story"]
    assert [item.ordinal for item in told.withdrawn] == [0]
    assert codes(told) == []


@pytest.mark.parametrize("what", ["accept", "decline", "withdraw"])
def test_a_new_form_of_the_item_ends_the_ruling(what: str) -> None:
    """And a mail with something else does not."""
    asked = campaign([EMPTY])
    other = verdict(asked, mail(team(**FAULTY)), mail(story()), rulings=ruled(what))
    again = verdict(
        asked, mail(team(**FAULTY)), mail(team(**FAULTY, dept="新部门")), rulings=ruled(what)
    )

    assert Decision.SUPPLEMENT not in decisions(other)
    assert decisions(again) == [Decision.SUPPLEMENT]


GUARDED = {"check": "sender", "severity": "human"}


def _two_senders(**rulings: Any) -> Any:
    """Another address sends the team's form with another head count, under a ruling."""
    mine = mail(team(member_count=12), sender="a@x.cn")
    other = mail(team(member_count=15), sender="b@y.cn")
    return verdict(campaign([GUARDED]), mine, other, **rulings)


def _count(mails: int, accepted: dict[int, int]) -> Any:
    """The head count that is in force."""
    sent = [
        mail(team(member_count=12), sender="a@x.cn"),
        mail(team(member_count=15), sender="b@y.cn"),
    ]
    made = dossier(campaign([GUARDED]), *sent[:mails], accepted=accepted)
    (paper,) = made.current("team_form")
    assert paper.form is not None
    found = paper.form.get("member_count")
    return found.value if found else None


def test_what_another_address_sends_instead_waits_for_a_person() -> None:
    """Put before staff, not obeyed."""
    told = _two_senders()

    assert decisions(told) == [Decision.REVIEW]
    assert only(told, "sender.changed").severity is Severity.HUMAN
    assert _count(2, {}) == 12


def test_it_is_in_force_once_staff_have_accepted_the_item() -> None:
    """The ruling saw both mails; one made before the second came says nothing of it."""
    told = _two_senders(rulings=ruled("accept", submissions=2))

    assert decisions(told) == [Decision.ACCEPTED]
    assert _count(2, {0: 2}) == 15
    assert _count(2, {0: 1}) == 12


def test_a_newer_version_of_the_first_sender_makes_it_idle() -> None:
    """Their own correction counts at once."""
    told = verdict(
        campaign([GUARDED]),
        mail(team(member_count=12), sender="a@x.cn"),
        mail(team(member_count=15), sender="b@y.cn"),
        mail(team(member_count=13), sender="a@x.cn"),
    )

    assert decisions(told) == [Decision.ACCEPTED]
    assert "sender.changed" not in codes(told)


def test_what_nobody_has_sent_before_may_come_from_anywhere() -> None:
    """Documents of a dossier come from several addresses."""
    told = verdict(
        campaign([GUARDED]), mail(team(), sender="a@x.cn"), mail(story(), sender="b@y.cn")
    )

    assert decisions(told) == [Decision.ACCEPTED, Decision.ACCEPTED]


def test_anything_that_comes_answers_a_return() -> None:
    """Staff asked for something the rules do not know; a person sees whether it is enough."""
    told = verdict(campaign(), mail(team()), mail(story()), rulings=ruled("return"))

    assert "staff.returned" not in codes(told)


def test_a_place_that_is_not_there_cannot_be_given_away() -> None:
    """Not even by staff: first one must be withdrawn or declined."""
    use = (QuotaUse(category="team", region="甲市", used=2),)
    told = verdict(rules(), mail(*teams(1)), quota_use=use, rulings=ruled("accept"))

    assert decisions(told) == [Decision.SUPPLEMENT]
    assert codes(told) == ["quota.exceeded"]


def test_staff_choose_which_of_too_many_take_the_places() -> None:
    """The chosen one is in; the two others still do not fit together."""
    use = (QuotaUse(category="team", region="甲市", used=1),)
    told = verdict(rules(), mail(*teams(3)), quota_use=use, rulings=ruled("accept"))

    assert decisions(told) == [Decision.ACCEPTED, Decision.SUPPLEMENT, Decision.SUPPLEMENT]


def test_a_withdrawn_item_leaves_its_place_to_the_others() -> None:
    """Three were too many for two places."""
    told = verdict(rules(), mail(*teams(3)), rulings=ruled("withdraw"))

    assert decisions(told) == [Decision.ACCEPTED, Decision.ACCEPTED]


def test_staff_tell_the_region_of_a_unit_that_names_none() -> None:
    """A person decided; the table's number then counts."""
    unknown = verdict(rules(), mail(*teams(1, region=None)))
    known = verdict(rules(), mail(*teams(3, region=None)), region="甲市")

    assert codes(unknown) == ["quota.unknown_region"]
    assert codes(known) == ["quota.exceeded"] * 3


@pytest.mark.parametrize(("first", "told"), [(2, []), (3, ["quota.exceeded"] * 3)])
def test_grades_count_once_staff_have_entered_them(first: int, told: list[str]) -> None:
    """An accepted item keeps its place; staff are told that they gave too many."""
    campaign_ = rules(quota={"grade": "1", "id": "teams_1"})
    accepted = frozenset(range(4))
    given_ = verdict(
        campaign_, mail(*teams(4)), accepted=accepted, grades=dict.fromkeys(range(first), "1")
    )

    assert decisions(given_) == [Decision.ACCEPTED] * 4
    assert codes(given_) == told
    assert {entry.severity for entry in findings(given_)} <= {Severity.WARN}


def test_grades_of_other_units_of_the_region_count_too() -> None:
    """Only those of the same grade."""
    campaign_ = rules(quota={"grade": "1", "id": "teams_1"})
    use = (
        QuotaUse(category="team", region="甲市", grade="1", used=1),
        QuotaUse(category="team", region="甲市", grade="2", used=9),
    )
    told = [
        codes(
            verdict(
                campaign_, mail(*teams(2)), accepted=frozenset({0, 1}), quota_use=use,
                grades=dict.fromkeys(range(count), "1"),
            )
        )
        for count in (1, 2)
    ]  # fmt: skip

    assert told == [[], ["quota.exceeded"] * 2]


@given(
    st.integers(0, 4),
    st.integers(0, 4),
    st.dictionaries(
        st.integers(0, 3),
        st.builds(
            Ruling,
            what=st.sampled_from(["accept", "return", "decline", "withdraw"]),
            submissions=st.just(1),
        ),
    ),
    st.frozensets(st.integers(0, 3)),
)
def test_no_ruling_ever_oversells(
    count: int, used: int, rulings: dict[int, Ruling], accepted: frozenset[int]
) -> None:
    """New items are never accepted beyond the number; accepted ones stay unless settled."""
    accepted = frozenset(entry for entry in accepted if entry < count)
    use = (QuotaUse(category="team", region="甲市", used=used),)
    told = verdict(rules(), mail(*teams(count)), quota_use=use, rulings=rulings, accepted=accepted)
    inside = {e.item.ordinal for e in told.items if e.decision is Decision.ACCEPTED}
    new = inside - accepted

    assert not new or used + len(accepted - {i.ordinal for i in told.withdrawn}) + len(new) <= 2
    for ordinal in accepted - inside:
        assert rulings[ordinal].what != "accept"
