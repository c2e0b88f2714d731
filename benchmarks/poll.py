"""What an empty poll costs in a full mailbox, against an empty one.

A Dovecot box with 100,000 messages of about 1 KB and an empty box on the same
server; the source keeps its connection, the mark stands behind the last message.
500 polls of each, taken in turn; the figures are medians. Goal: the full box costs
at most 2 times the empty one. Nothing is gated: the ratio is printed.

Run: python benchmarks/poll.py
"""

from __future__ import annotations

import statistics
import sys
import time
from contextlib import closing
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from servers.dovecot import Box, Dovecot

from mailbot.model import Mark
from mailbot.sources.imap import ImapSource
from mailbot.sources.session import Session

MESSAGES = 100_000
POLLS = 500
GOAL = 2.0


def source(box: Box) -> ImapSource:
    return ImapSource(
        Session(
            host=box.host,
            port=box.imaps_port,
            user=box.user,
            password=box.password,
            tls=box.tls,
            read_seconds=600,
        )
    )


def fill(box: Box) -> None:
    """Straight into Maildir/new, a thousand at a time."""
    body = b"x" * 70 + b"\r\n"
    for start in range(0, MESSAGES, 1000):
        box.drop(
            *(
                b"From: a@example.com\r\nSubject: %d\r\n\r\n" % number + body * 13
                for number in range(start, start + 1000)
            ),
            first=start,
        )


def poll(box: ImapSource, mark: Mark) -> float:
    """Seconds of one poll that finds nothing."""
    begin = time.perf_counter()
    found = list(box.arrivals(mark))
    elapsed = time.perf_counter() - begin
    assert found == []
    return elapsed


def main() -> None:
    server = Dovecot()
    server.start()
    try:
        full, empty = server.box(), server.box()
        fill(full)
        with closing(source(full)) as many, closing(source(empty)) as none:
            print(f"{MESSAGES} messages: {many.probe()}")
            none.probe()
            # A UIDVALIDITY that is not the folder's would fetch everything: ask for it.
            mark_full = Mark(uidvalidity=many._uidvalidity, uid=MESSAGES)  # noqa: SLF001
            mark_empty = Mark(uidvalidity=none._uidvalidity, uid=0)  # noqa: SLF001
            pairs = [(poll(many, mark_full), poll(none, mark_empty)) for _ in range(POLLS)]
    finally:
        server.stop()
    with_many, with_none = (statistics.median(column) for column in zip(*pairs, strict=True))
    print(f"empty poll, {MESSAGES} messages: {with_many * 1000:.2f} ms")
    print(f"empty poll, empty box: {with_none * 1000:.2f} ms")
    print(f"ratio {with_many / with_none:.2f} (goal: at most {GOAL:.1f})")


if __name__ == "__main__":
    main()
