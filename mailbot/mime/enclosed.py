"""A mail that is a document: saved as .eml, packed in an archive, found in another mail.

Gives its attachments to the reading of documents, which itself knows nothing of mail.
The text of such a mail is somebody's letter and no form: it is not handed on.
"""

from __future__ import annotations

from collections.abc import Iterator

from mailbot.mime.message import MessageRefused, parse_message
from parsers.containers.archives import Budget, Member, path_name
from parsers.damage import Damaged, hostile, oversized
from parsers.limits import Limits

_LINK = "邮件中的超大附件“{name}”只是下载链接，文件未随信到达，请将文件作为普通附件重新发送。"


def open_mail(content: bytes, limits: Limits, budget: Budget) -> Iterator[Member]:
    """The files of an Internet message (RFC 5322), those of mails inside it too.

    What is only linked to comes as a member that cannot be had. Raises
    :class:`parsers.damage.Damaged` when the message is built to harm.
    """
    try:
        message = parse_message(content)
    except MessageRefused as refused:
        raise hostile("邮件头过大，或分段、嵌套过多") from refused
    for attachment in message.attachments:
        budget.take_entry()
        name = path_name(attachment.name)
        if len(attachment.content) > limits.max_bytes:
            yield Member(name=name, damage=oversized("文件过大"))
            continue
        budget.take_bytes(len(attachment.content))
        yield Member(name=name, content=attachment.content, levels=1 + attachment.depth)
    for link in message.links:
        name = path_name(link.name or "超大附件")
        damage = Damaged("document.cloud_link", _LINK.format(name=name))
        yield Member(name=name, damage=damage)
