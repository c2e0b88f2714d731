"""Parts behind broken structures, found again by their delimiters."""

from __future__ import annotations

from base64 import b64encode, encodebytes

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.mime.message import MessageRefused, parse_message
from mailbot.mime.recovered import lost_multipart
from mailbot.model import Message

CONTENT = b"PK\x03\x04word/document.xml" + bytes(range(256))
FILE = (
    b"Content-Type: application/octet-stream\r\n"
    b'Content-Disposition: attachment; filename="a.docx"\r\n'
    b"Content-Transfer-Encoding: base64\r\n\r\n" + encodebytes(CONTENT).replace(b"\n", b"\r\n")
)
TEXT = b"Content-Type: text/plain; charset=gbk\r\n\r\n" + "正文".encode("gbk")
BODY = b"--=b=\r\n" + TEXT + b"\r\n--=b=\r\n" + FILE + b"\r\n--=b=--\r\n"
HEAD = b"From: zhang@applicant.example\r\nSubject: x\r\n"


def files(message: Message) -> list[tuple[str, bytes]]:
    return [(entry.name, entry.content) for entry in message.attachments]


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(HEAD + b"Content-Type: multipart/mixed\r\n\r\n" + BODY, id="no boundary"),
        pytest.param(
            HEAD + b'Content-Type: multipart/mixed; boundary="other"\r\n\r\n' + BODY, id="wrong"
        ),
        pytest.param(
            HEAD + b"\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed;\r\n"
            b'\tboundary="=b="\r\n\r\n' + BODY,
            id="head broken off",
        ),
        pytest.param(HEAD + b"Content-Type: text/plain\r\n\r\n" + BODY, id="called text"),
        pytest.param(
            HEAD + b"Content-Type: multipart/mixed; boundary==b=\r\n"
            b"Content-Transfer-Encoding: base64\r\n\r\n" + b64encode(BODY),
            id="encoded",
        ),
        pytest.param(
            HEAD + b"Content-Type: multipart/mixed\r\n\r\n" + BODY[: BODY.rindex(b"--=b=--")],
            id="no end",
        ),
    ],
)
def test_text_and_file_are_found(raw: bytes) -> None:
    """As if the structure were whole."""
    message = parse_message(raw)
    assert (message.body, files(message)) == ("正文", [("a.docx", CONTENT)])


def test_words_before_the_parts_are_the_senders() -> None:
    """A text with a raw mail quoted below it."""
    message = parse_message(HEAD + b"\r\nhello\r\n\r\n" + BODY)
    assert message.body.startswith("hello")
    assert files(message) == [("a.docx", CONTENT)]


@pytest.mark.parametrize(
    "text",
    [b"--x\r\nContent-Type: text/plain\r\n\r\nhi", b"a\r\n--\r\nContent-Type is a field", b"--"],
)
def test_text_without_files_is_left_alone(text: bytes) -> None:
    """Somebody may write about delimiters."""
    message = parse_message(HEAD + b"\r\n" + text)
    assert (message.body.split(), files(message)) == (text.decode().split(), [])


def test_behind_the_end_of_an_inner_multipart() -> None:
    """Not only of the outermost."""
    inner = b'Content-Type: multipart/alternative; boundary="i"\r\n\r\n--i\r\n' + TEXT
    inner += b"\r\n--i--\r\n--i\r\n" + FILE + b"\r\n--i--\r\n"
    raw = (
        HEAD + b'Content-Type: multipart/mixed; boundary="o"\r\n\r\n--o\r\n' + inner + b"\r\n--o--"
    )
    assert files(parse_message(raw)) == [("a.docx", CONTENT)]


def test_structures_lost_in_each_other_end_somewhere() -> None:
    """Deep nesting is refused, and does not run away."""
    raw = FILE
    for number in range(100):
        raw = b"Content-Type: multipart/mixed\r\n\r\n--b%d\r\n" % number + raw
    with pytest.raises(MessageRefused):
        parse_message(HEAD + raw)


@given(st.lists(st.sampled_from([b"--", b"=b=", b"\r\n", b"\n", b'"', b"\\", FILE[:40], b"x "])))
def test_no_text_raises(pieces: list[bytes]) -> None:
    """A multipart of it can be read, or there is none."""
    raw = lost_multipart(b"".join(pieces))
    assert raw is None or raw.startswith(b"Content-Type: multipart/mixed")
    parse_message(HEAD + b"\r\n" + b"".join(pieces))
