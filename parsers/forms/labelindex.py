"""The labels of one form, found in the text of a cell or line.

A label is known by its exact print, by common other words for the same thing, and
last by one wrong character, which never leads onto another known label. What
stands behind a label is looked at only to tell whether it can be a value at all.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from parsers.forms.folding import Folded, fold
from parsers.forms.labels import LEAD, compact, is_one_off, normalise_label
from parsers.spec import FieldSpec, FieldType
from parsers.values.dates import find_period

_BRACKETS = re.compile(r"\([^()]*\)")
_DIGITS = re.compile(r"\d")
#: words that stand for the same thing on such forms, whatever a campaign lists
_SAME = (
    ("邮编", "邮政编码", "邮码"),
    ("手机", "手机号", "手机号码", "移动电话"),
    ("邮箱", "电子邮箱", "电子信箱", "电子邮件", "e-mail", "email", "邮箱地址"),
    ("电话", "联系电话", "电话号码", "办公电话", "固定电话"),
    ("传真", "传真号码", "传真电话"),
    ("详细通讯地址", "详细通信地址", "通讯地址", "通信地址", "详细地址"),
    ("联系人", "联系人姓名"),
    ("微信", "微信号"),
    ("填报单位", "填报单位名称"),
)
#: pairs that make two labels different things though one character apart
_DISTINCT = (
    ("小组", "班组"),
    ("推荐", "推进"),
    ("企业", "行业"),
    ("省级", "市级"),
)
_FUZZY_FROM = 5  #: characters from which one wrong character is forgiven


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A known label in a text; ``text[start:end]`` is the label with its colon."""

    core: str
    start: int
    end: int
    confidence: float = 1.0
    whole: bool = False  #: the label is all that stands there
    colon: bool = False


#: what may follow a label before its value
_TAIL = re.compile(
    r"(?:%|\((?!\d+(?:\.\d+)?\))[^()]{1,40}\)(?=[:%]|$)"
    r"|\((?:以?公章为准|另附材料|另附纸|另附|简写|签字|签名|盖章|公章|章|全称|必填|[^()]*字[^()]*)\)"
    r"|\((?:%|百?万?[元个]|人|次)(?:/年)?\)|\d+字(?:以内|左右|以上)|=(?=[\d.]+%?$)|=[^:=]*?×100%|=[^:=]*$)*(:?)"
)
#: words before a label that make it another one
_GLUED = (
    "联系", "办公", "固定", "移动", "电子", "详细",
    "邮政", "通讯", "通信", "所在", "推荐", "主管",
)  # fmt: skip
_NUMERIC = {
    FieldType.POSTCODE, FieldType.PHONE, FieldType.MOBILE, FieldType.FAX, FieldType.INTEGER,
    FieldType.DECIMAL, FieldType.PERCENT, FieldType.MONEY, FieldType.PAIR, FieldType.DATE,
    FieldType.EMAIL_OR_QQ,
}  # fmt: skip
_NOTHING = re.compile(r"[无零][起次件个人]?")
_NUMBER_START = re.compile(r"[\d+(约_/]")
_HAND_END = re.compile(r"[(公章)盖\d年月日:_]*")
_HAND = {FieldType.STAMP, FieldType.SIGNATURE}
_LOOSE = 0.75  #: confidence in a label parted from its value by a blank only
_LONG = 200  #: characters above which a text is no label with a value unless it begins with one


class LabelIndex:
    """All labels of one form (or one list), ready for look-up.

    Args:
        fields: the specs whose labels are known here.
        vocabulary: cores of all labels known anywhere; a text that is one of them
            is never taken for a misprint of another.
    """

    def __init__(self, fields: Sequence[FieldSpec], vocabulary: Collection[str] = ()) -> None:
        self.fields = tuple(fields)
        self.vocabulary = vocabulary
        self.cores: dict[str, tuple[int, ...]] = {}
        self.weights: dict[str, float] = {}
        for number, spec in enumerate(self.fields):
            for label in spec.labels:
                if not find_period(label):  # a period printed as its own label is a value
                    self._add(normalise_label(label).casefold(), number, 1.0)
        for core in list(self.cores):
            self._add_spellings(core)
        self._by_first: dict[str, list[str]] = {}
        for core in sorted(self.cores, key=len, reverse=True):
            self._by_first.setdefault(core[0], []).append(core)
        self._types = {c: {self.fields[n].type for n in ns} for c, ns in self.cores.items()}
        self._inline = {
            c: any(self.fields[n].place in ("inline", "head", "foot") for n in ns)
            for c, ns in self.cores.items()
        }
        self._found: dict[tuple[str, bool], tuple[Hit, ...]] = {}

    def _add(self, core: str, number: int, weight: float) -> None:
        if not core:
            return
        known = self.cores.get(core, ())
        if number not in known:
            self.cores[core] = (*known, number)
        self.weights.setdefault(core, weight)

    def _add_spellings(self, core: str) -> None:
        numbers = self.cores[core]
        others = {_BRACKETS.sub("", core)}
        for group in _SAME:
            if core in group:
                others.update(group)
        for other in others:
            if len(other) > 1 and self.weights.get(other, 0) < 1:
                for number in numbers:
                    self._add(other, number, 0.95)

    def whole(self, text: str) -> Hit | None:
        """The label that this text is, with nothing else, or None."""
        if len(text) > _LONG:
            return None
        core = normalise_label(text).casefold()
        found, weight = self._known(core)
        if not found:
            bare = _BRACKETS.sub("", core)
            if bare != core and not re.search(r"\(\d+(?:\.\d+)?\)", core):
                found, weight = self._known(bare)
        if not found:
            return None
        colon = compact(text).endswith(":")
        return Hit(core=found, start=0, end=len(text), confidence=weight, whole=True, colon=colon)

    def sure(self, text: str) -> bool:
        """Is the text a known label, letter by letter?"""
        return normalise_label(text).casefold() in self.cores

    def _known(self, core: str) -> tuple[str, float]:
        """The known label this is, exactly or but for one character, and how surely."""
        if core in self.cores:
            return core, self.weights[core]
        if len(core) < _FUZZY_FROM or core in self.vocabulary:
            return "", 0.0
        near = [
            other
            for other in self.cores
            if len(other) >= _FUZZY_FROM
            and is_one_off(core, other)
            and _DIGITS.findall(core) == _DIGITS.findall(other)  # 交流班组数8 holds a value
            and not _is_distinct(core, other)
        ]
        return (near[0], 0.85) if len({self.cores[other] for other in near}) == 1 else ("", 0.0)

    def find(self, text: str, *, loose: bool = False) -> tuple[Hit, ...]:
        """The labels in a text, in their order; the longest known label wins.

        Args:
            text: a cell or line.
            loose: blanks alone may part a label from its value, as in a form whose
                table was lost; such a label is never sure.
        """
        found = self._found.get((text, loose))
        if found is None:
            if len(self._found) > 20_000:  # noqa: PLR2004 - bounds the memory of a service
                self._found.clear()
            found = self._found[text, loose] = self._find(text, loose=loose)
        return found

    def _find(self, text: str, *, loose: bool) -> tuple[Hit, ...]:
        if whole := self.whole(text):
            return (whole,)
        folded = fold(text)
        lead = LEAD.match(folded.text)
        start = lead.end() if lead else 0
        first = self._at(folded, start, at_start=True, loose=loose)
        if first is None and len(folded.text) > _LONG:
            return ()
        if first is not None and FieldType.LONG_TEXT in self._types[first[0].core]:
            return (first[0], *self._after_long_text(folded, first[0]))
        return tuple(self._all(folded, start, loose=loose))

    def _all(self, folded: Folded, start: int, *, loose: bool) -> Iterator[Hit]:
        index, at_start = start, True
        tabs = "\t" in folded.original
        while index < len(folded.text):
            # behind a tab stood another cell before the table was lost
            at_start = at_start or (tabs and "\t" in folded.gap(index))
            found = self._at(folded, index, at_start=at_start, loose=loose)
            if found:
                yield found[0]
            index, at_start = max(found[1] if found else 0, index + 1), False

    def _at(
        self, folded: Folded, index: int, *, at_start: bool, loose: bool = False
    ) -> tuple[Hit, int] | None:
        """The longest label beginning at this character, if it may stand there."""
        for core in self._by_first.get(folded.text[index : index + 1], ()):
            if not folded.text.startswith(core, index):
                continue
            tail = _TAIL.match(folded.text, index + len(core))
            stop = tail.end() if tail else index + len(core)
            colon = bool(tail and (tail.group(1) or tail.group().endswith("=")))
            before = folded.text[index - 1 : index]
            free = at_start or folded.blank_before(index) or not before.isalnum()
            weight = self._weight(folded, stop, core, colon=colon, free=free)
            if not weight and free and at_start and self._inline[core] and len(core) > 2:  # noqa: PLR2004
                weight = 0.85  # 单位名称湘江重工
            if not weight and free and loose and folded.blank_before(stop):
                weight = _LOOSE
            if colon and not free and folded.text[:index].endswith(_GLUED):
                weight = 0.0
            if weight:
                place = folded.at[index], folded.at[stop - 1] + 1
                return Hit(
                    core=core,
                    start=place[0],
                    end=place[1],
                    confidence=weight * self.weights[core],
                    colon=colon,
                ), stop
        return None

    def _weight(self, folded: Folded, stop: int, core: str, *, colon: bool, free: bool) -> float:
        """How sure it is that this is a label, by what stands around it; 0 for not at all."""
        if _HAND & self._types[core]:
            ends = _HAND_END.fullmatch(folded.text, stop)
            return float(free and bool(colon or ends))
        if colon or not free:
            return (1.0 if free else 0.85) if colon else 0.0
        following = folded.text[stop : stop + 1]
        if not following or following == "_" or folded.line_before(stop):
            return 1.0
        numeric = bool(self._types[core] & _NUMERIC)
        if not folded.blank_before(stop):
            fits, weight = numeric and (following.isdigit() or following == "+"), 0.9
        elif numeric:
            number = _NUMBER_START.match(following) is not None or self._is_none(folded, stop)
            fits, weight = number or self._next_is_label(folded, stop), 0.95
        else:
            fits, weight = self._inline[core] or FieldType.LONG_TEXT in self._types[core], 0.95
        return weight if fits else 0.0

    def _is_none(self, folded: Folded, index: int) -> bool:
        """Does 无 or 零 stand there by itself, in the place of a figure?"""
        found = _NOTHING.match(folded.text, index)
        behind = found.end() if found else 0
        ends = behind == len(folded.text) or folded.blank_before(behind)
        return found is not None and (ends or not folded.text[behind].isalnum())

    def _next_is_label(self, folded: Folded, index: int) -> bool:
        return any(
            folded.text.startswith(core, index)
            for core in self._by_first.get(folded.text[index : index + 1], ())
        )

    def _after_long_text(self, folded: Folded, first: Hit) -> Iterator[Hit]:
        """Behind a long text only the stamp at its end and further long texts are labels."""
        for index in range(1, len(folded.text)):
            if folded.at[index] < first.end or folded.text[index] not in self._by_first:
                continue
            newline = folded.line_before(index)
            found = self._at(folded, index, at_start=newline)
            if found is None:
                continue
            types = self._types[found[0].core]
            if (types & _HAND and folded.blank_before(index)) or (
                newline and found[0].colon and FieldType.LONG_TEXT in types
            ):
                yield found[0]


def _is_distinct(one: str, other: str) -> bool:
    """Do the two differ just in a word that makes them different things?"""
    return any(
        one.replace(a, b) == other or one.replace(b, a) == other
        for a, b in _DISTINCT
        if a in one or b in one
    )
