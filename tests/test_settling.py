"""Decisions of staff, with a real database: what is recorded, what is answered, what is refused."""

from __future__ import annotations

import email
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from email import policy
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from counter import PERSON, Counter, counter, only
from dossiers import NOW, campaign, document, story, team
from test_quotas import rules as quota_rules
from test_quotas import teams

from mailbot.deciding import entering
from mailbot.deciding.settling import Refused
from mailbot.reports import deskwork
from mailbot.reports.export import ExportRequest, register_sheet
from mailbot.reports.overview import Names
from mailbot.store import queries, waiting
from mailbot.store import schema as t
from mailbot.store.views import ItemDetail, MailDetail

ACCIDENTS = {"check": "accident", "kind": "team_form", "field": "accidents", "severity": "human"}


@pytest.fixture
def desk(tmp_path: Path) -> Counter:
    """A team with an accident waits for a person."""
    made = counter(tmp_path, ACCIDENTS)
    made.take(team(accidents=2))
    return made


def test_what_staff_accept_gets_a_number_and_a_letter(desk: Counter) -> None:
    """The ruling, the verdict and the letter in the thread of the mail; the history says who."""
    (item,) = desk.items()
    reply = only(desk.rule(item.id, "accept", "已电话核实"))
    (after,) = desk.items()
    detail = queries.find(desk.store, item.id)
    message = email.message_from_bytes(reply.message, policy=policy.default)

    assert (item.state, after.state, after.receipt) == ("review", "accepted", "0001")
    assert (reply.kind, "0001" in reply.subject) == ("receipt", True)
    assert "经工作人员审核" in reply.text
    assert "已电话核实" not in reply.text
    assert (message["In-Reply-To"], message["To"]) == (
        "<1@xiangjiang.example>", "zhou@xiangjiang.example"
    )  # fmt: skip
    assert isinstance(detail, ItemDetail)
    assert [event.who for event in detail.events if event.what == "item.ruled"] == [PERSON]
    assert waiting.list_waiting(desk.store) == ()


def test_a_ruling_is_recorded_with_its_cause(desk: Counter) -> None:
    """Verdict and letter name the ruling; its Message-ID is its own."""
    (item,) = desk.items()
    desk.rule(item.id, "accept")
    with desk.store.reading() as connection:
        number = connection.scalar(sa.select(t.rulings.c.id))
        causes = connection.scalars(sa.select(t.verdicts.c.cause)).all()
        letters = connection.execute(sa.select(t.replies.c.cause, t.replies.c.message_id)).all()

    assert causes == [f"mail:{desk.mails[0]}", f"ruling:{number}"]
    assert [row.cause for row in letters] == causes
    assert letters[0].message_id != letters[1].message_id


def test_what_staff_return_is_asked_with_all_that_the_rules_ask(tmp_path: Path) -> None:
    """一次性告知: the person's words and the rules' in one letter."""
    desk = counter(tmp_path, ACCIDENTS, {"check": "fields", "kinds": ["team_form"]})
    desk.take(team(accidents=2, postcode=None, member_count=3), story())
    item = desk.items()[0]
    reply = only(desk.rule(item.id, "return", "请说明事故经过及整改情况。"))

    assert desk.states()[0] == "supplement"
    assert reply.kind == "correction"
    assert "请说明事故经过及整改情况。" in reply.text
    assert "邮编" in reply.text
    assert "一把扳手的三十年" not in reply.text
    assert "收到的材料" not in reply.text


def test_what_staff_decline_is_declined_with_their_reason(desk: Counter) -> None:
    """And what the rules would ask for is not asked any more."""
    (item,) = desk.items()
    reply = only(desk.rule(item.id, "decline", "发生安全事故，不符合申报条件。"))

    assert desk.states() == ["declined"]
    assert reply.kind == "refusal"
    assert "发生安全事故，不符合申报条件。" in reply.text
    assert "需要补正" not in reply.text


@pytest.mark.parametrize(
    ("first", "second", "told"),
    [
        ("accept", "accept", "已受理（受理编号 0001）"),
        ("decline", "decline", "已经是不予受理"),
        ("withdraw", "accept", "已撤回"),
        ("withdraw", "withdraw", "已撤回"),
        ("withdraw", "return", "已撤回"),
    ],
)
def test_what_stands_so_already_is_refused(
    desk: Counter, first: Any, second: Any, told: str
) -> None:
    """Nothing more is recorded."""
    (item,) = desk.items()
    desk.rule(item.id, first, "理由")
    before = [desk.count(table) for table in (t.rulings, t.verdicts, t.replies, t.events)]
    with pytest.raises(Refused, match=told):
        desk.rule(item.id, second, "理由")

    assert [desk.count(table) for table in (t.rulings, t.verdicts, t.replies, t.events)] == before


def test_no_place_no_acceptance(tmp_path: Path) -> None:
    """Refused with the numbers, and nothing of it stands; a place given back makes it possible."""
    desk = counter(tmp_path)
    desk.campaign = quota_rules()
    desk.take(*teams(2), sender="a@yi.example")
    desk.take(team("铸造一班", company="乙公司", region="甲市"), sender="b@er.example")
    first, _, last = desk.items()
    rulings = desk.count(t.rulings)
    with pytest.raises(Refused, match="名额为2个，已使用2个"):
        desk.rule(last.id, "accept")
    refused = desk.states(), desk.count(t.rulings) - rulings
    desk.rule(first.id, "decline", "材料不实。")
    desk.rule(last.id, "accept")

    assert refused == (["accepted", "accepted", "supplement"], 0)
    assert desk.states() == ["declined", "accepted", "accepted"]


def test_one_decision_for_all_that_waits_in_a_dossier(tmp_path: Path) -> None:
    """One letter for it; what waits for the applicant is not accepted along."""
    desk = counter(tmp_path, ACCIDENTS, {"check": "fields", "kinds": ["story_form"]})
    desk.take(team(accidents=2), team("装配二班", accidents=1), story(company=None))
    dossier = desk.items()[0].dossier
    reply = only(desk.rule(dossier, "accept"))

    assert desk.states() == ["accepted", "accepted", "supplement"]
    assert "0001" in reply.text
    assert "0002" in reply.text
    assert "一把扳手的三十年" not in reply.text
    with pytest.raises(Refused, match="没有待人工处理的申报项"):
        desk.rule(dossier, "accept")


def test_a_withdrawn_item_gives_its_place_back(tmp_path: Path) -> None:
    """It keeps its number for ever; the letter says so, and why."""
    desk = counter(tmp_path)
    desk.take(team(), story())
    item = desk.items()[0]
    reply = only(desk.rule(item.id, "withdraw", "应贵单位来电要求。"))
    after = desk.items()[0]

    assert (after.state, after.receipt) == ("withdrawn", "0001")
    assert desk.states() == ["withdrawn", "accepted"]
    assert reply.kind == "withdrawn"
    assert "应贵单位来电要求。" in reply.text
    assert "【已撤回】" in reply.text
    assert "一把扳手的三十年" not in reply.text


def test_what_was_accepted_stays_so_under_changed_rules(tmp_path: Path) -> None:
    """A ruling about one item does not take another's number away."""
    desk = counter(tmp_path)
    desk.take(team(postcode=None, member_count=3), story())
    kept, other = desk.items()
    desk.campaign = campaign([{"check": "fields", "kinds": ["team_form"]}])
    desk.rule(other.id, "decline", "不在范围。")

    assert desk.states() == ["accepted", "declined"]
    assert desk.items()[0].receipt == kept.receipt


def test_a_mail_without_an_item_is_settled(desk: Counter) -> None:
    """An inquiry: taken note of, without a letter."""
    desk.take(sender="wang@lushan.example", body="请问截止时间？")
    mail = desk.mails[1]
    before = [entry.mail.sha256 for entry in waiting.list_waiting(desk.store) if entry.mail]
    settled = desk.rule(mail[:8], "accept", "已电话答复")
    after = [entry.mail for entry in waiting.list_waiting(desk.store) if entry.mail]
    detail = queries.find(desk.store, mail)

    assert (before, after, settled.replies) == ([mail], [], ())
    assert isinstance(detail, MailDetail)
    assert [e.who for e in detail.events if e.what == "mail.settled"] == [PERSON]
    with pytest.raises(Refused, match="已由人工处理完毕"):
        desk.rule(mail, "return", "请补充")


@pytest.mark.parametrize(
    ("what", "kind", "said"),
    [("return", "correction", "尚需补充"), ("decline", "refusal", "不予受理")],
)
def test_a_mail_without_an_item_is_answered_in_staffs_words(
    desk: Counter, what: Any, kind: str, said: str
) -> None:
    """A mail that could not be read: asked again, or declined."""
    desk.take(sender="wang@lushan.example", failure="MIME 结构损坏")
    reply = only(desk.rule(desk.mails[1], what, "请改用附件发送，勿加密。"))

    assert (reply.kind, reply.recipient) == (kind, "wang@lushan.example")
    assert said in reply.text
    assert "请改用附件发送，勿加密。" in reply.text


def test_a_mail_that_nobody_could_read_has_no_address(desk: Counter) -> None:
    """Set aside before it was read: staff are told to call, and to take note of it then."""
    desk.take(failure="x")
    with desk.store.writing() as connection:
        here = t.mails.c.sha256 == desk.mails[1]
        connection.execute(
            t.mails.update().where(here).values(state="failed", envelope=sa.null(), failure="坏")
        )
    with pytest.raises(Refused, match="没有读出可用的回信地址"):
        desk.rule(desk.mails[1], "return", "请重发")
    desk.rule(desk.mails[1], "accept")

    assert not any(entry.mail for entry in waiting.list_waiting(desk.store))


def test_what_waits_is_told_with_place_and_number_to_call(desk: Counter) -> None:
    """Why, in which file, where; the numbers as they stand in the form."""
    (entry,) = waiting.list_waiting(desk.store)
    (finding,) = entry.findings

    assert finding.code == "eligibility.accident"
    assert (finding.document, finding.where) == ("team_form10.docx", "表1 第9行第2列")
    assert ("手机", "13900000001") in entry.contacts


def test_a_unit_that_is_unknown_does_not_hold_up_what_staff_accept(tmp_path: Path) -> None:
    """The person knows whose it is."""
    desk = counter(tmp_path)
    desk.take(team(company=None))
    (item,) = desk.items()
    desk.rule(item.id, "accept")

    assert (item.state, desk.states()) == ("review", ["accepted"])


def test_a_new_form_ends_the_ruling(desk: Counter) -> None:
    """The applicant sends it again: the rules decide anew."""
    (item,) = desk.items()
    desk.rule(item.id, "decline", "不符合条件。")
    desk.take(team(accidents=0, dept="质量部"))

    assert desk.states() == ["accepted"]


def test_names_that_mean_two_things_are_refused(desk: Counter) -> None:
    """A document alone is no target."""
    desk.take(document("说明.docx", text="说明"), sender="wang@lushan.example")
    target_of_mail = desk.rule(desk.mails[1], "accept")

    assert target_of_mail.mail is not None


def test_words_that_a_person_must_read_wait_until_settled(desk: Counter) -> None:
    """Somebody asks to take an application back, and nobody knows which."""
    desk.take(sender="wang@lushan.example", body="因故申请撤回申报，请予办理。")
    mail = desk.mails[1]
    before = [entry.mail.sha256 for entry in waiting.list_waiting(desk.store) if entry.mail]
    needs = queries.status(desk.store).waiting
    desk.rule(mail, "return", "请写明要撤回哪个申报项。")
    after = [entry for entry in waiting.list_waiting(desk.store) if entry.mail]

    assert (before, needs, after) == ([mail], 2, [])
    assert queries.status(desk.store).waiting == 1


def test_what_staff_have_settled_stands_in_digest_and_export(desk: Counter) -> None:
    """Who, what and why, in the time it was done; and what they have ticked off."""
    (item,) = desk.items()
    desk.rule(item.id, "accept", "已电话核实")
    desk.enter(item.id, entering.tick, "fee")
    facts = queries.digest_facts(desk.store, since=NOW, until=NOW + timedelta(seconds=1))
    later = queries.digest_facts(
        desk.store, since=NOW + timedelta(seconds=1), until=NOW + timedelta(seconds=2)
    )
    (row,) = queries.export_rows(desk.store, desk.campaign.id)

    assert [(i.id, r.who, r.what, r.reason) for i, r in facts.rulings] == [
        (item.id, PERSON, "accept", "已电话核实")
    ]
    assert later.rulings == ()
    assert [entry.what for entry in row.rulings] == ["accept"]
    assert [entry.what for entry in row.ticks] == ["fee"]
    sheet = register_sheet(ExportRequest(campaign=desk.campaign, rows=(row,), made_at=NOW))
    line = dict(zip([column.label for column in sheet.columns], sheet.rows[0], strict=True))
    assert line["人工决定"] == f"2026年7月20日 09:00 {PERSON} 准予受理：已电话核实"
    assert line["已核对"] == "费用已到账"


def test_the_digest_has_the_command_for_each_case(tmp_path: Path) -> None:
    """What must be told to the program, not only that something must."""
    desk = counter(tmp_path, ACCIDENTS)
    desk.take(team(accidents=2))
    desk.take(team("装配二班", company=None), sender="li@gmail.example")
    names = Names(zone=desk.campaign.timezone)
    block = deskwork.waiting(waiting.list_waiting(desk.store), names)
    one, two = desk.items()

    assert [row[-1] for row in block.rows] == [
        f"mailbot review accept {one.id}",
        f"mailbot review assign {two.id} --unit 单位全称",
    ]
    desk.rule(one.id, "decline", "发生安全事故。")
    facts = queries.digest_facts(desk.store, since=NOW, until=NOW + timedelta(seconds=1))
    settled = deskwork.settled(facts.rulings, names)
    assert settled.rows[0][4:6] == ("不予受理", "发生安全事故。")


def test_a_place_given_back_goes_to_whoever_waits(tmp_path: Path) -> None:
    """In the same transaction, with a number and a letter of its own."""
    desk = counter(tmp_path)
    desk.campaign = quota_rules(quota={"severity": "hold"})
    desk.take(*teams(2), sender="a@yi.example")
    desk.take(team("铸造一班", company="乙公司", region="甲市"), sender="b@er.example")
    before = desk.states()
    settled = desk.rule(desk.items()[0].id, "withdraw", "应贵单位要求。")
    last = desk.items()[2]

    assert before == ["accepted", "accepted", "waitlisted"]
    assert desk.states() == ["withdrawn", "accepted", "accepted"]
    assert last.receipt == "0003"
    assert [outcome.dossier.unit for outcome in settled.promoted] == ["乙公司"]
    assert [kind for kind, _ in desk.letters()][-2:] == ["withdrawn", "receipt"]


def test_two_people_at_once_give_one_place_to_one(tmp_path: Path) -> None:
    """Both read the free place; the database lets one of them have it."""
    desk = counter(tmp_path, ACCIDENTS)
    desk.campaign = quota_rules(ACCIDENTS, quota={"table": "", "each": 1, "special": []})
    unit = {"company": "甲公司", "region": "甲市"}
    desk.take(team(accidents=1, **unit), team("热处理二班", accidents=2, **unit))
    keys = [item.id for item in desk.items()]

    def accept(key: str) -> bool:
        try:
            desk.rule(key, "accept")
        except Refused:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(accept, keys))

    assert sorted(done) == [False, True]
    assert sorted(desk.states()) == ["accepted", "review"]
    assert desk.count(t.rulings) == 1


def test_changed_rules_take_nothing_back_that_no_new_form_touches(tmp_path: Path) -> None:
    """A mail with another item changes nothing of the accepted one; a new form of it does."""
    desk = counter(tmp_path)
    desk.take(team(postcode=None, member_count=3))
    desk.campaign = campaign([{"check": "fields", "kinds": ["team_form"]}])
    (told,) = desk.take(story()).dossiers
    kept = desk.states()
    desk.take(team(postcode=None, member_count=3, dept="质量部"))

    assert kept == ["accepted", "accepted"]
    assert told.touched == {1}
    assert desk.states() == ["supplement", "accepted"]


def test_an_answer_to_any_letter_is_known(desk: Counter) -> None:
    """To the first acknowledgement as well as to what staff wrote later."""
    desk.rule(desk.items()[0].id, "return", "请说明事故经过。")
    letters = [reply.message_id for reply in queries.list_replies(desk.store)]
    for place, message_id in enumerate(letters):
        paper = document(f"说明{place}.docx", text="说明")
        desk.take(paper, sender="li@gmail.example", envelope={"in_reply_to": (message_id,)})
    with desk.store.reading() as connection:
        answers = connection.scalars(
            sa.select(t.submissions.c.answers).order_by(t.submissions.c.ordinal)
        ).all()

    assert len(letters) == 2
    assert answers == [None, 0, 0]


STRANGER = "li@stranger.example"


@pytest.fixture
def doubted(tmp_path: Path) -> Counter:
    """An accepted team whose form another address wants to replace."""
    made = counter(tmp_path, {"check": "sender", "severity": "human"})
    made.take(team(member_count=12))
    made.take(team(member_count=15), sender=STRANGER)
    return made


def _to(settled: Any) -> list[str]:
    return [reply.recipient for reply in settled.replies]


def test_what_staff_decide_is_told_the_unit_and_no_stranger(doubted: Counter) -> None:
    """Whoever only wants to replace its papers learns nothing of how it stands."""
    (item,) = doubted.items()
    settled = doubted.rule(item.id, "decline", "不符合申报范围。")

    assert item.state == "review"
    assert _to(settled) == ["zhou@xiangjiang.example"]


def test_a_stranger_is_asked_for_nothing(tmp_path: Path) -> None:
    """Nor told how many points are still open: a person looks first."""
    made = counter(
        tmp_path,
        {"check": "sender", "severity": "human"},
        {"check": "fields", "severity": "ask", "kinds": ["team_form"]},
    )
    made.take(team(postcode=None))
    outcome = made.take(team(postcode=None, member_count=15), sender=STRANGER)

    assert made.states() == ["supplement"]
    assert outcome.reply is not None
    assert outcome.reply.kind == "review"
    assert "处需要补正" not in outcome.reply.text


def test_who_replaces_with_the_leave_of_staff_is_told(doubted: Counter) -> None:
    """Accepting the item takes the other address's form."""
    (item,) = doubted.items()

    assert _to(doubted.rule(item.id, "accept")) == [STRANGER]


@pytest.mark.parametrize("what", ["decline", "return"])
def test_staff_refuse_the_mail_and_what_it_would_replace_stays(doubted: Counter, what: Any) -> None:
    """The item is accepted as before, under its number; only the stranger is answered, once."""
    (before,) = doubted.items()
    settled = doubted.rule(doubted.mails[1], what, "未能核实贵方与申报单位的关系。")
    (after,) = doubted.items()

    assert (before.state, after.state, after.receipt) == ("review", "accepted", "0001")
    assert _to(settled) == [STRANGER]
    assert "0001" not in settled.replies[0].text
    assert waiting.list_waiting(doubted.store) == ()
    doubted.take(story())
    assert doubted.states() == ["accepted", "accepted"]


def test_a_later_replacement_is_asked_about_again(doubted: Counter) -> None:
    """What was refused is that mail, not the address for ever."""
    doubted.rule(doubted.mails[1], "decline", "未能核实。")
    doubted.take(team(member_count=16), sender=STRANGER)

    assert doubted.states() == ["review"]
