"""Letters are counted, so that no two robots write to each other for ever."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP, default
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from desk import SETTINGS, Desk
from letters import MAILBOX, letter, team_papers
from postoffice import PostOffice, post_office

from mailbot.deciding.caps import Caps, is_answer, topic_of
from mailbot.model import Envelope, Reading
from mailbot.outcome import Incoming
from mailbot.store import queries, waiting

BEIJING = ZoneInfo("Asia/Shanghai")
DAY = datetime(2026, 7, 10, 9, tzinfo=BEIJING)
CAPS = Caps(address=4, subject=6, total=9)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[PostOffice]:
    """With small caps."""
    with post_office(tmp_path, DAY, replace(SETTINGS, caps=CAPS)) as made:
        yield made


#: A robot's answer to a letter of ours: sender, subject and so on are its own affair.
Robot = Callable[[EmailMessage, int], bytes]


def robot(
    letter_: EmailMessage, number: int, *, sender: str, subject: str, threads: bool = True
) -> bytes:
    """An answering program that knows no RFC 3834: it answers whatever comes, and says nothing of it."""
    answer = EmailMessage(policy=SMTP)
    answer["Return-Path"] = f"<{sender}>"
    answer["From"] = sender
    answer["To"] = MAILBOX
    answer["Subject"] = subject
    answer["Message-ID"] = f"<{number}@robot.example>"
    if threads:
        answer["In-Reply-To"] = letter_["Message-ID"]
    answer.set_content("您的来信已收到，我们将尽快处理。")
    return answer.as_bytes()


def plain(letter_: EmailMessage, number: int) -> bytes:
    """One address, Re: before the subject."""
    return robot(letter_, number, sender="kefu@robot.example", subject=f"Re: {letter_['Subject']}")


def threadless(letter_: EmailMessage, number: int) -> bytes:
    """It names no mail it answers; only the subject grows."""
    return robot(
        letter_,
        number,
        sender="kefu@robot.example",
        subject=f"答复：{letter_['Subject']}",
        threads=False,
    )


def changing(letter_: EmailMessage, number: int) -> bytes:
    """A ticket system: another address and another number each time."""
    return robot(
        letter_,
        number,
        sender=f"ticket+{number}@robot{number}.example",
        subject=f"[#{number}] Re: {letter_['Subject']}",
    )


def inventive(letter_: EmailMessage, number: int) -> bytes:
    """Nothing stays the same but that it writes."""
    word = "".join(chr(0x4E00 + 97 * number + 13 * place) for place in range(12))
    return robot(
        letter_, number, sender=f"a{number}@b{number}.example", subject=word, threads=False
    )


@pytest.mark.parametrize(
    ("answers", "cap"),
    [
        (plain, CAPS.address),
        (threadless, CAPS.address),
        (changing, CAPS.subject + 1),  # the first question is no answer
        (inventive, CAPS.total),
    ],
)
def test_two_robots_fall_silent_within_the_cap(
    office: PostOffice, answers: Robot, cap: int
) -> None:
    """The other one always answers; ours stops, and stays silent."""
    first = robot(EmailMessage(), 0, sender="kefu@robot.example", subject="工单", threads=False)
    sent = office.answer(first)
    rounds = 0
    while sent is not None:
        rounds += 1
        assert rounds <= cap
        sent = office.answer(answers(_parsed(sent), rounds))
    again = office.answer(answers(_parsed(office.sink.messages[-1]), 99))

    assert len(office.sink.messages) == cap
    assert again is None


def test_staff_are_not_flooded_by_a_loop(office: PostOffice) -> None:
    """Beyond the cap a robot's mails are automatic ones, not questions for a person."""
    office.answer(robot(EmailMessage(), 0, sender="k@r.example", subject="工单", threads=False))
    for number in range(1, 12):
        office.answer(plain(_parsed(office.sink.messages[-1]), number))

    assert len(waiting.list_waiting(office.store)) <= CAPS.address + 1
    assert queries.list_mails(office.store)[-1].disposition == "automatic"


def test_the_day_after_it_may_be_answered_again(office: PostOffice) -> None:
    """24 hours after the letters."""
    for number in range(6):
        office.answer(robot(EmailMessage(), number, sender="k@r.example", subject=f"问{number}"))
    office.clock.advance(timedelta(days=1))
    more = office.answer(robot(EmailMessage(), 9, sender="k@r.example", subject="再问"))

    assert len(office.sink.messages) == CAPS.address + 1
    assert more is not None


def test_an_application_beyond_the_cap_is_filed_and_shown_to_staff(office: PostOffice) -> None:
    """Only the letter is left out."""
    for number in range(4):
        office.take(
            letter({}, arrived=DAY, message_id=f"<q{number}@x.example>", subject=f"问{number}")
        )
    (decided,) = office.take(letter(team_papers(), arrived=DAY))
    outcome = decided.outcome
    (item,) = queries.list_items(office.store)

    assert outcome is not None
    assert outcome.reply is None
    assert item.receipt == "HN2026-0001"
    assert any("每日上限" in entry.why for entry in waiting.list_waiting(office.store))


def test_a_mail_with_our_own_letter_in_it_is_not_answered() -> None:
    """RFC 3834 section 2: an enclosed copy of a letter of ours; without papers it is a machine's."""
    desk = Desk()
    first = desk.take(letter(team_papers(), arrived=DAY), DAY)
    assert first.reply is not None
    outer = message_from_bytes(letter({}, arrived=DAY, message_id="<2@x.example>"), policy=default)
    assert isinstance(outer, EmailMessage)
    outer.make_mixed()
    outer.add_attachment(message_from_bytes(first.reply.message, policy=default))
    second = desk.take(outer.as_bytes(), DAY)

    assert second.reply is None
    assert second.disposition == "automatic"
    assert "本系统发出的邮件" in second.silence


def incoming(subject: str, **more: object) -> Incoming:
    envelope = Envelope(subject=subject, sender="a@b.example", **more)  # type: ignore[arg-type]
    return Incoming(mail="x", arrived=DAY, reading=Reading(envelope=envelope))


@pytest.mark.parametrize(
    "subject",
    [
        "Re: 受理通知：HN2026-0001 湘江重工装备有限公司",
        "回复：受理通知：HN2026-0002 湘江重工装备有限公司",
        "Re: Re: 回复：来信已收到：Re: 受理通知：HN2026-0001 湘江重工装备有限公司",
        "自动回复: 受理通知：HN2026-0001 湘江重工装备有限公司",
        "RE[2]: 来信已收到：湘江重工装备有限公司",
    ],
)
def test_one_thread_is_one_topic(subject: str) -> None:
    """Whatever is put before it, and whatever number it bears."""
    assert topic_of(incoming(subject)) == topic_of(incoming("Re: 湘江重工装备有限公司"))


def test_first_mails_have_no_topic() -> None:
    """Many applicants write the same subject; answers are told by prefix or by thread."""
    assert topic_of(incoming("质量信得过班组申报材料")) == ""
    assert is_answer(incoming("质量信得过班组申报材料", in_reply_to=("<1@x>",)))
    assert not is_answer(incoming("关于回复时间的咨询"))
    assert re.fullmatch("[0-9a-f]{32}", topic_of(incoming("Re: x")))


def test_topics_of_different_companies_differ() -> None:
    """Two applicants who answer the same kind of letter do not count for each other."""
    one, two = (
        "Re: 补正通知：资水阀门有限公司（共 3 处需补正）",
        "Re: 补正通知：衡山电机有限公司（共 3 处需补正）",
    )
    assert topic_of(incoming(one)) != topic_of(incoming(two))


def test_letters_that_repeat_no_subject_are_not_all_one_topic() -> None:
    """Strangers whose words were not repeated answer under nothing but a moment."""
    here, other, again = (
        topic_of(incoming(f"Re: 来信已收到：2026年7月10日 {time} 来信 {mark}"))
        for time, mark in (("09:00", "KAHBGR"), ("09:00", "BDFMNP"), ("10:00", "KAHBGR"))
    )

    assert here != other
    assert here == again


def _parsed(raw: bytes) -> EmailMessage:
    message = message_from_bytes(raw, policy=default)
    assert isinstance(message, EmailMessage)
    return message
