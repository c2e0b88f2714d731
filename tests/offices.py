"""Programs that stand for the office program and behave badly, and what it is asked with."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

_START = """#!/bin/sh
echo started >> {log}
while [ $# -gt 1 ]; do [ "$1" = --outdir ] && out=$2; shift; done
case "$1" in --*) exit 0;; esac
mkdir -p "$out"
"""


def office(folder: Path, deed: str) -> Path:
    """A program that does this (a shell line; $1 is the document, $out where results go)."""
    program = folder / "office"
    program.write_text(_START.format(log=folder / "log") + deed + "\n", encoding="utf-8")
    program.chmod(0o755)
    return program


def runs(folder: Path) -> int:
    """How often it was asked for a document; the first start of all makes the profile."""
    log = folder / "log"
    return len(log.read_text().splitlines()) - 1 if log.exists() else 0


def saved_as(content: bytes, before: str, after: str) -> bytes:
    """A document saved by the real office program in another format."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source = folder / f"form.{before}"
        source.write_bytes(content)
        program = shutil.which("soffice")
        assert program, "soffice is missing: apt-get install libreoffice-writer-nogui"
        subprocess.run(
            [
                program,
                f"-env:UserInstallation={(folder / 'profile').as_uri()}",
                *("--headless", "--convert-to", after, "--outdir", str(folder / "out")),
                str(source),
            ],
            check=True,
            capture_output=True,
            timeout=120,
        )
        return (folder / "out" / f"form.{after}").read_bytes()
