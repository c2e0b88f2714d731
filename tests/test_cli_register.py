"""Mails imported and processed, and everything that is then asked of the register."""

import hashlib
import mailbox
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path

import openpyxl
import pytest
from command import CAMPAIGN, Program, configured, letters, written

from mailbot.cli.history import EVENTS
from mailbot.letters.wording import STATES
from mailbot.store import health, open_store, register
from mailbot.store import schema as t


@pytest.fixture
def mailbot(capsys: pytest.CaptureFixture[str]) -> Program:
    return Program(capsys)


@pytest.fixture
def office(mailbot: Program, tmp_path: Path) -> Callable[..., object]:
    """The program with a configuration and one mail taken in."""
    file = configured(tmp_path, '[staff]\ndigest_to = "li@example.org"\n')
    (mail,) = written(tmp_path, many=1)
    done = mailbot("--config", file, "import", mail, "--received-at", "2026-07-10T09:00")
    assert done.code == 0, done.err
    return lambda *arguments: mailbot("--config", file, *arguments)


def test_an_imported_mail_becomes_items_of_the_register(office: Program) -> None:
    """With the time that was named, in the campaign's zone."""
    (item,) = office("list", "--json").json

    assert item["campaign"] == CAMPAIGN.id
    assert datetime.fromisoformat(item["first_arrival"]) == datetime(2026, 7, 10, 1, tzinfo=UTC)


def test_the_list_is_filtered(office: Program) -> None:
    """By campaign, state and region."""
    (item,) = office("list", "--json").json
    there = office("list", "--campaign", CAMPAIGN.id, "--state", item["state"], "--json").json
    other = office("list", "--state", "withdrawn", "--json").json

    assert (len(there), len(other)) == (1, 0)
    assert office("list", "--region", "none", "--json").json == []
    assert office("list", "--state", "none").code == 2


def test_the_list_for_people_names_company_and_item(office: Program) -> None:
    """In Chinese, with the number of items."""
    (item,) = office("list", "--json").json
    shown = office("list").out

    assert item["company"] in shown
    assert item["name"] in shown
    assert "共 1 项" in shown


def test_the_mails_are_listed_with_what_they_were_taken_for(office: Program) -> None:
    """By disposition or state; what no mail can be is wrong usage."""
    (mail,) = office("list", "--mails", "--json").json
    shown = office("list", "--mails", "--state", "submission").out

    assert mail["disposition"] == "submission"
    assert mail["sha256"][:12] in shown
    assert "共 1 封" in shown
    assert office("list", "--mails", "--state", "junk", "--json").json == []
    assert office("list", "--mails", "--state", "accepted").code == 2
    assert office("list", "--mails", "--region", "长沙").code == 2


def test_an_item_is_shown_with_its_history(office: Program) -> None:
    """By its id; the mails by their hash."""
    (item,) = office("list", "--json").json
    detail = office("show", item["id"], "--json").json
    mail = office("show", detail["mails"][0]["sha256"][:8], "--json").json

    assert detail["item"]["id"] == item["id"]
    assert detail["events"]
    assert mail["documents"]
    assert item["name"] in office("show", item["id"]).out
    assert "附件" in office("show", detail["mails"][0]["sha256"][:8]).out


def test_a_mail_is_shown_with_all_that_proves_it(office: Program) -> None:
    """When, how large, which bytes, which files, what we answered and who took the answer."""
    (item,) = office("list", "--json").json
    office("run", "--once")
    detail = office("show", item["id"], "--json").json
    sha256 = detail["mails"][0]["sha256"]
    mail = office("show", sha256[:8], "--json").json
    shown = office("show", sha256[:8]).out.replace("\n", "")

    assert sha256 in shown
    assert f"{mail['mail']['size']:,} 字节" in shown
    assert all(entry["sha256"][:8] in shown for entry in mail["documents"])
    assert mail["replies"][0]["answer"]
    assert f"发信服务器的答复：{mail['replies'][0]['answer']}" in shown
    assert mail["replies"][0]["message_id"] in shown


def test_the_original_of_a_mail_is_exported(office: Program, tmp_path: Path) -> None:
    """Byte for byte, by the mail or by an item that came with one mail; nothing is overwritten."""
    (item,) = office("list", "--json").json
    sha256 = office("show", item["id"], "--json").json["mails"][0]["sha256"]
    one, other = tmp_path / "证据.eml", tmp_path / "other.eml"
    done = office("show", sha256[:8], "--raw", str(one))
    office("show", item["id"], "--raw", str(other), "--json")
    again = office("show", sha256[:8], "--raw", str(one))

    assert done.code == 0
    assert sha256 in done.err.replace("\n", "")
    assert hashlib.sha256(one.read_bytes()).hexdigest() == sha256
    assert other.read_bytes() == one.read_bytes()
    assert again.code == 2
    assert "已经存在" in again.err


def test_an_original_that_is_gone_is_not_exported(office: Program, tmp_path: Path) -> None:
    """Said with what to do; no empty file is left."""
    (item,) = office("list", "--json").json
    for file in tmp_path.rglob(f"{item_mail(office, item)}.eml"):
        file.unlink()
    done = office("show", item["id"], "--raw", str(tmp_path / "out.eml"))

    assert done.code == 1
    assert "备份" in done.err
    assert not (tmp_path / "out.eml").exists()


def test_an_item_of_several_mails_asks_which(office: Program, tmp_path: Path) -> None:
    """Their numbers are told."""
    (item,) = office("list", "--json").json
    first = item_mail(office, item)
    original = next(tmp_path.rglob(f"{first}.eml")).read_bytes()
    answer = tmp_path / "answer.eml"
    answer.write_bytes(original.replace(b"Message-ID: <", b"Message-ID: <x", 1) + b"\r\nx\r\n")
    office("import", answer, "--received-at", "2026-07-10T10:00")
    done = office("show", item["id"], "--raw", str(tmp_path / "out.eml"))

    assert done.code == 2
    assert first[:12] in done.err.replace("\n", "")


def item_mail(office: Program, item: dict[str, str]) -> str:
    """The SHA-256 of the first mail of an item."""
    detail = office("show", item["id"], "--json").json
    return str(detail["mails"][0]["sha256"])


def test_history_is_told_in_words_for_staff(office: Program) -> None:
    """Programs get the words of the store, people get Chinese."""
    (item,) = office("list", "--json").json
    shown = office("show", item["id"]).out

    assert "收到来信，原件已存档" in shown
    assert f"结论：{STATES[item['state']]}" in shown
    assert "mail.collected" not in shown
    assert "decision=" not in shown


def test_every_event_has_a_word_for_staff() -> None:
    """Whatever the store notes."""
    folder = Path(register.__file__).parent
    source = "".join(file.read_text(encoding="utf-8") for file in folder.glob("*.py"))
    noted = set(re.findall(r'"((?:mail|item|reply)\.[a-z_]+)"', source))
    states = ("queued", "sent", "uncertain", "refused", "held")
    noted |= {f"reply.{state}" for state in states}

    assert noted >= {"mail.collected", "item.decided", "reply.queued"}
    assert noted - set(EVENTS) == set()


def test_status_tells_of_a_mail_whose_original_is_gone(office: Program, tmp_path: Path) -> None:
    """The register against the archive."""
    office("run", "--once")
    well = office("status", "--json")
    (original,) = (tmp_path / "data" / "archive").rglob("*.eml")
    original.rename(tmp_path / "elsewhere.eml")
    ill = office("status", "--json")

    assert (well.code, well.json["archive"]) == (0, {"mails": 1, "missing": []})
    assert (ill.code, ill.json["archive"]["missing"]) == (1, [original.stem])
    assert "原件不在存档中" in office("status").out


def test_status_tells_the_sum_of_each_mailbox(office: Program, tmp_path: Path) -> None:
    """What the server holds against what was taken."""
    content = (tmp_path / "1.eml").read_bytes()
    (tmp_path / "in" / "new" / "1783645200.M1.test").write_bytes(content)
    office("run", "--once")
    [row] = office("status", "--json").json["balances"]

    assert (row["on_server"], row["taken"], row["missing"]) == (1, 1, [])
    assert "邮箱与存档核对" in office("status").out


def test_status_names_the_parts_in_chinese(office: Program) -> None:
    """No word of the store's own, and what is left on the disk."""
    office("run", "--once")
    shown = office("status").out

    assert "来信处理" in shown
    assert "发信服务器" in shown
    assert "磁盘剩余" in shown
    assert "processing" not in shown


def test_a_repeated_mail_is_counted_as_such(office: Program, tmp_path: Path) -> None:
    """The same mail on another way here."""
    again = tmp_path / "again.eml"
    again.write_bytes(b"Received: from b by a; Fri, 10 Jul 2026 10:00:00 +0800\r\n"
                      + (tmp_path / "1.eml").read_bytes())  # fmt: skip
    done = office("import", again)

    assert "重复来信 1 封" in done.out


def test_what_is_no_mail_is_not_imported(office: Program, tmp_path: Path) -> None:
    """A file named by mistake; the archive keeps everything for ever."""
    done = office("import", tmp_path / "config.toml")

    assert (done.code, "不是邮件" in done.err) == (1, True)
    assert office("status", "--json").json["archive"]["mails"] == 1


def test_what_is_not_there_cannot_be_shown(office: Program) -> None:
    """Exit 1: nothing was wrong with the question."""
    assert office("show", "nothing").code == 1


def test_a_known_mail_is_not_taken_twice(office: Program, tmp_path: Path) -> None:
    """However often it is imported."""
    again = office("import", tmp_path / "1.eml")

    assert (again.code, "新收入 0 封" in again.out) == (0, True)
    assert len(office("list", "--json").json) == 1


def test_the_reply_waits_until_a_cycle_sends_it(office: Program, tmp_path: Path) -> None:
    """Import sends nothing by itself."""
    before = [entry["state"] for entry in office("outbox", "list", "--json").json]
    cycle = office("run", "--once")
    after = [entry["state"] for entry in office("outbox", "list", "--json").json]
    (sent,) = (tmp_path / "out" / "new").iterdir()
    answer = message_from_bytes(sent.read_bytes(), policy=policy.default)

    assert (before, cycle.code, after) == (["queued"], 0, ["sent"])
    assert answer["Auto-Submitted"] == "auto-replied"
    assert cycle.out == ""


def test_only_what_is_not_delivered_can_be_retried(office: Program) -> None:
    """A sent reply is not sent again by mistake."""
    (reply,) = office("outbox", "list", "--json").json
    first = office("outbox", "retry", reply["id"]).code
    office("run", "--once")

    assert (first, office("outbox", "retry", reply["id"]).code) == (0, 1)


def test_a_retry_ends_the_pause(office: Program, tmp_path: Path) -> None:
    """A person wants it sent now: the password has been put right, the provider asked."""
    store = open_store(f"sqlite:///{tmp_path / 'data' / 'mailbot.db'}")
    health.failed(store, health.OUTGOING, "密码不对", datetime.now(UTC), pause=timedelta(hours=1))
    paused = office("run", "--once").code
    (reply,) = office("outbox", "list", "--json").json
    office("outbox", "retry", reply["id"])
    again = office("run", "--once").code
    store.close()

    assert (paused, again) == (1, 0)


@pytest.mark.parametrize(
    ("state", "attempts", "shown"),
    [("held", 9, True), ("refused", 1, True), ("uncertain", 1, True), ("queued", 1, True),
     ("queued", 0, False), ("sent", 1, False)],
)  # fmt: skip
def test_status_lists_every_reply_that_did_not_get_out(
    office: Program, tmp_path: Path, *, state: str, attempts: int, shown: bool
) -> None:
    """With its number and the reason, so that it can be sent again."""
    store = open_store(f"sqlite:///{next(tmp_path.rglob('mailbot.db'))}")
    with store.writing() as connection:
        values = {"state": state, "attempts": attempts, "last_error": "550 对方邮箱已满"}
        connection.execute(t.replies.update().values(**values))
    store.close()
    found = office("status", "--json").json["unsent"]

    assert [entry["state"] for entry in found] == ([state] if shown else [])
    assert ("550 对方邮箱已满" in office("status").out.replace("\n", "")) is shown


def test_status_is_0_when_all_is_well_and_1_when_a_mailbox_fails(
    office: Program, tmp_path: Path
) -> None:
    """Whoever watches from outside asks the exit code."""
    office("run", "--once")
    well = office("status", "--json")
    (tmp_path / "in" / "new").rename(tmp_path / "in" / "gone")
    cycle = office("run", "--once")
    ill = office("status", "--json")

    assert (well.code, well.json["needs_person"]) == (0, False)
    assert cycle.code == 1
    assert (ill.code, ill.json["needs_person"]) == (1, True)
    assert "故障" in office("status").out


def test_the_digest_is_shown_written_and_sent(office: Program, tmp_path: Path) -> None:
    """As text, as a page, as a mail to staff."""
    page = tmp_path / "digest.html"
    shown = office("digest")
    written_ = office("digest", "--out", page)
    sent = office("digest", "--send")
    mails = [
        message_from_bytes(file.read_bytes(), policy=policy.default)
        for file in (tmp_path / "out" / "new").iterdir()
    ]

    assert (shown.code, written_.code, sent.code) == (0, 0, 0)
    assert "收到的邮件（1 封）" in shown.out
    assert page.read_text(encoding="utf-8").lstrip().startswith("<")
    assert [mail["To"] for mail in mails if "日报" in mail["Subject"]] == ["li@example.org"]


def test_the_digest_of_another_day_is_empty(office: Program) -> None:
    """--date names the day."""
    assert "收到的邮件（0 封）" in office("digest", "--date", "2020-01-01").out


def test_the_digest_needs_somebody_to_go_to(mailbot: Program, tmp_path: Path) -> None:
    """Sending it to nobody is a mistake in the configuration."""
    done = mailbot("--config", configured(tmp_path), "digest", "--send")

    assert (done.code, "staff.digest_to" in done.err) == (2, True)


@pytest.mark.parametrize("ending", [".xlsx", ".csv", ".docx"])
def test_the_register_is_exported(office: Program, tmp_path: Path, ending: str) -> None:
    """In the format of the file's ending."""
    out = tmp_path / f"register{ending}"
    done = office("export", "--campaign", CAMPAIGN.id, "--out", out)

    assert (done.code, out.stat().st_size > 100) == (0, True)


def test_the_exported_workbook_holds_the_item(office: Program, tmp_path: Path) -> None:
    """Opened as staff would."""
    (item,) = office("list", "--json").json
    out = tmp_path / "register.xlsx"
    office("export", "--campaign", CAMPAIGN.id, "--out", out)
    book = openpyxl.load_workbook(out)
    cells = {str(cell.value) for row in book.worksheets[0].iter_rows() for cell in row}

    assert item["name"] in cells


def test_another_ending_is_wrong_usage(office: Program) -> None:
    """Before anything is read."""
    assert office("export", "--campaign", CAMPAIGN.id, "--out", "x.pdf").code == 2


def test_mbox_and_maildir_are_imported(mailbot: Program, tmp_path: Path) -> None:
    """Each mail with its own time of arrival."""
    file = configured(tmp_path)
    automatic = [letter.raw for letter in letters() if len(letter.raw) < 5000]
    box = mailbox.mbox(tmp_path / "old.mbox")
    folder = mailbox.Maildir(tmp_path / "box", create=True)
    box.add(b"From a@b.cn Fri Jul 10 01:00:00 2026\n" + automatic[0])
    box.close()
    folder.add(automatic[1])
    done = mailbot("--config", file, "import", tmp_path / "old.mbox", tmp_path / "box")

    assert (done.code, "新收入 2 封，已处理 2 封" in done.out) == (0, True)


def test_another_number_of_times_than_mails_is_wrong_usage(
    mailbot: Program, tmp_path: Path
) -> None:
    """Nothing is taken in then."""
    file = configured(tmp_path)
    one = written(tmp_path, many=3)
    times = ["--received-at", "2026-07-10", "--received-at", "2026-07-11"]

    assert mailbot("--config", file, "import", *one, *times).code == 2
    assert mailbot("--config", file, "list", "--json").json == []


def test_originals_read_again_give_the_same(office: Program) -> None:
    """Today's readers against what was stored, with the real archive; nothing to tell."""
    done = office("replay", "--read", "--json")
    told = done.json

    assert done.code == 0, done.err
    assert (told["dossiers"], told["changes"], told["readings"]) == (1, [], [])
    assert told["problems"] == []
