"""A desk for tests: letters go in as raw bytes, outcomes come out, nothing is stored on disk."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from letters import MAILBOX

from mailbot.catalogue import shipped_campaigns, spec_sets
from mailbot.deciding.decision import DecidingSettings, decide
from mailbot.deciding.dryrun import MemoryRegister
from mailbot.mime.message import parse_message
from mailbot.model import Reading
from mailbot.outcome import Incoming, Outcome
from parsers.documents import read_document
from parsers.forms.reader import FormReader
from rules.model import Finding
from rules.notice.campaign import Campaign

CAMPAIGNS = shipped_campaigns()
READER = FormReader(spec_sets(CAMPAIGNS))
SETTINGS = DecidingSettings(
    from_address=MAILBOX, own_addresses=frozenset({MAILBOX}), account=MAILBOX
)


@dataclass(slots=True)
class Desk:
    """Takes up one mail after the other, as the service does."""

    register: MemoryRegister = field(default_factory=MemoryRegister)
    settings: DecidingSettings = SETTINGS
    campaigns: Mapping[str, Campaign] = field(default_factory=lambda: CAMPAIGNS)
    reader: FormReader = READER

    def take(self, raw: bytes, arrived: datetime) -> Outcome:
        """Read, decide and record one mail three minutes after it arrived."""
        message = parse_message(raw)
        reading = Reading(
            envelope=message.envelope,
            body=message.body,
            documents=tuple(
                read_document(part.name, part.content, self.reader) for part in message.attachments
            ),
            links=message.links,
        )
        incoming = Incoming(mail=hashlib.sha256(raw).hexdigest(), arrived=arrived, reading=reading)
        now = arrived + timedelta(minutes=3)
        outcome = decide(incoming, self.register, self.campaigns, self.settings, now)
        self.register.record(incoming, outcome, now)
        return outcome


def decisions(outcome: Outcome) -> dict[str, str]:
    """Decision of every item of every dossier the mail concerns, by name."""
    return {
        verdict.item.name: verdict.decision.value
        for entry in outcome.dossiers
        for verdict in entry.verdict.items
    }


def asked(outcome: Outcome) -> list[tuple[str, str]]:
    """What the applicant is asked for: code and field (or document kind), sorted."""
    return sorted(
        (finding.code, finding.field or finding.kind)
        for finding in findings(outcome)
        if finding.severity.value in ("ask", "reject")
    )


def findings(outcome: Outcome) -> list[Finding]:
    """Every finding of the mail, its dossiers and their items."""
    found = list(outcome.findings)
    for entry in outcome.dossiers:
        found += entry.verdict.findings
        found += [finding for verdict in entry.verdict.items for finding in verdict.findings]
    return found
