"""Office files for tests, from the XML or the values a test is about."""

import io
import zipfile
from collections.abc import Callable

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
)
_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-'
    'officedocument.wordprocessingml.document.main+xml"/></Types>'
)
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def docx(body: str, parts: dict[str, str] | None = None) -> bytes:
    """A .docx with this XML in its body and these further parts (name under word/ to XML)."""
    parts = parts or {}
    relations = "".join(
        f'<Relationship Id="{name.partition(".")[0]}" Target="{name}" '
        f'Type="{_OFFICE}/{name.partition(".")[0].rstrip("0123456789")}"/>'
        for name in parts
    )
    document = f"<w:document {NAMESPACES}><w:body>{body}</w:body></w:document>"
    links = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f"{relations}</Relationships>"
    )
    package = {
        "[Content_Types].xml": _TYPES,
        "word/document.xml": document,
        "word/_rels/document.xml.rels": links,
        **{f"word/{name}": xml for name, xml in parts.items()},
    }
    return archive({name: part.encode() for name, part in package.items()})


def p(text: str = "", *, properties: str = "") -> str:
    """A paragraph of one run."""
    inner = f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>' if text else ""
    return f"<w:p>{properties}{inner}</w:p>"


def tc(content: str = "", *, span: int = 1, down: str = "") -> str:
    """A cell; plain text becomes its paragraph."""
    merge = {"": "", "restart": '<w:vMerge w:val="restart"/>', "continue": "<w:vMerge/>"}[down]
    across = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    inner = content if content.startswith("<") else p(content)
    return f"<w:tc><w:tcPr>{across}{merge}</w:tcPr>{inner}</w:tc>"


def tr(*cells: str, before: int = 0) -> str:
    """A row."""
    skipped = f'<w:trPr><w:gridBefore w:val="{before}"/></w:trPr>' if before else ""
    return f"<w:tr>{skipped}{''.join(cells)}</w:tr>"


def tbl(*rows: str) -> str:
    """A table."""
    return f"<w:tbl>{''.join(rows)}</w:tbl>"


def xlsx(fill: Callable[[Worksheet], None]) -> bytes:
    """A workbook whose only worksheet, Sheet1, is filled by the test."""
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert isinstance(sheet, Worksheet)
    sheet.title = "Sheet1"
    fill(sheet)
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def archive(files: dict[str, bytes]) -> bytes:
    """A .zip of these files, without times: the same files give the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in files.items():
            package.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()
