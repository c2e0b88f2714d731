"""A page as a scanner makes it: a PDF of one grey picture, with no letter in it."""

from __future__ import annotations

import zlib
from itertools import accumulate

_WIDTH, _HEIGHT = 420, 594  #: dots; a page of A4 at 50 dots an inch
_ROW, _COLUMN = 60, 120  #: dots between the rules of the form
_PAGE = (
    b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
    b" /Resources << /XObject << /P 5 0 R >> >> >>"
)
_PICTURE = (
    b"<< /Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceGray"
    b" /BitsPerComponent 8 /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream"
)


def facsimile() -> bytes:
    """An image-only PDF (ISO 32000-1) with the lines of an empty form on it."""
    rows = bytes(
        0x30 if row % _ROW == 0 or (column % _COLUMN == 0 and row > _ROW) else 0xF4
        for row in range(_HEIGHT)
        for column in range(_WIDTH)
    )
    picture = zlib.compress(rows)
    drawn = b"q 595 0 0 842 0 0 cm /P Do Q"
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        _PAGE,
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn),
        _PICTURE % (_WIDTH, _HEIGHT, len(picture), picture),
    )
    head = b"%PDF-1.4\n"
    parts = [b"%d 0 obj\n%s\nendobj\n" % (n, body) for n, body in enumerate(objects, 1)]
    places = accumulate((len(part) for part in parts), initial=len(head))
    entries = b"".join(b"%010d 00000 n \n" % place for place in list(places)[: len(parts)])
    body = head + b"".join(parts)
    count = len(parts) + 1
    return (
        body
        + b"xref\n0 %d\n0000000000 65535 f \n" % count
        + entries
        + b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (count, len(body))
    )
