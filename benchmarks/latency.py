"""How long an applicant waits: from the delivery of a mail until the reply has reached the SMTP server.

`mailbot run` as a process of its own, over TLS to a Dovecot box; mails are delivered by LMTP
as a provider's server does, replies go to an SMTP server in this process, without a pause
between them. Two fixtures in turn: a question of a few lines, and an application with one
Word form (about 12 KB). Each is delivered when the reply to the one before has come, after a
drawn pause of up to 0.3 seconds; 5 to warm up do not count.

    IDLE      200 mails, median and 99th percentile; and how long each step took: until the
              server told of it (another client in IDLE hears it; Dovecot waits half a second
              on purpose), then by the register until it was fetched, read and decided, and
              until the reply had arrived
    polling   the same service without IDLE, looking every 5 seconds: 20 mails at drawn
              times (with poll_seconds = 60 the wait is twelve times as long)
    at once   50 mails delivered in one go with IDLE: until the last reply has come

Nothing is gated. Run: python benchmarks/latency.py [--mails 200]
"""

from __future__ import annotations

import argparse
import email
import random
import re
import shutil
import signal
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

import printed
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from endurance import CAMPAIGN, COMPANY, numbered, plain
from imapclient import IMAPClient
from letters import MAILBOX
from servers.dovecot import Box, Dovecot
from servers.ports import free_port

import rules as campaigns

POLL = 5
WARM = 5


class Office:
    """Takes replies and remembers when each has come, by the Message-ID it answers."""

    def __init__(self) -> None:
        self.come: dict[str, float] = {}
        self._news = threading.Condition()

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self, _smtp: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        now = time.time()
        assert isinstance(envelope.content, bytes)
        answers = str(email.message_from_bytes(envelope.content)["In-Reply-To"])
        with self._news:
            self.come[answers] = now
            self._news.notify_all()
        return "250 OK"

    def wait(self, ids: Sequence[str], seconds: float = 120) -> None:
        """Until all of them have come."""
        with self._news:
            if not self._news.wait_for(lambda: set(ids) <= self.come.keys(), seconds):
                raise SystemExit(f"no reply within {seconds} seconds")


class Listener(threading.Thread):
    """Another client in IDLE, that notes when the server tells of a mail and does nothing else."""

    def __init__(self, box: Box) -> None:
        super().__init__(daemon=True)
        self.told: list[float] = []
        self.over = threading.Event()
        self._client = IMAPClient(box.host, box.imap_port, ssl=False)
        self._client.login(box.user, box.password)
        self._client.select_folder("INBOX", readonly=True)
        self._client.idle()

    def run(self) -> None:
        while not self.over.is_set():
            if any(b"EXISTS" in entry for entry in self._client.idle_check(timeout=1)):
                self.told.append(time.time())
        self._client.idle_done()
        self._client.logout()

    def after(self, moment: float) -> float:
        """When it was told first after this moment."""
        return next((told for told in self.told if told >= moment), moment)


def mail(number: int, form: bytes) -> tuple[str, bytes]:
    """Its Message-ID and itself; every second one is an application."""
    message = plain(number)
    if number % 2:
        del message["Subject"]
        message["Subject"] = "品牌故事申报材料"
        message.add_attachment(
            numbered(form, number),
            maintype="application",
            subtype="vnd.openxmlformats-officedocument.wordprocessingml.document",
            filename="附件四 推荐表.docx",
        )
    return str(message["Message-ID"]), message.as_bytes()


@contextmanager
def service(folder: Path, box: Box, port: int, *, idle: bool) -> Iterator[None]:
    """The program at work, with the shipped campaign open for long: mails arrive today."""
    own = folder / "campaigns" / "own"
    shutil.copytree(Path(campaigns.__file__).parent / "campaigns" / CAMPAIGN, own)
    data = own / "campaign.toml"
    data.write_text(
        re.sub(r"(?m)^last_day = .*$", "last_day = 2099-07-15", data.read_text("utf-8")), "utf-8"
    )
    (folder / "password").write_text(box.password)
    (folder / "config.toml").write_text(
        f'[[mailbox]]\nurl = "{box.url}"\nca_file = "{box.certificates.authority}"\n'
        f'password_file = "password"\naddress = "{MAILBOX}"\ncampaigns = ["{CAMPAIGN}"]\n'
        f"idle = {str(idle).lower()}\npoll_seconds = {60 if idle else POLL}\n"
        f'[outgoing]\nurl = "smtp://127.0.0.1:{port}"\nfrom = "{MAILBOX}"\npace = 0\n'
        f'[campaigns]\nfolder = "campaigns"\nenabled = ["{CAMPAIGN}"]\n[log]\nlevel = "error"\n'
        "[limits]\nreplies_per_day = 100000\nreplies_in_all = 100000\nreplies_per_subject = 100000\n",
        encoding="utf-8",
    )
    process = subprocess.Popen(
        [sys.executable, "-m", "mailbot", "--config", str(folder / "config.toml"), "run"]
    )
    try:
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def stages(
    database: Path, delivered: dict[str, float], told: dict[str, float], come: dict[str, float]
) -> None:
    """Print how long each step took, by the register's own times."""
    columns = "message_id, fetched_at, read_at, decided_at"
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        rows = connection.execute(f"SELECT {columns} FROM mails").fetchall()  # noqa: S608
    steps: dict[str, list[float]] = {}
    for key, *words in rows:
        if key not in delivered:
            continue
        moments = [datetime.fromisoformat(word).replace(tzinfo=UTC).timestamp() for word in words]
        times = [delivered[key], told[key], *moments, come[key]]
        names = ("the server told", "fetched", "read", "decided", "reply arrived")
        for name, before, after in zip(names, times, times[1:], strict=False):
            steps.setdefault(name, []).append(after - before)
    for name, seconds in steps.items():
        print(f"    until {name:15} {statistics.median(seconds) * 1000:7.0f} ms median")


def told(name: str, seconds: Sequence[float]) -> None:
    """Median and 99th percentile."""
    high = statistics.quantiles(seconds, n=100, method="inclusive")[98]
    print(
        f"{name}: {len(seconds)} mails, median {statistics.median(seconds):.3f} s, "
        f"p99 {high:.3f} s, longest {max(seconds):.3f} s",
        flush=True,
    )


def one_by_one(box: Box, office: Office, form: bytes, count: int, database: Path) -> None:
    """IDLE."""
    draw = random.Random(1)
    delivered: dict[str, float] = {}
    listener = Listener(box)
    listener.start()
    for number in range(WARM + count):
        key, raw = mail(number, form)
        time.sleep(draw.random() * 0.3)
        begin = time.time()
        box.deliver(raw)
        office.wait([key])
        if number >= WARM:
            delivered[key] = begin
    for kind, name in enumerate(("IDLE, question", "IDLE, application")):
        told(
            name, [office.come[k] - at for k, at in delivered.items() if int(k[1:-1].split("@")[0]) % 2 == kind]
        )  # fmt: skip
    told("IDLE, all", [office.come[key] - at for key, at in delivered.items()])
    listener.over.set()
    listener.join()
    told_at = {key: listener.after(moment) for key, moment in delivered.items()}
    stages(database, delivered, told_at, office.come)


def at_once(box: Box, office: Office, form: bytes, count: int) -> None:
    """A crowd."""
    keys, raws = zip(*(mail(100_000 + number, form) for number in range(count)), strict=True)
    begin = time.time()
    box.deliver(*raws)
    office.wait(keys)
    last = max(office.come[key] for key in keys) - begin
    print(f"at once: {count} mails, the last reply after {last:.1f} s", flush=True)


def polled(box: Box, office: Office, form: bytes, count: int) -> None:
    """No IDLE."""
    draw = random.Random(2)
    key, raw = mail(200_000, form)
    box.deliver(raw)
    office.wait([key])
    delivered: dict[str, float] = {}
    for number in range(count):
        time.sleep(draw.random() * POLL)
        key, raw = mail(200_001 + number, form)
        delivered[key] = time.time()
        box.deliver(raw)
    office.wait(list(delivered))
    told(f"polling every {POLL} s", [office.come[key] - at for key, at in delivered.items()])


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--mails", type=int, default=200)
    options = parser.parse_args()
    form = printed.story_form(company=COMPANY)
    office = Office()
    controller = Controller(office, hostname="127.0.0.1", port=free_port())
    controller.start()
    server = Dovecot()
    server.start()
    try:
        with tempfile.TemporaryDirectory(prefix="mailbot-latency-") as name:
            folder = Path(name)
            box = server.box()
            with service(folder / "idle", box, controller.port, idle=True):
                database = folder / "idle" / "data" / "mailbot.db"
                one_by_one(box, office, form, options.mails, database)
                at_once(box, office, form, min(50, options.mails))
            box = server.box()
            with service(folder / "polling", box, controller.port, idle=False):
                polled(box, office, form, min(20, options.mails))
    finally:
        server.stop()
        controller.stop()


if __name__ == "__main__":
    main()
