"""Messages built byte by byte as mail programs build them, and what is read of them."""

from __future__ import annotations

import random
from base64 import b64encode, encodebytes
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from winmailfiles import winmail

from mailbot.mime import filenames, parts
from mailbot.mime.message import MessageRefused, parse_message
from mailbot.model import Attachment, Message

DOCX = b"PK\x03\x04....word/document.xml...." + bytes(range(256))
PDF = b"%PDF-1.4\n" + bytes(range(256))
OLD_SHEET = (Path(__file__).parent / "documents" / "statistics.xls").read_bytes()
PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)
NAME = "湘江重工装备有限公司 朱镕申报表.docx"


def gbk(text: str) -> bytes:
    return text.encode("gb18030")


def word(text: str, charset: str = "gb2312") -> bytes:
    return b"=?" + charset.encode() + b"?B?" + b64encode(gbk(text)) + b"?="


def lines(*fields: bytes) -> bytes:
    return b"".join(field + b"\r\n" for field in fields)


def mixed(*entities: bytes, head: bytes = b"", kind: bytes = b"mixed") -> bytes:
    """A multipart message of ready parts; ``head`` are fields in front."""
    body = b"".join(b"--=_b1\r\n" + entity + b"\r\n" for entity in entities)
    return (
        head
        + lines(
            b"MIME-Version: 1.0", b"Content-Type: multipart/" + kind + b'; boundary="=_b1"', b""
        )
        + body
        + b"--=_b1--\r\n"
    )


def plain(text: str = "您好，请查收。") -> bytes:
    return lines(b"Content-Type: text/plain; charset=gb2312", b"") + gbk(text)


def file(content: bytes, *fields: bytes, media_type: bytes = b"application/octet-stream") -> bytes:
    encoded = encodebytes(content).replace(b"\n", b"\r\n")
    kept = fields or (b"Content-Disposition: attachment",)
    if not any(entry.lower().startswith(b"content-type") for entry in kept):
        kept = (b"Content-Type: " + media_type, *kept)
    return lines(*kept, b"Content-Transfer-Encoding: base64", b"") + encoded


def names(message: Message) -> list[str]:
    return [entry.name for entry in message.attachments]


HEAD = lines(
    b"Return-Path: <Zhang@163.com>",
    b"Delivered-To: QC@example.org",
    b"Received: from m1.163.com by mx27 (Coremail) with SMTP id AbcD;",
    b"\tFri, 10 Jul 2026 09:00:05 +0800 (CST)",
    b"Received: from pc by m1.163.com; Fri, 10 Jul 2026 09:00:01 +0800",
    b'From: "' + word("张三") + b'" <Zhang@163.com>',
    b"To: " + word("质量协会") + b" <qc@example.org>, other@example.org",
    b"Cc: Boss@example.com",
    b"Subject: " + gbk("湘江重工装备有限公司申报材料"),
    b"Date: Fri, 10 Jul 2026 08:59:59 +0800",
    b"Message-ID: <A.1@163.com>",
    b"In-Reply-To: <r2@example.org>",
    b"References: <r1@example.org>\r\n <r2@example.org>",
)


def test_envelope() -> None:
    """Every field decoded, addresses in lower case, recipients in order and once."""
    envelope = parse_message(mixed(plain(), head=HEAD)).envelope
    assert envelope.subject == "湘江重工装备有限公司申报材料"
    assert (envelope.sender, envelope.sender_name) == ("zhang@163.com", "张三")
    assert envelope.return_path == "zhang@163.com"
    assert envelope.recipients == ("qc@example.org", "other@example.org", "boss@example.com")
    assert envelope.message_id == "<A.1@163.com>"
    assert envelope.in_reply_to == ("<r2@example.org>",)
    assert envelope.references == ("<r1@example.org>", "<r2@example.org>")
    assert envelope.date == datetime(2026, 7, 10, 0, 59, 59, tzinfo=UTC)
    assert envelope.received == datetime(2026, 7, 10, 1, 0, 5, tzinfo=UTC)
    assert (envelope.automatic, envelope.bounce, envelope.about) == ("", False, ())


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        (b"", None),
        (b"Return-Path: <>\r\n", ""),
        (b"Return-Path: <A@b.cn>\r\n", "a@b.cn"),
    ],
)
def test_return_path_absent_null_and_given(field: bytes, expected: str | None) -> None:
    """None, "" and an address are three different things."""
    assert parse_message(field + b"From: a@b.cn\r\n\r\nx").envelope.return_path == expected


def test_raw_gbk_sender_whose_last_byte_is_a_backslash() -> None:
    """誠 ends in 0x5C, in front of the closing quote."""
    envelope = parse_message(b'From: "' + gbk("王誠") + b'" <w@b.cn>\r\n\r\nx').envelope
    assert (envelope.sender_name, envelope.sender) == ("王誠", "w@b.cn")


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param(
            (
                b'Content-Type: application/octet-stream; name="' + gbk(NAME) + b'"',
                b'Content-Disposition: attachment; filename="' + gbk(NAME) + b'"',
            ),
            id="foxmail-raw-gbk",
        ),
        pytest.param(
            (
                b'Content-Type: application/octet-stream; name="' + word(NAME) + b'"',
                b'Content-Disposition: attachment; filename="' + word(NAME) + b'"',
            ),
            id="163-word-in-quotes",
        ),
        pytest.param(
            (
                b"Content-Type: application/octet-stream;",
                b'\tname="' + word(NAME[:9], "gb18030") + b"\r\n\t" + word(NAME[9:]) + b'"',
                b"Content-Disposition: attachment",
            ),
            id="qq-name-only-two-words",
        ),
        pytest.param(
            (
                b"Content-Disposition: attachment;",
                b" filename*0*=gb2312''"
                + b"".join(b"%%%02X" % byte for byte in gbk(NAME)[:11])
                + b";",
                b" filename*1*=" + b"".join(b"%%%02X" % byte for byte in gbk(NAME)[11:]),
            ),
            id="rfc2231-split-character",
        ),
        pytest.param(
            (
                b'Content-Type: application/octet-stream; name="????.docx"',
                b'Content-Disposition: attachment; filename="=?utf-8?B?'
                + b64encode(NAME.encode())
                + b'?="',
            ),
            id="outlook-utf8",
        ),
        pytest.param(
            (
                b'Content-Disposition: attachment; filename="????????.docx";',
                b" filename*=UTF-8''" + b"".join(b"%%%02X" % byte for byte in NAME.encode()),
            ),
            id="star-before-plain",
        ),
        pytest.param(
            (
                b'Content-Type: application/octet-stream; name="' + gbk(NAME) + b'"',
                b'Content-Disposition: attachment; filename="???????? ??????.docx"',
            ),
            id="whole-before-destroyed",
        ),
    ],
)
def test_file_names(fields: tuple[bytes, ...]) -> None:
    """However a program writes the name, it is read as the sender gave it."""
    message = parse_message(mixed(plain(), file(DOCX, *fields), head=HEAD))
    assert message.attachments == (
        Attachment(name=NAME, media_type="application/octet-stream", content=DOCX),
    )


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("C:\\我的文档\\表.docx", "表.docx"),
        ("../../etc/表.docx", "_.._etc_表.docx"),
        ("申报表\u202ecod.exe", "申报表cod.exe"),
        ("表\t1\x01.docx", "表 1.docx"),
        ("  表.docx . ", "表.docx"),
    ],
)
def test_names_are_made_harmless(given: str, shown: str) -> None:
    """No folders, no invisible characters: a name is for display only."""
    field = b"Content-Disposition: attachment; filename*=UTF-8''" + b"".join(
        b"%%%02X" % byte for byte in given.encode()
    )
    assert names(parse_message(mixed(file(DOCX, field)))) == [shown]


def test_endless_name_keeps_its_extension() -> None:
    """A name too long for any disk is cut in front of its extension."""
    short = filenames.harmless("表" * 300 + ".docx")
    assert len(short.encode()) <= 200
    assert short.endswith("表.docx")


def test_files_without_a_name_get_one() -> None:
    """By content, then by media type; the same every time."""
    raw = mixed(
        plain(),
        file(DOCX),
        file(PDF, b"Content-Type: application/pdf"),
        file(b"a,b\r\n1,2\r\n", media_type=b"text/csv"),
        file(b"?", media_type=b"application/x-nothing"),
        file(b"\0?", media_type=b"application/x-nothing"),
        file(OLD_SHEET, media_type=b"application/msword"),
        file(FORWARDED),
        file(winmail(("表.docx", DOCX)), media_type=b"application/ms-tnef"),
    )
    assert names(parse_message(raw)) == [
        *("附件1.docx", "附件2.pdf", "附件3.csv", "附件4.txt", "附件5.bin", "附件6.xls"),
        *("附件7.eml", "附件8.dat"),
    ]
    assert parse_message(raw) == parse_message(raw)


def test_text_file_attached_is_a_file() -> None:
    """A named text/plain part is no body, with or without a disposition."""
    attached = lines(b'Content-Type: text/plain; name="a.txt"', b"") + b"1\r\n"
    message = parse_message(mixed(plain("正文"), attached))
    assert (message.body, names(message)) == ("正文", ["a.txt"])


def test_picture_shown_by_the_text_is_no_attachment() -> None:
    """A logo referenced by cid is left out; one with disposition attachment or unreferenced is kept."""
    markup = lines(b"Content-Type: text/html", b"") + b'<p>x<img src="cid:logo@1"><img src=cid:b>'
    cid = b"Content-ID: <%s>"
    png = b'Content-Type: image/png; name="%s.png"'
    message = parse_message(
        mixed(
            markup,
            file(PNG, png % b"logo", cid % b"logo@1", b"Content-Disposition: inline"),
            file(PNG, png % b"kept", cid % b"b", b"Content-Disposition: attachment"),
            file(PNG, png % b"loose", cid % b"other"),
            kind=b"related",
        )
    )
    assert names(message) == ["kept.png", "loose.png"]


def test_signatures_are_no_documents() -> None:
    """A cryptographic signature beside the files is passed over."""
    signature = file(b"x", b'Content-Type: application/pkcs7-signature; name="smime.p7s"')
    assert names(parse_message(mixed(plain(), signature))) == []


FORWARDED = mixed(
    plain("里面的信"),
    file(DOCX, b'Content-Disposition: attachment; filename="' + gbk("表.docx") + b'"'),
    head=lines(b"From: li@b.cn", b"Subject: " + word("申报"), b"Message-ID: <in@b.cn>"),
).replace(b"=_b1", b"=_b2")


@pytest.mark.parametrize(
    "entity",
    [
        pytest.param(lines(b"Content-Type: message/rfc822", b"") + FORWARDED, id="plain"),
        pytest.param(file(FORWARDED, b"Content-Type: message/rfc822"), id="base64"),
        pytest.param(
            file(
                FORWARDED,
                b"Content-Type: application/octet-stream",
                b'Content-Disposition: attachment; filename="' + gbk("申报.eml") + b'"',
            ),
            id="octet-stream",
        ),
    ],
)
def test_mail_inside_a_mail(entity: bytes) -> None:
    """Its attachments are taken under its name; its text is not the sender's."""
    message = parse_message(mixed(plain("请看转发"), entity, head=HEAD))
    assert names(message) == ["申报.eml/表.docx"]
    assert message.attachments[0].content == DOCX
    assert message.body == "请看转发"
    assert message.envelope.about == ("<in@b.cn>",)


def test_gb2312_body_with_gbk_characters() -> None:
    """The label says gb2312, the name of the person is only in GBK."""
    assert parse_message(mixed(plain("联系人：朱镕喆"))).body == "联系人：朱镕喆"


def test_declared_nothing_at_all() -> None:
    """A message of three lines without any MIME field."""
    message = parse_message(b"From: a@b.cn\r\nSubject: x\r\n\r\n" + gbk("请问什么时候截止？"))
    assert message.body == "请问什么时候截止？"


def test_report_of_a_failed_delivery() -> None:
    """RFC 3464: a bounce, about the message returned in it, with nothing to file."""
    report = mixed(
        plain("无法投递"),
        lines(b"Content-Type: message/delivery-status", b"", b"Reporting-MTA: dns; x", b"")
        + lines(b"Final-Recipient: rfc822; a@b.cn", b"Action: failed"),
        lines(b"Content-Type: text/rfc822-headers", b"", b"Message-ID: <ours.1@example.org>"),
        file(DOCX),
        head=lines(b"Return-Path: <>", b"From: postmaster@163.com"),
        kind=b"report; report-type=delivery-status",
    )
    message = parse_message(report)
    assert message.envelope.bounce
    assert message.envelope.about == ("<ours.1@example.org>",)
    assert message.envelope.automatic
    assert message.attachments == ()


def test_returned_mail_that_is_no_report() -> None:
    """NetEase and QQ return mail as an ordinary message from their postmaster."""
    raw = lines(b"From: Postmaster@163.com", b"Subject: " + word("系统退信"), b"") + lines(
        b"Message-ID: <ours.2@example.org>"
    )
    envelope = parse_message(raw).envelope
    assert (envelope.bounce, envelope.about) == (True, ("<ours.2@example.org>",))


def test_header_line_without_a_colon() -> None:
    """A subject folded without a space must not cost the attachments."""
    raw = mixed(
        plain(),
        file(DOCX, b'Content-Disposition: attachment; filename="a.docx"'),
        head=lines(b"From: a@b.cn", b"Subject: " + gbk("申报材料"), gbk("（第二次）")),
    )
    message = parse_message(raw)
    assert names(message) == ["a.docx"]
    assert message.envelope.subject == "申报材料 （第二次）"
    assert "HeaderLineWithoutColon" in message.defects


def test_damaged_base64_is_read_as_far_as_it_goes() -> None:
    """Garbage between the lines costs nothing, a cut costs only what was cut."""
    entity = file(DOCX, b'Content-Disposition: attachment; filename="a.docx"')
    cut = entity[: entity.rindex(b"\r\n", 0, len(entity) - 4) - 3]
    message = parse_message(mixed(plain(), cut))
    assert DOCX.startswith(message.attachments[0].content[:100])
    assert len(message.attachments[0].content) > len(DOCX) // 2


def test_base64_under_a_wrong_name() -> None:
    """An encoding called base-64 is base64."""
    raw = mixed(plain(), file(DOCX)).replace(b"Encoding: base64", b"Encoding: Base-64")
    assert parse_message(raw).attachments[0].content == DOCX


def test_truncated_message() -> None:
    """A message cut off in the middle of its attachment still has envelope and body."""
    raw = mixed(plain("正文"), file(DOCX * 50), head=HEAD)
    message = parse_message(raw[: len(raw) // 2])
    assert (message.envelope.sender, message.body) == ("zhang@163.com", "正文")
    assert len(message.attachments) == 1


def test_attachment_behind_the_end() -> None:
    """A file after the closing delimiter is found, one that stands in front too is not repeated."""
    entity = file(DOCX, b'Content-Disposition: attachment; filename="a.docx"')
    late = b"--=_b1\r\n" + entity + b"\r\n--=_b1--\r\n"
    assert names(parse_message(mixed(plain()) + late)) == ["a.docx"]
    assert names(parse_message(mixed(plain(), entity) + late)) == ["a.docx"]


@pytest.mark.parametrize(
    ("field", "refused"),
    [
        (b"X: " + b"a" * (parts.MAX_HEADER - 3), False),
        (b"X: " + b"a" * (parts.MAX_HEADER + 1), True),
        (b"\r\n".join([b"X: " + b"a" * 50_000] * 5), False),
        (b"\r\n".join([b"X: " + b"a" * 50_000] * 6), True),
    ],
)
def test_header_limits(field: bytes, refused: bool) -> None:
    """64 KB for one field, 256 KB for all; in a part as at the top."""
    for raw in (
        field + b"\r\nFrom: a@b.cn\r\n\r\nx",
        mixed(plain(), field + b"\r\nContent-Type: text/csv\r\n\r\nx"),
        mixed(plain(), b"Content-Type: message/rfc822\r\n\r\n" + field + b"\r\nA: b\r\n\r\nx"),
    ):
        if refused:
            with pytest.raises(MessageRefused, match="邮件头"):
                parse_message(raw)
        else:
            assert parse_message(raw)


@pytest.mark.parametrize("encoding", [b"base64", b"quoted-printable", b"7bit"])
def test_a_label_hides_no_header(encoding: bytes) -> None:
    """A message said to be encoded that is not is looked at like any other."""
    head = lines(b"Content-Type: message/rfc822", b"Content-Transfer-Encoding: " + encoding, b"")
    raw = mixed(plain(), head + b"X: " + b"a" * parts.MAX_HEADER + b"aa\r\n\r\nx")
    with pytest.raises(MessageRefused, match="邮件头"):
        parse_message(raw)


def test_a_large_mail_in_base64_is_no_header() -> None:
    """Its lines are digits, however many; a telephone forwards so."""
    inner = FORWARDED.replace(b"=_b2", b"=_b3") + b"x" * parts.MAX_HEADER_BLOCK
    raw = mixed(plain(), file(inner, b"Content-Type: message/rfc822"))
    assert names(parse_message(raw)) == ["申报.eml/表.docx"]


def test_number_of_parts() -> None:
    """Files up to the limit are read, one more is refused, before any parsing."""
    few = mixed(*[file(b"%d" % number) for number in range(parts.MAX_PARTS - 3)])
    assert len(parse_message(few).attachments) == parts.MAX_PARTS - 3
    with pytest.raises(MessageRefused, match="分段"):
        parse_message(mixed(*[b"\r\nx"] * (parts.MAX_PARTS + 1)))


@pytest.mark.parametrize(
    ("kind", "depth"),
    [
        ("multipart", parts.MAX_DEPTH + 2),
        ("multipart", 400),
        ("multipart", 3000),
        ("message", 3000),
    ],
)
def test_nesting_is_refused(depth: int, kind: str) -> None:
    """Deep nesting ends in a refusal, never in the interpreter's."""
    if kind == "message":
        raw = b"Content-Type: message/rfc822\r\n\r\n" * depth + b"From: a@b.cn\r\n\r\nx"
    else:
        raw = b"".join(
            b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (level, level)
            for level in range(depth)
        )
    with pytest.raises(MessageRefused):
        parse_message(raw)


def packed_mails(count: int, inner: bytes) -> bytes:
    """A mail in a mail in a mail, each attached to the next."""
    raw = mixed(file(inner, b'Content-Disposition: attachment; filename="a.docx"'))
    for level in range(count):
        head = b"Content-Type: message/rfc822\r\n\r\nFrom: a@b.cn\r\nSubject: f%d\r\n" % level
        raw = mixed(head + raw.replace(b"=_b1", b"=_c%d" % level))
    return raw


@pytest.mark.parametrize("hidden", [True, False])
@pytest.mark.parametrize("count", [10, 20, 60])
def test_a_mail_that_nests_too_deeply_harms_only_itself(count: int, hidden: bool) -> None:
    """Inside a file or as a part: it comes as a file, and the one beside it as ever."""
    raw = packed_mails(count, DOCX)
    head = b'Content-Disposition: attachment; filename="m.eml"'
    deep = (
        file(b"From: a@b.cn\r\n" + raw, head)
        if hidden
        else head + b"\r\nContent-Type: message/rfc822\r\n\r\n" + raw
    )
    good = file(DOCX, b'Content-Disposition: attachment; filename="good.docx"')
    found = parse_message(mixed(deep.replace(b"=_b1", b"=_d"), good)).attachments
    assert found[-1].name == "good.docx"
    assert len(found) == 2
    assert found[0].name.startswith("m.eml")
    assert found[0].name.endswith("/a.docx") == (count == 10)
    assert found[0].content


def test_a_mail_of_too_many_parts_harms_only_itself() -> None:
    """The parts of the mail around it are counted without them."""
    bomb = mixed(*[b"\r\nx"] * (parts.MAX_PARTS + 1)).replace(b"=_b1", b"=_d")
    head = b'Content-Disposition: attachment; filename="m.eml"'
    good = file(DOCX, b'Content-Disposition: attachment; filename="good.docx"')
    found = parse_message(mixed(file(b"From: a@b.cn\r\n" + bomb, head), good)).attachments
    assert [(entry.name, entry.content[:5]) for entry in found] == [
        ("m.eml", b"From:"),
        ("good.docx", DOCX[:5]),
    ]


def test_moderate_nesting_is_read() -> None:
    """A forwarded forward of a forward is nothing unusual."""
    raw = mixed(file(DOCX, b'Content-Disposition: attachment; filename="a.docx"'))
    for level in range(5):
        raw = mixed(
            b"Content-Type: message/rfc822\r\n\r\nSubject: f%d\r\n" % level
            + raw.replace(b"=_b1", b"=_c%d" % level)
        )
    assert names(parse_message(raw)) == ["f4.eml/f3.eml/f2.eml/f1.eml/f0.eml/a.docx"]


WHOLE = mixed(
    plain(),
    file(DOCX, b'Content-Disposition: attachment; filename="' + gbk(NAME) + b'"'),
    lines(b"Content-Type: message/rfc822", b"") + FORWARDED,
    head=HEAD,
)


@given(st.integers(0, 2**32), st.integers(1, 40))
def test_no_damage_raises_anything_else(seed: int, hits: int) -> None:
    """Bytes overwritten, cut and repeated anywhere: a Message or MessageRefused."""
    dice = random.Random(seed)
    raw = bytearray(WHOLE)
    for _hit in range(hits):
        at = dice.randrange(len(raw))
        raw[at : at + dice.choice([0, 1, 1, 1, 5, 60])] = dice.choice(
            [b"", b"\r\n", b"--=_b1", b"\0", b"=", b'"', b";", b"\xff", dice.randbytes(3)]
        )
    try:
        message = parse_message(bytes(raw))
    except MessageRefused:
        return
    assert message.envelope.subject.encode("utf-8") is not None
