"""Formatting is taken out before parsing, and nothing that is read goes with it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from officefiles import NAMESPACES, docx, p, tbl, tr

from parsers.damage import Damaged
from parsers.limits import Limits
from parsers.model import Content, Grid, Line
from parsers.word import document as word
from parsers.word.document import read_word
from parsers.word.lean import lean

RUN_PROPERTIES = st.lists(
    st.sampled_from(
        [
            '<w:rFonts w:ascii="宋体" w:hint="eastAsia"/>',
            '<w:rFonts w:ascii="Wingdings" w:hAnsi="Wingdings"/>',
            '<w:sz w:val="21"/>',
            "<w:b/>",
            "<w:vanish/>",
            '<w:color w:val="000000"/>',
            '<w14:ligatures w14:val="none"/>',
            '<w:rPrChange w:id="1"><w:rPr><w:sz w:val="24"/></w:rPr></w:rPrChange>',
        ]
    ),
    max_size=3,
).map("".join)
PARAGRAPH_PROPERTIES = st.builds(
    lambda entries, run: f"<w:pPr>{''.join(entries)}<w:rPr>{run}</w:rPr></w:pPr>",
    st.lists(
        st.sampled_from(
            [
                '<w:spacing w:line="320"/>',
                '<w:jc w:val="center"/>',
                '<w:outlineLvl w:val="0"/>',
                '<w:pStyle w:val="Heading1"/>',
                '<w:tabs><w:tab w:val="left" w:pos="400"/></w:tabs>',
            ]
        ),
        max_size=3,
    ),
    RUN_PROPERTIES,
)
CELL_PROPERTIES = st.lists(
    st.sampled_from(
        [
            '<w:tcW w:w="2160" w:type="dxa"/>',
            '<w:tcBorders><w:top w:val="single"/></w:tcBorders>',
            '<w:gridSpan w:val="2"/>',
            '<w:vMerge w:val="restart"/>',
            "<w:vMerge/>",
            '<w:hMerge w:val="continue"/>',
            '<w:cellDel w:id="2"/>',
            '<w:vAlign w:val="center"/>',
        ]
    ),
    max_size=3,
).map("".join)
RUNS = st.builds(
    lambda properties, text: f"<w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r>",
    RUN_PROPERTIES,
    st.sampled_from(["邮编", "R", "&lt;w:rPr&gt;", "！?", ""]),
)
PARAGRAPHS = st.builds(
    lambda properties, runs: f"<w:p>{properties}{''.join(runs)}</w:p>",
    PARAGRAPH_PROPERTIES,
    st.lists(RUNS, max_size=3),
)
CELLS = st.builds(
    lambda properties, paragraphs: (
        f"<w:tc><w:tcPr>{properties}</w:tcPr>{''.join(paragraphs)}</w:tc>"
    ),
    CELL_PROPERTIES,
    st.lists(PARAGRAPHS, max_size=2),
)
TABLES = st.lists(st.lists(CELLS, max_size=3).map(lambda cells: tr(*cells)), max_size=3).map(
    lambda rows: tbl(*rows)
)
BODIES = st.lists(st.one_of(PARAGRAPHS, TABLES), max_size=4).map("".join)


def whole(body: str, monkeypatch: pytest.MonkeyPatch) -> Content:
    """Read with nothing taken out."""
    with monkeypatch.context() as patch:
        patch.setattr(word, "lean", lambda data: data)
        return read_word(docx(body), Limits())


@given(BODIES)
def test_what_is_read_is_the_same_with_and_without(body: str) -> None:
    """Texts, places, spans and headings, whatever formatting stands around them."""
    with pytest.MonkeyPatch.context() as patch:
        assert read_word(docx(body), Limits()) == whole(body, patch)


def test_fonts_sizes_and_widths_go() -> None:
    """Most of the bytes of a form; what tells a heading or a merged cell stays."""
    cell = '<w:tc><w:tcPr><w:tcW w:w="1"/>{}</w:tcPr><w:p><w:r><w:rPr><w:sz w:val="2"/>{}</w:rPr><w:t>甲</w:t></w:r></w:p></w:tc>'
    full = part(tbl(tr(cell.format("", ""), cell.format('<w:gridSpan w:val="2"/>', "<w:b/>"))))

    found = lean(full).decode()

    assert "w:sz" not in found
    assert "w:tcW" not in found
    assert found.count("<w:tcPr>") == found.count("<w:rPr>") == 1
    assert '<w:gridSpan w:val="2"/>' in found
    assert "<w:b/>" in found


@pytest.mark.parametrize(
    "written",
    [
        "<!-- <w:r><w:rPr><w:sz/></w:rPr></w:r> -->",
        "<w:t><![CDATA[<w:r><w:rPr><w:sz/></w:rPr>]]></w:t>",
        "<?note <w:r><w:rPr><w:sz/></w:rPr></w:r>?>",
    ],
)
def test_a_part_in_which_elements_could_hide_is_left_alone(written: str) -> None:
    """What looks like formatting there is text, or nothing at all."""
    full = part(p("甲") + written)

    assert lean(full) == full


def test_a_part_of_other_prefixes_is_left_alone() -> None:
    """Only the usual writing is understood; the parser knows all."""
    full = b'<document xmlns="http://example.org"><w:rPr><w:sz/></w:rPr></document>'

    assert lean(full) == full


@pytest.mark.parametrize(
    "block", ['<w:sz w:val="1" w:val="2"/>', "<w:sz>", '<x:sz w:val="1"/>', "\x00"]
)
def test_a_broken_block_breaks_the_document_as_before(block: str) -> None:
    """It is not repaired by being taken out."""
    with pytest.raises(Damaged):
        read_word(docx(f"<w:p><w:r><w:rPr>{block}</w:rPr><w:t>甲</w:t></w:r></w:p>"), Limits())


def test_no_end_of_different_blocks_costs_no_end_of_time() -> None:
    """After some hundreds the rest stays; what is read is the same."""
    runs = "".join(
        f'<w:r><w:rPr><w:sz w:val="{size}"/></w:rPr><w:t>甲</w:t></w:r>' for size in range(400)
    )

    left = lean(part(f"<w:p>{runs}</w:p>")).count(b"<w:rPr>")

    assert 0 < left < 400
    assert read_word(docx(f"<w:p>{runs}</w:p>"), Limits()).characters == 400


def test_a_change_of_formatting_keeps_what_it_wraps() -> None:
    """Blocks within blocks: the outer one is not cut short."""
    run = (
        '<w:r><w:rPr><w:b/><w:rPrChange w:id="1"><w:rPr><w:sz w:val="2"/></w:rPr></w:rPrChange>'
        "</w:rPr><w:t>甲</w:t></w:r>"
    )
    (block,) = read_word(
        docx(f'<w:p><w:pPr><w:jc w:val="center"/></w:pPr>{run}</w:p>'), Limits()
    ).blocks

    assert isinstance(block, Line)
    assert block.heading


def test_a_cell_in_a_font_of_signs_keeps_its_box() -> None:
    """R typed in Wingdings 2 is a ticked box."""
    run = '<w:r><w:rPr><w:rFonts w:ascii="Wingdings 2"/></w:rPr><w:t>R</w:t></w:r>'
    (block,) = read_word(docx(tbl(tr(f"<w:tc><w:p>{run}</w:p></w:tc>"))), Limits()).blocks

    assert isinstance(block, Grid)
    assert block.rows[0][0].text == "☑"


def part(body: str) -> bytes:
    """A main part."""
    head = '<?xml version="1.0" encoding="UTF-8"?>'
    return f"{head}<w:document {NAMESPACES}><w:body>{body}</w:body></w:document>".encode()
