"""One process of the office program, on its leash, and the room it works in.

A profile of ours says what it may not do, small tools of the system set its limits and
step aside, and it is ended with everything it started when its time is over, and with
us when we are killed. What it is asked to do, and whether it did, is not known here.
"""

from __future__ import annotations

import fcntl
import math
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from parsers.foreign import Untranslated

#: what to install where it is missing (Debian)
PACKAGES = "libreoffice-writer-nogui libreoffice-calc-nogui util-linux"

_PROGRAM = "soffice"
_TOOLS = ("prlimit", "setpriv")
_PREFIX = "mailbot-convert-"
_LEAST_MEMORY = 1024 * 1024 * 1024  # address space; the program maps more than it uses
_OPEN_FILES = 512

#: no macros, no links, no pictures from elsewhere, no recalculation; whatever asks for the
#: network all the same is sent to a port where nobody listens
_SETTINGS = (
    ("Office.Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("Office.Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("Office.Writer/Content/Update", "Link", "0"),
    ("Office.Writer/Content/Update", "Field", "false"),
    ("Office.Calc/Content/Update", "Link", "1"),
    ("Office.Calc/Formula/Load", "OOXMLRecalcMode", "1"),
    ("Office.Calc/Formula/Load", "ODFRecalcMode", "1"),
    ("Inet/Settings", "ooInetProxyType", "2"),
    ("Inet/Settings", "ooInetHTTPProxyName", "127.0.0.1"),
    ("Inet/Settings", "ooInetHTTPProxyPort", "9"),
    ("Inet/Settings", "ooInetHTTPSProxyName", "127.0.0.1"),
    ("Inet/Settings", "ooInetHTTPSProxyPort", "9"),
)
_PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">{items}</oor:items>
"""
_ITEM = '<item oor:path="/org.openoffice.{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>'


def find_program() -> Path | None:
    """The office program on the search path, or None."""
    found = shutil.which(_PROGRAM)
    return Path(found).resolve() if found else None


def missing() -> tuple[str, ...]:
    """What conversions want and is not installed: the program, a part of it, a system's tool."""
    program = find_program()
    parts = (_PROGRAM,) if program is None else missing_parts(program)
    return (*parts, *(tool for tool in _TOOLS if shutil.which(tool, path=os.defpath) is None))


def missing_parts(program: Path) -> tuple[str, ...]:
    """Which of its parts, text and spreadsheet, are not installed beside it."""
    parts = {"Writer": "libswlo.so", "Calc": "libsclo.so"}
    folder = program.parent
    if not (folder / "soffice.bin").exists():  # laid out otherwise: not to be told from here
        return ()
    return tuple(name for name, file in parts.items() if not (folder / file).exists())


@dataclass(frozen=True, slots=True, kw_only=True)
class Caps:
    """What one conversion may cost."""

    seconds: float = 90.0
    memory: int = 2 * 1024 * 1024 * 1024  #: address space, bytes
    largest: int = 100 * 1024 * 1024  #: any file it writes, bytes


def write_profile(folder: Path) -> None:
    """The settings of a profile that the program has not run in yet."""
    items = "".join(_ITEM.format(path=p, name=n, value=v) for p, n, v in _SETTINGS)
    (folder / "user").mkdir(parents=True, exist_ok=True)
    file = folder / "user" / "registrymodifications.xcu"
    file.write_text(_PROFILE.format(items=items), encoding="utf-8")


def run_office(
    program: Path, folder: Path, caps: Caps, alone: Sequence[str], *arguments: str
) -> int | None:
    """The exit code of one process, None where it took too long.

    The folder holds its profile and becomes its home; ``alone`` is from :func:`unshared`.
    Raises Untranslated where it, or a tool of the system, is not there, and OSError.
    """
    home = folder / "home"
    home.mkdir(exist_ok=True)
    try:
        process = subprocess.Popen(
            [
                *alone,
                *_limits(caps),
                str(_binary(program)),
                f"-env:UserInstallation={(folder / 'profile').as_uri()}",
                *("--headless", "--norestore", "--nolockcheck", "--nologo", "--nodefault"),
                *arguments,
            ],
            cwd=home,
            env={
                "HOME": str(home),
                "TMPDIR": str(home),
                "PATH": os.defpath,
                "LANG": "C.UTF-8",
                "SAL_USE_VCLPLUGIN": "svp",
            },
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except (FileNotFoundError, PermissionError) as error:
        raise Untranslated("missing") from error
    try:
        return process.wait(caps.seconds)
    except subprocess.TimeoutExpired:
        return None
    finally:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        process.kill()
        process.wait()


def _limits(caps: Caps) -> list[str]:
    """The words before the program: small tools of the system that set limits and step aside.

    The clock on the wall ends it before its processor time does, unless many threads run:
    a hard limit kills without saying why, so the soft one, SIGXCPU, comes a second earlier.
    """
    seconds = 2 * math.ceil(caps.seconds)
    return [
        *("prlimit", f"--as={max(caps.memory, _LEAST_MEMORY)}", f"--cpu={seconds}:{seconds + 1}"),
        *(f"--fsize={caps.largest}", "--core=0", f"--nofile={_OPEN_FILES}", "--"),
        *("setpriv", "--pdeathsig", "KILL", "--"),
    ]


class Room:
    """A folder for this process alone; what killed processes left behind is swept out."""

    def __init__(self, scratch: Path) -> None:
        for left in scratch.glob(f"{_PREFIX}*"):
            with suppress(OSError):
                if left.stat().st_uid == os.getuid() and not left.is_symlink():
                    os.close(_held(left))
                    shutil.rmtree(left, ignore_errors=True)
        self.path = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=scratch))
        self._lock = _held(self.path)

    def close(self) -> None:
        """Remove it."""
        shutil.rmtree(self.path, ignore_errors=True)
        os.close(self._lock)


def _held(folder: Path) -> int:
    """A lock on the folder that ends with the process. Raises OSError where another has it."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        raise
    return descriptor


def _binary(program: Path) -> Path:
    """The program itself: the script around it starts it as a grandchild, out of our reach."""
    beside = program.parent / "soffice.bin"
    return beside if program.name == _PROGRAM and beside.exists() else program


def unshared() -> list[str]:
    """The words that take the network away, if the system lets us."""
    words = ["unshare", "--map-current-user", "--net", "--"]
    with suppress(OSError, subprocess.TimeoutExpired):
        done = subprocess.run([*words, "true"], capture_output=True, check=False, timeout=10)
        if done.returncode == 0:
            return words
    return []
