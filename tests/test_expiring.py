"""Staff hear of a 超大附件 before its link ends, unless the file has come by then."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from desk import CAMPAIGNS
from letters import letter, team_papers
from postoffice import PostOffice, post_office

from mailbot.mime.cloudlinks import expiry, links_in
from mailbot.reports.digest import Digest, DigestRequest, compose_digest
from mailbot.store import queries

BEIJING = ZoneInfo("Asia/Shanghai")
DAY = datetime(2026, 7, 1, 9, tzinfo=BEIJING)
ENDS = datetime(2026, 7, 12, 0, 49, tzinfo=BEIJING)
LINK = (
    "材料较大，见超大附件。联系人：周工 13900000001\n"
    "申报材料.zip (80.96M, 2026年7月12日 0:49 到期)\n"
    "https://mail.163.com/large-attachment-download/index.html?p=abc\n"
)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[PostOffice]:
    """A mail with nothing but a link is in."""
    with post_office(tmp_path, DAY) as made:
        made.take(letter({}, arrived=DAY, text=LINK))
        yield made


def digest(office: PostOffice, now: datetime) -> Digest:
    facts = queries.digest_facts(office.store, since=now - timedelta(days=1), until=now)
    return compose_digest(
        DigestRequest(
            facts=facts,
            register=(),
            campaigns=tuple(CAMPAIGNS.values()),
            now=now,
            zone=BEIJING,
        )
    )


@pytest.mark.parametrize(
    ("before", "told"),
    [
        (timedelta(days=3, minutes=1), False),
        (timedelta(days=3), False),
        (timedelta(days=2, hours=23, minutes=59), True),
        (timedelta(minutes=1), True),
        (timedelta(hours=-23), True),
        (timedelta(hours=-25), False),
    ],
)
def test_the_digest_warns_within_three_days(
    office: PostOffice, before: timedelta, told: bool
) -> None:
    """With file, size, moment and a number to call; and once more when it is over."""
    made = digest(office, ENDS - before)

    assert ("1 个超大附件即将过期" in made.text) is told
    assert ("申报材料.zip，80.96M" in made.text) is told
    assert ("13900000001" in made.text) is told
    assert ("07-12 00:49" in made.text) is told
    assert ("（已过期）" in made.text) is (told and before <= timedelta(0))


def test_what_has_come_since_needs_no_warning(office: PostOffice) -> None:
    """The same unit has sent its files as ordinary attachments."""
    office.take(letter(team_papers(), arrived=DAY, message_id="<2@xiangjiang.example>"))

    assert "超大附件" not in digest(office, ENDS - timedelta(days=1)).subject
    assert queries.digest_facts(office.store, since=DAY, until=ENDS).expiring == ()


def test_what_came_with_the_link_needs_no_warning(tmp_path: Path) -> None:
    """The same file is attached."""
    with post_office(tmp_path, DAY) as made:
        made.take(letter({"申报材料.zip": b"?"}, arrived=DAY, text=LINK))

        assert queries.digest_facts(made.store, since=DAY, until=ENDS).expiring == ()


def test_a_mail_without_files_answers_nothing(office: PostOffice) -> None:
    """A question does not bring the file."""
    office.take(letter({}, arrived=DAY, text="请问收到了吗？", message_id="<3@xiangjiang.example>"))
    (link,) = queries.digest_facts(office.store, since=DAY, until=ENDS).expiring

    assert link.ends == ENDS


ARRIVED = datetime(2026, 7, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("printed", "ends"),
    [
        ("2026年8月17日 0:49", datetime(2026, 8, 16, 16, 49, tzinfo=UTC)),
        ("2026-08-17 00:49:10", datetime(2026, 8, 16, 16, 49, tzinfo=UTC)),
        ("2026/8/17", datetime(2026, 8, 16, 16, tzinfo=UTC)),
        ("15天", datetime(2026, 7, 16, 1, tzinfo=UTC)),
        ("2026年6月31日", None),
        ("2026年6月30日 25:00", None),
        ("无限期", None),
        ("", None),
    ],
)
def test_when_a_link_ends(printed: str, ends: datetime | None) -> None:
    """The time of China; days count from the arrival; nonsense is no moment."""
    assert expiry(printed, ARRIVED) == ends


@pytest.mark.parametrize(
    ("text", "expires"),
    [("15天后过期", "15天"), ("有效期：30 天", "30 天"), ("剩余7天", "7天"), ("第15天开会", "")],
)
def test_days_that_are_left_are_read(text: str, expires: str) -> None:
    """As QQ writes it."""
    url = "https://wx.mail.qq.com/ftn/download?func=3&key=a&code=b"
    (link,) = links_in([], [f"材料.zip 80M {text}\n{url}"])

    assert link.expires == expires
