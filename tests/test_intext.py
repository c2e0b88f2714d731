"""Files that stand in the text of a mail."""

from __future__ import annotations

import binascii

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.mime.intext import Found, take_out


def uu(content: bytes, name: str = "表.docx", *, tick: bytes = b"`") -> bytes:
    """As uuencode writes it; ``tick`` stands for a space."""
    lines = [binascii.b2a_uu(content[at : at + 45]) for at in range(0, len(content), 45)]
    body = b"".join(line.replace(b" ", tick) for line in [*lines, b" \n"])
    return b"begin 644 " + name.encode("gbk") + b"\n" + body + b"end\n"


@pytest.mark.parametrize("tick", [b"`", b" "])
@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_a_file_is_taken_out_of_the_words(tick: bytes, end: bytes) -> None:
    """The words around it stay."""
    text = (b"before\n" + uu(bytes(range(200)), tick=tick) + b"after\n").replace(b"\n", end)
    words, files = take_out(text)
    assert words == b"before" + end + b"after" + end
    assert files == (Found(name="表.docx", content=bytes(range(200))),)


def test_spaces_cut_off_at_the_end_of_lines() -> None:
    """As servers do that tidy up."""
    content = b"abc" + bytes(42)
    text = b"\n".join(line.rstrip() for line in uu(content, tick=b" ").split(b"\n"))
    assert take_out(text)[1][0].content == content


def test_several_files_and_one_cut_off() -> None:
    """Each is had as far as it goes."""
    cut = uu(b"y" * 100)[: -len(b"`\nend\n") - 5]
    words, files = take_out(uu(b"x", "a") + uu(b"z", "b") + cut)
    assert [file.content[:1] for file in files] == [b"x", b"z", b"y"]
    assert words.strip() == cut.split(b"\n")[-1].strip() or words.strip() == b""


@pytest.mark.parametrize(
    "text",
    [
        b"begin 644 tomorrow\nwe shall meet at nine\n",
        b"begin 644 a\n",
        b"begin 644 a\n\nend\n",
        b"let us begin 644 times\n",
    ],
)
def test_words_that_only_look_like_it_stay(text: bytes) -> None:
    """Nothing is taken away."""
    assert take_out(text) == (text, ())


def test_yenc_is_taken_out_as_it_stands() -> None:
    """For the reading of documents to report."""
    file = b"=ybegin line=128 size=3 name=\xb1\xed.docx\r\nabc\r\n=yend size=3\r\n"
    words, files = take_out(b"a\r\n" + file + b"b\r\n")
    assert (words, files) == (b"a\r\nb\r\n", (Found(name="表.docx", content=file),))


@given(st.binary(min_size=1, max_size=500), st.sampled_from([b"`", b" "]))
def test_what_was_written_is_read(content: bytes, tick: bytes) -> None:
    """Any bytes."""
    assert take_out(b"x\n" + uu(content, tick=tick))[1][0].content == content


@given(st.binary(max_size=200), st.integers(0, 3))
def test_no_text_raises(tail: bytes, line: int) -> None:
    """Whatever stands behind a first line."""
    head = (b"begin 644 a\n", b"begin 644 a\n#86)C\n", b"=ybegin line=1 name=a\n", b"")[line]
    words, files = take_out(head + tail)
    assert len(words) <= len(head + tail)
    assert all(file.content for file in files)
