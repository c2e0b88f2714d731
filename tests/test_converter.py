"""Conversions by the office program: what it does wrong costs one document."""

from __future__ import annotations

import hashlib
import os
import shutil
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
import victims
from filledforms import hunan, values
from intake import mail
from officefiles import archive
from offices import office, open_document, runs, saved_as
from printed import TEAM, team_form
from richtext import paragraph, rtf

from mailbot.ports import WorldError
from mailbot.reading import converter as rooms
from mailbot.reading.child import Bounds
from mailbot.reading.converter import Converter
from mailbot.reading.errand import Errand
from mailbot.reading.office import Caps, missing_parts
from mailbot.reading.reader import Reader
from parsers.foreign import Kind, Untranslated

COPY = 'cp "$1" "$out/document.docx"'
TEXT = b"{\\rtf1 text}"


def errand(content: bytes = TEXT, kind: Kind = "rtf") -> Errand:
    return Errand(kind=kind, sha256=hashlib.sha256(content).hexdigest(), size=len(content))


def fake(folder: Path, deed: str, **caps: float) -> Converter:
    """A converter whose program does this."""
    scratch = folder / "scratch"
    scratch.mkdir(exist_ok=True)
    limits = replace(Caps(seconds=20.0), **caps)  # type: ignore[arg-type]
    return Converter(limits, program=office(folder, deed), scratch=scratch)


def refusal(converter: Converter) -> str:
    """Why it gave nothing back."""
    with converter.mail() as run, pytest.raises(Untranslated) as caught:
        run(errand(), iter([TEXT]))
    return caught.value.reason


def test_what_the_program_writes_comes_back(tmp_path: Path) -> None:
    """As a file that is gone when the mail is done."""
    with fake(tmp_path, COPY) as converter, converter.mail() as run:
        made = run(errand(), iter([TEXT[:4], TEXT[4:]]))
        found = made.read_bytes()

    assert found == TEXT
    assert not made.exists()


@pytest.mark.parametrize(
    ("deed", "reason"),
    [
        ("exit 0", "failed"),  # it says that all went well
        ("exit 77", "failed"),
        ("kill -SEGV $$", "failed"),
        ('touch "$out/document.docx"', "failed"),
        ('ln -s /etc/passwd "$out/document.docx"', "failed"),
        ("sleep 60", "late"),
        ("while :; do :; done", "late"),
        ("kill -XCPU $$", "late"),
        ('head -c 3000000 /dev/zero > "$out/document.docx"', "outgrown"),
    ],
)
def test_a_program_that_fails_gives_a_reason(tmp_path: Path, deed: str, reason: str) -> None:
    """Its exit code is not believed, it does not run on, and it cannot fill the disk."""
    seconds = 1.0 if reason == "late" else 20.0
    with fake(tmp_path, deed, seconds=seconds, largest=1_000_000) as converter:
        assert refusal(converter) == reason


def test_what_it_started_ends_with_it(tmp_path: Path) -> None:
    """A grandchild that went on in the background is killed as well."""
    number = tmp_path / "number"
    with fake(tmp_path, f"sleep 300 & echo $! > {number}; {COPY}") as converter:
        with converter.mail() as run:
            run(errand(), iter([TEXT]))
        grandchild = Path(f"/proc/{number.read_text().strip()}/stat")
        end = time.monotonic() + 5
        while _runs(grandchild) and time.monotonic() < end:
            time.sleep(0.05)

        assert not _runs(grandchild)


def _runs(process: Path) -> bool:
    try:
        return process.read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


_HOPELESS = """
import pathlib, sys
from mailbot.reading.converter import Converter
from mailbot.reading.errand import Errand
converter = Converter(program=pathlib.Path(sys.argv[1]), scratch=pathlib.Path(sys.argv[2]))
with converter.mail() as run:
    run(Errand(kind="rtf", sha256="", size=1), iter([b"x"]))
"""


def test_nothing_is_left_of_a_killed_service(tmp_path: Path) -> None:
    """The program dies with us, and the next start sweeps our folder out."""
    number, scratch = tmp_path / "number", tmp_path / "scratch"
    scratch.mkdir()
    program = office(tmp_path, f"echo $$ > {number}; exec sleep 300")
    command = [sys.executable, "-c", _HOPELESS, str(program), str(scratch)]
    with subprocess.Popen(command) as service:
        end = time.monotonic() + 20
        while not (number.exists() and number.read_text()) and time.monotonic() < end:
            time.sleep(0.05)
        process = Path(f"/proc/{number.read_text().strip()}/stat")
        before = _runs(process)
        service.kill()
    end = time.monotonic() + 5
    while _runs(process) and time.monotonic() < end:
        time.sleep(0.05)
    left = list(scratch.iterdir())
    with fake(tmp_path, COPY) as converter, converter.mail() as run:
        run(errand(), iter([TEXT]))
        now = list(scratch.iterdir())

    assert before
    assert not _runs(process)
    assert len(left) == len(now) == 1
    assert left != now
    assert list(scratch.iterdir()) == []


def test_the_same_bytes_are_converted_once_a_mail(tmp_path: Path) -> None:
    """Whether it went well or not; another mail is another matter."""
    for deed, count in ((COPY, 2), ("exit 1", 3)):
        folder = tmp_path / str(count)
        folder.mkdir()
        with fake(folder, deed) as converter:
            for _ in range(2):
                with converter.mail() as run:
                    for _ in range(3):
                        try:
                            run(errand(), iter([TEXT]))
                        except Untranslated:
                            assert deed != COPY
        assert runs(folder) == 2


def test_a_mail_has_a_share_of_time(tmp_path: Path) -> None:
    """After five documents that hang, the others of the mail are not tried."""
    with fake(tmp_path, "sleep 60", seconds=0.5) as converter, converter.mail() as run:
        for number in range(8):
            content = b"{\\rtf1 %d}" % number
            with pytest.raises(Untranslated, match="late"):
                run(errand(content), iter([content]))

    assert runs(tmp_path) == 5


def test_one_conversion_runs_at_a_time(tmp_path: Path) -> None:
    """Whichever threads ask."""
    deed = f"mkdir {tmp_path}/busy || exit 1; sleep 0.2; rmdir {tmp_path}/busy; {COPY}"

    def convert(number: int) -> bool:
        content = b"{\\rtf1 %d}" % number
        with converter.mail() as run:
            return run(errand(content), iter([content])).read_bytes() == content

    with fake(tmp_path, deed) as converter, ThreadPoolExecutor(4) as pool:
        assert all(pool.map(convert, range(6)))


def test_without_the_program_the_reason_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is looked for anew each time: who installs it need not start the service again."""
    with Converter() as converter:
        monkeypatch.setenv("PATH", str(tmp_path))
        assert refusal(converter) == "missing"


def test_a_folder_that_takes_no_files_is_no_documents_fault(tmp_path: Path) -> None:
    """The mail is tried again later."""
    with fake(tmp_path, COPY) as converter, converter.mail() as run:
        (tmp_path / "scratch").rmdir()
        with pytest.raises(WorldError, match="临时文件夹"):
            run(errand(), iter([TEXT]))


def test_a_disk_too_full_for_the_result_is_no_documents_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The program says nothing of it; the sender must not be asked for another file."""
    usage = shutil.disk_usage(tmp_path)._replace(free=4096)
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: usage)
    with (
        fake(tmp_path, "true") as converter,
        converter.mail() as run,
        pytest.raises(WorldError, match="临时文件夹"),
    ):
        run(errand(), iter([TEXT]))


def test_a_folder_that_was_tidied_away_is_made_again(tmp_path: Path) -> None:
    """Systems clean their folder for passing files."""
    with fake(tmp_path, COPY) as converter:
        for _ in range(2):
            with converter.mail() as run:
                assert run(errand(), iter([TEXT])).read_bytes() == TEXT
            for left in (tmp_path / "scratch").iterdir():
                left.rename(tmp_path / left.name)


def test_parts_that_are_not_installed_are_named(tmp_path: Path) -> None:
    """Text and spreadsheets are packages of their own."""
    for name in ("soffice.bin", "libswlo.so"):
        (tmp_path / name).touch()

    assert missing_parts(tmp_path / "soffice") == ("Calc",)


# ---- through the child ----------------------------------------------------------------

BOUNDS = Bounds(wall_seconds=3.0)


def letter(folder: Path, *attachments: bytes) -> Path:
    path = folder / "mail.eml"
    path.write_bytes(mail(1, attachments=attachments))
    return path


@pytest.fixture
def slow(tmp_path: Path) -> Iterator[Reader]:
    """A reader with holes, and a program that takes longer than a child may."""
    converter = fake(tmp_path, f"sleep 4; {COPY}")
    with Reader((), bounds=BOUNDS, workers=1, serve=victims.serve, converter=converter) as made:
        yield made


def test_a_child_may_wait_for_its_errand(tmp_path: Path, slow: Reader) -> None:
    """No time of its own runs meanwhile; the same bytes go out once."""
    found = slow.read(letter(tmp_path, b"convert this", b"x", b"convert this"))

    assert [entry.text for entry in found.documents[::2]] == ["convert this"] * 2
    assert not any(entry.problems for entry in found.documents)
    assert runs(tmp_path) == 1


def test_large_documents_go_out_in_pieces(tmp_path: Path) -> None:
    """Whole and in order."""
    content = b"convert " + os.urandom(1 << 19).hex().encode() * 3
    converter = fake(tmp_path, 'sha256sum "$1" > "$out/document.docx"')
    with Reader((), workers=1, serve=victims.serve, converter=converter) as reader:
        (found,) = reader.read(letter(tmp_path, content)).documents

    assert found.text.split()[0] == hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize("deed", ["ask", "promise", "dawdle"])
def test_a_false_errand_harms_its_document_only(tmp_path: Path, deed: str) -> None:
    """A kind that is none, more bytes than said, or none at all."""
    converter = fake(tmp_path, COPY)
    with Reader((), bounds=BOUNDS, workers=1, serve=victims.serve, converter=converter) as reader:
        harmful, fine = reader.read(letter(tmp_path, deed.encode(), b"fine")).documents

    assert [problem.code for problem in harmful.problems] == ["document.unsafe"]
    assert not fine.problems
    assert runs(tmp_path) == 0


@pytest.mark.parametrize(
    ("deed", "word"), [("exit 1", "无法读取"), ("sleep 60", "允许的时间"), (None, "暂不能")]
)
def test_the_sender_is_told_what_to_do(tmp_path: Path, deed: str | None, word: str) -> None:
    """For that document; the others are read."""
    converter = None if deed is None else fake(tmp_path, deed, seconds=1.0)
    with Reader((), workers=1, converter=converter) as reader:
        lost, fine = reader.read(letter(tmp_path, TEXT, b"fine")).documents
    (problem,) = lost.problems

    assert (problem.code, lost.format, lost.converted) == ("document.unreadable", "rtf", False)
    assert word in problem.message
    assert ".docx" in problem.message
    assert not fine.problems


def test_a_document_that_unfolds_without_end_is_unsafe(tmp_path: Path) -> None:
    """A bomb for the office program."""
    deed = 'head -c 3000000 /dev/zero > "$out/document.docx"'
    with Reader((), workers=1, converter=fake(tmp_path, deed, largest=1_000_000)) as reader:
        (lost,) = reader.read(letter(tmp_path, TEXT)).documents

    assert [problem.code for problem in lost.problems] == ["document.unsafe"]


# ---- the real program -----------------------------------------------------------------


@pytest.fixture(scope="module")
def real() -> Iterator[Reader]:
    """A reader with the forms of a campaign."""
    with Reader([hunan()], workers=1, converter=Converter()) as made:
        yield made


def test_a_form_saved_as_rich_text_is_read_wherever_it_lies(tmp_path: Path, real: Reader) -> None:
    """As a document, under another name, in an archive, in an archive and in a mail in that."""
    content = saved_as(team_form(), "docx", "rtf")
    inner = archive({"表.doc": content})
    path = tmp_path / "材料.zip"
    attached = mail(2, attachments=[content])
    path.write_bytes(archive({"表.rtf": content, "再.zip": inner, "转.eml": attached}))
    found = [entry for entry in real.read_document(path).leaves() if entry.format == "rtf"]

    assert len(found) == 3
    for entry in found:
        assert entry.converted
        assert not entry.problems
        (form,) = entry.forms
        assert values(form)["team_name"] == TEAM["team_name"]
        assert values(form)["mobile"] == TEAM["mobile"]


class Listener:
    """Counts who knocks on a port of this machine."""

    def __init__(self) -> None:
        self.knocks = 0
        self._server = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._server.getsockname()[1]}"
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        while True:
            try:
                connection, _ = self._server.accept()
            except OSError:
                return
            self.knocks += 1
            connection.close()

    def close(self) -> None:
        self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()


@pytest.fixture
def listener() -> Iterator[Listener]:
    made = Listener()
    yield made
    made.close()


def links(url: str, secret: Path) -> str:
    """Everything in rich text that points elsewhere."""
    fields = [
        rf'INCLUDEPICTURE "{url}/a.png" \\d',
        rf'INCLUDEPICTURE "{url}/b.png"',
        rf'INCLUDETEXT "{url}/c.rtf"',
        rf'INCLUDETEXT "{secret}"',
        rf'INCLUDETEXT "{secret.as_uri()}"',
        rf'LINK Word.Document.8 "{url}/d.doc" "" \\a \\r',
        "DDEAUTO soffice a b",
        rf'HYPERLINK "{url}/e"',
    ]
    return (
        rf"{{\*\template {url}/f.dot}}"
        + "".join(rf"{{\field{{\*\fldinst {field}}}{{\fldrslt x}}}}" for field in fields)
        + r"{\object\objlink\objautlink\objupdate{\*\objclass Word.Document.8}"
        + rf"{{\*\objdata {_link(f'{url}/g.doc').hex()}}}{{\result x}}}}"
    )


def _link(target: str) -> bytes:
    """A linked object that is updated when opened ([MS-OLEDS] 2.2.6)."""
    words = [f"{word}\0".encode() for word in ("Word.Document.8", target, "x")]
    named = b"".join(struct.pack("<I", len(word)) + word for word in words)
    return struct.pack("<II", 0x0501, 1) + named + struct.pack("<IiI", 0, 0, 1)


def rich(url: str, secret: Path) -> bytes:
    return rtf(links(url, secret), paragraph("正文"))


def text(url: str, secret: Path) -> bytes:
    """Pictures, sections, frames and objects of an OpenDocument text."""
    return open_document(
        "text",
        "".join(
            f'<text:section text:name="s{number}"><text:section-source xlink:href="{target}"/>'
            f'<text:p>x</text:p></text:section><text:p><draw:frame svg:width="2cm" '
            f'svg:height="2cm"><draw:image xlink:href="{target}" xlink:type="simple" '
            f'xlink:show="embed" xlink:actuate="onLoad"/></draw:frame><draw:frame svg:width="2cm" '
            f'svg:height="2cm"><draw:object xlink:href="{target}"/></draw:frame>'
            f'<draw:frame svg:width="2cm" svg:height="2cm"><draw:floating-frame '
            f'xlink:href="{target}"/></draw:frame></text:p>'
            for number, target in enumerate((f"{url}/a.png", secret.as_uri(), str(secret)))
        )
        + "<text:p>正文</text:p>",
    )


def sheet(url: str, secret: Path) -> bytes:
    """Formulas, ranges and whole tables of a spreadsheet from elsewhere."""
    source = f'<table:table-source xlink:href="{url}/a.ods" table:table-name="x"/>'
    return open_document(
        "spreadsheet",
        f'<table:table table:name="一">{source}<table:table-row>'
        '<table:table-cell office:value-type="string"><text:p>正文</text:p></table:table-cell>'
        f'<table:table-cell table:formula="of:=WEBSERVICE(&quot;{url}/b&quot;)"/>'
        f'<table:table-cell table:formula="of:=&apos;{url}/c.ods&apos;#$x.A1"/>'
        f'<table:table-cell><table:cell-range-source table:name="A1" xlink:href="{url}/d.ods" '
        f'table:filter-name="calc8"/></table:table-cell><table:table-cell>'
        f'<table:cell-range-source table:name="A1" xlink:href="{secret.as_uri()}"/>'
        "</table:table-cell></table:table-row></table:table>",
    )


@pytest.mark.parametrize("alone", [True, False])
@pytest.mark.parametrize("write", [rich, text, sheet])
def test_nothing_that_a_document_points_to_is_fetched(
    tmp_path: Path,
    listener: Listener,
    monkeypatch: pytest.MonkeyPatch,
    write: Callable[[str, Path], bytes],
    *,
    alone: bool,
) -> None:
    """Neither from the network, with or without the system's help, nor from this machine."""
    if not alone:
        monkeypatch.setattr(rooms, "unshared", list)
    secret = tmp_path / "secret.rtf"
    secret.write_bytes(rtf(paragraph("机密")))
    with Reader((), workers=1, converter=Converter()) as reader:
        (found,) = reader.read(letter(tmp_path, write(listener.url, secret))).documents

    assert found.converted
    assert "正文" in found.text
    assert "机密" not in found.text
    assert listener.knocks == 0
