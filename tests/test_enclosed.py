"""Mails as documents: their attachments are members, wherever the mail was found."""

from __future__ import annotations

import hashlib
from email.message import EmailMessage

import pytest
from officefiles import archive
from winmailfiles import attached, compound, enclosed, msg, tnef, winmail

from mailbot.mime.enclosed import open_mail
from parsers.containers.archives import Budget
from parsers.documents import read_document
from parsers.limits import Limits
from parsers.model import Content, Document, Form

TEXT = "湘江重工装备有限公司".encode()


class Nobody:
    """Recognises no form."""

    def read(self, content: Content, file: str) -> tuple[Form, ...]:  # noqa: ARG002
        return ()


def read(name: str, content: bytes, limits: Limits | None = None) -> Document:
    return read_document(name, content, Nobody(), limits, open_mail=open_mail)


def mail(*files: tuple[str, bytes], body: str = "您好", **fields: str) -> bytes:
    message = EmailMessage()
    for name, value in {"From": "zhang@applicant.example", "Subject": "申报", **fields}.items():
        message[name] = value
    message.set_content(body)
    for name, content in files:
        message.add_attachment(
            content, maintype="application", subtype="octet-stream", filename=name
        )
    return message.as_bytes()


def leaves(document: Document) -> list[tuple[str, str, list[str]]]:
    return [
        (leaf.file, leaf.format, [problem.code for problem in leaf.problems])
        for leaf in document.leaves()
    ]


LETTER = mail(("表.txt", TEXT))


def test_the_attachments_of_a_saved_mail_are_its_members() -> None:
    """Told by its bytes, whatever it is called."""
    document = read("转发", LETTER)
    assert (document.format, document.problems, document.text) == ("eml", (), "")
    (member,) = document.members
    assert (member.file, member.format, member.text) == ("转发/表.txt", "text", TEXT.decode())
    assert member.sha256 == hashlib.sha256(TEXT).hexdigest()


@pytest.mark.parametrize(
    "first", ["ARC-Seal: i=1", "Authentication-Results: x", "From zhang Fri Jul 10 09:00:00 2026"]
)
def test_a_mail_may_begin_with_any_field(first: str) -> None:
    """Or with the line that a mailbox puts before it."""
    assert leaves(read("a", first.encode() + b"\n" + LETTER)) == [("a/表.txt", "text", [])]


def test_text_with_colons_is_no_mail() -> None:
    """One word of a header makes none."""
    assert read("a.txt", b"Company: X\nDate: today\n\ntext").format == "text"


def test_mails_in_archives_and_archives_in_mails() -> None:
    """With their way in their names."""
    packed = mail(("内.zip", archive({"表.txt": TEXT})))
    assert leaves(read("外.zip", archive({"转发.eml": packed}))) == [
        ("外.zip/转发.eml/内.zip/表.txt", "text", [])
    ]


def test_mails_count_like_archives() -> None:
    """As deep as the limit is read, one deeper is refused."""
    content = archive({"内.eml": mail(("内.zip", archive({"表.txt": TEXT})))})
    assert leaves(read("a.zip", content, Limits(max_depth=3)))[0][2] == []
    assert leaves(read("a.zip", content, Limits(max_depth=2))) == [
        ("a.zip/内.eml/内.zip", "zip", ["document.unsafe"])
    ]
    forwarded = mail(("内.eml", mail(("内.zip", archive({"表.txt": TEXT})))))
    assert leaves(read("a.eml", forwarded, Limits(max_depth=3)))[0][2] == []
    (leaf,) = leaves(read("a.eml", forwarded, Limits(max_depth=2)))
    assert leaf == ("a.eml/内.eml/内.zip", "zip", ["document.unsafe"])


def test_mails_share_the_budget_of_their_archive() -> None:
    """Number and size of all files together."""
    content = archive({"1.eml": LETTER, "2.eml": LETTER})
    assert [leaf[2] for leaf in leaves(read("a.zip", content, Limits(max_entries=4)))] == [[], []]
    second = leaves(read("a.zip", content, Limits(max_entries=3)))[1]
    assert second == ("a.zip/2.eml", "eml", ["document.unsafe"])
    limits = Limits(max_total=2 * len(LETTER) + 2 * len(TEXT))
    assert [leaf[2] for leaf in leaves(read("a.zip", content, limits))] == [[], []]
    less = Limits(max_total=limits.max_total - 1)
    assert leaves(read("a.zip", content, less))[1][2] == ["document.unsafe"]


def test_a_file_that_is_too_large_is_named() -> None:
    """The others are read."""
    content = mail(("大.txt", b"x" * 1001), ("小.txt", b"x" * 1000))
    room = Limits(max_bytes=1000)
    large, small = open_mail(content, room, Budget(room))
    assert large.damage is not None
    assert large.damage.problem.code == "document.too_large"
    assert (small.damage, len(small.content)) == (None, 1000)


def test_what_is_only_linked_to_is_said() -> None:
    """A 超大附件 in a forwarded mail has not come either."""
    link = "https://mail.163.com/large-attachment-download/index.html?p=1 申报表.docx"
    document = read("转发.eml", mail(body=link))
    (leaf,) = document.leaves()
    assert [problem.code for problem in leaf.problems] == ["document.cloud_link"]
    assert "普通附件" in leaf.problems[0].message


def test_a_mail_built_to_harm_is_refused() -> None:
    """With its reason as a problem of the document."""
    document = read("a.eml", b"From: a@b.cn\nDate: x\nX: " + b"a" * 300_000 + b"\n\nx")
    assert leaves(document) == [("a.eml", "eml", ["document.unsafe"])]


def test_without_anyone_to_open_mails_they_are_unreadable() -> None:
    """The sender is asked for the attachments."""
    document = read_document("a.eml", LETTER, Nobody())
    assert leaves(document) == [("a.eml", "eml", ["document.unreadable"])]


def test_the_ways_of_outlook_are_mails() -> None:
    """winmail.dat and .msg, one in the other."""
    inner = tnef(attached("表.txt", TEXT), enclosed("转发", winmail(("内.txt", TEXT))))
    assert leaves(read("winmail.dat", inner)) == [
        ("winmail.dat/表.txt", "text", []),
        ("winmail.dat/转发/内.txt", "text", []),
    ]
    document = read("a.msg", compound(msg(("winmail.dat", inner))))
    assert [leaf[0] for leaf in leaves(document)][1] == "a.msg/winmail.dat/转发/内.txt"
    assert document.format == "eml"


def test_a_broken_winmail_keeps_what_was_had() -> None:
    """And says what to do."""
    document = read("winmail.dat", winmail(("表.txt", TEXT), ("b.txt", TEXT * 9))[:-200])
    assert [problem.code for problem in document.problems] == ["document.unreadable"]
    assert [member.file for member in document.members] == ["winmail.dat/表.txt"]


def test_yenc_is_said() -> None:
    """Nothing here decodes it."""
    document = read("a.bin", b"=ybegin line=128 size=3 name=a.bin\r\nabc\r\n=yend size=3\r\n")
    assert "yEnc" in document.problems[0].message
