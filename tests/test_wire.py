"""Envelopes and links as JSON, there and back."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.model import CloudLink, Envelope
from mailbot.wire import (
    BadShape,
    envelope_from_json,
    envelope_to_json,
    link_from_json,
    link_to_json,
)

_TEXTS = st.lists(st.text(), max_size=3).map(tuple)
_MOMENTS = st.none() | st.datetimes(timezones=st.just(UTC))
_ENVELOPES = st.builds(
    Envelope,
    message_id=st.text(),
    subject=st.text(),
    sender=st.text(),
    sender_name=st.text(),
    return_path=st.none() | st.text(),
    reply_to=st.text(),
    recipients=_TEXTS,
    date=_MOMENTS,
    received=_MOMENTS,
    in_reply_to=_TEXTS,
    references=_TEXTS,
    automatic=st.text(),
    bounce=st.booleans(),
    about=_TEXTS,
)


@given(_ENVELOPES)
def test_an_envelope_comes_back_as_it_was(envelope: Envelope) -> None:
    """Through JSON text and back, whatever it holds."""
    assert envelope_from_json(json.loads(json.dumps(envelope_to_json(envelope)))) == envelope


def test_a_link_comes_back_as_it_was() -> None:
    """All four parts."""
    link = CloudLink(url="https://example.org/x", name="大.zip", size="80.96M", expires="8月17日")

    assert link_from_json(json.loads(json.dumps(link_to_json(link)))) == link


@pytest.mark.parametrize(
    "wrong",
    [
        {"subject": 1},
        {"subject": None},
        {"recipients": "a@b.cn"},
        {"recipients": [1]},
        {"date": "yesterday"},
        {"date": 5},
        {"bounce": "no"},
        {"return_path": []},
    ],
)
def test_another_shape_is_refused(wrong: dict[str, Any]) -> None:
    """What comes over the pipe is not believed."""
    with pytest.raises(BadShape):
        envelope_from_json({**envelope_to_json(Envelope(date=datetime.now(UTC))), **wrong})


@pytest.mark.parametrize("wrong", [None, [], {"url": 1}, {"other": "x"}, {"name": "x"}])
def test_a_link_of_another_shape_is_refused(wrong: Any) -> None:
    """Nor is a link."""
    with pytest.raises(BadShape):
        link_from_json(wrong)
