"""What a file's name says about the kind of document inside.

Only for files that cannot be read or are not to be read (scans, encrypted
files): a guess that decides in which words the sender is asked, never what is
accepted. A form that can be read is known by its title and labels alone.
"""

from __future__ import annotations

import re
import unicodedata
from pathlib import PurePosixPath

from parsers.forms.labels import normalise_name
from parsers.spec import FormSpec
from rules.notice.campaign import Campaign

_DIGITS = {digit: str(value) for value, digit in enumerate("零一二三四五六七八九")}


#: A slash of a title cannot stand in a file name; people write 、 or _ or nothing for it.
_SEPARATORS = str.maketrans("", "", "/、_")


def guess_kind(campaign: Campaign, file: str) -> str:
    """The document kind a file name points to; empty where none or several do.

    The file's own name counts before the folders of the archive it came in; a
    title before a telling word before the annex number (which is that of the
    form, and not of the text it is sent with); the word nearest the end of the
    name before others, for there stands the noun.
    """
    parts = [_folded(part) for part in PurePosixPath(file.replace("\\", "/")).parts]
    for part in reversed(parts):
        kind = _best(campaign, part)
        if kind:
            return kind
    return ""


def names_item(file: str, name: str) -> bool:
    """Does the file name carry the name of an item?"""
    wanted = normalise_name(name)
    return len(wanted) > 1 and wanted in normalise_name(file)


def has_word(text: str, words: tuple[str, ...]) -> bool:
    """Does any of the words stand in the text, blanks and width aside?"""
    folded = _folded(text)
    return any(_folded(word) in folded for word in words if word.strip())


def _best(campaign: Campaign, name: str) -> str:
    best: tuple[int, int, int] = (0, 0, 0)
    found: list[FormSpec] = []
    for spec in campaign.forms:
        score = _score(spec, name)
        if score > best:
            best, found = score, [spec]
        elif score == best and score[0]:
            found.append(spec)
    if len(found) > 1:  # kinds that share one print
        found = [spec for spec in found if has_word(name, spec.told_by)]
    return found[0].kind if len(found) == 1 else ""


def _score(spec: FormSpec, name: str) -> tuple[int, int, int]:
    """(class of evidence, end of the match, its length); zeros for none."""
    classes = (
        (3, (spec.title, *spec.titles, spec.family)),
        (2, spec.file_words),
    )
    best = (0, 0, 0)
    for rank, words in classes:
        for word in map(_folded, words):
            at = name.rfind(word) if word else -1
            if at >= 0:
                best = max(best, (rank, at + len(word), len(word)))
    if best == (0, 0, 0) and spec.annex and _has_annex(name, spec.annex):
        best = (1, int(spec.layout != "text"), 0)
    return best


def _has_annex(name: str, annex: str) -> bool:
    """附件二, also written 附件2, and not as a part of 附件二十 or 附件21."""
    pattern = re.escape(_arabic(_folded(annex)))
    return re.search(rf"{pattern}(?!\d)", _arabic(name)) is not None


def _arabic(text: str) -> str:
    """Chinese numerals up to 99 behind 附件 as digits."""

    def number(match: re.Match[str]) -> str:
        tens, ten, ones = match.group(1), match.group(2), match.group(3)
        if not ten:
            return "附件" + "".join(_DIGITS[digit] for digit in tens + ones)
        return f"附件{_DIGITS.get(tens, '1')}{_DIGITS.get(ones, '0')}"

    return re.sub(r"附件([一二三四五六七八九]?)(十?)([一二三四五六七八九]?)", number, text)


def _folded(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).lower().translate(_SEPARATORS)
    return "".join(folded.split())
