"""What settles a dispute about what was sent: the original of a mail, byte for byte, and its marks.

Copies out of the archive, which verifies the SHA-256 on reading; changes nothing there.
"""

from __future__ import annotations

import os
from pathlib import Path

from mailbot import wiring
from mailbot.cli import screen, session
from mailbot.configuration.config import Config
from mailbot.letters.wording import size_text
from mailbot.ports import ArchiveError
from mailbot.store.views import ItemDetail, MailDetail


def export(config: Config, found: ItemDetail | MailDetail, out: Path) -> str:
    """Write the original to a file that is not there yet; what was done, in Chinese.

    Raises Misuse where several mails stand behind an item or the file exists,
    ArchiveError where the original is gone, changed or removed when due, OSError.
    """
    sha256 = _one_mail(found)
    if removed := _removed(found, sha256):
        raise ArchiveError(f"这封来信的原件{removed}，无法取出；登记簿中仍有它的 SHA-256 和大小。")
    raw = wiring.archive(config).get(sha256)
    try:
        with out.open("xb") as file:
            file.write(raw)
            file.flush()
            os.fsync(file.fileno())
    except FileExistsError:
        raise session.Misuse(f"{out} 已经存在，请换一个文件名。") from None
    return f"来信原件已写入 {out}（{len(raw):,} 字节，SHA-256 {sha256}，与收到时一致）。"


def _one_mail(found: ItemDetail | MailDetail) -> str:
    if isinstance(found, MailDetail):
        return found.mail.sha256
    if len(found.mails) == 1:
        return found.mails[0].sha256
    listed = "；".join(
        f"{mail.sha256[:12]}（{screen.moment(mail.arrived)} {mail.subject}）"
        for mail in found.mails
    )
    raise session.Misuse(f"这个申报项有 {len(found.mails)} 封来信，请指明其中一封的编号：{listed}")


def _removed(found: ItemDetail | MailDetail, sha256: str) -> str:
    """That the original was taken away because its time was over, in Chinese; "" where it was not."""
    times = [e.at for e in found.events if e.what == "mail.purged" and e.mail == sha256]
    return f"已到期清除（{screen.moment(times[-1])}）" if times else ""


def facts(config: Config, found: MailDetail) -> list[tuple[str, str]]:
    """Where the original lies, and by what it can be told from any other."""
    archive = wiring.archive(config)
    sha256 = found.mail.sha256
    where = str(archive.path(sha256))
    if archive.lacks(sha256):
        where = _removed(found, sha256) or f"{where}（不在存档中，请从备份恢复）"
    return [
        ("信件编号 Message-ID", found.message_id),
        ("大小", f"{found.mail.size:,} 字节"),
        ("原件", where),
    ]


def files(found: MailDetail) -> list[tuple[object, ...]]:
    """Each file with its prints, as the receipt states them."""
    return [
        (
            entry.file,
            size_text(entry.size),
            entry.sha256[:8],
            entry.format,
            entry.kinds,
            "；".join(message for _, message in entry.problems),
        )
        for entry in found.documents
    ]
