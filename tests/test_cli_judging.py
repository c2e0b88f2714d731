"""``judge`` and ``read``: JSON as the contract prints it, and times of arrival."""

import email
import os
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Any

import pytest
from command import CAMPAIGN, Done, Program, configured, letters, written

MAIL_KEYS = {
    "file", "message_id", "sender", "received_at", "disposition", "campaign", "tier",
    "decision", "items", "findings", "documents", "reply",
}  # fmt: skip
ITEM_KEYS = {"id", "receipt", "category", "company", "name", "region", "decision", "findings"}
FINDING_KEYS = {
    "code",
    "severity",
    "document",
    "kind",
    "where",
    "field",
    "label",
    "clause",
    "message",
}


@pytest.fixture
def mailbot(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Program:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("MAILBOT_CONFIG", raising=False)
    return Program(capsys)


def judged(mailbot: Program, *arguments: object) -> dict[str, Any]:
    done: Done = mailbot("judge", *arguments, "--json")
    assert done.code == 0, done.err
    document: dict[str, Any] = done.json
    return document


def test_every_promised_key_is_there(mailbot: Program, tmp_path: Path) -> None:
    """Mails, items, findings, documents, reply."""
    found = judged(mailbot, *written(tmp_path, many=1), "--received-at", "2026-07-10T09:00")
    (mail,) = found["mails"]
    (item,) = mail["items"]

    assert mail.keys() >= MAIL_KEYS
    assert item.keys() >= ITEM_KEYS
    assert all(entry.keys() >= FINDING_KEYS for entry in mail["findings"] + item["findings"])
    assert all(entry.keys() >= {"file", "kind"} for entry in mail["documents"])
    assert mail["reply"].keys() >= {"to", "subject", "text"}
    assert found["items"] == mail["items"]
    assert (mail["file"], mail["received_at"]) == ("1.eml", "2026-07-10T09:00:00+08:00")
    assert (mail["disposition"], mail["campaign"]) == ("submission", CAMPAIGN.id)


def test_mails_are_judged_in_their_order_against_one_register(
    mailbot: Program, tmp_path: Path
) -> None:
    """The same mail again is known, and answered once."""
    files = written(tmp_path, many=2)
    first, second = judged(mailbot, *files, "--received-at", "2026-07-10T09:00")["mails"]

    assert first["reply"] is not None
    assert second["reply"] is None
    assert second["silence"]


def test_what_was_taken_back_is_withdrawn_in_the_register(mailbot: Program, tmp_path: Path) -> None:
    """Not left as it stood before the withdrawal."""
    files = written(tmp_path, many=1)
    back = tmp_path / "撤回.eml"
    sent, answer = email.message_from_bytes(files[0].read_bytes()), EmailMessage(policy=SMTP)
    for header in ("Return-Path", "From", "To"):
        answer[header] = str(sent[header])
    answer["Subject"], answer["Message-ID"] = "撤回申请", "<back@company.example>"
    answer["In-Reply-To"] = str(sent["Message-ID"])
    answer.set_content("我单位申请撤回全部申报项目。")
    back.write_bytes(answer.as_bytes())
    found = judged(mailbot, *files, back, "--received-at", "2026-07-10T09:00")

    assert found["mails"][1]["disposition"] == "withdrawal"
    assert {item["decision"] for item in found["mails"][0]["items"]} != {"withdrawn"}
    assert {item["decision"] for item in found["items"]} == {"withdrawn"}


@pytest.mark.parametrize(
    ("arrived", "late"),
    [("2026-07-15T23:59:59", False), ("2026-07-16T00:00:00", True)],
)
def test_the_named_time_of_arrival_counts(
    mailbot: Program, tmp_path: Path, arrived: str, late: bool
) -> None:
    """In the campaign's zone, on both sides of the last instant."""
    found = judged(mailbot, *written(tmp_path, many=1), "--received-at", arrived)
    codes = {entry["code"] for item in found["items"] for entry in item["findings"]}

    assert ("deadline.passed" in codes) is late


def test_a_time_with_zone_is_taken_as_it_is(mailbot: Program, tmp_path: Path) -> None:
    """16:00 UTC is midnight in China."""
    found = judged(mailbot, *written(tmp_path, many=1), "--received-at", "2026-07-15T16:00:00Z")

    assert found["mails"][0]["received_at"] == "2026-07-16T00:00:00+08:00"


def test_each_mail_may_have_its_time(mailbot: Program, tmp_path: Path) -> None:
    """The option is repeated once a mail."""
    files = written(tmp_path, many=2)
    times = ["--received-at", "2026-07-10T09:00", "--received-at", "2026-07-11T09:00"]
    found = judged(mailbot, *files, *times)

    assert [mail["received_at"][:10] for mail in found["mails"]] == ["2026-07-10", "2026-07-11"]


@pytest.mark.parametrize(
    "times", [["2026-07-10", "2026-07-11"], ["not a time"], ["2026-13-01", "x", "y"]]
)
def test_wrong_times_are_wrong_usage(mailbot: Program, tmp_path: Path, times: list[str]) -> None:
    """Another number of times than mails, or no times at all."""
    options = [part for moment in times for part in ("--received-at", moment)]

    assert mailbot("judge", *written(tmp_path, many=3), *options, "--json").code == 2


def test_without_a_named_time_the_received_header_counts(mailbot: Program, tmp_path: Path) -> None:
    """The topmost one, which the own provider wrote."""
    file = tmp_path / "mail.eml"
    head = b"Received: from x by y; Fri, 10 Jul 2026 08:00:00 +0800\n"
    file.write_bytes(head + short_letter())

    assert judged(mailbot, file)["mails"][0]["received_at"] == "2026-07-10T08:00:00+08:00"


def test_without_a_received_header_the_time_of_the_file_counts(
    mailbot: Program, tmp_path: Path
) -> None:
    """The best that is left."""
    file = tmp_path / "mail.eml"
    file.write_bytes(short_letter())
    os.utime(file, (1_783_641_600, 1_783_641_600))

    assert judged(mailbot, file)["mails"][0]["received_at"] == "2026-07-10T08:00:00+08:00"


def short_letter() -> bytes:
    """A mail without attachments and without a Received header."""
    raw = min((letter.raw for letter in letters()), key=len)
    head, _, body = raw.replace(b"\r\n", b"\n").partition(b"\n\n")
    kept = [line for line in head.split(b"\n") if not line.lower().startswith(b"received")]
    return b"\n".join(kept) + b"\n\n" + body


def test_the_address_decides_where_a_mail_belongs(mailbot: Program, tmp_path: Path) -> None:
    """--to names the mailbox it came to."""
    file = tmp_path / "mail.eml"
    file.write_bytes(
        b"From: a@b.cn\nTo: nobody@example.org\nReturn-Path: <a@b.cn>\n\n\xe4\xbd\xa0\xe5\xa5\xbd\n"
    )
    foreign = judged(mailbot, file, "--received-at", "2026-07-10")
    ours = judged(
        mailbot, file, "--received-at", "2026-07-10", "--to", CAMPAIGN.mailboxes[0].address
    )

    assert foreign["mails"][0]["disposition"] == "foreign"
    assert ours["mails"][0]["disposition"] == "inquiry"


def test_people_get_tables_and_the_reply(mailbot: Program, tmp_path: Path) -> None:
    """Without --json."""
    done = mailbot("judge", *written(tmp_path, many=1), "--received-at", "2026-07-10")

    assert done.code == 0
    assert "结论" in done.out
    assert "回复" in done.out


def test_the_real_register_is_only_read(mailbot: Program, tmp_path: Path) -> None:
    """--live judges against it and leaves it as it was; no number is given."""
    configured(tmp_path)
    files = written(tmp_path, many=1)
    found = judged(mailbot, *files, "--live", "--received-at", "2026-07-10")

    assert [item["receipt"] for item in found["items"]] == [None]
    assert mailbot("list", "--json").json == []


def test_the_real_register_counts_what_is_known(mailbot: Program, tmp_path: Path) -> None:
    """The same mail is known there."""
    file = configured(tmp_path)
    files = written(tmp_path, many=1)
    mailbot("--config", file, "import", *files, "--received-at", "2026-07-10")
    (mail,) = judged(mailbot, *files, "--live", "--received-at", "2026-07-11")["mails"]

    assert mail["reply"] is None


def attachment(folder: Path) -> Path:
    """The form of the first letter."""
    from email import message_from_bytes, policy  # noqa: PLC0415 - used here only

    message = message_from_bytes(letters(many=1)[0].raw, policy=policy.default)
    part = next(iter(message.iter_attachments()))
    file = folder / "form.docx"
    file.write_bytes(part.get_content())
    return file


def test_a_form_is_read_with_values_and_places(mailbot: Program, tmp_path: Path) -> None:
    """JSON of ``read`` as promised."""
    (document,) = mailbot("read", attachment(tmp_path), "--json").json
    (form,) = document["forms"]

    assert document.keys() >= {"file", "sha256", "format", "problems", "forms", "members"}
    assert form.keys() >= {"kind", "campaign", "title", "confidence", "fields", "tables"}
    assert (document["format"], form["campaign"]) == ("docx", CAMPAIGN.id)
    assert all(
        field.keys() >= {"key", "label", "value", "raw", "where"} for field in form["fields"]
    )


def test_a_form_is_shown_to_people(mailbot: Program, tmp_path: Path) -> None:
    """Labels, values and places."""
    file = attachment(tmp_path)
    (document,) = mailbot("read", file, "--json").json
    shown = mailbot("read", file).out

    assert document["forms"][0]["fields"][0]["label"] in shown
    assert "表1" in shown


def test_what_cannot_be_read_is_a_result(mailbot: Program, tmp_path: Path) -> None:
    """Exit 0, with the reason in the document."""
    file = tmp_path / "broken.docx"
    file.write_bytes(b"PK\x03\x04 broken")
    done = mailbot("read", file, "--json")

    assert done.code == 0
    assert done.json[0]["problems"]
    assert done.json[0]["problems"][0]["message"] in mailbot("read", file).out.replace("\n", "")


def test_several_files_are_read_in_their_order(mailbot: Program, tmp_path: Path) -> None:
    """One entry each."""
    (tmp_path / "a.txt").write_text("一", encoding="utf-8")
    (tmp_path / "b.txt").write_text("二", encoding="utf-8")
    done = mailbot("read", "b.txt", "a.txt", "--json")

    assert [entry["file"] for entry in done.json] == ["b.txt", "a.txt"]


def test_a_warning_does_not_spoil_the_json(mailbot: Program, tmp_path: Path) -> None:
    """What is logged goes to standard error, also without a configuration."""
    (tmp_path / "config.toml").write_text("[limits]\nread_seconds = 1\n", encoding="utf-8")
    file = tmp_path / "bomb.eml"
    file.write_bytes(b"Subject: x\n" * 30_000 + b"\nx\n")
    done = mailbot("judge", file, "--received-at", "2026-07-10", "--json")

    assert (done.code, len(done.json["mails"])) == (0, 1)
