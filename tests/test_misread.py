"""Names that may be one name misread, and names that never are."""

from __future__ import annotations

import pytest

from rules.gathering.misread import is_misread


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("冲压一班", "冲压—班"),
        ("冲压一班", "冲压一班"),
        ("O号机组", "0号机组"),
        ("湘江装配班组", "相江装配班组"),
        ("已知班组", "己知班组"),
    ],
)
def test_names_that_look_alike_are_one(one: str, other: str) -> None:
    """Both ways round."""
    assert is_misread(one, other)
    assert is_misread(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("冲压一班", "冲压二班"),
        ("冲压甲班", "冲压乙班"),
        ("东风小组", "西风小组"),
        ("A线班组", "B线班组"),
        ("焊一班", "悍一班"),
        ("冲压一班", "冲压一班组"),
        ("湘江装配班", "相江装酉班"),
        ("", ""),
        ("冲压一班", ""),
    ],
)
def test_names_that_differ_in_substance_are_two(one: str, other: str) -> None:
    """Numbers, letters, directions; short names; more than one character."""
    assert not is_misread(one, other)
