"""The states of form fields, from records as Word writes them."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.word.formfields import FieldState, field_state, recorded_state, shown

TICKED, EMPTY = FieldState(ticked=True), FieldState()


def text(value: str) -> bytes:
    return struct.pack("<H", len(value)) + value.encode("utf-16-le") + bytes(2)


def box(result: int, default: int = 0) -> bytes:
    head = struct.pack("<IHHH", 0xFFFFFFFF, 1 | result << 2, 0, 20)
    return head + text("Check1") + struct.pack("<H", default) + text("") * 5


def choice(result: int, *entries: str, default: int = 0) -> bytes:
    head = struct.pack("<IHHH", 0xFFFFFFFF, 2 | result << 2 | 1 << 15, 0, 20)
    listed = struct.pack("<HHH", 0xFFFF, len(entries), 0)
    texts = b"".join(text(entry)[:-2] for entry in entries)
    return head + text("Dropdown1") + struct.pack("<H", default) + text("") * 5 + listed + texts


@pytest.mark.parametrize(
    ("record", "state"),
    [
        (box(1), TICKED),
        (box(0), EMPTY),
        (box(0, default=1), EMPTY),
        (box(25, default=1), TICKED),
        (box(25), EMPTY),
        (box(2), None),
        (box(25, default=2), None),
        (choice(1, "一等", "二等"), FieldState(chosen="二等")),
        (choice(25, "一等", "二等", default=1), FieldState(chosen="二等")),
        (choice(2, "一等", "二等"), None),
        (struct.pack("<IHHH", 0xFFFFFFFF, 0, 0, 20) + text("Text1"), None),
        (bytes(4) + box(1)[4:], None),
        (box(1)[:20], None),
        (b"", None),
    ],
)
def test_a_record_says_what_its_field_shows(record: bytes, state: FieldState | None) -> None:
    """Set by hand, by default, or not to be told."""
    assert recorded_state(record) == state


def stored(record: bytes, header: int = 0x44, length: int | None = None) -> bytes:
    size = 0x44 + len(record) if length is None else length
    return struct.pack("<iH", size, header) + bytes(0x44 - 6) + record


@pytest.mark.parametrize(
    ("data", "place", "state"),
    [
        (b"xy" + stored(box(1)) + b"z", 2, TICKED),
        (stored(box(1)), -1, None),
        (stored(box(1)), 5000, None),
        (stored(box(1), header=0x40), 0, None),
        (stored(box(1), length=5000), 0, None),
        (stored(box(1), length=-1), 0, None),
        (stored(box(1), length=0x44), 0, None),
    ],
)
def test_a_record_is_found_at_its_place_alone(
    data: bytes, place: int, state: FieldState | None
) -> None:
    """With the header of every record before it, and within the stream."""
    assert field_state(data, place) == state


def test_where_one_state_is_unknown_none_is_shown() -> None:
    """An unknown box among empty ones would read as nothing ticked."""
    assert shown([TICKED, EMPTY, FieldState(chosen="二等")]) == ["☑", "☐", "二等"]
    assert shown([TICKED, None]) == ["\ufffd", "\ufffd"]
    assert shown([]) == []


@given(st.binary(max_size=60))
def test_any_bytes_have_a_state_or_none(data: bytes) -> None:
    """Nothing is raised."""
    for record in (data, b"\xff\xff\xff\xff\x02\x80" + data):
        state = recorded_state(record)
        assert state is None or isinstance(state.shown, str)
