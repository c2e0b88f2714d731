"""Typed values against their field: wrong type, outside its range, and what is wanted instead.

Whether a raw text can be read as its type is the parsers' business; a value
they could not read arrives here as None.
"""

from __future__ import annotations

import math

from parsers.model import Value
from parsers.spec import FieldSpec, FieldType
from rules.checks.cells import plain

_WHOLE = (FieldType.INTEGER,)
_NUMBERS = (FieldType.INTEGER, FieldType.DECIMAL, FieldType.PERCENT, FieldType.MONEY)
_LISTS = (FieldType.CHOICE, FieldType.TICKS)

_HINTS = {
    FieldType.POSTCODE: "6位数字邮政编码",
    FieldType.MOBILE: "11位手机号码",
    FieldType.PHONE: "带区号的固定电话或11位手机号码",
    FieldType.FAX: "带区号的传真号码",
    FieldType.EMAIL: "完整的电子邮箱地址",
    FieldType.EMAIL_OR_QQ: "电子邮箱地址或QQ号码",
    FieldType.INTEGER: "整数（阿拉伯数字，没有的请填0）",
    FieldType.DECIMAL: "数字",
    FieldType.PERCENT: "0至100之间的百分数",
    FieldType.MONEY: "金额数字",
    FieldType.DATE: "年、月、日",
    FieldType.PERIOD: "起止年月",
    FieldType.PAIR: "两个数字，中间用“、”隔开",
    FieldType.PERSON: "姓名",
    FieldType.NAMES: "姓名，中间用“、”隔开",
    FieldType.ORGANISATION: "与公章一致的单位全称",
    FieldType.ADDRESS: "详细地址",
    FieldType.ADDRESS_POSTCODE: "详细地址和6位数字邮政编码",
}


def hint(spec: FieldSpec) -> str:
    """What belongs in the field, in words."""
    if spec.type in _LISTS and spec.options:
        one = "其中1项" if spec.type is FieldType.CHOICE else "其中1项或多项"
        return f"“{'、'.join(spec.options)}”{one}"
    wanted = _HINTS.get(spec.type, "具体内容")
    if spec.type in _NUMBERS and (spec.minimum is not None or spec.maximum is not None):
        wanted = f"{_range(spec)}的{'整数' if spec.type in _WHOLE else '数字'}"
    if spec.unit and spec.type in _NUMBERS and spec.unit not in ("%", "百分数"):
        wanted += f"，单位为{spec.unit}"
    return wanted


def is_number_type(spec: FieldSpec) -> bool:
    """Is a number wanted?"""
    return spec.type in _NUMBERS


def fault_of(spec: FieldSpec, value: Value, *, ranges: bool = True) -> str:
    """What is wrong with a value that stands there; empty where nothing is.

    Percentages lie between 0 and 100 and integers are not negative unless the
    field says otherwise.
    """
    if value is None:
        return "格式不符"
    if spec.type in _NUMBERS:
        return _number_fault(spec, value, ranges)
    if spec.type is FieldType.PAIR:
        return _pair_fault(value)
    if spec.type is FieldType.NAMES:
        return "" if isinstance(value, (str, list)) else "格式不符"
    if spec.type in _LISTS:
        return "" if isinstance(value, (str, list)) else "格式不符"
    return "" if isinstance(value, str) else "格式不符"


def _number_fault(spec: FieldSpec, value: Value, ranges: bool) -> str:
    if isinstance(value, (bool, str, list)) or value is None or not math.isfinite(value):
        return "不是有效的数字"
    if spec.type in _WHOLE and value != int(value):
        return "不是整数"
    low, high = limits(spec)
    too_low, too_high = low is not None and value < low, high is not None and value > high
    return "超出合理范围" if ranges and (too_low or too_high) else ""


def _pair_fault(value: Value) -> str:
    if not isinstance(value, list) or len(value) != 2:  # noqa: PLR2004 - a pair is two
        return "应为两个数字"
    for part in value:
        if isinstance(part, (bool, str)) or not math.isfinite(part) or part < 0:
            return "应为两个不小于0的数字"
    return ""


def limits(spec: FieldSpec) -> tuple[float | None, float | None]:
    """Lowest and highest value that makes sense, where there is one."""
    low, high = spec.minimum, spec.maximum
    if spec.type is FieldType.PERCENT:
        return (0 if low is None else low), (100 if high is None else high)
    if spec.type is FieldType.INTEGER and low is None:
        low = 0
    return low, high


def _range(spec: FieldSpec) -> str:
    low, high = limits(spec)
    if low is not None and high is not None:
        return f"{plain(low)}至{plain(high)}"
    if low is not None:
        return f"不小于{plain(low)}"
    return f"不大于{plain(high)}" if high is not None else ""
