"""The sender's own words: HTML as text, and without the earlier mails quoted below them.

Cuts only where a mail program has marked the quotation; in doubt text stays.
It follows no link and loads nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TypeAlias

from lxml import etree, html

#: One element of a parsed HTML part, for those who do not import the library.
Element: TypeAlias = etree._Element  # noqa: SLF001 - it has no public name

#: Elements whose end is a line's end.
_BLOCKS = frozenset(
    {"address", "article", "aside", "blockquote", "br", "center", "dd", "div", "dl", "dt"}
    | {"footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "ol", "p"}
    | {"pre", "section", "table", "tbody", "td", "th", "tr", "ul"}
)
_UNSEEN = frozenset({"script", "style", "head", "title", "meta", "link", "template", "noscript"})
#: How mail programs mark what they quote: NetEase, Gmail, Yahoo, Outlook, Apple Mail.
_QUOTES = tuple(
    etree.XPath(path)
    for path in (
        "//*[@id='isReplyContent' or @id='divRplyFwdMsg' or @id='isForwardContent']",
        "//blockquote[@type='cite' or @id='isReplyContent' or @name='replyContent']",
        "//*[contains(concat(' ', @class, ' '), ' gmail_quote ')]",
        "//*[contains(concat(' ', @class, ' '), ' yahoo_quoted ')]",
        "//includetail",
    )
)

_SEPARATOR = re.compile(
    r"^\s*[-_—]{2,}\s*(原始邮件|邮件原件|原邮件|回复的原邮件|转发的?原?邮件|转发邮件信息|转发的邮件|Original( Message)?"
    r"|Forwarded (message|by .*)|Replied Message)\s*[-_—]*\s*$",
    re.IGNORECASE,
)
_WROTE = re.compile(
    r"^\s*((在|於|于)\s*\d{4}\s*[-年/].{0,200}(写道|寫道)|(At|On)\s.{6,200}\bwrote|.{0,80}@.{0,120}写道)"
    r"\s*[:：]\s*$",
    re.IGNORECASE,
)
_FROM = re.compile(r"^\s*\**\s*(发件人|寄件者|From)\s*\**\s*[:：]", re.IGNORECASE)
_OTHER_FIELD = re.compile(
    r"^\s*\**\s*(发送时间|发件时间|发送日期|日期|收件人|抄送|主题|Sent|Date|To|Cc|Subject)\s*\**\s*[:：]",
    re.IGNORECASE,
)
_BLANK_LINES = re.compile(r"\n(?:[ \t]*\n){2,}")
_SPACES = re.compile(r"[ \t\r\f\v\xa0\u3000\u200b\ufeff]+")


def parse_html(markup: str) -> Element | None:
    """The tree of an HTML part; None where there is nothing to see. Nothing is loaded."""
    parser = html.HTMLParser(encoding="utf-8", no_network=True)
    clean = markup.replace("\0", "").encode("utf-8", "replace")
    if not clean.strip():
        return None
    try:
        return html.document_fromstring(clean, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError):  # only comments, or nothing at all
        return None


def text_of_html(markup: str, *, quotes: bool = False) -> str:
    """The visible text, a line per block; with ``quotes`` what is marked as quoted too."""
    root = parse_html(markup)
    if root is None:
        return ""
    if not quotes:
        for quoted in _QUOTES:
            found = quoted(root)
            for element in found if isinstance(found, list) else ():
                if isinstance(element, Element):
                    _remove(element)
    return _tidy("".join(_visible(root)))


def element_text(element: Element, *, limit: int) -> str | None:
    """The visible text of one element; None when it has more than ``limit`` characters."""
    out: list[str] = []
    for piece in _visible(element):
        limit -= len(piece)
        if limit < 0:
            return None
        out.append(piece)
    return _tidy("".join(out))


def _remove(element: Element) -> None:
    """Take an element out, and keep the text behind it."""
    parent = element.getparent()
    if parent is None:
        return
    tail = element.tail or ""
    before = element.getprevious()
    if before is not None:
        before.tail = (before.tail or "") + tail
    else:
        parent.text = (parent.text or "") + tail
    parent.remove(element)


def _visible(root: Element) -> Iterator[str]:
    unseen = 0
    for event, element in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
        if event in ("comment", "pi"):
            yield "" if unseen else _flat(element.tail)
            continue
        tag = str(element.tag)
        hidden = tag in _UNSEEN
        if event == "start":
            unseen += hidden
            if tag in _BLOCKS:
                yield "\n"
            if not unseen:
                yield _flat(element.text)
            continue
        unseen -= hidden
        if tag in _BLOCKS and tag != "br":
            yield "\n"
        if not unseen and element is not root:
            yield _flat(element.tail)


def _flat(value: str | None) -> str:
    return re.sub(r"\s+", " ", value) if value else ""


def _tidy(value: str) -> str:
    lines = (_SPACES.sub(" ", line).strip() for line in value.splitlines())
    return _BLANK_LINES.sub("\n\n", "\n".join(lines)).strip()


def own_words(value: str, *, answer: bool) -> str:
    """Text without the quoted earlier mails.

    ``answer``: the message answers another one. Where a forwarded mail is all
    there is, it is what the sender wants to say, and stays.
    """
    lines = value.splitlines()
    kept: list[str] = []
    for index, line in enumerate(lines):
        if _begins_quotation(lines, index):
            break
        if not line.lstrip().startswith((">", "＞")):
            kept.append(line)
    own = _tidy("\n".join(kept))
    return own if own or answer else _tidy(value)


def _begins_quotation(lines: list[str], index: int) -> bool:
    line = lines[index]
    if _SEPARATOR.match(line) or _WROTE.match(line):
        return True
    if not _FROM.match(line):
        return False
    following = [text for text in lines[index + 1 : index + 8] if text.strip()][:3]
    return sum(1 for text in following if _OTHER_FIELD.match(text)) >= 2  # noqa: PLR2004 - certain
