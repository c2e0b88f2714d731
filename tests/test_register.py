"""What is recorded comes back as it was: readings, submissions, numbers, history."""

from __future__ import annotations

import hashlib
import multiprocessing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import filed
import pytest
import sqlalchemy as sa
from desk import SETTINGS
from intake import CAMPAIGN, NOW, decide, document, dossier_outcome, new_store, reading

from mailbot.catalogue import shipped_campaigns
from mailbot.deciding.decision import decide as decide_by_notice
from mailbot.model import CloudLink, Reading, Sighting
from mailbot.outcome import Incoming, Outcome
from mailbot.store import Store, mails, readings
from mailbot.store import schema as t
from mailbot.store.record import keep_ruling, record, record_again
from mailbot.store.register import StoredRegister
from parsers.model import Document, Form, Problem, Row, Section, Table
from parsers.model import Field as Entry
from rules.gathering.dossier import assemble
from rules.model import Ruling


def sha(number: int) -> str:
    """A stand-in for the SHA-256 of a mail."""
    return hashlib.sha256(str(number).encode()).hexdigest()


def enter(store: Store, number: int, found: Reading) -> tuple[int, Incoming]:
    """A mail that has been read."""
    sha256 = sha(number)
    seen = Sighting(account="box@example.org", folder="INBOX", uidvalidity=1, uid=number)
    arrived = NOW + timedelta(seconds=number)
    with store.writing() as connection:
        taken = mails.Taken(sha256=sha256, size=1, arrived=arrived, sighting=seen)
        mails.enter(connection, taken, NOW)
        mail = connection.scalar(sa.select(t.mails.c.id).where(t.mails.c.sha256 == sha256))
        assert mail is not None
        readings.keep(connection, mail, found, NOW)
    return mail, Incoming(mail=sha256, arrived=arrived, reading=found)


def settle(store: Store, number: int, found: Reading) -> Outcome:
    """A mail, decided and recorded."""
    mail, incoming = enter(store, number, found)
    with store.writing() as connection:
        outcome = decide(incoming, StoredRegister(connection), NOW)
        record(connection, mail, incoming, outcome, NOW)
    return outcome


def rich_document() -> Document:
    """Everything a document can have, at two depths."""
    cell = Entry(
        key="name", label="姓名", value="张三", raw="张 三", where="表1 第3行第1列", doubt="?"
    )
    form = Form(
        kind="rollup",
        title="汇总表",
        campaigns=("a", "b"),
        confidence=0.75,
        fields=(
            Entry(key="pair", label="人数", value=[12, 40], raw="12、40", confidence=0.5),
            Entry(key="rate", label="完成率", value=98.5, raw="98.5%", source="ocr"),
            Entry(key="ticks", label="类型", value=["甲", "乙"], raw="☑甲☑乙"),
            Entry(key="none", label="传真"),
        ),
        tables=(Table(key="rows", rows=(Row(cells=(cell,), where="第3行"),), columns=("name",)),),
        sections=(Section(key="a", title="概况", found=True, where="第1段"),),
        characters=812,
        where="表1",
    )
    foreign = Form(kind="team_form", foreign="2019 年", where="表2")
    inner = Document(
        file="x.zip/表.docx",
        sha256="1" * 64,
        size=10,
        format="docx",
        characters=900,
        text="全文\n第二行",
        forms=(form, foreign),
    )
    broken = Document(
        file="x.zip/坏.doc",
        sha256="2" * 64,
        size=3,
        problems=(Problem(code="document.unreadable", message="无法读取"),),
    )
    return Document(file="x.zip", sha256="3" * 64, size=20, format="zip", members=(inner, broken))


def test_a_reading_comes_back_as_it_was(tmp_path: Path) -> None:
    """Rows hold the whole reading; nothing is lost or changed."""
    store = new_store(tmp_path)
    link = CloudLink(url="https://example.org/f", name="大.zip", size="80M", expires="8月")
    found = reading(1, rich_document(), document("冲压一班"))
    found = Reading(
        envelope=found.envelope,
        body="正文",
        documents=found.documents,
        links=(link,),
        defects=("名称已修复",),
    )
    mail, _ = enter(store, 1, found)
    with store.reading() as connection:
        again = readings.reading_of(connection, mail)

    assert again == found


def test_a_lone_surrogate_does_not_stop_a_mail(tmp_path: Path) -> None:
    """A name in broken UTF-16 is kept with a mark in its place."""
    store = new_store(tmp_path)
    broken = Document(file="表\ud800.docx\x00", sha256="1" * 64, text="a\udfffb")
    mail, _ = enter(store, 1, reading(1, broken))
    with store.reading() as connection:
        again = readings.reading_of(connection, mail).documents[0]

    assert (again.file, again.text) == ("表\ufffd.docx", "a\ufffdb")


def test_a_mail_that_was_not_read_has_no_reading(tmp_path: Path) -> None:
    """An empty reading is not made up."""
    store = new_store(tmp_path)
    seen = Sighting(account="a", folder="b", uidvalidity=1, uid=1)
    with store.writing() as connection:
        taken = mails.Taken(sha256="0" * 64, size=1, arrived=NOW, sighting=seen)
        mails.enter(connection, taken, NOW)
        with pytest.raises(LookupError):
            readings.reading_of(connection, 1)


def test_a_submission_comes_back_as_it_was_judged(tmp_path: Path) -> None:
    """The second mail of a dossier is judged with the first as it was, and our answer to it."""
    store = new_store(tmp_path)
    first = settle(store, 1, reading(1, rich_document(), sender="a@example.org"))
    assert first.reply is not None
    with store.reading() as connection:
        register = StoredRegister(connection)
        (known,) = register.by_sender(CAMPAIGN, "", "a@example.org")
        (submission,) = register.submissions(known.id)
        receipts = register.standing(known.id).receipts

    assert submission.documents == (rich_document(),)
    assert submission.reply_ids == {first.reply.message_id}
    assert submission.message_id == "<1@example.org>"
    assert receipts == {0: "T0001"}


def test_what_staff_have_settled_comes_back(tmp_path: Path) -> None:
    """The last ruling of an item; grade, ticks and region beside it; the history says who."""
    store = new_store(tmp_path)
    settle(store, 1, reading(1, rich_document(), sender="a@example.org"))
    with store.writing() as connection:
        register = StoredRegister(connection)
        (known,) = register.by_sender(CAMPAIGN, "", "a@example.org")
        item = connection.scalar(sa.select(t.items.c.id))
        assert item is not None
        for what in ("return", "accept"):
            ruling = Ruling(what=what, reason="已电话核实", submissions=1)
            keep_ruling(connection, item, ruling, who="李老师", now=NOW)
        connection.execute(t.items.update().values(grade="1"))
        connection.execute(t.dossiers.update().values(region="长岭市"))
        connection.execute(t.items.update().values(place="长岭市"))  # as judging again does
        for place, what in ((item, "paper"), (None, "fee")):
            connection.execute(
                t.ticks.insert().values(
                    dossier_id=known.id, item_id=place, what=what, at=NOW, who="李老师"
                )
            )
        standing = register.standing(known.id)
        places = register.places(CAMPAIGN, "", ())
        elsewhere = register.places(CAMPAIGN, "", (known.id,))
        told = connection.scalars(sa.select(t.events.c.who).where(t.events.c.what == "item.ruled"))
        assert set(told) == {"李老师"}

    assert standing.rulings == {0: Ruling(what="accept", reason="已电话核实", submissions=1)}
    assert (standing.grades, standing.region) == ({0: "1"}, "长岭市")
    assert standing.ticks == {(0, "paper"), (None, "fee")}
    assert standing.holders == {0}
    (place,) = places
    assert (place.region, place.grade, place.used) == ("长岭市", "1", 1)
    assert elsewhere == ()


def test_a_dossier_judged_again_keeps_its_mails_and_gives_back_places(tmp_path: Path) -> None:
    """Withdrawn: the number stays, the place is free; another verdict with its own cause."""
    store = new_store(tmp_path)
    settle(store, 1, reading(1, rich_document(), sender="a@example.org"))
    with store.writing() as connection:
        register = StoredRegister(connection)
        (known,) = register.by_sender(CAMPAIGN, "", "a@example.org")
        standing = register.standing(known.id)
        submissions = register.submissions(known.id)
        before = dossier_outcome(known, submissions, dict(standing.receipts))
        (judged,) = before.verdict.items
        gone = replace(before.verdict, items=(), withdrawn=(judged.item,))
        record_again(connection, "ruling:1", replace(before, verdict=gone), None, NOW)
        row = connection.execute(sa.select(t.items)).one()
        causes = connection.scalars(sa.select(t.verdicts.c.cause)).all()
        assert register.places(CAMPAIGN, "", ()) == ()

    assert (row.withdrawn, row.holds_place, row.receipt) == (True, False, "T0001")
    assert causes == [f"mail:{sha(1)}", "ruling:1"]


def test_part_of_a_mail_may_belong_to_a_dossier(tmp_path: Path) -> None:
    """Of an archive with two units' forms each dossier gets its own members back."""
    whole = reading(1, rich_document(), document("冲压一班"))
    inner = whole.documents[0].members[0]
    paths = readings.paths_of(whole, (inner, whole.documents[1]))
    store = new_store(tmp_path)
    mail, _ = enter(store, 1, whole)
    with store.reading() as connection:
        again = readings.documents_of(connection, mail, paths)

    assert paths == ["0.0", "1"]
    assert list(again.values()) == [inner, whole.documents[1]]
    assert readings.paths_of(whole, whole.documents) is None


def test_one_list_of_two_companies_comes_back_with_whom_it_is_shared(tmp_path: Path) -> None:
    """Each dossier is judged by its own rows again, and its paper is the form that was read."""
    names = (filed.COMPANY, "湘潭精工机械有限公司")
    rows = tuple({"company": name, "group_name": f"{name[:2]}一班"} for name in names)
    found = reading(
        1,
        *(filed.document(f"{n}.docx", filed.team(f"{n[:2]}一班", n)) for n in names),
        filed.document("汇总表.docx", filed.form("rollup", rows=rows)),
    )
    store = new_store(tmp_path)
    mail, incoming = enter(store, 1, found)
    with store.writing() as connection:
        register = StoredRegister(connection)
        outcome = decide_by_notice(incoming, register, shipped_campaigns(), SETTINGS, NOW)
        record(connection, mail, incoming, outcome, NOW)
    with store.reading() as connection:
        register = StoredRegister(connection)
        known = register.by_unit("hunan-2026", "", names)
        sent = {entry.unit: register.submissions(entry.id) for entry in known}
        kept = connection.execute(sa.select(t.papers.c.kind, t.papers.c.form_id)).all()

    assert {unit: entry.beside for unit, (entry,) in sent.items()} == {
        names[0]: (names[1],),
        names[1]: (names[0],),
    }
    assert sorted(row.kind for row in kept) == ["rollup", "rollup", "team_form", "team_form"]
    assert all(row.form_id for row in kept)
    for unit, (entry,) in sent.items():
        dossier = assemble(shipped_campaigns()["hunan-2026"], "", unit, (entry,))
        (listed,) = (p.form for p in dossier.papers if p.kind == "rollup" and p.form)
        assert [row.cells[0].value for row in listed.tables[0].rows] == [unit]


def test_a_part_is_known_whatever_kind_a_campaign_reads_it_as() -> None:
    """Where two campaigns call one paper differently, it is the same paper in the mail."""
    other = Form(kind="rollup.qc", campaigns=("b",), where="表1")
    form = Form(kind="rollup", campaigns=("a",), where="表1", others=(other,))
    paper = Document(file="表.docx", sha256="1" * 64, size=1, format="docx", forms=(form,))
    whole = reading(1, paper, document("冲压一班"))
    read = tuple(entry.read_by("b") for entry in whole.documents)

    assert read[0].forms == (other,)
    assert readings.paths_of(whole, read) is None
    assert readings.paths_of(whole, read[:1]) == ["0"]


def test_a_dossier_is_found_by_the_reply_it_got(tmp_path: Path) -> None:
    """Whoever answers our receipt is known by its Message-ID, and by the mail's own."""
    store = new_store(tmp_path)
    outcome = settle(store, 1, reading(1))
    settle(store, 2, reading(2))
    assert outcome.reply is not None
    with store.reading() as connection:
        register = StoredRegister(connection)
        by_reply = register.by_message([outcome.reply.message_id])
        by_mail = register.by_message(["<1@example.org>"])
        by_nothing = register.by_message(["", "<unknown@example.org>"])

    assert [entry.unit for entry in by_reply] == ["applicant1@example.org"]
    assert by_mail == by_reply
    assert by_nothing == []


def test_the_same_mail_again_is_known_by_its_parts(tmp_path: Path) -> None:
    """Same Message-ID, sender and attachments: repeated; one attachment more: not."""
    store = new_store(tmp_path)
    settle(store, 1, reading(1))
    same = Incoming(mail="f" * 64, arrived=NOW, reading=reading(1))
    more = Incoming(
        mail="f" * 64, arrived=NOW, reading=reading(1, *reading(1).documents, document("又一班"))
    )
    itself = Incoming(mail=sha(1), arrived=NOW, reading=reading(1))
    with store.reading() as connection:
        register = StoredRegister(connection)
        found = [register.repeated(entry) for entry in (same, more, itself)]

    assert found == [True, False, False]


def test_replies_are_counted_from_a_time_on(tmp_path: Path) -> None:
    """The cap counts replies composed at or after a time."""
    store = new_store(tmp_path)
    settle(store, 1, reading(1, sender="a@example.org"))
    with store.reading() as connection:
        register = StoredRegister(connection)
        counts = [
            register.replies_since("a@example.org", NOW),
            register.replies_since("a@example.org", NOW + timedelta(seconds=1)),
            register.replies_since("b@example.org", NOW),
        ]

    assert counts == [1, 0, 0]


def test_numbers_are_counted_for_each_campaign_and_tier(tmp_path: Path) -> None:
    """Every campaign and tier starts at 1; a transaction rolled back takes no number."""
    store = new_store(tmp_path)

    def give_up() -> None:
        with store.writing() as connection:
            StoredRegister(connection).take_number("a", "")
            raise KeyError

    with pytest.raises(KeyError):
        give_up()
    with store.writing() as connection:
        register = StoredRegister(connection)
        taken = [register.take_number(*key) for key in (("a", ""), ("a", ""), ("a", "city"))]

    assert taken == [1, 2, 1]


def _take_numbers(folder: str, many: int) -> None:
    store = new_store(Path(folder))
    for _ in range(many):
        with store.writing() as connection:
            number = StoredRegister(connection).take_number("a", "")
            connection.execute(t.health.insert().values(name=f"{number}", failures=number))
    store.close()


def test_receipt_numbers_under_four_processes(tmp_path: Path) -> None:
    """Four processes at once: no number twice, none left out."""
    new_store(tmp_path).close()
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=_take_numbers, args=(str(tmp_path), 50)) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    with new_store(tmp_path).reading() as connection:
        taken = connection.scalars(sa.select(t.health.c.failures)).all()

    assert sorted(taken) == list(range(1, 201))


def test_a_mail_is_recorded_once(tmp_path: Path) -> None:
    """The database itself refuses a second verdict and a second reply."""
    store = new_store(tmp_path)
    mail, incoming = enter(store, 1, reading(1))
    with store.writing() as connection:
        outcome = decide(incoming, StoredRegister(connection), NOW)
        record(connection, mail, incoming, outcome, NOW)
    with pytest.raises(sa.exc.IntegrityError), store.writing() as connection:
        record(connection, mail, incoming, outcome, NOW)
