"""About a dozen mails as applicants send them, made from the campaign's own forms and rules.

What goes wrong in them is derived from the campaign as well: a required postcode
is left out because a form has one, a text is too long because a rule limits it.
A campaign without such a form or rule simply has fewer faults to show.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import PurePosixPath

from mailbot.demo.drawing import draw
from mailbot.demo.invention import Applicant
from parsers.spec import FieldType, FormSpec, Must
from rules.campaign import Campaign, Category
from rules.figuresettings import CertificateRule, RowsRule
from rules.model import Severity
from rules.settings import LengthRule

Files = dict[str, bytes]

_WORD = ("application", "vnd.openxmlformats-officedocument.wordprocessingml.document")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """One mail of the demonstration."""

    story: str  #: what happens, in Chinese
    arrived: datetime  #: aware
    raw: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class _Writer:
    """Writes the mails of one campaign's demonstration."""

    campaign: Campaign
    end: datetime  #: first late instant

    @property
    def address(self) -> str:
        return self.campaign.mailboxes[0].address

    def papers(
        self, who: Applicant, category: Category, changes: Mapping[str, Mapping[str, str]]
    ) -> Files:
        """Every document of a complete application; ``changes`` by kind: what is written instead."""
        name = changes.get(category.form, {}).get(category.name_field, who.item_name(category))
        demanded = [
            demand.kind
            for demand in self.campaign.demands
            if category.id in demand.categories and demand.channel == "mail"
        ]
        kinds = [category.form, *demanded]
        forms = [form for kind in dict.fromkeys(kinds) if (form := self.campaign.form(kind))]
        return {_file_name(form): self.paper(form, who, name, changes) for form in forms}

    def asked_for(self, files: Files) -> str:
        """The last of these files that the notice insists on."""
        demanded = [d.kind for d in self.campaign.demands if d.severity is Severity.ASK]
        names = {_file_name(f) for kind in demanded if (f := self.campaign.form(kind))}
        return [name for name in files if name in names][-1]

    def paper(
        self, form: FormSpec, who: Applicant, name: str, changes: Mapping[str, Mapping[str, str]]
    ) -> bytes:
        known = {"member_count": str(8 + who.seed % 5), "company": who.company}
        known |= {c.name_field: name for c in self.campaign.categories if c.form == form.kind}
        values = who.fill(form, self.campaign, known) | dict(changes.get(form.kind, {}))
        if form.layout == "text" and not form.fields:
            values["text"] = f"{who.company}{name}\n" + values.get("text", "")
        rows = {}
        for rule in self.campaign.rules:
            table = form.table(rule.table) if isinstance(rule, RowsRule) else None
            if table and isinstance(rule, RowsRule) and rule.rollup == form.kind:
                row = {**known, rule.column: name, **changes.get(f"{form.kind}.row", {})}
                rows[table.key] = [who.row(table.columns, row)]
            if isinstance(rule, CertificateRule) and rule.rollup == form.kind:
                table = form.table(rule.table)
                numbers = [f"{who.seed:04d}-{n:02d}" for n in range(1, rule.minimum + 1)]
                rows[rule.table] = [
                    who.row(table.columns, {rule.column: number})
                    for number in numbers
                    if table is not None
                ]
        return draw(form, values, rows, title=changes.get(form.kind, {}).get("title", ""))

    def mail(
        self,
        who: Applicant,
        subject: str,
        text: str,
        files: Mapping[str, bytes],
        **headers: str,
    ) -> EmailMessage:
        message = EmailMessage(policy=SMTP)
        message["From"] = f"{who.contact} <{who.email}>"
        message["To"] = self.address
        message["Subject"] = subject
        message["Message-ID"] = (
            f"<{who.seed}.{abs(hash_of(subject, text))}@{who.email.split('@')[1]}>"
        )
        for key, value in headers.items():
            message[key.replace("_", "-")] = value
        message.set_content(
            f"协会老师：\n\n您好！{text}\n\n{who.company}\n{who.contact} {who.mobile}\n"
        )
        for name, content in files.items():
            main, sub = _WORD if name.endswith(".docx") else ("application", "pdf")
            message.add_attachment(content, maintype=main, subtype=sub, filename=name)
        return message

    def sent(self, story: str, message: EmailMessage, before: timedelta) -> Scenario:
        """The message as it lies in the mailbox, ``before`` the deadline (negative: after)."""
        arrived = self.end - before
        message["Date"] = format_datetime(arrived - timedelta(minutes=2))
        envelope = message["From"].addresses[0].addr_spec
        raw = f"Return-Path: <{envelope}>\r\n".encode() + message.as_bytes()
        return Scenario(story=story, arrived=arrived, raw=raw)


def hash_of(*parts: str) -> int:
    """A number that is the same in every run (unlike ``hash``)."""
    number = 0
    for character in "\n".join(parts):
        number = (number * 131 + ord(character)) % 1_000_003
    return number


def scenarios(campaign: Campaign, tier: str | None = None) -> Iterator[Scenario]:
    """The mails in the order of their arrival."""
    writer = _Writer(campaign, campaign.tier(tier).deadline().ends_at(campaign.timezone))
    yield from sorted(_all(writer), key=lambda scenario: scenario.arrived)


def _all(writer: _Writer) -> Iterator[Scenario]:
    categories = writer.campaign.categories
    first, last = categories[len(categories) // 2], categories[-1]
    yield from _complete_and_duplicate(writer, first)
    yield from _faulty_and_corrected(writer, first)
    yield from _other_complete(writer, categories[0])
    yield from _too_long(writer, last)
    yield from _last_day_and_late(writer, first, last)
    yield from _wrong_year(writer, first)
    yield from _broken_and_scan(writer, first, last)
    yield from _letters(writer)


def _complete_and_duplicate(writer: _Writer, category: Category) -> Iterator[Scenario]:
    who = Applicant(1)
    files = writer.papers(who, category, {})
    message = writer.mail(
        who, f"{who.company}{category.name}申报材料", "现报送申报材料，请查收。", files
    )
    complete = writer.sent("材料齐全", message, timedelta(days=8, hours=14))
    yield complete
    again = b"X-Delivery-Attempt: 2\r\n" + complete.raw
    yield Scenario(
        story="同一封来信被重复投递", arrived=complete.arrived + timedelta(hours=3), raw=again
    )


def _faulty_and_corrected(writer: _Writer, category: Category) -> Iterator[Scenario]:
    who = Applicant(2)
    form = writer.campaign.form(category.form)
    faults: dict[str, str] = {}
    for entry in form.fields if form else ():
        if entry.must is Must.SENSE and entry.type is FieldType.POSTCODE:
            faults[entry.key] = ""
        if entry.must is Must.SENSE and entry.type is FieldType.MOBILE:
            faults[entry.key] = who.mobile[:-1]
        if entry.must is Must.SENSE and entry.type is FieldType.PERCENT:
            faults[entry.key] = "1" + who.mobile[:2]
    files = writer.papers(who, category, {category.form: faults})
    left_out = writer.asked_for(files)
    sent = {name: content for name, content in files.items() if name != left_out}
    message = writer.mail(who, f"{category.name}申报", "现报送申报材料，请查收。", sent)
    yield writer.sent("一次有多处差错：漏填、填错、缺件", message, timedelta(days=6, hours=13))
    right = writer.papers(who, category, {})
    form_file = next(iter(right))
    answer = writer.mail(
        who,
        f"答复：{category.name}申报",
        "已按通知要求补正，请查收。",
        {form_file: right[form_file], left_out: right[left_out]},
        In_Reply_To=str(message["Message-ID"]),
    )
    yield writer.sent("对上一封的补正，只寄改正的文件", answer, timedelta(days=4, hours=8))


def _other_complete(writer: _Writer, category: Category) -> Iterator[Scenario]:
    """File names as old clients write them: raw GBK bytes in the header, no charset named."""
    who = Applicant(3)
    files = writer.papers(who, category, {})
    plain = {f"file{n}.docx": content for n, content in enumerate(files.values())}
    message = writer.mail(who, f"{who.company}申报材料", "附件为申报材料，请查收。", plain)
    scenario = writer.sent("附件文件名为 GBK 编码", message, timedelta(days=5, hours=14))
    raw = scenario.raw
    for n, name in enumerate(files):
        raw = raw.replace(
            f'filename="file{n}.docx"'.encode(), b'filename="' + name.encode("gbk") + b'"'
        )
    yield Scenario(story=scenario.story, arrived=scenario.arrived, raw=raw)


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
            changes[rule.field] = (who.text(9) * 9)[: rule.maximum + 36]
    form = writer.campaign.form(category.form)
    changes |= {e.key: "" for e in (form.fields if form else ()) if e.type is FieldType.TICKS}
    files = writer.papers(who, category, {category.form: changes})
    message = writer.mail(who, f"{category.name}申报", "现报送申报材料，请查收。", files)
    yield writer.sent("简介超过字数，选项未勾选", message, timedelta(days=3, hours=9))


def _last_day_and_late(writer: _Writer, first: Category, last: Category) -> Iterator[Scenario]:
    who = Applicant(5)
    message = writer.mail(who, f"{last.name}申报材料", "请查收。", writer.papers(who, last, {}))
    yield writer.sent("截止日当天晚上到达", message, timedelta(hours=2))
    who = Applicant(6)
    message = writer.mail(
        who, f"{first.name}申报材料", "因故晚到，请予受理。", writer.papers(who, first, {})
    )
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
    if not changes:
        year = min(writer.campaign.years or (writer.end.year,)) - 1
        own = writer.campaign.form(category.form)
        changes[category.form] = {"title": f"{year}年{own.title if own else ''}"}
    files = writer.papers(who, category, changes)
    message = writer.mail(who, f"{category.name}申报", "现报送申报材料，请查收。", files)
    yield writer.sent("误用了往年的表样", message, timedelta(days=2, hours=13))


def _broken_and_scan(writer: _Writer, first: Category, last: Category) -> Iterator[Scenario]:
    who = Applicant(8)
    files = writer.papers(who, first, {})
    broken = writer.asked_for(files)
    files[broken] = files[broken][: len(files[broken]) // 2]
    message = writer.mail(who, f"{first.name}申报", "现报送申报材料，请查收。", files)
    yield writer.sent("其中一个文件已损坏", message, timedelta(days=1, hours=14))
    who = Applicant(9)
    files = writer.papers(who, last, {})
    scanned = writer.asked_for(files)
    del files[scanned]
    files[str(PurePosixPath(scanned).with_suffix(".pdf"))] = b"%PDF-1.4\n%scan\n%%EOF\n"
    message = writer.mail(who, f"{last.name}申报", "现报送申报材料，请查收。", files)
    yield writer.sent("其中一份只有扫描件", message, timedelta(days=1, hours=8))


def _letters(writer: _Writer) -> Iterator[Scenario]:
    who = Applicant(10)
    away = writer.mail(
        who,
        "自动回复：已收到您的邮件",
        "我正在休假，将尽快回复。",
        {},
        Auto_Submitted="auto-replied",
    )
    yield writer.sent("对方邮箱的自动回复", away, timedelta(days=7, hours=8))
    who = Applicant(11)
    ask = writer.mail(who, "咨询", "请问材料是否需要盖章，可以分两次发送吗？", {})
    yield writer.sent("来信咨询，没有材料", ask, timedelta(days=7, hours=10))


def _file_name(form: FormSpec) -> str:
    return f"{form.annex}{' ' if form.annex else ''}{form.title}.docx".replace("/", "、")
