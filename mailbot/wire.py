"""An envelope and its links as JSON: the same over the child's pipe and in the database.

Documents have their own codec in :mod:`parsers.codec`. Reading back checks the
shape, because what comes over the pipe was made from hostile bytes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any

from mailbot.model import CloudLink, Envelope

_MOMENTS = ("date", "received")
_LISTS = ("recipients", "in_reply_to", "references", "about", "undelivered", "authentication")
_FLAGS = ("bounce",)


class BadShape(ValueError):
    """What was read back is no envelope or link."""


def envelope_to_json(envelope: Envelope) -> dict[str, Any]:
    """Times in ISO 8601, tuples as lists."""
    data = asdict(envelope)
    for name in _MOMENTS:
        moment: datetime | None = data[name]
        data[name] = moment.isoformat() if moment else None
    for name in _LISTS:
        data[name] = list(data[name])
    return data


def envelope_from_json(data: Mapping[str, Any]) -> Envelope:
    """The inverse of :func:`envelope_to_json`. Raises BadShape."""
    values: dict[str, Any] = {}
    for entry in fields(Envelope):
        value = data.get(entry.name, entry.default)
        if entry.name in _MOMENTS:
            values[entry.name] = _moment(value)
        elif entry.name in _LISTS:
            values[entry.name] = _texts(value)
        elif value is None and entry.name == "return_path":
            values[entry.name] = None
        elif isinstance(value, bool if entry.name in _FLAGS else str):
            values[entry.name] = value
        else:
            raise BadShape(entry.name)
    return Envelope(**values)


def link_to_json(link: CloudLink) -> dict[str, str]:
    """All fields as they are."""
    return asdict(link)


def link_from_json(data: Any) -> CloudLink:
    """The inverse of :func:`link_to_json`. Raises BadShape."""
    if not isinstance(data, dict) or not all(isinstance(value, str) for value in data.values()):
        raise BadShape("link")
    try:
        return CloudLink(**data)
    except TypeError as error:
        raise BadShape("link") from error


def _texts(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list | tuple) or not all(isinstance(entry, str) for entry in value):
        raise BadShape("list")
    return tuple(value)


def _moment(value: Any) -> datetime | None:
    if value is None:
        return None
    if not isinstance(value, str):
        raise BadShape("time")
    try:
        return datetime.fromisoformat(value)
    except ValueError as error:
        raise BadShape("time") from error
