"""Mails on printed forms, from raw bytes to verdict and reply; the Hunan notice as the yardstick."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import printed
import pytest
from desk import Desk, asked, decisions, findings
from letters import letter, story_papers, team_papers

BEIJING = ZoneInfo("Asia/Shanghai")
DAY = datetime(2026, 7, 10, 9, tzinfo=BEIJING)


def at(day: int, hour: int = 9, minute: int = 0, second: int = 0) -> datetime:
    return datetime(2026, 7, day, hour, minute, second, tzinfo=BEIJING)


def test_a_complete_team_is_accepted_with_a_number() -> None:
    """Form, roll-up, summary and statistics; the seven points stand in the form's own cell."""
    outcome = Desk().take(letter(team_papers(), arrived=DAY), DAY)
    assert decisions(outcome) == {"冲压一班": "accepted"}
    assert dict(outcome.dossiers[0].receipts) == {0: "HN2026-0001"}
    assert asked(outcome) == []
    assert outcome.reply is not None
    assert "HN2026-0001" in outcome.reply.subject
    assert "1901004009014457262" in outcome.reply.text


def test_a_complete_story_needs_no_roll_up() -> None:
    """The roll-up is for groups and teams."""
    outcome = Desk().take(letter(story_papers(), arrived=DAY), DAY)
    assert decisions(outcome) == {"一颗螺栓的坚守": "accepted"}
    assert asked(outcome) == []


@pytest.mark.parametrize(
    ("missing", "kind"),
    [
        ("附件三 汇总表.docx", "rollup"),
        ("附件五 工作总结.docx", "summary_both"),
        ("附件六 统计表.docx", "stats_both"),
    ],
)
def test_each_missing_document_is_asked_for(missing: str, kind: str) -> None:
    """Nothing of the company is accepted while a document of the whole company is missing."""
    files = team_papers()
    del files[missing]
    outcome = Desk().take(letter(files, arrived=DAY), DAY)
    assert decisions(outcome) == {"冲压一班": "supplement"}
    assert asked(outcome) == [("document.missing", kind)]


def test_the_separate_text_is_demanded_where_the_cell_holds_only_the_prompts() -> None:
    """The printed guidance alone is no text of the applicant."""
    outcome = Desk().take(letter(team_papers(team_intro=""), arrived=DAY), DAY)
    assert asked(outcome) == [("document.missing", "team_text")]


def test_all_faults_are_told_at_once() -> None:
    """Empty, too short, out of range, missing: one reply names them all, each with its place."""
    files = team_papers(postcode="", mobile="1390000000", work_completion_rate="120", email="无")
    del files["附件六 统计表.docx"]
    outcome = Desk().take(letter(files, arrived=DAY), DAY)
    assert asked(outcome) == [
        ("document.missing", "stats_both"),
        ("field.empty", "postcode"),
        ("field.invalid", "email"),
        ("field.invalid", "mobile"),
        ("field.invalid", "work_completion_rate"),
    ]
    assert outcome.reply is not None
    for word in ("表1 第3行第4列", "邮编", "1390000000", "120", "附件六", "7月15日"):
        assert word in outcome.reply.text


def test_a_story_over_the_limit_without_ticks() -> None:
    """200 字 is the limit; one tick at least in each group."""
    files = story_papers(story_intro="好" * 201, content_category="", brand_type="")
    outcome = Desk().take(letter(files, arrived=DAY), DAY)
    assert asked(outcome) == [
        ("field.choice", "brand_type"),
        ("field.choice", "content_category"),
        ("text.too_long", "story_intro"),
    ]
    fits = Desk().take(letter(story_papers(story_intro="好" * 200), arrived=DAY), DAY)
    assert asked(fits) == []


@pytest.mark.parametrize(
    ("arrived", "decision", "code"),
    [
        (at(14, 23, 59, 59), "accepted", None),
        (at(15), "accepted", "deadline.last_day"),
        (at(15, 23, 59, 59), "accepted", "deadline.last_day"),
        (at(16, 0), "declined", "deadline.passed"),
    ],
)
def test_the_deadline_to_the_second(arrived: datetime, decision: str, code: str | None) -> None:
    """The last day counts until 24:00 in Beijing; from then on 不予受理."""
    outcome = Desk().take(letter(team_papers(), arrived=arrived), arrived)
    assert decisions(outcome) == {"冲压一班": decision}
    told = {f.code for f in findings(outcome) if f.code.startswith("deadline")}
    assert told == ({code} if code else set())


def test_a_correction_completes_the_dossier() -> None:
    """The second mail brings only what was wrong; the reply says what has been put right."""
    desk = Desk()
    files = team_papers(postcode="")
    del files["附件六 统计表.docx"]
    first = desk.take(letter(files, arrived=DAY), DAY)
    assert first.reply is not None
    right = {
        "成果表.docx": printed.team_form(),
        "统计表.docx": printed.statistics(),
    }
    second = desk.take(
        letter(
            right,
            arrived=at(11),
            message_id="<2@xiangjiang.example>",
            In_Reply_To=first.reply.message_id,
        ),
        at(11),
    )
    assert decisions(second) == {"冲压一班": "accepted"}
    assert second.reply is not None
    assert "已补正" in second.reply.text
    assert second.reply.message_id != first.reply.message_id


def test_what_remains_is_told_after_half_a_correction() -> None:
    """Put right: the postcode. Still missing: the statistics."""
    desk = Desk()
    files = team_papers(postcode="")
    del files["附件六 统计表.docx"]
    desk.take(letter(files, arrived=DAY), DAY)
    second = desk.take(
        letter({"表.docx": printed.team_form()}, arrived=at(11), message_id="<2@x.example>"), at(11)
    )
    assert asked(second) == [("document.missing", "stats_both")]
    assert second.reply is not None
    assert "邮编" in second.reply.text


def test_a_correction_after_the_deadline_is_for_a_person() -> None:
    """Begun in time, put right late: never declined by the machine."""
    desk = Desk()
    desk.take(letter(team_papers(postcode=""), arrived=DAY), DAY)
    late = desk.take(
        letter({"表.docx": printed.team_form()}, arrived=at(16), message_id="<2@x.example>"), at(16)
    )
    assert decisions(late) == {"冲压一班": "review"}


def test_the_same_mail_again_is_not_answered_twice() -> None:
    """Same Message-ID, sender and attachments."""
    desk = Desk()
    raw = letter(team_papers(), arrived=DAY)
    desk.take(raw, DAY)
    again = desk.take(b"X-Relay: 2\r\n" + raw, at(11))
    assert again.repeated
    assert again.reply is None


def test_an_accepted_item_keeps_its_number() -> None:
    """A story sent later gets the next number and does not disturb the team."""
    desk = Desk()
    desk.take(letter(team_papers(), arrived=DAY), DAY)
    story = desk.take(
        letter(
            {"故事.docx": printed.story_form()}, arrived=at(11), message_id="<2@xiangjiang.example>"
        ),
        at(11),
    )
    assert decisions(story) == {"冲压一班": "accepted", "一颗螺栓的坚守": "accepted"}
    assert sorted(story.dossiers[0].receipts.values()) == ["HN2026-0001", "HN2026-0002"]
    assert story.dossiers[0].touched == {1}


def test_another_years_summary_is_asked_for_again() -> None:
    """And is not complained of as missing besides."""
    files = team_papers()
    files["附件五 工作总结.docx"] = printed.summary(years="2024-2025")
    outcome = Desk().take(letter(files, arrived=DAY), DAY)
    assert asked(outcome) == [("form.wrong_campaign", "summary_both")]


def test_another_associations_form_is_asked_for_again() -> None:
    """A known mailbox with a foreign form is a submission."""
    files = story_papers()
    files["附件四 推荐表.docx"] = printed.story_form(title="浙江省机械工业质量文化品牌故事推荐表")
    outcome = Desk().take(letter(files, arrived=DAY), DAY)
    assert outcome.disposition == "submission"
    assert asked(outcome) == [("form.wrong_campaign", "story_form")]


def test_a_name_that_differs_in_the_roll_up_is_asked_for() -> None:
    """The names are the basis of the certificates."""
    files = team_papers()
    files["附件三 汇总表.docx"] = printed.rollup({"group_name": "冲压1班"})
    outcome = Desk().take(letter(files, arrived=DAY), DAY)
    assert {code for code, _ in asked(outcome)} == {"name.mismatch"}


def test_a_row_without_form_and_a_form_without_row() -> None:
    """Each form has its row, each row its form."""
    files = team_papers()
    files["附件三 汇总表.docx"] = printed.rollup({"group_name": "总装车间磨削精英班组"})
    outcome = Desk().take(letter(files, arrived=DAY), DAY)
    assert {code for code, _ in asked(outcome)} == {"rollup.row_missing", "rollup.form_missing"}


def test_a_company_name_that_differs_is_asked_for() -> None:
    """Side by side, with both places."""
    files = team_papers()
    files["附件六 统计表.docx"] = printed.statistics(company="湘江重工装备集团有限公司")
    outcome = Desk().take(letter(files, arrived=DAY), DAY)
    assert {code for code, _ in asked(outcome)} == {"name.mismatch"}
    assert outcome.reply is not None
    assert "湘江重工装备集团有限公司" in outcome.reply.text


def test_statistics_that_cannot_be_are_for_staff() -> None:
    """More registered this year than ever, a rate of 120: a note to staff, the item is accepted."""
    files = team_papers()
    files["附件六 统计表.docx"] = printed.statistics(
        registered_year_qc="400", success_rate_qc="120", period="2024年7月~2025年7月"
    )
    outcome = Desk().take(letter(files, arrived=DAY), DAY)
    assert decisions(outcome) == {"冲压一班": "accepted"}
    told = {f.code: f.message for f in findings(outcome) if f.severity.value == "warn"}
    assert {"statistics.implausible", "statistics.period"} <= told.keys()
    assert outcome.reply is not None
    assert told["statistics.implausible"] not in outcome.reply.text
    assert told["statistics.period"] not in outcome.reply.text


def test_an_automatic_reply_gets_no_answer() -> None:
    """RFC 3834."""
    raw = letter({}, arrived=DAY, Auto_Submitted="auto-replied")
    outcome = Desk().take(raw, DAY)
    assert (outcome.disposition, outcome.reply) == ("automatic", None)
    assert outcome.silence


def test_an_inquiry_is_acknowledged() -> None:
    """A person wrote; there is nothing to file."""
    outcome = Desk().take(letter({}, arrived=DAY, subject="咨询", text="请问是否需要盖章？"), DAY)
    assert outcome.disposition == "inquiry"
    assert outcome.decision is None
    assert outcome.reply is not None


def test_a_promised_attachment_that_is_not_there() -> None:
    """The sender is told at once."""
    outcome = Desk().take(letter({}, arrived=DAY, text="申报材料见附件，请查收。"), DAY)
    assert asked(outcome) == [("mail.no_attachment", "")]


def test_a_damaged_file_is_named() -> None:
    """The rest of the mail is handled."""
    files = team_papers()
    whole = files["附件六 统计表.docx"]
    files["附件六 统计表.docx"] = whole[: len(whole) // 2]
    outcome = Desk().take(letter(files, arrived=DAY), DAY)
    assert asked(outcome) == [("document.unreadable", "stats_both")]
    assert outcome.reply is not None
    assert "附件六 统计表.docx" in outcome.reply.text


def test_two_companies_in_one_mail_have_a_dossier_each() -> None:
    """Each form with its own company."""
    files = team_papers()
    files["故事.docx"] = printed.story_form(company="金枫电机制造有限公司")
    outcome = Desk().take(letter(files, arrived=DAY), DAY)
    assert {entry.dossier.unit for entry in outcome.dossiers} == {
        "湘江重工装备有限公司",
        "金枫电机制造有限公司",
    }


def test_another_company_with_a_near_name_stays_another_company() -> None:
    """Two brands of two characters differ by no more than two misspellings do."""
    desk = Desk()
    desk.take(letter(team_papers(), arrived=DAY), DAY)
    other = letter(
        {"故事.docx": printed.story_form(company="金枫重工装备有限公司")},
        arrived=at(11),
        sender="li@jinfeng.example",
        message_id="<9@jinfeng.example>",
    )
    outcome = desk.take(other, at(11))
    assert decisions(outcome) == {"一颗螺栓的坚守": "supplement"}
    assert outcome.dossiers[0].known is None


def test_the_same_sender_who_misspells_the_company_keeps_one_dossier() -> None:
    """Near names of one sender are one unit, with the mismatch told."""
    desk = Desk()
    desk.take(letter(team_papers(), arrived=DAY), DAY)
    story = letter(
        {"故事.docx": printed.story_form(company="湘江重工装配有限公司")},
        arrived=at(11),
        message_id="<2@xiangjiang.example>",
    )
    outcome = desk.take(story, at(11))
    assert len(decisions(outcome)) == 2
    assert "name.mismatch" in {code for code, _ in asked(outcome)}


def test_documents_of_nobody_known_wait_for_a_person_and_join_later() -> None:
    """A summary without a company name joins the dossier of its sender once that has a name."""
    desk = Desk()
    alone = desk.take(letter({"总结.docx": printed.summary(company="")}, arrived=DAY), DAY)
    assert alone.decision is not None
    assert alone.decision.value == "review"
    files = team_papers()
    del files["附件五 工作总结.docx"]
    joined = desk.take(letter(files, arrived=at(11), message_id="<2@xiangjiang.example>"), at(11))
    assert decisions(joined) == {"冲压一班": "accepted"}
    assert joined.dossiers[0].dossier.unit == printed.COMPANY


def test_the_cap_on_replies_to_one_address() -> None:
    """The twenty-first mail of a day is recorded and not answered."""
    desk = Desk()
    for number in range(21):
        raw = letter({}, arrived=DAY, text=f"第{number}问", message_id=f"<{number}@x.example>")
        outcome = desk.take(raw, DAY)
    assert outcome.reply is None
    assert "上限" in outcome.silence


def anonymous(raw: bytes) -> bytes:
    """The letter without any address of its sender."""
    lines = raw.split(b"\r\n")
    return b"\r\n".join(
        line for line in lines if not line.startswith((b"From:", b"Return-Path:", b"Message-ID:"))
    )


def test_papers_from_nobody_wait_for_a_person() -> None:
    """Nobody can be answered: what is asked for is told to staff."""
    files = team_papers(postcode="")
    outcome = Desk().take(anonymous(letter(files, arrived=DAY)), DAY)
    assert outcome.reply is None
    assert [(f.code, f.severity.value) for f in outcome.findings] == [("mail.unanswered", "human")]


def test_unknown_papers_from_nobody_are_nobodys() -> None:
    """A person says whose they are; two such mails are not taken for one sender's."""
    desk = Desk()
    for said in (b"\xb2\xbb one", b"\xb2\xbb two"):
        raw = anonymous(letter({"说明.docx": said}, arrived=DAY))
        outcome = desk.take(raw, DAY)
        assert outcome.dossiers[0].known is None
        assert "unit.unknown" in {f.code for f in findings(outcome)}
        assert outcome.decision is not None
