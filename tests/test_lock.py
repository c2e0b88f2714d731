"""One instance per data folder."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from mailbot.lock import AlreadyRunning, only_instance
from mailbot.ports import WorldError

_HOLD = """
import pathlib, sys, time
from mailbot.lock import only_instance
with only_instance(pathlib.Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


def test_the_folder_is_made_and_let_go(tmp_path: Path) -> None:
    """After the block the next one may come."""
    with only_instance(tmp_path / "data"):
        pass
    with only_instance(tmp_path / "data"):
        assert (tmp_path / "data").is_dir()


def test_a_second_process_is_refused_until_the_first_is_dead(tmp_path: Path) -> None:
    """A process killed with SIGKILL leaves no lock behind."""
    with subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(tmp_path)], stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"held\n"
        with pytest.raises(AlreadyRunning, match=str(tmp_path)), only_instance(tmp_path):
            pass
        other.kill()
    with only_instance(tmp_path):
        pass


def test_a_folder_that_cannot_be_made_is_said_in_plain_words(tmp_path: Path) -> None:
    """A file stands in its place."""
    (tmp_path / "data").write_text("")

    with pytest.raises(WorldError, match="不可写"), only_instance(tmp_path / "data"):
        pass
