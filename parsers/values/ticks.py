"""Which options are ticked, however the boxes came through.

A box may stand before or after its text, be drawn, typed, or left away; marks may
be typed beside a printed box. What cannot be told apart is not guessed: the
reading then has no value but a doubt. An empty row of boxes has neither.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from parsers.model import Value
from parsers.values.numbers import Reading

_EMPTY = "□☐▢◻▫○◯⬜❑❏"
_FULL = "☑☒■√✓✔✅●◉▣◼⬛🗹þý"
_CROSS = "×✕✗✘╳"
_IN_BRACKETS = re.compile(r"[\[(【〔{]\s*([√✓✔☑☒■●vVxX×✕✗✘*]?)\s*[\])】〕}]")
_LETTER = re.compile(r"(?<![A-Za-z0-9])([vV])(?![A-Za-z0-9])")
_FILLER = re.compile(r"[\s、,，;；/|。.:：]+|和|及|类")


@dataclass(slots=True)
class _Token:
    kind: str  #: "mark", "option" or "word"
    checked: bool = False
    crossed: bool = False
    empty: bool = False  #: a printed box is part of it
    tick_first: bool = False  #: √□, not □√
    option: int = -1
    spaced: bool = False  #: a blank stands before it


#: the number of a word that is none of the options but may own a mark
_UNKNOWN = -2


_GRADES = {str(number): sign for number, sign in enumerate("一二三四五", start=1)}


def _spellings(option: str) -> tuple[str, ...]:
    """The option as printed, and with or without 型; a grade also as 一等."""
    bare = re.sub(r"\s+", "", unicodedata.normalize("NFKC", option))
    if len(bare) == 1 and bare in _GRADES:
        signs = (bare, _GRADES[bare])
        return *(f"{sign}{word}" for word in ("等奖", "等", "级") for sign in signs), *signs
    if bare.endswith("型") and len(bare) > 2:  # noqa: PLR2004
        return bare, bare[:-1]
    return (f"{bare}型", bare) if len(bare) > 1 else (bare,)


def _tokens(text: str, options: Sequence[str]) -> list[_Token]:
    """Marks, options and other words in their order."""
    # boxes are saved from NFKC by handling them first; brackets after it
    folded = unicodedata.normalize("NFKC", text).replace("\ufe0f", "").replace("\ufe0e", "")
    folded = _IN_BRACKETS.sub(
        lambda m: "□" if not m.group(1) else ("☒" if m.group(1) in f"xX{_CROSS}" else "☑"), folded
    )
    folded = _LETTER.sub("√", folded)
    spellings = sorted(
        ((s, n) for n, option in enumerate(options) for s in _spellings(option)),
        key=lambda entry: -len(entry[0]),
    )
    patterns = [(re.compile(r"\s*".join(map(re.escape, s))), s, n) for s, n in spellings]
    tokens: list[_Token] = []
    at, spaced = 0, True
    while at < len(folded):
        c = folded[at]
        if c.isspace():
            spaced, at = True, at + 1
            continue
        if c in _EMPTY + _FULL + _CROSS:
            tokens.append(
                _Token(
                    "mark",
                    checked=c in _FULL,
                    crossed=c in _CROSS,
                    empty=c in _EMPTY,
                    spaced=spaced,
                )
            )
            at, spaced = at + 1, False
            continue
        hit = _option_at(patterns, folded, at)
        if hit is not None:
            tokens.append(_Token("option", option=hit[0], spaced=spaced))
            at, spaced = hit[1], False
            continue
        if found := _FILLER.match(folded, at):
            at, spaced = found.end(), True
            continue
        if not tokens or tokens[-1].kind != "word":
            tokens.append(_Token("word", spaced=spaced))
        at, spaced = at + 1, False
    return tokens


def _option_at(
    patterns: Sequence[tuple[re.Pattern[str], str, int]], text: str, at: int
) -> tuple[int, int] | None:
    for pattern, spelling, number in patterns:
        found = pattern.match(text, at)
        if found is None:
            continue
        # a figure beside another is part of another number
        if spelling[0].isnumeric() and (
            text[max(at - 1, 0) : at].isnumeric() or text[found.end() : found.end() + 1].isnumeric()
        ):
            continue
        return number, found.end()
    return None


def _grouped(tokens: Sequence[_Token]) -> list[_Token]:
    """Marks that touch become one (□√ is a ticked box); words join the option they follow."""
    grouped: list[_Token] = []
    for token in tokens:
        last = grouped[-1] if grouped else None
        touches = last is not None and not token.spaced
        if (
            last
            and touches
            and last.kind == token.kind == "mark"
            and not (last.empty and token.empty)
        ):
            last.tick_first = token.empty
            last.checked |= token.checked
            last.crossed |= token.crossed
            last.empty |= token.empty
        elif token.kind == "word":
            if not (last and touches and last.kind == "option"):
                grouped.append(_Token("option", option=_UNKNOWN, spaced=token.spaced))
        else:
            grouped.append(token)
    if _side(grouped):
        return grouped
    for trimmed in (grouped[1:], grouped[:-1]):  # (可多选) in front, a remark behind
        dropped = grouped[0] if trimmed == grouped[1:] else grouped[-1]
        if dropped.option == _UNKNOWN and _side(trimmed):
            return trimmed
    return grouped


def _side(tokens: Sequence[_Token]) -> str:
    """Where the boxes stand, if each option has exactly one."""
    kinds = "".join("m" if token.kind == "mark" else "o" for token in tokens)
    if re.fullmatch(r"(?:mo)+", kinds):
        return "before"
    return "after" if re.fullmatch(r"(?:om)+", kinds) else ""


def _owner(tokens: Sequence[_Token], at: int, side: str) -> int | None:
    """The option a mark belongs to, or None where it cannot be told."""
    mark = tokens[at]
    before = tokens[at - 1] if at else None
    after = tokens[at + 1] if at + 1 < len(tokens) else None
    left = before.option if before and before.kind == "option" else None
    right = after.option if after and after.kind == "option" else None
    tight_left = left is not None and not mark.spaced
    tight_right = right is not None and after is not None and not after.spaced
    if mark.checked and mark.empty:  # a typed tick and a printed box, glued to both sides
        stray = tight_left if mark.tick_first else tight_right
        if (
            stray
            and side != ("after" if mark.tick_first else "before")
            and tight_left == tight_right
        ):
            return None
    if side:
        return right if side == "before" else left
    if left is None or right is None:
        return right if left is None else left
    if tight_left == tight_right:
        return None
    return left if tight_left else right


def _ticked(tokens: Sequence[_Token]) -> set[int] | None:
    """Options with a mark (and ``_UNKNOWN``); None where a mark has no certain owner."""
    side = _side(tokens)
    ticked: set[int] = set()
    crossed: set[int] = set()
    for at, token in enumerate(tokens):
        if token.kind != "mark" or not (token.checked or token.crossed):
            continue
        owner = _owner(tokens, at, side)
        if owner is None:
            return None
        (ticked if token.checked else crossed).add(owner)
    # a lone cross may tick or strike out; beside ticks it strikes out
    return None if crossed and not ticked else ticked


def read_ticks(text: str, options: Sequence[str]) -> Reading:
    """The ticked options, as the form prints them."""
    raw = _tokens(text, options)
    named = {token.option for token in raw if token.kind == "option"}
    marks = [token for token in raw if token.kind == "mark"]
    if len(marks) == len(raw) and all(token.empty for token in marks):
        return Reading()
    if not named:
        return Reading(doubt=f"“{text.strip()}”不在所列选项之中")
    if not marks:
        return _typed(raw, named, options)
    if not any(token.checked or token.crossed for token in marks):
        return Reading()
    if _is_contrasted(text):
        return Reading(doubt="同时使用了“√”和“×”两种标记，无法判断勾选的是哪一项")
    return _marked(raw, options)


def read_heading(lines: Sequence[str], options: Sequence[str]) -> Reading:
    """Which option a heading means that prints several: the ticked one, else the only one named.

    Other words of the heading do not count. Where all stand unmarked there is neither
    value nor doubt, as with untouched boxes.
    """
    ticked: set[int] = set()
    named: set[int] = set()
    for line in lines:
        tokens = [token for token in _tokens(line, options) if token.kind != "word"]
        here = {token.option for token in tokens if token.kind == "option"}
        if here and any(token.checked or token.crossed for token in tokens):
            owned = _ticked(_grouped(tokens))
            if owned is None:
                return Reading(doubt=f"“{line.strip()}”中无法判断勾选的是哪一项")
            ticked |= owned
        named |= here
    chosen = ticked or (named if len(named) == 1 else set())
    value: Value = [option for n, option in enumerate(options) if n in chosen]
    return Reading(value=value or None)


def is_untouched(text: str, options: Sequence[str]) -> bool:
    """Nothing but the printed options with their empty boxes, and a hint in brackets."""
    raw = _tokens(re.sub(r"[(（][^()（）√✓☑☒■vVxX]{2,}[)）]", "", text), options)
    marks = [token for token in raw if token.kind == "mark"]
    return bool(marks) and all(
        token.empty and not token.checked if token.kind == "mark" else token.kind == "option"
        for token in raw
    )


def _is_contrasted(text: str) -> bool:
    """Crossed boxes beside ticked ones: Word ticks with ☒, some cross out with it."""
    crossed = {m.group(1) for m in _IN_BRACKETS.finditer(text)} & set(f"xX☒{_CROSS}")
    ticked = set(_FULL) - {"☒", "ý"}
    return bool(crossed or "☒" in text) and any(c in ticked for c in text)


def _marked(raw: Sequence[_Token], options: Sequence[str]) -> Reading:
    """Options beside marks, some of them ticks."""
    ticked = _ticked(_grouped(raw))
    if not ticked:
        return Reading(doubt="无法判断勾选的是哪一项")
    value: Value = [option for n, option in enumerate(options) if n in ticked]
    if _UNKNOWN in ticked:
        return Reading(value=value or None, confidence=0.7, doubt="勾选了所列选项之外的内容")
    return Reading(value=value)


def _typed(tokens: Sequence[_Token], named: set[int], options: Sequence[str]) -> Reading:
    """Options typed without any box."""
    if len(named) == len(options) > 1:
        return Reading(doubt="未见勾选标记，且列出了全部选项")
    value: Value = [option for n, option in enumerate(options) if n in named]
    if any(token.kind == "word" for token in tokens):  # 产品质量: part of another word
        return Reading(value=value, confidence=0.7, doubt="填写内容与所列选项不完全一致")
    return Reading(value=value)
