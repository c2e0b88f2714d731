"""Which campaign, tier and unit a mail belongs to."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from filed import COMPANY, document, form, rollup, story, team

from mailbot.catalogue import shipped_campaigns
from rules.gathering.routing import is_own_name, own_rows, route, same_unit, split_units

HUNAN = shipped_campaigns()["hunan-2026"]
BOTH = {"hunan-2026": HUNAN, "china": shipped_campaigns()["china-machinery-2024"]}
AT = datetime(2026, 7, 10, 9, tzinfo=UTC)


def test_the_mailbox_tells_the_campaign() -> None:
    """Even when the mail brings no form."""
    found = route(BOTH, addresses=["hnjxzlgl@163.com"], documents=(), arrived=AT)
    assert found is not None
    assert (found.campaign, found.mailbox) == ("hunan-2026", "hnjxzlgl@163.com")


def test_a_form_tells_the_campaign_where_no_mailbox_does() -> None:
    """A form sent to another address still finds its campaign."""
    found = route(
        BOTH, addresses=["office@other.example"], documents=[document("a.docx", team())], arrived=AT
    )
    assert found is not None
    assert (found.campaign, found.mailbox) == ("hunan-2026", "")


def test_a_paper_of_two_kinds_votes_for_both_and_is_filed_as_the_campaign_calls_it() -> None:
    """One campaign's roll-up of groups is another's only roll-up."""
    theirs = form("rollup.qc", campaign="china")
    paper = document("a.docx", replace(theirs, others=(rollup("冲压一班"),)))
    found = route(BOTH, addresses=["hnjxzlgl@163.com"], documents=[paper], arrived=AT)
    assert found is not None
    assert found.campaign == "hunan-2026"
    assert [entry.kind for entry in paper.read_by("hunan-2026").forms] == ["rollup"]
    assert [entry.kind for entry in paper.read_by("china").forms] == ["rollup.qc"]
    lone = route(BOTH, addresses=[], documents=[document("b.docx", team()), paper], arrived=AT)
    assert lone is not None
    assert lone.campaign == "hunan-2026"


def test_neither_mailbox_nor_form_is_foreign() -> None:
    """Nothing fits: no campaign."""
    documents = [document("a.docx", form("team_form", campaign=""))]
    assert route(BOTH, addresses=["x@y.example"], documents=documents, arrived=AT) is None


def test_each_tier_has_its_mailbox() -> None:
    """The city's mailbox means the city's tier; the operator's word goes first."""
    henan = {"henan-2020": shipped_campaigns()["henan-2020"]}
    for address, tier in (("gxj6358080@163.com", "city"), ("henanshengzlxh@163.com", "province")):
        found = route(henan, addresses=[address], documents=(), arrived=AT)
        assert found is not None
        assert found.tier == tier
    found = route(henan, addresses=[address], documents=(), arrived=AT, tier="city")
    assert found is not None
    assert found.tier == "city"
    with pytest.raises(KeyError):
        route(henan, addresses=[address], documents=(), arrived=AT, tier="county")


@pytest.mark.parametrize(
    ("name", "found"),
    [
        (COMPANY, COMPANY),
        ("湘江重工装备 有限公司", COMPANY),
        ("湘江重工装备公司", COMPANY),
        ("湘江重工设备制造有限公司", None),
        ("金枫电机制造有限公司", None),
    ],
)
def test_names_within_distance_two_are_one_unit(name: str, found: str | None) -> None:
    """湘江重工装备公司 lacks two characters and is the same; more is another company."""
    assert same_unit(name, [COMPANY]) == found


def test_an_exact_name_goes_before_a_near_one() -> None:
    """Two companies whose names differ in one character stay two."""
    known = ["湘江重工第一有限公司", "湘江重工第二有限公司"]
    assert same_unit("湘江重工第二有限公司", known) == known[1]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("信阳市鼎盛机械有限公司", "信阳市恒源机械有限公司", False),
        ("鼎盛精密机械有限公司", "恒源精密机械有限公司", False),
        ("信阳市鼎盛机械有限公司", "信阳市鼎胜机械有限公司", True),
        ("信阳市鼎盛机械有限公司", "信阴市鼎胜机械有限公司", True),
        ("信阳市鼎盛机械有限公司", "信阳鼎盛机械公司", False),
        ("信阳市鼎盛机械有限公司", "信阳鼎盛机械有限公司", True),
        ("信阳市鼎盛机械有限公司", "信阳市盛鼎机械有限公司", True),
    ],
)
def test_two_characters_that_stand_together_are_another_brand(
    one: str, other: str, *, same: bool
) -> None:
    """鼎盛 and 恒源 of one town and trade are two companies; letters missed here and there not."""
    assert (same_unit(one, [other]) is not None) is same
    assert (same_unit(other, [one]) is not None) is same


def test_three_companies_of_a_county_in_one_mail_are_three_parts() -> None:
    """Though their names differ in their brands alone."""
    names = [f"信阳市{brand}机械有限公司" for brand in ("鼎盛", "恒源", "华泰")]
    documents = [document(f"{name}/表.docx", team(f"{name}一班", company=name)) for name in names]
    parts = split_units(HUNAN, HUNAN.tier(None), documents)
    assert [part.unit for part in parts] == names


def test_two_companies_with_forms_of_their_own_are_two_parts() -> None:
    """Each gets its forms; what names neither goes to both."""
    other = "金枫电机制造有限公司"
    documents = [
        document("a.docx", team("冲压一班")),
        document("b.docx", story("金枫的故事", company=other)),
        document("c.docx", form("summary_both"), text="年度工作总结"),
        document("d.docx", form("stats_both", company=other)),
    ]
    parts = split_units(HUNAN, HUNAN.tier(None), documents)
    assert {part.unit: [d.file for d in part.documents] for part in parts} == {
        COMPANY: ["a.docx", "c.docx"],
        other: ["b.docx", "c.docx", "d.docx"],
    }


def test_another_name_in_the_statistics_is_no_second_unit() -> None:
    """Only a unit with an item form of its own has a dossier."""
    documents = [
        document("a.docx", team()),
        document("b.docx", form("stats_both", company="金枫电机制造有限公司")),
    ]
    assert [p.unit for p in split_units(HUNAN, HUNAN.tier(None), documents)] == [COMPANY]


def test_the_list_names_the_unit_when_no_form_does() -> None:
    """A roll-up alone tells whose it is."""
    documents = [document("a.docx", rollup("冲压一班", "冲压二班"))]
    assert [p.unit for p in split_units(HUNAN, HUNAN.tier(None), documents)] == [COMPANY]


def test_no_name_anywhere_is_one_part_without_unit() -> None:
    """Whose it is must be told otherwise."""
    documents = [document("a.docx", form("summary_both"))]
    assert [p.unit for p in split_units(HUNAN, HUNAN.tier(None), documents)] == [""]


OTHER = "金枫电机制造有限公司"
ASSOCIATION = "星城机械行业协会"


@pytest.mark.parametrize(
    ("forms", "heads", "units"),
    [
        # an association for its companies, for one of them, and with nothing but its lists
        ([COMPANY, OTHER], [ASSOCIATION, ASSOCIATION], [ASSOCIATION]),
        ([COMPANY], [ASSOCIATION], [ASSOCIATION]),
        ([], [ASSOCIATION], [ASSOCIATION]),
        # a company for itself, also where its tables name it shorter
        ([COMPANY], [COMPANY], [COMPANY]),
        ([COMPANY], ["湘江重工装备"], [COMPANY]),
        ([COMPANY], [], [COMPANY]),
        # two companies whose papers travel together
        ([COMPANY, OTHER], [COMPANY, OTHER], [COMPANY, OTHER]),
        ([COMPANY, OTHER], [], [COMPANY, OTHER]),
    ],
)
def test_where_either_may_submit_lists_and_tables_name_the_unit(
    forms: list[str], heads: list[str], units: list[str]
) -> None:
    """A bundle of an association is one part; a company's papers are its own."""
    either = HUNAN.tier(None).model_copy(update={"applicant": "either"})
    documents = [document(f"班组{n}.docx", team(f"{n}班", who)) for n, who in enumerate(forms)]
    documents += [
        document(f"统计表{n}.docx", form("stats_both", company=who)) for n, who in enumerate(heads)
    ]
    assert [part.unit for part in split_units(HUNAN, either, documents)] == units


@pytest.mark.parametrize(
    ("unit", "own"),
    [
        (COMPANY, True),
        ("湘江重工装备公司", True),
        ("湘江重工装备", True),
        ("湘江重工装备集团股份有限公司", True),
        (ASSOCIATION, False),
        ("湘江", False),
        (OTHER, False),
    ],
)
def test_a_unit_that_bears_the_companys_name_is_the_company(unit: str, own: bool) -> None:
    """Endings left out make no difference; a fragment is no name."""
    assert is_own_name(unit, COMPANY) is own


@pytest.mark.parametrize(
    ("head", "companies", "units"),
    [
        (OTHER, [COMPANY], [COMPANY]),  # a wrong name over a table
        ("金枫电机集团有限公司", [COMPANY], ["金枫电机集团有限公司"]),
        (OTHER, [COMPANY, "北山机器有限公司"], [OTHER]),
        (COMPANY, [COMPANY, "北山机器有限公司"], [COMPANY, "北山机器有限公司"]),
    ],
)
def test_a_plain_company_heads_the_papers_of_several_only(
    head: str, companies: list[str], units: list[str]
) -> None:
    """Over those of one other company its name is a mistake; a group may send for one."""
    either = HUNAN.tier(None).model_copy(update={"applicant": "either"})
    documents = [document(f"{name}.docx", team(company=name)) for name in companies]
    documents.append(document("统计表.docx", form("stats_both", company=head)))
    assert [part.unit for part in split_units(HUNAN, either, documents)] == units


def test_the_companies_in_a_list_do_not_head_it() -> None:
    """Only what stands over a list is its sender."""
    either = HUNAN.tier(None).model_copy(update={"applicant": "either"})
    documents = [
        document("a.docx", team(company=COMPANY)),
        document("b.docx", team("二班", company=OTHER)),
        document("汇总表.docx", rollup("冲压一班", company=COMPANY)),
        document("统计表.docx", form("stats_both", company=ASSOCIATION)),
    ]
    assert [part.unit for part in split_units(HUNAN, either, documents)] == [ASSOCIATION]


def test_who_lists_the_items_of_several_companies_in_one_list_sends_for_them() -> None:
    """Else the one list would lack a form for each company's part, and one part its list."""
    either = HUNAN.tier(None).model_copy(update={"applicant": "either"})
    names = {"启航班组": COMPANY, "液压二班": "洞庭液压件制造有限公司"}
    forms = [document(f"{team_name}.docx", team(team_name, of)) for team_name, of in names.items()]
    rows = tuple({"company": of, "group_name": name} for name, of in names.items())
    one_list = document("汇总表.docx", form("rollup", rows=rows))
    apart = [document(f"{n}.docx", form("rollup", rows=(entry,))) for n, entry in enumerate(rows)]

    assert [part.unit for part in split_units(HUNAN, either, [*forms, one_list])] == [COMPANY]
    assert [part.unit for part in split_units(HUNAN, either, [*forms, *apart])] == [*names.values()]


def test_a_list_of_several_companies_goes_to_each_that_stands_in_it() -> None:
    """Each has a form of its own; who stands in no row does not get the list."""
    third = "洞庭液压件制造有限公司"
    rows = tuple(
        {"company": of, "group_name": name} for of, name in ((COMPANY, "甲"), (OTHER, "乙"))
    )
    documents = [
        *(document(f"{of}.docx", team(of[:2], of)) for of in (COMPANY, OTHER, third)),
        document("汇总表.docx", form("rollup", rows=rows)),
    ]
    parts = split_units(HUNAN, HUNAN.tier(None), documents)

    assert {part.unit: [entry.file for entry in part.documents] for part in parts} == {
        COMPANY: [f"{COMPANY}.docx", "汇总表.docx"],
        OTHER: [f"{OTHER}.docx", "汇总表.docx"],
        third: [f"{third}.docx"],
    }
    assert [part.beside for part in parts][:2] == [(OTHER, third), (COMPANY, third)]


def test_the_rows_of_the_other_units_of_a_mail_are_not_ones_own() -> None:
    """Written a little differently they are theirs all the same; unknown companies' rows stay."""
    written = (
        COMPANY,
        OTHER,
        OTHER.replace("有限公司", "有限责公司"),
        "洞庭液压件制造有限公司",
        "",
    )
    listed = form("rollup", rows=tuple({"company": of, "group_name": of} for of in written))
    own = own_rows(HUNAN, listed, COMPANY, [OTHER])

    assert [row.cells[0].value for row in own.tables[0].rows] == [COMPANY, *written[3:]]
    assert own_rows(HUNAN, listed, COMPANY, []) is listed


def test_whoever_heads_another_associations_form_recommends_nobody_here() -> None:
    """On a foreign form the company counts."""
    either = HUNAN.tier(None).model_copy(
        update={"applicant": "either", "unit_fields": ("recommender", "company")}
    )
    foreign = form("team_form", campaign="", company=COMPANY, recommender="别省工业局")
    documents = [
        document("a.docx", foreign),
        document("b.docx", form("stats_both", company=COMPANY)),
    ]
    assert [part.unit for part in split_units(HUNAN, either, documents)] == [COMPANY]
    ours = form("team_form", company=COMPANY, recommender=ASSOCIATION)
    assert [p.unit for p in split_units(HUNAN, either, [document("a.docx", ours)])] == [ASSOCIATION]


def test_a_text_that_names_the_item_belongs_to_the_items_company() -> None:
    """A report names the group that made it rather than the company."""
    documents = [
        document("a.docx", team("冲压一班")),
        document("b.docx", story("金枫的故事", company=OTHER)),
        document("c.docx", form("team_text"), text="冲压一班的创建材料"),
        document("d.docx", form("story_text"), text="一"),
        document("金枫的故事.docx", form("story_text"), text="二"),
    ]
    parts = split_units(HUNAN, HUNAN.tier(None), documents)
    assert {part.unit: [d.file for d in part.documents] for part in parts} == {
        COMPANY: ["a.docx", "c.docx", "d.docx"],
        OTHER: ["b.docx", "d.docx", "金枫的故事.docx"],
    }


def test_the_list_goes_before_what_the_companies_have_written() -> None:
    """An association's companies may add their own statistics."""
    either = HUNAN.tier(None).model_copy(update={"applicant": "either"})
    documents = [
        document("a.docx", team("冲压一班")),
        document("b.docx", team("金枫一班", company=OTHER)),
        document("c.docx", form("rollup", company=ASSOCIATION)),
        document("d.docx", form("stats_both", company=COMPANY)),
        document("e.docx", form("stats_both", company=OTHER)),
    ]
    assert [part.unit for part in split_units(HUNAN, either, documents)] == [ASSOCIATION]
