"""Collecting a full mailbox into the archive, against plain IMAP and against two programs for it.

One Dovecot box with mails of 60 KB (a base64 attachment of random bytes): 1,000, or 5,000
with ``--mails 5000``, for which the slowest of them takes minutes a round. Every
contestant starts from nothing, takes all of it, and leaves the box as it was:

    bare       imaplib: UID FETCH of 500 at a time, each mail a file that is synced; the
               folder is synced after each 500. No register, no mark, one folder
    mailbot    Pipeline.collect: the raw bytes in the archive and synced, their folder too,
               then the row and the sighting committed, then the mark
    getmail6   into a Maildir; each file synced
    mbsync     into a Maildir, FSync yes (its default), PipelineDepth as it comes

Over TLS all of them, or none (``--plain``). The order changes from round to round. Of the
two programs, what they take with an empty box (start, login, logout) is taken off. What
they wrote is compared with what was sent: bare and mailbot must hold the very bytes, of the
two programs, who write headers of their own and drop the CR of line ends, it is the bodies.

Goals: mailbot at most 1.5 times bare, faster than getmail6, within 2 times mbsync. Nothing
is gated: seconds, mails a second and the median of the ratios of each round are printed. A
contestant that is not installed is left out and named: getmail6 comes from PyPI, mbsync
from Debian's package isync; ``make bench`` installs both.

Run: python benchmarks/collecting.py [--mails 5000] [--rounds 3] [--plain]
         [--only bare mailbot getmail6 mbsync]
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import imaplib
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from servers.dovecot import Box, Dovecot

from mailbot.clock import SystemClock
from mailbot.keeping.archive import FolderArchive
from mailbot.model import Reading
from mailbot.outcome import Incoming, Outcome, Register
from mailbot.pipeline import Box as Collecting
from mailbot.pipeline import Pipeline
from mailbot.sources.imap import ImapSource
from mailbot.sources.session import Session
from mailbot.store import mails, open_store

SIZE = 60_000
RANGE = 500
GETMAIL = str(Path(sys.executable).with_name("getmail"))
GOALS = {"bare": 1.5, "getmail6": 1.0, "mbsync": 2.0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What is the same for everybody."""

    box: Box
    plain: bool

    @property
    def port(self) -> int:
        """Of the server, with or without TLS."""
        return self.box.imap_port if self.plain else self.box.imaps_port


#: takes everything below a folder that is empty; how many mails it says there were
Collects = Callable[[Setting, Path], None]


def mail(number: int) -> bytes:
    """60 KB with lines of 76 characters, unlike any other."""
    head = (
        f"Return-Path: <a{number}@example.com>\r\nFrom: a{number}@example.com\r\n"
        f"To: box@example.org\r\nSubject: mail {number}\r\nMessage-ID: <{number}@example.com>\r\n"
        "Date: Fri, 10 Jul 2026 09:00:00 +0800\r\nMIME-Version: 1.0\r\n"
        'Content-Type: application/octet-stream; name="form.docx"\r\n'
        "Content-Transfer-Encoding: base64\r\n\r\n"
    ).encode()
    body = base64.encodebytes(os.urandom(SIZE * 3 // 4 * 76 // 78)).replace(b"\n", b"\r\n")
    return head + body


def fill(box: Box, count: int) -> set[bytes]:
    """Put them into the box; the digests of the mails, and of their bodies as Maildirs have them."""
    digests = set()
    for start in range(0, count, 100):
        raws = [mail(number) for number in range(start, min(start + 100, count))]
        for raw in raws:
            digests |= {hashlib.sha256(raw).digest(), body_of(raw)}
        box.drop(*raws, first=start)
    return digests


def body_of(raw: bytes) -> bytes:
    """Digest of what stands below the header, with LF for line ends."""
    return hashlib.sha256(raw.replace(b"\r\n", b"\n").partition(b"\n\n")[2]).digest()


def bare(setting: Setting, folder: Path) -> None:
    """The standard library alone."""
    box = setting.box
    client: imaplib.IMAP4
    if setting.plain:
        client = imaplib.IMAP4(box.host, setting.port)
    else:
        client = imaplib.IMAP4_SSL(box.host, setting.port, ssl_context=box.tls)
    client.login(box.user, box.password)
    _, (exists,) = client.select("INBOX", readonly=True)
    directory = os.open(folder, os.O_RDONLY)
    for first in range(1, int(exists or b"0") + 1, RANGE):
        _, answer = client.fetch(f"{first}:{first + RANGE - 1}", "(UID BODY.PEEK[])")
        for part in answer:
            if not isinstance(part, tuple):
                continue
            uid = re.search(rb"UID (\d+)", part[0])
            assert uid is not None
            with (folder / uid[1].decode()).open("wb") as file:
                file.write(part[1])
                file.flush()
                os.fsync(file.fileno())
        os.fsync(directory)
    os.close(directory)
    client.logout()


class Nobody:
    """Reads nothing: this is about collecting."""

    workers = 1

    def read(self, path: Path, sha256: str = "") -> Reading:
        raise AssertionError(path, sha256)


def undecided(incoming: Incoming, register: Register, now: datetime) -> Outcome:
    raise AssertionError(incoming, register, now)


def mailbot(setting: Setting, folder: Path) -> None:
    """As the service does it."""
    box = setting.box
    session = Session(
        host=box.host,
        port=setting.port,
        user=box.user,
        password=box.password,
        tls=None if setting.plain else box.tls,
    )
    with (
        closing(open_store(f"sqlite:///{folder / 'register.db'}")) as store,
        closing(ImapSource(session)) as source,
    ):
        pipeline = Pipeline(
            store=store,
            archive=FolderArchive(folder / "raw"),
            reader=Nobody(),
            decide=undecided,
            clock=SystemClock(),
            candidates={},
        )
        taken = pipeline.collect(Collecting(source=source)).new
        with store.reading() as connection:
            mark = mails.mark_of(connection, source.account, source.folder)
        assert taken == 0 or (mark is not None and mark.uid == taken)


def getmail(setting: Setting, folder: Path) -> None:
    """The one of https://getmail6.org, without the headers it would add."""
    box = setting.box
    for name in ("cur", "new", "tmp"):
        (folder / "Maildir" / name).mkdir(parents=True)
    kind = "SimpleIMAPRetriever" if setting.plain else "SimpleIMAPSSLRetriever"
    trust = "" if setting.plain else f"ca_certs = {box.certificates.authority}\n"
    (folder / "getmailrc").write_text(
        f"[retriever]\ntype = {kind}\nserver = {box.host}\nport = {setting.port}\n"
        f"username = {box.user}\npassword = {box.password}\n{trust}"
        f"[destination]\ntype = Maildir\npath = {folder / 'Maildir'}/\n"
        "[options]\nread_all = true\ndelete = false\nverbose = 0\n"
        "delivered_to = false\nreceived = false\n"
    )
    (folder / "getmailrc").chmod(0o600)
    command(box, folder, GETMAIL, f"--getmaildir={folder}", f"--rcfile={folder / 'getmailrc'}")


def mbsync(setting: Setting, folder: Path) -> None:
    """The one of https://isync.sourceforge.io."""
    box = setting.box
    (folder / "Maildir").mkdir()
    trust = (
        "SSLType None\nAuthMechs LOGIN\n"
        if setting.plain
        else f"SSLType IMAPS\nCertificateFile {box.certificates.certificate}\n"
    )
    (folder / "mbsyncrc").write_text(
        f"IMAPAccount box\nHost {box.host}\nPort {setting.port}\nUser {box.user}\n"
        f"Pass {box.password}\n{trust}\n"
        "IMAPStore far\nAccount box\n\n"
        f"MaildirStore near\nPath {folder / 'Maildir'}/\nInbox {folder / 'Maildir' / 'INBOX'}\n\n"
        "Channel box\nFar :far:\nNear :near:\nSync PullNew\nCreate Near\nSyncState *\n"
    )
    command(box, folder, "mbsync", "--quiet", f"--config={folder / 'mbsyncrc'}", "--all")


def command(box: Box, folder: Path, *words: str) -> None:
    """Run it as the server's user, who is given the folder. Raises SystemExit."""
    for path in (folder, *folder.rglob("*")):
        os.chown(path, *box.owner)
    done = subprocess.run([*unprivileged(box), *words], capture_output=True, check=False)
    if done.returncode:
        said = (done.stdout + done.stderr).decode(errors="replace")
        raise SystemExit(f"{words[0]}: {said[:2000]}")


def unprivileged(box: Box) -> list[str]:
    """What makes a command run as the server's user where we are root: getmail refuses root."""
    uid, gid = box.owner
    return [] if uid == -1 else ["setpriv", f"--reuid={uid}", f"--regid={gid}", "--clear-groups"]


def can_run(box: Box, program: str) -> bool:
    """Is it there, and may it be run?"""
    try:
        done = subprocess.run(
            [*unprivileged(box), program, "--version"], capture_output=True, check=False
        )
    except FileNotFoundError:
        return False
    return done.returncode == 0


#: each with the command it needs
CONTESTANTS: dict[str, tuple[Collects, str]] = {
    "bare": (bare, ""),
    "mailbot": (mailbot, ""),
    "getmail6": (getmail, GETMAIL),
    "mbsync": (mbsync, "mbsync"),
}


def collected(folder: Path) -> list[Path]:
    """The files with mails that a contestant has left."""
    places = {"raw": "raw/**/*.eml", "Maildir": "Maildir/**/new/*"}  # all unseen
    for name, pattern in places.items():
        if (folder / name).is_dir():
            return list(folder.glob(pattern))
    return [path for path in folder.iterdir() if path.name.isdecimal()]


def timed(collect: Collects, setting: Setting, digests: set[bytes]) -> float:
    """Seconds for all mails, which are looked at afterwards."""
    with tempfile.TemporaryDirectory(prefix="mailbot-collecting-") as name:
        folder = Path(name)
        os.sync()  # what others left unwritten is not this one's
        begin = time.perf_counter()
        collect(setting, folder)
        seconds = time.perf_counter() - begin
        files = collected(folder)
        exact = collect in (bare, mailbot)
        found = {
            hashlib.sha256(raw).digest() if exact else body_of(raw)
            for raw in (path.read_bytes() for path in files)
        }
        assert len(files) == len(found) == len(digests) // 2, (collect.__name__, len(files))
        assert found <= digests, collect.__name__
    return seconds


def rounds(
    names: Sequence[str], full: Setting, empty: Setting, digests: set[bytes], count: int
) -> list[dict[str, float]]:
    """Seconds of each in each round; the programs' without their start."""
    start = {
        name: statistics.median(timed(CONTESTANTS[name][0], empty, set()) for _ in range(3))
        if CONTESTANTS[name][1]
        else 0.0
        for name in names
    }
    for name, seconds in start.items():
        if seconds:
            print(f"{name}: {seconds:.2f} s with an empty box, taken off below")
    found = []
    for number in range(count):
        order = [*names[number % len(names) :], *names[: number % len(names)]]
        once = {name: timed(CONTESTANTS[name][0], full, digests) - start[name] for name in order}
        print("  ".join(f"{name} {once[name]:.2f} s" for name in names), flush=True)
        found.append(once)
    return found


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--mails", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--plain", action="store_true", help="without TLS, everybody")
    parser.add_argument("--only", nargs="*", default=list(CONTESTANTS), choices=CONTESTANTS)
    options = parser.parse_args()
    server = Dovecot()
    server.start()
    try:
        names = [
            name
            for name in options.only
            if not CONTESTANTS[name][1] or can_run(server.box(), CONTESTANTS[name][1])
        ]
        for name in set(options.only) - set(names):
            print(f"{name}: cannot be run, left out (make bench installs it)")
        full = Setting(box=server.box(), plain=options.plain)
        empty = Setting(box=server.box(), plain=options.plain)
        digests = fill(full.box, options.mails)
        for setting in (full, empty):
            client = imaplib.IMAP4(setting.box.host, setting.box.imap_port)
            client.login(setting.box.user, setting.box.password)
            client.select("INBOX")  # Dovecot moves the mails and makes its index, once
            client.logout()
        how = "plain text" if options.plain else "TLS"
        print(f"{options.mails} mails of {SIZE // 1000} KB over {how}, {options.rounds} rounds")
        found = rounds(names, full, empty, digests, options.rounds)
    finally:
        server.stop()
    for name in names:
        median = statistics.median(once[name] for once in found)
        print(f"{name:9} median {median:6.2f} s, {options.mails / median:6.0f} mails/s")
    for name, goal in GOALS.items():
        if name in names and "mailbot" in names:
            ratio = statistics.median(once["mailbot"] / once[name] for once in found)
            print(f"mailbot / {name}: {ratio:.2f} (goal: at most {goal:.1f})")


if __name__ == "__main__":
    main()
