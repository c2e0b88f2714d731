"""The structured log on standard error."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from mailbot.log import place_of

_WRITE = """
import sys
from mailbot.log import configure, logger
log = logger("trial")
configure(style=sys.argv[1], level=sys.argv[2])
log.info("mail.decided", codes=["fee.due"], text="受理")
log.error("failed")
"""


def written(style: str, level: str) -> tuple[str, str]:
    """Standard output and standard error of a process that logs two lines."""
    command = [sys.executable, "-c", _WRITE, style, level]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return done.stdout, done.stderr


def test_json_lines_for_machines() -> None:
    """Each line is one object; standard output stays empty for --json of the commands."""
    out, err = written("json", "info")
    first, second = map(json.loads, err.splitlines())

    assert out == ""
    assert (first["event"], first["room"], first["codes"]) == ("mail.decided", "trial", ["fee.due"])
    assert "受理" in err
    assert second["level"] == "error"


def test_the_level_holds_back_the_rest() -> None:
    """And a logger made before configuring obeys it."""
    _, err = written("console", "error")

    assert len(err.splitlines()) == 1
    assert "failed" in err


def test_outside_libraries_write_lines_of_the_same_kind() -> None:
    """So that whoever reads the log by machine stumbles over none."""
    script = (
        "import logging; from mailbot.log import configure; configure(style='json'); "
        "log = logging.getLogger('alembic'); log.info('quiet'); log.warning('%s is old', 'it')"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    line = json.loads(done.stderr)

    assert (line["event"], line["logger"], line["level"]) == ("it is old", "alembic", "warning")


def test_a_place_says_nothing_of_the_text() -> None:
    """The text of an exception may quote a form."""
    with pytest.raises(ValueError, match="139") as caught:
        int("13900000001x")

    assert "test_log.py" in place_of(caught.value)
    assert "139" not in place_of(caught.value)


def test_a_poll_that_takes_long_is_no_warning() -> None:
    """The scheduler skips a turn, as it should; its errors are told."""
    script = (
        "import logging; from mailbot.log import configure; configure(); "
        "log = logging.getLogger('apscheduler.scheduler'); log.warning('skipped'); log.error('ill')"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )

    assert "skipped" not in done.stderr
    assert "ill" in done.stderr
