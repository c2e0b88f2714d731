"""Typed values: read right, or flagged."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.spec import FieldSpec, FieldType
from parsers.values.typed import Reading, is_blank, read_value


def _read(
    kind: str, text: str, label: str = "某项", must: str = "sense", **more: object
) -> Reading:
    spec = FieldSpec.model_validate(
        {"key": "k", "label": label, "type": kind, "must": must, **more}
    )
    return read_value(spec, text)


def _is_flagged(reading: Reading) -> bool:
    return bool(reading.doubt) and (reading.value is None or reading.confidence < 0.8)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12", 12), ("12人", 12), ("１２ 名", 12), ("1,200", 1200), ("十二", 12), ("三百五十人", 350),
        ("两次", 2), ("二〇", 20), ("一万二千", 12000), ("无", 0), ("零", 0), ("0起", 0), ("没有", 0),
        ("12.0", 12), ("-3", -3), ("1.2万", 12000), ("12人（其中女3人）", 12),
        ("0 起/年", 0), ("2次/年", 2), ("无质量、安全事故", 0), ("未发生质量安全事故", 0),
        ("无事故发生", 0), ("无顾客投诉", 0),
    ],
)  # fmt: skip
def test_integers(text: str, value: int) -> None:
    """With counting words, separators, Chinese numerals; none is zero."""
    reading = _read("integer", text)

    assert reading.value == value
    assert reading.confidence >= 0.8
    assert reading.doubt == ""


@pytest.mark.parametrize(
    "text",
    [
        "/",
        "—",
        "12.5",
        "男8女4",
        "10-12",
        "12小时",
        "若干",
        "约12",
        "12人以上",
        "十余人",
        "1 2/3",
        "12、13",
        "无重大事故",
        "无安全事故",
        "2次/月",
    ],
)
def test_what_is_no_certain_integer_is_flagged(text: str) -> None:
    """Strokes, ranges, approximations, other units."""
    assert _is_flagged(_read("integer", text))


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [("1.5", "", 1.5), ("350个", "万个", 0.035), ("0.3", "万个", 0.3), ("1.2万个", "个", 12000)],
)
def test_decimals_keep_to_the_unit_of_the_label(text: str, unit: str, value: float) -> None:
    """Converted only where the text writes its own unit."""
    assert _read("decimal", text, unit=unit).value == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("98", 98), ("98%", 98), ("98.5％", 98.5), ("98.5 %", 98.5), ("百分之九十八", 98),
        ("百分之九十八点五", 98.5), ("百分之98", 98), ("100", 100), ("0", 0), ("0.5%", 0.5), ("1%", 1),
        ("1.01", 1.01), ("120", 120),
    ],
)  # fmt: skip
def test_percentages(text: str, value: float) -> None:
    """With or without the sign."""
    reading = _read("percent", text)

    assert (reading.value, reading.doubt) == (value, "")


@pytest.mark.parametrize("text", ["0.98", "0.5", "0.999", "98‰", "优", "/", "95-98", "95/98"])
def test_a_bare_fraction_is_never_scaled(text: str) -> None:
    """0.98 may mean 98 % or 0.98 %."""
    assert _read("percent", text).value is None
    assert _read("percent", text).doubt


@pytest.mark.parametrize(("text", "told"), [("0.5", "0.5%还是50%"), ("0.985", "0.985%还是98.5%")])
def test_who_wrote_a_bare_fraction_is_told_what_it_may_mean(text: str, told: str) -> None:
    """It lies between 0 and 100, so that asking for such a number alone explains nothing."""
    assert told in _read("percent", text).doubt


@pytest.mark.parametrize("text", ["1", "98%以上", "约98", "≥98%", "近100%"])
def test_a_percentage_that_is_not_sure_is_flagged(text: str) -> None:
    """A lone 1, and approximations."""
    reading = _read("percent", text)

    assert reading.value is not None
    assert _is_flagged(reading)


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [
        ("35", "万元", 35), ("35万元", "万元", 35), ("35万", "万元", 35), ("350000元", "万元", 35),
        ("3,500.5", "万元", 3500.5), ("0.5亿元", "万元", 5000), ("¥35万元", "万元", 35),
        ("无", "万元", 0), ("12元", "元", 12), ("35 万元/年", "万元/年", 35), ("三十五万元", "万元", 35),
    ],
)  # fmt: skip
def test_money_in_the_unit_of_the_label(text: str, unit: str, value: float) -> None:
    """元 becomes 万元 only where 元 is written."""
    assert _read("money", text, unit=unit).value == value


def test_the_unit_of_money_is_read_from_the_label() -> None:
    """质量成本（万元/年）."""
    assert _read("money", "35000元", label="质量成本（万元/年）").value == 3.5


@pytest.mark.parametrize(
    "text", ["约35万元", "35左右", "35万美元", "12个", "三五十", "—", "20-30万"]
)
def test_money_that_is_not_sure_is_flagged(text: str) -> None:
    """Approximations, other currencies, ranges."""
    assert _is_flagged(_read("money", text, unit="万元"))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2026年7月1日", "2026-07-01"), ("2026-7-1", "2026-07-01"), ("2026.7.1", "2026-07-01"),
        ("2026/07/01", "2026-07-01"), ("20260701", "2026-07-01"), ("2026 年 7 月 1 日", "2026-07-01"),
        ("二〇二六年七月一日", "2026-07-01"), ("2026-07-01 00:00:00", "2026-07-01"),
        ("2024年2月29日", "2024-02-29"), ("二○二六年十二月三十一日", "2026-12-31"),
    ],
)  # fmt: skip
def test_dates(text: str, value: str) -> None:
    """As ISO, whatever the separators."""
    assert _read("date", text).value == value


@pytest.mark.parametrize(
    "text", ["2026年2月29日", "2026-13-1", "2026年7月", "7月1日", "去年", "26.7.1"]
)
def test_days_that_do_not_exist_or_are_not_complete(text: str) -> None:
    """No value, and a reason."""
    assert _read("date", text).value is None
    assert _read("date", text).doubt


@pytest.mark.parametrize("text", ["", "   ", "年 月 日", "____", "____年__月__日"])
def test_places_to_write_on_are_empty(text: str) -> None:
    """Neither value nor doubt."""
    assert _read("date", text) == Reading()
    assert is_blank(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2025年7月~2026年7月", "2025-07/2026-07"), ("（2025年7月～2026年7月）", "2025-07/2026-07"),
        ("2025年7月至2026年7月", "2025-07/2026-07"), ("2025.7－2026.7", "2025-07/2026-07"),
        ("2017年6月1日——2018年5月31日", "2017-06-01/2018-05-31"), ("2025年7月至12月", "2025-07/2025-12"),
        ("2019 年 6 月至 2020 年 6 月", "2019-06/2020-06"),
    ],
)  # fmt: skip
def test_periods(text: str, value: str) -> None:
    """Months or days, any stroke between them."""
    assert _read("period", text).value == value


def test_half_a_period_is_flagged() -> None:
    """One end only."""
    assert _is_flagged(_read("period", "2025年7月"))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12人/40小时", [12, 40]), ("12、40", [12, 40]), ("12 40", [12, 40]), ("12人，人均40学时", [12, 40]),
        ("12人40.5小时", [12, 40.5]), ("1,200人/40小时", [1200, 40]), ("40学时/12人", [12, 40]),
    ],
)  # fmt: skip
def test_pairs(text: str, value: list[float]) -> None:
    """In the order of the label, whatever stands between."""
    reading = _read("pair", text, label="年培训人数、时长")

    assert reading.value == value
    assert reading.confidence >= 0.8


@pytest.mark.parametrize(
    "text", ["12", "12人", "12/40/3", "/", "12,400", "12-40", "无", "12人/3次"]
)
def test_what_is_no_pair_is_flagged(text: str) -> None:
    """One number, three, a range, something else counted."""
    assert _is_flagged(_read("pair", text, label="年培训人数、时长"))


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("postcode", "410 006", "410006"), ("postcode", "０３０００２", "030002"),
        ("mobile", "139 0000 0001", "13900000001"), ("mobile", "+86 139-0000-0001", "13900000001"),
        ("mobile", "8613900000001", "13900000001"), ("mobile", "１３９００００000１", "13900000001"),
        ("mobile", "13900000001（张工）", "13900000001"),
        ("phone", "0731-88880000", "0731-88880000"), ("phone", "（010）-68570536", "(010)-68570536"),
        ("phone", "0371—66660000", "0371-66660000"), ("phone", "13900000001", "13900000001"),
        ("phone", "0731-88880000转801", "0731-88880000转801"),
        ("phone", "0731-88880000、13900000001", "0731-88880000、13900000001"),
        ("phone", "88880000", "88880000"), ("fax", "0731 88880001", "073188880001"),
        ("email", " zhang.san＠xjzg.com.cn；", "zhang.san@xjzg.com.cn"), ("email", "a @xj.cn", "a@xj.cn"),
        ("email_or_qq", "QQ：12345678", "12345678"), ("email_or_qq", "a@xj.cn", "a@xj.cn"),
    ],
)  # fmt: skip
def test_ways_to_reach_somebody(kind: str, text: str, value: str) -> None:
    """Blanks, width and country code do not matter."""
    reading = _read(kind, text)

    assert (reading.value, reading.doubt) == (value, "")


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("postcode", "41000"), ("postcode", "4100066"), ("postcode", "长沙"), ("postcode", "/"),
        ("mobile", "1390000000"), ("mobile", "139000000011"), ("mobile", "23900000001"),
        ("mobile", "13900000001、13800000002"), ("mobile", "13900000001 13800000002"),
        ("mobile", "0731-88880000"), ("phone", "张三"), ("phone", "12"), ("phone", "/"),
        ("email", "a@xj"), ("email", "xj.cn"), ("email", "a@xj.cn、b@xj.cn"), ("email_or_qq", "1234"),
    ],
)  # fmt: skip
def test_numbers_and_addresses_that_cannot_be_right(kind: str, text: str) -> None:
    """One digit too few or too many, two where one is meant."""
    assert _read(kind, text).value is None
    assert _read(kind, text).doubt


@pytest.mark.parametrize("kind", ["fax", "phone", "postcode", "percent", "pair", "text"])
def test_a_stroke_in_an_optional_field_is_no_defect(kind: str) -> None:
    """It says that there is none."""
    assert _read(kind, "/", must="optional") == Reading()


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("张三、李四", ["张三", "李四"]), ("张 三、李 四", ["张三", "李四"]), ("张三 李四 王小五", ["张三", "李四", "王小五"]),
        ("张 三 李 四", ["张三", "李四"]), ("1.张三 2.李四 3.", ["张三", "李四"]), ("1张三\n2李四", ["张三", "李四"]),
        ("张三（组长），李四；王五", ["张三", "李四", "王五"]), ("张三", ["张三"]),
        ("司 马 亮\n李 四", ["司马亮", "李四"]),
    ],
)  # fmt: skip
def test_names(text: str, value: list[str]) -> None:
    """Separators, blanks inside names, slot numbers, remarks."""
    reading = _read("names", text)

    assert reading.value == value
    assert reading.doubt == ""


def test_names_that_cannot_be_divided_are_flagged() -> None:
    """欧阳 修 may be one name or two."""
    assert _is_flagged(_read("names", "欧阳 修 张三"))


def test_two_names_grown_together_are_flagged() -> None:
    """A blank at the end of a line is lost in a PDF; 欧阳修文 is one name."""
    assert _is_flagged(_read("names", "倪峰 苏敏 丁然温馨"))
    assert _is_flagged(_read("names", "丁然温馨 倪峰"))
    assert _read("names", "倪峰 欧阳修文").doubt == ""


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("text", "  湘江\n之星  ", "湘江之星"), ("text", "QC  小组", "QC 小组"), ("text", "ＡＢＣ", "ABC"),
        ("text", "Lean\nteam", "Lean team"), ("text", "无", "无"), ("person", "张 三", "张三"),
        ("person", "张三 李四", "张三 李四"), ("organisation", "湘江重工 装备\n有限公司（公章）", "湘江重工装备有限公司"),
        ("long_text", "\n一段。\n\n二段。 ", "一段。\n\n二段。"),
        ("address_postcode", "长沙市1号  410006", "长沙市1号 410006"),
    ],
)  # fmt: skip
def test_texts(kind: str, text: str, value: str) -> None:
    """Collapsed blanks; a line break inside Chinese disappears; long texts keep theirs."""
    assert _read(kind, text).value == value


def test_a_choice_is_a_list_of_options() -> None:
    """As the form writes them."""
    assert _read("choice", "女", options=("男", "女")).value == ["女"]


_KINDS = st.sampled_from([kind.value for kind in FieldType if kind is not FieldType.TICKS])


@given(kind=_KINDS, text=st.text(max_size=40))
def test_any_text_is_read_or_flagged_and_never_fails(kind: str, text: str) -> None:
    """A text that is not blank has a value, or a reason why not."""
    reading = _read(kind, text)

    assert 0 <= reading.confidence <= 1
    if reading.value is None and reading.doubt == "":
        assert not any(
            c.isalnum() for c in text.replace("年", "").replace("月", "").replace("日", "")
        ) or (is_blank(text) or kind == "names")


@given(number=st.integers(min_value=0, max_value=10**9))
def test_every_number_survives_its_notations(number: int) -> None:
    """Plain, with separators, full-width, with a counting word."""
    full = str(number).translate(str.maketrans("0123456789", "０１２３４５６７８９"))

    for text in (str(number), f"{number:,}", full, f" {number} 人"):
        assert _read("integer", text).value == number


@given(value=st.floats(min_value=0, max_value=0.9999).filter(lambda x: x > 1e-4))
def test_no_fraction_becomes_a_percentage_by_itself(value: float) -> None:
    """Never scaled, never taken."""
    assert _read("percent", f"{value:.4f}").value in (None, 0, 1)


@pytest.mark.parametrize("text", ["三五十", "十百", "万", "三百五", "三十五十", "百十千"])
def test_malformed_chinese_numerals_are_flagged(text: str) -> None:
    """They are no numbers, whatever a lenient sum would make of them."""
    assert _read("integer", text).value is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("十", 10),
        ("二十一", 21),
        ("一百零五", 105),
        ("两千三百", 2300),
        ("一百一十", 110),
        ("三万五千", 35000),
    ],
)
def test_chinese_numerals(text: str, value: int) -> None:
    """With and without zeros between."""
    assert _read("integer", text).value == value
