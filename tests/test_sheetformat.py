"""Stored values as they are shown."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.sheets.formats import Stored, render, telling


@pytest.mark.parametrize(
    ("code", "reduced"),
    [
        ("0%", "%"), ("0.00%", "%"), ("#,##0.0%;[Red]-0.0%", "%"), ("000000", "000000"),
        ('0"%"', ""), ("0.0", ""), ("General", ""), ("0", ""), ("@", ""), ("yyyy-mm-dd", ""),
        ('00000;"x%"', "00000"), ("[$-804]000000", "000000"), (r"0\%", ""), ("", ""),
    ],
)  # fmt: skip
def test_only_formats_that_change_the_meaning_are_kept(code: str, reduced: str) -> None:
    """Percent and leading zeros; not what is quoted, not what is only looks."""
    assert telling(code) == reduced


@pytest.mark.parametrize(
    ("value", "code", "text"),
    [
        (12.0, "", "12"),
        (98.5, "", "98.5"),
        (0.1 + 0.2, "", "0.3"),
        (13900000001.0, "", "13900000001"),
        (1e20, "", "100000000000000000000"),
        (0.00001, "", "0.00001"),
        (-0.0, "", "0"),
        (0.985, "%", "98.5%"),
        (0.07, "%", "7%"),
        (1.0, "%", "100%"),
        (30002.0, "000000", "030002"),
        (410000.0, "000000", "410000"),
        (True, "", "TRUE"),
        (False, "", "FALSE"),
        ("030002", "%", "030002"),
        (dt.date(2026, 7, 1), "", "2026-07-01"),
        (dt.datetime(2026, 7, 1), "", "2026-07-01"),  # noqa: DTZ001 - a sheet has no zone
        (dt.datetime(2026, 7, 1, 9, 30), "", "2026-07-01 09:30"),  # noqa: DTZ001
        (dt.datetime(2026, 7, 1, 9, 30, 5), "", "2026-07-01 09:30:05"),  # noqa: DTZ001
        (dt.time(9, 30), "", "09:30"),
        (dt.timedelta(hours=30), "", "30:00:00"),
    ],
)
def test_values_as_a_person_sees_them(value: Stored, code: str, text: str) -> None:
    """No exponent, no .0, percent as percent, dates as ISO."""
    assert render(value, code) == text


@given(st.integers(-(10**14), 10**14))
def test_whole_numbers_come_back_whole(number: int) -> None:
    """Whatever the program stores as a float."""
    assert render(float(number)) == str(number)


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e12, max_value=1e12))
def test_numbers_are_never_shown_with_an_exponent(number: float) -> None:
    """And mean what they meant, to the digits the program keeps."""
    text = render(number)
    assert "e" not in text.lower()
    assert float(text) == pytest.approx(number, rel=1e-14)
