"""How values are said in Chinese: decisions, dates, sizes, clauses, values of forms.

Small pure functions shared by replies, digest and export, so that a thing is
called the same everywhere. Whole sentences stand in the templates. Nothing here
knows a campaign or a mail.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from parsers.model import Field, Value
from parsers.spec import FieldSpec, FieldType
from parsers.values.numbers import plain
from parsers.values.wordcount import count_words
from rules.model import Decision
from rules.notice.campaign import Campaign, Deadline

#: What applicants read. Contract, table of decisions.
DECISIONS: Mapping[Decision, str] = {
    Decision.ACCEPTED: "受理",
    Decision.WAITLISTED: "候补",
    Decision.REVIEW: "人工复核中",
    Decision.SUPPLEMENT: "补正",
    Decision.DECLINED: "不予受理",
}

#: What staff read: register states, the decisions and what a person entered.
STATES: Mapping[str, str] = {
    "accepted": "受理",
    "waitlisted": "候补",
    "review": "转人工",
    "supplement": "补正",
    "declined": "不予受理",
    "withdrawn": "已撤回",
}

#: What a person settles about an item.
RULINGS: Mapping[str, str] = {
    "accept": "准予受理",
    "return": "退回补正",
    "decline": "不予受理",
    "withdraw": "撤回",
    "assign": "指定申报单位",
}

#: What staff tick off.
TICKS: Mapping[str, str] = {"paper": "纸质材料已收到", "fee": "费用已到账", "stamp": "盖章已核对"}

DISPOSITIONS: Mapping[str, str] = {
    "submission": "申报",
    "inquiry": "咨询",
    "automatic": "自动邮件",
    "bounce": "退信",
    "foreign": "与活动无关",
    "withdrawal": "撤回申请",
    "junk": "垃圾邮件箱",
}

#: The parts of the service whose health is kept, as staff know them.
_PARTS: Mapping[str, str] = {
    "mailbox": "收件邮箱",
    "tidying": "邮箱整理",
    "processing": "来信处理",
    "outgoing": "发信服务器",
    "digest": "每日简报",
    "sent": "已发送文件夹",
}

_DIGITS = "零一二三四五六七八九"
_KILO = 1024
_EXCERPT = 60  #: characters of a long text that are shown back
_BIDI = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")


def part_name(name: str) -> str:
    """收件邮箱 ACCOUNT/FOLDER, 来信处理: what a row of the health table is called."""
    head, _, rest = name.partition(":")
    return " ".join(filter(None, (_PARTS.get(head, head), rest)))


def clean(text: str, *, lines: bool = False) -> str:
    """Text from outside, fit to be shown: no control or direction characters, no lone surrogates.

    With ``lines`` line breaks stay, as line feeds; else every run of blanks is one blank.
    """
    text = printable(text)
    if lines:
        return "\n".join(" ".join(line.split()) for line in text.split("\n")).strip("\n")
    return " ".join(text.split())


def printable(text: str) -> str:
    """Text from outside as :func:`clean` makes it fit, but with all its blanks and lines."""
    text = text.encode("utf-8", "replace").decode("utf-8")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(
        "\n" if char in "\n\u2028\u2029\x0b\x0c" else " " if _is_control(char) else char
        for char in text
        if char not in _BIDI
    )


def _is_control(char: str) -> bool:
    return unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp")


def shorten(text: str, limit: int) -> str:
    """At most ``limit`` characters, an ellipsis where something was cut."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def numeral(number: int) -> str:
    """一, 二, ... 十, 十一, ... for 1 to 99. ValueError beyond."""
    if not 1 <= number <= 99:  # noqa: PLR2004 - said in words above and below
        raise ValueError("numerals go from 1 to 99")
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else "十" if tens == 1 else f"{_DIGITS[tens]}十"
    return head + (_DIGITS[ones] if ones else "")


def day_text(day: date) -> str:
    """2025年1月20日."""
    return f"{day.year}年{day.month}月{day.day}日"


def moment_text(moment: datetime, zone: ZoneInfo) -> str:
    """2025年1月20日 09:05, to the minute, in ``zone``."""
    local = moment.astimezone(zone)
    return f"{day_text(local.date())} {local:%H:%M}"


def deadline_text(deadline: Deadline, zone: ZoneInfo) -> str:
    """2025年1月20日24:00: the last instant in time, seen from the day it ends."""
    hour = f"{deadline.until:%H:%M}" if deadline.until else "24:00"
    return f"{day_text(deadline.last_moment(zone).date())}{hour}"


def deadline_scope(campaign: Campaign, deadline: Deadline) -> str:
    """What it is for: categories, papers, or both; "" for everything else."""
    names = {entry.id: entry.name for entry in campaign.categories}
    categories = "、".join(names.get(entry, entry) for entry in deadline.categories)
    papers = "、".join(map(campaign.paper_name, deadline.kinds))
    return f"{categories}的{papers}" if categories and papers else categories or papers


def size_text(size: int) -> str:
    """512 B, 12.3 KB, 4.5 MB (powers of 1024)."""
    if size < _KILO:
        return f"{size} B"
    kilobytes = size / _KILO
    return f"{kilobytes:.1f} KB" if kilobytes < _KILO else f"{kilobytes / _KILO:.1f} MB"


def money_text(amount: int) -> str:
    """1,234 元."""
    return f"{amount:,} 元"


def clause_text(clause: str) -> str:
    """通知 四.1; "" where no clause is given."""
    return f"通知 {clean(clause)}" if clause.strip() else ""


def label_text(label: str) -> str:
    """A printed label without blanks, star and closing colon."""
    return "".join(clean(label).split()).lstrip("*＊").rstrip("：:")


def pairs_text(pairs: Iterable[tuple[str, str]]) -> str:
    """Several labels with their values in one line: 小组人数：12；邮编：410200."""
    return "；".join(f"{label_text(label)}：{value}" for label, value in pairs)


def value_text(value: Value, kind: FieldType | None = None) -> str:
    """A typed value as a person writes it; "" for None."""
    if value is None:
        return ""
    if isinstance(value, list):
        return "、".join(value_text(entry) for entry in value)
    if isinstance(value, float):
        value = f"{value:f}".rstrip("0").rstrip(".")
    if kind is FieldType.DATE and isinstance(value, str):
        value = _date_in_words(value)
    if kind is FieldType.PERIOD and isinstance(value, str):
        value = "至".join(map(_date_in_words, value.split("/")))
    text = clean(str(value))
    return f"{text}%" if kind is FieldType.PERCENT and text else text


def read_text(field: Field, spec: FieldSpec | None) -> str:
    """What was read of a field, for its sender to check.

    Long texts are cut to their beginning with their length; an unreadable value
    shows what stood there; a field that was not found, or is empty, says so.
    """
    kind = spec.type if spec else None
    text = value_text(field.value, kind)
    if not text:
        raw = clean(field.raw)
        if raw:
            return f"未能读取，原文为“{shorten(raw, _EXCERPT)}”"
        return "（空）" if field.where else "（未见此栏）"
    if len(text) > _EXCERPT:
        return f"{text[:_EXCERPT]}……（共 {count_words(text)} 字，其余从略）"
    unit = spec.unit if spec and kind is not FieldType.PERCENT else ""
    unit = "" if spec and f"({unit})" in plain(spec.label) else unit  # 经济效益（万元） says it
    is_number = isinstance(field.value, (int, float))
    return f"{text} {unit}" if unit and is_number else text


def _date_in_words(value: str) -> str:
    """2025年7月1日 of an ISO date, 2025年7月 of an ISO month; anything else as it stands."""
    try:
        if re.fullmatch(r"\d{4}-\d{2}", value):
            return day_text(date.fromisoformat(f"{value}-01")).removesuffix("1日")
        return day_text(date.fromisoformat(value))
    except ValueError:
        return value
