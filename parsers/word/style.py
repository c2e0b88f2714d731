"""Which Word paragraphs are headings: by style, by outline level, or centred and bold.

Notices and forms in circulation rarely use styles; a title is then recognised by its
looks. The part with the styles is opened only for a paragraph that needs it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from parsers.containers.package import Element
from parsers.word.text import VAL, R, T, W, switched_on

_P_PR, _R_PR, _BOLD = W + "pPr", W + "rPr", W + "b"

#: style names of every Word and WPS: heading 1, 标题 1, Title, 标题, Subtitle, 副标题
_HEADING = re.compile(r"^(heading|title|subtitle|标题|副标题)", re.IGNORECASE)
_BASES = 16  #: styles based on styles; Word allows eleven


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """What a paragraph style says about its being a heading; None: not said."""

    heading: bool = False
    centred: bool | None = None
    bold: bool | None = None
    based_on: str = ""


class Styles:
    """Paragraph styles by id, loaded when first asked for."""

    def __init__(self, load: Callable[[], Element | None]) -> None:
        self._load = load
        self._styles: dict[str, Style] | None = None

    def is_heading(self, paragraph: Element) -> bool:
        """Is this paragraph with text set as a heading?"""
        style = ""
        centred: bool | None = None
        properties = paragraph.find(_P_PR)
        if properties is not None:
            for entry in properties:
                if entry.tag == W + "pStyle":
                    style = entry.get(VAL, "")
                elif entry.tag == W + "jc":
                    centred = entry.get(VAL) == "center"
                elif entry.tag == W + "outlineLvl" and entry.get(VAL, "9") in "012345678":
                    return True
        if _HEADING.match(style):
            return True
        resolved = self._resolve(style) if style else Style()
        if resolved.heading:
            return True
        if not (resolved.centred if centred is None else centred):
            return False
        return _all_bold(paragraph, inherited=bool(resolved.bold))

    def _resolve(self, style: str) -> Style:
        """A style with what it inherits."""
        if self._styles is None:
            root = self._load()
            self._styles = {} if root is None else dict(map(_style, root.iter(W + "style")))
        heading = False
        centred: bool | None = None
        bold: bool | None = None
        for _ in range(_BASES):
            found = self._styles.get(style)
            if found is None:
                break
            heading = heading or found.heading
            centred = found.centred if centred is None else centred
            bold = found.bold if bold is None else bold
            style = found.based_on
        return Style(heading=heading, centred=centred, bold=bold)


def _style(element: Element) -> tuple[str, Style]:
    """One w:style by its id."""
    name = element.find(W + "name")
    base = element.find(W + "basedOn")
    alignment = element.find(f"{_P_PR}/{W}jc")
    bold = element.find(f"{_R_PR}/{_BOLD}")
    return element.get(W + "styleId", ""), Style(
        heading=name is not None and bool(_HEADING.match(name.get(VAL, ""))),
        centred=None if alignment is None else alignment.get(VAL) == "center",
        bold=None if bold is None else switched_on(bold),
        based_on="" if base is None else base.get(VAL, ""),
    )


def _all_bold(paragraph: Element, *, inherited: bool) -> bool:
    """Is every run with visible text bold?"""
    for run in paragraph.iter(R):
        if not any((text.text or "").strip() for text in run.iter(T)):
            continue
        bold = run.find(f"{_R_PR}/{_BOLD}")
        if not (inherited if bold is None else switched_on(bold)):
            return False
    return True
