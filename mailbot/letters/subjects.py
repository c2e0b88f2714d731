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
#: What stands behind the unit in a subject of ours: how much was open then.
_OPEN = re.compile(r"[(（]\s*(?:共|另有)\s*\d+\s*[处项][需待]补正\s*[)）]")
_TICKET = re.compile(r"\[#?\d+\]")
_SPACES = re.compile(r"\s+")
_LETTERS = str.maketrans("0123456789abcdef", "ghjkmnpqrsabcdef")
#: What applicants write about, whatever the campaign.
_MATTERS = re.compile(
    "申报|上报|报送|报名|报表|提交|材料|资料|附件|表格|汇总|总结|成果|推荐|评选|评审|受理|补正|更正|修改"
    "|撤回|截止|延期|名额|费用|缴费|盖章|请问|咨询|询问|收到|回执|回复|联系|QC|质量",
    re.IGNORECASE,
)


def bare(subject: str) -> str:
    """The subject without prefixes, our headings and counts, ticket numbers, wherever they stand."""
    for noise in (PREFIX, _HEADING, _OPEN, _TICKET):
        subject = noise.sub(" ", subject)
    return _SPACES.sub(" ", subject).strip()


def has_heading(subject: str) -> bool:
    """Is it one that we gave a letter?"""
    return _HEADING.search(subject) is not None


def may_be_repeated(subject: str, *names: str) -> bool:
    """Does it speak of the matter, so that it may stand in a subject of ours?

    ``names`` are those of the campaign. Advertising repeated there would pass for ours,
    and providers stop the account that sends it.
    """
    pairs = {name[at : at + 2] for name in names for at in range(len(name) - 1)}
    return bool(_MATTERS.search(subject)) or any(
        pair in subject for pair in pairs if not pair.isascii()
    )


def mark(mail: str) -> str:
    """Six letters for a mail (raw SHA-256) whose subject is not repeated.

    Letters, because numbers are passed over where threads are told apart.
    """
    return mail[:6].translate(_LETTERS).upper()
