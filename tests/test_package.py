"""Zip packages and their XML: bounded, without entities, parts by relationship."""

import pytest
from officefiles import archive

from parsers.containers.package import Package, parse_xml, stream_xml
from parsers.damage import Damaged
from parsers.limits import Limits

RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Type="http://x/styles" Target="styles.xml"/>'
    '<Relationship Id="r2" Type="http://x/header" Target="/word/h.xml"/>'
    '<Relationship Id="r3" Type="http://x/image" Target="../media/./a.png"/>'
    '<Relationship Id="r4" Type="http://x/hyperlink" Target="http://e" TargetMode="External"/>'
    "</Relationships>"
)


def package(files: dict[str, bytes], limits: Limits | None = None) -> Package:
    return Package(archive(files), limits or Limits())


def test_targets_start_from_the_folder_of_their_source() -> None:
    """Relative, absolute and with dots; outer ones are left out."""
    found = package({"word/_rels/document.xml.rels": RELATIONS.encode()})
    assert found.targets("word/document.xml") == {
        "r1": ("styles", "word/styles.xml"),
        "r2": ("header", "word/h.xml"),
        "r3": ("image", "media/a.png"),
    }
    assert found.targets("word/other.xml") == {}


def test_a_part_is_read_up_to_its_limit() -> None:
    """One byte more is refused, a missing part is damage."""
    found = package({"a": b"x" * 10, "b": b"x" * 11}, Limits(max_part=10))
    assert found.part("a") == b"x" * 10
    for name, code in (("b", "document.unsafe"), ("c", "document.unreadable")):
        with pytest.raises(Damaged) as refused:
            found.part(name)
        assert refused.value.problem.code == code


def test_too_many_parts_are_refused() -> None:
    """At the limit they are not."""
    files = {str(number): b"" for number in range(3)}
    assert package(files, Limits(max_entries=3)).names == {"0", "1", "2"}
    with pytest.raises(Damaged):
        package(files, Limits(max_entries=2))


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"<a>", "document.unreadable"),
        (b"", "document.unreadable"),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "document.unsafe"),
        (b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>', "document.unsafe"),
    ],
)
def test_broken_and_hostile_xml_is_refused(data: bytes, code: str) -> None:
    """Office files never carry a document type."""
    with pytest.raises(Damaged) as refused:
        parse_xml(data)
    assert refused.value.problem.code == code


@pytest.mark.parametrize("data", [b"<a>", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'])
def test_a_stream_refuses_the_same(data: bytes) -> None:
    """Broken at its end, hostile at its beginning."""
    with pytest.raises(Damaged):
        list(stream_xml(data, "a"))


def test_streamed_elements_are_emptied_and_left_behind() -> None:
    """A hundred thousand cells never stand in memory together."""
    widest = seen = 0
    for event, element in stream_xml(b"<t><r>" + b"<c/>" * 100_000 + b"</r></t>", "c"):
        parent = element.getparent()
        if event == "end" and parent is not None:
            widest, seen = max(widest, len(parent)), seen + 1
    assert seen == 100_000
    assert widest < 20_000
