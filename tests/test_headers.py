"""Header repair on what Foxmail, NetEase, QQ and Outlook really write."""

from __future__ import annotations

import email
from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.mime import headers
from mailbot.mime.headers import Headers

NAME = "湘江重工装备有限公司申报表.docx"


def word(raw: bytes, charset: str = "gb2312") -> bytes:
    """One B-encoded word."""
    return b"=?" + charset.encode() + b"?B?" + b64encode(raw) + b"?="


def name_of(disposition: bytes, parameter: str = "filename") -> tuple[str, str]:
    """The parameter by RFC 2231, and plain."""
    return headers.parameter(headers.split_parameters(disposition)[1], parameter)


def test_raw_gbk_subject() -> None:
    """A subject in bare GBK bytes, as old Foxmail sends it."""
    assert headers.text("班组申报材料".encode("gbk")) == "班组申报材料"


def test_character_split_between_two_words() -> None:
    """The two bytes of one character stand in two encoded words."""
    raw = "质量信得过".encode("gbk")

    assert headers.text(word(raw[:5]) + b"\r\n " + word(raw[5:])) == "质量信得过"


def test_base64_cut_inside_a_quantum() -> None:
    """One base64 text cut at any place, so that no piece can be decoded alone."""
    text = b64encode("质量信得过班组".encode("gbk"))
    folded = b"=?GBK?B?" + text[:7] + b"?=\r\n\t=?GBK?B?" + text[7:] + b"?="

    assert headers.text(folded) == "质量信得过班组"


def test_neighbours_of_two_charsets_are_decoded_apart() -> None:
    """Only words of one charset are joined as bytes."""
    value = word("甲".encode("gbk")) + b" " + word("乙".encode(), "utf-8")

    assert headers.text(value) == "甲乙"


def test_space_between_word_and_text_stays() -> None:
    """RFC 2047 section 6.2: only the space between two words goes."""
    assert headers.text(b"Re: " + word("申报".encode("gbk")) + b" ok") == "Re: 申报 ok"


def test_q_words_with_underscore() -> None:
    """RFC 2047 section 4.2: an underscore is a space."""
    assert headers.text(b"=?utf-8?Q?QC_=E5=B0=8F=E7=BB=84?=") == "QC 小组"


def test_line_break_hidden_in_a_word_is_gone() -> None:
    """Nothing decoded can begin a new header line."""
    assert headers.text(word(b"a\r\nBcc: x@y", "utf-8")) == "a Bcc: x@y"


def test_gbk_backslash_inside_quotes() -> None:
    """The second byte of 誠 in GBK is a backslash; it does not escape the closing quote."""
    assert "誠".encode("gbk")[1:] == b"\\"

    assert name_of(b'attachment; filename="' + "真誠".encode("gbk") + b'"; size=3') == ("", "真誠")


def test_raw_gbk_name() -> None:
    """A bare GBK file name in quotes."""
    assert name_of(b'attachment; filename="' + NAME.encode("gbk") + b'"') == ("", NAME)


def test_encoded_word_inside_quotes() -> None:
    """Illegal by RFC 2047 section 5, and what nearly every program sends."""
    raw = NAME.encode("gbk")
    value = b'attachment; filename="' + word(raw[:9]) + b"\r\n " + word(raw[9:]) + b'"'

    assert name_of(value) == ("", NAME)


def test_encoded_words_without_quotes() -> None:
    """Unquoted and folded, with spaces between."""
    raw = NAME.encode("gbk")
    value = b"attachment;\r\n filename=" + word(raw[:9]) + b"\r\n " + word(raw[9:]) + b"; x=1"

    assert name_of(value) == ("", NAME)


def test_rfc_2231_with_a_gb2312_label() -> None:
    """The label says gb2312, the bytes are GBK."""
    value = b"attachment; filename*=gb2312''" + percent("朱镕.docx".encode("gbk"))

    assert name_of(value) == ("朱镕.docx", "")


def test_rfc_2231_pieces_split_inside_a_character() -> None:
    """Numbered pieces are joined as bytes, in order of their numbers."""
    raw = NAME.encode()
    value = (
        b"attachment; filename*1*=" + percent(raw[7:]) + b"; filename*0*=UTF-8''" + percent(raw[:7])
    )

    assert name_of(value) == (NAME, "")


def test_rfc_2231_plain_pieces() -> None:
    """Section 3: pieces without a star at the end are not percent-encoded."""
    assert name_of(b'attachment; filename*0="100%25 a"; filename*1="b.txt"') == (
        "100%25 ab.txt",
        "",
    )


def test_percent_encoded_plain_name() -> None:
    """A name encoded as in a URL by a web mailer."""
    assert name_of(b'attachment; filename="' + percent(NAME.encode()) + b'"') == ("", NAME)


@pytest.mark.parametrize("name", ["100%.docx", "a%20b.docx", "完成率98%20.docx"])
def test_percent_signs_that_encode_nothing_stay(name: str) -> None:
    """A percent sign may be meant."""
    assert name_of(b'attachment; filename="' + name.encode() + b'"') == ("", name)


def test_quote_inside_a_quoted_name() -> None:
    """A quote that no semicolon follows belongs to the name."""
    assert name_of('attachment; filename="“申报"表.docx"; size=1'.encode()) == (
        "",
        '“申报"表.docx',
    )


def test_semicolon_inside_quotes() -> None:
    """A semicolon in a quoted value ends nothing."""
    assert name_of(b'attachment; filename="a;b.docx"; size=1') == ("", "a;b.docx")


def test_unclosed_quote() -> None:
    """A value that is never closed ends at the next semicolon."""
    assert name_of(b'attachment; filename="a.docx; size=1') == ("", "a.docx")


def test_names_of_fields_are_case_insensitive() -> None:
    """Fields are found by lower-case name, folded values are one line."""
    found = Headers.of(email.message_from_bytes(b"SUBJECT: a\r\n b\r\nx-a: 1\r\nX-A: 2\r\n\r\n"))

    assert (found.first("subject"), found.all("x-a"), "x-a" in found) == ("a b", ("1", "2"), True)


def percent(raw: bytes) -> bytes:
    """Every byte percent-encoded."""
    return b"".join(b"%%%02X" % byte for byte in raw)


PIECES = st.sampled_from(
    [
        b"=?gb2312?B?",
        b"=?utf-8?Q?",
        b"?=",
        b"=",
        b'"',
        b"\\",
        b";",
        b"filename",
        b"*0*=",
        b"''",
        b"%E4",
        b"%",
        b"\r\n ",
        b"?",
        b"\xc4\xe3",
        b"\xff",
        b"A",
        b"=E4",
        b"name",
        b"*",
        b"\0",
    ]
)


@given(st.lists(PIECES | st.binary(max_size=4), max_size=40).map(b"".join))
def test_repair_never_raises(raw: bytes) -> None:
    """Whatever stands in a header, the result is one line of real text."""
    _value, parameters = headers.split_parameters(b"attachment; " + raw)
    texts = [headers.text(raw), *headers.parameter(parameters, "filename")]

    assert all(isinstance(text.encode("utf-8"), bytes) for text in texts)
    assert "\n" not in texts[0]


@given(st.text(st.characters(codec="gbk", categories=["L", "N"]), min_size=1), st.data())
def test_any_split_of_a_gbk_text_comes_back(value: str, data: st.DataObject) -> None:
    """However a text is cut into encoded words, it is read whole."""
    raw = value.encode("gbk")
    cut = data.draw(st.integers(0, len(raw)))

    assert headers.text(word(raw[:cut]) + b"\r\n " + word(raw[cut:], "GBK")) == value
