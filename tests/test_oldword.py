"""Old Word documents say the same as the .docx they were saved from."""

import contextlib
import functools
import struct
from pathlib import Path

import pytest
from filledforms import reader, values
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from printed import rollup, statistics, story_form, team_form

from parsers.damage import Damaged
from parsers.documents import read_document
from parsers.limits import Limits
from parsers.model import Document
from parsers.word.document import read_word
from parsers.word.oldword import read_old_word

DOCUMENTS = Path(__file__).parent / "documents"
BOXES = (DOCUMENTS / "boxes.doc").read_bytes()

#: saved as .doc by an office program from what stands beside it
FORMS = {
    "team_form": team_form,
    "story_form": story_form,
    "statistics": statistics,
    "rollup": lambda: rollup(
        {},
        {
            "seq": "2",
            "company": "衡阳电机有限公司",
            "group_name": "铸造二组",
            "grade": "2",
            "member_count": "9",
        },
    ),
}


@functools.cache
def saved(name: str) -> bytes:
    return (DOCUMENTS / f"{name}.doc").read_bytes()


def read(name: str, content: bytes) -> Document:
    return read_document(name, content, reader())


@pytest.mark.parametrize("name", FORMS)
def test_an_old_document_holds_the_same_blocks_as_the_new_one(name: str) -> None:
    """Texts, merged cells, places, headings and 字数."""
    assert read_old_word(saved(name), Limits()) == read_word(FORMS[name](), Limits())


@pytest.mark.parametrize("extension", ["doc", "wps"])
@pytest.mark.parametrize("name", FORMS)
def test_the_forms_of_old_documents_are_read_like_those_of_new_ones(
    name: str, extension: str
) -> None:
    """All values with their places, under both names of the container."""
    old = read(f"{name}.{extension}", saved(name))
    new = read(f"{name}.docx", FORMS[name]())

    assert (old.format, old.problems) == (extension, ())
    assert old.forms == new.forms
    assert values(old.forms[0]) or old.forms[0].tables


def test_the_boxes_and_lists_of_a_protected_form_keep_their_states() -> None:
    """By their record in the file: ticked, chosen from a list, typed."""
    (form,) = read("推荐表.doc", BOXES).forms
    found = values(form)

    assert (found["content_category"], found["brand_type"]) == (["品牌文化"], ["团队"])
    assert (found["story_title"], found["speaker_gender"]) == ("一颗螺栓的坚守", ["女"])


def test_boxes_of_unknown_state_are_doubted_and_never_empty() -> None:
    """One broken record, and none of the boxes is believed."""
    ticked = struct.pack("<IH", 0xFFFFFFFF, 1 | 1 << 2)
    broken = struct.pack("<IH", 0, 1 | 1 << 2)
    assert BOXES.count(ticked) == 2
    (form,) = read("推荐表.doc", BOXES.replace(ticked, broken, 1)).forms
    for key in ("content_category", "brand_type"):
        field = form.get(key)
        assert field is not None
        assert (field.value, bool(field.doubt)) == (None, True)


@pytest.mark.parametrize(
    "content",
    [
        saved("team_form")[:1000],
        saved("team_form")[:-12_000],
        saved("team_form").replace(b"\xec\xa5\x01\x01", b"\xdc\xa5\x65\x00", 1),  # Word 6
        (DOCUMENTS / "statistics.xls").read_bytes(),  # a container without a Word document
    ],
)
def test_what_cannot_be_read_is_damage_with_its_cure(content: bytes) -> None:
    """Torn, too old, or not a Word document at all."""
    with pytest.raises(Damaged) as refused:
        read_old_word(content, Limits())
    assert refused.value.problem.code == "document.unreadable"
    assert ".docx" in refused.value.problem.message


def test_nothing_is_read_from_or_written_to_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process that reads documents may not."""
    data = saved("story_form")

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError

    monkeypatch.chdir(tmp_path)
    for door in ("builtins.open", "io.open", "os.open", "os.mkdir"):
        monkeypatch.setattr(door, refuse)
    found = read_old_word(data, Limits())
    monkeypatch.undo()
    assert found.characters
    assert list(tmp_path.iterdir()) == []


def test_streams_are_bounded() -> None:
    """A stream larger than a part may be is not unfolded."""
    with pytest.raises(Damaged):
        read_old_word(saved("team_form"), Limits(max_part=1000))


SPOTS = st.lists(
    st.tuples(
        st.floats(0, 1, exclude_max=True),
        st.sampled_from([b"\xff", b"\0", b"\x7f", b"\xff\xff\xff\x7f", b"\0\0\0\x80", b"\x13"]),
    ),
    min_size=1,
    max_size=12,
)


@pytest.mark.parametrize("name", ["boxes", "story_form"])
@settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(spots=SPOTS)
def test_mangled_documents_are_read_or_damage(name: str, spots: list[tuple[float, bytes]]) -> None:
    """Nothing else comes out of the library, whatever is written over."""
    data = bytearray(saved(name))
    for place, filling in spots:
        at = int(place * len(data))
        data[at : at + len(filling)] = filling
    with contextlib.suppress(Damaged):
        assert read_old_word(bytes(data), Limits()).characters >= 0
