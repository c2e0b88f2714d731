"""What a monitoring system sees: over a real socket, from a real register."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import dossiers
import pytest
from command import configured, written
from counter import Counter, counter
from prometheus_client.parser import text_string_to_metric_families

from mailbot.clock import SetClock
from mailbot.configuration.config import Config, load
from mailbot.loopback import listening
from mailbot.ports import WorldError
from mailbot.store import health
from mailbot.watching import monitoring
from rules.notice.complaints import Rejected

NOW = datetime(2026, 7, 20, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def watched(folder: Path) -> Config:
    extra = f'[metrics]\nlisten = "127.0.0.1:{free_port()}"\n'
    return load(configured(folder, extra))


def asked(where: tuple[str, int] | None, page: str, method: str = "GET") -> tuple[int, str]:
    assert where
    request = urllib.request.Request(f"http://{where[0]}:{where[1]}{page}", method=method)
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310 - our own, on loopback
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def figures(text: str) -> dict[tuple[str, ...], float]:
    """By name and labels."""
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def desk(folder: Path) -> Counter:
    """One item accepted or asked for, its reply queued."""
    made = counter(folder)
    made.take(dossiers.team())
    return made


def test_queue_outbox_parts_and_decisions_are_told(tmp_path: Path) -> None:
    """Each figure as the register has it at that moment."""
    made = desk(tmp_path)
    name = health.mailbox(str(tmp_path / "in"), "INBOX")
    health.succeeded(made.store, name, NOW - timedelta(minutes=1))
    health.failed(made.store, health.OUTGOING, "away", NOW)
    (item,) = made.items()
    with monitoring.served(watched(tmp_path), made.store, SetClock(NOW)) as where:
        code, text = asked(where, "/metrics")
        first = figures(text)
        made.take(dossiers.team("装配二班"))
        second = figures(asked(where, "/metrics")[1])

    assert code == 200
    assert first["mailbot_mails", "decided"] == 1
    assert first["mailbot_mails", "received"] == 0
    assert first["mailbot_replies", "queued"] == 1
    assert first["mailbot_items", item.campaign, item.category, item.state] == 1
    assert first["mailbot_last_success_timestamp_seconds", name] == NOW.timestamp() - 60
    assert first["mailbot_failures", health.OUTGOING] == 1
    assert first["mailbot_failing_since_timestamp_seconds", health.OUTGOING] == NOW.timestamp()
    assert first["mailbot_database_up",] == 1
    assert second["mailbot_mails", "decided"] == 2


def test_nothing_personal_is_shown(tmp_path: Path) -> None:
    """No applicant's name or address."""
    made = desk(tmp_path)
    with monitoring.served(watched(tmp_path), made.store, SetClock(NOW)) as where:
        text = asked(where, "/metrics")[1]

    assert dossiers.UNIT not in text
    assert "zhou@xiangjiang.example" not in text


def test_disk_and_age_of_the_queue_are_told(tmp_path: Path) -> None:
    """Where the data lies; zero where nobody waits."""
    made = desk(tmp_path)
    (tmp_path / "data").mkdir()
    with monitoring.served(watched(tmp_path), made.store, SetClock(NOW)) as where:
        found = figures(asked(where, "/metrics")[1])

    assert found["mailbot_disk_free_bytes",] > 0
    assert found["mailbot_oldest_waiting_seconds",] == 0


@pytest.mark.parametrize(
    ("minutes", "code"),
    [(0, 200), (10, 200), (10.1, 503)],
)
def test_a_mailbox_that_nobody_looks_into_is_a_fault_of_ours(
    tmp_path: Path, minutes: float, code: int
) -> None:
    """Ten minutes, or three times its pause, after the start or the last look."""
    made = desk(tmp_path)
    name = health.mailbox(str(tmp_path / "in"), "INBOX")
    clock = SetClock(NOW)
    with monitoring.served(watched(tmp_path), made.store, clock) as where:
        health.succeeded(made.store, name, NOW)
        clock.advance(timedelta(minutes=minutes))
        status, text = asked(where, "/health")

    assert status == code
    assert (json.loads(text)["status"] == "ok") == (code == 200)


def test_a_provider_that_is_down_is_none(tmp_path: Path) -> None:
    """Starting the service anew would not help: it waits for its next try."""
    made = desk(tmp_path)
    name = health.mailbox(str(tmp_path / "in"), "INBOX")
    clock = SetClock(NOW)
    with monitoring.served(watched(tmp_path), made.store, clock) as where:
        health.failed(made.store, name, "away", NOW, pause=timedelta(minutes=30))
        clock.advance(timedelta(minutes=20))
        waiting, _ = asked(where, "/health")
        clock.advance(timedelta(minutes=20))
        overdue, text = asked(where, "/health")

    assert (waiting, overdue) == (200, 503)
    assert str(tmp_path / "in") in json.loads(text)["problems"][0]


def test_a_database_that_is_away_is_told_and_does_not_break_the_page(tmp_path: Path) -> None:
    """So that the alarm can be raised on it."""
    made = desk(tmp_path)
    with monitoring.served(watched(tmp_path), made.store, SetClock(NOW)) as where:
        made.store.close()
        for file in tmp_path.glob("mailbot.db*"):
            file.unlink()
        (tmp_path / "mailbot.db").mkdir()
        text = asked(where, "/metrics")[1]
        status, said = asked(where, "/health")

    assert figures(text)["mailbot_database_up",] == 0
    assert (status, json.loads(said)["status"]) == (503, "failing")


def test_there_are_two_pages_and_nothing_can_be_sent_to_them(tmp_path: Path) -> None:
    """Asked for anything else, it says so."""
    made = desk(tmp_path)
    with monitoring.served(watched(tmp_path), made.store, SetClock(NOW)) as where:
        assert asked(where, "/")[0] == 404
        assert asked(where, "/metrics", "POST")[0] == 405


def test_the_other_loopback_will_do_as_well(tmp_path: Path) -> None:
    """Where this machine has it."""
    made = desk(tmp_path)
    config = load(configured(tmp_path, f'[metrics]\nlisten = "[::1]:{free_port()}"\n'))
    if socket.has_ipv6 and Path("/proc/net/if_inet6").exists():
        with monitoring.served(config, made.store, SetClock(NOW)) as where:
            assert where
            assert asked((f"[{where[0]}]", where[1]), "/health")[0] == 200
    else:
        with pytest.raises(WorldError), monitoring.served(config, made.store, SetClock(NOW)):
            pass


def test_without_the_setting_nothing_listens(tmp_path: Path) -> None:
    """It is off unless somebody wants it."""
    made = desk(tmp_path)
    with monitoring.served(load(configured(tmp_path)), made.store, SetClock(NOW)) as where:
        assert where is None


def test_a_port_that_is_taken_is_said_in_plain_words(tmp_path: Path) -> None:
    """With the key to change."""
    made = desk(tmp_path)
    config = watched(tmp_path)
    with (
        monitoring.served(config, made.store, SetClock(NOW)),
        pytest.raises(WorldError, match=r"\[metrics\] listen"),
        monitoring.served(config, made.store, SetClock(NOW)),
    ):
        pass


@pytest.mark.parametrize(
    ("written_", "found"),
    [
        ("127.0.0.1:9464", ("127.0.0.1", 9464)),
        ("localhost:1", ("localhost", 1)),
        ("[::1]:65535", ("::1", 65535)),
    ],
)
def test_this_machine_is_named_in_several_ways(written_: str, found: tuple[str, int]) -> None:
    """By address or by name."""
    assert listening(written_) == found


@pytest.mark.parametrize(
    "written_",
    ["0.0.0.0:9464", "10.0.0.3:9464", "example.org:80", "127.0.0.1", "127.0.0.1:0",
     "127.0.0.1:65536", "::1:9464", ":9464", ""],
)  # fmt: skip
def test_nobody_else_may_look(tmp_path: Path, written_: str) -> None:
    """Any other address is refused with line and key."""
    file = configured(tmp_path, f'[metrics]\nlisten = "{written_}"\n')
    with pytest.raises(Rejected, match=r"metrics\.listen"):
        load(file)


def test_the_running_service_answers(tmp_path: Path) -> None:
    """Mails that came in are seen; it ends in order."""
    port = free_port()
    file = configured(tmp_path, f'[metrics]\nlisten = "127.0.0.1:{port}"\n')
    (mail,) = written(tmp_path, many=1)
    (tmp_path / "in" / "new" / "1783353600.M1.test").write_bytes(mail.read_bytes())
    root = str(Path(__file__).parent.parent)
    service = subprocess.Popen(
        [sys.executable, "-m", "mailbot", "--config", str(file), "run"],
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": root},
    )
    end = time.monotonic() + 60
    while not list((tmp_path / "out" / "new").iterdir()) and time.monotonic() < end:
        time.sleep(0.1)
    try:
        found = figures(asked(("127.0.0.1", port), "/metrics")[1])
        alive, _ = asked(("127.0.0.1", port), "/health")
    finally:
        service.send_signal(signal.SIGTERM)
        _, errors = service.communicate(timeout=60)

    assert (found["mailbot_mails", "decided"], alive) == (1, 200)
    assert service.returncode == 0, errors.decode()
