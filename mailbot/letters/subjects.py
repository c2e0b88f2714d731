"""Subjects that have gone to and fro: what is left when prefixes and our headings are gone.

Mail programs put ``Re:`` or ``回复：`` in front, robots a ticket number, and we a heading
of our own; after a few rounds nothing else would be left in the line. Text only.
"""

from __future__ import annotations

import re

from mailbot.letters.composition import HEADINGS

#: What mail programs and robots put in front of a subject, again and again.
PREFIX = re.compile(
    r"(?:\b(?:re|aw|fw|fwd)|回复|答复|回覆|转发|转寄|自动回复|自动答复|自動回覆|\bauto(?:matic)? ?reply)"
    r"\s*(?:\[\d+\]|\(\d+\))?\s*[:：]",
    re.IGNORECASE,
)
_HEADING = re.compile(
    "(?:" + "|".join(map(re.escape, sorted(HEADINGS.values(), key=len, reverse=True))) + ")"
    r"\s*[:：]"
)
_TICKET = re.compile(r"\[#?\d+\]")
_SPACES = re.compile(r"\s+")


def bare(subject: str) -> str:
    """The subject without prefixes, our headings and ticket numbers, wherever they stand."""
    for noise in (PREFIX, _HEADING, _TICKET):
        subject = noise.sub(" ", subject)
    return _SPACES.sub(" ", subject).strip()


def has_heading(subject: str) -> bool:
    """Is it one that we gave a letter?"""
    return _HEADING.search(subject) is not None
