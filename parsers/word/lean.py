"""Formatting nobody here reads, taken out of a Word part before it is parsed.

Word and WPS repeat fonts, sizes and widths with every run, paragraph and cell: most of
the bytes of a form, and always the same few blocks. Each different block is parsed once
and replaced by what remains of it; nothing is taken out that was not understood, and a
part written in any other way than Word's own is left as it is. Text is never touched.
Element names are those of ECMA-376 part 1, 17.3 and 17.4.
"""

from __future__ import annotations

from functools import lru_cache

from parsers.containers.package import parse_xml, serialized
from parsers.damage import Damaged
from parsers.word.text import W

_DECLARED = f' xmlns:w="{W[1:-1]}"'.encode()
_LARGEST = 8 * 1024 * 1024  #: bytes of a part; cut into pieces it takes several times as much
_HEAD = 8192  #: bytes in which the prefixes are declared
_LONGEST = 1024  #: bytes of a block worth knowing
_DIFFERENT = 256  #: blocks understood in one part; every further new one is left as it is


def _named(names: str) -> frozenset[str]:
    return frozenset(W + name for name in names.split())


#: by the element that holds them: what changes nothing but the looks
_LOOKS = {
    "rPr": _named(
        "rFonts bCs i iCs outline shadow emboss imprint noProof snapToGrid color"
        " spacing w kern position sz szCs highlight u effect bdr shd fitText vertAlign lang em"
    ),
    "pPr": _named(
        "keepNext keepLines pageBreakBefore widowControl suppressLineNumbers pBdr shd tabs"
        " suppressAutoHyphens kinsoku wordWrap overflowPunct topLinePunct autoSpaceDE autoSpaceDN"
        " adjustRightInd snapToGrid spacing ind contextualSpacing mirrorIndents textAlignment"
    ),
    "tcPr": _named("tcW tcBorders shd noWrap tcMar tcFitText vAlign textDirection hideMark"),
}


def lean(data: bytes) -> bytes:
    """The same part without formatting that changes nothing but the looks."""
    if len(data) > _LARGEST or not _is_usual(data):
        return data
    for name in _LOOKS:  # those of runs first: paragraphs hold some, too
        data = _thinned(data, name)
    return data


def _is_usual(data: bytes) -> bool:
    """Is ``w`` the prefix of Word's names, and nothing there that could hide an element?

    A comment, CDATA or an instruction could hold what only looks like one.
    """
    if _DECLARED not in data[:_HEAD]:
        return False
    start = data.find(b"?>") + 2 if data.startswith(b"<?xml ") else 0
    # a rare sign is found many times faster than one after the sign that begins every tag
    is_rare = data.find(b"!") < 0 and data.find(b"?", start) < 0
    return is_rare or (data.find(b"<!") < 0 and data.find(b"<?", start) < 0)


def _thinned(data: bytes, name: str) -> bytes:
    """The part with each block of one name reduced."""
    # the sign before belongs to the tag before: no text is joined to other text
    opening, closing = f"><w:{name}>".encode(), f"</w:{name}>".encode()
    first, *pieces = data.split(opening)
    found = [first]
    known: dict[bytes, bytes] = {}
    for piece in pieces:
        block, closed, rest = piece.partition(closing)
        kept = known.get(block)
        if kept is None:
            whole = opening + block + closed
            if closed and len(known) < _DIFFERENT and len(block) <= _LONGEST:
                kept = known[block] = _reduced(whole, name)
            else:
                kept = whole
        found += kept, rest
    return b"".join(found)


@lru_cache(maxsize=2048)  # those of a notice's form come back with every applicant
def _reduced(whole: bytes, name: str) -> bytes:
    """What remains of one block, after the sign that closes the tag before it; itself where it is not understood."""
    opening = f"><w:{name}".encode()
    if b"ingdings" in whole:  # a font of signs changes what letters say
        return whole
    try:
        block = parse_xml(opening[1:] + _DECLARED + whole[len(opening) :])
    except Damaged:
        return whole
    kept = [child for child in block if child.tag not in _LOOKS[name]]
    if not kept:
        return b">"
    inner = b"".join(map(serialized, kept)).replace(_DECLARED, b"")
    return b"".join((opening, b">", inner, f"</w:{name}>".encode()))
