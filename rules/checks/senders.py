"""Who sent what, to which address, and how: demands on the mail and on the sender.

The mail's headers and transport are not seen here; only what a submission states.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from pathlib import PurePosixPath

from parsers.forms.labels import normalise_name
from rules.checks.case import Case
from rules.checks.findings import Defect, about_paper
from rules.gathering.filenames import has_word
from rules.model import Paper, Severity, Submission
from rules.notice.campaign import Campaign, Mailbox
from rules.notice.settings import (
    ChangeNoteRule,
    ContactRule,
    LevelRule,
    MailboxRule,
    OneFileRule,
    SenderRule,
)

_PHONE = re.compile(
    r"(?<!\d)(?:1[3-9]\d{9}|\(?0\d{2,3}\)?-{0,2}\d{7,8})(?!\d)|(?:电话|座机)[:]?\d{7,8}(?!\d)"
)
_CONTACT_WORDS = ("联系人", "经办人", "填报人", "填表人", "负责人")
_EMPTY_NAMES = re.compile(r"新建|未命名|无标题|文件夹|文件|文档|压缩|附件|材料|资料|申报|打包|副本")
#: A telling name has at least so many Chinese characters that mean something.
_TELLING = 4


def phones(text: str) -> tuple[str, ...]:
    """The telephone numbers in a text, in order, as they are written."""
    return tuple(found.group() for found in _PHONE.finditer(unicodedata.normalize("NFKC", text)))


def sender(rule: SenderRule, case: Case) -> Iterator[Defect]:
    """Another address, or a mail that fails its checks, would replace someone's documents.

    Code ``sender.changed``.
    They are not in force before a person has looked; a newer version from the address
    that sent the first one makes the question idle, and so do staff who refuse them.
    """
    _ = rule
    senders = {entry.ordinal: entry.sender for entry in case.dossier.submissions}
    failed = {entry.ordinal: entry.unverified for entry in case.dossier.submissions}
    told: set[tuple[str, str, int | None]] = set()
    for paper in case.dossier.papers:
        if not paper.held or paper.submission in case.facts.refused:
            continue
        now = senders.get(paper.submission, "")
        owned = list(case.dossier.current(paper.kind, paper.item))
        owned = [entry for entry in owned if entry.item == paper.item]
        newest = max((entry.submission for entry in owned), default=-1)
        if newest > paper.submission or (now, paper.kind, paper.item) in told:
            continue
        told.add((now, paper.kind, paper.item))
        before = "、".join(dict.fromkeys(senders.get(entry.submission, "") for entry in owned))
        yield about_paper(
            case,
            paper,
            "sender.changed",
            f"{case.campaign.paper_name(paper.kind)}原由{before}报送，"
            f"现由{now}报送文件“{paper.document.file}”要求替换{_doubt(failed[paper.submission])}，"
            "暂未采用，请核实后再定。",
        )


def _doubt(failed: str) -> str:
    return f"（来信未通过发件人身份验证：{failed}，可能不是本人所发）" if failed else ""


def change_note(rule: ChangeNoteRule, case: Case) -> Iterator[Defect]:
    """Information already sent was changed without a change note; adding needs none.

    Told once for all papers that hold up the same. Code ``change.note_missing``.
    """
    noted = [entry.ordinal for entry in case.dossier.submissions if _brings_note(rule, case, entry)]
    changed: dict[tuple[int | None, tuple[str, ...]], list[Paper]] = {}
    for paper in case.dossier.papers:
        if not paper.current or paper.repeats or paper.kind == rule.kind:
            continue
        before = _version_before(case, paper)
        if before is None or not _changes(before, paper):
            continue
        if not any(ordinal >= paper.submission for ordinal in noted):
            changed.setdefault(case.concern(paper), []).append(paper)
    name = case.campaign.paper_name(rule.kind)
    for papers in changed.values():
        told = "、".join(
            f"{case.campaign.paper_name(paper.kind)}（文件“{paper.document.file}”）"
            for paper in papers
        )
        yield about_paper(
            case,
            papers[0],
            "change.note_missing",
            f"{told}更改了已报送的信息，请补充提交{name}，写明更改的内容和原因。",
        )


def is_change_note(rule: ChangeNoteRule, campaign: Campaign, body: str) -> bool:
    """Does the text of a mail say that it is the change note?"""
    return has_word(body, _note_words(rule, campaign))


def _note_words(rule: ChangeNoteRule, campaign: Campaign) -> tuple[str, ...]:
    spec = campaign.form(rule.kind)
    return (spec.title, *spec.file_words) if spec else ()


def _brings_note(rule: ChangeNoteRule, case: Case, mail: Submission) -> bool:
    """As a paper, as a file of that name, or in the words of the mail."""
    words = _note_words(rule, case.campaign)
    return (
        is_change_note(rule, case.campaign, mail.body)
        or any(has_word(leaf.file, words) for doc in mail.documents for leaf in doc.leaves())
        or any(
            paper.kind == rule.kind and paper.submission == mail.ordinal
            for paper in case.dossier.papers
        )
    )


def mailbox(rule: MailboxRule, case: Case) -> Iterator[Defect]:
    """Documents in another mailbox than the notice's. Code ``mailbox.wrong``.

    Not where the mail went to the right one, too, nor where it answers one of ours, which
    asks for just that.
    """
    _ = rule
    for submission in case.dossier.submissions:
        came_to = submission.mailbox.lower()
        if not came_to or submission.answers is not None:
            continue
        sent_to = {came_to, *map(str.lower, submission.addressed)}
        wrong: dict[str, tuple[str, ...]] = {}
        first: Paper | None = None
        for paper in case.dossier.papers:
            if paper.submission != submission.ordinal or not paper.kind or not paper.current:
                continue
            right = tuple(box.address for box in _accepting(case, paper.kind))
            if right and not sent_to & {address.lower() for address in right}:
                first = first or paper
                wrong[paper.kind] = right
        if first is None:
            continue
        told = "；".join(
            f"{'、'.join(case.campaign.paper_name(k) for k in wrong if wrong[k] == right)}"
            f"应发送至{'或'.join(right)}"
            for right in dict.fromkeys(wrong.values())
        )
        concerned = {name for kind in wrong for name in case.categories_of(kind)}
        yield Defect(
            code="mailbox.wrong",
            message=f"材料发到了{came_to}，{told}；本次已转交处理，今后请按通知的邮箱报送。",
            document=first.document.file,
            kind=first.kind,
            categories=tuple(
                entry.id for entry in case.campaign.categories if entry.id in concerned
            ),
            mail=submission.ordinal,
        )


def contact(rule: ContactRule, case: Case) -> Iterator[Defect]:
    """Contact person and phone in the text of one of the mails. Code ``mail.contact_missing``."""
    _ = rule
    mails = [entry for entry in case.dossier.submissions if entry.documents]
    if not mails or any(states_contact(entry.body) for entry in case.dossier.submissions):
        return
    yield Defect(
        code="mail.contact_missing",
        message="邮件正文未注明联系人和联系电话，请回复本邮件注明联系人姓名和联系电话。",
        mail=mails[-1].ordinal,
    )


def one_file(rule: OneFileRule, case: Case) -> Iterator[Defect]:
    """The newest mail with documents brings one file with a telling name.

    Codes ``mail.not_one_file``, ``mail.file_name``.
    """
    _ = rule
    mails = [entry for entry in case.dossier.submissions if entry.documents]
    if not mails:
        return
    newest = mails[-1]
    if len(newest.documents) > 1:
        yield Defect(
            code="mail.not_one_file",
            message=f"邮件中有{len(newest.documents)}个附件，"
            "通知要求将材料整理成一个文件，请打包为一个压缩文件报送。",
            mail=newest.ordinal,
        )
        return
    file = newest.documents[0].file
    if not _is_telling(file):
        yield Defect(
            code="mail.file_name",
            message=f"附件名称“{file}”看不出报送单位和内容，请以单位名称和材料名称命名。",
            document=file,
            mail=newest.ordinal,
        )


def answers_in_words(campaign: Campaign, tier: str, body: str) -> bool:
    """May the text of a mail alone give what was asked for: a contact, a change note?"""
    here = [rule for rule in campaign.rules if not rule.tiers or tier in rule.tiers]
    return any(
        (isinstance(rule, ContactRule) and states_contact(body))
        or (isinstance(rule, ChangeNoteRule) and is_change_note(rule, campaign, body))
        for rule in here
    )


def level(rule: LevelRule, case: Case) -> Iterator[Defect]:
    """A company applies where its unit should, or the reverse. Code ``sender.level``.

    Told from the name of the submitting unit: is it the applicants' own company? Units
    that stand in a quota table may always submit for themselves. Where all papers are of
    one company and none of its unit, the company may have sent them under the unit's
    name; the sender is told how it is meant.
    """
    _ = rule
    unit = normalise_name(case.dossier.unit)
    companies = {normalise_name(item.company) for item in case.dossier.items if item.company}
    if not unit or not companies:
        return
    if case.tier.applicant == "recommender":
        yield from _for_its_unit(case, companies)
    elif case.tier.applicant == "company" and unit not in companies:
        yield Defect(
            code="sender.level",
            message=f"报送单位“{case.dossier.unit}”不是申报企业，材料应由申报企业直接报送，请核实。",
        )


def _for_its_unit(case: Case, companies: set[str]) -> Iterator[Defect]:
    unit = case.dossier.unit
    known = normalise_name(unit) in _quota_regions(case) or case.campaign.region(unit)
    alone = len(companies) == 1 and case.lacks_papers_of_unit()
    if companies == {normalise_name(unit)} and not known:
        message = f"“{unit}”为申报企业，材料应通过所属推荐单位报送，请核实。"
    elif alone and normalise_name(unit) not in companies:
        company = next(item.company for item in case.dossier.items if item.company)
        message = (
            f"只收到“{company}”一家企业的申报材料，没有推荐单位的材料，请核实是否由企业直接报送。"
        )
    else:
        return
    yield Defect(code="sender.level", message=message)
    if alone:
        yield Defect(
            code="sender.level",
            message="本次只收到申报企业的材料。按通知要求，企业的申报材料由推荐单位统一报送；"
            "如系企业直接发送，请将材料交所属推荐单位，或回复说明推荐单位的名称。",
            severity=Severity.INFO,
        )


def _accepting(case: Case, kind: str) -> list[Mailbox]:
    """The campaign's mailboxes for a kind: those that name it, else those that name none."""
    boxes = [box for box in case.campaign.mailboxes if box.tier in ("", case.dossier.tier)]
    named = [box for box in boxes if kind in box.kinds]
    return named or [box for box in boxes if not box.kinds]


def _versions(case: Case, paper: Paper) -> list[Paper]:
    """Earlier papers of the same kind and item; of unit papers only those there is one of."""
    spec = case.campaign.form(paper.kind)
    single = paper.item is not None or any(
        demand.kind == paper.kind and demand.of == "unit" for demand in case.demands()
    )
    if spec is None or not single:
        return []
    return [
        other
        for other in case.dossier.papers
        if other.kind == paper.kind
        and other.item == paper.item
        and other.submission < paper.submission
        and other.document.sha256 != paper.document.sha256
    ]


def _version_before(case: Case, paper: Paper) -> Paper | None:
    older = [other for other in _versions(case, paper) if not other.current and not other.held]
    return older[-1] if older else None


def _changes(before: Paper, after: Paper) -> bool:
    """Does a value differ that was given before? Of texts without fields, is a line gone?"""
    if before.form is None or after.form is None:
        return False
    given = {entry.key: entry.value for entry in before.form.fields if entry.value is not None}
    now = {entry.key: entry.value for entry in after.form.fields}
    if any(now.get(key) != value for key, value in given.items()):
        return True
    rows_before, rows_after = _rows(before), _rows(after)
    if any(not any(row <= other for other in rows_after) for row in rows_before):
        return True
    nothing = not given and not rows_before
    return nothing and not _lines(before) <= _lines(after)


def _lines(paper: Paper) -> set[str]:
    """What a text says, line by line: more lines are an addition."""
    return set(map(normalise_name, paper.document.text.split("\n"))) - {""}


def _rows(paper: Paper) -> list[frozenset[tuple[str, str, str]]]:
    """The rows of a paper's lists by what is filled in them."""
    return [
        frozenset(
            (table.key, cell.key, str(cell.value)) for cell in row.cells if cell.value is not None
        )
        for table in (paper.form.tables if paper.form else ())
        for row in table.rows
    ]


def states_contact(body: str) -> bool:
    """Does the text of a mail name a contact person and a phone number?"""
    text = "".join(unicodedata.normalize("NFKC", body).split())
    return any(word in text for word in _CONTACT_WORDS) and bool(_PHONE.search(text))


def _is_telling(file: str) -> bool:
    stem = PurePosixPath(file).stem
    rest = _EMPTY_NAMES.sub("", stem)
    return sum("\u4e00" <= letter <= "\u9fff" for letter in rest) >= _TELLING


def _quota_regions(case: Case) -> set[str]:
    regions = set()
    for quota in case.campaign.quotas:
        rows = case.campaign.tables.get(quota.table, ())
        regions |= {normalise_name(row.get(quota.region_column, "")) for row in rows}
        regions |= {normalise_name(alias) for alias in quota.aliases}
    return regions - {""}
