"""What is shown of a document: values, gaps and doubts in words."""

from __future__ import annotations

import pytest
from command import CAMPAIGN
from filledforms import hunan

from mailbot.reports.readout import Entry, Mark, Readout, readout
from parsers.model import Document, Field, Form, Format, Line, Problem, Row, Seal, Section, Table
from parsers.scans.optical import DOUBT

CAMPAIGNS = {CAMPAIGN.id: CAMPAIGN}


def form(*fields: Field, kind: str = "team_form", **more: object) -> Form:
    return Form(kind=kind, fields=fields, **{"campaigns": (CAMPAIGN.id,), **more})  # type: ignore[arg-type]


def shown(*forms: Form, **more: object) -> Readout:
    return readout(Document(file="表.docx", sha256="ab", forms=forms, **more), CAMPAIGNS)  # type: ignore[arg-type]


def entry(field: Field, **more: object) -> Entry:
    return shown(form(field, **more)).forms[0].entries[0]


def test_a_value_is_shown_as_a_person_writes_it() -> None:
    """With unit and sign; what stood there only where it says something else."""
    share = Field(key="first_pass_rate", label="一次合格率%", value=98.5, raw="98.5")
    benefit = Field(key="benefit_year", label="效益", value=35, raw="350000元", where="表1")
    made = entry(benefit, kind="stats_both")

    assert (entry(share).text, entry(share).raw) == ("98.5%", "")
    assert (made.text, made.raw, made.mark, made.notes) == ("35 万元", "350000元", Mark.READ, ())


def test_a_demanded_field_that_is_empty_is_named_so() -> None:
    """Empty, and not there at all, are two things; what is not demanded is just blank."""
    empty = entry(Field(key="company", label="企业名称", where="表1 第2行第2列"))
    lost = entry(Field(key="company", label="企业名称"))
    fax = entry(Field(key="fax", label="传真", where="表1 第4行第6列"))
    stamp = entry(Field(key="stamp_company", label="单位盖章", where="表1 第10行第1列"))

    assert (empty.mark, empty.notes[0][1:]) == (Mark.EMPTY, "填")
    assert lost.mark is Mark.EMPTY
    assert lost.notes[0].endswith("，未找到此栏")
    assert (fax.mark, fax.notes) == (Mark.BLANK, ())
    assert (stamp.mark, stamp.notes) == (Mark.BLANK, ("手写或盖章",))


def test_an_unreadable_value_shows_what_stands_there() -> None:
    """With the reason, or with a word for it."""
    field = Field(key="mobile", label="手机", raw="139000", doubt="不是手机号码")
    plain = Field(key="mobile", label="手机", raw="139000")

    assert (entry(field).seen, entry(field).mark) == ("139000", Mark.UNREAD)
    assert entry(field).notes == ("不是手机号码",)
    assert "原文" in entry(plain).notes[0]


def test_doubts_and_recognition_are_said() -> None:
    """Both, in words; the confidence goes along."""
    field = Field(
        key="contact", label="联 系 人：", value="张三", raw="张三",
        confidence=0.625, source="ocr", doubt="有涂改",
    )  # fmt: skip
    made = entry(field)

    assert (made.label, made.mark, made.ocr) == ("联系人", Mark.DOUBT, True)
    assert made.notes == ("有涂改", "由图像识别得出，请核对原件")
    assert made.confidence == 0.625


def test_recognition_is_said_once() -> None:
    """The reader of pictures has said it of every value."""
    field = Field(key="contact", label="联系人", value="张三", source="ocr", doubt=DOUBT)
    assert entry(field).notes == (DOUBT,)


@pytest.mark.parametrize(
    ("seal", "words"),
    [(None, ""), ("found", "可见"), ("not_found", "未见"), ("unsure", "不能确定")],
)
def test_the_seal_on_a_picture_is_shown(seal: Seal | None, words: str) -> None:
    """In three states, beside the counts; nothing of other documents."""
    made = (
        shown(form(Field(key="contact", label="联系人", value="张三"), seal=seal)).forms[0].counts
    )
    assert ("印" in made) == bool(words)
    assert words in made


def test_the_item_of_a_sub_row_stays_apart_from_it() -> None:
    """Only letters set wide are drawn together."""
    made = entry(Field(key="registered_total_qc", label="累计数 QC 小组"), kind="stats_both")

    assert made.label == "累计数 QC 小组"


def test_what_a_sender_wrote_cannot_steer_a_terminal() -> None:
    """Control and direction characters are gone; lines stay."""
    field = Field(key="team_intro", label="简介", value="一\x1b[31m\n\u202e二", raw="")

    assert entry(field).text == "一 [31m\n二"


def test_a_list_has_its_columns_and_names_those_that_are_missing() -> None:
    """Demanded ones only."""
    rows = (
        Row(cells=(Field(key="company", label="* 单位名称", value="湘江重工"),), where="表1 第2行"),
    )
    table = Table(key="results", rows=rows, columns=("company",), where="表1 第1行")
    (listing,) = shown(form(kind="rollup", tables=(table,))).forms[0].lists
    spec = next(entry for entry in hunan().forms if entry.kind == "rollup").tables[0]
    demanded = [column for column in spec.columns if column.must in ("stated", "sense")]

    assert listing.columns == ("* 单位名称",)
    assert [cell.text for row in listing.rows for cell in row.cells] == ["湘江重工"]
    assert len(listing.missing) == len(demanded) - 1


def test_a_form_says_in_one_line_how_it_stands() -> None:
    """Values, gaps, points; and whether it is certain enough."""
    made = form(
        Field(key="company", label="企业名称", value="湘江重工"),
        Field(key="contact", label="联系人"),
        confidence=CAMPAIGN.confidence,
        sections=(
            Section(key="a", title="一", found=True),
            Section(key="b", title="二", found=False),
        ),
    )
    (found,) = shown(made).forms
    (unsure,) = shown(form(confidence=CAMPAIGN.confidence - 0.01)).forms

    assert found.counts == "读出 1 项，未填 1 项，要点 1 个齐备，缺少 1 个"
    assert found.sure
    assert not unsure.sure


def test_a_form_of_no_campaign_at_hand_is_shown_without_demands() -> None:
    """Nobody knows here what it has to hold."""
    (found,) = shown(
        form(Field(key="company", label="企业名称"), campaigns=(), foreign="2019")
    ).forms

    assert (found.campaigns, found.foreign, found.entries[0].mark) == ((), "2019", Mark.BLANK)


def test_silence_has_a_reason() -> None:
    """A scan, a text of no known kind, an empty archive."""

    def silence(kind: Format, **more: object) -> str:
        return shown(format=kind, **more).silence

    assert "扫描" in silence("pdf")
    assert "没有认出" in silence("text", characters=3)
    assert "没有文件" in silence("zip")
    assert silence("pdf", problems=(Problem(code="document.encrypted", message="有密码"),)) == ""


def test_members_are_named_within_their_archive() -> None:
    """And the leaves are those without members."""
    inner = Document(file="外.zip/内/表.docx", sha256="b", blocks=(Line(text="申报表"),))
    outer = readout(Document(file="外.zip", sha256="a", format="zip", members=(inner,)), CAMPAIGNS)

    assert [(leaf.name, leaf.file, leaf.blocks) for leaf in outer.leaves()] == [
        ("内/表.docx", "外.zip/内/表.docx", (Line(text="申报表"),))
    ]
