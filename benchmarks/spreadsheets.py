"""How much reading a spreadsheet costs, as ratios against openpyxl.

Two fixtures written by openpyxl, a title merged over the width, a header and rows of a
roll-up (number, postcode, company, group, project, count, contact, phone):

    small    60 rows
    middle   1,000 rows
    large    20,000 rows

and the same saved as .xls by LibreOffice, where it is there. Timed in turn, 21 rounds of 10
readings each (middle: 9 of 3, large: 3 of 1); of each the least CPU time, which other
processes disturb least:

    own         parsers.sheets.sheet.read_sheet, from bytes to located cells and the count of words
    openpyxl    load_workbook(data_only=True) and the value of every cell; for .xls, which
                it cannot read, the .xlsx of the same rows

Goal: openpyxl / own at least 5. Nothing is gated. Run it with
``python benchmarks/spreadsheets.py``.
"""

from __future__ import annotations

import gc
import io
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import openpyxl

from parsers.limits import Limits
from parsers.sheets.sheet import read_sheet

HEADER = ("序号", "邮编", "单位名称", "小组名称", "课题名称", "人数", "联系人", "联系电话")


def workbook(rows: int) -> bytes:
    """A fixture."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(["优秀质量管理小组成果汇总表"])
    sheet.merge_cells(start_row=1, end_row=1, start_column=1, end_column=len(HEADER))
    sheet.append(HEADER)
    for n in range(1, rows + 1):
        sheet.append(
            [n, f"{410000 + n % 1000}", f"湘江重工装备{n}分厂", f"奋进{n}组", f"降低{n}号线废品率", 6 + n % 7,
             "周志远", f"139{n:08}"]
        )  # fmt: skip
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def old(content: bytes) -> bytes | None:
    """The same as .xls; None without LibreOffice."""
    program = shutil.which("soffice")
    if program is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "book.xlsx").write_bytes(content)
        profile = f"-env:UserInstallation=file://{folder}/profile"
        command = [program, profile, "--headless", "--convert-to", "xls", "--outdir", folder]
        subprocess.run([*command, f"{folder}/book.xlsx"], check=True, capture_output=True)
        return Path(folder, "book.xls").read_bytes()


def rival(content: bytes) -> int:
    """Every value by openpyxl."""
    book = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
    return sum(
        value is not None for sheet in book for row in sheet.iter_rows(values_only=True) for value in row
    )  # fmt: skip


def timed(act: Callable[[], object], readings: int) -> float:
    """Seconds of CPU for one reading, without those of clearing up after the one timed before."""
    gc.collect()
    began = time.process_time()
    for _ in range(readings):
        act()
    return (time.process_time() - began) / readings


def main() -> None:
    """Print times and ratios."""
    limits = Limits()
    sizes = (("small", 60, 21, 10), ("middle", 1_000, 9, 3), ("large", 20_000, 3, 1))
    for title, rows, rounds, readings in sizes:
        new = workbook(rows)
        for kind, content in (("xlsx", new), ("xls", old(new))):
            if content is None:
                print(f"{title} {kind}: not measured, LibreOffice is needed to write the fixture")
                continue
            pairs = [
                (
                    timed(lambda c=content: read_sheet(c, limits), readings),
                    timed(lambda c=new: rival(c), readings),
                )
                for _ in range(rounds + 1)
            ][1:]
            own, theirs = (min(column) for column in zip(*pairs, strict=True))
            print(
                f"{title:6} {kind:4}  own {own * 1000:8.2f} ms   openpyxl {theirs * 1000:8.2f} ms   "
                f"openpyxl / own {theirs / own:6.1f}  (goal: at least 5)"
            )


if __name__ == "__main__":
    main()
