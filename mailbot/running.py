"""Puts the service together from the configuration, and lets go of its parts afterwards."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from datetime import datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from mailbot import equipment, wiring
from mailbot.clock import SystemClock
from mailbot.configuration import configured
from mailbot.configuration.config import Config
from mailbot.deciding.decision import decide
from mailbot.deciding.promoting import promote
from mailbot.keeping.retention import remembering
from mailbot.outbox import Outbox
from mailbot.outcome import Incoming, Outcome, Register
from mailbot.pipeline import Decide, Pipeline, Promote
from mailbot.ports import Clock, SentMail, Sink
from mailbot.reading.reader import Reader
from mailbot.reports import paperwork
from mailbot.reports.export import export_register
from mailbot.returning import Returning
from mailbot.service import Daily, Service
from mailbot.store import Connection, Store, digests
from mailbot.watching.alerting import Alarm, Second, Sender
from mailbot.watching.witness import Witness
from rules.notice.campaign import Campaign

_DAY = timedelta(days=1)
_LONGEST_GAP = timedelta(days=14)  # what a digest tells of at most, after a long standstill


@contextmanager
def service(config: Config, clock: Clock | None = None) -> Iterator[Service]:
    """The whole service; its connections are closed at the end.

    ``clock`` is the machine's where none is given.

    Raises Rejected where mailbox or way out are missing or a password is not
    there, StoreError where the database is away.
    """
    if not config.mailboxes:
        raise config.complaint("缺少 [[mailbox]]：请写明从哪个邮箱收信", "mailbox")
    known = equipment.campaigns(config)
    clock = clock or SystemClock()
    with ExitStack() as held:
        boxes = list(wiring.boxes(config))
        for box in boxes:
            held.callback(box.source.close)
        sink = wiring.sink(config)
        held.callback(sink.close)
        store = held.enter_context(closing(wiring.store(config)))
        sent = wiring.sent_mail(config)
        if sent is not None:
            held.callback(sent.close)
        reader = held.enter_context(equipment.reader(config, known))
        yield Service(
            folder=config.data.folder,
            store=store,
            boxes=boxes,
            pipeline=pipeline(config, known, store, reader, clock),
            clock=clock,
            outbox=outbox(config, store, sink, clock, sent),
            parts=configured.parts(config),
            daily=_daily(config, known, store, clock),
            alarm=watch.look if (watch := alarm(config, store, clock)) else None,
        )


def pipeline(
    config: Config, known: Mapping[str, Campaign], store: Store, reader: Reader, clock: Clock
) -> Pipeline:
    """What every mail passes, whether it was collected or imported."""
    archive = wiring.archive(config)
    return Pipeline(
        store=store,
        archive=remembering(store, archive),
        reader=reader,
        decide=_decide(config, known),
        promote=_promote(config, known),
        clock=clock,
        candidates=wiring.candidates(config),
        returning=Returning(
            store=store, archive=archive, marker=equipment.copyist(config), clock=clock
        ),
    )


def outbox(
    config: Config, store: Store, sink: Sink, clock: Clock, sent: SentMail | None = None
) -> Outbox:
    """The way out as configured. Raises Rejected where none is."""
    outgoing = wiring.outgoing(config)
    witness = (
        Witness(store=store, sent=sent, clock=clock, keeps=outgoing.keep_copy) if sent else None
    )
    return Outbox(
        store=store,
        sink=sink,
        clock=clock,
        sender=outgoing.sender,
        policy=outgoing.on_uncertain,
        pace=0.0 if outgoing.url.on_disk else outgoing.pace,
        was_sent=witness.was_sent if witness else None,
        keep=witness.keep if witness else None,
    )


def _decide(config: Config, known: Mapping[str, Campaign]) -> Decide:
    settings = wiring.deciding_settings(config)

    def decided(incoming: Incoming, register: Register, now: datetime) -> Outcome:
        return decide(incoming, register, known, settings, now)

    return decided


def _promote(config: Config, known: Mapping[str, Campaign]) -> Promote:
    settings = wiring.deciding_settings(config)

    def promoted(connection: Connection, outcome: Outcome, now: datetime) -> None:
        if outcome.campaign and outcome.tier is not None and outcome.dossiers:
            promote(connection, known, settings, outcome.campaign, outcome.tier, now)

    return promoted


def alarm(config: Config, store: Store, clock: Clock) -> Alarm | None:
    """Who tells staff of trouble, where somebody is to be told. Raises Rejected for a password."""
    recipients = config.alerts.to or config.staff.digest_to
    if not recipients:
        return None
    way, other = wiring.outgoing(config), config.alerts.outgoing
    sink = wiring.second_sink(config)  # it connects when it sends, and is closed after that
    second = None
    if other is not None and sink is not None:
        sender = Sender(address=other.sender, name=other.name or way.name)
        second = Second(sender=sender, open=lambda: sink)
    return Alarm(
        store=store,
        clock=clock,
        sender=Sender(address=way.sender, name=way.name),
        recipients=recipients,
        after=timedelta(minutes=config.alerts.after_minutes),
        zone=ZoneInfo(config.staff.zone),
        second=second,
    )


def _daily(
    config: Config, known: Mapping[str, Campaign], store: Store, clock: Clock
) -> Daily | None:
    """The staff digest since the last one, a day at least, where somebody is to have it."""
    if not config.staff.digest_to:
        return None

    at, zone = config.staff.digest_at, ZoneInfo(config.staff.zone)

    def owed() -> bool:
        with store.reading() as connection:
            return digests.owed(connection, last_due(at, zone, clock.now()))

    def send() -> None:
        now = clock.now()
        with store.reading() as connection:
            last = digests.last(connection)
        since = min(now - _DAY, max(last or now, now - _LONGEST_GAP))
        digest = paperwork.compose(config, known, store, since=since, until=now)
        paperwork.queue(config, store, digest, now, due=last_due(at, zone, now))

    return Daily(send=send, at=at, zone=zone, owed=owed)


def last_due(at: time, zone: ZoneInfo, now: datetime) -> datetime:
    """The last moment at which the digest was due, in the zone of the staff."""
    here = now.astimezone(zone)
    today = here.replace(hour=at.hour, minute=at.minute, second=0, microsecond=0)
    return today if today <= here else today - _DAY


def papers(
    config: Config, campaign: Campaign, folder: Path, clock: Clock, *, since: datetime
) -> Sequence[tuple[str, Path]]:
    """Register, and digest from ``since`` until now, as files: what each is called and where it lies."""
    digest, register = folder / "每日简报.html", folder / "登记簿.xlsx"
    now = clock.now()
    with closing(wiring.store(config)) as store:
        made = paperwork.compose(config, {campaign.id: campaign}, store, since=since, until=now)
        digest.write_text(made.html, encoding="utf-8")
        export_register(paperwork.export_request(store, campaign, now), register)
    return (("工作人员的每日简报", digest), ("登记簿（Excel）", register))
