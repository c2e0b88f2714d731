"""The register judged again: what would change is told, nothing changes before it is asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from counter import Counter, counter
from dossiers import NOW, campaign, document, field, story, team
from test_quotas import rules, teams

from mailbot.deciding.replaying import Replay, apply, rehearse
from mailbot.model import Reading
from mailbot.rereading import Reread, read_again
from mailbot.store import queries, readings
from mailbot.store import schema as t
from mailbot.store.views import ItemDetail

FIELDS = {"check": "fields", "kinds": ["team_form"]}
FAULTY: dict[str, Any] = {"postcode": None, "member_count": 3}


def replay(desk: Counter, reread: Reread | None = None) -> Replay:
    """Everything, with today's campaign."""
    found = reread.readings if reread else {}
    return Replay(campaigns=desk.campaigns, now=NOW, who="li", readings=found)


def snapshot(desk: Counter) -> list[int]:
    """How much is recorded."""
    tables = (t.verdicts, t.findings, t.events, t.replies, t.papers, t.documents, t.forms)
    return [desk.count(table) for table in tables]


@pytest.fixture
def stricter(tmp_path: Path) -> Counter:
    """A faulty team was accepted, another asked for more by a rule that is gone today."""
    desk = counter(tmp_path, {"check": "fields", "kinds": ["story_form"]})
    desk.take(team(**FAULTY))
    desk.take(story(company="庐山机械有限公司", topics=None), sender="wang@lushan.example")
    desk.campaign = campaign([FIELDS]).model_copy(update={"version": "v2"})
    return desk


def test_a_rehearsal_tells_and_changes_nothing(stricter: Counter) -> None:
    """Decisions before and after, findings new and gone, versions; the accepted item is kept."""
    before = snapshot(stricter), stricter.states()
    found = rehearse(stricter.store, replay(stricter))
    first, second = found.changes

    assert found.dossiers == 2
    (kept,) = first.items
    assert (kept.before, kept.after, kept.kept) == ("accepted", "accepted", True)
    assert [entry.code for entry in kept.new] == ["field.empty"]
    (freed,) = second.items
    assert (freed.before, freed.after, freed.kept) == ("supplement", "accepted", False)
    assert [entry.code for entry in freed.gone] == ["field.choice"]
    assert second.version_after == "v2"
    assert (snapshot(stricter), stricter.states()) == before


def test_what_is_applied_is_recorded_and_mails_nobody(stricter: Counter) -> None:
    """With its cause; applied again, there is nothing left but what is kept."""
    letters = stricter.letters()
    told = rehearse(stricter.store, replay(stricter))
    done = apply(stricter.store, replay(stricter))
    again = rehearse(stricter.store, replay(stricter))
    kept, freed = stricter.items()

    assert done == told
    assert [item.state for item in (kept, freed)] == ["accepted", "accepted"]
    assert (kept.receipt, freed.receipt) == ("0001", "0002")
    assert stricter.letters() == letters
    assert again.changes == ()
    with stricter.store.reading() as connection:
        causes = connection.scalars(sa.select(t.verdicts.c.cause)).all()
    assert [cause.startswith("replay:v2:") for cause in causes] == [False, False, True, True]


def test_the_fault_of_what_is_kept_is_on_the_tick_list(stricter: Counter) -> None:
    """Staff see it with the item."""
    apply(stricter.store, replay(stricter))
    detail = queries.find(stricter.store, stricter.items()[0].id)

    assert isinstance(detail, ItemDetail)
    assert [(f.code, f.severity.value) for f in detail.findings] == [("field.empty", "warn")]


def test_nothing_to_tell_under_the_same_rules(tmp_path: Path) -> None:
    """Judging again gives the same, whatever staff have settled since."""
    desk = counter(tmp_path, FIELDS)
    desk.take(team(**FAULTY), story(), team("装配二班"))
    desk.rule(desk.items()[0].id, "accept")
    desk.rule(desk.items()[1].id, "withdraw")
    desk.rule(desk.items()[2].id, "decline", "不在范围。")

    assert desk.states() == ["accepted", "withdrawn", "declined"]
    assert rehearse(desk.store, replay(desk)).changes == ()
    assert apply(desk.store, replay(desk)).changes == ()


def test_a_rehearsal_counts_the_places_it_gives_away(tmp_path: Path) -> None:
    """Three teams of three units for two places: the first two opened get them, as applied."""
    desk = counter(tmp_path, FIELDS)
    for number in range(3):
        forms = teams(1, company=f"第{number}机械有限公司", postcode=None)
        desk.take(*forms, sender=f"a@{number}.example")
    desk.campaign = rules()
    told = rehearse(desk.store, replay(desk))
    apply(desk.store, replay(desk))

    assert [item.after for change in told.changes for item in change.items] == [
        "accepted", "accepted", "supplement"
    ]  # fmt: skip
    assert desk.states() == ["accepted", "accepted", "supplement"]


class Reader:
    """Reads what a test says."""

    workers = 2

    def __init__(self, desk: Counter, change: Callable[[Reading], Reading]) -> None:
        self._desk, self._change = desk, change

    def path(self, sha256: str) -> Path:
        return Path(sha256)

    def read(self, path: Path, sha256: str = "") -> Reading:
        assert path == self.path(sha256)
        with self._desk.store.reading() as connection:
            mail = connection.scalar(sa.select(t.mails.c.id).where(t.mails.c.sha256 == sha256))
            return self._change(readings.reading_of(connection, mail or 0))


def reread(desk: Counter, change: Callable[[Reading], Reading]) -> Reread:
    """Every mail read again so."""
    reader = Reader(desk, change)
    return read_again(desk.store, reader, reader, [desk.campaign.id], lambda: None)


def with_postcode(found: Reading) -> Reading:
    """The reader finds a postcode today."""
    (paper,) = found.documents
    (form,) = paper.forms
    fields = [
        replace(entry, value="410000", raw="410000") if entry.key == "postcode" else entry
        for entry in form.fields
    ]
    return replace(found, documents=(replace(paper, forms=(replace(form, fields=tuple(fields)),)),))


def test_what_is_read_differently_is_told_and_judged(tmp_path: Path) -> None:
    """Value before and after, and what follows from it; recorded only when asked for."""
    desk = counter(tmp_path, FIELDS)
    desk.take(team(**FAULTY))
    today = reread(desk, with_postcode)
    (told,) = today.differences
    before = snapshot(desk)
    (change,) = rehearse(desk.store, replay(desk, today)).changes
    untouched = snapshot(desk) == before
    apply(desk.store, replay(desk, today))

    assert (told.what, told.before, told.after) == ("team_form「邮编」", "", "410000")
    assert [(item.before, item.after) for item in change.items] == [("supplement", "accepted")]
    assert untouched
    assert desk.states() == ["accepted"]
    assert reread(desk, with_postcode).differences == ()
    assert [desk.count(table) for table in (t.papers, t.documents, t.forms)] == before[-3:]


def test_what_is_read_the_same_changes_nothing(tmp_path: Path) -> None:
    """Not one row."""
    desk = counter(tmp_path, FIELDS)
    desk.take(team(**FAULTY), story())
    same = reread(desk, lambda found: found)

    assert (same.readings, same.differences, same.problems) == ({}, (), ())


def test_a_mail_that_cannot_be_read_any_more_is_a_problem(tmp_path: Path) -> None:
    """What was read of it stays."""
    desk = counter(tmp_path)
    desk.take(team())
    found = reread(desk, lambda old: replace(old, documents=(), failure="MIME 结构损坏"))

    assert found.readings == {}
    assert "MIME 结构损坏" in found.problems[0]


def test_new_files_in_the_parts_of_two_units_are_left_to_a_person(tmp_path: Path) -> None:
    """Nobody can tell whose they are."""
    desk = counter(tmp_path)
    desk.take(team(), team("装配二班", company="庐山机械有限公司"))
    more = document("又一.docx", team("新班", dept=field("dept")))
    found = reread(desk, lambda old: replace(old, documents=(*old.documents, more)))

    assert len({item.dossier for item in desk.items()}) == 2
    assert found.readings == {}
    assert "分属几个单位" in found.problems[0]
