"""What becomes of forms that were recognised on a picture: nothing in them is certain.

Every value keeps what was read, says that it was recognised, and stays below what the
campaigns call sure, so that none is ever accepted unseen. Reads nothing itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from parsers.model import Content, Field, Form

LIKELY = 0.6  #: confidence in anything recognised, at most
DOUBT = "识别自图片，请核对"


def as_recognised(forms: Iterable[Form], content: Content) -> tuple[Form, ...]:
    """The forms of a content, marked where it is a picture's."""
    if content.source == "text":
        return tuple(forms)
    return tuple(_marked(form, content) for form in forms)


def _marked(form: Form, content: Content) -> Form:
    return replace(
        form,
        source="ocr",
        seal=content.seal,
        confidence=min(form.confidence, LIKELY),
        fields=tuple(map(_doubted, form.fields)),
        tables=tuple(
            replace(
                table,
                rows=tuple(
                    replace(row, cells=tuple(map(_doubted, row.cells))) for row in table.rows
                ),
            )
            for table in form.tables
        ),
    )


def _doubted(field: Field) -> Field:
    """Also a field that seems to be empty: its writing may have been overlooked."""
    doubt = f"{field.doubt}（{DOUBT}）" if field.doubt else DOUBT
    return replace(field, source="ocr", confidence=min(field.confidence, LIKELY), doubt=doubt)
