"""What list, show, status, digest and export see of the register."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from intake import CAMPAIGN, NOW, Shelf, decide, mail, new_pipeline, new_store, wrong_mail

from mailbot.outcome import Incoming, Outcome, Register
from mailbot.pipeline import Box
from mailbot.store import Store, files, health, queries
from mailbot.store import schema as t
from mailbot.store.views import ItemDetail, MailDetail
from rules.model import Decision, Finding, Severity

DAY = timedelta(days=1)


def in_doubt(incoming: Incoming, register: Register, now: datetime) -> Outcome:
    """The second mail is for a person, the third is an inquiry."""
    if incoming.envelope.message_id == "<3@example.org>":
        return Outcome(disposition="inquiry", silence="转人工")
    outcome = decide(incoming, register, now)
    if incoming.envelope.message_id != "<2@example.org>":
        return outcome
    entry = outcome.dossiers[0]
    doubt = Finding(code="sender.changed", severity=Severity.HUMAN, message="另一地址来信。")
    items = tuple(
        replace(item, decision=Decision.REVIEW, findings=(doubt,)) for item in entry.verdict.items
    )
    verdict = replace(entry.verdict, items=items)
    dossiers = (replace(entry, verdict=verdict, receipts={}),)
    return replace(outcome, decision=Decision.REVIEW, dossiers=dossiers)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Four mails: accepted, for a person, an inquiry, set aside."""
    store = new_store(tmp_path)
    pipeline = new_pipeline(tmp_path, store, decide=in_doubt)
    pipeline.collect(Box(source=Shelf([mail(1), mail(2), mail(3)])))
    list(pipeline.process())
    aside = new_pipeline(tmp_path, store)
    aside.collect(Box(source=Shelf([wrong_mail(4)], account="other@example.org")))
    list(aside.process())
    return store


def test_items_are_listed_by_state(store: Store) -> None:
    """List --state: the decisions, and nothing of other campaigns."""
    every = queries.list_items(store)
    review = queries.list_items(store, campaign=CAMPAIGN, state="review")
    none = queries.list_items(store, campaign="another")

    assert [(item.name, item.state, item.receipt) for item in every] == [
        ("第 1 组", "accepted", "T0001"),
        ("第 2 组", "review", None),
    ]
    assert [item.name for item in review] == ["第 2 组"]
    assert none == ()


def test_a_withdrawn_item_is_listed_as_withdrawn_only(store: Store) -> None:
    """Whatever its decision was."""
    with store.writing() as connection:
        connection.execute(
            t.items.update().where(t.items.c.receipt == "T0001").values(withdrawn=True)
        )

    assert [item.name for item in queries.list_items(store, state="withdrawn")] == ["第 1 组"]
    assert queries.list_items(store, state="accepted") == ()


def test_items_are_listed_by_region(store: Store) -> None:
    """List --region."""
    with store.writing() as connection:
        connection.execute(
            t.items.update().where(t.items.c.receipt == "T0001").values(region="长沙市")
        )

    assert [item.receipt for item in queries.list_items(store, region="长沙市")] == ["T0001"]


@pytest.mark.parametrize("by", ["id", "receipt"])
def test_an_item_is_shown_with_its_history(store: Store, by: str) -> None:
    """By its id or its receipt number: mails, findings, replies, events."""
    item = queries.list_items(store)[0]
    found = queries.find(store, item.id if by == "id" else "T0001")

    assert isinstance(found, ItemDetail)
    assert found.item == item
    assert [finding.code for finding in found.findings] == ["human.stamp"]
    assert [finding.code for finding in found.dossier_findings] == ["fee.due"]
    assert [entry.subject for entry in found.mails] == ["第 1 组"]
    assert [reply.kind for reply in found.replies] == ["receipt"]
    assert [event.what for event in found.events] == [
        "mail.collected", "item.decided", "reply.queued", "mail.decided",
    ]  # fmt: skip


def test_a_mail_is_shown_with_everything_that_came_of_it(store: Store) -> None:
    """By the beginning of its SHA-256."""
    sha256 = queries.list_mails(store)[0].sha256
    found = queries.find(store, sha256[:8])

    assert isinstance(found, MailDetail)
    assert found.mail.sha256 == sha256
    assert [(entry.file, entry.kinds) for entry in found.documents] == [
        ("冲压1班.docx", ("team_form",))
    ]
    assert [item.receipt for item in found.items] == ["T0001"]
    assert found.sightings == ("box@example.org INBOX 1",)


def test_what_is_not_there_is_not_found(store: Store) -> None:
    """Nor is something that is too short to mean one mail."""
    assert queries.find(store, "T9999") is None
    assert queries.find(store, "") is None
    assert queries.find(store, "%%%%%%") is None


def test_status_counts_and_says_whether_a_person_is_needed(store: Store) -> None:
    """A mail set aside needs one."""
    found = queries.status(store)

    assert found.mails == {"decided": 3, "failed": 1}
    assert found.items == {"accepted": 1, "review": 1}
    assert found.replies == {"queued": 2}
    assert found.oldest_waiting is None
    assert found.needs_person


def test_status_of_a_quiet_installation(tmp_path: Path) -> None:
    """Nothing to do and nothing wrong."""
    store = new_store(tmp_path)
    health.succeeded(store, "mailbox:a", NOW)

    assert not queries.status(store).needs_person


def test_status_knows_since_when_something_fails(tmp_path: Path) -> None:
    """Three failures: since the first; one success: all well."""
    store = new_store(tmp_path)
    for minute in range(3):
        health.failed(store, "mailbox:a", "连接不通", NOW + timedelta(minutes=minute))
    failing = queries.status(store)
    health.succeeded(store, "mailbox:a", NOW + DAY)
    well = queries.status(store)

    assert failing.needs_person
    assert (failing.health[0].failing_since, failing.health[0].failures) == (NOW, 3)
    assert failing.health[0].last_error == "连接不通"
    assert not well.needs_person
    assert well.health[0].last_success == NOW + DAY


def test_the_oldest_mail_that_waits_is_named(tmp_path: Path) -> None:
    """By its arrival."""
    store = new_store(tmp_path)
    new_pipeline(tmp_path, store).collect(Box(source=Shelf([mail(1), mail(2)])))

    assert queries.status(store).oldest_waiting == NOW + timedelta(seconds=1)


def test_the_digest_has_the_day_and_all_that_waits(store: Store) -> None:
    """Mails and items of the time; what waits for a person, whenever it came."""
    today = queries.digest_facts(store, since=NOW, until=NOW + DAY)
    tomorrow = queries.digest_facts(store, since=NOW + DAY, until=NOW + 2 * DAY)

    assert len(today.mails) == 4
    assert len(today.items) == 2
    assert [finding.code for _, finding in today.staff_notes] == ["human.stamp"]
    assert (tomorrow.mails, tomorrow.items) == ((), ())
    assert today.waiting == tomorrow.waiting
    whys = [entry.why for entry in tomorrow.waiting]
    assert len(whys) == 3
    assert "另一地址来信" in whys[0]
    assert any("未能处理" in why for why in whys)
    assert any("咨询" in why for why in whys)
    assert len(tomorrow.unsent) == 2


def test_the_digest_of_a_campaign_leaves_the_others_out(store: Store) -> None:
    """But keeps mails that belong to none."""
    facts = queries.digest_facts(store, since=NOW, until=NOW + DAY, campaign="another")

    assert facts.items == ()
    assert {row.campaign for row in facts.mails} == {None}


def test_a_row_of_the_export_has_what_was_read(store: Store) -> None:
    """The fields of the form in force, the findings and the senders."""
    first, second = queries.export_rows(store, CAMPAIGN)

    assert first.item.receipt == "T0001"
    assert first.fields == (("team_name", "班组名称", "冲压1班"),)
    assert first.senders == ("applicant1@example.org",)
    assert first.last_arrival == NOW + timedelta(seconds=1)
    assert [finding.code for finding in second.findings] == ["sender.changed", "fee.due"]


def test_the_files_of_a_campaign_are_those_of_its_mails(store: Store) -> None:
    """As each mail shows them, with the unit that applied; other mails' are not among them."""
    mine = [row for row in queries.list_mails(store) if row.campaign == CAMPAIGN]
    shown = [queries.find(store, row.sha256) for row in mine]
    found = files.of_campaign(store, CAMPAIGN)

    assert found
    assert [(entry.mail, entry.document) for entry in found] == [
        (detail.mail.sha256, document)
        for detail in shown
        if isinstance(detail, MailDetail)
        for document in detail.documents
    ]
    assert found[0].unit == queries.list_items(store)[0].unit
    assert files.of_campaign(store, "another") == ()


def test_a_file_that_was_filed_without_a_form_is_what_it_was_filed_as(store: Store) -> None:
    """A text known by its name alone has no form, and is not told to be unrecognised."""
    kinds = [entry.document.kinds for entry in files.of_campaign(store, CAMPAIGN)]
    with store.writing() as connection:
        connection.execute(t.papers.update().values(form_id=None))
        connection.execute(t.forms.delete())

    assert [entry.document.kinds for entry in files.of_campaign(store, CAMPAIGN)] == kinds


def test_ten_times_the_mails_are_no_more_questions(tmp_path: Path) -> None:
    """All files of a campaign, however many mails brought them."""
    store = new_store(tmp_path)
    pipeline = new_pipeline(tmp_path, store)
    shelf = Shelf([mail(1)])
    asked: list[int] = []
    said: list[str] = []
    sa.event.listen(store._reader, "before_cursor_execute", lambda *of: said.append(of[2]))
    for more in ([], [mail(number) for number in range(2, 11)]):
        shelf.raws += more
        pipeline.collect(Box(source=shelf))
        list(pipeline.process())
        said.clear()
        assert len({entry.mail for entry in files.of_campaign(store, CAMPAIGN)}) == len(shelf.raws)
        asked.append(len(said))

    assert asked[0] == asked[1]


def test_findings_of_one_category_do_not_show_on_another(tmp_path: Path) -> None:
    """A missing QC summary does not stand beside a team."""

    def for_others(incoming: Incoming, register: Register, now: datetime) -> Outcome:
        outcome = decide(incoming, register, now)
        entry = outcome.dossiers[0]
        finding = Finding(
            code="document.missing", severity=Severity.ASK, message="缺少总结。", categories=("qc",)
        )
        verdict = replace(entry.verdict, findings=(finding,))
        return replace(outcome, dossiers=(replace(entry, verdict=verdict),))

    store = new_store(tmp_path)
    pipeline = new_pipeline(tmp_path, store, decide=for_others)
    pipeline.collect(Box(source=Shelf([mail(1)])))
    list(pipeline.process())
    (row,) = queries.export_rows(store, CAMPAIGN)

    assert [finding.code for finding in row.findings] == ["human.stamp"]


def test_the_latest_verdict_counts(tmp_path: Path) -> None:
    """Two mails of one sender: one dossier, findings of the second verdict only."""
    store = new_store(tmp_path)
    pipeline = new_pipeline(tmp_path, store)
    raws = [mail(number, sender="same@example.org") for number in (1, 2)]
    pipeline.collect(Box(source=Shelf(raws)))
    list(pipeline.process())
    rows = queries.export_rows(store, CAMPAIGN)

    assert [row.item.receipt for row in rows] == ["T0001", "T0002"]
    assert [len(row.findings) for row in rows] == [2, 2]
    assert rows[0].fields != rows[1].fields
