"""Archives: names put right, bytes counted, nothing followed and nothing written."""

import io
import struct
import zipfile
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from officefiles import archive

from parsers.containers.archives import Budget, Member, file_name, member_name, path_name, read_zip
from parsers.damage import Damaged
from parsers.limits import Limits


def members(content: bytes, limits: Limits | None = None) -> list[Member]:
    bounds = limits or Limits()
    return list(read_zip(content, bounds, Budget(bounds)))


def named(raw: bytes, *, flag: int = 0, extra: bytes = b"") -> bytes:
    """A .zip whose only member has these very bytes as its name."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        info = zipfile.ZipInfo("n" * len(raw))
        info.extra = extra
        file.writestr(info, b"x")
    content = buffer.getvalue().replace(b"n" * len(raw), raw)
    if flag:
        at = content.index(b"PK\x01\x02") + 8
        content = content[:6] + struct.pack("<H", flag) + content[8:at] + struct.pack("<H", flag) + content[at + 2 :]  # fmt: skip
    return content


def unicode_path(raw: bytes, name: str) -> bytes:
    body = b"\x01" + zlib.crc32(raw).to_bytes(4, "little") + name.encode()
    return struct.pack("<HH", 0x7075, len(body)) + body


GBK = "班组申报表.docx".encode("gb18030")


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (archive({"班组申报表.docx": b"x"}), "班组申报表.docx"),
        (named(GBK), "班组申报表.docx"),
        (named("班组申报表.docx".encode()), "班组申报表.docx"),
        (named("班组申报表.docx".encode(), flag=0x800), "班组申报表.docx"),
        (named(b"name.docx", extra=unicode_path(b"name.docx", "申报表.docx")), "申报表.docx"),
        (named(GBK, extra=unicode_path(b"other", "错.docx")), "班组申报表.docx"),
        (named("资料\\表.docx".encode("gbk")), "资料/表.docx"),
    ],
)
def test_names_are_what_the_sender_saw(content: bytes, name: str) -> None:
    """By flag, by extra field, as UTF-8, as GBK."""
    assert [(member.name, member.content) for member in members(content)] == [(name, b"x")]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd", "etc/passwd"),
        ("/etc/passwd", "etc/passwd"),
        ("a\\..\\..\\b.docx", "a/b.docx"),
        ("a\n\x00b.docx", "ab.docx"),
        ("表\u202excod.exe", "表xcod.exe"),
        ("e\u0301.docx", "é.docx"),
        ("\ud800.docx", "?.docx"),
        ("", "未命名"),
        ("..", "未命名"),
        ("长" * 300 + ".docx", "长" * 195 + ".docx"),
    ],
)
def test_display_names_lead_nowhere(name: str, shown: str) -> None:
    """No way up, no control characters, no endless length."""
    assert path_name(name) == shown


@given(st.text())
def test_every_name_can_be_shown_and_stored(name: str) -> None:
    """One line, encodable, bounded, without a way up."""
    for shown in (path_name(name), file_name(name)):
        assert shown
        assert shown.encode().decode() == shown
        assert ".." not in path_name(name).split("/")
        assert "\n" not in shown
        assert "\r" not in shown
    assert len(file_name(name)) <= 200


def test_folders_and_what_systems_leave_behind_are_not_members() -> None:
    """Only what the sender meant to send."""
    content = archive(
        {"资料/": b"", "资料/表.docx": b"x", "__MACOSX/._表.docx": b"y", "资料/.DS_Store": b"z",
         "Thumbs.db": b"t", "~$表.docx": b"l"}
    )  # fmt: skip
    assert [member.name for member in members(content)] == ["资料/表.docx"]


def flagged(content: bytes, bit: int) -> bytes:
    """The archive with a general purpose flag set in both headers of its first member."""
    at = content.index(b"PK\x01\x02") + 8
    data = bytearray(content)
    data[6] |= bit
    data[at] |= bit
    return bytes(data)


def code(member: Member) -> str:
    assert member.damage is not None
    return member.damage.problem.code


def test_a_locked_member_harms_only_itself() -> None:
    """The others are read."""
    first, second = members(flagged(archive({"密.docx": b"x", "表.docx": b"y"}), 1))
    assert code(first) == "document.encrypted"
    assert second.content == b"y"


def test_links_are_not_followed() -> None:
    """The sender is told that only a link came."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        link = zipfile.ZipInfo("表.docx")
        link.external_attr = 0o120777 << 16
        file.writestr(link, "/etc/passwd")
    (member,) = members(buffer.getvalue())
    assert code(member) == "document.unreadable"
    assert member.content == b""


def test_a_member_over_the_limit_harms_only_itself() -> None:
    """At the limit it is read."""
    limits = Limits(max_bytes=10)
    exact, over = members(archive({"a": b"x" * 10, "b": b"x" * 11}), limits)
    assert exact.content == b"x" * 10
    assert code(over) == "document.too_large"


def test_a_damaged_member_harms_only_itself() -> None:
    """The checksum tells."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        file.writestr("a.txt", b"abcdef")
        file.writestr("b.txt", b"good")
    content = bytearray(buffer.getvalue())
    content[content.index(b"abcdef")] ^= 1
    first, second = members(bytes(content))
    assert code(first) == "document.unreadable"
    assert second.content == b"good"


def test_a_bomb_ends_the_archive() -> None:
    """By ratio, by entries, by the sum of bytes; on the safe side of each it is read."""
    zeros = archive({"a": b"\0" * 9_000_000})
    assert len(members(zeros, Limits(max_ratio=2000))) == 1
    many = archive({str(number): b"x" * 10 for number in range(5)})
    assert len(members(many, Limits(max_entries=5, max_total=50))) == 5
    for content, limits in [
        (zeros, Limits()),
        (many, Limits(max_entries=4)),
        (many, Limits(max_total=49)),
    ]:
        with pytest.raises(Damaged) as refused:
            members(content, limits)
        assert refused.value.problem.code == "document.unsafe"


def test_an_unknown_compression_is_reported() -> None:
    """Windows writes method 9 for very large files."""
    content = bytearray(archive({"a.txt": b"abc"}))
    at = content.index(b"PK\x01\x02")
    content[8:10] = content[at + 10 : at + 12] = b"\x09\x00"
    assert code(members(bytes(content))[0]) == "document.unreadable"


def test_a_name_that_is_neither_is_kept_as_it_stands() -> None:
    """Rather a strange name than none."""
    info = zipfile.ZipInfo("a")
    info.orig_filename = b"\xff\xff".decode("cp437")
    info.flag_bits = 0
    assert member_name(info)


def test_a_member_without_a_name_is_still_read() -> None:
    """It gets one for display."""
    content = archive({"a": b"x"})
    at = content.index(b"PK\x01\x02")
    nameless = content[:at] + content[at:].replace(b"\0a", b"\0\0")
    assert member_name(zipfile.ZipInfo("")) == "未命名"
    assert len(members(nameless)) == 1
