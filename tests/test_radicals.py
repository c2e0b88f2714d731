"""Radicals given where characters are meant."""

from __future__ import annotations

import unicodedata

import pytest

from parsers.spec import FieldSpec
from parsers.values.radicals import SUPPLEMENT, whole_character
from parsers.values.typed import read_value


@pytest.mark.parametrize(
    ("radical", "character"),
    [("\u2ee9", "黄"), ("\u2ee2", "马"), ("\u2ecb", "车"), ("\u2f2f", "工"), ("\uf900", "豈")],
)
def test_a_radical_is_the_character_it_looks_like(radical: str, character: str) -> None:
    """Whichever block the font took it from."""
    assert whole_character(radical) == character


@pytest.mark.parametrize("text", ["黄", "、", "①", "ａ", "Ω", "fi", ""])
def test_all_else_stays(text: str) -> None:
    """Full-width letters and circled numbers are for the readers of values."""
    assert whole_character(text) == text


def test_the_table_holds_radicals_of_the_supplement_alone() -> None:
    """And leads to ideographs."""
    assert all(unicodedata.name(chr(code)).startswith("CJK RADICAL ") for code in SUPPLEMENT)
    assert all("UNIFIED" in unicodedata.name(sign) for sign in SUPPLEMENT.values())


def test_a_name_pasted_from_a_pdf_is_the_name() -> None:
    """⻩丽 is written as no person types it."""
    spec = FieldSpec.model_validate({"key": "contact", "label": "联系人", "type": "person"})
    assert read_value(spec, "\u2ee9丽").value == "黄丽"
