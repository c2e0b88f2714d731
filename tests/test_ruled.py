"""Letters about what staff have settled: golden texts, and what they leave out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import pytest
from outcomes import (
    ALL_PAPERS,
    FEE,
    GOLDEN,
    HUNAN,
    STATS_MISSING,
    TEAM_ASKS,
    ZONE,
    finding,
    item,
    outcome,
    request,
)

from mailbot.letters.reply import ReplyRequest, compose_reply
from mailbot.letters.ruled import narrowed, without_files
from mailbot.outcome import DossierOutcome
from rules.model import Ruling

DECIDED = datetime(2026, 7, 14, 15, 30, tzinfo=ZONE)
STAMP = finding("human.stamp", "warn", "只供工作人员核对盖章。")
TEAM = item(0, "team", "冲压一班")
STORY = item(1, "story", "一把扳手的三十年")
QC = item(2, "qc", "曙光QC小组")


def told(made: DossierOutcome, *about: int) -> ReplyRequest:
    """The request for a letter about these items."""
    plain = request(narrowed(made, about), now=DECIDED)
    return replace(plain, incoming=without_files(plain.incoming), cause="ruling:7", whole=(made,))


def accepted() -> ReplyRequest:
    """One of two accepted; what the dossier lacks holds up the other only."""
    made = outcome(
        [(TEAM, "accepted", [STAMP]), (STORY, "supplement", [])],
        papers=ALL_PAPERS,
        dossier_findings=[FEE, STATS_MISSING],
        receipts={0: "HN2026-0001"},
        touched={0},
    )
    return told(made, 0)


def returned() -> ReplyRequest:
    """In staff's words, with all that the rules ask besides."""
    words = finding("staff.returned", "ask", "请补充班组获奖证书的复印件。", item=0)
    made = outcome(
        [(TEAM, "supplement", [words, *TEAM_ASKS]), (STORY, "accepted", [])],
        papers=ALL_PAPERS,
        dossier_findings=[FEE, STATS_MISSING],
        receipts={1: "HN2026-0001"},
        touched={0},
    )
    return told(made, 0)


def declined() -> ReplyRequest:
    """With staff's reason alone."""
    words = finding("staff.declined", "reject", "申报内容与通知规定的范围不符。", item=0)
    faults = [replace(entry, severity=STAMP.severity) for entry in TEAM_ASKS]
    made = outcome([(TEAM, "declined", [words, *faults])], papers=ALL_PAPERS, touched={0})
    return told(made, 0)


def mixed() -> ReplyRequest:
    """One withdrawn, and another whose place that was is accepted for it."""
    made = outcome(
        [(TEAM, "accepted", []), (STORY, "accepted", [])],
        dossier_findings=[FEE],
        receipts={0: "HN2026-0003", 1: "HN2026-0001"},
        touched={0},
    )
    return told(_withdrawn(made), 0, 2)


def withdrawn() -> ReplyRequest:
    """On request."""
    made = outcome([(STORY, "accepted", [])], receipts={1: "HN2026-0001"}, touched=set())
    return told(_withdrawn(made), 2)


def _withdrawn(made: DossierOutcome) -> DossierOutcome:
    ruling = Ruling(what="withdraw", reason="应贵单位 7 月 14 日来函要求。", submissions=1)
    return replace(
        made,
        verdict=replace(made.verdict, withdrawn=(QC,)),
        standing=replace(made.standing, rulings={2: ruling}),
    )


def loose(code: str, severity: str, words: str) -> ReplyRequest:
    """About a mail that no item stands for."""
    plain = request(findings=[finding(code, severity, words)], now=DECIDED)
    return replace(plain, cause="settled:1")


def mail_returned() -> ReplyRequest:
    """It could not be read."""
    words = "所附压缩包已损坏，无法打开，请重新压缩后发送。"
    return loose("staff.returned", "ask", words)


def mail_declined() -> ReplyRequest:
    """It asked for what cannot be."""
    words = "申报已于 7 月 15 日截止，不能延期。"
    return loose("staff.declined", "reject", words)


CASES: dict[str, Callable[[], ReplyRequest]] = {
    "staff_receipt": accepted,
    "staff_correction": returned,
    "staff_refusal": declined,
    "staff_mixed": mixed,
    "staff_withdrawn": withdrawn,
    "staff_mail_returned": mail_returned,
    "staff_mail_declined": mail_declined,
}


@pytest.mark.parametrize("name", CASES)
def test_each_letter_reads_as_the_golden_text(name: str) -> None:
    """A person has read these texts."""
    reply = compose_reply(CASES[name]())
    expected = (GOLDEN / "replies" / f"{name}.txt").read_text(encoding="utf-8")

    assert f"主题：{reply.subject}\n\n{reply.text}" == expected


@pytest.mark.parametrize("name", CASES)
def test_no_letter_shows_files_readings_or_remarks_for_staff(name: str) -> None:
    """Nothing was sent, and the tick list is nobody else's."""
    text = compose_reply(CASES[name]()).text

    for word in ("收到的材料", "读取结果", "继续有效的材料", "只供工作人员", "已补正"):
        assert word not in text


@pytest.mark.parametrize("name", CASES)
def test_every_letter_says_that_people_have_decided(name: str) -> None:
    """And answers the mail in its thread, with a Message-ID of its own."""
    asked = CASES[name]()
    reply = compose_reply(asked)
    of_the_mail = compose_reply(replace(asked, cause="other:1"))

    assert "经工作人员" in reply.text
    assert "工作人员的审核结果" in reply.text
    assert reply.message_id != of_the_mail.message_id


def test_the_fee_is_that_of_the_whole_dossier() -> None:
    """Whoever was told of two items is not told a smaller sum for one."""
    made = outcome(
        [(TEAM, "accepted", []), (item(1, "team", "装配二班"), "accepted", [])],
        dossier_findings=[FEE],
        receipts={0: "HN2026-0001", 1: "HN2026-0002"},
        touched={0},
    )
    amount = HUNAN.fees.amount("team")
    assert amount

    assert f"{2 * amount:,} 元" in compose_reply(told(made, 0)).text
