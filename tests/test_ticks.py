"""Which options are ticked."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.values.ticks import read_heading, read_ticks

_BRAND = ("产品", "企业", "团队", "个人")
_TYPES = ("问题解决型", "创新型")
_KINDS = ("现场", "攻关", "管理", "服务", "创新型")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("□产品 ☑企业 □团队 □个人", ["企业"]),
        ("☑产品 ☑企业 □团队 □个人", ["产品", "企业"]),
        ("□ 产品 ■ 企业 □ 团队 □ 个人", ["企业"]),
        ("☐产品☒企业☐团队☐个人", ["企业"]),
        ("□产品 √企业 □团队 □个人", ["企业"]),
        ("□产品 □√企业 □团队 □个人", ["企业"]),
        ("□产品 √□企业 □团队 □个人", ["企业"]),
        ("□产品 □企业√ □团队 □个人", ["企业"]),
        ("产品□ 企业☑ 团队□ 个人□", ["企业"]),
        ("产品 □ 企业 ■ 团队 □ 个人 □", ["企业"]),
        ("产品□企业√团队□个人□", ["企业"]),
        ("[ ]产品 [√]企业 [ ]团队 [ ]个人", ["企业"]),
        ("（ ）产品 （V）企业 （ ）团队 （ ）个人", ["企业"]),
        ("【】产品【√】企业【】团队【】个人", ["企业"]),
        ("○产品 ●企业 ○团队 ○个人", ["企业"]),
        ("√企业", ["企业"]),
        ("企业√", ["企业"]),
        ("V企业 产品 团队 个人", ["企业"]),
        ("产品 √企业 团队 个人", ["企业"]),
        ("产品 企业√ 团队 个人", ["企业"]),
        ("企业", ["企业"]),
        ("企业、团队", ["企业", "团队"]),
        ("类型（可多选）：□产品 ☑企业 □团队 □个人", ["企业"]),
        ("□产品\n☑企业\n□团队\n□个人", ["企业"]),
        ("□产　品 ☑企　业 □团　队 □个　人", ["企业"]),
    ],
)
def test_ticked_options(text: str, value: list[str]) -> None:
    """Boxes before or after, drawn or typed, marks beside printed boxes, or none at all."""
    reading = read_ticks(text, _BRAND)

    assert reading.value == value
    assert reading.doubt == ""


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1", ["1"]),
        ("２", ["2"]),
        ("一", ["1"]),
        ("一等", ["1"]),
        ("二等奖", ["2"]),
        ("1等", ["1"]),
        ("2级", ["2"]),
        ("□1 ☑2", ["2"]),
        ("□一等 ☑二等", ["2"]),
        ("3", []),
        ("三等", []),
        ("11", []),
        ("十一", []),
        ("12等", []),
        ("二十", []),
    ],
)
def test_grades_are_written_in_figures_or_words(text: str, value: list[str]) -> None:
    """Another number is never read as part of one."""
    assert (read_ticks(text, ("1", "2")).value or []) == value


@pytest.mark.parametrize(
    "text", ["□产品 □企业 □团队 □个人", "产品□ 企业□ 团队□ 个人□", "[ ]产品 [ ]企业", "", "□"]
)
def test_nothing_ticked_is_nothing(text: str) -> None:
    """Neither value nor doubt."""
    reading = read_ticks(text, _BRAND)

    assert (reading.value, reading.doubt) == (None, "")


@pytest.mark.parametrize(
    "text",
    [
        "产品√企业 团队 个人",
        "产品 √ 企业 团队 个人",
        "□产品√□企业 □团队 □个人",
        "产品 企业 团队 个人",
        "其他",
        "[ ]产品 [x]企业 [√]团队 [ ]个人",
        "☑产品 ☒企业 □团队 □个人",
        "×产品 企业 团队 个人",
        "□产品 □企业 □团队 □个人 ☑其他",
    ],
)
def test_what_cannot_be_told_is_not_guessed(text: str) -> None:
    """A mark between two options, all options without a mark, none of the options."""
    reading = read_ticks(text, _BRAND)

    assert reading.value is None
    assert reading.doubt


def test_an_option_inside_another_word_is_doubted() -> None:
    """产品质量 is not 产品."""
    assert read_ticks("产品质量提升", _BRAND).confidence < 0.8


def test_an_unknown_option_beside_a_known_one_is_doubted() -> None:
    """Known ones are kept."""
    reading = read_ticks("☑产品 □企业 □团队 □个人 ☑其他", _BRAND)

    assert reading.value == ["产品"]
    assert reading.doubt


@pytest.mark.parametrize(
    ("text", "options", "value"),
    [
        ("创新型", _TYPES, ["创新型"]),
        ("创新", _TYPES, ["创新型"]),
        ("问题解决", _TYPES, ["问题解决型"]),
        ("现场型", _KINDS, ["现场"]),
        ("□问题解决 ☑创新", _TYPES, ["创新型"]),
        ("1", ("1", "2"), ["1"]),
        ("1等", ("1", "2"), ["1"]),
    ],
)
def test_options_are_returned_as_the_form_writes_them(
    text: str, options: tuple[str, ...], value: list[str]
) -> None:
    """With or without 型."""
    assert read_ticks(text, options).value == value


def test_a_number_is_no_option_inside_another_number() -> None:
    """10 is not 1."""
    assert read_ticks("10", ("1", "2")).value is None


_STYLES = st.sampled_from(
    [("□", "☑"), ("☐", "☒"), ("○", "●"), ("[ ]", "[√]"), ("（ ）", "（√）"), ("□", "■")]
)


@given(
    ticked=st.sets(st.sampled_from(_BRAND), min_size=1),
    style=_STYLES,
    before=st.booleans(),
    inner=st.sampled_from(["", " "]),
    between=st.sampled_from([" ", "  ", "\n", "、"]),
)
def test_any_row_of_boxes_is_read_back(
    *, ticked: set[str], style: tuple[str, str], before: bool, inner: str, between: str
) -> None:
    """Whatever the boxes look like, and on whichever side they stand."""
    empty, full = style
    pieces = []
    for option in _BRAND:
        box = full if option in ticked else empty
        pieces.append(f"{box}{inner}{option}" if before else f"{option}{inner}{box}")

    assert read_ticks(between.join(pieces), _BRAND).value == [o for o in _BRAND if o in ticked]


@given(text=st.text(alphabet="□☑√产品企业 团队个人vVxX[]()他", max_size=20))
def test_whatever_is_taken_stands_in_the_text(text: str) -> None:
    """No option appears from nowhere."""
    reading = read_ticks(text, _BRAND)

    for option in reading.value if isinstance(reading.value, list) else ():
        assert str(option)[0] in text
        assert str(option)[1] in text


_AWARDS = ("卓越领导者", "优秀推进者")


@pytest.mark.parametrize(
    ("lines", "value"),
    [
        (["某省小组活动卓越领导者", "申 报 表"], ["卓越领导者"]),
        (["某省小组活动优秀推进者申报表"], ["优秀推进者"]),
        (["某省小组活动卓越领导者", "某省小组活动优秀推进者", "申报表"], None),
        (["某省小组活动卓越领导者", "√某省小组活动优秀推进者", "申报表"], ["优秀推进者"]),
        (["某省小组活动卓越领导者√", "某省小组活动优秀推进者", "申报表"], ["卓越领导者"]),
        (["□某省小组活动卓越领导者", "☑某省小组活动优秀推进者"], ["优秀推进者"]),
        (["☑卓越领导者 □优秀推进者申报表"], ["卓越领导者"]),
        (["某省卓越领导者、优秀推进者申报表", "申报：优秀推进者（√）"], ["优秀推进者"]),
        (["申报表"], None),
        ([], None),
    ],
)
def test_a_heading_names_what_is_meant(lines: list[str], value: list[str] | None) -> None:
    """The ticked option, or the only one named; other words do not count."""
    reading = read_heading(lines, _AWARDS)
    assert (reading.value, reading.doubt) == (value, "")


def test_a_struck_heading_is_left_to_a_person() -> None:
    """A cross may tick or strike out."""
    reading = read_heading(["×某省卓越领导者", "某省优秀推进者"], _AWARDS)
    assert reading.value is None
    assert reading.doubt
