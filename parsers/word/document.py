"""Word documents (.docx): from bytes to located lines and grids, in one pass.

Merged cells, nested tables, content controls at every level, text boxes, headers and
footers come out as :mod:`parsers.model` describes them. Tracked changes are read as if
accepted. Footnotes, comments and embedded objects are not read. Element names are those
of ECMA-376 part 1, 17.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from parsers.containers.package import Element, Package, parse_xml
from parsers.damage import broken
from parsers.limits import Limits
from parsers.model import Block, Content, Line
from parsers.values.wordcount import count_words
from parsers.word.lean import lean
from parsers.word.style import Styles
from parsers.word.text import STRICT, TextReader, W
from parsers.word.walk import Walk

_MAIN = "word/document.xml"
_RELATIONSHIP = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def read_word(content: bytes, limits: Limits) -> Content:
    """The blocks of a .docx in reading order. Raises :class:`parsers.damage.Damaged`."""
    package = Package(content, limits)
    main = _main_part(package)
    data = lean(_transitional(package.part(main)))
    root = parse_xml(data)
    body = root.find(W + "body")
    if body is None:
        raise broken("用 Word 重新打开并另存为 .docx 格式")
    styles = Styles(lambda: _styles_part(package, main))
    blocks = list(Walk(TextReader(root, data, limits), limits, styles).body(body))
    characters = count_words("\n".join(texts(blocks)))
    is_wide = b"\0" in data[:200]  # UTF-16 hides the word
    has_margins = is_wide or b"erReference" in data
    heads, feet = _margins(package, main, root, limits) if has_margins else ([], [])
    return Content(blocks=(*heads, *blocks, *feet), characters=characters)


def texts(blocks: Iterable[Block]) -> Iterator[str]:
    """The text of every line and cell, nested tables included."""
    for block in blocks:
        if isinstance(block, Line):
            yield block.text
        else:
            for cell in block.cells():
                yield cell.text
                if cell.grids:
                    yield from texts(cell.grids)


def _transitional(data: bytes) -> bytes:
    """Strict documents say the same in another namespace."""
    if STRICT in data[:4096]:
        data = data.replace(STRICT, W[1:-1].encode())
        data = data.replace(
            b"http://purl.oclc.org/ooxml/officeDocument/relationships",
            _RELATIONSHIP[1:-3].encode(),
        )
    return data


def _main_part(package: Package) -> str:
    """The part with the body: almost always the same name."""
    if _MAIN in package.names:
        return _MAIN
    for kind, target in package.targets("").values():
        if kind == "officeDocument" and target in package.names:
            return target
    raise broken("用 Word 重新打开并另存为 .docx 格式")


def _styles_part(package: Package, main: str) -> Element | None:
    """The root of the styles, or None where there are none."""
    name = main.rpartition("/")[0] + "/styles.xml"
    return parse_xml(_transitional(package.part(name))) if name in package.names else None


def _margins(
    package: Package, main: str, root: Element, limits: Limits
) -> tuple[list[Line], list[Line]]:
    """Headers and footers in use, each text once."""
    heads: dict[str, Line] = {}
    feet: dict[str, Line] = {}
    targets: dict[str, tuple[str, str]] | None = None
    done: set[str] = set()
    for section in root.iter(W + "sectPr"):
        titled = section.find(W + "titlePg") is not None
        for entry in section:
            is_head = entry.tag == W + "headerReference"
            if not is_head and entry.tag != W + "footerReference":
                continue
            if entry.get(W + "type") == "first" and not titled:
                continue
            if targets is None:
                targets = package.targets(main)
            name = targets.get(entry.get(_RELATIONSHIP, ""), ("", ""))[1]
            if name in done or name not in package.names:
                continue
            done.add(name)
            place, found = ("页眉", heads) if is_head else ("页脚", feet)
            for text in _margin_texts(package, name, place, limits):
                found.setdefault(text, Line(text=text, where=place))
    return list(heads.values()), list(feet.values())


def _margin_texts(package: Package, name: str, place: str, limits: Limits) -> Iterator[str]:
    """The lines of one header or footer, tables and text boxes flattened."""
    data = _transitional(package.part(name))
    root = parse_xml(data)
    walk = Walk(TextReader(root, data, limits), limits, None)
    blocks = [*walk.body(root), *walk.text_boxes(place)]
    for text in texts(blocks):
        yield from (line.strip() for line in text.split("\n") if line.strip())
