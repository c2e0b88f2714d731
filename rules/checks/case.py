"""What is judged: one dossier under one campaign with the facts, and the look-ups rules share.

Holds no rule and no wording. Every look-up is total: a dossier that names an
unknown tier, category or item is answered, never an exception.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeVar, cast

from parsers.forms.labels import normalise_name
from parsers.model import Document, Form
from rules.gathering.papers import is_recognised
from rules.gathering.routing import is_own_name
from rules.model import Dossier, Facts, Item, Paper, Ruling, Submission
from rules.notice.campaign import Campaign, Category, Demand, Tier
from rules.notice.figuresettings import RowsRule
from rules.notice.rulebase import RuleBase

RuleKind = TypeVar("RuleKind", bound=RuleBase)
Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A dossier, the campaign it is judged by, and what cannot be seen in it."""

    dossier: Dossier
    campaign: Campaign
    facts: Facts
    withdrawn: tuple[Item, ...] = ()  #: taken out of the dossier before it is judged
    rulings: Mapping[int, Ruling] = field(default_factory=dict)  #: those that stand, by item
    _answers: dict[Hashable, object] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def once(self, question: Hashable, answer: Callable[[], Answer]) -> Answer:
        """What many rules ask of the same case, found out the first time; nobody changes it."""
        if question not in self._answers:
            self._answers[question] = answer()
        return cast("Answer", self._answers[question])

    @property
    def tier(self) -> Tier:
        """The tier of the dossier; the campaign's first where the name is unknown."""
        tiers = self.campaign.tiers
        for entry in tiers:
            if entry.id == self.dossier.tier:
                return entry
        return tiers[0]

    @property
    def recommends(self) -> bool:
        """Does the unit send for others rather than for itself?

        Where either may submit: it does if its name is not that of every item's company.
        """
        if self.tier.applicant != "either":
            return self.tier.applicant == "recommender"
        companies = {item.company for item in self.dossier.items if item.company}
        return any(not is_own_name(self.dossier.unit, company) for company in companies)

    def here(self, tiers: Collection[str]) -> bool:
        """Does something limited to these tiers apply here? None named: everywhere."""
        return not tiers or self.dossier.tier in tiers

    def rules(self, kind: type[RuleKind]) -> Iterator[RuleKind]:
        """The campaign's rules of one kind that apply in this tier."""
        every = (rule for rule in self.campaign.rules if isinstance(rule, kind))
        applying = (rule for rule in every if self.here(rule.tiers))
        return iter(self.once((Case.rules, kind), lambda: tuple(applying)))

    def demands(self) -> Iterator[Demand]:
        """The documents asked for in this tier."""
        return (demand for demand in self.campaign.demands if self.here(demand.tiers))

    def item(self, ordinal: int | None) -> Item | None:
        """The item with this ordinal, or None."""
        return next((item for item in self.dossier.items if item.ordinal == ordinal), None)

    def items(self, categories: Collection[str]) -> Iterator[Item]:
        """The items of some categories, in order of appearance."""
        return (item for item in self.dossier.items if item.category in categories)

    def category(self, item: Item) -> Category | None:
        """The category of an item, or None where the campaign has none of that name."""
        categories = self.campaign.categories
        return next((entry for entry in categories if entry.id == item.category), None)

    def categories_of(self, kind: str) -> tuple[str, ...]:
        """Whose items a document of this kind concerns; empty: known of none, so of all."""
        named: set[str] = {entry.id for entry in self.campaign.item_categories(kind)}
        for demand in self.demands():
            if demand.kind == kind:
                named.update(demand.categories)
        for rule in self.rules(RowsRule):
            if rule.rollup == kind:
                named.update(rule.categories)
        return tuple(entry.id for entry in self.campaign.categories if entry.id in named)

    def concern(self, paper: Paper) -> tuple[int | None, tuple[str, ...]]:
        """The item a paper belongs to, or else the categories it concerns."""
        if paper.item is not None and self.item(paper.item) is not None:
            return paper.item, ()
        return None, self.categories_of(paper.kind)

    def lacks_papers_of_unit(self) -> bool:
        """Are documents asked for once a unit, and has none of them come?"""
        kinds = {demand.kind for demand in self.demands() if demand.of == "unit"}
        return bool(kinds) and all(paper.kind not in kinds for paper in self.dossier.papers)

    def applies_itself(self) -> bool:
        """Does a company apply itself where its unit should, with nothing of a unit's?

        Told from the name of the submitting unit: it is the applicants' own company, or
        nobody can say whose documents these are. A unit of the quota tables may always
        submit for itself.
        """
        companies = {normalise_name(item.company) for item in self.dossier.items if item.company}
        if self.tier.applicant != "recommender" or len(companies) != 1:
            return False
        unit = self.dossier.unit
        own = (
            not unit
            or "@" in unit
            or (companies == {normalise_name(unit)} and not self.campaign.region(unit))
        )
        return own and self.lacks_papers_of_unit()

    def is_foreign(self, paper: Paper) -> bool:
        """Is it a form of another year, association or campaign?"""
        if paper.form is None or not paper.kind:
            return False
        return bool(paper.form.foreign) or self.campaign.id not in paper.form.campaigns

    def in_force(self, *kinds: str) -> Iterator[tuple[Paper, Form]]:
        """The current papers of some kinds with what was read in them; foreign forms are not.

        Nor are forms recognised on pictures: nobody is told of a defect that may only be
        a misreading. They are asked for as editable files, or a person reads them.
        """
        for paper in self.dossier.papers:
            if paper.kind not in kinds or not paper.current or self.is_foreign(paper):
                continue
            if is_recognised(paper):
                continue
            if paper.form is not None:
                yield paper, paper.form

    def leaves(self) -> Iterator[tuple[Submission, Document]]:
        """Every single file of every mail, in the order taken up."""
        for submission in self.dossier.submissions:
            for document in submission.documents:
                for leaf in document.leaves():
                    yield submission, leaf
