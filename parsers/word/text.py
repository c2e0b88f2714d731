"""The text of a Word paragraph as a person sees it on the printed page.

Runs are read through tracked insertions, links, smart tags and content controls;
deletions, field codes, hidden text and prompts nobody replaced are not. Check boxes
of every make become ☑, ☐ or ☒, once each. Text boxes are only collected: where they
belong is for :mod:`parsers.word.document`. Element names are those of ECMA-376 part 1, 17.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from parsers.containers.package import Element
from parsers.damage import hostile
from parsers.limits import Limits

#: transitional and strict namespaces name the same elements (ECMA-376 part 1, annex A)
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
_W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"

VAL = W + "val"
P, R, T = W + "p", W + "r", W + "t"
SDT, SDT_CONTENT = W + "sdt", W + "sdtContent"
TEXT_BOX = W + "txbxContent"
ALTERNATE, MATH = _MC + "AlternateContent", _M + "oMath"
_P_PR, _R_PR, _SDT_PR = W + "pPr", W + "rPr", W + "sdtPr"
#: what is hidden, and what is struck through: neither is said
_UNSAID = frozenset({W + "vanish", W + "strike", W + "dstrike"})

#: elements that only wrap what a person sees
WRAPPERS = frozenset(
    W + name for name in ("ins", "moveTo", "customXml", "smartTag", "sdtContent")
) | {_MC + "Choice", _MC + "Fallback"}
_INLINE_WRAPPERS = WRAPPERS | {W + name for name in ("hyperlink", "fldSimple", "dir", "bdo")}
_DRAWINGS = frozenset(W + name for name in ("drawing", "pict", "object"))

CHARACTERS = {
    W + "tab": "\t",
    W + "ptab": "\t",
    W + "br": "\n",
    W + "cr": "\n",
    W + "noBreakHyphen": "-",
}

#: codes of w:sym outside the private area
_CODES = range(0x20, 0xD800)
_UNKNOWN = "\ufffd"  #: a sign of a font we do not know: seen, not understood

CHECKED, EMPTY, CROSSED = "☑", "☐", "☒"

#: low bytes of Wingdings and Wingdings 2 that are check marks and boxes
WINGDINGS = {
    **dict.fromkeys((0xFE, 0xFC, 0x52, 0x50), CHECKED),
    **dict.fromkeys((0xA8, 0x6F, 0xA3, 0x71, 0x72), EMPTY),
    **dict.fromkeys((0xFD, 0xFB, 0x51, 0x53, 0x54, 0x4F), CROSSED),
}
#: where fonts of signs live in Unicode's private area, and in a font of letters
_SIGNS, _LETTERS = range(0xF000, 0xF100), range(0x100)
_PRIVATE = {_SIGNS[low]: mark for low, mark in WINGDINGS.items()}
_PRIVATE_AREA = range(0xE000, 0xF900)
_BOXES = "☐☑☒□■▢▣◻◼✓✔✗✘√×○●"

_WIDEST = 1024  #: grid columns a cell may span; Word itself ends at 63

#: what Word, WPS and LibreOffice print where a content control waits for input
_PROMPT = re.compile(
    r"(单击|点击|按一下|轻触).{0,8}(此处|这里|输入|添加|选择)|选择一[项個个]|选取日期"
    r"|(click|tap)\b.*\b(here|enter|choose)|choose an item|enter text",
    re.IGNORECASE,
)


def column_count(value: str | None, default: int) -> int:
    """A count of grid columns, kept within reason."""
    if value is None or not (value.isascii() and value.isdigit()):
        return default
    return min(int(value[:9]), _WIDEST)


def switched_on(element: Element) -> bool:
    """The value of an on/off property, on where nothing is said (17.17.4)."""
    return element.get(VAL, "1") not in {"0", "false", "off", "none"}


class TextReader:
    """Reads paragraphs of one document; ``boxes`` collects the text boxes met."""

    def __init__(self, part: Element, data: bytes, limits: Limits) -> None:
        """``part`` was parsed from ``data``; what it does not contain is not looked for."""
        self.boxes: list[Element] = []
        self._limits = limits
        is_wide = b"\0" in data[:200]  # UTF-16 hides the word
        may_hide = is_wide or b"vanish" in data or b"strike" in data
        self._hidden = may_hide and next(part.iter(*_UNSAID), None) is not None
        self._wingdings = is_wide or b"ingdings" in data
        self._in_run: dict[object, Callable[[Element, list[str], int], None]] = {
            W + "sym": self._symbol,
            W + "fldChar": self._field,
            W + "ruby": self._ruby,
            ALTERNATE: self._alternate,
            **dict.fromkeys(_DRAWINGS, self._drawing),
        }

    @property
    def is_plain(self) -> bool:
        """Can no run of this part hide or stand for a sign?"""
        return not (self._hidden or self._wingdings)

    def paragraph(self, paragraph: Element) -> str:
        """The text of a paragraph, line breaks as they are seen."""
        found: list[str] = []
        self.inline(paragraph, found, 0)
        text = "".join(found)
        return text.translate(_PRIVATE) if self._wingdings and text else text

    def inline(self, parent: Element, found: list[str], depth: int) -> None:
        """Append the text of everything at the level of runs."""
        if depth > self._limits.max_nesting * 4:
            raise hostile("嵌套过深")
        for child in parent:
            tag = child.tag
            if tag == R:
                self._run(child, found, depth)
            elif tag == SDT:
                found.append(self.control(child, depth))
            elif tag in _INLINE_WRAPPERS:
                self.inline(child, found, depth + 1)
            elif tag == ALTERNATE:
                self._alternate(child, found, depth)
            elif tag == _P_PR:
                continue
            elif tag in (MATH, _M + "oMathPara"):
                found.extend(node.text or "" for node in child.iter(_M + "t"))

    def control(self, control: Element, depth: int) -> str:
        """The text of a content control at the level of runs."""
        found: list[str] = []
        for child in control:
            if child.tag == SDT_CONTENT:
                self.inline(child, found, depth + 1)
        return shown(control, "".join(found))

    def _run(self, run: Element, found: list[str], depth: int) -> None:
        """Append the text of one run."""
        in_wingdings = False
        for node in run:
            tag = node.tag
            if tag == T:
                text = node.text
                if text:
                    found.append(spell(text) if in_wingdings else text)
            elif tag == _R_PR:
                if self._hidden and any(
                    entry.tag in _UNSAID and switched_on(entry) for entry in node
                ):
                    return
                if self._wingdings:
                    in_wingdings = any(_is_wingdings(entry) for entry in node)
            elif tag in CHARACTERS:
                found.append(CHARACTERS[tag])
            elif tag in self._in_run:
                self._in_run[tag](node, found, depth)

    def _symbol(self, node: Element, found: list[str], depth: int) -> None:
        """A character by font and code (17.3.3.30)."""
        del depth
        try:
            code = int(node.get(W + "char", ""), 16)
        except ValueError:
            return
        font = node.get(W + "font", "").lower()
        of_signs = font.startswith("wingdings") or not font
        if of_signs and (code in _SIGNS or code in _LETTERS):
            found.append(WINGDINGS.get(code % 0x100, _UNKNOWN))
        elif code in _PRIVATE_AREA:
            found.append(_UNKNOWN)
        elif code in _CODES:
            found.append(chr(code))

    def _field(self, node: Element, found: list[str], depth: int) -> None:
        """A legacy form field: its check box, or the chosen entry of its list (17.16.17)."""
        del depth
        box = node.find(f"{W}ffData/{W}checkBox")
        if box is not None:
            state = box.find(W + "checked")
            if state is None:
                state = box.find(W + "default")
            found.append(CHECKED if state is not None and switched_on(state) else EMPTY)
        entries = node.findall(f"{W}ffData/{W}ddList/{W}listEntry")
        if entries:
            chosen = node.find(f"{W}ffData/{W}ddList/{W}result")
            number = chosen.get(VAL, "0") if chosen is not None else "0"
            if number.isascii() and number.isdigit() and int(number[:6]) < len(entries):
                found.append(entries[int(number[:6])].get(VAL, ""))

    def _ruby(self, node: Element, found: list[str], depth: int) -> None:
        """The characters under a phonetic guide, without the guide."""
        for child in node:
            if child.tag == W + "rubyBase":
                self.inline(child, found, depth + 1)

    def _alternate(self, node: Element, found: list[str], depth: int) -> None:
        """One branch of several that show the same (part 3, 10.2.1)."""
        branch = chosen(node)
        if branch is not None:
            self.inline(branch, found, depth + 1)
            self._run(branch, found, depth + 1)

    def _drawing(self, node: Element, found: list[str], depth: int) -> None:
        """Keep the text boxes of a drawing for later; one branch of alternatives."""
        if depth > self._limits.max_nesting * 4:
            raise hostile("嵌套过深")
        for child in node:
            if child.tag == TEXT_BOX:
                self.boxes.append(child)
            elif child.tag == ALTERNATE:
                branch = chosen(child)
                if branch is not None:
                    self._drawing(branch, found, depth + 1)
            else:
                self._drawing(child, found, depth + 1)


def chosen(alternate: Element) -> Element | None:
    """The branch to read: the first with a text box, else the first."""
    branches = list(alternate)
    for branch in branches:
        if next(branch.iter(TEXT_BOX), None) is not None:
            return branch
    return branches[0] if branches else None


def speaks_for_itself(control: Element) -> bool:
    """Does a content control show something else than the text it holds?"""
    properties = control.find(_SDT_PR)
    return properties is not None and any(
        entry.tag in {_W14 + "checkbox", W + "showingPlcHdr"} for entry in properties
    )


def shown(control: Element, text: str) -> str:
    """What a content control shows: its state, its text, or nothing but a prompt."""
    properties = control.find(_SDT_PR)
    if properties is None:
        return text
    box = properties.find(_W14 + "checkbox")
    if box is not None:
        state = box.find(_W14 + "checked")
        on = state is not None and state.get(_W14 + "val", "1") in {"1", "true", "on"}
        bare = text.lstrip()
        rest = bare[1:] if bare[:1].translate(_PRIVATE) in _BOXES else bare
        return (CHECKED if on else EMPTY) + rest
    prompt = properties.find(W + "showingPlcHdr")
    if prompt is not None and switched_on(prompt) and _PROMPT.search(text):
        return ""
    return text


def _is_wingdings(entry: Element) -> bool:
    """Does a run property set the text in a font of signs?"""
    if entry.tag != W + "rFonts":
        return False
    return entry.get(W + "ascii", "").lower().startswith("wingdings")


def spell(text: str) -> str:
    """Letters typed in Wingdings, as the signs they show."""
    return "".join(
        WINGDINGS.get(ord(char) % 0x100, char)
        if ord(char) in _SIGNS or ord(char) in _LETTERS
        else char
        for char in text
    )
