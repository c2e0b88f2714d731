"""Plain text files: lines, in one of the encodings Chinese editors write.

Unicode with a mark, UTF-8, or GB 18030 (which GBK and GB 2312 are part of), each
strictly: bytes that fit none are reported, never guessed at.
"""

from __future__ import annotations

import codecs

from parsers.damage import Damaged, oversized
from parsers.limits import Limits
from parsers.model import Content, Line
from parsers.values.wordcount import count_words

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def read_text(content: bytes, limits: Limits) -> Content:
    """One line of text a block, blank ones left out. Raises :class:`parsers.damage.Damaged`."""
    if len(content) > limits.max_part:
        raise oversized("文本文件过大")
    text = decode(content)
    lines = [line.strip("\ufeff\x1a\f\r\t \u3000") for line in text.splitlines()]
    return Content(
        blocks=tuple(
            Line(text=line, where=f"第{number}行")
            for number, line in enumerate(lines, start=1)
            if line
        ),
        characters=count_words(text),
    )


def decode(content: bytes) -> str:
    """The text, by mark or by trial. Raises :class:`parsers.damage.Damaged`."""
    marked = [name for mark, name in _MARKS if content.startswith(mark)]
    for encoding in marked or ["utf-8", "gb18030"]:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Damaged(
        "document.unreadable",
        "文本文件的编码无法识别，请用记事本另存为 UTF-8 编码或改用 .docx 后重新发送。",
    )
