"""Which region is meant by what somebody wrote."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.notice.regions import Regions, find_region

KNOWN = ("星城", "星城高新", "煤炭", "其他")
REGIONS = Regions(
    aliases={"省国防科工办": "工办", "星煤集团": "煤炭"},
    openings=("某省", "全省"),
    endings=("市", "质量协会", "质协", "工业", "行业", "高新"),
)


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("星城", "星城"),
        (" 星 城 ", "星城"),
        ("星城市", "星城"),
        ("星城市质协", "星城"),
        ("某省星城市质量协会", "星城"),
        ("煤炭工业行业质协", "煤炭"),
        ("星煤集团质协", "煤炭"),
        ("省国防科工办", "工办"),
        ("星城高新", "星城高新"),
        ("星城高新质协", "星城高新"),
        ("星城县", ""),
        ("新星城", ""),
        ("质协", ""),
        ("", ""),
    ],
)
def test_a_region_is_found_by_its_name_an_alias_or_without_the_usual_words(
    written: str, found: str
) -> None:
    """Never by likeness; the form that needs the fewest words taken off counts."""
    assert find_region(written, (*KNOWN, "工办"), REGIONS) == found


@given(st.text(max_size=12), st.lists(st.sampled_from(["市", "质协", "行业"]), max_size=4))
def test_only_known_names_are_ever_found(written: str, endings: list[str]) -> None:
    """Whatever is written; endings behind a known name change nothing."""
    assert find_region(written, KNOWN, REGIONS) in (*KNOWN, "", "工办")
    assert find_region("煤炭" + "".join(endings), KNOWN, REGIONS) == "煤炭"
