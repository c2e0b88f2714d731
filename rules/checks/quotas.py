"""Places by region or unit (contract, "Over quota").

Items accepted before keep their places. New ones that all fit take theirs; if
they do not all fit, the program chooses none of them. Taking a place is the
register's business; here is only counted.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from parsers.forms.labels import normalise_name
from rules.checks.case import Case
from rules.checks.findings import Defect, finding
from rules.checks.rows import rollup_rows
from rules.model import Dossier, Facts, Finding, Item, QuotaUse, QuotaWait, Severity
from rules.notice.campaign import Campaign, Quota, SpecialCell
from rules.notice.figuresettings import NominatedRule, RowsRule
from rules.notice.memo import Memo
from rules.waiting import others, own, served

#: Counting places asks for no time.
_ANY_TIME = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Places:
    """What a quota grants a region."""

    region: str  #: as the table writes it, or as the unit does where it stands in none
    limit: int | None  #: None: not limited
    certain: bool = True  #: False: staff has to say


_FOUND: Memo[_Places | None] = Memo()
#: by quota: the region, in comparable form, that each name means; None where it means none
_WHOSE: Memo[dict[str, str | None]] = Memo()
_NAMES = 20_000  #: so many are remembered; they come from outside, and there is no end of them


def quotas(case: Case, ready: Collection[int]) -> Iterator[Finding]:
    """Codes ``quota.exceeded`` and ``quota.unknown_region``.

    ``ready`` holds the ordinals of the items nothing else stands against; faulty
    ones take no place. Grade quotas count what staff have entered grades for.
    """
    for quota in case.campaign.quotas:
        if not case.here(quota.tiers):
            continue
        items = [
            item
            for item in case.items((quota.category,))
            if not quota.grade or case.facts.grades.get(item.ordinal) == quota.grade
        ]
        if quota.part == "presenters":
            yield from _presenters(case, quota, items)
            continue
        groups: dict[str, tuple[_Places, list[Item]]] = {}
        for item in items:
            places = _places(case, quota, region_of(case, item))
            if places is None or not places.certain:
                if item.ordinal not in case.facts.accepted and not _is_chosen(case, item):
                    yield _unknown(case, quota, item, places)
                continue
            groups.setdefault(places.region, (places, []))[1].append(item)
        for places, members in groups.values():
            yield from _fit(case, quota, places, members, ready)


def _fit(
    case: Case, quota: Quota, places: _Places, items: list[Item], ready: Collection[int]
) -> Iterator[Finding]:
    """All the new ones, or none; those a person has chosen come before the others."""
    if places.limit is None:
        return
    kept = [item for item in items if item.ordinal in case.facts.accepted]
    used = _used_by_others(case, quota, places.region) + len(kept)
    new = [item for item in items if item.ordinal in ready and item not in kept]
    chosen = [item for item in new if _is_chosen(case, item)]
    left = [item for item in new if item not in chosen]
    together = (chosen,) if quota.severity is Severity.HOLD else (chosen, left)
    for wanting in together:
        if used + len(wanting) > places.limit:
            yield from _exceeded(case, quota, places, wanting, used)
        else:
            used += len(wanting)
    if quota.severity is Severity.HOLD:
        yield from _queued(case, quota, places, left, used)
    if quota.grade and used > places.limit:
        yield from _exceeded(case, quota, places, kept, used - len(kept))


def _queued(
    case: Case, quota: Quota, places: _Places, items: list[Item], used: int
) -> Iterator[Finding]:
    """Those of ``items`` that wait, each with its place on the waiting list."""
    limit = places.limit or 0
    waiting = [entry for entry in case.facts.waiting if _counts(case, quota, places.region, entry)]
    blocks = (*others(waiting), *own(items, case.facts.turn))
    queue = list(served(blocks, limit - used))
    used += sum(block.size for block, ahead in queue if ahead is None)
    for block, ahead in queue:
        if ahead is None or not block.own:
            continue
        category = case.category(block.own[0])
        counter = category.counter if category else "项"
        name = category.name if category else quota.category
        message = (
            f"“{places.region}”的{name}名额为{limit}{counter}，已使用{used}{counter}；"
            f"列入候补，目前为候补第 {ahead + 1} 位"
        )
        if block.size > 1:
            message += (
                f"（同时申报的{block.size}{counter}不能全部容纳，同列此位，空出的名额足够时一并递补；"
                "如愿先递补其中一部分，请回复写明保留或撤回的项目）"
            )
        for item in block.own:
            defect = Defect(code="quota.exceeded", message=f"{message}。", item=item.ordinal)
            yield _judged(quota, quota.severity, defect)


def lines(
    campaign: Campaign,
    tier: str,
    waiting: Mapping[str, QuotaWait],
    quota_use: Sequence[QuotaUse],
) -> dict[str, int]:
    """The place of every waiting item on its waiting list, from 1, by its id; 0: it fits now.

    ``quota_use`` are all places held. Where two quotas keep an item waiting, the place
    farther back counts.
    """
    nobody = Dossier(campaign=campaign.id, tier=tier, unit="", submissions=(), papers=(), items=())
    facts = Facts(now=_ANY_TIME, quota_use=tuple(quota_use))
    case = Case(dossier=nobody, campaign=campaign, facts=facts)
    found: dict[str, int] = {}
    for quota in campaign.quotas:
        if quota.severity is not Severity.HOLD or not case.here(quota.tiers):
            continue
        groups: dict[str, tuple[_Places, dict[str, QuotaWait]]] = {}
        for name, entry in waiting.items():
            if entry.category != quota.category or quota.grade not in ("", entry.grade):
                continue
            places = _places(case, quota, entry.region)
            if places is not None and places.certain:
                groups.setdefault(places.region, (places, {}))[1][name] = entry
        for places, members in groups.values():
            limit = len(members) if places.limit is None else places.limit
            free = limit - _used_by_others(case, quota, places.region)
            ahead = {
                (block.since, block.turn): before
                for block, before in served(others(members.values()), free)
            }
            for name, entry in members.items():
                before = ahead[entry.since, entry.turn]
                found[name] = max(found.get(name, 0), 0 if before is None else before + 1)
    return found


def _is_chosen(case: Case, item: Item) -> bool:
    """Has a member of staff accepted it?"""
    ruling = case.rulings.get(item.ordinal)
    return ruling is not None and ruling.what == "accept"


def _exceeded(
    case: Case, quota: Quota, places: _Places, items: list[Item], used: int
) -> Iterator[Finding]:
    """``items`` do not fit beside the ``used`` ones.

    Items accepted before keep their places: of those only staff is told, who have
    entered grades beyond the region's number.
    """
    category = case.category(items[0]) if items else None
    counter = category.counter if category else "项"
    name = category.name if category else quota.category
    grade = f"（等级 {quota.grade}）" if quota.grade else ""
    limit = places.limit or 0
    told = (
        f"“{places.region}”的{name}{grade}名额为{limit}{counter}，已使用{used}{counter}，"
        f"本次待受理{len(items)}{counter}，超出{used + len(items) - limit}{counter}"
    )
    for item in items:
        kept = item.ordinal in case.facts.accepted
        severity = Severity.WARN if kept else quota.severity
        message = f"{told}；{_outcome(quota) if not kept else '请核对所录等级。'}"
        yield _judged(
            quota, severity, Defect(code="quota.exceeded", message=message, item=item.ordinal)
        )


def _presenters(case: Case, quota: Quota, items: list[Item]) -> Iterator[Finding]:
    """Rows of the presenters' list against the region's places for them."""
    if not items:
        return
    places = _places(case, quota, region_of(case, items[0]))
    for rule in case.rules(NominatedRule):
        nominees = any(
            rows.rollup == rule.rollup
            and rows.table == rule.nominees
            and quota.category in rows.categories
            for rows in case.rules(RowsRule)
        )
        if not nominees:
            continue
        listed = len(rollup_rows(case, rule.rollup, rule.presenters, rule.presenter_column))
        if listed and (places is None or not places.certain):
            yield _unknown_presenters(case, quota, rule.rollup, region_of(case, items[0]), listed)
        if places is None or places.limit is None or not places.certain:
            continue
        used = _used_by_others(case, quota, places.region)
        if used + listed > places.limit:
            rollup = case.campaign.paper_name(rule.rollup)
            message = (
                f"{rollup}的发表名单列有{listed}项，“{places.region}”的发表名额为{places.limit}项"
                f"{f'（已使用{used}项）' if used else ''}；{_outcome(quota)}"
            )
            defect = Defect(
                code="quota.exceeded",
                message=message,
                kind=rule.rollup,
                categories=(quota.category,),
            )
            yield _judged(quota, quota.severity, defect)


def _unknown_presenters(
    case: Case, quota: Quota, rollup: str, written: str, listed: int
) -> Finding:
    """For staff only: who presents has no bearing on what is accepted."""
    message = (
        f"{case.campaign.paper_name(rollup)}的发表名单列有{listed}项，名额表未列明"
        f"“{written or '该推荐单位'}”的发表名额，请核定。"
    )
    defect = Defect(
        code="quota.unknown_region", message=message, kind=rollup, categories=(quota.category,)
    )
    return _judged(quota, Severity.WARN, defect)


def region_of(case: Case, item: Item) -> str:
    """For whose places an item counts: the tier's region, or what staff have told, else the item's, else the unit.

    Where a recommending unit sends for all, its own region counts before the item's: a
    company may have written its county over its form. What a person has told of the
    dossier counts before both: it is told where they are wrong, or in no table.
    """
    unit = "" if "@" in case.dossier.unit else case.dossier.unit
    sends_for_all = case.tier.applicant == "recommender" and bool(case.campaign.region(unit))
    own = unit if sends_for_all else ""
    return case.tier.region or case.facts.region or own or item.region or unit


def _places(case: Case, quota: Quota, written: str) -> _Places | None:
    """What the quota grants; None where the region stands in no table.

    A region is found by the very name of the table or by an alias of the
    campaign's data, never by likeness.
    """
    return _FOUND.of(case.campaign, (id(quota), written), lambda: _look_up(case, quota, written))


def _look_up(case: Case, quota: Quota, written: str) -> _Places | None:
    written = case.campaign.region(written) or written
    if not quota.table:
        return _Places(region=normalise_name(written) and written, limit=quota.each)
    aliases = {normalise_name(alias): name for alias, name in quota.aliases.items()}
    wanted = normalise_name(aliases.get(normalise_name(written), written))
    if not wanted:
        return None
    for row in case.campaign.tables.get(quota.table, ()):
        region = row.get(quota.region_column, "")
        if normalise_name(region) == wanted:
            return _cell(case, quota, region, written, row.get(quota.column, ""))
    for special in quota.special:
        if _is_listed(case, quota, special, (wanted,)):
            return _special(special, written)
    return None


def _cell(case: Case, quota: Quota, region: str, written: str, text: str) -> _Places:
    text = text.strip()
    if text.isdecimal():
        return _Places(region=region, limit=int(text))
    for special in quota.special:
        if special.text != text:
            continue
        names = (normalise_name(region), normalise_name(written))
        if not special.table or _is_listed(case, quota, special, names):
            return _special(special, region)
    return _Places(region=region, limit=None, certain=False)


def _is_listed(case: Case, quota: Quota, special: SpecialCell, names: Collection[str]) -> bool:
    """Does the special cell's own table name the region?"""
    rows = case.campaign.tables.get(special.table, ()) if special.table else ()
    return any(normalise_name(row.get(quota.region_column, "")) in names for row in rows)


def _special(special: SpecialCell, region: str) -> _Places:
    if special.meaning == "unlimited":
        return _Places(region=region, limit=None)
    if special.meaning == "range":
        return _Places(region=region, limit=special.maximum)
    return _Places(region=region, limit=None, certain=False)


def _used_by_others(case: Case, quota: Quota, region: str) -> int:
    """Asked over every region of the register: each name is looked up once a process."""
    wanted = normalise_name(region)
    whose = _WHOSE.of(case.campaign, id(quota), dict)
    used = 0
    for entry in case.facts.quota_use:
        if not _is_kind(quota, entry):
            continue
        if entry.region not in whose:
            if len(whose) >= _NAMES:
                whose.clear()
            places = _places(case, quota, entry.region)
            whose[entry.region] = None if places is None else normalise_name(places.region)
        if whose[entry.region] == wanted:
            used += entry.used
    return used


def _is_kind(quota: Quota, entry: QuotaUse | QuotaWait) -> bool:
    """Does the quota limit what this is, wherever it is?"""
    if entry.category != quota.category or quota.part == "presenters":
        return False
    return not quota.grade or entry.grade == quota.grade


def _counts(case: Case, quota: Quota, region: str, entry: QuotaUse | QuotaWait) -> bool:
    """Does what another dossier holds or waits for belong to this region's places?"""
    if not _is_kind(quota, entry):
        return False
    places = _places(case, quota, entry.region)
    return places is not None and normalise_name(places.region) == normalise_name(region)


def _unknown(case: Case, quota: Quota, item: Item, places: _Places | None) -> Finding:
    written = region_of(case, item)
    if places is not None:
        category = case.category(item)
        what = category.name if category else ""
        message = f"名额表未列明“{places.region}”的{what}名额，由工作人员核定。"
    elif written:
        category = case.category(item)
        whose = f"{category.name}的" if category else ""
        message = f"{whose}名额表中没有“{written}”，由工作人员核定。"
    else:
        message = "未读到所属地区或推荐单位，无法核对名额，由工作人员核定。"
    # Shown only: then an unknown region is a remark as well.
    severity = Severity.INFO if quota.severity is Severity.INFO else Severity.HUMAN
    defect = Defect(code="quota.unknown_region", message=message, item=item.ordinal)
    return _judged(quota, severity, defect)


def _outcome(quota: Quota) -> str:
    if quota.severity is Severity.HOLD:
        return "本次新报项目列入候补。"
    if quota.severity is Severity.ASK:
        return "请在名额内确定保留的项目并回复，已受理的项目不受影响。"
    if quota.severity is Severity.INFO:
        return "供参考。"
    return "由工作人员研究后答复。"


def _judged(quota: Quota, severity: Severity, defect: Defect) -> Finding:
    return finding(defect, severity=severity, clause=quota.clause, rule=quota.rule)
