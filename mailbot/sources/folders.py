"""Which folder of a mailbox is meant: by its name, by its use, or by what providers call it.

Every provider gives Junk another name, and shows it on the wire in modified
UTF-7 (RFC 3501 section 5.1.3), which is decoded before it comes here. Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Folder:
    """A folder as LIST shows it."""

    name: str  #: Unicode
    delimiter: str = "/"
    flags: frozenset[str] = frozenset()  #: lower case, with the backslash


#: The uses of RFC 6154 we look for, with the older words of XLIST, and the names
#: that 163, 126, QQ, sina, Aliyun, enterprise mail, Gmail and Outlook give them.
_USES: dict[str, tuple[frozenset[str], tuple[str, ...]]] = {
    "junk": (
        frozenset({"\\junk", "\\spam"}),
        (
            "junk",
            "spam",
            "垃圾邮件",
            "垃圾箱",
            "垃圾郵件",
            "垃圾邮件箱",
            "junk e-mail",
            "junk email",
            "junk mail",
            "bulk mail",
        ),
    ),
    "sent": (
        frozenset({"\\sent"}),
        (
            "sent",
            "已发送",
            "已发送邮件",
            "已发邮件",
            "已发送消息",
            "已傳送",
            "sent messages",
            "sent items",
            "sent mail",
            "sent-mail",
        ),
    ),
}


def use_of(name: str) -> str:
    """What a folder of this name is for, "junk" or "sent"; "" for any other."""
    bare = name.strip("\\/").casefold()
    bare = bare.rpartition("/")[2]
    return next((use for use, (_flags, names) in _USES.items() if bare in names), "")


def use_on_server(folder: Folder) -> str:
    """What this folder is for, by what its server marks it, else by its name; "" for any other."""
    for use, (flags, _names) in _USES.items():
        if folder.flags & flags:
            return use
    return use_of(folder.name.rpartition(folder.delimiter or "/")[2])


def find_folder(wanted: str, there: Sequence[Folder]) -> str:
    """The name of the folder that is meant; "" when there is none.

    The name itself comes first. A name that some provider gives to Junk, or Sent,
    also finds what this server marks for that use, then what it calls by another
    of those names.
    """
    if any(folder.name == wanted for folder in there):
        return wanted
    use = use_of(wanted)
    if not use:
        return ""
    flags, names = _USES[use]
    marked = [folder.name for folder in there if folder.flags & flags]
    called = [
        (names.index(bare), folder.name)
        for folder in there
        if (bare := folder.name.rpartition(folder.delimiter or "/")[2].casefold()) in names
    ]
    return marked[0] if marked else min(called)[1] if called else ""
