"""Binary worksheets are looked through before the library unfolds them."""

import struct
from pathlib import Path

import pytest

from parsers.damage import Damaged
from parsers.limits import Limits
from parsers.sheets.biff import scan_binary

OLD = (Path(__file__).parent / "documents" / "statistics.xls").read_bytes()
#: Dimensions of the first worksheet: rows 1 to 4, columns B to D
DIMENSIONS = struct.pack("<HHIIHHH", 0x0200, 14, 1, 5, 1, 4, 0)
#: LabelSst of cell B2
FIRST_LABEL = struct.pack("<HHHH", 0x00FD, 10, 1, 1)
CODE_PAGE = struct.pack("<HH", 0x0042, 2)


def refusal(old: bytes, new: bytes, limits: Limits | None = None) -> str:
    """The code after changing some bytes of the file that stand there once."""
    assert OLD.count(old) == 1
    with pytest.raises(Damaged) as refused:
        scan_binary(OLD.replace(old, new), limits or Limits())
    return refused.value.problem.code


def test_formats_and_errors_are_noted_by_their_cells() -> None:
    """Of the visible worksheet and of the hidden one, in their order."""
    first, second = (scan_binary(OLD, Limits())[number] for number in (0, 1))
    assert first.formats == {(1, 2): "%", (1, 3): "%", (2, 2): "000000"}
    assert first.texts == {(3, 3): "#DIV/0!"}
    assert (second.formats, second.texts) == ({}, {})


def test_a_cell_far_away_is_refused() -> None:
    """The rectangle counts, not the number of cells."""
    far = struct.pack("<HHHH", 0x00FD, 10, 60_000, 1)
    assert refusal(FIRST_LABEL, far, Limits(max_cells=100_000)) == "document.too_large"


@pytest.mark.parametrize(
    "box", [(0, 65_537, 0, 4), (0, 5, 0, 257), (6, 5, 0, 4), (0, 5, 4, 1), (0, 1 << 31, 0, 4)]
)
def test_a_declared_rectangle_must_be_possible(box: tuple[int, int, int, int]) -> None:
    """The library reserves memory for it."""
    assert refusal(DIMENSIONS, struct.pack("<HHIIHHH", 0x0200, 14, *box, 0)) == "document.unsafe"


def test_the_largest_possible_rectangle_may_be_declared() -> None:
    """Formatting whole columns does that."""
    largest = struct.pack("<HHIIHHH", 0x0200, 14, 0, 65_536, 0, 256, 0)
    assert scan_binary(OLD.replace(DIMENSIONS, largest), Limits())[0].formats


def test_a_password_is_seen() -> None:
    """FilePass stands before everything it hides."""
    assert refusal(CODE_PAGE, struct.pack("<HH", 0x002F, 2)) == "document.encrypted"


def test_a_container_without_a_workbook_is_broken() -> None:
    """Or one that cannot be opened at all."""
    with pytest.raises(Damaged) as refused:
        scan_binary(OLD[:512], Limits())
    assert refused.value.problem.code == "document.unreadable"
