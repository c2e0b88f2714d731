"""PDF files for tests, object by object: what is on a page is what the test says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

_SIZE = 10
_FONTS = ("/Helvetica", "/Helvetica-Bold", "/Wingdings")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One page: its drawing operators, and what lies over it."""

    drawn: bytes
    image: tuple[int, int] | None = None  #: a grey picture of this width and height, points
    fields: Sequence[bytes] = ()  #: dictionaries of fields filled in on screen


def page(
    *texts: tuple[float, float, str],
    rules: Sequence[tuple[float, float, float, float]] = (),
    font: int = 0,
    image: tuple[int, int] | None = None,
    fields: Sequence[bytes] = (),
) -> Sheet:
    """Texts at (left, up from the bottom) and lines from point to point, on 600 by 800 points."""
    parts = [
        f"BT /F{font} {_SIZE} Tf {x} {y} Td <{text.encode('latin-1').hex()}> Tj ET"
        for x, y, text in texts
    ]
    parts += [f"{a} {b} m {c} {d} l S" for a, b, c, d in rules]
    if image:
        parts.append(f"q {image[0]} 0 0 {image[1]} 0 0 cm /I Do Q")
    return Sheet(drawn="\n".join(parts).encode(), image=image, fields=tuple(fields))


def ruled(columns: Sequence[float], lines: Sequence[float]) -> list[tuple[float, float, float, float]]:  # fmt: skip
    """The rules of a table with these edges."""
    across = [(columns[0], y, columns[-1], y) for y in lines]
    return across + [(x, lines[0], x, lines[-1]) for x in columns]


def pdf(*sheets: Sheet) -> bytes:
    """A file of these pages."""
    objects: list[bytes] = [b"", b""]
    widths = b" ".join([b"600"] * 256)
    for name in _FONTS:
        head = b"<</Type/Font/Subtype/Type1/Encoding/WinAnsiEncoding/BaseFont" + name.encode()
        if name == "/Wingdings":
            head += (
                b"/FirstChar 0/LastChar 255/Widths[%s]/FontDescriptor<</Type/FontDescriptor"
                b"/FontName/Wingdings/Flags 4/FontBBox[0 0 999 999]/Ascent 800/Descent -200>>"
                % widths
            )
        objects.append(head + b">>")
    fonts = b" ".join(b"/F%d %d 0 R" % (n, n + 3) for n in range(len(_FONTS)))
    objects.append(
        b"<</Type/XObject/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray"
        b"/BitsPerComponent 8/Length 1>>stream\n\x80\nendstream"
    )
    image, kids = len(objects), []
    for sheet in sheets:
        objects.append(b"<</Length %d>>stream\n%s\nendstream" % (len(sheet.drawn), sheet.drawn))
        drawn = len(objects)
        marks = []
        for field in sheet.fields:
            objects.append(b"<</Type/Annot/Subtype/Widget %s>>" % field)
            marks.append(b"%d 0 R" % len(objects))
        objects.append(
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents %d 0 R/Annots[%s]"
            b"/Resources<</Font<<%s>>/XObject<</I %d 0 R>>>>>>"
            % (drawn, b" ".join(marks), fonts, image)
        )
        kids.append(b"%d 0 R" % len(objects))
    objects[0] = b"<</Type/Catalog/Pages 2 0 R>>"
    objects[1] = b"<</Type/Pages/Kids[%s]/Count %d>>" % (b" ".join(kids), len(kids))
    return _written(objects)


def _written(objects: Sequence[bytes]) -> bytes:
    data = b"%PDF-1.7\n"
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(data))
        data += b"%d 0 obj%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return (
        data
        + b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table)
        + b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n"
        % (len(objects) + 1, len(data))
    )
