"""What is put aside before parsing comes back as if it had never been away."""

from __future__ import annotations

import os
import random
import tracemalloc
from base64 import encodebytes
from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from samplefiles import mails
from test_message import DOCX, FORWARDED, HEAD, file, lines, mixed, names, plain

from mailbot.mime import lightened
from mailbot.mime.lightened import lighten
from mailbot.mime.message import MessageRefused, parse_message
from mailbot.model import Message

NAMED = b'Content-Disposition: attachment; filename="a.docx"'
WHOLE = mixed(
    plain(),
    file(DOCX * 4, NAMED),
    lines(b"Content-Type: message/rfc822", b"") + FORWARDED,
    head=HEAD,
)


def read(raw: bytes, monkeypatch: pytest.MonkeyPatch, least: int) -> Message | str:
    """The message with everything put aside that has more bytes, or why it was refused.

    Without what mail-parser says of the charset of a file that it takes for a text.
    """
    monkeypatch.setattr(lightened, "LARGE", least)
    try:
        message = parse_message(raw)
        defects = tuple(entry for entry in message.defects if entry != "CharsetDecodeDefect")
        return replace(message, defects=defects)
    except MessageRefused as refused:
        return str(refused)


@pytest.mark.parametrize("name", sorted(mails()))
def test_a_sample_is_read_as_before(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Other people's mails, with every encoded part put aside or none."""
    raw = mails()[name]

    assert read(raw, monkeypatch, 0) == read(raw, monkeypatch, len(raw))


@given(st.integers(0, 2**32), st.integers(1, 20))
@example(523, 5)  # a carriage return alone before a delimiter ends a line, too
def test_damage_changes_nothing(seed: int, hits: int) -> None:
    """Bytes overwritten, cut and repeated anywhere."""
    dice = random.Random(seed)
    raw = bytearray(WHOLE)
    for _hit in range(hits):
        at = dice.randrange(len(raw))
        raw[at : at + dice.choice([0, 1, 5, 60])] = dice.choice(
            [
                b"",
                b"\r\n",
                b"\r\n--=_b1\r\n",
                b"--",
                b"\r\n\r\n",
                b"Content-Transfer-Encoding: base64",
            ]
        )
    with pytest.MonkeyPatch.context() as monkeypatch:
        assert read(bytes(raw), monkeypatch, 0) == read(bytes(raw), monkeypatch, len(raw))


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(mixed(plain(), file(DOCX * 999, NAMED), head=HEAD), id="attachment"),
        pytest.param(mixed(plain(), file(DOCX * 999, NAMED)).replace(b"\r\n", b"\n"), id="lf"),
        pytest.param(
            lines(b"From: a@b.cn", NAMED, b"Content-Type: application/zip")
            + lines(b"Content-Transfer-Encoding: BASE64", b"")
            + encodebytes(DOCX * 999),
            id="the-message-itself",
        ),
    ],
)
def test_large_files_are_put_aside(raw: bytes) -> None:
    """A part of a multipart, or a message that is nothing but the file."""
    light = lighten(raw)

    assert len(light.raw) < 2000 < len(raw)
    assert [entry.content for entry in parse_message(raw).attachments] == [DOCX * 999]


def test_a_raw_mail_quoted_in_a_text_is_left_in_it() -> None:
    """What looks like a part there is none: the text keeps every letter."""
    head = lines(b"Content-Type: image/png", b"Content-Transfer-Encoding: base64", b"")
    quoted = head + encodebytes(os.urandom(70_000))
    raw = mixed(lines(b"Content-Type: text/plain", b"") + b"see:\r\n--\r\n" + quoted)

    assert lighten(raw).bodies
    assert parse_message(raw).body.split() == ["see:", "--", *quoted.decode().split()]


def test_a_mail_in_base64_inside_the_mail() -> None:
    """RFC 2046 section 5.2.1 forbids it; its own files are read all the same."""
    inner = mixed(plain(), file(DOCX * 999, NAMED), head=lines(b"From: li@b.cn", b"Subject: x"))
    raw = mixed(plain(), file(inner.replace(b"=_b1", b"=_b9"), b"Content-Type: message/rfc822"))

    assert names(parse_message(raw)) == ["x.eml/a.docx"]
    assert parse_message(raw).attachments[0].content == DOCX * 999


def test_a_large_mail_takes_little_memory() -> None:
    """Beside its own bytes hardly more than those of its file: no line is kept as text."""
    content = os.urandom(4 * 1024 * 1024)
    raw = mixed(plain(), file(content, NAMED), head=HEAD)
    tracemalloc.start()
    try:
        message = parse_message(raw)
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert message.attachments[0].content == content
    assert peak < 1.5 * len(content)
