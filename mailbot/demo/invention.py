"""Invents an applicant: a company, people, figures, texts, as the types of fields ask for them.

Nothing here is taken from life: names are put together from common characters,
numbers from ranges nobody owns. The same seed gives the same applicant. What a
field wants is told by its type, never by a campaign.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from parsers.spec import FieldSpec, FieldType, FormSpec
from rules.campaign import Campaign, Category
from rules.figuresettings import AtMostRule, PeriodRule

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
_GROUPS = ("冲压", "装配", "焊接", "磨削", "检测", "涂装", "热处理", "数控")
_SENTENCES = (
    "全员参与质量改进，围绕现场问题开展课题攻关，一次交验合格率稳步提高。",
    "坚持班前会讲标准、班中巡检查隐患、班后总结找差距，形成闭环管理。",
    "运用排列图、因果图和对策表分析数据，制定措施并逐条验证效果。",
    "组织技能比武和师带徒活动，关键岗位持证上岗率达到百分之百。",
    "推行可视化看板管理，质量、成本、交期指标每日公开，人人知晓目标。",
    "针对顾客反馈成立改进小组，三个月内完成整改并固化为作业标准。",
)


@dataclass(slots=True)
class Applicant:
    """One invented company with its contact person."""

    seed: int
    company: str = ""
    contact: str = ""
    email: str = ""
    mobile: str = ""
    _random: random.Random = field(default_factory=random.Random)

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)  # noqa: S311 - invented data, not secrets
        brand = _BRANDS[self.seed % len(_BRANDS)]
        self.company = f"{brand}{_TRADES[self.seed * 3 % len(_TRADES)]}有限公司"
        position = self.seed % len(_SURNAMES)
        self.contact = _SURNAMES[position] + self._random.choice(_GIVEN)
        self.email = f"{_ROMAN[position]}{self.seed:02d}@company{self.seed:02d}.example"
        self.mobile = f"1390000{self.seed:04d}"

    def item_name(self, category: Category) -> str:
        """A name for a group, team, story or person."""
        group = _GROUPS[self.seed % len(_GROUPS)]
        return {
            "qc": f"{group}先锋QC小组",
            "team": f"{group}一班",
            "story": f"一颗螺栓的{group}坚守",
        }.get(category.id, self.person())

    def person(self) -> str:
        """A name of nobody."""
        return self._random.choice(_SURNAMES) + self._random.choice(_GIVEN)

    def text(self, sentences: int = 4) -> str:
        """Some sentences of an application."""
        return "".join(self._random.choices(_SENTENCES, k=sentences))

    def fill(self, spec: FormSpec, campaign: Campaign, known: Mapping[str, str]) -> dict[str, str]:
        """A value for every field and section of a form; ``known`` ones are taken as given."""
        values = {entry.key: self._value(entry, spec, campaign) for entry in spec.fields}
        _in_proportion(values, spec, campaign)
        values |= {section.key: self.text(3) for section in spec.sections}
        if spec.layout == "text" and not spec.sections:
            values["text"] = "\n".join(self.text(5) for _ in range(4))
        return {**values, **{key: value for key, value in known.items() if key in values}}

    def row(self, columns: Sequence[FieldSpec], known: Mapping[str, str]) -> dict[str, str]:
        """A value for every column of a list."""
        values = {column.key: self._typed(column) for column in columns}
        return {**values, **{key: value for key, value in known.items() if key in values}}

    def _value(self, entry: FieldSpec, spec: FormSpec, campaign: Campaign) -> str:
        if entry.prompts:
            return "\n".join(f"{n}. {self.text(1)}" for n, _ in enumerate(entry.prompts, 1))
        if entry.type is FieldType.PERIOD:
            return _period(spec, campaign)
        return self._typed(entry)

    def _typed(self, entry: FieldSpec) -> str:
        number = self._random.randint
        if entry.type in (FieldType.CHOICE, FieldType.TICKS):
            return self._random.choice(entry.options) if entry.options else ""
        if entry.type is FieldType.INTEGER:
            is_count_of_trouble = entry.minimum == 0 and not entry.unit
            return "0" if is_count_of_trouble else str(number(6, 16))
        written: Mapping[FieldType, Callable[[], str]] = {
            FieldType.ORGANISATION: lambda: self.company,
            FieldType.PERSON: lambda: self.contact,
            FieldType.LONG_TEXT: lambda: self.text(4),
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
            FieldType.STAMP: str,
            FieldType.SIGNATURE: str,
            FieldType.SERIAL: str,
        }
        other = self._random.choice(("质量管理部", "生产制造部", "质量部"))
        return written.get(entry.type, lambda: other)()


def _in_proportion(values: dict[str, str], spec: FormSpec, campaign: Campaign) -> None:
    """Put figures right that a rule compares: the part no larger than the whole."""
    for rule in campaign.rules:
        if not isinstance(rule, AtMostRule) or rule.kind != spec.kind:
            continue
        for smaller, larger in rule.pairs:
            if float(values[smaller]) > float(values[larger]):
                values[larger] = values[smaller]


def _period(spec: FormSpec, campaign: Campaign) -> str:
    """The period the notice asks for, as it is written over statistics."""
    for rule in campaign.rules:
        if isinstance(rule, PeriodRule) and rule.kind == spec.kind:
            first, last = (part.split("-") for part in (rule.first, rule.last))
            return f"{first[0]}年{int(first[1])}月~{last[0]}年{int(last[1])}月"
    return ""
