"""The text of a web page as a browser shows it: looks handed down, blanks squeezed.

Only what stands at the elements themselves is believed; style sheets are not read.
Boxes and lists of a form show their state, letters set in fonts of signs become the
signs. Which texts make a line or a cell is for :mod:`parsers.web.page`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from parsers.containers.package import Element
from parsers.word.text import CHECKED, EMPTY, spell

BREAK = "\u2028"  #: a line break inside a paragraph, while blanks are squeezed

_UNSEEN = frozenset(
    {"head", "script", "style", "template", "noscript", "noframes", "xml", "title", "meta", "link"}
    | {"object", "embed", "iframe", "audio", "video", "svg", "del", "area", "map", "datalist"}
)
_BOLD = frozenset({"b", "strong", "th"})
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_TELLING = _BOLD | _HEADINGS | {"pre", "center"}  #: change the looks by themselves
_SIGNS = ("wingdings", "webdings")
#: codes without meaning in a page; some writers leave those of their own format
_CONTROLS = {code: None for code in range(0x20) if chr(code) not in "\t\n\f\r"}
_BLANKS = re.compile(r"[ \t\r\n\f]+")
_AROUND_BREAK = re.compile(rf" *{BREAK} *")
_FIRST_FONT = re.compile(r"(?<![\w-])(?:font-family|mso-symbol-font-family):[\"']?([\w ]+)")
_WEIGHT = re.compile(r"font-weight:(\w+)")
_ALIGNMENT = re.compile(r"text-align:(\w+)")
_NO_TEXT = frozenset({"hidden", "submit", "button", "image", "reset", "file", "password"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Looks:
    """What an element hands down to what is inside it."""

    bold: bool = False
    centred: bool = False
    heading: bool = False
    signs: bool = False  #: letters stand for signs
    kept: bool = False  #: line breaks of the source are seen


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Some text, and whether it looks like part of a heading."""

    text: str
    heading: bool


def is_unseen(element: Element) -> bool:
    """Does the page not show this element?"""
    if element.tag in _UNSEEN or "hidden" in element.attrib:
        return True
    style = _style(element)
    return "display:none" in style or "mso-hide:all" in style or "visibility:hidden" in style


def looks_of(element: Element, outer: Looks) -> Looks:
    """The looks inside an element."""
    tag = element.tag
    if not element.attrib and tag not in _TELLING:
        return outer
    found = replace(
        outer,
        bold=outer.bold or tag in _BOLD,
        centred=outer.centred or tag == "center",
        heading=outer.heading or tag in _HEADINGS or element.get("class") == "MsoTitle",
        kept=outer.kept or tag == "pre",
    )
    align = element.get("align", "").lower()
    if align and tag != "table":
        found = replace(found, centred=align == "center")
    font = element.get("face", "").lower() if tag == "font" else ""
    if font:
        found = replace(found, signs=font.startswith(_SIGNS))
    style = _style(element)
    return _styled(found, style) if style else found


def _styled(looks: Looks, style: str) -> Looks:
    """The looks after a style attribute."""
    weight = _WEIGHT.search(style)
    if weight:
        word = weight.group(1)
        is_heavy = word in {"bold", "bolder"} or (word.isdigit() and int(word[:4]) >= 600)  # noqa: PLR2004 - CSS Fonts 4, 2.2: semi-bold
        looks = replace(looks, bold=is_heavy)
    alignment = _ALIGNMENT.search(style)
    if alignment:
        looks = replace(looks, centred=alignment.group(1) == "center")
    fonts = [font.strip() for font in _FIRST_FONT.findall(style)]
    if fonts:
        looks = replace(looks, signs=any(font.startswith(_SIGNS) for font in fonts))
    return looks


def _style(element: Element) -> str:
    """The style attribute without blanks around its punctuation."""
    style = element.get("style")
    return re.sub(r"\s*([:;,])\s*", r"\1", style.lower()) if style else ""


def seen(text: str, looks: Looks) -> Piece:
    """A text of the source with its looks."""
    if looks.kept:
        text = text.replace("\r\n", "\n").replace("\n", BREAK)
    if looks.signs:
        text = spell(text)
    return Piece(text=text, heading=looks.heading or (looks.bold and looks.centred))


def control_text(element: Element) -> str | None:
    """What a form's control shows; None for anything else."""
    if element.tag == "input":
        kind = element.get("type", "text").lower()
        if kind in {"checkbox", "radio"}:
            return CHECKED if "checked" in element.attrib else EMPTY
        return "" if kind in _NO_TEXT else element.get("value", "")
    if element.tag == "select":
        options = list(element.iter("option"))
        chosen = [option for option in options if "selected" in option.attrib] or options[:1]
        return "、".join("".join(map(str, option.itertext())).strip() for option in chosen)
    if element.tag == "textarea":
        return "".join(map(str, element.itertext())).replace("\r\n", "\n").replace("\n", BREAK)
    return None


def squeezed(text: str) -> str:
    """A paragraph with its blanks as they are seen: any run of them is one.

    So is a line's end of the source between Chinese characters: the programs that write
    such pages wrap only where there was a blank.
    """
    flat = _AROUND_BREAK.sub(BREAK, _BLANKS.sub(" ", text.translate(_CONTROLS)))
    return flat.replace(BREAK, "\n").strip()
