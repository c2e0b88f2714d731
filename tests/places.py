"""Places at stake, for tests: a small campaign with a quota, and desks that decide its mails.

Mails are built as they come out of reading; deciding, the register and the
letters are the real ones, in memory or in a database.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from dossiers import ID, campaign, document, story, team

from mailbot.deciding.caps import Caps
from mailbot.deciding.decision import DecidingSettings, decide
from mailbot.deciding.dryrun import MemoryRegister
from mailbot.deciding.promoting import promote, promotions
from mailbot.model import Envelope, Reading, Sighting
from mailbot.outcome import Incoming, Outcome
from mailbot.store import Store, mails, readings
from mailbot.store import schema as t
from mailbot.store.record import record
from mailbot.store.register import StoredRegister
from parsers.model import Form
from rules.notice.campaign import Campaign

MAILBOX = "shenbao@example.cn"
SETTINGS = DecidingSettings(
    from_address=MAILBOX, account=MAILBOX, caps=Caps(address=10_000, subject=10_000, total=10_000)
)
START = datetime.fromisoformat("2026-07-01T09:00:00+08:00")
COMPANIES = (
    "湘江重工装备有限公司",
    "洞庭机床股份有限公司",
    "衡山电机制造有限公司",
    "韶峰液压科技有限公司",
)


def with_quota(
    severity: str = "ask", *, limits: dict[str, str] | None = None, **parts: Any
) -> Campaign:
    """The campaign with places for teams by region: two in 甲市 unless told."""
    rows = [{"region": name, "quota": text} for name, text in (limits or {"甲市": "2"}).items()]
    quota = {
        "id": "teams", "category": "team", "table": "quota.csv", "severity": severity,
        "clause": "附件2",
    }  # fmt: skip
    rules = parts.pop("rules", [{"check": "fields", "kinds": ["team_form"]}])
    return campaign(rules, quota=[quota], tables={"quota.csv": rows}, **parts)


def a_team(name: str, company: str = COMPANIES[0], region: str = "甲市", **values: Any) -> Form:
    """A team's form in order; no two teams tell the same of themselves."""
    values = {"team_intro": f"{name}{company[:2]}" * 8, **values}
    return team(name, company=company, region=region, **values)


def a_story(name: str, company: str = COMPANIES[0]) -> Form:
    """A story's form in order; there is no quota for stories."""
    return story(name, company=company)


def an_incoming(
    number: int,
    *forms: Form,
    sender: str = "zhou@company.example",
    text: str = "",
    subject: str = "申报材料",
    after: int | None = None,
    answers: str = "",
) -> Incoming:
    """The mail of this number, ``after`` so many minutes (its number unless told)."""
    documents = tuple(
        document(f"{number}-{place}.docx", entry) for place, entry in enumerate(forms)
    )
    return Incoming(
        mail=hashlib.sha256(f"mail {number}".encode()).hexdigest(),
        arrived=START + timedelta(minutes=number if after is None else after),
        mailbox=MAILBOX,
        candidates=(ID,),
        reading=Reading(
            envelope=Envelope(
                message_id=f"<{number}@company.example>",
                subject=subject,
                sender=sender,
                return_path=sender,
                recipients=(MAILBOX,),
                in_reply_to=(answers,) if answers else (),
            ),
            body=text,
            documents=documents,
        ),
    )


@dataclass(slots=True)
class MemoryDesk:
    """Takes up one mail after the other, without a database."""

    campaign: Campaign
    register: MemoryRegister = field(default_factory=MemoryRegister)

    def take(self, incoming: Incoming) -> Outcome:
        """Decided and recorded three minutes after it arrived."""
        now = incoming.arrived + timedelta(minutes=3)
        outcome = decide(incoming, self.register, {ID: self.campaign}, SETTINGS, now)
        self.register.record(incoming, outcome, now)
        for entry in promotions(self.register, self.campaign, outcome.tier or "", now):
            self.register.record_again(entry, now)
        return outcome


@dataclass(slots=True)
class StoreDesk:
    """The same with a database."""

    campaign: Campaign
    store: Store

    def enter(self, incoming: Incoming) -> int:
        """The mail has been collected and read; its number in the database."""
        with self.store.writing() as connection:
            return enter(connection, incoming)

    def take(self, incoming: Incoming) -> Outcome:
        """Entered, decided and recorded."""
        with self.store.writing() as connection:
            return take(connection, self.campaign, enter(connection, incoming), incoming)


def enter(connection: sa.Connection, incoming: Incoming) -> int:
    """A mail that has been collected and read."""
    seen = Sighting(account=MAILBOX, folder="INBOX", uidvalidity=1, uid=int(incoming.mail[:12], 16))
    taken = mails.Taken(
        sha256=incoming.mail, size=1, arrived=incoming.arrived, sighting=seen, mailbox=MAILBOX
    )
    mails.enter(connection, taken, incoming.arrived)
    found = sa.select(t.mails.c.id).where(t.mails.c.sha256 == incoming.mail)
    mail = int(connection.scalar(found) or 0)
    readings.keep(connection, mail, incoming.reading, incoming.arrived)
    return mail


def take(connection: sa.Connection, asked: Campaign, mail: int, incoming: Incoming) -> Outcome:
    """Decide and record, inside the transaction."""
    now = incoming.arrived + timedelta(minutes=3)
    outcome = decide(incoming, StoredRegister(connection), {ID: asked}, SETTINGS, now)
    record(connection, mail, incoming, outcome, now)
    promote(connection, {ID: asked}, SETTINGS, ID, outcome.tier or "", now)
    return outcome


def states(outcome: Outcome) -> dict[str, str]:
    """Decision of every item of every dossier the mail concerns, by name; withdrawn ones too."""
    found = {
        entry.item.name: entry.decision.value
        for dossier in outcome.dossiers
        for entry in dossier.verdict.items
    }
    for dossier in outcome.dossiers:
        found |= {item.name: "withdrawn" for item in dossier.verdict.withdrawn}
    return found


def codes(outcome: Outcome) -> Sequence[str]:
    """The codes of the mail's own findings."""
    return [finding.code for finding in outcome.findings]
