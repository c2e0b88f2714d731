"""The rules about lists and figures that a campaign may switch on, each with its parameters.

Roll-ups against forms, totals, ratios, orders, statistics. See :mod:`rules.notice.settings`
for the others and for the union of all.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from parsers.spec import Key, Kind
from rules.notice.rulebase import MonthOrDay, Place, RuleBase


class RowsRule(RuleBase):
    """Each form has one row in the roll-up and each row its form.

    Codes ``rollup.row_missing``, ``rollup.form_missing``.
    """

    check: Literal["rows"]
    rollup: Kind
    table: Key
    column: Key  #: the column with the item's name
    categories: tuple[str, ...] = Field(min_length=1)


class MatchRule(RuleBase):
    """A value of the form stands equally in the roll-up. Code ``rollup.mismatch``."""

    check: Literal["match"]
    rollup: Kind
    table: Key
    name_column: Key
    column: Key
    kind: Kind
    field: Key
    #: names: the same persons, in whatever order; short: an abbreviation, most of whose letters
    #: stand in the form's value in this order
    compare: Literal["equal", "number", "contained", "names", "short"] = "equal"
    likeness: float = Field(default=0.7, gt=0, le=1)  #: short: the share of letters that is most


class TotalRule(RuleBase):
    """The printed total is the sum, or the number of rows. Code ``rollup.total``.

    Of a column with lists of names the names are counted.
    """

    check: Literal["total"]
    rollup: Kind
    table: Key
    column: Key | None = None  #: None: rows are counted
    total: Key  #: field of the form with the total
    #: names only: does a row's list name the leader (yes), or is one more to be counted (no)?
    leader_counts: Literal["yes", "no", "either"] = "yes"


class MixedRule(RuleBase):
    """Groups and teams in separate tables. Code ``rollup.mixed``."""

    check: Literal["mixed"]
    rollups: tuple[Place, ...] = Field(min_length=1)


class RatioRule(RuleBase):
    """A grade takes at most a share of the rows, rounded half up. Code ``rollup.ratio``."""

    check: Literal["ratio"]
    rollup: Kind
    table: Key
    column: Key
    value: str
    percent: float = Field(gt=0, le=100)


class OrderRule(RuleBase):
    """Rows sorted by a column. Code ``rollup.order``."""

    check: Literal["order"]
    rollup: Kind
    table: Key
    column: Key


class NominatedRule(RuleBase):
    """Presenters are among the nominees. Code ``rollup.not_nominated``."""

    check: Literal["nominated"]
    rollup: Kind
    presenters: Key
    presenter_column: Key
    nominees: Key
    nominee_column: Key


class CompanyInFrontRule(RuleBase):
    """A column in which the company's full name stands before the item's. ``name.mismatch``."""

    check: Literal["company_in_front"]
    rollup: Kind
    table: Key
    column: Key


class OnceRule(RuleBase):
    """A name stands in one of several lists only. Code ``rollup.repeated``."""

    check: Literal["once"]
    places: tuple[Place, ...] = Field(min_length=2)


class RemindRule(RuleBase):
    """What those in a list should know, once it has rows. Code ``notice.reminder``."""

    check: Literal["remind"]
    rollup: Kind
    tables: tuple[Key, ...] = Field(min_length=1)
    text: str  #: in Chinese


class RegionRule(RuleBase):
    """The unit named on single forms is the one that submits. Code ``name.mismatch``."""

    check: Literal["region"]
    places: tuple[Place, ...] = Field(min_length=1)


class MembersRule(RuleBase):
    """A stated number and a list of members agree. Code ``members.count``."""

    check: Literal["members"]
    number: Place
    names: Place
    leader_counts: Literal["yes", "no", "either"] = "either"


class SubsetRule(RuleBase):
    """Parts are no larger than the whole, row by row. Code ``rollup.mismatch``."""

    check: Literal["subset"]
    rollup: Kind
    table: Key
    parts: tuple[Key, ...] = Field(min_length=1)
    whole: Key  #: a number, or a list of names that are counted


class SlotsRule(RuleBase):
    """More names than the form has numbered slots for. Code ``members.count``."""

    check: Literal["slots"]
    kind: Kind
    field: Key  #: of type ``names``, with ``slots``


class AtMostRule(RuleBase):
    """One figure of a statistics table does not exceed another. Code ``statistics.implausible``.

    Figures in 万个 and 个 are compared as what they mean.
    """

    check: Literal["at_most"]
    kind: Kind
    pairs: tuple[tuple[Key, Key], ...] = Field(min_length=1)  #: (smaller, larger)


class RatesRule(RuleBase):
    """Percentages between 0 and 100. Code ``statistics.implausible``."""

    check: Literal["rates"]
    kind: Kind


class UnitRule(RuleBase):
    """A figure too large for its printed unit. Code ``statistics.implausible``."""

    check: Literal["unit"]
    kind: Kind
    fields: tuple[Key, ...] = Field(min_length=1)
    above: float
    whole_only: bool = False  #: only whole numbers, which count single things
    meant: str  #: what may have been meant, "个"


class CountRule(RuleBase):
    """A figure of the statistics is the number of rows of a roll-up. ``statistics.implausible``."""

    check: Literal["count"]
    kind: Kind
    field: Key
    rollup: Kind
    table: Key


class PeriodRule(RuleBase):
    """The statistics cover the notice's period. Code ``statistics.period``."""

    check: Literal["period"]
    kind: Kind
    field: Key = "period"
    first: MonthOrDay
    last: MonthOrDay


class CertificateRule(RuleBase):
    """Reviewers with a certificate number, and enough of them. ``eligibility.certificate``."""

    check: Literal["certificate"]
    rollup: Kind
    table: Key
    column: Key
    minimum: int = 1
    categories: tuple[str, ...] = ()
