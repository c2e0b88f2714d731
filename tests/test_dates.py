"""Dates in running text."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.values.dates import dates_beside


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2018年3月5日登记", ["2018-03-05"]),
        ("登记于 2018 年 3 月", ["2018-03"]),
        ("登记日期：2018.3.5", ["2018-03-05"]),
        ("2017年登记", ["2017"]),
        ("二〇一八年三月登记", ["2018-03"]),
        ("2016年成立，2018年3月登记，2019年4月结题", ["2018-03"]),
        ("2016年5月登记；2018年3月再次登记", ["2016-05", "2018-03"]),
        ("2018年13月登记", []),
        ("2018年3月" + "字" * 25 + "登记", []),
        ("2018年3月", []),
        ("登记", []),
    ],
)
def test_the_date_nearest_to_a_word(text: str, found: list[str]) -> None:
    """As far as it is written, and not from far away."""
    assert dates_beside(text, ["登记"]) == found


@given(st.dates(date(1990, 1, 1), date(2099, 12, 31)), st.text(alphabet="本课题于在，", max_size=9))
def test_every_day_is_found(day: date, between: str) -> None:
    """However it is written."""
    for written in (
        f"{day.year}年{day.month}月{day.day}日",
        f"{day.year}-{day.month:02}-{day.day:02}",
        f"{day.year}.{day.month}.{day.day}",
    ):
        assert dates_beside(f"{written}{between}登记", ["登记"]) == [day.isoformat()]


def test_without_words_there_is_nothing_to_look_beside() -> None:
    """No date is found."""
    assert dates_beside("2018年3月5日登记", []) == []
