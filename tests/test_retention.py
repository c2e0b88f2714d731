"""Personal data goes on its day: from a real register and a real archive, with proof, and for good."""

import json
import re
import shutil
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from command import CAMPAIGN, Done, Program, configured, written
from pydantic import ValidationError

from mailbot.catalogue import shipped_campaigns
from mailbot.clock import SetClock
from mailbot.keeping import retention
from mailbot.keeping.archive import FolderArchive
from mailbot.store import open_store, purging, replies
from mailbot.store import schema as t
from rules.notice.retention import Retention

ZONE = ZoneInfo("Asia/Shanghai")
ENDED = date(2026, 7, 31)
#: a year later, whatever the notice says
LATER = datetime(2027, 9, 1, 9, 0, tzinfo=ZONE)
OWN = "kept-for-a-while"


@pytest.mark.parametrize(
    ("keys", "due"),
    [
        ({"after": date(2026, 12, 31)}, datetime(2027, 1, 1, tzinfo=ZONE)),
        ({"days": 0}, datetime(2026, 8, 1, tzinfo=ZONE)),
        ({"days": 30}, datetime(2026, 8, 31, tzinfo=ZONE)),
        ({"after": date(2026, 1, 1)}, datetime(2026, 8, 1, tzinfo=ZONE)),  # not while it runs
        ({}, None),
    ],
)
def test_the_day_is_kept_to_its_end(keys: dict[str, Any], due: datetime | None) -> None:
    """In the campaign's zone; never before the campaign has ended."""
    assert Retention(**keys).due_at(ENDED, ZONE) == due


def test_only_one_of_the_two_keys_may_stand() -> None:
    """They might contradict each other."""
    with pytest.raises(ValidationError, match="只写一个"):
        Retention(after=ENDED, days=3)


@pytest.mark.parametrize("campaign", shipped_campaigns().values(), ids=list(shipped_campaigns()))
def test_nothing_of_a_shipped_campaign_is_ever_due_by_itself(campaign: Any) -> None:
    """The notices say nothing of it: whoever runs them decides."""
    assert campaign.purge_due_at is None


def test_every_column_is_emptied_or_kept_for_a_reason() -> None:
    """A column that is added belongs to one of the two lists."""
    telling = (sa.Text, sa.String, sa.JSON, sa.LargeBinary)
    for name, table in t.metadata.tables.items():
        if name in purging.REMOVED:
            continue
        columns = {column.name for column in table.c if isinstance(column.type, telling)}
        cleared, kept = set(purging.CLEARED.get(name, ())), purging.KEPT[name]

        assert (name, cleared & kept) == (name, set())
        assert (name, columns) == (name, cleared | kept)


@dataclass(frozen=True, slots=True)
class Office:
    """A data folder with mails taken in for a campaign that sets a day."""

    folder: Path
    call: Callable[..., Done]

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        with sqlite3.connect(self.folder / "data" / "mailbot.db") as connection:
            found = connection.execute(statement).fetchall()
        connection.close()
        return found

    def archived(self) -> list[Path]:
        return [file for file in (self.folder / "data" / "archive").rglob("*") if file.is_file()]

    def holds(self, word: str) -> list[str]:
        """The files of the data folder in which a word stands, as it is or in JSON."""
        forms = {word.encode(), json.dumps(word).strip('"').encode(), word.encode("gb18030")}
        files = [file for file in (self.folder / "data").rglob("*") if file.is_file()]
        return [file.name for file in files if any(form in file.read_bytes() for form in forms)]


#: made once: reading takes its time
_TAKEN: list[Path] = []


@pytest.fixture
def office(
    capsys: pytest.CaptureFixture[str],
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> Office:
    """Three mails decided, their replies sent; a copy for each test."""
    mailbot = Program(capsys)
    if not _TAKEN:
        _TAKEN.append(taken(tmp_path_factory.mktemp("taken"), mailbot))
    folder = tmp_path_factory.mktemp("office") / "here"
    shutil.copytree(_TAKEN[0], folder)
    monkeypatch.setattr("mailbot.cli.purging.SystemClock", lambda: SetClock(LATER))
    return Office(folder, lambda *more: mailbot("--config", folder / "config.toml", *more))


def taken(folder: Path, mailbot: Program) -> Path:
    """A campaign that sets a day, three mails decided, their replies sent."""
    shipped = Path(__file__).parent.parent / "rules" / "campaigns" / CAMPAIGN.id
    shutil.copytree(shipped, folder / "own" / OWN)
    file = folder / "own" / OWN / "campaign.toml"
    text = file.read_text("utf-8").replace(f'id = "{CAMPAIGN.id}"', f'id = "{OWN}"', 1)
    file.write_text(text + "\n[retention]\ndays = 90\n", encoding="utf-8")
    config = configured(folder, f'[campaigns]\nenabled = ["{OWN}"]\nfolder = "own"\n')
    mails = written(folder, many=3)
    done = mailbot("--config", config, "import", *mails, "--received-at", "2026-07-10T09:00")
    assert done.code == 0, done.err
    assert mailbot("--config", config, "run", "--once").code == 0
    return folder


def secrets(office: Office) -> set[str]:
    """What says something about a person or a company: addresses, names, numbers."""
    found = {text for row in office.rows("SELECT name, company FROM items") for text in row}
    found |= {text for row in office.rows("SELECT sender, message_id FROM mails") for text in row}
    forms = "".join(text for (text,) in office.rows("SELECT content FROM forms"))
    found |= set(re.findall(r"(?<!\d)1[3-9]\d{9}(?!\d)", forms))
    return {text for text in found if len(text) > 3}


def test_without_apply_nothing_is_touched(office: Office) -> None:
    """It lists what would go, and how much."""
    before = office.rows("SELECT * FROM mails")
    done = office.call("purge", "--unfinished", "--json")
    (due,) = done.json["due"]

    assert (due["campaign"], due["mails"], done.json["applied"]) == (OWN, 3, False)
    assert due["removed"]["forms"] > 0
    assert office.rows("SELECT * FROM mails") == before
    assert len(office.archived()) == 3
    assert office.rows("SELECT * FROM purges") == []
    assert "尚未作任何改动" in office.call("purge").out


def test_before_the_day_nothing_is_due(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not one second too early."""
    monkeypatch.setattr(
        "mailbot.cli.purging.SystemClock", lambda: SetClock(datetime(2026, 7, 11, tzinfo=UTC))
    )
    done = office.call("purge", "--apply", "--unfinished", "--json")

    assert (done.code, done.json["due"], done.json["purged"]) == (0, [], [])
    assert len(office.archived()) == 3


def test_what_a_person_has_still_to_settle_holds_it_up(office: Office) -> None:
    """Unless they say that it will not be settled."""
    office.call("purge", "--json")  # the tables are there
    with sqlite3.connect(office.folder / "data" / "mailbot.db") as connection:
        connection.execute("UPDATE items SET decision = 'review' WHERE ordinal = 1")
    connection.close()
    done = office.call("purge", "--apply")

    assert (done.code, len(office.archived())) == (1, 3)
    assert "项等人处理" in done.err
    assert office.call("purge", "--apply", "--unfinished").code == 0
    assert office.archived() == []


def test_an_answer_that_has_still_to_go_out_holds_it_up(office: Office) -> None:
    """Whatever staff say: it would go out empty. Its mail is not even among those that would go."""
    office.call("purge", "--json")
    with sqlite3.connect(office.folder / "data" / "mailbot.db") as connection:
        connection.execute("UPDATE replies SET state = 'queued' WHERE id = 1")
    connection.close()
    done = office.call("purge", "--apply", "--unfinished", "--json")
    (due,) = done.json["due"]

    assert (done.code, due["mails"], done.json["purged"]) == (1, 2, [])
    assert "封回复没有发出" in done.err
    assert len(office.archived()) == 3


def test_persons_and_companies_are_gone_from_every_file(office: Office) -> None:
    """From the rows, from the free pages of the database, from its log, from the archive."""
    told = secrets(office)
    there = {word for word in told if office.holds(word)}
    done = office.call("purge", "--apply", "--unfinished", "--json")
    (made,) = done.json["purged"]

    assert (done.code, len(there)) == (0, len(told))
    assert len(told) > 6
    assert {word: office.holds(word) for word in told if office.holds(word)} == {}
    assert (office.archived(), made["files"], made["left"]) == ([], 3, [])
    assert office.rows("PRAGMA foreign_key_check") == []


def test_numbers_decisions_and_history_stay(office: Office) -> None:
    """The register still says how many were accepted, under which numbers, and when."""
    kept = (
        "SELECT id, category, decision, receipt, grade, first_arrival, holds_place FROM items",
        "SELECT sha256, size, arrived, disposition, decision, state FROM mails",
        "SELECT sha256, size, format FROM documents",
        "SELECT code, severity, rule, clause FROM findings",
        "SELECT kind, state, sent_at, message_id FROM replies",
        "SELECT * FROM counters",
    )
    before = [office.rows(statement) for statement in kept]
    history = office.rows("SELECT id, at, what FROM events")
    office.call("purge", "--apply", "--unfinished")
    after = office.rows("SELECT id, at, what FROM events")

    assert [office.rows(statement) for statement in kept] == before
    assert after[: len(history)] == history
    assert {what for _, _, what in after[len(history) :]} == {"mail.purged"}


def test_the_proof_names_every_mail_by_its_hash(office: Office) -> None:
    """And nobody by name; it can be written to a file."""
    told = secrets(office)
    hashes = {sha256 for (sha256,) in office.rows("SELECT sha256 FROM mails")}
    office.call("purge", "--apply", "--unfinished", "--out", office.folder / "proof.json")
    text = (office.folder / "proof.json").read_text("utf-8")
    (made,) = json.loads(text)["purged"]

    assert {mail["sha256"] for mail in made["mails"]} == hashes
    assert sum(len(mail["files"]) for mail in made["mails"]) == made["removed"]["documents"] > 0
    assert (made["removed"]["mails"], made["campaign"]) == (3, OWN)
    assert {word for word in told if word in text} == set()


def test_a_second_time_there_is_nothing_left(office: Office) -> None:
    """And the first one is on record as done."""
    office.call("purge", "--apply", "--unfinished")
    again = office.call("purge", "--apply", "--unfinished", "--json")

    assert (again.code, again.json["due"], again.json["purged"]) == (0, [], [])
    assert [done is not None for (done,) in office.rows("SELECT done_at FROM purges")] == [True]


def test_a_purge_that_died_is_finished_by_the_next(office: Office) -> None:
    """The register was emptied, the raw bytes still lay there."""
    copies = {file: file.read_bytes() for file in office.archived()}
    office.call("purge", "--apply", "--unfinished")
    for file, raw in copies.items():
        file.write_bytes(raw)
    with sqlite3.connect(office.folder / "data" / "mailbot.db") as connection:
        connection.execute("UPDATE purges SET done_at = NULL")
    connection.close()
    done = office.call("purge", "--apply", "--json")

    assert (done.code, [made["files"] for made in done.json["purged"]]) == (0, [3])
    assert office.archived() == []


def test_a_mail_that_the_mailbox_still_has_does_not_come_back(office: Office) -> None:
    """Seen again under another number, it is known, and its bytes are not kept again."""
    letter = (office.folder / "1.eml").read_bytes()
    office.call("purge", "--apply", "--unfinished")
    (office.folder / "in" / "new" / "1.host").write_bytes(letter)
    done = office.call("run", "--once")

    assert (done.code, office.archived()) == (0, [])
    assert office.rows("SELECT count(*) FROM mails") == [(3,)]
    assert office.rows("SELECT count(*) FROM mails WHERE purge IS NULL") == [(0,)]


def test_a_later_copy_forgets_as_well(office: Office) -> None:
    """A backup into the same folder holds no longer what was removed."""
    copy = office.folder / "copy"
    office.call("backup", copy)
    held = len(list(copy.rglob("*.eml")))
    office.call("purge", "--apply", "--unfinished")
    done = office.call("backup", copy)

    assert (held, done.code, list(copy.rglob("*.eml"))) == (3, 0, [])


def test_commands_for_staff_say_that_it_is_gone(office: Office) -> None:
    """Shown are number and decision; nothing can be ruled upon, nothing seems to be lost."""
    (first, *_) = office.rows("SELECT id FROM items ORDER BY id")
    (mail, *_) = office.rows("SELECT sha256 FROM mails")
    office.call("purge", "--apply", "--unfinished")
    shown, letter = office.call("show", first[0]), office.call("show", mail[0])
    refused = office.call("review", "return", first[0], "--reason", "请补正")
    status = office.call("status", "--json").json

    assert (shown.code, letter.code) == (0, 0)
    assert purging.GONE in shown.out
    assert "到期" in letter.out
    assert (refused.code, "已到期清除" in refused.err) == (1, True)
    assert status["archive"] == {"mails": 0, "missing": []}
    assert status["waiting"] == 0
    assert office.call("list").code == 0
    assert office.call("replay").code == 0
    assert office.call("export", "--campaign", OWN, "--out", office.folder / "r.xlsx").code == 0


def test_an_original_that_was_removed_is_not_to_be_looked_for(office: Office) -> None:
    """It went when it was due; one that is missing before that day comes from a backup."""
    ((mail,), (lost,), *_) = office.rows("SELECT sha256 FROM mails ORDER BY id")
    ((item, *_), *_) = office.rows(
        "SELECT item_id FROM events JOIN mails ON mails.id = mail_id "
        "WHERE item_id IS NOT NULL ORDER BY mails.id LIMIT 1"
    )
    (file,) = (entry for entry in office.archived() if entry.stem == lost)
    file.unlink()
    missed = office.call("show", lost)
    office.call("purge", "--apply", "--unfinished")
    shown = office.call("show", mail)
    refused = [office.call("show", key, "--raw", office.folder / "o.eml") for key in (mail, item)]

    assert "请从备份恢复" in missed.out.replace("\n", "")
    assert "备份" not in shown.out
    assert "已到期清除" in shown.out
    assert [(done.code, "已到期清除" in done.err) for done in refused] == [(1, True)] * 2
    assert not (office.folder / "o.eml").exists()


def test_a_reply_without_bytes_is_never_sent_again(office: Office) -> None:
    """Whatever its state was."""
    office.call("purge", "--json")
    with sqlite3.connect(office.folder / "data" / "mailbot.db") as connection:
        connection.execute("UPDATE replies SET state = 'held' WHERE id = 1")
    connection.close()
    office.call("purge", "--apply", "--unfinished")
    store = open_store(f"sqlite:///{office.folder / 'data' / 'mailbot.db'}")
    with store.writing() as connection:
        sent = replies.retry(connection, 1, LATER, who="li")
    store.close()

    assert sent is False
    assert office.call("status", "--json").json["replies"].get("purged") == 1


def test_mails_of_no_campaign_go_with_the_last_that_might_have_been_meant() -> None:
    """As long as a campaign that was open then keeps its own, they stay."""
    one = CAMPAIGN.model_copy(update={"retention": Retention(days=90)})
    other = CAMPAIGN.model_copy(update={"id": "other", "retention": Retention(days=9000)})
    arrived = datetime(2026, 7, 10, 9, 0, tzinfo=ZONE)
    (alone,) = retention._asked({one.id: one}, LATER, "")
    (both,) = retention._asked({one.id: one, other.id: other}, LATER, "")

    assert (alone.loose(arrived), both.loose(arrived)) == (True, False)


def test_staff_are_reminded_until_it_is_done(office: Office) -> None:
    """In the digest, with the command to use."""
    entry = CAMPAIGN.model_copy(update={"id": OWN, "retention": Retention(days=90)})
    store = open_store(f"sqlite:///{office.folder / 'data' / 'mailbot.db'}")
    early = list(retention.reminders(store, {OWN: entry}, LATER - timedelta(days=700)))
    (line,) = retention.reminders(store, {OWN: entry}, LATER)
    office.call("purge", "--apply", "--unfinished")
    late = list(retention.reminders(store, {OWN: entry}, LATER))
    with store.writing() as connection:
        connection.execute(t.purges.update().values(done_at=None))
    (broken,) = retention.reminders(store, {OWN: entry}, LATER)
    store.close()

    assert (early, late) == ([], [])
    assert "没有清除完" in broken
    assert f"mailbot purge --campaign {OWN}" in line


def test_removed_bytes_are_gone_and_may_be_missing_already(tmp_path: Path) -> None:
    """A purge may be started again."""
    archive = FolderArchive(tmp_path)
    sha256 = archive.put(b"Subject: x\r\n\r\n")

    assert (archive.remove(sha256), archive.lacks(sha256)) == (14, True)
    assert archive.remove(sha256) == 0
