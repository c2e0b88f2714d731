r"""Rich text as Word and WPS write it, from the same rows a test would draw in XML.

Chinese stands as bytes of code page 936 in escapes (``\'d6\'ca``), or as ``\u`` with
a question mark for older programs; rows carry their right edges before their cells.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

_EDGE = 2000  # twips

_HEAD = (
    r"{\rtf1\adeflang1025\ansi\ansicpg936\uc2\adeff0\deff0\stshfdbch13\deflang1033\deflangfe2052"
    r"{\fonttbl{\f0\froman\fcharset0\fprq2 Times New Roman;}"
    r"{\f13\fnil\fcharset134\fprq2{\*\falt SimSun}\'cb\'ce\'cc\'e5;}}"
    r"{\colortbl;\red0\green0\blue0;}"
    r"{\stylesheet{\qj\nowidctlpar\fs21\lang1033\langfe2052 \snext0 Normal;}}"
    r"{\*\generator Msftedit 5.41.21.2510;}"
    r"\paperw11906\paperh16838\margl1134\margr1134\sectd"
)


@dataclass(frozen=True, slots=True)
class C:
    """A cell; ``across`` and ``down`` are "", "first" or "next" of merged cells."""

    text: str = ""
    across: str = ""
    down: str = ""


def escaped(text: str, *, unicode: bool = False) -> str:
    r"""Characters beyond ASCII as escapes; line ends as \line."""
    out = []
    for char in text:
        if char == "\n":
            out.append(r"\line ")
        elif char in "\\{}":
            out.append("\\" + char)
        elif char.isascii():
            out.append(char)
        elif unicode:
            code = ord(char) - (0x10000 if ord(char) > 0x7FFF else 0)
            out.append(rf"\uc1\u{code}?")
        else:
            out.append("".join(rf"\'{byte:02x}" for byte in char.encode("gbk")))
    return "".join(out)


def paragraph(text: str, *, unicode: bool = False) -> str:
    """A line outside every table."""
    return rf"\pard\plain\qc\f13\fs21 {escaped(text, unicode=unicode)}\par" + "\n"


def table(rows: Sequence[Sequence[C | str]], *, unicode: bool = False) -> str:
    """Rows of cells; merged ones are written as Word writes them, each with its edge."""
    lines = []
    for row in rows:
        cells = [cell if isinstance(cell, C) else C(cell) for cell in row]
        words = {"": "", "first": "mgf", "next": "mrg"}
        edges = "".join(
            (rf"\cl{words[cell.across]}" if cell.across else "")
            + (rf"\clv{words[cell.down]}" if cell.down else "")
            + rf"\clvertalc\clbrdrt\brdrs\clbrdrb\brdrs\cellx{_EDGE * number}"
            for number, cell in enumerate(cells, 1)
        )
        texts = "".join(
            rf"\pard\plain\intbl\f13\fs21 {escaped(cell.text, unicode=unicode)}\cell" + "\n"
            for cell in cells
        )
        lines.append(f"\\trowd\\trgaph108\\trleft0{edges}\n{texts}\\row\n")
    return "".join(lines)


def rtf(*parts: str) -> bytes:
    """A whole document."""
    return "".join((_HEAD, "\n", *parts, "}")).encode("ascii")
