"""JSON of ``judge`` as the contract prints it: verdicts as plain values.

Objects may gain keys; none may be lost or renamed.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from mailbot.deciding.decision import documents_of
from mailbot.outcome import DossierOutcome, Incoming, Outcome
from rules.model import Finding, Item, ItemVerdict


def mail(
    file: Path, incoming: Incoming, outcome: Outcome, dossiers: tuple[str, ...], zone: ZoneInfo
) -> dict[str, Any]:
    """One mail: what it is, the items it touched, its findings, its documents, its reply."""
    reply = outcome.reply
    return {
        "file": file.name,
        "path": str(file),
        "message_id": incoming.envelope.message_id,
        "sender": incoming.envelope.sender,
        "received_at": incoming.arrived.astimezone(zone).isoformat(timespec="seconds"),
        "disposition": outcome.disposition,
        "campaign": outcome.campaign,
        "tier": outcome.tier or None,
        "decision": outcome.decision,
        "items": [
            item(dossier, verdict, name)
            for name, dossier in zip(dossiers, outcome.dossiers, strict=True)
            for verdict in dossier.verdict.items
            if verdict.item.ordinal in dossier.touched
        ],
        "findings": [finding(entry) for entry in mail_findings(outcome)],
        "documents": [
            {"file": document.file, "kind": kind or None}
            for document, kind in documents_of(outcome)
        ],
        "reply": {"to": reply.recipient, "subject": reply.subject, "text": reply.text}
        if reply
        else None,
        "silence": outcome.silence or None,
    }


def item(dossier: DossierOutcome, verdict: ItemVerdict, name: str) -> dict[str, Any]:
    """One item with its own findings; ``name`` is the dossier's id."""
    entry = verdict.item
    return {
        "id": item_id(name, entry),
        "receipt": dossier.receipts.get(entry.ordinal),
        "category": entry.category,
        "company": entry.company,
        "name": entry.name,
        "region": entry.region,
        "decision": verdict.decision,
        "findings": [finding(one) for one in verdict.findings],
    }


def item_id(name: str, entry: Item) -> str:
    """The id of an item in a dry run: that of its dossier, and its ordinal there."""
    return f"{name}-{entry.ordinal}"


def finding(entry: Finding) -> dict[str, Any]:
    """One finding; what does not apply is null."""
    return {
        "code": entry.code,
        "severity": entry.severity,
        "document": entry.document or None,
        "kind": entry.kind or None,
        "where": entry.where or None,
        "field": entry.field or None,
        "label": entry.label or None,
        "clause": entry.clause or None,
        "rule": entry.rule or None,
        "message": entry.message,
    }


def mail_findings(outcome: Outcome) -> Iterator[Finding]:
    """Those of the mail, then those of its dossiers."""
    yield from outcome.findings
    for dossier in outcome.dossiers:
        yield from dossier.verdict.findings


def item_findings(outcome: Outcome) -> Iterator[Finding]:
    """Those of the items the mail touched."""
    for dossier in outcome.dossiers:
        for verdict in dossier.verdict.items:
            if verdict.item.ordinal in dossier.touched:
                yield from verdict.findings
