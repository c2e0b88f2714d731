"""``judge``: a dry run over mails in files. Stores and sends nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, cast
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.markup import escape

from mailbot import equipment, wiring
from mailbot.cli import screen, session, shapes
from mailbot.deciding.decision import DecidingSettings, decide
from mailbot.deciding.dryrun import MemoryRegister
from mailbot.deciding.promoting import promotions
from mailbot.letters.wording import DISPOSITIONS
from mailbot.model import Disposition, Reading
from mailbot.outcome import DossierOutcome, Incoming, Outcome
from mailbot.store import Store, queries
from mailbot.store.register import StoredRegister
from mailbot.store.views import MailDetail
from rules.model import Decision
from rules.notice.campaign import Campaign

#: Stands for the sender of replies that are never sent.
_NOBODY = "mailbot@localhost"

Times = Annotated[
    list[str] | None,
    typer.Option(
        "--received-at",
        metavar="ISO-8601",
        help="到达时间，如 2026-07-10T09:00； 写一次则用于全部来信，或每封写一次。",
    ),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One mail of the dry run."""

    file: Path
    incoming: Incoming
    outcome: Outcome
    dossiers: tuple[str, ...]  #: ids, as many as the outcome has dossiers
    promoted: tuple[DossierOutcome, ...] = ()  #: other dossiers that got places it left free

    def decided(self) -> Iterator[tuple[str, DossierOutcome]]:
        """Every dossier that was judged for it, with its id, in order."""
        yield from zip(self.dossiers, self.outcome.dossiers, strict=True)
        yield from ((entry.known.id, entry) for entry in self.promoted if entry.known)


def judge(
    context: typer.Context,
    mails: Annotated[list[Path], typer.Argument(metavar="MAIL.eml...", help="来信，按先后顺序。")],
    *,
    campaign: session.CampaignId = None,
    received_at: Times = None,
    to: Annotated[
        str, typer.Option("--to", metavar="ADDRESS", help="当作寄到这个地址的来信。")
    ] = "",
    tier: Annotated[
        str | None, typer.Option("--tier", metavar="T", help="当作寄给这一层级的来信。")
    ] = None,
    live: Annotated[
        bool, typer.Option("--live", help="对照真实的登记簿（只读），而不是空的登记簿。")
    ] = False,
    as_json: session.Json = False,
) -> None:
    """试审来信：拟出结论和回复，不登记、不发信。

    无论结论如何，退出码为 0。到达时间不写时，取最上面的 Received 信头，没有则取文件的时间。
    """
    session.readable(mails)
    here = session.of(context)
    known = here.campaigns(campaign)
    if tier is not None and not any(t.id == tier for c in known.values() for t in c.tiers):
        raise session.Misuse(f"没有层级 {tier}")
    arrivals = times(received_at or [], len(mails), known)
    own = frozenset(box.address.lower() for c in known.values() for box in c.mailboxes)
    judged: list[Judged] = []
    with (
        equipment.reader(here.config_if_any(), known) as reader,
        _register(here, live=live) as (register, store),
    ):
        for file, given in zip(mails, arrivals, strict=True):
            reading = reader.read(file)
            incoming = Incoming(
                mail=hashlib.sha256(file.read_bytes()).hexdigest(),
                arrived=given or arrival(reading, file),
                reading=reading,
                mailbox=to.lower(),
                candidates=(campaign,) if campaign else (),
                tier=tier,
            )
            settings = DecidingSettings(from_address=_NOBODY, own_addresses=own, numbers=not live)
            outcome = _known_already(store, incoming.mail) or decide(
                incoming, register, known, settings, incoming.arrived
            )
            dossiers = register.record(incoming, outcome, incoming.arrived)
            others = _promote(register, known, outcome, incoming.arrived, numbers=not live)
            judged.append(
                Judged(
                    file=file,
                    incoming=incoming,
                    outcome=outcome,
                    dossiers=dossiers,
                    promoted=others,
                )
            )
    if as_json:
        screen.print_json(_document(judged, known))
        return
    for entry in judged:
        _print(entry, known, screen.output())


def _promote(
    register: MemoryRegister,
    known: Mapping[str, Campaign],
    outcome: Outcome,
    now: datetime,
    *,
    numbers: bool,
) -> tuple[DossierOutcome, ...]:
    """Places that the mail has left free go to whoever waits, as they would in the service."""
    campaign = known.get(outcome.campaign or "")
    if campaign is None or outcome.tier is None:
        return ()
    done: list[DossierOutcome] = []
    for entry in promotions(register, campaign, outcome.tier, now, numbers=numbers):
        register.record_again(entry, now)
        done.append(entry)
    return tuple(done)


def times(given: Sequence[str], mails: int, known: dict[str, Campaign]) -> list[datetime | None]:
    """The times of arrival named on the command line, one a mail; None where none is named.

    A time without zone is in the campaign's. Raises Misuse for another number
    of times than mails, and for what is no time.
    """
    if not given:
        return [None] * mails
    if len(given) not in (1, mails):
        raise session.Misuse(f"--received-at 写了 {len(given)} 次，应写 1 次或 {mails} 次")
    zone = _zone(known, None)
    read: list[datetime | None] = []
    for text in given:
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            raise session.Misuse(
                f"--received-at 应为时间，如 2026-07-10T09:00，现为“{text}”"
            ) from None
        read.append(moment if moment.tzinfo else moment.replace(tzinfo=zone))
    return read * mails if len(read) == 1 else read


def _zone(known: dict[str, Campaign], name: str | None) -> ZoneInfo:
    """The zone of a campaign; before it is known, that of the first candidate."""
    candidates = [known[name]] if name in known else [*known.values()]
    return candidates[0].timezone if candidates else ZoneInfo("Asia/Shanghai")


def arrival(reading: Reading, file: Path) -> datetime:
    """When a mail in a file arrived: its topmost Received header, else the file's own time."""
    return reading.envelope.received or datetime.fromtimestamp(file.stat().st_mtime, UTC)


@contextmanager
def _register(
    here: session.Session, *, live: bool
) -> Iterator[tuple[MemoryRegister, Store | None]]:
    """An empty register, or one over the real one; in a transaction that only reads."""
    if not live:
        yield MemoryRegister(), None
        return
    with (
        closing(wiring.store(here.config())) as store,
        store.reading() as connection,
    ):
        yield MemoryRegister(base=StoredRegister(connection)), store


def _known_already(store: Store | None, mail: str) -> Outcome | None:
    """What the real register says of a mail that it holds; judging it anew would count it twice."""
    found = queries.find(store, mail) if store else None
    if not isinstance(found, MailDetail) or found.mail.disposition is None:
        return None
    row = found.mail
    return Outcome(
        disposition=cast("Disposition", row.disposition),
        campaign=row.campaign,
        tier=row.tier,
        decision=Decision(row.decision) if row.decision else None,
        silence="这封来信已在登记簿中，用 mailbot show 查看",
        repeated=True,
    )


def _document(judged: Sequence[Judged], known: dict[str, Campaign]) -> dict[str, object]:
    """JSON of ``judge`` (contract): the mails, and the register after the last one."""
    register: dict[str, dict[str, object]] = {}
    for name, dossier in (pair for entry in judged for pair in entry.decided()):
        for item in (shapes.item(dossier, verdict, name) for verdict in dossier.verdict.items):
            register[str(item["id"])] = item
        for gone in dossier.verdict.withdrawn:
            if (was := register.get(shapes.item_id(name, gone))) is not None:
                was.update(decision="withdrawn", findings=[])
    return {
        "mails": [
            shapes.mail(
                entry.file,
                entry.incoming,
                entry.outcome,
                entry.dossiers,
                _zone(known, entry.outcome.campaign),
            )
            for entry in judged
        ],
        "items": list(register.values()),
    }


def _print(judged: Judged, known: dict[str, Campaign], console: Console) -> None:
    outcome = judged.outcome
    campaign = known.get(outcome.campaign or "")
    console.rule(escape(judged.file.name), align="left")
    console.print(
        f"来信　　{escape(judged.incoming.envelope.sender)}　{screen.moment(judged.incoming.arrived)}"
    )
    console.print(
        f"性质　　{DISPOSITIONS[outcome.disposition]}　{campaign.name if campaign else ''}"
    )
    console.print(f"结论　　{screen.state(outcome.decision)}")
    for dossier in outcome.dossiers:
        rows = [
            (
                campaign.category(entry.item.category).name if campaign else entry.item.category,
                entry.item.name,
                entry.item.company,
                screen.state(entry.decision),
                dossier.receipts.get(entry.item.ordinal),
            )
            for entry in dossier.verdict.items
            if entry.item.ordinal in dossier.touched
        ]
        console.print(screen.table("", ("类别", "名称", "单位", "结论", "受理编号"), rows))
    findings = [*shapes.mail_findings(outcome), *shapes.item_findings(outcome)]
    if findings:
        console.print(screen.findings("", findings))
    if outcome.reply:
        console.print(
            f"[bold]回复[/] {escape(outcome.reply.recipient)}：{escape(outcome.reply.subject)}"
        )
        console.print(escape(outcome.reply.text), soft_wrap=True)
    else:
        console.print(f"不回复：{escape(outcome.silence)}")
