"""Titles of forms compared: the same, of another year, or of another association.

Blanks, 《》, the number of the annex and the year are left aside for comparison;
the year is looked at afterwards. A title that ends as ours does but names somebody
else is foreign, and the reason is told in Chinese.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from parsers.forms.labels import compact, is_one_off
from parsers.spec import FormSpec
from parsers.values.dates import find_period

_ANNEX = re.compile(r"^\(?(?:附件|附表|附录|附)[一二三四五六七八九十\d.\-—]*\)?[:：、.]?")
_MARKS = re.compile(r"[《》<>〈〉“”\"「」『』*#]|[(\[]?[√✓✔☑☒■□☐▢◻][)\]]?")
_YEAR = re.compile(r"(?:19|20)\d{2}")
_YEARS = re.compile(
    r"(?:19|20)\d{2}(?:年度|年)?(?:[-~－—–―至到/、.]+(?:(?:19|20)?\d{2})(?:年度|年)?)?(?:年度|年)?"
)
_SHORT_YEAR = re.compile(r"((?:19|20))\d{2}(?:年度|年)?[-~－—–―至到/、.]+(\d{2})(?=年|\D|$)")
_TRAILING = re.compile(r"\([^()]*\)$")
_SENTENCE = re.compile(r"[。；;!！?？]|》.*《|[：:].")
_COMPANY = re.compile(r"(?:公司|集团|厂|研究院|研究所|院|所|中心|分公司|事业部|车间)$")
#: names that make a title another association's
_TERRITORY = re.compile(
    r"全国|中国|国家|北京|天津|上海|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南"
    r"|广东|海南|四川|贵州|云南|陕西|甘肃|青海|内蒙古|广西|西藏|宁夏|新疆|[^\W\d]{2,3}[省市县区州](?!场)"
)
_TITLE_LENGTH = 80
_PUT_IN = 6  #: characters that may be put into one of our titles
_MISPRINT_FROM = 10  #: characters from which one wrong character is forgiven
_ENDING = 8  #: characters of a text's title that tell it behind the name of a unit
_SHORT_FAMILY = 5  #: a family shorter than this says too little about the association


def fold_title(text: str) -> str:
    """A title for comparison: NFKC, no blanks, no 《》, no boxes, no annex number; years stay."""
    bare = _MARKS.sub("", compact(text))
    return _ANNEX.sub("", bare).strip(":_-")


def years_of(title: str) -> tuple[int, ...]:
    """The years a folded title carries; those of a bracketed period of months do not count."""
    bare = _without_periods(title)
    years = [int(entry) for entry in _YEAR.findall(bare)]
    years += [int(century + year) for century, year in _SHORT_YEAR.findall(bare)]
    return tuple(sorted(set(years)))


def _without_periods(title: str) -> str:
    def gone(found: re.Match[str]) -> str:
        return "" if find_period(found.group()) and "月" in found.group() else found.group()

    return re.sub(r"\([^()]*\)", gone, title)


def _yearless(title: str) -> str:
    bare = _YEARS.sub("", _without_periods(title))
    return re.sub(r"^(?:年度|年)|\((?:年度|年)?\)", "", bare)


def _is_within(short: str, long: str) -> bool:
    """Are the characters of one title, in their order, within the other?"""
    characters = iter(long)
    return all(c in characters for c in short)


def _is_misprint(bare: str, wording: str) -> bool:
    """One wrong character, but not in the name of a province or city."""
    if len(wording) < _MISPRINT_FROM or not is_one_off(bare, wording):
        return False
    return _TERRITORY.findall(bare) == _TERRITORY.findall(wording)


def _is_signed(bare: str, wording: str) -> bool:
    """One of our titles with a company's name before it."""
    return bare.endswith(wording) and bool(_COMPANY.search(bare.removesuffix(wording)))


@dataclass(frozen=True, slots=True)
class TitleMatch:
    """How a title fits one form of one campaign."""

    rank: float  #: 1 equal, 0.9 shortened or with a company's name, 0.5 another year, 0.4 another's
    foreign: str = ""


class FormTitle:
    """The titles of one form."""

    def __init__(self, form: FormSpec, years: Sequence[int]) -> None:
        titles = (form.title, *form.titles)
        self.printed = form.title
        self.wordings = tuple(dict.fromkeys(_yearless(fold_title(title)) for title in titles))
        self.years = frozenset(year for title in titles for year in years_of(fold_title(title)))
        self.dated = bool(self.years)
        self.allowed = self.years or frozenset(years)
        self.family = _yearless(fold_title(form.family)) if form.family else ""
        nameless = form.layout == "text" and not _TERRITORY.search("".join(self.wordings))
        #: titles of a text that name nobody, long enough to be told at the end of a title
        self._endings = tuple(w for w in self.wordings if nameless and len(w) >= _ENDING)

    def match(self, folded: str) -> TitleMatch | None:
        """How a folded title fits, or None."""
        bare = _yearless(folded)
        rank, foreign = self._wording(bare)
        if not rank:
            stripped = _TRAILING.sub("", bare)
            if stripped == bare:
                return None
            rank, foreign = self._wording(stripped)
        if not rank:
            return None
        if foreign:
            return TitleMatch(0.4, f"标题为“{folded}”，本次表格为“{self.printed}”")
        years = years_of(folded)
        if years and self.allowed and not set(years) <= self.allowed:
            return TitleMatch(0.5, self._year_differs(folded, years))
        return TitleMatch(rank)

    def _wording(self, bare: str) -> tuple[float, bool]:
        """Rank of a yearless title and whether it is another association's."""
        if bare in self.wordings:
            return 1.0, False
        if any(_is_misprint(bare, own) or _is_signed(bare, own) for own in self.wordings):
            return 0.9, False
        if bare.endswith(self._endings):
            return 0.85, False  # whose text it is stands in front
        if self.family and bare.endswith(self.family):
            return self._relative(bare)
        return 0.0, False

    def _relative(self, bare: str) -> tuple[float, bool]:
        """The same for a title of our family, by what stands before the family's words."""
        prefix = bare[: -len(self.family)]
        if not prefix:
            return (1.0 if len(self.family) > _SHORT_FAMILY else 0.85), False
        if self._is_ours(bare) or _COMPANY.search(prefix):
            return 0.9, False
        ours = "".join(self.wordings)
        strange = any(name not in ours for name in _TERRITORY.findall(prefix))
        own = len(self.family) <= _SHORT_FAMILY and not strange
        return (0.85, False) if own else (0.4, True)

    def _is_ours(self, bare: str) -> bool:
        """One of our titles with some characters left out or put in."""
        for wording in self.wordings:
            if _is_within(bare, wording):
                return True
            extra = len(bare) - len(wording)
            prefixed = wording != self.family  # without a prefix it fits everyone's
            if prefixed and 0 < extra <= _PUT_IN and _is_within(wording, bare):
                return True
        return False

    def _year_differs(self, folded: str, years: Sequence[int]) -> str:
        found = _YEARS.search(_without_periods(folded))
        shown = found.group() if found else "、".join(map(str, years))
        if self.dated:
            wanted = _YEARS.search(fold_title(self.printed))
            due = f"本次为“{wanted.group()}”" if wanted else "与本次不符"
        else:
            due = f"本次为{'、'.join(str(year) for year in sorted(self.allowed))}年"
        return f"标题年份为“{shown}”，{due}"


class TitleBook:
    """All titles of all forms."""

    def __init__(self, titles: Sequence[FormTitle]) -> None:
        self._titles = tuple(titles)
        self._known: dict[str, dict[int, TitleMatch]] = {}

    def find(self, text: str) -> dict[int, TitleMatch]:
        """How a line or cell fits as a title, by position of the form; empty for none."""
        if len(text) > 2 * _TITLE_LENGTH:
            return {}
        folded = fold_title(text)
        if not 4 <= len(folded) <= _TITLE_LENGTH or _SENTENCE.search(folded):  # noqa: PLR2004
            return {}
        found = self._known.get(folded)
        if found is None:
            if len(self._known) > 20_000:  # noqa: PLR2004
                self._known.clear()
            found = self._known[folded] = {
                number: match
                for number, title in enumerate(self._titles)
                if (match := title.match(folded))
            }
        return found
