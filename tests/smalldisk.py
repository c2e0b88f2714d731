"""A disk that can be full, and a user who may not write: real ones where the tests may have them.

Who cannot mount a disk of his own: for him the system refuses to let any file grow, which
the same calls meet.
"""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_NOBODY = 65534
_IS_ROOT = os.geteuid() == 0


@contextmanager
def small_disk(folder: Path, megabytes: int = 4) -> Iterator[None]:
    """A small disk in this folder, made where it is not there."""
    folder.mkdir(parents=True, exist_ok=True)
    mount, unmount = shutil.which("mount"), shutil.which("umount")
    if not (_IS_ROOT and mount and unmount):
        yield
        return
    command = [mount, "-t", "tmpfs", "-o", f"size={megabytes}m", "none", str(folder)]
    if subprocess.run(command, capture_output=True, check=False).returncode != 0:
        yield
        return
    try:
        yield
    finally:
        subprocess.run([unmount, "--lazy", str(folder)], check=True)


@contextmanager
def full(folder: Path) -> Iterator[None]:
    """No byte more goes onto the disk of this folder."""
    if not folder.is_mount():
        before = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, before[1]))
        try:
            yield
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
        return
    ballast = folder / "ballast"
    with ballast.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(4096))
        except OSError:
            pass
    try:
        yield
    finally:
        ballast.unlink()


@contextmanager
def open_folder() -> Iterator[Path]:
    """A folder that any user can reach."""
    with tempfile.TemporaryDirectory(prefix="mailbot-tests-") as name:
        Path(name).chmod(0o755)
        yield Path(name)


@contextmanager
def read_only(*paths: Path) -> Iterator[None]:
    """Files and folders that nobody may write, and a user for whom this holds."""
    before = {path: path.stat().st_mode for path in paths}
    for path in paths:
        path.chmod(0o555 if path.is_dir() else 0o444)
    if _IS_ROOT:
        os.seteuid(_NOBODY)
    try:
        yield
    finally:
        if _IS_ROOT:
            os.seteuid(0)
        for path, mode in before.items():
            path.chmod(mode)
            if path.is_file():  # what SQLite made beside it has taken over its mode
                for beside in path.parent.glob(f"{path.name}-*"):
                    beside.chmod(mode)
