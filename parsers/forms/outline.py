"""The demanded sections and points of a text: which are there and treated.

A section is found where its heading stands with text of its own behind it, or,
without heading, where one of its words stands in the running text. The guidance
that a notice prints under its headings is not text of the applicant: a blank
template has no section.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from parsers.forms.labels import compact, is_one_off
from parsers.model import Section
from parsers.spec import SectionSpec

_NUMBERING = (
    re.compile(
        r"^(?:第[一二三四五六七八九十]+(?:部分|章|节)[、:：.]?|[一二三四五六七八九十]+[、.．:：])"
    ),
    re.compile(r"^\([一二三四五六七八九十]+\)[、.]?"),
    re.compile(r"^(?:\d{1,2}(?:\.\d{1,2})*[.、．)](?!\d)|\d{1,2}(?:\.\d{1,2})+)"),
    re.compile(r"^(?:\(\d{1,2}\)|[①-⑳])"),
)
_BULLET = re.compile(r"^[-•·*●◆■>]+")
_DEEPEST = len(_NUMBERING)
_SMALL = re.compile(r"[的和与及、，,。;；:：.]")
_REQUIREMENT = re.compile(
    r"^(?:(?:要求|说明|注|填写说明|编写要求)[:：]|\(?附(?:件|表|录)?[一二三四五六七八九十\d.]*\)?[:：]?$)"
)
_HEADING = 40  #: characters a heading has at most beyond the title itself
_FUZZY_FROM = 5


@dataclass(frozen=True, slots=True)
class _TextLine:
    bare: str  #: without blanks and numbering
    level: int  #: of its numbering, 0 the highest; _DEEPEST without one


@lru_cache(maxsize=8192)
def _line(text: str) -> _TextLine:
    folded = _BULLET.sub("", compact(text))
    for level, pattern in enumerate(_NUMBERING):
        if found := pattern.match(folded):
            return _TextLine(folded[found.end() :], level)
    return _TextLine(folded, _DEEPEST)


@lru_cache(maxsize=8192)
def _core(text: str) -> str:
    """A heading without the small words in which prints of it differ."""
    return _SMALL.sub("", _line(text).bare)


def heading_rest(line: str, title: str) -> str | None:
    """What stands behind a section's heading in its line; None where it is no such heading."""
    wanted = _core(title)
    bare = _line(line).bare
    head, mark, rest = bare.partition(":")
    if mark and len(head) <= len(wanted) + 12 and _is_heading(_SMALL.sub("", head), wanted):
        return rest
    head, mark, rest = bare.partition("。")
    if mark and rest and _is_heading(_SMALL.sub("", head), wanted):
        return rest
    core = _SMALL.sub("", bare)
    if len(core) <= len(wanted) + 12 and _is_heading(core, wanted):
        return ""
    return None


def _is_heading(core: str, wanted: str) -> bool:
    if core == wanted or (len(wanted) >= 4 and wanted in core):  # noqa: PLR2004
        return True
    return len(wanted) >= _FUZZY_FROM and is_one_off(core, wanted)


def is_template(line: str, printed: frozenset[str]) -> bool:
    """Is this a line that the notice prints itself?"""
    bare = compact(line)
    return not bare or bool(_REQUIREMENT.match(bare)) or _core(line) in printed


def printed_lines(specs: Sequence[SectionSpec], prompts: Sequence[str] = ()) -> frozenset[str]:
    """Headings, points and guidance of a template, comparable."""
    texts = [spec.title for spec in specs] + list(prompts)
    cores = {_core(text) for text in texts}
    return frozenset(cores | {f"{core}等" for core in cores})


def own_text(specs: Sequence[SectionSpec], text: str, prompts: Sequence[str] = ()) -> str:
    """The text without what the notice prints."""
    printed = printed_lines(specs, prompts)
    return "\n".join(line for line in text.split("\n") if not is_template(line, printed))


@dataclass(frozen=True, slots=True)
class _Heading:
    at: int  #: its line
    rest: str  #: what stands behind it in the line
    level: int


@dataclass(frozen=True, slots=True)
class _Outline:
    """A text's lines, which of them are printed, and the headings found."""

    lines: tuple[str, ...]
    printed: tuple[bool, ...]
    places: tuple[str, ...]
    headings: dict[int, _Heading]

    def place(self, at: int) -> str:
        """Where a line stands."""
        return self.places[at] if at < len(self.places) else f"第{at + 1}段"

    def body(self, heading: _Heading) -> str:
        """The applicant's own text under a heading, up to the next of its level."""
        after = [
            h.at for h in self.headings.values() if h.at > heading.at and h.level <= heading.level
        ]
        stop = min(after, default=len(self.lines))
        own = range(heading.at + 1, stop)
        return heading.rest + "".join(self.lines[at] for at in own if not self.printed[at])

    def treats(self, words: Sequence[str]) -> int | None:
        """The first line of running text that holds one of the words."""
        for at, line in enumerate(self.lines):
            if self.printed[at]:
                continue
            bare = compact(line)
            if any(word in bare for word in words) and not self._is_bare_heading(at):
                return at
        return None

    def _is_bare_heading(self, at: int) -> bool:
        """A short numbered line with nothing of its own behind it."""
        line = _line(self.lines[at])
        if len(line.bare) > _HEADING or line.bare.endswith(("。", ";")):
            return False
        for following in range(at + 1, len(self.lines)):
            if compact(self.lines[following]):
                after = _line(self.lines[following])
                deeper = line.level == _DEEPEST or after.level > line.level
                return self.printed[following] or not deeper
        return line.level < _DEEPEST


def find_sections(
    specs: Sequence[SectionSpec],
    text: str,
    *,
    prompts: Sequence[str] = (),
    places: Sequence[str] = (),
) -> tuple[Section, ...]:
    """The demanded sections in their order, found or not.

    Args:
        specs: the sections, with the numbering they are printed with.
        text: the text, one paragraph a line.
        prompts: guidance printed in the template.
        places: for each line its place; default ``第N段``.
    """
    lines = tuple(text.split("\n"))
    printed = printed_lines(specs, prompts)
    template = tuple(is_template(line, printed) for line in lines)
    outline = _Outline(lines, template, tuple(places), _headings(specs, lines))
    return tuple(_section(number, spec, outline) for number, spec in enumerate(specs))


def _headings(specs: Sequence[SectionSpec], lines: Sequence[str]) -> dict[int, _Heading]:
    """The heading of each section, where there is one."""
    found: dict[int, _Heading] = {}
    used: set[int] = set()
    for number, spec in enumerate(specs):
        for at, line in enumerate(lines):
            rest = None if at in used else heading_rest(line, spec.title)
            if rest is None:
                continue
            # a heading repeated (contents, or the template left above the answer): the last counts
            if number not in found or _core(line) == _core(spec.title):
                level = min(_line(spec.title).level, _line(line).level)
                found[number] = _Heading(at, rest, level)
        if number in found:
            used.add(found[number].at)
    return found


def _section(number: int, spec: SectionSpec, outline: _Outline) -> Section:
    heading = outline.headings.get(number)
    if heading is not None:
        filled = bool(re.search(r"\w", outline.body(heading)))
        if filled or heading.level < _DEEPEST:
            where = outline.place(heading.at)
            return Section(key=spec.key, title=spec.title, found=filled, where=where)
    at = outline.treats([compact(word) for word in spec.words])
    if at is None:
        return Section(key=spec.key, title=spec.title, found=False)
    return Section(key=spec.key, title=spec.title, found=True, where=outline.place(at))
