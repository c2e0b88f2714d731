"""The shipped shanxi-2018 campaign: its rules, severities and clauses on whole dossiers."""

from __future__ import annotations

import pytest
from desk import findings
from scenarios.shanxi import MAILBOX, at
from scenarios.shanxi import documents as d
from scenarios.stage import Stage

from mailbot.catalogue import shipped_campaigns

SHANXI = shipped_campaigns()["shanxi-2018"]

#: every rule of the fact sheet
RULES = tuple(f"R{number}" for number in range(1, 39))


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_of_the_notice_stands_in_the_data(rule: str) -> None:
    """As a rule, a document, a quota, a deadline, or a note that says what staff do."""
    stated = {entry.rule for tier in SHANXI.tiers for entry in tier.deadlines}
    stated |= {entry.id for entry in SHANXI.rules}
    for entries in (SHANXI.demands, SHANXI.quotas, SHANXI.staff_notes):
        stated |= {entry.rule for entry in entries}

    assert rule in stated


def test_every_rule_has_its_place_in_the_notice() -> None:
    """What says R also says where."""
    bare = [entry.id for entry in SHANXI.rules if entry.id and not entry.clause]

    assert bare == ["R34"]  # the notice says nothing of sending again


@pytest.mark.parametrize(
    ("written", "region"),
    [
        ("太原", "太原"),
        ("太原市", "太原"),
        ("太原市质协", "太原"),
        ("大同市质量协会", "大同"),
        ("山西省煤炭工业协会", "煤炭"),
        ("煤炭工业质协", "煤炭"),
        ("省国防科工办", "工办"),
        ("太原铁路局", "太铁"),
        ("太原高新区", "太原高新"),
        ("山西省科协", "科协"),
        ("省总工会", "工会"),
        ("建材行业", "建材"),
        ("省电力公司", "电力"),
        ("交通运输厅", "交通"),
        ("黄金行业", ""),
        ("晋阳重型轧机有限公司", ""),
    ],
)
def test_r36_the_ways_to_write_a_city_or_industry(written: str, region: str) -> None:
    """As the table writes it, by an alias, or without the usual words."""
    assert SHANXI.region(written) == region


def _bundle(**unit: object) -> d.Files:
    lists = {"groups": [d.group_row()], "teams": [d.team_row()], **unit}
    return {**d.group_files(), **d.team_files(), **d.unit_files(**lists)}  # type: ignore[arg-type]


def told(files: d.Files, rule: str) -> set[tuple[str, str]]:
    """Code and severity of what one rule says of a bundle."""
    outcome = Stage(mailbox=MAILBOX).mail(files, at(5))
    return {(f.code, f.severity.value) for f in findings(outcome) if f.rule == rule}


def _individuals(*names: str) -> d.Files:
    people = [{**d.INDIVIDUAL, "name": name} for name in names]
    files: d.Files = {}
    for person in people:
        files |= d.individual_files(person)
    rows = [d.individual_row(person) for person in people]
    return {**files, **d.unit_files(individuals=rows, recommended="0")}


SUPERIOR = "晋阳装备集团有限公司晋阳重型轧机有限公司"
BOTH = {"leaders": [d.person_row()], "promoters": [d.person_row()]}


@pytest.mark.parametrize(
    ("rule", "wrong", "right", "code", "severity"),
    [
        ("R13", _individuals("米小芳", "史玉兰"), _individuals("米小芳"), "quota.exceeded", "ask"),
        ("R19", _bundle(totals={"groups": "7"}), _bundle(totals={"groups": "5"}),
         "rollup.total", "warn"),
        ("R25", _bundle(**BOTH), _bundle(leaders=[d.person_row()]), "rollup.repeated", "warn"),
        ("R26", _bundle(recommended="2"), _bundle(recommended="1"),
         "statistics.implausible", "warn"),
        ("R29", _bundle() | {"北辰QC小组申报表.docx": d.group_form(d.group(company=SUPERIOR))},
         _bundle(), "name.superior", "warn"),
        ("R30", _bundle(reviewers=[{**d.REVIEWERS[0], "certificate_no": ""}]), _bundle(),
         "eligibility.certificate", "ask"),
    ],
)  # fmt: skip
def test_a_rule_is_broken_and_kept(
    rule: str, wrong: d.Files, right: d.Files, code: str, severity: str
) -> None:
    """Once violated, once satisfied; R25 here is a person in two lists."""
    assert (code, severity) in told(wrong, rule)
    assert code not in {entry for entry, _ in told(right, rule)}


@pytest.mark.parametrize(("more", "long"), [(0, False), (1, True)])
def test_r8_three_thousand_characters(more: int, long: bool) -> None:
    """以内 includes the number itself; the whole text counts with its title."""
    paper = d.text("QC小组活动年度工作总结", length=3000 - 11 + more)
    said = told(_bundle() | {"QC小组活动年度工作总结.wps": paper}, "R8")

    assert (("text.too_long", "ask") in said) is long


@pytest.mark.parametrize(
    ("total", "year", "implausible"),
    [("0.5", "5000", False), ("0.5", "5001", True), ("20", "800", False), ("21", "800", True)],
)
def test_r27_ten_thousands_beside_ones(total: str, year: str, implausible: bool) -> None:
    """历年 is printed in 万个 and 本年度 in 个: compared as what they mean."""
    figures = d.statistics(registered_total_qc=total, registered_year_qc=year, active_qc="700")
    said = told(_bundle() | {"附件9 活动统计表.docx": figures}, "R27")

    assert (("statistics.implausible", "warn") in said) is implausible
