"""Who sent what, to which address, and how."""

from __future__ import annotations

from typing import Any

import pytest
from dossiers import (
    UNIT,
    campaign,
    codes,
    decisions,
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

from parsers.model import Form
from rules.model import Decision

SENDER = {"check": "sender", "severity": "human"}
NOTE = {"check": "change_note", "kind": "change_note"}
SUMMARY = {"kind": "summary_both", "of": "unit", "categories": ["team"], "severity": "info"}


@pytest.mark.parametrize(
    ("senders", "count"),
    [
        (["a@x.cn", "a@x.cn"], 0),
        (["a@x.cn", "b@y.cn"], 1),
        (["a@x.cn", "b@y.cn", "a@x.cn"], 0),
        (["", "b@y.cn"], 0),
        (["a@x.cn", ""], 0),
    ],
)
def test_another_address_replaces_a_form(senders: list[str], count: int) -> None:
    """Measured by who sent it first."""
    mails = [mail(team(member_count=9 + n), sender=who) for n, who in enumerate(senders)]
    given = verdict(campaign([SENDER]), *mails)
    assert codes(given) == ["sender.changed"] * count
    if count:
        assert decisions(given) == [Decision.REVIEW]
        assert "a@x.cn" in only(given).message


def test_another_address_that_only_adds_is_fine() -> None:
    """A colleague sends the summary."""
    rules = campaign([SENDER], document=[SUMMARY])
    given = verdict(
        rules, mail(team(), sender="a@x.cn"), mail(text("summary_both"), sender="b@y.cn")
    )
    assert codes(given) == []


def test_the_same_bytes_from_another_address_change_nothing() -> None:
    """A repeat replaces nothing."""
    file = document("a.docx", team())
    given = verdict(campaign([SENDER]), mail(file, sender="a@x.cn"), mail(file, sender="b@y.cn"))
    assert codes(given) == []


@pytest.mark.parametrize(
    ("before", "after", "count"),
    [
        ({}, {"member_count": 13}, 1),
        ({"fax": None}, {"fax": "0731-80000002"}, 0),
        ({"fax": "0731-80000002"}, {"fax": None}, 1),
        ({"region": "甲市"}, {"region": "甲市"}, 0),
    ],
)
def test_a_change_needs_a_note_and_an_addition_none(
    before: dict[str, Any], after: dict[str, Any], count: int
) -> None:
    """信息如有变更: what was given before is other now."""
    first, second = document("1.docx", team(**before)), document("2.docx", team(**after))
    given = verdict(campaign([NOTE]), mail(first), mail(second))
    assert codes(given) == ["change.note_missing"] * count


def test_a_change_note_settles_it() -> None:
    """With the change or after it, as a file or in the mail's own words."""
    first, second = mail(team()), mail(team(member_count=13))
    note = text("change_note")
    rules = campaign([NOTE])
    assert codes(verdict(rules, first, mail(team(member_count=13), note))) == []
    assert codes(verdict(rules, first, second, mail(note))) == []
    assert (
        codes(verdict(rules, first, mail(team(member_count=13), body="变更说明：人数更正"))) == []
    )
    assert codes(verdict(rules, mail(team(), note), second)) == ["change.note_missing"]


def test_a_list_that_grows_needs_no_note() -> None:
    """Rows and cells were added, none was changed."""
    wanted = {"kind": "rollup", "of": "unit", "categories": ["team"]}
    rules = campaign([NOTE], document=[wanted])
    old = rollup({"name": "冲压一班", "postcode": None})
    new = rollup({"name": "冲压一班", "postcode": "410000"}, {"name": "新班", "postcode": None})
    other = rollup({"name": "冲压一班", "postcode": "410001"})
    assert codes(verdict(rules, mail(team(), old), mail(new))) == []
    assert codes(verdict(rules, mail(team(), new), mail(other))) == ["change.note_missing"]


BOXES = [
    {"address": "a@example.cn"},
    {"address": "b@example.cn", "kinds": ["story_form"]},
]


@pytest.mark.parametrize(
    ("box", "form", "count"),
    [
        ("a@example.cn", team(), 0),
        ("A@Example.cn", team(), 0),
        ("b@example.cn", team(), 1),
        ("a@example.cn", story(), 1),
        ("b@example.cn", story(), 0),
        ("c@example.cn", team(), 1),
        ("", team(), 0),
    ],
)
def test_each_document_in_its_mailbox(box: str, form: Form, count: int) -> None:
    """By the kinds a mailbox names."""
    rules = campaign([{"check": "mailbox", "severity": "info"}], mailbox=BOXES)
    given = verdict(rules, mail(form, mailbox=box))
    assert codes(given) == ["mailbox.wrong"] * count


@pytest.mark.parametrize(
    ("addressed", "answers", "count"),
    [
        (("a@example.cn",), None, 1),
        (("a@example.cn", "B@example.cn"), None, 0),  # to both at once
        (("a@example.cn",), 0, 0),  # our letter asks for an answer to itself
    ],
)
def test_a_mail_to_both_mailboxes_or_an_answer_is_in_its_place(
    addressed: tuple[str, ...], answers: int | None, count: int
) -> None:
    """Whichever of the mailboxes it is fetched from."""
    rules = campaign([{"check": "mailbox", "severity": "info"}], mailbox=BOXES)
    sent = mail(story(), mailbox="a@example.cn", addressed=addressed, answers=answers)
    assert codes(verdict(rules, mail(team(), mailbox="a@example.cn"), sent)) == (
        ["mailbox.wrong"] * count
    )


@pytest.mark.parametrize(
    ("body", "count"),
    [
        ("联系人：张示例，电话：13900000001", 0),
        ("联 系 人：张示例 0731-80000001", 0),
        ("联系人：张示例，电话：（0731）80000001", 0),
        ("联系人：张示例，联系电话：80000001", 0),
        ("联系人：张示例", 1),
        ("电话：13900000001", 1),
        ("联系人：张示例，日期20260710", 1),
        ("", 1),
    ],
)
def test_contact_and_phone_in_the_mail(body: str, count: int) -> None:
    """Word and number."""
    given = verdict(campaign([{"check": "contact"}]), mail(team(), body=body))
    assert codes(given) == ["mail.contact_missing"] * count


def test_a_contact_given_later_heals() -> None:
    """In a mail without any document."""
    rules = campaign([{"check": "contact"}])
    later = mail(body="联系人：张示例，13900000001")
    assert codes(verdict(rules, mail(team()), later)) == []


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (["湘江重工申报.zip"], []),
        (["湘江重工.zip", "b.docx"], ["mail.not_one_file"]),
        (["新建文件夹.zip"], ["mail.file_name"]),
        (["1.zip"], ["mail.file_name"]),
        (["申报材料.zip"], ["mail.file_name"]),
        (["某某市质协.zip"], []),
        (["某市协.zip"], ["mail.file_name"]),
    ],
)
def test_one_file_with_a_telling_name(files: list[Any], expected: list[Any]) -> None:
    """Told from the newest mail with documents."""
    rules = campaign([{"check": "one_file"}])
    given = verdict(rules, mail(*(document(name) for name in files)))
    assert codes(given) == expected


def test_files_sent_again_as_one_heal() -> None:
    """And an empty mail afterwards changes nothing."""
    rules = campaign([{"check": "one_file"}])
    loose = mail(document("甲乙丙丁.docx"), document("乙.docx"))
    packed = mail(document("湘江重工申报.zip"))
    assert codes(verdict(rules, loose, packed, mail())) == []


@pytest.mark.parametrize(
    ("applicant", "unit", "count"),
    [
        ("company", UNIT, 0),
        ("company", "某市质量协会", 1),
        ("company", "", 0),
        ("recommender", "某市质量协会", 0),
        ("recommender", UNIT, 1),
    ],
)
def test_who_may_submit_here(applicant: str, unit: Any, count: int) -> None:
    """The company itself, or its unit."""
    tier = {"deadlines": [{"last_day": "2026-07-15"}], "applicant": applicant}
    rules = campaign([{"check": "level", "severity": "human"}], tier=[tier])
    given = verdict(rules, mail(team()), unit=unit)
    assert codes(given) == ["sender.level"] * count


@pytest.mark.parametrize(
    ("unit", "teams", "rollups", "told", "asked"),
    [
        # the company under its own name, or nobody knows whose: its unit's papers are not its own
        (UNIT, 1, 0, ["human", "info"], 0),
        ("li@o.example", 1, 0, ["human", "info"], 0),
        # a unit that writes its own name over its own teams: staff know whether it may
        (UNIT, 1, 1, ["human"], 0),
        # one company's papers under a unit's name: told to both, and the unit's papers asked for
        ("某市质量协会", 1, 0, ["human", "info"], 1),
        ("某市质量协会", 1, 1, [], 0),
        ("某市质量协会", 2, 0, [], 1),
        ("li@o.example", 2, 0, [], 1),
    ],
)
def test_a_company_that_applies_in_the_place_of_its_unit(
    unit: str, teams: int, rollups: int, told: list[str], asked: int
) -> None:
    """Staff decide, the sender hears how it is meant, and is not asked for its unit's papers."""
    tier = {"deadlines": [{"last_day": "2026-07-15"}], "applicant": "recommender"}
    demand = {"kind": "rollup", "of": "unit", "categories": ["team"]}
    level = {"check": "level", "severity": "human"}
    rules = campaign([level], tier=[tier], document=[demand])
    sent = [team(), team("锻造一班", company="金枫电机制造有限公司")][:teams]
    lists = [rollup({"name": "冲压一班", "company": UNIT})][:rollups]
    found = findings(verdict(rules, mail(*sent, *lists), unit=unit))

    assert [f.severity.value for f in found if f.code == "sender.level"] == told
    assert sum(f.code == "document.missing" for f in found) == asked
