"""About a dozen mails as applicants send them, made from the campaign's own forms and rules.

What goes wrong in them is derived from the campaign as well: a required postcode
is left out because a form has one, a text is too long because a rule limits it.
A campaign without such a form or rule simply has fewer faults to show.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import PurePosixPath

from mailbot.demo.application import Application, Changes, Entry, Files, file_name
from mailbot.demo.drawing import draw
from mailbot.demo.facsimile import facsimile
from mailbot.demo.invention import Applicant
from parsers.spec import FieldType, Must
from rules.model import Severity
from rules.notice.campaign import Campaign, Category, Tier
from rules.notice.settings import ChangeNoteRule, LengthRule, OneFileRule

_WORD = ("application", "vnd.openxmlformats-officedocument.wordprocessingml.document")
_TYPES = {".zip": ("application", "zip"), ".pdf": ("application", "pdf")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """One mail of the demonstration."""

    story: str  #: what happens, in Chinese
    arrived: datetime  #: aware
    raw: bytes = field(repr=False)
    address: str = ""  #: the mailbox it comes to


@dataclass(frozen=True, slots=True)
class _Writer:
    """Writes the mails of one tier's demonstration."""

    campaign: Campaign
    tier: Tier
    end: datetime  #: first late instant

    def application(
        self, who: Applicant, *categories: Category, changes: Changes | None = None,
        others: Sequence[Applicant] = (),
    ) -> Application:  # fmt: skip
        """What a company applies for, or a unit for several of them, the first one among them."""
        region = self._region(who.seed)
        unit = who.company
        if self.tier.applicant == "recommender" or (self.tier.applicant == "either" and others):
            unit = self._called(region) if region else f"{who.company[:2]}集团有限公司"
        entries = [
            Entry(who=one, category=category, name=self._name(one, category))
            for one, category in zip(
                (who, *others), _cycled(categories, 1 + len(others)), strict=True
            )
        ]
        return Application(
            campaign=self.campaign, tier=self.tier, unit=unit, entries=entries,
            region=unit if self.tier.applicant == "recommender" else region, changes=changes or {},
        )  # fmt: skip

    def papers(self, who: Applicant, category: Category, changes: Changes) -> Files:
        """Every document of a complete application; ``changes`` by kind: what is written instead."""
        return self.application(who, category, changes=changes).papers()

    def _name(self, who: Applicant, category: Category) -> str:
        return who.item_name(category, self.campaign.form(category.form))

    def _region(self, seed: int) -> str:
        """A region of the quota tables that has places; another for each seed."""
        if self.tier.region:
            return self.tier.region
        tables = [q for q in self.campaign.quotas if q.table and self.campaign.tables.get(q.table)]
        found = [
            row[quota.region_column]
            for quota in tables[:1]
            for row in self.campaign.tables[quota.table]
            if row[quota.column].isdecimal() and int(row[quota.column]) > 1
            if row[quota.region_column] not in self.campaign.regions.shared
        ]
        return found[seed % len(found)] if found else ""

    def _called(self, region: str) -> str:
        """How the unit of a region writes itself, where the data know it by that name."""
        called = self.campaign.regions.called.format(region=region)
        return called if self.campaign.region(called) == region else region

    def asked_for(self, files: Files) -> str:
        """The last of these files that the notice insists on; "" where it is only the form."""
        demanded = [
            demand.kind
            for demand in self.campaign.demands
            if demand.severity is Severity.ASK
            and demand.instead is None
            and (not demand.tiers or self.tier.id in demand.tiers)
        ]
        names = {
            file_name(f, self.campaign) for kind in demanded if (f := self.campaign.form(kind))
        }
        return next((name for name in reversed(files) if name in names), "")

    def address(self, category: Category) -> str:
        """The mailbox in which a category's form belongs."""
        boxes = [box for box in self.campaign.mailboxes if box.tier in ("", self.tier.id)]
        boxes = boxes or list(self.campaign.mailboxes)
        return next(
            (box.address for box in boxes if category.form in box.kinds),
            next((box.address for box in boxes if not box.kinds), boxes[0].address),
        )

    def mail(
        self,
        who: Applicant,
        category: Category,
        text: str,
        files: Mapping[str, bytes],
        *,
        subject: str = "",
        **headers: str,
    ) -> EmailMessage:
        subject = subject or f"{category.name}申报"
        message = EmailMessage(policy=SMTP)
        message["From"] = f"{who.contact} <{who.email}>"
        message["To"] = self.address(category)
        message["Subject"] = subject
        message["Message-ID"] = (
            f"<{who.seed}.{abs(hash_of(self.tier.id, subject, text))}@{who.email.split('@')[1]}>"
        )
        for key, value in headers.items():
            message[key.replace("_", "-")] = value
        message.set_content(f"{text}\n联系人：{who.contact}，电话：{who.mobile}\n")
        for name, content in self.packed(who, category, files).items():
            main, sub = _TYPES.get(PurePosixPath(name).suffix, _WORD)
            message.add_attachment(content, maintype=main, subtype=sub, filename=name)
        return message

    def packed(self, who: Applicant, category: Category, files: Mapping[str, bytes]) -> Files:
        """One archive where the notice wants one file, or where several items stand in folders."""
        wanted = any(
            isinstance(rule, OneFileRule) and (not rule.tiers or self.tier.id in rule.tiers)
            for rule in self.campaign.rules
        )
        if len(files) < 2 or not (wanted or any("/" in name for name in files)):  # noqa: PLR2004
            return dict(files)
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in files.items():
                archive.writestr(name, content)
        unit = self._region(who.seed) if self.tier.applicant == "recommender" else who.company
        return {f"{unit}{category.name}申报材料.zip": buffer.getvalue()}

    def sent(self, story: str, message: EmailMessage, before: timedelta) -> Scenario:
        """The message as it lies in the mailbox, ``before`` the deadline (negative: after)."""
        arrived = self.end - before
        message["Date"] = format_datetime(arrived - timedelta(minutes=2))
        envelope = message["From"].addresses[0].addr_spec
        raw = f"Return-Path: <{envelope}>\r\n".encode() + message.as_bytes()
        return Scenario(story=story, arrived=arrived, raw=raw, address=str(message["To"]))


def _cycled(categories: Sequence[Category], count: int) -> list[Category]:
    return [categories[position % len(categories)] for position in range(count)]


def hash_of(*parts: str) -> int:
    """A number that is the same in every run (unlike ``hash``)."""
    number = 0
    for character in "\n".join(parts):
        number = (number * 131 + ord(character)) % 1_000_003
    return number


def scenarios(campaign: Campaign, tier: str | None = None) -> Iterator[Scenario]:
    """The mails of a tier (the first where None is given) in the order of their arrival."""
    level = campaign.tier(tier)
    writer = _Writer(campaign, level, level.deadline().ends_at(campaign.timezone))
    yield from sorted(_all(writer), key=lambda scenario: scenario.arrived)


def _all(writer: _Writer) -> Iterator[Scenario]:
    zone, level = writer.campaign.timezone, writer.tier
    ends = {c.id: level.deadline(c.form, c.id).ends_at(zone) for c in writer.campaign.categories}
    due = [c for c in writer.campaign.categories if ends[c.id] == writer.end]
    categories = due or writer.campaign.categories  # others have an earlier day of their own
    first, last = categories[len(categories) // 2], categories[-1]
    yield from _complete_and_duplicate(writer, first)
    yield from _faulty_and_corrected(writer, first)
    yield from _other_complete(writer, categories[0])
    yield from _too_long(writer, last)
    yield from _last_day_and_late(writer, first, last)
    yield from _wrong_year(writer, first)
    yield from _broken_and_scan(writer, first, last)
    yield from _letters(writer, first)
    if writer.tier.applicant != "company":
        yield from _bundle(writer)


def _complete_and_duplicate(writer: _Writer, category: Category) -> Iterator[Scenario]:
    who = Applicant(1)
    message = writer.mail(
        who, category, "现报送申报材料，请查收。", writer.papers(who, category, {}),
        subject=f"{who.company}{category.name}申报材料",
    )  # fmt: skip
    complete = writer.sent("材料齐全", message, timedelta(days=8, hours=14))
    yield complete
    yield Scenario(
        story="同一封来信被重复投递",
        arrived=complete.arrived + timedelta(hours=3),
        raw=b"X-Delivery-Attempt: 2\r\n" + complete.raw,
        address=complete.address,
    )


def _faulty_and_corrected(writer: _Writer, category: Category) -> Iterator[Scenario]:
    who = Applicant(2)
    faults = _faults(writer, who, category)
    files = writer.papers(who, category, {category.form: faults})
    left_out = writer.asked_for(files)
    sent = {name: content for name, content in files.items() if name != left_out}
    message = writer.mail(who, category, "现报送申报材料，请查收。", sent)
    story = "一次有多处差错：漏填、填错、缺件" if left_out else "一次有多处差错：漏填、填错"
    yield writer.sent(story, message, timedelta(days=6, hours=13))
    right = writer.papers(Applicant(2), category, {})
    form_file = next(iter(right))
    wanted = [name for name in right if name in (form_file, left_out)]
    put_right = {**{name: right[name] for name in wanted}, **_note(writer, who)}
    answer = writer.mail(
        who, category, "已按通知要求补正，请查收。", put_right,
        subject=f"答复：{category.name}申报", In_Reply_To=str(message["Message-ID"]),
    )  # fmt: skip
    yield writer.sent("对上一封的补正，只寄改正的文件", answer, timedelta(days=4, hours=8))


def _faults(writer: _Writer, who: Applicant, category: Category) -> dict[str, str]:
    """A postcode left out, a mobile number too short, a rate over a hundred; else any gap."""
    form = writer.campaign.form(category.form)
    asked = [e for e in (form.fields if form else ()) if e.must in (Must.STATED, Must.SENSE)]
    faults: dict[str, str] = {}
    for kind, wrong in (
        (FieldType.POSTCODE, ""),
        (FieldType.MOBILE, who.mobile[:-1]),
        (FieldType.PERCENT, "1" + who.mobile[:2]),
    ):
        for entry in [entry for entry in asked if entry.type is kind][:1]:
            faults[entry.key] = wrong
    named = {category.name_field, category.company_field, category.marked_by}
    spare = [e for e in asked if e.key not in named and e.place in ("right", "below", "inline")]
    if not faults and spare:
        faults[spare[0].key] = ""
    return faults


def _note(writer: _Writer, who: Applicant) -> Files:
    """The note about changes, where the notice wants one."""
    for rule in writer.campaign.rules:
        form = writer.campaign.form(rule.kind) if isinstance(rule, ChangeNoteRule) else None
        if form and (not rule.tiers or writer.tier.id in rule.tiers):
            text = f"{who.company}：更正申报表中的邮编和手机，补报所缺材料。"
            return {file_name(form, writer.campaign): draw(form, {"text": text})}
    return {}


def _other_complete(writer: _Writer, category: Category) -> Iterator[Scenario]:
    """File names as old clients write them: raw GBK bytes in the header, no charset named."""
    who = Applicant(3)
    files = writer.packed(who, category, writer.papers(who, category, {}))
    plain = {f"file{n}{PurePosixPath(name).suffix}": c for n, (name, c) in enumerate(files.items())}
    message = writer.mail(
        who, category, "附件为申报材料，请查收。", plain, subject=f"{who.company}申报材料"
    )
    scenario = writer.sent("附件文件名为 GBK 编码", message, timedelta(days=5, hours=14))
    raw = scenario.raw
    for short, name in zip(plain, files, strict=True):
        raw = raw.replace(
            f'filename="{short}"'.encode(), b'filename="' + name.encode("gbk", "replace") + b'"'
        )
    yield Scenario(
        story=scenario.story, arrived=scenario.arrived, raw=raw, address=scenario.address
    )


def _too_long(writer: _Writer, category: Category) -> Iterator[Scenario]:
    who = Applicant(4)
    changes: dict[str, str] = {}
    for rule in writer.campaign.rules:
        if (
            isinstance(rule, LengthRule)
            and rule.kind == category.form
            and rule.field
            and rule.maximum
        ):
            changes[rule.field] = who.text(rule.maximum + 36)
    form = writer.campaign.form(category.form)
    ticks = [e for e in (form.fields if form else ()) if e.type is FieldType.TICKS]
    changes |= {e.key: "" for e in ticks if e.key != category.marked_by}
    story = "简介超过字数，选项未勾选"
    if not changes:
        changes, story = _faults(writer, who, category), "申报表有漏填、填错的栏目"
    files = writer.papers(who, category, {category.form: changes})
    message = writer.mail(who, category, "现报送申报材料，请查收。", files)
    yield writer.sent(story, message, timedelta(days=3, hours=9))


def _last_day_and_late(writer: _Writer, first: Category, last: Category) -> Iterator[Scenario]:
    who = Applicant(5)
    message = writer.mail(who, last, "请查收。", writer.papers(who, last, {}))
    yield writer.sent("截止日当天晚上到达", message, timedelta(hours=2))
    who = Applicant(6)
    message = writer.mail(who, first, "因故晚到，请予受理。", writer.papers(who, first, {}))
    yield writer.sent("截止后到达", message, -timedelta(hours=9))


def _wrong_year(writer: _Writer, category: Category) -> Iterator[Scenario]:
    """Last year's form once more: every year in a title is one too early."""
    who = Applicant(7)
    changes: dict[str, Mapping[str, str]] = {}
    for form in writer.campaign.forms:
        title = form.title
        for year in sorted(writer.campaign.years):
            title = title.replace(str(year), str(year - 1))
        if title != form.title:
            changes[form.kind] = {"title": title}
    if not changes.keys() & set(writer.application(who, category).kinds()):
        year = min(writer.campaign.years or (writer.end.year,)) - 1
        own = writer.campaign.form(category.form)
        changes[category.form] = {"title": f"{year}年{own.title if own else ''}"}
    files = writer.papers(who, category, changes)
    message = writer.mail(who, category, "现报送申报材料，请查收。", files)
    yield writer.sent("误用了往年的表样", message, timedelta(days=2, hours=13))


def _broken_and_scan(writer: _Writer, first: Category, last: Category) -> Iterator[Scenario]:
    who = Applicant(8)
    files = writer.papers(who, first, {})
    broken = writer.asked_for(files) or next(iter(files))
    files[broken] = files[broken][: len(files[broken]) // 2]
    message = writer.mail(who, first, "现报送申报材料，请查收。", files)
    yield writer.sent("其中一个文件已损坏", message, timedelta(days=1, hours=14))
    who = Applicant(9)
    files = writer.papers(who, last, {})
    scanned = writer.asked_for(files) or next(iter(files))
    del files[scanned]
    files[str(PurePosixPath(scanned).with_suffix(".pdf"))] = facsimile()
    message = writer.mail(who, last, "现报送申报材料，请查收。", files)
    yield writer.sent("其中一份只有扫描件", message, timedelta(days=1, hours=8))


def _bundle(writer: _Writer) -> Iterator[Scenario]:
    """A recommending unit sends for three companies in one archive."""
    who, *others = (Applicant(seed) for seed in (12, 13, 14))
    categories = writer.campaign.categories
    several = (categories[0], categories[min(1, len(categories) - 1)], categories[0])
    files = writer.application(who, *several, others=others).papers()
    message = writer.mail(
        who, several[0], "现报送我单位推荐的全部材料，请查收。", files, subject="推荐材料"
    )
    yield writer.sent("推荐单位把三家企业的材料打成一包", message, timedelta(days=2, hours=8))


def _letters(writer: _Writer, category: Category) -> Iterator[Scenario]:
    away = writer.mail(
        Applicant(10), category, "我正在休假，将尽快回复。", {},
        subject="自动回复：已收到您的邮件", Auto_Submitted="auto-replied",
    )  # fmt: skip
    yield writer.sent("对方邮箱的自动回复", away, timedelta(days=7, hours=8))
    ask = writer.mail(
        Applicant(11), category, "请问材料是否需要盖章，可以分两次发送吗？", {}, subject="咨询"
    )
    yield writer.sent("来信咨询，没有材料", ask, timedelta(days=7, hours=10))
