"""winmail.dat: attachments out of Outlook's wrapping, names as the sender saw them."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from winmailfiles import attached, attribute, enclosed, prop, properties, tnef, winmail

from parsers.containers.archives import Budget, Member
from parsers.containers.winmail import SIGNATURE, holds_files, read_winmail
from parsers.damage import Damaged
from parsers.limits import Limits

ROOM = Limits(max_bytes=1000, max_total=2000, max_entries=3)
NAME = "湘江重工装备有限公司 成果申报表.docx"


def read(content: bytes, limits: Limits = ROOM) -> list[Member]:
    return list(read_winmail(content, limits, Budget(limits)))


def code(member: Member) -> str:
    return member.damage.problem.code if member.damage else ""


@pytest.mark.parametrize("charset", ["gbk", "utf-8", "utf-16-le"])
def test_files_come_with_their_long_names(charset: str) -> None:
    """Whatever charset Outlook wrote the name in."""
    members = read(tnef(attached(NAME, b"abc", charset=charset), attached("a.xls", b"x")))
    assert members == [Member(name=NAME, content=b"abc"), Member(name="a.xls", content=b"x")]


def test_without_properties_the_short_name_serves() -> None:
    """Older programs write only title and data, in either order."""
    data, title = attribute(2, 0x800F, b"1"), attribute(2, 0x8010, "表.doc\0".encode("gbk"), 1)
    begins = attribute(2, 0x9002, bytes(14))
    expected = [Member(name="表.doc", content=b"1")]
    assert read(tnef(begins, data, title)) == read(tnef(begins, title, data)) == expected


def test_a_western_name_is_read_as_such() -> None:
    """A name that is neither UTF-8 nor GBK."""
    (member,) = read(tnef(attached("Übersicht.ä", b"1", charset="cp1252")))
    assert member.name == "Übersicht.ä"


def test_an_attached_mail_is_a_winmail_again() -> None:
    """Named as Outlook shows it; what stands beside it as plain bytes is only its picture."""
    inner = winmail(("内.docx", b"1"))
    (member,) = read(tnef(enclosed("申报材料", inner) + attribute(2, 0x800F, b"icon")))
    assert member == Member(name="申报材料", content=inner)


def test_an_object_is_its_bytes() -> None:
    """Without the identifier of its interface in front."""
    found = attribute(2, 0x9005, properties(prop(0x3701, 0x0D, bytes(16) + b"object")))
    (member,) = read(tnef(attribute(2, 0x9002, bytes(14)), found))
    assert member == Member(name="附件", content=b"object")


def test_names_lead_nowhere() -> None:
    """A path in a name is for display only."""
    (member,) = read(winmail(("..\\..\\C:\\a/表.docx", b"1")))
    assert ".." not in member.name.split("/")


def test_an_empty_attachment_is_said() -> None:
    """With what the sender can do; the others are read."""
    first, second = read(winmail(("空.docx", b""), ("b.docx", b"1")))
    assert (code(first), second.content) == ("document.unreadable", b"1")
    assert first.damage is not None
    assert "普通附件" in first.damage.problem.message


def test_a_stream_that_breaks_off_is_said() -> None:
    """Files before the break are had."""
    content = winmail(("a.docx", b"1" * 50), ("b.docx", b"2" * 50))
    members = read_winmail(content[: content.rindex(b"2" * 50) + 20], ROOM, Budget(ROOM))
    assert next(members).content == b"1" * 50
    with pytest.raises(Damaged, match=r"winmail\.dat.*重新发送") as caught:
        next(members)
    assert caught.value.problem.code == "document.unreadable"


def test_a_file_whose_name_is_broken_off_is_had() -> None:
    """Its bytes stand in front."""
    members = read_winmail(winmail(("a.docx", b"1" * 50))[:-20], ROOM, Budget(ROOM))
    assert next(members).content == b"1" * 50
    with pytest.raises(Damaged):
        next(members)


def test_bytes_behind_the_end_do_no_harm() -> None:
    """Some gateways append their own."""
    assert len(read(winmail(("a.docx", b"1")) + b"\r\n.\r\n")) == 1


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (tnef(), False),
        (winmail(("a", b"")), True),
        (SIGNATURE + b"\0\0" + b"\1", True),
        (b"", True),
    ],
)
def test_whether_there_are_files(content: bytes, expected: bool) -> None:
    """Only the looks of the text: nothing; what cannot be told counts as something."""
    assert holds_files(content) is expected


def test_size_number_and_sum_are_bounded() -> None:
    """Up to the limit; one more is refused."""
    assert [code(m) for m in read(winmail(("a", b"x" * 1000), ("b", b"x" * 1000)))] == ["", ""]
    assert code(read(winmail(("a", b"x" * 1001)))[0]) == "document.too_large"
    with pytest.raises(Damaged) as caught:
        read(winmail(("a", b"x" * 1000), ("b", b"x" * 1000), ("c", b"x")))
    assert caught.value.problem.code == "document.unsafe"
    assert len(read(winmail(*[("a", b"x")] * 3))) == 3
    with pytest.raises(Damaged) as caught:
        read(winmail(*[("a", b"x")] * 4))
    assert caught.value.problem.code == "document.unsafe"


def test_millions_of_attributes_are_passed_in_one_go() -> None:
    """The rest of the stream is not copied for each."""
    assert read(tnef(attribute(1, 0x9999, b"") * 200_000, attached("a", b"1")))[0].content == b"1"


SAMPLE = tnef(attached(NAME, b"abc" * 9), enclosed("转发", winmail(("b.docx", b"1"))))


@given(st.binary(max_size=300))
@example(b"\1\0" * 20)
def test_arbitrary_bytes_behind_the_signature(tail: bytes) -> None:
    """Members, or damage; never anything else."""
    with suppress(Damaged):
        read(SIGNATURE + tail)
    assert holds_files(SIGNATURE + tail) in (True, False)


@given(
    st.lists(st.tuples(st.integers(0, len(SAMPLE)), st.binary(max_size=6)), min_size=1, max_size=8)
)
def test_a_mangled_winmail_is_members_or_damage(hits: list[tuple[int, bytes]]) -> None:
    """Bytes overwritten anywhere."""
    mangled = bytearray(SAMPLE)
    for at, junk in hits:
        mangled[at : at + len(junk)] = junk
    with suppress(Damaged):
        assert all(member.content or member.damage for member in read(bytes(mangled)))
