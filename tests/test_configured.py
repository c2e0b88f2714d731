"""What the configuration names no more neither fails nor differs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from intake import NOW

from mailbot import running, wiring
from mailbot.clock import SetClock
from mailbot.configuration import configured
from mailbot.configuration.config import Config, load
from mailbot.reports import paperwork
from mailbot.store import Store, balances, health, queries
from mailbot.store.views import BalanceRow
from mailbot.watching.monitoring import Figures, complaints

OLD = "old@example.org@imap.example.org"
TEXT = """\
[[mailbox]]
url = "maildir:in"

[[mailbox]]
url = "imaps://box@imap.example.org/INBOX"
token_file = "token"
folders = ["INBOX", "垃圾邮件"]
after = "flag"

[[mailbox]]
url = "imaps://a@b.cn@imap.b.cn"
token_file = "token"

[outgoing]
url = "maildir:out"
from = "box@example.org"
"""


@pytest.fixture
def config(tmp_path: Path) -> Config:
    """Three mailboxes, four folders."""
    for place in ("new", "cur", "tmp"):
        (tmp_path / "in" / place).mkdir(parents=True)
    (tmp_path / "config.toml").write_text(TEXT, encoding="utf-8")
    return load(tmp_path / "config.toml")


@pytest.fixture
def store(config: Config) -> Iterator[Store]:
    """With a mailbox and a folder of sent mails that failed before they were taken out."""
    with closing(wiring.store(config)) as made:
        for name in (health.mailbox(OLD, "INBOX"), health.tidying(OLD, "INBOX"), health.SENT):
            health.failed(made, name, "连接不上", NOW - timedelta(days=9))
        row = BalanceRow(
            account=OLD,
            folder="INBOX",
            at=NOW,
            on_server=1,
            taken=0,
            ignored=0,
            failed=(),
            found=0,
            missing=("UID 2：没有",),
        )
        with made.writing() as connection:
            balances.keep(connection, row)
        yield made


def test_every_folder_is_known_by_the_name_its_source_has(config: Config) -> None:
    """Or the trouble of one that is configured would be passed over."""
    (config.mailboxes[1].token_file or Path()).write_text("t")
    boxes = list(wiring.boxes(config))
    found = configured.parts(config)
    assert found.places == {(box.source.account, box.source.folder) for box in boxes}
    assert {health.mailbox(*place) for place in found.places} <= found.names
    assert sum(name.startswith("tidying:") for name in found.names) == 2


def test_status_digest_and_figures_leave_it_out(config: Config, store: Store) -> None:
    """At once, before the service is started anew."""
    assert queries.status(store).needs_person
    seen = configured.parts(config).only(queries.status(store))
    assert not seen.needs_person
    assert (seen.health, seen.balances) == ((), ())
    digest = paperwork.compose(config, {}, store, since=NOW - timedelta(days=1), until=NOW)
    assert "部件运行异常" not in digest.text
    assert "核对不符" not in digest.text
    clock = SetClock(NOW)
    figures = Figures(store, configured.parts(config), lambda: 1, clock)
    assert OLD not in str(list(figures.collect()))
    assert not any(OLD in text for text in complaints(config, store, NOW, NOW))


def test_what_is_configured_still_counts(config: Config, store: Store) -> None:
    """A failing mailbox of the file, and whatever no configuration names."""
    health.failed(store, health.mailbox("a@b.cn", "INBOX"), "连接不上", NOW)
    health.failed(store, "processing", "磁盘已满", NOW)
    seen = configured.parts(config).only(queries.status(store))
    assert {row.name for row in seen.health} == {"mailbox:a@b.cn/INBOX", "processing"}


def test_the_service_forgets_it_when_it_starts(tmp_path: Path, store: Store) -> None:
    """So that nobody hears of it, and it begins anew where it is configured once more."""
    text = TEXT[: TEXT.index('[[mailbox]]\nurl = "imaps')] + TEXT[TEXT.index("[outgoing]") :]
    (tmp_path / "config.toml").write_text(text, encoding="utf-8")
    config = load(tmp_path / "config.toml")
    with running.service(config, clock=SetClock(NOW)) as service:
        service.run_once()
    status = queries.status(store)
    assert {row.name.partition(":")[0] for row in status.health} <= {
        "mailbox",
        "processing",
        "outgoing",
    }
    assert not any(OLD in row.name for row in status.health)
    assert [row.account for row in status.balances] == [str(tmp_path / "in")]
