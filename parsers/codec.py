"""Documents as JSON and back: the shape of ``read`` (contract), and of the parsing child.

The public keys are the contract's. A few more carry what only a round trip needs; the
text of the document, and its lines and grids, go along when asked for, because they
are long and personal.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from parsers.blockcodec import blocks_from_json, blocks_to_json
from parsers.model import Document, Field, Form, Problem, Row, Section, Table

Json = dict[str, Any]


class CodecError(ValueError):
    """The data is not a document as :func:`document_to_json` writes it."""


def document_to_json(document: Document, *, text: bool = False, content: bool = False) -> Json:
    """The contract's object for one document.

    ``text`` adds the whole text, ``content`` the lines and grids as they were read.
    """
    data: Json = {
        "file": document.file,
        "sha256": document.sha256,
        "size": document.size,
        "format": document.format,
        "problems": [{"code": p.code, "message": p.message} for p in document.problems],
        "characters": document.characters,
        "forms": [_form(form) for form in document.forms],
        "converted": document.converted,
        "members": [
            document_to_json(member, text=text, content=content) for member in document.members
        ],
    }
    if text:
        data["text"] = document.text
    if content:
        data["blocks"] = blocks_to_json(document.blocks)
    return data


def _form(form: Form) -> Json:
    """One form; ``campaign`` is null unless exactly one fits."""
    data: Json = {
        "kind": form.kind,
        "campaign": form.campaigns[0] if len(form.campaigns) == 1 and not form.others else None,
        "campaigns": list(form.campaigns),
        "title": form.title,
        "foreign": form.foreign,
        "confidence": form.confidence,
        "characters": form.characters,
        "where": form.where,
        "fields": [{"key": f.key, "label": f.label, **_field(f)} for f in form.fields],
        "tables": [_table(table) for table in form.tables],
        "source": form.source,
        "seal": form.seal,
        "sections": [
            {"key": s.key, "title": s.title, "found": s.found, "where": s.where}
            for s in form.sections
        ],
    }
    if form.others:
        data["others"] = [_form(other) for other in form.others]
    return data


def _field(field: Field) -> Json:
    """What was read of a field, without its key and label."""
    data: Json = {
        "value": field.value,
        "raw": field.raw,
        "where": field.where,
        "confidence": field.confidence,
        "source": field.source,
    }
    if field.doubt:
        data["doubt"] = field.doubt
    return data


def _table(table: Table) -> Json:
    """One list; ``places`` are the places of its rows."""
    return {
        "key": table.key,
        "columns": list(table.columns),
        "where": table.where,
        "rows": [
            {cell.key: cell.value for cell in row.cells}
            | {"cells": {cell.key: {"label": cell.label, **_field(cell)} for cell in row.cells}}
            for row in table.rows
        ],
        "places": [row.where for row in table.rows],
    }


def document_from_json(data: Mapping[str, Any]) -> Document:
    """The document again. Raises :class:`CodecError`."""
    try:
        return _document(data)
    except (KeyError, TypeError, AttributeError, IndexError, ValueError) as error:
        raise CodecError(f"no document: {error!r}") from error


def _document(data: Mapping[str, Any]) -> Document:
    return Document(
        file=data["file"],
        sha256=data["sha256"],
        size=data["size"],
        format=data["format"],
        problems=tuple(Problem(**entry) for entry in data["problems"]),
        characters=data["characters"],
        text=data.get("text", ""),
        blocks=blocks_from_json(data.get("blocks", [])),
        forms=tuple(_read_form(entry) for entry in data["forms"]),
        members=tuple(_document(entry) for entry in data["members"]),
        converted=data.get("converted", False) is True,
    )


def _read_form(data: Mapping[str, Any]) -> Form:
    return Form(
        kind=data["kind"],
        title=data["title"],
        campaigns=tuple(data["campaigns"]),
        foreign=data["foreign"],
        confidence=data["confidence"],
        fields=tuple(Field(**entry) for entry in data["fields"]),
        tables=tuple(_read_table(entry) for entry in data["tables"]),
        sections=tuple(Section(**entry) for entry in data["sections"]),
        characters=data["characters"],
        where=data["where"],
        others=tuple(_read_form(entry) for entry in data.get("others", ())),
        source=data.get("source", "text"),  # not in what older versions wrote down
        seal=data.get("seal"),
    )


def _read_table(data: Mapping[str, Any]) -> Table:
    rows = zip(data["rows"], data["places"], strict=True)
    return Table(
        key=data["key"],
        rows=tuple(
            Row(
                cells=tuple(Field(key=key, **cell) for key, cell in row["cells"].items()),
                where=place,
            )
            for row, place in rows
        ),
        columns=tuple(data["columns"]),
        where=data["where"],
    )
