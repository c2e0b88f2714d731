"""The verdict on a dossier: every rule in one visible order, and how findings combine.

Pure and total: the same dossier, campaign and facts always give the same
verdict, and no dossier gives an exception. The first defect never ends it, so
that the applicant hears of everything at once (一次性告知).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any

from rules import names, rulings
from rules.checks import (
    completeness,
    deadlines,
    eligibility,
    fees,
    fields,
    fileformats,
    filing,
    people,
    presenters,
    quotas,
    rollups,
    senders,
    statistics,
    texts,
    totals,
)
from rules.checks.case import Case
from rules.checks.findings import Defect, by_rule
from rules.model import (
    EFFECT,
    Decision,
    Dossier,
    Facts,
    Finding,
    Item,
    ItemVerdict,
    Severity,
    Verdict,
)
from rules.notice import figuresettings, settings
from rules.notice.campaign import Campaign
from rules.notice.rulebase import RuleBase

#: A rule takes its own settings and the case; the pairs below keep the two together.
Check = Callable[[Any, Case], Iterator[Defect]]

#: Every rule a campaign may switch on, in the order in which findings are told.
CHECKS: tuple[tuple[type[RuleBase], Check], ...] = (
    (settings.LevelRule, senders.level),
    (settings.SenderRule, senders.sender),
    (settings.MailboxRule, senders.mailbox),
    (settings.ContactRule, senders.contact),
    (settings.OneFileRule, senders.one_file),
    (settings.ReadableRule, filing.readable),
    (settings.EditableRule, filing.editable),
    (settings.IdentityRule, filing.identity),
    (settings.FormatRule, fileformats.file_format),
    (settings.RepeatedRule, filing.repeated),
    (settings.ChangeNoteRule, senders.change_note),
    (settings.TogetherMailRule, completeness.not_in_one_mail),
    (settings.AwardRule, people.award),
    (settings.FieldsRule, fields.fields),
    (settings.ChoiceRule, fields.choice),
    (settings.TogetherRule, fields.together),
    (settings.CertainRule, fields.certain),
    (settings.LengthRule, texts.length),
    (settings.OutlineRule, texts.outline),
    (settings.SameRule, names.same),
    (settings.FullNameRule, names.full_name),
    (figuresettings.RegionRule, names.region),
    (figuresettings.RowsRule, rollups.rows),
    (figuresettings.MatchRule, rollups.match),
    (figuresettings.MixedRule, rollups.mixed),
    (figuresettings.OnceRule, rollups.once),
    (figuresettings.NominatedRule, presenters.nominated),
    (figuresettings.CompanyInFrontRule, presenters.company_in_front),
    (figuresettings.TotalRule, totals.total),
    (figuresettings.RatioRule, totals.ratio),
    (figuresettings.OrderRule, totals.order),
    (figuresettings.SubsetRule, totals.subset),
    (figuresettings.SlotsRule, totals.slots),
    (figuresettings.MembersRule, totals.members),
    (figuresettings.AtMostRule, statistics.at_most),
    (figuresettings.RatesRule, statistics.rates),
    (figuresettings.UnitRule, statistics.unit),
    (figuresettings.CountRule, statistics.count),
    (figuresettings.PeriodRule, statistics.period),
    (settings.AccidentRule, eligibility.accident),
    (settings.SinceRule, eligibility.since),
    (settings.HistoryRule, eligibility.history),
    (settings.ServiceRule, eligibility.service),
    (figuresettings.CertificateRule, eligibility.certificate),
    (settings.FeeDueRule, fees.fee_due),
    (settings.FeeProofRule, fees.fee_proof),
    (settings.UnknownRule, filing.unknown),
    (settings.PeopleRule, people.people),
    (figuresettings.RemindRule, presenters.remind),
)


def judge(dossier: Dossier, campaign: Campaign, facts: Facts) -> Verdict:
    """The decision on every item of a dossier, with all findings.

    Quotas come last: only items against which nothing else stands take places.
    """
    ruled = rulings.standing(dossier, facts)
    gone = rulings.withdrawn(dossier, ruled)
    case = Case(
        dossier=rulings.without(dossier, gone),
        campaign=campaign,
        facts=facts,
        withdrawn=gone,
        rulings=ruled,
    )
    found = [*deadlines.deadlines(case), *completeness.missing(case), *rulings.told(ruled)]
    for settings_class, check in CHECKS:
        for rule in case.rules(settings_class):
            found += [by_rule(defect, rule) for defect in check(rule, case)]
    found = list(rulings.put_over(found, ruled))
    items = case.dossier.items
    ready = {item.ordinal for item in items if _decide(item, found, ruled) is Decision.ACCEPTED}
    found += quotas.quotas(case, ready)
    told = _once_each(found)
    return Verdict(
        campaign=campaign.id,
        version=campaign.version,
        items=tuple(
            ItemVerdict(
                item=item,
                decision=_decide(item, told, ruled),
                place=quotas.region_of(case, item),
                findings=tuple(entry for entry in told if entry.item == item.ordinal),
            )
            for item in items
        ),
        findings=tuple(entry for entry in told if entry.item is None),
        withdrawn=gone,
    )


def _decide(item: Item, findings: Collection[Finding], ruled: rulings.Rulings) -> Decision:
    """As a person has settled, else as the rules say."""
    return rulings.settled(item, ruled, findings) or decide(item, findings)


def decide(item: Item, findings: Collection[Finding]) -> Decision:
    """The gravest of the item's own findings and of the dossier's that concern its category."""
    graves = [
        EFFECT[entry.severity]
        for entry in findings
        if entry.severity in EFFECT and concerns(entry, item)
    ]
    return max(graves, key=lambda decision: decision.gravity, default=Decision.ACCEPTED)


def concerns(finding: Finding, item: Item) -> bool:
    """Is the finding about this item, or about its dossier and its category?"""
    if finding.item is not None:
        return finding.item == item.ordinal
    return not finding.categories or item.category in finding.categories


def _once_each(findings: Sequence[Finding]) -> list[Finding]:
    """The same words about the same place once, with the gravest severity any rule gives them."""
    kept: dict[tuple[object, ...], Finding] = {}
    for entry in findings:
        place = (entry.item, entry.categories, entry.document, entry.where, entry.field)
        told = (entry.code, entry.message, *place)
        before = kept.get(told)
        if before is None or _weight(entry.severity) > _weight(before.severity):
            kept[told] = entry
    return list(kept.values())


def _weight(severity: Severity) -> int:
    """How much a severity does to an item; remarks weigh nothing."""
    effect = EFFECT.get(severity)
    return effect.gravity if effect else 0
