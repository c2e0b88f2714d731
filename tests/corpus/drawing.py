"""Samples as files: the XML that Word writes, a workbook, and what an office program makes of them.

Tables have the rules, widths and fonts a printed form has, so that a PDF or a
picture made from them looks as one from an applicant.
"""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from officefiles import NAMESPACES
from papers import Paper, Pen, paragraphs, table, workbook

from corpus.sample import Sample

_A4 = (11906, 16838)  # twips
_MARGIN = 1134
_WIDE = 8  #: from this many columns on the paper lies on its side
_PACKAGE = {
    "[Content_Types].xml": (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType='
        '"application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-'
        'officedocument.wordprocessingml.document.main+xml"/>'
        '<Override PartName="/word/styles.xml" ContentType="application/vnd.openxmlformats-'
        'officedocument.wordprocessingml.styles+xml"/></Types>'
    ),
    "_rels/.rels": (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
        'relationships/officeDocument" Target="word/document.xml"/></Relationships>'
    ),
    "word/_rels/document.xml.rels": (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
        'relationships/styles" Target="styles.xml"/></Relationships>'
    ),
    "word/styles.xml": (
        f"<w:styles {NAMESPACES}><w:docDefaults><w:rPrDefault><w:rPr>"
        '<w:rFonts w:ascii="Times New Roman" w:eastAsia="宋体" w:hAnsi="Times New Roman"/>'
        '<w:sz w:val="21"/><w:lang w:val="en-US" w:eastAsia="zh-CN"/></w:rPr></w:rPrDefault>'
        "</w:docDefaults></w:styles>"
    ),
}


def word(papers: Sequence[Paper], pen: Pen | None = None) -> bytes:
    """A .docx of these papers one after the other, as Word saves it."""
    columns = max((_columns(paper) for paper in papers), default=1)
    height, width = _A4 if columns >= _WIDE else _A4[::-1]
    body = "".join(_body(paper, pen, width - 2 * _MARGIN) for paper in papers)
    turned = ' w:orient="landscape"' if columns >= _WIDE else ""
    page = (
        f'<w:sectPr><w:pgSz w:w="{width}" w:h="{height}"{turned}/><w:pgMar w:top="{_MARGIN}" '
        f'w:right="{_MARGIN}" w:bottom="{_MARGIN}" w:left="{_MARGIN}"/></w:sectPr>'
    )
    document = f"<w:document {NAMESPACES}><w:body>{body}{page}</w:body></w:document>"
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, part in {**_PACKAGE, "word/document.xml": document}.items():
            entry = zipfile.ZipInfo(name)  # without a time: the same papers give the same bytes
            text = f'<?xml version="1.0" encoding="UTF-8"?>{part}'
            package.writestr(entry, text, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def _columns(paper: Paper) -> int:
    return max((sum(box.across for box in row) for row in paper.rows), default=1)


def _body(paper: Paper, pen: Pen | None, width: int) -> str:
    lines = "".join(_head(line) for line in paper.head)
    if paper.rows:
        columns = _columns(paper)
        rules = "".join(
            f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="auto"/>'
            for side in ("top", "left", "bottom", "right", "insideH", "insideV")
        )
        frame = (
            f'<w:tblPr><w:tblW w:w="{width}" w:type="dxa"/><w:tblBorders>{rules}</w:tblBorders>'
            '<w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>'
            + f'<w:gridCol w:w="{width // columns}"/>' * columns
            + "</w:tblGrid>"
        )
        lines += table(paper.rows, pen).replace("<w:tbl>", f"<w:tbl>{frame}", 1)
    return lines + "".join(paragraphs(line) for line in paper.foot)


def _head(line: str) -> str:
    """The lines over a table; a title stands in the middle, bold and large."""
    title = re.search(r"(表|总结|报告|材料)\s*$", line) and "：" not in line and len(line) > 6
    if not title:
        return paragraphs(line)
    run = paragraphs(line).replace("<w:r>", '<w:r><w:rPr><w:b/><w:sz w:val="32"/></w:rPr>')
    return run.replace("<w:p>", '<w:p><w:pPr><w:jc w:val="center"/></w:pPr>')


def sheets(sample: Sample) -> bytes:
    """A .xlsx with the papers below each other."""
    return workbook(Sheet1=sample.papers)


def converted(
    files: Mapping[str, bytes], target: str, *, soffice: str = "soffice"
) -> dict[str, bytes]:
    """Each file saved by the office program as another format, by its name without ending.

    ``target`` is what its command line takes: ``doc``, ``xls``, ``pdf``, ``rtf`` ...
    Raises RuntimeError naming the files that did not come out.
    """
    with tempfile.TemporaryDirectory() as folder:
        source, made = Path(folder, "in"), Path(folder, "out")
        source.mkdir()
        for name, data in files.items():
            (source / name).write_bytes(data)
        program = shutil.which(soffice)
        if program is None:
            raise RuntimeError("soffice: install libreoffice-writer-nogui, libreoffice-calc-nogui")
        subprocess.run(
            [
                program,
                f"-env:UserInstallation=file://{folder}/profile",
                "--headless",
                "--convert-to",
                target,
                "--outdir",
                str(made),
                *(str(source / name) for name in files),
            ],
            check=True,
            capture_output=True,
            timeout=900,
        )
        ending = target.partition(":")[0]
        results = {Path(name).stem: made / f"{Path(name).stem}.{ending}" for name in files}
        lost = [name for name, path in results.items() if not path.is_file()]
        if lost:
            raise RuntimeError(f"not converted to {target}: {', '.join(lost)}")
        return {name: path.read_bytes() for name, path in results.items()}
