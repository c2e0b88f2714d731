"""Printed labels and written names made comparable.

A label is compared without blanks, markup, numbering, colons, remarks in brackets,
formulas and units. Which labels a form has, and where they stand, is not known here.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from rapidfuzz.distance import Levenshtein

#: characters without width, which no applicant sees
INVISIBLE = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
_MARKUP = re.compile(r"</?[a-zA-Z][^<>]*>|\*\*|\\(?=_)|^\s*#+\s*|^\s*[-•·]\s+")
#: stars and numbering before a label
LEAD = re.compile(
    r"^(?:[*★☆◆●·]+|\(?\d{1,2}(?:[.、)](?!\d))|\([一二三四五六七八九十]+\)、?|[一二三四五六七八九十]+、)+"
)
_SUFFIX = re.compile(
    r"(?:\((?:以?公章为准|另附材料|另附纸|另附|简写|签字|签名|盖章|公章|章|前面写全单位名称|全称|必填|选填|可多选|单选|[^()]*字[^()]*)\)"
    r"|\d+字(?:以内|左右|以上|以下)"
    r"|=(?!\d+(?:\.\d+)?%?$).*"
    r"|[:_]+)$",
    re.DOTALL,
)
_UNIT = re.compile(r"(?:%|\((?:%|百?万?[元个](?:/年)?|人|个|次)\))$")


_UNSEEN = str.maketrans(dict.fromkeys(INVISIBLE, ""))
_LINE = 400  #: characters; what is longer is hardly asked for twice


def compact(text: str) -> str:
    """NFKC without any blank; case kept."""
    return _compact(text) if len(text) > _LINE else _compact_line(text)


def _compact(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split()).translate(_UNSEEN)


#: every line of a document is compared with titles, headings, notes and labels in turn
_compact_line = lru_cache(maxsize=4096)(_compact)


@lru_cache(maxsize=16384)
def normalise_label(text: str) -> str:
    """The comparable core of a printed label.

    ``* 班组工作⏎完成率 %`` is ``班组工作完成率``; ``企业名称 (公章为准)：`` is ``企业名称``.
    """
    core = compact(_MARKUP.sub("", text.strip()))
    core = LEAD.sub("", core)
    while found := _SUFFIX.search(core):
        if not found.start():
            break
        core = core[: found.start()]
    while (found := _UNIT.search(core)) and found.start():
        core = core[: found.start()]
    return core


_QUOTES = str.maketrans(dict.fromkeys("“”„‟〝〞「」『』‘’＂\"'`《》", '"'))
_BRACKET_FORMS = str.maketrans(
    {"【": "(", "】": ")", "[": "(", "]": ")", "〔": "(", "〕": ")", "{": "(", "}": ")"}
)
_ALIKE = _QUOTES | _BRACKET_FORMS


def normalise_name(text: str) -> str:
    """A company's or group's name for comparison: blanks, width, brackets, quotes, case aside."""
    return _name(text) if len(text) > _LINE else _short_name(text)


def _name(text: str) -> str:
    return compact(text).translate(_ALIKE).casefold()


#: each name of a bundle is compared with those in every list and every quota table
_short_name = lru_cache(maxsize=16384)(_name)


def is_one_off(one: str, other: str) -> bool:
    """At most one character wrong, missing or too many."""
    if abs(len(one) - len(other)) > 1:
        return False
    return Levenshtein.distance(one, other, score_cutoff=1) <= 1
