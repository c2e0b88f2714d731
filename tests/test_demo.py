"""The demonstration: a dozen mails for any campaign, each showing what its story says."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from command import Program
from desk import READER, SETTINGS, Desk, findings

from mailbot.catalogue import read_campaign, shipped_campaigns, spec_sets
from mailbot.demo.facsimile import facsimile
from mailbot.demo.scenarios import scenarios
from mailbot.outcome import Outcome
from parsers.documents import read_document
from parsers.forms.reader import FormReader
from rules.notice.campaign import Campaign

SIXTH = Path(__file__).parent / "sixth"
OWN = SIXTH / "jianghai-2027"
CAMPAIGNS = {
    **shipped_campaigns(),
    **{name: read_campaign(SIXTH / name) for name in ("jianghai-2027", "lingxi-2023")},
}
TIERS = [(entry.id, tier.id) for entry in CAMPAIGNS.values() for tier in entry.tiers]


@cache
def played(campaign_id: str, tier: str) -> dict[str, Outcome]:
    """What became of each mail, by its story."""
    campaign = CAMPAIGNS[campaign_id]
    desk = _desk(campaign)
    return {entry.story: desk.take(entry.raw, entry.arrived) for entry in scenarios(campaign, tier)}


@pytest.fixture
def mailbot(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Program:
    """The program, called in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return Program(capsys)


def _desk(campaign: Campaign) -> Desk:
    known = {campaign.id: campaign}
    addresses = frozenset(box.address for box in campaign.mailboxes)
    box = campaign.mailboxes[0].address
    settings = replace(SETTINGS, from_address=box, own_addresses=addresses, account=box)
    return Desk(campaigns=known, reader=FormReader(spec_sets(known)), settings=settings)


def decided(outcome: Outcome) -> str:
    return outcome.decision.value if outcome.decision else outcome.disposition


def codes(outcome: Outcome) -> set[str]:
    return {finding.code for finding in findings(outcome)}


@pytest.mark.parametrize(("campaign", "tier"), TIERS)
def test_a_complete_application_is_accepted(campaign: str, tier: str) -> None:
    """Whatever forms, rules, quotas and units the campaign has; so is the corrected one."""
    outcomes = played(campaign, tier)

    assert decided(outcomes["材料齐全"]) == "accepted"
    assert decided(outcomes["对上一封的补正，只寄改正的文件"]) == "accepted"


@pytest.mark.parametrize(("campaign", "tier"), TIERS)
def test_what_goes_wrong_is_what_the_story_says(campaign: str, tier: str) -> None:
    """Gaps, last year's form, a damaged file, a scan."""
    outcomes = played(campaign, tier)
    faulty = next(o for story, o in outcomes.items() if story.startswith("一次有多处差错"))

    assert decided(faulty) == "supplement"
    assert len([f for f in findings(faulty) if f.severity.value == "ask"]) > 1
    assert "form.wrong_campaign" in codes(outcomes["误用了往年的表样"])
    assert "document.unreadable" in codes(outcomes["其中一个文件已损坏"])
    assert codes(outcomes["其中一份只有扫描件"]) & {
        "document.not_editable", "document.unreadable", "document.partial"
    }  # fmt: skip


@pytest.mark.parametrize(("campaign", "tier"), TIERS)
def test_time_is_shown_on_both_sides_of_the_deadline(campaign: str, tier: str) -> None:
    """Late as the notice has it: declined, or for a person."""
    outcomes = played(campaign, tier)
    late = CAMPAIGNS[campaign].tier(tier).deadline().late.value

    assert "deadline.last_day" in codes(outcomes["截止日当天晚上到达"])
    assert decided(outcomes["截止后到达"]) == {"reject": "declined", "human": "review"}[late]


@pytest.mark.parametrize(("campaign", "tier"), TIERS)
def test_a_duplicate_and_letters_without_papers_are_shown(campaign: str, tier: str) -> None:
    """Neither is filed."""
    outcomes = played(campaign, tier)

    assert outcomes["同一封来信被重复投递"].repeated
    assert decided(outcomes["来信咨询，没有材料"]) == "inquiry"
    assert decided(outcomes["对方邮箱的自动回复"]) == "automatic"


@pytest.mark.parametrize(
    ("campaign", "tier"),
    [(c, t) for c, t in TIERS if CAMPAIGNS[c].tier(t).applicant != "company"],
)
def test_a_unit_sends_a_bundle_where_units_recommend(campaign: str, tier: str) -> None:
    """Three companies' items in one archive become one dossier and one reply."""
    outcome = played(campaign, tier)["推荐单位把三家企业的材料打成一包"]
    (entry,) = outcome.dossiers

    assert decided(outcome) == "accepted"
    assert len({entry.verdict.items[i].item.company for i in range(3)}) == 3
    assert outcome.reply


def test_a_scan_is_a_picture_without_letters() -> None:
    """What is read in it is that it is a scan."""
    document = read_document("扫描件.pdf", facsimile(), READER)

    assert document.format == "pdf"
    assert "document.unreadable" not in {problem.code for problem in document.problems}
    assert not document.text.strip()


def test_a_campaign_of_one_s_own_is_demonstrated_from_its_folder(
    mailbot: Program, tmp_path: Path
) -> None:
    """Its data go along, so that the other commands know it."""
    done = mailbot("demo", "--campaign", OWN, "--dir", tmp_path / "show")
    listed = mailbot("--config", tmp_path / "show" / "config.toml", "list", "--json").json

    assert done.code == 0, done.err
    assert {item["campaign"] for item in listed} == {"jianghai-2027"}
