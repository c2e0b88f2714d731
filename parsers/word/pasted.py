"""Word files that hold nothing but pictures: a scan pasted in and saved as .docx.

Finds the pictures among the parts; looks at none of them.
"""

from __future__ import annotations

from parsers.containers.package import Package
from parsers.limits import Limits
from parsers.model import Problem

_FOLDER = "word/media/"
_KINDS = (".png", ".jpg", ".jpeg", ".bmp", ".tif", ".tiff", ".gif", ".webp")
_LEAST = 20_000  #: bytes: a smaller one is a logo

ONLY_PICTURES = Problem(
    code="document.not_editable",
    message="该 Word 文件中只有图片，没有可编辑的文字，请在电子版表格中填写后重新发送。",
)


def pasted_pictures(content: bytes, limits: Limits) -> list[bytes]:
    """The pictures of a .docx in the order of their names. Raises Damaged."""
    package = Package(content, limits)
    names = [
        name for name in package.names if name.startswith(_FOLDER) and name.lower().endswith(_KINDS)
    ]
    parts = [package.part(name) for name in sorted(names, key=lambda name: (len(name), name))]
    return [part for part in parts if len(part) >= _LEAST]
