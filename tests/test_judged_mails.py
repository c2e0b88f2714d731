"""``judge --json`` on mails in files, key by key as the contract prints it."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import printed
import pytest
from command import Program
from letters import MAILBOX, SENDER, letter, story_papers, team_papers

DAY = datetime(2026, 7, 10, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
SEVERITIES = {"info", "warn", "human", "hold", "ask", "reject"}
OPTIONAL = ("document", "kind", "where", "field", "label", "clause")


@pytest.fixture
def mailbot(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Program:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("MAILBOT_CONFIG", raising=False)
    return Program(capsys)


def mails(folder: Path, *raws: bytes) -> list[Path]:
    files = []
    for number, raw in enumerate(raws, 1):
        files.append(folder / f"{number}.eml")
        files[-1].write_bytes(raw)
    return files


def judged(mailbot: Program, *arguments: object) -> dict[str, Any]:
    done = mailbot("judge", *arguments, "--json")
    assert done.code == 0, done.err
    document: dict[str, Any] = done.json
    return document


def check_finding(finding: dict[str, Any]) -> None:
    assert isinstance(finding["code"], str)
    assert "." in finding["code"]
    assert finding["severity"] in SEVERITIES
    assert finding["message"]
    for key in OPTIONAL:
        assert finding[key] is None or (isinstance(finding[key], str) and finding[key])


def test_a_faulty_team_key_by_key(mailbot: Program, tmp_path: Path) -> None:
    """Mail, item, finding, document and reply."""
    files = team_papers(postcode="")
    del files["附件六 统计表.docx"]
    (file,) = mails(tmp_path, letter(files, arrived=DAY))
    found = judged(mailbot, file)
    (mail,) = found["mails"]
    (item,) = mail["items"]

    assert mail | {"items": 0, "findings": 0, "documents": 0, "reply": 0} == {
        "file": "1.eml",
        "path": str(file),
        "message_id": "<1@xiangjiang.example>",
        "sender": SENDER,
        "received_at": "2026-07-10T09:00:00+08:00",
        "disposition": "submission",
        "campaign": "hunan-2026",
        "tier": None,
        "decision": "supplement",
        "items": 0,
        "findings": 0,
        "documents": 0,
        "reply": 0,
        "silence": None,
    }
    assert item | {"id": "", "findings": 0} == {
        "id": "",
        "receipt": None,
        "category": "team",
        "company": printed.COMPANY,
        "name": "冲压一班",
        "region": None,
        "decision": "supplement",
        "findings": 0,
    }
    for finding in [*mail["findings"], *item["findings"]]:
        check_finding(finding)
    (empty,) = [entry for entry in item["findings"] if entry["code"] == "field.empty"]
    assert (
        empty.items()
        >= {
            "severity": "ask",
            "document": "附件二 成果表.docx",
            "kind": "team_form",
            "where": "表1 第3行第4列",
            "field": "postcode",
            "label": "邮编",
            "clause": "附件二",
        }.items()
    )
    (missing,) = [entry for entry in mail["findings"] if entry["severity"] == "ask"]
    assert (missing["code"], missing["kind"], missing["clause"], missing["document"]) == (
        "document.missing",
        "stats_both",
        "二",
        None,
    )
    assert mail["documents"] == [
        {"file": "附件二 成果表.docx", "kind": "team_form"},
        {"file": "附件三 汇总表.docx", "kind": "rollup"},
        {"file": "附件五 工作总结.docx", "kind": "summary_both"},
    ]
    assert mail["reply"]["to"] == SENDER
    for finding in (empty, missing):
        assert finding["message"] in mail["reply"]["text"]


def test_the_items_at_the_end_are_the_register_after_the_last_mail(
    mailbot: Program, tmp_path: Path
) -> None:
    """A fault, its correction, another category: two items, numbers from 1."""
    files = mails(
        tmp_path,
        letter(team_papers(postcode=""), arrived=DAY),
        letter(story_papers(), arrived=DAY, message_id="<2@x.example>"),
        letter({"表.docx": printed.team_form()}, arrived=DAY, message_id="<3@x.example>"),
        letter({}, arrived=DAY, message_id="<4@x.example>", subject="咨询", text="请问何时开会？"),
    )
    found = judged(mailbot, *files)
    states = [(item["name"], item["decision"], item["receipt"]) for item in found["items"]]

    assert states == [
        ("冲压一班", "accepted", "HN2026-0002"),
        ("一颗螺栓的坚守", "accepted", "HN2026-0001"),
    ]
    decided = [mail["decision"] for mail in found["mails"]]
    assert (decided[0], decided[2], decided[3]) == ("supplement", "accepted", None)
    assert found["mails"][0]["items"][0]["id"] == found["items"][0]["id"]
    assert found["mails"][3]["items"] == []


def test_a_mail_shows_only_what_it_touched(mailbot: Program, tmp_path: Path) -> None:
    """The story that was there before is no item of a mail about the team."""
    first = letter(story_papers(), arrived=DAY)
    files = team_papers()
    only = {name: files[name] for name in ("附件二 成果表.docx", "附件三 汇总表.docx")}
    second = letter(only, arrived=DAY, message_id="<2@x.example>")
    found = judged(mailbot, *mails(tmp_path, first, second))

    assert [item["name"] for item in found["mails"][1]["items"]] == ["冲压一班"]
    assert len(found["items"]) == 2


@pytest.mark.parametrize(
    ("times", "code"),
    [
        (["2026-07-10"], 0),
        (["2026-07-10", "2026-07-16"], 0),
        (["2026-07-10", "2026-07-11", "2026-07-12"], 2),
        (["gestern"], 2),
    ],
)
def test_times_once_for_all_or_once_a_mail(
    mailbot: Program, tmp_path: Path, times: list[str], code: int
) -> None:
    """Another number of times is wrong usage, in one line."""
    files = mails(
        tmp_path,
        letter(team_papers(), arrived=DAY),
        letter(
            story_papers(company="金枫电机制造有限公司"), arrived=DAY, message_id="<2@x.example>"
        ),
    )
    options = [part for moment in times for part in ("--received-at", moment)]
    done = mailbot("judge", *files, *options, "--json")

    assert done.code == code
    assert ("Traceback" in done.err) is False
    if len(times) == 2:
        assert [mail["received_at"][:10] for mail in done.json["mails"]] == times
        assert done.json["mails"][1]["decision"] == "declined"


def test_the_topmost_received_header_counts(mailbot: Program, tmp_path: Path) -> None:
    """Not the sender's Date, not a relay's, not the time of the file."""
    raw = letter(team_papers(), arrived=DAY)
    late = b"Received: from b by a; Thu, 16 Jul 2026 00:00:00 +0800\r\n" + raw
    (file,) = mails(tmp_path, late)
    os.utime(file, (1_783_641_600, 1_783_641_600))
    (mail,) = judged(mailbot, file)["mails"]

    assert mail["received_at"] == "2026-07-16T00:00:00+08:00"
    assert mail["decision"] == "declined"


def test_to_overrides_the_recipients(mailbot: Program, tmp_path: Path) -> None:
    """A question to nobody known is foreign; with --to it is a question to us."""
    raw = letter({}, arrived=DAY, to="a@o.example", subject="咨询", text="请问？")
    files = mails(tmp_path, raw)
    (foreign,) = judged(mailbot, *files)["mails"]
    (ours,) = judged(mailbot, *files, "--to", MAILBOX.upper())["mails"]

    assert (foreign["disposition"], foreign["campaign"], foreign["reply"]) == (
        "foreign",
        None,
        None,
    )
    assert (ours["disposition"], ours["campaign"]) == ("inquiry", "hunan-2026")


def test_the_campaign_can_be_named(mailbot: Program, tmp_path: Path) -> None:
    """With --campaign the recipients are of no account; a wrong name is wrong usage."""
    files = mails(tmp_path, letter({}, arrived=DAY, to="a@o.example", text="请问？"))

    (mail,) = judged(mailbot, *files, "--campaign", "hunan-2026")["mails"]
    assert mail["disposition"] == "inquiry"
    assert mailbot("judge", *files, "--campaign", "nowhere-2026", "--json").code == 2


@pytest.mark.parametrize(
    ("arguments", "code"),
    [(("missing.eml",), 1), ((".",), 1), (("1.eml", "--tier", "moon"), 2), ((), 2)],
)
def test_what_cannot_be_judged_is_told_in_one_message(
    mailbot: Program, tmp_path: Path, arguments: tuple[str, ...], code: int
) -> None:
    """No such file, a folder, no such tier, no file at all."""
    mails(tmp_path, letter({}, arrived=DAY))
    done = mailbot("judge", *arguments, "--json")

    assert (done.code, done.out) == (code, "")
    assert done.err.strip()
    assert "Traceback" not in done.err


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x00\xff\xfe\x01",
        b"no colon here\n\nbody",
        b"From: a@b.cn\nContent-Type: multipart/mixed\n\n--x\n",
    ],
    ids=["empty", "binary", "headless", "torn"],
)
def test_a_broken_mail_harms_nothing(mailbot: Program, tmp_path: Path, raw: bytes) -> None:
    """The mails after it are judged."""
    files = mails(tmp_path, raw, letter(team_papers(), arrived=DAY))
    found = judged(mailbot, *files, "--received-at", "2026-07-10T09:00")

    assert [mail["decision"] for mail in found["mails"]] == [None, "accepted"]


def test_a_mail_from_our_own_mailbox_is_automatic(mailbot: Program, tmp_path: Path) -> None:
    """The campaign's address is ours, whatever the configuration says."""
    files = mails(tmp_path, letter(team_papers(), arrived=DAY, sender=MAILBOX))
    (mail,) = judged(mailbot, *files)["mails"]

    assert (mail["disposition"], mail["reply"], mail["items"]) == ("automatic", None, [])


def test_the_same_mail_twice_is_answered_once(mailbot: Program, tmp_path: Path) -> None:
    """As in the service."""
    raw = letter(team_papers(), arrived=DAY)
    first, second = judged(mailbot, *mails(tmp_path, raw, raw))["mails"]

    assert first["reply"] is not None
    assert second["reply"] is None
    assert second["disposition"] == "submission"


def test_nothing_is_left_behind(mailbot: Program, tmp_path: Path) -> None:
    """A dry run stores nothing."""
    files = mails(tmp_path, letter(team_papers(), arrived=DAY))
    judged(mailbot, *files)

    assert sorted(path.name for path in tmp_path.iterdir()) == ["1.eml"]
