"""kill -9 inside ``purge --apply`` and ``backup``: what was there stays good, and the next run ends the work."""

from __future__ import annotations

import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from command import Program
from kill_commands import BACKUP, PURGE
from test_retention import LATER, OWN, Office, secrets

SCRIPT = Path(__file__).parent / "kill_commands.py"
ROOT = SCRIPT.parent.parent
KILLED = -9
#: Runs a command in a process of its own: its words, the point of its death, for the n-th time.
Run = Callable[..., int]


@pytest.fixture(scope="module")
def run() -> Iterator[Run]:
    """One process that all others are born of."""
    with subprocess.Popen(
        [sys.executable, str(SCRIPT)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    ) as program:
        assert program.stdin is not None
        assert program.stdout is not None
        reading, writing = program.stdout, program.stdin

        def ran(*words: object, point: str = "", nth: int = 1) -> int:
            asked = {
                "words": [str(word) for word in words],
                "point": point,
                "nth": nth,
                "now": LATER.isoformat(),
            }
            writing.write(json.dumps(asked) + "\n")
            writing.flush()
            return int(reading.readline())

        yield ran
        writing.close()


@pytest.fixture(scope="module")
def season(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Three mails decided and answered, and copied; then a fourth, in ``data4``."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("COLUMNS", "200")
        folder = tmp_path_factory.mktemp("taken")
        process = subprocess.run(
            [sys.executable, "-c", _TAKE, str(folder)],
            env={**os.environ, "PYTHONPATH": f"{ROOT}:{SCRIPT.parent}"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert process.returncode == 0, process.stderr
        yield folder


_TAKE = """
import shutil
import sys
from pathlib import Path
from test_retention import taken
from command import written
from mailbot.cli import main
from command import Done
def program(*words):
    return Done(main([str(word) for word in words]), "", "")
folder = Path(sys.argv[1])
taken(folder, program)
config = folder / "config.toml"
assert program("--config", config, "backup", folder / "copy").code == 0
shutil.copytree(folder / "data", folder / "data3")
mail = written(folder, many=4)[-1]
done = program("--config", config, "import", mail, "--received-at", "2026-07-11T09:00")
assert done.code == 0
(folder / "data").rename(folder / "data4")
(folder / "data3").rename(folder / "data")
"""


@pytest.fixture
def office(season: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Office:
    """A copy of the season."""
    shutil.copytree(season, tmp_path / "here")
    mailbot = Program(capsys)
    file = tmp_path / "here" / "config.toml"
    return Office(tmp_path / "here", lambda *words: mailbot("--config", file, *words))


@pytest.mark.parametrize("point", PURGE)
def test_a_purge_killed_anywhere_is_finished_by_the_next(
    office: Office, run: Run, point: str
) -> None:
    """Nothing of persons is left in any file, the proof names all, and a third run finds nothing."""
    config = office.folder / "config.toml"
    names = secrets(office)
    words = ("--config", config, "purge", "--apply", "--unfinished", "--out")
    killed = run(*words, office.folder / "first.json", point=point)
    again = run(*words, office.folder / "proof.json")
    proof = json.loads((office.folder / "proof.json").read_text("utf-8"))
    shown = [entry for key in ("purged", "earlier") for entry in proof[key]]
    third = run(*words, office.folder / "third.json")

    assert (killed, again, third) == (KILLED, 0, 0)
    assert office.archived() == []
    assert {name: office.holds(name) for name in names} == {name: [] for name in names}
    assert [entry["campaign"] for entry in shown] == [OWN]
    assert [len(entry["mails"]) for entry in shown] == [3]
    assert office.rows("SELECT count(*) FROM purges WHERE done_at IS NULL") == [(0,)]


def test_half_a_file_of_a_killed_service_goes_with_its_mail(office: Office) -> None:
    """A message that was being written when the service died lies beside where it was put later."""
    (file, *_) = office.archived()
    half = file.with_name(".new-1234")
    half.write_bytes(file.read_bytes()[:100])
    office.call("purge", "--apply", "--unfinished")

    assert not half.exists()


def sound(copy: Path) -> int:
    """The number of mails of a copy, each of which it holds."""
    with closing(sqlite3.connect(copy / "mailbot.db")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        known = {row[0] for row in connection.execute("SELECT sha256 FROM mails")}
    assert known <= {file.stem for file in (copy / "archive").rglob("*.eml")}
    return len(known)


@pytest.mark.parametrize("point", BACKUP)
def test_a_backup_killed_anywhere_leaves_the_one_before_and_is_made_by_the_next(
    office: Office, run: Run, point: str
) -> None:
    """Nothing half made is left in the folder."""
    config, copy = office.folder / "config.toml", office.folder / "copy"
    before = sound(copy)
    shutil.rmtree(office.folder / "data")
    (office.folder / "data4").rename(office.folder / "data")
    killed = run("--config", config, "backup", copy, point=point)
    between = sound(copy)
    again = run("--config", config, "backup", copy)

    assert (before, killed, again) == (3, KILLED, 0)
    assert between in (3, 4)
    assert sound(copy) == 4
    left = {file.name for file in copy.rglob("*") if file.is_file()}
    assert left == {"mailbot.db", "config.toml", "campaign.toml"} | {
        file.name for file in (copy / "archive").rglob("*.eml")
    } | {file.name for file in (copy / "campaigns").rglob("*") if file.is_file()}


def test_put_back_by_the_commands_of_the_page(office: Office) -> None:
    """As docs/operating.md says, word for word: the copy goes on where the register was."""
    folder = office.folder
    page = (ROOT / "docs" / "operating.md").read_text("utf-8")
    (block,) = re.findall(r"```\n( *install -d -m 0700 -o mailbot.*?)```", page, re.DOTALL)
    before = office.call("list", "--json").json
    (folder / "data").rename(folder / "old")
    me = str(os.getuid())
    commands = (
        block.replace("/var/lib/mailbot", str(folder / "data"))
        .replace("/backup/mailbot", str(folder / "copy"))
        .replace("-o mailbot -g mailbot", f"-o {me} -g {os.getgid()}")
        .replace("mailbot: ", f"{me}:{os.getgid()} ")
    )
    subprocess.run(["/bin/sh", "-e", "-c", commands], check=True)
    status = office.call("status", "--json").json

    assert office.call("check").code == 0
    assert status["archive"]["missing"] == []
    assert office.call("list", "--json").json == before
    assert office.call("run", "--once").code == 0
    assert office.call("list", "--json").json == before
