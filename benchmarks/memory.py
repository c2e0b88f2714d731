"""The most memory that reading takes: of the limited child, and of the service itself.

Each fixture is one mail, read by mailbot.reading.reader.Reader with the limits the service has:

    a form            a Word form of 60 rows (read_form.py)
    50 MB, picture    the same form with a picture of 50 MB that cannot be packed
    50 MB, rows       an .xlsx of 50 MB unpacked (repeated text, 500,000 cells)
    zip bomb          100 members of 50 MB of zeros each
    nested bomb       the same, packed six times over
    tar.gz bomb       1 GB of zeros
    entity bomb       a .docx whose XML unfolds a billion laughs
    far cell          an .xlsx with one cell, XFD1048576
    picture bomb      a .png of 60,000 x 60,000 black points
    page bomb         a .pdf with one empty page of 70 x 70 km

Printed are the peak resident set of the child (VmHWM; a new one for every mail) and of
this process, which plays the service (goal: under 150 MB), and what the mail cost. Pictures
are recognised where the extra is installed, in a child of its own that counts too. The
child's limit is an address space of 2048 MB. Nothing is gated. Run it with
``python benchmarks/memory.py``.
"""

from __future__ import annotations

import gzip
import io
import os
import resource
import struct
import tarfile
import tempfile
import threading
import time
import zipfile
import zlib
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path

from read_form import form

from mailbot.catalogue import load_campaigns, spec_sets
from mailbot.reading.reader import Reader
from mailbot.reading.recognising import is_installed

MEGABYTE = 1024 * 1024


def packed(files: dict[str, bytes], level: int = 9) -> bytes:
    """A .zip."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as package:
        for name, content in files.items():
            package.writestr(name, content)
    return buffer.getvalue()


def with_part(content: bytes, name: str, part: bytes) -> bytes:
    """A package with one part more, or with another."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        parts = {entry: package.read(entry) for entry in package.namelist()}
    return packed({**parts, name: part}, level=1)


def rows() -> bytes:
    """An .xlsx of much text in many cells."""
    cell = '<c t="inlineStr"><is><t>全体成员参与改进活动，质量目标全部达成。</t></is></c>'
    data = f"<row>{cell * 10}</row>" * 50_000
    sheet = (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f"<sheetData>{data}</sheetData></worksheet>"
    )
    return with_part(empty_book(), "xl/worksheets/sheet1.xml", sheet.encode())


def far_cell() -> bytes:
    """An .xlsx with one cell in the last corner."""
    sheet = (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'
    )
    return with_part(empty_book(), "xl/worksheets/sheet1.xml", sheet.encode())


def empty_book() -> bytes:
    """A workbook with nothing in it."""
    import openpyxl  # noqa: PLC0415 - only for fixtures

    buffer = io.BytesIO()
    openpyxl.Workbook().save(buffer)
    return buffer.getvalue()


def zeros() -> bytes:
    """A .zip of 5 GB in 100 members."""
    return packed({f"表{number}.docx": bytes(50 * MEGABYTE) for number in range(100)})


def nested() -> bytes:
    """A .zip in a .zip, six times."""
    content = packed({"表.docx": bytes(200 * MEGABYTE)})
    for _ in range(6):
        content = packed({"内.zip": content})
    return content


def tar_of_zeros() -> bytes:
    """1 GB in a .tar.gz."""
    buffer = io.BytesIO()
    with gzip.open(buffer, "wb", compresslevel=9) as packed_, tarfile.open(fileobj=packed_, mode="w|") as tar:  # fmt: skip
        entry = tarfile.TarInfo("表.docx")
        entry.size = 1024 * MEGABYTE
        tar.addfile(entry, Zeros())
    return buffer.getvalue()


class Zeros(io.RawIOBase):
    """Nothing without end."""

    def read(self, size: int = -1) -> bytes:
        """That many zeros."""
        return bytes(size)


def laughs() -> bytes:
    """A .docx that unfolds."""
    entities = '<!ENTITY a "哈哈哈哈哈哈哈哈哈哈">' + "".join(
        f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9)
    )
    body = (
        "<w:document xmlns:w='w'><w:body><w:p><w:r><w:t>&j;</w:t></w:r></w:p></w:body></w:document>"
    )
    return with_part(form(), "word/document.xml", f"<!DOCTYPE d [{entities}]>{body}".encode())


def large_picture() -> bytes:
    """The form with a part that cannot be packed."""
    return with_part(form(), "word/media/image1.jpeg", os.urandom(50 * MEGABYTE))


def picture_bomb() -> bytes:
    """A .png of some hundred kilobytes with 3.6 thousand million points."""
    side = 60_000
    rows = zlib.compressobj(9)
    data = b"".join([*(rows.compress(bytes(1 + side // 8)) for _ in range(side)), rows.flush()])
    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", data), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in chunks
    )


def page_bomb() -> bytes:
    """A .pdf whose page no memory holds at any resolution."""
    objects = (
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200000000 200000000]>>",
    )
    body = "%PDF-1.4\n" + "".join(
        f"{number} 0 obj{text}endobj\n" for number, text in enumerate(objects, start=1)
    )
    return (body + "trailer<</Root 1 0 R/Size 4>>\n%%EOF\n").encode()


FIXTURES: tuple[tuple[str, str, Callable[[], bytes]], ...] = (
    ("a form", "表.docx", form),
    ("50 MB, picture", "表.docx", large_picture),
    ("50 MB, rows", "表.xlsx", rows),
    ("zip bomb", "材料.zip", zeros),
    ("nested bomb", "材料.zip", nested),
    ("tar.gz bomb", "材料.tar.gz", tar_of_zeros),
    ("entity bomb", "表.docx", laughs),
    ("far cell", "表.xlsx", far_cell),
    ("picture bomb", "扫描件.png", picture_bomb),
    ("page bomb", "扫描件.pdf", page_bomb),
)


class Watch(threading.Thread):
    """Looks at the youngest process of ours until it is told to stop."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.peak = 0
        self.over = False

    def run(self) -> None:
        """Keep the highest peak of any process below this one."""
        while not self.over:
            self.peak = max([self.peak, *map(peak_of, below(os.getpid()))])
            time.sleep(0.01)


def below(process: int) -> list[int]:
    """Its children's children; the child itself is the fork server."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parents[int(entry.name)] = int(
                    (entry / "stat").read_text().rpartition(")")[2].split()[1]
                )
            except OSError:
                continue
    children = {name for name, parent in parents.items() if parent == process}
    return [name for name, parent in parents.items() if parent in children]


def peak_of(process: int) -> int:
    """VmHWM in bytes; 0 when it has gone."""
    try:
        status = Path(f"/proc/{process}/status").read_text()
    except OSError:
        return 0
    return next(
        (int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmHWM")), 0
    )


def mail(path: Path, name: str, content: bytes) -> None:
    """Write the mail; built in a process of its own, so that it does not count as ours."""
    child = os.fork()
    if child == 0:
        message = EmailMessage()
        message["From"], message["To"] = "zhou@xiangjiang.example", "box@example.org"
        message["Subject"] = "申报材料"
        message.set_content("见附件。")
        message.add_attachment(content, maintype="application", subtype="zip", filename=name)
        path.write_bytes(message.as_bytes())
        os._exit(0)
    os.waitpid(child, 0)


def prepared(folder: Path) -> None:
    """All mails, made in another process for the same reason."""
    child = os.fork()
    if child == 0:
        for number, (_, name, make) in enumerate(FIXTURES):
            mail(folder / f"{number}.eml", name, make())
        os._exit(0)
    if os.waitpid(child, 0)[1]:
        raise SystemExit("the fixtures could not be made")


def main() -> None:
    """Print the peaks."""
    specs = spec_sets(load_campaigns(None, ["hunan-2026"]))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        prepared(folder)
        for number, (title, _, _) in enumerate(FIXTURES):
            watch = Watch()
            with Reader(specs, workers=1, recognises=is_installed()) as reader:
                watch.start()
                began = time.perf_counter()
                reading = reader.read(folder / f"{number}.eml")
                seconds = time.perf_counter() - began
                watch.over = True
                watch.join()
            problems = {
                problem.code
                for document in reading.documents
                for leaf in (document, *document.leaves())
                for problem in leaf.problems
            }
            print(
                f"{title:16} mail {(folder / f'{number}.eml').stat().st_size / MEGABYTE:6.1f} MB  "
                f"child {watch.peak / MEGABYTE:7.0f} MB  {seconds:6.2f} s  "
                f"{', '.join(sorted(problems)) or reading.failure or 'read'}"
            )
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(f"this process, all in all: {own / MEGABYTE:.0f} MB (goal: under 150)")


if __name__ == "__main__":
    main()
