"""What waits for a person now: items in review, and mails for which no item stands.

With why, and with the numbers in the forms under which the applicant can be called.
Nothing is changed here and nothing is decided.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping

import sqlalchemy as sa

from mailbot.store import in_force, rows
from mailbot.store import schema as t
from mailbot.store.engine import Store
from mailbot.store.views import MailRow, ReplyRow, Waiting
from rules.checks.senders import phones
from rules.model import Decision, Finding, Severity

#: Words in the labels of what is needed to call somebody.
_CALLS = ("联系人", "电话", "手机")
_SAID = 40  #: letters of one value


def list_waiting(store: Store, *, campaign: str | None = None) -> tuple[Waiting, ...]:
    """Everything that waits, items first, each in order of arrival. Raises StoreError.

    With ``campaign`` only its items and mails, and mails that belong to none.
    """
    with store.reading() as connection:
        return waiting(connection, campaign)


def waiting(connection: sa.Connection, campaign: str | None = None) -> tuple[Waiting, ...]:
    """The same within a view that is open already."""
    return (*_items(connection, campaign), *_mails(connection, campaign))


def _items(connection: sa.Connection, campaign: str | None) -> Iterator[Waiting]:
    where: list[rows.Where] = [t.dossiers.c.purge.is_(None)]
    if campaign:
        where.append(t.dossiers.c.campaign == campaign)
    review = (t.items.c.decision == Decision.REVIEW.value) & ~t.items.c.withdrawn
    for item in rows.items(connection, *where, review):
        own, shared = in_force.findings_of(connection, item)
        grave = tuple(f for f in (*own, *shared) if f.severity is Severity.HUMAN)
        yield Waiting(
            why=_why(grave),
            item=item,
            findings=grave,
            contacts=_contacts(connection, item.dossier, item.id),
        )


def _mails(connection: sa.Connection, campaign: str | None) -> Iterator[Waiting]:
    where: list[rows.Where] = [t.mails.c.settled_at.is_(None), t.mails.c.purge.is_(None)]
    if campaign:
        where.append((t.mails.c.campaign == campaign) | t.mails.c.campaign.is_(None))
    for mail in rows.mails(connection, *where, t.mails.c.state == "failed"):
        yield Waiting(why=f"程序未能处理此邮件，原件已保存（{mail.failure}）", mail=mail)
    for mail in rows.mails(connection, *where, _in_review()):
        grave = _of_mail(connection, mail)
        yield Waiting(why=_why(grave), mail=mail, findings=grave)
    for mail in rows.mails(connection, *where, _brought_back()):
        yield from _undelivered(connection, mail)
    inquiry = (t.mails.c.disposition == "inquiry") & (t.mails.c.state == "decided")
    for mail in rows.mails(connection, *where, inquiry, ~_in_review()):
        promised = mail.decision is not None
        why = "来信提到附件，但没有附件" if promised else "来信咨询，请人工答复"
        yield Waiting(why=why, mail=mail)


def _in_review() -> rows.Where:
    """What was found about the mail itself is for a person, or no item stands for it."""
    alone = sa.select(t.verdicts.c.mail_id).join(t.findings)
    alone = alone.where(
        t.verdicts.c.dossier_id.is_(None),
        t.verdicts.c.mail_id.is_not(None),
        t.findings.c.severity == Severity.HUMAN.value,
    )
    with_items = sa.select(t.submissions.c.mail_id).join(
        t.items, t.items.c.dossier_id == t.submissions.c.dossier_id
    )
    review = sa.func.coalesce(t.mails.c.decision, "") == Decision.REVIEW.value
    return t.mails.c.id.in_(alone) | (review & t.mails.c.id.not_in(with_items))


def waits_itself(connection: sa.Connection, sha256: str) -> bool:
    """Has a person to settle this mail, whatever becomes of the items of its dossiers?"""
    open_ = (t.mails.c.sha256 == sha256) & t.mails.c.settled_at.is_(None)
    inquiry = t.mails.c.disposition == "inquiry"
    own = (t.mails.c.state == "failed") | inquiry | _in_review() | _brought_back()
    return connection.scalar(sa.select(t.mails.c.id).where(open_, own)) is not None


def _of_mail(connection: sa.Connection, mail: MailRow) -> tuple[Finding, ...]:
    """What a person has to see about a mail: of the mail, and of its dossiers as they stand."""
    verdict = sa.select(t.verdicts.c.id).join(t.mails).where(t.mails.c.sha256 == mail.sha256)
    found = rows.findings(connection, t.findings.c.verdict_id.in_(verdict))
    return tuple(finding for _, finding in found if finding.severity is Severity.HUMAN)


def _why(grave: tuple[Finding, ...]) -> str:
    return "；".join(finding.message.rstrip("。") for finding in grave) or "转人工复核"


def _brought_back() -> rows.Where:
    """It is the bounce of a reply that has not been sent again since."""
    return t.mails.c.sha256.in_(
        sa.select(t.replies.c.returned_by).where(
            t.replies.c.returned_by > "",  # by its index: few have come back
            t.replies.c.returned_at.is_not(None),
        )
    )


def _undelivered(connection: sa.Connection, bounce: MailRow) -> Iterator[Waiting]:
    """One reply of ours after the other that this bounce brought back."""
    for reply in rows.replies(connection, t.replies.c.returned_by == bounce.sha256):
        unit, contacts = called_for(connection, reply.mail or "")
        what = f"“{reply.subject}”被退回（{reply.returned_why}）"
        yield Waiting(
            why=f"寄给工作人员 {reply.recipient} 的{what}，该工作人员没有收到，"
            "请核对配置 [staff] digest_to 和 [alerts] to 中的地址"
            if reply.for_staff
            else f"发往 {reply.recipient} 的回复{what}，对方没有收到，请电话告知",
            mail=bounce,
            contacts=contacts,
            reply=dataclasses.replace(reply, contacts=contacts),
            unit=unit,
        )


def with_contacts(connection: sa.Connection, reply: ReplyRow) -> ReplyRow:
    """The same; of one that came back with the numbers under which its receiver can be called."""
    if reply.returned_at is None:
        return reply
    _, contacts = called_for(connection, reply.mail or "")
    return dataclasses.replace(reply, contacts=contacts)


def called_for(connection: sa.Connection, mail: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """The unit of a mail (raw SHA-256; "" unknown), and under which numbers it can be called.

    From the forms of its dossiers, else from the words of the mail itself.
    """
    dossiers = connection.execute(
        sa.select(t.dossiers.c.id, t.dossiers.c.unit)
        .join(t.submissions, t.submissions.c.dossier_id == t.dossiers.c.id)
        .join(t.mails, t.mails.c.id == t.submissions.c.mail_id)
        .where(t.mails.c.sha256 == mail)
        .order_by(t.dossiers.c.opened_at, t.dossiers.c.id)
    ).all()
    found: dict[str, str] = {}
    for dossier in dossiers:
        for label, value in _contacts(connection, dossier.id):
            found.setdefault(label, value)
    if not found:
        body = connection.scalar(sa.select(t.mails.c.body).where(t.mails.c.sha256 == mail))
        found = {f"来信中的电话{place}": number for place, number in _numbered(body or "")}
    return next((dossier.unit for dossier in dossiers), ""), tuple(found.items())


def _numbered(body: str) -> Iterator[tuple[str, str]]:
    for place, number in enumerate(dict.fromkeys(phones(body)), 1):
        yield str(place) if place > 1 else "", number


def _contacts(
    connection: sa.Connection, dossier: str, item: str | None = None
) -> tuple[tuple[str, str], ...]:
    """Whom to call, under which number: of the item's own forms, else of its dossier's.

    Without ``item``: of any form of the dossier, the first that tells.
    """
    mine = (t.papers.c.item_id == item) | t.papers.c.item_id.is_(None) if item else sa.true()
    papers = (
        sa.select(t.forms.c.content, t.papers.c.item_id)
        .join(t.papers, t.papers.c.form_id == t.forms.c.id)
        .where(t.papers.c.dossier_id == dossier, t.papers.c.current, mine)
        .order_by(t.papers.c.item_id.is_(None), t.papers.c.ordinal)
    )
    found: dict[str, str] = {}
    first: str | None = None
    for row in connection.execute(papers):
        if found and (row.item_id is None or row.item_id != first):
            break
        first = row.item_id
        for label, value in _called(row.content):
            found.setdefault(label, value)
    return tuple(found.items())


def _called(content: Mapping[str, list[Mapping[str, object]]]) -> Iterator[tuple[str, str]]:
    for entry in content["fields"]:
        label = "".join(str(entry["label"]).split()).rstrip("：:")
        value = " ".join(str(entry.get("raw") or "").split())
        if value and any(word in label for word in _CALLS):
            yield label, value[:_SAID]
