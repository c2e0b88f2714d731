"""What happens to whole dossiers, mail by mail: each promise of the contract as a sender meets it."""

from __future__ import annotations

import io
import itertools
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from zoneinfo import ZoneInfo

import printed
import pytest
from desk import Desk, asked, decisions, findings
from hypothesis import given, settings
from hypothesis import strategies as st
from letters import MAILBOX, SENDER, letter, story_papers, team_papers
from msoffcrypto.format.ooxml import OOXMLFile
from officefiles import archive

from mailbot.outcome import Outcome

BEIJING = ZoneInfo("Asia/Shanghai")
FORM, ROLLUP = "附件二 成果表.docx", "附件三 汇总表.docx"
SUMMARY, STATISTICS = "附件五 工作总结.docx", "附件六 统计表.docx"
STORY = "附件四 推荐表.docx"
SCAN = b"\xff\xd8\xff\xe0" + b"scan" * 200
PDF = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n%%EOF\n"


def at(day: int, hour: int = 9, minute: int = 0, second: int = 0) -> datetime:
    return datetime(2026, 7, day, hour, minute, second, tzinfo=BEIJING)


@dataclass
class Office:
    """A desk that numbers the letters it gets."""

    desk: Desk = field(default_factory=Desk)
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def get(self, files: dict[str, bytes], when: datetime | None = None, **more: str) -> Outcome:
        when = when or at(10)
        more.setdefault("message_id", f"<{next(self.numbers)}@scenario.example>")
        return self.desk.take(letter(files, arrived=when, **more), when)


def once(files: dict[str, bytes], when: datetime | None = None, **more: str) -> Outcome:
    return Office().get(files, when, **more)


def without(files: dict[str, bytes], *names: str) -> dict[str, bytes]:
    return {name: content for name, content in files.items() if name not in names}


def told(outcome: Outcome, code: str) -> list[str]:
    """Severities of the findings with this code."""
    return [f.severity.value for f in findings(outcome) if f.code == code]


def text_of(outcome: Outcome) -> str:
    assert outcome.reply is not None
    return outcome.reply.text


def subject_of(outcome: Outcome) -> str:
    assert outcome.reply is not None
    return outcome.reply.subject


def message(build: Callable[[EmailMessage], None], *, to: str = MAILBOX) -> bytes:
    """A mail of another shape than :func:`letters.letter` makes."""
    made = EmailMessage(policy=SMTP)
    made["Received"] = f"from mail.example by mx.example; {format_datetime(at(10))}"
    made["From"] = SENDER
    made["To"] = to
    made["Subject"] = "申报材料"
    made["Message-ID"] = "<shape@scenario.example>"
    build(made)
    return made.as_bytes()


# ---- how findings combine ---------------------------------------------------------


def test_a_missing_roll_up_holds_the_team_and_not_the_story() -> None:
    """The subject gives the counts, not the gravest word."""
    outcome = once(without({**team_papers(), **story_papers()}, ROLLUP))

    assert decisions(outcome) == {"冲压一班": "supplement", "一颗螺栓的坚守": "accepted"}
    assert outcome.decision == "supplement"
    assert subject_of(outcome).startswith("受理 1 项，补正 1 项")
    assert "涉及" in text_of(outcome)


def test_a_missing_summary_holds_everything() -> None:
    """附件五 is demanded of the company, whatever it applies for."""
    outcome = once(without({**team_papers(), **story_papers()}, SUMMARY))

    assert set(decisions(outcome).values()) == {"supplement"}


def test_a_summary_alone_touches_nothing_and_decides_nothing() -> None:
    """It is acknowledged; the mail's decision is null."""
    outcome = once({SUMMARY: printed.summary()})

    assert (outcome.disposition, outcome.decision) == ("submission", None)
    assert subject_of(outcome).startswith("材料已收到")


def test_a_roll_up_alone_asks_for_its_forms() -> None:
    """A row without form is a finding and no item."""
    outcome = once({ROLLUP: printed.rollup()})

    assert decisions(outcome) == {}
    assert outcome.decision == "supplement"
    assert asked(outcome) == [("rollup.form_missing", "group_name")]


def test_declined_is_graver_than_asked() -> None:
    """Late and faulty: the reply gives the one reason that decides."""
    outcome = once(team_papers(postcode=""), at(16))

    assert decisions(outcome) == {"冲压一班": "declined"}
    assert subject_of(outcome).startswith("不予受理")
    assert "逾期将不予受理" in text_of(outcome)
    assert "补正方式" not in text_of(outcome)


def test_review_is_acknowledged() -> None:
    """已收到，人工复核中, and what waits for staff is not told."""
    office = Office()
    office.get(team_papers())
    outcome = office.get(
        {FORM: printed.team_form(team_leader="李明")}, at(11), sender="li@o.example"
    )

    assert outcome.decision == "review"
    assert told(outcome, "sender.changed") == ["human"]
    assert subject_of(outcome).startswith("已收到，人工复核中")
    assert SENDER not in text_of(outcome).replace(f"邮箱：{SENDER}", "").replace(
        f"邮箱或QQ：{SENDER}", ""
    )


# ---- lateness ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "first",
    [
        {"附件二 成果表.jpg": SCAN},
        {"附件二 成果表.pdf": PDF},
        {FORM: printed.team_form()[:5000]},
        {"冲压一班.docx": b""},
        {ROLLUP: printed.rollup()},
    ],
    ids=["photo", "pdf", "torn", "empty", "row"],
)
def test_a_form_that_was_begun_in_time_is_never_declined(first: dict[str, bytes]) -> None:
    """What came in time was no use; the form comes late: a correction, for a person."""
    office = Office()
    office.get(first | {SUMMARY: printed.summary(), STATISTICS: printed.statistics()}, at(14))
    outcome = office.get({FORM: printed.team_form(), ROLLUP: printed.rollup()}, at(16))

    assert decisions(outcome) == {"冲压一班": "review"}


@pytest.mark.parametrize("slip", ["汇款凭证.jpg", "附件二 盖章扫描件.pdf"])
def test_another_item_is_late_whatever_else_came_in_time(slip: str) -> None:
    """A slip and a scan of the team's form are no beginning of a story."""
    office = Office()
    office.get({**team_papers(), slip: SCAN}, at(14))
    outcome = office.get({STORY: printed.story_form()}, at(16))

    assert decisions(outcome) == {"冲压一班": "accepted", "一颗螺栓的坚守": "declined"}
    assert outcome.decision == "declined"
    assert outcome.dossiers[0].touched == {1}


def test_mails_taken_up_out_of_order_make_nobody_late() -> None:
    """A mail found afterwards arrived in time all the same."""
    office = Office()
    late = office.get(story_papers(), at(16))
    found = office.get(story_papers(), at(14))

    assert decisions(late) == {"一颗螺栓的坚守": "declined"}
    assert decisions(found)["一颗螺栓的坚守"] != "declined"


def test_a_correction_after_the_deadline_says_that_staff_decide() -> None:
    """No date is named that has passed."""
    office = Office()
    office.get(team_papers(postcode="", email=""), at(14))
    outcome = office.get({FORM: printed.team_form(email="")}, at(17))

    assert decisions(outcome) == {"冲压一班": "supplement"}
    assert "已过" in text_of(outcome)
    assert "工作人员研究决定" in text_of(outcome)


def test_the_last_day_is_told_to_the_sender() -> None:
    """Information that does no harm."""
    outcome = once(team_papers(), at(15, 23, 59, 59))

    assert told(outcome, "deadline.last_day") == ["info"]
    assert "截止日当天" in text_of(outcome)


# ---- whose documents these are ----------------------------------------------------


@pytest.mark.parametrize("order", list(itertools.permutations(range(4)))[::5])
def test_the_documents_of_a_team_in_any_order(order: tuple[int, ...]) -> None:
    """One mail a document; the last one completes the dossier."""
    office = Office()
    pieces = list(team_papers().items())
    for day, index in enumerate(order, 5):
        outcome = office.get(dict([pieces[index]]), at(day))

    assert decisions(outcome) == {"冲压一班": "accepted"}
    assert dict(outcome.dossiers[0].receipts) == {0: "HN2026-0001"}


def test_several_addresses_of_one_company_fill_one_dossier() -> None:
    """The company's name joins them; adding is not replacing."""
    office = Office()
    office.get(without(team_papers(), STATISTICS))
    outcome = office.get({STATISTICS: printed.statistics()}, at(11), sender="he@xiangjiang.example")

    assert decisions(outcome) == {"冲压一班": "accepted"}
    assert told(outcome, "sender.changed") == []


@pytest.mark.parametrize("header", ["In_Reply_To", "References"])
@pytest.mark.parametrize("whose", ["ours", "theirs"])
def test_a_nameless_document_joins_by_the_mail_it_answers(header: str, whose: str) -> None:
    """From a new address, with nothing but the thread to tell."""
    office = Office()
    first = office.get(without(team_papers(), SUMMARY), message_id="<thread@x.example>")
    assert first.reply is not None
    answered = first.reply.message_id if whose == "ours" else "<thread@x.example>"
    outcome = office.get(
        {"总结.docx": printed.summary(company="")},
        at(11),
        sender="new@o.example",
        **{header: answered},
    )

    assert decisions(outcome) == {"冲压一班": "accepted"}


def test_a_nameless_document_of_a_stranger_waits_for_a_person() -> None:
    """Nobody is addressed by a mail address."""
    office = Office()
    office.get(without(team_papers(), SUMMARY))
    outcome = office.get({"总结.docx": printed.summary(company="")}, at(11), sender="x@o.example")

    assert outcome.decision == "review"
    assert told(outcome, "unit.unknown") == ["human"]
    assert text_of(outcome).startswith("您好！")
    assert "x@o.example" not in subject_of(outcome) + text_of(outcome)


def test_two_companies_in_one_mail_are_judged_apart() -> None:
    """What one lacks does not hold the other; the subject counts."""
    files = {**team_papers(), "故事.docx": printed.story_form(company="金枫电机制造有限公司")}
    outcome = once(files)

    assert decisions(outcome) == {"冲压一班": "accepted", "一颗螺栓的坚守": "supplement"}
    assert subject_of(outcome).startswith("受理 1 项，补正 1 项")
    assert "湘江重工装备有限公司、金枫电机制造有限公司：您好" in text_of(outcome)


def test_near_names_in_one_mail_are_one_company() -> None:
    """Told as a mismatch with both spellings."""
    files = team_papers() | {STATISTICS: printed.statistics(company="湘江重工装备有限责任公司")}
    outcome = once(files)

    assert len(outcome.dossiers) == 1
    assert told(outcome, "name.mismatch") == ["ask"]
    assert "湘江重工装备有限责任公司" in text_of(outcome)


# ---- items and versions -----------------------------------------------------------


def test_a_renamed_team_is_one_item_with_its_former_name() -> None:
    """In reply to ours, with a new list: the old name is gone, the number stays."""
    office = Office()
    first = office.get(team_papers())
    assert first.reply is not None
    outcome = office.get(
        {
            FORM: printed.team_form(team_name="精密冲压班"),
            ROLLUP: printed.rollup({"group_name": "精密冲压班"}),
        },
        at(11),
        In_Reply_To=first.reply.message_id,
    )

    (verdict,) = outcome.dossiers[0].verdict.items
    assert decisions(outcome) == {"精密冲压班": "accepted"}
    assert verdict.item.former_names == ("冲压一班",)
    assert dict(outcome.dossiers[0].receipts) == {0: "HN2026-0001"}


def test_a_second_team_of_the_same_company_is_no_new_name() -> None:
    """Each in a mail of its own with a list of its own."""
    office = Office()
    office.get(team_papers())
    second = {
        "team_name": "冲压二班",
        "team_leader": "王立冬",
        "member_count": "9",
        "work_completion_rate": "97",
        "team_intro": printed.TEAM["team_intro"].replace("12", "9"),
    }
    files = {
        FORM: printed.team_form(**second),
        ROLLUP: printed.rollup({"group_name": "冲压二班", "member_count": "9"}),
    }
    outcome = office.get(files, at(11))

    assert decisions(outcome) == {"冲压一班": "accepted", "冲压二班": "accepted"}


@pytest.mark.parametrize("answered", [True, False])
def test_a_second_story_of_the_same_company_is_no_new_title(answered: bool) -> None:
    """Same contact, same ticks, another text: the first keeps its number."""
    office = Office()
    first = office.get(story_papers())
    assert first.reply is not None
    second = printed.story_form(
        story_title="匠心守护三十年",
        story_intro="老钳工从学徒做到首席技师，三十年只为一个零件的精度。",
    )
    headers = {"In_Reply_To": first.reply.message_id} if answered else {}
    outcome = office.get({"故事二.docx": second}, at(11), **headers)

    assert decisions(outcome) == {"一颗螺栓的坚守": "accepted", "匠心守护三十年": "accepted"}


def test_a_story_with_a_new_title_and_a_shortened_text_is_the_same_story() -> None:
    """What was asked for is put right, and the title polished besides."""
    office = Office()
    long = printed.STORY["story_intro"] * 9
    office.get(story_papers(story_intro=long))
    shorter = printed.story_form(story_title="螺栓的坚守与匠心", story_intro=long[:190])
    outcome = office.get({"故事.docx": shorter}, at(11))

    assert decisions(outcome) == {"螺栓的坚守与匠心": "accepted"}


def test_a_nameless_team_is_asked_for_its_name_once() -> None:
    """Not also for a row that nobody could name."""
    outcome = once(team_papers(team_name="") | {ROLLUP: printed.rollup()})

    assert "rollup.row_missing" not in {code for code, _ in asked(outcome)}
    assert "“”" not in text_of(outcome)


def test_the_newest_version_is_in_force() -> None:
    """A worse one later takes the acceptance, not the number."""
    office = Office()
    office.get(team_papers())
    outcome = office.get({FORM: printed.team_form(postcode="12")}, at(11))

    assert decisions(outcome) == {"冲压一班": "supplement"}
    again = office.get({"更正.docx": printed.team_form(fax="0731-85550102")}, at(12))
    assert decisions(again) == {"冲压一班": "accepted"}
    assert dict(again.dossiers[0].receipts) == {0: "HN2026-0001"}


def test_two_differing_versions_in_one_mail_are_told() -> None:
    """The last one counts, and the sender hears of it."""
    files = {**team_papers(), "附件二 改.docx": printed.team_form(team_leader="李明")}
    outcome = once(files)

    assert told(outcome, "form.versions")
    assert "附件二 改.docx" in text_of(outcome)


def test_the_same_files_again_are_told_and_change_nothing() -> None:
    """Another mail with the same bytes: information."""
    office = Office()
    papers = team_papers()  # once: the files hold the time at which they were made
    office.get(papers)
    outcome = office.get(papers, at(11))

    assert decisions(outcome) == {"冲压一班": "accepted"}
    assert set(told(outcome, "document.duplicate")) == {"info"}
    assert sorted(outcome.dossiers[0].receipts.values()) == ["HN2026-0001"]


def test_the_same_message_id_with_other_files_is_another_mail() -> None:
    """Some programs number badly; nothing sent is dropped."""
    office = Office()
    office.get(without(team_papers(), STATISTICS), message_id="<same@x.example>")
    outcome = office.get({STATISTICS: printed.statistics()}, at(11), message_id="<same@x.example>")

    assert not outcome.repeated
    assert decisions(outcome) == {"冲压一班": "accepted"}


# ---- files ------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "content"), [("成果表.jpg", SCAN), ("成果表.pdf", PDF)])
def test_a_scan_for_a_form_is_asked_again(name: str, content: bytes) -> None:
    """Clear and editable, says the notice."""
    files = without(team_papers(), FORM) | {f"附件二 {name}": content}
    outcome = once(files)

    assert "document.not_editable" in {code for code, _ in asked(outcome)}
    assert f"附件二 {name}" in text_of(outcome)


@pytest.mark.parametrize("name", ["附件二 盖章扫描件.pdf", "附件二 成果表.pdf", "冲压一班.jpg"])
def test_a_scan_beside_the_editable_file_is_fine(name: str) -> None:
    """Stamped paper for those who like it."""
    content = SCAN if name.endswith("jpg") else PDF
    outcome = once({**team_papers(), name: content})

    assert decisions(outcome) == {"冲压一班": "accepted"}


@pytest.mark.parametrize("name", ["汇款凭证.pdf", "缴费回单.jpg"])
def test_a_payment_slip_is_for_staff(name: str) -> None:
    """A slip need not be editable."""
    outcome = once({**team_papers(), name: PDF if name.endswith("pdf") else SCAN})

    assert decisions(outcome) == {"冲压一班": "accepted"}
    assert told(outcome, "fee.proof") == ["warn"]
    assert "似为缴费凭证" not in text_of(outcome)


def test_a_locked_form_is_asked_for_without_its_password() -> None:
    """And accepted when it comes again."""
    locked = io.BytesIO()
    OOXMLFile(io.BytesIO(printed.team_form())).encrypt("secret", locked)
    office = Office()
    first = office.get({**team_papers(), FORM: locked.getvalue()})
    assert "document.encrypted" in {code for code, _ in asked(first)}
    second = office.get({FORM: printed.team_form()}, at(11))

    assert decisions(second) == {"冲压一班": "accepted"}


def test_a_form_with_macros_is_read_and_noted() -> None:
    """The macros are never run; staff see it."""
    buffer = io.BytesIO(printed.team_form())
    with zipfile.ZipFile(buffer, "a") as package:
        package.writestr("word/vbaProject.bin", b"\xd0\xcf\x11\xe0")
    outcome = once({**team_papers(), FORM: buffer.getvalue()})

    assert decisions(outcome) == {"冲压一班": "accepted"}
    assert told(outcome, "document.macro") == ["warn"]


def test_a_file_that_is_no_document_is_for_staff() -> None:
    """A signature of a mail program stops nobody."""
    outcome = once({**team_papers(), "smime.p7s": b"\x30\x82\x00\x01" * 40})

    assert decisions(outcome) == {"冲压一班": "accepted"}
    assert told(outcome, "document.unknown") == ["warn"]
    assert "请查看" not in text_of(outcome)


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02\x03" * 99], ids=["empty", "garbage"])
def test_a_file_that_should_be_a_form_is_asked_for_again(content: bytes) -> None:
    """Nobody knows what was in it."""
    outcome = once({**team_papers(), "补充.docx": content})

    assert asked(outcome) == [("document.unreadable", "")]
    assert "补充.docx" in text_of(outcome)


class GbkInfo(zipfile.ZipInfo):
    """A name as Windows in China writes it: GBK bytes without the UTF-8 flag."""

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:  # noqa: N802 - overrides the library's
        return self.filename.encode("gbk"), self.flag_bits & ~0x800


@pytest.mark.parametrize("kind", [zipfile.ZipInfo, GbkInfo])
def test_an_archive_is_opened_whatever_its_names_are_written_in(
    kind: type[zipfile.ZipInfo],
) -> None:
    """The names of its files read as the sender saw them."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        for name, content in team_papers(postcode="").items():
            package.writestr(kind(f"申报材料/{name}"), content)
    outcome = once({"申报材料.zip": buffer.getvalue()})

    assert asked(outcome) == [("field.empty", "postcode")]
    assert f"1. 申报材料/{FORM}（" in text_of(outcome)


def test_an_archive_in_an_archive() -> None:
    """Read like any other."""
    inner = archive(team_papers())
    outcome = once({"外.zip": archive({"内.zip": inner})})

    assert decisions(outcome) == {"冲压一班": "accepted"}


def test_a_link_instead_of_an_attachment_is_asked_for() -> None:
    """Name, size and expiry as the provider wrote them."""
    page = (
        '<p>材料见<a href="https://mail.163.com/large-attachment-download/index.html?p=a&amp;file=b">'
        "申报材料.zip</a> (80.96M, 2026年8月17日 0:49 到期)</p>"
    )
    raw = message(lambda mail: mail.set_content(page, subtype="html"))
    outcome = Desk().take(raw, at(10))

    assert outcome.disposition == "submission"
    assert asked(outcome) == [("document.cloud_link", "")]
    for word in ("申报材料.zip", "80.96M", "2026年8月17日 0:49"):
        assert word in text_of(outcome)


def test_a_link_to_what_is_attached_as_well_is_not_asked_for() -> None:
    """Who sends again what was linked to, often leaves the old links below."""
    link = "https://wx.mail.qq.com/ftn/download?func=3&amp;key=a&amp;code=b"
    page = f'<p><a href="{link}">成果表.docx</a> (80.96M, 2026年8月17日 0:49 到期)</p>'

    def written(mail: EmailMessage) -> None:
        mail.set_content(page, subtype="html")
        for name, content in {**team_papers(), "成果表.docx": b"?"}.items():
            mail.add_attachment(content, maintype="application", subtype="zip", filename=name)

    assert "document.cloud_link" not in {
        code for code, _ in asked(Desk().take(message(written), at(10)))
    }


@pytest.mark.parametrize("sender", [SENDER, "he@o.example"])
def test_what_a_link_promised_in_time_is_not_declined(sender: str) -> None:
    """The same files as attachments after the deadline are a late correction."""
    page = (
        '<a href="https://mail.163.com/large-attachment-download/index.html?p=a&amp;file=b">z</a>'
    )
    office = Office()
    raw = message(lambda mail: mail.set_content(page, subtype="html"))
    first = office.desk.take(raw, at(14))
    assert first.reply is not None
    outcome = office.get(team_papers(), at(16), sender=sender, In_Reply_To=first.reply.message_id)

    assert decisions(outcome) == {"冲压一班": "review"}
    assert outcome.dossiers[0].dossier.unit == printed.COMPANY


def test_two_companies_after_a_nameless_document_have_a_dossier_each() -> None:
    """The dossier without name becomes that of one of them only."""
    office = Office()
    office.get({"总结.docx": printed.summary(company="")}, at(9))
    files = {**team_papers(), "故事.docx": printed.story_form(company="金枫电机制造有限公司")}
    outcome = office.get(files)

    first, second = outcome.dossiers
    assert first.known is not None
    assert second.known is None
    assert decisions(outcome) == {"冲压一班": "accepted", "一颗螺栓的坚守": "supplement"}


def test_a_forwarded_application_is_read_out_of_its_mail() -> None:
    """message/rfc822 with the files inside."""

    def build(mail: EmailMessage) -> None:
        mail.set_content("转发，请查收。")
        inner = EmailMessage()
        inner["From"] = "he@o.example"
        inner["Subject"] = "申报"
        inner.set_content("见附件")
        for name, content in team_papers().items():
            inner.add_attachment(
                content, maintype="application", subtype="octet-stream", filename=name
            )
        mail.add_attachment(inner)

    outcome = Desk().take(message(build), at(10))

    assert decisions(outcome) == {"冲压一班": "accepted"}


# ---- which mail it is -------------------------------------------------------------


def test_a_body_in_html_only_is_a_question() -> None:
    """A person wrote; the answer says what to send."""
    raw = message(lambda mail: mail.set_content("<p>请问需要盖章吗？</p>", subtype="html"))
    outcome = Desk().take(raw, at(10))

    assert (outcome.disposition, outcome.decision) == ("inquiry", None)
    assert "7月15日" in text_of(outcome)


@pytest.mark.parametrize("header", ["Cc", "Delivered_To"])
def test_the_mailbox_is_found_in_other_headers(header: str) -> None:
    """To is another's; ours stands elsewhere."""
    raw = {"to": "other@o.example", header: MAILBOX}
    question = once({}, subject="咨询", text="请问何时截止？", **raw)

    assert question.campaign == "hunan-2026"


def test_a_form_sent_to_another_mailbox_is_taken_up_with_a_remark() -> None:
    """R2 is information."""
    outcome = once(team_papers(), to="other@o.example")

    assert decisions(outcome) == {"冲压一班": "accepted"}
    assert told(outcome, "mailbox.wrong") == ["info"]


def test_neither_mailbox_nor_form_is_foreign() -> None:
    """Not answered."""
    outcome = once({}, to="other@o.example", text="你好")

    assert (outcome.disposition, outcome.reply) == ("foreign", None)


@pytest.mark.parametrize(
    "marks",
    [
        {"Auto_Submitted": "auto-generated"},
        {"Precedence": "bulk"},
        {"Precedence": "list"},
        {"List_Id": "<all.o.example>"},
        {"List_Unsubscribe": "<mailto:a@o.example>"},
        {"X_Auto_Response_Suppress": "All"},
        {"sender": MAILBOX},
        {"sender": "MAILER-DAEMON@o.example"},
        {"sender": "noreply@o.example"},
        {"subject": "自动回复：您的来信已收到"},
    ],
)
def test_machines_are_never_answered(marks: dict[str, str]) -> None:
    """Whatever they attach."""
    outcome = once(team_papers(), **marks)

    assert outcome.disposition in ("automatic", "bounce")
    assert (outcome.reply, outcome.decision, outcome.dossiers) == (None, None, ())


def test_a_delivery_report_is_a_bounce() -> None:
    """RFC 3464."""
    raw = (
        b"Return-Path: <>\r\nFrom: MAILER-DAEMON@mx.example\r\nTo: " + MAILBOX.encode() + b"\r\n"
        b"Subject: Undelivered\r\nContent-Type: multipart/report; report-type=delivery-status;"
        b' boundary="b"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nfailed\r\n--b\r\n'
        b"Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n--b--\r\n"
    )
    outcome = Desk().take(raw, at(10))

    assert (outcome.disposition, outcome.reply) == ("bounce", None)


# ---- the rules of the notice, both sides ------------------------------------------


@pytest.mark.parametrize(
    ("changes", "asks"),
    [
        ({"work_completion_rate": "0"}, []),
        ({"work_completion_rate": "100"}, []),
        ({"work_completion_rate": "100.1"}, [("field.invalid", "work_completion_rate")]),
        ({"work_completion_rate": "-1"}, [("field.invalid", "work_completion_rate")]),
        ({"member_count": "1"}, []),
        ({"member_count": "0"}, [("field.invalid", "member_count")]),
        ({"complaints_per_year": "0"}, []),
        ({"complaints_per_year": "-1"}, [("field.invalid", "complaints_per_year")]),
        ({"postcode": "41020"}, [("field.invalid", "postcode")]),
        ({"mobile": "139000000012"}, [("field.invalid", "mobile")]),
        ({"mobile": "139 0000 0001"}, []),
        ({"email": "zhou#xiangjiang.example"}, [("field.invalid", "email")]),
        ({"fax": ""}, []),
        ({"team_type": ""}, []),
        ({"phone": ""}, []),
        ({"team_leader": ""}, [("field.empty", "team_leader")]),
        ({"accidents_per_year": "2"}, []),
    ],
)
def test_r11_the_fields_of_a_team(changes: dict[str, str], asks: list[tuple[str, str]]) -> None:
    """Present, of their type, in their range; a mobile makes up for a landline."""
    assert asked(once(team_papers(**changes))) == asks


def test_r10_the_key_columns_of_the_roll_up() -> None:
    """Each empty one with its row and column."""
    files = team_papers() | {ROLLUP: printed.rollup({"contact": "", "phone": ""})}
    outcome = once(files)

    assert asked(outcome) == [("field.empty", "contact"), ("field.empty", "phone")]
    assert "表1 第2行第8列" in text_of(outcome)


@pytest.mark.parametrize(("length", "long"), [(200, False), (201, True)])
def test_r12_two_hundred_characters(length: int, long: bool) -> None:
    """以内 includes the number."""
    outcome = once(story_papers(story_intro="事" * length))

    assert (("text.too_long", "story_intro") in asked(outcome)) is long


@pytest.mark.parametrize(
    ("changes", "asks", "notes"),
    [
        ({"brand_type": "产品"}, [], 0),
        ({"brand_type": "产品、个人"}, [], 1),
        ({"content_category": "品牌战略、品牌体系"}, [], 0),
        ({"content_category": ""}, [("field.choice", "content_category")], 0),
    ],
)
def test_r13_ticks(changes: dict[str, str], asks: list[tuple[str, str]], notes: int) -> None:
    """One at least; several types of brand are noted for staff."""
    outcome = once(story_papers(**changes))

    assert asked(outcome) == asks
    assert told(outcome, "field.choice").count("warn") == notes


@pytest.mark.parametrize(
    ("speaker", "notes"),
    [
        ({}, False),
        ({"speaker": "陈晓"}, True),
        (
            {
                "speaker": "陈晓",
                "speaker_gender": "女",
                "speaker_dept_post": "工艺部 技师",
                "speaker_mobile": "13900000005",
                "speaker_email": "chen@xiangjiang.example",
                "speaker_wechat": "chenxiao",
            },
            False,
        ),
    ],
)
def test_r14_the_speaker_all_or_nothing(speaker: dict[str, str], notes: bool) -> None:
    """A note for staff, never in the reply."""
    outcome = once(story_papers(**speaker))
    found = [f.message for f in findings(outcome) if f.rule == "R14"]

    assert bool(found) is notes
    assert decisions(outcome) == {"一颗螺栓的坚守": "accepted"}
    assert not any(message in text_of(outcome) for message in found)


def test_r15_the_sum_of_the_fees() -> None:
    """500 a team, 500 a story, to the payee as printed."""
    outcome = once({**team_papers(), **story_papers()})

    assert "应缴合计：1,000 元" in text_of(outcome)
    assert "湖南省机械装备工业质量管理协会" in text_of(outcome)
    assert {"info", "warn"} == set(told(outcome, "fee.due"))


@pytest.mark.parametrize(("count", "notes"), [("12", 0), ("11", 1)])
def test_r19_the_number_of_members(count: str, notes: int) -> None:
    """Form and roll-up; for staff."""
    outcome = once(team_papers() | {ROLLUP: printed.rollup({"member_count": count})})

    assert told(outcome, "rollup.mismatch") == ["warn"] * notes
    assert decisions(outcome) == {"冲压一班": "accepted"}


@pytest.mark.parametrize(
    ("changes", "implausible"),
    [
        ({"registered_year_team": "86"}, False),
        ({"registered_year_team": "87"}, True),
        ({"benefit_year": "5280"}, False),
        ({"benefit_year": "5280.5"}, True),
        ({"penetration_rate": "100"}, False),
        ({"penetration_rate": "101"}, True),
    ],
)
def test_r20_statistics_that_cannot_be(changes: dict[str, str], implausible: bool) -> None:
    """At most the total, at most everybody; for staff."""
    outcome = once(team_papers() | {STATISTICS: printed.statistics(**changes)})

    assert bool(told(outcome, "statistics.implausible")) is implausible
    assert decisions(outcome) == {"冲压一班": "accepted"}


def test_r22_and_r23_outlines_are_for_staff() -> None:
    """A summary without its third part, a text without its honours."""
    intro = "\n".join(printed.TEAM["team_intro"].splitlines()[:6])
    files = team_papers(team_intro=intro) | {SUMMARY: printed.summary(sections=2)}
    outcome = once(files)

    assert set(told(outcome, "text.outline")) == {"warn"}
    assert {f.kind for f in findings(outcome) if f.code == "text.outline"} >= {"summary_both"}


def test_r25_and_r26_what_only_a_person_can_see() -> None:
    """A tick list for staff, never in the reply."""
    outcome = once({**team_papers(), **story_papers()})
    seen = [f for f in findings(outcome) if f.code.startswith("human.")]

    assert {f.code for f in seen} == {"human.stamp", "human.signature", "human.authenticity"}
    assert {f.severity.value for f in seen} == {"warn"}
    assert not any(f.message in text_of(outcome) for f in seen)


# ---- replies ----------------------------------------------------------------------

FAULTS = ("postcode", "mobile", "email", "team_leader", "member_count", "address", "dept")


@settings(max_examples=15, deadline=None)
@given(
    faults=st.sets(st.sampled_from(FAULTS)),
    missing=st.sets(st.sampled_from((FORM, ROLLUP, SUMMARY, STATISTICS, STORY))),
    day=st.sampled_from((10, 15, 16)),
)
def test_any_part_of_the_papers_is_answered_once_and_fully(
    faults: set[str], missing: set[str], day: int
) -> None:
    """Every demand stands in the reply, nothing meant for staff does, and nothing breaks."""
    papers = {**team_papers(**dict.fromkeys(faults, "")), STORY: printed.story_form()}
    outcome = once(without(papers, *missing), at(day))
    text = text_of(outcome)
    lost = {v.item.ordinal for d in outcome.dossiers for v in d.verdict.items
            if v.decision == "declined"}  # fmt: skip

    for finding in findings(outcome):
        if finding.severity.value in ("warn", "human"):
            assert finding.message not in text
        elif finding.severity.value == "ask" and day < 16:
            assert finding.message in text
    assert bool(lost) is (day == 16 and not {FORM, STORY} <= missing)


@settings(max_examples=8, deadline=None)
@given(st.permutations(range(4)))
def test_the_order_of_independent_companies_is_of_no_account(order: list[int]) -> None:
    """Each gets the same decision; only the numbers follow the order."""
    mails = [
        ("甲字机床有限公司", {"postcode": ""}),
        ("乙木铸造有限公司", {}),
        ("丙火锻压有限公司", {"company": "丙火锻压有限公司"}),
        ("丁山轴承有限公司", {"email": "无"}),
    ]
    wanted = ["supplement", "accepted", "accepted", "supplement"]
    office = Office()
    receipts = []
    for index in order:
        company, changes = mails[index]
        files = {
            FORM: printed.team_form(**{**changes, "company": company}),
            ROLLUP: printed.rollup({"company": company}),
            SUMMARY: printed.summary(company=company),
            STATISTICS: printed.statistics(company=company),
        }
        outcome = office.get(files, sender=f"m{index}@o.example")
        assert list(decisions(outcome).values()) == [wanted[index]]
        receipts += outcome.dossiers[0].receipts.values()

    assert receipts == ["HN2026-0001", "HN2026-0002"]
