"""Documents as JSON: the contract's shape, and nothing lost on the way back."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.codec import CodecError, document_from_json, document_to_json
from parsers.model import Cell, Document, Field, Form, Grid, Line, Problem, Row, Section, Table

TEXT = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=12)
KEYS = st.from_regex(r"[a-z][a-z0-9_]{0,6}", fullmatch=True)
NUMBERS = st.integers(-(10**9), 10**9) | st.floats(allow_nan=False, allow_infinity=False)
VALUES = st.none() | TEXT | NUMBERS | st.lists(TEXT, max_size=3) | st.lists(NUMBERS, max_size=2)
SHARES = st.floats(0, 1)
FIELDS = st.builds(
    Field,
    key=KEYS,
    label=TEXT,
    value=VALUES,
    raw=TEXT,
    where=TEXT,
    confidence=SHARES,
    source=st.sampled_from(["text", "ocr"]),
    doubt=TEXT,
)
ROWS = st.builds(
    Row,
    cells=st.lists(FIELDS, max_size=3, unique_by=lambda field: field.key).map(tuple),
    where=TEXT,
)
FORMS = st.builds(
    Form,
    kind=KEYS,
    title=TEXT,
    campaigns=st.lists(KEYS, max_size=2).map(tuple),
    foreign=TEXT,
    confidence=SHARES,
    fields=st.lists(FIELDS, max_size=3).map(tuple),
    tables=st.lists(
        st.builds(
            Table,
            key=KEYS,
            rows=st.lists(ROWS, max_size=2).map(tuple),
            columns=st.lists(KEYS, max_size=3).map(tuple),
            where=TEXT,
        ),
        max_size=2,
    ).map(tuple),
    sections=st.lists(
        st.builds(Section, key=KEYS, title=TEXT, found=st.booleans(), where=TEXT), max_size=2
    ).map(tuple),
    characters=st.integers(0, 9999),
    where=TEXT,
)
#: a paper that another campaign calls another kind
TWO_KINDS = st.builds(lambda form, other: replace(form, others=(other,)), FORMS, FORMS)


PLACES = st.integers(0, 9)
LINES = st.builds(Line, text=TEXT, where=TEXT, heading=st.booleans())
GRIDS = st.deferred(
    lambda: st.builds(
        Grid,
        rows=st.lists(st.lists(CELLS, max_size=2).map(tuple), max_size=2).map(tuple),
        where=TEXT,
    )
)
CELLS = st.builds(
    Cell,
    row=PLACES,
    col=PLACES,
    rowspan=PLACES,
    colspan=PLACES,
    text=TEXT,
    where=TEXT,
    grids=st.just(()) | st.lists(GRIDS, max_size=1).map(tuple),
)
BLOCKS = st.lists(LINES | GRIDS, max_size=2).map(tuple)


def documents(members: st.SearchStrategy[tuple[Document, ...]]) -> st.SearchStrategy[Document]:
    return st.builds(
        Document,
        file=TEXT,
        sha256=TEXT,
        size=st.integers(0, 10**9),
        format=st.sampled_from(["docx", "zip", "unknown"]),
        problems=st.lists(st.builds(Problem, code=TEXT, message=TEXT), max_size=2).map(tuple),
        characters=st.none() | st.integers(0, 9999),
        text=TEXT,
        blocks=BLOCKS,
        forms=st.lists(st.one_of(FORMS, TWO_KINDS), max_size=2).map(tuple),
        members=members,
    )


DOCUMENTS = documents(st.lists(documents(st.just(())), max_size=2).map(tuple))


@given(DOCUMENTS)
def test_nothing_is_lost_on_the_way_through_json(document: Document) -> None:
    """Through real JSON text, with the whole text asked for."""
    data = json.loads(
        json.dumps(document_to_json(document, text=True, content=True), ensure_ascii=False)
    )
    assert document_from_json(data) == document


def test_the_shape_is_the_contracts() -> None:
    """Keys and nesting of the JSON of ``read``."""
    name = Field(key="name", label="姓名", value="张三丰", raw="张三丰", where="表1 第2行第1列")
    age = Field(key="age", label="年龄", value=33, raw="33岁", where="表1 第2行第2列", doubt="单位")
    document = Document(
        file="x.zip/表.docx",
        sha256="ab",
        format="docx",
        problems=(Problem(code="document.macro", message="含宏"),),
        characters=812,
        text="不公开",
        forms=(
            Form(
                kind="team_form",
                title="申报表",
                campaigns=("hunan-2026",),
                confidence=0.99,
                fields=(name,),
                tables=(Table(key="members", rows=(Row(cells=(name, age)),)),),
            ),
        ),
    )
    data = document_to_json(document)
    assert "text" not in data
    assert (data["file"], data["sha256"], data["format"]) == ("x.zip/表.docx", "ab", "docx")
    assert data["problems"] == [{"code": "document.macro", "message": "含宏"}]
    assert (data["characters"], data["members"]) == (812, [])
    (form,) = data["forms"]
    assert (form["kind"], form["campaign"], form["title"], form["confidence"]) == (
        "team_form", "hunan-2026", "申报表", 0.99,
    )  # fmt: skip
    assert form["fields"] == [
        {
            "key": "name",
            "label": "姓名",
            "value": "张三丰",
            "raw": "张三丰",
            "where": "表1 第2行第1列",
            "confidence": 1.0,
            "source": "text",
        }
    ]
    (table,) = form["tables"]
    (row,) = table["rows"]
    assert (table["key"], row["name"], row["age"]) == ("members", "张三丰", 33)
    assert row["cells"]["age"]["value"] == 33
    assert row["cells"]["age"]["raw"] == "33岁"
    assert row["cells"]["age"]["where"] == "表1 第2行第2列"
    assert row["cells"]["age"]["doubt"] == "单位"


@pytest.mark.parametrize("campaigns", [(), ("hunan-2026", "china-machinery-2024")])
def test_an_open_campaign_is_null(campaigns: tuple[str, ...]) -> None:
    """None fits, or more than one does."""
    form = Form(kind="story_form", campaigns=campaigns)
    data = document_to_json(Document(file="a", sha256="b", forms=(form,)))
    assert data["forms"][0]["campaign"] is None
    assert document_from_json(data).forms[0].campaigns == campaigns


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"file": "a"},
        [],
        None,
        document_to_json(Document(file="a", sha256="b")) | {"forms": [1]},
    ],
)
def test_what_is_no_document_is_refused(data: object) -> None:
    """With one error of our own."""
    with pytest.raises(CodecError):
        document_from_json(data)  # type: ignore[arg-type]


def test_a_paper_that_two_campaigns_call_different_kinds_is_of_neither() -> None:
    """``campaign`` is null, and what the other reads stands beside it."""
    other = Form(kind="rollup.qc", campaigns=("china-machinery-2024",))
    form = Form(kind="rollup", campaigns=("hunan-2026",), others=(other,))
    document = Document(file="表.docx", sha256="ab", format="docx", forms=(form,))
    (data,) = document_to_json(document)["forms"]
    assert (data["campaign"], data["campaigns"]) == (None, ["hunan-2026"])
    assert [entry["kind"] for entry in data["others"]] == ["rollup.qc"]
