"""Reading in a limited child: whatever a document does, it harms itself only."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import structlog
import victims
from intake import mail
from officefiles import docx, p, tbl, tc, tr

from mailbot.ports import ArchiveError
from mailbot.reading.child import MEGABYTE, Bounds
from mailbot.reading.isolation import ReadingUnavailable
from mailbot.reading.reader import Reader
from parsers.limits import Limits
from parsers.model import Grid, Line

BOUNDS = Bounds(memory=1024 * MEGABYTE, wall_seconds=2.0, cpu_seconds=20, answer=4 * MEGABYTE)


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    """A reader whose children have holes."""
    with Reader((), Limits(), bounds=BOUNDS, workers=1, serve=victims.serve) as made:
        yield made


def file(folder: Path, *attachments: bytes, head: bytes = b"") -> Path:
    """An archived mail."""
    path = folder / "mail.eml"
    path.write_bytes(head + mail(1, attachments=attachments))
    return path


def test_a_mail_is_read_with_its_documents(tmp_path: Path, reader: Reader) -> None:
    """Envelope, body and documents come back over the pipe."""
    found = reader.read(file(tmp_path, b"one", b"two"))

    assert found.envelope.sender == "applicant1@example.org"
    assert found.envelope.subject == "第 1 组"
    assert "申报材料" in found.body
    assert [entry.file for entry in found.documents] == ["材料0.txt", "材料1.txt"]
    assert not found.failure


def test_one_child_serves_several_mails(tmp_path: Path, reader: Reader) -> None:
    """A new process for each mail would cost more than the reading."""
    processes = {reader.read(file(tmp_path, b"one")).documents[0].text for _ in range(3)}

    assert len(processes) == 1


@pytest.mark.parametrize(
    "deed",
    ["segfault", "spin", "swallow", "fork", "leave", "recurse", "talk", "flood", "pretend", "draw"],
)
def test_a_harmful_document_harms_itself_only(tmp_path: Path, reader: Reader, deed: str) -> None:
    """The neighbours are read, the victim is named unsafe, and the next mail is read."""
    found = reader.read(file(tmp_path, b"before", deed.encode(), b"after"))
    before, harmful, after = found.documents
    next_mail = reader.read(file(tmp_path, b"fine"))

    assert [problem.code for problem in harmful.problems] == ["document.unsafe"]
    assert harmful.file == "材料1.txt"
    assert harmful.size == len(deed)
    assert not before.problems
    assert not after.problems
    assert not found.failure
    assert not next_mail.documents[0].problems


@pytest.mark.parametrize("deed", ["fail", "write"])
def test_a_bug_in_a_parser_harms_one_document(tmp_path: Path, reader: Reader, deed: str) -> None:
    """An exception nobody expected: unreadable, not unsafe; nothing was written to disk."""
    found = reader.read(file(tmp_path, deed.encode(), b"after"))

    assert [problem.code for problem in found.documents[0].problems] == ["document.unreadable"]
    assert not found.documents[1].problems
    assert not any(_written())


def _written() -> list[int]:
    """Sizes of what the victims left on the disk; removed when looked at."""
    found = list(Path("/tmp").glob("victim-*"))  # noqa: S108
    sizes = [path.stat().st_size for path in found]
    for path in found:
        path.unlink()
    return sizes


def test_the_log_tells_the_fault_without_its_text(tmp_path: Path, reader: Reader) -> None:
    """The name of the exception and its place, never what it says: it may quote a form."""
    with structlog.testing.capture_logs() as lines:
        reader.read(file(tmp_path, b"fail"))

    assert lines[0]["reason"] == "ZeroDivisionError"
    assert "victims.py" in lines[0]["place"]
    assert "13900000001" not in str(lines)


def test_grandchildren_die_with_the_child(tmp_path: Path, reader: Reader) -> None:
    """What a document started is not left behind."""
    reader.read(file(tmp_path, b"fork"))
    time.sleep(0.1)

    assert not _processes("victim")


def _processes(word: str) -> list[str]:
    """Numbers of the processes with this word as an argument."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                arguments = (entry / "cmdline").read_bytes().split(b"\0")
            except OSError:
                continue
            if word.encode() in arguments:
                found.append(entry.name)
    return found


def test_a_mail_full_of_harm_ends(tmp_path: Path, reader: Reader) -> None:
    """After five harmful documents the rest is not tried, and each is named."""
    found = reader.read(file(tmp_path, *[b"leave"] * 6, b"fine"))

    assert len(found.documents) == 7
    assert {p.code for d in found.documents for p in d.problems} == {"document.unsafe"}
    assert "未再读取" in found.documents[6].problems[0].message


@pytest.mark.parametrize("deed", ["segfault", "spin", "fail"])
def test_a_message_that_kills_the_child_leaves_its_header(
    tmp_path: Path, reader: Reader, deed: str
) -> None:
    """The mail is handed on with what the header says and the reason."""
    found = reader.read(file(tmp_path, b"fine", head=b"X-Deed: %s\n" % deed.encode()))

    assert found.failure
    assert found.envelope.sender == "applicant1@example.org"
    assert found.envelope.subject == "第 1 组"
    assert found.envelope.message_id == "<1@example.org>"
    assert found.documents == ()


def test_a_header_of_any_size_is_survived(tmp_path: Path, reader: Reader) -> None:
    """Megabytes of encoded words: refused, with a failure for staff."""
    path = tmp_path / "mail.eml"
    path.write_bytes(b"Subject: " + b"=?utf-8?b?5byg?= " * 200_000 + b"\nFrom: a@b.cn\n\nx")
    found = reader.read(path)

    assert found.failure


def test_an_automatic_mail_stays_automatic_when_it_cannot_be_read(
    tmp_path: Path, reader: Reader
) -> None:
    """Otherwise we would answer a machine."""
    head = b"Auto-Submitted: auto-replied\nX-Deed: leave\n"

    assert reader.read(file(tmp_path, head=head)).envelope.automatic


def test_a_missing_or_changed_file_is_the_archives_failure(tmp_path: Path, reader: Reader) -> None:
    """It is no fault of the mail and nothing is made up for it."""
    with pytest.raises(ArchiveError, match="备份"):
        reader.read(tmp_path / "nothing.eml", "0" * 64)
    with pytest.raises(ArchiveError, match="备份"):
        reader.read(file(tmp_path), "0" * 64)


def test_a_child_is_replaced_after_its_number_of_mails(tmp_path: Path) -> None:
    """What leaks in a parser leaks for so long only."""
    bounds = Bounds(mails=2)
    with Reader((), bounds=bounds, workers=1, serve=victims.serve) as reader:
        seen = [reader.read(file(tmp_path, b"one")).documents[0].text for _ in range(4)]

    assert seen[0] == seen[1] != seen[2] == seen[3]


def test_several_threads_read_at_once(tmp_path: Path) -> None:
    """As many children as workers; every mail gets its own answer."""
    paths = []
    for number in range(8):
        path = tmp_path / f"{number}.eml"
        path.write_bytes(mail(number, attachments=[b"x"]))
        paths.append(path)
    with (
        Reader((), bounds=BOUNDS, workers=2, serve=victims.serve) as reader,
        ThreadPoolExecutor(4) as pool,
    ):
        found = list(pool.map(reader.read, paths))

    assert [entry.envelope.message_id for entry in found] == [
        f"<{number}@example.org>" for number in range(8)
    ]
    assert len({entry.documents[0].text for entry in found}) <= 2


def test_closing_leaves_no_process(tmp_path: Path) -> None:
    """An orderly end ends the children."""
    with Reader((), workers=1, serve=victims.serve) as reader:
        process = int(reader.read(file(tmp_path, b"one")).documents[0].text)

    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)


_HOPELESS = """
import sys, pathlib
sys.path.insert(0, sys.argv[1])
import victims
from mailbot.reading.reader import Reader
with Reader((), workers=1, serve=victims.serve) as reader:
    fine = reader.read(pathlib.Path(sys.argv[2]))
    print(fine.documents[0].text, flush=True)
    reader.read(pathlib.Path(sys.argv[3]))
"""


def test_the_child_dies_with_a_killed_parent(tmp_path: Path) -> None:
    """Even in an endless loop: nothing goes on spinning after kill -9 of the service."""
    fine = file(tmp_path, b"one").rename(tmp_path / "fine.eml")
    spinning = file(tmp_path, b"spin")
    command = [
        sys.executable,
        "-c",
        _HOPELESS,
        str(Path(__file__).parent),
        str(fine),
        str(spinning),
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        time.sleep(0.3)
        alive = Path(f"/proc/{child}").exists()
        parent.kill()
    end = time.monotonic() + 10
    while Path(f"/proc/{child}").exists() and time.monotonic() < end:
        time.sleep(0.05)

    assert alive
    assert not Path(f"/proc/{child}").exists()


def test_a_child_that_cannot_start_is_no_mails_fault(tmp_path: Path) -> None:
    """A broken installation condemns no mail: the world's failure, tried again later."""
    with (
        Reader((), workers=1, serve=victims.stillborn) as reader,
        pytest.raises(ReadingUnavailable, match="子进程"),
    ):
        reader.read(file(tmp_path, b"one"))


def test_a_single_file_is_read_in_a_child_too(tmp_path: Path, reader: Reader) -> None:
    """The read command opens strangers' files as well."""
    path = tmp_path / "表.txt"
    path.write_bytes(b"one")
    fine = reader.read_document(path)
    path.write_bytes(b"segfault")
    harmful = reader.read_document(path, "名.txt")

    assert (fine.file, fine.size, fine.problems, fine.blocks) == ("表.txt", 3, (), ())
    assert (harmful.file, [p.code for p in harmful.problems]) == ("名.txt", ["document.unsafe"])


def test_lines_and_grids_come_along_when_asked_for(tmp_path: Path) -> None:
    """From each member of an archive, as a reader of the format takes them out."""
    path = tmp_path / "外.zip"
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("表.docx", docx(p("申报表") + tbl(tr(tc("单位"), tc("湘江重工")))))
    with Reader((), workers=1) as reader:
        (member,) = reader.read_document(path, content=True).members
        (silent,) = reader.read_document(path).members
    line, table = member.blocks

    assert line == Line(text="申报表", where="第1段")
    assert isinstance(table, Grid)
    assert [(cell.text, cell.where) for cell in table.cells()] == [
        ("单位", "表1 第1行第1列"),
        ("湘江重工", "表1 第1行第2列"),
    ]
    assert silent.blocks == ()
