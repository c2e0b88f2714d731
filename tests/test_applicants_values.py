"""Ticks, numbers and empty fields as applicants leave them, read right or flagged."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from applicants import (
    BLANK,
    BRANDS,
    CATEGORIES,
    COMPANY,
    PAPERS,
    every_form,
    expected,
    field,
    form,
    is_flagged,
    stats,
    story,
    team,
    values,
)
from papers import (
    Paper,
    run,
    word,
    workbook,
)

# ---- boxes and ticks ---------------------------------------------------------------------


def _control(on: bool) -> str:
    return (
        f'<w:sdt><w:sdtPr><w14:checkbox><w14:checked w14:val="{int(on)}"/></w14:checkbox></w:sdtPr>'
        f"<w:sdtContent>{run('☒' if on else '☐')}</w:sdtContent></w:sdt>"
    )


def _legacy(on: bool) -> str:
    state = "<w:checked/>" if on else ""
    return (
        '<w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:checkBox><w:default w:val="0"/>'
        f"{state}</w:checkBox></w:ffData></w:fldChar></w:r>"
        '<w:r><w:instrText> FORMCHECKBOX </w:instrText></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def _wingdings(on: bool) -> str:
    code = "F0FE" if on else "F0A8"
    return f'<w:r><w:sym w:font="Wingdings" w:char="{code}"/></w:r>'


def _tick_over_box(on: bool) -> str:
    return '<w:r><w:sym w:font="Wingdings" w:char="F0FC"/></w:r>' if on else run("□")


@pytest.mark.parametrize("box", [_control, _legacy, _wingdings, _tick_over_box])
@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("gap", [" ", "", "、"])
def test_boxes_of_word(box: Callable[[bool], str], gap: str, *, after: bool) -> None:
    """Content controls, legacy fields and Wingdings, before or after their text."""
    paper = story()
    for options, chosen in ((CATEGORIES, "品牌文化"), (BRANDS, "团队")):
        pairs = [(run(option), box(option == chosen)) for option in options]
        inner = run(gap).join(text + mark if after else mark + text for text, mark in pairs)
        printed = next(b for row in paper.rows for b in row if str(b.text).endswith(options[-1]))
        paper = paper.replaced(str(printed.text), replace(printed, xml=f"<w:p>{inner}</w:p>"))
    found = form(word(paper))

    assert field(found, "content_category").value == ["品牌文化"]
    assert field(found, "brand_type").value == ["团队"]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("产品 企业 √团队 个人", ["团队"]),
        ("产品 企业 团队√ 个人", ["团队"]),
        ("□产品 □企业 □√团队 □个人", ["团队"]),
        ("□产品 □企业 √□团队 □个人", ["团队"]),
        ("□产品 □企业 □团队√ □个人", ["团队"]),
        ("□ 产品 □ 企业 □ 团队 √ □ 个人", ["团队"]),
        ("□ 产品 □ 企业 √ 团队 □ 个人", ["团队"]),
        ("□产品□企业■团队□个人", ["团队"]),
        ("产品 企业 团队V 个人", ["团队"]),
        ("□产品 □企业 V团队 □个人", ["团队"]),
        ("产品（ ） 企业（ ） 团队（√） 个人（ ）", ["团队"]),
        ("[ ]产品 [ ]企业 [x]团队 [ ]个人", ["团队"]),
        ("产品□ 企业□ 团队☑ 个人□", ["团队"]),
        ("□产品 □企业 ✔\ufe0f团队 □个人", ["团队"]),
        ("×产品 ×企业 √团队 ×个人", ["团队"]),
        ("○产品 ○企业 ●团队 ○个人", ["团队"]),
        ("□产品\n□企业\n☑团队\n□个人", ["团队"]),
        ("团队", ["团队"]),
        ("☑团队", ["团队"]),
        ("☑产品 □企业 ☑团队 □个人", ["产品", "团队"]),
    ],
)
def test_ticks_as_they_are_typed(text: str, value: list[str]) -> None:
    """In the box, beside it, before, after, or the option alone."""
    entry = field(form(word(story(brands=text))), "brand_type")

    assert (entry.value, entry.confidence, entry.doubt) == (value, 1, "")


@pytest.mark.parametrize(
    "text",
    [
        "产品 企业 团队 √ 个人",
        "□产品□企业□团队√□个人",
        "产品企业√团队个人",
        "□产品 □企业 ×团队 □个人",
        "产品 企业 团队 个人",
        "□产品 □企业 □团队 □个人 ☑其他",
        "3",
        "团队类型的品牌",
    ],
)
def test_ticks_that_cannot_be_told_are_flagged(text: str) -> None:
    """Nothing is guessed."""
    assert is_flagged(field(form(word(story(brands=text))), "brand_type"))


def test_a_letter_where_a_tick_was_meant_is_kept_raw() -> None:
    """R is a ticked box in Wingdings 2 that lost its font: no value, but not empty either."""
    entry = field(form(word(story(brands="□产品 □企业 R团队 □个人"))), "brand_type")

    assert (entry.value, entry.raw) == (None, "□产品 □企业 R团队 □个人")


# ---- empty forms -----------------------------------------------------------------------------


@every_form
def test_an_empty_form_is_empty_and_has_its_places(kind: str) -> None:
    """Null, nothing raw, and the place of each empty cell; the printed period is none."""
    found = form(word(PAPERS[kind](**BLANK[kind])))
    read = {entry.key: (entry.value, entry.raw) for entry in found.fields if entry.key != "period"}

    assert set(read.values()) == {(None, "")}
    assert all(entry.where for entry in found.fields)


# ---- numbers, percentages, units ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "text", "value"),
    [
        ("member_count", "共12人", 12),
        ("member_count", "十二人", 12),
        ("work_completion_rate", "99.2％", 99.2),
        ("complaints_per_year", "无", 0),
        ("accidents_per_year", "0起", 0),
        ("training_people_hours", "12/40", [12, 40]),
        ("training_people_hours", "40学时/12人", [12, 40]),
        ("training_people_hours", "人数12、时长40h", [12, 40]),
        ("mobile", "139 0000 0001", "13900000001"),
        ("mobile", "１３９０００００００１", "13900000001"),
        ("email", "zhou＠xiangjiang.example", "zhou@xiangjiang.example"),
        ("postcode", "４１０２００", "410200"),
        ("contact", "周 志 远", "周志远"),
        ("company", "湘江重工\n装备有限公司（盖章）", COMPANY),
        ("fax", "/", None),
        ("fax", "无", None),
        ("team_name", "企业名称", "企业名称"),
        ("team_type", "邮箱", "邮箱"),
        ("dept", "电话", "电话"),
    ],
)
def test_values_as_they_are_typed(key: str, text: str, value: object) -> None:
    """Typed as meant, and nothing else in the form changes."""
    found = form(word(team(**{key: text})))

    assert values(found) == expected("team_form", **{key: value})
    assert field(found, key).doubt == ""


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("member_count", "12-15"),
        ("member_count", "约12"),
        ("work_completion_rate", "0.992"),
        ("work_completion_rate", "1"),
        ("work_completion_rate", "98%以上"),
        ("complaints_per_year", "/"),
        ("training_people_hours", "480"),
        ("training_people_hours", "12人/2天"),
        ("training_people_hours", "12人，480分钟"),
        ("mobile", "1390000001"),
        ("mobile", "13900000001/13900000002"),
        ("email", "zhou@xiangjiang"),
        ("phone", "同手机"),
        ("postcode", "41020"),
        ("contact", "同上"),
        ("company", "#N/A"),
        ("member_count", "#REF!"),
        ("contact", "—"),
        ("contact", "周志远 13900000001"),
    ],
)
def test_values_that_cannot_be_right_are_flagged(key: str, text: str) -> None:
    """Null or doubtful, the raw text kept."""
    entry = field(form(word(team(**{key: text}))), key)

    assert is_flagged(entry)
    assert entry.raw == text


def test_units_typed_with_the_numbers() -> None:
    """12个, 612.5万元, 85000元, 98%."""
    found = form(word(stats(
        registered_total_team="86个", registered_year_qc="41个小组", penetration_rate="78.5%",
        benefit_total="5,280万元", spending_team="85000元", spending_qc="16万",
        success_rate_team="91.7％", training_times_people="6次/430人",
    )))  # fmt: skip

    assert values(found) == expected("stats_both")


def test_fractions_under_a_percent_label_are_flagged() -> None:
    """0.98 is not taken for 98, nor for 0.98."""
    found = form(word(stats(penetration_rate="0.785", success_rate_team="0.98")))

    assert is_flagged(field(found, "penetration_rate"))
    assert is_flagged(field(found, "success_rate_team"))


def _stored(paper: Paper, mark: str, number: float, shown: str = "") -> Paper:
    return paper.boxes(
        lambda box: replace(box, text=number, format=shown) if box.text == mark else box
    )


def test_numbers_of_a_worksheet() -> None:
    """Mobiles, postcodes and counts stored as numbers, a rate as 100%."""
    paper = team(postcode=410200, mobile=13900000001, member_count=12, complaints_per_year=0,
                 accidents_per_year=0, first_pass_rate=98.5, improvement_participation_rate="@")  # fmt: skip
    found = form(workbook(S=[_stored(paper, "@", 1, "0%")]), "a.xlsx")

    assert values(found) == expected("team_form")


def test_a_percent_that_lost_its_sign_in_a_worksheet_is_flagged() -> None:
    """0.785 with the format general."""
    shown = form(workbook(S=[_stored(stats(penetration_rate="@"), "@", 0.785, "0.0%")]), "a.xlsx")
    general = form(workbook(S=[stats(penetration_rate=0.785)]), "a.xlsx")

    assert field(shown, "penetration_rate").value == 78.5
    assert is_flagged(field(general, "penetration_rate"))


def test_a_leading_zero_lost_in_a_worksheet_is_flagged() -> None:
    """030002 as a number is right only with its format."""
    shown = form(workbook(S=[_stored(team(postcode="@"), "@", 30002, "000000")]), "a.xlsx")

    assert field(shown, "postcode").value == "030002"
    assert is_flagged(field(form(workbook(S=[team(postcode=30002)]), "a.xlsx"), "postcode"))
