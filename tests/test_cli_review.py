"""What staff type to decide, over a register that holds a team's application and an inquiry."""

from __future__ import annotations

import getpass
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from command import CAMPAIGN, Program, configured
from counter import Counter
from dossiers import NOW
from outcomes import TEAM

from mailbot.store import mails, open_store
from mailbot.store import schema as t


@pytest.fixture
def mailbot(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Iterator[Program]:
    """The program with its configuration; a team waits for documents, an inquiry for a person."""
    file = configured(tmp_path)
    with closing(open_store(f"sqlite:///{tmp_path / 'data' / 'mailbot.db'}")) as store:
        counter = Counter(store=store, campaign=CAMPAIGN)
        counter.take(TEAM)
        counter.take(sender="wang@lushan.example", body="请问截止时间？")
        program = Program(capsys)
        yield lambda *arguments: program("--config", file, *arguments)  # type: ignore[misc]


def test_what_waits_is_listed(mailbot: Program) -> None:
    """For people as a table, for programs with everything."""
    (entry,) = mailbot("review", "list", "--json").json
    shown = mailbot("review", "list", "--campaign", CAMPAIGN.id).out

    assert entry["mail"]["sender"] == "wang@lushan.example"
    assert "来信咨询，请人工答复" in shown
    assert "共 1 件等人处理" in shown
    assert entry["mail"]["sha256"][:12] in shown
    assert mailbot("review", "list", "--campaign", "none").code == 2


def test_what_is_no_plain_decision_is_told_with_its_command(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """A mail that could not be handled, and one that would replace another's papers."""
    program = Program(capsys)
    file = configured(tmp_path)
    with closing(open_store(f"sqlite:///{tmp_path / 'data' / 'mailbot.db'}")) as store:
        counter = Counter(store=store, campaign=CAMPAIGN)
        counter.take(TEAM)
        counter.take(TEAM, sender="li@stranger.example")
        with store.writing() as connection:
            mails.set_aside(connection, 1, "磁盘已满", NOW)
        listed = program("--config", file, "review", "list").out
        done = program("--config", file, "review", "retry", counter.mails[0][:12])
        again = program("--config", file, "review", "retry", counter.mails[0][:12])

    assert "review retry 来信编号" in listed
    assert (done.code, "已排入队列" in done.out) == (0, True)
    assert (again.code, "无需重新办理" in again.err) == (1, True)


def test_an_item_is_accepted_by_its_id(mailbot: Program) -> None:
    """What became of it is told, and what is sent; the history names the person."""
    (item,) = mailbot("list", "--json").json
    done = mailbot("review", "accept", item["id"], "--note", "纸质材料齐全")
    (after,) = mailbot("list", "--json").json
    letters = mailbot("outbox", "list", "--json").json
    history = mailbot("show", item["id"])

    assert (done.code, after["state"]) == (0, "accepted")
    assert after["receipt"] in done.out
    assert "补正 → 受理" in done.out
    assert [entry["kind"] for entry in letters] == ["correction", "inquiry", "receipt"]
    assert getpass.getuser() in history.out
    assert "决定：准予受理" in history.out
    assert "纸质材料齐全" in history.out


def test_what_cannot_be_done_is_told_and_changes_nothing(mailbot: Program) -> None:
    """Exit 1 with a reason in Chinese."""
    (item,) = mailbot("list", "--json").json
    mailbot("review", "accept", item["id"])
    again = mailbot("review", "accept", item["id"])
    unknown = mailbot("review", "accept", "nothing")

    assert (again.code, "已受理" in again.err) == (1, True)
    assert (unknown.code, "登记簿中没有 nothing" in unknown.err) == (1, True)


@pytest.mark.parametrize("command", ["return", "decline"])
def test_a_reason_is_needed(mailbot: Program, command: str) -> None:
    """Wrong usage: the applicant is told nothing without one."""
    (item,) = mailbot("list", "--json").json
    empty = mailbot("review", command, item["id"], "--reason", "  ")
    missing = mailbot("review", command, item["id"])

    assert (empty.code, missing.code) == (2, 2)
    assert "理由不能为空" in empty.err
    assert "缺少" in missing.err
    assert mailbot("list", "--json").json == [item]


def test_a_program_gets_the_letter(mailbot: Program) -> None:
    """--json tells what is recorded and what will be sent."""
    (item,) = mailbot("list", "--json").json
    told = mailbot("review", "decline", item["id"], "--reason", "不在本次范围。", "--json").json

    assert told["items"][0]["state"] == "declined"
    assert "不在本次范围。" in told["replies"][0]["text"]


def test_a_mail_is_settled_by_the_beginning_of_its_number(mailbot: Program) -> None:
    """Then nothing waits."""
    (entry,) = mailbot("review", "list", "--json").json
    done = mailbot("review", "accept", entry["mail"]["sha256"][:8])

    assert (done.code, "人工处理完毕" in done.out) == (0, True)
    assert mailbot("review", "list", "--json").json == []


def test_an_item_is_withdrawn(mailbot: Program) -> None:
    """On request, with a word for the applicant."""
    (item,) = mailbot("list", "--json").json
    done = mailbot("withdraw", item["id"], "--reason", "应贵单位来函要求。")
    (letter, *_) = reversed(mailbot("outbox", "list", "--json").json)

    assert (done.code, "补正 → 已撤回" in done.out) == (0, True)
    assert [row["state"] for row in mailbot("list", "--json").json] == ["withdrawn"]
    assert (letter["kind"], "应贵单位来函要求。" in letter["text"]) == ("withdrawn", True)


def test_a_grade_is_entered_and_shown(mailbot: Program) -> None:
    """A campaign without places by grade takes any."""
    (item,) = mailbot("list", "--json").json
    done = mailbot("grade", item["id"], "1")
    (after,) = mailbot("list", "--json").json

    assert (done.code, after["grade"]) == (0, "1")
    assert "录入等级" in mailbot("show", item["id"]).out


def test_a_tick_is_entered_shown_and_taken_back(mailbot: Program) -> None:
    """For the whole dossier; twice is told."""
    (item,) = mailbot("list", "--json").json
    first = mailbot("tick", item["dossier"], "stamp")
    again = mailbot("tick", item["dossier"], "stamp")
    shown = mailbot("show", item["id"]).out
    undone = mailbot("tick", item["dossier"], "stamp", "--undo", "--json")

    assert (first.code, again.code, undone.code) == (0, 1, 0)
    assert "盖章已核对" in shown
    assert "此前已登记" in again.err
    assert mailbot("tick", item["id"], "seal").code == 2


def test_the_unit_of_a_mail_is_named(mailbot: Program) -> None:
    """One of the two options, not both and not none."""
    (item,) = mailbot("list", "--json").json
    neither = mailbot("review", "assign", item["id"])
    done = mailbot("review", "assign", item["id"], "--unit", "湘江重工股份有限公司")
    (after,) = mailbot("list", "--json").json

    assert (neither.code, "--unit 或 --region" in neither.err) == (2, True)
    assert (done.code, after["unit"]) == (0, "湘江重工股份有限公司")


def test_a_replay_tells_and_records(mailbot: Program) -> None:
    """Under the same rules there is nothing to tell, and nobody is written to."""
    letters = mailbot("outbox", "list", "--json").json
    told = mailbot("replay", "--json")
    done = mailbot("replay", "--campaign", CAMPAIGN.id, "--apply")

    assert (told.code, told.json["applied"], told.json["changes"]) == (0, False, [])
    assert (done.code, "重新审查 1 个卷宗，0 个有不同" in done.out) == (0, True)
    assert mailbot("outbox", "list", "--json").json == letters
    assert mailbot("replay", "--campaign", "none").code == 2


def test_a_replay_names_what_is_different(mailbot: Program, tmp_path: Path) -> None:
    """What was accepted and would not be any more; it stays so."""
    (item,) = mailbot("list", "--json").json
    mailbot("review", "accept", item["id"])
    with (
        closing(open_store(f"sqlite:///{tmp_path / 'data' / 'mailbot.db'}")) as store,
        store.writing() as connection,
    ):  # as if the rules of that day had found nothing
        connection.execute(t.rulings.delete())
        connection.execute(t.findings.delete())
    shown = mailbot("replay")

    assert shown.code == 0
    assert "受理（保持）" in shown.out
    assert "有 1 项已受理，按现行规则不能受理" in shown.out
    assert "尚未作任何改动" in shown.out


def test_an_original_that_is_gone_is_a_problem(mailbot: Program) -> None:
    """Exit 1 with what to do; what was read of it stays."""
    done = mailbot("replay", "--read")

    assert (done.code, "请从备份恢复" in done.err) == (1, True)
