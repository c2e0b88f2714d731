"""The text of a value made typed, or flagged.

One entry, :func:`read_value`. A value is read right or flagged: a reading without
certainty carries a doubt in Chinese and no value, or a confidence below 0.8. What
a value *may* be (ranges, required, length) is for the rules.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from parsers.spec import FieldSpec, FieldType, Must
from parsers.values.dates import read_date, read_period
from parsers.values.numbers import (
    Reading,
    blanked,
    is_blanked,
    plain,
    read_count,
    read_money,
    read_pair,
    read_percent,
)
from parsers.values.radicals import SUPPLEMENT
from parsers.values.ticks import read_ticks

__all__ = ["Reading", "is_blank", "is_ditto", "points_above", "read_value"]

_CJK = "\u3400-\u9fff\u3001-\u303f\uff00-\uffef"
_UNIT = re.compile(r"\((百?万?[元个][^()]*|[^()]*元[^()]*)\)")
#: what a form prints where something is to be written
_PLACEHOLDER = re.compile(r"[_＿\s\u200b\ufeff]*|[_\s]*年[_\s]*月[_\s]*日[_\s]*")
_BARE_UNITS = {
    "%",
    "个",
    "人",
    "次",
    "名",
    "万元",
    "元",
    "万元/年",
    "万个",
    "次/人",
    "人/小时",
    "()",
}


def is_blank(text: str) -> bool:
    """Nothing but what forms print themselves: lines, blanks, an empty date, a unit."""
    return bool(_PLACEHOLDER.fullmatch(text)) or plain(text) in _BARE_UNITS


def tidy(text: str) -> str:
    """NFKC, trimmed, blanks collapsed; a line break inside Chinese disappears."""
    text = unicodedata.normalize("NFKC", text).strip()
    text = re.sub(f"(?<=[{_CJK}])[ \t]*[\r\n\v]+[ \t]*(?=[{_CJK}])", "", text)
    return re.sub(r"\s+", " ", text).strip(" _")


def join_name(text: str) -> str:
    """张 三 is one name; so is 欧阳 修 where nothing else stands there."""
    bare = tidy(text)
    if re.fullmatch(f"[{_CJK}]( [{_CJK}]){{1,3}}", bare):
        return bare.replace(" ", "")
    return bare


def _text(_spec: FieldSpec, text: str) -> Reading:
    return Reading(value=tidy(text) or None)


def _organisation(_spec: FieldSpec, text: str) -> Reading:
    bare = re.sub(r"\s*\((?:公章|盖章|章|加盖公章)\)$", "", tidy(text))
    return Reading(value=re.sub(f"(?<=[{_CJK}]) (?=[{_CJK}])", "", bare) or None)


def _long_text(_spec: FieldSpec, text: str) -> Reading:
    return Reading(value=text.strip() or None)


def _person(_spec: FieldSpec, text: str) -> Reading:
    name = join_name(text)
    if re.search(r"\d{7}", name):
        return Reading(value=name, confidence=0.7, doubt="姓名中含有号码")
    return Reading(value=name or None)


def _postcode(_spec: FieldSpec, text: str) -> Reading:
    bare = plain(text)
    if re.fullmatch(r"\d{6}", bare):
        return Reading(value=bare)
    if is_blanked(bare):
        return blanked(text)
    return Reading(doubt=f"“{text.strip()}”不是6位邮政编码")


_MOBILE = re.compile(r"(?<!\d)(?:(?:\+|00)?86)?(1[3-9]\d{9})(?!\d)")


def _unspaced(text: str) -> str:
    """Blanks and hyphens between the digits of one number removed; others separate."""
    folded = unicodedata.normalize("NFKC", text).strip()
    folded = re.sub(r"[‐‑–—−－]", "-", folded)
    return re.sub(r"(?<=\d)(?:[ \t\u200b]*[-.][ \t]*|[ \t\u200b]+)(?=\d)", " ", folded)


def _mobile(_spec: FieldSpec, text: str) -> Reading:
    if is_blanked(text):
        return blanked(text)
    bare = re.sub(r"[\s\u200b-]+", "", unicodedata.normalize("NFKC", text))
    if found := re.fullmatch(r"(?:(?:\+|00)?\(?86\)?)?(1[3-9]\d{9})", bare):
        return Reading(value=found.group(1))
    spread = re.sub(r"(?<=\d) (?=\d)", "", _unspaced(text))
    numbers = [entry.group(1) for entry in _MOBILE.finditer(spread)]
    if len(numbers) > 1 or re.fullmatch(r"(?:1[3-9]\d{9}){2,}", bare):
        return Reading(doubt=f"“{text.strip()}”含有多个手机号码")
    if numbers and not re.search(r"\d", _MOBILE.sub("", spread)):
        return Reading(value=numbers[0], confidence=0.85)
    return Reading(doubt=f"“{text.strip()}”不是11位手机号码")


_PHONE = re.compile(
    r"(?:\+?86[- ]?)?(?:\(0\d{2,3}\)|0\d{2,3})?[- ]*\d{7,8}(?:(?:[- ]|转|\(|ext\.?|分机)+\d{1,6}\)?)?"
    r"|(?:\+?86[- ]?)?1[3-9]\d{9}|[48]00[- ]?\d{3,4}[- ]?\d{3,4}|\d{5,6}"
)


def _phone(_spec: FieldSpec, text: str) -> Reading:
    """Landlines and mobiles, one or several; kept as written, blanks aside."""
    if is_blanked(text):
        return blanked(text)
    bare = re.sub(r"[‐‑–—−－]+", "-", plain(text)).lower()
    parts = [part for part in re.split(r"[、,，;；/|]|或|(?<=\d{7})(?=1[3-9]\d{9}$)", bare) if part]
    if parts and all(_PHONE.fullmatch(part) for part in parts):
        return Reading(value="、".join(parts))
    if parts and _PHONE.fullmatch(parts[0]) and all(re.fullmatch(r"\d{1,6}", p) for p in parts[1:]):
        return Reading(value="/".join(parts))  # 0731-88880001/02
    found = [entry.group() for entry in _PHONE.finditer(bare) if len(entry.group()) > 6]  # noqa: PLR2004
    rest = _PHONE.sub("", bare)
    if len(found) == 1 and not re.search(r"\d", rest):
        return Reading(value=found[0], confidence=0.85)
    return Reading(doubt=f"“{text.strip()}”不是可以识别的电话号码")


_EMAIL = re.compile(
    r"[A-Za-z0-9][A-Za-z0-9._%+-]*@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,10}(?![A-Za-z0-9])"
)


def _email(_spec: FieldSpec, text: str) -> Reading:
    if is_blanked(text):
        return blanked(text)
    bare = plain(text).strip(",;，；。、.")
    bare = re.sub(r"^(?:e-?mail|邮箱|mailto)[::]", "", bare, flags=re.IGNORECASE)
    if _EMAIL.fullmatch(bare):
        return Reading(value=bare)
    found = _EMAIL.findall(unicodedata.normalize("NFKC", text))
    if len(found) > 1:
        return Reading(doubt=f"“{text.strip()}”含有多个邮箱地址")
    if found and text.count("@") + text.count("＠") == 1:
        return Reading(value=found[0], confidence=0.85)
    return Reading(doubt=f"“{text.strip()}”不是有效的邮箱地址")


def _email_or_qq(spec: FieldSpec, text: str) -> Reading:
    bare = plain(text)
    if found := re.fullmatch(r"(?:QQ号?码?[::]?)?([1-9]\d{4,11})", bare, flags=re.IGNORECASE):
        return Reading(value=found.group(1))
    reading = _email(spec, text)
    if reading.value is None and _EMAIL.search(bare) and re.search(r"\d{5}", bare):
        return Reading(value=tidy(text), confidence=0.85)  # both are given
    return reading


_SLOT = re.compile(r"^\(?\d{1,2}(?:[.、)．,:]|(?=\D))\s*")
_NAME_SEPARATORS = r"[、,，;；/|\n\t]+"


def _names(_spec: FieldSpec, text: str) -> Reading:
    """Several names; printed slot numbers and remarks in brackets go."""
    folded = unicodedata.normalize("NFKC", text).strip()
    folded = re.sub(r"(?<![\d\w])\(?\d{1,2}[.、):](?=\s*\D|\s*$)", "\n", folded)
    folded = re.sub(r"\s*\([^()]*\)", "", folded)
    parts = [
        re.sub(r"^[\d.、\s]+", "", part).strip() for part in re.split(_NAME_SEPARATORS, folded)
    ]
    parts = [part for part in parts if part]
    if not parts:
        return Reading()
    # 司 马 亮 beside other names is one; four single characters may be two
    if len(parts) > 1 and all(len(part.split()) <= 3 for part in parts):  # noqa: PLR2004
        names = [join_name(part) for part in parts]
        if all(" " not in name for name in names):
            return Reading(value=list(names))
    return _spaced_names(" ".join(parts))


#: four characters among names divided by blanks: a blank may be lost where the line ended
_TWO_NAMES = re.compile(f"(?!欧阳|司马|上官|诸葛|东方|尉迟|皇甫|慕容|令狐|夏侯)[{_CJK}]{{4,}}")


def _spaced_names(text: str) -> Reading:
    """Names divided by blanks only: 张 三 李 四 王小五."""
    words, names, certain = text.split(), list[str](), True
    while words:
        word = words.pop(0)
        if len(word) == 1 and re.fullmatch(f"[{_CJK}]", word):
            if words and len(words[0]) == 1:
                word += words.pop(0)
            else:
                certain = False
        certain = certain and not ((names or words) and _TWO_NAMES.fullmatch(word))
        names.append(word)
    if certain:
        return Reading(value=list(names))
    return Reading(value=list(names), confidence=0.7, doubt="姓名之间的分隔不清")


def _choice(spec: FieldSpec, text: str) -> Reading:
    if spec.options:
        return read_ticks(text, spec.options)
    return Reading(value=[tidy(text)])


def _unit(spec: FieldSpec) -> str:
    if spec.unit:
        return plain(spec.unit)
    found = _UNIT.search(plain(spec.label))
    return found.group(1) if found else ""


_READERS: dict[FieldType, Callable[[FieldSpec, str], Reading]] = {
    FieldType.TEXT: _text,
    FieldType.ORGANISATION: _organisation,
    FieldType.PERSON: _person,
    FieldType.LONG_TEXT: _long_text,
    FieldType.ADDRESS: _text,
    FieldType.ADDRESS_POSTCODE: _text,
    FieldType.POSTCODE: _postcode,
    FieldType.PHONE: _phone,
    FieldType.MOBILE: _mobile,
    FieldType.FAX: _phone,
    FieldType.EMAIL: _email,
    FieldType.EMAIL_OR_QQ: _email_or_qq,
    FieldType.INTEGER: lambda spec, text: read_count(text, _unit(spec)),
    FieldType.DECIMAL: lambda spec, text: read_count(text, _unit(spec), whole=False),
    FieldType.PERCENT: lambda _spec, text: read_percent(text),
    FieldType.MONEY: lambda spec, text: read_money(text, _unit(spec) or "万元"),
    FieldType.DATE: lambda _spec, text: read_date(text),
    FieldType.PERIOD: lambda _spec, text: read_period(text),
    FieldType.PAIR: lambda spec, text: read_pair(text, spec.label),
    FieldType.CHOICE: _choice,
    FieldType.TICKS: _choice,
    FieldType.NAMES: _names,
    FieldType.SERIAL: _text,
    FieldType.SIGNATURE: _text,
    FieldType.STAMP: _text,
}


#: words that point to the cell above, and to some other, instead of saying what stands there
#: (plain text has two single strokes for a double one)
_ABOVE = r"(?:(?:与上|同上|同前)(?:一?[行栏格]|相同|同)?|〃|″|′′|''|\"|”|“)[。.]?"
_DITTO = re.compile(rf"{_ABOVE}|同左")
_DITTO_ABOVE = re.compile(_ABOVE)


#: what a spreadsheet shows where a formula failed, or was never computed
_FAILED = re.compile(
    r"#(?:N/A|REF!|VALUE!|DIV/0!|NAME\?|NUM!|NULL!)|=[A-Z]+\(.*\)|=[\d.A-Z$!+*/()-]+"
)


def is_ditto(text: str) -> bool:
    """Does the text only point to the cell above or before?"""
    return bool(_DITTO.fullmatch(plain(text)))


def points_above(text: str) -> bool:
    """Does the text of a cell only point to the one above it?"""
    return bool(_DITTO_ABOVE.fullmatch(plain(text)))


def read_value(spec: FieldSpec, text: str) -> Reading:
    """The typed value of a field's text.

    Empty text is no value and no doubt. A stroke (``/``, ``—``) is a doubt in a
    field that has to be filled and simply nothing in an optional one.
    """
    text = text.translate(SUPPLEMENT)  # pasted from a PDF document
    if is_blank(text):
        return Reading()
    if is_blanked(text) and spec.type is not FieldType.LONG_TEXT:
        return Reading() if spec.must is Must.OPTIONAL else blanked(text)
    if _FAILED.fullmatch(text.strip()):
        return Reading(doubt=f"单元格显示为“{text.strip()}”，是公式而不是内容")
    if is_ditto(text):
        return Reading(doubt=f"填写为“{text.strip()}”，未写明内容")
    if (
        spec.must is Must.OPTIONAL
        and plain(text) in ("无", "没有", "暂无")
        and _is_number(spec.type)
    ):
        return Reading()
    return _READERS[spec.type](spec, text)


def _is_number(kind: FieldType) -> bool:
    """Numbers to call: 无 is an answer there where nothing is demanded."""
    return kind in (
        FieldType.PHONE,
        FieldType.FAX,
        FieldType.MOBILE,
        FieldType.EMAIL,
        FieldType.EMAIL_OR_QQ,
        FieldType.POSTCODE,
    )
