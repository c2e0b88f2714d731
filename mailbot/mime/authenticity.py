"""What the receiving server found out about a sender: Authentication-Results, RFC 8601.

Kept as evidence, and read for one question only: did the mail fail? Every such field
counts, wherever it stands: QQ puts its own near the top, NetEase at the end of the
header block under a bare name such as ``mx27``, so that none can be told as the
server's own; a forger may add a field that passes, but takes away none that fails. A
mail without results has not failed. Lenient, because providers write comments and
angle brackets where the grammar has none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from mailbot.mime.headers import Headers

_COMMENT = re.compile(r"\([^()]{0,500}\)")
_RESULT = re.compile(r"^\s*(spf|dkim|dmarc)(?:/\d+)?\s*=\s*([a-z]+)", re.IGNORECASE)
_FAILED = ("fail", "hardfail", "softfail")
_FIELDS, _LENGTH = 10, 2000  # what is kept of them


def results(headers: Headers) -> tuple[str, ...]:
    """The fields as they stand in the message, in their order."""
    found = headers.all_tokens("authentication-results")
    return tuple(value[:_LENGTH] for value in found[:_FIELDS])


def failure(fields: Sequence[str]) -> str:
    """What failed, such as "dmarc=fail，spf=softfail"; "" where nothing did."""
    return next(filter(None, map(_failure_of, fields)), "")


def _failure_of(value: str) -> str:
    found: dict[str, list[str]] = {}
    for entry in _COMMENT.sub(" ", value).split(";"):
        if result := _RESULT.match(entry):
            found.setdefault(result[1].lower(), []).append(result[2].lower())
    told = "，".join(f"{method}={word}" for method, words in found.items() for word in words)
    if policy := found.get("dmarc"):  # RFC 7489 section 4.2: it weighs the other two
        if "fail" in policy:
            return told
        if not {"none", "temperror", "permerror"} >= set(policy):
            return ""
    words = [*found.get("spf", ()), *found.get("dkim", ())]
    return told if "pass" not in words and set(words) & set(_FAILED) else ""
