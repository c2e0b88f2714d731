"""A sixth notice from data alone: its papers filled by hand, its mails through the whole pipeline."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from corpus.drawing import word
from desk import SETTINGS, Desk, asked, decisions, findings
from papers import workbook
from scenarios.stage import Stage
from sixth import papers as p

from mailbot.catalogue import read_campaign, spec_sets
from parsers.forms.reader import FormReader

CAMPAIGN = read_campaign(Path(__file__).parent / "sixth" / "jianghai-2027")
KNOWN = {CAMPAIGN.id: CAMPAIGN}
READER = FormReader(spec_sets(KNOWN))
POST, MEETING = (box.address for box in CAMPAIGN.mailboxes)
COMPANY = "望潮锦澜纺织有限公司"
ASSOCIATION = "望潮市纺织行业协会"


@pytest.fixture
def stage() -> Stage:
    """An office that knows the sixth campaign and no other."""
    settings = replace(
        SETTINGS, from_address=POST, own_addresses=frozenset({POST, MEETING}), account=POST
    )
    return Stage(POST, desk=Desk(campaigns=KNOWN, reader=READER, settings=settings))


def at(month: int, day: int, hour: int = 9) -> datetime:
    return datetime(2027, month, day, hour, tzinfo=ZoneInfo("Asia/Shanghai"))


def bundle(*groups: str) -> dict[str, bytes]:
    """Groups and a team of two companies, recommended by the association of their city."""
    made: dict[str, bytes] = {}
    rows = []
    for number, name in enumerate(groups):
        company = COMPANY if number % 2 else "望潮海纱集团有限公司"
        form = {**p.QC, "group_name": name, "company": company, "recommender": ASSOCIATION}
        made[f"{name}/登记卡.docx"] = word([p.qc(form)])
        made[f"{name}/{name}成果报告.docx"] = word([p.report(f"{name}成果报告")])
        rows.append(("QC小组", name, company, "沈玉兰", "13900000031"))
    made["班组/情况表.docx"] = word([p.team(p.TEAM)])
    rows.append(("班组", str(p.TEAM["team_name"]), COMPANY, "沈玉兰", "13900000031"))
    made["汇总表.xlsx"] = workbook(Sheet1=[p.rollup(ASSOCIATION, rows)])
    made["统计表.docx"] = word([p.stats({**p.STATS, "recommender": ASSOCIATION})])
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in made.items():
            archive.writestr(name, content)
    return {f"{ASSOCIATION}推荐材料.zip": buffer.getvalue()}


def test_a_company_applies_for_a_team_and_a_case(stage: Stage) -> None:
    """Every form is read; the fee is the team's, and the case costs nothing."""
    outcome = stage.mail(p.files(team_=p.TEAM, case_=p.CASE), at(6, 10))
    text = outcome.reply.text if outcome.reply else ""

    assert set(decisions(outcome).values()) == {"accepted"}
    assert asked(outcome) == []
    assert all(words in text for words in ("JH2027-0001", "不收费", "应缴合计：600 元"))


def test_a_member_outside_the_table_is_for_a_person(stage: Stage) -> None:
    """A company that is no city: staff say whose places it takes."""
    form = {**p.QC, "recommender": COMPANY}
    outcome = stage.mail(p.files(qc_=form), at(6, 10))

    assert decisions(outcome) == {"银梭QC小组": "review"}
    assert "quota.unknown_region" in {finding.code for finding in findings(outcome)}


def test_an_association_sends_for_its_companies(stage: Stage) -> None:
    """One dossier and one reply, though the team's form has no place for the association."""
    outcome = stage.mail(bundle("银梭QC小组", "金梭QC小组"), at(6, 10))

    assert len(outcome.dossiers) == 1
    assert decisions(outcome) == {
        "银梭QC小组": "accepted", "金梭QC小组": "accepted", "细纱三班": "accepted"
    }  # fmt: skip


def test_what_does_not_fit_waits_together(stage: Stage) -> None:
    """Five groups for four places: the list is kept, nobody is picked by the program."""
    outcome = stage.mail(
        bundle(*(f"{name}QC小组" for name in ("银梭", "金梭", "飞梭", "云锦", "彩虹"))), at(6, 10)
    )
    found = decisions(outcome)

    assert found.pop("细纱三班") == "accepted"
    assert set(found.values()) == {"waitlisted"}


def test_all_faults_are_told_at_once(stage: Stage) -> None:
    """Boxes, numbers, 字数, points of a text, a misspelt row, arithmetic; an accident is for staff."""
    team = {
        **p.TEAM, "enterprise_type": "□国有 □民营 □外资 □其他", "mobile": "1390000003",
        "quality_accidents": "1", "team_intro": "班组" * 251,
    }  # fmt: skip
    files = p.files(team_=team, case_=p.CASE, stats_={"participants_qc": "2000"})
    files["案例正文.docx"] = word([p.case_text(p.CASE_POINTS[:3])])
    outcome = stage.mail(files, at(6, 11))

    assert asked(outcome) == [
        ("field.choice", "enterprise_type"),
        ("field.invalid", "mobile"),
        ("statistics.implausible", "participants_qc"),
        ("text.outline", "case_text"),
        ("text.too_long", "team_intro"),
    ]
    assert "eligibility.accident" in {finding.code for finding in findings(outcome)}


@pytest.mark.parametrize(("hour", "day", "decision"), [(23, 18, "accepted"), (0, 19, "declined")])
def test_the_last_day_counts_and_the_next_does_not(
    stage: Stage, hour: int, day: int, decision: str
) -> None:
    """“6月18日前” as the data have it, with the notice's own consequence."""
    outcome = stage.mail(p.files(case_=p.CASE), at(6, day, hour))

    assert set(decisions(outcome).values()) == {decision}


def test_the_participants_have_a_mailbox_and_a_day_of_their_own(stage: Stage) -> None:
    """Late by the forms' deadline and in time by its own; nothing of the application changes."""
    stage.mail(p.files(case_=p.CASE), at(6, 10))
    people = [("沈玉兰", "主任", "13900000031", "是")]
    files = {"参会回执.docx": word([p.receipt(COMPANY, people)])}
    in_time = stage.mail(files, at(7, 9, 23), to=MEETING, subject="参会回执")

    assert set(decisions(in_time).values()) == {"accepted"}
    assert not {"deadline.passed", "mailbox.wrong"} & {f.code for f in findings(in_time)}


@pytest.mark.parametrize(("times", "found"), [(6, True), (14, False), (25, True)])
def test_about_so_many_is_a_fifth_more_or_less(stage: Stage, times: int, found: bool) -> None:
    """1500 字左右: told to staff only."""
    files = p.files(case_=p.CASE)
    files["案例正文.docx"] = word([p.case_text(times=times)])
    outcome = stage.mail(files, at(6, 10))
    codes = {finding.code for finding in findings(outcome)}

    assert bool(codes & {"text.too_short", "text.too_long"}) is found
    assert set(decisions(outcome).values()) == {"accepted"}
