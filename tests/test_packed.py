"""Archives .rar and .7z: members counted as they unfold, locks told from the headers."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rarfiles import Stored, rar4, rar5

from parsers.containers import packed
from parsers.containers.archives import Budget, Member
from parsers.containers.packed import read_7z, read_rar
from parsers.damage import Damaged
from parsers.documents import read_document
from parsers.limits import Limits
from parsers.model import Content, Form

ARCHIVES = Path(__file__).parent / "documents" / "archives"
NAME = "资料/班组申报表.docx"
GBK = NAME.encode("gb18030")


def opened(content: bytes, limits: Limits | None = None) -> list[Member]:
    bounds = limits or Limits()
    read = read_7z if content.startswith(b"7z") else read_rar
    return list(read(content, bounds, Budget(bounds)))


def sample(name: str) -> bytes:
    """An archive that the real program wrote."""
    return (ARCHIVES / name).read_bytes()


def library() -> ModuleType:
    door = packed.unpacker()
    assert door is not None
    return door


def seven(files: dict[str, bytes], *, method: str = "lzma2") -> bytes:
    """A .7z of these files, all in one stream."""
    parts: list[bytes] = []
    with library().custom_writer(
        lambda data: parts.append(bytes(data)) or len(data), "7zip", options=f"compression={method}"
    ) as archive:
        for name, content in files.items():
            archive.add_file_from_memory(name, len(content), content)
    return b"".join(parts)


def pairs(content: bytes, limits: Limits | None = None) -> list[tuple[str, bytes]]:
    return [(member.name, member.content) for member in opened(content, limits)]


def codes(content: bytes, limits: Limits | None = None) -> list[str | None]:
    return [member.damage and member.damage.problem.code for member in opened(content, limits)]


def refusal(content: bytes, limits: Limits | None = None) -> str:
    with pytest.raises(Damaged) as refused:
        opened(content, limits)
    return refused.value.problem.code


@pytest.mark.parametrize(
    "content",
    [
        rar4(Stored(name=GBK, content=b"x" * 3000), Stored(name=b"b.txt")),
        rar4(Stored(name=NAME.encode(), content=b"x" * 3000), Stored(name=b"b.txt")),
        rar5(Stored(name=NAME.encode(), content=b"x" * 3000), Stored(name=b"b.txt")),
        seven({NAME: b"x" * 3000, "b.txt": b""}),
    ],
)
def test_files_are_read_under_the_names_the_sender_saw(content: bytes) -> None:
    """In RAR 4 the code page is not told."""
    assert pairs(content) == [(NAME, b"x" * 3000), ("b.txt", b"")]


@pytest.mark.parametrize("name", ["rar4-seek.rar", "rar5-crc.rar", "rar5-solid.rar"])
def test_what_the_real_program_packed_is_read(name: str) -> None:
    """Two files of text, apart or in one stream."""
    assert [(name, len(content)) for name, content in pairs(sample(name))] == [
        ("stest1.txt", 2048),
        ("stest2.txt", 2048),
    ]


def test_folders_are_no_members_and_names_may_be_of_any_script() -> None:
    """RAR 4 keeps Unicode names in a form of its own."""
    names = [member.name for member in opened(sample("rar4-folders.rar"))]
    assert names[:3] == [
        "sub/dir2/file2.txt",
        "sub/with space/long fn.txt",
        "sub/üȵĩöḋè/file.txt",
    ]
    assert len(names) == 4
    assert pairs(rar5(Stored(name=b"a", folder=True), Stored(name=b"a/b", content=b"x"))) == [
        ("a/b", b"x")
    ]


@pytest.mark.parametrize("build", [rar4, rar5])
def test_names_lead_nowhere_and_litter_is_left_out(build: type) -> None:
    """For display only."""
    content = build(
        Stored(name=b"../../etc/passwd", content=b"x"), Stored(name=b"__MACOSX/._a", content=b"y")
    )
    assert pairs(content) == [("etc/passwd", b"x")]
    assert pairs(seven({"../../etc/passwd": b"x", "资料/Thumbs.db": b"y"})) == [
        ("etc/passwd", b"x")
    ]


@pytest.mark.parametrize("build", [rar4, rar5])
def test_locked_files_and_links_harm_only_themselves(build: type) -> None:
    """The others are read."""
    content = build(
        Stored(name=b"a.docx", content=b"secret", locked=True),
        Stored(name=b"b.docx", content=b"a.b" if build is rar4 else b"", link=True),
        Stored(name=b"c.docx", content=b"x"),
    )
    assert codes(content) == ["document.encrypted", "document.unreadable", None]
    assert pairs(content)[2] == ("c.docx", b"x")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("rar4-locked.rar", ["document.encrypted"] * 2),
        ("rar5-locked.rar", ["document.encrypted"] * 2),
        ("locked.7z", ["document.encrypted"]),
        ("links.7z", [None, "document.unreadable"]),
        ("rar5-links.rar", [None, "document.unreadable", "document.unreadable"]),
        ("rar4-solid.rar", [None, "document.unreadable"]),
    ],
)
def test_what_cannot_be_had_is_named_file_by_file(name: str, expected: list[str | None]) -> None:
    """As the real program packed it."""
    assert codes(sample(name)) == expected


@pytest.mark.parametrize(
    "content",
    [
        sample("rar4-locked-names.rar"),
        sample("rar5-locked-names.rar"),
        sample("locked-names.7z"),
        rar4(locked=True),
        rar5(locked=True),
    ],
)
def test_an_archive_whose_names_are_locked_is_encrypted(content: bytes) -> None:
    """Not empty and not broken."""
    assert refusal(content) == "document.encrypted"


@pytest.mark.parametrize("content", [rar4(), rar5(), seven({})])
def test_an_empty_list_is_never_taken_for_an_empty_archive(content: bytes) -> None:
    """It means locked or unreadable."""
    assert refusal(content) == "document.unreadable"


@pytest.mark.parametrize("build", [rar4, rar5])
def test_after_a_file_cut_by_the_volume_nothing_is_trusted(build: type) -> None:
    """The names stay known; the content might be another file's."""
    content = build(
        Stored(name=b"a", content=b"x"),
        Stored(name=b"b", content=b"y", split=True),
        Stored(name=b"c", content=b"z"),
    )
    assert codes(content) == [None, "document.unreadable", "document.unreadable"]
    assert "分卷" in str(opened(content)[1].damage)


@pytest.mark.parametrize("build", [rar4, rar5, None])
def test_a_flipped_byte_harms_only_its_file(build: type | None) -> None:
    """The checksum tells, where the file is stored as it is too."""
    files = {"a": b"abcdef", "b": b"good"}
    stored = [Stored(name=name.encode(), content=content) for name, content in files.items()]
    content = build(*stored) if build else seven(files, method="store")
    assert codes(content) == [None, None]
    assert codes(content.replace(b"abcdef", b"abcdeg")) == ["document.unreadable", None]


@pytest.mark.parametrize("build", [rar4, rar5, None])
def test_a_member_over_the_limit_harms_only_itself(build: type | None) -> None:
    """At the limit it is read, and what comes after it too."""
    files = {"a": b"x" * 1000, "b": b"x" * 1001, "c": b"y"}
    stored = [Stored(name=name.encode(), content=content) for name, content in files.items()]
    content = build(*stored) if build else seven(files)
    limits = Limits(max_bytes=1000)
    assert codes(content, limits) == [None, "document.too_large", None]
    assert pairs(content, limits)[2] == ("c", b"y")


def test_a_bomb_ends_the_archive() -> None:
    """By ratio, by entries, by the sum of bytes, kept or skipped."""
    zeros = bytes(9_000_000)
    assert refusal(seven({"a": zeros})) == "document.unsafe"
    assert refusal(seven({"._a": zeros})) == "document.unsafe"
    assert refusal(seven({"a": zeros, "b": b""}), Limits(max_bytes=10)) == "document.unsafe"
    assert len(opened(seven({"a": zeros}), Limits(max_ratio=10**6))) == 1


@pytest.mark.parametrize("build", [rar4, rar5, None])
def test_entries_and_bytes_are_counted(build: type | None) -> None:
    """On the safe side of each limit it is read."""
    files = {str(number): b"x" * 10 for number in range(5)}
    stored = [Stored(name=name.encode(), content=content) for name, content in files.items()]
    content = build(*stored) if build else seven(files)
    assert len(opened(content, Limits(max_entries=5, max_total=50))) == 5
    assert refusal(content, Limits(max_entries=4)) == "document.unsafe"
    assert refusal(content, Limits(max_total=49)) == "document.unsafe"


@pytest.mark.parametrize("name", ["rar5-crc.rar", "locked.7z"])
def test_without_the_library_the_sender_is_asked_for_a_zip(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it would take is no business of the sender's."""
    monkeypatch.setattr(packed, "unpacker", lambda: None)
    with pytest.raises(Damaged) as refused:
        opened(sample(name))
    assert refused.value.problem.code == "document.unreadable"
    assert ".zip" in refused.value.problem.message


def test_a_library_that_is_not_there_is_no_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a machine without it."""
    loaded = {name for name in sys.modules if name.partition(".")[0] == "libarchive"}
    for name in loaded:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setenv("LIBARCHIVE", "libarchive-that-is-not-there.so")
    assert packed.unpacker.__wrapped__() is None
    monkeypatch.undo()
    assert importlib.import_module("libarchive")


class NoForms:
    """Recognises nothing."""

    def read(self, _content: Content, _file: str) -> tuple[Form, ...]:
        return ()


def test_archives_of_all_kinds_lie_in_each_other() -> None:
    """With the way in their names."""
    inner = rar4(Stored(name=GBK, content="甲".encode()))
    middle = seven({"内.rar": inner})
    document = read_document("外.rar", rar5(Stored(name=b"b.7z", content=middle)), NoForms())
    assert [(leaf.file, leaf.text) for leaf in document.leaves()] == [
        (f"外.rar/b.7z/内.rar/{NAME}", "甲")
    ]


FLIPS = st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(1, 255)), max_size=8)


@pytest.mark.parametrize(
    "content",
    [
        rar4(Stored(name=GBK, content=b"x" * 99), Stored(name=b"b", content=b"y")),
        rar5(Stored(name=b"a", content=b"x" * 99), Stored(name=b"b", content=b"y", link=True)),
        sample("rar4-seek.rar"),
        sample("rar5-solid.rar"),
        seven({"a": b"x" * 99, "b": b"yyy"}),
    ],
    ids=["rar4", "rar5", "packed rar4", "solid rar5", "7z"],
)
@settings(max_examples=120, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(flips=FLIPS, keep=st.floats(0, 1))
def test_mangled_bytes_are_read_or_refused(
    content: bytes, flips: list[tuple[float, int]], keep: float
) -> None:
    """Nothing else is raised."""
    data = bytearray(content)
    for place, mask in flips:
        data[int(place * len(data))] ^= mask
    cut = bytes(data if flips else data[: int(keep * len(data))])
    document = read_document("a.rar", cut, NoForms())
    assert document.file == "a.rar"
