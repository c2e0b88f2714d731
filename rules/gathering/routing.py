"""Where a mail belongs: its campaign, its tier, the unit or units that submit.

Pure: the addresses, the documents as read and the units known so far go in. A
unit is told by its normalised name; names within edit distance 2 are the same
unit (contract, "Routing, identity, receipts").
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from rapidfuzz.distance import Levenshtein

from parsers.forms.labels import normalise_name
from parsers.model import Document, Form, Row
from rules.notice.campaign import Campaign, Tier

#: Names this close are one unit, written differently.
NEAR = 2

#: What a company's name may end in and is often left out.
_ENDING = re.compile(r"(?:股份|集团|有限|责任)*公司$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """The campaign and tier of a mail."""

    campaign: str
    tier: str
    mailbox: str = ""  #: the campaign's address it came to; "" when it came to another


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitPart:
    """The documents of one unit in a mail; ``unit`` is "" when none is named."""

    unit: str
    documents: tuple[Document, ...]
    beside: tuple[str, ...] = ()  #: the other units of the mail


def route(
    campaigns: Mapping[str, Campaign],
    *,
    addresses: Sequence[str],
    documents: Sequence[Document],
    arrived: datetime,
    tier: str | None = None,
) -> Route | None:
    """The campaign of a mail, or None where neither mailbox nor form fits.

    By the address it came to; among several by the forms it brings, then by the
    time in which each collects. ``tier`` is the operator's, if given. Raises
    KeyError when the campaign has no such tier.
    """
    first = Counter(name for form in forms_of(documents) for name in form.campaigns)
    votes = Counter(
        name
        for form in forms_of(documents)
        for name in {n for entry in (form, *form.others) for n in entry.campaigns}
    )
    by_address = [c for c in campaigns.values() if _mailbox(c, addresses)]
    by_form = [c for c in campaigns.values() if votes[c.id]]
    candidates = by_address or by_form
    if not candidates:
        return None
    best = max(
        candidates,
        key=lambda c: (
            votes[c.id],
            _collects(c, arrived),
            first[c.id],
            c.issued_on or arrived.date(),
        ),
    )
    address = _mailbox(best, addresses)
    if tier is not None:
        best.tier(tier)
    box = next((m for m in best.mailboxes if m.address.lower() == address), None)
    chosen = tier if tier is not None else (box.tier if box else best.tiers[0].id)
    return Route(campaign=best.id, tier=chosen or best.tiers[0].id, mailbox=address)


def forms_of(documents: Sequence[Document]) -> Iterator[Form]:
    """All forms in these documents, at any depth."""
    for document in documents:
        for leaf in document.leaves():
            yield from leaf.forms


def split_units(
    campaign: Campaign, tier: Tier, documents: Sequence[Document]
) -> tuple[UnitPart, ...]:
    """The documents of a mail by submitting unit.

    Only units with an item form of their own make parts; everything else goes
    to the part it names, or to all where it names none; a list goes to each part that
    stands in its rows. One part with unit ""
    when no form names a unit. Where units recommend, the one that heads the only
    list sends everything: what single forms name instead is judged later.
    """
    item_kinds = {category.form for category in campaign.categories}
    leaves = [leaf for document in documents for leaf in document.leaves()]
    # a name that was typed goes before one recognised on a picture, which may be misread
    forms = sorted(forms_of(documents), key=lambda form: form.source == "ocr")
    if tier.applicant == "recommender":
        heads = _distinct(_listing(campaign, tier, forms))
        if len(heads) == 1:
            return (UnitPart(unit=heads[0], documents=tuple(documents)),)
    names = _distinct(
        name
        for form in forms
        if form.kind in item_kinds and (name := unit_name(form, tier, campaign))
    )
    bundle = _bundle(campaign, tier, forms, _companies(campaign, forms) or names)
    if bundle:
        return (UnitPart(unit=bundle, documents=tuple(documents)),)
    if not names:
        names = _distinct(name for form in forms if (name := unit_name(form, tier, campaign)))[:1]
    if len(names) <= 1:
        return (UnitPart(unit=names[0] if names else "", documents=tuple(documents)),)
    items = _item_names(campaign, tier, forms, names)
    return tuple(
        UnitPart(
            unit=name,
            documents=tuple(
                leaf for leaf in leaves if _concerns(leaf, name, items, tier, campaign)
            ),
            beside=tuple(other for other in names if other != name),
        )
        for name in names
    )


def unit_name(form: Form, tier: Tier, campaign: Campaign) -> str:
    """The unit a form names in its fields, else the commonest in its list; "" if none.

    A unit of the quota tables by the name it has there, however it is written.
    """
    if written := _written(form, tier, campaign):
        return campaign.unit(written)
    listed = Counter(
        cell.value
        for table in form.tables
        for row in table.rows
        for cell in row.cells
        if cell.key in tier.unit_fields and isinstance(cell.value, str) and cell.value
    )
    common = listed.most_common(1)[0][0] if listed else ""
    return campaign.unit(common)


def _written(form: Form, tier: Tier, campaign: Campaign) -> str:
    """The unit in the form's fields, as written; "" if none.

    Whoever heads another association's form recommends there and not here: where either
    may submit, it is the company that counts on such a form.
    """
    keys = tier.unit_fields
    if tier.applicant == "either" and campaign.id not in form.campaigns:
        keys = keys[::-1]
    values = (entry.value for key in keys if (entry := form.get(key)))
    return next((value for value in values if isinstance(value, str) and value), "")


def _listing(campaign: Campaign, tier: Tier, forms: Sequence[Form]) -> Iterator[str]:
    """The units whose lists these forms are."""
    demanded = {demand.kind for demand in campaign.demands if demand.of == "unit"}
    for form in forms:
        spec = campaign.form(form.kind)
        if spec is None or spec.layout != "list" or form.kind not in demanded:
            continue
        if name := unit_name(form, tier, campaign):
            yield name


def exact_unit(name: str, known: Sequence[str]) -> str | None:
    """Which of the known names is this very unit, blanks and width aside."""
    key = normalise_name(name)
    return next((entry for entry in known if normalise_name(entry) == key), None)


def same_unit(name: str, known: Sequence[str]) -> str | None:
    """Which of the known names is this unit: the same, else the nearest within distance 2."""
    exact = exact_unit(name, known)
    if exact is not None:
        return exact
    key = normalise_name(name)
    near = [(Levenshtein.distance(key, normalise_name(entry)), entry) for entry in known]
    # A short name differs in its very substance when two characters differ.
    close = [pair for pair in near if pair[0] <= NEAR and len(key) > 2 * NEAR]
    close = [pair for pair in close if not _other_brand(key, normalise_name(pair[1]))]
    return min(close)[1] if close else None


def _other_brand(one: str, other: str) -> bool:
    """Do two names differ just in two characters that stand together, as 鼎盛 and 恒源 do?

    Brands have two characters more often than not; who misspells a name seldom misses two
    neighbours and nothing else, unless they have changed places.
    """
    if len(one) != len(other) or sorted(one) == sorted(other):
        return False
    places = [at for at, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]
    return len(places) == NEAR and places[1] - places[0] == 1


def is_own_name(unit: str, company: str) -> bool:
    """Does a unit that may be an association or a company bear this company's name?

    Written differently by two letters, or without its ending, it still does.
    """
    if same_unit(unit, [company]) is not None:
        return True
    short, long = sorted(
        (_ENDING.sub("", normalise_name(name)) for name in (unit, company)), key=len
    )
    return len(short) > 2 * NEAR - 1 and short in long


def _companies(campaign: Campaign, forms: Sequence[Form]) -> list[str]:
    """The applying companies, as the items' own forms name them."""
    fields = {category.form: category.company_field for category in campaign.categories}
    entries = (form.get(fields[form.kind]) for form in forms if form.kind in fields)
    values = (entry.value for entry in entries if entry is not None)
    return _distinct(value for value in values if isinstance(value, str) and value)


def _bundle(campaign: Campaign, tier: Tier, forms: Sequence[Form], names: list[str]) -> str:
    """The unit that sends for others: the one its lists and tables name; "" if there is none.

    ``names`` are the companies that apply: some of their forms may have a place for the
    unit, and others not.

    Only where companies and associations may both submit. Companies whose papers travel
    together, each with its own lists, are no bundle; and a plain company's name over the
    table of one other company is more likely a mistake in it than that company's superior.
    Who lists several companies' items in one list sends for all of them.
    """
    if tier.applicant != "either":
        return ""
    item_kinds = {category.form for category in campaign.categories}
    over_lists: list[str] = []
    over_others: list[str] = []
    for form in forms:
        spec = campaign.form(form.kind)
        written = "" if form.kind in item_kinds else _written(form, tier, campaign)
        if spec and written:
            heads = over_lists if spec.layout == "list" else over_others
            heads.append(campaign.region(written) or written)
    # a company of a bundle may have written a summary of its own, but no list
    found = _distinct(iter(over_lists)) or _distinct(iter(over_others))
    if any(len(_listed(campaign, form, names)) > 1 for form in forms):
        return found[0] if len(found) == 1 else names[0]
    if len(found) != 1 or any(is_own_name(found[0], name) for name in names):
        return ""
    if len(names) == 1 and _is_plain_company(found[0]):
        return ""
    return found[0]


def _listed(campaign: Campaign, form: Form, names: Sequence[str]) -> set[str]:
    """Which of the applying companies stand in the rows of this list."""
    spec = campaign.form(form.kind)
    if spec is None or spec.layout != "list":
        return set()
    fields = {category.company_field for category in campaign.categories}
    written = {
        cell.value
        for table in form.tables
        for row in table.rows
        for cell in row.cells
        if cell.key in fields and isinstance(cell.value, str)
    }
    return {name for entry in written if (name := same_unit(entry, names))}


def own_rows(campaign: Campaign, form: Form, unit: str, others: Sequence[str]) -> Form:
    """A form without the rows of its lists that are about other units than this one."""
    if not others or not form.tables:
        return form
    fields = {category.company_field for category in campaign.categories}

    def is_own(row: Row) -> bool:
        written = (c.value for c in row.cells if c.key in fields and isinstance(c.value, str))
        return same_unit(next(written, ""), [unit, *others]) in (unit, None)

    tables = tuple(replace(t, rows=tuple(filter(is_own, t.rows))) for t in form.tables)
    return form if tables == form.tables else replace(form, tables=tables)


def _is_plain_company(name: str) -> bool:
    """Does the name end as a company's and say nothing of a group of companies?"""
    return _ENDING.search(name) is not None and "集团" not in name


def _mailbox(campaign: Campaign, addresses: Sequence[str]) -> str:
    own = {mailbox.address.lower() for mailbox in campaign.mailboxes}
    return next((address for address in addresses if address.lower() in own), "").lower()


def _collects(campaign: Campaign, arrived: datetime) -> bool:
    """Does the arrival lie in the time the campaign collects?"""
    day = arrived.astimezone(campaign.timezone).date()
    last = max(d.last_day for tier in campaign.tiers for d in tier.deadlines)
    opens, closes = campaign.opens_on, campaign.closes_on or last
    return (opens is None or opens <= day) and day <= closes


def _distinct(names: Iterator[str]) -> list[str]:
    """The names without those that are the same unit as an earlier one."""
    found: list[str] = []
    for name in names:
        if same_unit(name, found) is None:
            found.append(name)
    return found


def _concerns(
    leaf: Document,
    name: str,
    items: Mapping[str, Collection[str]],
    tier: Tier,
    campaign: Campaign,
) -> bool:
    """Does a document belong to this unit: by its forms, its text, or because it names none?

    ``items`` are the names of what each of the units applies for.
    """
    names = list(items)
    said = [
        same_unit(unit, names) for form in leaf.forms if (unit := unit_name(form, tier, campaign))
    ]
    said += [unit for form in leaf.forms for unit in _listed(campaign, form, names)]
    if any(said):
        return name in said
    body = normalise_name(leaf.file + leaf.text)
    mentioned = [entry for entry in names if normalise_name(entry) in body]
    if not mentioned:  # a report names the group that made it rather than the company
        mentioned = [entry for entry in names if any(item in body for item in items[entry])]
    return name in mentioned if mentioned else True


def _item_names(
    campaign: Campaign, tier: Tier, forms: Sequence[Form], names: Sequence[str]
) -> dict[str, set[str]]:
    """What each unit applies for, to be looked for in texts; names too short to tell left out."""
    found: dict[str, set[str]] = {name: set() for name in names}
    for form in forms:
        unit = same_unit(unit_name(form, tier, campaign), names)
        for category in campaign.item_categories(form.kind):
            entry = form.get(category.name_field)
            key = normalise_name(str(entry.value)) if entry and entry.value else ""
            if unit and len(key) > NEAR:
                found[unit].add(key)
    return found
