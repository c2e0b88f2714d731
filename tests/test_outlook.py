"""Outlook's .msg: attachments out of its storages."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from winmailfiles import Storage, compound, msg

from parsers.containers.archives import Budget, Member
from parsers.containers.outlook import read_outlook
from parsers.damage import Damaged
from parsers.limits import Limits

ROOM = Limits(max_bytes=4096, max_total=3 * 4096, max_entries=3, max_depth=2)
A, B = b"a" * 4096, b"b" * 4096


def read(storage: Storage, limits: Limits = ROOM) -> list[Member]:
    return list(read_outlook(compound(storage), limits, Budget(limits)))


def code(member: Member) -> str:
    return member.damage.problem.code if member.damage else ""


@pytest.mark.parametrize("unicode", [True, False])
def test_files_come_in_order_with_their_names(unicode: bool) -> None:
    """In UTF-16 and in GBK."""
    members = read(msg(("湘江重工申报表.docx", A), ("b.xls", B), unicode=unicode))
    assert members == [
        Member(name="湘江重工申报表.docx", content=A),
        Member(name="b.xls", content=B),
    ]


def test_files_of_a_mail_in_the_mail_stand_under_its_name() -> None:
    """And count one level deeper."""
    (member,) = read(msg(("转发：申报", msg(("内.docx", A)))))
    assert member == Member(name="转发：申报/内.docx", content=A, levels=2)


def test_an_attachment_without_bytes_is_said() -> None:
    """One that is only linked to, or an object that is no mail."""
    linked, drawn = read(msg(("云.docx", b""), ("图", {"CONTENTS": A})))
    assert (code(linked), code(drawn)) == ("document.unreadable", "document.unreadable")
    assert linked.damage is not None
    assert "普通附件" in linked.damage.problem.message


def test_a_container_that_cannot_be_opened_is_said() -> None:
    """Cut off in its directory."""
    with pytest.raises(Damaged, match=r"\.msg.*重新发送") as caught:
        list(read_outlook(compound(msg(("a", A)))[:600], ROOM, Budget(ROOM)))
    assert caught.value.problem.code == "document.unreadable"


def test_size_number_sum_and_depth_are_bounded() -> None:
    """Up to the limit; one more is refused."""
    assert code(read(msg(("a", A), ("b", A), ("c", A)))[2]) == ""
    small = Limits(max_bytes=4095)
    assert code(read(msg(("a", A)), small)[0]) == "document.too_large"
    with pytest.raises(Damaged) as caught:
        read(msg(*[("a", A)] * 4))
    assert caught.value.problem.code == "document.unsafe"
    with pytest.raises(Damaged) as caught:
        read(msg(("a", A), ("b", A)), Limits(max_total=2 * 4096 - 1))
    assert caught.value.problem.code == "document.unsafe"
    nested = msg(("2", msg(("1", msg(("a", A))))))
    assert [member.levels for member in read(nested)] == [3]
    with pytest.raises(Damaged) as caught:
        read(msg(("3", nested)), Limits(max_depth=2))
    assert caught.value.problem.code == "document.unsafe"


SAMPLE = compound(msg(("a.docx", A), ("转发", msg(("b.docx", B)))))


@given(
    st.lists(st.tuples(st.integers(0, len(SAMPLE)), st.binary(max_size=8)), min_size=1, max_size=8)
)
def test_a_mangled_msg_is_members_or_damage(hits: list[tuple[int, bytes]]) -> None:
    """Bytes overwritten anywhere."""
    mangled = bytearray(SAMPLE)
    for at, junk in hits:
        mangled[at : at + len(junk)] = junk
    with suppress(Damaged):
        members = read_outlook(bytes(mangled), ROOM, Budget(ROOM))
        assert all(member.content or member.damage for member in members)
