"""Length and outline of texts.

字数 is counted as Word counts it, by the parsers. An outline is there when its
sections were found; a text inside a form's cell is searched for their words.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache

from parsers.model import Field, Form
from parsers.spec import SectionSpec
from parsers.values.wordcount import count_words
from rules.checks.case import Case
from rules.checks.cells import filled_rows, has_value, text_of
from rules.checks.findings import Defect, about_field, about_paper, field_label, place
from rules.checks.rows import owners_by_cell
from rules.model import Paper
from rules.notice.settings import LengthRule, OutlineRule

#: From this many 字 on, a text in the cell is one, however it is divided.
REAL_TEXT = 300

#: This share of the demanded points, rounded up, has to be found by its words.
MOST = 0.7

_LINE = 400  #: characters; what is longer is hardly asked for twice

_NUMERALS = "一二三四五六七八九十"
_POINT_NUMBER = re.compile(rf"\s*[（(]?(?:\d+|[{_NUMERALS}]+)[)）、.．]")
_CIRCLED = {ord("①") + number: f"{number + 1}." for number in range(20)}


def length(rule: LengthRule, case: Case) -> Iterator[Defect]:
    """字数 limits of a field, a column or a whole text, the limit itself being within.

    Codes ``text.too_long``, ``text.too_short``. 以内 and 以上 include the number
    (domain knowledge); 左右 allows the rule's tolerance.
    """
    low, high = _bounds(rule)
    owners = owners_by_cell(case, rule.kind, rule.table) if rule.table else {}
    for paper, form in case.in_force(rule.kind):
        for entry, count in _counted(rule, paper, form, case):
            if low is not None and count < low:
                code, verdict = "text.too_short", "请补充内容"
            elif high is not None and count > high:
                code, verdict = "text.too_long", "请精简"
            else:
                continue
            wanted = f"要求{_limit(rule)}，现为{count}字，{verdict}"
            if entry is None:
                message = f"{case.campaign.paper_name(paper.kind)}全文{wanted}后重新发送。"
                yield about_paper(case, paper, code, message)
                continue
            label = field_label(case.campaign, form, entry.key, rule.table)
            spot = place(case.campaign, paper.kind, entry.where, label)
            yield about_field(
                case,
                paper,
                code,
                f"{spot}{wanted}。",
                key=entry.key,
                label=entry.label or label,
                where=entry.where,
                item=owners.get(id(entry)),
            )


def outline(rule: OutlineRule, case: Case) -> Iterator[Defect]:
    """The sections of a text that were not found, in one finding. Code ``text.outline``."""
    spec = case.campaign.form(rule.kind)
    sections = spec.sections if spec else ()
    for paper, form in case.in_force(rule.kind):
        absent = [section.title for section in sections if not _is_found(section, form, paper)]
        if absent:
            message = f"{case.campaign.paper_name(rule.kind)}中未找到以下内容：{_listed(absent)}。"
            yield about_paper(case, paper, "text.outline", message)
    if rule.instead:
        yield from _outline_in_form(rule, case, sections)


def is_treated(
    sections: Sequence[SectionSpec], entry: Field | None, prompts: Sequence[str] = ()
) -> bool:
    """Is the text in a form's cell a real one, so that no separate file is needed?

    It numbers every point, or names most of them, or is long enough. What the
    form itself prints in the cell does not count.
    """
    text = without_prompts(text_of(entry), prompts)
    if not text.strip():
        return False
    if count_words(text) >= REAL_TEXT or _numbers_all(text, len(sections)):
        return True
    found = sum(_has_words(section, text) for section in sections)
    return bool(sections) and found >= math.ceil(round(MOST * len(sections), 6))


def without_prompts(text: str, prompts: Sequence[str]) -> str:
    """The text without the guidance the form prints in the same cell.

    The number of a printed point stays, for what is written behind it is that point.
    """
    for prompt in prompts:
        opening = _POINT_NUMBER.match(prompt)
        wanted = _folded(prompt[opening.end() :] if opening else prompt)
        if not wanted or wanted not in _folded(text):
            continue
        folded, origin = _folded_with_origin(text)
        at = folded.find(wanted)
        if at >= 0:
            first, last = origin[at], origin[at + len(wanted) - 1]
            text = f"{text[:first]} {text[last + 1 :]}"
    return text


def _outline_in_form(
    rule: OutlineRule, case: Case, sections: Sequence[SectionSpec]
) -> Iterator[Defect]:
    """The same for a text written inside the form, where no separate one is in force."""
    instead = rule.instead
    spec = case.campaign.form(instead.kind) if instead else None
    if instead is None or spec is None:
        return
    prompts = getattr(spec.field(instead.field), "prompts", ())
    separate = {paper.item for paper, _form in case.in_force(rule.kind)}
    for paper, form in case.in_force(instead.kind):
        entry = form.get(instead.field)
        if paper.item in separate or entry is None:
            continue
        if not is_treated(sections, entry, prompts):
            continue
        text = without_prompts(text_of(entry), prompts)
        if _numbers_all(text, len(sections)):
            continue
        absent = [section.title for section in sections if not _has_words(section, text)]
        if absent:
            label = field_label(case.campaign, form, entry.key)
            spot = place(case.campaign, paper.kind, entry.where, label)
            yield about_field(
                case,
                paper,
                "text.outline",
                f"{spot}中未找到以下内容：{_listed(absent)}。",
                key=entry.key,
                label=entry.label or label,
                where=entry.where,
            )


def _is_found(section: SectionSpec, form: Form, paper: Paper) -> bool:
    """As the reader of forms found it; where it says nothing, by the words in the text."""
    read = next((entry for entry in form.sections if entry.key == section.key), None)
    return read.found if read else _has_words(section, paper.document.text)


def _has_words(section: SectionSpec, text: str) -> bool:
    folded = _folded(text)
    return any(_folded(word) in folded for word in (*section.words, section.title))


def _numbers_all(text: str, points: int) -> bool:
    """Do the numbers 1 to n (or 一 to n) each open a point with words behind it?"""
    if points == 0:
        return False
    folded = unicodedata.normalize("NFKC", text.translate(_CIRCLED))
    at = 0
    for number in range(1, points + 1):
        names = str(number) if number > len(_NUMERALS) else f"(?:{number}|{_NUMERALS[number - 1]})"
        said = rf"{names}\s*[)、.,:](?!\d)[\s:,。;]*(?:[^\W\d_]{{2}}|\d+[^\W\d_])"
        match = re.compile(rf"(?<![\d.]){said}").search(folded, at)
        if match is None:
            return False
        at = match.end()
    return True


def _counted(
    rule: LengthRule, paper: Paper, form: Form, case: Case
) -> Iterator[tuple[Field | None, int]]:
    """What the limit is about, with its 字数; what is empty is not counted."""
    if rule.field is None:
        characters = form.characters or paper.document.characters or 0
        if characters:
            yield None, characters
        return
    if rule.table is None:
        entries = [form.get(rule.field)]
    else:
        entries = [row.get(rule.field) for row in filled_rows(form, rule.table)]
    spec = case.campaign.form(rule.kind)
    prompts = getattr(spec.field(rule.field) if spec else None, "prompts", ())
    for entry in entries:
        if entry is not None and has_value(entry):
            yield entry, count_words(without_prompts(text_of(entry), prompts))


def _bounds(rule: LengthRule) -> tuple[int | None, int | None]:
    """Lowest and highest 字数 that are within; rounding leaves both ends inside."""
    low, high = rule.minimum, rule.maximum
    if rule.about is not None:
        low = math.ceil(round(rule.about * (1 - rule.tolerance), 6))
        high = math.floor(round(rule.about * (1 + rule.tolerance), 6))
    return low, high


def _limit(rule: LengthRule) -> str:
    if rule.about is not None:
        low, high = _bounds(rule)
        return f"{rule.about}字左右（{low}至{high}字）"
    if rule.minimum is not None and rule.maximum is not None:
        return f"{rule.minimum}至{rule.maximum}字"
    return f"{rule.maximum}字以内" if rule.maximum is not None else f"{rule.minimum}字以上"


def _listed(titles: Sequence[str]) -> str:
    return "；".join(titles)


def _folded_with_origin(text: str) -> tuple[str, list[int]]:
    """The folded text, and for each of its letters the position it came from."""
    letters: list[str] = []
    origin: list[int] = []
    for position, letter in enumerate(text):
        for part in _folded(letter):
            letters.append(part)
            origin.append(position)
    return "".join(letters), origin


def _folded(text: str) -> str:
    return _folded_text(text) if len(text) > _LINE else _folded_line(text)


def _fold(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


#: one text is searched for many words, and every text for the same words
_folded_text, _folded_line = lru_cache(maxsize=4)(_fold), lru_cache(maxsize=4096)(_fold)
