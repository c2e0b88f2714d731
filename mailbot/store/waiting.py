"""What waits for a person now: items in review, and mails for which no item stands.

With why, and with the numbers in the forms under which the applicant can be called.
Nothing is changed here and nothing is decided.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import sqlalchemy as sa

from mailbot.store import in_force, rows
from mailbot.store import schema as t
from mailbot.store.engine import Store
from mailbot.store.views import ItemRow, MailRow, Waiting
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
            why=_why(grave), item=item, findings=grave, contacts=_contacts(connection, item)
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
    own = (t.mails.c.state == "failed") | inquiry | _in_review()
    return connection.scalar(sa.select(t.mails.c.id).where(open_, own)) is not None


def _of_mail(connection: sa.Connection, mail: MailRow) -> tuple[Finding, ...]:
    """What a person has to see about a mail: of the mail, and of its dossiers as they stand."""
    verdict = sa.select(t.verdicts.c.id).join(t.mails).where(t.mails.c.sha256 == mail.sha256)
    found = rows.findings(connection, t.findings.c.verdict_id.in_(verdict))
    return tuple(finding for _, finding in found if finding.severity is Severity.HUMAN)


def _why(grave: tuple[Finding, ...]) -> str:
    return "；".join(finding.message for finding in grave) or "转人工复核"


def _contacts(connection: sa.Connection, item: ItemRow) -> tuple[tuple[str, str], ...]:
    """Whom to call, under which number: of the item's own forms, else of its dossier's."""
    papers = (
        sa.select(t.forms.c.content, t.papers.c.item_id)
        .join(t.papers, t.papers.c.form_id == t.forms.c.id)
        .where(t.papers.c.dossier_id == item.dossier, t.papers.c.current)
        .where((t.papers.c.item_id == item.id) | t.papers.c.item_id.is_(None))
        .order_by(t.papers.c.item_id.is_(None), t.papers.c.ordinal)
    )
    found: dict[str, str] = {}
    for row in connection.execute(papers):
        if found and row.item_id is None:
            break
        for label, value in _called(row.content):
            found.setdefault(label, value)
    return tuple(found.items())


def _called(content: Mapping[str, list[Mapping[str, object]]]) -> Iterator[tuple[str, str]]:
    for entry in content["fields"]:
        label = "".join(str(entry["label"]).split()).rstrip("：:")
        value = " ".join(str(entry.get("raw") or "").split())
        if value and any(word in label for word in _CALLS):
            yield label, value[:_SAID]
