"""How values are said in Chinese."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from outcomes import HUNAN, ZONE

from mailbot.letters import wording
from parsers.model import Field, Value
from parsers.spec import FieldSpec, FieldType, Must
from rules.model import Decision
from rules.notice.campaign import Deadline


@pytest.mark.parametrize(
    ("number", "text"),
    [(1, "一"), (9, "九"), (10, "十"), (11, "十一"), (20, "二十"), (99, "九十九")],
)
def test_numerals(number: int, text: str) -> None:
    """As sections of an official letter are counted."""
    assert wording.numeral(number) == text


@pytest.mark.parametrize("number", [0, 100])
def test_numerals_end(number: int) -> None:
    """No letter has a hundred sections."""
    with pytest.raises(ValueError, match="99"):
        wording.numeral(number)


@pytest.mark.parametrize(
    ("size", "text"),
    [(0, "0 B"), (1023, "1023 B"), (1024, "1.0 KB"), (1_048_576, "1.0 MB"), (1_600_000, "1.5 MB")],
)
def test_sizes(size: int, text: str) -> None:
    """Powers of 1024, both sides of the steps."""
    assert wording.size_text(size) == text


def test_moments_are_told_in_the_zone_of_the_campaign() -> None:
    """To the minute, never rounded up."""
    moment = datetime(2026, 7, 15, 15, 59, 59, tzinfo=UTC)
    assert wording.moment_text(moment, ZONE) == "2026年7月15日 23:59"


def test_deadline_names_the_last_day_that_counts() -> None:
    """Inclusive or not."""
    day = date(2026, 7, 15)
    assert wording.deadline_text(Deadline(last_day=day), ZONE) == "2026年7月15日24:00"
    before = Deadline(last_day=day, inclusive=False)
    assert wording.deadline_text(before, ZONE) == "2026年7月14日24:00"


@pytest.mark.parametrize(
    ("value", "kind", "text"),
    [
        (None, FieldType.TEXT, ""),
        (12, FieldType.INTEGER, "12"),
        (98.5, FieldType.PERCENT, "98.5%"),
        (100.0, FieldType.PERCENT, "100%"),
        (0.0001, FieldType.MONEY, "0.0001"),
        (123_456_789.5, FieldType.MONEY, "123456789.5"),
        ([12, 40.5], FieldType.PAIR, "12、40.5"),
        (["品牌战略", "品牌文化"], FieldType.TICKS, "品牌战略、品牌文化"),
        ("2025-07-01", FieldType.DATE, "2025年7月1日"),
        ("不详", FieldType.DATE, "不详"),
        ("2025-07/2026-07", FieldType.PERIOD, "2025年7月至2026年7月"),
        ("2017-06-01/2018-05-31", FieldType.PERIOD, "2017年6月1日至2018年5月31日"),
    ],
)
def test_values(value: Value, kind: FieldType, text: str) -> None:
    """Typed values as a person writes them."""
    assert wording.value_text(value, kind) == text


def read(kind: FieldType = FieldType.TEXT, **field: Value) -> str:
    """What a sender is shown of a field."""
    spec = FieldSpec(key="k", label="栏", type=kind, must=Must.SENSE, unit="万元")
    return wording.read_text(Field(key="k", label="栏", **field), spec)  # type: ignore[arg-type]


def test_reading_tells_empty_absent_and_unreadable_apart() -> None:
    """So that a sender can see a misreading."""
    assert read(where="表1") == "（空）"
    assert read() == "（未见此栏）"
    assert read(raw="约三成", where="表1") == "未能读取，原文为“约三成”"
    assert read(FieldType.MONEY, value=612.5, raw="612.5", where="表1") == "612.5 万元"


def test_a_unit_that_the_label_prints_is_not_said_again() -> None:
    """经济效益（万元）：36.5, and 投入费用：36.5 万元."""
    told = []
    for label in ("经济效益（万元）", "质量成本(万元)", "投入费用"):
        spec = FieldSpec(key="k", label=label, type=FieldType.MONEY, unit="万元")
        told.append(wording.read_text(Field(key="k", label=label, value=36.5, where="表1"), spec))
    assert told == ["36.5", "36.5", "36.5 万元"]


def test_long_texts_are_cut_with_their_length() -> None:
    """60 characters are shown whole, 61 are not."""
    assert read(value="字" * 60, where="表1") == "字" * 60
    assert read(value="字" * 61, where="表1") == "字" * 60 + "……（共 61 字，其余从略）"


@given(st.text(st.characters(), max_size=80))
def test_cleaned_text_is_one_safe_line(text: str) -> None:
    """Whatever a mail contains; and cleaning twice changes nothing."""
    cleaned = wording.clean(text)
    assert len(cleaned.splitlines()) <= 1
    assert cleaned.encode("utf-8").decode("utf-8") == cleaned
    assert not set(cleaned) & set("\x00\x07\u202e\u2066\ud800")
    assert wording.clean(cleaned) == cleaned


def test_lines_can_be_kept() -> None:
    """For long texts in tables."""
    assert wording.clean("一\r\n二\u2028三\t四", lines=True) == "一\n二\n三 四"


def test_every_decision_has_a_word() -> None:
    """For applicants and for staff."""
    assert set(wording.DECISIONS) == set(Decision)
    assert set(wording.STATES) == {*Decision, "withdrawn"}


def test_labels_lose_blanks_and_colon() -> None:
    """As the notice prints them, for a line of text."""
    assert wording.label_text("手 机：") == "手机"
    assert wording.clause_text("四.1") == "通知 四.1"
    assert wording.clause_text(" ") == ""
    assert HUNAN.signature


def test_labels_and_values_in_one_line_are_told_apart() -> None:
    """A label may end in figures, as a value may begin with them."""
    pairs = (("企业推荐\n等级 1、2", "1"), ("邮编：", "410200"))
    assert wording.pairs_text(pairs) == "企业推荐等级1、2：1；邮编：410200"
