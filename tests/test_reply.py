"""Replies: golden texts, and what must hold for each of them."""

from __future__ import annotations

import email
import re
from dataclasses import replace
from datetime import datetime, timedelta
from email import policy
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st
from outcomes import (
    ALL_PAPERS,
    CASES,
    GOLDEN,
    HUNAN,
    NOW,
    STATS_MISSING,
    TEAM,
    TEAM_ASKS,
    TEAM_FILE,
    UNIT,
    ZONE,
    correction,
    document,
    envelope,
    finding,
    form,
    inquiry,
    item,
    outcome,
    receipt,
    request,
    review,
    second_mail,
)

from mailbot.letters.reply import ReplyRequest, compose_reply, recipient_of
from mailbot.outcome import Reply


def parsed(reply: Reply) -> EmailMessage:
    """The reply as a mail program reads it."""
    message = email.message_from_bytes(reply.message, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


@pytest.mark.parametrize("name", CASES)
def test_each_kind_reads_as_the_golden_text(name: str) -> None:
    """A person has read these texts."""
    reply = compose_reply(CASES[name]())
    expected = (GOLDEN / "replies" / f"{name}.txt").read_text(encoding="utf-8")
    assert f"主题：{reply.subject}\n\n{reply.text}" == expected


@pytest.mark.parametrize("name", CASES)
def test_html_says_what_the_text_says(name: str) -> None:
    """Every word of the text stands in the HTML part too."""
    reply = compose_reply(CASES[name]())
    marks = r"<[^>]+>|&nbsp;|[\s◆【】（）：，]"
    page = re.sub(marks, "", reply.html)
    for line in reply.text.splitlines():
        assert re.sub(marks, "", line) in page


@pytest.mark.parametrize("name", CASES)
def test_what_is_meant_for_staff_never_leaks(name: str) -> None:
    """Findings of severity warn and human are not shown to applicants."""
    reply = compose_reply(CASES[name]())
    assert "只供工作人员" not in reply.text + reply.html
    assert "内部核对" not in reply.text + reply.html
    assert HUNAN.fees.payee.for_staff not in reply.text


@pytest.mark.parametrize("name", CASES)
def test_composing_twice_gives_the_same_bytes(name: str) -> None:
    """No clock, no random number, no boundary by chance."""
    assert compose_reply(CASES[name]()) == compose_reply(CASES[name]())


def test_headers_tell_machines_not_to_answer() -> None:
    """RFC 3834 and its kin."""
    message = parsed(compose_reply(receipt()))
    assert message["Auto-Submitted"] == "auto-replied"
    assert message["X-Auto-Response-Suppress"] == "All"
    assert message["X-Loop"] == "hnjxzlgl@163.com"
    assert message["Reply-To"] is None
    assert message["Content-Language"] == "zh-CN"
    assert message["From"] == "湖南省机械工业质量管理协会 <hnjxzlgl@163.com>"
    assert message["To"] == "zhiliang@xiangjiang.example"
    assert message["Date"].datetime == NOW
    assert message["Message-ID"].endswith("@163.com>")


def test_bytes_are_crlf_and_seven_bit() -> None:
    """Any SMTP server takes them as they are."""
    raw = compose_reply(correction()).message
    assert raw.isascii()
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert max(map(len, raw.split(b"\r\n"))) <= 78


def test_message_carries_text_and_html() -> None:
    """multipart/alternative, UTF-8, the text first."""
    reply = compose_reply(correction())
    parts = list(parsed(reply).iter_parts())
    assert [part.get_content_type() for part in parts] == ["text/plain", "text/html"]
    assert parts[0].get_content().replace("\r\n", "\n") == reply.text
    assert parts[1].get_content().replace("\r\n", "\n").strip() == reply.html.strip()


def test_references_are_the_old_ones_and_the_mail_itself() -> None:
    """The reply joins the sender's thread."""
    mail = envelope(references=("<a@x.cn>", "<b@x.cn>"), in_reply_to=("<b@x.cn>",))
    message = parsed(compose_reply(correction(envelope=mail)))
    assert message["In-Reply-To"] == "<tencent_0A1B2C@qq.com>"
    assert message["References"].split() == ["<a@x.cn>", "<b@x.cn>", "<tencent_0A1B2C@qq.com>"]


def test_long_thread_is_capped_and_long_ids_stay_whole() -> None:
    """Only ids that can be ids are kept; none becomes an encoded word."""
    ids = (*(f"<{n}-{'x' * 90}@prod.example>" for n in range(50)), "no id", "<a b@c>", "<é@c>")
    raw = compose_reply(correction(envelope=envelope(references=ids))).message
    found = email.message_from_bytes(raw, policy=policy.default)["References"].split()
    assert found == [ids[0], *ids[40:50], "<tencent_0A1B2C@qq.com>"]
    assert b"<49-" + b"x" * 90 in raw


def test_mail_without_message_id_is_answered_without_thread() -> None:
    """Message-ID may be missing or damaged."""
    for damaged in ("", "<\r\nBcc: all@x.cn>", "x"):
        message = parsed(compose_reply(correction(envelope=envelope(message_id=damaged))))
        assert message["In-Reply-To"] is None
        assert message["References"] is None


def test_answer_goes_to_the_envelope_sender() -> None:
    """Else to From; an address that cannot be one is none."""
    assert recipient_of(envelope(return_path="r@x.cn")) == "r@x.cn"
    assert recipient_of(envelope(return_path=None, sender="s@x.cn")) == "s@x.cn"
    assert recipient_of(envelope(return_path="", sender="s@x.cn")) == "s@x.cn"
    assert recipient_of(envelope(return_path=None, sender="a@x.cn\r\nBcc: b@x.cn")) == ""
    assert recipient_of(envelope(return_path=None, sender="张三@x.cn")) == ""


def test_reply_without_address_is_refused() -> None:
    """The caller asks recipient_of first."""
    with pytest.raises(ValueError, match="address"):
        compose_reply(inquiry_from(""))


def inquiry_from(sender: str) -> ReplyRequest:
    """An inquiry whose sender is this."""
    return request(disposition="inquiry", envelope=envelope(sender=sender, return_path=None))


@given(st.text(st.characters(), max_size=60), st.text(max_size=300))
def test_names_and_subjects_from_outside_never_break_a_header(unit: str, subject: str) -> None:
    """Invariant: what is written to a header has no line break."""
    made = outcome([(item(0, "team", unit), "accepted", [])], unit=unit, receipts={0: "HN-1"})
    for asked in (
        request(made),
        request(disposition="inquiry", envelope=envelope(subject=subject)),
    ):
        reply = compose_reply(asked)
        message = parsed(reply)
        assert not re.search(r"[\x00-\x1f\x7f]", reply.subject)
        assert len(reply.subject) <= 120
        assert message["Bcc"] is None
        assert len(message.get_all("Subject")) == 1
        assert len(list(message.iter_parts())) == 2


def test_values_are_escaped_in_html() -> None:
    """A form full of markup is shown, not obeyed."""
    evil = '<script>alert("1")</script><img src=x onerror=y>'
    read = form("team_form", [("team_name", evil), ("company", evil)])
    made = outcome(
        [
            (
                item(0, "team", evil),
                "supplement",
                [finding("field.empty", "ask", evil, document=evil)],
            )
        ],
        papers=[(document(f"{evil}.docx", read), "team_form", 0)],
        unit=evil,
    )
    page = compose_reply(request(made, findings=[finding("x.y", "ask", evil)])).html
    assert "<script" not in page
    assert "<img" not in page
    assert "&lt;script&gt;" in page


def test_subject_names_number_and_unit() -> None:
    """Subjects vary, or providers hold them back."""
    assert compose_reply(receipt()).subject == f"受理通知：HN2026-0001 {UNIT}"


@pytest.mark.parametrize(
    ("subject", "repeated"),
    [
        ("请问截止时间", True),
        ("QC小组的问题", True),
        ("Fwd: 湖南机械工业协会", True),
        ("代开各地增值税发票", False),
        ("Have you ever wanted to land on an Aircraft Carrier", False),
        ("", False),
    ],
)
def test_advertising_is_not_repeated(subject: str, repeated: bool) -> None:
    """Not in a subject of ours, which a provider would take for our own."""
    asked = request(disposition="inquiry", envelope=envelope(subject=subject))
    told = compose_reply(asked).subject.removeprefix("来信已收到：")

    assert (told == subject.removeprefix("Fwd: ")) is repeated
    assert bool(re.fullmatch(r"2026年7月\d+日 \d\d:\d\d 来信 [A-Z]{6}", told)) is not repeated


def test_a_letter_about_ours_keeps_its_mark() -> None:
    """However often it goes to and fro, it is one thread."""
    ours = compose_reply(request(disposition="inquiry", envelope=envelope(subject="工单"))).subject
    again = request(disposition="inquiry", envelope=envelope(subject=f"[#7] Re: {ours}"))

    assert compose_reply(again).subject == ours


@pytest.mark.parametrize("behind", ["（共 3 处需补正）", "(另有 1 项待补正)"])
def test_what_was_open_then_is_not_repeated_in_a_subject(behind: str) -> None:
    """An answer to our letter is thanked under the unit's name alone."""
    answered = envelope(subject=f"回复：补正通知：{UNIT}{behind}")
    told = compose_reply(request(disposition="inquiry", envelope=answered)).subject
    assert told == f"来信已收到：{UNIT}"


def test_items_that_differ_are_counted_in_the_subject() -> None:
    """Not the gravest word."""
    assert compose_reply(CASES["mixed"]()).subject == f"受理 29 项，不予受理 1 项：{UNIT}"


def test_untouched_item_that_waits_is_remembered_in_the_subject() -> None:
    """The mail's own item decides the kind."""
    made = outcome(
        [
            (item(0, "team", "冲压一班"), "accepted", []),
            (item(1, "team", "焊接二班"), "supplement", TEAM_ASKS),
        ],
        papers=[(TEAM_FILE, "team_form", 0)],
        receipts={0: "HN2026-0001"},
        touched={0},
    )
    reply = compose_reply(request(made))
    assert reply.kind == "receipt"
    assert reply.subject.endswith("（另有 1 项待补正）")


def test_date_is_named_while_it_lies_ahead_and_staff_afterwards() -> None:
    """Contract: last instant; both sides of midnight."""
    end = datetime(2026, 7, 16, tzinfo=ZONE)
    before = compose_reply(correction(now=end - timedelta(seconds=1))).text
    after = compose_reply(correction(now=end)).text
    assert "补正期限：请于 2026年7月15日24:00 前送达" in before
    assert "研究决定" not in before
    assert "报送截止时间（2026年7月15日24:00）已过" in after
    assert "研究决定" in after


def test_every_request_has_a_number_in_one_sequence() -> None:
    """一次性告知: complete and numbered through."""
    text = compose_reply(correction()).text
    listed = text.split("需要补正的内容")[1].split("补正方式")[0]
    assert re.findall(r"^(\d+)\. ", listed, re.MULTILINE) == ["1", "2", "3"]


def test_second_mail_says_what_was_put_right_and_what_remains() -> None:
    """Compared by code, kind, field and item."""
    text = compose_reply(second_mail()).text
    cured = text.split("已补正的内容")[1].split("评审、注册")[0]
    assert "年顾客投诉数" in cured
    assert "附件三" in cured
    assert "附件六" not in cured
    assert "真实性" not in cured


def test_two_equal_complaints_of_which_one_is_cured() -> None:
    """Equal keys are counted, not merged."""
    row = finding("field.empty", "ask", "请补填邮编。", kind="rollup", field="postcode", item=0)
    before = outcome([(item(0, "team", "一班"), "supplement", [row, row])]).verdict
    made = outcome([(item(0, "team", "一班"), "supplement", [row])], previous=before)
    text = compose_reply(request(made)).text
    assert text.count("已补正。") == 1
    assert "共 1 处，一次性告知" in text


def test_nothing_of_a_withdrawn_item_was_put_right() -> None:
    """It is gone with what stood against it."""
    row = finding("field.empty", "ask", "请补填邮编。", kind="team_form", field="postcode", item=0)
    gone = item(0, "team", "一班")
    before = outcome([(gone, "supplement", [row]), (item(1, "team", "二班"), "accepted", [])])
    after = outcome([(item(1, "team", "二班"), "accepted", [])], previous=before.verdict)
    after = replace(after, verdict=replace(after.verdict, withdrawn=(gone,)))
    assert "已补正" not in compose_reply(request(after)).text


def test_a_remark_about_categories_that_are_not_applied_for_names_them() -> None:
    """Never an empty bracket."""
    hint = finding("document.note", "info", "推荐上会发表的，须另交发表材料。")
    hint = replace(hint, categories=("story",))
    made = outcome([(item(0, "team", "一班"), "accepted", [])])
    made = replace(made, verdict=replace(made.verdict, findings=(hint,)))
    text = compose_reply(request(made)).text
    assert "（涉及）" not in text
    assert "（涉及" in text


def test_declined_item_is_not_asked_to_correct_anything() -> None:
    """Nothing of it can be put right any more."""
    text = compose_reply(CASES["refusal"]()).text
    assert "补填手机" not in text
    assert "附件六" not in text
    assert "请务必于 7 月 15 日前发送至指定邮箱”，“逾期将不予受理" in text


def test_fee_disappears_once_the_rule_no_longer_asks_for_it() -> None:
    """Staff matched the payment."""
    paid = outcome([(item(0, "team", "一班"), "accepted", [])], receipts={0: "HN2026-0001"})
    assert "1901004009014457262" not in compose_reply(request(paid)).text
    assert "1901004009014457262" in compose_reply(receipt()).text


def test_unknown_fee_is_named_and_never_computed() -> None:
    """The QC fee is not printed in the notice."""
    made = outcome(
        [(item(0, "qc", "曙光QC小组"), "accepted", [])],
        dossier_findings=[finding("fee.due", "info", "x")],
        receipts={0: "HN2026-0001"},
    )
    text = compose_reply(request(made)).text
    assert "质量管理小组：通知印发的文本中没有质量管理小组的收费标准" in text
    assert "应缴合计" not in text


def test_campaign_without_fees_says_nothing_of_money() -> None:
    """Policy none, forbidden, unstated."""
    asked = receipt()
    fees = asked.campaign.fees.model_copy(update={"policy": "none"})
    free = asked.campaign.model_copy(update={"fees": fees})
    assert "银行账号" not in compose_reply(replace(asked, campaign=free)).text


def test_every_file_is_listed_with_what_it_was_taken_for() -> None:
    """Unknown and unreadable ones, too."""
    locked = document("资料.zip/锁.docx", problems=[])
    made = outcome(
        [(item(0, "team", "一班"), "supplement", TEAM_ASKS)],
        papers=[*ALL_PAPERS, (locked, "", None)],
    )
    text = compose_reply(request(made)).text
    assert "资料.zip/锁.docx（24.0 KB，校验码" in text
    assert "未识别为本次申报材料" in text


def test_a_form_of_another_campaign_is_listed_under_its_own_title() -> None:
    """Not as the form it should have been."""
    read = replace(form("team_form", []), title="邻省班组成果表", campaigns=("other-2020",))
    made = outcome(
        [(item(0, "team", "一班"), "supplement", [])],
        papers=[(document("旧表.docx", read), "team_form", 0)],
    )
    text = compose_reply(request(made)).text
    assert "识别为：邻省班组成果表（非本次活动的表格）" in text


@pytest.mark.parametrize(("before", "renewed"), [("accepted", True), ("supplement", False)])
def test_newer_papers_of_what_was_accepted_are_no_new_acceptance(
    before: str, *, renewed: bool
) -> None:
    """The number stays, and the letter says so."""
    team = item(0, "team", "一班")
    made = outcome(
        [(team, "accepted", [])],
        previous=outcome([(team, before, [])]).verdict,
        receipts={0: "HN2026-0001"},
    )
    text = compose_reply(request(made)).text
    assert ("受理编号不变" in text) is renewed
    assert ("现予受理" in text) is not renewed


def test_earlier_documents_in_force_are_listed() -> None:
    """Nobody needs the earlier replies."""
    before = outcome([(item(0, "team", "一班"), "supplement", [])]).verdict
    made = outcome(
        [(item(0, "team", "一班"), "supplement", [])],
        papers=[(TEAM_FILE, "team_form", 0)],
        dossier_findings=[STATS_MISSING],
        previous=before,
    )
    old = tuple(replace(paper, submission=0) for paper in made.dossier.papers)
    made = replace(made, dossier=replace(made.dossier, papers=old))
    text = compose_reply(request(made, documents=[])).text
    assert "此前已收到、继续有效的材料" in text
    assert "附件二 冲压一班.docx" in text


def test_review_only_says_that_a_person_looks() -> None:
    """已收到，人工复核中, without detail."""
    reply = compose_reply(review())
    assert reply.subject == f"已收到，人工复核中：{UNIT}"
    assert "sender" not in reply.text


def test_attachment_forgotten_is_a_correction() -> None:
    """An inquiry that promised an attachment is asked for it."""
    asked = inquiry()
    promised = finding("mail.no_attachment", "ask", "来信提到附件，但没有收到任何附件。")
    reply = compose_reply(replace(asked, findings=(promised,)))
    assert reply.kind == "correction"
    assert "没有收到任何附件" in reply.text
    assert "需报送的材料" in reply.text


def test_message_ids_differ_by_account_mail_and_kind() -> None:
    """Derived, so that a repeat has the same and nothing else has."""
    asked = receipt()
    other = replace(asked, incoming=replace(asked.incoming, mail="0" * 64))
    ids = {
        compose_reply(asked).message_id,
        compose_reply(replace(asked, account="b@h")).message_id,
        compose_reply(other).message_id,
        compose_reply(correction()).message_id,
    }
    assert len(ids) == 4


def test_document_repeated_in_an_earlier_mail_is_still_in_force() -> None:
    """The newest copy counts, whichever mail brought it."""
    before = outcome([(item(0, "team", "一班"), "supplement", [])]).verdict
    made = outcome(
        [(item(0, "team", "一班"), "supplement", [])],
        papers=[(TEAM_FILE, "team_form", 0)],
        previous=before,
    )
    old = tuple(replace(paper, submission=0, repeats=True) for paper in made.dossier.papers)
    made = replace(made, dossier=replace(made.dossier, papers=old))
    text = compose_reply(request(made, documents=[])).text
    assert "附件二 冲压一班.docx" in text.split("此前已收到、继续有效的材料")[1]


def test_optional_field_that_is_not_in_the_document_is_not_mentioned() -> None:
    """One that is there and empty is."""
    absent = tuple(
        replace(entry, where="") if entry.key == "fax" else entry for entry in TEAM.fields
    )
    read = replace(TEAM, fields=absent)
    made = outcome(
        [(item(0, "team", "一班"), "supplement", [])],
        papers=[(document("表.docx", read), "team_form", 0)],
    )
    assert "传真" not in compose_reply(request(made)).text
    assert "传真：（空）" in compose_reply(receipt()).text


@pytest.mark.parametrize(
    ("unit", "companies", "called"),
    [
        ("湘江重工装备公司", ["湘江重工装备有限公司"], "湘江重工装备有限公司"),  # put right
        ("星城机械行业协会", ["湘江重工装备有限公司"], "星城机械行业协会"),
        ("湘江重工装备公司", ["湘江重工装备有限公司", "金枫电机厂"], "湘江重工装备公司"),
        ("湘江重工装备公司", [""], "湘江重工装备公司"),
    ],
)
def test_a_company_is_called_by_the_name_its_forms_bear_now(
    unit: str, companies: list[str], called: str
) -> None:
    """The dossier keeps the name it was opened under; an association is no company."""
    judged = [
        (item(n, "team", f"{n}班", company=name), "accepted", [])
        for n, name in enumerate(companies)
    ]
    made = outcome(judged, unit=unit, receipts={0: "HN2026-0001"})
    assert compose_reply(request(made)).text.startswith(f"{called}：您好！")
