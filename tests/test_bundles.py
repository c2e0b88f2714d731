"""One unit applies for many companies: whose form, whose row, whose mail it is."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from dossiers import (
    campaign,
    codes,
    document,
    dossier,
    findings,
    form,
    mail,
    only,
    rollup,
    table,
    team,
    text,
    verdict,
)

from rules.gathering.routing import split_units
from rules.model import Dossier
from rules.notice.campaign import Campaign

ONE, TWO, THREE = "湘江重工装备有限公司", "金枫电机制造有限公司", "洞庭轴承股份有限公司"
TIER = {"applicant": "recommender", "unit_fields": ["region"]}
DEADLINE = {"last_day": "2026-07-15", "late": "reject", "clause": "四.2"}
ROWS = {
    "check": "rows",
    "rollup": "rollup",
    "table": "results",
    "column": "name",
    "categories": ["team"],
}
NOMINATED = {
    "check": "nominated",
    "rollup": "rollup",
    "presenters": "presenters",
    "presenter_column": "name",
    "nominees": "results",
    "nominee_column": "name",
}
FRONT = {"check": "company_in_front", "rollup": "rollup", "table": "presenters", "column": "name"}


def bundles(*rules: dict[str, Any], **more: Any) -> Campaign:
    """A campaign in which units recommend."""
    rollups = [{"kind": "rollup", "of": "unit", "categories": ["team"]}]
    made = {"tier": [{**TIER, "deadlines": [DEADLINE]}], "document": rollups}
    return campaign(rules, **{**made, **more})


def items(case: Dossier) -> list[tuple[str, str]]:
    return [(item.name, item.company) for item in case.items]


def test_two_companies_may_each_have_a_team_of_one_name() -> None:
    """They are two items; where companies apply for themselves, one."""
    both = mail(team("创新班", company=ONE), team("创新班", company=TWO))

    assert items(dossier(bundles(), both)) == [("创新班", ONE), ("创新班", TWO)]
    assert len(dossier(campaign(), both).items) == 1


def test_a_form_with_its_company_left_out_is_no_second_item() -> None:
    """It is asked for the company; the corrected form is the same item."""
    case = dossier(bundles(), mail(team("创新班", company=None)), mail(team("创新班", company=ONE)))

    assert items(case) == [("创新班", ONE)]


@pytest.mark.parametrize("corrected", ["湘江重工装备公司", "湘江机床有限公司"])
def test_a_corrected_company_is_the_same_item(corrected: str) -> None:
    """All other values agree, so the form is the old one."""
    case = dossier(bundles(), mail(team(company=ONE)), mail(team(company=corrected)))

    assert items(case) == [("冲压一班", corrected)]


def test_a_namesake_in_another_company_sent_later_is_a_further_item() -> None:
    """Its values differ and its text speaks of something else."""
    other = {"postcode": "415000", "phone": "0736-8000000", "mobile": "13900000002",
             "member_count": 7, "rate": 91, "team_intro": "1、供电值守九人，全年无故障。"}  # fmt: skip
    case = dossier(bundles(), mail(team(company=ONE)), mail(team(company=TWO, **other)))

    assert items(case) == [("冲压一班", ONE), ("冲压一班", TWO)]


def test_a_rename_is_looked_for_in_the_same_company_only() -> None:
    """The same values under another name and company are another item."""
    first = mail(team("冲压一班", company=ONE), team("焊接班", company=TWO))
    case = dossier(bundles(), first, mail(team("冲压甲班", company=ONE)))

    assert items(case) == [("冲压甲班", ONE), ("焊接班", TWO)]


def test_a_text_belongs_to_the_item_of_the_company_it_names() -> None:
    """Of two teams of one name."""
    demand = [{"kind": "team_text", "of": "item", "categories": ["team"]}]
    rules = bundles(document=demand)
    forms = (team("创新班", company=ONE), team("创新班", company=TWO))
    paper = document("材料.docx", text("team_text"), text=f"{TWO}创新班成员组成……")
    unclear = document("材料.docx", text("team_text"), text="创新班成员组成……")
    alone = document("材料.docx", text("team_text"), text=f"{TWO}班组成员组成……")

    def filed(*documents: Any) -> list[int | None]:
        case = dossier(rules, mail(*forms, *documents))
        return [entry.item for entry in case.papers if entry.kind == "team_text"]

    assert filed(paper) == [1]
    assert filed(unclear) == [None]
    assert filed(alone) == [1]


def test_rows_are_told_by_name_and_company() -> None:
    """A row of the same name in a third company has no form."""
    forms = (team("创新班", company=ONE), team("创新班", company=TWO))
    listed = [{"name": "创新班", "company": one} for one in (TWO, ONE, THREE)]
    missing = only(verdict(bundles(ROWS), mail(*forms, rollup(*listed))))

    assert missing.code == "rollup.form_missing"
    assert codes(verdict(bundles(ROWS), mail(*forms, rollup(*listed[:2])))) == []


def test_the_only_row_of_a_name_is_the_items_whatever_its_company() -> None:
    """The company is compared by another rule."""
    same = {
        "check": "same",
        "name": "企业名称",
        "places": [
            {"kind": "team_form", "field": "company"},
            {"kind": "rollup", "table": "results", "field": "company"},
        ],
    }
    given = verdict(
        bundles(ROWS, same), mail(team(company=ONE), rollup({"name": "冲压一班", "company": TWO}))
    )

    assert codes(given) == ["name.mismatch"]


@pytest.mark.parametrize(
    ("written", "found"),
    [
        (f"{ONE}冲压一班", []),
        ("冲压一班", ["name.mismatch"]),
        ("湘江重工装备公司冲压一班", ["name.mismatch"]),
        (f"{TWO}冲压一班", ["rollup.not_nominated"]),
        (f"{ONE}冲压二班", ["rollup.not_nominated"]),
    ],
)
def test_presenters_stand_with_their_company_in_front(written: str, found: list[str]) -> None:
    """Among the nominees, and with the full name."""
    presenters = table("presenters", {"name": written})
    lists = rollup({"name": "冲压一班", "company": ONE}, tables=[presenters])
    given = verdict(bundles(ROWS, NOMINATED, FRONT), mail(team(company=ONE), lists))

    assert codes(given) == found


REGIONS = {"aliases": {"省煤炭厅": "煤炭"}, "endings": ["市", "质协"]}
QUOTA = {
    "id": "teams",
    "category": "team",
    "table": "quota.csv",
    "special": [{"text": "*", "meaning": "staff"}],
}
TABLE = ({"region": "星城", "quota": "2"}, {"region": "煤炭", "quota": "*"})


def quoted(**more: Any) -> Campaign:
    """With a table of two regions."""
    made = bundles(quota=[QUOTA], regions=REGIONS, **more)
    return made.model_copy(update={"tables": {"quota.csv": TABLE}})


def test_the_list_says_whose_mail_it_is() -> None:
    """Whatever single forms name; a unit by its name in the tables."""
    rules = quoted()
    lists = rollup({"name": "冲压一班", "company": ONE, "region": "星城市质协"})
    files = (
        document("a.docx", team(company=ONE, region="煤炭")),
        document("b.docx", team("焊接班", company=TWO, region="星城")),
        document("c.docx", lists),
    )
    parts = split_units(rules, rules.tier(None), files)
    alone = split_units(rules, rules.tier(None), files[:2])

    assert [(part.unit, len(part.documents)) for part in parts] == [("星城", 3)]
    assert [part.unit for part in alone] == ["煤炭", "星城"]


@pytest.mark.parametrize("written", ["星城", "星城市", "星城市质协", None])
def test_an_item_counts_for_the_unit_that_recommends_it(written: str | None) -> None:
    """However its own form names the unit."""
    forms = [team(f"{n}班", company=ONE, region=written) for n in "甲乙丙"]
    rules = quoted(document=[])
    full = verdict(rules, mail(*forms), unit="星城")

    assert {entry.item.region for entry in full.items} == {"星城"}
    assert [entry.code for entry in findings(full) if entry.code.startswith("quota")] == [
        "quota.exceeded"
    ] * 3
    fits = verdict(rules, mail(*forms[:2]), unit="星城")
    assert not [entry for entry in findings(fits) if entry.code.startswith("quota")]


def test_a_unit_known_by_its_mail_address_only_has_no_region() -> None:
    """Staff are not told of an address as if it were a region."""
    given = verdict(quoted(), mail(team(company=ONE, region=None)), unit="a@b.example")
    message = next(f.message for f in findings(given) if f.code == "quota.unknown_region")

    assert "a@b.example" not in message
    assert message.startswith("未读到")


def test_presenters_without_a_stated_number_are_for_staff_and_hold_up_nobody() -> None:
    """Who presents has no bearing on what is accepted."""
    part = {**QUOTA, "id": "presenters", "part": "presenters"}
    made = bundles({**ROWS}, NOMINATED, quota=[part], regions=REGIONS)
    rules = made.model_copy(update={"tables": {"quota.csv": TABLE}})
    lists = rollup(
        {"name": "冲压一班", "company": ONE},
        tables=[table("presenters", {"name": f"{ONE}冲压一班"})],
    )
    found = only(verdict(rules, mail(team(company=ONE), lists), unit="省煤炭厅"))

    assert (found.code, found.severity.value) == ("quota.unknown_region", "warn")


def test_a_form_that_left_the_award_open_becomes_the_item_of_the_right_category() -> None:
    """The corrected form is no second item."""
    shared = [
        {
            "id": name,
            "name": name,
            "form": "story_form",
            "name_field": "story_title",
            "marked_by": "award",
            "marked_as": award,
        }
        for name, award in (("leader", "金奖"), ("promoter", "银奖"))
    ]
    rules = bundles(category=shared, document=[])
    title = {"story_title": "周志远", "company": ONE}
    case = dossier(
        rules,
        mail(form("story_form", title)),
        mail(form("story_form", {**title, "award": ["银奖"]})),
    )
    both = dossier(
        rules,
        mail(form("story_form", {**title, "award": ["金奖"]})),
        mail(form("story_form", {**title, "award": ["银奖"]})),
    )

    assert [(item.category, item.name) for item in case.items] == [("promoter", "周志远")]
    assert [item.category for item in both.items] == ["leader", "promoter"]


REVIEWED = {**ROWS, "table": "presenters"}


def reviewed(*names: str) -> Any:
    """A list in which one cell holds the company and the team."""
    return rollup(tables=[table("presenters", *({"name": name} for name in names))])


@pytest.mark.parametrize(
    ("cell", "rows", "names"),
    [
        (f"{ONE}/冲压一班", [], []),
        (f"{ONE}／冲压一班", [], []),
        (f"{ONE} 冲压一班", [], []),
        ("冲压一班", [], []),
        ("湘江重工设备有限公司/冲压一班", [], ["name.mismatch"]),
        (f"{ONE}/冲压1班", ["name.mismatch"], []),
        (f"{TWO}/冲压一班", ["rollup.row_missing", "rollup.form_missing"], []),
    ],
)
def test_company_and_team_in_one_cell(cell: str, rows: list[str], names: list[str]) -> None:
    """The team's name is the row's, the company before it is compared by itself."""
    places = [
        {"kind": "team_form", "field": "company"},
        {"kind": "rollup", "table": "presenters", "field": "name", "front": True},
    ]
    same = {"check": "same", "name": "企业名称", "places": places}
    lists = mail(team(company=ONE), reviewed(cell))

    assert sorted(codes(verdict(bundles(REVIEWED), lists))) == sorted(rows)
    assert codes(verdict(bundles(REVIEWED, same), lists)).count("name.mismatch") == len(names) + (
        "name.mismatch" in rows
    )


def test_a_company_whose_name_is_part_of_anothers() -> None:
    """The very name goes before a near one."""
    forms = [team(company="博爱医院"), team(company="淮南博爱医院")]
    given = verdict(
        bundles(REVIEWED), mail(*forms, reviewed("博爱医院/冲压一班", "淮南博爱医院/冲压一班"))
    )

    assert codes(given) == []


def test_a_text_too_long_in_a_row_is_its_items_own() -> None:
    """The others are accepted."""
    rule = {
        "check": "length",
        "kind": "rollup",
        "table": "results",
        "field": "postcode",
        "maximum": 5,
    }
    rows = [
        {"name": "冲压一班", "company": ONE, "postcode": "四一零零零零"},
        {"name": "冲压一班", "company": TWO, "postcode": "四一零零零"},
    ]
    given = verdict(bundles(ROWS, rule), mail(team(company=ONE), team(company=TWO), rollup(*rows)))

    assert [f.item for f in findings(given) if f.code == "text.too_long"] == [0]


def _listed(*presenters: str) -> Any:
    tables = [table("presenters", *({"name": name} for name in presenters))] if presenters else []
    return rollup({"name": "冲压一班", "company": ONE}, tables=tables)


def test_papers_of_presenters_are_looked_for_only_where_somebody_presents() -> None:
    """A demand limited to the items of a list."""
    demand = {
        "kind": "team_text",
        "of": "item",
        "categories": ["team"],
        "channel": "post",
        "listed_in": [{"kind": "rollup", "table": "presenters", "field": "name"}],
    }
    rules = bundles(ROWS, NOMINATED, document=[demand])

    assert codes(verdict(rules, mail(team(company=ONE), _listed()))) == []
    given = verdict(rules, mail(team(company=ONE), _listed(f"{ONE}冲压一班")))
    assert codes(given) == ["human.paper"]


def test_those_in_a_list_are_reminded() -> None:
    """Once it has rows."""
    rule = {
        "check": "remind",
        "severity": "info",
        "rollup": "rollup",
        "tables": ["presenters"],
        "text": "请备18份。",
    }
    rules = bundles(ROWS, NOMINATED, rule)

    assert codes(verdict(rules, mail(team(company=ONE), _listed()))) == []
    found = only(verdict(rules, mail(team(company=ONE), _listed(f"{ONE}冲压一班"))))
    assert (found.code, found.message) == ("notice.reminder", "请备18份。")
    assert found.categories == ("team",)


@pytest.mark.parametrize(("name", "count"), [("周志远", 1), ("周志达", 0)])
def test_a_name_in_two_lists_is_told_once(name: str, count: int) -> None:
    """With both places."""
    places = [{"kind": "rollup", "table": t, "field": "name"} for t in ("results", "presenters")]
    rule = {"check": "once", "severity": "warn", "places": places}
    lists = rollup({"name": "周志远"}, tables=[table("presenters", {"name": name})])
    given = verdict(bundles(rule, document=[]), mail(team(company=ONE), lists))

    assert codes(given) == ["rollup.repeated"] * count


@pytest.mark.parametrize(
    ("written", "count"), [("星城市", 0), ("", 0), ("无名县", 0), ("煤炭", 1), ("省煤炭厅", 1)]
)
def test_the_unit_on_a_form_is_the_one_that_submits(written: str, count: int) -> None:
    """Another region of the tables is asked about; what is no region is not."""
    rule = {"check": "region", "places": [{"kind": "team_form", "field": "region"}]}
    made = bundles(rule, quota=[QUOTA], regions=REGIONS, document=[])
    rules = made.model_copy(update={"tables": {"quota.csv": TABLE}})
    given = verdict(rules, mail(team(company=ONE, region=written)), unit="星城")

    assert codes(given) == ["name.mismatch"] * count


def test_a_gap_in_a_row_holds_up_the_rows_item_only() -> None:
    """In a bundle; nobody else waits for it."""
    rules = bundles(ROWS, {"check": "fields", "kinds": ["rollup"]}, document=[])
    forms = (team("甲班", company=ONE), team("乙班", company=TWO))
    lists = rollup(
        {"name": "甲班", "company": ONE, "postcode": "41"}, {"name": "乙班", "company": TWO}
    )
    (first, second) = lists.tables[0].rows
    unread = [replace(cell, value=None) if cell.key == "postcode" else cell for cell in first.cells]
    spoilt = replace(lists.tables[0], rows=(replace(first, cells=tuple(unread)), second))
    lists = replace(lists, tables=(spoilt,))
    given = verdict(rules, mail(*forms, lists))

    assert [[entry.code for entry in item.findings] for item in given.items] == [
        ["field.invalid"],
        [],
    ]


def test_a_misspelt_row_is_compared_as_the_items_all_the_same() -> None:
    """So that everything about it is told at once."""
    same = {
        "check": "same",
        "name": "企业名称",
        "places": [
            {"kind": "team_form", "field": "company"},
            {"kind": "rollup", "table": "results", "field": "company"},
        ],
    }
    rules = bundles(ROWS, same, document=[])
    lists = rollup({"name": "冲压乙班", "company": "湘江重工设备有限公司"})
    given = verdict(rules, mail(team(company=ONE), lists))

    assert sorted(entry.field for entry in findings(given)) == ["company", "name"]


def test_a_form_without_award_is_asked_for_that_alone() -> None:
    """Not for its row in this list and its form for that row, too."""
    shared = [
        {"id": name, "name": name, "form": "story_form", "name_field": "story_title",
         "marked_by": "award", "marked_as": award}
        for name, award in (("leader", "金奖"), ("promoter", "银奖"))
    ]  # fmt: skip
    rows = [
        {"check": "rows", "rollup": "rollup", "table": t, "column": "name", "categories": [c]}
        for t, c in (("results", "leader"), ("presenters", "promoter"))
    ]
    award = {"check": "award", "kind": "story_form", "field": "award"}
    required = {"check": "fields", "kinds": ["story_form"]}
    rules = bundles(award, required, *rows, category=shared, document=[])
    title = {"story_title": "周志远", "company": ONE, "topics": ["品牌战略"]}
    lists = rollup(tables=[table("presenters", {"name": "周志远"})])

    assert codes(verdict(rules, mail(form("story_form", title), lists))) == ["form.award_unclear"]


def test_what_lacks_in_two_lists_is_told_once() -> None:
    """A row without form, and a form without row."""
    given = bundles(ROWS, REVIEWED)
    lists = rollup(
        {"name": "锻造一班", "company": TWO},
        tables=[table("presenters", {"name": f"{TWO}/锻造一班"})],
    )

    assert codes(verdict(given, mail(team(company=ONE), lists))) == [
        "rollup.form_missing",
        "rollup.row_missing",
    ]


def test_units_that_share_a_row_of_the_tables_stay_apart() -> None:
    """Each is a unit of its own; a city's bureaus are one."""
    regions = {
        "aliases": {"省总工会": "其他", "团省委": "其他"},
        "shared": ["其他"],
        "endings": ["局"],
    }
    made = bundles(quota=[QUOTA], regions=regions)
    rules = made.model_copy(
        update={"tables": {"quota.csv": ({"region": "其他"}, {"region": "星城"})}}
    )

    assert [rules.unit(name) for name in ("省总工会", "团省委", "星城局", "月城局")] == [
        "省总工会",
        "团省委",
        "星城",
        "月城局",
    ]
    assert rules.region("团省委") == "其他"
