"""The verdict: every rule in its order, how findings combine, and what holds for any dossier."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, get_args

import pytest
from dossiers import (
    ID,
    IN_TIME,
    NOW,
    UNIT,
    campaign,
    codes,
    decisions,
    document,
    dossier,
    findings,
    mail,
    rollup,
    stats,
    story,
    table,
    team,
    text,
    verdict,
)
from hypothesis import given as given_any
from hypothesis import settings as effort
from hypothesis import strategies as st

from parsers.model import Document, Field, Form, Problem, Row, Section, Table
from rules.judge import CHECKS, decide, judge
from rules.model import (
    Decision,
    Dossier,
    Facts,
    Finding,
    Item,
    Paper,
    QuotaUse,
    Severity,
    Submission,
)
from rules.notice import settings

EVERY_RULE: list[dict[str, Any]] = [
    {"check": "fields", "kinds": ["team_form", "story_form", "rollup", "stats_both"]},
    {"check": "choice", "kind": "story_form", "field": "topics", "maximum": 1},
    {"check": "together", "kind": "story_form", "fields": ["speaker", "gender"], "name": "演讲"},
    {"check": "length", "kind": "story_form", "field": "story_intro", "maximum": 2},
    {"check": "length", "kind": "summary_both", "about": 10},
    {
        "check": "outline",
        "kind": "team_text",
        "instead": {"kind": "team_form", "field": "team_intro"},
    },
    {
        "check": "same",
        "name": "企业名称",
        "places": [
            {"kind": "team_form", "field": "company"},
            {"kind": "rollup", "table": "results", "field": "company"},
        ],
    },
    {
        "check": "rows",
        "rollup": "rollup",
        "table": "results",
        "column": "name",
        "categories": ["team", "story"],
    },
    {
        "check": "match",
        "rollup": "rollup",
        "table": "results",
        "name_column": "name",
        "column": "members",
        "kind": "team_form",
        "field": "member_count",
    },
    {
        "check": "total",
        "rollup": "rollup",
        "table": "results",
        "column": "members",
        "total": "total",
    },
    {"check": "mixed", "rollups": [{"kind": "rollup", "table": "results", "field": "name"}]},
    {
        "check": "ratio",
        "rollup": "rollup",
        "table": "results",
        "column": "grade",
        "value": "1",
        "percent": 50,
    },
    {"check": "order", "rollup": "rollup", "table": "results", "column": "postcode"},
    {
        "check": "nominated",
        "rollup": "rollup",
        "presenters": "presenters",
        "presenter_column": "name",
        "nominees": "results",
        "nominee_column": "name",
    },
    {
        "check": "once",
        "places": [
            {"kind": "rollup", "table": "results", "field": "name"},
            {"kind": "rollup", "table": "presenters", "field": "name"},
        ],
    },
    {"check": "remind", "rollup": "rollup", "tables": ["presenters"], "text": "请备发表材料。"},
    {"check": "region", "places": [{"kind": "team_form", "field": "region"}]},
    {
        "check": "company_in_front",
        "rollup": "rollup",
        "table": "presenters",
        "column": "name",
    },
    {
        "check": "members",
        "number": {"kind": "team_form", "field": "member_count"},
        "names": {"kind": "rollup", "table": "results", "field": "list"},
    },
    {
        "check": "subset",
        "rollup": "rollup",
        "table": "results",
        "parts": ["women"],
        "whole": "members",
    },
    {"check": "slots", "kind": "team_form", "field": "crew"},
    {"check": "at_most", "kind": "stats_both", "pairs": [["registered_year", "registered_total"]]},
    {"check": "rates", "kind": "stats_both"},
    {
        "check": "unit",
        "kind": "stats_both",
        "fields": ["registered_total"],
        "above": 1,
        "meant": "个",
    },
    {
        "check": "count",
        "kind": "stats_both",
        "field": "registered_year",
        "rollup": "rollup",
        "table": "results",
    },
    {"check": "period", "kind": "stats_both", "first": "2025-07", "last": "2026-07"},
    {"check": "identity"},
    {"check": "editable", "exempt_words": ["照片"]},
    {"check": "format", "kinds": ["team_form"], "formats": ["docx"]},
    {"check": "readable"},
    {"check": "unknown"},
    {"check": "certain", "severity": "human"},
    {"check": "repeated"},
    {"check": "change_note", "kind": "change_note"},
    {"check": "sender", "severity": "human"},
    {"check": "level", "severity": "human"},
    {"check": "mailbox"},
    {"check": "contact"},
    {"check": "one_file"},
    {"check": "one_mail", "kinds": ["summary_both", "stats_both"]},
    {"check": "fee_due", "severity": "info"},
    {"check": "fee_proof", "words": ["回单"]},
    {"check": "full_name", "places": [{"kind": "team_form", "field": "company"}]},
    {"check": "accident", "kind": "team_form", "field": "accidents"},
    {"check": "since", "kind": "team_form", "field": "founded", "day": "2018-01-01"},
    {"check": "history", "category": "team", "count": 3, "years": 2},
    {"check": "service", "category": "story", "years": 2},
    {
        "check": "certificate",
        "rollup": "rollup",
        "table": "reviewers",
        "column": "number",
        "minimum": 2,
    },
    {"check": "people", "code": "human.stamp", "kinds": ["team_form"], "text": "请核对。"},
    {"check": "award", "kind": "story_form", "field": "award"},
]
EVERYTHING = campaign(
    EVERY_RULE,
    document=[
        {"kind": "summary_both", "of": "unit", "categories": ["team"]},
        {"kind": "rollup", "of": "unit", "categories": ["team", "story"]},
        {"kind": "team_text", "categories": ["team"], "instead": "team_intro"},
    ],
    fees={
        "policy": "due",
        "payee": {"name": "示范协会", "account": "1", "bank": "示范银行"},
        "amounts": [{"category": "team", "amount": 500}],
    },
    quota=[
        {"id": "teams", "category": "team", "table": "q.csv"},
        {"id": "stories", "category": "story", "each": 1},
    ],
    tables={"q.csv": [{"region": "甲市", "quota": "1"}]},
)


def test_every_kind_of_rule_has_exactly_one_function() -> None:
    """And none is there that no campaign could switch on."""
    union = set(get_args(get_args(settings.Rule)[0]))
    listed = [kind for kind, _check in CHECKS]
    assert len(listed) == len(set(listed))
    assert set(listed) == union


def test_the_campaign_of_these_tests_uses_every_rule() -> None:
    """So that the properties below are about all of them."""
    used = {type(rule) for rule in EVERYTHING.rules}
    assert used == {kind for kind, _check in CHECKS}


@pytest.mark.parametrize(
    ("severities", "decision"),
    [
        ([], Decision.ACCEPTED),
        (["info", "warn"], Decision.ACCEPTED),
        (["hold"], Decision.WAITLISTED),
        (["hold", "human"], Decision.REVIEW),
        (["human", "ask"], Decision.SUPPLEMENT),
        (["ask", "reject", "hold"], Decision.DECLINED),
    ],
)
def test_the_gravest_finding_decides(severities: list[str], decision: Decision) -> None:
    """Accepted < waitlisted < review < supplement < declined."""
    item = Item(ordinal=0, category="team", name="冲压一班", first_arrival=IN_TIME)
    own = [Finding(code="x.y", severity=Severity(s), message="", item=0) for s in severities]
    assert decide(item, own) is decision
    shared = [replace(entry, item=None) for entry in own]
    assert decide(item, shared) is decision


@pytest.mark.parametrize(
    ("item", "categories", "decision"),
    [
        (0, (), Decision.SUPPLEMENT),
        (1, (), Decision.ACCEPTED),
        (None, (), Decision.SUPPLEMENT),
        (None, ("team",), Decision.SUPPLEMENT),
        (None, ("story", "team"), Decision.SUPPLEMENT),
        (None, ("story",), Decision.ACCEPTED),
    ],
)
def test_whom_a_finding_concerns(
    item: int | None, categories: tuple[str, ...], decision: Decision
) -> None:
    """Its own item, or the items of its categories."""
    subject = Item(ordinal=0, category="team", name="冲压一班", first_arrival=IN_TIME)
    found = Finding(code="x.y", severity=Severity.ASK, message="", item=item, categories=categories)
    assert decide(subject, [found]) is decision


def test_everything_is_told_at_once() -> None:
    """The first defect never ends it."""
    late = datetime(2026, 7, 16, tzinfo=IN_TIME.tzinfo)
    given = verdict(EVERYTHING, mail(team(postcode=None, rate=101), arrived=late))
    told = codes(given)
    for code in ("deadline.passed", "document.missing", "field.empty", "field.invalid"):
        assert code in told
    assert decisions(given) == [Decision.DECLINED]


def test_severity_clause_number_and_note_are_the_campaigns() -> None:
    """A rule knows none of them."""
    rule = {
        "check": "fields",
        "kinds": ["team_form"],
        "severity": "hold",
        "clause": "附件二",
        "id": "R11",
        "note": "请尽快。",
    }
    (found,) = findings(verdict(campaign([rule]), mail(team(rate=None))))
    assert (found.severity, found.clause, found.rule) == (Severity.HOLD, "附件二", "R11")
    assert found.message.endswith("请尽快。")


def test_a_rule_of_another_tier_is_not_applied() -> None:
    """Tiers limits it."""
    rule = {"check": "fields", "kinds": ["team_form"], "tiers": ["province"]}
    tiers = [
        {"id": name, "deadlines": [{"last_day": "2026-07-15"}]} for name in ("city", "province")
    ]
    rules = campaign([rule], tier=tiers)
    facts = Facts(now=NOW)
    city = dossier(rules, mail(team(rate=None)), tier="city")
    province = dossier(rules, mail(team(rate=None)), tier="province")
    assert codes(judge(city, rules, facts)) == []
    assert codes(judge(province, rules, facts)) == ["field.empty"]


def test_the_same_words_are_said_once_with_the_gravest_severity() -> None:
    """Two rules about one field."""
    rule = {"check": "fields", "kinds": ["team_form"]}
    given = verdict(campaign([{**rule, "severity": "warn"}, rule]), mail(team(rate=None)))
    assert [entry.severity for entry in findings(given)] == [Severity.ASK]


def test_an_item_without_faults_is_accepted_beside_a_faulty_one() -> None:
    """One decision each."""
    rule = {"check": "fields", "kinds": ["team_form", "story_form"]}
    given = verdict(campaign([rule]), mail(team(rate=None), story()))
    assert decisions(given) == [Decision.SUPPLEMENT, Decision.ACCEPTED]
    assert given.decision is Decision.SUPPLEMENT


def test_a_dossier_that_asks_for_nothing_has_no_decision() -> None:
    """No item, no finding with an effect."""
    given = verdict(campaign(), mail())
    assert given.decision is None
    assert (given.campaign, given.items, given.findings) == (ID, (), ())


# ---- any dossier -------------------------------------------------------------------

_WORDS = st.sampled_from(
    ["", "冲压一班", "冲压二班", UNIT, "湘江集团有限公司湘江公司", "1", "甲市"]
)
_VALUES = st.one_of(
    st.none(),
    _WORDS,
    st.text(max_size=8),
    st.integers(-2, 200),
    st.floats(),
    st.lists(st.one_of(_WORDS, st.integers(-1, 3)), max_size=3),
    st.booleans(),
)
_PLACES = st.sampled_from(["", "表1 第1行第2列"])
_KINDS = st.sampled_from([spec.kind for spec in EVERYTHING.forms])


@st.composite
def _fields(draw: st.DrawFn, key: str) -> Field:
    return Field(
        key=key,
        label=key,
        value=draw(_VALUES),
        raw=draw(st.sampled_from(["", "原文", "☐男 ☐女"])),
        where=draw(_PLACES),
        confidence=draw(st.sampled_from([0.5, 1.0])),
        doubt=draw(st.sampled_from(["", "看不清"])),
    )


@st.composite
def _forms(draw: st.DrawFn) -> Form:
    kind = draw(_KINDS)
    spec = EVERYTHING.form(kind)
    assert spec is not None
    keys = [entry.key for entry in spec.fields]
    tables = []
    for entry in spec.tables:
        columns = [column.key for column in entry.columns]
        rows = draw(st.lists(st.lists(st.sampled_from(columns), max_size=4), max_size=3))
        tables.append(
            Table(
                key=entry.key,
                columns=tuple(draw(st.sampled_from([(), tuple(columns[:2])]))),
                rows=tuple(
                    Row(cells=tuple(draw(_fields(key)) for key in row), where=draw(_PLACES))
                    for row in rows
                ),
            )
        )
    chosen = draw(st.lists(st.sampled_from(keys), max_size=6)) if keys else []
    return Form(
        kind=kind,
        campaigns=draw(st.sampled_from([(ID,), (ID,), (), ("other",)])),
        foreign=draw(st.sampled_from(["", "", "标题为2019年"])),
        confidence=draw(st.sampled_from([0.5, 1.0])),
        fields=tuple(draw(_fields(key)) for key in chosen),
        tables=tuple(tables),
        sections=tuple(
            Section(key=entry.key, title=entry.title, found=draw(st.booleans()))
            for entry in spec.sections
        ),
        characters=draw(st.integers(0, 50)),
    )


@st.composite
def _documents(draw: st.DrawFn) -> Document:
    problems = st.sampled_from(["document.unreadable", "document.macro", "document.odd"])
    leaf = Document(
        file=draw(
            st.sampled_from(["a.docx", "工作总结.pdf", "附件二/冲压一班.jpg", "回单.pdf", ""])
        ),
        sha256=draw(st.sampled_from("abcdefgh")),
        format=draw(st.sampled_from(["docx", "wps", "pdf", "image", "unknown"])),
        forms=tuple(draw(st.lists(_forms(), max_size=2))),
        problems=tuple(
            Problem(code=code, message="坏") for code in draw(st.lists(problems, max_size=1))
        ),
        text=draw(_WORDS),
    )
    if draw(st.booleans()):
        return leaf
    return Document(file="包.zip", sha256="z", format="zip", members=(leaf,))


_MOMENTS = st.datetimes(
    min_value=datetime(2026, 7, 14),  # noqa: DTZ001 - the zones are added below
    max_value=datetime(2026, 7, 17),  # noqa: DTZ001 - as above
    timezones=st.sampled_from([UTC, IN_TIME.tzinfo]),
)
_MAILS = st.builds(
    Submission,
    ordinal=st.just(0),
    arrived=_MOMENTS,
    documents=st.lists(_documents(), max_size=3).map(tuple),
    mailbox=st.sampled_from(["", "shenbao@example.cn", "x@example.cn"]),
    sender=st.sampled_from(["", "a@x.cn", "b@y.cn"]),
    body=st.sampled_from(["", "联系人：张示例 13900000001"]),
)
_FACTS = st.builds(
    Facts,
    now=st.just(NOW),
    accepted=st.frozensets(st.integers(0, 3)),
    quota_use=st.lists(
        st.builds(
            QuotaUse,
            category=st.sampled_from(["team", "x"]),
            region=_WORDS,
            used=st.integers(0, 3),
        ),
        max_size=2,
    ).map(tuple),
    ticks=st.frozensets(
        st.tuples(st.sampled_from([None, 0, 1]), st.sampled_from(["fee", "paper", "stamp"]))
    ),
)
_UNITS = st.sampled_from(["", UNIT, "甲市"])


@effort(max_examples=60, deadline=None)
@given_any(st.lists(_MAILS, max_size=3), _FACTS, _UNITS)
def test_any_mails_give_a_verdict_and_always_the_same(
    mails: list[Submission], facts: Facts, unit: Any
) -> None:
    """Total and deterministic; every item once; every finding can be acted on."""
    case = dossier(EVERYTHING, *mails, unit=unit)
    given = judge(case, EVERYTHING, facts)
    assert given == judge(case, EVERYTHING, facts)
    assert [entry.item for entry in given.items] == list(case.items)
    for found in findings(given):
        assert found.message.strip()
        assert "." in found.code
    for entry in given.items:
        assert entry.decision is decide(entry.item, findings(given))


@effort(max_examples=40, deadline=None)
@given_any(st.lists(_MAILS, max_size=3), _FACTS, _UNITS, _MOMENTS)
def test_a_mail_without_documents_brings_no_new_complaint(
    mails: list[Submission], facts: Facts, unit: Any, arrived: datetime
) -> None:
    """Whenever it comes, and however late it is by then."""
    before = judge(dossier(EVERYTHING, *mails, unit=unit), EVERYTHING, facts)
    later = replace(facts, now=facts.now + timedelta(days=30))
    again = dossier(EVERYTHING, *mails, mail(arrived=arrived), unit=unit)
    after = judge(again, EVERYTHING, later)
    assert findings(after) == findings(before)
    assert decisions(after) == decisions(before)


@effort(max_examples=40, deadline=None)
@given_any(st.data())
def test_dossiers_that_no_assembly_would_make_are_judged_all_the_same(data: st.DataObject) -> None:
    """Unknown tiers, categories, kinds and items are nobody's exception."""
    forms = data.draw(st.lists(_forms(), max_size=3))
    papers = tuple(
        Paper(
            submission=data.draw(st.integers(0, 2)),
            arrived=IN_TIME,
            document=data.draw(_documents()),
            form=data.draw(st.sampled_from([form, None])),
            kind=data.draw(st.sampled_from([form.kind, "", "nothing"])),
            item=data.draw(st.sampled_from([None, 0, 7])),
            current=data.draw(st.booleans()),
            repeats=data.draw(st.booleans()),
        )
        for form in forms
    )
    items = tuple(
        Item(
            ordinal=ordinal,
            category=data.draw(st.sampled_from(["team", "story", "leader"])),
            name=data.draw(_WORDS),
            company=data.draw(_WORDS),
            region=data.draw(st.sampled_from([None, "", "甲市", "己市"])),
            first_arrival=data.draw(_MOMENTS),
        )
        for ordinal in range(data.draw(st.integers(0, 3)))
    )
    case = Dossier(
        campaign=ID,
        tier=data.draw(st.sampled_from(["", "nowhere"])),
        unit=data.draw(_UNITS),
        submissions=tuple(
            replace(entry, ordinal=place)
            for place, entry in enumerate(data.draw(st.lists(_MAILS, max_size=2)))
        ),
        papers=papers,
        items=items,
    )
    given = judge(case, EVERYTHING, data.draw(_FACTS))
    assert [entry.item for entry in given.items] == list(items)
    known = {item.ordinal for item in items}
    assert all(found.item is None for found in given.findings)
    assert all(entry.item in known for entry in findings(given) if entry.item is not None)


_NAMED = st.sampled_from(
    [
        document("a.docx", team()),
        document("b.docx", team("热处理甲班", member_count=3, rate=None)),
        document("c.docx", story()),
        document("d.docx", story(topics=None)),
        document("e.docx", text("summary_both")),
        document("f.xlsx", rollup({"name": "冲压一班", "members": 3}), format="xlsx"),
        document("坏.docx", problems=(Problem(code="document.unreadable", message="坏"),)),
        document("工作总结.pdf", format="pdf"),
    ]
)


@effort(max_examples=40, deadline=None)
@given_any(st.lists(_NAMED, min_size=1, unique_by=lambda file: file.file), _FACTS)
def test_the_same_mail_again_makes_nothing_graver(files: list[Any], facts: Facts) -> None:
    """Not even after the deadline: repeats are no corrections."""
    late = datetime(2026, 8, 1, tzinfo=UTC)
    before = judge(dossier(EVERYTHING, mail(*files)), EVERYTHING, facts)
    again = dossier(EVERYTHING, mail(*files), mail(*files, arrived=late))
    assert decisions(judge(again, EVERYTHING, facts)) == decisions(before)


def test_a_whole_dossier_in_order_is_accepted() -> None:
    """Team, story, roll-up, summary, statistics: nothing but remarks."""
    mild = {"history", "service", "people", "award", "one_file", "contact", "certificate", "length"}
    rules = EVERYTHING.model_copy(
        update={"rules": tuple(r for r in EVERYTHING.rules if r.check not in mild)}
    )
    rows = rollup(
        {"name": "冲压一班", "company": UNIT, "members": 12, "list": "甲、" * 12},
        tables=[table("reviewers")],
    )
    papers = [
        document("1.docx", team(region="甲市")),
        document("2.xlsx", rows, format="xlsx"),
        document("3.docx", text("summary_both", found=["basics", "problems"])),
        document("4.docx", stats(registered_year=1, registered_total=1, penetration=50)),
    ]
    given = verdict(rules, mail(*papers))
    assert decisions(given) == [Decision.ACCEPTED]
    assert codes(given) == ["fee.due", "fee.due"]
