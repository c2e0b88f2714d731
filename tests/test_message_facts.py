"""What is known of Chinese mail programs, fact by fact, from raw bytes to the message taken apart.

Each fact was measured on real mails or looked up at a provider; the units it rests on
have tests of their own.
"""

from __future__ import annotations

import logging
from base64 import b64encode
from datetime import UTC, datetime

import mailparser
import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_message import DOCX, HEAD, PDF, file, gbk, lines, mixed, names, plain, word
from winmailfiles import winmail

from mailbot.mime import parts
from mailbot.mime.message import MessageRefused, parse_message

NAMED = b'Content-Disposition: attachment; filename="a.docx"'
LOST = (
    lines(b"Content-Type: message/rfc822", b"", b"From: li@b.cn")
    + b'Content-Type: multipart/mixed; boundary="=_x"\r\n\r\n--=_x--\r\n'
)


@pytest.mark.parametrize(
    ("raw", "error"),
    [
        pytest.param(
            mixed(plain("正文"), file(DOCX, NAMED), LOST, head=HEAD).removesuffix(b"--=_b1--\r\n"),
            AttributeError,
            id="cut-off-behind-a-broken-multipart",
        ),
        pytest.param(
            HEAD
            + lines(b"Content-Type: message/rfc822", b"")
            + mixed(plain("正文"), file(DOCX, NAMED), LOST).removesuffix(b"--=_b1--\r\n"),
            TypeError,
            id="a-message-around-it",
        ),
        pytest.param(
            mixed(plain("正文"), file(DOCX, NAMED), head=HEAD).replace(b"=gb2312", b"=us\0ascii"),
            ValueError,
            id="nul-in-a-charset",
        ),
    ],
)
def test_where_mail_parser_trips_the_standard_library_reads_on(
    raw: bytes, error: type[Exception]
) -> None:
    """Envelope and files are there; the defect is told."""
    logging.getLogger("mailparser").addHandler(logging.NullHandler())
    with pytest.raises(error):
        mailparser.parse_from_bytes(raw)
    message = parse_message(raw)

    assert message.envelope.sender == "zhang@163.com"
    assert message.envelope.date == datetime(2026, 7, 10, 0, 59, 59, tzinfo=UTC)
    assert [entry.content for entry in message.attachments] == [DOCX]
    assert message.defects == (f"mail-parser: {error.__name__}",)


def test_a_part_without_name_disposition_or_id_is_a_file() -> None:
    """mail-parser does not list it among the attachments."""
    raw = mixed(plain(), file(PDF, b"Content-Type: application/pdf"))
    message = parse_message(raw)

    assert mailparser.parse_from_bytes(raw).attachments == []
    assert [(entry.name, entry.content) for entry in message.attachments] == [("附件1.pdf", PDF)]


@pytest.mark.parametrize("garbage", [b"!!\r\n", b"\xb2\xbb\r\n", b"\0", b"  \t", b"-\r\n"])
def test_garbage_between_the_lines_of_base64_costs_nothing(garbage: bytes) -> None:
    """RFC 2045 section 6.8: what is no digit is passed over."""
    entity = file(DOCX * 3, NAMED)
    at = entity.index(b"\r\n", entity.index(b"\r\n\r\n") + 4) + 2
    raw = mixed(plain(), entity[:at] + garbage + entity[at:])

    assert parse_message(raw).attachments[0].content == DOCX * 3


@pytest.mark.parametrize("label", [b"gb2312", b"GBK", b"x-gbk", b"cp936", b'"gb2312"'])
def test_text_beyond_its_label_is_read_whole(label: bytes) -> None:
    """镕 is in GBK only, 㐂 in GB18030 only; the label says less."""
    text = "联系人：朱镕 㐂"
    body = lines(b"Content-Type: text/plain; charset=" + label, b"") + gbk(text)
    subject = b"Subject: =?" + label.strip(b'"') + b"?B?" + b64encode(gbk(text)) + b"?="
    message = parse_message(mixed(body, head=lines(b"From: a@b.cn", subject)))

    assert (message.body, message.envelope.subject) == (text, text)


@pytest.mark.parametrize(
    ("text", "charset"),
    [
        ("质量信得过班组", "utf-8"),
        ("质量信得过班组", "gb18030"),
        ("公司的品質管制，共三組", "big5hkscs"),
    ],
)
def test_undeclared_bytes_in_body_subject_and_name(text: str, charset: str) -> None:
    """UTF-8, then GB18030, then Big5-HKSCS: the first that makes sense."""
    raw = text.encode(charset)
    head = lines(b"From: a@b.cn", b"Subject: " + raw)
    message = parse_message(
        mixed(
            lines(b"Content-Type: text/plain", b"") + raw,
            file(DOCX, b'Content-Disposition: attachment; filename="' + raw + b'.docx"'),
            head=head,
        )
    )

    assert (message.body, message.envelope.subject, names(message)) == (
        text,
        text,
        [f"{text}.docx"],
    )


def percent(raw: bytes) -> bytes:
    return b"".join(b"%%%02X" % byte for byte in raw)


def quoted(raw: bytes) -> bytes:
    return b'"' + raw + b'"'


def in_two_words(name: str) -> bytes:
    """Cut in the middle of a character, wherever there is one."""
    raw = gbk(name)
    cut = (len(raw) // 2) | 1
    return b"\r\n ".join(
        b"=?gb2312?B?" + b64encode(piece) + b"?=" for piece in (raw[:cut], raw[cut:])
    )


#: how mail programs write a name, as fields of the part
WRITTEN = {
    "raw GBK": lambda name: b"attachment; filename=" + quoted(gbk(name)),
    "raw UTF-8": lambda name: b"attachment; filename=" + quoted(name.encode()),
    "word in quotes": lambda name: b"attachment; filename=" + quoted(word(name)),
    "word without quotes": lambda name: b"attachment; filename=" + word(name, "gbk"),
    "two words": lambda name: b"attachment; filename=" + quoted(in_two_words(name)),
    "percent": lambda name: b"attachment; filename=" + quoted(percent(name.encode())),
    "RFC 2231": lambda name: b"attachment; filename*=UTF-8''" + percent(name.encode()),
    "RFC 2231, gb2312": lambda name: b"attachment; filename*=gb2312''" + percent(gbk(name)),
    "RFC 2231 before a broken one": lambda name: (
        b"attachment; filename=\"a?b.docx\"; filename*=utf-8''" + percent(name.encode())
    ),
}


@pytest.mark.parametrize("how", WRITTEN)
@given(stem=st.text(st.characters(codec="gb2312", categories=["Lo"]), min_size=1, max_size=20))
def test_a_chinese_name_comes_back_however_it_is_written(how: str, stem: str) -> None:
    """Whatever characters it has: also those with a backslash or a quote for their second byte."""
    name = f"{stem}誠.docx"
    raw = mixed(plain(), file(DOCX, b"Content-Disposition: " + WRITTEN[how](name)))

    assert names(parse_message(raw)) == [name]


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ((b"filename*=utf-8''1.docx", b'filename="2.docx"', b'name="3.docx"'), "1.docx"),
        ((b"", b'filename="2.docx"', b'name="3.docx"'), "2.docx"),
        ((b"", b"", b'name="3.docx"'), "3.docx"),
    ],
)
def test_the_order_of_trust_among_names(fields: tuple[bytes, bytes, bytes], name: str) -> None:
    """``filename*``, then ``filename``, then ``name``."""
    star, simple, of_type = fields
    disposition = b"; ".join(filter(None, (b"attachment", simple, star)))
    kind = b"; ".join(filter(None, (b"application/octet-stream", of_type)))
    raw = mixed(
        file(DOCX, b"Content-Type: " + kind, b"Content-Disposition: " + disposition),
    )

    assert names(parse_message(raw)) == [name]


def test_a_uuencoded_file_in_the_text_is_a_file() -> None:
    """As programs did before MIME, and some scanners still do."""
    coded = b"begin 644 a.txt\r\n#86)C\r\n`\r\nend\r\n"
    message = parse_message(lines(b"From: a@b.cn", b"") + gbk("见附件。") + b"\r\n" + coded)

    assert (message.body, names(message)) == ("见附件。", ["a.txt"])
    assert message.attachments[0].content == b"abc"


def test_winmail_is_handed_on_for_its_files() -> None:
    """Outlook's wrapping is opened by the reading of documents."""
    wrapped = winmail(("表.docx", DOCX))
    raw = mixed(plain(), file(wrapped, b'Content-Type: application/ms-tnef; name="winmail.dat"'))

    assert [entry.content for entry in parse_message(raw).attachments] == [wrapped]


@pytest.mark.parametrize("date", [b"Fri, 10 Jul 2026 09:00:00", b"2026-07-10 09:00", b"x", b""])
def test_a_date_without_zone_tells_nothing(date: bytes) -> None:
    """It would only be the sender's claim; arrival is the provider's time."""
    raw = lines(b"From: a@b.cn", b"Date: " + date, b"", b"x")

    assert parse_message(raw).envelope.date is None


def test_names_made_up_are_the_same_every_time() -> None:
    """mail-parser makes up others at each reading."""
    raw = mixed(*[file(content) for content in (DOCX, PDF, b"\0?")])

    assert (
        names(parse_message(raw))
        == names(parse_message(raw))
        == [*("附件1.docx", "附件2.pdf", "附件3.bin")]
    )


@pytest.mark.timeout(30)
@pytest.mark.parametrize(
    "field",
    [
        pytest.param(b"\r\n ".join([b"Subject: =?gb2312?B?yeqxqA==?="] * 1500), id="subject"),
        pytest.param(
            b"Content-Type: application/pdf"
            + b"".join(b";\r\n name*%d*=a" % number for number in range(3500)),
            id="pieces-of-a-name",
        ),
        pytest.param(b"To: " + b"<a@b.cn>,\r\n " * 5000, id="recipients"),
        pytest.param(b"References: " + b"<a@b.cn>\r\n " * 5000, id="references"),
        pytest.param(b"From: " + b"(" * 60_000 + b"a@b.cn", id="comments"),
    ],
)
def test_the_longest_field_that_is_read_costs_moments(field: bytes) -> None:
    """Just under the limit; what is longer is refused before anything looks into it."""
    assert len(field) <= parts.MAX_HEADER
    assert parse_message(field + b"\r\n\r\nx").body == "x" or field.startswith(b"Content-Type")
    with pytest.raises(MessageRefused):
        parse_message(field + b" " * parts.MAX_HEADER + b"\r\n\r\nx")
