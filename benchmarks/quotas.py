"""How fast places are given: decisions a second under eight processes on one SQLite file.

The fixture is a made-up campaign with one kind of item and a quota for each of 300
regions, and a register with 1,000 dossiers of three accepted items each, a mail each.
Eight processes then decide on 50 new companies each, with one form each, that have been
read, in a region drawn by number. Timed is everything from the write lock to
the commit. Each process takes its mails in turn; all of them want the lock at once:

    a bare seat     one conditional UPDATE of a counter with a limit, and a row for it: what
                    SQLite and this machine can do at most
    a place         the quota decision: the item is judged, its region's places counted in
                    the register, the number taken, the item written down; 400 items
    a whole mail    found its dossier, judged, counted, numbered, its letter composed, all
                    rows and the history written; 400 mails

A quota decision is the whole transaction that gives or refuses one place, from the write
lock (``BEGIN IMMEDIATE``) to the commit that is safe on the disk (``synchronous=FULL``);
reading the form comes before it and the letter behind it. Rates are those of this machine
at this moment; each is also told as a part of the bare seats of as many processes, and
this quotient carries over. Goal: at least 200 quota decisions a second under eight
processes on a machine that does nothing else. At the
end the register is counted: no region has more than its places, no number of a mail is
missing or given twice. Nothing is gated. Run it with ``python benchmarks/quotas.py``.
"""

from __future__ import annotations

import hashlib
import multiprocessing
import tempfile
import time
from datetime import UTC, datetime, timedelta
from multiprocessing.synchronize import Barrier
from pathlib import Path

import sqlalchemy as sa

from mailbot.deciding.counting import counted, facts_of
from mailbot.deciding.decision import DecidingSettings, decide
from mailbot.deciding.filing import numbered
from mailbot.model import Envelope, Reading, Sighting
from mailbot.outcome import Incoming, Standing
from mailbot.store import Store, mails, open_store, readings
from mailbot.store import schema as t
from mailbot.store.record import record
from mailbot.store.register import StoredRegister
from parsers.model import Document, Field, Form
from rules.gathering.dossier import assemble
from rules.judge import judge
from rules.model import Decision, Submission
from rules.notice.campaign import Campaign

DOSSIERS, ITEMS, REGIONS, PLACES = 1_000, 3, 300, 16
PROCESSES, EACH = 8, 50
ID, BOX = "bench-2026", "shenbao@example.org"
START = datetime(2026, 7, 1, 1, tzinfo=UTC)
SETTINGS = DecidingSettings(from_address=BOX, account=BOX)
EXTRA = sa.MetaData()
SEATS = sa.Table(
    "seats",
    EXTRA,
    sa.Column("region", sa.Text, primary_key=True),
    sa.Column("used", sa.Integer, nullable=False),
)
TAKEN = sa.Table("taken", EXTRA, sa.Column("item", sa.Integer, primary_key=True))
_FIELDS = (("group", "小组名称"), ("company", "单位名称"), ("region", "地区"), ("text", "简介"))


def campaign() -> Campaign:
    """One kind of item, one quota by region."""
    fields = [{"key": key, "label": label, "type": "text"} for key, label in _FIELDS]
    return Campaign.model_validate(
        {
            "id": ID, "name": "示范活动", "title": "关于开展示范活动的通知", "issuers": ["示范协会"],
            "mailbox": [{"address": BOX}],
            "tier": [{"deadlines": [{"last_day": "2026-12-31"}], "unit_fields": ["company"]}],
            "category": [
                {"id": "qc", "name": "QC小组", "counter": "个", "form": "qc_form",
                 "name_field": "group", "region_field": "region"}
            ],
            "form": [{"kind": "qc_form", "title": "示范活动QC小组申报表", "fields": fields}],
            "quota": [{"id": "qc", "category": "qc", "table": "quota.csv", "severity": "ask"}],
            "tables": {
                "quota.csv": [
                    {"region": f"第{n}市", "quota": str(PLACES)} for n in range(REGIONS)
                ]
            },
        }
    )  # fmt: skip


def incoming(number: int, items: int = 1) -> Incoming:
    """A mail of a company of its own with so many forms."""
    company = f"第{number}号机械有限公司"
    documents = []
    for place in range(items):
        values = (
            f"{number}之{place}小组", company, f"第{number % REGIONS}市", f"成立{number}年" * 40,
        )  # fmt: skip
        fields = tuple(
            Field(key=key, label=label, value=value, raw=value, where="表1 第1行第2列")
            for (key, label), value in zip(_FIELDS, values, strict=True)
        )
        form = Form(kind="qc_form", title="申报表", campaigns=(ID,), fields=fields)
        name = f"{number}-{place}.docx"
        digest = hashlib.sha256(name.encode()).hexdigest()
        documents.append(
            Document(file=name, sha256=digest, size=30_000, format="docx", forms=(form,))
        )
    sender = f"m{number}@company.example"
    envelope = Envelope(
        message_id=f"<{number}@company.example>", subject="申报材料", sender=sender,
        return_path=sender, recipients=(BOX,),
    )  # fmt: skip
    return Incoming(
        mail=hashlib.sha256(f"mail {number}".encode()).hexdigest(),
        arrived=START + timedelta(seconds=number),
        mailbox=BOX,
        candidates=(ID,),
        reading=Reading(envelope=envelope, body="请查收。", documents=tuple(documents)),
    )


def enter(connection: sa.Connection, entry: Incoming, number: int) -> int:
    """The mail, collected and read."""
    seen = Sighting(account=BOX, folder="INBOX", uidvalidity=1, uid=number + 1)
    taken = mails.Taken(
        sha256=entry.mail, size=1, arrived=entry.arrived, sighting=seen, mailbox=BOX
    )
    mails.enter(connection, taken, entry.arrived)
    found = connection.scalar(sa.select(t.mails.c.id).where(t.mails.c.sha256 == entry.mail))
    readings.keep(connection, int(found or 0), entry.reading, entry.arrived)
    return int(found or 0)


def settle(connection: sa.Connection, asked: Campaign, mail: int, entry: Incoming) -> None:
    """Decide and record, as the service does."""
    now = entry.arrived + timedelta(minutes=1)
    outcome = decide(entry, StoredRegister(connection), {ID: asked}, SETTINGS, now)
    record(connection, mail, entry, outcome, now)


def seat(connection: sa.Connection, number: int) -> None:
    """A place and nothing else: a conditional update, and whose it is."""
    here = (SEATS.c.region == f"第{number % REGIONS}市") & (SEATS.c.used < PLACES)
    raised = SEATS.update().where(here).values(used=SEATS.c.used + 1)
    if connection.execute(raised).rowcount:
        connection.execute(TAKEN.insert().values(item=number))


def place(connection: sa.Connection, asked: Campaign, entry: Incoming, number: int) -> None:
    """One item judged with its quota, numbered and written down."""
    register, standing = StoredRegister(connection), Standing()
    documents = entry.reading.documents
    sent = (Submission(ordinal=0, arrived=entry.arrived, documents=documents),)
    dossier = assemble(asked, "", f"单位{number}", sent)
    counts = counted(register, asked, "", ())
    verdict = judge(dossier, asked, facts_of(standing, counts, entry.arrived))
    receipts = numbered(register, asked, verdict, standing, "")
    (judged,) = verdict.items
    owner = f"place {number}"
    connection.execute(
        t.dossiers.insert(),
        {"id": owner, "campaign": ID, "tier": "", "unit": owner, "opened_at": entry.arrived},
    )
    connection.execute(
        t.items.insert(),
        {
            "id": owner, "dossier_id": owner, "ordinal": 0, "campaign": ID, "tier": "",
            "category": "qc", "name": judged.item.name, "company": "",
            "region": judged.item.region, "place": judged.place,
            "decision": judged.decision.value, "receipt": receipts.get(0),
            "first_arrival": entry.arrived, "decided_at": entry.arrived,
            "holds_place": judged.decision is Decision.ACCEPTED,
        },
    )  # fmt: skip


def work(url: str, what: str, first: int, ready: Barrier) -> None:
    """Decide on so many new companies, each in a transaction of its own."""
    store, asked = open_store(url), campaign()
    waiting = []
    for number in range(first, first + EACH):
        entry = incoming(number)
        with store.writing() as connection:
            waiting.append((number, enter(connection, entry, number), entry))
    ready.wait()
    for number, mail, entry in waiting:
        with store.writing() as connection:
            if what == "seat":
                seat(connection, number)
            elif what == "place":
                place(connection, asked, entry, number)
            else:
                settle(connection, asked, mail, entry)
    ready.wait()
    store.close()


def rate(url: str, what: str, processes: int, first: int) -> float:
    """Decisions a second of so many processes."""
    context = multiprocessing.get_context("spawn")
    ready = context.Barrier(processes + 1)
    workers = [
        context.Process(target=work, args=(url, what, first + n * EACH, ready))
        for n in range(processes)
    ]
    for worker in workers:
        worker.start()
    ready.wait()
    begun = time.perf_counter()
    ready.wait()
    taken = time.perf_counter() - begun
    for worker in workers:
        worker.join()
    return processes * EACH / taken


def fill(store: Store) -> None:
    """The register as it stands in the middle of a campaign."""
    asked = campaign()
    for start in range(0, DOSSIERS, 50):
        with store.writing() as connection:
            for number in range(start, start + 50):
                entry = incoming(number, ITEMS)
                settle(connection, asked, enter(connection, entry, number), entry)


def count(store: Store) -> str:
    """What the register holds in the end. Raises ValueError where a place was oversold."""
    with store.reading() as connection:
        held = sa.select(sa.func.count()).where(t.items.c.holds_place).group_by(t.items.c.region)
        most = max(connection.scalars(held))
        numbers = sorted(connection.scalars(sa.select(t.items.c.receipt)).all(), key=str)
    given = [int(str(number).rpartition("-")[2]) for number in numbers if number]
    if most > PLACES or given != list(range(1, len(given) + 1)):
        raise ValueError("oversold, or a number lost or given twice")
    return f"{len(given)} accepted, at most {most} of {PLACES} places in a region"


def main() -> None:
    """Print the rates and what they are of a bare seat."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'register.db'}"
        store = open_store(url)
        fill(store)
        with store.writing() as connection:
            EXTRA.create_all(connection)
            regions = [{"region": f"第{n}市", "used": 0} for n in range(REGIONS)]
            connection.execute(SEATS.insert(), regions)
        bare, first = 0.0, DOSSIERS
        for processes in (1, PROCESSES):
            for what, words in (("seat", "bare seats"), ("place", "decisions"), ("mail", "mails")):
                found = rate(url, what, processes, first)
                first += processes * EACH
                bare = found if what == "seat" else bare
                print(
                    f"{processes} processes  {words:10} {found:6.0f}/s   {found / bare:.2f} of a seat"
                )
        print(count(store))
        store.close()


if __name__ == "__main__":
    main()
