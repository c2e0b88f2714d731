"""Which charset bytes are in, whatever the label says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.mime import charsets


@pytest.mark.parametrize("label", ["gb2312", "GBK", "x-gbk", "cp936", "GB18030", "gb_2312-80"])
def test_chinese_labels_read_as_gb18030(label: str) -> None:
    """A gb2312 label stands over characters that only GBK or GB18030 has."""
    assert charsets.decode("朱镕基、喆、㐀".encode("gb18030"), label) == "朱镕基、喆、㐀"


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
@pytest.mark.parametrize("label", ["", "us-ascii", "x-unknown", "no-such-charset", "unknown-8bit"])
def test_undeclared_bytes_are_looked_at(encoding: str, label: str) -> None:
    """Without a usable label UTF-8 is tried, then GB18030."""
    assert charsets.decode("湘江重工装备有限公司".encode(encoding), label) == "湘江重工装备有限公司"


@pytest.mark.parametrize(
    ("text", "charset"),
    [
        ("貴公司的申報材料，請查收。", "big5hkscs"),
        ("本公司為臺灣機械製造商，現報送材料，請查收。聯絡人：陳先生", "big5hkscs"),
        ("贵公司的申报材料，请查收。", "gb18030"),
        ("冲压一班", "gb18030"),
        ("一、企业简介\ue4c6本公司成立于二〇〇一年，主要生产起重机械及其配件。", "gb18030"),
    ],
)
def test_undeclared_big5_is_told_from_gb18030(text: str, charset: str) -> None:
    """Its pairs all fit GB18030, where many of them stand for nothing."""
    assert charsets.decode(text.encode(charset)) == text


@given(st.text(st.characters(codec="gb2312"), max_size=60))
def test_undeclared_simplified_text_is_never_taken_for_big5(text: str) -> None:
    """Whatever is written in GB2312."""
    assert charsets.decode(text.encode("gb18030")) == text or _is_utf8(text.encode("gb18030"))


def _is_utf8(raw: bytes) -> bool:
    return charsets.decode(raw, "utf-8").count("\ufffd") == 0


def test_big5_keeps_its_label() -> None:
    """Another declared charset is believed."""
    assert charsets.decode("品質管理".encode("big5"), "big5") == "品質管理"


def test_wrong_utf8_label_over_gbk() -> None:
    """A label that fits hardly a character gives way to what fits all of them."""
    assert charsets.decode("质量信得过班组".encode("gbk"), "utf-8") == "质量信得过班组"


def test_cut_character_is_visible_and_harms_nothing_else() -> None:
    """A text cut in the middle of a character keeps its charset and shows U+FFFD."""
    assert charsets.decode("质量信得过班组建设".encode()[:-1], "utf-8") == "质量信得过班组建\ufffd"


@pytest.mark.parametrize("label", ["hex", "idna", "unicode_escape", "undefined", "a\0b", "表"])
def test_what_is_no_charset_of_mail_is_no_label(label: str) -> None:
    """Python knows codecs that are no charsets; a sender may not choose them."""
    assert charsets.known(label) == ""


@given(st.binary(max_size=200), st.text(max_size=20) | st.sampled_from(["utf-7", "utf-16", "hz"]))
def test_decoding_never_raises_and_gives_real_text(raw: bytes, label: str) -> None:
    """Whatever bytes under whatever label: text that can be written as UTF-8."""
    assert charsets.decode(raw, label).encode("utf-8") is not None


@given(st.text(st.characters(codec="gb18030", exclude_categories=["Cs"]), max_size=80))
def test_declared_gb18030_comes_back_whole(value: str) -> None:
    """What was encoded as declared is decoded to the same text."""
    assert charsets.decode(value.encode("gb18030"), "gb2312") == value
