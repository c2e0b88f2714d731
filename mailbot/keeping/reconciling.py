"""Compares what a folder holds with the register and the archive, message by message.

The sum it stands for: every message on the server = taken + ignored + failed, each
by name; what is left over differs, and is named with why. Pure but for a look
whether the raw bytes are there; fetches and records nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from mailbot.model import Holding
from mailbot.ports import Archive, Holder
from mailbot.store.balances import Known
from mailbot.store.views import BalanceRow

#: Nothing is to be decided about these.
_IGNORED = ("automatic", "bounce", "junk")


def lacking(known: Mapping[int, Known], holding: Holding, archive: Archive) -> Sequence[int]:
    """The UIDs that have never been taken, or whose raw bytes are gone; lowest first."""
    return sorted(
        uid for uid in holding.uids if uid not in known or archive.lacks(known[uid].sha256)
    )


def weigh(
    place: Holder,
    known: Mapping[int, Known],
    holding: Holding,
    archive: Archive,
    *,
    found: int,
    now: datetime,
) -> BalanceRow:
    """The sum. ``found`` is the number of mails that only this comparison has brought."""
    absent = set(lacking(known, holding, archive))
    there = [known[uid] for uid in sorted(holding.uids - absent)]
    failed = tuple(mail.sha256 for mail in there if mail.state == "failed")
    ignored = sum(mail.state == "decided" and mail.disposition in _IGNORED for mail in there)
    return BalanceRow(
        account=place.account,
        folder=place.folder,
        at=now,
        on_server=len(holding.uids),
        taken=len(there) - len(failed) - ignored,
        ignored=ignored,
        failed=failed,
        found=found,
        missing=tuple(_why(uid, known.get(uid)) for uid in sorted(absent)),
    )


def _why(uid: int, mail: Known | None) -> str:
    if mail is None:
        return f"UID {uid}：邮箱中有，未能取到内容，请在网页邮箱中查看这封邮件"
    return f"UID {uid}（编号 {mail.sha256[:12]}）：存档中没有原件，也未能重新取到，请从备份恢复"
