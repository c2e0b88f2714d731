"""Whether the service stays as it is over very many mails: its memory, and how quick it is.

A Dovecot box with small mails (about 1 KB, the forms about 12 KB), each from another sender.
Of every ten:

    6   questions without papers, which are answered
    2   automatic answers and a circular, which are not
    1   an application with one Word form, of another company each time
    1   the second question of a sender

`mailbot run` works on them as a process of its own (imap:// on loopback, replies into a
Maildir). After every twentieth part of the mails decided, its resident set is looked at (the
reading children, which are replaced after a number of mails, are added up beside it), and how
many mails a second it has decided since. Goal: flat; printed are the figures at a tenth of
the way (by then caches are filled) and at the end, and the growth between for 10,000 mails.

Then, with everything in the register and the questions settled by staff: a poll that finds nothing, the reconciliation of the
whole folder, and the commands `status`, `digest`, `list` and `export` (with a start of
Python; that of `--version` is printed beside them).

The full count is 100,000 and takes an hour and more; the default is 3,000.

Run: python benchmarks/endurance.py [--mails 100000] [--keep FOLDER]
"""

from __future__ import annotations

import argparse
import io
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

import printed
from letters import MAILBOX
from servers.dovecot import Box, Dovecot

from mailbot import running
from mailbot.configuration.config import load

CAMPAIGN = "hunan-2026"
ARRIVED = datetime(2026, 7, 10, 1, 0, tzinfo=UTC)
COMPANY = "湘江重工装备有限公司"
SAMPLES = 20


def plain(number: int, **headers: str) -> EmailMessage:
    """A mail of a few lines."""
    sender = f"a{number}@applicant{number % 997}.example"
    message = EmailMessage(policy=SMTP)
    message["Return-Path"] = f"<{sender}>"
    message["From"], message["To"] = f"周志远 <{sender}>", MAILBOX
    message["Subject"] = f"咨询申报事宜 {number}"
    message["Date"] = format_datetime(ARRIVED)
    message["Message-ID"] = f"<{number}@applicant.example>"
    for key, value in headers.items():
        message[key.replace("_", "-")] = value
    message.set_content(f"老师您好：请问申报材料是否需要邮寄纸质件？（{number}）")
    return message


def numbered(form: bytes, number: int) -> bytes:
    """The form of another company."""
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(form)) as package,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as copy,
    ):
        for name in package.namelist():
            part = package.read(name)
            if name == "word/document.xml":
                part = part.replace(COMPANY.encode(), f"湘江第{number}装备有限公司".encode())
            copy.writestr(name, part)
    return made.getvalue()


def mails(count: int) -> Iterator[bytes]:
    """All of them."""
    form = printed.story_form(company=COMPANY)
    for number in range(count):
        kind = number % 10
        if kind in (6, 7):
            machine = {"Auto_Submitted": "auto-replied"} if kind == 6 else {"Precedence": "bulk"}
            yield plain(number, **machine).as_bytes()
        elif kind == 8:
            message = plain(number)
            del message["Subject"]
            message["Subject"] = "品牌故事申报材料"
            message.add_attachment(
                numbered(form, number),
                maintype="application",
                subtype="vnd.openxmlformats-officedocument.wordprocessingml.document",
                filename="附件四 推荐表.docx",
            )
            yield message.as_bytes()
        elif kind == 9:
            again = plain(number - 9)
            del again["Message-ID"]
            again["Message-ID"] = f"<{number}@applicant.example>"
            yield again.as_bytes()
        else:
            yield plain(number).as_bytes()


def fill(box: Box, count: int) -> None:
    """Into the Maildir; their time of arrival is that of the file."""
    box.drop()
    uid, gid = box.owner
    for number, raw in enumerate(mails(count)):
        path = box.maildir / "new" / f"{int(ARRIVED.timestamp())}.M{number:06d}P1.bench"
        path.write_bytes(raw)
        moment = ARRIVED.timestamp() + number // 10
        os.utime(path, (moment, moment))
        os.chown(path, uid, gid)


def configured(folder: Path, box: Box) -> Path:
    """A configuration that holds no letter back."""
    for part in ("new", "cur", "tmp"):
        (folder / "out" / part).mkdir(parents=True)
    (folder / "password").write_text(box.password)
    file = folder / "config.toml"
    file.write_text(
        f'[[mailbox]]\nurl = "imap://{box.user}@{box.host}:{box.imap_port}/INBOX"\n'
        f'password_file = "password"\naddress = "{MAILBOX}"\ncampaigns = ["{CAMPAIGN}"]\n'
        f'[outgoing]\nurl = "maildir:out"\nfrom = "{MAILBOX}"\n'
        f'[campaigns]\nenabled = ["{CAMPAIGN}"]\n'
        "[limits]\nreplies_in_all = 10000000\nreplies_per_subject = 10000000\n"
        '[log]\nlevel = "error"\n',
        encoding="utf-8",
    )
    return file


def resident(process: int) -> float:
    """VmRSS in MB; 0 when it has gone."""
    try:
        status = Path(f"/proc/{process}/status").read_text()
    except OSError:
        return 0.0
    found = [line for line in status.splitlines() if line.startswith("VmRSS")]
    return int(found[0].split()[1]) / 1024 if found else 0.0


def below(process: int) -> list[int]:
    """Its children and theirs."""
    try:
        tasks = list(Path(f"/proc/{process}/task").iterdir())
        own = [int(word) for task in tasks for word in (task / "children").read_text().split()]
    except OSError:
        return []
    return [found for child in own for found in (child, *below(child))]


def decided(database: Path) -> int:
    """How many mails are done with; 0 before there is a register."""
    if not database.exists():
        return 0
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=60)) as connection:
        try:
            sql = "SELECT count(*) FROM mails WHERE state IN ('decided', 'failed')"
            return int(connection.execute(sql).fetchone()[0])
        except sqlite3.OperationalError:
            return 0


def work(file: Path, count: int) -> list[tuple[int, float]]:
    """Run the service until all is decided: how many mails, and its memory then."""
    database = file.parent / "data" / "mailbot.db"
    service = subprocess.Popen([sys.executable, "-m", "mailbot", "--config", str(file), "run"])
    samples: list[tuple[int, float]] = []
    begin = last = time.monotonic()
    before = 0
    try:
        while before < count:
            time.sleep(1)
            done = decided(database)
            if service.poll() is not None:
                raise SystemExit("the service has ended by itself")
            if done < count and done - before < count // SAMPLES:
                continue
            now = time.monotonic()
            own = resident(service.pid)
            children = sum(map(resident, below(service.pid)))
            rate = (done - before) / (now - last)
            print(
                f"{now - begin:6.0f} s  {done:7} mails  service {own:6.1f} MB"
                f"  children {children:6.1f} MB  {rate:6.1f} mails/s",
                flush=True,
            )
            samples.append((done, own))
            before, last = done, now
        time.sleep(2)  # what was underway
    finally:
        service.send_signal(signal.SIGTERM)
        service.wait(120)
    return samples


def timed(name: str, file: Path, *words: str) -> None:
    """One command, from its start to its end."""
    begin = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "mailbot", "--config", str(file), *words],
        capture_output=True,
        check=False,
    )
    seconds = time.perf_counter() - begin
    assert done.returncode in (0, 1), done.stderr.decode()
    print(f"{name:24} {seconds:7.2f} s", flush=True)


def answered(database: Path) -> None:
    """Staff have answered what waited for a person, so that the lists are those of a usual day."""
    with closing(sqlite3.connect(database, timeout=60)) as connection:
        connection.execute("UPDATE mails SET settled_at = decided_at WHERE disposition = 'inquiry'")
        connection.commit()


def questions(file: Path) -> None:
    """How long people and the next poll wait when the register is this full."""
    config = load(file)
    with running.service(config) as service:
        (box,) = service.boxes
        look: dict[str, Any] = {
            "poll, first": service.pipeline.collect,
            "poll, nothing new": service.pipeline.collect,
            "reconciliation": service.pipeline.reconcile,
        }
        for name, act in look.items():
            begin = time.perf_counter()
            act(box)
            print(f"{name:24} {time.perf_counter() - begin:7.3f} s", flush=True)
    timed("--version", file, "--version")
    timed("status", file, "status")
    timed("digest", file, "digest", "--out", str(file.parent / "digest.html"))
    timed("list", file, "list", "--json")
    for kind in ("csv", "xlsx"):
        out = str(file.parent / f"register.{kind}")
        timed(f"export .{kind}", file, "export", "--campaign", CAMPAIGN, "--out", out)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--mails", type=int, default=3000)
    parser.add_argument("--keep", type=Path, help="work in this folder, and leave it")
    options = parser.parse_args()
    server = Dovecot()
    server.start()
    try:
        with tempfile.TemporaryDirectory(prefix="mailbot-endurance-") as name:
            folder = options.keep or Path(name)
            box = server.box()
            fill(box, options.mails)
            file = configured(folder, box)
            print(f"{options.mails} mails", flush=True)
            samples = work(file, options.mails)
            answered(folder / "data" / "mailbot.db")
            questions(file)
    finally:
        server.stop()
    tenth = next((s for s in samples if s[0] >= options.mails / 10), samples[0])
    end = samples[-1]
    growth = (end[1] - tenth[1]) / max(end[0] - tenth[0], 1) * 10_000
    print(f"after {tenth[0]} mails {tenth[1]:.1f} MB, after {end[0]} {end[1]:.1f} MB")
    print(f"growth between: {growth:+.2f} MB for 10,000 mails (goal: flat)")


if __name__ == "__main__":
    main()
