"""A reply that comes back is known as such everywhere, until a person has dealt with it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from command import Program, configured
from desk import CAMPAIGNS
from letters import MAILBOX, SENDER, letter, team_papers
from postoffice import PostOffice, post_office
from test_bounces import dsn, notice

from mailbot.configuration.config import load
from mailbot.deciding.decision import DecidingSettings
from mailbot.deciding.settling import Desk, Refused, rule
from mailbot.reports import paperwork
from mailbot.reports.digest import Digest, DigestRequest, compose_digest
from mailbot.store import queries, replies, waiting
from mailbot.store.targets import find_target
from mailbot.store.views import ItemDetail, ReplyRow, Waiting
from rules.model import Ruling

BEIJING = ZoneInfo("Asia/Shanghai")
DAY = datetime(2026, 7, 10, 9, tzinfo=BEIJING)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[PostOffice]:
    """One application is in and answered."""
    with post_office(tmp_path, DAY) as made:
        made.take(letter(team_papers(), arrived=DAY))
        yield made


def bounce(office: PostOffice, action: str = "failed") -> bytes:
    """The last reply that went out, returned whole."""
    return dsn(action, returned=office.sink.messages[-1].decode())


def reply(office: PostOffice) -> ReplyRow:
    (row,) = queries.list_replies(office.store)
    return row


def came_back(office: PostOffice) -> list[Waiting]:
    return [entry for entry in waiting.list_waiting(office.store) if entry.reply]


def settle(office: PostOffice, key: str, what: str = "accept") -> None:
    """What ``review`` does."""
    settings = DecidingSettings(from_address=MAILBOX)
    with office.store.writing() as connection:
        desk = Desk(
            connection=connection,
            campaigns=CAMPAIGNS,
            settings=settings,
            candidates={},
            who="liming",
            now=office.clock.now(),
        )
        target = find_target(connection, key)
        assert target is not None
        rule(desk, target, Ruling(what=what, reason="已电话告知", submissions=0))  # type: ignore[arg-type]


def test_a_bounce_marks_the_reply_it_returns(office: PostOffice) -> None:
    """By the Message-ID in the returned part; the bounce itself is not answered."""
    (decided,) = office.take(bounce(office))

    assert decided.outcome is not None
    assert (decided.outcome.disposition, decided.outcome.reply) == ("bounce", None)
    assert reply(office).returned_at == office.clock.now()
    assert reply(office).returned_why.startswith("550 5.1.1")
    assert queries.list_replies(office.store, state="returned") == (reply(office),)


def test_the_applicants_record_shows_it_with_a_number_to_call(office: PostOffice) -> None:
    """In the item's history, at its reply, in the review list; the number is the form's."""
    office.take(bounce(office))
    (item,) = queries.list_items(office.store)
    detail = queries.find(office.store, item.id)
    assert isinstance(detail, ItemDetail)
    (entry,) = came_back(office)

    assert "reply.returned" in [event.what for event in detail.events]
    assert detail.replies[0].returned_at is not None
    assert any("13900000001" in value for _, value in detail.replies[0].contacts)
    assert any("13900000001" in value for _, value in entry.contacts)
    assert entry.unit == "湘江重工装备有限公司"
    assert SENDER in entry.why


def test_the_digest_asks_to_call(office: PostOffice) -> None:
    """In its first line, and with number and reason in a block of its own."""
    office.take(bounce(office))
    now = office.clock.now()
    digest = digest_of(office, now + timedelta(minutes=1))

    assert "1 封回复被退回，请电话告知" in digest.text
    assert "13900000001" in digest.text
    assert "User unknown" in digest.text
    assert digest.needs_person


def test_a_person_settles_it_and_it_is_gone_from_the_list(office: PostOffice) -> None:
    """The record keeps that it came back."""
    office.take(bounce(office))
    (entry,) = came_back(office)
    assert entry.mail is not None
    with pytest.raises(Refused, match="不能回信"):
        settle(office, entry.mail.sha256, "return")
    settle(office, entry.mail.sha256)

    assert came_back(office) == []
    assert reply(office).returned_at is not None


def test_sent_once_more_it_is_open_again(office: PostOffice) -> None:
    """A mailbox that was full: the same bytes go out, and nothing waits any more."""
    office.take(bounce(office))
    with office.store.writing() as connection:
        assert replies.retry(connection, reply(office).id, office.clock.now(), who="liming")
    office.outbox.send_due()

    assert office.sink.messages[0] == office.sink.messages[1]
    assert (reply(office).state, reply(office).returned_at) == ("sent", None)
    assert came_back(office) == []


def test_what_arrived_cannot_be_sent_once_more(office: PostOffice) -> None:
    """Only what came back."""
    with office.store.writing() as connection:
        assert not replies.retry(connection, reply(office).id, office.clock.now(), who="liming")


def test_mere_delay_is_noted_only(office: PostOffice) -> None:
    """The server goes on trying."""
    office.take(bounce(office, "delayed"))
    (item,) = queries.list_items(office.store)
    detail = queries.find(office.store, item.id)
    assert isinstance(detail, ItemDetail)

    assert reply(office).returned_at is None
    assert came_back(office) == []
    assert "reply.delayed" in [event.what for event in detail.events]


def test_a_providers_notice_is_matched_by_its_headers(office: PostOffice) -> None:
    """Some return nothing and answer to our Message-ID."""
    sent = message_from_bytes(office.sink.messages[-1], policy=default)
    raw = notice("Postmaster@163.com", "系统退信", "退信原因：对方邮箱已满")
    office.take(f"In-Reply-To: {sent['Message-ID']}\r\n".encode() + raw)

    assert reply(office).returned_why == "对方邮箱已满"


@pytest.mark.parametrize(("days", "known"), [(6, True), (8, False)])
def test_a_notice_without_any_id_is_matched_by_the_address(
    office: PostOffice, days: int, known: bool
) -> None:
    """The last reply to that address, if it went out within a week."""
    raw = notice(
        "PostMaster@qq.com", "来自qq.com的退信", f"无法发送到 {SENDER}\n退信原因 地址不存在"
    )
    office.take(raw, after=timedelta(days=days))

    assert (reply(office).returned_at is not None) is known


def test_a_foreign_id_marks_nothing(office: PostOffice) -> None:
    """A bounce that returns somebody else's message is not ours, whatever address it names."""
    office.take(dsn())

    assert reply(office).returned_at is None
    assert came_back(office) == []


def test_without_forms_the_number_is_that_of_the_mail(office: PostOffice) -> None:
    """A question came back answered in vain."""
    raw = letter(
        {},
        arrived=DAY,
        sender="liu@zishui.example",
        message_id="<2@zishui.example>",
        subject="请问申报截止时间",
        text="请问何时截止？联系人：刘工 13900000009",
    )
    office.take(raw)
    office.take(dsn(returned=office.sink.messages[-1].decode()))
    (entry,) = came_back(office)

    assert [value for _, value in entry.contacts] == ["13900000009"]


def test_a_digest_that_comes_back_is_told_to_the_others(office: PostOffice, tmp_path: Path) -> None:
    """By the next digest and the review list, for the one address that it is about."""
    file = configured(tmp_path, '[staff]\ndigest_to = ["li@a.example", "wu@b.example"]\n')
    config, now = load(file), office.clock.now()
    paperwork.queue(config, office.store, digest_of(office, now), now)
    office.outbox.send_due()
    (one, other) = queries.list_replies(office.store)[-2:]
    sent = next(raw for raw in office.sink.messages if b"wu@b.example" in raw)
    office.take(dsn(returned=sent.decode()))
    digest = digest_of(office, office.clock.now() + timedelta(minutes=1))
    (entry,) = came_back(office)

    assert one.message_id != other.message_id
    assert entry.reply is not None
    assert (entry.reply.recipient, entry.reply.for_staff) == ("wu@b.example", True)
    assert "请核对配置" in entry.why
    assert "1 封寄给工作人员的邮件被退回" in digest.text
    assert "wu@b.example" in digest.text
    assert "电话告知" not in digest.text


def digest_of(office: PostOffice, now: datetime) -> Digest:
    """Today's."""
    facts = queries.digest_facts(office.store, since=DAY, until=now)
    campaigns = tuple(CAMPAIGNS.values())
    return compose_digest(
        DigestRequest(facts=facts, register=(), campaigns=campaigns, now=now, zone=BEIJING)
    )


def test_status_names_who_of_the_staff_got_nothing(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """From the command that sends the digest to the one that looks after the service."""
    mailbot = Program(capsys)
    file = configured(tmp_path, 'pace = 0\n[staff]\ndigest_to = ["li@a.example"]\n')
    assert mailbot("--config", file, "digest", "--send").code == 0
    mailbot("--config", file, "run", "--once")
    (sent,) = (tmp_path / "out" / "new").iterdir()
    (tmp_path / "bounce.eml").write_bytes(dsn(returned=sent.read_text()))
    assert mailbot("--config", file, "import", tmp_path / "bounce.eml").code == 0
    status = mailbot("--config", file, "status", "--json")

    assert status.code == 1
    assert [problem for problem in status.json["problems"] if "li@a.example" in problem]
