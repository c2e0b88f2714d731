"""What staff get from the register: the digest and the export, made from what the store holds.

The digest goes through the outbox like any reply, so that a mail server that is
down costs a delay and not a digest.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from mailbot.configuration import configured
from mailbot.configuration.config import Config
from mailbot.keeping import retention
from mailbot.outcome import Reply
from mailbot.reports.digest import Digest, DigestRequest, compose_digest
from mailbot.reports.export import ExportRequest
from mailbot.store import Store, digests, files, positions, queries
from mailbot.store.record import queue_reply
from rules.notice.campaign import Campaign

#: Less free space than this where the data lies needs a person; bytes.
_LITTLE = 512 * 1024 * 1024


def compose(
    config: Config,
    known: Mapping[str, Campaign],
    store: Store,
    *,
    since: datetime,
    until: datetime,
) -> Digest:
    """What happened in ``since <= at < until`` and what waits now. Raises StoreError."""
    request = DigestRequest(
        facts=configured.parts(config).only(queries.digest_facts(store, since=since, until=until)),
        register=positions.with_positions(store, queries.list_items(store), known),
        campaigns=tuple(known.values()),
        now=until,
        zone=ZoneInfo(config.staff.zone),
        problems=(*troubles(config), *retention.reminders(store, known, until)),
    )
    return compose_digest(request)


def queue(
    config: Config, store: Store, digest: Digest, now: datetime, *, due: datetime | None = None
) -> int:
    """Put it into the outbox for each of the staff; their number. Raises StoreError.

    ``due`` is when the daily one had to be made: once it is there, there is no other.
    """
    outgoing = config.outgoing
    if outgoing is None:
        return 0
    with store.writing() as connection:
        if due is not None and not digests.owed(connection, due):
            return 0
        for recipient in config.staff.digest_to:
            cause = (
                digests.cause(recipient, due)
                if due is not None
                else f"digest:{recipient}:{now.isoformat()}"
            )
            message = digest.message(
                sender=outgoing.sender,
                sender_name=outgoing.name,
                recipients=[recipient],
                now=now,
            )
            reply = Reply(
                recipient=recipient,
                subject=digest.subject,
                text=digest.text,
                html=digest.html,
                message_id=digest.message_id(outgoing.sender, [recipient], now),
                kind="digest",
                message=message,
            )
            queue_reply(connection, cause, reply, now)
    return len(config.staff.digest_to)


def export_request(store: Store, campaign: Campaign, now: datetime) -> ExportRequest:
    """The register of one campaign, with all files that came for it. Raises StoreError."""
    return ExportRequest(
        campaign=campaign,
        rows=queries.export_rows(store, campaign.id),
        files=files.of_campaign(store, campaign.id),
        made_at=now,
    )


def troubles(config: Config) -> Iterator[str]:
    """What is wrong with this machine, in Chinese."""
    free = free_bytes(config)
    if free is not None and free < _LITTLE:
        yield f"数据所在磁盘只剩 {free // 1024**2} MB，请尽快清理或扩容"


def free_bytes(config: Config) -> int | None:
    """What is left where the data lies; None before the folder exists."""
    folder = config.data.folder
    return shutil.disk_usage(folder).free if folder.is_dir() else None
