"""Text files: lines with places, no guessing at encodings."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.damage import Damaged
from parsers.limits import Limits
from parsers.model import Line
from parsers.plain import decode, read_text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"])
def test_lines_are_read_in_every_encoding_in_use(encoding: str) -> None:
    """Blank lines are counted and left out."""
    content = read_text("单位：湘江重工\r\n\r\n 电话：139\n".encode(encoding), Limits())
    assert content.blocks == (
        Line(text="单位：湘江重工", where="第1行"),
        Line(text="电话：139", where="第3行"),
    )
    assert content.characters == 11


def test_bytes_of_no_encoding_are_reported() -> None:
    """Nothing is dropped to make them fit."""
    with pytest.raises(Damaged) as refused:
        read_text(b"\x81\xff\xff\xfe\xff", Limits())
    assert refused.value.problem.code == "document.unreadable"


def test_a_text_over_the_limit_is_refused() -> None:
    """At the limit it is read."""
    assert read_text(b"a" * 10, Limits(max_part=10)).characters == 1
    with pytest.raises(Damaged):
        read_text(b"a" * 11, Limits(max_part=10))


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_utf8_is_never_taken_for_something_else(text: str) -> None:
    """What was written comes back."""
    content = text.encode()
    marked = content.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"))
    assert decode(content) == (text.removeprefix("\ufeff") if marked else text)
