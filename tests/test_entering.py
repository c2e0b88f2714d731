"""What staff enter by hand, with a real database: grades, ticks, whose a dossier is."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa
from counter import PERSON, Counter, counter, only
from dossiers import NOW, document, team, text
from test_quotas import rules, teams

from mailbot.deciding import entering
from mailbot.deciding.settling import Refused
from mailbot.store import entered, mails, queries, waiting
from mailbot.store import schema as t
from mailbot.store.views import ItemDetail

STAMP = {
    "check": "people",
    "code": "human.stamp",
    "kinds": ["team_form"],
    "text": "请核对公章。",
    "severity": "warn",
}


def detail(desk: Counter, key: str) -> ItemDetail:
    """One item with everything."""
    found = queries.find(desk.store, key)
    assert isinstance(found, ItemDetail)
    return found


@pytest.fixture
def graded(tmp_path: Path) -> Counter:
    """Three accepted teams of a region with two first grades."""
    desk = counter(tmp_path)
    desk.campaign = rules(quota={"id": "first", "grade": "一等"})
    desk.take(*teams(3))
    return desk


@pytest.mark.parametrize("given", ["一等", "1"])
def test_a_grade_is_entered_by_name_or_number(graded: Counter, given: str) -> None:
    """As the campaign writes it; the history says who."""
    item = graded.items()[0]
    graded.enter(item.id, entering.grade, given)
    after = detail(graded, item.id)

    assert (after.item.grade, after.item.state) == ("一等", "accepted")
    assert [e.who for e in after.events if e.what == "item.graded"] == [PERSON]


def test_no_more_grades_than_places(graded: Counter) -> None:
    """Refused with the numbers; one taken away makes room."""
    one, two, three = (item.id for item in graded.items())
    graded.enter(one, entering.grade, "1")
    graded.enter(two, entering.grade, "1")
    events = graded.count(t.events)
    with pytest.raises(Refused, match="名额为2个"):
        graded.enter(three, entering.grade, "1")
    refused = graded.items()[2].grade, graded.count(t.events) - events
    graded.enter(one, entering.grade, "")
    graded.enter(three, entering.grade, "1")

    assert refused == ("", 0)
    assert [item.grade for item in graded.items()] == ["", "一等", "一等"]
    assert len(graded.letters()) == 1


def test_a_grade_nobody_has_is_refused(graded: Counter) -> None:
    """With those there are; and a grade is one item's."""
    item = graded.items()[0]
    with pytest.raises(Refused, match="可用的等级：一等"):
        graded.enter(item.id, entering.grade, "特等")
    with pytest.raises(Refused, match="请写明申报项编号"):
        graded.enter(item.dossier, entering.grade, "1")


def test_a_tick_takes_the_remark_off_the_list(tmp_path: Path) -> None:
    """Of one item; the other's stays. Undone, it is there again. Nobody is written to."""
    desk = counter(tmp_path, STAMP)
    desk.take(team(), team("装配二班"))
    one, two = desk.items()

    def remarks() -> list[int]:
        return [len(detail(desk, item.id).findings) for item in (one, two)]

    before = remarks()
    desk.enter(one.id, entering.tick, "stamp")
    ticked = remarks(), [(k.who, k.what, k.whole) for k in detail(desk, one.id).ticks]
    desk.enter(one.id, entering.tick, "stamp", undo=True)

    assert before == [1, 1]
    assert ticked == ([0, 1], [(PERSON, "stamp", False)])
    assert (remarks(), detail(desk, one.id).ticks) == ([1, 1], ())
    assert len(desk.letters()) == 1


def test_a_tick_of_the_dossier_is_for_all_its_items(tmp_path: Path) -> None:
    """And is not needed twice."""
    desk = counter(tmp_path, STAMP)
    desk.take(team(), team("装配二班"))
    one, two = desk.items()
    desk.enter(one.dossier, entering.tick, "stamp")

    assert [len(detail(desk, item.id).findings) for item in (one, two)] == [0, 0]
    with pytest.raises(Refused, match="此前已登记"):
        desk.enter(one.dossier, entering.tick, "stamp")
    with pytest.raises(Refused, match="没有这项登记"):
        desk.enter(one.id, entering.tick, "fee", undo=True)


def test_paper_that_came_by_post_is_ticked_off(tmp_path: Path) -> None:
    """The demand for it is then satisfied."""
    demand = {
        "kind": "summary_both",
        "categories": ["team"],
        "of": "unit",
        "channel": "post",
        "severity": "ask",
    }
    desk = counter(tmp_path, document=[demand])
    desk.take(team())
    (item,) = desk.items()
    before = [f.code for f in detail(desk, item.id).dossier_findings]
    desk.enter(item.dossier, entering.tick, "paper")

    assert before == ["human.paper"]
    assert detail(desk, item.id).dossier_findings == ()


def test_staff_name_the_unit_of_a_mail(tmp_path: Path) -> None:
    """The item is decided then, and its sender hears of it; nothing waits."""
    desk = counter(tmp_path)
    desk.take(team(company=None), sender="wang@lushan.example")
    (item,) = desk.items()
    reply = only(desk.enter(desk.mails[0], entering.assign_unit, "庐山机械有限公司"))
    (after,) = desk.items()

    assert (item.state, item.unit) == ("review", "wang@lushan.example")
    assert (after.state, after.unit, after.receipt) == ("accepted", "庐山机械有限公司", "0001")
    assert reply.kind == "receipt"
    assert reply.text.startswith("庐山机械有限公司：您好！")
    assert waiting.list_waiting(desk.store) == ()


def test_a_mail_without_items_joins_the_dossier_of_its_unit(tmp_path: Path) -> None:
    """What was missing has come: accepted, and answered."""
    demand = {"kind": "summary_both", "categories": ["team"], "of": "unit", "severity": "ask"}
    desk = counter(tmp_path, document=[demand])
    desk.take(team())
    desk.take(document("工作总结.docx", text("summary_both")), sender="li@gmail.example")
    before = desk.states(), len(waiting.list_waiting(desk.store))
    reply = only(desk.enter(desk.mails[1], entering.assign_unit, desk.items()[0].unit))

    assert before == (["supplement"], 1)
    assert desk.states() == ["accepted"]
    assert (reply.kind, reply.recipient) == ("receipt", "li@gmail.example")
    assert waiting.list_waiting(desk.store) == ()


def test_two_dossiers_with_items_are_not_put_together(tmp_path: Path) -> None:
    """Refused, naming the one that is there."""
    desk = counter(tmp_path)
    desk.take(team())
    desk.take(team("装配二班", company=None), sender="li@gmail.example")
    first, second = desk.items()
    with pytest.raises(Refused, match=first.dossier):
        desk.enter(second.id, entering.assign_unit, first.unit)

    assert desk.states() == ["accepted", "review"]


def test_staff_name_the_region_of_a_unit(tmp_path: Path) -> None:
    """Then its places count; a region of no table is refused with those there are."""
    desk = counter(tmp_path)
    desk.campaign = rules()
    desk.take(*teams(1, region=None))
    (item,) = desk.items()
    with pytest.raises(Refused, match="是否想写“甲市”"):
        desk.enter(item.id, entering.assign_region, "甲 市场")
    reply = only(desk.enter(item.id, entering.assign_region, "甲市"))

    assert (item.state, desk.states(), reply.kind) == ("review", ["accepted"], "receipt")


@pytest.mark.parametrize("written", ["动漫行业", "丙市"])
def test_the_word_of_staff_counts_before_the_region_of_the_form(
    tmp_path: Path, written: str
) -> None:
    """Which stands in no table, or in the wrong row."""
    desk = counter(tmp_path)
    desk.campaign = rules()
    desk.take(*teams(1, region=written))
    (item,) = desk.items()
    desk.enter(item.id, entering.assign_region, "甲市")

    assert (item.state, desk.states()) == ("review", ["accepted"])


def test_a_mail_set_aside_is_taken_up_again(tmp_path: Path) -> None:
    """By its ID; what was handled needs no second time."""
    desk = counter(tmp_path)
    desk.take(team())
    (mail,) = desk.mails
    with pytest.raises(Refused, match="已处理"):
        desk.enter(mail, entering.take_up_again)
    with pytest.raises(Refused, match="来信编号"):
        desk.enter(desk.items()[0].id, entering.take_up_again)
    with desk.store.writing() as connection:
        mails.set_aside(connection, 1, "内存不足", NOW)
        entered.settle_mail(connection, mail, what="accept", reason="", who="liming", now=NOW)
    desk.enter(mail, entering.take_up_again)
    with desk.store.reading() as connection:
        row = connection.execute(sa.select(t.mails)).one()
        (event,) = connection.execute(
            sa.select(t.events).where(t.events.c.what == "mail.taken_up_again")
        ).all()

    assert (row.state, row.failure, row.settled_at) == ("read", "", None)
    assert event.who == PERSON


def test_a_region_whose_places_are_used_up_is_no_acceptance(tmp_path: Path) -> None:
    """The rules decide once the region is known."""
    desk = counter(tmp_path)
    desk.campaign = rules()
    desk.take(*teams(2), sender="a@yi.example")
    desk.take(team("铸造一班", company="乙公司"), sender="b@er.example")
    desk.enter(desk.items()[2].id, entering.assign_region, "甲市")

    assert desk.states() == ["accepted", "accepted", "supplement"]
