"""Roll-ups, texts and whole archives as applicants send them."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from applicants import (
    COLUMNS,
    COMPANY,
    PROMPTS,
    ROLLUP_TITLE,
    ROW,
    SUMMARY_LINES,
    SUMMARY_TITLE,
    SURE,
    column,
    expected,
    field,
    field_of,
    form,
    is_flagged,
    rollup,
    rows,
    stats,
    story,
    summary,
    team,
    values,
)
from papers import (
    Box,
    Content,
    L,
    Paper,
    word,
    workbook,
)
from typer.testing import CliRunner

from mailbot.cli.root import app

# ---- the roll-up --------------------------------------------------------------------------------


def _rows(count: int) -> list[dict[str, Content]]:
    return [{"seq": str(n), "group_name": f"第{n}班组"} for n in range(1, count + 1)]


def _names(count: int) -> list[object]:
    return [f"第{n}班组" for n in range(1, count + 1)]


def _heading(text: str) -> tuple[Box, ...]:
    return (L(text, len(COLUMNS)),)


@pytest.mark.parametrize("count", [1, 2, 30])
def test_every_row_of_a_rollup(count: int) -> None:
    """None lost, none doubled, each at its place."""
    found = form(word(rollup(*_rows(count))))

    assert column(found, "group_name") == _names(count)
    assert [row.where for row in rows(found)] == [f"表1 第{n}行" for n in range(2, count + 2)]
    assert values(found) == {"preparer": "周志远", "preparer_phone": "13900000001"}


def test_columns_in_another_order_missing_or_added() -> None:
    """Each value stays under its own label."""
    reverse = form(word(rollup(*_rows(2), columns=dict(reversed(COLUMNS.items())))))
    fewer = {key: label for key, label in COLUMNS.items() if key not in ("postcode", "grade")}
    less = form(word(rollup(*_rows(2), columns=fewer)))
    more = form(word(rollup(*_rows(2), columns={**COLUMNS, "email": "邮箱", "note": "备注"})))

    for found in (reverse, less, more):
        assert column(found, "group_name") == _names(2)
        assert column(found, "member_count") == [12, 12]
        assert column(found, "phone") == [ROW["phone"]] * 2
    assert [cell.key for cell in rows(less)[0].cells] == list(fewer)


def test_blank_lines_numbered_lines_and_totals_are_no_rows() -> None:
    """Nor is the header where it is repeated."""
    paper = rollup(*_rows(3))
    header, *filled = paper.rows
    blank = tuple(Box() for _ in COLUMNS)
    numbered = (Box("4"), *blank[1:])
    total = (Box("合计", 6), Box("36"), Box(), Box())
    lines = (header, blank, *filled[:2], header, filled[2], blank, numbered, total)

    assert column(form(word(replace(paper, rows=lines))), "group_name") == _names(3)


@pytest.mark.parametrize("again", [True, False])
def test_headings_between_the_rows(*, again: bool) -> None:
    """Merged over all columns, with or without a header of their own."""
    header, one, two, three = rollup(*_rows(3)).rows
    more = (header,) if again else ()
    paper = replace(rollup(), rows=(
        header, _heading("一、优秀质量信得过班组"), *more, one, two,
        _heading("二、优秀质量管理小组"), *more, three,
    ))  # fmt: skip

    assert column(form(word(paper)), "group_name") == _names(3)
    assert column(form(workbook(S=[paper]), "a.xlsx"), "group_name") == _names(3)


@pytest.mark.parametrize(
    "heading", ["质量信得过班组：", "优秀质量管理小组（3个）", "QC小组成果3项", "装配事业部"]
)
def test_headings_however_they_are_worded(heading: str) -> None:
    """No row under them is lost."""
    header, one, two, three = rollup(*_rows(3)).rows
    lines = (header, one, _heading(heading), two, _heading(heading), three)

    assert column(form(word(replace(rollup(), rows=lines))), "group_name") == _names(3)


def test_subtotals_are_no_rows() -> None:
    """Wherever 小计 stands."""
    header, one, two = rollup(*_rows(2)).rows
    merged = (Box("小计", 6), Box("12"), Box(), Box())
    single = (Box(), Box(), Box("小计"), Box(), Box(), Box(), Box("12"), Box(), Box())
    lines = (header, one, merged, two, single)

    assert column(form(word(replace(rollup(), rows=lines))), "group_name") == _names(2)


def test_a_note_ends_the_rows() -> None:
    """Merged over all columns as headings are."""
    header, *filled = rollup(*_rows(2)).rows
    example = tuple(Box("例") for _ in COLUMNS)
    paper = replace(rollup(), rows=(header, *filled, _heading("注：请逐项填写。"), example))

    assert column(form(word(paper)), "group_name") == _names(2)


def test_a_header_of_two_rows() -> None:
    """联系方式 over 联系人 and 联系电话."""
    header, *filled = rollup(*_rows(2)).rows
    upper = (*(replace(box, down=2) for box in header[:7]), L("联系方式", 2))
    found = form(word(replace(rollup(), rows=(upper, header[7:], *filled))))

    assert column(found, "group_name") == _names(2)
    assert column(found, "contact") == ["周志远"] * 2


def test_a_company_written_once_for_several_rows() -> None:
    """Merged it counts for each; left empty it is missing."""
    header, *filled = rollup(*_rows(2)).rows
    merged = (
        header,
        tuple(replace(b, down=2) if b.text == COMPANY else b for b in filled[0]),
        tuple(b for b in filled[1] if b.text != COMPANY),
    )

    assert column(form(word(replace(rollup(), rows=merged))), "company") == [COMPANY] * 2
    assert column(form(word(rollup({}, {"company": ""}))), "company") == [COMPANY, None]


def test_a_ditto_says_what_stands_above_it_in_its_column() -> None:
    """Through several rows, past a line between them, for numbers too; what was typed is kept."""
    ditto = {
        "company": "同上",
        "contact": "〃",
        "phone": "″",
        "member_count": "同 上",
        "grade": '"',
    }
    header, one, two, three, four = rollup(
        {}, {**ditto, "group_name": "二班"}, {**ditto, "group_name": "三班", "contact": "刘芳"},
        {**ditto, "group_name": "四班"},
    ).rows  # fmt: skip
    lines = (header, one, two, _heading("二、优秀质量管理小组"), header, three, four)

    for found in (
        form(word(replace(rollup(), rows=lines))),
        form(workbook(S=[replace(rollup(), rows=lines)]), "a.xlsx"),
    ):
        assert column(found, "company") == [COMPANY] * 4
        assert column(found, "contact") == ["周志远", "周志远", "刘芳", "刘芳"]
        assert column(found, "member_count") == [12] * 4
        assert column(found, "phone") == [ROW["phone"]] * 4
        assert column(found, "grade") == [["1"]] * 4
        assert not any(is_flagged(cell) for row in rows(found) for cell in row.cells)
        second = rows(found)[1]
        assert field_of(second, "company").raw == "同上"
        assert SURE <= field_of(second, "company").confidence < 1
        assert field_of(second, "company").where.endswith(("第3行第3列", "C5"))


@pytest.mark.parametrize("above", ["", "#N/A", "同上"])
def test_a_ditto_below_nothing_is_no_value(above: str) -> None:
    """Nor in the first row, nor 同左: somebody has to say what is meant."""
    found = form(word(rollup({"contact": above}, {"contact": "同上", "company": "同左"})))

    assert column(found, "contact") == [None, None]
    assert column(found, "company") == [COMPANY, None]
    assert all(is_flagged(cell) for cell in rows(found)[1].cells if cell.value is None)


def test_a_rollup_of_numbers_in_a_worksheet() -> None:
    """As numbers and as text, each row the same."""
    found = form(workbook(S=[rollup(
        {"seq": 1, "postcode": 410200, "member_count": 12, "phone": 13900000001, "grade": 1},
        {"seq": "2", "postcode": "410200", "member_count": "12", "phone": "13900000001"},
    )]), "a.xlsx")  # fmt: skip
    first, second = rows(found)

    assert [c.value for c in first.cells[1:]] == [c.value for c in second.cells[1:]]
    assert first.get("phone") == replace(
        field_of(second, "phone"), where=field_of(first, "phone").where
    )
    assert field_of(first, "phone").where == "S!I4"


# ---- long texts ---------------------------------------------------------------------------------


@pytest.mark.parametrize("between", ["", "\n", " "])
def test_answers_behind_the_standing_prompts(between: str) -> None:
    """Each printed point that was answered stays as the heading of its answer."""
    answers = [
        "班组12人",
        "制度健全",
        "培训40次",
        "改进36条",
        "可视化看板",
        "目标全部达成",
        "先进班组",
    ]
    typed = "\n".join(
        f"{prompt}{between}{answer}" for prompt, answer in zip(PROMPTS, answers, strict=True)
    )
    value = field(form(word(team(team_intro=typed))), "team_intro").value

    assert isinstance(value, str)
    lines = [line.strip() for line in value.split("\n")]
    assert [line for line in lines if line.endswith(tuple(answers))] == [
        line
        for line in (part.strip() for part in typed.split("\n"))
        if line.endswith(tuple(answers))
    ]
    assert all(answer in value for answer in answers)


def test_the_prompts_alone_are_no_text() -> None:
    """Nor in one paragraph."""
    for text in ("\n".join(PROMPTS), " ".join(PROMPTS)):
        entry = field(form(word(team(team_intro=text))), "team_intro")

        assert (entry.value, entry.raw) == (None, "")


@pytest.mark.parametrize("text", ["质" * 200, "质" * 201, "质量 QC 小组 PDCA，2026年" * 18])
def test_an_introduction_is_kept_to_the_letter(text: str) -> None:
    """Its length is counted by the rules."""
    assert field(form(word(story(story_intro=text))), "story_intro").raw == text


@pytest.mark.parametrize(
    "text", ["演讲人：王五。手机：13911111111。", "故事名称：一颗螺栓的坚守。讲述扭矩的故事。"]
)
def test_labels_inside_a_long_text_are_text(text: str) -> None:
    """They take nothing from the fields that stand at their own places."""
    found = form(word(story(story_intro=text)))

    assert values(found) == expected("story_form", story_intro=text)


@pytest.mark.parametrize(
    "title",
    [
        SUMMARY_TITLE,
        "2025年度湖南省机械工业群众性质量管理活动工作总结",
        f"{COMPANY}2025-2026年度群众性质量管理活动工作总结",
        f"{COMPANY}\n2025年度QC小组活动工作总结",
    ],
)
def test_a_summary_under_its_titles(title: str) -> None:
    """With the company in front, with one year of two, over two lines."""
    found = form(word(Paper((*title.split("\n"), *SUMMARY_LINES))))

    assert (found.kind, found.campaigns) == ("summary_both", ("hunan-2026",))
    assert found.confidence >= SURE
    assert all(section.found for section in found.sections)


def test_a_summary_without_headings() -> None:
    """The points are found by their words."""
    found = form(word(Paper((SUMMARY_TITLE, *(
        line for line in SUMMARY_LINES if not line.startswith(("一", "二", "三"))
    )))))  # fmt: skip
    missing = {section.key for section in found.sections if not section.found}

    assert missing <= {"basics", "practice", "problems"}


@pytest.mark.parametrize(
    ("paper", "title"),
    [
        (summary, "2024-2025年度湖南省机械工业群众性质量管理活动工作总结"),
        (summary, f"{COMPANY}2024年群众性质量管理活动工作总结"),
        (summary, "2025-2026年度湖北省机械工业群众性质量管理活动工作总结"),
        (team, "湖北省机械工业优秀质量信得过班组成果表"),
        (team, "全国机械工业优秀质量信得过班组成果表"),
        (team, "2024年度湖南省机械工业优秀质量信得过班组成果表"),
        (story, "中国机械工业质量文化品牌故事推荐表"),
        (stats, "全国机械工业群众性质量管理活动概况统计表"),
        (rollup, "湖北省机械工业优秀质量信得过班组、优秀质量管理小组成果汇总表"),
    ],
)
def test_another_year_or_association(paper: Callable[[], Paper], title: str) -> None:
    """Recognised, but as none of ours."""
    printed = paper()
    at = printed.head.index(printed.head[1])
    found = form(word(replace(printed, head=(*printed.head[:at], title, *printed.head[at + 1 :]))))

    assert (found.campaigns, found.title) == ((), title)
    assert found.foreign


def test_a_story_title_without_prefix_is_ours() -> None:
    """It names no other association."""
    found = form(word(replace(story(), head=("质量文化品牌故事推荐表",))))

    assert found.campaigns == ("hunan-2026",)
    assert values(found) == expected("story_form")


@pytest.mark.parametrize("title", ["质量信得过班组成果表", "优秀班组先进事迹申报表"])
def test_an_unknown_title_is_for_a_person(title: str) -> None:
    """The labels are ours, the title is nobody's."""
    assert form(word(replace(team(), head=(title,)))).confidence < SURE


# ---- the whole program ---------------------------------------------------------------------------

_DOCUMENT = {"file", "sha256", "format", "problems", "characters", "forms", "members"}
_FORM = {"kind", "campaign", "title", "confidence", "fields", "tables"}
_FIELD = {"key", "label", "value", "raw", "where", "confidence", "source"}


def _gbk_zip(files: dict[str, bytes]) -> bytes:
    """An archive as Chinese Windows writes it: names in GBK, and no word of it."""
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for number, content in enumerate(files.values()):
            archive.writestr(f"{number:08}", content)
    data = buffer.getvalue()
    for number, name in enumerate(files):
        raw = name.encode("gbk")
        placeholder = f"{number:08}".encode()
        assert len(raw) == len(placeholder)
        data = data.replace(placeholder, raw)
    return data


def test_the_json_of_a_whole_archive(tmp_path: Path) -> None:
    """Key by key as promised, with the members of an archive named in GBK."""
    file = tmp_path / "申报.zip"
    file.write_bytes(_gbk_zip({"表.docx ": b"", "总.xlsx ": b""} | {
        "班组.doc": word(team(mobile="1390")), "汇总.xls": workbook(汇总=[rollup()]),
    }))  # fmt: skip
    result = CliRunner().invoke(app, ["read", str(file), "--json"])
    (document,) = json.loads(result.stdout)
    members = document["members"]

    assert result.exit_code == 0
    assert document.keys() >= _DOCUMENT
    assert (document["file"], document["format"], document["forms"]) == ("申报.zip", "zip", [])
    assert [m["file"] for m in members if m["forms"]] == ["申报.zip/班组.doc", "申报.zip/汇总.xls"]
    assert [m["problems"][0]["code"] for m in members if not m["forms"]] == ["document.unreadable"] * 2  # fmt: skip
    for member in members:
        assert member.keys() >= _DOCUMENT
        assert len(member["sha256"]) == len(document["sha256"]) == 64
        for read in member["forms"]:
            assert read.keys() >= _FORM
            assert read["campaign"] == "hunan-2026"
            assert all(entry.keys() >= _FIELD for entry in read["fields"])
    (told,) = members[2]["forms"]
    mobile = next(entry for entry in told["fields"] if entry["key"] == "mobile")
    assert (mobile["value"], mobile["raw"], mobile["where"]) == (None, "1390", "表1 第5行第4列")
    (listing,) = members[3]["forms"][0]["tables"]
    (row,) = listing["rows"]
    assert listing["key"] == "results"
    assert (row["group_name"], row["member_count"]) == ("冲压一班", 12)
    assert {key: row["cells"]["member_count"][key] for key in ("value", "raw", "where")} == {
        "value": 12, "raw": "12", "where": "汇总!G4",
    }  # fmt: skip
    assert members[3]["forms"][0]["title"] == ROLLUP_TITLE
