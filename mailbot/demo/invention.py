"""Invents an applicant: a company, people, figures, texts, as the types of fields ask for them.

Nothing here is taken from life: names are put together from common characters,
numbers from ranges nobody owns. The same seed gives the same applicant. What a
field wants is told by its type, never by a campaign.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from mailbot.demo import agreement
from parsers.spec import FieldSpec, FieldType, FormSpec, Must
from rules.notice.campaign import Campaign, Category
from rules.notice.figuresettings import AtMostRule, PeriodRule

_BRANDS = (
    "长风",
    "恒岳",
    "金枫",
    "云麓",
    "瑞岭",
    "宏桥",
    "东篱",
    "天工",
    "启衡",
    "广陵",
    "嘉禾",
    "远山",
    "立新",
    "华钧",
)
_TRADES = (
    "重工装备",
    "精密机械",
    "电机制造",
    "液压传动",
    "数控机床",
    "工程机械",
    "轴承科技",
    "铸造工业",
)
_SURNAMES = "周吴郑王冯陈褚卫蒋沈韩杨"
_GIVEN = (
    "建华",
    "志远",
    "晓梅",
    "立群",
    "思齐",
    "文博",
    "海燕",
    "国强",
    "雅琴",
    "明轩",
    "春生",
    "玉兰",
)
_ROMAN = (
    "zhou",
    "wu",
    "zheng",
    "wang",
    "feng",
    "chen",
    "chu",
    "wei",
    "jiang",
    "shen",
    "han",
    "yang",
)
#: What a category's name says it is -> how one of its items may be called.
_NAMES = (
    ("班组", "{group}一班"),
    ("小组", "{group}先锋QC小组"),
    ("故事", "一颗螺栓的{group}坚守"),
    ("案例", "{group}工序质量改进案例"),
)
#: words of a label whose number is best nought
_TROUBLE = ("事故", "投诉", "违规")
_GROUPS = ("冲压", "装配", "焊接", "磨削", "检测", "涂装", "热处理", "数控")
_SENTENCES = (
    "全员参与质量改进，围绕现场问题开展课题攻关，一次交验合格率稳步提高。",
    "坚持班前会讲标准、班中巡检查隐患、班后总结找差距，形成闭环管理。",
    "运用排列图、因果图和对策表分析数据，制定措施并逐条验证效果。",
    "组织技能比武和师带徒活动，关键岗位持证上岗率达到百分之百。",
    "推行可视化看板管理，质量、成本、交期指标每日公开，人人知晓目标。",
    "针对顾客反馈成立改进小组，三个月内完成整改并固化为作业标准。",
)


#: Words of a label -> what somebody writes there; forms of this kind ask for little else.
_BY_LABEL = (
    ("课题", "降低磨削工序返工率"),
    ("成果名称", "降低磨削工序返工率"),
    ("职务", "班长"),
    ("职称", "工程师"),
    ("岗位", "操作工"),
    ("分工", "现场实施"),
    ("职责", "现场实施"),
    ("性别", "女"),
    ("文化", "本科"),
    ("学历", "本科"),
    ("民族", "汉族"),
    ("政治", "群众"),
    ("证书", "ZS0001"),
    ("编号", "ZS0001"),
    ("部门", "质量管理部"),
    ("地点", "本单位会议室"),
    ("区县", "城东区"),
    ("等级", "1"),
)
_SHORTEST = 20  #: 字 of a passage


@dataclass(slots=True)
class Applicant:
    """One invented company with its contact person."""

    seed: int
    company: str = ""
    contact: str = ""
    email: str = ""
    mobile: str = ""
    members: tuple[str, ...] = ()
    _random: random.Random = field(default_factory=random.Random)
    _written: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)  # noqa: S311 - invented data, not secrets
        brand = _BRANDS[self.seed % len(_BRANDS)]
        self.company = f"{brand}{_TRADES[self.seed * 3 % len(_TRADES)]}有限公司"
        position = self.seed % len(_SURNAMES)
        self.contact = _SURNAMES[position] + self._random.choice(_GIVEN)
        self.email = f"{_ROMAN[position]}{self.seed:02d}@company{self.seed:02d}.example"
        self.mobile = f"1390000{self.seed:04d}"
        count = 6 + self.seed % 4
        others = [s + g for s, g in zip(_SURNAMES, _GIVEN, strict=False) if s + g != self.contact]
        self.members = (self.contact, *others[: count - 1])

    def item_name(self, category: Category, form: FormSpec | None) -> str:
        """A name for a group, team, story or person, or the company's own."""
        entry = form.field(category.name_field) if form else None
        if entry and entry.type is FieldType.PERSON:
            return self.contact
        if entry and entry.type is FieldType.ORGANISATION:
            return self.company
        group = _GROUPS[self.seed % len(_GROUPS)]
        told = f"{category.name}{form.title if form else ''}"
        pattern = next((name for word, name in _NAMES if word in told), "{group}攻关项目")
        return pattern.format(group=group)

    def text(self, length: int) -> str:
        """Some sentences of an application, of about so many 字."""
        made = ""
        while len(made) < max(length, _SHORTEST):
            made += self._random.choice(_SENTENCES)
        if len(made) > length >= _SHORTEST:
            made = made[: length - 1].rstrip("，、。") + "。"
        return made

    def fill(self, spec: FormSpec, campaign: Campaign, known: Mapping[str, str]) -> dict[str, str]:
        """A value for every field and section of a form; ``known`` ones are taken as given."""
        values = {entry.key: self._value(entry, spec, campaign) for entry in spec.fields}
        for key in agreement.stated_numbers(campaign, spec.kind) & values.keys():
            values[key] = str(len(self.members))
        _in_proportion(values, spec, campaign)
        wanted = agreement.wanted_length(campaign, spec.kind, None)
        if spec.layout == "text":
            parts = max(len(spec.sections), 4)
            each = (wanted or 150 * parts) // parts
            values |= {section.key: self.text(each) for section in spec.sections}
            if not spec.sections:
                passages = [self.text(each) for _ in range(parts)]
                days = [
                    f"{r.words[0]}日期：{r.day or r.until}。"
                    for r in agreement.since(campaign, spec.kind)
                    if r.words
                ]
                values["text"] = "\n".join((*passages, *days))
        return {**values, **{key: value for key, value in known.items() if key in values}}

    def row(self, columns: Sequence[FieldSpec], known: Mapping[str, str]) -> dict[str, str]:
        """A value for every column of a list."""
        values = {column.key: self._typed(column) for column in columns}
        for column in columns:
            if column.key in known:
                values[column.key] = _as_option(known[column.key], column)
        return values

    def _value(self, entry: FieldSpec, spec: FormSpec, campaign: Campaign) -> str:
        if entry.must is Must.HAND:
            return ""
        if entry.key in agreement.without_accident(campaign, spec.kind):
            return "0"
        if entry.type is FieldType.LONG_TEXT:
            return self._passage(entry, agreement.wanted_length(campaign, spec.kind, entry.key))
        if entry.type is FieldType.PERIOD:
            return _period(spec, campaign)
        found = [r for r in agreement.since(campaign, spec.kind) if r.field == entry.key]
        days = list(filter(None, (r.day or r.until for r in found)))
        if entry.type is FieldType.DATE and not days:
            day = campaign.issued_on or campaign.tiers[0].deadline().last_day
            days = [f"{day.year}年{day.month}月{day.day}日"]
        return days[0] if days else self._typed(entry)

    def _passage(self, entry: FieldSpec, wanted: int | None) -> str:
        """A text in a cell, point by point where the form prints points."""
        if not entry.prompts:
            return self.text(wanted or 150)
        each = (wanted or 40 * len(entry.prompts)) // len(entry.prompts)
        return "\n".join(f"{n}. {self.text(each)}" for n, _ in enumerate(entry.prompts, 1))

    def _typed(self, entry: FieldSpec) -> str:
        """What this applicant writes; the same wherever it is asked for by the same key."""
        kept = self._written.get(entry.key)
        if kept is None or not _fits(kept, entry):
            kept = self._invented(entry)
            self._written[entry.key] = kept
        return kept

    def _invented(self, entry: FieldSpec) -> str:
        number = self._random.randint
        if entry.type in (FieldType.CHOICE, FieldType.TICKS):
            return self._random.choice(entry.options) if entry.options else "合格"
        if entry.type is FieldType.INTEGER:
            is_count_of_trouble = entry.minimum == 0 and (
                not entry.unit or any(word in entry.label for word in _TROUBLE)
            )
            low = max(6, int(entry.minimum or 0))
            high = min(low + 10, int(entry.maximum or low + 10))
            return "0" if is_count_of_trouble else str(number(min(low, high), high))
        written: Mapping[FieldType, Callable[[], str]] = {
            FieldType.ORGANISATION: lambda: self.company,
            FieldType.PERSON: lambda: self.contact,
            FieldType.NAMES: lambda: "、".join(self.members[: entry.slots or None]),
            FieldType.ADDRESS: lambda: f"工业大道{number(1, 200)}号",
            FieldType.ADDRESS_POSTCODE: lambda: (
                f"工业大道{number(1, 200)}号，400{number(100, 999)}"
            ),
            FieldType.POSTCODE: lambda: f"400{number(100, 999)}",
            FieldType.PHONE: lambda: f"0{number(300, 399)}-5550{number(1000, 9999)}",
            FieldType.FAX: lambda: f"0{number(300, 399)}-5550{number(1000, 9999)}",
            FieldType.MOBILE: lambda: self.mobile,
            FieldType.EMAIL: lambda: self.email,
            FieldType.EMAIL_OR_QQ: lambda: self.email,
            FieldType.DECIMAL: lambda: f"{number(10, 90)}.{number(1, 9)}",
            FieldType.MONEY: lambda: f"{number(10, 90)}.{number(1, 9)}",
            FieldType.PERCENT: lambda: f"{number(95, 99)}.{number(1, 9)}",
            FieldType.PAIR: lambda: f"{number(8, 20)}、{number(24, 60)}",
            FieldType.LONG_TEXT: lambda: self.text(40),
            FieldType.DATE: lambda: "2000年5月1日",
            FieldType.PERIOD: str,
            FieldType.STAMP: str,
            FieldType.SIGNATURE: str,
            FieldType.SERIAL: str,
        }
        by_label = next((said for word, said in _BY_LABEL if word in entry.label), "质量管理部")
        return written.get(entry.type, lambda: by_label)()


def _fits(kept: str, entry: FieldSpec) -> bool:
    """May a value written under the same key elsewhere stand here, too?"""
    if entry.type in (FieldType.CHOICE, FieldType.TICKS):
        return kept in entry.options
    if entry.type is FieldType.INTEGER:
        return kept.isdecimal() and (entry.minimum or 0) <= int(kept) <= (entry.maximum or 10**9)
    if entry.type in (FieldType.DECIMAL, FieldType.MONEY, FieldType.PERCENT):
        return kept.replace(".", "", 1).isdecimal()
    return entry.type is not FieldType.LONG_TEXT


def _as_option(value: str, column: FieldSpec) -> str:
    """A value of a form as a column with options writes it."""
    if column.type not in (FieldType.CHOICE, FieldType.TICKS) or value in column.options:
        return value
    near = [option for option in column.options if value[:2] and option.startswith(value[:2])]
    return near[0] if near else value


def _in_proportion(values: dict[str, str], spec: FormSpec, campaign: Campaign) -> None:
    """Put figures right that a rule compares: the part no larger than the whole."""
    for rule in campaign.rules:
        if not isinstance(rule, AtMostRule) or rule.kind != spec.kind:
            continue
        for smaller, larger in rule.pairs:
            if "." in values[smaller] + values[larger]:
                continue  # in 万: larger than any whole number here
            if float(values[smaller]) > float(values[larger]):
                values[smaller], values[larger] = values[larger], values[smaller]


def _period(spec: FormSpec, campaign: Campaign) -> str:
    """The period the notice asks for, as it is written over statistics."""
    for rule in campaign.rules:
        if isinstance(rule, PeriodRule) and rule.kind == spec.kind:
            first, last = (part.split("-") for part in (rule.first, rule.last))
            return f"{first[0]}年{int(first[1])}月~{last[0]}年{int(last[1])}月"
    year = min(campaign.years, default=0) or campaign.tiers[0].deadline().last_day.year
    return f"{year - 1}年1月~{year - 1}年12月"
