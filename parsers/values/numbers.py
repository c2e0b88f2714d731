"""Numbers, percentages, money and pairs as applicants write them.

Every function takes the text of a value and says what was read, how surely, and
why not where nothing could be taken. Nothing is scaled that is not written out:
``350000元`` is 35 of 万元 because both units stand there, ``0.98`` is not 98 %.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from parsers.model import Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A typed value, how surely it was read (0..1), and why not, in Chinese."""

    value: Value = None
    confidence: float = 1.0
    doubt: str = ""


#: what is written where nothing applies
_BLANKED = re.compile(r"[/\\\-－—–―_~·.…]+")
_NOTHING = re.compile(
    r"(?:无|零|没有|未发生|未有|无发生|暂无)(?:过)?(?:个|人|次|名|件|起|元|万元|发生"
    # of both kinds, as the label has them: 无安全事故 says nothing of the other, 无重大事故 of the small
    r"|(?:任何)?(?:(?:质量|安全)[、和及与或]?(?:安全|质量))?事故(?:发生)?"
    r"|(?:任何)?(?:顾客|客户|用户)?投诉(?:发生)?)?"
)
_A_YEAR = re.compile(r"(?:/|每)年$")  #: behind a count of a year it says nothing more
_NUMBER = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?")
_DIGITS = {c: i for i, c in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2, "○": 0}
_DIGITS |= {c: i for i, c in enumerate("壹贰叁肆伍陆柒捌玖", start=1)}
_PLACES = {"十": 10, "百": 100, "千": 1000, "拾": 10, "佰": 100, "仟": 1000}
_CHINESE = re.compile("[〇○零一二三四五六七八九两壹贰叁肆伍陆柒捌玖十百千万亿拾佰仟]+")
_D = "[一二三四五六七八九两壹贰叁肆伍陆柒捌玖]"
_SECTION = f"(?:(?:{_D}[千仟])?(?:零|{_D}[百佰])?(?:零|{_D}?[十拾])?(?:零?{_D})?)"
#: no 万 alone, and no 三百五, which is 350 to some and 305 to others
_WELL_FORMED = re.compile(
    f"(?![万亿])(?!.*[千仟百佰万亿]{_D}$)(?:{_SECTION}亿)?(?:{_SECTION}万)?{_SECTION}"
)
_APPROXIMATE = re.compile(
    r"^(?:大约|大概|约|近|超过|超|不低于|不少于|不超过|≥|≤|>=?|<=?|>|<)|(?:左右|以上|以下|以内|余|多|\+)$"
)
_SCALES = {"": 1.0, "百": 1e2, "千": 1e3, "万": 1e4, "百万": 1e6, "千万": 1e7, "亿": 1e8}
_UNIT = re.compile(r"(百万|千万|百|千|万|亿)?(.*)")
#: counting words that mean the same whatever the label prints
_COUNTERS = {
    "", "个", "人", "次", "名", "件", "起", "项", "条", "家", "支", "篇", "位", "场", "期", "人次",
    "个班组", "个小组", "例", "份", "岁",
}  # fmt: skip
_MONEY_UNITS = {"元", "元/年", "元每年", "圆", "块", "元整", "元人民币"}
#: kinds of things a pair may count
_PAIR_KINDS = {
    "人": ("人", "名", "位"),
    "时": ("时", "小时", "学时", "课时", "h"),
    "次": ("次", "期", "场"),
}


def plain(text: str) -> str:
    """NFKC without blanks and invisible characters."""
    folded = unicodedata.normalize("NFKC", text)
    return re.sub(r"[\s\u200b-\u200f\u2060\ufeff]+", "", folded)


def is_blanked(text: str) -> bool:
    """Only a stroke or dash: the applicant means that nothing applies."""
    return bool(_BLANKED.fullmatch(plain(text)))


def blanked(text: str) -> Reading:
    """The reading of such a stroke."""
    return Reading(doubt=f"填写为“{text.strip()}”，无法作为数值读取")


def chinese_number(text: str) -> int | None:
    """A whole number in Chinese numerals (三百五十, 二〇, 一万二千), or None."""
    if not _CHINESE.fullmatch(text):
        return None
    if all(c in _DIGITS for c in text):
        return int("".join(str(_DIGITS[c]) for c in text))
    if not _WELL_FORMED.fullmatch(text):
        return None
    total = section = digit = 0
    for c in text:
        if c in _DIGITS:
            digit = _DIGITS[c]
        elif c in _PLACES:
            section += (digit or 1) * _PLACES[c]
            digit = 0
        else:
            total = (total + section + digit) * (10_000 if c == "万" else 100_000_000)
            section = digit = 0
    return total + section + digit


def _tidy(number: float) -> int | float:
    rounded = round(number, 6)
    return int(rounded) if rounded == int(rounded) else rounded


@dataclass(frozen=True, slots=True)
class _Amount:
    number: float
    rest: str  #: what stands behind the number: its unit
    certain: bool
    aside: str  #: text in brackets behind it


def _amount(text: str) -> _Amount | None:
    """One number with what stands behind it, or None where there is none or several."""
    certain = True
    bare, aside = text, ""
    if found := re.fullmatch(r"(.*?[^(])(\([^()]*\))", text):
        bare, aside = found.groups()
    while found := _APPROXIMATE.search(bare):
        certain = False
        bare = bare[: found.start()] + bare[found.end() :]
    if found := _NUMBER.match(bare):
        rest = bare[found.end() :]
        number = float(found.group().replace(",", ""))
    elif (found := _CHINESE.match(bare)) and (count := chinese_number(found.group())) is not None:
        rest, number = bare[found.end() :], float(count)
    else:
        return None
    while found := _APPROXIMATE.search(rest):  # 90%以上, 10余人
        certain = False
        rest = rest[: found.start()] + rest[found.end() :]
    if found := re.match(r"[余多](?=\D)", rest):
        certain, rest = False, rest[1:]
    return None if re.search(r"\d", rest) else _Amount(number, rest, certain, aside)


def _scaled(amount: _Amount, unit: str, bases: set[str]) -> float | None:
    """The number in the label's unit; None where the written unit is another kind."""
    written = _UNIT.fullmatch(amount.rest)
    printed = _UNIT.fullmatch(unit)
    if written is None or printed is None:
        return None
    if not amount.rest:
        return amount.number
    scale, base = written.group(1) or "", written.group(2)
    if base not in bases and base != printed.group(2):
        return None
    return amount.number * _SCALES[scale] / _SCALES[printed.group(1) or ""]


def _finished(number: float, amount: _Amount) -> Reading:
    if not amount.certain:
        return Reading(value=_tidy(number), confidence=0.7, doubt="填写的是约数")
    return Reading(value=_tidy(number), confidence=0.85 if amount.aside else 1.0)


def read_count(text: str, unit: str = "", *, whole: bool = True) -> Reading:
    """An integer (``whole``) or decimal: 12, 12人, 1,200, 十二, 无."""
    bare = re.sub(
        r"^(?:共计|合计|总计|共有|共|计)(?=[\d一二三四五六七八九十])", "", plain(text)
    ).rstrip("。;,")
    if _NOTHING.fullmatch(bare):
        return Reading(value=0)
    if is_blanked(bare):
        return blanked(text)
    amount = _amount(_A_YEAR.sub("", bare))
    if amount is None:
        return Reading(doubt=f"“{text.strip()}”不是一个数")
    number = _scaled(amount, unit, _COUNTERS)
    if number is None:
        return Reading(doubt=f"“{text.strip()}”的单位与表格不符")
    if whole and _tidy(number) != int(number):
        return Reading(doubt=f"“{text.strip()}”不是整数")
    return _finished(number, amount)


def read_percent(text: str) -> Reading:
    """A number of percent; a bare fraction below 1 is never scaled."""
    bare = plain(text).rstrip("。;,")
    if found := re.fullmatch(r"百分之(.+)", bare):
        bare = found.group(1).replace("百分之", "")
        whole, point, rest = bare.partition("点")
        if point and (parts := [chinese_number(whole), chinese_number(rest)]) and None not in parts:
            return Reading(
                value=_tidy(float(f"{parts[0]}.{''.join(str(_DIGITS[c]) for c in rest)}"))
            )
        bare = bare if bare.endswith("%") else f"{bare}%"
    if is_blanked(bare):
        return blanked(text)
    amount = _amount(bare)
    if amount is None or amount.rest not in ("", "%", "%/年"):
        return Reading(doubt=f"“{text.strip()}”不是百分数")
    if not amount.rest:
        if 0 < abs(amount.number) < 1:
            small, large = f"{amount.number:g}", f"{amount.number * 100:g}"
            return Reading(doubt=f"未写百分号，无法确定是{small}%还是{large}%")
        if amount.number == 1:
            return Reading(value=1, confidence=0.6, doubt="只填写“1”，请确认是1%还是100%")
    return _finished(amount.number, amount)


def read_money(text: str, unit: str = "万元") -> Reading:
    """A sum in the unit of the label; converted only where the text names its unit."""
    bare = re.sub(r"^(?:人民币|RMB|¥|￥)", "", plain(text).rstrip("。;,"))
    if _NOTHING.fullmatch(bare):
        return Reading(value=0)
    if is_blanked(bare):
        return blanked(text)
    amount = _amount(bare)
    if amount is None:
        return Reading(doubt=f"“{text.strip()}”不是一个金额")
    unit = re.sub(r"(?:/|每)年$", "", plain(unit))
    if amount.rest in ("万", "亿", "百万", "千万"):  # 35万: the currency is understood
        amount = _Amount(amount.number, f"{amount.rest}元", amount.certain, amount.aside)
    number = _scaled(amount, unit or "元", _MONEY_UNITS)
    if number is None:
        return Reading(doubt=f"“{text.strip()}”的单位与表格（{unit}）不符")
    return _finished(number, amount)


#: lengths of time that are not hours
_OTHER_TIME = re.compile(r"^(?:个)?(?:天|日|周|月|分钟?|min|课次)")


def _kind(unit: str) -> str:
    for kind, words in _PAIR_KINDS.items():
        if unit.startswith(words):
            return kind
    return ""


def read_pair(text: str, label: str = "") -> Reading:
    """Two numbers, in the order of the label: 12人/40小时, 12、40, 12 40."""
    folded = unicodedata.normalize("NFKC", text).strip()
    if is_blanked(folded):
        return blanked(text)
    found = list(re.finditer(r"(?<![\d.])(?:\d{1,3}(?:,\d{3})+(?![\d,])|\d+)(?:\.\d+)?", folded))
    if len(found) != 2:  # noqa: PLR2004
        return Reading(doubt=f"“{text.strip()}”应填写两个数")
    units = [
        re.sub(r"\s", "", folded[found[0].end() : found[1].start()]),
        re.sub(r"\s", "", folded[found[1].end() :]),
    ]
    numbers = [_tidy(float(entry.group().replace(",", ""))) for entry in found]
    if units[0] in ("-", "~", "至", "到", "."):
        return Reading(doubt=f"“{text.strip()}”像是一个范围，应填写两个数")
    wanted = [k for k in sorted(_PAIR_KINDS, key=label.find) if k in label][:2]
    written = [_kind(entry) for entry in units]
    if len(wanted) == 2 and all(written):  # noqa: PLR2004
        if written == wanted[::-1]:
            return Reading(value=numbers[::-1], confidence=0.9)
        if written != wanted and written[0] != written[1]:
            return Reading(doubt=f"“{text.strip()}”的单位与表格不符")
    other = "时" in label and any(_OTHER_TIME.match(entry) for entry in units)
    return Reading(
        value=list(numbers),
        confidence=0.7 if other else 1.0,
        doubt=f"“{text.strip()}”的时长不是以小时填写" if other else "",
    )
