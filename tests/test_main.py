"""The program started as a module."""

import subprocess
import sys
from pathlib import Path

from mailbot import __version__


def test_the_module_is_the_program(tmp_path: Path) -> None:
    """With its exit codes, from any folder."""
    root = str(Path(__file__).parent.parent)
    command = [sys.executable, "-m", "mailbot"]
    environment = {"PYTHONPATH": root, "PATH": "/usr/bin:/bin"}
    right = subprocess.run(
        [*command, "--version"], cwd=tmp_path, env=environment, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    wrong = subprocess.run(
        [*command, "nonsense"], cwd=tmp_path, env=environment, capture_output=True, check=False
    )

    assert (right.returncode, right.stdout) == (0, f"mailbot {__version__}\n")
    assert wrong.returncode == 2
    assert b"Traceback" not in wrong.stderr
