"""The flat pass over plain tables gives what the careful walk gives."""

from hypothesis import given
from hypothesis import strategies as st
from officefiles import NAMESPACES, p, tbl, tc, tr

from parsers.containers.package import Element, parse_xml
from parsers.limits import Limits
from parsers.model import Block
from parsers.word.plain import plain_grid
from parsers.word.text import TextReader, W
from parsers.word.walk import Walk

TEXTS = st.sampled_from(["", "甲", " 甲 ", "邮编", "a b"])
RUNS = st.sampled_from(
    [
        "<w:r><w:t>甲</w:t></w:r>",
        '<w:r><w:rPr><w:b/></w:rPr><w:t xml:space="preserve"> 乙 </w:t></w:r>',
        "<w:r><w:tab/></w:r>",
        "<w:r><w:br/><w:t>丙</w:t></w:r>",
        "<w:ins><w:r><w:t>丁</w:t></w:r></w:ins>",
        "<w:hyperlink><w:r><w:t>戊</w:t></w:r></w:hyperlink>",
        "<w:r><w:instrText>PAGE</w:instrText></w:r>",
        '<w:pPr><w:tabs><w:tab w:val="left"/></w:tabs></w:pPr>',
    ]
)
PARAGRAPHS = st.lists(RUNS, max_size=4).map(lambda runs: f"<w:p>{''.join(runs)}</w:p>")
CELLS = st.builds(
    tc,
    st.one_of(TEXTS, st.lists(PARAGRAPHS, min_size=1, max_size=3).map("".join)),
    span=st.integers(1, 3),
    down=st.sampled_from(["", "", "restart", "continue"]),
)
ROWS = st.builds(
    lambda cells, before: tr(*cells, before=before),
    st.lists(CELLS, max_size=4),
    st.sampled_from([0, 0, 0, 1]),
)
TABLES = st.lists(ROWS, max_size=5).map(lambda rows: tbl(*rows))


def body(xml: str) -> tuple[Element, bytes]:
    data = f"<w:body {NAMESPACES}>{xml}</w:body>".encode()
    return parse_xml(data), data


class Careful(TextReader):
    """A reader that never lets the flat pass do it."""

    is_plain = False


def walked(xml: str) -> list[Block]:
    root, data = body(xml)
    return list(Walk(Careful(root, data, Limits()), Limits(), None).body(root))


@given(TABLES)
def test_both_ways_give_the_same_grid(xml: str) -> None:
    """Texts, spans, places: nothing differs."""
    root, _ = body(xml)
    table = root.find(W + "tbl")
    assert table is not None
    assert [plain_grid(table, "表1", 1000)] == walked(xml)


def test_anything_else_in_the_table_is_left_to_the_walk() -> None:
    """A sign, a control, a change or a table inside."""
    for inner in (
        '<w:p><w:r><w:sym w:font="Wingdings" w:char="F0FE"/></w:r></w:p>',
        f"<w:sdt><w:sdtContent>{p('值')}</w:sdtContent></w:sdt>",
        "<w:p><w:del><w:r><w:t>旧</w:t></w:r></w:del></w:p>",
        tbl(tr(tc("内"))),
    ):
        root, _ = body(tbl(tr(tc(inner))))
        table = root.find(W + "tbl")
        assert table is not None
        assert plain_grid(table, "表1", 1000) is None


def test_more_cells_than_there_is_room_for_are_left_to_the_walk() -> None:
    """It then says that the document is too large."""
    root, _ = body(tbl(tr(tc("一"), tc("二"))))
    assert plain_grid(root[0], "表1", 2) is not None
    assert plain_grid(root[0], "表1", 1) is None
