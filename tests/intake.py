"""A small intake for tests: the real store, pipeline and outbox around a simple way of deciding.

Every mail is one item of its sender's dossier, named by the subject, and is
accepted with the next number; a subject with 错误 makes the deciding itself fail.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

from mailbot.clock import SetClock
from mailbot.keeping.archive import FolderArchive
from mailbot.model import Arrival, Envelope, Mark, Reading, Sighting
from mailbot.outcome import DossierOutcome, Incoming, KnownDossier, Outcome, Register, Reply
from mailbot.pipeline import Pipeline
from mailbot.store import Store, open_store
from parsers.model import Document, Field, Form
from rules.model import (
    Decision,
    Dossier,
    Finding,
    Item,
    ItemVerdict,
    Paper,
    Severity,
    Submission,
    Verdict,
)

NOW = datetime(2026, 7, 10, 1, 0, tzinfo=UTC)
CAMPAIGN = "trial-2026"


def mail(
    number: int, *, subject: str = "", sender: str = "", attachments: Sequence[bytes] = ()
) -> bytes:
    """One raw message; the same number gives the same bytes."""
    message = EmailMessage()
    message["From"] = sender or f"applicant{number}@example.org"
    message["To"] = "pingxuan@example.org"
    message["Subject"] = subject or f"第 {number} 组"
    message["Message-ID"] = f"<{number}@example.org>"
    message.set_content("申报材料见附件。\n")
    for position, content in enumerate(attachments):
        message.add_attachment(
            content, maintype="text", subtype="plain", filename=f"材料{position}.txt"
        )
    raw = message.as_bytes()
    boundary = message.get_boundary()
    return raw.replace(boundary.encode(), b"=-=%d=-=" % number) if boundary else raw


def wrong_mail(number: int) -> bytes:
    """A message on which deciding fails."""
    return b"X-Wrong: yes\n" + mail(number)


def document(name: str, kind: str = "team_form") -> Document:
    """A document with one form of one field."""
    entry = Field(key="team_name", label="班组名称", value=name, raw=name, where="表1 第1行第2列")
    form = Form(kind=kind, title="申报表", campaigns=(CAMPAIGN,), fields=(entry,), where="表1")
    content = name.encode()
    return Document(
        file=f"{name}.docx",
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
        format="docx",
        characters=len(name),
        text=name,
        forms=(form,),
    )


def reading(number: int, *documents: Document, sender: str = "") -> Reading:
    """What a reader would have answered for :func:`mail`."""
    return Reading(
        envelope=Envelope(
            message_id=f"<{number}@example.org>",
            subject=f"第 {number} 组",
            sender=sender or f"applicant{number}@example.org",
            return_path="",
            recipients=("pingxuan@example.org",),
            date=NOW,
        ),
        body="申报材料见附件。",
        documents=documents or (document(f"冲压{number}班"),),
    )


def decide(incoming: Incoming, register: Register, _now: datetime) -> Outcome:
    """Accept everything; one dossier for each sender."""
    envelope = incoming.envelope
    if "错误" in envelope.subject:
        raise RuntimeError(envelope.subject)
    if register.repeated(incoming):
        return Outcome(disposition="submission", repeated=True, silence="重复来信")
    known = next(iter(register.by_sender(CAMPAIGN, "", envelope.sender)), None)
    earlier = register.submissions(known.id) if known else ()
    receipts = dict(register.standing(known.id).receipts) if known else {}
    here = Submission(
        ordinal=len(earlier),
        arrived=incoming.arrived,
        documents=incoming.reading.documents,
        mailbox=incoming.mailbox,
        sender=envelope.sender,
        subject=envelope.subject,
        message_id=envelope.message_id,
    )
    receipts[here.ordinal] = f"T{register.take_number(CAMPAIGN, ''):04d}"
    outcome = dossier_outcome(known, (*earlier, here), receipts)
    return Outcome(
        disposition="submission",
        campaign=CAMPAIGN,
        tier="",
        decision=Decision.ACCEPTED,
        dossiers=(outcome,),
        reply=_reply(incoming, receipts[here.ordinal]),
    )


def dossier_outcome(
    known: KnownDossier | None, submissions: tuple[Submission, ...], receipts: dict[int, str]
) -> DossierOutcome:
    """Every submission one accepted item."""
    items = tuple(
        Item(
            ordinal=entry.ordinal,
            category="team",
            name=entry.subject,
            company="湘江重工装备有限公司",
            first_arrival=entry.arrived,
            submissions=(entry.ordinal,),
        )
        for entry in submissions
    )
    papers = tuple(
        Paper(
            submission=entry.ordinal,
            arrived=entry.arrived,
            document=leaf,
            form=next(iter(leaf.forms), None),
            kind=leaf.forms[0].kind if leaf.forms else "",
            item=entry.ordinal,
        )
        for entry in submissions
        for top in entry.documents
        for leaf in top.leaves()
    )
    note = Finding(code="human.stamp", severity=Severity.WARN, message="请核对公章。")
    verdict = Verdict(
        campaign=CAMPAIGN,
        version="v1",
        items=tuple(
            ItemVerdict(item=item, decision=Decision.ACCEPTED, findings=(note,)) for item in items
        ),
        findings=(Finding(code="fee.due", severity=Severity.INFO, message="请缴费。"),),
    )
    dossier = Dossier(
        campaign=CAMPAIGN,
        tier="",
        unit=submissions[0].sender,
        submissions=submissions,
        papers=papers,
        items=items,
    )
    return DossierOutcome(
        known=known,
        dossier=dossier,
        verdict=verdict,
        previous=None,
        receipts=receipts,
        touched=frozenset({submissions[-1].ordinal}),
    )


def _reply(incoming: Incoming, number: str) -> Reply:
    message_id = f"<{incoming.mail[:24]}.receipt@mailbot.example.org>"
    message = EmailMessage()
    message["From"] = "pingxuan@example.org"
    message["To"] = incoming.envelope.sender
    message["Subject"] = f"受理 {number}"
    message["Message-ID"] = message_id
    message.set_content(f"受理编号 {number}\n")
    return Reply(
        recipient=incoming.envelope.sender,
        subject=f"受理 {number}",
        text=f"受理编号 {number}",
        html=f"<p>受理编号 {number}</p>",
        message_id=message_id,
        kind="receipt",
        message=message.as_bytes(),
    )


@dataclass
class Shelf:
    """A source of messages that a test puts there."""

    raws: list[bytes] = field(default_factory=list)
    account: str = "box@example.org"
    folder: str = "INBOX"
    uidvalidity: int = 1
    fail_at: int | None = None
    error: Exception = field(default_factory=RuntimeError)
    asked: list[Mark | None] = field(default_factory=list)

    def arrivals(self, mark: Mark | None) -> Iterator[Arrival]:
        """What is above the mark."""
        self.asked.append(mark)
        start = mark.uid if mark and mark.uidvalidity == self.uidvalidity else 0
        for uid, raw in enumerate(self.raws, start=1):
            if uid <= start:
                continue
            if uid == self.fail_at:
                raise self.error
            sighting = Sighting(
                account=self.account, folder=self.folder, uidvalidity=self.uidvalidity, uid=uid
            )
            yield Arrival(sighting=sighting, arrived=NOW + timedelta(seconds=uid), raw=raw)

    def probe(self) -> str:
        """Always there."""
        return "可用"

    def close(self) -> None:
        """Nothing is open."""


class PlainReader:
    """Reads in the same process what :func:`mail` wrote; fails where it is told to."""

    workers = 1

    def __init__(self, error: Exception | None = None) -> None:
        self.error = error
        self.read_mails: list[str] = []

    def read(self, path: Path, sha256: str = "") -> Reading:
        """By the number in the Message-ID."""
        if self.error is not None:
            raise self.error
        self.read_mails.append(sha256)
        raw = path.read_bytes()
        number = int(raw.split(b"Message-ID: <")[1].split(b"@")[0])
        sender = raw.split(b"From: ")[1].split(b"\n")[0].strip().decode()
        found = reading(number, sender=sender)
        if b"X-Wrong: " in raw:
            envelope = replace(found.envelope, subject="错误")
            return replace(found, envelope=envelope)
        return found


@dataclass
class Recorded:
    """A sink that keeps what it was given, and fails as it is told."""

    errors: list[Exception] = field(default_factory=list)
    messages: list[bytes] = field(default_factory=list)

    def send(self, *, message: bytes, sender: str, recipient: str) -> str:
        """Take one message, or raise the next error."""
        del sender, recipient
        if self.errors:
            raise self.errors.pop(0)
        self.messages.append(message)
        return "250 ok"

    def probe(self) -> str:
        """Always there."""
        return "可用"

    def close(self) -> None:
        """Nothing is open."""


#: Closed when the test is over: a connection left to the garbage collector warns (Python 3.13).
OPENED: list[Store] = []


def new_store(folder: Path) -> Store:
    """A database in this folder; nobody need close it."""
    store = open_store(f"sqlite:///{folder / 'mailbot.db'}")
    OPENED.append(store)
    return store


def new_pipeline(folder: Path, store: Store, **parts: object) -> Pipeline:
    """A pipeline whose parts are simple ones unless given."""
    simple = {
        "archive": FolderArchive(folder / "archive"),
        "reader": PlainReader(),
        "decide": decide,
        "clock": SetClock(NOW),
        "candidates": {},
    }
    return Pipeline(store=store, **{**simple, **parts})  # type: ignore[arg-type]
