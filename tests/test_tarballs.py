"""Tar archives and packed single files: counted as they unfold, nothing followed or written."""

import bz2
import gzip
import io
import lzma
import tarfile
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.containers.archives import Budget, Member
from parsers.containers.tarballs import read_tar
from parsers.damage import Damaged
from parsers.limits import Limits

NAME = "资料/班组申报表.docx"


def members(content: bytes, limits: Limits | None = None, name: str = "a.tar") -> list[Member]:
    bounds = limits or Limits()
    return list(read_tar(name, content, bounds, Budget(bounds)))


def tar(files: dict[str, bytes], *, encoding: str = "utf-8", form: int = tarfile.PAX_FORMAT) -> bytes:  # fmt: skip
    """A tar archive of these files."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=form, encoding=encoding) as archive:
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return buffer.getvalue()


def special(kind: bytes, target: str = "") -> bytes:
    """An archive whose only member is no plain file."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        info = tarfile.TarInfo("表.docx")
        info.type, info.linkname = kind, target
        archive.addfile(info)
    return buffer.getvalue()


def code(member: Member) -> str:
    assert member.damage is not None
    return member.damage.problem.code


def refusal(content: bytes, limits: Limits | None = None) -> str:
    with pytest.raises(Damaged) as refused:
        members(content, limits)
    return refused.value.problem.code


@pytest.mark.parametrize("pack", [bytes, gzip.compress, bz2.compress, lzma.compress])
def test_the_files_of_a_tar_are_read_however_it_is_packed(pack: type) -> None:
    """Plain, gzip, bzip2, xz."""
    content = pack(tar({NAME: b"x" * 3000, "b.txt": b""}))
    found = [(member.name, member.content) for member in members(content)]
    assert found == [(NAME, b"x" * 3000), ("b.txt", b"")]


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
@pytest.mark.parametrize("form", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT])
def test_names_are_what_the_sender_saw(encoding: str, form: int) -> None:
    """Whichever encoding the packing program wrote without saying so."""
    (member,) = members(tar({NAME: b"x"}, encoding=encoding, form=form))
    assert member.name == NAME


@pytest.mark.parametrize(
    ("archive", "shown"),
    [("资料/表.docx.gz", "表.docx"), ("表.docx.XZ", "表.docx"), ("资料.bin", "资料.bin")],
)
def test_a_file_packed_alone_has_the_name_of_its_archive(archive: str, shown: str) -> None:
    """Without the last ending."""
    (member,) = members(gzip.compress(b"abc"), name=archive)
    assert (member.name, member.content) == (shown, b"abc")


def test_names_lead_nowhere_and_litter_is_left_out() -> None:
    """For display only."""
    content = tar({"../../etc/passwd": b"x", "__MACOSX/._a": b"y", "资料/.DS_Store": b"z"})
    assert [member.name for member in members(content)] == ["etc/passwd"]


@pytest.mark.parametrize(
    "kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE]
)
def test_links_and_devices_are_not_followed(kind: bytes) -> None:
    """The sender is told that no content came."""
    (member,) = members(special(kind, "/etc/passwd"))
    assert (code(member), member.content) == ("document.unreadable", b"")


def test_folders_are_no_members() -> None:
    """An archive of folders alone is empty, yet no damage."""
    assert members(special(tarfile.DIRTYPE)) == []


def test_a_member_over_the_limit_harms_only_itself() -> None:
    """At the limit it is read, and what comes after it too."""
    limits = Limits(max_bytes=1000)
    content = gzip.compress(tar({"a": b"x" * 1000, "b": b"x" * 1001, "c": b"y"}))
    exact, over, after = members(content, limits)
    assert (len(exact.content), code(over), after.content) == (1000, "document.too_large", b"y")


def test_a_packed_file_over_the_limit_is_refused() -> None:
    """At the limit it is read."""
    (exact,) = members(gzip.compress(b"x" * 1000), Limits(max_bytes=1000))
    assert len(exact.content) == 1000
    (over,) = members(gzip.compress(b"x" * 1001), Limits(max_bytes=1000))
    assert code(over) == "document.too_large"


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress])
def test_a_bomb_ends_the_archive(pack: type) -> None:
    """By ratio, whether a file alone or a member, kept or skipped."""
    zeros = bytes(9_000_000)
    assert refusal(pack(zeros)) == "document.unsafe"
    assert refusal(pack(tar({"a": zeros}))) == "document.unsafe"
    assert refusal(pack(tar({"._a": zeros}))) == "document.unsafe"
    assert len(members(pack(zeros), Limits(max_ratio=10**6))) == 1


def test_entries_and_bytes_are_counted() -> None:
    """On the safe side of each limit it is read."""
    content = tar({str(number): b"x" for number in range(5)})
    assert len(members(content, Limits(max_entries=5, max_total=len(content)))) == 5
    assert refusal(content, Limits(max_entries=4)) == "document.unsafe"
    assert refusal(content, Limits(max_total=5 * 1024)) == "document.unsafe"


def test_a_file_of_holes_is_not_unfolded() -> None:
    """A few bytes may claim any number of zeros."""
    info = tarfile.TarInfo("a")
    info.pax_headers = {"GNU.sparse.map": "0,1", "GNU.sparse.size": str(10**12), "GNU.sparse.major": "0", "GNU.sparse.minor": "1"}  # fmt: skip
    info.size = 1
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT) as archive:
        archive.addfile(info, io.BytesIO(b"x"))
    (member,) = members(buffer.getvalue())
    assert code(member) == "document.unreadable"


@pytest.mark.parametrize(
    "content",
    [b"\x1f\x8b\x08", gzip.compress(b"abc")[:-6], b"BZh9abc", b"\xfd7zXZ\x00ab",
     gzip.compress(tar({"a": b"x" * 3000}))[:-60]],
)  # fmt: skip
def test_broken_bytes_are_damage(content: bytes) -> None:
    """With the cure."""
    assert refusal(content) == "document.unreadable"


@given(
    flips=st.lists(st.tuples(st.integers(0, 4000), st.integers(1, 255)), max_size=6),
    packed=st.booleans(),
)
def test_mangled_bytes_are_read_or_refused(flips: list[tuple[int, int]], packed: bool) -> None:
    """Nothing else is raised."""
    plain = tar({NAME: b"x" * 700, "长" * 60: b"y"}, form=tarfile.GNU_FORMAT)
    data = bytearray(gzip.compress(plain) if packed else plain)
    for place, mask in flips:
        data[place % len(data)] ^= mask
    with suppress(Damaged):
        assert all(member.name for member in members(bytes(data)))
