"""A campaign's files become a campaign, or every mistake in them with file, line and key."""

from __future__ import annotations

from importlib import resources

import pytest

from mailbot.catalogue import shipped_campaigns
from rules.notice.complaints import Complaint, Rejected
from rules.notice.loader import load_campaign

MINIMAL = """\
id = "trial"
name = "试行活动"
title = "试行通知"
issuers = ["某协会"]

[[mailbox]]
address = "box@example.cn"

[[tier]]
[[tier.deadlines]]
last_day = 2026-07-15

[[category]]
id = "team"
name = "班组"
form = "team_form"
name_field = "team_name"

[[form]]
kind = "team_form"
title = "申报表"
fields = [
    { key = "team_name", label = "班组名称" },
    { key = "company", label = "企业名称" },
]
"""


def complaints(source: str, **more: bytes) -> list[Complaint]:
    files = {"campaign.toml": source.encode(), **more}
    with pytest.raises(Rejected) as caught:
        load_campaign(files)
    return list(caught.value.complaints)


def test_the_minimal_campaign_loads() -> None:
    """What stands above is all a campaign needs."""
    campaign = load_campaign({"campaign.toml": MINIMAL.encode()})
    assert campaign.id == "trial"
    assert len(campaign.version) == 12


def test_the_version_follows_the_data() -> None:
    """A changed campaign has another version."""
    first = load_campaign({"campaign.toml": MINIMAL.encode()})
    other = load_campaign({"campaign.toml": MINIMAL.replace("07-15", "07-16").encode()})
    assert first.version != other.version


def test_an_unknown_key_is_named_with_line_and_nearest_key() -> None:
    """A typing error is found and the right word offered."""
    (found,) = complaints(MINIMAL.replace("name_field", "name_feild"))[:1]
    assert (found.file, found.line) == ("campaign.toml", 13)
    told = "\n".join(
        str(entry) for entry in complaints(MINIMAL.replace("name_field", "name_feild"))
    )
    assert "name_feild" in told
    assert "name_field" in told


@pytest.mark.parametrize(
    ("old", "new", "line", "word"),
    [
        ('form = "team_form"', 'form = "taem_form"', 16, "team_form"),
        ('name_field = "team_name"', 'name_field = "team_nam"', 17, "team_name"),
        ("last_day = 2026-07-15", 'last_day = "15. Juli"', 11, "日期"),
        ('id = "team"', 'id = "班组"', 14, "小写半角字母"),
        ('address = "box@example.cn"', 'address = "box"', 7, "box"),
    ],
)
def test_each_mistake_has_its_line(old: str, new: str, line: int, word: str) -> None:
    """Wrong references and wrong values alike."""
    found = complaints(MINIMAL.replace(old, new))
    assert any(entry.line == line and word in str(entry) for entry in found), found


def test_a_rule_that_names_a_missing_field_is_a_mistake() -> None:
    """It would otherwise silently never apply."""
    rule = '\n[[rule]]\ncheck = "accident"\nseverity = "human"\nkind = "team_form"\nfield = "accident"\n'
    (found,) = complaints(MINIMAL + rule)
    assert found.line == MINIMAL.count("\n") + 6
    assert "accident" in found.message


def test_a_rule_about_several_forms_names_fields_of_any_of_them() -> None:
    """One that none of them has is a mistake with the nearest name."""
    rule = (
        '\n[[rule]]\ncheck = "fields"\nseverity = "ask"\nkinds = ["team_form"]\nfields = ["%s"]\n'
    )
    load_campaign({"campaign.toml": (MINIMAL + rule % "team_name").encode()})
    (found,) = complaints(MINIMAL + rule % "team_nam")
    assert "team_name" in found.message


def test_an_unknown_kind_of_rule_is_a_mistake() -> None:
    """The known kinds are listed."""
    rule = '\n[[rule]]\ncheck = "horoscope"\nseverity = "ask"\n'
    assert "accident" in str(complaints(MINIMAL + rule)[0])


def test_the_same_key_in_two_files_is_a_mistake() -> None:
    """Each top-level key stands in one file."""
    (found,) = complaints(MINIMAL, **{"more.toml": b'id = "other"\n'})
    assert (found.file, found.line, found.key) == ("more.toml", 1, "id")


def test_a_quota_table_keeps_the_headers_of_the_notice() -> None:
    """In Chinese, as the worksheet has them; its empty rows at the end are none."""
    quota = (
        '\n[[quota]]\nid = "all"\ncategory = "team"\ntable = "quota.csv"\n'
        'region_column = "地区"\ncolumn = "班组"\n'
    )
    table = "地区,班组\n甲市,4\n乙市,2\n,\n,\n".encode("utf-8-sig")
    made = load_campaign({"campaign.toml": (MINIMAL + quota).encode(), "quota.csv": table})
    rows = made.tables["quota.csv"]
    assert [(row["地区"], row["班组"]) for row in rows] == [("甲市", "4"), ("乙市", "2")]


def test_a_quota_table_must_be_there_with_its_column() -> None:
    """File and column are both checked."""
    quota = '\n[[quota]]\nid = "all"\ncategory = "team"\ntable = "quota.csv"\ncolumn = "places"\n'
    assert "quota.csv" in complaints(MINIMAL + quota)[0].message
    table = "region,team_total\n甲市,3\n".encode()
    (found,) = complaints(MINIMAL + quota, **{"quota.csv": table})
    assert "team_total" in found.message


def test_a_ragged_quota_table_names_its_line() -> None:
    """A row with a cell too few is not read as empty."""
    quota = '\n[[quota]]\nid = "all"\ncategory = "team"\ntable = "quota.csv"\ncolumn = "places"\n'
    (found,) = complaints(MINIMAL + quota, **{"quota.csv": "region,places\n甲市\n".encode()})
    assert (found.file, found.line) == ("quota.csv", 2)


def test_broken_toml_is_one_clear_message() -> None:
    """No traceback of a parser."""
    (found,) = complaints(MINIMAL.replace('id = "trial"', 'id = "trial'))
    assert found.line == 1


def test_what_the_program_fills_in_may_not_be_written() -> None:
    """The version is computed."""
    assert "version" in complaints('version = "1"\n' + MINIMAL)[0].message


def test_every_shipped_campaign_loads() -> None:
    """And its folder's name is its id."""
    for folder in (resources.files("rules") / "campaigns").iterdir():
        files = {entry.name: entry.read_bytes() for entry in folder.iterdir()}
        assert load_campaign(files).id == folder.name


def test_the_newest_campaign_goes_first() -> None:
    """It is the one most likely meant where nothing else decides, and the one demonstrated."""
    years = [max(campaign.years) for campaign in shipped_campaigns().values()]
    assert years == sorted(years, reverse=True)


def test_each_tier_has_its_own_deadline_and_mailbox() -> None:
    """City and province collect for themselves; only the province states what lateness means."""
    campaign = shipped_campaigns()["henan-2020"]
    assert {m.tier for m in campaign.mailboxes} == {"city", "province"}
    assert campaign.tier("city").deadline().late.value == "human"
    assert campaign.tier("province").deadline().late.value == "reject"
