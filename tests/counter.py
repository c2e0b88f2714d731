"""A register in a real database with a small campaign, mails read already, and staff at the counter."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import dossiers
import sqlalchemy as sa
from intake import new_store

from mailbot.deciding import settling
from mailbot.deciding.decision import DecidingSettings, decide
from mailbot.model import Envelope, Reading, Sighting
from mailbot.outcome import Incoming, Outcome, Reply
from mailbot.store import Store, mails, queries, readings
from mailbot.store import schema as t
from mailbot.store.record import record
from mailbot.store.register import StoredRegister
from mailbot.store.targets import find_target
from mailbot.store.views import ItemRow
from parsers.model import Document, Form
from rules.model import Ruling
from rules.notice.campaign import Campaign

PERSON = "liming"


@dataclass(slots=True)
class Counter:
    """Takes mails up as the service does, and what staff decide as the commands do."""

    store: Store
    campaign: Campaign
    taken: int = 0
    mails: list[str] = field(default_factory=list)

    def take(
        self, *forms: Form | Document, sender: str = "zhou@xiangjiang.example", **more: Any
    ) -> Outcome:
        """A mail with these forms, decided and recorded; one comes a minute after the other."""
        self.taken += 1
        number = self.taken
        files = [
            entry
            if isinstance(entry, Document)
            else dossiers.document(f"{entry.kind}{number}{place}.docx", entry)
            for place, entry in enumerate(forms)
        ]
        envelope = Envelope(
            **{
                "message_id": f"<{number}@xiangjiang.example>",
                "subject": "申报材料",
                "sender": sender,
                "return_path": sender,
                "recipients": (self.box,),
                **more.pop("envelope", {}),
            }
        )
        found = Reading(envelope=envelope, documents=tuple(files), **more)
        sha256 = hashlib.sha256(str(number).encode()).hexdigest()
        self.mails.append(sha256)
        seen = Sighting(account=self.box, folder="INBOX", uidvalidity=1, uid=number)
        arrived = dossiers.IN_TIME + timedelta(minutes=number)
        with self.store.writing() as connection:
            taken = mails.Taken(
                sha256=sha256, size=1, arrived=arrived, sighting=seen, mailbox=self.box
            )
            mails.enter(connection, taken, arrived)
            mail = connection.scalar(sa.select(t.mails.c.id).where(t.mails.c.sha256 == sha256))
            assert mail is not None
            readings.keep(connection, mail, found, arrived)
            incoming = Incoming(mail=sha256, arrived=arrived, reading=found, mailbox=self.box)
            outcome = decide(
                incoming, StoredRegister(connection), self.campaigns, self.settings, dossiers.NOW
            )
            record(connection, mail, incoming, outcome, dossiers.NOW)
        return outcome

    @property
    def box(self) -> str:
        return self.campaign.mailboxes[0].address

    @property
    def settings(self) -> DecidingSettings:
        return DecidingSettings(
            from_address=self.box, own_addresses=frozenset({self.box}), account=self.box
        )

    @property
    def campaigns(self) -> dict[str, Campaign]:
        return {self.campaign.id: self.campaign}

    @contextmanager
    def desk(self) -> Iterator[settling.Desk]:
        """Where a person decides, within one transaction."""
        with self.store.writing() as connection:
            yield settling.Desk(
                connection=connection,
                campaigns=self.campaigns,
                settings=self.settings,
                candidates={},
                who=PERSON,
                now=dossiers.NOW,
            )

    def rule(self, key: str, what: settling.What, reason: str = "") -> settling.Settled:
        """What ``review`` and ``withdraw`` do."""
        with self.desk() as desk:
            target = find_target(desk.connection, key)
            assert target is not None
            return settling.rule(desk, target, Ruling(what=what, reason=reason, submissions=0))

    def enter(
        self, key: str, act: Callable[..., settling.Settled], *given: Any, **more: Any
    ) -> settling.Settled:
        """What ``grade``, ``tick`` and ``review assign`` do."""
        with self.desk() as desk:
            target = find_target(desk.connection, key)
            assert target is not None
            return act(desk, target, *given, **more)

    def items(self) -> tuple[ItemRow, ...]:
        return queries.list_items(self.store)

    def states(self) -> list[str]:
        return [item.state for item in self.items()]

    def letters(self) -> list[tuple[str, str]]:
        """Kind and subject of every letter in the outbox."""
        return [(reply.kind, reply.subject) for reply in queries.list_replies(self.store)]

    def count(self, table: sa.Table) -> int:
        with self.store.reading() as connection:
            return connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0


def counter(folder: Path, *rules: dict[str, Any], **more: Any) -> Counter:
    """A counter with an empty register."""
    return Counter(store=new_store(folder), campaign=dossiers.campaign(rules, **more))


def only(settled: settling.Settled) -> Reply:
    """The one letter."""
    (reply,) = settled.replies
    return reply
