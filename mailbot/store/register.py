"""The register as deciding sees it: dossiers, what was sent for them, numbers given.

Implements :class:`mailbot.outcome.Register` on a connection that is inside the
deciding transaction, so that what is counted here is still true when the outcome
is recorded. For a dry run it works on a read-only view, :meth:`take_number` apart.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache

import sqlalchemy as sa

from mailbot.outcome import Incoming, KnownDossier, Standing, WaitingItem
from mailbot.store import readings
from mailbot.store import schema as t
from parsers.forms.labels import normalise_name
from rules.model import Decision, QuotaUse, QuotaWait, Ruling, Submission

#: Asked in every decision: built once, so that SQLAlchemy finds each compiled.
_HELD_BY = (t.items.c.category, t.items.c.place, t.items.c.grade)
_HELD = (
    sa.select(*_HELD_BY, sa.func.count())
    .where(
        t.items.c.campaign == sa.bindparam("of_campaign"),
        t.items.c.tier == sa.bindparam("of_tier"),
        t.items.c.holds_place == sa.true(),
    )
    .group_by(*_HELD_BY)
)
_HELD_BESIDES = _HELD.where(t.items.c.dossier_id.not_in(sa.bindparam("besides", expanding=True)))
_NEXT_NUMBER = (
    t.counters.update()
    .where(
        t.counters.c.campaign == sa.bindparam("of_campaign"),
        t.counters.c.tier == sa.bindparam("of_tier"),
    )
    .values(last=t.counters.c.last + 1)
    .returning(t.counters.c.last)
)


_IMPORTED = "import"  #: the account of mails out of files, which may have lost a field
#: Mails that show a server's habit: of the last so many at least so many, and
#: no more than one in so many may be different.
_HABIT, _LEAST, _RARELY = 100, 30, 50


class StoredRegister:
    """What the database knows, within one transaction."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def dossiers(self, campaign: str, tier: str) -> Sequence[KnownDossier]:
        """All dossiers of a campaign's tier, oldest first."""
        return self._known(t.dossiers.c.campaign == campaign, t.dossiers.c.tier == tier)

    def by_unit(self, campaign: str, tier: str, units: Sequence[str]) -> Sequence[KnownDossier]:
        """The dossiers of units of these very names, blanks and width aside."""
        keys = {normalise_name(unit) for unit in units} - {""}
        return self._known(
            t.dossiers.c.campaign == campaign,
            t.dossiers.c.tier == tier,
            t.dossiers.c.unit_key.in_(sorted(keys)),
        )

    def submissions(self, dossier: str) -> tuple[Submission, ...]:
        """What was sent for it so far, in the order taken up."""
        letters: dict[int, set[str]] = {}
        mails = sa.select(t.submissions.c.mail_id).where(t.submissions.c.dossier_id == dossier)
        told = sa.select(t.replies.c.mail_id, t.replies.c.message_id).where(
            t.replies.c.mail_id.in_(mails)
        )
        for row in self._connection.execute(told):
            letters.setdefault(row.mail_id, set()).add(row.message_id)
        beside: dict[int, list[str]] = {}
        others = sa.select(t.submissions.c.mail_id, t.dossiers.c.unit).join(t.dossiers)
        others = others.where(t.submissions.c.mail_id.in_(mails), t.dossiers.c.id != dossier)
        for row in self._connection.execute(
            others.order_by(t.dossiers.c.opened_at, t.dossiers.c.unit)
        ):
            beside.setdefault(row.mail_id, []).append(row.unit)
        statement = (
            sa.select(
                t.submissions,
                t.mails.c.arrived,
                t.mails.c.sender,
                t.mails.c.applicant,
                t.mails.c.subject,
                t.mails.c.body,
                t.mails.c.message_id,
                t.mails.c.envelope,
            )
            .join(t.mails)
            .where(t.submissions.c.dossier_id == dossier)
            .order_by(t.submissions.c.ordinal)
        )
        return tuple(
            Submission(
                ordinal=row.ordinal,
                arrived=row.arrived,
                documents=tuple(
                    readings.documents_of(self._connection, row.mail_id, row.documents).values()
                ),
                beside=tuple(beside.get(row.mail_id, ())),
                mailbox=row.mailbox,
                addressed=tuple((row.envelope or {}).get("recipients", ())),
                sender=row.sender,
                writer=row.applicant,
                subject=row.subject,
                body=row.body,
                message_id=row.message_id,
                reply_ids=frozenset(letters.get(row.mail_id, ())),
                answers=row.answers,
                unverified=(row.envelope or {}).get("unverified", ""),
            )
            for row in self._connection.execute(statement).all()
        )

    def standing(self, dossier: str) -> Standing:
        """Numbers given, places held, and what staff have entered."""
        here = t.items.c.dossier_id == dossier
        items = self._connection.execute(sa.select(t.items).where(here)).all()
        ordinals = {row.id: row.ordinal for row in items}
        ticked = sa.select(t.ticks.c.item_id, t.ticks.c.what).where(t.ticks.c.dossier_id == dossier)
        told = self._connection.execute(
            sa.select(t.dossiers.c.region, t.dossiers.c.opened_at).where(t.dossiers.c.id == dossier)
        ).one_or_none()
        return Standing(
            receipts={row.ordinal: row.receipt for row in items if row.receipt},
            decisions={row.ordinal: Decision(row.decision) for row in items if not row.withdrawn},
            holders=frozenset(row.ordinal for row in items if row.holds_place),
            rulings={ordinals[item]: entry for item, entry in self._rulings(here)},
            grades={row.ordinal: row.grade for row in items if row.grade},
            ticks=frozenset(
                (ordinals.get(row.item_id), row.what) for row in self._connection.execute(ticked)
            ),
            region=told.region if told else "",
            refused=self._refused(dossier),
            turn=_turn(told.opened_at, dossier) if told else "~",
        )

    def _refused(self, dossier: str) -> frozenset[int]:
        """The submissions whose papers staff have refused to put in the place of others'."""
        told = sa.and_(
            t.events.c.mail_id == t.submissions.c.mail_id,
            t.events.c.dossier_id == t.submissions.c.dossier_id,
        )
        asked = sa.select(t.submissions.c.ordinal).join(t.events, told)
        here = (t.submissions.c.dossier_id == dossier, t.events.c.what == "papers.refused")
        return frozenset(self._connection.scalars(asked.where(*here)))

    def _rulings(self, where: sa.ColumnElement[bool]) -> Iterator[tuple[str, Ruling]]:
        """Item and ruling, the last one of an item last."""
        made = sa.select(t.rulings).join(t.items).where(where).order_by(t.rulings.c.id)
        for row in self._connection.execute(made):
            yield (
                row.item_id,
                Ruling(what=row.what, reason=row.reason, submissions=row.submissions),
            )

    def places(self, campaign: str, tier: str, besides: Collection[str]) -> tuple[QuotaUse, ...]:
        """Places held by the items of a campaign's tier, by category, region and grade."""
        asked: dict[str, object] = {"of_campaign": campaign, "of_tier": tier}
        if besides:
            asked["besides"] = list(besides)
        held = self._connection.execute(_HELD_BESIDES if besides else _HELD, asked)
        return tuple(_use(*row) for row in held.all())

    def waiting(self, campaign: str, tier: str, besides: Collection[str]) -> Sequence[WaitingItem]:
        """The items of a campaign's tier that wait for a place, in order of first arrival."""
        statement = (
            sa.select(t.items, t.dossiers.c.unit, t.dossiers.c.opened_at)
            .join(t.dossiers)
            .where(
                t.items.c.campaign == campaign,
                t.items.c.tier == tier,
                t.items.c.waits == sa.true(),
                t.dossiers.c.purge.is_(None),
                t.items.c.dossier_id.not_in(besides),
            )
        )
        found = [
            WaitingItem(
                id=row.id,
                dossier=KnownDossier(
                    id=row.dossier_id, campaign=campaign, tier=tier, unit=row.unit
                ),
                wait=QuotaWait(
                    category=row.category,
                    region=row.place,
                    grade=row.grade,
                    since=row.first_arrival,
                    turn=_turn(row.opened_at, row.dossier_id),
                ),
            )
            for row in self._connection.execute(statement)
        ]
        return sorted(found, key=lambda entry: (entry.wait.since, entry.wait.turn))

    def times_judged(self, dossier: str) -> int:
        """How often a dossier has been judged so far."""
        count = sa.select(sa.func.count()).where(t.verdicts.c.dossier_id == dossier)
        return self._connection.scalar(count) or 0

    def by_message(self, message_ids: Sequence[str]) -> Sequence[KnownDossier]:
        """The dossiers that these Message-IDs (of mails received or replies sent) belong to."""
        wanted = [message_id for message_id in message_ids if message_id]
        if not wanted:
            return []
        mails = sa.union(
            sa.select(t.mails.c.id).where(t.mails.c.message_id.in_(wanted)),
            sa.select(t.replies.c.mail_id).where(t.replies.c.message_id.in_(wanted)),
        )
        belong = sa.select(t.submissions.c.dossier_id).where(t.submissions.c.mail_id.in_(mails))
        return self._known(t.dossiers.c.id.in_(belong))

    def by_sender(self, campaign: str, tier: str, sender: str) -> Sequence[KnownDossier]:
        """The dossiers this address has written for; else those of mails it has passed on."""
        # with both words for the one, so that SQLite does not go by it, through nearly all mails
        own = (t.mails.c.applicant == sender) | (
            (t.mails.c.sender == sender) & t.mails.c.applicant.in_(["", sender])
        )
        for where in (own, t.mails.c.sender == sender):
            belong = sa.select(t.submissions.c.dossier_id).join(t.mails).where(where)
            if found := self._known(
                t.dossiers.c.campaign == campaign,
                t.dossiers.c.tier == tier,
                t.dossiers.c.id.in_(belong),
            ):
                return found
        return []

    def by_receipt(self, receipts: Sequence[str]) -> Sequence[KnownDossier]:
        """The dossiers that these receipt numbers were given to."""
        given = sa.select(t.items.c.dossier_id).where(t.items.c.receipt.in_(list(receipts)))
        return self._known(t.dossiers.c.id.in_(given))

    def repeated(self, incoming: Incoming) -> bool:
        """Was a mail with the same Message-ID, sender and attachments taken up before?"""
        envelope = incoming.envelope
        if not envelope.message_id:
            return False
        # Their state is looked at here: SQLite would go by it, through nearly all mails.
        found = self._connection.execute(
            sa.select(t.mails.c.id, t.mails.c.state, t.mails.c.disposition).where(
                t.mails.c.message_id == envelope.message_id,
                t.mails.c.sender == envelope.sender,
                t.mails.c.sha256 != incoming.mail,
            )
        )
        candidates = [
            row.id  # what lies in Junk nobody has taken up
            for row in found
            if row.state == "decided" and row.disposition not in ("junk", None)
        ]
        now = Counter(document.sha256 for document in incoming.reading.documents)
        for mail in candidates:
            outermost = sa.select(t.documents.c.sha256).where(
                t.documents.c.mail_id == mail, t.documents.c.path.not_like("%.%")
            )
            if Counter(self._connection.scalars(outermost)) == now:
                return True
        return False

    def replies_since(self, recipient: str, since: datetime) -> int:
        """Number of replies to this address composed within 24 hours from ``since``."""
        statement = sa.select(sa.func.count()).where(
            t.replies.c.recipient == recipient, *_within_a_day(since)
        )
        return self._connection.scalar(statement) or 0

    def replies_about(self, topic: str, since: datetime) -> int:
        """Number of replies of this topic composed within 24 hours from ``since``."""
        statement = sa.select(sa.func.count()).where(
            t.replies.c.topic == topic, *_within_a_day(since)
        )
        return self._connection.scalar(statement) or 0

    def replies_in_all(self, since: datetime) -> int:
        """Number of replies composed within 24 hours from ``since``."""
        statement = sa.select(sa.func.count()).where(*_within_a_day(since))
        return self._connection.scalar(statement) or 0

    def is_ours(self, message_ids: Sequence[str]) -> bool:
        """Is one of these Message-IDs that of a reply of ours?"""
        statement = sa.select(t.replies.c.id).where(t.replies.c.message_id.in_(message_ids))
        return self._connection.scalar(statement.limit(1)) is not None

    def expects_path(self, mail: str) -> bool:
        """Does the mailbox this mail (raw SHA-256) lies in get every other with a Return-Path?

        Told by the last mails of the same account; never by imported files.
        """
        accounts = (
            sa.select(t.sightings.c.account)
            .join(t.mails)
            .where(t.mails.c.sha256 == mail, t.sightings.c.account != _IMPORTED)
        )
        there = sa.exists().where(  # from the last mail on, until there are enough
            t.sightings.c.mail_id == t.mails.c.id, t.sightings.c.account.in_(accounts)
        )
        last = (
            sa.select(t.mails.c.envelope["return_path"].as_string())
            .where(
                there,
                t.mails.c.sha256 != mail,
                t.mails.c.read_at.is_not(None),
                t.mails.c.purge.is_(None),
            )
            .order_by(t.mails.c.id.desc())
            .limit(_HABIT)
        )
        paths = self._connection.scalars(last).all()
        return len(paths) >= _LEAST and paths.count(None) * _RARELY <= len(paths)

    def take_number(self, campaign: str, tier: str) -> int:
        """The next number of the receipt counter: 1, 2, ... without gaps."""
        asked = {"of_campaign": campaign, "of_tier": tier}
        last = self._connection.scalar(_NEXT_NUMBER, asked)
        if last is None:
            last = 1
            first = t.counters.insert().values(campaign=campaign, tier=tier, last=last)
            self._connection.execute(first)
        return int(last)

    def _known(self, *where: sa.ColumnElement[bool]) -> list[KnownDossier]:
        """Those that can still be judged: of one whose data was removed, nothing is left to judge."""
        statement = (
            sa.select(t.dossiers)
            .where(*where, t.dossiers.c.purge.is_(None))
            .order_by(t.dossiers.c.opened_at, t.dossiers.c.id)
        )
        return [
            KnownDossier(id=row.id, campaign=row.campaign, tier=row.tier, unit=row.unit)
            for row in self._connection.execute(statement)
        ]


@lru_cache(maxsize=20_000)
def _use(category: str, region: str, grade: str, used: int) -> QuotaUse:
    """From one decision to the next nearly all regions hold what they held."""
    return QuotaUse(category=category, region=region, grade=grade, used=used)


def _turn(opened: datetime, dossier: str) -> str:
    """Orders dossiers as they were opened; below the "~" of a new one."""
    return f"{opened.astimezone(UTC):%Y%m%d%H%M%S%f} {dossier}"


def _within_a_day(since: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    """Composed then; what bears a later time was written by a clock that was wrong."""
    composed = t.replies.c.composed_at
    return composed >= since, composed <= since + timedelta(days=1)
