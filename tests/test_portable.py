"""PDF files: the forms that Word prints into them, tables over pages, boxes, scans, limits."""

from __future__ import annotations

import functools
from pathlib import Path

import pytest
from filledforms import reader
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from portablefiles import Sheet, page, pdf, ruled
from printed import PROMPTS, rollup, statistics, story_form, summary, team_form

from parsers.damage import Damaged
from parsers.limits import Limits
from parsers.model import Cell, Content, Form, Grid, Line
from parsers.portable.document import read_portable
from parsers.word.document import read_word

DOCUMENTS = Path(__file__).parent / "documents"

#: each file was printed by LibreOffice from these very bytes (the story's brands as form boxes)
PRINTED = {
    "team_form": team_form,
    "story_form": story_form,
    "statistics": statistics,
    "rollup": lambda: rollup(
        *({"seq": f"{n}", "group_name": f"冲压{n}班", "phone": f"139000000{n:02}"} for n in range(1, 31))
    ),
    "split_story": lambda: story_form(
        story_intro="讲述装配班组十年如一日守护每一颗螺栓扭矩的故事，" * 80
    ),
    "summary": summary,
}  # fmt: skip


@functools.cache
def forms(name: str) -> tuple[Form, Form]:
    """The form as Word wrote it, and as it stands in the PDF."""
    (wanted,) = reader().read(read_word(PRINTED[name](), Limits()), f"{name}.docx")
    (found,) = reader().read(content((DOCUMENTS / f"{name}.pdf").read_bytes()), f"{name}.pdf")
    return wanted, found


def content(data: bytes, limits: Limits | None = None) -> Content:
    found = read_portable(data, limits or Limits())
    assert found is not None
    return found


def cells(data: bytes) -> list[str]:
    return [cell.text for grid in grids(data) for cell in grid.cells()]


def grids(data: bytes) -> list[Grid]:
    return [block for block in content(data).blocks if isinstance(block, Grid)]


def lines(data: bytes) -> list[str]:
    return [block.text for block in content(data).blocks if isinstance(block, Line)]


@pytest.mark.parametrize("name", PRINTED)
def test_a_printed_form_says_what_its_word_file_says(name: str) -> None:
    """Kind, title, every field; what cannot be read alike is doubted, never wrong."""
    wanted, found = forms(name)
    assert (found.kind, found.title, found.campaigns) == (
        wanted.kind, wanted.title, wanted.campaigns
    )  # fmt: skip
    assert found.characters == wanted.characters
    assert [section.found for section in found.sections] == [s.found for s in wanted.sections]
    differing = {
        field.key: field.doubt
        for field, other in zip(found.fields, wanted.fields, strict=True)
        if field.value != other.value
    }
    assert all(differing.values())
    assert set(differing) == ({"brand_type"} if name == "story_form" else set())


def test_a_list_over_four_pages_is_one_list() -> None:
    """Rows split between pages are joined, and each value is known by its page."""
    wanted, found = forms("rollup")
    ours = [[cell.value for cell in row.cells] for row in found.tables[0].rows]
    assert ours == [[cell.value for cell in row.cells] for row in wanted.tables[0].rows]
    places = {cell.where.split()[0] for row in found.tables[0].rows for cell in row.cells}
    assert places == {"第1页", "第2页", "第3页", "第4页"}


def test_a_place_is_page_table_row_and_printed_cell() -> None:
    """As a person counts them."""
    _, form = forms("team_form")
    assert form.get("postcode") is not None
    assert form.get("postcode").where == "第1页 表1 第3行第4列"  # type: ignore[union-attr]


def test_a_box_that_is_drawn_is_never_taken_for_an_empty_one() -> None:
    """The brand was ticked; the page does not say so in letters."""
    _, form = forms("story_form")
    brand = form.get("brand_type")
    assert brand is not None
    assert (brand.value, bool(brand.doubt)) == (None, True)
    assert brand.raw.count("\ufffd") == 4


def test_prompts_of_a_printed_form_are_no_answers() -> None:
    """The text of the cell is there in full, line by line."""
    _, form = forms("team_form")
    intro = form.get("team_intro")
    assert intro is not None
    assert len(intro.raw.split("\n")) == len(PROMPTS)


@pytest.mark.parametrize(
    ("first", "second", "text"),
    [
        ("1380013800", "0", "13800138000"),  # a word that fills the line was parted
        ("some word", "longer", "some word longer"),
        ("zhou@exam", "ple.com", "zhou@example.com"),
        ("0731-8555", "0101", "0731-85550101"),
        ("short", "b", "short\nb"),
    ],
)
def test_wraps_in_a_cell_are_joined_and_lines_of_their_own_are_not(
    first: str, second: str, text: str
) -> None:
    """Told by the room that was left at the end of the line."""
    width = 58 if first != "short" else 80
    rules = ruled([100, 100 + width, 300], [700, 660])
    data = pdf(page((103, 688, first), (103, 676, second), (290, 688, "x"), rules=rules))
    assert cells(data)[0] == text


def test_merged_cells_are_one_and_count_once() -> None:
    """Down and across."""
    rules = [
        (100, 700, 300, 700), (150, 680, 300, 680), (100, 660, 300, 660),
        (100, 700, 100, 660), (150, 700, 150, 660), (200, 680, 200, 660), (300, 700, 300, 660),
    ]  # fmt: skip
    texts = ((103, 688, "A"), (153, 688, "B"), (153, 668, "C"), (203, 668, "D"))
    (grid,) = grids(pdf(page(*texts, rules=rules)))
    assert list(grid.cells()) == [
        Cell(row=0, col=0, rowspan=2, text="A", where="第1页 表1 第1行第1列"),
        Cell(row=0, col=1, colspan=2, text="B", where="第1页 表1 第1行第2列"),
        Cell(row=1, col=1, text="C", where="第1页 表1 第2行第2列"),
        Cell(row=1, col=2, text="D", where="第1页 表1 第2行第3列"),
    ]


def on(bottom: bool, *rows: tuple[str, str]) -> Sheet:
    """A table of two columns at the foot or at the head of a page."""
    top = 60 + 20 * len(rows) if bottom else 780
    edges = [top - 20 * n for n in range(len(rows) + 1)]
    texts = [(103 + 100 * c, y - 14, text) for row, y in zip(rows, edges, strict=False) for c, text in enumerate(row)]  # fmt: skip
    return page(*(text for text in texts if text[2]), rules=ruled([100, 200, 300], edges))


@pytest.mark.parametrize(
    ("second", "expected"),
    [
        ([("", "end.")], ["name", "Zhou", "text", "begin,end."]),  # a row that was split
        ([("fax", "1")], ["name", "Zhou", "text", "begin,", "fax", "1"]),
        ([("name", "Zhou"), ("fax", "1")], ["name", "Zhou", "text", "begin,", "fax", "1"]),
        ([("", ""), ("", "1")], ["name", "Zhou", "text", "begin,", "", "", "", "1"]),
    ],
)
def test_a_table_goes_on_over_the_page(second: list[tuple[str, str]], expected: list[str]) -> None:
    """A split row is joined, a new one is not, a head printed again is left out."""
    data = pdf(on(True, ("name", "Zhou"), ("text", "begin,")), on(False, *second))
    assert len(grids(data)) == 1
    assert cells(data) == expected


def test_a_title_between_two_tables_parts_them() -> None:
    """The second form of a file."""
    second = on(False, ("fax", "1"))
    titled = Sheet(
        drawn=second.drawn.replace(b"BT", b"BT /F0 10 Tf 250 785 Td (Title) Tj ET BT", 1)
    )
    assert len(grids(pdf(on(True, ("name", "Zhou")), titled))) == 2


LONG = "what the group has done in all these years"


def below(*texts: tuple[float, float, str], right: float = 300) -> list[Grid]:
    """What the tables are, where a page begins with a cell of its own under a long one."""
    first = page(
        (103, 766, "name"), (203, 766, "Zhou"), (103, 746, LONG),
        rules=[*ruled([100, 300], [780, 760, 740]), (200, 780, 200, 760)],
    )  # fmt: skip
    return grids(pdf(first, page((103, 726, LONG[::-1]), *texts, rules=ruled([100, right], [740, 90]))))  # fmt: skip


def test_a_last_cell_goes_on_over_the_page() -> None:
    """Also where nothing but its rest stands there, over most of the page."""
    (grid,) = below((280, 30, "- 2 -"))
    assert [cell.text for cell in grid.cells()] == ["name", "Zhou", f"{LONG}{LONG[::-1]}"]


@pytest.mark.parametrize(
    ("texts", "right"), [(((103, 770, "Title"),), 300.0), ((), 340.0)], ids=["titled", "wider"]
)
def test_a_frame_around_text_is_no_rest_of_a_table(
    texts: tuple[tuple[float, float, str], ...], right: float
) -> None:
    """Something stands over it, or it is not as wide."""
    found = [cell.text for grid in below(*texts, right=right) for cell in grid.cells()]
    assert found[:3] == ["name", "Zhou", LONG]


def test_page_numbers_are_no_text() -> None:
    """Nor do they part a table that goes on."""
    data = pdf(page((280, 30, "- 1 -"), (100, 600, "Text.")), page((295, 20, "2"), (50, 700, "12")))
    assert lines(data) == ["Text.", "12"]


def test_lines_of_one_paragraph_are_joined() -> None:
    """Where the next word had no room; a short line ends its paragraph."""
    long = "word " * 19 + "and"
    data = pdf(page((50, 700, long), (50, 688, "more of it."), (50, 676, "Next.")))
    assert lines(data) == [f"{long} more of it.", "Next."]


@pytest.mark.parametrize(
    ("end", "following", "count"),
    [("are so:", "1. Basics", 2), ("are so", "1. Basics", 1), ("are so:", "1.5 percent", 1)],
)
def test_a_numbered_line_begins_a_paragraph(end: str, following: str, count: int) -> None:
    """Behind a full sentence, however little room that left."""
    long = "word " * 19 + end
    data = pdf(page((50, 700, long), (50, 688, following), (50, 676, "x")))
    assert len(lines(data)[:-1]) == count


def test_a_heading_is_centred_and_bold() -> None:
    """As in Word."""
    data = pdf(page((285, 700, "Form"), (50, 600, "Text"), font=1))
    assert [(b.text, b.heading) for b in content(data).blocks if isinstance(b, Line)] == [
        ("Form", True),
        ("Text", False),
    ]


def test_signs_of_wingdings_are_boxes() -> None:
    """And those that are none are not guessed."""
    assert lines(pdf(page((50, 700, "\xfe"), (50, 600, "\xa8"), (50, 500, "J"), font=2))) == [
        "☑",
        "☐",
        "\ufffd",
    ]


def test_what_was_filled_in_on_screen_is_read() -> None:
    """It lies over the page and is no part of its text."""
    rules = ruled([100, 200, 300], [700, 680, 660])
    data = pdf(
        page(
            (103, 688, "name"),
            (103, 668, "yes"),
            rules=rules,
            fields=[
                b"/FT/Tx/T(n)/V(Zhou)/Rect[205 682 290 698]",
                b"/FT/Btn/T(y)/AS/Yes/Rect[205 662 217 674]",
            ],
        )
    )
    assert cells(data) == ["name", "Zhou", "yes", "☑"]


def test_a_word_that_runs_over_the_edge_of_its_cell_stays_whole() -> None:
    """As spreadsheets print what is too long for its cell."""
    rules = ruled([100, 200, 300], [700, 680])
    assert cells(pdf(page((150, 688, "13900000001x"), (290, 688, "2"), rules=rules))) == [
        "13900000001x",
        "2",
    ]


@pytest.mark.parametrize(
    "sheet",
    [
        page(),
        page(image=(600, 800)),
        page((50, 700, "recognised by a scanner"), image=(600, 800)),
    ],
)
def test_a_scan_has_no_content(sheet: Sheet) -> None:
    """Even with the text some program recognised under it."""
    assert read_portable(pdf(sheet), Limits()) is None


def test_a_seal_beside_the_text_is_no_scan() -> None:
    """A stamped form is still read."""
    assert lines(pdf(page((50, 700, "Text"), image=(120, 120)))) == ["Text"]


def test_a_scan_among_pages_of_text_is_left_out() -> None:
    """The others are read, each under its own number."""
    data = pdf(page(image=(600, 800)), page((50, 700, "Text")))
    assert [block.where for block in content(data).blocks] == ["第2页 第1段"]


def test_pages_and_cells_are_counted() -> None:
    """At the limit it is read."""
    rules = ruled([100, 200, 300], [700, 680])
    data = pdf(page((103, 688, "a"), rules=rules), page((103, 688, "b"), rules=rules))
    assert content(data, Limits(max_pages=2, max_cells=4))
    for limits in (Limits(max_pages=1), Limits(max_cells=3)):
        with pytest.raises(Damaged) as refused:
            read_portable(data, limits)
        assert refused.value.problem.code == "document.too_large"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"%PDF-1.7", "document.unreadable"),
        (b"%PDF-1.4\n%scan\n%%EOF\n", "document.unreadable"),
        ((DOCUMENTS / "locked.pdf").read_bytes(), "document.encrypted"),
    ],
)
def test_damage_is_told_from_locks(data: bytes, code: str) -> None:
    """Each has its own cure."""
    with pytest.raises(Damaged) as refused:
        read_portable(data, Limits())
    assert refused.value.problem.code == code


SMALL = pdf(
    page((103, 688, "name"), (203, 688, "Zhou"), (50, 600, "Text"), rules=ruled([100, 200, 300], [700, 680]),
         fields=[b"/FT/Tx/V(Zhou)/Rect[205 682 290 698]"]),
)  # fmt: skip


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    flips=st.lists(st.tuples(st.integers(0, len(SMALL) - 1), st.integers(1, 255)), max_size=8),
    keep=st.integers(0, len(SMALL)),
)
def test_mangled_bytes_are_read_or_refused(flips: list[tuple[int, int]], keep: int) -> None:
    """Nothing else is raised."""
    data = bytearray(SMALL)
    for place, mask in flips:
        data[place] ^= mask
    try:
        found = read_portable(bytes(data if flips else data[:keep]), Limits())
    except Damaged as damage:
        found = None
        code = damage.problem.code
        assert code.startswith("document.")
    assert found is None or found.blocks
