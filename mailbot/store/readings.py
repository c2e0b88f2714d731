"""What was read of a mail, taken apart into rows and put together again without loss.

The rows are the only copy: envelope and body on the mail, one row for each
document at any depth, one for each form. A dossier is judged again from these,
without opening the raw message.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from mailbot.model import Reading
from mailbot.store import schema as t
from mailbot.wire import envelope_from_json, envelope_to_json, link_from_json, link_to_json
from parsers.codec import document_from_json, document_to_json
from parsers.model import Document

#: parts of the envelope that have columns of their own
_COLUMNS = ("subject", "sender", "message_id")
#: parts of a form that have columns of their own
_FORM_COLUMNS = ("kind", "title", "where", "confidence")


def keep(connection: sa.Connection, mail: int, reading: Reading, now: datetime) -> None:
    """Write a reading down; the mail is then ready to be decided."""
    connection.execute(t.mails.update().where(t.mails.c.id == mail).values(state="read"))
    _write(connection, mail, reading, now)


def replace_reading(connection: sa.Connection, mail: int, reading: Reading, now: datetime) -> None:
    """A decided mail was read again: the new reading stands in the old one's place.

    The papers of its dossiers are gone then, until those are recorded again.
    """
    theirs = sa.select(t.submissions.c.dossier_id).where(t.submissions.c.mail_id == mail)
    connection.execute(t.papers.delete().where(t.papers.c.dossier_id.in_(theirs)))
    files = sa.select(t.documents.c.id).where(t.documents.c.mail_id == mail)
    connection.execute(t.forms.delete().where(t.forms.c.document_id.in_(files)))
    connection.execute(t.documents.delete().where(t.documents.c.mail_id == mail))
    _write(connection, mail, reading, now)


def _write(connection: sa.Connection, mail: int, reading: Reading, now: datetime) -> None:
    envelope = envelope_to_json(reading.envelope)
    columns = {name: envelope.pop(name) for name in _COLUMNS}
    connection.execute(
        t.mails.update()
        .where(t.mails.c.id == mail)
        .values(
            read_at=now,
            envelope=_clean(envelope),
            body=_clean(reading.body),
            links=_clean([link_to_json(link) for link in reading.links]),
            defects=_clean(list(reading.defects)),
            reading_failure=_clean(reading.failure),
            **_clean(columns),
        )
    )
    forms: list[dict[str, Any]] = []
    for path, document in walk(reading.documents):
        forms += _keep_document(connection, mail, path, document)
    if forms:
        connection.execute(t.forms.insert(), forms)


def walk(documents: Sequence[Document], above: str = "") -> Iterator[tuple[str, Document]]:
    """Every document with its path, parents first."""
    for position, document in enumerate(documents):
        path = f"{above}{position}"
        yield path, document
        yield from walk(document.members, f"{path}.")


def _keep_document(
    connection: sa.Connection, mail: int, path: str, document: Document
) -> list[dict[str, Any]]:
    """Write one document down; the rows of its forms come back."""
    alone = replace(document, members=())  # they have rows of their own
    data = _clean(document_to_json(alone, text=True))
    inserted = connection.execute(
        t.documents.insert().values(
            mail_id=mail,
            path=path,
            **{name: data[name] for name in ("file", "sha256", "format", "problems")},
            size=document.size,
            characters=document.characters,
            text=data.get("text", ""),
        )
    )
    (document_id,) = inserted.inserted_primary_key or (None,)
    rows = []
    for ordinal, form in enumerate(data["forms"]):
        columns = {name: form.pop(name) for name in _FORM_COLUMNS}
        rows.append({"document_id": document_id, "ordinal": ordinal, "content": form, **columns})
    return rows


def reading_of(connection: sa.Connection, mail: int) -> Reading:
    """The reading of a mail, as it was. LookupError where it has not been read."""
    row = connection.execute(sa.select(t.mails).where(t.mails.c.id == mail)).one()
    if row.envelope is None:
        raise LookupError(f"mail {mail} has not been read")
    columns = {name: row._mapping[name] for name in _COLUMNS}  # noqa: SLF001 - its public name
    return Reading(
        envelope=envelope_from_json({**row.envelope, **columns}),
        body=row.body,
        documents=tuple(documents_of(connection, mail).values()),
        links=tuple(link_from_json(link) for link in row.links or ()),
        defects=tuple(row.defects or ()),
        failure=row.reading_failure,
    )


def documents_of(
    connection: sa.Connection, mail: int, chosen: Sequence[str] | None = None
) -> dict[str, Document]:
    """The outermost documents of a mail by path, or those at the ``chosen`` paths."""
    forms: dict[int, list[dict[str, Any]]] = {}
    statement = (
        sa.select(t.forms)
        .join(t.documents)
        .where(t.documents.c.mail_id == mail)
        .order_by(t.forms.c.document_id, t.forms.c.ordinal)
    )
    for row in connection.execute(statement).mappings():
        columns = {name: row[name] for name in _FORM_COLUMNS}
        forms.setdefault(row["document_id"], []).append({**row["content"], **columns})
    nodes: dict[str, dict[str, Any]] = {}
    rows = sa.select(t.documents).where(t.documents.c.mail_id == mail).order_by(t.documents.c.id)
    for row in connection.execute(rows).mappings():
        path = row["path"]
        nodes[path] = {
            **{name: row[name] for name in row if name not in ("id", "mail_id", "path")},
            "forms": forms.get(row["id"], []),
            "members": [],
        }
        if "." in path:
            nodes[path.rpartition(".")[0]]["members"].append(nodes[path])
    paths = [path for path in nodes if "." not in path] if chosen is None else chosen
    return {path: document_from_json(nodes[path]) for path in paths}


def paths_of(reading: Reading, documents: Sequence[Document]) -> list[str] | None:
    """Where some of a reading's documents stand in it; None for exactly all of them.

    Known by name and bytes: a campaign may read their forms as other kinds.
    """
    if [_mark(entry) for entry in documents] == [_mark(entry) for entry in reading.documents]:
        return None
    free = [(path, _mark(document)) for path, document in walk(reading.documents)]
    paths: list[str] = []
    for document in documents:
        place = next(i for i, (_, other) in enumerate(free) if other == _mark(document))
        paths.append(free.pop(place)[0])
    return paths


def _mark(document: Document) -> tuple[str, str]:
    return document.file, document.sha256


def _clean(data: Any) -> Any:
    """The same without lone surrogates and zero characters, which no database takes as text."""
    if isinstance(data, str):
        text = data.replace("\x00", "")
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(data, dict):
        return {key: _clean(value) for key, value in data.items()}
    return [_clean(value) for value in data] if isinstance(data, list) else data
