"""Files one unit's part of a mail in its dossier and has the whole dossier judged.

Whose documents these are, which earlier mail they answer, what the verdict was
before and is now, which items the mail touched, which numbers are given.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from mailbot.deciding.counting import counted, facts_of, numbered
from mailbot.deciding.joining import joined
from mailbot.deciding.senders import NOBODY, Sender
from mailbot.deciding.withdrawing import TakenBack, fits, may_speak, speaks_of_items, taken_back
from mailbot.outcome import (
    DossierOutcome,
    Incoming,
    KnownDossier,
    Register,
    Standing,
)
from rules.checks.senders import answers_in_words
from rules.gathering.dossier import assemble
from rules.gathering.routing import Route, UnitPart, forms_of, is_own_name, same_unit
from rules.judge import judge
from rules.model import (
    Decision,
    Dossier,
    Facts,
    Finding,
    Ruling,
    Severity,
    Submission,
    Verdict,
)
from rules.notice.campaign import Campaign
from rules.rulings import standing as standing_rulings


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A mail on the desk: with its campaign, and the register it is decided against."""

    incoming: Incoming
    register: Register
    campaign: Campaign
    route: Route
    now: datetime
    numbers: bool = True  #: give receipt numbers (not in a dry run against the real register)
    sender: Sender = NOBODY  #: whom the address stands for, as staff know it
    writer: str = ""  #: of a mail that its sender only passes on

    @property
    def applicant(self) -> str:
        """The address of whoever applies."""
        return self.writer or self.incoming.envelope.sender


def file_parts(case: Case, parts: Sequence[UnitPart]) -> tuple[DossierOutcome, ...]:
    """Every unit's part of the mail, each in a dossier of its own."""
    filed: list[DossierOutcome] = []
    answered = case.register.by_message(_replied_to(case.incoming))
    parts = joined(
        case.register, case.campaign, case.route, parts, sender=case.applicant, answered=answered
    )
    for part in parts:
        taken = {entry.known.id for entry in filed if entry.known}
        filed.append(_file_part(case, part, _known(case, part, taken), filed))
    return tuple(filed)


def _file_part(
    case: Case, part: UnitPart, known: KnownDossier | None, filed: Sequence[DossierOutcome]
) -> DossierOutcome:
    """One unit's part of the mail, judged together with all it sent before."""
    register, campaign, tier = case.register, case.campaign, case.route.tier
    earlier = _as_read_by(campaign, register.submissions(known.id)) if known else ()
    standing = register.standing(known.id) if known else Standing()
    submission = _submission(case, part, earlier)
    standing = replace(standing, region=standing.region or case.sender.region)
    unit = _unit_name(case, part, known)
    others = tuple(entry.known.id for entry in filed if entry.known)
    mine = (known.id,) if known else ()
    facts = facts_of(standing, counted(register, campaign, tier, (*mine, *others), filed), case.now)
    trusted = accepted_by_staff(standing)
    dossier = assemble(campaign, tier, unit, (*earlier, submission), trusted)
    previous = None
    if earlier:
        before = assemble(campaign, tier, unit, earlier, trusted)
        previous = judge(before, campaign, facts)
        if kept := _kept(standing, previous, len(earlier)):
            facts = replace(facts, rulings={**facts.rulings, **kept})
            previous = judge(before, campaign, facts)
    taken = _taken_back(case, known, dossier, standing, previous)
    verdict, rulings = _settled(dossier, campaign, facts, taken)
    verdict = _for_staff(verdict, dossier, facts)
    return DossierOutcome(
        known=known,
        standing=standing,
        dossier=dossier,
        verdict=verdict,
        previous=previous,
        receipts=numbered(register, campaign, verdict, standing, tier)
        if case.numbers
        else standing.receipts,
        touched=_touched(verdict, previous, submission, campaign) | taken.kept,
        rulings=rulings,
        doubt=taken.unclear,
    )


def file_words(case: Case) -> DossierOutcome | None:
    """A mail of words only that settles something; None where it does not.

    It withdraws items, says which to keep, or says itself what was asked for.
    The dossier is the one that is answered, or the only one its sender has sent for.
    """
    part = UnitPart(unit="", documents=())
    said = case.incoming.reading.body
    speaks = speaks_of_items(case.incoming) or answers_in_words(
        case.campaign, case.route.tier, said
    )
    known = _known(case, part, ()) if speaks else None
    filed = _file_part(case, part, known, ()) if known else None
    return filed if filed and (filed.rulings or filed.touched or filed.doubt) else None


def _taken_back(
    case: Case,
    known: KnownDossier | None,
    dossier: Dossier,
    standing: Standing,
    previous: Verdict | None,
) -> TakenBack:
    """What the mail settles by its words, if its sender may speak for the dossier."""
    taken = taken_back(case.incoming, case.campaign, dossier, standing, previous)
    if not taken or known is None:
        return TakenBack()
    if failed := case.incoming.envelope.unverified:
        return TakenBack(unclear=f"来信未通过发件人身份验证（{failed}），可能不是本人所发")
    answered = known in case.register.by_message(_replied_to(case.incoming))
    if not may_speak(case.incoming, dossier, answered=answered):
        why = (
            f"来信人 {case.incoming.envelope.sender} 没有为该单位报送过材料，也不是回复本系统的邮件"
        )
        return TakenBack(unclear=why)
    return taken


def _settled(
    dossier: Dossier, campaign: Campaign, facts: Facts, taken: TakenBack
) -> tuple[Verdict, Mapping[int, Ruling]]:
    """The verdict with what the mail has settled.

    Who only says which items to keep gives up the others for their sake: not where
    the kept ones are still too many.
    """
    if taken.rulings:
        settled = replace(facts, rulings={**facts.rulings, **taken.rulings})
        verdict = judge(dossier, campaign, settled)
        if not taken.only_kept or fits(verdict, taken.kept):
            return verdict, taken.rulings
    return judge(dossier, campaign, facts), {}


def accepted_by_staff(standing: Standing) -> dict[int, int]:
    """How many mails there were when staff accepted an item, by its ordinal."""
    return {
        item: ruling.submissions
        for item, ruling in standing.rulings.items()
        if ruling.what == "accept"
    }


def judge_again(
    register: Register,
    campaign: Campaign,
    known: KnownDossier,
    now: datetime,
    *,
    numbers: bool = True,
    keeps: bool = True,
) -> DossierOutcome:
    """A dossier judged again without a new mail: staff have settled something, a place is free.

    What was accepted stays accepted, unless a person has settled otherwise (or, without
    ``keeps``, as the rules alone say). The items whose decision is another than the recorded one are touched.
    """
    tier = known.tier
    submissions = _as_read_by(campaign, register.submissions(known.id))
    standing = register.standing(known.id)
    places = counted(register, campaign, tier, (known.id,))
    dossier = assemble(campaign, tier, known.unit, submissions, accepted_by_staff(standing))
    kept = _with_the_accepted(standing, dossier) if keeps else standing
    facts = facts_of(kept, places, now)
    verdict = _for_staff(judge(dossier, campaign, facts), dossier, facts)
    return DossierOutcome(
        known=known,
        standing=standing,
        dossier=dossier,
        verdict=verdict,
        previous=None,
        receipts=numbered(register, campaign, verdict, standing, tier)
        if numbers
        else standing.receipts,
        touched=frozenset(
            entry.item.ordinal
            for entry in verdict.items
            if standing.decisions.get(entry.item.ordinal) is not entry.decision
        ),
    )


def _kept(standing: Standing, previous: Verdict, mails: int) -> dict[int, Ruling]:
    """What was accepted and today's rules alone would not accept stays, until a new form comes.

    The rules have changed since, not the application.
    """
    today = {entry.item.ordinal: entry.decision for entry in previous.items}
    return {
        ordinal: Ruling(what="accept", submissions=mails)
        for ordinal, decision in standing.decisions.items()
        if decision is Decision.ACCEPTED
        and today.get(ordinal, Decision.ACCEPTED) is not Decision.ACCEPTED
    }


def _with_the_accepted(standing: Standing, dossier: Dossier) -> Standing:
    """As if a person had accepted once more what is accepted and nobody has ruled about."""
    rulings = dict(standing.rulings)
    for item in dossier.items:
        ruling = rulings.get(item.ordinal)
        stands = ruling is not None and ruling.stands(item, dossier)
        if standing.decisions.get(item.ordinal) is Decision.ACCEPTED and not stands:
            rulings[item.ordinal] = Ruling(what="accept", submissions=len(dossier.submissions))
    return replace(standing, rulings=rulings)


def _as_read_by(campaign: Campaign, submissions: Sequence[Submission]) -> tuple[Submission, ...]:
    """The papers of the kinds that the campaign knows them by."""
    return tuple(
        replace(
            entry, documents=tuple(document.read_by(campaign.id) for document in entry.documents)
        )
        for entry in submissions
    )


def _known(case: Case, part: UnitPart, taken: Collection[str]) -> KnownDossier | None:
    """The dossier this belongs to: by the unit's name, else by the mail answered, else by sender.

    A dossier that so far has only a sender's address for a name takes the name
    of the unit once that is read. ``taken`` are those of other units of this mail.
    """
    register, chosen, sender = case.register, case.route, case.applicant
    place = (chosen.campaign, chosen.tier)
    by_sender = [e for e in register.by_sender(*place, sender) if sender and e.id not in taken]
    here = [
        entry
        for entry in register.by_message(_replied_to(case.incoming))
        if (entry.campaign, entry.tier) == place and entry.id not in taken
    ]
    named = [part.unit] if part.unit else [case.sender.unit, sender]
    there = [e for e in register.by_unit(*place, named) if e.id not in taken]
    if part.unit:
        # Two brands of two characters differ by no more than two misspellings do: a name
        # that is only near is the same unit only for somebody who has written about it.
        related = [*here, *by_sender]
        name = same_unit(part.unit, [entry.unit for entry in related])
        found = next((e for e in (*there, *related) if there or e.unit == name), None)
        found = found or next((e for e in related if _is_unnamed(e.unit)), None)
        return found or _bundle_of(case, [*here, *by_sender])
    for candidates in (here, by_sender):
        if len({entry.id for entry in candidates}) == 1:
            return candidates[0]
    return next(iter(there), None)


def _bundle_of(case: Case, candidates: Sequence[KnownDossier]) -> KnownDossier | None:
    """The association's bundle among the dossiers somebody has written about before.

    Only where associations and companies both submit: a corrected form, or one that is
    sent afterwards, names the company alone.
    """
    campaign, tier = case.campaign, case.route.tier
    if campaign.tier(tier).applicant != "either":
        return None
    for entry in candidates:
        sent = case.register.submissions(entry.id)
        items = assemble(campaign, tier, entry.unit, sent).items
        if any(item.company and not is_own_name(entry.unit, item.company) for item in items):
            return entry
    return None


def _unit_name(case: Case, part: UnitPart, known: KnownDossier | None) -> str:
    """As the papers name it, else as staff know the sender, else the sender's address."""
    told = part.unit or case.sender.unit
    if known and not (told and _is_unnamed(known.unit)):
        return known.unit
    return told or case.applicant


def _is_unnamed(unit: str) -> bool:
    """Is the unit so far known by a mail address only, or not even by that?"""
    return not unit or "@" in unit


def _submission(case: Case, part: UnitPart, earlier: Sequence[Submission]) -> Submission:
    incoming = case.incoming
    mailbox = incoming.mailbox or case.route.mailbox
    return Submission(
        ordinal=len(earlier),
        arrived=incoming.arrived,
        documents=part.documents,
        beside=part.beside,
        mailbox=mailbox or next(iter(incoming.envelope.recipients), ""),
        addressed=incoming.envelope.recipients,
        sender=incoming.envelope.sender,
        writer=case.writer,
        subject=incoming.envelope.subject,
        body=incoming.reading.body,
        message_id=incoming.envelope.message_id,
        answers=_answers(incoming, earlier),
        unverified=incoming.envelope.unverified,
    )


def _answers(incoming: Incoming, earlier: Sequence[Submission]) -> int | None:
    """The earlier submission this mail is about, told by its Message-ID or that of our reply."""
    wanted = set(_replied_to(incoming))
    for entry in reversed(earlier):
        if {entry.message_id, *entry.reply_ids} & wanted - {""}:
            return entry.ordinal
    return None


def _replied_to(incoming: Incoming) -> tuple[str, ...]:
    envelope = incoming.envelope
    return tuple(dict.fromkeys((*envelope.in_reply_to, *reversed(envelope.references))))


def _touched(
    verdict: Verdict, previous: Verdict | None, submission: Submission, campaign: Campaign
) -> frozenset[int]:
    """The items this mail brought something of, or whose state it changed.

    A document of the whole unit concerns every item of the categories it is
    demanded for.
    """
    kinds = {form.kind for form in forms_of(submission.documents)}
    common = {
        category
        for demand in campaign.demands
        if demand.of == "unit" and demand.kind in kinds
        for category in demand.categories
    }
    before = {v.item.ordinal: v.decision for v in previous.items} if previous else {}
    return frozenset(
        entry.item.ordinal
        for entry in verdict.items
        if submission.ordinal in entry.item.submissions
        or entry.item.category in common
        or before.get(entry.item.ordinal) != entry.decision
    )


def _for_staff(verdict: Verdict, dossier: Dossier, facts: Facts) -> Verdict:
    """Where the unit has no name, a person has to say whose documents these are."""
    submission = dossier.submissions[-1]
    if not _is_unnamed(dossier.unit) or not submission.documents:
        return verdict
    files = "、".join(leaf.file for d in submission.documents for leaf in d.leaves())
    text = f"来信的材料（{files}）中没有读出申报单位，请工作人员确认属于哪个单位。"
    finding = Finding(
        code="unit.unknown", severity=Severity.HUMAN, message=text, mail=submission.ordinal
    )
    settled = {
        ordinal
        for ordinal, ruling in standing_rulings(dossier, facts).items()
        if ruling.what in ("accept", "decline")
    }
    items = tuple(
        entry
        if entry.item.ordinal in settled
        else replace(entry, decision=max(entry.decision, Decision.REVIEW, key=lambda d: d.gravity))
        for entry in verdict.items
    )
    return replace(verdict, items=items, findings=(*verdict.findings, finding))
