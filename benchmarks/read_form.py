"""How much reading a Word form costs, as ratios.

Two fixtures of 60 rows by 4 columns, drawn by python-docx: a title, a line above, in
every third row a cell merged over two columns, in every fifth a cell merged over two
rows, values of 4 to 40 characters.

    as Word writes it  every cell with the properties Word and WPS store in such forms:
                       widths, alignment, spacing, fonts for the paragraph mark and for
                       each run, revision marks; about 1 KB of XML a cell
    sparse             one run a cell with font and size, nothing else; about 0.3 KB a cell

Three ways of reading are timed in turn, 15 rounds of 10 readings each (python-docx: one
reading a round), and the medians are compared:

    own          parsers.word.document.read_word, from bytes to located cells and the count of words
    bare         zipfile and lxml.etree.fromstring of word/document.xml, nothing else
    python-docx  Document, and row.cells of every row with the text of every cell

Goals: own / bare at most 1.5, python-docx / own at least 4. Nothing is gated.
Run it with ``python benchmarks/read_form.py``.
"""

from __future__ import annotations

import io
import statistics
import time
import zipfile
from collections.abc import Callable

from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docx.shared import Pt
from lxml import etree

from parsers.limits import Limits
from parsers.word.document import read_word

ROWS, COLUMNS = 60, 4
ROUNDS, READINGS = 15, 10
NS = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
FONTS = (
    '<w:rFonts w:ascii="宋体" w:hAnsi="宋体" w:eastAsia="宋体" w:hint="eastAsia"/>'
    '<w:color w:val="000000"/><w:kern w:val="0"/><w:sz w:val="21"/><w:szCs w:val="21"/>'
)


def form(*, sparse: bool = False) -> bytes:
    """A fixture."""
    document = Document()
    document.add_heading("质量信得过班组申报表", level=1)
    document.add_paragraph("填报单位：湘江重工装备有限公司")
    table = document.add_table(rows=ROWS, cols=COLUMNS)
    table.style = "Table Grid"
    grid = [list(row.cells) for row in table.rows]
    for number, row in enumerate(grid):
        if number % 3 == 0:
            row[2].merge(row[3])
        if number % 5 == 0 and number + 1 < ROWS:
            row[0].merge(grid[number + 1][0])
        for column, cell in enumerate(row):
            if number % 3 == 0 and column == 3:
                continue
            text = f"项目{number}" if column % 2 == 0 else "全体成员参与改进活动" * (number % 4 + 1)
            run = cell.paragraphs[0].add_run(text)
            run.font.size = Pt(10.5)
            run.font.name = "Times New Roman"
            run._element.rPr.rFonts.set(qn("w:eastAsia"), "宋体")  # noqa: SLF001 - no public way
    if not sparse:
        for number, row in enumerate(table._tbl.tr_lst):  # noqa: SLF001 - no public way
            dress(row, number)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def dress(row: etree._Element, number: int) -> None:
    """Add to a row what Word stores with every cell."""
    row.set(qn("w:rsidR"), "00A77B3E")
    row.set(qn("w:rsidTr"), f"{0x00B51200 + number:08X}")
    row.insert(
        0, parse_xml(f'<w:trPr {NS}><w:trHeight w:val="567"/><w:jc w:val="center"/></w:trPr>')
    )
    for properties in row.iter(qn("w:tcPr")):
        properties.append(parse_xml(f'<w:vAlign {NS} w:val="center"/>'))
    for paragraph in row.iter(qn("w:p")):
        for name in ("w:rsidR", "w:rsidRPr", "w:rsidRDefault", "w:rsidP"):
            paragraph.set(qn(name), "00DF5C1A")
        paragraph.insert(0, parse_xml(
            f'<w:pPr {NS}><w:adjustRightInd w:val="0"/><w:snapToGrid w:val="0"/>'
            '<w:spacing w:line="320" w:lineRule="exact"/><w:jc w:val="center"/>'
            f"<w:rPr>{FONTS}</w:rPr></w:pPr>"
        ))  # fmt: skip
        for run in list(paragraph.iter(qn("w:r"))):
            run.set(qn("w:rsidRPr"), "00DF5C1A")
            if run.rPr is not None:
                run.remove(run.rPr)
            run.insert(0, parse_xml(f"<w:rPr {NS}>{FONTS}</w:rPr>"))


def own(content: bytes) -> None:
    """Our reader."""
    read_word(content, Limits())


def bare(content: bytes) -> None:
    """What no reader can do without."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        etree.fromstring(package.read("word/document.xml"))


def python_docx(content: bytes) -> None:
    """The same cells through python-docx."""
    for table in Document(io.BytesIO(content)).tables:
        for row in table.rows:
            for cell in row.cells:
                _ = cell.text


def timed(read: Callable[[bytes], None], content: bytes, readings: int) -> float:
    """Seconds of CPU for one reading."""
    started = time.process_time()
    for _ in range(readings):
        read(content)
    return (time.process_time() - started) / readings


def compare(title: str, content: bytes) -> None:
    """Print medians and ratios for one fixture."""
    times: dict[str, list[float]] = {"own": [], "bare": [], "python-docx": []}
    for _ in range(ROUNDS):
        times["own"].append(timed(own, content, READINGS))
        times["bare"].append(timed(bare, content, READINGS))
        times["python-docx"].append(timed(python_docx, content, 1))
    medians = {name: statistics.median(values) for name, values in times.items()}
    print(title)
    for name, seconds in medians.items():
        print(f"  {name:12} {seconds * 1000:8.2f} ms")
    print(f"  own / bare         {medians['own'] / medians['bare']:6.2f}  (goal: at most 1.5)")
    print(
        f"  python-docx / own  {medians['python-docx'] / medians['own']:6.2f}  (goal: at least 4)"
    )


def main() -> None:
    """Compare on both fixtures."""
    compare("as Word writes it", form())
    compare("sparse", form(sparse=True))


if __name__ == "__main__":
    main()
