"""The staff digest: golden text, its first line, and what it leaves out."""

from __future__ import annotations

import email
import re
from dataclasses import replace
from datetime import datetime, timedelta
from email import policy
from typing import Any

import pytest
from outcomes import ARRIVED, GOLDEN, HUNAN, NOW, UNIT, ZONE, finding, sha

from mailbot.reports.digest import DigestRequest, compose_digest
from mailbot.store.views import (
    BalanceRow,
    DigestFacts,
    HealthRow,
    ItemRow,
    MailRow,
    ReplyRow,
    Waiting,
)


def item(number: int, category: str, name: str, state: str, **more: Any) -> ItemRow:
    """An item of the register."""
    more = {"receipt": f"HN2026-{number:04d}" if state == "accepted" else None, **more}
    return ItemRow(
        id=f"item{number}",
        campaign=HUNAN.id,
        tier="",
        dossier="d",
        unit=UNIT,
        category=category,
        name=name,
        company=UNIT,
        region=None,
        decision=state if state != "withdrawn" else "accepted",
        state=state,
        first_arrival=ARRIVED,
        decided_at=NOW,
        **more,
    )


def mail(name: str, **more: Any) -> MailRow:
    """A mail of the register."""
    values: dict[str, Any] = {
        "sha256": sha(name),
        "state": "decided",
        "arrived": ARRIVED,
        "sender": "zhiliang@xiangjiang.example",
        "subject": name,
        "disposition": "submission",
        "campaign": HUNAN.id,
        "tier": "",
        "decision": "accepted",
        "silence": "",
        "repeated": False,
        "failure": "",
        "size": 1000,
        "mailbox": "hnjxzlgl@163.com",
    }
    return MailRow(**{**values, **more})


def reply(number: int, state: str, error: str = "") -> ReplyRow:
    """A reply that has not gone out."""
    return ReplyRow(
        id=number,
        kind="receipt",
        recipient="zhiliang@xiangjiang.example",
        subject=f"受理通知：HN2026-000{number} {UNIT}",
        state=state,
        composed_at=NOW,
        attempts=2,
        next_attempt=NOW + timedelta(minutes=5),
        sent_at=None,
        last_error=error,
        message_id=f"<{number}@163.com>",
    )


def health(name: str, **more: Any) -> HealthRow:
    """How a part is doing."""
    values: dict[str, Any] = {
        "name": name,
        "last_try": NOW,
        "last_success": NOW,
        "failing_since": None,
        "failures": 0,
        "last_error": "",
        "paused_until": None,
    }
    return HealthRow(**{**values, **more})


def facts(**more: Any) -> DigestFacts:
    """A quiet day, with these exceptions."""
    values: dict[str, Any] = {
        "since": NOW - timedelta(days=1),
        "until": NOW,
        "mails": (),
        "items": (),
        "waiting": (),
        "staff_notes": (),
        "unsent": (),
        "health": (health("mailbox:hnjxzlgl@163.com@imap.163.com/INBOX"), health("outgoing")),
    }
    return DigestFacts(**{**values, **more})


def request(made: DigestFacts, *register: ItemRow, **more: Any) -> DigestRequest:
    """A digest of these facts."""
    values: dict[str, Any] = {
        "facts": made,
        "register": register,
        "campaigns": (HUNAN,),
        "now": NOW,
        "zone": ZONE,
    }
    return DigestRequest(**{**values, **more})


def busy() -> DigestRequest:
    """A day with everything in it."""
    items = (
        item(1, "team", "冲压一班", "accepted"),
        item(2, "team", "焊接二班", "accepted"),
        item(3, "story", "一把扳手的三十年", "review"),
        item(4, "qc", "曙光QC小组", "supplement"),
        item(5, "story", "旧事", "declined"),
    )
    stamp = "电子版无需盖章；如另附盖章扫描件，请核对单位盖章与企业名称是否一致。"
    made = facts(
        mails=(
            mail("申报材料"),
            mail("自动回复", disposition="automatic", decision=None),
            mail("再次发送", repeated=True, decision=None),
            mail("坏邮件", state="failed", disposition=None, decision=None, failure="结构损坏"),
        ),
        items=items,
        waiting=(
            Waiting(why="另一地址更换了材料，请确认。", item=items[2]),
            Waiting(why="来信咨询，请人工答复", mail=mail("请问截止时间", disposition="inquiry")),
            Waiting(why="未能处理", mail=mail("坏邮件", state="failed", failure="结构损坏")),
        ),
        staff_notes=(
            *((entry, finding("human.stamp", "warn", stamp, clause="附件二")) for entry in items),
            (
                "湘江重工装备有限公司",
                finding("statistics.period", "warn", "附件六统计期与通知不一致。", clause="附件六"),
            ),
        ),
        unsent=(reply(1, "queued"), reply(2, "held", "550 DT:SPM")),
        health=(
            health("mailbox:hnjxzlgl@163.com@imap.163.com/INBOX"),
            health(
                "outgoing",
                failing_since=NOW - timedelta(hours=2),
                failures=3,
                last_error="连接超时",
            ),
        ),
    )
    return request(made, *items, item(6, "team", "已撤回班组", "withdrawn"))


def test_busy_day_reads_as_the_golden_text() -> None:
    """A person has read this text."""
    digest = compose_digest(busy())
    expected = (GOLDEN / "digest" / "busy.txt").read_text(encoding="utf-8")
    assert f"主题：{digest.subject}\n\n{digest.text}" == expected


def test_quiet_day_is_green_in_the_first_line() -> None:
    """One look tells that nothing is to be done."""
    digest = compose_digest(request(facts(mails=(mail("申报材料"),), unsent=(reply(1, "queued"),))))
    assert digest.text.splitlines()[0] == "【正常】一切正常，没有需要人工处理的事项。"
    assert "一切正常" in digest.subject
    assert not digest.needs_person


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (facts(waiting=(Waiting(why="请看", mail=mail("x")),)), "1 项待人工处理"),
        (facts(waiting=(Waiting(why="坏", mail=mail("x", state="failed")),)), "1 封邮件未能读取"),
        (facts(unsent=(reply(1, "uncertain"), reply(2, "refused"))), "2 封回执未能发出"),
        (facts(health=(health("outgoing", failing_since=NOW, failures=1),)), "1 个部件运行异常"),
    ],
)
def test_each_trouble_turns_the_first_line_red(made: DigestFacts, said: str) -> None:
    """And says how many of what."""
    digest = compose_digest(request(made))
    assert digest.text.splitlines()[0] == f"【注意】需要处理：{said}"
    assert digest.needs_person


def test_problem_from_outside_is_shown() -> None:
    """The disk, the reconciliation."""
    digest = compose_digest(request(facts(), problems=("磁盘剩余不足 1 GB",)))
    assert "问题：磁盘剩余不足 1 GB" in digest.text
    assert digest.needs_person


def test_equal_things_to_check_are_one_line() -> None:
    """Not one for each form."""
    text = compose_digest(busy()).text
    assert text.count("如另附盖章扫描件") == 1
    assert "核对清单（2 类，6 处）" in text


def test_what_waits_comes_with_the_command_that_shows_it() -> None:
    """Ids can be typed as they stand."""
    text = compose_digest(busy()).text
    assert "mailbot show item3" in text
    assert f"mailbot show {sha('请问截止时间')[:12]}" in text
    assert "mailbot outbox retry 2" in text


def test_totals_fees_and_countdown_of_a_campaign() -> None:
    """The fee counts accepted items only; an unknown one is not computed."""
    text = compose_digest(busy()).text
    assert "类别：质量信得过班组；受理：2；已撤回：1；应收（已受理）：1,000 元" in text
    assert "类别：质量管理小组；补正：1" in text
    assert "截止 2026年7月15日24:00，还有 5 天" in text
    assert "收款单位“湖南省机械装备工业质量管理协会”与发文单位名称不同" in text


def test_countdown_around_the_last_instant() -> None:
    """The deadline is exclusive at midnight."""
    end = datetime(2026, 7, 16, tzinfo=ZONE)
    before = compose_digest(request(facts(), now=end - timedelta(hours=1))).text
    after = compose_digest(request(facts(), now=end)).text
    assert "还有 1 小时" in before
    assert "2026年7月15日24:00，已截止" in after


def test_a_campaign_long_over_without_an_item_is_one_line() -> None:
    """With an item it is told of for ever; without one for a month after its last deadline."""
    long_ago = datetime(2026, 7, 16, tzinfo=ZONE) + timedelta(days=30)
    before = compose_digest(request(facts(), now=long_ago - timedelta(seconds=1))).text
    after = compose_digest(request(facts(), now=long_ago)).text
    with_item = compose_digest(
        request(facts(), item(1, "team", "冲压一班", "accepted"), now=long_ago)
    ).text

    assert "已截止、没有申报项的活动" not in before + with_item
    assert "已截止、没有申报项的活动" in after
    assert "请留意" in before
    assert "请留意" not in after


def test_html_says_what_the_text_says() -> None:
    """Cell by cell."""
    made = compose_digest(busy())
    page = re.sub(r"<[^>]+>|\s", "", made.html)
    for line in made.text.splitlines():
        for cell in line.removeprefix("- ").split("；"):
            value = re.sub(r"^【..】|==|\s|^问题：", "", cell)
            label, _, rest = value.partition("：")
            assert value in page or (label in page and rest in page)


def test_subjects_of_mails_are_escaped() -> None:
    """Staff read in a browser, too."""
    page = compose_digest(request(facts(mails=(mail("<script>x</script>"),)))).html
    assert "<script" not in page


def test_many_rows_are_cut_and_counted() -> None:
    """A digest stays readable."""
    made = compose_digest(request(facts(mails=tuple(mail(f"第{n}封") for n in range(130)))))
    assert "其余 30 行从略" in made.text
    assert "第99封" in made.text
    assert "第100封" not in made.text


def test_digest_as_a_mail() -> None:
    """Generated by a machine, and says so."""
    made = compose_digest(busy())
    raw = made.message(
        sender="hnjxzlgl@163.com", sender_name="申报受理", recipients=("a@x.cn", "b@x.cn"), now=NOW
    )
    message = email.message_from_bytes(raw, policy=policy.default)
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["To"] == "a@x.cn, b@x.cn"
    assert message["Subject"] == made.subject


def test_unknown_campaign_keeps_its_bare_category() -> None:
    """A campaign that is not enabled any more does not stop the digest."""
    old = replace(item(9, "team", "旧班组", "accepted"), campaign="gone-2020")
    assert "类别：team" in compose_digest(request(facts(items=(old,)))).text


def balance(*missing: str) -> BalanceRow:
    """A folder of three messages against the register."""
    return BalanceRow(
        account="baoming@example.org",
        folder="INBOX",
        at=NOW,
        on_server=3,
        taken=3 - len(missing),
        ignored=0,
        failed=(),
        found=0,
        missing=missing,
    )


def test_a_difference_between_mailbox_and_archive_makes_the_first_line_red() -> None:
    """Each message by name, with the sum; without a difference only the sum."""
    name = "UID 17：邮箱中有，未能取到内容，请在网页邮箱中查看这封邮件"
    red = compose_digest(request(facts(balances=(balance(name),))))
    green = compose_digest(request(facts(balances=(balance(),))))

    assert "1 封邮件与邮箱核对不符" in red.text.splitlines()[0] + red.text.splitlines()[1]
    assert name in red.text
    assert name in red.html
    assert red.needs_person
    assert not green.needs_person
    assert "邮箱与存档核对" in green.text
